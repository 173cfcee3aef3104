//! Stamps over a document that is handed in whole or in pieces, and seals.

extern crate std;

use std::sync::{Mutex, TryLockError};

use super::boundary::{self, Answered, Handle, Streamed, borrow, bytes, entry, entry_or, slot};
use super::clock::clock;
use super::fault::{Fault, zy_error, zy_status};
use super::question::{Question, zy_question};
use super::report::zy_report;
use super::verifier::{Offered, Roots, zy_verifier};

/// Stamps whose document is still coming. Belongs to the caller, who frees it with `zy_stamps_free`. One thread at a time: a second one
/// gets `ZY_IN_USE`.
///
/// It keeps what it needs of verifier and stamps, by the store that the verifier held when it was opened. Of the document nothing is kept but
/// its digest.
pub struct zy_stamps {
    /// `None` when it has given its report, and after a fault of this library.
    streamed: Mutex<Option<Streamed<Roots>>>,
}

impl Handle for zy_stamps {
    const TAG: u64 = 0x7a79_7374_616d_7073;
}

impl zy_stamps {
    /// Takes what is under way; what is put back goes on.
    fn with<T>(&self, go_on: impl FnOnce(Streamed<Roots>) -> (Option<Streamed<Roots>>, T)) -> Result<T, Fault> {
        let mut streamed = match self.streamed.try_lock() {
            Ok(streamed) => streamed,
            // A panic under the lock has left nothing in it.
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(Fault::in_use("stamps")),
        };
        let (kept, told) = go_on(streamed.take().ok_or_else(|| Fault::finished("stamps"))?);
        *streamed = kept;
        Ok(told)
    }

    fn finish(&self, is_document: bool) -> Result<zy_report, Fault> {
        let answered = self.with(|streamed| (None, streamed.finish(is_document)))?;
        Ok(zy_report::of(answered))
    }
}

/// Begins to verify a file of stamps (`.zys`) over a document that follows in pieces, by `zy_stamps_update`. Whatever is wrong with the
/// stamps is an answer, which `zy_stamps_finish` gives.
///
/// `now` is in seconds since 1970-01-01T00:00:00Z, `ZY_NOW_SYSTEM` or `ZY_NOW_NONE`; `uncertainty` is how far it may be off, in seconds
/// (`ZY_UNCERTAINTY_USUAL`). `question` may be NULL. The bytes are copied.
///
/// `ZY_ARGUMENT` where the question says what is asked of licenses only. `*stream` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_stamps_open(
    verifier: *const zy_verifier,
    stamps: *const u8,
    stamps_size: usize,
    now: i64,
    uncertainty: u32,
    question: *const zy_question,
    stream: *mut *mut zy_stamps,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(stream, "stream")?;
        let verifier = borrow(verifier, "verifier")?;
        let offered = Offered::Bytes(bytes(stamps, stamps_size, "stamps")?.into());
        let roots = verifier.roots(offered, clock(now, uncertainty)?, Question::of_stamps(question)?);
        let streamed = Mutex::new(Some(Streamed::of(roots, Roots::stamps)));
        slot.put(zy_stamps { streamed });
        Ok(())
    })
}

/// The next piece of the document, as large or small as it comes; of no bytes too. It is digested and not kept.
///
/// `ZY_FINISHED` after the report was given, `ZY_IN_USE` while another thread uses it: then nothing of the piece was taken.
#[unsafe(no_mangle)]
pub extern "C" fn zy_stamps_update(
    stamps: *const zy_stamps,
    piece: *const u8,
    piece_size: usize,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let (stamps, piece) = (borrow(stamps, "stamps")?, bytes(piece, piece_size, "piece")?);
        stamps.with(|mut streamed| {
            streamed.update(piece);
            (Some(streamed), ())
        })
    })
}

/// The document is complete, also where no piece of it came: the report of its stamps, each by itself (`zy_report_stamp`) and all
/// together. Afterwards the handle can only be freed, which it still is to be.
///
/// `ZY_FINISHED` if the report was given before, `ZY_IN_USE` while another thread uses it. `*report` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_stamps_finish(
    stamps: *const zy_stamps,
    report: *mut *mut zy_report,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(report, "report")?;
        slot.put(borrow(stamps, "stamps")?.finish(true)?);
        Ok(())
    })
}

/// There is no document at hand: whether one is what was stamped stays open, and step document undetermined. What pieces came is not looked
/// at. Otherwise as `zy_stamps_finish`: `*report` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_stamps_finish_without_document(
    stamps: *const zy_stamps,
    report: *mut *mut zy_report,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(report, "report")?;
        slot.put(borrow(stamps, "stamps")?.finish(false)?);
        Ok(())
    })
}

/// Frees stamps whose document is still coming, or has come. NULL is allowed; the report stays as it is.
#[unsafe(no_mangle)]
pub extern "C" fn zy_stamps_free(stamps: *mut zy_stamps) {
    entry_or((), || boundary::free(stamps));
}

/// Verifies a file of stamps (`.zys`) over a document that is at hand whole; NULL and size 0 are a document of no bytes. The same as
/// `zy_stamps_open`, one `zy_stamps_update`, and `zy_stamps_finish`. A document of more than `ZY_MAX_INPUT` bytes goes there.
///
/// `*report` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_verify_stamps(
    verifier: *const zy_verifier,
    stamps: *const u8,
    stamps_size: usize,
    document: *const u8,
    document_size: usize,
    now: i64,
    uncertainty: u32,
    question: *const zy_question,
    report: *mut *mut zy_report,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(report, "report")?;
        let verifier = borrow(verifier, "verifier")?;
        let offered = Offered::Bytes(bytes(stamps, stamps_size, "stamps")?.into());
        let document = bytes(document, document_size, "document")?;
        let roots = verifier.roots(offered, clock(now, uncertainty)?, Question::of_stamps(question)?);
        let mut streamed = Streamed::of(roots, Roots::stamps);
        streamed.update(document);
        slot.put(zy_report::of(streamed.finish(true)));
        Ok(())
    })
}

/// Verifies a seal (`.zye`) by itself, as of now: its maker, its validity, its status.
///
/// `ZY_ARGUMENT` where the question says what is asked of licenses or of stamps only. Otherwise as `zy_verify`: `*report` is written only
/// when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_verify_seal(
    verifier: *const zy_verifier,
    seal: *const u8,
    seal_size: usize,
    now: i64,
    uncertainty: u32,
    question: *const zy_question,
    report: *mut *mut zy_report,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(report, "report")?;
        let verifier = borrow(verifier, "verifier")?;
        let offered = Offered::Bytes(bytes(seal, seal_size, "seal")?.into());
        let roots = verifier.roots(offered, clock(now, uncertainty)?, Question::of_seal(question)?);
        slot.put(zy_report::of(Answered::of(roots, Roots::seal)));
        Ok(())
    })
}
