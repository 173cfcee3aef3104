#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::cbor::{MapWriter, Writer};
use crate::labels::{cose, tag, typ};
use crate::suite::SecretKey;

const PAYLOAD: &[u8] = b"payload";

fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32]).unwrap()
}

fn map(write: impl FnOnce(&mut MapWriter)) -> Vec<u8> {
    let mut w = Writer::new();
    w.map(write);
    w.finish().unwrap()
}

fn usual(map: &mut MapWriter) {
    map.entry(cose::ALG, |w| w.int(cose::ALG_ED25519));
    map.entry(cose::KID, |w| w.bytes(key().public_key().key_id().as_bytes()));
    map.entry(cose::TYP, |w| w.text(typ::LICENSE));
}

fn sealed(protected: &[u8], unprotected: &[u8], payload: &[u8]) -> Vec<u8> {
    let signature = key().sign(&sig_structure(&SignedBytes::sign1(protected, payload))).unwrap();
    let mut w = Writer::new();
    w.tag(tag::COSE_SIGN1);
    w.array(4);
    w.bytes(protected);
    w.item(unprotected);
    w.bytes(payload);
    w.bytes(&signature);
    w.finish().unwrap()
}

fn with(protected: impl FnOnce(&mut MapWriter)) -> Result<Algorithm, Error> {
    let bytes = sealed(&map(protected), &[0xa0], PAYLOAD);
    Envelope::parse(&bytes, Expected::Type(ObjectType::License)).map(|e| e.algorithm())
}

use crate::suite::Algorithm;

#[test]
fn an_envelope_is_read_and_verified() {
    let bytes = sealed(&map(usual), &[0xa0], PAYLOAD);
    let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).unwrap();
    assert_eq!(envelope.claimed_payload(), PAYLOAD);
    assert_eq!(envelope.verify(key().public_key()), Ok(()));
    let other = SecretKey::from_seed(&[8; 32]).unwrap();
    assert!(envelope.verify(other.public_key()).is_err());
}

/// EdDSA (-8) is read, for old writers.
#[test]
fn the_old_algorithm_number_is_read() {
    assert_eq!(
        with(|m| {
            m.entry(cose::ALG, |w| w.int(cose::ALG_EDDSA));
            m.entry(cose::KID, |w| w.bytes(&[0; 8]));
            m.entry(cose::TYP, |w| w.text(typ::LICENSE));
        }),
        Ok(Algorithm::Ed25519)
    );
}

#[test]
fn the_type_is_judged_before_everything_else() {
    let typed = |value: &str| {
        with(|m| {
            m.entry(cose::ALG, |w| w.int(-70_010));
            m.entry(cose::TYP, |w| w.text(value));
            m.entry(999, Writer::null);
        })
    };
    assert_eq!(typed("application/x.zy.licence2"), Err(Error::NewerType));
    assert_eq!(typed(typ::SEAL), Err(Error::WrongType));
    assert_eq!(typed("application/cwt"), Err(Error::WrongType));
    assert_eq!(typed(typ::LICENSE), Err(Error::LabelRefused));
    assert_eq!(with(|m| m.entry(cose::ALG, |w| w.int(-19))), Err(Error::LabelAbsent(cose::TYP)));
}

/// Each class offered as each other: only the diagonal is read.
#[test]
fn an_object_of_one_class_is_never_read_as_another() {
    for class in ObjectType::ALL {
        let protected = map(|m| {
            m.entry(cose::ALG, |w| w.int(cose::ALG_ED25519));
            m.entry(cose::KID, |w| w.bytes(&[0; 8]));
            m.entry(cose::TYP, |w| w.text(class.typ()));
            if class == ObjectType::Stamp {
                m.entry(cose::CWT_CLAIMS, |w| w.map(|_| ()));
                m.entry(cose::PAYLOAD_HASH_ALG, |w| w.int(cose::HASH_SHA256));
                m.entry(cose::PREIMAGE_CONTENT_TYPE, |w| w.text("application/pdf"));
            }
        });
        let bytes = sealed(&protected, &[0xa0], PAYLOAD);
        for asked in ObjectType::ALL {
            let read = Envelope::parse(&bytes, Expected::Type(asked)).map(|e| e.object_type());
            assert_eq!(read, if asked == class { Ok(Some(class)) } else { Err(Error::WrongType) });
        }
        assert!(Envelope::parse(&bytes, Expected::AnyKnown).is_ok());
    }
}

