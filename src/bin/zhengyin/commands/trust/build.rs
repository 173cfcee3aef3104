//! `trust build`: the next trust list, published at once or drafted for others to sign.

use super::tell::{self, tell_backdated, tell_changes, tell_faults, tell_left_behind};
use crate::args::Global;
use crate::clock::{self, Moment};
use crate::files::{self, Access};
use crate::keys::{self, Place};
use crate::office::federation::{self, ListKey, Next, Wish};
use crate::office::province::Root;
use crate::office::trust::{Changes, changes_between};
use crate::output::{Exit, Failure, Out, bold, good, hex, plain, say};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::suite::PublicKey;

/// Build the next trust list: the one before, with these provinces added or told anew, and these changes; without one, the first
///
/// With --draft nothing is published: the file goes from signer to signer (`trust sign`), and is published when enough have signed
/// (`trust check --publish`). Beside it stands a text that says what it changes.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin trust build --federation 示例联邦 --signer 甲省数据局=jia.pem\n  zhengyin trust build --federation 示例联邦 --operator 甲=3d4017c3… --operator 乙=fc51cd8e… --threshold 2 --draft list-1.zyd\n  zhengyin trust build --changes rules.json --draft /media/stick/list-2.zyd\n  zhengyin trust build --operator 丙=278117fc… --remove-operator 乙 --draft list-3.zyd\n  zhengyin trust build --signer \"pkcs11:token=jia;object=list\" --dry-run"
)]
pub(super) struct Args {
    /// The federation's name, for its first list
    #[arg(long, value_name = "NAME")]
    federation: Option<String>,
    /// Who signs: the operator's name and his key (a file, exec:PROGRAM ARGS or pkcs11:…), or the key alone of one whom the list before
    /// names; may be repeated
    #[arg(long = "signer", value_name = "OPERATOR=KEY", required_unless_present = "draft")]
    signers: Vec<ListSignerArg>,
    /// Who may sign the lists after this one: the operator's name and his public key, 64 hexadecimal digits, or 128 of SM2 (`key show`); one who may
    /// already gets this key; may be repeated
    #[arg(long = "operator", value_name = "OPERATOR=PUBLIC", value_parser = operator)]
    operators: Vec<(String, PublicKey)>,
    /// Who may not sign the lists after this one any more; may be repeated
    #[arg(long = "remove-operator", value_name = "OPERATOR")]
    leaving: Vec<String>,
    /// How many operators must sign the lists after this one [default: as before; for the first list, all]
    #[arg(long, value_name = "N")]
    threshold: Option<u64>,
    /// A province's folder, with province.json and anchor.der; may be repeated [default: every province in this home]
    #[arg(long = "province", value_name = "DIR")]
    provinces: Vec<PathBuf>,
    /// What else changes: rules, grace, defects, what became of provinces and anchors (JSON)
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,
    /// Write a draft for others to sign, and a text beside it, instead of publishing
    #[arg(long, value_name = "FILE")]
    draft: Option<PathBuf>,
    /// When the list is issued: not before all have signed, for the notice of changed rules counts from here [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    issued: Option<Moment>,
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

/// For clap: the error is a text.
fn operator(text: &str) -> Result<(String, PublicKey), String> {
    let wrong = || format!("`{text}` is not OPERATOR=PUBLIC, as `zhengyin key show` prints public keys");
    let (operator, digits) = text.split_once('=').filter(|(operator, _)| !operator.is_empty()).ok_or_else(wrong)?;
    let key = keys::hex_key(digits).map_err(|error| format!("{operator}: {error}"))?;
    Ok((operator.to_owned(), key))
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let issued = args.issued.map_or(now, |moment| moment.after(now));
    let terms = super::terms(args.next_update, args.expires, issued)?;
    let roots = match args.provinces.as_slice() {
        [] => Root::all(&home)?,
        folders => folders.iter().map(|folder| Root::read(folder)).collect::<Result<_, _>>()?,
    };
    let load = |signer: &ListSignerArg| {
        let key = keys::open(&signer.key, global.passphrase(), global)?;
        Ok(ListKey { operator: signer.operator.clone(), key: Box::new(key) })
    };
    let keys: Vec<ListKey> = args.signers.iter().map(load).collect::<Result<_, Failure>>()?;
    let changes = args.changes.as_deref().map(read_changes).transpose()?;
    let _lock = if args.dry_run { None } else { Some(home.lock()?) };
    let wish = Wish {
        federation: args.federation.as_deref(),
        threshold: args.threshold,
        operators: &args.operators,
        leaving: &args.leaving,
        changes: changes.as_ref(),
        now: issued,
        terms,
    };
    let next = federation::next(&home, &wish, &roots, &keys)?;
    refuse_faults(&next, out)?;
    tell_left_behind(&next.list, out);
    tell_backdated(next.before(), &next.list, out);
    if let Some(path) = &args.draft {
        return draft(args, path, &next, &keys, out);
    }
    let (name, seq, provinces) = (&next.list.federation, next.list.seq, next.list.provinces.len());
    if args.dry_run {
        out.text(&say!(
            "将发布{name}的第 {seq} 号互认清单，含 {provinces} 个省份",
            "would publish trust list {seq} of {name}; provinces: {provinces}"
        ));
        return Ok(Exit::Done);
    }
    let path = next.publish(&home, &keys).map_err(|failure| failure.next(home.command("trust build --draft FILE")))?;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!(
            "已发布{name}的第 {seq} 号互认清单，含 {provinces} 个省份",
            "published trust list {seq} of {name}; provinces: {provinces}"
        ))),
    ]);
    super::tell(&path, terms, out);
    // A person carries it to every verifier, by another road than the pack.
    let pin = hex(next.list.signers_pin().as_bytes());
    out.line(&[plain("  pin   "), bold(&pin)]);
    out.json(&json!({
        "schema": "zhengyin.published/1", "kind": "trust-list", "seq": seq, "file": path, "pin": pin,
        "next_update": clock::utc_text(terms.next_update),
    }));
    // A federation may have a home of its own, which signs no directory.
    let own = Root::all(&home)?;
    match next.list.provinces.keys().find(|code| own.iter().any(|root| root.facts.code == **code)) {
        Some(code) => out.next(&home.command(&format!("trust directory {}", code.as_str()))),
        None => out.next(&home.command("pack build")),
    }
    Ok(Exit::Done)
}

