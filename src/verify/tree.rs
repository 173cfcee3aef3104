//! The report as a tree of values: sorted names, no floats, the same for the same inputs.

use alloc::string::String;

use super::arguments::{clock_value, context_value, policy_value};
use super::defect::defect_value;
use super::facts;
use super::outcome::{Asked, Outcome, Step, Steps};
use super::presentation::Presentation;
use super::reliance::Input;
use super::report::{Report, Texts};
use super::standing::Told;
use super::value::Value;
use crate::cbor;
use crate::reason::{Axis, Language};
use crate::suite::{Algorithm, Digest, sha256};
use crate::time::{Basis, Bound, Clock, TimeWindow, Timestamp};

/// The name of this form of report.
pub const SCHEMA: &str = "zhengyin.report/1";

impl Report<'_> {
    /// The report as values: sorted names, no floats. The same inputs give the same values.
    ///
    /// `docs/report.schema.json` describes them.
    #[must_use]
    pub fn to_value(&self, texts: Texts) -> Value<'_> {
        let axes = self.axes();
        let words = [axes.authenticity, axes.currency, axes.recognition, axes.presentation];
        let axes = Axis::ALL.into_iter().zip(words).map(|(axis, word)| (axis.name().into(), word.into())).collect();
        let steps = steps_value(self.steps(), texts);
        let decided = self.steps().deciding();
        let mut value = Value::map([
            ("schema", SCHEMA.into()),
            ("verifier", verifier()),
            ("redacted", false.into()),
            ("verdict", self.verdict().name().into()),
            ("reason", Value::or_null(decided.map(|(_, reason)| reason.symbol()))),
            ("axes", Value::Map(axes)),
            ("steps", steps),
            ("status", Value::or_null(self.told().map(told_value))),
            ("result_code", i64::from(self.result_code()).into()),
            ("bytes", bytes_value(self.bytes())),
            ("object", Value::or_null(self.object_value())),
            ("presentation", Value::or_null(self.presentation().as_ref().map(presentation_value))),
            ("inputs", Value::List(self.inputs().into_iter().map(input_value).collect())),
            ("warnings", Value::List(self.warnings().map(|warning| warning.symbol().into()).collect())),
            ("defects", Value::List(self.defects().map(defect_value).collect())),
            ("risk_class", Value::or_null(self.risk_class().map(String::from))),
            ("time", time_value(&self.times())),
            ("good_until", Value::or_null(self.good_until())),
            ("ends_by", Value::or_null(self.ends_by().map(Bound::word))),
            ("policy", policy_value(self.policy())),
            ("context", context_value(self.context(), self.presentation().as_ref(), self.documents())),
            ("recognition", self.recognition().to_value()),
        ]);
        if let (Texts::Both, Some((_, reason))) = (texts, decided) {
            value.insert("text", both(|language| reason.text(language)));
            value.insert("remedy", both(|language| reason.remedy().text(language)));
            value.insert("caution", both(|language| reason.caution().text(language)));
        }
        value
    }

    /// SHA-256 of the whole report without texts, in CBOR: what a receipt vouches for.
    ///
    /// # Errors
    /// [`cbor::Error`] if the purpose or audience that the caller stated holds characters that the format does not have.
    pub fn digest(&self) -> Result<Digest, cbor::Error> {
        self.to_value(Texts::None).digest()
    }

    fn object_value(&self) -> Option<Value<'_>> {
        let envelope = self.envelope()?;
        Some(Value::map([
            ("authentic", self.is_authentic().into()),
            ("digest", envelope.object_digest().into()),
            ("type", "license".into()),
            ("facts", facts::of_license(self.claimed_license()?)),
        ]))
    }

    fn times(&self) -> Times {
        Times {
            window: self.window(),
            clock: self.clock(),
            event: self.event_time(),
            known_as_of: self.known_as_of(),
            floor: self.floor(),
            floor_by: self.floor_by().map(|input| input.digest),
        }
    }
}

/// What a report says of time.
pub(super) struct Times {
    pub(super) window: TimeWindow,
    pub(super) clock: Clock,
    pub(super) event: Option<Timestamp>,
    pub(super) known_as_of: Option<Timestamp>,
    pub(super) floor: Timestamp,
    pub(super) floor_by: Option<Digest>,
}

pub(super) fn bytes_value(bytes: &[u8]) -> Value<'static> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Value::map([("digest", sha256(bytes).into()), ("size", size.into())])
}

