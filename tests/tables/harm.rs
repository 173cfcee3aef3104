//! Tables that were made to do harm, and tables that are large.

use std::io::{Read, Write};
use std::time::Duration;

use super::*;

/// The most memory that a batch takes, whatever is in its table.
const MEMORY_KIB: usize = 256 << 10;

/// Runs a batch from standard input; the exit, what it said, and the most memory that it had, in KiB.
fn fed(scene: &Scene, line: &str, feed: impl FnOnce(&mut dyn Write) + Send) -> (Option<i32>, String, usize) {
    let mut child = scene.command(line).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let status = format!("/proc/{}/status", child.id());
    std::thread::scope(|scope| {
        scope.spawn(move || feed(&mut stdin));
        let mut said = child.stdout.take().unwrap();
        let mut told = child.stderr.take().unwrap();
        let said = scope.spawn(move || {
            let mut text = String::new();
            said.read_to_string(&mut text).map(|_| text).unwrap()
        });
        let told = scope.spawn(move || {
            let mut text = String::new();
            told.read_to_string(&mut text).map(|_| text).unwrap()
        });
        let mut most = 0;
        let exit = loop {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let peak =
                text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
            most = most.max(peak.unwrap_or(0));
            if let Some(exit) = child.try_wait().unwrap() {
                break exit.code();
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        (exit, format!("{}{}", said.join().unwrap(), told.join().unwrap()), most)
    })
}

const FED: &str = "license issue --batch - --map map.json --passphrase file:pass --out licenses --report report.csv --resume --max-errors 9";

#[test]
fn a_line_without_end_is_one_refused_row_in_bounded_memory() {
    let scene = Scene::new("endless");
    let bytes = times("LINE", 24 << 20);
    let (exit, told, most) = fed(&scene, FED, |table| {
        let junk = vec![b'x'; 1 << 16];
        table.write_all(sheets::HEAD.as_bytes()).unwrap();
        table.write_all(sheets::row(0).as_bytes()).unwrap();
        for _ in 0..bytes / junk.len() {
            table.write_all(&junk).unwrap();
        }
        table.write_all(b"\r\n").unwrap();
        table.write_all(sheets::row(1).as_bytes()).unwrap();
        // A quote that is never closed takes the rest of the file.
        table.write_all(b"\"").unwrap();
        for _ in 0..bytes / junk.len() / 4 {
            table.write_all(&junk).unwrap();
        }
    });
    assert_eq!(exit, Some(30), "{told}");
    let report = scene.report("report.csv");
    let outcomes: Vec<&str> = report.values().map(|cells| cells[1].as_str()).collect();
    assert_eq!(outcomes, ["issued", "refused", "issued", "refused"], "{told}");
    assert!(report[&3].join(",").contains(",too-long,") && report[&5].join(",").contains(",too-long,"));
    assert!(most > 0 && most < MEMORY_KIB, "{most} KiB");
    assert_eq!(scene.released("licenses").len(), 2);
}

/// Formulas, control characters, bytes of no encoding, columns without end: by row or as a whole, and never on the terminal or in the report.
#[test]
fn what_a_table_is_made_of_does_no_harm() {
    let scene = Scene::new("hostile");
    let evil = ["=cmd|' /C calc'!A0", "\u{1b}]0;x\u{7}", "@SUM(1)", "\u{202e}gnihtemos", "a\0b", "\u{feff}"];
    let mut text = sheets::HEAD.to_owned();
    for (number, value) in evil.iter().enumerate() {
        text.push_str(&sheets::row(number).replace(&format!("张示例{number}"), value));
    }
    text.push_str(&",".repeat(5_000));
    text.push_str("\r\n");
    text.push_str(&sheets::row(50));
    scene.table("table.csv", text);
    let output = scene.run(&format!("{ISSUE} --max-errors 7"));
    assert_eq!(output.status.code(), Some(30), "{}", String::from_utf8_lossy(&output.stderr));
    let report = fs::read(scene.folder.join("table.report.csv")).unwrap();
    for said in [&output.stdout, &output.stderr, &report] {
        assert!(!said.iter().any(|byte| matches!(byte, 0 | 7 | 0x1b)), "something acts");
        let said = String::from_utf8_lossy(said);
        assert!(!said.contains('\u{202e}'), "something turns the reading direction");
        assert!(!said.contains(",=") && !said.contains(",@"), "a formula");
    }
    assert_eq!((scene.released("licenses").len(), scene.sound()), (1, 1));
    for (name, bytes, said) in [
        ("binary", &[0xff, 0xfe, 0x00, 0x61][..], "this is UTF-16"),
        ("cut", "编号".as_bytes().split_last().unwrap().1, "is not UTF-8"),
        ("nothing", b"", "is empty"),
        ("names", "证照编号,证照编号\r\n1,2\r\n".as_bytes(), "stands twice"),
    ] {
        scene.table("table.csv", bytes);
        let output = scene.run(ISSUE);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && told.contains(said), "{name}: {told}");
    }
}

/// Memory does not grow with the table.
#[test]
fn a_large_table_is_issued_in_bounded_memory() {
    let scene = Scene::new("large");
    let rows = times("ROWS", 3_000);
    let line =
        "license issue --batch - --map map.json --passphrase file:pass --as lines --out all.jsonl --report report.csv";
    let (exit, told, most) = fed(&scene, line, |table| {
        table.write_all(sheets::HEAD.as_bytes()).unwrap();
        for number in 0..rows {
            table.write_all(sheets::row(number).as_bytes()).unwrap();
        }
    });
    assert_eq!(exit, Some(0), "{told}");
    println!("{rows} rows: {most} KiB");
    assert!(most > 0 && most <= MEMORY_KIB, "{most} KiB");
    assert_eq!(fs::read_to_string(scene.folder.join("all.jsonl")).unwrap().lines().count(), rows);
    assert_eq!(scene.report("report.csv").len(), rows);
    if rows <= 10_000 {
        assert_eq!(scene.sound(), u64::try_from(rows).unwrap());
    }
}
