//! Renewals, copies, and what two operators must consent to.

use super::checks::{check_of, sound};
use super::*;
use crate::issue::CopyFacts;
use crate::trust::HistoryState;

fn terms(name: &str, days: i64) -> Reissue {
    Reissue { list: LIST, id: CredentialId::new(draw(name)), expires: Some(later(days * DAY)) }
}

fn renew<R: Register>(desk: &mut Desk<R>, at: StatusPointer, name: &str, due: i64) -> Result<Renewed, RegisterError> {
    match desk.renew(at, &terms(name, 800), later(due * DAY), None, &signer(), &now()) {
        Ok(renewed) => Ok(renewed),
        Err(RegisterIssueError::Register(error)) => Err(error),
        Err(other) => panic!("{other:?}"),
    }
}

fn copy_for(purpose: &str) -> CopyFacts {
    CopyFacts { purpose: purpose.into(), audience: None, expires: later(30 * DAY), made_by: None }
}

pub(super) fn renewals_and_copies_go_the_way_of_their_license<R: Register>(
    new: impl Fn() -> R,
    again: impl Fn(&R) -> R,
) {
    let (mut desk, _) = open(new()).unwrap();
    let first = issued(&mut desk, "A1");
    assert_eq!(renew(&mut desk, first.status, "R0", 90).unwrap(), Renewed::NotDue(first.clone()));
    assert_eq!(desk.due(later(90 * DAY)).unwrap(), []);
    assert_eq!(desk.due(later(366 * DAY)).unwrap().len(), 1);
    let Renewed::New(second) = renew(&mut desk, first.status, "R1", 366).unwrap() else { panic!("it was due") };
    assert_eq!((second.status, &second.identifier), (at(1), &first.identifier));
    // It is not due twice, by whichever of its credentials it is named.
    assert_eq!(desk.due(later(366 * DAY)).unwrap(), []);
    for named in [first.status, second.status] {
        assert_eq!(renew(&mut desk, named, "R2", 366).unwrap(), Renewed::NotDue(second.clone()));
    }
    assert_eq!(issue(&mut desk, "A1").unwrap(), Issued::Again(second.clone()), "asked for again, it is the newest");
    let copied = desk.copy(first.status, copy_for("招标"), &terms("C1", 30), None, &signer(), &now()).unwrap();
    assert_eq!(copied.status, at(2));
    let (facts, _) = desk.facts(copied.status).unwrap();
    assert_eq!(facts.copy, Some(copy_for("招标")));
    // A copy may go alone; what becomes of the license becomes of its copies.
    change(&mut desk, copied.status, State::Suspended).unwrap();
    assert_eq!(desk.states(LIST).unwrap(), [(2, State::Suspended)]);
    change(&mut desk, second.status, State::Revoked).unwrap();
    let revoked = [(0, State::Revoked), (1, State::Revoked), (2, State::Revoked)];
    assert_eq!(desk.states(LIST).unwrap(), revoked);
    assert!(matches!(renew(&mut desk, first.status, "R3", 9_000), Err(RegisterError::NotInForce(State::Revoked))));
    let refused = desk.copy(first.status, copy_for("招标"), &terms("C2", 30), None, &signer(), &now());
    assert!(matches!(refused, Err(RegisterIssueError::Register(RegisterError::NotInForce(State::Revoked)))));
    let (desk, _) = open(again(desk.register())).unwrap();
    assert_eq!(desk.states(LIST).unwrap(), revoked);
    assert_eq!(sound(&desk.register).credentials, 3);
}

/// The key of an operator by a number.
fn operator(number: u8) -> (Operator, SecretKey) {
    let key = SecretKey::from_seed(&[number; 32]).unwrap();
    (Operator { name: format!("操作员{number}"), key: key.public_key().clone() }, key)
}

/// What two of them sign.
struct Both {
    keys: [SecretKey; 2],
    signatures: [Vec<u8>; 2],
    stated: Stated,
}

fn both(numbers: [u8; 2], authority: Option<&str>, reason: &str, stated: Timestamp, decision: &Decision<'_>) -> Both {
    let stated = Stated { time: stated, nonce: [numbers[0]; 16] };
    let statement = statement(authority.map(code), reason, stated, decision).unwrap();
    let keys = numbers.map(|number| operator(number).1);
    let signatures = [&keys[0], &keys[1]].map(|key| Signer::sign(key, &statement).unwrap());
    Both { keys, signatures, stated }
}

