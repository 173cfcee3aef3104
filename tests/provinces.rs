//! What one province's directory can do to another's licenses, and what the renewal of an anchor does to what the old one vouched for.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test")]

use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::trust::{HistoryEntry, HistoryState, Mandate, Minimum, Profile, Rename};
use zhengyin::verify::{Outcome, Report, Verdict, Verifier};
use zhengyin::x509::Use;

#[path = "../examples/world/mod.rs"]
mod world;

use world::{DAY, HOUR, Issued, LIST, World, data, prefix};

fn verify<'a>(store: &'a Store, license: &'a [u8], world: &World) -> Report<'a> {
    Verifier::new(store, Policy::counter(None).without_recognition()).verify(license, world.clock())
}

fn region(text: &str) -> zhengyin::claims::id::Region {
    zhengyin::claims::id::Region::parse(text).unwrap()
}

/// Province 98 lists a key of its own as a status signer of an authority of province 99, states a higher epoch for its list, and
/// publishes one on which nothing is revoked.
fn usurp(world: &mut World, license: &Issued) -> Vec<u8> {
    let issuer = license.credential.issuer;
    let authority = data::authority(issuer.as_str());
    let place = world.enrol("98", &authority, Use::Status, "usurper");
    let directory = world.directory("98");
    directory.issuers[place].mandate = Mandate { regions: vec![prefix("98")], types: None, authorities: None };
    directory.minimums.insert(issuer, vec![Minimum { list: LIST, epoch: 9, min_seq: 0 }]);
    let mut plan = world.list(issuer.as_str()).clone();
    plan.states.clear();
    (plan.facts.epoch, plan.signer) = (9, "usurper".into());
    world::status_object(&plan)
}

#[test]
fn no_province_clears_or_sets_what_another_revoked() {
    let mut world = World::new();
    let (revoked, good) = (world.issue("business-license"), world.issue("business-license"));
    world.set_state(&revoked, State::Revoked);
    let object = usurp(&mut world, &revoked);
    world.more.push(object);
    let store = world.sound_store();
    let report = verify(&store, &revoked.bytes, &world);
    assert_eq!(report.steps().status, Outcome::Failed(Reason::StatusRevoked));
    assert_eq!(verify(&store, &good.bytes, &world).verdict(), Verdict::Valid);
    let issuer = good.credential.issuer;
    assert!(
        store.status(prefix("98"), issuer, LIST).is_some(),
        "held, by the word of the province that lists its signer"
    );
    let reloaded = Store::from_bytes(&store.to_bytes()).unwrap();
    assert_eq!(verify(&reloaded, &revoked.bytes, &world).verdict(), Verdict::Invalid);
    assert_eq!(reloaded.to_bytes(), store.to_bytes());
}

/// A certificate is public: any province can list it, with a mandate of its own and a history of its own invention.
#[test]
fn no_province_harms_a_key_of_another_by_listing_it() {
    for compromised in [false, true] {
        let mut world = World::new();
        let license = world.issue("business-license");
        let issuer = license.credential.issuer;
        let at = world.time(-2 * DAY);
        for purpose in [Use::License, Use::Status] {
            let mut entry = world.entry(issuer.as_str(), purpose).clone();
            entry.mandate = Mandate { regions: vec![prefix("96")], types: None, authorities: None };
            entry.profile = Profile::Admitted;
            if compromised {
                let state = HistoryState::Compromised;
                let fallen = HistoryEntry { state, from: at, compromised_since: None, log_head: None };
                assert!(entry.history.append(fallen));
            }
            world.directory("96").issuers.push(entry);
        }
        let directory = world.directory("96");
        directory.minimums.insert(issuer, vec![Minimum { list: LIST, epoch: 9, min_seq: 7 }]);
        assert_eq!(verify(&world.sound_store(), &license.bytes, &world).verdict(), Verdict::Valid);
    }
}

/// The trust list keeps the old anchor beside the one that follows it.
#[test]
fn what_the_next_anchor_vouches_for_stands_beside_the_last() {
    for foreign in [false, true] {
        let mut world = World::new();
        let license = world.issue("business-license");
        if foreign {
            world.admit_foreign(license.credential.issuer.as_str());
        }
        let (ended, begun) = (world.period(-1_000 * DAY, -2 * DAY), world.period(-2 * DAY, 3_000 * DAY));
        let anchors = &mut world.province("99").anchors;
        anchors.push(anchors[0].clone());
        (anchors[0].interval, anchors[1].interval) = (ended, begun);
        assert_eq!(
            verify(&world.sound_store(), &license.bytes, &world).verdict(),
            Verdict::Valid,
            "foreign: {foreign}"
        );
        // Neither of them vouched for the day on which it was issued.
        let between = world.period(-HOUR, 3_000 * DAY);
        world.province("99").anchors[1].interval = between;
        let report = verify(&world.store(), &license.bytes, &world).steps().issuer;
        assert_eq!(report, Outcome::Failed(Reason::IssuerSigningPeriod), "foreign: {foreign}");
    }
}

