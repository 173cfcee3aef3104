//! Deltas: the later list byte for byte, or nothing.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::*;
use super::layer::iid;
use super::list::{envelope, header};
use crate::cbor::{Reader, Writer};
use crate::labels::typ;
use crate::reason::Reason;
use crate::suite::HashAlgorithm::Sha256;
use crate::time::Day;

type States = BTreeMap<u32, State>;

fn signed(length: u32, seq: u64, written: &WrittenBody) -> Vec<u8> {
    let header = StatusHeader { seq, details: written.details, ..header(length, written) };
    StatusList::assemble(&envelope(typ::STATUS, &header.encode().unwrap()), &written.bytes).unwrap()
}

fn list(length: u32, seq: u64, states: &States) -> Vec<u8> {
    let states = states.iter().filter(|(at, _)| **at < length).map(|(at, state)| (*at, *state));
    signed(length, seq, &WrittenBody::write(length, states, Sha256).unwrap())
}

fn make(old: &[u8], new: &[u8]) -> Vec<u8> {
    StatusDelta::make(&StatusList::parse(old).unwrap(), &StatusList::parse(new).unwrap()).unwrap()
}

fn apply(delta: &[u8], old: &[u8]) -> Result<Vec<u8>, DeltaError> {
    StatusDelta::parse(delta)?.apply(&StatusList::parse(old).unwrap())
}

fn random(length: u32, per_million: u32, seed: u64) -> States {
    let state = |at: u32| State::LISTED[at.wrapping_mul(2_654_435_761) as usize % 7];
    iid(length, per_million, seed).into_iter().map(|at| (at, state(at))).collect()
}

#[test]
fn a_delta_gives_the_later_list() {
    let before = random(60_000, 30_000, 1);
    let old = list(60_000, 1, &before);
    let mut after = before.clone();
    after.retain(|at, state| !state.is_reversible() || at % 3 != 0);
    after.extend(random(70_000, 500, 2));
    for (length, states) in [
        (60_000, before.clone()),
        (70_000, after),
        (61_000, States::new()),
        (60_000, (0..60_000).map(|at| (at, State::Revoked)).collect()),
        (65_000, (100..50_000).filter(|at| at % 9 != 0).map(|at| (at, State::Void)).collect()),
    ] {
        let new = list(length, 2, &states);
        let delta = make(&old, &new);
        assert_eq!(apply(&delta, &old).as_ref(), Ok(&new));
        assert_eq!(make(&old, &new), delta, "one delta between two lists");
        // And back again: anybody may make a delta between any two lists.
        assert_eq!(apply(&make(&new, &old), &new), Ok(old.clone()));
    }
}

#[test]
fn a_delta_is_for_one_list_only() {
    let old = list(9_000, 1, &random(9_000, 30_000, 1));
    let other = list(9_000, 1, &random(9_000, 30_000, 2));
    let later = list(9_000, 2, &random(9_000, 30_000, 1));
    let new = list(9_000, 3, &random(9_000, 31_000, 1));
    let delta = make(&old, &new);
    assert_eq!(apply(&delta, &old), Ok(new.clone()));
    for wrong in [&other, &later, &new] {
        let error = apply(&delta, wrong).unwrap_err();
        assert_eq!((error, error.reason()), (DeltaError::OtherBase, Reason::StatusDeltaBase));
    }
}

#[test]
fn chains_and_roll_ups_end_in_the_same_list() {
    let mut lists = Vec::new();
    let mut states = States::new();
    for day in 0..9_u32 {
        states.extend(random(20_000 + day * 500, 2_000, u64::from(day)));
        states.retain(|at, state| !state.is_reversible() || (at + day) % 4 != 0);
        lists.push(list(20_000 + day * 500, u64::from(day) + 1, &states));
    }
    let mut held = lists[0].clone();
    let mut bytes = 0;
    for pair in lists.windows(2) {
        let daily = make(&pair[0], &pair[1]);
        bytes += daily.len();
        held = apply(&daily, &held).unwrap();
        assert_eq!(held, pair[1]);
    }
    let rolled_up = make(&lists[0], &lists[8]);
    assert_eq!(apply(&rolled_up, &lists[0]), Ok(lists[8].clone()));
    assert!(rolled_up.len() < bytes, "{} of {bytes}", rolled_up.len());
}

