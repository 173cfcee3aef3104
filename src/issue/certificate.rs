//! Writes certificates (X.509, RFC 5280) in the one form of our profile.
//!
//! Two phases, so that the key may stand in a device: [`draft`] gives the bytes to be signed, [`CertificateDraft::assemble`] takes the
//! signature. What is assembled is read by the verifier's own reader, held to its profile and verified before it is handed out.
//!
//! The DER is written here: the libraries that write certificates do not take object identifiers with arcs beyond 32 bits, and ours
//! stand under a UUID.

use alloc::vec::Vec;
use core::time::Duration;

use pkcs8::der::asn1::{GeneralizedTime, UtcTime};
use pkcs8::der::{DateTime, Encode};
use thiserror::Error;

use super::pem;
use super::signer::{SignError, Signer, sign_verified};
use crate::cbor::text_is_plain;
use crate::claims::id::CreditCode;
use crate::labels::oid;
use crate::suite::PublicKey;
use crate::time::Period;
use crate::trust::{Mandate, MandateFault};
use crate::x509;
use crate::x509::der::{
    BIT_STRING, BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, PRINTABLE_STRING, SEQUENCE, SET, UTF8_STRING,
    element,
};
use crate::x509::{
    Certificate, CertificateError, MandateError, ProfileError, Use, check_end_entity, check_issuer, encode_mandate,
};

/// The longest name of a subject's attribute, in characters (RFC 5280 Appendix A.1, ub-common-name).
const MAX_NAME: usize = 64;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;

/// The DER of a certificate as people keep it in a file: DER, or PEM (RFC 7468 §5) as OpenSSL reads it: of several the first, words before it,
/// lines of any length. `None` if it is neither; that it is a certificate, and in canonical DER, is not looked at.
#[must_use]
pub fn der_of_file(file: &[u8]) -> Option<Vec<u8>> {
    // RFC 7468 §5.1: the label, and the one that older software writes.
    let written = pem::blocks(file).find(|block| matches!(block.label, "CERTIFICATE" | "X509 CERTIFICATE"));
    match written {
        Some(block) => block.document().map(|document| document.as_bytes().to_vec()),
        // A SEQUENCE of more than 127 bytes, whatever is in it: what is wrong with it is told by who reads it.
        None => matches!(file, [SEQUENCE, 0x80..=0xff, ..]).then(|| file.to_vec()),
    }
}

/// Who a certificate is for. The country is always CN.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Province (ST), 1 to 64 characters.
    pub province: &'a str,
    /// Organization (O), 1 to 64 characters.
    pub organization: &'a str,
    /// Common name (CN), 1 to 64 characters.
    pub common_name: &'a str,
    /// Unified social credit code (GB 32100) for organizationIdentifier (2.5.4.97) `GOVCN-<code>`.
    pub credit_code: &'a str,
}

/// The text of a mandate, as [`encode_mandate`] takes it.
#[derive(Clone, Copy, Debug)]
pub struct MandateText<'a> {
    /// Region prefixes of 2, 4 or 6 digits; at least one.
    pub regions: &'a [&'a str],
    /// Type prefixes of 18 or 21 characters; `None` for any.
    pub types: Option<&'a [&'a str]>,
    /// Credit codes of authorities; `None` for any.
    pub authorities: Option<&'a [&'a str]>,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug)]
pub enum Role<'a> {
    /// Signs objects of one use.
    EndEntity(Use),
    /// Signs certificates. An anchor (issued by itself) may sign data too: its issuer directories.
    Issuer {
        /// For what it may vouch.
        mandate: MandateText<'a>,
        /// How many issuers may follow below it; `None` for any number.
        path_length: Option<u8>,
    },
}

/// What is to be certified.
#[derive(Clone, Copy, Debug)]
pub struct CertificateRequest<'a> {
    /// Who it is for.
    pub subject: Subject<'a>,
    /// The subject's key.
    pub public_key: &'a PublicKey,
    /// What it is for.
    pub role: Role<'a>,
    /// 16 bytes from a cryptographic source of randomness; the serial number is made of 126 bits of them.
    pub serial: [u8; 16],
    /// From notBefore to the second after notAfter, within 1970 to 9999.
    pub validity: Period,
}

/// Who issues.
#[derive(Clone, Copy, Debug)]
pub enum IssuedBy<'a> {
    /// The subject itself: an anchor.
    Itself,
    /// The holder of this certificate.
    Certificate(&'a Certificate<'a>),
}

