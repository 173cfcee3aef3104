//! A person's square seal (名章): the characters in columns from right to left, as seals are read.
#![allow(clippy::float_arithmetic, reason = "as in the module above")]

use super::pen::{Pen, whole};
use super::writing::{Place, Writing};
use super::{RED, too_long};
use crate::output::Failure;

/// Characters, at most: four columns of four.
const MOST: usize = 16;

pub(super) fn draw(name: &str, side: f64, writing: &Writing<'_>, pen: &mut Pen) -> Result<String, Failure> {
    let characters = characters(name);
    if characters.len() > MOST {
        return Err(too_long(name));
    }
    let border = side * 0.055;
    let inner = side - 2.0 * border - side * 0.075;
    let columns = columns(characters.len());
    let size = |count: usize| inner / u8::try_from(count).map_or(1.0, f64::from);
    let width = size(columns);
    let mut rest = characters.as_slice();
    for number in 0..columns {
        // As even as may be; the first columns have one more.
        let (column, after) = rest.split_at(rest.len().div_ceil(columns.saturating_sub(number).max(1)));
        rest = after;
        let x = inner / 2.0 - width * (u8::try_from(number).map_or(0.0, f64::from) + 0.5);
        // A column that has one less is filled by higher characters.
        let height = size(column.len());
        for (row, character) in column.iter().enumerate() {
            let y = -inner / 2.0 + height * (u8::try_from(row).map_or(0.0, f64::from) + 0.5);
            let place = Place { middle: (x, y), width: width * 0.90, height: height * 0.90, turn: 0.0 };
            writing.draw(*character, place, pen);
        }
    }
    let (edge, length) = (whole((side - border) / 2.0), whole(side - border));
    let (stroke, corner) = (whole(border), whole(side * 0.02));
    Ok(format!(
        "<rect x=\"-{edge}\" y=\"-{edge}\" width=\"{length}\" height=\"{length}\" rx=\"{corner}\" fill=\"none\" stroke=\"{RED}\" \
         stroke-width=\"{stroke}\"/>"
    ))
}

/// A name of two or three characters is filled up to four, as is the custom: 之印, 印. A middle dot between parts of a name is left out.
fn characters(name: &str) -> Vec<char> {
    let mut characters: Vec<char> = name.chars().filter(|character| !matches!(character, '·' | '•' | '・')).collect();
    let filler = match characters.len() {
        1 => "印",
        2 => "之印",
        3 => "印",
        _ => "",
    };
    characters.extend(filler.chars());
    characters
}

/// As many columns as rows, or one more row.
fn columns(count: usize) -> usize {
    (1..=4).find(|columns: &usize| columns.saturating_mul(columns.saturating_add(1)) >= count).unwrap_or(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_and_set_in_columns() {
        let filled = |name: &str| characters(name).into_iter().collect::<String>();
        assert_eq!(["李四", "王建国", "欧阳建国"].map(filled), ["李四之印", "王建国印", "欧阳建国"]);
        assert_eq!(filled("阿卜杜拉·买买提"), "阿卜杜拉买买提");
        assert_eq!([1, 2, 3, 4, 6, 7, 9, 12, 13, 16].map(columns), [1, 1, 2, 2, 2, 3, 3, 3, 4, 4]);
    }
}
