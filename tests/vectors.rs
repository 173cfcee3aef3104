//! Runs the cases of `test-vectors/` through the library's public functions, knowing nothing of how they were made.
//!
//! Every member of a case must be known here: one that was passed over would be a promise that nobody keeps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use zhengyin::carrier::{self, Carrier};
use zhengyin::cbor::{self, Fault};
use zhengyin::claims::Nonce;
use zhengyin::claims::id::{CitizenId, CreditCode, LicenseIdentifier, Region, TypeCode, TypePrefix};
use zhengyin::policy::Policy;
use zhengyin::reason::{Axis, Class, Reason};
use zhengyin::status::{ListError, Standing, StatusList};
use zhengyin::store::{Accepted, Pin, Refusal, Store};
use zhengyin::suite::{Digest, KeyError, PublicKey, Suites, sha256};
use zhengyin::time::{Clock, TimeWindow, Timestamp};
use zhengyin::trust::Grace;
use zhengyin::verify::{Asked, Context, Outcome, Report, Seen, Step, Verdict, Verifier};

#[path = "vectors/demands.rs"]
mod demands;
#[path = "vectors/files.rs"]
mod files;
#[path = "vectors/grounds.rs"]
mod grounds;
#[path = "vectors/reports.rs"]
mod reports;
#[path = "vectors/sequences.rs"]
mod sequences;
#[path = "vectors/stamps.rs"]
mod stamps;
#[cfg(not(feature = "sm"))]
#[path = "vectors/without.rs"]
mod without;

use files::{all_cases, folder, object, objects_of_sm2};

