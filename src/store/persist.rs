//! The store as bytes. What is read back is verified again; what is damaged is refused, and never read as something older.

use alloc::vec::Vec;

use super::accept::Accepted;
use super::bodies::{BodyFile, BodyName, HeldBody, Whole};
use super::directories::check_keys_differ;
use super::{Evidence, HeldDirectory, HeldStatus, ObjectKind, Pin, Store};
use crate::cbor::{self, Kind, Reader, Writer};
use crate::claims::id::RegionPrefix;
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::reason::Reason;
use crate::status::{StatusHeader, StatusList};
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
        match self {
            // Another build wrote it, and nothing in it is damaged.
            Self::Object(Reason::EncodingAlgorithmUnknown) => Reason::EncodingAlgorithmUnknown,
            _ => Reason::StoreCorrupt,
        }
    }
}

impl From<cbor::Error> for StoreError {
    fn from(_: cbor::Error) -> Self {
        Self::Damaged
    }
}

const MAGIC: &[u8; 16] = b"zhengyin.store/2";
/// The version before, in which every body stood within; it is read and never written.
const MAGIC_1: &[u8; 16] = b"zhengyin.store/1";

/// The file: 16 bytes `zhengyin.store/2`, 32 bytes SHA-256 of the rest, and the rest, an item of CBOR:
///
/// ```cddl
/// contents = [pin: bstr .size 32, trust: [* bstr], directories: [* bstr], status-lists: [* held],
///             [* evidence], doubted: [* digest], trail: [* [seq: uint, digest]]]
/// held     = [province: tstr, object: bstr]                                  ; the province by whose word the list is held
///          / [province: tstr, header: bstr, null]                            ; the body stands in a file that the header's root names
/// evidence = [reason: uint, kind: 0..2, province: tstr / null, digest, seq: uint, object: bstr, against: bstr]
///                                                                            ; kind: trust list, directory, status list
/// digest   = bstr .size 32
/// ```
impl Store {
    /// The store as bytes, to be written to a file, with every body in it. One that was lost is left out.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.write(Whole::Everything)
    }

    /// The store as bytes, without the bodies of its larger lists. Each of those stands in a file of its own ([`HeldStatus::body_name`],
    /// [`HeldStatus::body_to_write`]), durable before these bytes are.
    #[must_use]
    pub fn to_contents(&self) -> Vec<u8> {
        self.write(Whole::Small)
    }

    fn write(&self, bodies: Whole) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(7);
        w.bytes(self.pin.digest().as_bytes());
        let chain: Vec<&[u8]> = self.trust_chain().collect();
        w.array_of(chain.iter(), |w, bytes| w.bytes(bytes));
        let directories: Vec<_> = self.directories.values().chain(self.aside.values()).collect();
        w.array_of(directories.iter(), |w, held| w.bytes(&held.bytes));
        w.array_of(self.statuses.values(), |w, held| match held.within(bodies) {
            Some(object) => {
                w.array(2);
                w.text(held.province.as_str());
                w.bytes(&object);
            }
            None => {
                w.array(3);
                w.text(held.province.as_str());
                w.bytes(held.header_bytes());
                w.null();
            }
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

    /// Reads a store back and verifies everything in it again. A list whose body stands in a file beside it is as good as lost: its
    /// licenses are undetermined. For those files see [`Self::from_contents`].
    ///
    /// # Errors
    /// [`StoreError`]. A damaged store is not read in part: what was lost might be what forbids going back.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        Self::from_contents(bytes, |_| None)
    }

    /// The same, for a store whose larger bodies stand in files: `find` gives the file of a name, read or mapped, if it is there.
    ///
    /// Of such a file only the length is looked at. The root in the header, whose signature is verified again, names the body, which was
    /// walked when it was taken in: each block of it is compared with the root whenever one is asked, so that a file that was changed
    /// answers nothing (`status.list_damaged`), whatever was changed in it and when.
    ///
    /// # Errors
    /// [`StoreError`], as [`Self::from_bytes`].
    pub fn from_contents(
        bytes: &[u8],
        mut find: impl FnMut(&BodyName) -> Option<BodyFile>,
    ) -> Result<Self, StoreError> {
        let rest = bytes.strip_prefix(MAGIC).or_else(|| bytes.strip_prefix(MAGIC_1)).ok_or(StoreError::NotAStore)?;
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
            let items = reader.array()?;
            let province = RegionPrefix::parse(reader.text()?).map_err(|_| StoreError::Damaged)?;
            let object = reader.bytes()?;
            match items {
                2 => store.reload_status(province, object)?,
                3 => {
                    reader.null()?;
                    store.reload_apart(province, object, &mut find)?;
                }
                _ => return Err(StoreError::Damaged),
            }
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
        let held = HeldDirectory::new(&envelope, envelope.object_digest(), directory);
        // Whether the list stands behind it is asked with the others.
        self.aside.insert(held.directory.province, held);
        Ok(())
    }

    /// The body is verified against its root here; the root's signer is asked for when everything is loaded.
    pub(super) fn reload_status(&mut self, province: RegionPrefix, object: &[u8]) -> Result<(), StoreError> {
        let list = StatusList::parse(object).map_err(|error| StoreError::Object(error.reason()))?;
        list.verify_body().and_then(|()| list.check_body()).map_err(|error| StoreError::Object(error.reason()))?;
        let header = list.claimed_header();
        let held = HeldStatus::new(object, &list, province);
        self.statuses.insert((province, header.authority, header.list), held);
        Ok(())
    }

    /// A list whose body stands in a file.
    fn reload_apart(
        &mut self,
        province: RegionPrefix,
        envelope: &[u8],
        find: &mut impl FnMut(&BodyName) -> Option<BodyFile>,
    ) -> Result<(), StoreError> {
        let envelope = Envelope::parse(envelope, Expected::Type(ObjectType::Status))
            .map_err(|error| StoreError::Object(error.reason()))?;
        let header =
            StatusHeader::parse(envelope.claimed_payload()).map_err(|error| StoreError::Object(error.reason()))?;
        let held = HeldStatus::of_header(&envelope, header, HeldBody::Lost, province);
        let file = held.body_name().and_then(|name| find(&name));
        self.statuses.insert((province, header.authority, header.list), held.with_file(file));
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
