//! The envelope: COSE_Sign1 and COSE_Sign (RFC 9052), read and not yet believed.
//!
//! An [`Envelope`] holds the bytes that were received. What is signed is taken from them as it stands; nothing is encoded again.
//!
//! ```cddl
//! envelope      = #6.18([protected: bstr .cbor header, unprotected, payload: bstr, signature: bstr])
//! header        = { 1 => alg, ? 2 => [+ label], 4 => kid: bstr .size 8, ? 15 => claims, 16 => typ: tstr, ? 258 => int, ? 259 => tstr }
//! unprotected   = { ? 33 => bstr / [2* bstr], ? 270 => bstr }
//! multi         = #6.98([bstr .cbor { 16 => typ }, unprotected, payload: bstr, [+ signer]])
//! signer        = [protected: bstr .cbor { 1 => alg, 4 => kid }, unprotected, signature: bstr]
//! ```

mod header;
mod sign;
mod sign1;
mod signed;

pub use header::{Expected, ObjectType, StampHeader, X5Chain};
pub use sign::{MultiEnvelope, SignerEntry, Signers};
pub use sign1::Envelope;
pub use signed::{SignedBytes, sig_structure};

use crate::cbor;
use crate::reason::Reason;

/// Why bytes are not an envelope that this verifier reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The encoding is faulty.
    #[error("{0}")]
    Encoding(#[from] cbor::Error),
    /// The object is longer than its type may be.
    #[error("the object is larger than its type may be")]
    TooLarge,
    /// The object is of another type than was asked for, or of none that the format has.
    #[error("the object is of another type than was asked for")]
    WrongType,
    /// The object is of a type of ours that this verifier does not know.
    #[error("the object's type is newer than this verifier")]
    NewerType,
    /// A critical label is unknown to this verifier (RFC 9052 §3.1).
    #[error("a critical label is unknown to this verifier")]
    CriticalUnknown,
    /// The algorithm is unknown to this verifier.
    #[error("the signature algorithm is unknown to this verifier")]
    UnknownAlgorithm,
    /// A label is absent that must be present.
    #[error("label {0} is absent")]
    LabelAbsent(i64),
    /// A label stands where the format does not have it.
    #[error("a label stands where the format does not have it")]
    LabelRefused,
    /// A label's value is not one that the format has.
    #[error("the value of label {0} is not one that the format has")]
    LabelValue(i64),
    /// The signers of a COSE_Sign do not stand in strictly ascending order of their key ids.
    #[error("the signers do not ascend by key id")]
    SignerOrder,
    /// Two signers of a COSE_Sign have the same signature.
    #[error("two signers have the same signature")]
    SignatureTwice,
}

impl Error {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Encoding(error) => error.reason(),
            Self::TooLarge => Reason::EncodingTooLarge,
            Self::WrongType => Reason::EncodingWrongType,
            Self::NewerType => Reason::EncodingVersionUnknown,
            Self::CriticalUnknown => Reason::EncodingCriticalUnknown,
            Self::UnknownAlgorithm => Reason::EncodingAlgorithmUnknown,
            Self::LabelAbsent(_)
            | Self::LabelRefused
            | Self::LabelValue(_)
            | Self::SignerOrder
            | Self::SignatureTwice => Reason::EncodingHeader,
        }
    }
}

/// Reads the tag of an envelope. The tag of our other kind of envelope is another type of object, not a fault of the encoding.
fn read_tag(reader: &mut cbor::Reader<'_>, expected: u64, other: u64) -> Result<(), Error> {
    let mut again = reader.clone();
    reader.tag(expected).map_err(|error| match again.tag(other) {
        Ok(()) => Error::WrongType,
        Err(_) => Error::Encoding(error),
    })
}

#[cfg(all(test, feature = "issue"))]
mod tests;
