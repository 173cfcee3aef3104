//! `store apply`: packs are offered to the store; what it takes is written whole, by one writer at a time.

use super::intake::{self, Packs};
use crate::args::Global;
use crate::clock::ClockArg;
use crate::output::{Exit, Failure, Loudness, Out, plain, say};
use crate::stores::StoreArg;
use serde_json::json;
use std::path::PathBuf;

/// Take newer trust lists, directories and status lists from packs
///
/// Every object stands on its own signature: one that is refused harms no other, and nothing older than what is held is ever taken.
/// Exit 0: all taken or known already; 30: some refused; 10: a file is no pack.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin store apply week-21.zyp\n  zhengyin store apply *.zyp --dry-run")]
pub(super) struct Args {
    /// Packs, in any order; - for standard input
    #[arg(required = true, value_name = "PACK")]
    packs: Vec<PathBuf>,
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    clock: ClockArg,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let file = args.store.find(global)?;
    // Whether there is one, before a lock is left beside nothing.
    file.demand()?;
    let packs = Packs::read(&args.packs)?;
    let lock = if args.dry_run { None } else { Some(file.lock()?) };
    let mut store = file.demand()?;
    let before = store.to_contents();
    let reading = args.clock.read(global)?;
    let taken = intake::offer(&mut store, &packs, reading.clock());
    // Evidence of what was refused is kept too, and a body that was lost and came again.
    let changed = store.to_contents() != before || store.statuses().any(|held| held.body_to_write().is_some());
    if changed && !args.dry_run {
        file.replace(&store)?;
    }
    drop(lock);
    if let Some(remark) = reading.remark() {
        out.remark(Loudness::Normal, &remark);
    }
    taken.tell(&packs, out);
    let (new, known, refused) = taken.counts();
    let summary = match args.dry_run {
        true => say!(
            "将新增 {new}，已有 {known}，拒绝 {refused}；未写入任何内容",
            "would take {new}; {known} known already, {refused} refused; nothing was written"
        ),
        false => {
            say!("新增 {new}，已有 {known}，拒绝 {refused}", "took {new}; {known} known already, {refused} refused")
        }
    };
    let summary = plain(out.say(&summary));
    out.line(&[summary]);
    out.json(&json!({
        "schema": "zhengyin.store-apply/1", "store": file.path(), "dry_run": args.dry_run, "clock": reading.word(), "changed": changed,
        "taken": new, "known": known, "refused": refused, "objects": taken.json(&packs),
    }));
    Ok(taken.exit())
}
