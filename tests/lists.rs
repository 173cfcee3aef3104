//! Trust lists that follow each other: who must sign, what a fork leaves behind, what a store can prove after it was read back, and what
//! it does not forget.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]

use proptest::prelude::*;
use zhengyin::cbor::Writer;
use zhengyin::envelope::{Expected, MultiEnvelope};
use zhengyin::reason::Reason;
use zhengyin::store::{Accepted, ObjectKind, Store, StoreError};
use zhengyin::trust::{HistoryEntry, HistoryState, ListKey, ListSigner, Minimum, TrustList};

#[path = "../examples/world/mod.rs"]
mod world;
use world::{DAY, HOUR, World, code, key, prefix};

const AUTHORITY: &str = "11990000MB0000000J";

fn offer(store: &mut Store, object: &[u8], world: &World) -> Result<Accepted, Reason> {
    store.apply(object, world.asked()).map_err(|refusal| refusal.reason)
}

/// The world with the next trust list, an hour later.
fn next(world: &World, change: impl FnOnce(&mut World)) -> World {
    let mut next = world.clone();
    next.trust.seq += 1;
    next.trust.issued = next.trust.issued.saturating_add(HOUR);
    change(&mut next);
    next
}

/// Operators of these names, `threshold` of whom must sign the next list.
fn operators(world: &mut World, names: &[&str], threshold: u64) {
    world.trust.signers = names.iter().map(|name| ListSigner::new(key(name).public_key(), name)).collect();
    world.trust.threshold = threshold;
}

fn signed_by(world: &World, names: &[&str]) -> Vec<u8> {
    let mut world = world.clone();
    world.operators = names.iter().map(|name| (*name).to_owned()).collect();
    world.trust_object()
}

fn reloaded(store: &Store) -> Store {
    let again = Store::from_bytes(&store.to_bytes()).unwrap();
    assert_eq!(again.to_bytes(), store.to_bytes());
    again
}

/// Of five operators, of whom one has two keys, three must sign: every subset of the six keys.
#[test]
fn every_subset_of_signers() {
    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    let mut world = World::new();
    operators(&mut world, &NAMES, 3);
    world.trust.signers[5].operator = "e".into();
    world.operators = NAMES.map(String::from).into();
    let mut base = Store::new(world.pin());
    offer(&mut base, &world.trust_object(), &world).unwrap();
    let second = next(&world, |_| ());
    let mut counted = [0, 0];
    for chosen in 1u32..64 {
        let names: Vec<&str> = (0..6).filter(|at| chosen >> at & 1 == 1).map(|at| NAMES[at]).collect();
        // e and f are one.
        let operators = names.iter().filter(|name| **name != "f" || !names.contains(&"e")).count();
        let taken = offer(&mut base.clone(), &signed_by(&second, &names), &world).is_ok();
        assert_eq!(taken, operators >= 3, "{names:?}");
        counted[usize::from(taken)] += 1;
        // A first list is held to its own threshold in the same way.
        let first = offer(&mut Store::new(world.pin()), &signed_by(&world, &names), &world).is_ok();
        assert_eq!(first, taken, "{names:?}");
    }
    println!("subsets refused, taken: {counted:?}");
}

/// Every way to hand over from two of three to two of three others, by who signs.
#[test]
fn both_sets_sign_a_handover() {
    let (old, new) = (["a", "b", "c"], ["d", "e", "f"]);
    let mut world = World::new();
    operators(&mut world, &old, 2);
    world.operators = old.map(String::from).into();
    let mut base = Store::new(world.pin());
    offer(&mut base, &world.trust_object(), &world).unwrap();
    let handed = next(&world, |world| operators(world, &new, 2));
    let all: Vec<&str> = old.into_iter().chain(new).collect();
    for chosen in 1u32..64 {
        let names: Vec<&str> = (0..6).filter(|at| chosen >> at & 1 == 1).map(|at| all[at]).collect();
        let of = |set: &[&str]| names.iter().filter(|name| set.contains(name)).count();
        let answer = offer(&mut base.clone(), &signed_by(&handed, &names), &world);
        match of(&old) >= 2 && of(&new) >= 2 {
            true => assert_eq!(answer, Ok(Accepted::New { kind: ObjectKind::TrustList, seq: 2 }), "{names:?}"),
            false => assert_eq!(answer, Err(Reason::StoreSkipped), "{names:?}"),
        }
    }
    // A threshold that changes is a change of signers.
    let lowered = next(&world, |world| operators(world, &old, 1));
    assert_eq!(offer(&mut base.clone(), &signed_by(&lowered, &["a"]), &world), Err(Reason::StoreSkipped));
    assert!(offer(&mut base.clone(), &signed_by(&lowered, &["a", "b"]), &world).is_ok());
    let raised = next(&world, |world| operators(world, &old, 3));
    assert_eq!(offer(&mut base.clone(), &signed_by(&raised, &["a", "b"]), &world), Err(Reason::StoreSkipped));
    assert!(offer(&mut base, &signed_by(&raised, &["a", "b", "c"]), &world).is_ok());
}

