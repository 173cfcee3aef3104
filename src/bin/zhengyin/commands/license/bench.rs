//! What it takes to sign more of licenses that are there, and the work that renewals and annotated copies have in common.

use crate::args::{self, Global};
use crate::batch::progress::Progress;
use crate::files;
use crate::home::Home;
use crate::interrupt::Interrupt;
use crate::keys::{self, Key};
use crate::office::register::{self, OpenRegister, explain};
use crate::office::seat::Seat;
use crate::office::selection::Unknown;
use crate::office::standing::{Found, pointer_text};
use crate::office::{known, license, reason_text};
use crate::output::{Exit, Failure, Out, Say, bad, bold, good, plain, say, unsure};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::{IssueError, IssuedLicense};
use zhengyin::register::{Act, RegisterError, RegisterIssueError};
use zhengyin::store::Store;
use zhengyin::x509::Use;

/// Licenses of a batch that are named one by one on the terminal.
const SHOWN: usize = 20;

/// An authority's desk, with the key at hand.
pub(super) struct Bench {
    pub(super) store: Store,
    pub(super) key: Key,
    pub(super) register: OpenRegister,
}

impl Bench {
    pub(super) fn open(
        home: &Home,
        authority: CreditCode,
        act: &Act<'_>,
        global: &Global,
        out: &mut Out,
    ) -> Result<Self, Failure> {
        let seat = Seat::demand(home, authority, Use::License)?;
        let store = known::demand(home)?;
        let key = keys::load(&seat.key_path(), global)?;
        seat.check_key(&key)?;
        let (register, recovery) = register::open(home, authority, act)?;
        register::tell_recovery(&recovery, out);
        Ok(Self { store, key, register })
    }
}

/// What came of one license.
pub(super) enum Made {
    /// Another credential of it.
    New(IssuedLicense),
    /// One that is there already and will do.
    Kept(IssuedLicense),
}

/// What is done to each of several licenses.
pub(super) struct Round<'a> {
    pub(super) home: &'a Home,
    pub(super) global: &'a Global,
    pub(super) act: Act<'a>,
    /// Where the files go, if not to the usual place.
    pub(super) folder: Option<&'a Path>,
    /// What stands before the position in a file's name.
    pub(super) mark: &'static str,
    /// What is done to one.
    pub(super) word: Say,
    /// What has been done to several.
    pub(super) sum: Say,
    /// What is said of one that has what it needs.
    pub(super) kept: Say,
    /// What several of those are.
    pub(super) kept_sum: Say,
    /// The command that goes on where this one is stopped.
    pub(super) again: String,
}

#[derive(Default)]
struct Counts {
    new: usize,
    kept: usize,
    refused: usize,
}

type Make<'a> = dyn FnMut(&mut Bench, &Found) -> Result<Result<Made, RegisterIssueError>, Failure> + 'a;

