//! Provinces of SM2 and provinces of Ed25519 at the command line: what one signs is verified where the other signs.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{folder, run};

/// A demonstration of these suites, with the objects that it answers in JSON.
fn demonstration(folder: &Path, suite: &str) -> Vec<Value> {
    let output = run(folder, &format!("demo {suite} --suite {suite} --json"));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The commands that it names at its end, by their exit codes.
fn commands_of(folder: &Path, suite: &str) -> Vec<i32> {
    let readme = fs::read_to_string(folder.join(suite).join("README.md")).unwrap();
    let lines = readme.lines().filter(|line| line.starts_with(env!("CARGO_BIN_EXE_zhengyin")));
    let run = |line: &str| Command::new("sh").args(["-c", line]).current_dir(folder).output().unwrap();
    lines.map(|line| run(line).status.code().unwrap()).collect()
}

#[test]
fn the_demonstration_of_sm2_and_its_commands_work() {
    let folder = folder("desk-demo-sm2");
    let answers = demonstration(&folder, "sm2");
    assert!(answers.iter().all(|answer| answer["as_expected"] == true) && answers.len() >= 24);
    assert_eq!(commands_of(&folder, "sm2"), [10, 10, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
}

#[test]
fn the_demonstration_of_both_suites_and_its_commands_work() {
    let folder = folder("desk-demo-mixed");
    let answers = demonstration(&folder, "mixed");
    assert!(answers.iter().all(|answer| answer["as_expected"] == true));
    // In the provinces 98 and 96, which sign with SM2, what 99 and 97 signed is valid, and the other way round.
    let of_sm2 = |code: &str| code.starts_with("98") || code.starts_with("96");
    let valid = |answer: &&Value| answer["report"]["verdict"] == "valid";
    let mut across = [0, 0];
    for answer in answers.iter().filter(valid).filter(|answer| answer["license"].is_string()) {
        let (shown, issuer) = (&answer["region"], &answer["report"]["object"]["facts"]["authority"]);
        let issued_by_sm2 = of_sm2(issuer.as_str().unwrap().trim_start_matches("11"));
        if issued_by_sm2 != of_sm2(shown.as_str().unwrap()) {
            across[usize::from(issued_by_sm2)] += 1;
        }
    }
    assert_eq!(across, [2, 2]);
    let documents = |region: &str| {
        let of = |answer: &&Value| answer["document"].is_string() && answer["region"].as_str() == Some(region);
        answers.iter().filter(valid).filter(of).count()
    };
    assert_eq!([documents("990102"), documents("980102")], [3, 3]);
    // With the two that verify where the other suite signs, and the notice that both stamped.
    assert_eq!(commands_of(&folder, "mixed"), [10, 10, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
    // The files are of both, by their names for COSE: -19 and -70010.
    for (name, alg) in [("driving-licence", "70010"), ("business-license", "-19")] {
        let told = run(&folder, &format!("inspect mixed/licenses/{name}.zyl"));
        assert!(String::from_utf8_lossy(&told.stdout).contains(alg), "{name}");
    }
}

/// A key is of one suite: `mixed` is refused by whatever is no demonstration, on the command line and in the environment.
#[test]
fn no_other_command_takes_mixed() {
    let folder = folder("desk-mixed-refused");
    for line in ["key gen x.pem --suite mixed", "verify x.zyl --suite mixed", "explain 501 --suite mixed"] {
        let output = run(&folder, line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("mixed is for `zhengyin demo` alone") && said.contains("--suite sm2"), "{said}");
    }
    let surroundings = |value: &str| {
        let mut command = super::zhengyin(&folder, "key gen x.pem --passphrase env:SECRET");
        let output = command.env("ZHENGYIN_SUITE", value).env("SECRET", "secret").output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(surroundings("mixed").contains("for `zhengyin demo` alone"));
    assert!(surroundings("rsa").contains("ZHENGYIN_SUITE is neither ed25519 nor sm2"));
    assert!(!folder.join("x.pem").exists());
}
