//! CBOR as text: the diagnostic notation of RFC 8949 §8, with the names of our keys as comments. Encoded CBOR within byte strings is
//! shown opened (`<< … >>`).

use super::schema::{Place, child, named};
use crate::clock::{day_text, local_text};
use zhengyin::cbor::{self, Error, Fault, Key, Kind, Reader};
use zhengyin::time::{Day, Timestamp};

/// Byte strings longer than this are shown by their beginning and their length.
const SHOWN_BYTES: usize = 64;

/// A piece of the notation: one line, or lines between brackets.
pub(super) enum Node {
    Line(String),
    Block { open: String, inside: Vec<(String, Self)>, close: &'static str },
}

impl Node {
    /// The lines, indented.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.append("", 0, "", &mut lines);
        lines
    }

    fn append(&self, before: &str, depth: usize, after: &str, lines: &mut Vec<String>) {
        let indent = "  ".repeat(depth);
        match self {
            Self::Line(text) => lines.push(format!("{indent}{before}{text}{after}")),
            Self::Block { open, inside, close } => {
                lines.push(format!("{indent}{before}{open}"));
                let mut left = inside.len();
                for (key, node) in inside {
                    left = left.saturating_sub(1);
                    node.append(key, depth.saturating_add(1), if left == 0 { "" } else { "," }, lines);
                }
                lines.push(format!("{indent}{close}{after}"));
            }
        }
    }
}

/// Reads one item and tells it. `place` says what its keys are called.
pub(super) fn item(reader: &mut Reader<'_>, place: Place) -> Result<Node, Error> {
    let at = reader.position();
    Ok(match reader.kind()? {
        Kind::Uint => integer(i128::from(reader.uint()?), place),
        Kind::Negative => integer(i128::from(reader.int()?), place),
        Kind::Text => Node::Line(quoted(reader.text()?)),
        Kind::Bytes => bytes(reader.bytes()?, place),
        Kind::Array => array(reader, place)?,
        Kind::Map => map(reader, place)?,
        Kind::Tag => tagged(reader, place)?,
        Kind::Simple => simple(reader, at)?,
    })
}

fn integer(value: i128, place: Place) -> Node {
    let instant = || i64::try_from(value).ok().and_then(Timestamp::new).map(local_text);
    let day = || i64::try_from(value).ok().and_then(Day::new).map(day_text);
    let comment = match place {
        Place::Time => instant(),
        Place::Day => day(),
        _ => named(place, value).map(str::to_owned),
    };
    Node::Line(comment.map_or_else(|| value.to_string(), |text| format!("{value} / {text} /")))
}

fn simple(reader: &mut Reader<'_>, at: usize) -> Result<Node, Error> {
    let mut other = reader.clone();
    if let Ok(value) = reader.boolean() {
        return Ok(Node::Line(value.to_string()));
    }
    other.null().map_err(|_| Reader::error_at(Fault::Simple, at))?;
    *reader = other;
    Ok(Node::Line("null".to_owned()))
}