/// The end of one anchor is seen at once in what it vouched for, and not only in what is offered afterwards.
#[test]
fn a_status_list_under_an_anchor_that_fell_is_not_relied_on() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let anchors = &mut world.province("99").anchors;
    anchors.push(anchors[0].clone());
    (anchors[0].uses, anchors[1].uses) = (vec![Use::License, Use::Directory], vec![Use::Status]);
    let mut store = world.sound_store();
    assert_eq!(verify(&store, &license.bytes, &world).verdict(), Verdict::Valid);
    let at = world.time(-HOUR / 2);
    (world.trust.seq, world.trust.issued) = (2, at);
    let fallen = HistoryEntry { state: HistoryState::Withdrawn, from: at, compromised_since: None, log_head: None };
    assert!(world.province("99").anchors[1].history.append(fallen));
    store.apply(&world.trust_object(), world.asked()).unwrap();
    let report = verify(&store, &license.bytes, &world);
    assert_eq!(report.steps().issuer, Outcome::Passed);
    assert_eq!(report.steps().status, Outcome::Unknown(Reason::StatusListRefused));
}

/// An anchor of a suite that this build does not know: the path may lead there, and is not proved to lead nowhere.
#[test]
fn an_anchor_of_an_unknown_suite_proves_nothing() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let anchors = &mut world.province("99").anchors;
    anchors.push(anchors[0].clone());
    anchors[0].uses.retain(|purpose| *purpose != Use::Directory);
    anchors[1].uses = vec![Use::Directory];
    // id-Ed448 in the place of id-Ed25519.
    let certificate = &mut anchors[0].certificate;
    for at in 0..certificate.len() - 2 {
        if certificate[at..].starts_with(&[0x2b, 0x65, 0x70]) {
            certificate[at + 2] = 0x71;
        }
    }
    let report = verify(&world.store(), &license.bytes, &world).steps().issuer;
    assert_eq!(report, Outcome::Unknown(Reason::EncodingAlgorithmUnknown));
}

/// Of two directories of one number neither proves anything.
#[test]
fn a_directory_that_contradicts_itself_is_no_proof() {
    let mut world = World::new();
    let license = world.issue("business-license-outside-mandate");
    let mut store = world.sound_store();
    assert_eq!(verify(&store, &license.bytes, &world).verdict(), Verdict::Invalid);
    let mut fork = world.clone();
    fork.directory("96").complete = false;
    assert!(store.apply(&fork.directory_object("96"), world.asked()).is_err());
    let report = verify(&store, &license.bytes, &world);
    assert_eq!(report.steps().issuer, Outcome::Unknown(Reason::IssuerEquivocation));
    assert_ne!(report.verdict(), Verdict::Invalid);
}

/// A mandate of before two changes still covers the district.
#[test]
fn a_district_renamed_twice_keeps_its_issuer() {
    let mut world = World::new();
    let mut license = world.issue("business-license");
    let issuer = license.credential.issuer;
    let (first, second, third) = (region("990177"), region("990188"), region("990199"));
    world.give_mandate(issuer.as_str(), &["990177"], None);
    license.facts.region = third;
    license = world.issue_as(license.facts, license.credential);
    let renames = |world: &World, later| {
        let (t1, t2) = (world.time(-30 * DAY), world.time(later));
        vec![Rename { old: second, new: third, from: t2 }, Rename { old: first, new: second, from: t1 }]
    };
    world.trust.renames = renames(&world, -20 * DAY);
    assert_eq!(verify(&world.sound_store(), &license.bytes, &world).verdict(), Verdict::Valid);
    // The second change came before the first: then the third code never followed the first one.
    world.trust.renames = renames(&world, -40 * DAY);
    let report = verify(&world.sound_store(), &license.bytes, &world).steps().issuer;
    assert_eq!(report, Outcome::Failed(Reason::IssuerRegion));
    // A circle ends.
    world.trust.renames.push(Rename { old: third, new: first, from: world.time(-50 * DAY) });
    assert_eq!(world.trust.names_of(third, world.base).iter().count(), 2);
}

/// What costs most is bounded before anyone has vouched for the bytes.
#[test]
fn what_nobody_signed_costs_little() {
    let mut world = World::new();
    world.give_operators(64, 1);
    let payload = world.trust.encode().unwrap();
    assert!(zhengyin::trust::TrustList::parse(&payload).is_ok());
    world.give_operators(65, 1);
    let payload = world.trust.encode().unwrap();
    assert!(zhengyin::trust::TrustList::parse(&payload).is_err());
    // Counted while it is read: the fault behind the last object that is taken is not reached.
    let mut pack = vec![0; 5_000];
    pack.push(0xff);
    let mut store = World::new().store();
    assert_eq!(store.apply_pack(&pack, world.asked()).unwrap_err().reason, Reason::EncodingTooLarge);
}

