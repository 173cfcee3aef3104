#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod backups;
mod batches;
mod checks;
mod crashes;
mod files;
mod histories;
mod lifecycle;
mod memory;
mod processes;
mod seals;

use alloc::format;
use alloc::string::ToString;
use alloc::vec;

use super::*;
use crate::claims::id::CreditCode;
use crate::issue::tests::world::{DAY, World, code, data, draw, key, license_key, status_key};
use crate::issue::{IssuedLicense, LicenseFacts, SignError, Signer, StatusFacts, publish_status};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::status::StatusList;
use crate::suite::{Digest, PublicKey, SecretKey};
use crate::verify::{Verdict, Verifier};
use histories::{positions_without_a_license_have_no_days, what_became_of_licenses_is_told_by_day};
use lifecycle::{
    a_key_is_exchanged_and_the_old_one_retired, keys_are_put_out_of_use_by_two_and_sign_nothing_more,
    many_are_put_out_of_force_by_two_alone, renewals_and_copies_go_the_way_of_their_license,
};
use memory::Memory;

const AUTHORITY: &str = "11990100MB0000000P";
const OTHER: &str = "11990000MB0000000J";
const LIST: u64 = 1;
const ACTOR: &str = "王五";

fn base() -> Timestamp {
    Timestamp::new(crate::issue::tests::world::BASE).unwrap()
}

fn later(seconds: i64) -> Timestamp {
    base().saturating_add(seconds)
}

/// Done by somebody now.
fn now() -> Act<'static> {
    Act::new(ACTOR, base())
}

fn at(index: u64) -> StatusPointer {
    StatusPointer { list: LIST, index }
}

fn signer() -> SecretKey {
    key(&license_key(AUTHORITY))
}

fn open<R: Register>(register: R) -> Result<(Desk<R>, Recovery), RegisterError> {
    Desk::open(register, code(AUTHORITY), &now())
}

/// A license that differs from others of the same authority by its number.
fn facts(number: &str) -> LicenseFacts {
    LicenseFacts { number: number.into(), serial: number.into(), ..data::license("business-license").facts }
}

fn request<'a>(facts: &'a LicenseFacts, draw_name: &str) -> Request<'a> {
    let id = CredentialId::new(draw(draw_name));
    Request { facts, list: LIST, id, not_before: base(), expires: Some(later(365 * DAY)), holder_key: None }
}

fn issue<R: Register>(desk: &mut Desk<R>, number: &str) -> Result<Issued, RegisterIssueError> {
    desk.issue(&request(&facts(number), number), None, &signer(), &now())
}

fn issued<R: Register>(desk: &mut Desk<R>, number: &str) -> IssuedLicense {
    match issue(desk, number) {
        Ok(Issued::New(license)) => license,
        other => panic!("{other:?}"),
    }
}

fn change<R: Register>(desk: &mut Desk<R>, at: StatusPointer, state: State) -> Result<Changed, RegisterError> {
    desk.change(&Change::to(at, state), &now().because("依法"))
}

fn entries<R: Register>(desk: &Desk<R>) -> Vec<Entry> {
    let mut entries = Vec::new();
    desk.each(&mut |entry| {
        entries.push(entry);
        core::ops::ControlFlow::Continue(())
    })
    .unwrap();
    entries
}

