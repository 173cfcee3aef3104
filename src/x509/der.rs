//! Canonical DER (X.690 §10, §11): the check that every received certificate passes before it is parsed, and the small reader
//! that the check and the fixed shapes of this module are written with.
//!
//! The parser that decodes certificates is lax (it takes non-minimal lengths and leftover elements), and a second encoding of
//! the same certificate would dodge a pin by digest. So what is not the one DER form is refused here, first. Nothing is
//! allocated; depth and length are bounded.

use alloc::vec::Vec;

use thiserror::Error;

use crate::reason::Reason;

/// The longest certificate that is read, in bytes.
pub const MAX_LENGTH: usize = 65_535;

/// How deep elements may nest. A certificate of RFC 5280 with the extensions that we read needs 8 levels.
const MAX_DEPTH: usize = 16;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
const ENUMERATED: u8 = 0x0a;
pub(crate) const UTF8_STRING: u8 = 0x0c;
const NUMERIC_STRING: u8 = 0x12;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
const TELETEX_STRING: u8 = 0x14;
const IA5_STRING: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
const VISIBLE_STRING: u8 = 0x1a;
const UNIVERSAL_STRING: u8 = 0x1c;
const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

const CLASS_CONTEXT: u8 = 0x80;
const CLASS_MASK: u8 = 0xc0;
const CONSTRUCTED: u8 = 0x20;
const TAG_NUMBER_MASK: u8 = 0x1f;

/// Where the bytes leave DER, and which rule they break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("byte {position}: {rule}")]
pub struct DerError {
    /// Offset of the element at fault from the start of what was checked, in bytes.
    pub position: usize,
    /// The rule that it breaks.
    pub rule: DerRule,
}

impl DerError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self.rule {
            DerRule::IndefiniteLength
            | DerRule::LengthNotMinimal
            | DerRule::WrongForm
            | DerRule::Boolean
            | DerRule::Integer
            | DerRule::BitString
            | DerRule::ObjectIdentifier
            | DerRule::Time
            | DerRule::SetOrder
            | DerRule::DefaultWritten => Reason::CertificateNotCanonical,
            DerRule::TooLong
            | DerRule::Truncated
            | DerRule::TrailingBytes
            | DerRule::TooDeep
            | DerRule::TooMany
            | DerRule::UnknownTag
            | DerRule::Null
            | DerRule::Text
            | DerRule::Shape => Reason::CertificateMalformed,
        }
    }
}

/// A rule of DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DerRule {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("longer than 65535 bytes")]
    TooLong,
    /// An element says that it is longer than what is there.
    #[error("the bytes end inside an element")]
    Truncated,
    /// Bytes are left after the one element.
    #[error("bytes are left after the end")]
    TrailingBytes,
    /// Elements nest deeper than 16 levels.
    #[error("nested deeper than 16 levels")]
    TooDeep,
    /// More extensions, or more purposes, than are read.
    #[error("more than 64 members")]
    TooMany,
    /// X.690 §10.1: a length in indefinite form.
    #[error("a length of indefinite form")]
    IndefiniteLength,
    /// X.690 §10.1: a length in more bytes than it needs.
    #[error("a length in more bytes than it needs")]
    LengthNotMinimal,
    /// A tag that certificates do not use: high tag numbers, the application and private classes, end-of-contents, types of
    /// X.680 that RFC 5280 never mentions.
    #[error("a tag that certificates do not use")]
    UnknownTag,
    /// X.690 §10.2: a string or another primitive type in constructed form, or a SEQUENCE or SET in primitive form.
    #[error("constructed where DER wants primitive, or the reverse")]
    WrongForm,
    /// X.690 §11.1: a BOOLEAN other than one byte 00 or FF.
    #[error("a BOOLEAN other than 00 or FF")]
    Boolean,
    /// X.690 §8.3.2: an INTEGER or ENUMERATED that is empty or longer than it needs to be.
    #[error("an INTEGER that is empty or not minimal")]
    Integer,
    /// X.690 §11.2.1: a BIT STRING without its first byte, with more than 7 unused bits, or whose unused bits are not 0.
    #[error("a BIT STRING with bad padding")]
    BitString,
    /// X.690 §8.8.2: a NULL with content.
    #[error("a NULL with content")]
    Null,
    /// X.690 §8.19.2: an OBJECT IDENTIFIER that is empty, cut short, or has an arc in more bytes than it needs.
    #[error("an OBJECT IDENTIFIER that is empty, cut or not minimal")]
    ObjectIdentifier,
    /// A string whose bytes its type does not allow.
    #[error("a string with bytes that its type does not allow")]
    Text,
    /// RFC 5280 §4.1.2.5: a time that is not `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
    #[error("a time that is not of the one form")]
    Time,
    /// X.690 §11.6: members of a SET OF out of order, or twice.
    #[error("a SET whose members are out of order")]
    SetOrder,
    /// X.690 §11.5: a value that equals its DEFAULT is written out.
    #[error("a DEFAULT value is written out")]
    DefaultWritten,
    /// The elements are not those that the type has in this place.
    #[error("not the element that belongs here")]
    Shape,
}

