//! What an answer rests on, by algorithm, and whether that is relied on (procedure.md §2.1).
//!
//! Every answer rests on signatures: the credential's own, those on the certificates of its signer's path, and that of the directory that
//! lists the signer; of a status, on the list's and those that vouch for its signer. What is asked here of their algorithms, by the policy
//! and by the trust list, can only take certainty from an answer, or prove that a credential was signed when nobody was to sign so: it
//! makes nothing valid that was not. The trust list itself is not asked about: people pinned it.

use super::Verifier;
use super::outcome::Outcome;
use crate::chain::{Signer, SignerQuestion};
use crate::reason::Reason;
use crate::store::{HeldDirectory, unsure_of_time};
use crate::suite::{Footing, Suites};
use crate::time::{Bound, Certainty, Watch};
use crate::trust::TrustList;

/// What is asked of the algorithms that an answer rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demand<'v> {
    list: &'v TrustList,
    accepted: Suites,
}

/// The grounds of one step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grounds {
    /// The policy does not accept the suite.
    not_accepted: Reason,
    /// Signed when the federation had stopped signing by the algorithm.
    ended: Reason,
    /// The federation relies on the algorithm no longer.
    retired: Reason,
    /// Whether it does is a question of the clock.
    depends: Reason,
}

/// Of what the signer of a credential signed.
const OWN: Grounds = Grounds {
    not_accepted: Reason::IssuerSuiteNotAccepted,
    ended: Reason::IssuerSuiteEnded,
    retired: Reason::IssuerSuiteRetired,
    depends: Reason::IssuerTimeDepends,
};
/// Of what vouches for that signer.
const PATH: Grounds = Grounds {
    not_accepted: Reason::IssuerPathNotAccepted,
    ended: Reason::IssuerPathEnded,
    retired: Reason::IssuerPathRetired,
    depends: Reason::IssuerTimeDepends,
};
/// Of a status, whatever it rests on.
pub(super) const STATUS: Grounds = Grounds {
    not_accepted: Reason::StatusSuiteNotAccepted,
    ended: Reason::StatusSuiteEnded,
    retired: Reason::StatusSuiteRetired,
    depends: Reason::StatusTimeDepends,
};
/// Of a presentation, whatever it rests on.
pub(super) const PRESENTATION: Grounds = Grounds {
    not_accepted: Reason::PresentationSuiteNotAccepted,
    ended: Reason::PresentationSuiteEnded,
    retired: Reason::PresentationSuiteRetired,
    depends: Reason::IssuerTimeDepends,
};

/// How far something is relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relied {
    /// For whatever it says.
    Wholly,
    /// For what it says against a credential: it was signed when nobody was to sign so.
    Against(Reason),
    /// For nothing.
    Not(Reason),
}

impl Relied {
    /// An answer that was found without regard to algorithms, by what it rests on. A doubt stays what it was.
    pub(super) const fn bound(self, answer: Outcome) -> Outcome {
        match (self, answer) {
            (Self::Not(reason), Outcome::Passed | Outcome::Failed(_)) | (Self::Against(reason), Outcome::Passed) => {
                Outcome::Unknown(reason)
            }
            _ => answer,
        }
    }
}

/// A signature, and what vouches for the one who made it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vouched<'v> {
    pub(super) signature: Footing,
    pub(super) signer: &'v Signer,
    pub(super) directory: &'v HeldDirectory,
    /// What the signer was asked.
    pub(super) question: &'v SignerQuestion,
}

impl<'v> Demand<'v> {
    /// `None` where nothing is asked of algorithms, which costs nothing.
    pub(super) fn of(verifier: &'v Verifier<'_>) -> Option<Self> {
        let accepted = verifier.policy.suites;
        let list = verifier.store.trust()?.list();
        (!accepted.is_all() || !list.sunsets.is_empty()).then_some(Self { list, accepted })
    }

    /// How far are these signatures relied on?
    pub(super) fn rely(&self, footing: Footing, grounds: &Grounds, watch: &mut Watch) -> Relied {
        let mut relied = Relied::Wholly;
        for (algorithm, signed_at) in footing.signatures() {
            if !self.accepted.contains(algorithm) {
                return Relied::Not(grounds.not_accepted);
            }
            // Whenever it says that it was signed: by the time by whose knowledge it is judged.
            let retired =
                self.list.relied_on_until(algorithm).map(|until| watch.reached(until.seconds(), Bound::Sunset));
            relied = relied.max(match retired {
                Some(Certainty::Yes) => Relied::Not(grounds.retired),
                Some(Certainty::Depends) => Relied::Not(unsure_of_time(watch.window().basis(), grounds.depends)),
                Some(Certainty::No) | None if self.list.has_stopped_signing_by(algorithm, signed_at) => {
                    Relied::Against(grounds.ended)
                }
                Some(Certainty::No) | None => Relied::Wholly,
            });
        }
        relied
    }

    /// The same of directories that must not lack a signer.
    pub(super) fn rely_on_all<'d>(
        &self,
        directories: impl Iterator<Item = &'d HeldDirectory>,
        watch: &mut Watch,
    ) -> Result<(), Reason> {
        let answers = directories.map(|directory| self.rely(directory.footing(), &PATH, watch));
        match answers.fold(Relied::Wholly, Relied::max) {
            Relied::Wholly => Ok(()),
            Relied::Against(reason) | Relied::Not(reason) => Err(reason),
        }
    }

    /// The same of what vouches for a signer: one way to an anchor will do.
    fn rely_on_path(&self, vouched: &Vouched<'_>, grounds: &Grounds, watch: &mut Watch) -> Relied {
        let directory = self.rely(vouched.directory.footing(), grounds, watch);
        let ways = vouched.signer.footings(vouched.question, self.list, watch);
        let ways = ways.into_iter().map(|way| self.rely(way, grounds, watch));
        // Where there is none it is that which decides, and not an algorithm.
        directory.max(ways.reduce(Relied::min).unwrap_or(Relied::Wholly))
    }

    /// The same of a signature and of what vouches for it, for a step that has one ground for both.
    pub(super) fn rely_on(&self, vouched: &Vouched<'_>, grounds: &Grounds, watch: &mut Watch) -> Relied {
        let own = self.rely(vouched.signature, grounds, watch);
        own.max(self.rely_on_path(vouched, grounds, watch))
    }

    /// The outcome of step `issuer`, which was judged without regard to algorithms. `proves` says whether the signature verified and the
    /// lists are current: then a credential that was signed too late is proved to be one.
    pub(super) fn issuer(&self, judged: Outcome, vouched: &Vouched<'_>, proves: bool, watch: &mut Watch) -> Outcome {
        let own = self.rely(vouched.signature, &OWN, watch);
        let path = self.rely_on_path(vouched, &PATH, watch);
        match (own, path) {
            (Relied::Not(_), _) => own.bound(judged),
            (_, Relied::Not(_)) => path.bound(judged),
            (Relied::Against(reason), _) if proves => judged.and(Outcome::of(reason)),
            // By a list that is not current it is a doubt already.
            (Relied::Against(_) | Relied::Wholly, _) => path.bound(judged),
        }
    }
}
