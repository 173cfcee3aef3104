#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::panic
)]

mod vectors;

use alloc::string::ToString;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::*;
use crate::cbor::{Key, Reader};
use crate::claims::id::CreditCode;
use crate::issue::{StatusFacts, publish_status};
use crate::suite::SecretKey;

fn inflated(lst: &[u8]) -> Vec<u8> {
    decompress_to_vec_zlib_with_limit(lst, 1 << 20).unwrap()
}

/// What stands behind the key `lst` of the draft's map, whose keys are not in the order of deterministic encoding.
fn lst(cbor: &str) -> Vec<u8> {
    let digits: Vec<u8> = cbor.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
    let bytes: Vec<u8> =
        digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    let at = bytes.windows(4).position(|window| window == b"clst").unwrap() + 4;
    Reader::new(&bytes[at..]).bytes().unwrap().to_vec()
}

/// Content is compared, and not compressed bytes: deflaters differ.
#[test]
fn statuses_are_packed_as_in_the_vectors_of_the_draft() {
    for (bits, entries, cbor) in vectors::VECTORS {
        let mut statuses = Statuses::new(bits, 1 << 20);
        entries.iter().for_each(|(position, status)| statuses.set(*position, *status));
        assert!(inflated(&lst(cbor)) == statuses.bytes, "{bits} bits");
        let again = compress_to_vec_zlib(&statuses.bytes, COMPRESSION);
        assert!(inflated(&again) == statuses.bytes, "{bits} bits");
    }
}

/// The two examples of section 4.1, to the byte.
#[test]
fn the_examples_of_the_draft_are_packed_alike() {
    let packed = |bits, statuses: &[u8]| {
        let mut packed = Statuses::new(bits, statuses.len() as u32);
        (0..).zip(statuses).for_each(|(position, status)| packed.set(position, *status));
        packed.bytes
    };
    assert_eq!(packed(1, &[1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]), [0xb9, 0xa3]);
    assert_eq!(packed(2, &[1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]), [0xc9, 0x44, 0xf9]);
    assert_eq!(inflated(&[0x78, 0xda, 0xdb, 0xb9, 0x18, 0x00, 0x02, 0x17, 0x01, 0x5d]), [0xb9, 0xa3]);
    assert_eq!(inflated(&[0x78, 0xda, 0x3b, 0xe9, 0xf2, 0x13, 0x00, 0x03, 0xdf, 0x02, 0x07]), [0xc9, 0x44, 0xf9]);
}

const ISSUED: i64 = 1_790_820_000;

fn list(length: u32, states: &[(u32, State)]) -> Vec<u8> {
    let time = |seconds| Timestamp::new(ISSUED + seconds).unwrap();
    let facts = StatusFacts {
        authority: CreditCode::parse("11990100MB0000000P").unwrap(),
        list: 3,
        epoch: 0,
        seq: 7,
        issued: time(0),
        next_update: time(7 * 86_400),
        length,
    };
    publish_status(&facts, states.iter().copied(), None, None, &key()).unwrap()
}

fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32]).unwrap()
}

fn token(list: &[u8], types: StatusTypes) -> Vec<u8> {
    let expires = Timestamp::new(ISSUED + 30 * 86_400).unwrap();
    let facts = TokenListFacts { uri: "https://status.example/3".to_string(), expires, types };
    publish_token_list(&StatusList::parse(list).unwrap(), &facts, &key()).unwrap()
}

/// The signature is over what RFC 9052 says, and the claims are those of the draft.
#[test]
fn a_token_says_what_the_list_says() {
    let states: Vec<(u32, State)> = (0..).step_by(3).zip(State::LISTED).collect();
    let object = list(21, &states);
    let token = token(&object, StatusTypes::Fine);
    let mut reader = Reader::new(&token);
    reader.tag(18).unwrap();
    reader.array_of(4).unwrap();
    let protected = reader.bytes().unwrap();
    assert_eq!(reader.map().unwrap().next(&mut reader), Ok(None));
    let payload = reader.bytes().unwrap();
    let signature = reader.bytes().unwrap();
    reader.finish().unwrap();
    let signed = sig_structure(protected, payload).unwrap();
    assert!(key().public_key().verify(&[&signed], signature).is_ok());
    let text = protected.windows(26).any(|window| window == b"application/statuslist+cwt");
    assert!(text, "typ");

    let mut reader = Reader::new(payload);
    let mut map = reader.map().unwrap();
    let mut keys = Vec::new();
    let mut packed = Vec::new();
    while let Some(key) = map.next(&mut reader).unwrap() {
        let Key::Int(key) = key else { panic!("{key:?}") };
        keys.push(key);
        match key {
            1 => assert_eq!(reader.text(), Ok("11990100MB0000000P")),
            2 => assert_eq!(reader.text(), Ok("https://status.example/3")),
            4 => assert_eq!(reader.int(), Ok(ISSUED + 30 * 86_400)),
            6 => assert_eq!(reader.int(), Ok(ISSUED)),
            65_534 => assert_eq!(reader.uint(), Ok(7 * 86_400)),
            _ => {
                let mut inner = reader.map().unwrap();
                assert_eq!(inner.next(&mut reader), Ok(Some(Key::Text("lst"))));
                packed = inflated(reader.bytes().unwrap());
                assert_eq!(inner.next(&mut reader), Ok(Some(Key::Text("bits"))));
                assert_eq!(reader.uint(), Ok(4));
                assert_eq!(inner.next(&mut reader), Ok(None));
            }
        }
    }
    assert_eq!(keys, [1, 2, 4, 6, 65_533, 65_534]);
    assert_eq!(packed.len(), 11);
    for position in 0..21_u32 {
        let found = packed[position as usize / 2] >> (position % 2 * 4) & 0xf;
        let state = states.iter().find(|(at, _)| *at == position).map_or(State::InForce, |(_, state)| *state);
        assert_eq!(found, StatusTypes::Fine.of(state), "position {position}");
    }
}

#[test]
fn states_have_their_types() {
    let fine = State::LISTED.map(|state| StatusTypes::Fine.of(state));
    assert_eq!(fine, [0x0d, 0x02, 0x03, 0x0c, 0x0e, 0x0f, 0x01]);
    let registered = State::LISTED.map(|state| StatusTypes::Registered.of(state));
    assert_eq!(registered, [0x01, 0x02, 0x01, 0x01, 0x01, 0x02, 0x01]);
    for types in [StatusTypes::Fine, StatusTypes::Registered] {
        assert_eq!(types.of(State::InForce), 0);
    }
}

#[test]
fn a_token_that_expires_before_its_list_is_not_published() {
    let object = list(1, &[]);
    let facts =
        TokenListFacts { uri: String::new(), expires: Timestamp::new(ISSUED).unwrap(), types: StatusTypes::Registered };
    let found = publish_token_list(&StatusList::parse(&object).unwrap(), &facts, &key());
    assert_eq!(found, Err(TokenListError::Expires));
}
