//! Rows, and the numbers by which they find each other.

use alloc::string::ToString;
use alloc::vec::Vec;

use rusqlite::{ErrorCode, OptionalExtension as _, Row};

use super::values::{get, get_optional};
use super::{SqliteRegister, failed};
use crate::claims::id::CreditCode;
use crate::claims::{CredentialId, StatusPointer};
use crate::register::event::Event;
use crate::register::journal::{Record, StoredRecord};
use crate::register::record::{Entry, Issuance, Kind, LicenseName, SealName, Span};
use crate::register::seam::Taken;
use crate::register::{RegisterError, StorageFault};
use crate::suite::{Digest, PublicKey};

/// A list's row stands in the upper half of a position.
const SHIFT: u32 = 32;
pub(super) const INDEX: i64 = 0xffff_ffff;

pub(super) const ENTRY: &str = "SELECT c.at, c.license, c.kind, c.cti, c.digest, c.nbf, c.iat, c.exp, c.state, c.since, c.successor, t.type, t.number, t.version, c.record,
    l.code, l.making, l.owner, l.name FROM credential c LEFT JOIN content t ON t.at = c.at LEFT JOIN seal l ON l.at = c.at ";

/// A number as SQLite keeps it.
pub(super) fn stored(number: u64) -> Result<i64, RegisterError> {
    i64::try_from(number).map_err(|_| RegisterError::Text)
}

pub(super) fn corrupt(text: &str) -> RegisterError {
    RegisterError::Storage { fault: StorageFault::Corrupt, text: text.to_string() }
}

/// A row of [`ENTRY`], with positions as they are stored.
pub(super) struct StoredEntry {
    at: i64,
    license: i64,
    successor: Option<i64>,
    entry: Entry,
}

pub(super) fn read_entry(row: &Row<'_>) -> rusqlite::Result<StoredEntry> {
    let nowhere = StatusPointer { list: 0, index: 0 };
    let name = match get_optional(row, 11)? {
        Some(type_code) => Some(LicenseName { type_code, number: row.get(12)?, version: row.get(13)? }),
        None => None,
    };
    let seal = match get_optional(row, 15)? {
        Some(code) => Some(SealName { code, making: row.get(16)?, owner: get(row, 17)?, name: row.get(18)? }),
        None => None,
    };
    let issuance = Issuance {
        id: CredentialId::new(get(row, 3)?),
        digest: Digest::new(get(row, 4)?),
        not_before: get(row, 5)?,
        issued_at: get(row, 6)?,
        expires: get_optional(row, 7)?,
    };
    let (kind, state, since, record) = (get(row, 2)?, get(row, 8)?, get(row, 9)?, get(row, 14)?);
    let kind = if seal.is_some() && kind == Kind::First { Kind::Seal } else { kind };
    let (status, license) = (nowhere, nowhere);
    let entry = Entry { status, license, kind, name, seal, issuance, record, state, since, successor: None };
    Ok(StoredEntry { at: row.get(0)?, license: row.get(1)?, successor: row.get(10)?, entry })
}

pub(super) fn read_record(row: &Row<'_>) -> rusqlite::Result<StoredRecord> {
    let seq = get(row, 0)?;
    let chain = Digest::new(get(row, 10)?);
    let read = || -> rusqlite::Result<Option<Record>> {
        let (action, detail): (u8, Vec<u8>) = (row.get(5)?, row.get(8)?);
        let Ok(event) = Event::parse(action, &detail) else { return Ok(None) };
        Ok(Some(Record {
            seq,
            time: get(row, 1)?,
            authority: get_optional(row, 2)?,
            actor: row.get(3)?,
            approver: row.get(4)?,
            event,
            subject: Digest::new(get(row, 6)?),
            reason: row.get(7)?,
            previous: Digest::new(get(row, 9)?),
        }))
    };
    // What cannot be read is told by the number of its record.
    Ok(StoredRecord { record: read().ok().flatten(), seq, chain })
}

