//! What a builder refuses in a trust list (互认清单), though a store would take it: nobody is harmed by a list that was never signed.

use alloc::vec::Vec;

use super::{ends, published, rules};
use crate::claims::id::RegionPrefix;
use crate::store::HeldTrust;
use crate::time::Timestamp;
use crate::trust::{Anchor, HistoryState, Mandate, Province, TrustList};
use crate::x509::{Certificate, Use, check_issuer};

/// Something in a trust list that is not to be published. Anchors and rules are counted from 0, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListFault {
    /// A rule or the catalogue names a risk class for which the list grants no grace.
    #[error("a risk class is named that the list grants no grace for")]
    ClassWithoutGrace,
    /// An anchor's certificate is not one of an issuer of our profile, or it claims a wider mandate than the list gives it.
    #[error(
        "anchor {anchor} of province {province}: not an issuer's certificate, or it claims more than the list gives"
    )]
    Anchor {
        /// Of which province.
        province: RegionPrefix,
        /// Which of its anchors.
        anchor: usize,
    },
    /// A province of the list before is not there: its history would be lost. Who leaves is listed as withdrawn.
    #[error("province {0} of the list before is missing: who leaves stays listed, as withdrawn")]
    ProvinceDropped(RegionPrefix),
    /// An anchor of the list before is not there: its history would be lost.
    #[error("anchor {anchor} that province {province} had in the list before is missing: what ended stays listed")]
    AnchorDropped {
        /// Of which province.
        province: RegionPrefix,
        /// Which of its anchors in the list before.
        anchor: usize,
    },
    /// A history of the list before was cut or rewritten: histories only grow (format.md §6).
    #[error("the history of province {0}, or of one of its anchors, does not continue that of the list before")]
    HistoryRewritten(RegionPrefix),
    /// An epoch of the list before was lowered, or the least number within it: what was undone would come back.
    #[error("the epoch or least number of the directory of province {0} goes back behind the list before")]
    EpochLowered(RegionPrefix),
    /// For some time to come no anchor of a province stands for a use, though one does before and one does after it.
    #[error("no anchor of province {province} stands for use {} from {from} until {until}", purpose.number())]
    AnchorGap {
        /// Of which province.
        province: RegionPrefix,
        /// For which use.
        purpose: Use,
        /// Since when there is none.
        from: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// A test province beside provinces that are none: its licenses would pass for real ones.
    #[error("test province {0} stands in a list with provinces that are none")]
    TestProvince(RegionPrefix),
    /// A key of an anchor that is printed in a standard or made from a public name stands in a list with provinces that are no tests.
    #[error("anchor {anchor} of province {province} has a key that is published: anyone can sign with it")]
    PublishedAnchor {
        /// Of which province.
        province: RegionPrefix,
        /// Which of its anchors.
        anchor: usize,
    },
    /// The same of a signer of lists.
    #[error("signer {0} of the list has a key that is published: anyone can sign with it")]
    PublishedSigner(usize),
    /// A rule's legal basis says nothing in Chinese, the language in which it is law, or names no document.
    #[error("rule {0} gives no legal basis in Chinese")]
    LegalBasis(usize),
    /// Two revisions of one rule are in force at once, or one revision stands there twice.
    #[error("rules {0} and {1} are revisions of one rule and in force at once")]
    RulesOverlap(usize, usize),
    /// Two rules speak of the same license equally specifically: neither would decide.
    #[error("rules {0} and {1} speak of the same licenses, equally specifically and at the same time")]
    RulesTie(usize, usize),
    /// A rule is new or altered, and takes effect in less than 48 hours, and the list does not say that it is an emergency.
    #[error(
        "rule {rule} takes effect at {effect}, less than 48 hours after the list is issued, and is not marked as an emergency"
    )]
    ShortNotice {
        /// The rule.
        rule: usize,
        /// When something changes.
        effect: Timestamp,
    },
    /// A rule of the list before is not there though it has not lapsed, nor will it for 48 hours, and the list does not mark it.
    #[error("rule {0} of the list before is dropped while it is in force, and is not marked as an emergency")]
    RuleDropped(usize),
    /// The list marks a rule as an emergency that was not changed at short notice: the mark is no blanket.
    #[error("the list marks rule {0} of its emergency, which is not changed at short notice")]
    EmergencyUnneeded(usize),
    /// The reason for the emergency says nothing in Chinese.
    #[error("the emergency gives no reason in Chinese")]
    EmergencyReason,
    /// By the algorithms that the list ends, its own signers could no longer sign the list after it.
    #[error("too few signers have keys of algorithms that are relied on until the list expires")]
    SignersEnd,
}

