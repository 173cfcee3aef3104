//! `pack`: what travels to verifiers.

use crate::args::Global;
use crate::clock;
use crate::files::{self, Access};
use crate::office::deltas::{Carried, Since};
use crate::office::pack::{self, Shortened};
use crate::output::{Exit, Failure, Out, Say, bold, good, hex, plain, say, share, unsure};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Build packs (核验包)
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Build(Build),
}

/// Build a pack of everything that was published here: trust lists, directories, status lists
///
/// With --since, a status list goes as deltas from the one that verifiers hold already: from list to list, so that whoever holds a later
/// one can use them too; as one delta, where that alone is smaller than the list; else whole.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin pack build\n  zhengyin pack build --since 7d\n  zhengyin pack build --since 41 --out /media/stick/day.zyp\n  zhengyin pack build --out /media/stick/federation.zyp ../yi/directory-000004.zyt"
)]
struct Build {
    /// Directories and status lists from elsewhere that go with it
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What verifiers hold: a list's number or root, or a time (the newest list of then). Of several, the first that a list has counts
    #[arg(long, value_name = "SEQ|TIME|ROOT", value_parser = Since::parse)]
    since: Vec<Since>,
    /// Where the pack is written, or - for standard output [default: out/pack-TIME.zyp in the home folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Build(args) => build(args, global, out),
    }
}

fn build(args: &Build, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let stamp = clock::utc_text(now).replace([':', '-'], "");
    let path = args.out.clone().unwrap_or_else(|| home.out().join(format!("pack-{stamp}.zyp")));
    files::check_absent(&path)?;
    let pack = pack::build(&home, &args.files, (&args.since, now))?;
    let (directories, lists) = (pack.store.directories().count(), pack.store.statuses().count());
    let (bytes, shown) = (pack.bytes.len(), path.display());
    let pin = pack.store.trust().map(|trust| hex(trust.list().signers_pin().as_bytes())).unwrap_or_default();
    for (file, reason) in &pack.refused {
        let (file, why) = (file.display(), crate::office::reason_text(*reason));
        let said = Say { zh: format!("未收入 {file}：{}", why.zh), en: format!("left out {file}: {}", why.en) };
        out.line(&[unsure("! "), plain(out.say(&said))]);
    }
    let of_lists: Vec<Value> = pack.shortened.iter().map(as_json).collect();
    if args.dry_run {
        out.text(&say!(
            "将写入 {shown}：{directories} 份目录，{lists} 份状态清单，{bytes} 字节",
            "would write {shown}: directories {directories}, status lists {lists}, {bytes} bytes"
        ));
        pack.shortened.iter().for_each(|list| tell(list, out));
        return Ok(Exit::Done);
    }
    if args.out.is_none() {
        home.make_within(&home.out())?;
    }
    files::create(&path, &pack.bytes, Access::Shared)?;
    if path == std::path::Path::new(files::STREAM) {
        return Ok(Exit::Done);
    }
    out.line(&[
        good("✓ "),
        plain(out.say(&say!(
            "已制作核验包：{directories} 份目录，{lists} 份状态清单，{bytes} 字节",
            "made a pack: directories {directories}, status lists {lists}, {bytes} bytes"
        ))),
    ]);
    out.line(&[plain("  "), bold(shown.to_string())]);
    pack.shortened.iter().for_each(|list| tell(list, out));
    out.json(&json!({
        "schema": "zhengyin.pack/1", "file": path, "bytes": bytes, "directories": directories, "status_lists": lists, "pin": pin, "since": of_lists,
        "left_out": pack.refused.iter().map(|(file, reason)| json!({"file": file, "reason": reason.symbol()})).collect::<Vec<_>>(),
    }));
    let file = files::quoted(&path);
    out.next(&home.command(&format!("store apply {file}")));
    Ok(Exit::Done)
}

/// How a list went that was asked for as deltas.
fn tell(short: &Shortened, out: &mut Out) {
    let Shortened { authority, list, seq, whole, carried } = short;
    let (authority, size, count) = (authority.as_str(), carried.size(), carried.deltas().len());
    let part = share(size, *whole);
    let said = match carried {
        Carried::Held { since } => {
            say!("不收入：第 {since} 号即最新一份", "not in it: number {since} is the newest")
        }
        Carried::Chain { since, .. } => say!(
            "第 {since} 号至第 {seq} 号：{count} 个增量，{size} 字节，为整份清单的 {part}",
            "numbers {since} to {seq}: deltas {count}, {size} bytes, {part} of the whole list"
        ),
        Carried::Direct { since, .. } => say!(
            "仅供持有第 {since} 号者：{size} 字节，为整份清单的 {part}",
            "for who holds number {since} and no other: {size} bytes, {part} of the whole list"
        ),
        Carried::Whole(why) => Say {
            zh: format!("整份清单，{whole} 字节：{}", why.zh),
            en: format!("the whole list, {whole} bytes: {}", why.en),
        },
    };
    let said = plain(out.say(&said));
    out.line(&[plain(format!("  {authority}/{list}  ")), said]);
}

fn as_json(short: &Shortened) -> Value {
    let Shortened { authority, list, seq, whole, carried } = short;
    let (how, since, why) = match carried {
        Carried::Held { since } => ("held", Some(since), None),
        Carried::Chain { since, .. } => ("chain", Some(since), None),
        Carried::Direct { since, .. } => ("direct", Some(since), None),
        Carried::Whole(why) => ("whole", None, Some(&why.en)),
    };
    json!({
        "authority": authority.as_str(), "list": list, "seq": seq, "how": how, "since": since, "deltas": carried.deltas().len(),
        "bytes": carried.size(), "whole_bytes": whole, "why": why,
    })
}
