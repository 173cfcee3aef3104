//! Bodies of status lists in files beside the store: damaged, missing, changed under a map, removed while somebody reads.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use zhengyin::issue::pack;
use zhengyin::store::Store;
use zhengyin::time::TimeWindow;

use crate::processes::{BODIES, OnDisk, Scene, bodies, command, finish, folder, scene, spawn};
use crate::world::spoil::flip;
use crate::{HERE, Weeks, large_weeks, times};

const LICENSES: [&str; 2] = ["revoked.zyl", "good.zyl"];
/// `verify` of the two.
const RIGHT: [i32; 2] = [10, 0];
const UNDETERMINED: i32 = 20;

/// The scene after the pack, with a revoked license and one in force in the folder.
fn with_licenses(name: &str) -> Scene {
    let scene = scene(name);
    let Weeks { licenses: [revoked, _, good], .. } = large_weeks();
    for (name, license) in LICENSES.iter().zip([revoked, good]) {
        fs::write(scene.folder.join(name), license.bytes).unwrap();
    }
    scene
}

fn verify(scene: &Scene, license: &str) -> (i32, String) {
    let mut command = command(&scene.folder, &["verify", license, "--region", HERE, "--json"]);
    let output = command.stdout(Stdio::piped()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn doctor(scene: &Scene) -> (i32, String) {
    let words = ["store", "doctor", "--within", "1s", "--json"];
    let output = command(&scene.folder, &words).stdout(Stdio::piped()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// What a body's file may become, named.
fn damages(sound: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    let mut damages = vec![
        ("missing".to_owned(), None),
        ("empty".to_owned(), Some(Vec::new())),
        ("cut".to_owned(), Some(sound[..sound.len() - 1].to_vec())),
        ("longer".to_owned(), Some([sound, &[0]].concat())),
        ("zeros".to_owned(), Some(vec![0; sound.len()])),
    ];
    let flips = times("KILLS", 60) / 4;
    let flip = |n: usize| (format!("flipped {n}"), Some(flip(sound, n * (sound.len() - 1) / flips, 2)));
    damages.extend((0..=flips).map(flip));
    damages
}

/// Whatever the file has become: a verdict is the right one or undetermined, the doctor finds it, and the same pack mends it.
#[test]
fn a_damaged_body_is_found_and_mended_and_never_believed() {
    let scene = with_licenses("bodies");
    let (name, sound) = scene.after.bodies.first_key_value().unwrap();
    let path = scene.folder.join(BODIES).join(name);
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode & 0o222, 0, "nobody writes to it: {mode:o}");
    assert_eq!(LICENSES.map(|license| verify(&scene, license).0), RIGHT);
    let (exit, said) = doctor(&scene);
    assert!(exit == 0 && !said.contains("list_damaged") && said.contains("\"superfluous\":[]"), "{said}");
    let mut undetermined = 0;
    for (what, damaged) in damages(sound) {
        fs::remove_file(&path).unwrap();
        damaged.iter().for_each(|bytes| fs::write(&path, bytes).unwrap());
        for (license, right) in LICENSES.iter().zip(RIGHT) {
            let (exit, said) = verify(&scene, license);
            let is_told = exit == UNDETERMINED && said.contains("status.list_damaged");
            assert!(exit == right || is_told, "{what}, {license}: {exit}: {said}");
            undetermined += usize::from(is_told);
        }
        let (exit, said) = doctor(&scene);
        assert!(exit == UNDETERMINED && said.contains("status.list_damaged"), "{what}: {said}");
        // The pack has the list that is held: it is the same, and takes the place of what was spoilt.
        let (exit, said) = finish(spawn(&scene.folder, &["store", "apply", "newer.zyp"]));
        assert!(matches!(exit, Some(0 | 30)), "{what}: {exit:?} {said}");
        assert!(OnDisk::read(&scene.folder) == scene.after, "{what}: mended");
    }
    assert!(undetermined >= 10, "{undetermined}");
    // What nobody needs is told, and goes with the next store.
    fs::write(scene.folder.join(BODIES).join("0".repeat(64)), b"of a process that died").unwrap();
    fs::write(scene.folder.join(BODIES).join("somebody's notes"), b"not ours").unwrap();
    let (exit, said) = doctor(&scene);
    assert!(exit == 0 && said.contains(&"0".repeat(64)) && !said.contains("notes"), "{said}");
    scene.before.put(&scene.folder);
    fs::write(scene.folder.join(BODIES).join("0".repeat(64)), b"of a process that died").unwrap();
    assert_eq!(finish(spawn(&scene.folder, &["store", "apply", "newer.zyp"])).0, Some(0));
    assert!(OnDisk::read(&scene.folder) == scene.after);
}

/// Readers at work while lists come and go: each finds the lists of one store or of the next.
#[test]
fn readers_never_miss_a_body_while_packs_are_applied() {
    let folder = folder("readers");
    let Weeks { first, objects, licenses: [.., good] } = large_weeks();
    fs::write(folder.join("good.zyl"), &good.bytes).unwrap();
    let late = TimeWindow::unasked();
    let mut store = Store::new(first.pin());
    store.apply_pack(&pack(&objects[0]).unwrap(), late).unwrap();
    let begun = OnDisk::of(&store);
    let packs: Vec<String> = (1..objects.len()).map(|week| format!("{week}.zyp")).collect();
    for (name, objects) in packs.iter().zip(&objects[1..]) {
        fs::write(folder.join(name), pack(objects).unwrap()).unwrap();
    }
    let mut reads = 0;
    for _ in 0..times("KILLS", 60) / 15 {
        begun.put(&folder);
        let is_over = AtomicBool::new(false);
        reads += std::thread::scope(|scope| {
            let read = || {
                let mut reads = 0;
                while !is_over.load(Ordering::Relaxed) {
                    // By which week's list is no matter: that there is none would be undetermined.
                    let mut command = command(&folder, &["verify", "good.zyl", "--region", HERE, "--json"]);
                    let output = command.stdout(Stdio::piped()).output().unwrap();
                    let said = String::from_utf8(output.stdout).unwrap();
                    assert!(!said.contains("list_damaged") && said.contains("verdict"), "{said}");
                    reads += 1;
                }
                reads
            };
            let readers = [scope.spawn(read), scope.spawn(read)];
            for pack in &packs {
                assert_eq!(finish(spawn(&folder, &["store", "apply", pack])).0, Some(0));
            }
            is_over.store(true, Ordering::Relaxed);
            readers.into_iter().map(|reader| reader.join().unwrap()).sum::<u32>()
        });
        assert_eq!(bodies(&folder).len(), 1);
    }
    println!("{reads} verifications while packs were applied");
    assert!(reads > 10);
}

/// A process that has the store loaded, and waits for a license on its standard input.
struct Waiting(Child);

impl Waiting {
    fn new(scene: &Scene) -> Self {
        let mut command = command(&scene.folder, &["verify", "-", "--region", HERE, "--json"]);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let maps = PathBuf::from(format!("/proc/{}/maps", child.id()));
        let began = Instant::now();
        while !fs::read_to_string(&maps).is_ok_and(|maps| maps.contains(BODIES)) {
            assert!(began.elapsed() < Duration::from_secs(60), "it maps the body");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self(child)
    }

    /// The exit code or the signal, and what was said.
    fn hand(mut self, license: &[u8]) -> (Option<i32>, Option<i32>, String) {
        self.0.stdin.take().unwrap().write_all(license).unwrap();
        let output = self.0.wait_with_output().unwrap();
        (output.status.code(), output.status.signal(), String::from_utf8(output.stdout).unwrap())
    }
}

/// What happens to a file while a process has it mapped: removed, replaced, altered, cut.
#[test]
#[cfg(target_os = "linux")]
fn a_mapped_body_is_right_or_not_believed_whatever_becomes_of_its_file() {
    const SIGBUS: i32 = 7;
    let scene = with_licenses("mapped");
    let [revoked, good] = LICENSES.map(|name| fs::read(scene.folder.join(name)).unwrap());
    let (name, sound) = scene.after.bodies.first_key_value().unwrap();
    let path = scene.folder.join(BODIES).join(name);
    // A newer store, whose writer removes what it does not need: the map stays what it was.
    let (one, other) = (Waiting::new(&scene), Waiting::new(&scene));
    fs::remove_dir_all(scene.folder.join(BODIES)).unwrap();
    assert_eq!(one.hand(&good).0, Some(0));
    assert_eq!(other.hand(&revoked).0, Some(10));
    // Another file of its name.
    scene.after.put(&scene.folder);
    let one = Waiting::new(&scene);
    fs::remove_file(&path).unwrap();
    fs::write(&path, vec![0; sound.len()]).unwrap();
    assert_eq!(one.hand(&good).0, Some(0));
    // Altered in place, by somebody who gave himself the right to.
    scene.after.put(&scene.folder);
    let (one, other) = (Waiting::new(&scene), Waiting::new(&scene));
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    fs::write(&path, vec![0; sound.len()]).unwrap();
    for (waiting, license) in [(one, &good), (other, &revoked)] {
        let (exit, _, said) = waiting.hand(license);
        // While it is written it is cut: a signal, or a file of zeros.
        assert!(exit == Some(UNDETERMINED) && said.contains("status.list_damaged"), "{exit:?} {said}");
    }
    // Cut: no answer at all.
    scene.after.put(&scene.folder);
    let one = Waiting::new(&scene);
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(0).unwrap();
    let (exit, signal, said) = one.hand(&good);
    assert_eq!((exit, signal, said.as_str()), (None, Some(SIGBUS), ""), "no verdict, and none that is valid");
}
