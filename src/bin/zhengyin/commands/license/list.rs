//! `license list`: the licenses of the register that are meant, as lines, JSON or a table for spreadsheets.

use super::show::as_json;
use crate::args::Global;
use crate::clock::{day_text, local_text};
use crate::files::{self, Access, STREAM};
use crate::office::listing::{Ids, Selection, shown_id, state_column, state_word, with_claims};
use crate::office::standing::Found;
use crate::output::{Exit, Failure, Loudness, Out, bad, bold, good, pad, plain, say, unsure};
use crate::sheet;
use serde_json::{Map, Value};
use std::io::Write;
use std::path::{Path, PathBuf};
use zhengyin::claims::LicenseClaims;
use zhengyin::reason::Language;
use zhengyin::register::Kind;
use zhengyin::status::State;

/// List the licenses of the register: all, or those that are meant; renewals and copies each on a line of their own
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin license list\n  zhengyin license list --state revoked --state suspended --region 9901\n  zhengyin license list --type 11950000MB0000019Y --issued-from 2026-01-01 --csv licenses.csv\n  zhengyin license list --number \"JY2990*\" --json"
)]
pub(super) struct Args {
    #[command(flatten)]
    selection: Selection,
    /// Write a table for spreadsheets (CSV, UTF-8) to this file; - is standard output
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write the ids of persons in full; they are masked otherwise
    #[arg(long)]
    full_ids: bool,
}

/// Columns of the table, in Chinese and English.
const COLUMNS: [(&str, &str); 20] = [
    ("颁发机构代码", "authority"),
    ("颁发机构", "authority_name"),
    ("证照类型代码", "type"),
    ("证照名称", "name"),
    ("证照编号", "number"),
    ("版本", "version"),
    ("凭据", "kind"),
    ("状态", "state"),
    ("状态起始", "since"),
    ("签发时间", "issued_at"),
    ("应更新于", "expires"),
    ("颁发日期", "issued_on"),
    ("有效期起始", "valid_from"),
    ("有效期截止", "valid_until"),
    ("区划", "region"),
    ("持证主体", "holders"),
    ("持证主体代码", "holder_ids"),
    ("状态清单", "list"),
    ("状态位置", "index"),
    ("凭据编号", "credential"),
];

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let ids = if args.full_ids { Ids::Full } else { Ids::Masked };
    if let Some(path) = &args.csv {
        let language = out.language;
        let mut count = 0;
        files::check_absent(path)?;
        files::create_streamed(path, Access::Private, |writer| {
            write(writer, path, &format!("{}{}", sheet::MARK, heading(language)))?;
            count = args.selection.each(&home, &mut |found, content| {
                let row =
                    content.and_then(|bytes| with_claims(bytes, |claims| cells(found, Some(claims), ids, language)));
                let row = row.unwrap_or_else(|| cells(found, None, ids, language));
                write(writer, path, &sheet::row(row.iter().map(String::as_str)))
            })?;
            Ok(())
        })?;
        let shown = path.display();
        if path != Path::new(STREAM) {
            out.text(&say!("已将 {count} 行写入 {shown}", "wrote {count} rows to {shown}"));
            out.json(&serde_json::json!({"schema": "zhengyin.table/1", "file": path, "rows": count}));
        }
        return Ok(Exit::Done);
    }
    let count = args.selection.each(&home, &mut |found, content| {
        line(found, content, ids, out);
        Ok(())
    })?;
    if count == 0 && !out.is_json() {
        out.remark(Loudness::Normal, &say!("没有这样的证照", "there is no such license"));
    }
    Ok(Exit::Done)
}

fn write(writer: &mut dyn Write, path: &Path, text: &str) -> Result<(), Failure> {
    let shown = path.display();
    let written = writer.write_all(text.as_bytes());
    written.map_err(|error| Failure::new(say!("无法写入 {shown}", "cannot write {shown}")).because_io(&error))
}

fn heading(language: Language) -> String {
    sheet::row(COLUMNS.iter().map(|(zh, en)| if language == Language::Zh { *zh } else { *en }))
}

