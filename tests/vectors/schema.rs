//! JSON Schema (draft 2020-12), as far as `docs/report.schema.json` uses it. A keyword that is not known here fails: it would be passed over.

use serde_json::Value;

/// Annotations that say nothing of what is admitted.
const SILENT: [&str; 5] = ["$schema", "$id", "$defs", "title", "description"];

/// What of `value` the schema does not admit, with its place.
pub(super) fn check(root: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let mut found = Vec::new();
    let fault = |what: String| Some(format!("{place}: {what}"));
    let Value::Object(keywords) = schema else { panic!("{place}: no schema") };
    for (keyword, operand) in keywords {
        match keyword.as_str() {
            known if SILENT.contains(&known) => {}
            "$ref" => {
                let name = operand.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                found.extend(check(root, &root["$defs"][name], value, place));
            }
            "type" => {
                let named: Vec<_> = operand.as_array().map_or_else(|| vec![operand], |types| types.iter().collect());
                if !named.iter().any(|named| is_of(value, named.as_str().unwrap())) {
                    found.extend(fault(format!("{value} is not of type {operand}")));
                }
            }
            "const" if value != operand => found.extend(fault(format!("{value} is not {operand}"))),
            "enum" if !operand.as_array().unwrap().contains(value) => {
                found.extend(fault(format!("{value} is none of {operand}")))
            }
            "const" | "enum" => {}
            "pattern" => {
                let text = value.as_str().unwrap_or_default();
                if !matches(operand.as_str().unwrap(), text) {
                    found.extend(fault(format!("{value} does not match {operand}")));
                }
            }
            "minimum" if value.as_i64().is_some_and(|value| value < operand.as_i64().unwrap()) => {
                found.extend(fault(format!("{value} is below {operand}")));
            }
            "maximum" if value.as_i64().is_some_and(|value| value > operand.as_i64().unwrap()) => {
                found.extend(fault(format!("{value} is above {operand}")));
            }
            "minimum" | "maximum" => {}
            "minItems" | "maxItems" => {
                let length = value.as_array().map_or(0, Vec::len);
                let bound = usize::try_from(operand.as_u64().unwrap()).unwrap();
                if keyword == "minItems" && length < bound || keyword == "maxItems" && length > bound {
                    found.extend(fault(format!("{length} items")));
                }
            }
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(check(root, operand, item, &format!("{place}/{at}")));
                }
            }
            "required" => {
                let missing =
                    operand.as_array().unwrap().iter().filter(|name| value.get(name.as_str().unwrap()).is_none());
                found.extend(missing.map(|name| format!("{place}: {name} is missing")));
            }
            "properties" => {
                for (name, schema) in operand.as_object().unwrap() {
                    if let Some(member) = value.get(name) {
                        found.extend(check(root, schema, member, &format!("{place}/{name}")));
                    }
                }
            }
            "additionalProperties" => {
                let named = schema.get("properties").and_then(Value::as_object);
                let more = value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(name, _)| named.is_none_or(|named| !named.contains_key(*name)));
                for (name, member) in more {
                    match operand {
                        Value::Bool(false) => found.push(format!("{place}: {name} is not admitted")),
                        schema => found.extend(check(root, schema, member, &format!("{place}/{name}"))),
                    }
                }
            }
            "propertyNames" => {
                for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
                    found.extend(check(root, operand, &Value::from(name.as_str()), &format!("{place}/{name}")));
                }
            }
            "oneOf" | "anyOf" => {
                let admitted = |schema: &&Value| check(root, schema, value, place).is_empty();
                let count = operand.as_array().unwrap().iter().filter(admitted).count();
                if count == 0 || keyword == "oneOf" && count > 1 {
                    found.extend(fault(format!("{value} is admitted by {count} of the {keyword}")));
                }
            }
            other => panic!("{place}: no keyword {other}"),
        }
    }
    found
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type {other}"),
    }
}

/// The few patterns of the schema: `^[set]{n}$` or `^[set]{n,m}$` or `^[set]+$`, where a set is of ranges and characters.
fn matches(pattern: &str, text: &str) -> bool {
    let inner = pattern.strip_prefix("^[").and_then(|rest| rest.strip_suffix('$')).unwrap();
    let (set, count) = inner.split_once(']').unwrap();
    let (least, most) = match count.strip_prefix('{').and_then(|count| count.strip_suffix('}')) {
        Some(bounds) => {
            let (least, most) = bounds.split_once(',').unwrap_or((bounds, bounds));
            (least.parse().unwrap(), most.parse().unwrap())
        }
        None if count == "+" => (1, usize::MAX),
        None => panic!("no pattern {pattern}"),
    };
    let holds = |c: char| {
        let mut set: &[char] = &set.chars().collect::<Vec<_>>();
        while let [first, rest @ ..] = set {
            match rest {
                // A hyphen at the end is itself.
                ['-', last, ..] if (*first..=*last).contains(&c) => return true,
                ['-', _, after @ ..] => set = after,
                _ if *first == c => return true,
                _ => set = rest,
            }
        }
        false
    };
    (least..=most).contains(&text.chars().count()) && text.chars().all(holds)
}

#[test]
fn the_small_validator_refuses() {
    let schema = serde_json::json!({
        "$defs": { "hex": { "type": "string", "pattern": "^[0-9a-f]{4}$" } },
        "type": "object", "additionalProperties": false, "required": ["a"],
        "properties": { "a": { "$ref": "#/$defs/hex" }, "b": { "type": "array", "items": { "enum": [1, 2] }, "maxItems": 2 },
                        "c": { "oneOf": [{ "type": "null" }, { "type": "integer", "minimum": 0, "maximum": 9 }] } },
    });
    let faults = |value: Value| check(&schema, &schema, &value, "").len();
    assert_eq!(faults(serde_json::json!({ "a": "00ff", "b": [1, 2], "c": null })), 0);
    assert_eq!(faults(serde_json::json!({ "a": "00ff", "c": 9 })), 0);
    for wrong in [
        serde_json::json!({}),
        serde_json::json!({ "a": "00fg" }),
        serde_json::json!({ "a": "00ff0" }),
        serde_json::json!({ "a": 5 }),
        serde_json::json!({ "a": "00ff", "b": [3] }),
        serde_json::json!({ "a": "00ff", "b": [1, 1, 1] }),
        serde_json::json!({ "a": "00ff", "c": 10 }),
        serde_json::json!({ "a": "00ff", "c": -1 }),
        serde_json::json!({ "a": "00ff", "d": 1 }),
        serde_json::json!([]),
    ] {
        assert!(faults(wrong.clone()) > 0, "{wrong}");
    }
}
