//! Issuing through the register: allot, sign, record, release, in this order.

use alloc::boxed::Box;

use super::record::Event;
use super::{Entry, Issuance, Journal, LicenseName, MAX_POSITIONS, Register, RegisterError};
use crate::claims::{CredentialId, StatusPointer};
use crate::issue::{
    CredentialFacts, IssueError, IssuedLicense, LicenseFacts, Signer, draft_license, issue_license, sign_license_again,
};
use crate::store::Store;
use crate::suite::PublicKey;
use crate::time::Timestamp;

/// A license to be issued.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What it says.
    pub facts: &'a LicenseFacts,
    /// In which of the authority's status lists it is to stand.
    pub list: u64,
    /// `cti`: 16 bytes from a cryptographic source of randomness.
    pub id: CredentialId,
    /// `nbf`: when the credential comes into force; mostly now.
    pub not_before: Timestamp,
    /// `exp`: when the credential should be refreshed.
    pub expires: Option<Timestamp>,
    /// `cnf`: the holder's key.
    pub holder_key: Option<PublicKey>,
}

/// What a request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issued {
    /// The license was issued.
    New(IssuedLicense),
    /// The same license was issued before; here it is again. A process that was stopped before it could hand its license out is repeated
    /// without harm.
    Again(IssuedLicense),
}

impl Issued {
    /// The license.
    #[must_use]
    pub const fn license(&self) -> &IssuedLicense {
        match self {
            Self::New(license) | Self::Again(license) => license,
        }
    }
}

/// Why a license is not issued through the register.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterIssueError {
    /// The license itself is refused.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The register refuses.
    #[error(transparent)]
    Register(#[from] RegisterError),
}

impl<J: Journal> Register<J> {
    /// Issues a license: checks it, allots a position, signs, records, and only then hands out. If the signer fails, the position is void.
    ///
    /// A license of the same type, number and version is issued once. The same facts give the same license again (with the `cti`, times
    /// and position of the first time); other facts are refused with [`RegisterError::Duplicate`].
    ///
    /// # Errors
    /// [`RegisterIssueError`]. Nothing is allotted for a license that a verifier would refuse.
    pub fn issue(
        &mut self,
        request: &Request<'_>,
        store: Option<&Store>,
        signer: &dyn Signer,
        now: Timestamp,
    ) -> Result<Issued, RegisterIssueError> {
        let name = LicenseName {
            type_code: request.facts.type_code,
            number: request.facts.number.clone(),
            version: request.facts.version,
        };
        if let Some(existing) = self.by_name(&name) {
            return self.again(existing, request, signer);
        }
        if self.by_id(request.id).is_some() {
            return Err(RegisterError::IdUsed(request.id).into());
        }
        let at = self.ledger.next(request.list);
        if at.index >= MAX_POSITIONS {
            return Err(RegisterError::Full(request.list).into());
        }
        let credential = CredentialFacts {
            issuer: self.authority(),
            expires: request.expires,
            not_before: request.not_before,
            issued_at: now,
            id: request.id,
            holder_key: request.holder_key.clone(),
            status: at,
        };
        draft_license(request.facts, &credential, store, signer.public_key())?;
        self.record(now, Event::Allotted { at, name })?;
        match issue_license(request.facts, &credential, store, signer) {
            Ok(license) => {
                let issuance = Issuance {
                    id: request.id,
                    digest: license.digest,
                    not_before: request.not_before,
                    issued_at: now,
                    expires: request.expires,
                };
                self.record(now, Event::Issued { at, issuance })?;
                Ok(Issued::New(license))
            }
            Err(error) => {
                self.record(now, Event::Void { at })?;
                Err(error.into())
            }
        }
    }

    /// The same license once more, if the request is for the same.
    fn again(
        &self,
        existing: &Entry,
        request: &Request<'_>,
        signer: &dyn Signer,
    ) -> Result<Issued, RegisterIssueError> {
        let Issuance { id, digest, not_before, issued_at, expires } = existing.issuance;
        let credential = CredentialFacts {
            issuer: self.authority(),
            expires,
            not_before,
            issued_at,
            id,
            holder_key: request.holder_key.clone(),
            status: existing.status,
        };
        let license = sign_license_again(request.facts, &credential, digest, signer)?;
        license
            .map(Issued::Again)
            .ok_or_else(|| RegisterError::Duplicate { existing: Box::new(existing.clone()) }.into())
    }

    /// Where the next license of a list will stand.
    #[must_use]
    pub fn next(&self, list: u64) -> StatusPointer {
        self.ledger.next(list)
    }
}
