//! Answers: one for each question, and the verdict that follows from all of them.

use crate::reason::{Class, Reason};

/// The answer to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Yes.
    Passed,
    /// No, and more data cannot reverse it.
    Failed(Reason),
    /// More data is needed; the ground says which.
    Unknown(Reason),
}

impl Outcome {
    /// The outcome of a ground: what it is worth stands in the table, not at the call.
    #[must_use]
    pub const fn of(reason: Reason) -> Self {
        match reason.class() {
            Class::Invalid => Self::Failed(reason),
            Class::Undetermined => Self::Unknown(reason),
        }
    }

    /// The ground, if there is one.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Passed => None,
            Self::Failed(reason) | Self::Unknown(reason) => Some(reason),
        }
    }

    /// The outcome of two questions that must both pass: a failure before a doubt, else the first that did not pass.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed(_), _) => self,
            (_, Self::Failed(_)) => other,
            (Self::Unknown(_), _) => self,
            _ => other,
        }
    }
}

impl From<Result<(), Reason>> for Outcome {
    fn from(result: Result<(), Reason>) -> Self {
        match result {
            Ok(()) => Self::Passed,
            Err(reason) => Self::of(reason),
        }
    }
}

/// The answer to a question that may rightly not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// It was asked.
    Asked(Outcome),
    /// It does not apply to this object, or the caller said that it is not to be asked.
    NotAsked,
}

impl Asked {
    /// The outcome, if it was asked.
    #[must_use]
    pub const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Asked(outcome) => Some(outcome),
            Self::NotAsked => None,
        }
    }
}

/// A question of the procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Canonical bytes of the expected type, within limits?
    Encoding,
    /// Is the signing key known, in force, chained to an anchor, and mandated for this?
    Issuer,
    /// Does the signature verify, strictly?
    Signature,
    /// License validity and credential expiry against the time window.
    Period,
    /// In force, suspended, revoked …, by a list how old?
    Status,
    /// Does the verifier's region recognise this type from there?
    Recognition,
    /// Did the holder's key sign this, now, for us?
    Presentation,
    /// Is it the document that was stamped?
    Document,
    /// The seal's authority, and the stamping time.
    Seal,
}

impl Step {
    /// Every step, in the order of the procedure.
    pub const ALL: [Self; 9] = [
        Self::Encoding,
        Self::Issuer,
        Self::Signature,
        Self::Period,
        Self::Status,
        Self::Recognition,
        Self::Presentation,
        Self::Document,
        Self::Seal,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Issuer => "issuer",
            Self::Signature => "signature",
            Self::Period => "period",
            Self::Status => "status",
            Self::Recognition => "recognition",
            Self::Presentation => "presentation",
            Self::Document => "document",
            Self::Seal => "seal",
        }
    }
}

/// The answer to every question: none can be left out, for each is a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Steps {
    /// [`Step::Encoding`].
    pub encoding: Outcome,
    /// [`Step::Issuer`].
    pub issuer: Outcome,
    /// [`Step::Signature`].
    pub signature: Outcome,
    /// [`Step::Period`].
    pub period: Outcome,
    /// [`Step::Status`].
    pub status: Outcome,
    /// [`Step::Recognition`].
    pub recognition: Asked,
    /// [`Step::Presentation`].
    pub presentation: Asked,
    /// [`Step::Document`].
    pub document: Asked,
    /// [`Step::Seal`].
    pub seal: Asked,
}

const BLOCKED: Outcome = Outcome::Unknown(Reason::StepBlocked);

/// Nothing was asked yet, so nothing is known: undetermined.
impl Default for Steps {
    fn default() -> Self {
        Self {
            encoding: BLOCKED,
            issuer: BLOCKED,
            signature: BLOCKED,
            period: BLOCKED,
            status: BLOCKED,
            recognition: Asked::Asked(BLOCKED),
            presentation: Asked::Asked(BLOCKED),
            document: Asked::Asked(BLOCKED),
            seal: Asked::Asked(BLOCKED),
        }
    }
}