#[test]
fn labels_stand_in_their_bucket_or_nowhere() {
    let extra = |label: i64, value: fn(&mut Writer)| {
        with(|m| {
            usual(m);
            m.entry(label, value);
        })
    };
    for label in [3, 5, 6, 7, 33, 34, 35, 270, -65_537, 1_000] {
        assert_eq!(extra(label, |w| w.bytes(b"x")), Err(Error::LabelRefused), "{label}");
    }
    for label in [15, 258, 259] {
        assert_eq!(extra(label, |w| w.uint(1)), Err(Error::LabelRefused), "{label} belongs to stamps");
    }
    let protected = map(usual);
    for label in [1, 2, 3, 4, 15, 16, 258, 259, 500] {
        let bytes = sealed(&protected, &map(|m| m.entry(label, |w| w.bytes(b"x"))), PAYLOAD);
        let read = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).map(|_| ());
        assert_eq!(read, Err(Error::LabelRefused), "{label}");
    }
    for (protected, absent) in [(&[][..], None), (&[0xa0][..], Some(cose::TYP))] {
        let bytes = sealed(protected, &[0xa0], PAYLOAD);
        let error = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).map(|_| ()).unwrap_err();
        match absent {
            Some(label) => assert_eq!(error, Error::LabelAbsent(label)),
            None => assert!(matches!(error, Error::Encoding(_))),
        }
    }
}

#[test]
fn algorithms_and_key_ids_are_judged_by_shape() {
    let alg = |value: fn(&mut Writer)| {
        with(|m| {
            m.entry(cose::ALG, value);
            m.entry(cose::KID, |w| w.bytes(&[0; 8]));
            m.entry(cose::TYP, |w| w.text(typ::LICENSE));
        })
    };
    assert_eq!(alg(|w| w.int(-7)), Err(Error::UnknownAlgorithm));
    // A build without SM2 does not know it; one with it does.
    assert_eq!(alg(|w| w.int(cose::ALG_SM2_SM3)).is_ok(), cfg!(feature = "sm"));
    assert_eq!(alg(|w| w.int(cose::ALG_SM2_SM3 - 10)), Err(Error::UnknownAlgorithm));
    assert_eq!(alg(|w| w.text("Ed25519")), Err(Error::UnknownAlgorithm));
    assert_eq!(alg(|w| w.array(0)), Err(Error::LabelValue(cose::ALG)));
    assert_eq!(alg(Writer::null), Err(Error::LabelValue(cose::ALG)));
    let kid = |value: &[u8]| {
        with(|m| {
            m.entry(cose::ALG, |w| w.int(-19));
            m.entry(cose::KID, |w| w.bytes(value));
            m.entry(cose::TYP, |w| w.text(typ::LICENSE));
        })
    };
    assert_eq!(kid(&[0; 7]), Err(Error::LabelValue(cose::KID)));
    assert_eq!(kid(&[0; 9]), Err(Error::LabelValue(cose::KID)));
}

/// RFC 9052 §3.1.
#[test]
fn critical_labels_are_understood_or_too_new() {
    let crit = |labels: Vec<i64>, more: Option<i64>| {
        with(|m| {
            usual(m);
            m.entry(cose::CRIT, |w| w.array_of(labels.iter(), |w, label| w.int(*label)));
            m.optional(more.unwrap_or(0), more, |w, _| w.null());
        })
    };
    assert_eq!(crit(vec![], None), Err(Error::LabelValue(cose::CRIT)));
    assert_eq!(crit(vec![999], None), Err(Error::LabelValue(cose::CRIT)), "listed and absent");
    assert_eq!(crit(vec![999], Some(999)), Err(Error::CriticalUnknown));
    assert_eq!(crit(vec![16], Some(999)), Err(Error::LabelRefused), "unknown and not critical");
    assert_eq!(crit(vec![16], None), Ok(Algorithm::Ed25519));
    assert_eq!(crit(vec![16, 16], None), Err(Error::LabelValue(cose::CRIT)));
    assert_eq!(crit((100..117).collect(), None), Err(Error::LabelValue(cose::CRIT)));
    let text = |m: &mut MapWriter| {
        usual(m);
        m.entry(cose::CRIT, |w| w.text("no array"));
    };
    assert_eq!(with(text), Err(Error::LabelValue(cose::CRIT)));
}

