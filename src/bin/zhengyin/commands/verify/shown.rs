//! Who showed the license, to whom and what for.

use crate::clock::local_text;
use zhengyin::claims::PresentationForm;
use zhengyin::reason::Language;
use zhengyin::verify::{Asked, Outcome, Presentation, Report};

/// One line on the presentation, where there is one.
pub(super) fn line(report: &Report<'_>, language: Language) -> Option<String> {
    report.presentation().map(|shown| text(&shown, report.steps().presentation, language))
}

fn text(shown: &Presentation<'_>, step: Asked, language: Language) -> String {
    let zh = language == Language::Zh;
    let passed = step == Asked::Asked(Outcome::Passed);
    let who = match (shown.form(), passed, zh) {
        (PresentationForm::Service, true, true) => "亮证服务担保，现场出示",
        (PresentationForm::Service, true, false) => "Shown just now, by the word of a presentation service",
        (PresentationForm::Service, false, true) => "自称由亮证服务担保",
        (PresentationForm::Service, false, false) => "Claims to be shown by the word of a presentation service",
        (_, true, true) => "持证人密钥现场出示",
        (_, true, false) => "Shown just now by the holder's key",
        (_, false, true) => "自称由持证人密钥出示",
        (_, false, false) => "Claims to be shown by the holder's key",
    };
    let mut text = who.to_owned();
    let mut add = |label: (&str, &str), value: &str| {
        text.push_str(&if zh { format!("；{}{value}", label.0) } else { format!("; {}{value}", label.1) });
    };
    if let Some(service) = &shown.claims.service {
        add(("担保者：", "who vouches: "), service.as_str());
    }
    if let Some(audience) = shown.claims.audience {
        add(("对象：", "to: "), audience);
    }
    if let Some(purpose) = shown.claims.purpose {
        add(("用途：", "for: "), purpose);
    }
    if shown.claims.nonce.is_none() {
        add(("至 ", "until "), &local_text(shown.claims.expires));
    }
    text
}
