//! Cases of kind `stamps` and `seal`.

use zhengyin::verify::{SealReport, StampVerifier, StampsReport, Texts};

use super::*;

pub(super) fn run(case: &Value) -> Vec<String> {
    let (store, mut faults) = filled(case);
    let seen = seen(case);
    let verifier = verifier(case, &store, &seen);
    faults.extend(rows(case, |row| answer(case, row, &verifier)));
    faults
}

/// What is said of a row's seal, or of its file of stamps.
pub(super) fn answer(case: &Value, row: &Value, verifier: &Verifier<'_>) -> Value {
    let known = ["document", "hex", "license_type", "note", "seals"];
    assert!(members(row).iter().all(|member| known.contains(member)));
    let bytes = hex(&row["hex"]);
    if case["kind"] == "seal" {
        return stamp(&verifier.verify_seal(&bytes, clock(&case["clock"])));
    }
    let seals = row.get("seals").map(hex).unwrap_or_default();
    // In pieces of any size, or with its digest computed elsewhere: the answer is the same.
    let asked = || asked(verifier, &bytes, &seals, case, row);
    let Some(document) = row["document"].as_str().map(|_| hex(&row["document"])) else {
        return all(&asked().finish_without_document());
    };
    let answers = [1, 3, 64].map(|size| {
        let mut stamps = asked();
        document.chunks(size).for_each(|piece| stamps.update(piece));
        all(&stamps.finish())
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    answers[0].clone()
}

fn asked<'a>(
    verifier: &Verifier<'a>,
    bytes: &'a [u8],
    seals: &'a [u8],
    case: &Value,
    row: &Value,
) -> StampVerifier<'a> {
    let stamps = verifier.stamps(bytes, clock(&case["clock"])).with_seals(seals);
    match row.get("license_type") {
        Some(license_type) => stamps.for_license_type(TypeCode::parse(&text(license_type)).unwrap()),
        None => stamps,
    }
}

fn all(report: &StampsReport<'_>) -> Value {
    let decided = report.deciding();
    json!({
        "verdict": report.verdict().name(),
        "step": decided.map(|(step, _)| step.name()),
        "reason": decided.map(|(_, reason)| reason.symbol()),
        "stamps": report.stamps().iter().map(stamp).collect::<Vec<_>>(),
    })
}

fn stamp(report: &SealReport<'_>) -> Value {
    let decided = report.steps().deciding();
    let axes = report.axes();
    let steps: Map<String, Value> =
        Step::ALL.iter().map(|step| (step.name().to_owned(), outcome(report.steps().get(*step)))).collect();
    let points = report.points().map(|points| {
        let named = points.outcomes().map(|(point, found)| (point.name().to_owned(), outcome(Asked::Asked(found))));
        named.collect::<Map<String, Value>>()
    });
    json!({
        "verdict": report.verdict().name(),
        "step": decided.map(|(step, _)| step.name()),
        "reason": decided.map(|(_, reason)| reason.symbol()),
        "steps": steps,
        "points": points,
        "axes": {
            "authenticity": axes.authenticity,
            "currency": axes.currency,
            "recognition": axes.recognition,
            "presentation": axes.presentation,
        },
        "result_code": report.result_code(),
        "warnings": report.warnings().map(|warning| warning.symbol()).collect::<Vec<_>>(),
    })
}

/// Calls `look` with each case of stamps or seals that is verified, and what is verified.
pub(super) fn each_case(mut look: impl FnMut(&str, &Value, &Value, &Store, &Verifier<'_>)) {
    for case in all_cases() {
        if case["kind"] != "seal" && case["kind"] != "stamps" {
            continue;
        }
        let (store, _) = filled(&case);
        let seen = seen(&case);
        let verifier = verifier(&case, &store, &seen);
        for row in case["inputs"].as_array().unwrap() {
            let name = format!("{} {}", text(&case["name"]), row["note"]);
            look(&name, &case, row, &store, &verifier);
        }
    }
}

/// The report of a row of a case of stamps.
fn report_of<'a>(
    case: &Value,
    row: &Value,
    verifier: &Verifier<'a>,
    bytes: &'a [u8],
    seals: &'a [u8],
) -> StampsReport<'a> {
    let mut stamps = asked(verifier, bytes, seals, case, row);
    match row["document"].as_str() {
        None => stamps.finish_without_document(),
        Some(_) => {
            stamps.update(&hex(&row["document"]));
            stamps.finish()
        }
    }
}

