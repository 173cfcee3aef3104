//! License type codes 证照类型代码, GB/T 36903 and 36904, and prefixes of them.

use super::{Ascii, CreditCode, CreditCodeCheckError, ShapeError, is_digit_or_upper, shown_as_text};

/// License type code 证照类型代码 (GB/T 36904): the credit code (18) of the body that defines the type, and three digits.
///
/// The shape that [`parse`](Self::parse) demands is 21 characters of `0`–`9`, `A`–`Z`; the rest is left to
/// [`check`](Self::check), as in [`CreditCode`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeCode(Ascii<21>);
shown_as_text!(TypeCode, ShapeError);

/// A license type code does not hold to its structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypeCodeCheckError {
    /// Its first 18 characters are no credit code.
    #[error("definer of the license type: {0}")]
    Definer(CreditCodeCheckError),
    /// Its last three characters are not digits.
    #[error("the license type does not end in three digits")]
    Number,
}

impl TypeCode {
    /// Reads the shape: 21 characters of `0`–`9`, `A`–`Z`.
    ///
    /// # Errors
    /// [`ShapeError`] for any other length or character.
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        Self::of_bytes(text.as_bytes())
    }

    /// [`parse`](Self::parse), of a text given as bytes.
    pub(crate) fn of_bytes(text: &[u8]) -> Result<Self, ShapeError> {
        Ascii::of_bytes(text, &[21], |_, byte| is_digit_or_upper(byte)).map(Self)
    }

    /// Checks that the definer is a credit code and that three digits follow it.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn check(&self) -> Result<(), TypeCodeCheckError> {
        self.definer().check().map_err(TypeCodeCheckError::Definer)?;
        let digits = self.0.slice(18, 21).bytes().all(|byte| byte.is_ascii_digit());
        if digits { Ok(()) } else { Err(TypeCodeCheckError::Number) }
    }

    /// The start of a longer text that has the shape already.
    pub(super) fn first_of(text: &[u8]) -> Self {
        Self(Ascii::first_of(text))
    }

    /// The 21 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The body that defines the type: the first 18 characters.
    #[must_use]
    pub fn definer(&self) -> CreditCode {
        CreditCode::first_of(self.0.as_bytes())
    }
}

/// A type code, or the definer alone: 21 or 18 characters. 18 cover every type of that definer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypePrefix(Ascii<21>);
shown_as_text!(TypePrefix, ShapeError);

impl TypePrefix {
    /// Reads the shape: 18 or 21 characters of `0`–`9`, `A`–`Z`.
    ///
    /// # Errors
    /// [`ShapeError`] for any other length or character.
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        Ascii::parse(text, &[18, 21], |_, byte| is_digit_or_upper(byte)).map(Self)
    }

    /// The 18 or 21 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The body whose types these are: the first 18 characters.
    #[must_use]
    pub fn definer(&self) -> CreditCode {
        CreditCode::first_of(self.0.as_bytes())
    }

    /// The prefix that covers every type of that body: the first 18 characters.
    #[must_use]
    pub fn widened(&self) -> Self {
        Self(self.0.first(18))
    }

    /// Does `type_code` lie under this prefix?
    #[must_use]
    pub fn covers(&self, type_code: &TypeCode) -> bool {
        type_code.0.as_bytes().starts_with(self.0.as_bytes())
    }

    /// Does every type under `other` lie under this prefix too?
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.as_bytes().starts_with(self.0.as_bytes())
    }
}

impl From<TypeCode> for TypePrefix {
    fn from(type_code: TypeCode) -> Self {
        Self(type_code.0)
    }
}
