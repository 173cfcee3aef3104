//! Key files: PKCS#8 in PEM (RFC 5958, RFC 7468), encrypted by PBES2 (RFC 8018).
//!
//! What is written is version 1, scrypt and AES-256-CBC: the strongest that `openssl pkey` of OpenSSL 3.0 reads with its default
//! limits. What is read is that, what OpenSSL itself writes for Ed25519 and SM2 (PBKDF2 with HMAC-SHA-2), SM4 in CBC by PBKDF2 with HMAC of SHA-256
//! or SM3, as GmSSL and Tongsuo write, unencrypted files, in DER too, and SM2 keys in the older form of RFC 5915 (`EC PRIVATE KEY`), which
//! OpenSSL 3.0 and Tongsuo write where they are asked for curves. Passphrases,
//! seeds and decrypted files are erased from memory; salt and initialisation vector are the caller's, as all randomness is.

mod national;

use alloc::string::String;
use alloc::vec::Vec;

use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::pem::PemLabel;
use pkcs8::der::{Decode, SecretDocument};
use pkcs8::pkcs5::{self, EncryptionScheme, pbes2, scrypt};
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, ObjectIdentifier, PrivateKeyInfoRef};
use thiserror::Error;
use zeroize::Zeroizing;

use super::pem;
use crate::suite::{Algorithm, SecretKey};
use crate::x509;
#[cfg(feature = "sm")]
use crate::x509::der::{BIT_STRING, OBJECT_IDENTIFIER};
use crate::x509::der::{INTEGER, OCTET_STRING, SEQUENCE};

/// id-ecPublicKey (RFC 5480 §2.1.1), and the curve of SM2 (GB/T 33560).
#[cfg(feature = "sm")]
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
#[cfg(feature = "sm")]
const CURVE_SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
/// RFC 5958 §2: version 1, id-ecPublicKey with the curve, an OCTET STRING that holds the `ECPrivateKey` of RFC 5915 §3 without its
/// parameters, as OpenSSL writes it, up to the number of 32 bytes, and from there to x‖y.
#[cfg(feature = "sm")]
const SM2_PREFIX: [u8; 36] = [
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
    0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20,
];
#[cfg(feature = "sm")]
const SM2_POINT_PREFIX: [u8; 6] = [0xa1, 0x44, 0x03, 0x42, 0x00, 0x04];

/// The longest key file that is read, in bytes.
pub const MAX_FILE: usize = 16 << 10;

/// id-Ed25519 (RFC 8410 §3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// RFC 5958 §2, RFC 8410 §7: version 1, id-Ed25519, an OCTET STRING that holds an OCTET STRING of 32 bytes, which follow.
const PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// scrypt as written: N = 2^14, r = 8, p = 5, 16 MiB. OpenSSL refuses more than 32 MiB, so the work is raised by p.
const LOG_N: u8 = 14;
const R: u32 = 8;
const P: u32 = 5;
/// The most that reading may cost: 128 MiB, and 8 times the work of what is written.
const MAX_SCRYPT_BLOCKS: u64 = 1 << 20;
const MAX_SCRYPT_WORK: u64 = 5 << 20;
const MAX_ITERATIONS: u32 = 10_000_000;

/// Why a key file cannot be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// More than [`MAX_FILE`] bytes, no PEM block, and no DER.
    #[error("this is neither a PEM file nor one in DER")]
    NotPem,
    /// No private key, or none in a form that is read: a certificate, a public key, parameters of a curve, PKCS#12.
    #[error("this file does not hold a private key in PKCS#8")]
    NotAPrivateKey,
    /// The block's content is damaged.
    #[error("the key file is damaged")]
    Malformed,
    /// The key is encrypted and no passphrase was given.
    #[error("the key is encrypted: a passphrase is needed")]
    PassphraseMissing,
    /// The passphrase does not decrypt the key.
    #[error("the passphrase is wrong")]
    PassphraseWrong,
    /// An empty passphrase, for writing.
    #[error("the passphrase is empty")]
    PassphraseEmpty,
    /// Encrypted in a way that is not read: another cipher or key derivation.
    #[error("the key is encrypted with a cipher or key derivation that is not supported")]
    Unsupported,
    /// Key derivation would cost more than 128 MiB or 10 million rounds.
    #[error("the key's encryption asks for more memory or time than is allowed")]
    TooCostly,
    /// A private key of an algorithm that this build does not have: it has Ed25519, and SM2 with feature `sm`.
    #[error("the key is of an algorithm that this build does not have")]
    OtherAlgorithm,
    /// A key of a curve that the file does not name: its parameters stand there as numbers, or not at all (RFC 5480 §2.1.1 has the name).
    #[error("the file does not name the curve of its key")]
    CurveUnnamed,
    /// The file states a public key that is not the private key's.
    #[error("the file's public key does not belong to its private key")]
    PublicKeyDiffers,
}

