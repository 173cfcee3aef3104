//! What is asked of one credential beyond what every one is asked.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::ffi::c_char;

use super::boundary::{borrow_if_any, bytes, c_text_if_any, read_struct_if_any};
use super::fault::Fault;
use super::seen::zy_seen;
use crate::claims::Nonce;
use crate::claims::id::TypeCode;
use crate::suite::{Digest, HashAlgorithm};
use crate::time::Timestamp;
use crate::verify::{Context, DocumentHasher, Seen};

/// `event_time` of a question is meant.
pub const ZY_HAS_EVENT_TIME: u32 = 1;
/// `known_as_of` of a question is meant.
pub const ZY_HAS_KNOWN_AS_OF: u32 = 2;
/// `document` of a question is meant, also where it has no bytes.
pub const ZY_HAS_DOCUMENT: u32 = 4;

/// What is asked of one credential beyond what every one is asked. Set `struct_size` to `sizeof(zy_question)` and everything else to zero
/// first; what stays zero is not asked. Texts are UTF-8, end with NUL, and are copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_question {
    /// `sizeof(zy_question)`.
    pub struct_size: u32,
    /// Which of the two times are meant, and whether `document` is: a sum of `ZY_HAS_…`.
    pub has: u32,
    /// Was it in force then? Seconds since 1970-01-01T00:00:00Z. Of licenses only: a stamp says when it was made.
    pub event_time: i64,
    /// By what was known then. Seconds since 1970-01-01T00:00:00Z.
    pub known_as_of: i64,
    /// What the check is for, in the words of copies and presentations.
    pub purpose: *const c_char,
    /// Who checks.
    pub audience: *const c_char,
    /// What the license is used for, in the words of recognition rules.
    pub use_case: *const c_char,
    /// What was shown to the holder to be answered: 16 bytes drawn at random. Of licenses only.
    pub challenge: *const u8,
    /// 16, or 0 for no challenge.
    pub challenge_size: usize,
    /// Presentations that were seen before; looked at during the call only. Of licenses only.
    pub seen: *const zy_seen,
    /// The document that was shown beside the license: is it one of those that the license names? It is digested by every hash that the library has, and not kept. Set
    /// `ZY_HAS_DOCUMENT`. Of licenses only: the document of stamps is an argument of its own.
    pub document: *const u8,
    /// How long that is.
    pub document_size: usize,
    /// In place of the document: its SHA-256, 32 bytes. Of licenses only.
    pub document_digest: *const u8,
    /// 32, or 0 for none.
    pub document_digest_size: usize,
    /// In place of the document, beside its SHA-256 or alone: its SM3, 32 bytes. An attachment is compared by the hash that the license names.
    /// Of licenses only.
    pub document_sm3: *const u8,
    /// 32, or 0 for none.
    pub document_sm3_size: usize,
    /// The type of the license that the document belongs to, for seals that may be used on certain types only. Of stamps only.
    pub license_type: *const c_char,
    /// Seals that are kept apart from the stamps, one after the other. They are as little trusted as those that come with them. Of stamps
    /// only.
    pub seals: *const u8,
    /// How long that is.
    pub seals_size: usize,
}

/// The document beside a license, by its digests.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Digests {
    pub(super) sha256: Option<Digest>,
    pub(super) sm3: Option<Digest>,
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
    document: Digests,
    license_type: Option<TypeCode>,
    seals: Option<Box<[u8]>>,
}

