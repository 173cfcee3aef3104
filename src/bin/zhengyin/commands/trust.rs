//! `trust`: the trust list of a federation, and the directories of its provinces.

mod build;
mod check;
mod diff;
mod show;
mod sign;
mod tell;

use crate::args::Global;
use crate::clock::{self, Moment};
use crate::keys;
use crate::office::directory::{self, Terms};
use crate::office::province::Root;
use crate::output::{Exit, Failure, Loudness, Out, bold, good, plain, say};
use serde_json::json;
use std::path::Path;
use zhengyin::claims::id::RegionPrefix;
use zhengyin::time::Timestamp;

/// Build the trust list of a federation and the directories of its provinces
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Build(build::Args),
    Sign(sign::Args),
    Check(check::Args),
    Diff(diff::Args),
    Directory(Directory),
    Show(show::Args),
}

/// Publish the next directory of a province: every key that signs for it
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin trust directory 99\n  zhengyin trust directory 99 --next-update 7d --dry-run"
)]
struct Directory {
    /// The province: two digits of GB/T 2260
    #[arg(value_parser = RegionPrefix::parse)]
    province: RegionPrefix,
    /// When the next directory is due
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = Moment::parse)]
    next_update: Moment,
    /// When this directory is good for nothing any more
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = Moment::parse)]
    expires: Moment,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Build(args) => build::run(args, global, out),
        Action::Sign(args) => sign::run(args, global, out),
        Action::Check(args) => check::run(args, global, out),
        Action::Diff(args) => diff::run(args, out),
        Action::Directory(args) => publish_directory(args, global, out),
        Action::Show(args) => show::run(args, global, out),
    }
}

fn publish_directory(args: &Directory, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let root = Root::demand(&home, args.province)?;
    let now = clock::now()?;
    let terms = terms(args.next_update, args.expires, now)?;
    let signer = if args.dry_run { None } else { Some(keys::load(&root.key_path(), global)?) };
    let _lock = if args.dry_run { None } else { Some(home.lock()?) };
    let next = directory::next(&home, &root, now, terms)?;
    let (code, seq, entries, added) =
        (args.province.as_str(), next.directory.seq, next.directory.issuers.len(), next.added);
    if next.changed > 0 {
        let changed = next.changed;
        let said = say!(
            "其中 {changed} 个密钥新停用",
            "keys that it says are out of use, and the one before did not: {changed}"
        );
        out.remark(Loudness::Normal, &said);
    }
    let Some(signer) = signer else {
        out.text(&say!(
            "将发布省份 {code} 的第 {seq} 号目录：{entries} 个密钥，其中新增 {added} 个",
            "would publish directory {seq} of province {code}: {entries} keys, {added} of them new"
        ));
        return Ok(Exit::Done);
    };
    let path = next.publish(&signer)?;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!(
            "已发布省份 {code} 的第 {seq} 号目录：{entries} 个密钥，其中新增 {added} 个",
            "published directory {seq} of province {code}: {entries} keys, {added} of them new"
        ))),
    ]);
    tell(&path, terms, out);
    out.json(&json!({
        "schema": "zhengyin.published/1", "kind": "directory", "seq": seq, "file": path, "entries": entries, "added": added,
        "next_update": clock::utc_text(terms.next_update),
    }));
    out.next(&home.command("pack build"));
    Ok(Exit::Done)
}

fn terms(next_update: Moment, expires: Moment, now: Timestamp) -> Result<Terms, Failure> {
    let terms = Terms { next_update: next_update.after(now), expires: expires.after(now) };
    if now < terms.next_update && terms.next_update <= terms.expires {
        return Ok(terms);
    }
    Err(Failure::usage(say!("应为：现在 < --next-update ≤ --expires", "now < --next-update ≤ --expires is expected")))
}

fn tell(path: &Path, terms: Terms, out: &mut Out) {
    out.line(&[plain("  "), bold(path.display().to_string())]);
    let due = clock::local_text(terms.next_update);
    out.text(&say!("  下次更新 {due}", "  next update due {due}"));
}
