//! What to do next: for the clerk, and for who stands before him.

use crate::clock::local_text;
use crate::commands::verify::{Besides, next_step};
use crate::output::{Say, say};
use std::time::Duration;
use zhengyin::carrier::Error;
use zhengyin::claims::id::{Region, RegionPrefix};
use zhengyin::reason::{Caution, Language, Reason};
use zhengyin::scan::{Offered, Use, Waiting};
use zhengyin::store::Store;
use zhengyin::trust::Province;
use zhengyin::verify::{Asked, Report, Verdict};

/// So many codes that could not be read, one after the other, and another way is better than another try.
const ENOUGH: u32 = 3;
/// Tries further apart than this are of other codes.
const TOGETHER: Duration = Duration::from_secs(120);

/// Codes that could not be read, one after the other.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Misses {
    count: u32,
    last: Duration,
}

impl Misses {
    pub(super) fn miss(&mut self, now: Duration) {
        let goes_on = now.saturating_sub(self.last) < TOGETHER;
        *self = Self { count: if goes_on { self.count.saturating_add(1) } else { 1 }, last: now };
    }

    pub(super) const fn hit(&mut self) {
        self.count = 0;
    }

    const fn are_enough(self) -> bool {
        self.count >= ENOUGH
    }
}

/// Where a doubt about a license of a region is settled: what the trust list says of its province.
pub(super) fn contact(store: &Store, region: Option<Region>) -> Option<(RegionPrefix, &Province)> {
    let code = region?.province();
    let province = store.trust()?.list().provinces.get(&code)?;
    let is_said = province.contact.phone.is_some() || province.contact.url.is_some();
    is_said.then_some((code, province))
}

fn call((_, province): (RegionPrefix, &Province)) -> Say {
    let at: Vec<&str> =
        [&province.contact.phone, &province.contact.url].into_iter().filter_map(|way| way.as_deref()).collect();
    let at = at.join(" ");
    let (zh, en) = (province.names.get("zh"), province.names.get("en"));
    say!("有疑问请联系{zh}：{at}", "in doubt, ask {en}: {at}")
}

fn remedy(reason: Reason) -> Option<Say> {
    let text = |language| reason.remedy().text(language).to_owned();
    Some(Say { zh: text(Language::Zh), en: text(Language::En) }).filter(|said| !said.en.is_empty())
}

fn caution(caution: Caution) -> Option<Say> {
    let text = |language| caution.text(language).to_owned();
    Some(Say { zh: text(Language::Zh), en: text(Language::En) }).filter(|said| !said.en.is_empty())
}

/// The same code was used before.
fn used(before: Use) -> Say {
    let (times, first, last) = (before.times, local_text(before.first), local_text(before.last));
    say!(
        "此码曾在本机出示（{times} 次）：首次 {first}，最近 {last}；码可复制，请核对持证人",
        "this very code was shown here before ({times}×), first {first}, last {last}: codes can be copied, so look at the holder"
    )
}

/// After a verdict.
pub(super) fn of_verdict(
    report: &Report<'_>,
    before: Option<Use>,
    contact: Option<(RegionPrefix, &Province)>,
    misses: Misses,
) -> Besides {
    let text = |language| next_step(report, language).map(str::to_owned);
    let mut next: Vec<Say> =
        text(Language::Zh).zip(text(Language::En)).map(|(zh, en)| Say { zh, en }).into_iter().collect();
    if report.verdict() != Verdict::Valid {
        next.extend((misses.are_enough()).then(another_way));
        next.extend(contact.map(call));
    }
    let warned = match report.steps().deciding() {
        Some((_, reason)) => reason.caution(),
        // That it is good says nothing of who holds it in his hand.
        None if report.steps().presentation == Asked::NotAsked => Caution::NotHolder,
        None => Caution::None,
    };
    Besides { next, caution: caution(warned), notices: before.map(used).into_iter().collect() }
}

/// After a stamp.
pub(super) fn of_stamp(reason: Option<Reason>, contact: Option<(RegionPrefix, &Province)>) -> Besides {
    let mut next: Vec<Say> = reason.and_then(remedy).into_iter().collect();
    next.extend(contact.map(call));
    Besides { next, caution: reason.and_then(|reason| caution(reason.caution())), notices: Vec::new() }
}

/// After a part of a code.
pub(super) fn of_part(waiting: &Waiting) -> Besides {
    let missing: Vec<String> = waiting.missing.iter().take(12).map(ToString::to_string).collect();
    let more = if waiting.missing.len() > missing.len() { "…" } else { "" };
    let (zh, en) = (missing.join("、"), missing.join(", "));
    let notice = waiting.of_another.then(|| {
        say!(
            "这一部分属于另一份证照的码：两份分别收集，互不混合",
            "this part belongs to another code than the part before it: they are collected apart and never mixed"
        )
    });
    Besides {
        next: vec![say!("请扫描第 {zh}{more} 部分", "scan part {en}{more}")],
        caution: None,
        notices: notice.into_iter().collect(),
    }
}

/// After a scan that carried nothing.
pub(super) fn of_unread(error: Error, misses: Misses, contact: Option<(RegionPrefix, &Province)>) -> Besides {
    let mut next: Vec<Say> = remedy(error.reason()).into_iter().collect();
    if misses.are_enough() && !matches!(error, Error::NotOurs(_)) {
        next.push(another_way());
        next.extend(contact.map(call));
    }
    Besides { next, caution: caution(error.reason().caution()), notices: Vec::new() }
}

/// After a code that holds something else.
pub(super) fn of_other(offered: Offered) -> Besides {
    let next = match offered {
        Offered::Pack | Offered::TrustList | Offered::Directory | Offered::StatusList => {
            say!("由管理员用 zhengyin store apply 装入", "the operator takes it in with zhengyin store apply")
        }
        Offered::Presentation | Offered::StatusProof => {
            say!("请连同证照重新出示", "show it again together with its license")
        }
        Offered::Receipt => say!("用 zhengyin replay 核对", "compare it with zhengyin replay"),
        Offered::Challenge => say!("请持证人扫描它，而不是由本机扫描", "the holder scans it, not this kiosk"),
        _ => say!("请出示证照的码", "show the code of the license"),
    };
    Besides { next: vec![next], caution: caution(Reason::EncodingWrongType.caution()), notices: Vec::new() }
}

fn another_way() -> Say {
    say!(
        "多次未能读出：请换一个码（纸质证照，或另一处的码），或用证照文件核验",
        "it could not be read several times: use another code (the paper, or another print), or the file of the license"
    )
}

#[cfg(test)]
mod tests {
    use super::Misses;
    use std::time::Duration;

    #[test]
    fn another_way_is_told_after_three_tries_in_a_row() {
        let mut misses = Misses::default();
        for at in [1, 2] {
            misses.miss(Duration::from_secs(at));
            assert!(!misses.are_enough());
        }
        misses.miss(Duration::from_secs(3));
        assert!(misses.are_enough());
        misses.miss(Duration::from_secs(123));
        assert!(!misses.are_enough(), "that was somebody else");
        misses.hit();
        misses.miss(Duration::from_secs(124));
        assert!(!misses.are_enough());
    }
}
