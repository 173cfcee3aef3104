//! Drafts of trust lists, told to people: what they change, who has signed, what is wrong.

use crate::clock;
use crate::office::trust::{Change, Draft, algorithm_name};
use crate::output::{Out, Say, bad, good, plain, say, unsure};
use serde_json::{Value, json};
use zhengyin::issue::{Signatory, Tally, provinces_left_behind};
use zhengyin::trust::{Sunset, TrustList};

pub(super) fn tell_changes(changes: &[Change], out: &mut Out) {
    for line in changes.iter().flat_map(Change::lines) {
        out.line(&[plain("  "), plain(out.say(&line))]);
    }
}

pub(super) fn tell_faults(faults: &[Say], out: &mut Out) {
    for fault in faults {
        out.line(&[bad("✗ "), plain(out.say(fault))]);
    }
}

/// Provinces that an algorithm's end would leave without an anchor: nothing forbids it, and those who sign should know.
pub(super) fn tell_left_behind(list: &TrustList, out: &mut Out) {
    for code in provinces_left_behind(list) {
        let (zh, en) = (code.as_str(), code.as_str());
        let said = say!(
            "省份 {zh} 没有可用到清单失效的信任锚：算法停止签名之后，其证照均无法判定，须先列入新算法的信任锚",
            "province {en} has no anchor that signs until the list expires: when its algorithm ends, nothing of it is valid any more; list one of another algorithm first"
        );
        out.line(&[unsure("! "), plain(out.say(&said))]);
    }
}

/// Ends of algorithms that this list brings, and that lie before it: what was signed since in good faith falls with what was not.
pub(super) fn tell_backdated(before: Option<&TrustList>, list: &TrustList, out: &mut Out) {
    let stood = |sunset: &&Sunset| before.is_some_and(|before| before.sunsets.contains(sunset));
    for sunset in list.sunsets.iter().filter(|sunset| sunset.signed_until < list.issued && !stood(sunset)) {
        let (algorithm, at) = (algorithm_name(sunset.algorithm), clock::local_text(sunset.signed_until));
        let said = say!(
            "{algorithm} 的停止签名时间 {at} 早于本清单：此后以其签名的证照一律无效（issuer.suite_ended）",
            "{algorithm} was to sign nothing from {at} on, which is before this list: every license that it signed since is invalid (issuer.suite_ended)"
        );
        out.line(&[unsure("! "), plain(out.say(&said))]);
    }
}

/// The provinces left behind, for programs.
pub(super) fn left_behind_json(list: &TrustList) -> Value {
    provinces_left_behind(list).iter().map(|code| json!(code.as_str())).collect()
}

/// How far the thresholds are met: who has signed, and who may yet.
pub(super) fn tell_tallies(tallies: &[Tally], out: &mut Out) {
    for tally in tallies {
        let (has, threshold) = (tally.signed.len(), tally.threshold);
        let whose = match tally.of {
            Signatory::Before => say!("上一份清单的签署者", "signers of the list before"),
            Signatory::Own => say!("本清单的签署者", "its own signers"),
        };
        let (whose_zh, whose_en) = (&whose.zh, &whose.en);
        let head = Say {
            zh: format!("{whose_zh}：已签 {has}，须 {threshold}"),
            en: format!("{whose_en}: {has} of {threshold} have signed"),
        };
        let mark = if tally.missing() == 0 { good("✓ ") } else { unsure("? ") };
        out.line(&[mark, plain(out.say(&head))]);
        for (operators, zh, en) in [(&tally.signed, "已签", "signed"), (&tally.open, "未签", "not yet")] {
            if !operators.is_empty() {
                let names = operators.join(", ");
                out.text(&Say { zh: format!("    {zh}：{names}"), en: format!("    {en}: {names}") });
            }
        }
    }
}

pub(super) fn tallies_json(tallies: &[Tally]) -> Value {
    let tally = |tally: &Tally| {
        let of = match tally.of {
            Signatory::Before => "before",
            Signatory::Own => "own",
        };
        json!({
            "of": of, "threshold": tally.threshold, "signed": tally.signed, "open": tally.open, "missing": tally.missing(),
        })
    };
    tallies.iter().map(tally).collect()
}

/// What is compared with what: a reader must know.
pub(super) fn tell_before(draft: &Draft, out: &mut Out) {
    let compared = match (draft.before.list(), draft.before.found()) {
        (Some(before), Some(found)) => {
            let (seq, found) = (before.seq, found.display());
            say!("与第 {seq} 号清单（{found}）比较：", "compared with list {seq} ({found}):")
        }
        _ => say!("第一份清单，没有可比较的：", "the first list; there is none before it:"),
    };
    out.text(&compared);
}

/// The text that stands beside a draft, in both languages.
pub(super) fn text(list: &TrustList, digest: &str, changes: &[Change]) -> String {
    let (name, seq, issued) = (&list.federation, list.seq, clock::local_text(list.issued));
    let mut lines = vec![
        say!("{name} 第 {seq} 号互认清单草稿，签发 {issued}", "draft of trust list {seq} of {name}, issued {issued}"),
        say!("签署的内容，其摘要 {digest}", "what is signed has the digest {digest}"),
        say!("变更：", "changes:"),
    ];
    lines.extend(changes.iter().flat_map(Change::lines));
    let both = |language: fn(&Say) -> &str| lines.iter().map(language).collect::<Vec<_>>().join("\n");
    format!("{}\n\n{}\n", both(|line| &line.zh), both(|line| &line.en))
}
