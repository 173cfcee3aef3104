//! The writer. Map entries may be written in any order; they come out sorted. What is finished has passed the reader.

use alloc::vec::Vec;

use super::{Error, Key, Reader, check};
use crate::time::{Day, Timestamp};

/// Writes items one after the other.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub const fn new() -> Self {
        Self { out: Vec::new() }
    }

    /// An empty writer with room for `capacity` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { out: Vec::with_capacity(capacity) }
    }

    /// The bytes of the one item that was written, checked by the reader.
    ///
    /// # Errors
    /// What the reader refuses: a text with characters that are not admitted, a map key written twice, too deep nesting, an array
    /// or map whose items were not all written.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        check(&self.out)?;
        Ok(self.out)
    }

    fn head(&mut self, major: u8, argument: u64) {
        let major = major << 5;
        let bytes = argument.to_be_bytes();
        let [.., b4, b5, b6, b7] = bytes;
        match argument {
            0..=23 => self.out.push(major | b7),
            24..=0xff => self.out.extend_from_slice(&[major | 24, b7]),
            0x100..=0xffff => self.out.extend_from_slice(&[major | 25, b6, b7]),
            0x1_0000..=0xffff_ffff => self.out.extend_from_slice(&[major | 26, b4, b5, b6, b7]),
            _ => {
                self.out.push(major | 27);
                self.out.extend_from_slice(&bytes);
            }
        }
    }

    /// A length as an argument: no slice is longer than 2^64 - 1.
    fn length(&mut self, major: u8, length: usize) {
        self.head(major, u64::try_from(length).unwrap_or(u64::MAX));
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) {
        self.head(0, value);
    }

    /// An integer.
    pub fn int(&mut self, value: i64) {
        match u64::try_from(value) {
            Ok(value) => self.head(0, value),
            Err(_) => self.head(1, (!value).unsigned_abs()),
        }
    }

    /// A time, in seconds since 1970-01-01T00:00:00Z.
    pub fn timestamp(&mut self, value: Timestamp) {
        self.int(value.seconds());
    }

    /// A day, in days since 1970-01-01, without tag.
    pub fn day(&mut self, value: Day) {
        self.int(i64::from(value.days()));
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) {
        self.length(2, value.len());
        self.out.extend_from_slice(value);
    }

    /// A text string.
    pub fn text(&mut self, value: &str) {
        self.length(3, value.len());
        self.out.extend_from_slice(value.as_bytes());
    }

    /// `false` or `true`.
    pub fn boolean(&mut self, value: bool) {
        self.out.push(if value { 0xf5 } else { 0xf4 });
    }

    /// `null`.
    pub fn null(&mut self) {
        self.out.push(0xf6);
    }

    /// A tag; the next item is its content.
    pub fn tag(&mut self, tag: u64) {
        self.head(6, tag);
    }

    /// The head of an array; the next `length` items are its content.
    pub fn array(&mut self, length: usize) {
        self.length(4, length);
    }

    /// An array with one item for each of `items`.
    pub fn array_of<T>(&mut self, items: impl ExactSizeIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.array(items.len());
        items.for_each(|item| write(self, item));
    }

    /// A map with the entries that `write` makes, in canonical order whatever order they are made in.
    pub fn map(&mut self, write: impl FnOnce(&mut MapWriter<'_>)) {
        let start = self.out.len();
        self.out.push(0xa0);
        let mut map = MapWriter { writer: self, previous: 0..0, entries: 0, order: Order::Canonical };
        write(&mut map);
        let MapWriter { entries, order, .. } = map;
        if order == Order::Any {
            self.sort_entries(start.saturating_add(1));
        }
        match u8::try_from(entries) {
            // The usual head is one byte, which was kept free.
            Ok(few @ 0..=23) => {
                if let Some(head) = self.out.get_mut(start) {
                    *head = 0xa0 | few;
                }
            }
            _ => {
                let mut head = Self::new();
                head.length(5, entries);
                self.out.splice(start..=start, head.out);
            }
        }
    }

    /// Brings the entries that stand from `start` on into canonical order.
    fn sort_entries(&mut self, start: usize) {
        let written = self.out.split_off(start);
        let mut reader = Reader::new(&written);
        let mut entries = Vec::new();
        while !reader.is_at_end() {
            let (Ok(key), Ok(value)) = (reader.skip(), reader.skip()) else {
                // Something in it is refused, and [`Writer::finish`] will say what.
                self.out.extend_from_slice(&written);
                return;
            };
            entries.push((key, value));
        }
        entries.sort_by_key(|(key, _)| *key);
        entries.iter().for_each(|(key, value)| {
            self.out.extend_from_slice(key);
            self.out.extend_from_slice(value);
        });
    }

    /// An item that is canonical already, such as one that a reader gave.
    pub fn item(&mut self, encoded: &[u8]) {
        self.out.extend_from_slice(encoded);
    }
}

/// In which order the entries of a map were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Canonical,
    Any,
}

/// The entries of a map that is being written.
#[derive(Debug)]
pub struct MapWriter<'w> {
    writer: &'w mut Writer,
    /// Where the last key stands in what was written.
    previous: core::ops::Range<usize>,
    entries: usize,
    order: Order,
}

impl MapWriter<'_> {
    /// One entry. A key that is written twice is refused by [`Writer::finish`].
    pub fn entry<'k>(&mut self, key: impl Into<Key<'k>>, value: impl FnOnce(&mut Writer)) {
        let start = self.writer.out.len();
        match key.into() {
            Key::Int(key) => self.writer.int(key),
            Key::Text(key) => self.writer.text(key),
        }
        let key = start..self.writer.out.len();
        if self.entries > 0 && self.writer.out.get(self.previous.clone()) >= self.writer.out.get(key.clone()) {
            self.order = Order::Any;
        }
        self.previous = key;
        self.entries = self.entries.saturating_add(1);
        value(self.writer);
    }

    /// One entry if there is a value.
    pub fn optional<'k, T>(&mut self, key: impl Into<Key<'k>>, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        if let Some(value) = value {
            self.entry(key, |writer| write(writer, value));
        }
    }
}
