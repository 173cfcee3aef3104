//! Publishing a status list (吊销清单).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::draft::{Draft, DraftError};
use super::signer::Signer;
use crate::claims::id::CreditCode;
use crate::envelope::ObjectType;
use crate::status::{
    Body, BodyError, HeaderError, LicenseHistory, ListError, State, StatusHeader, StatusList, WrittenBody,
};
use crate::store::{HeldStatus, Refusal, Store};
use crate::time::{TimeWindow, Timestamp};

/// What a status list says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusFacts {
    /// The authority whose licenses it speaks of.
    pub authority: CreditCode,
    /// Which of the authority's lists it is.
    pub list: u64,
    /// The epoch that the issuer directory states for the list; 0 where it states none.
    pub epoch: u64,
    /// Its number; higher than that of the list before.
    pub seq: u64,
    /// When it is issued; later than the list before.
    pub issued: Timestamp,
    /// When the next one is due; later than `issued`.
    pub next_update: Timestamp,
    /// How many positions were allotted; no fewer than in the list before.
    pub length: u32,
}

/// Why a status list is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// The states are not in ascending order of positions, or one lies beyond the length.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The header could not be encoded.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The list could not be put together.
    #[error(transparent)]
    List(ListError),
    /// The list before cannot be read.
    #[error("the list before cannot be read: {0}")]
    Previous(ListError),
    /// The list before is of another authority or another number.
    #[error("the list before is of another authority or another number")]
    OtherList,
    /// The epoch, sequence number or time does not follow that of the list before.
    #[error("the epoch, sequence number or issue time does not follow that of the list before")]
    NotLater,
    /// The list before has more positions.
    #[error("the list before has {0} positions: positions are never taken back")]
    Shorter(u32),
    /// A position has an irreversible state in the list before, and not in this one.
    #[error("position {0} had an irreversible state, which is not taken back")]
    Resurrected(u32),
    /// It could not be signed.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A store would not take it: a signer that may not sign it, or a list that does not follow the one that is held.
    #[error("a verifier's store does not take it: {0}")]
    Refused(#[from] Refusal),
}

/// Publishes a status list. `states` ascend by position; positions in force may stand among them or not.
///
/// `previous` is the list before, as it was published; without it the one that the store holds, if there is a store. It is never followed
/// by a list that takes an irreversible state back. With a store the list must be one that the store takes.
///
/// # Errors
/// [`StatusError`].
pub fn publish_status(
    facts: &StatusFacts,
    states: impl IntoIterator<Item = (u32, State)>,
    previous: Option<&[u8]>,
    store: Option<&Store>,
    signer: &dyn Signer,
) -> Result<Vec<u8>, StatusError> {
    let written = WrittenBody::write(facts.length, states, signer.public_key().algorithm().hash())?;
    publish(facts, &written, previous, store, signer)
}

/// Publishes a status list with details: what became of each position, and when. Otherwise like [`publish_status`]; a list before may have
/// had details or not.
///
/// # Errors
/// [`StatusError`].
pub fn publish_detailed_status(
    facts: &StatusFacts,
    histories: &[(u32, LicenseHistory)],
    previous: Option<&[u8]>,
    store: Option<&Store>,
    signer: &dyn Signer,
) -> Result<Vec<u8>, StatusError> {
    let algorithm = signer.public_key().algorithm().hash();
    let written = WrittenBody::write_detailed(facts.length, facts.list, histories, algorithm)?;
    publish(facts, &written, previous, store, signer)
}

fn publish(
    facts: &StatusFacts,
    written: &WrittenBody,
    previous: Option<&[u8]>,
    store: Option<&Store>,
    signer: &dyn Signer,
) -> Result<Vec<u8>, StatusError> {
    // A list is held by the word of the province that lists its signer.
    let key = signer.public_key();
    let held = || {
        let store = store?;
        let mut ours = store.signers(key.key_id()).filter(|(listed, _)| listed.key() == key);
        ours.find_map(|(listed, _)| store.status(listed.province(), facts.authority, facts.list))
    };
    let previous = match previous {
        Some(previous) => Some(Cow::Borrowed(previous)),
        None => held().map(HeldStatus::object).transpose().map_err(|error| StatusError::Previous(error.into()))?,
    };
    let previous = previous.as_deref().map(StatusList::parse).transpose().map_err(StatusError::Previous)?;
    let header = StatusHeader {
        authority: facts.authority,
        list: facts.list,
        seq: facts.seq,
        issued: facts.issued,
        next_update: facts.next_update,
        length: facts.length,
        layers: written.layers,
        root: written.root,
        previous_root: previous.as_ref().map(|previous| previous.claimed_header().root),
        epoch: facts.epoch,
        details: written.details,
        log_head: None,
    };
    let draft = Draft::new(ObjectType::Status, header.encode()?, signer.public_key())?;
    // Before the signer is asked: what must not be published is not signed either.
    if let Some(previous) = &previous {
        check_follows(previous, facts, written)?;
    }
    let object = StatusList::assemble(&draft.sign(signer, &[])?, &written.bytes).map_err(StatusError::List)?;
    if let Some(store) = store {
        store.clone().apply(&object, TimeWindow::at(facts.issued))?;
    }
    Ok(object)
}

fn check_follows(previous: &StatusList<'_>, facts: &StatusFacts, written: &WrittenBody) -> Result<(), StatusError> {
    previous.verify_body().and_then(|()| previous.check_body()).map_err(|error| StatusError::Previous(error.into()))?;
    let before = previous.claimed_header();
    if (before.authority, before.list) != (facts.authority, facts.list) {
        return Err(StatusError::OtherList);
    }
    if (before.epoch, before.seq) >= (facts.epoch, facts.seq) {
        return Err(StatusError::NotLater);
    }
    // status-format.md §1: an irreversible state binds within its epoch; a raised epoch undoes what a thief published, its times included.
    if before.epoch != facts.epoch {
        return Ok(());
    }
    if before.issued >= facts.issued {
        return Err(StatusError::NotLater);
    }
    if before.length > facts.length {
        return Err(StatusError::Shorter(before.length));
    }
    let body = Body::parse(facts.length, &written.layers, written.details.as_ref(), &written.bytes)?;
    match previous.claimed_body().resurrected(&body)? {
        Some(position) => Err(StatusError::Resurrected(position)),
        None => Ok(()),
    }
}
