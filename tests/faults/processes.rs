//! The command, killed at any moment or run twice at once: the store is one of before or after, never behind, never a half.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use zhengyin::issue::pack;
use zhengyin::store::{BodyFile, BodyName, HeldStatus, Store};
use zhengyin::time::TimeWindow;

use crate::{Weeks, large_weeks, times, weeks, world};

const STORE: &str = "trust.store";
pub(crate) const BODIES: &str = "trust.store.lists";
/// In the sixth week.
const CLOCK: &str = "2026-11-06T10:00:00+08:00";

/// A folder of this test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhengyin"));
    prepare(&mut command, folder).args(words).args(["--store", STORE, "--clock", CLOCK, "--quiet"]);
    command
}

fn prepare<'c>(command: &'c mut Command, folder: &Path) -> &'c mut Command {
    command
        .current_dir(folder)
        .env("ZHENGYIN_HOME", "home")
        .env("ZHENGYIN_LANG", "en")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
}

pub(crate) fn spawn(folder: &Path, words: &[&str]) -> Child {
    command(folder, words).spawn().unwrap()
}

/// The exit code, and what was said on standard error.
pub(crate) fn finish(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A store as it stands on the disk: its file, and those of the bodies beside it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OnDisk {
    pub(crate) store: Vec<u8>,
    pub(crate) bodies: BTreeMap<String, Vec<u8>>,
}

impl OnDisk {
    pub(crate) fn of(store: &Store) -> Self {
        let body = |held: &HeldStatus| {
            let name = held.body_name()?.root.to_string();
            Some((name, held.body_to_write()?.concat()))
        };
        Self { store: store.to_contents(), bodies: store.statuses().filter_map(body).collect() }
    }

    pub(crate) fn read(folder: &Path) -> Self {
        let read = |path: &PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap());
        let store = fs::read(folder.join(STORE)).unwrap();
        Self { store, bodies: bodies(folder).iter().map(read).collect() }
    }

    pub(crate) fn put(&self, folder: &Path) {
        let _ = fs::remove_dir_all(folder.join(BODIES));
        if !self.bodies.is_empty() {
            fs::create_dir(folder.join(BODIES)).unwrap();
        }
        self.bodies.iter().for_each(|(name, bytes)| fs::write(folder.join(BODIES).join(name), bytes).unwrap());
        fs::write(folder.join(STORE), &self.store).unwrap();
    }
}

/// The files of the folder of bodies.
pub(crate) fn bodies(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder.join(BODIES)) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// A store before and after a pack, and the pack in the folder.
pub(crate) struct Scene {
    pub(crate) folder: PathBuf,
    pub(crate) before: OnDisk,
    pub(crate) after: OnDisk,
}

pub(crate) fn scene(name: &str) -> Scene {
    let folder = folder(name);
    let Weeks { first, objects, .. } = large_weeks();
    let late = TimeWindow::unasked();
    let mut store = Store::new(first.pin());
    store.apply_pack(&pack(&objects[0]).unwrap(), late).unwrap();
    let before = OnDisk::of(&store);
    let newer: Vec<Vec<u8>> = objects[1..].iter().flatten().cloned().collect();
    fs::write(folder.join("newer.zyp"), pack(&newer).unwrap()).unwrap();
    before.put(&folder);
    let (exit, said) = finish(spawn(&folder, &["store", "apply", "newer.zyp"]));
    assert_eq!(exit, Some(0), "{said}");
    let after = OnDisk::read(&folder);
    assert!(before.store != after.store && before.bodies != after.bodies);
    assert_eq!((before.bodies.len(), after.bodies.len()), (1, 1), "what no list needs any more is gone");
    Scene { folder, before, after }
}

impl Scene {
    fn put_back(&self) {
        self.before.put(&self.folder);
    }

    /// What there is now: the store after the pack, or before it, and every body that it names, whole. Anything else is a fault.
    fn is_after(&self, when: &str) -> bool {
        let OnDisk { store: found, bodies } = OnDisk::read(&self.folder);
        assert!(found == self.before.store || found == self.after.store, "{when}: neither before nor after");
        let file = |name: &BodyName| bodies.get(&name.root.to_string()).cloned().map(BodyFile::new);
        let store = Store::from_contents(&found, file).unwrap();
        assert!(store.statuses().all(|held| held.verify_body().is_ok()), "{when}: behind its bodies");
        found == self.after.store
    }
}

