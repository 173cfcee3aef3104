#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
use super::*;
use std::path::Path;
use zhengyin::claims::{CredentialId, LicenseClaims, StatusPointer};
use zhengyin::issue::CredentialFacts;
use zhengyin::time::Timestamp;

fn example() -> Value {
    serde_json::from_slice(include_bytes!("../../../../examples/data/business-license.json")).unwrap()
}

/// The message about the example with one key set (or removed, by null).
fn wrong(pointer: &str, value: Value) -> String {
    let mut json = example();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value == Value::String("removed".into()) {
        parent.remove(key);
    } else {
        parent.insert(key.to_owned(), value);
    }
    parse(&serde_json::to_vec(&json).unwrap()).map(|_| ()).unwrap_err().en
}

#[test]
fn every_example_can_be_issued() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let files: Vec<_> = crate::files::list(&folder).unwrap();
    let files: Vec<_> = files.iter().filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    assert!(files.len() >= 14);
    for path in files {
        let shown = path.display();
        let json = crate::files::read(path, MAX_FILE).unwrap();
        let mut template = parse(&json).unwrap_or_else(|error| panic!("{shown}: {}", error.en));
        assert_eq!(template.facts.normalize(), [], "{shown}");
        let credential = CredentialFacts {
            issuer: template.authority.unwrap(),
            expires: None,
            not_before: Timestamp::MIN,
            issued_at: Timestamp::MIN,
            id: CredentialId::new([7; 16]),
            holder_key: None,
            status: StatusPointer { list: 0, index: 0 },
        };
        let payload = template.facts.encode(&credential).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let claims = LicenseClaims::parse(&payload).unwrap();
        assert_eq!(claims.claimed().warnings().count(), 0, "{shown}");
        assert_eq!(claims.claimed().license.name, template.facts.name, "{shown}");
    }
}

#[test]
fn values_of_every_kind() {
    let mut json = example();
    json["fields"] = serde_json::json!({"a": "x", "b": 5, "c": true, "d": {"date": "2024-02-29"}, "e": ["x", "y"]});
    let facts = parse(&serde_json::to_vec(&json).unwrap()).unwrap().facts;
    let values: Vec<FieldValue> = facts.fields.into_iter().map(|(_, value)| value).collect();
    let day = day("2024-02-29").unwrap();
    let texts = FieldValue::Texts(vec!["x".into(), "y".into()]);
    assert_eq!(
        values,
        [FieldValue::Text("x".into()), FieldValue::Int(5), FieldValue::Bool(true), FieldValue::Day(day), texts]
    );
}

#[test]
fn mistakes_are_named_where_they_stand() {
    let null = Value::Null;
    assert_eq!(wrong("/name", Value::String("removed".into())), "name is missing");
    assert_eq!(wrong("/nam", "x".into()), "unknown key nam");
    assert_eq!(wrong("/holders/0/nick", "x".into()), "unknown key holders[0].nick");
    assert_eq!(wrong("/holders/0/id_type", 70_000.into()), "holders[0].id_type: 70000 is no integer that is admitted");
    assert_eq!(wrong("/valid/until", "2020-01-01".into()), "valid: ends before it begins");
    assert_eq!(wrong("/valid/from", "01/02/2020".into()), "valid.from: 01/02/2020 is no date (write 2024-05-20)");
    assert_eq!(wrong("/fields/面积", 1.5.into()), "fields.面积: 1.5 is no integer that is admitted");
    assert_eq!(wrong("/fields/面积", null), "fields.面积: has no value");
    assert_eq!(wrong("/bind", 3.into()), "bind: 0, 1 or 2 is expected");
    assert!(wrong("/type", "1195".into()).starts_with("type: 1195: "));
    assert!(wrong("/region", "9901".into()).starts_with("region: 9901: "));
    assert_eq!(parse(b"[]").unwrap_err().en, "a JSON object is expected");
    assert!(parse(b"{").unwrap_err().en.starts_with("not JSON"));
}
