//! What is found: each finding says since or from when it makes verdicts undetermined, in both languages, and what helps.

use super::super::intake::name;
use super::anchors;
use super::suites::Suites;
use crate::clock::{Reading, local_text};
use crate::output::{Say, say};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zhengyin::policy::Policy;
use zhengyin::reason::{Language, Reason};
use zhengyin::store::{Dates, Freshness, Held, ObjectKind, Store};
use zhengyin::time::{Basis, Certainty, Clock, TimeWindow, Timestamp, Watch};
use zhengyin::trust::{Grace, NORMAL, TrustList};

/// When it makes verdicts undetermined. The worst is the least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum When {
    /// It does.
    Now,
    /// It will, then.
    At(Timestamp),
    /// It does not; a person should know.
    Never,
}

/// Something that was found.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) when: When,
    pub(super) reason: Reason,
    /// Whose object it concerns, if it concerns one.
    pub(super) of: Option<(ObjectKind, String)>,
    pub(super) text: Say,
    pub(super) next: Option<String>,
}

impl Finding {
    pub(super) fn json(&self) -> Value {
        let (when, at) = match self.when {
            When::Now => ("now", None),
            When::At(at) => ("soon", Some(at.seconds())),
            When::Never => ("never", None),
        };
        json!({
            "when": when, "at": at, "reason": self.reason.symbol(), "number": self.reason.number(),
            "kind": self.of.as_ref().map(|(kind, _)| kind.word()), "of": self.of.as_ref().map(|(_, of)| of),
            "text": {"zh": self.text.zh, "en": self.text.en}, "next": self.next,
        })
    }
}

pub(super) const APPLY: &str = "zhengyin store apply PACK";

/// What a held object is: its kind, whose, its number.
pub(super) fn identify(held: Held<'_>) -> (ObjectKind, String, u64) {
    match held {
        Held::Trust(held) => (ObjectKind::TrustList, held.list().federation.clone(), held.list().seq),
        Held::Directory(held) => {
            (ObjectKind::Directory, held.directory().province.as_str().to_owned(), held.directory().seq)
        }
        Held::Status(held) => {
            let header = held.header();
            (ObjectKind::StatusList, format!("{}/{}", header.authority.as_str(), header.list), header.seq)
        }
    }
}

/// Everything that is found, the worst first.
pub(super) fn findings(store: &Store, policy: &Policy, reading: Reading, within: i64) -> Vec<Finding> {
    let window = store.window(reading.clock());
    let mut found = Vec::from_iter(clock(window));
    let Some(trust) = store.trust() else {
        let text = say!("没有信任数据：一切证照都无法判定", "No trust data is held: every license is undetermined");
        let next = Some("zhengyin store init --pin HEX --from PACK".to_owned());
        found.push(Finding { when: When::Now, reason: Reason::StateMissing, of: None, text, next });
        return found;
    };
    let examination = Examination {
        window,
        later: later(store, reading, within),
        grace: least_grace(trust.list(), policy),
        max_status_age: policy.max_status_age,
    };
    let held = core::iter::once(Held::Trust(trust))
        .chain(store.directories().map(Held::Directory))
        .chain(store.statuses().map(Held::Status));
    held.for_each(|held| examination.object(held, &mut found));
    examination.provinces(store, trust.list(), &mut found);
    Suites { store, list: trust.list(), policy, window, later: examination.later }.findings(&mut found);
    found.sort_by_key(|finding| finding.when);
    found
}

/// The window that there will be, if nothing is taken in until then.
fn later(store: &Store, reading: Reading, within: i64) -> TimeWindow {
    match reading.clock() {
        Clock::Absent => store.window(Clock::Absent),
        Clock::Reads { now, uncertainty } => {
            store.window(Clock::Reads { now: now.saturating_add(within), uncertainty })
        }
    }
}

