//! `verify`: the verdict on licenses, with its grounds.

mod bilingual;
mod card;
mod facts;
mod keep;
mod next;
mod offered;
mod recognised;
mod shown;
mod told;

use super::seal::{self, digest_of};
use crate::args::Global;
use crate::clock::{ClockArg, Moment, Reading, now};
use crate::config::Config;
use crate::files::{self, STREAM};
use crate::output::{Exit, Failure, Out, bold, say};
use crate::policies::Chosen;
use crate::seen::{Accepted, SeenFile};
use crate::stores::StoreArg;
pub(in crate::commands) use bilingual::{Besides, advice, lines as bilingual};
pub(in crate::commands) use card::{Card, Detail};
pub(in crate::commands) use keep::{KeepArgs, Keeper, keep_objects, signed_receipt};
pub(in crate::commands) use next::text as next_step;
use offered::{Offered, in_pictures};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use zhengyin::carrier::{self, Carrier, Decoded};
use zhengyin::claims::Nonce;
use zhengyin::claims::id::Region;
use zhengyin::limits::MAX_OBJECT;
use zhengyin::policy::Policy;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::{Digest, HashAlgorithm};
use zhengyin::verify::{Context, DocumentHasher, Report, Texts, Verdict, Verifier};

/// A credential that is too large is told so by the verdict; a file beyond this is none.
const MAX_FILE: usize = 16 * MAX_OBJECT;

/// Verify licenses, without a network
///
/// Takes files, the text of a QR code (digits or base45; the parts of one a line each), text blocks and pictures. Exit 0: valid; 10: invalid; 20: undetermined; of several the
/// gravest.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin verify license.zyl\n  zhengyin verify *.zyl --json\n  zhengyin verify - --region 990100 < scanned.txt\n  zhengyin verify copy.zyl --purpose 办理贷款 --audience 示例银行\n  zhengyin verify license.zyl --event-time 2026-05-20\n  zhengyin verify --image front.jpg --image back.jpg\n  zhengyin verify license.zyl --document display.pdf\n  zhengyin verify license.zyl --region 980101 --use-case 企业登记"
)]
pub(crate) struct Args {
    /// Files of licenses, or of the text of codes; - for standard input
    #[arg(required_unless_present = "image", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A picture (PNG, JPEG) with the QR code of a license in it, or with parts of one; may be repeated
    #[arg(long, value_name = "PICTURE")]
    image: Vec<PathBuf>,
    /// Where this verifier stands [default: ZHENGYIN_REGION, else what store init --region was told]
    #[arg(long, value_name = "CODE", value_parser = Region::parse)]
    region: Option<Region>,
    /// counter, kiosk, archive, strict, or a file in TOML that asks for more than one of them
    #[arg(long, value_name = "NAME|FILE", value_parser = Chosen::parse, default_value = "counter")]
    policy: Chosen,
    /// What this check is for, compared with what a copy was made for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// Who checks, compared with whom a copy was made for
    #[arg(long, value_name = "TEXT")]
    audience: Option<String>,
    /// The nonce of the challenge that was shown to the holder, who must have answered it
    #[arg(long, value_name = "NONCE", value_parser = nonce)]
    challenge: Option<Nonce>,
    /// A file that keeps the presentations that were seen: none is good twice
    #[arg(long, value_name = "FILE")]
    seen: Option<PathBuf>,
    /// Was it in force then? A date is its first second in +08:00; a duration is that long ago [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    event_time: Option<Moment>,
    /// Judge by what was known then, by nothing issued later [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    known_as_of: Option<Moment>,
    /// What the license is used for, in the words of the recognition rules (for one from another province)
    #[arg(long, value_name = "TEXT")]
    use_case: Option<String>,
    /// A file that must be one of those that the license names; stamps beside it (its name with .zys) are verified too
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// Do not ask whether licenses of this type are recognised here
    #[arg(long)]
    no_recognition: bool,
    /// Do not ask whether the holder's own key showed it
    #[arg(long)]
    no_presentation: bool,
    /// Leave out the holder, what the license says of him, and the names of files: for logs
    #[arg(long)]
    redact: bool,
    #[command(flatten)]
    keep: KeepArgs,
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    clock: ClockArg,
}

