//! Issuing a license: facts become a signed credential, which is verified before it leaves.

use alloc::vec::Vec;

use super::draft::{Draft, DraftError};
use super::license::{CredentialFacts, FactsError, LicenseFacts};
use super::signer::Signer;
use crate::chain::SignerQuestion;
use crate::claims::id::LicenseIdentifier;
use crate::claims::{CredentialId, LicenseClaims, LicenseError, StatusPointer};
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::store::Store;
use crate::suite::{Digest, PublicKey};
use crate::time::{Clock, TimeWindow, Timestamp, Watch};
use crate::verify::{Outcome, Steps, Verifier};
use crate::x509::Use;

/// A license that was issued and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedLicense {
    /// The envelope, as it is handed out.
    pub bytes: Vec<u8>,
    /// The object digest, which names it in registers and reports.
    pub digest: Digest,
    /// `cti`.
    pub id: CredentialId,
    /// License identifier 证照标识 (GB/T 36904).
    pub identifier: LicenseIdentifier,
    /// Where its status stands.
    pub status: StatusPointer,
}

/// Why a license is not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// A fact breaks a rule of issuing.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// It could not be signed.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The verifier would not read the envelope.
    #[error(transparent)]
    Envelope(#[from] envelope::Error),
    /// The verifier would not read the claims.
    #[error(transparent)]
    Claims(#[from] LicenseError),
    /// A verifier that holds the same trust data would not pass the license, or the trust data does not tell.
    #[error("a verifier would not pass it: {}", .0.symbol())]
    Refused(Reason),
}

impl IssueError {
    /// The ground on which a verifier would not pass the license, where that is why it is not issued.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused(reason) => Some(*reason),
            Self::Facts(_) | Self::Draft(_) | Self::Envelope(_) | Self::Claims(_) => None,
        }
    }
}

/// Issues a license. With a store it is held to what the store knows of the signer: an authority's own store tells, before anything
/// leaves, that the license is outside the signer's mandate or signing period, or that the directory which lists the signer is overdue.
///
/// Asked as of the license's issue time, which is now: encoding, issuer and signature pass, and it has not expired. One that begins later
/// may be issued today. Its status is not asked: no list speaks of it yet.
///
/// Texts must be in Unicode normalization form C: call [`LicenseFacts::normalize`] first and show what it changed.
///
/// # Errors
/// [`IssueError`]. What a verifier would refuse is refused before the signer is asked.
pub fn issue_license(
    facts: &LicenseFacts,
    credential: &CredentialFacts,
    store: Option<&Store>,
    signer: &dyn Signer,
) -> Result<IssuedLicense, IssueError> {
    let draft = draft_license(facts, credential, store, signer.public_key())?;
    let bytes = draft.sign(signer, &[])?;
    if let Some(store) = store {
        let steps = verify(&bytes, credential.issued_at, store);
        passed(&[steps.encoding, steps.issuer, steps.signature])?;
    }
    read_back(bytes)
}

/// Has a draft of [`draft_license`] signed; what comes of it verifies under the signer's key and is read by the verifier's reader.
///
/// What else a store says of the license was asked for the draft, and does not depend on the signature.
///
/// # Errors
/// [`IssueError`].
pub fn sign_license(draft: &Draft, signer: &dyn Signer) -> Result<IssuedLicense, IssueError> {
    read_back(draft.sign(signer, &[])?)
}

/// Reads a license that was issued before, from the authority's own register: the names by which it is told, and its bytes.
///
/// # Errors
/// [`IssueError`] if the verifier's reader does not read it. Its signature is not asked.
pub fn read_issued(bytes: Vec<u8>) -> Result<IssuedLicense, IssueError> {
    read_back(bytes)
}

/// Reads what was written, by the verifier's reader.
fn read_back(bytes: Vec<u8>) -> Result<IssuedLicense, IssueError> {
    // The draft has verified the signature.
    let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::License))?;
    let claims = LicenseClaims::parse(envelope.claimed_payload())?;
    let claims = claims.claimed();
    let (digest, id, identifier, status) = (envelope.object_digest(), claims.id, claims.identifier(), claims.status);
    Ok(IssuedLicense { bytes, digest, id, identifier, status })
}

