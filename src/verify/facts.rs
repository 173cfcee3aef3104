//! What a license says, as values of a report.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;

use super::value::Value;
use crate::claims::{self, Attachment, FieldKey, Holder, License, LicenseClaims};

/// What the license says. Whether it is so stands beside it.
pub(super) fn of_license<'a>(claims: &LicenseClaims<'a>) -> Value<'a> {
    let license = &claims.license;
    let owned = |text: &str| Value::from(alloc::string::String::from(text));
    let mut facts = Value::map([
        ("authority", owned(claims.issuer.as_str())),
        ("authority_name", license.authority_name.into()),
        ("binding", i64::from(license.binding.number()).into()),
        ("credential", format!("{}", claims.id).into()),
        ("credential_expires", Value::or_null(claims.expires)),
        ("fields", fields(license, |key| matches!(key, FieldKey::Number(_)))),
        ("holders", Value::List(license.holders.clone().map(holder).collect())),
        ("identifier", owned(claims.identifier().as_str())),
        ("issued_at", claims.issued_at.into()),
        ("issued_on", license.issued_on.into()),
        ("name", license.name.into()),
        ("not_before", claims.not_before.into()),
        ("named_fields", fields(license, |key| matches!(key, FieldKey::Name(_)))),
        ("number", license.number.into()),
        ("region", owned(license.region.as_str())),
        ("status", Value::List([claims.status.list, claims.status.index].map(Value::from).into())),
        ("type", owned(license.type_code.as_str())),
        ("valid_from", license.validity.from().into()),
        ("valid_until", Value::or_null(license.validity.until())),
    ]);
    if let Some(attachments) = &license.attachments {
        facts.insert("attachments", Value::List(attachments.clone().map(attachment).collect()));
    }
    if let Some(copy) = &license.copy {
        let copy = Value::map([
            ("audience", Value::or_null(copy.audience)),
            ("expires", copy.expires.into()),
            ("made_by", Value::or_null(copy.made_by)),
            ("purpose", copy.purpose.into()),
        ]);
        facts.insert("copy", copy);
    }
    if let Some(replaces) = license.replaces {
        facts.insert("replaces", format!("{replaces}").into());
    }
    facts
}

/// The fields of one kind: those of the registry by number, which is the same in every language, or those with a name of their own.
/// A name may look like a number, so the two never share a map.
fn fields<'a>(license: &License<'a>, of_kind: impl Fn(&FieldKey<'_>) -> bool) -> Value<'a> {
    let fields: BTreeMap<Cow<'a, str>, Value<'a>> = license
        .fields
        .clone()
        .filter(|(key, _)| of_kind(key))
        .map(|(key, value)| {
            let key = match key {
                FieldKey::Number(number) => Cow::Owned(format!("{number}")),
                FieldKey::Name(name) => Cow::Borrowed(name),
            };
            (key, field_value(value))
        })
        .collect();
    Value::Map(fields)
}

fn field_value<'a>(value: claims::Value<'a>) -> Value<'a> {
    match value {
        claims::Value::Text(text) => text.into(),
        claims::Value::Int(value) => value.into(),
        claims::Value::Bool(value) => value.into(),
        claims::Value::Day(day) => Value::map([("day", day.into())]),
        claims::Value::Texts(texts) => Value::List(texts.map(Value::from).collect()),
    }
}

fn holder<'a>(holder: Holder<'a>) -> Value<'a> {
    Value::map([
        ("id", holder.id.into()),
        ("id_type", i64::from(holder.id_type.number()).into()),
        ("name", holder.name.into()),
    ])
}

fn attachment<'a>(attachment: Attachment<'a>) -> Value<'a> {
    let hex: alloc::string::String = attachment.digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Value::map([
        ("digest", hex.into()),
        ("digest_algorithm", attachment.digest_algorithm.into()),
        ("media_type", attachment.media_type.into()),
        ("name", attachment.name.into()),
        ("size", attachment.size.into()),
    ])
}
