//! Presentations that were seen before: each is good once.

extern crate std;

use alloc::sync::Arc;
use std::sync::{Mutex, PoisonError};

use super::boundary::{self, Handle, borrow, bytes, entry, entry_or, slot};
use super::fault::{Fault, zy_error, zy_status};
use super::report::zy_report;
use crate::suite::Digest;
use crate::time::Timestamp;
use crate::verify::Seen;

/// Presentations that were accepted, so that none is good twice. Belongs to the caller, who frees it with `zy_seen_free`. Any number of
/// threads may use one at a time.
///
/// It stands in memory only. A caller who wants it to survive a restart keeps `presentation.replay_key` and `presentation.forget_after` of each
/// report whose step presentation passed, and adds them again.
pub struct zy_seen {
    seen: Mutex<Arc<Seen>>,
}

impl Handle for zy_seen {
    const TAG: u64 = 0x7a79_7365_656e_0000;
}

impl zy_seen {
    /// What is known now; what is added later is not in it.
    pub(super) fn now(&self) -> Arc<Seen> {
        Arc::clone(&self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Reports that are still alive keep what they were made from.
        change(Arc::make_mut(&mut seen));
    }
}

/// Makes an empty memory of presentations. `*seen` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_seen_new(seen: *mut *mut zy_seen, error: *mut *mut zy_error) -> zy_status {
    entry(error, || {
        slot(seen, "seen")?.put(zy_seen { seen: Mutex::new(Arc::new(Seen::new())) });
        Ok(())
    })
}

/// Remembers the presentation of a report, if there was one and it was accepted; else nothing happens.
#[unsafe(no_mangle)]
pub extern "C" fn zy_seen_remember(
    seen: *const zy_seen,
    report: *const zy_report,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let (seen, report) = (borrow(seen, "seen")?, borrow(report, "report")?);
        let accepted = report
            .look(|seen| seen.license()?.accepted_presentation().map(|shown| (shown.replay_key, shown.forget_after())));
        if let Some((key, until)) = accepted {
            seen.change(|seen| seen.remember(key, until));
        }
        Ok(())
    })
}

/// Adds a presentation by its key, the 32 bytes of `presentation.replay_key` in a report, to be kept until a time in seconds since 1970,
/// its `presentation.forget_after`.
#[unsafe(no_mangle)]
pub extern "C" fn zy_seen_add(
    seen: *const zy_seen,
    key: *const u8,
    key_size: usize,
    until: i64,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let seen = borrow(seen, "seen")?;
        let key = Digest::from_slice(bytes(key, key_size, "key")?);
        let key = key.ok_or_else(|| Fault::argument("key", "32 bytes are expected"))?;
        let until = Timestamp::new(until)
            .ok_or_else(|| Fault::argument("until", "seconds since 1970-01-01T00:00:00Z are expected"))?;
        seen.change(|seen| seen.remember(key, until));
        Ok(())
    })
}

/// Forgets what may be forgotten by a time in seconds since 1970: the earliest that it can be now, which is the clock's reading less its
/// uncertainty.
#[unsafe(no_mangle)]
pub extern "C" fn zy_seen_forget(seen: *const zy_seen, now: i64, error: *mut *mut zy_error) -> zy_status {
    entry(error, || {
        let seen = borrow(seen, "seen")?;
        let now = Timestamp::new(now)
            .ok_or_else(|| Fault::argument("now", "seconds since 1970-01-01T00:00:00Z are expected"))?;
        seen.change(|seen| seen.forget(now));
        Ok(())
    })
}

/// Frees a memory of presentations. NULL is allowed; reports that were made with it stay as they are.
#[unsafe(no_mangle)]
pub extern "C" fn zy_seen_free(seen: *mut zy_seen) {
    entry_or((), || boundary::free(seen));
}
