//! `explain`: the table of grounds, for people.

use crate::output::{Exit, Failure, Out, bad, bold, dim, pad, plain, say, unsure};
use serde_json::{Value, json};
use zhengyin::reason::{Axis, Class, Language, Reason};

/// Explain a code of a result: what it means, what to do next, what must not be concluded
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin explain status.revoked\n  zhengyin explain 501\n  zhengyin explain --json"
)]
pub(crate) struct Args {
    /// A number or symbol, such as 501 or status.revoked; without one, all are listed
    code: Option<String>,
}

pub(crate) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let Some(code) = &args.code else {
        for reason in Reason::ALL {
            out.line(&[
                bold(reason.number().to_string()),
                plain("  "),
                plain(pad(reason.symbol(), 34)),
                plain(reason.text(out.language)),
            ]);
            out.json(&as_json(*reason));
        }
        return Ok(Exit::Done);
    };
    let found = code.parse().ok().and_then(Reason::from_number).or_else(|| Reason::from_symbol(code));
    let Some(reason) = found else {
        return Err(Failure::usage(say!("没有代码 {code}", "there is no code {code}")).next("zhengyin explain"));
    };
    card(reason, out);
    out.json(&as_json(reason));
    Ok(Exit::Done)
}

fn card(reason: Reason, out: &mut Out) {
    let zh = out.language == Language::Zh;
    let class = match reason.class() {
        Class::Invalid => bad(if zh { "✗ 无效" } else { "✗ invalid" }),
        Class::Undetermined => unsure(if zh { "? 无法判定" } else { "? undetermined" }),
    };
    out.line(&[bold(format!("{} {}", reason.number(), reason.symbol())), plain("  "), class]);
    for language in [out.language, other(out.language)] {
        out.line(&[plain("  "), plain(reason.text(language))]);
    }
    let language = out.language;
    let labels = if zh { ["下一步：", "注意：  "] } else { ["Next:     ", "Caution:  "] };
    for (label, text) in labels.into_iter().zip([reason.remedy().text(language), reason.caution().text(language)]) {
        if !text.is_empty() {
            out.line(&[plain("  "), dim(label), plain(text)]);
        }
    }
}

const fn other(language: Language) -> Language {
    match language {
        Language::Zh => Language::En,
        Language::En => Language::Zh,
    }
}

fn as_json(reason: Reason) -> Value {
    let texts = |language| {
        json!({
            "text": reason.text(language), "remedy": reason.remedy().text(language), "caution": reason.caution().text(language),
        })
    };
    let class = match reason.class() {
        Class::Invalid => "invalid",
        Class::Undetermined => "undetermined",
    };
    json!({
        "number": reason.number(), "symbol": reason.symbol(), "class": class,
        "axis": reason.axis().map(Axis::name), "word": reason.word(), "result_code": reason.result_code(),
        "zh": texts(Language::Zh), "en": texts(Language::En),
    })
}
