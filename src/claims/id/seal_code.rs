//! Seal code 印章编码.

use super::{Ascii, Region, ShapeError, shown_as_text};

/// Seal code 印章编码 (`esID`, GB/T 38540): 14 digits, the first six of which are a region.
///
/// What the other eight mean is each registrar's own; no check digit is known. The region need not be the owner's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealCode(Ascii<14>);

impl SealCode {
    /// Takes a text of the shape of a seal code.
    ///
    /// # Errors
    /// [`ShapeError`] if it is not 14 digits.
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        Ascii::parse(text, &[14], |_, byte| byte.is_ascii_digit()).map(Self)
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The region in which the seal was registered.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        Region::parse(self.0.slice(0, 6)).ok()
    }
}

shown_as_text!(SealCode, ShapeError);
