//! The bytes that a signature covers: `Sig_structure` (RFC 9052 §4.4), in pieces that are never joined.

use alloc::vec::Vec;

use crate::suite::{Digest, HashAlgorithm, Hasher};

/// A CBOR head for a byte string, at most 9 bytes.
#[derive(Clone, Copy, Debug)]
struct BytesHead {
    bytes: [u8; 9],
    length: usize,
}

impl BytesHead {
    fn new(length: usize) -> Self {
        let argument = u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes();
        let [a, b, c, d, e, f, g, h] = argument;
        let (bytes, length) = match length {
            0..=23 => ([0x40 | h, 0, 0, 0, 0, 0, 0, 0, 0], 1),
            24..=0xff => ([0x58, h, 0, 0, 0, 0, 0, 0, 0], 2),
            0x100..=0xffff => ([0x59, g, h, 0, 0, 0, 0, 0, 0], 3),
            0x1_0000..=0xffff_ffff => ([0x5a, e, f, g, h, 0, 0, 0, 0], 5),
            _ => ([0x5b, a, b, c, d, e, f, g, h], 9),
        };
        Self { bytes, length }
    }

    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// A `Sig_structure`: `["Signature1", protected, h'', payload]`, or for a signer of a COSE_Sign
/// `["Signature", body_protected, sign_protected, h'', payload]`. The external data is always empty.
#[derive(Clone, Copy, Debug)]
pub struct SignedBytes<'a> {
    context: &'static [u8],
    protected_head: BytesHead,
    protected: &'a [u8],
    signer: Option<(BytesHead, &'a [u8])>,
    payload_head: BytesHead,
    payload: &'a [u8],
}

impl<'a> SignedBytes<'a> {
    /// What the signature of a COSE_Sign1 covers.
    #[must_use]
    pub fn sign1(protected: &'a [u8], payload: &'a [u8]) -> Self {
        Self {
            context: b"\x84\x6aSignature1",
            protected_head: BytesHead::new(protected.len()),
            protected,
            signer: None,
            payload_head: BytesHead::new(payload.len()),
            payload,
        }
    }

    /// What one signature of a COSE_Sign covers.
    #[must_use]
    pub fn sign(body_protected: &'a [u8], sign_protected: &'a [u8], payload: &'a [u8]) -> Self {
        Self {
            context: b"\x85\x69Signature",
            signer: Some((BytesHead::new(sign_protected.len()), sign_protected)),
            ..Self::sign1(body_protected, payload)
        }
    }

    /// Hands the pieces to `f`; their concatenation is what is signed.
    pub fn with_pieces<T>(&self, f: impl FnOnce(&[&[u8]]) -> T) -> T {
        let (head, payload) = (self.protected_head.as_slice(), self.payload_head.as_slice());
        match &self.signer {
            None => f(&[self.context, head, self.protected, b"\x40", payload, self.payload]),
            Some((signer_head, signer)) => {
                f(&[self.context, head, self.protected, signer_head.as_slice(), signer, b"\x40", payload, self.payload])
            }
        }
    }

    /// SHA-256 of the concatenation. Of a [`SignedBytes::sign1`] it is the *object digest*, which names an object wherever one is named.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::new(HashAlgorithm::Sha256);
        self.with_pieces(|pieces| pieces.iter().for_each(|piece| hasher.update(piece)));
        hasher.finish()
    }
}

/// The concatenation, for a signer that wants it whole.
#[must_use]
pub fn sig_structure(signed: &SignedBytes<'_>) -> Vec<u8> {
    signed.with_pieces(|pieces| pieces.concat())
}
