//! The positions of a group by what became of them.

use alloc::vec::Vec;

use crate::claims::StatusPointer;
use crate::claims::id::CreditCode;
use crate::register::RegisterError;
use crate::register::event::Event;
use crate::register::journal::Act;
use crate::register::record::Span;
use crate::register::seam::Register;
use crate::register::transaction::{record, void};
use crate::suite::{Digest, sha256};

/// The positions of a group by what became of them.
#[derive(Default)]
pub(super) struct Tally {
    issued: Vec<Span>,
    void: Vec<Span>,
    digests: Vec<u8>,
}

impl Tally {
    pub(super) fn issued(&mut self, at: StatusPointer, digest: Digest) {
        extend(&mut self.issued, at);
        self.digests.extend_from_slice(digest.as_bytes());
    }

    pub(super) fn void(&mut self, at: StatusPointer) {
        extend(&mut self.void, at);
    }

    pub(super) fn write<R: Register>(
        &self,
        register: &mut R,
        authority: CreditCode,
        span: Span,
        act: &Act<'_>,
    ) -> Result<(), RegisterError> {
        if !self.issued.is_empty() {
            let event = Event::Issued(self.issued.clone());
            record(register, Some(authority), act, event, Some(subject_of(&self.digests)))?;
        }
        if self.void.is_empty() {
            register.remove_allotment(authority, span)?;
        } else {
            void(register, authority, span, &self.void, act)?;
        }
        Ok(())
    }
}

/// The position after the last of the spans, or a new span.
fn extend(spans: &mut Vec<Span>, at: StatusPointer) {
    let Ok(index) = u32::try_from(at.index) else { return };
    match spans.last_mut() {
        Some(last) if last.end() == at.index => last.count = last.count.saturating_add(1),
        _ => spans.push(Span { list: at.list, first: index, count: 1 }),
    }
}

/// What a record of issue is about: the digest of one license; of several the SHA-256 of theirs, one after the other.
pub(in crate::register) fn subject_of(digests: &[u8]) -> Digest {
    Digest::from_slice(digests).unwrap_or_else(|| sha256(digests))
}
