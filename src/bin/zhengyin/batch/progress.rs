//! How far a long piece of work is, for the person who waits for it: on a terminal only, on standard error, in place.

use crate::clock::stretch;
use crate::output::{Loudness, Out, Say};
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};
use zhengyin::reason::Language;

/// How often it is told anew.
const OFTEN: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(crate) struct Progress {
    label: String,
    language: Language,
    began: Instant,
    told: Option<Instant>,
    is_seen: bool,
}

impl Progress {
    pub(crate) fn new(out: &Out, label: &Say) -> Self {
        let is_seen = out.loudness >= Loudness::Normal && io::stderr().is_terminal();
        let label = out.say(label).to_owned();
        Self { label, language: out.language, began: Instant::now(), told: None, is_seen }
    }

    /// So many are done, of so many, if that is known; `share` of the work, between 0 and 1000, tells how long it will still take.
    pub(crate) fn tell(&mut self, done: u64, total: Option<u64>, permille: u64) {
        let now = Instant::now();
        if !self.is_seen || self.told.is_some_and(|told| now.duration_since(told) < OFTEN) {
            return;
        }
        self.told = Some(now);
        let line = text(&self.label, self.language, done, total, permille, self.began.elapsed());
        // Where it cannot be written, there is nobody to tell.
        let _ = write!(io::stderr(), "\r{line}\u{1b}[K");
        let _ = io::stderr().flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.told.is_some() {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

fn text(label: &str, language: Language, done: u64, total: Option<u64>, permille: u64, elapsed: Duration) -> String {
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = done.saturating_mul(1_000).checked_div(millis).unwrap_or(0);
    let left = millis.saturating_mul(1_000_u64.saturating_sub(permille)).checked_div(permille.saturating_mul(1_000));
    let left = left.map(|seconds| stretch(i64::try_from(seconds).unwrap_or(i64::MAX), language));
    let of = total.map(|total| format!("/{total}")).unwrap_or_default();
    match (language, left) {
        (Language::Zh, Some(left)) => format!("{label} {done}{of}  {rate}/秒  还需 {left}"),
        (Language::Zh, None) => format!("{label} {done}{of}"),
        (Language::En, Some(left)) => format!("{label} {done}{of}  {rate}/s  {left} left"),
        (Language::En, None) => format!("{label} {done}{of}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left() {
        let after = |seconds| Duration::from_secs(seconds);
        assert_eq!(
            text("issue", Language::En, 500, Some(1_000), 500, after(10)),
            "issue 500/1000  50/s  10 seconds left"
        );
        assert_eq!(text("颁发", Language::Zh, 100, None, 250, after(60)), "颁发 100  1/秒  还需 3 分钟");
        assert_eq!(text("issue", Language::En, 0, None, 0, after(0)), "issue 0");
    }
}
