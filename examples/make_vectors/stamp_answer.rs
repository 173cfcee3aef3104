//! The answer to a file of stamps, stated whole, and the cases that ask for one.

use zhengyin::claims::id::TypeCode;
use zhengyin::reason::{Class, Reason};
use zhengyin::verify::{Asked, Outcome, Point, SealReport, StampsReport, Step, Steps, Verifier};

use super::answer::outcome_json;
use super::case::{Cases, STEPS, Setup, Title};
use super::json::{Json, hex};

const BLOCKED: Outcome = Outcome::Unknown(Reason::StepBlocked);

/// What is offered: a file of stamps, or a seal by itself, with what it is compared with.
#[derive(Clone, Debug)]
pub(crate) struct Offered {
    pub(crate) note: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) document: Option<Vec<u8>>,
    pub(crate) seals: Option<Vec<u8>>,
    pub(crate) license_type: Option<&'static str>,
}

/// The answer to one stamp, or to a seal by itself.
#[derive(Clone, Debug)]
pub(crate) struct StampAnswer {
    steps: Steps,
    points: Option<[Outcome; 8]>,
    authenticity: &'static str,
    currency: &'static str,
    warnings: Vec<&'static str>,
}

fn of(reason: Reason) -> Outcome {
    match reason.class() {
        Class::Invalid => Outcome::Failed(reason),
        Class::Undetermined => Outcome::Unknown(reason),
    }
}

impl StampAnswer {
    /// Every step and every point passed.
    pub(crate) fn valid() -> Self {
        Self {
            steps: Steps {
                encoding: Outcome::Passed,
                issuer: Outcome::Passed,
                signature: Outcome::Passed,
                period: Outcome::Passed,
                status: Outcome::Passed,
                recognition: Asked::NotAsked,
                presentation: Asked::NotAsked,
                document: Asked::Asked(Outcome::Passed),
                seal: Asked::Asked(Outcome::Passed),
            },
            points: Some([Outcome::Passed; 8]),
            authenticity: "genuine",
            currency: "in-force",
            warnings: vec!["warning.before_list", "warning.time_self_asserted", "warning.test_province"],
        }
    }

    /// A seal by itself: nothing is asked of a document.
    pub(crate) fn seal() -> Self {
        let mut answer = Self::valid();
        (answer.steps.document, answer.steps.seal) = (Asked::NotAsked, Asked::NotAsked);
        (answer.points, answer.warnings) = (None, vec!["warning.test_province"]);
        answer
    }

    /// Nothing could be read.
    pub(crate) fn unread(reason: Reason) -> Self {
        let steps = Steps {
            encoding: of(reason),
            issuer: BLOCKED,
            signature: BLOCKED,
            period: BLOCKED,
            status: BLOCKED,
            recognition: Asked::NotAsked,
            presentation: Asked::NotAsked,
            document: Asked::Asked(BLOCKED),
            seal: Asked::Asked(BLOCKED),
        };
        Self { steps, points: None, authenticity: "unknown", currency: "unknown", warnings: Vec::new() }
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
        self
    }

    /// This ground decides this step; the axes then read as stated, where they are not what they were.
    pub(crate) fn by(self, step: Step, reason: Reason) -> Self {
        let mut answer = self.step(step, of(reason));
        let axis = match (reason.class(), step) {
            (Class::Undetermined, _) => "unknown",
            (Class::Invalid, _) => reason.word(),
        };
        match step {
            Step::Period | Step::Status => answer.currency = axis,
            _ if answer.authenticity == "genuine" || axis != "unknown" => answer.authenticity = axis,
            _ => {}
        }
        answer
    }

    pub(crate) fn point(mut self, point: Point, outcome: Outcome) -> Self {
        let points = self.points.as_mut().unwrap();
        points[Point::ALL.iter().position(|known| *known == point).unwrap()] = outcome;
        self
    }

    /// A point of the seal that decides the step by its own ground.
    pub(crate) fn seal_point(self, point: Point, reason: Reason) -> Self {
        self.point(point, of(reason)).by(Step::Seal, reason)
    }

    /// The maker is refused, or not proven, for this reason.
    pub(crate) fn maker(self, reason: Reason) -> Self {
        let told = match reason.class() {
            Class::Invalid => Reason::SealMakerRefused,
            Class::Undetermined => Reason::SealMakerUnproven,
        };
        self.point(Point::Maker, of(reason)).by(Step::Seal, told)
    }

