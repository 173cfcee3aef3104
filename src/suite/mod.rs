//! Signature and hash suites. Everything cryptographic enters the house here and nowhere else.
//!
//! A suite is a signature algorithm with the hash that belongs to it. A build knows the suites of its features; an algorithm that it
//! does not know is [`UnknownAlgorithm`], which is *undetermined*, never *invalid*: another build may well know it.
//!
//! To add a suite: a variant in [`Algorithm`] with its numbers, a variant in [`PublicKey`]'s kind, and a file beside `ed25519.rs`.

mod cose_key;
mod ed25519;
mod footing;
mod hash;
mod key;
#[cfg(feature = "issue")]
mod pbes2;
#[cfg(feature = "issue")]
mod signing;
#[cfg(feature = "sm")]
mod sm2;
mod suites;

pub use cose_key::CoseKeyError;
pub use footing::Footing;
pub use hash::{Digest, HashAlgorithm, Hasher, hmac_sha256, sha256};
pub use key::{KeyError, KeyId, PublicKey};
#[cfg(feature = "issue")]
pub(crate) use pbes2::Sm4Cbc;
#[cfg(feature = "issue")]
pub use signing::SecretKey;
pub use suites::Suites;

use crate::labels;
use crate::reason::Reason;

/// A signature algorithm that this build can check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// PureEdDSA on edwards25519 (RFC 8032), with SHA-256 for digests.
    Ed25519,
    /// SM2 (GB/T 32918.2) with SM3 (GB/T 32905) for everything.
    #[cfg(feature = "sm")]
    Sm2,
}

/// An algorithm that this build does not know; it may be good for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this build knows no such signature algorithm")]
pub struct UnknownAlgorithm;

impl UnknownAlgorithm {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        Reason::EncodingAlgorithmUnknown
    }
}

/// The signature is not one that the key made over the message, or its encoding is not the canonical one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

impl Algorithm {
    /// Every algorithm that this build can check.
    pub const ALL: &'static [Self] = &[
        Self::Ed25519,
        #[cfg(feature = "sm")]
        Self::Sm2,
    ];

    /// The algorithm of a COSE `alg` label.
    ///
    /// # Errors
    /// [`UnknownAlgorithm`] if this build cannot check it.
    pub const fn from_cose(alg: i64) -> Result<Self, UnknownAlgorithm> {
        match alg {
            // RFC 9864 §2.2: -19 is Ed25519. RFC 9053 §2.2: -8 is EdDSA, read for old writers; with an Ed25519 key it is the same.
            labels::cose::ALG_ED25519 | labels::cose::ALG_EDDSA => Ok(Self::Ed25519),
            #[cfg(feature = "sm")]
            labels::cose::ALG_SM2_SM3 => Ok(Self::Sm2),
            _ => Err(UnknownAlgorithm),
        }
    }

    /// The COSE `alg` label that we write.
    #[must_use]
    pub const fn cose(self) -> i64 {
        match self {
            Self::Ed25519 => labels::cose::ALG_ED25519,
            #[cfg(feature = "sm")]
            Self::Sm2 => labels::cose::ALG_SM2_SM3,
        }
    }

    /// The algorithm of an X.509 `AlgorithmIdentifier`, given as its whole DER encoding.
    ///
    /// # Errors
    /// [`UnknownAlgorithm`] if this build cannot check it, parameters that the algorithm does not have included.
    pub fn from_signature_identifier(der: &[u8]) -> Result<Self, UnknownAlgorithm> {
        // RFC 8410 §3: the parameters are absent.
        if der == ed25519::SIGNATURE_IDENTIFIER {
            return Ok(Self::Ed25519);
        }
        #[cfg(feature = "sm")]
        if der == sm2::SIGNATURE_IDENTIFIER || der == sm2::SIGNATURE_IDENTIFIER_NULL {
            return Ok(Self::Sm2);
        }
        Err(UnknownAlgorithm)
    }

    /// The DER encoding of the X.509 `AlgorithmIdentifier` that we write.
    #[must_use]
    pub const fn signature_identifier(self) -> &'static [u8] {
        match self {
            Self::Ed25519 => &ed25519::SIGNATURE_IDENTIFIER,
            #[cfg(feature = "sm")]
            Self::Sm2 => &sm2::SIGNATURE_IDENTIFIER,
        }
    }

    /// A signature in the encoding that X.509 uses, from the one that COSE uses: the same bytes for Ed25519 (RFC 8410 §6), DER for SM2
    /// (GB/T 35276 §7.3). What has not the length of a signature comes back as it was, and verifies nowhere.
    #[cfg(feature = "issue")]
    #[must_use]
    pub fn certificate_signature(self, signature: &[u8]) -> alloc::vec::Vec<u8> {
        match self {
            Self::Ed25519 => signature.to_vec(),
            #[cfg(feature = "sm")]
            Self::Sm2 => signature.try_into().map_or_else(|_| signature.to_vec(), sm2::to_der),
        }
    }

    /// The hash that this suite uses where the format leaves the hash to the suite (status roots).
    #[must_use]
    pub const fn hash(self) -> HashAlgorithm {
        match self {
            Self::Ed25519 => HashAlgorithm::Sha256,
            #[cfg(feature = "sm")]
            Self::Sm2 => HashAlgorithm::Sm3,
        }
    }
}

#[cfg(test)]
mod tests;
