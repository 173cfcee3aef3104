//! Group `sequence`: objects that reach a verifier one after the other, and what it says of one license after each of them.

use std::collections::BTreeSet;

use zhengyin::claims::id::Region;
use zhengyin::policy::Policy;
use zhengyin::reason::{Class, Reason};
use zhengyin::store::{Pin, Store};
use zhengyin::time::{Clock, TimeWindow, Timestamp};
use zhengyin::verify::{Step, Verifier};

use super::case::{Answered, Cases, HERE, ISSUER, Title, answered};
use super::json::{Json, hex};
use super::world::{BASE, Issued, World};

/// What is said of the license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    Valid,
    /// This step decides, for this ground: invalid or undetermined, as the ground's class is.
    For(Step, Reason),
}

impl Says {
    const fn verdict(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::For(_, reason) => match reason.class() {
                Class::Invalid => "invalid",
                Class::Undetermined => "undetermined",
            },
        }
    }

    const fn decided(self) -> Option<(Step, Reason)> {
        match self {
            Self::Valid => None,
            Self::For(step, reason) => Some((step, reason)),
        }
    }
}

/// What happens: an object is offered, or time passes.
#[derive(Clone, Debug)]
struct Event {
    object: Option<(Vec<u8>, Answered)>,
    at: i64,
    says: Says,
}

/// What a verifier goes through.
#[derive(Clone, Debug)]
pub(crate) struct Tale {
    pin: Pin,
    license: Vec<u8>,
    now: i64,
    events: Vec<Event>,
    evidence: Vec<Reason>,
}

/// The clock's uncertainty in all sequences, in seconds.
const UNCERTAINTY: u32 = 120;

impl Tale {
    /// A verifier with the pin of this federation, which holds nothing.
    pub(crate) fn new(world: &World, license: &Issued) -> Self {
        Self { pin: world.pin(), license: license.bytes.clone(), now: BASE, events: Vec::new(), evidence: Vec::new() }
    }

    /// One that took the world's trust list, directory and status list; the license is valid.
    pub(crate) fn holding(world: &World, license: &Issued) -> Self {
        Self::listed(world, license)
            .takes(world.directory_object("99"), UNSTATED)
            .takes(world.status_object(ISSUER), Says::Valid)
    }

    /// One that took the world's trust list.
    pub(crate) fn listed(world: &World, license: &Issued) -> Self {
        Self::new(world, license).takes(world.trust_object(), UNLISTED)
    }

    pub(crate) fn takes(self, object: Vec<u8>, says: Says) -> Self {
        self.happens(Some((object, Answered::New)), says)
    }

    pub(crate) fn knows(self, object: Vec<u8>, says: Says) -> Self {
        self.happens(Some((object, Answered::Known)), says)
    }

    pub(crate) fn refuses(self, object: Vec<u8>, reason: Reason, says: Says) -> Self {
        self.happens(Some((object, Answered::Refused(reason))), says)
    }

    /// Refused, and kept as proof.
    pub(crate) fn proves(mut self, object: Vec<u8>, reason: Reason, says: Says) -> Self {
        self.evidence.push(reason);
        self.refuses(object, reason, says)
    }

    /// What becomes of it is worked out by the author's own rule.
    pub(crate) fn answers(self, object: Vec<u8>, answer: Answered, says: Says) -> Self {
        self.happens(Some((object, answer)), says)
    }

    /// From here on it is this many seconds after the base time.
    pub(crate) const fn at(mut self, seconds: i64) -> Self {
        self.now = BASE + seconds;
        self
    }

    /// It is this many seconds after the base time, and nothing is offered.
    pub(crate) fn waits(self, seconds: i64, says: Says) -> Self {
        self.at(seconds).happens(None, says)
    }

    fn happens(mut self, object: Option<(Vec<u8>, Answered)>, says: Says) -> Self {
        self.events.push(Event { object, at: self.now, says });
        self
    }

