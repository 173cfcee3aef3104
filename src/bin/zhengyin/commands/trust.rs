//! `trust`: the trust list of a federation, and the directories of its provinces.

mod show;

use crate::args::Global;
use crate::clock::{self, Moment};
use crate::keys::{self, Place};
use crate::office::directory::{self, Terms};
use crate::office::federation::{self, ListKey, Wish};
use crate::office::province::Root;
use crate::output::{Exit, Failure, Out, bold, good, hex, plain, say};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::RegionPrefix;
use zhengyin::time::Timestamp;

/// Build the trust list of a federation and the directories of its provinces
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Build(Build),
    Directory(Directory),
    Show(show::Args),
}

/// Build the next trust list: the one before, with these provinces added or told anew; without one, the first
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin trust build --federation 示例联邦 --signer 甲省数据局=jia.pem\n  zhengyin trust build --signer jia.pem --province ../jia/provinces/99\n  zhengyin trust build --signer \"pkcs11:token=jia;object=list\" --dry-run"
)]
struct Build {
    /// The federation's name, for its first list
    #[arg(long, value_name = "NAME")]
    federation: Option<String>,
    /// Who signs: the operator's name and his key (a file, exec:PROGRAM ARGS or pkcs11:…), or the key alone of one whom the list before
    /// names; may be repeated
    #[arg(long = "signer", value_name = "OPERATOR=KEY", required = true)]
    signers: Vec<ListSignerArg>,
    /// How many operators must sign, for the first list [default: all that sign it]
    #[arg(long, value_name = "N")]
    threshold: Option<u64>,
    /// A province's folder, with province.json and anchor.der; may be repeated [default: every province in this home]
    #[arg(long = "province", value_name = "DIR")]
    provinces: Vec<PathBuf>,
    /// When the next list is due
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = Moment::parse)]
    next_update: Moment,
    /// When this list is good for nothing any more
    #[arg(long, value_name = "TIME", default_value = "365d", value_parser = Moment::parse)]
    expires: Moment,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Publish the next directory of a province: every key that signs for it
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin trust directory 99\n  zhengyin trust directory 99 --next-update 7d --dry-run"
)]
struct Directory {
    /// The province: two digits of GB/T 2260
    #[arg(value_parser = RegionPrefix::parse)]
    province: RegionPrefix,
    /// When the next directory is due
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = Moment::parse)]
    next_update: Moment,
    /// When this directory is good for nothing any more
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = Moment::parse)]
    expires: Moment,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// `OPERATOR=KEY` or `KEY`.
#[derive(Clone, Debug)]
struct ListSignerArg {
    operator: Option<String>,
    key: Place,
}

impl From<&str> for ListSignerArg {
    fn from(text: &str) -> Self {
        match Place::from(text) {
            // `=` stands in what follows exec: and pkcs11: too.
            Place::File(_) => match text.split_once('=') {
                Some((operator, key)) => Self { operator: Some(operator.to_owned()), key: Place::from(key) },
                None => Self { operator: None, key: Place::from(text) },
            },
            key => Self { operator: None, key },
        }
    }
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Build(args) => build(args, global, out),
        Action::Directory(args) => publish_directory(args, global, out),
        Action::Show(args) => show::run(args, global, out),
    }
}

fn build(args: &Build, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let terms = terms(args.next_update, args.expires, now)?;
    let roots = match args.provinces.as_slice() {
        [] => Root::all(&home)?,
        folders => folders.iter().map(|folder| Root::read(folder)).collect::<Result<_, _>>()?,
    };
    let load = |signer: &ListSignerArg| {
        let key = keys::open(&signer.key, global.passphrase(), global)?;
        Ok(ListKey { operator: signer.operator.clone(), key: Box::new(key) })
    };
    let keys: Vec<ListKey> = args.signers.iter().map(load).collect::<Result<_, Failure>>()?;
    let _lock = home.lock()?;
    let wish = Wish { federation: args.federation.as_deref(), threshold: args.threshold, now, terms };
    let next = federation::next(&home, &wish, &roots, &keys)?;
    let (name, seq, provinces) = (&next.list.federation, next.list.seq, next.list.provinces.len());
    if args.dry_run {
        out.text(&say!(
            "将发布{name}的第 {seq} 号互认清单，含 {provinces} 个省份",
            "would publish trust list {seq} of {name}; provinces: {provinces}"
        ));
        return Ok(Exit::Done);
    }
    let path = next.publish(&home, &keys)?;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!(
            "已发布{name}的第 {seq} 号互认清单，含 {provinces} 个省份",
            "published trust list {seq} of {name}; provinces: {provinces}"
        ))),
    ]);
    tell(&path, terms, out);
    // A person carries it to every verifier, by another road than the pack.
    let pin = hex(next.list.signers_pin().as_bytes());
    out.line(&[plain("  pin   "), bold(&pin)]);
    out.json(&json!({
        "schema": "zhengyin.published/1", "kind": "trust-list", "seq": seq, "file": path, "pin": pin,
        "next_update": clock::utc_text(terms.next_update),
    }));
    if let Some(code) = next.list.provinces.keys().next() {
        out.next(&home.command(&format!("trust directory {}", code.as_str())));
    }
    Ok(Exit::Done)
}

fn publish_directory(args: &Directory, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let root = Root::demand(&home, args.province)?;
    let now = clock::now()?;
    let terms = terms(args.next_update, args.expires, now)?;
    let signer = if args.dry_run { None } else { Some(keys::load(&root.key_path(), global)?) };
    let _lock = home.lock()?;
    let next = directory::next(&home, &root, now, terms)?;
    let (code, seq, entries, added) =
        (args.province.as_str(), next.directory.seq, next.directory.issuers.len(), next.added);
    let Some(signer) = signer else {
        out.text(&say!(
            "将发布省份 {code} 的第 {seq} 号目录：{entries} 个密钥，其中新增 {added} 个",
            "would publish directory {seq} of province {code}: {entries} keys, {added} of them new"
        ));
        return Ok(Exit::Done);
    };
    let path = next.publish(&signer)?;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!(
            "已发布省份 {code} 的第 {seq} 号目录：{entries} 个密钥，其中新增 {added} 个",
            "published directory {seq} of province {code}: {entries} keys, {added} of them new"
        ))),
    ]);
    tell(&path, terms, out);
    out.json(&json!({
        "schema": "zhengyin.published/1", "kind": "directory", "seq": seq, "file": path, "entries": entries, "added": added,
        "next_update": clock::utc_text(terms.next_update),
    }));
    out.next(&home.command("pack build"));
    Ok(Exit::Done)
}

fn terms(next_update: Moment, expires: Moment, now: Timestamp) -> Result<Terms, Failure> {
    let terms = Terms { next_update: next_update.after(now), expires: expires.after(now) };
    if now < terms.next_update && terms.next_update <= terms.expires {
        return Ok(terms);
    }
    Err(Failure::usage(say!("应为：现在 < --next-update ≤ --expires", "now < --next-update ≤ --expires is expected")))
}

fn tell(path: &Path, terms: Terms, out: &mut Out) {
    out.line(&[plain("  "), bold(path.display().to_string())]);
    let due = clock::local_text(terms.next_update);
    out.text(&say!("  下次更新 {due}", "  next update due {due}"));
}