/// The least grace of the risk classes that a type may have: whoever is past it makes some verdicts undetermined.
fn least_grace(list: &TrustList, policy: &Policy) -> Grace {
    let rules = list.rules.iter().filter_map(|rule| rule.class.as_deref());
    let classes: BTreeSet<&str> = core::iter::once(NORMAL)
        .chain(rules)
        .chain(list.classes.values().map(String::as_str))
        .chain(policy.classes.values().map(String::as_str))
        .collect();
    let most = Grace { list: u64::MAX, directory: u64::MAX, status: u64::MAX };
    classes.into_iter().map(|class| policy.grace_of(list, class)).fold(most, Grace::min)
}

fn clock(window: TimeWindow) -> Option<Finding> {
    let (reason, text) = match window.basis() {
        Basis::ClockBehind => (
            Reason::TimeClockBehind,
            say!(
                "本机时钟早于已持有的签名数据：与时间有关的核验无法判定",
                "The device's clock is behind signed data that is held: whatever depends on the time is undetermined"
            ),
        ),
        Basis::NoClock => (
            Reason::TimeNoClock,
            say!(
                "没有时钟：与时间有关的核验无法判定",
                "There is no clock: whatever depends on the time is undetermined"
            ),
        ),
        Basis::Clock | Basis::Asked => return None,
    };
    Some(Finding { when: When::Now, reason, of: None, text, next: Some("date".to_owned()) })
}

struct Examination {
    window: TimeWindow,
    later: TimeWindow,
    grace: Grace,
    max_status_age: Option<u64>,
}

impl Examination {
    /// How old an object is now and will be, and what stands against it.
    fn object(&self, held: Held<'_>, found: &mut Vec<Finding>) {
        let (kind, of, seq) = identify(held);
        let (grace, stale) = match kind {
            ObjectKind::TrustList => (self.grace.list, Reason::IssuerTrustStale),
            ObjectKind::Directory => (self.grace.directory, Reason::IssuerDirectoryStale),
            ObjectKind::StatusList => (self.grace.status, Reason::StatusListStale),
        };
        let (zh, en) = (name(kind).zh, name(kind).en);
        let about = |when, reason, text, next: Option<&str>| Finding {
            when,
            reason,
            of: Some((kind, of.clone())),
            text,
            next: next.map(str::to_owned),
        };
        if is_equivocal(held) {
            let text = say!(
                "{of} {zh} #{seq}：同号出现两份内容，凡依赖它的都无法判定，直至更新的一份",
                "The {en} #{seq} of {of} has two contents under one number: what depends on it is undetermined until a newer one"
            );
            found.push(about(When::Now, Reason::IssuerEquivocation, text, Some(APPLY)));
        }
        if let Held::Status(status) = held
            && let Err(reason) = status.signer()
        {
            let (why_zh, why_en) = (reason.text(Language::Zh), reason.text(Language::En));
            let text =
                say!("{of} {zh} #{seq} 不被采用：{why_zh}", "The {en} #{seq} of {of} is not relied on: {why_en}");
            found.push(about(When::Now, Reason::StatusListRefused, text, Some(APPLY)));
        }
        if let Held::Status(status) = held
            && let Err(error) = status.verify_body()
        {
            let reason = error.reason();
            let (why_zh, why_en) = (reason.text(Language::Zh), reason.text(Language::En));
            let file = status.body_name().map(|name| name.root.to_string()).unwrap_or_default();
            let text = say!(
                "{of} {zh} #{seq}：{why_zh}（{file}），其证照无法判定",
                "The {en} #{seq} of {of}: {why_en} ({file}); its licenses are undetermined"
            );
            found.push(about(When::Now, reason, text, Some(APPLY)));
        }
        let dates = held.dates();
        let ends = self.ends(dates, grace);
        let reason = match dates.expires {
            Some(expires) if expires <= ends => Reason::StoreExpired,
            _ => stale,
        };
        let at = local_text(ends);
        match (self.freshness(dates, grace, self.window), self.freshness(dates, grace, self.later)) {
            // What is wrong with the clock was said.
            (Freshness::Depends, _) | (_, Freshness::Depends) if self.window.basis() != Basis::Clock => {}
            (Freshness::Stale | Freshness::Expired | Freshness::Depends, _) => {
                let text = say!(
                    "{of} {zh} #{seq}：自 {at} 起不再可用",
                    "The {en} #{seq} of {of} is not relied on since {at} +08:00"
                );
                found.push(about(When::Now, reason, text, Some(APPLY)));
            }
            (_, Freshness::Stale | Freshness::Expired | Freshness::Depends) => {
                let text = say!(
                    "{of} {zh} #{seq}：到 {at} 为止，请在此之前装入更新的一份",
                    "The {en} #{seq} of {of} is relied on until {at} +08:00: apply a newer one before"
                );
                found.push(about(When::At(ends), reason, text, Some(APPLY)));
            }
            (Freshness::Grace, _) => {
                let text = say!(
                    "{of} {zh} #{seq}：已过更新期，宽限至 {at}",
                    "The {en} #{seq} of {of} is overdue, and within its grace until {at} +08:00"
                );
                found.push(about(When::Never, reason, text, Some(APPLY)));
            }
            _ => {}
        }
    }

