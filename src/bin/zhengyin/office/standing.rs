//! What becomes of licenses, and the status lists that say so.

use super::register::{self, OpenRegister};
use super::seat::Seat;
use crate::files::{self, Access};
use crate::home::{self, Home};
use crate::output::{Failure, Say, say};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::{CreditCode, LicenseIdentifier};
use zhengyin::claims::{CredentialId, LicenseClaims, StatusPointer};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::issue::{Signer, StatusError, StatusFacts, publish_status};
use zhengyin::limits::{MAX_OBJECT, MAX_TRUST_OBJECT};
use zhengyin::register::{Act, Entry, Publication, Snapshot};
use zhengyin::status::{Standing, StatusHeader, StatusList};
use zhengyin::store::Store;
use zhengyin::time::Timestamp;

/// A license of which a register in this home knows.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) authority: CreditCode,
    pub(crate) entry: Entry,
}

/// The newest status list that was published of a license, if it says the state that the register knows.
pub(crate) fn told_by(home: &Home, found: &Found) -> Result<Option<StatusHeader>, Failure> {
    let StatusPointer { list, index } = found.entry.status;
    let Some((_, path)) = home::newest_lists(&home.authority(found.authority))?.remove(&list) else { return Ok(None) };
    let bytes = files::read(&path, MAX_TRUST_OBJECT)?;
    let told = StatusList::parse(&bytes).ok().filter(|parsed| {
        let standing = parsed.claimed_body().standing(index);
        standing == Ok(Standing::State(found.entry.state))
    });
    Ok(told.map(|told| *told.claimed_header()))
}

/// Finds the one license that a text names: the hexadecimal credential id, the number, the license identifier, or a license's file.
pub(crate) fn find(home: &Home, text: &str, authority: Option<CreditCode>) -> Result<Found, Failure> {
    let id = credential_id(home, text)?;
    let mut found = Vec::new();
    for register in register::all(home)? {
        let own = register.authority();
        if authority.is_none_or(|authority| own == authority) {
            let entries = match id {
                Some(id) => register.by_id(id).map(|entry| entry.into_iter().collect()),
                None => register.by_number(text),
            };
            let entries = entries.map_err(|error| register::refused(home, error))?;
            found.extend(entries.into_iter().map(|entry| Found { authority: own, entry }));
        }
    }
    match (found.pop(), found.len()) {
        (Some(found), 0) => Ok(found),
        (Some(last), others) => Err(ambiguous(home, text, &last, others)),
        (None, _) => Err(Failure::new(say!("登记簿中没有证照 {text}", "no register here knows a license {text}"))
            .because(say!(
                "应为证照编号、凭据编号、证照标识或证照文件",
                "a number, a credential id, a license identifier or a license's file is expected"
            ))
            .next(home.command("license show"))),
    }
}

fn ambiguous(home: &Home, text: &str, last: &Found, others: usize) -> Failure {
    let count = others.saturating_add(1);
    let id = last.entry.issuance.id;
    Failure::new(say!("编号 {text} 对应 {count} 份证照", "{count} licenses have the number {text}"))
        .because(say!("请改用凭据编号", "name one by its credential id"))
        .next(home.command(&format!("license show {id}")))
}

/// Every license of every register in this home, or of one authority's.
pub(crate) fn all(home: &Home, authority: Option<CreditCode>) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    for register in register::all(home)? {
        if authority.is_none_or(|authority| register.authority() == authority) {
            let authority = register.authority();
            let walked = register.each(&mut |entry| {
                found.push(Found { authority, entry });
                ControlFlow::Continue(())
            });
            walked.map_err(|error| register::refused(home, error))?;
        }
    }
    Ok(found)
}

/// The credential that a text names, unless it is a number.
fn credential_id(home: &Home, text: &str) -> Result<Option<CredentialId>, Failure> {
    if let Some(id) = parse_id(text) {
        return Ok(Some(id));
    }
    if let Ok(identifier) = LicenseIdentifier::parse(text) {
        // The register does not keep identifiers; the licenses that were handed out say theirs.
        for path in files::list(&home.out())? {
            if let Some((id, own)) = of_file(&path)
                && own == identifier
            {
                return Ok(Some(id));
            }
        }
        return Ok(None);
    }
    let path = Path::new(text);
    let is_file = path.extension().is_some_and(|extension| extension == "zyl") && files::is_there(path);
    Ok(if is_file { of_file(path).map(|(id, _)| id) } else { None })
}