fn nonce(text: &str) -> Result<Nonce, String> {
    text.parse().map_err(|_| "expected the 32 hexadecimal digits that `zhengyin qr challenge` told".to_owned())
}

impl Args {
    const fn detail(&self) -> Detail {
        if self.redact { Detail::Redacted } else { Detail::Whole }
    }

    fn policy(&self, global: &Global) -> Result<Policy, Failure> {
        let mut policy = self.policy.read()?;
        policy.region = region(self.region, global)?;
        policy = if self.no_recognition { policy.without_recognition() } else { policy };
        Ok(if self.no_presentation { policy.without_presentation() } else { policy })
    }

    fn context(&self, reading: Reading) -> Result<Context<'_>, Failure> {
        let ago = |asked: Option<Moment>| match (asked, reading.now()) {
            (None, _) => Ok(None),
            (Some(moment), Some(now)) => Ok(Some(moment.before(now))),
            (Some(moment), None) => Ok(Some(moment.before(now()?))),
        };
        Ok(Context {
            purpose: self.purpose.as_deref(),
            audience: self.audience.as_deref(),
            challenge: self.challenge,
            seen: None,
            event_time: ago(self.event_time)?,
            known_as_of: ago(self.known_as_of)?,
            use_case: self.use_case.as_deref(),
        })
    }
}

/// What the command line says, else the surroundings, else the configuration of the home; a named store needs no home.
pub(in crate::commands) fn region(asked: Option<Region>, global: &Global) -> Result<Option<Region>, Failure> {
    if asked.is_some() {
        return Ok(asked);
    }
    if let Some(text) = std::env::var("ZHENGYIN_REGION").ok().filter(|text| !text.is_empty()) {
        let wrong = |_| {
            Failure::usage(say!("ZHENGYIN_REGION={text} 不是区划代码", "ZHENGYIN_REGION={text} is no region"))
                .next("zhengyin verify --region 990100 …")
        };
        return Region::parse(&text).map(Some).map_err(wrong);
    }
    Ok(global.home().ok().map(|home| Config::read(&home)).transpose()?.and_then(|config| config.region))
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    // Without a store every license is undetermined, for the reason that there is none.
    let store = args.store.find(global)?.read()?.unwrap_or_else(|| Store::new(Pin::new(Digest::new([0; 32]))));
    let reading = args.clock.read(global)?;
    let context = args.context(reading)?;
    let policy = args.policy(global)?;
    let mut seen = args.seen.as_deref().map(SeenFile::open).transpose()?;
    let from_files = args.files.iter().map(|path| (path.clone(), files::read(path, MAX_FILE).map(Offered::of)));
    let from_pictures = in_pictures(&args.image);
    let several = args.files.len().saturating_add(from_pictures.len()) > 1;
    // By which hash a license names it is not known yet.
    let every_hash = || DocumentHasher::new(HashAlgorithm::ALL.iter().copied());
    let document = args.document.as_deref().map(|path| digest_of(path, every_hash())).transpose()?;
    let mut keeper = Keeper::open(&args.keep, &store, args.detail(), global)?;
    let mut exits = Vec::new();
    for (path, offered) in from_files.chain(from_pictures) {
        if !exits.is_empty() {
            out.line(&[]);
        }
        if several && !args.redact {
            out.line(&[bold(path.display().to_string())]);
        }
        let context = Context { seen: seen.as_ref().map(SeenFile::seen), ..context };
        let verifier = Verifier::new(&store, policy.clone())
            .with_context(context)
            .with_document(document.map(|document| document.digest))
            .with_document_sm3(document.and_then(|document| document.sm3));
        let license_type = offered.as_ref().ok().and_then(Offered::type_code);
        let (exit, accepted) = match offered {
            Ok(offered) => one(&path, &offered, &verifier, reading, &mut keeper, out),
            Err(failure) => (out.failure(&failure), None),
        };
        exits.push(exit);
        // What was sealed is shown beside the license that it belongs to.
        if let (Some(path), Some(document)) = (&args.document, document) {
            exits.extend(seal::beside(path, document, license_type, &verifier, reading, (&mut keeper, &mut *out))?);
        }
        if let (Some(seen), Some(accepted), false) = (&mut seen, accepted, args.keep.dry_run) {
            seen.keep(&accepted)?;
        }
    }
    if exits.len() > 1 {
        out.line(&[]);
        let summary = summary(&exits);
        out.text(&summary);
    }
    if let Err(failure) = keeper.finish(out) {
        exits.push(out.failure(&failure));
    }
    Ok(Exit::of_all(exits))
}

