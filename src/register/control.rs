//! Dual control: what one operator alone may not do. Each of two signs the same statement of what is to be done, and the journal keeps the
//! statement and both signatures.

use alloc::string::String;
use alloc::vec::Vec;

use super::change::Change;
use super::event::Event;
use super::issuing::add_key;
use super::journal::Act;
use super::record::follows_in_order;
use super::seam::{Operator, Register};
use super::transaction::{begin_journal, record, transact};
use super::{CLOCK_TOLERANCE, Desk, RegisterError};
use crate::cbor::Writer;
use crate::claims::id::CreditCode;
use crate::suite::{PublicKey, sha256};
use crate::time::Timestamp;
use crate::trust::HistoryState;

/// The form of a statement.
pub(super) const STATEMENT: &str = "zhengyin.consent/1";
/// More licenses than these are not put out of force by one operator alone.
pub const BULK: usize = 10;
/// With fewer operators than these nobody could consent: the first are admitted without.
const PAIR: usize = 2;
/// A statement that was signed is good for so many seconds: a week.
pub const CONSENT_GOOD_FOR: i64 = 604_800;

/// What needs two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision<'a> {
    /// Changes of many licenses at once.
    Changes(&'a [Change<'a>]),
    /// A key of the authority that is withdrawn, or in other hands.
    Withdrawal {
        /// The key.
        key: &'a PublicKey,
        /// What becomes of it.
        state: HistoryState,
        /// Since when it may have been in other hands.
        since: Option<Timestamp>,
    },
    /// An operator who is admitted, or approves no longer.
    Operator {
        /// Its name.
        name: &'a str,
        /// Its key.
        key: &'a PublicKey,
        /// Whether it is admitted.
        admitted: bool,
    },
}

/// The signature of one operator.
#[derive(Clone, Copy, Debug)]
pub struct Signature<'a> {
    /// Who signed.
    pub key: &'a PublicKey,
    /// Over [`statement`].
    pub signature: &'a [u8],
}

/// What makes a statement the one that it is, beside what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stated {
    /// When it was made: it is good for a week.
    pub time: Timestamp,
    /// 16 bytes from a cryptographic source of randomness: it is good for once.
    pub nonce: [u8; 16],
}

/// That two operators consent.
#[derive(Clone, Copy, Debug)]
pub struct Consent<'a> {
    /// The statement.
    pub stated: Stated,
    /// Who does it.
    pub first: Signature<'a>,
    /// Who approves it.
    pub second: Signature<'a>,
}

/// The bytes that each of the two signs.
///
/// ```cddl
/// statement = ["zhengyin.consent/1", tenant: tstr / null, reason: tstr, stated: int, nonce: bstr .size 16, decision]
/// decision  = [0, count: uint, digest: bstr .size 32]       ; SHA-256 of [* change], as they are given
///           / [1, spki: bstr, state: uint, since: int / null]
///           / [2, name: tstr, spki: bstr, admitted: bool]
/// change    = [list: uint, index: uint, number: tstr / null, state: uint, basis: tstr / null, effective: int / null]
/// ```
///
/// # Errors
/// [`RegisterError::Text`] if a text holds characters that are not admitted.
pub fn statement(
    authority: Option<CreditCode>,
    reason: &str,
    stated: Stated,
    decision: &Decision<'_>,
) -> Result<Vec<u8>, RegisterError> {
    let mut w = Writer::with_capacity(256);
    w.array(6);
    w.text(STATEMENT);
    match &authority {
        Some(authority) => w.text(authority.as_str()),
        None => w.null(),
    }
    w.text(reason);
    w.timestamp(stated.time);
    w.bytes(&stated.nonce);
    match decision {
        Decision::Changes(changes) => {
            let digest = sha256(&write_changes(changes)?);
            w.array(3);
            w.uint(0);
            w.uint(u64::try_from(changes.len()).unwrap_or(u64::MAX));
            w.bytes(digest.as_bytes());
        }
        Decision::Withdrawal { key, state, since } => {
            w.array(4);
            w.uint(1);
            w.bytes(&key.spki());
            w.uint(state.number().into());
            optional(&mut w, *since, Writer::timestamp);
        }
        Decision::Operator { name, key, admitted } => {
            w.array(4);
            w.uint(2);
            w.text(name);
            w.bytes(&key.spki());
            w.boolean(*admitted);
        }
    }
    w.finish().map_err(|_| RegisterError::Text)
}

