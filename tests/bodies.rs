//! A store whose large status lists have their bodies in files: what it answers is what it answers with them in memory, or nothing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test"
)]

use std::collections::BTreeMap;

use zhengyin::claims::id::{CreditCode, Region};
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::status::{Standing, State, StatusDelta, StatusList};
use zhengyin::store::{Accepted, BodyFile, BodyName, HeldStatus, ObjectKind, Recorded, Store};
use zhengyin::time::Clock;
use zhengyin::verify::{Outcome, Verdict, Verifier, Witness};

#[path = "../examples/world/mod.rs"]
mod world;

use world::{Issued, LIST, World, prefix};

const AUTHORITY: &str = "11990100MB0000000P";
const KIND: ObjectKind = ObjectKind::StatusList;

type Files = BTreeMap<BodyName, Vec<u8>>;

/// The files that stand beside a store.
fn files(store: &Store) -> Files {
    let name = |held: &HeldStatus| {
        let pieces = held.body_to_write()?;
        Some((held.body_name().unwrap(), pieces.concat()))
    };
    store.statuses().filter_map(name).collect()
}

fn load(contents: &[u8], files: &Files) -> Store {
    Store::from_contents(contents, |name| files.get(name).cloned().map(BodyFile::new)).unwrap()
}

/// A province's list of half a million positions, of which one in forty is listed, in several states.
fn large() -> (World, [Issued; 2]) {
    let mut world = World::new();
    let list = world.list(AUTHORITY);
    for at in (10_000..500_000).step_by(40) {
        let state = if at % 3 == 0 { State::Suspended } else { State::Revoked };
        list.states.insert(at + at / 40 % 17, state);
    }
    list.facts.length = list.facts.length.max(500_000);
    let licenses = [(); 2].map(|()| world.issue("business-license"));
    assert_eq!(licenses[0].credential.issuer.as_str(), AUTHORITY);
    world.set_state(&licenses[0], State::Revoked);
    (world, licenses)
}

fn held(store: &Store) -> &HeldStatus {
    store.status(prefix("99"), CreditCode::parse(AUTHORITY).unwrap(), LIST).unwrap()
}

/// A list of the next number.
fn next(world: &World, change: impl FnOnce(&mut BTreeMap<u32, State>)) -> World {
    let mut world = world.clone();
    let list = world.list(AUTHORITY);
    list.facts.seq += 1;
    list.facts.issued = list.facts.issued.saturating_add(60);
    change(&mut list.states);
    world
}

fn status(store: &Store, world: &World, license: &Issued) -> (Verdict, Outcome) {
    let policy = Policy::counter(Region::parse("990102").ok());
    let report = Verifier::new(store, policy).verify(&license.bytes, Clock::reads(world.base));
    (report.verdict(), report.steps().status)
}

#[test]
fn a_store_with_files_answers_as_one_without() {
    let (world, [revoked, good]) = large();
    let whole = world.sound_store();
    let (contents, files) = (whole.to_contents(), files(&whole));
    assert_eq!(files.len(), 1, "small lists stand within");
    assert!(contents.len() + 10_000 < whole.to_bytes().len());
    let apart = load(&contents, &files);
    assert_eq!(apart.to_contents(), contents, "where a body stands changes nothing");
    assert_eq!(apart.to_bytes(), whole.to_bytes());
    assert_eq!(Store::from_bytes(&whole.to_bytes()).unwrap().to_contents(), contents);
    assert_eq!((held(&apart).object(), held(&apart).verify_body()), (held(&whole).object(), Ok(())));
    assert_eq!(held(&apart).size(), u64::try_from(held(&whole).object().unwrap().len()).unwrap());
    assert!(held(&apart).body_to_write().is_none(), "it has its file");
    for at in (0..500_010).step_by(61) {
        assert_eq!(held(&apart).body().unwrap().standing(at), held(&whole).body().unwrap().standing(at), "{at}");
    }
    for store in [&whole, &apart] {
        assert_eq!(status(store, &world, &good), (Verdict::Valid, Outcome::Passed));
        assert_eq!(status(store, &world, &revoked), (Verdict::Invalid, Outcome::Failed(Reason::StatusRevoked)));
    }
}

