//! How a layer's parameters follow from its set, in integers only, so that equal sets have equal bytes. The writer calls these to
//! choose, the strict reader to refuse what the writer would not have chosen.

use super::block::Costs;
use super::directory;
use super::tally::RICE;

/// The smallest blocks have 2¹¹ positions, unless the list is shorter.
pub(crate) const LEAST_WIDTH: u8 = 11;
/// The largest blocks have 2²⁴ positions.
pub(crate) const MOST_WIDTH: u8 = 24;
/// The least width where more than 3/8 of the list are stored, and the one down to which crowded blocks are split.
pub(crate) const DENSE_WIDTH: u8 = 14;
/// The most runs that begin in one block wider than [`DENSE_WIDTH`]; one code for each must fit a coded block.
const MOST_RUNS: u32 = 384;

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

/// The width of blocks by density alone: the largest `b` up to 24 with at most 256 stored positions a block on average, at least 11, at
/// least 14 where more than 3/8 of the list are stored.
pub(crate) fn widest(stored: u32, length: u32) -> u8 {
    let room = u64::from(length).saturating_mul(256);
    let fits = |b: &u8| u64::from(stored).saturating_mul(u64::from(span(*b))) <= room;
    let b = (LEAST_WIDTH..=MOST_WIDTH).rev().find(fits).unwrap_or(LEAST_WIDTH);
    let is_dense = u64::from(stored).saturating_mul(8) > u64::from(length).saturating_mul(3);
    if is_dense { b.max(DENSE_WIDTH) } else { b }
}

/// Finds out whether more than [`MOST_RUNS`] runs of stored positions begin in one block of a width.
///
/// Density alone would give a sparse list such wide blocks that one crowded spot, of many short runs, could only be stored as a bitmap
/// of up to 2 MiB. Splitting wide blocks until none is crowded keeps that to 2 KiB. A block holds every run that begins in its
/// halves, so if one width is not crowded, no smaller one is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowding {
    width: u8,
    block: u32,
    runs: u32,
    crowded: bool,
}

impl Crowding {
    pub(crate) const fn new(width: u8) -> Self {
        Self { width, block: 0, runs: 0, crowded: false }
    }

    /// Counts a run that begins at `position`, not less than the one before it.
    #[inline]
    pub(crate) fn begin(&mut self, position: u32) {
        let block = position.wrapping_shr(u32::from(self.width));
        if block != self.block {
            self.block = block;
            self.runs = 0;
        }
        self.runs = self.runs.saturating_add(1);
        self.crowded |= self.runs > MOST_RUNS;
    }

    pub(crate) const fn width(&self) -> u8 {
        self.width
    }

    pub(crate) const fn is_crowded(&self) -> bool {
        self.crowded && self.width > DENSE_WIDTH
    }
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
