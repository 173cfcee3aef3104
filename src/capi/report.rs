//! The answer to a verification.

use alloc::sync::Arc;

use super::boundary::{self, Answered, Handle, borrow, entry, entry_or, slot, struct_slot};
use super::buffer::zy_buffer;
use super::fault::{Fault, zy_error, zy_status};
use super::found::View;
use super::verifier::Roots;
use crate::reason::Reason;
use crate::time::Timestamp;
use crate::verify::{Asked, Outcome, Point, Step, Texts, Value, Verdict};

/// It cannot be told; the report says what would tell. A verdict that the caller does not know is to be read as this one.
pub const ZY_VERDICT_UNDETERMINED: u32 = 0;
/// Genuine, in force, recognised here, and rightly presented.
pub const ZY_VERDICT_VALID: u32 = 1;
/// Proved otherwise.
pub const ZY_VERDICT_INVALID: u32 = 2;

/// Canonical bytes of the expected type, within limits?
pub const ZY_STEP_ENCODING: u32 = 1;
/// Is the signing key known, in force, chained to an anchor, and mandated for this?
pub const ZY_STEP_ISSUER: u32 = 2;
/// Does the signature verify, strictly?
pub const ZY_STEP_SIGNATURE: u32 = 3;
/// Is it within its validity?
pub const ZY_STEP_PERIOD: u32 = 4;
/// In force, suspended, revoked?
pub const ZY_STEP_STATUS: u32 = 5;
/// Is it recognised where the verifier stands?
pub const ZY_STEP_RECOGNITION: u32 = 6;
/// Did its holder show it, now, to us?
pub const ZY_STEP_PRESENTATION: u32 = 7;
/// Is it the document that was stamped?
pub const ZY_STEP_DOCUMENT: u32 = 8;
/// The seal's authority, and the stamping time.
pub const ZY_STEP_SEAL: u32 = 9;

/// The question does not apply, or was not to be asked.
pub const ZY_OUTCOME_NOT_ASKED: u32 = 0;
/// Yes.
pub const ZY_OUTCOME_PASSED: u32 = 1;
/// No, and more data cannot reverse it.
pub const ZY_OUTCOME_FAILED: u32 = 2;
/// More data is needed; the reason says which. An outcome that the caller does not know is to be read as this one.
pub const ZY_OUTCOME_UNKNOWN: u32 = 3;

/// Is the seal at hand that the stamp names?
pub const ZY_POINT_PRESENT: u32 = 1;
/// Is it of the shape of a seal, with a picture that may be drawn?
pub const ZY_POINT_ENCODING: u32 = 2;
/// Was its maker 制章者 known, in force and mandated when it was made?
pub const ZY_POINT_MAKER: u32 = 3;
/// Did the maker sign it?
pub const ZY_POINT_SIGNATURE: u32 = 4;
/// Is the stamp made in the name of the seal's owner?
pub const ZY_POINT_OWNER: u32 = 5;
/// Is the key that stamped among those that the seal lists?
pub const ZY_POINT_KEY: u32 = 6;
/// Was it stamped while the seal was valid, and not before it was made?
pub const ZY_POINT_VALIDITY: u32 = 7;
/// May the seal be used on documents of this kind?
pub const ZY_POINT_KIND: u32 = 8;

/// With texts in Chinese and English beside symbols and numbers.
pub const ZY_REPORT_TEXTS: u32 = 1;
/// Without the holder and what the license says of him: for logs.
pub const ZY_REPORT_REDACTED: u32 = 2;

/// There is no such moment.
pub const ZY_NEVER: i64 = 9_223_372_036_854_775_807;

/// A report of a license, and of what follows it in the same bytes.
pub const ZY_KIND_LICENSE: u32 = 1;
/// A report of a seal by itself.
pub const ZY_KIND_SEAL: u32 = 2;
/// A report of one stamp, and of its seal.
pub const ZY_KIND_STAMP: u32 = 3;
/// A report of a file of stamps: of each, and of all together.
pub const ZY_KIND_STAMPS: u32 = 4;

/// The answer to a verification. Belongs to the caller, who frees it with `zy_report_free`. It never changes, and keeps what it needs of
/// store and credential alive: any thread may read it, at any time.
pub struct zy_report {
    pub(super) answered: Arc<Answered<Roots>>,
    /// The stamp that it is of, of those that the answer has.
    pub(super) place: Option<usize>,
}

impl Handle for zy_report {
    const TAG: u64 = 0x7a79_7265_706f_7274;
}

/// Of what it is a report: a `ZY_KIND_…`. What can be asked of each is told at the functions; 0 for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_kind(report: *const zy_report) -> u32 {
    entry_or(0, || {
        Some(borrow(report, "report").ok()?.look(|view| match view {
            View::License(_) => ZY_KIND_LICENSE,
            View::Seal(_) => ZY_KIND_SEAL,
            View::Stamp(_) => ZY_KIND_STAMP,
            View::Stamps(_) => ZY_KIND_STAMPS,
        }))
    })
}

