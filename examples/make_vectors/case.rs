//! Cases: what is asked, and the answer that their author states. The library's own answer is only ever compared with it.

use zhengyin::claims::Nonce;
use zhengyin::claims::id::{Region, TypePrefix};
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::{Digest, Suites};
use zhengyin::time::{Clock, TimeWindow, Timestamp};
use zhengyin::trust::Grace;
use zhengyin::verify::{Context, Seen, Step, Verifier};

use super::answer::{Answer, observed};
use super::files::Objects;
use super::json::{Json, hex};
use super::world::{BASE, World};

/// Bytes that are asked about, and what they are.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) note: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn row(note: &str, bytes: impl Into<Vec<u8>>) -> Row {
    Row { note: note.into(), bytes: bytes.into() }
}

/// An object that the store is offered, when, and what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) object: Vec<u8>,
    pub(crate) at: i64,
    pub(crate) answer: Answered,
}

/// What becomes of an object that is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    New,
    Known,
    Refused(Reason),
}

impl Answered {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Refused(reason) => reason.symbol(),
        }
    }
}

/// What a policy asks for beyond the built-in one that it starts from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tightened {
    /// The most grace of a risk class: trust list, directory, status list.
    pub(crate) budgets: Vec<(&'static str, [i64; 3])>,
    pub(crate) classes: Vec<(&'static str, &'static str)>,
    pub(crate) max_status_age: Option<i64>,
    /// The suites that are accepted, if not all are.
    pub(crate) suites: Option<&'static str>,
}

/// Everything that a verdict depends on but the credential.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) pin: Pin,
    pub(crate) offers: Vec<Offer>,
    pub(crate) policy: &'static str,
    pub(crate) tightened: Tightened,
    pub(crate) region: Option<&'static str>,
    pub(crate) recognition: bool,
    pub(crate) presentation: bool,
    /// Reading and uncertainty.
    pub(crate) clock: Option<(i64, u32)>,
    pub(crate) purpose: Option<&'static str>,
    pub(crate) audience: Option<&'static str>,
    /// Seconds after the base time that are asked about instead of now.
    pub(crate) event_time: Option<i64>,
    pub(crate) known_as_of: Option<i64>,
    pub(crate) use_case: Option<&'static str>,
    /// The nonce that was shown to the holder.
    pub(crate) challenge: Option<[u8; 16]>,
    /// The presentations that were seen before, by their digests, if any are kept.
    pub(crate) seen: Option<Vec<[u8; 32]>>,
    /// The file that is compared with those that a license names, by its digest.
    pub(crate) document: Option<Digest>,
    /// Its SM3.
    pub(crate) document_sm3: Option<Digest>,
}

/// The authority that issues the licenses of most cases.
pub(crate) const ISSUER: &str = "11990100MB0000000P";
/// Its region and, in most cases, the verifier's.
pub(crate) const HERE: &str = "990102";

impl Setup {
    /// The same, relying on one suite alone.
    pub(crate) const fn by(mut self, suite: &'static str) -> Self {
        self.tightened.suites = Some(suite);
        self
    }

    /// A counter in the issuer's city at the base time, with the trust list, the directory of the issuer's province, and the
    /// issuer's status list.
    pub(crate) fn of(world: &World) -> Self {
        Self::holding(world, [world.trust_object(), world.directory_object("99"), world.status_object(ISSUER)])
    }

    /// The same counter with these objects, taken in at the base time.
    pub(crate) fn holding(world: &World, objects: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut setup = Self {
            pin: world.pin(),
            offers: Vec::new(),
            policy: "counter",
            tightened: Tightened::default(),
            region: Some(HERE),
            recognition: true,
            presentation: true,
            clock: Some((BASE, 120)),
            purpose: None,
            audience: None,
            event_time: None,
            known_as_of: None,
            use_case: None,
            challenge: None,
            seen: None,
            document: None,
            document_sm3: None,
        };
        objects.into_iter().for_each(|object| setup.offer(object, Answered::New));
        setup
    }

