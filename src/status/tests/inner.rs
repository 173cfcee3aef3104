//! Bodies in files of their own: what they answer is what the list says, or nothing, whatever was changed in them.

use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::inner;
use super::super::*;
use super::list::header;
use crate::reason::Reason;
use crate::suite::HashAlgorithm::Sha256;
use crate::time::Day;

/// Four layers of blocks of several sizes, two of which have many empty blocks.
fn states(length: u32) -> Vec<(u32, State)> {
    (0..length)
        .filter_map(|at| match at {
            _ if at % 97 == 0 => Some((at, State::Revoked)),
            _ if at % 5_001 == 1 => Some((at, State::Suspended)),
            30_000..70_000 if at % 8 != 3 => Some((at, State::Superseded)),
            7 | 119_999 => Some((at, State::Void)),
            _ => None,
        })
        .collect()
}

fn write(length: u32, states: Vec<(u32, State)>) -> (StatusHeader, WrittenBody, Vec<u8>) {
    let written = WrittenBody::write(length, states, Sha256).unwrap();
    let header = header(length, &written);
    let file = file(&header, &written);
    (header, written, file)
}

fn file(header: &StatusHeader, written: &WrittenBody) -> Vec<u8> {
    let body = Body::parse(header.length, &written.layers, written.details.as_ref(), &written.bytes).unwrap();
    let (after, root) = inner::write(&body, Sha256).unwrap();
    assert_eq!(root, written.root, "the hashes lead to the root");
    let file = [&written.bytes[..], &after].concat();
    assert_eq!(u64::try_from(file.len()), Ok(inner::file_size(header)));
    file
}

#[test]
fn a_body_in_a_file_says_what_the_body_says() {
    for length in [1, 3_000, 20_000, 60_000, 120_000] {
        let (header, written, file) = write(length, states(length));
        let plain = Body::parse(length, &written.layers, None, &written.bytes).unwrap();
        let in_file = Body::in_file(&header, Sha256, &file).unwrap();
        for at in (0..u64::from(length) + 2).step_by(if length > 5_000 { 37 } else { 1 }) {
            assert_eq!(in_file.standing(at), plain.standing(at), "{at} of {length}");
        }
        assert_eq!(inner::check_file(&header, Sha256, &file), Ok(()));
        assert_eq!(in_file.root(Sha256), Ok(header.root), "also where every block is compared");
        Body::in_file_verified(&header, Sha256, &file).unwrap();
    }
}

#[test]
fn the_hashes_take_a_few_bytes_a_block() {
    let (_, written, file) = write(4_000_000, (0..4_000_000).step_by(101).map(|at| (at, State::Revoked)).collect());
    let share = (file.len() - written.bytes.len()) * 100 / written.bytes.len();
    assert!(share < 7, "{share} % of {} bytes", written.bytes.len());
}

#[test]
fn a_file_of_another_length_is_lost() {
    let (header, _, file) = write(20_000, states(20_000));
    for other in [&[][..], &file[..1], &file[..file.len() - 1], &[&file[..], &[0]].concat()] {
        assert_eq!(Body::in_file(&header, Sha256, other).map(|_| ()), Err(BodyError::Lost));
        assert_eq!(inner::check_file(&header, Sha256, other), Err(BodyError::Lost));
    }
}

