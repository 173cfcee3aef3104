//! What is done at the desks of a federation, a province and an authority: each a function of the home, the facts, the signer and the time.
//! The commands ask for these and say what came of it; the demonstration plays all the desks.

mod mandate;
pub(crate) mod province;
pub(crate) mod seat;
mod words;

pub(crate) use mandate::{MandateArgs, to_json as mandate_json};
pub(crate) use words::{reason_text, use_from_word, use_word};
