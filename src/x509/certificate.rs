//! One certificate, read.

use core::fmt;

use thiserror::Error;
use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use super::der::{self, BIT_STRING, DerError, DerRule, Element, GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME};
use super::extension::{self, BasicConstraints, ExtendedKeyUsage, ExtensionError, Extensions, KeyUsage};
use super::mandate_extension::Mandate;
use super::name::Name;
use crate::reason::Reason;
use crate::suite::{Algorithm, BadSignature, KeyError, PublicKey, UnknownAlgorithm};
use crate::time::{Period, Timestamp};

/// `[0] EXPLICIT Version` holding v3(2), whole.
const VERSION_3: [u8; 5] = [0xa0, 3, 2, 1, 2];
const VERSION: u8 = 0xa0;
const ISSUER_UNIQUE_ID: u8 = 0x81;
const SUBJECT_UNIQUE_ID: u8 = 0x82;
const EXTENSIONS: u8 = 0xa3;

/// Why bytes are not a certificate that any role admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// Not canonical DER, or not the shape of a certificate.
    #[error(transparent)]
    Der(#[from] DerError),
    /// Not version 3.
    #[error("not an X.509 certificate of version 3")]
    Version,
    /// RFC 5280 §4.1.2.2: the serial number is not positive, or longer than 20 bytes.
    #[error("the serial number is not positive or longer than 20 bytes")]
    Serial,
    /// RFC 5280 §4.1.1.2: the signature algorithm inside is not the one outside.
    #[error("the inner and the outer signature algorithm differ")]
    AlgorithmsDiffer,
    /// Signed with an algorithm that this build does not know.
    #[error(transparent)]
    Algorithm(#[from] UnknownAlgorithm),
    /// The key is not admitted, or of an algorithm that this build does not know.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A time that no calendar has, or an end before the beginning.
    #[error("the validity names no time, or ends before it begins")]
    Validity,
    /// The signature has unused bits.
    #[error("the signature is not a whole number of bytes")]
    SignatureBits,
    /// An extension is refused.
    #[error(transparent)]
    Extension(#[from] ExtensionError),
    /// The parser refuses what passed the checks before it.
    #[error("the certificate cannot be decoded")]
    Undecodable,
}

impl CertificateError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Der(error) | Self::Extension(ExtensionError::Value(_, error)) => error.reason(),
            Self::AlgorithmsDiffer => Reason::CertificateAlgorithm,
            Self::Algorithm(error) => error.reason(),
            Self::Key(KeyError::UnknownAlgorithm) => Reason::EncodingAlgorithmUnknown,
            Self::Key(_) => Reason::CertificateKey,
            Self::Validity => Reason::CertificateValidity,
            Self::Extension(ExtensionError::PathLength | ExtensionError::KeyUsageBits) => Reason::CertificateConstraint,
            Self::Extension(ExtensionError::PurposeTwice) => Reason::CertificateUse,
            Self::Extension(_) => Reason::CertificateExtension,
            Self::Version | Self::Serial | Self::SignatureBits | Self::Undecodable => Reason::CertificateMalformed,
        }
    }
}

/// A certificate that was read: canonical but for a DEFAULT written out, which our profile refuses; with an admitted key and no extension that would have to be understood and is not. Its
/// signature is not verified and its role not judged yet.
///
/// It borrows the bytes that it was parsed from.
#[derive(Clone)]
pub struct Certificate<'a> {
    der: &'a [u8],
    fixed: Fixed<'a>,
    validity: Period,
    public_key: PublicKey,
    extensions: Extensions<'a>,
    /// Of an anchor: with which distinguishing identifier certificates under it are signed.
    identifier: Option<&'a str>,
}

/// The parts whose exact bytes matter, by their place in the type.
#[derive(Clone, Copy)]
struct Fixed<'a> {
    tbs: &'a [u8],
    serial: &'a [u8],
    algorithm: Algorithm,
    issuer: Name<'a>,
    subject: Name<'a>,
    spki: &'a [u8],
    unique_ids: bool,
    default_written: bool,
    signature: &'a [u8],
}

/// The SubjectPublicKeyInfo of a certificate that [`Certificate::parse`] refuses, if one can be made out: so that what its key signed is
/// judged by why the certificate was refused, and is not taken for the work of a stranger. Nothing is believed by it.
#[must_use]
pub fn claimed_spki(der: &[u8]) -> Option<&[u8]> {
    let (_, parsed) = X509CertificateParser::new().with_deep_parse_extensions(false).parse(der).ok()?;
    Some(parsed.tbs_certificate.subject_pki.raw)
}

