//! Details against plain tables of histories; every block that the writer would not write is refused.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::bits::{BitReader, BitWriter};
use super::super::details::DETAILED;
use super::super::*;
use crate::claims::StatusPointer;
use crate::reason::Reason;
use crate::suite::HashAlgorithm::Sha256;
use crate::time::Day;

type Histories = BTreeMap<u32, LicenseHistory>;

const LIST: u64 = 4;

fn day(days: i32) -> Day {
    Day::new(days.into()).unwrap()
}

fn write(length: u32, histories: &Histories) -> WrittenBody {
    let histories: Vec<_> = histories.iter().map(|(at, history)| (*at, history.clone())).collect();
    WrittenBody::write_detailed(length, LIST, &histories, Sha256).unwrap()
}

fn body(length: u32, written: &WrittenBody) -> Body<'_> {
    Body::parse(length, &written.layers, written.details.as_ref(), &written.bytes).unwrap()
}

fn history() -> impl Strategy<Value = LicenseHistory> {
    let state = prop_oneof![4 => 0_u8..=7, 2 => Just(1_u8)];
    let since = prop_oneof![1 => Just(None), 9 => (20_000_i32..23_650).prop_map(Some), 2 => Just(Some(21_000))];
    let successor =
        prop::option::of((prop_oneof![Just(LIST), Just(0), Just(5), Just(u64::from(u32::MAX))], any::<u32>()));
    let past = prop_oneof![
        5 => Just(Vec::new()),
        1 => prop::collection::vec((0_i32..400, 0_i32..400, 1_u8..=6, 0_u8..=63), 1..4),
    ];
    (state, since, 0_u8..=Cause::MAX, successor, past).prop_map(|(state, since, cause, successor, past)| {
        let state = State::from_number(state).unwrap();
        // Three spells of at most 798 days end before the first day on which the present state may begin.
        let mut at = 17_000;
        let past = past
            .into_iter()
            .map(|(skip, lasted, state, cause)| {
                let from = at + skip;
                at = from + lasted;
                let (state, cause) = (State::from_number(state).unwrap(), Cause::from_number(cause).unwrap());
                Spell { state, from: day(from), until: day(at), cause }
            })
            .collect();
        let mut history = LicenseHistory { past, ..LicenseHistory::of(state, None) };
        if DETAILED.contains(&state) {
            history.since = since.map(day);
            history.cause = Cause::from_number(cause).unwrap();
            if state == State::Superseded {
                history.successor = successor.map(|(list, index)| StatusPointer { list, index: index.into() });
            }
        }
        history
    })
}

/// Lists of up to 9,000 positions, sparse or dense, with some whole stretches.
fn histories() -> impl Strategy<Value = (u32, Histories)> {
    let singles = prop::collection::vec((0_u32..9_000, history()), 0..120);
    let stretches = prop::collection::vec((0_u32..9_000, 1_u32..700, history()), 0..3);
    (1_u32..9_000, singles, stretches).prop_map(|(length, singles, stretches)| {
        let mut all = Histories::new();
        for (from, count, history) in stretches {
            all.extend((from..from + count).map(|at| (at, history.clone())));
        }
        all.extend(singles);
        all.retain(|at, _| *at < length);
        (length, all)
    })
}

fn entries(histories: &Histories) -> usize {
    histories.values().map(|history| history.past.len() + usize::from(DETAILED.contains(&history.state))).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_position_has_its_history((length, histories) in histories()) {
        let written = write(length, &histories);
        let body = body(length, &written);
        prop_assert_eq!(body.check(), Ok(()));
        prop_assert_eq!(body.verify(Sha256, &written.root), Ok(()));
        prop_assert_eq!(written.details.unwrap().count() as usize, entries(&histories));
        // Those of which something is said, a few at a time, and others.
        let step = 1 + histories.len() / 150;
        for at in histories.keys().copied().step_by(step).chain((0..length).step_by(97)) {
            let expected = histories.get(&at).cloned().unwrap_or(LicenseHistory::IN_FORCE);
            prop_assert_eq!(body.standing(at.into()), Ok(Standing::State(expected.state)));
            prop_assert_eq!(body.history(LIST, at.into()), Ok(Some(expected)));
        }
        for beyond in [u64::from(length), 1 << 32, u64::MAX] {
            prop_assert_eq!(body.history(LIST, beyond), Ok(None));
        }
        // Positions of which there is nothing to say may be told or not.
        let others = (0..length).step_by(3).map(|at| (at, LicenseHistory::IN_FORCE));
        let all: Histories = others.chain(histories.clone()).collect();
        prop_assert_eq!(write(length, &all), written.clone());
        // The layers are those of a list without details.
        let states = histories.iter().map(|(at, history)| (*at, history.state));
        let plain = WrittenBody::write(length, states, Sha256).unwrap();
        prop_assert_eq!(plain.layers, written.layers);
        prop_assert!(written.bytes.starts_with(&plain.bytes));
        prop_assert_ne!(plain.root, written.root);
    }

    #[test]
    fn a_changed_byte_is_no_other_history((length, histories) in histories(), pick in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut written = write(length, &histories);
        let layers = written.details.unwrap().offset() as usize;
        let at = layers + pick.index(written.bytes.len() - layers);
        written.bytes[at] ^= 1 << bit;
        if let Ok(body) = Body::parse(length, &written.layers, written.details.as_ref(), &written.bytes) {
            prop_assert!(body.verify(Sha256, &written.root).is_err());
            // What the strict reader takes is what the writer writes of it.
            if body.check().is_ok() {
                let told: Histories = (0..length).map(|at| (at, body.history(LIST, at.into()).unwrap().unwrap())).collect();
                prop_assert_eq!(&write(length, &told).bytes, &written.bytes);
            }
            for at in (0..length).step_by(29) {
                let _ = body.history(LIST, at.into());
            }
        }
    }
}

