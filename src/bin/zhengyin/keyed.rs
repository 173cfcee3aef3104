//! JSON objects that people write, read key by key: what is wrong is told with the key that it stands under, and unknown keys are refused,
//! for a misspelt one would be lost.

use crate::output::{Say, say};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The keys of an object that have not been read yet.
pub(crate) struct Keys {
    map: Map<String, Value>,
    /// Where the object stands, as `holders[0].`.
    path: String,
}

impl Keys {
    pub(crate) fn of(value: Value, path: &str) -> Result<Self, Say> {
        match value {
            Value::Object(map) => Ok(Keys { map, path: format!("{path}.") }),
            _ => Err(say!("{path}：应为一个对象", "{path}: an object is expected")),
        }
    }

    /// The keys of an object that stands nowhere.
    pub(crate) fn root(value: Value) -> Result<Self, Say> {
        match value {
            Value::Object(map) => Ok(Keys { map, path: String::new() }),
            _ => Err(say!("应为一个 JSON 对象", "a JSON object is expected")),
        }
    }

    pub(crate) fn optional<T>(
        &mut self,
        key: &str,
        read: impl Fn(Value, &str) -> Result<T, Say>,
    ) -> Result<Option<T>, Say> {
        self.map.remove(key).map(|value| read(value, &self.place(key))).transpose()
    }

    fn place<'a>(&self, key: &'a str) -> Cow<'a, str> {
        if self.path.is_empty() { Cow::Borrowed(key) } else { Cow::Owned(format!("{}{key}", self.path)) }
    }

    pub(crate) fn required<T>(&mut self, key: &str, read: impl Fn(Value, &str) -> Result<T, Say>) -> Result<T, Say> {
        self.optional(key, read)?.ok_or_else(|| {
            let path = self.place(key);
            say!("缺少 {path}", "{path} is missing")
        })
    }

    pub(crate) fn finish(self) -> Result<(), Say> {
        match self.map.keys().next() {
            Some(key) => Err(say!("未知的键 {path}{key}", "unknown key {path}{key}", path = self.path)),
            None => Ok(()),
        }
    }

    /// The entries of an object whose keys are free: the place of each, its key, its value.
    pub(crate) fn into_entries(self) -> impl Iterator<Item = (String, String, Value)> {
        let Keys { map, path } = self;
        map.into_iter().map(move |(key, value)| (format!("{path}{key}"), key, value))
    }
}

/// Reads bytes that are one JSON object.
pub(crate) fn object(json: &[u8]) -> Result<Keys, Say> {
    let value: Value = serde_json::from_slice(json).map_err(|error| say!("不是 JSON：{error}", "not JSON: {error}"))?;
    Keys::root(value)
}

pub(crate) fn text(value: Value, key: &str) -> Result<String, Say> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(say!("{key}：应为文本", "{key}: a text is expected")),
    }
}

pub(crate) fn number<N: TryFrom<i64>>(value: Value, key: &str) -> Result<N, Say> {
    let number = value.as_i64().and_then(|number| N::try_from(number).ok());
    number.ok_or_else(|| say!("{key}：{value} 不是允许的整数", "{key}: {value} is no integer that is admitted"))
}

/// Bytes of so many hexadecimal digits, two for each, and nothing else.
pub(crate) fn hex_bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let mut digits = text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    for byte in &mut bytes {
        *byte = digits.next()?? << 4 | digits.next()??;
    }
    digits.next().is_none().then_some(bytes)
}

pub(crate) fn code<T, E: std::fmt::Display>(
    value: Value,
    key: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<T, Say> {
    let text = text(value, key)?;
    parse(&text).map_err(|error| say!("{key}：{text}：{error}", "{key}: {text}: {error}"))
}

/// A list whose items are read alike; the place of each is told with its number.
pub(crate) fn list<T>(value: Value, key: &str, read: impl Fn(Value, &str) -> Result<T, Say>) -> Result<Vec<T>, Say> {
    let Value::Array(items) = value else {
        return Err(say!("{key}：应为列表", "{key}: a list is expected"));
    };
    items.into_iter().enumerate().map(|(at, item)| read(item, &format!("{key}[{at}]"))).collect()
}

pub(crate) fn boolean(value: Value, key: &str) -> Result<bool, Say> {
    value.as_bool().ok_or_else(|| say!("{key}：应为 true 或 false", "{key}: true or false is expected"))
}
