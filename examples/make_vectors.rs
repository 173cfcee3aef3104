//! Writes `test-vectors/`: cases that say what a verifier must answer, for this one and for those of others.
//!
//! `cargo run --all-features --example make_vectors`
//!
//! Everything comes from fixed seeds and one base time: running it again changes nothing. The answer of each case is stated here by its
//! author. Where the library answers otherwise nothing is written and the difference is shown: one of the two is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::too_many_lines,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a generator made of constants: what fails here fails for everyone"
)]

extern crate alloc;

#[path = "make_vectors/blocks.rs"]
mod blocks;
#[path = "make_vectors/answer.rs"]
mod answer;
#[path = "make_vectors/asked.rs"]
mod asked;
#[path = "make_vectors/budgets.rs"]
mod budgets;
#[path = "make_vectors/case.rs"]
mod case;
#[path = "make_vectors/admitted.rs"]
mod admitted;
#[path = "make_vectors/certificates.rs"]
mod certificates;
#[path = "make_vectors/cose.rs"]
mod cose;
#[path = "make_vectors/defects.rs"]
mod defects;
#[path = "make_vectors/deltas.rs"]
mod deltas;
#[path = "make_vectors/der.rs"]
mod der;
#[path = "make_vectors/encodings.rs"]
mod encodings;
#[path = "make_vectors/envelopes.rs"]
mod envelopes;
#[path = "make_vectors/evidence.rs"]
mod evidence;
#[path = "make_vectors/files.rs"]
mod files;
#[path = "make_vectors/mixed.rs"]
mod mixed;
#[path = "make_vectors/forms.rs"]
mod forms;
#[path = "make_vectors/frames.rs"]
mod frames;
#[path = "make_vectors/issuers.rs"]
mod issuers;
#[path = "make_vectors/item.rs"]
mod item;
#[path = "make_vectors/json.rs"]
mod json;
#[path = "make_vectors/licenses.rs"]
mod licenses;
#[path = "make_vectors/mandates.rs"]
mod mandates;
#[path = "make_vectors/national.rs"]
mod national;
#[path = "make_vectors/pasts.rs"]
mod pasts;
#[path = "make_vectors/paths.rs"]
mod paths;
#[path = "make_vectors/periods.rs"]
mod periods;
#[path = "make_vectors/recognition.rs"]
mod recognition;
#[path = "make_vectors/reissues.rs"]
mod reissues;
#[path = "make_vectors/presented.rs"]
mod presented;
#[path = "make_vectors/fates.rs"]
mod fates;
#[path = "make_vectors/passages.rs"]
mod passages;
#[path = "make_vectors/quorums.rs"]
mod quorums;
#[path = "make_vectors/sequences.rs"]
mod sequences;
#[path = "make_vectors/scene.rs"]
mod scene;
#[path = "make_vectors/shown.rs"]
mod shown;
#[path = "make_vectors/standards.rs"]
mod standards;
#[path = "make_vectors/statuses.rs"]
mod statuses;
#[path = "make_vectors/stores.rs"]
mod stores;
#[path = "make_vectors/stamp_answer.rs"]
mod stamp_answer;
#[path = "make_vectors/stamp_faults.rs"]
mod stamp_faults;
#[path = "make_vectors/stamp_forms.rs"]
mod stamp_forms;
#[path = "make_vectors/stamped.rs"]
mod stamped;
#[path = "make_vectors/stamps.rs"]
mod stamps;
#[path = "make_vectors/pictures.rs"]
mod pictures;
#[path = "make_vectors/stories.rs"]
mod stories;
#[path = "make_vectors/suites.rs"]
mod suites;
#[path = "make_vectors/sunsets.rs"]
mod sunsets;
#[path = "make_vectors/tampering.rs"]
mod tampering;
#[path = "make_vectors/thieves.rs"]
mod thieves;
#[path = "make_vectors/texts.rs"]
mod texts;
#[path = "world/mod.rs"]
mod world;

use std::path::Path;
use std::process::ExitCode;

/// The name of a folder, and who enters its cases.
type Group = (&'static str, fn(&mut case::Cases));

/// The groups in which no key of the federation signs anything, and the one that has keys of both suites.
const ONCE: [&str; 6] = ["cbor", "text", "carrier", "signature", "identifier", "mixed"];

fn main() -> ExitCode {
    let mut cases = case::Cases::default();
    let groups: &[Group] = &[
        ("cbor", encodings::cbor),
        ("text", encodings::text),
        ("carrier", texts::all),
        ("carrier", forms::all),
        ("signature", |cases: &mut case::Cases| {
            standards::signatures(cases);
            national::all(cases);
        }),
        ("identifier", standards::identifiers),
        ("envelope", envelopes::all),
        ("license", licenses::all),
        ("time", |cases: &mut case::Cases| {
            periods::all(cases);
            asked::all(cases);
            budgets::all(cases);
        }),
        ("certificate", certificates::all),
        ("issuer", |cases: &mut case::Cases| {
            issuers::all(cases);
            defects::all(cases);
        }),
        ("status", |cases: &mut case::Cases| {
            statuses::all(cases);
            pasts::all(cases);
            evidence::all(cases);
            blocks::all(cases);
        }),
        ("store", stories::all),
        ("sequence", |cases: &mut case::Cases| {
            quorums::all(cases);
            fates::all(cases);
            thieves::all(cases);
            passages::all(cases);
        }),
        ("recognition", recognition::all),
        ("presentation", shown::presentation),
        ("presentation", presented::all),
        ("stamp", |cases: &mut case::Cases| {
            stamps::all(cases);
            stamped::all(cases);
            stamp_forms::all(cases);
            stamp_faults::all(cases);
            pictures::all(cases);
        }),
        ("suite", |cases: &mut case::Cases| {
            suites::all(cases);
            sunsets::all(cases);
        }),
        ("tampering", tampering::all),
        ("mixed", mixed::all),
    ];
    // What is signed, once more by keys of SM2 throughout, beside the others: the same answers.
    let mut of_sm2 = case::Cases { suffix: "-sm2", ..case::Cases::default() };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for (group, enter) in groups.iter().filter(|(group, _)| !ONCE.contains(group)) {
                of_sm2.group = group;
                world::throughout_sm2(|| enter(&mut of_sm2));
            }
        });
        for (group, enter) in groups {
            cases.group = group;
            enter(&mut cases);
        }
    });
    cases.disagreements.append(&mut of_sm2.disagreements);
    if !cases.disagreements.is_empty() {
        cases.disagreements.iter().for_each(|one| eprintln!("{one}\n"));
        eprintln!("{} disagreements; nothing is written", cases.disagreements.len());
        return ExitCode::FAILURE;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors");
    if let Err(error) = files::write(&folder, &cases, &of_sm2) {
        eprintln!("{}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    let refusals = cases.done.iter().filter(|case| !case.good).count();
    println!("{} cases, {refusals} of them refusals; {} by keys of SM2", cases.done.len(), of_sm2.done.len());
    ExitCode::SUCCESS
}