impl Both {
    fn consent(&self) -> Consent<'_> {
        let [first, second] =
            [0, 1].map(|number| Signature { key: self.keys[number].public_key(), signature: &self.signatures[number] });
        Consent { stated: self.stated, first, second }
    }
}

/// A register of eleven licenses and more, with two operators.
fn staffed<R: Register>(register: R) -> Desk<R> {
    let (mut desk, _) = open(register).unwrap();
    for number in 0..=BULK {
        issued(&mut desk, &format!("A{number}"));
    }
    for number in [1, 2] {
        set_operator(&mut desk.register, &operator(number).0, true, None, &now()).unwrap();
    }
    desk
}

pub(super) fn many_are_put_out_of_force_by_two_alone<R: Register>(new: impl Fn() -> R, again: impl Fn(&R) -> R) {
    let mut desk = staffed(new());
    let all: Vec<Change<'_>> =
        (0..=BULK).map(|index| Change::to(at(u64::try_from(index).unwrap()), State::Suspended)).collect();
    let act = now().because("抽查");
    let decision = Decision::Changes(&all);
    let mut attempt = |changes: &[Change<'_>], both: Option<&Both>| {
        let consent = both.map(Both::consent);
        desk.change_many(changes, consent.as_ref(), &act).map_err(|(_, error)| error)
    };
    assert!(matches!(attempt(&all, None), Err(RegisterError::NeedsTwo)));
    let of = |numbers, reason, stated| both(numbers, Some(AUTHORITY), reason, stated, &decision);
    let refused = |result: Result<Vec<Changed>, RegisterError>| result.unwrap_err();
    let one = of([1, 1], "抽查", base());
    assert!(matches!(refused(attempt(&all, Some(&one))), RegisterError::ConsentOfOne));
    let stranger = of([1, 3], "抽查", base());
    assert!(matches!(refused(attempt(&all, Some(&stranger))), RegisterError::NotAnOperator(_)));
    let week = 7 * DAY;
    for stated in [later(-week - 1), later(CLOCK_TOLERANCE + 1)] {
        assert!(matches!(refused(attempt(&all, Some(&of([1, 2], "抽查", stated)))), RegisterError::ConsentOld(_)));
    }
    // Another reason, another authority, other licenses, another state: that is not what they signed.
    let others = [
        of([1, 2], "别的", base()),
        both([1, 2], Some(OTHER), "抽查", base(), &decision),
        both([1, 2], Some(AUTHORITY), "抽查", base(), &Decision::Changes(&all[1..])),
        both(
            [1, 2],
            Some(AUTHORITY),
            "抽查",
            base(),
            &Decision::Changes(&{
                let mut other = all.clone();
                other[3].state = State::Revoked;
                other
            }),
        ),
    ];
    for other in &others {
        assert!(matches!(refused(attempt(&all, Some(other))), RegisterError::ConsentToOther(_)));
    }
    let consented = of([1, 2], "抽查", later(-DAY));
    let changed = attempt(&all, Some(&consented)).unwrap();
    assert_eq!(changed, vec![Changed::Recorded { before: State::InForce }; BULK + 1]);
    assert!(matches!(refused(attempt(&all, Some(&consented))), RegisterError::ConsentUsed));
    // Another number than the license has: it is not the one that was read.
    let misread = [Change { number: Some("A0"), ..all[0] }, Change { number: Some("A9"), ..all[1] }];
    assert!(matches!(refused(attempt(&misread, None)), RegisterError::OtherNumber(at) if at == all[1].at));
    // Ten may be changed by one, and any number may be taken back.
    let back: Vec<Change<'_>> = all.iter().map(|change| Change { state: State::InForce, ..*change }).collect();
    assert_eq!(attempt(&back, None).unwrap().len(), BULK + 1);
    assert_eq!(attempt(&all[..BULK], None).unwrap().len(), BULK);
    let (desk, _) = open(again(desk.register())).unwrap();
    let records = journal(&desk);
    let consent = records.iter().position(|record| matches!(record.event, Event::Consented { .. })).unwrap();
    for record in &records[consent..=consent + BULK + 1] {
        assert_eq!((record.actor.as_str(), record.approver.as_deref()), ("操作员1", Some("操作员2")));
    }
    assert_eq!(records.iter().filter(|record| record.approver.is_some()).count(), BULK + 2);
    sound(&desk.register);
}

