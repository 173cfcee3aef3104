//! Issuer directory (颁发机构目录): who signs for a province, for what, from when to when.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::anchor::{interval, read_uses, write_uses};
use super::rule::{numbered, write_number};
use super::{Error, History, Mandate, check_items, fields, required, shaped, up_to};
use crate::cbor::{Key, Reader, Writer};
use crate::claims::id::{CreditCode, RegionPrefix};
use crate::limits::Limits;
use crate::time::{Period, Timestamp};
use crate::x509::{Use, claimed_spki};

/// By which rules an entry's certificate is held good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Ours: a path to an anchor of the province.
    Ours,
    /// Of an existing certification authority: pinned by the directory's signature.
    Admitted,
}

const PROFILES: [Profile; 2] = [Profile::Ours, Profile::Admitted];

/// One issuer. An entry's mandate never changes, and entries are retired, never removed.
///
/// ```cddl
/// issuer = { 1 => certificate, 2 => mandate, 3 => sign_from, 4 => sign_until, 5 => history, 6 => uscc, 7 => [+ use], 8 => profile }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerEntry {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// What it may vouch for.
    pub mandate: Mandate,
    /// When it signs.
    pub signing: Period,
    /// What became of it.
    pub history: History,
    /// The authority that it signs for.
    pub authority: CreditCode,
    /// What it signs.
    pub uses: Vec<Use>,
    /// How its certificate is held good.
    pub profile: Profile,
}

/// The oldest status list of one number that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minimum {
    /// The list's number.
    pub list: u64,
    /// Its epoch: a list of another epoch is not stored.
    pub epoch: u64,
    /// Its lowest sequence number.
    pub min_seq: u64,
}

/// A province's issuer directory.
///
/// ```cddl
/// issuers = { 1 => region, 2 => seq: uint, 3 => issued, 4 => next_update, 5 => expires, 6 => [* issuer], 7 => complete: bool, 8 => epoch: uint,
///             9 => { * uscc => [* [list: uint, epoch: uint, min_seq: uint]] } }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// The province, two digits.
    pub province: RegionPrefix,
    /// Sequence number.
    pub seq: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// When a newer one is due.
    pub next_update: Timestamp,
    /// When it is good for nothing any more.
    pub expires: Timestamp,
    /// The issuers.
    pub issuers: Vec<IssuerEntry>,
    /// Does it list every key that may sign for the province? Then an unlisted key is proof of non-authority.
    pub complete: bool,
    /// The epoch, which the trust list states.
    pub epoch: u64,
    /// The oldest status lists that are stored; one that is not named may be of epoch 0 and any number.
    pub minimums: BTreeMap<CreditCode, Vec<Minimum>>,
}

/// In what a directory does not continue the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Discontinuity {
    /// An entry of the one before, counted from 0, is missing: entries are retired, never removed.
    #[error("entry {0} of the directory before is missing: entries are retired, never removed")]
    Removed(usize),
    /// An entry of the one before says something else now than its end, its certificate or its history's continuation.
    #[error("entry {0} of the directory before was altered: only its end may change and its history grow")]
    Altered(usize),
    /// The epoch or the least number of some status list went back.
    #[error("the epoch or the least number of a status list went back")]
    MinimumLowered,
}

