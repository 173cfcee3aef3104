//! The extensions that are read: each one's shape is checked, then its value is taken from the parser.

use thiserror::Error;
use x509_parser::extensions as parser;
use x509_parser::prelude::FromDer;

use super::der::{
    self, BIT_STRING, BOOLEAN, DerError, DerRule, Element, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE,
};
use super::mandate_extension::{Mandate, MandateError};
use crate::labels::oid;

/// How many extensions or purposes are read, so that looking for one that stands twice stays cheap.
const MAX_MEMBERS: usize = 64;

/// An extension that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExtensionKind {
    /// RFC 5280 §4.2.1.9.
    BasicConstraints,
    /// RFC 5280 §4.2.1.3.
    KeyUsage,
    /// RFC 5280 §4.2.1.12.
    ExtendedKeyUsage,
    /// RFC 5280 §4.2.1.2.
    SubjectKeyIdentifier,
    /// RFC 5280 §4.2.1.1.
    AuthorityKeyIdentifier,
    /// Ours.
    Mandate,
}

/// Why an extension, or the set of them, is refused in any certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExtensionError {
    /// RFC 5280 §4.2: two extensions of one kind.
    #[error("an extension stands twice")]
    Duplicate,
    /// RFC 5280 §4.2: a critical extension that is not processed here.
    #[error("an unknown critical extension")]
    UnknownCritical,
    /// Critical certificate policies, policy mappings, policy constraints or inhibitAnyPolicy: they are not processed.
    #[error("a critical extension about certificate policies, which are not processed")]
    PolicyCritical,
    /// Name constraints, critical or not: they would have to be enforced and are not.
    #[error("name constraints, which are not processed")]
    NameConstraints,
    /// The value is not canonical DER of its type. The position counts within the value.
    #[error("{0:?}: {1}")]
    Value(ExtensionKind, DerError),
    /// A key usage without a single bit, or with bits that RFC 5280 does not name.
    #[error("a key usage without a bit, or with unknown bits")]
    KeyUsageBits,
    /// A path length where cA is not true, or one over 255.
    #[error("a path length without cA, or over 255")]
    PathLength,
    /// An extended key usage that names a purpose twice.
    #[error("an extended key usage that names a purpose twice")]
    PurposeTwice,
    /// The Mandate is malformed.
    #[error("Mandate: {0}")]
    Mandate(#[from] MandateError),
    /// A Mandate that is not critical: software that does not know it would believe more than was granted.
    #[error("the Mandate is not critical")]
    MandateNotCritical,
}

/// basicConstraints: may the subject issue certificates, and how long may the path below it be?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// cA.
    pub authority: bool,
    /// pathLenConstraint: how many issuers that are not self-issued may follow, the end entity not counted.
    pub path_length: Option<u8>,
    /// Is the extension critical?
    pub critical: bool,
}

/// keyUsage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    /// Bit n is bit n of RFC 5280 §4.2.1.3: 0 digitalSignature, 1 nonRepudiation, 5 keyCertSign, 6 cRLSign.
    bits: u16,
    /// Is the extension critical?
    pub critical: bool,
}

impl KeyUsage {
    const DIGITAL_SIGNATURE: u16 = 1;
    const NON_REPUDIATION: u16 = 1 << 1;
    const KEY_CERT_SIGN: u16 = 1 << 5;
    const CRL_SIGN: u16 = 1 << 6;
    const ALL: u16 = 0x01ff;

    /// May the key sign something other than certificates and revocation lists (digitalSignature or nonRepudiation)?
    #[must_use]
    pub const fn signs_data(self) -> bool {
        self.bits & (Self::DIGITAL_SIGNATURE | Self::NON_REPUDIATION) != 0
    }

    /// May the key sign certificates (keyCertSign)?
    #[must_use]
    pub const fn signs_certificates(self) -> bool {
        self.bits & Self::KEY_CERT_SIGN != 0
    }

    /// May the key sign X.509 revocation lists (cRLSign)?
    #[must_use]
    pub const fn signs_revocation_lists(self) -> bool {
        self.bits & Self::CRL_SIGN != 0
    }

    /// RFC 9295 §3: may the key encipher or agree on keys, which a signature key cannot?
    #[must_use]
    pub const fn enciphers(self) -> bool {
        let signing = Self::DIGITAL_SIGNATURE | Self::NON_REPUDIATION | Self::KEY_CERT_SIGN | Self::CRL_SIGN;
        self.bits & !signing != 0
    }
}

/// extKeyUsage: the purposes, as DER contents of their object identifiers.
#[derive(Clone, Copy, Debug)]
pub struct ExtendedKeyUsage<'a> {
    rest: Reader<'a>,
}

