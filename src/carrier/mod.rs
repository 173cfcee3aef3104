//! Text forms of bytes, for codes and for mail. What comes out is not believed: it goes to the reader of its object.
//!
//! | carrier | text | for |
//! |---|---|---|
//! | [digits](encode_digits) | `860`, the form, then digits only | QR codes in numeric mode, which any keyboard-wedge scanner and input method passes on unharmed |
//! | [base45](encode_base45) | `ZY`, the form, `:`, then RFC 9285 | QR codes in alphanumeric mode |
//! | [block](encode_block) | `-----BEGIN ZHENGYIN LICENSE-----`, base64, `-----END …` | mail and text files |
//!
//! ```text
//! text ─read→ Scanned { form, content } ─open→ Decoded { bytes }          form 1 plain, 2 compressed
//!                                       ─Parts::add→ … ─open→ Decoded     form 3, one of several
//! ```
//!
//! Every byte string has one text in each carrier, and every other text is refused. A few harms that scanners and mail programs do are
//! undone on the way in and told as [`Repairs`]; each stands in `docs/tolerances.md`.

mod base45;
mod block;
mod digits;
mod foreign;
mod form;
mod inflate;
mod part;
mod repair;
mod together;

pub use block::{Label, encode as encode_block};
pub use foreign::Foreign;
pub use form::{Form, Prepared};
pub use part::{Joined, MAX_PARTS, PartOf, Parts};
pub use repair::{Repair, Repairs};

use alloc::string::String;
use alloc::vec::Vec;

use crate::reason::Reason;

/// The most bytes that a carrier holds.
pub const MAX_DECODED: usize = 64 << 10;

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

/// What one text carried, as it stands there: in some form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scanned {
    /// The content of the form, 1 to [`MAX_DECODED`] bytes.
    pub content: Vec<u8>,
    /// The carrier.
    pub carrier: Carrier,
    /// The form.
    pub form: Form,
    /// What had to be undone before the text could be read; empty for a text as it was written.
    pub repaired: Repairs,
}

impl Scanned {
    /// Which part of how many it is.
    ///
    /// # Errors
    /// [`Error::PartHead`] or [`Error::Length`] for what is no part.
    pub fn part(&self) -> Result<PartOf, Error> {
        part::head(self)
    }

    /// The bytes of the object.
    ///
    /// # Errors
    /// [`Error::PartMissing`] for a part, which [`Parts`] joins with the others; what is wrong with a compressed stream.
    pub fn open(self) -> Result<Decoded, Error> {
        let Self { content, carrier, form, repaired } = self;
        let decoded = |bytes| Decoded { bytes, carrier, form, parts: 1, repaired };
        match form {
            Form::Plain => Ok(decoded(content)),
            Form::Brotli => inflate::inflate(&content).map(decoded),
            Form::Part => Err(part::alone(&content)),
        }
    }
}

/// What a text, or several that belong together, carried.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded {
    /// The bytes of the object, 1 to [`MAX_DECODED`].
    pub bytes: Vec<u8>,
    /// The carrier; of several parts, the last one's.
    pub carrier: Carrier,
    /// The form, of several parts that of the whole: never [`Form::Part`].
    pub form: Form,
    /// Of how many texts it was joined; 1 for a whole one.
    pub parts: u8,
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
    /// The compressed stream is damaged, or does not end where it must.
    #[error("what is compressed in it cannot be unpacked")]
    Compression,
    /// The compressed stream asks for a window beyond [`MAX_DECODED`].
    #[error("what is compressed in it asks for a window of more than 65536 bytes")]
    Window,
    /// The head of a part contradicts itself, or nothing follows it.
    #[error("the part says that it is number {number} of {total}, which cannot be")]
    PartHead {
        /// Its number, from 1.
        number: u16,
        /// How many there are.
        total: u8,
    },
    /// It is one part of several, and not all of them are there.
    #[error("part {number} of {total} is missing")]
    PartMissing {
        /// The first that is missing, from 1.
        number: u16,
        /// How many there are.
        total: u8,
    },
    /// The part does not belong with those before it.
    #[error("part {number} of {total} belongs to another code than the parts before it")]
    PartsMixed {
        /// Its number, from 1.
        number: u16,
        /// How many there are.
        total: u8,
    },
    /// Two codes or more in one text: the scanner ran them together.
    #[error("two codes in one scan, run together")]
    RunTogether,
    /// The parts were joined, and are not what they say they are part of.
    #[error("the parts do not make the whole that they name")]
    PartsDamaged,
}

