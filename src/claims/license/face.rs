//! 照面信息: the fields that a license shows on its face.

use super::fault::{LicenseError, LicenseFault};
use super::list::List;
use crate::cbor::{Fault, Key, Kind, MapReader, Reader};
use crate::claims::fields::FieldName;
use crate::labels::tag;
use crate::reason::Language;
use crate::time::Day;

/// What a field is called.
///
/// ```cddl
/// field = uint / tstr
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKey<'a> {
    /// A number of the registry of common names. One that this registry does not know yet is admitted.
    Number(u64),
    /// The name itself.
    Name(&'a str),
}

impl<'a> FieldKey<'a> {
    /// The name for people; none for a number that this registry does not know.
    #[must_use]
    pub fn text(&self, language: Language) -> Option<&'a str> {
        match *self {
            Self::Number(number) => FieldName::of_number(number).map(|name| name.text(language)),
            Self::Name(name) => Some(name),
        }
    }
}

/// What a field says.
///
/// ```cddl
/// value = tstr / int / bool / #6.100(int) / [* tstr]   ; #6.100: days since 1970-01-01 (RFC 8943)
/// ```
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A number; the name or another field gives its unit.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Day(Day),
    /// Several texts.
    Texts(List<'a, &'a str>),
}

impl<'a> Value<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, LicenseError> {
        let at = reader.position();
        Ok(match reader.kind()? {
            Kind::Text => Self::Text(reader.text()?),
            Kind::Uint | Kind::Negative => Self::Int(reader.int()?),
            Kind::Tag => {
                reader.tag(tag::EPOCH_DAYS)?;
                Self::Day(reader.day()?)
            }
            Kind::Array => Self::Texts(List::parse(reader, |reader| Ok(reader.text()?))?),
            Kind::Simple => match reader.boolean() {
                Err(error) if error.fault == Fault::WrongType => return Err(LicenseFault::FieldValue.at(at)),
                answer => Self::Bool(answer?),
            },
            Kind::Bytes | Kind::Map => return Err(LicenseFault::FieldValue.at(at)),
        })
    }
}

/// The fields, in the canonical order of their keys: numbers ascending, then names. Nothing is copied.
///
/// Every field was checked when the license was parsed, so iterating meets no error.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    reader: Reader<'a>,
    map: MapReader<'a>,
}

impl<'a> Fields<'a> {
    /// Checks all fields and leaves `reader` behind them.
    pub(super) fn parse(reader: &mut Reader<'a>) -> Result<Self, LicenseError> {
        let map = reader.map()?;
        let fields = Self { reader: reader.clone(), map };
        let mut map = fields.map.clone();
        while next(reader, &mut map)?.is_some() {}
        Ok(fields)
    }

    /// What the field of this key says.
    #[must_use]
    pub fn get(&self, key: FieldKey<'_>) -> Option<Value<'a>> {
        self.clone().find(|(found, _)| *found == key).map(|(_, value)| value)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (FieldKey<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        next(&mut self.reader, &mut self.map).ok()?
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.map.left(), Some(self.map.left()))
    }
}

impl ExactSizeIterator for Fields<'_> {}

fn next<'a>(
    reader: &mut Reader<'a>,
    map: &mut MapReader<'a>,
) -> Result<Option<(FieldKey<'a>, Value<'a>)>, LicenseError> {
    let at = reader.position();
    let key = match map.next(reader)? {
        None => return Ok(None),
        Some(Key::Int(number)) => {
            FieldKey::Number(u64::try_from(number).map_err(|_| LicenseFault::FieldNumber.at(at))?)
        }
        Some(Key::Text(name)) => FieldKey::Name(name),
    };
    Ok(Some((key, Value::read(reader)?)))
}