/// Withdrawn, and taken back in: what was signed before and after stands, what was signed in between does not, to the second.
#[test]
fn a_reactivation_makes_good_what_was_signed_before_and_after_and_nothing_between() {
    let (from, back) = (-10 * DAY, -5 * DAY);
    let withdrawn = Outcome::Unknown(Reason::IssuerAnchorWithdrawn);
    let fallen = [HistoryState::Withdrawn, HistoryState::Compromised];
    for (of_anchor, state) in [false, true].into_iter().flat_map(|of| fallen.map(|state| (of, state))) {
        // Compromised: in other hands for three days before it was noticed.
        let since = (state == HistoryState::Compromised).then_some(from - 3 * DAY);
        let begins = since.unwrap_or(from);
        // The key of an anchor that was in other hands is never good again.
        let lost = of_anchor && state == HistoryState::Compromised;
        for (signed, good) in [
            (-20 * DAY, true),
            (begins - 1, true),
            (begins, false),
            (from, false),
            (-7 * DAY, false),
            (back - 1, false),
            (back, true),
            (-2 * DAY, true),
        ] {
            let asked_with = |entries: &[(HistoryState, i64, Option<i64>)]| {
                let mut world = World::new();
                let mut license = world.issue("business-license");
                let at = world.time(signed);
                (license.credential.issued_at, license.credential.not_before) = (at, at);
                license = world.issue_as(license.facts, license.credential);
                for (state, from, since) in entries {
                    let (from, since) = (world.time(*from), since.map(|since| world.time(since)));
                    let entry = HistoryEntry { state: *state, from, compromised_since: since, log_head: None };
                    let province = world.province("99");
                    let history = if of_anchor { &mut province.anchors[0].history } else { &mut province.history };
                    assert!(history.append(entry));
                }
                verify(&world.store(), &license.bytes, &world).steps().issuer
            };
            let (fell, returned) = ((state, from, since), (HistoryState::Active, back, None));
            // An anchor that does not stand signs no directory either.
            let none = Outcome::Unknown(Reason::IssuerDirectoryMissing);
            let down = if lost { none } else { withdrawn };
            let expected = if good && !lost { Outcome::Passed } else { down };
            let what = format!("anchor: {of_anchor}, {state:?}, signed at {signed}");
            assert_eq!(asked_with(&[fell, returned]), expected, "{what}");
            // To be taken back in tomorrow is not to be taken back in.
            let tomorrow = (HistoryState::Active, DAY, None);
            let announced = asked_with(&[fell, tomorrow]);
            assert_eq!(announced, if of_anchor { none } else { withdrawn }, "{what}, announced");
            // Fallen once more: nothing stands, whenever it was signed.
            let again = asked_with(&[fell, returned, (HistoryState::Withdrawn, -HOUR / 2, None)]);
            assert_eq!(again, down, "{what}, again");
        }
    }
}

/// The anchor's certificate as one signed by an algorithm that no build knows: that of Ed448 in the place of Ed25519's.
fn unreadable(certificate: &[u8]) -> Vec<u8> {
    let mut bytes = certificate.to_vec();
    let ed25519 = [0x30, 5, 6, 3, 0x2b, 0x65, 0x70];
    let places: Vec<usize> = (0..bytes.len() - 7).filter(|at| bytes[*at..*at + 7] == ed25519).collect();
    // The algorithm within, that of the key, the algorithm outside.
    assert_eq!(places.len(), 3);
    (bytes[places[0] + 6], bytes[places[2] + 6]) = (0x71, 0x71);
    bytes
}

/// An anchor that was renewed by a certificate which this build cannot read: another build finds the way over that one, so what is missing
/// under the one before it proves nothing.
#[test]
fn what_an_anchor_that_cannot_be_read_may_vouch_for_is_not_refused_for_the_one_that_can() {
    let judged = |narrow: bool, ended: bool, renewed: Option<bool>| {
        let mut world = World::new();
        let license = world.issue("business-license");
        let (past, long_ago) = (world.time(-20 * DAY).seconds(), world.time(-900 * DAY).seconds());
        let over = zhengyin::time::Period::new(long_ago, Some(past)).unwrap();
        let anchors = &mut world.province("99").anchors;
        // Directories and status lists as ever; licenses by anchors of their own.
        let mut one = anchors[0].clone();
        one.uses = vec![Use::License];
        anchors[0].uses.retain(|purpose| *purpose != Use::License);
        let mut other = one.clone();
        if narrow {
            one.mandate = Mandate { regions: vec![prefix("9902")], types: None, authorities: None };
        }
        if ended {
            one.interval = over;
        }
        anchors.push(one);
        if let Some(ended) = renewed {
            other.certificate = unreadable(&other.certificate);
            if ended {
                other.interval = over;
            }
            anchors.push(other);
        }
        let store = world.store();
        verify(&store, &license.bytes, &world).steps().issuer
    };
    for (narrow, ended, ground) in
        [(true, false, Reason::CertificateMandate), (false, true, Reason::IssuerSigningPeriod)]
    {
        assert_eq!(judged(narrow, ended, None), Outcome::Failed(ground));
        assert_eq!(judged(narrow, ended, Some(false)), Outcome::Unknown(Reason::EncodingAlgorithmUnknown));
    }
    // Where it could not vouch either, it is proved as before.
    assert_eq!(judged(false, true, Some(true)), Outcome::Failed(Reason::IssuerSigningPeriod));
    assert_eq!(judged(false, false, Some(false)), Outcome::Passed);
}
