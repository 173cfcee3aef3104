//! The licenses of a table, whatever happens meanwhile: processes that are killed or interrupted, disks that are full or cannot be written
//! to, two operators at once, a clock that was set back, tables made to do harm. No position is given twice, no row is lost or doubled, the
//! journal is intact, and every file that was released verifies.
//!
//! `KILLS=300 ROWS=1000000 LINE=1073741824 cargo test --release --all-features --test tables` does the same for longer.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]
#![cfg(unix)]

mod disks;
mod harm;
mod kills;
mod restored;
mod sheets;
mod together;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use zhengyin::claims::id::CreditCode;
use zhengyin::claims::{LicenseClaims, StatusPointer};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::register::{Desk, Finding, Inspector, Register as _, SqliteRegister, check};
use zhengyin::suite::PublicKey;

const AUTHORITY: &str = "11990100MB0000000P";

/// How often, or how much, unless the surroundings say more.
fn times(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A desk at which licenses can be issued.
struct Scene {
    folder: PathBuf,
}

impl Scene {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tables").join(name);
        let _ = fs::remove_dir_all(&folder);
        sheets::lay_desk(&folder);
        let scene = Self { folder };
        for line in sheets::FOUNDING {
            scene.done(&format!("{line} --passphrase file:pass"));
        }
        scene
    }

    fn table(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    fn command(&self, line: &str) -> Command {
        self.prepared(Command::new(env!("CARGO_BIN_EXE_zhengyin")), line.split_whitespace())
    }

    fn prepared<'a>(&self, mut command: Command, words: impl IntoIterator<Item = &'a str>) -> Command {
        command
            .args(words)
            .current_dir(&self.folder)
            .env("ZHENGYIN_HOME", "home")
            .env("ZHENGYIN_LANG", "en")
            .env("ZHENGYIN_OPERATOR", "tester")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    fn done(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn register(&self) -> PathBuf {
        self.folder.join("home/register.sqlite")
    }

    /// Nothing is wrong with the register; how many credentials it has.
    fn sound(&self) -> u64 {
        struct Findings(Vec<Finding>);
        impl Inspector for Findings {
            fn found(&mut self, finding: Finding) {
                self.0.push(finding);
            }
        }
        let Some(register) = SqliteRegister::read(&self.register()).unwrap() else { return 0 };
        let mut findings = Findings(Vec::new());
        let checked = check(&register, NonZeroUsize::MIN, &mut findings).unwrap();
        assert_eq!(findings.0, [], "the register is not whole");
        checked.credentials
    }

    fn desk(&self) -> Desk<SqliteRegister> {
        let authority = CreditCode::parse(AUTHORITY).unwrap();
        Desk::read(SqliteRegister::read(&self.register()).unwrap().unwrap(), authority).unwrap().unwrap()
    }

    /// Every file that was released is in the register as it stands, and verifies.
    fn released(&self, folder: &str) -> BTreeSet<StatusPointer> {
        let mut places = BTreeSet::new();
        let files = files(&self.folder.join(folder));
        if files.is_empty() {
            return places;
        }
        let desk = self.desk();
        let keys: Vec<PublicKey> = desk.register().keys(desk.authority()).unwrap();
        for path in files {
            let bytes = fs::read(&path).unwrap();
            let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).unwrap();
            assert!(keys.iter().any(|key| envelope.verify(key).is_ok()), "{path:?} does not verify");
            let claims = LicenseClaims::parse(envelope.claimed_payload()).unwrap();
            let at = claims.claimed().status;
            assert_eq!(desk.content(at).unwrap(), Some(bytes), "{path:?} was released and is not in the register");
            assert!(places.insert(at), "{path:?}: position {at:?} is given twice");
        }
        places
    }

    /// Lines of a report by row.
    fn report(&self, name: &str) -> BTreeMap<usize, Vec<String>> {
        let text = fs::read_to_string(self.folder.join(name)).unwrap();
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        assert!(lines.next().unwrap().starts_with("row,outcome,number,"));
        let mut rows = BTreeMap::new();
        for line in lines {
            let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            assert!(rows.insert(cells[0].parse().unwrap(), cells).is_none(), "a row stands twice");
        }
        rows
    }

    /// Everything was issued once: a license, a file and a line for each row.
    fn complete(&self, folder: &str, report: &str, rows: usize) {
        let rows_told = self.report(report);
        assert_eq!(rows_told.keys().copied().collect::<Vec<_>>(), (2..rows + 2).collect::<Vec<_>>());
        let outcomes: BTreeSet<&str> = rows_told.values().map(|cells| cells[1].as_str()).collect();
        assert!(outcomes.is_subset(&BTreeSet::from(["issued", "again"])), "{outcomes:?}");
        let places = self.released(folder);
        assert_eq!((places.len(), self.sound()), (rows, u64::try_from(rows).unwrap()));
        for cells in rows_told.values() {
            let (list, index) = (cells[5].parse().unwrap(), cells[6].parse().unwrap());
            assert!(places.contains(&StatusPointer { list, index }));
        }
        let desk = self.desk();
        let states = desk.states(1).unwrap();
        assert_eq!(usize::try_from(desk.length(1).unwrap()).unwrap(), rows + states.len(), "all else is void");
    }
}

/// Every license in a folder and beneath.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "zyl") {
            found.push(path);
        }
    }
    found
}

