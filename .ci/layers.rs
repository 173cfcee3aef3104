//! The order of the house, held by a test: `cargo test --test layers`, or `rustc --edition 2024 .ci/layers.rs` and run it in the
//! package's folder. It reads `Cargo.toml` and `src/**` and knows nothing of the compiler, so it is quick and needs no dependency.
//!
//! Held here: a module imports only what stands above it in `src/lib.rs`; a foreign crate enters by one door; the core cannot name
//! `std`; `unsafe` stands in one file; no file is too long or carries a name that says nothing. What is compiled for tests only may
//! import anything, because it is not shipped.
#![allow(
    missing_docs,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![allow(
    clippy::string_slice,
    clippy::expect_used,
    clippy::panic,
    reason = "a check that runs beside the product, not in it"
)]
#![cfg_attr(test, allow(dead_code, reason = "`main` is the other way in"))]

#[path = "layers/lex.rs"]
mod lex;
#[path = "layers/scan.rs"]
mod scan;
#[cfg(test)]
#[path = "layers/tests.rs"]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

/// Where a path may be named: the path's first segments, and the files (under `src/`, without `.rs`, whole folders too) that may.
/// Everything in `[dependencies]` has a line here.
const DOORS: &[(&str, &[&str])] = &[
    ("curve25519_dalek", &["suite"]),
    ("ed25519_dalek", &["suite"]),
    ("sha2", &["suite"]),
    ("sm2", &["suite"]),
    ("sm3", &["suite"]),
    ("sm4", &["suite/pbes2"]),
    ("cbc", &["suite/pbes2"]),
    ("pbkdf2", &["suite/pbes2"]),
    ("x509_parser", &["x509"]),
    ("base64", &["carrier"]),
    ("brotli_decompressor", &["carrier/inflate"]),
    ("brotli", &["issue/compress"]),
    ("thiserror", &[""]), // a derive on each stage's own error enum
    ("serde", &["verify"]),
    ("miniz_oxide", &["issue", "bin/zhengyin/page/pdf"]),
    ("pkcs8", &["issue"]),
    ("regex_lite", &["issue/catalogue/pattern"]),
    ("unicode_normalization", &["issue"]),
    ("zeroize", &["issue", "suite", "bin/zhengyin/secrets"]), // the library and the command are two crates
    ("rusqlite", &["register/sqlite"]),
    ("csv_core", &["bin/zhengyin/batch/table"]),
    ("encoding_rs", &["bin/zhengyin/batch/encoding"]),
    ("signal_hook", &["bin/zhengyin/interrupt"]),
    ("rustix", &["bin/zhengyin/terminal"]),
    ("serde_json", &["issue/template", "capi", "bin"]),
    ("clap", &["bin"]),
    ("clap_complete", &["bin/zhengyin/commands/completions"]),
    ("clap_mangen", &["bin/zhengyin/commands/man"]),
    ("anstream", &["bin/zhengyin/output"]),
    ("anstyle", &["bin/zhengyin/output"]),
    ("rpassword", &["bin/zhengyin/secrets"]),
    ("jiff", &["bin/zhengyin/clock"]),
    ("toml", &["bin/zhengyin/policies"]),
    ("getrandom", &["bin/zhengyin/secrets"]),
    ("qrcodegen", &["bin/zhengyin/qr/symbol"]),
    ("png", &["bin/zhengyin/qr/picture", "bin/zhengyin/page/picture"]),
    ("zune_jpeg", &["bin/zhengyin/qr/picture"]),
    ("rxing", &["bin/zhengyin/qr/read"]),
    ("cryptoki", &["bin/zhengyin/keys/token"]),
    ("pdf_writer", &["bin/zhengyin/page/pdf"]),
    ("subsetter", &["bin/zhengyin/page/font"]),
    ("ttf_parser", &["bin/zhengyin/page/font"]),
    ("memmap2", &["bin/zhengyin/files/map"]),
    // The core is told the time, the bytes and the surroundings; the command asks for each in one place.
    ("std", &["issue", "register", "capi", "bin"]),
    ("std::fs", &["register", "bin/zhengyin/files"]),
    ("std::time::SystemTime", &["capi", "bin/zhengyin/clock"]),
    ("std::net", &[]),
    ("std::process::Command", &["bin/zhengyin/keys/program"]),
];

/// The files that may say `unsafe`: one of the library, one of the command.
const UNSAFE: [&str; 2] = ["capi/boundary", "bin/zhengyin/files/map"];
/// A file is one idea; more lines than this are two.
const MAX_LINES: usize = 500;
/// Longer tests stand in a file of their own.
const MAX_INLINE_TEST_LINES: usize = 100;
/// Names that say nothing about what a file holds.
const NAMELESS: &[&str] = &["error", "errors", "util", "utils", "common", "types", "helpers", "prelude", "misc"];

/// The package as text: what the rules are applied to.
pub(crate) struct House {
    pub(crate) cargo_toml: String,
    /// Path under `src/` (with forward slashes) to content.
    pub(crate) files: BTreeMap<String, String>,
}

