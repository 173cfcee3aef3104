//! The verdict for people, always in this shape: sign and word, type and number; ground with date and evidence age; issuer and path;
//! one mark a step; what to do next; what not to conclude; good until; remarks; then what the license says.

use super::{facts, next, recognised, shown, told};
use crate::clock::{Reading, age, day_text, local_text};
use crate::output::{Loudness, Out, Span, bad, bold, dim, good, plain, unsure};
use std::path::Path;
use zhengyin::carrier::{self, Carrier, Decoded, Foreign, Repair};
use zhengyin::claims::LicenseClaims;
use zhengyin::envelope::Envelope;
use zhengyin::reason::{Caution, Language, Reason};
use zhengyin::store::{HeldDirectory, ObjectKind, Store};
use zhengyin::time::{Bound, Timestamp};
use zhengyin::verify::{Asked, Input, Outcome, Report, Step, Verdict, Verifier};

/// Everything that a card is made of.
#[derive(Clone, Copy)]
pub(in crate::commands) struct Card<'c> {
    pub(in crate::commands) report: &'c Report<'c>,
    pub(in crate::commands) verifier: &'c Verifier<'c>,
    pub(in crate::commands) reading: Reading,
    pub(in crate::commands) carried: Option<&'c Result<Decoded, carrier::Error>>,
    pub(in crate::commands) path: &'c Path,
    pub(in crate::commands) language: Language,
    pub(in crate::commands) detail: Detail,
}

/// How much of the holder is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::commands) enum Detail {
    Whole,
    /// Nothing: what a log may keep.
    Redacted,
}

const INDENT: &str = "  ";

