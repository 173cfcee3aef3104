//! The worked examples of docs/format.md, made again.

use std::collections::BTreeMap;

use zhengyin::carrier::{Label, encode_base45, encode_block, encode_digits};
use zhengyin::claims::LicenseClaims;
use zhengyin::envelope::{Envelope, Expected, MultiEnvelope, ObjectType};
use zhengyin::policy::Policy;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::{Digest, sha256};
use zhengyin::time::Clock;
use zhengyin::verify::{Verdict, Verifier, Warning};

use crate::document;
use crate::world::{NOW, World, key, region, t};

/// Fenced blocks of one language: name and text.
fn blocks(document: &str, language: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Option<(String, String)> = None;
    for line in document.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => found.extend(open.take()),
            (Some((_, text)), None) => text.extend([line, "\n"]),
            (None, Some(info)) => open = Some((info.to_string(), String::new())),
            (None, None) => {}
            (Some(_), Some(_)) => panic!("a fence within a fence: {line}"),
        }
    }
    let named =
        |(info, text): (String, String)| Some((info.strip_prefix(language)?.strip_prefix(' ')?.to_string(), text));
    found.into_iter().filter_map(named).collect()
}

/// Hexadecimal without comments; `{name}` stands for another block.
fn bytes(name: &str, blocks: &BTreeMap<String, String>) -> Vec<u8> {
    let text = blocks.get(name).unwrap_or_else(|| panic!("no example {name}"));
    let mut bytes = Vec::new();
    for word in text.lines().flat_map(|line| line.split('#').next().unwrap().split_whitespace()) {
        match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            Some(other) => bytes.extend(self::bytes(other, blocks)),
            None => {
                bytes.extend((0..word.len()).step_by(2).map(|at| u8::from_str_radix(&word[at..at + 2], 16).unwrap()))
            }
        }
    }
    bytes
}

#[test]
fn the_examples_are_what_the_library_writes() {
    let world = World::new();
    let blocks = blocks(&document("format.md"), "hex");
    let written = [
        ("anchor-certificate", &world.anchor_certificate),
        ("issuer-certificate", &world.issuer_certificate),
        ("status-certificate", &world.status_certificate),
        ("trust-payload", &world.trust_payload),
        ("trust-list", &world.trust),
        ("pin-input", &world.pin_input),
        ("directory-payload", &world.directory_payload),
        ("directory", &world.directory),
        ("license-protected", &world.license_protected),
        ("license-payload", &world.license_payload),
        ("license", &world.license),
        ("status-list", &world.status),
    ];
    for (name, written) in written {
        assert!(bytes(name, &blocks) == *written, "the example {name} is another:\n{written:02x?}");
    }
    // Of seals: the next test.
    let elsewhere = ["seal-payload", "seal-protected", "seal", "stamp-protected", "stamp"];
    assert!(elsewhere.iter().all(|name| blocks.contains_key(*name)));
    assert_eq!(blocks.len(), written.len() + elsewhere.len(), "an example that nothing is compared with");
}

/// Appendix B.8: the seal and the stamp are those of the vector that is named there, and the digests are theirs.
#[test]
fn the_seal_and_the_stamp_are_those_of_the_vector() {
    let format = document("format.md");
    let blocks = blocks(&format, "hex");
    let [seal, stamp] = ["seal", "stamp"].map(|name| bytes(name, &blocks));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors/cases/stamp/stamp-of-a-unit.json");
    let case: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rows = case["inputs"].as_array().unwrap();
    let row = rows.iter().find(|row| row["note"] == "with place and reason").unwrap();
    let hex: String = [&seal[..], &stamp].concat().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(row["hex"], hex.as_str());
    for (bytes, expected) in [(&seal, ObjectType::Seal), (&stamp, ObjectType::Stamp)] {
        let digest = Envelope::parse(bytes, Expected::Type(expected)).unwrap().object_digest().to_string();
        assert!(format.contains(&format!("`{digest}`")), "{digest} is not in format.md");
    }
}

#[test]
fn the_carriers_are_what_the_library_writes() {
    let carriers = blocks(&document("format.md"), "text");
    let text = |name: &str| carriers.get(name).unwrap_or_else(|| panic!("no example {name}")).as_str();
    assert_eq!(text("digits").trim_end(), encode_digits(b"zhengyin").unwrap());
    assert_eq!(text("base45").trim_end(), encode_base45(b"zhengyin").unwrap());
    assert_eq!(text("block"), encode_block(&World::new().license, Label::License).unwrap());
}

#[test]
fn the_digests_and_keys_are_those_of_the_examples() {
    let world = World::new();
    let format = document("format.md");
    let shows = |text: &str| assert!(format.contains(&format!("`{text}`")), "{text} is not in format.md");
    let envelope = |bytes, expected| Envelope::parse(bytes, Expected::Type(expected)).unwrap().object_digest();
    shows(&envelope(&world.license, ObjectType::License).to_string());
    shows(&envelope(&world.directory, ObjectType::Issuers).to_string());
    shows(&trust_digest(&world).to_string());
    shows(&sha256(&world.pin_input).to_string());
    let claims = LicenseClaims::parse(&world.license_payload).unwrap();
    shows(claims.claimed().identifier().as_str());
    for n in 1..=4 {
        let key = key(n);
        let coordinates: String = key.public_key().coordinates().iter().map(|byte| format!("{byte:02x}")).collect();
        shows(&coordinates);
        shows(&key.public_key().key_id().to_string());
    }
}

fn trust_digest(world: &World) -> Digest {
    MultiEnvelope::parse(&world.trust, Expected::Type(ObjectType::Trust)).unwrap().object_digest()
}

/// Appendix B.7 of docs/format.md.
#[test]
fn the_example_is_valid_under_either_pin_and_in_any_order() {
    let world = World::new();
    let clock = Clock::reads(t(NOW));
    let objects = [&world.trust, &world.directory, &world.status];
    for pin in [trust_digest(&world), sha256(&world.pin_input)] {
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let pack: Vec<u8> = order.iter().flat_map(|&at| objects[at].iter().copied()).collect();
            let mut store = Store::new(Pin::new(pin));
            let window = store.window(clock);
            assert!(store.apply_pack(&pack, window).unwrap().iter().all(Result::is_ok));
            let verifier = Verifier::new(&store, Policy::counter(Some(region())));
            let report = verifier.verify(&world.license, clock);
            assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.steps());
            assert_eq!(report.good_until(), Some(t(1_768_521_300)));
            assert_eq!(report.warnings().collect::<Vec<_>>(), [Warning::TestProvince]);
        }
    }
}
