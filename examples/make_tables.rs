//! Writes the tables of the documents that come from tables of the code: `docs/reasons.md` and `docs/fields.md`.
//!
//! `cargo run --example make_tables`; a test refuses documents that differ.
#![allow(clippy::print_stderr, reason = "a program")]

use std::fmt::Write as _;
use std::process::ExitCode;

use zhengyin::claims::fields::FieldName;
use zhengyin::reason::{Class, Language, Reason};

fn main() -> ExitCode {
    for (path, text) in [("docs/reasons.md", reasons()), ("docs/fields.md", fields())] {
        if let Err(error) = std::fs::write(path, text) {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

const BANDS: [(u16, &str); 9] = [
    (1, "Encoding and carrier"),
    (2, "Issuer and certificate"),
    (3, "Signature"),
    (4, "Period and time"),
    (5, "Status"),
    (6, "Recognition"),
    (7, "Presentation"),
    (8, "Document and seal"),
    (9, "Store and caller"),
];

/// Every ground, by band.
pub(crate) fn reasons() -> String {
    let mut text = String::from(
        "# Grounds\n\n\
         Generated from `src/reason/table.rs` by `cargo run --example make_tables`. Numbers and symbols are never changed and never reused.\n\n\
         *Invalid* makes its step failed, *undetermined* makes it unknown: see [procedure.md](procedure.md).\n\n\
         *Axis* is the word of the report that the ground decides, and what the word then is; *code* is the `verify-info` result code of\n\
         GB/T 36906 where the ground decides it ([procedure.md](procedure.md) §7).\n",
    );
    for (band, title) in BANDS {
        let of_band = Reason::ALL.iter().filter(|reason| reason.number() / 100 == band);
        let _ = write!(
            text,
            "\n## {title}\n\n| | ground | class | axis | code | 中文 | English | next step | not to be concluded |\n|---|---|---|---|---|---|---|---|---|\n"
        );
        for reason in of_band {
            let class = match reason.class() {
                Class::Invalid => "invalid",
                Class::Undetermined => "undetermined",
            };
            let _ = writeln!(
                text,
                "| {} | `{}` | {class} | {} | {} | {} | {} | {} | {} |",
                reason.number(),
                reason.symbol(),
                reason.axis().map_or(String::new(), |axis| format!("{}: {}", axis.name(), reason.word())),
                reason.result_code(),
                reason.text(Language::Zh),
                reason.text(Language::En),
                reason.remedy().text(Language::En),
                reason.caution().text(Language::En),
            );
        }
    }
    text
}

/// The registry of common field names.
pub(crate) fn fields() -> String {
    let mut text = String::from(
        "# Common field names 照面信息\n\n\
         Generated from `src/claims/fields.rs` by `cargo run --example make_tables`. A field whose name stands here is written as its number\n\
         (license key 9, [format.md](format.md) §3). Numbers are never reused; new names are added at the end. A reader that meets a number\n\
         beyond its table shows the number.\n\n\
         | | 中文 | English |\n|---|---|---|\n",
    );
    for name in FieldName::ALL {
        let _ = writeln!(text, "| {} | {} | {} |", name.number(), name.text(Language::Zh), name.text(Language::En));
    }
    text
}
