//! Copies of a register, and registers made anew from them.

use super::checks::sound;
use super::files::Folder;
use super::*;

fn opened(folder: &Folder) -> Desk<SqliteRegister> {
    open(SqliteRegister::open(&folder.file()).unwrap()).unwrap().0
}

fn restore(folder: &Folder, from: &str, published: &[Floor], skip: u32) -> Result<Restored, RegisterError> {
    let aside = folder.file().with_extension("aside");
    let from = folder.file().with_extension(from);
    SqliteRegister::restore(&from, &folder.file(), &aside, published, skip, &now().because("磁盘"))
}

#[test]
fn a_backup_is_made_while_others_work_and_gives_no_position_twice() {
    let folder = Folder::new("backup");
    let backup = folder.file().with_extension("backup");
    let mut desk = opened(&folder);
    issued(&mut desk, "A1");
    issued(&mut desk, "A2");
    // Another is in the middle of a change, which is not in it.
    desk.register.begin().unwrap();
    desk.register.set_next(code(AUTHORITY), LIST, 77).unwrap();
    let head = SqliteRegister::read(&folder.file()).unwrap().unwrap().backup(&backup).unwrap();
    desk.register.roll_back();
    assert_eq!(head, desk.head().unwrap());
    assert!(SqliteRegister::read(&folder.file()).unwrap().unwrap().backup(&backup).is_err(), "nothing is overwritten");
    let lost = issued(&mut desk, "A3");
    assert!(matches!(restore(&folder, "backup", &[], 10), Err(RegisterError::Storage { .. })), "somebody is at work");
    drop(desk);
    // Sound and further on: it stays.
    assert!(matches!(restore(&folder, "backup", &[], 10), Err(RegisterError::Unneeded(_))));
    std::fs::write(folder.file(), b"no database").unwrap();
    let _ = std::fs::remove_file(folder.file().with_extension("sqlite-wal"));
    let restored = restore(&folder, "backup", &[], 10).unwrap();
    assert_eq!(restored, Restored { head, skipped: 10 });
    assert_eq!(std::fs::read(folder.file().with_extension("aside")).unwrap(), b"no database");
    let mut desk = opened(&folder);
    assert_eq!(desk.position(lost.status).unwrap(), Some(Position::Skipped));
    assert_eq!(issued(&mut desk, "A3").status, at(12), "behind everything that may have been issued");
    assert_eq!(desk.states(LIST).unwrap(), [], "what was passed over may be in force");
    let checked = sound(&desk.register);
    assert_eq!((checked.credentials, checked.void), (3, 0));
}

#[test]
fn a_register_does_not_go_back_behind_a_list_that_was_published() {
    let folder = Folder::new("behind");
    let mut desk = opened(&folder);
    issued(&mut desk, "A1");
    let backup = folder.file().with_extension("backup");
    SqliteRegister::read(&folder.file()).unwrap().unwrap().backup(&backup).unwrap();
    let publication = |seq| Publication {
        list: LIST,
        epoch: 0,
        seq,
        issued: later(i64::try_from(seq).unwrap()),
        length: 1,
        records: 0,
        digest: Digest::new([1; 32]),
    };
    desk.record_publication(publication(1), &now()).unwrap();
    drop(desk);
    let floor = Floor { authority: code(AUTHORITY), list: LIST, seq: 1 };
    let behind = |result| matches!(result, Err(RegisterError::BehindPublished { list: LIST, seq: 1 }));
    assert!(behind(restore(&folder, "backup", &[floor], 10)), "the list that was filed says so");
    assert!(behind(restore(&folder, "backup", &[], 10)), "and so does the register itself");
    std::fs::remove_file(folder.file()).unwrap();
    for suffix in ["sqlite-wal", "sqlite-shm"] {
        let _ = std::fs::remove_file(folder.file().with_extension(suffix));
    }
    assert!(behind(restore(&folder, "backup", &[floor], 10)), "also where it is lost");
    // A backup that was altered is none.
    let whole = std::fs::read(&backup).unwrap();
    let at = whole.windows(6).position(|bytes| bytes == "王五".as_bytes()).unwrap();
    let mut altered = whole.clone();
    altered[at] ^= 1;
    std::fs::write(&backup, &altered).unwrap();
    assert!(restore(&folder, "backup", &[], 10).is_err());
    std::fs::write(&backup, &whole).unwrap();
    assert_eq!(restore(&folder, "backup", &[], 0).unwrap().skipped, 0);
    sound(&opened(&folder).register);
}
