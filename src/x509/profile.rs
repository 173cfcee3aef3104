//! Which certificates a role admits: ours, rule by rule, and the leniencies for certificates that existed before us.

use thiserror::Error;

use super::certificate::Certificate;
use super::extension::{BasicConstraints, KeyUsage};
use super::purpose::Use;
use crate::reason::Reason;

/// A rule of a profile that a certificate breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Issuer or subject unique ids, which our certificates never have.
    #[error("issuer or subject unique ids")]
    UniqueIds,
    /// X.690 §11.5: a FALSE of `critical` or `cA` written out, which our certificates never have.
    #[error("a DEFAULT value is written out")]
    DefaultWritten,
    /// No basicConstraints.
    #[error("no basicConstraints")]
    BasicConstraintsMissing,
    /// basicConstraints is not critical.
    #[error("basicConstraints is not critical")]
    BasicConstraintsNotCritical,
    /// cA is true on an end entity.
    #[error("an issuer's certificate in the place of an end entity's")]
    Authority,
    /// cA is not true on an issuer.
    #[error("an end entity's certificate in the place of an issuer's")]
    NotAuthority,
    /// No keyUsage.
    #[error("no keyUsage")]
    KeyUsageMissing,
    /// keyUsage is not critical.
    #[error("keyUsage is not critical")]
    KeyUsageNotCritical,
    /// An end entity without digitalSignature and nonRepudiation.
    #[error("keyUsage does not let the key sign data")]
    KeyUsageSignsNothing,
    /// An end entity with keyCertSign or cRLSign.
    #[error("keyUsage lets an end entity sign certificates or revocation lists")]
    KeyUsageTooWide,
    /// An issuer without keyCertSign.
    #[error("keyUsage does not let the issuer sign certificates")]
    KeyUsageSignsNoCertificates,
    /// RFC 9295 §3: encipherment or key agreement by a signature key.
    #[error("keyUsage lets a signature key encipher")]
    KeyUsageEnciphers,
    /// No extKeyUsage on an end entity.
    #[error("no extended key usage")]
    PurposeMissing,
    /// Two or more purposes of ours.
    #[error("several of our extended key usages")]
    PurposeSeveral,
    /// A purpose that is not ours, anyExtendedKeyUsage included.
    #[error("an extended key usage that is not ours")]
    PurposeForeign,
    /// One purpose of ours, but another one than was asked for.
    #[error("the extended key usage of another use")]
    PurposeOther,
    /// extKeyUsage on an issuer, which would have to narrow what it issues.
    #[error("an extended key usage on an issuer")]
    PurposeOnIssuer,
    /// No subjectKeyIdentifier.
    #[error("no subject key identifier")]
    SubjectKeyIdMissing,
    /// No keyIdentifier in authorityKeyIdentifier, where the certificate is not self-issued.
    #[error("no authority key identifier")]
    AuthorityKeyIdMissing,
    /// No organizationIdentifier `GOVCN-<code>` in an end entity's subject.
    #[error("the subject names no unified social credit code")]
    CreditCodeMissing,
    /// No Mandate on an issuer.
    #[error("no mandate")]
    MandateMissing,
}

impl ProfileError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::BasicConstraintsMissing
            | Self::BasicConstraintsNotCritical
            | Self::Authority
            | Self::NotAuthority
            | Self::KeyUsageMissing
            | Self::KeyUsageNotCritical
            | Self::KeyUsageSignsNothing
            | Self::KeyUsageTooWide
            | Self::KeyUsageSignsNoCertificates
            | Self::KeyUsageEnciphers => Reason::CertificateConstraint,
            Self::PurposeMissing
            | Self::PurposeSeveral
            | Self::PurposeForeign
            | Self::PurposeOther
            | Self::PurposeOnIssuer => Reason::CertificateUse,
            Self::SubjectKeyIdMissing | Self::AuthorityKeyIdMissing | Self::CreditCodeMissing => {
                Reason::CertificateName
            }
            Self::MandateMissing => Reason::CertificateMandate,
            Self::UniqueIds => Reason::CertificateExtension,
            Self::DefaultWritten => Reason::CertificateNotCanonical,
        }
    }
}

/// Our profile for end entities (format.md §5): exactly what our certificates hold, for exactly this use.
///
/// # Errors
/// The first rule that is broken.
pub fn check_end_entity(certificate: &Certificate<'_>, purpose: Use) -> Result<(), ProfileError> {
    check_no_unique_ids(certificate)?;
    check_writes_no_defaults(certificate)?;
    let constraints = critical_basic_constraints(certificate)?;
    // RFC 5280 §4.2.1.9
    if constraints.authority {
        return Err(ProfileError::Authority);
    }
    let usage = critical_key_usage(certificate)?;
    check_usage_of_end_entity(usage)?;
    check_enciphers_not(usage)?;
    check_purpose(certificate, purpose)?;
    check_key_ids(certificate)?;
    certificate.subject().credit_code().map(|_| ()).ok_or(ProfileError::CreditCodeMissing)
}

