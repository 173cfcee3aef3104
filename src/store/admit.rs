//! Looking at what is held under the trust list and directories that are held now.

use alloc::vec::Vec;

use super::Store;
use crate::chain::Candidates;
use crate::claims::id::RegionPrefix;
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::reason::Reason;
use crate::status::StatusList;
use crate::time::TimeWindow;
use crate::trust::{Directory, HistoryState, Province};
use crate::x509::{Certificate, Use};

impl Store {
    /// Looks at everything again under the trust list that is held now.
    pub(super) fn look_again(&mut self) {
        if let Some(trust) = &self.trust {
            // A directory that the list does not stand behind any more is not held: of another epoch, or by an anchor that fell.
            self.directories.retain(|code, held| {
                trust.list.provinces.get(code).is_some_and(|province| {
                    held.directory.epoch == province.epoch
                        && held.directory.seq >= province.min_seq
                        && Envelope::parse(&held.bytes, Expected::Type(ObjectType::Issuers))
                            .is_ok_and(|envelope| is_signed_by_anchor(&envelope, &held.directory, province))
                })
            });
        }
        let codes: Vec<_> = self.directories.keys().copied().collect();
        codes.into_iter().for_each(|code| self.admit_signers(code));
        self.index_signers();
        self.look_again_at_statuses();
    }

    /// Looks at every entry of one directory.
    pub(super) fn admit_signers(&mut self, code: RegionPrefix) {
        let province = self.trust.as_ref().and_then(|trust| trust.list.provinces.get(&code));
        let (Some(province), Some(held)) = (province, self.directories.get_mut(&code)) else { return };
        (held.signers, held.unreadable) = Candidates::new(code, province).admit_all(&held.directory.issuers);
    }

    pub(super) fn index_signers(&mut self) {
        self.signers.clear();
        for (code, held) in &self.directories {
            for (place, signer) in held.signers.iter().enumerate() {
                self.signers.entry(signer.key().key_id()).or_default().push((*code, place));
            }
        }
    }

    /// A status list outlives the directory that it was taken in under: its signer is asked for again.
    pub(super) fn look_again_at_statuses(&mut self) {
        let mut statuses = core::mem::take(&mut self.statuses);
        statuses.retain(|_, held| {
            let Ok(list) = StatusList::parse(&held.bytes) else { return false };
            let window = TimeWindow::at(held.header.issued);
            let found = self.status_signers(list.envelope(), &held.header, Some(held.province), window);
            let signer = found.and_then(|found| found.first().copied().ok_or(Reason::StoreParentMissing));
            held.signer = signer.map(|signer| signer.place);
            // One of another epoch than the directory states is not held.
            signer.is_ok_and(|signer| signer.admits(&held.header)) || signer.is_err()
        });
        self.statuses = statuses;
    }
}

/// format.md §6: signed by an anchor with use 4, in force when it signed.
pub(super) fn is_signed_by_anchor(envelope: &Envelope<'_>, directory: &Directory, province: &Province) -> bool {
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
