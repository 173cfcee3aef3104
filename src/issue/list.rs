//! Publishing a trust list (互认清单).

use alloc::vec::Vec;

use super::draft::DraftError;
use super::multi_draft::MultiDraft;
use super::signer::Signer;
use crate::cbor;
use crate::envelope::ObjectType;
use crate::store::{Pin, Refusal, Store};
use crate::time::TimeWindow;
use crate::trust::{self, TrustList};

mod ends;
mod fault;
mod published;
mod quorum;
mod rules;

pub use ends::provinces_left_behind;
pub use fault::{ListFault, list_faults};
pub use quorum::{ListDraft, Signatory, SigningFault, Tally};
pub use rules::RULE_NOTICE;

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
    /// Something in it is not to be published: the first of what [`list_faults`] finds.
    #[error(transparent)]
    Fault(#[from] ListFault),
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

/// Looks at a signed list before it leaves: at all that a builder refuses, beside the list that the store holds, and whether a store
/// takes it.
///
/// # Errors
/// [`TrustListError`].
pub fn check_trust_list(list: &TrustList, store: Option<&Store>, object: &[u8]) -> Result<(), TrustListError> {
    if let Some(fault) = list_faults(list, fault::held_list(store)).first() {
        return Err(TrustListError::Fault(*fault));
    }
    let mut store = store.cloned().unwrap_or_else(|| Store::new(Pin::new(list.signers_pin())));
    store.apply(object, TimeWindow::at(list.issued))?;
    Ok(())
}
