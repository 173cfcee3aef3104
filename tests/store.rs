//! What a store takes, what it refuses, and that it never goes back.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test")]

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::store::{Accepted, ObjectKind, Pin, Refusal, Store, StoreError};
use zhengyin::suite::Digest;
use zhengyin::time::TimeWindow;
use zhengyin::trust::{HistoryEntry, HistoryState};
use zhengyin::x509::Use;

#[path = "../examples/world/mod.rs"]
mod world;

use world::{DAY, HOUR, World, prefix};

const AUTHORITY: &str = "11990000MB0000000J";

fn offer(store: &mut Store, object: &[u8], world: &World) -> Result<Accepted, Reason> {
    let before = store.to_bytes();
    let answer = store.apply(object, world.asked()).map_err(|refusal: Refusal| refusal.reason);
    if answer.is_err() && store.evidence().is_empty() {
        assert_eq!(store.to_bytes(), before, "what is refused changes nothing but the evidence");
    }
    answer
}

fn new(kind: ObjectKind, seq: u64) -> Result<Accepted, Reason> {
    Ok(Accepted::New { kind, seq })
}

/// A directory of a higher number, an hour younger.
fn next_directory(world: &World) -> World {
    let mut next = world.clone();
    let directory = next.directory("99");
    directory.seq += 1;
    directory.issued = directory.issued.saturating_add(60);
    next
}

#[test]
fn a_directory_is_followed_only_by_a_newer_one() {
    let world = World::new();
    let mut store = world.sound_store();
    let seq = world.directories[&prefix("99")].seq;
    let old = world.directory_object("99");
    let newer = next_directory(&world);
    let kind = ObjectKind::Directory;
    assert_eq!(offer(&mut store, &old, &world), Ok(Accepted::Known { kind, seq }));
    assert_eq!(offer(&mut store, &newer.directory_object("99"), &world), new(kind, seq + 1));
    assert_eq!(offer(&mut store, &old, &world), Err(Reason::StoreRolledBack));

    let mut fork = newer.clone();
    fork.directory("99").complete = false;
    assert_eq!(offer(&mut store, &fork.directory_object("99"), &world), Err(Reason::StoreEquivocation));
    assert!(store.directory(prefix("99")).unwrap().is_equivocal());
    assert_eq!(store.evidence().len(), 1);
    let reloaded = Store::from_bytes(&store.to_bytes()).unwrap();
    assert!(reloaded.directory(prefix("99")).unwrap().is_equivocal(), "doubt survives a restart");
    assert_eq!(reloaded.evidence(), store.evidence());

    let mut earlier = next_directory(&newer);
    earlier.directory("99").issued = world.directories[&prefix("99")].issued;
    assert_eq!(offer(&mut store, &earlier.directory_object("99"), &world), Err(Reason::StoreNotLater));
    // A newer one ends the doubt.
    assert_eq!(offer(&mut store, &next_directory(&newer).directory_object("99"), &world), new(kind, seq + 2));
    assert!(!store.directory(prefix("99")).unwrap().is_equivocal());
}

#[test]
fn objects_of_strangers_and_of_the_future_are_refused() {
    let world = World::new();
    let mut store = world.sound_store();
    let mut stranger = next_directory(&world);
    stranger.directory_keys.insert(prefix("99"), "a stranger".into());
    assert_eq!(offer(&mut store, &stranger.directory_object("99"), &world), Err(Reason::StoreUnauthorised));
    // The anchor of another province is a stranger too.
    stranger.directory_keys.insert(prefix("99"), world::anchor_key("98"));
    assert_eq!(offer(&mut store, &stranger.directory_object("99"), &world), Err(Reason::StoreUnauthorised));

    let mut future = next_directory(&world);
    let directory = future.directory("99");
    directory.issued = world.base.saturating_add(DAY);
    directory.next_update = world.base.saturating_add(30 * DAY);
    directory.expires = world.base.saturating_add(60 * DAY);
    assert_eq!(offer(&mut store, &future.directory_object("99"), &world), Err(Reason::StoreFuture));

    let mut trust = world.clone();
    trust.trust.seq += 1;
    trust.trust.issued = trust.trust.issued.saturating_add(1);
    trust.operators = vec!["a stranger".into()];
    assert_eq!(offer(&mut store, &trust.trust_object(), &world), Err(Reason::StoreSkipped));
    trust.trust.federation = "示例他邦（演示）".into();
    assert_eq!(offer(&mut store, &trust.trust_object(), &world), Err(Reason::StoreUnauthorised));
}