    /// Goes through it; what the library does otherwise.
    fn faults(&self) -> Vec<String> {
        let mut store = Store::new(self.pin);
        let mut faults = Vec::new();
        for (number, event) in self.events.iter().enumerate() {
            let now = Timestamp::new(event.at).unwrap();
            if let Some((object, stated)) = &event.object {
                let found = answered(store.apply(object, TimeWindow::at(now)));
                if found != *stated {
                    faults.push(format!("step {number}: stated {stated:?}, found {found:?}"));
                }
            }
            let policy = Policy::counter(Some(Region::parse(HERE).unwrap()));
            let report =
                Verifier::new(&store, policy).verify(&self.license, Clock::Reads { now, uncertainty: UNCERTAINTY });
            let found = (report.verdict().name(), report.steps().deciding());
            let stated = (event.says.verdict(), event.says.decided());
            if found != stated {
                faults.push(format!("step {number}: stated {stated:?}, found {found:?}"));
            }
        }
        let kept: Vec<Reason> = store.evidence().iter().map(|evidence| evidence.reason).collect();
        if kept != self.evidence {
            faults.push(format!("evidence: stated {:?}, found {kept:?}", self.evidence));
        }
        faults
    }
}

/// The signer is known, and there is no status list.
pub(crate) const UNSTATED: Says = Says::For(Step::Status, Reason::StatusListMissing);
/// A trust list is held, and no directory.
pub(crate) const UNLISTED: Says = Says::For(Step::Issuer, Reason::IssuerDirectoryMissing);

impl Cases {
    /// A verifier goes through a sequence.
    pub(crate) fn tale(&mut self, title: Title, tale: &Tale) {
        let steps: Vec<Json> = tale
            .events
            .iter()
            .map(|event| {
                let (object, answer) = match &event.object {
                    Some((object, answer)) => (Some(self.objects.name(object)), Some(answer.word())),
                    None => (None, None),
                };
                let decided = event.says.decided();
                Json::map([
                    ("object", object.into()),
                    ("at", event.at.into()),
                    ("answer", answer.into()),
                    ("verdict", event.says.verdict().into()),
                    ("step", decided.map(|(step, _)| step.name()).into()),
                    ("reason", decided.map(|(_, reason)| reason.symbol()).into()),
                ])
            })
            .collect();
        let policy = Json::map([
            ("name", "counter".into()),
            ("region", HERE.into()),
            ("recognition", true.into()),
            ("presentation", true.into()),
        ]);
        let members = vec![
            ("inputs", Json::List(vec![Json::map([("hex", hex(&tale.license).into())])])),
            ("store", Json::map([("pin", hex(tale.pin.digest().as_bytes()).into())])),
            ("policy", policy),
            ("uncertainty", i64::from(UNCERTAINTY).into()),
            ("context", Json::map([("purpose", Json::Null), ("audience", Json::Null)])),
            ("steps", Json::List(steps)),
            ("expected", Json::map([("evidence", Json::list(tale.evidence.iter().map(|reason| reason.symbol())))])),
        ];
        let good = tale.events.last().is_some_and(|event| event.says == Says::Valid)
            && !tale.events.iter().any(|event| matches!(event.object, Some((_, Answered::Refused(_)))));
        self.enter(title, "sequence", good, members, tale.faults());
    }
}

/// A title that is put together, for what is done in every way.
pub(crate) fn composed(name: String, zh: String, en: String) -> Title {
    let kept = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    super::case::title(kept(name), kept(zh), kept(en))
}

/// Every order of these numbers.
pub(crate) fn orders(numbers: &[usize]) -> BTreeSet<Vec<usize>> {
    if numbers.is_empty() {
        return BTreeSet::from([Vec::new()]);
    }
    let mut all = BTreeSet::new();
    for (at, first) in numbers.iter().enumerate() {
        let mut rest = numbers.to_vec();
        rest.remove(at);
        all.extend(orders(&rest).into_iter().map(|tail| [vec![*first], tail].concat()));
    }
    all
}
