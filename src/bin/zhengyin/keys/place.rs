//! Where a key is, as a person writes it: a path, `exec:PROGRAM ARGS`, or `pkcs11:…`.

use super::uri::TokenUri;
use crate::output::{Say, say};
use std::path::{Path, PathBuf};

/// Where a key is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// In a file. A path that begins like one of the others is written as `./exec:…`.
    File(PathBuf),
    /// With a program that signs: its name and its arguments.
    Program(Vec<String>),
    /// In a device.
    Token(Box<TokenUri>),
    /// Something else. It may hold a PIN, so it is neither kept nor repeated.
    Unusable(Say),
}

impl From<&str> for Place {
    fn from(text: &str) -> Self {
        if let Some(line) = text.strip_prefix("exec:") {
            return words(line).map_or_else(Self::Unusable, Self::Program);
        }
        if text.starts_with("pkcs11:") {
            return TokenUri::parse(text).map_or_else(Self::Unusable, |uri| Self::Token(Box::new(uri)));
        }
        if text.is_empty() {
            return Self::Unusable(say!("没有写出密钥在哪里", "it is not said where the key is"));
        }
        Self::File(PathBuf::from(text))
    }
}

impl Place {
    /// The text that means the same from any folder; what stands in a `.ref` file.
    pub(crate) fn settled(&self) -> String {
        match self {
            Self::File(path) => absolute(path),
            Self::Program(words) => {
                let mut words = words.iter();
                let program = words.next().map(|word| quoted(&program(word)));
                let line: Vec<String> = program.into_iter().chain(words.map(|word| quoted(word))).collect();
                format!("exec:{}", line.join(" "))
            }
            Self::Token(uri) => uri.text().to_owned(),
            Self::Unusable(_) => String::new(),
        }
    }
}

/// A name alone is looked up in `PATH`; one with a slash stands for a file.
fn program(word: &str) -> String {
    if word.contains('/') { absolute(Path::new(word)) } else { word.to_owned() }
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).display().to_string()
}

/// As [`words`] reads it.
fn quoted(word: &str) -> String {
    match (word.is_empty() || word.contains([' ', '\t', '"', '\'']), word.contains('\'')) {
        (false, _) => word.to_owned(),
        (true, false) => format!("'{word}'"),
        // Both kinds of quotes: the piece up to each single quote is quoted by itself.
        (true, true) => word.split('\'').map(|piece| format!("'{piece}'")).collect::<Vec<_>>().join("\"'\""),
    }
}

/// The words of a command line: apart by spaces, unless these stand in single or double quotes. No shell reads it, so nothing else has a
/// meaning: no variable, no backslash, no wildcard.
fn words(line: &str) -> Result<Vec<String>, Say> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t') => words.extend(word.take()),
            (_, '\0' | '\n' | '\r') => {
                return Err(say!("exec: 的命令行里有控制字符", "the command line of exec: holds a control character"));
            }
            (_, character) => word.get_or_insert_default().push(character),
        }
    }
    if quote.is_some() {
        return Err(say!("exec: 的命令行里引号没有闭合", "a quote in the command line of exec: is not closed"));
    }
    words.extend(word);
    match words.first() {
        Some(program) if !program.is_empty() => Ok(words),
        _ => Err(say!("exec: 之后应为程序和参数", "after exec: a program and its arguments are expected")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_three_kinds_are_told_apart() {
        assert_eq!(Place::from("a=b.pem"), Place::File("a=b.pem".into()));
        assert_eq!(Place::from("./exec:x"), Place::File("./exec:x".into()));
        assert!(matches!(Place::from("pkcs11:token=a"), Place::Token(_)));
        for wrong in ["", "exec:", "exec: ''", "exec:a 'b", "exec:a\nb", "pkcs11:pin-value=1234"] {
            let Place::Unusable(why) = Place::from(wrong) else { panic!("{wrong}") };
            assert!(!why.en.contains("1234") && !why.zh.contains("1234"));
        }
    }

    #[test]
    fn words_are_apart_by_spaces_and_kept_by_quotes() {
        let words = |line: &str| {
            let Place::Program(words) = Place::from(line) else { panic!("{line}") };
            words
        };
        assert_eq!(words("exec:sign"), ["sign"]);
        assert_eq!(words("exec: /bin/sign  --slot 3 "), ["/bin/sign", "--slot", "3"]);
        assert_eq!(words("exec:sign 'a b' \"c'd\" '' $HOME \\*"), ["sign", "a b", "c'd", "", "$HOME", "\\*"]);
        for line in ["exec:sign 'a b' \"c'd\" '' x\"'\"y", "exec:s \"it's\"' \"so\"'"] {
            let place = Place::from(line);
            assert_eq!(Place::from(place.settled().as_str()), place, "{line}");
        }
    }

    #[test]
    fn what_is_kept_means_the_same_from_any_folder() {
        let here = std::env::current_dir().unwrap();
        let settled = |text: &str| Place::from(text).settled();
        assert_eq!(settled("a.pem"), here.join("a.pem").display().to_string());
        assert_eq!(settled("exec:sign ./x"), "exec:sign ./x", "an argument is the program's");
        assert_eq!(
            settled("exec:tools/sign x"),
            format!("exec:{} x", quoted(&here.join("tools/sign").display().to_string()))
        );
        assert_eq!(settled("pkcs11:object=a%20b;token=t"), "pkcs11:object=a%20b;token=t");
    }
}