/// The list's own encoding with one signer's key replaced by one of a suite that nobody knows.
fn with_foreign_signer(world: &World, item: &[u8]) -> TrustList {
    let mut list = world.trust.clone();
    list.signers.push(ListSigner { key: ListKey::Foreign(item.to_vec()), operator: "another suite".into() });
    list
}

fn map(entries: &[(i64, &[u8])]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.map(|map| entries.iter().for_each(|(label, item)| map.entry(*label, |w| w.item(item))));
    writer.finish().unwrap()
}

/// One operator with a newer suite does not make the list unreadable to verifiers without it; he does not count for them.
#[test]
fn a_signer_of_an_unknown_suite_does_not_count() {
    // A curve that no build has, and a key type with parameters of its own (ML-DSA: 7, the key under -1).
    let curve = map(&[(1, &[2]), (-1, &[0x39, 0xff, 0xff]), (-2, &[0x41, 9]), (-3, &[0x41, 9])]);
    let kind = map(&[(1, &[7]), (3, &[0x38, 0x30]), (-1, &[0x43, 1, 2, 3])]);
    for item in [curve, kind] {
        let mut world = World::new();
        operators(&mut world, &["a", "b"], 2);
        world.trust = with_foreign_signer(&world, &item);
        let mut store = Store::new(world.pin());
        let object = signed_by(&world, &["a", "b"]);
        assert_eq!(TrustList::parse(&world.trust.encode().unwrap()).unwrap(), world.trust);
        assert!(offer(&mut store, &object, &world).is_ok());
        // Its signature stands there with an algorithm and a critical label of its own.
        let second = next(&world, |_| ());
        for critical in [false, true] {
            let taken = foreign_signature(&signed_by(&second, &["a", "b"]), critical);
            assert_eq!(MultiEnvelope::parse(&taken, Expected::AnyKnown).unwrap().signers().count(), 3);
            assert!(offer(&mut store.clone(), &taken, &world).is_ok());
            let short = foreign_signature(&signed_by(&second, &["a"]), critical);
            // It does not count; another build may judge it, and to call the list unsigned would be to say more than is known.
            assert_eq!(offer(&mut store.clone(), &short, &world), Err(Reason::EncodingAlgorithmUnknown));
            let nobody = signed_by(&second, &["a"]);
            assert_eq!(offer(&mut store.clone(), &nobody, &world), Err(Reason::StoreSkipped));
        }
    }
    // What is neither known nor another type is a fault: a point that is none, or a key without a type.
    for bad in [map(&[(1, &[1]), (-1, &[6]), (-2, &[0x41, 9])]), map(&[(-1, &[6])])] {
        let world = World::new();
        assert!(TrustList::parse(&with_foreign_signer(&world, &bad).encode().unwrap()).is_err());
    }
    // Two of one key are refused, known or not.
    let twice = map(&[(1, &[7]), (-1, &[0x41, 1])]);
    let mut world = World::new();
    world.trust = with_foreign_signer(&world, &twice);
    world.trust.signers.push(world.trust.signers[1].clone());
    assert!(TrustList::parse(&world.trust.encode().unwrap()).is_err());
}