/// 32 hexadecimal digits.
fn parse_id(text: &str) -> Option<CredentialId> {
    let mut bytes = [0; 16];
    let mut digits = text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    for byte in &mut bytes {
        *byte = digits.next()?? << 4 | digits.next()??;
    }
    digits.next().is_none().then(|| CredentialId::new(bytes))
}

/// What a license's file claims to be: enough to look it up, and nothing is believed of it.
fn of_file(path: &Path) -> Option<(CredentialId, LicenseIdentifier)> {
    let bytes = files::read(path, MAX_OBJECT).ok()?;
    let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).ok()?;
    let claims = LicenseClaims::parse(envelope.claimed_payload()).ok()?;
    Some((claims.claimed().id, claims.claimed().identifier()))
}

/// A status list that is ready to be signed.
#[derive(Clone, Debug)]
pub(crate) struct NextList {
    /// What its header says, but for the length, which the register tells when it is published.
    pub(crate) facts: StatusFacts,
    previous: Option<Vec<u8>>,
    path: PathBuf,
}

/// Drafts the next status list of a number: what the register says of every position.
pub(crate) fn next(
    home: &Home,
    seat: &Seat,
    list: u64,
    store: &Store,
    (now, next_update): (Timestamp, Timestamp),
) -> Result<NextList, Failure> {
    let authority = seat.facts.authority;
    let refused = |error| register::refused(home, error);
    let published = match register::read(home, authority)? {
        Some(register) => register.published(list).map_err(refused)?,
        None => None,
    };
    let folder = home.authority(authority);
    let newest = home::newest_lists(&folder)?.remove(&list);
    let previous = newest.as_ref().map(|(_, path)| files::read(path, MAX_TRUST_OBJECT)).transpose()?;
    // The directory states the epoch.
    let minimum = store.directory(seat.facts.province).and_then(|held| {
        held.directory().minimums.get(&authority)?.iter().find(|minimum| minimum.list == list).copied()
    });
    let epoch = minimum.map_or(0, |minimum| minimum.epoch).max(published.map_or(0, |published| published.epoch));
    // A list that was recorded and could not be filed has its number for good.
    let last = [
        newest.map(|(seq, _)| seq),
        published.map(|published| published.seq),
        minimum.map(|m| m.min_seq.saturating_sub(1)),
    ];
    let seq = last.into_iter().flatten().max().unwrap_or(0).saturating_add(1);
    let issued = super::after(now, published.map(|published| published.issued))?;
    let facts = StatusFacts { authority, list, epoch, seq, issued, next_update, length: 0 };
    let path = home::numbered_path(&folder, &format!("status-{list}"), seq);
    Ok(NextList { facts, previous, path })
}

impl NextList {
    /// Signs the list, records it, and files it, after a store has taken it.
    pub(crate) fn publish(
        &self,
        home: &Home,
        register: &mut OpenRegister,
        (store, signer): (&Store, &dyn Signer),
        act: &Act<'_>,
    ) -> Result<PathBuf, Failure> {
        let StatusFacts { authority, list, epoch, seq, issued, .. } = self.facts;
        let code = authority.as_str();
        let failed = |why| {
            Failure::new(say!("无法发布 {code} 的状态清单 {list}", "status list {list} of {code} cannot be published"))
                .because(why)
        };
        let refused = |error| register::refused(home, error);
        let Snapshot { records, length, states } = register.snapshot(list).map_err(refused)?;
        let facts = StatusFacts { length, ..self.facts };
        let object = publish_status(&facts, states, self.previous.as_deref(), Some(store), signer)
            .map_err(|error| failed(explain(error)))?;
        let parsed = StatusList::parse(&object).map_err(|error| failed(say!("{error}", "{error}")))?;
        let digest = parsed.envelope().object_digest();
        files::check_absent(&self.path)?;
        files::check_can_create(&self.path)?;
        register
            .record_publication(Publication { list, epoch, seq, issued, length, records, digest }, act)
            .map_err(refused)?;
        files::create(&self.path, &object, Access::Shared)?;
        Ok(self.path.clone())
    }
}

fn explain(error: StatusError) -> Say {
    match error {
        StatusError::Refused(refusal) => super::reason_text(refusal.reason),
        StatusError::Draft(error) => super::words::explain_draft(error),
        StatusError::Resurrected(position) => say!(
            "位置 {position} 此前为不可逆状态，不能恢复",
            "position {position} had an irreversible state, which is not taken back"
        ),
        error => say!("{error}", "{error}"),
    }
}

/// Where a status stands, for people: list and position.
pub(crate) fn pointer_text(at: StatusPointer) -> Say {
    let (list, index) = (at.list, at.index);
    say!("清单 {list}，位置 {index}", "list {list}, position {index}")
}
