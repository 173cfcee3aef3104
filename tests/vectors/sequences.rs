//! Cases of kind `sequence`: objects that come one after the other, and what is said of one license after each.

use serde_json::{Value, json};
use zhengyin::store::{Pin, Store};
use zhengyin::suite::Digest;
use zhengyin::time::{Clock, TimeWindow};

use super::{answered, differs, hex, members, object, rows, text, time, verifier};

/// The steps of a case of this kind, none of others.
pub(crate) fn steps(case: &Value) -> impl Iterator<Item = &Value> {
    case["steps"].as_array().into_iter().flatten()
}

/// Is something refused, or not valid in the end?
pub(crate) fn is_refusal(case: &Value) -> bool {
    let refused = |step: &Value| step["answer"].as_str().is_some_and(|answer| answer != "new" && answer != "known");
    steps(case).any(refused) || steps(case).last().is_some_and(|step| step["verdict"] != "valid")
}

/// Is it about who vouches for whom, or about what becomes of a license? By the name, as the README says.
pub(crate) fn counts(cases: &[Value]) -> (usize, usize, usize) {
    let of = |kind: &str, prefix: &str| {
        cases.iter().filter(|case| case["kind"] == kind && text(&case["name"]).starts_with(prefix)).count()
    };
    (of("sequence", "trust-"), of("sequence", "state-"), of("store", ""))
}

/// Goes through it; after each step the store that was written and read back must say the same.
pub(crate) fn run(case: &Value) -> Vec<String> {
    assert_eq!(members(&case["store"]), ["pin"]);
    assert_eq!(members(&case["expected"]), ["evidence"]);
    let mut store = Store::new(Pin::new(Digest::from_slice(&hex(&case["store"]["pin"])).unwrap()));
    let uncertainty = case["uncertainty"].as_u64().unwrap().try_into().unwrap();
    let mut faults = Vec::new();
    for (number, step) in steps(case).enumerate() {
        assert_eq!(members(step), ["answer", "at", "object", "reason", "step", "verdict"]);
        let (at, note) = (time(&step["at"]), json!(format!("step {number}")));
        if step["object"].is_string() {
            let answer = store.apply(&object(&step["object"]), TimeWindow::at(at));
            faults.extend(differs(&note, &step["answer"], &json!(answered(answer))));
        } else {
            assert!(step["object"].is_null() && step["answer"].is_null());
        }
        let reloaded = Store::from_bytes(&store.to_bytes()).unwrap();
        let stated = json!({"verdict": step["verdict"], "step": step["step"], "reason": step["reason"]});
        for store in [&store, &reloaded] {
            let verifier = verifier(case, store, &None);
            let said = |row: &Value| {
                let license = hex(&row["hex"]);
                let report = verifier.verify(&license, Clock::Reads { now: at, uncertainty });
                let decided = report.steps().deciding();
                json!({
                    "verdict": report.verdict().name(),
                    "step": decided.map(|(step, _)| step.name()),
                    "reason": decided.map(|(_, reason)| reason.symbol()),
                })
            };
            let asked = json!({"inputs": case["inputs"], "expected": stated});
            faults.extend(rows(&asked, said).into_iter().map(|fault| format!("step {number}: {fault}")));
        }
    }
    let kept: Vec<_> = store.evidence().iter().map(|evidence| evidence.reason.symbol()).collect();
    faults.extend(differs(&json!("evidence"), &case["expected"]["evidence"], &json!(kept)));
    faults
}