/// Adds a signature of an algorithm that nobody knows, by a key id above all others.
fn foreign_signature(object: &[u8], critical: bool) -> Vec<u8> {
    let envelope = MultiEnvelope::parse(object, Expected::AnyKnown).unwrap();
    let label: &[u8] = if critical { &[0x81, 0x19, 0x27, 0x0f] } else { &[] };
    let alg: &[u8] = if critical { &[0x32] } else { &[0x39, 0x12, 0x34] };
    let kid: &[u8] = &[0x48, 255, 255, 255, 255, 255, 255, 255, 255];
    let header = match critical {
        true => map(&[(1, alg), (2, label), (4, kid), (9_999, &[0])]),
        false => map(&[(1, alg), (4, kid)]),
    };
    let mut writer = Writer::new();
    writer.tag(98);
    writer.array(4);
    writer.bytes(&map(&[(16, b"\x76application/x.zy.trust")]));
    writer.map(|_| ());
    writer.bytes(envelope.claimed_payload());
    let mut signers: Vec<(Vec<u8>, Vec<u8>)> =
        envelope.signers().map(|entry| (entry.protected().to_vec(), entry.signature().to_vec())).collect();
    signers.push((header, vec![1; 96]));
    writer.array_of(signers.iter(), |w, (protected, signature)| {
        w.array(3);
        w.bytes(protected);
        w.map(|_| ());
        w.bytes(signature);
    });
    writer.finish().unwrap()
}

/// a, then b and then c sign alone; each hands over to the next.
fn rotations() -> Vec<World> {
    let mut first = World::new();
    operators(&mut first, &["a"], 1);
    first.operators = vec!["a".into()];
    let mut worlds = vec![first];
    for (signing, named) in [(&["a"][..], "a"), (&["a", "b"], "b"), (&["b"], "b"), (&["b", "c"], "c"), (&["c"], "c")] {
        let world = next(worlds.last().unwrap(), |world| {
            operators(world, &[named], 1);
            world.operators = signing.iter().map(|name| (*name).to_owned()).collect();
        });
        worlds.push(world);
    }
    worlds
}

fn holding(worlds: &[World]) -> Store {
    let mut store = Store::new(worlds[0].pin());
    for world in worlds {
        offer(&mut store, &world.trust_object(), world).unwrap();
    }
    store
}

/// What is held is proved from the pin on when it is read back, by no more lists than are needed.
#[test]
fn the_chain_from_the_pin_survives() {
    let worlds = rotations();
    let store = holding(&worlds);
    let again = reloaded(&store);
    assert_eq!(again.pin(), worlds[0].pin(), "the pin is the one that a person gave");
    // The first of a (list 1 or 2, for both prove list 3), of b, of c, and the held one.
    let numbers = |store: &Store| -> Vec<u64> {
        let parse = |object: &[u8]| {
            TrustList::parse(MultiEnvelope::parse(object, Expected::AnyKnown).unwrap().claimed_payload()).unwrap().seq
        };
        store.trust_chain().map(parse).collect()
    };
    assert_eq!(numbers(&again), [2, 3, 5, 6]);
    // Pinned by the object, that very object stays.
    let object = MultiEnvelope::parse(&worlds[0].trust_object(), Expected::AnyKnown).unwrap().object_digest();
    let mut by_object = Store::new(zhengyin::store::Pin::new(object));
    for world in &worlds {
        offer(&mut by_object, &world.trust_object(), world).unwrap();
    }
    assert_eq!(numbers(&reloaded(&by_object)), [1, 3, 5, 6]);
    // It goes on after it was read back.
    let mut again = again;
    let seventh = next(&worlds[5], |_| ());
    assert!(offer(&mut again, &seventh.trust_object(), &seventh).is_ok());
    assert_eq!(numbers(&reloaded(&again)), [2, 3, 5, 7]);
    // A whole chain in a pack leads a new verifier there, whatever its order.
    let mut pack: Vec<&[u8]> = again.trust_chain().collect();
    pack.reverse();
    let mut new = Store::new(worlds[0].pin());
    assert!(new.apply_pack(&pack.concat(), seventh.asked()).unwrap().iter().all(Result::is_ok));
    assert_eq!(new.trust().unwrap().list().seq, 7);
}

