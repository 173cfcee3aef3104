//! Algorithms that go out of use, in a federation of two suites: what the trust list says of them makes nothing valid that was not, and an
//! answer is good until the date that would change it, and no longer.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]

#[path = "../examples/world/mod.rs"]
mod world;

use proptest::prelude::*;
use world::{DAY, HOUR, Issued, World, data, with_sm2};
use zhengyin::issue::{IssueError, issue_license};
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::suite::{Algorithm, Suites};
use zhengyin::time::Clock;
use zhengyin::trust::Sunset;
use zhengyin::verify::{Outcome, Report, Verdict, Verifier};

/// The provinces with SM2.
const OF_SM2: &[&str] = &["98", "96"];
const YEAR: i64 = 365 * DAY;

/// The federation, with licenses of both suites, every third of them revoked.
fn federation() -> (World, Vec<Issued>) {
    let mut world = World::new();
    let names = data::LICENSES.iter().map(|(name, _)| *name);
    let names = names.filter(|name| ![data::OUTSIDE_MANDATE, data::EXPIRED].contains(name));
    let licenses: Vec<_> = names.map(|name| world.issue(name)).collect();
    for license in licenses.iter().step_by(3) {
        world.set_state(license, State::Revoked);
    }
    (world, licenses)
}

fn verify<'a>(store: &'a Store, suites: Suites, license: &'a [u8], clock: Clock) -> Report<'a> {
    let mut policy = Policy::counter(None).without_recognition();
    policy.suites = suites;
    Verifier::new(store, policy).verify(license, clock)
}

fn at(world: &World, seconds: i64) -> Clock {
    Clock::Reads { now: world.time(seconds), uncertainty: 120 }
}

/// Of each algorithm, when it ends: around now, around what was signed, or long before or after.
fn sunsets() -> impl Strategy<Value = Vec<Option<(i64, Option<i64>)>>> {
    let moment =
        prop_oneof![-2 * YEAR..2 * YEAR, -2 * HOUR..2 * HOUR, Just(-DAY), Just(-DAY + 1), Just(-HOUR), -180_i64..180,];
    let one = (moment, proptest::option::of(prop_oneof![0..YEAR, Just(0), 0..3 * DAY]));
    proptest::collection::vec(proptest::option::of(one), Algorithm::ALL.len())
}

fn apply(world: &mut World, sunsets: &[Option<(i64, Option<i64>)>]) {
    let of = |(algorithm, ended): (&Algorithm, &Option<(i64, Option<i64>)>)| {
        let (signed, relied) = (*ended)?;
        let relied_until = relied.map(|after| world.time(signed + after));
        Some(Sunset { algorithm: algorithm.cose(), signed_until: world.time(signed), relied_until })
    };
    let mut listed: Vec<_> = Algorithm::ALL.iter().zip(sunsets).filter_map(of).collect();
    listed.sort_by_key(|sunset| sunset.algorithm);
    world.trust.sunsets = listed;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever ends, and whichever suites a policy accepts: what is valid was valid without, and what is proved was proved, but that a
    /// license was signed too late. Until its `good_until` an answer stays what it is.
    #[test]
    fn an_end_of_an_algorithm_makes_nothing_valid(
        ended in sunsets(),
        bits in 1u8..=3,
        place in any::<prop::sample::Index>(),
        later in 0..3 * DAY,
    ) {
        with_sm2(OF_SM2, || {
            let (mut world, licenses) = federation();
            let before = world.store();
            apply(&mut world, &ended);
            let after = world.store();
            let license = &licenses[place.index(licenses.len())].bytes;
            let suites = Suites::from_bits(bits).unwrap();
            let report = verify(&before, Suites::ALL, license, at(&world, 0));
            let told = verify(&after, suites, license, at(&world, 0));
            prop_assert!(told.verdict() != Verdict::Valid || report.verdict() == Verdict::Valid);
            for (step, outcome) in told.steps().outcomes() {
                let known = report.steps().get(step).outcome().unwrap();
                let too_late = outcome == Outcome::Failed(Reason::IssuerSuiteEnded);
                let withheld = matches!(outcome, Outcome::Unknown(_));
                prop_assert!(outcome == known || withheld || too_late, "{:?}: {:?}, then {:?}", step, known, outcome);
            }
            // Replayed from what it is kept in, it is the same.
            let kept = Store::from_bytes(&after.to_bytes()).unwrap();
            prop_assert_eq!(told.digest(), verify(&kept, suites, license, at(&world, 0)).digest());
            let then = verify(&after, suites, license, at(&world, later));
            let last = told.good_until().map_or(i64::MAX, |until| until.seconds());
            if world.time(later).seconds() < last - 120 {
                let same = then.steps().outcomes().eq(told.steps().outcomes());
                prop_assert!(same, "{} s later: {:?}, then {:?}", later, told.steps(), then.steps());
            }
            Ok(())
        })?;
    }
}