#[test]
#[cfg_attr(
    not(feature = "sm"),
    ignore = "a build without SM2 answers otherwise where there is SM2: `without` says how"
)]
fn every_case_has_its_answer() {
    let (mut wrong, mut refusals, mut inputs, mut used) = (Vec::new(), 0, 0, BTreeSet::new());
    let mut all = Vec::new();
    for case in all_cases() {
        let name = text(&case["name"]);
        assert_eq!(case["format"], 1, "{name}");
        assert!(case["zh"].is_string() && case["en"].is_string(), "{name}");
        refusals += usize::from(is_refusal(&case));
        inputs += case["inputs"].as_array().map_or(1, Vec::len);
        let offered = offers(&case).chain(sequences::steps(&case)).map(|offer| &offer["object"]);
        used.extend(offered.filter(|object| !object.is_null()).map(text));
        wrong.extend(run(&case).into_iter().map(|fault| format!("{name}: {fault}")));
        all.push(case);
    }
    let (trust, state, stores) = sequences::counts(&all);
    let names: BTreeSet<String> = all.iter().map(|case| text(&case["name"])).collect();
    let twins = names.iter().filter_map(|name| name.strip_suffix("-sm2")).filter(|name| names.contains(*name)).count();
    println!("{} cases, {refusals} of them refusals, {inputs} inputs; {twins} in both suites", all.len());
    assert!(names.len() == all.len() && twins > 900);
    println!("sequences: {trust} of trust, {state} of states, {stores} of what a store takes");
    assert!(trust >= 75 && trust + state + stores >= 150);
    assert!(wrong.is_empty(), "{} answers differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(refusals * 2 >= all.len(), "{} cases, {refusals} refusals", all.len());
    let held = fs::read_dir(folder().join("objects")).unwrap();
    let held: BTreeSet<String> =
        held.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let held: BTreeSet<String> = held.into_iter().chain(objects_of_sm2().keys().cloned()).collect();
    assert_eq!(held, used, "every object belongs to a case");
}

/// `reasons.json` is the table of the library.
#[test]
fn the_table_of_reasons_is_the_library_s() {
    let table: Value = serde_json::from_str(&fs::read_to_string(folder().join("reasons.json")).unwrap()).unwrap();
    let listed = table["reasons"].as_array().unwrap();
    assert_eq!(listed.len(), Reason::ALL.len());
    for (listed, reason) in listed.iter().zip(Reason::ALL) {
        assert_eq!(listed["symbol"], reason.symbol());
        assert_eq!(listed["number"], reason.number());
        let class = match reason.class() {
            Class::Invalid => "invalid",
            Class::Undetermined => "undetermined",
        };
        assert_eq!(listed["class"], class, "{}", reason.symbol());
        assert_eq!(listed["axis"], json!(reason.axis().map(Axis::name)), "{}", reason.symbol());
        assert_eq!(listed["word"], reason.word(), "{}", reason.symbol());
        assert_eq!(listed["result_code"], reason.result_code(), "{}", reason.symbol());
    }
}

/// Is something expected other than that all is good?
fn is_refusal(case: &Value) -> bool {
    let expected = &case["expected"];
    let good = expected["verdict"] == "valid" || expected["accepted"] == true || expected["answer"] == "holds";
    let refused = offers(case).any(|offer| offer["answer"] != "new" && offer["answer"] != "known");
    match case["kind"].as_str() {
        Some("store") => refused,
        Some("sequence") => sequences::is_refusal(case),
        _ => !good,
    }
}

/// What the library answers otherwise than the case expects.
fn run(case: &Value) -> Vec<String> {
    let known = ["format", "name", "kind", "zh", "en", "provisional", "inputs", "expected"];
    let more: &[&str] = match text(&case["kind"]).as_str() {
        "cbor" | "carrier" | "list" | "parts" => &[],
        "verify" | "flips" => &["store", "policy", "clock", "context"],
        "store" => &["store"],
        "sequence" => &["store", "policy", "context", "uncertainty", "steps"],
        "identifier" => &["identifier"],
        "signature" => &[],
        "stamps" | "seal" => &["store", "policy", "clock", "context"],
        other => panic!("no kind {other}"),
    };
    for member in case.as_object().unwrap().keys() {
        assert!(known.contains(&member.as_str()) || more.contains(&member.as_str()), "member {member}");
    }
    match text(&case["kind"]).as_str() {
        "cbor" => rows(case, |row| check_item(&hex(&row["hex"]))),
        "carrier" => rows(case, |row| check_text(&text(&row["text"]))),
        "parts" => rows(case, |row| check_parts(&row["texts"])),
        "list" => rows(case, |row| check_list(&hex(&row["hex"]))),
        "verify" => verify(case),
        "flips" => flips(case),
        "store" => store_alone(case),
        "sequence" => sequences::run(case),
        "stamps" | "seal" => stamps::run(case),
        "identifier" => rows(case, |row| check_identifier(&text(&case["identifier"]), &text(&row["text"]))),
        _ => rows(case, |row| check_signature(&hex(&row["key"]), &hex(&row["message"]), &hex(&row["signature"]))),
    }
}

/// Asks about each input.
fn rows(case: &Value, answer: impl Fn(&Value) -> Value) -> Vec<String> {
    let rows = case["inputs"].as_array().unwrap();
    assert!(!rows.is_empty());
    rows.iter().filter_map(|row| differs(&row["note"], &case["expected"], &answer(row))).collect()
}

fn differs(note: &Value, expected: &Value, found: &Value) -> Option<String> {
    (expected != found).then(|| format!("{note}\n  expected {expected}\n  found    {found}"))
}

fn check_item(bytes: &[u8]) -> Value {
    match cbor::check(bytes) {
        Ok(()) => json!({ "accepted": true }),
        Err(error) => {
            json!({ "accepted": false, "reason": error.reason().symbol(), "fault": fault_word(error.fault) })
        }
    }
}

fn check_text(text: &str) -> Value {
    match carrier::decode(text) {
        Ok(decoded) => json!({
            "accepted": true,
            "carrier": carrier_word(decoded.carrier),
            "hex": decoded.bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
            "repaired": decoded.repaired.iter().map(|repair| repair.symbol()).collect::<Vec<_>>(),
        }),
        Err(error) => json!({ "accepted": false, "reason": error.reason().symbol() }),
    }
}

const fn carrier_word(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Digits => "digits",
        Carrier::Base45 => "base45",
        Carrier::Block(_) => "block",
        _ => "another",
    }
}

fn check_parts(texts: &Value) -> Value {
    let texts: Vec<String> = texts.as_array().unwrap().iter().map(text).collect();
    match carrier::decode_parts(texts.iter().map(String::as_str)) {
        Ok(whole) => json!({
            "accepted": true,
            "carrier": carrier_word(whole.carrier),
            "hex": whole.bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
            "form": whole.form.number(),
            "parts": whole.parts,
        }),
        Err(error) => json!({ "accepted": false, "reason": error.reason().symbol() }),
    }
}