/// The changes, as a statement means them.
pub(super) fn write_changes(changes: &[Change<'_>]) -> Result<Vec<u8>, RegisterError> {
    let mut w = Writer::with_capacity(changes.len().saturating_mul(32));
    w.array_of(changes.iter(), |w, change| {
        w.array(6);
        w.uint(change.at.list);
        w.uint(change.at.index);
        optional(w, change.number, Writer::text);
        w.uint(change.state.number().into());
        optional(w, change.basis, Writer::text);
        optional(w, change.effective, Writer::timestamp);
    });
    w.finish().map_err(|_| RegisterError::Text)
}

fn optional<T>(w: &mut Writer, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
    match value {
        Some(value) => write(w, value),
        None => w.null(),
    }
}

/// The two, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Two {
    pub(super) first: String,
    pub(super) second: String,
}

impl Two {
    /// What the two do together.
    pub(super) fn act<'a>(&'a self, act: &Act<'a>) -> Act<'a> {
        Act { actor: &self.first, approver: Some(&self.second), ..*act }
    }
}

/// Looks whether two operators who are admitted consent, and keeps what they signed.
pub(super) fn consent<R: Register>(
    register: &mut R,
    authority: Option<CreditCode>,
    decision: &Decision<'_>,
    consent: &Consent<'_>,
    act: &Act<'_>,
) -> Result<Two, RegisterError> {
    let age = act.time.since(consent.stated.time);
    if age > CONSENT_GOOD_FOR || age < CLOCK_TOLERANCE.saturating_neg() {
        return Err(RegisterError::ConsentOld(consent.stated.time));
    }
    let statement = statement(authority, act.reason, consent.stated, decision)?;
    let operators = register.operators()?;
    let who = |signature: &Signature<'_>| {
        let known = operators.iter().find(|operator| operator.key == *signature.key);
        let known = known.ok_or(RegisterError::NotAnOperator(signature.key.key_id()))?;
        let verified = signature.key.verify(&[&statement], signature.signature);
        verified.map(|()| known).map_err(|_| RegisterError::ConsentToOther(signature.key.key_id()))
    };
    let (first, second) = (who(&consent.first)?, who(&consent.second)?);
    if first.key == second.key || first.name == second.name {
        return Err(RegisterError::ConsentOfOne);
    }
    if !register.records_of(sha256(&statement))?.is_empty() {
        return Err(RegisterError::ConsentUsed);
    }
    let two = Two { first: first.name.clone(), second: second.name.clone() };
    let signed = |signature: &Signature<'_>| (signature.key.spki(), signature.signature.to_vec());
    let event = Event::Consented {
        statement: statement.clone(),
        first: signed(&consent.first),
        second: signed(&consent.second),
    };
    record(register, authority, &two.act(act), event, Some(sha256(&statement)))?;
    Ok(two)
}

impl<R: Register> Desk<R> {
    /// Changes many licenses, all of them or none. More than [`BULK`] are put out of force only with the consent of two operators.
    ///
    /// # Errors
    /// [`RegisterError::NeedsTwo`], those of the consent; the number of the first change that is refused, and why.
    pub fn change_many(
        &mut self,
        changes: &[Change<'_>],
        consented: Option<&Consent<'_>>,
        act: &Act<'_>,
    ) -> Result<Vec<super::Changed>, (usize, RegisterError)> {
        let authority = self.authority;
        let mut at = 0;
        let is_bulk =
            changes.len() > BULK && changes.iter().any(|change| change.state != crate::status::State::InForce);
        transact(&mut self.register, |register| {
            let two = match consented {
                Some(given) => Some(consent(register, Some(authority), &Decision::Changes(changes), given, act)?),
                None if is_bulk => return Err(RegisterError::NeedsTwo),
                None => None,
            };
            let act = two.as_ref().map_or(*act, |two| two.act(act));
            let mut done = Vec::with_capacity(changes.len());
            for change in changes {
                done.push(super::change::change_license(register, authority, change, None, &act)?);
                at = done.len();
            }
            Ok(done)
        })
        .map_err(|error: RegisterError| (at, error))
    }

    /// Says that a key of the authority no longer signs. Withdrawal and compromise need the consent of two operators; retirement, which
    /// takes nothing back, does not.
    ///
    /// # Errors
    /// [`RegisterError::NeedsTwo`], [`RegisterError::KeyState`] if the key cannot enter the state, those of the consent and the storage.
    pub fn withdraw(
        &mut self,
        key: &PublicKey,
        state: HistoryState,
        since: Option<Timestamp>,
        consented: Option<&Consent<'_>>,
        act: &Act<'_>,
    ) -> Result<(), RegisterError> {
        let authority = self.authority;
        transact(&mut self.register, |register| {
            let decision = Decision::Withdrawal { key, state, since };
            let two = match consented {
                Some(given) => Some(consent(register, Some(authority), &decision, given, act)?),
                None if state == HistoryState::Retired => None,
                None => return Err(RegisterError::NeedsTwo),
            };
            let act = two.as_ref().map_or(*act, |two| two.act(act));
            let before = register.withdrawals(authority)?.into_iter().rfind(|withdrawal| withdrawal.key == *key);
            if !follows_in_order(before.map(|withdrawal| withdrawal.state), state) {
                return Err(RegisterError::KeyState(state));
            }
            put_out_of_use(register, authority, key, (state, since), &act)
        })
    }

    /// Puts a new key of the authority in the place of another, which is retired unless it is out of use already: what it signed stands. Done
    /// again, it changes nothing.
    ///
    /// # Errors
    /// [`RegisterError::KeyOutOfUse`] if the new key was put out of use, those of the storage.
    pub fn rotate(&mut self, old: &PublicKey, new: &PublicKey, act: &Act<'_>) -> Result<(), RegisterError> {
        let authority = self.authority;
        transact(&mut self.register, |register| {
            let out = register.withdrawals(authority)?;
            if out.iter().any(|withdrawal| withdrawal.key == *new) {
                return Err(RegisterError::KeyOutOfUse(new.key_id()));
            }
            if !out.iter().any(|withdrawal| withdrawal.key == *old) {
                put_out_of_use(register, authority, old, (HistoryState::Retired, None), act)?;
            }
            add_key(register, authority, new, act)
        })
    }

    /// Looks whether a key may still sign for the authority.
    ///
    /// # Errors
    /// [`RegisterError::KeyOutOfUse`] if it was retired, withdrawn or compromised; those of the storage.
    pub fn check_key(&self, key: &PublicKey) -> Result<(), RegisterError> {
        let is_out = self.withdrawals()?.iter().any(|withdrawal| withdrawal.key == *key);
        if is_out { Err(RegisterError::KeyOutOfUse(key.key_id())) } else { Ok(()) }
    }

    /// What became of the authority's keys, oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn withdrawals(&self) -> Result<Vec<Withdrawal>, RegisterError> {
        self.register.withdrawals(self.authority)
    }
}

