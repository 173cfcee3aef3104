//! The answer: of each stamp by itself, and of all together.

use alloc::vec::Vec;

use super::StampedDocument;
use super::points::SealPoints;
use crate::claims::id::TypeCode;
use crate::claims::{SealClaims, Stamp, Unverified};
use crate::envelope::{Envelope, ObjectType};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::store::{Freshness, HeldStatus, ObjectKind, Store};
use crate::suite::Digest;
use crate::time::{Bound, Clock, TimeWindow, Timestamp};
use crate::trust::{Defect, Treatment};
use crate::verify::moments::Moments;
use crate::verify::outcome::{Asked, Outcome, Step, Steps, Verdict};
use crate::verify::reliance::{Input, Searched, inputs_of, join};
use crate::verify::report::Axes;
use crate::verify::standing::{Finding, Told};
use crate::verify::warning::Warning;
use crate::verify::{Context, Verifier};

/// A stamp that was read.
#[derive(Clone, Debug)]
pub(super) struct ReadStamp<'a> {
    pub(super) envelope: Envelope<'a>,
    pub(super) claims: Unverified<Stamp<'a>>,
}

/// A seal that is at hand, and what it says if it can be read.
#[derive(Clone, Debug)]
pub(super) struct ReadSeal<'a> {
    pub(super) envelope: Envelope<'a>,
    pub(super) claims: Result<Unverified<SealClaims<'a>>, Reason>,
}

/// What was found, on its way into a report.
pub(super) struct Findings<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) object_type: ObjectType,
    pub(super) steps: Steps,
    pub(super) points: Option<SealPoints>,
    pub(super) authentic: bool,
    pub(super) seal_authentic: bool,
    pub(super) stamp: Option<ReadStamp<'a>>,
    pub(super) seal: Option<ReadSeal<'a>>,
    pub(super) searches: Vec<Searched<'a>>,
    pub(super) defects: Vec<&'a Defect>,
    pub(super) status: Option<Finding<'a>>,
    pub(super) moments: Moments,
    pub(super) repeated: bool,
    pub(super) clock: Clock,
}

/// The answer to the verification of one stamp, or of a seal by itself. Its shape as values is that of a license's report.
#[derive(Clone, Debug)]
pub struct SealReport<'a> {
    bytes: &'a [u8],
    object_type: Option<ObjectType>,
    steps: Steps,
    points: Option<SealPoints>,
    authentic: bool,
    seal_authentic: bool,
    stamp: Option<ReadStamp<'a>>,
    seal: Option<ReadSeal<'a>>,
    searches: Vec<Searched<'a>>,
    defects: Vec<&'a Defect>,
    store: &'a Store,
    status: Option<&'a HeldStatus>,
    told: Option<Told>,
    in_grace: [bool; 3],
    before_list: bool,
    test_province: bool,
    repeated: bool,
    window: TimeWindow,
    good_until: Option<Timestamp>,
    ends_by: Option<Bound>,
    clock: Clock,
    policy: Policy,
    context: Context<'a>,
}

impl<'a> SealReport<'a> {
    /// Of bytes that are no stamp that this verifier reads.
    pub(super) fn unread(verifier: &Verifier<'a>, bytes: &'a [u8], reason: Reason, clock: Clock) -> Self {
        let steps = Steps {
            encoding: Outcome::of(reason),
            recognition: Asked::NotAsked,
            presentation: Asked::NotAsked,
            ..Steps::default()
        };
        Self {
            bytes,
            object_type: None,
            steps,
            points: None,
            authentic: false,
            seal_authentic: false,
            stamp: None,
            seal: None,
            searches: Vec::new(),
            defects: Vec::new(),
            store: verifier.store,
            status: None,
            told: None,
            in_grace: [false; 3],
            before_list: false,
            test_province: false,
            repeated: false,
            window: verifier.store.window(clock),
            good_until: None,
            ends_by: None,
            clock,
            policy: verifier.policy.clone(),
            context: verifier.context,
        }
    }

