//! The report: every answer with its ground, what was relied on, and until when.

use alloc::vec::Vec;

use super::document::Digests;
use super::moments::{Asked as Times, Moments};
use super::outcome::{Asked, Outcome, Steps, Verdict};
use super::presentation::{Presentation, Presented};
use super::recognition::Recognition;
use super::reliance::{Input, Reliance};
use super::standing::{Finding, Told};
use super::steps::Credential;
use super::warning::Warning;
use super::{Context, Verifier};
use crate::chain::{Authentic, Authenticated};
use crate::claims::{self, LicenseClaims};
use crate::envelope::Envelope;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::store::{HeldDirectory, ObjectKind};
use crate::suite::Digest;
use crate::time::{Bound, Clock, TimeWindow, Timestamp};
use crate::trust::{Defect, Treatment};

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
    /// Of the signer's directory.
    pub(super) province: Option<claims::id::RegionPrefix>,
    pub(super) recognition: Recognition<'a>,
    pub(super) reliance: Reliance<'a>,
    pub(super) clock: Clock,
    pub(super) status: Finding<'a>,
    pub(super) in_grace: [bool; 3],
    pub(super) defects: Vec<&'a Defect>,
}

/// The answer to a verification. It borrows from the credential that was verified and from the store.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    bytes: &'a [u8],
    steps: Steps,
    credential: Option<Credential<'a>>,
    /// Concerns the claims of `credential`.
    authenticated: Option<Authenticated>,
    recognition: Recognition<'a>,
    reliance: Reliance<'a>,
    in_grace: [bool; 3],
    test_province: bool,
    before_list: bool,
    told: Option<Told>,
    defects: Vec<&'a Defect>,
    window: TimeWindow,
    asked: Times,
    floor: Timestamp,
    good_until: Option<Timestamp>,
    ends_by: Option<Bound>,
    clock: Clock,
    policy: Policy,
    context: Context<'a>,
    document: Digests,
}

impl<'a> Report<'a> {
    /// Of bytes that are no credential that this verifier reads.
    pub(super) fn unread(bytes: &'a [u8], reason: Reason, clock: Clock, verifier: &Verifier<'a>) -> Self {
        let window = verifier.store.window(clock);
        let steps = Steps {
            encoding: Outcome::of(reason),
            document: if verifier.document.is_given() { Steps::default().document } else { Asked::NotAsked },
            seal: Asked::NotAsked,
            ..Steps::default()
        };
        Self {
            bytes,
            steps,
            credential: None,
            authenticated: None,
            recognition: Recognition::NotJudged,
            reliance: Reliance::none(verifier.store),
            in_grace: [false; 3],
            test_province: false,
            before_list: false,
            told: None,
            defects: Vec::new(),
            window,
            asked: verifier.moments(window).asked(),
            floor: verifier.store.floor(),
            good_until: None,
            ends_by: None,
            clock,
            policy: verifier.policy.clone(),
            context: verifier.context,
            document: verifier.document,
        }
    }

    /// Of a license.
    pub(super) fn of_license(verifier: &Verifier<'a>, credential: Credential<'a>, found: Findings<'a>) -> Self {
        let store = verifier.store;
        let province = found.province.unwrap_or(credential.claims.claimed().license.region.province());
        let (good_until, ends_by) = found.moments.next();
        let test_province =
            store.trust().and_then(|trust| trust.list().provinces.get(&province)).is_some_and(|province| province.test);
        Self {
            bytes: found.bytes,
            steps: found.steps,
            credential: Some(credential),
            authenticated: found.authenticated,
            recognition: found.recognition,
            reliance: found.reliance,
            in_grace: found.in_grace,
            test_province,
            before_list: found.status.before_list,
            told: found.status.told,
            defects: found.defects,
            window: found.moments.known.window(),
            asked: found.moments.asked(),
            floor: found.floor,
            good_until,
            ends_by,
            clock: found.clock,
            policy: verifier.policy.clone(),
            context: verifier.context,
            document: verifier.document,
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

    /// The presentation that came with the license, if one did. It is what it claims only if the step passed.
    #[must_use]
    pub fn presentation(&self) -> Option<Presentation<'a>> {
        self.credential.as_ref()?.presentation.as_ref().map(Presented::told)
    }

    /// The presentation, if the step passed: what is to be remembered, so that it is not good again.
    #[must_use]
    pub fn accepted_presentation(&self) -> Option<Presentation<'a>> {
        self.presentation().filter(|_| self.steps.presentation == Asked::Asked(Outcome::Passed))
    }

