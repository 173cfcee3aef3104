//! Layers over shapes of sets.

use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::rules::Rules;
use super::super::runs::{LayerRuns, Run};
use super::super::*;

/// The layer of these positions.
pub(super) fn write(length: u32, listed: &[u32], body: &mut Vec<u8>) -> Layer {
    let runs: Vec<Run> = listed.iter().copied().map(Run::of).collect();
    Layer::write(Rules::LIST, length, &runs, body).unwrap()
}

/// The positions that a layer lists.
fn listed(view: &LayerView<'_>) -> Vec<Run> {
    let mut runs = LayerRuns::new(view);
    let mut listed = Vec::new();
    while let Some(run) = runs.next().unwrap() {
        listed.push(run);
    }
    listed
}

/// Writes a set of runs that are apart, reads it back, and looks positions up.
fn runs_round_trip(length: u32, runs: &[Run]) -> Vec<u8> {
    let mut body = Vec::new();
    let layer = Layer::write(Rules::LIST, length, runs, &mut body).unwrap();
    assert_eq!(layer.offset(), 0);
    assert_eq!(layer.size() as usize, body.len());
    let fields = (u64::from(layer.count()), u64::from(layer.b()), u64::from(layer.k()), 0, u64::from(layer.size()));
    assert_eq!(Layer::new(length, fields.0, fields.1, fields.2, layer.stored(), fields.3, fields.4), Ok(layer));
    let view = LayerView::parse(layer, length, &body).unwrap();
    assert_eq!(view.check(), Ok(()));
    assert_eq!(listed(&view), runs);
    let lists =
        |index: u32| runs[..runs.partition_point(|run| run.from <= index)].last().is_some_and(|run| index < run.until);
    let near = runs.iter().flat_map(|run| [run.from.saturating_sub(1), run.from, run.until - 1, run.until]);
    let within = runs.iter().map(|run| run.from + run.length() / 2);
    let spread = (0..64_u64).map(|part| (u64::from(length) * part / 64) as u32);
    for index in near.chain(within).chain(spread).chain([0, length - 1]).filter(|index| *index < length) {
        assert_eq!(view.contains(index), Ok(lists(index)), "position {index}");
    }
    assert_eq!(view.contains(length), Err(LayerError::Position(length)));
    // The same set in other pieces has the same bytes.
    let pieces: Vec<Run> = runs
        .iter()
        .flat_map(|run| {
            let middle = run.from + run.length() / 3;
            [Run { from: run.from, until: middle }, Run { from: middle, until: run.until }]
        })
        .filter(|run| run.from < run.until)
        .collect();
    let mut again = Vec::new();
    assert_eq!(Layer::write(Rules::LIST, length, &pieces, &mut again), Ok(layer));
    assert_eq!(again, body);
    body
}

/// The longest runs of ascending positions.
pub(super) fn runs(positions: &[u32]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for at in positions {
        match runs.last_mut() {
            Some(run) if run.until == *at => run.until += 1,
            _ => runs.push(Run::of(*at)),
        }
    }
    runs
}

fn round_trip(length: u32, listed: &[u32]) {
    runs_round_trip(length, &runs(listed));
}

/// Independent positions.
pub(super) fn iid(length: u32, per_million: u32, seed: u64) -> Vec<u32> {
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
            round_trip(length, &[position]);
        }
    }
}

#[test]
fn all_and_all_but_one() {
    for length in [1, 2, 3, 8, 2048, 2049, 100_000] {
        let all: Vec<u32> = (0..length).collect();
        round_trip(length, &all);
        if length > 1 {
            round_trip(length, &all[1..]);
            round_trip(length, &all[..all.len() - 1]);
        }
    }
}

#[test]
fn independent_positions_of_every_density() {
    for per_million in [500, 1_000, 10_000, 100_000, 250_000, 370_000, 380_000, 499_000, 501_000, 750_000, 990_000] {
        round_trip(20_000, &iid(20_000, per_million, 1));
    }
}

