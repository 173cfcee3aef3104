//! What is asked for: a policy by its name, or from a file that starts from one and asks for more.
//!
//! A file can only tighten. Whatever it says, no license is valid by it that is not valid by its base; a line that would ask for less is
//! refused and named, and so is one that says nothing we know.

use crate::clock::duration;
use crate::files;
use crate::output::{Failure, Say, say};
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use zhengyin::claims::id::TypePrefix;
use zhengyin::policy::{Ask, Attendance, GraceUse, Policy};
use zhengyin::suite::Suites;
use zhengyin::trust::Grace;

/// A larger file is no policy.
const MAX_FILE: usize = 64 << 10;

/// The policy that a command goes by.
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    BuiltIn(Policy),
    File(PathBuf),
}

impl Chosen {
    /// For clap: the name of a built-in policy, else the path of a file.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let known = Policy::BUILT_IN.into_iter().find(|(name, _)| *name == text);
        match known {
            Some((_, policy)) => Ok(Self::BuiltIn(policy(None))),
            None if text.is_empty() => Err(format!("expected a file, or one of {}", names())),
            None => Ok(Self::File(PathBuf::from(text))),
        }
    }

    /// The policy, without a region.
    pub(crate) fn read(&self) -> Result<Policy, Failure> {
        let path = match self {
            Self::BuiltIn(policy) => return Ok(policy.clone()),
            Self::File(path) => path,
        };
        let shown = path.display();
        let unusable = || Failure::usage(say!("无法采用策略文件 {shown}", "the policy file {shown} cannot be used"));
        let bytes = files::read(path, MAX_FILE).map_err(|failure| {
            // A misspelt name of a built-in policy is looked for as a file.
            failure.next(format!("zhengyin verify --policy counter …  # {}", names()))
        })?;
        let text = String::from_utf8(bytes).map_err(|_| unusable().because(say!("不是文本", "it is not text")))?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        from_text(&text, name).map_err(|Refused { line, why }| {
            let why = Say { zh: format!("第 {line} 行：{}", why.zh), en: format!("line {line}: {}", why.en) };
            unusable().because(why).next("zhengyin verify --help")
        })
    }
}

fn names() -> String {
    let names: Vec<&str> = Policy::BUILT_IN.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

/// Why a line is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Refused {
    line: usize,
    why: Say,
}

/// A file that is being read.
struct Source<'t> {
    text: &'t str,
}

impl Source<'_> {
    /// Refuses what stands there.
    fn refuse<T>(&self, at: usize, why: Say) -> Result<T, Refused> {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        Err(Refused { line, why })
    }

    fn text<'v>(&self, value: &'v Spanned<DeValue<'_>>) -> Result<&'v str, Refused> {
        match value.get_ref().as_str() {
            Some(text) => Ok(text),
            None => self.refuse(value.span().start, say!("应为引号内的文字", "expected a text in quotes")),
        }
    }

    fn truth(&self, value: &Spanned<DeValue<'_>>) -> Result<bool, Refused> {
        match value.get_ref().as_bool() {
            Some(truth) => Ok(truth),
            None => self.refuse(value.span().start, say!("应为 true 或 false", "expected true or false")),
        }
    }

    fn seconds(&self, value: &Spanned<DeValue<'_>>) -> Result<u64, Refused> {
        let seconds = duration(self.text(value)?).and_then(|seconds| u64::try_from(seconds).ok());
        match seconds {
            Some(seconds) => Ok(seconds),
            None => self.refuse(
                value.span().start,
                say!("应为时长，如 \"12h\" 或 \"3d\"", "expected a duration such as \"12h\" or \"3d\""),
            ),
        }
    }

    fn table<'v, 't>(&self, value: &'v Spanned<DeValue<'t>>) -> Result<&'v DeTable<'t>, Refused> {
        match value.get_ref().as_table() {
            Some(table) => Ok(table),
            None => self.refuse(value.span().start, say!("应为一张表", "expected a table")),
        }
    }
}

fn from_text(text: &str, name: String) -> Result<Policy, Refused> {
    let source = Source { text };
    let parsed = match DeTable::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let (at, message) = (error.span().map_or(0, |span| span.start), error.message());
            return source.refuse(at, say!("不是 TOML（{message}）", "it is not TOML: {message}"));
        }
    };
    let table = parsed.get_ref();
    let mut policy = base(&source, table)?;
    policy.name = name.into();
    for (key, value) in table {
        let at = key.span().start;
        match key.get_ref().as_ref() {
            "base" => {}
            "name" => policy.name = source.text(value)?.to_owned().into(),
            "recognition" => policy.recognition = ask(&source, value, policy.recognition)?,
            "presentation" => policy.presentation = ask(&source, value, policy.presentation)?,
            "attended" => match (source.truth(value)?, policy.attendance) {
                (true, Attendance::Unattended) => return source.refuse(at, less("attended = true")),
                (true, Attendance::Attended) => {}
                (false, _) => policy.attendance = Attendance::Unattended,
            },
            "grace" => policy.grace = grace(&source, value, policy.grace)?,
            "suites" => policy.suites = suites(&source, value)?,
            "max_status_age" => policy.max_status_age = Some(source.seconds(value)?),
            "budget" => policy.budgets = budgets(&source, value, policy.grace)?,
            "class" => policy.classes = classes(&source, value)?,
            other => return source.refuse(at, say!("不认识 {other}", "what is {other}?")),
        }
    }
    if Policy::BUILT_IN.iter().any(|(name, _)| *name == policy.name) {
        let name = &policy.name;
        let own = say!("名称 {name} 属于内置策略", "{name} is the name of a built-in policy: give it one of its own");
        return source.refuse(table.get("name").map_or(0, |value| value.span().start), own);
    }
    Ok(policy)
}

