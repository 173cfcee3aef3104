//! `holder`: what the holder of a license does with a key of his own.

mod present;

use crate::args::Global;
use crate::files;
use crate::keys;
use crate::output::{Exit, Failure, Out, bold, good, hex, plain, say};
use serde_json::json;
use std::path::PathBuf;
use zhengyin::suite::PublicKey;

/// Hold a key, and show licenses with it (亮证)
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Key(Key),
    Present(present::Args),
}

/// Make the holder's key, encrypted with a passphrase, in a file of its own
///
/// The public half goes to the issuer, who puts it into the license: `license issue --holder-key`.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin holder key holder.pem\n  zhengyin holder key holder.pem --passphrase file:holder.pass --json"
)]
struct Key {
    /// The file to make; one that exists is never overwritten
    file: PathBuf,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Key(args) => key(args, global, out),
        Action::Present(args) => present::run(args, global, out),
    }
}

fn key(args: &Key, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let shown = args.file.display();
    files::check_absent(&args.file)?;
    if args.dry_run {
        let suite = keys::suite_name(global.suite()?);
        out.text(&say!(
            "将在 {shown} 生成持证人的 {suite} 密钥",
            "would make the holder's key, of {suite}, in {shown}"
        ));
        return Ok(Exit::Done);
    }
    let key = keys::create(&args.file, global)?;
    let (suite, public) = (keys::suite_name(key.public_key().algorithm()), public(key.public_key()));
    out.line(&[good("✓ "), plain(out.say(&say!("已生成持证人密钥 {shown}", "made the holder's key {shown}")))]);
    out.line(&[plain(out.say(&say!("  算法 ", "  alg    "))), plain(suite)]);
    out.line(&[plain(out.say(&say!("  公钥 ", "  public "))), bold(public.as_str())]);
    out.json(&json!({"schema": "zhengyin.holder-key/1", "file": args.file, "alg": suite, "public_key": public}));
    out.next(&format!("zhengyin license issue --data FILE.json --holder-key {public}"));
    Ok(Exit::Done)
}

fn public(key: &PublicKey) -> String {
    hex(key.coordinates())
}
