//! What becomes of licenses.

use alloc::string::String;

use super::event::Event;
use super::journal::Act;
use super::record::{Entry, Kind, may_follow};
use super::seam::Register;
use super::transaction::{record, transact};
use super::{CLOCK_TOLERANCE, Desk, MAX_REASON, RegisterError};
use crate::claims::StatusPointer;
use crate::claims::id::CreditCode;
use crate::status::State;
use crate::time::Timestamp;

/// A change of a license's legal state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// A credential of the license. The change is of the license: its other credentials change with it. An annotated copy changes alone.
    pub at: StatusPointer,
    /// The state that it is to have. [`State::InForce`] takes a suspension or a loss back.
    pub state: State,
    /// The legal basis.
    pub basis: Option<&'a str>,
    /// From when it holds in law, where that is not now.
    pub effective: Option<Timestamp>,
    /// The number of the license, or the code of the seal, as whoever decided it read it: the register refuses where it has another.
    pub number: Option<&'a str>,
}

impl Change<'_> {
    /// A change that holds from now on.
    #[must_use]
    pub const fn to(at: StatusPointer, state: State) -> Self {
        Self { at, state, basis: None, effective: None, number: None }
    }
}

/// What became of a request to change a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Changed {
    /// It was recorded.
    Recorded {
        /// The state before.
        before: State,
    },
    /// The license had that state already; nothing was written.
    AlreadySo,
}

impl<R: Register> Desk<R> {
    /// Changes the legal state of a license or a seal, durably.
    ///
    /// # Errors
    /// [`RegisterError::Irreversible`] if the state cannot be entered, [`RegisterError::NotIssued`], those of the storage.
    pub fn change(&mut self, change: &Change<'_>, act: &Act<'_>) -> Result<Changed, RegisterError> {
        let authority = self.authority;
        transact(&mut self.register, |register| change_license(register, authority, change, None, act))
    }

    /// Erases by law what a license says and what names it, in all its credentials. Digests, positions and states stay: the license can
    /// still be revoked, and the lists and the journal remain whole. What was handed out or stands in a backup is not reached. Of a seal nothing
    /// is erased: whoever holds a stamp needs it.
    ///
    /// # Errors
    /// [`RegisterError::NotIssued`], those of the storage.
    pub fn erase(&mut self, at: StatusPointer, basis: &str, act: &Act<'_>) -> Result<usize, RegisterError> {
        let entry = self.entry(at)?.ok_or(RegisterError::NotIssued(at))?;
        let all = self.credentials(&entry)?;
        let authority = self.authority;
        transact(&mut self.register, |register| {
            let named = all.iter().filter(|entry| entry.name.is_some());
            let mut erased = 0_usize;
            for Entry { status, issuance, .. } in named {
                register.erase(authority, *status)?;
                let event = Event::Erased { at: *status, basis: String::from(basis) };
                record(register, Some(authority), act, event, Some(issuance.digest))?;
                erased = erased.saturating_add(1);
            }
            Ok(erased)
        })
    }
}

/// Changes a license: the credential that is named, and with it every other that can enter the state and has not run out.
pub(super) fn change_license<R: Register>(
    register: &mut R,
    authority: CreditCode,
    change: &Change<'_>,
    successor: Option<StatusPointer>,
    act: &Act<'_>,
) -> Result<Changed, RegisterError> {
    let Change { at, state, basis, effective, number } = *change;
    let named = register.entry(authority, at)?.ok_or(RegisterError::NotIssued(at))?;
    let held = named.held_number();
    if number.is_some_and(|number| held.is_some_and(|held| held != number)) {
        return Err(RegisterError::OtherNumber(at));
    }
    let before = named.state;
    if before != state && !may_follow(before, state) {
        return Err(RegisterError::Irreversible { before, after: state });
    }
    if let Some(later) = effective.filter(|effective| effective.since(act.time) > CLOCK_TOLERANCE) {
        return Err(RegisterError::NotYet(later));
    }
    if basis.is_some_and(|basis| basis.len() > MAX_REASON) {
        return Err(RegisterError::Text);
    }
    let mut all = alloc::vec![named.clone()];
    if named.kind != Kind::Copy {
        all.extend(register.entry(authority, named.license)?);
        all.extend(register.others(authority, named.license)?);
    }
    // The journal's time, which never runs back.
    let since = effective.unwrap_or(act.time.max(register.head()?.time));
    let mut changed = 0_usize;
    for (number, entry) in all.iter().enumerate() {
        let has_run_out = entry.issuance.expires.is_some_and(|expires| expires <= act.time);
        let is_named_again = number > 0 && entry.status == at;
        if is_named_again || !may_follow(entry.state, state) || number > 0 && has_run_out {
            continue;
        }
        register.set_state(authority, entry.status, state, since, successor)?;
        let event = Event::Changed { at: entry.status, state, basis: basis.map(String::from), effective, successor };
        record(register, Some(authority), act, event, Some(entry.issuance.digest))?;
        changed = changed.saturating_add(1);
    }
    Ok(if changed == 0 { Changed::AlreadySo } else { Changed::Recorded { before } })
}