/// The version before had every body within.
#[test]
fn a_store_of_the_version_before_is_read() {
    let (world, _) = large();
    let store = world.sound_store();
    let mut old = store.to_bytes();
    old[15] = b'1';
    assert_eq!(&old[..16], b"zhengyin.store/1");
    assert_eq!(Store::from_bytes(&old).unwrap().to_contents(), store.to_contents());
    old[15] = b'3';
    assert!(Store::from_bytes(&old).is_err());
}

#[test]
fn a_lost_body_leaves_its_licenses_undetermined_and_no_others() {
    let (mut world, [revoked, good]) = large();
    let other = world.issue("driving-licence");
    let authority = other.credential.issuer;
    assert_ne!(authority.as_str(), AUTHORITY);
    let whole = world.sound_store();
    let (contents, mut files) = (whole.to_contents(), files(&whole));
    // Missing, cut, longer.
    for change in [
        |file: &mut Vec<u8>| file.clear(),
        |file: &mut Vec<u8>| file.truncate(file.len() - 1),
        |file: &mut Vec<u8>| file.push(0),
    ] {
        let mut files = files.clone();
        files.values_mut().for_each(change);
        let store = load(&contents, &files);
        let damaged = (Verdict::Undetermined, Outcome::Unknown(Reason::StatusListDamaged));
        assert_eq!(status(&store, &world, &good), damaged);
        assert_eq!(status(&store, &world, &revoked), damaged);
        assert_eq!(status(&store, &world, &other).1, Outcome::Passed);
        assert!(held(&store).object().is_err() && held(&store).verify_body().is_err());
        assert_eq!(store.to_contents(), contents, "nothing is forgotten");
        assert_eq!(load(&store.to_bytes(), &files).to_contents(), contents);
    }
    // The same list again mends it.
    files.clear();
    let mut store = load(&contents, &files);
    let object = world.status_object(AUTHORITY);
    let seq = held(&store).header().seq;
    assert_eq!(store.apply(&object, world.asked()), Ok(Accepted::New { kind: KIND, seq }));
    assert_eq!(store.apply(&object, world.asked()), Ok(Accepted::Known { kind: KIND, seq }));
    assert_eq!((store.to_contents(), store.to_bytes()), (contents, whole.to_bytes()));
    assert!(held(&store).body_to_write().is_some());
    assert_eq!(status(&store, &world, &revoked).0, Verdict::Invalid);
}

/// Whatever byte is changed: what was valid stays so or is undetermined, what is revoked is never anything else but undetermined.
#[test]
fn a_changed_body_is_never_believed() {
    let (world, [revoked, good]) = large();
    let whole = world.sound_store();
    let (contents, files) = (whole.to_contents(), files(&whole));
    let (name, file) = files.first_key_value().unwrap();
    let (mut caught, step) = (0, file.len() / 400);
    for at in (0..400).chain((400..file.len()).step_by(step)) {
        let changed = world::spoil::flip(file, at, u8::try_from(at % 8).unwrap());
        let store = load(&contents, &Files::from([(*name, changed)]));
        assert!(held(&store).verify_body().is_err(), "byte {at}");
        for (license, verdict) in [(&revoked, Verdict::Invalid), (&good, Verdict::Valid)] {
            let (found, outcome) = status(&store, &world, license);
            if found != verdict {
                let damaged = (Verdict::Undetermined, Outcome::Unknown(Reason::StatusListDamaged));
                assert_eq!((found, outcome), damaged, "byte {at}");
                caught += 1;
            }
        }
    }
    assert!(caught > 50, "{caught}");
    // A changed one is mended as a lost one is.
    let mut store = load(&contents, &Files::from([(*name, vec![0; file.len()])]));
    assert_eq!(status(&store, &world, &good).1, Outcome::Unknown(Reason::StatusListDamaged));
    assert!(matches!(store.apply(&world.status_object(AUTHORITY), world.asked()), Ok(Accepted::New { .. })));
    assert_eq!(files, self::files(&store));
}

