//! What the records add up to.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::record::{Event, Issuance, LicenseName, Publication, Record};
use crate::claims::id::CreditCode;
use crate::claims::{CredentialId, StatusPointer};
use crate::status::State;
use crate::time::Timestamp;

/// What became of a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// Allotted; whether a license will be issued at it is not known yet.
    Allotted(LicenseName),
    /// A license was issued at it.
    Issued(Entry),
    /// Allotted and never issued.
    Void,
}

/// A license in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Type, number and version.
    pub name: LicenseName,
    /// Where its status stands.
    pub status: StatusPointer,
    /// What was signed.
    pub issuance: Issuance,
    /// Its legal state.
    pub state: State,
    /// When that state was entered, by the register's time; the issue for a license that never had another.
    pub since: Timestamp,
}

impl Entry {
    /// May the license enter this state? Nothing takes an irreversible one back.
    #[must_use]
    pub fn may_become(&self, state: State) -> bool {
        self.state == state || may_follow(self.state, state)
    }
}

/// One status list, as the register knows it.
#[derive(Clone, Debug, Default)]
struct List {
    positions: Vec<Position>,
    published: Option<Publication>,
}

/// All that the register knows.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    authority: CreditCode,
    records: u64,
    last: Timestamp,
    lists: BTreeMap<u64, List>,
    names: BTreeMap<LicenseName, StatusPointer>,
    ids: BTreeMap<CredentialId, StatusPointer>,
    /// Positions that were allotted and are neither issued nor void.
    open: BTreeSet<StatusPointer>,
}

/// The record does not follow from those before it: it was written by another program, or by a faulty one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contradiction;

impl Ledger {
    /// A register that has just been opened for the first time.
    pub(super) const fn new(authority: CreditCode, at: Timestamp) -> Self {
        Self {
            authority,
            records: 1,
            last: at,
            lists: BTreeMap::new(),
            names: BTreeMap::new(),
            ids: BTreeMap::new(),
            open: BTreeSet::new(),
        }
    }

    pub(super) const fn authority(&self) -> CreditCode {
        self.authority
    }

    pub(super) const fn records(&self) -> u64 {
        self.records
    }

    pub(super) const fn last(&self) -> Timestamp {
        self.last
    }

    pub(super) fn open(&self) -> impl Iterator<Item = StatusPointer> + '_ {
        self.open.iter().copied()
    }

    pub(super) fn knows_list(&self, list: u64) -> bool {
        self.lists.contains_key(&list)
    }

    pub(super) fn lists(&self) -> impl Iterator<Item = u64> + '_ {
        self.lists.keys().copied()
    }

    /// The next position of a list.
    pub(super) fn next(&self, list: u64) -> StatusPointer {
        let length = self.lists.get(&list).map_or(0, |list| list.positions.len());
        StatusPointer { list, index: u64::try_from(length).unwrap_or(u64::MAX) }
    }

    pub(super) fn published(&self, list: u64) -> Option<Publication> {
        self.lists.get(&list)?.published
    }

    pub(super) fn positions(&self, list: u64) -> &[Position] {
        self.lists.get(&list).map_or(&[], |list| &list.positions)
    }

    pub(super) fn position(&self, at: StatusPointer) -> Option<&Position> {
        self.positions(at.list).get(usize::try_from(at.index).ok()?)
    }

    pub(super) fn entry(&self, at: StatusPointer) -> Option<&Entry> {
        match self.position(at)? {
            Position::Issued(entry) => Some(entry),
            Position::Allotted(_) | Position::Void => None,
        }
    }

    pub(super) fn by_name(&self, name: &LicenseName) -> Option<&Entry> {
        self.entry(*self.names.get(name)?)
    }

    pub(super) fn by_id(&self, id: CredentialId) -> Option<&Entry> {
        self.entry(*self.ids.get(&id)?)
    }

    fn position_mut(&mut self, at: StatusPointer) -> Option<&mut Position> {
        self.lists.get_mut(&at.list)?.positions.get_mut(usize::try_from(at.index).ok()?)
    }

    /// Takes a record in. The same rules hold for what is about to be written and for what is read back.
    pub(super) fn apply(&mut self, record: &Record) -> Result<(), Contradiction> {
        if record.number != self.records {
            return Err(Contradiction);
        }
        match &record.event {
            Event::Opened { .. } => return Err(Contradiction),
            Event::Allotted { at, name } => {
                if *at != self.next(at.list) || self.names.contains_key(name) {
                    return Err(Contradiction);
                }
                self.lists.entry(at.list).or_default().positions.push(Position::Allotted(name.clone()));
                self.names.insert(name.clone(), *at);
                self.open.insert(*at);
            }
            Event::Issued { at, issuance } => {
                if self.ids.contains_key(&issuance.id) {
                    return Err(Contradiction);
                }
                let since = record.time;
                let position = self.position_mut(*at).ok_or(Contradiction)?;
                let Position::Allotted(name) = position else { return Err(Contradiction) };
                let name = name.clone();
                let entry = Entry { name, status: *at, issuance: *issuance, state: State::InForce, since };
                *position = Position::Issued(entry);
                self.ids.insert(issuance.id, *at);
                self.open.remove(at);
            }
            Event::Changed { at, state, .. } => {
                let since = record.time;
                let Some(Position::Issued(entry)) = self.position_mut(*at) else { return Err(Contradiction) };
                if !may_follow(entry.state, *state) {
                    return Err(Contradiction);
                }
                (entry.state, entry.since) = (*state, since);
            }
            Event::Void { at } => self.void(*at)?,
            Event::Published(published) => {
                let list = self.lists.entry(published.list).or_default();
                let is_later = list.published.is_none_or(|before| {
                    (before.epoch, before.seq) < (published.epoch, published.seq)
                        && (before.epoch != published.epoch || before.issued < published.issued)
                });
                if !is_later {
                    return Err(Contradiction);
                }
                list.published = Some(*published);
            }
            Event::Cut { .. } => {}
        }
        self.records = self.records.saturating_add(1);
        self.last = self.last.max(record.time);
        Ok(())
    }

    fn void(&mut self, at: StatusPointer) -> Result<(), Contradiction> {
        // A torn allotment left nothing but a place.
        if at == self.next(at.list) {
            self.lists.entry(at.list).or_default().positions.push(Position::Void);
            return Ok(());
        }
        let position = self.position_mut(at).ok_or(Contradiction)?;
        let Position::Allotted(name) = position else { return Err(Contradiction) };
        let name = name.clone();
        *position = Position::Void;
        self.names.remove(&name);
        self.open.remove(&at);
        Ok(())
    }
}

/// An irreversible state is never taken back; another may follow it. Void is what was never issued, and is entered by no license.
pub(super) fn may_follow(before: State, after: State) -> bool {
    before != after && after != State::Void && (before.is_reversible() || !after.is_reversible())
}
