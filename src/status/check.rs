//! The strict reader: a layer stands only as its writer writes it.
//!
//! A block's bytes follow from its form and its positions (each gap has one code, and only zero bits fill the last byte), so it is
//! enough to find that the form, the parameters and the directory are those that the writer would have chosen. One pass, constant
//! memory, and work in proportion to the layer's bytes.

use super::block::{Block, BlockError, Costs};
use super::layer::{LayerError, LayerView};
use super::rules::{self, Crowding, Totals};
use super::tally::Tally;

impl LayerView<'_> {
    /// Walks the whole layer and refuses every encoding that the writer would not have chosen for its set.
    ///
    /// # Errors
    /// Any [`LayerError`]; [`LayerError::reason`] is `encoding.form_unknown` (*undetermined*) if a block uses a form that this version
    /// does not know.
    pub fn check(&self) -> Result<(), LayerError> {
        let layer = self.layer();
        let (b, k) = (layer.b(), layer.k());
        let stored = layer.stored_count(self.length());
        let widest = rules::widest(stored, self.length());
        let mut crowding = [Crowding::new(b), Crowding::new(b.saturating_add(1))];
        let splits = widest > rules::DENSE_WIDTH;
        let mut totals = Totals::new();
        let mut found = 0_u64;
        let mut after = None;
        let mut walk = self.region().walk();
        while let Some((block, bytes)) = walk.next()? {
            let refused = |error| LayerError::Block { block, error };
            let first = block.wrapping_shl(u32::from(b));
            let parsed = Block::parse(bytes, self.span(block), k).map_err(refused)?;
            let form = parsed.form();
            let mut tally = Tally::new(self.span(block));
            parsed
                .visit(|within| {
                    tally.add(within);
                    if splits {
                        let position = first | within;
                        if after != Some(position) {
                            crowding.iter_mut().for_each(|width| width.begin(position));
                        }
                        after = Some(position.wrapping_add(1));
                    }
                })
                .map_err(refused)?;
            found = found.saturating_add(u64::from(tally.count()));
            let costs = Costs::of(tally);
            if costs.choose(k).0 != form {
                return Err(refused(BlockError::NotShortest));
            }
            totals.add(&costs);
        }
        if found != u64::from(stored) {
            return Err(LayerError::Count);
        }
        let [here, wider] = crowding;
        let chosen_width = !here.is_crowded() && (b == widest || wider.is_crowded());
        let (best, total) = totals.best(rules::blocks(self.length(), b));
        let (shortest, longest) = total.bounds();
        let chosen = chosen_width && best == k && self.region().directory().is_least(shortest, longest);
        if chosen { Ok(()) } else { Err(LayerError::NotCanonical) }
    }
}

/// Refuses a block that the writer would not have written for its positions, in a layer with Rice parameter `k`.
pub(crate) fn check_block(bytes: &[u8], span: u32, k: u8) -> Result<(), BlockError> {
    let block = Block::parse(bytes, span, k)?;
    let form = block.form();
    let mut tally = Tally::new(span);
    block.visit(|within| tally.add(within))?;
    if Costs::of(tally).choose(k).0 == form { Ok(()) } else { Err(BlockError::NotShortest) }
}
