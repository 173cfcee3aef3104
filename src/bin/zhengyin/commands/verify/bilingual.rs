//! The card of a verdict in both languages, for a counter where one side of the desk reads the other language.

use super::card::{Card, Detail};
use super::{recognised, shown, told};
use crate::clock::local_text;
use crate::output::{Say, Span, dim, plain, unsure};
use zhengyin::reason::Language;
use zhengyin::verify::Verdict;

/// What the one who shows the card knows besides the verdict.
#[derive(Clone, Debug, Default)]
pub(in crate::commands) struct Besides {
    /// What to do next.
    pub(in crate::commands) next: Vec<Say>,
    /// What must not be concluded.
    pub(in crate::commands) caution: Option<Say>,
    /// What a person must notice.
    pub(in crate::commands) notices: Vec<Say>,
}

const INDENT: &str = "  ";

/// The lines of a card: what matters most in both languages, the one that was chosen first; the rest in that.
pub(in crate::commands) fn lines(card: &Card<'_>, besides: &Besides, is_verbose: bool) -> Vec<Vec<Span>> {
    let language = card.language;
    let other = match language {
        Language::Zh => Language::En,
        Language::En => Language::Zh,
    };
    let translated = Card { language: other, ..*card };
    let indented = |text: String| vec![plain(INDENT), plain(text)];
    let mut lines = vec![card.heading(), indented(card.ground()), vec![plain(INDENT), dim(translated.ground())]];
    lines.extend(told::line(card.report, language).into_iter().chain(card.issuer()).map(indented));
    lines.extend(recognised::lines(card.report.recognition(), language).into_iter().map(indented));
    lines.extend(shown::line(card.report, language).filter(|_| card.detail == Detail::Whole).map(indented));
    lines.push(card.marks());
    lines.extend(card.other_grounds());
    lines.extend(advice(besides, language));
    if let Some(good_until) = card.report.good_until().filter(|_| card.report.verdict() != Verdict::Undetermined) {
        let until = local_text(good_until);
        lines.push(indented(format!("此结论至 good until {until} +08:00")));
    }
    lines.extend(card.remarks().into_iter().map(|remark| vec![plain(INDENT), unsure("! "), plain(remark)]));
    if let (Some(claims), Detail::Whole) = (card.report.claimed_license(), card.detail) {
        lines.push(vec![plain(INDENT), card.claims_heading()]);
        lines.extend(card.facts(claims, is_verbose));
    }
    lines
}

/// What to notice, what to do next, and what not to conclude, each in both languages.
pub(in crate::commands) fn advice(besides: &Besides, language: Language) -> Vec<Vec<Span>> {
    let both = |label: (&'static str, &'static str), said: &Say| {
        let (zh, en) =
            (vec![plain(INDENT), dim(label.0), plain(&said.zh)], vec![plain(INDENT), dim(label.1), plain(&said.en)]);
        if language == Language::Zh { [zh, en] } else { [en, zh] }
    };
    let notices = besides.notices.iter().flat_map(|notice| both(("! ", "! "), notice));
    let next = besides.next.iter().flat_map(|next| both(("下一步：", "Next: "), next));
    let caution = besides.caution.iter().flat_map(|caution| both(("注意：", "Caution: "), caution));
    notices.chain(next).chain(caution).collect()
}
