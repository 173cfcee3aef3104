//! Status lists of 10⁷ positions: look-up, writing, the strict reader, the root.
//!
//! `cargo bench --bench status`. Positions are revoked independently of one another, the hardest case for any code of sets.

#![allow(missing_docs, clippy::expect_used, clippy::arithmetic_side_effects, clippy::as_conversions)]

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use zhengyin::status::{Body, State, WrittenBody};
use zhengyin::suite::{HashAlgorithm, sha256};

const LENGTH: u32 = 10_000_000;

/// Numbers below `bound` that look random and are the same every time (SplitMix64).
fn numbers(mut seed: u64, bound: u32) -> impl Iterator<Item = u32> {
    std::iter::repeat_with(move || {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let high = (mixed ^ (mixed >> 31)) >> 32;
        ((high * u64::from(bound)) >> 32) as u32
    })
}

fn revoked(per_million: u32) -> Vec<(u32, State)> {
    let drawn = (0..LENGTH).zip(numbers(1, 1_000_000)).filter(|(_, number)| *number < per_million);
    drawn.map(|(position, _)| (position, State::Revoked)).collect()
}

fn written(states: &[(u32, State)]) -> WrittenBody {
    WrittenBody::write(LENGTH, states.iter().copied(), HashAlgorithm::Sha256).expect("ascending positions")
}

fn status(criterion: &mut Criterion) {
    for (rate, per_million) in [("0.1 %", 1_000), ("1 %", 10_000), ("10 %", 100_000), ("50 %", 500_000)] {
        let states = revoked(per_million);
        let list = written(&states);
        let body = Body::parse(LENGTH, &list.layers, None, &list.bytes).expect("what was written");

        let mut group = criterion.benchmark_group("status");
        group.bench_function(BenchmarkId::new("lookup", rate), |bencher| {
            let mut indexes = numbers(2, LENGTH);
            let next = || u64::from(indexes.next().unwrap_or_default());
            bencher.iter_batched(next, |index| body.standing(index), BatchSize::SmallInput);
        });
        group.throughput(Throughput::Elements(states.len() as u64));
        group.bench_function(BenchmarkId::new("write", rate), |bencher| bencher.iter(|| written(black_box(&states))));
        group.bench_function(BenchmarkId::new("check", rate), |bencher| bencher.iter(|| black_box(&body).check()));
        group.throughput(Throughput::Bytes(list.bytes.len() as u64));
        group.bench_function(BenchmarkId::new("root", rate), |bencher| {
            bencher.iter(|| black_box(&body).verify(HashAlgorithm::Sha256, &list.root));
        });
        group.bench_function(BenchmarkId::new("hash of the bytes", rate), |bencher| {
            bencher.iter(|| sha256(black_box(&list.bytes)));
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(1));
    targets = status
}
criterion_main!(benches);