impl Card<'_> {
    pub(in crate::commands) fn show(&self, out: &mut Out) {
        out.line(&self.heading());
        out.line(&[plain(INDENT), plain(self.ground())]);
        for line in told::line(self.report, self.language).into_iter().chain(self.issuer()) {
            out.line(&[plain(INDENT), plain(line)]);
        }
        for line in recognised::lines(self.report.recognition(), self.language) {
            out.line(&[plain(INDENT), plain(line)]);
        }
        // To whom and what for is for those who stand there, not for a log.
        if let (Some(line), Detail::Whole) = (shown::line(self.report, self.language), self.detail) {
            out.line(&[plain(INDENT), plain(line)]);
        }
        out.line(&self.marks());
        for line in self.other_grounds() {
            out.line(&line);
        }
        self.show_advice(out);
        for remark in self.remarks() {
            out.line(&[plain(INDENT), unsure("! "), plain(remark)]);
        }
        if let (Some(claims), Detail::Whole) = (self.report.claimed_license(), self.detail) {
            let heading = self.claims_heading();
            out.line(&[plain(INDENT), heading]);
            for line in self.facts(claims, out.loudness >= Loudness::Verbose) {
                out.line(&line);
            }
        }
    }

    /// What the license says, a line a fact.
    pub(super) fn facts(&self, claims: &LicenseClaims<'_>, all: bool) -> Vec<Vec<Span>> {
        facts::lines(claims, self.report.envelope().map(Envelope::algorithm), self.language, all)
    }

    fn zh(&self) -> bool {
        self.language == Language::Zh
    }

    fn store(&self) -> &Store {
        self.verifier.store()
    }

    /// How far what follows is to be believed.
    pub(super) fn claims_heading(&self) -> Span {
        let signed = self.report.steps().signature == Outcome::Passed;
        match (self.report.is_authentic(), signed, self.zh()) {
            (true, _, true) => good("所载内容"),
            (true, _, false) => good("It says"),
            (false, true, true) => unsure("所载内容（签名相符，但签发者的权限未经证实）"),
            (false, true, false) => unsure("It claims (signed, but the signer's right to say so is NOT proven)"),
            (false, false, true) => bad("所载内容（未经证实，任何人都能写出）"),
            (false, false, false) => bad("It claims, NOT proven (anybody can write this)"),
        }
    }

    /// Sign and word, in both languages; type and number.
    pub(super) fn heading(&self) -> Vec<Span> {
        let sign = match self.report.verdict() {
            Verdict::Valid => good("✓ 有效 VALID"),
            Verdict::Invalid => bad("✗ 无效 INVALID"),
            Verdict::Undetermined => unsure("? 无法判定 UNDETERMINED"),
        };
        let what = match (self.report.claimed_license(), self.detail) {
            (Some(claims), Detail::Whole) => format!("{} {}", claims.license.name, claims.license.number),
            (None, Detail::Whole) => self.path.display().to_string(),
            // A file's name may be the holder's.
            (claims, Detail::Redacted) => {
                let digest = self.report.envelope().map(|envelope| envelope.object_digest().to_string());
                let kind = claims.map(|claims| claims.license.type_code.as_str().to_owned());
                [kind, digest].into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
        };
        vec![sign, plain("  "), bold(what)]
    }

    /// What decided, by which evidence, how old.
    pub(in crate::commands) fn ground(&self) -> String {
        let decided = self.report.steps().deciding();
        let text = match decided {
            Some((_, reason)) => named(reason, self.language),
            None => self.praise().to_owned(),
        };
        let evidence = match decided {
            // A valid license is one that no list says otherwise of: that list is the evidence.
            None | Some((Step::Status, _)) => self.status_evidence(),
            Some((Step::Issuer | Step::Signature, _)) => {
                self.evidence(ObjectKind::Directory).or_else(|| self.evidence(ObjectKind::TrustList))
            }
            Some((Step::Recognition, _)) => self.evidence(ObjectKind::TrustList),
            Some((Step::Period, _)) => self.validity(),
            Some((Step::Encoding, _)) => self.carrier_fault(),
            Some(_) => None,
        };
        let colon = if self.zh() { "；" } else { "; " };
        evidence.map_or(text.clone(), |evidence| format!("{text}{colon}{evidence}"))
    }

    /// What a valid license is: no more than was asked.
    fn praise(&self) -> &'static str {
        let asked = self.report.steps().recognition != Asked::NotAsked;
        match (asked, self.zh()) {
            (true, true) => "真实、有效且在此获认可",
            (true, false) => "Genuine, in force and recognised here",
            (false, true) => "真实、有效；未问此地是否认可",
            (false, false) => "Genuine and in force; whether it is recognised here was not asked",
        }
    }

    fn evidence(&self, kind: ObjectKind) -> Option<String> {
        self.report.inputs().into_iter().find(|input| input.kind == kind).map(|input| self.object(&input))
    }

    /// The list that is held, or the proof that came with the license: what decided.
    fn status_evidence(&self) -> Option<String> {
        match self.report.told() {
            Some(told) => Some(self.dated(told::evidence_name(told.by, self.language), told.seq, told.issued)),
            None => self.evidence(ObjectKind::StatusList),
        }
    }

    fn object(&self, input: &Input) -> String {
        self.dated(kind_name(input.kind, self.language), input.seq, input.issued)
    }

    /// `status list #7 of 2026-05-20 09:00:00 (3 hours ago)`
    fn dated(&self, name: &str, seq: u64, instant: Timestamp) -> String {
        let issued = local_text(instant);
        let age = self.reading.now().map(|now| age(instant, now, self.language));
        match (self.zh(), age) {
            (true, Some(age)) => format!("{name} #{seq}，{issued} 签发（{age}）"),
            (true, None) => format!("{name} #{seq}，{issued} 签发"),
            (false, Some(age)) => format!("{name} #{seq} of {issued} ({age})"),
            (false, None) => format!("{name} #{seq} of {issued}"),
        }
    }

    fn validity(&self) -> Option<String> {
        if self.detail == Detail::Redacted {
            return None;
        }
        let validity = self.report.claimed_license()?.license.validity;
        let until = validity.until().map(day_text);
        Some(match (self.zh(), until) {
            (true, Some(until)) => format!("有效期 {} 至 {until}", day_text(validity.from())),
            (true, None) => format!("有效期自 {} 起，长期", day_text(validity.from())),
            (false, Some(until)) => format!("valid from {} to {until}", day_text(validity.from())),
            (false, None) => format!("valid from {}, without end", day_text(validity.from())),
        })
    }

    /// Why a text carried nothing, or what it is instead of ours.
    fn carrier_fault(&self) -> Option<String> {
        match self.carried? {
            // What the ground itself says already.
            Err(carrier::Error::NotOurs(Foreign::Unknown)) => None,
            Err(carrier::Error::NotOurs(foreign)) => Some(foreign.text(self.language).to_owned()),
            Err(carrier::Error::PartMissing { number, total }) if self.zh() => {
                Some(format!("共 {total} 部分，尚缺第 {number} 部分"))
            }
            // Only the place of the fault, which reads the same to all.
            Err(error) if !self.zh() => Some(error.to_string()),
            _ => None,
        }
    }

    /// Who issued it, and how he is known: directory and trust list.
    pub(super) fn issuer(&self) -> Vec<String> {
        let Some(claims) = self.report.claimed_license() else { return Vec::new() };
        let label = match (self.zh(), self.report.is_authentic()) {
            (true, true) => "颁发机构：",
            (true, false) => "自称的颁发机构：",
            (false, true) => "Issued by ",
            (false, false) => "Claims to be issued by ",
        };
        let mut lines = vec![match self.detail {
            Detail::Whole => format!("{label}{} ({})", claims.license.authority_name, claims.issuer.as_str()),
            Detail::Redacted => format!("{label}{}", claims.issuer.as_str()),
        }];
        let mut path = Vec::new();
        if let Some(held) = self.report.directory() {
            path.push(format!("{} {}", self.province(held), self.object(&held.into())));
        }
        if let Some(held) = self.store().trust() {
            path.push(format!("{} {}", held.list().federation, self.object(&held.into())));
        }
        if !path.is_empty() {
            let label = if self.zh() { "依据：" } else { "Known by " };
            lines.push(format!("{label}{}", path.join(" ← ")));
        }
        lines
    }

    fn province(&self, held: &HeldDirectory) -> String {
        let code = held.directory().province;
        let province = self.store().trust().and_then(|trust| trust.list().provinces.get(&code));
        let tag = if self.zh() { "zh" } else { "en" };
        province.map_or_else(|| code.as_str().to_owned(), |province| province.names.get(tag).to_owned())
    }

    pub(super) fn marks(&self) -> Vec<Span> {
        let mut line = vec![plain(INDENT)];
        for step in Step::ALL {
            let asked = self.report.steps().get(step);
            // Of a stamp, which this is not.
            if asked == Asked::NotAsked && matches!(step, Step::Document | Step::Seal) {
                continue;
            }
            if line.len() > 1 {
                line.push(plain("  "));
            }
            line.push(match asked {
                Asked::Asked(Outcome::Passed) => good("✓ "),
                Asked::Asked(Outcome::Failed(_)) => bad("✗ "),
                Asked::Asked(Outcome::Unknown(_)) => unsure("? "),
                Asked::NotAsked => dim("– "),
            });
            line.push(plain(step_name(step, self.language)));
        }
        line
    }

    /// Grounds besides the one that decided; then the steps that another kept from running, by that one.
    pub(super) fn other_grounds(&self) -> Vec<Vec<Span>> {
        let steps = self.report.steps();
        let deciding = steps.deciding().map(|(step, _)| step);
        let colon = if self.zh() { "：" } else { ": " };
        let mut lines = Vec::new();
        for (step, outcome) in steps.outcomes() {
            let mark = match outcome {
                Outcome::Passed => continue,
                Outcome::Failed(_) => bad("✗ "),
                Outcome::Unknown(_) => unsure("? "),
            };
            if let Some(reason) = outcome.reason()
                && Some(step) != deciding
                && steps.blocked_by(step).is_none()
            {
                let text = format!("{}{colon}{}", step_name(step, self.language), named(reason, self.language));
                lines.push(vec![plain("    "), mark, plain(text)]);
            }
        }
        for by in Step::ALL {
            let blocked = Step::ALL.into_iter().filter(|step| steps.blocked_by(*step) == Some(by));
            let blocked: Vec<&str> = blocked.map(|step| step_name(step, self.language)).collect();
            let by = step_name(by, self.language);
            if !blocked.is_empty() {
                let text = match self.zh() {
                    true => format!("因“{by}”未通过而未能执行：{}", blocked.join("、")),
                    false => format!("not run because of {by}: {}", blocked.join(", ")),
                };
                lines.push(vec![plain("    "), unsure("? "), plain(text)]);
            }
        }
        lines
    }

    /// What to do next, what not to conclude, and until when the answer holds.
    fn show_advice(&self, out: &mut Out) {
        let labels = if self.zh() {
            ["下一步：", "注意：", "此结论至："]
        } else {
            ["Next: ", "Caution: ", "Good until: "]
        };
        let [next, caution, until] = labels;
        let (text, command) = next::step(self.report, self.path, self.language);
        if let Some(text) = text {
            out.line(&[plain(INDENT), dim(next), plain(text)]);
        }
        if let (Some(command), Detail::Whole) = (command, self.detail) {
            out.line(&[plain("    "), bold(command)]);
        }
        let warned = match self.report.steps().deciding() {
            Some((_, reason)) => reason.caution(),
            // That it is good says nothing of who holds it in his hand.
            None if self.report.steps().presentation == Asked::NotAsked => Caution::NotHolder,
            None => Caution::None,
        };
        let warned = warned.text(self.language);
        if !warned.is_empty() {
            out.line(&[plain(INDENT), dim(caution), plain(warned)]);
        }
        // An answer that is none is good for nothing until more is known.
        if self.report.verdict() != Verdict::Undetermined
            && let Some(good_until) = self.report.good_until()
        {
            let why = self.report.ends_by().map(|bound| ends(bound, self.language)).unwrap_or_default();
            let until_when = plain(format!("{} +08:00", local_text(good_until)));
            let why = if self.zh() { format!("（{why}）") } else { format!(" ({why})") };
            out.line(&[plain(INDENT), dim(until), until_when, dim(why)]);
        }
    }

    /// What the trust list publishes about it.
    fn defects(&self) -> impl Iterator<Item = String> + '_ {
        self.report.defects().map(|defect| match self.zh() {
            true => format!("已公布的瑕疵 {}：{}", defect.id, defect.names.get("zh")),
            false => format!("Published defect {}: {}", defect.id, defect.names.get("en")),
        })
    }

    /// About which times was asked, where that is not now.
    fn asked_times(&self) -> Vec<String> {
        let told = |zh: &str, en: &str, at| match self.zh() {
            true => format!("{zh}{} +08:00", local_text(at)),
            false => format!("{en} {} +08:00", local_text(at)),
        };
        let event =
            self.report.event_time().map(|at| told("所问为当时是否有效：", "Asked whether it was in force at", at));
        let known = self.report.known_as_of().map(|at| told("按当时所知判断：", "Judged by what was known at", at));
        event.into_iter().chain(known).collect()
    }

    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> =
            self.report.warnings().map(|warning| warning.text(self.language).to_owned()).collect();
        if let Some(Ok(decoded)) = self.carried
            && !decoded.repaired.is_empty()
        {
            let harms: Vec<&str> = decoded.repaired.iter().map(|repair| repair_name(repair, self.language)).collect();
            remarks.push(match self.zh() {
                true => format!("{}在读取时已修复：{}", carrier_name(decoded.carrier, self.language), harms.join("、")),
                false => format!(
                    "The {} was repaired on reading: {}",
                    carrier_name(decoded.carrier, self.language),
                    harms.join(", ")
                ),
            });
        }
        remarks.extend(self.defects());
        remarks.extend(self.asked_times());
        remarks.extend(self.reading.remark().map(|remark| remark.get(self.language).to_owned()));
        remarks
    }
}

