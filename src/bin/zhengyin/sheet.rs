//! Tables for spreadsheets: CSV (RFC 4180) in UTF-8 with a byte order mark, without which spreadsheets take Chinese for something else.
//!
//! A spreadsheet calculates a cell that begins like a formula, and rounds a number of more than 15 digits to 1.98E+17; both are kept as text
//! by an apostrophe before them. What stands in a license was written by somebody else.

/// The mark (U+FEFF).
pub(crate) const MARK: &str = "\u{feff}";
/// A spreadsheet keeps this many digits of a number.
const MAX_DIGITS: usize = 15;

/// One row, with its line end.
pub(crate) fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut row = String::new();
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            row.push(',');
        }
        row.push_str(&cell(text));
    }
    row.push_str("\r\n");
    row
}

/// A text as a cell.
fn cell(text: &str) -> String {
    let kept = if is_acted_upon(text) { format!("'{text}") } else { text.to_owned() };
    if kept.contains([',', '"', '\r', '\n', ';', '\t']) || kept != kept.trim() {
        format!("\"{}\"", kept.replace('"', "\"\""))
    } else {
        kept
    }
}

/// Would a spreadsheet do something with it but show it?
fn is_acted_upon(text: &str) -> bool {
    // Full-width signs too: some take them for the others. A sign behind white space, or a tab or line end before it, counts as first.
    let first = text.trim_start().chars().next();
    let is_formula = matches!(first, Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠'));
    let begins_with_control = text.starts_with(|c: char| c.is_control());
    let digits = text.chars().all(|c| c.is_ascii_digit());
    let is_rounded = digits && (text.len() > MAX_DIGITS || (text.len() > 1 && text.starts_with('0')));
    // 12E5 is a number to a spreadsheet: 1200000.
    let is_power = text.split_once(['e', 'E']).is_some_and(|(number, power)| {
        let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        all(number) && all(power.trim_start_matches(['+', '-']))
    });
    is_formula || begins_with_control || is_rounded || is_power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_calculated_and_nothing_is_rounded() {
        for (text, expected) in [
            ("营业执照", "营业执照"),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+86 10", "'+86 10"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("\t=1", "\"'\t=1\""),
            ("＝1", "'＝1"),
            ("|calc", "'|calc"),
            ("98010319930412417X", "98010319930412417X"),
            ("980103199304124171", "'980103199304124171"),
            ("0001", "'0001"),
            ("0", "0"),
            ("123456789012345", "123456789012345"),
            ("12E5", "'12E5"),
            ("9901E", "9901E"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
        assert_eq!(row(["a", "", "=b"]), "a,,'=b\r\n");
    }
}
