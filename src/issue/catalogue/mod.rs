//! License types as data: which fields a type has, what each must look like, and what is wrong with facts that do not fit.
//!
//! Who defines a type says this of it, not we; a definition is data that an authority adds to. A verifier knows no definitions: what is
//! signed is signed, and a license of a type that nobody defined here is as good as its signature. So a definition can keep mistakes from
//! being signed, and cannot make a license invalid.

pub(crate) mod anniversary;
mod check;
mod fault;
mod mask;
mod pattern;

#[cfg(test)]
mod tests;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

pub use fault::{Fault, FaultAt, FieldKind, Rule};
pub use mask::{Kept, Masking};
pub use pattern::{Pattern, PatternError};

use super::license::{FieldLabel, LicenseFacts, Place};
use crate::claims::id::TypeCode;
use crate::claims::{Binding, HolderIdType};

/// Definitions of license types, by code.
#[derive(Clone, Debug, Default)]
pub struct TypeCatalogue {
    types: BTreeMap<TypeCode, TypeDefinition>,
}

impl TypeCatalogue {
    /// A catalogue without definitions.
    #[must_use]
    pub const fn new() -> Self {
        Self { types: BTreeMap::new() }
    }

    /// Puts a definition in; gives back the one that it replaces.
    pub fn insert(&mut self, definition: TypeDefinition) -> Option<TypeDefinition> {
        self.types.insert(definition.code, definition)
    }

    /// The definition of a type.
    #[must_use]
    pub fn get(&self, code: &TypeCode) -> Option<&TypeDefinition> {
        self.types.get(code)
    }

    /// Every definition, by code.
    pub fn iter(&self) -> impl Iterator<Item = &TypeDefinition> {
        self.types.values()
    }

    /// Everything in which the facts do not fit the definition of their type, in the order in which people read a license. Nothing where
    /// the type is not defined here: [`TypeCatalogue::get`] tells that.
    ///
    /// Only what a definition says is asked. What no license may be (check digits of codes, characters that do not show) is asked by
    /// [`LicenseFacts::encode`].
    #[must_use]
    pub fn check(&self, facts: &LicenseFacts) -> Vec<Fault> {
        self.get(&facts.type_code).map_or_else(Vec::new, |definition| definition.check(facts))
    }

    /// Masks the numbers of persons that are complete where the definition demands them masked, and says where.
    pub fn mask(&self, facts: &mut LicenseFacts) -> Vec<Place> {
        self.get(&facts.type_code).map_or_else(Vec::new, |definition| definition.mask(facts))
    }
}

/// What a license type 证照类型 is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeDefinition {
    /// 证照类型代码.
    pub code: TypeCode,
    /// 证照类型名称, in Chinese.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Who defines it 定义机构, in words.
    pub definer: String,
    /// What is to be known of this definition: that it is a demonstration, say.
    pub note: String,
    /// What a license number 证照编号 looks like.
    pub number: Option<Pattern>,
    /// Holders 持证主体.
    pub holders: HolderRule,
    /// 有效期.
    pub validity: ValidityRule,
    /// What may tie the license to the person who shows it; empty: anything.
    pub bindings: Vec<Binding>,
    /// Fields 照面信息, in the order in which they stand on the license.
    pub fields: Vec<FieldDefinition>,
    /// May other fields stand on it too?
    pub other_fields: OtherFields,
}

/// Fields that a definition does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OtherFields {
    /// They may stand on a license.
    Admitted,
    /// They may not: the list is closed.
    Refused,
}

/// A field 照面信息 of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDefinition {
    /// What it is called.
    pub label: FieldLabel,
    /// What it is called in English, where the registry of names does not say.
    pub name_en: Option<String>,
    /// Must it stand on every license?
    pub presence: Presence,
    /// What it says.
    pub kind: FieldKind,
    /// What each text of it looks like.
    pub pattern: Option<Pattern>,
    /// What each text of it may be; empty: anything.
    pub one_of: Vec<String>,
    /// The most characters that each text of it has.
    pub longest: Option<usize>,
    /// How the number of a person stands in it, for [`FieldKind::CitizenId`].
    pub masking: Masking,
}

/// Must a field stand on every license?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Yes, and it says something.
    Required,
    /// No.
    Optional,
}

/// What is asked of holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderRule {
    /// The fewest, 1 or more.
    pub fewest: usize,
    /// The most; none: any number.
    pub most: Option<usize>,
    /// Kinds of ids; empty: any.
    pub id_types: Vec<HolderIdType>,
    /// How the ids of persons stand on it. Codes of bodies are public and never masked.
    pub masking: Masking,
}

/// What is asked of the validity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidityRule {
    /// Does it end?
    pub until: Until,
    /// How many years it lasts, one of these; empty: as long as it says. Both customs are known: to the day before the anniversary of the
    /// first day, and to that day itself.
    pub years: Vec<u8>,
    /// The most years that it lasts.
    pub most_years: Option<u8>,
}

/// Does the validity end?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// It has a last day.
    Required,
    /// It has none: 长期.
    Absent,
    /// Either.
    Optional,
}
