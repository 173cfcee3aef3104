//! Printable pages of licenses: laid out once, written as PDF or SVG.
//!
//! Lengths are thousandths of a point, from the upper left corner of the page: whole numbers, so that a page is the same on every machine.

mod font;
mod letter;
mod license;
mod lines;
mod pdf;
mod picture;
mod svg;

pub(crate) use font::{FontFile, Fonts, Segment};
pub(crate) use letter::Letter;
pub(crate) use license::{Sheet, lay_out};
pub(crate) use pdf::pdf;
pub(crate) use picture::Picture;
pub(crate) use svg::svg;

use crate::qr::Symbol;

/// Thousandths of a point.
pub(crate) type Length = i32;

/// ISO 216 A4.
const WIDTH: Length = mm(2100);
const HEIGHT: Length = mm(2970);

/// Tenths of a millimetre as a length: 25.4 mm are 72 points.
const fn mm(tenths: i32) -> Length {
    // 72000 / 254 thousandths of a point to a tenth of a millimetre; a page has 2970 of them.
    tenths.saturating_mul(72_000) / 254
}

/// Thousandths as a float, for the formats that want one.
#[allow(
    clippy::as_conversions,
    clippy::float_arithmetic,
    reason = "the one place where lengths leave the whole numbers"
)]
fn float(thousandths: i32) -> f32 {
    // Below 2^24, so nothing is lost.
    thousandths as f32 / 1000.0
}

/// Something on a page.
#[derive(Clone, Debug)]
enum Mark {
    /// A line of text that begins at `x` on a base line.
    Text { x: Length, base: Length, size: Length, grey: Grey, text: String },
    /// A filled rectangle: lines are thin ones.
    Rectangle { x: Length, y: Length, width: Length, height: Length, grey: Grey },
    /// A QR code, so wide.
    Code { x: Length, y: Length, side: Length, symbol: Symbol },
    /// The picture of the sheet.
    Picture { x: Length, y: Length, width: Length, height: Length },
}

/// How light, in thousandths: 0 is black.
type Grey = i32;
const BLACK: Grey = 0;
const LABEL: Grey = 350;
const RULE: Grey = 700;
/// Behind everything: it shows, and hides nothing.
const WATERMARK: Grey = 920;

/// One page, its marks from back to front.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    marks: Vec<Mark>,
}

/// Pages that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) pages: Vec<Page>,
    pub(crate) picture: Option<Picture>,
}
