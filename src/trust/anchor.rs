//! Anchors (信任锚) and the provinces that they stand for.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Error, History, Mandate, fields, one_up_to, required, said};
use crate::cbor::{Key, Reader, Writer};
use crate::limits::Limits;
use crate::time::{Period, Timestamp};
use crate::x509::Use;

/// A name in several languages, by language tag (`zh`, `en`).
///
/// ```cddl
/// names = { + tstr => tstr }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// A name in Chinese and English.
    #[must_use]
    pub fn new(zh: &str, en: &str) -> Self {
        Self([("zh".into(), zh.into()), ("en".into(), en.into())].into())
    }

    /// The name in a language, else in Chinese, else in any.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        self.0.get(language).or_else(|| self.0.get("zh")).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let mut map = reader.map()?;
        let mut names = BTreeMap::new();
        while let Some(key) = map.next(reader)? {
            let Key::Text(language) = key else { return Err(Error::Value { at }) };
            names.insert(language.into(), said(reader)?);
            if names.len() > Limits::STANDARD.names {
                return Err(Error::TooMany { at });
            }
        }
        if names.is_empty() { Err(Error::Value { at }) } else { Ok(Self(names)) }
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.map(|map| self.0.iter().for_each(|(language, name)| map.entry(language.as_str(), |w| w.text(name))));
    }
}

/// Where a doubt is settled.
///
/// ```cddl
/// contact = { ? 1 => phone, ? 2 => url, ? 3 => names }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// A telephone number.
    pub phone: Option<String>,
    /// A web address.
    pub url: Option<String>,
    /// Whom to ask for.
    pub names: Option<Names>,
}

impl Contact {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut contact = Self::default();
        fields(reader, |key, reader| {
            match key {
                1 => contact.phone = Some(said(reader)?),
                2 => contact.url = Some(said(reader)?),
                3 => contact.names = Some(Names::read(reader)?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(contact)
    }

    fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.optional(1, self.phone.as_ref(), |w, phone| w.text(phone));
            map.optional(2, self.url.as_ref(), |w, url| w.text(url));
            map.optional(3, self.names.as_ref(), |w, names| names.write(w));
        });
    }
}

/// A certificate that stands for a province, by the word of the trust list.
///
/// ```cddl
/// anchor = { 1 => certificate, 2 => from: int, 3 => until: int, 4 => [+ use: uint], 5 => mandate, 6 => history,
///            ? 7 => identifier: tstr .size (1..64) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// When the anchor may vouch: what was issued in these seconds.
    pub interval: Period,
    /// What it may vouch for; with [`Use::Directory`] it signs its province's directory.
    pub uses: Vec<Use>,
    /// Which types, regions and authorities it may vouch for.
    pub mandate: Mandate,
    /// What became of it.
    pub history: History,
    /// The distinguishing identifier of SM2 with which certificates under it are signed (GB/T 32918.2 §5.5), 1 to 64 bytes of UTF-8; `None`:
    /// `1234567812345678`, that where none was agreed on. Envelopes are always signed with the latter.
    pub identifier: Option<String>,
}

/// GB/T 35276 §10: the identifier where none was agreed on. It is never written.
const NO_IDENTIFIER: &str = "1234567812345678";
/// The longest identifier of an anchor, in bytes.
const MAX_IDENTIFIER: usize = 64;

