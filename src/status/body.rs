//! The body of a list: its layers one after another, and what can be asked of them together.

use alloc::vec::Vec;
use core::ops::Range;

use super::details::{self, DetailsError, DetailsView};
use super::history::LicenseHistory;
use super::inner::Guard;
use super::layer::{Layer, LayerError, LayerView};
use super::layers::{Details, Layers, parameters};
use super::rules::Rules;
use super::runs::{Merged, Run, join};
use super::state::{Standing, State};
use super::tree::{self, Tree};
use crate::cbor;
use crate::reason::Reason;
use crate::suite::{Digest, HashAlgorithm};

/// Why a body is refused, or could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// A layer is refused.
    #[error("the layer of state {}: {error}", state.number())]
    Layer {
        /// The layer's state.
        state: State,
        /// Why.
        error: LayerError,
    },
    /// The details are refused.
    #[error("the details: {0}")]
    Details(#[from] DetailsError),
    /// The layers and details do not make up the whole body.
    #[error("the body does not end where its last layer does")]
    Extent,
    /// A position has two states.
    #[error("position {0} has two states")]
    TwoStates(u32),
    /// The root of the body is not the one that the header states.
    #[error("the body is not the one that was signed")]
    Root,
    /// The file of the body is missing, cut or changed.
    #[error("the file of the body is missing, cut or changed")]
    Lost,
    /// The parameters could not be encoded.
    #[error(transparent)]
    Cbor(#[from] cbor::Error),
}

impl BodyError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Layer { error, .. } => error.reason(),
            Self::Details(error) => error.reason(),
            Self::Extent | Self::TwoStates(_) => Reason::EncodingMalformed,
            Self::Root => Reason::StatusListRefused,
            Self::Lost => Reason::StatusListDamaged,
            Self::Cbor(error) => error.reason(),
        }
    }
}

impl From<(State, LayerError)> for BodyError {
    fn from((state, error): (State, LayerError)) -> Self {
        Self::Layer { state, error }
    }
}

/// A body over borrowed bytes, which may be a mapped file: made in a few instructions, answers without unpacking anything.
///
/// [`Body::parse`] looks at the heads of the directories only. What was not compared with its signed root by [`Body::verify`], and was
/// never walked by [`Body::check`], answers safely, but not truly.
#[derive(Clone, Debug)]
pub struct Body<'a> {
    length: u32,
    layers: Layers,
    views: [Option<LayerView<'a>>; 7],
    details: Option<DetailsView<'a>>,
}

impl<'a> Body<'a> {
    /// The body of a list of `length` positions.
    ///
    /// # Errors
    /// [`BodyError::Extent`], [`BodyError::Details`], or [`BodyError::Layer`] for a layer without a directory.
    pub fn parse(length: u32, layers: &Layers, details: Option<&Details>, bytes: &'a [u8]) -> Result<Self, BodyError> {
        let whole = layers.size().saturating_add(details.map_or(0, |details| u64::from(details.size())));
        if usize::try_from(whole) != Ok(bytes.len()) {
            return Err(BodyError::Extent);
        }
        let mut views = [const { None }; 7];
        for (place, (state, layer)) in views.iter_mut().zip(layers.iter()) {
            *place = Some(LayerView::parse(*layer, length, bytes).map_err(|error| BodyError::Layer { state, error })?);
        }
        let details = details.map(|details| DetailsView::parse(*details, length, bytes)).transpose()?;
        Ok(Self { length, layers: *layers, views, details })
    }

    /// The same body, of which each block is compared with the root when it is read.
    pub(crate) fn guarded(mut self, guard: Guard<'a>) -> Self {
        // Leaf 0 is that of the parameters and directories.
        let mut first = 1_u32;
        for view in self.views.iter_mut().flatten() {
            *view = view.guarded(guard, first);
            first = first.saturating_add(view.region().count());
        }
        self.details = self.details.map(|details| details.guarded(guard, first));
        self
    }

    /// The layers that there are, in order of state.
    fn views(&self) -> impl Iterator<Item = (State, &LayerView<'a>)> {
        self.layers.iter().map(|(state, _)| state).zip(self.views.iter().flatten())
    }

    /// What the list says of a position: one look-up in each layer, no heap.
    ///
    /// # Errors
    /// None on a body that passed [`Body::check`].
    pub fn standing(&self, index: u64) -> Result<Standing, BodyError> {
        let Some(index) = u32::try_from(index).ok().filter(|index| *index < self.length) else {
            return Ok(Standing::OutOfRange);
        };
        for (state, view) in self.views() {
            if view.contains(index).map_err(|error| BodyError::Layer { state, error })? {
                return Ok(Standing::State(state));
            }
        }
        Ok(Standing::State(State::InForce))
    }

    /// The root: the tree of RFC 9162 §2.1.1 over leaf 0, the parameters and every directory, and one leaf for each block of each layer
    /// in order, details last. Every byte of the body stands in exactly one leaf.
    ///
    /// # Errors
    /// [`BodyError::Layer`] or [`BodyError::Details`] if a directory does not place its blocks one after another to its end.
    pub fn root(&self, algorithm: HashAlgorithm) -> Result<Digest, BodyError> {
        let mut tree = Tree::new(algorithm);
        self.leaves(algorithm, |leaf| tree.push(leaf))?;
        Ok(tree.root())
    }