/// A list with details in one block of 2^24, to be spoilt.
fn sample() -> (u32, Histories) {
    let length = 1 << 25;
    let mut histories = Histories::new();
    for at in 0..200_u32 {
        let state = if at % 10 == 0 { State::Superseded } else { State::Revoked };
        let mut history = LicenseHistory::of(state, Some(day(20_000 + (at as i32 * 37) % 3_650)));
        history.cause = Cause::from_number((at % 3) as u8).unwrap();
        history.successor =
            (state == State::Superseded).then_some(StatusPointer { list: LIST, index: u64::from(at) * 900 });
        histories.insert(at * 601, history);
    }
    let spell =
        |from, until| Spell { state: State::Suspended, from: day(from), until: day(until), cause: Cause::UNSTATED };
    histories.insert(
        99,
        LicenseHistory { past: vec![spell(19_000, 19_010), spell(19_010, 19_400)], ..LicenseHistory::IN_FORCE },
    );
    (length, histories)
}

/// The sample with other details: their blocks, and what the header says of them.
fn with(blocks: &[Vec<u8>], count: u32, b: u8, width: Option<u8>) -> Result<(), BodyError> {
    let (length, histories) = sample();
    let written = write(length, &histories);
    let mut bytes = written.bytes[..written.details.unwrap().offset() as usize].to_vec();
    let offset = bytes.len() as u32;
    let lengths: Vec<u32> = blocks.iter().map(|block| block.len() as u32).collect();
    let mut region = Vec::new();
    directory::write(&lengths, &mut region).unwrap();
    if let Some(width) = width {
        assert_eq!((region[0], blocks.len()), (2, 2), "the sample has lengths of two bytes");
        region = [&[width, 0, 0, 0, 0, 0, 0, 0, 0][..], &lengths[0].to_le_bytes(), &lengths[1].to_le_bytes()].concat();
    }
    bytes.extend(region);
    blocks.iter().for_each(|block| bytes.extend(block));
    let details = Details::chosen(count, b, offset, bytes.len() as u32 - offset);
    let body = Body::parse(length, &written.layers, Some(&details), &bytes)?;
    let _ = body.root(Sha256);
    for at in [0, 99, 601, 6_010, 119_599, length - 1] {
        let _ = body.history(LIST, at.into());
    }
    body.check()
}

/// The blocks of the sample's details.
fn blocks() -> Vec<Vec<u8>> {
    let (length, histories) = sample();
    let written = write(length, &histories);
    let details = written.details.unwrap();
    assert_eq!(
        (details.count(), details.b(), details.offset() as usize + details.size() as usize),
        (202, 24, written.bytes.len())
    );
    let region = &written.bytes[details.offset() as usize..];
    // Width, shortest, one base, two lengths.
    let first = u16::from_le_bytes([region[9], region[10]]) as usize;
    assert_eq!(region.len(), 13 + first);
    vec![region[13..].to_vec(), Vec::new()]
}

#[test]
fn what_the_writer_would_not_write_is_refused() {
    let good = blocks();
    assert_eq!(with(&good, 202, 24, None), Ok(()), "what the others are changed from");
    let refused = |error| Err(BodyError::Details(error));
    assert_eq!(with(&good, 201, 24, None), refused(DetailsError::Count));
    assert_eq!(with(&good, 203, 24, None), refused(DetailsError::Count));
    let changed = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut blocks = good.clone();
        change(&mut blocks);
        with(&blocks, 202, 24, None)
    };
    assert_eq!(changed(&|blocks| blocks[0].push(0)), refused(DetailsError::NotChosen(0)));
    assert_eq!(changed(&|blocks| blocks[1] = vec![1]), refused(DetailsError::NotChosen(1)), "a block of nothing");
    assert_eq!(changed(&|blocks| blocks[0].truncate(20)), refused(DetailsError::CutShort(0)));
    assert!(changed(&|blocks| *blocks[0].last_mut().unwrap() |= 0x80).is_err());
    assert_eq!(with(&good, 202, 24, Some(4)), refused(DetailsError::NotCanonical));
    // The same entries in blocks of half the width.
    let narrow = [vec![good[0].clone()], vec![Vec::new(); 3]].concat();
    assert_eq!(with(&narrow, 202, 23, None), refused(DetailsError::NotCanonical));
    assert_eq!(with(&good[..1], 202, 24, None), refused(DetailsError::Shape));
}