    /// Not known whose key it was.
    pub(crate) fn key_unknown(self) -> Self {
        self.point(Point::Key, BLOCKED).step(Step::Seal, BLOCKED)
    }

    /// No list was asked about the seal.
    pub(crate) fn status_blocked(mut self) -> Self {
        self.currency = "unknown";
        self.step(Step::Status, BLOCKED).without("warning.before_list")
    }

    /// The seal is not at hand.
    pub(crate) fn seal_missing(mut self) -> Self {
        self.points = Some([BLOCKED; 8]);
        let missing = Reason::SealMissing;
        self.seal_point(Point::Present, missing).by(Step::Status, missing).without("warning.before_list")
    }

    /// The seal is at hand and cannot be read.
    pub(crate) fn seal_unread(mut self, reason: Reason) -> Self {
        self.points = Some([BLOCKED; 8]);
        self.point(Point::Present, Outcome::Passed).seal_point(Point::Encoding, reason).status_blocked()
    }

    pub(crate) fn without(mut self, warning: &str) -> Self {
        self.warnings.retain(|known| *known != warning);
        self
    }

    pub(crate) fn warned(mut self, warnings: &[&'static str]) -> Self {
        self.warnings = warnings.to_vec();
        self
    }

    pub(crate) fn reading(mut self, authenticity: &'static str, currency: &'static str) -> Self {
        (self.authenticity, self.currency) = (authenticity, currency);
        self
    }

    fn outcomes(&self) -> impl Iterator<Item = (Step, Outcome)> + '_ {
        STEPS.into_iter().filter_map(|step| Some((step, self.steps.get(step).outcome()?)))
    }

    fn verdict(&self) -> &'static str {
        let any = |wanted: fn(&Outcome) -> bool| self.outcomes().any(|(_, outcome)| wanted(&outcome));
        if any(|outcome| matches!(outcome, Outcome::Failed(_))) {
            "invalid"
        } else if any(|outcome| matches!(outcome, Outcome::Unknown(_))) {
            "undetermined"
        } else {
            "valid"
        }
    }

    /// The first that failed, else the first unknown that says more than that it was kept from running.
    fn decided(&self) -> Option<(Step, Reason)> {
        let failed = self.outcomes().find_map(|(step, outcome)| match outcome {
            Outcome::Failed(reason) => Some((step, reason)),
            _ => None,
        });
        let unknown = self.outcomes().find_map(|(step, outcome)| match outcome {
            Outcome::Unknown(reason) if reason != Reason::StepBlocked => Some((step, reason)),
            _ => None,
        });
        failed.or(unknown)
    }

    /// GB/T 36906 verify-file.
    fn result_code(&self) -> i64 {
        let is_good = |outcome: Option<Outcome>| outcome.is_none_or(|outcome| outcome == Outcome::Passed);
        match self.verdict() {
            "valid" => 0,
            _ if !is_good(Some(self.steps.encoding)) || !is_good(self.steps.document.outcome()) => 2,
            _ => 1,
        }
    }

    fn json(&self) -> Json {
        let steps = STEPS.iter().map(|step| (step.name().to_owned(), outcome_json(self.steps.get(*step)))).collect();
        let points = self.points.map(|points| {
            let named = Point::ALL.iter().zip(points);
            Json::Map(
                named.map(|(point, outcome)| (point.name().to_owned(), outcome_json(Asked::Asked(outcome)))).collect(),
            )
        });
        stated(self.verdict(), self.decided())
            .with("steps", Json::Map(steps))
            .with("points", points)
            .with("axes", axes(self.authenticity, self.currency))
            .with("result_code", self.result_code())
            .with("warnings", Json::list(self.warnings.iter().copied()))
    }
}

fn axes(authenticity: &str, currency: &str) -> Json {
    Json::map([
        ("authenticity", authenticity.into()),
        ("currency", currency.into()),
        ("recognition", "not-asked".into()),
        ("presentation", "static".into()),
    ])
}

fn stated(verdict: &str, decided: Option<(Step, Reason)>) -> Json {
    Json::map([
        ("verdict", verdict.into()),
        ("step", decided.map(|(step, _)| step.name()).into()),
        ("reason", decided.map(|(_, reason)| reason.symbol()).into()),
    ])
}

