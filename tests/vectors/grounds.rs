//! Every ground that can be a verdict, or an answer to an object or a text that is offered, is that in a case.

use std::collections::BTreeSet;

use super::*;

/// Grounds that no case can have, and why.
const WITHOUT: &[(&str, &str)] = &[
    ("certificate.key", "an entry whose key is refused is no candidate: it reads as a signer whom nobody knows"),
    ("recognition.unsupported", "it was that of versions which did not judge rules; its number stays"),
    ("step.blocked", "it never decides: what blocked the step does. It stands in the steps of hundreds of cases"),
    (
        "status.list_damaged",
        "of the file in which one verifier keeps a list's body, and no object: tests/faults and tests/bodies.rs damage them",
    ),
    (
        "store.corrupt",
        "of a store's file, which is one verifier's own affair and no object: tests/cli.rs damages one at every byte",
    ),
    ("receipt.malformed", A_RECEIPT),
    ("receipt.signature", A_RECEIPT),
    ("receipt.device_unknown", A_RECEIPT),
    ("receipt.device_refused", A_RECEIPT),
    ("receipt.suite_ended", A_RECEIPT),
    ("replay.bytes_missing", A_RECEIPT),
    ("replay.object_missing", A_RECEIPT),
    ("replay.differs", A_RECEIPT),
    ("replay.other_version", A_RECEIPT),
    ("replay.federation", A_RECEIPT),
    ("replay.object_refused", A_RECEIPT),
];

const A_RECEIPT: &str =
    "a receipt names the version that wrote it, so a case would change with each release: tests/receipts.rs has them";

/// The grounds that a case is decided by: of a verdict its own, not merely one of a step's.
fn decided_by(case: &Value) -> Vec<String> {
    let answers = offers(case).map(|offer| text(&offer["answer"]));
    let steps = sequences::steps(case).flat_map(|step| [&step["answer"], &step["reason"]]);
    let told = steps.filter_map(Value::as_str).map(str::to_owned);
    answers.chain(told).chain(case["expected"]["reason"].as_str().map(str::to_owned)).collect()
}

#[test]
fn every_ground_is_decisive_somewhere() {
    let mut decisive = BTreeSet::new();
    for case in all_cases() {
        decisive.extend(decided_by(&case));
    }
    let without: BTreeSet<&str> = WITHOUT.iter().map(|(symbol, _)| *symbol).collect();
    assert_eq!(without.len(), WITHOUT.len());
    for reason in Reason::ALL {
        let (is_decisive, is_without) = (decisive.contains(reason.symbol()), without.contains(reason.symbol()));
        assert!(is_decisive || is_without, "no case is decided by {}", reason.symbol());
        assert!(!is_decisive || !is_without, "{} is decisive: it is no exception any more", reason.symbol());
    }
    assert!(without.iter().all(|symbol| Reason::from_symbol(symbol).is_some()));
    println!("{} grounds, {} of them decisive in a case", Reason::ALL.len(), Reason::ALL.len() - WITHOUT.len());
    assert!(Reason::ALL.len() >= 60);
}
