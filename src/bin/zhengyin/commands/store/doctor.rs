//! `store doctor`: what keeps this verifier from answering, or soon will, and what to do about it.

mod anchors;
mod examine;
mod kiosk;
mod suites;

use super::intake::name;
use super::show::{line, row_json, rows};
use crate::args::Global;
use crate::clock::{ClockArg, Reading, duration, local_text, stretch};
use crate::keys::Place;
use crate::output::{Exit, Failure, Loudness, Out, bad, bold, dim, good, plain, say, unsure};
use crate::policies::Chosen;
use crate::stores::{StoreArg, StoreFile};
use anchors::Anchor;
use examine::{Finding, When};
use kiosk::Tried;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use zhengyin::policy::Policy;
use zhengyin::reason::Language;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::Digest;
use zhengyin::time::Timestamp;

/// Tell what keeps this verifier from answering, or soon will
///
/// Looks at what is held, at its ages, anchors and algorithms, at the clock, and at evidence of faults. Exit 0: nothing stands in the way; 20:
/// something makes verdicts undetermined now, or within the time of --within; 1: what --kiosk tries does not work.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin store doctor\n  zhengyin store doctor --within 3d --json\n  zhengyin store doctor --policy hall.toml\n  zhengyin store doctor --kiosk --device counter-3.pem"
)]
pub(super) struct Args {
    /// How far to look ahead
    #[arg(long, value_name = "DURATION", default_value = "7d", value_parser = ahead)]
    within: i64,
    /// By which policy: counter, kiosk, archive, strict, or a file in TOML
    #[arg(long, value_name = "NAME|FILE", value_parser = Chosen::parse, default_value = "counter")]
    policy: Chosen,
    /// Try a kiosk too: known-good and known-bad codes, sent the way of every scan
    #[arg(long)]
    kiosk: bool,
    /// The device's key that signs receipts, to be tried with --kiosk: a file, exec:PROGRAM or pkcs11:…
    #[arg(long, value_name = "KEY", requires = "kiosk")]
    device: Option<Place>,
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    clock: ClockArg,
}

fn ahead(text: &str) -> Result<i64, String> {
    duration(text).ok_or_else(|| format!("`{text}` is no duration: write 12h, 7d or 30d"))
}

/// Everything that was looked at.
struct Examined<'s> {
    file: &'s StoreFile,
    store: &'s Store,
    pin: Option<Pin>,
    policy: Policy,
    reading: Reading,
    within: i64,
    anchors: Vec<Anchor>,
    findings: Vec<Finding>,
    /// Files of bodies that no list needs.
    superfluous: Vec<String>,
    /// What was tried of a kiosk.
    tried: Option<Tried>,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let file = args.store.find(global)?;
    let policy = args.policy.read()?;
    let reading = args.clock.read(global)?;
    // Where there is none, that is what is found.
    let held = file.read()?;
    let pin = held.as_ref().map(Store::pin);
    let store = held.unwrap_or_else(|| Store::new(Pin::new(Digest::new([0; 32]))));
    let findings = examine::findings(&store, &policy, reading, args.within);
    let anchors = anchors::all(&store, reading.now());
    let superfluous = file.superfluous(&store).iter().map(|path| path.display().to_string()).collect();
    let within = args.within;
    let tried = args.kiosk.then(|| Tried::all(args.device.as_ref(), &store, global)).transpose()?;
    let examined =
        Examined { file: &file, store: &store, pin, policy, reading, within, anchors, findings, superfluous, tried };
    if let Some(remark) = reading.remark() {
        out.remark(Loudness::Normal, &remark);
    }
    examined.tell(out);
    out.json(&examined.json(out.language));
    let health = match examined.worst() {
        Some(When::Now | When::At(_)) => Exit::Undetermined,
        Some(When::Never) | None => Exit::Done,
    };
    let broken = examined.tried.as_ref().is_some_and(Tried::is_broken).then_some(Exit::CouldNotRun);
    Ok(Exit::of_all(broken.into_iter().chain([health])))
}