impl House {
    pub(crate) fn read(root: &Path) -> std::io::Result<Self> {
        let mut files = BTreeMap::new();
        let src = root.join("src");
        let mut folders = vec![src.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let name = path.strip_prefix(&src).expect("found under src").to_string_lossy().replace('\\', "/");
                    files.insert(name, std::fs::read_to_string(&path)?);
                }
            }
        }
        Ok(House { cargo_toml: std::fs::read_to_string(root.join("Cargo.toml"))?, files })
    }

    /// Every broken rule, as `file:line: what`.
    pub(crate) fn violations(&self) -> Vec<String> {
        let mut out = Vec::new();
        let lib = self.files.get("lib.rs").map_or("", String::as_str);
        let order = scan::declared_modules(&lex::lex(lib));
        self.check_outline(&order, &mut out);
        self.check_doors_exist(&mut out);
        let scans: BTreeMap<&str, scan::Scan> = self
            .files
            .iter()
            .map(|(name, text)| (name.as_str(), scan::Scan::new(&module_path(name), &lex::lex(text))))
            .collect();
        let test_modules: BTreeSet<&Vec<String>> = scans.values().flat_map(|s| &s.test_modules).collect();
        for (name, scan) in &scans {
            let module = module_path(name);
            let is_test = (1..=module.len()).any(|n| test_modules.contains(&module[..n].to_vec()));
            check_file(name, scan, is_test, &order, &mut out);
        }
        out.dedup();
        out
    }

    /// Modules and files belong to each other, have a telling name and one idea's length.
    fn check_outline(&self, order: &[String], out: &mut Vec<String>) {
        let mut tops = BTreeSet::new();
        for (name, text) in &self.files {
            let lines = text.lines().count();
            if lines > MAX_LINES {
                out.push(format!("src/{name}: {lines} lines, at most {MAX_LINES}: one file, one idea"));
            }
            for part in name.trim_end_matches(".rs").split('/') {
                if NAMELESS.contains(&part) {
                    out.push(format!("src/{name}: `{part}` does not say what it holds"));
                }
            }
            tops.extend(module_path(name).first().cloned());
        }
        for top in tops.iter().filter(|top| *top != "bin" && !order.contains(top)) {
            out.push(format!("src/lib.rs: does not declare `{top}`, so it has no place in the order"));
        }
        for module in order.iter().filter(|module| !tops.contains(*module)) {
            out.push(format!("src/lib.rs: declares `{module}`, which has no file"));
        }
    }

    /// Each dependency has a door, and each door a dependency.
    fn check_doors_exist(&self, out: &mut Vec<String>) {
        let dependencies = dependencies(&self.cargo_toml);
        for name in dependencies.iter().filter(|name| !DOORS.iter().any(|(path, _)| path == name)) {
            out.push(format!("Cargo.toml: `{name}` has no door: give it one line in .ci/layers.rs"));
        }
        for (path, _) in DOORS.iter().filter(|(path, _)| !path.starts_with("std")) {
            if !dependencies.contains(*path) {
                out.push(format!(".ci/layers.rs: a door for `{path}`, which is not a dependency"));
            }
        }
    }
}

fn check_file(name: &str, scan: &scan::Scan, is_test: bool, order: &[String], out: &mut Vec<String>) {
    let stem = name.trim_end_matches(".rs");
    let top = module_path(name).first().cloned();
    let place = |module: &str| order.iter().position(|m| m == module);
    for line in &scan.unsafe_lines {
        if !UNSAFE.contains(&stem) {
            out.push(format!("src/{name}:{line}: `unsafe` stands only in {UNSAFE:?}"));
        }
    }
    for (line, length) in &scan.inline_tests {
        if *length > MAX_INLINE_TEST_LINES {
            out.push(format!(
                "src/{name}:{line}: {length} lines of tests: more than {MAX_INLINE_TEST_LINES} stand in a tests.rs"
            ));
        }
    }
    if is_test {
        return;
    }
    for path in scan.paths.iter().filter(|path| !path.in_test) {
        let line = path.line;
        for (door, allowed) in DOORS.iter().filter(|(door, _)| path.is_foreign && path.starts_with(door)) {
            if !allowed.iter().any(|prefix| under(stem, prefix)) {
                out.push(format!("src/{name}:{line}: `{door}` enters through {allowed:?} only"));
            }
        }
        let Some(top) = top.as_deref().filter(|top| *top != "bin") else { continue };
        if path.is_foreign {
            continue;
        }
        let target = path.segments.first().map_or("*", String::as_str);
        match (place(top), place(target)) {
            (_, Some(_)) if target == top => {}
            (Some(own), Some(theirs)) if theirs < own => {}
            (_, Some(_)) => out.push(format!("src/{name}:{line}: `{top}` names `{target}`, which stands below it")),
            (_, None) => {
                out.push(format!("src/{name}:{line}: `{top}` goes through the root (`{target}`): name the module"))
            }
        }
    }
}

/// Is `stem` the file or in the folder `prefix`? The empty prefix holds all.
fn under(stem: &str, prefix: &str) -> bool {
    prefix.is_empty() || stem.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `cbor/reader.rs` is `[cbor, reader]`, `cbor/mod.rs` is `[cbor]`, `lib.rs` is `[]`.
fn module_path(name: &str) -> Vec<String> {
    let stem = name.trim_end_matches(".rs");
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    if stem == "lib" { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

/// Names in every table that ends up in the product (not `[dev-dependencies]`, `[build-dependencies]`), as Rust writes them.
fn dependencies(cargo_toml: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in cargo_toml.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.split(']').next().unwrap_or_default();
            let (table, own) = header.rsplit_once('.').unwrap_or(("", header));
            inside = own == "dependencies";
            if table == "dependencies" || table.ends_with(".dependencies") {
                names.insert(own.trim_matches('"').replace('-', "_"));
            }
        } else if inside && line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '"') {
            let key = line.split(['=', '.']).next().unwrap_or_default();
            names.insert(key.trim().trim_matches('"').replace('-', "_"));
        }
    }
    names
}

fn main() -> ExitCode {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let house = match House::read(Path::new(&root)) {
        Ok(house) => house,
        Err(error) => {
            eprintln!("layers: cannot read the package in {root}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let violations = house.violations();
    for violation in &violations {
        eprintln!("{violation}");
    }
    println!("layers: {} files, {} broken rules", house.files.len(), violations.len());
    if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
