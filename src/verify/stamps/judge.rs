//! The questions of a stamp, in their order. `docs/procedure.md` reads like this file.

use alloc::vec::Vec;

use super::at_hand::{AtHand, HeldStamp};
use super::points::SealPoints;
use super::report::{Findings, ReadSeal, SealReport};
use crate::chain::SignerQuestion;
use crate::claims::id::TypeCode;
use crate::claims::{SealClaims, Stamp, StatusPointer};
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::reason::Reason;
use crate::store::unsure_of_time;
use crate::time::{Bound, Certainty, Clock, ISSUER_SKEW, Period, Timestamp};
use crate::trust::{Defect, Grace};
use crate::verify::defect::{self, Defects};
use crate::verify::moments::{Asked as Times, Moments};
use crate::verify::outcome::{Asked, Outcome, Steps};
use crate::verify::reliance::Searched;
use crate::verify::signer::Found;
use crate::verify::{Verifier, standing, steps};
use crate::x509::Use;

const BLOCKED: Outcome = Outcome::Unknown(Reason::StepBlocked);

/// The times of a stamp or a seal: what is held is judged as of now, or as of what the caller wants known.
fn moments(verifier: &Verifier<'_>, clock: Clock) -> Moments {
    let asked = Times { event_time: None, known_as_of: verifier.context.known_as_of };
    let mut moments = Moments::new(verifier.store.window(clock), asked);
    moments.max_status_age = verifier.policy.max_status_age;
    let list = verifier.store.trust().map(|trust| trust.list());
    moments.grace = list.map_or(Grace::default(), |list| verifier.policy.grace_of(list, crate::trust::NORMAL));
    moments
}

/// Who signed, by which search.
struct Signed<'s> {
    issuer: Outcome,
    signature: Outcome,
    found: Option<Found<'s>>,
    searched: Searched<'s>,
    /// What the trust list publishes of what this signer made in error.
    defects: Vec<&'s Defect>,
}

impl<'s> Signed<'s> {
    fn ask(
        verifier: &Verifier<'s>,
        envelope: &Envelope<'_>,
        (question, status): (SignerQuestion, Option<StatusPointer>),
        of_seal: bool,
        moments: &mut Moments,
    ) -> Self {
        let (issuer, signature, found, closed) = steps::issuer_and_signature(verifier, envelope, &question, moments);
        let directory = found.as_ref().map(|found| found.directory);
        let searched = Searched { key_id: envelope.key_id(), question, closed, directory, of_seal };
        let defects = match (verifier.store.trust(), &found) {
            (Some(trust), Some(found)) if signature == Outcome::Passed => {
                let (key_id, issued_at) = (found.signer.key().key_id(), question.signed_at);
                let subject = defect::Subject { key_id, issued_at, status, type_code: None };
                defect::judge(trust, subject, verifier.policy.attendance, moments)
            }
            _ => Defects::NONE,
        };
        Self { issuer: issuer.and(defects.outcome), signature, found, searched, defects: defects.named }
    }

    /// The one who may, by whose key it verifies.
    fn is_authentic(&self) -> bool {
        self.issuer == Outcome::Passed && self.found.as_ref().is_some_and(|found| found.authenticated.is_some())
    }
}

/// Who made a seal, which is told by its place in the status list too where makers made some in error.
fn maker<'s>(
    verifier: &Verifier<'s>,
    (envelope, claims): (&Envelope<'_>, &SealClaims<'_>),
    of_seal: bool,
    moments: &mut Moments,
) -> Signed<'s> {
    Signed::ask(verifier, envelope, (maker_question(claims), Some(claims.status)), of_seal, moments)
}

/// What a seal asks of its maker 制章者: a mandate for the region of the seal's code.
fn maker_question(claims: &SealClaims<'_>) -> SignerQuestion {
    SignerQuestion {
        purpose: Use::SealMaker,
        authority: claims.maker,
        signed_at: claims.issued_at,
        region: claims.seal.code.region(),
        type_code: None,
    }
}

