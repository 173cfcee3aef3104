//! `register check`: the chain holds, the tables and the published lists are what the journal adds up to, every license verifies.

use super::tell_head;
use crate::args::Global;
use crate::batch::progress::Progress;
use crate::files;
use crate::home::{self, Home};
use crate::office::register;
use crate::output::{Exit, Failure, Out, Say, bad, good, hex, plain, say};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::thread;
use zhengyin::claims::id::CreditCode;
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::register::{
    Checked, EntryFault, Finding, Inspector, ListFault, Publication, RecordFault, Register as _, check,
};
use zhengyin::status::{State, StatusList};

/// What is found is told up to here; the rest is counted.
const TOLD: usize = 200;

/// Prove the register: the journal's chain, every position given once, lists that say what the journal adds up to, and every license's
/// signature
///
/// Nothing is changed. What is wrong is named by its record or position; the exit is then 1.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin register check\n  zhengyin register check --json")]
pub(super) struct Args {}

pub(super) fn run(_: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let register = super::read(&home)?;
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let mut eye = Eye {
        home: &home,
        said: Vec::new(),
        lists: 0,
        more: 0,
        progress: Progress::new(out, &say!("检查", "checking")),
    };
    let checked = check(&register, threads, &mut eye).map_err(|error| register::refused(&home, error))?;
    let head = register.head().map_err(|error| register::refused(&home, error))?;
    let Eye { said, more, lists, progress, .. } = eye;
    drop(progress);
    for (what, why) in &said {
        let line = Say { zh: format!("{}：{}", what.zh, why.zh), en: format!("{}: {}", what.en, why.en) };
        out.line(&[bad("✗ "), plain(out.say(&line))]);
    }
    if more > 0 {
        out.text(&say!("  另有 {more} 处", "  and {more} more"));
    }
    let Checked { records, credentials, erased, void, .. } = checked;
    let findings = said.len().saturating_add(more);
    let sums = say!(
        "{records} 条记录，{credentials} 个凭据（{erased} 个已依法删除内容），{void} 个作废位置，{lists} 份已发布清单",
        "records {records}, credentials {credentials} (content erased by law: {erased}), void positions {void}, published lists {lists}"
    );
    let verdict = if findings == 0 {
        vec![good("✓ "), plain(out.say(&say!("登记簿完好：", "the register is whole: "))), plain(out.say(&sums))]
    } else {
        let wrong = say!("登记簿有 {findings} 处不符：", "the register is not whole, findings {findings}: ");
        vec![bad("✗ "), plain(out.say(&wrong)), plain(out.say(&sums))]
    };
    out.line(&verdict);
    tell_head(&head, out);
    let told: Vec<Value> =
        said.iter().map(|(what, why)| json!({"where": out.say(what), "what": out.say(why)})).collect();
    out.json(&json!({
        "schema": "zhengyin.register-check/1", "whole": findings == 0, "findings": findings, "told": told, "records": records,
        "credentials": credentials, "erased": erased, "void": void, "lists": lists, "chain": hex(head.chain.as_bytes()),
    }));
    if findings > 0 {
        out.next(&home.command("register restore BACKUP --dry-run"));
        return Ok(Exit::CouldNotRun);
    }
    Ok(Exit::Done)
}

/// Hears what is found, and looks at the lists that were filed.
struct Eye<'a> {
    home: &'a Home,
    said: Vec<(Say, Say)>,
    more: usize,
    lists: usize,
    progress: Progress,
}

impl Eye<'_> {
    fn tell(&mut self, what: Say, why: Say) {
        if self.said.len() < TOLD {
            self.said.push((what, why));
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// What is wrong with the file of a list.
    fn look(&self, authority: CreditCode, publication: &Publication, states: &[(u32, State)]) -> Option<Say> {
        let name = format!("status-{}", publication.list);
        let path = home::numbered_path(&self.home.authority(authority), &name, publication.seq);
        let shown = path.display();
        // It may have been moved away: what was published is in other hands too.
        let bytes = match files::read_if_there(&path, MAX_TRUST_OBJECT) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Some(say!("没有文件 {shown}", "there is no file {shown}")),
            Err(failure) => return Some(failure.text()),
        };
        let unusable =
            || Some(say!("文件 {shown} 不是所记录的清单", "the file {shown} is not the list that was recorded"));
        let Ok(list) = StatusList::parse(&bytes) else { return unusable() };
        if list.envelope().object_digest() != publication.digest || list.verify_body().is_err() {
            return unusable();
        }
        let mut listed = Vec::new();
        let walked = list.claimed_body().each_run(|state, run| listed.extend(run.map(|index| (index, state))));
        listed.sort_unstable();
        // Positions that another system gives out are not in the journal.
        let is_ours = publication.length == 0
            || !states.is_empty()
            || listed.is_empty()
            || self.gives_out(authority, publication.list);
        if walked.is_err() || is_ours && listed != states {
            return Some(say!("文件 {shown} 与日志不符", "the file {shown} does not say what the journal adds up to"));
        }
        None
    }

    fn gives_out(&self, authority: CreditCode, list: u64) -> bool {
        let register = register::read(self.home, authority).ok().flatten();
        register.is_some_and(|register| register.length(list).is_ok_and(|length| length > 0))
    }
}