    pub(crate) fn offer(&mut self, object: Vec<u8>, answer: Answered) {
        self.offers.push(Offer { object, at: BASE, answer });
    }

    /// The clock reads this many seconds after the base time.
    pub(crate) fn at(mut self, seconds: i64) -> Self {
        self.clock = Some((BASE + seconds, 120));
        self
    }

    /// Asked is whether it was in force this many seconds after the base time.
    pub(crate) const fn event(mut self, seconds: i64) -> Self {
        self.event_time = Some(seconds);
        self
    }

    /// Judged is by what was known this many seconds after the base time.
    pub(crate) const fn known(mut self, seconds: i64) -> Self {
        self.known_as_of = Some(seconds);
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The store, every answer of which must be the stated one.
    pub(crate) fn store(&self) -> Result<Store, String> {
        let mut store = Store::new(self.pin);
        for (number, offer) in self.offers.iter().enumerate() {
            let answer = answered(store.apply(&offer.object, TimeWindow::at(Timestamp::new(offer.at).unwrap())));
            if answer != offer.answer {
                return Err(format!("offer {number}: stated {:?}, found {answer:?}", offer.answer));
            }
        }
        Ok(store)
    }

    /// What the signed objects prove to be past, by the document's formula.
    pub(crate) fn floor(&self) -> i64 {
        self.store().map_or(0, |store| store.floor().seconds())
    }

    pub(crate) fn policy(&self) -> Policy {
        let region = self.region.map(|region| Region::parse(region).unwrap());
        let built_in = Policy::BUILT_IN.into_iter().find(|(name, _)| *name == self.policy);
        let mut policy = built_in.unwrap().1(region);
        let unsigned = |seconds: i64| u64::try_from(seconds).unwrap();
        policy.max_status_age = self.tightened.max_status_age.map(unsigned);
        if let Some(suite) = self.tightened.suites {
            policy.suites = Suites::from_names([suite]).unwrap();
        }
        for (class, most) in &self.tightened.budgets {
            let [list, directory, status] = most.map(unsigned);
            policy.budgets.insert((*class).into(), Grace { list, directory, status });
        }
        for (prefix, class) in &self.tightened.classes {
            policy.classes.insert(TypePrefix::parse(prefix).unwrap(), (*class).into());
        }
        if !self.recognition {
            policy = policy.without_recognition();
        }
        if !self.presentation {
            policy = policy.without_presentation();
        }
        policy
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock
            .map_or(Clock::Absent, |(now, uncertainty)| Clock::Reads { now: Timestamp::new(now).unwrap(), uncertainty })
    }

    fn seen(&self) -> Option<Seen> {
        self.seen.as_ref().map(|digests| {
            let mut seen = Seen::new();
            digests.iter().for_each(|digest| seen.remember(Digest::new(*digest), Timestamp::MAX));
            seen
        })
    }

    pub(crate) fn context<'s>(&self, seen: &'s Option<Seen>) -> Context<'s> {
        let time = |seconds: i64| Timestamp::new(BASE + seconds).unwrap();
        Context {
            purpose: self.purpose,
            audience: self.audience,
            event_time: self.event_time.map(time),
            known_as_of: self.known_as_of.map(time),
            use_case: self.use_case,
            challenge: self.challenge.map(Nonce::new),
            seen: seen.as_ref(),
        }
    }

    /// The members of a case that say this.
    pub(crate) fn json(&self, objects: &mut Objects) -> Vec<(&'static str, Json)> {
        let pin = hex(self.pin.digest().as_bytes());
        let clock = self.clock.map(|(now, u)| Json::map([("now", now.into()), ("uncertainty", i64::from(u).into())]));
        let policy = Json::map([
            ("name", self.policy.into()),
            ("region", self.region.into()),
            ("recognition", self.recognition.into()),
            ("presentation", self.presentation.into()),
        ]);
        let mut context = Json::map([("purpose", self.purpose.into()), ("audience", self.audience.into())]);
        for (name, seconds) in [("event_time", self.event_time), ("known_as_of", self.known_as_of)] {
            if let Some(seconds) = seconds {
                context = context.with(name, BASE + seconds);
            }
        }
        if let Some(use_case) = self.use_case {
            context = context.with("use_case", use_case);
        }
        let policy = match self.tightened.json() {
            Some(tightened) => policy.with("tightened", tightened),
            None => policy,
        };
        if let Some(challenge) = &self.challenge {
            context = context.with("challenge", hex(challenge));
        }
        if let Some(document) = &self.document {
            context = context.with("document", hex(document.as_bytes()));
        }
        if let Some(document) = &self.document_sm3 {
            context = context.with("document_sm3", hex(document.as_bytes()));
        }
        if let Some(seen) = &self.seen {
            context = context.with("seen", Json::list(seen.iter().map(|digest| hex(digest))));
        }
        vec![
            ("store", Json::map([("pin", pin.into()), ("offers", offers(&self.offers, objects))])),
            ("policy", policy),
            ("clock", clock.into()),
            ("context", context),
        ]
    }
}

