//! `register journal`: who did what, when and why, record by record.

use crate::args::Global;
use crate::clock;
use crate::office::positions::state_word;
use crate::office::register;
use crate::output::{Exit, Failure, Out, Say, bad, bold, dim, hex, pad, plain, say};
use serde_json::{Value, json};
use std::ops::ControlFlow;
use zhengyin::claims::StatusPointer;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Event, Head, Kind, Record, Register as _, Span};
use zhengyin::suite::PublicKey;

/// Read the journal: who did what, when and why; every record is chained to the one before
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin register journal --last 20\n  zhengyin register journal --authority 11990100MB0000000P --json"
)]
pub(super) struct Args {
    /// From this record on
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    from: u64,
    /// Only the last so many records
    #[arg(long, value_name = "N", conflicts_with = "from")]
    last: Option<u64>,
    /// Only those of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let register = super::read(&home)?;
    let refused = |error| register::refused(&home, error);
    let Head { records, .. } = register.head().map_err(refused)?;
    let from = args.last.map_or(args.from, |last| records.saturating_sub(last));
    let mut damaged = None;
    let mut before = None;
    register
        .records(from, &mut |stored| {
            let previous = before.or(stored.record.as_ref().map(|record| record.previous));
            before = Some(stored.chain);
            // A record that does not follow is shown all the same, and marked.
            let follows = previous.is_some_and(|previous| stored.follows(stored.seq, previous).is_some());
            if !follows {
                damaged.get_or_insert(stored.seq);
            }
            match &stored.record {
                Some(record) if args.authority.is_none_or(|asked| record.authority == Some(asked)) => {
                    tell(record, follows, out);
                    out.json(&as_json(record, &hex(stored.chain.as_bytes()), follows));
                }
                Some(_) => {}
                None => {
                    let seq = stored.seq;
                    out.line(&[bad("✗ "), plain(out.say(&say!("第 {seq} 条无法读取", "record {seq} cannot be read")))]);
                    out.json(&json!({"schema": "zhengyin.journal/1", "seq": seq, "chained": false}));
                }
            }
            ControlFlow::Continue(())
        })
        .map_err(refused)?;
    match damaged {
        None => Ok(Exit::Done),
        Some(record) => {
            Err(refused(zhengyin::register::RegisterError::Damaged { record }).next(home.command("register check")))
        }
    }
}

fn tell(record: &Record, follows: bool, out: &mut Out) {
    let who = match &record.approver {
        Some(approver) => format!("{} + {approver}", record.actor),
        None => record.actor.clone(),
    };
    let (what, time) = (describe(&record.event), clock::local_text(record.time));
    let mut line = vec![
        dim(format!("{:>8}  ", record.seq)),
        plain(time),
        plain("  "),
        plain(pad(record.authority.as_ref().map_or("–", CreditCode::as_str), 18)),
        plain("  "),
        bold(pad(&who, 12)),
        plain("  "),
        plain(out.say(&what)),
    ];
    if !record.reason.is_empty() {
        line.push(plain(format!("  {}", record.reason)));
    }
    if !follows {
        line.push(bad(out.say(&say!("  与前一条不相连", "  does not follow upon the one before"))));
    }
    out.line(&line);
}

fn span_text(spans: &[Span]) -> String {
    let list = spans.first().map_or(0, |span| span.list);
    let each = spans.iter().map(|span| match span.count {
        1 => span.first.to_string(),
        _ => format!("{}–{}", span.first, span.end().saturating_sub(1)),
    });
    format!("{list}: {}", each.collect::<Vec<_>>().join(", "))
}

fn place(at: StatusPointer) -> String {
    format!("{}: {}", at.list, at.index)
}

fn kid(spki: &[u8]) -> String {
    PublicKey::from_spki(spki).map_or_else(|_| "?".to_owned(), |key| key.key_id().to_string())
}

