//! The encoding as a whole: every other encoding of the same certificate, and every damaged one.

extern crate std;

use proptest::prelude::*;

use super::*;
use crate::x509::der::{Reader, check};

/// The same tree with the length of one element, counted depth first, in one byte more than it needs. `None` when there are fewer.
fn lengthen(bytes: &[u8], target: usize) -> Option<Vec<u8>> {
    fn walk(bytes: &[u8], target: usize, count: &mut usize) -> Vec<u8> {
        let mut out = vec![];
        let mut reader = Reader::new(bytes);
        while let Some(found) = reader.next().unwrap() {
            let here = *count;
            *count += 1;
            let content =
                if found.tag & 0x20 == 0 { found.content.to_vec() } else { walk(found.content, target, count) };
            let mut written = element(found.tag, &content);
            if here == target {
                if written[1] < 0x80 {
                    written.insert(1, 0x81);
                } else {
                    written[1] += 1;
                    written.insert(2, 0);
                }
            }
            out.extend(written);
        }
        out
    }
    let mut count = 0;
    let out = walk(bytes, target, &mut count);
    (target < count).then_some(out)
}

fn rule(bytes: &[u8]) -> DerRule {
    check(bytes).unwrap_err().rule
}

#[test]
fn no_length_has_another_form() {
    let chain = chain();
    for golden in [&chain.leaf, &chain.issuer, &chain.anchor] {
        let mut lengthened = 0;
        while let Some(other) = lengthen(golden, lengthened) {
            assert_eq!(rule(&other), DerRule::LengthNotMinimal);
            lengthened += 1;
        }
        assert!(lengthened > 40);
    }
}

/// `30 83 00 …`, which the parser takes.
#[test]
fn the_outer_length_has_one_form() {
    let leaf = chain().leaf;
    let padded = [&[0x30, 0x83, 0x00], &leaf[2..]].concat();
    assert_eq!(leaf[1], 0x82);
    assert_eq!(rule(&padded), DerRule::LengthNotMinimal);
    let indefinite = [&[0x30, 0x80], &leaf[4..], &[0, 0]].concat();
    assert_eq!(rule(&indefinite), DerRule::IndefiniteLength);
}

#[test]
fn nothing_follows_and_nothing_is_missing() {
    let leaf = chain().leaf;
    for more in 1..=16 {
        assert_eq!(rule(&[leaf.as_slice(), &vec![0; more]].concat()), DerRule::TrailingBytes);
    }
    for length in 0..leaf.len() {
        assert_eq!(rule(&leaf[..length]), DerRule::Truncated, "{length} bytes");
    }
}