fn line(found: &Found, content: Option<&[u8]>, ids: Ids, out: &mut Out) {
    let entry = &found.entry;
    let state = pad(&state_column(entry.state, out.language), 14).into_owned();
    let state = match entry.state {
        State::InForce => good(state),
        now if now.is_reversible() => unsure(state),
        _ => bad(state),
    };
    let (name, holders) = content
        .and_then(|bytes| with_claims(bytes, |claims| (claims.license.name.to_owned(), holders(claims, ids))))
        .unwrap_or_default();
    let issued = day_text(zhengyin::time::Day::of(entry.issuance.issued_at));
    let holders_shown = holders.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("、");
    out.line(&[
        state,
        plain(format!("{issued}  ")),
        bold(entry.number()),
        plain(format!("  {name}  {holders_shown}  ")),
        plain(entry.issuance.id.to_string()),
    ]);
    let mut json = as_json(found);
    if let Some(object) = json.as_object_mut() {
        object.insert("state_word".to_owned(), state_word(entry.state).into());
        object.extend(
            content.and_then(|bytes| with_claims(bytes, |claims| content_json(claims, ids))).unwrap_or_default(),
        );
    }
    out.json(&json);
}

/// Holders: name and id.
fn holders(claims: &LicenseClaims<'_>, ids: Ids) -> Vec<(String, String)> {
    let holders = claims.license.holders.clone();
    holders.map(|holder| (holder.name.to_owned(), shown_id(holder.id_type, holder.id, ids))).collect()
}

fn content_json(claims: &LicenseClaims<'_>, ids: Ids) -> Map<String, Value> {
    let license = &claims.license;
    let holders: Vec<Value> = holders(claims, ids)
        .into_iter()
        .zip(license.holders.clone())
        .map(|((name, id), holder)| serde_json::json!({"name": name, "id_type": holder.id_type.number(), "id": id}))
        .collect();
    let rows = [
        ("name", Value::from(license.name)),
        ("authority_name", license.authority_name.into()),
        ("region", license.region.as_str().into()),
        ("issued_on", day_text(license.issued_on).into()),
        ("valid_from", day_text(license.validity.from()).into()),
        ("valid_until", license.validity.until().map(day_text).into()),
        ("identifier", claims.identifier().as_str().into()),
        ("holders", holders.into()),
    ];
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn cells(found: &Found, claims: Option<&LicenseClaims<'_>>, ids: Ids, language: Language) -> [String; 20] {
    let entry = &found.entry;
    let name = entry.name.as_ref();
    let license = claims.map(|claims| &claims.license);
    let of = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let all = claims.map(|claims| holders(claims, ids)).unwrap_or_default();
    let (names, numbers): (Vec<String>, Vec<String>) = all.into_iter().unzip();
    let until = |until: Option<_>| {
        until.map_or_else(|| if language == Language::Zh { "长期" } else { "" }.to_owned(), day_text)
    };
    let state = match language {
        Language::Zh => state_column(entry.state, language),
        Language::En => state_word(entry.state).to_owned(),
    };
    [
        found.authority.as_str().to_owned(),
        of(license.map(|license| license.authority_name)),
        of(name.map(|name| name.type_code.as_str())),
        of(license.map(|license| license.name)),
        of(name.map(|name| name.number.as_str())),
        name.map(|name| name.version.to_string()).unwrap_or_default(),
        kind(entry.kind, language).to_owned(),
        state,
        local_text(entry.since),
        local_text(entry.issuance.issued_at),
        entry.issuance.expires.map(local_text).unwrap_or_default(),
        license.map(|license| day_text(license.issued_on)).unwrap_or_default(),
        license.map(|license| day_text(license.validity.from())).unwrap_or_default(),
        license.map(|license| until(license.validity.until())).unwrap_or_default(),
        of(license.map(|license| license.region.as_str())),
        names.join("；"),
        numbers.join("；"),
        entry.status.list.to_string(),
        entry.status.index.to_string(),
        entry.issuance.id.to_string(),
    ]
}

fn kind(kind: Kind, language: Language) -> &'static str {
    match (kind, language) {
        (Kind::First, Language::Zh) => "首次",
        (Kind::Renewal, Language::Zh) => "更新",
        (Kind::Copy, Language::Zh) => "加注件",
        (Kind::Seal, Language::Zh) => "印章",
        (Kind::First, Language::En) => "first",
        (Kind::Renewal, Language::En) => "renewal",
        (Kind::Copy, Language::En) => "copy",
        (Kind::Seal, Language::En) => "seal",
    }
}