/// A stamp of a file.
pub(super) fn stamp<'a>(
    verifier: &Verifier<'a>,
    given: &AtHand<'_, 'a>,
    held: &HeldStamp<'a>,
    clock: Clock,
) -> SealReport<'a> {
    let read = match &held.read {
        Ok(read) => read,
        Err(reason) => return SealReport::unread(verifier, held.bytes, *reason, clock),
    };
    let (envelope, stamp) = (&read.envelope, read.claims.claimed());
    let mut moments = moments(verifier, clock);
    let come = moments.have_come();
    moments.about(stamp.stamped_at);
    let seal = given.seal(stamp.seal);
    // Who may stamp is asked in the region of the seal; without it every key that the directories list may be meant.
    let region = seal.and_then(|seal| seal.claims.as_ref().ok()?.claimed().seal.code.region());
    let question = SignerQuestion {
        purpose: Use::SealSigner,
        authority: stamp.issuer,
        signed_at: stamp.stamped_at,
        region,
        type_code: None,
    };
    let signed = Signed::ask(verifier, envelope, (question, None), false, &mut moments);
    let covered = cover(given, stamp);
    let (points, maker) = seal_points(verifier, seal, stamp, &signed, (given, &covered), &mut moments);
    let (status, status_of) = match (&maker, seal.map(|seal| &seal.claims)) {
        (_, None) => (Outcome::of(Reason::SealMissing), None),
        (Some(maker), Some(Ok(claims))) => {
            let found = seal_status(verifier, claims.claimed(), maker, &mut moments);
            (found.outcome, Some(found))
        }
        _ => (BLOCKED, None),
    };
    let steps = Steps {
        encoding: Outcome::Passed,
        issuer: signed.issuer,
        signature: signed.signature,
        period: come.and(stamping_time(stamp.stamped_at, &covered, &mut moments)),
        status,
        recognition: Asked::NotAsked,
        presentation: Asked::NotAsked,
        document: Asked::Asked(covered.document),
        seal: Asked::Asked(points.outcome()),
    };
    SealReport::of(
        verifier,
        Findings {
            bytes: held.bytes,
            object_type: ObjectType::Stamp,
            steps,
            points: Some(points),
            authentic: signed.is_authentic(),
            seal_authentic: maker.as_ref().is_some_and(Signed::is_authentic) && points.signature == Outcome::Passed,
            stamp: Some(read.clone()),
            seal: seal.cloned(),
            searches: core::iter::once(&signed).chain(&maker).map(|signed| signed.searched).collect(),
            defects: signed.defects.iter().chain(maker.iter().flat_map(|maker| &maker.defects)).copied().collect(),
            status: status_of,
            moments,
            repeated: given.repeated,
            clock,
        },
    )
}

/// Is the signature of a seal by a key that may have made it? Only that is asked: it tells copies apart.
pub(super) fn seal_signature<'a>(verifier: &Verifier<'a>, seal: &ReadSeal<'a>, clock: Clock) -> Outcome {
    let Ok(claims) = &seal.claims else { return BLOCKED };
    let mut moments = moments(verifier, clock);
    let question = maker_question(claims.claimed());
    steps::issuer_and_signature(verifier, &seal.envelope, &question, &mut moments).1
}

/// What a stamp covers in the end.
struct Covered<'a> {
    document: Outcome,
    /// The media type of the document; not known where a stamp between is not at hand.
    media_type: Option<&'a str>,
    /// The latest time of the stamps that it countersigns.
    after: Option<Timestamp>,
}

