//! Registers that were damaged: what is wrong is named, and a backup takes their place.

use super::*;

/// Flips a bit where a text stands in a file: the `nth` time that it does.
fn flip(path: &Path, text: &str, nth: usize) {
    let mut bytes = fs::read(path).unwrap();
    let places: Vec<usize> = bytes
        .windows(text.len())
        .enumerate()
        .filter(|(_, found)| *found == text.as_bytes())
        .map(|(at, _)| at)
        .collect();
    bytes[places[nth]] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn refused(scene: &Scene, line: &str, exit: i32, told: &str) -> String {
    let output = scene.run(line);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.code() == Some(exit) && said.contains(told), "{line}: {said}");
    said
}

#[test]
fn a_flipped_byte_is_named_and_a_backup_takes_the_place() {
    let scene = Scene::new("flipped");
    scene.table("table.csv", sheets::table(20));
    scene.done(ISSUE);
    scene.done("register backup backup.sqlite");
    let more = format!("{}{}", sheets::HEAD, (20..25).map(sheets::row).collect::<String>());
    scene.table("more.csv", more);
    let issue_more = "license issue --batch more.csv --map map.json --passphrase file:pass --resume --out";
    scene.done(&format!("{issue_more} more"));
    let whole = fs::read(scene.register()).unwrap();
    assert!(!scene.register().with_extension("sqlite-wal").exists());
    scene.done("register check");

    // A letter of a license: the position is named, the row is refused, and all others are still good.
    flip(&scene.register(), "张示例3", 0);
    refused(
        &scene,
        "register check",
        1,
        "11990100MB0000000P, list 1, position 3: its content does not have its digest",
    );
    refused(&scene, &format!("{ISSUE} --max-errors 1"), 30, "what is kept of list 1, position 3 is damaged");
    assert_eq!(scene.report("table.report.csv").values().filter(|cells| cells[1] == "again").count(), 19);
    fs::write(scene.register(), &whole).unwrap();
    // A letter of the journal: nothing is done before it is whole again, and the record is named.
    flip(&scene.register(), "tester", 1);
    let said = refused(&scene, "license revoke YS0000000001 --reason x", 1, "of the journal is damaged");
    let record = said.split_once("record ").unwrap().1.split_once(' ').unwrap().0.to_owned();
    record.parse::<u64>().unwrap();
    refused(&scene, &format!("{issue_more} again"), 1, &format!("record {record} of the journal is damaged"));
    refused(&scene, "register check", 1, &format!("record {record} of the journal: it was altered"));
    refused(&scene, "register journal", 1, &format!("record {record} of the journal is damaged"));
    let reads = scene.run("register restore backup.sqlite --skip 3 --dry-run");
    assert_eq!(reads.status.code(), Some(0));
    scene.done("register restore backup.sqlite --skip 30 --reason flipped");
    scene.done("register check");
    // What was there is kept.
    let names = fs::read_dir(scene.folder.join("home")).unwrap().map(|entry| entry.unwrap().file_name());
    let kept = names.filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("register.before-") && name.ends_with(".sqlite")
    });
    assert_eq!(kept.count(), 1);
    // The five that came after the backup are issued anew, behind everything that may be out.
    scene.done(&format!("{issue_more} anew"));
    let places: Vec<u64> = scene.released("anew").into_iter().map(|at| at.index).collect();
    assert_eq!(places, (50..55).collect::<Vec<_>>());
    assert_eq!(scene.sound(), 25);
    // Once a list was published, no backup from before takes its place.
    scene.done("status publish 11990100MB0000000P --passphrase file:pass");
    refused(&scene, "register restore backup.sqlite", 1, "the backup lies behind number 1 of list 1");
}
