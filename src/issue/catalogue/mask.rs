//! Numbers of persons of which a part is not shown.

use alloc::string::String;

/// What stands in the place of a character that is not shown.
const MASK: char = '*';

/// What is left of a masked number: so many characters at its head and at its tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kept {
    /// At the head.
    pub head: u8,
    /// At the tail.
    pub tail: u8,
}

impl Kept {
    /// The custom for citizen numbers: region at the head, order and check at the tail; the day of birth is not shown.
    pub const CITIZEN: Self = Self { head: 6, tail: 4 };

    /// The number with `*` for what is not kept. One that is no longer than what would be kept is masked whole.
    #[must_use]
    pub fn mask(self, number: &str) -> String {
        let is_kept = self.is_kept(number);
        number.chars().enumerate().map(|(at, character)| if is_kept(at) { character } else { MASK }).collect()
    }

    /// Is exactly what is not kept masked?
    #[must_use]
    pub fn is_shape_of(self, number: &str) -> bool {
        let is_kept = self.is_kept(number);
        is_masked(number) && number.chars().enumerate().all(|(at, character)| is_kept(at) == (character != MASK))
    }

    /// Is the character at a place kept?
    fn is_kept(self, number: &str) -> impl Fn(usize) -> bool {
        let length = number.chars().count();
        let (head, tail) = (usize::from(self.head), usize::from(self.tail));
        let from = length.saturating_sub(tail);
        let is_short = length <= head.saturating_add(tail);
        move |at| !is_short && (at < head || at >= from)
    }
}

/// How the number of a person stands on a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Masking {
    /// Complete.
    Never,
    /// Complete, or masked so.
    Admitted(Kept),
    /// Masked so.
    Demanded(Kept),
}

/// Is any of it masked?
pub(super) fn is_masked(number: &str) -> bool {
    number.contains(MASK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_tail_are_kept() {
        assert_eq!(Kept::CITIZEN.mask("11010519491231002X"), "110105********002X");
        assert_eq!(Kept { head: 0, tail: 0 }.mask("E1234567"), "********");
        assert_eq!(Kept::CITIZEN.mask("E123456789"), "**********");
        assert_eq!(Kept { head: 1, tail: 1 }.mask("证照号码"), "证**码");
        assert_eq!(Kept::CITIZEN.mask(""), "");
        for (number, is) in [
            ("110105********002X", true),
            ("110105194912310023", false),
            ("1101*5********002X", false),
            ("110105*******1002X", false),
            ("******************", false),
        ] {
            assert_eq!(Kept::CITIZEN.is_shape_of(number), is, "{number}");
        }
    }
}
