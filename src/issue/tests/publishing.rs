//! What is not published: lists and directories that a verifier would refuse, or that go back behind those before them.

use alloc::collections::BTreeMap;

use super::world::spoil::flip;
use super::world::{BASE, HOUR, OPERATOR};
use super::*;
use crate::status::State;
use crate::store::Refusal;
use crate::time::{TimeWindow, Timestamp};
use crate::trust::{Directory, Discontinuity, HistoryEntry, HistoryState, TrustList};
use crate::x509::Use;

const AUTHORITY: &str = "11990100MB0000000P";

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(BASE + seconds).unwrap()
}

/// The list that follows the world's.
fn next(world: &World) -> TrustList {
    TrustList { seq: 2, issued: at(60), ..world.trust.clone() }
}

fn publish(list: &TrustList, store: Option<&Store>, operators: &[&str]) -> Result<Vec<u8>, TrustListError> {
    let keys: Vec<_> = operators.iter().map(|operator| key(operator)).collect();
    let signers: Vec<&dyn Signer> = keys.iter().map(|key| -> &dyn Signer { key }).collect();
    publish_trust_list(list, store, &signers)
}

fn refused<T>(result: Result<T, TrustListError>) -> Option<Reason> {
    match result {
        Err(TrustListError::Refused(Refusal { reason, .. })) => Some(reason),
        _ => None,
    }
}

#[test]
fn a_trust_list_follows_the_one_before_it() {
    let world = World::new();
    let store = world.store();
    assert!(publish(&next(&world), Some(&store), &[OPERATOR]).is_ok());
    let cases = [
        (TrustList { seq: 1, ..next(&world) }, Reason::StoreEquivocation),
        (TrustList { seq: 0, ..next(&world) }, Reason::StoreNumberFell),
        (TrustList { seq: 0, issued: world.trust.issued, ..next(&world) }, Reason::StoreRolledBack),
        (TrustList { issued: world.trust.issued, ..next(&world) }, Reason::StoreNotLater),
        (TrustList { federation: "另一联邦".into(), ..next(&world) }, Reason::StoreUnauthorised),
    ];
    for (list, reason) in cases {
        assert_eq!(refused(publish(&list, Some(&store), &[OPERATOR])), Some(reason));
    }
    assert_eq!(refused(publish(&next(&world), Some(&store), &["stranger"])), Some(Reason::StoreSkipped));
    assert_eq!(publish(&next(&world), Some(&store), &[]), Err(TrustListError::Draft(DraftError::Unsigned)));
    let dated = TrustList { next_update: at(0), ..next(&world) };
    assert!(matches!(publish(&dated, Some(&store), &[OPERATOR]), Err(TrustListError::Read(_))));
}

#[test]
fn a_trust_list_needs_its_threshold_and_a_changed_one_both() {
    let mut world = World::new();
    world.give_operators(3, 2);
    assert_eq!(refused(publish(&world.trust, None, &["operator 1"])), Some(Reason::StoreUnauthorised));
    assert!(publish(&world.trust, None, &["operator 3", "operator 1"]).is_ok());
    let store = world.store();
    let mut renewed = world.clone();
    renewed.trust = next(&world);
    renewed.trust.signers.truncate(2);
    renewed.trust.signers[0].key = key("operator 9").public_key().clone().into();
    let publish = |operators: &[&str]| publish(&renewed.trust, Some(&store), operators);
    assert_eq!(refused(publish(&["operator 9", "operator 2"])), Some(Reason::StoreSkipped));
    assert_eq!(refused(publish(&["operator 1", "operator 2"])), Some(Reason::StoreSkipped));
    assert!(publish(&["operator 1", "operator 2", "operator 9"]).is_ok());
}

#[test]
fn histories_only_grow() {
    let mut world = World::new();
    world.befall_province("98", HistoryState::Withdrawn, at(-DAY));
    world.befall_anchor("97", HistoryState::Retired, at(-DAY), None);
    let store = world.store();
    let plain = World::new();
    for from in ["98", "97"] {
        let mut list = next(&world);
        list.provinces.insert(prefix(from), plain.trust.provinces[&prefix(from)].clone());
        let found = publish(&list, Some(&store), &[OPERATOR]);
        assert_eq!(found, Err(TrustListError::Fault(ListFault::HistoryRewritten(prefix(from)))));
    }
    // A province that was suspended is taken back in by one more entry.
    let back = HistoryEntry { state: HistoryState::Active, from: at(0), compromised_since: None, log_head: None };
    let mut list = next(&world);
    assert!(list.provinces.get_mut(&prefix("98")).unwrap().history.append(back));
    assert!(publish(&list, Some(&store), &[OPERATOR]).is_ok());
}