pub(super) fn keys_are_put_out_of_use_by_two_and_sign_nothing_more<R: Register>(
    new: impl Fn() -> R,
    again: impl Fn(&R) -> R,
) {
    let mut desk = staffed(new());
    let key = signer().public_key().clone();
    let state = HistoryState::Compromised;
    let since = Some(later(-DAY));
    let act = now().because("失窃");
    assert!(matches!(desk.withdraw(&key, state, since, None, &act), Err(RegisterError::NeedsTwo)));
    let decision = Decision::Withdrawal { key: &key, state, since };
    let two = both([2, 1], Some(AUTHORITY), "失窃", base(), &decision);
    let other = desk.withdraw(&key, HistoryState::Withdrawn, since, Some(&two.consent()), &act);
    assert!(matches!(other, Err(RegisterError::ConsentToOther(_))));
    desk.withdraw(&key, state, since, Some(&two.consent()), &act).unwrap();
    let gone = desk.withdraw(&key, HistoryState::Retired, None, None, &act);
    assert!(matches!(gone, Err(RegisterError::KeyState(HistoryState::Retired))));
    let refused = issue(&mut desk, "B1");
    assert!(matches!(refused, Err(RegisterIssueError::Register(RegisterError::KeyOutOfUse(_)))));
    let (mut desk, _) = open(again(desk.register())).unwrap();
    assert!(matches!(desk.check_key(&key), Err(RegisterError::KeyOutOfUse(_))));
    assert_eq!(desk.length(LIST).unwrap(), 11, "no position was given for it");
    let told = Withdrawal { key: key.clone(), state, from: base(), since };
    assert_eq!(desk.withdrawals().unwrap(), [told]);
    // Operators are admitted and dismissed by two.
    let third = operator(3).0;
    let set = |desk: &mut Desk<R>, admitted, both: Option<&Both>| {
        let consent = both.map(Both::consent);
        set_operator(&mut desk.register, &third, admitted, consent.as_ref(), &now())
    };
    let decided =
        |admitted| both([1, 2], None, "", base(), &Decision::Operator { name: &third.name, key: &third.key, admitted });
    assert!(matches!(set(&mut desk, true, None), Err(RegisterError::NeedsTwo)));
    set(&mut desk, true, Some(&decided(true))).unwrap();
    assert!(matches!(set(&mut desk, true, Some(&decided(true))), Err(RegisterError::ConsentUsed)));
    let by_others =
        both([2, 1], None, "", base(), &Decision::Operator { name: &third.name, key: &third.key, admitted: true });
    assert!(matches!(set(&mut desk, true, Some(&by_others)), Err(RegisterError::OperatorKnown)));
    assert!(matches!(set(&mut desk, false, Some(&decided(true))), Err(RegisterError::ConsentToOther(_))));
    set(&mut desk, false, Some(&decided(false))).unwrap();
    assert!(matches!(set(&mut desk, false, Some(&decided(false))), Err(RegisterError::ConsentUsed)));
    sound(&desk.register);
}

pub(super) fn a_key_is_exchanged_and_the_old_one_retired<R: Register>(new: impl Fn() -> R, again: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    issued(&mut desk, "A1");
    let (old, new) = (signer().public_key().clone(), SecretKey::from_seed(&[0x77; 32]).unwrap());
    for _ in 0..2 {
        desk.rotate(&old, new.public_key(), &now()).unwrap();
    }
    let (mut desk, _) = open(again(desk.register())).unwrap();
    let told = Withdrawal { key: old.clone(), state: HistoryState::Retired, from: later(1), since: None };
    assert_eq!(desk.withdrawals().unwrap(), [told], "once, and what it signed in this very second stands");
    assert_eq!(desk.register().keys(code(AUTHORITY)).unwrap(), [old.clone(), new.public_key().clone()]);
    assert!(matches!(desk.rotate(new.public_key(), &old, &now()), Err(RegisterError::KeyOutOfUse(_))));
    let refused = issue(&mut desk, "A2");
    assert!(matches!(refused, Err(RegisterIssueError::Register(RegisterError::KeyOutOfUse(_)))));
    sound(&desk.register);
}

