//! What to do next: the remedy of the ground, and a command for it where there is one.

use crate::files::quoted;
use std::path::Path;
use zhengyin::claims::Binding;
use zhengyin::reason::{Language, Remedy};
use zhengyin::verify::Report;

/// What to do next for a person, and a command line for it.
pub(super) fn step(report: &Report<'_>, path: &Path, language: Language) -> (Option<&'static str>, Option<String>) {
    let remedy = report.steps().deciding().map(|(_, reason)| reason.remedy());
    (text(report, language), remedy.and_then(|remedy| command(remedy, path)))
}

/// What to do next for a person.
pub(in crate::commands) fn text(report: &Report<'_>, language: Language) -> Option<&'static str> {
    let Some((_, reason)) = report.steps().deciding() else { return compare(report, language) };
    Some(reason.remedy().text(language)).filter(|text| !text.is_empty())
}

/// A command line that helps, to be completed by the person.
fn command(remedy: Remedy, path: &Path) -> Option<String> {
    let path = quoted(path);
    Some(match remedy {
        Remedy::InitStore => "zhengyin store init --pin HEX --from PACK".to_owned(),
        Remedy::UpdatePack | Remedy::RestoreList => "zhengyin store apply PACK".to_owned(),
        Remedy::SetRegion => format!("zhengyin verify {path} --region CODE"),
        Remedy::NameContext => format!("zhengyin verify {path} --purpose TEXT --audience TEXT"),
        Remedy::NameUse => format!("zhengyin verify {path} --use-case TEXT"),
        _ => return None,
    })
}

/// A valid license that names its holder by an identity document is compared with that, by a person.
fn compare(report: &Report<'_>, language: Language) -> Option<&'static str> {
    match (report.claimed_license()?.license.binding, language) {
        (Binding::Identity, Language::Zh) => Some("请将持证主体与其身份证件核对。"),
        (Binding::Identity, Language::En) => Some("Compare the holder with the identity document."),
        (Binding::Bearer | Binding::HolderKey, _) => None,
    }
}
