//! Why a payload is not a seal.

use crate::cbor;
use crate::claims::id::ShapeError;
use crate::claims::picture::PictureFault;
use crate::reason::Reason;

/// A payload is not a seal: what is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (at byte {at})")]
pub struct SealError {
    /// What is wrong.
    pub fault: SealFault,
    /// Offset in the payload of the item concerned; of the map, where something is missing from it.
    pub at: usize,
}

/// A map of the seal's claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The claims set itself.
    Claims,
    /// The seal, claim -70003.
    Seal,
    /// The owner, key 4 of the seal.
    Owner,
    /// The picture, key 5 of the seal.
    Picture,
}

/// What keeps a payload from being a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealFault {
    /// Not the canonical encoding, not the type, or outside the range that the format gives.
    #[error(transparent)]
    Encoding(cbor::Fault),
    /// Something that is not optional is missing.
    #[error("key {key} is missing from {part:?}")]
    Missing {
        /// The map.
        part: Part,
        /// Its key.
        key: i64,
    },
    /// Claim 1, `iss`, has not the shape of a credit code.
    #[error("iss: {0}")]
    Maker(ShapeError),
    /// The validity ends before it begins, or as it does.
    #[error("the seal's validity is empty")]
    Validity,
    /// Seal key 1 has not the shape of a seal code.
    #[error("seal code: {0}")]
    Code(ShapeError),
    /// The owner's code has not the shape of a credit code.
    #[error("owner: {0}")]
    Owner(ShapeError),
    /// A name without a character.
    #[error("a name is empty")]
    Empty,
    /// No key may stamp, or more than 64, or they do not ascend.
    #[error("the keys that may stamp are not 1 to 64 in ascending order")]
    Signers,
    /// What it may be used on is neither a media type nor the code of a license type, or nothing, or not in ascending order.
    #[error("what the seal may be used on is not 1 to 64 media types or license types in ascending order")]
    Allowed,
    /// The picture may not be drawn.
    #[error(transparent)]
    Picture(PictureFault),
}

impl SealFault {
    pub(super) const fn at(self, at: usize) -> SealError {
        SealError { fault: self, at }
    }
}

impl From<cbor::Error> for SealError {
    fn from(error: cbor::Error) -> Self {
        SealFault::Encoding(error.fault).at(error.at)
    }
}

impl SealError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self.fault {
            SealFault::Encoding(fault) => cbor::Error { fault, at: self.at }.reason(),
            SealFault::Picture(fault) => fault.reason(),
            SealFault::Missing { .. }
            | SealFault::Maker(_)
            | SealFault::Validity
            | SealFault::Code(_)
            | SealFault::Owner(_)
            | SealFault::Empty
            | SealFault::Signers
            | SealFault::Allowed => Reason::EncodingClaims,
        }
    }
}
