//! Lines made of coloured pieces. Every piece is escaped when it is written, so nothing unescaped can reach the terminal.

use super::escape::escape;
use anstyle::{AnsiColor, Style};
use std::borrow::Cow;
use std::io::{self, Write};

/// A piece of a line.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    style: Style,
    text: String,
}

pub(crate) fn plain(text: impl Into<String>) -> Span {
    Span { style: Style::new(), text: text.into() }
}

pub(crate) fn bold(text: impl Into<String>) -> Span {
    Span { style: Style::new().bold(), text: text.into() }
}

pub(crate) fn dim(text: impl Into<String>) -> Span {
    Span { style: Style::new().dimmed(), text: text.into() }
}

/// Green: passed, valid, done.
pub(crate) fn good(text: impl Into<String>) -> Span {
    Span { style: AnsiColor::Green.on_default().bold(), text: text.into() }
}

/// Red: failed, invalid.
pub(crate) fn bad(text: impl Into<String>) -> Span {
    Span { style: AnsiColor::Red.on_default().bold(), text: text.into() }
}

/// Yellow: not known, a warning.
pub(crate) fn unsure(text: impl Into<String>) -> Span {
    Span { style: AnsiColor::Yellow.on_default().bold(), text: text.into() }
}

pub(super) fn write_line(stream: &mut impl Write, spans: &[Span]) -> io::Result<()> {
    for Span { style, text } in spans {
        write!(stream, "{style}{}{style:#}", escape(text))?;
    }
    writeln!(stream)
}

/// A line as it is written, with or without colours.
pub(crate) fn rendered(spans: &[Span], is_coloured: bool) -> String {
    let piece = |Span { style, text }: &Span| match is_coloured {
        true => format!("{style}{}{style:#}", escape(text)),
        false => escape(text).into_owned(),
    };
    spans.iter().map(piece).collect()
}

/// As much of a line as so many columns hold.
pub(crate) fn clipped(spans: &[Span], columns: usize) -> Vec<Span> {
    let mut left = columns;
    let mut line = Vec::new();
    for Span { style, text } in spans {
        let mut kept = String::new();
        for character in escape(text).chars() {
            let wide = width(character.encode_utf8(&mut [0; 4]));
            if wide > left {
                left = 0;
                break;
            }
            left = left.saturating_sub(wide);
            kept.push(character);
        }
        line.push(Span { style: *style, text: kept });
    }
    line
}

/// Columns that a text takes on a terminal: two for CJK, full-width forms and the like.
pub(crate) fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115e}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
    };
    escape(text).chars().fold(0, |columns: usize, c| columns.saturating_add(if wide(c) { 2 } else { 1 }))
}

/// The text, filled up with spaces to so many columns.
pub(crate) fn pad(text: &str, columns: usize) -> Cow<'_, str> {
    match columns.saturating_sub(width(text)) {
        0 => Cow::Borrowed(text),
        missing => Cow::Owned(format!("{text}{}", " ".repeat(missing))),
    }
}

#[cfg(test)]
mod tests {
    use super::{bad, pad, plain, width, write_line};

    #[test]
    fn pieces_are_escaped_and_coloured() -> std::io::Result<()> {
        let mut line = Vec::new();
        write_line(&mut line, &[bad("x\u{1b}y"), plain("\nz")])?;
        assert_eq!(String::from_utf8_lossy(&line), "\u{1b}[1m\u{1b}[31mx\\u{1b}y\u{1b}[0m\\u{a}z\n");
        Ok(())
    }

    #[test]
    fn chinese_is_twice_as_wide() {
        assert_eq!((width("ab"), width("证照"), width("（A）")), (2, 4, 5));
        assert_eq!(pad("证照", 6), "证照  ");
        assert_eq!(pad("证照照", 4), "证照照");
    }
}
