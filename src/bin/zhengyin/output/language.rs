//! Texts in both languages, and which of them is wanted.

use zhengyin::reason::Language;

/// One text in Chinese and English, made with `say!`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Say {
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Say {
    pub(crate) fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// `say!("无法读取 {path}", "cannot read {path}")`: the same values in both languages.
macro_rules! say {
    ($zh:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::output::Say { zh: format!($zh $(, $name = $value)*), en: format!($en $(, $name = $value)*) }
    };
}
pub(crate) use say;

/// Which language: what was asked for, else `ZHENGYIN_LANG`, else what the configuration says, else the locale in the order of POSIX. A
/// locale that is not Chinese, or none, means English.
pub(crate) fn choose(
    asked: Option<Language>,
    configured: impl FnOnce() -> Option<Language>,
    environment: impl Fn(&str) -> Option<String>,
) -> Language {
    let set = |name: &&str| environment(name).filter(|value| !value.is_empty());
    let of = |locale: String| if locale.to_ascii_lowercase().starts_with("zh") { Language::Zh } else { Language::En };
    let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).map(of);
    let chosen = asked.or_else(|| set(&"ZHENGYIN_LANG").map(of)).or_else(configured).or_else(locale);
    chosen.unwrap_or(Language::En)
}

#[cfg(test)]
mod tests {
    use super::choose;
    use zhengyin::reason::Language::{self, En, Zh};

    fn with(asked: Option<Language>, set: &[(&str, &str)]) -> Language {
        choose(asked, || None, |name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_nearest_word_counts() {
        assert_eq!(with(None, &[]), En);
        assert_eq!(with(None, &[("LANG", "zh_CN.UTF-8")]), Zh);
        assert_eq!(with(None, &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), En);
        assert_eq!(with(None, &[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW"), ("LANG", "C")]), Zh);
        assert_eq!(with(None, &[("ZHENGYIN_LANG", "zh"), ("LC_ALL", "en_US")]), Zh);
        assert_eq!(with(Some(En), &[("ZHENGYIN_LANG", "zh")]), En);
        let configured =
            |set: &'static str| choose(None, || Some(Zh), move |name| (name == set).then(|| "en".to_owned()));
        assert_eq!((configured("LANG"), configured("ZHENGYIN_LANG")), (Zh, En));
    }
}
