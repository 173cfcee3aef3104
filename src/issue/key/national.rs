//! Key files that are encrypted by PBES2 with SM4 in CBC: what GmSSL and Tongsuo write unasked, and OpenSSL by `-v2 sm4-cbc`.

use alloc::vec::Vec;

use pkcs8::ObjectIdentifier;
use zeroize::Zeroizing;

use super::{KeyFileError, MAX_ITERATIONS};
use crate::suite::{HashAlgorithm, Sm4Cbc};
use crate::x509::der::{self, DerError, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};

/// RFC 8018 §A.4, §A.2.
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
/// SM4 in CBC (GM/T 0006).
const SM4_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.104.2");
/// RFC 8018 §B.1.2.
const HMAC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
/// HMAC with SM3, by GM/T 0006, which GmSSL writes, and by GM/T 0091, which OpenSSL does.
#[cfg(feature = "sm")]
const HMAC_SM3: [ObjectIdentifier; 2] =
    [ObjectIdentifier::new_unwrap("1.2.156.10197.1.401.2"), ObjectIdentifier::new_unwrap("1.2.156.10197.1.401.3.1")];

/// An `EncryptedPrivateKeyInfo` (RFC 5958 §3) of that kind.
pub(super) struct Encrypted<'f> {
    scheme: Sm4Cbc<'f>,
    data: &'f [u8],
}

/// The elements of such a file that are looked at.
struct Elements<'f> {
    prf: Option<&'f [u8]>,
    salt: &'f [u8],
    iterations: &'f [u8],
    key_length: Option<&'f [u8]>,
    iv: &'f [u8],
    data: &'f [u8],
}

impl<'f> Encrypted<'f> {
    /// `None` where it is encrypted in another way.
    pub(super) fn parse(document: &'f [u8]) -> Result<Option<Self>, KeyFileError> {
        let Some(found) = elements(document).map_err(|_| KeyFileError::Malformed)? else { return Ok(None) };
        // RFC 8018 §A.2: the default is SHA-1, which nobody uses with SM4.
        let prf = match found.prf {
            Some(prf) if prf == HMAC_SHA256.as_bytes() => HashAlgorithm::Sha256,
            #[cfg(feature = "sm")]
            Some(prf) if HMAC_SM3.iter().any(|known| prf == known.as_bytes()) => HashAlgorithm::Sm3,
            _ => return Err(KeyFileError::Unsupported),
        };
        let iterations = number(found.iterations).ok_or(KeyFileError::TooCostly)?;
        if iterations > MAX_ITERATIONS {
            return Err(KeyFileError::TooCostly);
        }
        let iv: &[u8; 16] = found.iv.try_into().map_err(|_| KeyFileError::Malformed)?;
        if iterations == 0 || found.key_length.is_some_and(|length| length != [16]) {
            return Err(KeyFileError::Malformed);
        }
        Ok(Some(Self { scheme: Sm4Cbc { prf, salt: found.salt, iterations, iv }, data: found.data }))
    }

    pub(super) fn decrypt(&self, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
        self.scheme.decrypt(passphrase, self.data).ok_or(KeyFileError::PassphraseWrong)
    }
}

/// `None` where the algorithms are others.
fn elements(document: &[u8]) -> Result<Option<Elements<'_>>, DerError> {
    let mut file = der::check(document)?.inside();
    let mut algorithm = file.expect(SEQUENCE)?.inside();
    let data = file.expect(OCTET_STRING)?.content;
    file.finish()?;
    if algorithm.expect(OBJECT_IDENTIFIER)?.content != PBES2.as_bytes() {
        return Ok(None);
    }
    let mut parameters = algorithm.expect(SEQUENCE)?.inside();
    algorithm.finish()?;
    let mut derivation = parameters.expect(SEQUENCE)?.inside();
    let mut cipher = parameters.expect(SEQUENCE)?.inside();
    parameters.finish()?;
    let (derived_by, cipher_by) = (derivation.expect(OBJECT_IDENTIFIER)?, cipher.expect(OBJECT_IDENTIFIER)?);
    if derived_by.content != PBKDF2.as_bytes() || cipher_by.content != SM4_CBC.as_bytes() {
        return Ok(None);
    }
    let iv = cipher.expect(OCTET_STRING)?.content;
    cipher.finish()?;
    // PBKDF2-params ::= SEQUENCE { salt OCTET STRING, iterationCount INTEGER, keyLength INTEGER OPTIONAL, prf AlgorithmIdentifier }
    let mut derived = derivation.expect(SEQUENCE)?.inside();
    derivation.finish()?;
    let salt = derived.expect(OCTET_STRING)?.content;
    let iterations = derived.expect(INTEGER)?.content;
    let key_length = derived.optional(INTEGER)?.map(|length| length.content);
    let prf = derived.optional(SEQUENCE)?.map(|prf| prf.inside().expect(OBJECT_IDENTIFIER)).transpose()?;
    derived.finish()?;
    Ok(Some(Elements { prf: prf.map(|prf| prf.content), salt, iterations, key_length, iv, data }))
}

/// A number of an INTEGER, unless it is negative or has more than 32 bits.
fn number(content: &[u8]) -> Option<u32> {
    if content.first().is_some_and(|first| *first >= 0x80) {
        return None;
    }
    content.iter().try_fold(0_u32, |number, byte| number.checked_mul(256)?.checked_add(u32::from(*byte)))
}

#[cfg(test)]
mod tests;