/// One element: tag, length and content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    /// Tag, length and content together.
    pub(crate) whole: &'a [u8],
    /// Offset of the tag.
    pub(crate) position: usize,
    /// Offset of the content.
    content_position: usize,
}

impl<'a> Element<'a> {
    /// Reads the content as elements.
    pub(crate) fn inside(&self) -> Reader<'a> {
        Reader { rest: self.content, position: self.content_position }
    }

    pub(crate) const fn fault(&self, rule: DerRule) -> DerError {
        DerError { position: self.position, rule }
    }
}

/// Reads elements one after the other. Every length that it accepts is definite, minimal and inside the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, position: 0 }
    }

    pub(crate) const fn fault(&self, rule: DerRule) -> DerError {
        DerError { position: self.position, rule }
    }

    /// The next element, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Element<'a>>, DerError> {
        let start = self.rest;
        let Some((&tag, after_tag)) = start.split_first() else {
            return Ok(None);
        };
        if tag & TAG_NUMBER_MASK == TAG_NUMBER_MASK {
            return Err(self.fault(DerRule::UnknownTag));
        }
        let (length, after_length) = length(after_tag).map_err(|rule| self.fault(rule))?;
        let truncated = self.fault(DerRule::Truncated);
        let (content, rest) = after_length.split_at_checked(length).ok_or(truncated)?;
        let head = start.len().saturating_sub(after_length.len());
        let whole_length = head.saturating_add(length);
        let whole = start.get(..whole_length).ok_or(truncated)?;
        let position = self.position;
        let content_position = position.saturating_add(head);
        self.rest = rest;
        self.position = position.saturating_add(whole_length);
        Ok(Some(Element { tag, content, whole, position, content_position }))
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        let here = self.fault(DerRule::Shape);
        self.next()?.filter(|element| element.tag == tag).ok_or(here)
    }

    /// The next element if it has this tag; nothing is consumed otherwise.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
        if self.rest.first() == Some(&tag) { self.next() } else { Ok(None) }
    }

    /// Nothing may be left.
    pub(crate) const fn finish(&self) -> Result<(), DerError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.fault(DerRule::Shape)) }
    }
}

/// X.690 §10.1: a definite length in the fewest bytes. Four bytes are more than [`MAX_LENGTH`] needs.
fn length(bytes: &[u8]) -> Result<(usize, &[u8]), DerRule> {
    let (&first, rest) = bytes.split_first().ok_or(DerRule::Truncated)?;
    let count = match first {
        0..=0x7f => return Ok((usize::from(first), rest)),
        0x80 => return Err(DerRule::IndefiniteLength),
        _ => usize::from(first & 0x7f),
    };
    let (digits, rest) = rest.split_at_checked(count).ok_or(DerRule::Truncated)?;
    if digits.first() == Some(&0) {
        return Err(DerRule::LengthNotMinimal);
    }
    if count > 4 {
        return Err(DerRule::Truncated);
    }
    let value = digits.iter().fold(0_u64, |value, &digit| (value << 8) | u64::from(digit));
    if value < 0x80 {
        return Err(DerRule::LengthNotMinimal);
    }
    Ok((usize::try_from(value).map_err(|_| DerRule::Truncated)?, rest))
}

/// Checks that `bytes` are exactly one element in DER, all the way down to the content of OCTET STRINGs, BIT STRINGs and
/// primitive context tags, whose type is not known here.
pub(crate) fn check(bytes: &[u8]) -> Result<Element<'_>, DerError> {
    if bytes.len() > MAX_LENGTH {
        return Err(DerError { position: 0, rule: DerRule::TooLong });
    }
    let mut reader = Reader::new(bytes);
    let truncated = reader.fault(DerRule::Truncated);
    let element = reader.next()?.ok_or(truncated)?;
    if reader.finish().is_err() {
        return Err(reader.fault(DerRule::TrailingBytes));
    }
    check_element(&element, MAX_DEPTH)?;
    Ok(element)
}

