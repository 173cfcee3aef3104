//! A path of whole numbers, each from the point before: short, and as coarse as a printer is fine.
#![allow(clippy::float_arithmetic, reason = "as in the module above")]

use std::fmt::Write;

/// A point, in hundredths of a millimetre.
pub(super) type Point = (f64, f64);

/// The nearest whole number.
#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the one place where lengths become whole numbers; a seal is 10,000 of them wide"
)]
pub(super) fn whole(length: f64) -> i64 {
    length.clamp(-99_999.0, 99_999.0).round() as i64
}

/// Writes the `d` of a path.
#[derive(Debug, Default)]
pub(super) struct Pen {
    path: String,
    at: (i64, i64),
    start: (i64, i64),
    last: Option<char>,
}

impl Pen {
    pub(super) fn finish(self) -> String {
        self.path
    }

    pub(super) fn move_to(&mut self, to: Point) {
        self.command('m', &[to]);
        self.start = self.at;
    }

    pub(super) fn line_to(&mut self, to: Point) {
        // What is no longer than the finest stroke is left out.
        if (whole(to.0), whole(to.1)) != self.at {
            self.command('l', &[to]);
        }
    }

    pub(super) fn quad_to(&mut self, control: Point, to: Point) {
        self.command('q', &[control, to]);
    }

    pub(super) fn curve_to(&mut self, first: Point, second: Point, to: Point) {
        self.command('c', &[first, second, to]);
    }

    pub(super) fn close(&mut self) {
        self.path.push('z');
        self.last = None;
        // SVG 1.1 §8.3.3: the point is that where the figure began.
        self.at = self.start;
    }

    /// A closed figure of straight lines.
    pub(super) fn polygon(&mut self, points: &[Point]) {
        for (at, point) in points.iter().enumerate() {
            if at == 0 { self.move_to(*point) } else { self.line_to(*point) }
        }
        self.close();
    }

    fn command(&mut self, letter: char, points: &[Point]) {
        let mut is_first = self.last != Some(letter);
        if is_first {
            self.path.push(letter);
            // A second pair after `m` would be a line.
            self.last = (letter != 'm').then_some(letter);
        }
        let mut end = self.at;
        for (x, y) in points {
            end = (whole(*x), whole(*y));
            for number in [end.0.saturating_sub(self.at.0), end.1.saturating_sub(self.at.1)] {
                if !is_first && number >= 0 {
                    self.path.push(' ');
                }
                is_first = false;
                // Writing to a String cannot fail.
                let _ = write!(self.path, "{number}");
            }
        }
        self.at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_whole_numbers_from_point_to_point() {
        let mut pen = Pen::default();
        pen.polygon(&[(0.4, 0.6), (10.0, 1.0), (10.2, 1.2), (-5.0, 20.0)]);
        pen.move_to((3.0, 3.0));
        pen.quad_to((4.0, 2.0), (5.0, 5.0));
        pen.quad_to((6.0, 6.0), (7.0, 7.0));
        pen.close();
        assert_eq!(pen.finish(), "m0 1l10 0-15 19zm3 2q1-1 2 2 1 1 2 2z");
    }
}