    /// When nothing is decided by the object any more.
    fn ends(&self, dates: Dates, grace: u64) -> Timestamp {
        let plus = |from: Timestamp, seconds: u64| from.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
        let graced = plus(dates.next_update, grace);
        let aged = match (dates.kind, self.max_status_age) {
            (ObjectKind::StatusList, Some(most)) => plus(dates.issued, most.saturating_add(1)),
            _ => Timestamp::MAX,
        };
        graced.min(aged).min(dates.expires.unwrap_or(Timestamp::MAX))
    }

    fn freshness(&self, dates: Dates, grace: u64, window: TimeWindow) -> Freshness {
        let freshness = dates.freshness(grace, &mut Watch::new(window));
        // What the policy asks of status lists besides.
        match window.reached(self.ends(dates, grace).seconds()) {
            Certainty::No => freshness,
            _ if freshness == Freshness::Expired => freshness,
            Certainty::Depends => Freshness::Depends,
            Certainty::Yes => Freshness::Stale,
        }
    }

    /// Provinces without a directory, and those that fell, or whose anchors did.
    fn provinces(&self, store: &Store, list: &TrustList, found: &mut Vec<Finding>) {
        for (code, province) in &list.provinces {
            let (code_text, zh, en) = (code.as_str(), province.names.get("zh"), province.names.get("en"));
            let about = |when, reason, text, next: Option<&str>| Finding {
                when,
                reason,
                of: Some((ObjectKind::Directory, code_text.to_owned())),
                text,
                next: next.map(str::to_owned),
            };
            if store.directory(*code).is_none() {
                let text = say!(
                    "未持有 {code_text} {zh} 的机构目录：该省证照无法判定",
                    "No directory of {code_text} {en} is held: licenses of that province are undetermined"
                );
                found.push(about(When::Never, Reason::IssuerDirectoryMissing, text, Some(APPLY)));
            }
            let histories = core::iter::once((&province.history, "省份", "province"))
                .chain(province.anchors.iter().map(|anchor| (&anchor.history, "信任锚", "anchor")));
            for (history, what_zh, what_en) in histories {
                let now = anchors::falls(history.entries(), self.window);
                let soon = anchors::falls(history.entries(), self.later);
                let (Some(at), when) = (now.or(soon), if now.is_some() { Some(When::Now) } else { soon.map(When::At) })
                else {
                    continue;
                };
                let at = local_text(at);
                let text = say!(
                    "{code_text} {zh} 的{what_zh}自 {at} 起撤回或失密：所担保的证照无法判定",
                    "The {what_en} of {code_text} {en} is withdrawn or compromised from {at} +08:00: what it vouches for is undetermined"
                );
                found.push(about(when.unwrap_or(When::Never), Reason::IssuerAnchorWithdrawn, text, None));
            }
        }
    }
}

const fn is_equivocal(held: Held<'_>) -> bool {
    match held {
        Held::Trust(held) => held.is_equivocal(),
        Held::Directory(held) => held.is_equivocal(),
        Held::Status(held) => held.is_equivocal(),
    }
}