impl Examined<'_> {
    fn worst(&self) -> Option<When> {
        self.findings.iter().map(|finding| finding.when).min()
    }

    fn tell(&self, out: &mut Out) {
        let zh = out.language == Language::Zh;
        let label =
            |zh_text: &'static str, en: &'static str| dim(crate::output::pad(if zh { zh_text } else { en }, 10));
        out.line(&[label("信任库", "store"), plain(self.file.path().display().to_string())]);
        out.line(&[label("时钟", "clock"), plain(self.clock_text(zh))]);
        out.line(&[label("时间下限", "floor"), plain(self.floor_text(out))]);
        for row in &rows(self.store, self.reading, out.language) {
            out.line(&line(row, self.reading, out));
        }
        for anchor in &self.anchors {
            out.line(&anchor.line(self.reading.now(), out.language));
        }
        for evidence in self.store.evidence() {
            let (kind, reason) = (name(evidence.kind), evidence.reason);
            let text =
                format!("{} #{}: {} ({})", out.say(&kind), evidence.seq, reason.text(out.language), reason.symbol());
            out.line(&[unsure(if zh { "! 证据  " } else { "! evidence  " }), plain(text)]);
        }
        if let Some(tried) = &self.tried {
            tried.tell(out);
        }
        out.line(&[]);
        for finding in &self.findings {
            let mark = match finding.when {
                When::Now => bad("✗ "),
                When::At(_) => unsure("! "),
                When::Never => dim("– "),
            };
            out.line(&[mark, plain(finding.text.get(out.language))]);
        }
        for file in &self.superfluous {
            let text = say!(
                "{file}：没有清单需要它，下一次 store apply 会删除",
                "{file}: no list needs it, and the next store apply removes it"
            );
            out.line(&[dim("– "), plain(out.say(&text))]);
        }
        // What helps, once.
        let helps: BTreeSet<&str> = self.findings.iter().filter_map(|finding| finding.next.as_deref()).collect();
        for help in helps {
            out.line(&[plain("    "), bold(help)]);
        }
        let (ahead_zh, ahead_en) = (stretch(self.within, Language::Zh), stretch(self.within, Language::En));
        let conclusion = match self.worst() {
            Some(When::Now) => say!("有核验结果现在就无法判定", "Some verdicts are undetermined now"),
            Some(When::At(_)) => {
                say!("{ahead_zh}之内会有核验结果无法判定", "Some verdicts will be undetermined within {ahead_en}")
            }
            // What a policy asks for, or the trust list says, was told above, and is no fault of the store.
            Some(When::Never) => {
                say!(
                    "除此之外，{ahead_zh}之内没有会使核验无法判定的事",
                    "Nothing else makes verdicts undetermined within {ahead_en}"
                )
            }
            None => {
                say!("{ahead_zh}之内没有会使核验无法判定的事", "Nothing makes verdicts undetermined within {ahead_en}")
            }
        };
        let sign = match self.worst() {
            Some(When::Now) => bad("✗ "),
            Some(When::At(_)) => unsure("! "),
            Some(When::Never) | None => good("✓ "),
        };
        out.line(&[sign, plain(out.say(&conclusion))]);
    }

    fn clock_text(&self, zh: bool) -> String {
        let Some(now) = self.reading.now() else { return if zh { "无" } else { "none" }.to_owned() };
        let window = self.store.window(self.reading.clock());
        let off = match self.reading.clock() {
            zhengyin::Clock::Reads { uncertainty, .. } => i64::from(uncertainty),
            zhengyin::Clock::Absent => 0,
        };
        let language = if zh { Language::Zh } else { Language::En };
        let off = stretch(off, language);
        let believed = window.basis() == zhengyin::time::Basis::Clock;
        let now = local_text(now);
        match (zh, believed) {
            (true, true) => format!("{now} +08:00，误差至多 {off}"),
            (true, false) => format!("{now} +08:00，早于时间下限，不采信"),
            (false, true) => format!("{now} +08:00, off by at most {off}"),
            (false, false) => format!("{now} +08:00, before the floor and not believed"),
        }
    }

    /// The floor, and which object set it.
    fn floor_text(&self, out: &Out) -> String {
        let (floor, set_by) = self.store.floor_set_by();
        let Some(set_by) = set_by else { return "–".to_owned() };
        let (kind, of, seq) = examine::identify(set_by);
        let kind = name(kind);
        let (at, kind) = (local_text(floor), out.say(&kind));
        // The trust list follows what is newer for eight days.
        let held_back = floor < set_by.dates().issued;
        match (out.language, held_back) {
            (Language::Zh, false) => format!("{at} +08:00，由 {of} {kind} #{seq} 确定"),
            (Language::Zh, true) => format!("{at} +08:00，由 {of} {kind} #{seq} 确定，以互认清单签发后八日为限"),
            (Language::En, false) => format!("{at} +08:00, set by {kind} #{seq} of {of}"),
            (Language::En, true) => {
                format!("{at} +08:00, set by {kind} #{seq} of {of}, up to eight days after the trust list")
            }
        }
    }

    /// Times in seconds since 1970, like those of a report.
    fn json(&self, language: Language) -> Value {
        let health = match self.worst() {
            Some(When::Now) => "undetermined",
            Some(When::At(_)) => "soon",
            Some(When::Never) | None => "well",
        };
        let (floor, set_by) = self.store.floor_set_by();
        let floor_by = set_by.map(|held| {
            let (kind, of, seq) = examine::identify(held);
            json!({"kind": kind.word(), "of": of, "seq": seq, "issued": held.dates().issued.seconds()})
        });
        let objects: Vec<Value> =
            rows(self.store, self.reading, language).iter().map(|row| row_json(row, self.reading)).collect();
        let evidence = self.store.evidence().iter().map(|evidence| {
            json!({
                "kind": evidence.kind.word(), "seq": evidence.seq, "digest": evidence.digest.to_string(),
                "reason": evidence.reason.symbol(), "number": evidence.reason.number(),
            })
        });
        json!({
            "schema": "zhengyin.store-doctor/1", "store": self.file.path(), "pin": self.pin.map(|pin| pin.to_string()),
            "clock": self.reading.word(), "now": self.reading.now().map(Timestamp::seconds), "within": self.within,
            "policy": self.policy.name, "floor": floor.seconds(), "floor_by": floor_by, "health": health,
            "objects": objects, "anchors": self.anchors.iter().map(Anchor::json).collect::<Vec<_>>(),
            "kiosk": self.tried.as_ref().map(Tried::json),
            "superfluous": self.superfluous, "evidence": evidence.collect::<Vec<_>>(), "findings": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
        })
    }
}
