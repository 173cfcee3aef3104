//! Which characters a text may hold: what a kiosk shows must be what was signed.

/// Is every character of the text one that shows, in the order in which it was written?
///
/// Not so are control characters (line feed included), bidirectional controls (U+061C, U+200E–200F, U+202A–202E, U+2066–2069), zero-width
/// characters, fillers and soft hyphens (U+00AD, U+115F, U+1160, U+180E, U+200B–200D, U+2060, U+3164, U+FEFF, U+FFA0), line and
/// paragraph separators (U+2028–2029), tag characters (U+E0000–E007F) and noncharacters.
#[must_use]
pub fn text_is_plain(text: &str) -> bool {
    first_refused(text).is_none()
}

/// Offset of the first character that a text may not hold.
pub(super) fn first_refused(text: &str) -> Option<usize> {
    // Most bytes are printable ASCII or parts of ideographs, which this table passes without decoding them.
    text.bytes()
        .enumerate()
        .filter(|&(_, byte)| SUSPECT.get(usize::from(byte)).is_some_and(|suspect| *suspect))
        .find(|&(at, _)| text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_refused))
        .map(|(at, _)| at)
}

/// Bytes with which an encoded character that [`is_refused`] can begin.
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated by the compiler")]
static SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xe3 | 0xef | 0xf0..=0xf4);
        byte += 1;
    }
    table
};

fn is_refused(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}'
        | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e007f}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_suspect_bytes_misses_no_character() {
        for c in '\0'..=char::MAX {
            let mut buffer = [0; 4];
            let text: &str = c.encode_utf8(&mut buffer);
            assert_eq!(first_refused(text).is_some(), is_refused(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn the_offset_is_that_of_the_character() {
        assert_eq!(first_refused("证照 A\u{202e}B"), Some(8));
        assert_eq!(first_refused("不动产权证（示例）— 第1号"), None);
    }
}
