//! The report: every answer with its ground, what was relied on, and until when.

use super::moments::{Asked as Times, Moments};
use super::outcome::{Asked, Outcome, Step, Steps, Verdict};
use super::steps::Credential;
use super::value::Value;
use super::warning::Warning;
use super::{Verifier, facts};
use crate::chain::{Authentic, Authenticated};
use crate::claims::{self, LicenseClaims};
use crate::envelope::Envelope;
use crate::reason::{Language, Reason};
use crate::store::{Held, HeldDirectory, HeldStatus, HeldTrust, ObjectKind};
use crate::suite::Digest;
use crate::time::{Basis, Bound, TimeWindow, Timestamp};

/// An object that was relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// What it is.
    pub kind: ObjectKind,
    /// Its object digest.
    pub digest: Digest,
    /// Its sequence number.
    pub seq: u64,
    /// When it was issued.
    pub issued: Timestamp,
}

impl From<&HeldTrust> for Input {
    fn from(held: &HeldTrust) -> Self {
        let list = held.list();
        Self { kind: ObjectKind::TrustList, digest: held.digest(), seq: list.seq, issued: list.issued }
    }
}

impl From<&HeldDirectory> for Input {
    fn from(held: &HeldDirectory) -> Self {
        let directory = held.directory();
        Self { kind: ObjectKind::Directory, digest: held.digest(), seq: directory.seq, issued: directory.issued }
    }
}

impl From<Held<'_>> for Input {
    fn from(held: Held<'_>) -> Self {
        match held {
            Held::Trust(held) => held.into(),
            Held::Directory(held) => held.into(),
            Held::Status(held) => held.into(),
        }
    }
}

impl From<&HeldStatus> for Input {
    fn from(held: &HeldStatus) -> Self {
        let header = held.header();
        Self { kind: ObjectKind::StatusList, digest: held.digest(), seq: header.seq, issued: header.issued }
    }
}

/// The verdict in four words for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Axes {
    /// `genuine`, `forged`, `unauthorised` (a listed key that had no right to) or `unknown`.
    pub authenticity: &'static str,
    /// `in-force`, `not-yet`, `expired`, `suspended`, `revoked`, `superseded`, `cancelled`, `withdrawn`, `void` or `unknown`.
    pub currency: &'static str,
    /// `local`, `recognised`, `conditional`, `refused` or `unknown`; `not-asked`.
    pub recognition: &'static str,
    /// `live`, `static`, `replayed`, `missing`, `misdirected` (made for others) or `unknown`.
    pub presentation: &'static str,
}

/// Are texts for people wanted in the values of a report?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Symbols and numbers only: the form that is compared and kept.
    None,
    /// Texts in Chinese and English beside them.
    Both,
}

/// What the steps found, on its way into a report.
pub(super) struct Findings<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) steps: Steps,
    pub(super) authenticated: Option<Authenticated>,
    pub(super) moments: Moments,
    pub(super) floor: Timestamp,
    pub(super) floor_by: Option<Input>,
    /// Of the signer's directory.
    pub(super) province: Option<claims::id::RegionPrefix>,
    pub(super) directory: Option<Input>,
    pub(super) status: Option<Input>,
    pub(super) in_grace: [bool; 3],
    /// Is it asked about a time before the status list that says that it is in force?
    pub(super) before_list: bool,
}

/// The answer to a verification. It borrows from the credential that was verified and from the store.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    bytes: &'a [u8],
    steps: Steps,
    credential: Option<Credential<'a>>,
    /// Concerns the claims of `credential`.
    authenticated: Option<Authenticated>,
    inputs: [Option<Input>; 3],
    in_grace: [bool; 3],
    test_province: bool,
    before_list: bool,
    window: TimeWindow,
    asked: Times,
    floor: Timestamp,
    floor_by: Option<Input>,
    good_until: Option<Timestamp>,
    ends_by: Option<Bound>,
    policy: &'static str,
    region: Option<claims::id::Region>,
}

impl<'a> Report<'a> {
    /// Of bytes that are no credential that this verifier reads.
    pub(super) fn unread(bytes: &'a [u8], reason: Reason, window: TimeWindow, verifier: &Verifier<'_>) -> Self {
        let steps = Steps {
            encoding: Outcome::of(reason),
            document: Asked::NotAsked,
            seal: Asked::NotAsked,
            ..Steps::default()
        };
        Self {
            bytes,
            steps,
            credential: None,
            authenticated: None,
            inputs: [verifier.store().trust().map(Input::from), None, None],
            in_grace: [false; 3],
            test_province: false,
            before_list: false,
            window,
            asked: verifier.moments(window).asked(),
            floor: verifier.store().floor(),
            floor_by: verifier.store().floor_set_by().1.map(Input::from),
            good_until: None,
            ends_by: None,
            policy: verifier.policy().name,
            region: verifier.policy().region,
        }
    }

