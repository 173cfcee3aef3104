//! The reports of every case: of the shape that `docs/report.schema.json` describes, resting on what they name, and silent where they are
//! redacted.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use zhengyin::claims;
use zhengyin::store::{ObjectKind, Recorded};
use zhengyin::verify::{self, Texts};

use super::*;

#[path = "schema.rs"]
mod schema;

/// The cases that ask for a verdict, each with its store: filled once for all tests.
pub(super) fn asked() -> &'static [(Value, Store)] {
    static ASKED: OnceLock<Vec<(Value, Store)>> = OnceLock::new();
    ASKED.get_or_init(|| {
        let cases = all_cases().filter(|case| case["kind"] == "verify");
        cases.map(|case| (case.clone(), filled(&case).0)).collect()
    })
}

/// Calls `look` with what each report of such a case is made from.
fn each_report(mut look: impl FnMut(&str, &Store, &Verifier<'_>, &[u8], Clock)) -> usize {
    let mut count = 0;
    for (case, store) in asked() {
        let seen = seen(case);
        let verifier = verifier(case, store, &seen);
        for row in case["inputs"].as_array().unwrap() {
            let name = format!("{} {}", text(&case["name"]), row["note"]);
            look(&name, store, &verifier, &hex(&row["hex"]), clock(&case["clock"]));
            count += 1;
        }
    }
    assert!(count > 300, "only {count} reports");
    count
}

fn json(value: &verify::Value<'_>) -> Value {
    match value {
        verify::Value::Null => Value::Null,
        verify::Value::Bool(value) => json!(value),
        verify::Value::Int(value) => json!(value),
        verify::Value::Text(text) => json!(text),
        verify::Value::List(items) => Value::Array(items.iter().map(json).collect()),
        verify::Value::Map(map) => {
            Value::Object(map.iter().map(|(name, value)| (name.to_string(), json(value))).collect())
        }
    }
}

/// Also with texts, also redacted. A report with a member more, or one less, is refused: the schema is exact.
#[test]
fn every_report_is_of_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let check = |value: &Value| schema::check(&schema, &schema, value, "");
    let (mut members, mut samples) = (BTreeSet::new(), BTreeSet::new());
    let count = each_report(|name, _, verifier, bytes, clock| {
        let report = verifier.verify(bytes, clock);
        for texts in [Texts::None, Texts::Both] {
            for value in [report.to_value(texts), report.to_value(texts).redacted()] {
                let value = json(&value);
                assert_eq!(check(&value), Vec::<String>::new(), "{name}");
                members.extend(value.as_object().unwrap().keys().cloned());
                if samples.insert((report.verdict().name(), value["object"].is_null(), value["redacted"].as_bool())) {
                    check_exact(&schema, &value);
                }
            }
        }
    });
    // What only the command says of itself is told in its own tests.
    let named: BTreeSet<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
    let command = BTreeSet::from(["carrier", "clock", "file"].map(String::from));
    assert_eq!(named.difference(&members).cloned().collect::<BTreeSet<_>>(), command);
    println!("{count} reports in four forms");
}

/// A report with anything more or less is refused.
fn check_exact(schema: &Value, value: &Value) {
    let refused = |value: &Value| !schema::check(schema, schema, value, "").is_empty();
    for place in ["", "/steps", "/steps/issuer", "/axes", "/time", "/policy", "/inputs/0", "/object/facts"] {
        let mut more = value.clone();
        let Some(Value::Object(map)) = more.pointer_mut(place) else { continue };
        map.insert("another".into(), Value::Null);
        assert!(refused(&more), "{place}: a member more is admitted");
    }
    for member in schema["required"].as_array().unwrap().iter().map(text) {
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove(&member);
        assert!(refused(&less), "a report without {member} is admitted");
    }
}

/// One tree gives CBOR and JSON, and the CBOR is read back as the tree that it was.
#[test]
fn every_report_is_read_back() {
    each_report(|name, _, verifier, bytes, clock| {
        let report = verifier.verify(bytes, clock);
        let value = report.to_value(Texts::Both);
        let cbor = value.to_cbor().unwrap();
        cbor::check(&cbor).unwrap();
        assert_eq!(verify::Value::parse(&cbor).unwrap(), value, "{name}");
        assert_eq!(verifier.verify(bytes, clock).to_value(Texts::Both).to_cbor().unwrap(), cbor, "{name}");
    });
}

