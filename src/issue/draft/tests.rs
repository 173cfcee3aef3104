#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::issue::MultiDraft;
use crate::suite::SecretKey;

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32]).unwrap()
}

fn draft() -> Draft {
    Draft::new(ObjectType::License, b"payload".to_vec(), key(1).public_key()).unwrap()
}

#[test]
fn a_draft_signed_elsewhere_is_the_one_signed_here() {
    let signature = key(1).sign(&draft().to_be_signed()).unwrap();
    let assembled = draft().assemble(&signature, &[]).unwrap();
    assert_eq!(draft().sign(&key(1), &[]).unwrap(), assembled);
    let envelope = Envelope::parse(&assembled, Expected::Type(ObjectType::License)).unwrap();
    assert_eq!(envelope.verify(key(1).public_key()), Ok(()));
    assert_eq!(envelope.object_digest(), draft().object_digest());
    assert_eq!(envelope.claimed_payload(), b"payload");
    assert!(envelope.x5chain().is_none());
}

#[test]
fn certificates_travel_along_and_change_nothing_that_is_signed() {
    for chain in [&[b"leaf".as_slice()][..], &[b"leaf", b"issuer"]] {
        let assembled = draft().sign(&key(1), chain).unwrap();
        let envelope = Envelope::parse(&assembled, Expected::Type(ObjectType::License)).unwrap();
        assert_eq!(envelope.x5chain().unwrap().certificates().collect::<Vec<_>>(), chain);
        assert_eq!(envelope.object_digest(), draft().object_digest());
    }
}

#[test]
fn what_does_not_verify_is_not_handed_out() {
    let signature = key(1).sign(&draft().to_be_signed()).unwrap();
    for at in [0, 31, 32, 63] {
        let mut wrong = signature;
        wrong[at] ^= 1;
        assert_eq!(draft().assemble(&wrong, &[]), Err(DraftError::Signature));
    }
    assert_eq!(draft().assemble(&signature[..63], &[]), Err(DraftError::Signature));
    assert_eq!(draft().sign(&key(2), &[]), Err(DraftError::OtherSigner));
    let foreign = key(2).sign(&draft().to_be_signed()).unwrap();
    assert_eq!(draft().assemble(&foreign, &[]), Err(DraftError::Signature));
}

#[test]
fn what_a_verifier_would_not_read_is_not_written() {
    let large = alloc::vec![0; ObjectType::License.max_size()];
    let draft = Draft::new(ObjectType::License, large, key(1).public_key()).unwrap();
    assert_eq!(draft.sign(&key(1), &[]), Err(DraftError::Refused(envelope::Error::TooLarge)));
    for (object_type, multi) in [(ObjectType::Trust, true), (ObjectType::Stamp, false), (ObjectType::License, false)] {
        let single = Draft::new(object_type, Vec::new(), key(1).public_key());
        assert_eq!(single.is_ok(), object_type == ObjectType::License);
        assert_eq!(MultiDraft::new(object_type, Vec::new()).is_ok(), multi);
    }
}

#[test]
fn several_sign_in_any_order_and_apart() {
    let draft = || MultiDraft::new(ObjectType::Trust, b"payload".to_vec()).unwrap();
    assert_eq!(draft().assemble(), Err(DraftError::Unsigned));
    let mut together = draft();
    for seed in 1..=3 {
        together.sign(&key(seed)).unwrap();
    }
    let whole = together.assemble().unwrap();
    // Apart: each signs what he is shown; the results meet in another order.
    let mut collected = draft();
    for seed in [3, 1, 2] {
        let mut own = draft();
        let signature = key(seed).sign(&own.to_be_signed(key(seed).public_key()).unwrap()).unwrap();
        own.add_signature(key(seed).public_key(), &signature).unwrap();
        collected.merge(&own).unwrap();
        collected.merge(&own).unwrap();
    }
    assert_eq!(collected.assemble().unwrap(), whole);
    let envelope = envelope::MultiEnvelope::parse(&whole, Expected::Type(ObjectType::Trust)).unwrap();
    assert_eq!(envelope.signers().count(), 3);
    assert_eq!(envelope.object_digest(), draft().object_digest());
    assert_eq!(collected.signed_by().count(), 3);
}

#[test]
fn a_signature_over_something_else_is_not_added() {
    let mut draft = MultiDraft::new(ObjectType::Trust, b"payload".to_vec()).unwrap();
    let mut other = MultiDraft::new(ObjectType::Trust, b"another".to_vec()).unwrap();
    // Each signer signs bytes that name his own key: another's signature does not stand in for his.
    let signature = key(1).sign(&draft.to_be_signed(key(2).public_key()).unwrap()).unwrap();
    assert_eq!(draft.add_signature(key(1).public_key(), &signature), Err(DraftError::Signature));
    other.sign(&key(1)).unwrap();
    assert_eq!(draft.merge(&other), Err(DraftError::OtherContent));
    assert_eq!(draft.signed_by().count(), 0);
}
