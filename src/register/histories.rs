//! What became of the licenses of a list, and when: what a status list with details says.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::event::Event;
use super::seam::Register;
use super::{Desk, RegisterError, Snapshot};
use crate::claims::StatusPointer;
use crate::status::{Cause, LicenseHistory, Spell, State};
use crate::time::Day;

impl<R: Register> Desk<R> {
    /// The history of every position of a list that was ever out of force, by position, as of one record: one pass over the journal. It
    /// ends in the states of the snapshot that comes with it.
    ///
    /// A change counts from the day on which it took effect in law, in Beijing, which may lie before the day of its record: then what was
    /// recorded of the time after is no longer so. Its cause is the one that begins the reason which was recorded
    /// ([`Cause::of_decision`]).
    ///
    /// # Errors
    /// [`RegisterError::DamagedEntry`] where the journal ends in another state than the entry has; those of the storage.
    pub fn histories(&self, list: u64) -> Result<(Snapshot, Vec<(u32, LicenseHistory)>), RegisterError> {
        let mut told: BTreeMap<u32, LicenseHistory> = BTreeMap::new();
        let authority = self.authority;
        let snapshot = self.snapshot(list)?;
        self.register.records(0, &mut |stored| {
            // What others have done since then is for the next list.
            if stored.seq >= snapshot.records {
                return ControlFlow::Break(());
            }
            let Some(record) = stored.record.filter(|record| record.authority == Some(authority)) else {
                return ControlFlow::Continue(());
            };
            if let Event::Changed { at, state, effective, successor, .. } = record.event
                && at.list == list
                && let Ok(index) = u32::try_from(at.index)
            {
                let day = Day::of(effective.unwrap_or(record.time));
                let cause = Cause::of_decision(&record.reason);
                told.entry(index).or_insert(LicenseHistory::IN_FORCE).enter(state, day, cause, successor);
            }
            ControlFlow::Continue(())
        })?;
        let states = &snapshot.states;
        for (index, state) in states {
            // A position that was never issued has no record of a change.
            let history = told.entry(*index).or_insert_with(|| LicenseHistory::of(*state, None));
            if history.state != *state {
                return Err(RegisterError::DamagedEntry(StatusPointer { list, index: u64::from(*index) }));
            }
        }
        let is_listed = |index: &u32| states.binary_search_by_key(index, |(listed, _)| *listed).is_ok();
        if let Some((index, _)) = told.iter().find(|(index, told)| told.state != State::InForce && !is_listed(index)) {
            return Err(RegisterError::DamagedEntry(StatusPointer { list, index: u64::from(*index) }));
        }
        told.retain(|_, told| told.state != State::InForce || !told.past.is_empty());
        Ok((snapshot, told.into_iter().collect()))
    }
}

impl LicenseHistory {
    /// The license enters a state, and has it from a day on.
    fn enter(&mut self, state: State, day: Day, cause: Cause, successor: Option<StatusPointer>) {
        let before = core::mem::replace(self, Self { state, since: Some(day), cause, successor, past: Vec::new() });
        self.past = before.past;
        if let Some(from) = before.since
            && before.state != State::InForce
        {
            self.past.push(Spell { state: before.state, from, until: day.max(from), cause: before.cause });
        }
        // What takes effect earlier than what was recorded before undoes that.
        self.past.retain(|spell| spell.from <= day);
        self.past.iter_mut().for_each(|spell| spell.until = spell.until.min(day));
        if state == State::InForce {
            (self.since, self.cause, self.successor) = (None, Cause::UNSTATED, None);
        }
    }
}
