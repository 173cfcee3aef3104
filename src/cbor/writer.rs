//! The writer. Map entries may be written in any order; they come out sorted. What is finished the reader accepts: it is asked wherever
//! the writer's own account does not settle it.

use alloc::vec::Vec;

use super::account::Account;
use super::head::Kind;
use super::{Error, Key, Reader, check, text_is_plain};
use crate::time::{Day, Timestamp};

/// Writes items one after the other.
#[derive(Clone, Debug)]
pub struct Writer {
    pub(super) out: Vec<u8>,
    pub(super) account: Account,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub const fn new() -> Self {
        Self { out: Vec::new(), account: Account::new() }
    }

    /// An empty writer with room for `capacity` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { out: Vec::with_capacity(capacity), account: Account::new() }
    }

    /// The bytes of the one item that was written.
    ///
    /// # Errors
    /// What the reader refuses: a text with characters that are not admitted, a map key written twice, too deep nesting, an array
    /// or map whose items were not all written.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        if self.account.is_settled() {
            debug_assert_eq!(check(&self.out), Ok(()), "what the account settles the reader accepts");
        } else {
            check(&self.out)?;
        }
        Ok(self.out)
    }

    #[inline]
    fn head(&mut self, major: u8, argument: u64) {
        match u8::try_from(argument) {
            Ok(small @ 0..=23) => self.out.push(major << 5 | small),
            _ => self.long_head(major, argument),
        }
    }

    fn long_head(&mut self, major: u8, argument: u64) {
        let major = major << 5;
        let bytes = argument.to_be_bytes();
        let [.., b4, b5, b6, b7] = bytes;
        match argument {
            0..=0xff => self.out.extend_from_slice(&[major | 24, b7]),
            0x100..=0xffff => self.out.extend_from_slice(&[major | 25, b6, b7]),
            0x1_0000..=0xffff_ffff => self.out.extend_from_slice(&[major | 26, b4, b5, b6, b7]),
            _ => {
                self.out.push(major | 27);
                self.out.extend_from_slice(&bytes);
            }
        }
    }

    /// A length as an argument.
    fn length(&mut self, major: u8, length: usize) {
        self.head(major, counted(length));
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) {
        self.account.begins(Kind::Uint, 0);
        self.head(0, value);
    }

    /// An integer.
    pub fn int(&mut self, value: i64) {
        match u64::try_from(value) {
            Ok(value) => self.uint(value),
            Err(_) => {
                self.account.begins(Kind::Negative, 0);
                self.head(1, (!value).unsigned_abs());
            }
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
        self.account.begins(Kind::Bytes, 0);
        self.length(2, value.len());
        self.out.extend_from_slice(value);
    }

    /// A text string.
    pub fn text(&mut self, value: &str) {
        self.account.begins(Kind::Text, 0);
        if !text_is_plain(value) {
            self.account.doubts();
        }
        self.length(3, value.len());
        self.out.extend_from_slice(value.as_bytes());
    }

    /// `false` or `true`.
    pub fn boolean(&mut self, value: bool) {
        self.account.begins(Kind::Simple, 0);
        self.out.push(if value { 0xf5 } else { 0xf4 });
    }

    /// `null`.
    pub fn null(&mut self) {
        self.account.begins(Kind::Simple, 0);
        self.out.push(0xf6);
    }

    /// A tag; the next item is its content.
    pub fn tag(&mut self, tag: u64) {
        self.account.tags(tag);
        self.head(6, tag);
    }

    /// The head of an array; the next `length` items are its content.
    pub fn array(&mut self, length: usize) {
        self.account.opens(Kind::Array, counted(length));
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
        self.account.opens(Kind::Map, 0);
        self.out.push(0xa0);
        let outer = self.account.descends();
        let mut map = MapWriter { writer: self, previous: None, entries: 0, order: Order::Canonical };
        write(&mut map);
        let MapWriter { entries, order, .. } = map;
        self.account.ascends(outer);
        if order == Order::Any {
            // A key may stand twice, and where its value is not one item the entries cannot be told apart.
            self.account.doubts();
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
        self.account.doubts();
        self.out.extend_from_slice(encoded);
    }
}

/// In which order the entries of a map were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Canonical,
    Any,
}

/// Where a key stands in the bytewise order of encodings (RFC 8949 §4.2.1).
#[derive(Clone, Copy, Debug)]
enum Rank {
    /// Of shortest heads the one of the smaller number stands first, and all negative integers stand behind the others: -1 has the rank 2^63.
    Int(u64),
    /// Behind all integers, in the order of its encoding, which stands here.
    Text { start: usize, end: usize },
}

impl Rank {
    #[inline]
    fn of_int(key: i64) -> Self {
        Self::Int(u64::try_from(key).unwrap_or_else(|_| (!key).unsigned_abs() | 1 << 63))
    }

    #[inline]
    fn is_before(self, next: Self, written: &[u8]) -> bool {
        match (self, next) {
            (Self::Int(this), Self::Int(next)) => this < next,
            (Self::Int(_), Self::Text { .. }) => true,
            (Self::Text { .. }, Self::Int(_)) => false,
            (Self::Text { start, end }, Self::Text { start: from, end: to }) => {
                written.get(start..end) < written.get(from..to)
            }
        }
    }
}

/// A length as a number that is announced: no slice is longer than 2^64 - 1.
#[inline]
fn counted(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The entries of a map that is being written.
#[derive(Debug)]
pub struct MapWriter<'w> {
    writer: &'w mut Writer,
    previous: Option<Rank>,
    entries: usize,
    order: Order,
}

impl MapWriter<'_> {
    /// One entry. A key that is written twice is refused by [`Writer::finish`].
    pub fn entry<'k>(&mut self, key: impl Into<Key<'k>>, value: impl FnOnce(&mut Writer)) {
        let key = key.into();
        self.writer.account.enters();
        let rank = match key {
            Key::Int(key) => {
                self.writer.int(key);
                Rank::of_int(key)
            }
            Key::Text(key) => {
                let start = self.writer.out.len();
                self.writer.text(key);
                Rank::Text { start, end: self.writer.out.len() }
            }
        };
        if self.previous.is_some_and(|previous| !previous.is_before(rank, &self.writer.out)) {
            self.order = Order::Any;
        }
        self.previous = Some(rank);
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