impl Anchor {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut certificate, mut from, mut until, mut uses, mut mandate, mut history, mut identifier) =
            (None, None, None, None, None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => certificate = Some(reader.bytes()?.to_vec()),
                2 => from = Some(reader.timestamp()?),
                3 => until = Some(reader.timestamp()?),
                4 => uses = Some(read_uses(reader)?),
                5 => mandate = Some(Mandate::read(reader)?),
                6 => history = Some(History::read(reader)?),
                7 => {
                    let at = reader.position();
                    let text = said(reader)?;
                    let is_one = text.len() <= MAX_IDENTIFIER && text != NO_IDENTIFIER;
                    identifier = Some(Some(text).filter(|_| is_one).ok_or(Error::Value { at })?);
                }
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self {
            certificate: required(certificate, 1, at)?,
            interval: interval(required(from, 2, at)?, required(until, 3, at)?).ok_or(Error::Value { at })?,
            uses: required(uses, 4, at)?,
            mandate: required(mandate, 5, at)?,
            history: required(history, 6, at)?,
            identifier,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.bytes(&self.certificate));
            map.entry(2, |w| w.int(self.interval.from()));
            map.entry(3, |w| w.int(self.interval.until().unwrap_or(Timestamp::MAX.seconds())));
            map.entry(4, |w| write_uses(w, &self.uses));
            map.entry(5, |w| self.mandate.write(w));
            map.entry(6, |w| self.history.write(w));
            map.optional(7, self.identifier.as_ref(), |w, identifier| w.text(identifier));
        });
    }
}

/// An interval that is not empty.
pub(super) fn interval(from: Timestamp, until: Timestamp) -> Option<Period> {
    Period::new(from.seconds(), Some(until.seconds())).filter(|_| from < until)
}

/// Uses, each once.
pub(super) fn read_uses(reader: &mut Reader<'_>) -> Result<Vec<Use>, Error> {
    let at = reader.position();
    let uses = one_up_to(reader, Limits::STANDARD.prefixes, |reader| {
        let at = reader.position();
        Use::from_number(reader.uint()?).ok_or(Error::Value { at })
    })?;
    // In order and each once: equal sets have equal bytes.
    if uses.is_sorted_by(|a, b| a < b) { Ok(uses) } else { Err(Error::Value { at }) }
}

pub(super) fn write_uses(writer: &mut Writer, uses: &[Use]) {
    let mut uses = uses.to_vec();
    uses.sort_unstable();
    uses.dedup();
    writer.array_of(uses.iter(), |w, one| w.uint(u64::from(one.number())));
}

/// A province of the federation.
///
/// ```cddl
/// province = { 1 => names, 2 => [+ anchor], 3 => history, 4 => contact, ? 5 => test: true, 6 => [epoch: uint, min_seq: uint] }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Province {
    /// Its name.
    pub names: Names,
    /// Its anchors.
    pub anchors: Vec<Anchor>,
    /// What became of its membership.
    pub history: History,
    /// Where a doubt is settled.
    pub contact: Contact,
    /// Is it a demonstration or test province?
    pub test: bool,
    /// The epoch of its issuer directory: a directory of another epoch is not stored.
    pub epoch: u64,
    /// The lowest sequence number of its issuer directory that is stored.
    pub min_seq: u64,
}

impl Province {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut names, mut anchors, mut history, mut contact, mut test, mut minimum) =
            (None, None, None, None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => names = Some(Names::read(reader)?),
                2 => anchors = Some(one_up_to(reader, Limits::STANDARD.anchors, Anchor::read)?),
                3 => history = Some(History::read(reader)?),
                4 => contact = Some(Contact::read(reader)?),
                5 => test = Some(reader.boolean()?),
                6 => {
                    reader.array_of(2)?;
                    minimum = Some((reader.uint()?, reader.uint()?));
                }
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        let (epoch, min_seq) = required(minimum, 6, at)?;
        // `false` would be a second way to say what absence says.
        if test == Some(false) {
            return Err(Error::Value { at });
        }
        Ok(Self {
            names: required(names, 1, at)?,
            anchors: required(anchors, 2, at)?,
            history: required(history, 3, at)?,
            contact: required(contact, 4, at)?,
            test: test.is_some(),
            epoch,
            min_seq,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| self.names.write(w));
            map.entry(2, |w| w.array_of(self.anchors.iter(), |w, anchor| anchor.write(w)));
            map.entry(3, |w| self.history.write(w));
            map.entry(4, |w| self.contact.write(w));
            map.optional(5, self.test.then_some(true), Writer::boolean);
            map.entry(6, |w| {
                w.array(2);
                w.uint(self.epoch);
                w.uint(self.min_seq);
            });
        });
    }
}
