//! Step `recognition`: does the verifier's region recognise this type from there, for this use, at that time?
//!
//! Rules (互认规则) are data of the trust list, directed and typed. The one that speaks most specifically decides; there is no
//! expression language, and nothing is recognised by default. `docs/procedure.md` §6 reads like this file.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::Verifier;
use super::moments::Moments;
use super::outcome::{Asked, Outcome};
use super::value::Value;
use crate::claims::id::{Region, RegionPrefix};
use crate::claims::{License, LicenseClaims};
use crate::limits::Limits;
use crate::policy::Ask;
use crate::reason::{Class, Reason};
use crate::store::{Freshness, HeldTrust, unsure_of_time};
use crate::time::{Bound, Certainty, TimeWindow, Timestamp, Watch};
use crate::trust::{Effect, Rule};

/// How a license stands where it is shown, and by which word of the trust list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognition<'r> {
    /// Nothing was asked, or it could not be asked.
    NotJudged,
    /// It is of the verifier's own province: that needs no rule.
    Local,
    /// This rule decides.
    ByRule(&'r Rule),
    /// These rules decide differently and none of them speaks more specifically than the others.
    Tied(Vec<&'r Rule>),
    /// No rule speaks of it.
    NoRule,
}

impl Recognition<'_> {
    /// The word for a license that passed the step.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::ByRule(rule) if rule.effect == Effect::Conditional => "conditional",
            Self::ByRule(_) => "recognised",
            Self::NotJudged | Self::Local | Self::Tied(_) | Self::NoRule => "local",
        }
    }

    /// Does the rule that decides say how old the status list may be?
    pub(super) fn bounds_status_age(&self) -> bool {
        matches!(self, Self::ByRule(rule) if rule.max_status_age.is_some())
    }

    /// The rule that decides, or those that tie, as a report tells of them; null where none speaks.
    pub(super) fn to_value(&self) -> Value<'static> {
        match self {
            Self::NotJudged | Self::Local | Self::NoRule => Value::Null,
            Self::ByRule(rule) => rule_value(rule),
            Self::Tied(rules) => {
                Value::map([("tied", Value::List(rules.iter().map(|rule| rule_value(rule)).collect()))])
            }
        }
    }
}

fn rule_value(rule: &Rule) -> Value<'static> {
    let text = |text: &str| Value::from(String::from(text));
    let basis = &rule.legal_basis;
    Value::map([
        ("as_type", Value::or_null(rule.as_type.map(|as_type| String::from(as_type.as_str())))),
        ("effect", rule.effect.word().into()),
        ("from", rule.period.from().into()),
        (
            "legal_basis",
            Value::map([("document", text(&basis.document)), ("en", text(&basis.en)), ("zh", text(&basis.zh))]),
        ),
        ("max_status_age", Value::or_null(rule.max_status_age)),
        ("min_binding", Value::or_null(rule.min_binding.map(i64::from))),
        ("revision", rule.revision.into()),
        ("rule", text(&rule.id)),
        ("until", Value::or_null(rule.period.until())),
    ])
}

/// The answer of the step, and what it rests on.
#[derive(Clone, Debug)]
pub(super) struct Judged<'r> {
    pub(super) outcome: Asked,
    pub(super) recognition: Recognition<'r>,
}

impl<'r> Judged<'r> {
    /// The rule that decides.
    pub(super) const fn rule(&self) -> Option<&'r Rule> {
        match self.recognition {
            Recognition::ByRule(rule) => Some(rule),
            _ => None,
        }
    }

    const fn unknown(reason: Reason) -> Self {
        Self { outcome: Asked::Asked(Outcome::Unknown(reason)), recognition: Recognition::NotJudged }
    }

    const fn by(outcome: Outcome, recognition: Recognition<'r>) -> Self {
        Self { outcome: Asked::Asked(outcome), recognition }
    }
}

/// Which rule decides; asked before the steps, because the rule names the license's risk class.
pub(super) fn decide<'s>(verifier: &Verifier<'s>, claims: &LicenseClaims<'_>, moments: &mut Moments) -> Judged<'s> {
    if verifier.policy.recognition == Ask::No {
        return Judged { outcome: Asked::NotAsked, recognition: Recognition::NotJudged };
    }
    let Some(here) = verifier.policy.region else { return Judged::unknown(Reason::RecognitionRegionUnset) };
    let license = &claims.license;
    // Local licenses need no rule.
    if here.province() == license.region.province() {
        return Judged::by(Outcome::Passed, Recognition::Local);
    }
    let Some(trust) = verifier.store.trust() else { return Judged::unknown(Reason::StateMissing) };
    // Of two lists of one number neither rules.
    if trust.is_equivocal() {
        return Judged::unknown(Reason::IssuerEquivocation);
    }
    let spoken = Spoken::of(&trust.list().rules, here, license);
    match spoken.decide(verifier.context.use_case, &mut moments.event) {
        Err(reason) => Judged::unknown(reason),
        Ok(recognition) => {
            let outcome = match &recognition {
                Recognition::Tied(_) => Outcome::Unknown(Reason::RecognitionAmbiguous),
                Recognition::ByRule(_) => Outcome::Passed,
                Recognition::NoRule | Recognition::NotJudged | Recognition::Local => {
                    Outcome::Unknown(Reason::RecognitionNoRule)
                }
            };
            Judged::by(outcome, recognition)
        }
    }
}

