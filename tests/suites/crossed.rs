//! Where the two suites meet in one object: each part goes by the suite of the key that signed it, and by no other.

#![allow(clippy::arithmetic_side_effects, reason = "a test")]

use sm2::dsa::signature::Signer as _;
use sm2::dsa::{Signature, SigningKey};
use zhengyin::cbor::Writer;
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::issue::certificate::MandateText;
use zhengyin::issue::sign_receipt;
use zhengyin::reason::Reason;
use zhengyin::receipt::{ClockSource, Receipt};
use zhengyin::status::{State, StatusDelta, StatusList, StatusProof};
use zhengyin::suite::{Algorithm, sha256};
use zhengyin::verify::{Step, Verdict, Verifier};
use zhengyin::x509::{Certificate, CertificateError, Use};

use super::forged::{Apart, der, element};
use super::world::{self, DAY, Issued, World, anchor_key, data, key, license_key};
use super::{policy, with_sm2};

const ISSUER: &str = "11990100MB0000000P";
const OWN: &str = "示例甲省电子认证CA";
const ALGORITHM: [u8; 12] = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75];
const ALGORITHM_NULL: [u8; 14] = [0x30, 0x0c, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75, 0x05, 0x00];

/// A list's header, signed by another key, over the body that it had.
fn signed_anew(list: &[u8], key_name: &str) -> Vec<u8> {
    let parsed = StatusList::parse(list).unwrap();
    let header = world::sign(ObjectType::Status, parsed.envelope().claimed_payload().to_vec(), key_name);
    let mut writer = Writer::new();
    writer.array(2);
    writer.item(&header);
    writer.bytes(parsed.body_bytes());
    writer.finish().unwrap()
}

/// A list of 300 licenses of which some were revoked, by a key of this suite.
fn lists(world: &mut World, suites: [&str; 2]) -> [Vec<u8>; 2] {
    let licenses: Vec<Issued> = (0..300).map(|_| world.issue("business-license")).collect();
    let mut made = Vec::new();
    for (at, signer) in suites.into_iter().enumerate() {
        licenses.iter().skip(at).step_by(9).for_each(|license| world.set_state(license, State::Cancelled));
        let (issued, next_update) = (world.time(-600 + 60 * i64::from(at > 0)), world.time(DAY));
        let list = world.list(ISSUER);
        list.signer = signer.into();
        let facts = &mut list.facts;
        (facts.seq, facts.issued, facts.next_update) = (1 + u64::from(at > 0), issued, next_update);
        made.push(world.status_object(ISSUER));
    }
    made.try_into().unwrap()
}

const KEYS: [&str; 2] = ["status 11990100MB0000000P", "SM2 status 11990100MB0000000P"];

#[test]
fn the_tree_of_a_status_list_is_by_the_hash_of_the_key_that_signs_it() {
    for (mine, other) in [(KEYS[0], KEYS[1]), (KEYS[1], KEYS[0])] {
        let mut world = World::new();
        let [list, _] = lists(&mut world, [mine, mine]);
        assert!(StatusList::parse(&list).unwrap().verify_body().is_ok());
        // The same key once more: the same list. The other suite's: the root is by another hash than its header says.
        assert_eq!(signed_anew(&list, mine), list);
        let crossed = signed_anew(&list, other);
        let read = StatusList::parse(&crossed).unwrap();
        assert_eq!(read.envelope().verify(key(other).public_key()), Ok(()));
        assert!(read.verify_body().is_err());
        // Nor by a proof, nor in a store.
        assert!(StatusProof::make(&read, 0).is_err());
        let good = StatusProof::make(&StatusList::parse(&list).unwrap(), 0).unwrap();
        assert!(StatusProof::parse(&good).unwrap().verify_path().is_ok());
        world.enrol("99", &data::authority(ISSUER), Use::Status, KEYS[1]);
        world.lists.clear();
        let mut store = world.store();
        let refused = store.apply(&crossed, world.asked()).unwrap_err();
        assert_eq!(refused.reason, StatusList::parse(&crossed).unwrap().verify_body().unwrap_err().reason());
        assert!(store.apply(&list, world.asked()).is_ok());
    }
}

