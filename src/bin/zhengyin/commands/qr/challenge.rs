//! `qr challenge`: what a verifier shows to a holder.

use super::make::CodeArgs;
use crate::output::{Exit, Failure, Out, bold, plain, say};
use crate::secrets;
use serde_json::Value;
use zhengyin::claims::{Challenge, Nonce};

/// Draw a challenge (核验码) for a holder to answer: a nonce, who asks, and what for
///
/// The holder scans it, reads who asks what for, and answers with `holder present --challenge`. Verify the answer with
/// `verify --challenge NONCE`, and draw another for the next one. No clock is needed.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin qr challenge --audience 示例政务大厅 --purpose 办理入住\n  zhengyin qr challenge --audience 示例政务大厅 --out challenge.png --json"
)]
pub(super) struct Args {
    /// Who asks
    #[arg(long, value_name = "TEXT")]
    audience: Option<String>,
    /// What for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    #[command(flatten)]
    code: CodeArgs,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let nonce = Nonce::new(secrets::random()?);
    let challenge = Challenge::new(nonce, args.audience.as_deref(), args.purpose.as_deref());
    let bytes = challenge.encode().map_err(|error| {
        Failure::usage(say!("核验方或用途的文字不可用", "the audience or purpose cannot be used"))
            .because(say!("{error}", "{error}"))
    })?;
    let mut json = args.code.write(&bytes, args.dry_run, out)?;
    out.line(&[plain(out.say(&say!("随机数：", "nonce: "))), bold(nonce.to_string())]);
    if let Value::Object(map) = &mut json {
        map.insert("schema".to_owned(), "zhengyin.challenge/1".into());
        map.insert("nonce".to_owned(), nonce.to_string().into());
    }
    out.json(&json);
    Ok(Exit::Done)
}