impl Inspector for Eye<'_> {
    fn found(&mut self, finding: Finding) {
        let (what, why) = explain(&finding);
        self.tell(what, why);
    }

    fn published(&mut self, authority: CreditCode, publication: &Publication, states: &[(u32, State)]) {
        self.lists = self.lists.saturating_add(1);
        if let Some(why) = self.look(authority, publication, states) {
            let (code, list, seq) = (authority.as_str(), publication.list, publication.seq);
            self.tell(say!("{code} 清单 {list} 第 {seq} 号", "{code}, list {list} number {seq}"), why);
        }
    }

    fn progress(&mut self, checked: &Checked) {
        self.progress.tell(checked.records.saturating_add(checked.credentials), None, 0);
    }
}

/// Where, and what.
fn explain(finding: &Finding) -> (Say, Say) {
    match finding {
        Finding::Storage(text) => (say!("数据库文件", "the database file"), say!("{text}", "{text}")),
        Finding::Record { seq, fault } => (
            say!("日志第 {seq} 条记录", "record {seq} of the journal"),
            match fault {
                RecordFault::Altered => {
                    say!("被改动，或之前缺失一条", "it was altered, or one before it is missing")
                }
                RecordFault::OutOfTurn => {
                    say!("与之前的记录矛盾", "it does not follow from those before it")
                }
                RecordFault::Time => say!("时间早于前一条", "its time is before that of the one before"),
                RecordFault::Subject => {
                    say!(
                        "所指内容与登记不符",
                        "what it is about is not what the tables have, or its signatures do not hold"
                    )
                }
                _ => say!("{fault:?}", "{fault:?}"),
            },
        ),
        Finding::Entry { authority, at, fault } => {
            let (code, list, index) = (authority.as_str(), at.list, at.index);
            (say!("{code} 清单 {list} 位置 {index}", "{code}, list {list}, position {index}"), explain_entry(*fault))
        }
        Finding::List { authority, list, fault } => {
            let code = authority.as_str();
            (
                say!("{code} 清单 {list}", "{code}, list {list}"),
                match fault {
                    ListFault::Counter => {
                        say!("下一位置与日志不符", "the next position is not the one after the last that was allotted")
                    }
                    ListFault::Positions => say!(
                        "作废、跳过或未决的位置与日志不符",
                        "void, skipped or open positions are not those of the journal"
                    ),
                    ListFault::Publications => {
                        say!("发布记录与日志不符", "its publications are not those of the journal")
                    }
                    _ => say!("{fault:?}", "{fault:?}"),
                },
            )
        }
        Finding::People => (
            say!("机构、密钥或操作员", "authorities, keys or operators"),
            say!("与日志不符", "they are not those of the journal"),
        ),
        other => (say!("登记簿", "the register"), say!("{other:?}", "{other:?}")),
    }
}

fn explain_entry(fault: EntryFault) -> Say {
    match fault {
        EntryFault::Missing => {
            say!("日志说已颁发，但不在登记簿中", "the journal says it was issued, and it is not there")
        }
        EntryFault::Unrecorded => {
            say!("在登记簿中，但日志没有记录", "it is there, and the journal does not say that it was issued")
        }
        EntryFault::Record => say!("所指的颁发记录不对", "it names another record than the one of its issue"),
        EntryFault::Kind => say!("种类或所属证照与日志不符", "its kind or its license is not what the journal says"),
        EntryFault::State => {
            say!(
                "状态、起始时间或后继与日志不符",
                "its state, since when, or its successor is not what the journal adds up to"
            )
        }
        EntryFault::Content => {
            say!(
                "内容应在而不在，或应删除而仍在",
                "its content is there although it was erased, or is not although it was not"
            )
        }
        EntryFault::Digest => say!("内容与摘要不符：被改动", "its content does not have its digest: it was altered"),
        EntryFault::Claims => say!("内容与旁边所记不符", "its content is not what stands beside it"),
        EntryFault::Signature => say!("签名核验不通过", "its signature does not verify"),
        _ => say!("{fault:?}", "{fault:?}"),
    }
}
