//! One block of details, as its entries.
//!
//! ```text
//! block     = state* ‖ past ‖ zero bits that fill the last byte       no byte where there is no entry
//! state     = days ‖ causes [‖ lists [‖ indices]]                    for each state of 1 to 6 that the layers list in the block
//! past      = count as an Elias gamma code of count + 1 [‖ places ‖ states ‖ days from ‖ days that it lasted ‖ causes]
//! ```
//!
//! Everything but the count is a column (see [`super::super::column`]): entries of a state ascend by position, past spells by position and
//! time. A day is counted from 1970-01-01, and 0 is *not known*. Of a successor the list is 0 for none, 1 for the same list, else its
//! number and 2; the index stands only where there is a successor.

use alloc::vec::Vec;

use super::{DETAILED, DetailsError, MOST_ENTRIES, MOST_PAST};
use crate::claims::StatusPointer;
use crate::status::bits::{BitReader, BitWriter};
use crate::status::cause::Cause;
use crate::status::column;
use crate::status::history::{LicenseHistory, Spell};
use crate::status::state::State;
use crate::time::Day;

/// What stands of the positions of one state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct OfState {
    since: Vec<u64>,
    causes: Vec<u64>,
    /// Only of [`State::Superseded`]; the index counts only where the list is not 0.
    successors: Vec<(u64, u64)>,
}

/// A past spell, and the position, counted from the block's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Past {
    within: u32,
    spell: Spell,
}

/// The entries of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entries {
    states: [OfState; DETAILED.len()],
    past: Vec<Past>,
}

/// A day as it is written; 0 where it is not known, or lies before 1970-01-02.
pub(super) fn day_number(day: Option<Day>) -> u64 {
    day.and_then(|day| u64::try_from(day.days()).ok()).unwrap_or_default()
}

fn day(number: u64) -> Option<Day> {
    i64::try_from(number).ok().and_then(Day::new)
}

/// A successor's list and index as they are written for a position of list `list`: one in a list that a column cannot name is left out.
fn successor_numbers(successor: Option<StatusPointer>, list: u64) -> (u64, u64) {
    match successor {
        Some(at) if u32::try_from(at.index).is_err() => (0, 0),
        Some(at) if at.list == list => (1, at.index),
        Some(at) if u32::try_from(at.list).is_ok() => (at.list.saturating_add(2), at.index),
        _ => (0, 0),
    }
}

impl Entries {
    /// Adds a position, counted from the block's first, in ascending order.
    pub(crate) fn push(&mut self, within: u32, history: &LicenseHistory, list: u64) {
        let places = self.states.iter_mut().zip(DETAILED).find(|(_, state)| *state == history.state);
        if let Some((place, state)) = places {
            place.since.push(day_number(history.since));
            place.causes.push(history.cause.number().into());
            if state == State::Superseded {
                place.successors.push(successor_numbers(history.successor, list));
            }
        }
        self.past.extend(history.past.iter().map(|spell| Past { within, spell: *spell }));
    }

    /// How many entries there are, of present states and past ones.
    pub(crate) fn len(&self) -> usize {
        self.states.iter().fold(self.past.len(), |sum, state| sum.saturating_add(state.since.len()))
    }

    pub(crate) fn past_len(&self) -> usize {
        self.past.len()
    }

    /// Appends the block to `bytes`.
    pub(crate) fn write(&self, bytes: Vec<u8>) -> Vec<u8> {
        if self.len() == 0 {
            return bytes;
        }
        let mut writer = BitWriter::new(bytes);
        for (of, state) in self.states.iter().zip(DETAILED) {
            column::write(&mut writer, &of.since);
            column::write(&mut writer, &of.causes);
            if state == State::Superseded {
                let lists: Vec<u64> = of.successors.iter().map(|(list, _)| *list).collect();
                let named = of.successors.iter().filter(|(list, _)| *list != 0);
                let indices: Vec<u64> = named.map(|(_, index)| *index).collect();
                column::write(&mut writer, &lists);
                column::write(&mut writer, &indices);
            }
        }
        write_count(&mut writer, u32::try_from(self.past.len()).unwrap_or(u32::MAX));
        let past = |of: fn(&Past) -> u64| self.past.iter().map(of).collect::<Vec<u64>>();
        column::write(&mut writer, &past(|past| past.within.into()));
        column::write(&mut writer, &past(|past| past.spell.state.number().into()));
        column::write(&mut writer, &past(|past| day_number(Some(past.spell.from))));
        column::write(
            &mut writer,
            &past(|past| day_number(Some(past.spell.until)).saturating_sub(day_number(Some(past.spell.from)))),
        );
        column::write(&mut writer, &past(|past| past.spell.cause.number().into()));
        writer.finish()
    }

    /// Reads block number `block`, of `span` positions, of which the layers list `counts` in the states of [`DETAILED`].
    ///
    /// That the block is the one that the writer would have written is for [`Self::write`] to show.
    pub(crate) fn parse(
        bytes: &[u8],
        counts: &[u32; DETAILED.len()],
        block: u32,
        span: u32,
    ) -> Result<Self, DetailsError> {
        let listed = counts.iter().fold(0_u32, |sum, count| sum.saturating_add(*count));
        if bytes.is_empty() && listed == 0 {
            return Ok(Self::default());
        }
        if listed > span || listed > MOST_ENTRIES {
            return Err(DetailsError::Count);
        }
        let mut reader = BitReader::new(bytes);
        let mut entries = Self::default();
        for ((of, state), count) in entries.states.iter_mut().zip(DETAILED).zip(counts) {
            let count = usize::try_from(*count).map_err(|_| DetailsError::Count)?;
            *of = OfState::parse(&mut reader, state, count, block)?;
        }
        let count = read_count(&mut reader).ok_or(DetailsError::CutShort(block))?;
        if count > MOST_PAST {
            return Err(DetailsError::TooMany);
        }
        entries.past = parse_past(&mut reader, count, block, span)?;
        Ok(entries)
    }

