//! Every credential: its row, what it says, its signature.

extern crate std;

use alloc::vec::Vec;
use core::ops::ControlFlow;
use std::thread;

use super::{CHUNK, Check, EntryFault, Finding};
use crate::claims::id::CreditCode;
use crate::claims::{LicenseClaims, SealClaims, StatusPointer};
use crate::envelope::{Envelope, Expected};
use crate::register::RegisterError;
use crate::register::event::Event;
use crate::register::fold::Slot;
use crate::register::issuing::object_of;
use crate::register::record::{Entry, Kind, LicenseName, SealName, Span};
use crate::register::seam::Register;
use crate::suite::PublicKey;
use crate::time::Timestamp;

impl<R: Register> Check<'_, R> {
    /// Looks at every credential: its row, its content, its signature.
    pub(super) fn entries(&mut self) -> Result<(), RegisterError> {
        for (authority, list) in self.fold.lists.keys().copied().collect::<Vec<_>>() {
            let mut next = 0_u64;
            loop {
                let mut chunk: Vec<Entry> = Vec::new();
                self.register.entries(authority, StatusPointer { list, index: next }, &mut |entry| {
                    chunk.push(entry);
                    if chunk.len() < CHUNK { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                })?;
                let is_last = chunk.len() < CHUNK;
                let end = match chunk.last() {
                    Some(entry) if !is_last => entry.status.index.saturating_add(1),
                    _ => u64::MAX,
                };
                self.gaps(authority, list, next, end, &chunk);
                self.chunk(authority, chunk)?;
                self.inspector.progress(&self.checked);
                next = end;
                if is_last {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Positions of which the journal says that a license was issued there, and there is none.
    fn gaps(&mut self, authority: CreditCode, list: u64, from: u64, until: u64, entries: &[Entry]) {
        let Some(folded) = self.fold.lists.get(&(authority, list)) else { return };
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let until = usize::try_from(until).unwrap_or(usize::MAX).min(folded.slots.len());
        let slots = folded.slots.get(from..until).unwrap_or_default();
        let mut held = entries.iter().map(|entry| entry.status.index).peekable();
        let mut missing = Vec::new();
        for (index, slot) in (u64::try_from(from).unwrap_or(u64::MAX)..).zip(slots) {
            let is_held = held.next_if_eq(&index).is_some();
            if slot.state().is_some() && !is_held {
                missing.push(StatusPointer { list, index });
            }
        }
        for at in missing {
            self.found(Finding::Entry { authority, at, fault: EntryFault::Missing });
        }
    }

    fn chunk(&mut self, authority: CreditCode, chunk: Vec<Entry>) -> Result<(), RegisterError> {
        let keys = self.register.keys(authority)?;
        let mut held = Vec::with_capacity(chunk.len());
        let mut faults = Vec::new();
        for entry in chunk {
            let at = entry.status;
            faults.extend(self.row(authority, &entry).map(|fault| (at, fault)));
            let content = self.register.content(authority, at)?;
            let erased = self.fold.erased.contains(&(authority, at));
            self.checked.credentials = self.checked.credentials.saturating_add(1);
            match content {
                Some(content)
                    if content.bytes.is_some() != erased
                        && (entry.name.is_some() || entry.seal.is_some()) != erased =>
                {
                    if let Some(bytes) = content.bytes {
                        let key = keys.iter().find(|key| key.thumbprint() == content.signer);
                        held.push((entry, bytes, key));
                    } else {
                        self.checked.erased = self.checked.erased.saturating_add(1);
                    }
                }
                _ => faults.push((at, EntryFault::Content)),
            }
        }
        let size = held.len().div_ceil(self.threads.get()).max(1);
        let found = thread::scope(|scope| {
            let parts: Vec<_> = held
                .chunks(size)
                .map(|part| {
                    scope.spawn(move || {
                        let faults = part
                            .iter()
                            .map(|(entry, bytes, key)| (entry.status, content(authority, entry, bytes, *key)));
                        faults.filter_map(|(at, fault)| fault.map(|fault| (at, fault))).collect::<Vec<_>>()
                    })
                })
                .collect();
            parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect::<Vec<_>>()
        });
        faults.extend(found);
        faults.sort_by_key(|(at, _)| *at);
        for (at, fault) in faults {
            self.found(Finding::Entry { authority, at, fault });
        }
        Ok(())
    }

    /// What stands in a row, against what the journal adds up to.
    fn row(&self, authority: CreditCode, entry: &Entry) -> Option<EntryFault> {
        let place = (authority, entry.status);
        let Some(state) = self.fold.slot(authority, entry.status).and_then(Slot::state) else {
            return Some(EntryFault::Unrecorded);
        };
        let alone = if self.fold.seals.contains(&place) { Kind::Seal } else { Kind::First };
        let (kind, license) = self.fold.others.get(&place).copied().unwrap_or((alone, entry.status));
        if (entry.kind, entry.license) != (kind, license) {
            return Some(EntryFault::Kind);
        }
        let standing = self.fold.standings.get(&place).copied();
        let (since, successor) = standing.unwrap_or((entry.issuance.issued_at, None));
        if (entry.state, entry.since, entry.successor) != (state, since, successor) {
            return Some(EntryFault::State);
        }
        let mut issued_by = None;
        let read = self.register.records(entry.record, &mut |stored| {
            issued_by = stored.record;
            ControlFlow::Break(())
        });
        let holds = |span: &Span| span.list == entry.status.list && span.positions().any(|at| at == entry.status);
        let is_its_issue = read.is_ok()
            && issued_by.is_some_and(|record| {
                record.authority == Some(authority)
                    && match &record.event {
                        Event::Issued(spans) => spans.iter().any(holds),
                        Event::Credential { at, .. } | Event::Sealed(at) => *at == entry.status,
                        _ => false,
                    }
            });
        (!is_its_issue).then_some(EntryFault::Record)
    }
}

/// What a credential says, against what stands beside it.
fn content(authority: CreditCode, entry: &Entry, bytes: &[u8], key: Option<&PublicKey>) -> Option<EntryFault> {
    let Ok(envelope) = Envelope::parse(bytes, Expected::Type(object_of(entry.kind))) else {
        return Some(EntryFault::Digest);
    };
    if envelope.object_digest() != entry.issuance.digest {
        return Some(EntryFault::Digest);
    }
    let is_beside = match (&entry.name, &entry.seal) {
        (Some(name), None) => says_license(authority, entry, name, envelope.claimed_payload()),
        (None, Some(seal)) => says_seal(authority, entry, seal, envelope.claimed_payload()),
        (Some(_), Some(_)) | (None, None) => false,
    };
    if !is_beside {
        return Some(EntryFault::Claims);
    }
    match key {
        Some(key) if envelope.verify(key).is_ok() => None,
        Some(_) | None => Some(EntryFault::Signature),
    }
}

/// Does a license say what stands beside it?
fn says_license(authority: CreditCode, entry: &Entry, name: &LicenseName, payload: &[u8]) -> bool {
    let Ok(claims) = LicenseClaims::parse(payload) else { return false };
    let claims = claims.claimed();
    let (license, issuance) = (&claims.license, &entry.issuance);
    claims.issuer == authority
        && claims.status == entry.status
        && claims.id == issuance.id
        && (claims.not_before, claims.issued_at, claims.expires)
            == (issuance.not_before, issuance.issued_at, issuance.expires)
        && (license.type_code, license.number, license.version) == (name.type_code, name.number.as_str(), name.version)
}

/// Does a seal say what stands beside it?
fn says_seal(authority: CreditCode, entry: &Entry, name: &SealName, payload: &[u8]) -> bool {
    let Ok(claims) = SealClaims::parse(payload) else { return false };
    let claims = claims.claimed();
    let (seal, issuance) = (&claims.seal, &entry.issuance);
    let (from, until) = (claims.validity.from(), claims.validity.until());
    claims.maker == authority
        && claims.status == entry.status
        && claims.id == issuance.id
        && claims.issued_at == issuance.issued_at
        && (from, until) == (issuance.not_before.seconds(), issuance.expires.map(Timestamp::seconds))
        && (seal.code, seal.owner, seal.name) == (name.code, name.owner, name.name.as_str())
}
