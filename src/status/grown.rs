//! A layer to which positions were added and from which none was taken, block by block: where nothing was added, the old bytes stand.
//!
//! The form of a block follows from its positions, its span and the layer's parameter alone. So of a day's delta, which touches a few
//! blocks of thousands, most is copied.

use alloc::vec::Vec;

use super::block::Block;
use super::form::{Costs, Form};
use super::layer::{Layer, LayerError, LayerView, Stored};
use super::rules::{self, Rules};
use super::runs::{Run, join};
use super::tally::Tally;
use super::write::Cutter;

/// A block of a layer that is being rebuilt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece<'p> {
    /// As it was.
    Same(&'p [u8]),
    /// To be written.
    New {
        /// Its positions.
        runs: &'p [Run],
        /// How many positions it might have.
        span: u32,
        /// The form that is chosen for them.
        form: Form,
        /// How many bytes that takes.
        bytes: u32,
    },
}

impl Piece<'_> {
    /// How many bytes the block has.
    pub(crate) fn length(&self) -> u32 {
        match self {
            Self::Same(bytes) => u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            Self::New { bytes, .. } => *bytes,
        }
    }
}

/// Can the blocks of `old` be taken over into `new`, of a list of `length` positions? Both are cut alike, and store the same of a set.
pub(crate) fn can_grow(old: &LayerView<'_>, new: &Layer, length: u32) -> bool {
    let before = old.layer();
    (before.b(), before.k(), before.stored()) == (new.b(), new.k(), Stored::Listed)
        && new.stored() == Stored::Listed
        && old.length() <= length
}

/// Calls `each` with every block of the layer that has the positions of `old` and those of `added`, which ascend.
pub(crate) fn grow<'a>(
    old: &LayerView<'a>,
    added: impl Iterator<Item = Run>,
    length: u32,
    mut each: impl FnMut(Piece<'_>),
) -> Result<(), LayerError> {
    let (b, k) = (old.layer().b(), old.layer().k());
    let mut added = Cutter::new(added);
    let mut walk = old.region().walk();
    let (mut kept, mut fresh, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    let mut tally = Tally::new(0);
    let mut first = 0_u32;
    while first < length {
        let end = first.checked_add(rules::span(b)).map_or(length, |end| end.min(length));
        let span = end.wrapping_sub(first);
        added.take(first, end, &mut fresh);
        first = end;
        let before = walk.next()?;
        if let Some((block, bytes)) = before {
            if fresh.is_empty() && old.span(block) == span {
                each(Piece::Same(bytes));
                continue;
            }
            kept.clear();
            let parsed = Block::parse(Rules::LIST, bytes, old.span(block), k);
            let read = parsed.and_then(|parsed| parsed.visit(|run| join(&mut kept, run)));
            read.map_err(|error| LayerError::Block { block, error })?;
        } else {
            kept.clear();
        }
        merge(&kept, &fresh, &mut whole)?;
        tally.restart(span);
        whole.iter().for_each(|run| tally.add(*run));
        let (form, bytes) = Costs::of(Rules::LIST, &mut tally).choose(k);
        each(Piece::New { runs: &whole, span, form, bytes });
    }
    Ok(())
}

/// Both sets in one, if they have no position in common.
fn merge(kept: &[Run], fresh: &[Run], whole: &mut Vec<Run>) -> Result<(), LayerError> {
    whole.clear();
    let (mut kept, mut fresh) = (kept.iter().copied().peekable(), fresh.iter().copied().peekable());
    let mut reached = 0;
    loop {
        let next = match (kept.peek(), fresh.peek()) {
            (Some(old), Some(new)) if new.from < old.from => fresh.next(),
            (Some(_), _) => kept.next(),
            (None, _) => fresh.next(),
        };
        let Some(run) = next else { return Ok(()) };
        if run.from < reached {
            // What is added was listed already.
            return Err(LayerError::Position(run.from));
        }
        reached = run.until;
        join(whole, run);
    }
}
