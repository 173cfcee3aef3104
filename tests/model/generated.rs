//! Properties A, B, C, E and F over generated worlds: four provinces, any of whose objects may be of any age and tell of anything.

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use zhengyin::claims::id::Region;
use zhengyin::policy::Policy;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::time::Clock;
use zhengyin::trust::{HistoryEntry, HistoryState};
use zhengyin::verify::{Asked, Outcome, Report, Step, Texts, Verdict, Verifier};
use zhengyin::x509::Use;

use super::procedure::DAY;
use super::world::{World, prefix};

/// The templates whose licenses are asked about, each by another authority.
const TEMPLATES: [&str; 4] = ["business-license", "driving-licence", "teacher-certificate", "food-operation-permit"];

/// What is generated.
#[derive(Clone, Debug)]
struct Plan {
    /// Days since the trust list, each directory and each status list was due; negative: until it is.
    trust: i64,
    directories: Vec<i64>,
    statuses: Vec<i64>,
    incomplete: Vec<bool>,
    /// Of each license: its state in its list, and what became of its signer's key.
    states: Vec<u8>,
    keys: Vec<u8>,
    suspended: Option<usize>,
    /// Seconds from the base time, and how far the clock may be off.
    offset: i64,
    uncertainty: u32,
    strict: bool,
    /// Which objects are withheld.
    withheld: Vec<bool>,
    turn: usize,
}

fn plan() -> impl Strategy<Value = Plan> {
    let age = || prop_oneof![12 => Just(-1i64), 1 => 0i64..2, 1 => 2i64..9, 1 => 9i64..45];
    let objects = (age(), prop::collection::vec(age(), 4), prop::collection::vec(age(), 4));
    let marks = (
        prop::collection::vec(prop::bool::weighted(0.2), 4),
        prop::collection::vec(prop_oneof![3 => Just(0u8), 2 => 0u8..8], 4),
        prop::collection::vec(prop_oneof![4 => Just(0u8), 1 => 1u8..5], 4),
        prop::option::weighted(0.1, 0usize..4),
    );
    let clock =
        (prop_oneof![3 => -DAY..DAY, 1 => -DAY..60 * DAY], prop_oneof![0u32..600, 0u32..200_000], any::<bool>());
    let rest = (prop::collection::vec(prop::bool::weighted(0.25), 16), 0usize..16);
    (objects, marks, clock, rest).prop_map(|(objects, marks, clock, rest)| Plan {
        trust: objects.0,
        directories: objects.1,
        statuses: objects.2,
        incomplete: marks.0,
        states: marks.1,
        keys: marks.2,
        suspended: marks.3,
        offset: clock.0,
        uncertainty: clock.1,
        strict: clock.2,
        withheld: rest.0,
        turn: rest.1,
    })
}

/// The objects and licenses of a plan.
struct Made {
    world: World,
    objects: Vec<Vec<u8>>,
    licenses: Vec<Vec<u8>>,
    regions: Vec<Region>,
}

fn make(plan: &Plan) -> Made {
    let mut world = World::new();
    let mut made: Vec<_> = Vec::new();
    for (n, name) in TEMPLATES.into_iter().enumerate() {
        let issued = world.issue(name);
        if let Some(state) = State::from_number(plan.states[n]) {
            world.set_state(&issued, state);
        }
        let authority = issued.credential.issuer;
        let from = world.time(-20 * DAY);
        let fall = |world: &mut World, state, since| {
            world.befall(authority.as_str(), Use::License, state, from, since);
        };
        match plan.keys[n] {
            1 => fall(&mut world, HistoryState::Withdrawn, None),
            2 => fall(&mut world, HistoryState::Compromised, None),
            3 => world.give_signing(authority.as_str(), -365 * DAY, -10 * DAY),
            4 => world.give_mandate(authority.as_str(), &["95"], None),
            _ => {}
        }
        // Published when it was made, so that no date is in the future.
        let due = plan.statuses[n];
        if due >= 0 {
            world.age_list(authority.as_str(), due * DAY);
        }
        made.push(issued);
    }
    for (n, province) in ["96", "97", "98", "99"].into_iter().enumerate() {
        if plan.incomplete[n] {
            world.make_incomplete(province);
        }
        if plan.directories[n] >= 0 {
            world.age_directory(province, plan.directories[n] * DAY);
        }
        if plan.suspended == Some(n) {
            let from = world.time(-DAY);
            let entry = HistoryEntry { state: HistoryState::Withdrawn, from, compromised_since: None, log_head: None };
            assert!(world.province(province).history.append(entry));
        }
    }
    if plan.trust >= 0 {
        world.age_trust(plan.trust * DAY);
    }
    let mut objects = vec![world.trust_object()];
    objects.extend(["96", "97", "98", "99"].map(|province| world.directory_object(province)));
    objects.extend(made.iter().map(|issued| world.status_object(issued.credential.issuer.as_str())));
    let regions = made.iter().map(|issued| issued.facts.region).collect();
    Made { objects, licenses: made.into_iter().map(|issued| issued.bytes).collect(), regions, world }
}

