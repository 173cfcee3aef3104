//! License identifier 证照标识, GB/T 36904-2018, and its check character (GB/T 17710, ISO 7064 MOD 37,36).

use core::fmt::Write as _;

use super::{Ascii, ShapeError, TypeCode, character36, is_digit_or_upper, shown_as_text, value36};

/// The arcs under which all license identifiers stand, with the dot that ends them.
const ROOT: &str = "1.2.156.3005.2.";
/// The longest: root 15, type 21, authority 18, serial 64, version 3, check 1 and four dots. (128 fit a known schema.)
const LONGEST: usize = 126;
/// The two moduli of "MOD 37,36".
const M: u8 = 37;
const N: u8 = 36;

/// License identifier 证照标识 (GB/T 36904-2018): `1.2.156.3005.2.<type>.<authority>.<serial>.<version>.<check>`.
///
/// | part | rule here |
/// |---|---|
/// | type 证照类型代码 | 21 of `0`–`9`, `A`–`Z`: [`TypeCode`] |
/// | authority 颁发机构代码 | 1 to 18 of `0`–`9`, `A`–`Z`: a credit code; short codes occur |
/// | serial 流水号 | 1 to 64 of `0`–`9`, `A`–`Z` |
/// | version | three digits, `001` to `999` |
/// | check 校验位 | one of `0`–`9`, `A`–`Z` |
///
/// The check character is computed over type, authority, serial and version without root and dots, so it cannot see a
/// character moved across a dot; the lengths above are what keeps the parts apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseIdentifier(Ascii<LONGEST>);
shown_as_text!(LicenseIdentifier, LicenseIdentifierError);

/// A part of a license identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentifierPart {
    /// 证照类型代码.
    Type,
    /// 颁发机构代码.
    Authority,
    /// 流水号.
    Serial,
    /// Version, `001` to `999`.
    Version,
    /// 校验位.
    CheckCharacter,
}

/// A text is not of the shape of a license identifier, or the parts given cannot make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LicenseIdentifierError {
    /// It does not start with `1.2.156.3005.2.`.
    #[error("a license identifier starts with {ROOT}")]
    Root,
    /// It does not have five parts after the root.
    #[error("a license identifier has five parts after its root, not {found}")]
    Parts {
        /// How many there are.
        found: usize,
    },
    /// A part has not the length or the characters that it must have.
    #[error("{part:?} of the license identifier: {error}")]
    Part {
        /// Which.
        part: IdentifierPart,
        /// What is wrong with it; offsets count within the part.
        error: ShapeError,
    },
}

/// The check character of a license identifier does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("check character of the license identifier should be {expected}")]
pub struct LicenseIdentifierCheckError {
    /// What it should be.
    pub expected: char,
}

impl LicenseIdentifier {
    /// Reads the shape, the root included.
    ///
    /// # Errors
    /// [`LicenseIdentifierError`], which says the part. A version of one digit, as some systems write it, is one.
    pub fn parse(text: &str) -> Result<Self, LicenseIdentifierError> {
        let rest = text.strip_prefix(ROOT).ok_or(LicenseIdentifierError::Root)?;
        let mut parts = rest.split('.');
        let (Some(type_code), Some(authority), Some(serial), Some(version), Some(check), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(LicenseIdentifierError::Parts { found: rest.split('.').count() });
        };
        let type_code = TypeCode::parse(type_code).map_err(|error| in_part(IdentifierPart::Type, error))?;
        let version = version_of(version).map_err(|error| in_part(IdentifierPart::Version, error))?;
        let check = Ascii::<1>::parse(check, &[1], |_, byte| is_digit_or_upper(byte))
            .map_err(|error| in_part(IdentifierPart::CheckCharacter, error))?;
        check_parts(authority, serial, version)?;
        Ok(Self::assemble(&type_code, authority, serial, version, check.as_str()))
    }

    /// Makes the identifier of these parts, with its check character.
    ///
    /// `version` is 1 to 999.
    ///
    /// # Errors
    /// [`LicenseIdentifierError::Part`] with the part that is out of its range.
    pub fn from_parts(
        type_code: &TypeCode,
        authority: &str,
        serial: &str,
        version: u16,
    ) -> Result<Self, LicenseIdentifierError> {
        check_parts(authority, serial, version)?;
        Ok(Self::of_checked_parts(type_code, authority, serial, version))
    }

