//! What a person is told of stamps and seals: sign and word, the unit and its seal; ground; one mark a step and a point; next; caution.

use crate::clock::local_text;
use crate::commands::verify::Detail;
use crate::keys::suite_name;
use crate::output::{Exit, Loudness, Out, Span, bad, bold, dim, good, plain, unsure};
use std::path::Path;
use zhengyin::claims::SealClaims;
use zhengyin::reason::{Language, Reason};
use zhengyin::verify::{Asked, Outcome, Point, SealReport, StampsReport, Step, Verdict};

const INDENT: &str = "  ";

/// The mark of an exit code in a table.
pub(super) fn mark(exit: Exit) -> Span {
    match exit {
        Exit::Done => good("✓ "),
        Exit::Invalid => bad("✗ "),
        Exit::Undetermined => unsure("? "),
        _ => dim("– "),
    }
}

fn sign(verdict: Verdict) -> Span {
    match verdict {
        Verdict::Valid => good("✓ 有效 VALID"),
        Verdict::Invalid => bad("✗ 无效 INVALID"),
        Verdict::Undetermined => unsure("? 无法判定 UNDETERMINED"),
    }
}

fn outcome_mark(outcome: Outcome) -> Span {
    match outcome {
        Outcome::Passed => good("✓ "),
        Outcome::Failed(_) => bad("✗ "),
        Outcome::Unknown(_) => unsure("? "),
    }
}

fn named(reason: Reason, zh: bool) -> String {
    match zh {
        true => format!("{}（{} {}）", reason.text(Language::Zh), reason.number(), reason.symbol()),
        false => format!("{} ({} {})", reason.text(Language::En), reason.number(), reason.symbol()),
    }
}

/// A file of stamps.
pub(super) fn stamps(report: &StampsReport<'_>, path: &Path, document: Option<&Path>, detail: Detail, out: &mut Out) {
    let zh = out.language == Language::Zh;
    if report.stamps().is_empty() {
        let name = if detail == Detail::Whole { path.display().to_string() } else { String::new() };
        out.line(&[sign(report.verdict()), plain(INDENT), bold(name)]);
        if let Some((_, reason)) = report.deciding() {
            out.line(&[plain(INDENT), plain(named(reason, zh))]);
            advice(Some(reason), zh, out);
        }
    }
    for (at, stamp) in report.stamps().iter().enumerate() {
        if at > 0 {
            out.line(&[]);
        }
        one(stamp, path, document, detail, out);
    }
}

/// A seal by itself.
pub(super) fn seal(report: &SealReport<'_>, path: &Path, detail: Detail, out: &mut Out) {
    one(report, path, None, detail, out);
}

fn one(report: &SealReport<'_>, path: &Path, document: Option<&Path>, detail: Detail, out: &mut Out) {
    let zh = out.language == Language::Zh;
    let seal = report.claimed_seal().filter(|_| detail == Detail::Whole);
    let digest = || report.object_digest().map(|digest| digest.to_string()).unwrap_or_default();
    let path = if detail == Detail::Whole { path.display().to_string() } else { digest() };
    let what = seal.map_or(path, |claims| claims.seal.name.to_owned());
    let code = seal.map_or("", |claims| claims.seal.code.as_str());
    out.line(&[sign(report.verdict()), plain(INDENT), bold(format!("{what} {code}").trim_end().to_owned())]);
    let decided = report.steps().deciding().map(|(_, reason)| reason);
    let praise = match (report.claimed_stamp().is_some(), zh) {
        (true, true) => "签章真实，文件与签章时相同，印章当时有效",
        (true, false) => "The stamp is genuine, the document is the one that was stamped, and the seal was in force",
        (false, true) => "印章真实、有效",
        (false, false) => "The seal is genuine and in force",
    };
    out.line(&[plain(INDENT), plain(decided.map_or_else(|| praise.to_owned(), |reason| named(reason, zh)))]);
    let lines = match detail {
        Detail::Whole => facts(report, document, zh),
        Detail::Redacted => told_of(report, zh),
    };
    let signed_with = report.envelope().filter(|_| out.loudness >= Loudness::Verbose).map(|envelope| {
        let suite = suite_name(envelope.algorithm());
        if zh { format!("签名算法：{suite}") } else { format!("Signed with {suite}") }
    });
    for line in lines.into_iter().chain(signed_with) {
        out.line(&[plain(INDENT), plain(line)]);
    }
    marks(report, zh, out);
    grounds(report, decided, zh, out);
    advice(decided, zh, out);
    let language = if zh { Language::Zh } else { Language::En };
    for warning in report.warnings() {
        out.line(&[plain(INDENT), unsure("! "), plain(warning.text(language))]);
    }
}

/// What a log may keep: in whose name and when, on what by its digest.
fn told_of(report: &SealReport<'_>, zh: bool) -> Vec<String> {
    let Some(stamp) = report.claimed_stamp() else { return Vec::new() };
    let (owner, when, digest) = (stamp.issuer, local_text(stamp.stamped_at), stamp.document);
    vec![match zh {
        true => format!("签章者：{owner}；自述时间：{when} +08:00；针对 {digest}"),
        false => format!("Stamped by {owner}, by its own word at {when} +08:00, on {digest}"),
    }]
}

