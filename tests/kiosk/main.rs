//! The kiosk as a process: whatever is scanned, plugged out or put in its place, every scan gets one answer, and no answer tells more than
//! it should.
//!
//! `SCANS=100000 cargo test --release --all-features --test kiosk` does more of the same.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stdout,
    reason = "a test"
)]

#[path = "../../examples/world/mod.rs"]
mod world;

#[path = "../vectors/schema.rs"]
mod schema;

mod answers;
#[cfg(unix)]
mod counter;
mod privacy;
mod random;
mod specimens;
mod stamps;

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use world::World;

/// When the scans take place: an hour after the lists were issued.
const NOW: &str = "2026-10-01T10:00:00+08:00";
/// Where the kiosk stands.
const HERE: &str = "990102";

/// A folder of this run, with a store of the world's pack in its home.
fn folder(name: &str, world: &mut World) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kiosk").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("week-40.zyp"), world.pack()).unwrap();
    let pin = world.pin().to_string();
    let words = ["store", "init", "--pin", &pin, "--from", "week-40.zyp", "--region", HERE, "--clock", NOW];
    let made = command(&folder, &words).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhengyin"));
    command
        .args(words)
        .current_dir(folder)
        .env("ZHENGYIN_HOME", "home")
        .env("ZHENGYIN_LANG", "en")
        .env_remove("ZHENGYIN_REGION")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn start(folder: &Path, words: &[&str]) -> Child {
    let words = [&["kiosk", "--json"], words].concat();
    command(folder, &words).stdin(Stdio::piped()).spawn().unwrap()
}

/// What a kiosk says to some input that ends, line by line, and how it ended.
fn kiosk(folder: &Path, words: &[&str], input: &[u8]) -> (Vec<Value>, Option<i32>, String) {
    // On a machine under load a pipe may pause within a line.
    let words = [words, &["--idle", "none", "--clock", NOW]].concat();
    let mut child = start(folder, &words);
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // It may end without reading all of it.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    (lines(&output.stdout), output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// The answers among the lines, in order and without a gap.
fn answers(lines: &[Value]) -> Vec<&Value> {
    let answers: Vec<&Value> = lines.iter().filter(|line| line["schema"] == "zhengyin.scan/1").collect();
    for (answer, n) in answers.iter().zip(1..) {
        assert_eq!(answer["n"], n);
    }
    answers
}

/// What happened besides.
fn events(lines: &[Value]) -> Vec<&str> {
    let events = lines.iter().filter(|line| line["schema"] == "zhengyin.kiosk/1");
    events.map(|event| event["event"].as_str().unwrap()).collect()
}

/// Every line against the schema of the documents, and every report within against its own.
fn check_schema(lines: &[Value]) {
    let read = |name: &str| -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    };
    let (mut scan, report) = (read("scan.schema.json"), read("report.schema.json"));
    let within = scan.pointer_mut("/$defs/scan/properties/report/anyOf/1").unwrap();
    assert_eq!(within["$ref"], "report.schema.json");
    *within = serde_json::json!({"type": "object"});
    for line in lines {
        // One of two: which is said by its schema, and what is wrong with it is told.
        let name = if line["schema"] == "zhengyin.scan/1" { "scan" } else { "kiosk" };
        assert_eq!(schema::check(&scan, &scan["$defs"][name], line, ""), Vec::<String>::new());
        if line["report"].is_object() {
            assert_eq!(schema::check(&report, &report, &line["report"], "report"), Vec::<String>::new());
        }
    }
}