#[test]
fn a_delta_leads_from_a_list_of_one_suite_to_that_of_the_other() {
    for suites in [[KEYS[0], KEYS[1]], [KEYS[1], KEYS[0]], [KEYS[1], KEYS[1]]] {
        let mut world = World::new();
        let [older, newer] = lists(&mut world, suites);
        let [old, new] = [&older, &newer].map(|list| StatusList::parse(list).unwrap());
        let delta = StatusDelta::make(&old, &new).unwrap();
        assert_eq!(StatusDelta::parse(&delta).unwrap().apply(&old).unwrap(), newer);
        // A store that holds the one takes the other by it, where its directory lists both keys.
        world.enrol("99", &data::authority(ISSUER), Use::Status, KEYS[1]);
        world.lists.clear();
        let mut store = world.store();
        assert!(store.apply(&older, world.asked()).is_ok());
        assert!(store.apply(&delta, world.asked()).is_ok(), "{suites:?}");
        assert_eq!(store.statuses().next().unwrap().header().seq, 2);
    }
}

#[test]
fn receipts_are_signed_by_keys_of_either_suite() {
    with_sm2(&["98"], || {
        let mut world = World::new();
        let license = world.issue("business-license").bytes;
        let store = world.sound_store();
        let report = Verifier::new(&store, policy()).verify(&license, world.clock());
        for (device, algorithm) in [("device", Algorithm::Ed25519), ("SM2 device", Algorithm::Sm2)] {
            let receipt = sign_receipt(&report, ClockSource::Device, &key(device)).unwrap();
            assert_eq!(Envelope::parse(&receipt, Expected::AnyKnown).unwrap().algorithm(), algorithm);
            let read = Receipt::parse(&receipt).unwrap();
            assert_eq!(read.claimed_device(), key(device).public_key());
            assert_eq!(read.check_signature(), Ok(()));
            let mut spoilt = receipt.clone();
            *spoilt.last_mut().unwrap() ^= 1;
            assert_eq!(Receipt::parse(&spoilt).unwrap().check_signature(), Err(Reason::ReceiptSignature));
        }
    });
}

/// DER r, s by the key of a name, whose holder has an identifier.
fn signed_as(name: &str, identifier: &str, tbs: &[u8]) -> Vec<u8> {
    let seed = sha256(format!("zhengyin demonstration key: {name}").as_bytes());
    let signature: Signature = SigningKey::from_slice(identifier, seed.as_bytes()).unwrap().sign(tbs);
    der(&signature.to_bytes().into(), [0, 0])
}

fn judged(world: &World, license: &[u8]) -> (Verdict, Option<(Step, Reason)>) {
    let store = world.store();
    let report = Verifier::new(&store, policy()).verify(license, world.clock());
    (report.verdict(), report.steps().deciding())
}

