//! Seals as they are drawn: read back by the verifier's own reader, within their border, in the middle.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use super::*;
use crate::page::FontFile;
use zhengyin::claims::{Picture, PictureFormat};

/// Debian's, which the tests of pages use too.
fn fonts() -> Vec<FontFile> {
    ["/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"]
        .into_iter()
        .filter_map(|path| FontFile::read(path).ok())
        .collect()
}

/// The seal in each font, read back.
fn drawn(plan: &Plan<'_>) -> Vec<String> {
    let files = fonts();
    let found: Vec<String> = files.chunks(1).map(|file| draw(plan, &Fonts::parse(file).unwrap()).unwrap()).collect();
    for svg in &found {
        let size = plan.millimetres.map(u64::from);
        Picture::check(PictureFormat::Svg, svg.as_bytes(), size).unwrap_or_else(|fault| panic!("{fault}: {svg}"));
        assert!(svg.len() < 32 << 10, "{} bytes", svg.len());
    }
    found
}

/// The ends of all segments of the path, in hundredths of a millimetre.
fn points(svg: &str) -> Vec<(f64, f64)> {
    let mut rest = svg.rsplit_once(" d=\"").unwrap().1.split('"').next().unwrap();
    let (mut at, mut start, mut ends) = ((0.0, 0.0), (0.0, 0.0), Vec::new());
    while let Some(letter) = rest.chars().next() {
        rest = &rest[1..];
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let spaced = rest[..end].replace('-', " -");
        rest = &rest[end..];
        let numbers: Vec<f64> = spaced.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let arity = match letter {
            'm' | 'l' => 2,
            'q' => 4,
            'c' => 6,
            _ => {
                at = start;
                continue;
            }
        };
        for segment in numbers.chunks_exact(arity) {
            at = (at.0 + segment[arity - 2], at.1 + segment[arity - 1]);
            if letter == 'm' {
                start = at;
            }
            ends.push(at);
        }
    }
    ends
}

fn plan<'a>(shape: Shape, name: &'a str, below: Option<&'a str>) -> Plan<'a> {
    let middle = (shape == Shape::Oval).then_some("91990100MA00000A9K");
    Plan { shape, name, below, middle, millimetres: shape.usual_size(below.is_some()) }
}

const LONG: &str = "示例甲省示范市示范区人力资源和社会保障局政务服务中心";

#[test]
fn whatever_is_drawn_passes_the_check_of_pictures_and_stays_within_its_border() {
    for name in ["示例", "示例公司", "示例市示范茶业有限公司", LONG] {
        for (shape, below) in [
            (Shape::Round, None),
            (Shape::Round, Some("合同专用章")),
            (Shape::Oval, Some("发票专用章")),
            (Shape::Oval, None),
        ] {
            let plan = plan(shape, name, below);
            for svg in drawn(&plan) {
                let [a, b] = plan.millimetres.map(|side| f64::from(side) * MM / 2.0 - 110.0);
                for (x, y) in points(&svg) {
                    assert!((x / a).hypot(y / b) < 1.0, "{name} {shape:?}: {x} {y}");
                }
            }
        }
    }
    for name in ["李四", "王示例", "欧阳示例", "示例阿卜杜拉·买"] {
        for svg in drawn(&plan(Shape::Square, name, None)) {
            assert!(points(&svg).iter().all(|(x, y)| x.abs().max(y.abs()) < 800.0), "{name}");
        }
    }
}

/// The star's five points lie on a circle around the middle, the name lies as much to the left as to the right, and between border and star.
#[test]
fn the_star_and_the_name_are_in_the_middle() {
    for svg in drawn(&plan(Shape::Round, "示示示示示示示示", None)) {
        let points = points(&svg);
        let (star, letters) = points.split_at(10);
        let tips = star.iter().filter(|(x, y)| (x.hypot(*y) - 700.0).abs() < 1.0).count();
        assert_eq!(tips, 5, "{star:?}");
        let side = |least: f64, (x, _): &(f64, f64)| least.max(*x);
        let (right, left) =
            (letters.iter().fold(0.0, side), letters.iter().fold(0.0, |most, (x, y)| side(most, &(-x, *y))));
        // The character is nearly the same from either side.
        assert!((left - right).abs() < 80.0, "{left} {right}");
        assert!(letters.iter().all(|(x, y)| x.hypot(*y) > 1_000.0), "nothing of the name is near the star");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let files = fonts();
    let fonts = Fonts::parse(&files).unwrap();
    let long = "示".repeat(41);
    let is_refused = |plan: &Plan<'_>| draw(plan, &fonts).is_err();
    for shape in [Shape::Round, Shape::Oval, Shape::Square] {
        assert!(is_refused(&plan(shape, &long, None)), "{shape:?}");
    }
    assert!(is_refused(&Plan { millimetres: [42, 30], ..plan(Shape::Round, "示例", None) }));
    // A character that no font has is no box on a seal.
    assert!(is_refused(&plan(Shape::Round, "示\u{10ffff}", None)));
}
