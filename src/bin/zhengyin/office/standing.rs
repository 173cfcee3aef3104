//! What becomes of licenses, and the status lists that say so.

use super::register;
use crate::files;
use crate::home::{self, Home};
use crate::output::{Failure, Say, say};
use std::ops::ControlFlow;
use std::path::Path;
use zhengyin::claims::id::{CreditCode, LicenseIdentifier};
use zhengyin::claims::{CredentialId, LicenseClaims, StatusPointer};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::limits::{MAX_OBJECT, MAX_TRUST_OBJECT};
use zhengyin::register::Entry;
use zhengyin::status::{Standing, StatusHeader, StatusList};

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

/// Where a status stands, for people: list and position.
pub(crate) fn pointer_text(at: StatusPointer) -> Say {
    let (list, index) = (at.list, at.index);
    say!("清单 {list}，位置 {index}", "list {list}, position {index}")
}