/// Reads a private key from the text of a PEM file. An encrypted one needs its passphrase; for an unencrypted one it is ignored.
///
/// # Errors
/// [`KeyFileError`], naming what is wrong.
pub fn from_pem(text: &str, passphrase: Option<&[u8]>) -> Result<SecretKey, KeyFileError> {
    from_file(text.as_bytes(), passphrase)
}

/// Reads a private key from a file: PEM as OpenSSL reads it (of several blocks the first that is a private key), or DER. An encrypted one
/// needs its passphrase; for an unencrypted one it is ignored.
///
/// # Errors
/// [`KeyFileError`], naming what is wrong.
pub fn from_file(file: &[u8], passphrase: Option<&[u8]>) -> Result<SecretKey, KeyFileError> {
    if file.len() > MAX_FILE {
        return Err(KeyFileError::NotPem);
    }
    if x509::der::check(file).is_ok() {
        return from_der(file, passphrase);
    }
    let mut found = KeyFileError::NotPem;
    for block in pem::blocks(file) {
        match block.label {
            PrivateKeyInfoRef::PEM_LABEL
            | EncryptedPrivateKeyInfoRef::PEM_LABEL
            | "EC PRIVATE KEY"
            | "SM2 PRIVATE KEY" => {
                if block.has_headers() {
                    return Err(KeyFileError::Unsupported);
                }
                let document = block.document().ok_or(KeyFileError::Malformed)?;
                return from_der(document.as_bytes(), passphrase);
            }
            "RSA PRIVATE KEY" | "DSA PRIVATE KEY" => return Err(KeyFileError::OtherAlgorithm),
            _ => found = KeyFileError::NotAPrivateKey,
        }
    }
    Err(found)
}

/// The forms of private keys begin differently, so the label of a block decides nothing.
fn from_der(der: &[u8], passphrase: Option<&[u8]>) -> Result<SecretKey, KeyFileError> {
    let begins = || {
        let mut inside = x509::der::Reader::new(der).expect(SEQUENCE).ok()?.inside();
        let [first, second] = [inside.next().ok()??, inside.next().ok()??];
        Some((first.tag, first.content, second.tag))
    };
    match begins() {
        // RFC 5958 §2: version, algorithm, key.
        Some((INTEGER, [0 | 1], SEQUENCE)) => {
            from_info(&PrivateKeyInfoRef::from_der(der).map_err(|_| KeyFileError::Malformed)?)
        }
        // RFC 5958 §3: algorithm, encrypted key.
        Some((SEQUENCE, _, OCTET_STRING)) => from_encrypted(der, passphrase),
        // RFC 5915 §3: version 1, key.
        #[cfg(feature = "sm")]
        Some((INTEGER, [1], OCTET_STRING)) => sm2_from_ec_key(der, None, Curve::Here),
        #[cfg(not(feature = "sm"))]
        Some((INTEGER, [1], OCTET_STRING)) => Err(KeyFileError::OtherAlgorithm),
        Some(_) => Err(KeyFileError::NotAPrivateKey),
        None => Err(KeyFileError::Malformed),
    }
}

fn from_encrypted(der: &[u8], passphrase: Option<&[u8]>) -> Result<SecretKey, KeyFileError> {
    let decrypted = match EncryptedPrivateKeyInfoRef::from_der(der) {
        Ok(encrypted) => {
            check_cost(&encrypted.encryption_algorithm)?;
            let passphrase = passphrase.ok_or(KeyFileError::PassphraseMissing)?;
            let decrypted = encrypted.encryption_algorithm.decrypt(passphrase, encrypted.encrypted_data.as_bytes());
            Zeroizing::new(decrypted.map_err(undecryptable)?)
        }
        // An encryption that the parser does not know, or a file that is none.
        Err(_) => {
            let encrypted = national::Encrypted::parse(der)?.ok_or(KeyFileError::Unsupported)?;
            encrypted.decrypt(passphrase.ok_or(KeyFileError::PassphraseMissing)?)?
        }
    };
    // One wrong passphrase in 256 leaves well-formed padding: what it decrypts to is no key.
    let info = PrivateKeyInfoRef::from_der(&decrypted).map_err(|_| KeyFileError::PassphraseWrong)?;
    from_info(&info)
}

