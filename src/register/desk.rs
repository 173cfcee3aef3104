//! One authority's place at a register: the rules by which it is opened and read.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::event::Event;
use super::journal::{Act, Head, Record};
use super::record::{Entry, LicenseName, Position, Publication, Snapshot, Span};
use super::seam::{Content, Register};
use super::transaction::{begin_journal, check_tail, follows, record, transact, void};
use super::{RegisterError, StorageFault};
use crate::claims::id::{CreditCode, SealCode};
use crate::claims::{CredentialId, StatusPointer};
use crate::status::State;

/// How often a snapshot is tried while others write.
const SNAPSHOTS: usize = 100;

/// What was found when the register was opened: traces of a process that was stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Positions that were allotted and never issued. They are void now.
    pub voided: Vec<(CreditCode, Span)>,
}

impl Recovery {
    /// How many positions are void now.
    #[must_use]
    pub fn positions(&self) -> u64 {
        self.voided.iter().map(|(_, span)| u64::from(span.count)).sum()
    }
}

/// One authority's place at a register.
#[derive(Debug)]
pub struct Desk<R> {
    pub(super) register: R,
    pub(super) authority: CreditCode,
}

impl<R: Register> Desk<R> {
    /// Sits down at a register to work, and makes it or the authority's place where there is none yet. What a stopped process left
    /// behind is settled: what was allotted and not issued becomes void.
    ///
    /// # Errors
    /// [`RegisterError`]; nothing is done at a register whose last records are damaged.
    pub fn open(mut register: R, authority: CreditCode, act: &Act<'_>) -> Result<(Self, Recovery), RegisterError> {
        let is_alone = register.keep_others_off()?;
        let recovery = transact(&mut register, |register| {
            begin_journal(register, act)?;
            if !register.authorities()?.contains(&authority) {
                register.add_authority(authority)?;
                record(register, Some(authority), act, Event::Enrolled, None)?;
            }
            let left = if is_alone { register.allotments()? } else { Vec::new() };
            for (authority, span) in &left {
                void(register, *authority, *span, &[*span], act)?;
            }
            Ok::<_, RegisterError>(Recovery { voided: left })
        });
        register.admit_others()?;
        let recovery = recovery?;
        Ok((Self { register, authority }, recovery))
    }

