//! One cell: what a spreadsheet has done to it, and what it says.
//!
//! Spreadsheets change what looks like a number or a date, and the file does not show that they did: a citizen number becomes
//! `1.10101E+17`, `0012` becomes `12`, a day becomes `45432`. What was lost cannot be brought back; so it is named and refused.

use super::Complaint;
use crate::clock;
use crate::output::{Say, say};
use serde_json::{Value, json};
use zhengyin::time::Day;

/// What a cell is to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A text.
    Text,
    /// A code in which every character counts.
    Code,
    /// An integer.
    Integer,
    /// A day, as JSON of facts writes it.
    Day,
    /// The last day of validity; words for 长期 say that there is none.
    Until,
    /// A day, as JSON of fields writes it.
    DayField,
    /// Yes or no.
    Boolean,
    /// Several texts between these marks.
    Texts(String),
}

/// Values by which spreadsheets say that a formula failed.
const FAILED: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"];
/// Words for a license that does not end.
const ENDLESS: [&str; 5] = ["长期", "长期有效", "永久", "永久有效", "无固定期限"];
/// The day of which spreadsheets count 25569.
const SERIAL_OF_1970: i64 = 25_569;
/// Days that they count for dates of this and the last centuries: 1900 to 2199.
const SERIALS: std::ops::RangeInclusive<i64> = 1..=109_574;

/// What a cell says, as JSON of facts; nothing if it is empty.
pub(crate) fn read(text: &str, kind: &Kind, length: Option<usize>) -> Result<Option<Value>, (&'static str, Say)> {
    if text.contains(['\n', '\r']) {
        return Err((
            "line-break",
            say!("含有换行；是否有引号没有闭合？", "holds a line break: is a quote not closed?"),
        ));
    }
    if let Some(character) = text.chars().find(|character| character.is_control() && *character != '\t') {
        let code = u32::from(character);
        return Err(("control", say!("含有控制字符 U+{code:04X}", "holds the control character U+{code:04X}")));
    }
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    check_damage(text)?;
    if let Some(length) = length {
        check_length(text, length)?;
    }
    let value = match kind {
        Kind::Text => json!(text),
        Kind::Code => code(text)?,
        Kind::Integer => integer(text)?,
        Kind::Until if ENDLESS.contains(&text) => return Ok(None),
        Kind::Day | Kind::Until => json!(day(text)?),
        Kind::DayField => json!({"date": day(text)?}),
        Kind::Boolean => boolean(text)?,
        Kind::Texts(marks) => {
            let parts = text.split(|character| marks.contains(character)).map(str::trim);
            parts.filter(|part| !part.is_empty()).collect()
        }
    };
    Ok(Some(value))
}

fn check_damage(text: &str) -> Result<(), (&'static str, Say)> {
    if FAILED.contains(&text) || text.chars().all(|character| character == '#') {
        return Err((
            "failed-formula",
            say!("表格公式出错的结果", "is what a spreadsheet shows of a formula that failed"),
        ));
    }
    let mut characters = text.chars();
    let (first, second) = (characters.next(), characters.next());
    let is_formula = matches!(first, Some('=' | '@'))
        || matches!(first, Some('+' | '-')) && !second.is_some_and(|second| second.is_ascii_digit() || second == '.');
    if is_formula && text.len() > 1 {
        return Err(("formula", say!("以公式的形式开头", "begins as a formula does")));
    }
    if is_scientific(text) {
        return Err((
            "scientific",
            say!(
                "表格把长数字改成了科学计数，后面的数位已丢失；请把该列设为文本后重新导出",
                "a spreadsheet has turned a long number into this, and digits are lost: make the column text and export it anew"
            ),
        ));
    }
    Ok(())
}

/// `1.23E+17`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent_digits = exponent.strip_prefix(['+', '-']);
    // `12E5` may be a code: without a sign or a point it is not what a spreadsheet writes.
    let signed = exponent_digits.is_some() || mantissa.contains('.');
    signed
        && digits(whole.strip_prefix('-').unwrap_or(whole))
        && digits(fraction)
        && digits(exponent_digits.unwrap_or(exponent))
}

