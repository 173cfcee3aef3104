//! What a text looks like: a regular expression for the whole of it.

use alloc::format;
use alloc::string::String;
use core::fmt;

/// The longest pattern, in bytes.
const MAX_PATTERN: usize = 512;
/// The most memory that a compiled pattern takes, in bytes; repetitions of repetitions would take more.
const MAX_COMPILED: usize = 256 << 10;

/// A regular expression that a whole text must match. Its time is linear in the text, whoever wrote it.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    regex: regex_lite::Regex,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// More than 512 bytes.
    #[error("the pattern is longer than 512 bytes")]
    TooLong,
    /// It is no regular expression, or one that grows too large.
    #[error("the pattern is no regular expression, or grows too large")]
    Unusable,
}

impl Pattern {
    /// Reads a regular expression: literals, classes as `[0-9A-Z]`, groups, `|`, repetitions; no look-around, no back-references.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.len() > MAX_PATTERN {
            return Err(PatternError::TooLong);
        }
        let compile = |text: &str| {
            let compiled = regex_lite::RegexBuilder::new(text).size_limit(MAX_COMPILED).build();
            compiled.map_err(|_| PatternError::Unusable)
        };
        // By itself first: `a)|(b` is none, but would be one between our parentheses.
        compile(text)?;
        Ok(Self { text: text.into(), regex: compile(&format!("^(?:{text})$"))? })
    }

    /// Is the whole text as the pattern says?
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_whole_text_is_asked() {
        let pattern = Pattern::parse("[甲乙]A[0-9]{2}|x").unwrap();
        for (text, matches) in
            [("甲A01", true), ("x", true), ("甲A012", false), ("a甲A01", false), ("甲A01\n", false), ("", false)]
        {
            assert_eq!(pattern.matches(text), matches, "{text:?}");
        }
        assert_eq!(pattern, Pattern::parse(pattern.as_str()).unwrap());
    }

    #[test]
    fn what_costs_too_much_is_refused() {
        for (wrong, error) in [
            ("[", PatternError::Unusable),
            ("a)|(b", PatternError::Unusable),
            ("(?=a)", PatternError::Unusable),
            ("(((a{100}){100}){100})", PatternError::Unusable),
            ("a".repeat(513).as_str(), PatternError::TooLong),
        ] {
            assert_eq!(Pattern::parse(wrong), Err(error), "{wrong}");
        }
    }
}
