//! `license suspend|resume|revoke|cancel|report-lost`: what becomes of licenses is recorded; the next status list says it.

use super::simulate::{self, Plan};
use crate::args::{self, Global};
use crate::clock;
use crate::home::Home;
use crate::office::consent::ConsentArgs;
use crate::office::decided::{self, DecidedArgs, Thing};
use crate::office::register::{self, state_text};
use crate::office::selection::{self, Named, Query, Unknown};
use crate::office::standing::{Found, pointer_text};
use crate::output::{Exit, Failure, Out, Say, bad, good, plain, say, unsure};
use serde_json::json;
use std::path::PathBuf;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{BULK, Changed, RegisterError};
use zhengyin::status::State;
use zhengyin::time::Timestamp;

/// Licenses of a batch that are named one by one on the terminal.
const SHOWN: usize = 20;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The license: its number, credential id, license identifier, or its file; one or several
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    decided: DecidedArgs,
    /// Count the live licenses, by type and region, that would be out of force, and do nothing
    #[arg(long)]
    simulate: bool,
    /// A file that names licenses, one a line; all of them are changed, or none
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    #[command(flatten)]
    query: Query,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// The licenses that are meant.
struct Chosen {
    found: Vec<Found>,
    unknown: Vec<Unknown>,
}

impl Args {
    /// One license that is named on the command line, and nothing else?
    fn is_one(&self) -> bool {
        self.ids.len() == 1 && self.batch.is_none() && self.query.is_empty()
    }

    fn choose(&self, home: &Home, now: Timestamp) -> Result<Chosen, Failure> {
        let by_name = !self.ids.is_empty() || self.batch.is_some();
        if !by_name && self.query.is_empty() {
            return Err(Failure::usage(say!("没有说明是哪些证照", "nothing says which licenses are meant"))
                .next("zhengyin license revoke --help"));
        }
        let named =
            if by_name { Some(Named::find(home, &self.ids, self.batch.as_ref(), self.authority)?) } else { None };
        if self.query.is_empty() {
            let Named { found, unknown } = named.unwrap_or_default();
            return Ok(Chosen { found, unknown });
        }
        let mut found = Vec::new();
        selection::each(home, named.as_ref(), &self.query, self.authority, now, &mut |authority, selected| {
            found.push(Found { authority, entry: selected.entry });
        })?;
        Ok(Chosen { found, unknown: named.map(|named| named.unknown).unwrap_or_default() })
    }
}

pub(super) fn run(args: &Args, state: State, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    if args.simulate {
        let Args { ids, batch, query, authority, .. } = args;
        let plan = Plan { state, ids, batch: batch.as_ref(), query, authority: *authority };
        return simulate::run(&home, &plan, out);
    }
    let now = clock::now()?;
    args.decided.reason()?;
    let Chosen { found, unknown } = args.choose(&home, now)?;
    let refused: Vec<&Found> = found.iter().filter(|found| !found.entry.may_become(state)).collect();
    if let ([Found { entry, .. }], true) = (refused.as_slice(), args.is_one()) {
        return Err(register::refused(&home, RegisterError::Irreversible { before: entry.state, after: state }));
    }
    if !refused.is_empty() || !unknown.is_empty() {
        return Ok(refuse(&refused, &unknown, state, out));
    }
    let Some(authority) = of_one_authority(&found)? else {
        out.text(&say!("没有这样的证照", "there is no such license"));
        return Ok(Exit::Done);
    };
    if args.dry_run {
        tell_plan(&found, state, args.is_one(), out);
        return Ok(Exit::Done);
    }
    let what = (Thing::License, found.as_slice());
    let Some(changed) = args.decided.record(what, state, &args.consent, (&home, now), global, out)? else {
        return Ok(Exit::Done);
    };
    tell(&found, &changed, state, args.is_one(), out);
    warn(state, out);
    out.next(&home.command(&format!("status publish {}", authority.as_str())));
    Ok(Exit::Done)
}

