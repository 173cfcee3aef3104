//! A layer: the succinct set of the positions that have one state.

use super::block::{Block, BlockError, Pieces};
use super::inner::Guard;
use super::region::{BlockWalk, Region};
use super::rules::{self, Rules};
use super::runs::Run;
use super::tally::RICE;
use crate::limits::MAX_TRUST_OBJECT;
use crate::reason::Reason;

/// Why a layer is refused, or could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// A parameter is out of its range.
    #[error("the layer's parameters are out of range")]
    Parameters,
    /// The layer has no whole directory, or one with a width that there is not.
    #[error("the layer has no whole directory")]
    Directory,
    /// This block is not the one that was signed: the file of the body was changed.
    #[error("block {0} is not the one that was signed")]
    Changed(u32),
    /// The directory does not place this block where the one before it ends, or places it outside of the layer.
    #[error("the directory places block {0} wrongly")]
    Place(u32),
    /// A block is refused.
    #[error("block {block}: {error}")]
    Block {
        /// The block's number, from 0.
        block: u32,
        /// Why.
        error: BlockError,
    },
    /// The blocks do not hold as many positions as the parameters say.
    #[error("the layer does not hold as many positions as it says")]
    Count,
    /// The writer would have chosen other parameters, or another directory, for the same set.
    #[error("the same set has another layer")]
    NotCanonical,
    /// A position is outside of the list, or (writing) not greater than the one before it.
    #[error("position {0} is outside of the list, or not greater than the one before it")]
    Position(u32),
    /// The body would be larger than 64 MiB.
    #[error("the layer is larger than a status list may be")]
    TooLarge,
}

impl LayerError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Block { error: BlockError::UnknownForm(_), .. } => Reason::EncodingFormUnknown,
            Self::Block { error: BlockError::NotShortest | BlockError::Padding, .. } | Self::NotCanonical => {
                Reason::EncodingNotCanonical
            }
            Self::TooLarge => Reason::EncodingTooLarge,
            Self::Changed(_) => Reason::StatusListDamaged,
            Self::Parameters
            | Self::Directory
            | Self::Place(_)
            | Self::Block { .. }
            | Self::Count
            | Self::Position(_) => Reason::EncodingMalformed,
        }
    }
}

/// Which positions the blocks of a layer hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Those that have the state.
    Listed,
    /// Those that do not: at most half of the list.
    Unlisted,
}

/// The parameters of a layer, as the header states them.
///
/// ```cddl
/// layer = [ count: uint, b: uint, k: uint, complement: bool, offset: uint, size: uint ]
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    count: u32,
    b: u8,
    k: u8,
    stored: Stored,
    offset: u32,
    size: u32,
}

impl Layer {
    /// Takes the six numbers of a layer for a list of `length` positions. That the set in the blocks has these parameters is for
    /// [`LayerView::check`] to find.
    ///
    /// # Errors
    /// [`LayerError::Parameters`] if one is out of its range, [`LayerError::TooLarge`] if the layer would end past 64 MiB,
    /// [`LayerError::NotCanonical`] if `count` and `length` alone show that the writer would have chosen otherwise.
    pub fn new(
        length: u32,
        count: u64,
        b: u64,
        k: u64,
        stored: Stored,
        offset: u64,
        size: u64,
    ) -> Result<Self, LayerError> {
        Self::with(Rules::LIST, length, [count, b, k], stored, offset, size)
    }

    pub(crate) fn with(
        rules: Rules,
        length: u32,
        [count, b, k]: [u64; 3],
        stored: Stored,
        offset: u64,
        size: u64,
    ) -> Result<Self, LayerError> {
        let range = |_| LayerError::Parameters;
        let count = u32::try_from(count).map_err(range)?;
        let b = u8::try_from(b).map_err(range)?;
        let k = u8::try_from(k).map_err(range)?;
        let in_range = (1..=length).contains(&count)
            && (rules::LEAST_WIDTH..=rules::MOST_WIDTH).contains(&b)
            && usize::from(k) < RICE;
        if !in_range {
            return Err(LayerError::Parameters);
        }
        let end = offset.checked_add(size).and_then(|end| usize::try_from(end).ok());
        if end.is_none_or(|end| end > MAX_TRUST_OBJECT) {
            return Err(LayerError::TooLarge);
        }
        let too_large = |_| LayerError::TooLarge;
        let offset = u32::try_from(offset).map_err(too_large)?;
        let size = u32::try_from(size).map_err(too_large)?;
        let layer = Self { count, b, k, stored, offset, size };
        let widest = rules.widest(layer.stored_count(length), length);
        let complement = rules::is_complemented(count, length) == (stored == Stored::Unlisted);
        if !complement || b > widest || b < widest.min(rules::DENSE_WIDTH) {
            return Err(LayerError::NotCanonical);
        }
        Ok(layer)
    }

    pub(crate) const fn chosen(count: u32, b: u8, k: u8, stored: Stored, offset: u32, size: u32) -> Self {
        Self { count, b, k, stored, offset, size }
    }

    /// How many positions have the state: at least 1.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Binary logarithm of the number of positions in a block, 11 to 24.
    #[must_use]
    pub const fn b(&self) -> u8 {
        self.b
    }

    /// Rice parameter of gaps, 0 to 23.
    #[must_use]
    pub const fn k(&self) -> u8 {
        self.k
    }

