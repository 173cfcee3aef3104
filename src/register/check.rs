//! Proving a register: the chain holds, the tables are what the journal adds up to, every position was given once, and everything that was
//! issued verifies.

mod entries;
mod finding;

pub use finding::{EntryFault, Finding, ListFault, RecordFault};

use alloc::vec::Vec;
use core::num::NonZeroUsize;
use core::ops::ControlFlow;

use super::RegisterError;
use super::batch::subject_of;
use super::event::Event;
use super::fold::{Fold, Slot};
use super::journal::{Head, Record, StoredRecord};
use super::record::{Entry, Publication, Span};
use super::seam::Register;
use crate::claims::StatusPointer;
use crate::claims::id::CreditCode;
use crate::status::State;
use crate::suite::{PublicKey, sha256};

/// Records, and credentials, that are looked at together.
const CHUNK: usize = 1_024;

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Checked {
    /// Records of the journal.
    pub records: u64,
    /// Credentials.
    pub credentials: u64,
    /// Of these, those whose content was erased by law; the signatures of all others verified.
    pub erased: u64,
    /// Void positions.
    pub void: u64,
    /// How many things were found wrong.
    pub findings: u64,
}

/// Hears of what is found.
pub trait Inspector {
    /// Something is not as it should be.
    fn found(&mut self, finding: Finding);

    /// What the journal adds up to at the last publication of a list: the states that the published list must have.
    fn published(&mut self, authority: CreditCode, publication: &Publication, states: &[(u32, State)]) {
        let _ = (authority, publication, states);
    }

    /// So many records, then so many credentials, have been looked at.
    fn progress(&mut self, checked: &Checked) {
        let _ = checked;
    }
}

/// Proves a register as a whole. Nothing is changed.
///
/// # Errors
/// Those of the storage: what cannot be read cannot be checked.
pub fn check<R: Register>(
    register: &R,
    threads: NonZeroUsize,
    inspector: &mut dyn Inspector,
) -> Result<Checked, RegisterError> {
    let mut check = Check { register, threads, inspector, checked: Checked::default(), fold: Fold::default() };
    for said in register.check_storage()? {
        check.found(Finding::Storage(said));
    }
    check.journal()?;
    check.people()?;
    check.lists()?;
    check.entries()?;
    Ok(check.checked)
}

struct Check<'a, R> {
    register: &'a R,
    threads: NonZeroUsize,
    inspector: &'a mut dyn Inspector,
    checked: Checked,
    fold: Fold,
}

