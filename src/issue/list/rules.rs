//! What a builder refuses of recognition rules (互认规则): rules that tie, that have no legal basis, or that come overnight.

use alloc::vec::Vec;

use super::fault::ListFault;
use crate::claims::id::RegionPrefix;
use crate::time::{Period, Timestamp};
use crate::trust::{Rule, TrustList};

/// Notice of a change of rules: 48 hours, in seconds. Verifiers take in packs by then, and people have read what changes.
pub const RULE_NOTICE: i64 = 48 * 3_600;

pub(super) fn faults(list: &TrustList, before: Option<&TrustList>) -> Vec<ListFault> {
    let mut faults = Vec::new();
    for (at, rule) in list.rules.iter().enumerate() {
        if !is_chinese(&rule.legal_basis.zh) || rule.legal_basis.document.trim().is_empty() {
            faults.push(ListFault::LegalBasis(at));
        }
        for (other_at, other) in list.rules.iter().enumerate().skip(at.saturating_add(1)) {
            let twice = rule.id == other.id && rule.revision == other.revision;
            if twice || (rule.id == other.id && overlap(rule.period, other.period)) {
                faults.push(ListFault::RulesOverlap(at, other_at));
            } else if ties(rule, other) {
                faults.push(ListFault::RulesTie(at, other_at));
            }
        }
    }
    notice(list, before, &mut faults);
    faults
}

/// Does a text hold a Han character (Unicode blocks of CJK unified ideographs and their extensions)?
fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}'))
}

/// Is there a second that lies in both? Half-open, and an empty period meets none.
fn overlap(one: Period, other: Period) -> bool {
    let end = |period: Period| period.until().unwrap_or(i64::MAX);
    one.from().max(other.from()) < end(one).min(end(other))
}

/// Can two rules speak of one license equally specifically (docs/procedure.md §6)? Prefixes of one length that cover the same code are the
/// same prefix, so each part ties exactly where both name the same.
fn ties(one: &Rule, other: &Rule) -> bool {
    let uses = match (&one.use_cases, &other.use_cases) {
        (None, None) => true,
        (Some(one), Some(other)) => one.iter().any(|named| other.contains(named)),
        // Whoever names the use goes before whoever does not.
        (None, Some(_)) | (Some(_), None) => false,
    };
    let types = one.types.iter().any(|named| other.types.contains(named));
    let common = |one: &[RegionPrefix], other: &[RegionPrefix]| -> Vec<RegionPrefix> {
        one.iter().filter(|named| other.contains(named)).copied().collect()
    };
    let (from, shown) = (common(&one.from, &other.from), common(&one.recognised_in, &other.recognised_in));
    // A license of the province where it is shown needs no rule.
    let abroad = from.iter().any(|from| shown.iter().any(|shown| province(from) != province(shown)));
    uses && types && abroad && overlap(one.period, other.period)
}

fn province(prefix: &RegionPrefix) -> Option<&str> {
    prefix.as_str().get(..2)
}

/// Every change takes effect 48 hours after the list is issued, or is named in its emergency. A first list changes nothing that anybody
/// relies on.
fn notice(list: &TrustList, before: Option<&TrustList>, faults: &mut Vec<ListFault>) {
    let earliest = list.issued.seconds().saturating_add(RULE_NOTICE);
    let marked = |rule: &Rule| list.emergency.as_ref().is_some_and(|emergency| emergency.rules.contains(&rule.id));
    let same = |one: &Rule, other: &Rule| one.id == other.id && one.revision == other.revision;
    let mut hasty: Vec<&str> = Vec::new();
    if let Some(before) = before {
        for (at, rule) in list.rules.iter().enumerate() {
            let old = before.rules.iter().find(|old| same(old, rule));
            let Some(effect) = first_difference(old, rule).filter(|effect| *effect < earliest) else { continue };
            hasty.push(&rule.id);
            if let (false, Some(effect)) = (marked(rule), Timestamp::new(effect)) {
                faults.push(ListFault::ShortNotice { rule: at, effect });
            }
        }
        for (at, old) in before.rules.iter().enumerate() {
            let lapsed = old.period.until().is_some_and(|until| until <= list.issued.seconds());
            let ahead = earliest <= old.period.from();
            if lapsed || ahead || list.rules.iter().any(|rule| same(rule, old)) {
                continue;
            }
            hasty.push(&old.id);
            if !marked(old) {
                faults.push(ListFault::RuleDropped(at));
            }
        }
    }
    if let Some(emergency) = &list.emergency {
        let idle = emergency.rules.iter().enumerate().filter(|(_, id)| !hasty.contains(&id.as_str()));
        faults.extend(idle.map(|(at, _)| ListFault::EmergencyUnneeded(at)));
        if !is_chinese(emergency.why.get("zh")) {
            faults.push(ListFault::EmergencyReason);
        }
    }
}

/// The first second at which the rule says something else than it did, in force or not; `None` if there is none.
fn first_difference(old: Option<&Rule>, rule: &Rule) -> Option<i64> {
    let Some(old) = old else { return Some(rule.period.from()) };
    let alike = Rule { period: old.period, ..rule.clone() } == *old;
    let (was, is) = (old.period, rule.period);
    match alike {
        true if was == is => None,
        // In force for another time: since the earlier of the two beginnings, or from the earlier of the two ends on.
        true if was.from() == is.from() => {
            let end = |period: Period| period.until().unwrap_or(i64::MAX);
            Some(end(was).min(end(is)))
        }
        true | false => Some(was.from().min(is.from())),
    }
}