#[test]
fn details_come_along() {
    let day = |days: u32| Day::new(i64::from(20_000 + days)).unwrap();
    let histories = |until: u32| -> Vec<(u32, LicenseHistory)> {
        (0..until).map(|at| (at * 37, LicenseHistory::of(State::Revoked, Some(day(at % 300))))).collect()
    };
    let detailed = |length, seq, count| {
        signed(length, seq, &WrittenBody::write_detailed(length, 3, &histories(count), Sha256).unwrap())
    };
    let plain = list(30_000, 1, &histories(500).iter().map(|(at, history)| (*at, history.state)).collect());
    let (old, new) = (detailed(30_000, 1, 500), detailed(31_000, 2, 620));
    for (from, to) in [(&old, &new), (&new, &old), (&plain, &new), (&old, &plain)] {
        assert_eq!(apply(&make(from, to), from).as_ref(), Ok(to));
    }
}

#[test]
fn every_changed_bit_is_refused() {
    let old = list(5_000, 1, &random(5_000, 20_000, 1));
    let new = list(5_100, 2, &random(5_100, 20_500, 3));
    let delta = make(&old, &new);
    let signed = StatusDelta::parse(&delta).unwrap().envelope().bytes().to_vec();
    let at = delta.windows(signed.len()).position(|window| window == signed).unwrap();
    for byte in (0..at).chain(at + signed.len()..delta.len()) {
        for bit in 0..8 {
            let mut changed = delta.clone();
            changed[byte] ^= 1 << bit;
            assert!(apply(&changed, &old).is_err(), "byte {byte} bit {bit}");
        }
    }
    for cut in 0..delta.len() {
        assert!(StatusDelta::parse(&delta[..cut]).is_err());
    }
    let longer = [&delta[..], &[0]].concat();
    assert_eq!(StatusDelta::parse(&longer).unwrap_err().reason(), Reason::EncodingTrailing);
}

#[test]
fn a_header_of_another_list_is_refused() {
    let old = list(5_000, 1, &random(5_000, 20_000, 1));
    let (new, other) = (list(5_000, 2, &random(5_000, 20_500, 3)), list(5_000, 2, &random(5_000, 20_500, 4)));
    let delta = make(&old, &new);
    let mut reader = Reader::new(&delta);
    reader.array_of(4).unwrap();
    let items: Vec<&[u8]> = (0..4).map(|_| reader.skip().unwrap()).collect();
    let list = StatusList::parse(&other).unwrap();
    let mut writer = Writer::new();
    writer.array(4);
    for item in [items[0], list.envelope().bytes(), items[2], items[3]] {
        writer.item(item);
    }
    let error = apply(&writer.finish().unwrap(), &old).unwrap_err();
    assert!(matches!(error, DeltaError::Result | DeltaError::Set { .. }), "{error}");
    assert_eq!(DeltaError::Result.reason(), Reason::StatusDeltaRefused);
}

/// A million positions, 20 changes: what the changes carry, and no more than the header besides.
#[test]
fn a_small_change_is_a_small_delta() {
    let before: States = iid(1_000_000, 10_000, 1).into_iter().map(|at| (at, State::Revoked)).collect();
    let mut after = before.clone();
    after.extend(iid(1_000_000, 20, 9).into_iter().map(|at| (at, State::Revoked)));
    let (old, new) = (list(1_000_000, 1, &before), list(1_000_000, 2, &after));
    let delta = make(&old, &new);
    let header = StatusDelta::parse(&delta).unwrap().envelope().bytes().len();
    assert!(delta.len() - header < 120, "{} bytes and {header} of header", delta.len() - header);
    assert_eq!(apply(&delta, &old), Ok(new));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_two_lists(
        (length, before) in (1_u32..9_000, 0_u32..=1_000_000),
        (newer, after) in (1_u32..9_000, 0_u32..=1_000_000),
        seeds in any::<(u64, u64)>(),
    ) {
        let old = list(length, 1, &random(length, before, seeds.0));
        let new = list(newer, 2, &random(newer, after, seeds.1));
        prop_assert_eq!(apply(&make(&old, &new), &old), Ok(new));
    }

    #[test]
    fn any_sets_end(bytes in prop::collection::vec(any::<u8>(), 0..200), numbers in any::<[u32; 2]>(), b in 11_u64..=24, k in 0_u64..24) {
        let old = list(5_000, 1, &random(5_000, 20_000, 1));
        let parsed = StatusList::parse(&old).unwrap();
        let mut writer = Writer::new();
        writer.array(4);
        writer.array(2);
        writer.uint(1);
        writer.bytes(parsed.claimed_header().root.as_bytes());
        writer.item(parsed.envelope().bytes());
        writer.map(|map| {
            map.entry(1, |writer| {
                writer.array(2);
                for count in numbers {
                    writer.array(5);
                    [u64::from(count), b, k].into_iter().for_each(|number| writer.uint(number));
                    writer.boolean(count & 1 == 1);
                    writer.bytes(&bytes);
                }
            });
        });
        writer.map(|_| {});
        prop_assert!(apply(&writer.finish().unwrap(), &old).is_err());
    }
}