/// Step `document`: is it what was stamped? A counter-stamp 副署 covers the document through the stamp that its digest names.
fn cover<'a>(given: &AtHand<'_, 'a>, stamp: &Stamp<'a>) -> Covered<'a> {
    let mut covered = *stamp;
    let mut after: Option<Timestamp> = None;
    // A digest stands in what it names never, so that this goes on to an end; no further than there are stamps.
    for _ in 0..=given.stamps.len() {
        if !covered.is_counter() {
            let document = match given.document {
                None => Outcome::of(Reason::DocumentNotGiven),
                Some(document) => match document.digest_by(covered.hash) {
                    Some(digest) if digest == covered.document => Outcome::Passed,
                    Some(_) => Outcome::of(Reason::DocumentDiffers),
                    None => Outcome::of(Reason::DocumentNotDigested),
                },
            };
            return Covered { document, media_type: Some(covered.media_type), after };
        }
        match given.stamp(covered.document) {
            None => break,
            Some(target) => {
                covered = *target;
                after = after.max(Some(covered.stamped_at));
            }
        }
    }
    Covered { document: Outcome::of(Reason::DocumentStampMissing), media_type: None, after }
}

/// Step `period`: the stamping time has come, and is not before that of a stamp which this one countersigns.
fn stamping_time(stamped_at: Timestamp, covered: &Covered<'_>, moments: &mut Moments) -> Outcome {
    let known = &mut moments.known;
    // procedure.md §3: clocks of signers run fast too.
    let come = match known.reached_by_issuer(stamped_at, Bound::IssueTime) {
        Certainty::Yes => Outcome::Passed,
        Certainty::No => Outcome::of(Reason::PeriodNotYet),
        Certainty::Depends => Outcome::Unknown(unsure_of_time(known.window().basis(), Reason::PeriodDepends)),
    };
    come.and(not_before(stamped_at, covered.after))
}

/// Both times are words of signers: which of the two is wrong cannot be told.
fn not_before(time: Timestamp, other: Option<Timestamp>) -> Outcome {
    match other {
        Some(other) if time.saturating_add(ISSUER_SKEW) < other => Outcome::of(Reason::SealTimeOrder),
        _ => Outcome::Passed,
    }
}

/// Step `seal`, point by point; and who made it.
fn seal_points<'s>(
    verifier: &Verifier<'s>,
    seal: Option<&ReadSeal<'_>>,
    stamp: &Stamp<'_>,
    signed: &Signed<'s>,
    (given, covered): (&AtHand<'_, '_>, &Covered<'_>),
    moments: &mut Moments,
) -> (SealPoints, Option<Signed<'s>>) {
    let Some(seal) = seal else {
        return (SealPoints { present: Outcome::of(Reason::SealMissing), ..SealPoints::BLOCKED }, None);
    };
    let present = Outcome::Passed;
    let claims = match &seal.claims {
        Ok(claims) => claims.claimed(),
        Err(reason) => return (SealPoints { present, encoding: Outcome::of(*reason), ..SealPoints::BLOCKED }, None),
    };
    let maker = maker(verifier, (&seal.envelope, claims), true, moments);
    let checked = |holds: bool, reason| if holds { Outcome::Passed } else { Outcome::of(reason) };
    // Whose key it was is known only where it made the signature.
    let key = signed.found.as_ref().filter(|_| signed.signature == Outcome::Passed);
    let points = SealPoints {
        present,
        encoding: Outcome::Passed,
        maker: maker.issuer,
        signature: maker.signature,
        owner: checked(claims.seal.owner == stamp.issuer, Reason::SealOwner),
        key: key.map_or(BLOCKED, |found| {
            let thumbprint = found.signer.key().thumbprint();
            checked(claims.seal.signers.contains(&thumbprint), Reason::SealKeyNotListed)
        }),
        validity: valid_then(claims, stamp.stamped_at),
        kind: kind(claims, covered.media_type, given.license_type),
    };
    (points, Some(maker))
}

/// format.md §4: stamped inside the seal's validity, and not before the seal was made.
fn valid_then(claims: &SealClaims<'_>, stamped_at: Timestamp) -> Outcome {
    let within: Period = claims.validity;
    match stamped_at.seconds() {
        at if at < within.from() => Outcome::of(Reason::SealNotYet),
        _ if !within.contains(stamped_at) => Outcome::of(Reason::SealExpired),
        _ => not_before(stamped_at, Some(claims.issued_at)),
    }
}