    /// Of a license.
    pub(super) fn of_license(verifier: &Verifier<'_>, credential: Credential<'a>, found: Findings<'a>) -> Self {
        let store = verifier.store();
        let province = found.province.unwrap_or(credential.claims.claimed().license.region.province());
        let (good_until, ends_by) = found.moments.next();
        let test_province =
            store.trust().and_then(|trust| trust.list().provinces.get(&province)).is_some_and(|province| province.test);
        Self {
            bytes: found.bytes,
            steps: found.steps,
            credential: Some(credential),
            authenticated: found.authenticated,
            inputs: [store.trust().map(Input::from), found.directory, found.status],
            in_grace: found.in_grace,
            test_province,
            before_list: found.before_list,
            window: found.moments.known.window(),
            asked: found.moments.asked(),
            floor: found.floor,
            floor_by: found.floor_by,
            good_until,
            ends_by,
            policy: verifier.policy().name,
            region: verifier.policy().region,
        }
    }

    /// The bytes that were verified.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Every answer.
    #[must_use]
    pub const fn steps(&self) -> &Steps {
        &self.steps
    }

    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.steps.verdict()
    }

    /// The envelope, if the bytes are one.
    #[must_use]
    pub fn envelope(&self) -> Option<&Envelope<'a>> {
        self.credential.as_ref().map(|credential| &credential.envelope)
    }

    /// The license, if one with the right to say so signed it. Whether it is in force, recognised and rightly shown is the verdict's.
    #[must_use]
    pub fn license(&self) -> Option<Authentic<'_, LicenseClaims<'a>>> {
        self.authenticated.zip(self.credential.as_ref()).map(|(proof, credential)| proof.believe(&credential.claims))
    }

    /// What the credential says, if it could be read, to show what is being refused. It is so only if [`Report::is_authentic`].
    #[must_use]
    pub fn claimed_license(&self) -> Option<&LicenseClaims<'a>> {
        self.credential.as_ref().map(|credential| credential.claims.claimed())
    }

    /// Did one with the right to say it say it?
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        self.authenticated.is_some()
    }

    /// What was relied on: trust list, directory of the signer, status list.
    pub fn inputs(&self) -> impl Iterator<Item = Input> + '_ {
        self.inputs.iter().flatten().copied()
    }

    /// The window of time in which "now" was taken to lie.
    #[must_use]
    pub const fn window(&self) -> TimeWindow {
        self.window
    }

    /// The floor of that window.
    #[must_use]
    pub const fn floor(&self) -> Timestamp {
        self.floor
    }

    /// What set the floor; `None` where nothing is held.
    #[must_use]
    pub const fn floor_by(&self) -> Option<Input> {
        self.floor_by
    }

    /// The time that the caller asked about: was it in force then?
    #[must_use]
    pub const fn event_time(&self) -> Option<Timestamp> {
        self.asked.event_time
    }

    /// The time by whose knowledge the caller asked.
    #[must_use]
    pub const fn known_as_of(&self) -> Option<Timestamp> {
        self.asked.known_as_of
    }

    /// The earliest moment at which this verdict could change without new data; `None` is never.
    ///
    /// Whoever keeps the verdict may rely on it while his clock's reading, less its uncertainty, lies before: verifying again would say
    /// the same. A clock that is set in the meantime, or becomes less certain than by its ordinary drift, knows something new.
    #[must_use]
    pub const fn good_until(&self) -> Option<Timestamp> {
        self.good_until
    }

    /// What would end it then.
    #[must_use]
    pub const fn ends_by(&self) -> Option<Bound> {
        self.ends_by
    }

    /// What a person should know besides.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + '_ {
        let kinds = [ObjectKind::TrustList, ObjectKind::Directory, ObjectKind::StatusList];
        let grace = kinds.into_iter().zip(self.in_grace).filter(|(_, graced)| *graced);
        let license = self.claimed_license().into_iter().flat_map(|claims| claims.warnings());
        grace
            .map(|(kind, _)| Warning::InGrace(kind))
            .chain(self.before_list.then_some(Warning::BeforeList))
            .chain(self.test_province.then_some(Warning::TestProvince))
            .chain(license.map(Warning::License))
    }

    /// The verdict in four words. What a ground is called on its axis stands in the table.
    #[must_use]
    pub fn axes(&self) -> Axes {
        let Steps { issuer, signature, recognition, presentation, .. } = self.steps;
        let authenticity = match self.is_authentic() {
            true => "genuine",
            // Not by what cannot be read: a damaged code accuses nobody. The signature goes first: whoever made it was not the signer.
            false => failed(signature).or_else(|| failed(issuer)).map_or("unknown", Reason::word),
        };
        let word = |asked: Asked, not_asked, passed| match asked {
            Asked::NotAsked => not_asked,
            Asked::Asked(outcome) => outcome.reason().map_or(passed, Reason::word),
        };
        Axes {
            authenticity,
            currency: self.currency(),
            recognition: word(recognition, "not-asked", "local"),
            presentation: word(presentation, "static", "static"),
        }
    }

    fn currency(&self) -> &'static str {
        let Steps { period, status, .. } = self.steps;
        match failed(status).or_else(|| failed(period)) {
            Some(reason) => reason.word(),
            None if period == Outcome::Passed && status == Outcome::Passed => "in-force",
            None => "unknown",
        }
    }

    /// The `verify-info` result code of GB/T 36906. 0 to 3 assert that the content is right, so a forgery is never 3.
    #[must_use]
    pub fn result_code(&self) -> u8 {
        let Steps { encoding, issuer, signature, period, status, .. } = self.steps;
        if let Some(reason) = encoding.and(issuer).and(signature).reason() {
            return reason.result_code();
        }
        // The code that asserts least: no such record, then no longer in force, suspended, not yet.
        let codes = [status, period].into_iter().filter_map(failed).map(Reason::result_code);
        codes.max().unwrap_or(if self.verdict() == Verdict::Valid { 0 } else { 4 })
    }

    /// The report as values: sorted names, no floats. The same inputs give the same values.
    #[must_use]
    pub fn to_value(&self, texts: Texts) -> Value<'_> {
        let axes = self.axes();
        let steps = Step::ALL.into_iter().map(|step| (step.name().into(), self.step_value(step, texts))).collect();
        let mut value = Value::map([
            ("schema", "zhengyin.report/1".into()),
            ("verdict", self.verdict().name().into()),
            (
                "axes",
                Value::map([
                    ("authenticity", axes.authenticity.into()),
                    ("currency", axes.currency.into()),
                    ("recognition", axes.recognition.into()),
                    ("presentation", axes.presentation.into()),
                ]),
            ),
            ("steps", Value::Map(steps)),
            ("result_code", i64::from(self.result_code()).into()),
            ("inputs", Value::List(self.inputs().map(input_value).collect())),
            ("warnings", Value::List(self.warnings().map(|warning| warning.symbol().into()).collect())),
            ("time", self.time_value()),
            ("good_until", Value::or_null(self.good_until)),
            ("ends_by", Value::or_null(self.ends_by.map(Bound::word))),
            ("policy", Value::map([("name", self.policy.into()), ("region", Value::or_null(self.region_text()))])),
        ]);
        let decided = self.steps.deciding();
        value.insert("reason", Value::or_null(decided.map(|(_, reason)| reason.symbol())));
        let object = self.credential.as_ref().map(|credential| {
            let mut object = Value::map([
                ("authentic", self.is_authentic().into()),
                ("digest", credential.envelope.object_digest().into()),
                ("type", "license".into()),
            ]);
            object.insert("facts", facts::of_license(credential.claims.claimed()));
            object
        });
        value.insert("object", Value::or_null(object));
        if let (Texts::Both, Some((_, reason))) = (texts, decided) {
            value.insert("text", both(|language| reason.text(language)));
            value.insert("remedy", both(|language| reason.remedy().text(language)));
            value.insert("caution", both(|language| reason.caution().text(language)));
        }
        value
    }

    fn region_text(&self) -> Option<alloc::string::String> {
        self.region.map(|region| region.as_str().into())
    }

    fn step_value(&self, step: Step, texts: Texts) -> Value<'static> {
        let Asked::Asked(outcome) = self.steps.get(step) else {
            return Value::map([("outcome", "not-asked".into())]);
        };
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
        if let Some(by) = self.steps.blocked_by(step) {
            value.insert("blocked_by", by.name().into());
        }
        if texts == Texts::Both {
            value.insert("text", both(|language| reason.text(language)));
        }
        value
    }

    fn time_value(&self) -> Value<'static> {
        let basis = match self.window.basis() {
            Basis::Clock => "clock",
            Basis::NoClock => "no-clock",
            Basis::ClockBehind => "clock-behind",
            Basis::Asked => "asked",
        };
        Value::map([
            ("basis", basis.into()),
            ("event", Value::or_null(self.asked.event_time)),
            ("floor", self.floor.into()),
            ("floor_by", Value::or_null(self.floor_by.map(input_value))),
            ("hi", self.window.hi().into()),
            ("known_as_of", Value::or_null(self.asked.known_as_of)),
            ("lo", self.window.lo().into()),
        ])
    }
}

const fn failed(outcome: Outcome) -> Option<Reason> {
    match outcome {
        Outcome::Failed(reason) => Some(reason),
        Outcome::Passed | Outcome::Unknown(_) => None,
    }
}

fn both(text: impl Fn(Language) -> &'static str) -> Value<'static> {
    Value::map([("en", text(Language::En).into()), ("zh", text(Language::Zh).into())])
}

fn input_value(input: Input) -> Value<'static> {
    Value::map([
        ("digest", input.digest.into()),
        ("issued", input.issued.into()),
        ("kind", input.kind.word().into()),
        ("seq", input.seq.into()),
    ])
}

/// The report's values without texts.
#[cfg(feature = "serde")]
impl serde::Serialize for Report<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value(Texts::None).serialize(serializer)
    }
}
