//! The writer of a layer.

use alloc::vec::Vec;
use core::iter::Peekable;

use super::block::Costs;
use super::directory;
use super::layer::{Layer, LayerError, Stored};
use super::rules::{self, Crowding, Totals};
use super::tally::Tally;
use crate::limits::MAX_TRUST_OBJECT;

impl Layer {
    /// Appends the layer of the ascending positions `listed` in a list of `length` positions to `body`, and gives its parameters.
    /// Equal sets give equal bytes.
    ///
    /// # Errors
    /// [`LayerError::Parameters`] if `listed` is empty, [`LayerError::Position`] if a position is not less than `length` or not greater
    /// than the one before it, [`LayerError::TooLarge`] if the body would be larger than 64 MiB. Then `body` is as it was.
    pub fn write(length: u32, listed: &[u32], body: &mut Vec<u8>) -> Result<Self, LayerError> {
        let mut least = 0;
        for position in listed {
            if *position < least || *position >= length {
                return Err(LayerError::Position(*position));
            }
            least = position.saturating_add(1);
        }
        let count = u32::try_from(listed.len()).map_err(|_| LayerError::TooLarge)?;
        if count == 0 {
            return Err(LayerError::Parameters);
        }
        let positions = listed.iter().copied();
        if rules::is_complemented(count, length) {
            let unlisted = Unlisted { listed: positions.peekable(), next: 0, length };
            write(length, count, Stored::Unlisted, unlisted, body)
        } else {
            write(length, count, Stored::Listed, positions, body)
        }
    }
}

/// The positions of a list that an ascending iterator leaves out.
#[derive(Clone, Debug)]
struct Unlisted<I: Iterator<Item = u32>> {
    listed: Peekable<I>,
    next: u32,
    length: u32,
}

impl<I: Iterator<Item = u32>> Iterator for Unlisted<I> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        while self.listed.next_if_eq(&self.next).is_some() {
            self.next = self.next.wrapping_add(1);
        }
        let found = (self.next < self.length).then_some(self.next)?;
        self.next = found.wrapping_add(1);
        Some(found)
    }
}

/// The positions of a layer, block by block.
#[derive(Clone, Debug)]
struct ByBlock<I: Iterator<Item = u32>> {
    positions: Peekable<I>,
    length: u32,
    b: u8,
    block: u32,
}

impl<I: Iterator<Item = u32> + Clone> ByBlock<I> {
    fn new(positions: I, length: u32, b: u8) -> Self {
        Self { positions: positions.peekable(), length, b, block: 0 }
    }

    /// The next block: its positions, counted from its first, and their tally.
    fn next(&mut self) -> Option<(impl Iterator<Item = u32> + use<I>, Tally)> {
        let first = u64::from(self.block).wrapping_shl(u32::from(self.b));
        let left = u64::from(self.length).checked_sub(first).filter(|left| *left > 0)?;
        let span = u32::try_from(left.min(u64::from(rules::span(self.b)))).ok()?;
        let first = u32::try_from(first).ok()?;
        let positions = self.positions.clone();
        let mut tally = Tally::new(span);
        while let Some(position) = self.positions.next_if(|position| position.wrapping_sub(first) < span) {
            tally.add(position.wrapping_sub(first));
        }
        self.block = self.block.wrapping_add(1);
        Some((
            positions.map(move |position| position.wrapping_sub(first)).take_while(move |within| *within < span),
            tally,
        ))
    }
}

/// The width of blocks: by density, then split while one is crowded.
fn width(stored: impl Iterator<Item = u32>, widest: u8) -> u8 {
    if widest <= rules::DENSE_WIDTH {
        return widest;
    }
    let mut widths: Vec<Crowding> = (rules::DENSE_WIDTH..=widest).rev().map(Crowding::new).collect();
    let mut after = None;
    for position in stored {
        if after != Some(position) {
            widths.iter_mut().for_each(|width| width.begin(position));
        }
        after = Some(position.wrapping_add(1));
    }
    widths.iter().find(|width| !width.is_crowded()).map_or(rules::DENSE_WIDTH, Crowding::width)
}

fn write<I>(length: u32, count: u32, stored: Stored, positions: I, body: &mut Vec<u8>) -> Result<Layer, LayerError>
where
    I: Iterator<Item = u32> + Clone,
{
    let stored_count = match stored {
        Stored::Listed => count,
        Stored::Unlisted => length.saturating_sub(count),
    };
    let b = width(positions.clone(), rules::widest(stored_count, length));
    let by_block = ByBlock::new(positions, length, b);

    let mut totals = Totals::new();
    let mut counting = by_block.clone();
    while let Some((_, tally)) = counting.next() {
        totals.add(&Costs::of(tally));
    }
    let blocks = rules::blocks(length, b);
    let (k, total) = totals.best(blocks);
    let size = u32::try_from(total.size(blocks)).map_err(|_| LayerError::TooLarge)?;
    let begin = body.len();
    let end = usize::try_from(size).ok().and_then(|size| begin.checked_add(size));
    if end.is_none_or(|end| end > MAX_TRUST_OBJECT) {
        return Err(LayerError::TooLarge);
    }

    let mut lengths = Vec::new();
    let mut coded = Vec::new();
    let mut writing = by_block;
    while let Some((positions, tally)) = writing.next() {
        let span = tally.span();
        let (form, bytes) = Costs::of(tally).choose(k);
        coded = form.write(positions, span, k, coded);
        lengths.push(bytes);
    }
    directory::write(&lengths, body).ok_or(LayerError::TooLarge)?;
    body.extend_from_slice(&coded);
    debug_assert_eq!(Some(body.len()), end, "the costs are those of what is written");
    let offset = u32::try_from(begin).map_err(|_| LayerError::TooLarge)?;
    Ok(Layer::chosen(count, b, k, stored, offset, size))
}
