//! `seal list`: the seals of which a register in this home knows.

use crate::args::Global;
use crate::clock;
use crate::office::register::{self, state_text};
use crate::office::sealing;
use crate::office::standing::Found;
use crate::output::{Exit, Failure, Out, bad, bold, good, pad, plain, say, unsure};
use serde_json::json;
use std::ops::ControlFlow;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::Kind;
use zhengyin::time::Timestamp;

/// List the seals that were made here, with what became of them
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin seal list\n  zhengyin seal list --owner-code 11990100MB00001174 --json")]
pub(super) struct Args {
    /// Only the seals of this owner
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    owner_code: Option<CreditCode>,
    /// Only the seals of this maker
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    maker: Option<CreditCode>,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let refused = |error| register::refused(&home, error);
    let mut count = 0_usize;
    for register in register::all(&home)? {
        let authority = register.authority();
        if args.maker.is_some_and(|maker| maker != authority) {
            continue;
        }
        let mut tell = |entry| {
            count = count.saturating_add(1);
            line(&Found { authority, entry }, now, out);
        };
        match args.owner_code {
            Some(owner) => register.seals_of(owner).map_err(refused)?.into_iter().for_each(&mut tell),
            None => register
                .each(&mut |entry| {
                    if entry.kind == Kind::Seal {
                        tell(entry);
                    }
                    ControlFlow::Continue(())
                })
                .map_err(refused)?,
        }
    }
    if count == 0 {
        out.text(&say!("还没有制作印章", "no seal was made yet"));
    }
    Ok(Exit::Done)
}

fn line(found: &Found, now: Timestamp, out: &mut Out) {
    let Found { authority, entry } = found;
    let state = pad(out.say(&state_text(entry.state)), 14).into_owned();
    let mark = match sealing::is_usable(entry, now) {
        true => good(state),
        false if entry.state.is_reversible() => unsure(state),
        false => bad(state),
    };
    let until = entry.issuance.expires.map(clock::local_text).unwrap_or_default();
    let (name, owner) = entry.seal.as_ref().map(|seal| (seal.name.as_str(), seal.owner.as_str())).unwrap_or_default();
    let span = [mark, bold(entry.number()), plain(format!("  {name}  {owner}  – {until}"))];
    out.line(&span);
    out.json(&json!({
        "schema": "zhengyin.seal-entry/1", "maker": authority.as_str(), "code": entry.number(), "name": name, "owner": owner,
        "making": entry.seal.as_ref().map(|seal| seal.making), "credential": entry.issuance.id.to_string(),
        "digest": entry.issuance.digest.to_string(), "status": [entry.status.list, entry.status.index],
        "state": entry.state.number(), "since": clock::utc_text(entry.since),
        "valid_from": clock::utc_text(entry.issuance.not_before), "valid_until": entry.issuance.expires.map(clock::utc_text),
        "successor": entry.successor.map(|at| [at.list, at.index]),
    }));
}
