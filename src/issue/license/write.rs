//! The facts in the one encoding.

use alloc::vec::Vec;

use super::rules::{self, FactsError};
use super::{AttachmentFacts, CopyFacts, CredentialFacts, FieldLabel, FieldValue, HolderFacts, LicenseFacts};
use crate::cbor::{Key, Writer};
use crate::claims::LicenseClaims;
use crate::labels::{cwt, tag};

/// The payload of a license: canonical, held to the rules of issuing, and read back by the verifier's reader.
pub(super) fn payload(credential: &CredentialFacts, license: &LicenseFacts) -> Result<Vec<u8>, FactsError> {
    rules::check(credential, license)?;
    let mut writer = Writer::with_capacity(512);
    claims(&mut writer, credential, license);
    let refused = |error| FactsError::Refused(error);
    let payload = writer.finish().map_err(|error| refused(error.into()))?;
    LicenseClaims::parse(&payload).map_err(refused)?;
    Ok(payload)
}

fn claims(writer: &mut Writer, credential: &CredentialFacts, facts: &LicenseFacts) {
    writer.map(|map| {
        map.entry(cwt::ISS, |w| w.text(credential.issuer.as_str()));
        map.optional(cwt::EXP, credential.expires, Writer::timestamp);
        map.entry(cwt::NBF, |w| w.timestamp(credential.not_before));
        map.entry(cwt::IAT, |w| w.timestamp(credential.issued_at));
        map.entry(cwt::CTI, |w| w.bytes(credential.id.as_bytes()));
        map.optional(cwt::CNF, credential.holder_key.as_ref(), |w, key| {
            w.map(|map| map.entry(cwt::CNF_COSE_KEY, |w| key.write_cose_key(w)));
        });
        map.entry(cwt::LICENSE, |w| license(w, facts));
        map.entry(cwt::STATUS, |w| {
            w.array(2);
            w.uint(credential.status.list);
            w.uint(credential.status.index);
        });
    });
}

fn license(writer: &mut Writer, facts: &LicenseFacts) {
    writer.map(|map| {
        map.entry(1, |w| w.text(facts.type_code.as_str()));
        map.entry(2, |w| w.text(&facts.name));
        map.entry(3, |w| w.text(&facts.number));
        map.entry(4, |w| w.array_of(facts.holders.iter(), holder));
        map.entry(5, |w| w.text(&facts.authority_name));
        map.entry(6, |w| w.text(facts.region.as_str()));
        map.entry(7, |w| w.day(facts.issued_on));
        map.entry(8, |w| {
            let days = [Some(facts.validity.from()), facts.validity.until()];
            w.array(days.iter().flatten().count());
            days.into_iter().flatten().for_each(|day| w.day(day));
        });
        map.entry(9, |w| fields(w, &facts.fields));
        map.entry(10, |w| {
            w.array(if facts.authority_code.is_some() { 3 } else { 2 });
            w.text(&facts.serial);
            w.uint(facts.version.into());
            if let Some(code) = &facts.authority_code {
                w.text(code);
            }
        });
        let attachments = Some(&facts.attachments).filter(|attachments| !attachments.is_empty());
        map.optional(11, attachments, |w, attachments| w.array_of(attachments.iter(), attachment));
        map.optional(12, facts.copy.as_ref(), copy);
        map.optional(13, facts.replaces, |w, id| w.bytes(id.as_bytes()));
        map.entry(14, |w| w.uint(facts.binding.number().into()));
    });
}

fn holder(writer: &mut Writer, facts: &HolderFacts) {
    writer.map(|map| {
        map.entry(1, |w| w.text(&facts.name));
        map.entry(2, |w| w.uint(facts.id_type.number().into()));
        map.entry(3, |w| w.text(&facts.id));
    });
}

fn fields(writer: &mut Writer, fields: &[(FieldLabel, FieldValue)]) {
    writer.map(|map| {
        for (label, facts) in fields {
            let key = match label {
                // The registry's numbers are small; one beyond it was refused by the rules.
                FieldLabel::Number(number) => Key::Int(i64::try_from(*number).unwrap_or(i64::MAX)),
                FieldLabel::Name(name) => Key::Text(name),
            };
            map.entry(key, |w| value(w, facts));
        }
    });
}

fn value(writer: &mut Writer, facts: &FieldValue) {
    match facts {
        FieldValue::Text(text) => writer.text(text),
        FieldValue::Int(number) => writer.int(*number),
        FieldValue::Bool(answer) => writer.boolean(*answer),
        FieldValue::Day(day) => {
            writer.tag(tag::EPOCH_DAYS);
            writer.day(*day);
        }
        FieldValue::Texts(texts) => writer.array_of(texts.iter(), |w, text| w.text(text)),
    }
}

fn attachment(writer: &mut Writer, facts: &AttachmentFacts) {
    writer.map(|map| {
        map.entry(1, |w| w.text(&facts.name));
        map.entry(2, |w| w.text(&facts.media_type));
        map.entry(3, |w| {
            w.array(2);
            w.int(facts.digest_algorithm);
            w.bytes(&facts.digest);
        });
        map.entry(4, |w| w.uint(facts.size));
    });
}

fn copy(writer: &mut Writer, facts: &CopyFacts) {
    writer.map(|map| {
        map.entry(1, |w| w.text(&facts.purpose));
        map.optional(2, facts.audience.as_ref(), |w, audience| w.text(audience));
        map.entry(3, |w| w.timestamp(facts.expires));
        map.optional(4, facts.made_by.as_ref(), |w, made_by| w.text(made_by));
    });
}
