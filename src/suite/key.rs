//! Public keys: admitted once, then trusted to be well-formed.

#[cfg(feature = "sm")]
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "sm")]
use super::sm2;
use super::{Algorithm, BadSignature, Digest, ed25519, sha256};
use crate::reason::Reason;

/// Why a key is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key is of an algorithm that this build does not know.
    #[error("the key is of an algorithm that this build does not know")]
    UnknownAlgorithm,
    /// The bytes do not have the shape of a key of their algorithm.
    #[error("the key's bytes do not have the shape of its algorithm")]
    Malformed,
    /// The bytes name no point of the curve.
    #[error("the key is not a point of the curve")]
    NotOnCurve,
    /// The bytes are not the canonical encoding of their point.
    #[error("the key is not in canonical encoding")]
    NotCanonical,
    /// The point is of small order: signatures by it prove nothing.
    #[error("the key is of small order")]
    SmallOrder,
    /// The point has a component of small order: two keys would share signatures.
    #[error("the key is not torsion-free")]
    Torsion,
    /// The point is the one whose secret the standard leaves out (GB/T 32918.2 §6.1: at most n − 2).
    #[error("the key is the one whose secret GB/T 32918.2 leaves out")]
    SecretLeftOut,
}

impl KeyError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::UnknownAlgorithm => Reason::EncodingAlgorithmUnknown,
            Self::Malformed
            | Self::NotOnCurve
            | Self::NotCanonical
            | Self::SmallOrder
            | Self::Torsion
            | Self::SecretLeftOut => Reason::EncodingKeyRefused,
        }
    }
}

/// A hint for looking a key up: the first 8 bytes of SHA-256 over its SubjectPublicKeyInfo. It identifies nothing: where several keys
/// share one, every one is tried.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// The key id of exactly 8 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A public key that was admitted: on its curve, canonical, not of small order, torsion-free; decompressed once.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    kind: Kind,
    thumbprint: Digest,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Ed25519(ed25519::Key),
    /// Apart: it is three times as large, and keys are moved about.
    #[cfg(feature = "sm")]
    Sm2(Box<sm2::Key>),
}

impl PublicKey {
    /// Admits an Ed25519 key (RFC 8032 §5.1.5).
    ///
    /// # Errors
    /// A [`KeyError`] naming what is wrong with the point.
    pub fn ed25519(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        Ok(Self::of(Kind::Ed25519(ed25519::admit(bytes)?)))
    }

    /// Admits an SM2 key (GB/T 32918.2): the coordinates x‖y, 32 bytes each.
    ///
    /// # Errors
    /// A [`KeyError`] naming what is wrong with the point.
    #[cfg(feature = "sm")]
    pub fn sm2(point: &[u8; 64]) -> Result<Self, KeyError> {
        Ok(Self::of(Kind::Sm2(Box::new(sm2::admit(point)?))))
    }

    /// Admits the key of a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 8410 §4).
    ///
    /// # Errors
    /// [`KeyError::UnknownAlgorithm`] for an algorithm identifier that this build does not know, else what is wrong with the key: a point
    /// of SM2 in compressed or hybrid form is [`KeyError::Malformed`], for GB/T 35276 has the uncompressed one alone.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        if let Some(key) = der.strip_prefix(&ed25519::SPKI_PREFIX) {
            return Self::ed25519(key.try_into().map_err(|_| KeyError::Malformed)?);
        }
        #[cfg(feature = "sm")]
        if let Some(point) = der.strip_prefix(&sm2::SPKI_PREFIX) {
            return Self::sm2(point.try_into().map_err(|_| KeyError::Malformed)?);
        }
        let identified = |prefix: &[u8]| {
            // The AlgorithmIdentifier, after the two bytes that begin the whole: its length stands in its second byte.
            let identifier = prefix.get(2..).and_then(|from| from.get(..usize::from(*from.get(1)?).checked_add(2)?));
            identifier.is_some_and(|identifier| der.get(2..).is_some_and(|rest| rest.starts_with(identifier)))
        };
        let known = identified(&ed25519::SPKI_PREFIX);
        #[cfg(feature = "sm")]
        let known = known || identified(&sm2::SPKI_PREFIX);
        Err(if known { KeyError::Malformed } else { KeyError::UnknownAlgorithm })
    }

    fn of(kind: Kind) -> Self {
        let thumbprint = sha256(&spki(&kind));
        Self { kind, thumbprint }
    }

    /// The algorithm with which this key signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.kind {
            Kind::Ed25519(_) => Algorithm::Ed25519,
            #[cfg(feature = "sm")]
            Kind::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// The coordinates as a COSE_Key carries them (RFC 9053 §7): `x` for Ed25519, `x`‖`y` for SM2.
    #[must_use]
    pub fn coordinates(&self) -> &[u8] {
        match &self.kind {
            Kind::Ed25519(key) => key.as_bytes(),
            #[cfg(feature = "sm")]
            Kind::Sm2(key) => key.as_bytes(),
        }
    }

    /// The DER SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        spki(&self.kind)
    }

    /// SHA-256 over the SubjectPublicKeyInfo: names the key in full.
    #[must_use]
    pub const fn thumbprint(&self) -> Digest {
        self.thumbprint
    }

    /// The first 8 bytes of the thumbprint.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        let [a, b, c, d, e, f, g, h, ..] = *self.thumbprint.as_bytes();
        KeyId([a, b, c, d, e, f, g, h])
    }

    /// Verifies a signature in the encoding that COSE uses, over the concatenation of `message`'s pieces. Allocates nothing.
    ///
    /// # Errors
    /// [`BadSignature`], whatever is wrong.
    pub fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), BadSignature> {
        match &self.kind {
            Kind::Ed25519(key) => key.verify(message, signature),
            #[cfg(feature = "sm")]
            Kind::Sm2(key) => key.verify(message, signature),
        }
    }

    /// Verifies a certificate's signature, in the encoding that X.509 uses, over its to-be-signed bytes.
    ///
    /// # Errors
    /// [`BadSignature`], whatever is wrong.
    pub fn verify_certificate(&self, tbs: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        match &self.kind {
            // RFC 8410 §6: the same 64 bytes as everywhere.
            Kind::Ed25519(key) => key.verify(&[tbs], signature),
            #[cfg(feature = "sm")]
            Kind::Sm2(key) => key.verify_der(tbs, signature),
        }
    }

    /// The same, by an issuer that signs with a distinguishing identifier of its own (GB/T 32918.2 §5.5). It matters to SM2 alone.
    ///
    /// # Errors
    /// [`BadSignature`], whatever is wrong.
    pub fn verify_certificate_as(&self, identifier: &str, tbs: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let _ = identifier;
        match &self.kind {
            Kind::Ed25519(_) => self.verify_certificate(tbs, signature),
            #[cfg(feature = "sm")]
            Kind::Sm2(key) => key.of_holder(identifier)?.verify_der(tbs, signature),
        }
    }
}

fn spki(kind: &Kind) -> Vec<u8> {
    match kind {
        Kind::Ed25519(key) => [&ed25519::SPKI_PREFIX[..], key.as_bytes()].concat(),
        #[cfg(feature = "sm")]
        Kind::Sm2(key) => [&sm2::SPKI_PREFIX[..], key.as_bytes()].concat(),
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?}, {})", self.algorithm(), self.key_id())
    }
}