fn undecryptable(error: pkcs5::Error) -> KeyFileError {
    match error {
        pkcs5::Error::UnsupportedAlgorithm { .. } | pkcs5::Error::NoPbes1CryptSupport => KeyFileError::Unsupported,
        pkcs5::Error::AlgorithmParametersInvalid { .. } => KeyFileError::Malformed,
        _ => KeyFileError::PassphraseWrong,
    }
}

/// A file may ask for any amount of work before its passphrase can be tried.
fn check_cost(scheme: &EncryptionScheme) -> Result<(), KeyFileError> {
    let EncryptionScheme::Pbes2(parameters) = scheme else {
        return Err(KeyFileError::Unsupported);
    };
    let affordable = match &parameters.kdf {
        pbes2::Kdf::Pbkdf2(kdf) => kdf.iteration_count <= MAX_ITERATIONS,
        pbes2::Kdf::Scrypt(kdf) => {
            // RFC 7914 §2: N blocks of 128 r bytes, p times over.
            let blocks = kdf.cost_parameter.checked_mul(u64::from(kdf.block_size));
            let work = blocks.and_then(|blocks| blocks.checked_mul(u64::from(kdf.parallelization)));
            blocks.is_some_and(|blocks| blocks <= MAX_SCRYPT_BLOCKS) && work.is_some_and(|work| work <= MAX_SCRYPT_WORK)
        }
        _ => return Err(KeyFileError::Unsupported),
    };
    if affordable { Ok(()) } else { Err(KeyFileError::TooCostly) }
}

fn from_info(info: &PrivateKeyInfoRef<'_>) -> Result<SecretKey, KeyFileError> {
    let stated = info.public_key.as_ref().map(|stated| stated.as_bytes());
    // RFC 8410 §3: no parameters.
    if info.algorithm.oid == ED25519 && info.algorithm.parameters.is_none() {
        // RFC 8410 §7: CurvePrivateKey ::= OCTET STRING
        let seed = <&OctetStringRef>::from_der(info.private_key.as_bytes()).map_err(|_| KeyFileError::Malformed)?;
        let seed: &[u8; 32] = seed.as_bytes().try_into().map_err(|_| KeyFileError::Malformed)?;
        let key = SecretKey::from_seed(seed).map_err(|_| KeyFileError::Malformed)?;
        return match stated {
            Some(stated) if stated != Some(key.public_key().coordinates()) => Err(KeyFileError::PublicKeyDiffers),
            _ => Ok(key),
        };
    }
    #[cfg(feature = "sm")]
    if info.algorithm.oid == EC_PUBLIC_KEY {
        return match info.algorithm.parameters_oid() {
            Ok(CURVE_SM2) => sm2_from_ec_key(info.private_key.as_bytes(), stated, Curve::Beside),
            Ok(_) => Err(KeyFileError::OtherAlgorithm),
            Err(_) => Err(KeyFileError::CurveUnnamed),
        };
    }
    Err(KeyFileError::OtherAlgorithm)
}

/// Where the curve of an `ECPrivateKey` is named.
#[cfg(feature = "sm")]
#[derive(Clone, Copy, PartialEq, Eq)]
enum Curve {
    /// In itself.
    Here,
    /// In the PKCS#8 around it, and perhaps in itself again.
    Beside,
}

