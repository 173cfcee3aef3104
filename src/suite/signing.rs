//! Secret keys. Only a build that issues holds this.

use core::fmt;

use ed25519_dalek::Signer as _;

use super::{BadSignature, KeyError, PublicKey};

/// An Ed25519 secret key: neither copied nor printed, and erased from memory when dropped.
pub struct SecretKey {
    key: ed25519_dalek::SigningKey,
    public: PublicKey,
}

impl SecretKey {
    /// The key of a seed (RFC 8032 §5.1.5). The seed must come from a cryptographic source of randomness.
    ///
    /// # Errors
    /// A [`KeyError`] if the public key that follows is not one that a verifier admits, which no seed is known to do.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = PublicKey::ed25519(key.verifying_key().as_bytes())?;
        Ok(Self { key, public })
    }

    /// The seed, for writing the key to a file; the caller erases it.
    #[must_use]
    pub fn expose_seed(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The public key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Signs, and verifies what was signed before handing it out: a fault while signing would give the key away.
    ///
    /// # Errors
    /// [`BadSignature`] if the fresh signature does not verify.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64], BadSignature> {
        let signature = self.sign_unverified(message)?;
        self.public.verify(&[message], &signature)?;
        Ok(signature)
    }

    /// Signs, for a caller who verifies what comes of it before it goes anywhere.
    pub(crate) fn sign_unverified(&self, message: &[u8]) -> Result<[u8; 64], BadSignature> {
        Ok(self.key.try_sign(message).map_err(|_| BadSignature)?.to_bytes())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(for {:?})", self.public)
    }
}