/// What every report comes to, by digest, for those who call the library from other languages: they must come to the same bytes.
#[test]
fn every_report_is_told_to_callers_in_other_languages() {
    let told = |name: &str, with_texts: &verify::Value<'_>, without: &verify::Value<'_>| {
        let json = sha256(&serde_json::to_vec(with_texts).unwrap());
        format!("{} {json} {}\n", name.split(' ').next().unwrap(), sha256(&without.to_cbor().unwrap()))
    };
    let (mut licenses, mut stamps) = (String::new(), String::new());
    let count = each_report(|name, _, verifier, bytes, clock| {
        let report = verifier.verify(bytes, clock);
        licenses += &told(name, &report.to_value(Texts::Both), &report.to_value(Texts::None));
    });
    stamps::each_told(|name, [with_texts, without]| stamps += &told(name, &with_texts, &without));
    // In the order of the files and of the inputs in each; `.ci/callers` reads them.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::write(folder.join("reports.txt"), &licenses).unwrap();
    fs::write(folder.join("stamps.txt"), &stamps).unwrap();
    assert_eq!(licenses.lines().count(), count);
    assert!(stamps.lines().count() > 400, "{}", stamps.lines().count());
}

/// A store of the named objects alone gives the same report: nothing is relied on in silence.
#[test]
fn every_report_rests_on_what_it_names() {
    let (mut named, mut held) = (0, 0);
    each_report(|name, store, verifier, bytes, clock| {
        let report = verifier.verify(bytes, clock);
        let inputs = report.inputs();
        let objects: Vec<_> = inputs.iter().map(|input| object_of(store, input)).collect();
        let recorded: Vec<Recorded<'_>> = inputs
            .iter()
            .zip(&objects)
            .map(|(input, object)| Recorded {
                object,
                kind: input.kind,
                digest: input.digest,
                province: input.province.filter(|_| input.kind == ObjectKind::StatusList),
                contradicted: input.contradicted,
            })
            .collect();
        let part = Store::of_recorded(&recorded).unwrap_or_else(|error| panic!("{name}: {error}"));
        let again = Verifier::new(&part, verifier.policy().clone())
            .with_context(*report.context())
            .with_document(report.document())
            .with_document_sm3(report.document_sm3());
        assert_eq!(
            json(&again.verify(bytes, clock).to_value(Texts::None)),
            json(&report.to_value(Texts::None)),
            "{name}"
        );
        named += inputs.len();
        held += usize::from(store.trust().is_some()) + store.directories().count() + store.statuses().count();
    });
    assert!(named < held, "everything held is named: {named} of {held}");
    println!("{named} objects named of {held} held");
}

fn object_of<'s>(store: &'s Store, input: &verify::Input) -> std::borrow::Cow<'s, [u8]> {
    match input.kind {
        ObjectKind::TrustList => store.trust().unwrap().bytes().into(),
        ObjectKind::Directory => store.directory(input.province.unwrap()).unwrap().bytes().into(),
        ObjectKind::StatusList => {
            let (authority, list) = input.list.unwrap();
            store.status(input.province.unwrap(), authority, list).unwrap().object().unwrap()
        }
    }
}

/// No text that the license says of its holder or on its face remains, and no number of its own.
#[test]
fn a_redacted_report_is_silent_about_the_holder() {
    let mut texts = 0;
    each_report(|name, _, verifier, bytes, clock| {
        let report = verifier.verify(bytes, clock);
        let Some(claims) = report.claimed_license() else { return };
        let license = &claims.license;
        let mut secret = vec![license.number.to_owned(), claims.identifier().as_str().to_owned()];
        secret.extend(license.holders.clone().flat_map(|holder| [holder.name.to_owned(), holder.id.to_owned()]));
        for (key, value) in license.fields.clone() {
            if let claims::FieldKey::Name(name) = key {
                secret.push(name.to_owned());
            }
            match value {
                claims::Value::Text(text) => secret.push(text.to_owned()),
                claims::Value::Texts(texts) => secret.extend(texts.map(str::to_owned)),
                claims::Value::Int(_) | claims::Value::Bool(_) | claims::Value::Day(_) => {}
            }
        }
        secret.extend(license.attachments.clone().into_iter().flatten().map(|attachment| attachment.name.to_owned()));
        let (whole, redacted) = (report.to_value(Texts::Both), report.to_value(Texts::Both).redacted());
        let (whole, redacted_cbor) = (whole.to_cbor().unwrap(), redacted.to_cbor().unwrap());
        let redacted_json = json(&redacted).to_string();
        for text in secret.iter().filter(|text| text.chars().count() > 2) {
            assert!(
                whole.windows(text.len()).any(|window| window == text.as_bytes()),
                "{name}: {text} was never there"
            );
            let leaks = redacted_cbor.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!leaks && !redacted_json.contains(text.as_str()), "{name}: {text}");
            texts += 1;
        }
        assert_eq!(redacted.clone().redacted(), redacted, "{name}: redacting again changes nothing");
        assert_eq!(json(&redacted)["object"]["digest"], json(&report.to_value(Texts::None))["object"]["digest"]);
    });
    println!("{texts} texts looked for");
}

