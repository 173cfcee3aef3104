//! The steps of the procedure, in its order. `docs/procedure.md` reads like this file.

use core::cell::Cell;

use super::Verifier;
use super::document::Digests;
use super::moments::Moments;
use super::outcome::Outcome;
use super::presentation::Presented;
use super::signer::{self, Found};
use super::suites::{Demand, Vouched};
use crate::cbor::{Items, Kind, Reader};
use crate::chain::SignerQuestion;
use crate::claims::{LicenseClaims, PresentationClaims, Unverified};
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::reason::Reason;
use crate::status::{StatusList, StatusProof};
use crate::store::unsure_of_time;
use crate::suite::Footing;
use crate::time::{Bound, Certainty, Watch};
use crate::x509::Use;

/// A credential that was read.
#[derive(Clone, Debug)]
pub(super) struct Credential<'a> {
    pub(super) envelope: Envelope<'a>,
    pub(super) claims: Unverified<LicenseClaims<'a>>,
    /// A status proof that came with it, not believed yet.
    pub(super) proof: Option<StatusProof<'a>>,
    /// A presentation that came with it.
    pub(super) presentation: Option<Presented<'a>>,
}

/// Step `encoding`: canonical bytes of the expected type, within limits?
pub(super) fn encoding(bytes: &[u8]) -> Result<Credential<'_>, Reason> {
    // RFC 9052 §4.2, RFC 9596: an envelope, and of this type.
    let first = Envelope::parse_first(bytes, Expected::Type(ObjectType::License));
    let (envelope, rest) = first.map_err(|error| match Items::new(bytes).next() {
        // What is not even an item of CBOR is told as that.
        Some(Err(fault)) => fault.reason(),
        // A status list is an array and no envelope, and lies beside licenses in many folders.
        Some(Ok(item)) if StatusList::parse(item).is_ok() => Reason::EncodingWrongType,
        Some(Ok(_)) => error.reason(),
        None => Reason::EncodingMalformed,
    })?;
    let claims = LicenseClaims::parse(envelope.claimed_payload()).map_err(|error| error.reason())?;
    // format.md §8, §9: a status proof and a presentation may follow, in this order.
    let (mut proof, mut presentation) = (None, None);
    for item in Items::new(rest) {
        let item = item.map_err(|_| Reason::EncodingTrailing)?;
        match Reader::new(item).kind() {
            Ok(Kind::Tag) if presentation.is_none() => {
                let expected = Expected::Type(ObjectType::Presentation);
                let envelope = Envelope::parse(item, expected).map_err(envelope::Error::reason)?;
                let claims = PresentationClaims::parse(envelope.claimed_payload()).map_err(|error| error.reason())?;
                presentation = Some(Presented { envelope, claims });
            }
            Ok(Kind::Array) if proof.is_none() && presentation.is_none() => {
                proof = Some(StatusProof::parse(item).map_err(|error| error.reason())?);
            }
            _ => return Err(Reason::EncodingTrailing),
        }
    }
    Ok(Credential { envelope, claims, proof, presentation })
}

/// Step `issuer`: is the signing key known, in force, chained to an anchor, and mandated for this type, region and authority at issue
/// time? Step `signature`: does it verify, strictly? One search answers both, for a key id is only a hint at the key.
pub(super) fn issuer_and_signature<'s>(
    verifier: &Verifier<'s>,
    envelope: &Envelope<'_>,
    question: &SignerQuestion,
    moments: &mut Moments,
) -> (Outcome, Outcome, Option<Found<'s>>, bool) {
    let Some(trust) = verifier.store.trust() else {
        return (Outcome::Unknown(Reason::StateMissing), Outcome::Unknown(Reason::StepBlocked), None, false);
    };
    let Moments { known: watch, grace, .. } = moments;
    let grace = *grace;
    let found = signer::find(verifier.store, trust.list(), envelope, question, watch);
    let demand = Demand::of(verifier);
    // Whether it was asked is part of what the answer rests on.
    let asked = Cell::new(false);
    let closed = |except, watch: &mut Watch| {
        // Who may vouch for what is of no region that is known cannot be known whole.
        let region = question.region.ok_or(Reason::IssuerUnknown)?;
        asked.set(true);
        let whose = (question.purpose, region);
        verifier.store.check_closed(whose, question.signed_at, except, grace.list, watch)?;
        demand.map_or(Ok(()), |demand| {
            let speaking = verifier.store.directories_speaking_for(whose, question.signed_at);
            demand.rely_on_all(speaking.filter(|held| Some(held.directory().province) != except), watch)
        })
    };
    let (issuer, signature, found) = match found {
        // procedure.md §2: issuer not found.
        signer::Search::NoCandidate => match closed(None, watch) {
            Ok(()) => (Outcome::Failed(Reason::IssuerNotListed), Outcome::Unknown(Reason::StepBlocked), None),
            Err(why) => (Outcome::Unknown(why), Outcome::Unknown(Reason::StepBlocked), None),
        },
        // The signature is bad by every key that may be meant; another key that we do not know may be meant too, unless they are closed.
        signer::Search::NoneVerifies(nearest) => {
            let issuer = signer::judge(trust, &nearest, grace, watch, &closed);
            match (closed(None, watch), issuer) {
                (Ok(()), issuer) => (issuer, Outcome::Failed(Reason::SignatureBad), Some(nearest)),
                // Nor is what is wrong with the nearest key proof against one that we do not know.
                (Err(why), Outcome::Failed(_)) => {
                    (Outcome::Unknown(why), Outcome::Unknown(Reason::SignatureNoCandidate), Some(nearest))
                }
                (Err(_), issuer) => (issuer, Outcome::Unknown(Reason::SignatureNoCandidate), Some(nearest)),
            }
        }
        signer::Search::Exhausted => {
            (Outcome::Unknown(Reason::IssuerBudget), Outcome::Unknown(Reason::StepBlocked), None)
        }
        signer::Search::Verifies(found) => {
            (signer::judge(trust, &found, grace, watch, &closed), Outcome::Passed, Some(found))
        }
    };
    let issuer = match (&demand, &found) {
        (Some(demand), Some(found)) => {
            let own = Footing::of(envelope.algorithm(), question.signed_at);
            let vouched = Vouched { signature: own, signer: found.signer, directory: found.directory, question };
            let current = signer::check_current(trust, found.directory, grace, watch);
            demand.issuer(issuer, &vouched, signature == Outcome::Passed && current.is_ok(), watch)
        }
        _ => issuer,
    };
    (issuer, signature, found, asked.get())
}

