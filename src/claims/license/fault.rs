//! Why a payload is not a license.

use crate::cbor;
use crate::claims::id::ShapeError;
use crate::reason::Reason;
use crate::suite::KeyError;

/// A payload is not a license: what is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (at byte {at})")]
pub struct LicenseError {
    /// What is wrong.
    pub fault: LicenseFault,
    /// Offset in the payload of the item concerned; of the map, where something is missing from it.
    pub at: usize,
}

/// A map of the license's claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The claims set itself.
    Claims,
    /// `cnf`, claim 8.
    Confirmation,
    /// The license, claim -70001.
    License,
    /// A holder, key 4 of the license.
    Holder,
    /// An attachment, key 11 of the license.
    Attachment,
    /// The annotation of a copy, key 12 of the license.
    Copy,
}

/// What keeps a payload from being a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LicenseFault {
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
    Issuer(ShapeError),
    /// License key 1 has not the shape of a type code.
    #[error("type code: {0}")]
    TypeCode(ShapeError),
    /// License key 6 has not the shape of a region.
    #[error("region: {0}")]
    Region(ShapeError),
    /// The serial in license key 10 cannot stand in a license identifier.
    #[error("serial: {0}")]
    Serial(ShapeError),
    /// The authority code in license key 10 cannot stand in a license identifier.
    #[error("authority code: {0}")]
    AuthorityCode(ShapeError),
    /// The version in license key 10 is not 1 to 999.
    #[error("the version is not 1 to 999")]
    Version,
    /// `nbf` is later than `exp`: the credential would never be valid.
    #[error("nbf is later than exp")]
    NotBeforeAfterExpiry,
    /// `iat` is later than `exp`.
    #[error("iat is later than exp")]
    IssuedAfterExpiry,
    /// The last day of validity is before the first.
    #[error("the last day of validity is before the first")]
    ValidityOrder,
    /// The license has no holder.
    #[error("there is no holder")]
    NoHolder,
    /// A holder's id type has more than three digits.
    #[error("the type of a holder's id is not 0 to 999")]
    HolderIdType,
    /// A field's key is a negative number.
    #[error("a field's number is negative")]
    FieldNumber,
    /// A field's value is of none of the types that a field may have.
    #[error("a field's value is of a type that fields do not have")]
    FieldValue,
    /// There is a list of attachments without one.
    #[error("the list of attachments is empty")]
    NoAttachment,
    /// An attachment's media type is not `type/subtype` (RFC 6838 §4.2).
    #[error("a media type is not of the form type/subtype")]
    MediaType,
    /// An attachment's digest has not the length that its algorithm gives, or 32 to 64 bytes where that is unknown.
    #[error("the length of an attachment's digest is not that of its algorithm")]
    DigestLength,
    /// License key 14 is not 0, 1 or 2.
    #[error("the binding is not 0, 1 or 2")]
    Binding,
    /// The license is bound to a holder's key and names none.
    #[error("the license is bound to a holder key and has no cnf")]
    HolderKeyMissing,
    /// The holder's key in `cnf` is not admitted.
    #[error("cnf: {0}")]
    HolderKey(KeyError),
}

impl LicenseFault {
    pub(super) const fn at(self, at: usize) -> LicenseError {
        LicenseError { fault: self, at }
    }
}

impl LicenseError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self.fault {
            LicenseFault::Encoding(fault) => cbor::Error { fault, at: self.at }.reason(),
            LicenseFault::HolderKey(error) => error.reason(),
            LicenseFault::Missing { .. }
            | LicenseFault::Issuer(_)
            | LicenseFault::TypeCode(_)
            | LicenseFault::Region(_)
            | LicenseFault::Serial(_)
            | LicenseFault::AuthorityCode(_)
            | LicenseFault::Version
            | LicenseFault::NotBeforeAfterExpiry
            | LicenseFault::IssuedAfterExpiry
            | LicenseFault::ValidityOrder
            | LicenseFault::NoHolder
            | LicenseFault::HolderIdType
            | LicenseFault::FieldNumber
            | LicenseFault::FieldValue
            | LicenseFault::NoAttachment
            | LicenseFault::MediaType
            | LicenseFault::DigestLength
            | LicenseFault::Binding
            | LicenseFault::HolderKeyMissing => Reason::EncodingClaims,
        }
    }
}

impl From<cbor::Error> for LicenseError {
    fn from(error: cbor::Error) -> Self {
        LicenseFault::Encoding(error.fault).at(error.at)
    }
}