    pub(super) fn of(verifier: &Verifier<'a>, found: Findings<'a>) -> Self {
        let store: &'a Store = verifier.store;
        let Findings { mut moments, searches, status, .. } = found;
        let window = moments.known.window();
        let (in_grace, test_province) = match store.trust() {
            None => ([false; 3], false),
            Some(trust) => {
                let grace = moments.grace;
                let list = trust.dates().freshness(grace.list, &mut moments.known);
                let directories = searches.iter().filter_map(|search| search.directory);
                let mut overdue = false;
                let mut test = false;
                for directory in directories {
                    overdue |= directory.dates().freshness(grace.directory, &mut moments.known) == Freshness::Grace;
                    let province = trust.list().provinces.get(&directory.directory().province);
                    test |= province.is_some_and(|province| province.test);
                }
                let status = status.as_ref().is_some_and(|status| status.freshness == Freshness::Grace);
                ([list == Freshness::Grace, overdue, status], test)
            }
        };
        let (good_until, ends_by) = moments.next();
        Self {
            bytes: found.bytes,
            object_type: Some(found.object_type),
            steps: found.steps,
            points: found.points,
            authentic: found.authentic,
            seal_authentic: found.seal_authentic,
            stamp: found.stamp,
            seal: found.seal,
            searches,
            defects: found.defects,
            store,
            status: status.as_ref().and_then(|status| status.list),
            before_list: status.as_ref().is_some_and(|status| status.before_list),
            told: status.and_then(|status| status.told),
            in_grace,
            test_province,
            repeated: found.repeated,
            window,
            good_until,
            ends_by,
            clock: found.clock,
            policy: verifier.policy.clone(),
            context: verifier.context,
        }
    }

    /// The bytes of the stamp or seal; of a file that cannot be read, all of it.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// A stamp or a seal; `None` if it cannot be read.
    #[must_use]
    pub const fn object_type(&self) -> Option<ObjectType> {
        self.object_type
    }

    /// Every answer.
    #[must_use]
    pub const fn steps(&self) -> &Steps {
        &self.steps
    }

    /// Of a stamp, every point of its seal.
    #[must_use]
    pub const fn points(&self) -> Option<&SealPoints> {
        self.points.as_ref()
    }

    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.steps.verdict()
    }

    /// Did one with the right to say it say it?
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        self.authentic
    }

    /// Did a maker with the right to make it make the seal?
    #[must_use]
    pub const fn seal_is_authentic(&self) -> bool {
        self.seal_authentic
    }

    /// What the stamp says. It is so only if [`SealReport::is_authentic`].
    #[must_use]
    pub fn claimed_stamp(&self) -> Option<&Stamp<'a>> {
        self.stamp.as_ref().map(|stamp| stamp.claims.claimed())
    }

    /// What the seal says, if it is at hand and can be read. It is so only if [`SealReport::seal_is_authentic`].
    #[must_use]
    pub fn claimed_seal(&self) -> Option<&SealClaims<'a>> {
        self.seal.as_ref().and_then(|seal| seal.claims.as_ref().ok()).map(Unverified::claimed)
    }

    /// The envelope of the stamp, or of the seal that was verified by itself.
    #[must_use]
    pub fn envelope(&self) -> Option<&Envelope<'a>> {
        let of_stamp = self.stamp.as_ref().map(|stamp| &stamp.envelope);
        of_stamp.or_else(|| self.seal.as_ref().map(|seal| &seal.envelope))
    }

    /// What names the stamp, or the seal that was verified by itself.
    #[must_use]
    pub fn object_digest(&self) -> Option<Digest> {
        self.envelope().map(Envelope::object_digest)
    }

    /// What the status list says of the seal: its state when the list was issued.
    #[must_use]
    pub const fn told(&self) -> Option<&Told> {
        self.told.as_ref()
    }

    /// What was relied on, each once. A store that holds these and no others gives the same report.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        if self.object_type.is_none() {
            return inputs_of(self.store, &[], None);
        }
        inputs_of(self.store, &self.searches, self.status)
    }

    /// What the caller said of the time.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// The window of time in which "now" was taken to lie.
    #[must_use]
    pub const fn window(&self) -> TimeWindow {
        self.window
    }

    /// The floor of that window.
    #[must_use]
    pub fn floor(&self) -> Timestamp {
        self.store.floor()
    }

    /// What set the floor; `None` where nothing is held.
    #[must_use]
    pub fn floor_by(&self) -> Option<Input> {
        self.store.floor_set_by().1.map(Input::from)
    }

    /// The time by whose knowledge the caller asked.
    #[must_use]
    pub const fn known_as_of(&self) -> Option<Timestamp> {
        self.context.known_as_of
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

    /// The earliest moment at which this verdict could change without new data; `None` is never.
    #[must_use]
    pub const fn good_until(&self) -> Option<Timestamp> {
        self.good_until
    }

    /// What would end it then.
    #[must_use]
    pub const fn ends_by(&self) -> Option<Bound> {
        self.ends_by
    }

    /// Is the risk class known by which it was judged how old lists may be?
    pub(super) fn has_trust(&self) -> bool {
        self.object_type.is_some() && self.store.trust().is_some()
    }

    /// The published defects that concern what the signer stamped, or what the maker made: those of the signer first.
    pub fn defects(&self) -> impl Iterator<Item = &'a Defect> + '_ {
        self.defects.iter().copied()
    }

    /// What a person should know besides.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + '_ {
        let kinds = [ObjectKind::TrustList, ObjectKind::Directory, ObjectKind::StatusList];
        let grace = kinds.into_iter().zip(self.in_grace).filter(|(_, graced)| *graced);
        grace
            .map(|(kind, _)| Warning::InGrace(kind))
            .chain(self.defects.iter().any(|defect| defect.treatment == Treatment::Warn).then_some(Warning::Defect))
            .chain(self.before_list.then_some(Warning::BeforeList))
            // Time stamps of others (RFC 9921) are reserved and not read yet.
            .chain(self.stamp.is_some().then_some(Warning::TimeSelfAsserted))
            .chain(self.repeated.then_some(Warning::Repeated))
            .chain(self.test_province.then_some(Warning::TestProvince))
    }

    /// The verdict in four words. What a ground is called on its axis stands in the table.
    #[must_use]
    pub fn axes(&self) -> Axes {
        let Steps { issuer, signature, seal, document, period, status, .. } = self.steps;
        let asked = |asked: Asked| asked.outcome().unwrap_or(Outcome::Passed);
        let all = [signature, issuer, asked(seal), asked(document)];
        let failed = |outcomes: &[Outcome]| {
            outcomes.iter().find(|outcome| matches!(outcome, Outcome::Failed(_))).and_then(|outcome| outcome.reason())
        };
        let authenticity = match failed(&all) {
            Some(reason) => reason.word(),
            None if all.iter().all(|outcome| *outcome == Outcome::Passed) => "genuine",
            None => "unknown",
        };
        let currency = match failed(&[status, period]) {
            Some(reason) => reason.word(),
            None if period == Outcome::Passed && status == Outcome::Passed => "in-force",
            None => "unknown",
        };
        Axes { authenticity, currency, recognition: "not-asked", presentation: "static" }
    }

    /// The `verify-file` result code of GB/T 36906: 0 passed, 1 the seal was not, 2 the file was not.
    #[must_use]
    pub fn result_code(&self) -> u8 {
        let document = self.steps.document.outcome().unwrap_or(Outcome::Passed);
        match (self.steps.encoding.and(document), self.verdict()) {
            (Outcome::Passed, Verdict::Valid) => 0,
            (Outcome::Passed, _) => 1,
            _ => 2,
        }
    }
}

