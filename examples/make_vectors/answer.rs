//! The answer to a verification, stated whole: every step, and what follows from the steps by the tables of the documents, computed
//! here on its own.

use zhengyin::reason::{Class, Reason};
use zhengyin::trust::{Effect, Rule};
use zhengyin::verify::{Asked, Outcome, Report, Step, Steps, Texts, Value};

use super::case::{STEPS, Setup};
use super::json::Json;
use super::world::{BASE, DAY};

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    verdict: &'static str,
    decided: Option<(Step, Reason)>,
    steps: Steps,
    warnings: Vec<&'static str>,
    defects: Vec<&'static str>,
    good_until: Option<i64>,
    /// Does it depend on that bound already?
    depends: bool,
    /// Was it shown by the holder?
    live: bool,
    /// The rule that decides, or those that tie.
    rules: Vec<Rule>,
}

const IN_ORDER: Steps = Steps {
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

/// When the status list of the base world is a day overdue by its three days of grace: what bounds most verdicts.
const STATUS_GRACE_ENDS: i64 = BASE + 4 * DAY;

impl Answer {
    /// Every step passed; the demonstration provinces are marked as tests.
    pub(crate) fn valid() -> Self {
        Self {
            verdict: "valid",
            decided: None,
            steps: IN_ORDER,
            warnings: vec!["warning.test_province"],
            defects: Vec::new(),
            good_until: Some(STATUS_GRACE_ENDS),
            depends: false,
            live: false,
            rules: Vec::new(),
        }
    }

    /// This step failed, and those that are not stated otherwise passed.
    pub(crate) fn invalid(step: Step, reason: Reason) -> Self {
        Self { verdict: "invalid", decided: Some((step, reason)), ..Self::valid() }.step(step, Outcome::Failed(reason))
    }

    /// This step is unknown, and those that are not stated otherwise passed.
    pub(crate) fn undetermined(step: Step, reason: Reason) -> Self {
        Self { verdict: "undetermined", decided: Some((step, reason)), ..Self::valid() }
            .step(step, Outcome::Unknown(reason))
    }

    /// The bytes are no credential that can be read: nothing else could be asked.
    pub(crate) fn unread(reason: Reason) -> Self {
        let blocked = Outcome::Unknown(Reason::StepBlocked);
        let (verdict, encoding) = match reason.class() {
            Class::Invalid => ("invalid", Outcome::Failed(reason)),
            Class::Undetermined => ("undetermined", Outcome::Unknown(reason)),
        };
        Self {
            verdict,
            decided: Some((Step::Encoding, reason)),
            steps: Steps {
                encoding,
                issuer: blocked,
                signature: blocked,
                period: blocked,
                status: blocked,
                recognition: Asked::Asked(blocked),
                presentation: Asked::Asked(blocked),
                document: Asked::NotAsked,
                seal: Asked::NotAsked,
            },
            warnings: Vec::new(),
            defects: Vec::new(),
            good_until: None,
            depends: false,
            live: false,
            rules: Vec::new(),
        }
    }

    pub(crate) fn step(mut self, step: Step, outcome: Outcome) -> Self {
        let steps = &mut self.steps;
        match step {
            Step::Encoding => steps.encoding = outcome,
            Step::Issuer => steps.issuer = outcome,
            Step::Signature => steps.signature = outcome,
            Step::Period => steps.period = outcome,
            Step::Status => steps.status = outcome,
            Step::Recognition => steps.recognition = Asked::Asked(outcome),
            Step::Presentation => steps.presentation = Asked::Asked(outcome),
            Step::Document => steps.document = Asked::Asked(outcome),
            Step::Seal => steps.seal = Asked::Asked(outcome),
        }
        match self.status_blocked() {
            Some(until) if self.steps.status == Outcome::Passed => {
                self.steps.status = Outcome::Unknown(Reason::StepBlocked);
                self.good_until = Some(until);
            }
            Some(until) if self.steps.status == Outcome::Unknown(Reason::StepBlocked) => self.good_until = Some(until),
            _ => {}
        }
        self
    }

    /// procedure.md §1.5: whoever speaks for the license is not known, so that no status list can be asked; and what then bounds the
    /// verdict, if nothing else is stated: the completeness of the directory, its grace, or the grace of the trust list.
    fn status_blocked(&self) -> Option<i64> {
        match (self.steps.signature, self.steps.issuer) {
            (Outcome::Failed(_), _) | (Outcome::Unknown(_), Outcome::Failed(_)) => Some(BASE + 7 * DAY),
            (Outcome::Unknown(Reason::StepBlocked), _) => Some(BASE + 120 * DAY),
            (Outcome::Unknown(_), _) => Some(BASE + 14 * DAY),
            (Outcome::Passed, Outcome::Failed(reason)) => {
                let mandate = [Reason::IssuerRegion, Reason::IssuerType, Reason::IssuerAuthority, Reason::IssuerUse];
                let certificate = (220..=231).contains(&reason.number());
                (certificate || mandate.contains(&reason)).then_some(BASE + 14 * DAY)
            }
            (Outcome::Passed, _) => None,
        }
    }

    /// A failed step besides.
    pub(crate) fn failed(self, step: Step, reason: Reason) -> Self {
        self.step(step, Outcome::Failed(reason))
    }

    /// An unknown step besides.
    pub(crate) fn unknown(self, step: Step, reason: Reason) -> Self {
        self.step(step, Outcome::Unknown(reason))
    }

    /// This step fails and decides, whatever is unknown.
    pub(crate) fn now_invalid(mut self, step: Step, reason: Reason) -> Self {
        (self.verdict, self.decided) = ("invalid", Some((step, reason)));
        self.failed(step, reason)
    }

    /// The signature could not be asked about.
    pub(crate) fn unsigned(self) -> Self {
        self.unknown(Step::Signature, Reason::StepBlocked)
    }

    pub(crate) fn passed(self, step: Step) -> Self {
        self.step(step, Outcome::Passed)
    }

    pub(crate) fn recognition_not_asked(mut self) -> Self {
        self.steps.recognition = Asked::NotAsked;
        self
    }

    /// These rules speak of the license: one decides, several tie.
    pub(crate) fn ruled(mut self, rules: &[&Rule]) -> Self {
        self.rules = rules.iter().map(|rule| (*rule).clone()).collect();
        self
    }

    /// The holder showed it, by times that run out so many seconds after the base time: that is when they certainly have.
    pub(crate) fn shown(self, seconds: i64) -> Self {
        self.answered().depends_until(seconds)
    }

    /// The holder showed it, in answer to a challenge.
    pub(crate) fn answered(mut self) -> Self {
        self.live = true;
        self.passed(Step::Presentation)
    }

    /// A warning before that of the test province.
    pub(crate) fn warned(mut self, warning: &'static str) -> Self {
        self.warnings.insert(self.warnings.len() - 1, warning);
        self
    }

    /// A warning about the license, after that of the test province.
    pub(crate) fn noted(mut self, warning: &'static str) -> Self {
        self.warnings.push(warning);
        self
    }

    /// The report names these published defects.
    pub(crate) fn defective(mut self, ids: &[&'static str]) -> Self {
        self.defects = ids.to_vec();
        self
    }

    pub(crate) fn without_warnings(mut self) -> Self {
        self.warnings.clear();
        self
    }

    /// The verdict may change this many seconds after the base time; `None` for never.
    pub(crate) fn until(mut self, seconds: impl Into<Option<i64>>) -> Self {
        self.good_until = seconds.into().map(|seconds| BASE + seconds);
        self
    }

    /// The answer depends on a bound so many seconds after the base time, which the window does not touch: an issuer's clock may run fast.
    pub(crate) fn depends_until(mut self, seconds: i64) -> Self {
        self.depends = true;
        self.until(seconds)
    }

    /// The same a little earlier.
    pub(crate) fn sooner(mut self, seconds: i64) -> Self {
        self.good_until = self.good_until.map(|until| until - seconds);
        self
    }

    pub(crate) fn is_valid(&self) -> bool {
        self.verdict == "valid"
    }

    /// What contradicts itself in the statement.
    pub(crate) fn fault(&self) -> Option<String> {
        let outcomes: Vec<_> = self.outcomes().collect();
        let verdict = if outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_))) {
            "invalid"
        } else if outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Unknown(_))) {
            "undetermined"
        } else {
            "valid"
        };
        (verdict != self.verdict).then(|| format!("the stated steps are {verdict}, the verdict is {}", self.verdict))
    }

    fn outcomes(&self) -> impl Iterator<Item = (Step, Outcome)> + '_ {
        STEPS.into_iter().filter_map(|step| Some((step, self.steps.get(step).outcome()?)))
    }

    /// procedure.md §4: until when whoever keeps the verdict may rely on it, the bound that it lies before being the stated one.
    fn good_until(&self, setup: &Setup) -> Option<i64> {
        let Some((now, uncertainty)) = setup.clock else { return self.good_until };
        let (floor, uncertainty) = (setup.floor(), i64::from(uncertainty));
        // What was known at a time that has come stays what was known.
        if setup.known_as_of.is_some() && self.good_until.is_none() {
            return None;
        }
        // A clock that is behind may be set at any moment.
        if now < floor - 300 && self.steps.encoding == Outcome::Passed {
            return Some(floor);
        }
        let bound = self.good_until?;
        let (lo, hi) = (floor.max(now - uncertainty), floor.max(now) + uncertainty);
        let days = (bound - lo + DAY - 1).div_euclid(DAY);
        Some(if hi >= bound || self.depends { bound } else { lo.max(bound - 2 * (uncertainty + 5 * days)) })
    }

    pub(crate) fn json(&self, setup: &Setup) -> Json {
        let steps =
            STEPS.into_iter().map(|step| (step.name().to_owned(), outcome_json(self.steps.get(step)))).collect();
        let expected = Json::map([
            ("verdict", self.verdict.into()),
            ("step", self.decided.map(|(step, _)| step.name()).into()),
            ("reason", self.decided.map(|(_, reason)| reason.symbol()).into()),
            ("steps", Json::Map(steps)),
            ("axes", axes_json(self.axes())),
            ("result_code", i64::from(self.result_code()).into()),
            ("warnings", Json::list(self.warnings.iter().copied())),
            ("good_until", self.good_until(setup).into()),
        ])
        .with_defects(self.defects.iter().copied());
        match self.rules.as_slice() {
            [] => expected,
            [rule] => expected.with("recognition", rule_json(rule)),
            tied => expected.with("recognition", Json::map([("tied", Json::list(tied.iter().map(rule_json)))])),
        }
    }

    /// procedure.md §1, last paragraph.
    fn axes(&self) -> [&'static str; 4] {
        let Steps { encoding, issuer, signature, period, status, recognition, presentation, .. } = self.steps;
        let authenticity = match (encoding, issuer, signature) {
            (Outcome::Passed, Outcome::Passed, Outcome::Passed) => "genuine",
            // Bytes that cannot be read accuse nobody; a bad signature, or one of nobody, does.
            (Outcome::Passed, _, Outcome::Failed(_))
            | (Outcome::Passed, Outcome::Failed(Reason::IssuerNotListed), _) => "forged",
            // Somebody who is known signed it, without the right to.
            (Outcome::Passed, Outcome::Failed(_), _) => "unauthorised",
            _ => "unknown",
        };
        let currency = match (status, period) {
            (Outcome::Failed(Reason::StatusRevoked), _) => "revoked",
            (Outcome::Failed(Reason::StatusSuspended | Reason::StatusReportedLost), _) => "suspended",
            (Outcome::Failed(Reason::StatusSuperseded), _) => "superseded",
            (Outcome::Failed(Reason::StatusCancelled), _) => "cancelled",
            (Outcome::Failed(Reason::StatusWithdrawn), _) => "withdrawn",
            (Outcome::Failed(_), _) => "void",
            (_, Outcome::Failed(Reason::PeriodNotYet | Reason::PeriodIssuedLater)) => "not-yet",
            (_, Outcome::Failed(_)) => "expired",
            (Outcome::Passed, Outcome::Passed) => "in-force",
            _ => "unknown",
        };
        let recognition = match recognition {
            Asked::NotAsked => "not-asked",
            Asked::Asked(Outcome::Passed) => match self.rules.as_slice() {
                [] => "local",
                [rule] if rule.effect == Effect::Conditional => "conditional",
                _ => "recognised",
            },
            Asked::Asked(Outcome::Failed(_)) => "refused",
            Asked::Asked(Outcome::Unknown(_)) => "unknown",
        };
        let presentation = match presentation {
            Asked::Asked(Outcome::Passed) if self.live => "live",
            Asked::NotAsked | Asked::Asked(Outcome::Passed) => "static",
            Asked::Asked(Outcome::Unknown(Reason::PresentationMissing | Reason::PresentationUnanswered)) => "missing",
            Asked::Asked(Outcome::Failed(Reason::PresentationReplayed)) => "replayed",
            Asked::Asked(Outcome::Failed(
                Reason::PresentationSignature
                | Reason::PresentationOtherLicense
                | Reason::PresentationTooOld
                | Reason::PresentationNoHolderKey,
            )) => "missing",
            Asked::Asked(Outcome::Failed(_)) => "misdirected",
            Asked::Asked(Outcome::Unknown(_)) => "unknown",
        };
        [authenticity, currency, recognition, presentation]
    }

    /// GB/T 36906 by the order of `encoding`, `issuer`, `signature` failed 5, unknown 4; then 3, 2, 1; then 4; else 0.
    fn result_code(&self) -> u8 {
        let Steps { encoding, issuer, signature, period, status, .. } = self.steps;
        let first = [encoding, issuer, signature];
        if first.iter().any(|outcome| matches!(outcome, Outcome::Failed(_))) {
            return 5;
        }
        if first.iter().any(|outcome| matches!(outcome, Outcome::Unknown(_))) {
            return 4;
        }
        match (status, period) {
            // The register knows no such license.
            (Outcome::Failed(Reason::StatusVoid), _) => 5,
            (
                Outcome::Failed(
                    Reason::StatusRevoked
                    | Reason::StatusCancelled
                    | Reason::StatusWithdrawn
                    | Reason::StatusSuperseded,
                ),
                _,
            )
            | (_, Outcome::Failed(Reason::PeriodExpired | Reason::PeriodCopyExpired)) => 3,
            (Outcome::Failed(Reason::StatusSuspended | Reason::StatusReportedLost), _) => 2,
            (_, Outcome::Failed(Reason::PeriodNotYet | Reason::PeriodIssuedLater)) => 1,
            _ if self.is_valid() => 0,
            _ => 4,
        }
    }
}

