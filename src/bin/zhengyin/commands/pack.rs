//! `pack`: what travels to verifiers.

use crate::args::Global;
use crate::clock;
use crate::files::{self, Access};
use crate::office::pack;
use crate::output::{Exit, Failure, Out, Say, bold, good, hex, plain, say, unsure};
use serde_json::json;
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
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin pack build\n  zhengyin pack build --out /media/stick/federation.zyp ../yi/directory-000004.zyt"
)]
struct Build {
    /// Directories and status lists from elsewhere that go with it
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
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
    let pack = pack::build(&home, &args.files)?;
    let (directories, lists) = (pack.store.directories().count(), pack.store.statuses().count());
    let (bytes, shown) = (pack.bytes.len(), path.display());
    let pin = pack.store.trust().map(|trust| hex(trust.list().signers_pin().as_bytes())).unwrap_or_default();
    for (file, reason) in &pack.refused {
        let (file, why) = (file.display(), crate::office::reason_text(*reason));
        let said = Say { zh: format!("未收入 {file}：{}", why.zh), en: format!("left out {file}: {}", why.en) };
        out.line(&[unsure("! "), plain(out.say(&said))]);
    }
    if args.dry_run {
        out.text(&say!(
            "将写入 {shown}：{directories} 份目录，{lists} 份状态清单，{bytes} 字节",
            "would write {shown}: directories {directories}, status lists {lists}, {bytes} bytes"
        ));
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
    out.json(&json!({
        "schema": "zhengyin.pack/1", "file": path, "bytes": bytes, "directories": directories, "status_lists": lists, "pin": pin,
        "left_out": pack.refused.iter().map(|(file, reason)| json!({"file": file, "reason": reason.symbol()})).collect::<Vec<_>>(),
    }));
    let file = files::quoted(&path);
    out.next(&home.command(&format!("store apply {file}")));
    Ok(Exit::Done)
}
