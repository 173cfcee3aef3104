//! Processes that are killed, and processes that write at the same time. They are this test program itself, called with a task.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::files::Folder;
use super::*;

const TASK: &str = "ZHENGYIN_REGISTER_TASK";
/// How often processes race for a new register.
const ROUNDS: usize = 10;
const FILE: &str = "ZHENGYIN_REGISTER_FILE";

fn spawn(task: &str, file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["register::tests::processes::task", "--exact", "--nocapture"])
        .env(TASK, task)
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn open_file(file: &Path) -> Desk<SqliteRegister> {
    open(SqliteRegister::open(file).unwrap()).unwrap().0
}

/// What a process of this test does; nothing when it is called as a test.
#[test]
fn task() {
    let (Ok(task), Ok(file)) = (std::env::var(TASK), std::env::var(FILE)) else { return };
    let file = Path::new(&file);
    let (sessions, licenses) = if task == "issue without end" { (1, usize::MAX) } else { (5, 4) };
    if task == "open" {
        open_file(file);
        return;
    }
    let process = std::process::id();
    for session in 0..sessions {
        let mut register = open_file(file);
        for number in 0..licenses {
            let name = format!("P{process}S{session}N{number}");
            let facts = facts(&name);
            let issued = register.issue(&request(&facts, &name), None, &signer(), &now()).unwrap();
            let license = issued.license();
            // Released: someone else knows of it now.
            let mut out = std::io::stdout().lock();
            out.write_all(format!("released {} {}\n", license.status.index, license.digest).as_bytes()).unwrap();
            out.flush().unwrap();
        }
    }
}

/// The releases that a process told of.
fn released(line: &str) -> Option<(u64, String)> {
    let mut words = line.split_once("released ")?.1.split(' ');
    Some((words.next()?.parse().ok()?, words.next().filter(|digest| digest.len() == 64)?.into()))
}

fn check(file: &Path, releases: &[(u64, String)]) {
    let desk = open_file(file);
    let mut indices: Vec<u64> = releases.iter().map(|(index, _)| *index).collect();
    indices.sort_unstable();
    assert!(indices.windows(2).all(|pair| pair[0] < pair[1]), "a position was given twice");
    for (index, digest) in releases {
        let entry = desk.entry(at(*index)).unwrap().expect("released and not recorded");
        assert_eq!(&format!("{}", entry.issuance.digest), digest);
        assert_eq!(entry.state, State::InForce);
    }
    for index in 0..desk.length(LIST).unwrap() {
        let position = desk.position(at(index.into())).unwrap().expect("a gap");
        assert!(!matches!(position, Position::Allotted), "position {index} was left open");
    }
    journal(&desk);
}

#[test]
fn a_process_that_is_killed_at_any_moment_gives_no_position_twice() {
    let folder = Folder::new("kill");
    let mut releases = Vec::new();
    for round in 0..50u64 {
        let mut child = spawn("issue without end", &folder.file());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Killed after a few licenses and a little while, of which each round has its own.
        let wanted = 1 + round % 3;
        let mut seen = 0;
        while seen < wanted {
            let line = lines.next().expect("the process goes on").unwrap();
            releases.extend(released(&line).inspect(|_| seen += 1));
        }
        std::thread::sleep(Duration::from_micros(round * 977 % 4_000));
        child.kill().unwrap();
        child.wait().unwrap();
        releases.extend(lines.map_while(Result::ok).filter_map(|line| released(&line)));
    }
    assert!(releases.len() >= 99);
    check(&folder.file(), &releases);
}

#[test]
fn two_processes_work_at_once() {
    let folder = Folder::new("turns");
    let children = [(); 2].map(|()| spawn("issue in turns", &folder.file()));
    let mut releases = Vec::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        releases.extend(String::from_utf8(output.stdout).unwrap().lines().filter_map(released));
    }
    assert_eq!(releases.len(), 40);
    check(&folder.file(), &releases);
    let desk = open_file(&folder.file());
    assert_eq!((desk.length(LIST).unwrap(), desk.states(LIST).unwrap().len()), (40, 0));
}

/// A new register is made by whoever comes first; the others find it made, or not yet begun, and never half made.
#[test]
fn processes_that_open_a_new_register_at_once_all_find_it() {
    for round in 0..ROUNDS {
        let folder = Folder::new(&format!("first{round}"));
        let children = [(); 4].map(|()| spawn("open", &folder.file()));
        for child in children {
            assert!(child.wait_with_output().unwrap().status.success(), "round {round}");
        }
    }
}