fn journal<R: Register>(desk: &Desk<R>) -> Vec<Record> {
    let mut records = Vec::new();
    let mut before = Head::NONE.chain;
    desk.register()
        .records(0, &mut |stored| {
            let seq = u64::try_from(records.len()).unwrap();
            records.push(stored.follows(seq, before).expect("the chain holds").clone());
            before = stored.chain;
            core::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(desk.head().unwrap().chain, before);
    records
}

/// Each of these holds of a register in memory and of one in a file.
macro_rules! of_every_register {
    ($($name:ident)*) => {
        mod in_memory {
            $(#[test] fn $name() { super::$name(super::Memory::default, |kept| super::Memory::clone(kept)); })*
        }
        mod in_a_file {
            $(#[test] fn $name() {
                let folder = super::files::Folder::new(stringify!($name));
                let open = || super::SqliteRegister::open(&folder.file()).unwrap();
                super::$name(open, |_| super::SqliteRegister::open(&folder.file()).unwrap());
            })*
        }
    };
}

of_every_register! {
    what_is_issued_and_revoked_is_what_verifiers_see
    the_same_request_gives_the_same_license_and_another_is_refused
    what_was_allotted_and_not_signed_is_void
    irreversible_states_are_not_taken_back
    clocks_do_not_run_back
    authorities_have_lists_of_their_own
    texts_that_cannot_be_shown_are_refused_and_nothing_is_lost
    a_successor_supersedes_what_it_replaces
    what_is_erased_by_law_is_gone_and_the_rest_is_whole
    the_journal_tells_who_did_what_to_which_license
    many_changes_are_made_all_or_none
    what_became_of_licenses_is_told_by_day
    positions_without_a_license_have_no_days
    renewals_and_copies_go_the_way_of_their_license
    many_are_put_out_of_force_by_two_alone
    keys_are_put_out_of_use_by_two_and_sign_nothing_more
    a_key_is_exchanged_and_the_old_one_retired
}

fn what_is_issued_and_revoked_is_what_verifiers_see<R: Register>(new: impl Fn() -> R, again: impl Fn(&R) -> R) {
    let mut world = World::new();
    world.list(AUTHORITY).facts.issued = world.time(-2 * DAY);
    let mut store = world.sound_store();
    let (mut desk, recovery) = open(new()).unwrap();
    assert_eq!(recovery, Recovery::default());
    let act = Act::new(ACTOR, later(60)).because("依法");
    let licenses: Vec<_> = ["A1", "A2", "A3", "A4"]
        .iter()
        .map(|number| {
            let facts = facts(number);
            desk.issue(&request(&facts, number), Some(&store), &signer(), &act).unwrap().license().clone()
        })
        .collect();
    assert_eq!(licenses.iter().map(|license| license.status.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let recorded = |before| Ok::<_, ()>(Changed::Recorded { before });
    let mut change = |index, state| desk.change(&Change::to(at(index), state), &act).map_err(|_| ());
    assert_eq!(change(1, State::Suspended), recorded(State::InForce));
    assert_eq!(change(2, State::Suspended), recorded(State::InForce));
    assert_eq!(change(2, State::InForce), recorded(State::Suspended));
    assert_eq!(change(3, State::Revoked), recorded(State::InForce));
    assert_eq!(change(3, State::Revoked), Ok(Changed::AlreadySo));
    assert_eq!(desk.states(LIST).unwrap(), [(1, State::Suspended), (3, State::Revoked)]);

    // Opened again, it is the same register.
    let (mut desk, recovery) = Desk::open(again(desk.register()), code(AUTHORITY), &act).unwrap();
    assert_eq!(recovery, Recovery::default());
    let held = entries(&desk);
    assert_eq!(held.len(), 4);
    for (entry, license) in held.iter().zip(&licenses) {
        assert_eq!(
            (entry.status, entry.issuance.digest, entry.license),
            (license.status, license.digest, license.status)
        );
        assert_eq!(desk.content(entry.status).unwrap().unwrap(), license.bytes);
    }
    assert_eq!(desk.entry(at(3)).unwrap().unwrap().state, State::Revoked);

    let snapshot = desk.snapshot(LIST).unwrap();
    let list_facts = StatusFacts {
        authority: code(AUTHORITY),
        list: LIST,
        epoch: 0,
        seq: 2,
        issued: later(120),
        next_update: later(DAY),
        length: snapshot.length,
    };
    let status_signer = key(&status_key(AUTHORITY));
    let list = publish_status(&list_facts, snapshot.states.clone(), None, Some(&store), &status_signer).unwrap();
    let digest = StatusList::parse(&list).unwrap().envelope().object_digest();
    let publication =
        Publication { list: LIST, epoch: 0, seq: 2, issued: later(120), length: 4, records: snapshot.records, digest };
    let act = Act::new(ACTOR, later(120));
    desk.record_publication(publication, &act).unwrap();
    assert_eq!(desk.published(LIST).unwrap(), Some(publication));
    let twice = desk.record_publication(Publication { issued: later(180), ..publication }, &act);
    assert!(matches!(twice, Err(RegisterError::NotLater(before)) if before == publication));
    let next = Publication { seq: 3, issued: later(120), ..publication };
    assert!(matches!(desk.record_publication(next, &act), Err(RegisterError::NotLater(_))));

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

fn the_same_request_gives_the_same_license_and_another_is_refused<R: Register>(
    new: impl Fn() -> R,
    _: impl Fn(&R) -> R,
) {
    let (mut desk, _) = open(new()).unwrap();
    let first = issued(&mut desk, "A1");
    let head = desk.head().unwrap();
    // Another draw, another time, another key: it is the same license still, and nothing is signed.
    let unplugged = Unplugged(key("another key"));
    let act = Act::new(ACTOR, later(DAY));
    let again = desk.issue(&request(&facts("A1"), "another draw"), None, &unplugged, &act).unwrap();
    assert_eq!(again, Issued::Again(first.clone()));
    assert_eq!(desk.head().unwrap(), head);

    let (label, _) = facts("A1").fields[0].clone();
    let mut other = LicenseFacts { name: "另一名称".into(), ..facts("A1") };
    other.fields[0].1 = crate::issue::FieldValue::Int(7);
    match desk.issue(&request(&other, "third draw"), None, &signer(), &now()) {
        Err(RegisterIssueError::Register(RegisterError::Duplicate { existing, differences })) => {
            assert_eq!((existing.status, existing.issuance.digest), (first.status, first.digest));
            assert_eq!(differences, [Difference::Name, Difference::Field(label)]);
        }
        found => panic!("{found:?}"),
    }
    let next_version = LicenseFacts { version: 2, ..other };
    let used = desk.issue(&request(&next_version, "A1"), None, &signer(), &now());
    assert!(matches!(used, Err(RegisterIssueError::Register(RegisterError::IdUsed(id))) if id == first.id));
    let second = desk.issue(&request(&next_version, "third draw"), None, &signer(), &now()).unwrap();
    assert_eq!(second.license().status.index, 1);
    assert_eq!(desk.by_id(first.id).unwrap().unwrap().name.unwrap().version, 1);
    let versions: Vec<_> = desk.by_number("A1").unwrap().iter().map(|e| e.name.clone().unwrap().version).collect();
    assert_eq!(versions, [1, 2]);
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

fn what_was_allotted_and_not_signed_is_void<R: Register>(new: impl Fn() -> R, _: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    let unplugged = Unplugged(signer());
    let refused = desk.issue(&request(&facts("A1"), "A1"), None, &unplugged, &now());
    assert!(matches!(refused, Err(RegisterIssueError::Issue(_))));
    assert_eq!(desk.states(LIST).unwrap(), [(0, State::Void)]);
    assert_eq!(issued(&mut desk, "A1").status.index, 1);
    // Facts that cannot be issued cost no position.
    let empty = LicenseFacts { name: "".into(), ..facts("A2") };
    assert!(desk.issue(&request(&empty, "A2"), None, &signer(), &now()).is_err());
    assert_eq!(desk.length(LIST).unwrap(), 2);
    assert_eq!(desk.position(at(0)).unwrap(), Some(Position::Void));
    assert!(matches!(desk.position(at(1)).unwrap(), Some(Position::Issued(_))));
    assert_eq!(desk.position(at(2)).unwrap(), None);
    assert!(matches!(change(&mut desk, at(0), State::Revoked), Err(RegisterError::NotIssued(found)) if found == at(0)));
}

fn irreversible_states_are_not_taken_back<R: Register>(new: impl Fn() -> R, again: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    let all = [State::InForce].into_iter().chain(State::LISTED);
    for (number, before) in all.clone().filter(|state| *state != State::Void).enumerate() {
        for after in all.clone() {
            let name = format!("A{number}X{}", after.number());
            let at = issued(&mut desk, &name).status;
            change(&mut desk, at, before).unwrap();
            assert_eq!(
                desk.entry(at).unwrap().unwrap().may_become(after),
                before == after || after != State::Void && (before.is_reversible() || !after.is_reversible())
            );
            match change(&mut desk, at, after) {
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
    let (reopened, _) = open(again(desk.register())).unwrap();
    assert_eq!(reopened.states(LIST).unwrap(), desk.states(LIST).unwrap());
}

fn clocks_do_not_run_back<R: Register>(new: impl Fn() -> R, again: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    let place = issued(&mut desk, "A1").status;
    let by = |seconds| Act::new(ACTOR, later(seconds));
    desk.change(&Change::to(place, State::Suspended), &by(DAY)).unwrap();
    let behind = desk.change(&Change::to(place, State::InForce), &by(DAY - 301));
    assert!(matches!(behind, Err(RegisterError::ClockBehind(last)) if last == later(DAY)));
    assert_eq!(desk.entry(place).unwrap().unwrap().state, State::Suspended, "nothing of it was written");
    assert!(desk.change(&Change::to(place, State::InForce), &by(DAY - 300)).is_ok());
    // The latest time counts, not that of the last record.
    let behind = desk.change(&Change::to(place, State::Revoked), &by(DAY - 310));
    assert!(matches!(behind, Err(RegisterError::ClockBehind(_))));
    assert!(matches!(open(again(desk.register())), Err(RegisterError::ClockBehind(_))));
    let effective = Change { effective: Some(later(2 * DAY)), ..Change::to(place, State::Revoked) };
    assert!(matches!(desk.change(&effective, &by(DAY)), Err(RegisterError::NotYet(_))));
    let effective = Change { effective: Some(base()), ..effective };
    desk.change(&effective, &by(DAY)).unwrap();
    assert_eq!(desk.entry(place).unwrap().unwrap().since, base());
}

fn authorities_have_lists_of_their_own<R: Register>(new: impl Fn() -> R, again: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    assert!(Desk::read(again(desk.register()), code(OTHER)).unwrap().is_none());
    issued(&mut desk, "A1");
    let mine = issued(&mut desk, "A2").status;
    let (mut other, _) = Desk::open(again(desk.register()), code(OTHER), &now()).unwrap();
    assert!(other.lists().unwrap().is_empty());
    let facts = facts("A1");
    let theirs = other.issue(&request(&facts, "B1"), None, &signer(), &now()).unwrap().license().clone();
    assert_eq!(theirs.status, at(0));
    assert_eq!(entries(&other).len(), 1);
    assert_eq!(other.entry(mine).unwrap(), None);
    assert_eq!(other.by_number("A2").unwrap(), []);
    change(&mut other, theirs.status, State::Revoked).unwrap();
    assert_eq!(entries(&desk).iter().map(|entry| entry.state).collect::<Vec<_>>(), [State::InForce; 2]);
    assert_eq!((desk.states(LIST).unwrap().len(), other.states(LIST).unwrap().len()), (0, 1));
    let far = Request { list: 7, ..request(&facts, "B2") };
    let seventh = LicenseFacts { version: 7, ..facts.clone() };
    let issued = other.issue(&Request { facts: &seventh, ..far }, None, &signer(), &now()).unwrap();
    assert_eq!(issued.license().status, StatusPointer { list: 7, index: 0 });
    assert_eq!((desk.lists().unwrap(), other.lists().unwrap()), (vec![1], vec![1, 7]));
    let huge = Request { list: u64::MAX, ..request(&facts, "B3") };
    let eighth = LicenseFacts { version: 8, ..facts.clone() };
    let refused = other.issue(&Request { facts: &eighth, ..huge }, None, &signer(), &now());
    // A list's number is not bounded by the format; the register in memory has no bound either.
    assert!(matches!(refused, Ok(_) | Err(RegisterIssueError::Register(RegisterError::Text))), "{refused:?}");
}

fn texts_that_cannot_be_shown_are_refused_and_nothing_is_lost<R: Register>(new: impl Fn() -> R, _: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    let place = issued(&mut desk, "A1").status;
    let head = desk.head().unwrap();
    let revoked = Change::to(place, State::Revoked);
    for text in ["line\nbreak", "\u{202e}", &"长".repeat(400)] {
        for (change, act) in [(revoked, now().because(text)), (Change { basis: Some(text), ..revoked }, now())] {
            assert!(matches!(desk.change(&change, &act), Err(RegisterError::Text)));
        }
    }
    for text in ["line\nbreak", "\u{202e}"] {
        assert!(matches!(desk.change(&revoked, &Act::new(text, base())), Err(RegisterError::Text)));
        assert!(matches!(desk.change(&revoked, &now().approved_by(text)), Err(RegisterError::Text)));
    }
    assert_eq!(desk.head().unwrap(), head);
    assert!(desk.states(LIST).unwrap().is_empty());
    assert!(desk.change(&revoked, &now().because("吊销")).is_ok());
}

fn a_successor_supersedes_what_it_replaces<R: Register>(new: impl Fn() -> R, _: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    let first = issued(&mut desk, "A1");
    let revoked = issued(&mut desk, "A2");
    change(&mut desk, revoked.status, State::Revoked).unwrap();
    for (replaced, number) in [(&first, "B1"), (&revoked, "B2")] {
        let successor = LicenseFacts { replaces: Some(replaced.id), ..facts(number) };
        desk.issue(&request(&successor, number), None, &signer(), &now()).unwrap();
    }
    let of = |license: &IssuedLicense| desk.entry(license.status).unwrap().unwrap();
    assert_eq!((of(&first).state, of(&first).successor), (State::Superseded, Some(at(2))));
    assert_eq!((of(&revoked).state, of(&revoked).successor), (State::Revoked, None));
    assert_eq!(desk.states(LIST).unwrap(), [(0, State::Superseded), (1, State::Revoked)]);
}

fn what_is_erased_by_law_is_gone_and_the_rest_is_whole<R: Register>(new: impl Fn() -> R, again: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    let license = issued(&mut desk, "A1");
    assert_eq!(desk.erase(license.status, "个人信息保护法第四十七条", &now().because("申请删除")).unwrap(), 1);
    assert_eq!(desk.erase(license.status, "again", &now()).unwrap(), 0);
    let (mut desk, _) = open(again(desk.register())).unwrap();
    let entry = desk.entry(license.status).unwrap().unwrap();
    assert_eq!((entry.name.as_ref(), entry.number()), (None, license.id.to_string()));
    assert_eq!(desk.content(license.status).unwrap(), None);
    assert_eq!(desk.by_number("A1").unwrap(), []);
    // It is revoked as any other, and the journal says what happened to it.
    change(&mut desk, license.status, State::Revoked).unwrap();
    assert_eq!(desk.states(LIST).unwrap(), [(0, State::Revoked)]);
    let history = desk.history(&desk.by_id(license.id).unwrap().unwrap()).unwrap();
    assert_eq!(history.iter().map(|record| record.event.word()).collect::<Vec<_>>(), ["issued", "erased", "changed"]);
    assert!(matches!(&history[1].event, Event::Erased { basis, .. } if basis == "个人信息保护法第四十七条"));
}

fn the_journal_tells_who_did_what_to_which_license<R: Register>(new: impl Fn() -> R, _: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    let license = issued(&mut desk, "A1");
    let act = now().because("提交虚假材料").approved_by("赵六");
    let changed =
        Change { basis: Some("行政许可法第六十九条"), ..Change::to(license.status, State::Withdrawn) };
    desk.change(&changed, &act).unwrap();
    let records = journal(&desk);
    let words: Vec<_> = records.iter().map(|record| record.event.word()).collect();
    assert_eq!(words, ["opened", "enrolled", "allotted", "key", "issued", "changed"]);
    assert_eq!(records[0].authority, None);
    assert!(records[1..].iter().all(|record| record.authority == Some(code(AUTHORITY))));
    assert_eq!((records[4].subject, records[5].subject), (license.digest, license.digest));
    assert_eq!(records[3].subject, signer().public_key().thumbprint());
    let last = &records[5];
    assert_eq!((last.actor.as_str(), last.approver.as_deref()), (ACTOR, Some("赵六")));
    assert_eq!(last.reason, "提交虚假材料");
    assert!(
        matches!(&last.event, Event::Changed { basis: Some(basis), state: State::Withdrawn, .. } if basis == "行政许可法第六十九条")
    );
    // Everything that is stored comes back from its detail.
    for record in &records {
        let detail = record.event.encode().unwrap();
        assert_eq!(Event::parse(record.event.number(), &detail).unwrap(), record.event);
        assert!(Event::parse(99, &detail).is_err());
    }
}

fn many_changes_are_made_all_or_none<R: Register>(new: impl Fn() -> R, _: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    for number in ["A1", "A2", "A3"] {
        issued(&mut desk, number);
    }
    change(&mut desk, at(1), State::Revoked).unwrap();
    let head = desk.head().unwrap();
    let suspend: Vec<_> = (0..3).map(|index| Change::to(at(index), State::Suspended)).collect();
    let refused = desk.change_many(&suspend, None, &now());
    assert!(matches!(refused, Err((1, RegisterError::Irreversible { .. }))));
    assert_eq!((desk.head().unwrap(), desk.states(LIST).unwrap()), (head, vec![(1, State::Revoked)]));
    let revoke: Vec<_> = (0..3).map(|index| Change::to(at(index), State::Revoked)).collect();
    let recorded = Changed::Recorded { before: State::InForce };
    assert_eq!(desk.change_many(&revoke, None, &now()).unwrap(), [recorded, Changed::AlreadySo, recorded]);
}