fn bytes(bytes: &[u8], place: Place) -> Node {
    // A number alone could be anything; a map, an array or an envelope is hardly an accident.
    let is_structure = bytes.first().is_some_and(|head| matches!(head >> 5, 4..=6));
    let canonical = is_structure && cbor::check(bytes).is_ok();
    if let Some(inside) = canonical.then(|| item(&mut Reader::new(bytes), place).ok()).flatten() {
        return Node::Block { open: "<<".to_owned(), inside: vec![(String::new(), inside)], close: ">>" };
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    Node::Line(match bytes.get(..SHOWN_BYTES) {
        Some(beginning) if bytes.len() > SHOWN_BYTES => format!("h'{}…' / {} bytes /", hex(beginning), bytes.len()),
        Some(_) | None => format!("h'{}'", hex(bytes)),
    })
}

fn array(reader: &mut Reader<'_>, place: Place) -> Result<Node, Error> {
    let length = reader.array()?;
    let mut inside = Vec::new();
    for index in 0..length {
        let inner = i64::try_from(index).map_or(Place::Unknown, |index| child(place, index).1);
        inside.push((String::new(), item(reader, inner)?));
    }
    Ok(joined("[", inside, "]"))
}

fn map(reader: &mut Reader<'_>, place: Place) -> Result<Node, Error> {
    let mut keys = reader.map()?;
    let mut inside = Vec::new();
    // The payload of an envelope is told by the header's typ, which stands before it.
    while let Some(key) = keys.next(reader)? {
        let (label, inner) = match key {
            Key::Int(number) => match child(place, number) {
                (Some(name), inner) => (format!("{number} / {name} /: "), inner),
                (None, inner) => (format!("{number}: "), inner),
            },
            Key::Text(text) => (format!("{}: ", quoted(text)), child(place, i64::MIN).1),
        };
        inside.push((label, item(reader, inner)?));
    }
    Ok(if inside.is_empty() {
        Node::Line("{}".to_owned())
    } else {
        Node::Block { open: "{".to_owned(), inside, close: "}" }
    })
}

fn tagged(reader: &mut Reader<'_>, place: Place) -> Result<Node, Error> {
    use zhengyin::labels::tag::{COSE_SIGN, COSE_SIGN1, EPOCH_DAYS};
    let known = [(COSE_SIGN1, "COSE_Sign1"), (COSE_SIGN, "COSE_Sign"), (EPOCH_DAYS, "days since 1970")];
    for (number, name) in known {
        let mut ahead = reader.clone();
        if ahead.tag(number).is_err() {
            continue;
        }
        *reader = ahead;
        let inner = if number == EPOCH_DAYS { item(reader, Place::Day)? } else { envelope(reader)? };
        return Ok(match inner {
            Node::Line(text) => Node::Line(format!("{number}({text})")),
            Node::Block { open, inside, .. } => {
                Node::Block { open: format!("{number} / {name} / ({open}"), inside, close: "])" }
            }
        });
    }
    // The strict reader says which tags there are.
    reader.skip().and_then(|_| item(reader, place))
}

/// `[protected, unprotected, payload, signature(s)]` (RFC 9052 §4): what the payload's keys mean is told by the header's typ.
fn envelope(reader: &mut Reader<'_>) -> Result<Node, Error> {
    let typ = typ_of(reader.clone()).unwrap_or_default();
    let places = [Place::Header, Place::Header, super::schema::payload(&typ), Place::Signatures];
    let length = reader.array()?;
    let names = ["/ protected / ", "/ unprotected / ", "/ payload / ", "/ signature / "];
    let mut inside = Vec::new();
    for index in 0..length {
        let place = places.get(index).copied().unwrap_or(Place::Unknown);
        inside.push((names.get(index).copied().unwrap_or_default().to_owned(), item(reader, place)?));
    }
    Ok(Node::Block { open: "[".to_owned(), inside, close: "]" })
}

fn typ_of(mut reader: Reader<'_>) -> Option<String> {
    reader.array().ok()?;
    let mut header = Reader::new(reader.bytes().ok()?);
    let mut keys = header.map().ok()?;
    while let Some(key) = keys.next(&mut header).ok()? {
        if key == Key::Int(zhengyin::labels::cose::TYP) {
            return header.text().ok().map(str::to_owned);
        }
        header.skip().ok()?;
    }
    None
}

/// Short scalars stand on one line.
fn joined(open: &str, inside: Vec<(String, Node)>, close: &'static str) -> Node {
    let texts: Option<Vec<&str>> =
        inside.iter().map(|(_, node)| if let Node::Line(text) = node { Some(text.as_str()) } else { None }).collect();
    match texts.map(|texts| texts.join(", ")) {
        Some(line) if line.len() <= 120 => Node::Line(format!("{open}{line}{close}")),
        Some(_) | None => Node::Block { open: open.to_owned(), inside, close },
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
    use super::{Place, Reader, item};

    fn told(hex: &str) -> String {
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap()).collect();
        item(&mut Reader::new(&bytes), Place::Unknown).unwrap().lines().join("\n")
    }

    #[test]
    fn the_notation_of_rfc_8949() {
        assert_eq!(told("83010203"), "[1, 2, 3]");
        assert_eq!(told("a2016161206162"), "{\n  1: \"a\",\n  -1: \"b\"\n}");
        assert_eq!(told("83f4f5f6"), "[false, true, null]");
        assert_eq!(told("d8641913c4"), "100(5060 / 1983-11-09 /)");
        assert_eq!(told("1bffffffffffffffff"), "18446744073709551615");
        assert_eq!(told("4401020304"), "h'01020304'");
        assert_eq!(told("4483010203"), "<<\n  [1, 2, 3]\n>>");
        assert_eq!(told("a0"), "{}");
    }

    #[test]
    fn an_envelope_is_told_by_its_typ() {
        // [<< {1: -19, 16: "application/x.zy.license"} >>, {}, << {6: 0} >>, h'00']
        let typ = "application/x.zy.license";
        let text: String = typ.bytes().map(|byte| format!("{byte:02x}")).collect();
        let header = format!("a20132107818{text}");
        let told = told(&format!("d28458{:02x}{header}a043a106004100", header.len() / 2));
        for part in [
            "1 / alg /: -19 / Ed25519 /",
            "16 / typ /: \"application/x.zy.license\"",
            "6 / iat /: 0 / 1970-01-01 08:00:00 /",
        ] {
            assert!(told.contains(part), "{told}");
        }
    }
}
