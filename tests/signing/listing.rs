//! Definitions that are held, and licenses that are listed and written again.

use super::{AUTHORITY, ISSUE, ISSUE_OTHER, desk, done, everything, fails, run, zhengyin};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

/// Definitions of the home come before those that are shipped; one that cannot be used is told, for what it forbids would be issued.
#[test]
fn definitions_of_the_home_are_held() {
    let folder = desk("desk-types");
    let own = folder.join("home/types");
    fs::create_dir_all(&own).unwrap();
    let shown = done(&folder, "type show 营业执照 --json");
    let stricter = shown.replacen(
        "\"name\":\"法定代表人\",\"required\":false",
        "\"name\":\"法定代表人\",\"pattern\":\"李.*\",\"required\":true",
        1,
    );
    assert_ne!(stricter, shown, "{shown}");
    fs::write(own.join("business.json"), &stricter).unwrap();
    assert!(done(&folder, "type list").contains("home/types/business.json"));
    let told = fails(&folder, ISSUE);
    assert!(
        told.contains("fields.法定代表人: does not match 李.*") && told.contains("type show 11950000MB0000019Y001"),
        "{told}"
    );
    assert!(!folder.join("one.zyl").exists());
    // One more in the folder for the same type: which of them counts?
    fs::write(own.join("again.json"), &shown).unwrap();
    assert!(fails(&folder, ISSUE).contains("defines 11950000MB0000019Y001 too"));
    fs::write(own.join("again.json"), "{").unwrap();
    assert!(fails(&folder, ISSUE).contains("home/types/again.json cannot be used"));
    fs::remove_file(own.join("again.json")).unwrap();
    fs::write(own.join("business.json"), &shown).unwrap();
    done(&folder, ISSUE);
    // A type that nobody defined is issued and told, or refused where the configuration says so.
    let unknown = ISSUE.replace("business-license", "own-kind").replace("one.zyl", "two.zyl");
    fs::write(folder.join("home/config"), "types = known\n").unwrap();
    assert!(fails(&folder, &unknown).contains("there is no definition of type 11950000MB0000019Y777"));
    fs::write(folder.join("home/config"), "types = any\n").unwrap();
    let output = run(&folder, &unknown);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("its fields are not checked"));
}

/// Numbers of persons are masked where the type demands it, before anything is signed.
#[test]
fn numbers_of_persons_are_masked_before_they_are_signed() {
    let folder = desk("desk-masks");
    let own = folder.join("home/types");
    fs::create_dir_all(&own).unwrap();
    let shown = done(&folder, "type show 机动车驾驶证 --json");
    fs::write(own.join("driving.json"), shown.replacen("\"rule\":\"admitted\"", "\"rule\":\"demanded\"", 1)).unwrap();
    let data = fs::read_to_string(folder.join("driving-licence.json")).unwrap();
    let here =
        data.replace("11980000MB0000019B", AUTHORITY).replace("\"region\": \"980100\"", "\"region\": \"990102\"");
    fs::write(folder.join("driving.json"), here).unwrap();
    let line = "license issue --data driving.json --passphrase file:pass --out driving.zyl";
    let output = run(&folder, line);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("holders[0].id: masked, as the type demands"), "{told}");
    let inspected = done(&folder, "inspect driving.zyl");
    assert!(inspected.contains("980103********417X"), "{inspected}");
    // The same again is the same license, though its facts were complete.
    assert!(done(&folder, line).contains("here it is again"));
}

