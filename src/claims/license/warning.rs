//! What is odd about a license's identifiers without making it invalid.

use super::LicenseClaims;
use super::holder::{Holder, HolderIdType};
use crate::claims::id::{CitizenId, CreditCode};
use crate::reason::Language;

/// An identifier in a genuine license does not hold to its standard's own check.
///
/// Registers in the field hold such values, so a verifier says it and goes on; an issuer refuses to write them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// `iss` fails GB 32100.
    Issuer,
    /// The organisation code inside `iss` fails GB 11714.
    IssuerOrganisation,
    /// The type code's definer fails GB 32100, or no three digits follow it.
    TypeCode,
    /// The organisation code inside the type code's definer fails GB 11714.
    TypeCodeOrganisation,
    /// A holder's credit code or citizen id fails its standard, or has not its shape.
    Holder {
        /// Which holder, from 0.
        index: usize,
    },
    /// The organisation code inside a holder's credit code fails GB 11714.
    HolderOrganisation {
        /// Which holder, from 0.
        index: usize,
    },
}

impl Warning {
    /// The symbol, such as `warning.issuer_code`. Never changed.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Issuer => "warning.issuer_code",
            Self::IssuerOrganisation => "warning.issuer_organisation_code",
            Self::TypeCode => "warning.type_code",
            Self::TypeCodeOrganisation => "warning.type_organisation_code",
            Self::Holder { .. } => "warning.holder_id",
            Self::HolderOrganisation { .. } => "warning.holder_organisation_code",
        }
    }

    /// The text for people.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Issuer => {
                ("颁发机构统一社会信用代码的校验码不符", "The issuing authority's credit code fails its check")
            }
            Self::IssuerOrganisation => (
                "颁发机构组织机构代码的校验码不符",
                "The organisation code inside the authority's credit code fails its check",
            ),
            Self::TypeCode => ("证照类型代码不合 GB/T 36904", "The license type code fails its check"),
            Self::TypeCodeOrganisation => (
                "证照类型定义机构组织机构代码的校验码不符",
                "The organisation code inside the license type code fails its check",
            ),
            Self::Holder { .. } => ("持证主体代码的格式或校验码不符", "A holder's identity number fails its check"),
            Self::HolderOrganisation { .. } => (
                "持证主体组织机构代码的校验码不符",
                "The organisation code inside a holder's credit code fails its check",
            ),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

impl<'a> LicenseClaims<'a> {
    /// Whatever fails a check of its standard, in the order of [`Warning`]'s variants. Allocates nothing.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + use<'_, 'a> {
        let definer = self.license.type_code.definer();
        let holders = self.license.holders.clone().enumerate();
        [
            self.issuer.check().is_err().then_some(Warning::Issuer),
            self.issuer.check_organisation().is_err().then_some(Warning::IssuerOrganisation),
            self.license.type_code.check().is_err().then_some(Warning::TypeCode),
            definer.check_organisation().is_err().then_some(Warning::TypeCodeOrganisation),
        ]
        .into_iter()
        .flatten()
        .chain(holders.filter_map(|(index, holder)| of_holder(&holder, index)))
    }
}

fn of_holder(holder: &Holder<'_>, index: usize) -> Option<Warning> {
    match holder.id_type {
        // A masked id has no check.
        _ if holder.id.contains('*') => None,
        HolderIdType::CREDIT_CODE => match CreditCode::parse(holder.id) {
            Ok(code) if code.check().is_ok() => {
                code.check_organisation().is_err().then_some(Warning::HolderOrganisation { index })
            }
            _ => Some(Warning::Holder { index }),
        },
        HolderIdType::CITIZEN_ID => {
            let holds = CitizenId::parse(holder.id).is_ok_and(|id| id.check().is_ok());
            (!holds).then_some(Warning::Holder { index })
        }
        _ => None,
    }
}
