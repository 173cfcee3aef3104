//! `register`: the issuing register is proved, copied, read and made anew; and who may consent to what one operator alone may not do.

mod approve;
mod check;
mod journal;
mod operator;
mod restore;

use crate::args::Global;
use crate::files;
use crate::home::Home;
use crate::office::register::{self, none};
use crate::output::{Exit, Failure, Out, bold, good, hex, plain, say};
use serde_json::json;
use std::path::PathBuf;
use zhengyin::register::{Head, SqliteRegister};

/// Prove the issuing register, back it up and restore it; read its journal; admit operators
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Check(check::Args),
    Backup(Backup),
    Journal(journal::Args),
    Restore(restore::Args),
    Operator(Box<operator::Args>),
    Approve(approve::Args),
}

/// Back the register up into a new file, while others go on working
///
/// Keep what it prints somewhere else: the number of records and the chain over them tell later whether the backup was altered.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin register backup /mnt/backup/register-2026-05-20.sqlite\n  zhengyin register backup today.sqlite --json"
)]
struct Backup {
    /// The file to be made
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Check(args) => check::run(args, global, out),
        Action::Backup(args) => backup(args, global, out),
        Action::Journal(args) => journal::run(args, global, out),
        Action::Restore(args) => restore::run(args, global, out),
        Action::Operator(args) => operator::run(args, global, out),
        Action::Approve(args) => approve::run(args, global, out),
    }
}

/// The register, to be looked at.
fn read(home: &Home) -> Result<SqliteRegister, Failure> {
    let found = SqliteRegister::read(&home.register()).map_err(|error| register::refused(home, error))?;
    found.ok_or_else(|| none(home))
}

fn backup(args: &Backup, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let register = read(&home)?;
    let shown = args.file.display();
    files::check_absent(&args.file)?;
    files::check_can_create(&args.file)?;
    if args.dry_run {
        out.text(&say!("将备份到 {shown}", "would back the register up into {shown}"));
        return Ok(Exit::Done);
    }
    let head = register.backup(&args.file).map_err(|error| register::failed(&args.file, error))?;
    out.line(&[good("✓ "), plain(out.say(&say!("已备份登记簿", "backed the register up")))]);
    out.line(&[plain("  "), bold(shown.to_string())]);
    tell_head(&head, out);
    out.json(&json!({
        "schema": "zhengyin.backup/1", "file": args.file, "records": head.records, "chain": hex(head.chain.as_bytes()),
    }));
    Ok(Exit::Done)
}

fn tell_head(head: &Head, out: &mut Out) {
    let (records, chain) = (head.records, hex(head.chain.as_bytes()));
    out.text(&say!("  {records} 条记录，链 {chain}", "  {records} records, chain {chain}"));
}
