//! What is wrong with facts that do not fit the definition of their type.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::mask::Kept;
use crate::claims::id::{CitizenIdCheckError, CreditCodeCheckError};
use crate::claims::{Binding, HolderIdType};
use crate::issue::license::{FieldLabel, FieldValue};

/// One thing in which facts do not fit the definition of their type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {rule}")]
pub struct Fault {
    /// Where.
    pub at: FaultAt,
    /// Which rule does not hold.
    pub rule: Rule,
}

/// Where facts do not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultAt {
    /// 证照编号.
    Number,
    /// How many holders there are.
    Holders,
    /// A holder's id, from 0.
    HolderId(usize),
    /// What ties the license to the person who shows it.
    Binding,
    /// 有效期.
    Validity,
    /// A field, by its place in [`LicenseFacts::fields`](crate::issue::LicenseFacts::fields).
    Field(usize),
    /// A field that is not there.
    Missing(FieldLabel),
}

impl fmt::Display for FaultAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number => f.write_str("number"),
            Self::Holders => f.write_str("holders"),
            Self::HolderId(index) => write!(f, "id of holder {index}"),
            Self::Binding => f.write_str("binding"),
            Self::Validity => f.write_str("validity"),
            Self::Field(index) => write!(f, "field {index}"),
            Self::Missing(FieldLabel::Number(number)) => write!(f, "field number {number}"),
            Self::Missing(FieldLabel::Name(name)) => write!(f, "field {name}"),
        }
    }
}

/// What a field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// A text.
    Text,
    /// A number.
    Int,
    /// Yes or no.
    Bool,
    /// A day.
    Day,
    /// Several texts.
    Texts,
    /// A unified social credit code, as a text.
    CreditCode,
    /// A citizen identity number, as a text; see [`Masking`](super::Masking).
    CitizenId,
    /// A region code, as a text.
    Region,
}

impl FieldKind {
    /// Every kind, with its word in definitions.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Text, "text"),
        (Self::Int, "integer"),
        (Self::Bool, "boolean"),
        (Self::Day, "date"),
        (Self::Texts, "list"),
        (Self::CreditCode, "credit_code"),
        (Self::CitizenId, "citizen_id"),
        (Self::Region, "region"),
    ];

    /// Its word in definitions.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// Is the value of this kind, its content left out?
    pub(super) const fn holds(self, value: &FieldValue) -> bool {
        match self {
            Self::Text | Self::CreditCode | Self::CitizenId | Self::Region => matches!(value, FieldValue::Text(_)),
            Self::Int => matches!(value, FieldValue::Int(_)),
            Self::Bool => matches!(value, FieldValue::Bool(_)),
            Self::Day => matches!(value, FieldValue::Day(_)),
            Self::Texts => matches!(value, FieldValue::Texts(_)),
        }
    }
}

/// A rule of a definition that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// The field must be there.
    #[error("is required")]
    Required,
    /// The field says nothing.
    #[error("is empty")]
    Empty,
    /// The type has no such field.
    #[error("the type has no such field")]
    NotOfType,
    /// The value is of another kind.
    #[error("a value of kind {} is expected", .0.word())]
    Kind(FieldKind),
    /// A text does not look as it should.
    #[error("does not match {0}")]
    Pattern(String),
    /// A text is none of those that may be.
    #[error("is none of {}", .0.join(", "))]
    OneOf(Vec<String>),
    /// A text is too long.
    #[error("has more than {0} characters")]
    Longest(usize),
    /// A credit code has not its length or characters.
    #[error("is no unified social credit code")]
    CreditCodeShape,
    /// A credit code fails its check.
    #[error("{0}")]
    CreditCode(CreditCodeCheckError),
    /// A citizen number has not its length or characters.
    #[error("is no citizen identity number")]
    CitizenIdShape,
    /// A citizen number fails its check.
    #[error("{0}")]
    CitizenId(CitizenIdCheckError),
    /// A region code has not its length or characters.
    #[error("is no region code of six digits")]
    Region,
    /// The number must be complete.
    #[error("may not be masked")]
    Masked,
    /// The number must be masked.
    #[error("is to be masked but for the first {} and the last {} characters", .0.head, .0.tail)]
    NotMasked(Kept),
    /// Other characters are masked than should be.
    #[error("is masked otherwise than all but the first {} and the last {} characters", .0.head, .0.tail)]
    MaskedOtherwise(Kept),
    /// So many holders there may not be.
    #[error("{} holders are expected, not {found}", Count(*.fewest, *.most))]
    HolderCount {
        /// The fewest.
        fewest: usize,
        /// The most.
        most: Option<usize>,
        /// How many there are.
        found: usize,
    },
    /// The id is of another kind.
    #[error("an id of type {} is expected", Listed(.0))]
    HolderIdType(Vec<HolderIdType>),
    /// It is tied to its holder otherwise.
    #[error("is to be {}", Bindings(.0))]
    Binding(Vec<Binding>),
    /// It must have a last day.
    #[error("has no last day, and must have one")]
    UntilRequired,
    /// It must not have a last day.
    #[error("has a last day, and must have none")]
    UntilAbsent,
    /// It lasts otherwise.
    #[error("does not last {} years", Listed(.0))]
    Years(Vec<u8>),
    /// It lasts too long.
    #[error("lasts more than {0} years")]
    MostYears(u8),
}

struct Count(usize, Option<usize>);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self(fewest, Some(most)) if fewest == most => write!(f, "{fewest}"),
            Self(fewest, Some(most)) => write!(f, "{fewest} to {most}"),
            Self(fewest, None) => write!(f, "{fewest} or more"),
        }
    }
}

struct Listed<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, item) in self.0.iter().enumerate() {
            let before = if at == 0 { "" } else { " or " };
            write!(f, "{before}{item}")?;
        }
        Ok(())
    }
}

struct Bindings<'a>(&'a [Binding]);

impl fmt::Display for Bindings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<u8> = self.0.iter().map(|binding| binding.number()).collect();
        write!(f, "{}", Listed(&numbers))
    }
}
