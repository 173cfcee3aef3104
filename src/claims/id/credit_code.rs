//! Unified social credit code 统一社会信用代码, GB 32100-2015, with the organisation code of GB 11714 inside it.

use super::{Ascii, Region, ShapeError, is_digit_or_upper, shown_as_text, value36};

/// Weights of GB 32100: 3^(i−1) mod 31 for the characters i = 1 to 17.
const WEIGHTS: [u16; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Weights of GB 11714 for the eight characters before its check character.
const ORGANISATION_WEIGHTS: [u16; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Unified social credit code 统一社会信用代码 (GB 32100-2015): 18 characters.
///
/// | characters | |
/// |---|---|
/// | 1 | registering department, not always a digit |
/// | 2 | category of the organisation |
/// | 3–8 | region of the *registrar* (GB/T 2260), which need not be the area served |
/// | 9–17 | organisation code (GB 11714), its last character a check character |
/// | 18 | check character |
///
/// The shape that [`parse`](Self::parse) demands is 18 characters of `0`–`9`, `A`–`Z`. That `I`, `O`, `S`, `V` and `Z` are
/// never used is left to [`check`](Self::check): a code in a credential names an authority by equality with the code in a
/// signed directory, so a mistyped one can mislead nobody, and refusing it would call a genuine credential malformed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(Ascii<18>);
shown_as_text!(CreditCode, ShapeError);

/// What GB 32100 computes does not hold for a credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeCheckError {
    /// `I`, `O`, `S`, `V` or `Z`, which GB 32100 does not use.
    #[error("the letter at offset {at} is not used in credit codes")]
    Letter {
        /// Its offset, 0 to 17.
        at: usize,
    },
    /// Characters 3 to 8 are a region and so are digits.
    #[error("the region inside the credit code has no digit at offset {at}")]
    Region {
        /// Offset in the whole code, 2 to 7.
        at: usize,
    },
    /// The last character is not the one that the others give.
    #[error("check character of the credit code should be {expected}")]
    CheckCharacter {
        /// What it should be.
        expected: char,
    },
}

/// The check character of the organisation code (GB 11714) inside a credit code does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("check character of the organisation code should be {expected}")]
pub struct OrganisationCheckError {
    /// What the 17th character of the credit code should be.
    pub expected: char,
}

impl CreditCode {
    /// Reads the shape: 18 characters of `0`–`9`, `A`–`Z`.
    ///
    /// # Errors
    /// [`ShapeError`] for any other length or character.
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        Self::of_bytes(text.as_bytes())
    }

    /// [`parse`](Self::parse), of a text given as bytes.
    pub(crate) fn of_bytes(text: &[u8]) -> Result<Self, ShapeError> {
        Ascii::of_bytes(text, &[18], |_, byte| is_digit_or_upper(byte)).map(Self)
    }

    /// Checks the alphabet, the region's digits and the check character of GB 32100.
    ///
    /// Every single wrong character is found: the modulus 31 is a prime and no weight is 0.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn check(&self) -> Result<(), CreditCodeCheckError> {
        let code = self.0.as_bytes();
        let mut sum: u16 = 0;
        let mut last = 0;
        for (at, byte) in code.iter().enumerate() {
            let value = value31(*byte).ok_or(CreditCodeCheckError::Letter { at })?;
            if (2..8).contains(&at) && !byte.is_ascii_digit() {
                return Err(CreditCodeCheckError::Region { at });
            }
            // 17 products of at most 30 · 30 stay below 2^16.
            match WEIGHTS.get(at) {
                Some(weight) => sum = sum.wrapping_add(weight.wrapping_mul(u16::from(value))),
                None => last = value,
            }
        }
        // GB 32100: C18 = 31 − Σ mod 31, and 0 where that is 31.
        let expected = 31_u16.wrapping_sub(sum % 31) % 31;
        if expected == u16::from(last) {
            return Ok(());
        }
        let expected = u8::try_from(expected).ok().and_then(character31).unwrap_or_default();
        Err(CreditCodeCheckError::CheckCharacter { expected })
    }

    /// Checks the organisation code inside (characters 9 to 17) by GB 11714, which counts letters otherwise than GB 32100
    /// does: `A` = 10 … `Z` = 35.
    ///
    /// # Errors
    /// [`OrganisationCheckError`] with the character that should stand there.
    pub fn check_organisation(&self) -> Result<(), OrganisationCheckError> {
        let code = self.0.as_bytes().get(8..17).unwrap_or_default();
        let mut sum: u16 = 0;
        for (byte, weight) in code.iter().zip(ORGANISATION_WEIGHTS) {
            let value = value36(*byte).unwrap_or_default();
            sum = sum.wrapping_add(weight.wrapping_mul(u16::from(value)));
        }
        // GB 11714: c = 11 − Σ mod 11; 10 is written X and 11 is written 0.
        let expected = match 11_u16.wrapping_sub(sum % 11) {
            10 => b'X',
            11 => b'0',
            digit => u8::try_from(digit).unwrap_or_default().wrapping_add(b'0'),
        };
        if code.last() == Some(&expected) {
            Ok(())
        } else {
            Err(OrganisationCheckError { expected: char::from(expected) })
        }
    }

    /// The start of a longer text that has the shape already.
    pub(super) fn first_of(text: &[u8]) -> Self {
        Self(Ascii::first_of(text))
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Region of the registrar, characters 3 to 8; none when they are not digits. Central bodies have `100000`.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        Region::parse(self.0.slice(2, 8)).ok()
    }

    /// Organisation code 组织机构代码 (GB 11714), characters 9 to 17, check character included.
    #[must_use]
    pub fn organisation_code(&self) -> &str {
        self.0.slice(8, 17)
    }
}

/// Value of a character by GB 32100, whose alphabet leaves out `I`, `O`, `S`, `V` and `Z`.
const fn value31(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte.wrapping_sub(b'0')),
        b'A'..=b'H' => Some(byte.wrapping_sub(b'A').wrapping_add(10)),
        b'J'..=b'N' => Some(byte.wrapping_sub(b'J').wrapping_add(18)),
        b'P'..=b'R' => Some(byte.wrapping_sub(b'P').wrapping_add(23)),
        b'T'..=b'U' => Some(byte.wrapping_sub(b'T').wrapping_add(26)),
        b'W'..=b'Y' => Some(byte.wrapping_sub(b'W').wrapping_add(28)),
        _ => None,
    }
}

/// The inverse of [`value31`].
fn character31(value: u8) -> Option<char> {
    (b'0'..=b'Z').find(|byte| value31(*byte) == Some(value)).map(char::from)
}
