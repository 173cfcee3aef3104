//! A letter: what it is, its paragraphs, who signs and when. The demonstration has such ones stamped.

use super::lines::lines;
use super::{BLACK, Document, Fonts, HEIGHT, LABEL, Length, Mark, Page, WIDTH, mm};
use crate::output::Failure;

/// What stands in a letter.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) heading: String,
    pub(crate) number: String,
    pub(crate) paragraphs: Vec<String>,
    /// Whoever signs, and the day, to the right.
    pub(crate) sign: Vec<String>,
    /// At the foot.
    pub(crate) remark: String,
}

const LEFT: Length = mm(280);
const RIGHT: Length = WIDTH.saturating_sub(mm(280));
const TOP: Length = mm(420);
const HEADING: Length = 20_000;
const SIZE: Length = 12_000;
const SMALL: Length = 9_000;
const LEADING: Length = mm(82);

impl Letter {
    /// As plain text, where there is no font to set it in.
    pub(crate) fn text(&self) -> String {
        let mut lines = vec![self.heading.as_str(), self.number.as_str(), ""];
        lines.extend(self.paragraphs.iter().map(String::as_str));
        lines.push("");
        lines.extend(self.sign.iter().map(String::as_str));
        lines.extend(["", self.remark.as_str(), ""]);
        lines.join("\n")
    }

    /// On one page.
    pub(crate) fn lay_out(&self, fonts: &Fonts<'_>) -> Result<Document, Failure> {
        let mut texts = vec![self.heading.as_str(), self.number.as_str(), self.remark.as_str()];
        texts.extend(self.paragraphs.iter().chain(&self.sign).map(String::as_str));
        fonts.check(&texts)?;
        let mut page = Page::default();
        let mut put = |x: Length, base: Length, size: Length, grey, text: &str| {
            page.marks.push(Mark::Text { x, base, size, grey, text: text.to_owned() });
        };
        let width = |text: &str, size| fonts.width(text, size);
        let mut y = TOP;
        for (text, size) in [(&self.heading, HEADING), (&self.number, SIZE)] {
            for line in lines(fonts, text, size, RIGHT.saturating_sub(LEFT)) {
                put(WIDTH.saturating_sub(width(&line, size)) / 2, y, size, BLACK, &line);
                y = y.saturating_add(LEADING);
            }
        }
        for paragraph in &self.paragraphs {
            y = y.saturating_add(LEADING / 3);
            // Two characters in, as paragraphs are.
            for line in lines(fonts, &format!("　　{paragraph}"), SIZE, RIGHT.saturating_sub(LEFT)) {
                put(LEFT, y, SIZE, BLACK, &line);
                y = y.saturating_add(LEADING);
            }
        }
        y = y.saturating_add(LEADING.saturating_mul(2));
        for line in &self.sign {
            put(RIGHT.saturating_sub(width(line, SIZE)), y, SIZE, BLACK, line);
            y = y.saturating_add(LEADING);
        }
        let mut foot = HEIGHT.saturating_sub(mm(240));
        for line in lines(fonts, &self.remark, SMALL, RIGHT.saturating_sub(LEFT)) {
            put(LEFT, foot, SMALL, LABEL, &line);
            foot = foot.saturating_add(LEADING * 2 / 3);
        }
        Ok(Document { title: self.heading.clone(), pages: vec![page], picture: None })
    }
}
