//! History of a key or a province: what became of it, and when. Append-only, oldest first.

use alloc::vec::Vec;

use super::{Error, one_up_to};
use crate::cbor::{Kind, Reader, Writer};
use crate::limits::Limits;
use crate::time::Timestamp;

/// What became of a key or a province.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HistoryState {
    /// In use.
    Active,
    /// No longer signs; what it signed stands.
    Retired,
    /// Withdrawn: what it signs from then on does not stand.
    Withdrawn,
    /// In the hands of someone else.
    Compromised,
}

impl HistoryState {
    const ALL: [Self; 4] = [Self::Active, Self::Retired, Self::Withdrawn, Self::Compromised];

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Active => 0,
            Self::Retired => 1,
            Self::Withdrawn => 2,
            Self::Compromised => 3,
        }
    }
}

/// One entry of a [`History`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// What became of it.
    pub state: HistoryState,
    /// When that took effect.
    pub from: Timestamp,
    /// Of a compromised key: since when it may have been in other hands. Without it, since [`HistoryEntry::from`].
    pub compromised_since: Option<Timestamp>,
    /// Head of the issuance log at that time. Reserved: kept, and not judged by.
    pub log_head: Option<Vec<u8>>,
}

/// A history, oldest first; never empty.
///
/// ```cddl
/// history = [+ [state: uint, from: int, ? compromised_since: int / null, ? log_head: bstr]]
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History(Vec<HistoryEntry>);

impl History {
    /// The history of something in use since `from`.
    #[must_use]
    pub fn active_since(from: Timestamp) -> Self {
        Self(alloc::vec![HistoryEntry { state: HistoryState::Active, from, compromised_since: None, log_head: None }])
    }

    /// Appends an entry; `false`, and nothing appended, if it is older than the last one.
    #[must_use]
    pub fn append(&mut self, entry: HistoryEntry) -> bool {
        let in_order = self.0.last().is_none_or(|last| last.from <= entry.from);
        if in_order {
            self.0.push(entry);
        }
        in_order
    }

    /// The entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[HistoryEntry] {
        &self.0
    }

    /// The state at an instant: that of the last entry that had taken effect. Before the first one there is none.
    #[must_use]
    pub fn state_at(&self, instant: Timestamp) -> Option<HistoryState> {
        self.0.iter().rev().find(|entry| entry.from <= instant).map(|entry| entry.state)
    }

    /// Does the instant lie between a withdrawal or a compromise and the next entry that is active? Being taken back in later does not
    /// make good what was done in between.
    #[must_use]
    pub fn was_withdrawn_at(&self, instant: Timestamp) -> bool {
        self.0.iter().enumerate().any(|(at, entry)| {
            let since = match entry.state {
                HistoryState::Active | HistoryState::Retired => return false,
                HistoryState::Withdrawn => entry.from,
                HistoryState::Compromised => entry.compromised_since.unwrap_or(entry.from),
            };
            let back = self.0.iter().skip(at).find(|later| later.state == HistoryState::Active);
            since <= instant && back.is_none_or(|back| instant < back.from)
        })
    }

    /// Since when the key may have been in other hands, if it ever came there.
    #[must_use]
    pub fn compromised_since(&self) -> Option<Timestamp> {
        self.0
            .iter()
            .filter(|entry| entry.state == HistoryState::Compromised)
            .map(|entry| entry.compromised_since.unwrap_or(entry.from))
            .min()
    }

    /// Is `newer` this history with entries appended, if any? A history never shrinks and is never rewritten.
    #[must_use]
    pub fn is_continued_by(&self, newer: &Self) -> bool {
        newer.0.starts_with(&self.0)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let entries = one_up_to(reader, Limits::STANDARD.history, read_entry)?;
        let in_order = entries.is_sorted_by(|a, b| a.from <= b.from);
        if in_order { Ok(Self(entries)) } else { Err(Error::Value { at }) }
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.array_of(self.0.iter(), |w, entry| {
            let length = match (&entry.compromised_since, &entry.log_head) {
                (None, None) => 2,
                (Some(_), None) => 3,
                (_, Some(_)) => 4,
            };
            w.array(length);
            w.uint(u64::from(entry.state.number()));
            w.timestamp(entry.from);
            match (entry.compromised_since, length) {
                (Some(since), _) => w.timestamp(since),
                (None, 4) => w.null(),
                (None, _) => {}
            }
            if let Some(head) = &entry.log_head {
                w.bytes(head);
            }
        });
    }
}

fn read_entry(reader: &mut Reader<'_>) -> Result<HistoryEntry, Error> {
    let at = reader.position();
    let length = reader.array()?;
    if !(2..=4).contains(&length) {
        return Err(Error::Value { at });
    }
    let number = reader.uint()?;
    let state = HistoryState::ALL.into_iter().find(|s| u64::from(s.number()) == number).ok_or(Error::Value { at })?;
    let from = reader.timestamp()?;
    let compromised_since = match (length, reader.kind()) {
        (2, _) => None,
        // A place holder, for a log head without a date of compromise; alone it would be a second way to say nothing.
        (4, Ok(Kind::Simple)) => {
            reader.null()?;
            None
        }
        _ => Some(reader.timestamp()?),
    };
    if compromised_since.is_some_and(|since| state != HistoryState::Compromised || since > from) {
        return Err(Error::Value { at });
    }
    let log_head = if length == 4 { Some(reader.bytes()?.to_vec()) } else { None };
    Ok(HistoryEntry { state, from, compromised_since, log_head })
}
