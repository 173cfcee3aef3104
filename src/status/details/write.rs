//! The writer of details.

use alloc::vec::Vec;

use super::block::{Entries, day_number};
use super::{DETAILED, DetailsError, MOST_DETAILS, MOST_ENTRIES, MOST_PAST, widest};
use crate::limits::MAX_TRUST_OBJECT;
use crate::status::directory;
use crate::status::history::{LicenseHistory, Spell};
use crate::status::layers::Details;
use crate::status::rules;

/// Counts the entries of the fullest block of a width.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fullest {
    pub(super) width: u8,
    block: u32,
    entries: u32,
    most: u32,
}

impl Fullest {
    pub(super) const fn new(width: u8) -> Self {
        Self { width, block: 0, entries: 0, most: 0 }
    }

    /// Counts entries of `position`, not less than the one before it.
    pub(super) fn add(&mut self, position: u32, entries: u32) {
        let block = position.wrapping_shr(u32::from(self.width));
        if block != self.block {
            self.block = block;
            self.entries = 0;
        }
        self.entries = self.entries.saturating_add(entries);
        self.most = self.most.max(self.entries);
    }

    pub(super) const fn is_crowded(&self) -> bool {
        self.most > MOST_ENTRIES && self.width > rules::LEAST_WIDTH
    }
}

/// How many entries a history takes.
fn entries_of(history: &LicenseHistory) -> u32 {
    let present = u32::from(DETAILED.contains(&history.state));
    present.saturating_add(u32::try_from(history.past.len()).unwrap_or(u32::MAX))
}

/// Has a past spell a state and a day that a column holds?
fn can_be_told(spell: &Spell) -> bool {
    DETAILED.contains(&spell.state) && day_number(Some(spell.from)) > 0
}

/// Appends the details of list `list` of `length` positions to `body`, and gives their parameters. `histories` ascend by position, each
/// less than `length`; positions without entries may stand among them. Equal histories give equal bytes.
///
/// # Errors
/// [`DetailsError::TooMany`], [`DetailsError::Order`] with a block if times in it overlap, [`DetailsError::Range`] with a block if a past spell in
/// it is of no state that may be told, or began before 1970-01-02, for which there is no number.
pub(crate) fn write(
    length: u32,
    list: u64,
    histories: &[(u32, LicenseHistory)],
    body: &mut Vec<u8>,
) -> Result<Details, DetailsError> {
    let count = histories.iter().fold(0_u64, |sum, (_, history)| sum.saturating_add(entries_of(history).into()));
    let count = u32::try_from(count).ok().filter(|count| *count <= MOST_DETAILS).ok_or(DetailsError::TooMany)?;
    let mut widths: Vec<Fullest> = (rules::LEAST_WIDTH..=widest(count, length)).rev().map(Fullest::new).collect();
    for (position, history) in histories {
        let entries = entries_of(history);
        widths.iter_mut().for_each(|width| width.add(*position, entries));
    }
    let b = widths.iter().find(|width| !width.is_crowded()).map_or(rules::LEAST_WIDTH, |width| width.width);

    let mut lengths = Vec::new();
    let mut coded = Vec::new();
    let mut rest = histories.iter().peekable();
    for block in 0..rules::blocks(length, b) {
        let mut entries = Entries::default();
        let first = block.wrapping_shl(u32::from(b));
        let mut within: [Vec<u32>; DETAILED.len()] = Default::default();
        while let Some((position, history)) = rest.next_if(|(at, _)| at.wrapping_shr(u32::from(b)) == block) {
            if !history.past.iter().all(can_be_told) {
                return Err(DetailsError::Range(block));
            }
            entries.push(position ^ first, history, list);
            if let Some((places, _)) = within.iter_mut().zip(DETAILED).find(|(_, state)| *state == history.state) {
                places.push(position ^ first);
            }
        }
        if u32::try_from(entries.past_len()).map_or(true, |past| past > MOST_PAST) {
            return Err(DetailsError::TooMany);
        }
        entries.check_order(&within, block)?;
        let before = coded.len();
        coded = entries.write(coded);
        let bytes = coded.len().saturating_sub(before);
        lengths.push(u32::try_from(bytes).map_err(|_| DetailsError::TooMany)?);
    }
    let offset = u32::try_from(body.len()).map_err(|_| DetailsError::TooMany)?;
    directory::write(&lengths, body).ok_or(DetailsError::TooMany)?;
    body.extend_from_slice(&coded);
    if body.len() > MAX_TRUST_OBJECT {
        return Err(DetailsError::TooMany);
    }
    let size = u32::try_from(body.len()).ok().and_then(|end| end.checked_sub(offset)).ok_or(DetailsError::TooMany)?;
    Ok(Details::chosen(count, b, offset, size))
}
