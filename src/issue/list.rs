//! Publishing a trust list (互认清单).

use alloc::vec::Vec;

use super::draft::DraftError;
use super::multi_draft::MultiDraft;
use super::signer::Signer;
use crate::cbor;
use crate::envelope::ObjectType;
use crate::store::{HeldTrust, Pin, Refusal, Store};
use crate::time::TimeWindow;
use crate::trust::{self, Anchor, Mandate, TrustList};
use crate::x509::{Certificate, check_issuer};

/// Why a trust list is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustListError {
    /// A text in it holds characters that are not admitted.
    #[error(transparent)]
    Encoding(#[from] cbor::Error),
    /// The verifier would not read it.
    #[error("the verifier refuses it: {0}")]
    Read(trust::Error),
    /// Something stands in it that its encoding does not keep, such as a use that is named twice.
    #[error("its encoding does not keep everything that it says")]
    NotKept,
    /// A rule or the catalogue names a risk class for which the list grants no grace.
    #[error("a risk class is named that the list grants no grace for")]
    ClassWithoutGrace,
    /// An anchor's certificate is not one of an issuer of our profile, or it claims a wider mandate than the list gives it.
    #[error(
        "anchor {anchor} of province number {province}: not an issuer's certificate, or it claims more than the list gives"
    )]
    Anchor {
        /// Which province, from 0 in order of their codes.
        province: usize,
        /// Which of its anchors, from 0.
        anchor: usize,
    },
    /// A history of the list before was cut or rewritten: histories only grow.
    #[error(
        "the history of province number {province}, or of one of its anchors, does not continue that of the list before"
    )]
    HistoryRewritten {
        /// Which province of the list before, from 0 in order of their codes.
        province: usize,
    },
    /// It could not be signed.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A store would not take it: too few signers, a sequence number or time that does not follow.
    #[error("a verifier's store does not take it: {0}")]
    Refused(#[from] Refusal),
}

/// Publishes a trust list, signed by all `signers` at once. With a store it must be a successor that the store takes; without one it is
/// the first of its federation, signed by the threshold of its own signers.
///
/// Signers who are not in one place sign a [`MultiDraft`] each, and [`check_trust_list`] looks at the whole.
///
/// # Errors
/// [`TrustListError`]; nothing is handed out that a verifier would refuse.
pub fn publish_trust_list(
    list: &TrustList,
    store: Option<&Store>,
    signers: &[&dyn Signer],
) -> Result<Vec<u8>, TrustListError> {
    let mut draft = draft_trust_list(list)?;
    signers.iter().try_for_each(|signer| draft.sign(*signer))?;
    let object = draft.assemble()?;
    check_trust_list(list, store, &object)?;
    Ok(object)
}

/// Drafts a trust list, to be signed by several.
///
/// # Errors
/// [`TrustListError`], for what the verifier would not read.
pub fn draft_trust_list(list: &TrustList) -> Result<MultiDraft, TrustListError> {
    let payload = list.encode()?;
    if TrustList::parse(&payload).map_err(TrustListError::Read)? != *list {
        return Err(TrustListError::NotKept);
    }
    Ok(MultiDraft::new(ObjectType::Trust, payload)?)
}

/// Looks at a signed list before it leaves: its anchors, its histories beside those of the list that the store holds, and whether a
/// store takes it.
///
/// # Errors
/// [`TrustListError`].
pub fn check_trust_list(list: &TrustList, store: Option<&Store>, object: &[u8]) -> Result<(), TrustListError> {
    if list.class_without_grace().is_some() {
        return Err(TrustListError::ClassWithoutGrace);
    }
    for (province, members) in list.provinces.values().enumerate() {
        for (anchor, member) in members.anchors.iter().enumerate() {
            check_anchor(member).ok_or(TrustListError::Anchor { province, anchor })?;
        }
    }
    if let Some(before) = store.and_then(Store::trust).map(HeldTrust::list) {
        check_histories(before, list)?;
    }
    let mut store = store.cloned().unwrap_or_else(|| Store::new(Pin::new(list.signers_pin())));
    store.apply(object, TimeWindow::at(list.issued))?;
    Ok(())
}

/// Our profile, and a mandate within that of the list: every path to it would be refused else.
fn check_anchor(anchor: &Anchor) -> Option<()> {
    let certificate = Certificate::parse(&anchor.certificate).ok()?;
    check_issuer(&certificate).ok()?;
    let claimed = Mandate::from_extension(&certificate.claimed_mandate()?).ok()?;
    anchor.mandate.check_contains(&claimed).ok()
}

/// format.md §6: histories are append-only. Provinces and anchors may leave; what stays goes on.
fn check_histories(before: &TrustList, list: &TrustList) -> Result<(), TrustListError> {
    for (number, (code, old)) in before.provinces.iter().enumerate() {
        let Some(new) = list.provinces.get(code) else { continue };
        let anchors_continue = old.anchors.iter().all(|old| {
            let same = new.anchors.iter().find(|new| new.certificate == old.certificate);
            same.is_none_or(|new| old.history.is_continued_by(&new.history))
        });
        if !anchors_continue || !old.history.is_continued_by(&new.history) {
            return Err(TrustListError::HistoryRewritten { province: number });
        }
    }
    Ok(())
}
