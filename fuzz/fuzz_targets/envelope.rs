//! Envelopes: another COSE library agrees on what is signed wherever we admit one, and no shorter or longer input is the same envelope.
#![no_main]

use coset::{CoseSign, CoseSign1, TaggedCborSerializable as _};
use libfuzzer_sys::fuzz_target;
use zhengyin::envelope::{Envelope, Expected, MultiEnvelope, ObjectType, sig_structure};
use zhengyin::suite::sha256;

fuzz_target!(|data: &[u8]| {
    sign1(data);
    sign(data);
});

fn sign1(data: &[u8]) {
    let anything = Envelope::parse(data, Expected::Anything);
    let known = Envelope::parse(data, Expected::AnyKnown);
    assert!(known.is_err() || anything.is_ok(), "who admits any type admits known ones");
    for object_type in ObjectType::ALL {
        let as_type = Envelope::parse(data, Expected::Type(object_type));
        let is_type = known.as_ref().is_ok_and(|envelope| envelope.object_type() == Some(object_type));
        assert_eq!(as_type.is_ok(), is_type, "one object is of one type");
    }
    let Ok(envelope) = anything else { return };
    let signed = sig_structure(&envelope.signed_bytes());
    assert_eq!(envelope.object_digest(), sha256(&signed));
    let other = CoseSign1::from_tagged_slice(data).expect("what we admit is COSE_Sign1");
    assert_eq!(other.tbs_data(&[]), signed);
    assert_eq!(other.payload.as_deref(), Some(envelope.claimed_payload()));
    assert_eq!(other.signature, envelope.signature());
    assert_eq!(other.protected.header.key_id, envelope.key_id().as_bytes());
    if let Some(chain) = envelope.x5chain() {
        assert!(chain.certificates().all(|certificate| certificate.len() < data.len()));
    }
    for end in [0, data.len() / 2, data.len() - 1] {
        assert!(Envelope::parse(&data[..end], Expected::Anything).is_err(), "cut short");
    }
    assert!(Envelope::parse(&[data, &[0]].concat(), Expected::Anything).is_err(), "with more behind it");
}

fn sign(data: &[u8]) {
    let Ok(envelope) = MultiEnvelope::parse(data, Expected::Anything) else { return };
    // The other reads numbers of algorithms that are registered or private, and no envelope with one that is still free. Here a signer by
    // such a number counts for nothing.
    if envelope.signers().any(|signer| signer.algorithm().is_none()) {
        return;
    }
    let other = CoseSign::from_tagged_slice(data).expect("what we admit is COSE_Sign");
    assert_eq!(other.payload.as_deref(), Some(envelope.claimed_payload()));
    let signers: Vec<_> = envelope.signers().collect();
    assert_eq!(signers.len(), other.signatures.len());
    assert!(signers.is_sorted_by(|a, b| a.key_id() < b.key_id()));
    for (signer, other) in signers.iter().zip(&other.signatures) {
        assert_eq!(other.protected.header.key_id, signer.key_id().as_bytes());
    }
}
