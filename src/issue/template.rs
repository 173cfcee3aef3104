//! The facts of one license in JSON, as a person or a program writes them down (`examples/data/README.md`): the one reader of them. What is
//! wrong is told with the key that it stands under, and unknown keys are refused: a misspelt one would be lost.

mod fault;

pub use fault::{TemplateError, TemplateFault};

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use serde_json::{Map, Value};

use super::catalogue::anniversary::day_of;
use super::license::{FieldLabel, FieldValue, HolderFacts, LicenseFacts};
use crate::claims::id::{CreditCode, Region, TypeCode};
use crate::claims::{Binding, CredentialId, HolderIdType, Validity};
use crate::time::Day;

/// One license's facts, and who is to issue it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Credit code of the issuing authority, where it is stated.
    pub authority: Option<CreditCode>,
    /// The facts. No copy and no attachments: those are not written down here.
    pub facts: LicenseFacts,
}

type Read<T> = Result<T, TemplateError>;

impl Template {
    /// Reads the JSON, in UTF-8. That texts are in Unicode normalization form C is looked at when they are encoded
    /// ([`LicenseFacts::normalize`] brings them to it).
    ///
    /// # Errors
    /// [`TemplateError`]: the first thing that is wrong, and where.
    pub fn parse(json: &[u8]) -> Result<Self, TemplateError> {
        let value = serde_json::from_slice(json)
            .map_err(|error| TemplateError::new("", TemplateFault::NotJson(error.to_string())))?;
        let mut keys = Keys::of(value, "")?;
        // For people only; the table of types names the type.
        keys.optional("type_name", text)?;
        let template = Self {
            authority: keys.optional("authority", |value, key| code(value, key, CreditCode::parse))?,
            facts: LicenseFacts {
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
                replaces: keys.optional("replaces", credential)?,
                binding: keys.required("bind", binding)?,
            },
        };
        keys.finish()?;
        Ok(template)
    }
}

/// The keys of an object that have not been read yet, and where it stands.
struct Keys {
    map: Map<String, Value>,
    /// As `holders[0].`; empty for the whole.
    path: String,
}

impl Keys {
    fn of(value: Value, key: &str) -> Read<Self> {
        match value {
            Value::Object(map) => {
                Ok(Self { map, path: if key.is_empty() { String::new() } else { format!("{key}.") } })
            }
            _ => Err(TemplateError::new(key, TemplateFault::NotAnObject)),
        }
    }

    fn place(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }

    fn optional<T>(&mut self, key: &str, read: impl Fn(Value, &str) -> Read<T>) -> Read<Option<T>> {
        self.map.remove(key).map(|value| read(value, &self.place(key))).transpose()
    }

    fn required<T>(&mut self, key: &str, read: impl Fn(Value, &str) -> Read<T>) -> Read<T> {
        self.optional(key, read)?.ok_or_else(|| TemplateError::new(&self.place(key), TemplateFault::Missing))
    }

    fn finish(self) -> Read<()> {
        let unknown = self.map.keys().next();
        unknown.map_or(Ok(()), |key| Err(TemplateError::new(&self.place(key), TemplateFault::Unknown)))
    }
}

fn text(value: Value, key: &str) -> Read<String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(TemplateError::new(key, TemplateFault::NotText)),
    }
}

fn number<N: TryFrom<i64>>(value: Value, key: &str) -> Read<N> {
    let number = value.as_i64().and_then(|number| N::try_from(number).ok());
    number.ok_or_else(|| TemplateError::new(key, TemplateFault::Number(value.to_string())))
}

fn code<T, E: Display>(value: Value, key: &str, parse: impl Fn(&str) -> Result<T, E>) -> Read<T> {
    let text = text(value, key)?;
    parse(&text).map_err(|error| {
        let why = error.to_string();
        TemplateError::new(key, TemplateFault::Code { text, why })
    })
}

fn list<T>(value: Value, key: &str, read: impl Fn(Value, &str) -> Read<T>) -> Read<Vec<T>> {
    let Value::Array(items) = value else { return Err(TemplateError::new(key, TemplateFault::NotAList)) };
    items.into_iter().enumerate().map(|(at, item)| read(item, &format!("{key}[{at}]"))).collect()
}

/// `2024-05-20`, and no looser form.
fn day(value: Value, key: &str) -> Read<Day> {
    let text = text(value, key)?;
    civil(&text).ok_or_else(|| TemplateError::new(key, TemplateFault::Date(text)))
}

fn civil(text: &str) -> Option<Day> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let digits = |text: &str, length: usize| {
        let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| plain)
    };
    day_of(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
}

fn validity(value: Value, key: &str) -> Read<Validity> {
    let mut keys = Keys::of(value, key)?;
    let (from, until) = (keys.required("from", day)?, keys.optional("until", day)?);
    keys.finish()?;
    Validity::new(from, until).ok_or_else(|| TemplateError::new(key, TemplateFault::EndsBeforeItBegins))
}

fn holders(value: Value, key: &str) -> Read<Vec<HolderFacts>> {
    list(value, key, |value, key| {
        let mut keys = Keys::of(value, key)?;
        let kind = |value, key: &str| {
            let number: u16 = number(value, key)?;
            HolderIdType::new(number).ok_or_else(|| TemplateError::new(key, TemplateFault::IdType(number)))
        };
        let facts = HolderFacts {
            name: keys.required("name", text)?,
            id_type: keys.required("id_type", kind)?,
            id: keys.required("id", text)?,
        };
        keys.finish()?;
        Ok(facts)
    })
}

fn fields(value: Value, key: &str) -> Read<Vec<(FieldLabel, FieldValue)>> {
    let Keys { map, path } = Keys::of(value, key)?;
    map.into_iter()
        .map(|(name, value)| Ok((FieldLabel::of_text(&name), field(value, &format!("{path}{name}"))?)))
        .collect()
}

fn field(value: Value, key: &str) -> Read<FieldValue> {
    match value {
        Value::String(text) => Ok(FieldValue::Text(text)),
        Value::Bool(answer) => Ok(FieldValue::Bool(answer)),
        Value::Number(_) => number(value, key).map(FieldValue::Int),
        Value::Array(list) => {
            list.into_iter().map(|value| text(value, key)).collect::<Read<_>>().map(FieldValue::Texts)
        }
        Value::Object(_) => {
            let mut keys = Keys::of(value, key)?;
            let day = keys.required("date", day)?;
            keys.finish()?;
            Ok(FieldValue::Day(day))
        }
        Value::Null => Err(TemplateError::new(key, TemplateFault::NoValue)),
    }
}

/// 32 hexadecimal digits, as reports have them.
fn credential(value: Value, key: &str) -> Read<CredentialId> {
    let text = text(value, key)?;
    let mut bytes = [0; 16];
    let mut digits = text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    let mut read = || -> Option<()> {
        for byte in &mut bytes {
            *byte = digits.next()?? << 4 | digits.next()??;
        }
        digits.next().is_none().then_some(())
    };
    let is_whole = read().is_some();
    if is_whole { Ok(CredentialId::new(bytes)) } else { Err(TemplateError::new(key, TemplateFault::Credential)) }
}

fn binding(value: Value, key: &str) -> Read<Binding> {
    let stated: u8 = number(value, key)?;
    let all = [Binding::Bearer, Binding::Identity, Binding::HolderKey];
    let found = all.into_iter().find(|binding| binding.number() == stated);
    found.ok_or_else(|| TemplateError::new(key, TemplateFault::Binding))
}

#[cfg(test)]
mod tests;