#[test]
fn certificates_that_travel_along_change_nothing_that_is_signed() {
    let protected = map(usual);
    let bare = sealed(&protected, &[0xa0], PAYLOAD);
    let one = sealed(&protected, &map(|m| m.entry(cose::X5CHAIN, |w| w.bytes(b"leaf"))), PAYLOAD);
    let two = map(|m| m.entry(cose::X5CHAIN, |w| w.array_of([b"leaf", b"root"].iter(), |w, c| w.bytes(*c))));
    let two = sealed(&protected, &two, PAYLOAD);
    let read = |bytes| Envelope::parse(bytes, Expected::Type(ObjectType::License)).unwrap();
    assert_eq!(read(&bare).object_digest(), read(&two).object_digest());
    assert_eq!(read(&one).x5chain().unwrap().certificates().collect::<Vec<_>>(), [b"leaf"]);
    assert_eq!(read(&two).x5chain().unwrap().certificates().collect::<Vec<_>>(), [b"leaf", b"root"]);
    for wrong in
        [map(|m| m.entry(33, Writer::null)), map(|m| m.entry(33, |w| w.array_of([b"x"].iter(), |w, c| w.bytes(*c))))]
    {
        let bytes = sealed(&protected, &wrong, PAYLOAD);
        let error = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).map(|_| ()).unwrap_err();
        assert_eq!(error, Error::LabelValue(33));
    }
}

#[test]
fn a_detached_payload_or_another_tag_is_refused() {
    let bytes = sealed(&map(usual), &[0xa0], PAYLOAD);
    let at = bytes.windows(PAYLOAD.len()).position(|w| w == PAYLOAD).unwrap();
    let mut detached = bytes.clone();
    detached.splice(at - 1..at + PAYLOAD.len(), [0xf6]);
    assert!(Envelope::parse(&detached, Expected::AnyKnown).is_err());
    assert!(Envelope::parse(&bytes[1..], Expected::AnyKnown).is_err(), "untagged");
    assert!(Envelope::parse(&[&[0xd8, 61][..], &bytes].concat(), Expected::AnyKnown).is_err(), "CWT tag");
    assert!(Envelope::parse(&[&bytes[..], &[0]].concat(), Expected::AnyKnown).is_err(), "trailing byte");
}

#[test]
fn one_kind_of_envelope_is_the_wrong_type_for_the_other() {
    let one = sealed(&map(usual), &[0xa0], PAYLOAD);
    assert_eq!(MultiEnvelope::parse(&one, Expected::AnyKnown).unwrap_err(), Error::WrongType);
    let key = key();
    let several = multi(&[(&key, signer(&key))]);
    assert_eq!(Envelope::parse(&several, Expected::AnyKnown).unwrap_err(), Error::WrongType);
}

#[test]
fn no_flipped_bit_of_what_is_signed_verifies() {
    let bytes = sealed(&map(usual), &[0xa0], PAYLOAD);
    for at in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        let good = Envelope::parse(&flipped, Expected::Type(ObjectType::License))
            .is_ok_and(|envelope| envelope.verify(key().public_key()).is_ok());
        assert!(!good, "bit {at}");
    }
}

fn multi(signers: &[(&SecretKey, Vec<u8>)]) -> Vec<u8> {
    let body = map(|m| m.entry(cose::TYP, |w| w.text(typ::TRUST)));
    let mut w = Writer::new();
    w.tag(tag::COSE_SIGN);
    w.array(4);
    w.bytes(&body);
    w.map(|_| ());
    w.bytes(PAYLOAD);
    w.array_of(signers.iter(), |w, (key, protected)| {
        let signature = key.sign(&sig_structure(&SignedBytes::sign(&body, protected, PAYLOAD))).unwrap();
        w.array(3);
        w.bytes(protected);
        w.map(|_| ());
        w.bytes(&signature);
    });
    w.finish().unwrap()
}

