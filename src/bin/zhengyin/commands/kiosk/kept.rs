//! What a kiosk remembers from one scan to the next, and from one day to the next: presentations that were seen, and codes that were
//! used. Neither says whose they are.
//!
//! ```text
//! kiosk/lock        one kiosk at a time
//! kiosk/seen        the presentations of the last minutes, as `verify --seen` keeps them
//! kiosk/uses.key    32 random bytes: by them codes are named
//! kiosk/uses        a line a use: tag, times, first, last; the last line of a tag counts
//! ```

use super::seconds;
use crate::args::Global;
use crate::clock::Reading;
use crate::files::{self, Access, Appending, Lock};
use crate::output::{Failure, hex, say};
use crate::secrets;
use crate::seen::SeenFile;
use std::path::{Path, PathBuf};
use zhengyin::scan::{Tag, Use, Uses};
use zhengyin::suite::Digest;
use zhengyin::time::Timestamp;

/// How many codes are remembered: what some hundred people a day show in a month.
const MOST: usize = 10_000;
/// More lines than this are made fewer.
const MOST_LINES: usize = 2 * MOST;
/// The longest file of uses that is read.
const MAX_FILE: usize = 4 << 20;

/// What is remembered, and where.
#[derive(clap::Args, Debug)]
pub(super) struct KeptArgs {
    /// Folder of what is remembered: the presentations that were seen, and which codes were used [default: kiosk in the home folder]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// How long a use of a code is remembered
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = seconds)]
    uses_for: u64,
}

pub(super) struct Kept {
    /// The presentations that were seen.
    pub(super) seen: SeenFile,
    /// The codes that were used.
    pub(super) uses: UseLog,
}

/// The duplicate-use log, and its file.
pub(super) struct UseLog {
    uses: Uses,
    log: Option<Log>,
    #[allow(dead_code, reason = "held, not used")]
    lock: Option<Lock>,
}

struct Log {
    path: PathBuf,
    file: Appending,
    lines: usize,
}

impl Kept {
    /// In the folder, or only in memory: without a home, and where nothing is to be written.
    pub(super) fn open(args: &KeptArgs, dry_run: bool, reading: Reading, global: &Global) -> Result<Self, Failure> {
        let folder = match (&args.state, dry_run) {
            (_, true) => None,
            (Some(folder), false) => Some(folder.clone()),
            (None, false) => global.home().ok().map(|home| home.root().join("kiosk")),
        };
        let keep = i64::try_from(args.uses_for).unwrap_or(i64::MAX);
        match folder {
            Some(folder) => Self::in_folder(&folder, keep, reading),
            None => Self::for_now(keep),
        }
    }

    /// Until the end, and no longer.
    pub(super) fn in_memory() -> Result<Self, Failure> {
        Self::for_now(0)
    }

    fn for_now(keep: i64) -> Result<Self, Failure> {
        let uses = Uses::new(secrets::random()?, keep, MOST);
        Ok(Self { seen: SeenFile::in_memory(), uses: UseLog { uses, log: None, lock: None } })
    }

    fn in_folder(folder: &Path, keep: i64, reading: Reading) -> Result<Self, Failure> {
        files::make_folder(folder, Access::Private)?;
        let lock = files::lock(&folder.join("lock"))
            .map_err(|failure| failure.next(format!("zhengyin kiosk --state {}", files::quoted(&folder.join("2")))))?;
        let mut uses = Uses::new(key(&folder.join("uses.key"))?, keep, MOST);
        let path = folder.join("uses");
        read(&path, &mut uses)?;
        if let Some(now) = reading.now() {
            uses.forget(now);
        }
        let mut log = Log::open(path)?;
        log.rewrite(&uses)?;
        let uses = UseLog { uses, log: Some(log), lock: Some(lock) };
        Ok(Self { seen: SeenFile::open(&folder.join("seen"))?, uses })
    }
}

impl UseLog {
    /// Writes down that a code is used now; how it was used before. What cannot be written is remembered until the end.
    pub(super) fn note(&mut self, code: &Digest, now: Timestamp) -> (Option<Use>, Result<(), Failure>) {
        let before = self.uses.note(code, now);
        let tag = self.uses.tag(code);
        let written = match (&mut self.log, self.uses.get(&tag)) {
            (Some(log), Some(noted)) => log.note(tag, *noted, &self.uses),
            _ => Ok(()),
        };
        (before, written)
    }
}

