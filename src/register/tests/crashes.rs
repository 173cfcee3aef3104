//! A stop at any byte, a failure of any write, a flip of any bit.

use super::*;

/// A journal with everything in it, and what was released when it had grown how far.
fn history() -> (Vec<u8>, Vec<(usize, StatusPointer, Digest)>) {
    let journal = Memory::default();
    let (mut register, _) = open(&journal).unwrap();
    let mut released = Vec::new();
    for number in ["A1", "A2", "A3"] {
        let license = issued(&mut register, number);
        released.push((journal.to_vec().len(), license.status, license.digest));
    }
    register.change(released[1].1, State::Suspended, "暂扣", base()).unwrap();
    let digest = Digest::new([7; 32]);
    let publication = Publication { list: LIST, epoch: 0, seq: 1, issued: base(), digest };
    register.record_publication(publication, base()).unwrap();
    let unplugged = Unplugged(signer());
    assert!(register.issue(&request(&facts("A4"), "A4"), None, &unplugged, base()).is_err());
    let license = issued(&mut register, "A5");
    released.push((journal.to_vec().len(), license.status, license.digest));
    (journal.to_vec(), released)
}

/// Where each frame begins, and the end.
fn bounds(journal: &[u8]) -> Vec<usize> {
    let mut frames = Frames::new(journal);
    let mut bounds = vec![0];
    while frames.next().is_some() {
        bounds.push(frames.walked());
    }
    assert_eq!(bounds.last(), Some(&journal.len()));
    bounds
}

/// What was released is there and in force, and its position is not given again.
fn check_survived(bytes: &[u8], released: &[(usize, StatusPointer, Digest)], length: usize) {
    let journal = Memory::of(bytes);
    let (mut register, recovery) = open(&journal).unwrap();
    let survivors: Vec<_> = released.iter().filter(|(at, ..)| *at <= length).collect();
    for (_, at, digest) in &survivors {
        assert_eq!(register.entry(*at).map(|entry| entry.issuance.digest), Some(*digest), "cut at {length}");
        assert!(!recovery.voided.contains(at));
    }
    let fresh = issued(&mut register, "B1").status;
    assert!(survivors.iter().all(|(_, at, _)| *at != fresh), "cut at {length}: a position was given twice");
    assert!(!recovery.voided.contains(&fresh));
    for at in &recovery.voided {
        assert_eq!(register.position(*at), Some(&Position::Void));
    }
    // The repair itself is on record, and is not repeated.
    let (_, again) = open(&journal).unwrap();
    assert_eq!(again, Recovery::default());
}

#[test]
fn a_journal_that_was_cut_anywhere_opens_and_gives_no_position_twice() {
    let (journal, released) = history();
    let whole = bounds(&journal);
    for length in 0..=journal.len() {
        check_survived(&journal[..length], &released, length);
        if !whole.contains(&length) {
            let cut = Memory::of(&journal[..length]);
            let begun = whole.iter().rfind(|bound| **bound < length).unwrap();
            assert_eq!(open(&cut).unwrap().1.cut, length - begun);
        }
    }
}

#[test]
fn a_journal_whose_end_is_zeros_opens_as_if_it_was_cut() {
    let (journal, released) = history();
    for length in 0..journal.len() {
        let filled = [&journal[..length], &[0; 600]].concat();
        check_survived(&filled, &released, length);
    }
}

#[test]
fn a_torn_allotment_costs_its_position() {
    let (journal, _) = history();
    let whole = bounds(&journal);
    // Record 3 allots the second position.
    let mut voided = 0;
    for length in whole[3] + 1..whole[4] {
        let (register, recovery) = open(&Memory::of(&journal[..length])).unwrap();
        assert!(recovery.voided.iter().all(|at| at.index == 1));
        assert_eq!(u64::from(register.length(LIST)), 1 + u64::try_from(recovery.voided.len()).unwrap());
        voided += recovery.voided.len();
    }
    assert!(voided > 32, "from the list's number on it is known which");
}

