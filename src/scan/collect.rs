//! Codes in several parts, as they come in over several scans.

use alloc::vec::Vec;
use core::time::Duration;

use crate::carrier::{self, Decoded, Error, Form, Joined, Parts, Repairs};

/// How long parts are kept after the last one came, unless something else is said: turning a page over takes less.
pub const PARTS_WITHIN: Duration = Duration::from_secs(60);

/// How many codes may be incomplete at the same time; the one that has waited longest goes first.
pub const MAX_COLLECTIONS: usize = 4;

/// What came of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collected {
    /// A code that holds the whole, or the last part that was missing: what they carry.
    Whole(Decoded),
    /// A part was kept, and others are missing.
    Waiting(Waiting),
}

/// A code of which parts are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// The part that was scanned, from 1.
    pub number: u16,
    /// How many parts the code has.
    pub total: u8,
    /// The parts that are missing, from 1, ascending.
    pub missing: Vec<u16>,
    /// Is the part of another code than the one that was being collected before it? Both are kept apart, and each wants its own.
    pub of_another: bool,
    /// What had to be undone before the part could be read.
    pub repaired: Repairs,
}

/// Collects the parts of codes across scans. Parts of different codes are never joined: each names the whole that it belongs to.
///
/// At most [`MAX_COLLECTIONS`] codes are incomplete at a time, each of at most [`carrier::MAX_DECODED`] bytes, and each for a limited time
/// after its last part.
#[derive(Clone, Debug)]
pub struct Collector {
    within: Duration,
    /// The one that waits longest first.
    pub(super) open: Vec<(Duration, Parts)>,
}

impl Collector {
    /// Keeps parts for so long after the last one came.
    #[must_use]
    pub const fn new(within: Duration) -> Self {
        Self { within, open: Vec::new() }
    }

    /// Takes the text of a scan that came at a moment.
    ///
    /// # Errors
    /// [`Error`]: the text carries nothing, or the parts that are all there do not make their whole; those are given up then.
    pub fn add(&mut self, text: &str, at: Duration) -> Result<Collected, Error> {
        let scanned = carrier::read(text)?;
        if scanned.form != Form::Part {
            let together = |error| if carrier::are_run_together(text) { Error::RunTogether } else { error };
            return scanned.open().map(Collected::Whole).map_err(together);
        }
        let part = (scanned.part()?, scanned.repaired);
        // Whatever was collected last stands last.
        for place in (0..self.open.len()).rev() {
            let Some((_, parts)) = self.open.get_mut(place) else { continue };
            match parts.add(scanned.clone()) {
                Err(Error::PartsMixed { .. }) => {}
                Err(error) => {
                    self.open.remove(place);
                    return Err(error);
                }
                Ok(Joined::Whole(decoded)) => {
                    self.open.remove(place);
                    return Ok(Collected::Whole(decoded));
                }
                Ok(Joined::Missing) => {
                    let of_another = place.saturating_add(1) != self.open.len();
                    let (_, parts) = self.open.remove(place);
                    return Ok(self.keep(parts, part, at, of_another));
                }
            }
        }
        let of_another = !self.open.is_empty();
        let mut parts = Parts::default();
        Ok(match parts.add(scanned)? {
            Joined::Whole(decoded) => Collected::Whole(decoded),
            Joined::Missing => self.keep(parts, part, at, of_another),
        })
    }

    fn keep(
        &mut self,
        parts: Parts,
        (part, repaired): (carrier::PartOf, Repairs),
        at: Duration,
        of_another: bool,
    ) -> Collected {
        let missing = parts.missing().collect();
        self.open.push((at, parts));
        if self.open.len() > MAX_COLLECTIONS {
            self.open.remove(0);
        }
        Collected::Waiting(Waiting { number: part.number, total: part.total, missing, of_another, repaired })
    }

    /// Gives up the codes whose parts have waited too long, and says how many parts of how many each had.
    pub fn expire(&mut self, now: Duration) -> Vec<(usize, u8)> {
        let within = self.within;
        let is_late = |(at, _): &(Duration, Parts)| now.saturating_sub(*at) >= within;
        let had = |parts: &Parts| usize::from(parts.total()).saturating_sub(parts.missing().count());
        let late =
            self.open.iter().filter(|open| is_late(open)).map(|(_, parts)| (had(parts), parts.total())).collect();
        self.open.retain(|open| !is_late(open));
        late
    }

    /// The moment at which [`Collector::expire`] has something to give up.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        self.open.iter().map(|(at, _)| at.saturating_add(self.within)).min()
    }
}
