//! What is written, read by the verifier and by the writer's own library, and what is refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use alloc::string::String;
use alloc::vec;

use pkcs8::Document;

use super::*;
use crate::limits::{Budget, Limits};
use crate::suite::SecretKey;
use crate::time::Timestamp;
use crate::x509::{PathQuestion, build_path};

const FROM: i64 = 1_577_836_800;
const UNTIL: i64 = 1_893_456_000;
/// 2050-01-01, from which times are GeneralizedTime.
const YEAR_2050: i64 = 2_524_608_000;
/// 9999-12-31T23:59:59Z.
const MAX_TIME: i64 = 253_402_300_799;

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32]).unwrap()
}

const SUBJECT: Subject<'static> = Subject {
    province: "示范省",
    organization: "示范省数据局",
    common_name: "证照签发",
    credit_code: "11990000MB0000000J",
};

const MANDATE: MandateText<'static> = MandateText { regions: &["99"], types: None, authorities: None };

const ISSUER: Role<'static> = Role::Issuer { mandate: MANDATE, path_length: Some(1) };

fn request<'a>(key: &'a SecretKey, role: Role<'a>) -> CertificateRequest<'a> {
    CertificateRequest {
        subject: SUBJECT,
        public_key: key.public_key(),
        role,
        serial: [0xff; 16],
        validity: Period::new(FROM, Some(UNTIL)).unwrap(),
    }
}

fn anchor() -> Vec<u8> {
    let subject = Subject { common_name: "示范省信任锚", ..SUBJECT };
    issue(&CertificateRequest { subject, ..request(&key(3), ISSUER) }, IssuedBy::Itself, &key(3)).unwrap()
}

fn issue_under(anchor: &[u8], request: &CertificateRequest<'_>) -> Result<Vec<u8>, CertificateIssueError> {
    issue(request, IssuedBy::Certificate(&Certificate::parse(anchor).unwrap()), &key(3))
}

