//! What the demonstration stamps, and the pictures of its seals: set and drawn with a font of this computer, and where it has none with
//! Chinese, as plain text and without names.

use crate::clock::day_text;
use crate::drawing::{self, Plan, Shape};
use crate::output::Failure;
use crate::page::{self, FontFile, Fonts, Letter};
use zhengyin::time::{Day, Timestamp};

/// Whoever signs, and when.
pub(super) struct Signed<'a> {
    pub(super) by: &'a [&'a str],
    pub(super) at: Timestamp,
}

/// What is written on.
pub(super) struct Paper<'a> {
    fonts: Fonts<'a>,
    is_blank: bool,
}

/// A font that this system has, if it has one.
pub(super) fn fonts() -> Vec<FontFile> {
    FontFile::known_for_seals().into_iter().collect()
}

impl<'a> Paper<'a> {
    pub(super) fn new(fonts: &'a [FontFile]) -> Result<Self, Failure> {
        Ok(Self { fonts: Fonts::parse(fonts)?, is_blank: fonts.is_empty() })
    }

    /// How the names of documents end.
    pub(super) const fn ending(&self) -> &'static str {
        if self.is_blank { "txt" } else { "pdf" }
    }

    pub(super) const fn media_type(&self) -> &'static str {
        if self.is_blank { "text/plain" } else { "application/pdf" }
    }

    pub(super) fn write(&self, letter: &Letter) -> Result<Vec<u8>, Failure> {
        if self.is_blank {
            return Ok(letter.text().into_bytes());
        }
        page::pdf(&letter.lay_out(&self.fonts)?, &self.fonts)
    }

    /// A round seal of a unit.
    pub(super) fn seal(&self, name: &str, below: Option<&str>) -> Result<(Vec<u8>, [u8; 2]), Failure> {
        let millimetres = Shape::Round.usual_size(below.is_some());
        let (name, below) = if self.is_blank { ("", None) } else { (name, below) };
        let plan = Plan { shape: Shape::Round, name, below, middle: None, millimetres };
        Ok((drawing::draw(&plan, &self.fonts)?.into_bytes(), millimetres))
    }
}

const REMARK: &str =
    "示例：此文件及其中的机构、人员、印章均为虚构，没有法律效力。DEMONSTRATION: invented, without legal force.";

fn letter(heading: &str, number: &str, paragraphs: &[&str], signed: &Signed<'_>) -> Letter {
    let day = day_text(Day::of(signed.at));
    Letter {
        heading: heading.to_owned(),
        number: number.to_owned(),
        paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        sign: signed.by.iter().map(|name| (*name).to_owned()).chain([day]).collect(),
        remark: REMARK.to_owned(),
    }
}

/// A decision on a fine; somebody would like another amount.
pub(super) fn decision(amount: &str, signed: &Signed<'_>) -> Letter {
    let fine = format!("决定：责令改正，并处罚款人民币{amount}。");
    let paragraphs = [
        "当事人：示例茶业有限公司。",
        "经查，当事人在示例市场销售的一批示例茶叶，标签未标明生产日期。以上事实有现场笔录（示例）为证。",
        fine.as_str(),
        "当事人如不服本决定，可以自收到之日起六十日内申请行政复议。",
    ];
    letter("行政处罚决定书（示例）", "示市监罚〔示例〕1号", &paragraphs, signed)
}

/// What two provinces agree upon.
pub(super) fn contract(signed: &Signed<'_>) -> Letter {
    let paragraphs = [
        "甲方和乙方就电子证照跨省互认示例工作，订立本协议。",
        "一、双方各自颁发的电子证照和电子印章，凭互认清单离线核验，不再要求提交纸质材料。",
        "二、任何一方撤回密钥或者吊销印章的，应当在当日发布状态清单。",
        "三、本协议由甲方先行签章，乙方对甲方的签章副署后生效。",
    ];
    letter("电子证照跨省互认协议（示例）", "示例协议〔示例〕7号", &paragraphs, signed)
}

/// What an office of one province and an office of another make known together.
pub(super) fn notice(signed: &Signed<'_>) -> Letter {
    let paragraphs = [
        "两省联合开展示例食品卫生检查，检查记录在两省通用。",
        "双方各自对本通告签章：一方使用 SM2 和 SM3，另一方使用 Ed25519 和 SHA-256，任何一省的核验窗口都可离线核验。",
    ];
    letter("联合检查通告（示例）", "示例通告〔示例〕2号", &paragraphs, signed)
}

/// A contract, stamped by whoever still has the key of a seal that is no more.
pub(super) fn order(signed: &Signed<'_>) -> Letter {
    let paragraphs = ["采购示例办公用品一批，金额人民币玖拾万元整。", "本合同自双方签章之日起生效。"];
    letter("采购合同（示例）", "示例合同〔示例〕3号", &paragraphs, signed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use zhengyin::claims::{Picture, PictureFormat};

    #[test]
    fn without_a_font_there_are_texts_and_seals_without_names() {
        let paper = Paper::new(&[]).unwrap();
        let signed = Signed { by: &["示例局"], at: Timestamp::new(1_780_000_000).unwrap() };
        let written = String::from_utf8(paper.write(&decision("伍万元", &signed)).unwrap()).unwrap();
        assert!(written.starts_with("行政处罚决定书（示例）\n") && written.contains("示例局\n2026-"));
        assert_ne!(written.as_bytes(), paper.write(&decision("伍仟元", &signed)).unwrap());
        let (svg, size) = paper.seal("示例局", Some("合同专用章")).unwrap();
        Picture::check(PictureFormat::Svg, &svg, size.map(u64::from)).unwrap();
        assert_eq!((paper.ending(), paper.media_type()), ("txt", "text/plain"));
    }
}
