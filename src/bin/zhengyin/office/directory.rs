//! The next directory of a province: who signs for it, from when.

use super::known;
use super::province::Root;
use super::register;
use super::seat::Seat;
use crate::files::{self, Access};
use crate::home::{self, Home};
use crate::output::{Failure, Say, say};
use std::collections::BTreeMap;
use std::path::PathBuf;
use zhengyin::issue::{DirectoryError, Signer, publish_directory};
use zhengyin::store::Store;
use zhengyin::time::{Period, Timestamp};
use zhengyin::trust::{Directory, History, HistoryEntry, HistoryState, IssuerEntry};
use zhengyin::x509::Certificate;

/// When the next one is due, and when this one is good for nothing any more: seconds after it is issued.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) next_update: Timestamp,
    pub(crate) expires: Timestamp,
}

/// A directory that is ready to be signed.
#[derive(Clone, Debug)]
pub(crate) struct Next {
    pub(crate) directory: Directory,
    /// How many entries the one before did not have.
    pub(crate) added: usize,
    /// How many keys are retired, withdrawn or compromised now, and were not said to be.
    pub(crate) changed: usize,
    store: Store,
    path: PathBuf,
}

/// Drafts a province's next directory: the entries of the one before, and after them the seats that were enrolled since, which sign from
/// its issue on.
pub(crate) fn next(home: &Home, root: &Root, now: Timestamp, terms: Terms) -> Result<Next, Failure> {
    let store = known::demand(home)?;
    let code = root.facts.code;
    let before = home::numbered(root.folder(), "directory")?.pop();
    let held = store.directory(code).map(|held| held.directory().clone());
    // A file that no store takes is not built upon: its number would not follow.
    if let Some((seq, path)) = before.filter(|(seq, _)| held.as_ref().is_none_or(|held| held.seq < *seq)) {
        let shown = path.display();
        return Err(Failure::new(say!(
            "第 {seq} 号目录 {shown} 不被采信",
            "directory {seq}, {shown}, is not one that a store takes"
        ))
        .next(format!("zhengyin inspect {}", files::quoted(&path))));
    }
    let epoch = store.trust().and_then(|trust| trust.list().provinces.get(&code)).map_or(0, |province| province.epoch);
    let issued = super::after(now, held.as_ref().map(|held| held.issued))?;
    let mut issuers = held.as_ref().map(|held| held.issuers.clone()).unwrap_or_default();
    let known = issuers.len();
    for seat in Seat::all(home)?.into_iter().filter(|seat| seat.facts.province == code) {
        if !issuers.iter().any(|entry| entry.certificate == seat.certificate) {
            issuers.extend(entry(&seat, issued)?);
        }
    }
    let added = issuers.len().saturating_sub(known);
    let changed = tell_withdrawals(home, &mut issuers)?;
    let seq = held.as_ref().map_or(0, |held| held.seq).saturating_add(1);
    let directory = Directory {
        province: code,
        seq,
        issued,
        next_update: terms.next_update,
        expires: terms.expires,
        issuers,
        complete: true,
        epoch,
        minimums: held.map_or_else(BTreeMap::new, |held| held.minimums),
    };
    Ok(Next { directory, added, changed, store, path: home::numbered_path(root.folder(), "directory", seq) })
}

/// Adds what the register knows of keys that were put out of use to their histories; how many.
fn tell_withdrawals(home: &Home, issuers: &mut [IssuerEntry]) -> Result<usize, Failure> {
    let mut changed = 0_usize;
    for register in register::all(home)? {
        let authority = register.authority();
        for withdrawal in register.withdrawals().map_err(|error| register::refused(home, error))? {
            let is_meant = |entry: &&mut IssuerEntry| {
                let key = Certificate::parse(&entry.certificate).map(|certificate| certificate.public_key().clone());
                entry.authority == authority && key.is_ok_and(|key| key == withdrawal.key)
            };
            for entry in issuers.iter_mut().filter(is_meant) {
                if entry.history.entries().iter().any(|told| told.state == withdrawal.state) {
                    continue;
                }
                let last = entry.history.entries().last().map_or(withdrawal.from, |last| last.from);
                let told = HistoryEntry {
                    state: withdrawal.state,
                    // A key may be put out of use before the directory that lists it first.
                    from: withdrawal.from.max(last),
                    compromised_since: withdrawal.since,
                    log_head: None,
                };
                let (state, from) = (told.state, told.from.seconds());
                if !entry.history.append(told) {
                    continue;
                }
                changed = changed.saturating_add(1);
                if state == HistoryState::Retired {
                    // Its signing period ends with it.
                    let until = entry.signing.until().map_or(from, |until| until.min(from));
                    entry.signing = Period::new(entry.signing.from(), Some(until)).unwrap_or(entry.signing);
                }
            }
        }
    }
    Ok(changed)
}

/// The entry of a seat; none for a certificate that has run out.
fn entry(seat: &Seat, from: Timestamp) -> Result<Option<IssuerEntry>, Failure> {
    let until = seat.parsed()?.validity().until();
    let signing = Period::new(from.seconds(), until).filter(|period| period.until() != Some(period.from()));
    Ok(signing.map(|signing| IssuerEntry {
        certificate: seat.certificate.clone(),
        mandate: seat.facts.mandate.clone(),
        signing,
        history: History::active_since(from),
        authority: seat.facts.authority,
        uses: vec![seat.facts.purpose],
        profile: seat.facts.profile,
    }))
}

impl Next {
    /// Signs the directory and files it, after a store has taken it.
    pub(crate) fn publish(&self, root: &dyn Signer) -> Result<PathBuf, Failure> {
        let code = self.directory.province.as_str();
        let object = publish_directory(&self.directory, Some(&self.store), root).map_err(|error| {
            Failure::new(say!("无法发布省份 {code} 的目录", "the directory of {code} cannot be published"))
                .because(self.explain(error))
        })?;
        files::create(&self.path, &object, Access::Shared)?;
        Ok(self.path.clone())
    }

    fn explain(&self, error: DirectoryError) -> Say {
        let who = |entry: usize| self.directory.issuers.get(entry).map_or("?", |entry| entry.authority.as_str());
        match error {
            DirectoryError::Entry { entry, reason } => {
                let (who, why) = (who(entry), super::reason_text(reason));
                Say { zh: format!("{who}：{}", why.zh), en: format!("{who}: {}", why.en) }
            }
            DirectoryError::KeyTwice(entry) => {
                let who = who(entry);
                say!("{who}：同一个密钥登记了两次", "{who}: the same key is enrolled twice")
            }
            DirectoryError::Refused(refusal) => super::reason_text(refusal.reason),
            DirectoryError::Draft(error) => super::words::explain_draft(error),
            error => say!("{error}", "{error}"),
        }
    }
}
