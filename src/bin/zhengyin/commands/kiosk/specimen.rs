//! Codes whose answers are known, sent the way of every scan: what a kiosk tries itself by.
//!
//! The license is one of the demonstration federation, and the store holds what it takes to judge it, as of one hour of one day. Both are
//! what the tests' own world gives (`tests/kiosk/specimens.rs`).

use super::answer::Form;
use super::challenge::{Challenges, When};
use super::desk::{Asks, Desk};
use super::kept::Kept;
use super::receipts::Receipts;
use super::seals::Seals;
use crate::clock::Reading;
use crate::output::{Failure, Say, say};
use std::time::Duration;
use zhengyin::carrier::{self, Prepared};
use zhengyin::claims::id::Region;
use zhengyin::policy::Policy;
use zhengyin::reason::Language;
use zhengyin::scan::{Collector, Framer, IDLE, PARTS_WITHIN};
use zhengyin::store::Store;
use zhengyin::time::Timestamp;

const STORE: &[u8] = include_bytes!("specimen/trust.store");
const LICENSE: &str = include_str!("specimen/license.txt");
/// An hour after the lists were issued.
const AT: i64 = 1_790_820_000;
const HERE: &str = "990102";

/// One trial, and what came of it.
pub(in crate::commands) struct Trial {
    pub(in crate::commands) name: Say,
    /// As expected?
    pub(in crate::commands) passed: bool,
    /// What was answered: kind, verdict, ground.
    pub(in crate::commands) answered: Vec<String>,
}

/// Known-good and known-bad codes, each with the answers that it must get.
struct Specimen {
    name: Say,
    scan: String,
    expected: &'static [&'static str],
}

/// Sends each specimen through framing, collecting, reading, verifying and telling.
pub(in crate::commands) fn self_test() -> Result<Vec<Trial>, Failure> {
    let damaged = || Failure::new(say!("内置的自检数据已损坏", "the built-in specimens are damaged"));
    let store = Store::from_bytes(STORE).map_err(|_| damaged())?;
    let at = Timestamp::new(AT).ok_or_else(damaged)?;
    let region = Region::parse(HERE).map_err(|_| damaged())?;
    let form = Form { is_json: true, show_fields: false, language: Language::En, is_verbose: false };
    let mut trials = Vec::new();
    for Specimen { name, scan, expected } in specimens().ok_or_else(damaged)? {
        let asks = Asks { policy: Policy::kiosk(Some(region)), audience: None, purpose: None, use_case: None };
        let challenges = Challenges::new(When::Never, None, None)?;
        let mut desk = Desk::new(asks, Collector::new(PARTS_WITHIN), Kept::in_memory()?, challenges, Seals::default());
        let mut framer = Framer::new(Some(IDLE));
        let mut frames = framer.push(scan.as_bytes(), Duration::ZERO);
        frames.extend(framer.poll(IDLE));
        let mut receipts = Receipts::none();
        let answered: Vec<String> = frames
            .into_iter()
            .map(|frame| {
                let held = (&store, Reading::told(at));
                let told = desk.answer(frame, Duration::ZERO, held, &mut receipts, &form);
                let json = told.json.unwrap_or_default();
                let word = |name: &str| json.get(name).and_then(|word| word.as_str()).unwrap_or("-").to_owned();
                format!("{} {} {}", word("answer"), word("verdict"), word("reason"))
            })
            .collect();
        let passed = answered.iter().map(String::as_str).eq(expected.iter().copied());
        trials.push(Trial { name, passed, answered });
    }
    Ok(trials)
}

fn specimens() -> Option<Vec<Specimen>> {
    let good = LICENSE.trim_end();
    let bytes = carrier::decode(good).ok()?.bytes;
    let base45 = carrier::encode_base45(&bytes).ok()?.to_lowercase();
    let parts = Prepared::plain(&bytes).ok()?.split(400).ok()?;
    let parts: String = parts.iter().rev().map(|part| part.digits() + "\r\n").collect();
    let mut altered = bytes.clone();
    // Within the payload, before the signature and its head.
    let at = altered.len().checked_sub(200)?;
    *altered.get_mut(at)? ^= 1;
    let altered = carrier::encode_digits(&altered).ok()?;
    let wide: String = good.chars().filter_map(|c| char::from_u32(u32::from(c).checked_add(0xfee0)?)).collect();
    let cut = good.get(..good.len().checked_sub(3)?)?.to_owned();
    let of = |name: Say, scan: String, expected| Specimen { name, scan, expected };
    Some(vec![
        of(say!("真证照，无换行", "a good license, without a line end"), good.to_owned(), &["verdict valid -"]),
        of(say!("真证照，全角数字", "the same in full-width digits"), wide + "\n", &["verdict valid -"]),
        of(say!("真证照，小写 base45", "the same in base45, in lower case"), base45 + "\r\n", &["verdict valid -"]),
        of(
            say!("真证照，分为两部分", "the same in two parts, the second first"),
            parts,
            &["part - carrier.part_missing", "verdict valid -"],
        ),
        of(say!("被改动的证照", "the same, altered"), altered + "\n", &["verdict invalid signature.bad"]),
        of(say!("不完整的码", "the same, cut off"), cut + "\n", &["unreadable - carrier.malformed"]),
        of(say!("两码相连", "two codes run together"), good.repeat(2) + "\n", &["unreadable - carrier.run_together"]),
        of(
            say!("其他系统的码", "codes of other systems"),
            "https://example.com/\nHC1:6BFOXN\n134567890123456789\n".to_owned(),
            &["foreign - carrier.unknown", "foreign - carrier.unknown", "foreign - carrier.unknown"],
        ),
    ])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::self_test;

    #[test]
    fn every_specimen_gets_its_answer() {
        for trial in self_test().unwrap() {
            assert!(trial.passed, "{}: {:?}", trial.name.en, trial.answered);
        }
    }
}
