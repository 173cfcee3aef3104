//! Names of the code in the documents.

use std::collections::BTreeSet;

use zhengyin::reason::Reason;

use crate::{document, documents, root, tables};

/// What stands between backticks, fenced blocks left out.
fn code(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if !fenced {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

#[test]
fn grounds_that_are_named_exist() {
    let families: BTreeSet<_> = Reason::ALL.iter().filter_map(|reason| reason.symbol().split('.').next()).collect();
    let mut named = BTreeSet::new();
    for document in documents() {
        for word in code(&document.text) {
            let Some((family, rest)) = word.split_once('.') else { continue };
            let is_symbol = rest.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !matches!(rest, "md" | "rs");
            if families.contains(family) && is_symbol {
                assert!(Reason::from_symbol(word).is_some(), "{}: no ground {word}", document.path.display());
                named.insert(word.to_string());
            }
        }
    }
    assert!(named.len() > 50, "only {} grounds are named", named.len());
}

/// Every ground is described by hand where it arises: in a step, in the store, in the reading of an object or a carrier.
#[test]
fn every_ground_is_described_where_it_arises() {
    let texts = ["procedure.md", "trust.md", "format.md"].map(document);
    let described: BTreeSet<_> = texts.iter().flat_map(|text| code(text)).collect();
    for reason in Reason::ALL {
        assert!(described.contains(reason.symbol()), "{} is not described", reason.symbol());
    }
}

#[test]
fn tables_are_those_of_the_code() {
    for (name, written) in [("reasons.md", tables::reasons()), ("fields.md", tables::fields())] {
        assert!(document(name) == written, "docs/{name} is not what `cargo run --example make_tables` writes");
    }
}

/// Each row of tolerances.md ends with the file and the function that is lenient.
#[test]
fn tolerances_name_functions_that_exist() {
    let text = document("tolerances.md");
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ") && line.contains("`src/")).collect();
    assert!(rows.len() > 10, "only {} rows were found", rows.len());
    for row in rows {
        let place = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let words = code(place);
        let [file, names @ ..] = &words[..] else { panic!("no place in {row}") };
        let source = std::fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("no {file}, named in {row}"));
        assert!(!names.is_empty(), "no function in {row}");
        for name in names {
            assert!(
                source.contains(&format!("fn {name}(")) || source.contains(&format!("fn {name}<")),
                "{file} has no function {name}"
            );
        }
    }
}

/// Tests that security.md names exist.
#[test]
fn tests_that_are_named_exist() {
    let mut all = String::new();
    read_all(&root().join("src"), &mut all);
    read_all(&root().join("tests"), &mut all);
    read_all(&root().join(".ci"), &mut all);
    let text = document("security.md");
    let named: Vec<_> =
        code(&text).into_iter().filter(|word| word.matches('_').count() >= 2 && !word.contains('.')).collect();
    assert!(named.len() > 20, "only {} tests are named", named.len());
    for name in named {
        assert!(all.contains(&format!("fn {name}(")) || all.contains(&format!("fn {name}<")), "no test {name}");
    }
}

/// Vectors that security.md names exist, and each of them is named with its group.
#[test]
fn vectors_that_are_named_exist() {
    let text = document("security.md");
    let named: Vec<_> =
        code(&text).into_iter().filter(|word| word.starts_with("stamp/") && !word.ends_with('…')).collect();
    assert!(named.len() > 30, "only {} vectors are named", named.len());
    for name in named {
        assert!(root().join("test-vectors/cases").join(format!("{name}.json")).is_file(), "no vector {name}");
    }
}

fn read_all(folder: &std::path::Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Every dependency is justified in why.md.
#[test]
fn dependencies_have_their_reasons() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let why = document("why.md");
    let table = why.split("## Dependencies").nth(1).unwrap();
    let (mut inside, mut count) = (false, 0);
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = matches!(line, "[dependencies]" | "[dev-dependencies]");
        } else if let (true, Some((name, _))) = (inside, line.split_once(" = ")) {
            assert!(code(table).contains(&name), "{name} has no line in the tables of docs/why.md, Dependencies");
            count += 1;
        }
    }
    assert!(count > 20, "only {count} dependencies were found");
}