/// What the file starts from.
fn base(source: &Source<'_>, table: &DeTable<'_>) -> Result<Policy, Refused> {
    let Some(value) = table.get("base") else { return Ok(Policy::counter(None)) };
    let asked = source.text(value)?;
    match Policy::BUILT_IN.into_iter().find(|(name, _)| *name == asked) {
        Some((_, policy)) => Ok(policy(None)),
        None => {
            let names = names();
            source.refuse(value.span().start, say!("base 应为 {names} 之一", "base is one of {names}"))
        }
    }
}

/// Would ask for less than the base does.
fn less(what: &str) -> Say {
    say!("{what} 会放宽 base 的要求，不予采用", "{what} would ask for less than the base does")
}

fn ask(source: &Source<'_>, value: &Spanned<DeValue<'_>>, before: Ask) -> Result<Ask, Refused> {
    match (source.truth(value)?, before) {
        (true, _) => Ok(Ask::Yes),
        (false, Ask::No) => Ok(Ask::No),
        (false, Ask::Yes) => source.refuse(value.span().start, less("false")),
    }
}

fn grace(source: &Source<'_>, value: &Spanned<DeValue<'_>>, before: GraceUse) -> Result<GraceUse, Refused> {
    let at = value.span().start;
    match (source.text(value)?, before) {
        ("none", _) => Ok(GraceUse::None),
        ("as-listed", GraceUse::AsListed) => Ok(GraceUse::AsListed),
        ("as-listed", GraceUse::None) => source.refuse(at, less("grace = \"as-listed\"")),
        _ => source.refuse(at, say!("应为 as-listed 或 none", "expected as-listed or none")),
    }
}

/// `suites = ["sm2"]`: the suites that are relied on.
fn suites(source: &Source<'_>, value: &Spanned<DeValue<'_>>) -> Result<Suites, Refused> {
    let known: Vec<&str> = Suites::NAMED.iter().map(|(name, _)| *name).collect();
    let known = known.join(", ");
    let Some(named) = value.get_ref().as_array() else {
        return source.refuse(
            value.span().start,
            say!("应为算法名称的数组，如 [\"sm2\"]", "expected an array of suites such as [\"sm2\"]"),
        );
    };
    let mut names = Vec::new();
    for name in named {
        let text = source.text(name)?;
        if Suites::from_names([text]).is_none() {
            return source.refuse(
                name.span().start,
                say!("不认识算法 {text}，应为 {known}", "{text} is no suite: expected {known}"),
            );
        }
        names.push(text);
    }
    match Suites::from_names(names) {
        Some(suites) => Ok(suites),
        None => source.refuse(
            value.span().start,
            say!("至少须采信一种算法：{known}", "at least one suite must be accepted: {known}"),
        ),
    }
}

/// `[budget.high]`: the most grace of a risk class.
fn budgets(
    source: &Source<'_>,
    value: &Spanned<DeValue<'_>>,
    used: GraceUse,
) -> Result<BTreeMap<String, Grace>, Refused> {
    let mut budgets = BTreeMap::new();
    for (class, value) in source.table(value)? {
        let mut most = Grace { list: u64::MAX, directory: u64::MAX, status: u64::MAX };
        for (key, value) in source.table(value)? {
            let seconds = source.seconds(value)?;
            if seconds > 0 && used == GraceUse::None {
                return source.refuse(value.span().start, less(&format!("{}", key.get_ref())));
            }
            match key.get_ref().as_ref() {
                "trust_list" => most.list = seconds,
                "directory" => most.directory = seconds,
                "status_list" => most.status = seconds,
                other => return source.refuse(key.span().start, say!("不认识 {other}", "what is {other}?")),
            }
        }
        budgets.insert(class.get_ref().to_string(), most);
    }
    Ok(budgets)
}

/// `[class]`: the risk classes of license types.
fn classes(source: &Source<'_>, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<TypePrefix, String>, Refused> {
    let mut classes = BTreeMap::new();
    for (prefix, class) in source.table(value)? {
        let Ok(parsed) = TypePrefix::parse(prefix.get_ref()) else {
            let name = prefix.get_ref();
            return source.refuse(prefix.span().start, say!("{name} 不是证照类型", "{name} is no license type"));
        };
        classes.insert(parsed, source.text(class)?.to_owned());
    }
    Ok(classes)
}

#[cfg(test)]
#[path = "policies/tests.rs"]
mod tests;
