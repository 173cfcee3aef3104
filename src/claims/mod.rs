//! What a credential says: its claims, read and not yet believed, and the identifiers inside them.
//!
//! A reader here answers one question: is this of the shape that the format demands? Whether any of it is *true* is for
//! `chain` and what follows. Until then it stays wrapped in [`Unverified`].

pub mod fields;
pub mod id;
mod license;
pub(crate) mod media_type;
mod picture;
mod presentation;
mod seal;
mod stamp;

use core::fmt;

use crate::cbor::{Error, Reader};

pub use license::{
    AnnotatedCopy, Attachment, Binding, FieldKey, Fields, Holder, HolderIdType, License, LicenseClaims, LicenseError,
    LicenseFault, List, Part, Validity, Value, Warning,
};
pub use picture::{MAX_MILLIMETRES, Picture, PictureFault, PictureFormat, PngFault, SvgFault};
pub use presentation::{
    Challenge, MAX_PRESENTATION, Nonce, NonceError, PresentationClaims, PresentationError, PresentationFault,
    PresentationForm,
};
pub use seal::{Allowed, Seal, SealClaims, SealError, SealFault, SealKind, SealPart, Signers};
pub use stamp::{MAX_PAGE, MAX_PLACE, Place, Stamp, StampError, StampFault, StampFile, StampFileError};

/// Well-formed, and not yet believed: nobody has shown that its signer had the right to say it.
///
/// There is no way out of this wrapper but authentication. [`claimed`](Self::claimed) lets a step look at what is claimed,
/// to find the signer or to show a person what is being refused; nothing may be concluded from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified<T>(T);

impl<T> Unverified<T> {
    /// Wraps what a reader has just read.
    pub(crate) const fn new(claims: T) -> Self {
        Self(claims)
    }

    /// What is claimed, not what is so.
    #[must_use]
    pub const fn claimed(&self) -> &T {
        &self.0
    }
}

/// `cti` (RFC 8392 §3.1.7): 16 random bytes that name one credential and are never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId([u8; 16]);

impl CredentialId {
    /// Takes 16 bytes for an id. An issuer draws them at random.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CredentialId({self})")
    }
}

/// Where the status of a credential stands.
///
/// ```cddl
/// status-pointer = [list: uint, index: uint]   ; claim -70002
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusPointer {
    /// The number of a status list of the authority `iss`.
    pub list: u64,
    /// The position in that list, from 0.
    pub index: u64,
}

impl StatusPointer {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.array_of(2)?;
        Ok(Self { list: reader.uint()?, index: reader.uint()? })
    }
}
