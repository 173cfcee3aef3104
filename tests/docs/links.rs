//! Links between the documents.

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
