//! `status publish --format token-status-list`: what was published last, once more for verifiers of the IETF's format.

use crate::args::Global;
use crate::clock::{self, Moment};
use crate::files::{self, Access};
use crate::home::{self, Home};
use crate::keys;
use crate::office::seat::Seat;
use crate::office::status_list;
use crate::output::{Exit, Failure, Out, bold, good, plain, say};
use serde_json::json;
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::{StatusTypes, TokenListFacts, publish_token_list};
use zhengyin::store::Store;

/// What such a list says besides the states.
#[derive(clap::Args, Debug)]
pub(super) struct Terms {
    /// Of token-status-list: where lists are to be had; a list is at BASE/N [default: the contact address of the province in the trust list, and the authority's code]
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// Of token-status-list: fine, each state by a status type of its own; registered, 0x01 INVALID and 0x02 SUSPENDED alone
    #[arg(long, value_name = "NAME", value_parser = ["fine", "registered"], default_value = "fine")]
    types: String,
    /// Of token-status-list: when it is good for nothing any more [default: at the next update]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    expires: Option<Moment>,
}

/// Which lists are wanted, and how.
pub(super) struct Order<'a> {
    pub(super) code: CreditCode,
    pub(super) list: Option<u64>,
    pub(super) terms: &'a Terms,
    pub(super) dry_run: bool,
}

pub(super) fn publish(
    home: &Home,
    seat: &Seat,
    store: &Store,
    order: &Order<'_>,
    global: &Global,
    out: &mut Out,
) -> Result<Exit, Failure> {
    let Order { code: authority, terms, .. } = *order;
    let (code, folder) = (authority.as_str(), home.authority(authority));
    let base = base(home, seat, store, order)?;
    let mut lists = home::newest_lists(&folder)?;
    lists.retain(|list, _| order.list.is_none_or(|asked| asked == *list));
    if lists.is_empty() {
        return Err(Failure::new(say!("{code} 还没有发布状态清单", "{code} has published no status list yet"))
            .next(home.command(&format!("status publish {code}"))));
    }
    let signer = if order.dry_run { None } else { Some(keys::load(&seat.key_path(), global)?) };
    if let Some(signer) = &signer {
        seat.check_key(signer)?;
    }
    let types = if terms.types == "registered" { StatusTypes::Registered } else { StatusTypes::Fine };
    for (list, (seq, path)) in lists {
        let bytes = status_list::read(&path)?;
        let parsed = status_list::parse(&path, &bytes)?;
        let header = parsed.claimed_header();
        let expires = match terms.expires {
            Some(expires) => expires.after(clock::now()?),
            None => header.next_update,
        };
        let uri = format!("{base}/{list}");
        let target = folder.join(format!("token-{list}-{seq:06}.cwt"));
        let shown = target.display();
        let Some(signer) = &signer else {
            out.text(&say!(
                "将把 {code} 的清单 {list} 第 {seq} 号写成 {uri} 的 Token Status List：{shown}",
                "would write list {list} number {seq} of {code} as the Token Status List of {uri}: {shown}"
            ));
            continue;
        };
        let facts = TokenListFacts { uri: uri.clone(), expires, types };
        let token = publish_token_list(&parsed, &facts, signer).map_err(|error| {
            Failure::new(say!("无法发布 {uri}", "{uri} cannot be published")).because(say!("{error}", "{error}"))
        })?;
        files::create(&target, &token, Access::Shared)?;
        let (size, own) = (token.len(), bytes.len());
        out.line(&[
            good("✓ "),
            plain(out.say(&say!(
                "已发布 {uri}：清单 {list} 第 {seq} 号，{size} 字节（本格式为 {own} 字节）",
                "published {uri}: list {list} number {seq}, {size} bytes ({own} bytes in our own format)"
            ))),
        ]);
        out.line(&[plain("  "), bold(shown.to_string())]);
        out.json(&json!({
            "schema": "zhengyin.published/1", "kind": "token-status-list", "authority": code, "list": list, "seq": seq, "uri": uri,
            "bytes": size, "file": target, "expires": clock::utc_text(expires),
        }));
    }
    Ok(Exit::Done)
}

/// Where the authority's lists are to be had.
fn base(home: &Home, seat: &Seat, store: &Store, order: &Order<'_>) -> Result<String, Failure> {
    let code = order.code.as_str();
    if let Some(base) = &order.terms.base {
        return Ok(base.trim_end_matches('/').to_owned());
    }
    let province = store.trust().and_then(|trust| trust.list().provinces.get(&seat.facts.province));
    let address = province.and_then(|province| province.contact.url.as_deref());
    address.map(|address| format!("{}/{code}", address.trim_end_matches('/'))).ok_or_else(|| {
        let text = say!("互认清单中没有该省的网址", "the trust list has no address of the province");
        Failure::usage(text)
            .next(home.command(&format!("status publish {code} --format token-status-list --base https://…")))
    })
}
