//! What the demonstration verifies, what must come out, and what came out.

use super::data::{EXPIRED, OUTSIDE_MANDATE};
use super::stage::{COUNTER, Stage};
use super::suites;
use crate::args::Suites;
use crate::files;
use crate::output::{Failure, Out, Say, bad, bold, dim, good, plain, say, unsure};
use serde_json::{Value, json};
use zhengyin::claims::id::Region;
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::policy::Policy;
use zhengyin::reason::{Language, Reason};
use zhengyin::store::Store;
use zhengyin::time::Clock;
use zhengyin::verify::{Report, Texts, Verdict, Verifier};

pub(super) const REVOKED: &str = "food-operation-permit";
pub(super) const SUSPENDED: &str = "construction-permit";
pub(super) const BOUND: &str = "constructor-certificate";
pub(super) const ALTERED: &str = "real-estate-certificate";
pub(super) const TAMPERED: &str = "real-estate-certificate-tampered";
/// What was written over what.
pub(super) const ALTERATION: (&str, &str) = ("118.36", "418.36");
const FOREIGN: &str = "teacher-certificate";

/// Where a license is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    /// In the district that it says.
    Home,
    /// In this one, of another province.
    Abroad(&'static str),
}

/// One license, where it is shown, and what must come out.
#[derive(Clone, Debug)]
pub(super) struct Case {
    name: &'static str,
    at: At,
    verdict: Verdict,
    reason: Option<Reason>,
    /// What happened to it.
    story: Option<Say>,
}

impl Case {
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    const fn valid(name: &'static str) -> Self {
        Self { name, at: At::Home, verdict: Verdict::Valid, reason: None, story: None }
    }

    const fn invalid(name: &'static str, reason: Reason, story: Say) -> Self {
        Self { name, at: At::Home, verdict: Verdict::Invalid, reason: Some(reason), story: Some(story) }
    }

    const fn abroad(name: &'static str, region: &'static str, story: Say) -> Self {
        Self { name, at: At::Abroad(region), verdict: Verdict::Valid, reason: None, story: Some(story) }
    }

    const fn unsure(name: &'static str, at: At, reason: Reason, story: Say) -> Self {
        Self { name, at, verdict: Verdict::Undetermined, reason: Some(reason), story: Some(story) }
    }
}

/// Every case: those in order first.
pub(super) fn all(stage: &Stage) -> Vec<Case> {
    let special = [REVOKED, SUSPENDED, BOUND, EXPIRED, OUTSIDE_MANDATE];
    let in_order = stage.sheets.iter().filter(|sheet| !special.contains(&sheet.name));
    let mut cases: Vec<Case> = in_order.map(|sheet| Case::valid(sheet.name)).collect();
    let (from, to) = ALTERATION;
    cases.extend([
        Case::invalid(REVOKED, Reason::StatusRevoked, say!("两天前被吊销", "revoked two days ago")),
        Case::invalid(
            SUSPENDED,
            Reason::StatusSuspended,
            say!("两天前被暂扣，可以恢复", "suspended two days ago; that can be lifted"),
        ),
        Case::invalid(EXPIRED, Reason::PeriodExpired, say!("五天前到期", "ran out five days ago")),
        Case::invalid(
            OUTSIDE_MANDATE,
            Reason::IssuerType,
            say!(
                "签名正确，但该机构无权颁发此类证照：有人绕过登记簿直接签名",
                "rightly signed, by an authority that may not issue this type: somebody passed the register by"
            ),
        ),
        Case::invalid(
            TAMPERED,
            Reason::SignatureBad,
            say!(
                "改了一个字节：建筑面积 {from} 变成 {to} 平方米",
                "one byte was changed: {from} square metres became {to}"
            ),
        ),
        Case::unsure(
            FOREIGN,
            At::Abroad(COUNTER),
            Reason::RecognitionNoRule,
            say!(
                "同一份证照，拿到示例甲省出示：还没有互认规则",
                "the same license, shown in Province Jia: there is no rule on its recognition yet"
            ),
        ),
        Case::unsure(
            BOUND,
            At::Home,
            Reason::PresentationMissing,
            say!(
                "绑定持证人密钥，只有文件，没有本人亮证",
                "bound to the holder's key: the file alone, without the holder showing it"
            ),
        ),
    ]);
    cases
}