/// What travels is what was signed, whole, and nothing else.
#[test]
fn a_proposal_is_read_as_it_was_written_and_not_otherwise() {
    let (first, second) = (operator(1).1, operator(2).1);
    let stated = Stated { time: base(), nonce: [9; 16] };
    let changes = [
        Change {
            number: Some("A1"),
            basis: Some("第十二条"),
            effective: Some(base()),
            ..Change::to(at(3), State::Revoked)
        },
        Change::to(at(4), State::Suspended),
    ];
    let key = first.public_key().clone();
    let decisions = [
        Decision::Changes(&changes),
        Decision::Withdrawal { key: &key, state: HistoryState::Compromised, since: Some(base()) },
        Decision::Withdrawal { key: &key, state: HistoryState::Withdrawn, since: None },
        Decision::Operator { name: "赵示例", key: &key, admitted: false },
    ];
    for decision in &decisions {
        let mut proposal = Proposal::new(Some(code(AUTHORITY)), "抽查", stated, decision).unwrap();
        assert!(proposal.consent(stated).is_none());
        proposal.sign(&first).unwrap();
        assert_eq!(proposal.sign(&first), Err(ProposalError::Signed));
        let bytes = proposal.encode().unwrap();
        let (mut read, said) = Proposal::parse(&bytes).unwrap();
        assert_eq!(read, proposal);
        assert_eq!((said.authority, said.reason.as_str(), said.stated), (Some(code(AUTHORITY)), "抽查", stated));
        assert!(read.is_for(said.authority, &said.reason, said.stated, decision).unwrap());
        assert!(!read.is_for(said.authority, "", said.stated, decision).unwrap());
        match (&said.matter, decision) {
            (Matter::Changes(read), Decision::Changes(written)) => {
                let written = written.iter().map(|change| ProposedChange {
                    at: change.at,
                    number: change.number.map(Into::into),
                    state: change.state,
                    basis: change.basis.map(Into::into),
                    effective: change.effective,
                });
                assert_eq!(*read, written.collect::<Vec<_>>());
            }
            (Matter::Withdrawal { key: read, state, since }, Decision::Withdrawal { .. }) => {
                assert_eq!(*decision, Decision::Withdrawal { key: read, state: *state, since: *since });
            }
            (Matter::Operator { name, key, admitted }, Decision::Operator { .. }) => {
                assert_eq!(*decision, Decision::Operator { name, key, admitted: *admitted });
            }
            other => panic!("{other:?}"),
        }
        read.sign(&second).unwrap();
        assert!(read.consent(stated).is_some());
        assert_eq!(read.sign(&operator(3).1), Err(ProposalError::Signed));
        // No byte of it can be another, and none can be missing.
        let whole = read.encode().unwrap();
        for at in 0..whole.len() {
            let mut spoilt = whole.clone();
            spoilt[at] ^= 1;
            assert!(Proposal::parse(&spoilt).is_err(), "byte {at} of {decision:?}");
            assert!(Proposal::parse(&whole[..at]).is_err());
        }
    }
}

/// A consent whose signatures were made up is found, also where the chain was made anew.
#[test]
fn a_forged_consent_is_found() {
    let desk = staffed(Memory::default());
    let key = signer().public_key().clone();
    let decision = Decision::Withdrawal { key: &key, state: HistoryState::Withdrawn, since: None };
    let statement = statement(Some(code(AUTHORITY)), "", Stated { time: base(), nonce: [0; 16] }, &decision).unwrap();
    let spki = |number| operator(number).0.key.spki();
    let real = |number| Signer::sign(&operator(number).1, &statement).unwrap();
    let of = |first: (Vec<u8>, Vec<u8>), second: (Vec<u8>, Vec<u8>)| {
        let mut memory = desk.register.clone();
        memory.begin().unwrap();
        let event = Event::Consented { statement: statement.clone(), first, second };
        let subject = Some(crate::suite::sha256(&statement));
        transaction::record(&mut memory, Some(code(AUTHORITY)), &now(), event, subject).unwrap();
        memory.commit().unwrap();
        let last = memory.head().unwrap().records - 1;
        let (_, findings) = check_of(&memory);
        findings.found.iter().any(|finding| matches!(finding, Finding::Record { seq, .. } if *seq == last))
    };
    assert!(!of((spki(1), real(1)), (spki(2), real(2))), "nothing is wrong with this one");
    assert!(of((spki(1), real(1)), (spki(2), real(1))), "signed by another key");
    assert!(of((spki(1), vec![0; 64]), (spki(2), real(2))), "not signed");
    assert!(of((spki(1), real(1)), (spki(1), real(1))), "signed by one");
    assert!(of((spki(1), real(1)), (spki(3), real(3))), "signed by one who is no operator");
    // A withdrawal without anybody's approval.
    let mut memory = desk.register.clone();
    memory.begin().unwrap();
    let event = Event::Withdrawn { key: key.spki(), state: HistoryState::Withdrawn, from: base(), since: None };
    transaction::record(&mut memory, Some(code(AUTHORITY)), &now(), event, Some(key.thumbprint())).unwrap();
    memory.commit().unwrap();
    assert!(check_of(&memory).1.found.iter().any(|finding| matches!(finding, Finding::Record { .. })));
}
