//! Withholding the newer of two objects: the one thing that freshness allows. Properties A and B hold but for an object that the held one
//! precedes, while the held one is before its `next_update` and grace; all such pairs are named here.

use std::collections::{BTreeMap, BTreeSet};

use zhengyin::claims::id::Region;
use zhengyin::policy::Policy;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::trust::{HistoryEntry, HistoryState};
use zhengyin::verify::{Verdict, Verifier};
use zhengyin::x509::Use;

use super::procedure::DAY;
use super::small::AUTHORITY;
use super::world::{HOUR, World};

/// The kind of the object of which there are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Trust,
    Directory,
    Status,
}

/// How old the older one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    Fresh,
    Overdue,
    Stale,
}

/// What the older says and what the newer says.
type Change = (&'static str, Kind, fn(&mut World), fn(&mut World));

fn nothing(_: &mut World) {}

fn state<const N: u8>(world: &mut World) {
    let state = State::from_number(N).unwrap();
    world.list(AUTHORITY).states.insert(0, state);
}

fn fallen(world: &mut World) {
    let from = world.time(-100 * DAY);
    world.befall(AUTHORITY, Use::License, HistoryState::Withdrawn, from, None);
}

fn stolen(world: &mut World) {
    let from = world.time(-100 * DAY);
    world.befall(AUTHORITY, Use::License, HistoryState::Compromised, from, None);
}

fn unlisted(world: &mut World) {
    world.unlist(AUTHORITY);
}

fn narrowed(world: &mut World) {
    world.give_mandate(AUTHORITY, &["9903"], None);
}

fn signed_off(world: &mut World) {
    world.give_signing(AUTHORITY, -365 * DAY, -60 * DAY);
}

fn suspended(world: &mut World) {
    let from = world.time(-100 * DAY);
    let entry = HistoryEntry { state: HistoryState::Withdrawn, from, compromised_since: None, log_head: None };
    assert!(world.province("99").history.append(entry));
}

const CHANGES: &[Change] = &[
    ("revoked", Kind::Status, nothing, state::<1>),
    ("suspended", Kind::Status, nothing, state::<2>),
    ("superseded", Kind::Status, nothing, state::<3>),
    ("cancelled", Kind::Status, nothing, state::<4>),
    ("withdrawn", Kind::Status, nothing, state::<5>),
    ("reported lost", Kind::Status, nothing, state::<6>),
    ("suspension lifted", Kind::Status, state::<2>, nothing),
    ("found again", Kind::Status, state::<6>, nothing),
    ("suspended, then revoked", Kind::Status, state::<2>, state::<1>),
    ("key withdrawn", Kind::Directory, nothing, fallen),
    ("key stolen", Kind::Directory, nothing, stolen),
    ("key listed", Kind::Directory, unlisted, nothing),
    ("key taken out", Kind::Directory, nothing, unlisted),
    ("mandate narrowed", Kind::Directory, nothing, narrowed),
    ("mandate widened", Kind::Directory, narrowed, nothing),
    ("signing period shortened", Kind::Directory, nothing, signed_off),
    ("signing period lengthened", Kind::Directory, signed_off, nothing),
    ("province suspended", Kind::Trust, nothing, suspended),
    ("province taken back", Kind::Trust, suspended, nothing),
];

/// Issued and due, so many seconds from the base time.
fn dates(kind: Kind, age: Age) -> (i64, i64) {
    match (kind, age) {
        (Kind::Trust, Age::Fresh) => (-5 * DAY, 90 * DAY),
        (Kind::Trust, Age::Overdue) => (-95 * DAY, -5 * DAY),
        (Kind::Trust, Age::Stale) => (-130 * DAY, -40 * DAY),
        (Kind::Directory, Age::Fresh) => (-2 * HOUR, 7 * DAY),
        (Kind::Directory, Age::Overdue) => (-9 * DAY, -2 * DAY),
        (Kind::Directory, Age::Stale) => (-20 * DAY, -13 * DAY),
        (Kind::Status, Age::Fresh) => (-2 * HOUR, DAY),
        (Kind::Status, Age::Overdue) => (-2 * DAY, -DAY),
        (Kind::Status, Age::Stale) => (-6 * DAY, -5 * DAY),
    }
}

fn object(world: &World, kind: Kind, change: fn(&mut World), (issued, due): (i64, i64), seq: u64) -> Vec<u8> {
    let mut world = world.clone();
    change(&mut world);
    let (issued, due) = (world.time(issued), world.time(due));
    match kind {
        Kind::Trust => {
            (world.trust.seq, world.trust.issued, world.trust.next_update) = (seq, issued, due);
            world.trust_object()
        }
        Kind::Directory => {
            let directory = world.directory("99");
            (directory.seq, directory.issued, directory.next_update) = (seq, issued, due);
            world.directory_object("99")
        }
        Kind::Status => {
            let facts = &mut world.list(AUTHORITY).facts;
            (facts.seq, facts.issued, facts.next_update) = (seq, issued, due);
            world.status_object(AUTHORITY)
        }
    }
}

#[test]
fn only_a_newer_object_may_turn_a_verdict_and_only_while_the_older_one_is_current() {
    let mut world = World::new();
    world.give_mandate(AUTHORITY, &["9901"], None);
    let template = super::world::data::license("business-license");
    let mut credential = world.credential(AUTHORITY);
    // Before every directory of these, so that completeness speaks of it.
    (credential.issued_at, credential.not_before) = (world.time(-50 * DAY), world.time(-50 * DAY));
    let license = world.issue_as(template.facts, credential).bytes;
    let mut named: BTreeMap<(Kind, &str, Age), (Verdict, Verdict)> = BTreeMap::new();
    let (mut pairs, mut refused) = (0, BTreeSet::new());
    for (name, kind, before, after) in CHANGES.iter().copied() {
        for age in [Age::Fresh, Age::Overdue, Age::Stale] {
            let older = object(&world, kind, before, dates(kind, age), 1);
            let newer = object(&world, kind, after, (-HOUR, dates(kind, Age::Fresh).1), 2);
            let rest = [
                (Kind::Trust, world.trust_object()),
                (Kind::Directory, world.directory_object("99")),
                (Kind::Status, world.status_object(AUTHORITY)),
            ];
            let mut store = Store::new(world.pin());
            // What a suspended province signs is not taken in, and may be when it is taken back: all is offered again.
            let offer = |store: &mut Store| {
                for (of, object) in &rest {
                    let _ = store.apply(if *of == kind { &older } else { object }, world.asked());
                }
            };
            offer(&mut store);
            let verdict = |store: &Store| {
                let policy = Policy::counter(Region::parse("990102").ok());
                Verifier::new(store, policy).verify(&license, world.clock()).verdict()
            };
            let part = verdict(&store);
            let answer = store.apply(&newer, world.asked());
            offer(&mut store);
            let whole = verdict(&store);
            if let Err(refusal) = answer {
                // What may not be said is not taken in, and then it turns nothing.
                assert_eq!(part, whole, "{name} {age:?}");
                refused.insert((name, refusal.reason.symbol()));
                continue;
            }
            pairs += 1;
            // A: never valid for want of the newer one, but while the older one may be relied on.
            if part == Verdict::Valid && whole != Verdict::Valid {
                assert_ne!(age, Age::Stale, "A: {name}");
                named.insert((kind, name, age), (part, whole));
            }
            // B: never invalid for want of it, but while the older one may be relied on; of a list's word that may be lifted, before its
            // next_update, without grace.
            if part == Verdict::Invalid && whole != Verdict::Invalid {
                assert!(age == Age::Fresh || age == Age::Overdue && kind != Kind::Status, "B: {name} {age:?}");
                named.insert((kind, name, age), (part, whole));
            }
        }
    }
    for ((kind, name, age), (part, whole)) in &named {
        println!("{kind:?}, {name}, older one {age:?}: {} without the newer, {} with it", part.name(), whole.name());
    }
    println!("{pairs} pairs of objects, {} of them turn a verdict", named.len());
    assert_eq!(refused.into_iter().collect::<Vec<_>>(), REFUSED);
    // All of them: a pair that is no longer here, or a new one, is a change of what freshness means.
    let turning: Vec<_> = named.keys().map(|(kind, name, age)| (*kind, *name, *age)).collect();
    assert_eq!(turning, TURNING);
}

/// The pairs in which the older object alone gives a verdict that the newer one takes back.
const TURNING: &[(Kind, &str, Age)] = &[
    (Kind::Trust, "province suspended", Age::Fresh),
    (Kind::Trust, "province suspended", Age::Overdue),
    (Kind::Directory, "key listed", Age::Fresh),
    (Kind::Directory, "key stolen", Age::Fresh),
    (Kind::Directory, "key stolen", Age::Overdue),
    (Kind::Directory, "key withdrawn", Age::Fresh),
    (Kind::Directory, "key withdrawn", Age::Overdue),
    (Kind::Directory, "signing period lengthened", Age::Fresh),
    (Kind::Directory, "signing period lengthened", Age::Overdue),
    (Kind::Directory, "signing period shortened", Age::Fresh),
    (Kind::Directory, "signing period shortened", Age::Overdue),
    (Kind::Status, "cancelled", Age::Fresh),
    (Kind::Status, "cancelled", Age::Overdue),
    (Kind::Status, "found again", Age::Fresh),
    (Kind::Status, "reported lost", Age::Fresh),
    (Kind::Status, "reported lost", Age::Overdue),
    (Kind::Status, "revoked", Age::Fresh),
    (Kind::Status, "revoked", Age::Overdue),
    (Kind::Status, "superseded", Age::Fresh),
    (Kind::Status, "superseded", Age::Overdue),
    (Kind::Status, "suspended", Age::Fresh),
    (Kind::Status, "suspended", Age::Overdue),
    (Kind::Status, "suspension lifted", Age::Fresh),
    (Kind::Status, "withdrawn", Age::Fresh),
    (Kind::Status, "withdrawn", Age::Overdue),
];

/// Changes that no newer object may make: a store refuses it.
const REFUSED: &[(&str, &str)] = &[
    ("key taken out", "store.history_rewritten"),
    ("mandate narrowed", "store.history_rewritten"),
    ("mandate widened", "store.history_rewritten"),
];
