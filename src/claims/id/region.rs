//! Region codes 行政区划代码, GB/T 2260, and prefixes of them.

use super::{Ascii, ShapeError, shown_as_text};

/// Region code 行政区划代码 (GB/T 2260): six digits, two each of province, prefecture and county; `00` = the whole.
///
/// Only the shape is known here. Codes come and go, so an unlisted one is never refused for that.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(Ascii<6>);
shown_as_text!(Region, ShapeError);

/// How large a region a code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegionLevel {
    /// A province, autonomous region or municipality: `230000`; `2` digits as a prefix.
    Province,
    /// A prefecture-level division: `230100`; `4` digits as a prefix.
    Prefecture,
    /// A county-level division: `230102`; `6` digits as a prefix.
    County,
}

impl Region {
    /// Reads the shape: six digits.
    ///
    /// # Errors
    /// [`ShapeError`] for any other length or character.
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        Self::of_bytes(text.as_bytes())
    }

    /// [`parse`](Self::parse), of a text given as bytes.
    pub(crate) fn of_bytes(text: &[u8]) -> Result<Self, ShapeError> {
        Ascii::of_bytes(text, &[6], |_, byte| byte.is_ascii_digit()).map(Self)
    }

    /// The six digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The level that trailing `00` groups give.
    #[must_use]
    pub fn level(&self) -> RegionLevel {
        match (self.0.slice(2, 4), self.0.slice(4, 6)) {
            ("00", "00") => RegionLevel::Province,
            (_, "00") => RegionLevel::Prefecture,
            _ => RegionLevel::County,
        }
    }

    /// The prefix of two digits under which a trust list keys this region's province.
    #[must_use]
    pub fn province(&self) -> RegionPrefix {
        RegionPrefix(self.0.first(2))
    }

    /// The prefix that covers this region and what lies in it: `230100` gives `2301`.
    #[must_use]
    pub fn whole(&self) -> RegionPrefix {
        let digits = match self.level() {
            RegionLevel::Province => 2,
            RegionLevel::Prefecture => 4,
            RegionLevel::County => 6,
        };
        RegionPrefix(self.0.first(digits))
    }
}

/// The first one, two or three groups of a region code: 2, 4 or 6 digits, matched on group bounds.
///
/// `23` covers `230000`, `230100` and `230102`; `2301` covers the last two; `230100`, being six digits, covers only itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionPrefix(Ascii<6>);
shown_as_text!(RegionPrefix, ShapeError);

impl RegionPrefix {
    /// Reads the shape: 2, 4 or 6 digits. There is no empty prefix: nothing can be granted "everywhere" by omission.
    ///
    /// # Errors
    /// [`ShapeError`] for any other length or character.
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        Ascii::parse(text, &[2, 4, 6], |_, byte| byte.is_ascii_digit()).map(Self)
    }

    /// The 2, 4 or 6 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// How many groups it fixes.
    #[must_use]
    pub fn level(&self) -> RegionLevel {
        match self.0.len {
            0..=2 => RegionLevel::Province,
            3..=4 => RegionLevel::Prefecture,
            _ => RegionLevel::County,
        }
    }

    /// Does `region` lie under this prefix?
    #[must_use]
    pub fn covers(&self, region: &Region) -> bool {
        // Lengths are even on both sides, so a common prefix ends on a group bound.
        region.0.as_bytes().starts_with(self.0.as_bytes())
    }

    /// Does every region under `other` lie under this prefix too? So a mandate is narrowed, never widened.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.as_bytes().starts_with(self.0.as_bytes())
    }
}