impl Directory {
    /// Reads a directory's payload.
    ///
    /// # Errors
    /// [`Error`] where it is not one.
    pub fn parse(payload: &[u8]) -> Result<Self, Error> {
        check_items(payload)?;
        let mut reader = Reader::new(payload);
        let (mut province, mut seq, mut issued, mut next_update, mut expires) = (None, None, None, None, None);
        let (mut issuers, mut complete, mut epoch, mut minimums) = (None, None, None, None);
        fields(&mut reader, |key, reader| {
            match key {
                1 => province = Some(read_province(reader)?),
                2 => seq = Some(reader.uint()?),
                3 => issued = Some(reader.timestamp()?),
                4 => next_update = Some(reader.timestamp()?),
                5 => expires = Some(reader.timestamp()?),
                6 => issuers = Some(up_to(reader, Limits::STANDARD.issuers, IssuerEntry::read)?),
                7 => complete = Some(reader.boolean()?),
                8 => epoch = Some(reader.uint()?),
                9 => minimums = Some(read_minimums(reader)?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        reader.finish()?;
        let directory = Self {
            province: required(province, 1, 0)?,
            seq: required(seq, 2, 0)?,
            issued: required(issued, 3, 0)?,
            next_update: required(next_update, 4, 0)?,
            expires: required(expires, 5, 0)?,
            issuers: required(issuers, 6, 0)?,
            complete: required(complete, 7, 0)?,
            epoch: required(epoch, 8, 0)?,
            minimums: required(minimums, 9, 0)?,
        };
        check_dates(directory.issued, directory.next_update, directory.expires)?;
        directory.check_keys_differ()?;
        Ok(directory)
    }

    /// A directory lists a certificate once. Key ids may collide, keys may not: the store compares those when it admits them.
    fn check_keys_differ(&self) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        if self.issuers.iter().all(|issuer| seen.insert(issuer.certificate.as_slice())) {
            Ok(())
        } else {
            Err(Error::Duplicate { at: 0 })
        }
    }

    /// Does `newer`, of the same epoch, go on from this one? An entry is known by its key, however its certificate was renewed.
    ///
    /// # Errors
    /// [`Discontinuity`]: the first in which it does not.
    pub fn check_continued_by(&self, newer: &Self) -> Result<(), Discontinuity> {
        let of: BTreeMap<&[u8], &IssuerEntry> =
            newer.issuers.iter().map(|entry| (entry.claimed_key(), entry)).collect();
        for (at, old) in self.issuers.iter().enumerate() {
            let new = of.get(old.claimed_key()).ok_or(Discontinuity::Removed(at))?;
            let same = (&old.mandate, &old.authority, &old.uses, old.profile, old.signing.from())
                == (&new.mandate, &new.authority, &new.uses, new.profile, new.signing.from());
            if !same || !old.history.is_continued_by(&new.history) {
                return Err(Discontinuity::Altered(at));
            }
        }
        let least = |directory: &Self, authority: &CreditCode, list: u64| {
            let lists = directory.minimums.get(authority).into_iter().flatten();
            let stated = lists.into_iter().find(|minimum| minimum.list == list);
            stated.map_or((0, 0), |minimum| (minimum.epoch, minimum.min_seq))
        };
        let lowered = self.minimums.iter().any(|(authority, lists)| {
            lists.iter().any(|old| least(newer, authority, old.list) < (old.epoch, old.min_seq))
        });
        if lowered { Err(Discontinuity::MinimumLowered) } else { Ok(()) }
    }

    /// Writes the directory's payload.
    ///
    /// # Errors
    /// [`crate::cbor::Error`] if a text holds characters that are not admitted.
    pub fn encode(&self) -> Result<Vec<u8>, crate::cbor::Error> {
        let mut writer = Writer::new();
        writer.map(|map| {
            map.entry(1, |w| w.text(self.province.as_str()));
            map.entry(2, |w| w.uint(self.seq));
            map.entry(3, |w| w.timestamp(self.issued));
            map.entry(4, |w| w.timestamp(self.next_update));
            map.entry(5, |w| w.timestamp(self.expires));
            map.entry(6, |w| w.array_of(self.issuers.iter(), |w, issuer| issuer.write(w)));
            map.entry(7, |w| w.boolean(self.complete));
            map.entry(8, |w| w.uint(self.epoch));
            map.entry(9, |w| {
                w.map(|map| {
                    for (authority, lists) in &self.minimums {
                        map.entry(authority.as_str(), |w| w.array_of(lists.iter(), |w, minimum| minimum.write(w)));
                    }
                });
            });
        });
        writer.finish()
    }
}

/// `issued` before `next_update`, and that not after `expires`.
pub(super) fn check_dates(issued: Timestamp, next_update: Timestamp, expires: Timestamp) -> Result<(), Error> {
    if issued < next_update && next_update <= expires { Ok(()) } else { Err(Error::Value { at: 0 }) }
}

/// A province is named by two digits.
fn read_province(reader: &mut Reader<'_>) -> Result<RegionPrefix, Error> {
    let at = reader.position();
    shaped(reader, RegionPrefix::parse)
        .and_then(|prefix| if prefix.as_str().len() == 2 { Ok(prefix) } else { Err(Error::Value { at }) })
}

fn read_minimums(reader: &mut Reader<'_>) -> Result<BTreeMap<CreditCode, Vec<Minimum>>, Error> {
    let mut minimums = BTreeMap::new();
    let mut map = reader.map()?;
    let mut at = reader.position();
    while let Some(key) = map.next(reader)? {
        let Key::Text(code) = key else { return Err(Error::Value { at }) };
        let authority = CreditCode::parse(code).map_err(|_| Error::Value { at })?;
        at = reader.position();
        let lists = up_to(reader, Limits::STANDARD.issuers, |reader| {
            reader.array_of(3)?;
            Ok(Minimum { list: reader.uint()?, epoch: reader.uint()?, min_seq: reader.uint()? })
        })?;
        if !lists.is_sorted_by(|a, b| a.list < b.list) {
            return Err(Error::Duplicate { at });
        }
        minimums.insert(authority, lists);
        at = reader.position();
    }
    Ok(minimums)
}

impl Minimum {
    fn write(&self, writer: &mut Writer) {
        writer.array(3);
        writer.uint(self.list);
        writer.uint(self.epoch);
        writer.uint(self.min_seq);
    }
}

impl IssuerEntry {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut certificate, mut mandate, mut from, mut until) = (None, None, None, None);
        let (mut history, mut authority, mut uses, mut profile) = (None, None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => certificate = Some(reader.bytes()?.to_vec()),
                2 => mandate = Some(Mandate::read(reader)?),
                3 => from = Some(reader.timestamp()?),
                4 => until = Some(reader.timestamp()?),
                5 => history = Some(History::read(reader)?),
                6 => authority = Some(shaped(reader, CreditCode::parse)?),
                7 => uses = Some(read_uses(reader)?),
                8 => profile = Some(numbered(reader, &PROFILES)?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self {
            certificate: required(certificate, 1, at)?,
            mandate: required(mandate, 2, at)?,
            signing: interval(required(from, 3, at)?, required(until, 4, at)?).ok_or(Error::Value { at })?,
            history: required(history, 5, at)?,
            authority: required(authority, 6, at)?,
            uses: required(uses, 7, at)?,
            profile: required(profile, 8, at)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.bytes(&self.certificate));
            map.entry(2, |w| self.mandate.write(w));
            map.entry(3, |w| w.int(self.signing.from()));
            map.entry(4, |w| w.int(self.signing.until().unwrap_or(Timestamp::MAX.seconds())));
            map.entry(5, |w| self.history.write(w));
            map.entry(6, |w| w.text(self.authority.as_str()));
            map.entry(7, |w| write_uses(w, &self.uses));
            map.entry(8, |w| write_number(w, self.profile, &PROFILES));
        });
    }

    /// What names the entry: its SubjectPublicKeyInfo, else the whole certificate where no key can be read from it.
    #[must_use]
    pub fn claimed_key(&self) -> &[u8] {
        claimed_spki(&self.certificate).unwrap_or(&self.certificate)
    }

    /// May the key sign objects of this use?
    #[must_use]
    pub fn is_for(&self, purpose: Use) -> bool {
        self.uses.contains(&purpose)
    }
}