impl SqliteRegister {
    /// Runs a query whose rows are read alike.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, RegisterError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map(parameters, read).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, RegisterError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        statement.query_row(parameters, read).optional().map_err(failed)
    }

    pub(super) fn run(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<usize, RegisterError> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(parameters)).map_err(failed)
    }

    pub(super) fn tenant(&self, authority: CreditCode) -> Result<Option<i64>, RegisterError> {
        if let Some(id) = self.known.borrow().tenants.get(&authority) {
            return Ok(Some(*id));
        }
        let id = self.one("SELECT id FROM tenant WHERE code = ?1", [authority.as_str()], |row| row.get(0))?;
        if let Some(id) = id {
            self.known.borrow_mut().tenants.insert(authority, id);
        }
        Ok(id)
    }

    pub(super) fn known_tenant(&self, authority: CreditCode) -> Result<i64, RegisterError> {
        self.tenant(authority)?.ok_or_else(|| corrupt("an authority that was put in is not there"))
    }

    pub(super) fn list(&self, authority: CreditCode, list: u64) -> Result<Option<i64>, RegisterError> {
        if let Some(id) = self.known.borrow().lists.get(&(authority, list)) {
            return Ok(Some(*id));
        }
        let (Some(tenant), Ok(number)) = (self.tenant(authority)?, i64::try_from(list)) else { return Ok(None) };
        let id =
            self.one("SELECT id FROM list WHERE tenant = ?1 AND number = ?2", [tenant, number], |row| row.get(0))?;
        if let Some(id) = id {
            let mut known = self.known.borrow_mut();
            known.lists.insert((authority, list), id);
            known.numbers.insert(id, (authority, list));
        }
        Ok(id)
    }

    /// A position as it is stored; none in a list that is not there.
    pub(super) fn at(&self, authority: CreditCode, at: StatusPointer) -> Result<Option<i64>, RegisterError> {
        let Some(list) = self.list(authority, at.list)? else { return Ok(None) };
        let index = i64::try_from(at.index).ok().filter(|index| *index <= INDEX);
        Ok(index.map(|index| list << SHIFT | index))
    }

    pub(super) fn known(&self, authority: CreditCode, at: StatusPointer) -> Result<i64, RegisterError> {
        self.at(authority, at)?.ok_or(RegisterError::NotIssued(at))
    }

    pub(super) fn span(&self, authority: CreditCode, span: Span) -> Result<i64, RegisterError> {
        self.known(authority, StatusPointer { list: span.list, index: span.first.into() })
    }

    /// The spans of a list that a query finds.
    pub(super) fn spans(&self, authority: CreditCode, list: u64, sql: &str) -> Result<Vec<Span>, RegisterError> {
        let Some(from) = self.at(authority, StatusPointer { list, index: 0 })? else { return Ok(Vec::new()) };
        self.all(sql, [from, from | INDEX], |row| Ok(Span { list, first: row.get(0)?, count: row.get(1)? }))
    }

    /// What a stored position stands for.
    pub(super) fn position(&self, at: i64) -> Result<(CreditCode, StatusPointer), RegisterError> {
        let id = at >> SHIFT;
        let index = u64::try_from(at & INDEX).unwrap_or(0);
        if let Some((authority, list)) = self.known.borrow().numbers.get(&id) {
            return Ok((*authority, StatusPointer { list: *list, index }));
        }
        let sql = "SELECT t.code, l.number FROM list l JOIN tenant t ON t.id = l.tenant WHERE l.id = ?1";
        let found = self.one(sql, [id], |row| Ok((get::<CreditCode>(row, 0)?, get::<u64>(row, 1)?)))?;
        let (authority, list) = found.ok_or_else(|| corrupt("a position in a list that is not there"))?;
        self.known.borrow_mut().numbers.insert(id, (authority, list));
        Ok((authority, StatusPointer { list, index }))
    }

    pub(super) fn place(&self, stored: StoredEntry) -> Result<(CreditCode, Entry), RegisterError> {
        let StoredEntry { at, license, successor, mut entry } = stored;
        let (authority, status) = self.position(at)?;
        entry.status = status;
        entry.license = self.position(license)?.1;
        entry.successor = successor.map(|at| self.position(at)).transpose()?.map(|(_, at)| at);
        Ok((authority, entry))
    }

    /// Of the entries that a query finds, those of an authority.
    pub(super) fn found(
        &self,
        authority: CreditCode,
        condition: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<Entry>, RegisterError> {
        let sql = alloc::format!("{ENTRY}{condition}");
        let mut entries = Vec::new();
        for stored in self.all(&sql, parameters, read_entry)? {
            let (own, entry) = self.place(stored)?;
            if own == authority {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    pub(super) fn signer(&self, authority: CreditCode, key: Digest) -> Result<i64, RegisterError> {
        if let Some(id) = self.known.borrow().signers.get(&(authority, key)) {
            return Ok(*id);
        }
        let tenant = self.known_tenant(authority)?;
        let all = self.all("SELECT id, key FROM signer WHERE tenant = ?1", [tenant], |row| {
            Ok((row.get::<_, i64>(0)?, get::<PublicKey>(row, 1)?.thumbprint()))
        })?;
        let mut known = self.known.borrow_mut();
        known.signers.extend(all.into_iter().map(|(id, thumbprint)| ((authority, thumbprint), id)));
        known.signers.get(&(authority, key)).copied().ok_or_else(|| corrupt("a key that was put in is not there"))
    }
}

impl SqliteRegister {
    pub(super) fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> rusqlite::Result<usize> {
        self.connection.prepare_cached(sql)?.execute(parameters)
    }
}

/// What was not put in because a row that is there has the same: the primary key is the position, the other unique column `unique`.
pub(super) fn refused(result: rusqlite::Result<usize>, unique: Taken) -> Result<Option<Taken>, RegisterError> {
    match result {
        Ok(_) => Ok(None),
        Err(rusqlite::Error::SqliteFailure(failure, _)) if failure.code == ErrorCode::ConstraintViolation => {
            match failure.extended_code {
                rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY | rusqlite::ffi::SQLITE_CONSTRAINT_ROWID => {
                    Ok(Some(Taken::Position))
                }
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE => Ok(Some(unique)),
                _ => Err(corrupt("a row breaks a rule of its table")),
            }
        }
        Err(error) => Err(failed(error)),
    }
}
