//! Seals in the register: made once, durable before they are out, and proved like licenses.

use alloc::rc::Rc;
use core::cell::RefCell;

use super::checks::{check_of, sound};
use super::files::Folder;
use super::*;
use crate::claims::id::{Region, SealCode};
use crate::claims::{PictureFormat, SealClaims, SealKind};
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::issue::{MakeSealError, SealFacts};

const CODE: &str = "99010000000001";
const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4" fill="red"/></svg>"#;

fn seal_facts(code: &str) -> SealFacts {
    SealFacts {
        code: SealCode::parse(code).unwrap(),
        name: "示例市数据局公章".into(),
        kind: SealKind::UNIT,
        owner_name: "示例市数据局".into(),
        owner: super::code(OTHER),
        picture_format: PictureFormat::Svg,
        picture: SVG.to_vec(),
        millimetres: [42, 42],
        signers: vec![Digest::new([9; 32]), Digest::new([3; 32])],
        allowed: vec![],
    }
}

fn asked<'a>(facts: &'a SealFacts, name: &str) -> SealRequest<'a> {
    let id = CredentialId::new(draw(name));
    SealRequest { facts, list: LIST, id, from: None, until: later(5 * 365 * DAY), replacing: Replacing::Nothing }
}

fn make<R: Register>(desk: &mut Desk<R>, request: &SealRequest<'_>) -> Result<Sealed, RegisterSealError> {
    desk.seal(request, None, &signer(), &now())
}

fn new<R: Register>(desk: &mut Desk<R>, request: &SealRequest<'_>) -> HeldSeal {
    match make(desk, request).unwrap() {
        Sealed::New(seal) => seal,
        Sealed::Again(seal) => panic!("again: {seal:?}"),
    }
}

fn put<R: Register>(desk: &mut Desk<R>, entry: &Entry, state: State) -> Result<Changed, RegisterError> {
    let number = entry.number();
    let change = Change { number: Some(&number), ..Change::to(entry.status, state) };
    desk.change(&change, &now())
}

fn differs<R: Register>(desk: &mut Desk<R>, facts: &SealFacts) -> Vec<SealDifference> {
    match make(desk, &asked(facts, "other")) {
        Err(RegisterSealError::Register(RegisterError::DuplicateSeal { differences, .. })) => differences,
        other => panic!("{other:?}"),
    }
}

fn made_once<R: Register>(register: R) -> R {
    let (mut desk, _) = open(register).unwrap();
    let license = issued(&mut desk, "A1");
    let facts = seal_facts(CODE);
    let made = new(&mut desk, &asked(&facts, "seal"));
    assert_eq!((license.status, made.entry.status), (at(0), at(1)), "licenses and seals share a list");
    let envelope = Envelope::parse(&made.bytes, Expected::Type(ObjectType::Seal)).unwrap();
    envelope.verify(signer().public_key()).unwrap();
    let claims = SealClaims::parse(envelope.claimed_payload()).unwrap();
    assert_eq!(claims.claimed().status, at(1));
    assert_eq!((made.entry.kind, made.entry.number().as_str()), (Kind::Seal, CODE));
    assert_eq!(desk.content(at(1)).unwrap(), Some(made.bytes.clone()));

    // The same again, whatever is drawn, in whatever order the keys are named, later too.
    let mut turned = facts.clone();
    turned.signers.reverse();
    for (facts, name) in [(&facts, "other"), (&turned, "third")] {
        let again = desk.seal(&asked(facts, name), None, &signer(), &Act::new(ACTOR, later(DAY))).unwrap();
        assert_eq!(again, Sealed::Again(made.clone()));
    }
    let dated = SealRequest { from: Some(base()), ..asked(&facts, "other") };
    assert_eq!(make(&mut desk, &dated).unwrap(), Sealed::Again(made.clone()));
    assert_eq!(desk.length(LIST).unwrap(), 2, "no position was spent on it");

    // Another of this code is refused, with what differs.
    let one = |change: &dyn Fn(&mut SealFacts)| {
        let mut other = facts.clone();
        change(&mut other);
        other
    };
    let desk_ = &mut desk;
    assert_eq!(differs(desk_, &one(&|facts| facts.name.push('章'))), [SealDifference::Name]);
    assert_eq!(differs(desk_, &one(&|facts| facts.kind = SealKind::PERSON)), [SealDifference::Kind]);
    assert_eq!(differs(desk_, &one(&|facts| facts.owner_name.push('二'))), [SealDifference::Owner]);
    assert_eq!(differs(desk_, &one(&|facts| facts.millimetres = [45, 42])), [SealDifference::Picture]);
    assert_eq!(differs(desk_, &one(&|facts| facts.signers = vec![Digest::new([3; 32])])), [SealDifference::Signers]);
    assert_eq!(differs(desk_, &one(&|facts| facts.allowed = vec!["text/plain".into()])), [SealDifference::Allowed]);
    let longer = SealRequest { until: later(9 * 365 * DAY), ..asked(&facts, "other") };
    assert!(matches!(
        make(desk_, &longer),
        Err(RegisterSealError::Register(RegisterError::DuplicateSeal { differences, .. })) if differences == [SealDifference::Validity]
    ));
    assert_eq!(sound(desk.register()).credentials, 2);
    desk.register
}

