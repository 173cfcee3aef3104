//! Bits within a block: little-endian bytes, from the least significant bit.
//!
//! A gap is written as its quotient in unary (that many zeros, then a one) and its remainder in a fixed number of bits. Zeros never
//! end a code, so the zero bits that fill the last byte cannot be taken for one: a block needs no count and no end mark.

use alloc::vec::Vec;

/// The most bits that one [`BitReader::take`] or [`BitWriter::put`] moves.
const MOST: u32 = 32;

/// The low `count` bits set; `count` at most 63.
#[inline]
const fn low(count: u32) -> u64 {
    1_u64.wrapping_shl(count).wrapping_sub(1)
}

/// The bits of one block that are still to be read. It holds the block's bytes and no others, so it cannot read past them.
#[derive(Clone, Debug)]
pub(crate) struct BitReader<'a> {
    /// Bytes not yet counted into `have`.
    rest: &'a [u8],
    /// The next bits, the first one lowest. Above `have` there may stand bits of `rest`, and nothing else.
    window: u64,
    /// How many bits of `window` are counted out of `rest`: at most 63.
    have: u32,
}

impl<'a> BitReader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, window: 0, have: 0 }
    }

    /// Brings `have` to at least 56, or to all that is left.
    #[inline]
    fn fill(&mut self) {
        if let Some(chunk) = self.rest.first_chunk::<8>() {
            // Bits above `have` are those of `rest` already, so that setting them again changes nothing.
            self.window |= u64::from_le_bytes(*chunk).wrapping_shl(self.have);
            let whole = 63_u32.wrapping_sub(self.have) >> 3;
            self.rest = usize::try_from(whole).ok().and_then(|whole| self.rest.get(whole..)).unwrap_or_default();
            self.have |= 56;
        } else {
            *self = self.clone().filled();
        }
    }

    /// [`Self::fill`] from the last few bytes. What seldom runs takes the reader by value, so that in the loops over codes the reader
    /// itself lives in registers.
    #[cold]
    fn filled(mut self) -> Self {
        while self.have < 56 {
            let Some((first, rest)) = self.rest.split_first() else { break };
            self.window |= u64::from(*first).wrapping_shl(self.have);
            self.rest = rest;
            self.have = self.have.wrapping_add(8);
        }
        self
    }

    /// Drops `count` bits, at most `have` and at most 63.
    #[inline]
    fn drop(&mut self, count: u32) {
        self.window = self.window.wrapping_shr(count);
        self.have = self.have.wrapping_sub(count);
    }

    /// The number of bits left.
    pub(crate) fn left(&self) -> u64 {
        u64::try_from(self.rest.len()).unwrap_or(u64::MAX).saturating_mul(8).saturating_add(u64::from(self.have))
    }

    /// The next `count` bits (at most 32) as a number, the first bit lowest; `None` if fewer are left.
    #[inline]
    pub(crate) fn take(&mut self, count: u32) -> Option<u32> {
        debug_assert!(count <= MOST, "a read of {count} bits");
        if self.have < count {
            self.fill();
            if self.have < count {
                return None;
            }
        }
        let value = self.window & low(count);
        self.drop(count);
        u32::try_from(value).ok()
    }

    /// Reads a Rice code with `k` (at most 23) bits of remainder; `None` if only zeros are left, and then nothing is read.
    #[inline]
    pub(crate) fn rice(&mut self, k: u32) -> Result<Option<u64>, CutShort> {
        self.fill();
        let zeros = self.window.trailing_zeros();
        let head = zeros.wrapping_add(1);
        let whole = head.wrapping_add(k);
        if whole <= self.have {
            let remainder = self.window.wrapping_shr(head) & low(k);
            self.drop(whole);
            return Ok(Some(u64::from(zeros).wrapping_shl(k) | remainder));
        }
        let (reader, code) = self.clone().long_rice(k);
        *self = reader;
        code
    }

    /// [`Self::rice`] where the window does not hold the whole code.
    #[cold]
    fn long_rice(mut self, k: u32) -> (Self, Result<Option<u64>, CutShort>) {
        let Some(quotient) = self.unary() else { return (self, Ok(None)) };
        // A block has less than 2²⁵ bits, and k is less than 24.
        let code = self.take(k).map(|remainder| u64::from(quotient).wrapping_shl(k) | u64::from(remainder));
        (self, code.ok_or(CutShort).map(Some))
    }

    /// Skips zeros and the one that ends them, and gives the number of zeros; `None` if only zeros are left, and then nothing is read.
    #[inline]
    pub(crate) fn unary(&mut self) -> Option<u32> {
        self.fill();
        let zeros = self.window.trailing_zeros();
        if zeros < self.have {
            self.drop(zeros);
            self.drop(1);
            return Some(zeros);
        }
        self.long_unary()
    }

    /// [`Self::unary`] where the window holds only zeros.
    #[cold]
    fn long_unary(&mut self) -> Option<u32> {
        let mut ahead = self.clone();
        let mut skipped = 0_u32;
        loop {
            if ahead.have == 0 {
                return None;
            }
            skipped = skipped.checked_add(ahead.have)?;
            ahead.drop(ahead.have);
            ahead.fill();
            let zeros = ahead.window.trailing_zeros();
            if zeros < ahead.have {
                ahead.drop(zeros);
                ahead.drop(1);
                *self = ahead;
                return skipped.checked_add(zeros);
            }
        }
    }
}

