//! Taking trust lists in: successors, forks, and the chain that leads from the pin to the list that is held.

use alloc::vec::Vec;

use super::accept::{Accepted, Order, Place, Refusal, Suspect};
use super::held::{HeldTrust, ObjectKind};
use super::{Pin, Store};
use crate::envelope::{Expected, MultiEnvelope, ObjectType};
use crate::limits::Limits;
use crate::reason::Reason;
use crate::suite::{Digest, PublicKey};
use crate::time::TimeWindow;
use crate::trust::{ListSigner, TrustList, quorum_conceivable, quorum_met};

const KIND: ObjectKind = ObjectKind::TrustList;

/// Numbers whose digests are remembered, at most: of twenty years, a list a week.
const MAX_TRAIL: usize = 1_024;

/// A list that was held, and that proves the one after it: the first of each set of signers.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) bytes: Vec<u8>,
    seq: u64,
    signers: Vec<ListSigner>,
    threshold: u64,
}

impl Link {
    fn has_signers_of(&self, list: &TrustList) -> bool {
        self.signers == list.signers && self.threshold == list.threshold
    }

    fn signed_by(&self, verified: &[PublicKey]) -> bool {
        quorum_met(&self.signers, self.threshold, verified)
    }
}

impl From<HeldTrust> for Link {
    fn from(held: HeldTrust) -> Self {
        let TrustList { seq, signers, threshold, .. } = held.list;
        Self { bytes: held.bytes, seq, signers, threshold }
    }
}

/// A trust list that is offered: read, and believed in nothing.
struct Offered<'o> {
    object: &'o [u8],
    envelope: MultiEnvelope<'o>,
    list: TrustList,
    place: Place,
}

impl<'o> Offered<'o> {
    fn read(object: &'o [u8]) -> Result<Self, Refusal> {
        let envelope = MultiEnvelope::parse(object, Expected::Type(ObjectType::Trust))
            .map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
        let list = TrustList::parse(envelope.claimed_payload())
            .map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
        let place = Place { epoch: 0, seq: list.seq, issued: list.issued, digest: envelope.object_digest() };
        Ok(Self { object, envelope, list, place })
    }

    /// Did its own signers sign it, as those of a federation's first list and of a new set must?
    fn is_signed_by_its_own(&self) -> bool {
        let verified = verified(&self.envelope, &[&self.list.signers]);
        quorum_met(&self.list.signers, self.list.threshold, &verified)
    }

    /// Why it is refused where not enough of these are known to have signed: `reason`, unless enough did if those of whom this build cannot
    /// judge it are counted. Then the verifier is too old, and nobody is called a stranger.
    fn unsigned(&self, signers: &[ListSigner], threshold: u64, reason: Reason) -> Refusal {
        let open = self.envelope.signers().filter(|entry| entry.algorithm().is_none()).count();
        // Verified once more only where such a signature is there.
        let is_conceivable = || quorum_conceivable(signers, threshold, &verified(&self.envelope, &[signers]), open);
        let too_new = open > 0 && is_conceivable();
        self.refusal(if too_new { Reason::EncodingAlgorithmUnknown } else { reason })
    }

    const fn refusal(&self, reason: Reason) -> Refusal {
        Refusal::of(reason, KIND, self.place.seq)
    }
}

impl Store {
    pub(super) fn apply_trust(&mut self, object: &[u8], window: TimeWindow) -> Result<Accepted, Refusal> {
        let offered = Offered::read(object)?;
        match &self.trust {
            None => self.take_first(offered, window),
            Some(held) if held.digest == offered.place.digest => Ok(Accepted::Known { kind: KIND, seq: held.list.seq }),
            Some(held) if held.list.federation != offered.list.federation => {
                Err(offered.refusal(Reason::StoreUnauthorised))
            }
            Some(held) if held.list.seq < offered.list.seq => self.take_next(offered, window),
            Some(_) => Err(self.refuse_old(&offered, window)),
        }
    }

    /// The first list: the one that was pinned, or one of the signers that were, signed by its own.
    fn take_first(&mut self, offered: Offered<'_>, window: TimeWindow) -> Result<Accepted, Refusal> {
        if !pins(self.pin, offered.place.digest, &offered.list) {
            return Err(offered.refusal(Reason::StorePinMismatch));
        }
        if !offered.is_signed_by_its_own() {
            let TrustList { signers, threshold, .. } = &offered.list;
            return Err(offered.unsigned(signers, *threshold, Reason::StoreUnauthorised));
        }
        match offered.place.order(None, window) {
            Order::Refused(reason) => Err(offered.refusal(reason)),
            Order::Newer | Order::Same => Ok(self.hold(offered)),
        }
    }

    /// format.md §6: signed by the threshold of the held list's signers; if they change, also by its own.
    fn take_next(&mut self, offered: Offered<'_>, window: TimeWindow) -> Result<Accepted, Refusal> {
        let Some(held) = &self.trust else { return Err(offered.refusal(Reason::StoreParentMissing)) };
        let verified = verified(&offered.envelope, &self.all_signers());
        if !quorum_met(&held.list.signers, held.list.threshold, &verified) {
            // Whoever holds an older list would take it: two branches lead from there.
            return match self.links.iter().any(|link| link.signed_by(&verified)) {
                true => Err(self.refuse(Reason::StoreForked, Suspect::trust(&offered.place, offered.object))),
                false => Err(offered.unsigned(&held.list.signers, held.list.threshold, Reason::StoreSkipped)),
            };
        }
        let same_signers = held.list.signers == offered.list.signers && held.list.threshold == offered.list.threshold;
        if !same_signers && !offered.is_signed_by_its_own() {
            let TrustList { signers, threshold, .. } = &offered.list;
            return Err(offered.unsigned(signers, *threshold, Reason::StoreSkipped));
        }
        match offered.place.order(Some(Place::of_trust(held)), window) {
            Order::Refused(reason) => Err(self.refuse(reason, Suspect::trust(&offered.place, offered.object))),
            Order::Newer | Order::Same => Ok(self.hold(offered)),
        }
    }

