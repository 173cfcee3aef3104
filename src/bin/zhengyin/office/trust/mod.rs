//! Trust lists that several offices sign: drafts, what they change, what is wrong with them.

mod changes;
mod draft;
mod members;
mod words;

pub(crate) use changes::{Changes, algorithm_name};
pub(crate) use draft::{Draft, read_claimed};
pub(crate) use members::{Change, changes_between};
pub(crate) use words::{explain_fault, explain_list_error};

/// Bytes of hexadecimal digits of either case.
pub(crate) fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(high << 4 | low),
        _ => None,
    };
    digits?.chunks(2).map(pair).collect()
}
