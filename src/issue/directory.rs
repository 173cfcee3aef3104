//! Publishing an issuer directory (颁发机构目录).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::draft::{Draft, DraftError};
use super::signer::Signer;
use crate::cbor;
use crate::envelope::ObjectType;
use crate::reason::Reason;
use crate::store::{Refusal, Store};
use crate::time::TimeWindow;
use crate::trust::{self, Directory, Discontinuity, IssuerEntry};
use crate::x509::Certificate;

/// Why a directory is not published. Entries are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// A text in it holds characters that are not admitted.
    #[error(transparent)]
    Encoding(#[from] cbor::Error),
    /// The verifier would not read it.
    #[error("the verifier refuses it: {0}")]
    Read(trust::Error),
    /// Something stands in it that its encoding does not keep, such as a use that is named twice.
    #[error("its encoding does not keep everything that it says")]
    NotKept,
    /// An entry's certificate cannot be read.
    #[error("entry {0}: the certificate cannot be read")]
    Unreadable(usize),
    /// Two entries hold the same key.
    #[error("entry {0}: another entry holds the same key")]
    KeyTwice(usize),
    /// A verifier would not admit an entry: its certificate, its path or its mandate.
    #[error("entry {entry}: a verifier would not admit it ({})", reason.symbol())]
    Entry {
        /// Which.
        entry: usize,
        /// Why not.
        reason: Reason,
    },
    /// It does not go on from the directory before: an entry is missing or altered, or an epoch went back.
    #[error(transparent)]
    Discontinuous(#[from] Discontinuity),
    /// An entry would vouch for what was signed before it was listed.
    #[error("entry {0} signs from a time before the directory that lists it first")]
    SignsTooEarly(usize),
    /// It could not be signed.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A store would not take it: not an anchor's signature, or a sequence number or time that does not follow.
    #[error("a verifier's store does not take it: {0}")]
    Refused(#[from] Refusal),
}

/// Publishes a province's directory, signed by one of its anchors. With a store it must be one that the store takes, each entry must be
/// one that a verifier admits, and none that the directory before listed may be lost or altered. Without one only its form is looked at.
///
/// # Errors
/// [`DirectoryError`].
pub fn publish_directory(
    directory: &Directory,
    store: Option<&Store>,
    anchor: &dyn Signer,
) -> Result<Vec<u8>, DirectoryError> {
    let payload = directory.encode()?;
    if Directory::parse(&payload).map_err(DirectoryError::Read)? != *directory {
        return Err(DirectoryError::NotKept);
    }
    check_keys(directory)?;
    if let Some(store) = store {
        let before = store.directory(directory.province).map(|held| held.directory());
        check_continues(before, directory)?;
    }
    let object = Draft::new(ObjectType::Issuers, payload, anchor.public_key())?.sign(anchor, &[])?;
    if let Some(store) = store {
        check_taken(directory, store.clone(), &object)?;
    }
    Ok(object)
}

/// format.md §6: a directory refuses a duplicate full key.
fn check_keys(directory: &Directory) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for (at, entry) in directory.issuers.iter().enumerate() {
        let certificate = Certificate::parse(&entry.certificate).map_err(|_| DirectoryError::Unreadable(at))?;
        if !seen.insert(certificate.public_key().thumbprint()) {
            return Err(DirectoryError::KeyTwice(at));
        }
    }
    Ok(())
}

/// format.md §6: an entry's mandate never changes, entries are retired and never removed, histories only grow, and no entry vouches for
/// what was signed before it was first listed. A raised epoch begins anew.
fn check_continues(before: Option<&Directory>, directory: &Directory) -> Result<(), DirectoryError> {
    if let Some(before) = before.filter(|before| before.epoch == directory.epoch) {
        before.check_continued_by(directory)?;
    }
    let known: BTreeSet<&[u8]> =
        before.iter().flat_map(|before| &before.issuers).map(IssuerEntry::claimed_key).collect();
    for (at, entry) in directory.issuers.iter().enumerate() {
        if !known.contains(entry.claimed_key()) && entry.signing.from() < directory.issued.seconds() {
            return Err(DirectoryError::SignsTooEarly(at));
        }
    }
    Ok(())
}

fn check_taken(directory: &Directory, mut store: Store, object: &[u8]) -> Result<(), DirectoryError> {
    store.apply(object, TimeWindow::at(directory.issued))?;
    let signers = store.directory(directory.province).map(|held| held.signers()).unwrap_or_default();
    for (at, entry) in directory.issuers.iter().enumerate() {
        let admission = signers.iter().find(|signer| signer.entry() == entry).map(|signer| signer.admission());
        // An issuer's certificate that stands there for the paths of others signs no data, and is no signer.
        let is_issuer = Certificate::parse(&entry.certificate)
            .is_ok_and(|certificate| certificate.basic_constraints().is_some_and(|constraints| constraints.authority));
        match admission {
            Some(Err(reason)) if !is_issuer => return Err(DirectoryError::Entry { entry: at, reason }),
            Some(_) => {}
            None => return Err(DirectoryError::Unreadable(at)),
        }
    }
    Ok(())
}