fn check_length(text: &str, length: usize) -> Result<(), (&'static str, Say)> {
    let found = text.chars().count();
    if found == length {
        return Ok(());
    }
    if found < length && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err((
            "leading-zeros",
            say!(
                "应为 {length} 位，只有 {found} 位：表格可能去掉了开头的 0",
                "should have {length} digits and has {found}: a spreadsheet may have dropped zeros at its beginning"
            ),
        ));
    }
    Err(("length", say!("应为 {length} 个字符，而有 {found} 个", "should have {length} characters and has {found}")))
}

fn code(text: &str) -> Result<Value, (&'static str, Say)> {
    let is_decimal = text.split_once('.').is_some_and(|(whole, rest)| {
        !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) && rest.bytes().all(|byte| byte == b'0')
    });
    if is_decimal {
        let why = say!("被当作小数导出", "was exported as a decimal number: make the column text and export it anew");
        return Err(("decimal", why));
    }
    Ok(json!(text))
}

fn integer(text: &str) -> Result<Value, (&'static str, Say)> {
    let plain = text.replace(',', "");
    let whole = plain.strip_suffix(".0").or(plain.strip_suffix(".00")).unwrap_or(&plain);
    let number: Result<i64, _> = whole.parse();
    number.map(|number| json!(number)).map_err(|_| ("integer", say!("不是整数", "is no integer")))
}

fn boolean(text: &str) -> Result<Value, (&'static str, Say)> {
    match text.to_ascii_lowercase().as_str() {
        "是" | "有" | "真" | "true" | "yes" | "1" => Ok(json!(true)),
        "否" | "无" | "假" | "false" | "no" | "0" => Ok(json!(false)),
        _ => Err(("boolean", say!("应为 是 或 否", "yes or no is expected"))),
    }
}

/// A day in the forms in which spreadsheets and registers write it, as `2024-05-20`.
fn day(text: &str) -> Result<String, (&'static str, Say)> {
    // What a spreadsheet appends to a day.
    let date = ["00:00:00", "0:00:00", "00:00", "0:00"].iter().find_map(|time| text.strip_suffix(time));
    let date = date.unwrap_or(text).trim().trim_end_matches('T').trim_end_matches('日');
    let parts: Vec<&str> = if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        [0..4, 4..6, 6..8].into_iter().filter_map(|part| date.get(part)).collect()
    } else {
        date.split(['-', '/', '.', '年', '月']).collect()
    };
    if let [year, month, day] = parts.as_slice()
        && year.len() == 4
    {
        let padded = format!("{year}-{month:0>2}-{day:0>2}");
        if let Some(day) = clock::day(&padded) {
            return Ok(clock::day_text(day));
        }
    }
    let whole = date.split_once('.').map_or(date, |(whole, _)| whole);
    let serial: Option<i64> = whole.parse().ok().filter(|serial| SERIALS.contains(serial));
    let meant = serial.and_then(|serial| Day::new(serial.saturating_sub(SERIAL_OF_1970))).map(clock::day_text);
    match meant {
        Some(meant) => Err((
            "serial-date",
            say!(
                "是表格内部的日期序号，当为 {meant}；请把该列设为文本后重新导出",
                "is a spreadsheet's own number for a day, perhaps {meant}: make the column text and export it anew"
            ),
        )),
        None => Err(("date", say!("不是日期（应写作 2024-05-20）", "is no date (write 2024-05-20)"))),
    }
}

