//! Secrets and randomness: where a passphrase comes from. It never stands on a command line, where other users could read it.

use crate::files::{self, STREAM};
use crate::output::{Failure, say};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
/// Holds bytes that are wiped from memory when dropped.
pub(crate) use zeroize::Zeroizing as Wiped;

/// Longer ones are not typed by anybody.
const MAX_PASSPHRASE: usize = 1024;

/// A passphrase; prints nothing of itself and is wiped when dropped.
pub(crate) struct Passphrase(Wiped<Vec<u8>>);

impl Passphrase {
    /// One that is no secret: it is told to everybody.
    pub(crate) fn told(text: &str) -> Self {
        Self(Wiped::new(text.as_bytes().to_vec()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// `--passphrase prompt|env:NAME|file:PATH|fd:N|stdin`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    Prompt,
    Env(String),
    File(PathBuf),
    Descriptor(u32),
    Stdin,
    /// Something else. It may be the passphrase itself, so it is neither kept nor repeated in a message.
    NotOne,
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        match (text, text.split_once(':')) {
            ("prompt", _) => Self::Prompt,
            ("stdin", _) => Self::Stdin,
            (_, Some(("env", name))) if !name.is_empty() => Self::Env(name.to_owned()),
            (_, Some(("file", path))) if !path.is_empty() => Self::File(PathBuf::from(path)),
            (_, Some(("fd", number))) => number.parse().map_or(Self::NotOne, Self::Descriptor),
            _ => Self::NotOne,
        }
    }
}

/// Is the passphrase asked for once, or chosen (and so typed twice)?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Asking {
    Known,
    New,
}

/// May a person be asked?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Input {
    Allowed,
    Forbidden,
}

impl Source {
    pub(crate) fn passphrase(&self, label: &str, asking: Asking, input: Input) -> Result<Passphrase, Failure> {
        let bytes = match self {
            Self::Prompt => prompt(label, asking, input)?,
            Self::Env(name) => from_environment(name)?,
            Self::File(path) => files::read_private(path, MAX_PASSPHRASE)?,
            Self::Descriptor(number) => files::read(&PathBuf::from(format!("/dev/fd/{number}")), MAX_PASSPHRASE)?,
            Self::Stdin => files::read(Path::new(STREAM), MAX_PASSPHRASE)?,
            Self::NotOne => return Err(not_one()),
        };
        let bytes = Wiped::new(bytes);
        // `echo` and editors end the line; no passphrase ends with it.
        let line = bytes.strip_suffix(b"\n").map_or(bytes.as_slice(), |rest| rest.strip_suffix(b"\r").unwrap_or(rest));
        if line.is_empty() {
            return Err(Failure::new(say!("口令为空", "the passphrase is empty")));
        }
        Ok(Passphrase(Wiped::new(line.to_vec())))
    }
}

fn not_one() -> Failure {
    let what = say!("--passphrase 的值不可用", "the value of --passphrase cannot be used");
    let why = say!(
        "应为 prompt、env:NAME、file:PATH、fd:N 或 stdin，绝不是口令本身",
        "expected prompt, env:NAME, file:PATH, fd:N or stdin, never the passphrase itself"
    );
    Failure::usage(what).because(why)
}

fn from_environment(name: &str) -> Result<Vec<u8>, Failure> {
    let value = std::env::var(name)
        .map_err(|_| Failure::new(say!("环境变量 {name} 没有设置", "the environment variable {name} is not set")))?;
    Ok(value.into_bytes())
}

fn prompt(label: &str, asking: Asking, input: Input) -> Result<Vec<u8>, Failure> {
    let cannot = || {
        Failure::new(say!("需要口令，但不能询问", "a passphrase is needed, but nobody can be asked"))
            .next("zhengyin … --passphrase file:PATH")
    };
    if input == Input::Forbidden || !io::stderr().is_terminal() {
        return Err(cannot());
    }
    let ask = |text: String| rpassword::prompt_password(text).map_err(|error| cannot().because_io(&error));
    let first = Wiped::new(ask(format!("{label}: "))?);
    if asking == Asking::New && *Wiped::new(ask(format!("{label} (×2): "))?) != *first {
        return Err(Failure::new(say!("两次输入的口令不同", "the two passphrases differ")));
    }
    Ok(first.as_bytes().to_vec())
}

/// Does the person at the terminal answer `yes`? Where nobody can be asked, that is told.
pub(crate) fn agrees(question: &str, input: Input) -> Result<bool, Failure> {
    if input == Input::Forbidden || !io::stderr().is_terminal() {
        return Err(Failure::new(say!("需要确认，但不能询问", "somebody has to agree, and nobody can be asked"))
            .next(format!("{} --yes", crate::args::command_line())));
    }
    let cannot = |error: io::Error| Failure::new(say!("无法询问", "nobody can be asked")).because_io(&error);
    io::stderr().write_all(format!("{question}: ").as_bytes()).map_err(cannot)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(cannot)?;
    Ok(answer.trim() == "yes")
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(say!("操作系统没有给出随机数", "the system gave no randomness"))
            .because(say!("{error}", "{error}"))
    })?;
    Ok(bytes)
}

/// A random number, for names that must not collide.
pub(crate) fn random_u64() -> Result<u64, Failure> {
    random().map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn sources_and_never_a_literal() {
        assert_eq!(Source::from("prompt"), Source::Prompt);
        assert_eq!(Source::from("env:PW"), Source::Env("PW".to_owned()));
        assert_eq!(Source::from("file:/a:b"), Source::File(PathBuf::from("/a:b")));
        assert_eq!(Source::from("fd:3"), Source::Descriptor(3));
        for wrong in ["hunter2", "env:", "file:", "fd:x", "pass:hunter2", ""] {
            assert_eq!(Source::from(wrong), Source::NotOne, "{wrong}");
        }
        assert!(Source::NotOne.passphrase("", Asking::Known, Input::Allowed).is_err());
    }

    #[test]
    fn one_line_end_is_cut_and_nothing_else() {
        let path = std::env::temp_dir().join(format!("zhengyin-secret-{:016x}", random_u64().unwrap()));
        for (content, expected) in [
            (&b"a b \n"[..], Some(&b"a b "[..])),
            (b"x\r\n", Some(b"x")),
            (b"x\n\n", Some(b"x\n")),
            (b"\n", None),
            (b"", None),
        ] {
            files::replace(&path, content, files::Access::Private).unwrap();
            let read = Source::File(path.clone()).passphrase("", Asking::Known, Input::Forbidden).ok();
            assert_eq!(read.as_ref().map(Passphrase::as_bytes), expected);
        }
        let asked = Source::Prompt.passphrase("", Asking::Known, Input::Forbidden);
        assert!(asked.is_err());
        let _ = std::fs::remove_file(path);
    }
}
