//! Where each block of a layer stands.
//!
//! ```text
//! directory = width (1 byte: 0, 1, 2 or 4) ‖ shortest (3 bytes) ‖ group*
//! group     = base (5 bytes) ‖ up to 32 lengths (width bytes each)          all little-endian
//! ```
//!
//! A group stands for 32 blocks, the last one for those that remain. `base` is the offset of the group's first block from the layer's
//! first; a length is a block's bytes less `shortest`, those of the layer's shortest block. So a block is found in one short read.

use alloc::vec::Vec;

/// Bytes before the first group.
const HEAD: u64 = 4;
/// Blocks in a group.
const GROUP: u32 = 32;
/// Bytes of a group's base.
const BASE: u64 = 5;

/// The directory of a layer, and nothing else of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Directory<'a> {
    bytes: &'a [u8],
    width: Width,
    shortest: u32,
    blocks: u32,
}

/// How many bytes a length takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    W0,
    W1,
    W2,
    W4,
}

impl Width {
    const fn bytes(self) -> u8 {
        match self {
            Self::W0 => 0,
            Self::W1 => 1,
            Self::W2 => 2,
            Self::W4 => 4,
        }
    }

    /// The smallest that holds `most`.
    const fn of(most: u32) -> Self {
        match most {
            0 => Self::W0,
            1..=0xff => Self::W1,
            0x100..=0xffff => Self::W2,
            _ => Self::W4,
        }
    }
}

/// The place of a block, from the layer's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

impl Place {
    pub(crate) fn end(self) -> u64 {
        self.offset.saturating_add(u64::from(self.length))
    }
}

/// Bytes of a directory of `blocks` blocks whose lengths span from `shortest` to `longest`.
pub(crate) fn size(blocks: u32, shortest: u32, longest: u32) -> u64 {
    size_at(blocks, Width::of(longest.saturating_sub(shortest)))
}

fn size_at(blocks: u32, width: Width) -> u64 {
    let groups = u64::from(blocks.div_ceil(GROUP)).saturating_mul(BASE);
    HEAD.saturating_add(groups).saturating_add(u64::from(blocks).saturating_mul(u64::from(width.bytes())))
}

/// The little-endian number in at most 8 bytes.
#[inline]
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl<'a> Directory<'a> {
    /// Splits a layer of `blocks` blocks into its directory and its blocks; `None` if there is no whole directory.
    pub(crate) fn split(layer: &'a [u8], blocks: u32) -> Option<(Self, &'a [u8])> {
        let ([width, shortest @ ..], _) = layer.split_first_chunk::<4>()?;
        let width = match width {
            0 => Width::W0,
            1 => Width::W1,
            2 => Width::W2,
            4 => Width::W4,
            _ => return None,
        };
        let size = usize::try_from(size_at(blocks, width)).ok()?;
        let (bytes, rest) = layer.split_at_checked(size)?;
        let shortest = u32::try_from(number(shortest)).ok()?;
        Some((Self { bytes, width, shortest, blocks }, rest))
    }

    /// The bytes of the directory.
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The group's base and its lengths.
    #[inline]
    fn group(&self, group: u32) -> Option<(u64, &'a [u8])> {
        let stride = BASE.wrapping_add(u64::from(GROUP).wrapping_mul(u64::from(self.width.bytes())));
        let at = usize::try_from(HEAD.wrapping_add(u64::from(group).wrapping_mul(stride))).ok()?;
        let (base, lengths) = self.bytes.get(at..)?.split_first_chunk::<5>()?;
        Some((number(base), lengths))
    }

    /// The stored length at `place` of a group's lengths.
    #[inline]
    fn stored(&self, lengths: &[u8], place: usize) -> Option<u32> {
        match self.width {
            Width::W0 => Some(0),
            Width::W1 => lengths.get(place).copied().map(u32::from),
            Width::W2 => lengths.as_chunks::<2>().0.get(place).copied().map(u16::from_le_bytes).map(u32::from),
            Width::W4 => lengths.as_chunks::<4>().0.get(place).copied().map(u32::from_le_bytes),
        }
    }

    /// The sum of the first `count` stored lengths of a group; lengths that are not there count nothing.
    #[inline]
    fn sum(&self, lengths: &[u8], count: usize) -> u64 {
        match self.width {
            Width::W0 => 0,
            Width::W1 => u64::from(lengths.iter().take(count).map(|length| u32::from(*length)).sum::<u32>()),
            Width::W2 => {
                lengths.as_chunks::<2>().0.iter().take(count).map(|length| u64::from(u16::from_le_bytes(*length))).sum()
            }
            Width::W4 => {
                lengths.as_chunks::<4>().0.iter().take(count).map(|length| u64::from(u32::from_le_bytes(*length))).sum()
            }
        }
    }

    /// Where `block` stands: one base, and at most 31 lengths to add. The place may lie outside of the layer; the caller looks there
    /// with checked bounds.
    pub(crate) fn place(&self, block: u32) -> Option<Place> {
        if block >= self.blocks {
            return None;
        }
        let (base, lengths) = self.group(block / GROUP)?;
        let within = usize::try_from(block % GROUP).ok()?;
        let least = u64::from(block % GROUP).checked_mul(u64::from(self.shortest))?;
        let offset = base.checked_add(least)?.checked_add(self.sum(lengths, within))?;
        let length = self.stored(lengths, within)?.checked_add(self.shortest)?;
        Some(Place { offset, length })
    }

    /// The places of all blocks one after another; a place that does not begin where the one before it ends is an error, and the last.
    pub(crate) fn walk(&self) -> Walk<'a> {
        Walk { directory: *self, block: 0, end: 0, lengths: &[] }
    }

    /// Whether the writer's directory for lengths from `shortest` to `longest` would have this head.
    pub(crate) fn is_least(&self, shortest: u32, longest: u32) -> bool {
        self.shortest == shortest && self.width == Width::of(longest.saturating_sub(shortest))
    }
}

