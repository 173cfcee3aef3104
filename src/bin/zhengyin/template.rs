//! The facts of one license as a person writes them down (JSON, see `examples/data/README.md`), turned into what the library issues.

use crate::clock::day;
use crate::keyed::{Keys, code, hex_bytes, list, number, object, text};
use crate::output::{Say, say};
use serde_json::Value;
use zhengyin::claims::id::{CreditCode, Region, TypeCode};
use zhengyin::claims::{Binding, CredentialId, HolderIdType, Validity};
use zhengyin::issue::{FieldLabel, FieldValue, HolderFacts, LicenseFacts};
use zhengyin::time::Day;

/// A larger file holds no facts of one license.
pub(crate) const MAX_FILE: usize = 1 << 20;

/// One license's facts, and who is to issue it.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    /// Credit code of the issuing authority; without one the command line says it.
    pub(crate) authority: Option<CreditCode>,
    pub(crate) facts: LicenseFacts,
}

/// Reads the JSON. What is wrong is told with the key that it stands under. Unknown keys are refused: a misspelt one would be lost.
pub(crate) fn parse(json: &[u8]) -> Result<Template, Say> {
    read(object(json)?)
}

/// The same of JSON that was read already.
pub(crate) fn of_value(value: Value) -> Result<Template, Say> {
    read(Keys::root(value)?)
}

fn read(mut keys: Keys) -> Result<Template, Say> {
    // For people only; the table of types names the type.
    keys.optional("type_name", text)?;
    let template = Template {
        authority: keys.optional("authority", |value, key| code(value, key, CreditCode::parse))?,
        facts: LicenseFacts {
            type_code: keys.required("type", |value, key| code(value, key, TypeCode::parse))?,
            name: keys.required("name", text)?,
            number: keys.required("number", text)?,
            holders: keys.required("holders", holders)?,
            authority_name: keys.required("authority_name", text)?,
            region: keys.required("region", |value, key| code(value, key, Region::parse))?,
            issued_on: keys.required("issued_on", date)?,
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

fn date(value: Value, key: &str) -> Result<Day, Say> {
    let text = text(value, key)?;
    day(&text).ok_or_else(|| {
        say!("{key}：{text} 不是日期（应写作 2024-05-20）", "{key}: {text} is no date (write 2024-05-20)")
    })
}

fn validity(value: Value, key: &str) -> Result<Validity, Say> {
    let mut keys = Keys::of(value, key)?;
    let (from, until) = (keys.required("from", date)?, keys.optional("until", date)?);
    keys.finish()?;
    Validity::new(from, until).ok_or_else(|| say!("{key}：截止早于起始", "{key}: ends before it begins"))
}

fn holders(value: Value, key: &str) -> Result<Vec<HolderFacts>, Say> {
    list(value, key, |value, key| {
        let mut keys = Keys::of(value, key)?;
        let kind = |value, key: &str| {
            let number: u16 = number(value, key)?;
            HolderIdType::new(number)
                .ok_or_else(|| say!("{key}：没有代码类型 {number}", "{key}: there is no id type {number}"))
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

fn fields(value: Value, key: &str) -> Result<Vec<(FieldLabel, FieldValue)>, Say> {
    let entries = Keys::of(value, key)?.into_entries();
    entries.map(|(path, name, value)| Ok((FieldLabel::of_text(&name), field(value, &path)?))).collect()
}

fn field(value: Value, key: &str) -> Result<FieldValue, Say> {
    match value {
        Value::String(text) => Ok(FieldValue::Text(text)),
        Value::Bool(answer) => Ok(FieldValue::Bool(answer)),
        Value::Number(_) => number(value, key).map(FieldValue::Int),
        Value::Array(list) => {
            list.into_iter().map(|value| text(value, key)).collect::<Result<_, _>>().map(FieldValue::Texts)
        }
        Value::Object(_) => {
            let mut keys = Keys::of(value, key)?;
            let day = keys.required("date", date)?;
            keys.finish()?;
            Ok(FieldValue::Day(day))
        }
        Value::Null => Err(say!("{key}：没有值", "{key}: has no value")),
    }
}

fn credential(value: Value, key: &str) -> Result<CredentialId, Say> {
    let text = text(value, key)?;
    hex_bytes(&text)
        .map(CredentialId::new)
        .ok_or_else(|| say!("{key}：应为 32 位十六进制", "{key}: 32 hexadecimal digits are expected"))
}

fn binding(value: Value, key: &str) -> Result<Binding, Say> {
    let stated: u8 = number(value, key)?;
    let all = [Binding::Bearer, Binding::Identity, Binding::HolderKey];
    let found = all.into_iter().find(|binding| binding.number() == stated);
    found.ok_or_else(|| say!("{key}：应为 0、1 或 2", "{key}: 0, 1 or 2 is expected"))
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
