//! SM2 (GB/T 32918.2) with SM3 (GB/T 32905), verified strictly.
//!
//! Strict means: r and s lie in [1, n − 1], r + s is not 0 modulo n, the point of which x is taken is not the one at infinity, and the
//! key is a point of the curve in uncompressed form. What depends on the key alone, the hash Z of its holder's distinguishing identifier
//! included, is worked out once, when the key is admitted.

#[cfg(feature = "issue")]
use sm2::dsa::SigningKey;
use sm2::dsa::signature::MultipartVerifier;
#[cfg(feature = "issue")]
use sm2::dsa::signature::Signer as _;
use sm2::dsa::{Signature, VerifyingKey};
use sm2::elliptic_curve::group::Group;
use sm2::{AffinePoint, ProjectivePoint};

#[cfg(feature = "issue")]
use sm2::elliptic_curve::point::AffineCoordinates as _;
#[cfg(feature = "issue")]
use zeroize::Zeroizing;

use super::BadSignature;
use super::key::KeyError;

/// GB/T 35276 §10: the identifier where none was agreed on.
pub(super) const DEFAULT_ID: &str = "1234567812345678";

/// `SEQUENCE { SEQUENCE { OID 1.2.840.10045.2.1, OID 1.2.156.10197.1.301 }, BIT STRING }` (RFC 5480 §2, GB/T 33560) up to the key's 64
/// bytes: the form of an uncompressed point stands last.
pub(super) const SPKI_PREFIX: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf,
    0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00, 0x04,
];
/// `SEQUENCE { OID 1.2.156.10197.1.501 }`: SM2 with SM3, without parameters.
pub(super) const SIGNATURE_IDENTIFIER: [u8; 12] =
    [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75];
/// The same with NULL for parameters, as many authorities write it.
pub(super) const SIGNATURE_IDENTIFIER_NULL: [u8; 14] =
    [0x30, 0x0c, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75, 0x05, 0x00];

/// A key that passed [`admit`].
#[derive(Clone, Debug)]
pub(super) struct Key {
    key: VerifyingKey,
    /// x‖y.
    point: [u8; 64],
}

/// One point has one key for us, for the identifier is the same in all.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.point == other.point
    }
}

impl Eq for Key {}

/// Admits x‖y: both below p, on the curve, and not −G, whose secret n − 1 is the one that GB/T 32918.2 §6.1 leaves out: by it *every* s
/// would go with an r.
pub(super) fn admit(point: &[u8; 64]) -> Result<Key, KeyError> {
    let mut uncompressed = [0x04; 65];
    uncompressed.split_at_mut(1).1.copy_from_slice(point);
    let key = VerifyingKey::from_sec1_bytes(DEFAULT_ID, &uncompressed).map_err(|_| KeyError::NotOnCurve)?;
    #[allow(clippy::arithmetic_side_effects, reason = "a group has no overflow")]
    let left_out = AffinePoint::from(-ProjectivePoint::generator());
    if *key.as_affine() == left_out {
        return Err(KeyError::SecretLeftOut);
    }
    Ok(Key { key, point: *point })
}

impl Key {
    pub(super) const fn as_bytes(&self) -> &[u8; 64] {
        &self.point
    }

