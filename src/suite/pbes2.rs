//! Decryption by PBES2 (RFC 8018 §6.2) with SM4 in CBC (GB/T 32907, GB/T 17964), for key files alone: the crate `pkcs8` knows no SM4.

use alloc::vec::Vec;

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use sm4::Sm4;
use zeroize::Zeroizing;

use super::HashAlgorithm;

/// The parameters of PBKDF2 (RFC 8018 §5.2) and of the cipher.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sm4Cbc<'p> {
    /// The hash of the HMAC that derives the key.
    pub(crate) prf: HashAlgorithm,
    pub(crate) salt: &'p [u8],
    /// How many rounds: the caller says how many it affords.
    pub(crate) iterations: u32,
    pub(crate) iv: &'p [u8; 16],
}

impl Sm4Cbc<'_> {
    /// What was encrypted. `None` where the padding is not what RFC 8018 §6.1.1 asks for: by a wrong passphrase, nearly always.
    pub(crate) fn decrypt(&self, passphrase: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut key = Zeroizing::new([0; 16]);
        let derive = match self.prf {
            HashAlgorithm::Sha256 => pbkdf2::pbkdf2_hmac::<sha2::Sha256>,
            #[cfg(feature = "sm")]
            HashAlgorithm::Sm3 => pbkdf2::pbkdf2_hmac::<sm3::Sm3>,
        };
        derive(passphrase, self.salt, self.iterations, key.as_mut_slice());
        let cipher = cbc::Decryptor::<Sm4>::new((&*key).into(), self.iv.into());
        let mut decrypted = Zeroizing::new(data.to_vec());
        let length = cipher.decrypt_padded::<Pkcs7>(&mut decrypted).ok()?.len();
        decrypted.truncate(length);
        Some(decrypted)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What is read of others' files stands in `issue::key`.
    #[test]
    fn what_is_no_multiple_of_a_block_or_padded_otherwise_is_nothing() {
        let with = Sm4Cbc { prf: HashAlgorithm::Sha256, salt: b"salt", iterations: 1, iv: &[0; 16] };
        for length in [0, 1, 15, 16, 17, 32] {
            assert!(with.decrypt(b"word", &alloc::vec![7; length]).is_none(), "{length}");
        }
    }
}