impl Round<'_> {
    /// Does it to one after the other. What is refused is told, and the others are done.
    pub(super) fn run(
        &self,
        found: &[Found],
        unknown: &[Unknown],
        make: &mut Make<'_>,
        out: &mut Out,
    ) -> Result<Exit, Failure> {
        let interrupt = Interrupt::watch()?;
        if found.is_empty() && unknown.is_empty() {
            out.text(&say!("没有这样的证照", "there is no such license"));
            return Ok(Exit::Done);
        }
        let mut progress = Progress::new(out, &self.word);
        let mut counts = Counts { refused: tell_unknown(unknown, out), ..Counts::default() };
        let mut by_authority: BTreeMap<CreditCode, Vec<&Found>> = BTreeMap::new();
        for found in found {
            by_authority.entry(found.authority).or_default().push(found);
        }
        let folder = self.folder.map_or_else(|| self.home.out(), Path::to_path_buf);
        let mut done = 0_usize;
        for (authority, own) in &by_authority {
            let mut bench = Bench::open(self.home, *authority, &self.act, self.global, out)?;
            if self.folder.is_none() {
                self.home.make_within(&folder)?;
            } else {
                files::make_folder(&folder, files::Access::Shared)?;
            }
            for found in own {
                if interrupt.is_asked() {
                    drop(progress);
                    self.tell(&counts, found_len(&by_authority), &folder, out);
                    out.next(&self.again);
                    return Ok(Exit::Interrupted);
                }
                match make(&mut bench, found)? {
                    Ok(made) => self.hand_out(&made, found, &folder, &mut counts, out)?,
                    Err(error) => self.refuse(error, found, &mut counts, out)?,
                }
                done = done.saturating_add(1);
                let all = found_len(&by_authority);
                let permille = done.saturating_mul(1_000).checked_div(all).unwrap_or(0);
                let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
                progress.tell(count(done), Some(count(all)), count(permille));
            }
        }
        drop(progress);
        self.tell(&counts, found_len(&by_authority), &folder, out);
        if counts.new > 0 {
            for authority in by_authority.keys() {
                out.next(&self.home.command(&format!("status publish {}", authority.as_str())));
            }
        }
        Ok(if counts.refused > 0 { Exit::RowsRefused } else { Exit::Done })
    }

    fn hand_out(
        &self,
        made: &Made,
        found: &Found,
        folder: &Path,
        counts: &mut Counts,
        out: &mut Out,
    ) -> Result<(), Failure> {
        let (issued, is_new, count) = match made {
            Made::New(issued) => (issued, true, &mut counts.new),
            Made::Kept(issued) => (issued, false, &mut counts.kept),
        };
        *count = count.saturating_add(1);
        let shown = counts.new.saturating_add(counts.kept) <= SHOWN;
        let path = self.path(folder, issued);
        license::hand_out(issued, &path).map_err(|failure| failure.next(args::command_line()))?;
        let number = found.entry.number();
        if shown {
            let word = out.say(&self.word).to_owned();
            let head = if is_new {
                vec![good("✓ "), plain(format!("{word} {number}"))]
            } else {
                vec![good("✓ "), plain(format!("{number}{}", out.say(&self.kept)))]
            };
            out.line(&head);
            let at = pointer_text(issued.status);
            out.line(&[plain("  "), bold(path.display().to_string()), plain("  "), plain(out.say(&at))]);
        }
        out.json(&json!({
            "schema": "zhengyin.issued/1", "file": path, "again": !is_new, "identifier": issued.identifier.as_str(),
            "number": number, "credential": issued.id.to_string(), "digest": issued.digest.to_string(),
            "status": [issued.status.list, issued.status.index],
        }));
        Ok(())
    }

    /// A license has one identifier, and each of its credentials a position of its own.
    fn path(&self, folder: &Path, issued: &IssuedLicense) -> PathBuf {
        let (identifier, at, mark) = (issued.identifier.as_str(), issued.status, self.mark);
        folder.join(format!("{identifier}-{mark}{}-{}.zyl", at.list, at.index))
    }

    /// What is wrong with the register ends the work; what is wrong with a license does not.
    fn refuse(
        &self,
        error: RegisterIssueError,
        found: &Found,
        counts: &mut Counts,
        out: &mut Out,
    ) -> Result<(), Failure> {
        let why = match error {
            RegisterIssueError::Register(
                error @ (RegisterError::Storage { .. }
                | RegisterError::Damaged { .. }
                | RegisterError::DamagedEntry(_)
                | RegisterError::KeyOutOfUse(_)
                | RegisterError::Full(_)
                | RegisterError::ClockBehind(_)),
            ) => return Err(register::refused(self.home, error)),
            RegisterIssueError::Register(error) => explain(&error),
            RegisterIssueError::Issue(IssueError::Refused(reason)) => reason_text(reason),
            error => say!("{error}", "{error}"),
        };
        counts.refused = counts.refused.saturating_add(1);
        let number = found.entry.number();
        let said = Say { zh: format!("{number}：{}", why.zh), en: format!("{number}: {}", why.en) };
        out.line(&[bad("✗ "), plain(out.say(&said))]);
        out.json(&json!({
            "schema": "zhengyin.change-refused/1", "number": number, "credential": found.entry.issuance.id.to_string(),
            "rule": "register", "why": out.say(&why),
        }));
        Ok(())
    }

    fn tell(&self, counts: &Counts, all: usize, folder: &Path, out: &mut Out) {
        let Counts { new, kept, refused } = *counts;
        if all < 2 && refused == 0 {
            return;
        }
        let mut said = Say { zh: format!("{}：{new} 份", self.sum.zh), en: format!("{}: {new}", self.sum.en) };
        for (count, Say { zh, en }) in [(kept, &self.kept_sum), (refused, &say!("被拒绝", "refused"))] {
            if count > 0 {
                said = Say { zh: format!("{}；{count} 份{zh}", said.zh), en: format!("{}; {en}: {count}", said.en) };
            }
        }
        let sign = if refused > 0 { unsure("! ") } else { good("✓ ") };
        out.line(&[sign, plain(out.say(&said))]);
        if new > 0 {
            out.line(&[plain("  "), bold(folder.display().to_string())]);
        }
    }
}

fn found_len(by_authority: &BTreeMap<CreditCode, Vec<&Found>>) -> usize {
    by_authority.values().map(Vec::len).sum()
}

/// Lines of a batch that name no license; how many.
pub(super) fn tell_unknown(unknown: &[Unknown], out: &mut Out) -> usize {
    for Unknown { line, id } in unknown {
        let said = say!("第 {line} 行：没有证照 {id}，或不止一份", "line {line}: no license {id}, or more than one");
        out.line(&[bad("✗ "), plain(out.say(&said))]);
        out.json(&json!({"schema": "zhengyin.change-refused/1", "line": line, "id": id, "rule": "unknown"}));
    }
    unknown.len()
}
