//! Status proofs. Input: a zero and a proof as it is; or a list to be drawn, a position, and what is done to the proof of it.
#![no_main]

mod drawn;

use drawn::{Bytes, Facts};
use libfuzzer_sys::fuzz_target;
use zhengyin::status::{ProofError, Standing, StatusList, StatusProof};

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let steps = bytes.byte();
    if steps == 0 {
        read(bytes.0);
        return;
    }
    let detailed = steps & 1 == 1;
    let mut facts = Facts::default();
    facts.change(&mut bytes, steps >> 1);
    let Some(object) = facts.list(1, detailed) else { return };
    let list = StatusList::parse(&object).expect("what was assembled");
    let index = u64::from(bytes.short());
    let made = StatusProof::make(&list, index);
    if index >= u64::from(facts.length) {
        assert!(matches!(made, Err(ProofError::OutOfRange(_))), "{made:?}");
        return;
    }
    let mut proof = made.expect("the position is there");
    let whole = StatusProof::parse(&proof).expect("what was made is read");
    whole.verify_path().expect("and has the root");
    assert_eq!(whole.standing(index).ok(), list.claimed_body().standing(index).ok());
    // Whatever it answers for, it answers as the list does.
    for at in [0, index.saturating_sub(1), index + 1, u64::from(facts.length), u64::MAX] {
        if let Ok(standing) = whole.standing(at) {
            assert_eq!(Ok(standing), list.claimed_body().standing(at));
        }
    }
    // Whatever is done to it outside of the signed header, it says nothing or the same.
    let header = proof.windows(list.envelope().bytes().len()).position(|window| window == list.envelope().bytes());
    let behind = header.expect("it carries the header") + list.envelope().bytes().len();
    let original = proof.clone();
    while !bytes.is_empty() {
        let (at, change) = (bytes.short() as usize % proof.len(), bytes.byte());
        if at >= behind {
            proof[at] ^= change;
        }
    }
    if proof != original {
        read(&proof);
        // The position that it was made for may be another of the same blocks: no harm, and the same answers.
        if let Ok(changed) = StatusProof::parse(&proof)
            && changed.verify_path().is_ok()
            && let Ok(standing) = changed.standing(index)
        {
            assert_eq!(Ok(standing), list.claimed_body().standing(index), "a changed proof says something else");
        }
    }
});

/// Any bytes are refused, or read to their end.
fn read(bytes: &[u8]) {
    let Ok(proof) = StatusProof::parse(bytes) else { return };
    let length = u64::from(proof.claimed_header().length);
    let _ = proof.verify_path();
    for index in [0, 1, 77, length / 2, length.saturating_sub(1)] {
        let _ = proof.standing(index);
    }
    for index in [length, u64::MAX] {
        assert_eq!(proof.standing(index), Ok(Standing::OutOfRange));
    }
}