fn signer(key: &SecretKey) -> Vec<u8> {
    map(|m| {
        m.entry(cose::ALG, |w| w.int(cose::ALG_ED25519));
        m.entry(cose::KID, |w| w.bytes(key.public_key().key_id().as_bytes()));
    })
}

#[test]
fn several_signers_stand_in_order_and_each_verifies() {
    let mut keys: Vec<_> = (1..4).map(|n| SecretKey::from_seed(&[n; 32]).unwrap()).collect();
    keys.sort_by_key(|key| key.public_key().key_id());
    let entries: Vec<_> = keys.iter().map(|key| (key, signer(key))).collect();
    let bytes = multi(&entries);
    let envelope = MultiEnvelope::parse(&bytes, Expected::Type(ObjectType::Trust)).unwrap();
    for (entry, key) in envelope.signers().zip(&keys) {
        assert_eq!(entry.key_id(), key.public_key().key_id());
        assert_eq!(envelope.verify(&entry, key.public_key()), Ok(()));
    }
    assert!(envelope.verify(&envelope.signers().next().unwrap(), keys[1].public_key()).is_err());
    let one = multi(&entries[..1]);
    let one = MultiEnvelope::parse(&one, Expected::Type(ObjectType::Trust)).unwrap();
    assert_eq!(one.object_digest(), envelope.object_digest(), "does not depend on who signed");

    let parse =
        |bytes: Vec<u8>| MultiEnvelope::parse(&bytes, Expected::Type(ObjectType::Trust)).map(|_| ()).unwrap_err();
    let reversed: Vec<_> = keys.iter().rev().map(|key| (key, signer(key))).collect();
    assert_eq!(parse(multi(&reversed)), Error::SignerOrder);
    let twice: Vec<_> = [&keys[0], &keys[0]].into_iter().map(|key| (key, signer(key))).collect();
    assert_eq!(parse(multi(&twice)), Error::SignerOrder);
    assert!(matches!(parse(multi(&[])), Error::Encoding(_)));
    let typed = map(|m| {
        usual(m);
    });
    assert_eq!(parse(multi(&[(&keys[0], typed)])), Error::LabelRefused);
    let nameless = map(|m| m.entry(cose::ALG, |w| w.int(cose::ALG_ED25519)));
    assert_eq!(parse(multi(&[(&keys[0], nameless)])), Error::LabelAbsent(cose::KID));
    // RFC 9052 §4.1; format.md §6: a signature that stands twice refuses the whole.
    let body = map(|m| m.entry(cose::TYP, |w| w.text(typ::TRUST)));
    let mut w = Writer::new();
    w.tag(tag::COSE_SIGN);
    w.array(4);
    w.bytes(&body);
    w.map(|_| ());
    w.bytes(PAYLOAD);
    w.array_of(keys.iter().take(2), |w, key| {
        w.array(3);
        w.bytes(&signer(key));
        w.map(|_| ());
        w.bytes(&[7; 64]);
    });
    assert_eq!(parse(w.finish().unwrap()), Error::SignatureTwice);
}

/// A header is looked at once for each critical label and more: a large one is refused before that.
#[test]
fn a_large_header_is_refused_unread() {
    let header = |size: usize| {
        map(|m| {
            usual(m);
            m.entry(99, |w| w.bytes(&vec![0; size]));
            m.entry(cose::CRIT, |w| w.array_of([99i64].iter(), |w, label| w.int(*label)));
        })
    };
    let short = header(10).len() - 11;
    for (size, expected) in [(4_096 - short - 3, Error::CriticalUnknown), (4_096 - short - 2, Error::TooLarge)] {
        let bytes = sealed(&header(size), &[0xa0], PAYLOAD);
        assert_eq!(Envelope::parse(&bytes, Expected::AnyKnown).unwrap_err(), expected, "{size}");
    }
    // The faults of a large header cost no more than it takes to see that it is large.
    let huge = sealed(&header(40 << 20), &[0xa0], PAYLOAD);
    assert_eq!(Envelope::parse(&huge, Expected::AnyKnown).unwrap_err(), Error::TooLarge);
}