    /// Did one with the right to say it say it?
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        self.authenticated.is_some()
    }

    /// How it stands where it is shown, and by which rule.
    #[must_use]
    pub const fn recognition(&self) -> &Recognition<'a> {
        &self.recognition
    }

    /// What was relied on, each once: the trust list, the signer's directory, other directories whose keys might have signed, the status
    /// list, and what only sets the floor of the time window. A store that holds these and no others gives the same report.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        let asked =
            self.credential.as_ref().map(|credential| (credential.envelope.key_id(), credential.claims.claimed()));
        self.reliance.inputs(asked)
    }

    /// The directory that lists the signer, if one does.
    #[must_use]
    pub const fn directory(&self) -> Option<&'a HeldDirectory> {
        self.reliance.directory
    }

    /// What the caller said of the time.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// What was asked for.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What the verifier said of itself.
    #[must_use]
    pub const fn context(&self) -> &Context<'a> {
        &self.context
    }

    /// The SHA-256 of the file that was compared with those that the license names.
    #[must_use]
    pub const fn document(&self) -> Option<Digest> {
        self.document.sha256
    }

    /// Its SM3, where that was given too.
    #[must_use]
    pub const fn document_sm3(&self) -> Option<Digest> {
        self.document.sm3
    }

    pub(super) const fn documents(&self) -> Digests {
        self.document
    }

    /// What the status list, or a proof of it, says of the license: its state when the list was issued, whatever time was asked about.
    /// `None` where there is none that may be used, or it is older than the license.
    #[must_use]
    pub const fn told(&self) -> Option<&Told> {
        self.told.as_ref()
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
    pub fn floor_by(&self) -> Option<Input> {
        self.reliance.store.floor_set_by().1.map(Input::from)
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

    /// The risk class by which it was judged how old lists may be; `None` of bytes that could not be read, or without a trust list.
    #[must_use]
    pub fn risk_class(&self) -> Option<&str> {
        let claims = self.claimed_license()?;
        let list = self.reliance.store.trust()?.list();
        let rule = match &self.recognition {
            Recognition::ByRule(rule) => Some(*rule),
            _ => None,
        };
        Some(self.policy.budget(list, &claims.license.type_code, rule).0)
    }

    /// The published defects that concern it, in the order of the trust list.
    pub fn defects(&self) -> impl Iterator<Item = &'a Defect> + '_ {
        self.defects.iter().copied()
    }

    /// What a person should know besides.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + '_ {
        let kinds = [ObjectKind::TrustList, ObjectKind::Directory, ObjectKind::StatusList];
        let grace = kinds.into_iter().zip(self.in_grace).filter(|(_, graced)| *graced);
        let license = self.claimed_license().into_iter().flat_map(|claims| claims.warnings());
        let shown = self.accepted_presentation();
        let unbound = shown.is_some_and(|shown| shown.claims.nonce.is_none() && shown.claims.audience.is_none());
        let unchecked = shown.is_some() && self.context.seen.is_none();
        grace
            .map(|(kind, _)| Warning::InGrace(kind))
            .chain(self.defects.iter().any(|defect| defect.treatment == Treatment::Warn).then_some(Warning::Defect))
            .chain(self.before_list.then_some(Warning::BeforeList))
            .chain(unbound.then_some(Warning::AudienceUnbound))
            .chain(unchecked.then_some(Warning::ReplayUnchecked))
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
            recognition: word(recognition, "not-asked", self.recognition.word()),
            presentation: word(presentation, "static", if self.presentation().is_some() { "live" } else { "static" }),
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
}

const fn failed(outcome: Outcome) -> Option<Reason> {
    match outcome {
        Outcome::Failed(reason) => Some(reason),
        Outcome::Passed | Outcome::Unknown(_) => None,
    }
}
