//! Causes (事由): why a license left, or was put out of, force, as a number that may be published.
//!
//! The register keeps the whole text of a decision, which may speak of persons. A status list is public: it carries the number alone.

use crate::reason::Language;

/// A cause. Numbers that a later version of the registry names are kept and shown as numbers: a newer registry never makes a list
/// unreadable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause(u8);

/// The number, its word in commands and files, and its texts.
struct Known(u8, &'static str, &'static str, &'static str);

// The grounds of 行政许可法 articles 69 (撤销) and 70 (注销) and of 行政处罚法 article 9 (暂扣, 吊销), and what registers record besides.
const KNOWN: &[Known] = &[
    Known(0, "unstated", "未载明", "not stated"),
    Known(1, "unlawful-conduct", "违法行为", "unlawful conduct"),
    Known(2, "deception", "以欺骗、贿赂等不正当手段取得", "obtained by deception, bribery or other improper means"),
    Known(3, "wrongly-granted", "违法准予", "granted against the law"),
    Known(4, "conditions-lost", "不再具备条件", "the conditions for it are no longer met"),
    Known(5, "not-renewed", "有效期届满未延续", "expired and not renewed"),
    Known(6, "holder-gone", "持证主体终止、死亡或丧失行为能力", "the holder was dissolved, died or lost capacity"),
    Known(7, "given-up", "持证主体申请", "given up by its holder"),
    Known(8, "changed", "登记事项变更", "what it says has changed"),
    Known(9, "reissued", "遗失、损毁补发", "issued again after loss or damage"),
    Known(10, "lost", "遗失", "lost"),
    Known(11, "investigation", "调查期间", "an investigation is under way"),
    Known(12, "issued-in-error", "颁发有误", "issued in error"),
    Known(13, "holder-key", "持证人密钥泄露", "the holder's key is compromised"),
    Known(14, "ordered", "司法机关或上级机关决定", "ordered by a court or a superior authority"),
    Known(15, "force-majeure", "不可抗力", "force majeure"),
    Known(16, "out-of-use", "停业、歇业", "no longer in business"),
];

impl Cause {
    /// 0: the list does not say.
    pub const UNSTATED: Self = Self(0);
    /// 10: lost.
    pub const LOST: Self = Self(10);
    /// 13: the holder's key is compromised.
    pub const HOLDER_KEY: Self = Self(13);
    /// The largest number that a list can carry.
    pub const MAX: u8 = 63;

    /// The cause of this number, known or not; `None` beyond [`Self::MAX`].
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        if number <= Self::MAX { Some(Self(number)) } else { None }
    }

    /// The cause of this word, such as `deception`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        KNOWN.iter().find(|known| known.1 == word).map(|known| Self(known.0))
    }

    /// The cause that begins the text of a decision, as commands write it: `deception: 提交虚假材料`. Any other text states none.
    #[must_use]
    pub fn of_decision(text: &str) -> Self {
        let word = text.split_once([':', '：']).map_or(text, |(word, _)| word);
        Self::from_word(word.trim()).unwrap_or_default()
    }

    /// Every cause that this version knows, by number.
    pub fn known() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|known| Self(known.0))
    }

    /// The number of the format.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    fn entry(self) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.0 == self.0)
    }

    /// The word in commands and files; `None` for a number of a later registry.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        self.entry().map(|known| known.1)
    }

    /// The text for people; `None` for a number of a later registry.
    #[must_use]
    pub fn text(self, language: Language) -> Option<&'static str> {
        self.entry().map(|known| match language {
            Language::Zh => known.2,
            Language::En => known.3,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn each_number_and_word_stands_once() {
        assert!(KNOWN.is_sorted_by(|a, b| a.0 < b.0));
        for cause in Cause::known() {
            let word = cause.word().unwrap();
            assert_eq!(Cause::from_word(word), Some(cause), "{word}");
            assert_eq!(Cause::from_number(cause.number()), Some(cause));
            assert!(cause.text(Language::En).unwrap().is_ascii() && !cause.text(Language::Zh).unwrap().is_ascii());
        }
        assert_eq!(Cause::from_number(64), None);
        let later = Cause::from_number(63).unwrap();
        assert_eq!((later.word(), later.text(Language::Zh)), (None, None));
    }

    #[test]
    fn a_decision_begins_with_its_cause() {
        let deception = Cause::from_word("deception").unwrap();
        for text in ["deception: 提交虚假材料", "deception：提交虚假材料", " deception :", "deception"] {
            assert_eq!(Cause::of_decision(text), deception, "{text}");
        }
        for text in ["", "提交虚假材料", "deceptio: x", "see: deception"] {
            assert_eq!(Cause::of_decision(text), Cause::UNSTATED, "{text}");
        }
    }
}