#[test]
fn every_flipped_bit_is_found_in_its_record() {
    let (journal, _) = history();
    let whole = bounds(&journal);
    for at in 0..journal.len() {
        let record = whole.iter().filter(|bound| **bound <= at).count() - 1;
        for bit in 0..8 {
            let mut flipped = journal.clone();
            flipped[at] ^= 1 << bit;
            match open(&Memory::of(&flipped)) {
                Err(RegisterError::Damaged { record: found, at: begin }) => {
                    assert_eq!(found, u64::try_from(record).unwrap(), "byte {at}");
                    assert_eq!(begin, u64::try_from(whole[record]).unwrap());
                }
                found => panic!("byte {at} bit {bit}: {found:?}"),
            }
        }
    }
}

#[test]
fn records_are_neither_left_out_nor_repeated_nor_exchanged() {
    let (journal, _) = history();
    let whole = bounds(&journal);
    let frames: Vec<&[u8]> = whole.windows(2).map(|bound| &journal[bound[0]..bound[1]]).collect();
    let damaged_at = |frames: &[&[u8]]| match open(&Memory::of(&frames.concat())) {
        Err(RegisterError::Damaged { record, .. }) => usize::try_from(record).ok(),
        _ => None,
    };
    for at in 0..frames.len() - 1 {
        let mut without = frames.clone();
        without.remove(at);
        assert_eq!(damaged_at(&without), Some(at));
        let mut exchanged = frames.clone();
        exchanged.swap(at, at + 1);
        assert_eq!(damaged_at(&exchanged), Some(at));
        let mut twice = frames.clone();
        twice.insert(at, frames[at]);
        assert_eq!(damaged_at(&twice), Some(at + 1));
    }
}

#[test]
fn a_chained_record_that_contradicts_those_before_it_is_refused() {
    let (journal, released) = history();
    let records = u64::try_from(bounds(&journal).len() - 1).unwrap();
    let head = {
        let mut frames = Frames::new(&journal);
        frames.by_ref().for_each(drop);
        frames.head()
    };
    let at = released[0].1;
    let name = LicenseName { type_code: facts("A1").type_code, number: "A1".into(), version: 1 };
    let next = StatusPointer { index: 5, ..at };
    for event in [
        Event::Opened { authority: code(AUTHORITY) },
        Event::Allotted { at, name: LicenseName { number: "new".into(), ..name.clone() } },
        Event::Allotted { at: next, name },
        Event::Void { at },
        Event::Changed { at: next, state: State::Revoked, reason: String::new() },
        Event::Changed { at, state: State::InForce, reason: String::new() },
    ] {
        let record = Record { number: records, time: base(), event };
        let (frame, _) = frame(head, &record.encode().unwrap()).unwrap();
        let found = open(&Memory::of(&[journal.as_slice(), &frame].concat()));
        assert!(
            matches!(found, Err(RegisterError::NotOurs { record, .. }) if record == records),
            "{record:?}: {found:?}"
        );
    }
}

#[test]
fn when_a_write_fails_nothing_is_released_and_the_register_must_be_opened_again() {
    for fails_after in 0..7 {
        for written in [0, 5, 60, usize::MAX] {
            let journal = Memory { fails_after: Some((fails_after, written)), ..Memory::default() };
            let mut released = Vec::new();
            match open(&journal) {
                Err(error) => assert!(matches!(error, RegisterError::Journal(_)) && fails_after == 0),
                Ok((mut register, _)) => {
                    let mut failed = 0;
                    for number in ["A1", "A2", "A3", "A4"] {
                        match issue(&mut register, number) {
                            Ok(license) => released.push((0, license.license().status, license.license().digest)),
                            Err(RegisterIssueError::Register(RegisterError::Journal(_))) => failed += 1,
                            Err(RegisterIssueError::Register(RegisterError::Poisoned)) => assert_eq!(failed, 1),
                            Err(error) => panic!("{error}"),
                        }
                    }
                    assert_eq!((failed, released.len()), (1, (fails_after - 1) / 2));
                }
            }
            check_survived(&journal.to_vec(), &released, usize::MAX);
        }
    }
}
