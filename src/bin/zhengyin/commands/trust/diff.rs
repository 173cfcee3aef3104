//! `trust diff`: what one trust list says otherwise than another.

use super::tell::tell_changes;
use crate::office::trust::{Change, changes_between, read_claimed};
use crate::output::{Exit, Failure, Out, bold, plain, say};
use serde_json::json;
use std::path::PathBuf;

/// Say what one trust list, or a draft of one, says otherwise than another; signatures are not looked at
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin trust diff trust-000001.zyt list-2.zyd\n  zhengyin trust diff trust-000001.zyt trust-000002.zyt --json"
)]
pub(super) struct Args {
    /// The list to compare with
    #[arg(value_name = "BEFORE")]
    before: PathBuf,
    /// The list or draft to compare
    #[arg(value_name = "AFTER")]
    after: PathBuf,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let (before, after) = (read_claimed(&args.before)?, read_claimed(&args.after)?);
    let changes = changes_between(Some(&before), &after);
    let (from, to) = (before.seq, after.seq);
    let head = say!(
        "从第 {from} 号到第 {to} 号的变更（未核验签名）：",
        "from list {from} to list {to} (signatures not verified):"
    );
    out.line(&[bold(&after.federation), plain("  "), plain(out.say(&head))]);
    tell_changes(&changes, out);
    if changes.is_empty() {
        out.text(&say!("  没有不同", "  they say the same"));
    }
    out.json(&json!({
        "schema": "zhengyin.trust-diff/1", "from": from, "to": to,
        "changes": changes.iter().map(Change::json).collect::<Vec<_>>(),
    }));
    Ok(Exit::Done)
}
