//! Certificates of any shape: a template whose every part can be replaced, signed as it stands.

use zhengyin::labels::oid;
use zhengyin::suite::Algorithm;
use zhengyin::x509::{Certificate, Use};

use super::case::ISSUER;
use super::world::{BASE, DAY, World, anchor_key, data, key, license_key};

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;

/// Tag, shortest length, content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..=0x7f => vec![tag, length as u8],
        0x80..=0xff => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [&head, content].concat()
}

/// An extension before it is written.
#[derive(Clone, Debug)]
pub(crate) struct Extension {
    pub(crate) id: Vec<u8>,
    pub(crate) critical: Option<u8>,
    pub(crate) value: Vec<u8>,
}

pub(crate) fn extension(id: &[u8], critical: bool, value: Vec<u8>) -> Extension {
    Extension { id: id.into(), critical: critical.then_some(0xff), value }
}

/// A certificate before it is signed.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) inner: Vec<u8>,
    pub(crate) outer: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    /// First and last second.
    pub(crate) validity: (i64, i64),
    pub(crate) subject: Vec<u8>,
    pub(crate) spki: Vec<u8>,
    pub(crate) unique_ids: Vec<u8>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) signer: String,
    /// Unused bits of the signature.
    pub(crate) unused: u8,
    /// By which identifier it is signed, where the key is of SM2.
    pub(crate) identifier: &'static str,
}

impl Template {
    /// The issuer's license certificate under its province's anchor, in order.
    pub(crate) fn leaf(world: &World) -> Self {
        let anchor = world.anchor("99").certificate.clone();
        let anchor = Certificate::parse(&anchor).unwrap();
        let certified = key(&license_key(ISSUER));
        let own_id = certified.public_key().thumbprint().as_bytes().to_vec();
        let issuer_id = element(SEQUENCE, &element(0x80, anchor.subject_key_id().unwrap()));
        let purpose = element(OBJECT_IDENTIFIER, &Use::License.oid());
        let algorithm = certified.public_key().algorithm().signature_identifier().to_vec();
        Self {
            version: vec![0xa0, 3, 2, 1, 2],
            serial: element(INTEGER, &[0x41; 16]),
            inner: algorithm.clone(),
            outer: algorithm,
            issuer: anchor.subject().as_der().to_vec(),
            validity: (BASE - 400 * DAY, BASE + 800 * DAY - 1),
            subject: subject(Some(ISSUER)),
            spki: certified.public_key().spki(),
            unique_ids: Vec::new(),
            extensions: vec![
                extension(oid::BASIC_CONSTRAINTS, true, element(SEQUENCE, &[])),
                extension(oid::KEY_USAGE, true, key_usage(0x80, 7)),
                extension(oid::EXTENDED_KEY_USAGE, true, element(SEQUENCE, &purpose)),
                extension(oid::SUBJECT_KEY_IDENTIFIER, false, element(OCTET_STRING, &own_id)),
                extension(oid::AUTHORITY_KEY_IDENTIFIER, false, issuer_id),
            ],
            signer: anchor_key("99"),
            unused: 0,
            identifier: "1234567812345678",
        }
    }

    /// The extension of this kind.
    pub(crate) fn at(&mut self, id: &[u8]) -> &mut Extension {
        self.extensions.iter_mut().find(|extension| extension.id == id).unwrap()
    }

    pub(crate) fn without(&mut self, id: &[u8]) {
        self.extensions.retain(|extension| extension.id != id);
    }

    /// The extended key usages.
    pub(crate) fn purposes(&mut self, oids: &[&[u8]]) {
        let all: Vec<u8> = oids.iter().flat_map(|id| element(OBJECT_IDENTIFIER, id)).collect();
        self.at(oid::EXTENDED_KEY_USAGE).value = element(SEQUENCE, &all);
    }

    /// The certificate.
    pub(crate) fn sign(&self) -> Vec<u8> {
        let extensions: Vec<u8> = self
            .extensions
            .iter()
            .flat_map(|extension| {
                let critical = extension.critical.map(|value| element(BOOLEAN, &[value])).unwrap_or_default();
                let parts =
                    [element(OBJECT_IDENTIFIER, &extension.id), critical, element(OCTET_STRING, &extension.value)];
                element(SEQUENCE, &parts.concat())
            })
            .collect();
        let (first, last) = self.validity;
        let tbs = [
            self.version.clone(),
            self.serial.clone(),
            self.inner.clone(),
            self.issuer.clone(),
            element(SEQUENCE, &[utc_time(first), utc_time(last)].concat()),
            self.subject.clone(),
            self.spki.clone(),
            self.unique_ids.clone(),
            element(0xa3, &element(SEQUENCE, &extensions)),
        ];
        let tbs = element(SEQUENCE, &tbs.concat());
        let signer = key(&self.signer);
        let signature = match signer.public_key().algorithm() {
            Algorithm::Sm2 => super::national::signed_as(&signer, self.identifier, &tbs),
            _ => signer.sign(&tbs).unwrap().to_vec(),
        };
        let signature = signer.public_key().algorithm().certificate_signature(&signature);
        let signature = element(BIT_STRING, &[&[self.unused][..], &signature].concat());
        element(SEQUENCE, &[tbs, self.outer.clone(), signature].concat())
    }
}

/// KeyUsage with these bits of its first byte.
pub(crate) fn key_usage(bits: u8, unused: u8) -> Vec<u8> {
    element(BIT_STRING, &[unused, bits])
}

/// A subject in the province's name, with or without a credit code.
pub(crate) fn subject(credit_code: Option<&str>) -> Vec<u8> {
    let attribute = |id: &[u8], tag: u8, text: &str| {
        let value = [element(OBJECT_IDENTIFIER, id), element(tag, text.as_bytes())].concat();
        element(SET, &element(SEQUENCE, &value))
    };
    let mut attributes = vec![
        attribute(oid::COUNTRY, PRINTABLE_STRING, "CN"),
        attribute(oid::ORGANIZATION, UTF8_STRING, &data::authority(ISSUER).name),
    ];
    if let Some(code) = credit_code {
        attributes.push(attribute(oid::ORGANIZATION_IDENTIFIER, UTF8_STRING, &format!("GOVCN-{code}")));
    }
    attributes.push(attribute(oid::COMMON_NAME, UTF8_STRING, "license"));
    element(SEQUENCE, &attributes.concat())
}

/// `YYMMDDHHMMSSZ`, for the years 1950 to 2049.
fn utc_time(seconds: i64) -> Vec<u8> {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days from 0000-03-01, in eras of 400 years; 719 468 days lie between it and 1970-01-01.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    assert!((1950..2050).contains(&year));
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    let text = format!("{:02}{month:02}{day:02}{hour:02}{minute:02}{:02}Z", year % 100, second % 60);
    element(0x17, text.as_bytes())
}
