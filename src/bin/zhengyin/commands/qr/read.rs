//! `qr read`: the texts of the codes in pictures.

use crate::files;
use crate::output::{Exit, Failure, Loudness, Out, Say, plain, say};
use crate::qr::{self, Gray};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhengyin::carrier::{self, Carrier, Scanned};
use zhengyin::reason::Language;

/// Read the QR codes in pictures (PNG, JPEG): their texts, unverified
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin qr read photo.jpg\n  zhengyin qr read front.png back.png --json\n  zhengyin qr read photo.jpg | zhengyin verify -"
)]
pub(super) struct Args {
    /// Pictures
    #[arg(required = true, value_name = "PICTURE")]
    pictures: Vec<PathBuf>,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let mut exits = Vec::new();
    for path in &args.pictures {
        exits.push(one(path, out).unwrap_or_else(|failure| out.failure(&failure)));
    }
    Ok(Exit::of_all(exits))
}

fn one(path: &Path, out: &mut Out) -> Result<Exit, Failure> {
    let bytes = files::read(path, qr::MAX_FILE)?;
    let picture = Gray::open(&bytes).map_err(|error| error.failure(&files::quoted(path)))?;
    let texts = qr::read(&picture);
    let shown = path.display();
    if texts.is_empty() {
        return Err(Failure::new(say!("{shown} 中没有找到二维码", "no code was found in {shown}")));
    }
    for text in &texts {
        // What is not ours is named on stderr, and shown like ours: the person asked what stands there.
        out.line(&[plain(text.as_str())]);
        if let Err(carrier::Error::NotOurs(foreign)) = carrier::read(text) {
            out.remark(
                Loudness::Normal,
                &Say { zh: foreign.text(Language::Zh).into(), en: foreign.text(Language::En).into() },
            );
        }
    }
    let codes: Vec<Value> = texts.iter().map(|text| code(text)).collect();
    out.json(&json!({"schema": "zhengyin.codes/1", "file": path, "codes": codes}));
    Ok(Exit::Done)
}

fn code(text: &str) -> Value {
    match carrier::read(text) {
        Ok(Scanned { carrier, form, .. }) => {
            let kind = match carrier {
                Carrier::Digits => "digits",
                Carrier::Base45 => "base45",
                _ => "block",
            };
            json!({"text": text, "kind": kind, "form": form.number()})
        }
        Err(carrier::Error::NotOurs(foreign)) => json!({"text": text, "foreign": foreign.symbol()}),
        Err(error) => json!({"text": text, "error": error.to_string()}),
    }
}