/// Everything that a builder refuses in a list that is to follow `before`; `None` for the first of its federation.
///
/// Whether those who sign may sign, and whether number and time follow, is asked of a store: see [`super::check_trust_list`].
#[must_use]
pub fn list_faults(list: &TrustList, before: Option<&TrustList>) -> Vec<ListFault> {
    let mut faults = Vec::new();
    if list.class_without_grace().is_some() {
        faults.push(ListFault::ClassWithoutGrace);
    }
    let production = list.provinces.values().any(|province| !province.test);
    for (code, province) in &list.provinces {
        if production && province.test {
            faults.push(ListFault::TestProvince(*code));
        }
        for (anchor, member) in province.anchors.iter().enumerate() {
            if check_anchor(member).is_none() {
                faults.push(ListFault::Anchor { province: *code, anchor });
            }
            if production && published::anchor(member) {
                faults.push(ListFault::PublishedAnchor { province: *code, anchor });
            }
        }
        faults.extend(gaps(*code, province, list.issued));
    }
    let signers = list.signers.iter().enumerate().filter(|(_, signer)| signer.key.known().is_some_and(published::key));
    faults.extend(signers.filter(|_| production).map(|(at, _)| ListFault::PublishedSigner(at)));
    if !ends::signers_reach_the_threshold(list) {
        faults.push(ListFault::SignersEnd);
    }
    faults.extend(before.into_iter().flat_map(|before| histories(before, list)));
    faults.extend(rules::faults(list, before));
    faults
}

/// The list before, as a store holds it.
pub(super) fn held_list(store: Option<&crate::store::Store>) -> Option<&TrustList> {
    store.and_then(crate::store::Store::trust).map(HeldTrust::list)
}

/// Our profile, and a mandate within that of the list: every path to it would be refused else.
fn check_anchor(anchor: &Anchor) -> Option<()> {
    let certificate = Certificate::parse(&anchor.certificate).ok()?;
    check_issuer(&certificate).ok()?;
    let claimed = Mandate::from_extension(&certificate.claimed_mandate()?).ok()?;
    anchor.mandate.check_contains(&claimed).ok()
}

/// format.md §6: histories are append-only, and what has one stays.
fn histories(before: &TrustList, list: &TrustList) -> Vec<ListFault> {
    let mut faults = Vec::new();
    for (code, old) in &before.provinces {
        let Some(new) = list.provinces.get(code) else {
            faults.push(ListFault::ProvinceDropped(*code));
            continue;
        };
        let mut continued = old.history.is_continued_by(&new.history);
        for (anchor, old) in old.anchors.iter().enumerate() {
            match new.anchors.iter().find(|new| new.certificate == old.certificate) {
                None => faults.push(ListFault::AnchorDropped { province: *code, anchor }),
                Some(new) => continued &= old.history.is_continued_by(&new.history),
            }
        }
        if !continued {
            faults.push(ListFault::HistoryRewritten(*code));
        }
        if (new.epoch, new.min_seq) < (old.epoch, old.min_seq) {
            faults.push(ListFault::EpochLowered(*code));
        }
    }
    faults
}

/// Use by use: from the first anchor to the last there is one at every second that is still to come. What lies behind cannot be mended.
fn gaps(code: RegionPrefix, province: &Province, issued: Timestamp) -> Vec<ListFault> {
    let mut faults = Vec::new();
    for purpose in Use::ALL {
        let mut stands: Vec<(i64, i64)> =
            province.anchors.iter().filter(|anchor| anchor.uses.contains(&purpose)).map(stands_from_until).collect();
        stands.sort_unstable();
        let mut covered: Option<i64> = None;
        for (from, until) in stands.into_iter().filter(|(from, until)| from < until) {
            if let Some(end) = covered.filter(|end| *end < from && issued.seconds() < from)
                && let (Some(from), Some(until)) = (Timestamp::new(end), Timestamp::new(from))
            {
                faults.push(ListFault::AnchorGap { province: code, purpose, from, until });
            }
            covered = Some(covered.map_or(until, |end| end.max(until)));
        }
    }
    faults
}

/// Its interval, up to the first entry of its history by which it stands for nothing new.
fn stands_from_until(anchor: &Anchor) -> (i64, i64) {
    let until = anchor.interval.until().unwrap_or(Timestamp::MAX.seconds());
    let ended = anchor.history.entries().iter().find(|entry| entry.state != HistoryState::Active);
    (anchor.interval.from(), ended.map_or(until, |entry| until.min(entry.from.seconds())))
}
