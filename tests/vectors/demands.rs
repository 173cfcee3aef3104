//! What is asked of algorithms can only withhold: over every case, whoever relies on one suite alone is certain of nothing that whoever
//! relies on all is not certain of.

use zhengyin::verify::Steps;

use super::*;

/// The case by a verifier that relies on one suite alone; `None` if it does already.
fn relying(case: &Value, suite: &str) -> Option<Value> {
    let mut case = case.clone();
    let policy = case["policy"].as_object_mut().unwrap();
    let tightened = policy
        .entry("tightened")
        .or_insert_with(|| json!({"budgets": {}, "classes": {}, "max_status_age": null}))
        .as_object_mut()
        .unwrap();
    tightened.insert("suites".into(), json!([suite])).is_none().then_some(case)
}

/// What a report came to: its verdict, and every step.
type Came = (Verdict, Vec<Option<Outcome>>);

fn came(verdict: Verdict, steps: &Steps) -> Came {
    (verdict, Step::ALL.iter().map(|step| steps.get(*step).outcome()).collect())
}

/// Nothing passes, and nothing fails, that did not before. Tells whether something became a doubt.
fn check(name: &str, (verdict, before): &Came, (demanded, after): &Came) -> bool {
    assert!(demanded == verdict || *demanded == Verdict::Undetermined, "{name}: {verdict:?}, then {demanded:?}");
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        assert!(before == after || matches!(after, Some(Outcome::Unknown(_))), "{name}: {before:?}, then {after:?}");
    }
    before != after
}

#[test]
fn a_license_is_certain_by_fewer_suites_only_if_it_is_by_all() {
    let mut withheld = 0;
    for (case, store) in reports::asked() {
        let (seen, name) = (seen(case), text(&case["name"]));
        let (rows, clock) = (case["inputs"].as_array().unwrap(), clock(&case["clock"]));
        let rows: Vec<Vec<u8>> = rows.iter().map(|row| hex(&row["hex"])).collect();
        let answers = |verifier: &Verifier<'_>| -> Vec<Came> {
            let reports = rows.iter().map(|bytes| verifier.verify(bytes, clock));
            reports.map(|report| came(report.verdict(), report.steps())).collect()
        };
        let all = answers(&verifier(case, store, &seen));
        for (suite, _) in Suites::NAMED {
            let Some(demanding) = relying(case, suite) else { continue };
            let some = answers(&verifier(&demanding, store, &seen));
            for (before, after) in all.iter().zip(&some) {
                withheld += usize::from(check(&format!("{name} by {suite}"), before, after));
            }
        }
    }
    assert!(withheld > 700, "only {withheld} answers became doubts");
}

#[test]
fn a_stamp_is_certain_by_fewer_suites_only_if_it_is_by_all() {
    let mut withheld = 0;
    stamps::each_case(|name, case, row, store, all| {
        let seen = seen(case);
        let mut before = Vec::new();
        stamps::reports_of(case, row, all, |report| before.push(came(report.verdict(), report.steps())));
        for (suite, _) in Suites::NAMED {
            let Some(demanding) = relying(case, suite) else { continue };
            let some = verifier(&demanding, store, &seen);
            let mut after = Vec::new();
            stamps::reports_of(&demanding, row, &some, |report| after.push(came(report.verdict(), report.steps())));
            assert_eq!(before.len(), after.len());
            for (before, after) in before.iter().zip(&after) {
                withheld += usize::from(check(&format!("{name} by {suite}"), before, after));
            }
        }
    });
    assert!(withheld > 100, "only {withheld} answers became doubts");
}
