//! Objects before they are signed, and how a signature makes them whole.
//!
//! Two phases, so that the key may stand in a device or with another person: a draft gives the bytes to be signed and takes the
//! signature. What it hands out was verified by the signer's key and read by the verifier's own reader.

use alloc::vec::Vec;

use super::signer::{SignError, Signer};
use crate::cbor::{self, Writer};
use crate::claims::Stamp;
use crate::envelope::{self, Envelope, Expected, ObjectType, SignedBytes, sig_structure};
use crate::labels::{cose, tag};
use crate::suite::{Digest, KeyId, PublicKey};

/// Why a draft does not become an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// The payload or a header could not be encoded.
    #[error(transparent)]
    Encoding(#[from] cbor::Error),
    /// Objects of this type have another kind of envelope: trust lists are signed by several, a stamp's header says more.
    #[error("objects of this type have another kind of envelope")]
    OtherEnvelope,
    /// The signer holds another key than the draft was made for.
    #[error("the signer holds another key than the draft was made for")]
    OtherSigner,
    /// The signer gave no signature.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The signature does not verify under the signer's key.
    #[error("the signature does not verify under the signer's key")]
    Signature,
    /// Two signers whose keys share a key id: a reader could not tell their entries apart.
    #[error("another signer's key has the key id {0}")]
    KeyIdTaken(KeyId),
    /// Somebody signed whom nobody names.
    #[error("there is a signature by a key that is named nowhere, {0}")]
    UnknownSigner(KeyId),
    /// Drafts of different contents do not merge.
    #[error("the drafts are of different contents")]
    OtherContent,
    /// No one has signed yet.
    #[error("no one has signed yet")]
    Unsigned,
    /// The verifier would not read what was written.
    #[error("the verifier refuses what was written: {0}")]
    Refused(#[from] envelope::Error),
}

/// A COSE_Sign1 without its signature.
#[derive(Clone, Debug)]
pub struct Draft {
    object_type: ObjectType,
    protected: Vec<u8>,
    payload: Vec<u8>,
    signer: PublicKey,
}

impl Draft {
    /// Drafts an object of one signer. The payload is taken as it is: what it says is for the functions that write payloads.
    ///
    /// # Errors
    /// [`DraftError::OtherEnvelope`] for a trust list, which several sign ([`super::MultiDraft`]), and for a stamp.
    pub fn new(object_type: ObjectType, payload: Vec<u8>, signer: &PublicKey) -> Result<Self, DraftError> {
        if matches!(object_type, ObjectType::Trust | ObjectType::Stamp) {
            return Err(DraftError::OtherEnvelope);
        }
        let mut writer = Writer::with_capacity(48);
        writer.map(|map| {
            map.entry(cose::ALG, |w| w.int(signer.algorithm().cose()));
            map.entry(cose::KID, |w| w.bytes(signer.key_id().as_bytes()));
            map.entry(cose::TYP, |w| w.text(object_type.typ()));
        });
        Ok(Self { object_type, protected: writer.finish()?, payload, signer: signer.clone() })
    }

    /// A stamp: its header says what the payload is the digest of (RFC 9995), and holds the claims (RFC 9597).
    pub(super) fn with_stamp_header(stamp: &Stamp<'_>, claims: &[u8], signer: &PublicKey) -> Result<Self, DraftError> {
        let object_type = ObjectType::Stamp;
        let mut writer = Writer::with_capacity(256);
        writer.map(|map| {
            map.entry(cose::ALG, |w| w.int(signer.algorithm().cose()));
            map.entry(cose::KID, |w| w.bytes(signer.key_id().as_bytes()));
            map.entry(cose::CWT_CLAIMS, |w| w.item(claims));
            map.entry(cose::TYP, |w| w.text(object_type.typ()));
            map.entry(cose::PAYLOAD_HASH_ALG, |w| w.int(stamp.hash.cose()));
            map.entry(cose::PREIMAGE_CONTENT_TYPE, |w| w.text(stamp.media_type));
        });
        let payload = stamp.document.as_bytes().to_vec();
        Ok(Self { object_type, protected: writer.finish()?, payload, signer: signer.clone() })
    }

    /// The bytes to be signed: the `Sig_structure` (RFC 9052 §4.4).
    #[must_use]
    pub fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(&self.signed_bytes())
    }

    /// The key that has to sign.
    #[must_use]
    pub const fn signer_key(&self) -> &PublicKey {
        &self.signer
    }

    /// The digest that will name the object: known before it is signed.
    #[must_use]
    pub fn object_digest(&self) -> Digest {
        self.signed_bytes().digest()
    }

    fn signed_bytes(&self) -> SignedBytes<'_> {
        SignedBytes::sign1(&self.protected, &self.payload)
    }

    /// The envelope with zeros for a signature: what a verifier says of it but for the signature can be asked before anyone signs.
    pub(super) fn unsigned(&self) -> Result<Vec<u8>, cbor::Error> {
        self.write(&[0; 64], &[])
    }

    fn write(&self, signature: &[u8], x5chain: &[&[u8]]) -> Result<Vec<u8>, cbor::Error> {
        let capacity = self.protected.len().saturating_add(self.payload.len()).saturating_add(96);
        let mut writer = Writer::with_capacity(capacity);
        writer.tag(tag::COSE_SIGN1);
        writer.array(4);
        writer.bytes(&self.protected);
        writer.map(|map| match x5chain {
            [] => {}
            // RFC 9360 §2: one certificate is a byte string, several are an array.
            [certificate] => map.entry(cose::X5CHAIN, |w| w.bytes(certificate)),
            chain => map.entry(cose::X5CHAIN, |w| w.array_of(chain.iter(), |w, certificate| w.bytes(certificate))),
        });
        writer.bytes(&self.payload);
        writer.bytes(signature);
        writer.finish()
    }

    /// Puts the signature in its place, with certificates that travel along (DER, end entity first) for people and foreign tools.
    ///
    /// # Errors
    /// [`DraftError::Signature`] if it does not verify, [`DraftError::Refused`] if the verifier would not read the whole, because it
    /// is too large for instance.
    pub fn assemble(&self, signature: &[u8], x5chain: &[&[u8]]) -> Result<Vec<u8>, DraftError> {
        let bytes = self.write(signature, x5chain)?;
        let envelope = Envelope::parse(&bytes, Expected::Type(self.object_type))?;
        envelope.verify(&self.signer).map_err(|_| DraftError::Signature)?;
        Ok(bytes)
    }

    /// Has the draft signed and assembles it.
    ///
    /// # Errors
    /// [`DraftError::OtherSigner`] before anything is signed, else those of the signer and of [`Draft::assemble`].
    pub fn sign(&self, signer: &dyn Signer, x5chain: &[&[u8]]) -> Result<Vec<u8>, DraftError> {
        if *signer.public_key() != self.signer {
            return Err(DraftError::OtherSigner);
        }
        // Verified once, where it is put in its place.
        let signature = signer.sign(&self.to_be_signed())?;
        self.assemble(&signature, x5chain).map_err(faulty)
    }
}

/// A signature that this very signer gave and that does not verify.
pub(super) const fn faulty(error: DraftError) -> DraftError {
    match error {
        DraftError::Signature => DraftError::Sign(SignError::Faulty),
        other => other,
    }
}

#[cfg(test)]
mod tests;
