//! Step `presentation`: did the holder's key sign this, now, for us? And of an annotated copy: was it made for us, and for this?

use alloc::collections::BTreeMap;

use super::moments::Moments;
use super::outcome::{Asked, Outcome};
use super::signer;
use super::steps::Credential;
use super::suites::{Demand, PRESENTATION, Relied, Vouched};
use super::{Context, Verifier};
use crate::chain::SignerQuestion;
use crate::claims::{Binding, LicenseClaims, Nonce, PresentationClaims, PresentationForm, Unverified};
use crate::envelope::Envelope;
use crate::limits::{Budget, Limits};
use crate::policy::Ask;
use crate::reason::Reason;
use crate::suite::{Digest, Footing, KeyId, PublicKey};
use crate::time::{Bound, Certainty, Timestamp, Watch};
use crate::x509::Use;

/// The widest window of time, in seconds, in which a presentation that goes by its times is judged. A wider one cannot tell *just now*
/// from *a while ago*.
pub const MAX_WINDOW: i64 = 600;

/// A presentation that came with a license: read, and not yet believed.
#[derive(Clone, Debug)]
pub(super) struct Presented<'a> {
    pub(super) envelope: Envelope<'a>,
    pub(super) claims: Unverified<PresentationClaims<'a>>,
}

/// The presentations that were seen before: an argument of the verifier, kept by whoever asks it. A presentation is good once.
///
/// A presentation is named by its object digest. It is kept until no window that is narrow enough can meet it any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(BTreeMap<Digest, Timestamp>);

impl Seen {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Keeps a presentation until the time that [`Presentation::forget_after`] gave.
    pub fn remember(&mut self, key: Digest, until: Timestamp) {
        self.0.insert(key, until);
    }

    /// Was it seen?
    #[must_use]
    pub fn contains(&self, key: &Digest) -> bool {
        self.0.contains_key(key)
    }

    /// Forgets what may be forgotten by `now`, the earliest instant that it can be.
    pub fn forget(&mut self, now: Timestamp) {
        self.0.retain(|_, until| *until > now);
    }

    /// What is kept, and until when.
    pub fn iter(&self) -> impl Iterator<Item = (&Digest, Timestamp)> {
        self.0.iter().map(|(key, until)| (key, *until))
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Is none kept?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a report says of a presentation. It is so only if the step passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Presentation<'a> {
    /// What it claims.
    pub claims: PresentationClaims<'a>,
    /// What names it, to be remembered once it was accepted.
    pub replay_key: Digest,
}

impl Presentation<'_> {
    /// By what it is of this moment and for this verifier.
    #[must_use]
    pub const fn form(&self) -> PresentationForm {
        self.claims.form()
    }

    /// When [`Seen`] may forget it: no window of at most [`MAX_WINDOW`] seconds meets it from then on. The nonce of a challenge is the
    /// verifier's own, who does not ask for it again.
    #[must_use]
    pub const fn forget_after(&self) -> Timestamp {
        self.claims.expires.saturating_add(MAX_WINDOW)
    }
}

impl<'a> Presented<'a> {
    /// The signature of whoever shows it.
    fn footing(&self) -> Footing {
        Footing::of(self.envelope.algorithm(), self.claims.claimed().issued_at)
    }

    pub(super) fn told(&self) -> Presentation<'a> {
        Presentation { claims: *self.claims.claimed(), replay_key: self.envelope.object_digest() }
    }
}

/// The step. `believed` says whether the license is what an entitled signer said: only then is its `cnf` the holder's key.
pub(super) fn judge(
    verifier: &Verifier<'_>,
    credential: &Credential<'_>,
    believed: Outcome,
    moments: &mut Moments,
) -> Asked {
    let license = &credential.claims.claimed().license;
    let copy = license.copy.as_ref().map(|copy| made_for(copy.purpose, copy.audience, &verifier.context));
    let holder = match (&credential.presentation, license.binding) {
        _ if verifier.policy.presentation == Ask::No => None,
        // What is shown is asked about, demanded or not.
        (Some(presented), _) => Some(shown(verifier, credential, presented, believed, moments)),
        (None, Binding::HolderKey) => Some(Outcome::of(Reason::PresentationMissing)),
        (None, Binding::Bearer | Binding::Identity) => None,
    };
    match (copy, holder) {
        (None, None) => Asked::NotAsked,
        (Some(outcome), None) | (None, Some(outcome)) => Asked::Asked(outcome),
        (Some(copy), Some(holder)) => Asked::Asked(copy.and(holder)),
    }
}

