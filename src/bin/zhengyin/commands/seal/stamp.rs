//! `seal stamp`: a key that a seal lists stamps a document of any size, or another stamp.

use super::verify::{digest_of, stamps};
use crate::args::Global;
use crate::clock::{self, ClockArg};
use crate::files::{self, Access};
use crate::keys::{self, Place as KeyPlace};
use crate::output::{Exit, Failure, Out, good, plain, say};
use crate::secrets;
use crate::stores::StoreArg;
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::claims::{CredentialId, Place, Stamp, StampFile};
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::issue::{Signer as _, StampFacts, Stamped, stamp};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::verify::DocumentHasher;

/// Stamp a document: its digest is signed by a key that the seal lists, and stamp and seal are written beside it
///
/// A document of any size is read once. Where the file of stamps is there already, the stamp is added to those in it; --counter stamps the last of them instead of the
/// document.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin seal stamp decision.pdf --seal bureau.zye --key officer.pem\n  zhengyin seal stamp contract.pdf --seal other.zye --key officer.pem --counter\n  zhengyin seal stamp decision.pdf --seal bureau.zye --key officer.pem --place 1,120,230 --reason 同意 --dry-run"
)]
pub(super) struct Args {
    /// The document
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,
    /// The seal (.zye)
    #[arg(long, value_name = "FILE")]
    seal: PathBuf,
    /// The key that stamps, one of those that the seal lists: a file, exec:PROGRAM ARGS or pkcs11:…
    #[arg(long, value_name = "KEY")]
    key: KeyPlace,
    /// What the document is [default: by the ending of its name]
    #[arg(long, value_name = "TYPE/SUBTYPE")]
    media_type: Option<String>,
    /// Stamp the last stamp in the file instead of the document (副署)
    #[arg(long)]
    counter: bool,
    /// Where the picture is to stand: page, and mm from the left and from the top of it
    #[arg(long, value_name = "PAGE,X,Y", value_parser = place)]
    place: Option<Place>,
    /// Why it is stamped
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The file of stamps, made or added to [default: the document's name with .zys]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    clock: ClockArg,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

fn place(text: &str) -> Result<Place, String> {
    let wrong = || "expected PAGE,X,Y, such as 1,120,230".to_owned();
    let numbers: Result<Vec<u64>, _> = text.split(',').map(|number| number.trim().parse()).collect();
    match numbers.map_err(|_| wrong())?.as_slice() {
        [page, x, y] => Ok(Place { page: *page, x: *x, y: *y }),
        _ => Err(wrong()),
    }
}

/// By the ending of the name: the kinds that offices stamp.
fn media_type(path: &Path) -> &'static str {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "ofd" => "application/ofd",
        "xml" => "application/xml",
        "json" => "application/json",
        "txt" => "text/plain",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "zyl" => "application/x.zy.license",
        _ => "application/octet-stream",
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let store = args.store.find_if_any(global)?.map(|file| file.read()).transpose()?.flatten();
    let seal = files::read(&args.seal, MAX_OBJECT)?;
    let target = args.out.clone().unwrap_or_else(|| {
        let mut name = args.document.clone().into_os_string();
        name.push(".zys");
        PathBuf::from(name)
    });
    let before = if files::is_there(&target) { Some(stamps(&target)?) } else { None };
    let media_type = args.media_type.as_deref().unwrap_or_else(|| media_type(&args.document));
    let now = args.clock.read(global)?.now().map_or_else(clock::now, Ok)?;
    let id = CredentialId::new(secrets::random()?);
    let facts = StampFacts { stamped_at: now, id, place: args.place, reason: args.reason.clone() };
    let shown = args.document.display().to_string();
    if args.dry_run {
        if args.counter {
            last_stamp(before.as_deref(), &target)?;
        }
        let document = digest_of(&args.document, DocumentHasher::new([]))?;
        let target = target.display();
        out.text(&say!("将为 {shown} 签章，写入 {target}", "would stamp {shown} and write {target}"));
        out.json(&json!({"schema": "zhengyin.stamped/1", "document": document.digest.to_string(), "dry_run": true}));
        return Ok(Exit::Done);
    }
    let key = keys::open(&args.key, global.passphrase(), global)?;
    // A document is digested by the hash of the suite that stamps it.
    let hash = key.public_key().algorithm().hash();
    let document = digest_of(&args.document, DocumentHasher::new([hash]))?;
    let digest = document.digest_by(hash).unwrap_or(document.digest);
    let stamped = match args.counter {
        false => Stamped::Document { hash, digest, media_type },
        true => Stamped::Stamp(last_stamp(before.as_deref(), &target)?),
    };
    let refused = |why: String| {
        Failure::new(say!("无法为 {shown} 签章", "cannot stamp {shown}"))
            .because(say!("{why}", "{why}"))
            .next(format!("zhengyin seal show {}", files::quoted(&args.seal)))
    };
    let made = stamp(&seal, stamped, &facts, store.as_ref(), &key).map_err(|error| match error.reason() {
        Some(reason) => refused(reason.text(out.language).to_owned()),
        None => refused(error.to_string()),
    })?;
    let pieces: Vec<&[u8]> = before.iter().map(Vec::as_slice).chain([&seal[..], &made]).collect();
    let joined = StampFile::join(&pieces).map_err(|error| refused(error.to_string()))?;
    match before {
        Some(_) => files::replace(&target, &joined, Access::Shared)?,
        None => files::create(&target, &joined, Access::Shared)?,
    }
    let named = Envelope::parse(&made, Expected::AnyKnown).map(|envelope| envelope.object_digest().to_string());
    let target = target.display().to_string();
    out.line(&[good("✓ "), plain(out.say(&say!("已签章：{target}", "stamped: {target}")))]);
    out.json(&json!({
        "schema": "zhengyin.stamped/1", "file": target, "digest": named.ok(), "document": digest.to_string(), "hash": hash.name(),
        "size": document.size, "stamp_bytes": made.len(), "counter": args.counter, "dry_run": false,
    }));
    out.next(&global.command(&format!("seal verify {}", files::quoted(Path::new(&target)))));
    Ok(Exit::Done)
}

/// The object digest of the last stamp of a file.
fn last_stamp(before: Option<&[u8]>, target: &Path) -> Result<zhengyin::suite::Digest, Failure> {
    let shown = target.display();
    let none = || Failure::new(say!("{shown} 中没有可副署的签章", "there is no stamp in {shown} to countersign"));
    let file = StampFile::parse(before.ok_or_else(none)?).map_err(|_| none())?;
    let last = file.stamps.iter().rfind(|stamp| Stamp::parse(stamp).is_ok());
    last.map(Envelope::object_digest).ok_or_else(none)
}
