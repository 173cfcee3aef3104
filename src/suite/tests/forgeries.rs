//! What must not pass for a signature or a key of SM2 although arithmetic alone would let it: each made so that the equation of
//! GB/T 32918.2 §7.1 holds, or would hold to a reader that is lax, and counted by kind.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use sm2::dsa::signature::Signer as _;
use sm2::dsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::PrimeField as _;
use sm2::elliptic_curve::group::Group as _;
use sm2::elliptic_curve::ops::Reduce as _;
use sm2::elliptic_curve::point::AffineCoordinates as _;
use sm2::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};

use super::hex;
use crate::suite::{BadSignature, HashAlgorithm, Hasher, KeyError, PublicKey, sha256};

const ID: &str = "1234567812345678";
const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
const PRIME: &str = "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff";

/// A number out of nowhere, the same in each run.
fn scalar(name: &str) -> Scalar {
    Scalar::reduce(&FieldBytes::from(*sha256(name.as_bytes()).as_bytes()))
}

fn bytes(number: Scalar) -> [u8; 32] {
    number.to_repr().into()
}

fn halves(r: [u8; 32], s: [u8; 32]) -> [u8; 64] {
    [r, s].concat().try_into().unwrap()
}

/// The sum, if it has 32 bytes.
fn sum(left: [u8; 32], right: &str) -> Option<[u8; 32]> {
    let (mut carry, mut sum) = (0, [0; 32]);
    for (at, right) in hex(right).into_iter().enumerate().rev() {
        let digit = u16::from(left[at]) + u16::from(right) + carry;
        (sum[at], carry) = (digit.to_le_bytes()[0], digit >> 8);
    }
    (carry == 0).then_some(sum)
}

fn x(point: ProjectivePoint) -> Scalar {
    Scalar::reduce(&AffinePoint::from(point).x())
}

fn signing_key(secret: Scalar, id: &str) -> SigningKey {
    SigningKey::from_slice(id, &bytes(secret)).unwrap()
}

fn coordinates(key: &VerifyingKey) -> [u8; 64] {
    let affine = key.as_affine();
    halves(affine.x().into(), affine.y().into())
}

/// The digest that makes (r, s) a signature by `key`: e = r − x₁, where (x₁, y₁) = sG + (r + s)P.
fn digest_for(key: &VerifyingKey, r: Scalar, s: Scalar) -> [u8; 32] {
    let point = ProjectivePoint::generator() * s + ProjectivePoint::from(*key.as_affine()) * (r + s);
    bytes(r - x(point))
}

fn verified(key: &VerifyingKey, digest: [u8; 32], r: [u8; 32], s: [u8; 32]) -> bool {
    Signature::from_slice(&halves(r, s)).is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
}

/// Below the hash: with a digest chosen for it, the equation holds for every pair of numbers. What refuses these is their range alone.
#[test]
fn numbers_out_of_range_are_refused_although_the_equation_holds() {
    let mut refused = BTreeMap::new();
    for at in 0..50_u64 {
        let secret = scalar(&alloc::format!("secret {at}"));
        let key = *signing_key(secret, ID).verifying_key().as_affine();
        let key = VerifyingKey::from_affine(ID, key).unwrap();
        let (small, any) = (Scalar::from(at + 1), scalar(&alloc::format!("number {at}")));
        // r, then s, and the same with n added, which still has 32 bytes: others reduce it.
        for (r, s) in [(small, any), (any, small), (small, small)] {
            let digest = digest_for(&key, r, s);
            let (r, s) = (bytes(r), bytes(s));
            assert!(verified(&key, digest, r, s), "the attack's own arithmetic");
            for (r_more, s_more) in [(sum(r, ORDER), Some(s)), (Some(r), sum(s, ORDER)), (sum(r, ORDER), sum(s, ORDER))]
            {
                if let (Some(r), Some(s)) = (r_more, s_more) {
                    assert!(!verified(&key, digest, r, s));
                    *refused.entry("n added").or_insert(0) += 1;
                }
            }
        }
        // One of them 0, or n, with the digest that makes it hold.
        for (r, s) in [(Scalar::ZERO, any), (any, Scalar::ZERO)] {
            let digest = digest_for(&key, r, s);
            let as_order = |number: [u8; 32]| if number == [0; 32] { sum(number, ORDER).unwrap() } else { number };
            let (r, s) = (bytes(r), bytes(s));
            assert!(!verified(&key, digest, r, s));
            assert!(!verified(&key, digest, as_order(r), as_order(s)));
            *refused.entry("0 and n").or_insert(0) += 2;
        }
        // r + s ≡ 0: the key falls out of the equation, so that anyone signs for anyone.
        let digest = digest_for(&key, -any, any);
        assert_eq!(digest, bytes(-any - x(ProjectivePoint::generator() * any)));
        assert!(!verified(&key, digest, bytes(-any), bytes(any)));
        *refused.entry("r + s = 0").or_insert(0) += 1;
        // The point at infinity: s(1 + d) = −rd. A reader that takes 0 for its x finds r = e.
        let s = -(any * secret) * (secret + Scalar::ONE).invert().unwrap();
        let point = ProjectivePoint::generator() * s + ProjectivePoint::from(*key.as_affine()) * (any + s);
        assert!(bool::from(point.is_identity()));
        assert!(!verified(&key, bytes(any), bytes(any), bytes(s)));
        *refused.entry("infinity").or_insert(0) += 1;
    }
    let all: u32 = refused.values().sum();
    assert_eq!(refused, BTreeMap::from([("n added", 250), ("0 and n", 200), ("r + s = 0", 50), ("infinity", 50)]));
    assert!(all >= 300);
}