/// Verifies one thing and says what came of it.
fn one(
    path: &Path,
    offered: &Offered,
    verifier: &Verifier<'_>,
    reading: Reading,
    keeper: &mut Keeper<'_>,
    out: &mut Out,
) -> (Exit, Option<Accepted>) {
    let detail = keeper.detail();
    let (report, carried) = match offered {
        Offered::Text(text, decoded) => (verifier.verify_carried(text, decoded, reading.clock()), Some(decoded)),
        Offered::Object(bytes) => (verifier.verify(bytes, reading.clock()), None),
    };
    Card { report: &report, verifier, reading, carried, path, language: out.language, detail }.show(out);
    if out.is_json() {
        let json = as_json(&report, path, carried, reading, detail);
        out.json(&json);
    }
    let exit = match report.verdict() {
        Verdict::Valid => Exit::Done,
        Verdict::Invalid => Exit::Invalid,
        Verdict::Undetermined => Exit::Undetermined,
    };
    let exit = match keeper.keep(&report, reading) {
        Ok(()) => exit,
        Err(failure) => Exit::of_all([exit, out.failure(&failure)]),
    };
    (exit, Accepted::by(&report))
}

/// The report, and what only the command knows: the file, the text that carried it, and which clock was gone by.
fn as_json(
    report: &Report<'_>,
    path: &Path,
    carried: Option<&Result<Decoded, carrier::Error>>,
    reading: Reading,
    detail: Detail,
) -> Value {
    let mut json = match report_json(report, detail) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    let unnamed = path == Path::new(STREAM) || detail == Detail::Redacted;
    let file = if unnamed { Value::Null } else { json!(path.display().to_string()) };
    json.insert("file".to_owned(), file);
    json.insert("clock".to_owned(), json!(reading.word()));
    json.insert("carrier".to_owned(), carried.map_or(Value::Null, carrier_json));
    Value::Object(json)
}

/// The report of the library, with texts.
pub(in crate::commands) fn report_json(report: &Report<'_>, detail: Detail) -> Value {
    let told = match detail {
        Detail::Whole => report.to_value(Texts::Both),
        Detail::Redacted => report.to_value(Texts::Both).redacted(),
    };
    // A report is a map of texts and numbers: there is nothing in it that JSON could not say.
    serde_json::to_value(told).unwrap_or_default()
}

fn carrier_json(decoded: &Result<Decoded, carrier::Error>) -> Value {
    match decoded {
        Ok(decoded) => {
            let kind = match decoded.carrier {
                Carrier::Digits => "digits",
                Carrier::Base45 => "base45",
                _ => "block",
            };
            let repaired: Vec<&str> = decoded.repaired.iter().map(carrier::Repair::symbol).collect();
            json!({"kind": kind, "form": decoded.form.number(), "parts": decoded.parts, "repaired": repaired})
        }
        Err(carrier::Error::NotOurs(foreign)) => json!({"foreign": foreign.symbol()}),
        Err(error) => json!({"error": error.to_string()}),
    }
}

fn summary(exits: &[Exit]) -> crate::output::Say {
    let count = |exit: Exit| exits.iter().filter(|other| **other == exit).count();
    let (all, valid, invalid) = (exits.len(), count(Exit::Done), count(Exit::Invalid));
    let (undetermined, unread) = (count(Exit::Undetermined), count(Exit::CouldNotRun));
    say!(
        "共 {all} 个：有效 {valid}，无效 {invalid}，无法判定 {undetermined}，未能读取 {unread}",
        "{all} files: {valid} valid, {invalid} invalid, {undetermined} undetermined, {unread} not read"
    )
}