/// What stands between the first and the last line of a block, in one line.
fn base64(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn a_certificate_is_read_from_the_files_that_people_have() {
    let der = anchor();
    let document = Document::try_from(der.as_slice()).unwrap();
    let pem = |label| document.to_pem(label, pkcs8::LineEnding::CRLF).unwrap();
    assert_eq!(der_of_file(&der).as_ref(), Some(&der));
    assert_eq!(der_of_file(pem("CERTIFICATE").as_bytes()).as_ref(), Some(&der));
    // As `openssl x509 -text` writes it: what it says in words first.
    let told = ["Certificate:\n    Data:\n", &pem("CERTIFICATE")].concat();
    assert_eq!(der_of_file(told.as_bytes()).as_ref(), Some(&der));
    // As Windows and web pages write it, and with the one above it.
    let one_line = [
        "\u{feff}-----BEGIN X509 CERTIFICATE-----\n",
        &base64(&pem("CERTIFICATE")),
        "\n-----END X509 CERTIFICATE-----\n\n",
    ];
    assert_eq!(der_of_file(one_line.concat().as_bytes()).as_ref(), Some(&der));
    let chain = [pem("EC PARAMETERS"), pem("CERTIFICATE"), pem("CERTIFICATE")].concat();
    assert_eq!(der_of_file(chain.as_bytes()).as_ref(), Some(&der));
    // What is wrong with it is told by the reader, and not called something else.
    let (cut, longer) = (&der[..der.len() - 1], [&der[..], &[0]].concat());
    for wrong in [cut, &longer] {
        assert_eq!(der_of_file(wrong).as_deref(), Some(wrong));
        assert!(Certificate::parse(wrong).is_err());
    }
    for other in [pem("PUBLIC KEY").as_bytes(), b"", b"\xff", b"0 words", b"-----BEGIN CERTIFICATE-----\n"] {
        assert_eq!(der_of_file(other), None);
    }
}

#[test]
fn a_chain_that_is_written_is_a_path() {
    let anchor = anchor();
    let role = Role::Issuer {
        mandate: MandateText {
            regions: &["9901"],
            types: Some(&["11100000MB03271699001"]),
            authorities: Some(&["11990100MB0000000P"]),
        },
        path_length: Some(0),
    };
    let subject = Subject { common_name: "示范市", ..SUBJECT };
    let issuer = issue_under(&anchor, &CertificateRequest { subject, ..request(&key(2), role) }).unwrap();
    let issuer = Certificate::parse(&issuer).unwrap();
    for purpose in Use::ALL {
        let leaf = issue(&request(&key(1), Role::EndEntity(purpose)), IssuedBy::Certificate(&issuer), &key(2)).unwrap();
        let leaf = Certificate::parse(&leaf).unwrap();
        let question = PathQuestion { purpose: Some(purpose), at: Timestamp::new(FROM), limits: Limits::STANDARD };
        let anchors = [Certificate::parse(&anchor).unwrap()];
        let issuers = [issuer.clone()];
        let path = build_path(&leaf, &issuers, &anchors, question, &mut Budget::new(Limits::STANDARD)).unwrap();
        assert_eq!(path.certificates().len(), 3);
        let mandates: Vec<Vec<&str>> = path.claimed_mandates().map(|mandate| mandate.regions().collect()).collect();
        assert_eq!(mandates, [["99"], ["9901"]]);
        assert_eq!(leaf.validity(), Period::new(FROM, Some(UNTIL)).unwrap());
        assert_eq!(leaf.subject().credit_code(), Some("11990000MB0000000J"));
        assert_eq!(leaf.subject().common_name(), Some("证照签发"));
        assert_eq!(leaf.subject().province(), Some("示范省"));
        assert_eq!(leaf.serial(), [[0x7f].as_slice(), &[0xff; 15]].concat());
    }
}

/// The key identifier begins with the key id of the envelope.
#[test]
fn key_identifiers_are_key_ids() {
    let anchor = anchor();
    let anchor = Certificate::parse(&anchor).unwrap();
    let id = anchor.subject_key_id().unwrap();
    assert_eq!(id, anchor.public_key().thumbprint().as_bytes());
    assert_eq!(&id[..8], anchor.public_key().key_id().as_bytes());
    assert_eq!(anchor.authority_key_id(), Some(id));
    assert!(anchor.key_usage().unwrap().signs_data());
}

/// The same inputs give the same bytes: nothing is read from outside.
#[test]
fn writing_is_deterministic() {
    assert_eq!(anchor(), anchor());
}

/// Another library reads it and writes it back to the same bytes. It knows no object identifier under a UUID, so only certificates
/// without Mandate can be shown to it.
#[test]
fn another_reader_agrees() {
    use x509_cert::der::Decode as _;
    let anchor = anchor();
    for until in [UNTIL, FROM + 1] {
        let validity = Period::new(FROM, Some(until)).unwrap();
        let key = key(1);
        let leaf = CertificateRequest { validity, ..request(&key, Role::EndEntity(Use::License)) };
        let written = issue_under(&anchor, &leaf).unwrap();
        let read = x509_cert::Certificate::from_der(&written).unwrap();
        assert_eq!(Encode::to_der(&read).unwrap(), written);
        let ours = Certificate::parse(&written).unwrap();
        assert_eq!(read.tbs_certificate().subject().to_der().unwrap(), ours.subject().as_der());
        assert_eq!(read.tbs_certificate().issuer().to_der().unwrap(), ours.issuer().as_der());
        assert_eq!(read.tbs_certificate().serial_number().as_bytes(), ours.serial());
        let last = read.tbs_certificate().validity().not_after.to_unix_duration().as_secs();
        assert_eq!(last, u64::try_from(until - 1).unwrap());
    }
    assert!(x509_cert::Certificate::from_der(&anchor).is_err());
}

#[test]
fn times_change_their_type_in_2050() {
    let with = |validity: Period| {
        let written = issue(&CertificateRequest { validity, ..request(&key(3), ISSUER) }, IssuedBy::Itself, &key(3));
        written.map(|written| Certificate::parse(&written).unwrap().validity())
    };
    for (from, until) in [(0, 1), (FROM, YEAR_2050), (FROM, YEAR_2050 + 1), (YEAR_2050, MAX_TIME + 1)] {
        let validity = Period::new(from, Some(until)).unwrap();
        assert_eq!(with(validity), Ok(validity));
    }
    for (from, until) in [(-1, Some(UNTIL)), (FROM, None), (FROM, Some(FROM)), (FROM, Some(MAX_TIME + 2))] {
        assert_eq!(with(Period::new(from, until).unwrap()), Err(CertificateIssueError::Validity));
    }
}

#[test]
fn what_a_certificate_must_not_say_is_not_written() {
    let with = |change: fn(&mut CertificateRequest<'_>)| {
        let key = key(3);
        let mut request = request(&key, ISSUER);
        change(&mut request);
        issue(&request, IssuedBy::Itself, &key).unwrap_err()
    };
    assert_eq!(with(|r| r.subject.common_name = ""), CertificateIssueError::Name);
    assert_eq!(with(|r| r.subject.organization = "示范\u{202e}省"), CertificateIssueError::Name);
    assert_eq!(with(|r| r.subject.province = "一\n二"), CertificateIssueError::Name);
    const LONG: &str = "长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长";
    assert_eq!(LONG.chars().count(), 65);
    assert_eq!(with(|r| r.subject.common_name = LONG), CertificateIssueError::Name);
    assert_eq!(with(|r| r.subject.credit_code = "11990000MB00000001"), CertificateIssueError::CreditCode);
    assert_eq!(with(|r| r.subject.credit_code = "11990000"), CertificateIssueError::CreditCode);
    let empty = |r: &mut CertificateRequest<'_>| {
        r.role = Role::Issuer { mandate: MandateText { regions: &[], ..MANDATE }, path_length: None };
    };
    assert_eq!(with(empty), CertificateIssueError::Mandate(MandateError::Empty));
    assert_eq!(with(|r| r.role = Role::EndEntity(Use::License)), CertificateIssueError::SelfSignedEndEntity);
}

