//! Finding who signed: a key id is a hint, every key that it may mean is tried, and the search is bounded.

use super::outcome::Outcome;
use crate::chain::{Authenticated, Signer, SignerQuestion};
use crate::claims::id::RegionPrefix;
use crate::envelope::Envelope;
use crate::limits::{Budget, Limits};
use crate::reason::{Class, Reason};
use crate::store::{Freshness, HeldDirectory, HeldTrust, Store, unsure_of_time};
use crate::suite::BadSignature;
use crate::time::Watch;
use crate::trust::{Grace, TrustList};

/// A signer, and what its directory entry says of this credential.
#[derive(Clone, Debug)]
pub(super) struct Found<'s> {
    pub(super) signer: &'s Signer,
    pub(super) directory: &'s HeldDirectory,
    pub(super) entitled: Result<(), Reason>,
    /// The proof, if this entitled signer made the signature.
    pub(super) authenticated: Option<Authenticated>,
}

impl Found<'_> {
    /// The province that says what became of what this signer signed: the one whose directory lists it with a mandate for it. One that
    /// lists a key of another, for something else, says nothing of it.
    pub(super) fn speaks_for(&self) -> Option<RegionPrefix> {
        match self.entitled {
            Ok(())
            // The mandate is asked first: where one of these is the ground, it covers.
            | Err(
                Reason::IssuerCompromised
                | Reason::IssuerCompromisedUnproven
                | Reason::IssuerWithdrawn
                | Reason::IssuerSigningPeriod
                | Reason::IssuerAnchorWithdrawn,
            ) => Some(self.signer.province()),
            Err(_) => None,
        }
    }
}

/// What the search for the signer came to.
pub(super) enum Search<'s> {
    /// No key of that id is known.
    NoCandidate,
    /// Keys of that id are known, and none of them made the signature; the nearest of them.
    NoneVerifies(Found<'s>),
    /// This one made the signature.
    Verifies(Found<'s>),
    /// There are more candidates than may be tried.
    Exhausted,
}

/// Tries every key of the envelope's key id, those of the claimed authority first.
pub(super) fn find<'s>(
    store: &'s Store,
    list: &TrustList,
    envelope: &Envelope<'_>,
    question: &SignerQuestion,
    watch: &mut Watch,
) -> Search<'s> {
    let mut budget = Budget::new(Limits::STANDARD);
    let (mut signed, mut nearest): (Option<Found<'s>>, Option<Found<'s>>) = (None, None);
    let of_key_id = store.signers(envelope.key_id());
    for claimed_authority in [true, false] {
        let is_of_it = |signer: &Signer| signer.entry().authority == question.authority;
        let candidates = of_key_id.clone().filter(|(signer, _)| is_of_it(signer) == claimed_authority);
        for (signer, directory) in candidates {
            if budget.candidate().and_then(|()| budget.signature_check()).is_err() {
                // Also where a key was found that made the signature and may not: the next candidate might be one that may.
                return Search::Exhausted;
            }
            let found = |entitled, authenticated| Found { signer, directory, entitled, authenticated };
            match signer.check(question, list, watch) {
                Ok(path) => match path.authenticate(envelope) {
                    Ok(proof) => return Search::Verifies(found(Ok(()), Some(proof))),
                    Err(BadSignature) => nearest = Some(nearer(nearest, found(Ok(()), None))),
                },
                Err(reason) if envelope.verify(signer.key()).is_ok() => {
                    signed = Some(nearer(signed, found(Err(reason), None)));
                }
                Err(reason) => nearest = Some(nearer(nearest, found(Err(reason), None))),
            }
        }
    }
    match (signed, nearest) {
        (Some(found), _) => Search::Verifies(found),
        (None, Some(found)) => Search::NoneVerifies(found),
        (None, None) => Search::NoCandidate,
    }
}

/// Of two entries that may be meant the one that says more of this credential: that it may, or else why not by an entry whose mandate covers
/// it. Otherwise a province that lists a key of another would choose the ground for which that other's credentials are refused.
fn nearer<'s>(known: Option<Found<'s>>, found: Found<'s>) -> Found<'s> {
    let rank = |found: &Found<'_>| match (found.entitled, found.speaks_for()) {
        (Ok(()), _) => 0,
        (Err(_), Some(_)) => 1,
        (Err(_), None) => 2,
    };
    match known {
        Some(known) if rank(&known) <= rank(&found) => known,
        _ => found,
    }
}

/// The outcome of step `issuer` for a signer that was found.
pub(super) fn judge(
    trust: &HeldTrust,
    found: &Found<'_>,
    grace: Grace,
    watch: &mut Watch,
    closed: &impl Fn(Option<RegionPrefix>, &mut Watch) -> Result<(), Reason>,
) -> Outcome {
    let current = check_current(trust, found.directory, grace, watch);
    let Err(reason) = found.entitled else { return current.into() };
    // Of two lists that contradict each other neither proves anything, nor does one that nobody knew then.
    if let Err(reason @ (Reason::IssuerEquivocation | Reason::StateLater)) = current {
        return Outcome::Unknown(reason);
    }
    match reason {
        // An entry's mandate never changes, and a directory lists a key once: only another province's directory could entitle it.
        Reason::IssuerRegion | Reason::IssuerType | Reason::IssuerAuthority | Reason::IssuerUse => {
            match closed(Some(found.signer.province()), watch) {
                Ok(()) => Outcome::of(reason),
                Err(why) => Outcome::Unknown(why),
            }
        }
        // A history is never rewritten.
        Reason::IssuerCompromised | Reason::IssuerWithdrawn => Outcome::of(reason),
        // Anything else a newer list may change: it is proof as of lists that are current.
        _ if reason.class() == Class::Undetermined => Outcome::of(reason),
        _ => current.map_or_else(Outcome::of, |()| Outcome::of(reason)),
    }
}

/// procedure.md §4: are the lists that speak for the signer young enough to be relied on?
pub(super) fn check_current(
    trust: &HeldTrust,
    directory: &HeldDirectory,
    grace: Grace,
    watch: &mut Watch,
) -> Result<(), Reason> {
    if trust.is_equivocal() || directory.is_equivocal() {
        return Err(Reason::IssuerEquivocation);
    }
    let basis = watch.window().basis();
    let judged = |freshness, stale| match freshness {
        Freshness::Fresh | Freshness::Grace => Ok(()),
        Freshness::Stale => Err(stale),
        Freshness::Expired => Err(Reason::IssuerTrustExpired),
        Freshness::Depends => Err(unsure_of_time(basis, Reason::IssuerTimeDepends)),
        Freshness::Later => Err(Reason::StateLater),
    };
    judged(trust.dates().freshness(grace.list, watch), Reason::IssuerTrustStale)?;
    judged(directory.dates().freshness(grace.directory, watch), Reason::IssuerDirectoryStale)
}