/// The key of a presentation service that is looked for, if one vouches and it is asked.
pub(super) fn service_asked(verifier: &Verifier<'_>, credential: &Credential<'_>) -> Option<KeyId> {
    let presented = credential.presentation.as_ref().filter(|_| verifier.policy.presentation == Ask::Yes)?;
    presented.claims.claimed().service.map(|_| presented.envelope.key_id())
}

/// format.md §3, field 12: a wrong audience or purpose fails; one that the verifier did not state leaves it unknown.
fn made_for(purpose: &str, audience: Option<&str>, context: &Context<'_>) -> Outcome {
    let same = |named: &str, stated: Option<&str>, wrong| match stated {
        Some(stated) if stated == named => Outcome::Passed,
        Some(_) => Outcome::of(wrong),
        None => Outcome::of(Reason::PresentationContextUnknown),
    };
    let audience =
        audience.map_or(Outcome::Passed, |audience| same(audience, context.audience, Reason::PresentationAudience));
    same(purpose, context.purpose, Reason::PresentationPurpose).and(audience)
}

/// Everything that is asked of a presentation; a failure goes before a doubt.
fn shown(
    verifier: &Verifier<'_>,
    credential: &Credential<'_>,
    presented: &Presented<'_>,
    believed: Outcome,
    moments: &mut Moments,
) -> Outcome {
    let (license, claims) = (credential.claims.claimed(), presented.claims.claimed());
    let signed = match claims.form() {
        PresentationForm::Service => service(verifier, license, presented, moments),
        PresentationForm::Timed | PresentationForm::Challenge => {
            let signed = holder(license.holder_key.as_ref(), &presented.envelope);
            relied(verifier, presented, signed, &mut moments.known)
        }
    };
    let now = match (claims.form(), claims.nonce) {
        (PresentationForm::Challenge, Some(nonce)) => answers(nonce, claims, &verifier.context),
        _ => timed(claims, &verifier.context, &mut moments.known),
    };
    // A service vouches for what it was told; where the license demands the holder's key, only that will do.
    let demanded = match (license.license.binding, claims.form()) {
        (Binding::HolderKey, PresentationForm::Service) => Outcome::of(Reason::PresentationMissing),
        _ => Outcome::Passed,
    };
    let outcome =
        signed.and(of_license(claims, credential)).and(once(verifier.context.seen, presented)).and(now).and(demanded);
    // Proof of what is wrong with it stands by itself. That it is right rests on the license being what it says.
    match outcome {
        Outcome::Passed if believed != Outcome::Passed => Outcome::of(Reason::StepBlocked),
        outcome => outcome,
    }
}

/// format.md §8: the object digest is that of the license before it.
fn of_license(claims: &PresentationClaims<'_>, credential: &Credential<'_>) -> Outcome {
    match claims.license == credential.envelope.object_digest() {
        true => Outcome::Passed,
        false => Outcome::of(Reason::PresentationOtherLicense),
    }
}

/// RFC 8747 §3.1: signed by the key that the license confirms.
fn holder(key: Option<&PublicKey>, envelope: &Envelope<'_>) -> Outcome {
    let Some(key) = key else { return Outcome::of(Reason::PresentationNoHolderKey) };
    match envelope.verify(key) {
        Ok(()) if envelope.key_id() == key.key_id() => Outcome::Passed,
        _ => Outcome::of(Reason::PresentationSignature),
    }
}

/// Is the algorithm of the holder's key relied on? What is wrong with the signature does not rest on it.
fn relied(verifier: &Verifier<'_>, presented: &Presented<'_>, signed: Outcome, watch: &mut Watch) -> Outcome {
    match (signed, Demand::of(verifier)) {
        (Outcome::Passed, Some(demand)) => demand.rely(presented.footing(), &PRESENTATION, watch).bound(signed),
        _ => signed,
    }
}

