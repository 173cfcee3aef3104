//! Known defects (已知瑕疵): licenses that are genuine and were issued in error, by the trust list's word.

use alloc::string::String;
use alloc::vec::Vec;

use super::moments::Moments;
use super::outcome::Outcome;
use super::value::Value;
use crate::claims::LicenseClaims;
use crate::policy::Attendance;
use crate::reason::{Language, Reason};
use crate::store::{HeldTrust, unsure_of_time};
use crate::suite::KeyId;
use crate::time::{Bound, Certainty, Watch};
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

/// Which published defects concern the credential that this key signed, and what follows: the gravest treatment counts.
pub(super) fn judge<'s>(
    trust: &'s HeldTrust,
    key_id: KeyId,
    claims: &LicenseClaims<'_>,
    attendance: Attendance,
    moments: &mut Moments,
) -> Defects<'s> {
    let known = &mut moments.known;
    // Of two lists that contradict each other neither proves anything, nor does one that nobody knew then: step `issuer` says so.
    if trust.is_equivocal() || trust.dates().is_later(known.window()) {
        return Defects::NONE;
    }
    let mut found = Defects::NONE;
    for defect in trust.list().defects.iter().filter(|defect| concerns(defect, key_id, claims)) {
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

fn concerns(defect: &Defect, key_id: KeyId, claims: &LicenseClaims<'_>) -> bool {
    let applies = &defect.applies_to;
    let position = applies
        .positions
        .is_none_or(|(list, first, last)| claims.status.list == list && (first..=last).contains(&claims.status.index));
    applies.key_id == key_id
        && position
        && applies.issued.is_none_or(|issued| issued.contains(claims.issued_at))
        && applies.type_code.is_none_or(|type_code| type_code == claims.license.type_code)
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
