//! `trust sign`: one operator's signature on a draft that travels.

use super::tell::{
    tallies_json, tell_backdated, tell_before, tell_changes, tell_faults, tell_left_behind, tell_tallies,
};
use crate::args::Global;
use crate::clock;
use crate::files::{self, Access};
use crate::keys::{self, Place};
use crate::office::trust::{Draft, changes_between};
use crate::output::{Exit, Failure, Out, bold, good, plain, say};
use crate::secrets;
use serde_json::json;
use std::path::PathBuf;
use zhengyin::issue::{Signer, SigningFault};

/// Sign a draft of a trust list: it says what changes, asks, and adds your signature to the file
///
/// Compared is with the newest list of this home, or the one that --before names. Nobody signs twice: neither a key nor an operator.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin trust sign /media/stick/list-2.zyd --key yi.pem\n  zhengyin trust sign list-2.zyd --key \"pkcs11:token=yi;object=list\" --before trust-000001.zyt --out signed.zyd\n  zhengyin trust sign list-2.zyd --key yi.pem --dry-run"
)]
pub(super) struct Args {
    /// The draft
    #[arg(value_name = "DRAFT")]
    draft: PathBuf,
    /// Your key: a file, exec:PROGRAM ARGS or pkcs11:…
    #[arg(long, value_name = "KEY")]
    key: Place,
    /// The list before, to compare with [default: the newest of this home]
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// Where the signed draft is written [default: in the draft's place]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Do not ask; what changes was read before
    #[arg(long)]
    yes: bool,
    /// Say what would be signed, and sign nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let mut draft = Draft::read(&home, std::slice::from_ref(&args.draft), args.before.as_deref())?;
    let (name, seq) = (draft.signed.list.federation.clone(), draft.signed.list.seq);
    let digest = draft.signed.draft.object_digest().to_string();
    let changes = changes_between(draft.before.list(), &draft.signed.list);
    out.line(&[bold(&name), plain(out.say(&say!("  第 {seq} 号互认清单草稿", "  draft of trust list {seq}")))]);
    out.line(&[plain("  digest "), bold(&digest)]);
    tell_before(&draft, out);
    tell_changes(&changes, out);
    let faults = draft.faults(clock::now()?);
    tell_faults(&faults, out);
    tell_left_behind(&draft.signed.list, out);
    tell_backdated(draft.before.list(), &draft.signed.list, out);
    let shown = files::quoted(&args.draft);
    if let Some(fault) = faults.first() {
        return Err(Failure::new(say!("这份草稿不应签署", "this draft is not to be signed"))
            .because(fault.clone())
            .next(format!("zhengyin trust check {shown}")));
    }
    let target = match &args.out {
        Some(path) => {
            files::check_absent(path)?;
            path
        }
        None => &args.draft,
    };
    let key = keys::open(&args.key, global.passphrase(), global)?;
    let operator = draft.signed.check_signer(key.public_key(), draft.before.list()).map_err(|fault| {
        Failure::new(say!("不予签署", "nothing is signed"))
            .because(explain(fault))
            .next(format!("zhengyin trust check {shown}"))
    })?;
    if args.dry_run {
        out.text(&say!("将以 {operator} 的名义签署", "would sign as {operator}"));
        return Ok(Exit::Done);
    }
    let question = say!("以 {operator} 的名义签署以上内容？输入 yes 确认", "sign all this as {operator}? Answer yes");
    if !args.yes && !secrets::agrees(out.say(&question), global.input())? {
        return Err(Failure::new(say!("未签署", "nothing was signed")));
    }
    draft.signed.draft.sign(&key).map_err(|error| {
        Failure::new(say!("无法签署", "it cannot be signed")).because(crate::office::explain_draft(error))
    })?;
    let bytes = draft.signed.draft.to_bytes().map_err(|error| {
        Failure::new(say!("无法写出草稿", "the draft cannot be written")).because(say!("{error}", "{error}"))
    })?;
    match &args.out {
        Some(path) => files::create(path, &bytes, Access::Shared)?,
        None => files::replace(target, &bytes, Access::Shared)?,
    }
    out.line(&[good("✓ "), plain(out.say(&say!("已以 {operator} 的名义签署", "signed as {operator}")))]);
    let tallies = draft.signed.tallies(draft.before.list());
    tell_tallies(&tallies, out);
    out.json(&json!({
        "schema": "zhengyin.signed-draft/1", "file": target, "seq": seq, "digest": digest, "operator": operator,
        "tallies": tallies_json(&tallies),
    }));
    let signed = files::quoted(target);
    out.next(&match tallies.iter().all(|tally| tally.missing() == 0) {
        true => format!("zhengyin trust check {signed} --publish"),
        false => format!("zhengyin trust sign {signed} --key KEY"),
    });
    Ok(Exit::Done)
}

fn explain(fault: SigningFault) -> crate::output::Say {
    match fault {
        SigningFault::NotASigner => {
            say!("上一份清单和本清单都没有列出这个密钥", "neither the list before nor the list itself names this key")
        }
        SigningFault::KeySigned => say!("这个密钥已经签过", "this key has signed already"),
        SigningFault::OperatorSigned => say!(
            "该签署者已用另一密钥签过，只算一人",
            "this operator has signed already, with another key, and counts once"
        ),
    }
}