/// What the library says of one stamp.
fn observed(report: &SealReport<'_>) -> Json {
    let steps = STEPS.iter().map(|step| (step.name().to_owned(), outcome_json(report.steps().get(*step)))).collect();
    let points = report.points().map(|points| {
        let named = points.outcomes();
        Json::Map(
            named.map(|(point, outcome)| (point.name().to_owned(), outcome_json(Asked::Asked(outcome)))).collect(),
        )
    });
    let read = report.axes();
    stated(report.verdict().name(), report.steps().deciding())
        .with("steps", Json::Map(steps))
        .with("points", points)
        .with(
            "axes",
            Json::map([
                ("authenticity", read.authenticity.into()),
                ("currency", read.currency.into()),
                ("recognition", read.recognition.into()),
                ("presentation", read.presentation.into()),
            ]),
        )
        .with("result_code", i64::from(report.result_code()))
        .with("warnings", Json::list(report.warnings().map(|warning| warning.symbol())))
}

fn observed_all(report: &StampsReport<'_>) -> Json {
    stated(report.verdict().name(), report.deciding()).with("stamps", Json::list(report.stamps().iter().map(observed)))
}

/// The worst verdict, and what decides the first that has it.
fn together(answers: &[StampAnswer]) -> (&'static str, Option<(Step, Reason)>) {
    for verdict in ["invalid", "undetermined", "valid"] {
        if let Some(worst) = answers.iter().find(|answer| answer.verdict() == verdict) {
            return (verdict, worst.decided());
        }
    }
    ("undetermined", Some((Step::Document, Reason::DocumentNoStamp)))
}

impl Cases {
    /// Files of stamps are verified, with the same answer to each.
    pub(crate) fn stamps(&mut self, title: Title, setup: &Setup, offered: Vec<Offered>, answers: &[StampAnswer]) {
        let (verdict, decided) = together(answers);
        let expected = stated(verdict, decided).with("stamps", Json::list(answers.iter().map(StampAnswer::json)));
        self.enter_stamps(title, "stamps", setup, &offered, expected, |verifier, row| {
            let mut stamps = verifier.stamps(&row.bytes, setup.clock());
            if let Some(seals) = &row.seals {
                stamps = stamps.with_seals(seals);
            }
            if let Some(license_type) = row.license_type {
                stamps = stamps.for_license_type(TypeCode::parse(license_type).unwrap());
            }
            match &row.document {
                None => observed_all(&stamps.finish_without_document()),
                Some(document) => {
                    document.chunks(7).for_each(|piece| stamps.update(piece));
                    observed_all(&stamps.finish())
                }
            }
        });
    }

    /// Seals are verified by themselves, with the same answer to each.
    pub(crate) fn seals(&mut self, title: Title, setup: &Setup, offered: Vec<Offered>, answer: &StampAnswer) {
        self.enter_stamps(title, "seal", setup, &offered, answer.json(), |verifier, row| {
            observed(&verifier.verify_seal(&row.bytes, setup.clock()))
        });
    }

    fn enter_stamps(
        &mut self,
        title: Title,
        kind: &str,
        setup: &Setup,
        offered: &[Offered],
        expected: Json,
        ask: impl Fn(&Verifier<'_>, &Offered) -> Json,
    ) {
        let store = setup.store().unwrap();
        let seen = None;
        let verifier = Verifier::new(&store, setup.policy()).with_context(setup.context(&seen));
        let mut faults = Vec::new();
        for row in offered {
            let found = ask(&verifier, row);
            if found != expected {
                faults.push(format!("{}\n{}", row.note, super::case::differences(&expected, &found)));
            }
        }
        let rows = offered.iter().map(|row| {
            let mut json = Json::map([("hex", hex(&row.bytes).into())]);
            if !row.note.is_empty() {
                json = Json::map([("note", row.note.into())]).with("hex", hex(&row.bytes));
            }
            if kind == "stamps" {
                json = json.with("document", row.document.as_ref().map(|bytes| hex(bytes)));
            }
            if let Some(seals) = &row.seals {
                json = json.with("seals", hex(seals));
            }
            match row.license_type {
                Some(license_type) => json.with("license_type", license_type),
                None => json,
            }
        });
        let mut members = vec![("inputs", Json::list(rows))];
        members.extend(setup.json(&mut self.objects));
        let good = matches!(&expected, Json::Map(members) if members.iter().any(|member| *member == ("verdict".into(), "valid".into())));
        members.push(("expected", expected));
        self.enter(title, kind, good, members, faults);
    }
}
