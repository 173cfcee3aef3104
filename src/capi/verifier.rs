//! Verifying: a store, a policy, and the question about one credential.

extern crate std;

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::ffi::c_char;
use std::sync::{PoisonError, RwLock};

use super::boundary::{self, Answered, Handle, borrow, bytes, entry, entry_or, slot, text};
use super::clock::clock;
use super::fault::{zy_error, zy_status};
use super::found::Found;
use super::policy::zy_policy;
use super::question::{Question, zy_question};
use super::report::zy_report;
use super::store::zy_store;
use crate::carrier::{self, Decoded};
use crate::policy::Policy;
use crate::store::Store;
use crate::time::Clock;
use crate::verify::{StampVerifier, Verifier};

/// A store and a policy. Belongs to the caller, who frees it with `zy_verifier_free`. Any number of threads may use one at a time, also
/// while another replaces the store.
pub struct zy_verifier {
    policy: Policy,
    /// What is held now. A verification takes it once, and uses that to its end.
    store: RwLock<Arc<Store>>,
}

impl Handle for zy_verifier {
    const TAG: u64 = 0x7a79_7665_7269_6679;
}

/// What a report borrows from.
pub(super) struct Roots {
    store: Arc<Store>,
    policy: Policy,
    question: Question,
    offered: Offered,
    clock: Clock,
}

pub(super) enum Offered {
    Bytes(Box<[u8]>),
    Text(String, Result<Decoded, carrier::Error>),
}

impl Roots {
    fn verifier(&self) -> Verifier<'_> {
        Verifier::new(&self.store, self.policy.clone()).with_context(self.question.context())
    }

    fn license(&self) -> Found<'_> {
        let document = self.question.document();
        let verifier = self.verifier().with_document(document.sha256).with_document_sm3(document.sm3);
        Found::License(match &self.offered {
            Offered::Bytes(bytes) => verifier.verify(bytes, self.clock),
            Offered::Text(text, decoded) => verifier.verify_carried(text, decoded, self.clock),
        })
    }

    fn bytes(&self) -> &[u8] {
        match &self.offered {
            Offered::Bytes(bytes) => bytes,
            Offered::Text(text, _) => text.as_bytes(),
        }
    }

    pub(super) fn seal(&self) -> Found<'_> {
        Found::Seal(self.verifier().verify_seal(self.bytes(), self.clock))
    }

    pub(super) fn stamps(&self) -> StampVerifier<'_> {
        let stamps = self.verifier().stamps(self.bytes(), self.clock).with_seals(self.question.seals());
        match self.question.license_type() {
            Some(license_type) => stamps.for_license_type(license_type),
            None => stamps,
        }
    }
}

impl zy_verifier {
    /// What is asked, with what is held at this moment.
    pub(super) fn roots(&self, offered: Offered, clock: Clock, question: Question) -> Arc<Roots> {
        let store = Arc::clone(&self.store.read().unwrap_or_else(PoisonError::into_inner));
        Arc::new(Roots { store, policy: self.policy.clone(), question, offered, clock })
    }

    fn verify(&self, offered: Offered, clock: Clock, question: Question) -> zy_report {
        zy_report::of(Answered::of(self.roots(offered, clock, question), Roots::license))
    }
}

/// Makes a verifier. Both arguments stay the caller's and may be freed at once.
///
/// `*verifier` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_verifier_new(
    store: *const zy_store,
    policy: *const zy_policy,
    verifier: *mut *mut zy_verifier,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(verifier, "verifier")?;
        let store = RwLock::new(Arc::clone(&borrow(store, "store")?.store));
        slot.put(zy_verifier { policy: borrow(policy, "policy")?.policy.clone(), store });
        Ok(())
    })
}

/// Replaces what the verifier holds. Verifications that have begun go on with what they began with; reports stay as they are. The store
/// stays the caller's and may be freed at once.
#[unsafe(no_mangle)]
pub extern "C" fn zy_verifier_replace_store(
    verifier: *const zy_verifier,
    store: *const zy_store,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let (verifier, store) = (borrow(verifier, "verifier")?, borrow(store, "store")?);
        let before = {
            let mut held = verifier.store.write().unwrap_or_else(PoisonError::into_inner);
            core::mem::replace(&mut *held, Arc::clone(&store.store))
        };
        // Where it was the last, it is dropped while nobody waits for the lock.
        drop(before);
        Ok(())
    })
}

/// Verifies a license, and what follows it in the same bytes. A bad license, and bytes that are none, are an answer and not a failed call:
/// ask the report for its verdict.
///
/// `now` is in seconds since 1970-01-01T00:00:00Z, `ZY_NOW_SYSTEM` or `ZY_NOW_NONE`; `uncertainty` is how far it may be off, in seconds
/// (`ZY_UNCERTAINTY_USUAL`). `question` may be NULL. The bytes are copied.
///
/// `*report` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_verify(
    verifier: *const zy_verifier,
    credential: *const u8,
    credential_size: usize,
    now: i64,
    uncertainty: u32,
    question: *const zy_question,
    report: *mut *mut zy_report,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(report, "report")?;
        let verifier = borrow(verifier, "verifier")?;
        let offered = Offered::Bytes(bytes(credential, credential_size, "credential")?.into());
        slot.put(verifier.verify(offered, clock(now, uncertainty)?, Question::of_license(question)?));
        Ok(())
    })
}

/// Verifies what a text carries: a scanned code, or a block from mail. A text that carries nothing is an answer too.
///
/// `scanned` is UTF-8 of `scanned_size` bytes. Several texts that belong together go to `zy_carrier_decode` first. Otherwise as `zy_verify`:
/// `*report` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_verify_text(
    verifier: *const zy_verifier,
    scanned: *const c_char,
    scanned_size: usize,
    now: i64,
    uncertainty: u32,
    question: *const zy_question,
    report: *mut *mut zy_report,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(report, "report")?;
        let verifier = borrow(verifier, "verifier")?;
        let scanned = text(scanned, scanned_size, "scanned")?.to_owned();
        let decoded = carrier::decode(&scanned);
        let offered = Offered::Text(scanned, decoded);
        slot.put(verifier.verify(offered, clock(now, uncertainty)?, Question::of_license(question)?));
        Ok(())
    })
}

/// Frees a verifier. NULL is allowed; reports that it made stay as they are.
#[unsafe(no_mangle)]
pub extern "C" fn zy_verifier_free(verifier: *mut zy_verifier) {
    entry_or((), || boundary::free(verifier));
}
