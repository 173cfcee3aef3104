//! The properties of a verdict, held for stamps: A, B, F, G of procedure.md §2, and until when an answer holds.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]

use proptest::prelude::*;
use zhengyin::claims::StampFile;
use zhengyin::policy::Policy;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::time::{Clock, Timestamp};
use zhengyin::verify::{StampsReport, Texts, Verdict, Verifier};

#[allow(dead_code, reason = "a part of it is used here")]
#[path = "../examples/make_vectors/cose.rs"]
mod cose;
#[allow(dead_code, clippy::as_conversions, reason = "a part of it is used here")]
#[path = "../examples/make_vectors/item.rs"]
mod item;
#[path = "../examples/world/mutants.rs"]
mod mutants;
#[path = "../examples/world/mod.rs"]
mod world;

use mutants::{DOCUMENTS, Draw, Pool};
use world::seals::{Made, made, maker, object_digest, stamping_key, unit};
use world::spoil::flip;
use world::{DAY, HOUR, World};

const DOCUMENT: &[u8] = b"a decision";

/// A world with a file of stamps for each thing that may be right or wrong with one.
struct Cases {
    world: World,
    files: Vec<(&'static str, Vec<u8>)>,
}

fn cases() -> Cases {
    let mut world = World::new().with_seals();
    let mut files = Vec::new();
    let seal = world.make_seal("99");
    let other = world.make_seal("98");
    let stamp = |world: &mut World, seal: &Made, change: fn(&mut world::seals::StampPlan)| {
        let mut plan = world.plan_stamp(seal, DOCUMENT);
        change(&mut plan);
        world.stamp(&plan)
    };
    let join = |objects: &[&[u8]]| StampFile::join(objects).unwrap();
    let good = stamp(&mut world, &seal, |_| ());
    files.push(("good", join(&[&seal.bytes, &good])));
    let mut counter = world.plan_stamp(&other, DOCUMENT);
    counter.counter(&good);
    let counter = world.stamp(&counter);
    files.push(("countersigned", join(&[&seal.bytes, &other.bytes, &good, &counter])));
    let later = stamp(&mut world, &seal, |plan| plan.at = 60);
    files.push(("a little ahead", join(&[&seal.bytes, &later])));
    let stranger = stamp(&mut world, &seal, |plan| plan.signer = "a stranger".into());
    files.push(("stranger", join(&[&seal.bytes, &stranger])));
    files.push(("tampered", join(&[&seal.bytes, &flip(&good, good.len() - 5, 0)])));
    for (name, state) in [("revoked", State::Revoked), ("suspended", State::Suspended)] {
        let seal = world.make_seal("99");
        world.set_seal_state(&seal, state);
        let stamp = stamp(&mut world, &seal, |plan| plan.at = -HOUR / 2);
        files.push((name, join(&[&seal.bytes, &stamp])));
    }
    let (facts, mut credential) = world.seal_facts("99");
    credential.validity = world.period(-100 * DAY, -DAY);
    let expired = made(facts, credential);
    let stamp_of_expired = stamp(&mut world, &expired, |_| ());
    files.push(("expired", join(&[&expired.bytes, &stamp_of_expired])));
    let (mut facts, credential) = world.seal_facts("99");
    facts.signers = vec![world::key("somebody").public_key().thumbprint()];
    let unlisted = made(facts, credential);
    let by_unlisted = stamp(&mut world, &unlisted, |_| ());
    files.push(("unlisted", join(&[&unlisted.bytes, &by_unlisted])));
    Cases { world, files }
}

fn verify<'a>(store: &'a Store, file: &'a [u8], clock: Clock) -> StampsReport<'a> {
    let mut stamps = Verifier::new(store, Policy::counter(None)).stamps(file, clock);
    stamps.update(DOCUMENT);
    stamps.finish()
}

fn store_of(world: &World, objects: &[Vec<u8>]) -> Store {
    let mut store = Store::new(world.pin());
    store.apply_pack(&objects.concat(), world.asked()).unwrap();
    store
}

#[test]
fn each_file_has_its_verdict() {
    let Cases { world, files } = cases();
    let store = world.sound_store();
    for (name, file) in &files {
        let expected = match *name {
            "good" | "countersigned" => Verdict::Valid,
            "a little ahead" => Verdict::Undetermined,
            _ => Verdict::Invalid,
        };
        let report = verify(&store, file, world.clock());
        assert_eq!(report.verdict(), expected, "{name}: {:?}", report.deciding());
    }
}

/// Properties A and B: withholding objects that are held, the seal, or a stamp below another, never makes a verdict valid that was not,
/// and never invalid.
#[test]
fn withholding_data_proves_nothing() {
    let Cases { world, files } = cases();
    let full = world.sound_store();
    let relevant = [
        world.trust_object(),
        world.directory_object("99"),
        world.directory_object("98"),
        world.status_object(maker("99")),
        world.status_object(maker("98")),
    ];
    let mut pairs = 0;
    for held in 0u32..1 << relevant.len() {
        let objects: Vec<_> =
            relevant.iter().enumerate().filter(|(n, _)| held >> n & 1 == 1).map(|(_, object)| object.clone()).collect();
        let store = store_of(&world, &objects);
        for (name, whole) in &files {
            // With all of the file, or without one of its objects but for the last stamp, which is the one that is asked about.
            let items: Vec<&[u8]> = zhengyin::cbor::Items::new(whole).map(Result::unwrap).collect();
            let last = items.len() - 1;
            let asked = object_digest(items[last]);
            let of = |store: &Store, file: &[u8]| {
                let report = verify(store, file, world.clock());
                report.stamps().iter().find(|stamp| stamp.object_digest() == Some(asked)).unwrap().verdict()
            };
            let before = of(&full, whole);
            for without in 0..=last {
                let kept = items.iter().enumerate().filter(|(at, _)| *at == last || *at != without);
                let file: Vec<u8> = kept.flat_map(|(_, item)| item.to_vec()).collect();
                match (before, of(&store, &file)) {
                    (Verdict::Valid, part) => assert_ne!(part, Verdict::Invalid, "{name} {held:b} {without}"),
                    (Verdict::Undetermined, part) => {
                        assert_eq!(part, Verdict::Undetermined, "{name} {held:b} {without}")
                    }
                    (Verdict::Invalid, part) => assert_ne!(part, Verdict::Valid, "{name} {held:b} {without}"),
                }
                pairs += 1;
            }
        }
    }
    println!("{pairs} pairs compared");
}

/// Properties E and F: the order of a pack and of a file changes no report, and the same inputs give the same bytes.
#[test]
fn the_order_of_objects_changes_nothing() {
    let Cases { world, files } = cases();
    let store = world.sound_store();
    let mut objects = world.objects();
    objects.reverse();
    let turned = store_of(&world, &objects);
    for (name, file) in &files {
        let bytes = |store: &Store, file: &[u8]| -> Vec<Vec<u8>> {
            let report = verify(store, file, world.clock());
            let mut all: Vec<_> =
                report.stamps().iter().map(|stamp| stamp.to_value(Texts::Both).to_cbor().unwrap()).collect();
            all.sort();
            all
        };
        let whole = verify(&store, file, world.clock()).to_value(Texts::Both).to_cbor().unwrap();
        assert_eq!(whole, verify(&turned, file, world.clock()).to_value(Texts::Both).to_cbor().unwrap(), "{name}");
        let mut items: Vec<&[u8]> = zhengyin::cbor::Items::new(file).map(Result::unwrap).collect();
        items.reverse();
        assert_eq!(bytes(&store, file), bytes(&store, &items.concat()), "{name}");
    }
}

/// Property G: no change of one bit of a file of stamps is valid, nor of the document; nor is a file that is cut.
#[test]
fn no_flipped_bit_is_valid() {
    let Cases { world, files } = cases();
    let store = world.sound_store();
    let file = &files[0].1;
    let verifier = Verifier::new(&store, Policy::counter(None));
    let ask = |file: &[u8], document: &[u8]| {
        let mut stamps = verifier.stamps(file, world.clock());
        stamps.update(document);
        stamps.finish().verdict()
    };
    assert_eq!(ask(file, DOCUMENT), Verdict::Valid);
    for at in 0..file.len() {
        for bit in 0..8 {
            assert_ne!(ask(&flip(file, at, bit), DOCUMENT), Verdict::Valid, "byte {at} bit {bit}");
        }
    }
    for at in 0..DOCUMENT.len() {
        assert_eq!(ask(file, &flip(DOCUMENT, at, 0)), Verdict::Invalid);
    }
    for end in 0..file.len() {
        assert_ne!(ask(&file[..end], DOCUMENT), Verdict::Valid, "cut at {end}");
    }
}

/// What is issued is what is verified: the library's own making and stamping, held to the store.
#[test]
fn what_is_made_and_stamped_verifies() {
    use zhengyin::claims::CredentialId;
    use zhengyin::issue::{StampFacts, Stamped, StampingError, digest_document, make_seal, stamp};
    use zhengyin::reason::Reason;
    use zhengyin::suite::HashAlgorithm;
    let mut world = World::new().with_seals();
    let (facts, credential) = world.seal_facts("99");
    let store = world.sound_store();
    let by = world::key(&world::seals::maker_key(maker("99")));
    let made = make_seal(&facts, &credential, Some(&store), &by);
    // The maker's list was not issued yet when the seal was made, nor the directory: by a store of now that is told.
    assert!(made.is_ok() || made.unwrap_err().reason().is_some());
    let now = world.time(0);
    let credential = zhengyin::issue::SealCredential { issued_at: now, validity: world.period(0, DAY), ..credential };
    let seal = make_seal(&facts, &credential, Some(&store), &by).unwrap();
    let outside = zhengyin::issue::SealFacts {
        code: zhengyin::claims::id::SealCode::parse("97010000000001").unwrap(),
        ..facts.clone()
    };
    let refused = make_seal(&outside, &credential, Some(&store), &by).unwrap_err();
    assert_eq!(refused.reason(), Some(Reason::IssuerRegion));
    let document = digest_document(&mut &DOCUMENT[..]).unwrap();
    let what =
        Stamped::Document { hash: HashAlgorithm::Sha256, digest: document.digest, media_type: "application/pdf" };
    let said = |at: Timestamp| StampFacts { stamped_at: at, id: CredentialId::new([5; 16]), place: None, reason: None };
    let signer = world::key(&stamping_key(unit("99").0));
    let one = stamp(&seal.bytes, what, &said(now), Some(&store), &signer).unwrap();
    let file = StampFile::join(&[&seal.bytes, &one]).unwrap();
    let later = Clock::reads(world.time(600));
    assert_eq!(verify(&store, &file, later).verdict(), Verdict::Valid);
    let stranger = world::key("a stranger");
    for (answer, expected) in [
        (stamp(&seal.bytes, what, &said(now), Some(&store), &stranger), Reason::SealKeyNotListed),
        (stamp(&seal.bytes, what, &said(world.time(-1)), Some(&store), &signer), Reason::SealNotYet),
        (stamp(&seal.bytes, what, &said(world.time(DAY)), Some(&store), &signer), Reason::SealExpired),
    ] {
        assert!(matches!(answer, Err(StampingError::Refused(reason)) if reason == expected), "{answer:?}");
    }
}

/// The good file of the pool is valid on its document and on no other, and drawing without a change finds it genuine.
#[test]
fn what_mutants_are_made_of_is_genuine() {
    let pool = Pool::new();
    let store = pool.world.sound_store();
    for (place, document) in DOCUMENTS.into_iter().enumerate() {
        let mut stamps = Verifier::new(&store, Policy::counter(None)).stamps(&pool.good, pool.world.clock());
        stamps.update(document);
        let report = stamps.finish();
        let expected = if place == 0 { Verdict::Valid } else { Verdict::Invalid };
        assert_eq!(report.verdict(), expected);
        assert!(
            report.stamps().iter().all(|stamp| pool.is_genuine(stamp.object_digest().unwrap(), place) == (place == 0))
        );
    }
}

/// Files made of the pieces of good ones, as `fuzz/fuzz_targets/sealed.rs` draws them: nothing is valid over a document that was not
/// stamped, or in the name of somebody whose key did not sign.
#[test]
fn no_mutant_is_valid_over_another_document() {
    use proptest::test_runner::{Config, TestRunner};
    std::panic::set_hook(Box::new(|panic| {
        if !panic.location().is_some_and(|at| at.file().ends_with("item.rs")) {
            println!("{panic}");
        }
    }));
    let pool = Pool::new();
    let store = pool.world.sound_store();
    let verifier = Verifier::new(&store, Policy::counter(None));
    let (valid, lent) = (core::cell::Cell::new(0), core::cell::Cell::new(0));
    let bytes = prop::collection::vec(any::<u8>(), 0..96);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(2_000) });
    let run = runner.run(&bytes, |bytes| {
        let file = pool.mutant(&mut Draw(&bytes));
        for (place, document) in DOCUMENTS.into_iter().enumerate() {
            let mut stamps = verifier.stamps(&file, pool.world.clock());
            stamps.update(document);
            for stamp in stamps.finish().stamps().iter().filter(|stamp| stamp.verdict() == Verdict::Valid) {
                valid.set(valid.get() + 1);
                if !pool.is_genuine(stamp.object_digest().unwrap(), place) {
                    lent.set(lent.get() + 1);
                    let owner = stamp.claimed_stamp().unwrap().issuer;
                    prop_assert!(pool.is_lent(owner.as_str()), "{} in the name of {}", place, owner);
                }
            }
        }
        Ok(())
    });
    drop(std::panic::take_hook());
    run.unwrap();
    println!("{} stamps were valid, {} of them by keys that were lent out", valid.get(), lent.get());
    assert!(valid.get() > 100, "only {}: the changes leave nothing whole", valid.get());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Property C, and until when an answer holds: knowing the time less well adds no certainty, and at every later reading that may
    /// still be before the moment that the report names the verdict is the same.
    #[test]
    fn a_verdict_holds_until_it_says(
        offset in prop_oneof![-3 * HOUR..DAY, -DAY..60 * DAY],
        narrow in 0u32..10_000,
        more in 0u32..100_000,
        later in prop_oneof![0..10 * DAY, 0..400 * DAY],
    ) {
        let Cases { world, files } = cases();
        let store = world.sound_store();
        let now = world.base.saturating_add(offset);
        let reads = |now, uncertainty| Clock::Reads { now, uncertainty };
        for (name, file) in &files {
            let sharp = verify(&store, file, reads(now, narrow));
            let blurred = verify(&store, file, reads(now, narrow + more));
            for (sharp, blurred) in sharp.stamps().iter().zip(blurred.stamps()) {
                for (step, outcome) in blurred.steps().outcomes() {
                    let certain = !matches!(outcome, zhengyin::verify::Outcome::Unknown(_));
                    prop_assert!(!certain || sharp.steps().get(step).outcome() == Some(outcome), "{} {:?}", name, step);
                }
                let last = sharp.good_until().map(|until| until.saturating_add(i64::from(narrow) - 1));
                for then in [now.saturating_add(later), last.unwrap_or(Timestamp::MAX)] {
                    let may_be_before = sharp.good_until().is_none_or(|until| store.window(reads(then, narrow)).lo() < until);
                    if then < now || !may_be_before {
                        continue;
                    }
                    let again = verify(&store, file, reads(then, narrow));
                    let again = again.stamps().iter().find(|stamp| stamp.object_digest() == sharp.object_digest()).unwrap();
                    prop_assert_eq!(again.verdict(), sharp.verdict(), "{} at {}, by {:?}", name, then, sharp.ends_by());
                }
            }
        }
    }

    /// Bytes of anyone are answered, never with a panic, and never as valid.
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let Cases { world, files } = cases();
        let store = world.sound_store();
        prop_assert_ne!(verify(&store, &bytes, world.clock()).verdict(), Verdict::Valid);
        for (_, file) in &files {
            let mut file = file.clone();
            let at = at.index(file.len());
            let changed = file[at] != byte;
            file[at] = byte;
            let report = verify(&store, &file, world.clock());
            prop_assert!(!changed || report.verdict() != Verdict::Valid);
            report.to_value(Texts::Both).to_cbor().unwrap();
        }
    }
}
