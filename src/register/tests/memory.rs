//! A register that is kept in memory: the seam holds more than SQLite, and faults can be put in where one wants them.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use core::cell::RefCell;
use core::ops::ControlFlow;

use crate::claims::id::{Region, SealCode};

use super::*;

type Key = (CreditCode, StatusPointer);

#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    journal: Vec<StoredRecord>,
    authorities: Vec<CreditCode>,
    lists: BTreeMap<(CreditCode, u64), u64>,
    allotments: Vec<(CreditCode, Span)>,
    voids: Vec<(CreditCode, Span)>,
    skips: Vec<(CreditCode, Span)>,
    keys: Vec<(CreditCode, PublicKey)>,
    entries: BTreeMap<Key, (Entry, Option<Vec<u8>>, Digest)>,
    publications: Vec<(CreditCode, Publication)>,
    withdrawals: Vec<(CreditCode, Withdrawal)>,
    operators: Vec<Operator>,
}

/// Outlives its desk as a file does.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    pub(super) kept: Rc<RefCell<Tables>>,
    /// What a transaction under way has written.
    pub(super) open: Option<Tables>,
    /// So many commits succeed, and no more.
    pub(super) commits: Option<Rc<RefCell<usize>>>,
    /// Somebody else is at work.
    pub(super) accompanied: bool,
}

impl Memory {
    fn look<T>(&self, at: impl FnOnce(&Tables) -> T) -> Result<T, RegisterError> {
        Ok(match &self.open {
            Some(open) => at(open),
            None => at(&self.kept.borrow()),
        })
    }

    fn open(&mut self) -> &mut Tables {
        self.open.as_mut().expect("a transaction is under way")
    }

    pub(super) fn alter(&self, alter: impl FnOnce(&mut Tables)) {
        alter(&mut self.kept.borrow_mut());
    }

    fn filtered(&self, keep: impl Fn(&CreditCode, &Entry) -> bool) -> Result<Vec<Entry>, RegisterError> {
        self.look(|tables| {
            let entries = tables.entries.iter().filter(|((authority, _), (entry, ..))| keep(authority, entry));
            entries.map(|(_, (entry, ..))| entry.clone()).collect()
        })
    }
}

impl Tables {
    #[allow(dead_code, reason = "for the checks")]
    pub(super) fn entry_mut(&mut self, at: StatusPointer) -> &mut Entry {
        &mut self.entries.get_mut(&(code(AUTHORITY), at)).unwrap().0
    }

    pub(super) fn record_mut(&mut self, at: usize) -> &mut Record {
        self.journal[at].record.as_mut().unwrap()
    }

    pub(super) fn journal_mut(&mut self) -> &mut Vec<StoredRecord> {
        &mut self.journal
    }
}

impl Register for Memory {
    fn begin(&mut self) -> Result<(), RegisterError> {
        assert!(self.open.is_none(), "one transaction at a time");
        self.open = Some(self.kept.borrow().clone());
        Ok(())
    }

    fn commit(&mut self) -> Result<(), RegisterError> {
        let open = self.open.take().expect("a transaction is under way");
        if let Some(left) = &self.commits {
            let mut left = left.borrow_mut();
            if *left == 0 {
                return Err(RegisterError::Storage { fault: StorageFault::Full, text: "no space left".into() });
            }
            *left -= 1;
        }
        *self.kept.borrow_mut() = open;
        Ok(())
    }

    fn roll_back(&mut self) {
        self.open = None;
    }

    fn keep_others_off(&mut self) -> Result<bool, RegisterError> {
        Ok(!self.accompanied)
    }

    fn admit_others(&mut self) -> Result<(), RegisterError> {
        Ok(())
    }

    fn head(&self) -> Result<Head, RegisterError> {
        self.look(|tables| match tables.journal.last() {
            Some(last) => Head {
                records: last.seq + 1,
                time: last.record.as_ref().map_or(Timestamp::MIN, |record| record.time),
                chain: last.chain,
            },
            None => Head::NONE,
        })
    }

    fn append(&mut self, record: &Record, chain: Digest) -> Result<(), RegisterError> {
        let stored = StoredRecord { record: Some(record.clone()), seq: record.seq, chain };
        self.open().journal.push(stored);
        Ok(())
    }

    fn records(&self, from: u64, visit: &mut dyn FnMut(StoredRecord) -> ControlFlow<()>) -> Result<(), RegisterError> {
        let records = self.look(|tables| tables.journal.clone())?;
        let _ = records.into_iter().filter(|record| record.seq >= from).try_for_each(visit);
        Ok(())
    }

    fn records_of(&self, subject: Digest) -> Result<Vec<u64>, RegisterError> {
        self.look(|tables| {
            let of = |stored: &&StoredRecord| stored.record.as_ref().is_some_and(|record| record.subject == subject);
            tables.journal.iter().filter(of).map(|stored| stored.seq).collect()
        })
    }