impl Tightened {
    fn json(&self) -> Option<Json> {
        let Self { budgets, classes, max_status_age, suites } = self;
        if budgets.is_empty() && classes.is_empty() && max_status_age.is_none() && suites.is_none() {
            return None;
        }
        let named = |name: &str, value: Json| (name.to_owned(), value);
        let budgets = budgets.iter().map(|(class, most)| named(class, Json::list(*most))).collect();
        let classes = classes.iter().map(|(prefix, class)| named(prefix, (*class).into())).collect();
        let tightened = Json::map([
            ("budgets", Json::Map(budgets)),
            ("classes", Json::Map(classes)),
            ("max_status_age", (*max_status_age).into()),
        ]);
        Some(match suites {
            Some(suite) => tightened.with("suites", Json::list([*suite])),
            None => tightened,
        })
    }
}

pub(crate) fn answered(result: Result<zhengyin::store::Accepted, zhengyin::store::Refusal>) -> Answered {
    match result {
        Ok(zhengyin::store::Accepted::New { .. }) => Answered::New,
        Ok(zhengyin::store::Accepted::Known { .. }) => Answered::Known,
        Err(refusal) => Answered::Refused(refusal.reason),
    }
}

/// What is offered, by the names of the files that hold the objects.
pub(crate) fn offers(offers: &[Offer], objects: &mut Objects) -> Json {
    Json::list(offers.iter().map(|offer| {
        Json::map([
            ("object", objects.name(&offer.object).into()),
            ("at", offer.at.into()),
            ("answer", offer.answer.word().into()),
        ])
    }))
}

/// A case, as it is written to its file, once the library was found to agree with it.
pub(crate) struct Case {
    pub(crate) group: &'static str,
    pub(crate) name: String,
    pub(crate) body: Json,
    /// Is the stated answer that something is accepted or valid?
    pub(crate) good: bool,
}

/// All cases, and what the library and their authors disagree about.
#[derive(Default)]
pub(crate) struct Cases {
    pub(crate) group: &'static str,
    /// What the names of all end with.
    pub(crate) suffix: &'static str,
    pub(crate) done: Vec<Case>,
    pub(crate) objects: Objects,
    pub(crate) disagreements: Vec<String>,
}

/// The version of the files' shape.
pub(crate) const FORMAT: i64 = 1;

/// What a case is called, and what it says in one sentence of each language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Title {
    pub(crate) name: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
    /// What a verifier that answers otherwise has that this one has not.
    pub(crate) provisional: Option<&'static str>,
}

pub(crate) const fn title(name: &'static str, zh: &'static str, en: &'static str) -> Title {
    Title { name, zh, en, provisional: None }
}

impl Title {
    /// The answer is that of a verifier without this.
    pub(crate) const fn until(mut self, what: &'static str) -> Self {
        self.provisional = Some(what);
        self
    }
}

