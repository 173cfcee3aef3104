//! The presentations that were seen here, in a file: a line each, its digest and until when it is kept. Or only in memory.

use crate::files::{self, Access};
use crate::output::{Failure, say};
use std::path::{Path, PathBuf};
use zhengyin::store::Pin;
use zhengyin::suite::Digest;
use zhengyin::time::Timestamp;
use zhengyin::verify::{Report, Seen};

/// Some hundred thousand lines: more presentations than any place sees in twelve minutes.
const MAX_FILE: usize = 32 << 20;

/// What was seen, and where it is kept.
#[derive(Debug)]
pub(crate) struct SeenFile {
    /// `None`: kept for as long as the program runs.
    path: Option<PathBuf>,
    seen: Seen,
}

impl SeenFile {
    /// None yet, and no file.
    pub(crate) const fn in_memory() -> Self {
        Self { path: None, seen: Seen::new() }
    }

    /// Reads the file, or begins with none.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let bytes = files::read_if_there(path, MAX_FILE)?.unwrap_or_default();
        let shown = path.display();
        let damaged = || {
            Failure::new(say!("{shown} 已损坏", "{shown} is damaged"))
                .because(say!("其中记录用过的亮证", "it keeps the presentations that were seen"))
                .next(format!("rm {}", files::quoted(path)))
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
        let mut seen = Seen::new();
        for line in text.lines() {
            let entry = || {
                let (key, until) = line.split_once(' ')?;
                Some((key.parse::<Pin>().ok()?.digest(), Timestamp::new(until.parse().ok()?)?))
            };
            let (key, until) = entry().ok_or_else(damaged)?;
            seen.remember(key, until);
        }
        Ok(Self { path: Some(path.to_owned()), seen })
    }

    pub(crate) const fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Keeps a presentation that was accepted for as long as it must be, and forgets what may be forgotten.
    pub(crate) fn keep(&mut self, accepted: &Accepted) -> Result<(), Failure> {
        self.seen.forget(accepted.now);
        self.seen.remember(accepted.key, accepted.until);
        let lines: String = self.seen.iter().map(|(key, until)| format!("{key} {until}\n")).collect();
        self.path.as_ref().map_or(Ok(()), |path| files::replace(path, lines.as_bytes(), Access::Private))
    }
}

/// A presentation that was accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accepted {
    key: Digest,
    until: Timestamp,
    /// The earliest that it can be now.
    now: Timestamp,
}

impl Accepted {
    /// The one of a report, if there is one.
    pub(crate) fn by(report: &Report<'_>) -> Option<Self> {
        let shown = report.accepted_presentation()?;
        Some(Self { key: shown.replay_key, until: shown.forget_after(), now: report.window().lo() })
    }
}