/// Step `recognition`. `status` is when the list was issued by which the license's status was judged, if there was one. Which rule decides
/// is asked of the event; how old the list of rules and the status list may be, of the knowledge.
pub(super) fn judge<'s>(
    ruled: Judged<'s>,
    trust: Option<&HeldTrust>,
    (license, status): (&License<'_>, Option<Timestamp>),
    moments: &mut Moments,
) -> Judged<'s> {
    match (&ruled.recognition, trust) {
        (Recognition::ByRule(rule), Some(trust)) => {
            let outcome = apply(trust, rule, (license, status), moments);
            Judged { outcome: Asked::Asked(outcome), ..ruled }
        }
        // Nobody knew then what the rules of a later list say: not even that there is none.
        (Recognition::NoRule | Recognition::Tied(_), Some(trust)) if trust.dates().is_later(moments.known.window()) => {
            Judged { outcome: Asked::Asked(Outcome::Unknown(Reason::StateLater)), ..ruled }
        }
        _ => ruled,
    }
}

/// What a rule decides, by the age of the list that holds it.
fn apply(
    trust: &HeldTrust,
    rule: &Rule,
    (license, status): (&License<'_>, Option<Timestamp>),
    moments: &mut Moments,
) -> Outcome {
    let Moments { known: watch, grace, .. } = moments;
    let basis = watch.window().basis();
    let conditions = check_conditions(rule, license, status, watch);
    let decided = match rule.effect {
        Effect::Recognise | Effect::Conditional => conditions,
        Effect::Refuse => Outcome::of(Reason::RecognitionRefused),
        Effect::Manual => return Outcome::Unknown(Reason::RecognitionManual),
    };
    let current = match trust.dates().freshness(grace.list, watch) {
        Freshness::Fresh | Freshness::Grace => Outcome::Passed,
        Freshness::Stale | Freshness::Expired => Outcome::Unknown(Reason::RecognitionRulesStale),
        Freshness::Depends => Outcome::Unknown(unsure_of_time(basis, Reason::RecognitionTimeDepends)),
        Freshness::Later => return Outcome::Unknown(Reason::StateLater),
    };
    match decided {
        // A newer list may recognise it: what a rule refuses is proof until the next list is due, whatever the grace.
        Outcome::Failed(reason) if reason.class() == Class::Invalid => {
            match watch.reached(trust.list().next_update.seconds(), Bound::TrustListDue) {
                Certainty::No => decided,
                Certainty::Yes => Outcome::Unknown(Reason::RecognitionRulesStale),
                Certainty::Depends => Outcome::Unknown(unsure_of_time(basis, Reason::RecognitionTimeDepends)),
            }
        }
        decided => current.and(decided),
    }
}

/// The conditions of a rule: how strongly the license is bound to its holder, and how old the word on its status may be.
fn check_conditions(rule: &Rule, license: &License<'_>, status: Option<Timestamp>, watch: &mut Watch) -> Outcome {
    let basis = watch.window().basis();
    let binding = match rule.min_binding {
        Some(least) if license.binding.number() < least => Outcome::of(Reason::RecognitionBinding),
        _ => Outcome::Passed,
    };
    let age = match (rule.max_status_age, status) {
        (None, _) => Outcome::Passed,
        (Some(_), None) => Outcome::Unknown(Reason::RecognitionStatusAge),
        (Some(most), Some(issued)) => {
            let too_old = issued.seconds().saturating_add(i64::try_from(most).unwrap_or(i64::MAX));
            // A list of exactly that age is admitted yet.
            match watch.reached(too_old.saturating_add(1), Bound::StatusAge) {
                Certainty::No => Outcome::Passed,
                Certainty::Yes => Outcome::Unknown(Reason::RecognitionStatusAge),
                Certainty::Depends => Outcome::Unknown(unsure_of_time(basis, Reason::RecognitionTimeDepends)),
            }
        }
    };
    binding.and(age)
}

/// How specifically a rule speaks of a license, the most telling first: does it name the use, how long is the type prefix, the prefix of
/// where the license comes from, the prefix of where it is shown. The longest of each that covers it counts.
type Specificity = (bool, usize, usize, usize);

/// A rule that speaks of the license where it is shown, whatever the time and the use.
#[derive(Clone, Copy, Debug)]
struct Candidate<'r> {
    rule: &'r Rule,
    type_length: usize,
    from_length: usize,
    in_length: usize,
}

