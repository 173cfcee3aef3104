//! Lists as they travel.

use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::*;
use crate::cbor::{self, Fault, Writer};
use crate::claims::id::CreditCode;
use crate::labels::{cose, tag, typ};
use crate::reason::Reason;
use crate::suite::{Digest, HashAlgorithm::Sha256};
use crate::time::Timestamp;

pub(super) fn envelope(typ: &str, payload: &[u8]) -> Vec<u8> {
    let mut protected = Writer::new();
    protected.map(|map| {
        map.entry(cose::ALG, |writer| writer.int(cose::ALG_ED25519));
        map.entry(cose::KID, |writer| writer.bytes(&[7; 8]));
        map.entry(cose::TYP, |writer| writer.text(typ));
    });
    let mut writer = Writer::new();
    writer.tag(tag::COSE_SIGN1);
    writer.array(4);
    writer.bytes(&protected.finish().unwrap());
    writer.map(|_| {});
    writer.bytes(payload);
    writer.bytes(&[0; 64]);
    writer.finish().unwrap()
}

pub(super) fn header(length: u32, written: &WrittenBody) -> StatusHeader {
    StatusHeader {
        authority: CreditCode::parse("11990000MB0000000J").unwrap(),
        list: 3,
        seq: 12,
        issued: Timestamp::new(1_760_000_000).unwrap(),
        next_update: Timestamp::new(1_760_086_400).unwrap(),
        length,
        layers: written.layers,
        root: written.root,
        previous_root: None,
        epoch: 1,
        details: None,
        log_head: None,
    }
}

fn sample() -> (StatusHeader, WrittenBody) {
    let revoked = (0..5000).step_by(97).map(|at| (at, State::Revoked));
    let suspended = (1..5000).step_by(501).map(|at| (at, State::Suspended));
    let mut states: Vec<(u32, State)> = revoked.chain(suspended).collect();
    states.sort();
    states.dedup_by_key(|(at, _)| *at);
    let written = WrittenBody::write(5000, states, Sha256).unwrap();
    (header(5000, &written), written)
}

fn put_together(envelope: &[u8], body: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(2);
    writer.item(envelope);
    writer.bytes(body);
    writer.finish().unwrap()
}

fn taken_in(bytes: &[u8]) -> Result<(), ListError> {
    let list = StatusList::parse(bytes)?;
    list.verify_body()?;
    list.check_body()?;
    Ok(())
}

#[test]
fn a_list_is_read_as_it_was_written() {
    let (header, written) = sample();
    let envelope = envelope(typ::STATUS, &header.encode().unwrap());
    let bytes = StatusList::assemble(&envelope, &written.bytes).unwrap();
    let list = StatusList::parse(&bytes).unwrap();
    assert_eq!(*list.claimed_header(), header);
    assert_eq!(list.envelope().bytes(), envelope);
    assert_eq!(list.body_bytes(), written.bytes);
    assert_eq!(list.claimed_body().standing(97), Ok(Standing::State(State::Revoked)));
    assert_eq!(list.claimed_body().standing(1), Ok(Standing::State(State::Suspended)));
    assert_eq!(list.claimed_body().standing(2), Ok(Standing::State(State::InForce)));
    assert_eq!(list.claimed_body().standing(5000), Ok(Standing::OutOfRange));
    assert!((200..350).contains(&envelope.len()), "a header of {} bytes", envelope.len());
}

#[test]
fn every_changed_bit_outside_of_the_signed_header_is_refused() {
    let (header, written) = sample();
    let envelope = envelope(typ::STATUS, &header.encode().unwrap());
    let bytes = StatusList::assemble(&envelope, &written.bytes).unwrap();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            if taken_in(&changed).is_ok() {
                let list = StatusList::parse(&changed).unwrap();
                assert_ne!(list.envelope().bytes(), envelope, "byte {at} bit {bit}");
                assert_eq!(list.body_bytes(), written.bytes);
            }
        }
    }
    for cut in 0..bytes.len() {
        assert!(StatusList::parse(&bytes[..cut]).is_err());
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(StatusList::parse(&longer).unwrap_err().reason(), Reason::EncodingTrailing);
}

#[test]
fn a_foreign_body_is_refused() {
    let (header, _) = sample();
    let envelope = envelope(typ::STATUS, &header.encode().unwrap());
    let other = WrittenBody::write(5000, (0..5000).step_by(97).map(|at| (at + 1, State::Revoked)), Sha256).unwrap();
    assert!(taken_in(&put_together(&envelope, &other.bytes)).is_err());
    assert_eq!(StatusList::assemble(&envelope, &[]), Err(ListError::Body(BodyError::Extent)));
}

