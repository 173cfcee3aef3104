//! Verifying a license whose issuer is known, and its parts.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use zhengyin::claims::LicenseClaims;
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::policy::Policy;
use zhengyin::suite::PublicKey;
use zhengyin::verify::Verifier;

#[path = "../examples/world/mod.rs"]
mod world;

fn verify(c: &mut Criterion) {
    let mut world = world::World::new();
    let license = world.issue("business-license");
    let store = world.sound_store();
    let verifier = Verifier::new(&store, Policy::strict(Some(license.facts.region)));
    let envelope = Envelope::parse(&license.bytes, Expected::AnyKnown).unwrap();
    let secret = world::key(&world::license_key(license.credential.issuer.as_str()));
    let key: &PublicKey = secret.public_key();
    let payload = envelope.claimed_payload();
    let clock = world.clock();

    let mut group = c.benchmark_group("verify");
    group.bench_function("whole", |b| b.iter(|| verifier.verify(black_box(&license.bytes), clock).verdict()));
    group.bench_function("signature", |b| b.iter(|| envelope.verify(black_box(key))));
    group.bench_function("envelope", |b| {
        b.iter(|| Envelope::parse(black_box(&license.bytes), Expected::AnyKnown).unwrap())
    });
    group.bench_function("claims", |b| b.iter(|| LicenseClaims::parse(black_box(payload)).unwrap()));
    group.bench_function("cbor-check", |b| b.iter(|| zhengyin::cbor::check(black_box(payload))));
    group.bench_function("digest", |b| b.iter(|| black_box(&envelope).object_digest()));
    group.bench_function("store-load", |b| {
        let bytes = store.to_bytes();
        b.iter(|| zhengyin::store::Store::from_bytes(black_box(&bytes)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