impl Steps {
    /// The answer to one question.
    #[must_use]
    pub const fn get(&self, step: Step) -> Asked {
        match step {
            Step::Encoding => Asked::Asked(self.encoding),
            Step::Issuer => Asked::Asked(self.issuer),
            Step::Signature => Asked::Asked(self.signature),
            Step::Period => Asked::Asked(self.period),
            Step::Status => Asked::Asked(self.status),
            Step::Recognition => self.recognition,
            Step::Presentation => self.presentation,
            Step::Document => self.document,
            Step::Seal => self.seal,
        }
    }

    /// The outcomes of the questions that were asked, in the order of the procedure.
    pub fn outcomes(&self) -> impl Iterator<Item = (Step, Outcome)> + '_ {
        Step::ALL.into_iter().filter_map(|step| Some((step, self.get(step).outcome()?)))
    }

    /// Any failed: invalid. Else any unknown: undetermined. Else valid.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.outcomes().map(|(_, outcome)| Verdict::of(outcome)).max().unwrap_or(Verdict::Undetermined)
    }

    /// The step and the ground that decide the verdict: the first that failed, else the first unknown that says more than that it was
    /// kept from running.
    #[must_use]
    pub fn deciding(&self) -> Option<(Step, Reason)> {
        let grounds = || self.outcomes().filter_map(|(step, outcome)| Some((step, outcome, outcome.reason()?)));
        let failed = grounds().find(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)));
        let unknown = || grounds().find(|(_, _, reason)| *reason != Reason::StepBlocked);
        failed.or_else(unknown).or_else(|| grounds().next()).map(|(step, _, reason)| (step, reason))
    }

    /// Which earlier step kept a blocked one from running.
    #[must_use]
    pub fn blocked_by(&self, step: Step) -> Option<Step> {
        if self.get(step) != Asked::Asked(BLOCKED) {
            return None;
        }
        self.outcomes()
            .take_while(|(earlier, _)| *earlier < step)
            .find(|(_, outcome)| !matches!(outcome, Outcome::Passed | Outcome::Unknown(Reason::StepBlocked)))
            .map(|(earlier, _)| earlier)
    }
}

/// The verdict. Ordered so that the worst of several is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Genuine, in force, recognised here, and rightly presented.
    Valid,
    /// It cannot be told; the report says what would tell.
    Undetermined,
    /// Proved otherwise.
    Invalid,
}

impl Verdict {
    /// What one outcome makes of the whole.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Valid,
            Outcome::Unknown(_) => Self::Undetermined,
            Outcome::Failed(_) => Self::Invalid,
        }
    }

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Undetermined => "undetermined",
            Self::Invalid => "invalid",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSED: Steps = Steps {
        encoding: Outcome::Passed,
        issuer: Outcome::Passed,
        signature: Outcome::Passed,
        period: Outcome::Passed,
        status: Outcome::Passed,
        recognition: Asked::Asked(Outcome::Passed),
        presentation: Asked::NotAsked,
        document: Asked::NotAsked,
        seal: Asked::NotAsked,
    };

    #[test]
    fn nothing_asked_is_undetermined() {
        assert_eq!(Steps::default().verdict(), Verdict::Undetermined);
    }

    #[test]
    fn one_failure_or_doubt_decides() {
        assert_eq!(PASSED.verdict(), Verdict::Valid);
        let unsure = Steps { status: Outcome::Unknown(Reason::StatusListStale), ..PASSED };
        assert_eq!(unsure.verdict(), Verdict::Undetermined);
        assert_eq!(unsure.deciding(), Some((Step::Status, Reason::StatusListStale)));
        let failed = Steps { recognition: Asked::Asked(Outcome::Failed(Reason::RecognitionRefused)), ..unsure };
        assert_eq!(failed.verdict(), Verdict::Invalid);
        assert_eq!(failed.deciding(), Some((Step::Recognition, Reason::RecognitionRefused)));
    }

    #[test]
    fn a_blocked_step_names_what_blocked_it() {
        let steps = Steps {
            issuer: Outcome::Unknown(Reason::IssuerUnknown),
            signature: Outcome::Unknown(Reason::StepBlocked),
            ..PASSED
        };
        assert_eq!(steps.blocked_by(Step::Signature), Some(Step::Issuer));
        assert_eq!(steps.blocked_by(Step::Issuer), None);
        assert_eq!(steps.deciding(), Some((Step::Issuer, Reason::IssuerUnknown)));
    }
}
