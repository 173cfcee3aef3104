#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;

#[cfg(all(feature = "sm", feature = "issue"))]
mod forgeries;
#[cfg(feature = "sm")]
mod sm3;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn admit(text: &str) -> Result<(), KeyError> {
    PublicKey::ed25519(hex(text).as_slice().try_into().unwrap()).map(|_| ())
}

/// RFC 8032 §7.1, tests 1 to 3.
#[test]
fn the_examples_of_rfc_8032_verify() {
    for (key, message, signature) in [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let key = PublicKey::ed25519(hex(key).as_slice().try_into().unwrap()).unwrap();
        let (message, signature) = (hex(message), hex(signature));
        assert_eq!(key.verify(&[&message], &signature), Ok(()));
        let split = message.len() / 2;
        assert_eq!(key.verify(&[&message[..split], &message[split..]], &signature), Ok(()));
        for wrong in [&signature[..63], &[signature.as_slice(), &[0]].concat(), &[]] {
            assert_eq!(key.verify(&[&message], wrong), Err(BadSignature));
        }
        // s + L: the same equation, another encoding (RFC 8032 §5.1.7 step 1).
        let mut malleated = signature.clone();
        let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        let mut carry = 0u16;
        for (byte, add) in malleated[32..].iter_mut().zip(order) {
            carry += u16::from(*byte) + u16::from(add);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        assert_eq!(key.verify(&[&message], &malleated), Err(BadSignature));
    }
}

/// Every point of small order, and its encodings that are not canonical.
#[test]
fn keys_of_small_order_are_refused() {
    let tail = |first: &str, last: &str| alloc::format!("{first}{}{last}", "ff".repeat(30));
    for key in [
        alloc::format!("01{}", "00".repeat(31)),
        tail("ec", "7f"),
        "00".repeat(32),
        alloc::format!("{}80", "00".repeat(31)),
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05".into(),
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85".into(),
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a".into(),
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa".into(),
    ] {
        assert_eq!(admit(&key), Err(KeyError::SmallOrder), "{key}");
    }
    for key in [
        alloc::format!("01{}80", "00".repeat(30)), // x = 0 with the sign bit
        tail("ec", "ff"),
        tail("ed", "7f"), // y = p
        tail("ed", "ff"),
        tail("ee", "7f"), // y = p + 1
        tail("ee", "ff"),
    ] {
        let refused = admit(&key).unwrap_err();
        assert!(matches!(refused, KeyError::NotCanonical | KeyError::NotOnCurve), "{key}: {refused:?}");
    }
    assert_eq!(admit(&alloc::format!("02{}", "00".repeat(31))), Err(KeyError::NotOnCurve));
}

/// An honest key with each point of small order added to it.
#[test]
fn keys_with_torsion_are_refused() {
    use curve25519_dalek::constants::EIGHT_TORSION;
    use curve25519_dalek::edwards::CompressedEdwardsY;
    let honest = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let point = CompressedEdwardsY::from_slice(&honest).unwrap().decompress().unwrap();
    for (n, torsion) in EIGHT_TORSION.iter().enumerate() {
        let admitted = PublicKey::ed25519((point + torsion).compress().as_bytes()).map(|_| ());
        assert_eq!(admitted, if n == 0 { Ok(()) } else { Err(KeyError::Torsion) });
    }
}

/// R = rB + T, made by the holder of the key: the cofactored equation holds, ours must not.
#[cfg(feature = "issue")]
#[test]
fn nothing_that_strict_verification_refuses_is_accepted() {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_TABLE, EIGHT_TORSION};
    use curve25519_dalek::scalar::Scalar;
    use ed25519_dalek::hazmat::ExpandedSecretKey;
    use sha2::Digest as _;

    let wide = |label: &[u8], n: u32| -> [u8; 64] {
        let mut hasher = sha2::Sha512::new();
        hasher.update(label);
        hasher.update(n.to_be_bytes());
        hasher.finalize().into()
    };
    let (mut accepted, mut refused) = (0, 0);
    for n in 0u32..200 {
        let seed: [u8; 32] = wide(b"seed", n)[..32].try_into().unwrap();
        let signing = ed25519_dalek::SigningKey::from_bytes(&seed);
        let expanded = ExpandedSecretKey::from(&seed);
        let ours = PublicKey::ed25519(signing.verifying_key().as_bytes()).unwrap();
        let message = n.to_be_bytes();
        for torsion in &EIGHT_TORSION {
            // Half of the cases have r = 0, so that R itself is of small order.
            let r = if n % 2 == 0 { Scalar::from_bytes_mod_order_wide(&wide(b"r", n)) } else { Scalar::ZERO };
            let point = (ED25519_BASEPOINT_TABLE * &r + torsion).compress();
            let mut k = sha2::Sha512::new();
            k.update(point.as_bytes());
            k.update(signing.verifying_key().as_bytes());
            k.update(message);
            let k = Scalar::from_bytes_mod_order_wide(&k.finalize().into());
            let s = r + k * expanded.scalar;
            let signature = [*point.as_bytes(), s.to_bytes()].concat();
            let strict = ed25519_dalek::Signature::from_slice(&signature)
                .and_then(|signature| signing.verifying_key().verify_strict(&message, &signature));
            assert_eq!(ours.verify(&[&message], &signature).is_ok(), strict.is_ok(), "{n}");
            if strict.is_ok() { accepted += 1 } else { refused += 1 }
        }
    }
    assert_eq!((accepted, refused), (100, 1_500));
}

#[test]
fn a_key_survives_its_encodings() {
    let key = PublicKey::ed25519(
        hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").as_slice().try_into().unwrap(),
    )
    .unwrap();
    assert_eq!(PublicKey::from_spki(&key.spki()), Ok(key.clone()));
    assert_eq!(sha256(&key.spki()), key.thumbprint());
    let mut writer = crate::cbor::Writer::new();
    key.write_cose_key(&mut writer);
    let cose = writer.finish().unwrap();
    assert_eq!(PublicKey::from_cose_key(&mut crate::cbor::Reader::new(&cose)), Ok(key.clone()));
    let mut longer = key.spki();
    longer.push(0);
    assert_eq!(PublicKey::from_spki(&longer), Err(KeyError::Malformed));
    // NULL parameters, which RFC 8410 §3 forbids.
    let with_null = [&hex("302c300706032b65700500032100")[..], key.coordinates()].concat();
    assert_eq!(PublicKey::from_spki(&with_null), Err(KeyError::UnknownAlgorithm));
}

/// RFC 4231 test case 1 has a key of 20 bytes; filled up with zeros it is the same key (RFC 2104 §2).
#[test]
fn hmac_is_that_of_the_rfc() {
    let mut key = [0; 32];
    key[..20].fill(0x0b);
    let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
    assert_eq!(hmac_sha256(&key, b"Hi There").to_string(), expected);
}
