//! Reading maps: keys in order, each once.

use core::cmp::Ordering;

use super::reader::Reader;
use super::{Error, Fault};

/// A map key: the format has no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// An integer.
    Int(i64),
    /// A text.
    Text(&'a str),
}

impl From<i64> for Key<'_> {
    fn from(key: i64) -> Self {
        Self::Int(key)
    }
}

impl<'a> From<&'a str> for Key<'a> {
    fn from(key: &'a str) -> Self {
        Self::Text(key)
    }
}

/// The keys of a map that is being read. After each key the caller reads its value.
#[derive(Clone, Debug)]
pub struct MapReader<'a> {
    left: usize,
    previous: &'a [u8],
}

impl<'a> MapReader<'a> {
    pub(super) const fn new(entries: usize) -> Self {
        Self { left: entries, previous: &[] }
    }

    /// The next key, or `None` when the map is complete.
    ///
    /// # Errors
    /// [`KeyOrder`](super::Fault::KeyOrder), [`DuplicateKey`](super::Fault::DuplicateKey), or the fault found.
    #[inline]
    pub fn next(&mut self, reader: &mut Reader<'a>) -> Result<Option<Key<'a>>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left = self.left.saturating_sub(1);
        // Most keys are integers of one byte, and greater than the first byte of the key before.
        if let Some((key, encoded)) = reader.small_key(self.previous.first()) {
            self.previous = encoded;
            return Ok(Some(Key::Int(key)));
        }
        let at = reader.position();
        let key = reader.key()?;
        let encoded = reader.since(at);
        check_order(self.previous, encoded, at)?;
        self.previous = encoded;
        Ok(Some(key))
    }

    /// Keys not yet read.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.left
    }
}

/// RFC 8949 §4.2.1: keys ascend in the bytewise order of their encodings. No key has an empty encoding.
#[inline]
pub(super) fn check_order(previous: &[u8], key: &[u8], at: usize) -> Result<(), Error> {
    // Mostly the first bytes differ, which saves the call.
    if previous.first() < key.first() { Ok(()) } else { check_whole_order(previous, key, at) }
}

fn check_whole_order(previous: &[u8], key: &[u8], at: usize) -> Result<(), Error> {
    match previous.cmp(key) {
        Ordering::Less => Ok(()),
        Ordering::Equal => Err(Error { fault: Fault::DuplicateKey, at }),
        Ordering::Greater => Err(Error { fault: Fault::KeyOrder, at }),
    }
}
