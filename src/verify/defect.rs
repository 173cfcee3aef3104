//! Known defects (已知瑕疵): what is genuine and was issued in error, by the trust list's word.

use alloc::string::String;
use alloc::vec::Vec;

use super::moments::Moments;
use super::outcome::Outcome;
use super::value::Value;
use crate::claims::id::TypeCode;
use crate::claims::{LicenseClaims, StatusPointer};
use crate::policy::Attendance;
use crate::reason::{Language, Reason};
use crate::store::{HeldTrust, unsure_of_time};
use crate::suite::KeyId;
use crate::time::{Bound, Certainty, Timestamp, Watch};
use crate::trust::{Defect, Treatment};

/// What the trust list publishes about a credential.
#[derive(Clone, Debug)]
pub(super) struct Defects<'s> {
    /// What follows for step `issuer`.
    pub(super) outcome: Outcome,
    /// Those that concern it and may be in effect, in the order of the list.
    pub(super) named: Vec<&'s Defect>,
}

impl Defects<'_> {
    pub(super) const NONE: Self = Self { outcome: Outcome::Passed, named: Vec::new() };
}

/// What a defect is compared with.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    /// Whose signature it carries.
    pub(super) key_id: KeyId,
    pub(super) issued_at: Timestamp,
    /// Where its status stands; a stamp has none.
    pub(super) status: Option<StatusPointer>,
    /// Of a license.
    pub(super) type_code: Option<TypeCode>,
}

impl Subject {
    pub(super) const fn of_license(key_id: KeyId, claims: &LicenseClaims<'_>) -> Self {
        let type_code = Some(claims.license.type_code);
        Self { key_id, issued_at: claims.issued_at, status: Some(claims.status), type_code }
    }
}

/// Which published defects concern what this key signed, and what follows: the gravest treatment counts.
pub(super) fn judge<'s>(
    trust: &'s HeldTrust,
    subject: Subject,
    attendance: Attendance,
    moments: &mut Moments,
) -> Defects<'s> {
    let known = &mut moments.known;
    // Of two lists that contradict each other neither proves anything, nor does one that nobody knew then: step `issuer` says so.
    if trust.is_equivocal() || trust.dates().is_later(known.window()) {
        return Defects::NONE;
    }
    let mut found = Defects::NONE;
    for defect in trust.list().defects.iter().filter(|defect| concerns(defect, subject)) {
        let outcome = match known.reached(defect.from.seconds(), Bound::Defect) {
            Certainty::No => continue,
            Certainty::Yes => treated(defect.treatment, trust, attendance, known),
            Certainty::Depends if treated(defect.treatment, trust, attendance, known) == Outcome::Passed => {
                Outcome::Passed
            }
            Certainty::Depends => Outcome::Unknown(unsure_of_time(known.window().basis(), Reason::IssuerTimeDepends)),
        };
        found.outcome = found.outcome.and(outcome);
        found.named.push(defect);
    }
    found
}

fn concerns(defect: &Defect, subject: Subject) -> bool {
    let applies = &defect.applies_to;
    let stands_in = |(list, first, last)| {
        subject.status.is_some_and(|status| status.list == list && (first..=last).contains(&status.index))
    };
    applies.key_id == subject.key_id
        && applies.positions.is_none_or(stands_in)
        && applies.issued.is_none_or(|issued| issued.contains(subject.issued_at))
        && applies.type_code.is_none_or(|type_code| subject.type_code == Some(type_code))
}

fn treated(treatment: Treatment, trust: &HeldTrust, attendance: Attendance, known: &mut Watch) -> Outcome {
    match treatment {
        // A newer list may mend it: what a list rejects is proof until the next one is due, whatever the grace.
        Treatment::Reject => match known.reached(trust.list().next_update.seconds(), Bound::TrustListDue) {
            Certainty::No => Outcome::of(Reason::IssuerDefectRejected),
            Certainty::Yes | Certainty::Depends => Outcome::of(Reason::IssuerDefect),
        },
        Treatment::Manual => Outcome::of(Reason::IssuerDefect),
        // Where nobody reads a warning, what is to be warned of is for a person.
        Treatment::Warn if attendance == Attendance::Unattended => Outcome::of(Reason::IssuerDefect),
        Treatment::Warn => Outcome::Passed,
    }
}

/// What a report says of a defect.
pub(super) fn defect_value(defect: &Defect) -> Value<'static> {
    let text = |text: &str| Value::from(String::from(text));
    let name = |language| {
        text(defect.names.get(match language {
            Language::Zh => "zh",
            Language::En => "en",
        }))
    };
    Value::map([
        ("from", defect.from.into()),
        ("id", text(&defect.id)),
        ("kind", text(&defect.kind)),
        ("name", Value::map([("en", name(Language::En)), ("zh", name(Language::Zh))])),
        ("treatment", defect.treatment.word().into()),
    ])
}