/// Why a certificate is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CertificateIssueError {
    /// A name is empty, longer than 64 characters, or holds characters that do not show as what they are.
    #[error("a name of the subject is empty, longer than 64 characters, or holds invisible characters")]
    Name,
    /// The credit code is not one of GB 32100, its check character included.
    #[error("the subject's credit code is not a valid one")]
    CreditCode,
    /// No end, an end before the beginning, or times that a certificate cannot name.
    #[error("the validity has no end, is empty, or lies outside the years 1970 to 9999")]
    Validity,
    /// The certificate would be valid when its issuer's is not.
    #[error("the validity lies outside the issuer's own")]
    OutlivesIssuer,
    /// An end entity cannot be issued by itself.
    #[error("an end entity cannot issue its own certificate")]
    SelfSignedEndEntity,
    /// The issuer's certificate is not one of an issuer.
    #[error("the issuer's certificate: {0}")]
    Issuer(ProfileError),
    /// The issuer's path length leaves no room for a certificate of this kind.
    #[error("the issuer's path length does not allow it, or is exceeded")]
    PathLength,
    /// The mandate has the wrong shape.
    #[error("mandate: {0}")]
    Mandate(#[from] MandateError),
    /// The mandate is wider than the issuer's own: every verifier would refuse what is issued under it.
    #[error("the mandate is wider than the issuer's own: {0}")]
    MandateWider(MandateFault),
    /// The signer holds another key than the issuer.
    #[error("the signer does not hold the issuer's key")]
    OtherSigner,
    /// The signer gave no signature.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The signature does not verify under the issuer's key.
    #[error("the signature does not verify under the issuer's key")]
    Signature,
    /// The verifier would not read what was written.
    #[error("the verifier refuses what was written: {0}")]
    Refused(CertificateError),
    /// What was written breaks the profile.
    #[error("what was written breaks the profile: {0}")]
    Profile(ProfileError),
}

/// A certificate without its signature.
pub struct CertificateDraft {
    tbs: Vec<u8>,
    issuer_key: PublicKey,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    EndEntity(Use),
    Issuer,
}

impl core::fmt::Debug for CertificateDraft {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "CertificateDraft({} bytes to be signed, by {:?})", self.tbs.len(), self.issuer_key)
    }
}

/// Drafts a certificate.
///
/// # Errors
/// [`CertificateIssueError`], naming what the request or the issuer does not allow.
pub fn draft(request: &CertificateRequest<'_>, by: IssuedBy<'_>) -> Result<CertificateDraft, CertificateIssueError> {
    let subject = subject(&request.subject)?;
    check_issuer_allows(request, by)?;
    let (issuer, issuer_key, authority_key_id) = match by {
        IssuedBy::Itself => (subject.clone(), request.public_key, key_id(request.public_key)),
        IssuedBy::Certificate(issuer) => {
            let id = issuer.subject_key_id().ok_or(CertificateIssueError::Issuer(ProfileError::SubjectKeyIdMissing))?;
            (issuer.subject().as_der().to_vec(), issuer.public_key(), id.to_vec())
        }
    };
    let validity = validity(request.validity)?;
    let (kind, extensions) = extensions(request, by, &authority_key_id)?;
    // RFC 5280 §4.1.2.2: positive, and always 16 bytes.
    let [first, rest @ ..] = request.serial;
    let serial = [[(first & 0x7f) | 0x40].as_slice(), &rest].concat();
    // RFC 5280 §4.1
    let tbs = [
        element(VERSION, &element(INTEGER, &[2])),
        element(INTEGER, &serial),
        issuer_key.algorithm().signature_identifier().to_vec(),
        issuer,
        validity,
        subject,
        request.public_key.spki(),
        element(EXTENSIONS, &element(SEQUENCE, &extensions)),
    ];
    Ok(CertificateDraft { tbs: element(SEQUENCE, &tbs.concat()), issuer_key: issuer_key.clone(), kind })
}