impl<R: Register> Check<'_, R> {
    fn found(&mut self, finding: Finding) {
        self.checked.findings = self.checked.findings.saturating_add(1);
        self.inspector.found(finding);
    }

    /// Walks over the journal: the chain, and what it adds up to.
    fn journal(&mut self) -> Result<(), RegisterError> {
        let mut last = Vec::new();
        for authority in self.register.authorities()? {
            for (list, _) in self.register.lists(authority)? {
                last.extend(self.register.publications(authority, list)?.pop().map(|one| (authority, one)));
            }
        }
        let mut before = Head::NONE;
        loop {
            let mut chunk: Vec<StoredRecord> = Vec::new();
            self.register.records(before.records, &mut |record| {
                chunk.push(record);
                if chunk.len() < CHUNK { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            if chunk.is_empty() {
                break;
            }
            for stored in chunk {
                self.published(&last, before.records);
                self.record(&stored, &mut before)?;
            }
            self.checked.records = before.records;
            self.inspector.progress(&self.checked);
        }
        self.published(&last, before.records);
        Ok(())
    }

    fn record(&mut self, stored: &StoredRecord, before: &mut Head) -> Result<(), RegisterError> {
        let seq = stored.seq;
        match stored.follows(before.records, before.chain) {
            None => self.found(Finding::Record { seq, fault: RecordFault::Altered }),
            Some(record) => {
                if record.time < before.time {
                    self.found(Finding::Record { seq, fault: RecordFault::Time });
                }
                before.time = record.time;
                if self.fold.apply(record).is_err() {
                    self.found(Finding::Record { seq, fault: RecordFault::OutOfTurn });
                } else if !self.subject_holds(record)? {
                    self.found(Finding::Record { seq, fault: RecordFault::Subject });
                }
            }
        }
        // What follows is held to what is stored, so that one alteration is told once.
        (before.records, before.chain) = (seq.saturating_add(1), stored.chain);
        Ok(())
    }

    /// Is what a record is about what the tables have there?
    fn subject_holds(&self, record: &Record) -> Result<bool, RegisterError> {
        if let Event::Consented { statement, first, second } = &record.event {
            let holds = |(spki, signature): &(Vec<u8>, Vec<u8>)| {
                PublicKey::from_spki(spki).is_ok_and(|key| key.verify(&[statement], signature).is_ok())
            };
            return Ok(record.subject == sha256(statement) && holds(first) && holds(second));
        }
        let Some(authority) = record.authority else { return Ok(true) };
        let digest =
            |at| Ok::<_, RegisterError>(self.register.entry(authority, at)?.map(|entry| entry.issuance.digest));
        Ok(match &record.event {
            Event::Issued(spans) => {
                let mut digests = Vec::new();
                for span in spans {
                    self.entries_of(authority, *span, &mut |entry| {
                        digests.extend_from_slice(entry.issuance.digest.as_bytes());
                    })?;
                }
                subject_of(&digests) == record.subject
            }
            Event::Sealed(at) | Event::Credential { at, .. } | Event::Changed { at, .. } | Event::Erased { at, .. } => {
                digest(*at)? == Some(record.subject)
            }
            Event::Published(publication) => publication.digest == record.subject,
            _ => true,
        })
    }

    fn entries_of(
        &self,
        authority: CreditCode,
        span: Span,
        visit: &mut dyn FnMut(&Entry),
    ) -> Result<(), RegisterError> {
        let from = StatusPointer { list: span.list, index: span.first.into() };
        self.register.entries(authority, from, &mut |entry| {
            if entry.status.index >= span.end() {
                return ControlFlow::Break(());
            }
            visit(&entry);
            ControlFlow::Continue(())
        })
    }

    /// Tells of the lists that were published as of so many records.
    fn published(&mut self, last: &[(CreditCode, Publication)], records: u64) {
        for (authority, publication) in last.iter().filter(|(_, one)| one.records == records) {
            let list = self.fold.lists.get(&(*authority, publication.list));
            let slots = list.map_or(&[][..], |list| &list.slots);
            let listed = (0..).zip(slots).filter_map(|(index, slot)| match slot.state() {
                Some(State::InForce) => None,
                None if *slot != Slot::VOID => None,
                state => Some((index, state.unwrap_or(State::Void))),
            });
            let states: Vec<(u32, State)> = listed.collect();
            self.inspector.published(*authority, publication, &states);
        }
    }

    fn people(&mut self) -> Result<(), RegisterError> {
        let authorities = self.register.authorities()?;
        let mut keys = Vec::new();
        for authority in &authorities {
            keys.extend(self.register.keys(*authority)?.iter().map(|key| (*authority, key.spki())));
        }
        let mut withdrawn = 0_usize;
        let mut withdrawals_agree = true;
        for authority in &authorities {
            let folded = self.fold.withdrawals.iter().filter(|(owner, ..)| owner == authority);
            let folded = folded.map(|(_, key, state, from, since)| (key.clone(), *state, *from, *since));
            let held = self.register.withdrawals(*authority)?;
            withdrawn = withdrawn.saturating_add(held.len());
            withdrawals_agree &= held.iter().map(|one| (one.key.spki(), one.state, one.from, one.since)).eq(folded);
        }
        withdrawals_agree &= withdrawn == self.fold.withdrawals.len();
        keys.sort();
        let operators = self.register.operators()?.into_iter().map(|operator| (operator.name, operator.key.spki()));
        let agree = withdrawals_agree
            && authorities == self.fold.authorities
            && keys.iter().eq(&self.fold.keys)
            && operators.eq(self.fold.operators.iter().map(|(name, key)| (name.clone(), key.clone())));
        if !agree {
            self.found(Finding::People);
        }
        Ok(())
    }

    fn lists(&mut self) -> Result<(), RegisterError> {
        let open = self.register.allotments()?;
        for authority in self.register.authorities()? {
            let lists = self.register.lists(authority)?;
            let folded: Vec<u64> =
                self.fold.lists.range((authority, 0)..=(authority, u64::MAX)).map(|((_, n), _)| *n).collect();
            let missing = folded.into_iter().filter(|number| !lists.iter().any(|(list, _)| list == number));
            for list in missing.collect::<Vec<_>>() {
                self.found(Finding::List { authority, list, fault: ListFault::Counter });
            }
            for (list, next) in lists {
                let folded = self.fold.lists.get(&(authority, list)).cloned().unwrap_or_default();
                let mut faults = Vec::new();
                if u64::try_from(folded.slots.len()) != Ok(next) {
                    faults.push(ListFault::Counter);
                }
                let own = open.iter().filter(|(owner, span)| *owner == authority && span.list == list);
                let own: Vec<Span> = own.map(|(_, span)| *span).collect();
                let voids = self.register.voids(authority, list)?;
                let skips = self.register.skips(authority, list)?;
                self.checked.void =
                    voids.iter().fold(self.checked.void, |sum, span| sum.saturating_add(span.count.into()));
                let tables = [(own, Slot::ALLOTTED), (voids, Slot::VOID), (skips, Slot::SKIPPED)];
                if !tables.iter().all(|(spans, slot)| same_positions(spans, &folded.slots, *slot)) {
                    faults.push(ListFault::Positions);
                }
                if self.register.publications(authority, list)? != folded.publications {
                    faults.push(ListFault::Publications);
                }
                for fault in faults {
                    self.found(Finding::List { authority, list, fault });
                }
            }
        }
        Ok(())
    }
}

fn same_positions(spans: &[Span], slots: &[Slot], slot: Slot) -> bool {
    let listed = spans.iter().flat_map(|span| span.positions()).map(|at| at.index);
    let folded = (0_u64..).zip(slots).filter(|(_, other)| **other == slot).map(|(index, _)| index);
    listed.eq(folded)
}
