//! What the journal adds up to. The tables must say the same.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::event::Event;
use super::journal::Record;
use super::record::{Kind, Publication, Span, follows_in_order, may_follow};
use super::transaction::follows;
use crate::claims::StatusPointer;
use crate::claims::id::CreditCode;
use crate::status::State;
use crate::time::Timestamp;
use crate::trust::HistoryState;

/// What stands at a position: a byte for each, for a list may have hundreds of millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(u8);

impl Slot {
    pub(super) const VOID: Self = Self(State::Void.number());
    pub(super) const ALLOTTED: Self = Self(8);
    pub(super) const SKIPPED: Self = Self(9);

    pub(super) const fn of(state: State) -> Self {
        Self(state.number())
    }

    /// The state of the license that was issued there.
    pub(super) fn state(self) -> Option<State> {
        State::from_number(self.0).filter(|state| *state != State::Void)
    }
}

/// What a list adds up to.
#[derive(Clone, Debug, Default)]
pub(super) struct FoldedList {
    pub(super) slots: Vec<Slot>,
    pub(super) publications: Vec<Publication>,
}

/// The record does not follow from those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contradiction;

type Place = (CreditCode, StatusPointer);
/// Whose key, which, what became of it, from when, and since when it may have been in other hands.
type Withdrawn = (CreditCode, Vec<u8>, HistoryState, Timestamp, Option<Timestamp>);

/// What the records up to a point add up to.
#[derive(Clone, Debug, Default)]
pub(super) struct Fold {
    pub(super) records: u64,
    pub(super) authorities: Vec<CreditCode>,
    pub(super) lists: BTreeMap<(CreditCode, u64), FoldedList>,
    pub(super) keys: BTreeSet<(CreditCode, Vec<u8>)>,
    /// Renewals and copies; every other license is a first one.
    pub(super) others: BTreeMap<Place, (Kind, StatusPointer)>,
    /// Since when the states that were changed hold, and the successors.
    pub(super) standings: BTreeMap<Place, (Timestamp, Option<StatusPointer>)>,
    pub(super) erased: BTreeSet<Place>,
    /// Where seals stand.
    pub(super) seals: BTreeSet<Place>,
    pub(super) operators: BTreeMap<String, Vec<u8>>,
    pub(super) withdrawals: Vec<Withdrawn>,
}

impl Fold {
    /// Takes a record in.
    pub(super) fn apply(&mut self, record: &Record) -> Result<(), Contradiction> {
        let authority = || record.authority.filter(|authority| self.authorities.contains(authority));
        match (&record.event, record.authority) {
            (Event::Opened, None) if self.records == 0 => {}
            (Event::Enrolled, Some(new)) if !self.authorities.contains(&new) => self.authorities.push(new),
            (Event::Operator { name, key, admitted: true }, None) => {
                let is_known = self.operators.contains_key(name) || self.operators.values().any(|held| held == key);
                if is_known {
                    return Err(Contradiction);
                }
                self.operators.insert(name.clone(), key.clone());
            }
            (Event::Operator { name, key, admitted: false }, None) => {
                if self.operators.remove(name).as_ref() != Some(key) {
                    return Err(Contradiction);
                }
            }
            (Event::Restored { .. }, None) => {}
            (Event::Consented { first, second, .. }, _) => {
                let is_operator = |key: &Vec<u8>| self.operators.values().any(|held| held == key);
                if first.0 == second.0 || !is_operator(&first.0) || !is_operator(&second.0) {
                    return Err(Contradiction);
                }
            }
            (event, Some(_)) => {
                let authority = authority().ok_or(Contradiction)?;
                self.apply_to(authority, event, record)?;
            }
            (_, None) => return Err(Contradiction),
        }
        self.records = self.records.saturating_add(1);
        Ok(())
    }