/// The bits end within a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CutShort;

/// Bits on their way into bytes.
#[derive(Debug, Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    window: u64,
    /// Bits in `window`: at most 31 between calls.
    have: u32,
}

impl BitWriter {
    pub(crate) const fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, window: 0, have: 0 }
    }

    /// Appends the low `count` bits (at most 32) of `value`, which has none above them.
    #[inline]
    pub(crate) fn put(&mut self, value: u32, count: u32) {
        debug_assert!(count <= MOST && u64::from(value) <= low(count), "a write of {value} in {count} bits");
        self.window |= u64::from(value).wrapping_shl(self.have);
        self.have = self.have.wrapping_add(count);
        if self.have >= MOST {
            let [a, b, c, d, ..] = self.window.to_le_bytes();
            self.bytes.extend_from_slice(&[a, b, c, d]);
            self.window = self.window.wrapping_shr(MOST);
            self.have = self.have.wrapping_sub(MOST);
        }
    }

    /// Appends `count` zeros.
    pub(crate) fn zeros(&mut self, mut count: u32) {
        while count >= MOST {
            self.put(0, MOST);
            count = count.wrapping_sub(MOST);
        }
        self.put(0, count);
    }

    /// Appends `zeros` zeros and a one.
    #[inline]
    pub(crate) fn unary(&mut self, zeros: u32) {
        let last = zeros % MOST;
        if last != zeros {
            self.zeros(zeros.wrapping_sub(last));
        }
        self.put(1_u32.wrapping_shl(last), last.wrapping_add(1));
    }

    /// Fills the last byte with zeros and gives the bytes back.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let whole = usize::try_from(self.have.div_ceil(8)).unwrap_or_default();
        self.bytes.extend(self.window.to_le_bytes().iter().take(whole));
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bits_stand_from_the_least_significant() {
        let mut writer = BitWriter::default();
        writer.put(0, 1);
        writer.unary(2);
        writer.put(0b101, 3);
        writer.put(0b10, 2);
        // In the order of reading: 0, 001, 101, 01; the ninth bit begins the second byte.
        assert_eq!(writer.finish(), [0b0101_1000, 0b1]);
    }

    #[test]
    fn zeros_at_the_end_are_no_code() {
        for bytes in [&[][..], &[0], &[0; 7], &[0; 8], &[0; 9], &[0; 1000]] {
            let mut reader = BitReader::new(bytes);
            assert_eq!(reader.unary(), None);
            assert_eq!(reader.left(), bytes.len() as u64 * 8, "nothing is read");
        }
    }

    #[derive(Clone, Debug)]
    enum Piece {
        Bits(u32, u32),
        Unary(u32),
    }

    fn piece() -> impl Strategy<Value = Piece> {
        prop_oneof![
            (any::<u32>(), 0_u32..=32)
                .prop_map(|(value, count)| Piece::Bits((u64::from(value) & low(count)) as u32, count)),
            (0_u32..70).prop_map(Piece::Unary),
            (0_u32..3000).prop_map(Piece::Unary),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(pieces in prop::collection::vec(piece(), 0..60)) {
            let mut writer = BitWriter::default();
            let mut total = 0_u64;
            for piece in &pieces {
                match *piece {
                    Piece::Bits(value, count) => { writer.put(value, count); total += u64::from(count); }
                    Piece::Unary(zeros) => { writer.unary(zeros); total += u64::from(zeros) + 1; }
                }
            }
            let bytes = writer.finish();
            prop_assert_eq!(bytes.len() as u64, total.div_ceil(8));
            let mut reader = BitReader::new(&bytes);
            for piece in &pieces {
                match *piece {
                    Piece::Bits(value, count) => prop_assert_eq!(reader.take(count), Some(value)),
                    Piece::Unary(zeros) => prop_assert_eq!(reader.unary(), Some(zeros)),
                }
            }
            prop_assert_eq!(reader.left(), bytes.len() as u64 * 8 - total);
            prop_assert_eq!(reader.unary(), None);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200), counts in prop::collection::vec(0_u32..=32, 0..400)) {
            let mut reader = BitReader::new(&bytes);
            let mut read = 0_u64;
            for count in counts {
                if let Some(zeros) = reader.unary() { read += u64::from(zeros) + 1; }
                if reader.take(count).is_some() { read += u64::from(count); }
                prop_assert_eq!(read + reader.left(), bytes.len() as u64 * 8);
            }
        }
    }
}
