//! The verdict as a theorem: the real verifier against a second statement of the procedure, over every state of a small world; what
//! withholding and renewing objects may change; and the same over generated worlds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]

#[path = "model/generated.rs"]
mod generated;
#[path = "model/generations.rs"]
mod generations;
#[path = "model/procedure.rs"]
mod procedure;
#[path = "model/small.rs"]
mod small;
#[path = "../examples/world/mod.rs"]
mod world;

use std::sync::OnceLock;

use procedure::answers;
use small::{DIRECTORY, Held, Input, STATUS, Small, TRUST, clock, clocks, offer, policies, scene};
use zhengyin::store::Store;
use zhengyin::verify::{Asked, Outcome, Report, Steps, Verdict, Verifier};

/// Each kind of input in each of its states.
struct Inputs {
    trust: Vec<Input>,
    home: Vec<Input>,
    neighbour: Vec<Input>,
    status: Vec<Input>,
}

/// A state of the store: places in the lists of states.
type State = (usize, usize, usize, usize);

/// What was found in every state, by a good clock at a counter: verdicts by license.
struct Found {
    small: Small,
    verdicts: Vec<Vec<Verdict>>,
    compared: usize,
}

fn place((trust, home, neighbour, status): State) -> usize {
    ((trust * DIRECTORY.len() + home) * DIRECTORY.len() + neighbour) * STATUS.len() + status
}

const STATES: usize = TRUST.len() * DIRECTORY.len() * DIRECTORY.len() * STATUS.len();

/// Verifies every license in every state, once for all tests, and compares each answer with the model's.
fn found() -> &'static Found {
    static FOUND: OnceLock<Found> = OnceLock::new();
    FOUND.get_or_init(|| {
        let small = Small::new();
        let inputs = Inputs {
            trust: TRUST.map(|held| small.trust(held)).into(),
            home: DIRECTORY.map(|held| small.home(held)).into(),
            neighbour: DIRECTORY.map(|held| small.neighbour(held)).into(),
            status: STATUS.map(|held| small.status(held)).into(),
        };
        let (mut verdicts, mut compared) = (Vec::with_capacity(STATES), 0);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..TRUST.len())
                .map(|trust| {
                    scope.spawn({
                        let (small, inputs) = (&small, &inputs);
                        move || under(small, inputs, trust)
                    })
                })
                .collect();
            for thread in threads {
                let (of_trust, count) = thread.join().unwrap();
                verdicts.extend(of_trust);
                compared += count;
            }
        });
        Found { small, verdicts, compared }
    })
}

/// Every state with one state of the trust list.
fn under(small: &Small, inputs: &Inputs, trust: usize) -> (Vec<Vec<Verdict>>, usize) {
    let (mut verdicts, mut compared) = (Vec::new(), 0);
    let world = &small.world;
    let mut with_trust = Store::new(world.pin());
    offer(&mut with_trust, world, TRUST[trust], &inputs.trust[trust], true);
    let is_held = TRUST[trust] != Held::Absent;
    for (home, home_held) in DIRECTORY.into_iter().enumerate() {
        let mut with_home = with_trust.clone();
        offer(&mut with_home, world, home_held, &inputs.home[home], is_held);
        for (neighbour, neighbour_held) in DIRECTORY.into_iter().enumerate() {
            let mut with_neighbour = with_home.clone();
            offer(&mut with_neighbour, world, neighbour_held, &inputs.neighbour[neighbour], is_held);
            for (status, status_held) in STATUS.into_iter().enumerate() {
                let mut store = with_neighbour.clone();
                let parents = is_held && home_held != Held::Absent;
                offer(&mut store, world, status_held, &inputs.status[status], parents);
                let state =
                    [&inputs.trust[trust], &inputs.home[home], &inputs.neighbour[neighbour], &inputs.status[status]];
                let (of_state, count) = in_state(small, &store, state, neighbour < 2);
                verdicts.push(of_state);
                compared += count;
            }
        }
    }
    (verdicts, compared)
}