/// All or none, so they are in one register and of one authority.
fn of_one_authority(found: &[Found]) -> Result<Option<CreditCode>, Failure> {
    let first = found.first().map(|found| found.authority);
    if found.iter().any(|found| Some(found.authority) != first) {
        let next = args::command_line_with(&format!("--authority {}", first.as_ref().map_or("", CreditCode::as_str)));
        return Err(Failure::usage(say!(
            "这些证照由几个机构颁发，一次只变更一个机构的",
            "the licenses are of several authorities; those of one are changed at a time"
        ))
        .next(next));
    }
    Ok(first)
}

/// Nothing is changed where not everything can be.
fn refuse(refused: &[&Found], unknown: &[Unknown], state: State, out: &mut Out) -> Exit {
    for Unknown { line, id } in unknown {
        let said = say!("第 {line} 行：没有证照 {id}，或不止一份", "line {line}: no license {id}, or more than one");
        out.line(&[bad("✗ "), plain(out.say(&said))]);
        out.json(&json!({"schema": "zhengyin.change-refused/1", "line": line, "id": id, "rule": "unknown"}));
    }
    for Found { entry, .. } in refused {
        let (number, before, after) = (entry.number(), state_text(entry.state), state_text(state));
        let said = Say {
            zh: format!("证照 {number}：{}，不能变为{}", before.zh, after.zh),
            en: format!("license {number}: {}, and does not become {}", before.en, after.en),
        };
        out.line(&[bad("✗ "), plain(out.say(&said))]);
        out.json(&json!({
            "schema": "zhengyin.change-refused/1", "number": number, "credential": entry.issuance.id.to_string(),
            "rule": "irreversible", "before": entry.state.number(), "after": state.number(),
        }));
    }
    out.text(&say!("没有作任何更改", "nothing was changed"));
    Exit::RowsRefused
}

fn tell_plan(found: &[Found], state: State, is_one: bool, out: &mut Out) {
    if let ([one], true) = (found, is_one) {
        decided::tell_plan(Thing::License, one, state, out);
    } else {
        let after = state_text(state);
        let count = found.iter().filter(|found| found.entry.state != state).count();
        let already = found.len().saturating_sub(count);
        out.line(&[plain(out.say(&Say {
            zh: format!("{count} 份证照将变为{}；{already} 份已经是", after.zh),
            en: format!("licenses that would be {}: {count}; {already} are already", after.en),
        }))]);
        if found.len() > BULK && state != State::InForce {
            out.text(&say!(
                "超过 {BULK} 份：需要两名操作员（--operator、--approve）",
                "more than {BULK}: it takes two operators (--operator, --approve)"
            ));
        }
    }
    warn(state, out);
}

fn tell(found: &[Found], changed: &[Changed], state: State, is_one: bool, out: &mut Out) {
    for (found, changed) in found.iter().zip(changed) {
        if is_one {
            decided::tell(Thing::License, found, *changed, state, out);
        }
        decided::told(found, *changed, state, out);
    }
    if is_one {
        return;
    }
    let after = state_text(state);
    let count = changed.iter().filter(|changed| matches!(changed, Changed::Recorded { .. })).count();
    let already = changed.len().saturating_sub(count);
    let said = Say {
        zh: format!("{count} 份证照变为{}；{already} 份已经是", after.zh),
        en: format!("licenses that are {} now: {count}; {already} were already", after.en),
    };
    out.line(&[good("✓ "), plain(out.say(&said))]);
    for Found { entry, .. } in found.iter().take(SHOWN) {
        let at = pointer_text(entry.status);
        out.line(&[plain("  "), plain(entry.number()), plain("  "), plain(out.say(&at))]);
    }
    let more = found.len().saturating_sub(SHOWN);
    if more > 0 {
        out.text(&say!("  另有 {more} 份", "  and {more} more"));
    }
}

fn warn(state: State, out: &mut Out) {
    if !state.is_reversible() {
        let warning = say!(
            "此状态不可撤回；核验方在收到下一份状态清单后得知",
            "this is not taken back; verifiers learn it from the next status list"
        );
        out.line(&[unsure("! "), plain(out.say(&warning))]);
    }
}