#[test]
fn without_its_parent_an_object_waits() {
    let world = World::new();
    let mut store = Store::new(world.pin());
    for object in [world.directory_object("99"), world.status_object(AUTHORITY)] {
        assert_eq!(offer(&mut store, &object, &world), Err(Reason::StoreParentMissing));
    }
    assert_eq!(offer(&mut store, &world.trust_object(), &world), new(ObjectKind::TrustList, world.trust.seq));
    assert_eq!(offer(&mut store, &world.status_object(AUTHORITY), &world), Err(Reason::StoreParentMissing));
    let elsewhere = Store::new(Pin::new(Digest::new([7; 32])));
    let mut elsewhere = elsewhere;
    assert_eq!(offer(&mut elsewhere, &world.trust_object(), &world), Err(Reason::StorePinMismatch));
}

#[test]
fn an_irreversible_state_is_never_cleared() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let issuer = license.credential.issuer;
    let issuer = issuer.as_str();
    let revoked = |world: &World, state| {
        let mut world = world.clone();
        world.set_state(&license, state);
        let list = world.list(issuer);
        list.facts.seq += 1;
        list.facts.issued = list.facts.issued.saturating_add(60);
        world
    };
    let mut store = revoked(&world, State::Revoked).sound_store();
    let mut cleared = revoked(&revoked(&world, State::Revoked), State::InForce);
    assert_eq!(offer(&mut store, &cleared.status_object(issuer), &world), Err(Reason::StatusResurrected));
    assert_eq!(store.evidence()[0].reason, Reason::StatusResurrected);
    // Nor does a list become shorter.
    let mut shorter = revoked(&revoked(&world, State::Revoked), State::Revoked);
    shorter.list(issuer).facts.length += 1;
    let mut longer = shorter.sound_store();
    let mut next = revoked(&shorter, State::Revoked);
    next.list(issuer).facts.length -= 1;
    assert_eq!(offer(&mut longer, &next.status_object(issuer), &world), Err(Reason::StatusListRefused));
    // A suspension may be lifted.
    let mut store = revoked(&world, State::Suspended).sound_store();
    cleared.list(issuer).states.clear();
    assert!(offer(&mut store, &cleared.status_object(issuer), &world).is_ok());
}

/// A stolen key that published a maximal number is undone by raising the epoch.
#[test]
fn a_raised_epoch_undoes_what_a_thief_published() {
    let world = World::new();
    let mut store = world.sound_store();
    let mut thief = next_directory(&world);
    thief.directory("99").seq = u64::MAX;
    assert_eq!(offer(&mut store, &thief.directory_object("99"), &world), new(ObjectKind::Directory, u64::MAX));
    let honest = next_directory(&next_directory(&world));
    assert_eq!(offer(&mut store, &honest.directory_object("99"), &world), Err(Reason::StoreNumberFell));

    let mut raised = honest.clone();
    raised.trust.seq += 1;
    raised.trust.issued = raised.trust.issued.saturating_add(HOUR / 2);
    raised.province("99").epoch = 1;
    raised.directory("99").epoch = 1;
    assert_eq!(offer(&mut store, &raised.directory_object("99"), &world), Err(Reason::StoreEpoch));
    assert!(offer(&mut store, &raised.trust_object(), &world).is_ok());
    assert!(store.directory(prefix("99")).is_none(), "the thief's directory is of another epoch");
    assert!(offer(&mut store, &raised.directory_object("99"), &world).is_ok());
    assert_eq!(offer(&mut store, &thief.directory_object("99"), &world), Err(Reason::StoreEpoch));
}

