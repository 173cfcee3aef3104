//! The issuing register (签发登记簿) of one authority: which position was given to which license, and what became of it.
//!
//! Everything is written to a [`Journal`] before it is acted upon. A position is allotted durably before a license is signed for it, and
//! a license is recorded durably before it is handed out: after a crash at any moment no position is given twice and no license is out
//! of which the register does not know. What is between the two when the process ends is *void*, and listed as such.
//!
//! The register keeps nothing of the holder: the license's digest, type, number, position, `cti` and times, no more.

extern crate std;

mod file;
mod issuing;
mod journal;
mod ledger;
mod record;

pub use file::FileJournal;
pub use issuing::{Issued, RegisterIssueError, Request};
pub use journal::Journal;
pub use ledger::{Entry, Position};
pub use record::{Issuance, LicenseName, Publication};

use alloc::string::String;
use alloc::vec::Vec;

use journal::{End, Frames, frame};
use ledger::{Contradiction, Ledger, may_follow};
use record::{Event, Record, torn_allotment};

use crate::claims::id::CreditCode;
use crate::claims::{CredentialId, StatusPointer};
use crate::status::State;
use crate::suite::{Digest, sha256};
use crate::time::Timestamp;

/// The most positions that a list has.
const MAX_POSITIONS: u64 = 0xffff_ffff;
/// The longest reason for a change of state, in bytes.
const MAX_REASON: usize = 1_024;
/// A clock may run this many seconds behind the last record.
const CLOCK_TOLERANCE: i64 = 300;

/// Why the register does not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The medium failed. Whether the last record is durable is not known: open the register again.
    #[error("the journal cannot be read or written: {0}")]
    Journal(#[from] std::io::Error),
    /// A record was altered, removed or put in. Nothing is read past it.
    #[error("record {record} of the journal, at byte {at}, is damaged")]
    Damaged {
        /// Which, from 0.
        record: u64,
        /// Where it begins.
        at: u64,
    },
    /// A record is whole and does not follow from those before it, or is of a later version of this program.
    #[error("record {record} of the journal, at byte {at}, is not one that this version writes")]
    NotOurs {
        /// Which, from 0.
        record: u64,
        /// Where it begins.
        at: u64,
    },
    /// The register is another authority's.
    #[error("this is the register of {}", .0.as_str())]
    OtherAuthority(CreditCode),
    /// An earlier write failed. Open the register again.
    #[error("an earlier write failed: open the register again")]
    Poisoned,
    /// The clock is more than five minutes behind the last record.
    #[error("the clock is behind the last record, of {0}")]
    ClockBehind(Timestamp),
    /// The list has as many positions as a list may have.
    #[error("list {0} is full")]
    Full(u64),
    /// No license was issued at the position.
    #[error("no license was issued at position {} of list {}", .0.index, .0.list)]
    NotIssued(StatusPointer),
    /// The state cannot be entered from the one that the license has: nothing takes an irreversible state back.
    #[error("a license in state {} does not enter state {}", before.number(), after.number())]
    Irreversible {
        /// The state that it has.
        before: State,
        /// The one that was asked for.
        after: State,
    },
    /// A text is too long or holds characters that are not admitted.
    #[error("a text is too long or holds characters that are not admitted")]
    Text,
    /// The license is in the register.
    #[error("license {} version {} was issued at position {} of list {}", existing.name.number, existing.name.version, existing.status.index, existing.status.list)]
    Duplicate {
        /// The one that is there.
        existing: alloc::boxed::Box<Entry>,
    },
    /// The `cti` was used before: it is not random.
    #[error("the credential id {0} was used before")]
    IdUsed(CredentialId),
    /// The list is not later than the last one that was published.
    #[error("the list is not later than number {} that was published", .0.seq)]
    NotLater(Publication),
}

/// What was found when the register was opened: traces of a process that was stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Bytes of a record that was not written to its end, and was cut.
    pub cut: usize,
    /// Positions that were allotted and never issued. They are void now.
    pub voided: Vec<StatusPointer>,
}

/// What became of a request to change a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Changed {
    /// It was recorded.
    Recorded {
        /// The state before.
        before: State,
    },
    /// The license had that state already; nothing was written.
    AlreadySo,
}

/// The register of one authority.
#[derive(Debug)]
pub struct Register<J> {
    journal: J,
    ledger: Ledger,
    chain: Digest,
    poisoned: bool,
}

/// Stands for the journal of a register that is only read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOnly;