#[test]
fn single_elements_are_refused_for_their_own_fault() {
    let cases: &[(&[u8], DerRule)] = &[
        (&[0x01, 1, 0x01], DerRule::Boolean),
        (&[0x01, 0], DerRule::Boolean),
        (&[0x01, 2, 0, 0], DerRule::Boolean),
        (&[0x02, 0], DerRule::Integer),
        (&[0x02, 2, 0x00, 0x7f], DerRule::Integer),
        (&[0x02, 2, 0xff, 0x80], DerRule::Integer),
        (&[0x0a, 2, 0x00, 0x01], DerRule::Integer),
        (&[0x03, 0], DerRule::BitString),
        (&[0x03, 1, 1], DerRule::BitString),
        (&[0x03, 2, 8, 0], DerRule::BitString),
        (&[0x03, 2, 1, 1], DerRule::BitString),
        (&[0x05, 1, 0], DerRule::Null),
        (&[0x06, 0], DerRule::ObjectIdentifier),
        (&[0x06, 1, 0x80], DerRule::ObjectIdentifier),
        (&[0x06, 2, 0x2a, 0x86], DerRule::ObjectIdentifier),
        (&[0x06, 3, 0x2a, 0x80, 0x01], DerRule::ObjectIdentifier),
        (&[0x12, 1, b'a'], DerRule::Text),
        (&[0x1e, 1, 0], DerRule::Text),
        (&[0x1c, 2, 0, 0], DerRule::Text),
        (&[0x10, 0], DerRule::WrongForm),
        (&[0x11, 0], DerRule::WrongForm),
        (&[0x24, 0], DerRule::WrongForm),
        (&[0x22, 3, 0x02, 1, 0], DerRule::WrongForm),
        (&[0x09, 0], DerRule::UnknownTag),
        (&[0x00, 0], DerRule::UnknownTag),
        (&[0x41, 0], DerRule::UnknownTag),
        (&[0x61, 0], DerRule::UnknownTag),
        (&[0xe0, 0], DerRule::UnknownTag),
        (&[0x1f, 0x1f, 0], DerRule::UnknownTag),
        (&[0x3f, 0x1f, 0], DerRule::UnknownTag),
        (&[0x04, 0x81, 0x7f], DerRule::LengthNotMinimal),
        (&[0x04, 0x84, 0xff, 0xff, 0xff, 0xff], DerRule::Truncated),
        (&[0x04, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], DerRule::Truncated),
        (&[0x04, 0xff], DerRule::Truncated),
        (&[0x31, 6, 0x02, 1, 1, 0x02, 1, 0], DerRule::SetOrder),
        (&[0x31, 6, 0x02, 1, 1, 0x02, 1, 1], DerRule::SetOrder),
    ];
    for (bytes, expected) in cases {
        // At the top, and inside something.
        assert_eq!(rule(bytes), *expected, "{bytes:02x?}");
        assert_eq!(rule(&element(SEQUENCE, bytes)), *expected, "{bytes:02x?}");
        assert_eq!(rule(&element(0xa5, bytes)), *expected, "{bytes:02x?}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let nest = |levels: usize| (0..levels).fold(vec![], |inside, _| element(SEQUENCE, &inside));
    assert!(check(&nest(16)).is_ok());
    assert_eq!(rule(&nest(17)), DerRule::TooDeep);
    assert_eq!(rule(&nest(10_000)), DerRule::TooDeep);
    assert!(check(&element(OCTET_STRING, &vec![0; MAX_LENGTH - 4])).is_ok());
    assert_eq!(rule(&element(OCTET_STRING, &vec![0; MAX_LENGTH - 3])), DerRule::TooLong);
}

#[test]
fn faults_are_told_with_their_place() {
    let bytes = seq(&[&element(INTEGER, &[1]), &seq(&[&element(INTEGER, &[0, 1])])]);
    assert_eq!(check(&bytes).unwrap_err(), DerError { position: 7, rule: DerRule::Integer });
}

/// No certificate with one bit changed is believed.
#[test]
fn no_flipped_bit_leads_to_an_anchor() {
    let chain = chain();
    let issuer = Certificate::parse(&chain.issuer).unwrap();
    for bit in 0..chain.leaf.len() * 8 {
        let mut bytes = chain.leaf.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(leaf) = Certificate::parse(&bytes) {
            assert!(leaf.verify_signed_by(issuer.public_key()).is_err(), "bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Certificate::parse(&bytes);
        let _ = Mandate::parse(&bytes);
        let _ = check(&bytes);
    }

    #[test]
    fn any_damage_to_a_certificate_ends_in_an_answer(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        static GOLDEN: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| chain().issuer);
        let mut bytes = GOLDEN.clone();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = Certificate::parse(&bytes);
        let _ = Certificate::parse(&bytes[..cut.index(bytes.len())]);
    }

    /// What passes is rebuilt to the same bytes from its tags and contents alone: there is no second encoding.
    #[test]
    fn what_passes_has_one_encoding(bytes in tree()) {
        if check(&bytes).is_ok() {
            prop_assert_eq!(rebuild(&bytes), bytes);
        }
    }
}

fn rebuild(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![];
    let mut reader = Reader::new(bytes);
    while let Some(found) = reader.next().unwrap() {
        let content = if found.tag & 0x20 == 0 { found.content.to_vec() } else { rebuild(found.content) };
        out.extend(element(found.tag, &content));
    }
    out
}

fn tree() -> impl Strategy<Value = Vec<u8>> {
    let leaf =
        (any::<u8>(), proptest::collection::vec(any::<u8>(), 0..4), any::<bool>()).prop_map(|(tag, content, long)| {
            let mut bytes = element(tag & 0xdf, &content);
            if long {
                bytes.insert(1, 0x81);
            }
            bytes
        });
    leaf.prop_recursive(4, 32, 4, |inner| {
        (0..4_usize, proptest::collection::vec(inner, 0..4))
            .prop_map(|(tag, members)| element([SEQUENCE, SET, 0xa0, 0xa3][tag], &members.concat()))
    })
}
