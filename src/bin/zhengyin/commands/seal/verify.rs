//! `seal verify`: the verdict on stamps and on seals, with the grounds.

use super::card;
use crate::args::Global;
use crate::clock::{ClockArg, Moment, Reading, now};
use crate::commands::qr::object;
use crate::commands::verify::{Detail, KeepArgs, Keeper};
use crate::files::{self, Input, STREAM};
use crate::output::{Exit, Failure, Out, Span, bold, pad, plain, say, unsure};
use crate::policies::Chosen;
use crate::stores::StoreArg;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhengyin::claims::StampFile;
use zhengyin::claims::id::TypeCode;
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::issue::digest_document_by;
use zhengyin::limits::MAX_STAMP_FILE;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::Digest;
use zhengyin::verify::{Context, DocumentHasher, StampedDocument, Texts, Verdict, Verifier};

/// Verify stamps on a document, or seals by themselves, without a network
///
/// Of a file `decision.pdf.zys` the document is `decision.pdf` beside it, unless --document names another. In a folder every .zys is verified. Exit 0: valid; 10: invalid; 20:
/// undetermined; of several the gravest.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin seal verify decision.pdf.zys\n  zhengyin seal verify stamps.zys --document decision.pdf\n  zhengyin seal verify archive/ --json\n  zhengyin seal verify bureau.zye\n  zhengyin seal verify decision.pdf.zys --receipt decision.zyr --device counter-3.pem --evidence evidence"
)]
pub(super) struct Args {
    /// Files of stamps (.zys) or seals (.zye), the text of a code, or folders of stamps; - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The document that was stamped [default: the name of the file of stamps without .zys]
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// A file with seals that are kept apart from the stamps
    #[arg(long, value_name = "FILE")]
    seals: Option<PathBuf>,
    /// The type of the license that the document belongs to, for seals that are for certain types only
    #[arg(long, value_name = "CODE", value_parser = TypeCode::parse)]
    license_type: Option<TypeCode>,
    /// counter, kiosk, archive, strict, or a file in TOML that asks for more than one of them
    #[arg(long, value_name = "NAME|FILE", value_parser = Chosen::parse, default_value = "counter")]
    policy: Chosen,
    /// Judge by what was known then, by nothing issued later [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    known_as_of: Option<Moment>,
    /// Leave out the names of seals and owners, why and where was stamped, and the names of files: for logs
    #[arg(long)]
    redact: bool,
    #[command(flatten)]
    keep: KeepArgs,
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    clock: ClockArg,
}

/// A line of the summary.
struct Row {
    name: String,
    exit: Exit,
    told: String,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    // Without a store every stamp is undetermined, for the reason that there is none.
    let store = args.store.find(global)?.read()?.unwrap_or_else(|| Store::new(Pin::new(Digest::new([0; 32]))));
    let reading = args.clock.read(global)?;
    let known_as_of = match (args.known_as_of, reading.now()) {
        (None, _) => None,
        (Some(moment), Some(now)) => Some(moment.before(now)),
        (Some(moment), None) => Some(moment.before(now()?)),
    };
    let context = Context { known_as_of, ..Context::NONE };
    let verifier = Verifier::new(&store, args.policy.read()?).with_context(context);
    let seals = args.seals.as_deref().map(seals_of).transpose()?.unwrap_or_default();
    let paths = listed(&args.files)?;
    let detail = if args.redact { Detail::Redacted } else { Detail::Whole };
    let mut keeper = Keeper::open(&args.keep, &store, detail, global)?;
    let mut rows: Vec<Row> = Vec::new();
    for path in &paths {
        if !rows.is_empty() {
            out.line(&[]);
        }
        let name = match args.redact {
            true => format!("#{}", rows.len().saturating_add(1)),
            false => path.display().to_string(),
        };
        if paths.len() > 1 {
            out.line(&[bold(name.clone())]);
        }
        let (exit, told) = match one(args, path, &seals, &verifier, reading, (&mut keeper, &mut *out)) {
            Ok(answer) => answer,
            Err(failure) => {
                let text = failure.text();
                (out.failure(&failure), out.say(&text).to_owned())
            }
        };
        rows.push(Row { name, exit, told });
    }
    if rows.len() > 1 {
        out.line(&[]);
        summary(&rows, out);
    }
    let kept = match keeper.finish(out) {
        Ok(()) => None,
        Err(failure) => Some(out.failure(&failure)),
    };
    Ok(Exit::of_all(rows.into_iter().map(|row| row.exit).chain(kept)))
}

