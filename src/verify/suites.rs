//! What an answer rests on, by algorithm, and whether that is relied on (procedure.md §2.1).
//!
//! Every answer rests on signatures: the credential's own, those on the certificates of its signer's path, and that of the directory that
//! lists the signer; of a status, on the list's and those that vouch for its signer. What is asked here of their algorithms can make an
//! answer a doubt and never anything else of one: so no demand on algorithms makes valid what was not. The trust list itself is not asked
//! about: people pinned it.

use super::Verifier;
use super::outcome::Outcome;
use crate::chain::{Signer, SignerQuestion};
use crate::reason::Reason;
use crate::store::HeldDirectory;
use crate::suite::{Footing, Suites};
use crate::time::Watch;
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
    not_accepted: Reason,
}

/// Of what the signer of a credential signed.
pub(super) const OWN: Grounds = Grounds { not_accepted: Reason::IssuerSuiteNotAccepted };
/// Of what vouches for that signer.
pub(super) const PATH: Grounds = Grounds { not_accepted: Reason::IssuerPathNotAccepted };
/// Of a status, whatever it rests on.
pub(super) const STATUS: Grounds = Grounds { not_accepted: Reason::StatusSuiteNotAccepted };
/// Of a presentation, whatever it rests on.
pub(super) const PRESENTATION: Grounds = Grounds { not_accepted: Reason::PresentationSuiteNotAccepted };

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
        (!accepted.is_all()).then_some(Self { list, accepted })
    }

    /// Is it relied on at all, whatever it says?
    pub(super) fn rely(&self, footing: Footing, grounds: &Grounds) -> Result<(), Reason> {
        match footing.signatures().all(|(algorithm, _)| self.accepted.contains(algorithm)) {
            true => Ok(()),
            false => Err(grounds.not_accepted),
        }
    }

    /// The same of directories that must not lack a signer.
    pub(super) fn rely_on_all<'d>(
        &self,
        mut directories: impl Iterator<Item = &'d HeldDirectory>,
    ) -> Result<(), Reason> {
        directories.try_for_each(|directory| self.rely(directory.footing(), &PATH))
    }

    /// The outcome of step `issuer`, which was judged without regard to algorithms. Where it was a doubt it stays that.
    pub(super) fn issuer(&self, judged: Outcome, vouched: &Vouched<'_>, watch: &mut Watch) -> Outcome {
        match (judged, self.rely_on(vouched, [&OWN, &PATH], watch)) {
            (Outcome::Passed | Outcome::Failed(_), Err(reason)) => Outcome::Unknown(reason),
            _ => judged,
        }
    }

    /// The same of a signature and of what vouches for it: one way to an anchor will do.
    pub(super) fn rely_on(
        &self,
        vouched: &Vouched<'_>,
        [own, path]: [&Grounds; 2],
        watch: &mut Watch,
    ) -> Result<(), Reason> {
        self.rely(vouched.signature, own)?;
        self.rely(vouched.directory.footing(), path)?;
        let ways = vouched.signer.footings(vouched.question, self.list, watch);
        let answers = ways.into_iter().map(|way| self.rely(way, path));
        answers.reduce(|one, other| one.or(other)).unwrap_or(Ok(()))
    }
}
