//! `authority withdraw-key`: a key of an authority signs no longer; what it signed may stand or not.

use super::purpose;
use crate::args::Global;
use crate::clock::{self, Moment};
use crate::office::consent::{Asked, ConsentArgs, Signed};
use crate::office::register::{self, OpenRegister, history_word};
use crate::office::seat::Seat;
use crate::office::use_word;
use crate::output::{Exit, Failure, Out, good, plain, say, unsure};
use serde_json::json;
use std::ops::ControlFlow;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Act, Decision, Register as _, RegisterError};
use zhengyin::status::State;
use zhengyin::suite::PublicKey;
use zhengyin::time::Timestamp;
use zhengyin::trust::HistoryState;
use zhengyin::x509::Use;

/// Put a key of an authority out of use: retired, withdrawn, or compromised, which two operators must consent to
///
/// It signs nothing more here at once; verifiers learn it from the next directory (`zhengyin trust directory`). What a retired key signed
/// stands; what a compromised one signed since it may have been in other hands does not.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin authority withdraw-key 11990100MB0000000P --use license --as compromised --since 2026-05-01 --reason 令牌失窃 --dry-run\n  zhengyin authority withdraw-key 11990100MB0000000P --use license --as withdrawn --reason 机构撤并 --operator li.pem --approve wang.pem"
)]
pub(super) struct Args {
    /// The authority's unified social credit code
    #[arg(value_parser = CreditCode::parse)]
    code: CreditCode,
    /// What the key signs: license, status, …
    #[arg(long = "use", value_name = "USE", value_parser = purpose)]
    purpose: Use,
    /// What becomes of it: retired, withdrawn or compromised
    #[arg(long = "as", value_name = "STATE", value_parser = state)]
    state: HistoryState,
    /// Since when a compromised key may have been in other hands [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    since: Option<Moment>,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Say what would be done, and how many licenses in force the key signed, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

fn state(word: &str) -> Result<HistoryState, String> {
    let all = [HistoryState::Retired, HistoryState::Withdrawn, HistoryState::Compromised];
    let found = all.into_iter().find(|state| history_word(*state) == word);
    found.ok_or_else(|| "expected retired, withdrawn or compromised".to_owned())
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let refused = |error| register::refused(&home, error);
    if args.reason.trim().is_empty() {
        return Err(Failure::usage(say!("--reason 为空", "--reason is empty")));
    }
    if args.since.is_some() && args.state != HistoryState::Compromised {
        return Err(Failure::usage(say!("--since 只用于 --as compromised", "--since is for --as compromised alone")));
    }
    let said_at = args.consent.said_at(now)?;
    let since = args.since.map(|since| since.before(said_at));
    if let Some(later) = since.filter(|since| *since > now) {
        return Err(refused(RegisterError::NotYet(later)));
    }
    let seat = Seat::demand(&home, args.code, args.purpose)?;
    let key = seat.public_key()?;
    let (code, word, kid, purpose) =
        (args.code.as_str(), history_word(args.state), key.key_id().to_string(), use_word(args.purpose));
    let register = register::read(&home, args.code)?;
    let (live, touched) = match &register {
        Some(register) if args.purpose == Use::License => {
            let from = if args.state == HistoryState::Compromised { Some(since.unwrap_or(now)) } else { None };
            signed_by(register, &key, from).map_err(refused)?
        }
        _ => (0, 0),
    };
    if args.dry_run {
        out.text(&say!(
            "将停用 {code} 用途为 {purpose} 的密钥 {kid}（{word}）：它签署了 {live} 份在用证照，其中 {touched} 份签于泄露之后",
            "would put the key {kid} of {code} for `{purpose}` out of use ({word}): licenses in force that it signed {live}, of these since it was in other hands {touched}"
        ));
        return Ok(Exit::Done);
    }
    let decision = Decision::Withdrawal { key: &key, state: args.state, since };
    let signed = match args.consent.ask((Some(args.code), &args.reason), now, &decision, global, out)? {
        Asked::Nobody => None,
        Asked::Both(signed) => Some(signed),
        Asked::Proposed => return Ok(Exit::Done),
    };
    let consent = signed.as_ref().and_then(Signed::consent);
    let actor = global.operator();
    let act = Act::new(&actor, now).because(&args.reason);
    let (mut register, _) = register::open(&home, args.code, &act)?;
    register.withdraw(&key, args.state, since, consent.as_ref(), &act).map_err(refused)?;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!(
            "{code} 用途为 {purpose} 的密钥 {kid} 已停用（{word}）",
            "the key {kid} of {code} for `{purpose}` is out of use ({word})"
        ))),
    ]);
    if live > 0 {
        let said = say!(
            "它签署了 {live} 份在用证照，其中 {touched} 份签于泄露之后",
            "licenses in force that it signed: {live}, of these since it was in other hands: {touched}"
        );
        out.line(&[unsure("! "), plain(out.say(&said))]);
    }
    out.json(&json!({
        "schema": "zhengyin.key-withdrawn/1", "authority": code, "use": purpose, "kid": kid, "state": word,
        "since": since.map(clock::utc_text), "live": live, "touched": touched,
    }));
    out.next(&home.command(&format!("trust directory {}", seat.facts.province.as_str())));
    Ok(Exit::Done)
}

/// How many licenses in force a key signed, and how many of these from a time on.
fn signed_by(register: &OpenRegister, key: &PublicKey, from: Option<Timestamp>) -> Result<(u64, u64), RegisterError> {
    let (mut live, mut since, mut outcome) = (0_u64, 0_u64, Ok(()));
    let signer = key.thumbprint();
    register.each(&mut |entry| {
        if entry.state != State::InForce {
            return ControlFlow::Continue(());
        }
        match register.register().content(register.authority(), entry.status) {
            Ok(content) => {
                if content.is_some_and(|content| content.signer == signer) {
                    live = live.saturating_add(1);
                    let is_touched = from.is_some_and(|from| entry.issuance.issued_at >= from);
                    since = since.saturating_add(u64::from(is_touched));
                }
                ControlFlow::Continue(())
            }
            Err(error) => {
                outcome = Err(error);
                ControlFlow::Break(())
            }
        }
    })?;
    outcome.map(|()| (live, since))
}
