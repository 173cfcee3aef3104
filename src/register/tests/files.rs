//! Registers in files: who may read them, who waits for whom, what is not one.

use std::path::PathBuf;

use super::*;

/// A folder of its own for one test.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("zhengyin-register-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.join("register.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn fault<T: core::fmt::Debug>(result: Result<T, RegisterError>) -> StorageFault {
    match result {
        Err(RegisterError::Storage { fault, .. }) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_register_is_read_without_being_changed_or_waited_for() {
    let folder = Folder::new("read");
    assert!(SqliteRegister::read(&folder.file()).unwrap().is_none());
    let (mut desk, _) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    let license = issued(&mut desk, "A1");
    let looking =
        || Desk::read(SqliteRegister::read(&folder.file()).unwrap().unwrap(), code(AUTHORITY)).unwrap().unwrap();
    let read = looking();
    assert_eq!(read.entry(license.status).unwrap(), desk.entry(license.status).unwrap());
    assert_eq!(read.head().unwrap(), desk.head().unwrap());
    // It stays what it was when it was opened, whatever is written meanwhile.
    issued(&mut desk, "A2");
    assert_eq!((entries(&read).len(), entries(&looking()).len()), (1, 2));
    let mut read = SqliteRegister::read(&folder.file()).unwrap().unwrap();
    assert!(read.add_authority(code(OTHER)).is_err());
}

#[test]
fn what_another_process_left_is_settled_only_when_nobody_else_is_at_work() {
    let folder = Folder::new("alone");
    let (mut first, _) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    let span = transaction::transact(&mut first.register, |register| {
        issuing::allot(register, code(AUTHORITY), LIST, 3, &now())
    })
    .unwrap();
    let (mut second, recovery) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    assert_eq!(recovery, Recovery::default(), "the first may still sign for what it was allotted");
    assert_eq!(issued(&mut second, "A1").status, at(3));
    drop(first);
    let (third, recovery) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    assert_eq!(recovery, Recovery::default());
    drop((second, third));
    let (fourth, recovery) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    assert_eq!((recovery.voided.as_slice(), recovery.positions()), ([(code(AUTHORITY), span)].as_slice(), 3));
    assert_eq!(fourth.states(LIST).unwrap(), [(0, State::Void), (1, State::Void), (2, State::Void)]);
    assert_eq!(
        fourth.position(at(3)).unwrap(),
        fourth.entry(at(3)).unwrap().map(|entry| Position::Issued(entry.into()))
    );
}

#[test]
fn the_tables_refuse_what_no_rule_would_do() {
    let folder = Folder::new("tables");
    let (mut desk, _) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    let place = issued(&mut desk, "A1").status;
    change(&mut desk, place, State::Revoked).unwrap();
    drop(desk);
    let raw = rusqlite::Connection::open(folder.file()).unwrap();
    for forbidden in [
        "UPDATE journal SET reason = 'x' WHERE seq = 0",
        "DELETE FROM journal WHERE seq = 1",
        "DELETE FROM credential",
        "UPDATE credential SET state = 0",
        "UPDATE credential SET state = 7",
        "INSERT INTO content SELECT at + 1, tenant, type, number, version, kind, bytes FROM content",
        "INSERT INTO journal SELECT * FROM journal",
        "UPDATE list SET next = 'many'",
        "UPDATE list SET next = 4294967296",
    ] {
        assert!(raw.execute_batch(forbidden).is_err(), "{forbidden}");
    }
}

#[test]
fn what_is_no_register_is_not_used_and_not_touched() {
    let folder = Folder::new("foreign");
    std::fs::write(folder.file(), b"not a database at all, but long enough to have a header to look at............")
        .unwrap();
    let before = std::fs::read(folder.file()).unwrap();
    assert_eq!(fault(SqliteRegister::open(&folder.file())), StorageFault::Corrupt);
    assert_eq!(fault(SqliteRegister::read(&folder.file())), StorageFault::Corrupt);
    assert_eq!(std::fs::read(folder.file()).unwrap(), before);
    std::fs::remove_file(folder.file()).unwrap();

    let raw = rusqlite::Connection::open(folder.file()).unwrap();
    raw.execute_batch("CREATE TABLE other (x)").unwrap();
    assert_eq!(fault(SqliteRegister::open(&folder.file())), StorageFault::Corrupt);
    raw.execute_batch("DROP TABLE other; PRAGMA user_version = 99").unwrap();
    assert_eq!(fault(SqliteRegister::open(&folder.file())), StorageFault::Later);
    assert_eq!(fault(SqliteRegister::read(&folder.file())), StorageFault::Later);
    let missing = folder.0.join("no/such/folder");
    assert_eq!(fault(SqliteRegister::open(&missing)), StorageFault::CannotOpen);
}

#[test]
fn erased_content_does_not_stay_in_the_files() {
    let folder = Folder::new("erased");
    let (mut desk, _) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    let secret = LicenseFacts { number: "ERASEDNUMBER".into(), ..data::license("driving-licence").facts };
    let holder = secret.holders[0].name.clone();
    let license = desk.issue(&request(&secret, "draw"), None, &signer(), &now()).unwrap().license().clone();
    let kept = |text: &str| {
        let mut found = false;
        for entry in std::fs::read_dir(&folder.0).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            found |= bytes.windows(text.len()).any(|window| window == text.as_bytes());
        }
        found
    };
    assert!(kept("ERASEDNUMBER") && kept(&holder));
    desk.erase(license.status, "法", &now()).unwrap();
    assert!(!kept("ERASEDNUMBER") && !kept(&holder));
    // What holds for good never had it.
    assert!(entries(&desk).len() == 1 && !journal(&desk).is_empty());
}

#[cfg(unix)]
#[test]
fn a_new_register_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("mode");
    let (mut desk, _) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    issued(&mut desk, "A1");
    let files: Vec<_> = std::fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}
