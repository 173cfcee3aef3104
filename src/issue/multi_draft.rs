//! Objects that several sign: each where he is and when he can, in any order.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::draft::{DraftError, faulty};
use super::signer::Signer;
use crate::cbor::{self, Writer};
use crate::envelope::{Expected, MultiEnvelope, ObjectType, SignedBytes, sig_structure};
use crate::labels::{cose, tag};
use crate::suite::{Digest, KeyId, PublicKey};

/// A COSE_Sign with the signatures that it has so far. Signers who sign apart each add theirs to a draft of the same content; drafts of
/// the same content merge.
#[derive(Clone, Debug)]
pub struct MultiDraft {
    object_type: ObjectType,
    protected: Vec<u8>,
    payload: Vec<u8>,
    /// Ascending by key id, as they are written. Each was verified when it was added.
    signatures: BTreeMap<KeyId, Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    key: PublicKey,
    protected: Vec<u8>,
    bytes: Vec<u8>,
}

impl MultiDraft {
    /// Drafts an object of several signers.
    ///
    /// # Errors
    /// [`DraftError::OtherEnvelope`] for anything but a trust list.
    pub fn new(object_type: ObjectType, payload: Vec<u8>) -> Result<Self, DraftError> {
        if object_type != ObjectType::Trust {
            return Err(DraftError::OtherEnvelope);
        }
        let mut writer = Writer::new();
        writer.map(|map| map.entry(cose::TYP, |w| w.text(object_type.typ())));
        Ok(Self { object_type, protected: writer.finish()?, payload, signatures: BTreeMap::new() })
    }

    /// The bytes that one signer has to sign: they name his key (RFC 9052 §4.4).
    ///
    /// # Errors
    /// None that a key of this build causes.
    pub fn to_be_signed(&self, key: &PublicKey) -> Result<Vec<u8>, DraftError> {
        let protected = signer_protected(key)?;
        Ok(sig_structure(&SignedBytes::sign(&self.protected, &protected, &self.payload)))
    }

    /// The digest that will name the object, whoever signs it.
    #[must_use]
    pub fn object_digest(&self) -> Digest {
        SignedBytes::sign1(&self.protected, &self.payload).digest()
    }

    /// The keys that have signed, ascending by key id.
    pub fn signed_by(&self) -> impl Iterator<Item = &PublicKey> {
        self.signatures.values().map(|signature| &signature.key)
    }

    /// Adds one signature, once it has verified. A signer who signs again replaces his signature.
    ///
    /// # Errors
    /// [`DraftError::Signature`], or [`DraftError::KeyIdTaken`] if another key with the same key id has signed.
    pub fn add_signature(&mut self, key: &PublicKey, signature: &[u8]) -> Result<(), DraftError> {
        let protected = signer_protected(key)?;
        SignedBytes::sign(&self.protected, &protected, &self.payload)
            .with_pieces(|pieces| key.verify(pieces, signature))
            .map_err(|_| DraftError::Signature)?;
        self.insert(Signature { key: key.clone(), protected, bytes: signature.to_vec() })
    }

    fn insert(&mut self, signature: Signature) -> Result<(), DraftError> {
        let id = signature.key.key_id();
        if self.signatures.get(&id).is_some_and(|other| other.key != signature.key) {
            return Err(DraftError::KeyIdTaken(id));
        }
        self.signatures.insert(id, signature);
        Ok(())
    }

    /// Has the draft signed by one signer.
    ///
    /// # Errors
    /// Those of the signer and of [`MultiDraft::add_signature`].
    pub fn sign(&mut self, signer: &dyn Signer) -> Result<(), DraftError> {
        let signature = signer.sign(&self.to_be_signed(signer.public_key())?)?;
        self.add_signature(signer.public_key(), &signature).map_err(faulty)
    }

    /// Takes over the signatures of a draft of the same content.
    ///
    /// # Errors
    /// [`DraftError::OtherContent`], and then nothing is taken over; [`DraftError::KeyIdTaken`].
    pub fn merge(&mut self, other: &Self) -> Result<(), DraftError> {
        if (&self.protected, &self.payload) != (&other.protected, &other.payload) {
            return Err(DraftError::OtherContent);
        }
        other.signatures.values().try_for_each(|signature| self.insert(signature.clone()))
    }

    /// Puts the object together with the signatures that it has. Whether they are enough is not asked here.
    ///
    /// # Errors
    /// [`DraftError::Unsigned`], or [`DraftError::Refused`] if the verifier would not read the whole.
    pub fn assemble(&self) -> Result<Vec<u8>, DraftError> {
        if self.signatures.is_empty() {
            return Err(DraftError::Unsigned);
        }
        let mut writer = Writer::with_capacity(self.payload.len().saturating_add(128));
        writer.tag(tag::COSE_SIGN);
        writer.array(4);
        writer.bytes(&self.protected);
        writer.map(|_| {});
        writer.bytes(&self.payload);
        writer.array_of(self.signatures.values(), |w, signature| {
            w.array(3);
            w.bytes(&signature.protected);
            w.map(|_| {});
            w.bytes(&signature.bytes);
        });
        let bytes = writer.finish()?;
        let envelope = MultiEnvelope::parse(&bytes, Expected::Type(self.object_type))?;
        for (entry, signature) in envelope.signers().zip(self.signatures.values()) {
            envelope.verify(&entry, &signature.key).map_err(|_| DraftError::Signature)?;
        }
        Ok(bytes)
    }
}

/// RFC 9052 §4.1: a signer's own protected header.
fn signer_protected(key: &PublicKey) -> Result<Vec<u8>, cbor::Error> {
    let mut writer = Writer::new();
    writer.map(|map| {
        map.entry(cose::ALG, |w| w.int(key.algorithm().cose()));
        map.entry(cose::KID, |w| w.bytes(key.key_id().as_bytes()));
    });
    writer.finish()
}
