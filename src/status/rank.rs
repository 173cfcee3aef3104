//! Counting: how many positions of a stretch a layer lists.

use super::block::Block;
use super::layer::{LayerError, LayerView, Stored};
use super::runs::Run;

impl LayerView<'_> {
    /// How many positions from `from` up to, not including, `until` have the layer's state. Reads the blocks that hold them and no others;
    /// both are cut to the list's length.
    ///
    /// # Errors
    /// None on a layer that passed [`Self::check`].
    pub(crate) fn count(&self, from: u32, until: u32) -> Result<u32, LayerError> {
        let until = until.min(self.length());
        let from = from.min(until);
        let Some(last) = until.checked_sub(1).filter(|last| from <= *last) else { return Ok(0) };
        let width = u32::from(self.layer().b());
        let mut stored = 0_u32;
        for block in from.wrapping_shr(width)..=last.wrapping_shr(width) {
            let first = block.wrapping_shl(width);
            let count = |run: Run| {
                let (begins, ends) = (first.wrapping_add(run.from), first.wrapping_add(run.until));
                stored = stored.wrapping_add(ends.min(until).saturating_sub(begins.max(from)));
            };
            let parsed = Block::parse(self.rules(), self.region().block(block)?, self.span(block), self.layer().k());
            parsed.and_then(|parsed| parsed.visit(count)).map_err(|error| LayerError::Block { block, error })?;
        }
        Ok(match self.layer().stored() {
            Stored::Listed => stored,
            Stored::Unlisted => until.wrapping_sub(from).saturating_sub(stored),
        })
    }
}