/// `Revoked (501 status.revoked)`
fn named(reason: Reason, language: Language) -> String {
    let text = reason.text(language);
    match language {
        Language::Zh => format!("{text}（{} {}）", reason.number(), reason.symbol()),
        Language::En => format!("{text} ({} {})", reason.number(), reason.symbol()),
    }
}

const fn kind_name(kind: ObjectKind, language: Language) -> &'static str {
    match (kind, language) {
        (ObjectKind::TrustList, Language::Zh) => "互认清单",
        (ObjectKind::TrustList, Language::En) => "trust list",
        (ObjectKind::Directory, Language::Zh) => "机构目录",
        (ObjectKind::Directory, Language::En) => "directory",
        (ObjectKind::StatusList, Language::Zh) => "吊销清单",
        (ObjectKind::StatusList, Language::En) => "status list",
    }
}

const fn step_name(step: Step, language: Language) -> &'static str {
    let Language::Zh = language else { return step.name() };
    match step {
        Step::Encoding => "编码",
        Step::Issuer => "颁发者",
        Step::Signature => "签名",
        Step::Period => "有效期",
        Step::Status => "状态",
        Step::Recognition => "互认",
        Step::Presentation => "亮证",
        Step::Document => "文档",
        Step::Seal => "印章",
    }
}