impl CertificateDraft {
    /// The bytes to be signed, in DER.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.tbs
    }

    /// The key that has to sign.
    #[must_use]
    pub const fn issuer_key(&self) -> &PublicKey {
        &self.issuer_key
    }

    /// Puts the signature in its place and checks the whole as a verifier would. The signature is in the encoding that X.509 uses for
    /// the issuer's algorithm ([`certificate_signature`](crate::suite::Algorithm::certificate_signature)).
    ///
    /// # Errors
    /// [`CertificateIssueError::Signature`] when it does not verify, else what the verifier would refuse.
    pub fn assemble(self, signature: &[u8]) -> Result<Vec<u8>, CertificateIssueError> {
        let Self { mut tbs, issuer_key, kind } = self;
        tbs.extend_from_slice(issuer_key.algorithm().signature_identifier());
        tbs.extend(element(BIT_STRING, &[&[0], signature].concat()));
        let written = element(SEQUENCE, &tbs);
        let certificate = Certificate::parse(&written).map_err(CertificateIssueError::Refused)?;
        certificate.verify_signed_by(&issuer_key).map_err(|_| CertificateIssueError::Signature)?;
        let profile = match kind {
            Kind::EndEntity(purpose) => check_end_entity(&certificate, purpose),
            Kind::Issuer => check_issuer(&certificate),
        };
        profile.map_err(CertificateIssueError::Profile)?;
        Ok(written)
    }
}

/// Drafts a certificate, has it signed, and assembles it.
///
/// # Errors
/// [`CertificateIssueError`]; nothing is signed by a signer that does not hold the issuer's key.
pub fn issue(
    request: &CertificateRequest<'_>,
    by: IssuedBy<'_>,
    signer: &dyn Signer,
) -> Result<Vec<u8>, CertificateIssueError> {
    let draft = draft(request, by)?;
    if signer.public_key() != draft.issuer_key() {
        return Err(CertificateIssueError::OtherSigner);
    }
    let signature = sign_verified(signer, draft.to_be_signed())?;
    draft.assemble(&signer.public_key().algorithm().certificate_signature(&signature))
}

/// RFC 7093 §2 (4): the hash of the SubjectPublicKeyInfo, whose first 8 bytes are the key id of the envelope.
fn key_id(key: &PublicKey) -> Vec<u8> {
    key.thumbprint().as_bytes().to_vec()
}

fn check_issuer_allows(request: &CertificateRequest<'_>, by: IssuedBy<'_>) -> Result<(), CertificateIssueError> {
    let issuer = match (by, request.role) {
        (IssuedBy::Itself, Role::EndEntity(_)) => return Err(CertificateIssueError::SelfSignedEndEntity),
        (IssuedBy::Itself, Role::Issuer { .. }) => return Ok(()),
        (IssuedBy::Certificate(issuer), _) => issuer,
    };
    check_issuer(issuer).map_err(CertificateIssueError::Issuer)?;
    // RFC 5280 §4.2.1.9
    let room = issuer.basic_constraints().and_then(|constraints| constraints.path_length);
    if let (Some(room), Role::Issuer { path_length, .. }) = (room, request.role)
        && path_length.is_none_or(|length| length >= room)
    {
        return Err(CertificateIssueError::PathLength);
    }
    let (own, until) = (issuer.validity(), request.validity.until());
    let ends_later = until.is_none_or(|until| own.until().is_some_and(|own| until > own));
    if request.validity.from() < own.from() || ends_later {
        return Err(CertificateIssueError::OutlivesIssuer);
    }
    match (request.role, issuer.claimed_mandate()) {
        (Role::Issuer { mandate, .. }, Some(own)) => check_mandate_within(mandate, &own),
        _ => Ok(()),
    }
}

fn check_mandate_within(mandate: MandateText<'_>, own: &x509::Mandate<'_>) -> Result<(), CertificateIssueError> {
    let value = encode_mandate(mandate.regions, mandate.types, mandate.authorities)?;
    let asked = x509::Mandate::parse(&value)?;
    let check = || Mandate::from_extension(own)?.check_contains(&Mandate::from_extension(&asked)?);
    check().map_err(CertificateIssueError::MandateWider)
}

/// X.520: C in PrintableString, the others in UTF8String, one attribute a set.
fn subject(subject: &Subject<'_>) -> Result<Vec<u8>, CertificateIssueError> {
    for text in [subject.province, subject.organization, subject.common_name] {
        if !(1..=MAX_NAME).contains(&text.chars().count()) || !text_is_plain(text) {
            return Err(CertificateIssueError::Name);
        }
    }
    let code = CreditCode::parse(subject.credit_code).map_err(|_| CertificateIssueError::CreditCode)?;
    code.check().map_err(|_| CertificateIssueError::CreditCode)?;
    let identifier = ["GOVCN-", code.as_str()].concat();
    let attributes = [
        attribute(oid::COUNTRY, PRINTABLE_STRING, "CN"),
        attribute(oid::STATE_OR_PROVINCE, UTF8_STRING, subject.province),
        attribute(oid::ORGANIZATION, UTF8_STRING, subject.organization),
        attribute(oid::ORGANIZATION_IDENTIFIER, UTF8_STRING, &identifier),
        attribute(oid::COMMON_NAME, UTF8_STRING, subject.common_name),
    ];
    Ok(element(SEQUENCE, &attributes.concat()))
}