/// Which licenses are meant, and that a table does nothing in a spreadsheet.
#[test]
fn licenses_are_listed_as_they_are_meant() {
    let folder = desk("desk-list");
    let pass = "--passphrase file:pass";
    done(&folder, ISSUE);
    done(&folder, ISSUE_OTHER);
    let driving = fs::read_to_string(folder.join("driving-licence.json")).unwrap();
    let driving =
        driving.replace("11980000MB0000019B", AUTHORITY).replace("\"region\": \"980100\"", "\"region\": \"990103\"");
    fs::write(folder.join("driving.json"), driving.replace("陈演练", "=HYPERLINK(1)")).unwrap();
    done(&folder, &format!("license issue --data driving.json {pass}"));
    done(&folder, "license revoke JY29901020000018 --reason x");
    let meant = |words: &str| {
        let said = done(&folder, &format!("license list --json {words}"));
        let lines = said.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let mut numbers: Vec<String> = lines.map(|line| line["number"].as_str().unwrap().to_owned()).collect();
        numbers.sort();
        numbers
    };
    let (business, food, licence) = ("91990100MA00000A9K", "JY29901020000018", "98010319930412417X");
    assert_eq!(meant(""), [business, licence, food]);
    for (words, numbers) in [
        ("--state revoked", vec![food]),
        ("--state in-force --state suspended", vec![business, licence]),
        ("--type 11950000MB0000019Y", vec![business, food]),
        ("--type 11950000MB0000019Y002", vec![food]),
        ("--region 990103", vec![licence]),
        ("--region 9901", vec![business, licence, food]),
        ("--region 98", vec![]),
        ("--number JY*", vec![food]),
        ("--number JY", vec![]),
        ("--holder 98010319930412417X", vec![licence]),
        ("--issued-from 2020-01-01 --issued-until 2020-12-31", vec![]),
        ("--issued-from 2020-01-01 --state revoked --number JY2990*", vec![food]),
        ("--authority 11990000MB0000000J", vec![]),
    ] {
        assert_eq!(meant(words), numbers, "{words}");
    }
    for wrong in
        ["--state gone", "--issued-from soon", "--issued-from 2026-02-02 --issued-until 2026-02-01", "--region 9"]
    {
        assert_eq!(run(&folder, &format!("license list {wrong}")).status.code(), Some(2), "{wrong}");
    }
    // The holder's id need not stand on a command line.
    let mut asked = zhengyin(&folder, "license list --holder - --json")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut asked.stdin.take().unwrap(), b"98010319930412417X\n").unwrap();
    let answered = String::from_utf8(asked.wait_with_output().unwrap().stdout).unwrap();
    assert!(answered.lines().count() == 1 && answered.contains("980103********417X"), "{answered}");

    assert!(done(&folder, "license list --csv listed.csv").contains("wrote 3 rows"));
    let table = fs::read_to_string(folder.join("listed.csv")).unwrap();
    assert!(table.starts_with("\u{feff}authority,") && table.lines().count() == 4, "{table}");
    assert!(table.contains(",'=HYPERLINK(1),980103********417X,"), "{table}");
    assert_eq!(fs::metadata(folder.join("listed.csv")).unwrap().permissions().mode() & 0o077, 0);
    assert!(fails(&folder, "license list --csv listed.csv").contains("exists already"));
    let full = done(&folder, "license list --csv - --full-ids --lang zh");
    assert!(full.contains(",98010319930412417X,1,") && full.contains("已吊销"), "{full}");
}

/// A license once more: its file, its code; nothing where only asked about; a page needs a font.
#[test]
fn licenses_are_written_again() {
    let folder = desk("desk-export");
    done(&folder, ISSUE);
    done(&folder, ISSUE_OTHER);
    let before = everything(&folder);
    let number = "91990100MA00000A9K";
    for line in ["--out again.zyl", "--as code --out code.svg", "--out code.png"] {
        done(&folder, &format!("license export {number} {line} --dry-run"));
    }
    assert_eq!(everything(&folder), before);
    done(&folder, &format!("license export {number} --out again.zyl"));
    assert_eq!(fs::read(folder.join("again.zyl")).unwrap(), fs::read(folder.join("one.zyl")).unwrap());
    done(&folder, &format!("license export {number} --out code.png"));
    let read = done(&folder, "qr read code.png");
    fs::write(folder.join("read.txt"), read.trim_end()).unwrap();
    // A report tells the digest of what was verified.
    let verified = |file: &str| {
        let report = run(&folder, &format!("verify {file} --json --clock none")).stdout;
        let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
        report["bytes"]["digest"].as_str().map(str::to_owned)
    };
    assert!(verified("one.zyl").is_some());
    assert_eq!(verified("read.txt"), verified("one.zyl"));
    assert!(fails(&folder, &format!("license export {number} --out code.png")).contains("exists already"));
    // Several at once, into a folder; those of another state are left out.
    done(&folder, "license revoke JY29901020000018 --reason x");
    done(&folder, "license export --state in-force --as file --out all");
    assert_eq!(fs::read_dir(folder.join("all")).unwrap().count(), 1);
    let told = done(&folder, "license export JY29901020000018 --out revoked.zyl");
    assert!(told.contains("mind: this license is revoked"), "{told}");
    for (line, exit, said) in [
        ("license export", 2, "nothing says which licenses are meant"),
        ("license export nothing --out nothing.zyl", 1, "no register here knows a license nothing"),
        ("license export 91990100MA00000A9K --out page.doc", 2, "--out is to end with .pdf, .svg"),
        ("license export 91990100MA00000A9K --out page.pdf --font nowhere.ttf", 1, "cannot open nowhere.ttf"),
        ("license export 91990100MA00000A9K --out page.pdf --font one.zyl", 1, "the font one.zyl cannot be used"),
        ("license export 91990100MA00000A9K --out page.pdf --font one.zyl --seal one.zyl", 1, "one.zyl cannot be used"),
    ] {
        let output = run(&folder, line);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{line}: {told}");
        assert!(told.contains(said), "{line}: {told}");
    }
    assert!(!folder.join("page.pdf").exists());
}