/// A file in which a list was put that the pin does not lead to is not read, though its digest is right.
#[test]
fn a_list_that_the_pin_does_not_lead_to_is_not_read_back() {
    let worlds = rotations();
    let mut stranger = Store::new(worlds[5].pin());
    assert!(offer(&mut stranger, &worlds[5].trust_object(), &worlds[5]).is_ok());
    let (theirs, ours) = (stranger.to_bytes(), holding(&worlds[..1]).to_bytes());
    // The pin is the first item, 32 bytes behind the head of the array and its own.
    let mut forged = [&theirs[..48], &ours[48..83], &theirs[83..]].concat();
    let digest = zhengyin::suite::sha256(&forged[48..]);
    forged[16..48].copy_from_slice(digest.as_bytes());
    assert_eq!(
        Store::from_bytes(&forged).map(|_| ()),
        Err(StoreError::Object(Reason::StorePinMismatch)),
        "it is verified from the pin on"
    );
}

/// Forks, told apart by who signed them and where they stand.
#[test]
fn forks_are_noticed_and_kept_as_evidence() {
    let worlds = rotations();
    let store = holding(&worlds);
    // Another list of the number, with a trace of its own.
    let fork = |at: usize, signing: &[&str], change: fn(&mut World)| {
        let mut fork = worlds[at].clone();
        fork.trust.next_update = fork.trust.next_update.saturating_add(1);
        change(&mut fork);
        signed_by(&fork, signing)
    };
    let none: fn(&mut World) = |_| ();
    let a_again: fn(&mut World) = |world| operators(world, &["a"], 1);
    let late: fn(&mut World) = |world| {
        operators(world, &["a"], 1);
        world.trust.seq = 1_000;
    };
    let cases: [(&str, Vec<u8>, Reason, bool); 10] = [
        ("the held number, by its signers", fork(5, &["c"], none), Reason::StoreEquivocation, true),
        ("the number of a handover, by those who handed over", fork(4, &["b"], none), Reason::StoreEquivocation, false),
        (
            "the first handover, by those who did not hand over",
            fork(2, &["a"], a_again),
            Reason::StoreEquivocation,
            false,
        ),
        ("a number between handovers", fork(3, &["b"], none), Reason::StoreEquivocation, false),
        ("the first number", fork(0, &["a"], none), Reason::StoreEquivocation, false),
        ("a later number, by those who had handed over", fork(3, &["a"], a_again), Reason::StoreForked, false),
        ("the held number, by those who had handed over", fork(5, &["a"], a_again), Reason::StoreForked, false),
        ("a number to come, by those who had handed over", fork(5, &["a"], late), Reason::StoreForked, false),
        ("a number to come, by the second", fork(5, &["b"], late), Reason::StoreForked, false),
        ("a stranger's", fork(4, &["stranger"], none), Reason::StoreUnauthorised, false),
    ];
    for (what, object, reason, doubted) in cases {
        let mut store = store.clone();
        assert_eq!(offer(&mut store, &object, &worlds[5]), Err(reason), "{what}");
        assert_eq!(offer(&mut store, &object, &worlds[5]), Err(reason), "{what}");
        let is_proof = reason != Reason::StoreUnauthorised;
        assert_eq!(store.evidence().len(), usize::from(is_proof), "{what}: kept once");
        assert_eq!(store.trust().unwrap().is_equivocal(), doubted, "{what}");
        if is_proof {
            let evidence = &reloaded(&store).evidence()[0].clone();
            assert_eq!((evidence.reason, evidence.bytes == object), (reason, true), "{what}");
            let held = store.trust().unwrap().bytes();
            assert_eq!(evidence.against.as_slice(), if doubted { held } else { &[] }, "{what}");
        }
    }
    // The lists that were held are merely older, before and after the store was read back.
    for store in [store.clone(), reloaded(&store)] {
        for world in &worlds[..5] {
            let mut store = store.clone();
            assert_eq!(offer(&mut store, &world.trust_object(), &worlds[5]), Err(Reason::StoreRolledBack));
            assert!(store.evidence().is_empty());
        }
    }
    // A newer list ends the doubt, and the evidence with both lists stays.
    let mut doubting = store.clone();
    let fork = fork(5, &["c"], none);
    assert!(offer(&mut doubting, &fork, &worlds[5]).is_err());
    let newer = next(&worlds[5], |_| ());
    assert!(offer(&mut doubting, &newer.trust_object(), &newer).is_ok());
    assert!(!doubting.trust().unwrap().is_equivocal());
    assert_eq!(doubting.evidence()[0].against, worlds[5].trust_object());
}