/// Kill −9 at any moment of `store apply`.
#[test]
fn a_command_that_is_killed_at_any_moment_leaves_the_store_before_or_after() {
    let scene = scene("kill");
    scene.put_back();
    let began = Instant::now();
    assert_eq!(finish(spawn(&scene.folder, &["store", "apply", "newer.zyp"])).0, Some(0));
    let usual = began.elapsed();
    let kills = u32::try_from(times("KILLS", 60)).unwrap();
    let (mut before, mut after) = (0, 0);
    // Every other time anywhere in the run; else a little before or after the moment at which the last one was found to write.
    let mut writes = 0.5;
    for round in 0..kills {
        scene.put_back();
        let mut child = spawn(&scene.folder, &["store", "apply", "newer.zyp"]);
        let share = f64::from(round) / f64::from(kills);
        let near = round % 2 == 1;
        let moment = if near { writes * (0.96 + f64::from(round * 37 % 100) / 1_250.0) } else { share * 1.2 };
        std::thread::sleep(Duration::from_secs_f64(usual.as_secs_f64() * moment));
        child.kill().unwrap();
        child.wait().unwrap();
        match scene.is_after(&format!("killed in round {round}")) {
            true => after += 1,
            false => before += 1,
        }
        if near {
            writes *= if scene.is_after("still") { 0.93 } else { 1.07 };
        }
    }
    println!("{kills} kills: {before} times before, {after} times after; a run takes {usual:?}");
    assert!(before > 0 && after > 0, "killed at different moments");
    // Nobody is held up by the dead, and what they left is cleared away.
    scene.put_back();
    assert_eq!(finish(spawn(&scene.folder, &["store", "apply", "newer.zyp"])).0, Some(0));
    assert!(scene.is_after("in peace"));
    let mut left: Vec<String> =
        fs::read_dir(&scene.folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    left.retain(|name| name.ends_with(".part"));
    assert!(left.is_empty(), "{left:?}");
    assert!(OnDisk::read(&scene.folder) == scene.after, "no body is left over");
}

/// Death at the write itself: the system allows a file of so many blocks and no more.
#[test]
fn a_command_that_dies_at_any_write_leaves_the_store_before_or_after() {
    let scene = scene("limit");
    let largest = scene.after.bodies.values().map(Vec::len).chain([scene.after.store.len()]).max().unwrap();
    let blocks = largest / 512 + 2;
    let mut died = 0;
    for allowed in 0..=blocks {
        scene.put_back();
        let mut shell = Command::new("sh");
        prepare(&mut shell, &scene.folder).args([
            "-c",
            "ulimit -c 0; ulimit -f \"$1\"; shift; exec \"$@\"",
            "sh",
            &allowed.to_string(),
            env!("CARGO_BIN_EXE_zhengyin"),
            "store",
            "apply",
            "newer.zyp",
            "--store",
            STORE,
            "--clock",
            CLOCK,
        ]);
        let exit = shell.spawn().unwrap().wait_with_output().unwrap().status;
        let after = scene.is_after(&format!("{allowed} blocks"));
        died += usize::from(!exit.success());
        assert_eq!(after, exit.success(), "{allowed} blocks: {exit}");
    }
    println!("{blocks} limits, {died} deaths");
    assert!(died > blocks / 2);
}

/// Two processes apply different packs at once, again and again: one waits or says so, and nothing that was taken is lost.
#[test]
fn two_processes_that_apply_at_once_lose_nothing() {
    let folder = folder("twice");
    let Weeks { first, objects, .. } = weeks();
    let late = TimeWindow::unasked();
    let mut store = Store::new(first.pin());
    store.apply_pack(&pack(&objects[0]).unwrap(), late).unwrap();
    let begun = store.to_bytes();
    // One brings directories, the other status lists: neither pack has what the other has.
    for week in 1..4 {
        let [trust, directory, status] = &objects[week];
        fs::write(folder.join(format!("a{week}.zyp")), pack(&[trust.clone(), directory.clone()]).unwrap()).unwrap();
        fs::write(folder.join(format!("b{week}.zyp")), pack(&[status.clone()]).unwrap()).unwrap();
    }
    let (mut waited, rounds) = (0, times("KILLS", 60) / 6);
    for round in 0..rounds {
        fs::write(folder.join(STORE), &begun).unwrap();
        for week in 1..4 {
            let packs = [format!("a{week}.zyp"), format!("b{week}.zyp")];
            let mut open: Vec<String> = packs.into();
            while !open.is_empty() {
                let children: Vec<_> =
                    open.drain(..).map(|pack| (spawn(&folder, &["store", "apply", &pack]), pack)).collect();
                for (child, pack) in children {
                    match finish(child) {
                        (Some(0), _) => {}
                        (Some(1), said) => {
                            assert!(said.contains("another process is writing"), "{said}");
                            waited += 1;
                            open.push(pack);
                        }
                        (exit, said) => panic!("{pack}: {exit:?} {said}"),
                    }
                }
            }
            let store = Store::from_bytes(&fs::read(folder.join(STORE)).unwrap()).unwrap();
            let number = u64::try_from(week + 1).unwrap();
            let province = world::prefix("99");
            let status = store.status(province, world::code(crate::AUTHORITY), world::LIST).unwrap().header().seq;
            let held = (store.trust().unwrap().list().seq, store.directory(province).unwrap().directory().seq, status);
            assert_eq!(held, (number, number, number), "round {round}: an update was lost");
        }
    }
    println!("{rounds} rounds of three; {waited} times one was told to wait");
}

/// The command says what is wrong with a damaged store, and answers nothing by it.
#[test]
fn a_damaged_store_stops_every_command_by_name() {
    let scene = scene("damaged");
    let license = large_weeks().licenses[2].bytes.clone();
    fs::write(scene.folder.join("license.zyl"), license).unwrap();
    let sound = &scene.after.store;
    let step = sound.len() / 12;
    for at in (0..sound.len()).step_by(step) {
        for damaged in [sound[..at].to_vec(), world::spoil::flip(sound, at, 3)] {
            fs::write(scene.folder.join(STORE), &damaged).unwrap();
            for words in [&["verify", "license.zyl"][..], &["store", "apply", "newer.zyp"], &["store", "doctor"]] {
                let (exit, said) = finish(spawn(&scene.folder, words));
                assert_eq!(exit, Some(1), "{words:?} at {at}: {said}");
                assert!(said.contains("cannot be used"), "{words:?} at {at}: {said}");
            }
            assert_eq!(fs::read(scene.folder.join(STORE)).unwrap(), damaged, "left as it is, for whoever looks at it");
        }
    }
}
