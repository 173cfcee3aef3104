//! A store of named objects: what a verifier held once, put together again from the objects themselves.

use alloc::vec::Vec;

use super::persist::StoreError;
use super::{ObjectKind, Pin, Store};
use crate::claims::id::RegionPrefix;
use crate::reason::Reason;
use crate::suite::Digest;

/// An object that was held, by the word of a record.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'o> {
    /// Its bytes.
    pub object: &'o [u8],
    /// What it is.
    pub kind: ObjectKind,
    /// Its object digest.
    pub digest: Digest,
    /// Of a status list, the province by whose word it was held.
    pub province: Option<RegionPrefix>,
    /// Was another object of the same kind and number seen?
    pub contradicted: bool,
}

impl Store {
    /// A store that holds these objects and no others. The trust list is believed because the record names its digest; everything below
    /// it is verified as when a store is read back.
    ///
    /// # Errors
    /// [`StoreError::Object`] for an object that is not the one that the record names, or that the trust list does not stand behind.
    pub fn of_recorded(recorded: &[Recorded<'_>]) -> Result<Self, StoreError> {
        let trust = recorded.iter().find(|object| object.kind == ObjectKind::TrustList);
        let pin = trust.map_or(Digest::new([0; 32]), |trust| trust.digest);
        let mut store = Self::new(Pin::new(pin));
        let of = |kind| recorded.iter().filter(move |object| object.kind == kind);
        for trust in of(ObjectKind::TrustList) {
            store.reload_trust(trust.object)?;
        }
        for directory in of(ObjectKind::Directory) {
            store.reload_directory(directory.object)?;
        }
        for status in of(ObjectKind::StatusList) {
            store.reload_status(status.province.ok_or(StoreError::Damaged)?, status.object)?;
        }
        store.settle_all();
        store.check_status_signatures()?;
        recorded.iter().filter(|object| object.contradicted).for_each(|object| store.doubt(object.digest));
        let held: Vec<Digest> = store.held_digests().collect();
        match recorded.iter().all(|object| held.contains(&object.digest)) && held.len() == recorded.len() {
            true => Ok(store),
            false => Err(StoreError::Object(Reason::StoreUnauthorised)),
        }
    }

    /// A digest does not cover the signature. Where a key is known that a list may be signed by, one of those made it; where none is, the
    /// list was held for its date alone.
    fn check_status_signatures(&self) -> Result<(), StoreError> {
        for held in self.statuses.values() {
            let envelope = held.envelope().map_err(|error| StoreError::Object(error.reason()))?;
            let mut keys = self.signers(envelope.key_id()).map(|(signer, _)| signer.key()).peekable();
            if keys.peek().is_some() && !keys.any(|key| envelope.verify(key).is_ok()) {
                return Err(StoreError::Object(Reason::SignatureBad));
            }
        }
        Ok(())
    }

    fn held_digests(&self) -> impl Iterator<Item = Digest> {
        let trust = self.trust.iter().map(|held| held.digest);
        let directories = self.directories.values().map(|held| held.digest);
        trust.chain(directories).chain(self.statuses.values().map(|held| held.digest))
    }
}
