//! Pictures of seals, beside other people's readers: what is admitted they read whole, and find nothing in it but shapes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use svgtypes::{PathParser, PointsParser, TransformListParser, ViewBox};
use zhengyin::claims::{Picture, PictureFormat};

fuzz_target!(|data: &[u8]| {
    if Picture::check(PictureFormat::Svg, data, [40, 40]).is_ok() {
        svg(data);
    }
    if Picture::check(PictureFormat::Png, data, [40, 40]).is_ok() {
        png(data);
    }
});

fn svg(data: &[u8]) {
    let text = core::str::from_utf8(data).unwrap();
    // No document types, so that there are no entities.
    let document = roxmltree::Document::parse(text).expect("what is admitted is well-formed");
    for node in document.descendants() {
        assert!(node.is_root() || node.is_element() || node.text().is_some_and(|text| text.trim().is_empty()));
        let Some(name) = node.is_element().then(|| node.tag_name().name()) else { continue };
        assert_eq!(node.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
        let shapes = ["svg", "g", "path", "rect", "circle", "ellipse", "line", "polygon", "polyline"];
        assert!(shapes.contains(&name), "{name}");
        for attribute in node.attributes() {
            let value = attribute.value();
            assert!(!value.contains(['&', '<', ';', ':']) && !value.contains("url"), "{value}");
            match attribute.name() {
                "d" => assert!(PathParser::from(value).all(|segment| segment.is_ok()), "{value}"),
                "transform" => assert!(TransformListParser::from(value).all(|one| one.is_ok()), "{value}"),
                "viewBox" => drop(value.parse::<ViewBox>().expect(value)),
                // This reader stops at the first pair that is none, and drops a number that is left over.
                "points" => {
                    let numbers = value.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|part| !part.is_empty());
                    assert!(PointsParser::from(value).count() * 2 >= numbers.count().min(2), "{value}");
                }
                "fill" | "stroke" if value != "none" => drop(value.parse::<svgtypes::Color>().expect(value)),
                "width" | "height" | "x" | "y" | "r" | "rx" | "ry" | "cx" | "cy" | "x1" | "x2" | "y1" | "y2" | "stroke-width" => {
                    drop(value.parse::<svgtypes::Length>().expect(value));
                }
                _ => {}
            }
        }
    }
}

fn png(data: &[u8]) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(data));
    decoder.set_ignore_text_chunk(false);
    // Its data may be none; what stands before the data is as the standard has it.
    let reader = decoder.read_info().expect("what is admitted has a header and chunks that others read");
    let info = reader.info();
    assert!(info.width <= 2_048 && info.height <= 2_048);
    assert!(info.animation_control.is_none() && info.icc_profile.is_none());
    assert!(info.uncompressed_latin1_text.is_empty() && info.compressed_latin1_text.is_empty() && info.utf8_text.is_empty());
    let palette = info.palette.as_ref().map_or(0, |palette| palette.len() / 3);
    if let (Some(table), 1..) = (&info.trns, palette) {
        assert!(table.len() <= 256, "{palette}");
    }
}
