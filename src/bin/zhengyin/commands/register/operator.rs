//! `register operator`: who may consent to what one operator alone may not do.

use crate::args::Global;
use crate::clock;
use crate::files;
use crate::keys::hex_key;
use crate::office::consent::{Asked, ConsentArgs, Signed};
use crate::office::register;
use crate::output::{Exit, Failure, Out, bold, good, hex, plain, say};
use serde_json::json;
use zhengyin::register::{Act, Decision, Operator, Register as _, RegisterError, SqliteRegister, set_operator};
use zhengyin::suite::PublicKey;

/// Admit and dismiss operators, of whom two must consent to bulk revocations and to the withdrawal of keys
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    List(List),
    Add(Box<Add>),
    Remove(Box<Remove>),
}

/// List the operators
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin register operator list")]
struct List {}

/// Admit an operator; after the first two, with the consent of two
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin register operator add 李示例 3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29\n  zhengyin register operator add 张示例 3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29 --operator li.pem --approve wang.pem"
)]
struct Add {
    /// The operator's name
    #[arg(value_name = "NAME")]
    name: String,
    /// The operator's public key, 64 hexadecimal digits, or 128 of SM2 (`zhengyin key show`)
    #[arg(value_name = "KEY", value_parser = hex_key)]
    key: PublicKey,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Dismiss an operator, with the consent of two
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin register operator remove 李示例 --operator zhang.pem --approve wang.pem")]
struct Remove {
    /// The operator's name
    #[arg(value_name = "NAME")]
    name: String,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::List(_) => list(global, out),
        Action::Add(args) => {
            let operator = Operator { name: args.name.trim().to_owned(), key: args.key.clone() };
            let wish = Wish { operator, admitted: true, reason: &args.reason, is_dry_run: args.dry_run };
            set(&wish, &args.consent, global, out)
        }
        Action::Remove(args) => {
            let known = operators(global)?;
            let name = args.name.as_str();
            let Some(operator) = known.into_iter().find(|operator| operator.name == name) else {
                return Err(Failure::new(say!("没有操作员 {name}", "there is no operator {name}"))
                    .next(global.home()?.command("register operator list")));
            };
            let wish = Wish { operator, admitted: false, reason: &args.reason, is_dry_run: args.dry_run };
            set(&wish, &args.consent, global, out)
        }
    }
}

fn operators(global: &Global) -> Result<Vec<Operator>, Failure> {
    let home = global.home()?;
    let refused = |error| register::refused(&home, error);
    match SqliteRegister::read(&home.register()).map_err(refused)? {
        Some(register) => register.operators().map_err(refused),
        None => Ok(Vec::new()),
    }
}

fn list(global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let all = operators(global)?;
    if all.is_empty() {
        out.text(&say!("还没有登记操作员", "no operator was admitted yet"));
    }
    for Operator { name, key } in &all {
        let (kid, public) = (key.key_id().to_string(), hex(key.coordinates()));
        out.line(&[bold(name), plain("  "), plain(&kid), plain("  "), plain(&public)]);
        out.json(&json!({"schema": "zhengyin.operator/1", "name": name, "kid": kid, "public_key": public}));
    }
    Ok(Exit::Done)
}

struct Wish<'a> {
    operator: Operator,
    admitted: bool,
    reason: &'a str,
    is_dry_run: bool,
}

fn set(wish: &Wish<'_>, consent: &ConsentArgs, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let Wish { operator, admitted, reason, is_dry_run } = wish;
    let (name, key) = (&operator.name, &operator.key);
    if *is_dry_run {
        let known = operators(global)?;
        let is_known = known.iter().any(|other| other.key == *key || other.name == *name);
        if *admitted && (is_known || name.is_empty()) {
            return Err(register::refused(&home, RegisterError::OperatorKnown));
        }
        out.text(&match admitted {
            true => say!("将登记操作员 {name}", "would admit the operator {name}"),
            false => say!("将除名操作员 {name}", "would dismiss the operator {name}"),
        });
        return Ok(Exit::Done);
    }
    let decision = Decision::Operator { name, key, admitted: *admitted };
    let signed = match consent.ask((None, reason), now, &decision, global, out)? {
        Asked::Nobody => None,
        Asked::Both(signed) => Some(signed),
        Asked::Proposed => return Ok(Exit::Done),
    };
    let consented = signed.as_ref().and_then(Signed::consent);
    home.make()?;
    files::check_can_create(&home.register())?;
    let actor = global.operator();
    let act = Act::new(&actor, now).because(reason);
    let refused = |error| register::refused(&home, error);
    let mut register = SqliteRegister::open(&home.register()).map_err(refused)?;
    set_operator(&mut register, operator, *admitted, consented.as_ref(), &act).map_err(refused)?;
    let count = register.operators().map_err(refused)?.len();
    let said = match admitted {
        true => say!("已登记操作员 {name}，共 {count} 名", "admitted the operator {name}; operators: {count}"),
        false => say!("已除名操作员 {name}，还有 {count} 名", "dismissed the operator {name}; operators: {count}"),
    };
    out.line(&[good("✓ "), plain(out.say(&said))]);
    out.json(&json!({
        "schema": "zhengyin.operator/1", "name": name, "kid": key.key_id().to_string(),
        "public_key": hex(key.coordinates()), "admitted": admitted,
    }));
    Ok(Exit::Done)
}
