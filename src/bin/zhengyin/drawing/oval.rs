//! An oval seal, as the one for invoices (发票专用章): border, the name on the arc, a line in the middle, what the seal is for below.
#![allow(clippy::float_arithmetic, reason = "as in the module above")]

use super::pen::{Pen, whole};
use super::writing::{Place, Writing};
use super::{MM, Plan, RED, too_long};
use crate::output::Failure;
use std::f64::consts::TAU;

/// The most of the oval that the name takes: 210° to 260° are prescribed for invoices.
const SWEEP: f64 = TAU * 0.675;
/// Steps in which the length of the arc is measured.
const STEPS: u16 = 720;
const MOST: usize = 40;

pub(super) fn draw(
    plan: &Plan<'_>,
    name: &str,
    (width, height): (f64, f64),
    writing: &Writing<'_>,
    pen: &mut Pen,
) -> Result<String, Failure> {
    if name.chars().count() > MOST
        || [plan.below, plan.middle].into_iter().flatten().any(|text| text.chars().count() > 20)
    {
        return Err(too_long(name));
    }
    // 40 × 30 mm: border 1 mm, half a millimetre from it to the characters, which are 4.2 mm high.
    let part = height / (30.0 * MM);
    let border = MM * part;
    let high = 4.2 * MM * part;
    let inset = border + 0.5 * MM * part + high / 2.0;
    arc(name, (width / 2.0 - inset, height / 2.0 - inset), high, writing, pen);
    if let Some(middle) = plan.middle.filter(|text| !text.is_empty()) {
        // 26 mm of eighteen digits, 3.7 mm high.
        let total: f64 = middle.chars().map(|character| writing.share(character)).sum();
        let pitch = (width * 0.65 / total.max(1.0)).min(3.6 * MM * part);
        writing.line(middle, 0.0, (pitch * 0.92, 3.7 * MM * part, pitch), pen);
    }
    if let Some(below) = plan.below.filter(|text| !text.is_empty()) {
        // 4.6 mm high, 3 mm wide, its upper edge 4.2 mm below the middle.
        let count: f64 = below.chars().map(|character| writing.share(character)).sum();
        let pitch = (3.4 * MM * part).min(width * 0.46 / count.max(1.0));
        writing.line(below, 6.5 * MM * part, (pitch * 0.88, 4.6 * MM * part, pitch), pen);
    }
    let (rx, ry) = (whole((width - border) / 2.0), whole((height - border) / 2.0));
    let stroke = whole(border);
    Ok(format!("<ellipse rx=\"{rx}\" ry=\"{ry}\" fill=\"none\" stroke=\"{RED}\" stroke-width=\"{stroke}\"/>"))
}

/// A point of the oval and how far it is turned from upright, at an angle from the top.
fn at(angle: f64, (a, b): (f64, f64)) -> ((f64, f64), f64) {
    let (sin, cos) = angle.sin_cos();
    // The normal of x = a sin t, y = −b cos t is (b sin t, −a cos t).
    ((a * sin, -b * cos), (b * sin).atan2(a * cos))
}

/// The name evenly along the oval, its characters upright towards the border.
fn arc(name: &str, axes: (f64, f64), high: f64, writing: &Writing<'_>, pen: &mut Pen) {
    let total: f64 = name.chars().map(|character| writing.share(character)).sum();
    let lengths = lengths(axes);
    let whole_length = lengths.last().map_or(0.0, |(_, length)| *length);
    let pitch = (high * 1.5).min(whole_length / total.max(1.0));
    // At the ends of the long axis the oval is narrowest within: its radius is b²/a there.
    let narrow = 1.0 - high / 2.0 * axes.0 / (axes.1 * axes.1);
    let width = (high * 0.80).min(pitch * narrow.max(0.5) * 0.95);
    let mut along = (whole_length - total * pitch) / 2.0;
    for character in name.chars() {
        let room = writing.share(character) * pitch;
        let angle = angle_of(along + room / 2.0, &lengths);
        let (middle, turn) = at(angle, axes);
        writing.draw(character, Place { middle, width, height: high, turn }, pen);
        along += room;
    }
}

/// Angles from the left end of the sweep to the right one, with the length of the oval up to each.
fn lengths(axes: (f64, f64)) -> Vec<(f64, f64)> {
    let step = SWEEP / f64::from(STEPS);
    let mut length = 0.0;
    let mut before = at(-SWEEP / 2.0, axes).0;
    (0..=STEPS)
        .map(|number| {
            let angle = f64::from(number) * step - SWEEP / 2.0;
            let point = at(angle, axes).0;
            length += (point.0 - before.0).hypot(point.1 - before.1);
            before = point;
            (angle, length)
        })
        .collect()
}

/// The angle at a length.
fn angle_of(length: f64, lengths: &[(f64, f64)]) -> f64 {
    let after = lengths.partition_point(|(_, reached)| *reached < length);
    let right = lengths.get(after).or(lengths.last());
    let left = after.checked_sub(1).and_then(|before| lengths.get(before));
    match (left, right) {
        (Some((low, from)), Some((high, to))) if to > from => low + (high - low) * (length - from) / (to - from),
        (_, Some((angle, _))) | (Some((angle, _)), None) => *angle,
        (None, None) => 0.0,
    }
}
