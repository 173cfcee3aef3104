//! SM2 and SM3: a license's verification beside the bare crate's, signing, and digests. `examples/figures` holds the first to its goal.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm3::Digest as _;
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::policy::Policy;
use zhengyin::suite::{HashAlgorithm, Hasher, PublicKey};
use zhengyin::verify::Verifier;

#[path = "../examples/world/mod.rs"]
mod world;

/// The identifier where none was agreed on.
const ID: &str = "1234567812345678";

fn licenses(c: &mut Criterion) {
    world::throughout_sm2(|| {
        let mut world = world::World::new();
        let license = world.issue("business-license");
        let store = world.sound_store();
        let verifier = Verifier::new(&store, Policy::strict(Some(license.facts.region)));
        let clock = world.clock();
        let envelope = Envelope::parse(&license.bytes, Expected::AnyKnown).unwrap();
        let secret = world::key(&world::license_key(license.credential.issuer.as_str()));
        let key: &PublicKey = secret.public_key();
        // As many bytes as the license has, by the same key.
        let message = envelope.claimed_payload();
        let bare_secret = SigningKey::from_slice(ID, &*secret.expose_secret()).unwrap();
        let bare_key: &VerifyingKey = bare_secret.verifying_key();
        let signature: Signature = bare_secret.sign(message);

        let mut group = c.benchmark_group("sm2");
        group.bench_function("verify", |b| b.iter(|| verifier.verify(black_box(&license.bytes), clock).verdict()));
        group.bench_function("signature", |b| b.iter(|| envelope.verify(black_box(key))));
        group.bench_function("signature/bare", |b| b.iter(|| bare_key.verify(black_box(message), &signature)));
        // What is signed here is verified before it is handed out.
        group.bench_function("sign", |b| b.iter(|| secret.sign(black_box(message))));
        group.bench_function("sign/bare", |b| b.iter(|| -> Signature { bare_secret.sign(black_box(message)) }));
        // Once for a key: a point of the curve, and the digest of its identifier.
        let point: [u8; 64] = key.coordinates().try_into().unwrap();
        group.bench_function("admit", |b| b.iter(|| PublicKey::sm2(black_box(&point))));
        group.finish();
    });
}

fn digests(c: &mut Criterion) {
    let mut group = c.benchmark_group("sm3");
    for size in [64, 16_384] {
        let message = vec![0x5a_u8; size];
        group.throughput(Throughput::Bytes(u64::try_from(size).unwrap()));
        group.bench_function(format!("{size}"), |b| {
            b.iter(|| {
                let mut hasher = Hasher::new(HashAlgorithm::Sm3);
                hasher.update(black_box(&message));
                hasher.finish()
            });
        });
        group.bench_function(format!("{size}/bare"), |b| b.iter(|| sm3::Sm3::digest(black_box(&message))));
    }
    group.finish();
}

criterion_group!(benches, licenses, digests);
criterion_main!(benches);
