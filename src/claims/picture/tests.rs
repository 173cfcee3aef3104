#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use alloc::string::String;
use alloc::vec;

use proptest::prelude::*;

use super::*;

fn svg(text: &str) -> Result<(), PictureFault> {
    Picture::check(PictureFormat::Svg, text.as_bytes(), [40, 40]).map(|_| ())
}

fn within(content: &str) -> String {
    alloc::format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">{content}</svg>"#)
}

fn refused(content: &str) -> SvgFault {
    match svg(&within(content)) {
        Err(PictureFault::Svg(fault)) => fault,
        other => panic!("{content}: {other:?}"),
    }
}

#[test]
fn each_fault_is_named() {
    assert_eq!(svg(&within("")), Ok(()));
    assert_eq!(refused("<script/>"), SvgFault::Element);
    assert_eq!(refused(r#"<rect onclick="x()"/>"#), SvgFault::Attribute);
    assert_eq!(refused(r#"<rect width="1" width="1"/>"#), SvgFault::Attribute);
    assert_eq!(refused(r#"<rect fill="url(#a)"/>"#), SvgFault::Value);
    assert_eq!(refused("&amp;"), SvgFault::Form);
    assert_eq!(refused("<g></g></g>"), SvgFault::Form);
    assert_eq!(refused(&"<g>".repeat(9)), SvgFault::TooMuch);
    assert_eq!(refused("\u{7}"), SvgFault::Text);
    assert_eq!(svg("<g/>"), Err(PictureFault::Svg(SvgFault::Root)));
    assert_eq!(Picture::check(PictureFormat::Svg, &[0xff], [1, 1]).err(), Some(PictureFault::Svg(SvgFault::Text)));
}

#[test]
fn numbers_are_bounded_where_they_stand() {
    for good in ["M0 0", "m-1.5,2L3-4.25.5.5z", "M 99999 0.123456", "M0 0A1 1 0 0 1 2 2"] {
        assert_eq!(svg(&within(&alloc::format!(r#"<path d="{good}"/>"#))), Ok(()), "{good}");
    }
    for good in
        ["M0 0zm1 1z", "M 1,2 3,4 L5,6 7-8", "M0 0a1 1 0 00.5.5", "M0 0A1,1 0 1,0 2,2 3 3 0 0 0 1 1", "M0 0H1z M1 1"]
    {
        assert_eq!(svg(&within(&alloc::format!(r#"<path d="{good}"/>"#))), Ok(()), "{good}");
    }
    // What SVG 1.1 §8.3.9 does not have is drawn by each program as it likes.
    for bad in [
        "M0",
        "M0 0 1",
        "M,0 0",
        "M0 0,L1 1",
        "M0 0L",
        "M0 0L1",
        "M0,,0",
        "M0 0,",
        "M0 0C1 1 2 2",
        "M0 0A1 1 0 2 1 2 2",
        "M0 0A-1 1 0 0 1 2 2",
        "M0 0Z1",
    ] {
        assert_eq!(refused(&alloc::format!(r#"<path d="{bad}"/>"#)), SvgFault::Value, "{bad}");
    }
    for bad in ["", "0 0", "M100000 0", "M0.1234567 0", "M1e3 0", "M.", "M-", "M1..2", "M0 0 x"] {
        assert_eq!(refused(&alloc::format!(r#"<path d="{bad}"/>"#)), SvgFault::Value, "{bad}");
    }
    for good in ["", "rotate(30)", "translate(1,2) scale(99.5)", "matrix(1 0 0 1 99999 0)", "rotate(1 2 3),scale(2)"] {
        assert_eq!(svg(&within(&alloc::format!(r#"<g transform="{good}"/>"#))), Ok(()), "{good}");
    }
    for bad in [
        "rotate",
        "rotate()",
        "rotate(30",
        "rotate(30))",
        ")",
        "rotate(30),",
        "rotate(1) scale(2",
        "scale(100)",
        "matrix(100 0 0 1 0 0)",
        "skewX(1)",
        "scale(1,2,3)",
        "x(1)",
        "rotate(1 2)",
        "matrix(1 0 0 1 0)",
        "translate()",
        "translate(1,,2)",
        "scale(99) scale(99) scale(2)",
    ] {
        let fault = refused(&alloc::format!(r#"<g transform="{bad}"/>"#));
        assert_eq!(fault, SvgFault::Value, "{bad}");
    }
}

#[test]
fn values_are_those_of_their_attributes() {
    let rect = |attribute: &str| svg(&within(&alloc::format!("<rect {attribute}/>")));
    let value = Err(PictureFault::Svg(SvgFault::Value));
    for (attribute, expected) in [
        (r#"x="-1.5mm""#, Ok(())),
        (r#"width="50%""#, Ok(())),
        (r#"fill="none" stroke="red" opacity=".5""#, Ok(())),
        (r#"width="-1""#, value),
        (r#"rx="-0.1""#, value),
        (r#"width="""#, value),
        (r#"width="1 2""#, value),
        (r#"width="1cm""#, value),
        (r#"width="auto""#, value),
        (r#"stroke-width="-1""#, value),
        (r#"opacity="50%""#, value),
        (r#"fill="inherit""#, value),
        (r#"fill="currentColor""#, value),
        (r#"fill="reddish""#, value),
        (r##"fill="#ff""##, value),
    ] {
        assert_eq!(rect(attribute), expected, "{attribute}");
    }
    for (points, expected) in [
        ("", Ok(())),
        ("0,0 1,1", Ok(())),
        ("0 0-1-1", Ok(())),
        ("0 0 1", value),
        ("1,,2", value),
        ("1,2,", value),
        ("1mm 2mm", value),
    ] {
        assert_eq!(svg(&within(&alloc::format!(r#"<polygon points="{points}"/>"#))), expected, "{points}");
    }
    for (view, expected) in [
        ("0 0 40 40", Ok(())),
        ("-1,-1,.5,40", Ok(())),
        ("0 0 40mm 40", value),
        ("10% 0 40 40", value),
        ("0 0 -40 40", value),
        ("0 0 40 40 40", value),
        ("0 0 40 0.0", value),
    ] {
        let root = alloc::format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}"/>"#);
        assert_eq!(svg(&root), expected, "{view}");
    }
}

/// However transforms stand within each other, coordinates stay far from the largest that programs have.
#[test]
fn transforms_enlarge_within_bounds_together() {
    let nested = |scales: &[&str]| {
        let open: String = scales.iter().map(|scale| alloc::format!(r#"<g transform="{scale}">"#)).collect();
        svg(&within(&alloc::format!("{open}{}", "</g>".repeat(scales.len()))))
    };
    assert_eq!(nested(&["scale(99)", "scale(99)"]), Ok(()));
    assert_eq!(nested(&["scale(.1)", "scale(99)", "rotate(9)", "scale(99)"]), Ok(()));
    let too_much = Err(PictureFault::Svg(SvgFault::TooMuch));
    assert_eq!(nested(&["scale(99)", "scale(99)", "scale(1,2)"]), too_much);
    assert_eq!(nested(&["matrix(90 90 90 90 0 0)", "matrix(90 90 90 90 0 0)"]), too_much);
}

#[test]
fn the_crc_is_that_of_the_standard() {
    // ISO/IEC 15948 annex D; IEND has it in every file.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82";
    assert_eq!(Picture::check(PictureFormat::Png, png, [1, 1]).err(), Some(PictureFault::Png(PngFault::Chunk)));
    let wrong = b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x83";
    assert_eq!(Picture::check(PictureFormat::Png, wrong, [1, 1]).err(), Some(PictureFault::Png(PngFault::Checksum)));
}

#[test]
fn sizes_are_those_of_the_format() {
    let text = within("");
    for (side, good) in [(0, false), (1, true), (100, true), (101, false), (u64::MAX, false)] {
        assert_eq!(Picture::check(PictureFormat::Svg, text.as_bytes(), [side, 1]).is_ok(), good);
        assert_eq!(Picture::check(PictureFormat::Svg, text.as_bytes(), [1, side]).is_ok(), good);
    }
    let long = within(&" ".repeat(MAX_PICTURE));
    assert_eq!(svg(&long), Err(PictureFault::TooLarge));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// What is admitted holds none of the characters and words by which anything but a shape could be said.
    #[test]
    fn what_is_admitted_says_nothing_but_shapes(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<", ">", "/", "<g", "<rect ", "<path ", "d=\"M0 0\"", "fill=\"red\"", " ", "=", "\"", "'", "&", ";", "<!--", "-->", "<![CDATA[",
            "<script>", "</g>", "</svg>", "<svg", "onload=\"x\"", "href=\"#a\"", "url(", "style=", "x", "1", "-", "transform=\"scale(2)\"", "?",
        ]), 0..12),
    ) {
        let text = within(&pieces.concat());
        if svg(&text).is_ok() {
            for word in ["&", "script", "on", "href", "url", "style", "<!", "?"] {
                prop_assert!(!text.replace("version", "").replace("xmlns=\"http://www.w3.org/2000/svg\"", "").contains(word), "{}", text);
            }
        }
    }

    #[test]
    fn any_bytes_are_looked_at_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Picture::check(PictureFormat::Svg, &bytes, [1, 1]);
        let png = [b"\x89PNG\r\n\x1a\n", &bytes[..]].concat();
        prop_assert!(Picture::check(PictureFormat::Png, &png, [1, 1]).is_err());
    }
}