/// In a federation of two suites: licenses of provinces of each, shown where the other signs.
pub(super) fn across(suites: Suites) -> Vec<Case> {
    if suites != Suites::Mixed {
        return Vec::new();
    }
    let national = |name, region| {
        let story = say!(
            "以 SM2 签名，拿到以 Ed25519 签名的省份出示：按互认规则认可",
            "signed with SM2, shown in a province that signs with Ed25519: recognised by the rule"
        );
        Case::abroad(name, region, story)
    };
    let other = |name, region| {
        let story = say!(
            "以 Ed25519 签名，拿到以 SM2 签名的省份出示：按互认规则认可",
            "signed with Ed25519, shown in a province that signs with SM2: recognised by the rule"
        );
        Case::abroad(name, region, story)
    };
    vec![
        national("driving-licence", COUNTER),
        national("special-operation-certificate", "970102"),
        other("business-license", suites::NATIONAL_COUNTER),
        other("road-transport-permit", "960102"),
        Case {
            at: At::Abroad(suites::NATIONAL_COUNTER),
            ..Case::invalid(
                REVOKED,
                Reason::StatusRevoked,
                say!("被吊销的证照，到了哪一省都是吊销的", "what was revoked is revoked in every province"),
            )
        },
        Case {
            at: At::Abroad(COUNTER),
            ..Case::invalid(
                EXPIRED,
                Reason::PeriodExpired,
                say!(
                    "以 SM2 签名，五天前到期，在另一省出示",
                    "signed with SM2, ran out five days ago, shown in another province"
                ),
            )
        },
    ]
}

/// Verifies one license over what the counter holds, as anybody would, and tells.
pub(super) fn verify(number: usize, case: &Case, stage: &Stage, store: &Store, out: &mut Out) -> Result<bool, Failure> {
    let bytes = files::read(&stage.license_path(case.name), MAX_OBJECT)?;
    let own = Verifier::new(store, Policy::counter(None)).verify(&bytes, Clock::reads(stage.now()));
    let region = match case.at {
        At::Home => own.claimed_license().map(|claims| claims.license.region),
        At::Abroad(region) => Region::parse(region).ok(),
    };
    let verifier = Verifier::new(store, Policy::counter(region));
    let report = verifier.verify(&bytes, Clock::reads(stage.now()));
    let reason = report.steps().deciding().map(|(_, reason)| reason);
    let is_signed = own.claimed_license().is_some_and(|claims| {
        Envelope::parse(&bytes, Expected::AnyKnown)
            .is_ok_and(|envelope| envelope.algorithm() == suites::of_authority(stage.suites, claims.issuer))
    });
    let is_expected = report.verdict() == case.verdict && reason == case.reason && is_signed;
    tell(number, case, &report, out);
    if !is_expected {
        let expected = case.reason.map_or("valid", Reason::symbol);
        let said = say!("结果与预期不符：应为 {expected}", "this is not what was expected: {expected}");
        out.line(&[plain("       "), bad(out.say(&said))]);
    }
    out.json(&as_json(case, region, is_expected, &report));
    Ok(is_expected)
}

fn tell(number: usize, case: &Case, report: &Report<'_>, out: &mut Out) {
    let sign = match report.verdict() {
        Verdict::Valid => good("✓ 有效 VALID  "),
        Verdict::Invalid => bad("✗ 无效 INVALID  "),
        Verdict::Undetermined => unsure("? 无法判定 UNDETERMINED  "),
    };
    let name = report
        .claimed_license()
        .map_or(String::new(), |claims| format!("{} {}", claims.license.name, claims.license.number));
    out.line(&[dim(format!("  {number:>2}  ")), sign, bold(name), dim(format!("  {}.zyl", case.name))]);
    if let Some(story) = &case.story {
        let story = out.say(story).to_owned();
        out.line(&[plain("        "), dim(story)]);
    }
    if let Some((_, reason)) = report.steps().deciding() {
        let texts = [reason.text(Language::Zh), reason.text(Language::En)];
        out.line(&[
            plain("        "),
            plain(texts.join(" · ")),
            dim(format!("  {} {}", reason.number(), reason.symbol())),
        ]);
        let caution = reason.caution();
        let texts = [caution.text(Language::Zh), caution.text(Language::En)];
        if texts.iter().any(|text| !text.is_empty()) {
            out.line(&[plain("        "), dim(texts.join(" · "))]);
        }
    }
}

fn as_json(case: &Case, region: Option<Region>, is_expected: bool, report: &Report<'_>) -> Value {
    let report = serde_json::to_value(report.to_value(Texts::Both)).unwrap_or_default();
    json!({
        "schema": "zhengyin.demo/1", "license": case.name, "region": region.map(|region| region.as_str().to_owned()),
        "expected": {"verdict": case.verdict.name(), "reason": case.reason.map(Reason::symbol)},
        "as_expected": is_expected, "report": report,
    })
}
