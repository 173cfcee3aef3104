//! Trust list (互认清单): the provinces of a federation, their anchors, and what they agreed on.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::directory::check_dates;
use super::grace::{read_classes, read_grace, write_classes};
use super::signers::{check_signers, read_signers, write_signers};
use super::sunset::read_sunsets;
use super::{
    Defect, Emergency, Error, Grace, ListSigner, Province, Rule, Sunset, check_items, fields, one_up_to, pin_of,
    required, said, shaped, up_to,
};
use crate::cbor::{Key, Kind, Reader, Writer};
use crate::claims::id::{Region, RegionPrefix, TypePrefix};
use crate::limits::Limits;
use crate::suite::Digest;
use crate::time::Timestamp;

/// A district that was merged or renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The code before.
    pub old: Region,
    /// The code after.
    pub new: Region,
    /// When it took effect.
    pub from: Timestamp,
}

/// A federation's trust list.
///
/// ```cddl
/// trust = { 1 => federation: tstr, 2 => seq: uint, 3 => issued: int, 4 => next_update: int, 5 => expires: int,
///           6 => [+ { 1 => COSE_Key, 2 => operator: tstr }], 7 => threshold: uint, 8 => { + region => province }, 9 => [* rule],
///           10 => { + class: tstr => { 1 => uint, 2 => uint, 3 => uint } }, ? 11 => [+ defect], ? 12 => [+ int / tstr],
///           ? 13 => [+ { 1 => old region, 2 => new region, 3 => from: int }], ? 14 => { + type prefix => class: tstr },
///           ? 15 => emergency, ? 16 => [+ sunset] }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustList {
    /// Names the federation.
    pub federation: String,
    /// Sequence number.
    pub seq: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// When a newer one is due.
    pub next_update: Timestamp,
    /// When it is good for nothing any more.
    pub expires: Timestamp,
    /// Who may sign the next list, at most 64.
    pub signers: Vec<ListSigner>,
    /// How many of them it takes.
    pub threshold: u64,
    /// The provinces, by the first two digits of their region codes.
    pub provinces: BTreeMap<RegionPrefix, Province>,
    /// Recognition rules.
    pub rules: Vec<Rule>,
    /// Grace by risk class.
    pub grace: BTreeMap<String, Grace>,
    /// Known defects.
    pub defects: Vec<Defect>,
    /// Merged and renamed districts.
    pub renames: Vec<Rename>,
    /// The catalogue: risk classes of license types, by their prefixes. What it does not name is `normal`.
    pub classes: BTreeMap<TypePrefix, String>,
    /// Rules that were changed without the usual notice, and why.
    pub emergency: Option<Emergency>,
    /// Algorithms that go out of use, at most 16, ascending by their numbers.
    pub sunsets: Vec<Sunset>,
}

/// Former codes of one region that are followed, at most.
const MAX_NAMES: usize = 64;

impl TrustList {
    /// Reads a list's payload.
    ///
    /// # Errors
    /// [`Error`] where it is not one; [`Error::CriticalUnknown`] if it says something that this verifier must understand and does not.
    pub fn parse(payload: &[u8]) -> Result<Self, Error> {
        check_items(payload)?;
        let limits = Limits::STANDARD;
        let mut reader = Reader::new(payload);
        let (mut federation, mut seq, mut issued, mut next_update, mut expires) = (None, None, None, None, None);
        let (mut signers, mut threshold, mut provinces, mut rules, mut grace) = (None, None, None, None, None);
        let (mut defects, mut critical, mut renames, mut classes, mut emergency) = (None, false, None, None, None);
        let (mut sunsets, mut unknown) = (None, None);
        fields(&mut reader, |key, reader| {
            match key {
                1 => federation = Some(said(reader)?),
                2 => seq = Some(reader.uint()?),
                3 => issued = Some(reader.timestamp()?),
                4 => next_update = Some(reader.timestamp()?),
                5 => expires = Some(reader.timestamp()?),
                6 => signers = Some(read_signers(reader)?),
                7 => threshold = Some(reader.uint()?),
                8 => provinces = Some(read_provinces(reader)?),
                9 => rules = Some(up_to(reader, limits.rules, Rule::read)?),
                10 => grace = Some(read_grace(reader)?),
                11 => defects = Some(one_up_to(reader, limits.rules, Defect::read)?),
                12 => {
                    one_up_to(reader, limits.prefixes, read_critical)?;
                    critical = true;
                }
                13 => renames = Some(one_up_to(reader, limits.rules, Rename::read)?),
                14 => classes = Some(read_classes(reader)?),
                15 => emergency = Some(Emergency::read(reader)?),
                16 => sunsets = Some(read_sunsets(reader)?),
                _ => {
                    unknown = Some(super::unknown_key(reader.position()));
                    reader.skip()?;
                }
            }
            Ok(())
        })?;
        reader.finish()?;
        // No critical extension is known yet, so each is one that we are too old for, whatever keys it came with.
        if critical {
            return Err(Error::CriticalUnknown);
        }
        unknown.map_or(Ok(()), Err)?;
        let list = Self {
            federation: required(federation, 1, 0)?,
            seq: required(seq, 2, 0)?,
            issued: required(issued, 3, 0)?,
            next_update: required(next_update, 4, 0)?,
            expires: required(expires, 5, 0)?,
            signers: required(signers, 6, 0)?,
            threshold: required(threshold, 7, 0)?,
            provinces: required(provinces, 8, 0)?,
            rules: required(rules, 9, 0)?,
            grace: required(grace, 10, 0)?,
            defects: defects.unwrap_or_default(),
            renames: renames.unwrap_or_default(),
            classes: classes.unwrap_or_default(),
            emergency,
            sunsets: sunsets.unwrap_or_default(),
        };
        check_dates(list.issued, list.next_update, list.expires)?;
        check_signers(&list.signers, list.threshold)?;
        Ok(list)
    }

