//! What an issuer refuses to write, beyond what a reader refuses to read.

use super::text::{Place, is_normalized};
use super::{CredentialFacts, FieldLabel, HolderFacts, LicenseFacts};
use crate::cbor::text_is_plain;
use crate::claims::fields::FieldName;
use crate::claims::id::{
    CitizenId, CitizenIdCheckError, CreditCode, CreditCodeCheckError, OrganisationCheckError, ShapeError,
    TypeCodeCheckError,
};
use crate::claims::{HolderIdType, LicenseError};

/// Facts of which no license is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactsError {
    /// The issuer's credit code fails its check.
    #[error("issuer: {0}")]
    Issuer(CreditCodeCheckError),
    /// The organisation code inside the issuer's credit code fails its check.
    #[error("issuer: {0}")]
    IssuerOrganisation(OrganisationCheckError),
    /// The license type code fails its check.
    #[error("type code: {0}")]
    TypeCode(TypeCodeCheckError),
    /// The organisation code inside the type's definer fails its check.
    #[error("type code: {0}")]
    TypeCodeOrganisation(OrganisationCheckError),
    /// A holder's id fails its check.
    #[error("holder {index}: {fault}")]
    HolderId {
        /// Which holder, from 0.
        index: usize,
        /// What fails.
        fault: HolderIdFault,
    },
    /// A text that must say something is empty.
    #[error("{0}: empty")]
    Empty(Place),
    /// A text holds a character that would not show as what was signed; see [`text_is_plain`].
    #[error("{0}: an invisible, control or direction-changing character")]
    Character(Place),
    /// A text is not in Unicode normalization form C; see [`LicenseFacts::normalize`].
    #[error("{0}: not in Unicode normalization form C")]
    NotNormalized(Place),
    /// The registry has no such number.
    #[error("field {index}: the registry has no name {number}")]
    FieldNumber {
        /// Which field, from 0.
        index: usize,
        /// Its number.
        number: u64,
    },
    /// The registry has this name: it is written as its number, so that a field has one form.
    #[error("field {index}: the registry has this name as {number}")]
    FieldHasNumber {
        /// Which field, from 0.
        index: usize,
        /// Its number.
        number: u64,
    },
    /// A field stands twice.
    #[error("field {index}: stands twice")]
    FieldTwice {
        /// The later one, from 0.
        index: usize,
    },
    /// The license would replace itself.
    #[error("the license would replace itself")]
    ReplacesItself,
    /// The verifier's own reader refuses what was written.
    #[error("{0}")]
    Refused(LicenseError),
}

/// What fails in a holder's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HolderIdFault {
    /// Its length or characters.
    #[error("{0}")]
    Shape(ShapeError),
    /// GB 32100.
    #[error("{0}")]
    CreditCode(CreditCodeCheckError),
    /// GB 11714.
    #[error("{0}")]
    Organisation(OrganisationCheckError),
    /// GB 11643.
    #[error("{0}")]
    CitizenId(CitizenIdCheckError),
}

/// The rules of issuing.
pub(super) fn check(credential: &CredentialFacts, license: &LicenseFacts) -> Result<(), FactsError> {
    credential.issuer.check().map_err(FactsError::Issuer)?;
    credential.issuer.check_organisation().map_err(FactsError::IssuerOrganisation)?;
    license.type_code.check().map_err(FactsError::TypeCode)?;
    license.type_code.definer().check_organisation().map_err(FactsError::TypeCodeOrganisation)?;
    check_texts(license)?;
    for (index, holder) in license.holders.iter().enumerate() {
        check_holder_id(holder).map_err(|fault| FactsError::HolderId { index, fault })?;
    }
    check_fields(license)?;
    if license.replaces == Some(credential.id) { Err(FactsError::ReplacesItself) } else { Ok(()) }
}

fn check_texts(license: &LicenseFacts) -> Result<(), FactsError> {
    // The list of texts exists once, for rewriting; a copy of the facts serves for looking.
    for (place, text) in license.clone().texts_mut() {
        if !text_is_plain(text) {
            return Err(FactsError::Character(place));
        }
        if !is_normalized(text) {
            return Err(FactsError::NotNormalized(place));
        }
        // A blank field is a blank on the face of the license; everything else must say something.
        if text.trim().is_empty() && !matches!(place, Place::FieldValue(_)) {
            return Err(FactsError::Empty(place));
        }
    }
    Ok(())
}

fn check_holder_id(holder: &HolderFacts) -> Result<(), HolderIdFault> {
    match holder.id_type {
        HolderIdType::CITIZEN_ID => {
            let id = CitizenId::parse(&holder.id).map_err(HolderIdFault::Shape)?;
            id.check().map_err(HolderIdFault::CitizenId)
        }
        // A masked code has no check, but it is as long as a code.
        HolderIdType::CREDIT_CODE if holder.id.contains('*') && holder.id.len() == 18 => Ok(()),
        HolderIdType::CREDIT_CODE => {
            let code = CreditCode::parse(&holder.id).map_err(HolderIdFault::Shape)?;
            code.check().map_err(HolderIdFault::CreditCode)?;
            code.check_organisation().map_err(HolderIdFault::Organisation)
        }
        _ => Ok(()),
    }
}

fn check_fields(license: &LicenseFacts) -> Result<(), FactsError> {
    for (index, (label, _)) in license.fields.iter().enumerate() {
        match label {
            FieldLabel::Number(number) if FieldName::of_number(*number).is_none() => {
                return Err(FactsError::FieldNumber { index, number: *number });
            }
            FieldLabel::Number(_) => {}
            FieldLabel::Name(name) => {
                if let Some(name) = FieldName::of_text(name) {
                    return Err(FactsError::FieldHasNumber { index, number: name.number() });
                }
            }
        }
        if license.fields.iter().take(index).any(|(earlier, _)| earlier == label) {
            return Err(FactsError::FieldTwice { index });
        }
    }
    Ok(())
}