/// A block of the sample with another column of days in front.
#[test]
fn other_forms_of_a_column_are_refused() {
    let good = blocks();
    let mut reader = BitReader::new(&good[0]);
    let days = column::read(&mut reader, 180).unwrap();
    let mut bits = Vec::new();
    while let Some(bit) = reader.take(1) {
        bits.push(bit);
    }
    let again = |write_days: &dyn Fn(&mut BitWriter)| {
        let mut writer = BitWriter::default();
        write_days(&mut writer);
        bits.iter().for_each(|bit| writer.put(*bit, 1));
        with(&[writer.finish(), Vec::new()], 202, 24, None)
    };
    let even = |writer: &mut BitWriter, base: u32, width: u32| {
        writer.put(0, 2);
        writer.put(15, 6);
        writer.put(base, 15);
        writer.put(width, 6);
        days.iter().for_each(|day| writer.put(*day as u32 - base, width));
    };
    let least = *days.iter().min().unwrap() as u32;
    // The padding is longer than the writer's or as long: the block is another in any case but the writer's own.
    assert_eq!(again(&|writer| column::write(writer, &days)).err(), None);
    let not_chosen = Some(BodyError::Details(DetailsError::NotChosen(0)));
    assert_eq!(again(&|writer| even(writer, least, 13)).err(), not_chosen);
    assert_eq!(again(&|writer| even(writer, least - 1, 12)).err(), not_chosen);
    let rice = |writer: &mut BitWriter| {
        writer.put(1, 2);
        writer.put(15, 6);
        writer.put(least, 15);
        writer.put(11, 5);
        for day in &days {
            let value = *day as u32 - least;
            writer.unary(value >> 11);
            writer.put(value & 0x7ff, 11);
        }
    };
    assert_eq!(again(&rice).err(), not_chosen);
    // A base with a leading zero, a form, a width and a parameter that there are not.
    let long_base = |writer: &mut BitWriter| {
        writer.put(0, 2);
        writer.put(16, 6);
        writer.put(least, 16);
        writer.put(12, 6);
        days.iter().for_each(|day| writer.put(*day as u32 - least, 12));
    };
    assert_eq!(again(&long_base).err(), not_chosen);
    let cut_short = Some(BodyError::Details(DetailsError::CutShort(0)));
    assert_eq!(again(&|writer| writer.put(3, 2)).err(), cut_short);
    assert_eq!(again(&|writer| writer.put(35 << 2, 8)).err(), cut_short);
    assert_eq!(again(&|writer| writer.put(1 | 24 << 8, 13)).err(), cut_short);
}

#[test]
fn numbers_out_of_range_and_times_out_of_order_are_refused() {
    let one = |history: LicenseHistory| {
        let mut bytes = Vec::new();
        details::write(100, LIST, &[(7, history)], &mut bytes).map(|_| ())
    };
    let spell =
        |from, until| Spell { state: State::Suspended, from: day(from), until: day(until), cause: Cause::UNSTATED };
    let past = |past: Vec<Spell>| LicenseHistory { past, ..LicenseHistory::of(State::Revoked, Some(day(500))) };
    assert_eq!(one(past(vec![spell(10, 20), spell(20, 500)])), Ok(()));
    assert_eq!(one(past(vec![spell(10, 20), spell(19, 30)])), Err(DetailsError::Order(0)));
    assert_eq!(one(past(vec![spell(10, 501)])), Err(DetailsError::Order(0)));
    let unknown = LicenseHistory { past: vec![spell(10, 501)], ..LicenseHistory::of(State::Revoked, None) };
    assert_eq!(one(unknown), Ok(()), "the day of the present state is not known");
    // A spell that ends before it begins cannot be written: as long as none.
    let mut bytes = Vec::new();
    let details = details::write(100, LIST, &[(7, past(vec![spell(10, 20)]))], &mut bytes).unwrap();
    assert_eq!((details.count(), details.b()), (2, 15));
}

