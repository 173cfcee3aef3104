//! Taking status lists in, and who may sign them.
//!
//! A status list is held for the province whose directory lists its signer: the province that says who issues says what was revoked. So
//! no province's directory, whomever it lists, reaches what is held for another.

use alloc::vec::Vec;

use super::Store;
use super::accept::{Accepted, Order, Place, Refusal, Suspect};
use super::held::{HeldStatus, ObjectKind};
use crate::chain::{Signer, SignerQuestion};
use crate::claims::id::{CreditCode, RegionPrefix};
use crate::envelope::Envelope;
use crate::limits::{Budget, Limits};
use crate::reason::Reason;
use crate::status::{StatusHeader, StatusList, StatusProof};
use crate::suite::PublicKey;
use crate::time::{Certainty, TimeWindow, Watch};
use crate::trust::Directory;
use crate::x509::Use;

const KIND: ObjectKind = ObjectKind::StatusList;

/// A directory entry that signed a status list and may do so.
#[derive(Clone, Copy, Debug)]
pub(super) struct StatusSigner {
    pub(super) province: RegionPrefix,
    /// Among the signers of the province's directory.
    pub(super) place: usize,
    /// The epoch and the least sequence number that the directory states for the list.
    epoch: u64,
    least: u64,
}

impl StatusSigner {
    /// Does the directory stand behind a list of this epoch and number?
    pub(super) const fn admits(&self, header: &StatusHeader) -> bool {
        header.epoch == self.epoch && header.seq >= self.least
    }
}

impl Store {
    pub(super) fn apply_status(&mut self, object: &[u8], window: TimeWindow) -> Result<Accepted, Refusal> {
        let list = StatusList::parse(object).map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
        let header = *list.claimed_header();
        let refuse = |reason| Refusal::of(reason, KIND, header.seq);
        if self.trust.is_none() {
            return Err(refuse(Reason::StoreParentMissing));
        }
        let signers = self.status_signers(list.envelope(), &header, None, window).map_err(refuse)?;
        let mut answer = Err(refuse(Reason::StoreParentMissing));
        for (turn, signer) in signers.into_iter().enumerate() {
            let filed = self.file_status(object, &list, signer, window);
            answer = match (answer, filed) {
                (Ok(Accepted::New { kind, seq }), _) => Ok(Accepted::New { kind, seq }),
                (Ok(known), Err(_)) => Ok(known),
                (Err(first), Err(_)) if turn > 0 => Err(first),
                (_, filed) => filed,
            };
        }
        answer
    }

    /// Takes a list in for the province of one signer.
    pub(super) fn file_status(
        &mut self,
        object: &[u8],
        list: &StatusList<'_>,
        signer: StatusSigner,
        window: TimeWindow,
    ) -> Result<Accepted, Refusal> {
        let header = *list.claimed_header();
        let refuse = |reason| Refusal::of(reason, KIND, header.seq);
        if !signer.admits(&header) {
            return Err(refuse(Reason::StoreEpoch));
        }
        let place = Place::of_header(&header, list.envelope().object_digest());
        let key = (signer.province, header.authority, header.list);
        let held = self.statuses.get(&key);
        let suspect = Suspect::status(signer.province, &place, list.envelope().bytes());
        let suspect = match held {
            // The bodies are large, and the headers say what they are.
            Some(held) => suspect.against(held.header_bytes().to_vec()),
            None => suspect,
        };
        match place.order(held.map(Place::of_status), window) {
            Order::Same => Ok(self.mend_body(&key, object, list)),
            Order::Refused(reason) => {
                if reason == Reason::StoreEquivocation
                    && let Some(held) = self.statuses.get_mut(&key)
                {
                    held.equivocal = true;
                }
                Err(self.refuse(reason, suspect))
            }
            Order::Newer => {
                list.verify_body().and_then(|()| list.check_body()).map_err(|error| refuse(error.reason()))?;
                // Positions are allotted in sequence and never taken back: a list does not become shorter within its epoch.
                if held.is_some_and(|held| held.header.epoch == header.epoch && header.length < held.header.length) {
                    return Err(refuse(Reason::StatusListRefused));
                }
                // An irreversible state binds within its epoch. With a body that was lost nothing can be compared: who would take no list
                // for that any more would never again know better.
                let before = held.filter(|held| held.header.epoch == header.epoch);
                let before = before.and_then(|held| held.verified_body().ok());
                if before.is_some_and(|body| !matches!(body.resurrected(list.claimed_body()), Ok(None))) {
                    return Err(self.refuse(Reason::StatusResurrected, suspect));
                }
                let held = HeldStatus::new(object, list, signer.province);
                self.statuses.insert(key, HeldStatus { signer: Ok(signer.place), ..held });
                Ok(Accepted::New { kind: KIND, seq: header.seq })
            }
        }
    }

    /// The list that is held came once more: if its own body was lost or changed, this one takes its place. It has the same root.
    fn mend_body(&mut self, key: &(RegionPrefix, CreditCode, u64), object: &[u8], list: &StatusList<'_>) -> Accepted {
        let seq = list.claimed_header().seq;
        let damaged = self.statuses.get(key).filter(|held| held.verify_body().is_err());
        match damaged.filter(|_| list.verify_body().is_ok()) {
            None => Accepted::Known { kind: KIND, seq },
            Some(held) => {
                let mended = HeldStatus::new(object, list, held.province);
                let mended = HeldStatus { equivocal: held.equivocal, signer: held.signer, ..mended };
                self.statuses.insert(*key, mended);
                Accepted::New { kind: KIND, seq }
            }
        }
    }

