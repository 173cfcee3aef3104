//! Why a command could not do its work: what failed, why, and one next step that can be run.

use super::{Exit, Say, Span, bad, bold, plain, say};
use serde_json::{Value, json};
use std::io;
use zhengyin::reason::Language;

/// A command that could not do its work. The verdict on a credential is never one of these.
#[derive(Clone, Debug)]
pub(crate) struct Failure(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    exit: Exit,
    what: Say,
    why: Option<Say>,
    next: Option<String>,
}

impl Failure {
    pub(crate) fn new(what: Say) -> Self {
        Failure(Box::new(Parts { exit: Exit::CouldNotRun, what, why: None, next: None }))
    }

    /// The command line was understood but asks for something that cannot be.
    pub(crate) fn usage(what: Say) -> Self {
        Self::new(what).with_exit(Exit::Usage)
    }

    pub(crate) fn with_exit(mut self, exit: Exit) -> Self {
        self.0.exit = exit;
        self
    }

    pub(crate) fn because(mut self, why: Say) -> Self {
        self.0.why = Some(why);
        self
    }

    /// The operating system's reason, told in both languages where it is a common one.
    pub(crate) fn because_io(self, error: &io::Error) -> Self {
        let why = match error.kind() {
            io::ErrorKind::NotFound => say!("没有这个文件或文件夹", "there is no such file or folder"),
            io::ErrorKind::PermissionDenied => say!("没有权限", "permission denied"),
            io::ErrorKind::AlreadyExists => say!("已经存在，不会覆盖", "it exists already and is not overwritten"),
            io::ErrorKind::IsADirectory => say!("这是一个文件夹", "it is a folder"),
            io::ErrorKind::NotADirectory => say!("路径中有一段不是文件夹", "a part of the path is not a folder"),
            io::ErrorKind::DirectoryNotEmpty => {
                say!("文件夹不是空的，不会覆盖", "the folder is not empty, and nothing is overwritten")
            }
            io::ErrorKind::StorageFull => say!("磁盘已满", "the disk is full"),
            io::ErrorKind::QuotaExceeded => say!("超过磁盘配额", "the disk quota is exceeded"),
            io::ErrorKind::FileTooLarge => say!("超过允许的文件大小", "the file would be larger than is allowed"),
            io::ErrorKind::ReadOnlyFilesystem => say!("文件系统只读", "the file system is read-only"),
            _ => say!("{error}", "{error}"),
        };
        self.because(why)
    }

    /// The same, of one thing among several.
    pub(crate) fn at(mut self, which: &Say) -> Self {
        let why = self.0.why.take();
        let zh = why.as_ref().map_or_else(String::new, |why| format!("：{}", why.zh));
        let en = why.as_ref().map_or_else(String::new, |why| format!(": {}", why.en));
        self.0.why = Some(Say { zh: format!("{}{zh}", which.zh), en: format!("{}{en}", which.en) });
        self
    }

    /// A command line that helps, ready to be run.
    pub(crate) fn next(mut self, command: impl Into<String>) -> Self {
        self.0.next = Some(command.into());
        self
    }

    pub(crate) const fn exit(&self) -> Exit {
        self.0.exit
    }

    /// What failed and why, on one line.
    pub(crate) fn text(&self) -> Say {
        match &self.0.why {
            Some(why) => {
                Say { zh: format!("{}：{}", self.0.what.zh, why.zh), en: format!("{}: {}", self.0.what.en, why.en) }
            }
            None => self.0.what.clone(),
        }
    }

    pub(super) fn lines(&self, language: Language) -> Vec<Vec<Span>> {
        let (failed, next) = match language {
            Language::Zh => ("出错：", "下一步："),
            Language::En => ("error: ", "  next: "),
        };
        let mut lines = vec![vec![bad(failed), plain(self.0.what.get(language))]];
        if let (Some(why), Some(line)) = (&self.0.why, lines.first_mut()) {
            let colon = if language == Language::Zh { "：" } else { ": " };
            line.extend([plain(colon), plain(why.get(language))]);
        }
        if let Some(command) = &self.0.next {
            lines.push(vec![plain(next), bold(command)]);
        }
        lines
    }

    pub(super) fn json(&self, language: Language) -> Value {
        let why = self.0.why.as_ref().map(|why| why.get(language));
        json!({
            "schema": "zhengyin.error/1", "exit": self.0.exit.number(),
            "error": self.0.what.get(language), "why": why, "next": self.0.next,
        })
    }
}
