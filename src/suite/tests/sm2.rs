#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::arithmetic_side_effects)]

use alloc::format;
use alloc::vec::Vec;

use sm2::dsa::SigningKey;
use sm2::dsa::signature::Signer as _;
use sm2::dsa::signature::hazmat::PrehashSigner as _;

use super::{SIGNATURE_IDENTIFIER_NULL, admit, from_der};
use crate::cbor::{Reader, Writer};
use crate::labels::cose;
use crate::suite::{Algorithm, CoseKeyError, HashAlgorithm, Hasher, KeyError, PublicKey};

/// GB/T 32918.5 A.2: a key of the recommended curve, a message, and their signature.
const SECRET: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const POINT: &str = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                     ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
const MESSAGE: &[u8] = b"message digest";
const SIGNATURE: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
/// The order of the group, and the prime of the field.
const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
const PRIME: &str = "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff";
/// The generator.
const GENERATOR: &str = "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7\
                         bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";

fn hex<const N: usize>(text: &str) -> [u8; N] {
    assert_eq!(text.len(), 2 * N);
    core::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
}

fn key() -> PublicKey {
    PublicKey::sm2(&hex(POINT)).unwrap()
}

/// A number of 32 bytes, and another so much larger or smaller.
fn shifted(number: [u8; 32], by: i8) -> [u8; 32] {
    let mut carry = i32::from(by);
    let mut shifted = number;
    for byte in shifted.iter_mut().rev() {
        let sum = i32::from(*byte) + carry;
        *byte = u8::try_from(sum.rem_euclid(256)).unwrap();
        carry = sum.div_euclid(256);
    }
    shifted
}

fn halves(r: [u8; 32], s: [u8; 32]) -> [u8; 64] {
    [r, s].concat().try_into().unwrap()
}

#[test]
fn the_standards_example_verifies_in_any_pieces() {
    let signature: [u8; 64] = hex(SIGNATURE);
    assert_eq!(key().verify(&[MESSAGE], &signature), Ok(()));
    for at in 0..=MESSAGE.len() {
        let (left, right) = MESSAGE.split_at(at);
        assert_eq!(key().verify(&[left, &[], right], &signature), Ok(()));
    }
}