impl Made {
    fn store<'o>(&self, objects: impl IntoIterator<Item = &'o Vec<u8>>) -> Store {
        let mut store = Store::new(self.world.pin());
        let pack: Vec<u8> = objects.into_iter().flatten().copied().collect();
        store.apply_pack(&pack, self.world.asked()).unwrap();
        store
    }

    fn reports<'a>(&'a self, store: &'a Store, plan: &Plan, clock: Clock) -> Vec<Report<'a>> {
        let verify = |(license, region): (&'a Vec<u8>, &Region)| {
            let policy = if plan.strict { Policy::strict(Some(*region)) } else { Policy::counter(Some(*region)) };
            Verifier::new(store, policy.without_presentation()).verify(license, clock)
        };
        self.licenses.iter().zip(&self.regions).map(verify).collect()
    }
}

fn certain(asked: Asked) -> bool {
    !matches!(asked, Asked::Asked(Outcome::Unknown(_)))
}

static PAIRS: AtomicUsize = AtomicUsize::new(0);
static VERDICTS: [AtomicUsize; 3] = [const { AtomicUsize::new(0) }; 3];

fn count(verdict: Verdict) {
    let at = match verdict {
        Verdict::Valid => 0,
        Verdict::Undetermined => 1,
        Verdict::Invalid => 2,
    };
    VERDICTS[at].fetch_add(1, Ordering::Relaxed);
}

fn holds(plan: &Plan) -> Result<(), TestCaseError> {
    let made = make(plan);
    let whole = made.store(&made.objects);
    let now = made.world.base.saturating_add(plan.offset).max(whole.floor());
    let reads = |uncertainty| Clock::Reads { now, uncertainty };
    let sharp = made.reports(&whole, plan, reads(plan.uncertainty));
    // F: the same again. E: in another order, and read back from a file.
    let bytes = |reports: &[Report<'_>]| -> Vec<Vec<u8>> {
        reports.iter().map(|report| report.to_value(Texts::Both).to_cbor().unwrap()).collect()
    };
    let mut turned = made.objects.clone();
    turned.rotate_left(plan.turn % made.objects.len());
    turned.reverse();
    let other = made.store(&turned);
    let again = Store::from_bytes(&other.to_bytes()).unwrap();
    for store in [&whole, &other, &again] {
        prop_assert_eq!(bytes(&made.reports(store, plan, reads(plan.uncertainty))), bytes(&sharp));
    }
    // A and B: without some of the objects. The floor is held by the clock, so that only the objects are withheld.
    let left = made.objects.iter().zip(&plan.withheld).filter(|(_, withheld)| !**withheld).map(|(object, _)| object);
    let part = made.store(left);
    for (whole, part) in sharp.iter().zip(made.reports(&part, plan, reads(plan.uncertainty))) {
        let (whole, part) = (whole.verdict(), part.verdict());
        count(whole);
        prop_assert!(part != Verdict::Valid || whole == Verdict::Valid, "A: {part:?} for {whole:?}");
        prop_assert!(part != Verdict::Invalid || whole == Verdict::Invalid, "B: {part:?} for {whole:?}");
        PAIRS.fetch_add(1, Ordering::Relaxed);
    }
    // C: by a clock that is less certain, and by none.
    for clock in [reads(plan.uncertainty.saturating_mul(3)), Clock::Absent] {
        for (sharp, blurred) in sharp.iter().zip(made.reports(&whole, plan, clock)) {
            for step in Step::ALL {
                let (sharp, blurred) = (sharp.steps().get(step), blurred.steps().get(step));
                prop_assert!(!certain(blurred) || sharp == blurred, "C: {step:?} {sharp:?} became {blurred:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn the_properties_hold_in_generated_worlds() {
    assert!(["96", "97", "98", "99"].into_iter().all(|code| World::new().trust.provinces.contains_key(&prefix(code))));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(192)
    });
    if let Err(failure) = runner.run(&plan(), |plan| holds(&plan)) {
        panic!("{failure}");
    }
    let counts = [0, 1, 2].map(|at| VERDICTS[at].load(Ordering::Relaxed));
    println!(
        "{} pairs of generated stores; {} valid, {} undetermined, {} invalid",
        PAIRS.load(Ordering::Relaxed),
        counts[0],
        counts[1],
        counts[2]
    );
    assert!(counts.iter().all(|count| *count > 5), "{counts:?}");
}
