//! The facts of one license in JSON, as the command's `license issue --data` takes them. What is wrong is told with the key that it stands
//! under, and unknown keys are refused: a misspelt one would be lost.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use serde_json::{Map, Value};

use crate::claims::id::{CreditCode, Region, TypeCode};
use crate::claims::{Binding, CredentialId, HolderIdType, Validity};
use crate::issue::catalogue::anniversary::day_of;
use crate::issue::{FieldLabel, FieldValue, HolderFacts, LicenseFacts};
use crate::time::Day;

/// Facts, and who is to issue the license where they say it.
pub(super) fn parse(json: &[u8]) -> Result<(Option<CreditCode>, LicenseFacts), String> {
    let value: Value = serde_json::from_slice(json).map_err(|error| format!("not JSON: {error}"))?;
    let mut keys = Keys::of(value, "the whole")?;
    keys.path.clear();
    // For people only.
    keys.optional("type_name", text)?;
    let authority = keys.optional("authority", |value, key| code(value, key, CreditCode::parse))?;
    let facts = LicenseFacts {
        type_code: keys.required("type", |value, key| code(value, key, TypeCode::parse))?,
        name: keys.required("name", text)?,
        number: keys.required("number", text)?,
        holders: keys.required("holders", holders)?,
        authority_name: keys.required("authority_name", text)?,
        region: keys.required("region", |value, key| code(value, key, Region::parse))?,
        issued_on: keys.required("issued_on", day)?,
        validity: keys.required("valid", validity)?,
        fields: keys.required("fields", fields)?,
        serial: keys.required("serial", text)?,
        version: keys.optional("version", number)?.unwrap_or(1),
        authority_code: keys.optional("authority_code", text)?,
        attachments: Vec::new(),
        copy: None,
        replaces: keys.optional("replaces", |value, key| {
            let text = text(value, key)?;
            let id = sixteen(&text).map(CredentialId::new);
            id.ok_or_else(|| format!("{key}: 32 hexadecimal digits are expected"))
        })?,
        binding: keys.required("bind", binding)?,
    };
    keys.finish()?;
    Ok((authority, facts))
}

/// The keys of an object that have not been read yet, and where it stands.
struct Keys {
    map: Map<String, Value>,
    path: String,
}

impl Keys {
    fn of(value: Value, path: &str) -> Result<Self, String> {
        match value {
            Value::Object(map) => Ok(Self { map, path: format!("{path}.") }),
            _ => Err(format!("{path}: an object is expected")),
        }
    }

    fn optional<T>(&mut self, key: &str, read: impl Fn(Value, &str) -> Result<T, String>) -> Result<Option<T>, String> {
        let path = format!("{}{key}", self.path);
        self.map.remove(key).map(|value| read(value, &path)).transpose()
    }

    fn required<T>(&mut self, key: &str, read: impl Fn(Value, &str) -> Result<T, String>) -> Result<T, String> {
        self.optional(key, read)?.ok_or_else(|| format!("{}{key} is missing", self.path))
    }

    fn finish(self) -> Result<(), String> {
        let path = self.path;
        self.map.keys().next().map_or(Ok(()), |key| Err(format!("unknown key {path}{key}")))
    }
}

fn text(value: Value, key: &str) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(format!("{key}: a text is expected")),
    }
}

fn number<N: TryFrom<i64>>(value: Value, key: &str) -> Result<N, String> {
    let number = value.as_i64().and_then(|number| N::try_from(number).ok());
    number.ok_or_else(|| format!("{key}: {value} is no integer that is admitted"))
}

