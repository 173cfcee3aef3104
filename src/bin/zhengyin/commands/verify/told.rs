//! What the status list, or a proof, says of a license beyond the verdict's ground: since when, why, and what replaced it.

use crate::clock::day_text;
use crate::office::register::state_text;
use crate::office::standing::pointer_text;
use zhengyin::reason::Language;
use zhengyin::status::State;
use zhengyin::verify::{Report, Told, Witness};

/// One line; `None` where it would say nothing more than the verdict does.
pub(super) fn line(report: &Report<'_>, language: Language) -> Option<String> {
    let told = report.told()?;
    let elsewhen = report.event_time().is_some() || report.known_as_of().is_some();
    let more = told.since.is_some() || told.cause.number() > 0 || told.successor.is_some() || elsewhen;
    let state = told.state.filter(|state| *state != State::InForce && more)?;
    Some(text(told, state, language))
}

fn text(told: &Told, state: State, language: Language) -> String {
    let (state, zh) = (state_text(state), language == Language::Zh);
    let mut text = match (zh, told.since.map(day_text)) {
        (true, Some(since)) => format!("清单所载：自 {since} 起{}", state.zh),
        (true, None) => format!("清单所载：{}", state.zh),
        (false, Some(since)) => format!("The list says: {} since {since}", state.en),
        (false, None) => format!("The list says: {}", state.en),
    };
    if told.cause.number() > 0 {
        let unknown =
            || if zh { format!("事由 {}", told.cause.number()) } else { format!("cause {}", told.cause.number()) };
        let cause = told.cause.text(language).map_or_else(unknown, str::to_owned);
        text.push_str(&if zh { format!("；{cause}") } else { format!("; {cause}") });
    }
    if let Some(successor) = told.successor {
        let at = pointer_text(successor);
        text.push_str(&if zh { format!("；新证：{}", at.zh) } else { format!("; replaced by {}", at.en) });
    }
    text
}

/// What an input of the kind `status-list` is: the list, or the proof that came with the license.
pub(super) const fn evidence_name(by: Witness, language: Language) -> &'static str {
    match (by, language) {
        (Witness::List, Language::Zh) => "吊销清单",
        (Witness::List, Language::En) => "status list",
        (Witness::Proof, Language::Zh) => "随附的核验凭据，吊销清单",
        (Witness::Proof, Language::En) => "status proof with it, by list",
    }
}