/// Those of stamps and seals are of the same schema, and rest on what they name.
#[test]
fn every_report_of_a_stamp_is_of_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut samples = BTreeSet::new();
    let count = stamps::each_report(|name, report| {
        let value = json(report);
        assert_eq!(schema::check(&schema, &schema, &value, ""), Vec::<String>::new(), "{name}");
        let kind = value["object"]["type"].as_str().map(str::to_owned);
        if samples.insert((text(&value["verdict"]), kind)) {
            check_exact(&schema, &value);
        }
    });
    println!("{count} reports of stamps and seals");
    assert!(count > 400 && samples.len() >= 6, "{count} {samples:?}");
}

/// What is said of a whole file, also redacted: of its schema, and each stamp in it of that of reports. Redacted twice is redacted once.
#[test]
fn every_report_of_a_file_of_stamps_is_of_the_schema() {
    let read = |name: &str| -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    let (whole, each) = (read("stamps.schema.json"), read("report.schema.json"));
    let mut members = BTreeSet::new();
    let count = stamps::each_file(|name, report| {
        for value in [report.clone(), report.clone().redacted()] {
            assert_eq!(value.clone().redacted(), value.clone().redacted().redacted(), "{name}");
            let value = json(&value);
            assert_eq!(schema::check(&whole, &whole, &value, ""), Vec::<String>::new(), "{name}");
            for stamp in value["stamps"].as_array().unwrap() {
                assert_eq!(schema::check(&each, &each, stamp, ""), Vec::<String>::new(), "{name}");
                let facts = &stamp["object"];
                let told = [&facts["facts"]["reason"], &facts["facts"]["place"], &facts["seal"]["facts"]["owner_name"]];
                assert!(value["redacted"] == false || told.iter().all(|told| told.is_null()), "{name}");
                assert_eq!(stamp["redacted"], value["redacted"]);
            }
            let mut more = value.clone();
            more["another"] = Value::Null;
            assert!(!schema::check(&whole, &whole, &more, "").is_empty());
            members.extend(value.as_object().unwrap().keys().cloned());
        }
    });
    let named: BTreeSet<String> = whole["properties"].as_object().unwrap().keys().cloned().collect();
    let command = BTreeSet::from(["clock", "document_file", "file"].map(String::from));
    assert_eq!(named.difference(&members).cloned().collect::<BTreeSet<_>>(), command);
    assert!(count > 200, "{count}");
}

/// A store of the named objects alone gives the same reports.
#[test]
fn every_report_of_a_stamp_rests_on_what_it_names() {
    stamps::each_verified(|name, store, verifier, report| {
        let objects: Vec<_> = report.inputs().iter().map(|input| object_of(store, input)).collect();
        let recorded: Vec<Recorded<'_>> = report
            .inputs()
            .iter()
            .zip(&objects)
            .map(|(input, object)| Recorded {
                object,
                kind: input.kind,
                digest: input.digest,
                province: input.province.filter(|_| input.kind == ObjectKind::StatusList),
                contradicted: input.contradicted,
            })
            .collect();
        let part = Store::of_recorded(&recorded).unwrap_or_else(|error| panic!("{name}: {error}"));
        let again = Verifier::new(&part, verifier.policy().clone()).with_context(*report.context());
        let expected = json(&report.to_value(Texts::None));
        (again.store().clone(), expected)
    });
}
