//! What a kiosk decides of a scan. Bytes and times go in, an answer comes out; it reads no device and no clock.

use super::advice::{self, Misses};
use super::answer::{Answer, Form, Kind, Told};
use super::challenge::Challenges;
use super::kept::Kept;
use super::receipts::Receipts;
use super::seals::Seals;
use crate::clock::Reading;
use crate::commands::verify::{Card, Detail};
use crate::output::Failure;
use crate::seen::Accepted;
use std::path::Path;
use std::time::Duration;
use zhengyin::carrier::{self, Decoded};
use zhengyin::claims::Binding;
use zhengyin::policy::Policy;
use zhengyin::reason::{Reason, Remedy};
use zhengyin::scan::{Collected, Collector, Frame, Offered, Waiting};
use zhengyin::store::Store;
use zhengyin::suite::Digest;
use zhengyin::verify::{Asked, Context, Report, Verdict, Verifier};

/// What is asked of every license.
pub(super) struct Asks {
    pub(super) policy: Policy,
    pub(super) audience: Option<String>,
    pub(super) purpose: Option<String>,
    pub(super) use_case: Option<String>,
}

pub(super) struct Desk {
    pub(super) asks: Asks,
    pub(super) challenges: Challenges,
    collector: Collector,
    kept: Kept,
    seals: Seals,
    misses: Misses,
    /// Scans so far.
    n: u64,
}

/// What is held, and the time.
type Now<'s> = (&'s Store, Reading);

impl Desk {
    pub(super) fn new(asks: Asks, collector: Collector, kept: Kept, challenges: Challenges, seals: Seals) -> Self {
        Self { asks, challenges, collector, kept, seals, misses: Misses::default(), n: 0 }
    }

    /// When [`Desk::expire`] has something to do.
    pub(super) fn due(&self) -> Option<Duration> {
        self.collector.due()
    }

    /// Gives up parts that have waited too long: so many of so many, each.
    pub(super) fn expire(&mut self, now: Duration) -> Vec<(usize, u8)> {
        self.collector.expire(now)
    }

    /// Answers a scan.
    pub(super) fn answer(
        &mut self,
        frame: Frame,
        now: Duration,
        held: Now<'_>,
        receipts: &mut Receipts,
        form: &Form,
    ) -> Told {
        self.n = self.n.saturating_add(1);
        let (text, collected) = match frame {
            Frame::Scan(bytes) => {
                let text = String::from_utf8(bytes)
                    .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
                let collected = self.collector.add(&text, now);
                (text, collected)
            }
            Frame::TooLong { .. } => (String::new(), Err(carrier::Error::TooLong)),
        };
        match collected {
            Ok(Collected::Whole(decoded)) => match Offered::of(&decoded.bytes) {
                offered if offered.is_for_the_verifier() => self.verdict((&text, decoded), now, held, receipts, form),
                Offered::Stamp => self.stamp(&decoded, held, receipts, form),
                offered => self.plain(Kind::Other(offered, &decoded), now, held, form),
            },
            Ok(Collected::Waiting(waiting)) => self.part(&waiting, held, form),
            Err(error) => self.plain(Kind::Unread(error), now, held, form),
        }
    }

    fn part(&mut self, waiting: &Waiting, (_, reading): Now<'_>, form: &Form) -> Told {
        self.misses.hit();
        self.of(Kind::Part(waiting), reading, advice::of_part(waiting), form)
    }

    /// What was not verified.
    fn plain(&mut self, kind: Kind<'_>, now: Duration, (store, reading): Now<'_>, form: &Form) -> Told {
        let besides = match &kind {
            Kind::Other(offered, _) => advice::of_other(*offered),
            Kind::Unread(error) => {
                if !matches!(error, carrier::Error::NotOurs(_)) {
                    self.misses.miss(now);
                }
                advice::of_unread(*error, self.misses, advice::contact(store, self.asks.policy.region))
            }
            Kind::Verdict(..) | Kind::Stamp(..) | Kind::Part(_) => {
                return self.of(kind, reading, Default::default(), form);
            }
        };
        self.of(kind, reading, besides, form)
    }

    fn of(&self, kind: Kind<'_>, reading: Reading, besides: crate::commands::verify::Besides, form: &Form) -> Told {
        let answer =
            Answer { n: self.n, reading, kind, besides, before: None, challenge: None, contact: None, receipt: None };
        answer.told(form, Vec::new())
    }

    /// A stamp, as far as it can be verified without its document: never more than undetermined.
    fn stamp(&mut self, decoded: &Decoded, (store, reading): Now<'_>, receipts: &Receipts, form: &Form) -> Told {
        self.misses.hit();
        let verifier = Verifier::new(store, self.asks.policy.clone());
        let seals = self.seals.of(&decoded.bytes);
        let stamps = verifier.stamps(&decoded.bytes, reading.clock()).with_seals(&seals);
        let report = stamps.finish_without_document();
        let mut failures = Vec::new();
        let receipt = receipts.write(&report, &report.inputs(), store, reading).unwrap_or_else(|failure| {
            failures.push(failure);
            None
        });
        let region = report.stamps().first().and_then(|stamp| stamp.claimed_seal()?.seal.code.region());
        let contact = advice::contact(store, region.or(self.asks.policy.region));
        let besides = advice::of_stamp(report.deciding().map(|(_, reason)| reason), contact);
        let kind = Kind::Stamp(Box::new(report), decoded);
        let answer = Answer { n: self.n, reading, kind, besides, before: None, challenge: None, contact, receipt };
        answer.told(form, failures)
    }

