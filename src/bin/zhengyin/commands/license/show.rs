//! `license show`: what the register knows of a license, or of all.

use crate::args::Global;
use crate::clock;
use crate::office::register::state_text;
use crate::office::standing::{self, Found, pointer_text};
use crate::output::{Exit, Failure, Out, bad, bold, good, pad, plain, say, unsure};
use serde_json::{Value, json};
use zhengyin::claims::id::CreditCode;
use zhengyin::register::Entry;
use zhengyin::status::{State, StatusHeader};

/// Show what the register knows of a license; without one, of every license
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin license show\n  zhengyin license show 91990100MA00000A9K --json")]
pub(crate) struct Args {
    /// The license: its number, credential id, license identifier, or its file
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Only the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    if let Some(id) = &args.id {
        let found = standing::find(&home, id, args.authority)?;
        let told = standing::told_by(&home, &found)?;
        card(&found, told.as_ref(), out);
        let mut json = as_json(&found);
        if let Some(object) = json.as_object_mut() {
            let told = told.map(|told| json!({"seq": told.seq, "issued": clock::utc_text(told.issued)}));
            object.insert("told_by".to_owned(), told.into());
        }
        out.json(&json);
        return Ok(Exit::Done);
    }
    let all = standing::all(&home, args.authority)?;
    if all.is_empty() {
        out.text(&say!("还没有颁发证照", "no license was issued yet"));
    }
    for found in &all {
        let entry = &found.entry;
        let state = state_text(entry.state);
        let state = pad(out.say(&state), 14).into_owned();
        let state = match entry.state {
            State::InForce => good(state),
            state_now if state_now.is_reversible() => unsure(state),
            _ => bad(state),
        };
        let (kind, id) = (type_code(entry), entry.issuance.id);
        out.line(&[state, plain(format!("{kind:<21}  {id}  ")), bold(entry.number())]);
        out.json(&as_json(found));
    }
    Ok(Exit::Done)
}

fn card(found: &Found, told: Option<&StatusHeader>, out: &mut Out) {
    let entry = &found.entry;
    let (state, at) = (state_text(entry.state), pointer_text(entry.status));
    let told = match told {
        Some(told) => {
            let (seq, issued) = (told.seq, clock::local_text(told.issued));
            say!("第 {seq} 号清单（{issued}）已载明", "list number {seq} of {issued} says so")
        }
        None => say!("尚未发布", "not published yet"),
    };
    let rows = [
        (say!("状态", "state"), format!("{}  {}", out.say(&state), clock::local_text(entry.since))),
        (say!("发布", "published"), out.say(&told).to_owned()),
        (say!("证照编号", "number"), entry.name.as_ref().map_or_else(String::new, |name| name.number.clone())),
        (say!("证照类型", "type"), type_code(entry).to_owned()),
        (say!("版本", "version"), entry.name.as_ref().map_or_else(String::new, |name| name.version.to_string())),
        (say!("颁发机构", "authority"), found.authority.as_str().to_owned()),
        (say!("状态位置", "status"), out.say(&at).to_owned()),
        (say!("凭据编号", "credential"), entry.issuance.id.to_string()),
        (say!("对象摘要", "digest"), entry.issuance.digest.to_string()),
        (say!("签发时间", "issued"), clock::local_text(entry.issuance.issued_at)),
        (say!("应更新于", "refresh by"), entry.issuance.expires.map(clock::local_text).unwrap_or_default()),
    ];
    for (label, value) in rows {
        let label = pad(out.say(&label), 12).into_owned();
        out.line(&[plain(label), plain(value)]);
    }
}

/// Nothing where the content was erased by law.
fn type_code(entry: &Entry) -> &str {
    entry.name.as_ref().map_or("", |name| name.type_code.as_str())
}

pub(super) fn as_json(found: &Found) -> Value {
    let entry = &found.entry;
    let name = entry.name.as_ref();
    json!({
        "schema": "zhengyin.entry/1", "authority": found.authority.as_str(), "number": name.map(|name| &name.number),
        "type": name.map(|name| name.type_code.as_str()), "version": name.map(|name| name.version), "credential": entry.issuance.id.to_string(),
        "digest": entry.issuance.digest.to_string(), "status": [entry.status.list, entry.status.index],
        "state": entry.state.number(), "since": clock::utc_text(entry.since), "issued_at": clock::utc_text(entry.issuance.issued_at),
        "expires": entry.issuance.expires.map(clock::utc_text),
    })
}
