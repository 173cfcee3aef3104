//! The house as it is, and planted violations that must be seen: a check that cannot fail is a defect.

use crate::{DOORS, House};
use std::path::Path;

const LIB: &str = "#![no_std]\npub mod time; pub mod suite; pub mod verify; #[cfg(feature = \"issue\")] pub mod issue;";
/// Declares a dependency for every door.
fn manifest() -> String {
    let lines: Vec<String> = DOORS
        .iter()
        .filter(|(path, _)| !path.starts_with("std"))
        .map(|(path, _)| format!("{} = {{ version = \"1\" }}\n", path.replace('_', "-")))
        .collect();
    format!(
        "[package]\nname = \"x\"\n[dependencies]\n# a comment\n{}[dev-dependencies]\nproptest = \"1\"\n",
        lines.concat()
    )
}

/// A small sound house, with some files put in or replaced.
fn house(files: &[(&str, &str)]) -> House {
    let mut all = std::collections::BTreeMap::new();
    for name in ["time.rs", "suite/mod.rs", "verify/mod.rs", "issue/mod.rs", "bin/zhengyin/main.rs"] {
        all.insert(name.to_owned(), String::new());
    }
    all.insert("lib.rs".to_owned(), LIB.to_owned());
    for (name, text) in files {
        all.insert((*name).to_owned(), (*text).to_owned());
    }
    House { cargo_toml: manifest(), files: all }
}

#[track_caller]
fn sound(file: &str, text: &str) {
    assert_eq!(house(&[(file, text)]).violations(), Vec::<String>::new(), "{file}: {text}");
}

#[track_caller]
fn seen(file: &str, text: &str, what: &str) {
    let violations = house(&[(file, text)]).violations();
    assert!(violations.len() == 1 && violations[0].contains(what), "{file}: {text}\n{violations:#?}");
}

#[test]
fn this_house_keeps_its_order() {
    let root = option_env!("CARGO_MANIFEST_DIR").unwrap_or(".");
    let house = House::read(Path::new(root)).expect("the package can be read");
    assert!(house.files.len() > 15, "found only {:?}", house.files.keys());
    let violations = house.violations();
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}

#[test]
fn imports_from_above_are_sound() {
    sound("lib.rs", LIB);
    sound(
        "verify/mod.rs",
        "use crate::{suite::Digest, time};\nuse super::suite as s;\nuse self::steps::run;\nuse core::fmt;",
    );
    sound(
        "verify/steps.rs",
        "use super::Report; use super::super::time::Period; pub(crate) fn f() -> crate::time::T { crate::verify::g() }",
    );
    sound("issue/mod.rs", "extern crate std; use std::vec::Vec; use crate::verify::verify; use pkcs8::X;");
    sound("time.rs", "mod inner { use super::Instant; use crate::time::Y; }");
}

#[test]
fn imports_from_below_are_seen() {
    for text in [
        "use crate::verify::Report;",
        "use crate::{time::Period, verify::{self, Report}};",
        "use super::super::verify;",
        "fn f() { crate::verify::run() }",
        "pub(crate) mod inner { pub fn f() { super::super::super::verify::run() } }",
        "#[cfg(not(test))] use crate::verify::X;",
        "#[cfg(any(test, feature = \"x\"))] use crate::verify::X;",
        "macro_rules! m { () => { $crate::verify::run() } }",
        "struct S { #[cfg(test)] a: u8, b: crate::verify::B }",
    ] {
        seen("suite/ed25519.rs", text, "stands below");
    }
    seen("verify/mod.rs", "use crate::issue::Draft;", "stands below");
    seen("time.rs", "use crate::Report;", "through the root");
    seen("time.rs", "use crate::*;", "through the root");
    seen("time.rs", "use super::*;", "through the root");
}

