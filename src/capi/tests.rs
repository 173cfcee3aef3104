//! What holds for every exported function, read from the source.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

extern crate std;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use std::fs;
use std::path::Path;

/// The exported functions: file, name, comment, signature and body.
struct Exported {
    file: String,
    name: String,
    comment: String,
    signature: String,
    body: String,
}

fn exported() -> Vec<Exported> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/capi");
    let mut all = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let (file, text) = (path.file_name().unwrap().to_str().unwrap().into(), fs::read_to_string(&path).unwrap());
        // `mod.rs` exports nothing but the panic that is planted for the test in C.
        if file == "tests.rs" || file == "mod.rs" {
            continue;
        }
        let file: String = file;
        let text: String = text;
        assert_eq!(
            text.matches("no_mangle)]\n").count(),
            text.matches("\n#[unsafe(no_mangle)]\npub extern \"C\" fn zy_").count(),
            "{file}"
        );
        for (at, _) in text.match_indices("\n#[unsafe(no_mangle)]\n") {
            let comment: Vec<&str> =
                text[..at].lines().rev().take_while(|line| line.starts_with("///") || line.starts_with("#[")).collect();
            let rest = &text[at..];
            let rest = &rest[rest.find("pub extern").unwrap()..];
            let (signature, body) = rest.split_at(rest.find(" {\n").unwrap() + 3);
            let body = &body[..body.find("\n}\n").unwrap()];
            let name = signature["pub extern \"C\" fn ".len()..].split('(').next().unwrap();
            all.push(Exported {
                file: file.clone(),
                name: name.into(),
                comment: comment.into_iter().rev().collect::<Vec<_>>().join("\n"),
                signature: signature.into(),
                body: body.trim().into(),
            });
        }
    }
    assert!(all.len() > 40, "{} functions", all.len());
    all
}

/// No body stands outside of the boundary of panics: it is one call of `entry`, and nothing before or after it.
#[test]
fn every_body_is_within_an_entry() {
    for Exported { file, name, body, signature, .. } in exported() {
        let fails = signature.contains("-> zy_status") && signature.contains("error: *mut *mut zy_error");
        let (call, end) = if fails { ("entry(error, || {", "})") } else { ("entry_or(", ")") };
        let end = if signature.contains("->") { end } else { ");" };
        assert!(body.starts_with(call) && body.ends_with(end), "{file}: {name}: {body}");
        // The call that begins the body ends it: its parentheses close at the end and not before.
        let mut depth = 0_i32;
        let body = body.trim_end_matches(';');
        for (at, character) in body.char_indices() {
            depth += match character {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            let begun = at >= body.find('(').unwrap();
            assert!(depth > 0 || !begun || at + 1 == body.len(), "{file}: {name}: something stands behind its entry");
        }
    }
}

/// What the header says of each: who frees what comes out, and when it is written.
#[test]
fn every_function_says_what_it_does_with_memory() {
    for Exported { file, name, comment, signature, .. } in exported() {
        assert!(comment.len() > 30, "{file}: {name} says nothing of itself");
        if signature.contains("zy_status") && signature.matches("*mut *mut").count() > 1 {
            assert!(
                comment.contains("written") && comment.contains("only\n")
                    || comment.contains("written only")
                    || comment.contains("only when the call worked"),
                "{file}: {name} does not say when its outputs are written"
            );
        }
        if name.ends_with("_free") {
            assert!(comment.contains("NULL is allowed"), "{name}");
        }
        assert!(name.starts_with("zy_"));
    }
}

/// A tag that two kinds share would let one pass for the other.
#[test]
fn tags_differ() {
    let mut tags = BTreeSet::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/capi")).unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            if let Some(tag) = line.trim().strip_prefix("const TAG: u64 = ") {
                assert!(tags.insert(String::from(tag)), "{tag}");
            }
        }
    }
    assert!(tags.len() >= 9);
}