const fn fault_word(fault: Fault) -> &'static str {
    match fault {
        Fault::UnexpectedEnd => "unexpected-end",
        Fault::TrailingBytes => "trailing-bytes",
        Fault::NotShortest => "not-shortest",
        Fault::Indefinite => "indefinite",
        Fault::Reserved => "reserved",
        Fault::Float => "float",
        Fault::Simple => "simple",
        Fault::Tag => "tag",
        Fault::TooNegative => "too-negative",
        Fault::TooDeep => "too-deep",
        Fault::KeyOrder => "key-order",
        Fault::DuplicateKey => "duplicate-key",
        Fault::NotUtf8 => "not-utf8",
        Fault::Character => "character",
        _ => "another",
    }
}

fn check_identifier(kind: &str, text: &str) -> Value {
    fn answer<T, E>(parsed: Option<T>, check: impl FnOnce(&T) -> Result<(), E>) -> Value {
        match parsed {
            None => json!({ "answer": "misshapen" }),
            Some(parsed) if check(&parsed).is_ok() => json!({ "answer": "holds" }),
            Some(_) => json!({ "answer": "fails-its-check" }),
        }
    }
    match kind {
        "credit-code" => answer(CreditCode::parse(text).ok(), CreditCode::check),
        "citizen-id" => answer(CitizenId::parse(text).ok(), CitizenId::check),
        "license-identifier" => answer(LicenseIdentifier::parse(text).ok(), LicenseIdentifier::check),
        "type-code" => answer(TypeCode::parse(text).ok(), TypeCode::check),
        "region" => answer(Region::parse(text).ok(), |_| Ok::<(), ()>(())),
        other => panic!("no identifier {other}"),
    }
}

/// A SubjectPublicKeyInfo of SM2, up to x‖y.
const SM2: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf,
    0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00, 0x04,
];

fn check_signature(key: &[u8], message: &[u8], signature: &[u8]) -> Value {
    let admitted = match <&[u8; 64]>::try_from(key) {
        Ok(point) => PublicKey::from_spki(&[&SM2[..], point].concat()),
        Err(_) => key.try_into().map_err(|_| KeyError::Malformed).and_then(PublicKey::ed25519),
    };
    let answer = match admitted {
        Err(KeyError::UnknownAlgorithm) => "unknown",
        Err(_) => "key-refused",
        Ok(key) if key.verify(&[message], signature).is_ok() => "holds",
        Ok(_) => "bad",
    };
    json!({ "answer": answer })
}

fn verify(case: &Value) -> Vec<String> {
    let (store, mut faults) = filled(case);
    let seen = seen(case);
    let verifier = verifier(case, &store, &seen);
    faults.extend(rows(case, |row| report(&verifier.verify(&hex(&row["hex"]), clock(&case["clock"])))));
    faults
}

fn report(report: &Report<'_>) -> Value {
    let steps = report.steps();
    let axes = report.axes();
    let decided = steps.deciding();
    let each: Map<String, Value> =
        Step::ALL.iter().map(|step| (step.name().to_owned(), outcome(steps.get(*step)))).collect();
    let mut found = json!({
        "verdict": report.verdict().name(),
        "step": decided.map(|(step, _)| step.name()),
        "reason": decided.map(|(_, reason)| reason.symbol()),
        "steps": each,
        "axes": {
            "authenticity": axes.authenticity,
            "currency": axes.currency,
            "recognition": axes.recognition,
            "presentation": axes.presentation,
        },
        "result_code": report.result_code(),
        "warnings": report.warnings().map(|warning| warning.symbol()).collect::<Vec<_>>(),
        "good_until": report.good_until().map(Timestamp::seconds),
    });
    // Only where a rule of the trust list spoke.
    let told = serde_json::to_value(report).unwrap();
    if !told["recognition"].is_null() {
        found["recognition"] = told["recognition"].clone();
    }
    let defects: Vec<&str> = report.defects().map(|defect| defect.id.as_str()).collect();
    if !defects.is_empty() {
        found["defects"] = json!(defects);
    }
    found
}

fn outcome(asked: Asked) -> Value {
    match asked {
        Asked::NotAsked => json!({ "outcome": "not-asked" }),
        Asked::Asked(Outcome::Passed) => json!({ "outcome": "passed" }),
        Asked::Asked(Outcome::Failed(reason)) => json!({ "outcome": "failed", "reason": reason.symbol() }),
        Asked::Asked(Outcome::Unknown(reason)) => json!({ "outcome": "unknown", "reason": reason.symbol() }),
    }
}