impl<'a> ExtendedKeyUsage<'a> {
    fn of(value: &Element<'a>) -> Result<Self, ExtensionError> {
        let all = Self { rest: value.inside() };
        let is_repeated = |purpose: &[u8]| all.filter(|&other| other == purpose).count() > 1;
        if all.into_iter().any(is_repeated) { Err(ExtensionError::PurposeTwice) } else { Ok(all) }
    }
}

impl<'a> Iterator for ExtendedKeyUsage<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.rest.next().ok().flatten().map(|element| element.content)
    }
}

/// What the extensions of one certificate say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extensions<'a> {
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) extended_key_usage: Option<ExtendedKeyUsage<'a>>,
    pub(super) subject_key_id: Option<&'a [u8]>,
    pub(super) authority_key_id: Option<&'a [u8]>,
    pub(super) mandate: Option<Mandate<'a>>,
    /// X.690 §11.5: is a `cA` that is FALSE written out?
    pub(super) default_written: bool,
}

impl<'a> Extensions<'a> {
    /// Takes in one extension that the parser found.
    pub(super) fn take(&mut self, extension: &parser::X509Extension<'a>) -> Result<(), ExtensionError> {
        let Some(kind) = kind(extension.oid.as_bytes(), extension.critical)? else {
            return Ok(());
        };
        let malformed = |fault| ExtensionError::Value(kind, fault);
        let value = der::check(extension.value).map_err(malformed)?;
        check_value(kind, &value).map_err(malformed)?;
        let critical = extension.critical;
        // The parser is not asked to decode extensions that are not read: it decodes here what has passed the checks.
        let undecodable = malformed(value.fault(DerRule::Shape));
        match kind {
            ExtensionKind::BasicConstraints => {
                let (_, parsed) = parser::BasicConstraints::from_der(extension.value).map_err(|_| undecodable)?;
                let path_length = parsed.path_len_constraint.map(u8::try_from).transpose();
                let path_length = path_length.map_err(|_| ExtensionError::PathLength)?;
                if path_length.is_some() && !parsed.ca {
                    return Err(ExtensionError::PathLength);
                }
                let written = value.inside().optional(BOOLEAN).is_ok_and(|authority| authority.is_some());
                self.default_written |= written && !parsed.ca;
                self.basic_constraints = Some(BasicConstraints { authority: parsed.ca, path_length, critical });
            }
            ExtensionKind::KeyUsage => {
                let (_, parsed) = parser::KeyUsage::from_der(extension.value).map_err(|_| undecodable)?;
                if parsed.flags == 0 || parsed.flags & !KeyUsage::ALL != 0 {
                    return Err(ExtensionError::KeyUsageBits);
                }
                self.key_usage = Some(KeyUsage { bits: parsed.flags, critical });
            }
            // The parser sorts the purposes into groups and drops one that stands twice: they are read as they stand.
            ExtensionKind::ExtendedKeyUsage => self.extended_key_usage = Some(ExtendedKeyUsage::of(&value)?),
            ExtensionKind::SubjectKeyIdentifier => self.subject_key_id = Some(value.content),
            ExtensionKind::AuthorityKeyIdentifier => {
                let parsed = parser::AuthorityKeyIdentifier::from_der(extension.value);
                let (_, parsed) = parsed.map_err(|_| undecodable)?;
                self.authority_key_id = parsed.key_identifier.map(|id| id.0);
            }
            ExtensionKind::Mandate if !critical => return Err(ExtensionError::MandateNotCritical),
            ExtensionKind::Mandate => self.mandate = Some(Mandate::parse(extension.value)?),
        }
        Ok(())
    }
}

/// What an extension is to us: one that is read, one that may be passed over, or one that refuses the certificate.
fn kind(id: &[u8], critical: bool) -> Result<Option<ExtensionKind>, ExtensionError> {
    match id {
        _ if id == oid::BASIC_CONSTRAINTS => Ok(Some(ExtensionKind::BasicConstraints)),
        _ if id == oid::KEY_USAGE => Ok(Some(ExtensionKind::KeyUsage)),
        _ if id == oid::EXTENDED_KEY_USAGE => Ok(Some(ExtensionKind::ExtendedKeyUsage)),
        _ if id == oid::SUBJECT_KEY_IDENTIFIER => Ok(Some(ExtensionKind::SubjectKeyIdentifier)),
        _ if id == oid::AUTHORITY_KEY_IDENTIFIER => Ok(Some(ExtensionKind::AuthorityKeyIdentifier)),
        _ if id == oid::MANDATE => Ok(Some(ExtensionKind::Mandate)),
        _ if id == oid::NAME_CONSTRAINTS => Err(ExtensionError::NameConstraints),
        _ if !critical => Ok(None),
        _ if oid::POLICY_EXTENSIONS.contains(&id) => Err(ExtensionError::PolicyCritical),
        _ => Err(ExtensionError::UnknownCritical),
    }
}

