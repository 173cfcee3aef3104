//! The procedure and the verdict.
//!
//! [`Verifier::verify`] asks every question of [`Step`] and answers with a [`Report`]. A credential that is bad, or bytes that are none,
//! are answered like any other: there is no error.

mod arguments;
mod defect;
mod document;
mod facts;
mod moments;
mod outcome;
mod presentation;
mod recognition;
mod redaction;
mod reliance;
mod report;
mod signer;
mod stamps;
mod standing;
mod steps;
mod suites;
mod tree;
mod value;
mod warning;

pub use arguments::Arguments;
pub use document::{DocumentHasher, StampedDocument};
pub use outcome::{Asked, Outcome, Step, Steps, Verdict};
pub use presentation::{MAX_WINDOW, Presentation, Seen};
pub use recognition::Recognition;
pub use reliance::Input;
pub use report::{Axes, Report, Texts};
pub use stamps::{Point, STAMPS_SCHEMA, SealPoints, SealReport, StampVerifier, StampsReport};
pub use standing::{Told, Witness};
pub use tree::SCHEMA;
pub use value::Value;
pub use warning::Warning;

use crate::carrier::{self, Decoded};
use crate::claims::{LicenseClaims, Nonce};
use crate::policy::{Ask, Policy};
use crate::reason::Reason;
use crate::store::{Freshness, Store};
use crate::suite::Digest;
use crate::time::{Clock, TimeWindow, Timestamp};
use crate::trust::{Grace, Rule};
use defect::Defects;
use document::Digests;
use moments::{Asked as Times, Moments};
use reliance::Reliance;

/// What the verifier says of itself and knows besides, to be compared with what an annotated copy or a presentation was made for, and with
/// what rules are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context<'c> {
    /// What the check is for, in the words that copies and presentations use.
    pub purpose: Option<&'c str>,
    /// Who checks.
    pub audience: Option<&'c str>,
    /// What was shown to the holder, with `audience` and `purpose`, to be answered. Then nothing less than the answer will do.
    pub challenge: Option<Nonce>,
    /// The presentations that were seen before; without it a presentation that comes again passes again, and the report says so.
    pub seen: Option<&'c Seen>,
    /// When must it have been in force, such as when a contract was signed? `None`: when it is known, which is now if nothing else is asked.
    pub event_time: Option<Timestamp>,
    /// By which knowledge is it judged: that of this instant, as if no time had passed since? `None`: that of now.
    pub known_as_of: Option<Timestamp>,
    /// What the check is for, in the words that recognition rules use.
    pub use_case: Option<&'c str>,
}

impl Context<'_> {
    /// Nothing is said.
    pub const NONE: Self = Self {
        purpose: None,
        audience: None,
        challenge: None,
        seen: None,
        event_time: None,
        known_as_of: None,
        use_case: None,
    };
}

/// A store, a policy, and a context: everything that a verdict depends on but the credential and the clock.
#[derive(Clone, Debug)]
pub struct Verifier<'s> {
    store: &'s Store,
    policy: Policy,
    context: Context<'s>,
    document: Digests,
}

impl<'s> Verifier<'s> {
    /// A verifier over what is held.
    #[must_use]
    pub const fn new(store: &'s Store, policy: Policy) -> Self {
        Self { store, policy, context: Context::NONE, document: Digests { sha256: None, sm3: None } }
    }

    /// The same verifier, saying what the check is for and who checks.
    #[must_use]
    pub const fn with_context(mut self, context: Context<'s>) -> Self {
        self.context = context;
        self
    }

    /// The same verifier, asking whether a file with this SHA-256 is one of those that a license names.
    #[must_use]
    pub const fn with_document(mut self, document: Option<Digest>) -> Self {
        self.document.sha256 = document;
        self
    }

    /// The same verifier, asking it of a file with this SM3 too: an attachment is compared by the hash that the license names.
    #[must_use]
    pub const fn with_document_sm3(mut self, document: Option<Digest>) -> Self {
        self.document.sm3 = document;
        self
    }