/// Where the list's file is spoilt, a proof that comes with the license still tells.
#[test]
fn a_status_proof_stands_in_for_a_lost_body() {
    let (world, [revoked, good]) = large();
    let store = load(&world.sound_store().to_contents(), &Files::new());
    for (license, verdict) in [(&revoked, Verdict::Invalid), (&good, Verdict::Valid)] {
        let policy = Policy::counter(Region::parse("990102").ok());
        let shown = world.with_proof(license);
        let report = Verifier::new(&store, policy).verify(&shown, Clock::reads(world.base));
        assert_eq!(report.verdict(), verdict);
        assert_eq!(report.told().map(|told| told.by), Some(Witness::Proof));
    }
}

/// What a newer list is compared with is the file, read as a whole.
#[test]
fn an_irreversible_state_in_a_file_is_never_cleared() {
    let (world, [license, _]) = large();
    let position = u32::try_from(license.credential.status.index).unwrap();
    let whole = world.sound_store();
    let (contents, files) = (whole.to_contents(), files(&whole));
    let cleared = next(&world, |states| states.retain(|at, _| *at != position)).status_object(AUTHORITY);
    let mut store = load(&contents, &files);
    assert_eq!(store.apply(&cleared, world.asked()).unwrap_err().reason, Reason::StatusResurrected);
    assert_eq!(store.evidence()[0].reason, Reason::StatusResurrected);
    let sound = next(&world, |states| states.extend([(position + 1, State::Revoked)])).status_object(AUTHORITY);
    assert!(store.apply(&sound, world.asked()).is_ok());
    assert_eq!(held(&store).body().unwrap().standing(u64::from(position) + 1), Ok(Standing::State(State::Revoked)));
    // With the body lost there is nothing to compare with, and the newer list is better than none; the older is still refused.
    let mut store = load(&contents, &Files::new());
    assert!(store.apply(&sound, world.asked()).is_ok());
    let old = store.apply(&world.status_object(AUTHORITY), world.asked());
    assert_eq!(old.unwrap_err().reason, Reason::StoreRolledBack);
}

#[test]
fn a_delta_starts_from_a_file_and_from_no_other_file() {
    let (world, _) = large();
    let whole = world.sound_store();
    let (contents, files) = (whole.to_contents(), files(&whole));
    let newer = next(&world, |states| states.extend((300_000..300_100).map(|at| (at, State::Withdrawn))));
    let (old, new) = (world.status_object(AUTHORITY), newer.status_object(AUTHORITY));
    let delta = StatusDelta::make(&StatusList::parse(&old).unwrap(), &StatusList::parse(&new).unwrap()).unwrap();
    let mut store = load(&contents, &files);
    let seq = held(&store).header().seq + 1;
    assert_eq!(store.apply(&delta, world.asked()), Ok(Accepted::New { kind: KIND, seq }));
    assert_eq!(held(&store).object().unwrap(), new);
    let spoilt = files.iter().map(|(name, file)| (*name, world::spoil::flip(file, file.len() / 3, 5))).collect();
    for files in [Files::new(), spoilt] {
        let mut store = load(&contents, &files);
        assert_eq!(store.apply(&delta, world.asked()).unwrap_err().reason, Reason::StatusDeltaBase);
        assert_eq!(store.to_contents(), contents);
        assert!(store.apply(&new, world.asked()).is_ok(), "the whole list helps");
    }
}

/// What a report rests on is found again in a store with files.
#[test]
fn a_store_is_put_together_again_from_files() {
    let (world, [revoked, _]) = large();
    let whole = world.sound_store();
    let apart = load(&whole.to_contents(), &files(&whole));
    let list = held(&apart).object().unwrap();
    let recorded = [
        (ObjectKind::TrustList, apart.trust().unwrap().digest(), apart.trust().unwrap().bytes(), None),
        (
            ObjectKind::Directory,
            apart.directory(prefix("99")).unwrap().digest(),
            apart.directory(prefix("99")).unwrap().bytes(),
            None,
        ),
        (KIND, held(&apart).digest(), &*list, Some(prefix("99"))),
    ]
    .map(|(kind, digest, object, province)| Recorded { object, kind, digest, province, contradicted: false });
    let again = Store::of_recorded(&recorded).unwrap();
    assert_eq!(status(&again, &world, &revoked).1, Outcome::Failed(Reason::StatusRevoked));
}
