//! The exit codes: one table for the code, `--help` and the documents.

use std::process::ExitCode;
use zhengyin::reason::Language;

macro_rules! exits {
    ($($(#[$doc:meta])* $variant:ident $number:literal $zh:literal $en:literal;)*) => {
        /// How the command ended, in the order in which one among several wins.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub(crate) enum Exit {
            $(#[doc = $en] $variant,)*
        }

        impl Exit {
            /// Every exit; the first of several that occurred is the command's.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub(crate) const fn number(self) -> u8 {
                match self { $(Self::$variant => $number,)* }
            }

            pub(crate) const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Zh) => $zh, (Self::$variant, Language::En) => $en,)*
                }
            }
        }
    };
}

exits! {
    Interrupted 130 "被中断" "interrupted";
    Usage 2 "用法错误" "wrong usage";
    Invalid 10 "无效" "invalid";
    CouldNotRun 1 "无法执行（文件、密钥、登记簿）" "could not run (files, keys, register)";
    Undetermined 20 "无法判定" "undetermined";
    RowsRefused 30 "批处理完成，但有被拒绝的行" "a batch finished with refused rows";
    Done 0 "有效或已完成" "valid or done";
}

impl Exit {
    /// The exit of several things done at once.
    pub(crate) fn of_all(exits: impl IntoIterator<Item = Self>) -> Self {
        exits.into_iter().min().unwrap_or(Self::Done)
    }

    /// The table, for the end of `--help`.
    pub(crate) fn table(language: Language) -> String {
        let mut rows: Vec<Self> = Self::ALL.to_vec();
        rows.sort_by_key(|exit| exit.number());
        let heading = match language {
            Language::Zh => "退出码：\n",
            Language::En => "Exit codes:\n",
        };
        let lines = rows.iter().map(|exit| format!("  {:>3}  {}\n", exit.number(), exit.text(language)));
        std::iter::once(heading.to_owned()).chain(lines).collect()
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_gravest_wins() {
        assert_eq!(Exit::of_all([]), Exit::Done);
        assert_eq!(Exit::of_all([Exit::Done, Exit::Undetermined, Exit::Invalid, Exit::CouldNotRun]), Exit::Invalid);
        assert_eq!(Exit::of_all([Exit::RowsRefused, Exit::Undetermined]), Exit::Undetermined);
        let order: Vec<u8> = Exit::ALL.iter().map(|exit| exit.number()).collect();
        assert_eq!(order, [130, 2, 10, 1, 20, 30, 0]);
        assert!(Exit::ALL.is_sorted());
    }
}
