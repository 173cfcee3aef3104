//! Certificates made by hand, field by field, so that each rule can be broken alone. They need a key to sign with, and so the
//! feature `issue`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::too_many_lines
)]

mod der;
mod foreign;
mod others;
mod paths;
mod refusals;

use alloc::vec;
use alloc::vec::Vec;

use super::der::{BIT_STRING, BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, UTF8_STRING, element};
use super::*;
use crate::labels::oid;
use crate::limits::{Budget, Limits};
use crate::suite::{Algorithm, SecretKey, sha256};
use crate::time::Timestamp;

/// 2020-01-01, 2030-01-01 and an instant between them.
const FROM: &[u8] = b"200101000000Z";
const UNTIL: &[u8] = b"300101000000Z";
const FROM_SECONDS: i64 = 1_577_836_800;
const UNTIL_SECONDS: i64 = 1_893_456_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn now() -> Timestamp {
    at(1_750_000_000)
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32]).unwrap()
}

fn key_id(key: &SecretKey) -> Vec<u8> {
    sha256(&key.public_key().spki()).as_bytes()[..20].to_vec()
}

fn seq(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}

fn attribute(kind: &[u8], text: &str) -> Vec<u8> {
    element(SET, &seq(&[&element(OBJECT_IDENTIFIER, kind), &element(UTF8_STRING, text.as_bytes())]))
}

fn name(common: &str) -> Vec<u8> {
    seq(&[
        &attribute(oid::ORGANIZATION, "示范省数据局"),
        &attribute(oid::ORGANIZATION_IDENTIFIER, "GOVCN-11990000MB0000000J"),
        &attribute(oid::COMMON_NAME, common),
    ])
}

fn extension(id: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { element(BOOLEAN, &[0xff]) } else { vec![] };
    seq(&[&element(OBJECT_IDENTIFIER, id), &critical, &element(OCTET_STRING, value)])
}

/// The fields of a certificate, each as its whole encoding.
#[derive(Clone)]
struct Make {
    version: Vec<u8>,
    serial: Vec<u8>,
    inner: Vec<u8>,
    issuer: Vec<u8>,
    validity: Vec<u8>,
    subject: Vec<u8>,
    spki: Vec<u8>,
    unique_ids: Vec<u8>,
    basic_constraints: Vec<u8>,
    key_usage: Vec<u8>,
    extended_key_usage: Vec<u8>,
    subject_key_id: Vec<u8>,
    authority_key_id: Vec<u8>,
    mandate: Vec<u8>,
    more: Vec<u8>,
    /// After the extensions, inside the to-be-signed part.
    after: Vec<u8>,
    outer: Vec<u8>,
    /// After the signature, inside the certificate.
    tail: Vec<u8>,
}

fn validity(from: &[u8], until: &[u8]) -> Vec<u8> {
    seq(&[&element(super::der::UTC_TIME, from), &element(super::der::UTC_TIME, until)])
}

fn purposes(list: &[&[u8]]) -> Vec<u8> {
    let list: Vec<u8> = list.iter().flat_map(|id| element(OBJECT_IDENTIFIER, id)).collect();
    extension(oid::EXTENDED_KEY_USAGE, true, &element(SEQUENCE, &list))
}

fn usage(bits: &[u8]) -> Vec<u8> {
    extension(oid::KEY_USAGE, true, &element(BIT_STRING, bits))
}

fn constraints(content: &[u8]) -> Vec<u8> {
    extension(oid::BASIC_CONSTRAINTS, true, &element(SEQUENCE, content))
}

fn mandate(regions: &[&str]) -> Vec<u8> {
    extension(oid::MANDATE, true, &encode_mandate(regions, None, None).unwrap())
}

const DIGITAL_SIGNATURE: &[u8] = &[7, 0x80];
const KEY_CERT_SIGN: &[u8] = &[2, 0x04];
const AUTHORITY: &[u8] = &[1, 1, 0xff];

