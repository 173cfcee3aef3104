//! Evidence: objects that were refused and tell of a fault or an attack, kept to be shown to those who signed them.

use alloc::vec::Vec;

use super::Store;
use super::accept::{Place, Refusal};
use super::held::ObjectKind;
use crate::claims::id::RegionPrefix;
use crate::reason::Reason;
use crate::suite::Digest;

/// An object that was offered and refused, and tells of a fault or an attack. Only what verifies can be evidence: else anybody could plant
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Why.
    pub reason: Reason,
    /// What it was.
    pub kind: ObjectKind,
    /// Whose: the province of a directory, or by whose word a status list was offered; `None` for a trust list.
    pub province: Option<RegionPrefix>,
    /// Its object digest.
    pub digest: Digest,
    /// Its sequence number.
    pub seq: u64,
    /// Its bytes: a status list's without its body. Empty if there was no more room.
    pub bytes: Vec<u8>,
    /// The bytes of what was held and is contradicted by it, likewise; empty where it contradicts no single object.
    pub against: Vec<u8>,
}

/// Pieces of evidence of one kind against one province, at most: the first that came. More would prove no more, and nobody is to push out
/// what is kept against another.
const MAX_OF_ONE: usize = 4;
/// Bytes of all evidence, at most; beyond, digests alone are kept.
const MAX_BYTES: usize = 64 << 20;

/// What is to be refused.
#[derive(Clone, Debug)]
pub(super) struct Suspect<'o> {
    kind: ObjectKind,
    province: Option<RegionPrefix>,
    digest: Digest,
    seq: u64,
    bytes: &'o [u8],
    against: Vec<u8>,
}

impl<'o> Suspect<'o> {
    pub(super) const fn trust(place: &Place, bytes: &'o [u8]) -> Self {
        Self::of(ObjectKind::TrustList, None, place, bytes)
    }

    pub(super) const fn directory(province: RegionPrefix, place: &Place, bytes: &'o [u8]) -> Self {
        Self::of(ObjectKind::Directory, Some(province), place, bytes)
    }

    pub(super) const fn status(province: RegionPrefix, place: &Place, bytes: &'o [u8]) -> Self {
        Self::of(ObjectKind::StatusList, Some(province), place, bytes)
    }

    const fn of(kind: ObjectKind, province: Option<RegionPrefix>, place: &Place, bytes: &'o [u8]) -> Self {
        Self { kind, province, digest: place.digest, seq: place.seq, bytes, against: Vec::new() }
    }

    /// What it contradicts.
    pub(super) fn against(mut self, bytes: Vec<u8>) -> Self {
        self.against = bytes;
        self
    }
}

impl Store {
    /// Refuses an object for a reason; keeps it as evidence where the reason is a fault or an attack.
    pub(super) fn refuse(&mut self, reason: Reason, suspect: Suspect<'_>) -> Refusal {
        let refusal = Refusal::of(reason, suspect.kind, suspect.seq);
        if !is_evidence(reason) {
            return refusal;
        }
        let known = |known: &Evidence| known.digest == suspect.digest && known.reason == reason;
        let same = |known: &&Evidence| known.kind == suspect.kind && known.province == suspect.province;
        if self.evidence.iter().any(known) || self.evidence.iter().filter(same).count() >= MAX_OF_ONE {
            return refusal;
        }
        let Suspect { kind, province, digest, seq, bytes, against } = suspect;
        let held: usize = self.evidence.iter().map(Evidence::size).fold(0, usize::saturating_add);
        let fits = held.saturating_add(bytes.len()).saturating_add(against.len()) <= MAX_BYTES;
        let (bytes, against) = if fits { (bytes.to_vec(), against) } else { (Vec::new(), Vec::new()) };
        self.evidence.push(Evidence { reason, kind, province, digest, seq, bytes, against });
        refusal
    }
}

impl Evidence {
    const fn size(&self) -> usize {
        self.bytes.len().saturating_add(self.against.len())
    }
}

/// What is merely older is none: packs carry old lists, and nobody is at fault.
const fn is_evidence(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::StoreEquivocation
            | Reason::StoreNotLater
            | Reason::StoreNumberFell
            | Reason::StoreForked
            | Reason::StoreHistoryRewritten
            | Reason::StatusResurrected
    )
}