    /// The hashes of these subtrees of the tree, ascending and apart from one another.
    pub(crate) fn subtree_hashes(
        &self,
        algorithm: HashAlgorithm,
        subtrees: &[Range<u32>],
    ) -> Result<Vec<Digest>, BodyError> {
        let mut hashes = Vec::with_capacity(subtrees.len());
        let mut wanted = subtrees.iter();
        let mut current = wanted.next();
        let mut tree = Tree::new(algorithm);
        let mut number = 0_u32;
        self.leaves(algorithm, |leaf| {
            if let Some(subtree) = current
                && subtree.contains(&number)
            {
                tree.push(leaf);
                if number.saturating_add(1) == subtree.end {
                    hashes.push(tree.root());
                    tree = Tree::new(algorithm);
                    current = wanted.next();
                }
            }
            number = number.saturating_add(1);
        })?;
        Ok(hashes)
    }

    /// Calls `each` with the hash of every leaf in order.
    pub(crate) fn leaves(&self, algorithm: HashAlgorithm, mut each: impl FnMut(Digest)) -> Result<(), BodyError> {
        let parameters = parameters(&self.layers, self.details.as_ref().map(DetailsView::details))?;
        let regions =
            || self.views().map(|(_, view)| view.region()).chain(self.details.iter().map(DetailsView::region));
        let directories = regions().map(|region| region.directory().bytes());
        each(tree::leaf(algorithm, core::iter::once(&parameters[..]).chain(directories)));
        for (state, view) in self.views() {
            let refused = |error| BodyError::Layer { state, error };
            let mut walk = view.region().walk();
            while let Some((_, block)) = walk.next().map_err(refused)? {
                each(tree::leaf(algorithm, [block]));
            }
        }
        if let Some(details) = &self.details {
            let mut walk = details.region().walk();
            while let Some((_, block)) = walk.next().map_err(|_| DetailsError::Shape)? {
                each(tree::leaf(algorithm, [block]));
            }
        }
        Ok(())
    }

    /// The layer of a state, if any position has it.
    pub(crate) fn view(&self, state: State) -> Option<&LayerView<'a>> {
        self.views().find(|(listed, _)| *listed == state).map(|(_, view)| view)
    }

    pub(crate) const fn details(&self) -> Option<&DetailsView<'a>> {
        self.details.as_ref()
    }

    /// The bytes of one block of the layer of a state.
    pub(crate) fn block(&self, state: State, block: u32) -> Result<&'a [u8], BodyError> {
        let refused = |error| BodyError::Layer { state, error };
        self.view(state).ok_or(refused(LayerError::Place(block)))?.region().block(block).map_err(refused)
    }

    /// Compares the body with the root that its signed header states.
    ///
    /// # Errors
    /// [`BodyError::Root`] if it is another body, or an error of [`Body::root`].
    pub fn verify(&self, algorithm: HashAlgorithm, root: &Digest) -> Result<(), BodyError> {
        if self.root(algorithm)? == *root { Ok(()) } else { Err(BodyError::Root) }
    }

    /// Walks every layer and refuses what the writer would not have written, and a position that has two states. Constant memory, time
    /// in proportion to the body's bytes.
    ///
    /// # Errors
    /// [`BodyError::Layer`], [`BodyError::TwoStates`].
    pub fn check(&self) -> Result<(), BodyError> {
        for (state, view) in self.views() {
            view.check().map_err(|error| BodyError::Layer { state, error })?;
        }
        if self.views().nth(1).is_some() {
            let mut merged = Merged::new(self.views().map(|(state, view)| (state, *view)))?;
            let mut end = 0;
            while let Some((_, run)) = merged.next()? {
                if run.from < end {
                    return Err(BodyError::TwoStates(run.from));
                }
                end = run.until;
            }
        }
        if let Some(details) = &self.details {
            let views = self.views().filter(|(state, _)| *state != State::Void);
            details.check(Merged::new(views.map(|(state, view)| (state, *view)))?)?;
        }
        Ok(())
    }

    /// What became of a position, and when; `None` if the list has no details, or is shorter. `list` is the list's own number, in which
    /// successors may stand.
    ///
    /// # Errors
    /// None on a body that passed [`Body::check`].
    pub fn history(&self, list: u64, index: u64) -> Result<Option<LicenseHistory>, BodyError> {
        let Some(details) = &self.details else { return Ok(None) };
        let (Standing::State(state), Ok(index)) = (self.standing(index)?, u32::try_from(index)) else {
            return Ok(None);
        };
        let layer = |asked| self.views().find(|(state, _)| *state == asked).map(|(_, view)| *view);
        Ok(Some(details.history(list, (index, state), layer)?))
    }

    /// The first position that has an irreversible state here and not in `newer`, whose state there is another or unknown: such a list is
    /// not to be published, and one that is received is evidence (`status.resurrected`). One irreversible state may follow another.
    ///
    /// # Errors
    /// None on bodies that passed [`Body::check`].
    pub fn resurrected(&self, newer: &Self) -> Result<Option<u32>, BodyError> {
        let mut still = newer.irreversible()?;
        let mut reached = still.next()?;
        let mut before = self.irreversible()?;
        while let Some((_, run)) = before.next()? {
            let mut at = run.from;
            while at < run.until {
                match reached {
                    Some((_, run)) if run.until <= at => reached = still.next()?,
                    Some((_, run)) if run.from <= at => at = run.until,
                    _ => return Ok(Some(at)),
                }
            }
        }
        Ok(None)
    }

    /// Calls `each` with every stretch of positions that have a state other than in force, ascending.
    ///
    /// # Errors
    /// None on a body that passed [`Body::check`].
    pub fn each_run(&self, mut each: impl FnMut(State, Range<u32>)) -> Result<(), BodyError> {
        let mut runs = Merged::new(self.views().map(|(state, view)| (state, *view)))?;
        while let Some((state, run)) = runs.next()? {
            each(state, run.from..run.until);
        }
        Ok(())
    }

    fn irreversible(&self) -> Result<Merged<'a>, BodyError> {
        let views = self.views().filter(|(state, _)| !state.is_reversible());
        Ok(Merged::new(views.map(|(state, view)| (state, *view)))?)
    }
}

