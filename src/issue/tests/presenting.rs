//! What the holder's side writes is what the verifier's side passes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use alloc::vec::Vec;

use super::{PresentError, present};
use crate::claims::{Binding, Nonce, PresentationClaims};
use crate::envelope::{Envelope, Expected};
use crate::issue::tests::world::{self, BASE, World, key};
use crate::policy::Policy;
use crate::time::{Clock, Timestamp};
use crate::verify::{Asked, Context, Outcome, Seen, Verdict, Verifier, Warning};

fn scene() -> (World, Vec<u8>) {
    let mut world = World::new();
    let mut license = world.issue("business-license");
    license.facts.binding = Binding::HolderKey;
    license.credential.holder_key = Some(key("holder").public_key().clone());
    let license = world.issue_as(license.facts, license.credential).bytes;
    (world, license)
}

fn claims(license: &[u8]) -> PresentationClaims<'static> {
    let envelope = Envelope::parse(license, Expected::AnyKnown).unwrap();
    PresentationClaims::of(envelope.object_digest(), Timestamp::new(BASE).unwrap())
}

#[test]
fn what_is_shown_passes_once() {
    let (world, license) = scene();
    let store = world.store();
    let clock = Clock::reads(Timestamp::new(BASE).unwrap());
    let policy = Policy::counter(None).without_recognition();
    let shown = present(&license, &claims(&license), &key("holder")).unwrap();

    let mut seen = Seen::new();
    let first = Verifier::new(&store, policy.clone()).with_context(Context { seen: Some(&seen), ..Context::NONE });
    let report = first.verify(&shown, clock);
    assert_eq!((report.verdict(), report.axes().presentation), (Verdict::Valid, "live"));
    assert!(report.warnings().any(|warning| warning == Warning::AudienceUnbound));
    let accepted = report.accepted_presentation().unwrap();
    assert_eq!(accepted.forget_after().seconds(), BASE + 120 + 600);

    seen.remember(accepted.replay_key, accepted.forget_after());
    let again = Verifier::new(&store, policy).with_context(Context { seen: Some(&seen), ..Context::NONE });
    assert_eq!(again.verify(&shown, clock).axes().presentation, "replayed");

    // It is kept as long as any window could meet it.
    seen.forget(Timestamp::new(BASE + 719).unwrap());
    assert_eq!(seen.len(), 1);
    seen.forget(Timestamp::new(BASE + 720).unwrap());
    assert!(seen.is_empty());
}

#[test]
fn a_presentation_takes_the_place_of_an_older_one() {
    let (_, license) = scene();
    let first = present(&license, &claims(&license), &key("holder")).unwrap();
    let nonce = PresentationClaims { nonce: Some(Nonce::new([1; 16])), ..claims(&license) };
    let second = present(&first, &nonce, &key("holder")).unwrap();
    assert_eq!(second, present(&license, &nonce, &key("holder")).unwrap());
    // What stands between the license and its presentation stays.
    let proof = [0x81, 0x00];
    let with_proof = present(&[&license[..], &proof].concat(), &nonce, &key("holder")).unwrap();
    assert_eq!(with_proof, [&license[..], &proof, &second[license.len()..]].concat());
}

#[test]
fn only_the_holder_shows_it() {
    let (mut world, license) = scene();
    let refused =
        |license: &[u8], claims: &PresentationClaims<'_>, name: &str| present(license, claims, &key(name)).err();
    assert_eq!(refused(&license, &claims(&license), "another"), Some(PresentError::NotHolder));
    let other = world.issue("food-operation-permit").bytes;
    assert_eq!(refused(&license, &claims(&other), "holder"), Some(PresentError::OtherLicense));
    assert_eq!(refused(&other, &claims(&other), "holder"), Some(PresentError::NoHolderKey));
    assert!(matches!(refused(b"", &claims(&license), "holder"), Some(PresentError::Envelope(_))));
    let long = claims(&license);
    let long = PresentationClaims { expires: long.issued_at.saturating_add(121), ..long };
    assert!(matches!(refused(&license, &long, "holder"), Some(PresentError::Claims(_))));
    // A service signs for anyone; whether it is one is for verifiers.
    let service = PresentationClaims { service: Some(world::code("11990100MB0000000P")), ..claims(&other) };
    assert_eq!(refused(&other, &service, "service"), None);
    let steps = |bytes: &[u8]| {
        let store = world.store();
        let clock = Clock::reads(Timestamp::new(BASE).unwrap());
        Verifier::new(&store, Policy::counter(None)).verify(bytes, clock).steps().presentation
    };
    let shown = present(&other, &service, &key("service")).unwrap();
    assert!(matches!(steps(&shown), Asked::Asked(Outcome::Unknown(_))));
}
