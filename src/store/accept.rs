//! Taking objects in: each wholly or not at all, none older than what is held.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::admit::is_signed_by_anchor;
use super::held::{Evidence, HeldDirectory, HeldTrust, ObjectKind};
use super::{Pin, Store};
use crate::cbor::{Items, Kind, Reader};
use crate::claims::id::RegionPrefix;
use crate::envelope::{Envelope, Expected, MultiEnvelope, ObjectType};
use crate::labels::tag;
use crate::reason::Reason;
use crate::status::StatusList;
use crate::suite::{Digest, PublicKey};
use crate::time::{Certainty, TimeWindow, Timestamp};
use crate::trust::{Directory, ListSigner, TrustList};
use crate::x509::claimed_spki;

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
        )
    }
}

/// Objects of one pack, at most.
const MAX_PACK_OBJECTS: usize = 4_096;
/// Pieces of evidence that are kept, at most.
const MAX_EVIDENCE: usize = 64;

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
    /// trust.md §5.
    pub(super) fn order(self, held: Option<Self>, window: TimeWindow) -> Order {
        if window.reached_by_issuer(self.issued) == Certainty::No {
            return Order::Refused(Reason::StoreFuture);
        }
        let Some(held) = held else { return Order::Newer };
        match (self.epoch, self.seq).cmp(&(held.epoch, held.seq)) {
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
        // Parents first, and each kind from its oldest on; what still waits for another is offered again.
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|&at| items.get(at).map(|item| claimed_place(item)));
        let mut answers: Vec<Option<Result<Accepted, Refusal>>> = items.iter().map(|_| None).collect();
        loop {
            let mut changed = false;
            for &at in &order {
                let (Some(item), Some(answer)) = (items.get(at), answers.get_mut(at)) else { continue };
                if matches!(answer, Some(Ok(_))) || matches!(answer, Some(Err(refusal)) if !refusal.may_pass_later()) {
                    continue;
                }
                let result = self.apply(item, window);
                changed |= matches!(result, Ok(Accepted::New { .. }));
                *answer = Some(result);
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
        let mut probe = Reader::new(object);
        match probe.kind() {
            Ok(Kind::Array) => self.apply_status(object, window),
            Ok(Kind::Tag) if probe.tag(tag::COSE_SIGN).is_ok() => self.apply_trust(object, window),
            Ok(Kind::Tag) => self.apply_directory(object, window),
            _ => Err(Refusal::unread(Reason::EncodingWrongType, None)),
        }
    }

    fn apply_trust(&mut self, object: &[u8], window: TimeWindow) -> Result<Accepted, Refusal> {
        const KIND: ObjectKind = ObjectKind::TrustList;
        let envelope = MultiEnvelope::parse(object, Expected::Type(ObjectType::Trust))
            .map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
        let list = TrustList::parse(envelope.claimed_payload())
            .map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
        let refuse = |reason| Refusal::of(reason, KIND, list.seq);
        let digest = envelope.object_digest();
        let signed_by = |signers: &[ListSigner], threshold| is_signed_by(&envelope, signers, threshold);
        match &self.trust {
            None if !pins(self.pin, digest, &list) => return Err(refuse(Reason::StorePinMismatch)),
            None if !signed_by(&list.signers, list.threshold) => return Err(refuse(Reason::StoreUnauthorised)),
            None => {}
            Some(held) if held.list.federation != list.federation => return Err(refuse(Reason::StoreUnauthorised)),
            Some(held) => {
                // format.md §6: signed by the threshold of N's signers; if they change, also by its own.
                let before = signed_by(&held.list.signers, held.list.threshold);
                let same_signers = held.list.signers == list.signers && held.list.threshold == list.threshold;
                let own = same_signers || signed_by(&list.signers, list.threshold);
                let newer = list.seq > held.list.seq;
                if newer && !(before && own) {
                    return Err(refuse(Reason::StoreSkipped));
                }
                // A fork or an old list tells something only if those who may sign here signed it: else anyone could plant one.
                if !newer && !before {
                    return Err(refuse(Reason::StoreUnauthorised));
                }
            }
        }
        let held = self.trust.as_ref().map(|held| Place {
            epoch: 0,
            seq: held.list.seq,
            issued: held.list.issued,
            digest: held.digest,
        });
        let place = Place { epoch: 0, seq: list.seq, issued: list.issued, digest };
        match place.order(held, window) {
            Order::Same => Ok(Accepted::Known { kind: KIND, seq: list.seq }),
            Order::Refused(reason) => {
                if reason == Reason::StoreEquivocation
                    && let Some(held) = &mut self.trust
                {
                    held.equivocal = true;
                }
                Err(self.refuse(reason, KIND, place, object))
            }
            Order::Newer => {
                let seq = list.seq;
                self.trust = Some(HeldTrust { bytes: object.to_vec(), digest, list, equivocal: false });
                self.look_again();
                Ok(Accepted::New { kind: KIND, seq })
            }
        }
    }

    fn apply_directory(&mut self, object: &[u8], window: TimeWindow) -> Result<Accepted, Refusal> {
        const KIND: ObjectKind = ObjectKind::Directory;
        let envelope = Envelope::parse(object, Expected::Type(ObjectType::Issuers))
            .map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
        let directory = Directory::parse(envelope.claimed_payload())
            .map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
        let refuse = |reason| Refusal::of(reason, KIND, directory.seq);
        let trust = self.trust.as_ref().ok_or(refuse(Reason::StoreParentMissing))?;
        let province = trust.list.provinces.get(&directory.province).ok_or(refuse(Reason::StoreUnauthorised))?;
        if !is_signed_by_anchor(&envelope, &directory, province) {
            return Err(refuse(Reason::StoreUnauthorised));
        }
        check_keys_differ(&directory).map_err(refuse)?;
        if directory.epoch != province.epoch || directory.seq < province.min_seq {
            return Err(refuse(Reason::StoreEpoch));
        }
        let digest = envelope.object_digest();
        let place = Place { epoch: directory.epoch, seq: directory.seq, issued: directory.issued, digest };
        let held = self.directories.get(&directory.province).map(|held| Place {
            epoch: held.directory.epoch,
            seq: held.directory.seq,
            issued: held.directory.issued,
            digest: held.digest,
        });
        match place.order(held, window) {
            Order::Same => Ok(Accepted::Known { kind: KIND, seq: directory.seq }),
            Order::Refused(reason) => {
                if reason == Reason::StoreEquivocation
                    && let Some(held) = self.directories.get_mut(&directory.province)
                {
                    held.equivocal = true;
                }
                Err(self.refuse(reason, KIND, place, object))
            }
            Order::Newer => {
                let (seq, code) = (directory.seq, directory.province);
                self.directories.insert(code, HeldDirectory::new(object.to_vec(), digest, directory));
                self.admit_signers(code);
                self.index_signers();
                self.look_again_at_statuses();
                Ok(Accepted::New { kind: KIND, seq })
            }
        }
    }

    pub(super) fn refuse(&mut self, reason: Reason, kind: ObjectKind, place: Place, bytes: &[u8]) -> Refusal {
        let known = self.evidence.iter().any(|known| known.digest == place.digest && known.reason == reason);
        if !known && matches!(reason, Reason::StoreEquivocation | Reason::StatusResurrected | Reason::StoreNotLater) {
            if self.evidence.len() >= MAX_EVIDENCE {
                self.evidence.remove(0);
            }
            self.evidence.push(Evidence { reason, kind, digest: place.digest, seq: place.seq, bytes: bytes.to_vec() });
        }
        Refusal::of(reason, kind, place.seq)
    }
}

/// format.md §6: a directory refuses a key that stands twice. Key ids may collide, keys may not.
pub(super) fn check_keys_differ(directory: &Directory) -> Result<(), Reason> {
    let mut keys = BTreeSet::new();
    let mut readable = directory.issuers.iter().filter_map(|entry| claimed_spki(&entry.certificate));
    if readable.all(|key| keys.insert(key)) { Ok(()) } else { Err(Reason::EncodingClaims) }
}

fn pins(pin: Pin, digest: Digest, list: &TrustList) -> bool {
    pin.digest() == digest || pin.digest() == list.signers_pin()
}

/// Did at least `threshold` of the signers sign, each key and each operator counted once?
fn is_signed_by(envelope: &MultiEnvelope<'_>, signers: &[ListSigner], threshold: u64) -> bool {
    let mut operators = BTreeSet::new();
    let mut keys: Vec<&PublicKey> = Vec::new();
    for signature in envelope.signers() {
        let signer = signers.iter().find(|signer| signer.key.key_id() == signature.key_id());
        if let Some(signer) = signer
            && !keys.contains(&&signer.key)
            && envelope.verify(&signature, &signer.key).is_ok()
        {
            keys.push(&signer.key);
            operators.insert(signer.operator.as_str());
        }
    }
    u64::try_from(operators.len()).is_ok_and(|count| count >= threshold)
}

/// Where an item of a pack belongs: by kind, then by what it claims its number is. A hint for the order of trying, no more.
fn claimed_place(item: &[u8]) -> (u8, Option<RegionPrefix>, u64, u64) {
    let mut probe = Reader::new(item);
    match probe.kind() {
        Ok(Kind::Tag) if probe.tag(tag::COSE_SIGN).is_ok() => {
            let list =
                MultiEnvelope::parse(item, Expected::AnyKnown).ok().map(|e| TrustList::parse(e.claimed_payload()));
            (0, None, 0, list.and_then(Result::ok).map_or(0, |list| list.seq))
        }
        Ok(Kind::Tag) => {
            let directory =
                Envelope::parse(item, Expected::AnyKnown).ok().map(|e| Directory::parse(e.claimed_payload()));
            let directory = directory.and_then(Result::ok);
            directory.map_or((1, None, 0, 0), |d| (1, Some(d.province), d.epoch, d.seq))
        }
        _ => StatusList::parse(item).map_or((2, None, 0, 0), |list| {
            let header = list.claimed_header();
            (2, None, header.epoch, header.seq)
        }),
    }
}