#[test]
fn an_issuer_issues_what_it_may() {
    let anchor = anchor();
    let issuer_with = |path_length| Role::Issuer { mandate: MANDATE, path_length };
    let leaf = Role::EndEntity(Use::License);
    assert_eq!(issue_under(&anchor, &request(&key(2), issuer_with(Some(1)))), Err(CertificateIssueError::PathLength));
    assert_eq!(issue_under(&anchor, &request(&key(2), issuer_with(None))), Err(CertificateIssueError::PathLength));
    assert!(issue_under(&anchor, &request(&key(2), issuer_with(Some(0)))).is_ok());
    for (from, until) in [(FROM - 1, Some(UNTIL)), (FROM, Some(UNTIL + 1)), (FROM, None)] {
        let validity = Period::new(from, until).unwrap();
        let refused = issue_under(&anchor, &CertificateRequest { validity, ..request(&key(1), leaf) });
        assert_eq!(refused, Err(CertificateIssueError::OutlivesIssuer));
    }
    let written = issue_under(&anchor, &request(&key(1), leaf)).unwrap();
    let end_entity = Certificate::parse(&written).unwrap();
    let refused = issue(&request(&key(5), leaf), IssuedBy::Certificate(&end_entity), &key(1));
    assert_eq!(refused, Err(CertificateIssueError::Issuer(ProfileError::NotAuthority)));
}

#[test]
fn a_mandate_only_narrows() {
    const CODE: &str = "11990000MB0000000J";
    let own = MandateText { regions: &["9901"], types: Some(&["11100000MB03271699"]), authorities: Some(&[CODE]) };
    let role = |mandate| Role::Issuer { mandate, path_length: Some(1) };
    let anchor = issue(&request(&key(3), role(own)), IssuedBy::Itself, &key(3)).unwrap();
    let under = |mandate| {
        let role = Role::Issuer { mandate, path_length: Some(0) };
        issue_under(&anchor, &request(&key(2), role)).map(|_| ())
    };
    let wider = |fault| Err(CertificateIssueError::MandateWider(fault));
    assert_eq!(under(own), Ok(()));
    assert_eq!(under(MandateText { regions: &["990102"], types: Some(&["11100000MB03271699001"]), ..own }), Ok(()));
    assert_eq!(under(MandateText { regions: &["99"], ..own }), wider(MandateFault::Region));
    assert_eq!(under(MandateText { regions: &["9901", "9902"], ..own }), wider(MandateFault::Region));
    assert_eq!(under(MandateText { types: None, ..own }), wider(MandateFault::Type));
    assert_eq!(under(MandateText { authorities: None, ..own }), wider(MandateFault::Authority));
}

#[test]
fn only_the_issuers_key_signs() {
    let anchor = anchor();
    let anchor = Certificate::parse(&anchor).unwrap();
    let request_key = key(1);
    let request = request(&request_key, Role::EndEntity(Use::License));
    assert_eq!(issue(&request, IssuedBy::Certificate(&anchor), &key(4)), Err(CertificateIssueError::OtherSigner));
    let other = CertificateRequest { role: ISSUER, ..request };
    assert_eq!(issue(&other, IssuedBy::Itself, &key(4)), Err(CertificateIssueError::OtherSigner));
    let draft = || draft(&request, IssuedBy::Certificate(&anchor)).unwrap();
    let signature = key(4).sign(draft().to_be_signed()).unwrap();
    assert_eq!(draft().assemble(&signature), Err(CertificateIssueError::Signature));
    assert_eq!(draft().assemble(&[]), Err(CertificateIssueError::Signature));
    let signature = key(3).sign(draft().to_be_signed()).unwrap();
    for bad in [[&signature, [0].as_slice()].concat(), signature[..63].to_vec(), vec![0; 64]] {
        assert_eq!(draft().assemble(&bad), Err(CertificateIssueError::Signature));
    }
    assert!(draft().assemble(&signature).is_ok());
}
