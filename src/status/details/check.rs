//! The strict reader of details: they stand only as their writer writes them.

use alloc::vec::Vec;

use super::block::Entries;
use super::write::Fullest;
use super::{DETAILED, DetailsError, DetailsView, MOST_ENTRIES, widest};
use crate::status::layer::LayerError;
use crate::status::rules;
use crate::status::runs::{Merged, Run};
use crate::status::state::State;

/// The listed positions of one block after another.
struct Places<'a> {
    merged: Merged<'a>,
    /// What is left of a run that goes on into the next block.
    open: Option<(State, Run)>,
}

impl Places<'_> {
    /// The positions before `until` that were not given yet, by state, counted from `first`; more than a block may have are an error.
    fn until(&mut self, first: u32, until: u32) -> Result<[Vec<u32>; DETAILED.len()], DetailsError> {
        let mut places: [Vec<u32>; DETAILED.len()] = Default::default();
        let mut count = 0_u32;
        loop {
            let next = match self.open.take() {
                Some(open) => Some(open),
                None => self.merged.next().map_err(|(_, error): (State, LayerError)| DetailsError::Layer(error))?,
            };
            let Some((state, run)) = next else { break };
            if run.from >= until {
                self.open = Some((state, run));
                break;
            }
            let end = run.until.min(until);
            count = count.saturating_add(end.saturating_sub(run.from));
            if count > MOST_ENTRIES {
                return Err(DetailsError::NotCanonical);
            }
            if let Some((places, _)) = places.iter_mut().zip(DETAILED).find(|(_, listed)| *listed == state) {
                places.extend((run.from..end).map(|position| position.wrapping_sub(first)));
            }
            if run.until > until {
                self.open = Some((state, Run { from: until, until: run.until }));
            }
        }
        Ok(places)
    }
}

impl<'a> DetailsView<'a> {
    /// Walks all details and refuses what the writer would not have written. `merged` are the layers of the states that details are about.
    /// Memory for one block, time in proportion to the entries.
    pub(crate) fn check(&self, merged: Merged<'a>) -> Result<(), DetailsError> {
        let b = self.details.b();
        let wider = b.saturating_add(1);
        let widest = widest(self.details.count(), self.length);
        let mut places = Places { merged, open: None };
        let mut fullest = [Fullest::new(b), Fullest::new(wider)];
        let (mut found, mut shortest, mut longest) = (0_u64, u32::MAX, 0_u32);
        let mut walk = self.region.walk();
        while let Some((block, bytes)) = walk.next().map_err(|_| DetailsError::Shape)? {
            let first = block.wrapping_shl(u32::from(b));
            let span = self.span(block);
            let within = places.until(first, first.saturating_add(span))?;
            let mut counts = [0_u32; DETAILED.len()];
            for (count, places) in counts.iter_mut().zip(&within) {
                *count = u32::try_from(places.len()).map_err(|_| DetailsError::Count)?;
            }
            let entries = Entries::parse(bytes, &counts, block, span)?;
            entries.check_order(&within, block)?;
            if entries.write(Vec::with_capacity(bytes.len())) != bytes {
                return Err(DetailsError::NotChosen(block));
            }
            let count = u32::try_from(entries.len()).map_err(|_| DetailsError::TooMany)?;
            fullest.iter_mut().for_each(|width| width.add(first, count));
            found = found.saturating_add(count.into());
            let length = u32::try_from(bytes.len()).map_err(|_| DetailsError::TooMany)?;
            (shortest, longest) = (shortest.min(length), longest.max(length));
        }
        if found != u64::from(self.details.count()) {
            return Err(DetailsError::Count);
        }
        let [here, above] = fullest;
        let chosen_width = !here.is_crowded() && (b == widest || (b < widest && above.is_crowded()));
        let shortest = shortest.min(longest);
        let chosen = chosen_width && self.region.directory().is_least(shortest, longest);
        if chosen || rules::blocks(self.length, b) == 0 { Ok(()) } else { Err(DetailsError::NotCanonical) }
    }
}