fn check_value(kind: ExtensionKind, value: &Element<'_>) -> Result<(), DerError> {
    match kind {
        ExtensionKind::BasicConstraints => check_basic_constraints(value),
        ExtensionKind::KeyUsage => check_named_bits(value),
        ExtensionKind::ExtendedKeyUsage => check_purposes(value),
        ExtensionKind::SubjectKeyIdentifier => check_subject_key_identifier(value),
        ExtensionKind::AuthorityKeyIdentifier => check_authority_key_identifier(value),
        // It checks itself.
        ExtensionKind::Mandate => Ok(()),
    }
}

/// RFC 5280 §4.2.1.9: `SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }`.
fn check_basic_constraints(value: &Element<'_>) -> Result<(), DerError> {
    if value.tag != SEQUENCE {
        return Err(value.fault(DerRule::Shape));
    }
    let mut inside = value.inside();
    // X.690 §11.5 leaves FALSE out: `Extensions::default_written`.
    inside.optional(BOOLEAN)?;
    if let Some(length) = inside.optional(INTEGER)?
        && length.content.first().is_none_or(|&first| first >= 0x80)
    {
        return Err(length.fault(DerRule::Integer));
    }
    inside.finish()
}

/// X.690 §11.2.2: a BIT STRING of named bits ends with a bit that is set.
fn check_named_bits(value: &Element<'_>) -> Result<(), DerError> {
    match (value.tag, value.content) {
        (BIT_STRING, [unused, .., last]) if last.trailing_zeros() == u32::from(*unused) => Ok(()),
        // No bit at all has its own error.
        (BIT_STRING, [0]) => Ok(()),
        (BIT_STRING, _) => Err(value.fault(DerRule::BitString)),
        _ => Err(value.fault(DerRule::Shape)),
    }
}

/// RFC 5280 §4.2.1.12: `SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER`; more than 64 are not read.
fn check_purposes(value: &Element<'_>) -> Result<(), DerError> {
    let mut rest = value.inside();
    if value.tag != SEQUENCE || rest.finish().is_ok() {
        return Err(value.fault(DerRule::Shape));
    }
    for _ in 0..MAX_MEMBERS {
        rest.expect(OBJECT_IDENTIFIER)?;
        if rest.finish().is_ok() {
            return Ok(());
        }
    }
    Err(rest.fault(DerRule::TooMany))
}

/// RFC 5280 §4.2.1.2: `OCTET STRING`, here with something in it.
fn check_subject_key_identifier(value: &Element<'_>) -> Result<(), DerError> {
    if value.tag == OCTET_STRING && !value.content.is_empty() { Ok(()) } else { Err(value.fault(DerRule::Shape)) }
}

/// RFC 5280 §4.2.1.1: `SEQUENCE { keyIdentifier [0], authorityCertIssuer [1], authorityCertSerialNumber [2] }`, all optional.
fn check_authority_key_identifier(value: &Element<'_>) -> Result<(), DerError> {
    if value.tag != SEQUENCE {
        return Err(value.fault(DerRule::Shape));
    }
    let mut inside = value.inside();
    if let Some(id) = inside.optional(0x80)?
        && id.content.is_empty()
    {
        return Err(id.fault(DerRule::Shape));
    }
    inside.optional(0xa1)?;
    inside.optional(0x82)?;
    inside.finish()
}

/// RFC 5280 §4.1.2.9: `[3] SEQUENCE SIZE (1..MAX) OF SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`,
/// no kind twice, and no more than 64. Tells whether a `critical` that is FALSE is written out, which X.690 §11.5 leaves out.
pub(super) fn check_shape(wrapper: &Element<'_>) -> Result<Result<bool, ExtensionError>, DerError> {
    let mut default_written = false;
    let mut outer = wrapper.inside();
    let list = outer.expect(SEQUENCE)?;
    outer.finish()?;
    let mut rest = list.inside();
    if rest.finish().is_ok() {
        return Err(list.fault(DerRule::Shape));
    }
    for _ in 0..MAX_MEMBERS {
        let extension = rest.expect(SEQUENCE)?;
        let mut inside = extension.inside();
        let id = inside.expect(OBJECT_IDENTIFIER)?;
        default_written |= inside.optional(BOOLEAN)?.is_some_and(|critical| critical.content == [0]);
        inside.expect(OCTET_STRING)?;
        inside.finish()?;
        if occurrences(list.inside(), id.content) > 1 {
            return Ok(Err(ExtensionError::Duplicate));
        }
        if rest.finish().is_ok() {
            return Ok(Ok(default_written));
        }
    }
    Err(rest.fault(DerRule::TooMany))
}

/// How many extensions have this identifier.
fn occurrences(mut list: Reader<'_>, id: &[u8]) -> usize {
    let mut count = 0_usize;
    while let Ok(Some(extension)) = list.next() {
        if let Ok(Some(other)) = extension.inside().next()
            && other.content == id
        {
            count = count.saturating_add(1);
        }
    }
    count
}
