//! How a layer's parameters follow from its set, in integers only, so that equal sets have equal bytes. The writer calls these to
//! choose, the strict reader to refuse what the writer would not have chosen.

use super::directory;
use super::form::Costs;
use super::tally::RICE;

/// The smallest blocks have 2¹¹ positions, unless the list is shorter.
pub(crate) const LEAST_WIDTH: u8 = 11;
/// The largest blocks have 2²⁴ positions.
pub(crate) const MOST_WIDTH: u8 = 24;
/// The least width where more than 3/8 of the list are stored, and the one down to which crowded blocks are split.
pub(crate) const DENSE_WIDTH: u8 = 14;

/// What differs between a layer of a list, which is asked for single positions, and a set of a delta, which is read once from end to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// How many stored positions a block has at most on average, where blocks are not of the least width.
    per_block: u32,
    /// The most bits of a block in any form but the raw one. In a list: so that no look-up takes longer than about one signature check.
    pub(crate) most_coded: u64,
}

impl Rules {
    /// A layer of a list.
    pub(crate) const LIST: Self = Self { per_block: 256, most_coded: 8 * 1024 };
    /// A set of a delta.
    pub(crate) const DELTA: Self = Self { per_block: 1024, most_coded: 8 * 4096 };
    /// The span of blocks of [`DENSE_WIDTH`]: what is no longer is not split for being crowded.
    pub(crate) const DENSE_SPAN: u32 = 1 << DENSE_WIDTH;

    /// The width of blocks by density alone: the largest `b` up to 24 with at most so many stored positions a block on average, at least
    /// 11, at least 14 where more than 3/8 of the list are stored.
    ///
    /// A block that is crowded all the same is split: see [`Costs::is_crowded`]. Density alone would give a sparse list such wide blocks
    /// that one crowded spot could only be stored as a bitmap of up to 2 MiB.
    pub(crate) fn widest(self, stored: u32, length: u32) -> u8 {
        let room = u64::from(length).saturating_mul(self.per_block.into());
        let fits = |b: &u8| u64::from(stored).saturating_mul(u64::from(span(*b))) <= room;
        let b = (LEAST_WIDTH..=MOST_WIDTH).rev().find(fits).unwrap_or(LEAST_WIDTH);
        let is_dense = u64::from(stored).saturating_mul(8) > u64::from(length).saturating_mul(3);
        if is_dense { b.max(DENSE_WIDTH) } else { b }
    }
}

/// How many positions a block of width `b` (at most 24) has where the list does not end first.
pub(crate) fn span(b: u8) -> u32 {
    1_u32.wrapping_shl(u32::from(b))
}

/// How many blocks of width `b` a list of `length` positions has.
pub(crate) fn blocks(length: u32, b: u8) -> u32 {
    length.div_ceil(span(b).max(1))
}

/// Whether a layer with `listed` of `length` positions stores those that are *not* listed.
pub(crate) fn is_complemented(listed: u32, length: u32) -> bool {
    u64::from(listed).saturating_mul(2) > u64::from(length)
}

/// What a layer would take with each Rice parameter.
#[derive(Clone, Debug)]
pub(crate) struct Totals([Total; RICE]);

/// The lengths of the blocks of a layer, with one Rice parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Total {
    bytes: u64,
    shortest: u32,
    longest: u32,
}

impl Total {
    /// Bytes of the shortest and of the longest block.
    pub(crate) const fn bounds(&self) -> (u32, u32) {
        (self.shortest, self.longest)
    }

    /// Bytes of the layer, its directory included.
    pub(crate) fn size(&self, blocks: u32) -> u64 {
        self.bytes.saturating_add(directory::size(blocks, self.shortest, self.longest))
    }
}

impl Totals {
    pub(crate) const fn new() -> Self {
        Self([Total { bytes: 0, shortest: u32::MAX, longest: 0 }; RICE])
    }

    /// Counts one block.
    pub(crate) fn add(&mut self, costs: &Costs) {
        for (k, total) in (0_u8..).zip(&mut self.0) {
            let (_, bytes) = costs.choose(k);
            total.bytes = total.bytes.saturating_add(u64::from(bytes));
            total.shortest = total.shortest.min(bytes);
            total.longest = total.longest.max(bytes);
        }
    }

    /// The Rice parameter with which a layer of `blocks` blocks is smallest, the lowest of those that tie, and its total.
    pub(crate) fn best(&self, blocks: u32) -> (u8, Total) {
        let [first, ..] = self.0;
        let mut best = (0, first);
        for (k, total) in (0_u8..).zip(self.0) {
            if total.size(blocks) < best.1.size(blocks) {
                best = (k, total);
            }
        }
        best
    }
}