/// format.md §4: kinds of document allowed. A stamp on a license itself names the license's media type.
fn kind(claims: &SealClaims<'_>, media_type: Option<&str>, license_type: Option<&TypeCode>) -> Outcome {
    let Some(allowed) = &claims.seal.allowed else { return Outcome::Passed };
    let Some(media_type) = media_type else { return Outcome::of(Reason::DocumentStampMissing) };
    if allowed.has_media_type(media_type) {
        return Outcome::Passed;
    }
    match license_type {
        Some(license_type) if allowed.has_license_type(license_type) => Outcome::Passed,
        None if allowed.names_license_types() => Outcome::of(Reason::SealKindUnstated),
        _ => Outcome::of(Reason::SealKindRefused),
    }
}

/// Step `status`: was the seal in force when it stamped? Asked of the list of the maker, by the word of the province that lists it.
fn seal_status<'s>(
    verifier: &Verifier<'s>,
    claims: &SealClaims<'_>,
    maker: &Signed<'s>,
    moments: &mut Moments,
) -> standing::Finding<'s> {
    let signed = maker.found.as_ref().filter(|_| maker.signature == Outcome::Passed);
    let subject =
        standing::Subject { authority: claims.maker, at: claims.status, bearer: standing::Bearer::Seal, proof: None };
    standing::status(verifier, subject, signed.and_then(Found::speaks_for), moments)
}

/// A seal by itself, as of now.
pub(super) fn seal_alone<'a>(verifier: &Verifier<'a>, bytes: &'a [u8], clock: Clock) -> SealReport<'a> {
    let read = Envelope::parse(bytes, Expected::Type(ObjectType::Seal)).map_err(|error| error.reason());
    let read = read.and_then(|envelope| {
        SealClaims::parse(envelope.claimed_payload()).map(|claims| (envelope, claims)).map_err(|error| error.reason())
    });
    let (envelope, claims) = match read {
        Ok(read) => read,
        Err(reason) => return SealReport::unread(verifier, bytes, reason, clock),
    };
    let mut moments = moments(verifier, clock);
    let come = moments.have_come();
    let seal = claims.claimed();
    let maker = maker(verifier, (&envelope, seal), false, &mut moments);
    let status = seal_status(verifier, seal, &maker, &mut moments);
    let steps = Steps {
        encoding: Outcome::Passed,
        issuer: maker.issuer,
        signature: maker.signature,
        period: come.and(valid_now(seal, &mut moments)),
        status: status.outcome,
        recognition: Asked::NotAsked,
        presentation: Asked::NotAsked,
        document: Asked::NotAsked,
        seal: Asked::NotAsked,
    };
    let authentic = maker.is_authentic();
    SealReport::of(
        verifier,
        Findings {
            bytes,
            object_type: ObjectType::Seal,
            steps,
            points: None,
            authentic,
            seal_authentic: authentic,
            stamp: None,
            seal: Some(ReadSeal { envelope, claims: Ok(claims) }),
            searches: [maker.searched].into(),
            defects: maker.defects,
            status: Some(status),
            moments,
            repeated: false,
            clock,
        },
    )
}

/// Was it made, and may it be used now?
fn valid_now(claims: &SealClaims<'_>, moments: &mut Moments) -> Outcome {
    let depends = |basis| Outcome::Unknown(unsure_of_time(basis, Reason::PeriodDepends));
    let basis = moments.known.window().basis();
    let answer = |answer, passed, otherwise| match answer {
        Certainty::Depends => depends(basis),
        certain if certain == passed => Outcome::Passed,
        _ => otherwise,
    };
    let not_yet = Outcome::of(Reason::PeriodNotYet);
    let made = moments.known.reached_by_issuer(claims.issued_at, Bound::IssueTime);
    let begun = moments.event.reached(claims.validity.from(), Bound::Validity);
    let begun = answer(made, Certainty::Yes, not_yet).and(answer(begun, Certainty::Yes, not_yet));
    let ended = claims.validity.until().map(|until| moments.event.reached(until, Bound::Validity));
    let expired = Outcome::of(Reason::PeriodExpired);
    begun.and(ended.map_or(Outcome::Passed, |ended| answer(ended, Certainty::No, expired)))
}