/// Over the hash, by the way that envelopes and certificates take: forms of a true signature that others read as the same.
#[test]
fn no_other_form_of_a_signature_passes() {
    let mut refused = BTreeMap::new();
    for at in 0..40 {
        let secret = scalar(&alloc::format!("secret {at}"));
        let message = alloc::format!("message {at}").into_bytes();
        let signer = signing_key(secret, ID);
        let key = PublicKey::sm2(&coordinates(signer.verifying_key())).unwrap();
        let signature: Signature = signer.sign(&message);
        let raw: [u8; 64] = signature.to_bytes().into();
        let (r, s): ([u8; 32], [u8; 32]) = (raw[..32].try_into().unwrap(), raw[32..].try_into().unwrap());
        let integer = |padding: usize, number: &[u8]| {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            let digits = &number[zeros..];
            let length = padding + usize::from(digits[0] >= 0x80);
            [&[2, u8::try_from(length + digits.len()).unwrap()][..], &[0, 0, 0][..length], digits].concat()
        };
        let sequence =
            |r: Vec<u8>, s: Vec<u8>| [&[0x30, u8::try_from(r.len() + s.len()).unwrap()][..], &r, &s].concat();
        let der = sequence(integer(0, &r), integer(0, &s));
        assert_eq!(key.verify(&[&message], &raw), Ok(()));
        assert_eq!(key.verify_certificate(&message, &der), Ok(()));
        let mut bad = |kind: &'static str, answer: Result<(), BadSignature>| {
            assert_eq!(answer, Err(BadSignature), "{kind}");
            *refused.entry(kind).or_insert(0) += 1;
        };
        bad("DER for raw", key.verify(&[&message], &der));
        bad("raw for DER", key.verify_certificate(&message, &raw));
        bad("swapped", key.verify(&[&message], &halves(s, r)));
        bad("swapped", key.verify_certificate(&message, &sequence(integer(0, &s), integer(0, &r))));
        for (of_r, of_s) in [(1, 0), (0, 1), (1, 1), (2, 0), (0, 2)] {
            bad("padded", key.verify_certificate(&message, &sequence(integer(of_r, &r), integer(of_s, &s))));
        }
        bad("padded", key.verify(&[&message], &[&[0], &raw[..]].concat()));
        bad("padded", key.verify(&[&message], &[&[0], &r[..], &[0], &s].concat()));
        // Without the zero that keeps a number from being negative.
        let negative = |number: [u8; 32]| [&[2, 32], &number[..]].concat();
        if r[0] >= 0x80 || s[0] >= 0x80 {
            bad("negative", key.verify_certificate(&message, &sequence(negative(r), negative(s))));
        }
        let numbers = [signature.r(), signature.s()].map(|number| *number.as_ref());
        let minus = numbers.map(|number: Scalar| bytes(-number));
        bad("negated", key.verify(&[&message], &halves(minus[0], s)));
        bad("negated", key.verify(&[&message], &halves(r, minus[1])));
        bad("r + s = 0", key.verify(&[&message], &halves(r, minus[0])));
        bad("r + s = 0", key.verify(&[&message], &halves(minus[1], s)));
        for edge in [[0; 32], bytes(Scalar::ONE), sum([0; 32], ORDER).unwrap(), sum(bytes(Scalar::ONE), ORDER).unwrap()]
        {
            bad("edge", key.verify(&[&message], &halves(edge, s)));
            bad("edge", key.verify(&[&message], &halves(r, edge)));
            bad("edge", key.verify_certificate(&message, &sequence(integer(0, &edge_digits(edge)), integer(0, &s))));
        }
        bad("another key", {
            let other = signing_key(scalar(&alloc::format!("other {at}")), ID);
            let signature: Signature = other.sign(&message);
            key.verify(&[&message], &signature.to_bytes())
        });
    }
    assert!(refused.remove("negative").is_some_and(|count| count > 10));
    let expected = [
        ("DER for raw", 40),
        ("raw for DER", 40),
        ("swapped", 80),
        ("padded", 280),
        ("negated", 80),
        ("r + s = 0", 80),
        ("edge", 480),
        ("another key", 40),
    ];
    assert_eq!(refused, BTreeMap::from(expected));
}

