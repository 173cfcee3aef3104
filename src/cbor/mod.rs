//! Deterministic CBOR (RFC 8949 §4.2.1): nothing else can be read or written.
//!
//! Every value has one encoding: shortest heads, definite lengths, map keys in bytewise order without duplicates, UTF-8 text. Also
//! refused are floats, simple values but `false`, `true` and `null`, tags but those of [`crate::labels::tag`], integers outside
//! 64 bits, nesting deeper than [`MAX_DEPTH`](crate::limits::MAX_DEPTH), and text that would not show as what was signed (see [`text_is_plain`]).
//! Reading an accepted input and writing what was read gives the same bytes.

mod account;
mod head;
mod map;
mod reader;
mod sequence;
mod skip;
mod text;
mod writer;

pub use head::Kind;
pub use map::{Key, MapReader};
pub use reader::Reader;
pub use sequence::Items;
pub use text::text_is_plain;
pub use writer::{MapWriter, Writer};

use crate::reason::Reason;

/// What is wrong with an encoding, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (at byte {at})")]
pub struct Error {
    /// What is wrong.
    pub fault: Fault,
    /// Offset of the offending head, from the beginning of the bytes that were given to the reader.
    pub at: usize,
}

/// What can be wrong with an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The input ends within an item.
    #[error("the input ends within an item")]
    UnexpectedEnd,
    /// Bytes follow the item.
    #[error("bytes follow the item")]
    TrailingBytes,
    /// The item is of another type than the schema asks for.
    #[error("the item is of another type than the format asks for")]
    WrongType,
    /// The item's length or value is not one that the schema admits.
    #[error("the length or value is not one that the format admits")]
    OutOfRange,
    /// RFC 8949 §4.2.1: the head is longer than it need be.
    #[error("a head is longer than it need be")]
    NotShortest,
    /// RFC 8949 §4.2.1: the length is indefinite.
    #[error("an indefinite length")]
    Indefinite,
    /// RFC 8949 §3: additional information 28 to 30 is reserved.
    #[error("a reserved head")]
    Reserved,
    /// The format has no floats.
    #[error("a floating-point number")]
    Float,
    /// The format has no simple values but false, true and null.
    #[error("a simple value other than false, true and null")]
    Simple,
    /// The format has no such tag here.
    #[error("a tag that the format does not have here")]
    Tag,
    /// A negative integer below -2^63.
    #[error("an integer below -2^63")]
    TooNegative,
    /// Arrays, maps and tags nest too deeply.
    #[error("nesting is too deep")]
    TooDeep,
    /// The object is longer than its kind may be.
    #[error("the object is too large")]
    TooLarge,
    /// RFC 8949 §4.2.1: map keys are not in bytewise order.
    #[error("map keys are not in bytewise order")]
    KeyOrder,
    /// RFC 8949 §5.6: a map key stands twice.
    #[error("a map key stands twice")]
    DuplicateKey,
    /// The map is closed and has no such key.
    #[error("the map has no such key")]
    UnknownKey,
    /// RFC 8949 §3.1: a text is not UTF-8.
    #[error("a text is not UTF-8")]
    NotUtf8,
    /// A text holds a character that would not show as what was signed.
    #[error("a text holds a character that is not admitted")]
    Character,
}

impl Error {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self.fault {
            Fault::UnexpectedEnd | Fault::WrongType | Fault::Reserved | Fault::NotUtf8 => Reason::EncodingMalformed,
            Fault::TrailingBytes => Reason::EncodingTrailing,
            Fault::OutOfRange | Fault::UnknownKey => Reason::EncodingClaims,
            Fault::NotShortest
            | Fault::Indefinite
            | Fault::Float
            | Fault::Simple
            | Fault::Tag
            | Fault::TooNegative
            | Fault::KeyOrder
            | Fault::DuplicateKey => Reason::EncodingNotCanonical,
            Fault::TooDeep | Fault::TooLarge => Reason::EncodingTooLarge,
            Fault::Character => Reason::EncodingText,
        }
    }
}

/// Checks that the input is exactly one item in the canonical encoding.
///
/// # Errors
/// The first fault.
pub fn check(input: &[u8]) -> Result<(), Error> {
    let mut reader = Reader::new(input);
    reader.skip()?;
    reader.finish()
}

/// Does the input hold at most `most` items, counted at every depth? Nothing is said of their order or nesting.
///
/// # Errors
/// The first fault of an item by itself.
pub fn holds_at_most(input: &[u8], most: usize) -> Result<bool, Error> {
    let mut reader = Reader::new(input);
    for _ in 0..most {
        if reader.is_at_end() {
            return Ok(true);
        }
        reader.head_alone()?;
    }
    Ok(reader.is_at_end())
}

#[cfg(test)]
mod tests;
