//! The journal: what was done, by whom, when and why; only ever appended to, each record chained to the one before.

use alloc::string::String;
use alloc::vec::Vec;

use super::event::Event;
use crate::cbor::{self, Writer};
use crate::claims::id::CreditCode;
use crate::suite::{Digest, sha256};
use crate::time::Timestamp;

/// One record of the journal.
///
/// ```cddl
/// record = [seq: uint, time: int, tenant: tstr / null, actor: tstr, approver: tstr / null, action: uint, subject: bstr .size 32,
///           reason: tstr, detail: bstr, previous: bstr .size 32]      ; chain = SHA-256 of this encoding; 32 zero bytes before the first
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// From 0, without a gap.
    pub seq: u64,
    /// When, by the clock of who did it.
    pub time: Timestamp,
    /// The authority that it concerns; none for what concerns the register itself.
    pub authority: Option<CreditCode>,
    /// Who did it.
    pub actor: String,
    /// Who else agreed to it, where two were needed.
    pub approver: Option<String>,
    /// What was done.
    pub event: Event,
    /// The digest of what it was done to: the object digest of the license, or of several the SHA-256 of theirs in the order of their
    /// positions, or of the list; a key's thumbprint; else the SHA-256 of the detail.
    pub subject: Digest,
    /// Why.
    pub reason: String,
    /// The chain over all records before.
    pub previous: Digest,
}

impl Record {
    /// The encoding that the chain is made of.
    pub(super) fn encode(&self) -> Result<Vec<u8>, cbor::Error> {
        let detail = self.event.encode()?;
        let mut w = Writer::with_capacity(256);
        w.array(10);
        w.uint(self.seq);
        w.timestamp(self.time);
        match &self.authority {
            Some(authority) => w.text(authority.as_str()),
            None => w.null(),
        }
        w.text(&self.actor);
        match &self.approver {
            Some(approver) => w.text(approver),
            None => w.null(),
        }
        w.uint(self.event.number().into());
        w.bytes(self.subject.as_bytes());
        w.text(&self.reason);
        w.bytes(&detail);
        w.bytes(self.previous.as_bytes());
        w.finish()
    }

    /// The chain over all records up to and with this one.
    pub(super) fn chain(&self) -> Result<Digest, cbor::Error> {
        self.encode().map(|bytes| sha256(&bytes))
    }
}

/// A record as it was stored: what is claimed, until the chain is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// The record; none if its detail cannot be read.
    pub record: Option<Record>,
    /// The number under which it is stored.
    pub seq: u64,
    /// The chain that was stored with it.
    pub chain: Digest,
}

impl StoredRecord {
    /// Does it follow upon the record before, of this number and chain? Else it was altered, or one was left out.
    #[must_use]
    pub fn follows(&self, seq: u64, before: Digest) -> Option<&Record> {
        self.record.as_ref().filter(|record| {
            record.seq == seq
                && self.seq == seq
                && record.previous == before
                && record.chain().is_ok_and(|chain| chain == self.chain)
        })
    }
}

/// Where the journal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many records there are.
    pub records: u64,
    /// The time of the latest, 1970 for none.
    pub time: Timestamp,
    /// The chain over all of them: whoever keeps it elsewhere can tell later that none was altered or left out.
    pub chain: Digest,
}

impl Head {
    /// Of a journal without records.
    pub(super) const NONE: Self = Self { records: 0, time: Timestamp::MIN, chain: Digest::new([0; 32]) };
}

/// Who does something, by whose leave, when and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act<'a> {
    /// Who.
    pub actor: &'a str,
    /// Who else agreed to it.
    pub approver: Option<&'a str>,
    /// Why; may be empty.
    pub reason: &'a str,
    /// When: now, by the caller's clock.
    pub time: Timestamp,
}

impl<'a> Act<'a> {
    /// What somebody does now, for no reason that is worth keeping.
    #[must_use]
    pub const fn new(actor: &'a str, time: Timestamp) -> Self {
        Self { actor, approver: None, reason: "", time }
    }

    /// The same for a reason.
    #[must_use]
    pub const fn because(self, reason: &'a str) -> Self {
        Self { reason, ..self }
    }

    /// The same with another's approval.
    #[must_use]
    pub const fn approved_by(self, approver: &'a str) -> Self {
        Self { approver: Some(approver), ..self }
    }
}
