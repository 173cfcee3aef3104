//! What was decided of licenses or seals: why, by what law, since when; and how it goes into the register.

use super::consent::{Asked, ConsentArgs, Signed};
use super::register::{self, state_text};
use super::standing::{Found, pointer_text};
use crate::args::Global;
use crate::clock::Moment;
use crate::home::Home;
use crate::output::{Failure, Out, Say, good, plain, say};
use serde_json::json;
use zhengyin::register::{Act, Change, Changed, Decision, RegisterError};
use zhengyin::status::{Cause, State};
use zhengyin::time::Timestamp;

/// Why, by what law, and since when.
#[derive(clap::Args, Debug)]
pub(crate) struct DecidedArgs {
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
}

/// What is decided about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Thing {
    License,
    Seal,
}

impl Thing {
    /// One of them, by its number.
    fn named(self, number: &str) -> Say {
        match self {
            Self::License => Say { zh: format!("证照 {number}"), en: format!("license {number}") },
            Self::Seal => Say { zh: format!("印章 {number}"), en: format!("seal {number}") },
        }
    }
}

fn cause(word: &str) -> Result<Cause, String> {
    let known = || Cause::known().filter_map(Cause::word).collect::<Vec<_>>().join(", ");
    Cause::from_word(word).ok_or_else(|| format!("expected one of {}", known()))
}

impl DecidedArgs {
    /// The reason as it is recorded: the cause is its first word.
    pub(crate) fn reason(&self) -> Result<String, Failure> {
        let reason = self.reason.as_deref().unwrap_or_default().trim();
        if reason.is_empty() {
            return Err(Failure::usage(say!("--reason 为空", "--reason is empty")));
        }
        Ok(match self.cause.and_then(Cause::word) {
            Some(word) if Cause::of_decision(reason) == Cause::UNSTATED => format!("{word}: {reason}"),
            _ => reason.to_owned(),
        })
    }

    /// Records it, all or none, with the consent of two where it is given; `None` if it was only proposed. All are of one authority.
    pub(crate) fn record(
        &self,
        (thing, found): (Thing, &[Found]),
        state: State,
        consent: &ConsentArgs,
        (home, now): (&Home, Timestamp),
        global: &Global,
        out: &mut Out,
    ) -> Result<Option<Vec<Changed>>, Failure> {
        let Some(authority) = found.first().map(|found| found.authority) else { return Ok(Some(Vec::new())) };
        let reason = self.reason()?;
        let said_at = consent.said_at(now)?;
        let changes: Vec<Change<'_>> = found
            .iter()
            .map(|found| Change {
                basis: self.basis.as_deref(),
                effective: self.effective.map(|effective| effective.before(said_at)),
                number: found.entry.held_number(),
                ..Change::to(found.entry.status, state)
            })
            .collect();
        let decision = Decision::Changes(&changes);
        let signed = match consent.ask((Some(authority), &reason), now, &decision, global, out)? {
            Asked::Nobody => None,
            Asked::Both(signed) => Some(signed),
            Asked::Proposed => return Ok(None),
        };
        let actor = global.operator();
        let act = Act::new(&actor, now).because(&reason);
        let (mut register, recovery) = register::open(home, authority, &act)?;
        register::tell_recovery(&recovery, out);
        let consent = signed.as_ref().and_then(Signed::consent);
        let changed = register.change_many(&changes, consent.as_ref(), &act);
        changed.map(Some).map_err(|(at, error)| {
            // What is said of one of them, not of the two who consent.
            let is_of_one = matches!(
                error,
                RegisterError::NotIssued(_) | RegisterError::Irreversible { .. } | RegisterError::DamagedEntry(_)
            );
            let which = found.get(at).filter(|_| is_of_one && found.len() > 1).map(|found| found.entry.number());
            let failure = register::refused(home, error);
            match which {
                Some(number) => failure.at(&thing.named(&number)),
                None => failure,
            }
        })
    }
}

/// What would become of one.
pub(crate) fn tell_plan(thing: Thing, found: &Found, state: State, out: &mut Out) {
    let named = thing.named(&found.entry.number());
    let (then, after) = (state_text(found.entry.state), state_text(state));
    out.text(&Say {
        zh: format!("{} 将由{}变为{}", named.zh, then.zh, after.zh),
        en: format!("{}, {}, would be {}", named.en, then.en, after.en),
    });
}

/// What became of one.
pub(crate) fn tell(thing: Thing, found: &Found, changed: Changed, state: State, out: &mut Out) {
    let named = thing.named(&found.entry.number());
    let (then, after) = (state_text(found.entry.state), state_text(state));
    let said = match changed {
        Changed::Recorded { .. } => Say {
            zh: format!("{} 由{}变为{}", named.zh, then.zh, after.zh),
            en: format!("{}, {}, is now {}", named.en, then.en, after.en),
        },
        _ => Say {
            zh: format!("{} 已经是{}，没有更改", named.zh, after.zh),
            en: format!("{} is {} already; nothing was changed", named.en, after.en),
        },
    };
    out.line(&[good("✓ "), plain(out.say(&said))]);
    let at = pointer_text(found.entry.status);
    out.line(&[plain("  "), plain(out.say(&at))]);
}

/// The same for a program.
pub(crate) fn told(found: &Found, changed: Changed, state: State, out: &mut Out) {
    let Found { authority, entry } = found;
    out.json(&json!({
        "schema": "zhengyin.change/1", "authority": authority.as_str(), "number": entry.number(),
        "credential": entry.issuance.id.to_string(), "status": [entry.status.list, entry.status.index],
        "before": entry.state.number(), "after": state.number(), "changed": matches!(changed, Changed::Recorded { .. }),
    }));
}