/// Who stamped what, when, why; and who made the seal.
fn facts(report: &SealReport<'_>, document: Option<&Path>, zh: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(stamp) = report.claimed_stamp() {
        let when = local_text(stamp.stamped_at);
        let owner = stamp.issuer;
        lines.push(match zh {
            true => format!("签章者：{owner}；自述时间：{when} +08:00"),
            false => format!("Stamped by {owner}, by its own word at {when} +08:00"),
        });
        let what = match (stamp.is_counter(), document) {
            (true, _) if zh => format!("副署：针对签章 {}", stamp.document),
            (true, _) => format!("A counter-stamp on the stamp {}", stamp.document),
            (false, Some(path)) if zh => format!("文件：{}（{}）", path.display(), stamp.media_type),
            (false, Some(path)) => format!("On the document {} ({})", path.display(), stamp.media_type),
            (false, None) if zh => {
                format!("针对文件（{}），{} {}", stamp.media_type, stamp.hash.name(), stamp.document)
            }
            (false, None) => {
                format!("On a document ({}) with {} {}", stamp.media_type, stamp.hash.name(), stamp.document)
            }
        };
        lines.push(what);
        if let Some(reason) = stamp.reason {
            lines.push(if zh { format!("事由：{reason}") } else { format!("Reason: {reason}") });
        }
        if let Some(place) = stamp.place {
            lines.push(match zh {
                true => format!("位置：第 {} 页，距左 {} 毫米，距上 {} 毫米", place.page, place.x, place.y),
                false => {
                    format!("Place: page {}, {} mm from the left, {} mm from the top", place.page, place.x, place.y)
                }
            });
        }
        if report.claimed_seal().is_none() {
            lines.push(if zh {
                format!("所用印章：{}", stamp.seal)
            } else {
                format!("By the seal {}", stamp.seal)
            });
        }
    }
    lines.extend(report.claimed_seal().map(|seal| seal_line(seal, report.seal_is_authentic(), zh)));
    lines
}

fn seal_line(claims: &SealClaims<'_>, authentic: bool, zh: bool) -> String {
    let seal = &claims.seal;
    let bound =
        |seconds: Option<i64>| seconds.and_then(zhengyin::time::Timestamp::new).map(local_text).unwrap_or_default();
    let (from, until) = (bound(Some(claims.validity.from())), bound(claims.validity.until()));
    let (owner, code, maker) = (seal.owner_name, seal.owner, claims.maker);
    match (zh, authentic) {
        (true, true) => format!("印章：{owner}（{code}），制章者 {maker}，有效期 {from} 至 {until}"),
        (true, false) => format!("印章自称：{owner}（{code}），制章者 {maker}（未经证实），有效期 {from} 至 {until}"),
        (false, true) => format!("Seal of {owner} ({code}), made by {maker}, valid from {from} to {until}"),
        (false, false) => {
            format!(
                "The seal claims to be of {owner} ({code}), made by {maker} (NOT proven), valid from {from} to {until}"
            )
        }
    }
}

fn marks(report: &SealReport<'_>, zh: bool, out: &mut Out) {
    let mut line = vec![plain(INDENT)];
    for step in Step::ALL {
        let Asked::Asked(outcome) = report.steps().get(step) else { continue };
        if line.len() > 1 {
            line.push(plain("  "));
        }
        line.push(outcome_mark(outcome));
        line.push(plain(step_name(step, zh)));
    }
    out.line(&line);
    if let Some(points) = report.points() {
        let mut line = vec![plain("    ")];
        for (point, outcome) in points.outcomes() {
            if line.len() > 1 {
                line.push(plain("  "));
            }
            line.push(outcome_mark(outcome));
            line.push(plain(point_name(point, zh)));
        }
        out.line(&line);
    }
}

/// Grounds besides the one that decided; those of the points too.
fn grounds(report: &SealReport<'_>, decided: Option<Reason>, zh: bool, out: &mut Out) {
    let colon = if zh { "：" } else { ": " };
    let steps = report.steps().outcomes().map(|(step, outcome)| (step_name(step, zh), outcome));
    let points = report.points().into_iter().flat_map(|points| points.outcomes());
    let points = points.map(|(point, outcome)| (point_name(point, zh), outcome));
    for (name, outcome) in steps.chain(points) {
        let Some(reason) = outcome.reason() else { continue };
        if Some(reason) != decided && reason != Reason::StepBlocked {
            out.line(&[plain("    "), outcome_mark(outcome), plain(format!("{name}{colon}{}", named(reason, zh)))]);
        }
    }
}

fn advice(decided: Option<Reason>, zh: bool, out: &mut Out) {
    let Some(reason) = decided else { return };
    let language = if zh { Language::Zh } else { Language::En };
    let (next, caution) = (reason.remedy().text(language), reason.caution().text(language));
    if !next.is_empty() {
        out.line(&[plain(INDENT), dim(if zh { "下一步：" } else { "Next: " }), plain(next)]);
    }
    if !caution.is_empty() {
        out.line(&[plain(INDENT), dim(if zh { "注意：" } else { "Caution: " }), plain(caution)]);
    }
}

const fn step_name(step: Step, zh: bool) -> &'static str {
    if !zh {
        return step.name();
    }
    match step {
        Step::Encoding => "编码",
        Step::Issuer => "签章者",
        Step::Signature => "签名",
        Step::Period => "时间",
        Step::Status => "印章状态",
        Step::Recognition => "互认",
        Step::Presentation => "亮证",
        Step::Document => "文件",
        Step::Seal => "印章",
    }
}

const fn point_name(point: Point, zh: bool) -> &'static str {
    if !zh {
        return point.name();
    }
    match point {
        Point::Present => "印章在手",
        Point::Encoding => "印章编码",
        Point::Maker => "制章者",
        Point::Signature => "制章签名",
        Point::Owner => "所有者",
        Point::Key => "授权密钥",
        Point::Validity => "有效期",
        Point::Kind => "文件类型",
    }
}