/// What a license asks of whoever signed it.
pub(super) fn license_question(claims: &LicenseClaims<'_>) -> SignerQuestion {
    SignerQuestion {
        purpose: Use::License,
        authority: claims.issuer,
        signed_at: claims.issued_at,
        region: Some(claims.license.region),
        type_code: Some(claims.license.type_code),
    }
}

/// Step `period`: license validity and credential expiry against the time window.
pub(super) fn period(claims: &LicenseClaims<'_>, moments: &mut Moments) -> Outcome {
    let come = moments.have_come();
    let past = moments.past();
    let Moments { known, event, .. } = moments;
    let depends = |watch: &Watch| Outcome::Unknown(unsure_of_time(watch.window().basis(), Reason::PeriodDepends));
    let begun = |answer, watch: &Watch, not_yet| match answer {
        Certainty::Yes => Outcome::Passed,
        Certainty::No => Outcome::Failed(not_yet),
        Certainty::Depends => depends(watch),
    };
    let not_ended = |answer, watch: &Watch, ended| match answer {
        Certainty::Yes => ended,
        Certainty::No => Outcome::Passed,
        Certainty::Depends => depends(watch),
    };
    // procedure.md §3: issuers' clocks run fast too, so iat and nbf are judged with their skew. A credential that was refreshed since
    // speaks of the time before too: it must be known by now, not have been there then.
    let mut issued = |at| begun(known.reached_by_issuer(at, Bound::IssueTime), known, Reason::PeriodNotYet);
    let issued = issued(claims.issued_at).and(issued(claims.not_before));
    // The legal validity: days in Beijing, both included.
    let validity = claims.license.validity.period();
    let legal = begun(event.reached(validity.from(), Bound::Validity), event, Reason::PeriodNotYet);
    let legal = legal.and(validity.until().map_or(Outcome::Passed, |until| {
        not_ended(event.reached(until, Bound::Validity), event, Outcome::Failed(Reason::PeriodExpired))
    }));
    // What was issued later may have replaced another that was in force then.
    let existed = past.map_or(Outcome::Passed, |_| {
        let day = claims.license.issued_on.start();
        begun(event.reached(day, Bound::Validity), event, Reason::PeriodIssuedLater)
    });
    let copy = claims.license.copy.as_ref().map_or(Outcome::Passed, |copy| {
        let expired = Outcome::Failed(Reason::PeriodCopyExpired);
        not_ended(event.reached(copy.expires.seconds(), Bound::CopyExpiry), event, expired)
    });
    // RFC 8392 §3.1.4, with another meaning for the person: the license stands, the credential is to be refreshed.
    let credential = claims.expires.map_or(Outcome::Passed, |expires| {
        let refresh = Outcome::Unknown(Reason::PeriodCredentialExpired);
        not_ended(event.reached(expires.seconds(), Bound::CredentialExpiry), event, refresh)
    });
    come.and(legal).and(existed).and(copy).and(issued).and(credential)
}

/// Step `document` of a license: is the file one of those that it names?
pub(super) fn document(claims: &LicenseClaims<'_>, given: Digests) -> Outcome {
    let attachments = claims.license.attachments.clone().into_iter().flatten();
    // One that is named by a hash that is not known here may be this one, and one by a hash that nobody computed.
    let mut otherwise = Reason::DocumentNotNamed;
    for attachment in attachments {
        let Some((hash, named)) = attachment.known_digest() else {
            otherwise = Reason::EncodingAlgorithmUnknown;
            continue;
        };
        match given.by(hash) {
            Some(digest) if digest == named => return Outcome::Passed,
            None if otherwise == Reason::DocumentNotNamed => otherwise = Reason::DocumentNotDigested,
            _ => {}
        }
    }
    Outcome::of(otherwise)
}
