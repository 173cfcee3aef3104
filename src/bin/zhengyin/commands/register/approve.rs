//! `register approve`: a second operator reads what another one wants done, and signs it, on a machine of his own.

use crate::args::Global;
use crate::clock;
use crate::files;
use crate::keys::{self, Place};
use crate::office::consent;
use crate::office::register::{history_word, state_text};
use crate::office::standing::pointer_text;
use crate::output::{Exit, Failure, Out, Say, bad, bold, good, hex, plain, say, unsure};
use crate::secrets;
use serde_json::{Value, json};
use std::path::PathBuf;
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::Signer;
use zhengyin::register::{CONSENT_GOOD_FOR, Matter, Proposal, Proposed, ProposedChange};
use zhengyin::time::Timestamp;

/// Licenses that are named one by one; `--json` names all.
const SHOWN: usize = 50;

/// Approve what another operator proposes: it says all of what is to be done, asks, and adds your signature
///
/// Needs no home folder: the file says it all. It is good for a week from when it was made, for once, and for nothing else. The first operator
/// gives the signed file to his command by --approval. Two who read the same digest to each other look at the same proposal.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin register approve revocations.zyq --key wang.pem --out approved.zyq\n  zhengyin register approve revocations.zyq --dry-run"
)]
pub(super) struct Args {
    /// The file that `--propose` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Your key: a file, exec:PROGRAM ARGS or pkcs11:…
    #[arg(long, value_name = "KEY", required_unless_present = "dry_run")]
    key: Option<Place>,
    /// Where the approved proposal is written [default: FILE with .approved before its ending]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Do not ask; what is to be done was read before
    #[arg(long)]
    yes: bool,
    /// Say what is to be done, and sign nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let (mut proposal, proposed) = consent::read(&args.file)?;
    let now = clock::now()?;
    tell(&proposal, &proposed, out);
    let age = now.since(proposed.stated.time);
    if !(-300..=CONSENT_GOOD_FOR).contains(&age) {
        let made = clock::local_text(proposed.stated.time);
        return Err(Failure::new(say!("不予批准", "nothing is signed"))
            .because(say!("它作于 {made}：已过期，或时间在未来", "it is of {made}: out of date, or of the future")));
    }
    let target = args.out.clone().unwrap_or_else(|| {
        let ending = args.file.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        args.file.with_extension(format!("approved.{ending}"))
    });
    let shown = target.display();
    if args.dry_run {
        out.text(&say!("将写入 {shown}", "would be written to {shown}"));
        return Ok(Exit::Done);
    }
    files::check_absent(&target)?;
    files::check_can_create(&target)?;
    let Some(place) = &args.key else { return Ok(Exit::Done) };
    let key = keys::open(place, global.passphrase(), global)?;
    let kid = key.public_key().key_id().to_string();
    let question = say!("以密钥 {kid} 批准以上各项？输入 yes 确认", "approve all this by the key {kid}? Answer yes");
    if !args.yes && !secrets::agrees(out.say(&question), global.input())? {
        return Err(Failure::new(say!("未批准", "nothing was signed")));
    }
    consent::sign(&mut proposal, &key)?;
    consent::write(&proposal, &target)?;
    out.line(&[good("✓ "), plain(out.say(&say!("已由密钥 {kid} 批准", "approved by the key {kid}")))]);
    out.line(&[plain("  "), bold(shown.to_string())]);
    out.json(
        &json!({"schema": "zhengyin.approved/1", "file": target, "kid": kid, "digest": proposal.digest().to_string()}),
    );
    Ok(Exit::Done)
}