impl Question {
    fn read(question: *const zy_question) -> Result<Self, Fault> {
        let asked = read_struct_if_any(question, "question")?;
        if asked.has & !(ZY_HAS_EVENT_TIME | ZY_HAS_KNOWN_AS_OF | ZY_HAS_DOCUMENT) != 0 {
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
        let license_type = c_text_if_any(asked.license_type, "question.license_type")?.map(TypeCode::parse).transpose();
        let seals = bytes(asked.seals, asked.seals_size, "question.seals")?;
        Ok(Self {
            purpose: text(asked.purpose, "question.purpose")?,
            audience: text(asked.audience, "question.audience")?,
            use_case: text(asked.use_case, "question.use_case")?,
            challenge,
            seen: borrow_if_any(asked.seen, "question.seen")?.map(zy_seen::now),
            event_time: time(ZY_HAS_EVENT_TIME, asked.event_time, "question.event_time")?,
            known_as_of: time(ZY_HAS_KNOWN_AS_OF, asked.known_as_of, "question.known_as_of")?,
            document: document(&asked)?,
            license_type: license_type
                .map_err(|_| Fault::argument("question.license_type", "a code of a license type is expected"))?,
            seals: Some(seals).filter(|seals| !seals.is_empty()).map(Into::into),
        })
    }

    /// What is asked of a license.
    pub(super) fn of_license(question: *const zy_question) -> Result<Self, Fault> {
        let asked = Self::read(question)?;
        let stray =
            [("question.license_type", asked.license_type.is_some()), ("question.seals", asked.seals.is_some())];
        refuse(stray, "is asked of stamps only")?;
        Ok(asked)
    }

    /// What is asked of stamps, or of a seal. What would not be looked at is refused, so that nobody believes that it was.
    pub(super) fn of_stamps(question: *const zy_question) -> Result<Self, Fault> {
        let asked = Self::read(question)?;
        let stray = [
            ("question.event_time", asked.event_time.is_some()),
            ("question.challenge", asked.challenge.is_some()),
            ("question.seen", asked.seen.is_some()),
            ("question.document", asked.document.sha256.or(asked.document.sm3).is_some()),
        ];
        refuse(stray, "is asked of licenses only")?;
        Ok(asked)
    }

    /// What is asked of a seal by itself.
    pub(super) fn of_seal(question: *const zy_question) -> Result<Self, Fault> {
        let asked = Self::of_stamps(question)?;
        let stray =
            [("question.license_type", asked.license_type.is_some()), ("question.seals", asked.seals.is_some())];
        refuse(stray, "is asked of stamps only")?;
        Ok(asked)
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

    pub(super) const fn document(&self) -> Digests {
        self.document
    }

    pub(super) const fn license_type(&self) -> Option<TypeCode> {
        self.license_type
    }

    pub(super) fn seals(&self) -> &[u8] {
        self.seals.as_deref().unwrap_or_default()
    }
}

fn refuse<const N: usize>(stray: [(&'static str, bool); N], why: &'static str) -> Result<(), Fault> {
    let found = stray.into_iter().find(|(_, is_there)| *is_there);
    found.map_or(Ok(()), |(name, _)| Err(Fault::argument(name, why)))
}

/// The document beside a license, by itself or by its digests.
fn document(asked: &zy_question) -> Result<Digests, Fault> {
    const NAME: &str = "question.document";
    let whole = bytes(asked.document, asked.document_size, NAME)?;
    let digest = |data, size, name| match bytes(data, size, name)? {
        [] => Ok(None),
        digest => Digest::from_slice(digest).map(Some).ok_or_else(|| Fault::argument(name, "32 bytes are expected")),
    };
    let sha256 = digest(asked.document_digest, asked.document_digest_size, "question.document_digest")?;
    let sm3 = digest(asked.document_sm3, asked.document_sm3_size, "question.document_sm3")?;
    match (asked.has & ZY_HAS_DOCUMENT != 0, sha256.or(sm3)) {
        // It would be looked at by nobody.
        (false, _) if !asked.document.is_null() => Err(Fault::argument("question.has", "ZY_HAS_DOCUMENT is missing")),
        (false, _) => Ok(Digests { sha256, sm3 }),
        (true, Some(_)) => Err(Fault::argument(NAME, "it is there, and a digest in its place")),
        (true, None) => {
            let mut hasher = DocumentHasher::new(HashAlgorithm::ALL.iter().copied());
            hasher.update(whole);
            let document = hasher.finish();
            Ok(Digests { sha256: Some(document.digest), sm3: document.sm3 })
        }
    }
}
