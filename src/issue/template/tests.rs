#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
extern crate std;

use std::vec;

use super::*;
use crate::reason::Language;

fn example() -> Value {
    serde_json::from_slice(&std::fs::read("examples/data/business-license.json").unwrap()).unwrap()
}

fn wrong_of(json: &Value) -> TemplateError {
    Template::parse(json.to_string().as_bytes()).unwrap_err()
}

/// The message about the example with one key set (or removed, by null).
fn wrong(pointer: &str, value: Value) -> String {
    let mut json = example();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value == Value::String("removed".into()) {
        parent.remove(key);
    } else {
        parent.insert(key.into(), value);
    }
    wrong_of(&json).text(Language::En)
}

#[test]
fn what_is_written_down_is_read() {
    let Template { authority, facts } = Template::parse(example().to_string().as_bytes()).unwrap();
    assert_eq!(authority.unwrap().as_str(), "11990100MB0000000P");
    assert_eq!((facts.name.as_str(), facts.fields.len(), facts.version), ("营业执照", 7, 1));
    let mut json = example();
    json["replaces"] = "00112233445566778899AABBCCDDEEFF".into();
    let facts = Template::parse(json.to_string().as_bytes()).unwrap().facts;
    assert_eq!(facts.replaces.unwrap().as_bytes()[..3], [0, 0x11, 0x22]);
    assert!(facts.attachments.is_empty() && facts.copy.is_none());
}

#[test]
fn days_are_those_of_the_calendar() {
    let days = |text| civil(text).map(Day::days);
    assert_eq!(days("1970-01-01"), Some(0));
    assert_eq!(days("2024-05-20"), Some(19_863));
    assert_eq!(days("2000-02-29"), Some(11_016));
    assert_eq!(days("0001-01-01"), Some(Day::MIN.days()));
    assert_eq!(days("9999-12-31"), Some(Day::MAX.days()));
    for wrong in [
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "2024-00-01",
        "2024-1-01",
        "+024-01-01",
        "2024-04-31",
        "0000-01-01",
        "20240520",
        "2024-05-20T00:00:00Z",
        "2024-05-20-1",
        "",
    ] {
        assert_eq!(days(wrong), None, "{wrong}");
    }
}

#[test]
fn values_of_every_kind() {
    let mut json = example();
    json["fields"] = serde_json::json!({"a": "x", "b": 5, "c": true, "d": {"date": "2024-02-29"}, "e": ["x", "y"]});
    let facts = Template::parse(json.to_string().as_bytes()).unwrap().facts;
    let values: Vec<FieldValue> = facts.fields.into_iter().map(|(_, value)| value).collect();
    let day = civil("2024-02-29").unwrap();
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
    assert_eq!(
        wrong("/replaces", "00112233445566778899aabbccddeef".into()),
        "replaces: 32 hexadecimal digits are expected"
    );
    assert_eq!(
        wrong("/replaces", "00112233445566778899aabbccddeeff0".into()),
        "replaces: 32 hexadecimal digits are expected"
    );
    assert_eq!(wrong("/holders", "nobody".into()), "holders: a list is expected");
    assert_eq!(wrong("/valid", "always".into()), "valid: an object is expected");
    assert_eq!(wrong("/holders/0/id_type", 1000.into()), "holders[0].id_type: there is no id type 1000");
    assert_eq!(Template::parse(b"[]").unwrap_err().text(Language::En), "a JSON object is expected");
    assert!(Template::parse(b"{").unwrap_err().text(Language::En).starts_with("not JSON"));
}

/// What is wrong is data too: a caller need not read the sentence.
#[test]
fn mistakes_are_told_in_both_languages() {
    let mut json = example();
    json["issued_on"] = "20.5.2024".into();
    let error = wrong_of(&json);
    assert_eq!(error, TemplateError { at: "issued_on".into(), fault: TemplateFault::Date("20.5.2024".into()) });
    assert_eq!(error.text(Language::Zh), "issued_on：20.5.2024 不是日期（应写作 2024-05-20）");
    assert_eq!(error.to_string(), error.text(Language::En));
    json = example();
    json["regoin"] = Value::Null;
    assert_eq!(wrong_of(&json).text(Language::Zh), "未知的键 regoin");
}