impl Register<ReadOnly> {
    /// Reads a register from a journal's bytes, without its lock and without changing it. A record that is being written meanwhile is
    /// passed over. `None` if there is no register yet.
    ///
    /// # Errors
    /// [`RegisterError::Damaged`], [`RegisterError::NotOurs`].
    pub fn read(journal: &[u8]) -> Result<Option<Self>, RegisterError> {
        let (ledger, frames) = read(journal)?;
        let chain = frames.head();
        Ok(ledger.map(|ledger| Self { journal: ReadOnly, ledger, chain, poisoned: false }))
    }
}

impl<J> Register<J> {
    /// The authority.
    #[must_use]
    pub const fn authority(&self) -> CreditCode {
        self.ledger.authority()
    }

    /// How many records there are.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.ledger.records()
    }

    /// The chain over all records: whoever keeps it elsewhere can tell later that none was altered or left out.
    #[must_use]
    pub const fn chain(&self) -> Digest {
        self.chain
    }

    /// The numbers of the lists in which positions were allotted or which were published.
    pub fn lists(&self) -> impl Iterator<Item = u64> + '_ {
        self.ledger.lists()
    }

    /// How many positions of a list were allotted.
    #[must_use]
    pub fn length(&self, list: u64) -> u32 {
        u32::try_from(self.ledger.next(list).index).unwrap_or(u32::MAX)
    }

    /// What a status list has to say: every position that is not in force, ascending. A position that is allotted and not issued yet is
    /// not listed: void is irreversible, and the license may yet come.
    pub fn states(&self, list: u64) -> impl Iterator<Item = (u32, State)> + '_ {
        (0..).zip(self.ledger.positions(list)).filter_map(|(index, position)| match position {
            Position::Issued(entry) if entry.state == State::InForce => None,
            Position::Issued(entry) => Some((index, entry.state)),
            Position::Allotted(_) => None,
            Position::Void => Some((index, State::Void)),
        })
    }

    /// What stands at a position.
    #[must_use]
    pub fn position(&self, at: StatusPointer) -> Option<&Position> {
        self.ledger.position(at)
    }

    /// The license at a position.
    #[must_use]
    pub fn entry(&self, at: StatusPointer) -> Option<&Entry> {
        self.ledger.entry(at)
    }

    /// The license of a type, number and version.
    #[must_use]
    pub fn by_name(&self, name: &LicenseName) -> Option<&Entry> {
        self.ledger.by_name(name)
    }

    /// The license of a `cti`.
    #[must_use]
    pub fn by_id(&self, id: CredentialId) -> Option<&Entry> {
        self.ledger.by_id(id)
    }

    /// All licenses, list by list.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.ledger.lists().flat_map(|list| self.ledger.positions(list)).filter_map(|position| match position {
            Position::Issued(entry) => Some(entry),
            Position::Allotted(_) | Position::Void => None,
        })
    }

    /// The last publication of a list.
    #[must_use]
    pub fn published(&self, list: u64) -> Option<Publication> {
        self.ledger.published(list)
    }
}

impl<J: Journal> Register<J> {
    /// Opens the register of an authority, or begins it where the journal is empty. What a stopped process left behind is settled: a torn
    /// record is cut, what was allotted and not issued becomes void.
    ///
    /// # Errors
    /// [`RegisterError`]; a damaged journal is not opened.
    pub fn open(mut journal: J, authority: CreditCode, now: Timestamp) -> Result<(Self, Recovery), RegisterError> {
        let bytes = journal.load()?;
        let (ledger, frames) = read(&bytes)?;
        if let Some(ledger) = &ledger
            && ledger.authority() != authority
        {
            return Err(RegisterError::OtherAuthority(ledger.authority()));
        }
        let mut recovery = Recovery::default();
        let mut torn_list = None;
        let remains = bytes.get(frames.walked()..).unwrap_or_default();
        if let End::Torn(record) = frames.end() {
            recovery.cut = remains.len();
            torn_list = torn_allotment(record);
            journal.cut(u64::try_from(frames.walked()).unwrap_or(u64::MAX))?;
        }
        let chain = frames.head();
        let begins = ledger.is_none();
        let ledger = ledger.unwrap_or_else(|| Ledger::new(authority, now));
        let mut register = Self { journal, ledger, chain, poisoned: false };
        register.check_clock(now)?;
        if begins {
            let opened = Record { number: 0, time: now, event: Event::Opened { authority } };
            register.write(&opened.encode().map_err(|_| RegisterError::Text)?)?;
        }
        if recovery.cut > 0 {
            let bytes = u64::try_from(remains.len()).unwrap_or(u64::MAX);
            register.record(now, Event::Cut { bytes, digest: sha256(remains) })?;
        }
        recovery.voided = register.ledger.open().collect();
        let known = torn_list.filter(|list| register.ledger.knows_list(*list) && recovery.voided.is_empty());
        recovery.voided.extend(known.map(|list| register.ledger.next(list)));
        for at in recovery.voided.clone() {
            register.record(now, Event::Void { at })?;
        }
        Ok((register, recovery))
    }

