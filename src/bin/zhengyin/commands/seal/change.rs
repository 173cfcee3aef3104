//! `seal suspend|resume|revoke`: what becomes of seals is recorded by the machinery that licenses go through; the maker's next status list
//! says it.

use crate::args::{self, Global};
use crate::clock;
use crate::office::consent::ConsentArgs;
use crate::office::decided::{self, DecidedArgs, Thing};
use crate::office::register::state_text;
use crate::office::sealing;
use crate::office::standing::Found;
use crate::output::{Exit, Failure, Out, Say, bold, good, plain, say, unsure};
use serde_json::json;
use zhengyin::claims::id::CreditCode;
use zhengyin::status::State;
use zhengyin::time::Timestamp;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The seal: its code, credential id, or its file; one or several, all of them are changed, or none
    #[arg(value_name = "SEAL", required = true)]
    seals: Vec<String>,
    #[command(flatten)]
    decided: DecidedArgs,
    /// Count the seals in use that would be out of force, and do nothing
    #[arg(long)]
    simulate: bool,
    /// Only among the seals of this maker
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    maker: Option<CreditCode>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

pub(super) fn run(args: &Args, state: State, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let mut found: Vec<Found> = Vec::new();
    for text in &args.seals {
        let one = sealing::find(&home, text, args.maker)?;
        if !found.iter().any(|known| (known.authority, known.entry.status) == (one.authority, one.entry.status)) {
            found.push(one);
        }
    }
    if args.simulate {
        simulate(&found, state, now, out);
        return Ok(Exit::Done);
    }
    args.decided.reason()?;
    if let Some(Found { entry, .. }) = found.iter().find(|found| !found.entry.may_become(state)) {
        let (number, before, after) = (entry.number(), state_text(entry.state), state_text(state));
        let refused = Failure::new(say!("登记簿拒绝", "the register refuses"));
        return Err(refused.because(Say {
            zh: format!("印章 {number} {}，不能变为{}", before.zh, after.zh),
            en: format!("seal {number} is {} and does not become {}", before.en, after.en),
        }));
    }
    let Some(maker) = of_one_maker(&found)? else { return Ok(Exit::Done) };
    if args.dry_run {
        found.iter().for_each(|found| decided::tell_plan(Thing::Seal, found, state, out));
        warn(state, out);
        return Ok(Exit::Done);
    }
    let what = (Thing::Seal, found.as_slice());
    let Some(changed) = args.decided.record(what, state, &args.consent, (&home, now), global, out)? else {
        return Ok(Exit::Done);
    };
    for (found, changed) in found.iter().zip(&changed) {
        decided::tell(Thing::Seal, found, *changed, state, out);
        decided::told(found, *changed, state, out);
    }
    warn(state, out);
    out.next(&home.command(&format!("status publish {}", maker.as_str())));
    Ok(Exit::Done)
}

/// All or none, so they are of one maker.
fn of_one_maker(found: &[Found]) -> Result<Option<CreditCode>, Failure> {
    let first = found.first().map(|found| found.authority);
    if found.iter().any(|found| Some(found.authority) != first) {
        let next = args::command_line_with(&format!("--maker {}", first.as_ref().map_or("", CreditCode::as_str)));
        return Err(Failure::usage(say!(
            "这些印章由几个制章者制作，一次只变更一个制章者的",
            "the seals are of several makers; those of one are changed at a time"
        ))
        .next(next));
    }
    Ok(first)
}

fn simulate(found: &[Found], state: State, now: Timestamp, out: &mut Out) {
    let moves = |found: &&Found| found.entry.state != state && found.entry.may_become(state);
    let count = |is: &dyn Fn(&&Found) -> bool| found.iter().filter(|found| is(found)).count();
    let live = count(&|found| moves(found) && sealing::is_usable(&found.entry, now));
    let already = count(&|found| moves(found) && found.entry.state != State::InForce);
    let expired =
        count(&|found| moves(found) && found.entry.state == State::InForce && !sealing::is_usable(&found.entry, now));
    let unmoved = found.len().saturating_sub(live).saturating_sub(already).saturating_sub(expired);
    let after = state_text(state);
    let said = match state {
        State::InForce => Say {
            zh: format!("将恢复 {already} 枚印章；未作任何更改"),
            en: format!("seals that would be in force again: {already}; nothing was changed"),
        },
        _ => Say {
            zh: format!("将使 {live} 枚在用印章变为{}；未作任何更改", after.zh),
            en: format!("seals in use that would be {}: {live}; nothing was changed", after.en),
        },
    };
    let mark = if live == 0 { good("✓ ") } else { unsure("! ") };
    out.line(&[mark, bold(out.say(&said))]);
    for Found { entry, .. } in found.iter().filter(moves) {
        let name = entry.seal.as_ref().map_or("", |seal| seal.name.as_str());
        out.line(&[plain("  "), plain(entry.number()), plain("  "), plain(name)]);
    }
    // How many documents bear its stamps nobody knows: a stamp is made without the maker.
    out.json(&json!({
        "schema": "zhengyin.seal-simulation/1", "state": state.number(), "live": live, "already": already, "expired": expired,
        "unmoved": unmoved,
    }));
}

fn warn(state: State, out: &mut Out) {
    if !state.is_reversible() {
        let warning = say!(
            "此状态不可撤回；核验方在收到制章者的下一份状态清单后得知",
            "this is not taken back; verifiers learn it from the maker's next status list"
        );
        out.line(&[unsure("! "), plain(out.say(&warning))]);
    }
}