/// RFC 5915 §3: `ECPrivateKey ::= SEQUENCE { INTEGER 1, OCTET STRING, [0] parameters OPTIONAL, [1] BIT STRING OPTIONAL }`. Where the
/// public key is stated, here or beside it, it is the private key's.
#[cfg(feature = "sm")]
fn sm2_from_ec_key(private_key: &[u8], stated: Option<Option<&[u8]>>, curve: Curve) -> Result<SecretKey, KeyFileError> {
    const PARAMETERS: u8 = 0xa0;
    const PUBLIC_KEY: u8 = 0xa1;
    let read = || {
        let mut inside = x509::der::check(private_key)?.inside();
        let version = inside.expect(INTEGER)?.content;
        let number = inside.expect(OCTET_STRING)?.content;
        let parameters = inside.optional(PARAMETERS)?;
        let public = inside.optional(PUBLIC_KEY)?;
        inside.finish()?;
        // RFC 5480 §2.1.1: the name of a curve, or a SEQUENCE of its numbers.
        let named = parameters.map(|parameters| parameters.inside().optional(OBJECT_IDENTIFIER)).transpose()?;
        let public = public.map(|public| public.inside().expect(BIT_STRING)).transpose()?;
        Ok::<_, x509::der::DerError>((
            version,
            number,
            named.map(|named| named.map(|curve| curve.content)),
            public.map(|bits| bits.content),
        ))
    };
    let (version, number, named, public) = read().map_err(|_| KeyFileError::Malformed)?;
    match (named, curve) {
        _ if version != [1] => return Err(KeyFileError::Malformed),
        (Some(Some(name)), _) if name == CURVE_SM2.as_bytes() => {}
        (None, Curve::Beside) => {}
        (Some(Some(_)), Curve::Here) => return Err(KeyFileError::OtherAlgorithm),
        (Some(Some(_)), Curve::Beside) => return Err(KeyFileError::Malformed),
        (Some(None), _) | (None, Curve::Here) => return Err(KeyFileError::CurveUnnamed),
    }
    let number: &[u8; 32] = number.try_into().map_err(|_| KeyFileError::Malformed)?;
    let key = SecretKey::sm2(number).map_err(|_| KeyFileError::Malformed)?;
    // X.690 §8.6.2: a bit string begins with the number of its unused bits.
    let inner = public.map(|bits| bits.strip_prefix(&[0]));
    let is_its = |stated: Option<&[u8]>| stated.is_some_and(|point| names_point(point, key.public_key().coordinates()));
    if [inner, stated].into_iter().flatten().all(is_its) { Ok(key) } else { Err(KeyFileError::PublicKeyDiffers) }
}

/// Is it this point x‖y, in one of the three forms of SEC 1 §2.3.3: uncompressed, compressed, or both in one?
#[cfg(feature = "sm")]
fn names_point(point: &[u8], coordinates: &[u8]) -> bool {
    let odd = coordinates.last().is_some_and(|last| last & 1 == 1);
    let x = coordinates.get(..32);
    match point {
        [4, both @ ..] => both == coordinates,
        [2, rest @ ..] => !odd && Some(rest) == x,
        [3, rest @ ..] => odd && Some(rest) == x,
        [6, both @ ..] => !odd && both == coordinates,
        [7, both @ ..] => odd && both == coordinates,
        _ => false,
    }
}

/// The `PrivateKeyInfo` of a key.
fn to_info(key: &SecretKey) -> Zeroizing<Vec<u8>> {
    let secret = key.expose_secret();
    Zeroizing::new(match key.public_key().algorithm() {
        Algorithm::Ed25519 => [PREFIX.as_slice(), secret.as_slice()].concat(),
        #[cfg(feature = "sm")]
        Algorithm::Sm2 => {
            [SM2_PREFIX.as_slice(), secret.as_slice(), &SM2_POINT_PREFIX, key.public_key().coordinates()].concat()
        }
    })
}

/// Writes the key as an encrypted PEM file. `salt` and `iv` must come fresh from a cryptographic source of randomness.
///
/// # Errors
/// [`KeyFileError::PassphraseEmpty`].
pub fn to_encrypted_pem(
    key: &SecretKey,
    passphrase: &[u8],
    salt: &[u8; 16],
    iv: &[u8; 16],
) -> Result<String, KeyFileError> {
    if passphrase.is_empty() {
        return Err(KeyFileError::PassphraseEmpty);
    }
    let plain = to_info(key);
    let encrypt = || {
        let cost = scrypt::Params::new(LOG_N, R, P).ok()?;
        let parameters = pbes2::Parameters::generate_scrypt_aes256cbc(cost, salt, *iv).ok()?;
        let data = parameters.encrypt(passphrase, &plain).ok()?;
        let encrypted_data = OctetStringRef::new(&data).ok()?;
        let info = EncryptedPrivateKeyInfoRef { encryption_algorithm: parameters.into(), encrypted_data };
        let document = SecretDocument::try_from(&info).ok()?;
        let pem = document.to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF).ok()?;
        Some(String::from(pem.as_str()))
    };
    encrypt().ok_or(KeyFileError::Unsupported)
}

#[cfg(test)]
mod tests;
