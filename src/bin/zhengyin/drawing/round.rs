//! A unit's round seal: border, star, the name on the arc, and below the star what the seal is for.
#![allow(clippy::float_arithmetic, reason = "as in the module above")]

use super::pen::{Pen, whole};
use super::writing::{Place, Writing};
use super::{MM, Plan, RED, too_long};
use crate::output::Failure;
use std::f64::consts::{PI, TAU};

/// The most of the circle that the name takes.
const SWEEP: f64 = TAU * 0.80;
/// The same, with a line below.
const SWEEP_ABOVE_A_LINE: f64 = TAU * 0.685;
/// From one character to the next, where there are few.
const PITCH: f64 = TAU * 0.1;
/// How much of the room at its foot a character fills.
const NARROW: f64 = 0.90;
/// Characters of a name, at most.
const MOST: usize = 40;

/// Draws all but the border, which it gives back.
pub(super) fn draw(
    plan: &Plan<'_>,
    name: &str,
    diameter: f64,
    writing: &Writing<'_>,
    pen: &mut Pen,
) -> Result<String, Failure> {
    let count = name.chars().count();
    let below = plan.below.filter(|below| !below.is_empty());
    if count > MOST || below.is_some_and(|below| below.chars().count() > 12) {
        return Err(too_long(name));
    }
    let radius = diameter / 2.0;
    // 1.2 mm at 42 mm, 1.0 mm below that.
    let border = if diameter < 42.0 * MM { diameter * 0.025 } else { diameter * 0.0286 };
    star(radius / 3.0, pen);
    let most = if below.is_some() { SWEEP_ABOVE_A_LINE } else { SWEEP };
    arc(name, radius - border - diameter * 0.024, diameter, most, writing, pen);
    if let Some(below) = below {
        line_below(below, diameter, writing, pen);
    }
    let (ring, stroke) = (whole(radius - border / 2.0), whole(border));
    Ok(format!("<circle r=\"{ring}\" fill=\"none\" stroke=\"{RED}\" stroke-width=\"{stroke}\"/>"))
}

/// Five points on a circle, in the middle of the seal; a pentagram's inner corners.
fn star(radius: f64, pen: &mut Pen) {
    // sin 18° / sin 54°.
    let inner = radius * 0.381_966;
    let points: Vec<_> = (0..10_u8)
        .map(|corner| {
            let (angle, radius) = (f64::from(corner) * PI / 5.0, if corner.is_multiple_of(2) { radius } else { inner });
            (radius * angle.sin(), -radius * angle.cos())
        })
        .collect();
    pen.polygon(&points);
}

/// The name from left to right around the star, its characters upright towards the border and evenly apart.
fn arc(name: &str, outer: f64, diameter: f64, most: f64, writing: &Writing<'_>, pen: &mut Pen) {
    let total: f64 = name.chars().map(|character| writing.share(character)).sum();
    let pitch = PITCH.min(most / total.max(1.0));
    // Many characters are lower, so that none is narrower than some half of its height.
    let height = (diameter * 0.150).min(NARROW * pitch * outer / (0.55 + NARROW * pitch));
    let inner = outer - height;
    let width = (height * 0.80).min(pitch * inner * NARROW);
    let middle = outer - height / 2.0;
    let mut angle = -total * pitch / 2.0;
    for character in name.chars() {
        let room = writing.share(character) * pitch;
        let turn = angle + room / 2.0;
        let place = Place { middle: (middle * turn.sin(), -middle * turn.cos()), width, height, turn };
        writing.draw(character, place, pen);
        angle += room;
    }
}

/// A level line in the chord below the star.
fn line_below(text: &str, diameter: f64, writing: &Writing<'_>, pen: &mut Pen) {
    let total: f64 = text.chars().map(|character| writing.share(character)).sum();
    let height = diameter * 0.100;
    let pitch = (diameter * 0.092).min(diameter * 0.50 / total.max(1.0));
    writing.line(text, diameter * 0.262, (pitch * 0.86, height, pitch), pen);
}
