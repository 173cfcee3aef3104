//! What a replay came to, for people and as JSON.

use super::shown;
use crate::clock::local_text;
use crate::output::{Exit, Out, Say, Span, bad, bold, dim, good, plain, say, unsure};
use serde_json::{Value, json};
use std::path::Path;
use zhengyin::reason::{Caution, Language, Reason};
use zhengyin::receipt::{ClockSource, Difference, Missing, Receipt, ReceiptError, Replay};
use zhengyin::time::Timestamp;
use zhengyin::verify::{self, Asked, Outcome, Verdict};

/// The four answers, in their order.
fn answers(replay: &Replay) -> [(&'static str, Say, Asked); 4] {
    [
        ("signature", say!("签名", "signature"), Asked::Asked(replay.signature)),
        ("device", say!("设备", "device"), Asked::Asked(replay.device)),
        ("federation", say!("联邦", "federation"), replay.federation),
        ("report", say!("报告", "report"), Asked::Asked(replay.report)),
    ]
}

pub(super) fn show(receipt: &Receipt<'_>, replay: &Replay, path: &Path, out: &mut Out) {
    let zh = out.language == Language::Zh;
    let verdict = match replay.verdict() {
        Verdict::Valid => good("✓ 相符 CONFIRMED"),
        Verdict::Invalid => bad("✗ 不符 NOT CONFIRMED"),
        Verdict::Undetermined => unsure("? 无法判定 UNDETERMINED"),
    };
    out.line(&[verdict, plain("  "), bold(receipt.object_digest().to_string())]);
    out.text(&recorded(receipt));
    for (_, name, asked) in answers(replay) {
        let (mark, text) = match asked {
            Asked::NotAsked => continue,
            Asked::Asked(Outcome::Passed) => (good("✓ "), None),
            Asked::Asked(Outcome::Failed(reason)) => (bad("✗ "), Some(named(reason, out.language))),
            Asked::Asked(Outcome::Unknown(reason)) => (unsure("? "), Some(named(reason, out.language))),
        };
        let name = out.say(&name).to_owned();
        let colon = if zh { "：" } else { ": " };
        let told = text.map_or_else(|| name.clone(), |text| format!("{name}{colon}{text}"));
        out.line(&[plain("  "), mark, plain(told)]);
    }
    let thumbprint = receipt.claimed_device().thumbprint();
    let of = replay.device_of.map_or_else(String::new, |code| format!(" ({})", code.as_str()));
    out.text(&say!("  设备密钥 sha-256 {thumbprint}{of}", "  device key sha-256 {thumbprint}{of}"));
    if let Some(difference) = &replay.difference {
        show_difference(difference, out);
    }
    for missing in &replay.missing {
        let missing = missing_text(*missing);
        out.text(&say!("  缺少 {missing}", "  Missing: {missing}"));
    }
    show_advice(replay, out);
    out.json(&as_json(receipt, replay, path));
}

/// What the receipt says that was answered, and when.
fn recorded(receipt: &Receipt<'_>) -> Say {
    let report = receipt.claimed_report();
    let text = |name| report.get(name).and_then(verify::Value::as_text).unwrap_or("-");
    let reason = report.get("reason").and_then(verify::Value::as_text);
    let verdict = reason.map_or_else(|| text("verdict").to_owned(), |reason| format!("{} ({reason})", text("verdict")));
    let time = report.get("time").and_then(|time| time.get("clock")).and_then(|clock| clock.get("now"));
    let time = time.and_then(verify::Value::as_int).and_then(Timestamp::new).map(local_text);
    let version = report.get("verifier").and_then(|verifier| verifier.get("version"));
    let version = version.and_then(verify::Value::as_text).unwrap_or("-");
    match (time, receipt.claimed_clock_source()) {
        (Some(time), ClockSource::Told) => say!(
            "  回执记载：{verdict}，由人给定的时间 {time} +08:00，版本 {version}",
            "  It records: {verdict}, at {time} +08:00 by a person's word, version {version}"
        ),
        (Some(time), _) => say!(
            "  回执记载：{verdict}，{time} +08:00，版本 {version}",
            "  It records: {verdict}, at {time} +08:00, version {version}"
        ),
        (None, _) => say!(
            "  回执记载：{verdict}，没有时钟，版本 {version}",
            "  It records: {verdict}, without a clock, version {version}"
        ),
    }
}

fn show_difference(difference: &Difference, out: &mut Out) {
    let Difference { at, recorded, found } = difference;
    let text =
        |value: &Option<verify::Value<'_>>| value.as_ref().map_or("-".to_owned(), |value| to_json(value).to_string());
    let (recorded, found) = (text(recorded), text(found));
    out.text(&match recorded == found {
        true => say!(
            "  首处差异：{at}（回执不载其内容）",
            "  First difference: {at} (the receipt does not hold what it says)"
        ),
        false => say!(
            "  首处差异：{at}：回执为 {recorded}，重放为 {found}",
            "  First difference: {at}: the receipt has {recorded}, the replay {found}"
        ),
    });
}

fn missing_text(missing: Missing) -> String {
    match missing {
        Missing::Bytes(digest) => format!("sha-256 {digest}"),
        Missing::Object(kind, digest) => format!("{} {digest}", kind.word()),
    }
}

/// Next steps and cautions of what did not pass, each once.
fn show_advice(replay: &Replay, out: &mut Out) {
    let language = out.language;
    let (next, warning) =
        if language == Language::Zh { ("  下一步：", "  注意：") } else { ("  Next: ", "  Caution: ") };
    let grounds = answers(replay).into_iter().filter_map(|(_, _, asked)| asked.outcome()?.reason());
    let mut said: Vec<&str> = Vec::new();
    let mut caution = Caution::None;
    for reason in grounds {
        let text = reason.remedy().text(language);
        if !said.contains(&text) {
            out.line(&[dim(next), plain(text)]);
            said.push(text);
        }
        caution = reason.caution();
    }
    if caution != Caution::None {
        out.line(&[dim(warning), plain(caution.text(language))]);
    }
}

fn named(reason: Reason, language: Language) -> String {
    let text = reason.text(language);
    match language {
        Language::Zh => format!("{text}（{} {}）", reason.number(), reason.symbol()),
        Language::En => format!("{text} ({} {})", reason.number(), reason.symbol()),
    }
}

fn as_json(receipt: &Receipt<'_>, replay: &Replay, path: &Path) -> Value {
    let steps: serde_json::Map<String, Value> =
        answers(replay).into_iter().map(|(word, _, asked)| (word.to_owned(), outcome_json(asked))).collect();
    let missing: Vec<Value> = replay
        .missing
        .iter()
        .map(|missing| match missing {
            Missing::Bytes(digest) => json!({"kind": "bytes", "digest": digest.to_string()}),
            Missing::Object(kind, digest) => json!({"kind": kind.word(), "digest": digest.to_string()}),
        })
        .collect();
    let difference = replay.difference.as_ref().map(|difference| {
        let value = |value: &Option<verify::Value<'_>>| value.as_ref().map(to_json);
        json!({"at": difference.at, "recorded": value(&difference.recorded), "found": value(&difference.found)})
    });
    json!({
        "schema": "zhengyin.replay/1", "file": shown(path), "verdict": replay.verdict().name(),
        "receipt": receipt.object_digest().to_string(), "steps": steps,
        "device": {
            "thumbprint": receipt.claimed_device().thumbprint().to_string(),
            "authority": replay.device_of.map(|code| code.as_str().to_owned()),
        },
        "clock": receipt.claimed_clock_source().word(),
        "difference": difference, "missing": missing, "report": to_json(receipt.claimed_report()),
    })
}

fn outcome_json(asked: Asked) -> Value {
    let Asked::Asked(outcome) = asked else { return json!({"outcome": "not-asked"}) };
    let word = match outcome {
        Outcome::Passed => return json!({"outcome": "passed"}),
        Outcome::Failed(_) => "failed",
        Outcome::Unknown(_) => "unknown",
    };
    let reason = outcome.reason();
    json!({"outcome": word, "reason": reason.map(Reason::symbol), "number": reason.map(Reason::number)})
}

fn to_json(value: &verify::Value<'_>) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// What is no receipt that this version reads.
pub(super) fn show_unread(error: ReceiptError, path: &Path, out: &mut Out) -> Exit {
    let reason = error.reason();
    let outcome = Outcome::of(reason);
    let failed = matches!(outcome, Outcome::Failed(_));
    let sign: Span = if failed { bad("✗ 不符 NOT CONFIRMED") } else { unsure("? 无法判定 UNDETERMINED") };
    out.line(&[sign, plain("  "), bold(shown(path))]);
    let language = out.language;
    out.line(&[plain("  "), plain(named(reason, language))]);
    let label = if language == Language::Zh { "  下一步：" } else { "  Next: " };
    out.line(&[dim(label), plain(reason.remedy().text(language))]);
    out.json(&json!({
        "schema": "zhengyin.replay/1", "file": shown(path), "verdict": Verdict::of(outcome).name(), "reason": reason.symbol(),
    }));
    if failed { Exit::Invalid } else { Exit::Undetermined }
}