impl Cases {
    /// Enters a case of any kind: `members` follow the title, `faults` are what the library answered otherwise.
    pub(crate) fn enter(
        &mut self,
        title: Title,
        kind: &str,
        good: bool,
        members: Vec<(&str, Json)>,
        faults: impl IntoIterator<Item = String>,
    ) {
        let Title { name, zh, en, provisional } = title;
        let name = [name, self.suffix].concat();
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
        assert!(self.done.iter().all(|known| known.name != name), "{name} twice");
        let mut body = Json::map([
            ("format", FORMAT.into()),
            ("name", name.as_str().into()),
            ("kind", kind.into()),
            ("zh", zh.into()),
            ("en", en.into()),
        ]);
        if let Some(what) = provisional {
            body = body.with("provisional", what);
        }
        for (member, value) in members {
            body = body.with(member, value);
        }
        self.disagreements.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
        self.done.push(Case { group: self.group, name, body, good });
    }

    /// A license is verified.
    pub(crate) fn verify(&mut self, title: Title, setup: &Setup, input: &[u8], answer: Answer) {
        self.verify_each(title, setup, vec![row("", input)], answer);
    }

    /// Several are, with the same answer to each.
    pub(crate) fn verify_each(&mut self, title: Title, setup: &Setup, rows: Vec<Row>, answer: Answer) {
        let expected = answer.json(setup);
        let mut faults = Vec::from_iter(answer.fault());
        match setup.store() {
            Err(fault) => faults.push(fault),
            Ok(store) => {
                let seen = setup.seen();
                let context = setup.context(&seen);
                let verifier = Verifier::new(&store, setup.policy())
                    .with_context(context)
                    .with_document(setup.document)
                    .with_document_sm3(setup.document_sm3);
                for row in &rows {
                    let report = verifier.verify(&row.bytes, setup.clock());
                    let found = observed(&report);
                    if found != expected {
                        faults.push(format!("{}\n{}", row.note, differences(&expected, &found)));
                    }
                }
            }
        }
        let mut members = vec![("inputs", inputs(&rows))];
        members.extend(setup.json(&mut self.objects));
        members.push(("expected", expected));
        self.enter(title, "verify", answer.is_valid(), members, faults);
    }

    /// No change of one bit of the input is valid.
    pub(crate) fn flips(&mut self, title: Title, setup: &Setup, input: &[u8]) {
        let (store, seen) = (setup.store().unwrap(), setup.seen());
        let verifier = Verifier::new(&store, setup.policy()).with_context(setup.context(&seen));
        let mut faults = Vec::new();
        let mut bytes = input.to_vec();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                if verifier.verify(&bytes, setup.clock()).verdict() == zhengyin::verify::Verdict::Valid {
                    faults.push(format!("bit {bit} of byte {at} turned: valid"));
                }
                bytes[at] ^= 1 << bit;
            }
        }
        let mut members = vec![("inputs", inputs(&[row("", input)]))];
        members.extend(setup.json(&mut self.objects));
        members.push(("expected", Json::map([("never", "valid".into())])));
        self.enter(title, "flips", false, members, faults);
    }
}

pub(crate) fn inputs(rows: &[Row]) -> Json {
    Json::list(rows.iter().map(|row| {
        let bytes = ("hex", Json::from(hex(&row.bytes)));
        if row.note.is_empty() { Json::map([bytes]) } else { Json::map([("note", row.note.as_str().into()), bytes]) }
    }))
}

/// The steps in the order of a report.
pub(crate) const STEPS: [Step; 9] = Step::ALL;

/// The lines in which two values differ.
pub(crate) fn differences(stated: &Json, found: &Json) -> String {
    let (stated, found) = (stated.file(), found.file());
    let pairs = stated.lines().zip(found.lines()).filter(|(stated, found)| stated != found);
    pairs.map(|(stated, found)| format!("  stated {stated}\n  found  {found}\n")).collect()
}
