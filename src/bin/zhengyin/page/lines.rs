//! Texts in lines: Chinese breaks between any two characters, but no line begins with what closes or ends with what opens; words of other
//! scripts are kept whole where they fit.

use super::{Fonts, Length};

/// No line begins with these.
const CLOSING: &str = "、。，．；：？！）】》〉」』”’…—,.;:?!)]}%";
/// No line ends with these.
const OPENING: &str = "（【《〈「『“‘([{";

/// The text in lines that are no wider than `width`.
pub(super) fn lines(fonts: &Fonts<'_>, text: &str, size: Length, width: Length) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            let longer = format!("{line}{piece}");
            if fonts.width(longer.trim_end(), size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            let piece = piece.trim_start();
            if fonts.width(piece, size) <= width {
                line.push_str(piece);
                continue;
            }
            // A piece that is wider than a line breaks where it must.
            for character in piece.chars() {
                let longer = format!("{line}{character}");
                if fonts.width(&longer, size) > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// What stays together.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for character in text.chars() {
        match pieces.last_mut() {
            Some(last) if stays_with(last, character) => last.push(character),
            _ => pieces.push(character.to_string()),
        }
    }
    pieces
}

fn stays_with(last: &str, next: char) -> bool {
    let Some(end) = last.chars().next_back() else { return true };
    let is_word = |c: char| c.is_ascii_graphic();
    CLOSING.contains(next) || next == ' ' || OPENING.contains(end) || (is_word(end) && is_word(next))
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn what_closes_stays_with_what_is_before_it() {
        assert_eq!(pieces("甲、乙（丙）x-1 y"), ["甲、", "乙", "（丙）", "x-1 ", "y"]);
        assert_eq!(pieces("《书》。"), ["《书》。"]);
        assert!(pieces("").is_empty());
    }
}