    /// A list that is not newer than the held one, and not it. A fork or an old list tells something only if those who might sign then
    /// signed it: else anyone could plant one.
    fn refuse_old(&mut self, offered: &Offered<'_>, window: TimeWindow) -> Refusal {
        let Some(held) = &self.trust else { return offered.refusal(Reason::StoreParentMissing) };
        let (digest, seq) = (offered.place.digest, offered.place.seq);
        let verified = verified(&offered.envelope, &self.all_signers());
        let by_held = quorum_met(&held.list.signers, held.list.threshold, &verified);
        // The number of the list by which those who signed were replaced, if they were.
        let replaced_at = match self.links.iter().rposition(|link| link.signed_by(&verified)) {
            _ if by_held => None,
            None => return offered.refusal(Reason::StoreUnauthorised),
            Some(at) => self.links.iter().skip(at).nth(1).map(|link| link.seq).or(Some(held.list.seq)),
        };
        if let Order::Refused(Reason::StoreFuture) = offered.place.order(None, window) {
            return offered.refusal(Reason::StoreFuture);
        }
        let passed = self.trail.iter().find(|(known, _)| *known == seq).map(|(_, digest)| *digest);
        let reason = match passed {
            Some(passed) if passed == digest => return offered.refusal(Reason::StoreRolledBack),
            // They had handed over: whoever follows them follows another branch.
            _ if replaced_at.is_some_and(|at| seq > at) => Reason::StoreForked,
            Some(_) => Reason::StoreEquivocation,
            None if offered.place.issued > held.list.issued => Reason::StoreNumberFell,
            None => return offered.refusal(Reason::StoreRolledBack),
        };
        // What depends on the held list is doubtful if it is the one that is contradicted, and by those who could sign it.
        if reason == Reason::StoreEquivocation
            && let Some(held) = self.trust.as_mut().filter(|held| held.list.seq == seq)
        {
            held.equivocal = true;
            let against = held.bytes.clone();
            return self.refuse(reason, Suspect::trust(&offered.place, offered.object).against(against));
        }
        self.refuse(reason, Suspect::trust(&offered.place, offered.object))
    }

    /// The signers of the held list and of every one before that handed over.
    fn all_signers(&self) -> Vec<&[ListSigner]> {
        let held = self.trust.iter().map(|held| held.list.signers.as_slice());
        held.chain(self.links.iter().map(|link| link.signers.as_slice())).collect()
    }

    fn hold(&mut self, offered: Offered<'_>) -> Accepted {
        let Offered { object, list, place, .. } = offered;
        let before = self.trust.take();
        let same = |code, province| before.as_ref().is_some_and(|b| b.list.provinces.get(code) == Some(province));
        // A province of which the list says what the one before said is as it was.
        let changed = list.provinces.iter().filter(|(code, province)| !same(code, province)).map(|(code, _)| *code);
        let gone = before.iter().flat_map(|before| before.list.provinces.keys()).copied();
        let gone = gone.filter(|code| !list.provinces.contains_key(code));
        self.dirty.extend(changed.chain(gone));
        if let Some(before) = before.filter(|before| self.proves_the_next(before, &list)) {
            self.links.push(before.into());
        }
        if self.trail.len() >= MAX_TRAIL {
            self.trail.remove(0);
        }
        self.trail.push((list.seq, place.digest));
        let seq = list.seq;
        self.trust = Some(HeldTrust { bytes: object.to_vec(), digest: place.digest, list, equivocal: false });
        Accepted::New { kind: KIND, seq }
    }

    /// Is a list needed to believe the one that follows it? Not if what believes it believes the next one as well.
    fn proves_the_next(&self, before: &HeldTrust, next: &TrustList) -> bool {
        match self.links.last() {
            Some(link) => !link.has_signers_of(&before.list),
            // Pinned by its signers, who are those of the next one too.
            None => next.signers_pin() != self.pin.digest(),
        }
    }
}

fn pins(pin: Pin, digest: Digest, list: &TrustList) -> bool {
    pin.digest() == digest || pin.digest() == list.signers_pin()
}

/// The keys among those of these signers whose signatures verify. Each signature is checked by the keys of its key id alone; after some that
/// do not verify the rest is not looked at.
fn verified(envelope: &MultiEnvelope<'_>, signers: &[&[ListSigner]]) -> Vec<PublicKey> {
    let mut bad = Limits::STANDARD.signature_checks;
    let mut found = Vec::new();
    for entry in envelope.signers() {
        let mut tried: Vec<&PublicKey> = Vec::new();
        let named = signers.iter().copied().flatten().filter_map(|signer| signer.key.known());
        for key in named.filter(|key| key.key_id() == entry.key_id()) {
            if tried.contains(&key) {
                continue;
            }
            tried.push(key);
            if envelope.verify(&entry, key).is_ok() {
                found.push(key.clone());
                break;
            }
            bad = bad.saturating_sub(1);
            if bad == 0 {
                return found;
            }
        }
    }
    found
}
