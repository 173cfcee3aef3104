//! Two codes in one text: a scanner that sends no line end, and a person who is quick.

use super::{Error, Form, Repairs, base45, digits, inflate, part};

/// Places at which a second code may begin that are looked at, at most: in a text of ours there is seldom one.
const MAX_PLACES: usize = 16;
/// A longer text is not looked at: no two codes hold so much.
const MAX_LENGTH: usize = 32 << 10;

/// What is wrong with a text, unless that it is two.
pub(super) fn named(error: Error, text: &str) -> Error {
    match error {
        Error::Character { .. } | Error::Length | Error::Overflow { .. } | Error::Compression | Error::Window
            if are(text) =>
        {
            Error::RunTogether
        }
        error => error,
    }
}

/// What stands for fewer bytes is not taken for a code: a few digits look like one by chance, and no object of ours is so small.
const MIN_CONTENT: usize = 16;

/// Is a text that cannot be read as one code several, one after the other, each of which can?
pub(super) fn are(text: &str) -> bool {
    let begins = |rest: &str| digits::form_of(rest).or_else(|| base45::form_of(rest)).is_some();
    let places = text.char_indices().skip(1).map(|(at, _)| at).filter(|at| text.get(*at..).is_some_and(begins));
    text.len() <= MAX_LENGTH
        && places.take(MAX_PLACES).any(|at| {
            let (first, rest) = (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
            is_one(first.trim_end()) && (is_one(rest) || next_is_one(rest))
        })
}

/// Behind the first of three stands a second.
fn next_is_one(text: &str) -> bool {
    let begins = |rest: &str| digits::form_of(rest).or_else(|| base45::form_of(rest)).is_some();
    let places = text.char_indices().skip(1).map(|(at, _)| at).filter(|at| text.get(*at..).is_some_and(begins));
    places.take(MAX_PLACES).any(|at| is_one(text.get(..at).unwrap_or_default().trim_end()))
}

/// Is it one code, and does it carry something that begins as our objects do?
fn is_one(text: &str) -> bool {
    let mut repaired = Repairs::default();
    let (form, content) = match (digits::form_of(text), base45::form_of(text)) {
        (Some(form), _) => (form, digits::decode(text, 0, &mut repaired)),
        (None, Some(form)) => (form, base45::decode(text, 0, &mut repaired)),
        (None, None) => return false,
    };
    let (Ok(form), Ok(content)) = (Form::from_digit(form), content) else { return false };
    match form {
        Form::Plain => begins_as_an_object(&content),
        Form::Brotli => inflate::inflate(&content).is_ok_and(|bytes| begins_as_an_object(&bytes)),
        Form::Part => part::is_part(&content),
    }
}

/// Tag 18 or 98, a small array (a status list, a proof) or a small map (a challenge), and not only that.
const fn begins_as_an_object(bytes: &[u8]) -> bool {
    matches!(bytes, [0xd2 | 0xd8 | 0x82..=0x84 | 0xa1..=0xa3, ..] if bytes.len() >= MIN_CONTENT)
}
