//! What choosing a block's form, and a layer's Rice parameter, needs to know of a block: counted in one pass over its runs.

use alloc::vec::Vec;

use super::bits;
use super::interpolative::{self, Ranked};
use super::runs::Run;

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

/// Numbers below 2²⁴, counted by their bits: enough to tell, for every `k`, the sum of the numbers shifted right by `k`.
#[derive(Clone, Debug)]
struct Sums {
    /// How many numbers have bit `i` set, as bytes: 24 counters that hold up to 255 numbers.
    lanes: [u64; 3],
    /// Numbers counted in `lanes`.
    pending: u8,
    /// How many numbers have bit `i` set, but for those in `lanes`.
    ones: [u32; RICE],
}

impl Sums {
    const fn new() -> Self {
        Self { lanes: [0; 3], pending: 0, ones: [0; RICE] }
    }

    #[inline]
    fn add(&mut self, number: u32) {
        let [a, b, c, _] = number.to_le_bytes();
        for (lane, byte) in self.lanes.iter_mut().zip([a, b, c]) {
            *lane = lane.wrapping_add(spread(byte));
        }
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

    fn shifted(&mut self) -> [u64; RICE] {
        self.flush();
        let mut sums = [0; RICE];
        let mut sum = 0_u64;
        for (place, ones) in sums.iter_mut().zip(self.ones).rev() {
            // Shifted by k: twice what is left when shifted by k + 1, and the numbers with bit k.
            sum = sum.wrapping_mul(2).wrapping_add(u64::from(ones));
            *place = sum;
        }
        sums
    }
}

/// One more than the largest parameter of exponential Golomb codes.
pub(crate) const EXP_GOLOMB: usize = 8;

/// The positions of one block, counted. Runs that adjoin are one.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// How many positions the block has.
    span: u32,
    /// The run that may still grow; empty before the first.
    open: Run,
    /// Where the run before it ends.
    before: u32,
    /// Runs and their positions, but for the open one.
    runs: u32,
    count: u32,
    /// Runs of one position.
    singles: u32,
    gaps: Sums,
    /// How many gaps between two runs are divisible by 2^i and no more.
    factors: [u32; RICE],
    /// Lengths of runs of more than one position.
    lengths: Sums,
    /// Bits of the codes of those lengths, less one, for each parameter.
    length_bits: [u64; EXP_GOLOMB],
    /// The runs, until they are too many for interpolative coding.
    ranked: Vec<Ranked>,
}

/// What the codes of a block's runs would take, in bits, without what says which form it is.
#[derive(Clone, Debug)]
pub(crate) struct CodeBits {
    /// How many positions the block has.
    pub(crate) span: u32,
    /// How many of them are in the set.
    pub(crate) count: u32,
    /// Rice codes of the gaps between positions, for each parameter.
    pub(crate) gaps: [u64; RICE],
    /// Rice codes of the gaps between runs.
    pub(crate) run_gaps: [u64; RICE],
    /// Exponential Golomb codes of the lengths of runs.
    pub(crate) run_lengths: [u64; EXP_GOLOMB],
    /// Rice codes of the gaps between the positions that are not in the set.
    pub(crate) unlisted_gaps: [u64; RICE],
}

impl Tally {
    pub(crate) const fn new(span: u32) -> Self {
        Self::with(span, Vec::new())
    }

    /// Begins another block, in the same memory.
    pub(crate) fn restart(&mut self, span: u32) {
        let mut ranked = core::mem::take(&mut self.ranked);
        ranked.clear();
        *self = Self::with(span, ranked);
    }

    const fn with(span: u32, ranked: Vec<Ranked>) -> Self {
        Self {
            span,
            open: Run { from: 0, until: 0 },
            before: 0,
            runs: 0,
            count: 0,
            singles: 0,
            gaps: Sums::new(),
            factors: [0; RICE],
            lengths: Sums::new(),
            length_bits: [0; EXP_GOLOMB],
            ranked,
        }
    }

    /// Counts the positions of a run, counted from the block's first, all after those before it.
    #[inline]
    pub(crate) fn add(&mut self, run: Run) {
        if run.from == self.open.until {
            self.open.until = run.until;
        } else {
            self.close();
            self.open = run;
        }
    }

    /// Counts the open run, which is followed by a position that is not in the set.
    #[inline]
    fn close(&mut self) {
        let length = self.open.length();
        if length == 0 {
            return;
        }
        self.count_gap();
        if length == 1 {
            self.singles = self.singles.wrapping_add(1);
        } else {
            self.lengths.add(length);
            self.count_length(length);
        }
        self.before = self.open.until;
    }

    #[inline]
    fn count_gap(&mut self) {
        let gap = self.open.from.wrapping_sub(self.before);
        self.gaps.add(gap);
        if self.ranked.len() < interpolative::MOST {
            self.ranked.push(Ranked { from: self.open.from, rank: self.count });
        }
        if self.runs > 0
            && let Some(factor) = usize::try_from(gap.trailing_zeros()).ok().and_then(|at| self.factors.get_mut(at))
        {
            *factor = factor.wrapping_add(1);
        }
        self.runs = self.runs.wrapping_add(1);
        self.count = self.count.wrapping_add(self.open.length());
    }

    fn count_length(&mut self, length: u32) {
        for (e, bits) in (0_u32..).zip(&mut self.length_bits) {
            *bits = bits.wrapping_add(bits::exp_golomb_bits(length.wrapping_sub(1), e).into());
        }
    }

