//! `trust check`: is a draft in order, who has signed, who is missing; and publishing it when all is well.

use super::tell::{
    left_behind_json, tallies_json, tell_backdated, tell_before, tell_changes, tell_faults, tell_left_behind,
    tell_tallies,
};
use crate::args::Global;
use crate::clock;
use crate::files;
use crate::office::trust::{Change, Draft, changes_between};
use crate::output::{Exit, Failure, Out, bold, good, hex, plain, say};
use serde_json::json;
use std::path::PathBuf;

/// Check a draft of a trust list: every rule of building, who has signed, who is missing
///
/// Several copies of one draft, signed in different places, are taken together. Exit 0: in order and signed by enough; 20: signatures are
/// missing; 10: something is wrong with it.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin trust check list-2.zyd\n  zhengyin trust check from-jia.zyd from-yi.zyd --before trust-000001.zyt\n  zhengyin trust check list-2.zyd --publish"
)]
pub(super) struct Args {
    /// The draft, or copies of it with different signatures
    #[arg(value_name = "DRAFT", required = true)]
    drafts: Vec<PathBuf>,
    /// The list before, to compare with [default: the newest of this home]
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// File the list in this home, where `pack build` finds it
    #[arg(long)]
    publish: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let draft = Draft::read(&home, &args.drafts, args.before.as_deref())?;
    let (list, before) = (&draft.signed.list, draft.before.list());
    let (name, seq) = (&list.federation, list.seq);
    let digest = draft.signed.draft.object_digest().to_string();
    let changes = changes_between(before, list);
    let faults = draft.faults(clock::now()?);
    let tallies = draft.signed.tallies(before);
    let missing = tallies.iter().any(|tally| tally.missing() > 0);
    out.line(&[bold(name), plain(out.say(&say!("  第 {seq} 号互认清单", "  trust list {seq}")))]);
    out.line(&[plain("  digest "), bold(&digest)]);
    tell_before(&draft, out);
    tell_changes(&changes, out);
    tell_faults(&faults, out);
    tell_left_behind(list, out);
    tell_backdated(before, list, out);
    if faults.is_empty() {
        out.line(&[good("✓ "), plain(out.say(&say!("内容符合全部规则", "its content keeps every rule")))]);
    }
    tell_tallies(&tallies, out);
    let exit = match (faults.is_empty(), missing) {
        (false, _) => Exit::Invalid,
        (true, true) => Exit::Undetermined,
        (true, false) => Exit::Done,
    };
    out.json(&json!({
        "schema": "zhengyin.checked-draft/1", "seq": seq, "digest": digest, "complete": !missing,
        "left_behind": left_behind_json(list), "faults": faults.iter().map(|fault| out.say(fault)).collect::<Vec<_>>(), "tallies": tallies_json(&tallies),
        "changes": changes.iter().map(Change::json).collect::<Vec<_>>(), "pin": hex(list.signers_pin().as_bytes()),
    }));
    let shown = args.drafts.iter().map(|path| files::quoted(path)).collect::<Vec<_>>().join(" ");
    if !args.publish {
        match exit {
            Exit::Done => out.next(&format!("zhengyin trust check {shown} --publish")),
            Exit::Undetermined => out.next(&format!("zhengyin trust sign {shown} --key KEY")),
            _ => {}
        }
        return Ok(exit);
    }
    if exit != Exit::Done {
        return Err(Failure::new(say!("尚不能发布", "it cannot be published yet"))
            .because(faults.first().cloned().unwrap_or_else(|| say!("签名不足", "signatures are missing")))
            .with_exit(exit)
            .next(format!("zhengyin trust check {shown}")));
    }
    if args.dry_run {
        out.text(&say!("将发布第 {seq} 号互认清单", "would publish trust list {seq}"));
        return Ok(Exit::Done);
    }
    let _lock = home.lock()?;
    let path = draft.publish(&home)?;
    out.line(&[good("✓ "), plain(out.say(&say!("已发布第 {seq} 号互认清单", "published trust list {seq}")))]);
    out.line(&[plain("  "), bold(path.display().to_string())]);
    let pin = hex(list.signers_pin().as_bytes());
    out.line(&[plain("  pin   "), bold(&pin)]);
    out.json(&json!({"schema": "zhengyin.published/1", "kind": "trust-list", "seq": seq, "file": path, "pin": pin}));
    out.next(&home.command("pack build"));
    Ok(Exit::Done)
}