fn describe(event: &Event) -> Say {
    match event {
        Event::Opened => say!("建立登记簿", "the register was made"),
        Event::Enrolled => say!("机构开始颁发", "issues here from now on"),
        Event::Key(spki) => {
            let key = kid(spki);
            say!("启用密钥 {key}", "signs with the key {key}")
        }
        Event::Allotted(span) => {
            let text = span_text(&[*span]);
            say!("分配位置 {text}", "allotted {text}")
        }
        Event::Issued(spans) => {
            let text = span_text(spans);
            say!("颁发 {text}", "issued {text}")
        }
        Event::Credential { at, kind, license } => {
            let (at, license) = (place(*at), place(*license));
            match kind {
                Kind::Copy => say!("加注件 {at}，证照 {license}", "copy {at} of {license}"),
                _ => say!("更新凭据 {at}，证照 {license}", "renewed {license} as {at}"),
            }
        }
        Event::Sealed(at) => {
            let at = place(*at);
            say!("制作印章 {at}", "made a seal at {at}")
        }
        Event::Void(spans) => {
            let text = span_text(spans);
            say!("作废 {text}", "void {text}")
        }
        Event::Changed { at, state, basis, effective, successor } => {
            let mut zh = format!("{} {}", place(*at), register::state_text(*state).zh);
            let mut en = format!("{} {}", place(*at), register::state_text(*state).en);
            if let Some(basis) = basis {
                zh.push_str(&format!("（{basis}）"));
                en.push_str(&format!(" ({basis})"));
            }
            if let Some(effective) = effective {
                let since = clock::local_text(*effective);
                zh.push_str(&format!("，自 {since}"));
                en.push_str(&format!(", since {since}"));
            }
            if let Some(successor) = successor {
                let by = place(*successor);
                zh.push_str(&format!("，由 {by} 替换"));
                en.push_str(&format!(", replaced by {by}"));
            }
            Say { zh, en }
        }
        Event::Published(list) => {
            let (number, seq, length) = (list.list, list.seq, list.length);
            say!(
                "发布清单 {number} 第 {seq} 号，{length} 个位置",
                "published list {number} number {seq}, positions {length}"
            )
        }
        Event::Erased { at, basis } => {
            let at = place(*at);
            say!("依法删除 {at} 的内容（{basis}）", "erased the content of {at} ({basis})")
        }
        Event::Operator { name, key, admitted } => {
            let key = kid(key);
            match admitted {
                true => say!("登记操作员 {name} {key}", "admitted the operator {name} {key}"),
                false => say!("除名操作员 {name} {key}", "dismissed the operator {name} {key}"),
            }
        }
        Event::Withdrawn { key, state, since, .. } => {
            let (key, word) = (kid(key), register::history_word(*state));
            let since = since.map(clock::local_text).map_or_else(String::new, |since| format!(" ({since} –)"));
            say!("密钥 {key} {word}{since}", "the key {key} is {word}{since}")
        }
        Event::Restored { records, .. } => {
            say!("由 {records} 条记录的备份恢复", "restored from a backup of {records} records")
        }
        Event::Skipped(span) => {
            let text = span_text(&[*span]);
            say!("跳过位置 {text}", "passed over {text}")
        }
        Event::Consented { first, second, .. } => {
            let (first, second) = (kid(&first.0), kid(&second.0));
            say!("两名操作员同意 {first} {second}", "two operators consented, {first} {second}")
        }
        other => {
            let word = other.word();
            say!("{word}", "{word}")
        }
    }
}

fn as_json(record: &Record, chain: &str, follows: bool) -> Value {
    json!({
        "schema": "zhengyin.journal/1", "seq": record.seq, "time": clock::utc_text(record.time),
        "authority": record.authority.as_ref().map(CreditCode::as_str), "actor": record.actor, "approver": record.approver,
        "action": record.event.word(), "subject": hex(record.subject.as_bytes()), "reason": record.reason,
        "previous": hex(record.previous.as_bytes()), "chain": chain, "chained": follows, "detail": detail(&record.event),
    })
}

fn spans_json(spans: &[Span]) -> Value {
    spans.iter().map(|span| json!({"list": span.list, "first": span.first, "count": span.count})).collect()
}

fn detail(event: &Event) -> Value {
    let pair = |at: StatusPointer| json!([at.list, at.index]);
    match event {
        Event::Key(key) => json!({"key": kid(key)}),
        Event::Allotted(span) | Event::Skipped(span) => spans_json(&[*span]),
        Event::Issued(spans) | Event::Void(spans) => spans_json(spans),
        Event::Credential { at, kind, license } => {
            json!({"status": pair(*at), "kind": kind.number(), "license": pair(*license)})
        }
        Event::Changed { at, state, basis, effective, successor } => json!({
            "status": pair(*at), "state": state_word(*state), "basis": basis,
            "effective": effective.map(clock::utc_text), "successor": successor.map(pair),
        }),
        Event::Published(list) => json!({
            "list": list.list, "epoch": list.epoch, "seq": list.seq, "issued": clock::utc_text(list.issued),
            "length": list.length, "records": list.records, "digest": hex(list.digest.as_bytes()),
        }),
        Event::Sealed(at) => json!({"status": pair(*at)}),
        Event::Erased { at, basis } => json!({"status": pair(*at), "basis": basis}),
        Event::Operator { name, key, admitted } => json!({"name": name, "key": kid(key), "admitted": admitted}),
        Event::Withdrawn { key, state, from, since } => json!({
            "key": kid(key), "state": register::history_word(*state), "from": clock::utc_text(*from),
            "since": since.map(clock::utc_text),
        }),
        Event::Restored { records, chain } => json!({"records": records, "chain": hex(chain.as_bytes())}),
        Event::Consented { statement, first, second } => json!({
            "statement": hex(statement), "first": [kid(&first.0), hex(&first.1)], "second": [kid(&second.0), hex(&second.1)],
        }),
        _ => Value::Null,
    }
}
