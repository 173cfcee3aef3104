//! Paths from an end entity to an anchor, under a budget.
//!
//! The search goes from the end entity upwards, anchors before intermediates. Everything that costs nothing is checked first: names,
//! key identifiers, profile, validity, path length. Signatures are verified only when an anchor is reached, from the anchor down, so
//! that certificates which lead nowhere cost no signature check; and no pair of certificates is checked twice. A candidate that fails
//! is left aside and the search goes on: it never hides an honest path.

use alloc::vec::Vec;

use thiserror::Error;

use super::certificate::Certificate;
use super::mandate_extension::Mandate;
use super::profile::{ProfileError, check_admitted, check_end_entity, check_foreign_issuer, check_issuer};
use super::purpose::Use;
use crate::limits::{Budget, Exhausted, Limits};
use crate::reason::Reason;
use crate::suite::Footing;
use crate::time::{Period, Timestamp};

/// Why there is no path. `depth` counts from the end entity, which has depth 0.
///
/// Of several candidates that fail, the error of the one that came nearest to a path is told, whatever their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum PathError {
    /// No candidate bears the name that the last certificate gives for its issuer.
    #[error("no certificate of the issuer that certificate {depth} names")]
    NoIssuer {
        /// Of the certificate whose issuer is missing.
        depth: u8,
    },
    /// RFC 5280 §4.2.1.1: the issuer's name fits, and its key identifier does not.
    #[error("certificate {depth} has another key identifier than the one below it names")]
    KeyIdentifier {
        /// Of the issuer.
        depth: u8,
    },
    /// The certificate breaks a rule of its role.
    #[error("certificate {depth}: {error}")]
    Profile {
        /// Of the certificate.
        depth: u8,
        /// The rule.
        error: ProfileError,
    },
    /// RFC 5280 §4.2.1.9: more issuers follow than pathLenConstraint allows.
    #[error("more issuers follow certificate {depth} than it allows")]
    PathLength {
        /// Of the issuer whose constraint is broken.
        depth: u8,
    },
    /// More certificates would be needed than the limits allow.
    #[error("the path would be longer than allowed")]
    TooLong,
    /// The certificate was not valid at that instant.
    #[error("certificate {depth} was not valid at that time")]
    NotValid {
        /// Of the certificate.
        depth: u8,
    },
    /// A signature does not verify.
    #[error("the signature on certificate {depth} does not verify")]
    Signature {
        /// Of the certificate that bears the signature.
        depth: u8,
    },
    /// The budget ran out before every candidate had been tried: nothing is known.
    #[error(transparent)]
    Budget(#[from] Exhausted),
}

impl PathError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::NoIssuer { .. } | Self::TooLong => Reason::CertificatePath,
            Self::KeyIdentifier { .. } => Reason::CertificateName,
            Self::Profile { error, .. } => error.reason(),
            Self::PathLength { .. } => Reason::CertificateConstraint,
            Self::NotValid { .. } => Reason::CertificateValidity,
            Self::Signature { .. } => Reason::CertificateSignature,
            Self::Budget(_) => Reason::IssuerBudget,
        }
    }
}

/// A path whose every signature was verified.
#[derive(Clone, Debug)]
pub struct Path<'c, 'a> {
    /// End entity first, anchor last.
    certificates: Vec<&'c Certificate<'a>>,
    leaf: &'c Certificate<'a>,
    anchor: &'c Certificate<'a>,
    anchor_index: usize,
}

impl<'c, 'a> Path<'c, 'a> {
    /// The certificates, end entity first, anchor last.
    #[must_use]
    pub fn certificates(&self) -> &[&'c Certificate<'a>] {
        &self.certificates
    }

    /// The end entity.
    #[must_use]
    pub const fn leaf(&self) -> &'c Certificate<'a> {
        self.leaf
    }

    /// The anchor.
    #[must_use]
    pub const fn anchor(&self) -> &'c Certificate<'a> {
        self.anchor
    }

    /// Where the anchor stands among those that were given.
    #[must_use]
    pub const fn anchor_index(&self) -> usize {
        self.anchor_index
    }

    /// The instants at which every certificate of the path is valid; `None` if there are none.
    #[must_use]
    pub fn validity(&self) -> Option<Period> {
        let from = self.certificates.iter().map(|certificate| certificate.validity().from()).max()?;
        let until = self.certificates.iter().filter_map(|certificate| certificate.validity().until()).min()?;
        Period::new(from, Some(until)).filter(|_| from < until)
    }

