//! `key`: private keys in files.

use crate::args::Global;
use crate::files::{self, Access};
use crate::keys::{self, PassphraseFor, Place};
use crate::output::{Exit, Failure, Out, bold, good, hex, pad, plain, say};
use crate::secrets::Source;
use serde_json::json;
use std::path::PathBuf;
use zhengyin::issue::Signer;
use zhengyin::suite::PublicKey;

/// Make, show and re-encrypt private keys
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Gen(Gen),
    Show(Show),
    Passwd(Passwd),
}

/// Make a new key, encrypted with a passphrase, in a file of its own
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin key gen root.pem\n  zhengyin key gen root.pem --suite sm2\n  zhengyin key gen root.pem --passphrase env:ROOT_PASSPHRASE"
)]
struct Gen {
    /// The file to make; one that exists is never overwritten
    file: PathBuf,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Show the public half of a key
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin key show root.pem\n  zhengyin key show root.pem --json --passphrase file:root.pass\n  zhengyin key show \"exec:sign-with-ukey --slot 3\"\n  zhengyin key show \"pkcs11:token=desk;object=license\""
)]
struct Show {
    /// The key: a file (PKCS#8, PEM), exec:PROGRAM ARGS (a program that signs), or pkcs11:… (a device, RFC 7512)
    key: Place,
}

/// Encrypt a key with another passphrase
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin key passwd root.pem\n  zhengyin key passwd root.pem --passphrase file:old --new-passphrase file:new"
)]
struct Passwd {
    /// The key file; it is replaced whole
    file: PathBuf,
    /// Where the new passphrase comes from
    #[arg(long, value_name = "SOURCE", default_value = "prompt", hide_default_value = true)]
    new_passphrase: Source,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Gen(args) => generate(args, global, out),
        Action::Show(args) => show(args, global, out),
        Action::Passwd(args) => passwd(args, global, out),
    }
}

fn generate(args: &Gen, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let shown = args.file.display();
    // A passphrase is not asked for where the key could not be kept.
    files::check_absent(&args.file)?;
    if args.dry_run {
        let suite = keys::suite_name(global.suite()?);
        out.text(&say!("将在 {shown} 生成一个 {suite} 密钥", "would make a key of {suite} in {shown}"));
        return Ok(Exit::Done);
    }
    let key = keys::create(&args.file, global)?;
    out.line(&[good("✓ "), plain(out.say(&say!("已生成密钥 {shown}", "made the key {shown}")))]);
    tell(&args.file.display().to_string(), key.public_key(), out);
    Ok(Exit::Done)
}

fn show(args: &Show, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let key = keys::open(&args.key, global.passphrase(), global)?;
    tell(&args.key.settled(), key.public_key(), out);
    Ok(Exit::Done)
}

fn passwd(args: &Passwd, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let shown = args.file.display();
    let key = keys::load_file(&args.file, global)?;
    if args.dry_run {
        out.text(&say!("将更换 {shown} 的口令", "would change the passphrase of {shown}"));
        return Ok(Exit::Done);
    }
    let passphrase = keys::passphrase(global, &args.new_passphrase, PassphraseFor::NewKey(&args.file))?;
    files::replace(&args.file, keys::encrypt(&key, &passphrase)?.as_bytes(), Access::Private)?;
    out.line(&[good("✓ "), plain(out.say(&say!("已更换口令", "the passphrase is changed")))]);
    tell(&args.file.display().to_string(), key.public_key(), out);
    Ok(Exit::Done)
}

fn tell(place: &str, key: &PublicKey, out: &mut Out) {
    let algorithm = keys::suite_name(key.algorithm());
    let rows = [
        ("alg", algorithm.to_owned()),
        ("kid", hex(key.key_id().as_bytes())),
        ("sha-256", hex(key.thumbprint().as_bytes())),
        ("public", hex(key.coordinates())),
    ];
    for (name, value) in &rows {
        out.line(&[plain("  "), plain(pad(name, 9)), bold(value)]);
    }
    let [_, (_, kid), (_, thumbprint), (_, public)] = rows;
    out.json(&json!({
        "schema": "zhengyin.key/1", "key": place, "alg": algorithm, "kid": kid, "thumbprint": thumbprint, "public_key": public,
    }));
}