#[test]
fn a_seal_of_a_code_is_made_once() {
    made_once(Memory::default());
    let folder = Folder::new("seals-once");
    made_once(SqliteRegister::open(&folder.file()).unwrap());
}

fn goes_its_way<R: Register>(register: R) -> R {
    let (mut desk, _) = open(register).unwrap();
    let facts = seal_facts(CODE);
    let first = new(&mut desk, &asked(&facts, "first"));
    assert!(matches!(
        desk.change(&Change { number: Some("99010000000002"), ..Change::to(at(0), State::Revoked) }, &now()),
        Err(RegisterError::OtherNumber(_))
    ));
    // Other keys may stamp: the former is superseded by the new one.
    let keys = SealFacts { signers: vec![Digest::new([7; 32])], ..facts.clone() };
    let replacing = SealRequest { replacing: Replacing::Former, ..asked(&keys, "second") };
    let second = new(&mut desk, &replacing);
    let former = desk.entry(first.entry.status).unwrap().unwrap();
    assert_eq!((former.state, former.successor), (State::Superseded, Some(second.entry.status)));
    assert_eq!(second.entry.seal.as_ref().unwrap().making, 2);
    assert_eq!(make(&mut desk, &replacing).unwrap(), Sealed::Again(second.clone()), "repeated without harm");

    put(&mut desk, &second.entry, State::Suspended).unwrap();
    assert_eq!(differs(&mut desk, &facts), [SealDifference::Signers], "suspended is not out of force for good");
    put(&mut desk, &second.entry, State::InForce).unwrap();
    put(&mut desk, &second.entry, State::Revoked).unwrap();
    assert!(matches!(put(&mut desk, &second.entry, State::InForce), Err(RegisterError::Irreversible { .. })));
    let again = make(&mut desk, &replacing).unwrap();
    assert!(matches!(&again, Sealed::Again(seal) if seal.entry.state == State::Revoked && seal.bytes == second.bytes));
    let third = new(&mut desk, &asked(&facts, "third"));
    assert_eq!(third.entry.seal.as_ref().unwrap().making, 3);
    assert_eq!(desk.states(LIST).unwrap(), [(0, State::Superseded), (1, State::Revoked)]);
    let code = SealCode::parse(CODE).unwrap();
    let makings: Vec<u64> = desk.seals(code).unwrap().iter().map(|entry| entry.status.index).collect();
    assert_eq!(makings, [0, 1, 2]);
    assert_eq!(desk.seals_of(super::code(OTHER)).unwrap().len(), 3);
    assert!(desk.seals_of(super::code(AUTHORITY)).unwrap().is_empty());
    sound(desk.register());
    desk.register
}

#[test]
fn a_seal_is_revoked_and_made_anew() {
    goes_its_way(Memory::default());
    let folder = Folder::new("seals-anew");
    goes_its_way(SqliteRegister::open(&folder.file()).unwrap());
}

#[test]
fn codes_are_allotted_one_after_the_other() {
    fn allotted<R: Register>(register: R) {
        let (mut desk, _) = open(register).unwrap();
        let (here, there) = (Region::parse("990100").unwrap(), Region::parse("990101").unwrap());
        assert_eq!(desk.next_seal_code(here).unwrap().as_str(), "99010000000001");
        new(&mut desk, &asked(&seal_facts("99010000000041"), "a"));
        new(&mut desk, &asked(&seal_facts("99010000000007"), "b"));
        new(&mut desk, &asked(&seal_facts("99010199999999"), "c"));
        assert_eq!(desk.next_seal_code(here).unwrap().as_str(), "99010000000042");
        assert!(matches!(desk.next_seal_code(there), Err(RegisterError::NoSealCode(region)) if region == there));
    }
    allotted(Memory::default());
    let folder = Folder::new("seals-codes");
    allotted(SqliteRegister::open(&folder.file()).unwrap());
}

#[test]
fn what_is_not_signed_leaves_a_void_and_what_is_refused_leaves_nothing() {
    let (mut desk, _) = open(Memory::default()).unwrap();
    let facts = seal_facts(CODE);
    let empty = SealRequest { until: base(), ..asked(&facts, "a") };
    assert!(matches!(make(&mut desk, &empty), Err(RegisterSealError::Make(MakeSealError::Claims(_)))));
    let nobody = SealFacts { signers: vec![], ..facts.clone() };
    assert!(matches!(make(&mut desk, &asked(&nobody, "a")), Err(RegisterSealError::Make(MakeSealError::Claims(_)))));
    assert_eq!(desk.length(LIST).unwrap(), 0);

    struct Broken(PublicKey);
    impl Signer for Broken {
        fn public_key(&self) -> &PublicKey {
            &self.0
        }
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
            Err(SignError::Unreachable)
        }
    }
    let broken = Broken(signer().public_key().clone());
    assert!(matches!(
        desk.seal(&asked(&facts, "a"), None, &broken, &now()),
        Err(RegisterSealError::Make(MakeSealError::Draft(_)))
    ));
    assert_eq!(desk.position(at(0)).unwrap(), Some(Position::Void));
    assert_eq!(new(&mut desk, &asked(&facts, "a")).entry.status, at(1));
    sound(desk.register());
}