/// What nobody who might sign has signed leaves nothing behind, however often it comes.
#[test]
fn one_province_does_not_push_out_what_is_kept_against_another() {
    let world = World::new();
    let mut store = world.sound_store();
    let fork = |province: &str, number: i64| {
        let mut fork = world.clone();
        let directory = fork.directory(province);
        directory.next_update = directory.next_update.saturating_add(number);
        fork.directory_object(province)
    };
    assert!(offer(&mut store, &fork("98", 1), &world).is_err());
    for number in 1..100 {
        assert_eq!(offer(&mut store, &fork("99", number), &world), Err(Reason::StoreEquivocation));
    }
    let against = |province| store.evidence().iter().filter(|e| e.province == Some(prefix(province))).count();
    assert_eq!((against("98"), against("99")), (1, 4));
}

fn fallen(world: &World, state: HistoryState) -> World {
    next(world, |world| {
        let from = world.trust.issued;
        let entry = HistoryEntry { state, from, compromised_since: None, log_head: None };
        assert!(world.province("99").anchors[0].history.append(entry));
    })
}

/// A directory that the list does not stand behind is not relied on, and not gone back behind.
#[test]
fn what_is_set_aside_is_not_forgotten() {
    let world = World::new();
    let mut newer = world.clone();
    newer.directory("99").seq = 7;
    newer.directory("99").issued = world.time(-HOUR / 2);
    let mut store = newer.sound_store();
    let withdrawn = fallen(&world, HistoryState::Withdrawn);
    assert!(offer(&mut store, &withdrawn.trust_object(), &world).is_ok());
    assert!(store.directory(prefix("99")).is_none());
    let mut store = reloaded(&store);
    assert!(store.directory(prefix("99")).is_none());
    assert_eq!(offer(&mut store, &newer.directory_object("99"), &world), Err(Reason::StoreUnauthorised));
    // Taken back in: what was held is there again, and what is older is still refused.
    let back = fallen(&withdrawn, HistoryState::Active);
    assert!(offer(&mut store, &back.trust_object(), &world).is_ok());
    assert_eq!(store.directory(prefix("99")).map(|held| held.directory().seq), Some(7));
    assert_eq!(offer(&mut store, &world.directory_object("99"), &world), Err(Reason::StoreRolledBack));

    // Of a province that left and came back too.
    let left = next(&back, |world| drop(world.trust.provinces.remove(&prefix("99"))));
    assert!(offer(&mut store, &left.trust_object(), &world).is_ok());
    let returned = next(&left, |world| world.trust.provinces = back.trust.provinces.clone());
    let mut store = reloaded(&store);
    assert!(offer(&mut store, &returned.trust_object(), &world).is_ok());
    assert_eq!(offer(&mut store, &world.directory_object("99"), &world), Err(Reason::StoreRolledBack));
    // A thief's maximal number is remembered as that of its epoch.
    let mut thief = newer.clone();
    (thief.directory("99").seq, thief.directory("99").issued) = (u64::MAX, world.time(-60));
    assert!(offer(&mut store, &thief.directory_object("99"), &world).is_ok());
    let raised = next(&returned, |world| world.province("99").epoch = 1);
    assert!(offer(&mut store, &raised.trust_object(), &world).is_ok());
    let mut fresh = world.clone();
    fresh.directory("99").epoch = 1;
    assert!(offer(&mut store, &fresh.directory_object("99"), &world).is_ok());
}

/// What is done to a directory, and what it is called.
type Change<'c> = (&'static str, &'c dyn Fn(&mut World));

