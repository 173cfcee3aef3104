//! What is done at the desks of a federation, a province and an authority: each a function of the home, the facts, the signer and the time.
//! The commands ask for these and say what came of it; the demonstration plays all the desks.

pub(crate) mod catalogue;
pub(crate) mod consent;
pub(crate) mod decided;
pub(crate) mod deltas;
pub(crate) mod directory;
pub(crate) mod existing;
pub(crate) mod facts;
pub(crate) mod federation;
pub(crate) mod known;
pub(crate) mod license;
pub(crate) mod listing;
mod mandate;
pub(crate) mod pack;
pub(crate) mod positions;
pub(crate) mod province;
pub(crate) mod register;
pub(crate) mod sealing;
pub(crate) mod seat;
pub(crate) mod selection;
pub(crate) mod standing;
pub(crate) mod status_list;
pub(crate) mod trust;
mod words;

pub(crate) use mandate::{MandateArgs, from_json as mandate_from_json, to_json as mandate_json};
pub(crate) use words::{explain_draft, reason_text, use_from_word, use_word};

use crate::clock;
use crate::output::{Failure, say};
use zhengyin::time::{ISSUER_SKEW, Timestamp};

/// The time at which an object is issued that follows another: now, or the second after the other where both fall into one, which is waited
/// for: what a directory lets somebody do he may do at once. A clock that stands far before what was issued already is wrong, and nothing is
/// signed by it.
fn after(now: Timestamp, before: Option<Timestamp>) -> Result<Timestamp, Failure> {
    let Some(before) = before.filter(|before| *before >= now) else { return Ok(now) };
    if before.since(now) > ISSUER_SKEW {
        let (now, before) = (clock::local_text(now), clock::local_text(before));
        return Err(Failure::new(say!(
            "系统时钟 {now} 早于上一份的签发时间 {before}",
            "the clock says {now}, and the one before was issued at {before}"
        ))
        .next("date"));
    }
    let issued = before.saturating_add(1);
    if before == now {
        clock::wait_for_the_second(issued);
    }
    Ok(issued)
}