#[test]
fn a_process_that_is_stopped_at_any_commit_gives_no_position_twice() {
    for commits in 0..3 {
        let mut register = Memory::default();
        drop(open(register.clone()).unwrap());
        register.commits = Some(Rc::new(RefCell::new(1 + commits)));
        let (mut desk, _) = open(register.clone()).unwrap();
        let facts = seal_facts(CODE);
        let made = make(&mut desk, &asked(&facts, "a")).is_ok();
        assert_eq!(made, commits >= 2, "{commits}");
        drop(desk);
        register.commits = None;
        let (mut desk, recovery) = open(register).unwrap();
        assert_eq!(recovery.positions(), u64::from(commits == 1));
        let again = make(&mut desk, &asked(&facts, "b")).unwrap();
        assert_eq!(matches!(again, Sealed::Again(_)), made);
        sound(desk.register());
    }
}

#[test]
fn what_is_altered_in_a_seal_is_found() {
    let found = |alter: &dyn Fn(&mut Entry)| {
        let register = made_once(Memory::default());
        register.alter(|tables| alter(tables.entry_mut(at(1))));
        let (_, findings) = check_of(&register);
        findings.found.into_iter().map(|finding| match finding {
            Finding::Entry { at, fault, .. } => (at.index, fault),
            other => panic!("{other:?}"),
        })
    };
    let faults = |alter: &dyn Fn(&mut Entry)| found(alter).collect::<Vec<_>>();
    assert_eq!(faults(&|entry| entry.seal.as_mut().unwrap().name = "x".into()), [(1, EntryFault::Claims)]);
    let other = SealCode::parse("99010000000002").unwrap();
    assert_eq!(faults(&|entry| entry.seal.as_mut().unwrap().code = other), [(1, EntryFault::Claims)]);
    assert_eq!(faults(&|entry| entry.issuance.expires = None), [(1, EntryFault::Claims)]);
    assert_eq!(faults(&|entry| entry.state = State::Revoked), [(1, EntryFault::State)]);
    assert!(faults(&|entry| entry.kind = Kind::First).contains(&(1, EntryFault::Kind)));
    assert_eq!(faults(&|entry| entry.seal = None), [(1, EntryFault::Content)]);
}

#[test]
fn seals_are_backed_up_and_restored() {
    let folder = Folder::new("seals-backup");
    drop(goes_its_way(SqliteRegister::open(&folder.file()).unwrap()));
    let (backup, aside) = (folder.file().with_extension("backup"), folder.file().with_extension("aside"));
    SqliteRegister::read(&folder.file()).unwrap().unwrap().backup(&backup).unwrap();
    std::fs::write(folder.file(), b"gone").unwrap();
    let act = Act::new(ACTOR, later(1));
    SqliteRegister::restore(&backup, &folder.file(), &aside, &[], 5, &act).unwrap();
    let (mut desk, _) = Desk::open(SqliteRegister::open(&folder.file()).unwrap(), code(AUTHORITY), &act).unwrap();
    assert_eq!(desk.seals_of(code(OTHER)).unwrap().len(), 3);
    let facts = seal_facts(CODE);
    assert!(matches!(desk.seal(&asked(&facts, "again"), None, &signer(), &act).unwrap(), Sealed::Again(_)));
    sound(desk.register());
}

#[test]
fn a_register_of_before_there_were_seals_is_read_and_brought_up_to_date() {
    let folder = Folder::new("seals-first-form");
    let (mut desk, _) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    let license = issued(&mut desk, "A1");
    drop(desk);
    let raw = rusqlite::Connection::open(folder.file()).unwrap();
    raw.execute_batch("DROP TABLE seal; PRAGMA user_version = 1").unwrap();
    drop(raw);
    let version = || {
        let raw = rusqlite::Connection::open(folder.file()).unwrap();
        raw.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let read = SqliteRegister::read(&folder.file()).unwrap().unwrap();
    assert_eq!(sound(&read).credentials, 1);
    assert_eq!(read.entry(code(AUTHORITY), license.status).unwrap().unwrap().number(), "A1");
    drop(read);
    assert_eq!(version(), 1, "whoever looks changes nothing");
    let (mut desk, _) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
    assert_eq!(version(), 2);
    new(&mut desk, &asked(&seal_facts(CODE), "seal"));
    assert_eq!(sound(desk.register()).credentials, 2);
}

#[test]
fn the_tables_keep_what_a_seal_says() {
    let folder = Folder::new("seals-kept");
    drop(made_once(SqliteRegister::open(&folder.file()).unwrap()));
    let raw = rusqlite::Connection::open(folder.file()).unwrap();
    for forbidden in
        ["DELETE FROM seal", "UPDATE seal SET code = '99010000000009'", "INSERT INTO seal SELECT * FROM seal"]
    {
        assert!(raw.execute_batch(forbidden).is_err(), "{forbidden}");
    }
}
