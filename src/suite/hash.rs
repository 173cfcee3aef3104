//! Digests.

use core::fmt;

use sha2::Digest as _;

use crate::labels;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SM3 (GB/T 32905).
    #[cfg(feature = "sm")]
    Sm3,
}

impl HashAlgorithm {
    /// Every hash that this build has.
    pub const ALL: &'static [Self] = &[
        Self::Sha256,
        #[cfg(feature = "sm")]
        Self::Sm3,
    ];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            #[cfg(feature = "sm")]
            Self::Sm3 => "SM3",
        }
    }

    /// The hash of a COSE algorithm number (RFC 9054 §2.1; a private one for SM3), if this build has it.
    #[must_use]
    pub const fn from_cose(alg: i64) -> Option<Self> {
        match alg {
            labels::cose::HASH_SHA256 => Some(Self::Sha256),
            #[cfg(feature = "sm")]
            labels::cose::HASH_SM3 => Some(Self::Sm3),
            _ => None,
        }
    }

    /// The COSE algorithm number (RFC 9054 §2.1).
    #[must_use]
    pub const fn cose(self) -> i64 {
        match self {
            Self::Sha256 => labels::cose::HASH_SHA256,
            #[cfg(feature = "sm")]
            Self::Sm3 => labels::cose::HASH_SM3,
        }
    }
}

/// The 32 bytes of a hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Takes 32 bytes for a digest.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest of exactly 32 bytes.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A hash over bytes that come in pieces.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sha256(sha2::Sha256),
    #[cfg(feature = "sm")]
    Sm3(sm3::Sm3),
}

impl Hasher {
    /// An empty hash.
    #[must_use]
    pub fn new(algorithm: HashAlgorithm) -> Self {
        match algorithm {
            HashAlgorithm::Sha256 => Self(State::Sha256(sha2::Sha256::new())),
            #[cfg(feature = "sm")]
            HashAlgorithm::Sm3 => Self(State::Sm3(sm3::Sm3::new())),
        }
    }

    /// Appends bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(bytes),
            #[cfg(feature = "sm")]
            State::Sm3(state) => state.update(bytes),
        }
    }

    /// The digest of all that was appended.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(state) => Digest(state.finalize().into()),
            #[cfg(feature = "sm")]
            State::Sm3(state) => Digest(state.finalize().into()),
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

/// SHA-256 of one piece.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest(sha2::Sha256::digest(bytes).into())
}

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) under a key of 32 bytes.
#[must_use]
pub fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> Digest {
    // RFC 2104 §2: the key, filled up with zeros to the 64 bytes of a block.
    let pass = |pad: u8, bytes: &[u8]| {
        let mut hasher = Hasher::new(HashAlgorithm::Sha256);
        hasher.update(&key.map(|byte| byte ^ pad));
        hasher.update(&[pad; 32]);
        hasher.update(bytes);
        hasher.finish()
    };
    pass(0x5c, pass(0x36, message).as_bytes())
}