#[test]
fn comments_strings_and_tests_do_not_confuse() {
    sound(
        "time.rs",
        "// use crate::verify::X;\n/* use crate::verify::Y; /* nested */ unsafe */ /// [`crate::verify::Z`]\nfn f() {}",
    );
    sound(
        "time.rs",
        r####"const A: &str = "use crate::verify; \" unsafe"; const B: &str = r#"crate::issue::X " std::fs"#; const C: &[u8] = b"\"sha2::X";"####,
    );
    sound("time.rs", "fn f<'a>(x: &'a str) -> char { let _ = ('\"', '\\'', b'\\''); 'u' }");
    sound("time.rs", "#[cfg(test)]\nmod tests { extern crate std; use super::*; use crate::verify::X; use sha2::Y; }");
    sound("time.rs", "#[cfg(all(test, feature = \"issue\"))]\n#[allow(x)]\nmod tests { use crate::issue::X; }");
    sound("time.rs", "#[cfg(test)] use crate::verify::{A, B}; fn g() {}");
    let apart = house(&[("suite/mod.rs", "#[cfg(test)] mod tests;"), ("suite/tests.rs", "use crate::verify::X;")]);
    assert_eq!(apart.violations(), Vec::<String>::new());
    // What follows a test item is shipped again, and an undeclared tests.rs is no test.
    seen("time.rs", "#[cfg(test)] mod tests { fn f() {} } use crate::verify::X;", "stands below");
    seen("time.rs", "#[cfg(test)] fn f() -> [u8; 3] { [0; 3] } use crate::verify::X;", "stands below");
    seen("time.rs", r##"const A: char = '"'; use crate::verify::X; const B: &str = r#"x"#;"##, "stands below");
    seen("suite/tests.rs", "use crate::verify::X;", "stands below");
}

#[test]
fn a_crate_enters_by_its_door() {
    sound("suite/ed25519.rs", "use ed25519_dalek::Verifier; use sha2::{Digest, Sha256};");
    sound("bin/zhengyin/main.rs", "use std::env; use clap::Parser; use zhengyin::verify;");
    sound("bin/zhengyin/files.rs", "use std::fs::File;");
    for (file, text) in [
        ("verify/mod.rs", "use sha2::Sha256;"),
        ("verify/mod.rs", "use {sha2 as hash};"),
        ("verify/mod.rs", "extern crate sha2;"),
        ("verify/mod.rs", "fn f() { ::sha2::Sha256::new() }"),
        ("verify/mod.rs", "#[derive(clap::Parser)] struct S;"),
        ("suite/mod.rs", "fn f(x: x509_parser::X) {}"),
        ("time.rs", "use std::fmt;"),
        ("time.rs", "extern crate std;"),
        ("bin/zhengyin/main.rs", "use std::{fs, io};"),
        ("bin/zhengyin/main.rs", "fn f() { std::time::SystemTime::now() }"),
        ("bin/zhengyin/main.rs", "use pkcs8::X;"),
    ] {
        seen(file, text, "enters through");
    }
}

#[test]
fn doors_and_dependencies_agree() {
    let with = |line: &str| {
        let mut house = house(&[]);
        house.cargo_toml.insert_str(0, line);
        house.violations()
    };
    assert!(with("[dependencies.sqlx]\nversion = \"1\"\n")[0].contains("`sqlx` has no door"));
    assert!(with("[target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n")[0].contains("`libc` has no door"));
    let mut missing = house(&[]);
    missing.cargo_toml = missing.cargo_toml.replace("sha2 =", "# sha2 =");
    assert!(missing.violations()[0].contains("a door for `sha2`"));
}

#[test]
fn names_sizes_and_unsafe() {
    seen("verify/error.rs", "", "does not say");
    seen("verify/helpers.rs", "", "does not say");
    seen("issue/common/mod.rs", "", "does not say");
    sound("time.rs", &"\n".repeat(500));
    seen("time.rs", &"\n".repeat(501), "501 lines");
    seen("time.rs", &format!("#[cfg(test)] mod tests {{{}}}", "\n".repeat(101)), "lines of tests");
    seen("time.rs", "fn f() { unsafe { g() } }", "`unsafe`");
    seen("time.rs", "#[cfg(test)] mod tests { unsafe fn f() {} }", "`unsafe`");
    sound("time.rs", "#![forbid(unsafe_code)]");
    let lib = format!("{LIB} mod capi;");
    let exported = |text| house(&[("lib.rs", &lib), ("capi/store.rs", text)]).violations();
    assert_eq!(exported("#[unsafe(no_mangle)] pub extern \"C\" fn zy_f() {}"), Vec::<String>::new());
    assert_eq!(exported("#[unsafe(no_mangle)] pub unsafe extern \"C\" fn zy_f() {}").len(), 1);
    seen("time.rs", "#[unsafe(no_mangle)] pub extern \"C\" fn zy_f() {}", "`unsafe`");
    seen("stray.rs", "", "no place in the order");
    seen("lib.rs", &format!("{LIB} pub mod ghost;"), "no file");
}
