//! Text forms of bytes, for codes and for mail. What comes out is not believed: it goes to the reader of its object.
//!
//! | carrier | text | for |
//! |---|---|---|
//! | [digits](encode_digits) | `860`, the form, then digits only | QR codes in numeric mode, which any keyboard-wedge scanner and input method passes on unharmed |
//! | [base45](encode_base45) | `ZY`, the form, `:`, then RFC 9285 | QR codes in alphanumeric mode |
//! | [block](encode_block) | `-----BEGIN ZHENGYIN LICENSE-----`, base64, `-----END …` | mail and text files |
//!
//! Every byte string has one text in each carrier, and every other text is refused. A few harms that scanners and mail programs do are
//! undone on the way in and told as [`Repairs`]; each stands in `docs/tolerances.md`.

mod base45;
mod block;
mod digits;
mod foreign;
mod repair;

pub use base45::encode as encode_base45;
pub use block::{Label, encode as encode_block};
pub use digits::encode as encode_digits;
pub use foreign::Foreign;
pub use repair::{Repair, Repairs};

use alloc::vec::Vec;

use crate::reason::Reason;

/// The most bytes that a carrier holds.
pub const MAX_DECODED: usize = 64 << 10;

/// How the bytes of an object were prepared before they became text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// 1: not at all.
    Plain,
}

impl Form {
    /// The number on the wire, 1 to 9.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Plain => 1,
        }
    }

    /// The number as a digit.
    const fn digit(self) -> u8 {
        self.number() | b'0'
    }

    const fn from_digit(digit: u8) -> Result<Self, Error> {
        match digit {
            b'1' => Ok(Self::Plain),
            _ => Err(Error::FormUnknown { form: digit.wrapping_sub(b'0') }),
        }
    }
}

/// Which carrier a text was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Carrier {
    /// Digits only.
    Digits,
    /// RFC 9285.
    Base45,
    /// A block between two lines that name what it holds. The name is a hint for people and nothing more.
    Block(Label),
}

/// What a text carried.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded {
    /// The bytes of the object, 1 to [`MAX_DECODED`].
    pub bytes: Vec<u8>,
    /// The carrier.
    pub carrier: Carrier,
    /// The form.
    pub form: Form,
    /// What had to be undone before the text could be read; empty for a text as it was written.
    pub repaired: Repairs,
}

/// Why a text carries nothing that this verifier reads. Offsets count the characters of the text that was given, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not ours.
    #[error("{0}")]
    NotOurs(Foreign),
    /// The text is ours, in a form that this verifier does not know.
    #[error("this verifier does not read form {form} yet")]
    FormUnknown {
        /// The form, 0 to 9.
        form: u8,
    },
    /// The block is ours, under a name that this verifier does not know.
    #[error("this verifier does not read blocks of this name yet")]
    LabelUnknown,
    /// There is nothing in it.
    #[error("there is nothing in it")]
    Empty,
    /// A character that cannot stand there.
    #[error("the character at offset {at} cannot stand there")]
    Character {
        /// Its offset.
        at: usize,
    },
    /// No byte string has a text of this length: characters are missing, or there are too many.
    #[error("no code has this length: part of it is missing, or something was added")]
    Length,
    /// A group of characters stands for more than its bytes can hold.
    #[error("the characters from offset {at} stand for more than their bytes can hold")]
    Overflow {
        /// Offset of the group's first character.
        at: usize,
    },
    /// The text would give more than [`MAX_DECODED`] bytes, or the bytes to be written are more.
    #[error("more than 65536 bytes")]
    TooLong,
    /// The last line is not the one that ends this block.
    #[error("the last line does not end the block that the first one begins")]
    BlockEnd,
    /// A line of a block is not as it must be: 64 characters, the last one from 1 to 64, between the lines that name the block.
    #[error("line {line} of the block is too long, too short or out of place")]
    Line {
        /// The line, the one that begins the block being 1.
        line: usize,
    },
    /// The base64 of a block is not the canonical one.
    #[error("the block is not canonical base64")]
    Base64,
}

impl Error {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::NotOurs(_) => Reason::CarrierUnknown,
            Self::FormUnknown { .. } | Self::LabelUnknown => Reason::EncodingFormUnknown,
            Self::TooLong => Reason::EncodingTooLarge,
            Self::Empty
            | Self::Character { .. }
            | Self::Length
            | Self::Overflow { .. }
            | Self::BlockEnd
            | Self::Line { .. }
            | Self::Base64 => Reason::CarrierMalformed,
        }
    }
}

/// What a file holds: an object as it is, or a text that carries one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// The bytes of an object, or of a sequence of them.
    Object(&'a [u8]),
    /// A text for [`decode`].
    Text(&'a str),
}

impl<'a> Content<'a> {
    /// Tells by the first bytes: a signed object begins with tag 18 or 98, or an array of one, and no text of a carrier does.
    #[must_use]
    pub const fn of(bytes: &'a [u8]) -> Self {
        match bytes {
            // RFC 9052 §4.2 (0xd2), §4.1 (0xd8 0x62).
            [0xd2, ..] | [0xd8, 0x62, ..] => Self::Object(bytes),
            _ => match core::str::from_utf8(bytes) {
                Ok(text) => Self::Text(text),
                Err(_) => Self::Object(bytes),
            },
        }
    }
}

/// Reads the text of any carrier.
///
/// Undone and reported are white space around the text (a byte-order mark included), full-width digits in the digits carrier, lower
/// case in base45, and CR LF for LF in a block. Memory is bounded by [`MAX_DECODED`]; no URL or payment code is ever opened.
///
/// # Errors
/// [`Error`]: what is wrong, or what the text is instead.
pub fn decode(text: &str) -> Result<Decoded, Error> {
    let repair::Trimmed { before, within, after } = repair::trim(text);
    let start = before.chars().count();
    let mut repaired = Repairs::default();
    if !before.is_empty() || !after.is_empty() && !block::is_ours(within) {
        repaired.add(Repair::WhiteSpace);
    }
    if within.is_empty() {
        return Err(Error::Empty);
    }
    if let Some(foreign) = foreign::goods(within) {
        return Err(Error::NotOurs(foreign));
    }
    let (carrier, form, bytes) = if let Some(form) = digits::form_of(within) {
        (Carrier::Digits, Form::from_digit(form)?, digits::decode(within, start, &mut repaired)?)
    } else if let Some(form) = base45::form_of(within) {
        (Carrier::Base45, Form::from_digit(form)?, base45::decode(within, start, &mut repaired)?)
    } else if block::is_ours(within) {
        let (label, bytes) = block::decode(within, after, &mut repaired)?;
        (Carrier::Block(label), Form::Plain, bytes)
    } else {
        return Err(Error::NotOurs(foreign::name(within)));
    };
    Ok(Decoded { bytes, carrier, form, repaired })
}

/// Refuses to write what could not be read.
const fn check_size(bytes: &[u8]) -> Result<(), Error> {
    match bytes.len() {
        0 => Err(Error::Empty),
        1..=MAX_DECODED => Ok(()),
        _ => Err(Error::TooLong),
    }
}

#[cfg(test)]
mod tests;
