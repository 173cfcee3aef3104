//! How the bytes of an object are prepared before they become text.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Error, MAX_DECODED, base45, digits, inflate, part};

/// How the bytes of an object were prepared before they became text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// 1: not at all.
    Plain,
    /// 2: compressed (brotli, RFC 7932).
    Brotli,
    /// 3: one part of several.
    Part,
}

impl Form {
    /// The number on the wire, 1 to 9.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Plain => 1,
            Self::Brotli => 2,
            Self::Part => 3,
        }
    }

    /// The number as a digit.
    pub(super) const fn digit(self) -> u8 {
        self.number() | b'0'
    }

    pub(super) const fn from_digit(digit: u8) -> Result<Self, Error> {
        match digit {
            b'1' => Ok(Self::Plain),
            b'2' => Ok(Self::Brotli),
            b'3' => Ok(Self::Part),
            _ => Err(Error::FormUnknown { form: digit.wrapping_sub(b'0') }),
        }
    }
}

/// The bytes of an object in some form, ready to be written as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    form: Form,
    content: Vec<u8>,
}

impl Prepared {
    /// As they are.
    ///
    /// # Errors
    /// [`Error::Empty`], or [`Error::TooLong`] for more than [`MAX_DECODED`] bytes.
    pub fn plain(bytes: &[u8]) -> Result<Self, Error> {
        check_size(bytes)?;
        Ok(Self { form: Form::Plain, content: bytes.into() })
    }

    /// A brotli stream (RFC 7932) that somebody made of them. It is unpacked once, so that nothing is written that could not be read.
    ///
    /// # Errors
    /// [`Error::Compression`], [`Error::Window`] or [`Error::TooLong`], as a reader would find.
    pub fn compressed(stream: Vec<u8>) -> Result<Self, Error> {
        inflate::inflate(&stream)?;
        Ok(Self { form: Form::Brotli, content: stream })
    }

    pub(super) const fn part(content: Vec<u8>) -> Self {
        Self { form: Form::Part, content }
    }

    /// The form.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The content of the form.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The text in digits.
    #[must_use]
    pub fn digits(&self) -> String {
        digits::write(self.form, &self.content)
    }

    /// The text in base45.
    #[must_use]
    pub fn base45(&self) -> String {
        base45::write(self.form, &self.content)
    }

    /// The same in as few parts as need be for none to hold more than `most` bytes of it, 1 at least; the parts are as even as can be.
    ///
    /// # Errors
    /// [`Error::TooLong`] if that would be more than [`MAX_PARTS`](super::MAX_PARTS), and for what is a part already.
    pub fn split(&self, most: usize) -> Result<Vec<Self>, Error> {
        part::split(self, most)
    }
}

/// Refuses to write what could not be read.
pub(super) const fn check_size(bytes: &[u8]) -> Result<(), Error> {
    match bytes.len() {
        0 => Err(Error::Empty),
        1..=MAX_DECODED => Ok(()),
        _ => Err(Error::TooLong),
    }
}
