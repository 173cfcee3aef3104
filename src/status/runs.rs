//! Sets of positions as runs, so that comparing lists costs what their layers hold, not what they stand for: a complemented layer lists
//! more than half of 2³² positions in a few bytes.

use alloc::vec::Vec;

use super::layer::{LayerError, LayerView, Stored, StoredRuns};
use super::state::State;

/// The positions from `from` up to, not including, `until`: at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) from: u32,
    pub(crate) until: u32,
}

impl Run {
    /// The run of one position, which is less than 2³² − 1.
    pub(crate) const fn of(position: u32) -> Self {
        Self { from: position, until: position.wrapping_add(1) }
    }

    /// How many positions it has.
    pub(crate) const fn length(self) -> u32 {
        self.until.wrapping_sub(self.from)
    }
}

/// Appends a run, to the last one where they adjoin.
pub(crate) fn join(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.until == run.from => last.until = run.until,
        _ => runs.push(run),
    }
}

/// The positions that a layer lists, as the longest runs, ascending.
#[derive(Clone, Debug)]
pub(crate) struct LayerRuns<'a> {
    runs: StoredRuns<'a>,
    stored: Stored,
    length: u32,
    /// `Listed`: the run that is being gathered. `Unlisted`: from the last stored run to the next, perhaps none.
    open: Option<Run>,
}

impl<'a> LayerRuns<'a> {
    pub(crate) fn new(view: &LayerView<'a>) -> Self {
        let stored = view.layer().stored();
        let open = match stored {
            Stored::Listed => None,
            Stored::Unlisted => Some(Run { from: 0, until: 0 }),
        };
        Self { runs: view.runs(), stored, length: view.length(), open }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Run>, LayerError> {
        match self.stored {
            Stored::Listed => self.next_listed(),
            Stored::Unlisted => self.next_unlisted(),
        }
    }

    fn next_listed(&mut self) -> Result<Option<Run>, LayerError> {
        while let Some(piece) = self.runs.next()? {
            match &mut self.open {
                Some(run) if run.until == piece.from => run.until = piece.until,
                open => {
                    if let Some(whole) = open.replace(piece) {
                        return Ok(Some(whole));
                    }
                }
            }
        }
        Ok(self.open.take())
    }

    fn next_unlisted(&mut self) -> Result<Option<Run>, LayerError> {
        while let Some(Run { from, .. }) = self.open {
            let stored = self.runs.next()?;
            self.open = stored.map(|piece| Run { from: piece.until, until: self.length });
            let until = stored.map_or(self.length, |piece| piece.from);
            if from < until {
                return Ok(Some(Run { from, until }));
            }
        }
        Ok(None)
    }
}

/// The runs of several layers, by where they begin.
#[derive(Clone, Debug)]
pub(crate) struct Merged<'a> {
    sources: [Option<Source<'a>>; 7],
}

#[derive(Clone, Debug)]
struct Source<'a> {
    state: State,
    runs: LayerRuns<'a>,
    head: Run,
}

impl<'a> Merged<'a> {
    /// The runs of these layers, at most one for each state.
    pub(crate) fn new(layers: impl Iterator<Item = (State, LayerView<'a>)>) -> Result<Self, (State, LayerError)> {
        let mut sources = [const { None }; 7];
        for (source, (state, view)) in sources.iter_mut().zip(layers) {
            let mut runs = LayerRuns::new(&view);
            let head = runs.next().map_err(|error| (state, error))?;
            *source = head.map(|head| Source { state, runs, head });
        }
        Ok(Self { sources })
    }

    /// The run that begins first of those that are left, and the state of its positions.
    pub(crate) fn next(&mut self) -> Result<Option<(State, Run)>, (State, LayerError)> {
        let first = self.sources.iter_mut().filter(|source| source.is_some());
        let Some(first) = first.min_by_key(|source| source.as_ref().map(|source| source.head.from)) else {
            return Ok(None);
        };
        let Some(source) = first else { return Ok(None) };
        let (state, run) = (source.state, source.head);
        match source.runs.next().map_err(|error| (state, error))? {
            Some(head) => source.head = head,
            None => *first = None,
        }
        Ok(Some((state, run)))
    }
}