#[test]
fn sm3_has_the_values_of_the_standard() {
    // GB/T 32905 appendix A.
    let of = |bytes: &[u8]| {
        let mut hasher = Hasher::new(HashAlgorithm::Sm3);
        bytes.chunks(7).for_each(|chunk| hasher.update(chunk));
        format!("{}", hasher.finish())
    };
    assert_eq!(of(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_eq!(of(&b"abcd".repeat(16)), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

#[test]
fn no_other_signature_verifies() {
    let signature: [u8; 64] = hex(SIGNATURE);
    let (r, s): ([u8; 32], [u8; 32]) = (hex(&SIGNATURE[..64]), hex(&SIGNATURE[64..]));
    let order: [u8; 32] = hex(ORDER);
    let mut bad: Vec<Vec<u8>> = Vec::new();
    // Every bit.
    for bit in 0..512 {
        let mut flipped = signature;
        flipped[bit / 8] ^= 1 << (bit % 8);
        bad.push(flipped.to_vec());
    }
    // Every length but the right one, and what is longer by nothing but zeros.
    bad.extend((0..64).map(|length| signature[..length].to_vec()));
    bad.push([&signature[..], &[0]].concat());
    bad.push([&[0][..], &signature].concat());
    // Numbers out of range, at their bounds, and those that others read as the same.
    let zero = [0; 32];
    let edges = [zero, shifted(zero, 1), shifted(order, -1), order, shifted(order, 1), hex(PRIME), [0xff; 32]];
    for edge in edges {
        bad.push(halves(edge, s).to_vec());
        bad.push(halves(r, edge).to_vec());
        bad.extend(edges.map(|other| halves(edge, other).to_vec()));
    }
    // r + n and s + n do not fit in 32 bytes for these; n − r and n − s do, and the halves swapped.
    let minus = |number: [u8; 32]| {
        let mut borrow = 0;
        let mut difference = [0; 32];
        for at in (0..32).rev() {
            let left = i32::from(order[at]) - i32::from(number[at]) - borrow;
            difference[at] = u8::try_from(left.rem_euclid(256)).unwrap();
            borrow = i32::from(left < 0);
        }
        difference
    };
    bad.extend(
        [halves(s, r), halves(minus(r), s), halves(r, minus(s)), halves(minus(r), minus(s)), halves(r, minus(r))]
            .map(|bad| bad.to_vec()),
    );
    // Little-endian, as some devices hand them out.
    let turned = |mut number: [u8; 32]| {
        number.reverse();
        number
    };
    bad.push(halves(turned(r), turned(s)).to_vec());
    assert!(bad.len() > 600);
    for bad in bad {
        assert!(key().verify(&[MESSAGE], &bad).is_err(), "{bad:02x?}");
    }
    for message in [&b""[..], b"message digesu", b"message digest ", b"essage digest"] {
        assert!(key().verify(&[message], &signature).is_err());
    }
}

#[test]
fn the_identifier_and_its_hash_belong_to_the_message() {
    let signed = |id: &str| -> [u8; 64] {
        let key = SigningKey::from_slice(id, &hex::<32>(SECRET)).unwrap();
        let signature: sm2::dsa::Signature = key.sign(MESSAGE);
        signature.to_bytes().into()
    };
    assert_eq!(key().verify(&[MESSAGE], &signed("1234567812345678")), Ok(()));
    for other in ["", "1234567812345679", "123456781234567", "ALICE123@YAHOO.COM"] {
        assert!(key().verify(&[MESSAGE], &signed(other)).is_err(), "{other}");
    }
    // Without Z: over SM3 of the message alone, as some devices do when they are asked to sign a digest.
    let mut hasher = Hasher::new(HashAlgorithm::Sm3);
    hasher.update(MESSAGE);
    let key_of = SigningKey::from_slice("1234567812345678", &hex::<32>(SECRET)).unwrap();
    let signature = key_of.sign_prehash(hasher.finish().as_bytes()).unwrap();
    assert!(key().verify(&[MESSAGE], &signature.to_bytes()).is_err());
}

#[test]
fn only_points_of_the_curve_are_admitted() {
    let (x, y): ([u8; 32], [u8; 32]) = (hex(&POINT[..64]), hex(&POINT[64..]));
    assert!(admit(&halves(x, y)).is_ok());
    for (x, y) in [
        (shifted(x, 1), y),
        (x, shifted(y, 1)),
        (y, x),
        ([0; 32], [0; 32]),
        (x, [0; 32]),
        (hex(PRIME), y),
        (x, hex(PRIME)),
        ([0xff; 32], [0xff; 32]),
    ] {
        assert_eq!(admit(&halves(x, y)).map(|_| ()), Err(KeyError::NotOnCurve));
    }
    assert!(admit(&hex(GENERATOR)).is_ok(), "G is the key of 1");
    // −G is the key of n − 1, which the standard leaves out: p − y.
    let generator: [u8; 64] = hex(GENERATOR);
    let (x, y) = generator.split_at(32);
    let prime: [u8; 32] = hex(PRIME);
    let mut borrow = 0;
    let mut negated = [0; 32];
    for at in (0..32).rev() {
        let left = i32::from(prime[at]) - i32::from(y[at]) - borrow;
        negated[at] = u8::try_from(left.rem_euclid(256)).unwrap();
        borrow = i32::from(left < 0);
    }
    assert_eq!(admit(&halves(x.try_into().unwrap(), negated)).map(|_| ()), Err(KeyError::SecretLeftOut));
}

#[test]
fn a_public_key_has_one_form_in_a_certificate() {
    let spki = key().spki();
    assert_eq!(spki.len(), 91);
    assert_eq!(PublicKey::from_spki(&spki), Ok(key()));
    for length in 27..spki.len() {
        assert_eq!(PublicKey::from_spki(&spki[..length]), Err(KeyError::Malformed));
    }
    // Compressed, hybrid, or with bits to spare: not a form that is read.
    for (at, value) in [(26, 0x02), (26, 0x03), (26, 0x06), (26, 0x00), (25, 0x01)] {
        let mut other = spki.clone();
        other[at] = value;
        assert_eq!(PublicKey::from_spki(&other), Err(KeyError::Malformed), "{at}");
    }
    let infinity = [&[0x30, 0x18], &spki[2..23], &[0x03, 0x02, 0x00, 0x00]].concat();
    assert_eq!(PublicKey::from_spki(&infinity), Err(KeyError::Malformed));
    // On another curve, without a curve, or with NULL for one: another algorithm.
    let mut other = spki.clone();
    other[22] = 0x2e;
    assert_eq!(PublicKey::from_spki(&other), Err(KeyError::UnknownAlgorithm));
    for parameters in [&[][..], &[0x05, 0x00], &hex::<10>("06082a8648ce3d030107")] {
        let identifier = [&spki[4..13], parameters].concat();
        let length = u8::try_from(identifier.len()).unwrap();
        let other = [&[0x30, length + 70, 0x30, length], &identifier[..], &spki[23..]].concat();
        assert_eq!(PublicKey::from_spki(&other), Err(KeyError::UnknownAlgorithm));
    }
}

#[test]
fn a_cose_key_has_one_form() {
    let mut writer = Writer::new();
    key().write_cose_key(&mut writer);
    let written = writer.finish().unwrap();
    assert_eq!(PublicKey::from_cose_key(&mut Reader::new(&written)), Ok(key()));
    let point: [u8; 64] = hex(POINT);
    let (x, y) = point.split_at(32);
    let read = |x: &[u8], y: Option<&[u8]>, kid: bool| {
        let mut writer = Writer::new();
        writer.map(|map| {
            map.entry(cose::KEY_KTY, |w| w.uint(cose::KTY_EC2));
            map.entry(cose::KEY_CRV, |w| w.int(cose::CRV_SM2));
            map.entry(cose::KEY_X, |w| w.bytes(x));
            if let Some(y) = y {
                map.entry(cose::KEY_Y, |w| w.bytes(y));
            }
            if kid {
                map.entry(2, |w| w.bytes(b"kid"));
            }
        });
        let written = writer.finish().unwrap();
        PublicKey::from_cose_key(&mut Reader::new(&written))
    };
    assert_eq!(read(x, Some(y), false), Ok(key()));
    let malformed = Err(CoseKeyError::Key(KeyError::Malformed));
    assert_eq!(read(&x[1..], Some(y), false), malformed);
    assert_eq!(read(x, Some(&y[1..]), false), malformed);
    assert_eq!(read(x, None, false), malformed);
    assert_eq!(read(y, Some(x), false), Err(CoseKeyError::Key(KeyError::NotOnCurve)));
    assert!(matches!(read(x, Some(y), true), Err(CoseKeyError::Encoding(_))));
    // With a zero, or the form of a point, before the number.
    for first in [0x00, 0x04] {
        assert_eq!(read(&[&[first], x].concat(), Some(y), false), malformed);
        assert_eq!(read(&[&[first], x].concat(), Some(&[&[0], y].concat()), false), malformed);
    }
    assert_eq!(read(&[0; 32], Some(&[0; 32]), false), Err(CoseKeyError::Key(KeyError::NotOnCurve)));
    // RFC 9053 §7.1.1: the sign of y alone, as a compressed point has it; and types and curves that do not belong together.
    let other = |kty: i64, crv: i64, sign: Option<bool>| {
        let mut writer = Writer::new();
        writer.map(|map| {
            map.entry(cose::KEY_KTY, |w| w.int(kty));
            map.entry(cose::KEY_CRV, |w| w.int(crv));
            map.entry(cose::KEY_X, |w| w.bytes(x));
            match sign {
                Some(sign) => map.entry(cose::KEY_Y, |w| w.boolean(sign)),
                None => map.entry(cose::KEY_Y, |w| w.bytes(y)),
            }
        });
        let written = writer.finish().unwrap();
        PublicKey::from_cose_key(&mut Reader::new(&written))
    };
    assert_eq!(other(2, cose::CRV_SM2, None), Ok(key()));
    for sign in [false, true] {
        assert!(matches!(other(2, cose::CRV_SM2, Some(sign)), Err(CoseKeyError::Encoding(_))));
    }
    for (kty, crv) in [(1, cose::CRV_SM2), (2, cose::CRV_ED25519), (2, 1), (3, cose::CRV_SM2)] {
        assert_eq!(other(kty, crv, None), Err(CoseKeyError::Key(KeyError::UnknownAlgorithm)), "{kty} {crv}");
    }
}

#[test]
fn a_certificates_signature_is_der_and_nothing_else() {
    let signature: [u8; 64] = hex(SIGNATURE);
    let (r, s) = signature.split_at(32);
    // Both begin with a set bit: a zero stands before each.
    let der = [&[0x30, 0x46, 0x02, 0x21, 0x00], r, &[0x02, 0x21, 0x00], s].concat();
    assert_eq!(from_der(&der), Some(signature));
    assert_eq!(key().verify_certificate(MESSAGE, &der), Ok(()));
    assert!(key().verify_certificate(MESSAGE, &signature).is_err(), "r‖s is for envelopes");
    assert!(key().verify(&[MESSAGE], &der).is_err(), "and DER for certificates");
    let long = [&[0x30, 0x81, 0x46, 0x02, 0x21, 0x00], r, &[0x02, 0x21, 0x00], s].concat();
    let padded = [&[0x30, 0x47, 0x02, 0x22, 0x00, 0x00], r, &[0x02, 0x21, 0x00], s].concat();
    let negative = [&[0x30, 0x45, 0x02, 0x20], r, &[0x02, 0x21, 0x00], s].concat();
    let indefinite = [&[0x30, 0x80, 0x02, 0x21, 0x00], r, &[0x02, 0x21, 0x00], s, &[0, 0]].concat();
    let three = [&[0x30, 0x49, 0x02, 0x21, 0x00], r, &[0x02, 0x21, 0x00], s, &[0x02, 0x01, 0x01]].concat();
    let one = [&[0x30, 0x23, 0x02, 0x21, 0x00], r].concat();
    let set = [&[0x31], &der[1..]].concat();
    let zero = [&[0x30, 0x26, 0x02, 0x01, 0x00, 0x02, 0x21, 0x00], s].concat();
    let empty = [&[0x30, 0x25, 0x02, 0x00, 0x02, 0x21, 0x00], s].concat();
    let trailing = [&der[..], &[0]].concat();
    let wide = [&[0x30, 0x47, 0x02, 0x22, 0x01, 0x00], r, &[0x02, 0x21, 0x00], s].concat();
    for bad in [long, padded, negative, indefinite, three, one, set, zero, empty, trailing, wide] {
        assert!(key().verify_certificate(MESSAGE, &bad).is_err(), "{bad:02x?}");
    }
    for length in 0..der.len() {
        assert!(key().verify_certificate(MESSAGE, &der[..length]).is_err());
    }
}

#[test]
fn the_algorithm_is_known_by_its_numbers() {
    assert_eq!(Algorithm::from_cose(cose::ALG_SM2_SM3), Ok(Algorithm::Sm2));
    assert_eq!(Algorithm::Sm2.cose(), cose::ALG_SM2_SM3);
    for identifier in [Algorithm::Sm2.signature_identifier(), &SIGNATURE_IDENTIFIER_NULL] {
        assert_eq!(Algorithm::from_signature_identifier(identifier), Ok(Algorithm::Sm2));
    }
    assert_eq!(HashAlgorithm::from_cose(cose::HASH_SM3), Some(HashAlgorithm::Sm3));
    assert_eq!(Algorithm::Sm2.hash(), HashAlgorithm::Sm3);
    assert_eq!(key().algorithm(), Algorithm::Sm2);
}

#[cfg(feature = "issue")]
mod secret {
    use super::super::to_der;
    use super::{MESSAGE, ORDER, POINT, SECRET, from_der, hex, key, shifted};
    use crate::suite::{KeyError, SecretKey};

    #[test]
    fn a_number_gives_its_key_and_signs() {
        let secret = SecretKey::sm2(&hex(SECRET)).unwrap();
        assert_eq!(secret.public_key(), &key());
        assert_eq!(secret.public_key().coordinates(), hex::<64>(POINT));
        let signature = secret.sign(MESSAGE).unwrap();
        assert_eq!(signature, secret.sign(MESSAGE).unwrap(), "the nonce follows from key and message");
        assert_ne!(signature, secret.sign(b"another").unwrap());
        assert_eq!(key().verify(&[MESSAGE], &signature), Ok(()));
        assert_eq!(*secret.expose_secret(), hex::<32>(SECRET));
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let order: [u8; 32] = hex(ORDER);
        for number in [[0; 32], shifted(order, -1), order, shifted(order, 1), [0xff; 32]] {
            assert_eq!(SecretKey::sm2(&number).unwrap_err(), KeyError::Malformed);
        }
        for number in [shifted([0; 32], 1), shifted(order, -2)] {
            let secret = SecretKey::sm2(&number).unwrap();
            assert!(secret.sign(MESSAGE).is_ok());
        }
    }

    #[test]
    fn the_shortest_integers_are_written_and_read_back() {
        for leading in 0..32 {
            for first in [1, 0x7f, 0x80, 0xff] {
                let mut signature = [0x5a; 64];
                signature[..leading].fill(0);
                signature[leading] = first;
                signature[32..32 + leading].fill(0);
                signature[32 + leading] = first ^ 0x81;
                if signature[32..].iter().all(|byte| *byte == 0) {
                    continue;
                }
                assert_eq!(from_der(&to_der(&signature)), Some(signature));
            }
        }
    }
}
