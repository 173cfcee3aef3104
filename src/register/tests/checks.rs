//! A register is proved whole, and everything that is altered in it is found.

use core::num::NonZeroUsize;

use super::crashes::history;
use super::files::Folder;
use super::*;

#[derive(Default)]
pub(super) struct Findings {
    pub(super) found: Vec<Finding>,
    pub(super) published: Vec<(Publication, Vec<(u32, State)>)>,
}

impl Inspector for Findings {
    fn found(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    fn published(&mut self, _: CreditCode, publication: &Publication, states: &[(u32, State)]) {
        self.published.push((*publication, states.to_vec()));
    }
}

pub(super) fn check_of<R: Register>(register: &R) -> (Result<Checked, RegisterError>, Findings) {
    let mut findings = Findings::default();
    (check(register, NonZeroUsize::new(2).unwrap(), &mut findings), findings)
}

/// Nothing is wrong with it.
pub(super) fn sound<R: Register>(register: &R) -> Checked {
    let (checked, findings) = check_of(register);
    assert_eq!(findings.found, []);
    checked.unwrap()
}

/// Renewed, replaced, erased, skipped, revoked, published: one of each.
fn eventful<R: Register>(register: R) -> Desk<R> {
    let (mut desk, _) = history(register);
    let erased = desk.by_number("A5").unwrap()[0].status;
    desk.erase(erased, "法", &now()).unwrap();
    let replaced = desk.by_number("A3").unwrap()[0].issuance.id;
    let successor = LicenseFacts { replaces: Some(replaced), ..facts("B1") };
    desk.issue(&request(&successor, "B1"), None, &signer(), &now()).unwrap();
    desk
}

#[test]
fn a_register_that_was_used_is_whole() {
    let desk = eventful(Memory::default());
    let checked = sound(&desk.register);
    assert_eq!((checked.credentials, checked.erased, checked.void, checked.findings), (5, 1, 1, 0));
    assert_eq!(checked.records, desk.head().unwrap().records);
    let (_, findings) = check_of(&desk.register);
    let [(publication, states)] = &findings.published[..] else { panic!("one list was published") };
    assert_eq!((publication.seq, states.as_slice()), (1, [(1, State::Suspended)].as_slice()));
    let folder = Folder::new("whole");
    let desk = eventful(SqliteRegister::open(&folder.file()).unwrap());
    assert_eq!(sound(&desk.register).credentials, 5);
}

/// What is done to the tables without a rule, and what must be found.
#[test]
fn whatever_is_altered_is_found() {
    let entry = |index, fault| Finding::Entry { authority: code(AUTHORITY), at: at(index), fault };
    let list = |fault| Finding::List { authority: code(AUTHORITY), list: LIST, fault };
    let record = |seq, fault| Finding::Record { seq, fault };
    let position = |index: i64| (1_i64 << 32) + index;
    let cases = [
        (format!("UPDATE credential SET state = 1 WHERE at = {}", position(0)), entry(0, EntryFault::State)),
        (format!("UPDATE credential SET state = 0 WHERE at = {}", position(1)), entry(1, EntryFault::State)),
        (format!("UPDATE credential SET since = since + 1 WHERE at = {}", position(0)), entry(0, EntryFault::State)),
        (format!("UPDATE credential SET successor = NULL WHERE at = {}", position(2)), entry(2, EntryFault::State)),
        (format!("UPDATE credential SET exp = exp + 1 WHERE at = {}", position(0)), entry(0, EntryFault::Claims)),
        (format!("UPDATE credential SET nbf = nbf + 1 WHERE at = {}", position(0)), entry(0, EntryFault::Claims)),
        (format!("UPDATE credential SET cti = zeroblob(16) WHERE at = {}", position(0)), entry(0, EntryFault::Claims)),
        (format!("UPDATE credential SET digest = zeroblob(32) WHERE at = {}", position(0)), entry(0, EntryFault::Digest)),
        (format!("UPDATE credential SET kind = 1 WHERE at = {}", position(0)), entry(0, EntryFault::Kind)),
        (format!("UPDATE credential SET license = license + 1 WHERE at = {}", position(0)), entry(0, EntryFault::Kind)),
        (format!("UPDATE credential SET record = 0 WHERE at = {}", position(0)), entry(0, EntryFault::Record)),
        (format!("UPDATE credential SET at = {} WHERE at = {}", position(3), position(0)), entry(0, EntryFault::Missing)),
        (format!("UPDATE content SET number = 'A9' WHERE at = {}", position(0)), entry(0, EntryFault::Claims)),
        (format!("DELETE FROM content WHERE at = {}", position(0)), entry(0, EntryFault::Content)),
        (format!("UPDATE content SET bytes = zeroblob(9) WHERE at = {}", position(0)), entry(0, EntryFault::Digest)),
        (
            // The last byte of the signature.
            format!(
                "UPDATE content SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'7f' AS BLOB) WHERE at = {}",
                position(0)
            ),
            entry(0, EntryFault::Signature),
        ),
        (
            "INSERT INTO signer (tenant, key) SELECT tenant, x'302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a' FROM signer".into(),
            Finding::People,
        ),
        (
            "UPDATE signer SET key = x'302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'".into(),
            entry(0, EntryFault::Signature),
        ),
        ("UPDATE list SET next = next + 1".into(), list(ListFault::Counter)),
        ("UPDATE void SET count = count + 1".into(), list(ListFault::Positions)),
        (format!("INSERT INTO void VALUES ({}, 1)", position(0)), list(ListFault::Positions)),
        (format!("INSERT INTO allotment VALUES ({}, 1)", position(9)), list(ListFault::Positions)),
        (format!("INSERT INTO skip VALUES ({}, 1)", position(9)), list(ListFault::Positions)),
        ("UPDATE publication SET digest = zeroblob(32)".into(), list(ListFault::Publications)),
        ("DELETE FROM publication".into(), list(ListFault::Publications)),
        ("INSERT INTO tenant (code) VALUES ('11990000MB0000000J')".into(), Finding::People),
        ("UPDATE journal SET reason = reason || 'x' WHERE seq = 9".into(), record(9, RecordFault::Altered)),
        ("UPDATE journal SET detail = x'80' WHERE seq = 9".into(), record(9, RecordFault::Altered)),
        ("UPDATE journal SET time = time - 1 WHERE seq = 4".into(), record(4, RecordFault::Altered)),
        ("UPDATE journal SET chain = zeroblob(32) WHERE seq = 4".into(), record(4, RecordFault::Altered)),
        ("DELETE FROM journal WHERE seq = 4".into(), record(5, RecordFault::Altered)),
    ];
    let folder = Folder::new("altered");
    for (sql, expected) in cases {
        let _ = std::fs::remove_file(folder.file());
        drop(eventful(SqliteRegister::open(&folder.file()).unwrap()));
        let raw = rusqlite::Connection::open(folder.file()).unwrap();
        raw.execute_batch(
            "DROP TRIGGER journal_is_appended_to_only; DROP TRIGGER journal_is_kept; DROP TRIGGER credential_stays_irreversible;
             DROP TRIGGER void_is_kept; PRAGMA ignore_check_constraints = ON;",
        )
        .unwrap();
        let changed = raw.execute(&sql, []).unwrap();
        assert!(changed > 0, "{sql}");
        drop(raw);
        let (checked, findings) = check_of(&SqliteRegister::read(&folder.file()).unwrap().unwrap());
        assert!(findings.found.contains(&expected), "{sql}: {:?}", findings.found);
        assert_eq!(checked.unwrap().findings, u64::try_from(findings.found.len()).unwrap());
    }
}

/// A forger who recomputes the chain must still make it add up.
#[test]
fn a_chain_that_was_forged_must_still_add_up() {
    let forged = |event: Event, authority: Option<&str>| {
        let desk = eventful(Memory::default());
        let mut memory = desk.register.clone();
        memory.begin().unwrap();
        transaction::record(&mut memory, authority.map(code), &now(), event, None).unwrap();
        memory.commit().unwrap();
        let last = memory.head().unwrap().records - 1;
        let (_, findings) = check_of(&memory);
        assert!(
            findings.found.iter().any(|finding| match finding {
                Finding::Record { seq, fault } => {
                    *seq == last && matches!(fault, RecordFault::OutOfTurn | RecordFault::Subject)
                }
                // An authority that the tables do not have.
                other => *other == Finding::People,
            }),
            "{:?}",
            findings.found
        );
    };
    let span = |first| Span { list: LIST, first, count: 1 };
    let changed = |index, state| Event::Changed { at: at(index), state, basis: None, effective: None, successor: None };
    for event in [
        Event::Opened,
        Event::Enrolled,
        Event::Key(signer().public_key().spki()),
        Event::Allotted(span(0)),
        Event::Allotted(span(7)),
        Event::Skipped(span(2)),
        Event::Issued(vec![span(0)]),
        Event::Issued(vec![span(6)]),
        Event::Void(vec![span(0)]),
        Event::Credential { at: at(0), kind: Kind::Renewal, license: at(1) },
        changed(0, State::InForce),
        changed(2, State::InForce),
        changed(3, State::Revoked),
        changed(0, State::Revoked),
        Event::Erased { at: at(4), basis: "".into() },
        Event::Erased { at: at(3), basis: "".into() },
        Event::Restored { records: 1, chain: Digest::new([0; 32]) },
    ] {
        forged(event.clone(), Some(AUTHORITY));
        forged(event, Some(OTHER));
    }
    forged(Event::Allotted(span(6)), None);
}

/// A byte that is flipped anywhere in the file is found, or changes nothing that the register says.
#[test]
fn a_flipped_byte_is_found_or_harmless() {
    let folder = Folder::new("flipped");
    drop(eventful(SqliteRegister::open(&folder.file()).unwrap()));
    let whole = std::fs::read(folder.file()).unwrap();
    let told = |folder: &Folder| -> Result<String, RegisterError> {
        let register = SqliteRegister::read(&folder.file())?.ok_or(RegisterError::Text)?;
        let (checked, findings) = check_of(&register);
        let checked = checked?;
        let desk = Desk::read(register, code(AUTHORITY))?.ok_or(RegisterError::Text)?;
        let contents: Vec<_> = entries(&desk).iter().map(|entry| desk.content(entry.status).ok()).collect();
        let states = desk.states(LIST)?;
        Ok(format!("{:?} {checked:?} {:?} {states:?} {:?} {contents:?}", findings.found, entries(&desk), desk.head()?))
    };
    let sound = told(&folder).unwrap();
    let every = std::env::var("ZHENGYIN_FLIPS").ok().and_then(|every| every.parse().ok()).unwrap_or(499);
    let (mut found, mut harmless) = (0, 0);
    for at in (0..whole.len()).step_by(every) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        std::fs::write(folder.file(), &flipped).unwrap();
        match told(&folder) {
            Ok(said) if said == sound => harmless += 1,
            Ok(said) => {
                assert!(!said.starts_with("[] "), "byte {at} changes what the register says, and is not found");
                found += 1;
            }
            Err(_) => found += 1,
        }
    }
    assert!(found > 20, "{found} found, {harmless} harmless");
}
