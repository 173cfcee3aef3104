//! Identifiers of the GB and GB/T standards: authorities, people, regions, license types and licenses.
//!
//! Every type here is a small `Copy` value in a fixed array: making, comparing and copying one allocates nothing. Each has
//! two steps, and they are kept apart on purpose:
//!
//! * `parse` looks at the *shape* (length and character set) and refuses what does not have it;
//! * `check` looks at what the standard computes (check characters, a real day of birth). Registers in the field hold values
//!   that fail it, so a verifier admits them with a warning while an issuer refuses to write them.
//!
//! Lower case is never folded and full-width digits are never converted: the identifier that was signed is the one compared.

mod citizen_id;
mod credit_code;
mod license_id;
mod region;
mod seal_code;
mod type_code;

pub use citizen_id::{CitizenId, CitizenIdCheckError, Sex};
pub use credit_code::{CreditCode, CreditCodeCheckError, OrganisationCheckError};
pub use license_id::{
    IdentifierPart, LicenseIdentifier, LicenseIdentifierCheckError, LicenseIdentifierError, check_character,
};
pub(crate) use license_id::{check_authority_shape, check_serial_shape};
pub use region::{Region, RegionLevel, RegionPrefix};
pub use seal_code::SealCode;
pub use type_code::{TypeCode, TypeCodeCheckError, TypePrefix};

/// A text does not have the shape of the identifier that it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// Not one of the lengths that this identifier has.
    #[error("{found} characters long, which this identifier never is")]
    Length {
        /// How many bytes there are.
        found: usize,
    },
    /// A character that cannot stand at this place.
    #[error("the character at offset {at} cannot stand there")]
    Character {
        /// Its byte offset from the start of the identifier.
        at: usize,
    },
}

/// Up to `N` ASCII characters. What is beyond `len` is zero, so that the derived order is the order of the texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Ascii<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Ascii<N> {
    const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// Takes `text` when it has one of `lengths` and `admits(offset, byte)` holds for each of its bytes.
    fn parse(text: &str, lengths: &[usize], admits: impl Fn(usize, u8) -> bool) -> Result<Self, ShapeError> {
        Self::of_bytes(text.as_bytes(), lengths, admits)
    }

    #[inline]
    fn of_bytes(text: &[u8], lengths: &[usize], admits: impl Fn(usize, u8) -> bool) -> Result<Self, ShapeError> {
        // Before the length: a full-width digit is three bytes, and "wrong length" would send its reader astray.
        if !text.is_ascii() {
            let at = text.iter().take_while(|byte| byte.is_ascii()).count();
            return Err(ShapeError::Character { at });
        }
        if !lengths.contains(&text.len()) {
            return Err(ShapeError::Length { found: text.len() });
        }
        if let Some(at) = text.iter().enumerate().position(|(at, byte)| !admits(at, *byte)) {
            return Err(ShapeError::Character { at });
        }
        Ok(Self::first_of(text))
    }

    /// The first `N` bytes, which the caller knows to be ASCII of the right shape.
    fn first_of(text: &[u8]) -> Self {
        let (mut bytes, len) = ([0; N], text.len().min(N));
        if let (Some(to), Some(from)) = (bytes.get_mut(..len), text.get(..len)) {
            to.copy_from_slice(from);
        }
        Self { bytes, len }
    }

    /// Its first `len` characters.
    fn first(&self, len: usize) -> Self {
        Self::first_of(self.as_bytes().get(..len).unwrap_or_default())
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn as_str(&self) -> &str {
        // Only ASCII is ever stored, so the fallback is never taken.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The characters from offset `from` up to `to`; empty when the range is outside.
    fn slice(&self, from: usize, to: usize) -> &str {
        self.as_str().get(from..to).unwrap_or_default()
    }
}

impl<const N: usize> core::fmt::Write for Ascii<N> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.len.checked_add(text.len()).ok_or(core::fmt::Error)?;
        self.bytes.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// `0`–`9`, `A`–`Z`: the character set that all these identifiers share.
const fn is_digit_or_upper(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

/// `0`–`9` = 0–9, `A`–`Z` = 10–35 (GB 11714 and GB/T 17710 count alike).
const fn value36(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0')),
        b'A'..=b'Z' => Some(byte.wrapping_sub(b'A').wrapping_add(10)),
        _ => None,
    }
}

/// The inverse of [`value36`].
fn character36(value: u8) -> Option<char> {
    char::from_digit(u32::from(value), 36).map(|character| character.to_ascii_uppercase())
}

/// The traits by which an identifier is shown and read as its text.
macro_rules! shown_as_text {
    ($type:ty, $error:ty) => {
        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self.as_str())
            }
        }

        impl core::str::FromStr for $type {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    };
}
use shown_as_text;

#[cfg(test)]
mod tests;
