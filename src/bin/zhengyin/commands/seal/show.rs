//! `seal show`: what a seal or a file of stamps says, whoever made it; and its picture, once it was found to be one that may be drawn.

use super::verify::stamps;
use crate::clock::local_text;
use crate::files::{self, Access};
use crate::output::{Exit, Failure, Out, bold, pad, plain, say, unsure};
use serde_json::json;
use std::path::PathBuf;
use zhengyin::claims::{SealClaims, Stamp, StampFile};
use zhengyin::reason::Language;
use zhengyin::time::Timestamp;

/// Show what seals and stamps say: nothing is verified
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin seal show bureau.zye\n  zhengyin seal show decision.pdf.zys --json\n  zhengyin seal show bureau.zye --picture bureau.svg"
)]
pub(super) struct Args {
    /// A seal (.zye) or a file of stamps (.zys); - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where the picture of the first seal is written; no file is overwritten
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let bytes = stamps(&args.file)?;
    let shown = args.file.display();
    let file = StampFile::parse(&bytes).map_err(|error| {
        Failure::new(say!("{shown} 不是印章或签章文件", "{shown} is no seal and no file of stamps"))
            .because(say!("{error}", "{error}"))
            .next(format!("zhengyin inspect {}", files::quoted(&args.file)))
    })?;
    out.line(&[unsure("! "), plain(out.say(&say!("以下内容未经核验", "Nothing of this was verified")))]);
    let mut picture = None;
    for envelope in &file.seals {
        let digest = envelope.object_digest();
        match SealClaims::parse(envelope.claimed_payload()) {
            Ok(claims) => {
                let claims = claims.claimed();
                seal(claims, &digest.to_string(), out);
                picture = picture.or(Some(claims.seal.picture.bytes()));
            }
            Err(error) => {
                let reason = error.reason();
                let text = reason.text(out.language);
                out.line(&[bold(digest.to_string()), plain("  "), plain(text)]);
                out.json(
                    &json!({"schema": "zhengyin.seal/1", "digest": digest.to_string(), "reason": reason.symbol()}),
                );
            }
        }
    }
    for envelope in &file.stamps {
        let digest = envelope.object_digest().to_string();
        match Stamp::parse(envelope) {
            Ok(claims) => stamp(claims.claimed(), &digest, out),
            Err(error) => {
                let reason = error.reason();
                let text = reason.text(out.language);
                out.line(&[bold(digest.clone()), plain("  "), plain(text)]);
                out.json(&json!({"schema": "zhengyin.stamp/1", "digest": digest, "reason": reason.symbol()}));
            }
        }
    }
    match (&args.picture, picture) {
        (Some(path), Some(picture)) => files::create(path, picture, Access::Shared)?,
        (Some(_), None) => {
            return Err(Failure::new(say!("{shown} 中没有可显示的印模", "{shown} holds no picture that may be drawn")));
        }
        (None, _) => {}
    }
    Ok(if file.others.is_empty() { Exit::Done } else { Exit::Invalid })
}

fn rows(rows: &[(&str, &str, String)], out: &mut Out) {
    for (zh, en, value) in rows {
        let label = if out.language == Language::Zh { zh } else { en };
        out.line(&[plain("  "), plain(pad(label, 14).into_owned()), plain(value.clone())]);
    }
}

fn time(seconds: Option<i64>) -> String {
    seconds.and_then(Timestamp::new).map(|at| format!("{} +08:00", local_text(at))).unwrap_or_default()
}

fn seal(claims: &SealClaims<'_>, digest: &str, out: &mut Out) {
    let seal = &claims.seal;
    let picture = &seal.picture;
    let kind = seal.kind.text(out.language).map_or_else(|| seal.kind.number().to_string(), str::to_owned);
    let allowed = seal.allowed.as_ref().map(|allowed| allowed.iter().collect::<Vec<_>>());
    let signers: Vec<String> = seal.signers.iter().map(|signer| signer.to_string()).collect();
    let (from, until) = (claims.validity.from(), claims.validity.until());
    out.line(&[bold(seal.name), plain("  "), plain(seal.code.as_str())]);
    let drawn = format!("{}, {} × {} mm", picture.format().media_type(), picture.width(), picture.height());
    let mut table = vec![
        ("摘要", "digest", digest.to_owned()),
        ("类型", "kind", kind),
        ("所有者", "owner", format!("{} ({})", seal.owner_name, seal.owner)),
        ("制章者", "maker", claims.maker.to_string()),
        ("有效期", "valid", format!("{} – {}", time(Some(from)), time(until))),
        ("印模", "picture", drawn),
        ("状态位置", "status", format!("{}/{}", claims.status.list, claims.status.index)),
    ];
    table.extend(signers.iter().map(|signer| ("授权密钥", "may stamp", signer.clone())));
    table.extend(allowed.iter().map(|allowed| ("可用于", "for", allowed.join(", "))));
    rows(&table, out);
    out.json(&json!({
        "schema": "zhengyin.seal/1", "digest": digest, "code": seal.code.as_str(), "name": seal.name,
        "kind": seal.kind.number(), "owner": seal.owner.as_str(), "owner_name": seal.owner_name,
        "maker": claims.maker.as_str(), "valid_from": from, "valid_until": until,
        "issued_at": claims.issued_at.seconds(), "status": [claims.status.list, claims.status.index],
        "signers": signers, "allowed": allowed,
        "picture": {"media_type": picture.format().media_type(), "width_mm": picture.width(),
            "height_mm": picture.height(), "size": picture.bytes().len()},
    }));
}

fn stamp(stamp: &Stamp<'_>, digest: &str, out: &mut Out) {
    let heading = if stamp.is_counter() { say!("副署", "Counter-stamp") } else { say!("签章", "Stamp") };
    out.line(&[bold(out.say(&heading)), plain("  "), plain(stamp.issuer.as_str())]);
    let mut table = vec![
        ("摘要", "digest", digest.to_owned()),
        ("自述时间", "time, claimed", time(Some(stamp.stamped_at.seconds()))),
        ("文件摘要", "document", format!("{} {}", stamp.hash.name(), stamp.document)),
        ("媒体类型", "media type", stamp.media_type.to_owned()),
        ("所用印章", "seal", stamp.seal.to_string()),
    ];
    let place = stamp.place.map(|place| format!("{}: {} / {} mm", place.page, place.x, place.y));
    table.extend(place.map(|place| ("位置", "place", place)));
    table.extend(stamp.reason.map(|reason| ("事由", "reason", reason.to_owned())));
    rows(&table, out);
    out.json(&json!({
        "schema": "zhengyin.stamp/1", "digest": digest, "authority": stamp.issuer.as_str(),
        "stamped_at": stamp.stamped_at.seconds(), "document": stamp.document.to_string(),
        "digest_algorithm": stamp.hash.cose(),
        "media_type": stamp.media_type, "seal": stamp.seal.to_string(), "reason": stamp.reason,
        "place": stamp.place.map(|place| json!({"page": place.page, "x_mm": place.x, "y_mm": place.y})),
    }));
}
