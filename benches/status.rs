//! Status lists: look-up, writing, the strict reader, the root, deltas, proofs.
//!
//! `cargo bench --bench status [-- FILTER]`, as `status/lookup/1e7/1%`. Positions are revoked independently of one another, the hardest case for any code
//! of sets, or in whole batches. Lists of 10⁸ positions are measured if `LONG` is set.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    dead_code,
    reason = "measures, with sets that the figures share"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::{StatusFacts, publish_status};
use zhengyin::status::{State, StatusDelta, StatusList, StatusProof, WrittenBody};
use zhengyin::suite::{HashAlgorithm, SecretKey, sha256};
use zhengyin::time::Timestamp;

#[path = "../examples/figures/status/sets.rs"]
mod sets;

use sets::{Numbers, RATES, Set};

fn written(length: u32, positions: &[u32]) -> WrittenBody {
    let states = positions.iter().map(|position| (*position, State::Revoked));
    WrittenBody::write(length, states, HashAlgorithm::Sha256).expect("ascending positions")
}

/// A signed list.
fn signed(length: u32, seq: u64, positions: &[u32]) -> Vec<u8> {
    let issued = Timestamp::new(1_790_000_000).expect("a time").saturating_add(i64::try_from(seq).expect("small"));
    let authority = CreditCode::parse("11990100MB0000000P").expect("a code");
    let next_update = issued.saturating_add(86_400);
    let facts = StatusFacts { authority, list: 1, epoch: 0, seq, issued, next_update, length };
    let signer = SecretKey::from_seed(&[7; 32]).expect("a key");
    publish_status(&facts, positions.iter().map(|at| (*at, State::Revoked)), None, None, &signer).expect("a list")
}

fn measure(criterion: &mut Criterion, name: &str, set: &Set) {
    let length = set.length;
    let bytes = signed(length, 1, &set.positions);
    let list = StatusList::parse(&bytes).expect("a list");
    let body = list.claimed_body();

    let mut group = criterion.benchmark_group("status");
    group.bench_function(BenchmarkId::new("lookup", name), |bencher| {
        let mut numbers = Numbers::new(2);
        let next = || u64::from(numbers.below(length));
        bencher.iter_batched(next, |index| body.standing(index), BatchSize::SmallInput);
    });
    group.bench_function(BenchmarkId::new("prove", name), |bencher| {
        bencher.iter(|| StatusProof::make(black_box(&list), u64::from(length / 3)));
    });
    group.throughput(Throughput::Elements(set.positions.len() as u64));
    group.bench_function(BenchmarkId::new("encode", name), |bencher| {
        bencher.iter(|| written(length, black_box(&set.positions)));
    });
    group.bench_function(BenchmarkId::new("check", name), |bencher| bencher.iter(|| black_box(&list).check_body()));
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function(BenchmarkId::new("open", name), |bencher| {
        bencher.iter(|| StatusList::parse(black_box(&bytes)).expect("a list").verify_body());
    });
    group.bench_function(BenchmarkId::new("hash of the bytes", name), |bencher| {
        bencher.iter(|| sha256(black_box(&bytes)));
    });

    // Two thousand more, or a tenth of those that are not listed.
    let mut numbers = Numbers::new(3);
    let room = (length - set.positions.len() as u32) / 10;
    let mut later = set.positions.clone();
    later.extend((0..room.min(2_000)).map(|_| numbers.below(length)));
    later.sort_unstable();
    later.dedup();
    let later = signed(length, 2, &later);
    let later = StatusList::parse(&later).expect("a list");
    let delta = StatusDelta::make(&list, &later).expect("a delta");
    let delta = StatusDelta::parse(&delta).expect("a delta");
    group.throughput(Throughput::Bytes(later.body_bytes().len() as u64));
    group.bench_function(BenchmarkId::new("delta-make", name), |bencher| {
        bencher.iter(|| StatusDelta::make(black_box(&list), &later));
    });
    group.bench_function(BenchmarkId::new("delta-apply", name), |bencher| {
        bencher.iter(|| delta.apply(black_box(&list)))
    });
    group.finish();
}

fn status(criterion: &mut Criterion) {
    let long = std::env::var_os("LONG").is_some();
    for (name, length) in [("1e5", 100_000), ("1e6", 1_000_000), ("1e7", 10_000_000), ("1e8", 100_000_000)] {
        if length > 10_000_000 && !long {
            continue;
        }
        for (rate, per_myriad) in RATES {
            measure(criterion, &format!("{name}/{rate}"), &Set::scattered(length, per_myriad, 1));
        }
    }
    for (workload, set) in Set::bursts(10_000_000) {
        measure(criterion, &format!("1e7/{workload}"), &set);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(300));
    targets = status
}
criterion_main!(benches);
