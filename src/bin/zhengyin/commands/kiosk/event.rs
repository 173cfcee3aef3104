//! What happens at a kiosk besides scans: `zhengyin.kiosk/1`.

use crate::clock::Reading;
use crate::files;
use crate::output::{Failure, Say, say};
use serde_json::{Value, json};
use std::io;
use std::path::Path;
use zhengyin::policy::Policy;
use zhengyin::store::Store;
use zhengyin::time::Timestamp;

use super::held::Looked;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// It waits for scans.
    Ready,
    /// Where scans come from is gone; it is waited for.
    DeviceGone,
    DeviceBack,
    /// Other trust data counts from the next scan on.
    StoreTaken,
    /// Other trust data was refused: what was held counts on.
    StoreKept,
    /// The parts of a code waited too long.
    PartsGivenUp,
    /// A receipt or a log could not be written.
    RecordFailed,
    /// No scan will be answered any more.
    Ended,
}

impl What {
    const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::DeviceGone => "device_gone",
            Self::DeviceBack => "device_back",
            Self::StoreTaken => "store_taken",
            Self::StoreKept => "store_kept",
            Self::PartsGivenUp => "parts_given_up",
            Self::RecordFailed => "record_failed",
            Self::Ended => "ended",
        }
    }
}

pub(super) struct Event {
    what: What,
    text: Option<Say>,
    challenge: Option<Value>,
}

impl Event {
    pub(super) fn of(what: What) -> Self {
        let text = match what {
            What::Ready => say!("请扫码", "ready: scan a code"),
            What::DeviceBack => say!("扫描器已接上", "the scanner is there again"),
            _ => return Self { what, text: None, challenge: None },
        };
        Self { what, text: Some(text), challenge: None }
    }

    const fn saying(what: What, text: Say) -> Self {
        Self { what, text: Some(text), challenge: None }
    }

    pub(super) fn with_challenge(self, challenge: Option<Value>) -> Self {
        Self { challenge, ..self }
    }

    pub(super) fn gone(input: &Path, error: &io::Error) -> Self {
        let shown = files::quoted(input);
        Self::saying(
            What::DeviceGone,
            say!(
                "{shown} 已断开（{error}）：接上后自动继续",
                "{shown} is gone ({error}): it is waited for, and read again when it is back"
            ),
        )
    }

    pub(super) fn parts_given_up((had, total): (usize, u8)) -> Self {
        Self::saying(
            What::PartsGivenUp,
            say!(
                "等候过久，已放弃所扫的 {had} 部分（共 {total} 部分）：请重新扫描全部",
                "{had} of {total} parts waited too long and were given up: scan all of them again"
            ),
        )
    }

    pub(super) fn store(looked: Looked) -> Self {
        match looked {
            Looked::Taken => Self::saying(
                What::StoreTaken,
                say!("自下一次扫描起采用新的信任数据", "other trust data counts from the next scan on"),
            ),
            Looked::Same => Self::saying(
                What::StoreTaken,
                say!("已重新读取信任库，没有变化", "the store was read again, and is the same"),
            ),
            Looked::Kept(why) => Self::saying(What::StoreKept, why),
        }
    }

    pub(super) fn record_failed(failure: &Failure) -> Self {
        Self::saying(What::RecordFailed, failure.text())
    }

    pub(super) const fn text(&self) -> Option<&Say> {
        self.text.as_ref()
    }

    /// Must a person do something about it?
    pub(super) const fn is_trouble(&self) -> bool {
        matches!(self.what, What::DeviceGone | What::StoreKept | What::RecordFailed)
    }

    pub(super) fn json(&self, store: &Store, reading: Reading, policy: &Policy) -> Value {
        let held = store.trust().map(|trust| {
            let list = trust.list();
            json!({
                "federation": list.federation, "seq": list.seq, "issued": list.issued.seconds(),
                "next_update": list.next_update.seconds(), "expires": list.expires.seconds(),
                "directories": store.directories().count(), "status_lists": store.statuses().count(),
                "floor": store.floor().seconds(),
            })
        });
        json!({
            "schema": "zhengyin.kiosk/1", "event": self.what.word(), "at": reading.now().map(Timestamp::seconds),
            "clock": reading.word(), "text": self.text.as_ref().map(|text| json!({"zh": text.zh, "en": text.en})),
            "held": held, "policy": policy.name, "region": policy.region.map(|region| region.as_str().to_owned()),
            "challenge": self.challenge,
        })
    }
}