/// Every bit of the file is flipped once in turn: no position ever gets another answer, the whole is never taken for the one that was
/// signed, and some position is told to be damaged for every byte of a block.
#[test]
fn a_changed_file_never_answers_falsely() {
    let length = 20_000;
    let (header, written, file) = write(length, states(length));
    let plain = Body::parse(length, &written.layers, None, &written.bytes).unwrap();
    let asked: Vec<u64> = (0..20_000).step_by(331).chain([7, 97, 5_002]).collect();
    let truth: Vec<Standing> = asked.iter().map(|at| plain.standing(*at).unwrap()).collect();
    let (mut refused, mut silent) = (0_u32, 0_u32);
    for byte in 0..file.len() {
        let mut changed = file.clone();
        changed[byte] ^= 1 << (byte % 8);
        assert_eq!(inner::check_file(&header, Sha256, &changed), Err(BodyError::Lost), "byte {byte}");
        let is_body = byte < written.bytes.len();
        assert_eq!(Body::in_file_verified(&header, Sha256, &changed).is_err(), is_body, "byte {byte}");
        let Ok(body) = Body::in_file(&header, Sha256, &changed) else {
            refused += 1;
            continue;
        };
        let mut seen = false;
        for (at, truth) in asked.iter().zip(&truth) {
            match body.standing(*at) {
                Ok(found) => assert_eq!(found, *truth, "byte {byte}, position {at}"),
                Err(error) => {
                    assert_eq!(error.reason(), Reason::StatusListDamaged, "byte {byte}: {error}");
                    seen = true;
                }
            }
        }
        refused += u32::from(seen);
        silent += u32::from(!seen);
    }
    // What nobody asked about is not looked at: directories of other groups, hashes of other subtrees.
    assert!(refused > 4 * silent, "{refused} changes were seen, {silent} were not");
}

/// Another list's file, or two whose blocks were exchanged, are as sound as ours in themselves.
#[test]
fn the_file_of_another_list_answers_nothing() {
    let (header, _, _) = write(20_000, states(20_000));
    let mut others = states(20_000);
    others.retain(|(at, _)| *at != 97);
    others.insert(others.partition_point(|(at, _)| *at < 98), (98, State::Revoked));
    let (_, _, other) = write(20_000, others);
    assert_eq!(inner::check_file(&header, Sha256, &other), Err(BodyError::Lost));
    if let Ok(body) = Body::in_file(&header, Sha256, &other) {
        for at in [97, 98, 10_000] {
            assert_eq!(body.standing(at).map_err(BodyError::reason), Err(Reason::StatusListDamaged), "{at}");
        }
    }
}

#[test]
fn details_are_compared_as_well() {
    let length = 40_000;
    let day = Day::new(20_500);
    let histories: Vec<(u32, LicenseHistory)> =
        (0..length).step_by(13).map(|at| (at, LicenseHistory::of(State::Revoked, day))).collect();
    let written = WrittenBody::write_detailed(length, 3, &histories, Sha256).unwrap();
    let header = StatusHeader { details: written.details, ..header(length, &written) };
    let file = file(&header, &written);
    let body = Body::in_file(&header, Sha256, &file).unwrap();
    assert_eq!(body.history(3, 26).unwrap().unwrap().since, day);
    assert_eq!(body.history(3, 27).unwrap().unwrap(), LicenseHistory::IN_FORCE);
    let offset = usize::try_from(written.details.unwrap().offset()).unwrap();
    let mut refused = 0;
    for byte in offset..written.bytes.len() {
        let mut changed = file.clone();
        changed[byte] ^= 1;
        for at in [26, 39_988] {
            match Body::in_file(&header, Sha256, &changed).and_then(|body| body.history(3, at)) {
                Ok(found) => assert_eq!(found.unwrap().since, day, "byte {byte}"),
                Err(error) => {
                    assert_eq!(error.reason(), Reason::StatusListDamaged, "byte {byte}: {error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 0);
}

proptest! {
    /// Any bytes of the right length: safe, and never a false answer.
    #[test]
    fn noise_answers_nothing_that_is_false(
        at in 0_u64..20_000,
        noise in prop::collection::vec(any::<u8>(), 0..400),
        from in any::<prop::sample::Index>(),
    ) {
        let (header, written, mut file) = write(20_000, states(20_000));
        let from = from.index(file.len());
        file.iter_mut().skip(from).zip(&noise).for_each(|(byte, noise)| *byte = *noise);
        let truth = Body::parse(20_000, &written.layers, None, &written.bytes).unwrap().standing(at).unwrap();
        if let Ok(found) = Body::in_file(&header, Sha256, &file).and_then(|body| body.standing(at)) {
            prop_assert_eq!(found, truth);
        }
        let noise = vec![0x5a; file.len()];
        prop_assert!(Body::in_file(&header, Sha256, &noise).and_then(|body| body.standing(at)).is_err());
    }
}
