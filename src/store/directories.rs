//! Taking issuer directories in.

use alloc::collections::BTreeSet;

use super::Store;
use super::accept::{Accepted, Order, Place, Refusal, Suspect};
use super::held::{HeldDirectory, ObjectKind};
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::reason::Reason;
use crate::time::{Certainty, TimeWindow};
use crate::trust::{Directory, HistoryState, Province};
use crate::x509::{Certificate, Use, claimed_spki};

const KIND: ObjectKind = ObjectKind::Directory;

impl Store {
    pub(super) fn apply_directory(&mut self, object: &[u8], window: TimeWindow) -> Result<Accepted, Refusal> {
        let (envelope, directory) = read(object)?;
        let refuse = |reason| Refusal::of(reason, KIND, directory.seq);
        let trust = self.trust.as_ref().ok_or(refuse(Reason::StoreParentMissing))?;
        let code = directory.province;
        let province = trust.list.provinces.get(&code).ok_or(refuse(Reason::StoreUnauthorised))?;
        if !is_signed_by_anchor(&envelope, &directory, province) {
            return Err(refuse(Reason::StoreUnauthorised));
        }
        check_keys_differ(&directory).map_err(refuse)?;
        if !is_admitted(&directory, province) {
            return Err(refuse(Reason::StoreEpoch));
        }
        // Nothing could rest on it any more. A trust list that has expired is taken: it is a step to the next.
        if window.reached(directory.expires.seconds()) == Certainty::Yes {
            return Err(refuse(Reason::StoreExpired));
        }
        let digest = envelope.object_digest();
        let place = Place { epoch: directory.epoch, seq: directory.seq, issued: directory.issued, digest };
        let suspect = Suspect::directory(code, &place, object);
        // One that was set aside is not relied on, and is not gone back behind either.
        let standing = self.directories.get(&code);
        let known = standing.or_else(|| self.aside.get(&code));
        match place.order(known.map(Place::of_directory), window) {
            Order::Same => Ok(Accepted::Known { kind: KIND, seq: directory.seq }),
            Order::Refused(reason) => {
                let against = known.map(|known| known.bytes.clone()).unwrap_or_default();
                if reason == Reason::StoreEquivocation
                    && let Some(held) = self.directories.get_mut(&code)
                {
                    held.equivocal = true;
                }
                Err(self.refuse(reason, suspect.against(against)))
            }
            Order::Newer => {
                // format.md §6: entries are retired and never removed, histories only grow. A raised epoch begins anew.
                let before = standing.filter(|held| held.directory.epoch == directory.epoch);
                if let Some(held) = before
                    && held.directory.check_continued_by(&directory).is_err()
                {
                    let against = held.bytes.clone();
                    return Err(self.refuse(Reason::StoreHistoryRewritten, suspect.against(against)));
                }
                let seq = directory.seq;
                self.aside.remove(&code);
                self.directories.insert(code, HeldDirectory::new(&envelope, digest, directory));
                self.dirty.insert(code);
                Ok(Accepted::New { kind: KIND, seq })
            }
        }
    }

    /// Does the trust list that is held stand behind this directory?
    pub(super) fn stands(&self, held: &HeldDirectory) -> bool {
        let trust = self.trust.as_ref();
        trust.and_then(|trust| trust.list.provinces.get(&held.directory.province)).is_some_and(|province| {
            is_admitted(&held.directory, province)
                && Envelope::parse(&held.bytes, Expected::Type(ObjectType::Issuers))
                    .is_ok_and(|envelope| is_signed_by_anchor(&envelope, &held.directory, province))
        })
    }
}

fn read(object: &[u8]) -> Result<(Envelope<'_>, Directory), Refusal> {
    let envelope = Envelope::parse(object, Expected::Type(ObjectType::Issuers))
        .map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
    let directory =
        Directory::parse(envelope.claimed_payload()).map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
    Ok((envelope, directory))
}

/// format.md §6: of the epoch that the trust list states, and not below the least number.
const fn is_admitted(directory: &Directory, province: &Province) -> bool {
    directory.epoch == province.epoch && directory.seq >= province.min_seq
}

/// format.md §6: a directory refuses a key that stands twice. Key ids may collide, keys may not.
pub(super) fn check_keys_differ(directory: &Directory) -> Result<(), Reason> {
    let mut keys = BTreeSet::new();
    let mut readable = directory.issuers.iter().filter_map(|entry| claimed_spki(&entry.certificate));
    if readable.all(|key| keys.insert(key)) { Ok(()) } else { Err(Reason::EncodingClaims) }
}

/// format.md §6: signed by an anchor with use 4, in force when it signed.
fn is_signed_by_anchor(envelope: &Envelope<'_>, directory: &Directory, province: &Province) -> bool {
    province
        .anchors
        .iter()
        .filter(|anchor| anchor.uses.contains(&Use::Directory) && anchor.interval.contains(directory.issued))
        .filter(|anchor| anchor.history.state_at(directory.issued) == Some(HistoryState::Active))
        .filter(|anchor| anchor.history.compromised_since().is_none_or(|since| directory.issued < since))
        .filter_map(|anchor| Certificate::parse(&anchor.certificate).ok())
        .filter(|anchor| anchor.key_usage().is_some_and(|usage| usage.signs_data()))
        .any(|anchor| anchor.is_valid_at(directory.issued) && envelope.verify(anchor.public_key()).is_ok())
}