/// An anchor that falls takes its province's directory with it, and nothing else; the store can still be read.
#[test]
fn a_fallen_anchor_harms_no_other_province() {
    let world = World::new();
    let mut store = world.sound_store();
    let mut fallen = world.clone();
    fallen.trust.seq += 1;
    fallen.trust.issued = fallen.trust.issued.saturating_add(HOUR / 2);
    let at = fallen.trust.issued;
    let since = Some(fallen.time(-40 * DAY));
    let entry = HistoryEntry { state: HistoryState::Compromised, from: at, compromised_since: since, log_head: None };
    assert!(fallen.province("99").anchors[0].history.append(entry));
    assert!(offer(&mut store, &fallen.trust_object(), &world).is_ok());
    assert!(store.directory(prefix("99")).is_none());
    assert!(store.directory(prefix("98")).is_some());
    let reloaded = Store::from_bytes(&store.to_bytes()).unwrap();
    assert_eq!(reloaded.to_bytes(), store.to_bytes());
    let status = reloaded.status(prefix("99"), world::code(AUTHORITY), world::LIST).unwrap();
    assert_eq!(status.signer(), Err(Reason::StoreParentMissing), "held, and not relied on");
}

/// A status signer that is withdrawn: its list stays, and is not relied on.
#[test]
fn a_list_outlives_its_signer_and_is_not_relied_on() {
    let world = World::new();
    let mut store = world.sound_store();
    let mut next = next_directory(&world);
    let from = next.time(-40 * DAY);
    let history = &mut next.entry(AUTHORITY, Use::Status).history;
    let entry = HistoryEntry {
        state: HistoryState::Compromised,
        from: history.entries()[0].from.max(from),
        compromised_since: None,
        log_head: None,
    };
    assert!(history.append(entry));
    assert!(offer(&mut store, &next.directory_object("99"), &world).is_ok());
    let held = store.status(prefix("99"), world::code(AUTHORITY), world::LIST).unwrap();
    assert_eq!(held.signer(), Err(Reason::IssuerCompromised));
}

#[test]
fn a_damaged_store_is_refused_whole() {
    let world = World::new();
    let bytes = world.sound_store().to_bytes();
    assert_eq!(Store::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    for end in 0..bytes.len() {
        assert!(matches!(Store::from_bytes(&bytes[..end]), Err(StoreError::NotAStore | StoreError::Damaged)), "{end}");
    }
    for at in (0..bytes.len()).step_by(7).chain(0..100) {
        let flipped = world::spoil::flip(&bytes, at, u8::try_from(at % 8).unwrap());
        assert!(matches!(Store::from_bytes(&flipped), Err(StoreError::NotAStore | StoreError::Damaged)), "{at}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(Store::from_bytes(&longer).map(|_| ()), Err(StoreError::Damaged));
}

#[test]
fn the_floor_follows_one_province_no_further_than_eight_days() {
    let world = World::new();
    let base = world.trust.issued;
    let store = world.sound_store();
    assert!(store.floor() > base && store.floor() < world.base);
    let mut far = next_directory(&world);
    let directory = far.directory("99");
    directory.issued = base.saturating_add(300 * DAY);
    directory.next_update = base.saturating_add(310 * DAY);
    directory.expires = base.saturating_add(320 * DAY);
    let mut pushed = store.clone();
    let late = TimeWindow::at(base.saturating_add(301 * DAY));
    assert!(pushed.apply(&far.directory_object("99"), late).is_ok());
    assert_eq!(pushed.floor(), base.saturating_add(8 * DAY));
    assert_eq!(Store::new(world.pin()).floor().seconds(), 0);
}
