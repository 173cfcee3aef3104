//! `status show`: the newest status lists of an authority; of a license its standing and history.

use super::history;
use crate::args::Global;
use crate::clock;
use crate::files;
use crate::home::{self, Home};
use crate::office::{register, status_list};
use crate::output::{Exit, Failure, Out, bold, plain, say};
use serde_json::json;
use zhengyin::claims::id::CreditCode;
use zhengyin::status::State;

/// Show the newest status lists of an authority; of a license or a seal what became of it, when, and why
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin status show 11990100MB0000000P\n  zhengyin status show 91990100MA00000A9K\n  zhengyin status show license.zyl --json\n  zhengyin status show bureau.zye"
)]
pub(super) struct Args {
    /// An authority; or a license: its number, credential id, license identifier, or its file; or a seal: its code or its file
    #[arg(value_name = "CODE|ID")]
    what: String,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    // The number of a business license is a credit code too.
    let code = CreditCode::parse(&args.what).ok().filter(|code| files::is_there(&home.authority(*code)));
    match code {
        Some(code) if args.authority.is_none() => lists(&home, code, out),
        _ => history::run(&home, &args.what, args.authority, out),
    }
}

fn lists(home: &Home, authority: CreditCode, out: &mut Out) -> Result<Exit, Failure> {
    let code = authority.as_str();
    let lists = home::newest_lists(&home.authority(authority))?;
    if lists.is_empty() {
        return Err(Failure::new(say!("{code} 还没有发布状态清单", "{code} has published no status list yet"))
            .next(home.command(&format!("status publish {code}"))));
    }
    for (list, (seq, path)) in lists {
        let bytes = status_list::read(&path)?;
        let parsed = status_list::parse(&path, &bytes)?;
        let header = parsed.claimed_header();
        let (length, issued, due) =
            (header.length, clock::local_text(header.issued), clock::local_text(header.next_update));
        let size = bytes.len();
        out.line(&[
            bold(code),
            plain(out.say(&say!(
                "  清单 {list} 第 {seq} 号：{length} 个位置，签发 {issued}，下次更新 {due}，{size} 字节",
                "  list {list} number {seq}: {length} positions, issued {issued}, next update due {due}, {size} bytes"
            ))),
        ]);
        let root = header.root;
        out.text(&say!("    根 {root}", "    root {root}"));
        let mut counts = serde_json::Map::new();
        for state in State::LISTED {
            let Some(layer) = header.layers.get(state) else { continue };
            let (text, count) = (register::state_text(state), layer.count());
            let said = format!("    {} {count}", out.say(&text));
            out.line(&[plain(said)]);
            counts.insert(state.number().to_string(), count.into());
        }
        let details = header.details.map(|details| (details.count(), details.size()));
        if let Some((count, size)) = details {
            out.text(&say!("    详情 {count} 条，{size} 字节", "    details {count}, {size} bytes"));
        }
        out.json(&json!({
            "schema": "zhengyin.status-list/1", "authority": code, "list": list, "seq": seq, "root": root.to_string(), "length": length, "states": counts,
            "details": details.map(|(count, _)| count), "bytes": size, "issued": clock::utc_text(header.issued),
            "next_update": clock::utc_text(header.next_update), "file": path,
        }));
    }
    Ok(Exit::Done)
}