    /// Whether the blocks hold the positions with the state, or the others.
    #[must_use]
    pub const fn stored(&self) -> Stored {
        self.stored
    }

    /// Where the layer begins in the body, in bytes.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Bytes of the layer, its directory included.
    #[must_use]
    pub const fn size(&self) -> u32 {
        self.size
    }

    /// The block that has position `index`, and the position counted from the block's first.
    pub(crate) fn locate(&self, index: u32) -> (u32, u32) {
        let block = index.wrapping_shr(u32::from(self.b));
        (block, index ^ block.wrapping_shl(u32::from(self.b)))
    }

    /// How many positions a block has in a list of `length`: the last one may have fewer than 2^b.
    pub(crate) fn span(&self, length: u32, block: u32) -> u32 {
        let first = u64::from(block).wrapping_shl(u32::from(self.b));
        let left = u64::from(length).saturating_sub(first);
        u32::try_from(left.min(u64::from(rules::span(self.b)))).unwrap_or_default()
    }

    /// How many positions the blocks hold.
    pub(crate) const fn stored_count(&self, length: u32) -> u32 {
        match self.stored {
            Stored::Listed => self.count,
            Stored::Unlisted => length.saturating_sub(self.count),
        }
    }
}

/// A layer over borrowed bytes: made in a few instructions, answers from the bytes as they are, allocates nothing.
#[derive(Clone, Copy, Debug)]
pub struct LayerView<'a> {
    layer: Layer,
    length: u32,
    rules: Rules,
    region: Region<'a>,
}

impl<'a> LayerView<'a> {
    /// The layer `layer` of a list of `length` positions with this body. Looks at the head of the directory only.
    ///
    /// # Errors
    /// [`LayerError::Directory`] if the body does not hold the layer or its directory.
    pub fn parse(layer: Layer, length: u32, body: &'a [u8]) -> Result<Self, LayerError> {
        Self::with(Rules::LIST, layer, length, body)
    }

    pub(crate) fn with(rules: Rules, layer: Layer, length: u32, body: &'a [u8]) -> Result<Self, LayerError> {
        let region = Region::split(body, layer.offset, layer.size, rules::blocks(length, layer.b))?;
        Ok(Self { layer, length, rules, region })
    }

    pub(crate) const fn guarded(self, guard: Guard<'a>, first: u32) -> Self {
        Self { region: self.region.guarded(guard, first), ..self }
    }

    /// Whether position `index` has the layer's state: one read of the directory and a scan of at most one block (1,024 bytes, or one
    /// bit of a bitmap), no heap.
    ///
    /// Safe on bytes that were not checked: it reads nothing outside of the block and ends with the block.
    ///
    /// # Errors
    /// [`LayerError::Position`] if the list is not as long; other errors only on bytes that [`Self::check`] would refuse.
    pub fn contains(&self, index: u32) -> Result<bool, LayerError> {
        if index >= self.length {
            return Err(LayerError::Position(index));
        }
        let (block, within) = self.layer.locate(index);
        let bytes = self.region.block(block)?;
        let refused = |error| LayerError::Block { block, error };
        let parsed = Block::parse(self.rules, bytes, self.span(block), self.layer.k).map_err(refused)?;
        let stored = parsed.contains(within).map_err(refused)?;
        Ok(stored == (self.layer.stored == Stored::Listed))
    }

    /// The positions that the blocks hold, ascending: those with the state, or the others where the layer is complemented. Decoded as
    /// they are asked for.
    pub(crate) fn runs(&self) -> StoredRuns<'a> {
        StoredRuns { view: *self, walk: self.region.walk(), block: 0, first: 0, pieces: Pieces::Empty }
    }

    /// The parameters.
    #[must_use]
    pub const fn layer(&self) -> Layer {
        self.layer
    }

    pub(crate) const fn length(&self) -> u32 {
        self.length
    }

    pub(crate) const fn rules(&self) -> Rules {
        self.rules
    }

    pub(crate) const fn region(&self) -> Region<'a> {
        self.region
    }

    /// How many positions the block has: the last one may have fewer than 2^b.
    pub(crate) fn span(&self, block: u32) -> u32 {
        self.layer.span(self.length, block)
    }
}

/// The positions that a layer's blocks hold, ascending, as stretches that may adjoin.
#[derive(Clone, Debug)]
pub(crate) struct StoredRuns<'a> {
    view: LayerView<'a>,
    walk: BlockWalk<'a>,
    /// The number and first position of the current block.
    block: u32,
    first: u32,
    pieces: Pieces<'a>,
}

impl StoredRuns<'_> {
    /// The next stretch.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Run>, LayerError> {
        loop {
            match self.pieces.next() {
                // A list has less than 2³² positions: the sums fit.
                Ok(Some(Run { from, until })) => {
                    let (from, until) = (self.first.wrapping_add(from), self.first.wrapping_add(until));
                    return Ok(Some(Run { from, until }));
                }
                Ok(None) => {}
                Err(error) => return Err(LayerError::Block { block: self.block, error }),
            }
            let Some((block, bytes)) = self.walk.next()? else { return Ok(None) };
            self.block = block;
            self.first = block.wrapping_shl(u32::from(self.view.layer.b));
            let parsed = Block::parse(self.view.rules, bytes, self.view.span(block), self.view.layer.k);
            self.pieces = parsed.map_err(|error| LayerError::Block { block, error })?.pieces();
        }
    }
}
