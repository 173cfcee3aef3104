//! Details: for each listed position the day, the cause and the successor; and when positions were out of force before.
//!
//! They stand after the layers, in blocks of their own, and say nothing that the layers say: a block's entries are told apart by where the
//! layers list positions. Who does not need them reads the layers alone; the root covers both.

mod block;
mod check;
mod write;

pub(crate) use write::write;

use super::inner::Guard;
use super::layer::{LayerError, LayerView};
use super::layers::Details;
use super::region::Region;
use super::state::State;
use super::{LicenseHistory, rules};
use crate::reason::Reason;
use block::Entries;

/// States that details are about: void positions were never issued, and nothing became of them.
pub(crate) const DETAILED: [State; 6] =
    [State::Revoked, State::Suspended, State::Superseded, State::Cancelled, State::Withdrawn, State::ReportedLost];

/// The smallest and the largest blocks.
const WIDTHS: core::ops::RangeInclusive<u8> = rules::LEAST_WIDTH..=rules::MOST_WIDTH;
/// Entries of a block on average, at most.
const AVERAGE: u64 = 1_024;
/// Entries of a block, at most, unless it is of the least width.
const MOST_ENTRIES: u32 = 8_192;
/// Past spells of a block, at most.
const MOST_PAST: u32 = 0xffff;
/// Entries of a list, at most: more would not be read within the time that a store may take for a list.
pub(crate) const MOST_DETAILS: u32 = 1 << 25;

/// Why details are refused, or could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DetailsError {
    /// They have no whole directory, or one that does not place their blocks one after another to the end.
    #[error("they are not of the shape of a layer")]
    Shape,
    /// The layers cannot be read, so that it is not known what the details are about.
    #[error("a layer: {0}")]
    Layer(LayerError),
    /// A block ends within its entries.
    #[error("block {0} ends within its entries")]
    CutShort(u32),
    /// A day, cause, state or position in a block is out of its range.
    #[error("block {0} holds a number out of its range")]
    Range(u32),
    /// Past spells overlap, or are not in order.
    #[error("block {0} holds times that overlap or are not in order")]
    Order(u32),
    /// The writer would have written another block for the same entries.
    #[error("block {0} has another form than its entries are given")]
    NotChosen(u32),
    /// There are not as many entries as the header says.
    #[error("there are not as many entries as the header says")]
    Count,
    /// The writer would have chosen other parameters, or another directory.
    #[error("the same entries have other parameters")]
    NotCanonical,
    /// More than 2²⁵ entries, or more past spells in one block than may stand there.
    #[error("there are more entries than a list may have")]
    TooMany,
}

impl DetailsError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Layer(error) => error.reason(),
            Self::NotChosen(_) | Self::NotCanonical => Reason::EncodingNotCanonical,
            Self::TooMany => Reason::EncodingTooLarge,
            Self::Shape | Self::CutShort(_) | Self::Range(_) | Self::Order(_) | Self::Count => {
                Reason::EncodingMalformed
            }
        }
    }
}

impl From<LayerError> for DetailsError {
    fn from(error: LayerError) -> Self {
        Self::Layer(error)
    }
}

/// The width of blocks by density alone.
fn widest(entries: u32, length: u32) -> u8 {
    let room = u64::from(length).saturating_mul(AVERAGE);
    let fits = |b: &u8| u64::from(entries).saturating_mul(u64::from(rules::span(*b))) <= room;
    WIDTHS.rev().find(fits).unwrap_or(rules::LEAST_WIDTH)
}

/// Details over borrowed bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DetailsView<'a> {
    details: Details,
    length: u32,
    region: Region<'a>,
}

impl<'a> DetailsView<'a> {
    /// The details of a list of `length` positions with this body. Looks at the head of the directory only.
    pub(crate) fn parse(details: Details, length: u32, body: &'a [u8]) -> Result<Self, DetailsError> {
        let blocks = rules::blocks(length, details.b());
        let region = Region::split(body, details.offset(), details.size(), blocks).map_err(|_| DetailsError::Shape)?;
        Ok(Self { details, length, region })
    }

    pub(crate) const fn guarded(self, guard: Guard<'a>, first: u32) -> Self {
        Self { region: self.region.guarded(guard, first), ..self }
    }

    pub(crate) const fn details(&self) -> &Details {
        &self.details
    }

    pub(crate) const fn region(&self) -> Region<'a> {
        self.region
    }

    /// How many positions a block has.
    fn span(&self, block: u32) -> u32 {
        let first = u64::from(block).wrapping_shl(u32::from(self.details.b()));
        let left = u64::from(self.length).saturating_sub(first);
        u32::try_from(left.min(u64::from(rules::span(self.details.b())))).unwrap_or_default()
    }

    /// The history of a position that is less than the length and has `state`. `layer` gives the layers, `list` is the list's number.
    pub(crate) fn history(
        &self,
        list: u64,
        (index, state): (u32, State),
        layer: impl Fn(State) -> Option<LayerView<'a>>,
    ) -> Result<LicenseHistory, DetailsError> {
        let width = u32::from(self.details.b());
        let block = index.wrapping_shr(width);
        let first = block.wrapping_shl(width);
        let until = first.saturating_add(self.span(block));
        let mut counts = [0_u32; DETAILED.len()];
        let mut rank = 0;
        for (count, listed) in counts.iter_mut().zip(DETAILED) {
            if let Some(layer) = layer(listed) {
                *count = layer.count(first, until)?;
                if listed == state {
                    rank = layer.count(first, index)?;
                }
            }
        }
        let bytes = self.region.block(block)?;
        let entries = Entries::parse(bytes, &counts, block, self.span(block))?;
        entries.history((state, rank), index ^ first, block, list)
    }
}
