//! Base45 (RFC 9285): `ZY`, the form, `:`, then every 2 bytes as 3 characters, a last byte as 2.

use alloc::string::String;
use alloc::vec::Vec;

use super::repair::{Repair, Repairs};
use super::{Error, Form, MAX_DECODED};

/// RFC 9285 §4.2, table 1.
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/// Characters before the first group.
const HEAD: usize = 4;

/// Writes bytes of some form in base45.
pub(super) fn write(form: Form, bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2).saturating_mul(3).saturating_add(HEAD));
    text.extend(['Z', 'Y', char::from(form.digit()), ':']);
    let character = |value: u16| ALPHABET.get(usize::from(value)).map_or(' ', |character| char::from(*character));
    for pair in bytes.chunks(2) {
        // RFC 9285 §4: n = c + 45 d + 45² e; the least significant stands first.
        let n = pair.iter().fold(0_u16, |n, byte| n << 8 | u16::from(*byte));
        let (c, d, e) = (n % 45, n / 45 % 45, n / 2025);
        text.extend([character(c), character(d)]);
        if pair.len() == 2 {
            text.push(character(e));
        }
    }
    text
}

/// The form, if this begins as a text in base45 does.
pub(super) fn form_of(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [b'Z' | b'z', b'Y' | b'y', form @ b'0'..=b'9', b':', ..] => Some(*form),
        _ => None,
    }
}

/// Reads a text that [`form_of`] knows. `start` is how many characters stand before it.
pub(super) fn decode(text: &str, start: usize, repaired: &mut Repairs) -> Result<Vec<u8>, Error> {
    if let Some(at) = text.chars().position(|c| value(c.to_ascii_uppercase()).is_none()) {
        return Err(Error::Character { at: start.saturating_add(at) });
    }
    if text.contains(|c: char| c.is_ascii_lowercase()) {
        repaired.add(Repair::LowerCase);
    }
    // From here on every character is one byte.
    let characters = text.as_bytes().get(HEAD..).unwrap_or_default();
    let left_over = characters.len() % 3;
    if left_over == 1 {
        return Err(Error::Length);
    }
    // 2 characters left over are 1 byte, 3 are 2.
    let size = (characters.len() / 3).saturating_mul(2).saturating_add(left_over / 2);
    match size {
        0 => return Err(Error::Empty),
        1..=MAX_DECODED => {}
        _ => return Err(Error::TooLong),
    }
    let mut bytes = Vec::with_capacity(size);
    for (index, group) in characters.chunks(3).enumerate() {
        let digit = |n: u32, c: &u8| {
            let value = value(char::from(c.to_ascii_uppercase())).unwrap_or_default();
            // At most 45³.
            n.wrapping_mul(45).wrapping_add(value)
        };
        let n = group.iter().rev().fold(0, digit);
        let overflow = Error::Overflow { at: start.saturating_add(HEAD).saturating_add(index.saturating_mul(3)) };
        if group.len() == 3 {
            bytes.extend_from_slice(&u16::try_from(n).map_err(|_| overflow)?.to_be_bytes());
        } else {
            bytes.push(u8::try_from(n).map_err(|_| overflow)?);
        }
    }
    Ok(bytes)
}

fn value(c: char) -> Option<u32> {
    let at = ALPHABET.iter().position(|character| char::from(*character) == c)?;
    u32::try_from(at).ok()
}