/// Every step by its name.
pub(super) fn steps_value(steps: &Steps, texts: Texts) -> Value<'static> {
    Value::Map(Step::ALL.into_iter().map(|step| (step.name().into(), step_value(steps, step, texts))).collect())
}

fn step_value(steps: &Steps, step: Step, texts: Texts) -> Value<'static> {
    let Asked::Asked(outcome) = steps.get(step) else {
        return Value::map([("outcome", "not-asked".into())]);
    };
    let mut value = outcome_value(outcome, texts);
    if let Some(by) = steps.blocked_by(step) {
        value.insert("blocked_by", by.name().into());
    }
    value
}

/// One answer with its ground.
pub(super) fn outcome_value(outcome: Outcome, texts: Texts) -> Value<'static> {
    let (word, reason) = match outcome {
        Outcome::Passed => return Value::map([("outcome", "passed".into())]),
        Outcome::Failed(reason) => ("failed", reason),
        Outcome::Unknown(reason) => ("unknown", reason),
    };
    let mut value = Value::map([
        ("outcome", word.into()),
        ("reason", reason.symbol().into()),
        ("number", i64::from(reason.number()).into()),
    ]);
    if texts == Texts::Both {
        value.insert("text", both(|language| reason.text(language)));
    }
    value
}

pub(super) fn time_value(times: &Times) -> Value<'static> {
    let basis = match times.window.basis() {
        Basis::Clock => "clock",
        Basis::NoClock => "no-clock",
        Basis::ClockBehind => "clock-behind",
        Basis::Asked => "asked",
    };
    Value::map([
        ("basis", basis.into()),
        ("clock", clock_value(times.clock)),
        ("event", Value::or_null(times.event)),
        ("floor", times.floor.into()),
        ("floor_by", Value::or_null(times.floor_by)),
        ("hi", times.window.hi().into()),
        ("known_as_of", Value::or_null(times.known_as_of)),
        ("lo", times.window.lo().into()),
    ])
}

/// What the status list, or the proof, says.
pub(super) fn told_value(told: &Told) -> Value<'static> {
    let number = |number: u8| Value::from(i64::from(number));
    let successor = told.successor.map(|at| Value::List([at.list, at.index].map(Value::from).into()));
    Value::map([
        ("by", told.by.word().into()),
        ("cause", number(told.cause.number())),
        ("digest", told.digest.into()),
        ("issued", told.issued.into()),
        ("seq", told.seq.into()),
        ("since", Value::or_null(told.since)),
        ("state", Value::or_null(told.state.map(|state| number(state.number())))),
        ("successor", Value::or_null(successor)),
    ])
}

/// What a presentation says.
fn presentation_value<'a>(shown: &Presentation<'a>) -> Value<'a> {
    let claims = &shown.claims;
    Value::map([
        ("audience", Value::or_null(claims.audience)),
        ("expires", claims.expires.into()),
        ("forget_after", shown.forget_after().into()),
        ("form", shown.form().name().into()),
        ("issued_at", claims.issued_at.into()),
        ("purpose", Value::or_null(claims.purpose)),
        ("replay_key", shown.replay_key.into()),
        ("service", Value::or_null(claims.service.map(|service| String::from(service.as_str())))),
    ])
}

/// Who answered: this crate, its version, and the COSE algorithms of the build. A build that lacks one answers *too old* and nothing else.
pub(super) fn verifier() -> Value<'static> {
    Value::map([
        ("name", "zhengyin".into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("algorithms", Value::List(Algorithm::ALL.iter().map(|algorithm| algorithm.cose().into()).collect())),
    ])
}

pub(super) fn both(text: impl Fn(Language) -> &'static str) -> Value<'static> {
    Value::map([("en", text(Language::En).into()), ("zh", text(Language::Zh).into())])
}

pub(super) fn input_value(input: Input) -> Value<'static> {
    let steps = input.steps().map(|step| step.name().into()).collect();
    let mut value = Value::map([
        ("contradicted", input.contradicted.into()),
        ("digest", input.digest.into()),
        ("issued", input.issued.into()),
        ("kind", input.kind.word().into()),
        ("seq", input.seq.into()),
        ("steps", Value::List(steps)),
    ]);
    if let Some(province) = input.province {
        value.insert("province", String::from(province.as_str()).into());
    }
    if let Some((authority, list)) = input.list {
        value.insert("authority", String::from(authority.as_str()).into());
        value.insert("list", list.into());
    }
    value
}

/// The report's values without texts.
#[cfg(feature = "serde")]
impl serde::Serialize for Report<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value(Texts::None).serialize(serializer)
    }
}