#[test]
fn another_kind_of_object_is_refused() {
    let (header, written) = sample();
    let bytes = put_together(&envelope(typ::LICENSE, &header.encode().unwrap()), &written.bytes);
    assert_eq!(StatusList::parse(&bytes).unwrap_err().reason(), Reason::EncodingWrongType);
    let bytes = put_together(&envelope("application/x.zy.status2", &header.encode().unwrap()), &written.bytes);
    assert_eq!(StatusList::parse(&bytes).unwrap_err().reason(), Reason::EncodingVersionUnknown);
}

/// The sample's header with one entry written otherwise, added or left out.
fn with_entry(key: i64, value: Option<&dyn Fn(&mut Writer)>) -> Result<StatusHeader, HeaderError> {
    let (header, _) = sample();
    let payload = header.encode().unwrap();
    let mut reader = cbor::Reader::new(&payload);
    let mut map = reader.map().unwrap();
    let mut writer = Writer::new();
    writer.map(|out| {
        while let Some(cbor::Key::Int(found)) = map.next(&mut reader).unwrap() {
            let item = reader.skip().unwrap();
            if found != key {
                out.entry(found, |writer| writer.item(item));
            }
        }
        if let Some(value) = value {
            out.entry(key, value);
        }
    });
    StatusHeader::parse(&writer.finish().unwrap())
}

#[test]
fn the_header_is_closed_and_complete() {
    for key in [1, 2, 3, 4, 5, 6, 7, 8, 10] {
        assert_eq!(with_entry(key, None), Err(HeaderError::Missing(key)));
    }
    for key in [0, 13, 99, -1] {
        let found = with_entry(key, Some(&|writer| writer.uint(1)));
        assert!(matches!(found, Err(HeaderError::Cbor(cbor::Error { fault: Fault::UnknownKey, .. }))), "{found:?}");
    }
    assert!(matches!(with_entry(1, Some(&|writer| writer.text("1133010000248955"))), Err(HeaderError::Authority(_))));
    assert_eq!(with_entry(5, Some(&|writer| writer.int(1_760_000_000))), Err(HeaderError::NextUpdate));
    for (key, value) in [(2, -1), (3, -1), (4, -1), (5, 253_402_300_800), (6, 1 << 32), (10, -1)] {
        assert!(with_entry(key, Some(&move |writer| writer.int(value))).is_err(), "{key} => {value}");
    }
    for key in [8, 9] {
        assert!(with_entry(key, Some(&|writer| writer.bytes(&[0; 31]))).is_err());
    }
    assert_eq!(
        with_entry(9, Some(&|writer| writer.bytes(&[5; 32]))).unwrap().previous_root,
        Some(Digest::new([5; 32]))
    );
    let log = |writer: &mut Writer| {
        writer.array(2);
        writer.uint(70);
        writer.bytes(&[6; 32]);
    };
    assert_eq!(with_entry(12, Some(&log)).unwrap().log_head, Some(LogHead { size: 70, root: Digest::new([6; 32]) }));
}

#[test]
fn the_parameters_are_held_to_their_ranges() {
    let (header, _) = sample();
    let layers: Vec<(State, Layer)> = header.layers.iter().map(|(state, layer)| (state, *layer)).collect();
    let with = |which: usize, number: usize, change: &dyn Fn(u64) -> u64| {
        with_entry(
            7,
            Some(&|writer| {
                writer.map(|map| {
                    for (at, (state, layer)) in layers.iter().enumerate() {
                        let numbers: [u64; 5] = [
                            layer.count().into(),
                            layer.b().into(),
                            layer.k().into(),
                            layer.offset().into(),
                            layer.size().into(),
                        ];
                        map.entry(i64::from(state.number()), |writer| {
                            writer.array(6);
                            for (place, value) in numbers.into_iter().enumerate() {
                                writer.uint(if (at, place) == (which, number) { change(value) } else { value });
                                if place == 2 {
                                    writer.boolean(false);
                                }
                            }
                        });
                    }
                });
            }),
        )
    };
    assert_eq!(with(9, 9, &|value| value), Ok(header), "nothing changed");
    for which in [0, 1] {
        for value in [0, 2501, 5001, 1 << 32, 1 << 63] {
            assert!(with(which, 0, &|_| value).is_err(), "count {value}");
        }
        for value in [0, 10, 25, 1 << 40] {
            assert!(with(which, 1, &|_| value).is_err(), "b {value}");
        }
        for value in [24, 255, 256] {
            assert!(with(which, 2, &|_| value).is_err(), "k {value}");
        }
        for value in [u64::MAX, 7, 1 << 26] {
            assert!(with(which, 3, &|_| value).is_err(), "offset {value}");
        }
    }
    assert!(with(0, 4, &|size| size + 1).is_err(), "the second layer does not begin there");
    assert!(with(1, 4, &|_| u64::MAX).is_err());
    let state = |number: i64| {
        with_entry(
            7,
            Some(&move |writer| {
                writer.map(|map| map.entry(number, |writer| writer.item(&[0x86, 1, 20, 0, 0xf4, 0, 10])))
            }),
        )
    };
    for number in [0, 8, -1] {
        assert!(state(number).is_err(), "state {number}");
    }
    assert!(state(7).is_ok());
}

