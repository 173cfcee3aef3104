//! What the demonstration verifies of documents that were sealed, what must come out, and what came out.

use super::paper::Paper;
use super::stage::{ALTERED_DOCUMENT, AMOUNTS, CONTRACT, COUNTER, DECISION, NOTICE, PURCHASE, Stage};
use super::suites;
use crate::args::Suites;
use crate::files;
use crate::output::{Failure, Out, Say, bad, bold, dim, good, plain, say, unsure};
use serde_json::json;
use std::path::Path;
use zhengyin::claims::StampFile;
use zhengyin::claims::id::Region;
use zhengyin::issue::digest_document_by;
use zhengyin::limits::MAX_STAMP_FILE;
use zhengyin::policy::Policy;
use zhengyin::reason::{Language, Reason};
use zhengyin::store::Store;
use zhengyin::time::Clock;
use zhengyin::verify::{StampsReport, Texts, Verdict, Verifier};

/// A document, and what must come out.
#[derive(Clone, Debug)]
pub(super) struct Case {
    name: &'static str,
    verdict: Verdict,
    reason: Option<Reason>,
    stamps: usize,
    /// Where it is shown.
    region: &'static str,
    story: Say,
}

impl Case {
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }
}

pub(super) fn all(suites: Suites) -> Vec<Case> {
    let (from, to) = AMOUNTS;
    let case = |name, verdict, reason, stamps, story| Case { name, verdict, reason, stamps, region: COUNTER, story };
    let mut cases = vec![
        case(
            DECISION,
            Verdict::Valid,
            None,
            1,
            say!("一份决定书，加盖公章", "a decision, stamped by the office's seal"),
        ),
        case(
            CONTRACT,
            Verdict::Valid,
            None,
            2,
            say!(
                "两省的协议：甲省签章，乙省对该签章副署",
                "an agreement of two provinces: one stamped it, the other stamped that stamp"
            ),
        ),
        case(
            PURCHASE,
            Verdict::Invalid,
            Some(Reason::StatusRevoked),
            1,
            say!("印章吊销一天后，有人仍用它签章", "stamped with a seal a day after that was revoked"),
        ),
        case(
            ALTERED_DOCUMENT,
            Verdict::Invalid,
            Some(Reason::DocumentDiffers),
            1,
            say!(
                "决定书被改动：罚款{from}变成{to}",
                "the decision was altered: another fine, under the stamp of the first"
            ),
        ),
    ];
    if suites == Suites::Mixed {
        let both = case(
            NOTICE,
            Verdict::Valid,
            None,
            2,
            say!(
                "两省的通告：一省以 SM2 对其 SM3 签章，另一省以 Ed25519 对其 SHA-256 签章",
                "a notice of two provinces: one stamped its SM3 with SM2, the other its SHA-256 with Ed25519"
            ),
        );
        let is_valid = |case: &&Case| case.verdict == Verdict::Valid;
        let there = |case: &Case| Case { region: suites::NATIONAL_COUNTER, ..case.clone() };
        let shown_there: Vec<Case> = cases.iter().chain([&both]).filter(is_valid).map(there).collect();
        cases.push(both);
        cases.extend(shown_there);
    }
    cases
}

/// Verifies the stamps on a document over what the counter holds, as anybody would, and tells.
pub(super) fn verify(
    number: usize,
    case: &Case,
    (stage, paper): (&Stage, &Paper<'_>),
    store: &Store,
    out: &mut Out,
) -> Result<bool, Failure> {
    let path = stage.stamps_path(case.name, paper);
    let bytes = files::read(&path, MAX_STAMP_FILE)?;
    let document = files::read(&stage.document_path(case.name, paper), MAX_STAMP_FILE)?;
    let verifier = Verifier::new(store, Policy::counter(Region::parse(case.region).ok()));
    let stamps = verifier.stamps(&bytes, Clock::reads(stage.now()));
    let hasher = stamps.hasher();
    let document = digest_document_by(&mut document.as_slice(), hasher)
        .map_err(|error| Failure::new(say!("无法读取文件", "the document cannot be read")).because_io(&error))?;
    let report = stamps.finish_with(document);
    let reason = report.deciding().map(|(_, reason)| reason);
    let is_expected = report.verdict() == case.verdict
        && reason == case.reason
        && report.stamps().len() == case.stamps
        && are_signed(stage, &bytes, &report);
    tell(number, case, &path, &report, out);
    if !is_expected {
        let expected = case.reason.map_or("valid", Reason::symbol);
        let said = say!("结果与预期不符：应为 {expected}", "this is not what was expected: {expected}");
        out.line(&[plain("       "), bad(out.say(&said))]);
    }
    let told = serde_json::to_value(report.to_value(Texts::Both)).unwrap_or_default();
    out.json(&json!({
        "schema": "zhengyin.demo/1", "document": case.name, "region": case.region,
        "expected": {"verdict": case.verdict.name(), "reason": case.reason.map(Reason::symbol)},
        "as_expected": is_expected, "report": told,
    }));
    Ok(is_expected)
}

/// Is each stamp of the suite of its owner's province?
fn are_signed(stage: &Stage, file: &[u8], report: &StampsReport<'_>) -> bool {
    let Ok(file) = StampFile::parse(file) else { return false };
    let owners = report.stamps().iter().map(|stamp| stamp.claimed_seal().map(|claims| claims.seal.owner));
    let expected = owners.map(|owner| owner.map(|owner| suites::of_authority(stage.suites, owner)));
    file.stamps.iter().map(|stamp| Some(stamp.algorithm())).eq(expected)
}

fn tell(number: usize, case: &Case, path: &Path, report: &StampsReport<'_>, out: &mut Out) {
    let sign = match report.verdict() {
        Verdict::Valid => good("✓ 有效 VALID  "),
        Verdict::Invalid => bad("✗ 无效 INVALID  "),
        Verdict::Undetermined => unsure("? 无法判定 UNDETERMINED  "),
    };
    let seals: Vec<&str> =
        report.stamps().iter().filter_map(|stamp| stamp.claimed_seal()).map(|claims| claims.seal.name).collect();
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let shown = if case.region == COUNTER { String::new() } else { format!("  @{}", case.region) };
    out.line(&[dim(format!("  {number:>2}  ")), sign, bold(seals.join("、")), dim(format!("  {file}{shown}"))]);
    let story = out.say(&case.story).to_owned();
    out.line(&[plain("        "), dim(story)]);
    if let Some((_, reason)) = report.deciding() {
        let texts = [reason.text(Language::Zh), reason.text(Language::En)];
        out.line(&[
            plain("        "),
            plain(texts.join(" · ")),
            dim(format!("  {} {}", reason.number(), reason.symbol())),
        ]);
    }
}
