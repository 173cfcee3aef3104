//! What becomes of licenses, and the status lists that say so.

use super::register::{self, OpenRegister};
use crate::files;
use crate::home::{self, Home};
use crate::keyed::hex_bytes;
use crate::output::{Failure, Say, say};
use std::ops::ControlFlow;
use std::path::Path;
use zhengyin::claims::id::{CreditCode, LicenseIdentifier};
use zhengyin::claims::{CredentialId, LicenseClaims, StatusPointer};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::limits::{MAX_OBJECT, MAX_TRUST_OBJECT};
use zhengyin::register::{Entry, Kind};
use zhengyin::status::{Standing, State, StatusHeader, StatusList};

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
    find_among(home, &register::all(home)?, text, authority)
}

/// The same, where the registers are open already. Of several licenses of a number, those that were replaced are not meant if one was not.
pub(crate) fn find_among(
    home: &Home,
    registers: &[OpenRegister],
    text: &str,
    authority: Option<CreditCode>,
) -> Result<Found, Failure> {
    let id = credential_id(home, text)?;
    let mut found = Vec::new();
    for register in registers {
        let own = register.authority();
        if authority.is_none_or(|authority| own == authority) {
            let entries = match id {
                Some(id) => register.by_id(id).map(|entry| entry.into_iter().filter(is_license).collect()),
                None => register.by_number(text),
            };
            let entries = entries.map_err(|error| register::refused(home, error))?;
            found.extend(entries.into_iter().map(|entry| Found { authority: own, entry }));
        }
    }
    let is_present = |found: &Found| found.entry.state != State::Superseded;
    if found.iter().any(is_present) {
        found.retain(is_present);
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

/// Is it no seal?
fn is_license(entry: &Entry) -> bool {
    entry.kind != Kind::Seal
}

/// Every license of every register in this home, or of one authority's.
pub(crate) fn all(home: &Home, authority: Option<CreditCode>) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    for register in register::all(home)? {
        if authority.is_none_or(|authority| register.authority() == authority) {
            let authority = register.authority();
            let walked = register.each(&mut |entry| {
                if is_license(&entry) {
                    found.push(Found { authority, entry });
                }
                ControlFlow::Continue(())
            });
            walked.map_err(|error| register::refused(home, error))?;
        }
    }
    Ok(found)
}

/// The credential that a text names, unless it is a number.
fn credential_id(home: &Home, text: &str) -> Result<Option<CredentialId>, Failure> {
    if let Some(id) = hex_bytes(text) {
        return Ok(Some(CredentialId::new(id)));
    }
    if let Ok(identifier) = LicenseIdentifier::parse(text) {
        // The register does not keep identifiers; the licenses that were handed out say theirs.
        for path in files::list(&home.out())? {
            if let Some((id, own)) = of_file(&path)
                && own == Some(identifier)
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

/// What a license's file claims to be: enough to look it up, and nothing is believed of it.
fn of_file(path: &Path) -> Option<(CredentialId, Option<LicenseIdentifier>)> {
    let bytes = files::read(path, MAX_OBJECT).ok()?;
    let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).ok()?;
    let claims = LicenseClaims::parse(envelope.claimed_payload()).ok()?;
    let claims = claims.claimed();
    // A copy bears the identifier of its license, and is not what the identifier names.
    Some((claims.id, claims.license.copy.is_none().then(|| claims.identifier())))
}

/// Where a status stands, for people: list and position.
pub(crate) fn pointer_text(at: StatusPointer) -> Say {
    let (list, index) = (at.list, at.index);
    say!("清单 {list}，位置 {index}", "list {list}, position {index}")
}
