//! Stamping: a key that a seal lists signs the digest of a document. The document is read once, in pieces, and nothing of it is kept.

extern crate std;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use std::io::{self, Read};

use unicode_normalization::is_nfc;

use super::draft::{Draft, DraftError};
use super::release::entitled;
use super::signer::Signer;
use crate::chain::SignerQuestion;
use crate::claims::{CredentialId, Place, SealClaims, SealError, Stamp, StampError, StampFile, StampFileError};
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::labels::typ;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::store::Store;
use crate::suite::{Digest, HashAlgorithm, PublicKey};
use crate::time::{Clock, Timestamp};
use crate::verify::{DocumentHasher, Point, StampedDocument, Verifier};
use crate::x509::Use;

/// How much of a document is read at a time, in bytes.
const PIECE: usize = 256 << 10;

/// What is stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamped<'d> {
    /// A document.
    Document {
        /// With which hash it was digested: that of the suite of the key which stamps, unless others ask for another.
        hash: HashAlgorithm,
        /// The digest of its bytes.
        digest: Digest,
        /// What it is: `type/subtype`.
        media_type: &'d str,
    },
    /// Another stamp 副署, by its object digest.
    Stamp(Digest),
}

/// What a stamp says besides what it stamps and by which seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampFacts {
    /// `iat`: when it is stamped.
    pub stamped_at: Timestamp,
    /// `cti`: drawn at random, never used before.
    pub id: CredentialId,
    /// Where on the document the picture stands.
    pub place: Option<Place>,
    /// Why it is stamped.
    pub reason: Option<String>,
}

