//! What became of a license: what the register's journal says, and which list says it.

use crate::clock;
use crate::home::Home;
use crate::office::register::{self, state_text};
use crate::office::sealing;
use crate::office::standing::{self, pointer_text};
use crate::output::{Exit, Failure, Out, Say, bold, dim, pad, plain, say};
use serde_json::{Value, json};
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Entry, Event, Kind, Record};
use zhengyin::status::{Cause, State};

/// Columns of what happened.
const WHAT: usize = 16;

pub(super) fn run(home: &Home, what: &str, authority: Option<CreditCode>, out: &mut Out) -> Result<Exit, Failure> {
    let found = if sealing::is_known(home, what, authority) {
        sealing::find(home, what, authority)?
    } else {
        standing::find(home, what, authority)?
    };
    let entry = &found.entry;
    let missing = || Failure::new(say!("没有登记簿", "there is no register"));
    let register = register::read(home, found.authority)?.ok_or_else(missing)?;
    let records = register.history(entry).map_err(|error| register::refused(home, error))?;
    let changes: Vec<&Record> = records.iter().filter(|record| matters(&record.event)).collect();
    let told = standing::told_by(home, &found)?;

    let (state, at) = (state_text(entry.state), pointer_text(entry.status));
    out.line(&[
        bold(entry.number()),
        plain(format!("  {}  ", out.say(&state))),
        dim(out.say(&at)),
        plain("  "),
        dim(entry.issuance.id.to_string()),
    ]);
    let issued = issued(entry);
    let spans = [plain(clock::local_text(entry.issuance.issued_at)), plain("  "), plain(out.say(&issued))];
    out.line(&spans);
    for record in &changes {
        let (what, more) = (happened(&record.event), remarks(record));
        let what = pad(out.say(&what), WHAT).into_owned();
        let more = out.say(&more).to_owned();
        out.line(&[plain(clock::local_text(record.time)), plain("  "), plain(what), plain(more)]);
    }
    let known = match &told {
        Some(told) => {
            let (seq, issued) = (told.seq, clock::local_text(told.issued));
            say!("第 {seq} 号清单（{issued}）已载明", "list number {seq} of {issued} says so")
        }
        None => say!("现状尚未发布", "its present state is not published yet"),
    };
    out.text(&known);
    out.json(&json!({
        "schema": "zhengyin.history/1", "authority": found.authority.as_str(), "number": entry.number(),
        "credential": entry.issuance.id.to_string(), "status": [entry.status.list, entry.status.index], "state": entry.state.number(),
        "since": clock::utc_text(entry.since), "issued_at": clock::utc_text(entry.issuance.issued_at),
        "successor": entry.successor.map(|at| [at.list, at.index]), "events": changes.iter().map(|record| as_json(record)).collect::<Vec<_>>(),
        "told_by": told.map(|told| json!({"seq": told.seq, "issued": clock::utc_text(told.issued)})),
    }));
    if told.is_none() {
        out.next(&home.command(&format!("status publish {}", found.authority.as_str())));
    }
    Ok(Exit::Done)
}

/// What is told besides the issue, which the entry itself tells.
const fn matters(event: &Event) -> bool {
    matches!(event, Event::Changed { .. } | Event::Erased { .. })
}

fn issued(entry: &Entry) -> Say {
    match entry.kind {
        Kind::First => say!("颁发", "issued"),
        Kind::Renewal => say!("凭据更新", "issued as a renewal"),
        Kind::Copy => say!("制作加注件", "made as an annotated copy"),
        Kind::Seal => say!("制作", "made"),
    }
}

fn happened(event: &Event) -> Say {
    match event {
        Event::Changed { state: State::InForce, .. } => say!("恢复", "resumed"),
        Event::Changed { state, .. } => state_text(*state),
        _ => say!("内容依法删除", "content erased"),
    }
}

/// Who, why, by which law, from when, and what came instead.
fn remarks(record: &Record) -> Say {
    let mut zh = vec![record.actor.clone()];
    let mut en = zh.clone();
    let mut both = |zh_text: String, en_text: String| {
        zh.push(zh_text);
        en.push(en_text);
    };
    if let Some(approver) = &record.approver {
        both(format!("批准：{approver}"), format!("approved by {approver}"));
    }
    if !record.reason.is_empty() {
        both(record.reason.clone(), record.reason.clone());
    }
    if let Event::Changed { basis, effective, successor, .. } = &record.event {
        if let Some(basis) = basis {
            both(format!("依据：{basis}"), format!("by {basis}"));
        }
        if let Some(effective) = effective {
            let from = clock::local_text(*effective);
            both(format!("自 {from} 生效"), format!("in effect since {from}"));
        }
        if let Some(successor) = successor {
            let at = pointer_text(*successor);
            both(format!("新证：{}", at.zh), format!("replaced by {}", at.en));
        }
    }
    Say { zh: zh.join("；"), en: en.join("; ") }
}

fn as_json(record: &Record) -> Value {
    let (state, basis, effective, successor) = match &record.event {
        Event::Changed { state, basis, effective, successor, .. } => {
            (Some(*state), basis.clone(), *effective, *successor)
        }
        _ => (None, None, None, None),
    };
    json!({
        "time": clock::utc_text(record.time), "event": record.event.word(), "state": state.map(State::number), "actor": record.actor,
        "approver": record.approver, "reason": record.reason, "cause": Cause::of_decision(&record.reason).number(), "basis": basis,
        "effective": effective.map(clock::utc_text), "successor": successor.map(|at| [at.list, at.index]),
    })
}
