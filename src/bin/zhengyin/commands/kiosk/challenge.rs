//! The challenge that a kiosk shows: a nonce that is good once, for some minutes, and no clock.

use crate::output::{Failure, Say, Span, bold, plain, say};
use crate::qr::{Drawn, Level, MAX_VERSION, Symbol, draw};
use crate::secrets;
use serde_json::{Value, json};
use std::time::Duration;
use zhengyin::carrier;
use zhengyin::claims::{Challenge, Nonce};

/// How long a challenge may be answered.
const GOOD_FOR: Duration = Duration::from_secs(300);

/// When a challenge is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum When {
    /// Where an answer asks for one.
    Asked,
    /// At all times: nothing less than its answer will do.
    Always,
    Never,
}

impl When {
    /// For clap: the error is a text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "asked" => Ok(Self::Asked),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err("expected asked, always or never".to_owned()),
        }
    }
}

/// The challenge that is shown now, if one is.
pub(super) struct Challenges {
    when: When,
    audience: Option<String>,
    purpose: Option<String>,
    shown: Option<Shown>,
}

pub(super) struct Shown {
    nonce: Nonce,
    audience: Option<String>,
    purpose: Option<String>,
    text: String,
    symbol: Symbol,
    made: Duration,
}

impl Challenges {
    /// Words that a challenge cannot hold are told at the start.
    pub(super) fn new(when: When, audience: Option<String>, purpose: Option<String>) -> Result<Self, Failure> {
        let challenges = Self { when, audience, purpose, shown: None };
        challenges.make(Nonce::new([0; 16]), Duration::ZERO)?;
        Ok(challenges)
    }

    fn make(&self, nonce: Nonce, now: Duration) -> Result<Shown, Failure> {
        let refused = |why: Say| {
            Failure::usage(say!("核验方或用途的文字不可用", "the audience or purpose cannot be used")).because(why)
        };
        let challenge = Challenge::new(nonce, self.audience.as_deref(), self.purpose.as_deref());
        let bytes = challenge.encode().map_err(|error| refused(say!("{error}", "{error}")))?;
        let text = carrier::encode_digits(&bytes).map_err(|error| refused(say!("{error}", "{error}")))?;
        let symbol = Symbol::of(&text, Level::M, MAX_VERSION)
            .ok_or_else(|| refused(say!("二维码装不下", "they do not fit a code")))?;
        let (audience, purpose) = (self.audience.clone(), self.purpose.clone());
        Ok(Shown { nonce, audience, purpose, text, symbol, made: now })
    }

    /// The one that may still be answered.
    pub(super) fn nonce(&self, now: Duration) -> Option<Nonce> {
        self.current(now).map(|shown| shown.nonce)
    }

    /// The one that every presentation has to answer.
    pub(super) fn demanded(&self, now: Duration) -> Option<Nonce> {
        self.nonce(now).filter(|_| self.when == When::Always)
    }

    fn current(&self, now: Duration) -> Option<&Shown> {
        // Where one is always shown, it stands until it is answered.
        self.shown.as_ref().filter(|shown| self.when == When::Always || now.saturating_sub(shown.made) < GOOD_FOR)
    }

    /// It was answered: it is good for nothing more.
    pub(super) fn answered(&mut self) {
        self.shown = None;
    }

    /// The challenge for an answer that asks for one; the one that is shown already, while it is good.
    pub(super) fn for_answer(&mut self, is_asked: bool, now: Duration) -> Result<Option<&Shown>, Failure> {
        match self.when {
            When::Never => Ok(None),
            When::Asked if !is_asked => Ok(None),
            When::Asked | When::Always => self.show(now).map(Some),
        }
    }

    /// The challenge that is always shown, if one is.
    pub(super) fn at_all_times(&mut self, now: Duration) -> Result<Option<&Shown>, Failure> {
        self.for_answer(false, now)
    }

    fn show(&mut self, now: Duration) -> Result<&Shown, Failure> {
        let shown = match self
            .shown
            .take()
            .filter(|shown| self.when == When::Always || now.saturating_sub(shown.made) < GOOD_FOR)
        {
            Some(shown) => shown,
            None => self.make(Nonce::new(secrets::random()?), now)?,
        };
        Ok(self.shown.insert(shown))
    }
}

impl Shown {
    /// For a page that draws it: `rows` are the modules without the quiet zone, `1` dark.
    pub(super) fn json(&self) -> Value {
        let row = |row: &[bool]| row.iter().map(|dark| if *dark { '1' } else { '0' }).collect::<String>();
        json!({
            "nonce": self.nonce.to_string(), "text": self.text, "audience": self.audience, "purpose": self.purpose,
            "rows": self.symbol.rows().map(row).collect::<Vec<_>>(),
        })
    }

    /// For the terminal: what it is, and the code. Drawn light, for a terminal that is dark: as colours it would be spelt out.
    pub(super) fn lines(&self) -> Vec<Vec<Span>> {
        let code = draw(&self.symbol, Drawn::Plain).unwrap_or_default();
        let rows = String::from_utf8_lossy(&code).lines().map(|line| vec![plain(line)]).collect::<Vec<_>>();
        let heading = say!("请持证人扫描此核验码并回答：", "The holder scans this challenge and answers it:");
        std::iter::once(vec![bold(format!("{} {}", heading.zh, heading.en))]).chain(rows).collect()
    }
}
