//! `trust show`: what this home knows of its federation.

use crate::args::Global;
use crate::clock;
use crate::office::known;
use crate::output::{Exit, Failure, Out, bold, hex, plain, say};
use serde_json::json;
use zhengyin::reason::Language;
use zhengyin::store::Store;
use zhengyin::trust::TrustList;

/// Show the newest trust list and the directories that this home knows
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin trust show\n  zhengyin trust show --json")]
pub(crate) struct Args {}

pub(super) fn run(_: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
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
