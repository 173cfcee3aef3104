//! `license replace`: a successor is issued in the place of a license, which is superseded by it.

use super::bench::Bench;
use super::issue::{self, Asked};
use crate::args::{self, Global};
use crate::clock::{self, Moment};
use crate::files;
use crate::home::Home;
use crate::keys::hex_key;
use crate::office::catalogue::Catalogue;
use crate::office::seat::Seat;
use crate::office::standing::{self, Found, pointer_text};
use crate::office::{known, license, register};
use crate::output::{Exit, Failure, Out, plain, say};
use std::path::{Path, PathBuf};
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::LicenseFacts;
use zhengyin::register::{Act, Entry, Kind, LicenseName, RegisterError, successor};
use zhengyin::status::State;
use zhengyin::suite::PublicKey;
use zhengyin::x509::Use;

/// Replace a license by a successor (变更换发): the new one names it, and it is superseded
///
/// Many at once are replaced by `license issue --batch` with a column `replaces`. The same facts give the same license again: a command
/// that was stopped is repeated without harm.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin license replace 91990100MA00000A9K --data changed.json --reason 住所变更\n  zhengyin license replace license.zyl --data changed.json --dry-run"
)]
pub(crate) struct Args {
    /// The license that is replaced: its number, credential id, license identifier, or its file
    #[arg(value_name = "ID")]
    id: String,
    /// The facts of the successor as JSON, or - for standard input; under the same type and number its version is one higher
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Where the license is written, or - for standard output [default: out/IDENTIFIER.zyl in the home folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The status list in which it is to stand [default: that of the license that is replaced]
    #[arg(long, value_name = "N")]
    list: Option<u64>,
    /// The holder's public key, 64 hexadecimal digits, or 128 of SM2 (`zhengyin key show`); needed where `bind` is 2
    #[arg(long, value_name = "HEX", value_parser = hex_key)]
    holder_key: Option<PublicKey>,
    /// When the credential is to be refreshed; the license itself may hold longer
    #[arg(long, value_name = "TIME", default_value = "365d", value_parser = Moment::parse)]
    expires: Moment,
    /// Check everything that can be checked without a key, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let found = standing::find(&home, &args.id, args.authority)?;
    let authority = found.authority;
    let asked = Asked {
        data: Some(&args.data),
        authority: Some(authority),
        list: args.list.unwrap_or(found.entry.status.list),
        holder_key: args.holder_key.as_ref(),
        expires: args.expires.after(now),
    };
    let mut order = asked.read(out)?;
    let unknown = global.config()?.unknown_types;
    Catalogue::read(Some(&home))?.admit(&mut order.facts, unknown, out)?;
    let replaced = replaced(&home, &found, &order.facts)?;
    order.facts = successor(order.facts, &replaced);
    let seat = Seat::demand(&home, authority, Use::License)?;
    let at = license::check(&home, &order, &seat, &known::demand(&home)?, now)?;
    let path = args.out.clone().unwrap_or_else(|| issue::default_out(&home, &order));
    let (before, number, version) = (replaced.number(), &order.facts.number, order.facts.version);
    if args.dry_run {
        let shown = path.display();
        out.text(&say!(
            "将以证照 {number}（版本 {version}）替换 {before}，写入 {shown}",
            "would replace license {before} by {number}, version {version}, into {shown}"
        ));
        let at = pointer_text(at);
        out.line(&[plain("  "), plain(out.say(&at))]);
        return Ok(Exit::Done);
    }
    let actor = global.operator();
    let act = Act::new(&actor, now).because(&args.reason);
    if args.out.is_none() {
        home.make_within(&home.out())?;
    }
    let Bench { store, key, mut register } = Bench::open(&home, authority, &act, global, out)?;
    license::check_out(&home, &register, &order, &path)?;
    let issued = license::issue(&home, &mut register, &order, (&store, &key), &act)?;
    license::hand_out(issued.license(), &path).map_err(|failure| failure.next(args::command_line()))?;
    if path != Path::new(files::STREAM) {
        issue::tell(&issued, &order, &path, out);
        let superseded =
            register.entry(replaced.status).map_err(|error| register::refused(&home, error))?.unwrap_or(replaced);
        let state = register::state_text(superseded.state);
        let (zh, en) = (&state.zh, &state.en);
        out.text(&say!("  证照 {before}：{zh}", "  license {before} is {en}"));
        out.next(&home.command(&format!("status publish {}", authority.as_str())));
    }
    Ok(Exit::Done)
}

/// The first credential of the license that is replaced. One that was replaced by these very facts already is meant again.
fn replaced(home: &Home, found: &Found, facts: &LicenseFacts) -> Result<Entry, Failure> {
    let refused = |error| register::refused(home, error);
    let entry = &found.entry;
    if entry.kind == Kind::Copy {
        return Err(Failure::usage(say!("加注件不能被替换", "a copy is not replaced: name its license")));
    }
    let Some(register) = register::read(home, found.authority)? else {
        return Err(refused(RegisterError::NotIssued(entry.status)));
    };
    let first = register.entry(entry.license).map_err(refused)?.unwrap_or_else(|| entry.clone());
    let predecessor = match register.facts(first.status) {
        Ok((held, _)) => held.replaces.map(|id| register.by_id(id)).transpose().map_err(refused)?.flatten(),
        Err(_) => None,
    };
    if let Some(predecessor) = predecessor {
        let name = name(&successor(facts.clone(), &predecessor));
        if first.name.as_ref() == Some(&name) {
            return Ok(predecessor);
        }
    }
    // What was replaced already is not replaced by another besides.
    let is_there = register.by_name(&name(&successor(facts.clone(), &first))).map_err(refused)?.is_some();
    if !first.state.is_reversible() && !is_there {
        let error = RegisterError::Irreversible { before: first.state, after: State::Superseded };
        return Err(refused(error));
    }
    Ok(first)
}

fn name(facts: &LicenseFacts) -> LicenseName {
    LicenseName { type_code: facts.type_code, number: facts.number.clone(), version: facts.version }
}