/// The places of the blocks of a layer, in order.
#[derive(Clone, Debug)]
pub(crate) struct Walk<'a> {
    directory: Directory<'a>,
    block: u32,
    end: u64,
    lengths: &'a [u8],
}

impl Walk<'_> {
    /// The number and place of the next block.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<(u32, Place)>, Gap> {
        let block = self.block;
        if block >= self.directory.blocks {
            return Ok(None);
        }
        let within = block % GROUP;
        if within == 0 {
            let (base, lengths) = self.directory.group(block / GROUP).ok_or(Gap(block))?;
            if base != self.end {
                return Err(Gap(block));
            }
            self.lengths = lengths;
        }
        let stored = usize::try_from(within).ok().and_then(|place| self.directory.stored(self.lengths, place));
        let length = stored.and_then(|stored| stored.checked_add(self.directory.shortest)).ok_or(Gap(block))?;
        let place = Place { offset: self.end, length };
        self.end = place.end();
        self.block = block.wrapping_add(1);
        Ok(Some((block, place)))
    }

    /// Where the last block that was given ends.
    pub(crate) const fn end(&self) -> u64 {
        self.end
    }
}

/// The directory does not place this block where the one before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gap(pub(crate) u32);

/// Appends the directory of blocks of these lengths to `bytes`; `None` if a number does not fit.
pub(crate) fn write(lengths: &[u32], bytes: &mut Vec<u8>) -> Option<()> {
    let shortest = lengths.iter().copied().min().unwrap_or_default();
    let longest = lengths.iter().copied().max().unwrap_or_default();
    let width = Width::of(longest.checked_sub(shortest)?);
    let [a, b, c, 0] = shortest.to_le_bytes() else { return None };
    bytes.extend_from_slice(&[width.bytes(), a, b, c]);
    let mut base = 0_u64;
    for group in lengths.chunks(usize::try_from(GROUP).ok()?) {
        let [a, b, c, d, e, 0, 0, 0] = base.to_le_bytes() else { return None };
        bytes.extend_from_slice(&[a, b, c, d, e]);
        for length in group {
            let stored = length.checked_sub(shortest)?.to_le_bytes();
            bytes.extend(stored.iter().take(usize::from(width.bytes())));
            base = base.checked_add(u64::from(*length))?;
        }
    }
    Some(())
}
