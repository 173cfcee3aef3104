//! Taking objects in: each wholly or not at all, none older than what is held.

use alloc::vec::Vec;

use super::Store;
use super::deltas::is_delta;
pub(super) use super::evidence::Suspect;
use super::held::{HeldDirectory, HeldStatus, HeldTrust, ObjectKind};
use crate::cbor::{Items, Key, Kind, Reader};
use crate::envelope::{Envelope, Expected, MultiEnvelope};
use crate::labels::tag;
use crate::reason::Reason;
use crate::status::{StatusDelta, StatusHeader, StatusList};
use crate::suite::Digest;
use crate::time::{Certainty, TimeWindow, Timestamp};

/// What became of an object that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is held now.
    New {
        /// What it is.
        kind: ObjectKind,
        /// Its sequence number.
        seq: u64,
    },
    /// It was held already.
    Known {
        /// What it is.
        kind: ObjectKind,
        /// Its sequence number.
        seq: u64,
    },
}

/// Why an object is not taken, and what it is, as far as that could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", reason.symbol())]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// What it is.
    pub kind: Option<ObjectKind>,
    /// Its sequence number.
    pub seq: Option<u64>,
}

impl Refusal {
    pub(super) const fn of(reason: Reason, kind: ObjectKind, seq: u64) -> Self {
        Self { reason, kind: Some(kind), seq: Some(seq) }
    }

    pub(super) const fn unread(reason: Reason, kind: Option<ObjectKind>) -> Self {
        Self { reason, kind, seq: None }
    }

    /// Might the same object be taken after others?
    const fn may_pass_later(&self) -> bool {
        matches!(
            self.reason,
            Reason::StoreParentMissing
                | Reason::StoreUnauthorised
                | Reason::StoreSkipped
                | Reason::StorePinMismatch
                | Reason::StoreEpoch
                | Reason::StatusDeltaBase
        )
    }
}

/// Objects of one pack, at most.
const MAX_PACK_OBJECTS: usize = 4_096;

/// The place of an object among those of its kind.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) epoch: u64,
    pub(super) seq: u64,
    pub(super) issued: Timestamp,
    pub(super) digest: Digest,
}

/// How an offered object stands to the held one.
pub(super) enum Order {
    Newer,
    Same,
    Refused(Reason),
}

impl Place {
    pub(super) const fn of_trust(held: &HeldTrust) -> Self {
        Self { epoch: 0, seq: held.list.seq, issued: held.list.issued, digest: held.digest }
    }

    pub(super) const fn of_directory(held: &HeldDirectory) -> Self {
        let directory = &held.directory;
        Self { epoch: directory.epoch, seq: directory.seq, issued: directory.issued, digest: held.digest }
    }

    pub(super) const fn of_status(held: &HeldStatus) -> Self {
        Self::of_header(&held.header, held.digest)
    }

    /// Of a status list or a delta that was offered.
    pub(super) const fn of_header(header: &StatusHeader, digest: Digest) -> Self {
        Self { epoch: header.epoch, seq: header.seq, issued: header.issued, digest }
    }

    /// trust.md §5.
    pub(super) fn order(self, held: Option<Self>, window: TimeWindow) -> Order {
        if window.reached_by_issuer(self.issued) == Certainty::No {
            return Order::Refused(Reason::StoreFuture);
        }
        let Some(held) = held else { return Order::Newer };
        match (self.epoch, self.seq).cmp(&(held.epoch, held.seq)) {
            // Number and time must agree: what is later and has a lower number was published by somebody who does not know of ours.
            core::cmp::Ordering::Less if self.epoch == held.epoch && self.issued > held.issued => {
                Order::Refused(Reason::StoreNumberFell)
            }
            core::cmp::Ordering::Less => Order::Refused(Reason::StoreRolledBack),
            core::cmp::Ordering::Equal if self.digest == held.digest => Order::Same,
            core::cmp::Ordering::Equal => Order::Refused(Reason::StoreEquivocation),
            // A raised epoch undoes what a thief published, its times included.
            core::cmp::Ordering::Greater if self.epoch == held.epoch && self.issued <= held.issued => {
                Order::Refused(Reason::StoreNotLater)
            }
            core::cmp::Ordering::Greater => Order::Newer,
        }
    }
}