    /// The same of parts that a reader has checked.
    pub(crate) fn of_checked_parts(type_code: &TypeCode, authority: &str, serial: &str, version: u16) -> Self {
        let mut digits = Ascii::<3>::EMPTY;
        let _ = write!(digits, "{version:03}");
        let payload = [type_code.as_str(), authority, serial, digits.as_str()];
        let check = check_over(payload.iter().flat_map(|part| part.bytes())).unwrap_or_default();
        Self::assemble(type_code, authority, serial, version, check.encode_utf8(&mut [0; 4]))
    }

    /// The parts were checked: they fit, and the writes cannot fail.
    fn assemble(type_code: &TypeCode, authority: &str, serial: &str, version: u16, check: &str) -> Self {
        let mut text = Ascii::EMPTY;
        let _ = write!(text, "{ROOT}{type_code}.{authority}.{serial}.{version:03}.{check}");
        Self(text)
    }

    /// Checks the check character. Every single wrong character is found; 36 of the 22,680 swaps of neighbours are not.
    ///
    /// The type's own structure is a question for [`TypeCode::check`].
    ///
    /// # Errors
    /// [`LicenseIdentifierCheckError`] with the character that should stand there.
    pub fn check(&self) -> Result<(), LicenseIdentifierCheckError> {
        let expected = self.expected_check_character();
        if self.check_character() == Some(expected) { Ok(()) } else { Err(LicenseIdentifierCheckError { expected }) }
    }

    /// The whole text, from the root to the check character.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// 证照类型代码.
    #[must_use]
    pub fn type_code(&self) -> TypeCode {
        TypeCode::first_of(self.part(0).as_bytes())
    }

    /// 颁发机构代码, 1 to 18 characters.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.part(1)
    }

    /// 流水号, 1 to 64 characters.
    #[must_use]
    pub fn serial(&self) -> &str {
        self.part(2)
    }

    /// 1 to 999.
    #[must_use]
    pub fn version(&self) -> u16 {
        self.part(3).parse().unwrap_or_default()
    }

    /// The check character as written.
    #[must_use]
    pub fn check_character(&self) -> Option<char> {
        self.part(4).chars().next()
    }

    fn expected_check_character(&self) -> char {
        check_over((0..4).flat_map(|at| self.part(at).bytes())).unwrap_or_default()
    }

    fn part(&self, at: usize) -> &str {
        self.as_str().strip_prefix(ROOT).and_then(|rest| rest.split('.').nth(at)).unwrap_or_default()
    }
}

fn check_parts(authority: &str, serial: &str, version: u16) -> Result<(), LicenseIdentifierError> {
    check_authority_shape(authority).map_err(|error| in_part(IdentifierPart::Authority, error))?;
    check_serial_shape(serial).map_err(|error| in_part(IdentifierPart::Serial, error))?;
    if (1..=999).contains(&version) {
        Ok(())
    } else {
        Err(in_part(IdentifierPart::Version, ShapeError::Character { at: 0 }))
    }
}

/// 1 to 18 of `0`–`9`, `A`–`Z`.
pub(crate) fn check_authority_shape(text: &str) -> Result<(), ShapeError> {
    check_shape(text, 18)
}

/// 1 to 64 of `0`–`9`, `A`–`Z`.
pub(crate) fn check_serial_shape(text: &str) -> Result<(), ShapeError> {
    check_shape(text, 64)
}

fn check_shape(text: &str, longest: usize) -> Result<(), ShapeError> {
    if !(1..=longest).contains(&text.len()) {
        return Err(ShapeError::Length { found: text.len() });
    }
    match text.bytes().position(|byte| !is_digit_or_upper(byte)) {
        Some(at) => Err(ShapeError::Character { at }),
        None => Ok(()),
    }
}

/// The check character of ISO 7064 MOD 37,36 (GB/T 17710) over `text`; none when it holds other characters than
/// `0`–`9`, `A`–`Z`.
#[must_use]
pub fn check_character(text: &str) -> Option<char> {
    check_over(text.bytes())
}

fn check_over(text: impl Iterator<Item = u8>) -> Option<char> {
    // ISO 7064 hybrid system: p stays within 1 to 36, so that nothing here leaves a byte.
    let mut p = N;
    for byte in text {
        let t = match p.wrapping_add(value36(byte)?) % N {
            0 => N,
            t => t,
        };
        p = t.wrapping_mul(2) % M;
    }
    character36(M.wrapping_sub(p) % N)
}

/// Three digits but `000`.
fn version_of(text: &str) -> Result<u16, ShapeError> {
    let digits = Ascii::<3>::parse(text, &[3], |_, byte| byte.is_ascii_digit())?;
    digits.as_str().parse().map_err(|_| ShapeError::Character { at: 0 })
}

const fn in_part(part: IdentifierPart, error: ShapeError) -> LicenseIdentifierError {
    LicenseIdentifierError::Part { part, error }
}
