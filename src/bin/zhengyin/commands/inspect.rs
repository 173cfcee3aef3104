//! `inspect`: what stands in an object, without believing any of it.

mod diagnostic;
mod schema;

use crate::files;
use crate::output::{Exit, Failure, Out, bad, bold, plain, say, unsure};
use diagnostic::Node;
use schema::Place;
use serde_json::json;
use std::path::PathBuf;
use zhengyin::cbor::{Error, Fault, Reader};
use zhengyin::limits::MAX_TRUST_OBJECT;

/// Show what stands in an object, NOT verified: anybody can write such bytes
///
/// Exit 0 says only that the encoding is canonical, 10 that it is not.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin inspect license.zyl\n  zhengyin inspect - < trust.zyt\n  zhengyin inspect --json license.zyl"
)]
pub(crate) struct Args {
    /// The file, or - for standard input
    file: PathBuf,
}

pub(crate) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let bytes = files::read(&args.file, MAX_TRUST_OBJECT)?;
    let foreign = foreign(&bytes);
    // What is no CBOR at all reads as a heap of numbers, which tells nobody anything.
    let (items, error) = match foreign {
        Some(_) => (Vec::new(), Some(Reader::error_at(Fault::WrongType, 0))),
        None => read_all(&bytes),
    };
    let lines: Vec<String> = items.iter().flat_map(Node::lines).collect();
    out.line(&[unsure("! 未经核验 NOT VERIFIED")]);
    out.text(&say!(
        "任何人都能写出这些字节；请用 zhengyin verify 核验。",
        "Anybody can write these bytes; `zhengyin verify` checks them."
    ));
    for line in &lines {
        out.line(&[plain(line)]);
    }
    out.json(&json!({
        "schema": "zhengyin.inspect/1", "verified": false, "canonical": error.is_none(), "bytes": bytes.len(),
        "diagnostic": lines.join("\n"), "error": error.map(|error| json!({
            "at": error.at, "fault": error.fault.to_string(), "reason": error.reason().symbol(),
        })),
    }));
    let Some(error) = error else {
        return Ok(Exit::Done);
    };
    out.line(&[
        bad("✗ "),
        bold(error.reason().symbol()),
        plain(format!("  {}: {error}", error.reason().text(out.language))),
    ]);
    if let Some(tool) = foreign {
        out.text(&say!("  这像是证书或密钥文件", "  This looks like a certificate or a key"));
        out.next(&format!("{tool} {}", files::quoted(&args.file)));
    }
    Ok(Exit::Invalid)
}

/// What shows a file of another kind that lies beside ours: a certificate in DER (X.690 §8.9: a SEQUENCE of a long length), or a text of
/// RFC 7468.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0x30, 0x82]) {
        Some("openssl x509 -inform DER -noout -text -in")
    } else if bytes.starts_with(b"-----BEGIN CERTIFICATE") {
        Some("openssl x509 -noout -text -in")
    } else if bytes.starts_with(b"-----BEGIN ") && bytes.windows(12).take(64).any(|label| label == b"PRIVATE KEY-") {
        Some("zhengyin key show")
    } else {
        None
    }
}

/// The items of a CBOR sequence as far as they are canonical, and what is wrong with the next.
fn read_all(bytes: &[u8]) -> (Vec<Node>, Option<Error>) {
    let mut reader = Reader::new(bytes);
    let mut items = Vec::new();
    loop {
        match diagnostic::item(&mut reader, Place::Unknown) {
            Ok(node) => items.push(node),
            Err(error) => return (items, Some(error)),
        }
        if reader.is_at_end() {
            return (items, None);
        }
    }
}