/// A complaint about a cell.
pub(crate) fn complain(column: &str, value: &str, (rule, why): (&'static str, Say)) -> Complaint {
    Complaint { column: Some(column.to_owned()), value: value.to_owned(), rule: rule.into(), why }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rule(text: &str, kind: &Kind) -> Result<String, &'static str> {
        read(text, kind, None)
            .map(|value| value.map_or_else(|| "–".to_owned(), |value| value.to_string()))
            .map_err(|(rule, _)| rule)
    }

    #[test]
    fn what_spreadsheets_do_is_named() {
        for text in ["1.23E+17", "1.23e+17", "9.1E+10", "-4.5E-3", "1E+17", "1.1E5"] {
            assert_eq!(rule(text, &Kind::Text), Err("scientific"), "{text}");
        }
        for text in ["12E5", "E+17", "1.2.3E+4", "BE+1", "1E", "NYE-2024"] {
            assert_eq!(rule(text, &Kind::Code), Ok(format!("\"{text}\"")), "{text}");
        }
        for text in ["=1+1", "=HYPERLINK(\"x\")", "@SUM(A1)", "+cmd|' /C calc'!A0", "-x", "=="] {
            assert_eq!(rule(text, &Kind::Text), Err("formula"), "{text}");
        }
        for text in ["+8613800000000", "-5", "-", "="] {
            assert_eq!(rule(text, &Kind::Text), Ok(format!("\"{text}\"")), "{text}");
        }
        for text in ["#N/A", "#REF!", "########"] {
            assert_eq!(rule(text, &Kind::Text), Err("failed-formula"), "{text}");
        }
        assert_eq!(rule("12345.0", &Kind::Code), Err("decimal"));
        let lengthy = |text| read(text, &Kind::Code, Some(6)).map_err(|(rule, _)| rule);
        assert_eq!(lengthy("12345"), Err("leading-zeros"));
        assert_eq!(lengthy("1234A"), Err("length"));
        assert_eq!(lengthy("1234567"), Err("length"));
        assert_eq!(lengthy("012345"), Ok(Some(json!("012345"))));
    }

    #[test]
    fn characters_that_no_cell_has() {
        assert_eq!(rule("a\0b", &Kind::Text), Err("control"));
        assert_eq!(rule("a\u{1b}[2J", &Kind::Text), Err("control"));
        assert_eq!(rule("a\nb", &Kind::Text), Err("line-break"));
        assert_eq!(rule(" \t 张示例　", &Kind::Text), Ok("\"张示例\"".into()));
        assert_eq!(rule("  ", &Kind::Text), Ok("–".into()));
    }

    #[test]
    fn days() {
        for text in [
            "2024-05-20",
            "2024/5/20",
            "2024.5.20",
            "2024年5月20日",
            "20240520",
            "2024/5/20 0:00",
            "2024-05-20T00:00:00",
        ] {
            assert_eq!(rule(text, &Kind::Day), Ok("\"2024-05-20\"".into()), "{text}");
        }
        assert_eq!(rule("45432", &Kind::Day), Err("serial-date"));
        assert!(read("45432", &Kind::Day, None).unwrap_err().1.en.contains("2024-05-20"));
        assert_eq!(rule("45432.5", &Kind::DayField), Err("serial-date"));
        for text in
            ["24-05-20", "2024-13-01", "2024-02-30", "May 20, 2024", "20/05/2024", "2024-05-20 09:00", "9999999"]
        {
            assert_eq!(rule(text, &Kind::Day), Err("date"), "{text}");
        }
        assert_eq!(rule("长期", &Kind::Until), Ok("–".into()));
        assert_eq!(rule("长期", &Kind::Day), Err("date"));
        assert_eq!(rule("2024/5/20", &Kind::DayField), Ok("{\"date\":\"2024-05-20\"}".into()));
    }

    #[test]
    fn numbers_answers_and_lists() {
        assert_eq!(rule("1,234", &Kind::Integer), Ok("1234".into()));
        assert_eq!(rule("12.0", &Kind::Integer), Ok("12".into()));
        assert_eq!(rule("12.5", &Kind::Integer), Err("integer"));
        assert_eq!(rule("是", &Kind::Boolean), Ok("true".into()));
        assert_eq!(rule("maybe", &Kind::Boolean), Err("boolean"));
        assert_eq!(rule("茶叶、 食品；；技术", &Kind::Texts("、；".into())), Ok("[\"茶叶\",\"食品\",\"技术\"]".into()));
    }
}
