//! Bodies of several layers against a plain table of states.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::*;
use super::layer::write as layer;
use crate::suite::HashAlgorithm::Sha256;

type States = BTreeMap<u32, State>;

fn write(length: u32, states: &States) -> WrittenBody {
    WrittenBody::write(length, states.iter().map(|(at, state)| (*at, *state)), Sha256).unwrap()
}

fn body(length: u32, written: &WrittenBody) -> Body<'_> {
    Body::parse(length, &written.layers, None, &written.bytes).unwrap()
}

/// Lists of up to 6,000 positions in stretches of one state, singles among them.
fn states() -> impl Strategy<Value = (u32, States)> {
    let stretch = (0_u32..400, 1_u32..600, 0_u8..=7);
    (1_u32..6000, prop::collection::vec(stretch, 0..12), prop::collection::vec((0_u32..6000, 0_u8..=7), 0..40))
        .prop_map(|(length, stretches, singles)| {
            let mut states = States::new();
            let mut at = 0_u32;
            for (skip, count, state) in stretches {
                at += skip;
                states.extend((at..at + count).map(|at| (at, State::from_number(state).unwrap())));
                at += count;
            }
            states.extend(singles.into_iter().map(|(at, state)| (at, State::from_number(state).unwrap())));
            states.retain(|at, state| *at < length && *state != State::InForce);
            (length, states)
        })
}

fn is_irreversible(states: &States, length: u32, at: u32) -> bool {
    at < length && states.get(&at).is_some_and(|state| !state.is_reversible())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_position_has_its_state((length, states) in states()) {
        let written = write(length, &states);
        let body = body(length, &written);
        prop_assert_eq!(body.check(), Ok(()));
        prop_assert_eq!(body.verify(Sha256, &written.root), Ok(()));
        for at in 0..length {
            let state = states.get(&at).copied().unwrap_or(State::InForce);
            prop_assert_eq!(body.standing(at.into()), Ok(Standing::State(state)));
        }
        for beyond in [u64::from(length), u64::from(u32::MAX), 1 << 32, u64::MAX] {
            prop_assert_eq!(body.standing(beyond), Ok(Standing::OutOfRange));
        }
        let with_those_in_force = (0..length).map(|at| (at, states.get(&at).copied().unwrap_or(State::InForce)));
        prop_assert_eq!(WrittenBody::write(length, with_those_in_force, Sha256), Ok(written));
    }

    #[test]
    fn what_came_back_is_found((length, old) in states(), (newer_length, new) in states()) {
        let (before, after) = (write(length, &old), write(newer_length, &new));
        let expected = (0..length).find(|at| is_irreversible(&old, length, *at) && !is_irreversible(&new, newer_length, *at));
        prop_assert_eq!(body(length, &before).resurrected(&body(newer_length, &after)), Ok(expected));
        prop_assert_eq!(body(length, &before).resurrected(&body(length, &before)), Ok(None));
    }

    #[test]
    fn one_cleared_position_is_found((length, mut states) in states(), pick in any::<prop::sample::Index>()) {
        let before = write(length, &states);
        let irreversible: Vec<u32> = states.iter().filter(|(_, state)| !state.is_reversible()).map(|(at, _)| *at).collect();
        if !irreversible.is_empty() {
            let at = *pick.get(&irreversible);
            states.remove(&at);
            let after = write(length, &states);
            prop_assert_eq!(body(length, &before).resurrected(&body(length, &after)), Ok(Some(at)));
            prop_assert_eq!(body(length, &after).resurrected(&body(length, &before)), Ok(None));
        }
    }

    #[test]
    fn a_changed_byte_is_caught_by_the_root((length, states) in states(), pick in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut written = write(length, &states);
        if !written.bytes.is_empty() {
            let at = pick.index(written.bytes.len());
            written.bytes[at] ^= 1 << bit;
            if let Ok(body) = Body::parse(length, &written.layers, None, &written.bytes) {
                prop_assert!(body.verify(Sha256, &written.root).is_err());
                // Nothing that was not checked makes an answer panic or run on.
                for at in (0..length).step_by(29) {
                    let _ = body.standing(at.into());
                }
                let _ = body.check();
            }
        }
    }
}

#[test]
fn a_position_with_two_states_is_refused() {
    let both = |first: &[u32], second: &[u32]| {
        let mut bytes = Vec::new();
        let mut layers = Layers::default();
        layers.set(State::Revoked, layer(100, first, &mut bytes));
        layers.set(State::Suspended, layer(100, second, &mut bytes));
        Body::parse(100, &layers, None, &bytes).unwrap().check()
    };
    assert_eq!(both(&[1, 5, 7], &[2, 6, 8]), Ok(()));
    assert_eq!(both(&[1, 5, 7], &[2, 7, 8]), Err(BodyError::TwoStates(7)));
    // The first layer is complemented: all but 0, 3 and 99.
    let most: Vec<u32> = (0..99).filter(|at| ![0, 3].contains(at)).collect();
    assert_eq!(both(&most, &[0, 3, 99]), Ok(()));
    assert_eq!(both(&most, &[0, 98]), Err(BodyError::TwoStates(98)));
}

#[test]
fn a_body_that_is_longer_or_shorter_is_refused() {
    let written = write(100, &States::from([(3, State::Revoked), (9, State::Void)]));
    let mut longer = written.bytes.clone();
    longer.push(0);
    for bytes in [&longer[..], &written.bytes[..written.bytes.len() - 1], &[]] {
        assert_eq!(Body::parse(100, &written.layers, None, bytes).unwrap_err(), BodyError::Extent);
    }
}

#[test]
fn positions_out_of_order_or_range_are_not_written() {
    for states in [
        vec![(5, State::Revoked), (5, State::Void)],
        vec![(5, State::Revoked), (4, State::Revoked)],
        vec![(10, State::Void)],
    ] {
        let error = WrittenBody::write(10, states, Sha256).unwrap_err();
        assert!(matches!(error, BodyError::Layer { error: LayerError::Position(_), .. }), "{error}");
    }
}

#[test]
fn a_list_of_nobody_is_empty() {
    let written = write(100, &States::new());
    assert!(written.bytes.is_empty());
    let body = body(100, &written);
    assert_eq!(body.check(), Ok(()));
    assert_eq!(body.standing(99), Ok(Standing::State(State::InForce)));
    assert_eq!(body.standing(100), Ok(Standing::OutOfRange));
}