/// Why nothing is stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StampingError {
    /// The bytes are no seal.
    #[error("the bytes are no seal: {0}")]
    Envelope(#[from] envelope::Error),
    /// The seal's claims cannot be read.
    #[error("the seal's claims cannot be read: {0}")]
    Seal(#[from] SealError),
    /// A text is not in Unicode normalization form C.
    #[error("a text is not in Unicode normalization form C")]
    NotNormalized,
    /// The claims of the stamp could not be read again.
    #[error(transparent)]
    Claims(#[from] StampError),
    /// The stamp could not be put together with its seal.
    #[error(transparent)]
    File(#[from] StampFileError),
    /// It could not be signed.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A verifier would not pass it.
    #[error("a verifier would not pass it: {}", .0.symbol())]
    Refused(Reason),
}

impl StampingError {
    /// The ground on which a verifier would not pass the stamp, where that is why nothing is stamped.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused(reason) => Some(*reason),
            _ => None,
        }
    }
}

/// Digests a document, however long, by SHA-256 alone, in one pass and little memory.
///
/// # Errors
/// Those of the reader.
pub fn digest_document(document: &mut dyn Read) -> io::Result<StampedDocument> {
    digest_document_by(document, DocumentHasher::new([]))
}

/// Digests a document, however long, by every hash that is asked for, in one pass and little memory.
///
/// # Errors
/// Those of the reader.
pub fn digest_document_by(document: &mut dyn Read, mut hasher: DocumentHasher) -> io::Result<StampedDocument> {
    let mut piece = vec![0; PIECE];
    loop {
        match document.read(&mut piece) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(read) => hasher.update(piece.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

impl Draft {
    /// Drafts a stamp, for a key that answers later.
    ///
    /// # Errors
    /// [`StampError`] for claims that could not be read again.
    pub fn stamp(stamp: &Stamp<'_>, signer: &PublicKey) -> Result<Self, StampingError> {
        let claims = stamp.encode_claims()?;
        Ok(Self::with_stamp_header(stamp, &claims, signer)?)
    }
}

/// Stamps what was digested, by a seal and a key that the seal lists. Gives the stamp alone; [`StampFile::join`] puts it beside the seal.
///
/// With a store it is held to what the store knows of the seal's maker and of the signer.
///
/// # Errors
/// [`StampingError`]. What a verifier would refuse is refused before the signer is asked.
pub fn stamp(
    seal: &[u8],
    stamped: Stamped<'_>,
    facts: &StampFacts,
    store: Option<&Store>,
    signer: &dyn Signer,
) -> Result<Vec<u8>, StampingError> {
    let envelope = Envelope::parse(seal, Expected::Type(ObjectType::Seal))?;
    let claims = SealClaims::parse(envelope.claimed_payload())?;
    let seal_claims = claims.claimed();
    if facts.reason.as_ref().is_some_and(|reason| !is_nfc(reason)) {
        return Err(StampingError::NotNormalized);
    }
    let (hash, document, media_type) = match stamped {
        Stamped::Document { hash, digest, media_type } => (hash, digest, media_type),
        Stamped::Stamp(digest) => (HashAlgorithm::Sha256, digest, typ::STAMP),
    };
    let claims = Stamp {
        document,
        hash,
        media_type,
        issuer: seal_claims.seal.owner,
        stamped_at: facts.stamped_at,
        id: facts.id,
        seal: envelope.object_digest(),
        place: facts.place,
        reason: facts.reason.as_deref(),
    };
    check(seal_claims, &claims, signer.public_key())?;
    if let Some(store) = store {
        let question = SignerQuestion {
            purpose: Use::SealSigner,
            authority: claims.issuer,
            signed_at: claims.stamped_at,
            region: seal_claims.seal.code.region(),
            type_code: None,
        };
        entitled(&question, store, signer.public_key()).map_err(StampingError::Refused)?;
    }
    let stamp = Draft::stamp(&claims, signer.public_key())?.sign(signer, &[])?;
    if let Some(store) = store {
        ask(&stamp, seal, document, facts.stamped_at, store)?;
    }
    Ok(stamp)
}

/// What can be said before anyone signs: the key is listed, the seal is valid, and it may be used on this.
fn check(seal: &SealClaims<'_>, stamp: &Stamp<'_>, key: &PublicKey) -> Result<(), StampingError> {
    let refused = |reason| Err(StampingError::Refused(reason));
    if !seal.seal.signers.contains(&key.thumbprint()) {
        return refused(Reason::SealKeyNotListed);
    }
    if stamp.stamped_at.seconds() < seal.validity.from() {
        return refused(Reason::SealNotYet);
    }
    if !seal.validity.contains(stamp.stamped_at) {
        return refused(Reason::SealExpired);
    }
    let allowed = seal.seal.allowed.as_ref();
    let may = |allowed: &crate::claims::Allowed<'_>| {
        allowed.has_media_type(stamp.media_type) || allowed.names_license_types()
    };
    // What a counter-stamp covers in the end is not known here.
    if !stamp.is_counter() && !allowed.is_none_or(may) {
        return refused(Reason::SealKindRefused);
    }
    Ok(())
}

/// What a verifier that holds the same says, at the moment of stamping. Of what a counter-stamp covers nothing is asked.
fn ask(stamp: &[u8], seal: &[u8], document: Digest, at: Timestamp, store: &Store) -> Result<(), StampingError> {
    let file = StampFile::join(&[seal, stamp])?;
    let verifier = Verifier::new(store, Policy::counter(None));
    // Whatever its hash is: the verifier compares the one that the stamp names.
    let given = StampedDocument { digest: document, sm3: Some(document), size: 0 };
    let report = verifier.stamps(&file, Clock::Reads { now: at, uncertainty: 0 }).finish_with(given);
    let Some(report) = report.stamps().first() else { return Err(StampingError::Refused(Reason::DocumentNoStamp)) };
    let (steps, points) = (report.steps(), report.points());
    // Not the kind of document, which is known to the caller, nor the status, of which a list may not speak yet.
    let points = points.into_iter().flat_map(|points| points.outcomes()).filter(|(point, _)| *point != Point::Kind);
    let outcomes = [steps.encoding, steps.issuer, steps.signature, steps.period].into_iter();
    let refused = outcomes.chain(points.map(|(_, outcome)| outcome)).find_map(|outcome| outcome.reason());
    refused.map_or(Ok(()), |reason| Err(StampingError::Refused(reason)))
}
