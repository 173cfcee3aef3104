#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::*;
use crate::limits::{MAX_STAMP_FILE, MAX_STAMP_ITEMS};

fn stamp() -> Stamp<'static> {
    let owner = CreditCode::parse("11990100MB0000000P").unwrap();
    let when = Timestamp::new(1_790_000_000).unwrap();
    let what = (Digest::new([1; 32]), "application/pdf");
    Stamp::of(what, Digest::new([2; 32]), owner, when, CredentialId::new([3; 16]))
}

/// The claims as they are read; what stands elsewhere in the envelope is blank.
fn read_back(stamp: &Stamp<'_>) -> Result<(Option<Place>, Option<alloc::string::String>), StampError> {
    let claims = stamp.encode_claims()?;
    let mut reader = Reader::new(&claims);
    let read = read_claims(&mut reader)?;
    Ok((read.place, read.reason.map(Into::into)))
}

#[test]
fn what_was_written_is_read() {
    let mut stamp = stamp();
    assert_eq!(read_back(&stamp).unwrap(), (None, None));
    stamp.place = Some(Place { page: 1, x: 0, y: MAX_PLACE });
    stamp.reason = Some("同意");
    assert_eq!(read_back(&stamp).unwrap(), (stamp.place, Some("同意".into())));
    assert!(!stamp.is_counter());
    assert!(Stamp { media_type: typ::STAMP, ..stamp }.is_counter());
}

#[test]
fn what_could_not_be_read_is_not_written() {
    let place = |page, x, y| Stamp { place: Some(Place { page, x, y }), ..stamp() };
    for bad in [place(0, 1, 1), place(MAX_PAGE + 1, 1, 1), place(1, MAX_PLACE + 1, 1), place(1, 1, MAX_PLACE + 1)] {
        assert_eq!(bad.encode_claims().unwrap_err().fault, StampFault::Place);
    }
    let empty = Stamp { reason: Some(" "), ..stamp() };
    assert_eq!(empty.encode_claims().unwrap_err().fault, StampFault::Empty);
    let bent = Stamp { reason: Some("a\u{202e}"), ..stamp() };
    assert_eq!(bent.encode_claims().unwrap_err().reason(), Reason::EncodingText);
}

#[test]
fn a_file_holds_each_object_once_and_is_bounded() {
    assert_eq!(StampFile::parse(&[]).unwrap_err(), StampFileError::Empty);
    let numbers = |count: u8| (0..count).flat_map(|n| [0x18, n + 24]).collect::<Vec<u8>>();
    let file = numbers(u8::try_from(MAX_STAMP_ITEMS).unwrap());
    let file = StampFile::parse(&file).unwrap();
    assert_eq!((file.others.len(), file.repeated), (64, false));
    assert_eq!(StampFile::parse(&numbers(65)).unwrap_err(), StampFileError::TooMany);
    let twice = [numbers(2), numbers(2)].concat();
    assert!(StampFile::parse(&twice).unwrap().repeated);
    assert_eq!(StampFile::join(&[&numbers(2), &numbers(3)]).unwrap(), numbers(3));
    let long = alloc::vec![0; MAX_STAMP_FILE + 1];
    assert_eq!(StampFile::parse(&long).unwrap_err(), StampFileError::TooLarge);
}
