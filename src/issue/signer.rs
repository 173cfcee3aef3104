//! Who signs: a key in a file, a program, a device. What they hand back is believed only after it has been verified.

use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use crate::suite::{PublicKey, SecretKey};

/// Something that signs with one key.
///
/// The public key is the signer's own and no argument of signing: a signature over a foreign public key would give the secret key away
/// (RUSTSEC-2022-0093).
pub trait Signer {
    /// The public key that verifies what this signer signs.
    fn public_key(&self) -> &PublicKey;

    /// Signs the message with the algorithm of [`Signer::public_key`]. The signature is in the encoding that COSE uses: 64 bytes, R‖S
    /// of Ed25519 or r‖s of SM2.
    ///
    /// # Errors
    /// [`SignError`], when there is no signature to hand out.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// Why there is no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignError {
    /// The signer cannot be reached: the program does not start, the device is not plugged in.
    #[error("the signer cannot be reached")]
    Unreachable,
    /// The signer was reached and refused: a wrong PIN, no such key, not allowed.
    #[error("the signer refused to sign")]
    Refused,
    /// The signer was reached and gave no answer in time.
    #[error("the signer did not answer in time")]
    TimedOut,
    /// The program that signs ended with this code instead of 0; without one, a signal ended it.
    #[error("the signing program ended {}", Ending(*.0))]
    Ended(Option<i32>),
    /// The signer handed out so many bytes, which is not the length of a signature.
    #[error("the signer handed out {0} bytes; a signature has 64: R‖S of Ed25519 or r‖s of SM2, not DER")]
    Length(usize),
    /// The signer handed out something that is no signature by its key over the message. Nothing of it leaves this program.
    #[error("what the signer handed out does not verify")]
    Faulty,
}

/// How a program ended, in words.
struct Ending(Option<i32>);

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(code) => write!(f, "with code {code}"),
            None => f.write_str("by a signal"),
        }
    }
}

/// Signs, and verifies the signature before handing it out: a fault while signing would give the key away, and an external signer may
/// hold another key than it says.
///
/// # Errors
/// [`SignError`] of the signer, or [`SignError::Faulty`].
pub fn sign_verified(signer: &dyn Signer, message: &[u8]) -> Result<Vec<u8>, SignError> {
    let signature = signer.sign(message)?;
    signer.public_key().verify(&[message], &signature).map_err(|_| SignError::Faulty)?;
    Ok(signature)
}

/// A key in memory, read from a file by [`crate::issue::key::from_pem`].
impl Signer for SecretKey {
    fn public_key(&self) -> &PublicKey {
        self.public_key()
    }

    // As any signer's: verified where it is put in its place, and once.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.sign_unverified(message).map(|signature| signature.to_vec()).map_err(|_| SignError::Faulty)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    struct Liar {
        shown: SecretKey,
        used: SecretKey,
    }

    impl Signer for Liar {
        fn public_key(&self) -> &PublicKey {
            self.shown.public_key()
        }

        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
            Signer::sign(&self.used, message)
        }
    }

    #[test]
    fn a_signer_with_another_key_is_found_out() {
        let liar =
            Liar { shown: SecretKey::from_seed(&[1; 32]).unwrap(), used: SecretKey::from_seed(&[2; 32]).unwrap() };
        assert_eq!(sign_verified(&liar, b"message"), Err(SignError::Faulty));
        let signature = sign_verified(&liar.shown, b"message").unwrap();
        assert_eq!(liar.public_key().verify(&[b"message"], &signature), Ok(()));
    }
}