/// The subject's name of a certificate that [`Certificate::parse`] refuses, as its bytes, if one can be made out. Nothing is believed by it.
#[must_use]
pub fn claimed_subject(der: &[u8]) -> Option<&[u8]> {
    let (_, parsed) = X509CertificateParser::new().with_deep_parse_extensions(false).parse(der).ok()?;
    Some(parsed.tbs_certificate.subject.as_raw())
}

impl<'a> Certificate<'a> {
    /// Parses a certificate: canonical DER of at most 65535 bytes, nothing before or after it.
    ///
    /// # Errors
    /// [`CertificateError`], naming the first rule that is broken.
    pub fn parse(der: &'a [u8]) -> Result<Self, CertificateError> {
        let fixed = Fixed::read(&der::check(der)?)?;
        let public_key = PublicKey::from_spki(fixed.spki)?;
        let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
        let (rest, parsed) = parser.parse(der).map_err(|_| CertificateError::Undecodable)?;
        if !rest.is_empty() {
            return Err(CertificateError::Undecodable);
        }
        // RFC 5280 §4.1.2.5: both ends belong to the validity.
        let (from, last) = (parsed.validity().not_before.timestamp(), parsed.validity().not_after.timestamp());
        let validity =
            Period::new(from, last.checked_add(1)).filter(|_| from <= last).ok_or(CertificateError::Validity)?;
        let mut extensions = Extensions::default();
        for extension in parsed.extensions() {
            extensions.take(extension)?;
        }
        Ok(Self { der, fixed, validity, public_key, extensions, identifier: None })
    }

    /// The bytes that it was parsed from.
    #[must_use]
    pub const fn as_der(&self) -> &'a [u8] {
        self.der
    }

    /// The serial number, big-endian, as the content of its INTEGER: positive, at most 20 bytes.
    #[must_use]
    pub const fn serial(&self) -> &'a [u8] {
        self.fixed.serial
    }

    /// The issuer's name.
    #[must_use]
    pub const fn issuer(&self) -> Name<'a> {
        self.fixed.issuer
    }

    /// The subject's name.
    #[must_use]
    pub const fn subject(&self) -> Name<'a> {
        self.fixed.subject
    }

    /// RFC 5280 §6.1: do issuer and subject bear the same name?
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.fixed.issuer == self.fixed.subject
    }

    /// From notBefore to the second after notAfter.
    #[must_use]
    pub const fn validity(&self) -> Period {
        self.validity
    }

    /// The subject's key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The algorithm of the signature on it.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.fixed.algorithm
    }

    /// basicConstraints.
    #[must_use]
    pub const fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.extensions.basic_constraints
    }

    /// keyUsage.
    #[must_use]
    pub const fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions.key_usage
    }

    /// extKeyUsage.
    #[must_use]
    pub const fn extended_key_usage(&self) -> Option<ExtendedKeyUsage<'a>> {
        self.extensions.extended_key_usage
    }

    /// subjectKeyIdentifier.
    #[must_use]
    pub const fn subject_key_id(&self) -> Option<&'a [u8]> {
        self.extensions.subject_key_id
    }

    /// keyIdentifier of authorityKeyIdentifier.
    #[must_use]
    pub const fn authority_key_id(&self) -> Option<&'a [u8]> {
        self.extensions.authority_key_id
    }

    /// What the Mandate extension claims. It only narrows what the trust list says; a wider one is refused by who compares them.
    #[must_use]
    pub const fn claimed_mandate(&self) -> Option<Mandate<'a>> {
        self.extensions.mandate
    }

    /// Are there issuer or subject unique ids?
    pub(super) const fn has_unique_ids(&self) -> bool {
        self.fixed.unique_ids
    }

    /// X.690 §11.5: is a DEFAULT written out that is left out in DER, a FALSE of `critical` or `cA`? The signature covers it, so nobody but
    /// the issuer chose it.
    pub(super) const fn writes_defaults(&self) -> bool {
        self.fixed.default_written || self.extensions.default_written
    }

    /// Was it valid at this instant?
    #[must_use]
    pub fn is_valid_at(&self, instant: Timestamp) -> bool {
        self.validity.contains(instant)
    }

    /// Verifies that the key signed this certificate, with a distinguishing identifier of its own where one is given.
    ///
    /// # Errors
    /// [`BadSignature`], whatever is wrong.
    pub(super) fn verify_signed_as(&self, issuer: &PublicKey, identifier: Option<&str>) -> Result<(), BadSignature> {
        match identifier {
            Some(identifier) if issuer.algorithm() == self.fixed.algorithm => {
                issuer.verify_certificate_as(identifier, self.fixed.tbs, self.fixed.signature)
            }
            _ => self.verify_signed_by(issuer),
        }
    }

    /// The same certificate, as an anchor under which certificates are signed with this distinguishing identifier of SM2.
    #[must_use]
    pub const fn with_identifier(mut self, identifier: Option<&'a str>) -> Self {
        self.identifier = identifier;
        self
    }

    /// With which distinguishing identifier certificates under this anchor are signed; `None`: with that where none was agreed on.
    pub(super) const fn identifier(&self) -> Option<&'a str> {
        self.identifier
    }

    /// Verifies that the key signed this certificate. The algorithm must be the key's.
    ///
    /// # Errors
    /// [`BadSignature`], whatever is wrong.
    pub fn verify_signed_by(&self, issuer: &PublicKey) -> Result<(), BadSignature> {
        if issuer.algorithm() != self.fixed.algorithm {
            return Err(BadSignature);
        }
        issuer.verify_certificate(self.fixed.tbs, self.fixed.signature)
    }
}

