//! SVG: a small part of SVG 1.1 is read, in which nothing can be said but shapes; all else is refused.
//!
//! There are no entities, document types, styles, scripts, events, links, texts, fonts, filters, patterns or references in it, so that
//! nothing is ever fetched, run or expanded, and it looks the same everywhere.

use super::grammar::{self, MAX_SCALE};
use Token::{Close, End, Open};

/// Elements, at most.
const MAX_ELEMENTS: usize = 4_096;
/// Elements within elements, at most.
const MAX_NESTING: usize = 8;

/// What keeps a file from being an SVG that may be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SvgFault {
    /// Not UTF-8, or a control character.
    #[error("not plain UTF-8")]
    Text,
    /// Not well-formed, as far as this reader reads XML: no document type, entities, comments, CDATA or instructions.
    #[error("not well-formed, or XML of a kind that a seal has no use for")]
    Form,
    /// An element that is not among the shapes: script, foreignObject, image, use, text, style …
    #[error("an element that is no shape")]
    Element,
    /// An attribute that is not among those of shapes: events, links, styles …
    #[error("an attribute that shapes do not have, or one twice")]
    Attribute,
    /// A value that its attribute does not have: a reference, a number that is too large …
    #[error("a value that its attribute does not have")]
    Value,
    /// Too many elements, or too deep.
    #[error("too many elements, or too deep")]
    TooMuch,
    /// The outermost element is not an `svg` with a viewBox.
    #[error("the outermost element is not an svg with a viewBox")]
    Root,
}

/// Reads the whole file.
pub(super) fn check(bytes: &[u8]) -> Result<(), SvgFault> {
    let text = core::str::from_utf8(bytes).map_err(|_| SvgFault::Text)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(SvgFault::Text);
    }
    // The one instruction that many programs write; what it says is so.
    let text = text.strip_prefix(r#"<?xml version="1.0" encoding="UTF-8"?>"#).unwrap_or(text);
    let mut reader = Reader { rest: text.trim_ascii_start() };
    // What is open, and by how much everything in it may be enlarged.
    let mut open: [(&str, u64); MAX_NESTING] = [("", 1); MAX_NESTING];
    let (mut depth, mut elements) = (0usize, 0usize);
    loop {
        match reader.next()? {
            Open { name, attributes, empty } => {
                elements = elements.saturating_add(1);
                if elements > MAX_ELEMENTS {
                    return Err(SvgFault::TooMuch);
                }
                // One root, and only there.
                if (name == "svg") != (elements == 1) || (depth == 0 && elements > 1) {
                    return Err(SvgFault::Root);
                }
                // Titles are not drawn, so nothing stands in them.
                let (above, scale) =
                    depth.checked_sub(1).and_then(|above| open.get(above)).copied().unwrap_or(("svg", 1));
                if above != "svg" && above != "g" {
                    return Err(SvgFault::Element);
                }
                let scale = scale.saturating_mul(check_element(name, attributes)?);
                if scale > MAX_SCALE {
                    return Err(SvgFault::TooMuch);
                }
                if !empty {
                    *open.get_mut(depth).ok_or(SvgFault::TooMuch)? = (name, scale);
                    depth = depth.saturating_add(1);
                }
            }
            Close { name } => {
                depth = depth.checked_sub(1).ok_or(SvgFault::Form)?;
                if open.get(depth).is_none_or(|(opened, _)| *opened != name) {
                    return Err(SvgFault::Form);
                }
            }
            End if depth == 0 && elements > 0 => return Ok(()),
            End => return Err(SvgFault::Form),
        }
    }
}

/// A piece of the file. What stands between pieces is white space.
enum Token<'a> {
    Open { name: &'a str, attributes: &'a str, empty: bool },
    Close { name: &'a str },
    End,
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Token<'a>, SvgFault> {
        self.rest = self.rest.trim_ascii_start();
        if self.rest.is_empty() {
            return Ok(End);
        }
        let rest = self.rest.strip_prefix('<').ok_or(SvgFault::Form)?;
        // No value that is admitted holds a `>`; one that does ends the tag too early and is refused for that.
        let (tag, rest) = rest.split_once('>').ok_or(SvgFault::Form)?;
        self.rest = rest;
        if let Some(name) = tag.strip_prefix('/') {
            return Ok(Close { name: name.trim_ascii_end() });
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
        Ok(Open { name, attributes, empty })
    }
}

