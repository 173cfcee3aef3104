//! What a person is told of a stamp that was scanned, which no document was compared with.

use super::answer::Face;
use crate::clock::local_text;
use crate::output::{Say, Span, bad, good, plain, say, unsure};
use zhengyin::reason::{Language, Reason};
use zhengyin::verify::{Asked, Outcome, SealReport, StampsReport, Step};

const INDENT: &str = "  ";

pub(super) fn sign(face: Face) -> Span {
    match face {
        Face::Invalid => bad("✗ 签章无效 STAMP INVALID"),
        _ => unsure("? 签章未与文件核对 STAMP NOT COMPARED WITH A DOCUMENT"),
    }
}

/// What decided, in a sentence that names nobody.
pub(super) fn text(report: &StampsReport<'_>) -> Say {
    match report.deciding() {
        None | Some((_, Reason::DocumentNotGiven)) => say!(
            "签章本身未见问题；是否盖在所示文件上，须与文件一并核验",
            "nothing is wrong with the stamp itself; whether it is on the document that is shown is not known without that"
        ),
        Some((_, reason)) => Say { zh: reason.text(Language::Zh).to_owned(), en: reason.text(Language::En).to_owned() },
    }
}

/// Who stamped, when, with which seal, and one mark a step.
pub(super) fn lines(report: &StampsReport<'_>, language: Language) -> Vec<Vec<Span>> {
    report.stamps().iter().flat_map(|stamp| of_one(stamp, language)).collect()
}

fn of_one(report: &SealReport<'_>, language: Language) -> Vec<Vec<Span>> {
    let mut lines = Vec::new();
    let mut say = |said: Say| lines.push(vec![plain(INDENT), plain(said.get(language))]);
    if let Some(stamp) = report.claimed_stamp() {
        let (owner, when, media_type) = (stamp.issuer, local_text(stamp.stamped_at), stamp.media_type);
        let claimed = if report.is_authentic() { ("", "") } else { ("（未经证实）", " (NOT proven)") };
        let (zh, en) = claimed;
        say(say!(
            "签章者：{owner}{zh}；自述时间 {when} +08:00；文件类型 {media_type}",
            "stamped by {owner}{en}, by its own word at {when} +08:00, on a document of type {media_type}"
        ));
    }
    if let Some(claims) = report.claimed_seal() {
        let (name, code) = (claims.seal.name, claims.seal.code);
        let (zh, en) = if report.seal_is_authentic() { ("", "") } else { ("（未经证实）", " (NOT proven)") };
        say(say!("印章：{name} {code}{zh}", "seal: {name} {code}{en}"));
    }
    let mut marks = vec![plain(INDENT)];
    for step in Step::ALL {
        let Asked::Asked(outcome) = report.steps().get(step) else { continue };
        marks.push(match outcome {
            Outcome::Passed => good("✓ "),
            Outcome::Failed(_) => bad("✗ "),
            Outcome::Unknown(_) => unsure("? "),
        });
        marks.push(plain(format!("{}  ", step.name())));
    }
    lines.push(marks);
    lines
}
