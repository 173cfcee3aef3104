//! `status prove`: a license with the proof of its status after it, good where no list is held.

use crate::args::Global;
use crate::clock;
use crate::files::{self, Access, STREAM};
use crate::home::{self, Home};
use crate::office::register::{self, state_text};
use crate::office::standing;
use crate::office::status_list;
use crate::output::{Exit, Failure, Out, Say, bold, good, plain, say};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::claims::LicenseClaims;
use zhengyin::claims::id::CreditCode;
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::status::{ProofError, Standing, StatusProof};

/// Prove the status of a license (核验凭据) by the newest list that was published here
///
/// The proof stands after the license, in its file and in its code: a verifier that holds the authority's directory needs no status list
/// then. It is as old as the list, and good for as long.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin status prove 91990100MA00000A9K\n  zhengyin status prove license.zyl --out proved.zyl\n  zhengyin qr make proved.zyl --out proved.png"
)]
pub(super) struct Args {
    /// The license: its number, credential id, license identifier, or its file
    #[arg(value_name = "ID")]
    id: String,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Where the license with its proof is written, or - for standard output [default: out/IDENTIFIER-status-SEQ.zyl in the home folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The proof alone, without the license
    #[arg(long)]
    proof_only: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let license = license(args, &home)?;
    let id = &args.id;
    let unreadable = || Failure::new(say!("{id} 不是证照", "{id} is no license"));
    let (envelope, _) = Envelope::parse_first(&license, Expected::Type(ObjectType::License))
        .map_err(|error| unreadable().because(say!("{error}", "{error}")))?;
    let claims = LicenseClaims::parse(envelope.claimed_payload())
        .map_err(|error| unreadable().because(say!("{error}", "{error}")))?;
    let claims = claims.claimed();
    let (code, at) = (claims.issuer.as_str(), claims.status);
    let publish = || home.command(&format!("status publish {code} --list {}", at.list));
    let Some((_, path)) = home::newest_lists(&home.authority(claims.issuer))?.remove(&at.list) else {
        let list = at.list;
        return Err(Failure::new(say!("{code} 还没有发布清单 {list}", "{code} has not published list {list} yet"))
            .next(publish()));
    };
    let bytes = status_list::read(&path)?;
    let list = status_list::parse(&path, &bytes)?;
    let header = list.claimed_header();
    let proof = StatusProof::make(&list, at.index).map_err(|error| cannot(error, &publish()))?;
    // What a proof that was just made says of its own position.
    let standing = StatusProof::parse(&proof).and_then(|proof| proof.standing(at.index));
    let Ok(Standing::State(state)) = standing else { return Err(cannot(ProofError::Root, &publish())) };

    let object = if args.proof_only { proof.clone() } else { [envelope.bytes(), &proof].concat() };
    let (seq, size, whole) = (header.seq, proof.len(), object.len());
    let default = || home.out().join(format!("{}-status-{seq:06}.zyl", claims.identifier().as_str()));
    let target = args.out.clone().unwrap_or_else(default);
    let shown = target.display();
    let (said, number) = (state_text(state), claims.license.number);
    let (issued, due) = (clock::local_text(header.issued), clock::local_text(header.next_update));
    if args.dry_run {
        out.text(&Say {
            zh: format!("将证明证照 {number} {}：清单第 {seq} 号，{issued} 签发，写入 {shown}", said.zh),
            en: format!("would prove license {number} {} by list number {seq} of {issued}, into {shown}", said.en),
        });
        return Ok(Exit::Done);
    }
    if args.out.is_none() {
        home.make_within(&home.out())?;
    }
    files::create(&target, &object, Access::Shared)?;
    if target == Path::new(STREAM) {
        return Ok(Exit::Done);
    }
    let told = Say {
        zh: format!("已证明证照 {number} {}：清单 {} 第 {seq} 号，{issued} 签发，{due} 前更新", said.zh, at.list),
        en: format!(
            "proved license {number} {}: list {} number {seq} of {issued}, next update due {due}",
            said.en, at.list
        ),
    };
    out.line(&[good("✓ "), plain(out.say(&told))]);
    out.line(&[plain("  "), bold(shown.to_string()), plain(format!("  ({whole} bytes, proof {size})"))]);
    out.json(&json!({
        "schema": "zhengyin.proved/1", "file": target, "authority": code, "number": number, "status": [at.list, at.index],
        "state": state.number(), "seq": seq, "issued": clock::utc_text(header.issued), "next_update": clock::utc_text(header.next_update),
        "bytes": whole, "proof_bytes": size,
    }));
    if !args.proof_only {
        out.next(&format!("zhengyin qr make {}", files::quoted(&target)));
    }
    Ok(Exit::Done)
}

/// The license's file, or what the register handed out.
fn license(args: &Args, home: &Home) -> Result<Vec<u8>, Failure> {
    let path = Path::new(&args.id);
    if path == Path::new(STREAM) || path.extension().is_some_and(|ending| ending == "zyl") && files::is_there(path) {
        return files::read(path, MAX_OBJECT);
    }
    let found = standing::find(home, &args.id, args.authority)?;
    let refused = |error| register::refused(home, error);
    let erased = || {
        let id = &args.id;
        Failure::new(say!("证照 {id} 的内容已依法删除", "the content of license {id} was erased by law"))
            .next("zhengyin status prove license.zyl")
    };
    let register = register::read(home, found.authority)?.ok_or_else(erased)?;
    register.content(found.entry.status).map_err(refused)?.ok_or_else(erased)
}

fn cannot(error: ProofError, publish: &str) -> Failure {
    let failure = Failure::new(say!("无法证明", "it cannot be proved"));
    match error {
        ProofError::OutOfRange(_) => failure
            .because(say!("最新清单早于该证照", "the newest list is older than the license"))
            .next(publish.to_owned()),
        error => failure.because(say!("{error}", "{error}")),
    }
}
