//! The command line as data. What a command's own words mean stands with the command; here are those that every command knows.

mod chinese;

use crate::commands::Command;
use crate::config::Config;
use crate::files;
use crate::home::Home;
use crate::output::{ColorChoice, Exit, Failure, Loudness, Out, choose_language, say, width};
use crate::secrets::{Input, Source};
use clap::{CommandFactory, FromArgMatches, Parser};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use zhengyin::reason::Language;
use zhengyin::suite::Algorithm;

/// Issue, revoke and verify electronic licenses (电子证照) without a network
///
/// Operators at an authority use key, authority, license, status, trust and pack; counters use store and verify; developers use
/// inspect and explain. `zhengyin demo` shows all of it.
#[derive(Parser, Debug)]
#[command(name = "zhengyin", version, long_version = LONG_VERSION, max_term_width = 110, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

/// What `--version` says besides: by what this build checks and signs, for a federation that moves to another algorithm asks it of every counter.
const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\nsuites: ed25519, sm2");

/// Known to every command.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Folder of keys, registers and the store [default: ZHENGYIN_HOME, else the user's data folder]
    #[arg(long, value_name = "DIR", global = true)]
    home: Option<PathBuf>,

    /// Language of the answer: zh or en [default: ZHENGYIN_LANG, else the locale]
    #[arg(long, value_name = "LANG", value_parser = language, global = true)]
    lang: Option<Language>,

    /// Answer with JSON, one object a line
    #[arg(long, global = true)]
    json: bool,

    /// Colour: auto, always or never; NO_COLOR is heeded
    #[arg(long, value_name = "WHEN", default_value = "auto", value_parser = color, hide_default_value = true, global = true)]
    color: ColorChoice,

    /// Say nothing but the answer
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Say more of what is done
    #[arg(short, long, global = true)]
    verbose: bool,

    /// Never ask anything
    #[arg(long, global = true)]
    no_input: bool,

    /// Where a key's passphrase, or a device's PIN, comes from: prompt, env:NAME, file:PATH, fd:N or stdin
    #[arg(long, value_name = "SOURCE", default_value = "prompt", hide_default_value = true, global = true)]
    passphrase: Source,

    /// What new keys are of: ed25519, or sm2 (GB/T 32918); `demo` takes mixed too [default: ZHENGYIN_SUITE, else ed25519]
    #[arg(long, value_name = "SUITE", value_parser = suites, global = true)]
    suite: Option<Suites>,
}

/// What new keys are of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Suites {
    One(Algorithm),
    /// Of one suite here, of the other there: the federation of `demo` alone.
    Mixed,
}

/// The names of the suites.
const SUITES: [(&str, Suites); 3] =
    [("ed25519", Suites::One(Algorithm::Ed25519)), ("sm2", Suites::One(Algorithm::Sm2)), ("mixed", Suites::Mixed)];

fn suites(text: &str) -> Result<Suites, String> {
    let found = SUITES.iter().find(|(name, _)| *name == text);
    found.map(|(_, suites)| *suites).ok_or_else(|| "expected ed25519 or sm2 (or mixed, for `demo`)".to_owned())
}

fn only_demo_mixes() -> Failure {
    Failure::usage(say!(
        "mixed 只用于 zhengyin demo：一个密钥只属于一种算法，ed25519 或 sm2",
        "mixed is for `zhengyin demo` alone: a key is of one suite, ed25519 or sm2"
    ))
    .next(command_line().replace("mixed", "sm2"))
}

fn language(text: &str) -> Result<Language, String> {
    match text {
        "zh" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => Err("expected zh or en".to_owned()),
    }
}

fn color(text: &str) -> Result<ColorChoice, String> {
    match text {
        "auto" => Ok(ColorChoice::Auto),
        "always" => Ok(ColorChoice::Always),
        "never" => Ok(ColorChoice::Never),
        _ => Err("expected auto, always or never".to_owned()),
    }
}

impl Global {
    pub(crate) const fn input(&self) -> Input {
        if self.no_input { Input::Forbidden } else { Input::Allowed }
    }

    pub(crate) const fn passphrase(&self) -> &Source {
        &self.passphrase
    }

    /// What new keys are of: what the command line says, else the surroundings, else Ed25519.
    pub(crate) fn suite(&self) -> Result<Algorithm, Failure> {
        match self.suites()? {
            Suites::One(algorithm) => Ok(algorithm),
            Suites::Mixed => Err(only_demo_mixes()),
        }
    }

    /// The same for the demonstration, which knows provinces of both.
    pub(crate) fn suites(&self) -> Result<Suites, Failure> {
        if let Some(chosen) = self.suite {
            return Ok(chosen);
        }
        match environment("ZHENGYIN_SUITE").filter(|name| !name.is_empty()) {
            None => Ok(Suites::One(Algorithm::Ed25519)),
            Some(name) => suites(&name).map_err(|_| {
                Failure::usage(say!("ZHENGYIN_SUITE 须为 ed25519 或 sm2", "ZHENGYIN_SUITE is neither ed25519 nor sm2"))
                    .next("zhengyin --suite sm2 …")
            }),
        }
    }