    /// The signatures on the certificates below the anchor, which is believed without one. A certificate was signed when it began to be
    /// valid, by its own word.
    #[must_use]
    pub fn footing(&self) -> Footing {
        let below = self.certificates.iter().take(self.certificates.len().saturating_sub(1));
        below.fold(Footing::NONE, |footing, certificate| {
            let at = Timestamp::new(certificate.validity().from()).unwrap_or(Timestamp::MIN);
            footing.and(Footing::of(certificate.algorithm(), at))
        })
    }

    /// The mandates that the certificates claim, anchor first. Each must lie within the one before it and within the trust list's:
    /// the caller checks that, and refuses a wider one.
    pub fn claimed_mandates(&self) -> impl Iterator<Item = Mandate<'a>> + '_ {
        self.certificates.iter().rev().filter_map(|certificate| certificate.claimed_mandate())
    }
}

/// What a path is asked for.
#[derive(Clone, Copy, Debug)]
pub struct PathQuestion {
    /// The use that the end entity's certificate must be for, in our profile; `None` asks for what RFC 5280 asks for and no more:
    /// the end entity is held to the admitted profile, and issuers need neither mandate nor critical extensions.
    pub purpose: Option<Use>,
    /// The instant at which every certificate, the anchor's included, must be valid; `None` leaves that to the caller, who finds it
    /// in [`Path::validity`].
    pub at: Option<Timestamp>,
    /// How many certificates a path may have.
    pub limits: Limits,
}

/// Looks for a path from `leaf` over `intermediates` to one of `anchors`.
///
/// Anchors are believed because the caller names them: their own signature is not verified, but they are held to the same profile and
/// the same instant as every issuer.
///
/// # Errors
/// [`PathError::Budget`] when the budget ran out first, which proves nothing; else why the best candidate fails.
pub fn build_path<'c, 'a>(
    leaf: &'c Certificate<'a>,
    intermediates: &'c [Certificate<'a>],
    anchors: &'c [Certificate<'a>],
    question: PathQuestion,
    budget: &mut Budget,
) -> Result<Path<'c, 'a>, PathError> {
    let profile = match question.purpose {
        Some(purpose) => check_end_entity(leaf, purpose),
        None => check_admitted(leaf),
    };
    profile.map_err(|error| PathError::Profile { depth: 0, error })?;
    if question.at.is_some_and(|at| !leaf.is_valid_at(at)) {
        return Err(PathError::NotValid { depth: 0 });
    }
    let mut search = Search {
        question,
        intermediates,
        anchors,
        budget,
        nodes: Vec::new(),
        path: Vec::new(),
        verified: Vec::new(),
        nearest: PathError::NoIssuer { depth: 0 },
    };
    search.path.push(leaf);
    search.nodes.push(Node::Leaf);
    match search.extend()? {
        Some((anchor_index, anchor)) => Ok(Path { certificates: search.path, leaf, anchor, anchor_index }),
        None => Err(search.nearest),
    }
}

/// A certificate by its place, so that a pair that was verified is known again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Leaf,
    Intermediate(usize),
    Anchor(usize),
}

