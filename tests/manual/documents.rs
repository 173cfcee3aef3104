//! The examples of README and docs/.

use super::desk::{Desk, each};
use std::fs;
use std::path::{Path, PathBuf};

/// The command lines of a block that begins with ```` ```sh ````.
struct Block {
    document: PathBuf,
    lines: Vec<String>,
}

/// Lines that are run elsewhere: the tests themselves, what is measured (`.ci/long figures`), and the libraries (`.ci/run callers`).
const ELSEWHERE: &[&str] = &[
    "cargo test",
    "cargo install",
    "cargo add",
    "cargo bench",
    "cargo rustc",
    ".ci/",
    "cargo run --release --all-features --example figures",
];

fn blocks() -> Vec<Block> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents: Vec<PathBuf> =
        fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    documents.push(root.join("README.md"));
    documents.sort();
    let mut blocks = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        let mut open: Option<Vec<String>> = None;
        for line in text.lines() {
            match (&mut open, line.trim()) {
                (None, "```sh") => open = Some(Vec::new()),
                (Some(lines), "```") => {
                    let lines = std::mem::take(lines);
                    blocks.push(Block { document: document.clone(), lines });
                    open = None;
                }
                (Some(lines), line) => lines.extend(command(line)),
                (None, _) => {}
            }
        }
        assert!(open.is_none(), "{}", document.display());
    }
    blocks.retain(|block| !block.lines.is_empty());
    blocks
}

/// What is typed, without remarks; `None` for nothing.
fn command(line: &str) -> Option<String> {
    let line = line.split(" #").next().unwrap_or(line).trim();
    if line.is_empty() || line.starts_with('#') || ELSEWHERE.iter().any(|beginning| line.starts_with(beginning)) {
        return None;
    }
    // From the source, it is the same command.
    let from_source = line.strip_prefix("cargo run ").and_then(|rest| rest.split_once(" -- ")).map(|(_, words)| words);
    Some(from_source.map_or_else(|| line.to_owned(), |words| format!("zhengyin {words}")))
}

/// Every block does what it should, one line after the other.
#[test]
fn examples_of_documents_run() {
    let blocks = blocks();
    assert!(blocks.len() > 15, "{}", blocks.len());
    each(&blocks, |block| {
        let desk = Desk::new();
        let name = block.document.file_name().unwrap_or_default().to_string_lossy().into_owned();
        block.lines.iter().try_for_each(|line| {
            desk.prepare(line);
            desk.run(line).map_err(|error| format!("{name}: {error}"))
        })
    });
}
