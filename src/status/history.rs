//! What became of a license, and when: as a register knows it, and as the details of a list tell it.

use alloc::vec::Vec;

use super::cause::Cause;
use super::state::State;
use crate::claims::StatusPointer;
use crate::time::Day;

/// A time in which a license was not in force, that has ended: it was resumed, or entered another state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// The state; never [`State::InForce`], never [`State::Void`].
    pub state: State,
    /// The day on which it entered that state, in Beijing.
    pub from: Day,
    /// The day on which it left it: `from` or later.
    pub until: Day,
    /// Why it entered it.
    pub cause: Cause,
}

/// The state of a license now, and its states before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseHistory {
    /// The state now.
    pub state: State,
    /// The day on which it entered it, in Beijing; `None` if that is not known. Of no account for [`State::InForce`] and
    /// [`State::Void`], which have none.
    pub since: Option<Day>,
    /// Why it entered it.
    pub cause: Cause,
    /// Where the license stands that replaced it; only of [`State::Superseded`].
    pub successor: Option<StatusPointer>,
    /// The times before in which it was not in force, the first one first.
    pub past: Vec<Spell>,
}

/// What a history says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnDay {
    /// It was in this state all day; or it had several that day and was in force in none of them, this being the last.
    State(State),
    /// It was in force for a part of that day, and in this state for another: the hour decides.
    Changed(State),
    /// The day on which the present state was entered is not known.
    Unknown,
    /// It was in force, and was withdrawn (撤销) later: a withdrawal may reach back.
    WithdrawnLater,
}

impl LicenseHistory {
    /// The history of a license that has always been in force.
    pub const IN_FORCE: Self = Self::of(State::InForce, None);

    /// A state, entered on a day, and nothing before.
    #[must_use]
    pub const fn of(state: State, since: Option<Day>) -> Self {
        Self { state, since, cause: Cause::UNSTATED, successor: None, past: Vec::new() }
    }

    /// What it was on a day (in Beijing) from its issue on.
    #[must_use]
    pub fn on(&self, day: Day) -> OnDay {
        let since = match (self.state, self.since) {
            // It was never issued.
            (State::Void, _) => return OnDay::State(State::Void),
            (State::InForce, _) => None,
            (_, None) => return OnDay::Unknown,
            (_, Some(since)) => Some(since),
        };
        let mut states = OfDay { day, begins: State::InForce, last: None, changed: None };
        for spell in &self.past {
            states.enter(spell.from, spell.state);
            states.enter(spell.until, State::InForce);
        }
        if let Some(since) = since {
            states.enter(since, self.state);
        }
        match states.answer() {
            OnDay::State(State::InForce) if self.state == State::Withdrawn => OnDay::WithdrawnLater,
            answer => answer,
        }
    }
}

/// The states of one day, as the changes before and on it are told in order.
struct OfDay {
    day: Day,
    /// The state with which the day begins.
    begins: State,
    /// The last state that was entered on the day.
    last: Option<State>,
    /// The last state out of force that was entered on the day.
    changed: Option<State>,
}

impl OfDay {
    fn enter(&mut self, day: Day, state: State) {
        if day < self.day {
            self.begins = state;
        } else if day == self.day {
            self.last = Some(state);
            self.changed = Some(state).filter(|state| *state != State::InForce).or(self.changed);
        }
    }

    fn answer(&self) -> OnDay {
        match (self.begins, self.last, self.changed) {
            (begins, None, _) => OnDay::State(begins),
            // From one state out of force straight to another: it was resumed in the same moment, if at all.
            (begins, Some(last), _) if begins != State::InForce && last != State::InForce => OnDay::State(last),
            (State::InForce, Some(_), Some(changed)) => OnDay::Changed(changed),
            (begins, Some(_), _) => OnDay::Changed(begins),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::as_conversions)]

    use alloc::vec;

    use super::*;

    fn day(days: i32) -> Day {
        Day::new(i64::from(days)).unwrap()
    }

    fn spell(state: State, from: i32, until: i32) -> Spell {
        Spell { state, from: day(from), until: day(until), cause: Cause::UNSTATED }
    }

    fn answers(history: &LicenseHistory, expected: &[(i32, OnDay)]) {
        for (at, expected) in expected {
            assert_eq!(history.on(day(*at)), *expected, "day {at} of {history:?}");
        }
    }

    #[test]
    fn before_it_was_revoked_it_was_in_force() {
        let revoked = LicenseHistory::of(State::Revoked, Some(day(100)));
        let in_force = OnDay::State(State::InForce);
        answers(&revoked, &[(0, in_force), (99, in_force), (100, OnDay::Changed(State::Revoked))]);
        answers(&revoked, &[(101, OnDay::State(State::Revoked)), (9_999, OnDay::State(State::Revoked))]);
        answers(&LicenseHistory::of(State::Revoked, None), &[(0, OnDay::Unknown), (9_999, OnDay::Unknown)]);
        answers(&LicenseHistory::IN_FORCE, &[(0, in_force), (9_999, in_force)]);
        answers(&LicenseHistory::of(State::Void, None), &[(0, OnDay::State(State::Void))]);
    }

    #[test]
    fn what_was_lifted_counts_for_its_time() {
        let past =
            vec![spell(State::Suspended, 10, 20), spell(State::ReportedLost, 30, 30), spell(State::Suspended, 40, 50)];
        let resumed = LicenseHistory { past, ..LicenseHistory::IN_FORCE };
        let (in_force, suspended) = (OnDay::State(State::InForce), OnDay::State(State::Suspended));
        answers(&resumed, &[(9, in_force), (10, OnDay::Changed(State::Suspended)), (11, suspended), (19, suspended)]);
        answers(&resumed, &[(20, OnDay::Changed(State::Suspended)), (21, in_force), (31, in_force), (45, suspended)]);
        // Within one day.
        answers(&resumed, &[(30, OnDay::Changed(State::ReportedLost)), (51, in_force)]);
    }

    #[test]
    fn a_day_that_was_never_in_force_is_certain() {
        // Suspended, then revoked without having been resumed.
        let past = vec![spell(State::Suspended, 10, 20)];
        let revoked = LicenseHistory { past, ..LicenseHistory::of(State::Revoked, Some(day(20))) };
        answers(&revoked, &[(19, OnDay::State(State::Suspended)), (20, OnDay::State(State::Revoked))]);
        answers(&revoked, &[(9, OnDay::State(State::InForce)), (21, OnDay::State(State::Revoked))]);
    }

    #[test]
    fn a_withdrawal_may_reach_back() {
        let past = vec![spell(State::Suspended, 10, 20)];
        let withdrawn = LicenseHistory { past, ..LicenseHistory::of(State::Withdrawn, Some(day(100))) };
        answers(
            &withdrawn,
            &[(5, OnDay::WithdrawnLater), (15, OnDay::State(State::Suspended)), (99, OnDay::WithdrawnLater)],
        );
        answers(&withdrawn, &[(100, OnDay::Changed(State::Withdrawn)), (101, OnDay::State(State::Withdrawn))]);
    }
}