    fn authorities(&self) -> Result<Vec<CreditCode>, RegisterError> {
        self.look(|tables| tables.authorities.clone())
    }

    fn add_authority(&mut self, authority: CreditCode) -> Result<(), RegisterError> {
        self.open().authorities.push(authority);
        Ok(())
    }

    fn lists(&self, authority: CreditCode) -> Result<Vec<(u64, u64)>, RegisterError> {
        self.look(|tables| {
            let own = tables.lists.iter().filter(|((owner, _), _)| *owner == authority);
            own.map(|((_, list), next)| (*list, *next)).collect()
        })
    }

    fn set_next(&mut self, authority: CreditCode, list: u64, next: u64) -> Result<(), RegisterError> {
        self.open().lists.insert((authority, list), next);
        Ok(())
    }

    fn allotments(&self) -> Result<Vec<(CreditCode, Span)>, RegisterError> {
        self.look(|tables| tables.allotments.clone())
    }

    fn add_allotment(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError> {
        self.open().allotments.push((authority, span));
        Ok(())
    }

    fn remove_allotment(&mut self, authority: CreditCode, span: Span) -> Result<bool, RegisterError> {
        let allotments = &mut self.open().allotments;
        let before = allotments.len();
        allotments.retain(|held| *held != (authority, span));
        Ok(allotments.len() < before)
    }

    fn voids(&self, authority: CreditCode, list: u64) -> Result<Vec<Span>, RegisterError> {
        self.look(|tables| {
            let own = tables.voids.iter().filter(|(owner, span)| *owner == authority && span.list == list);
            let mut spans: Vec<Span> = own.map(|(_, span)| *span).collect();
            spans.sort();
            spans
        })
    }

    fn add_void(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError> {
        self.open().voids.push((authority, span));
        Ok(())
    }

    fn skips(&self, authority: CreditCode, list: u64) -> Result<Vec<Span>, RegisterError> {
        self.look(|tables| {
            let own = tables.skips.iter().filter(|(owner, span)| *owner == authority && span.list == list);
            own.map(|(_, span)| *span).collect()
        })
    }

    fn add_skip(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError> {
        self.open().skips.push((authority, span));
        Ok(())
    }

    fn keys(&self, authority: CreditCode) -> Result<Vec<PublicKey>, RegisterError> {
        self.look(|tables| {
            tables.keys.iter().filter(|(owner, _)| *owner == authority).map(|(_, key)| key.clone()).collect()
        })
    }

    fn add_key(&mut self, authority: CreditCode, key: &PublicKey) -> Result<(), RegisterError> {
        self.open().keys.push((authority, key.clone()));
        Ok(())
    }

    fn withdrawals(&self, authority: CreditCode) -> Result<Vec<Withdrawal>, RegisterError> {
        self.look(|tables| {
            let own = tables.withdrawals.iter().filter(|(owner, _)| *owner == authority);
            own.map(|(_, withdrawal)| withdrawal.clone()).collect()
        })
    }

    fn add_withdrawal(&mut self, authority: CreditCode, withdrawal: &Withdrawal) -> Result<(), RegisterError> {
        self.open().withdrawals.push((authority, withdrawal.clone()));
        Ok(())
    }

    fn add_entry(&mut self, authority: CreditCode, new: &NewEntry<'_>) -> Result<Result<(), Taken>, RegisterError> {
        let entry = new.entry;
        let others = self.filtered(|owner, _| *owner == authority)?;
        let same_name = |other: &Entry| match entry.kind {
            Kind::First => other.kind == Kind::First && other.name == entry.name,
            Kind::Seal => {
                let key = |entry: &Entry| entry.seal.as_ref().map(|seal| (seal.code, seal.making));
                key(other) == key(entry)
            }
            Kind::Renewal | Kind::Copy => false,
        };
        if others.iter().any(same_name) {
            return Ok(Err(Taken::Name));
        }
        if others.iter().any(|other| other.issuance.id == entry.issuance.id) {
            return Ok(Err(Taken::Id));
        }
        let row = (entry.clone(), Some(new.bytes.to_vec()), new.signer);
        match self.open().entries.insert((authority, entry.status), row) {
            None => Ok(Ok(())),
            Some(_) => Ok(Err(Taken::Position)),
        }
    }

    fn entry(&self, authority: CreditCode, at: StatusPointer) -> Result<Option<Entry>, RegisterError> {
        self.look(|tables| tables.entries.get(&(authority, at)).map(|(entry, ..)| entry.clone()))
    }

    fn by_name(&self, authority: CreditCode, name: &LicenseName) -> Result<Option<Entry>, RegisterError> {
        let named = |entry: &Entry| entry.kind == Kind::First && entry.name.as_ref() == Some(name);
        Ok(self.filtered(|owner, entry| *owner == authority && named(entry))?.pop())
    }

    fn by_number(&self, authority: CreditCode, number: &str) -> Result<Vec<Entry>, RegisterError> {
        let numbered = |entry: &Entry| entry.name.as_ref().is_some_and(|name| name.number == number);
        self.filtered(|owner, entry| *owner == authority && entry.kind == Kind::First && numbered(entry))
    }

    fn by_id(&self, authority: CreditCode, id: CredentialId) -> Result<Option<Entry>, RegisterError> {
        Ok(self.filtered(|owner, entry| *owner == authority && entry.issuance.id == id)?.pop())
    }

    fn others(&self, authority: CreditCode, license: StatusPointer) -> Result<Vec<Entry>, RegisterError> {
        self.filtered(|owner, entry| {
            *owner == authority && entry.license == license && matches!(entry.kind, Kind::Renewal | Kind::Copy)
        })
    }

    fn seals(&self, authority: CreditCode, seal: SealCode) -> Result<Vec<Entry>, RegisterError> {
        let of = |entry: &Entry| entry.seal.as_ref().is_some_and(|held| held.code == seal);
        let mut found = self.filtered(|owner, entry| *owner == authority && of(entry))?;
        found.sort_by_key(|entry| entry.seal.as_ref().map(|seal| seal.making));
        Ok(found)
    }

    fn seals_of(&self, authority: CreditCode, whose: CreditCode) -> Result<Vec<Entry>, RegisterError> {
        let of = |entry: &Entry| entry.seal.as_ref().is_some_and(|held| held.owner == whose);
        self.filtered(|owner, entry| *owner == authority && of(entry))
    }

    fn last_seal_code(&self, authority: CreditCode, region: Region) -> Result<Option<SealCode>, RegisterError> {
        let all = self.filtered(|owner, entry| *owner == authority && entry.seal.is_some())?;
        let codes = all.iter().filter_map(|entry| entry.seal.as_ref().map(|seal| seal.code));
        Ok(codes.filter(|seal| seal.region() == Some(region)).max())
    }

    fn entries(
        &self,
        authority: CreditCode,
        from: StatusPointer,
        visit: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), RegisterError> {
        let after = |at: StatusPointer| at.list == from.list && at >= from;
        let entries = self.filtered(|owner, entry| *owner == authority && after(entry.status))?;
        let _ = entries.into_iter().try_for_each(visit);
        Ok(())
    }

    fn listed(&self, authority: CreditCode, list: u64) -> Result<Vec<(u32, State)>, RegisterError> {
        let entries = self.filtered(|owner, entry| {
            *owner == authority && entry.status.list == list && entry.state != State::InForce
        })?;
        Ok(entries.iter().map(|entry| (u32::try_from(entry.status.index).unwrap(), entry.state)).collect())
    }

    fn set_state(
        &mut self,
        authority: CreditCode,
        at: StatusPointer,
        state: State,
        since: Timestamp,
        successor: Option<StatusPointer>,
    ) -> Result<(), RegisterError> {
        let (entry, ..) = self.open().entries.get_mut(&(authority, at)).ok_or(RegisterError::NotIssued(at))?;
        (entry.state, entry.since) = (state, since);
        entry.successor = successor.or(entry.successor);
        Ok(())
    }

    fn content(&self, authority: CreditCode, at: StatusPointer) -> Result<Option<Content>, RegisterError> {
        self.look(|tables| {
            tables
                .entries
                .get(&(authority, at))
                .map(|(_, bytes, signer)| Content { bytes: bytes.clone(), signer: *signer })
        })
    }

    fn erase(&mut self, authority: CreditCode, at: StatusPointer) -> Result<(), RegisterError> {
        let (entry, bytes, _) = self.open().entries.get_mut(&(authority, at)).unwrap();
        (entry.name, *bytes) = (None, None);
        Ok(())
    }

    fn publications(&self, authority: CreditCode, list: u64) -> Result<Vec<Publication>, RegisterError> {
        self.look(|tables| {
            let own = tables.publications.iter().filter(|(owner, one)| *owner == authority && one.list == list);
            own.map(|(_, publication)| *publication).collect()
        })
    }

    fn add_publication(&mut self, authority: CreditCode, publication: &Publication) -> Result<(), RegisterError> {
        self.open().publications.push((authority, *publication));
        Ok(())
    }

    fn operators(&self) -> Result<Vec<Operator>, RegisterError> {
        self.look(|tables| tables.operators.clone())
    }

    fn add_operator(&mut self, operator: &Operator) -> Result<(), RegisterError> {
        self.open().operators.push(operator.clone());
        Ok(())
    }

    fn remove_operator(&mut self, key: &PublicKey) -> Result<(), RegisterError> {
        self.open().operators.retain(|operator| operator.key != *key);
        Ok(())
    }

    fn check_storage(&self) -> Result<Vec<String>, RegisterError> {
        Ok(Vec::new())
    }
}