/// What an integer of DER is written from: 0 has one digit.
fn edge_digits(number: [u8; 32]) -> Vec<u8> {
    if number == [0; 32] { Vec::from([1]) } else { number.to_vec() }
}

/// Every identifier signs, every identifier verifies: they agree on the diagonal alone. The last column is none: no Z before the message.
#[test]
fn a_signature_is_by_one_identifier() {
    let long = "9".repeat(64);
    let ids = [
        ID,
        "",
        "1234567812345679",
        "123456781234567",
        "12345678123456780",
        "ALICE123@YAHOO.COM",
        "示例甲省电子认证CA",
        &long,
    ];
    let (mut good, mut bad) = (0, 0);
    for at in 0..4 {
        let secret = scalar(&alloc::format!("secret {at}"));
        let key = PublicKey::sm2(&coordinates(signing_key(secret, ID).verifying_key())).unwrap();
        let message = alloc::format!("message {at}").into_bytes();
        let mut plain = Hasher::new(HashAlgorithm::Sm3);
        plain.update(&message);
        let without: Signature = signing_key(secret, ID).sign_prehash(plain.finish().as_bytes()).unwrap();
        let by = ids.map(|id| Some((id, signing_key(secret, id).sign(&message)))).into_iter();
        for signed in by.chain([None]) {
            let (signer, signature) =
                signed.map_or((None, without), |(id, signature): (_, Signature)| (Some(id), signature));
            let der = crate::suite::sm2::to_der(&signature.to_bytes().into());
            assert_eq!(key.verify(&[&message], &signature.to_bytes()).is_ok(), signer == Some(ID));
            assert_eq!(key.verify_certificate(&message, &der).is_ok(), signer == Some(ID));
            for id in ids {
                let holds = key.verify_certificate_as(id, &message, &der).is_ok();
                assert_eq!(holds, signer == Some(id), "{signer:?} {id}");
                *(if holds { &mut good } else { &mut bad }) += 1;
            }
        }
        // An identifier whose length in bits has no two bytes cannot be hashed: refused, not cut.
        let beyond = "9".repeat(8_192);
        assert_eq!(key.verify_certificate_as(&beyond, &message, &[]), Err(BadSignature));
    }
    assert_eq!((good, bad), (4 * 8, 4 * (9 * 8 - 8)));
}

/// A point of another curve would let its holder learn of a secret by which it is multiplied, and be a key by which many sign.
#[test]
fn a_hundred_points_of_other_curves_are_refused() {
    let refuse = |point: [u8; 64]| {
        assert_eq!(PublicKey::sm2(&point).unwrap_err(), KeyError::NotOnCurve, "{point:02x?}");
        1
    };
    let mut refused = 0;
    for at in 0..60 {
        let secret = scalar(&alloc::format!("secret {at}"));
        let point = coordinates(signing_key(secret, ID).verifying_key());
        assert!(PublicKey::sm2(&point).is_ok());
        let (x, y): ([u8; 32], [u8; 32]) = (point[..32].try_into().unwrap(), point[32..].try_into().unwrap());
        let any = *sha256(&point).as_bytes();
        // (x, 0) has order 2 on the curve with the b that it fits; the others have one of another b, too.
        let others = [halves(x, [0; 32]), halves([0; 32], y), halves(y, x), halves(x, any), halves(any, y)];
        refused += others.into_iter().map(refuse).sum::<u32>();
    }
    assert_eq!(refused, 300);
    // The same point in numbers from p on: those of which x is small enough for p to be added in 32 bytes.
    let mut above = 0;
    for small in 0_u64..40 {
        let x = bytes(Scalar::from(small));
        let Ok(key) = VerifyingKey::from_sec1_bytes(ID, &[&[2], &x[..]].concat()) else { continue };
        let point = coordinates(&key);
        assert!(PublicKey::sm2(&point).is_ok());
        let y = point[32..].try_into().unwrap();
        above += refuse(halves(sum(x, PRIME).unwrap(), y));
    }
    assert!(above >= 10, "{above}");
    // None of 64 bytes is the point at infinity: zeros are on another curve.
    refuse([0; 64]);
}