    /// Looks at a register without working at it. `None` if the authority has no place there.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub fn read(register: R, authority: CreditCode) -> Result<Option<Self>, RegisterError> {
        check_tail(&register, &register.head()?)?;
        let knows = register.authorities()?.contains(&authority);
        Ok(knows.then_some(Self { register, authority }))
    }

    /// The authority.
    #[must_use]
    pub const fn authority(&self) -> CreditCode {
        self.authority
    }

    /// The register.
    #[must_use]
    pub const fn register(&self) -> &R {
        &self.register
    }

    /// Where the journal ends.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn head(&self) -> Result<Head, RegisterError> {
        self.register.head()
    }

    /// The numbers of the lists in which positions were allotted or which were published.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn lists(&self) -> Result<Vec<u64>, RegisterError> {
        Ok(self.register.lists(self.authority)?.into_iter().map(|(list, _)| list).collect())
    }

    /// Where the next license of a list will stand.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn next(&self, list: u64) -> Result<StatusPointer, RegisterError> {
        let lists = self.register.lists(self.authority)?;
        let index = lists.iter().find(|(number, _)| *number == list).map_or(0, |(_, next)| *next);
        Ok(StatusPointer { list, index })
    }

    /// How many positions of a list were allotted.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn length(&self, list: u64) -> Result<u32, RegisterError> {
        Ok(u32::try_from(self.next(list)?.index).unwrap_or(u32::MAX))
    }

    /// What a status list has to say: every position that is not in force, ascending. A position that is allotted and not issued yet is
    /// not listed: void is irreversible, and the license may yet come.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn states(&self, list: u64) -> Result<Vec<(u32, State)>, RegisterError> {
        let mut states = self.register.listed(self.authority, list)?;
        let voids = self.register.voids(self.authority, list)?;
        if !voids.is_empty() {
            let positions =
                voids.into_iter().flat_map(|span| (span.first..).take(usize::try_from(span.count).unwrap_or(0)));
            states.extend(positions.map(|index| (index, State::Void)));
            states.sort_unstable_by_key(|(index, _)| *index);
        }
        Ok(states)
    }

    /// What a status list has to say, all of it as of one moment, although others may be at work.
    ///
    /// # Errors
    /// [`super::StorageFault::Busy`] if others change the register all the time, else those of the storage.
    pub fn snapshot(&self, list: u64) -> Result<Snapshot, RegisterError> {
        for _ in 0..SNAPSHOTS {
            let before = self.head()?;
            let (length, states) = (self.length(list)?, self.states(list)?);
            // Nothing changes without a record.
            if self.head()? == before {
                return Ok(Snapshot { records: before.records, length, states });
            }
        }
        let text = String::from("others change it all the time");
        Err(RegisterError::Storage { fault: StorageFault::Busy, text })
    }

    /// What stands at a position.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn position(&self, at: StatusPointer) -> Result<Option<Position>, RegisterError> {
        if let Some(entry) = self.entry(at)? {
            return Ok(Some(Position::Issued(Box::new(entry))));
        }
        let holds = |span: &Span| span.list == at.list && u64::from(span.first) <= at.index && at.index < span.end();
        if self.register.voids(self.authority, at.list)?.iter().any(holds) {
            return Ok(Some(Position::Void));
        }
        if self.register.skips(self.authority, at.list)?.iter().any(holds) {
            return Ok(Some(Position::Skipped));
        }
        let allotted = self.register.allotments()?;
        let is_allotted = allotted.iter().any(|(authority, span)| *authority == self.authority && holds(span));
        Ok(is_allotted.then_some(Position::Allotted))
    }

    /// The credential at a position.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn entry(&self, at: StatusPointer) -> Result<Option<Entry>, RegisterError> {
        self.register.entry(self.authority, at)
    }

    /// The first credential of the license of a type, number and version.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn by_name(&self, name: &LicenseName) -> Result<Option<Entry>, RegisterError> {
        self.register.by_name(self.authority, name)
    }

    /// The first credentials of the licenses that have a number.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn by_number(&self, number: &str) -> Result<Vec<Entry>, RegisterError> {
        self.register.by_number(self.authority, number)
    }

    /// The credential of a `cti`.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn by_id(&self, id: CredentialId) -> Result<Option<Entry>, RegisterError> {
        self.register.by_id(self.authority, id)
    }

    /// The seals of a code, in the order in which they were made.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn seals(&self, code: SealCode) -> Result<Vec<Entry>, RegisterError> {
        self.register.seals(self.authority, code)
    }

    /// The seals of an owner, by position.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn seals_of(&self, owner: CreditCode) -> Result<Vec<Entry>, RegisterError> {
        self.register.seals_of(self.authority, owner)
    }

    /// Every credential of the license of which this is one: the first, then renewals and copies by position.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn credentials(&self, of: &Entry) -> Result<Vec<Entry>, RegisterError> {
        let mut all: Vec<Entry> = self.entry(of.license)?.into_iter().collect();
        all.extend(self.register.others(self.authority, of.license)?);
        Ok(all)
    }

    /// Walks over all credentials, list by list and position by position, in bounded memory.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn each(&self, visit: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), RegisterError> {
        let mut stopped = false;
        for list in self.lists()? {
            self.register.entries(self.authority, StatusPointer { list, index: 0 }, &mut |entry| {
                let flow = visit(entry);
                stopped = flow.is_break();
                flow
            })?;
            if stopped {
                break;
            }
        }
        Ok(())
    }

    /// The credential at a position as it was handed out, held to its digest; `None` once it was erased by law.
    ///
    /// # Errors
    /// [`RegisterError::NotIssued`], [`RegisterError::DamagedEntry`], those of the storage.
    pub fn content(&self, at: StatusPointer) -> Result<Option<Vec<u8>>, RegisterError> {
        let Content { bytes, .. } = self.register.content(self.authority, at)?.ok_or(RegisterError::NotIssued(at))?;
        let entry = self.entry(at)?.ok_or(RegisterError::NotIssued(at))?;
        match bytes {
            Some(bytes) if super::issuing::digest_of(entry.kind, &bytes) == Some(entry.issuance.digest) => {
                Ok(Some(bytes))
            }
            Some(_) => Err(RegisterError::DamagedEntry(at)),
            None => Ok(None),
        }
    }

    /// The last publication of a list.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn published(&self, list: u64) -> Result<Option<Publication>, RegisterError> {
        Ok(self.register.publications(self.authority, list)?.pop())
    }

    /// What the journal says of a credential, oldest first: its issue, and every change.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn history(&self, entry: &Entry) -> Result<Vec<Record>, RegisterError> {
        let mut records = Vec::new();
        let mut numbers = self.register.records_of(entry.issuance.digest)?;
        // The issue of many at once is one record.
        numbers.push(entry.record);
        numbers.sort_unstable();
        numbers.dedup();
        for seq in numbers {
            self.register.records(seq, &mut |stored| {
                records.extend(stored.record.filter(|record| record.authority == Some(self.authority)));
                ControlFlow::Break(())
            })?;
        }
        Ok(records)
    }

    /// Records a status list before it is released, so that no later one carries its number.
    ///
    /// # Errors
    /// [`RegisterError::NotLater`], those of the storage.
    pub fn record_publication(&mut self, publication: Publication, act: &Act<'_>) -> Result<(), RegisterError> {
        let authority = self.authority;
        transact(&mut self.register, |register| {
            let before = register.publications(authority, publication.list)?.pop();
            if let Some(before) = before.filter(|before| !follows(before, &publication)) {
                return Err(RegisterError::NotLater(before));
            }
            if !register.lists(authority)?.iter().any(|(list, _)| *list == publication.list) {
                register.set_next(authority, publication.list, 0)?;
            }
            register.add_publication(authority, &publication)?;
            record(register, Some(authority), act, Event::Published(publication), Some(publication.digest))
        })
    }
}
