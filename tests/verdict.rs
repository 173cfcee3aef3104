//! The properties of the verdict (procedure.md §2), over the demonstration world.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]

use proptest::prelude::*;
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::time::{Clock, Timestamp};
use zhengyin::verify::{Asked, Context, Outcome, Report, Step, Texts, Verdict, Verifier};

#[path = "../examples/world/mod.rs"]
mod world;

use world::{DAY, HOUR, Issued, World};

/// Who issues the business licenses.
const AUTHORITY: &str = "11990100MB0000000P";

/// A world with one license for each thing that may be wrong with one.
struct Cases {
    world: World,
    licenses: Vec<(&'static str, Vec<u8>)>,
}

fn cases() -> Cases {
    let mut world = World::new();
    let state = |world: &mut World, state| {
        let license = world.issue("business-license");
        world.set_state(&license, state);
        license.bytes
    };
    let good = world.issue("business-license").bytes;
    let mut licenses = vec![("good", good.clone())];
    for (name, to) in [
        ("revoked", State::Revoked),
        ("suspended", State::Suspended),
        ("superseded", State::Superseded),
        ("lost", State::ReportedLost),
        ("void", State::Void),
    ] {
        licenses.push((name, state(&mut world, to)));
    }
    licenses.push(("expired", world.issue("hygiene-permit").bytes));
    licenses.push(("outside", world.issue("business-license-outside-mandate").bytes));
    let payload = Envelope::parse(&good, Expected::AnyKnown).unwrap().claimed_payload();
    let at = good.windows(payload.len()).position(|window| window == payload).unwrap() + payload.len() - 1;
    licenses.push(("tampered", world::spoil::flip(&good, at, 0)));
    // Signed by a key that no directory lists.
    let Issued { facts, credential, .. } = world.issue("business-license");
    licenses.push(("stranger", world.sign_license(&facts, &credential, "a key that nobody listed")));
    Cases { world, licenses }
}

fn policy(report_region: &str) -> Policy {
    Policy::counter(zhengyin::claims::id::Region::parse(report_region).ok())
}

fn region_of(license: &[u8]) -> String {
    let envelope = Envelope::parse(license, Expected::AnyKnown).unwrap();
    let claims = zhengyin::claims::LicenseClaims::parse(envelope.claimed_payload());
    claims.map_or("990000".into(), |claims| claims.claimed().license.region.as_str().into())
}

fn verify<'a>(store: &'a Store, license: &'a [u8], clock: Clock) -> Report<'a> {
    Verifier::new(store, policy(&region_of(license))).verify(license, clock)
}

fn store_of(world: &World, objects: &[Vec<u8>]) -> Store {
    let mut store = Store::new(world.pin());
    let pack: Vec<u8> = objects.concat();
    store.apply_pack(&pack, world.asked()).unwrap();
    store
}

#[test]
fn each_case_has_its_verdict_and_its_ground() {
    let Cases { world, licenses } = cases();
    let store = world.sound_store();
    for (name, license) in &licenses {
        let report = verify(&store, license, world.clock());
        let decided = report.steps().deciding();
        let expected = match *name {
            "good" => None,
            "revoked" => Some((Step::Status, Reason::StatusRevoked)),
            "suspended" => Some((Step::Status, Reason::StatusSuspended)),
            "superseded" => Some((Step::Status, Reason::StatusSuperseded)),
            "lost" => Some((Step::Status, Reason::StatusReportedLost)),
            "void" => Some((Step::Status, Reason::StatusVoid)),
            "expired" => Some((Step::Period, Reason::PeriodExpired)),
            "outside" => Some((Step::Issuer, Reason::IssuerType)),
            "tampered" => Some((Step::Signature, Reason::SignatureBad)),
            _ => Some((Step::Issuer, Reason::IssuerNotListed)),
        };
        assert_eq!(decided, expected, "{name}");
        let verdict = if expected.is_none() { Verdict::Valid } else { Verdict::Invalid };
        assert_eq!(report.verdict(), verdict, "{name}");
        assert_eq!(report.is_authentic(), report.license().is_some());
    }
}

/// Without an anchor nothing is valid, and nothing is invalid but what the bytes themselves prove.
#[test]
fn an_empty_store_judges_nothing() {
    let Cases { world, licenses } = cases();
    let store = Store::new(world.pin());
    for (name, license) in &licenses {
        let report = verify(&store, license, world.clock());
        assert_eq!(report.steps().issuer, Outcome::Unknown(Reason::StateMissing), "{name}");
        let verdict = if *name == "expired" { Verdict::Invalid } else { Verdict::Undetermined };
        assert_eq!(report.verdict(), verdict, "{name}");
    }
}

/// Properties A and B: withholding any objects never makes a verdict valid, and never invalid.
#[test]
fn withholding_data_proves_nothing() {
    let Cases { world, licenses } = cases();
    let full = world.sound_store();
    let province = |code: &str| world.directory_object(code);
    let relevant = [
        world.trust_object(),
        province("99"),
        province("98"),
        province("97"),
        province("96"),
        world.status_object(AUTHORITY),
    ];
    let mut pairs = 0;
    for held in 0u32..1 << relevant.len() {
        let objects: Vec<_> =
            relevant.iter().enumerate().filter(|(n, _)| held >> n & 1 == 1).map(|(_, object)| object.clone()).collect();
        let store = store_of(&world, &objects);
        for (name, license) in &licenses {
            let (whole, part) = (verify(&full, license, world.clock()), verify(&store, license, world.clock()));
            match (whole.verdict(), part.verdict()) {
                (Verdict::Valid, part) => assert_ne!(part, Verdict::Invalid, "{name} {held:b}"),
                (Verdict::Undetermined, part) => assert_eq!(part, Verdict::Undetermined, "{name} {held:b}"),
                (Verdict::Invalid, part) => assert_ne!(part, Verdict::Valid, "{name} {held:b}"),
            }
            pairs += 1;
        }
    }
    println!("{pairs} pairs of stores compared");
}

/// Property E: the order of objects in a pack changes nothing. Property F: the same inputs give the same bytes.
#[test]
fn the_order_of_a_pack_changes_nothing() {
    let Cases { world, licenses } = cases();
    let mut objects = world.objects();
    let reference = store_of(&world, &objects).to_bytes();
    let reports = |store: &Store| -> Vec<Vec<u8>> {
        let report = |license: &Vec<u8>| verify(store, license, world.clock()).to_value(Texts::Both).to_cbor().unwrap();
        licenses.iter().map(|(_, license)| report(license)).collect()
    };
    let expected = reports(&store_of(&world, &objects));
    for turn in 0..objects.len() {
        objects.rotate_left(1);
        if turn % 2 == 0 {
            objects.reverse();
        }
        let store = store_of(&world, &objects);
        assert_eq!(store.to_bytes(), reference);
        assert_eq!(reports(&store), expected);
        let reloaded = Store::from_bytes(&store.to_bytes()).unwrap();
        assert_eq!(reports(&reloaded), expected, "a store read back gives the same reports");
    }
}

/// Property G: no change of one bit of a license is valid.
#[test]
fn no_flipped_bit_is_valid() {
    let mut world = World::new();
    let license = world.issue("driving-licence").bytes;
    let store = world.sound_store();
    assert_eq!(verify(&store, &license, world.clock()).verdict(), Verdict::Valid);
    let verifier = Verifier::new(&store, policy(&region_of(&license)));
    for at in 0..license.len() {
        for bit in 0..8 {
            let flipped = world::spoil::flip(&license, at, bit);
            assert_ne!(verifier.verify(&flipped, world.clock()).verdict(), Verdict::Valid, "byte {at} bit {bit}");
        }
    }
    for end in 0..license.len() {
        assert_eq!(verifier.verify(&license[..end], world.clock()).verdict(), Verdict::Invalid, "cut at {end}");
    }
    for more in [&[0u8][..], &[0xff], &[0xf6], &[0x80], b"more"] {
        let longer = [&license, more].concat();
        assert_ne!(verifier.verify(&longer, world.clock()).verdict(), Verdict::Valid, "{more:?}");
    }
}

fn certain(outcome: Asked) -> bool {
    !matches!(outcome, Asked::Asked(Outcome::Unknown(_)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Property C: widening the window of time never adds certainty.
    #[test]
    fn knowing_the_time_less_well_adds_no_certainty(
        offset in prop_oneof![-3 * DAY..40 * DAY, -30 * DAY..800 * DAY],
        narrow in 0u32..200_000,
        more in 0u32..200_000,
    ) {
        let Cases { world, licenses } = cases();
        let store = world.sound_store();
        let now = world.base.saturating_add(offset);
        // The same middle, unless the floor cuts it: then only the upper end moves.
        let clock = |uncertainty| Clock::Reads { now, uncertainty };
        for (name, license) in &licenses {
            let sharp = verify(&store, license, clock(narrow));
            let blurred = verify(&store, license, clock(narrow.saturating_add(more)));
            for step in Step::ALL {
                let (sharp, blurred) = (sharp.steps().get(step), blurred.steps().get(step));
                prop_assert!(!certain(blurred) || blurred == sharp, "{name} {step:?}: {sharp:?} became {blurred:?}");
            }
            let none = verify(&store, license, Clock::Absent);
            for step in Step::ALL {
                prop_assert!(!certain(none.steps().get(step)) || none.steps().get(step) == sharp.steps().get(step)
                    || now < store.floor(), "{name} {step:?} without a clock");
            }
        }
    }

    /// Property D: narrowing a mandate never adds validity.
    #[test]
    fn a_narrower_mandate_adds_no_validity(
        regions in prop::sample::subsequence(vec!["99", "9901", "990101", "98"], 1..=3),
        types in prop::option::of(prop::sample::subsequence(vec!["11990000MB0000000J", "11990000MB0000000J001", "11980000MB0000000E"], 1..=2)),
    ) {
        let mut world = World::new();
        let license = world.issue("business-license");
        let before = verify(&world.store(), &license.bytes, world.clock()).verdict();
        let mut narrowed = world.clone();
        narrowed.give_mandate(license.credential.issuer.as_str(), &regions, types.as_deref());
        let wide = world.entry(license.credential.issuer.as_str(), zhengyin::x509::Use::License).mandate.clone();
        let narrow = narrowed.entry(license.credential.issuer.as_str(), zhengyin::x509::Use::License).mandate.clone();
        let after = verify(&narrowed.store(), &license.bytes, world.clock()).verdict();
        if wide.check_contains(&narrow).is_ok() {
            prop_assert!(before == Verdict::Valid || after != Verdict::Valid);
        }
    }

    /// The answer holds until the moment that the report names: at every later reading that may still be before it, by a clock that is
    /// as uncertain as now, or drifted as clocks do.
    #[test]
    fn a_verdict_holds_until_it_says(
        offset in prop_oneof![-DAY..60 * DAY, -40 * DAY..-DAY],
        uncertainty in prop_oneof![Just(120u32), Just(0), 0u32..100_000],
        later in prop_oneof![0..10 * DAY, 0..400 * DAY],
        drifts in any::<bool>(),
        asked in prop::option::of(-40 * DAY..10 * DAY),
        known in prop::option::of(-10 * DAY..10 * DAY),
    ) {
        let Cases { world, licenses } = cases();
        let store = world.sound_store();
        let now = world.base.saturating_add(offset);
        let time = |seconds: i64| world.base.saturating_add(seconds);
        let context = Context { event_time: asked.map(time), known_as_of: known.map(time), ..Context::default() };
        for (name, license) in &licenses {
            let verifier = Verifier::new(&store, policy(&region_of(license))).with_context(context);
            let reads = |now, uncertainty| Clock::Reads { now, uncertainty };
            let first = verifier.verify(license, reads(now, uncertainty));
            let drift = if drifts { u32::try_from(later * 5 / DAY).unwrap() } else { 0 };
            // Any reading, and the last one that may be before.
            let last = first.good_until().map(|until| until.saturating_add(i64::from(uncertainty) - 1));
            for (then, u) in [(now.saturating_add(later), uncertainty + drift), (last.unwrap_or(Timestamp::MAX), uncertainty)] {
                let may_be_before = first.good_until().is_none_or(|until| store.window(reads(then, u)).lo() < until);
                if then >= now && may_be_before {
                    let second = verifier.verify(license, reads(then, u));
                    prop_assert_eq!(second.verdict(), first.verdict(), "{} at {}, by {:?}", name, then, first.ends_by());
                }
            }
            prop_assert_eq!(first.good_until().is_some(), first.ends_by().is_some());
        }
    }

    /// To be told the time better, or to wait, makes a verdict valid only by becoming certain in time: what was certain stays, but for
    /// what the passing of time itself brings; and asking by the knowledge of the clock's own reading changes nothing.
    #[test]
    fn asking_by_the_knowledge_of_now_is_asking_now(offset in -HOUR..60 * DAY) {
        let Cases { world, licenses } = cases();
        let store = world.sound_store();
        let now = world.base.saturating_add(offset);
        let clock = Clock::Reads { now, uncertainty: 0 };
        for (name, license) in &licenses {
            let verifier = |context| Verifier::new(&store, policy(&region_of(license))).with_context(context);
            let plain = verifier(Context::default()).verify(license, clock);
            let asked = Context { known_as_of: Some(now), ..Context::default() };
            let asked = verifier(asked).verify(license, clock);
            prop_assert_eq!(plain.steps(), asked.steps(), "{}", name);
            prop_assert_eq!(asked.good_until(), None, "what was known then stays so");
            let event = Context { event_time: Some(now), ..Context::default() };
            prop_assert_eq!(plain.verdict(), verifier(event).verify(license, clock).verdict(), "{}", name);
        }
    }
}

/// A key id is a hint: what is wrong with the key that it hints at proves nothing while another may be meant.
#[test]
fn a_hint_at_a_fallen_key_proves_nothing() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let tampered = world::spoil::flip(&license.bytes, license.bytes.len() - 3, 0);
    let from = world.time(-30 * DAY);
    world.befall(AUTHORITY, zhengyin::x509::Use::License, zhengyin::trust::HistoryState::Compromised, from, None);
    let closed = world.sound_store();
    assert_eq!(verify(&closed, &tampered, world.clock()).verdict(), Verdict::Invalid);
    world.make_incomplete("99");
    let open = world.sound_store();
    let report = verify(&open, &tampered, world.clock());
    assert_eq!(report.verdict(), Verdict::Undetermined);
    assert_eq!(report.steps().signature, Outcome::Unknown(Reason::SignatureNoCandidate));
    // The same key, whose signature verifies, is what it is.
    assert_eq!(verify(&open, &license.bytes, world.clock()).steps().issuer, Outcome::Failed(Reason::IssuerCompromised));
}

/// What the trust list publishes as defective is refused, undetermined or warned of, as it says.
#[test]
fn a_known_defect_is_treated_as_the_list_says() {
    let mut world = World::new();
    let (defective, sound) = (world.issue("business-license"), world.issue("business-license"));
    let key_id = world::key(&world::license_key(AUTHORITY)).public_key().key_id();
    let index = defective.credential.status.index;
    let defect = |treatment, from| zhengyin::trust::Defect {
        id: "defect-1".into(),
        applies_to: zhengyin::trust::DefectMatch {
            key_id,
            positions: Some((world::LIST, index, index)),
            issued: None,
            type_code: None,
        },
        kind: "misprint".into(),
        treatment,
        names: zhengyin::trust::Names::new("示例瑕疵", "Example defect"),
        from,
    };
    use zhengyin::trust::Treatment::{Manual, Reject, Warn};
    let (before, after) = (world.time(-DAY), world.time(DAY));
    for (treatment, from, verdict) in [
        (Reject, before, Verdict::Invalid),
        (Manual, before, Verdict::Undetermined),
        (Warn, before, Verdict::Valid),
        (Reject, after, Verdict::Valid),
    ] {
        let mut world = world.clone();
        world.trust.defects = vec![defect(treatment, from)];
        let store = world.sound_store();
        let report = verify(&store, &defective.bytes, world.clock());
        assert_eq!(report.verdict(), verdict, "{treatment:?} from {from}");
        assert_eq!(report.good_until().is_some_and(|until| until <= after), from == after, "{treatment:?} from {from}");
        assert_eq!(verify(&store, &sound.bytes, world.clock()).verdict(), Verdict::Valid);
    }
}

#[test]
fn a_stale_list_never_calls_a_license_forged() {
    let Cases { world, licenses } = cases();
    let store = world.sound_store();
    for hours in [0, 24, 24 * 7, 24 * 30, 24 * 365, 24 * 3_650] {
        let clock = Clock::reads(world.base.saturating_add(hours * HOUR));
        for (name, license) in licenses.iter().filter(|(name, _)| matches!(*name, "good" | "tampered" | "stranger")) {
            let report = verify(&store, license, clock);
            match *name {
                "good" => {
                    assert_eq!(report.steps().signature, Outcome::Passed, "after {hours} h");
                    let forged = report.axes().authenticity == "forged";
                    assert!(!forged && report.verdict() != Verdict::Invalid, "after {hours} h");
                }
                _ => assert_ne!(report.verdict(), Verdict::Valid, "{name} after {hours} h"),
            }
        }
    }
}