struct Search<'s, 'c, 'a> {
    question: PathQuestion,
    intermediates: &'c [Certificate<'a>],
    anchors: &'c [Certificate<'a>],
    budget: &'s mut Budget,
    /// The path so far, end entity first, and the places of its members.
    path: Vec<&'c Certificate<'a>>,
    nodes: Vec<Node>,
    /// Which certificate was found to be signed by which issuer, or not to be. No longer than the signature checks allowed.
    verified: Vec<(Node, Node, Option<&'a str>, Signed)>,
    nearest: PathError,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Signed {
    Yes,
    No,
}

type Found<'c, 'a> = Option<(usize, &'c Certificate<'a>)>;

impl<'c, 'a> Search<'_, 'c, 'a> {
    /// Tries every issuer of the path's last certificate. Recursion is bounded by the path length of the limits.
    fn extend(&mut self) -> Result<Found<'c, 'a>, Exhausted> {
        let Some(&child) = self.path.last() else {
            return Ok(None);
        };
        if self.path.len() >= usize::from(self.question.limits.path_length) {
            self.note(PathError::TooLong);
            return Ok(None);
        }
        // The depth of the certificate that is looked for; the path is no longer than 255.
        let depth = u8::try_from(self.path.len()).unwrap_or(u8::MAX);
        self.note(PathError::NoIssuer { depth: depth.saturating_sub(1) });
        for (index, anchor) in self.anchors.iter().enumerate() {
            if self.admits(child, anchor, depth)? {
                self.push(anchor, Node::Anchor(index));
                if self.verify()? {
                    return Ok(Some((index, anchor)));
                }
                self.pop();
            }
        }
        for (index, issuer) in self.intermediates.iter().enumerate() {
            if self.admits(child, issuer, depth)? {
                self.push(issuer, Node::Intermediate(index));
                if let Some(found) = self.extend()? {
                    return Ok(Some(found));
                }
                self.pop();
            }
        }
        Ok(None)
    }

    /// May `issuer` stand above `child`, by everything that needs no signature check?
    fn admits(&mut self, child: &Certificate<'a>, issuer: &Certificate<'a>, depth: u8) -> Result<bool, Exhausted> {
        // RFC 5280 §6.1.3 (a)(4), by bytes. Neither a cycle nor a detour: no name with its key stands twice.
        if issuer.subject() != child.issuer() || self.path.iter().any(|member| is_same_entity(member, issuer)) {
            return Ok(false);
        }
        self.budget.candidate()?;
        let checked = self.check(child, issuer, depth);
        checked.map_or_else(
            |error| {
                self.note(error);
                Ok(false)
            },
            |()| Ok(true),
        )
    }

    fn check(&self, child: &Certificate<'a>, issuer: &Certificate<'a>, depth: u8) -> Result<(), PathError> {
        // RFC 5280 §4.2.1.1: where both are present.
        if let (Some(named), Some(own)) = (child.authority_key_id(), issuer.subject_key_id())
            && named != own
        {
            return Err(PathError::KeyIdentifier { depth });
        }
        let profile = match self.question.purpose {
            Some(_) => check_issuer(issuer),
            None => check_foreign_issuer(issuer),
        };
        profile.map_err(|error| PathError::Profile { depth, error })?;
        // RFC 5280 §4.2.1.9: self-issued certificates and the end entity do not count.
        let between = self.path.iter().skip(1).filter(|member| !member.is_self_issued()).count();
        let allowed = issuer.basic_constraints().and_then(|constraints| constraints.path_length);
        if allowed.is_some_and(|allowed| between > usize::from(allowed)) {
            return Err(PathError::PathLength { depth });
        }
        if self.question.at.is_some_and(|at| !issuer.is_valid_at(at)) {
            return Err(PathError::NotValid { depth });
        }
        Ok(())
    }

    /// Verifies every signature of the path, from the anchor down.
    fn verify(&mut self) -> Result<bool, Exhausted> {
        // GB/T 32918.2 §5.5: by the identifier of the anchor that was reached.
        let identifier = self.path.last().and_then(|anchor| anchor.identifier());
        let pairs = self.path.windows(2).zip(self.nodes.windows(2)).enumerate().rev();
        for (depth, (certificates, nodes)) in pairs {
            let ([child, issuer], &[child_node, issuer_node]) = (certificates, nodes) else {
                continue;
            };
            let known = self
                .verified
                .iter()
                .find(|(below, above, by, _)| (*below, *above, *by) == (child_node, issuer_node, identifier));
            let signed = match known {
                Some((.., signed)) => *signed,
                None => {
                    self.budget.signature_check()?;
                    let signed = match child.verify_signed_as(issuer.public_key(), identifier) {
                        Ok(()) => Signed::Yes,
                        Err(_) => Signed::No,
                    };
                    self.verified.push((child_node, issuer_node, identifier, signed));
                    signed
                }
            };
            if signed == Signed::No {
                let depth = u8::try_from(depth).unwrap_or(u8::MAX);
                self.note(PathError::Signature { depth });
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn push(&mut self, certificate: &'c Certificate<'a>, node: Node) {
        self.path.push(certificate);
        self.nodes.push(node);
    }

    fn pop(&mut self) {
        self.path.pop();
        self.nodes.pop();
    }

    /// Keeps the error of the candidate that came nearest to a path. The order of the variants is that of the checks.
    fn note(&mut self, error: PathError) {
        self.nearest = self.nearest.max(error);
    }
}

/// One name with one key: the same issuer, whatever else its certificates say.
fn is_same_entity(one: &Certificate<'_>, other: &Certificate<'_>) -> bool {
    one.subject() == other.subject() && one.public_key() == other.public_key()
}
