//! Keys that are exchanged, and copies that are made once, whatever stops the work.

use super::{AUTHORITY, ISSUE, ISSUE_OTHER, desk, done, everything, fails, run};
use std::fs;

/// Licenses of the old key and of the new one verify at a counter that holds both directories; an exchange that was stopped goes on.
#[test]
fn what_a_retired_key_signed_stands() {
    let folder = desk("desk-rotation");
    let pass = "--passphrase file:pass";
    done(&folder, ISSUE);
    done(&folder, &format!("status publish {AUTHORITY} {pass}"));
    let seats = folder.join("home/authorities").join(AUTHORITY);
    let rotate = |purpose: &str| format!("authority rotate-key {AUTHORITY} --use {purpose} {pass}");
    let before = everything(&folder.join("home"));
    done(&folder, &format!("{} --dry-run", rotate("license")));
    assert_eq!(everything(&folder.join("home")), before);
    done(&folder, &rotate("license"));
    let count = |name: &str| {
        fs::read_dir(&seats)
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(name))
            .count()
    };
    assert_eq!((count("license.retired-"), count("license.next")), (1, 0));
    assert!(fails(&folder, ISSUE_OTHER).contains("issuer"), "the new key signs from the next directory on");

    // Stopped after the old seat was put aside: nothing signs until the exchange has gone on.
    done(&folder, &rotate("status"));
    let mut retired = fs::read_dir(&seats).unwrap().map(|entry| entry.unwrap().path());
    let retired = retired.find(|path| path.to_string_lossy().contains("status.retired-")).unwrap();
    let new = fs::read(seats.join("status/certificate.der")).unwrap();
    fs::rename(seats.join("status"), seats.join("status.next")).unwrap();
    done(&folder, &rotate("status"));
    assert_eq!(fs::read(seats.join("status/certificate.der")).unwrap(), new);
    // Stopped before it was: the register knows of the new key already.
    fs::rename(seats.join("status"), seats.join("status.next")).unwrap();
    fs::rename(&retired, seats.join("status")).unwrap();
    let told = fails(&folder, &format!("status publish {AUTHORITY} {pass}"));
    assert!(told.contains("was put out of use") && told.contains("rotate-key"), "{told}");
    done(&folder, &rotate("status"));
    assert_eq!(fs::read(seats.join("status/certificate.der")).unwrap(), new);

    done(&folder, &format!("trust directory 99 {pass}"));
    done(&folder, ISSUE_OTHER);
    done(&folder, &format!("status publish {AUTHORITY} {pass}"));
    done(&folder, "pack build --out all.zyp");
    let pin = done(&folder, "trust show --json");
    let pin: serde_json::Value = serde_json::from_str(pin.lines().next().unwrap()).unwrap();
    let pin = pin["pin"].as_str().or(pin["digest"].as_str()).unwrap().to_owned();
    done(&folder, &format!("--home counter store init --pin {pin} --from all.zyp --region 990102"));
    for license in ["one.zyl", "two.zyl"] {
        let verdict = done(&folder, &format!("--home counter verify {license} --clock 1h --json"));
        assert!(verdict.contains("\"verdict\":\"valid\""), "{verdict}");
    }
    assert_eq!(run(&folder, "register check").status.code(), Some(0));
}

/// A run that was stopped is repeated: whoever has a copy gets it again, byte for byte.
#[test]
fn copies_are_made_once() {
    let folder = desk("desk-copies");
    done(&folder, "license issue --batch many.csv --map map.json --passphrase file:pass");
    let copy = |batch: &str, more: &str| {
        let line = "license copy --purpose 年报公示 --made-by 示例局 --passphrase file:pass --json --quiet";
        let told = done(&folder, &format!("{line} --batch {batch} {more}"));
        let again = told.lines().filter(|line| line.contains("\"again\":true")).count();
        (told.lines().filter(|line| line.contains("zhengyin.issued/1")).count(), again)
    };
    // Three of fifteen were made when it was stopped, and one file was not written.
    assert_eq!(copy("few.txt", "--until 30d --out copies"), (3, 0));
    let written = everything(&folder.join("copies"));
    let bytes = fs::read(&written[0]).unwrap();
    fs::remove_file(&written[0]).unwrap();
    fs::write(folder.join("all.txt"), "YS0000000000\nYS0000000001\nYS0000000002\nYS0000000003\nYS0000000004\n")
        .unwrap();
    assert_eq!(copy("all.txt", "--until 30d --out copies --resume"), (5, 3));
    assert_eq!(fs::read(&written[0]).unwrap(), bytes);
    assert_eq!(copy("all.txt", "--until 30d --out copies --resume"), (5, 5));
    assert_eq!(everything(&folder.join("copies")).len(), 5);
    // Until a day, the same copy is the same without a word; another term is another copy.
    assert_eq!(copy("few.txt", "--until 2999-01-01 --out until"), (3, 0));
    assert_eq!(copy("few.txt", "--until 2999-01-01 --out until"), (3, 3));
    assert_eq!(copy("few.txt", "--until 60d --out copies --resume"), (3, 0));
    // What was revoked is not handed out again.
    let first = serde_json::from_str::<serde_json::Value>(done(&folder, "license copy YS0000000000 --purpose 年报公示 --made-by 示例局 --until 2999-01-01 --out until --passphrase file:pass --json").lines().next().unwrap()).unwrap();
    assert_eq!(first["again"], true);
    done(&folder, &format!("license revoke {} --reason 误制", first["credential"].as_str().unwrap()));
    assert_eq!(copy("few.txt", "--until 2999-01-01 --out until"), (3, 2));
}
