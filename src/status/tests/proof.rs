//! Status proofs: what they say is what the list says, for every position, or nothing.

use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::*;
use super::list::{envelope, header};
use crate::cbor::{Reader, Writer};
use crate::labels::typ;
use crate::reason::Reason;
use crate::suite::HashAlgorithm::Sha256;

/// A list of these states.
fn list(length: u32, states: Vec<(u32, State)>) -> Vec<u8> {
    let written = WrittenBody::write(length, states, Sha256).unwrap();
    let payload = header(length, &written).encode().unwrap();
    StatusList::assemble(&envelope(typ::STATUS, &payload), &written.bytes).unwrap()
}

fn prove(list: &[u8], index: u64) -> Vec<u8> {
    StatusProof::make(&StatusList::parse(list).unwrap(), index).unwrap()
}

fn verified(proof: &[u8]) -> Result<StatusProof<'_>, ProofError> {
    let proof = StatusProof::parse(proof)?;
    proof.verify_path()?;
    Ok(proof)
}

/// Four layers over 120,000 positions, of blocks of several sizes, one of them complemented in the list of half the length.
fn states(length: u32) -> Vec<(u32, State)> {
    (0..length)
        .filter_map(|at| match at {
            _ if at % 97 == 0 => Some((at, State::Revoked)),
            _ if at % 501 == 1 => Some((at, State::Suspended)),
            30_000..70_000 if at % 8 != 3 => Some((at, State::Superseded)),
            7 | 119_999 => Some((at, State::Void)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_proof_says_what_the_list_says() {
    for length in [60_000, 120_000] {
        let bytes = list(length, states(length));
        let list = StatusList::parse(&bytes).unwrap();
        let body = list.claimed_body();
        for index in (0..u64::from(length)).step_by(1_999).chain([7, 30_000, u64::from(length) - 1]) {
            let proof = prove(&bytes, index);
            let proof = verified(&proof).unwrap();
            assert_eq!(u64::from(proof.index()), index);
            assert_eq!(proof.envelope().bytes(), list.envelope().bytes());
            for asked in (0..u64::from(length)).step_by(463).chain([index]) {
                match proof.standing(asked) {
                    Ok(found) => assert_eq!(Ok(found), body.standing(asked), "{asked} by the proof of {index}"),
                    Err(error) => {
                        assert_eq!(error, ProofError::OtherPosition(asked));
                        assert_eq!(error.reason(), Reason::StatusProofOther);
                        assert_ne!(asked, index);
                    }
                }
            }
            for beyond in [u64::from(length), 1 << 32, u64::MAX] {
                assert_eq!(proof.standing(beyond), Ok(Standing::OutOfRange));
            }
        }
        let beyond = StatusProof::make(&list, u64::from(length)).unwrap_err();
        assert_eq!((beyond, beyond.reason()), (ProofError::OutOfRange(u64::from(length)), Reason::StatusOutOfRange));
    }
}

#[test]
fn a_list_of_nobody_is_proved_by_its_header() {
    let bytes = list(1_000, vec![]);
    let proof = prove(&bytes, 999);
    let proof = verified(&proof).unwrap();
    assert_eq!(proof.standing(0), Ok(Standing::State(State::InForce)));
    assert_eq!(proof.standing(1_000), Ok(Standing::OutOfRange));
}

/// The items of a proof, to be put together otherwise.
struct Parts<'a> {
    envelope: &'a [u8],
    index: u64,
    blocks: Vec<&'a [u8]>,
    path: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn of(proof: &'a [u8]) -> Self {
        let mut reader = Reader::new(proof);
        reader.array_of(4).unwrap();
        let envelope = reader.skip().unwrap();
        let index = reader.uint().unwrap();
        let count = reader.array().unwrap();
        let blocks = (0..count).map(|_| reader.bytes().unwrap()).collect();
        Self { envelope, index, blocks, path: reader.bytes().unwrap().to_vec() }
    }

    fn put_together(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(4);
        writer.item(self.envelope);
        writer.uint(self.index);
        writer.array_of(self.blocks.iter(), |writer, block| writer.bytes(block));
        writer.bytes(&self.path);
        writer.finish().unwrap()
    }

    fn changed(proof: &'a [u8], change: impl FnOnce(&mut Self)) -> Result<(), ProofError> {
        let mut parts = Self::of(proof);
        change(&mut parts);
        verified(&parts.put_together()).map(|_| ())
    }
}

#[test]
fn what_is_not_the_proof_is_refused() {
    let bytes = list(120_000, states(120_000));
    let other = prove(&bytes, 100_000);
    let proof = prove(&bytes, 7);
    assert_eq!(Parts::changed(&proof, |_| {}), Ok(()));
    // A layer that is left out, doubled, or answered by the block of another position.
    assert_eq!(Parts::changed(&proof, |parts| parts.blocks.truncate(3)), Err(ProofError::Blocks));
    assert_eq!(Parts::changed(&proof, |parts| parts.blocks.push(&[])), Err(ProofError::Blocks));
    assert_eq!(Parts::changed(&proof, |parts| parts.blocks[0] = &[]), Err(ProofError::Root));
    let theirs = Parts::of(&other).blocks[0];
    assert_eq!(Parts::changed(&proof, |parts| parts.blocks[0] = theirs), Err(ProofError::Root));
    assert!(Parts::changed(&proof, |parts| parts.blocks.swap(0, 1)).is_err());
    // The same blocks as those of another position.
    assert!(matches!(Parts::changed(&proof, |parts| parts.index = 60_000), Err(ProofError::Root | ProofError::Path)));
    assert!(Parts::changed(&proof, |parts| parts.index = 119_999).is_err());
    assert_eq!(Parts::changed(&proof, |parts| parts.index = 120_000), Err(ProofError::OutOfRange(120_000)));
    assert_eq!(Parts::changed(&proof, |parts| parts.index = u64::MAX), Err(ProofError::OutOfRange(u64::MAX)));
    // Another path.
    assert_eq!(Parts::changed(&proof, |parts| parts.path.truncate(33)), Err(ProofError::Path));
    assert_eq!(Parts::changed(&proof, |parts| parts.path.extend([0; 32])), Err(ProofError::Path));
    assert_eq!(Parts::changed(&proof, |parts| parts.path.truncate(parts.path.len() - 32)), Err(ProofError::Path));
    assert_eq!(Parts::changed(&proof, |parts| parts.path.rotate_left(32)), Err(ProofError::Root));
    // Another list's header: here, one bit of the root.
    let envelope = Parts::of(&proof).envelope.to_vec();
    let root = StatusList::parse(&bytes).unwrap().claimed_header().root;
    let at = envelope.windows(32).position(|window| window == root.as_bytes()).unwrap();
    let mut changed = envelope.clone();
    changed[at] ^= 1;
    assert_eq!(Parts::changed(&proof, |parts| parts.envelope = &changed), Err(ProofError::Root));
    assert_eq!(ProofError::Root.reason(), Reason::StatusProofRefused);
}

#[test]
fn every_changed_bit_outside_of_the_signed_header_is_refused() {
    let bytes = list(60_000, states(60_000));
    let proof = prove(&bytes, 1);
    let envelope = Parts::of(&proof).envelope.len();
    let mut neighbours = 0;
    for at in (0..1).chain(1 + envelope..proof.len()) {
        for bit in 0..8 {
            let mut changed = proof.clone();
            changed[at] ^= 1 << bit;
            // Only the position may change, to one that the same blocks answer for.
            if let Ok(changed) = verified(&changed) {
                assert_ne!(changed.index(), 1);
                assert_eq!(changed.standing(1), Ok(Standing::State(State::Suspended)));
                neighbours += 1;
            }
        }
    }
    assert!(neighbours < 8);
    for cut in 0..proof.len() {
        assert!(StatusProof::parse(&proof[..cut]).is_err());
    }
    let longer = [&proof[..], &[0]].concat();
    assert_eq!(StatusProof::parse(&longer).unwrap_err().reason(), Reason::EncodingTrailing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_position_of_any_list(
        length in 1_u32..70_000,
        drawn in prop::collection::btree_map(0_u32..70_000, 1_u8..=7, 0..300),
        pick in any::<prop::sample::Index>(),
    ) {
        let states = drawn.iter().filter(|(at, _)| **at < length);
        let states = states.map(|(at, state)| (*at, State::from_number(*state).unwrap())).collect();
        let bytes = list(length, states);
        let index = pick.index(length as usize) as u64;
        let proof = prove(&bytes, index);
        let found = verified(&proof).unwrap().standing(index).unwrap();
        prop_assert_eq!(Ok(found), StatusList::parse(&bytes).unwrap().claimed_body().standing(index));
    }
}