    /// The history of the position `within` the block, which is the one at `rank` of those with `state`. `own` is the list's number.
    pub(crate) fn history(
        &self,
        (state, rank): (State, u32),
        within: u32,
        block: u32,
        own: u64,
    ) -> Result<LicenseHistory, DetailsError> {
        let mut history = LicenseHistory::of(state, None);
        if let Some((of, _)) = self.states.iter().zip(DETAILED).find(|(_, detailed)| *detailed == state) {
            let rank = usize::try_from(rank).map_err(|_| DetailsError::Count)?;
            let (since, cause) = of.since.get(rank).zip(of.causes.get(rank)).ok_or(DetailsError::CutShort(block))?;
            history.since = Some(*since).filter(|since| *since > 0).and_then(day);
            history.cause = cause_of(*cause).ok_or(DetailsError::Range(block))?;
            history.successor = match of.successors.get(rank).copied() {
                None | Some((0, _)) => None,
                Some((1, index)) => Some(StatusPointer { list: own, index }),
                Some((list, index)) => Some(StatusPointer { list: list.saturating_sub(2), index }),
            };
        }
        let past = self.past.iter().filter(|past| past.within == within);
        history.past = past.map(|past| past.spell).collect();
        Ok(history)
    }

    /// Whether the past spells of each position, and the day of its present state, follow one another. `within` are the positions of each
    /// state, counted from the block's first.
    pub(crate) fn check_order(&self, within: &[Vec<u32>; DETAILED.len()], block: u32) -> Result<(), DetailsError> {
        for (before, after) in self.past.iter().zip(self.past.iter().skip(1)) {
            let follows = before.within < after.within
                || (before.within == after.within && before.spell.until <= after.spell.from);
            if !follows {
                return Err(DetailsError::Order(block));
            }
        }
        for (of, places) in self.states.iter().zip(within) {
            for (place, since) in places.iter().zip(&of.since) {
                let upto = self.past.partition_point(|past| past.within <= *place);
                let last = upto.checked_sub(1).and_then(|last| self.past.get(last));
                let overlaps = last.is_some_and(|last| {
                    last.within == *place && *since != 0 && day_number(Some(last.spell.until)) > *since
                });
                if overlaps {
                    return Err(DetailsError::Order(block));
                }
            }
        }
        Ok(())
    }
}

impl OfState {
    fn parse(reader: &mut BitReader<'_>, state: State, count: usize, block: u32) -> Result<Self, DetailsError> {
        let column =
            |reader: &mut BitReader<'_>, count| column::read(reader, count).map_err(|_| DetailsError::CutShort(block));
        let since = column(reader, count)?;
        let causes = column(reader, count)?;
        let in_range = since.iter().all(|since| day(*since).is_some()) && causes.iter().all(|c| cause_of(*c).is_some());
        let mut successors = Vec::new();
        let mut indexed = true;
        if state == State::Superseded {
            let lists = column(reader, count)?;
            let mut indices = column(reader, lists.iter().filter(|list| **list != 0).count())?.into_iter();
            indexed = indices.clone().all(|index| u32::try_from(index).is_ok())
                && lists.iter().all(|list| u32::try_from(list.saturating_sub(2)).is_ok());
            let index = |list| if list == 0 { 0 } else { indices.next().unwrap_or_default() };
            successors = lists.iter().copied().zip(lists.iter().copied().map(index)).collect();
        }
        if in_range && indexed { Ok(Self { since, causes, successors }) } else { Err(DetailsError::Range(block)) }
    }
}

fn cause_of(number: u64) -> Option<Cause> {
    u8::try_from(number).ok().and_then(Cause::from_number)
}

fn parse_past(reader: &mut BitReader<'_>, count: u32, block: u32, span: u32) -> Result<Vec<Past>, DetailsError> {
    let count = usize::try_from(count).map_err(|_| DetailsError::TooMany)?;
    let mut column = || column::read(reader, count).map_err(|_| DetailsError::CutShort(block));
    let (places, states, from, lasted, causes) = (column()?, column()?, column()?, column()?, column()?);
    let mut past = Vec::with_capacity(count);
    for ((((place, state), from), lasted), cause) in places.iter().zip(states).zip(from).zip(lasted).zip(causes) {
        let within = u32::try_from(*place).ok().filter(|within| *within < span);
        let state = u8::try_from(state).ok().and_then(State::from_number).filter(|state| DETAILED.contains(state));
        let until = from.checked_add(lasted).and_then(day);
        let from = Some(from).filter(|from| *from > 0).and_then(day);
        let (Some(within), Some(state), Some(from), Some(until), Some(cause)) =
            (within, state, from, until, cause_of(cause))
        else {
            return Err(DetailsError::Range(block));
        };
        past.push(Past { within, spell: Spell { state, from, until, cause } });
    }
    Ok(past)
}

/// Elias gamma of `count` + 1: as many zeros as the number has bits after its highest, a one, and those bits.
fn write_count(writer: &mut BitWriter, count: u32) {
    let number = count.saturating_add(1);
    let low = u32::BITS.wrapping_sub(1).wrapping_sub(number.leading_zeros());
    writer.unary(low);
    writer.put(number & 1_u32.wrapping_shl(low).wrapping_sub(1), low);
}

fn read_count(reader: &mut BitReader<'_>) -> Option<u32> {
    let low = reader.unary().filter(|low| *low < u32::BITS)?;
    let rest = reader.take(low)?;
    (1_u32.wrapping_shl(low) | rest).checked_sub(1)
}