/// What ends the answer.
const fn ends(bound: Bound, language: Language) -> &'static str {
    let (zh, en) = match bound {
        Bound::ClockSet => ("本机时钟须先校准", "the device's clock must be set first"),
        Bound::AskedTime => ("所问时间到来", "the time asked about comes"),
        Bound::Validity => ("证照有效期的起止", "its validity begins or ends"),
        Bound::IssueTime => ("签发时间到来", "its issue time comes"),
        Bound::CredentialExpiry => ("电子凭证须更新", "the credential must be refreshed"),
        Bound::CopyExpiry => ("加注件截止", "the copy expires"),
        Bound::TrustListDue => ("互认清单应更新", "a newer trust list is due"),
        Bound::TrustListGrace => ("互认清单宽限期满", "the trust list's grace ends"),
        Bound::TrustListExpiry => ("互认清单失效", "the trust list expires"),
        Bound::DirectoryDue => ("机构目录应更新", "a newer directory is due"),
        Bound::DirectoryGrace => ("机构目录宽限期满", "the directory's grace ends"),
        Bound::DirectoryExpiry => ("机构目录失效", "the directory expires"),
        Bound::StatusListDue => ("吊销清单应更新", "a newer status list is due"),
        Bound::StatusListGrace => ("吊销清单宽限期满", "the status list's grace ends"),
        Bound::StatusAge => ("吊销清单超过互认规则所许的时长", "the status is older than the rule admits"),
        Bound::Standing => ("省份或信任锚的变动生效", "a change of province or anchor takes effect"),
        Bound::Defect => ("已公布的瑕疵生效", "a published defect takes effect"),
        Bound::Rule => ("互认规则的起止", "a recognition rule begins or ends"),
        Bound::Presentation => ("亮证过时", "the presentation runs out"),
        Bound::Sunset => ("签名算法停用", "an algorithm is no longer relied on"),
        _ => ("其他期限", "another bound"),
    };
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

const fn carrier_name(carrier: Carrier, language: Language) -> &'static str {
    match (carrier, language) {
        (Carrier::Block(_), Language::Zh) => "文本块",
        (_, Language::Zh) => "二维码文字",
        (Carrier::Block(_), Language::En) => "text block",
        (_, Language::En) => "text of the code",
    }
}

const fn repair_name(repair: Repair, language: Language) -> &'static str {
    match (repair, language) {
        (Repair::WhiteSpace, Language::Zh) => "首尾空白",
        (Repair::WhiteSpace, Language::En) => "white space around it",
        (Repair::FullWidthDigits, Language::Zh) => "全角数字",
        (Repair::FullWidthDigits, Language::En) => "full-width digits",
        (Repair::LowerCase, Language::Zh) => "小写字母",
        (Repair::LowerCase, Language::En) => "lower case",
        (Repair::LineEnds, Language::Zh) => "换行符",
        (Repair::LineEnds, Language::En) => "line ends",
    }
}
