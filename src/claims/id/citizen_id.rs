//! Citizen identity number 公民身份号码, GB 11643-1999.

use super::{Ascii, Region, ShapeError, shown_as_text};

/// Weights of GB 11643 for the first 17 characters: 2^(18−i) mod 11 (ISO 7064 MOD 11-2).
const WEIGHTS: [u16; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character for each remainder 0 to 10.
const CHECK_CHARACTERS: [u8; 11] = *b"10X98765432";
/// What stands in the place of a character that is not shown.
const MASK: u8 = b'*';

/// Citizen identity number 公民身份号码 (GB 11643-1999): 18 characters, any of which may be masked by `*`.
///
/// Six digits of region, eight of the day of birth, three of order (odd for male), one check character, `X` in upper case.
/// The 15-digit form of 1989 is another thing and not this type. The residence permits for Hong Kong, Macao and Taiwan
/// residents share the form (regions 810000, 820000, 830000).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId(Ascii<18>);
shown_as_text!(CitizenId, ShapeError);

/// What GB 11643 computes does not hold for an identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CitizenIdCheckError {
    /// Characters 7 to 14 are not a day of the calendar.
    #[error("the day of birth in the identity number is not a day of the calendar")]
    DayOfBirth,
    /// The last character is not the one that the others give.
    #[error("check character of the identity number should be {expected}")]
    CheckCharacter {
        /// What it should be.
        expected: char,
    },
}

/// Sex as the order number (characters 15 to 17) states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Even.
    Female,
    /// Odd.
    Male,
}

impl CitizenId {
    /// Reads the shape: 17 digits and a digit or `X`, each of which may be `*`.
    ///
    /// # Errors
    /// [`ShapeError`] for any other length or character; lower case `x` is one.
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        Ascii::parse(text, &[18], |at, byte| byte.is_ascii_digit() || byte == MASK || (at == 17 && byte == b'X'))
            .map(Self)
    }

    /// Checks the day of birth and the check character. A masked number has nothing to check and passes.
    ///
    /// Every single wrong character is found: the modulus 11 is a prime, no weight is a multiple of it, digits differ by
    /// less than it, and the last character is compared whole.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn check(&self) -> Result<(), CitizenIdCheckError> {
        if self.is_masked() {
            return Ok(());
        }
        if self.birth().is_none() {
            return Err(CitizenIdCheckError::DayOfBirth);
        }
        let mut sum: u16 = 0;
        for (byte, weight) in self.0.as_bytes().iter().zip(WEIGHTS) {
            sum = sum.wrapping_add(weight.wrapping_mul(u16::from(byte.wrapping_sub(b'0'))));
        }
        let expected = CHECK_CHARACTERS.get(usize::from(sum % 11)).copied().unwrap_or_default();
        if self.0.as_bytes().last() == Some(&expected) {
            Ok(())
        } else {
            Err(CitizenIdCheckError::CheckCharacter { expected: char::from(expected) })
        }
    }

    /// Is any character masked? Then there is no check to make.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        self.0.as_bytes().contains(&MASK)
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Region of first registration, characters 1 to 6; none when one of them is masked.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        Region::parse(self.0.slice(0, 6)).ok()
    }

    /// Day of birth as (year, month, day), characters 7 to 14; none when masked or when it is not a day of the
    /// (Gregorian) calendar.
    #[must_use]
    pub fn birth(&self) -> Option<(u16, u8, u8)> {
        let year: u16 = self.digits(6, 10)?.parse().ok()?;
        let month: u8 = self.digits(10, 12)?.parse().ok()?;
        let day: u8 = self.digits(12, 14)?.parse().ok()?;
        let days_in_month = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
            2 => 28,
            _ => return None,
        };
        (1..=days_in_month).contains(&day).then_some((year, month, day))
    }

    /// Sex by the parity of the order number; none when its last digit is masked.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        let order: u8 = self.digits(16, 17)?.parse().ok()?;
        Some(if order.is_multiple_of(2) { Sex::Female } else { Sex::Male })
    }

    /// Could `other` be the same number, where masked characters of either match anything?
    #[must_use]
    pub fn may_equal(&self, other: &Self) -> bool {
        let pairs = self.0.as_bytes().iter().zip(other.0.as_bytes());
        pairs.into_iter().all(|(a, b)| a == b || *a == MASK || *b == MASK)
    }

    fn digits(&self, from: usize, to: usize) -> Option<&str> {
        let text = self.0.slice(from, to);
        text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
    }
}
