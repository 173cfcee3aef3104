//! What a verifier without SM2 says of the same cases: of what is of SM2 that this build cannot judge it, and of everything else the same.
//! Nothing that is valid for a verifier with SM2 is invalid for one without it, and nothing that is invalid or undetermined is valid.

use zhengyin::envelope::{Envelope, Expected};

use super::*;

/// Step and ground where something is of an algorithm that this build does not know.
const UNKNOWN: &str = "encoding.algorithm_unknown";

/// Cases of Ed25519 in which there is a signature of SM2 or a digest by SM3, one way or the other.
const WITH_NATIONAL: [&str; 11] = [
    "counter-stamp-by-another-hash",
    "envelope-alg-of-sm2-by-a-key-of-ed25519-is-invalid",
    "license-with-a-document-that-was-not-digested-by-its-hash",
    "license-with-its-document-by-sm3",
    "signature-gbt32918-example-holds",
    "signature-sm2-altered-is-bad",
    "signature-sm2-key-refused",
    "signature-sm2-of-another-identifier-is-bad",
    "stamp-digest-called-otherwise",
    "stamp-on-a-digest-by-sm3",
    "stamps-by-both-hashes",
];

/// One more has such a stamp, and another that is invalid all the same.
const AND_INVALID: &str = "stamps-by-both-hashes-on-an-altered-document";

/// Their headers call a signature of SM2 one of Ed25519: what signed it might be known, and no trust data is.
const CALLED_ED25519: [&str; 2] =
    ["envelope-alg-of-the-other-suite-is-invalid-sm2", "tampering-with-the-algorithm-is-invalid-sm2"];

fn cases_by(choose: impl Fn(&str) -> bool) -> impl Iterator<Item = (String, Value)> {
    all_cases().map(|case| (text(&case["name"]), case)).filter(move |(name, _)| choose(name))
}

/// Is it of a federation of both suites? Then what can be said depends on what rests on which.
fn is_of_both(name: &str) -> bool {
    ["mixed-", "suite-", "sunset-"].iter().any(|of_both| name.starts_with(of_both))
}

/// Is this the answer of a verifier that is too old to say more?
fn is_open(found: &Value) -> bool {
    found["verdict"] == "undetermined" && found["reason"] == UNKNOWN
}

/// The answers to the inputs of a case of kind `verify`, `flips`, `seal` or `stamps`, whatever became of the objects.
fn answers(case: &Value) -> Vec<Value> {
    let (store, _) = filled(case);
    let seen = seen(case);
    let verifier = verifier(case, &store, &seen);
    let of_license = ["verify", "flips"].contains(&case["kind"].as_str().unwrap());
    let answer = |row: &Value| match of_license {
        true => report(&verifier.verify(&hex(&row["hex"]), clock(&case["clock"]))),
        false => stamps::answer(case, row, &verifier),
    };
    case["inputs"].as_array().unwrap().iter().map(answer).collect()
}