fn rule_json(rule: &Rule) -> Json {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let basis = &rule.legal_basis;
    let effect = match rule.effect {
        Effect::Recognise => "recognise",
        Effect::Conditional => "conditional",
        Effect::Refuse => "refuse",
        Effect::Manual => "manual",
    };
    Json::map([
        ("as_type", rule.as_type.map(|as_type| as_type.as_str().to_owned()).into()),
        ("effect", effect.into()),
        ("from", rule.period.from().into()),
        (
            "legal_basis",
            Json::map([
                ("document", basis.document.as_str().into()),
                ("en", basis.en.as_str().into()),
                ("zh", basis.zh.as_str().into()),
            ]),
        ),
        ("max_status_age", rule.max_status_age.map(number).into()),
        ("min_binding", rule.min_binding.map(i64::from).into()),
        ("revision", number(rule.revision).into()),
        ("rule", rule.id.as_str().into()),
        ("until", rule.period.until().into()),
    ])
}

/// A value of a report.
fn value_json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(answer) => (*answer).into(),
        Value::Int(number) => (*number).into(),
        Value::Text(text) => text.as_ref().into(),
        Value::List(items) => Json::list(items.iter().map(value_json)),
        Value::Map(map) => Json::Map(map.iter().map(|(name, value)| (name.to_string(), value_json(value))).collect()),
    }
}

