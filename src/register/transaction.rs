//! What is written together: all of it durably or none, with its record in the journal.

use alloc::string::ToString;
use core::ops::ControlFlow;

use super::event::Event;
use super::journal::{Act, Head, Record};
use super::record::{Publication, Span};
use super::seam::Register;
use super::{CLOCK_TOLERANCE, MAX_REASON, RegisterError};
use crate::claims::id::CreditCode;
use crate::suite::{Digest, sha256};
use crate::time::Timestamp;

/// How many records at the end of the journal are verified whenever a register is opened.
const TAIL: u64 = 10_000;

/// All of it durably, or none.
pub(super) fn transact<R: Register, T, E: From<RegisterError>>(
    register: &mut R,
    work: impl FnOnce(&mut R) -> Result<T, E>,
) -> Result<T, E> {
    register.begin()?;
    match work(register) {
        Ok(answer) => {
            register.commit()?;
            Ok(answer)
        }
        Err(error) => {
            register.roll_back();
            Err(error)
        }
    }
}

pub(super) fn check_clock(head: &Head, now: Timestamp) -> Result<(), RegisterError> {
    if head.time.since(now) > CLOCK_TOLERANCE { Err(RegisterError::ClockBehind(head.time)) } else { Ok(()) }
}

/// Looks at the end of the journal before something is done; the first record says that the register was made.
pub(super) fn begin_journal<R: Register>(register: &mut R, act: &Act<'_>) -> Result<(), RegisterError> {
    let head = register.head()?;
    check_tail(register, &head)?;
    check_clock(&head, act.time)?;
    if head.records == 0 { record(register, None, act, Event::Opened, None) } else { Ok(()) }
}

/// Writes what happened into the journal.
pub(super) fn record<R: Register>(
    register: &mut R,
    authority: Option<CreditCode>,
    act: &Act<'_>,
    event: Event,
    subject: Option<Digest>,
) -> Result<(), RegisterError> {
    let head = register.head()?;
    check_clock(&head, act.time)?;
    if act.reason.len() > MAX_REASON {
        return Err(RegisterError::Text);
    }
    let text = |_| RegisterError::Text;
    let subject = match subject {
        Some(subject) => subject,
        None => sha256(&event.encode().map_err(text)?),
    };
    let record = Record {
        seq: head.records,
        // Within the tolerance; the journal's own time never runs back, so that no clock creeps back step by step.
        time: act.time.max(head.time),
        authority,
        actor: act.actor.to_string(),
        approver: act.approver.map(ToString::to_string),
        event,
        subject,
        reason: act.reason.to_string(),
        previous: head.chain,
    };
    let chain = record.chain().map_err(text)?;
    register.append(&record, chain)
}

/// Verifies the chain of the last records.
pub(super) fn check_tail<R: Register>(register: &R, head: &Head) -> Result<(), RegisterError> {
    let from = head.records.saturating_sub(TAIL);
    let mut before = (from == 0).then_some(Head::NONE.chain);
    let (mut seq, mut fault) = (from, None);
    register.records(from, &mut |stored| {
        // Where the walk does not begin at the beginning, the first record says what it follows.
        let previous = before.or(stored.record.as_ref().map(|record| record.previous)).unwrap_or(Head::NONE.chain);
        if stored.follows(seq, previous).is_none() {
            fault = Some(seq);
            return ControlFlow::Break(());
        }
        before = Some(stored.chain);
        seq = seq.saturating_add(1);
        ControlFlow::Continue(())
    })?;
    match fault {
        Some(record) => Err(RegisterError::Damaged { record }),
        None if seq != head.records => Err(RegisterError::Damaged { record: seq }),
        None => Ok(()),
    }
}

/// Positions that were allotted, as `span`, and will never be issued.
pub(super) fn void<R: Register>(
    register: &mut R,
    authority: CreditCode,
    span: Span,
    void: &[Span],
    act: &Act<'_>,
) -> Result<(), RegisterError> {
    register.remove_allotment(authority, span)?;
    for span in void {
        register.add_void(authority, *span)?;
    }
    record(register, Some(authority), act, Event::Void(void.to_vec()), None)
}

/// A list follows another by a higher number and, within an epoch, a later time.
pub(super) fn follows(before: &Publication, after: &Publication) -> bool {
    (before.epoch, before.seq) < (after.epoch, after.seq)
        && (before.epoch != after.epoch || before.issued < after.issued)
}
