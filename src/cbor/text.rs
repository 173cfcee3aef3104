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
///
/// Eight bytes are looked at together, in one register: nearly all of them are printable ASCII, parts of ideographs, or inside a
/// character. Those few with which a refused character can begin are then looked at one by one.
#[inline]
pub(super) fn first_refused(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0_usize;
    for word in words {
        let suspects = suspects(u64::from_le_bytes(*word));
        if suspects != 0
            && let Some(found) = first_refused_of(bytes, at, suspects)
        {
            return Some(found);
        }
        at = at.wrapping_add(8);
    }
    if rest.is_empty() {
        return None;
    }
    let (at, last) = match bytes.last_chunk::<8>() {
        // Some bytes of it were looked at before, and are not refused.
        Some(last) => (bytes.len().wrapping_sub(8), u64::from_le_bytes(*last)),
        None => (0, rest.iter().rev().fold(eight(b' '), |word, byte| word << 8 | u64::from(*byte))),
    };
    match suspects(last) {
        0 => None,
        suspects => first_refused_of(bytes, at, suspects),
    }
}

/// The same byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Marks, by its highest bit, each byte of a word with which a refused character can begin: 00–1F, 7F, C0–E3 and EF–FF. No sum carries
/// into the next byte, because the highest bits are taken away first.
#[inline]
const fn suspects(word: u64) -> u64 {
    let low = word & eight(0x7f);
    let lead = (at_least(low, 0x40) & !at_least(low, 0x64)) | at_least(low, 0x6f);
    let control = !at_least(low, 0x20) | at_least(low, 0x7f);
    ((lead & word) | (control & !word)) & eight(0x80)
}

/// Marks each byte, of seven bits, that is not less than `least`.
#[inline]
const fn at_least(low: u64, least: u8) -> u64 {
    low.wrapping_add(eight(0x80_u8.wrapping_sub(least)))
}

/// Offset of the first refused character among those that may begin in the word at `at`.
fn first_refused_of(bytes: &[u8], at: usize, mut suspects: u64) -> Option<usize> {
    while suspects != 0 {
        // The lowest byte is the first one of the text.
        let lane = usize::try_from(suspects.trailing_zeros() / 8).unwrap_or_default();
        let here = at.wrapping_add(lane);
        if bytes.get(here..).is_some_and(begins_refused) {
            return Some(here);
        }
        suspects &= suspects.wrapping_sub(1);
    }
    None
}

/// Does UTF-8 begin with a character that a text may not hold?
#[inline]
const fn begins_refused(utf8: &[u8]) -> bool {
    match *utf8 {
        // U+0000–001F, 007F; U+0080–009F, 00AD; U+061C
        [0x00..=0x1f | 0x7f, ..] | [0xc2, 0x80..=0x9f | 0xad, ..] | [0xd8, 0x9c, ..]
        // U+115F, 1160; U+180E
        | [0xe1, 0x85, 0x9f | 0xa0, ..] | [0xe1, 0xa0, 0x8e, ..]
        // U+200B–200F, 2028–202E; U+2060, 2066–2069
        | [0xe2, 0x80, 0x8b..=0x8f | 0xa8..=0xae, ..] | [0xe2, 0x81, 0xa0 | 0xa6..=0xa9, ..]
        // U+3164
        | [0xe3, 0x85, 0xa4, ..]
        // U+FDD0–FDEF; U+FEFF; U+FFA0; U+FFFE, FFFF
        | [0xef, 0xb7, 0x90..=0xaf, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbe, 0xa0, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..]
        // U+E0000–E007F
        | [0xf3, 0xa0, 0x80 | 0x81, ..] => true,
        // The last two of each plane.
        [0xf0..=0xf4, second, 0xbf, 0xbe | 0xbf, ..] => second & 0x0f == 0x0f,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use alloc::string::String;
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;

    /// The rule by code points, as the format states it.
    fn is_refused(c: char) -> bool {
        matches!(c,
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
            | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}'
            | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}'
            | '\u{e0000}'..='\u{e007f}')
            || u32::from(c) & 0xfffe == 0xfffe
    }

    fn by_code_points(text: &str) -> Option<usize> {
        text.char_indices().find(|(_, c)| is_refused(*c)).map(|(at, _)| at)
    }

    #[test]
    fn every_character_is_judged_by_its_bytes_as_by_its_code_point() {
        let mut text = String::new();
        // Alone, within the first eight bytes, and in what is left over behind them.
        for (before, after) in [("", ""), ("A", "证照类型"), ("证照类型", "A")] {
            for c in '\0'..=char::MAX {
                text.clear();
                text.push_str(before);
                text.push(c);
                text.push_str(after);
                let expected = is_refused(c).then_some(before.len());
                assert_eq!(first_refused(&text), expected, "U+{:04X} behind {before:?}", u32::from(c));
            }
        }
    }

    #[test]
    fn the_offset_is_that_of_the_character() {
        assert_eq!(first_refused("证照 A\u{202e}B"), Some(8));
        assert_eq!(first_refused("不动产权证（示例）— 第1号"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_judged_as_by_its_code_points(
            text in prop::collection::vec(prop_oneof![
                4 => prop::char::range('一', '龥'),
                2 => prop::char::range('!', '~'),
                2 => prop::sample::select(vec!['、', '。', '（', '，', '“', '—', '·', 'é', '𠮷', '\u{10fffd}', ' ']),
                1 => any::<char>(),
                1 => prop::sample::select(vec!['\n', '\u{7f}', '\u{85}', '\u{200b}', '\u{3164}', '\u{ffff}', '\u{e0020}']),
            ], 0..40),
        ) {
            for start in 0..text.len() {
                let text: String = text.get(start..).unwrap().iter().collect();
                prop_assert_eq!(first_refused(&text), by_code_points(&text));
            }
        }
    }
}