    fn apply_to(&mut self, authority: CreditCode, event: &Event, record: &Record) -> Result<(), Contradiction> {
        match event {
            Event::Key(key) => {
                if !self.keys.insert((authority, key.clone())) {
                    return Err(Contradiction);
                }
            }
            Event::Withdrawn { key, state, from, since } => {
                let before = self.withdrawals.iter().rfind(|(owner, held, ..)| *owner == authority && held == key);
                let needs_two = *state != HistoryState::Retired;
                let follows = follows_in_order(before.map(|(_, _, state, ..)| *state), *state);
                if !follows || needs_two && record.approver.is_none() {
                    return Err(Contradiction);
                }
                self.withdrawals.push((authority, key.clone(), *state, *from, *since));
            }
            Event::Allotted(span) => self.extend(authority, *span, Slot::ALLOTTED)?,
            Event::Skipped(span) => self.extend(authority, *span, Slot::SKIPPED)?,
            Event::Issued(spans) => self.settle(authority, spans, Slot::of(State::InForce))?,
            Event::Void(spans) => self.settle(authority, spans, Slot::VOID)?,
            Event::Credential { at, kind, license } => {
                let place = (authority, *license);
                let is_first = !self.others.contains_key(&place) && !self.seals.contains(&place);
                let known = self.slot(authority, *license).and_then(Slot::state).is_some();
                if !matches!(kind, Kind::Renewal | Kind::Copy) || !is_first || !known {
                    return Err(Contradiction);
                }
                self.settle(authority, &[single(*at)?], Slot::of(State::InForce))?;
                self.others.insert((authority, *at), (*kind, *license));
            }
            Event::Sealed(at) => {
                self.settle(authority, &[single(*at)?], Slot::of(State::InForce))?;
                self.seals.insert((authority, *at));
            }
            Event::Changed { at, state, effective, successor, .. } => {
                let before = self.slot(authority, *at).and_then(Slot::state).ok_or(Contradiction)?;
                if !may_follow(before, *state) {
                    return Err(Contradiction);
                }
                self.set(authority, *at, Slot::of(*state))?;
                let held = self.standings.get(&(authority, *at)).and_then(|(_, successor)| *successor);
                let standing = (effective.unwrap_or(record.time), successor.or(held));
                self.standings.insert((authority, *at), standing);
            }
            Event::Published(publication) => {
                let list = self.lists.entry((authority, publication.list)).or_default();
                if list.publications.last().is_some_and(|before| !follows(before, publication)) {
                    return Err(Contradiction);
                }
                list.publications.push(*publication);
            }
            Event::Erased { at, .. } => {
                let known = self.slot(authority, *at).and_then(Slot::state).is_some();
                // Of a seal nothing is erased.
                if !known || self.seals.contains(&(authority, *at)) || !self.erased.insert((authority, *at)) {
                    return Err(Contradiction);
                }
            }
            Event::Opened
            | Event::Enrolled
            | Event::Operator { .. }
            | Event::Restored { .. }
            | Event::Consented { .. } => {
                return Err(Contradiction);
            }
        }
        Ok(())
    }

    pub(super) fn slot(&self, authority: CreditCode, at: StatusPointer) -> Option<Slot> {
        self.lists.get(&(authority, at.list))?.slots.get(usize::try_from(at.index).ok()?).copied()
    }

    fn set(&mut self, authority: CreditCode, at: StatusPointer, slot: Slot) -> Result<(), Contradiction> {
        let list = self.lists.get_mut(&(authority, at.list)).ok_or(Contradiction)?;
        let index = usize::try_from(at.index).map_err(|_| Contradiction)?;
        *list.slots.get_mut(index).ok_or(Contradiction)? = slot;
        Ok(())
    }

    /// Positions follow upon those before, without a gap.
    fn extend(&mut self, authority: CreditCode, span: Span, slot: Slot) -> Result<(), Contradiction> {
        let slots = &mut self.lists.entry((authority, span.list)).or_default().slots;
        if usize::try_from(span.first) != Ok(slots.len()) {
            return Err(Contradiction);
        }
        let end = usize::try_from(span.end()).map_err(|_| Contradiction)?;
        slots.resize(end, slot);
        Ok(())
    }

    /// What was allotted becomes something else, once.
    fn settle(&mut self, authority: CreditCode, spans: &[Span], slot: Slot) -> Result<(), Contradiction> {
        for at in spans.iter().flat_map(|span| span.positions()) {
            if self.slot(authority, at) != Some(Slot::ALLOTTED) {
                return Err(Contradiction);
            }
            self.set(authority, at, slot)?;
        }
        Ok(())
    }
}

/// One position.
fn single(at: StatusPointer) -> Result<Span, Contradiction> {
    let first = u32::try_from(at.index).map_err(|_| Contradiction)?;
    Ok(Span { list: at.list, first, count: 1 })
}
