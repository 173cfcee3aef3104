//! SVG: a small part of SVG 1.1 is read, in which nothing can be said but shapes; all else is refused.
//!
//! There are no entities, document types, styles, scripts, events, links, texts, fonts, filters, patterns or references in it, so that
//! nothing is ever fetched, run or expanded, and it looks the same everywhere.

use Token::{Close, End, Open};

/// Elements, at most.
const MAX_ELEMENTS: usize = 4_096;
/// Elements within elements, at most.
const MAX_NESTING: usize = 8;
/// Digits of a number before its point, and after it.
const MAX_DIGITS: [usize; 2] = [5, 6];
/// Of a scale, digits before its point.
const MAX_SCALE_DIGITS: usize = 2;

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
    let mut open: [&str; MAX_NESTING] = [""; MAX_NESTING];
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
                if depth
                    .checked_sub(1)
                    .and_then(|above| open.get(above))
                    .is_some_and(|above| *above != "svg" && *above != "g")
                {
                    return Err(SvgFault::Element);
                }
                check_element(name, attributes)?;
                if !empty {
                    *open.get_mut(depth).ok_or(SvgFault::TooMuch)? = name;
                    depth = depth.saturating_add(1);
                }
            }
            Close { name } => {
                depth = depth.checked_sub(1).ok_or(SvgFault::Form)?;
                if open.get(depth) != Some(&name) {
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
    /// Numbers, with spaces and commas between them, at most so many; `mm`, `px` or `%` may follow one.
    Numbers(usize),
    /// Commands of a path and their numbers.
    Path,
    /// A colour by name or `#` and digits, or `none`.
    Paint,
    /// `translate`, `rotate`, `scale`, `matrix`.
    Transform,
    /// One of these words.
    Words(&'static [&'static str]),
}

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// SVG 1.1 §9, §10: the shapes and what they have.
fn admits(element: &str, attribute: &str) -> Result<Admits, SvgFault> {
    let number = Ok(Admits::Numbers(1));
    match (element, attribute) {
        ("svg", "xmlns") => Ok(Admits::Words(&[NAMESPACE])),
        ("svg", "version") => Ok(Admits::Words(&["1.1"])),
        ("svg", "viewBox") => Ok(Admits::Numbers(4)),
        ("svg" | "rect", "width" | "height")
        | ("rect", "x" | "y" | "rx" | "ry")
        | ("circle" | "ellipse", "cx" | "cy")
        | ("circle", "r")
        | ("ellipse", "rx" | "ry")
        | ("line", "x1" | "y1" | "x2" | "y2") => number,
        ("path", "d") => Ok(Admits::Path),
        ("polygon" | "polyline", "points") => Ok(Admits::Numbers(usize::MAX)),
        ("g" | "path" | "rect" | "circle" | "ellipse" | "line" | "polygon" | "polyline", presentation) => {
            match presentation {
                "transform" => Ok(Admits::Transform),
                "fill" | "stroke" => Ok(Admits::Paint),
                "stroke-width" | "opacity" | "fill-opacity" | "stroke-opacity" | "stroke-miterlimit" => number,
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

fn check_element(name: &str, attributes: &str) -> Result<(), SvgFault> {
    const SHAPES: [&str; 8] = ["g", "path", "rect", "circle", "ellipse", "line", "polygon", "polyline"];
    if name != "svg" && !SHAPES.contains(&name) {
        return Err(SvgFault::Element);
    }
    let mut rest = attributes.trim_ascii();
    // More than any shape has.
    let mut seen = [""; 24];
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
        check_value(admits(name, attribute)?, value)?;
        if attribute == "viewBox" {
            check_view(value)?;
        }
        rest = after.trim_ascii_start();
    }
    let is_root = ["xmlns", "viewBox"].iter().all(|needed| seen.contains(needed));
    if name == "svg" && !is_root { Err(SvgFault::Root) } else { Ok(()) }
}

fn check_value(admits: Admits, value: &str) -> Result<(), SvgFault> {
    let holds = match admits {
        Admits::Words(words) => words.contains(&value),
        Admits::Paint => is_paint(value),
        Admits::Numbers(most) => value
            .split(|c: char| c.is_ascii_whitespace() || c == ',')
            .filter(|number| !number.is_empty())
            .enumerate()
            .all(|(at, number)| at < most && is_measure(number)),
        Admits::Path => are_numbers_after(value, |c| b"MmZzLlHhVvCcSsQqTtAa".contains(&c)),
        Admits::Transform => match value.rsplit_once(')') {
            None => value.trim_ascii().is_empty(),
            Some((functions, after)) => {
                let mut functions =
                    functions.split(')').map(|one| one.trim_start_matches([' ', '\t', '\r', '\n', ',']));
                after.trim_ascii().is_empty() && functions.all(is_transform)
            }
        },
    };
    if holds { Ok(()) } else { Err(SvgFault::Value) }
}

fn is_paint(value: &str) -> bool {
    match value.strip_prefix('#') {
        Some(digits) => matches!(digits.len(), 3 | 6) && digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        // `none`, `red`; nothing with a bracket.
        None => (1..=32).contains(&value.len()) && value.bytes().all(|letter| letter.is_ascii_alphabetic()),
    }
}

fn is_measure(number: &str) -> bool {
    let unit = ["mm", "px", "%"].into_iter().find_map(|unit| number.strip_suffix(unit));
    is_number(unit.unwrap_or(number), MAX_DIGITS)
}

/// One function, without its closing bracket.
fn is_transform(one: &str) -> bool {
    let Some((name, numbers)) = one.split_once('(') else { return false };
    let [whole, fraction] = MAX_DIGITS;
    // What multiplies is bounded more tightly: it may stand within itself.
    let digits = |at: usize| match (name.trim_ascii_end(), at) {
        ("translate", 0 | 1) | ("rotate", 0..=2) | ("matrix", 4 | 5) => Some(whole),
        ("scale", 0 | 1) | ("matrix", 0..=3) => Some(MAX_SCALE_DIGITS),
        _ => None,
    };
    let separated = numbers.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|number| !number.is_empty());
    let mut all =
        separated.enumerate().map(|(at, number)| digits(at).is_some_and(|most| is_number(number, [most, fraction])));
    all.next() == Some(true) && all.all(|holds| holds)
}

/// Commands, and numbers that may follow each other without a separator where a sign or a point begins the next.
fn are_numbers_after(value: &str, is_command: impl Fn(u8) -> bool) -> bool {
    let mut rest = value.as_bytes();
    if !matches!(rest.trim_ascii_start().first(), Some(b'M' | b'm')) {
        return false;
    }
    while let Some((first, after)) = rest.split_first() {
        if first.is_ascii_whitespace() || *first == b',' || is_command(*first) {
            rest = after;
            continue;
        }
        let Some(after) = number_at(rest, MAX_DIGITS) else { return false };
        rest = after;
    }
    true
}

fn is_number(text: &str, digits: [usize; 2]) -> bool {
    number_at(text.as_bytes(), digits).is_some_and(<[u8]>::is_empty)
}

/// What follows the number at the beginning: a sign, digits, a point, digits; no exponent.
fn number_at(text: &[u8], [whole, fraction]: [usize; 2]) -> Option<&[u8]> {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let digits = |text: &[u8]| text.iter().take_while(|digit| digit.is_ascii_digit()).count();
    let before = digits(text);
    let rest = text.get(before..)?;
    let Some(rest) = rest.strip_prefix(b".") else {
        return (1..=whole).contains(&before).then_some(rest);
    };
    let after = digits(rest);
    (before <= whole && (1..=fraction).contains(&after)).then(|| rest.get(after..)).flatten()
}

/// Four numbers; the last two, width and height, are more than nothing.
fn check_view(value: &str) -> Result<(), SvgFault> {
    let mut numbers = value.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|number| !number.is_empty());
    let is_positive =
        |number: &str| !number.starts_with('-') && number.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    let (_, _, width, height) = (numbers.next(), numbers.next(), numbers.next(), numbers.next());
    let has_size =
        [width, height].into_iter().all(|side| side.is_some_and(|side| is_positive(side) && !side.ends_with('%')));
    if has_size { Ok(()) } else { Err(SvgFault::Value) }
}
