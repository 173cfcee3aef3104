//! The objects of the worked examples: one federation of one demonstration province, made from fixed seeds.

use std::collections::BTreeMap;

use zhengyin::cbor::Writer;
use zhengyin::claims::id::{CreditCode, Region, RegionPrefix, TypeCode};
use zhengyin::claims::{Binding, CredentialId, HolderIdType, StatusPointer, Validity};
use zhengyin::envelope::{SignedBytes, sig_structure};
use zhengyin::issue::certificate::{CertificateRequest, IssuedBy, MandateText, Role, Subject, issue};
use zhengyin::issue::{CredentialFacts, FieldLabel, FieldValue, HolderFacts, LicenseFacts};
use zhengyin::labels::{cose, tag, typ};
use zhengyin::status::{State, StatusHeader, StatusList, WrittenBody};
use zhengyin::suite::{Algorithm, SecretKey};
use zhengyin::time::{Day, Period, Timestamp};
use zhengyin::trust::{
    Anchor, Contact, Directory, Grace, History, IssuerEntry, ListSigner, Mandate, Minimum, Names, Profile, Province,
    TrustList,
};
use zhengyin::x509::{Certificate, Use};

/// 2026-01-01T00:00:00Z.
const BEGIN: i64 = 1_767_225_600;
const DAY: i64 = 86_400;
/// 2026-01-06T00:00:00Z, when the license is issued.
const ISSUED: i64 = BEGIN + 5 * DAY;
/// 2026-01-11T00:00:00Z, when it is verified.
pub(crate) const NOW: i64 = BEGIN + 10 * DAY;
const AUTHORITY: &str = "11990000MB0000000J";

/// Everything that the examples show.
pub(crate) struct World {
    pub(crate) anchor_certificate: Vec<u8>,
    pub(crate) issuer_certificate: Vec<u8>,
    pub(crate) trust_payload: Vec<u8>,
    pub(crate) trust: Vec<u8>,
    pub(crate) pin_input: Vec<u8>,
    pub(crate) directory_payload: Vec<u8>,
    pub(crate) directory: Vec<u8>,
    pub(crate) status: Vec<u8>,
    pub(crate) license_protected: Vec<u8>,
    pub(crate) license_payload: Vec<u8>,
    pub(crate) license: Vec<u8>,
    pub(crate) status_certificate: Vec<u8>,
}

pub(crate) fn t(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

pub(crate) fn region() -> Region {
    Region::parse("990100").unwrap()
}

fn authority() -> CreditCode {
    CreditCode::parse(AUTHORITY).unwrap()
}

/// Key n is that of the seed of 32 bytes n.
pub(crate) fn key(n: u8) -> SecretKey {
    SecretKey::from_seed(&[n; 32]).unwrap()
}

impl World {
    pub(crate) fn new() -> Self {
        let (anchor, issuer, status, operator) = (key(1), key(2), key(3), key(4));
        let anchor_certificate = anchor_certificate(&anchor);
        let issued_by = Certificate::parse(&anchor_certificate).unwrap();
        let issuer_certificate = leaf(&issuer, "License signing 1", Use::License, 2, &issued_by, &anchor);
        let status_certificate = leaf(&status, "Status signing 1", Use::Status, 3, &issued_by, &anchor);
        let trust = trust_list(&anchor_certificate, &operator);
        let trust_payload = trust.encode().unwrap();
        let directory_payload = directory(&issuer_certificate, &status_certificate).encode().unwrap();
        let license_payload = license_payload();
        let license_protected = protected(&issuer, typ::LICENSE);
        Self {
            pin_input: pin_input(&trust),
            trust: signed_list(&trust_payload, &operator),
            trust_payload,
            directory: signed(&anchor, typ::ISSUERS, &directory_payload),
            directory_payload,
            status: status_list(&status),
            license: signed(&issuer, typ::LICENSE, &license_payload),
            license_protected,
            license_payload,
            issuer_certificate,
            status_certificate,
            anchor_certificate: anchor_certificate.clone(),
        }
    }
}

fn subject(common_name: &str) -> Subject<'_> {
    Subject { province: "示例甲省", organization: "示例机关", common_name, credit_code: AUTHORITY }
}

