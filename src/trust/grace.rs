//! Risk classes of license types, and the grace that a federation grants to each.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::{Error, Rule, TrustList, fields, required, said};
use crate::cbor::{Key, Reader, Writer};
use crate::claims::id::{TypeCode, TypePrefix};
use crate::limits::Limits;

/// Seconds of grace after `next_update`, for licenses of one risk class.
///
/// ```cddl
/// budget = { 1 => list: uint, 2 => directory: uint, 3 => status: uint }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grace {
    /// For the trust list.
    pub list: u64,
    /// For the issuer directory.
    pub directory: u64,
    /// For the status list.
    pub status: u64,
}

/// The risk class of a license type that nothing maps to another.
pub const NORMAL: &str = "normal";

impl TrustList {
    /// The risk class of a license: what the rule says by which it is recognised, else what the catalogue says of its type (the longest
    /// prefix), else [`NORMAL`].
    #[must_use]
    pub fn class_of<'a>(&'a self, type_code: &TypeCode, rule: Option<&'a Rule>) -> &'a str {
        let catalogued = || longest(&self.classes, type_code);
        rule.and_then(|rule| rule.class.as_deref()).or_else(catalogued).unwrap_or(NORMAL)
    }

    /// The grace for a risk class; none for one that the list does not name.
    #[must_use]
    pub fn grace_of(&self, class: &str) -> Grace {
        self.grace.get(class).copied().unwrap_or_default()
    }

    /// The grace for license types of no other risk class; none if the list grants none.
    #[must_use]
    pub fn normal_grace(&self) -> Grace {
        self.grace_of(NORMAL)
    }

    /// The first risk class that a rule or the catalogue names and the list grants nothing for: its licenses would have no grace at all.
    #[must_use]
    pub fn class_without_grace(&self) -> Option<&str> {
        let by_rules = self.rules.iter().filter_map(|rule| rule.class.as_deref());
        let mut named = by_rules.chain(self.classes.values().map(String::as_str));
        named.find(|class| !self.grace.contains_key(*class))
    }
}

/// What a catalogue says of a type: of the whole code, else of its definer.
#[must_use]
pub fn longest<'a>(classes: &'a BTreeMap<TypePrefix, String>, type_code: &TypeCode) -> Option<&'a str> {
    if classes.is_empty() {
        return None;
    }
    let whole = TypePrefix::from(*type_code);
    classes.get(&whole).or_else(|| classes.get(&whole.widened())).map(String::as_str)
}

impl Grace {
    /// The least of both, each budget by itself.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self {
            list: self.list.min(other.list),
            directory: self.directory.min(other.directory),
            status: self.status.min(other.status),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut list, mut directory, mut status) = (None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => list = Some(reader.uint()?),
                2 => directory = Some(reader.uint()?),
                3 => status = Some(reader.uint()?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self {
            list: required(list, 1, at)?,
            directory: required(directory, 2, at)?,
            status: required(status, 3, at)?,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.uint(self.list));
            map.entry(2, |w| w.uint(self.directory));
            map.entry(3, |w| w.uint(self.status));
        });
    }
}

pub(super) fn read_grace(reader: &mut Reader<'_>) -> Result<BTreeMap<String, Grace>, Error> {
    read_named(reader, Limits::STANDARD.names, |class, _| Ok(class.into()), Grace::read)
}

/// A type prefix, and the class of what it covers.
pub(super) fn read_classes(reader: &mut Reader<'_>) -> Result<BTreeMap<TypePrefix, String>, Error> {
    read_named(
        reader,
        Limits::STANDARD.rules,
        |prefix, at| TypePrefix::parse(prefix).map_err(|_| Error::Value { at }),
        said,
    )
}

pub(super) fn write_classes(writer: &mut Writer, classes: &BTreeMap<TypePrefix, String>) {
    writer.map(|map| classes.iter().for_each(|(prefix, class)| map.entry(prefix.as_str(), |w| w.text(class))));
}

/// A map by texts, with at least one entry, and at most so many.
fn read_named<K: Ord, V>(
    reader: &mut Reader<'_>,
    most: usize,
    name: impl Fn(&str, usize) -> Result<K, Error>,
    mut value: impl FnMut(&mut Reader<'_>) -> Result<V, Error>,
) -> Result<BTreeMap<K, V>, Error> {
    let mut named = BTreeMap::new();
    let mut map = reader.map()?;
    let mut at = reader.position();
    while let Some(key) = map.next(reader)? {
        let Key::Text(text) = key else { return Err(Error::Value { at }) };
        named.insert(name(text, at)?, value(reader)?);
        if named.len() > most {
            return Err(Error::TooMany { at });
        }
        at = reader.position();
    }
    if named.is_empty() { Err(Error::Value { at }) } else { Ok(named) }
}