/// What a status list says of all positions, whoever signed it.
fn check_list(bytes: &[u8]) -> Value {
    let answer = || -> Result<Value, ListError> {
        let list = StatusList::parse(bytes)?;
        list.verify_body()?;
        list.check_body()?;
        let length = list.claimed_header().length;
        let state = |at: u32| match list.claimed_body().standing(at.into()) {
            Ok(Standing::State(state)) => state.number(),
            other => panic!("position {at}: {other:?}"),
        };
        let states: Vec<u8> = (0..length).map(state).collect();
        let counts: Vec<usize> = (0..=7).map(|state| states.iter().filter(|at| **at == state).count()).collect();
        let digest = sha256(&states).to_string();
        Ok(json!({ "accepted": true, "length": length, "counts": counts, "states_sha256": digest }))
    };
    answer().unwrap_or_else(|error| json!({ "accepted": false, "reason": error.reason().symbol() }))
}

/// Every bit of the input is turned, one at a time.
fn flips(case: &Value) -> Vec<String> {
    assert_eq!(case["expected"], json!({ "never": "valid" }));
    let (store, mut faults) = filled(case);
    let seen = seen(case);
    let verifier = verifier(case, &store, &seen);
    for row in case["inputs"].as_array().unwrap() {
        let mut bytes = hex(&row["hex"]);
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            if verifier.verify(&bytes, clock(&case["clock"])).verdict() == Verdict::Valid {
                faults.push(format!("bit {} of byte {} turned: valid", bit % 8, bit / 8));
            }
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        assert_eq!(verifier.verify(&bytes, clock(&case["clock"])).verdict(), Verdict::Valid, "as it stands");
    }
    faults
}

/// The presentations that were seen before, if any are kept.
fn seen(case: &Value) -> Option<Seen> {
    let digests = case["context"].get("seen")?.as_array().unwrap();
    let mut seen = Seen::new();
    digests.iter().for_each(|digest| seen.remember(Digest::from_slice(&hex(digest)).unwrap(), Timestamp::MAX));
    Some(seen)
}

fn verifier<'s>(case: &'s Value, store: &'s Store, seen: &'s Option<Seen>) -> Verifier<'s> {
    let (policy, context) = (&case["policy"], &case["context"]);
    let known_terms = ["name", "presentation", "recognition", "region", "tightened"];
    assert!(members(policy).iter().all(|member| known_terms.contains(member)));
    let known = [
        "audience",
        "challenge",
        "document",
        "document_sm3",
        "event_time",
        "known_as_of",
        "purpose",
        "seen",
        "use_case",
    ];
    assert!(members(context).iter().all(|member| known.contains(member)));
    let time_asked = |name: &str| context.get(name).map(time);
    let region = policy["region"].as_str().map(|region| Region::parse(region).unwrap());
    let built_in = Policy::BUILT_IN.into_iter().find(|(name, _)| policy["name"] == *name).expect("a policy");
    let mut asked = built_in.1(region);
    if let Some(tightened) = policy.get("tightened") {
        tighten(&mut asked, tightened);
    }
    if !policy["recognition"].as_bool().unwrap() {
        asked = asked.without_recognition();
    }
    if !policy["presentation"].as_bool().unwrap() {
        asked = asked.without_presentation();
    }
    let [document, document_sm3] = ["document", "document_sm3"]
        .map(|name| context.get(name).map(|digest| Digest::from_slice(&hex(digest)).unwrap()));
    let context = Context {
        purpose: context["purpose"].as_str(),
        audience: context["audience"].as_str(),
        event_time: time_asked("event_time"),
        known_as_of: time_asked("known_as_of"),
        use_case: context["use_case"].as_str(),
        challenge: context.get("challenge").map(|nonce| Nonce::new(hex(nonce).try_into().unwrap())),
        seen: seen.as_ref(),
    };
    Verifier::new(store, asked).with_context(context).with_document(document).with_document_sm3(document_sm3)
}

