//! A report as a tree of values, from which its CBOR and its JSON are both written: keys in order, no floats.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::cbor::{self, Fault, Key, Kind, Reader, Writer};
use crate::suite::{Digest, sha256};

/// A value of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing to say.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number; of times, seconds since 1970-01-01T00:00:00Z; of days, days since 1970-01-01.
    Int(i64),
    /// A text.
    Text(Cow<'a, str>),
    /// Several values.
    List(Vec<Value<'a>>),
    /// Named values, in the order of their names.
    Map(BTreeMap<Cow<'a, str>, Value<'a>>),
}

impl<'a> Value<'a> {
    /// Named values.
    pub fn map<const N: usize>(entries: [(&'static str, Self); N]) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }

    /// A value if there is one, else null.
    pub fn or_null(value: Option<impl Into<Self>>) -> Self {
        value.map_or(Self::Null, Into::into)
    }

    /// Adds a named value to a map; nothing to any other value.
    pub fn insert(&mut self, key: &'static str, value: Self) {
        if let Self::Map(map) = self {
            map.insert(Cow::Borrowed(key), value);
        }
    }

    /// The canonical CBOR.
    ///
    /// # Errors
    /// [`cbor::Error`] if it nests more deeply than the format has it, or a text of the caller's holds characters that the format does not.
    pub fn to_cbor(&self) -> Result<Vec<u8>, cbor::Error> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    /// SHA-256 of the canonical CBOR.
    ///
    /// # Errors
    /// Those of [`Value::to_cbor`].
    pub fn digest(&self) -> Result<Digest, cbor::Error> {
        self.to_cbor().map(|bytes| sha256(&bytes))
    }

    /// Reads one item that fills `bytes`, as [`Value::to_cbor`] writes it.
    ///
    /// # Errors
    /// [`cbor::Error`] for bytes that are not canonical, and for what a report has no values of: byte strings, tags, keys that are no
    /// texts.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, cbor::Error> {
        let mut reader = Reader::new(bytes);
        // The whole is checked first, its depth too: what follows goes no deeper than the format's limit.
        reader.clone().skip()?;
        let value = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, cbor::Error> {
        let at = reader.position();
        Ok(match reader.kind()? {
            Kind::Uint | Kind::Negative => Self::Int(reader.int()?),
            Kind::Text => Self::Text(Cow::Borrowed(reader.text()?)),
            Kind::Simple => match reader.clone().null() {
                Ok(()) => {
                    reader.null()?;
                    Self::Null
                }
                Err(_) => Self::Bool(reader.boolean()?),
            },
            Kind::Array => {
                let length = reader.array()?;
                let mut items = Vec::new();
                for _ in 0..length {
                    items.push(Self::read(reader)?);
                }
                Self::List(items)
            }
            Kind::Map => {
                let mut map = reader.map()?;
                let mut named = BTreeMap::new();
                while let Some(key) = map.next(reader)? {
                    let Key::Text(name) = key else { return Err(Reader::error_at(Fault::WrongType, at)) };
                    named.insert(Cow::Borrowed(name), Self::read(reader)?);
                }
                Self::Map(named)
            }
            Kind::Bytes | Kind::Tag => return Err(Reader::error_at(Fault::WrongType, at)),
        })
    }

    /// A named value of a map.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// The named values, if it is a map.
    pub fn members(&self) -> Option<impl Iterator<Item = (&str, &Self)>> {
        match self {
            Self::Map(map) => Some(map.iter().map(|(name, value)| (name.as_ref(), value))),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// Yes or no, if it is that.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The same values, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Text(text) => Value::Text(owned(text)),
            Self::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
            Self::Map(map) => {
                Value::Map(map.into_iter().map(|(name, value)| (owned(name), value.into_owned())).collect())
            }
        }
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Null => writer.null(),
            Self::Bool(value) => writer.boolean(*value),
            Self::Int(value) => writer.int(*value),
            Self::Text(value) => writer.text(value),
            Self::List(items) => writer.array_of(items.iter(), |w, item| item.write(w)),
            Self::Map(map) => writer.map(|out| {
                map.iter().for_each(|(key, value)| out.entry(key.as_ref(), |w| value.write(w)));
            }),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Value<'_> {
    /// Numbers of the format that are greater than 2^63 - 1 are told as that: nothing counts so far.
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<crate::time::Timestamp> for Value<'_> {
    fn from(value: crate::time::Timestamp) -> Self {
        Self::Int(value.seconds())
    }
}

impl From<crate::time::Day> for Value<'_> {
    fn from(value: crate::time::Day) -> Self {
        Self::Int(i64::from(value.days()))
    }
}

impl From<Digest> for Value<'_> {
    fn from(value: Digest) -> Self {
        Self::Text(Cow::Owned(alloc::format!("{value}")))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Value<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(map) => serializer.collect_map(map),
        }
    }
}
