//! Presentations and challenges: what is read is what is written again, within its bounds; and no bytes after a genuine license make it
//! shown by its holder.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use zhengyin::claims::{Challenge, MAX_PRESENTATION, Nonce, PresentationClaims};
use zhengyin::time::{Clock, Timestamp};
use zhengyin::verify::{Asked, Context, Outcome, Verifier};
use zhengyin::{Policy, Store};

#[path = "../../examples/world/mod.rs"]
mod world;

/// A store, and a license that demands the holder's key.
fn scene() -> &'static (Store, Vec<u8>) {
    static SCENE: OnceLock<(Store, Vec<u8>)> = OnceLock::new();
    SCENE.get_or_init(|| {
        let mut world = world::World::new();
        let mut license = world.issue("business-license");
        license.facts.binding = zhengyin::claims::Binding::HolderKey;
        license.credential.holder_key = Some(world::key("holder").public_key().clone());
        let license = world.issue_as(license.facts, license.credential);
        (world.store(), license.bytes)
    })
}

fuzz_target!(|data: &[u8]| {
    if let Ok(claims) = PresentationClaims::parse(data) {
        let claims = claims.claimed();
        assert_eq!(claims.encode().as_deref(), Ok(data), "one form");
        assert!((1..=MAX_PRESENTATION).contains(&claims.expires.since(claims.issued_at)));
        let _ = claims.form();
    }
    if let Ok(challenge) = Challenge::parse(data) {
        assert_eq!(challenge.encode().as_deref(), Ok(data), "one form");
    }
    let (store, license) = scene();
    let shown = [&license[..], data].concat();
    let context = Context { challenge: Some(Nonce::new([7; 16])), audience: Some("hall"), ..Context::NONE };
    for context in [Context::NONE, context] {
        let verifier = Verifier::new(store, Policy::counter(None)).with_context(context);
        let report = verifier.verify(&shown, Clock::reads(Timestamp::new(world::BASE).expect("a time")));
        assert_ne!(report.steps().presentation, Asked::Asked(Outcome::Passed), "nobody has the holder's key");
        assert!(report.accepted_presentation().is_none());
    }
});
