//! A text as dark and light modules. The one place that knows the crate which makes them.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// How much of the code may be hidden or damaged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Level {
    /// About 7 %.
    L,
    /// About 15 %.
    M,
    /// About 25 %: for paper that is folded or stamped.
    Q,
    /// About 30 %.
    H,
}

impl Level {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::L => "L",
            Self::M => "M",
            Self::Q => "Q",
            Self::H => "H",
        }
    }

    /// For clap: the error is a text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let levels = [Self::L, Self::M, Self::Q, Self::H];
        let found = levels.into_iter().find(|level| level.name().eq_ignore_ascii_case(text));
        found.ok_or_else(|| "expected L, M, Q or H".to_owned())
    }

    const fn ecc(self) -> QrCodeEcc {
        match self {
            Self::L => QrCodeEcc::Low,
            Self::M => QrCodeEcc::Medium,
            Self::Q => QrCodeEcc::Quartile,
            Self::H => QrCodeEcc::High,
        }
    }
}

/// The largest version there is.
pub(crate) const MAX_VERSION: u8 = 40;

/// A code, ready to be drawn.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    version: u8,
    level: Level,
    size: usize,
    /// Row by row; true is dark.
    modules: Vec<bool>,
}

impl Symbol {
    /// The smallest code that holds a text at a level, if one up to `most` does. Where the text leaves room, more of the code may be
    /// damaged than was asked for: that costs nothing.
    pub(crate) fn of(text: &str, level: Level, most: u8) -> Option<Self> {
        let most = Version::new(most.clamp(1, MAX_VERSION));
        let segments = QrSegment::make_segments(text);
        let code = QrCode::encode_segments_advanced(&segments, level.ecc(), Version::MIN, most, None, true).ok()?;
        let size = code.size();
        let modules = (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).map(|(x, y)| code.get_module(x, y));
        let level = match code.error_correction_level() {
            QrCodeEcc::Low => Level::L,
            QrCodeEcc::Medium => Level::M,
            QrCodeEcc::Quartile => Level::Q,
            QrCodeEcc::High => Level::H,
        };
        let version = code.version().value();
        Some(Self { version, level, size: usize::try_from(size).ok()?, modules: modules.collect() })
    }

    pub(crate) const fn version(&self) -> u8 {
        self.version
    }

    pub(crate) const fn level(&self) -> Level {
        self.level
    }

    /// Modules on a side, without quiet zone.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// Rows of modules from top to bottom; true is dark.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.modules.chunks(self.size.max(1))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Level, Symbol};

    #[test]
    fn digits_take_the_numeric_mode() {
        // ISO/IEC 18004 table 7: version 5-M holds 202 digits, or 122 alphanumeric characters.
        let version = |text: &str, level| Symbol::of(text, level, 40).map(|symbol| symbol.version());
        assert_eq!(version(&"8".repeat(202), Level::M), Some(5));
        assert_eq!(version(&"8".repeat(203), Level::M), Some(6));
        assert_eq!(version(&"Z".repeat(122), Level::M), Some(5));
        assert_eq!(version(&"Z".repeat(123), Level::M), Some(6));
        assert_eq!(version(&"8".repeat(5_596), Level::M), Some(40));
        assert_eq!(version(&"8".repeat(5_597), Level::M), None);
        assert!(Symbol::of(&"8".repeat(203), Level::M, 5).is_none());
    }

    #[test]
    fn room_that_is_left_protects_the_code() {
        let symbol = Symbol::of("8601255", Level::M, 40).unwrap();
        assert_eq!((symbol.version(), symbol.size(), symbol.level()), (1, 21, Level::H));
        assert!(symbol.rows().all(|row| row.len() == 21) && symbol.rows().count() == 21);
        assert_eq!(Level::parse("q"), Ok(Level::Q));
        assert!(Level::parse("X").is_err());
    }
}