/// format.md §8, service: signed by a key that a directory lists for this use, for licenses of this region and type. What is not found
/// to be so is a doubt, for whatever reason: another list may tell.
fn service(
    verifier: &Verifier<'_>,
    license: &LicenseClaims<'_>,
    presented: &Presented<'_>,
    moments: &mut Moments,
) -> Outcome {
    let claims = presented.claims.claimed();
    let unproven = Outcome::of(Reason::PresentationServiceUnproven);
    let (Some(trust), Some(authority)) = (verifier.store.trust(), claims.service) else { return unproven };
    let question = SignerQuestion {
        purpose: Use::Presentation,
        authority,
        signed_at: claims.issued_at,
        region: Some(license.license.region),
        type_code: Some(license.license.type_code),
    };
    let mut budget = Budget::new(Limits::STANDARD);
    for (candidate, directory) in verifier.store.signers(presented.envelope.key_id()) {
        if budget.candidate().and_then(|()| budget.signature_check()).is_err() {
            return unproven;
        }
        let Ok(path) = candidate.check(&question, trust.list(), &mut moments.known) else { continue };
        if path.authenticate(&presented.envelope).is_ok() {
            if signer::check_current(trust, directory, moments.grace, &mut moments.known).is_err() {
                return unproven;
            }
            let signature = presented.footing();
            let vouched = Vouched { signature, signer: candidate, directory, question: &question };
            let relied = |demand: Demand<'_>| demand.rely_on(&vouched, &PRESENTATION, &mut moments.known);
            return Demand::of(verifier).map_or(Relied::Wholly, relied).bound(Outcome::Passed);
        }
    }
    unproven
}

/// procedure.md §1.7: a presentation is good once.
fn once(seen: Option<&Seen>, presented: &Presented<'_>) -> Outcome {
    match seen.is_some_and(|seen| seen.contains(&presented.envelope.object_digest())) {
        true => Outcome::of(Reason::PresentationReplayed),
        false => Outcome::Passed,
    }
}

/// format.md §8, challenge: the nonce is the verifier's, and who asks what for is what the holder read. No clock is needed.
fn answers(nonce: Nonce, claims: &PresentationClaims<'_>, context: &Context<'_>) -> Outcome {
    let nonce = match context.challenge {
        None => Outcome::of(Reason::PresentationChallengeUnstated),
        Some(asked) if asked == nonce => Outcome::Passed,
        Some(_) => Outcome::of(Reason::PresentationOtherChallenge),
    };
    // What was not shown to the holder, and what the holder did not sign, is not what this verifier asked.
    let same = |signed: Option<&str>, stated: Option<&str>, wrong| match signed == stated {
        true => Outcome::Passed,
        false => Outcome::of(wrong),
    };
    // Another challenge says by itself that it was another's audience and purpose.
    match nonce {
        Outcome::Passed => same(claims.audience, context.audience, Reason::PresentationOtherAudience).and(same(
            claims.purpose,
            context.purpose,
            Reason::PresentationOtherPurpose,
        )),
        otherwise => otherwise,
    }
}

/// format.md §8, timed: the window is narrow and meets [iat, exp). It is made for anyone where it names no audience.
fn timed(claims: &PresentationClaims<'_>, context: &Context<'_>, watch: &mut Watch) -> Outcome {
    let bound = |signed: Option<&str>, stated: Option<&str>, wrong| match (signed, stated) {
        (None, _) => Outcome::Passed,
        (Some(signed), Some(stated)) if signed == stated => Outcome::Passed,
        (Some(_), Some(_)) => Outcome::of(wrong),
        (Some(_), None) => Outcome::of(Reason::PresentationContextUnstated),
    };
    let audience = bound(claims.audience, context.audience, Reason::PresentationOtherAudience);
    let purpose = bound(claims.purpose, context.purpose, Reason::PresentationOtherPurpose);
    // Who asked to be answered is not satisfied with less.
    let answered = match context.challenge {
        Some(_) => Outcome::of(Reason::PresentationUnanswered),
        None => Outcome::Passed,
    };
    audience.and(purpose).and(live(claims, watch)).and(answered)
}

/// Is it of this moment, as far as this verifier's time can tell?
fn live(claims: &PresentationClaims<'_>, watch: &mut Watch) -> Outcome {
    if watch.certainly_reached(claims.expires.seconds(), Bound::Presentation) {
        return Outcome::of(Reason::PresentationTooOld);
    }
    let window = watch.window();
    if window.hi().since(window.lo()) > MAX_WINDOW {
        return Outcome::of(Reason::PresentationClockWide);
    }
    // Whether it has certainly begun makes no difference.
    let begins = claims.issued_at.seconds();
    if window.reached(begins) == Certainty::No {
        watch.reached(begins, Bound::Presentation);
        return Outcome::of(Reason::PresentationNotYet);
    }
    Outcome::Passed
}
