//! Binary interpolative coding (Moffat and Stuiver 2000): the position in the middle first, then the two halves between narrower bounds.
//! Best where positions crowd together in ways that no single gap describes; where a stretch is full, nothing is written at all.
//!
//! Between bounds that leave `n` positions more than one place, the one in the middle takes at least one bit. So what is read is bounded
//! by the bits of the block, and full stretches come out whole.

use super::bits::{self, BitReader, BitWriter, CutShort};
use super::runs::Run;

/// The most positions of a block that is written so.
pub(crate) const MOST: usize = 4_096;
/// Halvings of [`MOST`] positions until none is left.
const DEPTH: usize = 13;
/// The parameter of the exponential Golomb code of the count.
pub(crate) const COUNT: u32 = 6;

/// Positions that are still to be told, between bounds that they may touch.
#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    count: u32,
    /// The least and, not included, the largest that a position may be.
    from: u32,
    until: u32,
}

impl Stretch {
    /// Every place between the bounds is a position.
    fn is_full(self) -> bool {
        self.until.wrapping_sub(self.from) == self.count
    }

    /// How many positions come before the one in the middle.
    fn before(self) -> u32 {
        self.count / 2
    }

    /// The least place that the one in the middle may have, and how many there are.
    fn room(self) -> (u32, u32) {
        let places = self.until.wrapping_sub(self.from).wrapping_sub(self.count).wrapping_add(1);
        (self.from.wrapping_add(self.before()), places)
    }

    /// What is left on both sides of the one in the middle.
    fn split(self, middle: u32) -> (Self, Self) {
        let before = Self { count: self.before(), from: self.from, until: middle };
        let after = self.count.wrapping_sub(before.count).wrapping_sub(1);
        (before, Self { count: after, from: middle.wrapping_add(1), until: self.until })
    }
}

/// A run by its first position and the number of positions before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ranked {
    pub(crate) from: u32,
    pub(crate) rank: u32,
}

/// Bits of the codes of `count` positions in these runs, all less than `span`, with their count; `None` if more than `most`, or if there are
/// too many positions. Looks at as many positions as take a bit, not at those that stand in full stretches.
pub(crate) fn cost(runs: &[Ranked], count: u32, span: u32, most: u64) -> Option<u64> {
    /// `runs` are those that the stretch reaches into; its first position is of rank `first`.
    fn visit(runs: &[Ranked], first: u32, stretch: Stretch, left: &mut u64) -> Option<()> {
        if stretch.count == 0 || stretch.is_full() {
            return Some(());
        }
        let rank = first.wrapping_add(stretch.before());
        // Where every run is one position, the runs are counted as positions are.
        let place = match usize::try_from(stretch.count) {
            Ok(count) if count == runs.len() => usize::try_from(stretch.before()).ok()?,
            _ => runs.partition_point(|run| run.rank <= rank).checked_sub(1)?,
        };
        let run = runs.get(place)?;
        let middle = run.from.wrapping_add(rank.wrapping_sub(run.rank));
        let (least, places) = stretch.room();
        *left = left.checked_sub(bits::below_bits(middle.wrapping_sub(least), places).into())?;
        let (before, after) = stretch.split(middle);
        let next = rank.wrapping_add(1);
        // The run of the middle may reach to both sides.
        let until = if run.rank < rank { place.wrapping_add(1) } else { place };
        let from = if runs.get(place.wrapping_add(1)).is_some_and(|run| run.rank == next) || after.count == 0 {
            place.wrapping_add(1)
        } else {
            place
        };
        visit(runs.get(..until)?, first, before, left)?;
        visit(runs.get(from..)?, next, after, left)
    }
    if count == 0 || usize::try_from(count).is_ok_and(|count| count > MOST) {
        return None;
    }
    let mut left = most.checked_sub(bits::exp_golomb_bits(count.wrapping_sub(1), COUNT).into())?;
    visit(runs, 0, Stretch { count, from: 0, until: span }, &mut left)?;
    most.checked_sub(left)
}

/// Appends the count, at least 1, and the codes of the ascending `positions`, all less than `span`.
pub(crate) fn write(positions: &[u32], span: u32, writer: &mut BitWriter) {
    fn visit(positions: &[u32], stretch: Stretch, writer: &mut BitWriter) -> Option<()> {
        if stretch.count == 0 || stretch.is_full() {
            return Some(());
        }
        let (before, rest) = positions.split_at_checked(usize::try_from(stretch.before()).ok()?)?;
        let (middle, after) = rest.split_first()?;
        let (least, places) = stretch.room();
        writer.below(middle.wrapping_sub(least), places);
        let (first, second) = stretch.split(*middle);
        visit(before, first, writer)?;
        visit(after, second, writer)
    }
    let count = u32::try_from(positions.len()).unwrap_or_default();
    writer.exp_golomb(count.wrapping_sub(1), COUNT);
    visit(positions, Stretch { count, from: 0, until: span }, writer);
}

/// The positions of a block, ascending, as the codes are read.
#[derive(Clone, Debug)]
pub(crate) struct Interpolative<'a> {
    bits: BitReader<'a>,
    current: Stretch,
    /// Middles that are read and not yet given out, each with what comes after it: the innermost last.
    waiting: [(u32, Stretch); DEPTH],
    depth: usize,
}

/// Why the codes cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeError {
    CutShort,
    TooMany,
    Padding,
}

impl From<CutShort> for CodeError {
    fn from(_: CutShort) -> Self {
        Self::CutShort
    }
}

