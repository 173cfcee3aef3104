//! Reading allocates nothing: counted.

#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test"
)]

use std::alloc::System;
use std::sync::Mutex;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use zhengyin::cbor::Writer;
use zhengyin::claims::LicenseClaims;
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::policy::Policy;
use zhengyin::status::State;
use zhengyin::store::{BodyFile, Store};
use zhengyin::trust::{Directory, TrustList};
use zhengyin::verify::{Verdict, Verifier};

#[path = "../examples/world/mod.rs"]
mod world;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// One test counts at a time.
static ALONE: Mutex<()> = Mutex::new(());

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

/// A document of 256 MiB is stamped and verified in less than 16 MiB, all that is ever allocated counted together.
#[test]
fn documents_are_never_held() {
    use std::io::Read;
    use zhengyin::claims::{CredentialId, StampFile};
    use zhengyin::issue::{StampFacts, Stamped, digest_document, stamp};
    use zhengyin::suite::HashAlgorithm;
    const SIZE: u64 = 256 << 20;
    let _alone = ALONE.lock();
    let mut world = world::World::new().with_seals();
    let seal = world.make_seal("99");
    let store = world.sound_store();
    let signer = world::key(&world::seals::stamping_key(world::seals::unit("99").0));
    let region = Region::new(ALLOCATOR);
    let document = digest_document(&mut std::io::repeat(7).take(SIZE)).unwrap();
    assert_eq!(document.size, SIZE);
    let what = Stamped::Document {
        hash: HashAlgorithm::Sha256,
        digest: document.digest,
        media_type: "application/octet-stream",
    };
    let said = StampFacts { stamped_at: world.time(-60), id: CredentialId::new([1; 16]), place: None, reason: None };
    let stamped = stamp(&seal.bytes, what, &said, Some(&store), &signer).unwrap();
    let file = StampFile::join(&[&seal.bytes, &stamped]).unwrap();
    let verifier = Verifier::new(&store, Policy::counter(None));
    let mut stamps = verifier.stamps(&file, zhengyin::time::Clock::reads(world.time(600)));
    let piece = vec![7; 1 << 20];
    (0..SIZE >> 20).for_each(|_| stamps.update(&piece));
    assert_eq!(stamps.finish().verdict(), Verdict::Valid);
    let allocated = region.change().bytes_allocated;
    println!("{allocated} bytes allocated in all");
    assert!(allocated < 16 << 20, "{allocated}");
}

#[test]
fn reading_a_license_allocates_nothing() {
    let _alone = ALONE.lock();
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

/// A body in a file is asked, and compared with its root, without a byte of the heap.
#[test]
fn asking_a_list_in_a_file_allocates_nothing() {
    let _alone = ALONE.lock();
    let mut world = world::World::new();
    let license = world.issue("business-license");
    let issuer = license.credential.issuer;
    let list = world.list(issuer.as_str());
    list.states.extend((1_000..300_000).step_by(50).map(|at| (at, State::Revoked)));
    list.states.extend((1_010..300_000).step_by(5_000).map(|at| (at, State::Suspended)));
    list.facts.length = 300_000;
    let whole = world.sound_store();
    let files: Vec<Vec<u8>> = whole.statuses().filter_map(|held| Some(held.body_to_write()?.concat())).collect();
    assert_eq!(files.len(), 1);
    let store = Store::from_contents(&whole.to_contents(), |_| Some(BodyFile::new(files[0].clone()))).unwrap();
    let held = store.statuses().find(|held| held.header().authority == issuer).unwrap();
    for at in [0, 1_000, 1_010, 150_000, 299_999, 300_000] {
        assert_eq!(allocations(|| held.body().unwrap().standing(at).unwrap()), 0, "position {at}");
    }
    let verifier = Verifier::new(&store, Policy::strict(Some(license.facts.region)));
    let verify = || assert_eq!(verifier.verify(&license.bytes, world.clock()).verdict(), Verdict::Valid);
    assert_eq!(allocations(verify), 0, "the whole procedure");
}

/// Bytes that are held after `f`, beyond those that were before; the harness is quiet while it runs, or the least of a few runs counts.
fn held_by<T>(mut f: impl FnMut() -> T) -> usize {
    (0..3)
        .map(|_| {
            let region = Region::new(ALLOCATOR);
            let made = std::hint::black_box(f());
            let change = region.change();
            drop(made);
            change.bytes_allocated.saturating_sub(change.bytes_deallocated)
        })
        .min()
        .unwrap()
}

/// The dearest payloads that anybody can write without a signature: what is made of them is bounded, and so is the work.
#[test]
fn what_nobody_signed_takes_little_memory() {
    let _alone = ALONE.lock();
    // As many entries as are read, each with as much history as is read, all as small as they can be.
    let directory = |entries: usize, history: usize| {
        let mut w = Writer::new();
        w.map(|map| {
            map.entry(1, |w| w.text("99"));
            map.entry(2, |w| w.uint(1));
            map.entry(3, |w| w.uint(1));
            map.entry(4, |w| w.uint(2));
            map.entry(5, |w| w.uint(2));
            map.entry(6, |w| {
                w.array_of(0..entries, |w, number| {
                    w.map(|map| {
                        map.entry(1, |w| w.bytes(&number.to_be_bytes()));
                        map.entry(2, |w| w.map(|map| map.entry(1, |w| w.array_of(0..1, |w, _| w.text("99")))));
                        map.entry(3, |w| w.uint(1));
                        map.entry(4, |w| w.uint(2));
                        map.entry(5, |w| {
                            w.array_of(0..history, |w, _| {
                                w.array(2);
                                w.uint(0);
                                w.uint(0);
                            });
                        });
                        map.entry(6, |w| w.text("11990000MB0000000J"));
                        map.entry(7, |w| w.array_of(0..1, |w, _| w.uint(0)));
                        map.entry(8, |w| w.uint(0));
                    });
                });
            });
            map.entry(7, |w| w.boolean(true));
            map.entry(8, |w| w.uint(0));
            map.entry(9, |w| w.map(|_| ()));
        });
        w.finish().unwrap()
    };
    let most = |payload: &[u8]| held_by(|| Directory::parse(payload));
    let (many, long) = (directory(1 << 16, 1), directory(9_000, 64));
    assert!(Directory::parse(&many).is_ok() && Directory::parse(&long).is_ok());
    for payload in [&many, &long] {
        let (bytes, items) = (most(payload), 1usize << 21);
        println!("{} bytes of payload, {bytes} held", payload.len());
        assert!(bytes < 50 * items, "{bytes} bytes");
    }
    // One more of anything is refused, whatever its size, and nothing is kept.
    for payload in [directory((1 << 16) + 1, 1), directory(1, 65), directory(11_000, 64)] {
        assert_eq!(Directory::parse(&payload).unwrap_err().reason().symbol(), "encoding.too_large");
        assert_eq!(most(&payload), 0);
    }
    let mut world = world::World::new();
    let rule = world.trust.encode().unwrap();
    assert!(TrustList::parse(&rule).is_ok());
    world.trust.provinces.values_mut().for_each(|province| {
        let anchor = province.anchors[0].clone();
        province.anchors = vec![anchor; 33];
    });
    assert_eq!(TrustList::parse(&world.trust.encode().unwrap()).unwrap_err().reason().symbol(), "encoding.too_large");
}
