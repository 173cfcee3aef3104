//! `license suspend|resume|revoke|cancel|report-lost`: what becomes of a license is recorded; the next status list says it.

use crate::args::Global;
use crate::clock;
use crate::office::register::{self, state_text};
use crate::office::standing::{self, Found, pointer_text};
use crate::output::{Exit, Failure, Out, Say, good, plain, say, unsure};
use serde_json::json;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Act, Change, Changed, RegisterError};
use zhengyin::status::State;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The license: its number, credential id, license identifier, or its file
    #[arg(value_name = "ID")]
    id: String,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, state: State, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    if args.reason.trim().is_empty() {
        return Err(Failure::usage(say!("--reason 为空", "--reason is empty")));
    }
    let Found { authority, entry } = standing::find(&home, &args.id, args.authority)?;
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
    let act = Act::new(&actor, now).because(args.reason.trim());
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