    /// Writes the list's payload.
    ///
    /// # Errors
    /// [`crate::cbor::Error`] if a text holds characters that are not admitted.
    pub fn encode(&self) -> Result<Vec<u8>, crate::cbor::Error> {
        let mut writer = Writer::new();
        writer.map(|map| {
            map.entry(1, |w| w.text(&self.federation));
            map.entry(2, |w| w.uint(self.seq));
            map.entry(3, |w| w.timestamp(self.issued));
            map.entry(4, |w| w.timestamp(self.next_update));
            map.entry(5, |w| w.timestamp(self.expires));
            map.entry(6, |w| write_signers(w, &self.signers));
            map.entry(7, |w| w.uint(self.threshold));
            map.entry(8, |w| {
                w.map(|map| {
                    self.provinces.iter().for_each(|(code, province)| map.entry(code.as_str(), |w| province.write(w)));
                });
            });
            map.entry(9, |w| w.array_of(self.rules.iter(), |w, rule| rule.write(w)));
            map.entry(10, |w| {
                w.map(|map| self.grace.iter().for_each(|(class, grace)| map.entry(class.as_str(), |w| grace.write(w))));
            });
            let defects = (!self.defects.is_empty()).then_some(&self.defects);
            map.optional(11, defects, |w, defects| w.array_of(defects.iter(), |w, defect| defect.write(w)));
            let renames = (!self.renames.is_empty()).then_some(&self.renames);
            map.optional(13, renames, |w, renames| w.array_of(renames.iter(), |w, rename| rename.write(w)));
            let classes = (!self.classes.is_empty()).then_some(&self.classes);
            map.optional(14, classes, write_classes);
            map.optional(15, self.emergency.as_ref(), |w, emergency| emergency.write(w));
            let sunsets = (!self.sunsets.is_empty()).then_some(&self.sunsets);
            map.optional(16, sunsets, |w, sunsets| w.array_of(sunsets.iter(), |w, sunset| sunset.write(w)));
        });
        writer.finish()
    }

    /// The codes under which a mandate may name a region: its own, and what it and its parts were called before, for mandates older
    /// than the change. A region may have been renamed more than once.
    #[must_use]
    pub fn names_of(&self, region: Region, at: Timestamp) -> RegionNames {
        let mut names = RegionNames { own: region, former: Vec::new() };
        let (mut name, mut by, mut next) = (region, at, 0_usize);
        // Each pass takes one name; a name stands once, so that a circle of renames ends.
        loop {
            for rename in self.renames.iter().filter(|rename| rename.new == name && rename.from <= by) {
                if names.former.len() < MAX_NAMES && names.iter().all(|known| *known != rename.old) {
                    names.former.push((rename.old, rename.from));
                }
            }
            let Some(former) = names.former.get(next) else { return names };
            ((name, by), next) = (*former, next.saturating_add(1));
        }
    }

    /// SHA-256 of the CBOR of `[federation, signers, threshold]`: pins who may sign this federation's lists.
    #[must_use]
    pub fn signers_pin(&self) -> Digest {
        pin_of(&self.federation, &self.signers, self.threshold)
    }
}

/// The codes under which a mandate may name a region: see [`TrustList::names_of`]. Most regions have one, and cost no allocation.
#[derive(Clone, Debug)]
pub struct RegionNames {
    own: Region,
    /// Each with the time from which it was the former one.
    former: Vec<(Region, Timestamp)>,
}

impl RegionNames {
    /// Its own code first.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        core::iter::once(&self.own).chain(self.former.iter().map(|(name, _)| name))
    }
}

impl Rename {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut old, mut new, mut from) = (None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => old = Some(shaped(reader, Region::parse)?),
                2 => new = Some(shaped(reader, Region::parse)?),
                3 => from = Some(reader.timestamp()?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self { old: required(old, 1, at)?, new: required(new, 2, at)?, from: required(from, 3, at)? })
    }

    fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.text(self.old.as_str()));
            map.entry(2, |w| w.text(self.new.as_str()));
            map.entry(3, |w| w.timestamp(self.from));
        });
    }
}

fn read_provinces(reader: &mut Reader<'_>) -> Result<BTreeMap<RegionPrefix, Province>, Error> {
    let mut provinces = BTreeMap::new();
    let mut map = reader.map()?;
    let mut at = reader.position();
    while let Some(key) = map.next(reader)? {
        let Key::Text(code) = key else { return Err(Error::Value { at }) };
        let code = RegionPrefix::parse(code).map_err(|_| Error::Value { at })?;
        if code.as_str().len() != 2 {
            return Err(Error::Value { at });
        }
        provinces.insert(code, Province::read(reader)?);
        at = reader.position();
    }
    if provinces.is_empty() { Err(Error::Value { at }) } else { Ok(provinces) }
}

fn read_critical(reader: &mut Reader<'_>) -> Result<(), Error> {
    match reader.kind()? {
        Kind::Text => reader.text().map(|_| ())?,
        _ => reader.int().map(|_| ())?,
    }
    Ok(())
}
