//! The answer to a scan on a terminal, in both languages.

use super::answer::{Answer, Form, Kind};
use super::challenge::Shown;
use super::stamp;
use crate::clock::local_text;
use crate::commands::verify::{advice, bilingual};
use crate::output::{Say, Span, bad, bold, dim, plain, say, unsure};
use zhengyin::carrier::{Error, Repair};
use zhengyin::reason::Language;

const INDENT: &str = "  ";

/// The lines of a card.
pub(super) fn lines(answer: &Answer<'_>, form: &Form) -> Vec<Vec<Span>> {
    let mut lines = vec![of_scan(answer)];
    match &answer.kind {
        Kind::Verdict(card, _) => lines.extend(bilingual(card, &answer.besides, form.is_verbose)),
        Kind::Stamp(report, _) => {
            let (sign, text) = (stamp::sign(answer.face()), answer.text());
            let (first, second) = match form.language {
                Language::Zh => (&text.zh, &text.en),
                Language::En => (&text.en, &text.zh),
            };
            lines.push(vec![sign, plain(INDENT), bold(first)]);
            lines.push(vec![plain(INDENT), dim(second)]);
            lines.extend(stamp::lines(report, form.language));
            lines.extend(advice(&answer.besides, form.language));
            lines.extend(repairs(answer).map(|said| vec![plain(INDENT), unsure("! "), plain(said.get(form.language))]));
        }
        _ => {
            let text = answer.text();
            let (first, second) = match form.language {
                Language::Zh => (&text.zh, &text.en),
                Language::En => (&text.en, &text.zh),
            };
            lines.push(vec![sign(answer), plain(INDENT), bold(first)]);
            lines.push(vec![plain(INDENT), dim(second)]);
            lines.extend(advice(&answer.besides, form.language));
            lines.extend(repairs(answer).map(|said| vec![plain(INDENT), unsure("! "), plain(said.get(form.language))]));
        }
    }
    lines
}

/// The challenge that goes with an answer: what it is, and its code.
pub(super) fn challenge(answer: &Answer<'_>) -> Vec<Vec<Span>> {
    answer.challenge.map(Shown::lines).unwrap_or_default()
}

/// Which scan it is, and when.
fn of_scan(answer: &Answer<'_>) -> Vec<Span> {
    let at = answer.reading.now().map(|now| format!("  {} +08:00", local_text(now)));
    vec![dim(format!("#{}{}", answer.n, at.unwrap_or_default()))]
}

/// Of what is no verdict: a word, never a colour alone.
fn sign(answer: &Answer<'_>) -> Span {
    match answer.kind {
        Kind::Part(_) => unsure("… 未完 MORE TO SCAN"),
        Kind::Unread(Error::NotOurs(_)) | Kind::Other(..) => unsure("– 不是证照 NOT A LICENSE"),
        Kind::Unread(_) | Kind::Verdict(..) | Kind::Stamp(..) => bad("! 未能读出 NOT READ"),
    }
}

/// What was undone; of a verdict its own card tells it.
fn repairs(answer: &Answer<'_>) -> impl Iterator<Item = Say> {
    let repaired = match answer.kind {
        Kind::Part(waiting) => waiting.repaired,
        Kind::Other(_, decoded) | Kind::Stamp(_, decoded) => decoded.repaired,
        Kind::Verdict(..) | Kind::Unread(_) => zhengyin::carrier::Repairs::default(),
    };
    repaired.iter().map(|repair| match repair {
        Repair::WhiteSpace => say!("已修复：首尾空白", "repaired: white space around it"),
        Repair::FullWidthDigits => say!("已修复：全角数字", "repaired: full-width digits"),
        Repair::LowerCase => say!("已修复：小写字母", "repaired: lower case"),
        Repair::LineEnds => say!("已修复：换行符", "repaired: line ends"),
    })
}
