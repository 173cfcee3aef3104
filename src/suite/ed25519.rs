//! Ed25519 (RFC 8032), verified strictly.
//!
//! Strict means: A and R are canonical encodings and not of small order, s < L, and the equation holds without the cofactor. What
//! depends on the key alone is checked once, when the key is admitted; then `ed25519-dalek`'s plain verification, which recomputes R
//! and compares its bytes (so that R is canonical), and the list of small-order encodings of R accept exactly what `verify_strict`
//! accepts. An admitted key is torsion-free besides, which `verify_strict` does not ask: no two keys then share a signature.

use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::{Signature, VerifyingKey};

use super::BadSignature;
use super::key::KeyError;

/// RFC 8410 §4: `SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING }` up to the key's 32 bytes.
pub(super) const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// RFC 8410 §3: `SEQUENCE { OID 1.3.101.112 }`.
pub(super) const SIGNATURE_IDENTIFIER: [u8; 7] = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];

/// The canonical encodings of the eight points of small order. Non-canonical ones never equal a recomputed R.
const SMALL_ORDER: [[u8; 32]; 8] = {
    // y = 1 (identity), y = -1 (order 2), y = 0 with both signs (order 4), and the four points of order 8.
    const Y8: [u8; 32] = [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ];
    const Y8_NEG: [u8; 32] = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ];
    const fn last(mut bytes: [u8; 32], last: u8) -> [u8; 32] {
        bytes[31] = last;
        bytes
    }
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut order2 = [0xff; 32];
    order2[0] = 0xec;
    order2[31] = 0x7f;
    [identity, order2, [0; 32], last([0; 32], 0x80), Y8, last(Y8, 0x85), Y8_NEG, last(Y8_NEG, 0xfa)]
};

/// A decompressed key that passed [`admit`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key(VerifyingKey);

/// Admits a key: canonical, on the curve, not of small order, torsion-free.
pub(super) fn admit(bytes: &[u8; 32]) -> Result<Key, KeyError> {
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotOnCurve)?;
    let point = key.to_edwards();
    if point.compress().as_bytes() != bytes {
        return Err(KeyError::NotCanonical);
    }
    if point.is_small_order() {
        return Err(KeyError::SmallOrder);
    }
    #[allow(clippy::arithmetic_side_effects, reason = "a group has no overflow")]
    let negated = -point;
    // (L - 1)A = -A if and only if LA = 0. Public data, so the variable-time multiplication serves.
    if EdwardsPoint::vartime_double_scalar_mul_basepoint(&-Scalar::ONE, &point, &Scalar::ZERO) != negated {
        return Err(KeyError::Torsion);
    }
    Ok(Key(key))
}

impl Key {
    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Verifies a signature over the concatenation of `message`'s pieces. Allocates nothing.
    pub(super) fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), BadSignature> {
        let signature = Signature::from_slice(signature).map_err(|_| BadSignature)?;
        if SMALL_ORDER.contains(signature.r_bytes()) {
            return Err(BadSignature);
        }
        // RFC 8032 §5.1.7 step 1: s < L is checked where the stream begins.
        let mut stream = self.0.verify_stream(&signature).map_err(|_| BadSignature)?;
        for piece in message {
            stream.update(piece);
        }
        stream.finalize_and_verify().map_err(|_| BadSignature)
    }
}