/// Our profile for issuers and anchors (format.md §5), which only differ in who vouches for them.
///
/// # Errors
/// The first rule that is broken.
pub fn check_issuer(certificate: &Certificate<'_>) -> Result<(), ProfileError> {
    check_no_unique_ids(certificate)?;
    check_writes_no_defaults(certificate)?;
    let constraints = critical_basic_constraints(certificate)?;
    // RFC 5280 §4.2.1.9, §6.1.4 (k)
    if !constraints.authority {
        return Err(ProfileError::NotAuthority);
    }
    let usage = critical_key_usage(certificate)?;
    check_usage_of_issuer(usage)?;
    check_enciphers_not(usage)?;
    if certificate.extended_key_usage().is_some() {
        return Err(ProfileError::PurposeOnIssuer);
    }
    check_key_ids(certificate)?;
    certificate.claimed_mandate().map(|_| ()).ok_or(ProfileError::MandateMissing)
}

/// The *admitted profile*: an end entity of an existing authority, whose use and mandate a signed directory states. Lenient where
/// real certificates are (docs/tolerances.md): basicConstraints may be absent, criticality is not demanded, extKeyUsage is ignored, a FALSE
/// may be written out.
///
/// # Errors
/// The first rule that is broken.
pub fn check_admitted(certificate: &Certificate<'_>) -> Result<(), ProfileError> {
    if certificate.basic_constraints().is_some_and(|constraints| constraints.authority) {
        return Err(ProfileError::Authority);
    }
    check_usage_of_end_entity(certificate.key_usage().ok_or(ProfileError::KeyUsageMissing)?)
}

/// What RFC 5280 §6.1.4 (k), (n) asks of any issuer, and no more: for paths in which neither our purposes nor mandates are
/// demanded. keyUsage must be there.
///
/// # Errors
/// The first rule that is broken.
pub fn check_foreign_issuer(certificate: &Certificate<'_>) -> Result<(), ProfileError> {
    let constraints = certificate.basic_constraints().ok_or(ProfileError::BasicConstraintsMissing)?;
    if !constraints.authority {
        return Err(ProfileError::NotAuthority);
    }
    check_usage_of_issuer(certificate.key_usage().ok_or(ProfileError::KeyUsageMissing)?)
}

// X.690 §11.5
const fn check_writes_no_defaults(certificate: &Certificate<'_>) -> Result<(), ProfileError> {
    if certificate.writes_defaults() { Err(ProfileError::DefaultWritten) } else { Ok(()) }
}

const fn check_no_unique_ids(certificate: &Certificate<'_>) -> Result<(), ProfileError> {
    if certificate.has_unique_ids() { Err(ProfileError::UniqueIds) } else { Ok(()) }
}

fn critical_basic_constraints(certificate: &Certificate<'_>) -> Result<BasicConstraints, ProfileError> {
    let constraints = certificate.basic_constraints().ok_or(ProfileError::BasicConstraintsMissing)?;
    if constraints.critical { Ok(constraints) } else { Err(ProfileError::BasicConstraintsNotCritical) }
}

fn critical_key_usage(certificate: &Certificate<'_>) -> Result<KeyUsage, ProfileError> {
    let usage = certificate.key_usage().ok_or(ProfileError::KeyUsageMissing)?;
    if usage.critical { Ok(usage) } else { Err(ProfileError::KeyUsageNotCritical) }
}

const fn check_usage_of_end_entity(usage: KeyUsage) -> Result<(), ProfileError> {
    if usage.signs_certificates() || usage.signs_revocation_lists() {
        Err(ProfileError::KeyUsageTooWide)
    } else if usage.signs_data() {
        Ok(())
    } else {
        Err(ProfileError::KeyUsageSignsNothing)
    }
}

const fn check_usage_of_issuer(usage: KeyUsage) -> Result<(), ProfileError> {
    if usage.signs_certificates() { Ok(()) } else { Err(ProfileError::KeyUsageSignsNoCertificates) }
}

// RFC 9295 §3
const fn check_enciphers_not(usage: KeyUsage) -> Result<(), ProfileError> {
    if usage.enciphers() { Err(ProfileError::KeyUsageEnciphers) } else { Ok(()) }
}

fn check_purpose(certificate: &Certificate<'_>, purpose: Use) -> Result<(), ProfileError> {
    let mut found = None;
    for oid in certificate.extended_key_usage().ok_or(ProfileError::PurposeMissing)? {
        let ours = Use::from_oid(oid).ok_or(ProfileError::PurposeForeign)?;
        if found.replace(ours).is_some() {
            return Err(ProfileError::PurposeSeveral);
        }
    }
    if found == Some(purpose) { Ok(()) } else { Err(ProfileError::PurposeOther) }
}

fn check_key_ids(certificate: &Certificate<'_>) -> Result<(), ProfileError> {
    // RFC 5280 §4.2.1.2
    certificate.subject_key_id().ok_or(ProfileError::SubjectKeyIdMissing)?;
    // RFC 5280 §4.2.1.1: only a self-issued certificate may leave it out.
    if certificate.authority_key_id().is_none() && !certificate.is_self_issued() {
        return Err(ProfileError::AuthorityKeyIdMissing);
    }
    Ok(())
}