#[test]
fn what_has_no_sm2_in_it_is_answered_as_ever() {
    let (mut same, mut other) = (0, BTreeSet::new());
    for (name, case) in cases_by(|name| !name.ends_with("-sm2") && !is_of_both(name)) {
        let faults = run(&case);
        if faults.is_empty() {
            same += 1;
            continue;
        }
        other.insert(name.clone());
        match case["kind"].as_str().unwrap() {
            // The one does not hold and the other does: of neither is anything said.
            "signature" => assert!(faults.iter().all(|fault| fault.contains(r#"{"answer":"unknown"}"#)), "{faults:?}"),
            _ if name == AND_INVALID => {
                for found in answers(&case) {
                    assert_eq!(found["verdict"], "invalid");
                    let stamps = found["stamps"].as_array().unwrap();
                    let open = stamps.iter().filter(|stamp| is_open(stamp)).count();
                    assert!(open == 1 && stamps.iter().filter(|stamp| stamp["verdict"] == "invalid").count() == 1);
                }
            }
            _ => assert!(answers(&case).iter().any(is_open), "{name}"),
        }
        // No answer but one that is open is another than it was.
        if ["verify", "stamps"].contains(&case["kind"].as_str().unwrap()) && name != AND_INVALID {
            for found in answers(&case) {
                assert!(found == case["expected"] || is_open(&found), "{name}: {found}");
                let stamps = |value: &Value| value["stamps"].as_array().cloned().unwrap_or_default();
                for (found, expected) in stamps(&found).iter().zip(stamps(&case["expected"])) {
                    assert!(*found == expected || is_open(found), "{name}: {found}");
                }
            }
        }
    }
    let expected = WITH_NATIONAL.into_iter().chain([AND_INVALID]).map(str::to_owned);
    assert_eq!(other, expected.collect());
    assert!(same > 1_000, "{same}");
}

#[test]
fn what_is_of_sm2_is_unknown_and_never_called_invalid_for_it() {
    let (mut open, mut as_ever, mut lists, mut offers_refused) = (0, 0, 0, 0);
    let judge = |name: &str, found: &Value, expected: &Value| {
        assert_ne!(found["verdict"], "valid", "{name}");
        if is_open(found) && found["step"] == "encoding" {
            return true;
        }
        // What no build reads, or none yet: the same word for it.
        let at = |answer: &Value| (answer["verdict"].clone(), answer["step"].clone());
        assert_eq!(at(found), at(expected), "{name}: {found}");
        assert_eq!(found["step"], "encoding", "{name}: {found}");
        false
    };
    for (name, case) in cases_by(|name| name.ends_with("-sm2") && !is_of_both(name)) {
        match case["kind"].as_str().unwrap() {
            _ if CALLED_ED25519.contains(&name.as_str()) => {
                let open = json!(["undetermined", "state.missing"]);
                let is_bare = |found: &Value| json!([found["verdict"], found["reason"]]) == open;
                assert!(answers(&case).iter().all(|found| is_bare(found) || is_open(found)), "{name}");
            }
            "verify" | "stamps" | "seal" => {
                for found in answers(&case) {
                    let is_known = !judge(&name, &found, &case["expected"]);
                    (open, as_ever) = (open + usize::from(!is_known), as_ever + usize::from(is_known));
                }
            }
            "flips" => {
                let (store, _) = filled(&case);
                let seen = seen(&case);
                let verifier = verifier(&case, &store, &seen);
                for row in case["inputs"].as_array().unwrap() {
                    let mut bytes = hex(&row["hex"]);
                    for bit in 0..bytes.len() * 8 {
                        bytes[bit / 8] ^= 1 << (bit % 8);
                        let found = verifier.verify(&bytes, clock(&case["clock"])).verdict();
                        assert_ne!(found, Verdict::Valid, "bit {bit}");
                        bytes[bit / 8] ^= 1 << (bit % 8);
                    }
                }
            }
            // The tree of a list is by SM3.
            "list" => {
                for row in case["inputs"].as_array().unwrap() {
                    let found = check_list(&hex(&row["hex"]));
                    assert_eq!(found["accepted"], false);
                    assert!(found["reason"] == UNKNOWN || found == case["expected"], "{name}: {found}");
                    lists += 1;
                }
            }
            "sequence" => {
                let mut store = Store::new(Pin::new(Digest::from_slice(&hex(&case["store"]["pin"])).unwrap()));
                for step in sequences::steps(&case).filter(|step| step["object"].is_string()) {
                    offers_refused += usize::from(refused(&name, &mut store, step));
                }
                assert!(store.trust().is_none() && store.evidence().is_empty(), "{name}");
                let verifier = verifier(&case, &store, &None);
                let found = report(&verifier.verify(&hex(&case["inputs"][0]["hex"]), Clock::Absent));
                assert!(is_open(&found), "{name}: {found}");
                open += 1;
            }
            "store" => {
                let mut store = Store::new(Pin::new(Digest::from_slice(&hex(&case["store"]["pin"])).unwrap()));
                for offer in offers(&case) {
                    offers_refused += usize::from(refused(&name, &mut store, offer));
                }
                assert!(store.trust().is_none() && store.evidence().is_empty(), "{name}");
            }
            other => panic!("no kind {other}"),
        }
    }
    assert!(
        open > 1_200 && as_ever > 50 && lists > 40 && offers_refused > 900,
        "{open} {as_ever} {lists} {offers_refused}"
    );
}

/// Offers an object of SM2: it is not taken, and not for what it says, unless no build takes it for that or the pin is another's.
fn refused(name: &str, store: &mut Store, offer: &Value) -> bool {
    let reason = store.apply(&object(&offer["object"]), TimeWindow::at(time(&offer["at"]))).unwrap_err().reason;
    // A list that lacks signatures lacks them for every build.
    let is_refused =
        offer["answer"] == reason.symbol() || reason == Reason::StoreUnauthorised && offer["answer"] != "new";
    let expected = [Reason::EncodingAlgorithmUnknown, Reason::StorePinMismatch];
    assert!(expected.contains(&reason) || is_refused, "{name} {offer}: {reason:?}");
    reason == Reason::EncodingAlgorithmUnknown
}

/// A federation of both suites: of the provinces of Ed25519 everything is said that can be proved without SM2.
#[test]
fn provinces_of_ed25519_remain_usable_beside_those_of_sm2() {
    let same = |verdict: &str, reason: &str| (verdict.to_owned(), reason.to_owned());
    let open = |reason: &str| same("undetermined", reason);
    let mut seen = 0;
    for (name, case) in cases_by(|name| name.starts_with("mixed-")) {
        let found = answers(&case);
        let [found] = &found[..] else { panic!("one input each") };
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let decided = (word(&found["verdict"]), word(&found["reason"]));
        let expected = match name.as_str() {
            "mixed-license-of-ed25519-is-valid"
            | "mixed-status-lists-of-both-are-held"
            | "mixed-trust-list-by-operators-of-ed25519-is-taken" => same("valid", ""),
            "mixed-license-of-ed25519-revoked-is-invalid" => same("invalid", "status.revoked"),
            "mixed-altered-license-of-ed25519-is-invalid" => same("invalid", "signature.bad"),
            "mixed-stranger-in-a-province-of-ed25519-is-invalid" => same("invalid", "issuer.not_listed"),
            // One entry cannot be read: it may be the stranger's.
            "mixed-stranger-beside-a-key-of-sm2-is-invalid" => open("issuer.unknown"),
            // The directory that might list it cannot be read at all.
            "mixed-stranger-whom-a-province-of-sm2-might-list-is-invalid" => open("issuer.directory_missing"),
            "mixed-key-of-ed25519-under-an-anchor-of-sm2-is-valid"
            | "mixed-key-under-a-namesake-of-an-issuer-of-sm2-is-valid" => open(UNKNOWN),
            "mixed-license-of-ed25519-by-a-status-list-of-sm2-is-valid"
            | "mixed-license-of-ed25519-revoked-by-a-status-list-of-sm2-is-invalid" => open("status.list_missing"),
            // Two of three must have signed, and of one this build cannot say whether he did.
            "mixed-trust-list-by-operators-of-both-is-taken" => open("state.missing"),
            "mixed-license-of-sm2-is-valid"
            | "mixed-license-of-sm2-revoked-is-invalid"
            | "mixed-key-of-sm2-under-an-anchor-of-ed25519-is-valid" => open(UNKNOWN),
            other => panic!("{other}: what does a verifier without SM2 say?"),
        };
        assert_eq!(decided, expected, "{name}: {found}");
        // What is said of a license of Ed25519 that is not what it was is said for want of something, and without a warning of forgery.
        if decided.0 == "undetermined" {
            assert_ne!(found["axes"]["authenticity"], "forged", "{name}");
        }
        let is_of_sm2 = Envelope::parse(&hex(&case["inputs"][0]["hex"]), Expected::AnyKnown).is_err();
        assert_eq!(is_of_sm2, found["step"] == "encoding", "{name}");
        for offer in offers(&case) {
            let mut store = filled(&case).0;
            let again = store.apply(&object(&offer["object"]), TimeWindow::at(time(&offer["at"])));
            if let Err(refusal) = again {
                let because = [Reason::EncodingAlgorithmUnknown, Reason::StoreParentMissing];
                assert!(because.contains(&refusal.reason), "{name}: {:?}", refusal.reason);
            }
        }
        seen += 1;
    }
    assert_eq!(seen, 16);
}

/// Where policies rely on one suite or the other, too: a doubt more, and nothing else.
#[test]
fn no_answer_about_a_federation_of_both_becomes_another_certainty() {
    let (mut same, mut doubts) = (0, 0);
    for (name, case) in cases_by(is_of_both) {
        for found in answers(&case) {
            let stamps = |value: &Value| value["stamps"].as_array().cloned().unwrap_or_default();
            let parts = stamps(&found).into_iter().zip(stamps(&case["expected"]));
            for (found, expected) in parts.chain([(found.clone(), case["expected"].clone())]) {
                // A newer proof of SM2 that this build cannot read is one that never came: the older list is good while it is fresh.
                if name.starts_with("suite-that-is-not-accepted-is-not-passed-over-for-an-older-proof") {
                    assert!(name.ends_with("-sm2") || found["verdict"] == "valid", "{found}");
                    continue;
                }
                assert!(
                    ["undetermined", expected["verdict"].as_str().unwrap()]
                        .contains(&found["verdict"].as_str().unwrap()),
                    "{name}: {found}"
                );
                *(if found["verdict"] == expected["verdict"] { &mut same } else { &mut doubts }) += 1;
            }
        }
    }
    assert!(same >= 30 && doubts >= 9, "{same} {doubts}");
}

/// A store that a verifier with SM2 wrote: what was lost of it might be what forbids going back, so it is refused whole, and by what it is.
#[test]
fn a_store_that_holds_sm2_is_refused_by_name() {
    let (_, case) = cases_by(|name| name == "mixed-license-of-ed25519-is-valid").next().unwrap();
    let (store, faults) = filled(&case);
    assert!(!faults.is_empty() && store.directories().count() == 1, "the directory of SM2 is not taken");
    let national = offers(&case).map(|offer| object(&offer["object"]));
    let is_unknown = |object: &Vec<u8>| {
        Envelope::parse(object, Expected::AnyKnown)
            .is_err_and(|error| error.reason() == Reason::EncodingAlgorithmUnknown)
    };
    let national = national.filter(is_unknown);
    let [national] = &national.collect::<Vec<_>>()[..] else { panic!("no directory of SM2") };
    // Magic, digest, then the contents: pin, trust lists, directories, and what follows.
    let bytes = store.to_bytes();
    let start = (0..64).find(|start| sha256(&bytes[start + 32..]).as_bytes()[..] == bytes[*start..start + 32]).unwrap();
    let mut reader = cbor::Reader::new(&bytes[start + 32..]);
    reader.array_of(7).unwrap();
    let mut writer = cbor::Writer::new();
    writer.array(7);
    for part in 0..7 {
        let item = reader.skip().unwrap();
        if part != 2 {
            writer.item(item);
            continue;
        }
        let mut held = cbor::Reader::new(item);
        assert_eq!(held.array().unwrap(), 1);
        let directories = [held.bytes().unwrap(), national];
        writer.array_of(directories.iter(), |w, object| w.bytes(object));
    }
    let contents = writer.finish().unwrap();
    let written = [&bytes[..start], sha256(&contents).as_bytes(), &contents].concat();
    let refused = Store::from_bytes(&written).unwrap_err();
    assert_eq!(refused.reason(), Reason::EncodingAlgorithmUnknown, "{refused}");
}