/// Every license in one state: by a good clock at a counter, and in some states by every clock and policy.
fn in_state(small: &Small, store: &Store, inputs: [&Input; 4], thoroughly: bool) -> (Vec<Verdict>, usize) {
    let (mut verdicts, mut compared) = (Vec::new(), 0);
    for (n, (policy, grace)) in policies().into_iter().enumerate() {
        let verifier = Verifier::new(store, policy);
        for (m, reading) in clocks().into_iter().enumerate() {
            if (n, m) != (0, 0) && !thoroughly {
                continue;
            }
            let scene = scene(inputs, reading, grace);
            for license in &small.licenses {
                let report = verifier.verify(&license.bytes, clock(reading));
                let expected = answers(&scene, &license.paper);
                assert_eq!(five(&report), expected, "{}: {scene:?}", license.name);
                assert_eq!(report.verdict(), verdict(&expected), "{}", license.name);
                if (n, m) == (0, 0) {
                    verdicts.push(report.verdict());
                }
                compared += 1;
            }
        }
    }
    (verdicts, compared)
}

fn five(report: &Report<'_>) -> [Outcome; 5] {
    let Steps { encoding, issuer, signature, period, status, recognition, presentation, document, seal } =
        *report.steps();
    // A local license that demands nothing of its holder.
    assert_eq!(recognition, Asked::Asked(Outcome::Passed));
    assert_eq!([presentation, document, seal], [Asked::NotAsked; 3]);
    [encoding, issuer, signature, period, status]
}

/// §1: any failed, invalid; else any unknown, undetermined; else valid.
fn verdict(answers: &[Outcome]) -> Verdict {
    let any = |wanted: fn(&Outcome) -> bool| answers.iter().any(wanted);
    if any(|outcome| matches!(outcome, Outcome::Failed(_))) {
        Verdict::Invalid
    } else if any(|outcome| matches!(outcome, Outcome::Unknown(_))) {
        Verdict::Undetermined
    } else {
        Verdict::Valid
    }
}

#[test]
fn the_verifier_is_the_procedure_in_every_state_of_a_small_world() {
    let found = found();
    assert_eq!(found.verdicts.len(), STATES);
    let licenses = found.small.licenses.len();
    let count = |verdict| found.verdicts.iter().flatten().filter(|known| **known == verdict).count();
    let counts = [Verdict::Valid, Verdict::Undetermined, Verdict::Invalid].map(count);
    println!(
        "{STATES} states of the store, {licenses} licenses, {} answers compared; by a good clock {} valid, {} undetermined, {} invalid",
        found.compared, counts[0], counts[1], counts[2]
    );
    assert!(counts.iter().all(|count| *count > 50), "{counts:?}");
}

/// Properties A and B, over every state and every way of withholding some of its inputs.
#[test]
fn withholding_inputs_proves_nothing_in_any_state() {
    let found = found();
    let (mut pairs, mut changed) = (0usize, 0usize);
    let each = |length: usize| 0..length;
    for trust in each(TRUST.len()) {
        for home in each(DIRECTORY.len()) {
            for neighbour in each(DIRECTORY.len()) {
                for status in each(STATUS.len()) {
                    let whole = &found.verdicts[place((trust, home, neighbour, status))];
                    for withheld in 1..16 {
                        let left = |at: usize, bit: usize| if withheld >> bit & 1 == 1 { 0 } else { at };
                        let part = (left(trust, 0), left(home, 1), left(neighbour, 2), left(status, 3));
                        for (n, part) in found.verdicts[place(part)].iter().enumerate() {
                            let name = found.small.licenses[n].name;
                            let at = (TRUST[trust], DIRECTORY[home], DIRECTORY[neighbour], STATUS[status], withheld);
                            assert!(*part != Verdict::Valid || whole[n] == Verdict::Valid, "A: {name} {at:?}");
                            assert!(*part != Verdict::Invalid || whole[n] == Verdict::Invalid, "B: {name} {at:?}");
                            pairs += 1;
                            changed += usize::from(*part != whole[n]);
                        }
                    }
                }
            }
        }
    }
    println!("{pairs} pairs of stores compared, {changed} of them with another verdict");
    assert!(pairs > 500_000 && changed > 1_000);
}
