#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod crashes;
mod processes;

use alloc::format;
use alloc::rc::Rc;
use alloc::vec;
use core::cell::RefCell;

use super::*;
use crate::issue::tests::world::{DAY, World, code, data, draw, key, license_key, status_key};
use crate::issue::{LicenseFacts, SignError, Signer, StatusFacts, publish_status};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::status::StatusList;
use crate::suite::{PublicKey, SecretKey};
use crate::verify::{Verdict, Verifier};

const AUTHORITY: &str = "11990100MB0000000P";
const LIST: u64 = 1;

/// A journal in memory, which outlives its register as a file does; appending may be made to fail.
#[derive(Clone, Debug, Default)]
struct Memory {
    bytes: Rc<RefCell<Vec<u8>>>,
    /// How many appends succeed, and how many bytes of the next one are written nevertheless.
    fails_after: Option<(usize, usize)>,
}

impl Memory {
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: Rc::new(RefCell::new(bytes.to_vec())), fails_after: None }
    }

    fn to_vec(&self) -> Vec<u8> {
        self.bytes.borrow().clone()
    }
}

impl Journal for Memory {
    fn load(&mut self) -> std::io::Result<Vec<u8>> {
        Ok(self.to_vec())
    }

    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if let Some((left, written)) = &mut self.fails_after {
            if *left == 0 {
                self.bytes.borrow_mut().extend_from_slice(&bytes[..(*written).min(bytes.len())]);
                return Err(std::io::Error::other("no space left"));
            }
            *left -= 1;
        }
        self.bytes.borrow_mut().extend_from_slice(bytes);
        Ok(())
    }

    fn cut(&mut self, length: u64) -> std::io::Result<()> {
        self.bytes.borrow_mut().truncate(usize::try_from(length).unwrap());
        Ok(())
    }
}

fn base() -> Timestamp {
    Timestamp::new(crate::issue::tests::world::BASE).unwrap()
}

fn later(seconds: i64) -> Timestamp {
    base().saturating_add(seconds)
}

fn signer() -> SecretKey {
    key(&license_key(AUTHORITY))
}

fn open(journal: &Memory) -> Result<(Register<Memory>, Recovery), RegisterError> {
    Register::open(journal.clone(), code(AUTHORITY), base())
}

/// A license that differs from others of the same authority by its number.
fn facts(number: &str) -> LicenseFacts {
    LicenseFacts { number: number.into(), serial: number.into(), ..data::license("business-license").facts }
}

fn request<'a>(facts: &'a LicenseFacts, draw_name: &str) -> Request<'a> {
    let id = CredentialId::new(draw(draw_name));
    Request { facts, list: LIST, id, not_before: base(), expires: Some(later(365 * DAY)), holder_key: None }
}

fn issue(register: &mut Register<Memory>, number: &str) -> Result<Issued, RegisterIssueError> {
    register.issue(&request(&facts(number), number), None, &signer(), base())
}

