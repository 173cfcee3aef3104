//! Secret keys. Only a build that issues holds this.

use core::fmt;

use ed25519_dalek::Signer as _;

use zeroize::Zeroizing;

use super::{Algorithm, BadSignature, KeyError, PublicKey};

/// A secret key: neither copied nor printed, and erased from memory when dropped.
pub struct SecretKey {
    secret: Secret,
    public: PublicKey,
}

enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    #[cfg(feature = "sm")]
    Sm2(super::sm2::Secret),
}

impl SecretKey {
    /// The Ed25519 key of a seed (RFC 8032 §5.1.5). The seed must come from a cryptographic source of randomness.
    ///
    /// # Errors
    /// A [`KeyError`] if the public key that follows is not one that a verifier admits, which no seed is known to do.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = PublicKey::ed25519(key.verifying_key().as_bytes())?;
        Ok(Self { secret: Secret::Ed25519(key), public })
    }

    /// The SM2 key of a secret number, big-endian, 1 to n − 2 (GB/T 32918.2 §6.1). It must come from a cryptographic source of
    /// randomness: 32 bytes that are refused, one in 2³², are drawn anew.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] for a number out of range.
    #[cfg(feature = "sm")]
    pub fn sm2(number: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = super::sm2::Secret::new(number)?;
        // n − 1 is no secret: [`KeyError::SecretLeftOut`] of its key.
        let public = PublicKey::sm2(&secret.point()).map_err(|_| KeyError::Malformed)?;
        Ok(Self { secret: Secret::Sm2(secret), public })
    }

    /// The key that follows from 32 bytes in an algorithm: the seed of Ed25519, the number of SM2.
    ///
    /// # Errors
    /// As the algorithm's own.
    pub fn of(algorithm: Algorithm, bytes: &[u8; 32]) -> Result<Self, KeyError> {
        match algorithm {
            Algorithm::Ed25519 => Self::from_seed(bytes),
            #[cfg(feature = "sm")]
            Algorithm::Sm2 => Self::sm2(bytes),
        }
    }

    /// The seed, or the number of SM2, for writing the key to a file.
    #[must_use]
    pub fn expose_secret(&self) -> Zeroizing<[u8; 32]> {
        match &self.secret {
            Secret::Ed25519(key) => Zeroizing::new(*key.as_bytes()),
            #[cfg(feature = "sm")]
            Secret::Sm2(secret) => secret.expose(),
        }
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
        match &self.secret {
            Secret::Ed25519(key) => Ok(key.try_sign(message).map_err(|_| BadSignature)?.to_bytes()),
            #[cfg(feature = "sm")]
            Secret::Sm2(secret) => secret.sign(message),
        }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(for {:?})", self.public)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    /// A fault in memory, between the key's making and a signature: another secret beside the same public key.
    #[test]
    fn a_secret_of_which_a_bit_was_turned_signs_nothing() {
        for algorithm in Algorithm::ALL {
            let good = SecretKey::of(*algorithm, &[7; 32]).unwrap();
            assert!(good.sign(b"message").is_ok());
            for bit in 0..256_usize {
                let mut number = [7; 32];
                number[bit / 8] ^= 1 << (bit % 8);
                let Ok(faulty) = SecretKey::of(*algorithm, &number) else { continue };
                let faulty = SecretKey { secret: faulty.secret, public: good.public.clone() };
                assert_eq!(faulty.sign(b"message"), Err(BadSignature), "{algorithm:?} {bit}");
            }
        }
    }
}
