//! Objects that several sign: each where he is and when he can, in any order.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::draft::{DraftError, faulty};
use super::signer::Signer;
use crate::cbor::{self, Reader, Writer};
use crate::envelope::{self, Expected, MultiEnvelope, ObjectType, SignedBytes, sig_structure};
use crate::labels::{cose, tag};
use crate::limits::MAX_TRUST_OBJECT;
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

    /// Reads a draft that [`MultiDraft::to_bytes`] wrote, or an object that is signed by all. Each signature is verified by that of the keys
    /// that it names.
    ///
    /// # Errors
    /// [`DraftError::UnknownSigner`] for a signature by none of them, [`DraftError::Signature`] for a bad one, else the faults of the
    /// envelope.
    pub fn read(bytes: &[u8], keys: &[&PublicKey]) -> Result<Self, DraftError> {
        let mut draft = Self::new(ObjectType::Trust, claimed_payload(bytes)?.to_vec())?;
        if draft.to_bytes()? == bytes {
            return Ok(draft);
        }
        let envelope = MultiEnvelope::parse(bytes, Expected::Type(ObjectType::Trust))?;
        for entry in envelope.signers() {
            let named = || keys.iter().filter(|key| key.key_id() == entry.key_id());
            let signed = named().find(|key| envelope.verify(&entry, key).is_ok());
            let key = signed.ok_or_else(|| match named().next() {
                Some(_) => DraftError::Signature,
                None => DraftError::UnknownSigner(entry.key_id()),
            })?;
            let signature = Signature {
                key: (*key).clone(),
                protected: entry.protected().to_vec(),
                bytes: entry.signature().to_vec(),
            };
            draft.insert(signature)?;
        }
        Ok(draft)
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
        let bytes = self.to_bytes()?;
        let envelope = MultiEnvelope::parse(&bytes, Expected::Type(self.object_type))?;
        for (entry, signature) in envelope.signers().zip(self.signatures.values()) {
            envelope.verify(&entry, &signature.key).map_err(|_| DraftError::Signature)?;
        }
        Ok(bytes)
    }

    /// The object as it is, signatures missing: what travels between signers. Without any it is an envelope with no signers, which no
    /// verifier reads; with the last one it is the object.
    ///
    /// # Errors
    /// None that a draft of this build causes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, DraftError> {
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
        Ok(writer.finish()?)
    }
}

/// The payload of a draft or a signed object, believed in nothing: what is drafted must be known before its signers are.
pub(super) fn claimed_payload(bytes: &[u8]) -> Result<&[u8], DraftError> {
    if bytes.len() > MAX_TRUST_OBJECT {
        return Err(DraftError::Refused(envelope::Error::TooLarge));
    }
    let mut reader = Reader::new(bytes);
    reader.tag(tag::COSE_SIGN)?;
    reader.array_of(4)?;
    reader.bytes()?;
    reader.skip()?;
    let payload = reader.bytes()?;
    reader.skip()?;
    reader.finish()?;
    Ok(payload)
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
