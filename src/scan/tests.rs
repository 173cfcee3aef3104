#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::carrier::{self, Error, Prepared};
use crate::suite::{Digest, hmac_sha256};
use crate::time::Timestamp;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn scan(text: &str) -> Frame {
    Frame::Scan(text.as_bytes().to_vec())
}

#[test]
fn a_scan_ends_with_a_line_end_or_a_pause() {
    let mut framer = Framer::new(Some(IDLE));
    assert_eq!(framer.push(b"86", ms(0)), []);
    assert_eq!(framer.push(b"01\r", ms(79)), [scan("8601")]);
    assert_eq!(framer.push(b"\nab\n\n  \ncd", ms(80)), [scan("ab")], "the LF of CR LF and blank lines are no scans");
    assert_eq!(framer.due(), Some(ms(160)));
    assert_eq!(framer.poll(ms(159)), None);
    assert_eq!(framer.poll(ms(160)), Some(scan("cd")));
    assert_eq!((framer.due(), framer.poll(ms(900))), (None, None));
    // What comes after the pause is another scan, polled or not.
    framer.push(b"ef", ms(1_000));
    assert_eq!(framer.push(b"gh\n", ms(1_080)), [scan("ef"), scan("gh")]);
    framer.push(b"ij", ms(2_000));
    assert_eq!((framer.finish(), framer.finish()), (Some(scan("ij")), None));
    let mut lines = Framer::new(None);
    assert_eq!(lines.push(b"a", ms(0)), []);
    assert_eq!((lines.push(b"b\n", ms(900_000)), lines.due()), (vec![scan("ab")], None));
}

#[test]
fn a_scan_without_an_end_is_counted_and_not_kept() {
    let mut framer = Framer::new(None);
    let chunk = vec![b'8'; 64 << 10];
    for at in 0..160 {
        assert_eq!(framer.push(&chunk, ms(at)), []);
        assert!(framer.held.capacity() <= 2 * MAX_SCAN, "{}", framer.held.capacity());
    }
    assert_eq!(framer.push(b"\n8\n", ms(200)), [Frame::TooLong { bytes: 160 << 16 }, scan("8")]);
    // The longest is one more than what is refused.
    let longest = vec![b'8'; MAX_SCAN];
    assert_eq!(framer.push(&[&longest[..], b"\n"].concat(), ms(201)), [Frame::Scan(longest.clone())]);
    let longer = [&longest[..], b"8\n"].concat();
    assert_eq!(framer.push(&longer, ms(202)), [Frame::TooLong { bytes: MAX_SCAN as u64 + 1 }]);
}

proptest! {
    /// However the bytes are cut into chunks, the scans are those between the line ends.
    #[test]
    fn chunks_change_nothing(text in "[ab\\r\\n \u{3000}]{0,60}", cuts in proptest::collection::vec(0_usize..60, 0..8)) {
        let bytes = text.as_bytes();
        let mut framer = Framer::new(None);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).chain([0, bytes.len()]).collect();
        cuts.sort_unstable();
        let mut found: Vec<Frame> = cuts.windows(2).flat_map(|cut| framer.push(&bytes[cut[0]..cut[1]], ms(0))).collect();
        found.extend(framer.finish());
        let expected: Vec<Frame> =
            text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).map(scan).collect();
        prop_assert_eq!(found, expected);
    }
}

fn parts(bytes: &[u8], most: usize) -> Vec<String> {
    Prepared::plain(bytes).unwrap().split(most).unwrap().iter().map(Prepared::digits).collect()
}

fn waiting(collected: Result<Collected, Error>) -> Waiting {
    match collected {
        Ok(Collected::Waiting(waiting)) => waiting,
        other => panic!("{other:?}"),
    }
}

#[test]
fn parts_are_collected_and_those_that_are_missing_are_named() {
    let texts = parts(&[7; 100], 40);
    let mut collector = Collector::new(PARTS_WITHIN);
    let first = waiting(collector.add(&texts[1], ms(0)));
    assert_eq!((first.number, first.total, first.missing, first.of_another), (2, 3, vec![1, 3], false));
    // A whole code in between is answered, and changes nothing.
    let whole = carrier::encode_digits(b"whole").unwrap();
    assert!(matches!(collector.add(&whole, ms(1)), Ok(Collected::Whole(decoded)) if decoded.bytes == b"whole"));
    assert_eq!(waiting(collector.add(&texts[1], ms(2))).missing, [1, 3], "again");
    assert_eq!(waiting(collector.add(&texts[2], ms(3))).missing, [1]);
    assert!(matches!(collector.add(&texts[0], ms(4)), Ok(Collected::Whole(decoded)) if decoded.bytes == [7; 100]));
    assert_eq!(collector.due(), None);
}

