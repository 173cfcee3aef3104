//! Several operators at once, and clocks.

use std::time::{SystemTime, UNIX_EPOCH};

use zhengyin::register::Act;
use zhengyin::time::Timestamp;

use super::*;

/// Two tables that overlap, at the same time: every license once, whoever was quicker.
#[test]
fn two_operators_issue_overlapping_tables() {
    let scene = Scene::new("two");
    let rows =
        |range: std::ops::Range<usize>| format!("{}{}", sheets::HEAD, range.map(sheets::row).collect::<String>());
    scene.table("one.csv", rows(0..300));
    scene.table("other.csv", rows(150..450));
    let children = ["one", "other"].map(|name| {
        let line = format!("license issue --batch {name}.csv --map map.json --passphrase file:pass --out {name}");
        scene.command(&line).spawn().unwrap()
    });
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(scene.sound(), 450);
    let (one, other) = (scene.released("one"), scene.released("other"));
    assert_eq!((one.len(), other.len(), one.intersection(&other).count()), (300, 300, 150));
}

/// A clock that stands before what was done last signs nothing.
#[test]
fn a_clock_that_was_set_back_is_told() {
    let scene = Scene::new("clock");
    scene.table("table.csv", sheets::table(3));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let tomorrow = Timestamp::new(i64::try_from(now).unwrap() + 86_400).unwrap();
    let authority = CreditCode::parse(AUTHORITY).unwrap();
    // As if it had been tomorrow when the register was last used.
    let register = SqliteRegister::open(&scene.register()).unwrap();
    drop(Desk::open(register, authority, &Act::new("tomorrow", tomorrow)).unwrap());
    let output = scene.run(ISSUE);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && told.contains("the clock is behind the last record"), "{told}");
    assert!(told.contains("next: date"));
    assert_eq!((scene.sound(), scene.released("licenses").len()), (0, 0));
}
