//! How credentials are put in: licenses and seals.

use rusqlite::params;

use super::SqliteRegister;
use super::rows::{refused, stored};
use crate::claims::id::CreditCode;
use crate::register::RegisterError;
use crate::register::record::{Entry, SealName};
use crate::register::seam::{NewEntry, Taken};
use crate::time::Timestamp;

/// The kind of what is the first of its license, and of what is no license at all.
const FIRST: u8 = 0;

impl SqliteRegister {
    pub(super) fn add_license(
        &self,
        authority: CreditCode,
        new: &NewEntry<'_>,
    ) -> Result<Result<(), Taken>, RegisterError> {
        let NewEntry { entry, bytes, .. } = *new;
        let at = self.known(authority, entry.status)?;
        let name = entry.name.as_ref().ok_or(RegisterError::Erased(entry.status))?;
        let (tenant, kind) = (self.known_tenant(authority)?, entry.kind.number());
        // The name first: it is what may be taken.
        let sql =
            "INSERT INTO content (at, tenant, type, number, version, kind, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let content = params![at, tenant, name.type_code.as_str(), name.number, name.version, kind, bytes];
        if let Some(taken) = refused(self.execute(sql, content), Taken::Name)? {
            return Ok(Err(taken));
        }
        if let Some(taken) = self.add_credential(authority, new, kind)? {
            self.run("DELETE FROM content WHERE at = ?1", [at])?;
            return Ok(Err(taken));
        }
        Ok(Ok(()))
    }

    pub(super) fn add_seal(
        &self,
        authority: CreditCode,
        new: &NewEntry<'_>,
        seal: &SealName,
    ) -> Result<Result<(), Taken>, RegisterError> {
        let tenant = self.known_tenant(authority)?;
        // Nothing of either table is taken out again, so this is asked before; nobody else writes in this transaction.
        let sql = "SELECT 1 FROM seal WHERE tenant = ?1 AND code = ?2 AND making = ?3";
        if self.one(sql, params![tenant, seal.code.as_str(), seal.making], |_| Ok(()))?.is_some() {
            return Ok(Err(Taken::Name));
        }
        if let Some(taken) = self.add_credential(authority, new, FIRST)? {
            return Ok(Err(taken));
        }
        let sql = "INSERT INTO seal (at, tenant, code, making, owner, name, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let at = self.known(authority, new.entry.status)?;
        let SealName { code, making, owner, name } = seal;
        self.run(sql, params![at, tenant, code.as_str(), making, owner.as_str(), name, new.bytes])?;
        Ok(Ok(()))
    }

    fn add_credential(
        &self,
        authority: CreditCode,
        new: &NewEntry<'_>,
        kind: u8,
    ) -> Result<Option<Taken>, RegisterError> {
        let Entry { issuance, state, since, .. } = new.entry;
        let (at, license) = (self.known(authority, new.entry.status)?, self.known(authority, new.entry.license)?);
        let signer = self.signer(authority, new.signer)?;
        let sql = "INSERT INTO credential (at, license, kind, cti, digest, signer, nbf, iat, exp, state, since, record)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let credential = params![
            at,
            license,
            kind,
            issuance.id.as_bytes(),
            issuance.digest.as_bytes(),
            signer,
            issuance.not_before.seconds(),
            issuance.issued_at.seconds(),
            issuance.expires.map(Timestamp::seconds),
            state.number(),
            since.seconds(),
            stored(new.entry.record)?,
        ];
        refused(self.execute(sql, credential), Taken::Id)
    }
}