/// A position as a range. Beyond the largest length there is no position: its range is empty, and refused.
fn single((position, state): (u32, State)) -> (Range<u32>, State) {
    (position..position.saturating_add(1), state)
}

/// A body as it was written, with what its header must say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenBody {
    /// The parameters of the layers.
    pub layers: Layers,
    /// The parameters of the details, if it has any.
    pub details: Option<Details>,
    /// The root of the body.
    pub root: Digest,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl WrittenBody {
    /// Writes the body of a list of `length` positions with these states, by ascending position; positions in force may stand among them
    /// or not. Equal states give equal bytes.
    ///
    /// # Errors
    /// [`BodyError::Layer`] with [`LayerError::Position`] for a position that is not less than `length` or not greater than the one
    /// before it, or with [`LayerError::TooLarge`] if the body would be larger than 64 MiB.
    pub fn write(
        length: u32,
        states: impl IntoIterator<Item = (u32, State)>,
        algorithm: HashAlgorithm,
    ) -> Result<Self, BodyError> {
        Self::write_runs(length, states.into_iter().map(single), algorithm)
    }

    /// The same with ranges of positions, none of them empty: for whole batches, and lists of which nearly all is listed.
    ///
    /// # Errors
    /// As [`WrittenBody::write`], for the first position of a range.
    pub fn write_runs(
        length: u32,
        states: impl IntoIterator<Item = (Range<u32>, State)>,
        algorithm: HashAlgorithm,
    ) -> Result<Self, BodyError> {
        let (layers, bytes) = Self::write_layers(length, states)?;
        let root = Body::parse(length, &layers, None, &bytes)?.root(algorithm)?;
        Ok(Self { layers, details: None, root, bytes })
    }

    /// Writes the body of list `list` with its details: of each position what became of it and when, by ascending position. Positions that
    /// have always been in force may be left out; equal histories give equal bytes.
    ///
    /// # Errors
    /// Those of [`Self::write`], and [`BodyError::Details`] for histories whose times overlap, or too many of them.
    pub fn write_detailed(
        length: u32,
        list: u64,
        histories: &[(u32, LicenseHistory)],
        algorithm: HashAlgorithm,
    ) -> Result<Self, BodyError> {
        let states = histories.iter().map(|(position, history)| single((*position, history.state)));
        let (layers, mut bytes) = Self::write_layers(length, states)?;
        let details = details::write(length, list, histories, &mut bytes)?;
        let root = Body::parse(length, &layers, Some(&details), &bytes)?.root(algorithm)?;
        Ok(Self { layers, details: Some(details), root, bytes })
    }

    fn write_layers(
        length: u32,
        states: impl IntoIterator<Item = (Range<u32>, State)>,
    ) -> Result<(Layers, Vec<u8>), BodyError> {
        let mut runs = [const { Vec::<Run>::new() }; 7];
        let mut least = 0;
        for (Range { start: from, end: until }, state) in states {
            if from < least || until > length || until <= from {
                return Err(BodyError::Layer { state, error: LayerError::Position(from) });
            }
            least = until;
            if let Some((listed, _)) = runs.iter_mut().zip(State::LISTED).find(|(_, listed)| *listed == state) {
                join(listed, Run { from, until });
            }
        }
        let mut layers = Layers::default();
        let mut bytes = Vec::new();
        for (state, listed) in State::LISTED.into_iter().zip(&runs).filter(|(_, listed)| !listed.is_empty()) {
            let layer = Layer::write(Rules::LIST, length, listed, &mut bytes);
            layers.set(state, layer.map_err(|error| BodyError::Layer { state, error })?);
        }
        Ok((layers, bytes))
    }
}