fn anchor_certificate(anchor: &SecretKey) -> Vec<u8> {
    let mandate = MandateText { regions: &["99"], types: None, authorities: None };
    let request = CertificateRequest {
        subject: subject("Anchor 1"),
        public_key: anchor.public_key(),
        role: Role::Issuer { mandate, path_length: Some(0) },
        serial: [1; 16],
        validity: Period::new(BEGIN, Some(BEGIN + 3_650 * DAY)).unwrap(),
    };
    issue(&request, IssuedBy::Itself, anchor).unwrap()
}

fn leaf(
    subject_key: &SecretKey,
    name: &str,
    purpose: Use,
    serial: u8,
    by: &Certificate<'_>,
    anchor: &SecretKey,
) -> Vec<u8> {
    let request = CertificateRequest {
        subject: subject(name),
        public_key: subject_key.public_key(),
        role: Role::EndEntity(purpose),
        serial: [serial; 16],
        validity: Period::new(BEGIN, Some(BEGIN + 730 * DAY)).unwrap(),
    };
    issue(&request, IssuedBy::Certificate(by), anchor).unwrap()
}

fn mandate(region: &str) -> Mandate {
    Mandate { regions: vec![RegionPrefix::parse(region).unwrap()], types: None, authorities: None }
}

fn trust_list(anchor: &[u8], operator: &SecretKey) -> TrustList {
    let anchor = Anchor {
        certificate: anchor.to_vec(),
        interval: Period::new(BEGIN, Some(BEGIN + 3_650 * DAY)).unwrap(),
        uses: vec![Use::License, Use::Status, Use::Directory],
        mandate: mandate("99"),
        history: History::active_since(t(BEGIN)),
        identifier: None,
    };
    let province = Province {
        names: Names::new("示例甲省", "Example Province"),
        anchors: vec![anchor],
        history: History::active_since(t(BEGIN)),
        contact: Contact::default(),
        test: true,
        epoch: 0,
        min_seq: 0,
    };
    TrustList {
        federation: "示例联邦".into(),
        seq: 1,
        issued: t(BEGIN),
        next_update: t(BEGIN + 30 * DAY),
        expires: t(BEGIN + 365 * DAY),
        signers: vec![ListSigner::new(operator.public_key(), "示例运营方")],
        threshold: 1,
        provinces: BTreeMap::from([(RegionPrefix::parse("99").unwrap(), province)]),
        rules: Vec::new(),
        grace: BTreeMap::from([(
            "normal".into(),
            Grace { list: 30 * 86_400, directory: 14 * 86_400, status: 259_200 },
        )]),
        defects: Vec::new(),
        renames: Vec::new(),
        classes: BTreeMap::new(),
        emergency: None,
        sunsets: Vec::new(),
    }
}

/// The CBOR whose SHA-256 pins the signers of a federation.
fn pin_input(list: &TrustList) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(3);
    w.text(&list.federation);
    w.array_of(list.signers.iter(), |w, signer| {
        w.map(|map| {
            map.entry(1, |w| signer.key.known().unwrap().write_cose_key(w));
            map.entry(2, |w| w.text(&signer.operator));
        });
    });
    w.uint(list.threshold);
    w.finish().unwrap()
}

fn directory(issuer: &[u8], status: &[u8]) -> Directory {
    let entry = |certificate: &[u8], purpose| IssuerEntry {
        certificate: certificate.to_vec(),
        mandate: mandate("9901"),
        signing: Period::new(BEGIN, Some(BEGIN + 365 * DAY)).unwrap(),
        history: History::active_since(t(BEGIN)),
        authority: authority(),
        uses: vec![purpose],
        profile: Profile::Ours,
    };
    Directory {
        province: RegionPrefix::parse("99").unwrap(),
        seq: 2,
        issued: t(BEGIN + 8 * DAY),
        next_update: t(BEGIN + 15 * DAY),
        expires: t(BEGIN + 60 * DAY),
        issuers: vec![entry(issuer, Use::License), entry(status, Use::Status)],
        complete: true,
        epoch: 0,
        minimums: BTreeMap::from([(authority(), vec![Minimum { list: 1, epoch: 0, min_seq: 1 }])]),
    }
}