    /// Verifies r‖s over the concatenation of `message`'s pieces. Allocates nothing.
    pub(super) fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), BadSignature> {
        // GB/T 32918.2 §7.1 B1, B2: r and s are looked at here, the rest in the crate.
        let signature = Signature::from_slice(signature).map_err(|_| BadSignature)?;
        self.key.multipart_verify(message, &signature).map_err(|_| BadSignature)
    }

    /// The same key, of a holder with another distinguishing identifier (GB/T 32918.2 §5.5). It must be one that can be hashed: at most
    /// 8191 bytes, as its length in bits has two bytes.
    pub(super) fn of_holder(&self, identifier: &str) -> Result<Self, BadSignature> {
        let mut uncompressed = [0x04; 65];
        uncompressed.split_at_mut(1).1.copy_from_slice(&self.point);
        let key = VerifyingKey::from_sec1_bytes(identifier, &uncompressed).map_err(|_| BadSignature)?;
        Ok(Self { key, point: self.point })
    }

    /// Verifies `SEQUENCE { INTEGER r, INTEGER s }` in DER (GB/T 35276 §7.3), as certificates have it.
    pub(super) fn verify_der(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.verify(&[message], &from_der(signature).ok_or(BadSignature)?)
    }
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// r‖s of a signature in DER, and in nothing but DER: X.690 §8.3.2, shortest integers; none is negative or longer than n.
fn from_der(der: &[u8]) -> Option<[u8; 64]> {
    let (content, rest) = element(der, SEQUENCE)?;
    let (r, content) = element(content, INTEGER)?;
    let (s, content) = element(content, INTEGER)?;
    if !rest.is_empty() || !content.is_empty() {
        return None;
    }
    let mut signature = [0; 64];
    let (left, right) = signature.split_at_mut(32);
    for (integer, place) in [(r, left), (s, right)] {
        let magnitude = match integer {
            [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => rest,
            [first, ..] if (1..0x80).contains(first) => integer,
            _ => return None,
        };
        let from = 32_usize.checked_sub(magnitude.len())?;
        place.get_mut(from..)?.copy_from_slice(magnitude);
    }
    Some(signature)
}

/// The content of an element of fewer than 128 bytes, which all of a signature are, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = der.split_first_chunk()?;
    if found != tag || length >= 0x80 {
        return None;
    }
    rest.split_at_checked(length.into())
}

/// r‖s as certificates have it.
#[cfg(feature = "issue")]
pub(super) fn to_der(signature: &[u8; 64]) -> alloc::vec::Vec<u8> {
    use alloc::vec::Vec;

    fn integer(magnitude: &[u8]) -> Vec<u8> {
        let leading = magnitude.iter().take_while(|byte| **byte == 0).count();
        let digits = magnitude.split_at_checked(leading).map_or(magnitude, |(_, digits)| digits);
        let sign: &[u8] = if digits.first().is_none_or(|first| *first >= 0x80) { &[0] } else { &[] };
        tagged(INTEGER, [sign, digits].concat())
    }

    fn tagged(tag: u8, content: Vec<u8>) -> Vec<u8> {
        // Two integers of at most 33 bytes: the short form of a length serves.
        let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
        let mut element = Vec::from([tag, length]);
        element.extend(content);
        element
    }

    let (r, s) = signature.split_at(32);
    tagged(SEQUENCE, [integer(r), integer(s)].concat())
}

/// A secret number, with its key. Signatures are deterministic: the nonce follows from number and message (RFC 6979, with SM3).
#[cfg(feature = "issue")]
pub(super) struct Secret(SigningKey);

#[cfg(feature = "issue")]
impl Secret {
    /// A number from 1 to n − 1, big-endian; that the last is left out shows when its key is admitted.
    pub(super) fn new(number: &[u8; 32]) -> Result<Self, KeyError> {
        SigningKey::from_slice(DEFAULT_ID, number).map(Self).map_err(|_| KeyError::Malformed)
    }

    /// x‖y of the public key.
    pub(super) fn point(&self) -> [u8; 64] {
        let mut point = [0; 64];
        let (x, y) = point.split_at_mut(32);
        let affine = self.0.verifying_key().as_affine();
        x.copy_from_slice(&affine.x());
        y.copy_from_slice(&affine.y());
        point
    }

    pub(super) fn expose(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<[u8; 64], BadSignature> {
        let signature: Signature = self.0.try_sign(message).map_err(|_| BadSignature)?;
        Ok(signature.to_bytes().into())
    }
}

/// The crate leaves a key in memory as it is: another is written over it.
#[cfg(feature = "issue")]
impl Drop for Secret {
    fn drop(&mut self) {
        let mut one = [0; 32];
        one[31] = 1;
        if let Ok(other) = SigningKey::from_slice(DEFAULT_ID, &one) {
            self.0 = other;
            core::hint::black_box(&self.0);
        }
    }
}

#[cfg(test)]
#[path = "tests/sm2.rs"]
mod tests;
