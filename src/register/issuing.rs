//! Issuing through the register: allot, sign, record, release, in this order.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::change::{Change, change_license};
use super::event::Event;
use super::journal::Act;
use super::record::{Entry, Issuance, Kind, LicenseName, Span};
use super::seam::{NewEntry, Register, Taken};
use super::transaction::{record, transact, void};
use super::{Desk, MAX_POSITIONS, RegisterError};
use crate::claims::id::CreditCode;
use crate::claims::{CredentialId, LicenseClaims, StatusPointer};
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::issue::{
    CredentialFacts, FieldLabel, IssueError, IssuedLicense, LicenseFacts, Signer, draft_license, issue_license,
    read_issued,
};
use crate::status::State;
use crate::store::Store;
use crate::suite::{Digest, PublicKey};
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

/// In what two licenses of the same type, number and version differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// 证照名称.
    Name,
    /// 持证主体.
    Holders,
    /// 颁发机构.
    AuthorityName,
    /// 所属区划.
    Region,
    /// 颁发日期.
    IssuedOn,
    /// 有效期.
    Validity,
    /// A field of 照面信息.
    Field(FieldLabel),
    /// 流水号.
    Serial,
    /// The authority code in the identifier.
    AuthorityCode,
    /// Files that belong to it.
    Attachments,
    /// What makes it a copy.
    Copy,
    /// What it replaces.
    Replaces,
    /// What ties it to its holder.
    Binding,
    /// The holder's key.
    HolderKey,
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

/// The object digest of the bytes of a license, or of a seal.
pub(super) fn digest_of(kind: Kind, bytes: &[u8]) -> Option<Digest> {
    Envelope::parse(bytes, Expected::Type(object_of(kind))).ok().map(|envelope| envelope.object_digest())
}

/// What a credential of a kind is.
pub(super) const fn object_of(kind: Kind) -> ObjectType {
    match kind {
        Kind::First | Kind::Renewal | Kind::Copy => ObjectType::License,
        Kind::Seal => ObjectType::Seal,
    }
}

impl<R: Register> Desk<R> {
    /// Issues a license: checks it, allots a position, signs, records, and only then hands out. If the signer fails, the position is void.
    ///
    /// A license of the same type, number and version is issued once. The same facts give the same license again (byte for byte, by
    /// whatever key it was signed); other facts are refused with [`RegisterError::Duplicate`]. Once it was renewed, it is the renewal
    /// that is given.
    ///
    /// # Errors
    /// [`RegisterIssueError`]. Nothing is allotted for a license that a verifier would refuse.
    pub fn issue(
        &mut self,
        request: &Request<'_>,
        store: Option<&Store>,
        signer: &dyn Signer,
        act: &Act<'_>,
    ) -> Result<Issued, RegisterIssueError> {
        let name = name_of(request.facts);
        if let Some(existing) = self.by_name(&name)? {
            return self.again(&existing, request);
        }
        self.issue_as(Kind::First, None, request, store, signer, act).map(Issued::New)
    }

    /// The license that a request would be given again; `None` if it would be a new one.
    ///
    /// # Errors
    /// [`RegisterError::Duplicate`] if the license that is there is another.
    pub fn held(&self, request: &Request<'_>) -> Result<Option<IssuedLicense>, RegisterIssueError> {
        match self.by_name(&name_of(request.facts))? {
            Some(existing) => self.again(&existing, request).map(|issued| Some(issued.license().clone())),
            None => Ok(None),
        }
    }

