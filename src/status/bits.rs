//! Bits within a block: little-endian bytes, from the least significant bit.
//!
//! A gap is written as its quotient in unary (that many zeros, then a one) and its remainder in a fixed number of bits (Rice). Zeros never
//! end a code, so the zero bits that fill the last byte cannot be taken for one: a block needs no count and no end mark. Lengths grow
//! faster than gaps and are written in exponential Golomb codes; a number below a bound that both sides know in truncated binary.

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

impl BitReader<'_> {
    /// Reads an exponential Golomb code with parameter `e` (at most 7); `None` if only zeros are left, and then nothing is read. A number
    /// that no block has comes back as the largest.
    #[inline]
    pub(crate) fn exp_golomb(&mut self, e: u32) -> Result<Option<u64>, CutShort> {
        let Some(zeros) = self.unary() else { return Ok(None) };
        let bits = zeros.saturating_add(e);
        if bits >= MOST {
            return Ok(Some(u64::MAX));
        }
        let low = self.take(bits).ok_or(CutShort)?;
        // The numbers with fewer zeros come before.
        let first = 1_u64.wrapping_shl(bits).wrapping_sub(1_u64.wrapping_shl(e));
        Ok(Some(first.wrapping_add(u64::from(low))))
    }

    /// Reads a number less than `bound` (1 to 2³¹) in truncated binary, the numbers in the middle having the shorter codes.
    #[inline]
    pub(crate) fn below(&mut self, bound: u32) -> Result<u32, CutShort> {
        let Truncated { bits, short, first } = Truncated::of(bound);
        if bits == 0 {
            return Ok(0);
        }
        let head = self.take(bits.wrapping_sub(1)).ok_or(CutShort)?;
        let turned = if head < short {
            head
        } else {
            let last = self.take(1).ok_or(CutShort)?;
            (head.wrapping_shl(1) | last).wrapping_sub(short)
        };
        let value = turned.wrapping_add(first);
        Ok(if value < bound { value } else { value.wrapping_sub(bound) })
    }
}

/// Truncated binary codes of the numbers below a bound: of `bits` bits, but the `short` numbers from `first` on have one bit less.
struct Truncated {
    bits: u32,
    short: u32,
    first: u32,
}

impl Truncated {
    #[inline]
    const fn of(bound: u32) -> Self {
        let bits = 32_u32.wrapping_sub(bound.wrapping_sub(1).leading_zeros());
        let short = 1_u32.wrapping_shl(bits).wrapping_sub(bound);
        Self { bits, short, first: bound.wrapping_sub(short) / 2 }
    }
}

/// Bits of the exponential Golomb code of `value` (less than 2³¹) with parameter `e` (at most 7).
#[inline]
pub(crate) fn exp_golomb_bits(value: u32, e: u32) -> u32 {
    let bits = value.wrapping_add(1_u32.wrapping_shl(e)).checked_ilog2().unwrap_or_default();
    bits.wrapping_mul(2).wrapping_sub(e).wrapping_add(1)
}

/// Bits of the code of `value` in truncated binary below `bound`.
#[inline]
pub(crate) fn below_bits(value: u32, bound: u32) -> u32 {
    let Truncated { bits, short, first } = Truncated::of(bound);
    bits.wrapping_sub(u32::from(value.wrapping_sub(first) < short))
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

    /// Appends `count` ones.
    pub(crate) fn ones(&mut self, mut count: u32) {
        while count >= MOST {
            self.put(u32::MAX, MOST);
            count = count.wrapping_sub(MOST);
        }
        self.put(1_u32.wrapping_shl(count).wrapping_sub(1), count);
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

    /// Appends a gap as a Rice code with `k` bits of remainder.
    #[inline]
    pub(crate) fn rice(&mut self, gap: u32, k: u32) {
        let quotient = gap.wrapping_shr(k);
        self.unary(quotient);
        self.put(gap ^ quotient.wrapping_shl(k), k);
    }

    /// Appends `value` (less than 2³¹) in the exponential Golomb code with parameter `e` (at most 7).
    pub(crate) fn exp_golomb(&mut self, value: u32, e: u32) {
        let value = value.wrapping_add(1_u32.wrapping_shl(e));
        let bits = value.checked_ilog2().unwrap_or_default();
        self.unary(bits.wrapping_sub(e));
        self.put(value ^ 1_u32.wrapping_shl(bits), bits);
    }

    /// Appends `value`, which is less than `bound` (1 to 2³¹), in truncated binary.
    pub(crate) fn below(&mut self, value: u32, bound: u32) {
        let Truncated { bits, short, first } = Truncated::of(bound);
        if bits == 0 {
            return;
        }
        let turned = if value < first { value.wrapping_add(bound) } else { value }.wrapping_sub(first);
        if turned < short {
            self.put(turned, bits.wrapping_sub(1));
        } else {
            // The high bits first, and then the one that tells the pair apart.
            let code = turned.wrapping_add(short);
            self.put(code.wrapping_shr(1), bits.wrapping_sub(1));
            self.put(code & 1, 1);
        }
    }

    /// Fills the last byte with zeros and gives the bytes back.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let whole = usize::try_from(self.have.div_ceil(8)).unwrap_or_default();
        self.bytes.extend(self.window.to_le_bytes().iter().take(whole));
        self.bytes
    }
}

#[cfg(test)]
mod tests;