fn issued(register: &mut Register<Memory>, number: &str) -> crate::issue::IssuedLicense {
    match issue(register, number) {
        Ok(Issued::New(license)) => license,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_issued_and_revoked_is_what_verifiers_see() {
    let mut world = World::new();
    world.list(AUTHORITY).facts.issued = world.time(-2 * DAY);
    let mut store = world.sound_store();
    let journal = Memory::default();
    let (mut register, recovery) = open(&journal).unwrap();
    assert_eq!(recovery, Recovery::default());
    let now = later(60);
    let licenses: Vec<_> = ["A1", "A2", "A3", "A4"]
        .iter()
        .map(|number| {
            let facts = facts(number);
            register.issue(&request(&facts, number), Some(&store), &signer(), now).unwrap().license().clone()
        })
        .collect();
    assert_eq!(licenses.iter().map(|license| license.status.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let at = |n: usize| licenses[n].status;
    let recorded = |before| Ok::<_, ()>(Changed::Recorded { before });
    let mut change = |at, state| register.change(at, state, "依法", now).map_err(|_| ());
    assert_eq!(change(at(1), State::Suspended), recorded(State::InForce));
    assert_eq!(change(at(2), State::Suspended), recorded(State::InForce));
    assert_eq!(change(at(2), State::InForce), recorded(State::Suspended));
    assert_eq!(change(at(3), State::Revoked), recorded(State::InForce));
    assert_eq!(change(at(3), State::Revoked), Ok(Changed::AlreadySo));
    assert_eq!(register.states(LIST).collect::<Vec<_>>(), [(1, State::Suspended), (3, State::Revoked)]);

    // Read back, it is the same register.
    drop(register);
    let (mut register, recovery) = open(&journal).unwrap();
    assert_eq!(recovery, Recovery::default());
    assert_eq!(register.entries().count(), 4);
    assert_eq!(register.entry(at(3)).unwrap().state, State::Revoked);

    let list_facts = StatusFacts {
        authority: code(AUTHORITY),
        list: LIST,
        epoch: 0,
        seq: 2,
        issued: later(120),
        next_update: later(DAY),
        length: register.length(LIST),
    };
    let status_signer = key(&status_key(AUTHORITY));
    let list = publish_status(&list_facts, register.states(LIST), None, Some(&store), &status_signer).unwrap();
    let digest = StatusList::parse(&list).unwrap().envelope().object_digest();
    let publication = Publication { list: LIST, epoch: 0, seq: 2, issued: later(120), digest };
    register.record_publication(publication, later(120)).unwrap();
    assert_eq!(register.published(LIST), Some(publication));
    let twice = register.record_publication(Publication { issued: later(180), ..publication }, later(180));
    assert!(matches!(twice, Err(RegisterError::NotLater(before)) if before == publication));
    let next = Publication { seq: 3, issued: later(120), ..publication };
    assert!(matches!(register.record_publication(next, later(180)), Err(RegisterError::NotLater(_))));

    store.apply(&list, crate::time::TimeWindow::at(later(120))).unwrap();
    let verifier = Verifier::new(&store, Policy::strict(Some(facts("A1").region)));
    let verdicts: Vec<_> = licenses
        .iter()
        .map(|license| {
            let report = verifier.verify(&license.bytes, crate::time::Clock::reads(later(300)));
            (report.verdict(), report.steps().deciding().map(|(_, reason)| reason))
        })
        .collect();
    let valid = (Verdict::Valid, None);
    let invalid = |reason| (Verdict::Invalid, Some(reason));
    assert_eq!(verdicts, [valid, invalid(Reason::StatusSuspended), valid, invalid(Reason::StatusRevoked)]);
}

#[test]
fn the_same_request_gives_the_same_license_and_another_is_refused() {
    let journal = Memory::default();
    let (mut register, _) = open(&journal).unwrap();
    let first = issued(&mut register, "A1");
    let records = register.records();
    // Another draw, another time: it is the same license still.
    let again = register.issue(&request(&facts("A1"), "another draw"), None, &signer(), later(DAY)).unwrap();
    assert_eq!(again, Issued::Again(first.clone()));
    assert_eq!(register.records(), records);

    let other = LicenseFacts { name: "另一名称".into(), ..facts("A1") };
    for (facts, signer) in [(&other, signer()), (&facts("A1"), key("another key"))] {
        match register.issue(&request(facts, "third draw"), None, &signer, base()) {
            Err(RegisterIssueError::Register(RegisterError::Duplicate { existing })) => {
                assert_eq!((existing.status, existing.issuance.digest), (first.status, first.digest));
            }
            found => panic!("{found:?}"),
        }
    }
    let next_version = LicenseFacts { version: 2, ..other };
    let used = register.issue(&request(&next_version, "A1"), None, &signer(), base());
    assert!(matches!(used, Err(RegisterIssueError::Register(RegisterError::IdUsed(id))) if id == first.id));
    let second = register.issue(&request(&next_version, "third draw"), None, &signer(), base()).unwrap();
    assert_eq!(second.license().status.index, 1);
    assert_eq!(register.by_id(first.id).unwrap().name.version, 1);
}

/// A device that is unplugged.
struct Unplugged(SecretKey);

impl Signer for Unplugged {
    fn public_key(&self) -> &PublicKey {
        self.0.public_key()
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
        Err(SignError::Unreachable)
    }
}

#[test]
fn what_was_allotted_and_not_signed_is_void() {
    let journal = Memory::default();
    let (mut register, _) = open(&journal).unwrap();
    let unplugged = Unplugged(signer());
    let refused = register.issue(&request(&facts("A1"), "A1"), None, &unplugged, base());
    assert!(matches!(refused, Err(RegisterIssueError::Issue(_))));
    assert_eq!(register.states(LIST).collect::<Vec<_>>(), [(0, State::Void)]);
    assert_eq!(issued(&mut register, "A1").status.index, 1);
    // Facts that cannot be issued cost no position.
    let empty = LicenseFacts { name: "".into(), ..facts("A2") };
    assert!(register.issue(&request(&empty, "A2"), None, &signer(), base()).is_err());
    assert_eq!(register.length(LIST), 2);
    let void = StatusPointer { list: LIST, index: 0 };
    assert!(
        matches!(register.change(void, State::Revoked, "", base()), Err(RegisterError::NotIssued(at)) if at == void)
    );
}

#[test]
fn irreversible_states_are_not_taken_back() {
    let journal = Memory::default();
    let (mut register, _) = open(&journal).unwrap();
    let all = [State::InForce].into_iter().chain(State::LISTED);
    for (number, before) in all.clone().filter(|state| *state != State::Void).enumerate() {
        for after in all.clone() {
            let name = format!("A{number}X{}", after.number());
            let at = issued(&mut register, &name).status;
            register.change(at, before, "", base()).unwrap();
            let changed = register.change(at, after, "", base());
            match changed {
                Ok(Changed::AlreadySo) => assert_eq!(before, after),
                Ok(Changed::Recorded { .. }) => {
                    assert!(after != State::Void && (before.is_reversible() || !after.is_reversible()));
                }
                Err(RegisterError::Irreversible { .. }) => {
                    assert!(after == State::Void || !before.is_reversible() && after.is_reversible());
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    let (again, _) = open(&journal).unwrap();
    assert_eq!(again.states(LIST).collect::<Vec<_>>(), register.states(LIST).collect::<Vec<_>>());
}

#[test]
fn the_register_is_one_authoritys_and_its_clock_does_not_run_back() {
    let journal = Memory::default();
    let (mut register, _) = open(&journal).unwrap();
    let at = issued(&mut register, "A1").status;
    register.change(at, State::Suspended, "", later(DAY)).unwrap();
    assert!(matches!(
        register.change(at, State::InForce, "", later(DAY - 301)),
        Err(RegisterError::ClockBehind(last)) if last == later(DAY)
    ));
    assert!(register.change(at, State::InForce, "", later(DAY - 300)).is_ok());
    assert!(matches!(open(&journal), Err(RegisterError::ClockBehind(_))));
    let other = Register::open(journal.clone(), code("11990000MB0000000J"), later(2 * DAY));
    assert!(matches!(other, Err(RegisterError::OtherAuthority(found)) if found == code(AUTHORITY)));
}

#[test]
fn a_reason_that_cannot_be_shown_is_refused_and_nothing_is_lost() {
    let journal = Memory::default();
    let (mut register, _) = open(&journal).unwrap();
    let at = issued(&mut register, "A1").status;
    let before = journal.to_vec();
    for reason in ["line\nbreak", "\u{202e}", &"长".repeat(400)] {
        assert!(matches!(register.change(at, State::Revoked, reason, base()), Err(RegisterError::Text)));
    }
    assert_eq!(journal.to_vec(), before);
    assert!(register.change(at, State::Revoked, "吊销", base()).is_ok());
}

#[test]
fn nothing_of_the_holder_is_kept() {
    let journal = Memory::default();
    let (mut register, _) = open(&journal).unwrap();
    let facts = data::license("driving-licence").facts;
    let mine = LicenseFacts { number: "980100000018".into(), ..facts.clone() };
    register.issue(&request(&mine, "draw"), None, &signer(), base()).unwrap();
    let journal = journal.to_vec();
    for kept_out in [&facts.holders[0].name, &facts.holders[0].id] {
        assert!(!journal.windows(kept_out.len()).any(|window| window == kept_out.as_bytes()), "{kept_out}");
    }
    assert!(journal.windows(12).any(|window| window == b"980100000018"));
}

#[test]
fn a_register_is_read_without_being_changed() {
    let journal = Memory::default();
    assert!(Register::read(&[]).unwrap().is_none());
    let (mut register, _) = open(&journal).unwrap();
    let license = issued(&mut register, "A1");
    let mut bytes = journal.to_vec();
    bytes.extend_from_slice(&[0, 0, 0]);
    let read = Register::read(&bytes).unwrap().unwrap();
    assert_eq!(read.entry(license.status), register.entry(license.status));
    assert_eq!((read.records(), read.chain()), (register.records(), register.chain()));
    let lists: Vec<_> = read.lists().collect();
    assert_eq!(lists, vec![LIST]);
}
