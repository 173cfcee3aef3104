//! More of a license that is there: its credential renewed, an annotated copy.

use alloc::vec::Vec;

use super::issuing::name_of;
use super::journal::Act;
use super::record::{Entry, Kind};
use super::seam::Register;
use super::{Desk, RegisterError, RegisterIssueError, Request};
use crate::claims::{CredentialId, LicenseClaims, StatusPointer};
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::issue::{CopyFacts, CredentialFacts, IssuedLicense, LicenseFacts, Signer};
use crate::status::State;
use crate::store::Store;
use crate::time::Timestamp;

/// What is new of another credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reissue {
    /// In which of the authority's status lists it is to stand.
    pub list: u64,
    /// `cti`: 16 bytes from a cryptographic source of randomness.
    pub id: CredentialId,
    /// `exp`: when it should be refreshed.
    pub expires: Option<Timestamp>,
}

/// What a renewal came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// A new credential.
    New(IssuedLicense),
    /// The newest credential runs long enough: here it is again.
    NotDue(IssuedLicense),
}

impl<R: Register> Desk<R> {
    /// The newest credential of a license that is no copy.
    ///
    /// # Errors
    /// [`RegisterError::NotIssued`], those of the storage.
    pub fn newest(&self, of: &Entry) -> Result<Entry, RegisterError> {
        let all = self.credentials(of)?;
        all.into_iter().rfind(|entry| entry.kind != Kind::Copy).ok_or(RegisterError::NotIssued(of.license))
    }

    /// What a license says, and what its newest credential says of itself, from what was handed out.
    ///
    /// # Errors
    /// [`RegisterError::Erased`], [`RegisterError::DamagedEntry`], those of the storage.
    pub fn facts(&self, at: StatusPointer) -> Result<(LicenseFacts, CredentialFacts), RegisterError> {
        let bytes = self.content(at)?.ok_or(RegisterError::Erased(at))?;
        let damaged = || RegisterError::DamagedEntry(at);
        let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).map_err(|_| damaged())?;
        let claims = LicenseClaims::parse(envelope.claimed_payload()).map_err(|_| damaged())?;
        let claims = claims.claimed();
        Ok((LicenseFacts::from(&claims.license), CredentialFacts::from(claims)))
    }

    /// Renews the credential of a license: the same license, under a position of its own, because the technical expiry of the credential
    /// before draws near. That one stays in force until it runs out.
    ///
    /// # Errors
    /// [`RegisterError::NotInForce`]: what is suspended or revoked is not renewed; else as [`Desk::issue`].
    pub fn renew(
        &mut self,
        at: StatusPointer,
        terms: &Reissue,
        due: Timestamp,
        store: Option<&Store>,
        signer: &dyn Signer,
        act: &Act<'_>,
    ) -> Result<Renewed, RegisterIssueError> {
        let named = self.entry(at)?.ok_or(RegisterError::NotIssued(at))?;
        let newest = self.newest(&named)?;
        check_in_force(&newest)?;
        if newest.issuance.expires.is_none_or(|expires| expires > due) {
            let bytes = self.content(newest.status)?.ok_or(RegisterError::Erased(newest.status))?;
            return Ok(Renewed::NotDue(super::issuing::read(bytes, newest.status)?));
        }
        let (facts, before) = self.facts(newest.status)?;
        let Reissue { list, id, expires } = *terms;
        let request = Request { facts: &facts, list, id, not_before: act.time, expires, holder_key: before.holder_key };
        self.issue_as(Kind::Renewal, Some(newest.license), &request, store, signer, act).map(Renewed::New)
    }

    /// Makes an annotated copy 加注件 of a license: for one purpose, perhaps for one audience, until a time.
    ///
    /// # Errors
    /// [`RegisterError::NotInForce`], else as [`Desk::issue`].
    pub fn copy(
        &mut self,
        at: StatusPointer,
        copy: CopyFacts,
        terms: &Reissue,
        store: Option<&Store>,
        signer: &dyn Signer,
        act: &Act<'_>,
    ) -> Result<IssuedLicense, RegisterIssueError> {
        let named = self.entry(at)?.ok_or(RegisterError::NotIssued(at))?;
        let newest = self.newest(&named)?;
        check_in_force(&newest)?;
        let (facts, before) = self.facts(newest.status)?;
        let facts = LicenseFacts { copy: Some(copy), ..facts };
        let Reissue { list, id, expires } = *terms;
        let request = Request { facts: &facts, list, id, not_before: act.time, expires, holder_key: before.holder_key };
        self.issue_as(Kind::Copy, Some(newest.license), &request, store, signer, act)
    }

    /// The newest annotated copy of a license that is in force, has not run out, and is the one that is meant; `None` if there is none. So work
    /// that was stopped is repeated without making a copy twice.
    ///
    /// # Errors
    /// [`RegisterError::DamagedEntry`], those of the storage.
    pub fn held_copy(
        &self,
        of: &Entry,
        now: Timestamp,
        is_meant: &dyn Fn(&Entry, &CopyFacts) -> bool,
    ) -> Result<Option<IssuedLicense>, RegisterError> {
        let mut all = self.credentials(of)?;
        all.retain(|entry| entry.kind == Kind::Copy && entry.state == State::InForce);
        for entry in all.into_iter().rev() {
            let (facts, at) = match self.facts(entry.status) {
                Ok((facts, _)) => (facts, entry.status),
                // What was erased by law is not handed out again.
                Err(RegisterError::Erased(_)) => continue,
                Err(error) => return Err(error),
            };
            if facts.copy.as_ref().is_some_and(|copy| copy.expires > now && is_meant(&entry, copy)) {
                let bytes = self.content(at)?.ok_or(RegisterError::Erased(at))?;
                return super::issuing::read(bytes, at).map(Some);
            }
        }
        Ok(None)
    }

    /// The newest credentials that run out by a time, of licenses in force: those that are to be renewed.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn due(&self, by: Timestamp) -> Result<Vec<Entry>, RegisterError> {
        let mut due = Vec::new();
        self.each(&mut |entry| {
            let runs_out = entry.issuance.expires.is_some_and(|expires| expires <= by);
            if entry.kind != Kind::Copy && entry.state == State::InForce && runs_out && entry.name.is_some() {
                due.push(entry);
            }
            core::ops::ControlFlow::Continue(())
        })?;
        // One that was renewed already is not due, although its old credential is.
        let mut newest = Vec::new();
        for entry in due {
            if self.newest(&entry)?.status == entry.status {
                newest.push(entry);
            }
        }
        Ok(newest)
    }
}

fn check_in_force(entry: &Entry) -> Result<(), RegisterError> {
    if entry.state == State::InForce { Ok(()) } else { Err(RegisterError::NotInForce(entry.state)) }
}

/// The facts of a license that replaces another: they name it, and its version is the next one where everything else that names it is the
/// same.
#[must_use]
pub fn successor(facts: LicenseFacts, replaced: &Entry) -> LicenseFacts {
    let version = match &replaced.name {
        Some(name) if *name == name_of(&facts) => facts.version.saturating_add(1),
        Some(_) | None => facts.version,
    };
    LicenseFacts { replaces: Some(replaced.issuance.id), version, ..facts }
}