/// Entries are retired and never removed: a directory that forgets is refused and kept as evidence.
#[test]
fn a_directory_goes_on_from_the_one_before() {
    let world = World::new();
    let republished = |change: &dyn Fn(&mut World)| {
        let mut world = world.clone();
        world.directory("99").seq += 1;
        world.directory("99").issued = world.time(-HOUR / 2);
        change(&mut world);
        world.directory_object("99")
    };
    let mut store = world.sound_store();
    let held = store.directory(prefix("99")).unwrap().bytes().to_vec();
    let entry =
        |state, world: &World| HistoryEntry { state, from: world.time(-HOUR), compromised_since: None, log_head: None };
    let forgetting: [Change<'_>; 7] = [
        ("an entry is gone", &|world| drop(world.directory("99").issuers.pop())),
        ("all are gone", &|world| world.directory("99").issuers.clear()),
        ("a wider mandate", &|world| world.directory("99").issuers[0].mandate.types = None),
        ("another authority", &|world| world.directory("99").issuers[0].authority = code("11980000MB0000000E")),
        ("another beginning", &|world| world.directory("99").issuers[0].signing = world.period(-DAY, DAY)),
        ("another history", &|world| {
            world.directory("99").issuers[0].history = zhengyin::trust::History::active_since(world.time(-300 * DAY));
        }),
        ("another use", &|world| world.directory("99").issuers[0].uses = vec![zhengyin::x509::Use::Status]),
    ];
    for (what, change) in forgetting {
        let mut store = store.clone();
        let object = republished(change);
        assert_eq!(offer(&mut store, &object, &world), Err(Reason::StoreHistoryRewritten), "{what}");
        let evidence = reloaded(&store).evidence()[0].clone();
        assert_eq!((evidence.bytes, evidence.against), (object, held.clone()), "{what}: both are kept");
        assert_eq!(store.directory(prefix("99")).unwrap().directory().seq, 1);
    }
    let going_on: [Change<'_>; 4] = [
        ("a history grows", &|world| {
            let retired = entry(HistoryState::Retired, world);
            assert!(world.directory("99").issuers[0].history.append(retired));
        }),
        ("an end is brought forward", &|world| {
            world.directory("99").issuers[0].signing = world.period(-365 * DAY, DAY);
        }),
        ("a status list begins anew", &|world| {
            let stated = vec![Minimum { list: 1, epoch: 1, min_seq: 0 }];
            drop(world.directory("99").minimums.insert(code(AUTHORITY), stated));
        }),
        ("nothing", &|_| ()),
    ];
    for (what, change) in going_on {
        let mut store = store.clone();
        assert!(offer(&mut store, &republished(change), &world).is_ok(), "{what}");
    }
    // An epoch of a status list does not go back either.
    let stated = |epoch| {
        move |world: &mut World| {
            let directory = world.directory("99");
            directory.seq += epoch;
            directory.issued = directory.issued.saturating_add(i64::try_from(epoch).unwrap());
            let minimum = Minimum { list: 1, epoch: 3 - epoch, min_seq: 0 };
            drop(directory.minimums.insert(code(AUTHORITY), vec![minimum]));
        }
    };
    assert!(offer(&mut store, &republished(&stated(0)), &world).is_ok());
    assert_eq!(offer(&mut store, &republished(&stated(1)), &world), Err(Reason::StoreHistoryRewritten));
    // What a thief wrote binds nobody once the trust list does not stand behind it.
    let raised = next(&world, |world| world.province("99").epoch = 1);
    let mut fresh = world.clone();
    (fresh.directory("99").epoch, fresh.directory("99").issuers) = (1, Vec::new());
    assert!(offer(&mut store, &raised.trust_object(), &world).is_ok());
    assert!(offer(&mut store, &fresh.directory_object("99"), &world).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// In whatever order and however often lists come, also over several packs and restarts: never back, never another chain, and all of
    /// them together lead to the last.
    #[test]
    fn lists_in_any_order_lead_to_the_last(order in proptest::collection::vec((0usize..6, 0u8..4), 0..24)) {
        let worlds = rotations();
        let objects: Vec<Vec<u8>> = worlds.iter().map(World::trust_object).collect();
        let mut store = Store::new(worlds[0].pin());
        let mut reached = 0;
        for (at, restart) in order {
            let answer = offer(&mut store, &objects[at], &worlds[5]);
            let seq = store.trust().map_or(0, |held| held.list().seq);
            prop_assert!(seq >= reached && seq <= 6);
            prop_assert_eq!(matches!(answer, Ok(Accepted::New { .. })), seq > reached);
            reached = seq;
            if restart == 0 {
                store = reloaded(&store);
            }
        }
        prop_assert!(store.evidence().is_empty());
        store.apply_pack(&objects.concat(), worlds[5].asked()).unwrap();
        prop_assert_eq!(store.trust().unwrap().list().seq, 6);
        prop_assert_eq!(store.trust().unwrap().digest(), holding(&worlds).trust().unwrap().digest());
    }
}