/// What an attribute's value may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Admits {
    /// A length: a place, which may be less than nothing.
    Place,
    /// A length that is not less than nothing.
    Extent,
    /// A number that is not less than nothing.
    Amount,
    /// Four numbers.
    ViewBox,
    /// Pairs of numbers.
    Points,
    /// Commands of a path and their numbers.
    Path,
    /// A colour, or `none`.
    Paint,
    /// `translate`, `rotate`, `scale`, `matrix`.
    Transform,
    /// One of these words.
    Words(&'static [&'static str]),
}

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// SVG 1.1 §9, §10: the shapes and what they have.
fn admits(element: &str, attribute: &str) -> Result<Admits, SvgFault> {
    match (element, attribute) {
        ("svg", "xmlns") => Ok(Admits::Words(&[NAMESPACE])),
        ("svg", "version") => Ok(Admits::Words(&["1.1"])),
        ("svg", "viewBox") => Ok(Admits::ViewBox),
        ("svg" | "rect", "width" | "height") | ("rect" | "ellipse", "rx" | "ry") | ("circle", "r") => {
            Ok(Admits::Extent)
        }
        ("rect", "x" | "y") | ("circle" | "ellipse", "cx" | "cy") | ("line", "x1" | "y1" | "x2" | "y2") => {
            Ok(Admits::Place)
        }
        ("path", "d") => Ok(Admits::Path),
        ("polygon" | "polyline", "points") => Ok(Admits::Points),
        ("g" | "path" | "rect" | "circle" | "ellipse" | "line" | "polygon" | "polyline", presentation) => {
            match presentation {
                "transform" => Ok(Admits::Transform),
                "fill" | "stroke" => Ok(Admits::Paint),
                "stroke-width" => Ok(Admits::Extent),
                "opacity" | "fill-opacity" | "stroke-opacity" | "stroke-miterlimit" => Ok(Admits::Amount),
                "fill-rule" => Ok(Admits::Words(&["nonzero", "evenodd"])),
                "stroke-linecap" => Ok(Admits::Words(&["butt", "round", "square"])),
                "stroke-linejoin" => Ok(Admits::Words(&["miter", "round", "bevel"])),
                _ => Err(SvgFault::Attribute),
            }
        }
        ("svg", _) => Err(SvgFault::Attribute),
        _ => Err(SvgFault::Element),
    }
}

/// By how much its transform may enlarge what is in it.
fn check_element(name: &str, attributes: &str) -> Result<u64, SvgFault> {
    const SHAPES: [&str; 8] = ["g", "path", "rect", "circle", "ellipse", "line", "polygon", "polyline"];
    if name != "svg" && !SHAPES.contains(&name) {
        return Err(SvgFault::Element);
    }
    let mut rest = attributes.trim_ascii();
    // More than any shape has.
    let mut seen = [""; 24];
    let mut scale = 1;
    while !rest.is_empty() {
        let (attribute, after) = rest.split_once('=').ok_or(SvgFault::Form)?;
        let attribute = attribute.trim_ascii();
        if attribute.is_empty() {
            return Err(SvgFault::Form);
        }
        let after = after.trim_ascii_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\'')).ok_or(SvgFault::Form)?;
        let (value, after) =
            after.strip_prefix(quote).and_then(|after| after.split_once(quote)).ok_or(SvgFault::Form)?;
        // XML §3.1: white space between attributes, and none of them twice.
        if !after.is_empty() && !after.starts_with(|c: char| c.is_ascii_whitespace()) {
            return Err(SvgFault::Form);
        }
        let free = seen.iter_mut().find(|known| known.is_empty() || **known == attribute);
        match free {
            Some(free) if free.is_empty() => *free = attribute,
            _ => return Err(SvgFault::Attribute),
        }
        match admits(name, attribute)? {
            Admits::Transform => scale = grammar::transform(value).ok_or(SvgFault::Value)?,
            admits => check_value(admits, value)?,
        }
        rest = after.trim_ascii_start();
    }
    let is_root = ["xmlns", "viewBox"].iter().all(|needed| seen.contains(needed));
    if name == "svg" && !is_root { Err(SvgFault::Root) } else { Ok(scale) }
}

fn check_value(admits: Admits, value: &str) -> Result<(), SvgFault> {
    let holds = match admits {
        Admits::Words(words) => words.contains(&value),
        Admits::Paint => grammar::is_paint(value),
        Admits::Place => grammar::is_length(value, true),
        Admits::Extent => grammar::is_length(value, false),
        Admits::Amount => grammar::is_number(value, false),
        Admits::ViewBox => grammar::is_view_box(value),
        Admits::Points => grammar::are_points(value),
        Admits::Path => grammar::is_path(value),
        Admits::Transform => grammar::transform(value).is_some(),
    };
    if holds { Ok(()) } else { Err(SvgFault::Value) }
}
