//! Codes as PNG, SVG and text for a terminal, each with the quiet zone of four modules that ISO/IEC 18004 §9.1 demands.

use super::Symbol;
use super::picture::write_png;
use crate::output::{Failure, say};
use std::fmt::Write as _;

/// Light modules around the code.
const QUIET: usize = 4;
/// Width of a module on paper, in hundredths of a millimetre: half as much again as the least of BSI TR-03137, for cheap scanners.
const MODULE: usize = 50;

/// What a code is drawn as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Drawn {
    /// With so many pixels a module.
    Png(usize),
    Svg,
    /// Two modules a character, in black on white by the terminal's own colours.
    Coloured,
    /// The same where there are no colours: drawn light, for a terminal that is dark.
    Plain,
}

/// The bytes of the picture, or of the text.
pub(crate) fn draw(symbol: &Symbol, drawn: Drawn) -> Result<Vec<u8>, Failure> {
    match drawn {
        Drawn::Png(scale) => png(symbol, scale),
        Drawn::Svg => Ok(svg(symbol).into_bytes()),
        Drawn::Coloured => Ok(terminal(symbol, "\u{1b}[30;107m", "\u{1b}[0m", "▀", "▄", "█", " ").into_bytes()),
        Drawn::Plain => Ok(terminal(symbol, "", "", "▄", "▀", " ", "█").into_bytes()),
    }
}

/// Modules on a side, with quiet zone.
fn side(symbol: &Symbol) -> usize {
    symbol.size().saturating_add(QUIET.saturating_mul(2))
}

impl Symbol {
    /// Width on paper with quiet zone: whole millimetres and tenths.
    pub(crate) fn millimetres(&self) -> (usize, usize) {
        let tenths = side(self).saturating_mul(MODULE) / 10;
        (tenths / 10, tenths % 10)
    }
}

/// Rows with the quiet zone around them.
fn quiet_rows(symbol: &Symbol) -> Vec<Vec<bool>> {
    let light = || vec![false; side(symbol)];
    let dark = symbol.rows().map(|row| {
        let mut wide = vec![false; QUIET];
        wide.extend_from_slice(row);
        wide.extend([false; QUIET]);
        wide
    });
    let above = std::iter::repeat_with(light).take(QUIET);
    above.chain(dark).chain(std::iter::repeat_with(light).take(QUIET)).collect()
}

fn png(symbol: &Symbol, scale: usize) -> Result<Vec<u8>, Failure> {
    let failed = || Failure::new(say!("二维码图片过大", "the picture of the code is too large"));
    let width = u32::try_from(side(symbol).saturating_mul(scale)).map_err(|_| failed())?;
    let mut packed = Vec::new();
    for row in quiet_rows(symbol) {
        let pixels: Vec<bool> = row.into_iter().flat_map(|dark| std::iter::repeat_n(dark, scale)).collect();
        // One bit a pixel, the first in the highest; 1 is white.
        let bytes = pixels.chunks(8).map(|eight| {
            let bits = eight.iter().chain(std::iter::repeat(&true)).take(8);
            bits.fold(0_u8, |byte, dark| byte << 1 | u8::from(!*dark))
        });
        let line: Vec<u8> = bytes.collect();
        packed.extend(std::iter::repeat_n(line, scale).flatten());
    }
    // Printed at its own size, a module is as wide as it should be.
    let pixels_per_metre = u32::try_from(scale.saturating_mul(100_000) / MODULE).map_err(|_| failed())?;
    write_png(width, width, &packed, pixels_per_metre).ok_or_else(failed)
}

fn svg(symbol: &Symbol) -> String {
    let (side, (whole, tenth)) = (side(symbol), symbol.millimetres());
    let mut path = String::new();
    for (y, row) in quiet_rows(symbol).iter().enumerate() {
        let mut x = 0_usize;
        for run in row.chunk_by(|a, b| a == b) {
            let width = run.len();
            if run.first() == Some(&true) {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{x} {y}h{width}v1h-{width}z");
            }
            x = x.saturating_add(width);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}.{tenth}mm\" height=\"{whole}.{tenth}mm\" \
         viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path d=\"{path}\"/></svg>\n"
    )
}

/// Two rows a line. The four characters are for dark above, dark below, both and neither.
fn terminal(symbol: &Symbol, on: &str, off: &str, above: &str, below: &str, both: &str, none: &str) -> String {
    let rows = quiet_rows(symbol);
    let mut text = String::new();
    for pair in rows.chunks(2) {
        text.push_str(on);
        let upper = pair.first().into_iter().flatten();
        let lower = pair.get(1).into_iter().flatten().chain(std::iter::repeat(&false));
        for (upper, lower) in upper.zip(lower) {
            text.push_str(match (upper, lower) {
                (true, false) => above,
                (false, true) => below,
                (true, true) => both,
                (false, false) => none,
            });
        }
        text.push_str(off);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

    use super::super::{Gray, Level, read};
    use super::{Drawn, Symbol, draw};

    fn symbol() -> Symbol {
        Symbol::of("86012578", Level::M, 40).unwrap()
    }

    #[test]
    fn the_quiet_zone_is_there() {
        let picture = Gray::open(&draw(&symbol(), Drawn::Png(3)).unwrap()).unwrap();
        let side = (21 + 8) * 3;
        assert_eq!((picture.width(), picture.height()), (side, side));
        for y in 0..side {
            for x in 0..side {
                let quiet = x < 12 || y < 12 || x >= side - 12 || y >= side - 12;
                assert!(!quiet || picture.pixels()[y * side + x] == 255, "{x} {y}");
            }
        }
        assert_eq!(picture.pixels()[12 * side + 12], 0, "the first finder begins here");
    }

    #[test]
    fn what_is_drawn_is_read() {
        for text in ["8601255", &"860".repeat(600), "ZY1:BB8"] {
            let symbol = Symbol::of(text, Level::M, 40).unwrap();
            for scale in [2, 5] {
                let picture = Gray::open(&draw(&symbol, Drawn::Png(scale)).unwrap()).unwrap();
                assert_eq!(read(&picture), [text]);
            }
        }
    }

    #[test]
    fn svg_and_text_show_the_same_modules() {
        let symbol = symbol();
        let svg = String::from_utf8(draw(&symbol, Drawn::Svg).unwrap()).unwrap();
        assert!(svg.contains("viewBox=\"0 0 29 29\"") && svg.contains("width=\"14.5mm\""));
        let dark = symbol.rows().flatten().filter(|dark| **dark).count();
        let runs = svg.split("h-").skip(1).map(|run| run.split('z').next().unwrap().parse::<usize>().unwrap());
        assert_eq!(runs.sum::<usize>(), dark);
        let text = String::from_utf8(draw(&symbol, Drawn::Plain).unwrap()).unwrap();
        let count = |what: char, dark: usize| text.chars().filter(|c| *c == what).count() * dark;
        assert_eq!(text.lines().count(), 15);
        // The last line is half: its lower modules are light.
        assert_eq!(count('▄', 1) + count('▀', 1) + count(' ', 2), dark);
        let coloured = String::from_utf8(draw(&symbol, Drawn::Coloured).unwrap()).unwrap();
        assert!(coloured.lines().all(|line| line.starts_with("\u{1b}[30;107m") && line.ends_with("\u{1b}[0m")));
    }
}