    /// Changes the state of a license, durably. [`State::InForce`] takes a suspension or a loss back.
    ///
    /// # Errors
    /// [`RegisterError::Irreversible`] if the state cannot be entered, [`RegisterError::NotIssued`], those of the journal.
    pub fn change(
        &mut self,
        at: StatusPointer,
        state: State,
        reason: &str,
        now: Timestamp,
    ) -> Result<Changed, RegisterError> {
        let before = self.ledger.entry(at).ok_or(RegisterError::NotIssued(at))?.state;
        if before == state {
            return Ok(Changed::AlreadySo);
        }
        if !may_follow(before, state) {
            return Err(RegisterError::Irreversible { before, after: state });
        }
        if reason.len() > MAX_REASON {
            return Err(RegisterError::Text);
        }
        self.record(now, Event::Changed { at, state, reason: String::from(reason) })?;
        Ok(Changed::Recorded { before })
    }

    /// Records a status list before it is released, so that no later one carries its number.
    ///
    /// # Errors
    /// [`RegisterError::NotLater`], those of the journal.
    pub fn record_publication(&mut self, publication: Publication, now: Timestamp) -> Result<(), RegisterError> {
        self.record(now, Event::Published(publication)).map_err(|error| {
            match (error, self.published(publication.list)) {
                (RegisterError::NotOurs { .. }, Some(before)) => RegisterError::NotLater(before),
                (error, _) => error,
            }
        })
    }

    fn check_clock(&self, now: Timestamp) -> Result<(), RegisterError> {
        let last = self.ledger.last();
        if last.since(now) > CLOCK_TOLERANCE { Err(RegisterError::ClockBehind(last)) } else { Ok(()) }
    }

    /// Takes an event in and makes it durable. Nothing is written that would not be read back.
    fn record(&mut self, now: Timestamp, event: Event) -> Result<(), RegisterError> {
        if self.poisoned {
            return Err(RegisterError::Poisoned);
        }
        self.check_clock(now)?;
        let record = Record { number: self.ledger.records(), time: now, event };
        let number = record.number;
        let bytes = record.encode().map_err(|_| RegisterError::Text)?;
        // The ledger refuses before it changes anything.
        self.ledger.apply(&record).map_err(|Contradiction| RegisterError::NotOurs { record: number, at: 0 })?;
        self.write(&bytes)
    }

    fn write(&mut self, record: &[u8]) -> Result<(), RegisterError> {
        // Until it is durable nothing may be done on its word: a failure leaves the register useless, not wrong.
        self.poisoned = true;
        let (frame, chain) = frame(self.chain, record).ok_or(RegisterError::Text)?;
        self.journal.append(&frame)?;
        self.chain = chain;
        self.poisoned = false;
        Ok(())
    }
}

/// Reads a whole journal; no ledger if not even its first record is whole.
fn read(bytes: &[u8]) -> Result<(Option<Ledger>, Frames<'_>), RegisterError> {
    let mut frames = Frames::new(bytes);
    let mut ledger: Option<Ledger> = None;
    let mut number = 0;
    loop {
        let at = u64::try_from(frames.walked()).unwrap_or(u64::MAX);
        let Some(record) = frames.next() else {
            let damaged = frames.end() == End::Damaged;
            return if damaged { Err(RegisterError::Damaged { record: number, at }) } else { Ok((ledger, frames)) };
        };
        let not_ours = RegisterError::NotOurs { record: number, at };
        let Ok(record) = Record::parse(record) else { return Err(not_ours) };
        match (&mut ledger, &record.event) {
            (None, Event::Opened { authority }) if record.number == 0 => {
                ledger = Some(Ledger::new(*authority, record.time));
            }
            (Some(ledger), _) => ledger.apply(&record).map_err(|Contradiction| not_ours)?,
            _ => return Err(not_ours),
        }
        number = number.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
