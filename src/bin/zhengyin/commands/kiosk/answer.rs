//! The answer to a scan: `zhengyin.scan/1` for programs, a card for people.

use super::card;
use super::challenge::Shown;
use super::fault;
use super::stamp;
use crate::clock::Reading;
use crate::commands::verify::{Besides, Card, Detail, report_json};
use crate::output::{Failure, Say, Span, bad, bold, good, say, unsure};
use serde_json::{Value, json};
use zhengyin::carrier::{self, Carrier, Decoded, Repairs};
use zhengyin::claims::id::RegionPrefix;
use zhengyin::reason::{Language, Reason};
use zhengyin::scan::{Offered, Use, Waiting};
use zhengyin::time::Timestamp;
use zhengyin::trust::Province;
use zhengyin::verify::{StampsReport, Texts, Verdict};

/// In which form answers are wanted.
pub(super) struct Form {
    pub(super) is_json: bool,
    pub(super) show_fields: bool,
    pub(super) language: Language,
    pub(super) is_verbose: bool,
}

/// What an answer looks like from afar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Face {
    /// No answer: it waits for a scan.
    Ready,
    Valid,
    Invalid,
    Undetermined,
    /// Other parts are missing.
    More,
    NotRead,
    NotLicense,
}

impl Face {
    #[cfg(test)]
    pub(super) const ALL: [Self; 7] =
        [Self::Ready, Self::Valid, Self::Invalid, Self::Undetermined, Self::More, Self::NotRead, Self::NotLicense];

    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Ready => ("请扫码", "SCAN A CODE"),
            Self::Valid => ("有效", "VALID"),
            Self::Invalid => ("无效", "INVALID"),
            Self::Undetermined => ("无法判定", "UNDETERMINED"),
            Self::More => ("还有部分未扫", "MORE TO SCAN"),
            Self::NotRead => ("未能读出", "NOT READ"),
            Self::NotLicense => ("不是证照", "NOT A LICENSE"),
        }
    }

    /// The sign, large.
    pub(super) const fn sign(self) -> [&'static str; 6] {
        match self {
            Self::Ready => [
                "┏━━        ━━┓",
                "┃            ┃",
                "              ",
                "              ",
                "┃            ┃",
                "┗━━        ━━┛",
            ],
            Self::Valid => [
                "            ██",
                "          ██  ",
                "██      ██    ",
                "  ██  ██      ",
                "    ██        ",
                "              ",
            ],
            Self::Invalid => {
                ["██        ██", "  ██    ██  ", "    ████    ", "    ████    ", "  ██    ██  ", "██        ██"]
            }
            Self::Undetermined => ["  ██████  ", "██      ██", "      ██  ", "    ██    ", "          ", "    ██    "],
            Self::More => [
                "              ",
                "              ",
                "              ",
                "              ",
                "██    ██    ██",
                "              ",
            ],
            Self::NotRead => ["██", "██", "██", "██", "  ", "██"],
            Self::NotLicense => {
                ["            ", "            ", "████████████", "████████████", "            ", "            "]
            }
        }
    }

    /// In its colour, which says no more than the sign and the words.
    pub(super) fn span(self, text: String) -> Span {
        match self {
            Self::Valid => good(text),
            Self::Invalid | Self::NotRead => bad(text),
            Self::Undetermined | Self::More | Self::NotLicense => unsure(text),
            Self::Ready => bold(text),
        }
    }
}

/// What is said of one scan.
pub(super) struct Told {
    pub(super) face: Face,
    pub(super) json: Option<Value>,
    pub(super) card: Vec<Vec<Span>>,
    /// The challenge that goes with it, drawn.
    pub(super) challenge: Vec<Vec<Span>>,
    /// What could not be written beside it.
    pub(super) failures: Vec<Failure>,
}

