//! PEM as people have it (RFC 1421, RFC 7468): words before a block, several blocks, lines of any length, white space, a byte-order mark.
//!
//! OpenSSL reads all of that, and files go through mail programs and web pages before they come here. What is signed or certified is not
//! touched by it: the bytes within are the same.

use alloc::string::String;
use alloc::vec::Vec;

use pkcs8::der::SecretDocument;
use zeroize::Zeroizing;

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";
/// RFC 7468 §2: characters a line.
const WIDTH: usize = 64;

/// One block of a file: its label and what stands between its first and its last line.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    body: &'a [u8],
}

impl Block<'_> {
    /// Is it encrypted in the way of RFC 1421 §4.6.1.1, that of OpenSSL before PKCS#8?
    pub(super) fn has_headers(&self) -> bool {
        find(self.body, b"Proc-Type:").is_some()
    }

    /// The DER within: one element and nothing after it. `None` if there is none.
    pub(super) fn document(&self) -> Option<SecretDocument> {
        let characters: Zeroizing<Vec<u8>> =
            Zeroizing::new(self.body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect());
        let room = self.body.len().checked_mul(2)?.checked_add(80)?;
        let mut text = Zeroizing::new(String::with_capacity(room));
        text.push_str("-----BEGIN DATA-----\n");
        for line in characters.chunks(WIDTH) {
            text.push_str(core::str::from_utf8(line).ok()?);
            text.push('\n');
        }
        text.push_str("-----END DATA-----\n");
        SecretDocument::from_pem(&text).ok().map(|(_, document)| document)
    }
}

/// The blocks of a file, from its beginning. What is no block is passed over.
pub(super) fn blocks(file: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut rest = file;
    core::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_at_checked(find(rest, BEGIN)?.checked_add(BEGIN.len())?)?;
            rest = after;
            let Some((label, after)) = cut(after, DASHES) else { continue };
            let Ok(label) = core::str::from_utf8(label) else { continue };
            let end = ["-----END ", label, "-----"].concat();
            let Some((body, after)) = cut(after, end.as_bytes()) else { continue };
            rest = after;
            return Some(Block { label, body });
        }
    })
}

fn cut<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (before, rest) = bytes.split_at_checked(find(bytes, at)?)?;
    Some((before, rest.get(at.len()..)?))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LINES: &str = "-----BEGIN X-----\nMAMC\nAQU=\n-----END X-----\n";
    const INSIDE: [u8; 5] = [0x30, 3, 2, 1, 5];

    fn first(file: &[u8]) -> Option<Vec<u8>> {
        blocks(file).next()?.document().map(|document| document.as_bytes().to_vec())
    }

    #[test]
    fn a_block_is_found_as_people_have_it() {
        let lines = LINES.as_bytes();
        let forms: [Vec<u8>; 9] = [
            lines.to_vec(),
            LINES.replace('\n', "\r\n").into_bytes(),
            LINES.replace('\n', " \n").into_bytes(),
            LINES.replace("MAMC\nAQU=", "MAMCAQU=").into_bytes(),
            LINES.trim_end().as_bytes().to_vec(),
            [b"\xef\xbb\xbf", lines].concat(),
            // 示例 in GB 18030.
            [b"\xca\xbe\xc0\xfd\n", lines, b"\n\n"].concat(),
            [b"subject=CN = x\n", lines, lines].concat(),
            [b"-----BEGIN Y-----\n", lines].concat(),
        ];
        for form in forms {
            assert_eq!(first(&form).as_deref(), Some(&INSIDE[..]), "{}", String::from_utf8_lossy(&form));
        }
        assert_eq!(blocks(LINES.repeat(3).as_bytes()).count(), 3);
    }

    #[test]
    fn what_is_no_block_is_none() {
        for none in ["", "MAMCAQU=", "-----BEGIN X-----\nMAMCAQU=", "-----BEGIN X-----\nMAMCAQU=\n-----END Z-----"] {
            assert_eq!(blocks(none.as_bytes()).count(), 0, "{none}");
        }
        for bad in ["MAMCAQ", "MAMCAQU=!", "MAMCAQUA", "Proc-Type: 4,ENCRYPTED\n\nMAMCAQU=", ""] {
            let block = ["-----BEGIN X-----\n", bad, "\n-----END X-----\n"].concat();
            assert_eq!(first(block.as_bytes()), None, "{bad}");
            assert_eq!(blocks(block.as_bytes()).next().unwrap().has_headers(), bad.contains(':'));
        }
    }
}