/// The rules that speak of a license.
struct Spoken<'r> {
    candidates: Vec<Candidate<'r>>,
    /// There are more than are looked at.
    too_many: bool,
}

impl<'r> Spoken<'r> {
    fn of(rules: &'r [Rule], here: Region, license: &License<'_>) -> Self {
        let most = usize::from(Limits::STANDARD.candidates);
        let mut speaking = rules.iter().filter_map(|rule| Candidate::of(rule, here, license));
        let candidates: Vec<_> = speaking.by_ref().take(most).collect();
        Self { candidates, too_many: speaking.next().is_some() }
    }

    /// The rule that decides at every instant of the window and, where the verifier does not state its use case, for every use.
    fn decide(&self, use_case: Option<&str>, watch: &mut Watch) -> Result<Recognition<'r>, Reason> {
        if self.too_many {
            return Err(Reason::RecognitionAmbiguous);
        }
        for Candidate { rule, .. } in &self.candidates {
            watch.reached(rule.period.from(), Bound::Rule);
            rule.period.until().into_iter().for_each(|until| {
                watch.reached(until, Bound::Rule);
            });
        }
        let instants = self.instants(watch.window());
        let decided = self.at(watch.window().lo().seconds(), use_case);
        // Whoever states less must not be told more: where a rule for some use decides otherwise, the use is asked for.
        let unstated =
            || self.candidates.iter().filter(|_| use_case.is_none()).filter_map(|c| c.rule.use_cases.as_ref());
        for instant in instants {
            if self.at(instant, use_case) != decided {
                return Err(unsure_of_time(watch.window().basis(), Reason::RecognitionTimeDepends));
            }
            if unstated().flatten().any(|named| self.at(instant, Some(named)) != decided) {
                return Err(Reason::RecognitionUseUnset);
            }
        }
        Ok(decided)
    }

    /// The beginning of the window, and every instant of it at which a rule begins or ends.
    fn instants(&self, window: TimeWindow) -> Vec<i64> {
        let (lo, hi) = (window.lo().seconds(), window.hi().seconds());
        let bounds = self.candidates.iter().flat_map(|candidate| {
            let period = candidate.rule.period;
            core::iter::once(period.from()).chain(period.until())
        });
        let mut instants: Vec<i64> = bounds.filter(|bound| lo < *bound && *bound <= hi).collect();
        instants.push(lo);
        instants.sort_unstable();
        instants.dedup();
        instants
    }

    /// The most specific rule in force decides; of several revisions of it the latest.
    fn at(&self, instant: i64, use_case: Option<&str>) -> Recognition<'r> {
        let in_force = |candidate: &&Candidate<'_>| {
            let period = candidate.rule.period;
            period.from() <= instant && period.until().is_none_or(|until| instant < until)
        };
        let speaking: Vec<(Specificity, &'r Rule)> = self
            .candidates
            .iter()
            .filter(in_force)
            .filter_map(|candidate| Some((candidate.specificity(use_case)?, candidate.rule)))
            .collect();
        let Some(most) = speaking.iter().map(|(specificity, _)| *specificity).max() else {
            return Recognition::NoRule;
        };
        let mut rules: Vec<&Rule> = speaking.iter().filter(|(own, _)| *own == most).map(|(_, rule)| *rule).collect();
        rules.sort_by_key(|rule| (rule.id.as_str(), Reverse(rule.revision)));
        // A revision yields to a later one of the same rule, and to no other; two texts under one number tie.
        let latest = |rule: &&Rule| {
            let newer = |other: &&Rule| other.id == rule.id && other.revision > rule.revision;
            !rules.iter().any(newer)
        };
        let latest: Vec<&Rule> = rules.iter().copied().filter(latest).collect();
        match latest.as_slice() {
            [rule] => Recognition::ByRule(rule),
            _ => Recognition::Tied(latest),
        }
    }
}

impl<'r> Candidate<'r> {
    fn of(rule: &'r Rule, here: Region, license: &License<'_>) -> Option<Self> {
        let longest = |prefixes: &[RegionPrefix], region: &Region| {
            prefixes.iter().filter(|prefix| prefix.covers(region)).map(|prefix| prefix.as_str().len()).max()
        };
        let types = rule.types.iter().filter(|prefix| prefix.covers(&license.type_code));
        Some(Self {
            rule,
            type_length: types.map(|prefix| prefix.as_str().len()).max()?,
            from_length: longest(&rule.from, &license.region)?,
            in_length: longest(&rule.recognised_in, &here)?,
        })
    }

    /// `None` if the rule is for other uses than the stated one.
    fn specificity(&self, use_case: Option<&str>) -> Option<Specificity> {
        let names_it = match (&self.rule.use_cases, use_case) {
            (None, _) => false,
            (Some(uses), Some(stated)) if uses.iter().any(|one| one == stated) => true,
            (Some(_), _) => return None,
        };
        Some((names_it, self.type_length, self.from_length, self.in_length))
    }
}
