//! Layers over shapes of sets.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::*;

fn view(length: u32, listed: &[u32]) -> (Layer, Vec<u8>) {
    let mut body = Vec::new();
    let layer = Layer::write(length, listed, &mut body).unwrap();
    (layer, body)
}

fn round_trip(length: u32, listed: &[u32], probes: &[u32]) {
    let (layer, body) = view(length, listed);
    assert_eq!(layer.offset(), 0);
    assert_eq!(layer.size() as usize, body.len());
    let complement = layer.stored() == Stored::Unlisted;
    let fields = (u64::from(layer.count()), u64::from(layer.b()), u64::from(layer.k()), 0, u64::from(layer.size()));
    assert_eq!(Layer::new(length, fields.0, fields.1, fields.2, layer.stored(), fields.3, fields.4), Ok(layer));
    let view = LayerView::parse(layer, length, &body).unwrap();
    assert_eq!(view.check(), Ok(()));
    let set: BTreeSet<u32> = listed.iter().copied().collect();
    let mut stored = view.positions();
    let mut got = Vec::new();
    while let Some(position) = stored.next().unwrap() {
        got.push(position);
    }
    if complement {
        assert_eq!(got, (0..length).filter(|position| !set.contains(position)).collect::<Vec<_>>());
    } else {
        assert_eq!(got, listed);
    }
    let near = listed.iter().flat_map(|position| [position.saturating_sub(1), *position, position + 1]);
    for index in near.chain(probes.iter().copied()).chain([0, length - 1]).filter(|index| *index < length) {
        assert_eq!(view.contains(index), Ok(set.contains(&index)), "position {index}");
    }
    assert_eq!(view.contains(length), Err(LayerError::Position(length)));
}

fn iid(length: u32, per_million: u32, seed: u64) -> Vec<u32> {
    let mut state = seed;
    (0..length)
        .filter(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut x = state;
            x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (((x ^ (x >> 31)) >> 32) * 1_000_000) >> 32 < u64::from(per_million)
        })
        .collect()
}

#[test]
fn one_position_of_any_list() {
    for length in [1, 2, 3, 7, 8, 9, 100, 2047, 2048, 2049, 1 << 24, u32::MAX] {
        for position in [0, length / 2, length - 1] {
            round_trip(length, &[position], &[1, 5]);
        }
    }
}

#[test]
fn all_and_all_but_one() {
    for length in [1, 2, 3, 8, 2048, 2049, 100_000] {
        let all: Vec<u32> = (0..length).collect();
        round_trip(length, &all, &[]);
        if length > 1 {
            round_trip(length, &all[1..], &[]);
            round_trip(length, &all[..all.len() - 1], &[]);
        }
    }
}

#[test]
fn independent_positions_of_every_density() {
    for per_million in [500, 1_000, 10_000, 100_000, 250_000, 370_000, 380_000, 499_000, 501_000, 750_000, 990_000] {
        round_trip(20_000, &iid(20_000, per_million, 1), &[]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_small_list(length in 1_u32..5000, seed in any::<u64>(), per_million in 0_u32..=1_000_000) {
        let set = iid(length, per_million, seed);
        if !set.is_empty() {
            round_trip(length, &set, &[]);
        }
    }
}