#[test]
fn an_anchor_is_an_issuer_and_claims_no_more_than_it_is_given() {
    let world = World::new();
    let mut leaf = world.trust.clone();
    let certificate = world.directories[&prefix("99")].issuers[0].certificate.clone();
    leaf.provinces.get_mut(&prefix("99")).unwrap().anchors[0].certificate = certificate;
    let mut narrower = world.trust.clone();
    narrower.provinces.get_mut(&prefix("99")).unwrap().anchors[0].mandate.regions = Vec::from([prefix("9901")]);
    for list in [leaf, narrower] {
        let found = publish(&list, None, &[OPERATOR]);
        assert_eq!(found, Err(TrustListError::Fault(ListFault::Anchor { province: prefix("99"), anchor: 0 })));
    }
}

/// The directory that follows the world's, and how it is published.
fn directory(world: &World) -> Directory {
    Directory { seq: 2, issued: at(60), ..world.directories[&prefix("99")].clone() }
}

fn publish_to(world: &World, directory: &Directory) -> Result<(), DirectoryError> {
    publish_directory(directory, Some(&world.store()), &key(&anchor_key("99"))).map(|_| ())
}

#[test]
fn a_directory_keeps_what_the_one_before_it_said() {
    let world = World::new();
    assert_eq!(publish_to(&world, &directory(&world)), Ok(()));
    let altered = |alter: fn(&mut Directory)| {
        let mut directory = directory(&world);
        alter(&mut directory);
        publish_to(&world, &directory)
    };
    assert_eq!(altered(|d| drop(d.issuers.remove(1))), Err(DirectoryError::Discontinuous(Discontinuity::Removed(1))));
    assert_eq!(
        altered(|d| d.issuers[2].mandate.regions.push(prefix("9902"))),
        Err(DirectoryError::Discontinuous(Discontinuity::Altered(2)))
    );
    assert_eq!(
        altered(|d| d.issuers[0].authority = world::code(AUTHORITY)),
        Err(DirectoryError::Discontinuous(Discontinuity::Altered(0)))
    );
    let earlier = |d: &mut Directory| {
        let until = d.issuers[0].signing.until();
        d.issuers[0].signing = crate::time::Period::new(BASE - 366 * DAY, until).unwrap();
    };
    assert_eq!(altered(earlier), Err(DirectoryError::Discontinuous(Discontinuity::Altered(0))));
    // What may change: the end, and what became of the key.
    let retired = |d: &mut Directory| {
        let from = d.issuers[0].signing.from();
        d.issuers[0].signing = crate::time::Period::new(from, Some(BASE)).unwrap();
        let entry = HistoryEntry { state: HistoryState::Retired, from: at(0), compromised_since: None, log_head: None };
        assert!(d.issuers[0].history.append(entry));
    };
    assert_eq!(altered(retired), Ok(()));
    assert_eq!(altered(|d| d.issuers[0].uses.push(Use::License)), Err(DirectoryError::NotKept));
}

#[test]
fn a_new_entry_is_admissible_and_signs_from_now_on() {
    let mut world = World::new();
    let store = world.store();
    let authority = data::authority(AUTHORITY);
    let place = world.enrol("99", &authority, Use::License, "a new key");
    let publish_to =
        |directory: &Directory| publish_directory(directory, Some(&store), &key(&anchor_key("99"))).map(|_| ());
    let mut next = directory(&world);
    assert_eq!(publish_to(&next), Err(DirectoryError::SignsTooEarly(place)));
    next.issuers[place].signing = world.period(60, 365 * DAY);
    assert_eq!(publish_to(&next), Ok(()));
    // Wider than its anchor's; of another use than its certificate's.
    let refused = |spoil: fn(&mut crate::trust::IssuerEntry)| {
        let mut next = next.clone();
        spoil(&mut next.issuers[place]);
        match publish_to(&next) {
            Err(DirectoryError::Entry { entry, reason }) if entry == place => Some(reason),
            _ => None,
        }
    };
    assert_eq!(refused(|entry| entry.mandate.regions.push(prefix("98"))), Some(Reason::CertificateMandate));
    assert_eq!(refused(|entry| entry.uses = Vec::from([Use::Status])), Some(Reason::CertificateUse));
    // The same key in a second certificate.
    let again = world.enrol("99", &data::authority("11990000MB0000000J"), Use::Status, "a new key");
    assert_eq!(publish_to(&directory(&world)), Err(DirectoryError::KeyTwice(again)));
    let mut damaged = next.clone();
    damaged.issuers[place].certificate.pop();
    assert_eq!(publish_to(&damaged), Err(DirectoryError::Unreadable(place)));
}

