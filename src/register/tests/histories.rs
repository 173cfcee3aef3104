//! What became of licenses and when, as a list with details tells it.

use alloc::vec;

use super::*;
use crate::status::{Body, Cause, LicenseHistory, Spell, WrittenBody};
use crate::suite::HashAlgorithm;
use crate::time::Day;

fn day(days: i64) -> Day {
    Day::of(later(days * DAY))
}

fn cause(word: &str) -> Cause {
    Cause::from_word(word).unwrap()
}

fn told<R: Register>(desk: &Desk<R>, list: u64) -> Vec<(u32, LicenseHistory)> {
    let (snapshot, histories) = desk.histories(list).unwrap();
    assert_eq!(snapshot, desk.snapshot(list).unwrap());
    histories
}

/// Changes a license so many days after the base time, with effect from some day.
fn enter<R: Register>(desk: &mut Desk<R>, index: u64, state: State, (on, from): (i64, Option<i64>), reason: &str) {
    let effective = from.map(|from| later(from * DAY));
    let act = Act::new(ACTOR, later(on * DAY)).because(reason);
    let changed = desk.change(&Change { effective, ..Change::to(at(index), state) }, &act).unwrap();
    assert!(matches!(changed, Changed::Recorded { .. }));
}

pub(super) fn what_became_of_licenses_is_told_by_day<R: Register>(new: impl Fn() -> R, again: impl Fn(&R) -> R) {
    let register = new();
    let reopened = again(&register);
    let (mut desk, _) = open(register).unwrap();
    for number in ["0", "1", "2", "3", "4", "5"] {
        issued(&mut desk, number);
    }
    assert_eq!(told(&desk, LIST), []);
    enter(&mut desk, 1, State::Revoked, (1, None), "deception: 提交虚假材料");
    enter(&mut desk, 2, State::Suspended, (1, None), "investigation：立案");
    enter(&mut desk, 3, State::Suspended, (1, None), "依法");
    enter(&mut desk, 4, State::Suspended, (1, None), "");
    enter(&mut desk, 2, State::InForce, (3, None), "查无实据");
    enter(&mut desk, 3, State::Revoked, (3, None), "unlawful-conduct: 属实");
    // Recorded on the fifth day, in effect since before the suspension of the first: that was none then.
    enter(&mut desk, 4, State::Cancelled, (5, Some(-2)), "given-up: 申请在先");
    enter(&mut desk, 5, State::ReportedLost, (5, None), "lost");
    enter(&mut desk, 5, State::InForce, (5, None), "找到");
    let spell = |state, from, until, cause| Spell { state, from: day(from), until: day(until), cause };
    let suspended = spell(State::Suspended, 1, 3, cause("investigation"));
    let expected = vec![
        (1, LicenseHistory { cause: cause("deception"), ..LicenseHistory::of(State::Revoked, Some(day(1))) }),
        (2, LicenseHistory { past: vec![suspended], ..LicenseHistory::IN_FORCE }),
        (
            3,
            LicenseHistory {
                cause: cause("unlawful-conduct"),
                past: vec![spell(State::Suspended, 1, 3, Cause::UNSTATED)],
                ..LicenseHistory::of(State::Revoked, Some(day(3)))
            },
        ),
        (4, LicenseHistory { cause: cause("given-up"), ..LicenseHistory::of(State::Cancelled, Some(day(-2))) }),
        (5, LicenseHistory { past: vec![spell(State::ReportedLost, 5, 5, cause("lost"))], ..LicenseHistory::IN_FORCE }),
    ];
    assert_eq!(told(&desk, LIST), expected);
    assert_eq!(told(&desk, 7), []);
    let desk = Desk::read(reopened, code(AUTHORITY)).unwrap().unwrap();
    assert_eq!(told(&desk, LIST), expected);
    // It is what a list with details takes, and what its reader gives back.
    let written = WrittenBody::write_detailed(6, LIST, &expected, HashAlgorithm::Sha256).unwrap();
    let body = Body::parse(6, &written.layers, written.details.as_ref(), &written.bytes).unwrap();
    assert_eq!(body.check(), Ok(()));
    for (index, history) in expected {
        assert_eq!(body.history(LIST, index.into()), Ok(Some(history)));
    }
}

pub(super) fn positions_without_a_license_have_no_days<R: Register>(new: impl Fn() -> R, _: impl Fn(&R) -> R) {
    let (mut desk, _) = open(new()).unwrap();
    issued(&mut desk, "0");
    let refused = desk.issue(&request(&facts("1"), "1"), None, &Unplugged(signer()), &now());
    assert!(refused.is_err());
    assert_eq!(told(&desk, LIST), [(1, LicenseHistory::of(State::Void, None))]);
}
