//! What all commands have in common.

use super::desk::{Desk, each};
use super::help::pages;

/// Commands that change nothing: what they write is their answer, where they are told to. Every other one changes something, and says on
/// request what it would do.
const LOOK_ONLY: &[&str] = &[
    "authority show",
    "completions",
    "explain",
    "inspect",
    "key show",
    "license list",
    "license show",
    "qr read",
    "register check",
    "register journal",
    "register operator list",
    "replay",
    "seal list",
    "seal show",
    "status show",
    "store doctor",
    "store show",
    "trust diff",
    "trust show",
    "type check",
    "type list",
    "type show",
];

#[test]
fn what_changes_something_can_be_asked_first() {
    let mut lookers = LOOK_ONLY.to_vec();
    for page in pages().iter().filter(|page| !page.has_commands) {
        let only_looks = lookers.iter().position(|name| *name == page.path);
        assert_eq!(page.knows("--dry-run"), only_looks.is_none(), "{}: --dry-run, or a line in LOOK_ONLY?", page.path);
        if let Some(at) = only_looks {
            lookers.remove(at);
        }
    }
    assert!(lookers.is_empty(), "there are no commands {lookers:?}");
}

/// Every example of help does what it should.
#[test]
fn examples_of_help_run() {
    let lines: Vec<String> =
        pages().iter().filter(|page| !page.has_commands).flat_map(|page| page.examples()).collect();
    assert!(lines.len() > 80);
    each(&lines, |line| {
        let desk = Desk::new();
        desk.prepare(line);
        desk.run(line)
    });
}

/// Asked first, every command that changes something leaves every byte as it is, at its own examples.
#[test]
fn what_is_only_asked_about_changes_nothing() {
    let changing: Vec<_> = pages().iter().filter(|page| !page.has_commands && page.knows("--dry-run")).collect();
    let own = |path: &str| format!("zhengyin {path} ");
    let lines: Vec<String> = changing
        .iter()
        .flat_map(|page| {
            let lines = page.examples().into_iter().map(|line| format!("{line} "));
            let lines: Vec<String> = lines.filter(|line| line.starts_with(&own(&page.path))).collect();
            assert!(!lines.is_empty(), "{}", page.path);
            lines.into_iter().map(|line| line.replacen(&own(&page.path), &format!("{}--dry-run ", own(&page.path)), 1))
        })
        // One that has it already.
        .map(|line| if line.matches("--dry-run").count() > 1 { line.replacen("--dry-run ", "", 1) } else { line })
        .collect();
    each(&lines, |line| {
        let desk = Desk::new();
        desk.prepare(&line.replace(" --dry-run", ""));
        let before = desk.everything();
        desk.run(line.trim_end())?;
        let after = desk.everything();
        let paths = |one: &std::collections::BTreeMap<_, _>, other: &std::collections::BTreeMap<_, _>| {
            one.iter()
                .filter(|(path, bytes)| other.get(*path) != Some(*bytes))
                .map(|(path, _): (&std::path::PathBuf, &Vec<u8>)| path.clone())
                .collect::<Vec<_>>()
        };
        if before == after {
            Ok(())
        } else {
            Err(format!("{line} changed {:?}{:?}", paths(&after, &before), paths(&before, &after)))
        }
    });
}
