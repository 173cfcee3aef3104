//! `license erase`: what a license says is erased by law; digests, positions and states stay.

use crate::args::Global;
use crate::clock;
use crate::office::register;
use crate::office::standing::{self, Found, pointer_text};
use crate::output::{Exit, Failure, Out, good, plain, say, unsure};
use serde_json::json;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::Act;

/// Erase by law what a license says and what names it, for good; digest, position and state stay, so that the rest remains whole
///
/// What was handed out, and what stands in backups, is not reached. The license can still be revoked, by its credential id.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin license erase 98010319930412417X --basis 个人信息保护法第四十七条 --reason 本人申请 --dry-run"
)]
pub(crate) struct Args {
    /// The license: its number, credential id, license identifier, or its file
    #[arg(value_name = "ID")]
    id: String,
    /// The legal basis: the law and its article, or the number of the decision
    #[arg(long, value_name = "TEXT")]
    basis: String,
    /// Why, for the register: at most 1024 bytes, and nothing of what is erased
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    if args.basis.trim().is_empty() {
        return Err(Failure::usage(say!("--basis 为空", "--basis is empty")));
    }
    let Found { authority, entry } = standing::find(&home, &args.id, args.authority)?;
    let number = entry.number();
    let warning = say!(
        "不可撤回；此后只能用凭据编号指称，请先记下",
        "this is not taken back; afterwards it is named by its credential id alone: note it first"
    );
    if args.dry_run {
        out.text(&say!("将删除证照 {number} 的内容", "would erase what license {number} says"));
        out.line(&[unsure("! "), plain(out.say(&warning))]);
        return Ok(Exit::Done);
    }
    let actor = global.operator();
    let act = Act::new(&actor, now).because(&args.reason);
    let (mut register, _) = register::open(&home, authority, &act)?;
    let erased = register.erase(entry.status, &args.basis, &act).map_err(|error| register::refused(&home, error))?;
    let id = entry.issuance.id;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!("已删除 {erased} 个凭据的内容", "erased what it says; credentials: {erased}"))),
    ]);
    let at = pointer_text(entry.status);
    out.line(&[plain("  "), plain(id.to_string()), plain("  "), plain(out.say(&at))]);
    out.json(&json!({
        "schema": "zhengyin.erased/1", "authority": authority.as_str(), "credential": id.to_string(),
        "status": [entry.status.list, entry.status.index], "credentials": erased,
    }));
    Ok(Exit::Done)
}
