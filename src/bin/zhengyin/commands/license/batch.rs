//! `license issue --batch`: the licenses of a whole table. Every row is checked before the first is signed.

use crate::args::{self, Global};
use crate::batch::cores;
use crate::batch::encoding::{Asked, Text, detect};
use crate::batch::handout::{self, Handout};
use crate::batch::map::{self, Map};
use crate::batch::progress::Progress;
use crate::batch::report::{self, Report};
use crate::batch::row::{Form, Rules};
use crate::batch::run::{Checked, Issuing, Pass, check, issue};
use crate::batch::starter::{self, Starter};
use crate::files::{self, Access, Before, Input};
use crate::home::Home;
use crate::interrupt::Interrupt;
use crate::keys;
use crate::keys::Key;
use crate::office::catalogue::Catalogue;
use crate::office::seat::Seat;
use crate::office::{known, register, status_list};
use crate::output::{Exit, Failure, Loudness, Out, bold, good, plain, say, unsure};
use serde_json::{Map as Object, Value, json};
use std::path::{Path, PathBuf};
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Act, Signing};
use zhengyin::time::Timestamp;
use zhengyin::x509::Use;

/// Complaints that are shown beside the report.
const SHOWN: usize = 20;

/// What concerns a batch alone.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Many at once")]
pub(crate) struct Many {
    /// A table of licenses: CSV with a line of column names, or a JSON object a line (.jsonl), or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "holder_key"])]
    batch: Option<PathBuf>,
    /// What each column says, and what is the same in all rows; needed for CSV
    #[arg(long, value_name = "FILE", requires = "batch")]
    map: Option<PathBuf>,
    /// Write a mapping file to begin with, for the columns of this table, and do nothing else
    #[arg(long, value_name = "FILE", requires = "batch", conflicts_with = "map")]
    map_template: Option<PathBuf>,
    /// The encoding of the table: auto, utf-8 or gb18030
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = Asked::parse, requires = "batch")]
    encoding: Asked,
    /// How licenses are written: folder (a file each), pack (one file of all) or lines (JSON with the QR text)
    #[arg(long = "as", value_name = "FORM", default_value = "folder", value_parser = handout::Form::parse, requires = "batch")]
    form: handout::Form,
    /// Where a line for each row is written [default: beside the table, as NAME.report.csv]
    #[arg(long, value_name = "FILE", requires = "batch")]
    report: Option<PathBuf>,
    /// Go on with a batch that was stopped: what was issued is not issued again, what was written is completed
    #[arg(long, requires = "batch")]
    resume: bool,
    /// Issue the rest if no more than so many rows are refused; with more nothing is signed
    #[arg(long, value_name = "N", default_value_t = 0, requires = "batch")]
    max_errors: u64,
}

impl Many {
    pub(super) const fn is_batch(&self) -> bool {
        self.batch.is_some()
    }
}

/// What the options of `license issue` say for a batch too.
pub(super) struct Wish<'a> {
    pub(super) authority: Option<CreditCode>,
    pub(super) out: Option<&'a Path>,
    pub(super) list: u64,
    pub(super) expires: Timestamp,
    pub(super) now: Timestamp,
    pub(super) is_dry_run: bool,
}

