//! The tree of commands, as their help shows it.

use std::process::Command;
use std::sync::OnceLock;

/// A command and what its help says.
pub(crate) struct Page {
    /// The words after `zhengyin`; none for the whole.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) has_commands: bool,
}

impl Page {
    /// The command lines at its end.
    pub(crate) fn examples(&self) -> Vec<String> {
        lines_after(&self.text, "Examples:")
    }

    /// Does it know a word such as `--dry-run`?
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.text.lines().any(|line| line.split_whitespace().any(|found| found == word))
    }
}

/// The lines under a heading to the end; one that goes over several is one.
fn lines_after(text: &str, heading: &str) -> Vec<String> {
    let lines: Vec<&str> = text.trim_end().lines().skip_while(|line| *line != heading).skip(1).collect();
    assert!(lines.iter().all(|line| line.starts_with("  ")), "something follows the examples: {lines:?}");
    let joined = lines.join("\n").replace(" \\\n     ", "");
    joined.lines().map(|line| line.trim_start().to_owned()).collect()
}

pub(crate) fn zhengyin() -> &'static str {
    env!("CARGO_BIN_EXE_zhengyin")
}

fn help(path: &str, language: &str) -> String {
    let words = path.split_whitespace().chain(["--help", "--lang", language]);
    let output = Command::new(zhengyin()).args(words).env("COLUMNS", "80").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{path} --help");
    String::from_utf8(output.stdout).unwrap()
}

/// Every command, each after the one that holds it.
pub(crate) fn pages() -> &'static [Page] {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let mut pages = Vec::new();
        walk("", &mut pages);
        pages
    })
}

fn walk(path: &str, pages: &mut Vec<Page>) {
    let text = help(path, "en");
    let commands: Vec<String> = text
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        // What goes over a line goes on further in.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    pages.push(Page { path: path.to_owned(), text, has_commands: !commands.is_empty() });
    for command in commands {
        walk(format!("{path} {command}").trim_start(), pages);
    }
}

/// Every page of help, in both languages, ends with examples: lines that can be typed.
#[test]
fn every_page_ends_with_an_example() {
    assert!(pages().len() > 45);
    for page in pages() {
        let examples = page.examples();
        assert!(page.text.contains("\nExamples:\n") && !examples.is_empty(), "{} has no example", page.path);
        // A line that a terminal had to break cannot be copied from it.
        for line in &examples {
            assert!(line.starts_with("zhengyin "), "{}: {line}", page.path);
        }
        let own = format!("zhengyin {}", page.path);
        let is_shown = examples.iter().any(|line| line.starts_with(own.trim_end()));
        assert!(is_shown, "{} has no example of its own", page.path);
        let chinese = help(&page.path, "zh");
        assert_eq!(lines_after(&chinese, "示例："), examples, "{}", page.path);
    }
}
