//! `store show`: what is held, how old it is, and how long it is good for.

use super::intake::name;
use crate::args::Global;
use crate::clock::{ClockArg, Reading, age, local_text, stretch};
use crate::output::{Exit, Failure, Loudness, Out, Span, bad, bold, dim, good, pad, plain, unsure};
use crate::stores::{StoreArg, StoreFile};
use serde_json::{Value, json};
use zhengyin::reason::Language;
use zhengyin::store::{Dates, Freshness, ObjectKind, Store};
use zhengyin::suite::Digest;
use zhengyin::time::{Timestamp, Watch};

/// Show what this verifier holds: numbers, ages, days left, floor, evidence
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin store show\n  zhengyin store show --json\n  zhengyin store show --clock 30d"
)]
pub(super) struct Args {
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    clock: ClockArg,
}

/// A held object, as it is shown.
pub(super) struct Row {
    kind: ObjectKind,
    owner: String,
    owner_name: Option<String>,
    seq: u64,
    epoch: u64,
    dates: Dates,
    digest: Digest,
    freshness: Freshness,
    equivocal: bool,
    /// Why a status list is not relied on although it is held.
    refused: Option<zhengyin::reason::Reason>,
    size: usize,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let file = args.store.find(global)?;
    let store = file.demand()?;
    let reading = args.clock.read(global)?;
    let rows = rows(&store, reading, out.language);
    if let Some(remark) = reading.remark() {
        out.remark(Loudness::Normal, &remark);
    }
    tell(&file, &store, &rows, reading, out);
    out.json(&as_json(&file, &store, &rows, reading));
    Ok(Exit::Done)
}

pub(super) fn rows(store: &Store, reading: Reading, language: Language) -> Vec<Row> {
    let Some(trust) = store.trust() else { return Vec::new() };
    let (list, tag) = (trust.list(), if language == Language::Zh { "zh" } else { "en" });
    let grace = list.normal_grace();
    let mut watch = Watch::new(store.window(reading.clock()));
    let mut rows = vec![Row {
        kind: ObjectKind::TrustList,
        owner: list.federation.clone(),
        owner_name: None,
        seq: list.seq,
        epoch: 0,
        dates: trust.dates(),
        digest: trust.digest(),
        freshness: trust.dates().freshness(grace.list, &mut watch),
        equivocal: trust.is_equivocal(),
        refused: None,
        size: trust.bytes().len(),
    }];
    rows.extend(store.directories().map(|held| {
        let directory = held.directory();
        let province = list.provinces.get(&directory.province);
        Row {
            kind: ObjectKind::Directory,
            owner: directory.province.as_str().to_owned(),
            owner_name: province.map(|province| province.names.get(tag).to_owned()),
            seq: directory.seq,
            epoch: directory.epoch,
            dates: held.dates(),
            digest: held.digest(),
            freshness: held.dates().freshness(grace.directory, &mut watch),
            equivocal: held.is_equivocal(),
            refused: None,
            size: held.bytes().len(),
        }
    }));
    rows.extend(store.statuses().map(|held| {
        let header = held.header();
        Row {
            kind: ObjectKind::StatusList,
            owner: format!("{}/{}", header.authority.as_str(), header.list),
            owner_name: None,
            seq: header.seq,
            epoch: header.epoch,
            dates: held.dates(),
            digest: held.digest(),
            freshness: held.dates().freshness(grace.status, &mut watch),
            equivocal: held.is_equivocal(),
            refused: held.signer().err().or_else(|| held.body().err().map(|error| error.reason())),
            size: usize::try_from(held.size()).unwrap_or(usize::MAX),
        }
    }));
    rows
}

fn tell(file: &StoreFile, store: &Store, rows: &[Row], reading: Reading, out: &mut Out) {
    let zh = out.language == Language::Zh;
    let labels = if zh { ["信任库", "锚定摘要", "时间下限"] } else { ["store", "pin", "floor"] };
    let floor = (store.floor() != Timestamp::MIN).then(|| format!("{} +08:00", local_text(store.floor())));
    let values = [file.path().display().to_string(), store.pin().to_string(), floor.unwrap_or_else(|| "–".to_owned())];
    for (label, value) in labels.into_iter().zip(values) {
        out.line(&[dim(pad(label, 10)), plain(value)]);
    }
    if rows.is_empty() {
        out.line(&[unsure("? "), plain(if zh { "尚无任何数据" } else { "it holds nothing yet" })]);
    }
    for row in rows {
        out.line(&line(row, reading, out));
    }
    for evidence in store.evidence() {
        let (kind, reason) = (name(evidence.kind), evidence.reason);
        let text = format!("{} #{}: {} ({})", out.say(&kind), evidence.seq, reason.text(out.language), reason.symbol());
        let label = if zh { "! 证据  " } else { "! evidence  " };
        out.line(&[unsure(label), plain(text), plain("  "), dim(evidence.digest.to_string())]);
    }
}

