//! The reader: borrows from its input, allocates nothing, and refuses what is not canonical where it stands.

use super::head::{Head, Kind};
use super::map::{Key, MapReader};
use super::{Error, Fault, text};

/// Reads items from a byte slice, one after the other.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    input: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of `input`.
    #[must_use]
    pub const fn new(input: &'a [u8]) -> Self {
        Self { input, at: 0 }
    }

    /// Offset of the next item.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// Is there nothing more to read?
    #[must_use]
    pub const fn is_at_end(&self) -> bool {
        self.at >= self.input.len()
    }

    /// An error about the item that stands at `at`.
    #[must_use]
    pub const fn error_at(fault: Fault, at: usize) -> Error {
        Error { fault, at }
    }

    /// The type of the next item, without reading it.
    ///
    /// # Errors
    /// [`Fault::UnexpectedEnd`] if there is none.
    pub fn kind(&self) -> Result<Kind, Error> {
        self.input.get(self.at).map(|first| Kind::of(*first)).ok_or(Error { fault: Fault::UnexpectedEnd, at: self.at })
    }

    /// Ends reading.
    ///
    /// # Errors
    /// [`Fault::TrailingBytes`] if something is left.
    pub const fn finish(self) -> Result<(), Error> {
        if self.is_at_end() { Ok(()) } else { Err(Error { fault: Fault::TrailingBytes, at: self.at }) }
    }

    /// All that is read from.
    pub(super) const fn whole(&self) -> &'a [u8] {
        self.input
    }

    /// The bytes from `start` up to the next item.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        self.input.get(start..self.at).unwrap_or_default()
    }

    /// The next `n` bytes of the input.
    #[inline]
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(n)?;
        let taken = self.input.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    #[inline]
    pub(super) fn head(&mut self) -> Result<Head, Error> {
        let at = self.at;
        let first = *self.input.get(at).ok_or(Error { fault: Fault::UnexpectedEnd, at })?;
        let kind = Kind::of(first);
        let info = first & 0x1f;
        // There is a byte at `at`, so this does not wrap.
        self.at = at.wrapping_add(1);
        // Most heads are one byte long.
        if info < 24 && kind != Kind::Simple {
            return Ok(Head { kind, argument: u64::from(info) });
        }
        self.argument(kind, info, at).map(|argument| Head { kind, argument })
    }

    /// The argument of a head that began at `at` with a byte that does not hold it.
    fn argument(&mut self, kind: Kind, info: u8, at: usize) -> Result<u64, Error> {
        let fail = |fault| Error { fault, at };
        let end = || fail(Fault::UnexpectedEnd);
        if kind == Kind::Simple {
            // RFC 8949 §3.3. 20, 21, 22 are false, true, null; 25 to 27 are floats; 31 is a break without a beginning.
            return match info {
                20..=22 => Ok(u64::from(info)),
                25..=27 => Err(fail(Fault::Float)),
                28..=30 => Err(fail(Fault::Reserved)),
                31 => Err(fail(Fault::Indefinite)),
                _ => Err(fail(Fault::Simple)),
            };
        }
        // RFC 8949 §4.2.1: the argument stands in the shortest form.
        let (argument, shortest) = match info {
            24 => {
                let [value] = *self.take_array().ok_or_else(end)?;
                (u64::from(value), value >= 24)
            }
            25 => {
                let value = self.take_array().copied().map(u16::from_be_bytes).ok_or_else(end)?;
                (u64::from(value), value > 0xff)
            }
            26 => {
                let value = self.take_array().copied().map(u32::from_be_bytes).ok_or_else(end)?;
                (u64::from(value), value > 0xffff)
            }
            27 => {
                let value = self.take_array().copied().map(u64::from_be_bytes).ok_or_else(end)?;
                (value, value > 0xffff_ffff)
            }
            31 if !matches!(kind, Kind::Uint | Kind::Negative | Kind::Tag) => return Err(fail(Fault::Indefinite)),
            _ => return Err(fail(Fault::Reserved)),
        };
        if shortest { Ok(argument) } else { Err(fail(Fault::NotShortest)) }
    }

    /// The next `N` bytes of the input.
    #[inline]
    fn take_array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        self.take(N)?.first_chunk()
    }

    /// A map key that is an integer of one byte, if one is next and stands above the first byte of the key before.
    #[inline]
    pub(super) fn small_key(&mut self, above: Option<&u8>) -> Option<(i64, &'a [u8])> {
        let rest = self.input.get(self.at..)?;
        let (encoded, _) = rest.split_at_checked(1)?;
        let first = encoded.first().filter(|first| above < Some(first))?;
        // RFC 8949 §3: 0–23, and -1 to -24.
        let key = match *first {
            number @ 0x00..=0x17 => i64::from(number),
            number @ 0x20..=0x37 => !i64::from(number & 0x1f),
            _ => return None,
        };
        // There is a byte at `at`, so this does not wrap.
        self.at = self.at.wrapping_add(1);
        Some((key, encoded))
    }

    /// A map key: an integer or a text.
    pub(super) fn key(&mut self) -> Result<Key<'a>, Error> {
        let at = self.at;
        let head = self.head()?;
        match head.kind {
            Kind::Uint | Kind::Negative => head.int(at).map(Key::Int),
            Kind::Text => self.text_of(head.argument, at).map(Key::Text),
            _ => Err(Error { fault: Fault::WrongType, at }),
        }
    }

    /// The argument of a head of this kind.
    #[inline]
    fn head_of(&mut self, kind: Kind) -> Result<u64, Error> {
        // Most heads are one byte long.
        match self.input.get(self.at) {
            Some(first) if first & 0x1f < 24 && kind != Kind::Simple && Kind::of(*first) == kind => {
                self.at = self.at.wrapping_add(1);
                Ok(u64::from(first & 0x1f))
            }
            _ => self.any_head_of(kind),
        }
    }

    fn any_head_of(&mut self, kind: Kind) -> Result<u64, Error> {
        let at = self.at;
        let head = self.head()?;
        if head.kind == kind { Ok(head.argument) } else { Err(Error { fault: Fault::WrongType, at }) }
    }

    /// An unsigned integer.
    ///
    /// # Errors
    /// The fault found.
    pub fn uint(&mut self) -> Result<u64, Error> {
        self.head_of(Kind::Uint)
    }

    /// An unsigned integer of at most `max`.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] if it is greater, or the fault found.
    pub fn uint_up_to(&mut self, max: u64) -> Result<u64, Error> {
        let at = self.at;
        self.uint().and_then(|value| if value <= max { Ok(value) } else { Err(Error { fault: Fault::OutOfRange, at }) })
    }

    /// An unsigned integer of 32 bits.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] if it is greater, or the fault found.
    pub fn u32(&mut self) -> Result<u32, Error> {
        let at = self.at;
        self.uint().and_then(|value| u32::try_from(value).map_err(|_| Error { fault: Fault::OutOfRange, at }))
    }

    /// An integer of 64 bits with sign.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] for one above 2^63 - 1, or the fault found.
    pub fn int(&mut self) -> Result<i64, Error> {
        let at = self.at;
        self.head()?.int(at)
    }

    /// A time, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] for one that the format does not name, or the fault found.
    pub fn timestamp(&mut self) -> Result<crate::time::Timestamp, Error> {
        let at = self.at;
        crate::time::Timestamp::new(self.int()?).ok_or(Error { fault: Fault::OutOfRange, at })
    }

    /// A day, in days since 1970-01-01 (RFC 8943), without tag.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] for one that the format does not name, or the fault found.
    pub fn day(&mut self) -> Result<crate::time::Day, Error> {
        let at = self.at;
        crate::time::Day::new(self.int()?).ok_or(Error { fault: Fault::OutOfRange, at })
    }

    /// A byte string.
    ///
    /// # Errors
    /// The fault found.
    pub fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let at = self.at;
        let length = self.head_of(Kind::Bytes)?;
        self.string(length, at)
    }

    /// A byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] for another length, or the fault found.
    pub fn byte_array<const N: usize>(&mut self) -> Result<&'a [u8; N], Error> {
        let at = self.at;
        self.bytes()?.try_into().map_err(|_| Error { fault: Fault::OutOfRange, at })
    }

    /// A text string, with only characters that [`text_is_plain`](super::text_is_plain) admits.
    ///
    /// # Errors
    /// The fault found.
    pub fn text(&mut self) -> Result<&'a str, Error> {
        let at = self.at;
        let length = self.head_of(Kind::Text)?;
        self.text_of(length, at)
    }

    /// A text that is read further by `read`, which admits printable ASCII only: the text is looked at by itself only where it does not.
    ///
    /// # Errors
    /// The fault found; what `read` refuses in a text without fault is its own.
    #[inline]
    pub(crate) fn identifier<T, E>(&mut self, read: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<Result<T, E>, Error> {
        let at = self.at;
        let length = self.head_of(Kind::Text)?;
        let mut ahead = self.clone();
        match read(ahead.string(length, at)?) {
            Ok(identifier) => {
                *self = ahead;
                Ok(Ok(identifier))
            }
            Err(refused) => self.text_of(length, at).map(|_| Err(refused)),
        }
    }

    #[inline]
    pub(super) fn string(&mut self, length: u64, at: usize) -> Result<&'a [u8], Error> {
        let end = Error { fault: Fault::UnexpectedEnd, at };
        let length = usize::try_from(length).map_err(|_| end)?;
        self.take(length).ok_or(end)
    }

    pub(super) fn text_of(&mut self, length: u64, at: usize) -> Result<&'a str, Error> {
        let bytes = self.string(length, at)?;
        let text = core::str::from_utf8(bytes).map_err(|_| Error { fault: Fault::NotUtf8, at })?;
        match text::first_refused(text) {
            None => Ok(text),
            Some(_) => Err(Error { fault: Fault::Character, at }),
        }
    }

    /// `false` or `true`.
    ///
    /// # Errors
    /// The fault found.
    pub fn boolean(&mut self) -> Result<bool, Error> {
        let at = self.at;
        match self.head_of(Kind::Simple)? {
            20 => Ok(false),
            21 => Ok(true),
            _ => Err(Error { fault: Fault::WrongType, at }),
        }
    }

    /// `null`.
    ///
    /// # Errors
    /// The fault found.
    pub fn null(&mut self) -> Result<(), Error> {
        let at = self.at;
        if self.head_of(Kind::Simple)? == 22 { Ok(()) } else { Err(Error { fault: Fault::WrongType, at }) }
    }

    /// The tag `expected`; its content is the next item.
    ///
    /// # Errors
    /// [`Fault::Tag`] for another tag, or the fault found.
    pub fn tag(&mut self, expected: u64) -> Result<(), Error> {
        let at = self.at;
        if self.head_of(Kind::Tag)? == expected { Ok(()) } else { Err(Error { fault: Fault::Tag, at }) }
    }

    /// The head of an array: how many items follow. Never more than there are bytes left.
    ///
    /// # Errors
    /// The fault found.
    pub fn array(&mut self) -> Result<usize, Error> {
        let at = self.at;
        let length = self.head_of(Kind::Array)?;
        self.count(length, 1, at)
    }

    /// The head of an array of exactly `length` items.
    ///
    /// # Errors
    /// [`Fault::OutOfRange`] for another length, or the fault found.
    pub fn array_of(&mut self, length: usize) -> Result<(), Error> {
        let at = self.at;
        if self.array()? == length { Ok(()) } else { Err(Error { fault: Fault::OutOfRange, at }) }
    }

    /// The head of a map; its keys come from the [`MapReader`].
    ///
    /// # Errors
    /// The fault found.
    pub fn map(&mut self) -> Result<MapReader<'a>, Error> {
        let at = self.at;
        let length = self.head_of(Kind::Map)?;
        Ok(MapReader::new(self.count(length, 2, at)?))
    }

    /// An item is at least a byte long, so a count beyond the bytes left is refused before anything is reserved for it.
    #[inline]
    pub(super) fn count(&self, length: u64, bytes_each: usize, at: usize) -> Result<usize, Error> {
        let left = self.input.len().saturating_sub(self.at);
        usize::try_from(length)
            .ok()
            .filter(|n| n.checked_mul(bytes_each).is_some_and(|needed| needed <= left))
            .ok_or(Error { fault: Fault::UnexpectedEnd, at })
    }
}
