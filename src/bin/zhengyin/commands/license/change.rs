//! `license suspend|resume|revoke|cancel|report-lost`: what becomes of licenses is recorded; the next status list says it.

use super::simulate::{self, Plan};
use crate::args::{self, Global};
use crate::clock::{self, Moment};
use crate::home::Home;
use crate::office::consent::{Asked, ConsentArgs, Signed};
use crate::office::register::{self, state_text};
use crate::office::selection::{self, Named, Query, Unknown};
use crate::office::standing::{Found, pointer_text};
use crate::output::{Exit, Failure, Out, Say, bad, good, plain, say, unsure};
use serde_json::json;
use std::path::PathBuf;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Act, BULK, Change, Changed, Decision, RegisterError};
use zhengyin::status::{Cause, State};
use zhengyin::time::Timestamp;

/// Licenses of a batch that are named one by one on the terminal.
const SHOWN: usize = 20;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The license: its number, credential id, license identifier, or its file; one or several
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT", required_unless_present = "simulate")]
    reason: Option<String>,
    /// Why, for everybody: a word that lists with details publish, such as deception or not-renewed
    #[arg(long, value_name = "WORD", value_parser = cause)]
    cause: Option<Cause>,
    /// The legal basis, for the register: the law and its article, or the number of the decision
    #[arg(long, value_name = "TEXT", conflicts_with = "simulate")]
    basis: Option<String>,
    /// Since when it holds in law: a date, a time, or how long ago [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse, conflicts_with = "simulate")]
    effective: Option<Moment>,
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

pub(in crate::commands) fn cause(word: &str) -> Result<Cause, String> {
    let known = || Cause::known().filter_map(Cause::word).collect::<Vec<_>>().join(", ");
    Cause::from_word(word).ok_or_else(|| format!("expected one of {}", known()))
}

/// A reason as it is recorded: the cause is its first word.
pub(in crate::commands) fn with_cause(reason: &str, cause: Option<Cause>) -> String {
    let reason = reason.trim();
    match cause.and_then(Cause::word) {
        Some(word) if Cause::of_decision(reason) == Cause::UNSTATED => format!("{word}: {reason}"),
        _ => reason.to_owned(),
    }
}

/// The licenses that are meant.
struct Chosen {
    found: Vec<Found>,
    unknown: Vec<Unknown>,
}

impl Args {
    /// The reason as it is recorded: the cause is its first word.
    fn reason(&self) -> String {
        with_cause(self.reason.as_deref().unwrap_or_default(), self.cause)
    }

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
    if args.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Failure::usage(say!("--reason 为空", "--reason is empty")));
    }
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
    let reason = args.reason();
    let said_at = args.consent.said_at(now)?;
    let changes: Vec<Change<'_>> = found
        .iter()
        .map(|found| Change {
            basis: args.basis.as_deref(),
            effective: args.effective.map(|effective| effective.before(said_at)),
            number: found.entry.name.as_ref().map(|name| name.number.as_str()),
            ..Change::to(found.entry.status, state)
        })
        .collect();
    let decision = Decision::Changes(&changes);
    let signed = match args.consent.ask((Some(authority), &reason), now, &decision, global, out)? {
        Asked::Nobody => None,
        Asked::Both(signed) => Some(signed),
        Asked::Proposed => return Ok(Exit::Done),
    };
    let actor = global.operator();
    let act = Act::new(&actor, now).because(&reason);
    let (mut register, recovery) = register::open(&home, authority, &act)?;
    super::issue::tell_recovery(&recovery, out);
    let consent = signed.as_ref().and_then(Signed::consent);
    let changed = register.change_many(&changes, consent.as_ref(), &act).map_err(|(at, error)| {
        // What is said of a license, not of the two who consent.
        let is_of_one = matches!(
            error,
            RegisterError::NotIssued(_) | RegisterError::Irreversible { .. } | RegisterError::DamagedEntry(_)
        );
        let which = found.get(at).filter(|_| is_of_one && found.len() > 1).map(|found| found.entry.number());
        let failure = register::refused(&home, error);
        match which {
            Some(number) => failure.at(&say!("证照 {number}", "license {number}")),
            None => failure,
        }
    })?;
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
    let after = state_text(state);
    if let ([Found { entry, .. }], true) = (found, is_one) {
        let (number, then) = (entry.number(), state_text(entry.state));
        out.line(&[plain(out.say(&Say {
            zh: format!("证照 {number} 将由{}变为{}", then.zh, after.zh),
            en: format!("license {number}, {}, would be {}", then.en, after.en),
        }))]);
    } else {
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
    let after = state_text(state);
    for (Found { authority, entry }, changed) in found.iter().zip(changed) {
        let number = entry.number();
        let is_changed = matches!(changed, Changed::Recorded { .. });
        if is_one {
            let then = state_text(entry.state);
            let recorded = if is_changed {
                Say {
                    zh: format!("证照 {number} 由{}变为{}", then.zh, after.zh),
                    en: format!("license {number}, {}, is now {}", then.en, after.en),
                }
            } else {
                Say {
                    zh: format!("证照 {number} 已经是{}，没有更改", after.zh),
                    en: format!("license {number} is {} already; nothing was changed", after.en),
                }
            };
            out.line(&[good("✓ "), plain(out.say(&recorded))]);
            let at = pointer_text(entry.status);
            out.line(&[plain("  "), plain(out.say(&at))]);
        }
        out.json(&json!({
            "schema": "zhengyin.change/1", "authority": authority.as_str(), "number": number,
            "credential": entry.issuance.id.to_string(), "status": [entry.status.list, entry.status.index],
            "before": entry.state.number(), "after": state.number(), "changed": is_changed,
        }));
    }
    if is_one {
        return;
    }
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
