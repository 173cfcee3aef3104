//! The rows of the seam in their tables.

extern crate std;

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;
use std::fs::TryLockError;

use rusqlite::params;

use super::rows::{ENTRY, INDEX, corrupt, read_entry, read_record, stored};
use super::values::{get, get_optional};
use super::{SqliteRegister, failed};
use crate::claims::id::{CreditCode, Region, SealCode};
use crate::claims::{CredentialId, StatusPointer};
use crate::register::RegisterError;
use crate::register::control::Withdrawal;
use crate::register::journal::{Head, Record, StoredRecord};
use crate::register::record::{Entry, LicenseName, Publication, Span};
use crate::register::seam::{Content, NewEntry, Operator, Register, Taken};
use crate::status::State;
use crate::suite::{Digest, PublicKey};
use crate::time::Timestamp;

impl Register for SqliteRegister {
    fn begin(&mut self) -> Result<(), RegisterError> {
        self.erased = false;
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)
    }

    fn commit(&mut self) -> Result<(), RegisterError> {
        if let Err(error) = self.connection.execute_batch("COMMIT") {
            self.roll_back();
            return Err(failed(error));
        }
        if core::mem::take(&mut self.erased) {
            // What was erased still stands in the log until it is folded into the database.
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed)?;
        }
        Ok(())
    }

    fn roll_back(&mut self) {
        // A failure may have ended the transaction already.
        let _ = self.connection.execute_batch("ROLLBACK");
        *self.known.borrow_mut() = super::Known::default();
    }

    fn keep_others_off(&mut self) -> Result<bool, RegisterError> {
        let Some(lock) = &self.lock else { return Ok(false) };
        match lock.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => {
                // The shared lock may be lost on the way.
                lock.lock_shared().map_err(|error| super::io(&error))?;
                Ok(false)
            }
            Err(TryLockError::Error(error)) => Err(super::io(&error)),
        }
    }

    fn admit_others(&mut self) -> Result<(), RegisterError> {
        self.lock.as_ref().map_or(Ok(()), |lock| lock.lock_shared().map_err(|error| super::io(&error)))
    }

    fn head(&self) -> Result<Head, RegisterError> {
        let last = self.one("SELECT seq, time, chain FROM journal ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((get::<u64>(row, 0)?, get::<Timestamp>(row, 1)?, get::<[u8; 32]>(row, 2)?))
        })?;
        Ok(last.map_or(Head::NONE, |(seq, time, chain)| Head {
            records: seq.saturating_add(1),
            time,
            chain: Digest::new(chain),
        }))
    }

    fn append(&mut self, record: &Record, chain: Digest) -> Result<(), RegisterError> {
        let detail = record.event.encode().map_err(|_| RegisterError::Text)?;
        let sql =
            "INSERT INTO journal (seq, time, tenant, actor, approver, action, subject, reason, detail, previous, chain)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        self.run(
            sql,
            params![
                stored(record.seq)?,
                record.time.seconds(),
                record.authority.as_ref().map(CreditCode::as_str),
                record.actor,
                record.approver,
                record.event.number(),
                record.subject.as_bytes(),
                record.reason,
                detail,
                record.previous.as_bytes(),
                chain.as_bytes(),
            ],
        )?;
        Ok(())
    }

    fn records(&self, from: u64, visit: &mut dyn FnMut(StoredRecord) -> ControlFlow<()>) -> Result<(), RegisterError> {
        let sql =
            "SELECT seq, time, tenant, actor, approver, action, subject, reason, detail, previous, chain FROM journal
            WHERE seq >= ?1 ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query([stored(from)?]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if visit(read_record(row).map_err(failed)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn records_of(&self, subject: Digest) -> Result<Vec<u64>, RegisterError> {
        let sql = "SELECT seq FROM journal WHERE subject = ?1 ORDER BY seq";
        self.all(sql, [subject.as_bytes()], |row| get(row, 0))
    }

    fn authorities(&self) -> Result<Vec<CreditCode>, RegisterError> {
        self.all("SELECT code FROM tenant ORDER BY id", [], |row| get(row, 0))
    }

    fn add_authority(&mut self, authority: CreditCode) -> Result<(), RegisterError> {
        self.run("INSERT INTO tenant (code) VALUES (?1)", [authority.as_str()]).map(|_| ())
    }

    fn lists(&self, authority: CreditCode) -> Result<Vec<(u64, u64)>, RegisterError> {
        let Some(tenant) = self.tenant(authority)? else { return Ok(Vec::new()) };
        let sql = "SELECT number, next FROM list WHERE tenant = ?1 ORDER BY number";
        self.all(sql, [tenant], |row| Ok((get(row, 0)?, get(row, 1)?)))
    }

    fn set_next(&mut self, authority: CreditCode, list: u64, next: u64) -> Result<(), RegisterError> {
        let (tenant, number, next) = (self.known_tenant(authority)?, stored(list)?, stored(next)?);
        let sql = "INSERT INTO list (tenant, number, next) VALUES (?1, ?2, ?3)
            ON CONFLICT (tenant, number) DO UPDATE SET next = excluded.next";
        self.run(sql, [tenant, number, next]).map(|_| ())
    }

    fn allotments(&self) -> Result<Vec<(CreditCode, Span)>, RegisterError> {
        let rows = self.all("SELECT at, count FROM allotment ORDER BY at", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let place = |(at, count)| {
            let (authority, at) = self.position(at)?;
            let first = u32::try_from(at.index).map_err(|_| corrupt("a position beyond the end of a list"))?;
            Ok((authority, Span { list: at.list, first, count }))
        };
        rows.into_iter().map(place).collect()
    }

    fn add_allotment(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError> {
        let at = self.span(authority, span)?;
        self.run("INSERT INTO allotment (at, count) VALUES (?1, ?2)", params![at, span.count]).map(|_| ())
    }

    fn remove_allotment(&mut self, authority: CreditCode, span: Span) -> Result<bool, RegisterError> {
        let at = self.span(authority, span)?;
        let removed = self.run("DELETE FROM allotment WHERE at = ?1 AND count = ?2", params![at, span.count])?;
        Ok(removed == 1)
    }

    fn voids(&self, authority: CreditCode, list: u64) -> Result<Vec<Span>, RegisterError> {
        self.spans(authority, list, "SELECT at & 4294967295, count FROM void WHERE at BETWEEN ?1 AND ?2 ORDER BY at")
    }

    fn add_void(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError> {
        let at = self.span(authority, span)?;
        self.run("INSERT INTO void (at, count) VALUES (?1, ?2)", params![at, span.count]).map(|_| ())
    }

    fn skips(&self, authority: CreditCode, list: u64) -> Result<Vec<Span>, RegisterError> {
        self.spans(authority, list, "SELECT at & 4294967295, count FROM skip WHERE at BETWEEN ?1 AND ?2 ORDER BY at")
    }

    fn add_skip(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError> {
        let at = self.span(authority, span)?;
        self.run("INSERT INTO skip (at, count) VALUES (?1, ?2)", params![at, span.count]).map(|_| ())
    }

    fn keys(&self, authority: CreditCode) -> Result<Vec<PublicKey>, RegisterError> {
        let Some(tenant) = self.tenant(authority)? else { return Ok(Vec::new()) };
        self.all("SELECT key FROM signer WHERE tenant = ?1 ORDER BY id", [tenant], |row| get(row, 0))
    }

    fn add_key(&mut self, authority: CreditCode, key: &PublicKey) -> Result<(), RegisterError> {
        let tenant = self.known_tenant(authority)?;
        self.run("INSERT INTO signer (tenant, key) VALUES (?1, ?2)", params![tenant, key.spki()]).map(|_| ())
    }

    fn withdrawals(&self, authority: CreditCode) -> Result<Vec<Withdrawal>, RegisterError> {
        let Some(tenant) = self.tenant(authority)? else { return Ok(Vec::new()) };
        let sql = "SELECT key, state, since, compromised FROM withdrawal WHERE tenant = ?1 ORDER BY id";
        self.all(sql, [tenant], |row| {
            let (key, state, from) = (get(row, 0)?, get(row, 1)?, get(row, 2)?);
            Ok(Withdrawal { key, state, from, since: get_optional(row, 3)? })
        })
    }

    fn add_withdrawal(&mut self, authority: CreditCode, withdrawal: &Withdrawal) -> Result<(), RegisterError> {
        let Withdrawal { key, state, from, since } = withdrawal;
        let sql = "INSERT INTO withdrawal (tenant, key, state, since, compromised) VALUES (?1, ?2, ?3, ?4, ?5)";
        let since = since.map(Timestamp::seconds);
        let row = params![self.known_tenant(authority)?, key.spki(), state.number(), from.seconds(), since];
        self.run(sql, row).map(|_| ())
    }

    fn add_entry(&mut self, authority: CreditCode, new: &NewEntry<'_>) -> Result<Result<(), Taken>, RegisterError> {
        match &new.entry.seal {
            Some(seal) => self.add_seal(authority, new, seal),
            None => self.add_license(authority, new),
        }
    }

    fn entry(&self, authority: CreditCode, at: StatusPointer) -> Result<Option<Entry>, RegisterError> {
        let Some(at) = self.at(authority, at)? else { return Ok(None) };
        Ok(self.found(authority, "WHERE c.at = ?1", [at])?.pop())
    }

    fn by_name(&self, authority: CreditCode, name: &LicenseName) -> Result<Option<Entry>, RegisterError> {
        let condition = "WHERE t.number = ?1 AND t.type = ?2 AND t.version = ?3 AND t.kind = 0";
        let found = self.found(authority, condition, params![name.number, name.type_code.as_str(), name.version]);
        Ok(found?.pop())
    }

    fn by_number(&self, authority: CreditCode, number: &str) -> Result<Vec<Entry>, RegisterError> {
        self.found(authority, "WHERE t.number = ?1 AND t.kind = 0 ORDER BY c.at", [number])
    }

    fn by_id(&self, authority: CreditCode, id: CredentialId) -> Result<Option<Entry>, RegisterError> {
        Ok(self.found(authority, "WHERE c.cti = ?1", [id.as_bytes()])?.pop())
    }

    fn others(&self, authority: CreditCode, license: StatusPointer) -> Result<Vec<Entry>, RegisterError> {
        let Some(license) = self.at(authority, license)? else { return Ok(Vec::new()) };
        self.found(authority, "WHERE c.license = ?1 AND c.kind <> 0 ORDER BY c.at", [license])
    }

    fn seals(&self, authority: CreditCode, code: SealCode) -> Result<Vec<Entry>, RegisterError> {
        let Some(tenant) = self.tenant(authority)? else { return Ok(Vec::new()) };
        let condition = "WHERE l.tenant = ?1 AND l.code = ?2 ORDER BY l.making";
        self.found(authority, condition, params![tenant, code.as_str()])
    }

    fn seals_of(&self, authority: CreditCode, owner: CreditCode) -> Result<Vec<Entry>, RegisterError> {
        let Some(tenant) = self.tenant(authority)? else { return Ok(Vec::new()) };
        let condition = "WHERE l.owner = ?1 AND l.tenant = ?2 ORDER BY c.at";
        self.found(authority, condition, params![owner.as_str(), tenant])
    }

    fn last_seal_code(&self, authority: CreditCode, region: Region) -> Result<Option<SealCode>, RegisterError> {
        let Some(tenant) = self.tenant(authority)? else { return Ok(None) };
        let (from, until) = (region.as_str(), alloc::format!("{}:", region.as_str()));
        // A colon comes after the digits.
        let sql = "SELECT code FROM seal WHERE tenant = ?1 AND code > ?2 AND code < ?3 ORDER BY code DESC LIMIT 1";
        self.one(sql, params![tenant, from, until], |row| get(row, 0))
    }

    fn entries(
        &self,
        authority: CreditCode,
        from: StatusPointer,
        visit: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), RegisterError> {
        let Some(from) = self.at(authority, from)? else { return Ok(()) };
        let sql = alloc::format!("{ENTRY}WHERE c.at BETWEEN ?1 AND ?2 ORDER BY c.at");
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed)?;
        let mut rows = statement.query([from, from | INDEX]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let (_, entry) = self.place(read_entry(row).map_err(failed)?)?;
            if visit(entry).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn listed(&self, authority: CreditCode, list: u64) -> Result<Vec<(u32, State)>, RegisterError> {
        let Some(from) = self.at(authority, StatusPointer { list, index: 0 })? else { return Ok(Vec::new()) };
        let sql = "SELECT at & 4294967295, state FROM credential INDEXED BY credential_listed
            WHERE state <> 0 AND at BETWEEN ?1 AND ?2 ORDER BY at";
        self.all(sql, [from, from | INDEX], |row| Ok((row.get(0)?, get(row, 1)?)))
    }

    fn set_state(
        &mut self,
        authority: CreditCode,
        at: StatusPointer,
        state: State,
        since: Timestamp,
        successor: Option<StatusPointer>,
    ) -> Result<(), RegisterError> {
        let successor = successor.map(|at| self.known(authority, at)).transpose()?;
        let sql = "UPDATE credential SET state = ?2, since = ?3, successor = coalesce(?4, successor) WHERE at = ?1";
        let found = params![self.known(authority, at)?, state.number(), since.seconds(), successor];
        if self.run(sql, found)? == 1 { Ok(()) } else { Err(RegisterError::NotIssued(at)) }
    }

    fn content(&self, authority: CreditCode, at: StatusPointer) -> Result<Option<Content>, RegisterError> {
        let Some(at) = self.at(authority, at)? else { return Ok(None) };
        let sql = "SELECT coalesce(t.bytes, l.bytes), s.key FROM credential c JOIN signer s ON s.id = c.signer
            LEFT JOIN content t ON t.at = c.at LEFT JOIN seal l ON l.at = c.at WHERE c.at = ?1";
        self.one(sql, [at], |row| Ok(Content { bytes: row.get(0)?, signer: get::<PublicKey>(row, 1)?.thumbprint() }))
    }

    fn erase(&mut self, authority: CreditCode, at: StatusPointer) -> Result<(), RegisterError> {
        self.erased = true;
        self.run("DELETE FROM content WHERE at = ?1", [self.known(authority, at)?]).map(|_| ())
    }

    fn publications(&self, authority: CreditCode, list: u64) -> Result<Vec<Publication>, RegisterError> {
        let Some(id) = self.list(authority, list)? else { return Ok(Vec::new()) };
        let sql =
            "SELECT epoch, seq, issued, length, digest, records FROM publication WHERE list = ?1 ORDER BY epoch, seq";
        self.all(sql, [id], |row| {
            let (epoch, seq, issued) = (get(row, 0)?, get(row, 1)?, get(row, 2)?);
            let (length, digest, records) = (row.get(3)?, Digest::new(get(row, 4)?), get(row, 5)?);
            Ok(Publication { list, epoch, seq, issued, length, records, digest })
        })
    }

    fn add_publication(&mut self, authority: CreditCode, publication: &Publication) -> Result<(), RegisterError> {
        let list = self.list(authority, publication.list)?.ok_or(RegisterError::Text)?;
        let Publication { epoch, seq, issued, length, records, digest, .. } = publication;
        let sql = "INSERT INTO publication (list, epoch, seq, issued, length, digest, records) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (epoch, seq, records) = (stored(*epoch)?, stored(*seq)?, stored(*records)?);
        let row = params![list, epoch, seq, issued.seconds(), length, digest.as_bytes(), records];
        self.run(sql, row).map(|_| ())
    }

    fn operators(&self) -> Result<Vec<Operator>, RegisterError> {
        self.all("SELECT name, key FROM operator ORDER BY name", [], |row| {
            Ok(Operator { name: row.get(0)?, key: get(row, 1)? })
        })
    }

    fn add_operator(&mut self, operator: &Operator) -> Result<(), RegisterError> {
        let sql = "INSERT INTO operator (key, name) VALUES (?1, ?2)";
        self.run(sql, params![operator.key.spki(), operator.name]).map(|_| ())
    }

    fn remove_operator(&mut self, key: &PublicKey) -> Result<(), RegisterError> {
        self.run("DELETE FROM operator WHERE key = ?1", [key.spki()]).map(|_| ())
    }

    fn check_storage(&self) -> Result<Vec<String>, RegisterError> {
        let said: Vec<String> = self.all("PRAGMA integrity_check(100)", [], |row| row.get(0))?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }
}
