//! What choosing a block's form, and a layer's Rice parameter, needs to know of a block: counted in one pass over its positions.

/// One more than the largest Rice parameter: gaps are less than 2²⁴.
pub(crate) const RICE: usize = 24;

/// `SPREAD[byte]` holds bit `i` of `byte` in the lowest bit of its byte `i`.
const SPREAD: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_usize;
    let mut value = 0_u64;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            #[allow(clippy::indexing_slicing, reason = "evaluated when compiled")]
            {
                table[byte] |= ((value >> bit) & 1) << (8 * bit);
            }
            bit += 1;
        }
        byte += 1;
        value += 1;
    }
    table
};

#[inline]
fn spread(byte: u8) -> u64 {
    SPREAD.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The positions of one block, counted.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// How many positions the block has.
    span: u32,
    /// How many of them are in the set.
    count: u32,
    /// The least position that may come next.
    next: u32,
    /// How many gaps have bit `i` set, as bytes: 24 counters that hold up to 255 gaps.
    lanes: [u64; 3],
    /// Gaps counted in `lanes`.
    pending: u8,
    /// How many gaps have bit `i` set, but for those in `lanes`.
    ones: [u32; RICE],
}

impl Tally {
    pub(crate) const fn new(span: u32) -> Self {
        Self { span, count: 0, next: 0, lanes: [0; 3], pending: 0, ones: [0; RICE] }
    }

    /// Counts the position `at`, counted from the block's first, greater than those before it.
    #[inline]
    pub(crate) fn add(&mut self, at: u32) {
        let [a, b, c, _] = at.wrapping_sub(self.next).to_le_bytes();
        for (lane, byte) in self.lanes.iter_mut().zip([a, b, c]) {
            *lane = lane.wrapping_add(spread(byte));
        }
        self.next = at.wrapping_add(1);
        self.count = self.count.wrapping_add(1);
        self.pending = self.pending.wrapping_add(1);
        if self.pending == u8::MAX {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let counters = self.lanes.iter().flat_map(|lane| lane.to_le_bytes());
        for (ones, counter) in self.ones.iter_mut().zip(counters) {
            *ones = ones.wrapping_add(u32::from(counter));
        }
        self.lanes = [0; 3];
        self.pending = 0;
    }

    /// How many positions the block has.
    pub(crate) const fn span(&self) -> u32 {
        self.span
    }

    /// How many of them are in the set.
    pub(crate) const fn count(&self) -> u32 {
        self.count
    }

    /// For each Rice parameter the number of bits of all gap codes.
    pub(crate) fn gap_bits(mut self) -> [u64; RICE] {
        self.flush();
        let mut bits = [0; RICE];
        let mut quotients = 0_u64;
        // The one that ends a quotient, and k bits of remainder, for every gap: from the largest k down.
        let mut others = u64::from(self.count).wrapping_mul(24);
        for (bits, ones) in bits.iter_mut().zip(self.ones).rev() {
            // The sum of the gaps shifted right by k: twice that by k + 1, and the gaps with bit k.
            quotients = quotients.wrapping_mul(2).wrapping_add(u64::from(ones));
            *bits = quotients.wrapping_add(others);
            others = others.wrapping_sub(u64::from(self.count));
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gap_bits_are_the_sums_of_the_codes(set in prop::collection::btree_set(0_u32..1 << 24, 0..700)) {
            let mut tally = Tally::new(1 << 24);
            let mut expected = [0_u64; RICE];
            let mut next = 0;
            for at in set {
                tally.add(at);
                for (k, bits) in expected.iter_mut().enumerate() {
                    *bits += u64::from((at - next) >> k) + 1 + k as u64;
                }
                next = at + 1;
            }
            prop_assert_eq!(tally.gap_bits(), expected);
        }
    }
}