/// What a step came to. Set `struct_size` to `sizeof(zy_outcome)` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_outcome {
    /// `sizeof(zy_outcome)`; the caller's, and left as it is.
    pub struct_size: u32,
    /// A `ZY_OUTCOME_…`.
    pub outcome: u32,
    /// The ground where it did not pass, a `ZY_REASON_…`; else 0.
    pub reason: u32,
    /// The step that kept this one from running, a `ZY_STEP_…`; else 0.
    pub blocked_by: u32,
}

/// The verdict: a `ZY_VERDICT_…`. Undetermined for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_verdict(report: *const zy_report) -> u32 {
    entry_or(ZY_VERDICT_UNDETERMINED, || Some(borrow(report, "report").ok()?.look(|view| verdict(view.verdict()))))
}

pub(super) const fn verdict(verdict: Verdict) -> u32 {
    match verdict {
        Verdict::Valid => ZY_VERDICT_VALID,
        Verdict::Invalid => ZY_VERDICT_INVALID,
        Verdict::Undetermined => ZY_VERDICT_UNDETERMINED,
    }
}

/// What the command `zhengyin verify` would exit with: 0 valid, 10 invalid, 20 undetermined. 1 for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_exit_code(report: *const zy_report) -> u32 {
    entry_or(1, || {
        Some(match borrow(report, "report").ok()?.look(|view| view.verdict()) {
            Verdict::Valid => 0,
            Verdict::Invalid => 10,
            Verdict::Undetermined => 20,
        })
    })
}

fn deciding(report: *const zy_report) -> Option<(Step, Reason)> {
    borrow(report, "report").ok()?.look(|view| view.deciding())
}

/// The ground that decides the verdict, a `ZY_REASON_…`; 0 of a valid one, of NULL, and of a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_reason(report: *const zy_report) -> u32 {
    entry_or(0, || Some(deciding(report)?.1.number().into()))
}

/// The step that decides the verdict, a `ZY_STEP_…`; 0 of a valid one, of NULL, and of a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_deciding_step(report: *const zy_report) -> u32 {
    entry_or(0, || Some(number(deciding(report)?.0)))
}

/// What one step came to, by its `ZY_STEP_…`. `ZY_ARGUMENT` where there is no such step, and for a report of a file of stamps: there each
/// stamp has its own (`zy_report_stamp`). `*outcome` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_step(
    report: *const zy_report,
    step: u32,
    outcome: *mut zy_outcome,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = struct_slot(outcome, "outcome")?;
        let steps = borrow(report, "report")?.look(|view| view.steps().copied());
        let steps =
            steps.ok_or_else(|| Fault::argument("report", "each stamp of it has steps: see zy_report_stamp"))?;
        let step = Step::ALL.into_iter().find(|known| number(*known) == step);
        let step = step.ok_or_else(|| Fault::argument("step", "one of the ZY_STEP_ constants is expected"))?;
        slot.put(&come_to(steps.get(step), steps.blocked_by(step)));
        Ok(())
    })
}

fn come_to(asked: Asked, blocked_by: Option<Step>) -> zy_outcome {
    let (outcome, reason) = match asked {
        Asked::NotAsked => (ZY_OUTCOME_NOT_ASKED, None),
        Asked::Asked(Outcome::Passed) => (ZY_OUTCOME_PASSED, None),
        Asked::Asked(Outcome::Failed(reason)) => (ZY_OUTCOME_FAILED, Some(reason)),
        Asked::Asked(Outcome::Unknown(reason)) => (ZY_OUTCOME_UNKNOWN, Some(reason)),
    };
    let reason = reason.map_or(0, |reason| reason.number().into());
    zy_outcome { struct_size: 0, outcome, reason, blocked_by: blocked_by.map_or(0, number) }
}

/// What one point of a stamp's seal came to, by its `ZY_POINT_…`: step seal is all of them together. `ZY_ARGUMENT` where there is no such
/// point, where the report is not of one stamp, and where the stamp could not be read. `*outcome` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_point(
    report: *const zy_report,
    point: u32,
    outcome: *mut zy_outcome,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = struct_slot(outcome, "outcome")?;
        let points = borrow(report, "report")?.look(|view| match view {
            View::Stamp(report) => Ok(report.points().copied()),
            _ => Err(Fault::argument("report", "that of one stamp is expected: see zy_report_stamp")),
        })?;
        let (_, asked) = POINTS
            .into_iter()
            .find(|(number, _)| *number == point)
            .ok_or_else(|| Fault::argument("point", "one of the ZY_POINT_ constants is expected"))?;
        let points = points.ok_or_else(|| Fault::argument("report", "the stamp could not be read"))?;
        slot.put(&come_to(Asked::Asked(points.get(asked)), None));
        Ok(())
    })
}

const POINTS: [(u32, Point); 8] = [
    (ZY_POINT_PRESENT, Point::Present),
    (ZY_POINT_ENCODING, Point::Encoding),
    (ZY_POINT_MAKER, Point::Maker),
    (ZY_POINT_SIGNATURE, Point::Signature),
    (ZY_POINT_OWNER, Point::Owner),
    (ZY_POINT_KEY, Point::Key),
    (ZY_POINT_VALIDITY, Point::Validity),
    (ZY_POINT_KIND, Point::Kind),
];