    /// Issues another credential, of a license or of none that is there yet.
    pub(super) fn issue_as(
        &mut self,
        kind: Kind,
        license: Option<StatusPointer>,
        request: &Request<'_>,
        store: Option<&Store>,
        signer: &dyn Signer,
        act: &Act<'_>,
    ) -> Result<IssuedLicense, RegisterIssueError> {
        self.check_key(signer.public_key())?;
        if self.by_id(request.id)?.is_some() {
            return Err(RegisterError::IdUsed(request.id).into());
        }
        let credential = |status| CredentialFacts {
            issuer: self.authority,
            expires: request.expires,
            not_before: request.not_before,
            issued_at: act.time,
            id: request.id,
            holder_key: request.holder_key.clone(),
            status,
        };
        // What a verifier would refuse costs no position.
        draft_license(request.facts, &credential(self.next(request.list)?), store, signer.public_key())?;
        let authority = self.authority;
        let span = transact(&mut self.register, |register| allot(register, authority, request.list, 1, act))?;
        let at = StatusPointer { list: span.list, index: span.first.into() };
        let signed = issue_license(request.facts, &CredentialFacts { status: at, ..credential(at) }, store, signer);
        let issued = match signed {
            Ok(issued) => issued,
            Err(error) => {
                transact(&mut self.register, |register| void(register, authority, span, &[span], act))?;
                return Err(error.into());
            }
        };
        let taken = transact(&mut self.register, |register| {
            add_key(register, authority, signer.public_key(), act)?;
            let head = register.head()?;
            let terms =
                Terms { kind, license, not_before: request.not_before, issued_at: act.time, expires: request.expires };
            let entry = entry_of(request.facts, &issued, &terms, head.records);
            let new = NewEntry { entry: &entry, bytes: &issued.bytes, signer: signer.public_key().thumbprint() };
            if let Err(taken) = register.add_entry(authority, &new)? {
                void(register, authority, span, &[span], act)?;
                return Ok::<_, RegisterError>(Some(taken));
            }
            register.remove_allotment(authority, span)?;
            let event = match kind {
                Kind::First => Event::Issued(alloc::vec![span]),
                Kind::Seal => Event::Sealed(at),
                Kind::Renewal | Kind::Copy => Event::Credential { at, kind, license: entry.license },
            };
            record(register, Some(authority), act, event, Some(issued.digest))?;
            if let Some(replaced) = request.facts.replaces.filter(|_| kind == Kind::First) {
                supersede(register, authority, replaced, at, act)?;
            }
            Ok(None)
        })?;
        match taken {
            None => Ok(issued),
            Some(Taken::Id) => Err(RegisterError::IdUsed(request.id).into()),
            // Another process was quicker.
            Some(Taken::Name) => match self.by_name(&name_of(request.facts))? {
                Some(existing) => self.again(&existing, request).map(|issued| issued.license().clone()),
                None => Err(RegisterError::DamagedEntry(at).into()),
            },
            Some(Taken::Position) => Err(RegisterError::DamagedEntry(at).into()),
        }
    }

    /// The same license once more, if the request is for the same.
    pub(super) fn again(&self, existing: &Entry, request: &Request<'_>) -> Result<Issued, RegisterIssueError> {
        let renewals = self.register.others(self.authority, existing.license)?;
        let newest = renewals.iter().rfind(|entry| entry.kind == Kind::Renewal).unwrap_or(existing);
        let at = newest.status;
        let bytes = self.content(at)?.ok_or(RegisterError::Erased(at))?;
        let damaged = || RegisterError::DamagedEntry(at);
        let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).map_err(|_| damaged())?;
        let claims = LicenseClaims::parse(envelope.claimed_payload()).map_err(|_| damaged())?;
        let claims = claims.claimed();
        let credential = CredentialFacts { holder_key: request.holder_key.clone(), ..CredentialFacts::from(claims) };
        if request.facts.encode(&credential).map_err(IssueError::from)? == envelope.claimed_payload() {
            return Ok(Issued::Again(read_issued(bytes).map_err(|_| damaged())?));
        }
        let mut differences = differences(&LicenseFacts::from(&claims.license), request.facts);
        if claims.holder_key != request.holder_key {
            differences.push(Difference::HolderKey);
        }
        Err(RegisterError::Duplicate { existing: Box::new(newest.clone()), differences }.into())
    }
}

/// What a credential is and how long it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) kind: Kind,
    pub(super) license: Option<StatusPointer>,
    pub(super) not_before: Timestamp,
    pub(super) issued_at: Timestamp,
    pub(super) expires: Option<Timestamp>,
}