    /// Finds the entries that signed a status list's header and may do so, one for each province, or for the one that is named.
    ///
    /// Each signature is checked once, however many directories list its key.
    pub(super) fn status_signers(
        &self,
        envelope: &Envelope<'_>,
        header: &StatusHeader,
        only: Option<RegionPrefix>,
        window: TimeWindow,
    ) -> Result<Vec<StatusSigner>, Reason> {
        let trust = &self.trust.as_ref().ok_or(Reason::StoreParentMissing)?.list;
        let question = status_question(header);
        let mut budget = Budget::new(Limits::STANDARD);
        let mut refused = Reason::StoreParentMissing;
        let mut verified: Option<&PublicKey> = None;
        let mut found: Vec<StatusSigner> = Vec::new();
        let places = self.signers.get(&envelope.key_id()).into_iter().flatten();
        for (province, place) in places.filter(|(province, _)| only.is_none_or(|only| only == *province)) {
            let Some(held) = self.directories.get(province) else { continue };
            let Some(signer) = held.signers.get(*place) else { continue };
            if found.iter().any(|known| known.province == *province) {
                continue;
            }
            budget.candidate().map_err(|_| Reason::IssuerBudget)?;
            if let Err(reason) = signer.check(&question, trust, &mut Watch::new(window)) {
                refused = reason;
            } else if verified == Some(signer.key()) || self.verifies(envelope, signer.key(), &mut budget)? {
                verified = Some(signer.key());
                let (epoch, least) = stated(&held.directory, header);
                found.push(StatusSigner { province: *province, place: *place, epoch, least });
            } else {
                refused = Reason::StoreUnauthorised;
            }
        }
        if found.is_empty() { Err(refused) } else { Ok(found) }
    }

    fn verifies(&self, envelope: &Envelope<'_>, key: &PublicKey, budget: &mut Budget) -> Result<bool, Reason> {
        budget.signature_check().map_err(|_| Reason::IssuerBudget)?;
        Ok(envelope.verify(key).is_ok())
    }

    /// May a status proof be believed, by the word of a province? Its header is signed by an entry of the province's directory that may sign
    /// it and may still vouch for it, as if the list itself were held; its blocks and path give the header's root. Gives that entry.
    ///
    /// # Errors
    /// [`Reason::StatusProofRefused`], or what is missing to tell.
    pub fn check_status_proof(
        &self,
        proof: &StatusProof<'_>,
        province: RegionPrefix,
        watch: &mut Watch,
    ) -> Result<&Signer, Reason> {
        let header = proof.claimed_header();
        let found = self.status_signers(proof.envelope(), header, Some(province), TimeWindow::at(header.issued));
        let refused = |reason| if reason == Reason::IssuerBudget { reason } else { Reason::StatusProofRefused };
        let signers = found.map_err(refused)?;
        let admitted = signers.first().filter(|signer| signer.admits(header)).ok_or(Reason::StatusProofRefused)?;
        // Like the lists that a store takes.
        if watch.window().reached_by_issuer(header.issued) == Certainty::No {
            return Err(Reason::StatusProofRefused);
        }
        proof.verify_path().map_err(|error| error.reason())?;
        self.check_signer_stands(province, admitted.place, header, watch).map_err(|_| Reason::StatusProofRefused)
    }

    /// May the signer of a held list still vouch for it, by the newest directory and trust list, and now? Gives the signer.
    ///
    /// # Errors
    /// Why not.
    pub fn check_status_signer(&self, held: &HeldStatus, watch: &mut Watch) -> Result<&Signer, Reason> {
        self.check_signer_stands(held.province, held.signer?, &held.header, watch)
    }

    fn check_signer_stands(
        &self,
        province: RegionPrefix,
        place: usize,
        header: &StatusHeader,
        watch: &mut Watch,
    ) -> Result<&Signer, Reason> {
        let trust = self.trust.as_ref().ok_or(Reason::StateMissing)?;
        let directory = self.directories.get(&province).ok_or(Reason::StoreParentMissing)?;
        let signer = directory.signers.get(place).ok_or(Reason::StoreParentMissing)?;
        signer.check(&status_question(header), &trust.list, watch).map(|_| signer)
    }
}

/// What a status list asks of the one who signed it.
pub(crate) const fn status_question(header: &StatusHeader) -> SignerQuestion {
    SignerQuestion {
        purpose: Use::Status,
        authority: header.authority,
        signed_at: header.issued,
        region: None,
        type_code: None,
    }
}

/// The epoch and the least number that a directory states for a list; (0, 0) where it states none.
fn stated(directory: &Directory, header: &StatusHeader) -> (u64, u64) {
    let lists = directory.minimums.get(&header.authority);
    let stated = lists.and_then(|lists| lists.iter().find(|minimum| minimum.list == header.list));
    stated.map_or((0, 0), |minimum| (minimum.epoch, minimum.min_seq))
}