impl Json {
    /// Defects are named where there are any.
    fn with_defects<'d>(self, ids: impl Iterator<Item = &'d str>) -> Self {
        let ids: Vec<&str> = ids.collect();
        if ids.is_empty() { self } else { self.with("defects", Self::list(ids)) }
    }
}

fn axes_json([authenticity, currency, recognition, presentation]: [&str; 4]) -> Json {
    Json::map([
        ("authenticity", authenticity.into()),
        ("currency", currency.into()),
        ("recognition", recognition.into()),
        ("presentation", presentation.into()),
    ])
}

pub(crate) fn outcome_json(asked: Asked) -> Json {
    let Asked::Asked(outcome) = asked else { return Json::map([("outcome", "not-asked".into())]) };
    let word = match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed(_) => "failed",
        Outcome::Unknown(_) => "unknown",
    };
    let json = Json::map([("outcome", word.into())]);
    match outcome.reason() {
        Some(reason) => json.with("reason", reason.symbol()),
        None => json,
    }
}

/// What the library answered, in the same members.
pub(crate) fn observed(report: &Report<'_>) -> Json {
    let steps = report.steps();
    let decided = steps.deciding();
    let listed = STEPS.into_iter().map(|step| (step.name().to_owned(), outcome_json(steps.get(step)))).collect();
    let axes = report.axes();
    let observed = Json::map([
        ("verdict", report.verdict().name().into()),
        ("step", decided.map(|(step, _)| step.name()).into()),
        ("reason", decided.map(|(_, reason)| reason.symbol()).into()),
        ("steps", Json::Map(listed)),
        ("axes", axes_json([axes.authenticity, axes.currency, axes.recognition, axes.presentation])),
        ("result_code", i64::from(report.result_code()).into()),
        ("warnings", Json::list(report.warnings().map(|warning| warning.symbol()))),
        ("good_until", report.good_until().map(|until| until.seconds()).into()),
    ])
    .with_defects(report.defects().map(|defect| defect.id.as_str()));
    let Value::Map(mut members) = report.to_value(Texts::None) else { return observed };
    match members.remove("recognition") {
        None | Some(Value::Null) => observed,
        Some(recognition) => observed.with("recognition", value_json(&recognition)),
    }
}