/// The entry of a license that was just signed.
pub(super) fn entry_of(facts: &LicenseFacts, issued: &IssuedLicense, terms: &Terms, record: u64) -> Entry {
    let (id, digest, status) = (issued.id, issued.digest, issued.status);
    let Terms { kind, license, not_before, issued_at, expires } = *terms;
    Entry {
        status,
        license: license.unwrap_or(status),
        kind,
        name: Some(name_of(facts)),
        seal: None,
        issuance: Issuance { id, digest, not_before, issued_at, expires },
        record,
        state: State::InForce,
        since: issued_at,
        successor: None,
    }
}

/// Reads what the register keeps of a license.
pub(super) fn read(bytes: Vec<u8>, at: StatusPointer) -> Result<IssuedLicense, RegisterError> {
    read_issued(bytes).map_err(|_| RegisterError::DamagedEntry(at))
}

pub(super) fn name_of(facts: &LicenseFacts) -> LicenseName {
    LicenseName { type_code: facts.type_code, number: facts.number.clone(), version: facts.version }
}

/// Allots positions, before anything is signed for them.
pub(super) fn allot<R: Register>(
    register: &mut R,
    authority: CreditCode,
    list: u64,
    count: u32,
    act: &Act<'_>,
) -> Result<Span, RegisterError> {
    let next = register.lists(authority)?.iter().find(|(number, _)| *number == list).map_or(0, |(_, next)| *next);
    let first = u32::try_from(next).map_err(|_| RegisterError::Full(list))?;
    let span = Span { list, first, count };
    if span.end() > MAX_POSITIONS {
        return Err(RegisterError::Full(list));
    }
    register.set_next(authority, list, span.end())?;
    register.add_allotment(authority, span)?;
    record(register, Some(authority), act, Event::Allotted(span), None)?;
    Ok(span)
}

/// Puts a key in when it signs for the first time.
pub(super) fn add_key<R: Register>(
    register: &mut R,
    authority: CreditCode,
    key: &PublicKey,
    act: &Act<'_>,
) -> Result<(), RegisterError> {
    if register.keys(authority)?.contains(key) {
        return Ok(());
    }
    register.add_key(authority, key)?;
    record(register, Some(authority), act, Event::Key(key.spki()), Some(key.thumbprint()))
}

/// The license that was replaced, if it is one of this authority's, is superseded.
pub(super) fn supersede<R: Register>(
    register: &mut R,
    authority: CreditCode,
    replaced: CredentialId,
    successor: StatusPointer,
    act: &Act<'_>,
) -> Result<(), RegisterError> {
    match register.by_id(authority, replaced)? {
        // What was revoked stays so: a successor does not make it less.
        Some(before) if before.state.is_reversible() => {
            let change = Change::to(before.license, State::Superseded);
            change_license(register, authority, &change, Some(successor), act).map(|_| ())
        }
        Some(_) | None => Ok(()),
    }
}

fn differences(held: &LicenseFacts, asked: &LicenseFacts) -> Vec<Difference> {
    let parts = [
        (held.name != asked.name, Difference::Name),
        (held.holders != asked.holders, Difference::Holders),
        (held.authority_name != asked.authority_name, Difference::AuthorityName),
        (held.region != asked.region, Difference::Region),
        (held.issued_on != asked.issued_on, Difference::IssuedOn),
        (held.validity != asked.validity, Difference::Validity),
        (held.serial != asked.serial, Difference::Serial),
        (held.authority_code != asked.authority_code, Difference::AuthorityCode),
        (held.attachments != asked.attachments, Difference::Attachments),
        (held.copy != asked.copy, Difference::Copy),
        (held.replaces != asked.replaces, Difference::Replaces),
        (held.binding != asked.binding, Difference::Binding),
    ];
    let mut found: Vec<_> = parts.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what).collect();
    let value = |facts: &LicenseFacts, label: &FieldLabel| {
        facts.fields.iter().find(|(own, _)| own == label).map(|(_, value)| value.clone())
    };
    let mut labels: Vec<&FieldLabel> = held.fields.iter().chain(&asked.fields).map(|(label, _)| label).collect();
    labels.sort();
    labels.dedup();
    let fields = labels.into_iter().filter(|label| value(held, label) != value(asked, label));
    found.extend(fields.map(|label| Difference::Field(label.clone())));
    found
}