/// Seals that are kept apart. A file without one was named in error.
fn seals_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = stamps(path)?;
    match StampFile::parse(&bytes) {
        Ok(file) if !file.seals.is_empty() => Ok(bytes),
        _ => {
            let shown = path.display();
            Err(Failure::new(say!("文件 {shown} 中没有印章", "there is no seal in {shown}"))
                .next(format!("zhengyin inspect {}", files::quoted(path))))
        }
    }
}

/// A folder stands for the files of stamps in it.
fn listed(files: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut listed = Vec::new();
    for path in files {
        if !path.is_dir() {
            listed.push(path.clone());
            continue;
        }
        let is_stamps = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "zys");
        let within: Vec<PathBuf> = files::list(path)?.into_iter().filter(is_stamps).collect();
        if within.is_empty() {
            let shown = path.display();
            return Err(Failure::new(say!(
                "文件夹 {shown} 中没有签章文件（.zys）",
                "there is no file of stamps (.zys) in {shown}"
            )));
        }
        listed.extend(within);
    }
    Ok(listed)
}

/// The document that goes with a file of stamps, if there is one.
fn document_of(args: &Args, path: &Path) -> Option<PathBuf> {
    let beside = || {
        let stem = path.file_stem().filter(|_| path.extension().is_some_and(|ending| ending == "zys"))?;
        Some(path.with_file_name(stem)).filter(|document| files::is_there(document))
    };
    args.document.clone().or_else(beside)
}

/// The digests of a document, read once and in pieces.
pub(in crate::commands) fn digest_of(path: &Path, hasher: DocumentHasher) -> Result<StampedDocument, Failure> {
    let shown = path.display();
    let failed = |error: &std::io::Error| {
        Failure::new(say!("无法读取文件 {shown}", "cannot read the document {shown}")).because_io(error)
    };
    let mut input = Input::open(path)?;
    let file = input.rewind().map_err(|error| failed(&error))?;
    digest_document_by(file, hasher).map_err(|error| failed(&error))
}