    fn verdict(
        &mut self,
        (text, decoded): (&str, Decoded),
        now: Duration,
        held: Now<'_>,
        receipts: &Receipts,
        form: &Form,
    ) -> Told {
        let verified = self.verify((text, &decoded), now, held, receipts, form);
        match verified {
            Verified::RunTogether => self.plain(Kind::Unread(carrier::Error::RunTogether), now, held, form),
            Verified::Told(mut told, accepted) => {
                // Before the answer is out: what it accepted is not good again.
                if let Some(accepted) = accepted {
                    told.failures.extend(self.kept.seen.keep(&accepted).err());
                }
                told
            }
        }
    }

    fn verify(
        &mut self,
        (text, decoded): (&str, &Decoded),
        now: Duration,
        (store, reading): Now<'_>,
        receipts: &Receipts,
        form: &Form,
    ) -> Verified {
        let Self { asks, challenges, kept, misses, n, .. } = self;
        let Kept { seen, uses } = kept;
        let context = Context {
            purpose: asks.purpose.as_deref(),
            audience: asks.audience.as_deref(),
            challenge: challenges.demanded(now),
            seen: Some(seen.seen()),
            use_case: asks.use_case.as_deref(),
            ..Context::NONE
        };
        let verifier = Verifier::new(store, asks.policy.clone()).with_context(context);
        let mut report = verifier.verify(&decoded.bytes, reading.clock());
        // An answer is held to the challenge that was shown; a presentation by its times is not, unless only answers will do.
        let answers = report.presentation().is_some_and(|shown| shown.claims.nonce.is_some());
        if let (true, Some(nonce)) = (answers, challenges.nonce(now)) {
            let verifier = verifier.clone().with_context(Context { challenge: Some(nonce), ..context });
            report = verifier.verify(&decoded.bytes, reading.clock());
        }
        match report.envelope() {
            Some(_) => misses.hit(),
            // Two codes can be read as one that says nothing.
            None if carrier::are_run_together(text) => return Verified::RunTogether,
            None => misses.miss(now),
        }
        let mut failures = Vec::new();
        let mut note = |failure: Failure| failures.push(failure);
        let before = match (bearer_code(&report), reading.now()) {
            (Some(code), Some(at)) => {
                let (before, written) = uses.note(&code, at);
                written.unwrap_or_else(&mut note);
                before
            }
            _ => None,
        };
        let accepted = Accepted::by(&report);
        if answers && accepted.is_some() {
            challenges.answered();
        }
        let challenge = challenges.for_answer(asks_for_challenge(&report), now).unwrap_or_else(|failure| {
            note(failure);
            None
        });
        let receipt = receipts.write(&report, &report.inputs(), store, reading).unwrap_or_else(|failure| {
            note(failure);
            None
        });
        let carried = Ok(decoded.clone());
        let region = report.claimed_license().map(|claims| claims.license.region).or(asks.policy.region);
        let contact = advice::contact(store, region).filter(|_| report.verdict() != Verdict::Valid);
        let besides = advice::of_verdict(&report, before, contact, *misses);
        let card = Card {
            report: &report,
            verifier: &verifier,
            reading,
            carried: Some(&carried),
            path: Path::new(""),
            language: form.language,
            detail: Detail::Whole,
        };
        let kind = Kind::Verdict(Box::new(card), decoded);
        let answer = Answer { n: *n, reading, kind, besides, before, challenge, contact, receipt };
        Verified::Told(answer.told(form, failures), accepted)
    }
}

/// What came of verifying.
enum Verified {
    /// An answer, and the presentation that it accepts.
    Told(Told, Option<Accepted>),
    /// What was verified were two codes.
    RunTogether,
}

/// The code of a license that anybody who has a copy of it can show: genuine, and not shown by the holder's key.
fn bearer_code(report: &Report<'_>) -> Option<Digest> {
    let is_bearer = report.claimed_license()?.license.binding != Binding::HolderKey;
    let is_static = report.accepted_presentation().is_none();
    let envelope = report.envelope().filter(|_| is_bearer && is_static && report.is_authentic())?;
    Some(envelope.object_digest())
}

/// Would a challenge help?
fn asks_for_challenge(report: &Report<'_>) -> bool {
    let reason = match report.steps().presentation {
        Asked::Asked(outcome) => outcome.reason(),
        Asked::NotAsked => None,
    };
    reason.is_some_and(|reason| {
        reason == Reason::PresentationMissing
            || matches!(reason.remedy(), Remedy::UseChallenge | Remedy::AnswerChallenge)
    })
}
