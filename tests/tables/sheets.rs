//! Tables of licenses as they lie on an operator's desk, in order and not.
#![allow(dead_code, reason = "shared by several tests, of which none uses all")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A citizen identity number of nobody, for region 990102 is assigned to nobody.
pub(crate) fn citizen(number: usize) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (year, month, day) = (1950 + number % 60, 1 + number % 12, 1 + number % 28);
    let digits = format!("990102{year:04}{month:02}{day:02}{:03}", number % 1_000);
    let sum: usize = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{digits}{}", char::from(b"10X98765432"[sum % 11]))
}

pub(crate) const HEAD: &str = "证照编号,姓名,身份证号码,发证日期,有效期至,工种,流水号,备注\r\n";

/// One row.
pub(crate) fn row(number: usize) -> String {
    let (month, day) = (1 + number % 12, 1 + number % 28);
    format!("YS{number:010},张示例{number},{},2024/{month}/{day},长期,演示工种,S{number:09},\r\n", citizen(number))
}

/// A table of so many rows.
pub(crate) fn table(rows: usize) -> String {
    let mut text = HEAD.to_owned();
    (0..rows).for_each(|number| text.push_str(&row(number)));
    text
}

/// The same as JSON lines.
pub(crate) fn lines(rows: usize) -> String {
    let mut text = String::new();
    for number in 0..rows {
        let date = format!("2024-{:02}-{:02}", 1 + number % 12, 1 + number % 28);
        let line = serde_json::json!({
            "number": format!("YS{number:010}"), "holders": [{"name": format!("张示例{number}"), "id_type": 111, "id": citizen(number)}],
            "issued_on": date, "valid": {"from": date}, "fields": {"工种": "演示工种"}, "serial": format!("S{number:09}"),
            "type": "11950000MB0000019Y909", "name": "示例操作证", "authority": "11990100MB0000000P", "authority_name": "示例局",
            "region": "990102", "bind": 1,
        });
        writeln!(text, "{line}").unwrap();
    }
    text
}

/// What its columns mean.
pub(crate) const MAP: &str = r#"{
  "schema": "zhengyin.map/1",
  "columns": {
    "证照编号": {"key": "number", "length": 12},
    "姓名": "holders[0].name",
    "身份证号码": {"key": "holders[0].id", "length": 18},
    "发证日期": ["issued_on", "valid.from"],
    "有效期至": "valid.until",
    "工种": "fields.工种",
    "流水号": "serial",
    "备注": null
  },
  "constants": {
    "type": "11950000MB0000019Y909", "name": "示例操作证", "authority": "11990100MB0000000P", "authority_name": "示例局",
    "region": "990102", "holders": [{"id_type": 111}], "bind": 1
  }
}
"#;

/// Lays out what a desk takes at which the licenses of these tables are issued: a passphrase and the map.
#[cfg(unix)]
pub(crate) fn lay_desk(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("pass"), "secret\n").unwrap();
    fs::set_permissions(folder.join("pass"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(folder.join("map.json"), MAP).unwrap();
}

/// The commands that found it, one after the other; each wants the passphrase.
pub(crate) const FOUNDING: [&str; 5] = [
    "authority init 99 --name 甲 --name-en Jia --keeper 局 --code 11990000MB0000908E --test",
    "authority enrol 11990100MB0000000P --province 99 --name 局 --region 9901",
    "key gen operator.pem",
    "trust build --federation F --signer O=operator.pem",
    "trust directory 99",
];

/// A table in which every row but the first and the last is wrong, each in its own way; the rule that each breaks.
pub(crate) fn damaged() -> (String, Vec<(usize, &'static str)>) {
    let next = &mut 100;
    let mut cells = |changes: &[(usize, &str)]| {
        *next += 1;
        let whole = row(*next);
        let mut cells: Vec<String> = whole.trim_end().split(',').map(str::to_owned).collect();
        for (column, value) in changes {
            cells[*column] = (*value).to_owned();
        }
        format!("{}\r\n", cells.join(","))
    };
    let spoilt: [(String, &str); 15] = [
        (cells(&[(0, "2.02E+11")]), "scientific"),
        (cells(&[(0, "2024000001")]), "leading-zeros"),
        (cells(&[(2, "990102199304124000")]), "rounded"),
        (cells(&[(2, "99010219930412417A")]), "facts"),
        (cells(&[(3, "45432")]), "serial-date"),
        (cells(&[(3, "20/05/2024")]), "date"),
        (cells(&[(1, "\"=HYPERLINK(\"\"http://x\"\")\"")]), "formula"),
        (cells(&[(1, "张\0示例")]), "control"),
        (cells(&[(1, "\"张\r\n示例\"")]), "line-break"),
        (cells(&[(1, "张\u{202e}示例")]), "facts"),
        (cells(&[(5, "#N/A")]), "failed-formula"),
        (cells(&[(1, "")]), "missing"),
        ("YS0000000001,只有两个\r\n".to_owned(), "columns"),
        (row(0), "twice"),
        (cells(&[(6, "S000000000"), (0, "YS0000000999")]), "identifier"),
    ];
    let mut text = format!("{HEAD}{}", row(0));
    let mut rules = Vec::new();
    for (number, (row, rule)) in spoilt.into_iter().enumerate() {
        text.push_str(&row);
        rules.push((number + 3, rule));
    }
    text.push_str(&row(1));
    (text, rules)
}

/// Tables, maps and what is no table.
pub(crate) fn lay_out(folder: &Path) {
    let whole = table(3);
    fs::write(folder.join("table.csv"), format!("\u{feff}{whole}")).unwrap();
    fs::write(folder.join("table-gb.csv"), encoding_rs::GB18030.encode(&whole).0).unwrap();
    fs::write(folder.join("table.jsonl"), lines(3)).unwrap();
    fs::write(folder.join("map.json"), MAP).unwrap();
    fs::write(folder.join("map-short.json"), MAP.replace("    \"工种\": \"fields.工种\",\n", "")).unwrap();
    fs::write(folder.join("map-wrong.json"), MAP.replace("holders[0].name", "holder.name")).unwrap();
    fs::write(folder.join("damaged.csv"), damaged().0).unwrap();
    fs::write(folder.join("elsewhere.csv"), whole.replace("YS0000000002", "YS0000000009")).unwrap();
    fs::write(folder.join("book.xlsx"), b"PK\x03\x04\x14\0\x06\0").unwrap();
    fs::write(folder.join("neither.csv"), b"a,b\r\n1,\xff\xff\r\n").unwrap();
    fs::write(folder.join("empty.csv"), b"").unwrap();
}
