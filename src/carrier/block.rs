//! A block for mail and text files: base64 (RFC 4648 §4) in lines of 64, between two lines that name what it holds (in the strict form
//! of RFC 7468 §3).
//!
//! ```text
//! -----BEGIN ZHENGYIN LICENSE-----
//! 0oRYK…
//! -----END ZHENGYIN LICENSE-----
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::form::check_size;
use super::repair::{Repair, Repairs};
use super::{Error, MAX_DECODED};

const BEGIN: &str = "-----BEGIN ZHENGYIN ";
const END: &str = "-----END ZHENGYIN ";
const DASHES: &str = "-----";
const COLUMNS: usize = 64;

/// What a block says it holds: a hint for people. What it does hold is told by the object itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Label {
    /// A license, with its status proof and presentation if they follow it.
    License,
    /// A seal.
    Seal,
    /// Stamps, with their seals.
    Stamps,
    /// A pack.
    Pack,
    /// A trust list.
    TrustList,
    /// An issuer directory.
    Directory,
    /// A status list.
    StatusList,
    /// A presentation.
    Presentation,
    /// A receipt.
    Receipt,
}

impl Label {
    /// Every label.
    pub const ALL: [Self; 9] = [
        Self::License,
        Self::Seal,
        Self::Stamps,
        Self::Pack,
        Self::TrustList,
        Self::Directory,
        Self::StatusList,
        Self::Presentation,
        Self::Receipt,
    ];

    /// The words in the first and the last line.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::License => "LICENSE",
            Self::Seal => "SEAL",
            Self::Stamps => "STAMPS",
            Self::Pack => "PACK",
            Self::TrustList => "TRUST LIST",
            Self::Directory => "ISSUER DIRECTORY",
            Self::StatusList => "STATUS LIST",
            Self::Presentation => "PRESENTATION",
            Self::Receipt => "RECEIPT",
        }
    }
}

/// Writes bytes as a block, with a line feed after each line, the last one included.
///
/// # Errors
/// [`Error::Empty`], or [`Error::TooLong`] for more than [`MAX_DECODED`] bytes.
pub fn encode(bytes: &[u8], label: Label) -> Result<String, Error> {
    check_size(bytes)?;
    let encoded = STANDARD.encode(bytes);
    let mut text = String::new();
    text.extend([BEGIN, label.words(), DASHES, "\n"]);
    for (index, character) in encoded.chars().enumerate() {
        if index % COLUMNS == 0 && index > 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.extend(["\n", END, label.words(), DASHES, "\n"]);
    Ok(text)
}

/// Does this begin as a block of ours does?
pub(super) fn is_ours(text: &str) -> bool {
    text.starts_with(BEGIN)
}

/// Reads a text that [`is_ours`], up to its last dashes; `after` is the white space that follows them.
pub(super) fn decode(text: &str, after: &str, repaired: &mut Repairs) -> Result<(Label, Vec<u8>), Error> {
    match after {
        "\n" => {}
        "" | "\r\n" => repaired.add(Repair::LineEnds),
        _ => repaired.add(Repair::WhiteSpace),
    }
    // The longest text with CR LF; what is longer is not even copied.
    if text.len() > MAX_DECODED.saturating_mul(3) / 2 {
        return Err(Error::TooLong);
    }
    let mut lines = text.split('\n').map(|line| {
        line.strip_suffix('\r').map_or(line, |line| {
            repaired.add(Repair::LineEnds);
            line
        })
    });
    let words = lines.next().and_then(|line| line.strip_prefix(BEGIN)?.strip_suffix(DASHES));
    let words = words.ok_or(Error::Line { line: 1 })?;
    let label = Label::ALL.into_iter().find(|label| label.words() == words).ok_or(Error::LabelUnknown)?;
    let mut encoded = String::with_capacity(text.len());
    let (mut line_number, mut is_last) = (1_usize, false);
    for line in &mut lines {
        line_number = line_number.saturating_add(1);
        if let Some(ends) = line.strip_prefix(END).and_then(|ends| ends.strip_suffix(DASHES)) {
            if ends != label.words() || lines.next().is_some() {
                return Err(Error::BlockEnd);
            }
            let bytes = STANDARD.decode(encoded).map_err(|_| Error::Base64)?;
            check_size(&bytes)?;
            return Ok((label, bytes));
        }
        // RFC 7468 §3: every line but the last is full, and none is empty.
        if is_last || line.is_empty() || line.len() > COLUMNS {
            return Err(Error::Line { line: if is_last { line_number.saturating_sub(1) } else { line_number } });
        }
        is_last = line.len() < COLUMNS;
        encoded.push_str(line);
    }
    Err(Error::BlockEnd)
}
