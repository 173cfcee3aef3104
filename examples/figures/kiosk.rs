//! What a scan costs at a kiosk, from its bytes to the report that is told, beside one bare signature check.

use std::hint::black_box;
use std::time::Duration;

use zhengyin::carrier::{Prepared, encode_digits};
use zhengyin::envelope::{Envelope, Expected, sig_structure};
use zhengyin::issue::prepare;
use zhengyin::policy::Policy;
use zhengyin::scan::{Collected, Collector, Frame, Framer, IDLE, Offered, PARTS_WITHIN, Uses};
use zhengyin::verify::{Texts, Verdict, Verifier};

use super::at_most;
use super::measure::{Report, interleaved};
use super::world::{self, World};

pub(crate) fn figures(report: &mut Report) {
    let mut world = World::new();
    let license = world.issue("business-license");
    let store = world.sound_store();
    let verifier = Verifier::new(&store, Policy::kiosk(Some(license.facts.region)));
    let clock = world.clock();
    let now = world.time(0);

    let envelope = Envelope::parse(&license.bytes, Expected::AnyKnown).expect("a license");
    let message = sig_structure(&envelope.signed_bytes());
    let key = world::key(&world::license_key(license.credential.issuer.as_str()));
    let coordinates = key.public_key().coordinates().try_into().expect("32 bytes");
    let dalek = ed25519_dalek::VerifyingKey::from_bytes(coordinates).expect("a point");
    let signature = ed25519_dalek::Signature::from_slice(envelope.signature()).expect("64 bytes");

    // As a counter shows it: framed, collected, read, verified, looked up in the log of uses, and told with texts and without the holder.
    let mut framer = Framer::new(Some(IDLE));
    let mut collector = Collector::new(PARTS_WITHIN);
    let mut uses = Uses::new([7; 32], 30 * 86_400, 10_000);
    let mut scan = |text: &[u8]| {
        for frame in framer.push(text, Duration::ZERO) {
            let Frame::Scan(bytes) = frame else { continue };
            let text = String::from_utf8(bytes).expect("digits");
            let Ok(Collected::Whole(decoded)) = collector.add(&text, Duration::ZERO) else { continue };
            assert_eq!(Offered::of(&decoded.bytes), Offered::License);
            let answer = verifier.verify(&decoded.bytes, clock);
            assert_eq!(answer.verdict(), Verdict::Valid, "what is measured is a verification that passes");
            uses.note(&answer.envelope().expect("a license").object_digest(), now);
            black_box(serde_json::to_string(&answer.to_value(Texts::Both).redacted()).expect("JSON"));
        }
    };
    let line = |text: String| (text + "\n").into_bytes();
    let plain = line(encode_digits(&license.bytes).expect("a code"));
    let packed = line(prepare(&license.bytes).expect("a code").digits());
    let parts: Vec<u8> = Prepared::plain(&license.bytes)
        .and_then(|whole| whole.split(200))
        .expect("parts")
        .iter()
        .flat_map(|part| line(part.digits()))
        .collect();
    let scan = std::cell::RefCell::new(&mut scan);
    let [bare, plain, packed, parts] = interleaved(
        101,
        40,
        [
            &mut || dalek.verify_strict(black_box(&message), &signature).expect("verifies"),
            &mut || scan.borrow_mut()(black_box(&plain)),
            &mut || scan.borrow_mut()(black_box(&packed)),
            &mut || scan.borrow_mut()(black_box(&parts)),
        ],
    );
    let against = "one bare ed25519-dalek verify_strict";
    report.print(&at_most("kiosk.scan", packed / bare, against, 20.0));
    report.print(&at_most("kiosk.scan.plain", plain / bare, against, 20.0));
    report.print(&at_most("kiosk.scan.in-parts", parts / bare, against, 20.0));
}