const ISSUE: &str = "license issue --batch table.csv --map map.json --passphrase file:pass --out licenses --resume";

/// Every row that is wrong is told with its column and rule, and the others are issued.
#[test]
fn each_wrong_row_is_told_by_its_rule() {
    let scene = Scene::new("wrong");
    let (text, rules) = sheets::damaged();
    scene.table("table.csv", text);
    let told = scene.run(ISSUE);
    assert_eq!(told.status.code(), Some(30));
    let report = scene.report("table.report.csv");
    assert_eq!(report.len(), rules.len() + 2);
    for (row, rule) in &rules {
        let line = report[row].join(",");
        assert!(line.contains(",refused,") && line.contains(&format!(",{rule},")), "row {row}, {rule}: {line}");
    }
    assert_eq!((report[&2][1].as_str(), scene.sound()), ("checked", 0), "nothing is signed");
    assert!(!scene.register().exists());
    let told = scene.run(&format!("{ISSUE} --max-errors {}", rules.len()));
    assert_eq!(told.status.code(), Some(30), "{}", String::from_utf8_lossy(&told.stderr));
    assert_eq!((scene.released("licenses").len(), scene.sound()), (2, 2));
    let report = scene.report("table.report.csv");
    assert_eq!(report.values().filter(|cells| cells[1] == "issued").count(), 2);
    assert_eq!(report.values().filter(|cells| cells[1] == "refused").count(), rules.len());
}

/// The three forms carry the same licenses.
#[test]
fn a_folder_a_pack_and_lines_hold_the_same() {
    let scene = Scene::new("forms");
    scene.table("table.csv", sheets::table(70));
    scene.done(ISSUE);
    scene.complete("licenses", "table.report.csv", 70);
    scene.table("table.jsonl", sheets::lines(70));
    let batch = "license issue --batch table.jsonl --passphrase file:pass --resume";
    scene.done(&format!("{batch} --as pack --out all.zyl"));
    scene.done(&format!("{batch} --as lines --out all.jsonl"));
    let desk = scene.desk();
    let mut pack = Vec::new();
    let mut lines = String::new();
    for index in 0..70 {
        let bytes = desk.content(StatusPointer { list: 1, index }).unwrap().unwrap();
        lines.push_str(&zhengyin::carrier::encode_digits(&bytes).unwrap());
        lines.push('\n');
        pack.extend(bytes);
    }
    assert_eq!(fs::read(scene.folder.join("all.zyl")).unwrap(), pack);
    let told: String = fs::read_to_string(scene.folder.join("all.jsonl"))
        .unwrap()
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{}\n", line["qr"].as_str().unwrap())
        })
        .collect();
    assert_eq!(told, lines);
    // What would be overwritten by something else is not.
    scene.table(
        "other.csv",
        sheets::table(1)
            .replace("张示例0", "李示例0")
            .replace("YS0000000000", "YS1000000000")
            .replace("S000000000,", "S000000070,"),
    );
    let refused = scene.run("license issue --batch other.csv --map map.json --passphrase file:pass --out licenses");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the folder is not empty"));
}
