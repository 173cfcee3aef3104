//! The documents, held to the code: links lead somewhere, grounds and functions that are named exist, tables are those of the code, and
//! examples are what the library writes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test"
)]

mod examples;
mod links;
mod names;
#[path = "../../examples/make_tables.rs"]
#[allow(dead_code, reason = "`main` is the other way in")]
mod tables;
mod world;

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A document with its path.
struct Document {
    path: PathBuf,
    text: String,
}

/// README and everything in docs/.
fn documents() -> Vec<Document> {
    let listed = std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = listed.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    paths.push(root().join("README.md"));
    paths.sort();
    assert!(paths.len() > 5, "the documents are not where they are looked for");
    paths.into_iter().map(|path| Document { text: std::fs::read_to_string(&path).unwrap(), path }).collect()
}

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join("docs").join(name)).unwrap()
}
