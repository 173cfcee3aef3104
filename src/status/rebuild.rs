//! The body of a list out of the one before it and a delta, block by block.
//!
//! Everything that a choice would be needed for stands in the new header: the width of blocks and the Rice parameter of each layer. So two
//! passes suffice. The first finds the length of each block, for a layer's directory stands before its blocks and all directories in
//! the first leaf; the second writes. What is held at a time is the directories and one block.

use alloc::vec::Vec;

use super::body::Body;
use super::delta::{DeltaError, Sets, StatusDelta};
use super::directory;
use super::grown::{Piece, can_grow, grow};
use super::header::StatusHeader;
use super::layer::{Layer, LayerError, LayerView, Stored};
use super::layers::{Details, parameters};
use super::rules::{self, Rules};
use super::runs::{LayerRuns, Run};
use super::state::State;
use super::tree::{self, Tree};
use super::write::{Unlisted, each_block};
use crate::suite::HashAlgorithm;

/// The runs of a layer that is changed: those of the old one without the removed, and the added. Stops at a fault, and keeps it.
#[derive(Debug)]
struct Changed<'a> {
    old: Option<LayerRuns<'a>>,
    removed: Option<LayerRuns<'a>>,
    added: Option<LayerRuns<'a>>,
    /// What is left of the old run that was begun, and how many listed positions stand before it.
    open: Option<Run>,
    rank: u32,
    /// The ranks that are removed next.
    without: Option<Run>,
    /// The next runs of those that stay and of those that come.
    kept: Option<Run>,
    new: Option<Run>,
    fault: Option<LayerError>,
}

impl<'a> Changed<'a> {
    fn new(old: Option<&LayerView<'a>>, sets: &Sets<'a>) -> Result<Self, LayerError> {
        let mut changed = Self {
            old: old.map(LayerRuns::new),
            removed: sets.removed.as_ref().map(LayerRuns::new),
            added: sets.added.as_ref().map(LayerRuns::new),
            open: None,
            rank: 0,
            without: None,
            kept: None,
            new: None,
            fault: None,
        };
        changed.without = next(&mut changed.removed)?;
        changed.kept = changed.keep()?;
        changed.new = next(&mut changed.added)?;
        Ok(changed)
    }

    /// The next run of those that stay.
    fn keep(&mut self) -> Result<Option<Run>, LayerError> {
        loop {
            let run = match self.open.take() {
                Some(run) => run,
                None => match next(&mut self.old)? {
                    Some(run) => run,
                    None => return Ok(None),
                },
            };
            let end = self.rank.saturating_add(run.length());
            match self.without {
                Some(without) if without.until <= self.rank => {
                    self.without = next(&mut self.removed)?;
                    self.open = Some(run);
                }
                Some(without) if without.from < end => {
                    let stay = without.from.saturating_sub(self.rank);
                    let go = without.until.min(end).saturating_sub(self.rank.max(without.from));
                    let cut = run.from.saturating_add(stay);
                    let rest = Run { from: cut.saturating_add(go), until: run.until };
                    self.rank = self.rank.saturating_add(stay).saturating_add(go);
                    self.open = Some(rest).filter(|rest| rest.from < rest.until);
                    if stay > 0 {
                        return Ok(Some(Run { from: run.from, until: cut }));
                    }
                }
                _ => {
                    self.rank = end;
                    return Ok(Some(run));
                }
            }
        }
    }

    fn step(&mut self) -> Result<Option<Run>, LayerError> {
        match (self.kept, self.new) {
            (Some(kept), Some(new)) if kept.from < new.until && new.from < kept.until => {
                // What is added was listed already.
                Err(LayerError::Position(kept.from.max(new.from)))
            }
            (Some(kept), new) if new.is_none_or(|new| kept.from < new.from) => {
                self.kept = self.keep()?;
                Ok(Some(kept))
            }
            (_, new) => {
                self.new = next(&mut self.added)?;
                Ok(new)
            }
        }
    }
}

fn next(runs: &mut Option<LayerRuns<'_>>) -> Result<Option<Run>, LayerError> {
    runs.as_mut().map_or(Ok(None), LayerRuns::next)
}

impl Iterator for Changed<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        if self.fault.is_some() {
            return None;
        }
        self.step().unwrap_or_else(|fault| {
            self.fault = Some(fault);
            None
        })
    }
}

/// A list that is being rebuilt.
struct Rebuilding<'d, 'a> {
    header: &'d StatusHeader,
    delta: &'d StatusDelta<'a>,
    old: &'d Body<'a>,
}

