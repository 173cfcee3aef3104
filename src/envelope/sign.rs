//! COSE_Sign (RFC 9052 §4.1): one payload, several signers.

use alloc::collections::BTreeSet;

use super::header::{self, Expected, ObjectType};
use super::{Error, SignedBytes};
use crate::cbor::Reader;
use crate::labels::{cose, tag};
use crate::limits::MAX_TRUST_OBJECT;
use crate::suite::{Algorithm, BadSignature, Digest, KeyId, PublicKey};

/// Signers of one object, at most.
const MAX_SIGNERS: usize = 64;

/// A COSE_Sign as it was received: canonical, of a known type, and believed in nothing.
#[derive(Clone, Copy, Debug)]
pub struct MultiEnvelope<'a> {
    bytes: &'a [u8],
    object_type: Option<ObjectType>,
    protected: &'a [u8],
    payload: &'a [u8],
    /// The encoded array of signers, each of them checked.
    signers: &'a [u8],
}

/// One signature of a COSE_Sign.
#[derive(Clone, Copy, Debug)]
pub struct SignerEntry<'a> {
    /// `None` if this build cannot judge it.
    algorithm: Option<Algorithm>,
    key_id: KeyId,
    protected: &'a [u8],
    signature: &'a [u8],
}

impl<'a> MultiEnvelope<'a> {
    /// Reads an envelope that fills `bytes`.
    ///
    /// # Errors
    /// [`Error`], the type's own faults before all others of the header.
    pub fn parse(bytes: &'a [u8], expected: Expected) -> Result<Self, Error> {
        if bytes.len() > MAX_TRUST_OBJECT {
            return Err(Error::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        super::read_tag(&mut reader, tag::COSE_SIGN, tag::COSE_SIGN1)?;
        reader.array_of(4)?;
        let protected = reader.bytes()?;
        let object_type = header::read_body_protected(protected, expected)?;
        header::read_unprotected(&mut reader)?;
        let payload = reader.bytes()?;
        let signers = reader.skip()?;
        reader.finish()?;
        let envelope = Self { bytes, object_type, protected, payload, signers };
        envelope.check_signers()?;
        Ok(envelope)
    }

    fn check_signers(&self) -> Result<(), Error> {
        let mut reader = Reader::new(self.signers);
        let count = reader.array()?;
        if count == 0 || count > MAX_SIGNERS {
            return Err(Error::Encoding(Reader::error_at(crate::cbor::Fault::OutOfRange, 0)));
        }
        let mut previous: Option<KeyId> = None;
        let mut signatures = BTreeSet::new();
        for _ in 0..count {
            let signer = SignerEntry::read(&mut reader)?;
            if previous.is_some_and(|previous| previous >= signer.key_id) {
                return Err(Error::SignerOrder);
            }
            previous = Some(signer.key_id);
            // No two keys make the same signature: who hands one in twice is up to something.
            if !signatures.insert(signer.signature) {
                return Err(Error::SignatureTwice);
            }
        }
        Ok(())
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

    /// The payload, not believed.
    #[must_use]
    pub const fn claimed_payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The object digest: over the body's protected header, so that it does not depend on who signed.
    #[must_use]
    pub fn object_digest(&self) -> Digest {
        SignedBytes::sign1(self.protected, self.payload).digest()
    }

    /// The signers, ascending by key id.
    #[must_use]
    pub fn signers(&self) -> Signers<'a> {
        let mut reader = Reader::new(self.signers);
        let left = reader.array().unwrap_or(0);
        Signers { reader, left }
    }

    /// Verifies one signer's signature by one key.
    ///
    /// # Errors
    /// [`BadSignature`] if the key is of another algorithm than the signer's header says, or did not make the signature.
    pub fn verify(&self, signer: &SignerEntry<'_>, key: &PublicKey) -> Result<(), BadSignature> {
        if Some(key.algorithm()) != signer.algorithm {
            return Err(BadSignature);
        }
        SignedBytes::sign(self.protected, signer.protected, self.payload)
            .with_pieces(|pieces| key.verify(pieces, signer.signature))
    }
}

impl<'a> SignerEntry<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        reader.array_of(3)?;
        let protected = reader.bytes()?;
        let header = header::read_signer_protected(protected)?;
        header::read_unprotected(reader)?;
        let signature = reader.bytes()?;
        Ok(Self {
            algorithm: header.algorithm,
            key_id: header.key_id.ok_or(Error::LabelAbsent(cose::KID))?,
            protected,
            signature,
        })
    }

    /// A hint at the signer's key.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The signer's protected header, as it is signed.
    #[must_use]
    pub const fn protected(&self) -> &'a [u8] {
        self.protected
    }

    /// The signature as it was received.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// The algorithm that the signer's header claims; `None` for one that this build cannot judge, which counts for nothing.
    #[must_use]
    pub const fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }
}

/// The signers of a [`MultiEnvelope`].
#[derive(Clone, Debug)]
pub struct Signers<'a> {
    reader: Reader<'a>,
    left: usize,
}

impl<'a> Iterator for Signers<'a> {
    type Item = SignerEntry<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        SignerEntry::read(&mut self.reader).ok()
    }
}