/// Calls `look` with every report that a row of a case gives.
pub(super) fn reports_of(case: &Value, row: &Value, verifier: &Verifier<'_>, mut look: impl FnMut(&SealReport<'_>)) {
    if case["kind"] == "seal" {
        return look(&verifier.verify_seal(&hex(&row["hex"]), clock(&case["clock"])));
    }
    file_of(case, row, verifier, |report| report.stamps().iter().for_each(&mut look));
}

/// Calls `look` with the report on the file of a row.
fn file_of(case: &Value, row: &Value, verifier: &Verifier<'_>, mut look: impl FnMut(&StampsReport<'_>)) {
    let (bytes, seals) = (hex(&row["hex"]), row.get("seals").map(hex).unwrap_or_default());
    let report = report_of(case, row, verifier, &bytes, &seals);
    let value = report.to_value(Texts::Both);
    assert_eq!(zhengyin::verify::Value::parse(&value.to_cbor().unwrap()).unwrap(), value);
    look(&report);
}

/// Calls `look` with the values of every report on a file of stamps.
pub(super) fn each_file(mut look: impl FnMut(&str, &zhengyin::verify::Value<'_>)) -> usize {
    let mut count = 0;
    each_case(|name, case, row, _, verifier| {
        if case["kind"] == "stamps" {
            file_of(case, row, verifier, |report| {
                for texts in [Texts::None, Texts::Both] {
                    look(name, &report.to_value(texts));
                    count += 1;
                }
            });
        }
    });
    count
}

/// Calls `look` with what callers in other languages can have of each row, with texts and without: the report of a file and then that of
/// each of its stamps, or that of a seal.
pub(super) fn each_told(mut look: impl FnMut(&str, [zhengyin::verify::Value<'_>; 2])) {
    let both = [Texts::Both, Texts::None];
    each_case(|name, case, row, _, verifier| {
        if case["kind"] == "stamps" {
            let (bytes, seals) = (hex(&row["hex"]), row.get("seals").map(hex).unwrap_or_default());
            look(name, both.map(|texts| report_of(case, row, verifier, &bytes, &seals).to_value(texts).into_owned()));
        }
        reports_of(case, row, verifier, |report| look(name, both.map(|texts| report.to_value(texts))));
    });
}

/// Calls `look` with the values of every report of a stamp or a seal.
pub(super) fn each_report(mut look: impl FnMut(&str, &zhengyin::verify::Value<'_>)) -> usize {
    let mut count = 0;
    each_case(|name, case, row, _, verifier| {
        reports_of(case, row, verifier, |report| {
            for texts in [Texts::None, Texts::Both] {
                look(name, &report.to_value(texts));
                look(name, &report.to_value(texts).redacted());
                count += 1;
            }
        });
    });
    count
}

/// Calls `part` with every report, which answers with the store of what the report names and the report's values: by that store the
/// values are the same.
pub(super) fn each_verified(mut part: impl FnMut(&str, &Store, &Verifier<'_>, &SealReport<'_>) -> (Store, Value)) {
    let mut count = 0;
    each_case(|name, case, row, store, verifier| {
        let mut parts = Vec::new();
        reports_of(case, row, verifier, |report| parts.push(part(name, store, verifier, report)));
        for (at, (part, expected)) in parts.iter().enumerate() {
            let again = Verifier::new(part, verifier.policy().clone()).with_context(context(case));
            let mut number = 0;
            reports_of(case, row, &again, |report| {
                if number == at {
                    assert_eq!(serde_json::to_value(report).unwrap(), *expected, "{name}");
                    count += 1;
                }
                number += 1;
            });
        }
    });
    assert!(count > 200, "only {count}");
}

fn context(case: &Value) -> Context<'_> {
    let known_as_of = case["context"].get("known_as_of").map(time);
    Context { known_as_of, ..Context::default() }
}