impl<'a> Interpolative<'a> {
    /// Reads the count.
    pub(crate) fn new(mut bits: BitReader<'a>, span: u32) -> Result<Self, CodeError> {
        let count = bits.exp_golomb(COUNT)?.ok_or(CodeError::CutShort)?;
        let count = u32::try_from(count.saturating_add(1)).map_err(|_| CodeError::TooMany)?;
        if count > span || usize::try_from(count).is_ok_and(|count| count > MOST) {
            return Err(CodeError::TooMany);
        }
        let current = Stretch { count, from: 0, until: span };
        Ok(Self { bits, current, waiting: [(0, Stretch::default()); DEPTH], depth: 0 })
    }

    /// The next positions, ascending: a full stretch, or one.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Run>, CodeError> {
        loop {
            let stretch = self.current;
            if stretch.count > 0 {
                if stretch.is_full() {
                    self.current = Stretch::default();
                    return Ok(Some(Run { from: stretch.from, until: stretch.until }));
                }
                let (least, places) = stretch.room();
                let middle = least.wrapping_add(self.bits.below(places)?);
                let (before, after) = stretch.split(middle);
                // As deep as there are halvings: there is always a place.
                let place = self.waiting.get_mut(self.depth).ok_or(CodeError::TooMany)?;
                *place = (middle, after);
                self.depth = self.depth.wrapping_add(1);
                self.current = before;
            } else if let Some(depth) = self.depth.checked_sub(1) {
                self.depth = depth;
                let (middle, after) = self.waiting.get(depth).copied().unwrap_or_default();
                self.current = after;
                return Ok(Some(Run { from: middle, until: middle.wrapping_add(1) }));
            } else {
                // All are told: what is left fills a byte, with zeros.
                let filled = self.bits.left() < 8 && self.bits.unary().is_none();
                return if filled { Ok(None) } else { Err(CodeError::Padding) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

    use alloc::collections::BTreeSet;
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn written(positions: &[u32], span: u32) -> Vec<u8> {
        let mut writer = BitWriter::default();
        write(positions, span, &mut writer);
        writer.finish()
    }

    fn cost(positions: &[u32], span: u32, most: u64) -> Option<u64> {
        let mut runs: Vec<Ranked> = Vec::new();
        for (rank, at) in positions.iter().enumerate() {
            if rank == 0 || positions[rank - 1] + 1 != *at {
                runs.push(Ranked { from: *at, rank: rank as u32 });
            }
        }
        super::cost(&runs, positions.len() as u32, span, most)
    }

    fn read(bytes: &[u8], span: u32) -> Result<Vec<u32>, CodeError> {
        let mut codes = Interpolative::new(BitReader::new(bytes), span)?;
        let mut positions = Vec::new();
        while let Some(run) = codes.next()? {
            positions.extend(run.from..run.until);
        }
        Ok(positions)
    }

    /// 11 is one of 15 places; 8 one of 9, 3 of 8, 9 of 2; 13 one of 7, 12 of 1, 17 of 7.
    #[test]
    fn the_middle_first() {
        let positions = [3, 8, 9, 11, 12, 13, 17];
        let bytes = written(&positions, 21);
        assert_eq!(cost(&positions, 21, 1000), Some(7 + 4 + 3 + 3 + 1 + 3 + 2));
        assert_eq!(read(&bytes, 21), Ok(positions.to_vec()));
    }

    #[test]
    fn a_full_block_is_its_count() {
        let positions: Vec<u32> = (0..100).collect();
        assert_eq!(cost(&positions, 100, 1000), Some(9));
        assert_eq!(read(&written(&positions, 100), 100), Ok(positions));
        assert_eq!(cost(&(1..MOST as u32 + 1).collect::<Vec<_>>(), 1 << 24, u64::MAX), Some(319), "as many as may be");
        assert_eq!(cost(&(1..MOST as u32 + 2).collect::<Vec<_>>(), 1 << 24, u64::MAX), None, "too many");
        assert_eq!(cost(&[], 100, 1000), None, "none");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            clusters in prop::collection::vec((0_u32..1 << 14, 1_u32..300), 1..12),
            singles in prop::collection::btree_set(0_u32..1 << 14, 0..200),
            span in 1_u32..=1 << 14,
        ) {
            let mut set: BTreeSet<u32> = singles;
            for (from, count) in clusters { set.extend(from..from + count); }
            set.retain(|at| *at < span);
            let positions: Vec<u32> = set.into_iter().collect();
            prop_assume!(!positions.is_empty() && positions.len() <= MOST);
            let bytes = written(&positions, span);
            let bits = cost(&positions, span, u64::MAX).unwrap();
            prop_assert_eq!(bits.div_ceil(8), bytes.len() as u64);
            prop_assert_eq!(cost(&positions, span, bits), Some(bits));
            prop_assert_eq!(cost(&positions, span, bits - 1), None);
            prop_assert_eq!(read(&bytes, span), Ok(positions));
            let longer = [&bytes[..], &[0]].concat();
            prop_assert_eq!(read(&longer, span), Err(CodeError::Padding));
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..300), span in 1_u32..=1 << 24) {
            if let Ok(positions) = read(&bytes, span) {
                prop_assert!(positions.is_sorted_by(|a, b| a < b) && positions.iter().all(|at| *at < span));
                prop_assert_eq!(written(&positions, span), bytes);
            } else {
                prop_assert!(read(&vec![0; bytes.len()], span).is_err());
            }
        }
    }
}
