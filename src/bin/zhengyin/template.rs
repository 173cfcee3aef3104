//! The facts of one license as a person writes them down (JSON, see `examples/data/README.md`), turned into what the library issues.

use crate::clock::day;
use crate::output::{Say, say};
use serde_json::{Map, Value};
use zhengyin::claims::id::{CreditCode, Region, TypeCode};
use zhengyin::claims::{Binding, HolderIdType, Validity};
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
    let value: Value = serde_json::from_slice(json).map_err(|error| say!("不是 JSON：{error}", "not JSON: {error}"))?;
    let Value::Object(map) = value else {
        return Err(say!("应为一个 JSON 对象", "a JSON object is expected"));
    };
    let mut keys = Keys { map, path: String::new() };
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
            replaces: None,
            binding: keys.required("bind", binding)?,
        },
    };
    keys.finish()?;
    Ok(template)
}

/// The keys of an object that have not been read yet.
struct Keys {
    map: Map<String, Value>,
    /// Where the object stands, as `holders[0].`.
    path: String,
}

impl Keys {
    fn of(value: Value, path: &str) -> Result<Self, Say> {
        match value {
            Value::Object(map) => Ok(Keys { map, path: format!("{path}.") }),
            _ => Err(say!("{path}：应为一个对象", "{path}: an object is expected")),
        }
    }

    fn optional<T>(&mut self, key: &str, read: impl Fn(Value, &str) -> Result<T, Say>) -> Result<Option<T>, Say> {
        let path = format!("{}{key}", self.path);
        self.map.remove(key).map(|value| read(value, &path)).transpose()
    }

    fn required<T>(&mut self, key: &str, read: impl Fn(Value, &str) -> Result<T, Say>) -> Result<T, Say> {
        let path = format!("{}{key}", self.path);
        self.optional(key, read)?.ok_or_else(|| say!("缺少 {path}", "{path} is missing"))
    }

    fn finish(self) -> Result<(), Say> {
        match self.map.keys().next() {
            Some(key) => Err(say!("未知的键 {path}{key}", "unknown key {path}{key}", path = self.path)),
            None => Ok(()),
        }
    }
}

fn text(value: Value, key: &str) -> Result<String, Say> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(say!("{key}：应为文本", "{key}: a text is expected")),
    }
}

fn number<N: TryFrom<i64>>(value: Value, key: &str) -> Result<N, Say> {
    let number = value.as_i64().and_then(|number| N::try_from(number).ok());
    number.ok_or_else(|| say!("{key}：{value} 不是允许的整数", "{key}: {value} is no integer that is admitted"))
}

fn code<T, E: std::fmt::Display>(value: Value, key: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, Say> {
    let text = text(value, key)?;
    parse(&text).map_err(|error| say!("{key}：{text}：{error}", "{key}: {text}: {error}"))
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
    let Value::Array(list) = value else {
        return Err(say!("{key}：应为列表", "{key}: a list is expected"));
    };
    let holder = |(index, value): (usize, Value)| {
        let mut keys = Keys::of(value, &format!("{key}[{index}]"))?;
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
    };
    list.into_iter().enumerate().map(holder).collect()
}

fn fields(value: Value, key: &str) -> Result<Vec<(FieldLabel, FieldValue)>, Say> {
    let Keys { map, path } = Keys::of(value, key)?;
    map.into_iter()
        .map(|(name, value)| Ok((FieldLabel::of_text(&name), field(value, &format!("{path}{name}"))?)))
        .collect()
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

fn binding(value: Value, key: &str) -> Result<Binding, Say> {
    let stated: u8 = number(value, key)?;
    let all = [Binding::Bearer, Binding::Identity, Binding::HolderKey];
    let found = all.into_iter().find(|binding| binding.number() == stated);
    found.ok_or_else(|| say!("{key}：应为 0、1 或 2", "{key}: 0, 1 or 2 is expected"))
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