    /// The words ask for both suites at once: no command but `demo` takes that, also not one that makes no key.
    pub(crate) fn check_suite(&self) -> Result<(), Failure> {
        if self.suite == Some(Suites::Mixed) { Err(only_demo_mixes()) } else { Ok(()) }
    }

    pub(crate) fn home(&self) -> Result<Home, Failure> {
        Home::find(self.home.as_deref(), environment)
    }

    /// The words as a command that finds what this one found: with the home, where the command line named it.
    pub(crate) fn command(&self, words: &str) -> String {
        match &self.home {
            Some(home) => format!("zhengyin --home {} {words}", files::quoted(home)),
            None => format!("zhengyin {words}"),
        }
    }

    /// What this home's configuration says; nothing where no home is known.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        self.home().map_or_else(|_| Ok(Config::default()), |home| Config::read(&home))
    }

    /// The library that drives devices, where a key's URI names none: `ZHENGYIN_PKCS11_MODULE`, else the configuration.
    pub(crate) fn pkcs11_module(&self) -> Result<Option<PathBuf>, Failure> {
        match environment("ZHENGYIN_PKCS11_MODULE").filter(|path| !path.is_empty()) {
            Some(path) => Ok(Some(PathBuf::from(path))),
            None => Ok(self.config()?.pkcs11_module),
        }
    }

    /// Who does this, for the journal of the register: `ZHENGYIN_OPERATOR`, else the system's name for the user.
    pub(crate) fn operator(&self) -> String {
        let names = ["ZHENGYIN_OPERATOR", "USER", "LOGNAME", "USERNAME"];
        let set = names.iter().find_map(|name| environment(name).filter(|value| !value.trim().is_empty()));
        set.unwrap_or_else(|| "unknown".to_owned())
    }

    const fn loudness(&self) -> Loudness {
        match (self.quiet, self.verbose) {
            (true, _) => Loudness::Quiet,
            (false, true) => Loudness::Verbose,
            (false, false) => Loudness::Normal,
        }
    }
}

/// Reads the command line and the surroundings. Where there is nothing to run (help, a mistake), that has been said.
pub(crate) fn read() -> Result<(Cli, Out), Exit> {
    let words: Vec<OsString> = std::env::args_os().collect();
    // Help and mistakes are told before the words are understood, so the language is looked for first.
    let language = choose_language(asked_language(&words), || configured_language(&words), environment);
    let parsed = Cli::command().try_get_matches_from(&words).and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => {
            let global = &cli.global;
            let out = Out::new(language, global.loudness(), global.json, global.color);
            Ok((cli, out))
        }
        Err(error) => Err(tell(error, language, words)),
    }
}