/// The answer to the verification of a file of stamps.
#[derive(Clone, Debug)]
pub struct StampsReport<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) document: Option<StampedDocument>,
    pub(super) stamps: Vec<SealReport<'a>>,
    pub(super) seals: Vec<Digest>,
    pub(super) license_type: Option<TypeCode>,
    pub(super) verifier: Verifier<'a>,
    pub(super) clock: Clock,
}

impl<'a> StampsReport<'a> {
    /// The file.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The document that was given, if one was.
    #[must_use]
    pub const fn document(&self) -> Option<StampedDocument> {
        self.document
    }

    /// SHA-256 of each file of seals that was given beside the stamps.
    #[must_use]
    pub fn seals(&self) -> &[Digest] {
        &self.seals
    }

    /// The type of the license that the document belongs to, if it was said.
    #[must_use]
    pub const fn license_type(&self) -> Option<&TypeCode> {
        self.license_type.as_ref()
    }

    /// What the caller said of the time.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// What was held, what was asked for, and what the verifier said of itself.
    pub(super) const fn verifier(&self) -> &Verifier<'a> {
        &self.verifier
    }

    /// What any of the stamps relies on, each once. A store that holds these and no others gives the same report.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        let mut all: Vec<Input> = Vec::new();
        for input in self.stamps.iter().flat_map(SealReport::inputs) {
            join(&mut all, input);
        }
        if all.is_empty() {
            all = inputs_of(self.verifier.store(), &[], None);
        }
        all
    }

    /// Every stamp, in the order of the file, and after them what is neither stamp nor seal.
    #[must_use]
    pub fn stamps(&self) -> &[SealReport<'a>] {
        &self.stamps
    }

    /// The worst of all; undetermined where there is no stamp.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.stamps.iter().map(SealReport::verdict).max().unwrap_or(Verdict::Undetermined)
    }

    /// The step and the ground that decide it: those of the first stamp that is as bad as the whole.
    #[must_use]
    pub fn deciding(&self) -> Option<(Step, Reason)> {
        let verdict = self.verdict();
        match self.stamps.iter().find(|stamp| stamp.verdict() == verdict) {
            Some(worst) => worst.steps.deciding(),
            None => Some((Step::Document, Reason::DocumentNoStamp)),
        }
    }

    /// How many stamps have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.stamps.iter().filter(|stamp| stamp.verdict() == verdict).count()
    }
}