impl Error {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::NotOurs(_) => Reason::CarrierUnknown,
            Self::FormUnknown { .. } | Self::LabelUnknown => Reason::EncodingFormUnknown,
            Self::TooLong | Self::Window => Reason::EncodingTooLarge,
            Self::Compression => Reason::CarrierCompression,
            Self::PartMissing { .. } => Reason::CarrierPartMissing,
            Self::PartsMixed { .. } => Reason::CarrierPartsMixed,
            Self::RunTogether => Reason::CarrierRunTogether,
            Self::Empty
            | Self::Character { .. }
            | Self::Length
            | Self::Overflow { .. }
            | Self::BlockEnd
            | Self::Line { .. }
            | Self::Base64
            | Self::PartHead { .. }
            | Self::PartsDamaged => Reason::CarrierMalformed,
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

/// Writes bytes as digits, in the plain form; [`Prepared`] writes the others.
///
/// # Errors
/// [`Error::Empty`], or [`Error::TooLong`] for more than [`MAX_DECODED`] bytes.
pub fn encode_digits(bytes: &[u8]) -> Result<String, Error> {
    Prepared::plain(bytes).map(|prepared| prepared.digits())
}

/// Writes bytes in base45, in the plain form; [`Prepared`] writes the others.
///
/// # Errors
/// [`Error::Empty`], or [`Error::TooLong`] for more than [`MAX_DECODED`] bytes.
pub fn encode_base45(bytes: &[u8]) -> Result<String, Error> {
    Prepared::plain(bytes).map(|prepared| prepared.base45())
}

/// Reads the text of any carrier and opens it: [`read`], then [`Scanned::open`].
///
/// # Errors
/// [`Error`]: what is wrong, or what the text is instead.
pub fn decode(text: &str) -> Result<Decoded, Error> {
    read(text)?.open().map_err(|error| together::named(error, text))
}

/// Is a text two codes or more, one after the other, each of which could be read? For a text that carries nothing of sense: one code may
/// look like two by chance, and two, joined, may read as one.
#[must_use]
pub fn are_run_together(text: &str) -> bool {
    together::are(repair::trim(text).within)
}

/// Reads texts that belong together: one that holds the whole, or all the parts of one, in any order.
///
/// # Errors
/// [`Error`]: what is wrong with the first of them that is not right; or [`Error::PartMissing`], after the last.
pub fn decode_parts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Decoded, Error> {
    let mut parts = Parts::default();
    let mut whole: Option<Decoded> = None;
    for text in texts {
        let scanned = read(text)?;
        whole = match (scanned.form, &whole) {
            (Form::Part, Some(known)) if parts.is_empty() => Err(Error::PartsMixed { number: 1, total: known.parts })?,
            (Form::Part, _) => match parts.add(scanned)? {
                Joined::Whole(joined) => Some(joined),
                Joined::Missing => None,
            },
            (_, None) if parts.is_empty() => Some(scanned.open()?),
            // Beside one whole, another code would be one that the answer is not about.
            _ => Err(Error::PartsMixed { number: 1, total: 1 })?,
        };
    }
    whole.ok_or_else(|| {
        parts.first_missing().map_or(Error::Empty, |(number, total)| Error::PartMissing { number, total })
    })
}

/// Reads the text of any carrier, in whichever form.
///
/// Undone and reported are white space around the text (a byte-order mark included), full-width digits in the digits carrier, lower
/// case in base45, and CR LF for LF in a block. Memory is bounded by [`MAX_DECODED`]; no URL or payment code is ever opened.
///
/// # Errors
/// [`Error`]: what is wrong, or what the text is instead.
pub fn read(text: &str) -> Result<Scanned, Error> {
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
    let together = |error| together::named(error, within);
    let (carrier, form, content) = if let Some(form) = digits::form_of(within) {
        (Carrier::Digits, Form::from_digit(form)?, digits::decode(within, start, &mut repaired).map_err(together)?)
    } else if let Some(form) = base45::form_of(within) {
        (Carrier::Base45, Form::from_digit(form)?, base45::decode(within, start, &mut repaired).map_err(together)?)
    } else if block::is_ours(within) {
        let (label, content) = block::decode(within, after, &mut repaired)?;
        (Carrier::Block(label), Form::Plain, content)
    } else {
        return Err(Error::NotOurs(foreign::name(within)));
    };
    Ok(Scanned { content, carrier, form, repaired })
}

#[cfg(test)]
mod tests;