/// Tells help or a mistake, in the language and with the examples, which cost more than to read most command lines.
fn tell(error: clap::Error, language: Language, words: Vec<OsString>) -> Exit {
    let mut command = command(language);
    let told = command.try_get_matches_from_mut(words).and_then(|matches| Cli::from_arg_matches(&matches));
    let error = told.err().unwrap_or(error);
    // Where the stream is closed there is nobody to tell.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}

/// Columns of an example: those of a small terminal, and room for the sign that it goes on.
const COLUMNS: usize = 78;

/// The first steps of each of those whom the command serves.
const EXAMPLES: [&str; 5] = [
    "zhengyin demo",
    "zhengyin verify license.zyl",
    "zhengyin store apply week-21.zyp",
    "zhengyin license issue --data business-license.json",
    "zhengyin explain status.revoked",
];

/// The command line's grammar, with its help in the language.
pub(crate) fn command(language: Language) -> clap::Command {
    let command = with_examples(Cli::command());
    let examples = EXAMPLES.map(|line| format!("  {line}\n")).concat();
    let command = command.after_help(format!("{}\nExamples:\n{examples}", Exit::table(language)));
    match language {
        Language::Zh => chinese::translate(command),
        Language::En => command,
    }
}

/// Examples at the end of the help of every command; one that only holds others shows the first of each.
fn with_examples(command: clap::Command) -> clap::Command {
    let command = command.mut_subcommands(with_examples);
    let own = command.get_after_help().map(|text| folded(&text.to_string()));
    let first = |sub: &clap::Command| {
        let text = sub.get_after_help()?.to_string();
        let (_, examples) = text.split_once('\n')?;
        let end = examples.match_indices("\n  z").next().map_or(examples.len(), |(at, _)| at);
        examples.get(..end).map(|example| format!("{}\n", example.trim_end_matches('\n')))
    };
    let of_others = || {
        let lines: String = command.get_subcommands().filter_map(first).collect();
        (!lines.is_empty()).then(|| format!("Examples:\n{lines}"))
    };
    match own.or_else(of_others) {
        Some(text) => command.after_help(text),
        None => command,
    }
}

/// A line that a terminal would break where it likes goes over several, as a shell takes them: before an option, or before a word where
/// there is none.
fn folded(text: &str) -> String {
    let mut folded = String::new();
    for line in text.lines() {
        let mut rest = line.to_owned();
        while width(&rest) > COLUMNS {
            let fits = |at: &usize| rest.get(..*at).is_some_and(|start| width(start) <= COLUMNS && !is_quoted(start));
            let beyond_indent = |at: &usize| rest.get(..*at).is_some_and(|start| !start.trim().is_empty());
            let before = |sign: &str| {
                let places = rest.match_indices(sign).map(|(at, _)| at).filter(beyond_indent).filter(fits);
                places.last()
            };
            let Some((start, end)) = before(" --").or_else(|| before(" ")).and_then(|at| rest.split_at_checked(at))
            else {
                break;
            };
            folded.push_str(start);
            folded.push_str(" \\\n");
            rest = format!("     {end}");
        }
        folded.push_str(&rest);
        folded.push('\n');
    }
    folded
}

/// Has a quotation begun and not ended?
fn is_quoted(text: &str) -> bool {
    text.matches('"').fold(false, |open, _| !open)
}

/// The command line that this process was started with, ready to be run again.
pub(crate) fn command_line() -> String {
    let words = std::env::args_os().map(|word| files::quoted(Path::new(&word)));
    words.collect::<Vec<_>>().join(" ")
}

/// The variables that the command line names as `env:NAME`: each holds a passphrase or PIN, and no program that is started gets it.
pub(crate) fn secret_variables() -> Vec<String> {
    let name = |word: &OsString| {
        let word = word.to_str()?;
        let value = word.split_once('=').map_or(word, |(_, value)| value);
        [word, value].into_iter().find_map(|text| text.strip_prefix("env:")).map(str::to_owned)
    };
    std::env::args_os().filter_map(|word| name(&word)).collect()
}

/// The same with words that are added, unless they stand there already.
pub(crate) fn command_line_with(words: &str) -> String {
    let line = command_line();
    let missing = words.split(' ').next().is_some_and(|first| !line.split(' ').any(|word| word == first));
    if missing { format!("{line} {words}") } else { line }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The `--lang` of the words, if it is one we know.
fn asked_language(words: &[OsString]) -> Option<Language> {
    values(words, "--lang").into_iter().find_map(|value| language(value).ok())
}

/// The language that the configuration of the home says. What is wrong with that file is told by the command that needs it.
fn configured_language(words: &[OsString]) -> Option<Language> {
    let asked = values(words, "--home").pop().map(Path::new);
    let home = Home::find(asked, environment).ok()?;
    Config::read(&home).ok()?.lang
}

/// The values of a word, as `--word VALUE` or `--word=VALUE`.
fn values<'a>(words: &'a [OsString], name: &str) -> Vec<&'a str> {
    let words: Vec<&str> = words.iter().map_while(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let apart = words.iter().zip(words.iter().skip(1)).filter(|(word, _)| **word == name).map(|(_, value)| *value);
    let joined = words.iter().filter_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    apart.chain(joined).collect()
}

#[cfg(test)]
mod tests {
    use super::{LONG_VERSION, asked_language, command, folded};
    use zhengyin::reason::Language;
    use zhengyin::suite::Suites;

    #[test]
    fn the_version_names_every_suite() {
        let names: Vec<_> = Suites::NAMED.iter().map(|(name, _)| *name).collect();
        assert!(LONG_VERSION.ends_with(&format!("\nsuites: {}", names.join(", "))), "{LONG_VERSION}");
    }

    #[test]
    fn the_grammar_holds_together() {
        for language in [Language::Zh, Language::En] {
            command(language).debug_assert();
        }
    }

    #[test]
    fn long_examples_go_over_lines_as_a_shell_takes_them() {
        let long = format!("Examples:\n  zhengyin x --name 甲 --other {}", "x".repeat(60));
        assert_eq!(folded(&long), format!("Examples:\n  zhengyin x --name 甲 \\\n      --other {}\n", "x".repeat(60)));
        assert_eq!(folded("Examples:\n  zhengyin x --y"), "Examples:\n  zhengyin x --y\n");
        let word = format!("  zhengyin x 甲 {}", "x".repeat(64));
        assert_eq!(folded(&word), format!("  zhengyin x 甲 \\\n      {}\n", "x".repeat(64)));
    }

    #[test]
    fn the_language_is_known_before_the_words() {
        let asked = |line: &str| asked_language(&line.split(' ').map(Into::into).collect::<Vec<_>>());
        assert_eq!(asked("zhengyin verify --lang zh x"), Some(Language::Zh));
        assert_eq!(asked("zhengyin --lang=en"), Some(Language::En));
        assert_eq!(asked("zhengyin verify -- --lang zh"), None);
        assert_eq!(asked("zhengyin --lang fr"), None);
    }
}