/// Two certificates are the same when their bytes are.
impl PartialEq for Certificate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate<'_> {}

impl fmt::Debug for Certificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({:?}, {:?})", self.fixed.subject.common_name().unwrap_or(""), self.public_key)
    }
}

impl<'a> Fixed<'a> {
    /// RFC 5280 §4.1: `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING }`. The parser passes
    /// over elements that do not belong; this does not.
    fn read(certificate: &Element<'a>) -> Result<Self, CertificateError> {
        if certificate.tag != SEQUENCE {
            return Err(certificate.fault(DerRule::Shape).into());
        }
        let mut outer = certificate.inside();
        let tbs = outer.expect(SEQUENCE)?;
        let outer_algorithm = outer.expect(SEQUENCE)?;
        let signature = outer.expect(BIT_STRING)?;
        outer.finish()?;

        let mut inner = tbs.inside();
        match inner.optional(VERSION)? {
            Some(version) if version.whole == VERSION_3 => {}
            Some(version) if version.content == [2, 1, 0] => return Err(version.fault(DerRule::DefaultWritten).into()),
            _ => return Err(CertificateError::Version),
        }
        let serial = inner.expect(INTEGER)?.content;
        // RFC 5280 §4.1.2.2
        if serial.len() > 20 || serial.first().is_none_or(|&first| first >= 0x80) || serial == [0] {
            return Err(CertificateError::Serial);
        }
        let algorithm = inner.expect(SEQUENCE)?;
        // RFC 5280 §4.1.1.2
        if algorithm.whole != outer_algorithm.whole {
            return Err(CertificateError::AlgorithmsDiffer);
        }
        let issuer = Name::of(&inner.expect(SEQUENCE)?)?;
        let mut validity = inner.expect(SEQUENCE)?.inside();
        for _ in ["notBefore", "notAfter"] {
            let missing = validity.fault(DerRule::Shape);
            let time =
                validity.next()?.filter(|time| matches!(time.tag, UTC_TIME | GENERALIZED_TIME)).ok_or(missing)?;
            // RFC 5280 §4.1.2.5: a date and time that the calendar has.
            ASN1Time::from_der(time.whole).map_err(|_| CertificateError::Validity)?;
        }
        validity.finish()?;
        let subject = Name::of(&inner.expect(SEQUENCE)?)?;
        let spki = inner.expect(SEQUENCE)?;
        let issuer_id = inner.optional(ISSUER_UNIQUE_ID)?;
        let subject_id = inner.optional(SUBJECT_UNIQUE_ID)?;
        let extensions = inner.expect(EXTENSIONS)?;
        inner.finish()?;
        let default_written = extension::check_shape(&extensions)??;
        let Some((0, signature)) = signature.content.split_first() else {
            return Err(CertificateError::SignatureBits);
        };
        Ok(Self {
            tbs: tbs.whole,
            serial,
            algorithm: Algorithm::from_signature_identifier(algorithm.whole)?,
            issuer,
            subject,
            spki: spki.whole,
            unique_ids: issuer_id.is_some() || subject_id.is_some(),
            default_written,
            signature,
        })
    }
}