/// Drafts a license, for a signer that answers later. Everything that can be known without a signature is checked as by
/// [`issue_license`]; what is assembled in the end is to be verified once more.
///
/// # Errors
/// [`IssueError`].
pub fn draft_license(
    facts: &LicenseFacts,
    credential: &CredentialFacts,
    store: Option<&Store>,
    signer: &PublicKey,
) -> Result<Draft, IssueError> {
    let payload = facts.encode(credential)?;
    check_period(facts, credential)?;
    let draft = Draft::new(ObjectType::License, payload, signer)?;
    if let Some(store) = store {
        check_entitled(facts, credential, store, signer)?;
        let steps = verify(&draft.unsigned().map_err(DraftError::from)?, credential.issued_at, store);
        passed(&[steps.encoding, steps.issuer])?;
        match steps.period {
            Outcome::Failed(reason) if reason != Reason::PeriodNotYet => return Err(IssueError::Refused(reason)),
            _ => {}
        }
    }
    Ok(draft)
}

/// What the signer's own directory entry says. A verifier says the same, but may wait for other directories before it calls it proof.
fn check_entitled(
    facts: &LicenseFacts,
    credential: &CredentialFacts,
    store: &Store,
    signer: &PublicKey,
) -> Result<(), IssueError> {
    let question = SignerQuestion {
        purpose: Use::License,
        authority: credential.issuer,
        signed_at: credential.issued_at,
        region: Some(facts.region),
        type_code: Some(facts.type_code),
    };
    entitled(&question, store, signer).map_err(IssueError::Refused)
}

/// May this key sign what is asked about, by its own entry?
pub(super) fn entitled(question: &SignerQuestion, store: &Store, signer: &PublicKey) -> Result<(), Reason> {
    let trust = store.trust().ok_or(Reason::StateMissing)?;
    // Known before anybody signs: it would be refused afterwards.
    if trust.list().has_stopped_signing_by(signer.algorithm(), question.signed_at) {
        return Err(Reason::IssuerSuiteEnded);
    }
    let mut watch = Watch::new(TimeWindow::at(question.signed_at));
    // A key that no directory lists signs nothing.
    let mut refused = Reason::IssuerUnknown;
    for (listed, _) in store.signers(signer.key_id()).filter(|(listed, _)| listed.key() == signer) {
        match listed.check(question, trust.list(), &mut watch) {
            Ok(_) => return Ok(()),
            Err(reason) => refused = reason,
        }
    }
    Err(refused)
}

/// A license that could never be valid is a mistake.
fn check_period(facts: &LicenseFacts, credential: &CredentialFacts) -> Result<(), IssueError> {
    let issued_at = credential.issued_at;
    if facts.validity.period().until().is_some_and(|until| until <= issued_at.seconds()) {
        return Err(IssueError::Refused(Reason::PeriodExpired));
    }
    if credential.expires.is_some_and(|expires| expires <= issued_at) {
        return Err(IssueError::Refused(Reason::PeriodCredentialExpired));
    }
    if facts.copy.as_ref().is_some_and(|copy| copy.expires <= issued_at) {
        return Err(IssueError::Refused(Reason::PeriodCopyExpired));
    }
    Ok(())
}

/// What a verifier that holds the same says, at the moment of issue.
fn verify(bytes: &[u8], issued_at: Timestamp, store: &Store) -> Steps {
    let policy = Policy::counter(None).without_recognition().without_presentation();
    *Verifier::new(store, policy).verify(bytes, Clock::Reads { now: issued_at, uncertainty: 0 }).steps()
}

fn passed(outcomes: &[Outcome]) -> Result<(), IssueError> {
    outcomes.iter().find_map(|outcome| outcome.reason()).map_or(Ok(()), |reason| Err(IssueError::Refused(reason)))
}
