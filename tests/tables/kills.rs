//! Processes that are killed or interrupted at any moment.

use std::process::Child;
use std::time::{Duration, Instant};

use super::*;

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Waits until the register's log changes, which is when positions are allotted; how long to wait from then on at most.
fn until_it_writes(scene: &Scene, child: &mut Child, whole: u64) -> u64 {
    let log = scene.folder.join("home/register.sqlite-wal");
    let look = || fs::metadata(&log).map(|found| (found.len(), found.modified().unwrap())).ok();
    let before = look();
    while look() == before && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    (whole / 4).max(1)
}

/// kill -9 at random, and the same command once more, until it ends by itself: no index twice, no row lost or doubled, the journal intact,
/// every released file verifies.
#[test]
fn a_batch_that_is_killed_at_any_moment_loses_and_doubles_nothing() {
    let kills = times("KILLS", 20);
    let mut dice = Dice(20_260_520);
    let (mut done, mut round) = (0, 0);
    while done < kills {
        round += 1;
        let scene = Scene::new("kill");
        let rows = 150 + usize::try_from(dice.below(150)).unwrap();
        scene.table("table.csv", sheets::table(rows));
        let began = Instant::now();
        // How long it takes when nobody disturbs it, measured on a desk of its own.
        let calm = Scene::new("calm");
        calm.table("table.csv", sheets::table(rows));
        let begun = began.elapsed();
        calm.done(ISSUE);
        let whole = u64::try_from((began.elapsed() - begun).as_micros()).unwrap();
        let mut released = BTreeSet::new();
        for attempt in 0.. {
            assert!(attempt < 200, "it never ends");
            let mut child = scene.command(ISSUE).spawn().unwrap();
            if done < kills && attempt < 12 {
                // Half of them at any moment, half of them while licenses are being recorded.
                let moment = if dice.below(2) == 0 { whole } else { until_it_writes(&scene, &mut child, whole) };
                std::thread::sleep(Duration::from_micros(dice.below(moment)));
                if child.try_wait().unwrap().is_none() {
                    kill(&mut child);
                    done += 1;
                    // What was out stays out, and is what the register knows.
                    let now = scene.released("licenses");
                    assert!(released.is_subset(&now));
                    released = now;
                    continue;
                }
            }
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            break;
        }
        scene.complete("licenses", "table.report.csv", rows);
        println!("round {round}: {rows} rows, {done} kills, {} void", scene.desk().states(1).unwrap().len());
    }
}

/// Ctrl-C: what is under way is finished, 130 is said, and the same command goes on from there.
#[test]
fn an_interrupted_batch_says_so_and_goes_on() {
    let scene = Scene::new("interrupt");
    scene.table("table.csv", sheets::table(1_500));
    let child = scene.command(ISSUE).spawn().unwrap();
    let began = Instant::now();
    // Some are out, and the table is not at its end.
    while files(&scene.folder.join("licenses")).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(120));
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("rows to go; nothing was lost"), "{told}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("--resume"));
    let before = scene.released("licenses");
    assert!(!before.is_empty() && before.len() < 1_500, "{}", before.len());
    assert_eq!(scene.sound(), u64::try_from(before.len()).unwrap(), "all that was issued was handed out");
    assert!(scene.desk().states(1).unwrap().is_empty(), "and nothing is void");
    scene.done(ISSUE);
    scene.complete("licenses", "table.report.csv", 1_500);
}
