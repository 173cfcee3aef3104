//! The store as bytes. What is read back is verified again; what is damaged is refused, and never read as something older.

use alloc::vec::Vec;

use super::accept::Accepted;
use super::directories::check_keys_differ;
use super::{Evidence, HeldDirectory, HeldStatus, ObjectKind, Pin, Store};
use crate::cbor::{self, Kind, Reader, Writer};
use crate::claims::id::RegionPrefix;
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::reason::Reason;
use crate::status::StatusList;
use crate::suite::{Digest, sha256};
use crate::time::{TimeWindow, Timestamp};
use crate::trust::Directory;

/// Why bytes are not a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Not a store file, or one of a later version.
    #[error("not a store of this version")]
    NotAStore,
    /// Damaged: cut short, longer, or altered.
    #[error("the store is damaged")]
    Damaged,
    /// An object within does not verify any more.
    #[error("an object in the store does not verify ({})", .0.symbol())]
    Object(Reason),
}

impl StoreError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        Reason::StoreCorrupt
    }
}

impl From<cbor::Error> for StoreError {
    fn from(_: cbor::Error) -> Self {
        Self::Damaged
    }
}

const MAGIC: &[u8; 16] = b"zhengyin.store/1";

/// The file: 16 bytes `zhengyin.store/1`, 32 bytes SHA-256 of the rest, and the rest, an item of CBOR:
///
/// ```cddl
/// contents = [pin: bstr .size 32, trust: [* bstr], directories: [* bstr], status-lists: [* held],
///             [* evidence], doubted: [* digest], trail: [* [seq: uint, digest]]]
/// held     = [province: tstr, object: bstr]                                  ; the province by whose word the list is held
/// evidence = [reason: uint, kind: 0..2, province: tstr / null, digest, seq: uint, object: bstr, against: bstr]
///                                                                            ; kind: trust list, directory, status list
/// digest   = bstr .size 32
/// ```
impl Store {
    /// The store as bytes, to be written to a file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(7);
        w.bytes(self.pin.digest().as_bytes());
        let chain: Vec<&[u8]> = self.trust_chain().collect();
        w.array_of(chain.iter(), |w, bytes| w.bytes(bytes));
        let directories: Vec<_> = self.directories.values().chain(self.aside.values()).collect();
        w.array_of(directories.iter(), |w, held| w.bytes(&held.bytes));
        w.array_of(self.statuses.values(), |w, held| {
            w.array(2);
            w.text(held.province.as_str());
            w.bytes(&held.bytes);
        });
        w.array_of(self.evidence.iter(), |w, evidence| {
            w.array(7);
            w.uint(u64::from(evidence.reason.number()));
            w.uint(evidence.kind.number());
            match &evidence.province {
                Some(province) => w.text(province.as_str()),
                None => w.null(),
            }
            w.bytes(evidence.digest.as_bytes());
            w.uint(evidence.seq);
            w.bytes(&evidence.bytes);
            w.bytes(&evidence.against);
        });
        let doubted: Vec<Digest> = self.doubted().collect();
        w.array_of(doubted.iter(), |w, digest| w.bytes(digest.as_bytes()));
        w.array_of(self.trail.iter(), |w, (seq, digest)| {
            w.array(2);
            w.uint(*seq);
            w.bytes(digest.as_bytes());
        });
        // Every item is written whole and no text is in it: there is nothing that the reader could refuse.
        let contents = w.finish().unwrap_or_default();
        let mut bytes = Vec::with_capacity(contents.len().saturating_add(48));
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(sha256(&contents).as_bytes());
        bytes.extend_from_slice(&contents);
        bytes
    }

    /// Held objects of which another with the same number was seen.
    fn doubted(&self) -> impl Iterator<Item = Digest> {
        let trust = self.trust.iter().filter(|held| held.equivocal).map(|held| held.digest);
        let directories = self.directories.values().chain(self.aside.values());
        let directories = directories.filter(|held| held.equivocal).map(|held| held.digest);
        let statuses = self.statuses.values().filter(|held| held.equivocal).map(|held| held.digest);
        trust.chain(directories).chain(statuses)
    }

    /// Reads a store back and verifies everything in it again.
    ///
    /// # Errors
    /// [`StoreError`]. A damaged store is not read in part: what was lost might be what forbids going back.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(StoreError::NotAStore)?;
        let (digest, contents) = rest.split_at_checked(32).ok_or(StoreError::Damaged)?;
        if sha256(contents).as_bytes() != digest {
            return Err(StoreError::Damaged);
        }
        let mut reader = Reader::new(contents);
        reader.array_of(7)?;
        let mut store = Self::new(Pin::new(Digest::new(*reader.byte_array()?)));
        for _ in 0..reader.array()? {
            store.reload_trust(reader.bytes()?)?;
        }
        for _ in 0..reader.array()? {
            store.reload_directory(reader.bytes()?)?;
        }
        for _ in 0..reader.array()? {
            reader.array_of(2)?;
            let province = RegionPrefix::parse(reader.text()?).map_err(|_| StoreError::Damaged)?;
            store.reload_status(province, reader.bytes()?)?;
        }
        store.settle_all();
        for _ in 0..reader.array()? {
            store.evidence.push(read_evidence(&mut reader)?);
        }
        for _ in 0..reader.array()? {
            store.doubt(Digest::new(*reader.byte_array()?));
        }
        store.trail.clear();
        for _ in 0..reader.array()? {
            reader.array_of(2)?;
            store.trail.push((reader.uint()?, Digest::new(*reader.byte_array()?)));
        }
        reader.finish()?;
        let held = store.trust.as_ref().map(|held| (held.list.seq, held.digest));
        if store.trail.last().copied() == held { Ok(store) } else { Err(StoreError::Damaged) }
    }

    /// Each list of the chain is believed as it was when it was taken in: the first by the pin, the others by the one before.
    pub(super) fn reload_trust(&mut self, object: &[u8]) -> Result<(), StoreError> {
        match self.apply_unsettled(object, TimeWindow::at(Timestamp::MAX)) {
            Ok(Accepted::New { .. }) => Ok(()),
            Ok(Accepted::Known { .. }) => Err(StoreError::Damaged),
            Err(refusal) => Err(StoreError::Object(refusal.reason)),
        }
    }

    /// Looks at every province, as after reading the store back.
    pub(super) fn settle_all(&mut self) {
        let directories = self.directories.keys().chain(self.aside.keys()).copied();
        let statuses = self.statuses.keys().map(|(province, ..)| *province);
        let all: Vec<RegionPrefix> = directories.chain(statuses).collect();
        self.dirty.extend(all);
        self.settle();
    }

    /// Whether its anchor may sign it is asked when everything is loaded: an anchor may have fallen since, and that harms no other.
    pub(super) fn reload_directory(&mut self, object: &[u8]) -> Result<(), StoreError> {
        let envelope = Envelope::parse(object, Expected::Type(ObjectType::Issuers))
            .map_err(|error| StoreError::Object(error.reason()))?;
        let directory =
            Directory::parse(envelope.claimed_payload()).map_err(|error| StoreError::Object(error.reason()))?;
        check_keys_differ(&directory).map_err(StoreError::Object)?;
        let held = HeldDirectory::new(object.to_vec(), envelope.object_digest(), directory);
        // Whether the list stands behind it is asked with the others.
        self.aside.insert(held.directory.province, held);
        Ok(())
    }

    /// The body is verified against its root here; the root's signer is asked for when everything is loaded.
    pub(super) fn reload_status(&mut self, province: RegionPrefix, object: &[u8]) -> Result<(), StoreError> {
        let list = StatusList::parse(object).map_err(|error| StoreError::Object(error.reason()))?;
        list.verify_body().and_then(|()| list.check_body()).map_err(|error| StoreError::Object(error.reason()))?;
        let header = *list.claimed_header();
        let digest = list.envelope().object_digest();
        let held = HeldStatus::new(object.to_vec(), digest, header, list.body_bytes().len(), province);
        self.statuses.insert((province, header.authority, header.list), held);
        Ok(())
    }

    pub(super) fn doubt(&mut self, digest: Digest) {
        self.trust.iter_mut().filter(|held| held.digest == digest).for_each(|held| held.equivocal = true);
        let directories = self.directories.values_mut().chain(self.aside.values_mut());
        directories.filter(|held| held.digest == digest).for_each(|held| held.equivocal = true);
        self.statuses.values_mut().filter(|held| held.digest == digest).for_each(|held| held.equivocal = true);
    }
}

impl ObjectKind {
    const fn number(self) -> u64 {
        match self {
            Self::TrustList => 0,
            Self::Directory => 1,
            Self::StatusList => 2,
        }
    }
}

fn read_evidence(reader: &mut Reader<'_>) -> Result<Evidence, StoreError> {
    reader.array_of(7)?;
    let number = u16::try_from(reader.uint()?).map_err(|_| StoreError::Damaged)?;
    let kind = reader.uint()?;
    let province = match reader.kind()? {
        Kind::Text => Some(RegionPrefix::parse(reader.text()?).map_err(|_| StoreError::Damaged)?),
        _ => reader.null().map(|()| None)?,
    };
    Ok(Evidence {
        province,
        reason: Reason::from_number(number).ok_or(StoreError::Damaged)?,
        kind: ObjectKind::ALL.into_iter().find(|known| known.number() == kind).ok_or(StoreError::Damaged)?,
        digest: Digest::new(*reader.byte_array()?),
        seq: reader.uint()?,
        bytes: reader.bytes()?.to_vec(),
        against: reader.bytes()?.to_vec(),
    })
}