fn attribute(kind: &[u8], tag: u8, text: &str) -> Vec<u8> {
    let value = [element(OBJECT_IDENTIFIER, kind), element(tag, text.as_bytes())].concat();
    element(SET, &element(SEQUENCE, &value))
}

/// RFC 5280 §4.1.2.5: UTCTime to 2049, GeneralizedTime from 2050.
fn validity(period: Period) -> Result<Vec<u8>, CertificateIssueError> {
    let last = period.until().and_then(|until| until.checked_sub(1)).filter(|last| period.from() <= *last);
    let last = last.ok_or(CertificateIssueError::Validity)?;
    let times = [time(period.from()), time(last)].map(|time| time.ok_or(CertificateIssueError::Validity));
    let [from, last] = times;
    Ok(element(SEQUENCE, &[from?, last?].concat()))
}

/// `None` outside the years 1970 to 9999.
fn time(seconds: i64) -> Option<Vec<u8>> {
    let instant = DateTime::from_unix_duration(Duration::from_secs(u64::try_from(seconds).ok()?)).ok()?;
    let written = if instant.year() <= UtcTime::MAX_YEAR {
        UtcTime::from_date_time(instant).and_then(|time| time.to_der())
    } else {
        GeneralizedTime::from_date_time(instant).to_der()
    };
    written.ok()
}

/// The extensions of the profile, in the order in which they are written.
fn extensions(
    request: &CertificateRequest<'_>,
    by: IssuedBy<'_>,
    authority_key_id: &[u8],
) -> Result<(Kind, Vec<u8>), CertificateIssueError> {
    let authority_key_id = element(SEQUENCE, &element(0x80, authority_key_id));
    let mut list = Vec::new();
    let kind = match request.role {
        Role::EndEntity(purpose) => {
            // RFC 5280 §4.2.1.9: cA FALSE is the default and not written.
            list.push(critical(oid::BASIC_CONSTRAINTS, &element(SEQUENCE, &[])));
            // RFC 5280 §4.2.1.3: digitalSignature.
            list.push(critical(oid::KEY_USAGE, &element(BIT_STRING, &[7, 0x80])));
            let purpose_oid = element(OBJECT_IDENTIFIER, &purpose.oid());
            list.push(critical(oid::EXTENDED_KEY_USAGE, &element(SEQUENCE, &purpose_oid)));
            Kind::EndEntity(purpose)
        }
        Role::Issuer { mandate, path_length } => {
            let length = path_length.map(|length| {
                let padding: &[u8] = if length < 0x80 { &[] } else { &[0] };
                element(INTEGER, &[padding, &[length]].concat())
            });
            let constraints = [element(BOOLEAN, &[0xff]), length.unwrap_or_default()].concat();
            list.push(critical(oid::BASIC_CONSTRAINTS, &element(SEQUENCE, &constraints)));
            // keyCertSign; an anchor signs its directories too: digitalSignature.
            let bits = if matches!(by, IssuedBy::Itself) { 0x84 } else { 0x04 };
            list.push(critical(oid::KEY_USAGE, &element(BIT_STRING, &[2, bits])));
            let value = encode_mandate(mandate.regions, mandate.types, mandate.authorities)?;
            list.push(critical(oid::MANDATE, &value));
            Kind::Issuer
        }
    };
    let own_key_id = element(OCTET_STRING, &key_id(request.public_key));
    list.push(not_critical(oid::SUBJECT_KEY_IDENTIFIER, &own_key_id));
    list.push(not_critical(oid::AUTHORITY_KEY_IDENTIFIER, &authority_key_id));
    Ok((kind, list.concat()))
}

fn critical(id: &[u8], value: &[u8]) -> Vec<u8> {
    extension(id, &element(BOOLEAN, &[0xff]), value)
}

/// RFC 5280 §4.2: FALSE is the default and not written.
fn not_critical(id: &[u8], value: &[u8]) -> Vec<u8> {
    extension(id, &[], value)
}

fn extension(id: &[u8], criticality: &[u8], value: &[u8]) -> Vec<u8> {
    let content = [&element(OBJECT_IDENTIFIER, id), criticality, &element(OCTET_STRING, value)].concat();
    element(SEQUENCE, &content)
}

#[cfg(test)]
mod tests;