    /// What it holds.
    #[must_use]
    pub const fn store(&self) -> &'s Store {
        self.store
    }

    /// What it asks for.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Verifies a license, and what follows it in the same bytes.
    #[must_use]
    pub fn verify<'a>(&self, bytes: &'a [u8], clock: Clock) -> Report<'a>
    where
        's: 'a,
    {
        let floor = self.store.floor();
        let window = TimeWindow::new(clock, floor);
        let credential = match steps::encoding(bytes) {
            Ok(credential) => credential,
            Err(reason) => return Report::unread(bytes, reason, clock, self),
        };
        let claims = credential.claims.claimed();
        let mut moments = self.moments(window);
        let ruled = recognition::decide(self, claims, &mut moments);
        moments.grace = self.grace(claims, ruled.rule());
        moments.max_status_age = self.policy.max_status_age;
        let (issuer, signature, found, closed) =
            steps::issuer_and_signature(self, &credential.envelope, &steps::license_question(claims), &mut moments);
        let defects = self.defects(found.as_ref(), signature, claims, &mut moments);
        let issuer = issuer.and(defects.outcome);
        let period = steps::period(claims, &mut moments);
        let signed = found.as_ref().filter(|_| signature == Outcome::Passed);
        let province = signed.and_then(signer::Found::speaks_for);
        let status = standing::status(self, standing::Subject::of(&credential), province, &mut moments);
        let witnessed = status.told.as_ref().map(|told| told.issued);
        let recognised = recognition::judge(ruled, self.store.trust(), (&claims.license, witnessed), &mut moments);
        let steps = Steps {
            encoding: Outcome::Passed,
            issuer,
            signature,
            period,
            status: status.outcome,
            recognition: recognised.outcome,
            presentation: presentation::judge(self, &credential, issuer.and(signature), &mut moments),
            document: match self.document {
                given if given.is_given() => Asked::Asked(steps::document(claims, given)),
                _ => Asked::NotAsked,
            },
            // A question of a stamp, which this is not.
            seal: Asked::NotAsked,
        };
        let directory = found.as_ref().map(|found| found.directory);
        let authenticated = found.and_then(|found| found.authenticated).filter(|_| issuer == Outcome::Passed);
        let in_grace = self.in_grace(directory, status.freshness, &mut moments);
        let found = report::Findings {
            bytes,
            steps,
            authenticated,
            moments,
            floor,
            province: directory.map(|held| held.directory().province),
            reliance: Reliance {
                store: self.store,
                directory,
                status: status.list,
                closed,
                recognition: self.asks_for_rules(),
                status_age: recognised.recognition.bounds_status_age(),
                service: presentation::service_asked(self, &credential),
            },
            clock,
            recognition: recognised.recognition,
            status,
            in_grace,
            defects: defects.named,
        };
        Report::of_license(self, credential, found)
    }

    /// What the trust list publishes of what this signer issued in error.
    fn defects(
        &self,
        found: Option<&signer::Found<'s>>,
        signature: Outcome,
        claims: &LicenseClaims<'_>,
        moments: &mut Moments,
    ) -> Defects<'s> {
        match (self.store.trust(), found) {
            (Some(trust), Some(found)) if signature == Outcome::Passed => {
                let subject = defect::Subject::of_license(found.signer.key().key_id(), claims);
                defect::judge(trust, subject, self.policy.attendance, moments)
            }
            _ => Defects::NONE,
        }
    }

    /// procedure.md §4: what may be overdue, for a license of its risk class.
    fn grace(&self, claims: &LicenseClaims<'_>, rule: Option<&Rule>) -> Grace {
        let budget = |list| self.policy.budget(list, &claims.license.type_code, rule).1;
        self.store.trust().map_or(Grace::default(), |trust| budget(trust.list()))
    }

    fn moments(&self, window: TimeWindow) -> Moments {
        let Context { event_time, known_as_of, .. } = self.context;
        Moments::new(window, Times { event_time, known_as_of })
    }

    /// Verifies what a text carried; a text that carried nothing is answered with the ground of [`carrier::Error`].
    ///
    /// `text` is what [`carrier::decode`] was given, and `decoded` what it answered.
    #[must_use]
    pub fn verify_carried<'a>(
        &self,
        text: &'a str,
        decoded: &'a Result<Decoded, carrier::Error>,
        clock: Clock,
    ) -> Report<'a>
    where
        's: 'a,
    {
        match decoded {
            Ok(decoded) => match self.verify(&decoded.bytes, clock) {
                // Two codes can be read as one that says nothing.
                report if report.envelope().is_none() && carrier::are_run_together(text) => {
                    Report::unread(text.as_bytes(), Reason::CarrierRunTogether, clock, self)
                }
                report => report,
            },
            Err(error) => Report::unread(text.as_bytes(), error.reason(), clock, self),
        }
    }

    /// Do recognition rules of the trust list matter?
    fn asks_for_rules(&self) -> bool {
        self.policy.recognition == Ask::Yes && self.policy.region.is_some()
    }

    /// Which of trust list, directory and status list are past their `next_update` and within grace.
    fn in_grace(
        &self,
        directory: Option<&crate::store::HeldDirectory>,
        status: Freshness,
        moments: &mut Moments,
    ) -> [bool; 3] {
        let Some(trust) = self.store.trust() else { return [false; 3] };
        let Moments { known, grace, .. } = moments;
        let list = trust.dates().freshness(grace.list, known);
        let directory = directory.map(|held| held.dates().freshness(grace.directory, known));
        [list == Freshness::Grace, directory == Some(Freshness::Grace), status == Freshness::Grace]
    }
}
