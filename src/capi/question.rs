//! What is asked of one credential beyond what every one is asked.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::sync::Arc;
use core::ffi::c_char;

use super::boundary::{borrow_if_any, bytes, c_text_if_any, read_struct_if_any};
use super::fault::Fault;
use super::seen::zy_seen;
use crate::claims::Nonce;
use crate::time::Timestamp;
use crate::verify::{Context, Seen};

/// `event_time` of a question is meant.
pub const ZY_HAS_EVENT_TIME: u32 = 1;
/// `known_as_of` of a question is meant.
pub const ZY_HAS_KNOWN_AS_OF: u32 = 2;

/// What is asked of one credential beyond what every one is asked. Set `struct_size` to `sizeof(zy_question)` and everything else to zero
/// first; what stays zero is not asked. Texts are UTF-8, end with NUL, and are copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_question {
    /// `sizeof(zy_question)`.
    pub struct_size: u32,
    /// Which of the two times are meant: a sum of `ZY_HAS_…`.
    pub has: u32,
    /// Was it in force then? Seconds since 1970-01-01T00:00:00Z.
    pub event_time: i64,
    /// By what was known then. Seconds since 1970-01-01T00:00:00Z.
    pub known_as_of: i64,
    /// What the check is for, in the words of copies and presentations.
    pub purpose: *const c_char,
    /// Who checks.
    pub audience: *const c_char,
    /// What the license is used for, in the words of recognition rules.
    pub use_case: *const c_char,
    /// What was shown to the holder to be answered: 16 bytes drawn at random.
    pub challenge: *const u8,
    /// 16, or 0 for no challenge.
    pub challenge_size: usize,
    /// Presentations that were seen before; looked at during the call only.
    pub seen: *const zy_seen,
}

/// The same, owned.
#[derive(Debug, Default)]
pub(super) struct Question {
    purpose: Option<String>,
    audience: Option<String>,
    use_case: Option<String>,
    challenge: Option<Nonce>,
    seen: Option<Arc<Seen>>,
    event_time: Option<Timestamp>,
    known_as_of: Option<Timestamp>,
}

impl Question {
    pub(super) fn read(question: *const zy_question) -> Result<Self, Fault> {
        let asked = read_struct_if_any(question, "question")?;
        if asked.has & !(ZY_HAS_EVENT_TIME | ZY_HAS_KNOWN_AS_OF) != 0 {
            return Err(Fault::argument("question.has", "a sum of the ZY_HAS_ constants is expected"));
        }
        let time = |bit: u32, seconds: i64, name| {
            let told = (asked.has & bit != 0).then(|| Timestamp::new(seconds));
            told.map(|time| {
                time.ok_or_else(|| Fault::argument(name, "seconds since 1970-01-01T00:00:00Z are expected"))
            })
            .transpose()
        };
        let challenge = match bytes(asked.challenge, asked.challenge_size, "question.challenge")? {
            [] => None,
            given => Some(Nonce::new(
                given.try_into().map_err(|_| Fault::argument("question.challenge", "16 bytes are expected"))?,
            )),
        };
        let text = |text, name| Ok(c_text_if_any(text, name)?.map(ToOwned::to_owned));
        Ok(Self {
            purpose: text(asked.purpose, "question.purpose")?,
            audience: text(asked.audience, "question.audience")?,
            use_case: text(asked.use_case, "question.use_case")?,
            challenge,
            seen: borrow_if_any(asked.seen, "question.seen")?.map(zy_seen::now),
            event_time: time(ZY_HAS_EVENT_TIME, asked.event_time, "question.event_time")?,
            known_as_of: time(ZY_HAS_KNOWN_AS_OF, asked.known_as_of, "question.known_as_of")?,
        })
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context {
            purpose: self.purpose.as_deref(),
            audience: self.audience.as_deref(),
            challenge: self.challenge,
            seen: self.seen.as_deref(),
            event_time: self.event_time,
            known_as_of: self.known_as_of,
            use_case: self.use_case.as_deref(),
        }
    }
}
