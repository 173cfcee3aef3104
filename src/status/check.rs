//! The strict reader: a layer stands only as its writer writes it.
//!
//! A block's bytes follow from its form and its positions (each position has one code, and only zero bits fill the last byte), so it is
//! enough to find that the form, the parameters and the directory are those that the writer would have chosen. One pass, constant
//! memory, and work in proportion to the layer's bytes.

use super::block::{Block, BlockError};
use super::form::Costs;
use super::layer::{LayerError, LayerView};
use super::rules::{self, Rules, Totals};
use super::runs::Run;
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
        let mut totals = Totals::new();
        let mut found = 0_u64;
        // Where blocks are narrower than density alone would have them, the next wider ones must be crowded.
        let mut pairs = (b < self.rules().widest(stored, self.length())).then(|| Pairs::new(self));
        let mut tally = Tally::new(0);
        let mut walk = self.region().walk();
        while let Some((block, bytes)) = walk.next()? {
            let refused = |error| LayerError::Block { block, error };
            let span = self.span(block);
            let parsed = Block::parse(self.rules(), bytes, span, k).map_err(refused)?;
            let form = parsed.form();
            tally.restart(span);
            if let Some(pairs) = &mut pairs {
                pairs.begin(block);
            }
            parsed
                .visit(|run| {
                    tally.add(run);
                    if let Some(pairs) = &mut pairs {
                        pairs.add(run);
                    }
                })
                .map_err(refused)?;
            found = found.saturating_add(u64::from(tally.count()));
            let costs = Costs::of(self.rules(), &mut tally);
            if costs.choose(k).0 != form {
                return Err(refused(BlockError::NotShortest));
            }
            if costs.is_crowded() {
                return Err(LayerError::NotCanonical);
            }
            totals.add(&costs);
        }
        if found != u64::from(stored) {
            return Err(LayerError::Count);
        }
        let (best, total) = totals.best(rules::blocks(self.length(), b));
        let (shortest, longest) = total.bounds();
        let chosen_width = pairs.is_none_or(Pairs::are_crowded);
        let chosen = chosen_width && best == k && self.region().directory().is_least(shortest, longest);
        if chosen { Ok(()) } else { Err(LayerError::NotCanonical) }
    }
}

/// Blocks of twice the width, to find whether one is crowded.
#[derive(Debug)]
struct Pairs {
    rules: Rules,
    length: u32,
    b: u8,
    tally: Tally,
    /// Where the second of a pair begins, in the pair.
    half: u32,
    within: u32,
    crowded: bool,
}

impl Pairs {
    fn new(view: &LayerView<'_>) -> Self {
        let b = view.layer().b();
        let half = rules::span(b);
        Self { rules: view.rules(), length: view.length(), b, tally: Tally::new(0), half, within: 0, crowded: false }
    }

    fn begin(&mut self, block: u32) {
        if block & 1 == 1 {
            self.within = self.half;
            return;
        }
        self.judge();
        let first = u64::from(block).wrapping_shl(u32::from(self.b));
        let left = u64::from(self.length).saturating_sub(first).min(u64::from(self.half).saturating_mul(2));
        self.tally.restart(u32::try_from(left).unwrap_or_default());
        self.within = 0;
    }

    fn add(&mut self, run: Run) {
        let (from, until) = (run.from.wrapping_add(self.within), run.until.wrapping_add(self.within));
        self.tally.add(Run { from, until });
    }

    fn judge(&mut self) {
        self.crowded |= self.tally.count() > 0 && Costs::of(self.rules, &mut self.tally).is_crowded();
    }

    fn are_crowded(mut self) -> bool {
        self.judge();
        self.crowded
    }
}

/// Refuses a block that the writer would not have written for its positions, in a layer of a list with Rice parameter `k`.
pub(crate) fn check_block(bytes: &[u8], span: u32, k: u8) -> Result<(), BlockError> {
    let block = Block::parse(Rules::LIST, bytes, span, k)?;
    let form = block.form();
    let mut tally = Tally::new(span);
    block.visit(|run| tally.add(run))?;
    let costs = Costs::of(Rules::LIST, &mut tally);
    if costs.choose(k).0 == form && !costs.is_crowded() { Ok(()) } else { Err(BlockError::NotShortest) }
}
