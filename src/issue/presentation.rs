//! Showing a license: what the holder's device does, or a presentation service in his stead.

use alloc::vec::Vec;

use super::draft::{Draft, DraftError};
use super::signer::Signer;
use crate::cbor::{self, Items, Kind, Reader};
use crate::claims::{LicenseClaims, LicenseError, PresentationClaims, PresentationError};
use crate::envelope::{self, Envelope, Expected, ObjectType};

/// Why a license is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PresentError {
    /// The bytes are no license.
    #[error("the bytes are no license: {0}")]
    Envelope(#[from] envelope::Error),
    /// Its claims cannot be read.
    #[error("the license's claims cannot be read: {0}")]
    License(#[from] LicenseError),
    /// What follows the license cannot be read.
    #[error("what follows the license cannot be read: {0}")]
    Encoding(#[from] cbor::Error),
    /// The claims could not be read again.
    #[error(transparent)]
    Claims(#[from] PresentationError),
    /// The claims name another license.
    #[error("the claims name another license")]
    OtherLicense,
    /// The license names no holder's key.
    #[error("the license names no holder's key")]
    NoHolderKey,
    /// The signer's key is not the one that the license names as the holder's.
    #[error("the key is not the one that the license names as the holder's")]
    NotHolder,
    /// It could not be signed.
    #[error(transparent)]
    Draft(#[from] DraftError),
}

/// Shows a license: the license, what followed it but for an older presentation, and the presentation that the signer makes of the claims.
///
/// The claims of a service may be signed by any key, for whether it is one of a service is known to verifiers; all others by the holder's.
///
/// # Errors
/// [`PresentError`]; nothing is signed that a verifier would refuse by its shape.
pub fn present(license: &[u8], claims: &PresentationClaims<'_>, signer: &dyn Signer) -> Result<Vec<u8>, PresentError> {
    let (envelope, rest) = Envelope::parse_first(license, Expected::Type(ObjectType::License))?;
    let license = LicenseClaims::parse(envelope.claimed_payload())?;
    if claims.license != envelope.object_digest() {
        return Err(PresentError::OtherLicense);
    }
    if claims.service.is_none() {
        let key = license.claimed().holder_key.as_ref().ok_or(PresentError::NoHolderKey)?;
        if key != signer.public_key() {
            return Err(PresentError::NotHolder);
        }
    }
    let draft = Draft::new(ObjectType::Presentation, claims.encode()?, signer.public_key())?;
    let mut shown = envelope.bytes().to_vec();
    for item in Items::new(rest) {
        let item = item?;
        // A status proof is an array, a presentation is tagged.
        if Reader::new(item).kind()? == Kind::Array {
            shown.extend_from_slice(item);
        }
    }
    shown.extend(draft.sign(signer, &[])?);
    Ok(shown)
}

#[cfg(test)]
#[path = "tests/presenting.rs"]
mod tests;