impl Make {
    fn base(subject: &str, key_of_subject: &SecretKey, issuer: &str, key_of_issuer: &SecretKey) -> Self {
        let algorithm = Algorithm::Ed25519.signature_identifier().to_vec();
        Self {
            version: vec![0xa0, 3, 2, 1, 2],
            serial: element(INTEGER, &[0x11; 16]),
            inner: algorithm.clone(),
            issuer: name(issuer),
            validity: validity(FROM, UNTIL),
            subject: name(subject),
            spki: key_of_subject.public_key().spki(),
            unique_ids: vec![],
            basic_constraints: constraints(&[]),
            key_usage: usage(DIGITAL_SIGNATURE),
            extended_key_usage: vec![],
            subject_key_id: extension(
                oid::SUBJECT_KEY_IDENTIFIER,
                false,
                &element(OCTET_STRING, &key_id(key_of_subject)),
            ),
            authority_key_id: extension(
                oid::AUTHORITY_KEY_IDENTIFIER,
                false,
                &seq(&[&element(0x80, &key_id(key_of_issuer))]),
            ),
            mandate: vec![],
            more: vec![],
            after: vec![],
            outer: algorithm,
            tail: vec![],
        }
    }

    fn leaf(subject: &SecretKey, issuer: &str, key_of_issuer: &SecretKey) -> Self {
        let mut make = Self::base("leaf", subject, issuer, key_of_issuer);
        make.extended_key_usage = purposes(&[&Use::License.oid()]);
        make
    }

    fn issuer(subject: &str, key_of_subject: &SecretKey, issuer: &str, key_of_issuer: &SecretKey) -> Self {
        let mut make = Self::base(subject, key_of_subject, issuer, key_of_issuer);
        make.basic_constraints = constraints(AUTHORITY);
        make.key_usage = usage(KEY_CERT_SIGN);
        make.mandate = mandate(&["99"]);
        make
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn extensions(&self) -> Vec<u8> {
        [
            self.basic_constraints.as_slice(),
            &self.key_usage,
            &self.extended_key_usage,
            &self.subject_key_id,
            &self.authority_key_id,
            &self.mandate,
            &self.more,
        ]
        .concat()
    }

    fn tbs(&self) -> Vec<u8> {
        let extensions = element(0xa3, &element(SEQUENCE, &self.extensions()));
        self.tbs_with(&extensions)
    }

    fn tbs_with(&self, extensions: &[u8]) -> Vec<u8> {
        seq(&[
            &self.version,
            &self.serial,
            &self.inner,
            &self.issuer,
            &self.validity,
            &self.subject,
            &self.spki,
            &self.unique_ids,
            extensions,
            &self.after,
        ])
    }

    fn sign(&self, key: &SecretKey) -> Vec<u8> {
        self.sign_tbs(&self.tbs(), key)
    }

    fn sign_tbs(&self, tbs: &[u8], key: &SecretKey) -> Vec<u8> {
        let signature = [[0].as_slice(), &key.sign(tbs).unwrap()].concat();
        seq(&[tbs, &self.outer, &element(BIT_STRING, &signature), &self.tail])
    }
}

/// An end entity under an intermediate issuer under an anchor.
struct Chain {
    leaf: Vec<u8>,
    issuer: Vec<u8>,
    anchor: Vec<u8>,
}

fn chain() -> Chain {
    chain_with(|_| (), |_| (), |_| ())
}

fn chain_with(leaf: impl FnOnce(&mut Make), issuer: impl FnOnce(&mut Make), anchor: impl FnOnce(&mut Make)) -> Chain {
    Chain {
        leaf: Make::leaf(&key(1), "issuer", &key(2)).with(leaf).sign(&key(2)),
        issuer: Make::issuer("issuer", &key(2), "anchor", &key(3)).with(issuer).sign(&key(3)),
        anchor: Make::issuer("anchor", &key(3), "anchor", &key(3)).with(anchor).sign(&key(3)),
    }
}

fn question(purpose: Option<Use>) -> PathQuestion {
    PathQuestion { purpose, at: Some(now()), limits: Limits::STANDARD }
}

/// Asks for a path and returns how many certificates it has.
fn ask(leaf: &[u8], intermediates: &[&[u8]], anchors: &[&[u8]], question: PathQuestion) -> Result<usize, PathError> {
    let leaf = Certificate::parse(leaf).unwrap();
    let intermediates: Vec<_> = intermediates.iter().map(|der| Certificate::parse(der).unwrap()).collect();
    let anchors: Vec<_> = anchors.iter().map(|der| Certificate::parse(der).unwrap()).collect();
    let mut budget = Budget::new(question.limits);
    build_path(&leaf, &intermediates, &anchors, question, &mut budget).map(|path| path.certificates().len())
}

impl Chain {
    fn ask(&self, question: PathQuestion) -> Result<usize, PathError> {
        ask(&self.leaf, &[&self.issuer], &[&self.anchor], question)
    }
}