fn license_payload() -> Vec<u8> {
    let day = |days| Day::new(days).unwrap();
    let credential = CredentialFacts {
        issuer: authority(),
        expires: Some(t(ISSUED + 365 * DAY)),
        not_before: t(ISSUED),
        issued_at: t(ISSUED),
        id: CredentialId::new([0xc1; 16]),
        holder_key: None,
        status: StatusPointer { list: 1, index: 7 },
    };
    let facts = LicenseFacts {
        type_code: TypeCode::parse("11990000MB0000000J001").unwrap(),
        name: "示例许可证".into(),
        number: "甲许2026第7号".into(),
        holders: vec![HolderFacts {
            name: "示例持证人".into(),
            id_type: HolderIdType::CITIZEN_ID,
            id: "11010519491231002X".into(),
        }],
        authority_name: "示例机关".into(),
        region: region(),
        issued_on: day(20_459),
        // 2026-01-06 to 2027-01-05.
        validity: Validity::new(day(20_459), Some(day(20_823))).unwrap(),
        fields: vec![
            (FieldLabel::Number(2), FieldValue::Text("女".into())),
            (FieldLabel::Name("示例项目".into()), FieldValue::Day(day(20_454))),
        ],
        serial: "0000007".into(),
        version: 1,
        authority_code: None,
        attachments: Vec::new(),
        copy: None,
        replaces: None,
        binding: Binding::Identity,
    };
    facts.encode(&credential).unwrap()
}

/// Ten positions, the third revoked.
fn status_list(signer: &SecretKey) -> Vec<u8> {
    let body = WrittenBody::write(10, [(3, State::Revoked)], Algorithm::Ed25519.hash()).unwrap();
    let header = StatusHeader {
        authority: authority(),
        list: 1,
        seq: 1,
        issued: t(BEGIN + 9 * DAY),
        next_update: t(BEGIN + 12 * DAY),
        length: 10,
        layers: body.layers,
        root: body.root,
        previous_root: None,
        epoch: 0,
        details: None,
        log_head: None,
    };
    let envelope = signed(signer, typ::STATUS, &header.encode().unwrap());
    StatusList::assemble(&envelope, &body.bytes).unwrap()
}

fn protected(signer: &SecretKey, typ: &str) -> Vec<u8> {
    let mut w = Writer::new();
    w.map(|map| {
        map.entry(cose::ALG, |w| w.int(cose::ALG_ED25519));
        map.entry(cose::KID, |w| w.bytes(signer.public_key().key_id().as_bytes()));
        map.entry(cose::TYP, |w| w.text(typ));
    });
    w.finish().unwrap()
}

/// A COSE_Sign1.
fn signed(signer: &SecretKey, typ: &str, payload: &[u8]) -> Vec<u8> {
    let protected = protected(signer, typ);
    let signature = signer.sign(&sig_structure(&SignedBytes::sign1(&protected, payload))).unwrap();
    let mut w = Writer::new();
    w.tag(tag::COSE_SIGN1);
    w.array(4);
    w.bytes(&protected);
    w.map(|_| ());
    w.bytes(payload);
    w.bytes(&signature);
    w.finish().unwrap()
}

/// A COSE_Sign by one signer.
fn signed_list(payload: &[u8], signer: &SecretKey) -> Vec<u8> {
    let map = |write: &dyn Fn(&mut zhengyin::cbor::MapWriter)| {
        let mut w = Writer::new();
        w.map(|map| write(map));
        w.finish().unwrap()
    };
    let body = map(&|map| map.entry(cose::TYP, |w| w.text(typ::TRUST)));
    let own = map(&|map| {
        map.entry(cose::ALG, |w| w.int(cose::ALG_ED25519));
        map.entry(cose::KID, |w| w.bytes(signer.public_key().key_id().as_bytes()));
    });
    let signature = signer.sign(&sig_structure(&SignedBytes::sign(&body, &own, payload))).unwrap();
    let mut w = Writer::new();
    w.tag(tag::COSE_SIGN);
    w.array(4);
    w.bytes(&body);
    w.map(|_| ());
    w.bytes(payload);
    w.array(1);
    w.array(3);
    w.bytes(&own);
    w.map(|_| ());
    w.bytes(&signature);
    w.finish().unwrap()
}