/// What a scan was.
pub(super) enum Kind<'a> {
    /// Something that was verified.
    Verdict(Box<Card<'a>>, &'a Decoded),
    /// A stamp, which was verified as far as it can be without its document.
    Stamp(Box<StampsReport<'a>>, &'a Decoded),
    /// A part of a code of which others are missing.
    Part(&'a Waiting),
    /// Nothing that could be read, or nothing of ours.
    Unread(carrier::Error),
    /// An object of ours that is no license.
    Other(Offered, &'a Decoded),
}

pub(super) struct Answer<'a> {
    /// Which scan it is, from 1.
    pub(super) n: u64,
    pub(super) reading: Reading,
    pub(super) kind: Kind<'a>,
    pub(super) besides: Besides,
    pub(super) before: Option<Use>,
    pub(super) challenge: Option<&'a Shown>,
    pub(super) contact: Option<(RegionPrefix, &'a Province)>,
    pub(super) receipt: Option<String>,
}

impl Answer<'_> {
    pub(super) fn told(&self, form: &Form, failures: Vec<Failure>) -> Told {
        let json = form.is_json.then(|| self.json(form.show_fields));
        let (card, challenge) = match form.is_json {
            true => (Vec::new(), Vec::new()),
            false => (card::lines(self, form), card::challenge(self)),
        };
        Told { face: self.face(), json, card, challenge, failures }
    }

    pub(super) fn face(&self) -> Face {
        match &self.kind {
            // It may be proved bad, but not good.
            Kind::Stamp(report, _) if report.verdict() == Verdict::Invalid => Face::Invalid,
            Kind::Stamp(..) => Face::Undetermined,
            Kind::Verdict(card, _) => match card.report.verdict() {
                Verdict::Valid => Face::Valid,
                Verdict::Invalid => Face::Invalid,
                Verdict::Undetermined => Face::Undetermined,
            },
            Kind::Part(_) => Face::More,
            Kind::Unread(carrier::Error::NotOurs(_)) | Kind::Other(..) => Face::NotLicense,
            Kind::Unread(_) => Face::NotRead,
        }
    }

    const fn word(&self) -> &'static str {
        match self.kind {
            Kind::Verdict(..) | Kind::Stamp(..) => "verdict",
            Kind::Part(_) => "part",
            Kind::Unread(carrier::Error::NotOurs(_)) => "foreign",
            Kind::Unread(_) => "unreadable",
            Kind::Other(..) => "other_object",
        }
    }

    fn reason(&self) -> Option<Reason> {
        match &self.kind {
            Kind::Verdict(card, _) => card.report.steps().deciding().map(|(_, reason)| reason),
            Kind::Stamp(report, _) => report.deciding().map(|(_, reason)| reason),
            Kind::Part(Waiting { of_another: true, .. }) => Some(Reason::CarrierPartsMixed),
            Kind::Part(_) => Some(Reason::CarrierPartMissing),
            Kind::Unread(error) => Some(error.reason()),
            Kind::Other(..) => Some(Reason::EncodingWrongType),
        }
    }

    /// What it is, in a word, where no verdict says it.
    const fn what(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Verdict(..) | Kind::Stamp(..) | Kind::Part(_) => None,
            Kind::Unread(error) => Some(fault::word(error)),
            Kind::Other(offered, _) => Some(offered.symbol()),
        }
    }

    /// What it is, in a sentence that names nobody.
    pub(super) fn text(&self) -> Say {
        match &self.kind {
            Kind::Verdict(card, _) => {
                let of = |language| Card { language, detail: Detail::Redacted, ..**card }.ground();
                Say { zh: of(Language::Zh), en: of(Language::En) }
            }
            Kind::Stamp(report, _) => stamp::text(report),
            Kind::Part(waiting) => {
                let (number, total) = (waiting.number, waiting.total);
                say!("已扫第 {number} 部分，共 {total} 部分", "part {number} of {total} was scanned")
            }
            Kind::Unread(error) => fault::text(*error),
            Kind::Other(offered, _) => {
                Say { zh: offered.text(Language::Zh).to_owned(), en: offered.text(Language::En).to_owned() }
            }
        }
    }

    fn repaired(&self) -> Repairs {
        match self.kind {
            Kind::Verdict(_, decoded) | Kind::Stamp(_, decoded) | Kind::Other(_, decoded) => decoded.repaired,
            Kind::Part(waiting) => waiting.repaired,
            Kind::Unread(_) => Repairs::default(),
        }
    }

    /// Nothing of the holder, and nothing of what was scanned, stands in it unless `show_fields` says so.
    fn json(&self, show_fields: bool) -> Value {
        let detail = if show_fields { Detail::Whole } else { Detail::Redacted };
        let (verdict, report, carrier) = match &self.kind {
            Kind::Verdict(card, decoded) => {
                let report = report_json(card.report, detail);
                (Some(card.report.verdict().name()), Some(report), Some(carrier_json(decoded)))
            }
            Kind::Stamp(report, decoded) => {
                let told = stamp_json(report, detail);
                (Some(report.verdict().name()), told, Some(carrier_json(decoded)))
            }
            Kind::Other(_, decoded) => (None, None, Some(carrier_json(decoded))),
            Kind::Part(_) | Kind::Unread(_) => (None, None, None),
        };
        let parts = match &self.kind {
            Kind::Part(waiting) => json!({
                "number": waiting.number, "total": waiting.total, "missing": waiting.missing,
                "of_another": waiting.of_another,
            }),
            _ => Value::Null,
        };
        let Besides { next, caution, .. } = &self.besides;
        json!({
            "schema": "zhengyin.scan/1", "n": self.n, "at": self.reading.now().map(Timestamp::seconds),
            "clock": self.reading.word(), "answer": self.word(), "verdict": verdict,
            "reason": self.reason().map(Reason::symbol), "number": self.reason().map(Reason::number),
            "what": self.what(), "text": said(&self.text()),
            "carrier": carrier, "repaired": self.repaired().iter().map(carrier::Repair::symbol).collect::<Vec<_>>(),
            "parts": parts,
            "used_before": self.before.map(|before| json!({
                "times": before.times, "first": before.first.seconds(), "last": before.last.seconds(),
            })),
            "next": next.iter().map(said).collect::<Vec<_>>(), "caution": caution.as_ref().map(said),
            "contact": self.contact.map(|(code, province)| json!({
                "province": code.as_str(), "phone": province.contact.phone, "url": province.contact.url,
                "name": {"zh": province.names.get("zh"), "en": province.names.get("en")},
            })),
            "challenge": self.challenge.map(Shown::json), "receipt": self.receipt, "report": report,
        })
    }
}

/// The report of the stamp that decides: a code has room for one.
fn stamp_json(report: &StampsReport<'_>, detail: Detail) -> Option<Value> {
    let decides = report.stamps().iter().find(|stamp| stamp.verdict() == report.verdict())?;
    let told = match detail {
        Detail::Whole => decides.to_value(Texts::Both),
        Detail::Redacted => decides.to_value(Texts::Both).redacted(),
    };
    serde_json::to_value(told).ok()
}

fn said(text: &Say) -> Value {
    json!({"zh": text.zh, "en": text.en})
}

fn carrier_json(decoded: &Decoded) -> Value {
    let kind = match decoded.carrier {
        Carrier::Digits => "digits",
        Carrier::Base45 => "base45",
        _ => "block",
    };
    json!({"kind": kind, "form": decoded.form.number(), "parts": decoded.parts})
}
