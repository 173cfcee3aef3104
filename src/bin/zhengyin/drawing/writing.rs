//! Characters as outlines, set where they belong.
#![allow(clippy::float_arithmetic, reason = "as in the module above")]

use super::pen::{Pen, Point};
use crate::page::{Fonts, Segment};

/// A character that fills its square as Chinese characters do, and which every Chinese font has.
const SQUARE: char = '国';

/// The fonts, and how large their characters are drawn.
pub(super) struct Writing<'a> {
    fonts: &'a Fonts<'a>,
    /// Left, lower, right and upper edge of a full character, in parts of the size.
    full: [f64; 4],
}

/// Where a character stands: its middle, how wide and how high a full one is, and how far it is turned, clockwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) middle: Point,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) turn: f64,
}

impl<'a> Writing<'a> {
    pub(super) fn new(fonts: &'a Fonts<'a>) -> Self {
        let full = fonts.glyph(SQUARE).map_or([0.06, -0.08, 0.94, 0.84], |glyph| glyph.bounds);
        Self { fonts, full }
    }

    /// How much of a full character's width a character asks for: Latin letters and digits less.
    pub(super) fn share(&self, character: char) -> f64 {
        let advance = self.fonts.glyph(character).map_or(1.0, |glyph| glyph.advance);
        advance.clamp(0.4, 1.0)
    }

    /// Draws a character.
    pub(super) fn draw(&self, character: char, place: Place, pen: &mut Pen) {
        let Some(glyph) = self.fonts.glyph(character) else { return };
        let [left, lower, right, upper] = self.full;
        let (across, down) = (place.width / (right - left), place.height / (upper - lower));
        // Chinese characters keep their place in the square; what is narrower stands in its own middle.
        let centre = if glyph.advance > 0.9 { (left + right) / 2.0 } else { glyph.advance / 2.0 };
        let level = (lower + upper) / 2.0;
        let (sin, cos) = place.turn.sin_cos();
        let set = |(x, y): Point| {
            let (x, y) = ((x - centre) * across, (level - y) * down);
            (place.middle.0 + x * cos - y * sin, place.middle.1 + x * sin + y * cos)
        };
        for segment in &glyph.outline {
            match *segment {
                Segment::Move(to) => pen.move_to(set(to)),
                Segment::Line(to) => pen.line_to(set(to)),
                Segment::Quad(control, to) => pen.quad_to(set(control), set(to)),
                Segment::Curve(first, second, to) => pen.curve_to(set(first), set(second), set(to)),
                Segment::Close => pen.close(),
            }
        }
    }

    /// Draws a level line of text, its middle at a height; `pitch` is from one full character to the next.
    pub(super) fn line(&self, text: &str, middle: f64, (width, height, pitch): (f64, f64, f64), pen: &mut Pen) {
        let total: f64 = text.chars().map(|character| self.share(character)).sum();
        let mut x = -total * pitch / 2.0;
        for character in text.chars() {
            let room = self.share(character) * pitch;
            let place = Place { middle: (x + room / 2.0, middle), width, height, turn: 0.0 };
            self.draw(character, place, pen);
            x += room;
        }
    }
}