/// The sample with a day and a cause for each listed position.
fn detailed() -> (StatusHeader, WrittenBody) {
    let (plain, _) = sample();
    let since = crate::time::Day::new(20_000);
    let revoked = (0..5000).step_by(97).map(|at| (at, LicenseHistory::of(State::Revoked, since)));
    let mut histories: Vec<(u32, LicenseHistory)> = revoked.collect();
    histories.push((1, LicenseHistory::of(State::Suspended, None)));
    histories.sort_by_key(|(at, _)| *at);
    let written = WrittenBody::write_detailed(5000, plain.list, &histories, Sha256).unwrap();
    (StatusHeader { details: written.details, ..header(5000, &written) }, written)
}

#[test]
fn details_are_covered_by_the_root() {
    let (header, written) = detailed();
    let envelope = envelope(typ::STATUS, &header.encode().unwrap());
    let bytes = StatusList::assemble(&envelope, &written.bytes).unwrap();
    let list = StatusList::parse(&bytes).unwrap();
    assert_eq!(list.claimed_body().standing(97), Ok(Standing::State(State::Revoked)));
    let history = list.claimed_body().history(header.list, 97).unwrap().unwrap();
    assert_eq!(history, LicenseHistory::of(State::Revoked, crate::time::Day::new(20_000)));
    let details = header.details.unwrap().offset() as usize;
    for at in details..written.bytes.len() {
        let mut changed = written.bytes.clone();
        changed[at] ^= 1;
        assert!(taken_in(&put_together(&envelope, &changed)).is_err(), "byte {at}");
    }
    assert_eq!(StatusList::assemble(&envelope, &written.bytes[..details]), Err(ListError::Body(BodyError::Extent)));
    // Who says nothing of details says nothing of their bytes either.
    let without = StatusHeader { details: None, ..header };
    let envelope = self::envelope(typ::STATUS, &without.encode().unwrap());
    assert_eq!(StatusList::assemble(&envelope, &written.bytes), Err(ListError::Body(BodyError::Extent)));
}

#[test]
fn the_numbers_of_details_are_held_to_their_ranges() {
    let (header, _) = sample();
    let with = |place: usize, value: u64, complement: bool| {
        let mut numbers = [header.layers.listed(), 11, 0, header.layers.size(), 9];
        numbers[place] = value;
        let [count, b, k, offset, size] = numbers;
        with_entry(
            11,
            Some(&move |writer| {
                writer.array(6);
                [count, b, k].into_iter().for_each(|number| writer.uint(number));
                writer.boolean(complement);
                [offset, size].into_iter().for_each(|number| writer.uint(number));
            }),
        )
    };
    assert_eq!(with(1, 12, false).unwrap().details.unwrap().b(), 12);
    assert!(with(0, header.layers.listed() + 7, false).is_ok(), "past spells count too");
    assert!(with(1, 12, true).is_err());
    for (place, value) in [(0, 1), (0, (1 << 25) + 1), (0, 1 << 63), (1, 10), (1, 25), (2, 1), (3, 0), (4, 1 << 26)] {
        assert!(with(place, value, false).is_err(), "{value} in place {place}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(StatusList::parse(&bytes).is_err());
        let _ = StatusHeader::parse(&bytes);
    }

    #[test]
    fn any_body_of_a_header_ends(
        (length, count, b, k) in (1_u32.., 1_u64..100, 11_u64..=24, 0_u64..24),
        body in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        if let Ok(layer) = Layer::new(length, count, b, k, Stored::Listed, 0, body.len() as u64) {
            let mut layers = Layers::default();
            layers.set(State::Revoked, layer);
            if let Ok(body) = Body::parse(length, &layers, None, &body) {
                prop_assert!(body.check().is_err() || body.root(Sha256).is_ok());
                let _ = body.standing(u64::from(length / 2));
                let _ = body.resurrected(&body);
            }
        }
    }
}
