//! Pages as SVG (SVG 1.1, which every program reads): characters are outlines, so that they print without the font.

use super::{Document, Fonts, HEIGHT, Length, Mark, Page, WIDTH};
use std::collections::BTreeSet;
use std::fmt::Write;

/// One page as a file of its own.
pub(crate) fn svg(document: &Document, page: &Page, fonts: &Fonts<'_>) -> String {
    let mut used = BTreeSet::new();
    let mut body = String::new();
    for mark in &page.marks {
        draw(mark, document, fonts, &mut used, &mut body);
    }
    let mut glyphs = String::new();
    for (font, glyph) in used {
        let outline = fonts.outline(font, glyph);
        // Writing to a String cannot fail.
        let _ = write!(glyphs, "<path id=\"g{font}-{glyph}\" d=\"{outline}\"/>");
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"210mm\" height=\"297mm\" \
         viewBox=\"0 0 {} {}\" xml:lang=\"zh-CN\"><title>{}</title><defs>{glyphs}</defs>\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{body}</svg>\n",
        decimal(WIDTH),
        decimal(HEIGHT),
        escaped(&document.title)
    )
}

fn draw(mark: &Mark, document: &Document, fonts: &Fonts<'_>, used: &mut BTreeSet<(usize, u16)>, out: &mut String) {
    match mark {
        Mark::Text { x, base, size, grey, text } => {
            let _ = write!(out, "<g aria-label=\"{}\" fill=\"{}\">", escaped(text), colour(*grey));
            let mut x = *x;
            for run in fonts.runs(text, *size) {
                let scale = millionths(i64::from(*size).saturating_mul(fonts.unit(run.font)) / 1000);
                for (_, glyph) in run.glyphs {
                    used.insert((run.font, glyph));
                    let (at, base) = (decimal(x), decimal(*base));
                    let font = run.font;
                    let _ = write!(
                        out,
                        "<use xlink:href=\"#g{font}-{glyph}\" transform=\"translate({at} {base}) scale({scale} -{scale})\"/>"
                    );
                    x = x.saturating_add(fonts.advance(run.font, glyph, *size));
                }
            }
            out.push_str("</g>");
        }
        Mark::Rectangle { x, y, width, height, grey } => {
            let (x, y, width, height) = (decimal(*x), decimal(*y), decimal(*width), decimal(*height));
            let _ = write!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{}\"/>",
                colour(*grey)
            );
        }
        Mark::Code { x, y, side, symbol } => {
            let mut path = String::new();
            for (row, modules) in symbol.rows().enumerate() {
                let mut column = 0_usize;
                for run in modules.chunk_by(|a, b| a == b) {
                    let width = run.len();
                    if run.first() == Some(&true) {
                        let _ = write!(path, "M{column} {row}h{width}v1h-{width}z");
                    }
                    column = column.saturating_add(width);
                }
            }
            let modules = i64::try_from(symbol.size()).unwrap_or(1).max(1);
            let scale = millionths(i64::from(*side).saturating_mul(1000).checked_div(modules).unwrap_or(0));
            let (x, y) = (decimal(*x), decimal(*y));
            let _ = write!(
                out,
                "<path shape-rendering=\"crispEdges\" transform=\"translate({x} {y}) scale({scale})\" d=\"{path}\"/>"
            );
        }
        Mark::Picture { x, y, width, height } => {
            if let Some(picture) = &document.picture {
                let (x, y, width, height) = (decimal(*x), decimal(*y), decimal(*width), decimal(*height));
                let data = base64(&picture.file);
                let _ = write!(
                    out,
                    "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" xlink:href=\"data:image/png;base64,{data}\"/>"
                );
            }
        }
    }
}

fn decimal(length: Length) -> String {
    let sign = if length < 0 { "-" } else { "" };
    let length = length.unsigned_abs();
    format!("{sign}{}.{:03}", length / 1000, length % 1000)
}

fn millionths(value: i64) -> String {
    format!("{}.{:06}", value / 1_000_000, value % 1_000_000)
}

fn colour(grey: i32) -> String {
    let level = grey.saturating_mul(255) / 1000;
    format!("#{level:02x}{level:02x}{level:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = usize::try_from(bits >> shift & 0x3f).ok().and_then(|digit| DIGITS.get(digit));
            text.push(if at > three.len() { '=' } else { char::from(digit.copied().unwrap_or(b'=')) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts() {
        assert_eq!(
            (decimal(595_275), decimal(-5), millionths(5_371)),
            ("595.275".into(), "-0.005".into(), "0.005371".into())
        );
        assert_eq!(escaped("<a \"&\">"), "&lt;a &quot;&amp;&quot;&gt;");
        // RFC 4648 §10.
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!((colour(0), colour(1000)), ("#000000".into(), "#ffffff".into()));
    }
}