/// Notes what became of a key.
fn put_out_of_use<R: Register>(
    register: &mut R,
    authority: CreditCode,
    key: &PublicKey,
    (state, since): (HistoryState, Option<Timestamp>),
    act: &Act<'_>,
) -> Result<(), RegisterError> {
    let now = act.time.max(register.head()?.time);
    // What a retired key signed in this very second stands, and it signs nothing more.
    let from = match state {
        HistoryState::Retired => Timestamp::new(now.seconds().saturating_add(1)).unwrap_or(now),
        _ => now,
    };
    register.add_withdrawal(authority, &Withdrawal { key: key.clone(), state, from, since })?;
    let event = Event::Withdrawn { key: key.spki(), state, from, since };
    record(register, Some(authority), act, event, Some(key.thumbprint()))
}

/// What became of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The key.
    pub key: PublicKey,
    /// What became of it.
    pub state: HistoryState,
    /// When that took effect.
    pub from: Timestamp,
    /// Of a compromised key: since when it may have been in other hands.
    pub since: Option<Timestamp>,
}

/// Admits an operator who may consent, or dismisses one. The first two are admitted without consent, for nobody could give it.
///
/// # Errors
/// [`RegisterError::NeedsTwo`], [`RegisterError::OperatorKnown`], [`RegisterError::NotAnOperator`], those of the consent and the storage.
pub fn set_operator<R: Register>(
    register: &mut R,
    operator: &Operator,
    admitted: bool,
    consented: Option<&Consent<'_>>,
    act: &Act<'_>,
) -> Result<(), RegisterError> {
    transact(register, |register| {
        begin_journal(register, act)?;
        let operators = register.operators()?;
        let decision = Decision::Operator { name: &operator.name, key: &operator.key, admitted };
        let two = match consented {
            Some(given) => Some(consent(register, None, &decision, given, act)?),
            None if admitted && operators.len() < PAIR => None,
            None => return Err(RegisterError::NeedsTwo),
        };
        let act = two.as_ref().map_or(*act, |two| two.act(act));
        if admitted {
            let is_known = operators.iter().any(|other| other.key == operator.key || other.name == operator.name);
            if is_known || operator.name.is_empty() {
                return Err(RegisterError::OperatorKnown);
            }
            register.add_operator(operator)?;
        } else {
            if !operators.contains(operator) {
                return Err(RegisterError::NotAnOperator(operator.key.key_id()));
            }
            register.remove_operator(&operator.key)?;
        }
        let event = Event::Operator { name: operator.name.clone(), key: operator.key.spki(), admitted };
        record(register, None, &act, event, Some(operator.key.thumbprint()))
    })
}