fn code<T, E: Display>(value: Value, key: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, String> {
    let text = text(value, key)?;
    parse(&text).map_err(|error| format!("{key}: {text}: {error}"))
}

fn sixteen(text: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    let mut digits = text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    for byte in &mut bytes {
        *byte = digits.next()?? << 4 | digits.next()??;
    }
    digits.next().is_none().then_some(bytes)
}

/// `2024-05-20`.
fn day(value: Value, key: &str) -> Result<Day, String> {
    let text = text(value, key)?;
    civil(&text).ok_or_else(|| format!("{key}: {text} is no date (write 2024-05-20)"))
}

fn civil(text: &str) -> Option<Day> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let digits = |text: &str, length: usize| {
        let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| plain)
    };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    day_of(year, month, day)
}

fn validity(value: Value, key: &str) -> Result<Validity, String> {
    let mut keys = Keys::of(value, key)?;
    let (from, until) = (keys.required("from", day)?, keys.optional("until", day)?);
    keys.finish()?;
    Validity::new(from, until).ok_or_else(|| format!("{key}: ends before it begins"))
}

fn holders(value: Value, key: &str) -> Result<Vec<HolderFacts>, String> {
    let Value::Array(items) = value else { return Err(format!("{key}: a list is expected")) };
    let read = |(at, item): (usize, Value)| {
        let mut keys = Keys::of(item, &format!("{key}[{at}]"))?;
        let kind = |value, key: &str| {
            let number: u16 = number(value, key)?;
            HolderIdType::new(number).ok_or_else(|| format!("{key}: there is no id type {number}"))
        };
        let facts = HolderFacts {
            name: keys.required("name", text)?,
            id_type: keys.required("id_type", kind)?,
            id: keys.required("id", text)?,
        };
        keys.finish()?;
        Ok(facts)
    };
    items.into_iter().enumerate().map(read).collect()
}

fn fields(value: Value, key: &str) -> Result<Vec<(FieldLabel, FieldValue)>, String> {
    let Keys { map, path } = Keys::of(value, key)?;
    map.into_iter()
        .map(|(name, value)| Ok((FieldLabel::of_text(&name), field(value, &format!("{path}{name}"))?)))
        .collect()
}

fn field(value: Value, key: &str) -> Result<FieldValue, String> {
    match value {
        Value::String(text) => Ok(FieldValue::Text(text)),
        Value::Bool(answer) => Ok(FieldValue::Bool(answer)),
        Value::Number(_) => number(value, key).map(FieldValue::Int),
        Value::Array(list) => {
            list.into_iter().map(|value| text(value, key)).collect::<Result<_, _>>().map(FieldValue::Texts)
        }
        Value::Object(_) => {
            let mut keys = Keys::of(value, key)?;
            let day = keys.required("date", day)?;
            keys.finish()?;
            Ok(FieldValue::Day(day))
        }
        Value::Null => Err(format!("{key}: has no value")),
    }
}

fn binding(value: Value, key: &str) -> Result<Binding, String> {
    let stated: u8 = number(value, key)?;
    let all = [Binding::Bearer, Binding::Identity, Binding::HolderKey];
    all.into_iter()
        .find(|binding| binding.number() == stated)
        .ok_or_else(|| format!("{key}: 0, 1 or 2 is expected").to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    extern crate std;

    use super::*;

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
            "",
        ] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_key() {
        let json = std::fs::read("examples/data/business-license.json").unwrap();
        let (authority, facts) = parse(&json).unwrap();
        assert_eq!(authority.unwrap().as_str(), "11990100MB0000000P");
        assert_eq!((facts.name.as_str(), facts.fields.len(), facts.version), ("营业执照", 7, 1));
        let changed = |key: &str, value: Value| {
            let mut all: Value = serde_json::from_slice(&json).unwrap();
            all[key] = value;
            parse(all.to_string().as_bytes()).unwrap_err()
        };
        assert!(changed("regoin", Value::Null).contains("unknown key regoin"));
        assert!(changed("bind", 7.into()).starts_with("bind: 0, 1 or 2"));
        assert!(changed("issued_on", "20.5.2024".into()).starts_with("issued_on: "));
        assert!(changed("region", "9901".into()).starts_with("region: 9901"));
        assert!(parse(b"[]").unwrap_err().contains("object"));
    }
}
