//! Harms that scanners, input methods and mail programs do to a text, undone and told.

/// One kind of harm that was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repair {
    /// White space or a byte-order mark before or after the text.
    WhiteSpace,
    /// Full-width digits (U+FF10–FF19) for ASCII ones: an input method was on.
    FullWidthDigits,
    /// Lower case for upper case: a scanner or a keyboard changed it.
    LowerCase,
    /// Lines of a block that end with CR LF, or the last one with nothing, where LF was written.
    LineEnds,
}

impl Repair {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::WhiteSpace, Self::FullWidthDigits, Self::LowerCase, Self::LineEnds];

    /// The name in reports.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::WhiteSpace => "white_space",
            Self::FullWidthDigits => "full_width_digits",
            Self::LowerCase => "lower_case",
            Self::LineEnds => "line_ends",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::WhiteSpace => 1,
            Self::FullWidthDigits => 2,
            Self::LowerCase => 4,
            Self::LineEnds => 8,
        }
    }
}

/// The kinds of harm that were undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Repairs(u8);

impl Repairs {
    /// Was the text as it had been written?
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Was this kind of harm undone?
    #[must_use]
    pub const fn contains(self, repair: Repair) -> bool {
        self.0 & repair.bit() != 0
    }

    /// What was undone.
    pub fn iter(self) -> impl Iterator<Item = Repair> {
        Repair::ALL.into_iter().filter(move |repair| self.contains(*repair))
    }

    pub(super) const fn add(&mut self, repair: Repair) {
        self.0 |= repair.bit();
    }

    pub(super) const fn add_all(&mut self, others: Self) {
        self.0 |= others.0;
    }
}

/// A text in three parts.
pub(super) struct Trimmed<'t> {
    /// White space.
    pub(super) before: &'t str,
    /// The text.
    pub(super) within: &'t str,
    /// White space.
    pub(super) after: &'t str,
}

/// Takes away what surrounds a text. No carrier begins or ends with a space: base45 has one in its alphabet (RFC 9285 §4.2), but as
/// the last character it would stand for more than its bytes can hold.
pub(super) fn trim(text: &str) -> Trimmed<'_> {
    let surrounds = |c: char| c.is_whitespace() || c == '\u{feff}';
    let rest = text.trim_start_matches(surrounds);
    let within = rest.trim_end_matches(surrounds);
    let before = text.strip_suffix(rest).unwrap_or_default();
    let after = rest.strip_prefix(within).unwrap_or_default();
    Trimmed { before, within, after }
}