/// The key of this device, made when there is none.
fn key(path: &Path) -> Result<[u8; 32], Failure> {
    if !files::is_there(path) {
        let fresh: [u8; 32] = secrets::random()?;
        files::create(path, &fresh, Access::Private)?;
        return Ok(fresh);
    }
    let bytes = files::read_private(path, 32)?;
    bytes.try_into().map_err(|_| damaged(path))
}

fn damaged(path: &Path) -> Failure {
    let shown = path.display();
    Failure::new(say!("{shown} 已损坏", "{shown} is damaged"))
        .because(say!("其中记录用过的码", "it keeps which codes were used"))
        .next(format!("rm {}", files::quoted(path)))
}

/// A line that is cut at the end was being written when the machine stopped: it is passed over.
fn read(path: &Path, uses: &mut Uses) -> Result<(), Failure> {
    let Some(bytes) = files::read_if_there(path, MAX_FILE)? else { return Ok(()) };
    let text = String::from_utf8(bytes).map_err(|_| damaged(path))?;
    let whole = text.rfind('\n').map_or("", |end| text.get(..end).unwrap_or_default());
    for line in whole.lines() {
        let (tag, kept) = parse(line).ok_or_else(|| damaged(path))?;
        uses.restore(tag, kept);
    }
    Ok(())
}

fn parse(line: &str) -> Option<(Tag, Use)> {
    let mut words = line.split(' ');
    let (tag, times, first, last) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let mut bytes = Tag::default();
    let is_tag = tag.len() == 32 && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
    for (at, byte) in bytes.iter_mut().enumerate() {
        let from = at.checked_mul(2)?;
        *byte = u8::from_str_radix(tag.get(from..from.checked_add(2)?)?, 16).ok()?;
    }
    let time = |text: &str| Timestamp::new(text.parse().ok()?);
    let kept = Use { times: times.parse().ok()?, first: time(first)?, last: time(last)? };
    (is_tag && words.next().is_none()).then_some((bytes, kept))
}

fn line(tag: &Tag, kept: Use) -> String {
    format!("{} {} {} {}", hex(tag), kept.times, kept.first, kept.last)
}

impl Log {
    fn open(path: PathBuf) -> Result<Self, Failure> {
        let file = Appending::open(&path).map_err(|error| cannot(&path).because_io(&error))?;
        Ok(Self { path, file, lines: 0 })
    }

    fn note(&mut self, tag: Tag, kept: Use, uses: &Uses) -> Result<(), Failure> {
        if self.lines >= MOST_LINES {
            return self.rewrite(uses);
        }
        self.lines = self.lines.saturating_add(1);
        self.file.line(&line(&tag, kept)).map_err(|error| cannot(&self.path).because_io(&error))
    }

    /// As short as can be.
    fn rewrite(&mut self, uses: &Uses) -> Result<(), Failure> {
        let lines: String = uses.iter().map(|(tag, kept)| line(tag, *kept) + "\n").collect();
        files::replace(&self.path, lines.as_bytes(), Access::Private)?;
        *self = Self { lines: uses.len(), ..Self::open(self.path.clone())? };
        Ok(())
    }
}

fn cannot(path: &Path) -> Failure {
    let shown = path.display();
    Failure::new(say!("无法写入 {shown}", "cannot write {shown}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{line, parse};
    use zhengyin::Timestamp;
    use zhengyin::scan::Use;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let at = |seconds| Timestamp::new(seconds).unwrap();
        let kept = Use { times: 3, first: at(1_790_820_000), last: at(1_790_900_000) };
        let tag = [0x0a; 16];
        assert_eq!(line(&tag, kept), "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a 3 1790820000 1790900000");
        assert_eq!(parse(&line(&tag, kept)), Some((tag, kept)));
        for wrong in
            ["", "0a 3 1 2", "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a 3 1", "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a 3 1 2 4"]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(parse("+a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a 3 1 2"), None);
    }
}