#[test]
fn a_directory_is_signed_by_an_anchor() {
    let world = World::new();
    for (signer, seq, reason) in [
        ("stranger".into(), 2, Reason::StoreUnauthorised),
        (license_key(AUTHORITY), 2, Reason::StoreUnauthorised),
        (anchor_key("98"), 2, Reason::StoreUnauthorised),
        (anchor_key("99"), 1, Reason::StoreEquivocation),
        (anchor_key("99"), 0, Reason::StoreNumberFell),
    ] {
        let next = Directory { seq, ..directory(&world) };
        let found = publish_directory(&next, Some(&world.store()), &key(&signer));
        assert!(matches!(found, Err(DirectoryError::Refused(refusal)) if refusal.reason == reason), "{found:?}");
    }
}

#[test]
fn a_status_list_follows_the_one_before_it() {
    let mut world = World::new();
    for _ in 0..3 {
        world.issue("business-license");
    }
    world.list(AUTHORITY).states = BTreeMap::from([(0, State::Suspended), (2, State::Revoked)]);
    let before = world.status_object(AUTHORITY);
    let facts = StatusFacts { seq: 2, issued: at(60), ..world.list(AUTHORITY).facts };
    let store = world.store();
    let signer = key(&status_key(AUTHORITY));
    let publish = |facts: &StatusFacts, states: &[(u32, State)]| {
        // From what the store holds, and from the list itself.
        let held = publish_status(facts, states.iter().copied(), None, Some(&store), &signer);
        assert_eq!(publish_status(facts, states.iter().copied(), Some(&before), None, &signer), held);
        held.map(|_| ())
    };
    let revoked = (2, State::Revoked);
    assert_eq!(publish(&facts, &[revoked]), Ok(()));
    assert_eq!(publish(&facts, &[(0, State::Revoked), (2, State::Cancelled)]), Ok(()));
    assert_eq!(publish(&StatusFacts { length: 9, ..facts }, &[revoked, (8, State::Void)]), Ok(()));
    assert_eq!(publish(&facts, &[]), Err(StatusError::Resurrected(2)));
    assert_eq!(publish(&facts, &[(2, State::Suspended)]), Err(StatusError::Resurrected(2)));
    assert_eq!(publish(&StatusFacts { length: 2, ..facts }, &[]), Err(StatusError::Shorter(3)));
    assert_eq!(publish(&StatusFacts { seq: 1, ..facts }, &[revoked]), Err(StatusError::NotLater));
    assert_eq!(publish(&StatusFacts { issued: at(-HOUR), ..facts }, &[revoked]), Err(StatusError::NotLater));
    assert!(matches!(publish(&StatusFacts { next_update: at(60), ..facts }, &[revoked]), Err(StatusError::Header(_))));
    assert!(matches!(publish(&facts, &[revoked, (1, State::Revoked)]), Err(StatusError::Body(_))));
    assert!(matches!(publish(&facts, &[(3, State::Revoked)]), Err(StatusError::Body(_))));
    // A raised epoch undoes what a thief published.
    let raised = StatusFacts { epoch: 1, seq: 0, ..facts };
    assert!(publish_status(&raised, [], Some(&before), None, &signer).is_ok());

    let other = StatusFacts { list: 2, ..facts };
    assert_eq!(publish_status(&other, [], Some(&before), None, &signer), Err(StatusError::OtherList));
    let damaged = flip(&before, before.len() - 1, 0);
    assert!(matches!(publish_status(&facts, [revoked], Some(&damaged), None, &signer), Err(StatusError::Previous(_))));
    for stranger in [license_key(AUTHORITY), status_key("11990000MB0000000J"), "stranger".into()] {
        let found = publish_status(&facts, [revoked], None, Some(&store), &key(&stranger));
        assert!(matches!(found, Err(StatusError::Refused(_))), "{found:?}");
    }
}

#[test]
fn a_failing_signer_is_told_as_one() {
    struct Liar;
    impl Signer for Liar {
        fn public_key(&self) -> &crate::suite::PublicKey {
            static KEY: std::sync::OnceLock<crate::suite::SecretKey> = std::sync::OnceLock::new();
            KEY.get_or_init(|| key(OPERATOR)).public_key()
        }

        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
            Ok(Vec::from([0; 64]))
        }
    }
    let world = World::new();
    let faulty = DraftError::Sign(SignError::Faulty);
    assert_eq!(publish_trust_list(&world.trust, None, &[&Liar]), Err(TrustListError::Draft(faulty)));
    let taken = world.store().apply(&world.trust_object(), TimeWindow::at(world.base));
    assert!(matches!(taken, Ok(Accepted::Known { .. })));
}