/// Is it a JSON object a line?
fn is_lines(path: &Path, first: &[u8]) -> bool {
    let named = path.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson");
    named || first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

pub(super) fn run(args: &Many, wish: &Wish<'_>, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let Some(path) = args.batch.as_deref() else { return Ok(Exit::Done) };
    let mut input = Input::open(path)?;
    let encoding = detect(rewound(&mut input, path)?, args.encoding, path)?;
    out.remark(Loudness::Verbose, &say!("编码：{name}", "encoding: {name}", name = encoding.name()));
    if let Some(to) = &args.map_template {
        return write_template(to, Text::new(rewound(&mut input, path)?, encoding), wish, out);
    }
    let home = global.home()?;
    let lines = is_lines(path, &files::beginning(rewound(&mut input, path)?));
    let map = args.map.as_deref().map(read_map).transpose()?;
    let form = match (lines, map) {
        (true, map) => Form::Json(map.map_or_else(Object::new, |map| map.constants().clone())),
        (false, Some(map)) => {
            let mut table = crate::batch::table::Table::new(Text::new(rewound(&mut input, path)?, encoding));
            let plan = map.plan(&crate::batch::run::header(&mut table, path)?);
            Form::Csv(plan.map_err(|failure| failure.next(template_command(path)))?)
        }
        (false, None) => return Err(without_map(path)),
    };
    let authority = authority(wish, &form, &mut input, encoding, path)?;
    let seat = Seat::demand(&home, authority, Use::License)?;
    let (store, catalogue, signer) = (known::demand(&home)?, Catalogue::read(Some(&home))?, seat.public_key()?);
    let rules = Rules {
        form: &form,
        authority,
        catalogue: &catalogue,
        unknown: global.config()?.unknown_types,
        store: &store,
        signer: &signer,
        expires: wish.expires,
        now: wish.now,
        list: wish.list,
    };
    let interrupt = Interrupt::watch()?;
    let places = Places::of(args, wish, &home, path);
    let before = if args.resume { Before::Replaced } else { Before::Nothing };
    let mut pass = Pass { input: &mut input, encoding, path, rules: &rules, interrupt: &interrupt };
    let mut report = if wish.is_dry_run { None } else { Some(places.report(before, out)?) };

    let held = register::read(&home, authority)?;
    if let Some(register) = &held {
        status_list::check_kept_here(&home, register, wish.list)?;
        register.check_key(&signer).map_err(|error| register::refused(&home, error))?;
    }
    let progress = Progress::new(out, &say!("检查", "checking"));
    let mut checked = check(&mut pass, held.as_ref(), report.as_mut(), progress, SHOWN)?;
    drop(held);
    tell_complaints(&checked, out);
    if interrupt.is_asked() {
        return Ok(Exit::Interrupted);
    }
    if checked.refused > args.max_errors || wish.is_dry_run {
        let path = report.map(Report::finish).transpose()?;
        return Ok(stop_before(&checked, path.as_deref(), wish, out));
    }
    let key = keys::load(&seat.key_path(), global)?;
    seat.check_key(&key)?;
    Places::make_folders(&home, wish)?;
    let handout = Handout::open(&places.out, args.form, before)?;
    // What the check told of every row is told anew, with what became of it.
    drop(report);
    let report = places.report(Before::Replaced, out)?;
    let actor = global.operator();
    let act = Act::new(&actor, wish.now);
    let (mut desk, recovery) = register::open(&home, authority, &act)?;
    register::tell_recovery(&recovery, out);
    let signing = match &key {
        // Devices and programs do one thing at a time.
        Key::Program(_) | Key::Token(_) => Signing::OneByOne(&key),
        Key::File(key) => Signing::OnThreads(key, cores::threads()),
    };
    let progress = Progress::new(out, &say!("颁发", "issuing"));
    let issuing = Issuing { signing, act, handout, report, progress };
    let done = issue(&mut pass, &home, &mut desk, &mut checked, issuing)?;
    let interrupted = interrupt.is_asked();
    tell_done(&done, &checked, &places, interrupted, out);
    if interrupted {
        out.next(&args::command_line_with("--resume"));
        return Ok(Exit::Interrupted);
    }
    out.next(&home.command(&format!("status publish {}", authority.as_str())));
    Ok(if done.refused > 0 { Exit::RowsRefused } else { Exit::Done })
}

fn rewound<'a>(input: &'a mut Input, path: &Path) -> Result<impl std::io::Read + use<'a>, Failure> {
    let shown = path.display();
    input.rewind().map_err(|error| Failure::new(say!("无法读取 {shown}", "cannot read {shown}")).because_io(&error))
}

fn read_map(path: &Path) -> Result<Map, Failure> {
    let shown = path.display();
    Map::parse(&files::read(path, map::MAX_FILE)?)
        .map_err(|why| Failure::new(say!("无法使用映射文件 {shown}", "the map {shown} cannot be used")).because(why))
}

fn template_command(path: &Path) -> String {
    format!("zhengyin license issue --batch {} --map-template new-map.json", files::quoted(path))
}

fn without_map(path: &Path) -> Failure {
    Failure::usage(say!("CSV 需要映射文件", "CSV needs a map of its columns"))
        .because(say!("用 --map 给出", "give it by --map"))
        .next(template_command(path))
}

fn write_template(to: &Path, text: Text<impl std::io::Read>, wish: &Wish<'_>, out: &mut Out) -> Result<Exit, Failure> {
    let Starter { json, open } = starter::starter(text)?;
    let shown = to.display();
    if wish.is_dry_run {
        out.text(&say!("将写入映射文件 {shown}", "would write the map {shown}"));
        return Ok(Exit::Done);
    }
    files::create(to, format!("{json:#}\n").as_bytes(), Access::Shared)?;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!("已写入映射文件", "wrote a map to begin with"))),
        plain("  "),
        bold(shown.to_string()),
    ]);
    out.text(&starter::advice(&open));
    out.json(&json!({"schema": "zhengyin.map-template/1", "file": to, "open": open}));
    Ok(Exit::Done)
}

/// Who issues: as told, else as every row says, which its first one tells.
fn authority(
    wish: &Wish<'_>,
    form: &Form,
    input: &mut Input,
    encoding: crate::batch::encoding::Encoding,
    path: &Path,
) -> Result<CreditCode, Failure> {
    if let Some(authority) = wish.authority {
        return Ok(authority);
    }
    let first = crate::batch::run::first_authority(form, Text::new(rewound(input, path)?, encoding));
    first.ok_or_else(|| {
        Failure::usage(say!("没有说明由谁颁发", "nothing says who is to issue them"))
            .because(say!(
                "用 --authority 给出，或写入映射文件的常量",
                "give it by --authority, or among the constants of the map"
            ))
            .next("zhengyin license issue --help")
    })
}

/// Where things are written.
struct Places {
    out: PathBuf,
    report: PathBuf,
}

