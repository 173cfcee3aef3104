//! What is wrong with the facts of a license in JSON, and where, in both languages.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

use crate::reason::Language;

/// Facts that cannot be read: the first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Language::En))]
pub struct TemplateError {
    /// The key that it stands under, as `holders[0].id_type`; empty for the whole.
    pub at: String,
    /// What is wrong.
    pub fault: TemplateFault,
}

/// What is wrong with a part of the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplateFault {
    /// Not JSON: why, and where.
    NotJson(String),
    /// An object is expected.
    NotAnObject,
    /// A list is expected.
    NotAList,
    /// A text is expected.
    NotText,
    /// What must be stated is not.
    Missing,
    /// There is no such key.
    Unknown,
    /// A number that is none of those that the key admits, as it stands.
    Number(String),
    /// A text that is not the code that is expected.
    Code {
        /// The text.
        text: String,
        /// Why it is not.
        why: String,
    },
    /// No type of identifier has this number.
    IdType(u16),
    /// A text that is no date of the calendar in the form `2024-05-20`.
    Date(String),
    /// A validity whose last day is before its first.
    EndsBeforeItBegins,
    /// `null`.
    NoValue,
    /// Not the 32 hexadecimal digits that name a credential.
    Credential,
    /// Not 0, 1 or 2, which tell what ties the license to the person who shows it.
    Binding,
}

impl TemplateError {
    pub(super) fn new(at: &str, fault: TemplateFault) -> Self {
        Self { at: at.to_owned(), fault }
    }

    /// What is wrong, with the key that it stands under.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let Self { at, fault } = self;
        let is_chinese = language == Language::Zh;
        let say = |zh: &str, en: &str| match (at.is_empty(), is_chinese) {
            (true, true) => zh.to_owned(),
            (true, false) => en.to_owned(),
            (false, true) => format!("{at}：{zh}"),
            (false, false) => format!("{at}: {en}"),
        };
        match fault {
            TemplateFault::NotJson(why) => say(&format!("不是 JSON：{why}"), &format!("not JSON: {why}")),
            TemplateFault::NotAnObject if at.is_empty() => say("应为一个 JSON 对象", "a JSON object is expected"),
            TemplateFault::NotAnObject => say("应为一个对象", "an object is expected"),
            TemplateFault::NotAList => say("应为列表", "a list is expected"),
            TemplateFault::NotText => say("应为文本", "a text is expected"),
            TemplateFault::Missing if is_chinese => format!("缺少 {at}"),
            TemplateFault::Missing => format!("{at} is missing"),
            TemplateFault::Unknown if is_chinese => format!("未知的键 {at}"),
            TemplateFault::Unknown => format!("unknown key {at}"),
            TemplateFault::Number(shown) => {
                say(&format!("{shown} 不是允许的整数"), &format!("{shown} is no integer that is admitted"))
            }
            TemplateFault::Code { text, why } => say(&format!("{text}：{why}"), &format!("{text}: {why}")),
            TemplateFault::IdType(number) => {
                say(&format!("没有代码类型 {number}"), &format!("there is no id type {number}"))
            }
            TemplateFault::Date(text) => {
                say(&format!("{text} 不是日期（应写作 2024-05-20）"), &format!("{text} is no date (write 2024-05-20)"))
            }
            TemplateFault::EndsBeforeItBegins => say("截止早于起始", "ends before it begins"),
            TemplateFault::NoValue => say("没有值", "has no value"),
            TemplateFault::Credential => say("应为 32 位十六进制", "32 hexadecimal digits are expected"),
            TemplateFault::Binding => say("应为 0、1 或 2", "0, 1 or 2 is expected"),
        }
    }
}