/// A policy that asks for more than the one it starts from.
fn tighten(policy: &mut Policy, more: &Value) {
    let mut known = vec!["budgets", "classes", "max_status_age"];
    if let Some(suites) = more.get("suites") {
        known.push("suites");
        policy.suites =
            Suites::from_names(suites.as_array().unwrap().iter().map(|name| name.as_str().unwrap())).unwrap();
    }
    assert_eq!(members(more), known);
    for (class, most) in more["budgets"].as_object().unwrap() {
        let [list, directory, status] = [0, 1, 2].map(|at| most[at].as_u64().unwrap());
        policy.budgets.insert(class.clone(), Grace { list, directory, status });
    }
    for (prefix, class) in more["classes"].as_object().unwrap() {
        policy.classes.insert(TypePrefix::parse(prefix).unwrap(), text(class));
    }
    policy.max_status_age = more["max_status_age"].as_u64();
}

fn clock(value: &Value) -> Clock {
    if value.is_null() {
        return Clock::Absent;
    }
    assert_eq!(members(value), ["now", "uncertainty"]);
    Clock::Reads { now: time(&value["now"]), uncertainty: value["uncertainty"].as_u64().unwrap().try_into().unwrap() }
}

fn offers(case: &Value) -> impl Iterator<Item = &Value> {
    case["store"]["offers"].as_array().into_iter().flatten()
}

/// The store that was offered the case's objects, and which answers were not the expected ones.
fn filled(case: &Value) -> (Store, Vec<String>) {
    let pin = Digest::from_slice(&hex(&case["store"]["pin"])).unwrap();
    let mut store = Store::new(Pin::new(pin));
    let mut faults = Vec::new();
    if case["store"].get("as_one_pack").is_some() {
        assert_eq!(members(&case["store"]), ["as_one_pack", "offers", "pin"]);
        let at = offers(case).map(|offer| time(&offer["at"])).max().unwrap();
        let pack: Vec<u8> = offers(case).flat_map(|offer| object(&offer["object"])).collect();
        let answers = store.apply_pack(&pack, TimeWindow::at(at)).unwrap();
        assert_eq!(answers.len(), offers(case).count());
        for (offer, answer) in offers(case).zip(answers) {
            faults.extend(differs(&offer["object"], &offer["answer"], &json!(answered(answer))));
        }
        return (store, faults);
    }
    assert_eq!(members(&case["store"]), ["offers", "pin"]);
    for offer in offers(case) {
        assert_eq!(members(offer), ["answer", "at", "object"]);
        let answer = store.apply(&object(&offer["object"]), TimeWindow::at(time(&offer["at"])));
        faults.extend(differs(&offer["object"], &offer["answer"], &json!(answered(answer))));
    }
    (store, faults)
}

fn answered(answer: Result<Accepted, Refusal>) -> &'static str {
    match answer {
        Ok(Accepted::New { .. }) => "new",
        Ok(Accepted::Known { .. }) => "known",
        Err(refusal) => refusal.reason.symbol(),
    }
}

/// What is held in the end, also when the store was written and read back.
fn store_alone(case: &Value) -> Vec<String> {
    let (store, mut faults) = filled(case);
    faults.extend(differs(&json!("held"), &case["expected"], &held(&store)));
    let reloaded = Store::from_bytes(&store.to_bytes()).unwrap();
    faults.extend(differs(&json!("held after reading back"), &case["expected"], &held(&reloaded)));
    faults
}

fn held(store: &Store) -> Value {
    let directories: Map<String, Value> = store
        .directories()
        .map(|held| (held.directory().province.as_str().to_owned(), json!(held.directory().seq)))
        .collect();
    let statuses: Map<String, Value> = store
        .statuses()
        .map(|held| (format!("{}/{}", held.header().authority, held.header().list), json!(held.header().seq)))
        .collect();
    // Whether what is merely older is kept too is left open.
    let proof = store.evidence().iter().map(|evidence| evidence.reason).filter(|r| *r != Reason::StoreRolledBack);
    json!({
        "trust_list": store.trust().map(|held| held.list().seq),
        "directories": directories,
        "status_lists": statuses,
        "evidence": proof.map(Reason::symbol).collect::<Vec<_>>(),
        "floor": store.floor().seconds(),
    })
}

fn members(value: &Value) -> Vec<&str> {
    let mut names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

fn time(value: &Value) -> Timestamp {
    Timestamp::new(value.as_i64().unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn hex(value: &Value) -> Vec<u8> {
    digits(&text(value))
}

fn digits(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).expect("a hexadecimal digit").try_into().unwrap())
        .collect();
    assert_eq!(digits.len() % 2, 0);
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