impl<'a> Rebuilding<'_, 'a> {
    /// Calls `each` with every block of the new layer.
    fn layer(
        &self,
        state: State,
        layer: &Layer,
        sets: &Sets<'a>,
        mut each: impl FnMut(Piece<'_>),
    ) -> Result<(), DeltaError> {
        let refused = |error| DeltaError::Set { state, error };
        let length = self.header.length;
        // Most days nothing is taken back.
        let grown = self.old.view(state).filter(|old| sets.removed.is_none() && can_grow(old, layer, length));
        if let Some(old) = grown {
            let mut added = Changed::new(None, sets).map_err(refused)?;
            grow(old, added.by_ref(), length, each).map_err(refused)?;
            return added.fault.map_or(Ok(()), |error| Err(refused(error)));
        }
        let mut runs = Changed::new(self.old.view(state), sets).map_err(refused)?;
        let block = |runs: &[Run], span: u32, costs: &super::form::Costs| {
            let (form, bytes) = costs.choose(layer.k());
            each(Piece::New { runs, span, form, bytes });
        };
        match layer.stored() {
            Stored::Listed => each_block(Rules::LIST, length, layer.b(), runs.by_ref(), block),
            Stored::Unlisted => {
                each_block(Rules::LIST, length, layer.b(), Unlisted::new(runs.by_ref(), length), block);
            }
        }
        // What lies beyond the new list is no part of it, and was not removed.
        if runs.next().is_some() {
            return Err(DeltaError::Result);
        }
        runs.fault.map_or(Ok(()), |error| Err(refused(error)))
    }

    /// Calls `each` with the bytes of every block of the new details.
    fn details(&self, details: &Details, mut each: impl FnMut(&[u8])) -> Result<(), DeltaError> {
        let old = self.old.details().filter(|old| old.details().b() == details.b());
        let old_blocks = old.map_or(0, |old| old.region().count());
        let mut changed = self.delta.details()?;
        let mut next = changed.next()?;
        for block in 0..rules::blocks(self.header.length, details.b()) {
            match (next, old) {
                (Some((at, bytes)), _) if at == block => {
                    each(bytes);
                    next = changed.next()?;
                }
                (_, Some(old)) if block < old_blocks => {
                    each(old.region().block(block).map_err(|_| DeltaError::Result)?);
                }
                _ => each(&[]),
            }
        }
        if next.is_none() { Ok(()) } else { Err(DeltaError::Result) }
    }
}

/// Gives the body of the list of `header` to `sink`, piece by piece, from the old body and the delta's sets. If the root is not the one that
/// the header states, what was given is worth nothing.
pub(crate) fn rebuild<'a>(
    delta: &StatusDelta<'a>,
    old: &Body<'a>,
    algorithm: HashAlgorithm,
    mut sink: impl FnMut(&[u8]),
) -> Result<(), DeltaError> {
    let header = delta.claimed_header();
    let rebuilding = Rebuilding { header, delta, old };
    let mut sets = Vec::new();
    for state in State::LISTED {
        sets.push(delta.sets(state, old.view(state), header.length)?);
    }
    let layers = || header.layers.iter().filter_map(|(state, layer)| Some((state, layer, sets.get(place(state))?)));

    let mut directories = Vec::new();
    for (state, layer, sets) in layers() {
        let mut lengths = Vec::new();
        rebuilding.layer(state, layer, sets, |piece| lengths.push(piece.length()))?;
        directories.push(directory_of(&lengths, layer.size())?);
    }
    if let Some(details) = &header.details {
        let mut lengths = Vec::new();
        rebuilding.details(details, |block| lengths.push(u32::try_from(block.len()).unwrap_or(u32::MAX)))?;
        directories.push(directory_of(&lengths, details.size())?);
    }

    let mut tree = Tree::new(algorithm);
    let parameters = parameters(&header.layers, header.details.as_ref())?;
    tree.push(tree::leaf(algorithm, core::iter::once(&parameters).chain(&directories).map(Vec::as_slice)));
    let mut directories = directories.iter();
    for (state, layer, sets) in layers() {
        directories.next().into_iter().for_each(|directory| sink(directory));
        let mut written = Vec::new();
        rebuilding.layer(state, layer, sets, |piece| {
            let block = match piece {
                Piece::Same(block) => block,
                Piece::New { runs, span, form, .. } => {
                    written.clear();
                    written = form.write(runs, span, layer.k(), core::mem::take(&mut written));
                    &written
                }
            };
            tree.push(tree::leaf(algorithm, [block]));
            sink(block);
        })?;
    }
    if let Some(details) = &header.details {
        directories.next().into_iter().for_each(|directory| sink(directory));
        rebuilding.details(details, |block| {
            tree.push(tree::leaf(algorithm, [block]));
            sink(block);
        })?;
    }
    if tree.root() == header.root { Ok(()) } else { Err(DeltaError::Result) }
}

fn place(state: State) -> usize {
    usize::from(state.number()).saturating_sub(1)
}

/// The directory of blocks of these lengths, in a layer of so many bytes.
fn directory_of(lengths: &[u32], size: u32) -> Result<Vec<u8>, DeltaError> {
    let mut directory = Vec::new();
    directory::write(lengths, &mut directory).ok_or(DeltaError::Result)?;
    let blocks = lengths.iter().fold(0_u64, |sum, length| sum.saturating_add(u64::from(*length)));
    let whole = u64::try_from(directory.len()).unwrap_or(u64::MAX).saturating_add(blocks);
    if whole == u64::from(size) { Ok(directory) } else { Err(DeltaError::Result) }
}
