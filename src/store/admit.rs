//! Looking at what is held under the trust list and directories that are held now.
//!
//! Taking an object in only notes which provinces it concerns; [`Store::settle`] looks at those once for all the objects of a pack that came
//! before, so that a pack of a hundred lists does not cost a hundred times as much as one.

use alloc::collections::BTreeSet;

use super::Store;
use crate::chain::Candidates;
use crate::claims::id::RegionPrefix;
use crate::reason::Reason;
use crate::time::TimeWindow;

impl Store {
    /// Looks again at the provinces of which something changed, and at the floor.
    pub(super) fn settle(&mut self) {
        self.look_again();
        self.floor = self.floor_set_by().0;
    }

    fn look_again(&mut self) {
        let dirty = core::mem::take(&mut self.dirty);
        if dirty.is_empty() {
            return;
        }
        for code in &dirty {
            // A directory that the list does not stand behind (of another epoch, or by an anchor that fell) is set aside: it is not relied
            // on, nothing older is taken, and it is there again when the list stands behind it again.
            let Some(held) = self.directories.remove(code).or_else(|| self.aside.remove(code)) else { continue };
            if self.stands(&held) {
                self.directories.insert(*code, held);
                self.admit_signers(*code);
            } else {
                self.aside.insert(*code, held);
            }
        }
        self.index_signers();
        self.look_again_at_statuses(&dirty);
    }

    /// Looks at every entry of one directory.
    fn admit_signers(&mut self, code: RegionPrefix) {
        let province = self.trust.as_ref().and_then(|trust| trust.list.provinces.get(&code));
        let (Some(province), Some(held)) = (province, self.directories.get_mut(&code)) else { return };
        (held.signers, held.unreadable) = Candidates::new(code, province).admit_all(&held.directory.issuers);
    }

    fn index_signers(&mut self) {
        self.signers.clear();
        for (code, held) in &self.directories {
            for (place, signer) in held.signers.iter().enumerate() {
                self.signers.entry(signer.key().key_id()).or_default().push((*code, place));
            }
        }
    }

    /// A status list outlives the directory that it was taken in under: its signer is asked for again.
    fn look_again_at_statuses(&mut self, dirty: &BTreeSet<RegionPrefix>) {
        let mut statuses = core::mem::take(&mut self.statuses);
        statuses.retain(|_, held| {
            if !dirty.contains(&held.province) {
                return true;
            }
            let Ok(envelope) = held.envelope() else { return false };
            let window = TimeWindow::at(held.header.issued);
            let found = self.status_signers(&envelope, &held.header, Some(held.province), window);
            let signer = found.and_then(|found| found.first().copied().ok_or(Reason::StoreParentMissing));
            held.signer = signer.map(|signer| signer.place);
            // One of another epoch than the directory states is not held.
            signer.is_ok_and(|signer| signer.admits(&held.header)) || signer.is_err()
        });
        self.statuses = statuses;
    }
}
