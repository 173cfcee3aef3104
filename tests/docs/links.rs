//! Links between the documents.

use std::path::{Path, PathBuf};

use crate::{documents, root};

/// Targets of Markdown links, code left out.
fn links(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        // Every second piece between backticks is code.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("");
        if fenced {
            continue;
        }
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        found.extend(targets.map(String::from));
    }
    found
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.strip_prefix('#')).map(|rest| anchor(rest.trim_start_matches('#'))).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for document in documents() {
        let shown = document.path.strip_prefix(root()).unwrap().display();
        for link in links(&document.text) {
            count += 1;
            assert!(!link.contains("://"), "{shown}: {link} leads out of the package");
            let (file, wanted) = link.split_once('#').map_or((link.as_str(), None), |(file, at)| (file, Some(at)));
            let path = match file {
                "" => document.path.clone(),
                file => document.path.parent().unwrap().join(file),
            };
            assert!(path.exists(), "{shown}: {link} does not exist");
            if let Some(wanted) = wanted {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(anchors(&text).iter().any(|anchor| anchor == wanted), "{shown}: no heading for {link}");
            }
        }
    }
    assert!(count > 20, "only {count} links were found");
}

/// Comments of the code cite the documents by section.
#[test]
fn sections_that_comments_cite_exist() {
    let mut count = 0;
    for folder in ["src", "tests", "examples", "benches"] {
        for source in sources(&root().join(folder)) {
            let text = std::fs::read_to_string(&source).unwrap();
            for (before, after) in text.match_indices(".md").map(|(at, _)| (&text[..at], &text[at + 3..])) {
                let start =
                    before.rfind(|c: char| !c.is_ascii_alphanumeric() && !"-_/".contains(c)).map_or(0, |at| at + 1);
                let name = before[start..].rsplit('/').next().unwrap();
                let Some(cited) = after.strip_prefix(" §") else { continue };
                let section: String = cited.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
                let section = section.trim_end_matches('.');
                let path = root().join("docs").join(format!("{name}.md"));
                let document = std::fs::read_to_string(&path);
                let document = document.unwrap_or_else(|_| panic!("{}: no document {name}.md", source.display()));
                let begins = |line: &str| {
                    let rest =
                        line.trim_start_matches('#').strip_prefix(' ').and_then(|line| line.strip_prefix(section));
                    line.starts_with('#') && rest.is_some_and(|rest| rest.starts_with([' ', '.']))
                };
                assert!(document.lines().any(begins), "{}: no section {section} in {name}.md", source.display());
                count += 1;
            }
        }
    }
    assert!(count > 20, "only {count} citations were found");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => Vec::from_iter(path.extension().is_some_and(|extension| extension == "rs").then_some(path)),
        })
        .collect()
}
