//! Reading allocates nothing: counted.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test")]

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use zhengyin::claims::LicenseClaims;
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::policy::Policy;
use zhengyin::verify::{Verdict, Verifier};

#[path = "../examples/world/mod.rs"]
mod world;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often `f` allocates or reallocates. Threads of the test harness allocate too, so the least of many runs counts.
fn allocations<T>(mut f: impl FnMut() -> T) -> usize {
    (0..100)
        .map(|_| {
            let region = Region::new(ALLOCATOR);
            std::hint::black_box(f());
            let change = region.change();
            change.allocations + change.reallocations
        })
        .min()
        .unwrap()
}

#[test]
fn reading_a_license_allocates_nothing() {
    let mut world = world::World::new();
    let license = world.issue("business-license");
    let store = world.sound_store();
    let parse = || Envelope::parse(&license.bytes, Expected::AnyKnown).unwrap();
    assert_eq!(allocations(parse), 0, "the envelope");
    assert_eq!(allocations(|| zhengyin::cbor::check(&license.bytes)), 0, "the canonical check");
    assert_eq!(allocations(|| parse().object_digest()), 0, "the object digest");
    let payload = parse().claimed_payload();
    assert_eq!(allocations(|| LicenseClaims::parse(payload).unwrap()), 0, "the claims");
    assert_eq!(
        allocations(|| LicenseClaims::parse(payload).unwrap().claimed().warnings().count()),
        0,
        "the check digits"
    );

    let verifier = Verifier::new(&store, Policy::strict(Some(license.facts.region)));
    let verify = || assert_eq!(verifier.verify(&license.bytes, world.clock()).verdict(), Verdict::Valid);
    assert_eq!(allocations(verify), 0, "the whole procedure");
    // The counter counts.
    assert_eq!(allocations(|| vec![0u8; 7]), 1);
}