/// The largest list: everything, nothing but one, one run over half of it, all but one position, both ends.
#[test]
fn the_largest_list() {
    const LENGTH: u32 = u32::MAX;
    let run = |from, until| Run { from, until };
    for (runs, most) in [
        (vec![run(0, LENGTH)], 2_000),
        (vec![run(1, LENGTH)], 2_000),
        (vec![run(0, 1), run(LENGTH - 1, LENGTH)], 2_000),
        (vec![run(0, 7), run(8, 1_000_000), run(1_000_100, LENGTH - 1)], 2_000),
        (vec![run(3_000_000_000, 3_000_070_000)], 2_000),
    ] {
        let body = runs_round_trip(LENGTH, &runs);
        assert!(body.len() <= most, "{} bytes for {runs:?}", body.len());
    }
    // Half of a list is of narrow blocks: many, and each is a few bits.
    let half = runs_round_trip(1 << 26, &[run(5, (1 << 25) + 5)]);
    assert!(half.len() < 20_000, "{} bytes", half.len());
}

/// Whole batches withdrawn, batches of which a tenth is left, and independent positions between them.
fn bursts(length: u32, batch: u32, every: u32, left: u32, seed: u64) -> Vec<u32> {
    let mut positions: Vec<u32> = iid(length, 2_000, seed);
    for from in (0..length).step_by((batch * every) as usize) {
        let batch = (from..length.min(from + batch)).zip(iid(batch, left, seed + u64::from(from)));
        positions.extend(batch.map(|(at, _)| at));
    }
    positions.sort_unstable();
    positions.dedup();
    positions
}

#[test]
fn bursts_of_all_kinds() {
    for (batch, every) in [(100, 10), (500, 3), (1_000, 30), (5_000, 4)] {
        for left in [0, 100_000, 500_000, 900_000] {
            let withdrawn = bursts(200_000, batch, every, 1_000_000 - left, 7);
            round_trip(200_000, &withdrawn);
            let set: alloc::collections::BTreeSet<u32> = withdrawn.into_iter().collect();
            let others: Vec<u32> = (0..200_000).filter(|at| !set.contains(at)).collect();
            round_trip(200_000, &others);
        }
    }
}

/// Stretches of several kinds, one after another.
fn shape() -> impl Strategy<Value = (u32, Vec<u32>)> {
    let stretch =
        (1_u32..4_000, prop_oneof![Just(0_u32), Just(1_000_000), 1_u32..30_000, 0_u32..=1_000_000], any::<u64>());
    prop::collection::vec(stretch, 1..8).prop_map(|stretches| {
        let (mut length, mut positions) = (0, Vec::new());
        for (count, per_million, seed) in stretches {
            positions.extend(iid(count, per_million, seed).into_iter().map(|at| length + at));
            length += count;
        }
        (length, positions)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_small_list(length in 1_u32..5000, seed in any::<u64>(), per_million in 0_u32..=1_000_000) {
        let set = iid(length, per_million, seed);
        if !set.is_empty() {
            round_trip(length, &set);
        }
    }

    #[test]
    fn any_shape((length, positions) in shape()) {
        if !positions.is_empty() {
            round_trip(length, &positions);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn sparse_runs_in_large_lists(
        length in (1_u32 << 20)..1 << 25,
        pieces in prop::collection::vec((any::<u32>(), prop_oneof![Just(1_u32), 1_u32..5, 1_u32..500_000]), 1..40),
    ) {
        let mut ends: Vec<Run> = pieces
            .into_iter()
            .map(|(from, count)| Run { from: from % length, until: (from % length).saturating_add(count).min(length) })
            .collect();
        ends.sort_by_key(|run| run.from);
        let mut runs: Vec<Run> = Vec::new();
        for run in ends {
            match runs.last_mut() {
                Some(last) if run.from <= last.until => last.until = last.until.max(run.until),
                _ => runs.push(run),
            }
        }
        runs_round_trip(length, &runs);
    }
}
