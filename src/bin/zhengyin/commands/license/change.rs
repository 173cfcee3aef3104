//! `license suspend|resume|revoke|cancel|report-lost`: what becomes of a license is recorded; the next status list says it.

use super::simulate::{self, Plan};
use crate::args::Global;
use crate::clock;
use crate::office::register::{self, state_text};
use crate::office::selection::Query;
use crate::office::standing::{self, Found, pointer_text};
use crate::output::{Exit, Failure, Out, Say, good, plain, say, unsure};
use serde_json::json;
use std::path::PathBuf;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Act, Change, Changed, RegisterError};
use zhengyin::status::{Cause, State};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The license: its number, credential id, license identifier, or its file; with --simulate one or several
    #[arg(value_name = "ID", required_unless_present = "simulate")]
    ids: Vec<String>,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT", required_unless_present = "simulate")]
    reason: Option<String>,
    /// Why, for everybody: a word that lists with details publish, such as deception or not-renewed
    #[arg(long, value_name = "WORD", value_parser = cause)]
    cause: Option<Cause>,
    /// Count the live licenses, by type and region, that would be out of force, and do nothing
    #[arg(long)]
    simulate: bool,
    /// With --simulate: a file that names licenses, one a line
    #[arg(long, value_name = "FILE", requires = "simulate")]
    batch: Option<PathBuf>,
    #[command(flatten)]
    query: Query,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

fn cause(word: &str) -> Result<Cause, String> {
    let known = || Cause::known().filter_map(Cause::word).collect::<Vec<_>>().join(", ");
    Cause::from_word(word).ok_or_else(|| format!("expected one of {}", known()))
}

impl Args {
    /// The reason as it is recorded: the cause is its first word.
    fn reason(&self) -> String {
        let reason = self.reason.as_deref().unwrap_or_default().trim();
        match self.cause.and_then(Cause::word) {
            Some(word) if Cause::of_decision(reason) == Cause::UNSTATED => format!("{word}: {reason}"),
            _ => reason.to_owned(),
        }
    }

    /// The one license that is meant.
    fn id(&self) -> Result<&str, Failure> {
        match (&self.ids[..], self.query.is_empty()) {
            ([id], true) => Ok(id),
            _ => Err(Failure::usage(say!(
                "一次变更一份证照；多份只能用 --simulate 试算",
                "one license is changed at a time; several are only counted, with --simulate"
            ))),
        }
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
    let Found { authority, entry } = standing::find(&home, args.id()?, args.authority)?;
    let (number, before) = (entry.number(), entry.state);
    let (then, after) = (state_text(before), state_text(state));
    if args.dry_run {
        if !entry.may_become(state) {
            return Err(register::refused(&home, RegisterError::Irreversible { before, after: state }));
        }
        out.line(&[plain(out.say(&Say {
            zh: format!("证照 {number} 将由{}变为{}", then.zh, after.zh),
            en: format!("license {number}, {}, would be {}", then.en, after.en),
        }))]);
        warn(state, out);
        return Ok(Exit::Done);
    }
    let actor = global.operator();
    let reason = args.reason();
    let act = Act::new(&actor, now).because(&reason);
    let (mut register, _) = register::open(&home, authority, &act)?;
    let changed =
        register.change(&Change::to(entry.status, state), &act).map_err(|error| register::refused(&home, error))?;
    let recorded = match changed {
        Changed::Recorded { .. } => Say {
            zh: format!("证照 {number} 由{}变为{}", then.zh, after.zh),
            en: format!("license {number}, {}, is now {}", then.en, after.en),
        },
        Changed::AlreadySo => Say {
            zh: format!("证照 {number} 已经是{}，没有更改", after.zh),
            en: format!("license {number} is {} already; nothing was changed", after.en),
        },
    };
    out.line(&[good("✓ "), plain(out.say(&recorded))]);
    let at = pointer_text(entry.status);
    out.line(&[plain("  "), plain(out.say(&at))]);
    out.json(&json!({
        "schema": "zhengyin.change/1", "authority": authority.as_str(), "number": number, "credential": entry.issuance.id.to_string(),
        "status": [entry.status.list, entry.status.index], "before": before.number(), "after": state.number(),
        "changed": matches!(changed, Changed::Recorded { .. }),
    }));
    warn(state, out);
    out.next(&home.command(&format!("status publish {}", authority.as_str())));
    Ok(Exit::Done)
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
