//! Writing a license: the facts that an issuer states, held to the rules of issuing, in the one encoding.
//!
//! Issuing is stricter than reading. What a verifier only warns of is refused here: codes whose check characters fail, names
//! left empty, text that is not in Unicode normalization form C. What is written has passed the verifier's own reader.

mod rules;
mod text;
mod write;

#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::vec::Vec;

pub use rules::{FactsError, HolderIdFault};
pub use text::{Place, Rewritten};

use crate::claims::fields::FieldName;
use crate::claims::id::{CreditCode, Region, TypeCode};
use crate::claims::{
    AnnotatedCopy, Attachment, Binding, CredentialId, FieldKey, Holder, HolderIdType, License, LicenseClaims,
    StatusPointer, Validity, Value,
};
use crate::suite::PublicKey;
use crate::time::{Day, Timestamp};

/// What the credential says of itself: assigned when it is issued, not by who describes the license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialFacts {
    /// `iss`: the issuing authority 颁发机构代码, which must be that of the signer.
    pub issuer: CreditCode,
    /// `exp`: when the credential should be refreshed.
    pub expires: Option<Timestamp>,
    /// `nbf`.
    pub not_before: Timestamp,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `cti`: drawn at random, never used before.
    pub id: CredentialId,
    /// `cnf`: the holder's key.
    pub holder_key: Option<PublicKey>,
    /// The position in a status list that the register allotted.
    pub status: StatusPointer,
}

/// What a license says. See [`License`] for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseFacts {
    /// 证照类型代码.
    pub type_code: TypeCode,
    /// 证照名称.
    pub name: String,
    /// 证照编号.
    pub number: String,
    /// 持证主体, at least one.
    pub holders: Vec<HolderFacts>,
    /// 颁发机构.
    pub authority_name: String,
    /// 所属区划.
    pub region: Region,
    /// 颁发日期.
    pub issued_on: Day,
    /// 有效期.
    pub validity: Validity,
    /// 照面信息, in any order; the encoding has its own.
    pub fields: Vec<(FieldLabel, FieldValue)>,
    /// 流水号, 1 to 64 of `0`–`9`, `A`–`Z`.
    pub serial: String,
    /// Version, 1 to 999.
    pub version: u16,
    /// The authority code in the license identifier, where it is not the issuer's credit code.
    pub authority_code: Option<String>,
    /// Files that belong to the license.
    pub attachments: Vec<AttachmentFacts>,
    /// For an annotated copy 加注件.
    pub copy: Option<CopyFacts>,
    /// The credential that this one replaces.
    pub replaces: Option<CredentialId>,
    /// What ties the license to the person who shows it.
    pub binding: Binding,
}

impl LicenseFacts {
    /// The payload of the license: held to the rules of issuing, canonical, and read back by the verifier's own reader.
    ///
    /// Texts must be in Unicode normalization form C: call [`normalize`](Self::normalize) first and show what it changed.
    ///
    /// # Errors
    /// [`FactsError`]: the first rule that does not hold.
    pub fn encode(&self, credential: &CredentialFacts) -> Result<Vec<u8>, FactsError> {
        write::payload(credential, self)
    }
}

/// A holder 持证主体.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderFacts {
    /// Name.
    pub name: String,
    /// Kind of id.
    pub id_type: HolderIdType,
    /// The id; characters may be masked by `*`.
    pub id: String,
}

/// What a field is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldLabel {
    /// A number of the registry of common names.
    Number(u64),
    /// A name that is not in the registry.
    Name(String),
}

impl FieldLabel {
    /// The number of a name that the registry has, in Chinese or English, else the name itself.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        FieldName::of_text(text).map_or_else(|| Self::Name(text.into()), |name| Self::Number(name.number()))
    }
}

/// What a field says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// A text.
    Text(String),
    /// A number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Day(Day),
    /// Several texts.
    Texts(Vec<String>),
}

/// A file that belongs to the license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentFacts {
    /// What it is called.
    pub name: String,
    /// `type/subtype`.
    pub media_type: String,
    /// The COSE number of the hash.
    pub digest_algorithm: i64,
    /// The digest of the file.
    pub digest: Vec<u8>,
    /// Length in bytes.
    pub size: u64,
}

/// What makes a license an annotated copy 加注件.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyFacts {
    /// What it may be used for.
    pub purpose: String,
    /// Whom it is made for.
    pub audience: Option<String>,
    /// The second from which it no longer holds.
    pub expires: Timestamp,
    /// Who made it.
    pub made_by: Option<String>,
}

impl From<&LicenseClaims<'_>> for CredentialFacts {
    fn from(claims: &LicenseClaims<'_>) -> Self {
        Self {
            issuer: claims.issuer,
            expires: claims.expires,
            not_before: claims.not_before,
            issued_at: claims.issued_at,
            id: claims.id,
            holder_key: claims.holder_key.clone(),
            status: claims.status,
        }
    }
}

/// To renew, replace or copy what was issued before.
impl From<&License<'_>> for LicenseFacts {
    fn from(license: &License<'_>) -> Self {
        Self {
            type_code: license.type_code,
            name: license.name.into(),
            number: license.number.into(),
            holders: license.holders.clone().map(HolderFacts::from).collect(),
            authority_name: license.authority_name.into(),
            region: license.region,
            issued_on: license.issued_on,
            validity: license.validity,
            fields: license.fields.clone().map(|(key, value)| (key.into(), value.into())).collect(),
            serial: license.serial.into(),
            version: license.version,
            authority_code: license.authority_code.map(Into::into),
            attachments: license.attachments.iter().flat_map(Clone::clone).map(AttachmentFacts::from).collect(),
            copy: license.copy.map(CopyFacts::from),
            replaces: license.replaces,
            binding: license.binding,
        }
    }
}

impl From<Holder<'_>> for HolderFacts {
    fn from(holder: Holder<'_>) -> Self {
        Self { name: holder.name.into(), id_type: holder.id_type, id: holder.id.into() }
    }
}

impl From<FieldKey<'_>> for FieldLabel {
    fn from(key: FieldKey<'_>) -> Self {
        match key {
            FieldKey::Number(number) => Self::Number(number),
            FieldKey::Name(name) => Self::Name(name.into()),
        }
    }
}

impl From<Value<'_>> for FieldValue {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.into()),
            Value::Int(number) => Self::Int(number),
            Value::Bool(answer) => Self::Bool(answer),
            Value::Day(day) => Self::Day(day),
            Value::Texts(texts) => Self::Texts(texts.map(Into::into).collect()),
        }
    }
}

impl From<Attachment<'_>> for AttachmentFacts {
    fn from(attachment: Attachment<'_>) -> Self {
        Self {
            name: attachment.name.into(),
            media_type: attachment.media_type.into(),
            digest_algorithm: attachment.digest_algorithm,
            digest: attachment.digest.into(),
            size: attachment.size,
        }
    }
}

impl From<AnnotatedCopy<'_>> for CopyFacts {
    fn from(copy: AnnotatedCopy<'_>) -> Self {
        Self {
            purpose: copy.purpose.into(),
            audience: copy.audience.map(Into::into),
            expires: copy.expires,
            made_by: copy.made_by.map(Into::into),
        }
    }
}
