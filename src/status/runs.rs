//! Sets of positions as runs, so that comparing lists costs what their layers hold, not what they stand for: a complemented layer lists
//! more than half of 2³² positions in a few bytes.

use super::layer::{LayerError, LayerView, Stored, StoredPositions};
use super::state::State;

/// The positions from `from` up to, not including, `until`: at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) from: u32,
    pub(crate) until: u32,
}

/// The positions that a layer lists, as the longest runs, ascending.
#[derive(Clone, Debug)]
struct LayerRuns<'a> {
    positions: StoredPositions<'a>,
    stored: Stored,
    length: u32,
    /// `Listed`: the run that is being gathered. `Unlisted`: from the last stored position to the next, perhaps none.
    open: Option<Run>,
}

impl<'a> LayerRuns<'a> {
    fn new(view: &LayerView<'a>) -> Self {
        let stored = view.layer().stored();
        let open = match stored {
            Stored::Listed => None,
            Stored::Unlisted => Some(Run { from: 0, until: 0 }),
        };
        Self { positions: view.positions(), stored, length: view.length(), open }
    }

    fn next(&mut self) -> Result<Option<Run>, LayerError> {
        match self.stored {
            Stored::Listed => self.next_listed(),
            Stored::Unlisted => self.next_unlisted(),
        }
    }

    fn next_listed(&mut self) -> Result<Option<Run>, LayerError> {
        while let Some(position) = self.positions.next()? {
            let until = position.saturating_add(1);
            match &mut self.open {
                Some(run) if run.until == position => run.until = until,
                open => {
                    if let Some(whole) = open.replace(Run { from: position, until }) {
                        return Ok(Some(whole));
                    }
                }
            }
        }
        Ok(self.open.take())
    }

    fn next_unlisted(&mut self) -> Result<Option<Run>, LayerError> {
        while let Some(Run { from, .. }) = self.open {
            let stored = self.positions.next()?;
            self.open = stored.map(|position| Run { from: position.saturating_add(1), until: self.length });
            let until = stored.unwrap_or(self.length);
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
