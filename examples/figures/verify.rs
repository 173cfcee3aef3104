//! Verifying a license, beside the bare signature checks that it needs.

use std::hint::black_box;

use zhengyin::envelope::{Envelope, Expected, sig_structure};
use zhengyin::policy::Policy;
use zhengyin::store::Store;
use zhengyin::suite::PublicKey;
use zhengyin::time::Watch;
use zhengyin::trust::IssuerEntry;
use zhengyin::verify::{Verdict, Verifier};
use zhengyin::x509::{Certificate, Use};

use super::at_most;
use super::measure::{Report, interleaved};
use super::world::{self, World};

pub(crate) fn figures(report: &mut Report) {
    let mut world = World::new();
    let license = world.issue("business-license");
    let store = world.sound_store();
    let region = license.facts.region;
    let verifier = Verifier::new(&store, Policy::strict(Some(region)));
    let clock = world.clock();
    let verdict = verifier.verify(&license.bytes, clock).verdict();
    assert_eq!(verdict, Verdict::Valid, "what is measured is a verification that passes");

    // The bare checks: of the same bytes, by the same key.
    let envelope = Envelope::parse(&license.bytes, Expected::AnyKnown).expect("a license");
    let message = sig_structure(&envelope.signed_bytes());
    let key = world::key(&world::license_key(license.credential.issuer.as_str()));
    let dalek = dalek_key(key.public_key());
    let signature = ed25519_dalek::Signature::from_slice(envelope.signature()).expect("64 bytes");

    // All but the signature: the same license with an s that is not reduced, which is refused before any work on the curve. What is
    // left is the whole procedure, and what belongs to the signature (that s is looked at) or is asked only because it was refused
    // (whether the candidates are closed): these two are short, and are timed by themselves and taken off. A difference of two long
    // times would drown it in the noise of the machine.
    let mut unsigned = license.bytes.clone();
    unsigned.iter_mut().rev().take(32).for_each(|byte| *byte = 0xff);
    let refused = verifier.verify(&unsigned, clock).steps().signature;
    assert_eq!(refused, zhengyin::verify::Outcome::Failed(zhengyin::reason::Reason::SignatureBad), "and nothing else");

    let claims = zhengyin::claims::LicenseClaims::parse(envelope.claimed_payload()).expect("a license");
    let claims = claims.claimed();
    let refused = Envelope::parse(&unsigned, Expected::AnyKnown).expect("a license").signature();
    let [bare, rest, looked, closed, whole] = interleaved(
        201,
        100,
        [
            &mut || dalek.verify_strict(black_box(&message), &signature).expect("verifies"),
            &mut || assert_eq!(verifier.verify(black_box(&unsigned), clock).verdict(), Verdict::Invalid),
            &mut || assert!(key.public_key().verify(black_box(&[&message[..]]), refused).is_err(), "is not reduced"),
            &mut || {
                let mut watch = Watch::new(store.window(clock));
                store
                    .check_closed((Use::License, black_box(region)), claims.issued_at, None, 0, &mut watch)
                    .expect("closed");
            },
            &mut || assert_eq!(verifier.verify(black_box(&license.bytes), clock).verdict(), Verdict::Valid),
        ],
    );
    let rest = rest - looked - closed;
    report.print(&at_most("verify.known-issuer", whole / bare, "one bare ed25519-dalek verify_strict", 0.95));
    report.print(&at_most("verify.overhead-share", rest / bare, "the same: all but the signature", 0.05));

    first(report, &world, &store, &license);
}

/// The first license of an issuer: its certificate's path is checked too. Beside it the bare checks of license and certificate.
fn first(report: &mut Report, world: &World, store: &Store, license: &world::Issued) {
    let authority = license.credential.issuer;
    let province = license.facts.region.province();
    let entry = entry(world, &authority);
    let anchor = world.anchor(province.as_str()).clone();
    let certificate = Certificate::parse(&entry.certificate).expect("a certificate");
    let anchor_certificate = Certificate::parse(&anchor.certificate).expect("a certificate");
    let anchor_key = anchor_certificate.public_key().clone();
    let member = store.trust().and_then(|trust| trust.list().provinces.get(&province)).expect("a member");
    let envelope = Envelope::parse(&license.bytes, Expected::AnyKnown).expect("a license");
    let message = sig_structure(&envelope.signed_bytes());
    let (tbs, certificate_signature) = parts(&entry.certificate);
    let signer = dalek_key(certificate.public_key());
    let issuer = dalek_key(&anchor_key);
    let signature = ed25519_dalek::Signature::from_slice(envelope.signature()).expect("64 bytes");
    let certificate_signature = ed25519_dalek::Signature::from_slice(certificate_signature).expect("64 bytes");
    let verifier = Verifier::new(store, Policy::strict(Some(license.facts.region)));
    let candidates = zhengyin::chain::Candidates::new(province, member);
    let clock = world.clock();
    let [bare, whole] = interleaved(
        51,
        50,
        [
            &mut || {
                issuer.verify_strict(black_box(tbs), &certificate_signature).expect("verifies");
                signer.verify_strict(black_box(&message), &signature).expect("verifies");
            },
            &mut || {
                let parsed = Certificate::parse(black_box(&entry.certificate));
                black_box(candidates.admit(&entry, parsed.as_ref())).expect("a signer");
                assert_eq!(verifier.verify(black_box(&license.bytes), clock).verdict(), Verdict::Valid);
            },
        ],
    );
    report.print(&at_most("verify.first", whole / bare, "bare checks of license and certificate", 1.10));
}

fn entry(world: &World, authority: &zhengyin::claims::id::CreditCode) -> IssuerEntry {
    let mut entries = world.directories.values().flat_map(|directory| &directory.issuers);
    entries.find(|entry| entry.authority == *authority && entry.is_for(Use::License)).expect("listed").clone()
}

fn dalek_key(key: &PublicKey) -> ed25519_dalek::VerifyingKey {
    ed25519_dalek::VerifyingKey::from_bytes(key.coordinates().try_into().expect("32 bytes")).expect("a point")
}

/// The to-be-signed bytes and the signature of one of our certificates, by the lengths that DER gives.
fn parts(certificate: &[u8]) -> (&[u8], &[u8]) {
    // SEQUENCE { tbs SEQUENCE (both with two length bytes at this size), algorithm, BIT STRING of 65 bytes }.
    let length = usize::from(u16::from_be_bytes([certificate[6], certificate[7]]));
    assert_eq!((certificate[0], certificate[1], certificate[4], certificate[5]), (0x30, 0x82, 0x30, 0x82));
    (&certificate[4..8 + length], &certificate[certificate.len() - 64..])
}