fn read_changes(path: &Path) -> Result<Changes, Failure> {
    let shown = path.display();
    Changes::from_json(&files::read(path, MAX_OBJECT)?)
        .map_err(|why| Failure::new(say!("无法使用 {shown}", "{shown} cannot be used")).because(why))
}

/// All of what is wrong is told, so that it can be mended in one go.
fn refuse_faults(next: &Next, out: &mut Out) -> Result<(), Failure> {
    let faults = next.faults();
    let Some(first) = faults.first() else { return Ok(()) };
    if faults.len() > 1 {
        tell_faults(&faults, out);
    }
    let failure = Failure::new(say!("无法发布互认清单", "the trust list cannot be published")).because(first.clone());
    Err(failure.next("zhengyin trust build --help"))
}

fn draft(args: &Args, path: &Path, next: &Next, keys: &[ListKey], out: &mut Out) -> Result<Exit, Failure> {
    let text = path.with_added_extension("txt");
    files::check_absent(path)?;
    files::check_absent(&text)?;
    let draft = next.draft(keys)?;
    let changes = changes_between(next.before(), &next.list);
    let (name, seq, shown) = (&next.list.federation, next.list.seq, path.display());
    if args.dry_run {
        out.text(&say!(
            "将写出{name}第 {seq} 号清单的草稿 {shown}",
            "would write a draft of list {seq} of {name}: {shown}"
        ));
        tell_changes(&changes, out);
        return Ok(Exit::Done);
    }
    let bytes = draft.to_bytes().map_err(|error| {
        Failure::new(say!("无法写出草稿", "the draft cannot be written")).because(say!("{error}", "{error}"))
    })?;
    files::create(path, &bytes, Access::Shared)?;
    let digest = draft.object_digest().to_string();
    files::create(&text, tell::text(&next.list, &digest, &changes).as_bytes(), Access::Shared)?;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!("已写出{name}第 {seq} 号清单的草稿", "wrote a draft of list {seq} of {name}"))),
    ]);
    out.line(&[plain("  "), bold(shown.to_string())]);
    out.line(&[plain("  digest "), bold(&digest)]);
    tell_changes(&changes, out);
    out.json(&json!({
        "schema": "zhengyin.draft/1", "kind": "trust-list", "seq": seq, "file": path, "text": text, "digest": digest,
        "pin": hex(next.list.signers_pin().as_bytes()),
        "changes": changes.iter().map(crate::office::trust::Change::json).collect::<Vec<_>>(),
    }));
    out.next(&format!("zhengyin trust sign {} --key KEY", files::quoted(path)));
    Ok(Exit::Done)
}