impl Store {
    /// Offers all objects of a pack: a CBOR sequence, in any order. Answers for each object in the order of the pack.
    ///
    /// Each object stands on its own signature; one that is refused harms no other. The order in the pack changes nothing.
    ///
    /// # Errors
    /// [`Refusal`] if the bytes are not a sequence of canonical items; then nothing was taken.
    pub fn apply_pack(&mut self, pack: &[u8], window: TimeWindow) -> Result<Vec<Result<Accepted, Refusal>>, Refusal> {
        let mut items = Vec::new();
        for item in Items::new(pack) {
            // Counted before they are kept: a pack of single bytes would take sixteen times its size.
            if items.len() >= MAX_PACK_OBJECTS {
                return Err(Refusal::unread(Reason::EncodingTooLarge, None));
            }
            items.push(item.map_err(|error| Refusal::unread(error.reason(), None))?);
        }
        // Parents first, and each kind from its oldest on, whatever stands first in the pack; what still waits for another is offered again.
        let places: Vec<(u8, u64, u64)> = items.iter().map(|item| claimed_place(item)).collect();
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|&at| (places.get(at), items.get(at)));
        let mut answers: Vec<Option<Result<Accepted, Refusal>>> = items.iter().map(|_| None).collect();
        loop {
            let mut changed = false;
            // What is below the objects of a phase is looked at once, when all of them were taken.
            for phase in
                order.chunk_by(|a, b| places.get(*a).map(|place| place.0) == places.get(*b).map(|place| place.0))
            {
                for &at in phase {
                    let (Some(item), Some(answer)) = (items.get(at), answers.get_mut(at)) else { continue };
                    if answer.as_ref().is_none_or(may_pass_later) {
                        let result = self.apply_unsettled(item, window);
                        changed |= matches!(result, Ok(Accepted::New { .. }));
                        *answer = Some(result);
                    }
                }
                self.settle();
            }
            if !changed {
                return Ok(answers.into_iter().flatten().collect());
            }
        }
    }

    /// Offers one object.
    ///
    /// # Errors
    /// [`Refusal`]; what is held stays as it is, but for evidence.
    pub fn apply(&mut self, object: &[u8], window: TimeWindow) -> Result<Accepted, Refusal> {
        let answer = self.apply_unsettled(object, window);
        self.settle();
        answer
    }

    /// Offers one object; what is held below it is looked at by [`Store::settle`].
    pub(super) fn apply_unsettled(&mut self, object: &[u8], window: TimeWindow) -> Result<Accepted, Refusal> {
        let mut probe = Reader::new(object);
        match probe.kind() {
            Ok(Kind::Array) if is_delta(object) => self.apply_delta(object, window),
            Ok(Kind::Array) => self.apply_status(object, window),
            Ok(Kind::Tag) if probe.tag(tag::COSE_SIGN).is_ok() => self.apply_trust(object, window),
            Ok(Kind::Tag) => self.apply_directory(object, window),
            _ => Err(Refusal::unread(Reason::EncodingWrongType, None)),
        }
    }
}

/// Is it a refusal after which the same object might be taken?
const fn may_pass_later(answer: &Result<Accepted, Refusal>) -> bool {
    match answer {
        Ok(_) => false,
        Err(refusal) => refusal.may_pass_later(),
    }
}

/// Where an item of a pack belongs: by kind, then by what it claims its epoch and number are. A hint for the order of trying, no more.
fn claimed_place(item: &[u8]) -> (u8, u64, u64) {
    let mut probe = Reader::new(item);
    match probe.kind() {
        Ok(Kind::Tag) if probe.tag(tag::COSE_SIGN).is_ok() => {
            let envelope = MultiEnvelope::parse(item, Expected::AnyKnown).ok();
            let (_, seq) = envelope.map(|envelope| claimed_numbers(envelope.claimed_payload())).unwrap_or_default();
            (0, 0, seq)
        }
        Ok(Kind::Tag) => {
            let envelope = Envelope::parse(item, Expected::AnyKnown).ok();
            let (epoch, seq) = envelope.map(|envelope| claimed_numbers(envelope.claimed_payload())).unwrap_or_default();
            (1, epoch, seq)
        }
        _ if is_delta(item) => StatusDelta::parse(item).map_or((3, 0, 0), |delta| {
            let header = delta.claimed_header();
            (3, header.epoch, header.seq)
        }),
        _ => StatusList::parse(item).map_or((2, 0, 0), |list| {
            let header = list.claimed_header();
            (2, header.epoch, header.seq)
        }),
    }
}

/// Epoch and number of a directory (keys 8 and 2), or the number of a trust list, without reading the rest.
fn claimed_numbers(payload: &[u8]) -> (u64, u64) {
    let mut reader = Reader::new(payload);
    let (mut epoch, mut seq) = (0, 0);
    let Ok(mut map) = reader.map() else { return (0, 0) };
    while let Ok(Some(key)) = map.next(&mut reader) {
        let at = reader.clone();
        if reader.skip().is_err() {
            break;
        }
        match key {
            Key::Int(2) => seq = at.clone().uint().unwrap_or_default(),
            Key::Int(8) => epoch = at.clone().uint().unwrap_or_default(),
            _ => {}
        }
    }
    (epoch, seq)
}