#[test]
fn parts_of_two_codes_never_mix() {
    let (one, two) = (parts(&[1; 100], 60), parts(&[2; 100], 60));
    let mut collector = Collector::new(PARTS_WITHIN);
    assert!(!waiting(collector.add(&one[0], ms(0))).of_another);
    let strange = waiting(collector.add(&two[1], ms(1)));
    assert_eq!((strange.of_another, strange.missing), (true, vec![1]));
    assert!(!waiting(collector.add(&two[1], ms(1))).of_another, "it is the one that is being collected now");
    assert!(waiting(collector.add(&one[0], ms(2))).of_another);
    let joined = |collected| match collected {
        Ok(Collected::Whole(decoded)) => decoded.bytes,
        other => panic!("{other:?}"),
    };
    assert_eq!(joined(collector.add(&one[1], ms(3))), [1; 100]);
    assert_eq!(joined(collector.add(&two[0], ms(4))), [2; 100]);
}

#[test]
fn parts_that_wait_are_limited_in_number_age_and_size() {
    let codes: Vec<Vec<String>> = (0..6).map(|n| parts(&[n; 100], 60)).collect();
    let mut collector = Collector::new(PARTS_WITHIN);
    for (code, at) in codes.iter().zip(0..) {
        collector.add(&code[0], Duration::from_secs(at)).unwrap();
    }
    assert_eq!(collector.open.len(), MAX_COLLECTIONS);
    assert_eq!(collector.due(), Some(Duration::from_secs(62)));
    assert_eq!(collector.expire(Duration::from_secs(61)), []);
    assert_eq!(collector.expire(Duration::from_secs(63)), [(1, 2), (1, 2)]);
    // The age is that of the last part.
    collector.add(&codes[4][0], Duration::from_secs(64)).unwrap();
    assert_eq!(collector.expire(Duration::from_secs(123)), [(1, 2)]);
    assert_eq!(waiting(collector.add(&codes[0][1], Duration::from_secs(123))).missing, [1], "its first was given up");
    // Parts that say that they are of more than there can be.
    let mut collector = Collector::new(PARTS_WITHIN);
    let part = |index: u8| {
        let content = [&[index, 3, 1, 2, 3, 4][..], &[0; 40_000]].concat();
        carrier::encode_digits(&content).unwrap().replacen("8601", "8603", 1)
    };
    collector.add(&part(0), ms(0)).unwrap();
    assert_eq!(collector.add(&part(1), ms(0)), Err(Error::TooLong));
    assert_eq!(collector.due(), None);
}

#[test]
fn damaged_parts_are_given_up_together() {
    let texts = parts(&[7; 100], 60);
    let mut content = carrier::read(&texts[1]).unwrap().content;
    *content.last_mut().unwrap() ^= 1;
    let altered = carrier::encode_digits(&content).unwrap().replacen("8601", "8603", 1);
    let mut collector = Collector::new(PARTS_WITHIN);
    collector.add(&texts[0], ms(0)).unwrap();
    assert_eq!(collector.add(&altered, ms(1)), Err(Error::PartsDamaged));
    assert_eq!(collector.due(), None);
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

#[test]
fn a_code_that_comes_again_is_seen() {
    let mut uses = Uses::new([7; 32], 1_000, 3);
    let code = |n: u8| Digest::new([n; 32]);
    assert_eq!(uses.note(&code(1), at(100)), None);
    // Still before the scanner.
    assert_eq!(uses.note(&code(1), at(105)), None);
    assert_eq!(uses.note(&code(1), at(114)), None);
    assert_eq!(uses.note(&code(1), at(124)), Some(Use { times: 1, first: at(100), last: at(114) }));
    assert_eq!(uses.note(&code(1), at(130)), Some(Use { times: 1, first: at(100), last: at(124) }), "it goes on");
    assert_eq!(uses.note(&code(1), at(200)), Some(Use { times: 2, first: at(100), last: at(130) }));
    assert_eq!(uses.note(&code(2), at(201)), None);
    // A clock that was set back loses nothing.
    assert_eq!(uses.note(&code(1), at(50)).map(|before| before.times), Some(3));
    // Bounded in time …
    assert_eq!(uses.note(&code(2), at(1_202)), None);
    assert_eq!(uses.len(), 1);
    // … and in number: the one that was shown longest ago goes.
    for n in 3..=5 {
        assert_eq!(uses.note(&code(n), at(1_203 + i64::from(n))), None);
    }
    assert_eq!((uses.len(), uses.get(&uses.tag(&code(2)))), (3, None));
}

#[test]
fn the_log_holds_nothing_that_names_a_code() {
    let code = Digest::new([9; 32]);
    let (one, other) = (Uses::new([1; 32], 1, 1), Uses::new([2; 32], 1, 1));
    assert_ne!(one.tag(&code), other.tag(&code), "two devices cannot compare what they saw");
    assert_eq!(one.tag(&code), hmac_sha256(&[1; 32], code.as_bytes()).as_bytes()[..16]);
    assert_eq!(format!("{one:?}"), "Uses(0)");
}

#[test]
fn what_is_offered_is_named() {
    assert_eq!(Offered::of(b""), Offered::Unknown);
    assert_eq!(Offered::of(b"\x01\x02"), Offered::Unknown);
    let challenge = crate::claims::Challenge::new(crate::claims::Nonce::new([1; 16]), Some("a"), None);
    assert_eq!(Offered::of(&challenge.encode().unwrap()), Offered::Challenge);
    assert!(!Offered::Challenge.is_for_the_verifier() && Offered::Unknown.is_for_the_verifier());
    assert_eq!(Offered::Pack.symbol().to_string(), "pack");
}