pub(super) fn line(row: &Row, reading: Reading, out: &Out) -> Vec<Span> {
    let language = out.language;
    let zh = language == Language::Zh;
    let owner = match &row.owner_name {
        Some(name) => format!("{} {name}", row.owner),
        None => row.owner.clone(),
    };
    let kind = name(row.kind);
    let mut line = vec![
        mark(row),
        bold(pad(out.say(&kind), 12)),
        plain(pad(&format!("#{}", row.seq), 6)),
        plain(pad(&owner, 36)),
        plain(" "),
    ];
    let issued = match reading.now() {
        Some(now) => age(row.dates.issued, now, language),
        None => local_text(row.dates.issued),
    };
    line.push(plain(pad(&if zh { format!("{issued}签发") } else { format!("issued {issued}") }, 26)));
    line.extend([plain(" "), plain(due(row, reading, language))]);
    if row.equivocal {
        line.push(bad(if zh { "  同号异文" } else { "  two of one number" }));
    }
    if let Some(reason) = row.refused {
        line.push(bad(format!("  {} ({})", reason.text(language), reason.symbol())));
    }
    line
}

fn mark(row: &Row) -> Span {
    match row.freshness {
        _ if row.equivocal || row.refused.is_some() => bad("✗ "),
        Freshness::Fresh => good("✓ "),
        Freshness::Grace | Freshness::Depends | Freshness::Later => unsure("! "),
        Freshness::Stale | Freshness::Expired => bad("✗ "),
    }
}

/// When a newer one is due, or since when it is.
fn due(row: &Row, reading: Reading, language: Language) -> String {
    let zh = language == Language::Zh;
    let Some(now) = reading.now() else {
        let due = local_text(row.dates.next_update);
        return if zh { format!("应于 {due} 更新") } else { format!("due {due}") };
    };
    let left = row.dates.next_update.since(now);
    let stretch = stretch(left, language);
    let word = match (row.freshness, zh) {
        (Freshness::Grace, true) => "，宽限期内",
        (Freshness::Grace, false) => ", within grace",
        (Freshness::Stale, true) => "，不再可用",
        (Freshness::Stale, false) => ", not relied on",
        (Freshness::Expired, true) => "，已失效",
        (Freshness::Expired, false) => ", expired",
        (Freshness::Fresh | Freshness::Depends | Freshness::Later, _) => "",
    };
    match (left >= 0, zh) {
        (true, true) => format!("{stretch}后应更新{word}"),
        (true, false) => format!("due in {stretch}{word}"),
        (false, true) => format!("已逾期 {stretch}{word}"),
        (false, false) => format!("overdue by {stretch}{word}"),
    }
}

const fn freshness_word(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "fresh",
        Freshness::Grace => "grace",
        Freshness::Stale => "stale",
        Freshness::Expired => "expired",
        Freshness::Depends => "depends",
        // Only of a time that is asked about, which this is not.
        Freshness::Later => "later",
    }
}

/// Times in seconds since 1970, like those of a report.
fn as_json(file: &StoreFile, store: &Store, rows: &[Row], reading: Reading) -> Value {
    let objects: Vec<Value> = rows.iter().map(|row| row_json(row, reading)).collect();
    let evidence = store.evidence().iter().map(|evidence| {
        json!({
            "kind": evidence.kind.word(), "seq": evidence.seq, "digest": evidence.digest.to_string(),
            "reason": evidence.reason.symbol(), "number": evidence.reason.number(),
        })
    });
    let evidence: Vec<Value> = evidence.collect();
    json!({
        "schema": "zhengyin.store/1", "store": file.path(), "pin": store.pin().to_string(), "clock": reading.word(),
        "now": reading.now().map(Timestamp::seconds), "floor": store.floor().seconds(), "objects": objects, "evidence": evidence,
    })
}

pub(super) fn row_json(row: &Row, reading: Reading) -> Value {
    json!({
        "kind": row.kind.word(), "of": row.owner, "name": row.owner_name, "seq": row.seq, "epoch": row.epoch,
        "issued": row.dates.issued.seconds(), "next_update": row.dates.next_update.seconds(),
        "expires": row.dates.expires.map(Timestamp::seconds), "freshness": freshness_word(row.freshness),
        "age": reading.now().map(|now| now.since(row.dates.issued)), "left": reading.now().map(|now| row.dates.next_update.since(now)),
        "digest": row.digest.to_string(), "equivocal": row.equivocal, "refused": row.refused.map(|reason| reason.symbol()),
        "bytes": row.size,
    })
}
