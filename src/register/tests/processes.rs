//! Processes that are killed, and processes that write at the same time. They are this test program itself, called with a task.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::*;

const TASK: &str = "ZHENGYIN_REGISTER_TASK";
const FILE: &str = "ZHENGYIN_REGISTER_FILE";

/// A folder of its own for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("zhengyin-register-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("register")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn spawn(task: &str, file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["register::tests::processes::task", "--exact", "--nocapture"])
        .env(TASK, task)
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn open_file(file: &Path) -> Register<FileJournal> {
    let began = Instant::now();
    let journal = loop {
        match FileJournal::open(file) {
            Ok(journal) => break journal,
            Err(error) if error.kind() == ErrorKind::WouldBlock && began.elapsed() < Duration::from_secs(30) => {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(error) => panic!("{error}"),
        }
    };
    Register::open(journal, code(AUTHORITY), base()).unwrap().0
}

/// What a process of this test does; nothing when it is called as a test.
#[test]
fn task() {
    let (Ok(task), Ok(file)) = (std::env::var(TASK), std::env::var(FILE)) else { return };
    let file = Path::new(&file);
    let (sessions, licenses) = if task == "issue without end" { (1, usize::MAX) } else { (5, 4) };
    let process = std::process::id();
    for session in 0..sessions {
        let mut register = open_file(file);
        for number in 0..licenses {
            let name = format!("P{process}S{session}N{number}");
            let facts = facts(&name);
            let issued = register.issue(&request(&facts, &name), None, &signer(), base()).unwrap();
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
    let register = open_file(file);
    let mut indices: Vec<u64> = releases.iter().map(|(index, _)| *index).collect();
    indices.sort_unstable();
    assert!(indices.windows(2).all(|pair| pair[0] < pair[1]), "a position was given twice");
    for (index, digest) in releases {
        let entry = register.entry(StatusPointer { list: LIST, index: *index }).expect("released and not recorded");
        assert_eq!(&format!("{}", entry.issuance.digest), digest);
        assert_eq!(entry.state, State::InForce);
    }
    for index in 0..register.length(LIST) {
        let position = register.position(StatusPointer { list: LIST, index: index.into() }).unwrap();
        assert!(!matches!(position, Position::Allotted(_)), "position {index} was left open");
    }
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
fn two_processes_take_turns() {
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
    assert_eq!(open_file(&folder.file()).length(LIST), 40);
}

#[test]
fn a_register_that_is_open_is_not_opened_again() {
    let folder = Folder::new("lock");
    let register = open_file(&folder.file());
    assert_eq!(FileJournal::open(&folder.file()).unwrap_err().kind(), ErrorKind::WouldBlock);
    // Reading waits for nobody.
    let read = Register::read(&std::fs::read(folder.file()).unwrap()).unwrap().unwrap();
    assert_eq!(read.records(), register.records());
    drop(register);
    assert!(FileJournal::open(&folder.file()).is_ok());
}

#[cfg(unix)]
#[test]
fn a_new_register_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("mode");
    drop(open_file(&folder.file()));
    assert_eq!(std::fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
    let missing = FileJournal::open(&folder.0.join("no/such/folder"));
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::NotFound);
}
