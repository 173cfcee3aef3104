//! `holder present`: a license, shown by its holder's key.

use crate::args::Global;
use crate::clock::{self, ClockArg};
use crate::commands::qr::{CodeArgs, object};
use crate::files;
use crate::keys::{self, Place};
use crate::output::{Exit, Failure, Loudness, Out, say};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhengyin::carrier::{self, MAX_DECODED};
use zhengyin::claims::{Challenge, PresentationClaims};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::issue::{PresentError, present};

/// Show a license: sign with the holder's key that it is shown, now, to whom and what for
///
/// Without --challenge it is good for two minutes by the clocks of both sides. With --challenge it answers the verifier's own code, and
/// needs no clock; who asks what for is taken from there.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin holder present license.zyl --key holder.pem --audience 示例政务大厅 --purpose 办理入住\n  zhengyin holder present license.zyl --key holder.pem --challenge 860100… --out shown.png\n  zhengyin holder present license.zyl --key holder.pem --timed --out shown.zyl"
)]
pub(super) struct Args {
    /// The license: a file, the text of a code or a text block; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The holder's key: a file, exec:PROGRAM ARGS or pkcs11:…
    #[arg(long, value_name = "KEY")]
    key: Place,
    /// Good for two minutes, by the clocks of both sides [default]
    #[arg(long)]
    timed: bool,
    /// Answer the verifier's challenge: the text of its code, or the file that `qr challenge` wrote
    #[arg(long, value_name = "TEXT", conflicts_with = "timed")]
    challenge: Option<String>,
    /// To whom it is shown; nobody else can use it then
    #[arg(long, value_name = "TEXT")]
    audience: Option<String>,
    /// What it is shown for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    #[command(flatten)]
    code: CodeArgs,
    #[command(flatten)]
    clock: ClockArg,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let license = object(&args.file)?;
    let (envelope, _) = Envelope::parse_first(&license, Expected::Type(ObjectType::License)).map_err(|error| {
        let shown = args.file.display();
        Failure::new(say!("{shown} 不是证照", "{shown} is no license")).because(say!("{error}", "{error}"))
    })?;
    let asked = args.challenge.as_deref().map(challenge).transpose()?;
    let asked = asked.as_deref().map(read).transpose()?;
    let now = args.clock.read(global)?.now().map_or_else(clock::now, Ok)?;
    let mut claims = PresentationClaims::of(envelope.object_digest(), now);
    let agreed = |stated: &Option<String>, asked: Option<&str>| match (stated, asked) {
        (Some(stated), Some(asked)) if stated != asked => false,
        (Some(_), None) => false,
        _ => true,
    };
    match &asked {
        Some(asked) => {
            if !agreed(&args.audience, asked.audience) || !agreed(&args.purpose, asked.purpose) {
                let what = say!(
                    "核验码写明的核验方或用途与 --audience、--purpose 不符",
                    "the challenge names another audience or purpose than --audience and --purpose"
                );
                return Err(Failure::usage(what));
            }
            (claims.nonce, claims.audience, claims.purpose) = (Some(asked.nonce), asked.audience, asked.purpose);
        }
        None => (claims.audience, claims.purpose) = (args.audience.as_deref(), args.purpose.as_deref()),
    }
    tell(&claims, out);
    if args.dry_run {
        return Ok(Exit::Done);
    }
    let key = keys::open(&args.key, global.passphrase(), global)?;
    let shown = present(&license, &claims, &key).map_err(|error| refused(error, &args.file))?;
    let mut json = args.code.write(&shown, false, out)?;
    if let Value::Object(map) = &mut json {
        map.insert("schema".to_owned(), "zhengyin.presented/1".into());
        map.insert("form".to_owned(), claims.form().name().into());
        map.insert("until".to_owned(), json!(claims.expires.seconds()));
        map.insert("audience".to_owned(), claims.audience.into());
        map.insert("purpose".to_owned(), claims.purpose.into());
    }
    out.json(&json);
    Ok(Exit::Done)
}

/// The bytes of a challenge: from its text, or from a file with it or with the bytes themselves, as `qr challenge` writes both.
fn challenge(text: &str) -> Result<Vec<u8>, Failure> {
    let refused = |error: carrier::Error| {
        Failure::new(say!("这不是核验码", "this is no challenge"))
            .because(say!("{error}", "{error}"))
            .next("zhengyin holder present --help")
    };
    if let Ok(decoded) = carrier::decode(text) {
        return Ok(decoded.bytes);
    }
    let path = Path::new(text);
    if !files::is_there(path) {
        return carrier::decode(text).map(|decoded| decoded.bytes).map_err(refused);
    }
    let bytes = files::read(path, MAX_DECODED)?;
    if Challenge::parse(&bytes).is_ok() {
        return Ok(bytes);
    }
    let text = String::from_utf8_lossy(&bytes);
    carrier::decode(&text).map(|decoded| decoded.bytes).map_err(refused)
}

fn read(bytes: &[u8]) -> Result<Challenge<'_>, Failure> {
    Challenge::parse(bytes).map_err(|error| {
        Failure::new(say!("这不是核验码", "this is no challenge"))
            .because(say!("{error}", "{error}"))
            .next("zhengyin holder present --help")
    })
}

/// Who will be told what: the holder reads it before it is signed.
fn tell(claims: &PresentationClaims<'_>, out: &mut Out) {
    let unnamed = say!("（未限定）", "(anyone)");
    let audience = claims.audience.unwrap_or_else(|| out.say(&unnamed)).to_owned();
    let any = say!("（未限定）", "(anything)");
    let purpose = claims.purpose.unwrap_or_else(|| out.say(&any)).to_owned();
    out.remark(Loudness::Normal, &say!("出示给：{audience}；用途：{purpose}", "shown to: {audience}; for: {purpose}"));
}

fn refused(error: PresentError, path: &Path) -> Failure {
    let shown = path.display();
    let failure = Failure::new(say!("无法出示 {shown}", "cannot show {shown}"));
    match error {
        PresentError::NoHolderKey => failure.because(say!(
            "证照未载明持证人密钥：须由颁发机构写入",
            "the license names no holder's key: its issuer has to put one in"
        )),
        PresentError::NotHolder => {
            failure.because(say!("这不是证照所载的持证人密钥", "the key is not the one that the license names"))
        }
        error => failure.because(say!("{error}", "{error}")),
    }
}