#[test]
fn an_answer_is_good_until_the_algorithm_is_not() {
    with_sm2(OF_SM2, || {
        let (mut world, licenses) = federation();
        let license = &licenses[1].bytes;
        let until = 12 * HOUR;
        apply(&mut world, &[Some((until, Some(0))), Some((until, Some(0)))]);
        let store = world.store();
        let ask = |seconds| verify(&store, Suites::ALL, license, at(&world, seconds));
        let first = ask(0);
        assert_eq!(first.verdict(), Verdict::Valid);
        let good = first.good_until().unwrap();
        assert!(good < world.time(until) && good > world.time(until - HOUR), "{good:?}");
        assert_eq!(first.ends_by().map(|bound| bound.word()), Some("algorithm-sunset"));
        assert_eq!(ask(until - 121).verdict(), Verdict::Valid);
        for seconds in [until - 120, until, until + 119] {
            let reason = ask(seconds).steps().deciding().map(|(_, reason)| reason);
            assert_eq!(reason, Some(Reason::IssuerTimeDepends), "{seconds}");
        }
        let reason = ask(until + 120).steps().deciding().map(|(_, reason)| reason);
        assert_eq!(reason, Some(Reason::IssuerSuiteRetired));
        // It stays so: no bound of the algorithm is ahead.
        assert_ne!(ask(until + 120).ends_by().map(|bound| bound.word()), Some("algorithm-sunset"));
    });
}

#[test]
fn one_suite_ends_and_the_other_does_not() {
    with_sm2(OF_SM2, || {
        let (mut world, licenses) = federation();
        let mut seen = [0, 0];
        apply(&mut world, &[Some((-DAY, Some(0))), None]);
        let store = world.store();
        for license in licenses.iter().enumerate().filter(|(at, _)| at % 3 != 0).map(|(_, license)| license) {
            let is_national = OF_SM2.contains(&license.credential.issuer.as_str().get(2..4).unwrap());
            let report = verify(&store, Suites::ALL, &license.bytes, at(&world, 0));
            let expected = if is_national { Verdict::Valid } else { Verdict::Undetermined };
            assert_eq!(report.verdict(), expected, "{:?}", report.steps().deciding());
            let of_sm2 = verify(&store, Suites::SM2, &license.bytes, at(&world, 0));
            assert_eq!(of_sm2.verdict(), expected);
            *seen.get_mut(usize::from(is_national)).unwrap() += 1;
        }
        assert!(seen.iter().all(|seen| *seen >= 2), "{seen:?}");
    });
}

/// An authority's own store tells it before anybody signs.
#[test]
fn nothing_is_issued_by_an_algorithm_that_is_signed_by_no_longer() {
    with_sm2(OF_SM2, || {
        let (mut world, licenses) = federation();
        apply(&mut world, &[Some((-DAY, None)), None]);
        let store = world.store();
        for license in &licenses {
            let authority = license.credential.issuer.as_str();
            let is_national = OF_SM2.contains(&authority.get(2..4).unwrap());
            let mut credential = world.credential(authority);
            (credential.issued_at, credential.not_before) = (world.time(0), world.time(0));
            let signer = world::key(&world::license_key(authority));
            let issued = issue_license(&license.facts, &credential, Some(&store), &signer);
            match is_national {
                true => assert!(issued.is_ok(), "{issued:?}"),
                false => assert_eq!(issued.unwrap_err(), IssueError::Refused(Reason::IssuerSuiteEnded)),
            }
        }
    });
}
