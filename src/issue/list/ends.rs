//! What a list that ends an algorithm would leave behind: a federation that nobody can go on with, or a province that cannot.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::claims::id::RegionPrefix;
use crate::trust::{Anchor, HistoryState, TrustList};
use crate::x509::{Certificate, Use};

/// Could the signers whom the list names still reach its threshold by keys of algorithms that are relied on for as long as the list holds?
/// What a key of an algorithm is worth that this build does not know, it cannot say: such a key counts.
pub(super) fn signers_reach_the_threshold(list: &TrustList) -> bool {
    let relied_on = |algorithm| list.relied_on_until(algorithm).is_none_or(|until| until >= list.expires);
    let signers = list.signers.iter().filter(|signer| signer.key.known().is_none_or(|key| relied_on(key.algorithm())));
    let operators: BTreeSet<&str> = signers.map(|signer| signer.operator.as_str()).collect();
    u64::try_from(operators.len()).is_ok_and(|operators| operators >= list.threshold)
}

/// The provinces of which the list leaves no anchor that may sign a directory by an algorithm that is signed by until the list expires: from
/// the end of the algorithm on, nothing of theirs is valid. A province that has left, or has no such anchor as it is, is not among them.
#[must_use]
pub fn provinces_left_behind(list: &TrustList) -> Vec<RegionPrefix> {
    if list.sunsets.is_empty() {
        return Vec::new();
    }
    let stands = |anchor: &&Anchor| {
        anchor.uses.contains(&Use::Directory)
            && anchor.interval.contains(list.issued)
            && anchor.history.state_at(list.issued) == Some(HistoryState::Active)
    };
    let goes_on = |anchor: &Anchor| {
        Certificate::parse(&anchor.certificate)
            .is_ok_and(|certificate| !list.has_stopped_signing_by(certificate.public_key().algorithm(), list.expires))
    };
    let left = list.provinces.iter().filter(|(_, province)| {
        let mut anchors = province.anchors.iter().filter(stands).peekable();
        let is_member = province.history.state_at(list.issued) == Some(HistoryState::Active);
        is_member && anchors.peek().is_some() && !anchors.any(goes_on)
    });
    left.map(|(code, _)| *code).collect()
}