impl Places {
    fn of(args: &Many, wish: &Wish<'_>, home: &Home, path: &Path) -> Self {
        let is_stream = path == Path::new(files::STREAM);
        let stem =
            path.file_stem().filter(|_| !is_stream).map_or_else(|| "batch".into(), std::ffi::OsStr::to_os_string);
        let stem = stem.to_string_lossy();
        let name = match args.form {
            handout::Form::Folder => stem.to_string(),
            handout::Form::Pack => format!("{stem}.zyl"),
            handout::Form::Lines => format!("{stem}.issued.jsonl"),
        };
        let beside = if is_stream { PathBuf::from(".") } else { path.with_file_name("") };
        Self {
            out: wish.out.map_or_else(|| home.out().join(name), Path::to_path_buf),
            report: args.report.clone().unwrap_or_else(|| beside.join(format!("{stem}.report.csv"))),
        }
    }

    fn make_folders(home: &Home, wish: &Wish<'_>) -> Result<(), Failure> {
        if wish.out.is_none() { home.make_within(&home.out()) } else { Ok(()) }
    }

    fn report(&self, before: Before, out: &Out) -> Result<Report, Failure> {
        Report::create(&self.report, before, out.language)
            .map_err(|failure| failure.next(args::command_line_with("--resume")))
    }
}

fn tell_complaints(checked: &Checked, out: &mut Out) {
    for (row, complaint) in &checked.shown {
        let (told, value) = (report::told(complaint, out.language), &complaint.value);
        let at = if value.is_empty() { String::new() } else { format!("  [{}]", report::cell(value)) };
        let row_word = out.say(&say!("第 {row} 行", "row {row}")).to_owned();
        out.line(&[unsure("! "), bold(row_word), plain("  "), plain(told), plain(at)]);
    }
    let more = checked.refused.saturating_sub(
        u64::try_from(checked.shown.iter().map(|(row, _)| row).collect::<std::collections::BTreeSet<_>>().len())
            .unwrap_or(0),
    );
    if more > 0 {
        out.text(&say!("  另有 {more} 行，见报告", "  and {more} more rows: see the report"));
    }
}

/// Nothing was signed: as was asked, or because too many rows are refused.
fn stop_before(checked: &Checked, report: Option<&Path>, wish: &Wish<'_>, out: &mut Out) -> Exit {
    let Checked { rows, refused, again, .. } = *checked;
    let good_rows = rows.saturating_sub(refused);
    let said = if wish.is_dry_run {
        say!(
            "将颁发 {new} 份证照：共 {rows} 行，{refused} 行不合格，{again} 份此前已颁发",
            "would issue {new} licenses: {rows} rows, {refused} refused, {again} issued before",
            new = good_rows.saturating_sub(again)
        )
    } else {
        say!(
            "没有颁发任何证照：共 {rows} 行，{refused} 行不合格",
            "nothing was signed: of {rows} rows {refused} are refused"
        )
    };
    out.text(&said);
    if let Some(report) = report {
        out.line(&[plain("  "), bold(report.display().to_string())]);
    }
    out.json(&json!({
        "schema": "zhengyin.batch/1", "rows": rows, "issued": 0, "again": again, "refused": refused, "dry_run": wish.is_dry_run,
        "report": report, "complaints": complaints_json(checked),
    }));
    // Where no row is left there is nothing to go on with.
    if refused > 0 && good_rows > 0 && !wish.is_dry_run {
        out.next(&args::command_line_with(&format!("--resume --max-errors {refused}")));
    }
    if refused > 0 { Exit::RowsRefused } else { Exit::Done }
}

fn complaints_json(checked: &Checked) -> Vec<Value> {
    let one = |(row, complaint): &(u64, crate::batch::Complaint)| json!({"row": row, "column": complaint.column, "value": complaint.value, "rule": complaint.rule});
    checked.shown.iter().map(one).collect()
}

fn tell_done(done: &crate::batch::run::Done, checked: &Checked, places: &Places, interrupted: bool, out: &mut Out) {
    let crate::batch::run::Done { issued, again, refused, seconds, ref report } = *done;
    let said = say!(
        "已颁发 {issued} 份证照；{again} 份此前已颁发，{refused} 行不合格",
        "issued {issued} licenses; {again} were issued before, {refused} rows are refused"
    );
    let sign = if interrupted || refused > 0 { unsure("! ") } else { good("✓ ") };
    out.line(&[sign, plain(out.say(&said))]);
    if interrupted {
        let left = checked.rows.saturating_sub(issued).saturating_sub(again).saturating_sub(refused);
        out.text(&say!(
            "  被中断，还有 {left} 行；没有丢失任何一份",
            "  interrupted with {left} rows to go; nothing was lost"
        ));
    }
    out.line(&[plain("  "), bold(places.out.display().to_string())]);
    out.line(&[plain("  "), bold(report.display().to_string())]);
    out.json(&json!({
        "schema": "zhengyin.batch/1", "rows": checked.rows, "issued": issued, "again": again, "refused": refused, "seconds": seconds,
        "interrupted": interrupted, "out": places.out, "report": report, "complaints": complaints_json(checked),
    }));
}
