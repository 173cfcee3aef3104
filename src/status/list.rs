//! A list as it travels: the header's envelope and the body.

use alloc::vec::Vec;

use super::body::{Body, BodyError};
use super::header::{HeaderError, StatusHeader};
use crate::cbor::{self, Reader, Writer};
use crate::claims::Unverified;
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::limits::MAX_TRUST_OBJECT;
use crate::reason::Reason;

/// Why a list is refused, or could not be put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// The list is not an array of an envelope and a body.
    #[error(transparent)]
    Cbor(#[from] cbor::Error),
    /// The header's envelope is refused.
    #[error(transparent)]
    Envelope(#[from] envelope::Error),
    /// The header is refused.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The body is refused.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The list is larger than 64 MiB.
    #[error("the list is larger than 64 MiB")]
    TooLarge,
}

impl ListError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Cbor(error) => error.reason(),
            Self::Envelope(error) => error.reason(),
            Self::Header(error) => error.reason(),
            Self::Body(error) => error.reason(),
            Self::TooLarge => Reason::EncodingTooLarge,
        }
    }
}

/// A list as it was received: of the right shape, and believed in nothing.
///
/// ```cddl
/// status-list = [ #6.18(header envelope, typ status), body: bstr ]
/// ```
///
/// To believe it, verify the envelope's signature by a key that may sign the lists of the authority, [`StatusList::verify_body`], and,
/// when it is first taken in, [`StatusList::check_body`]. After that the root names the list: a body that has it was walked before.
#[derive(Clone, Debug)]
pub struct StatusList<'a> {
    envelope: Envelope<'a>,
    header: Unverified<StatusHeader>,
    body_bytes: &'a [u8],
    body: Body<'a>,
}

impl<'a> StatusList<'a> {
    /// Reads a list that fills `bytes`. Work and memory do not depend on the length of the body, which may be a mapped file.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ListError> {
        if bytes.len() > MAX_TRUST_OBJECT {
            return Err(ListError::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        reader.array_of(2)?;
        let envelope = Envelope::parse(reader.skip()?, Expected::Type(ObjectType::Status))?;
        let body_bytes = reader.bytes()?;
        reader.finish()?;
        let header = StatusHeader::parse(envelope.claimed_payload())?;
        let body = Body::parse(header.length, &header.layers, header.details.as_ref(), body_bytes)?;
        Ok(Self { envelope, header: Unverified::new(header), body_bytes, body })
    }

    /// Puts a list together from its header's envelope, as it was signed, and its body.
    ///
    /// # Errors
    /// What [`StatusList::parse`], [`StatusList::verify_body`] and [`StatusList::check_body`] would refuse: a list that could not be read
    /// is not made.
    pub fn assemble(envelope: &[u8], body: &[u8]) -> Result<Vec<u8>, ListError> {
        let mut writer = Writer::with_capacity(envelope.len().saturating_add(body.len()).saturating_add(16));
        writer.array(2);
        writer.item(envelope);
        writer.bytes(body);
        let bytes = writer.finish()?;
        let list = StatusList::parse(&bytes)?;
        list.verify_body()?;
        list.check_body()?;
        Ok(bytes)
    }

    /// The header's envelope, with the signature.
    #[must_use]
    pub const fn envelope(&self) -> &Envelope<'a> {
        &self.envelope
    }

    /// The header, to be authenticated with the envelope.
    #[must_use]
    pub const fn header(&self) -> &Unverified<StatusHeader> {
        &self.header
    }

    /// What the header claims.
    #[must_use]
    pub const fn claimed_header(&self) -> &StatusHeader {
        self.header.claimed()
    }

    /// The body, not believed before the header is and [`StatusList::verify_body`] passed.
    #[must_use]
    pub const fn claimed_body(&self) -> &Body<'a> {
        &self.body
    }

    /// The body's bytes.
    #[must_use]
    pub const fn body_bytes(&self) -> &'a [u8] {
        self.body_bytes
    }

    /// Compares the body with the root in the header, by the hash of the envelope's suite. Reads the body once.
    ///
    /// # Errors
    /// [`BodyError::Root`] if it is another body; [`BodyError::Layer`] or [`BodyError::Details`] if a directory is faulty.
    pub fn verify_body(&self) -> Result<(), BodyError> {
        self.body.verify(self.envelope.algorithm().hash(), &self.claimed_header().root)
    }

    /// Refuses a body that the writer would not have written, and a position with two states: see [`Body::check`]. What this finds was
    /// signed, so that it is the publisher's fault; a list that uses a form which this version does not know is *undetermined*.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn check_body(&self) -> Result<(), BodyError> {
        self.body.check()
    }
}