fn one(
    args: &Args,
    path: &Path,
    seals: &[u8],
    verifier: &Verifier<'_>,
    reading: Reading,
    (keeper, out): (&mut Keeper<'_>, &mut Out),
) -> Result<(Exit, String), Failure> {
    let detail = keeper.detail();
    let bytes = stamps(path)?;
    let of_document = document_of(args, path);
    let mut stamped = verifier.stamps(&bytes, reading.clock()).with_seals(seals);
    let document = of_document.as_deref().map(|path| digest_of(path, stamped.hasher())).transpose()?;
    let name = |path: Option<&Path>| file_name(path, detail);
    let (verdict, mut json) = match Envelope::parse(&bytes, Expected::Type(ObjectType::Seal)) {
        Ok(_) if document.is_none() => {
            let report = verifier.verify_seal(&bytes, reading.clock());
            card::seal(&report, path, detail, out);
            keeper.keep_answer(&report, &report.inputs(), &[(&bytes, "zye")], reading)?;
            (report.verdict(), told_value(report.to_value(Texts::Both), detail))
        }
        _ => {
            if let Some(license_type) = args.license_type {
                stamped = stamped.for_license_type(license_type);
            }
            let report = match document {
                Some(document) => stamped.finish_with(document),
                None => stamped.finish_without_document(),
            };
            card::stamps(&report, path, of_document.as_deref(), detail, out);
            let apart = Some((seals, "zys")).filter(|_| !report.seals().is_empty());
            let verified: Vec<_> = [(bytes.as_slice(), "zys")].into_iter().chain(apart).collect();
            keeper.keep_answer(&report, &report.inputs(), &verified, reading)?;
            (report.verdict(), told_value(report.to_value(Texts::Both), detail))
        }
    };
    if let Ok(Value::Object(map)) = &mut json {
        map.insert("file".to_owned(), json!(name(Some(path))));
        if map.contains_key("stamps") {
            map.insert("document_file".to_owned(), json!(name(of_document.as_deref())));
        }
        map.insert("clock".to_owned(), json!(reading.word()));
    }
    if let Some(remark) = reading.remark() {
        out.line(&[plain("  "), unsure("! "), plain(out.say(&remark))]);
    }
    let told = json.as_ref().ok().and_then(|json| json.get("reason")?.as_str().map(str::to_owned));
    if let Ok(json) = &json {
        out.json(json);
    }
    Ok((exit_of(verdict), told.unwrap_or_default()))
}

/// A path for JSON.
fn file_name(path: Option<&Path>, detail: Detail) -> Option<String> {
    let path = path.filter(|path| *path != Path::new(STREAM) && detail == Detail::Whole);
    path.map(|path| path.display().to_string())
}

/// The report as JSON, as much of it as may be told.
fn told_value(report: zhengyin::verify::Value<'_>, detail: Detail) -> Result<Value, serde_json::Error> {
    serde_json::to_value(match detail {
        Detail::Whole => report,
        Detail::Redacted => report.redacted(),
    })
}

/// The stamps that lie beside a document, verified as those on a document of a license; `None` where there are none.
pub(in crate::commands) fn beside(
    path: &Path,
    document: StampedDocument,
    license_type: Option<TypeCode>,
    verifier: &Verifier<'_>,
    reading: Reading,
    (keeper, out): (&mut Keeper<'_>, &mut Out),
) -> Result<Option<Exit>, Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(".zys");
    let file = PathBuf::from(name);
    if path == Path::new(STREAM) || !files::is_there(&file) {
        return Ok(None);
    }
    let detail = keeper.detail();
    let bytes = stamps(&file)?;
    let mut stamped = verifier.stamps(&bytes, reading.clock());
    if let Some(license_type) = license_type {
        stamped = stamped.for_license_type(license_type);
    }
    let report = stamped.finish_with(document);
    out.line(&[]);
    card::stamps(&report, &file, Some(path), detail, out);
    if let Ok(Value::Object(mut map)) = told_value(report.to_value(Texts::Both), detail) {
        map.insert("file".to_owned(), json!(file_name(Some(&file), detail)));
        map.insert("document_file".to_owned(), json!(file_name(Some(path), detail)));
        map.insert("clock".to_owned(), json!(reading.word()));
        out.json(&Value::Object(map));
    }
    keeper.keep_answer(&report, &report.inputs(), &[(&bytes, "zys")], reading)?;
    Ok(Some(exit_of(report.verdict())))
}

const fn exit_of(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Valid => Exit::Done,
        Verdict::Invalid => Exit::Invalid,
        Verdict::Undetermined => Exit::Undetermined,
    }
}

/// The bytes of a file of stamps, or of the text of a code.
pub(in crate::commands) fn stamps(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = files::read(path, MAX_STAMP_FILE)?;
    let is_text = std::str::from_utf8(&bytes).is_ok_and(|text| zhengyin::carrier::decode(text).is_ok());
    if is_text && path != Path::new(STREAM) { object(path) } else { Ok(bytes) }
}

fn summary(rows: &[Row], out: &mut Out) {
    let widest = rows.iter().map(|row| crate::output::width(&row.name)).max().unwrap_or_default();
    for row in rows {
        let mark: Span = card::mark(row.exit);
        out.line(&[mark, plain(pad(&row.name, widest).into_owned()), plain("  "), plain(row.told.clone())]);
    }
    let count = |exit: Exit| rows.iter().filter(|row| row.exit == exit).count();
    let (all, valid, invalid) = (rows.len(), count(Exit::Done), count(Exit::Invalid));
    let (undetermined, unread) = (count(Exit::Undetermined), count(Exit::CouldNotRun));
    out.text(&say!(
        "共 {all} 个：有效 {valid}，无效 {invalid}，无法判定 {undetermined}，未能读取 {unread}",
        "{all} files: {valid} valid, {invalid} invalid, {undetermined} undetermined, {unread} not read"
    ));
}
