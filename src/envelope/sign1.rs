//! COSE_Sign1 (RFC 9052 §4.2).

use super::header::{self, Expected, ObjectType, StampHeader, X5Chain};
use super::{Error, SignedBytes};
use crate::cbor::{Fault, Kind, Reader};
use crate::labels::{cose, tag};
use crate::limits::MAX_TRUST_OBJECT;
use crate::suite::{Algorithm, BadSignature, Digest, KeyId, PublicKey};

/// A COSE_Sign1 as it was received: canonical, of a known type and algorithm, and believed in nothing.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    bytes: &'a [u8],
    object_type: Option<ObjectType>,
    algorithm: Algorithm,
    key_id: KeyId,
    stamp: Option<StampHeader<'a>>,
    x5chain: Option<X5Chain<'a>>,
    timestamp_token: Option<&'a [u8]>,
    protected: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Reads an envelope that fills `bytes`.
    ///
    /// # Errors
    /// [`Error`], the type's own faults before all others of the header.
    pub fn parse(bytes: &'a [u8], expected: Expected) -> Result<Self, Error> {
        if bytes.len() > MAX_TRUST_OBJECT {
            return Err(Error::TooLarge);
        }
        let (envelope, rest) = Self::parse_first(bytes, expected)?;
        Reader::new(rest).finish().map_err(|_| Reader::error_at(Fault::TrailingBytes, envelope.bytes.len()))?;
        Ok(envelope)
    }

    /// Reads the envelope with which a CBOR sequence (RFC 8742) begins, and gives what follows it.
    ///
    /// # Errors
    /// As [`Envelope::parse`].
    pub fn parse_first(sequence: &'a [u8], expected: Expected) -> Result<(Self, &'a [u8]), Error> {
        let mut reader = Reader::new(sequence);
        super::read_tag(&mut reader, tag::COSE_SIGN1, tag::COSE_SIGN)?;
        reader.array_of(4)?;
        let protected = reader.bytes()?;
        let header = header::read_protected(protected, expected)?;
        let unprotected = header::read_unprotected(&mut reader)?;
        // RFC 9052 §4.2: a `null` payload is detached. Ours are embedded, always.
        let payload = match reader.kind()? {
            Kind::Bytes => reader.bytes()?,
            _ => return Err(Error::Encoding(Reader::error_at(Fault::WrongType, reader.position()))),
        };
        let signature = reader.bytes()?;
        let (bytes, rest) = sequence.split_at_checked(reader.position()).unwrap_or((sequence, &[]));
        if bytes.len() > header.object_type.map_or(MAX_TRUST_OBJECT, ObjectType::max_size) {
            return Err(Error::TooLarge);
        }
        let envelope = Self {
            bytes,
            object_type: header.object_type,
            algorithm: header.algorithm.ok_or(Error::LabelAbsent(cose::ALG))?,
            key_id: header.key_id.ok_or(Error::LabelAbsent(cose::KID))?,
            stamp: header.stamp,
            x5chain: unprotected.x5chain,
            timestamp_token: unprotected.timestamp_token,
            protected,
            payload,
            signature,
        };
        Ok((envelope, rest))
    }

    /// The bytes as they were received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The type, `None` only for [`Expected::Anything`].
    #[must_use]
    pub const fn object_type(&self) -> Option<ObjectType> {
        self.object_type
    }

    /// The algorithm that the header claims.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// A hint at the signer's key.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// What a stamp's header says besides.
    #[must_use]
    pub const fn stamp_header(&self) -> Option<StampHeader<'a>> {
        self.stamp
    }

    /// The certificates that travel with the envelope.
    #[must_use]
    pub const fn x5chain(&self) -> Option<X5Chain<'a>> {
        self.x5chain
    }

    /// The time-stamp token over the signature (RFC 9921), not looked at.
    #[must_use]
    pub const fn timestamp_token(&self) -> Option<&'a [u8]> {
        self.timestamp_token
    }

    /// The payload, not believed.
    #[must_use]
    pub const fn claimed_payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// What the signature covers.
    #[must_use]
    pub fn signed_bytes(&self) -> SignedBytes<'a> {
        SignedBytes::sign1(self.protected, self.payload)
    }

    /// The object digest: names this object, whatever its signature and its unprotected bucket are.
    #[must_use]
    pub fn object_digest(&self) -> Digest {
        self.signed_bytes().digest()
    }

    /// Verifies the signature by one key.
    ///
    /// # Errors
    /// [`BadSignature`] if the key is of another algorithm than the header says, or did not make the signature.
    pub fn verify(&self, key: &PublicKey) -> Result<(), BadSignature> {
        // RFC 9052 §4.4: the key's algorithm must be the header's.
        if key.algorithm() != self.algorithm {
            return Err(BadSignature);
        }
        self.signed_bytes().with_pieces(|pieces| key.verify(pieces, self.signature))
    }
}
