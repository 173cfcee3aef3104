//! The anchors of the provinces: how long each may vouch.

use crate::clock::{local_text, stretch};
use crate::output::{Span, bad, bold, dim, good, pad, plain, unsure};
use serde_json::{Value, json};
use zhengyin::reason::Language;
use zhengyin::store::Store;
use zhengyin::time::{Certainty, TimeWindow, Timestamp};
use zhengyin::trust::{HistoryEntry, HistoryState};
use zhengyin::x509::Certificate;

/// An anchor, as it is shown.
pub(super) struct Anchor {
    pub(super) province: String,
    name_zh: String,
    name_en: String,
    uses: Vec<u8>,
    from: i64,
    /// When it ends: by the trust list, or its certificate if that is earlier.
    pub(super) until: i64,
    pub(super) state: Option<HistoryState>,
    /// Can the certificate be read at all?
    readable: bool,
}

/// All anchors of the trust list, by province.
pub(super) fn all(store: &Store, now: Option<Timestamp>) -> Vec<Anchor> {
    let Some(trust) = store.trust() else { return Vec::new() };
    let provinces = trust.list().provinces.iter();
    let anchors = provinces.flat_map(|(code, province)| {
        province.anchors.iter().map(move |anchor| {
            let validity = Certificate::parse(&anchor.certificate).map(|certificate| certificate.validity());
            let certified = validity.as_ref().ok().and_then(|validity| validity.until()).unwrap_or(i64::MAX);
            Anchor {
                province: code.as_str().to_owned(),
                name_zh: province.names.get("zh").to_owned(),
                name_en: province.names.get("en").to_owned(),
                uses: anchor.uses.iter().map(|purpose| purpose.number()).collect(),
                from: anchor.interval.from(),
                until: anchor.interval.until().unwrap_or(i64::MAX).min(certified),
                state: now.and_then(|now| anchor.history.state_at(now)),
                readable: validity.is_ok(),
            }
        })
    });
    anchors.collect()
}

impl Anchor {
    fn word(&self) -> Option<&'static str> {
        self.state.map(|state| match state {
            HistoryState::Active => "active",
            HistoryState::Retired => "retired",
            HistoryState::Withdrawn => "withdrawn",
            HistoryState::Compromised => "compromised",
        })
    }

    fn name(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.name_zh,
            Language::En => &self.name_en,
        }
    }

    /// `✓ anchor   99 Province Jia   until 2034-12-18 (8 years)`
    pub(super) fn line(&self, now: Option<Timestamp>, language: Language) -> Vec<Span> {
        let zh = language == Language::Zh;
        let until = Timestamp::new(self.until).unwrap_or(Timestamp::MAX);
        let left = now.map(|now| until.since(now));
        let mark = match (self.state, left) {
            _ if !self.readable => bad("✗ "),
            (Some(HistoryState::Withdrawn | HistoryState::Compromised), _) => bad("✗ "),
            (Some(HistoryState::Retired), _) => dim("– "),
            (_, Some(left)) if left <= 0 => unsure("! "),
            _ => good("✓ "),
        };
        let until_text = match zh {
            true => format!("有效至 {} +08:00", local_text(until)),
            false => format!("until {} +08:00", local_text(until)),
        };
        let left = left.map_or_else(String::new, |left| {
            let stretch = stretch(left, language);
            match (zh, left >= 0) {
                (true, true) => format!("，还有 {stretch}"),
                (true, false) => format!("，已过 {stretch}"),
                (false, true) => format!(", {stretch} left"),
                (false, false) => format!(", {stretch} ago"),
            }
        });
        let state = match (self.state, zh) {
            (Some(HistoryState::Active), _) | (None, _) => String::new(),
            (Some(HistoryState::Retired), true) => "  已停用".to_owned(),
            (Some(HistoryState::Withdrawn), true) => "  已撤回".to_owned(),
            (Some(HistoryState::Compromised), true) => "  已失密".to_owned(),
            (Some(_), false) => format!("  {}", self.word().unwrap_or_default()),
        };
        vec![
            mark,
            bold(pad(if zh { "信任锚" } else { "anchor" }, 18)),
            plain(pad(&format!("{} {}", self.province, self.name(language)), 36)),
            plain(format!(" {until_text}{left}{state}")),
        ]
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "province": self.province, "name": {"zh": self.name_zh, "en": self.name_en}, "uses": self.uses,
            "from": self.from, "until": self.until, "state": self.word(), "readable": self.readable,
        })
    }
}

/// When what stands in the way of a province or an anchor took effect, or will; the last entry rules.
pub(super) fn falls(entries: &[HistoryEntry], window: TimeWindow) -> Option<Timestamp> {
    let mut fallen = None;
    for entry in entries {
        match (entry.state, window.reached(entry.from.seconds())) {
            (HistoryState::Active, Certainty::Yes) => fallen = None,
            (HistoryState::Withdrawn | HistoryState::Compromised, Certainty::Yes | Certainty::Depends) => {
                fallen = fallen.or(Some(entry.from));
            }
            _ => {}
        }
    }
    fallen
}
