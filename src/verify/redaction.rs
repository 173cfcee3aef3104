//! Taking out of a report what a log may not keep: who the holder is, and what the license says of him.

use alloc::borrow::Cow;

use super::STAMPS_SCHEMA;
use super::value::Value;

/// What stays of the facts: who issued what kind of thing when, and where its status stands. A license number is often the holder's own
/// identity number, days are days of birth and marriage, names of attachments and copies are anything: all of that goes.
const FACTS: &[&str] =
    &["authority", "binding", "credential_expires", "issued_at", "not_before", "region", "status", "type"];
/// What stays of what a stamp says: in whose name, on what, when; not why, nor where.
const STAMP_FACTS: &[&str] =
    &["authority", "covers", "digest_algorithm", "document", "media_type", "stamped_at", "time_basis"];
/// What stays of what a seal says: who made it for which unit, and when it may be used. Its name and owner may be a person's, and so may what
/// its picture shows.
const SEAL_FACTS: &[&str] =
    &["allowed", "issued_at", "kind", "kind_name", "maker", "owner", "status", "valid_from", "valid_until"];
/// What stays of the object.
const OBJECT: &[&str] = &["authentic", "digest", "facts", "seal", "type"];
/// What stays of a stamp's seal.
const SEAL: &[&str] = &["authentic", "digest", "facts", "points"];
/// What stays of the report on a file of stamps.
const STAMPS: &[&str] = &[
    "bytes",
    "caution",
    "context",
    "counts",
    "document",
    "inputs",
    "license_type",
    "policy",
    "reason",
    "redacted",
    "remedy",
    "schema",
    "seals",
    "stamps",
    "text",
    "time",
    "verdict",
    "verifier",
];
/// What stays of the presentation: not what it says that it is for, or to whom it was shown.
const PRESENTATION: &[&str] = &["expires", "forget_after", "form", "issued_at", "replay_key", "service"];
/// What stays of the report. A member that is not named here goes, so that one that is added later cannot leak.
const REPORT: &[&str] = &[
    "axes",
    "bytes",
    "caution",
    "context",
    "defects",
    "ends_by",
    "good_until",
    "inputs",
    "object",
    "policy",
    "presentation",
    "reason",
    "recognition",
    "redacted",
    "remedy",
    "result_code",
    "risk_class",
    "schema",
    "status",
    "steps",
    "text",
    "time",
    "verdict",
    "verifier",
    "warnings",
];

impl Value<'_> {
    /// A report without the holder and without what the license says of him; its digests stay. What is redacted already stays as it is. Of
    /// stamps every report is redacted, and what was seen of the seal's points goes with what the seal says.
    ///
    /// The face fields and their names go, the holders, the license's number, identifier and days, attachments and what a copy says. The
    /// purpose and audience stay that the *verifier* stated. Of stamps and seals the names go, and why and where was stamped.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        if self.get("schema").and_then(Value::as_text) == Some(STAMPS_SCHEMA) {
            self.keep(STAMPS);
            if let Some(Self::List(stamps)) = self.get_mut("stamps") {
                *stamps = core::mem::take(stamps).into_iter().map(Value::redacted).collect();
            }
            self.insert("redacted", true.into());
            return self;
        }
        self.keep(REPORT);
        if let Some(object) = self.get_mut("object") {
            object.keep(OBJECT);
            let facts = match object.get("type").and_then(Value::as_text) {
                Some("stamp") => STAMP_FACTS,
                Some("seal") => SEAL_FACTS,
                _ => FACTS,
            };
            if let Some(kept) = object.get_mut("facts") {
                kept.keep(facts);
            }
            if let Some(seal) = object.get_mut("seal") {
                seal.keep(SEAL);
                if let Some(facts) = seal.get_mut("facts") {
                    facts.keep(SEAL_FACTS);
                }
            }
        }
        if let Some(presentation) = self.get_mut("presentation") {
            presentation.keep(PRESENTATION);
        }
        self.insert("redacted", true.into());
        self
    }

    fn keep(&mut self, names: &[&str]) {
        if let Self::Map(map) = self {
            map.retain(|name, _| names.contains(&name.as_ref()));
        }
    }

    pub(crate) fn get_mut(&mut self, name: &'static str) -> Option<&mut Self> {
        match self {
            Self::Map(map) => map.get_mut(&Cow::Borrowed(name)),
            _ => None,
        }
    }
}