fn tell(proposal: &Proposal, proposed: &Proposed, out: &mut Out) {
    let Proposed { authority, reason, stated, matter } = proposed;
    let (made, until) = (clock::local_text(stated.time), clock::local_text(good_until(stated.time)));
    let authority = authority.as_ref().map_or("–", CreditCode::as_str);
    out.line(&[plain("  digest "), bold(proposal.digest().to_string())]);
    out.text(&say!("  机构 {authority}", "  authority {authority}"));
    out.text(&say!("  原因 {reason}", "  reason {reason}"));
    out.text(&say!("  作于 {made}，{until} 前有效", "  made {made}, good until {until}"));
    for key in proposal.signers() {
        let (kid, public) = (key.key_id().to_string(), hex(key.coordinates()));
        out.text(&say!("  已签：密钥 {kid}（{public}）", "  signed by the key {kid} ({public})"));
    }
    match matter {
        Matter::Changes(changes) => tell_changes(changes, out),
        Matter::Withdrawal { key, state, since } => {
            let (kid, word) = (key.key_id().to_string(), history_word(*state));
            let since = since.map(clock::local_text).map_or_else(String::new, |since| format!(" ({since} –)"));
            let said = say!("密钥 {kid} 将停用：{word}{since}", "the key {kid} would be {word}{since}");
            out.line(&[unsure("! "), plain(out.say(&said))]);
        }
        Matter::Operator { name, key, admitted } => {
            let kid = key.key_id().to_string();
            let said = match admitted {
                true => {
                    say!("将登记操作员 {name}，密钥 {kid}", "the operator {name} would be admitted, with the key {kid}")
                }
                false => say!(
                    "将除名操作员 {name}，密钥 {kid}",
                    "the operator {name} would be dismissed, with the key {kid}"
                ),
            };
            out.line(&[unsure("! "), plain(out.say(&said))]);
        }
        _ => {
            let said = say!("这个版本读不懂所提的事", "this version does not know what is proposed");
            out.line(&[bad("✗ "), plain(out.say(&said))]);
        }
    }
    out.json(&json!({
        "schema": "zhengyin.proposal/1", "digest": proposal.digest().to_string(), "authority": authority, "reason": reason,
        "made": clock::utc_text(stated.time), "good_until": clock::utc_text(good_until(stated.time)),
        "signed_by": proposal.signers().map(|key| key.key_id().to_string()).collect::<Vec<_>>(), "matter": as_json(matter),
    }));
}

fn good_until(made: Timestamp) -> Timestamp {
    Timestamp::new(made.seconds().saturating_add(CONSENT_GOOD_FOR)).unwrap_or(Timestamp::MAX)
}

fn tell_changes(changes: &[ProposedChange], out: &mut Out) {
    let count = changes.len();
    let said = say!("{count} 份证照将变更状态：", "licenses that would change their state: {count}");
    out.line(&[unsure("! "), plain(out.say(&said))]);
    for change in changes.iter().take(SHOWN) {
        let (after, at) = (state_text(change.state), pointer_text(change.at));
        let number = change.number.as_deref().unwrap_or("–");
        let more: Vec<&str> = change.basis.as_deref().into_iter().collect();
        let since =
            change.effective.map(|effective| format!("  {} –", clock::local_text(effective))).unwrap_or_default();
        let line = Say {
            zh: format!("  {number}  {}  {}  {}{since}", after.zh, at.zh, more.join(" ")),
            en: format!("  {number}  {}  {}  {}{since}", after.en, at.en, more.join(" ")),
        };
        out.line(&[plain(out.say(&line).trim_end())]);
    }
    let rest = count.saturating_sub(SHOWN);
    if rest > 0 {
        out.text(&say!("  另有 {rest} 份（--json 全部列出）", "  and {rest} more (--json names all)"));
    }
}

fn as_json(matter: &Matter) -> Value {
    match matter {
        Matter::Changes(changes) => changes.iter().map(change_json).collect(),
        Matter::Withdrawal { key, state, since } => json!({
            "key": key.key_id().to_string(), "state": history_word(*state), "since": since.map(clock::utc_text),
        }),
        Matter::Operator { name, key, admitted } => {
            json!({"operator": name, "key": key.key_id().to_string(), "admitted": admitted})
        }
        _ => Value::Null,
    }
}

fn change_json(change: &ProposedChange) -> Value {
    json!({
        "number": change.number, "status": [change.at.list, change.at.index], "state": change.state.number(),
        "basis": change.basis, "effective": change.effective.map(clock::utc_text),
    })
}
