//! Digits: `860`, the form, then every 7 bytes, big-endian, as 17 digits; numeric QR mode holds them as densely as raw bytes.
//!
//! ```text
//! bytes left over  0  1  2  3   4   5   6
//! digits for them  0  3  5  8  10  13  15
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::repair::{Repair, Repairs};
use super::{Error, Form, MAX_DECODED};

/// What every text begins with; the form follows.
const PREFIX: &[u8; 3] = b"860";
/// Bytes of a group.
const GROUP: usize = 7;
/// Digits of a group.
const GROUP_DIGITS: usize = 17;
/// Digits for as many bytes as the index says: the fewest that hold any value of so many bytes.
const WIDTHS: [usize; 8] = [0, 3, 5, 8, 10, 13, 15, GROUP_DIGITS];

/// Writes bytes of some form as digits.
pub(super) fn write(form: Form, bytes: &[u8]) -> String {
    let groups = bytes.len().div_ceil(GROUP);
    let mut text = String::with_capacity(groups.saturating_mul(GROUP_DIGITS).saturating_add(4));
    text.extend(PREFIX.iter().chain([&form.digit()]).copied().map(char::from));
    for group in bytes.chunks(GROUP) {
        let value = group.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        let width = WIDTHS.get(group.len()).copied().unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(text, "{value:0width$}");
    }
    text
}

/// The form, if this begins as a text of digits does.
pub(super) fn form_of(text: &str) -> Option<u8> {
    let mut digits = text.chars().map_while(|c| digit(c).map(|(digit, _)| digit));
    let begins = PREFIX.iter().all(|expected| digits.next() == Some(*expected));
    digits.next().filter(|_| begins)
}

/// Reads a text that [`form_of`] knows. `start` is how many characters stand before it.
pub(super) fn decode(text: &str, start: usize, repaired: &mut Repairs) -> Result<Vec<u8>, Error> {
    let head = PREFIX.len().saturating_add(1);
    let length = text.chars().count().saturating_sub(head);
    let size = size_of(length).ok_or(Error::Length)?;
    match size {
        0 => return Err(Error::Empty),
        1..=MAX_DECODED => {}
        _ => return Err(Error::TooLong),
    }
    let mut digits = Vec::with_capacity(length);
    for (at, c) in text.chars().enumerate() {
        let (digit, width) = digit(c).ok_or(Error::Character { at: start.saturating_add(at) })?;
        if width == Width::Full {
            repaired.add(Repair::FullWidthDigits);
        }
        if at >= head {
            digits.push(digit);
        }
    }
    let mut bytes = Vec::with_capacity(size);
    for (index, group) in digits.chunks(GROUP_DIGITS).enumerate() {
        let here = size.saturating_sub(bytes.len()).min(GROUP);
        // At most 17 digits: less than 2^57.
        let add = |value: u64, digit: &u8| value.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')));
        let value = group.iter().fold(0, add).to_be_bytes();
        let (above, within) = value.split_at(value.len().saturating_sub(here));
        if above.iter().any(|byte| *byte != 0) {
            let at = index.saturating_mul(GROUP_DIGITS).saturating_add(head);
            return Err(Error::Overflow { at: start.saturating_add(at) });
        }
        bytes.extend_from_slice(within);
    }
    Ok(bytes)
}

/// How many bytes have so many digits; none for a length that no byte string has.
fn size_of(digits: usize) -> Option<usize> {
    let left_over = digits.checked_rem(GROUP_DIGITS)?;
    let bytes = WIDTHS.iter().position(|width| *width == left_over)?;
    digits.checked_div(GROUP_DIGITS)?.checked_mul(GROUP)?.checked_add(bytes)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Ascii,
    Full,
}

/// The ASCII digit that a character stands for.
pub(super) fn digit(c: char) -> Option<(u8, Width)> {
    match c {
        '0'..='9' => u8::try_from(c).ok().map(|digit| (digit, Width::Ascii)),
        // U+FF10 to U+FF19, in the order of the ASCII ones.
        '\u{ff10}'..='\u{ff19}' => {
            u8::try_from(u32::from(c).wrapping_sub(0xff10)).ok().map(|value| (value | b'0', Width::Full))
        }
        _ => None,
    }
}