/// What the reader would refuse is not written.
#[test]
fn spells_that_cannot_be_told_are_not_written() {
    let spell = |state, from| Spell { state, from: day(from), until: day(20_000), cause: Cause::UNSTATED };
    for (past, told) in [
        (spell(State::Suspended, 1), true),
        (spell(State::Suspended, 0), false),
        (spell(State::Suspended, -400), false),
        (spell(State::Void, 100), false),
        (spell(State::InForce, 100), false),
    ] {
        let history = LicenseHistory { past: vec![past], ..LicenseHistory::IN_FORCE };
        let written = WrittenBody::write_detailed(300, LIST, &[(7, history)], Sha256);
        match written {
            Ok(written) => assert_eq!((body(300, &written).check(), told), (Ok(()), true)),
            Err(error) => assert_eq!((error, told), (BodyError::Details(DetailsError::Range(0)), false)),
        }
    }
}

#[test]
fn a_successor_that_no_column_names_is_left_out() {
    let superseded = |list, index| LicenseHistory {
        successor: Some(StatusPointer { list, index }),
        ..LicenseHistory::of(State::Superseded, Some(day(20_000)))
    };
    for (list, index, kept) in [
        (LIST, u64::from(u32::MAX), true),
        (u64::from(u32::MAX), 0, true),
        (1 << 32, 0, false),
        (LIST, 1 << 32, false),
        (u64::MAX, u64::MAX, false),
    ] {
        let written = write(10, &Histories::from([(3, superseded(list, index))]));
        let found = body(10, &written).history(LIST, 3).unwrap().unwrap();
        assert_eq!(found.successor, kept.then_some(StatusPointer { list, index }), "{list}/{index}");
        assert_eq!(body(10, &written).check(), Ok(()));
    }
}

#[test]
fn crowded_blocks_of_details_are_split() {
    let length = 1 << 27;
    let batch = |count: u32| -> Histories {
        (0..count).map(|at| (at, LicenseHistory::of(State::Revoked, Some(day(20_000))))).collect()
    };
    for (count, b) in [(8_192, 24), (8_193, 13), (9_000, 13)] {
        let written = write(length, &batch(count));
        assert_eq!((written.details.unwrap().b(), body(length, &written).check()), (b, Ok(())), "{count}");
        let found = body(length, &written).history(LIST, (count - 1).into()).unwrap().unwrap();
        assert_eq!(found.since, Some(day(20_000)));
    }
}

/// Ten years of days, causes of two bits, 1 % listed: position, day and cause together.
#[test]
fn an_entry_takes_about_22_bits() {
    let length = 2_000_000_u32;
    let mut seed = 7_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut histories = Histories::new();
    while histories.len() < 20_000 {
        let mut history = LicenseHistory::of(State::Revoked, Some(day(17_000 + random(3_650) as i32)));
        // Half of one cause, a quarter of the next ….
        history.cause = Cause::from_number((random(1 << 16) as u32 | 1 << 16).trailing_zeros() as u8 % 16).unwrap();
        histories.insert(random(length.into()) as u32, history);
    }
    let written = write(length, &histories);
    let bits = written.bytes.len() as f64 * 8.0 / 20_000.0;
    assert!((20.0..22.6).contains(&bits), "{bits} bits");
}

#[test]
fn hostile_details_end() {
    // A list of which all is revoked in one run, with as many entries as may be said and no bytes to say them in.
    let length = u32::MAX;
    let mut bytes = Vec::new();
    let listed: Vec<u32> = (0..40_000).collect();
    let mut layers = Layers::default();
    layers.set(State::Revoked, super::layer::write(length, &listed, &mut bytes));
    let offset = bytes.len() as u32;
    bytes.extend([0, 0, 0, 0]);
    bytes.extend([0; 5 * 8]);
    let details = Details::chosen(40_000, 24, offset, 44);
    let body = Body::parse(length, &layers, Some(&details), &bytes).unwrap();
    assert_eq!(body.check(), Err(BodyError::Details(DetailsError::NotCanonical)), "more than a block may have");
    assert!(body.history(LIST, 5).is_err());
    assert_eq!(body.history(LIST, 1 << 31), Ok(Some(LicenseHistory::IN_FORCE)));
    let reason = BodyError::Details(DetailsError::TooMany).reason();
    assert_eq!(reason, Reason::EncodingTooLarge);
    // Two thousand million past spells of no bits each.
    let mut writer = BitWriter::default();
    writer.unary(31);
    writer.put(0, 31);
    let block = writer.finish();
    let mut bytes = Vec::new();
    directory::write(&[block.len() as u32], &mut bytes).unwrap();
    bytes.extend(&block);
    let details = Details::chosen(1 << 25, 11, 0, bytes.len() as u32);
    let body = Body::parse(2_000, &Layers::default(), Some(&details), &bytes).unwrap();
    assert_eq!(body.check(), Err(BodyError::Details(DetailsError::TooMany)));
    assert_eq!(body.history(LIST, 5), Err(BodyError::Details(DetailsError::TooMany)));
}
