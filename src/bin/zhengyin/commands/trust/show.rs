//! `trust show`: what this home knows of its federation.

use super::tell::tell_changes;
use crate::args::Global;
use crate::clock;
use crate::office::known;
use crate::office::trust::{Change, changes_between, read_claimed};
use crate::output::{Exit, Failure, Out, bold, hex, plain, say};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::reason::Language;
use zhengyin::store::Store;
use zhengyin::trust::TrustList;

/// Show the newest trust list and the directories that this home knows, or everything that a list or draft in a file says
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin trust show\n  zhengyin trust show list-2.zyd\n  zhengyin trust show trust-000001.zyt --json"
)]
pub(crate) struct Args {
    /// A trust list or a draft of one; its signatures are not looked at
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Every field of a list in a file.
fn file(path: &Path, out: &mut Out) -> Result<Exit, Failure> {
    let list = read_claimed(path)?;
    let (seq, all) = (list.seq, changes_between(None, &list));
    let head = say!(
        "  第 {seq} 号互认清单的全部内容（未核验签名）",
        "  all that trust list {seq} says (signatures not verified)"
    );
    out.line(&[bold(&list.federation), plain(out.say(&head))]);
    out.line(&[plain("  pin "), plain(hex(list.signers_pin().as_bytes()))]);
    tell_changes(&all, out);
    out.json(&json!({
        "schema": "zhengyin.trust-list/1", "federation": list.federation, "seq": seq, "pin": hex(list.signers_pin().as_bytes()),
        "members": all.iter().map(Change::json).collect::<Vec<_>>(),
    }));
    Ok(Exit::Done)
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    if let Some(path) = &args.file {
        return file(path, out);
    }
    let home = global.home()?;
    let store = known::demand(&home)?;
    let Some(trust) = store.trust() else { return Ok(Exit::Done) };
    let list = trust.list();
    let pin = hex(list.signers_pin().as_bytes());
    let (seq, issued, due) = (list.seq, clock::local_text(list.issued), clock::local_text(list.next_update));
    out.line(&[
        bold(&list.federation),
        plain(out.say(&say!(
            "  第 {seq} 号互认清单，签发 {issued}，下次更新 {due}",
            "  trust list {seq}, issued {issued}, next update due {due}"
        ))),
    ]);
    out.line(&[plain("  pin "), plain(&pin)]);
    out.json(&json!({
        "schema": "zhengyin.trust/1", "federation": list.federation, "seq": seq, "issued": clock::utc_text(list.issued),
        "next_update": clock::utc_text(list.next_update), "expires": clock::utc_text(list.expires), "pin": pin,
        "threshold": list.threshold, "signers": list.signers.iter().map(|signer| signer.operator.as_str()).collect::<Vec<_>>(),
    }));
    provinces(list, &store, out);
    Ok(Exit::Done)
}

fn provinces(list: &TrustList, store: &Store, out: &mut Out) {
    let language = if out.language == Language::Zh { "zh" } else { "en" };
    for (code, province) in &list.provinces {
        let held = store.directory(*code).map(|held| held.directory());
        let state = match held {
            Some(held) => {
                let (seq, entries, due) = (held.seq, held.issuers.len(), clock::local_text(held.next_update));
                say!(
                    "第 {seq} 号目录，{entries} 个密钥，下次更新 {due}",
                    "directory {seq}, {entries} keys, next update due {due}"
                )
            }
            None => say!("没有目录", "no directory"),
        };
        let test = if province.test { out.say(&say!("（测试）", " (test)")).to_owned() } else { String::new() };
        out.line(&[
            bold(code.as_str()),
            plain(format!("  {}{test}  ", province.names.get(language))),
            plain(out.say(&state)),
        ]);
        out.json(&json!({
            "schema": "zhengyin.province/1", "province": code.as_str(), "name": province.names.get("zh"), "test": province.test,
            "directory": held.map(|held| held.seq), "entries": held.map(|held| held.issuers.len()),
            "next_update": held.map(|held| clock::utc_text(held.next_update)),
        }));
    }
}
