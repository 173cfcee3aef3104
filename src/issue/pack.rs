//! Packs (核验包): what travels to verifiers.

use alloc::vec::Vec;

use crate::cbor::{self, Kind, Reader};
use crate::claims::id::{CreditCode, RegionPrefix};
use crate::envelope::{self, Envelope, Expected, MultiEnvelope, ObjectType};
use crate::labels::tag;
use crate::status::{DeltaError, ListError, StatusDelta, StatusList};
use crate::suite::Digest;
use crate::trust::{self, Directory, TrustList};

/// Why a pack is not made. Objects are counted from 0, in the order in which they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// The object is no item of the encoding.
    #[error("object {0}: {1}")]
    Encoding(usize, cbor::Error),
    /// The object's envelope is refused, or it is of a type that no store takes.
    #[error("object {0}: {1}")]
    Envelope(usize, envelope::Error),
    /// The object is no trust list or directory.
    #[error("object {0}: {1}")]
    Trust(usize, trust::Error),
    /// The object is no status list.
    #[error("object {0}: {1}")]
    Status(usize, ListError),
    /// The object is no delta of a status list.
    #[error("object {0}: {1}")]
    Delta(usize, DeltaError),
}

/// Where an object stands in a pack (format.md §10): trust lists oldest first, directories, status lists, deltas.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Trust { seq: u64, digest: Digest },
    Directory { province: RegionPrefix, epoch: u64, seq: u64, digest: Digest },
    Status { authority: CreditCode, list: u64, epoch: u64, seq: u64, digest: Digest },
    Delta { authority: CreditCode, list: u64, epoch: u64, seq: u64, digest: Digest, base: Digest },
}

/// Puts trust lists, directories, status lists and deltas together in one CBOR sequence, in the order in which a store wants them; each once.
/// Nothing in the container is trusted, and any subset of it is a pack as well.
///
/// # Errors
/// [`PackError`] for what no store would even read.
pub fn pack<T: AsRef<[u8]>>(objects: &[T]) -> Result<Vec<u8>, PackError> {
    let mut placed = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        placed.push((place(at, object.as_ref())?, object.as_ref()));
    }
    // The digest leaves out who signed: two packs of the same contents may differ in signatures, and in nothing else.
    placed.sort_by_key(|(place, _)| *place);
    placed.dedup_by_key(|(place, _)| *place);
    let mut pack = Vec::new();
    placed.iter().for_each(|(_, object)| pack.extend_from_slice(object));
    Ok(pack)
}

fn place(at: usize, object: &[u8]) -> Result<Place, PackError> {
    let mut probe = Reader::new(object);
    let kind = probe.kind().map_err(|error| PackError::Encoding(at, error))?;
    let mut first = probe.clone();
    if kind == Kind::Array && first.array().is_ok() && first.kind() == Ok(Kind::Array) {
        let delta = StatusDelta::parse(object).map_err(|error| PackError::Delta(at, error))?;
        let header = delta.claimed_header();
        return Ok(Place::Delta {
            authority: header.authority,
            list: header.list,
            epoch: header.epoch,
            seq: header.seq,
            digest: delta.envelope().object_digest(),
            base: delta.base_root(),
        });
    }
    if kind == Kind::Array {
        let list = StatusList::parse(object).map_err(|error| PackError::Status(at, error))?;
        let header = list.claimed_header();
        return Ok(Place::Status {
            authority: header.authority,
            list: header.list,
            epoch: header.epoch,
            seq: header.seq,
            digest: list.envelope().object_digest(),
        });
    }
    if kind == Kind::Tag && probe.tag(tag::COSE_SIGN).is_ok() {
        let envelope = MultiEnvelope::parse(object, Expected::Type(ObjectType::Trust))
            .map_err(|error| PackError::Envelope(at, error))?;
        let list = TrustList::parse(envelope.claimed_payload()).map_err(|error| PackError::Trust(at, error))?;
        return Ok(Place::Trust { seq: list.seq, digest: envelope.object_digest() });
    }
    let envelope =
        Envelope::parse(object, Expected::Type(ObjectType::Issuers)).map_err(|error| PackError::Envelope(at, error))?;
    let directory = Directory::parse(envelope.claimed_payload()).map_err(|error| PackError::Trust(at, error))?;
    Ok(Place::Directory {
        province: directory.province,
        epoch: directory.epoch,
        seq: directory.seq,
        digest: envelope.object_digest(),
    })
}