    /// How many positions were counted.
    pub(crate) const fn count(&self) -> u32 {
        self.count.wrapping_add(self.open.length())
    }

    /// The runs; not all of them where there are too many for interpolative coding. After [`Tally::code_bits`].
    pub(crate) fn ranked(&self) -> &[Ranked] {
        &self.ranked
    }

    /// What the codes would take. Nothing more is to be added.
    pub(crate) fn code_bits(&mut self) -> CodeBits {
        if self.open.until < self.span {
            self.close();
        } else if self.open.from < self.open.until {
            // No position that is not in the set follows this run: its length is in no gap between such positions.
            self.count_gap();
            self.count_length(self.open.length());
        }
        let (count, runs) = (u64::from(self.count), u64::from(self.runs));
        let unlisted = u64::from(self.span.saturating_sub(self.count));
        let quotients = self.gaps.shifted();
        let with_remainders = |k: u64, codes: u64| codes.wrapping_mul(k.wrapping_add(1));
        let mut bits = CodeBits {
            span: self.span,
            count: self.count,
            gaps: quotients,
            run_gaps: quotients,
            run_lengths: self.length_bits,
            unlisted_gaps: self.lengths.shifted(),
        };
        // The gap before a run that is not the first is at least one, and written less one: the quotient is less where 2^k divides it.
        let mut divisible = 0_u64;
        for (bits, factor) in bits.run_gaps.iter_mut().zip(self.factors).rev() {
            divisible = divisible.wrapping_add(u64::from(factor));
            *bits = bits.wrapping_sub(divisible);
        }
        for (k, bits) in (0_u64..).zip(&mut bits.run_gaps) {
            *bits = bits.wrapping_add(with_remainders(k, runs));
        }
        for (k, bits) in (0_u64..).zip(&mut bits.gaps) {
            *bits = bits.wrapping_add(with_remainders(k, count));
        }
        let singles = u64::from(self.singles);
        for (k, bits) in (0_u64..).zip(&mut bits.unlisted_gaps) {
            // A gap of one has a quotient of one for k = 0 alone.
            let quotients = if k == 0 { singles } else { 0 };
            *bits = bits.wrapping_add(quotients).wrapping_add(with_remainders(k, unlisted));
        }
        for (e, bits) in (0_u64..).zip(&mut bits.run_lengths) {
            *bits = bits.wrapping_add(with_remainders(e, singles));
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

    use alloc::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn rice(gap: u32, k: usize) -> u64 {
        u64::from(gap >> k) + 1 + k as u64
    }

    /// Each code, one after the other.
    fn counted(set: &BTreeSet<u32>, span: u32) -> CodeBits {
        let mut expected = CodeBits {
            span,
            count: set.len() as u32,
            gaps: [0; RICE],
            run_gaps: [0; RICE],
            run_lengths: [0; EXP_GOLOMB],
            unlisted_gaps: [0; RICE],
        };
        for k in 0..RICE {
            let mut next = 0;
            for at in set {
                expected.gaps[k] += rice(at - next, k);
                next = at + 1;
            }
            let mut next = 0;
            for at in (0..span).filter(|at| !set.contains(at)) {
                expected.unlisted_gaps[k] += rice(at - next, k);
                next = at + 1;
            }
        }
        let starts: Vec<u32> = set.iter().copied().filter(|at| *at == 0 || !set.contains(&(at - 1))).collect();
        let mut end = None;
        for from in starts {
            let until = (from..).find(|at| !set.contains(at)).unwrap();
            for k in 0..RICE {
                expected.run_gaps[k] += rice(end.map_or(from, |end| from - end - 1), k);
            }
            for e in 0..EXP_GOLOMB {
                expected.run_lengths[e] += u64::from(bits::exp_golomb_bits(until - from - 1, e as u32));
            }
            end = Some(until);
        }
        expected
    }

    proptest! {
        #[test]
        fn the_bits_are_the_sums_of_the_codes(
            stretches in prop::collection::vec((0_u32..300, 1_u32..300), 0..20),
            singles in prop::collection::btree_set(0_u32..5_000, 0..500),
            span in 1_u32..5_000,
            whole: bool,
        ) {
            let mut set = singles;
            let mut at = 0;
            for (skip, count) in stretches { set.extend(at + skip..at + skip + count); at += skip + count; }
            set.retain(|at| *at < span);
            if whole { set = (0..span).collect(); }
            let mut tally = Tally::new(span);
            for at in &set { tally.add(Run { from: *at, until: at + 1 }); }
            prop_assert_eq!(tally.count() as usize, set.len());
            let (found, expected) = (tally.code_bits(), counted(&set, span));
            prop_assert_eq!((found.span, found.count), (expected.span, expected.count));
            prop_assert_eq!(found.gaps, expected.gaps);
            prop_assert_eq!(found.run_gaps, expected.run_gaps);
            prop_assert_eq!(found.run_lengths, expected.run_lengths);
            prop_assert_eq!(found.unlisted_gaps, expected.unlisted_gaps);
        }
    }

    #[test]
    fn a_whole_block_of_the_largest_size() {
        let mut tally = Tally::new(1 << 24);
        tally.add(Run { from: 0, until: 1 << 24 });
        let bits = tally.code_bits();
        assert_eq!((bits.count, bits.unlisted_gaps), (1 << 24, [0; RICE]));
        assert_eq!(bits.run_lengths[0], 49);
        assert_eq!(bits.run_gaps[0], 1);
        assert_eq!(bits.gaps[0], 1 << 24);
    }
}
