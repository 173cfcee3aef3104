//! Disks that are full, or that cannot be written to.

use super::*;

/// The command with files of so many KiB at most, which stands in for a full disk; the signal that comes with it is ignored.
fn limited(scene: &Scene, line: &str, kib: usize) -> Output {
    let program = env!("CARGO_BIN_EXE_zhengyin");
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec {program} {line}");
    let mut command = Command::new("bash");
    command.args(["-c", &script]);
    scene.prepared(command, []).output().unwrap()
}

fn resumed(scene: &Scene, rows: usize) {
    scene.sound();
    scene.done(ISSUE);
    scene.complete("licenses", "table.report.csv", rows);
}

#[test]
fn a_disk_that_fills_up_in_the_middle_is_told_and_the_batch_goes_on_later() {
    let rows = 600;
    for kib in [40, 120, 300] {
        let scene = Scene::new("full");
        scene.table("table.csv", sheets::table(rows));
        let output = limited(&scene, ISSUE, kib);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{kib}: {told}");
        let is_named = ["register", "report.csv", "licenses"].iter().any(|what| told.contains(what));
        assert!(told.contains("error: ") && is_named, "{kib}: {told}");
        scene.released("licenses");
        resumed(&scene, rows);
    }
}

/// A file system of its own that is unmounted in the end; none where this process may not mount.
struct Mount(PathBuf);

impl Mount {
    fn new(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(at.to_path_buf()))
    }

    fn remount(&self, options: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

/// A home on a file system of a megabyte; then of more.
#[test]
fn a_home_on_a_small_disk_fills_up_and_is_whole() {
    let scene = Scene::new("small");
    let home = scene.folder.join("home");
    let kept = scene.folder.join("kept");
    fs::rename(&home, &kept).unwrap();
    let Some(mount) = Mount::new(&home, "size=1m") else {
        println!("not done: this process may not mount a file system");
        return;
    };
    let copied = Command::new("cp").args(["-a"]).arg(format!("{}/.", kept.display())).arg(&home).status().unwrap();
    assert!(copied.success());
    let rows = 2_000;
    scene.table("table.csv", sheets::table(rows));
    let output = scene.run(ISSUE);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("the disk is full"), "{told}");
    mount.remount("size=64m");
    let released = scene.released("licenses").len();
    assert!(released < rows);
    resumed(&scene, rows);
}

/// A home that cannot be written to: nothing is signed, what is there can be looked at, and it is said which file it is.
#[test]
fn a_read_only_home_is_told() {
    let scene = Scene::new("readonly");
    let home = scene.folder.join("home");
    let kept = scene.folder.join("kept");
    fs::rename(&home, &kept).unwrap();
    let Some(mount) = Mount::new(&home, "size=16m") else {
        println!("not done: this process may not mount a file system");
        return;
    };
    let copied = Command::new("cp").args(["-a"]).arg(format!("{}/.", kept.display())).arg(&home).status().unwrap();
    assert!(copied.success());
    scene.table("table.csv", sheets::table(3));
    for issued in [0, 3] {
        mount.remount("ro");
        for line in [ISSUE, "license revoke YS0000000001 --reason x"] {
            let output = scene.run(line);
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            let is_told = told.contains("cannot write home/register.sqlite: the file system is read-only")
                || issued == 0 && told.contains("no register here knows a license");
            assert!(output.status.code() == Some(1) && is_told, "{line}: {told}");
        }
        let shown = scene.done("license show");
        assert_eq!(shown.matches("YS000000000").count(), issued, "{shown}");
        mount.remount("rw");
        scene.done(ISSUE);
    }
    scene.complete("licenses", "table.report.csv", 3);
}
