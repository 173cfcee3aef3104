//! The writer of a layer.

use alloc::vec::Vec;
use core::iter::Peekable;

use super::directory;
use super::form::Costs;
use super::layer::{Layer, LayerError, Stored};
use super::rules::{self, Rules, Totals};
use super::runs::{Run, join};
use super::tally::Tally;
use crate::limits::MAX_TRUST_OBJECT;

impl Layer {
    /// Appends the layer of the positions of `listed` in a list of `length` positions to `body`, and gives its parameters. Equal sets give
    /// equal bytes. The runs ascend; they may adjoin.
    ///
    /// # Errors
    /// [`LayerError::Parameters`] if there is no position, [`LayerError::Position`] if a run ends beyond `length` or begins before the end
    /// of the one before it, [`LayerError::TooLarge`] if the body would be larger than 64 MiB. Then `body` is as it was.
    pub(crate) fn write(rules: Rules, length: u32, listed: &[Run], body: &mut Vec<u8>) -> Result<Self, LayerError> {
        let mut least = 0;
        let mut count = 0_u32;
        for run in listed {
            if run.from < least || run.until > length || run.until <= run.from {
                return Err(LayerError::Position(run.from));
            }
            least = run.until;
            // The runs are apart and within `length`: the sum fits.
            count = count.saturating_add(run.length());
        }
        if count == 0 {
            return Err(LayerError::Parameters);
        }
        let set = Set { rules, length, count };
        if rules::is_complemented(count, length) {
            let unlisted = Unlisted::new(listed.iter().copied(), length);
            set.write(Stored::Unlisted, length.saturating_sub(count), unlisted, body)
        } else {
            set.write(Stored::Listed, count, listed.iter().copied(), body)
        }
    }
}

/// What ascending runs leave out of a list.
#[derive(Clone, Debug)]
pub(crate) struct Unlisted<I> {
    listed: I,
    next: u32,
    length: u32,
}

impl<I: Iterator<Item = Run>> Unlisted<I> {
    pub(crate) const fn new(listed: I, length: u32) -> Self {
        Self { listed, next: 0, length }
    }
}

impl<I: Iterator<Item = Run>> Iterator for Unlisted<I> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        while self.next < self.length {
            let from = self.next;
            let (until, next) = self.listed.next().map_or((self.length, self.length), |run| (run.from, run.until));
            self.next = next;
            if from < until {
                return Some(Run { from, until });
            }
        }
        None
    }
}

/// Ascending runs, cut at the bounds of blocks.
#[derive(Clone, Debug)]
pub(crate) struct Cutter<I: Iterator<Item = Run>> {
    runs: Peekable<I>,
    /// What is left of a run that a bound cut.
    rest: Option<Run>,
}

impl<I: Iterator<Item = Run>> Cutter<I> {
    pub(crate) fn new(runs: I) -> Self {
        Self { runs: runs.peekable(), rest: None }
    }

    /// Puts what lies before `end` into `within`, counted from `first`.
    pub(crate) fn take(&mut self, first: u32, end: u32, within: &mut Vec<Run>) {
        within.clear();
        while let Some(run) = self.rest.take().or_else(|| self.runs.next_if(|run| run.from < end)) {
            let until = run.until.min(end);
            let from = run.from;
            if from >= end {
                self.rest = Some(run);
                return;
            }
            let cut = Run { from: from.wrapping_sub(first), until: until.wrapping_sub(first) };
            join(within, cut);
            if until < run.until {
                self.rest = Some(Run { from: until, until: run.until });
                return;
            }
        }
    }
}

/// A set to be written.
struct Set {
    rules: Rules,
    length: u32,
    count: u32,
}

impl Set {
    fn write(
        &self,
        stored: Stored,
        stored_count: u32,
        runs: impl Iterator<Item = Run> + Clone,
        body: &mut Vec<u8>,
    ) -> Result<Layer, LayerError> {
        let (b, totals) = self.width(&runs, self.rules.widest(stored_count, self.length));
        let blocks = rules::blocks(self.length, b);
        let (k, total) = totals.best(blocks);
        let size = u32::try_from(total.size(blocks)).map_err(|_| LayerError::TooLarge)?;
        let begin = body.len();
        let end = usize::try_from(size).ok().and_then(|size| begin.checked_add(size));
        if end.is_none_or(|end| end > MAX_TRUST_OBJECT) {
            return Err(LayerError::TooLarge);
        }
        let mut lengths = Vec::new();
        let mut coded = Vec::new();
        each_block(self.rules, self.length, b, runs, |within, span, costs| {
            let (form, bytes) = costs.choose(k);
            coded = form.write(within, span, k, core::mem::take(&mut coded));
            lengths.push(bytes);
        });
        directory::write(&lengths, body).ok_or(LayerError::TooLarge)?;
        body.extend_from_slice(&coded);
        debug_assert_eq!(Some(body.len()), end, "the costs are those of what is written");
        let offset = u32::try_from(begin).map_err(|_| LayerError::TooLarge)?;
        Ok(Layer::chosen(self.count, b, k, stored, offset, size))
    }

    /// The width of blocks, by density and then split while one is crowded, and what the layer takes with each Rice parameter.
    fn width(&self, runs: &(impl Iterator<Item = Run> + Clone), widest: u8) -> (u8, Totals) {
        let mut b = widest;
        loop {
            let mut totals = Totals::new();
            let mut crowded = false;
            each_block(self.rules, self.length, b, runs.clone(), |_, _, costs| {
                totals.add(costs);
                crowded |= costs.is_crowded();
            });
            if !crowded {
                return (b, totals);
            }
            b = b.saturating_sub(1);
        }
    }
}

/// Calls `each` for every block of 2^`b` positions of a list of `length` with its runs, counted from its first position, its span and what it
/// would cost in each form.
pub(crate) fn each_block(
    rules: Rules,
    length: u32,
    b: u8,
    runs: impl Iterator<Item = Run>,
    mut each: impl FnMut(&[Run], u32, &Costs),
) {
    let mut cutter = Cutter::new(runs);
    let mut within = Vec::new();
    let mut tally = Tally::new(0);
    let mut first = 0_u32;
    while first < length {
        let end = first.checked_add(rules::span(b)).map_or(length, |end| end.min(length));
        cutter.take(first, end, &mut within);
        let span = end.wrapping_sub(first);
        tally.restart(span);
        within.iter().for_each(|run| tally.add(*run));
        each(&within, span, &Costs::of(rules, &mut tally));
        first = end;
    }
}