/// The identifier of an anchor is that of every certificate on a path to it, and of nothing else that is signed there.
#[test]
fn the_identifier_of_an_anchor_is_that_of_the_whole_path() {
    world::throughout_sm2(|| {
        let mut world = World::new();
        let license = world.issue("business-license").bytes;
        world.put_between("99", ISSUER, MandateText { regions: &["99"], types: None, authorities: None });
        world.province("99").anchors[0].identifier = Some(OWN.into());
        // The signer of the status list was certified before.
        world.entry(ISSUER, Use::Status).profile = zhengyin::trust::Profile::Admitted;
        let leaf = world.entry(ISSUER, Use::License).certificate.clone();
        let between = world.directory("99").issuers.last().unwrap().certificate.clone();
        let refused = (Verdict::Invalid, Some((Step::Issuer, Reason::CertificateSignature)));
        assert_eq!(judged(&world, &license), refused, "both are by the one where none was agreed on");
        for (by_anchor, by_issuer, expected) in [
            (OWN, OWN, (Verdict::Valid, None)),
            (OWN, "1234567812345678", refused),
            ("1234567812345678", OWN, refused),
            (OWN, "", refused),
        ] {
            let (upper, lower) = (Apart::of(&between), Apart::of(&leaf));
            world.directory("99").issuers.last_mut().unwrap().certificate =
                upper.with(&signed_as(&anchor_key("99"), by_anchor, &upper.tbs));
            world.entry(ISSUER, Use::License).certificate =
                lower.with(&signed_as("intermediate", by_issuer, &lower.tbs));
            assert_eq!(judged(&world, &license), expected, "{by_anchor} {by_issuer}");
        }
        // A license is not a certificate: its signer signs by the common identifier, whatever the anchor's is.
        let (before, _) = license.split_at(license.len() - 64);
        let envelope = Envelope::parse(&license, Expected::AnyKnown).unwrap();
        let message = zhengyin::envelope::sig_structure(&envelope.signed_bytes());
        let seed = sha256(format!("zhengyin demonstration key: {}", license_key(ISSUER)).as_bytes());
        let signature: Signature = SigningKey::from_slice(OWN, seed.as_bytes()).unwrap().sign(&message);
        let (upper, lower) = (Apart::of(&between), Apart::of(&leaf));
        world.directory("99").issuers.last_mut().unwrap().certificate =
            upper.with(&signed_as(&anchor_key("99"), OWN, &upper.tbs));
        world.entry(ISSUER, Use::License).certificate = lower.with(&signed_as("intermediate", OWN, &lower.tbs));
        let other = [before, &signature.to_bytes()[..]].concat();
        assert_eq!(judged(&world, &other), (Verdict::Invalid, Some((Step::Signature, Reason::SignatureBad))));
    });
}

/// Parameters absent or NULL, and the same inside and outside.
#[test]
fn the_algorithm_of_a_certificate_is_written_in_two_ways_and_twice_the_same() {
    with_sm2(&["99"], || {
        let mut world = World::new();
        let license = world.issue("business-license").bytes;
        let genuine = world.entry(ISSUER, Use::License).certificate.clone();
        let apart = Apart::of(&genuine);
        let at = apart.tbs.windows(12).position(|window| window == ALGORITHM).unwrap();
        let of = |inner: &[u8], outer: &[u8]| {
            // The to-be-signed bytes begin with four bytes of their own head.
            let content = [&apart.tbs[4..at], inner, &apart.tbs[at + 12..]].concat();
            let tbs = element(0x30, &content);
            let signature = element(3, &[&[0][..], &der(&key(&anchor_key("99")).sign(&tbs).unwrap(), [0, 0])].concat());
            element(0x30, &[&tbs, outer, &signature].concat())
        };
        assert_eq!(of(&ALGORITHM, &ALGORITHM), genuine);
        let mut with = |certificate: Vec<u8>| {
            world.entry(ISSUER, Use::License).certificate = certificate;
            judged(&world, &license)
        };
        assert_eq!(with(of(&ALGORITHM_NULL, &ALGORITHM_NULL)), (Verdict::Valid, None));
        let refused = (Verdict::Invalid, Some((Step::Issuer, Reason::CertificateAlgorithm)));
        assert_eq!(with(of(&ALGORITHM, &ALGORITHM_NULL)), refused);
        assert_eq!(with(of(&ALGORITHM_NULL, &ALGORITHM)), refused);
        // Signed by a key of SM2 and called Ed25519, inside and outside: no signature of that anchor.
        let ed25519 = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];
        let bad = (Verdict::Invalid, Some((Step::Issuer, Reason::CertificateSignature)));
        assert_eq!(with(of(&ed25519, &ed25519)), bad);
        // Other parameters, or SM2 with another digest (1.2.156.10197.1.502): what another build may know.
        let empty = [&[0x30, 0x0c][..], &ALGORITHM[2..], &[0x30, 0x00]].concat();
        let other = [&ALGORITHM[..11], &[0x76]].concat();
        for unknown in [empty, other] {
            let certificate = of(&unknown, &unknown);
            assert!(matches!(Certificate::parse(&certificate).unwrap_err(), CertificateError::Algorithm(_)));
            assert_eq!(with(certificate).0, Verdict::Undetermined);
        }
    });
}