fn check_element(element: &Element<'_>, depth: usize) -> Result<(), DerError> {
    let universal = element.tag & CLASS_MASK == 0;
    let context = element.tag & CLASS_MASK == CLASS_CONTEXT;
    let constructed = element.tag & CONSTRUCTED != 0;
    if !constructed {
        return if context { Ok(()) } else { check_primitive(element).map_err(|rule| element.fault(rule)) };
    }
    match element.tag {
        SEQUENCE | SET => {}
        _ if context => {}
        _ if universal => return Err(element.fault(DerRule::WrongForm)),
        _ => return Err(element.fault(DerRule::UnknownTag)),
    }
    let depth = depth.checked_sub(1).ok_or(element.fault(DerRule::TooDeep))?;
    let mut reader = element.inside();
    let mut previous: &[u8] = &[];
    while let Some(member) = reader.next()? {
        check_element(&member, depth)?;
        // X.690 §11.6. Lengths are minimal, so comparing whole encodings is the padded comparison of the clause.
        if element.tag == SET && member.whole <= previous {
            return Err(member.fault(DerRule::SetOrder));
        }
        previous = member.whole;
    }
    Ok(())
}

fn check_primitive(element: &Element<'_>) -> Result<(), DerRule> {
    let content = element.content;
    let (holds, rule) = match element.tag {
        BOOLEAN => (matches!(content, [0x00 | 0xff]), DerRule::Boolean),
        INTEGER | ENUMERATED => (integer_is_minimal(content), DerRule::Integer),
        BIT_STRING => (bit_string_is_padded(content), DerRule::BitString),
        OCTET_STRING => (true, DerRule::Shape),
        NULL => (content.is_empty(), DerRule::Null),
        OBJECT_IDENTIFIER => (object_identifier_is_minimal(content), DerRule::ObjectIdentifier),
        UTF8_STRING => (core::str::from_utf8(content).is_ok(), DerRule::Text),
        NUMERIC_STRING => (content.iter().all(|byte| matches!(byte, b'0'..=b'9' | b' ')), DerRule::Text),
        // Real certificates hold `@`, `_`, UTF-8 or GB 18030 in these (docs/tolerances.md). What is read of them is checked where it is read.
        PRINTABLE_STRING | IA5_STRING | TELETEX_STRING | VISIBLE_STRING => (true, DerRule::Text),
        BMP_STRING => (content.len().is_multiple_of(2), DerRule::Text),
        UNIVERSAL_STRING => (content.len().is_multiple_of(4), DerRule::Text),
        UTC_TIME => (time_is_of_form(content, 12), DerRule::Time),
        GENERALIZED_TIME => (time_is_of_form(content, 14), DerRule::Time),
        0x10 | 0x11 => (false, DerRule::WrongForm),
        _ => (false, DerRule::UnknownTag),
    };
    if holds { Ok(()) } else { Err(rule) }
}

const fn integer_is_minimal(content: &[u8]) -> bool {
    match content {
        [] => false,
        [0x00, second, ..] => *second >= 0x80,
        [0xff, second, ..] => *second < 0x80,
        _ => true,
    }
}

fn bit_string_is_padded(content: &[u8]) -> bool {
    match content {
        [] => false,
        [unused] => *unused == 0,
        [unused @ 0..=7, .., last] => last.trailing_zeros() >= u32::from(*unused),
        _ => false,
    }
}

fn object_identifier_is_minimal(content: &[u8]) -> bool {
    let mut at_start = true;
    for &byte in content {
        if at_start && byte == 0x80 {
            return false;
        }
        at_start = byte < 0x80;
    }
    at_start && !content.is_empty()
}

/// X.680 §41.4: the characters of PrintableString.
pub(crate) const fn is_printable(byte: u8) -> bool {
    matches!(byte,
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9'
        | b' ' | b'\'' | b'(' | b')' | b'+' | b',' | b'-' | b'.' | b'/' | b':' | b'=' | b'?')
}

/// RFC 5280 §4.1.2.5.1, §4.1.2.5.2: digits down to the second, then `Z`.
fn time_is_of_form(content: &[u8], digits: usize) -> bool {
    content
        .split_last_chunk::<1>()
        .is_some_and(|(number, zone)| zone == b"Z" && number.len() == digits && number.iter().all(u8::is_ascii_digit))
}

/// Writes one element: the tag, the length in the fewest bytes, the content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(content.len().saturating_add(6));
    bytes.push(tag);
    match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7f) => bytes.push(short),
        _ => {
            let digits = content.len().to_be_bytes();
            let digits = digits.iter().skip_while(|&&digit| digit == 0);
            bytes.push(0x80 | u8::try_from(digits.clone().count()).unwrap_or(0x7f));
            bytes.extend(digits);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}