/// How many stamps a file of stamps has, and what is neither stamp nor seal. 0 for any other report, NULL, and a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_stamps_count(report: *const zy_report) -> usize {
    entry_or(0, || Some(borrow(report, "report").ok()?.look(|view| view.count())))
}

/// The report of one stamp of a file, counted from 0, in the order of the file; after the stamps comes what is neither stamp nor seal. It
/// is to be freed as any other, and the report of the file may be freed before it.
///
/// `ZY_ARGUMENT` where there are not so many. `*stamp` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_stamp(
    report: *const zy_report,
    index: usize,
    stamp: *mut *mut zy_report,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(stamp, "stamp")?;
        let report = borrow(report, "report")?;
        let stamp = report.stamp(index).ok_or_else(|| {
            let count = report.look(|view| view.count());
            Fault::argument("index", alloc::format!("there are {count} stamps, counted from 0"))
        })?;
        slot.put(stamp);
        Ok(())
    })
}

const fn number(step: Step) -> u32 {
    match step {
        Step::Encoding => ZY_STEP_ENCODING,
        Step::Issuer => ZY_STEP_ISSUER,
        Step::Signature => ZY_STEP_SIGNATURE,
        Step::Period => ZY_STEP_PERIOD,
        Step::Status => ZY_STEP_STATUS,
        Step::Recognition => ZY_STEP_RECOGNITION,
        Step::Presentation => ZY_STEP_PRESENTATION,
        Step::Document => ZY_STEP_DOCUMENT,
        Step::Seal => ZY_STEP_SEAL,
    }
}

/// The earliest moment at which the verdict could change without new data, in seconds since 1970-01-01T00:00:00Z; `ZY_NEVER` if there is
/// none. The verdict may be relied on while the clock's reading, less its uncertainty, lies before it. Of a file of stamps: the earliest of
/// its stamps'.
///
/// 0, which is long past, for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_good_until(report: *const zy_report) -> i64 {
    entry_or(0, || {
        let until = borrow(report, "report").ok()?.look(|view| view.good_until());
        Some(until.map_or(ZY_NEVER, Timestamp::seconds))
    })
}

/// The result code of GB/T 36906: of a license that of `verify-info`, 0 to 5; of a seal or stamps that of `verify-file`, 0 passed, 1 the seal
/// was not, 2 the file was not. 4, which asserts nothing, for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_result_code(report: *const zy_report) -> u32 {
    entry_or(4, || Some(borrow(report, "report").ok()?.look(|view| view.result_code()).into()))
}

/// The whole report as JSON of schema `zhengyin.report/1` (docs/report.schema.json), UTF-8, members in the order of their names; of a file of
/// stamps, of schema `zhengyin.stamps/1`, in which `stamps` are such reports. `form` is a sum of `ZY_REPORT_…`, or 0.
///
/// What the license, seal or stamp says stands under `object.facts`; it is so only if `object.authentic` is true. `*json` is written only when the call
/// worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_json(
    report: *const zy_report,
    form: u32,
    json: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(json, "json")?;
        let form = Form::read(form)?;
        let report = borrow(report, "report")?;
        // Texts and whole numbers: there is nothing in it that JSON could not say.
        let json = report.look(|view| serde_json::to_vec(&form.values(view)));
        slot.put(zy_buffer::of(json.map_err(|_| Fault::INTERNAL)?));
        Ok(())
    })
}

/// The whole report in canonical CBOR, for those who keep or compare it. `form` is a sum of `ZY_REPORT_…`, or 0.
///
/// `ZY_REFUSED` if the purpose, audience or use case of the question holds characters that the format does not have. `*cbor` is written
/// only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_cbor(
    report: *const zy_report,
    form: u32,
    cbor: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(cbor, "cbor")?;
        let form = Form::read(form)?;
        let written = borrow(report, "report")?.look(|view| form.values(view).to_cbor());
        let written = written.map_err(|error| {
            Fault::refused("report", error.reason(), "a text of the question holds what the format does not have")
        })?;
        slot.put(zy_buffer::of(written));
        Ok(())
    })
}

/// Which of the forms of a report is wanted.
#[derive(Clone, Copy)]
struct Form {
    texts: Texts,
    is_redacted: bool,
}

impl Form {
    fn read(form: u32) -> Result<Self, Fault> {
        if form & !(ZY_REPORT_TEXTS | ZY_REPORT_REDACTED) != 0 {
            return Err(Fault::argument("form", "a sum of the ZY_REPORT_ constants is expected"));
        }
        let texts = if form & ZY_REPORT_TEXTS == 0 { Texts::None } else { Texts::Both };
        Ok(Self { texts, is_redacted: form & ZY_REPORT_REDACTED != 0 })
    }

    fn values(self, view: View<'_>) -> Value<'_> {
        let values = view.to_value(self.texts);
        if self.is_redacted { values.redacted() } else { values }
    }
}

/// Frees a report. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn zy_report_free(report: *mut zy_report) {
    entry_or((), || boundary::free(report));
}
