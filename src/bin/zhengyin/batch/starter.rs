//! A mapping file to begin with: each column with the key that it probably is, and what every row needs besides.

use super::encoding::Text;
use super::map::SCHEMA;
use super::table::{Content, Table};
use crate::output::{Failure, Say, say};
use serde_json::{Map, Value, json};
use std::io::Read;
use zhengyin::claims::fields::FieldName;

/// Rows that are looked at for what a column holds.
const SAMPLE: usize = 20;

/// Names that columns have in the tables of authorities, and what they mean.
const KNOWN: &[(&str, &[&str])] = &[
    ("number", &["证照编号", "证件编号", "许可证编号", "编号", "证书编号", "number", "license number"]),
    ("name", &["证照名称", "证书名称", "name of license"]),
    ("type", &["证照类型代码", "类型代码", "type"]),
    ("authority", &["颁发机构代码", "发证机关代码", "authority"]),
    ("authority_name", &["颁发机构", "发证机关", "发证机构", "authority name"]),
    ("region", &["所属区划", "行政区划", "行政区划代码", "区划代码", "region"]),
    ("holders[0].name", &["持证主体", "持证人", "姓名", "名称", "企业名称", "单位名称", "holder", "name"]),
    (
        "holders[0].id",
        &["持证主体代码", "证件号码", "身份证号", "身份证号码", "公民身份号码", "统一社会信用代码", "holder id"],
    ),
    ("holders[0].id_type", &["持证主体代码类型", "证件类型", "holder id type"]),
    ("issued_on", &["颁发日期", "发证日期", "签发日期", "issued on", "date of issue"]),
    ("valid.from", &["有效期起始日期", "有效期起", "有效期自", "起始日期", "valid from"]),
    ("valid.until", &["有效期截止日期", "有效期止", "有效期至", "截止日期", "valid until"]),
    ("serial", &["流水号", "序号", "serial"]),
    ("version", &["版本", "版本号", "version"]),
    ("replaces", &["被替换凭据", "原凭据编号", "replaces"]),
    ("bind", &["绑定", "bind"]),
    ("holder_key", &["持证人公钥", "holder key"]),
];

/// What every license needs, in the order in which people fill it in.
const NEEDED: [&str; 10] =
    ["type", "name", "number", "authority", "authority_name", "region", "issued_on", "valid.from", "serial", "bind"];

/// The starter, and what is still to be filled in.
pub(crate) struct Starter {
    pub(crate) json: Value,
    pub(crate) open: Vec<&'static str>,
}

/// Looks at a table and writes a map for it.
pub(crate) fn starter(text: Text<impl Read>) -> Result<Starter, Failure> {
    let unread =
        |error: &std::io::Error| Failure::new(say!("无法读取表格", "the table cannot be read")).because_io(error);
    let mut table = Table::new(text);
    let head = table.next().map_err(|error| unread(&error))?;
    let Some(Content::Cells(head)) = head.map(|row| row.content) else { return Err(no_head()) };
    let mut sample: Vec<Vec<String>> = Vec::new();
    while sample.len() < SAMPLE {
        match table.next().map_err(|error| unread(&error))?.map(|row| row.content) {
            Some(Content::Cells(cells)) => sample.push(cells),
            Some(_) => {}
            None => break,
        }
    }
    let mut columns = Map::new();
    let mut taken = Vec::new();
    let begins = head.iter().any(|name| known(name.trim()) == Some("valid.from"));
    for (at, name) in head.iter().map(|name| name.trim()).enumerate() {
        let cells: Vec<&str> = sample.iter().filter_map(|row| row.get(at)).map(|cell| cell.trim()).collect();
        let known = known(name).filter(|key| !taken.contains(key));
        taken.extend(known);
        let value = match known {
            // Mostly a license holds from the day on which it is issued.
            Some("issued_on") if !begins => {
                taken.push("valid.from");
                json!(["issued_on", "valid.from"])
            }
            Some(key) => json!(key),
            None => field(name, &cells),
        };
        columns.insert(name.to_owned(), value);
    }
    let open: Vec<&'static str> = NEEDED.into_iter().filter(|key| !taken.contains(key)).collect();
    let mut constants = Map::new();
    for key in &open {
        let (first, rest) = key.split_once('.').unwrap_or((key, ""));
        let value = match *key {
            "bind" => json!(0),
            _ if rest.is_empty() => json!(""),
            _ => json!({rest: ""}),
        };
        constants.insert(first.to_owned(), value);
    }
    if !taken.contains(&"holders[0].id_type") {
        constants.insert("holders".to_owned(), json!([{"id_type": 0}]));
    }
    Ok(Starter { json: json!({"schema": SCHEMA, "columns": columns, "constants": constants}), open })
}

fn no_head() -> Failure {
    Failure::new(say!("第一行应为列名", "the first row must hold the names of the columns"))
}

fn known(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    KNOWN.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(key, _)| *key)
}

/// A field of the license, and what it holds as far as a few rows tell.
fn field(name: &str, cells: &[&str]) -> Value {
    let spelt = FieldName::of_text(name)
        .map_or_else(|| name.to_owned(), |field| field.text(zhengyin::reason::Language::Zh).to_owned());
    let key = format!("fields.{spelt}");
    let filled: Vec<&&str> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let is_day = |cell: &&&str| super::cell::read(cell, &super::cell::Kind::DayField, None).is_ok();
    if !filled.is_empty() && (spelt.contains("日期") || spelt.contains("date")) && filled.iter().all(is_day) {
        return json!({"key": key, "as": "date"});
    }
    json!(key)
}

/// What a person is to do with it.
pub(crate) fn advice(open: &[&str]) -> Say {
    let open = open.join(", ");
    say!(
        "请核对每一列；constants 中待填：{open}、holders",
        "look at every column; to be filled in among the constants: {open}, holders"
    )
}
