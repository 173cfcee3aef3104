//! A day at a counter: scanners that are unplugged, trust data that is replaced, signals, holders who answer, copies that come again.

use super::*;
use std::io::{BufRead, BufReader};
use std::process::{ChildStderr, ChildStdin};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use world::{DAY, Issued};
use zhengyin::carrier;
use zhengyin::claims::{Binding, Challenge, PresentationClaims};
use zhengyin::issue::{pack, prepare, present};
use zhengyin::status::State;

/// A kiosk that runs, and what it says as it says it.
struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    said: Receiver<Value>,
    _stderr: ChildStderr,
}

impl Running {
    fn start(folder: &Path, words: &[&str]) -> Self {
        let mut child = start(folder, words);
        let (sender, said) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        let (stdin, stderr) = (child.stdin.take(), child.stderr.take().unwrap());
        let running = Self { child, stdin, said, _stderr: stderr };
        assert_eq!(running.next()["event"], "ready");
        running
    }

    /// The next line, which comes soon or not at all.
    fn next(&self) -> Value {
        let line = self.said.recv_timeout(Duration::from_secs(20)).expect("it says something");
        check_schema(std::slice::from_ref(&line));
        line
    }

    fn send(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    /// Sends a scan and takes its answer.
    fn scan(&mut self, text: &str) -> Value {
        self.send(&format!("{text}\n"));
        self.next()
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    fn end(mut self) -> Option<i32> {
        drop(self.stdin.take());
        let mut rest = Vec::new();
        loop {
            match self.said.recv_timeout(Duration::from_secs(20)) {
                Ok(line) => rest.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end"),
            }
        }
        assert_eq!(rest.last().map(|line| line["event"].clone()), Some("ended".into()), "{rest:?}");
        self.child.wait().unwrap().code()
    }
}

fn code(bytes: &[u8]) -> String {
    prepare(bytes).unwrap().digits()
}

const CLOCK: [&str; 2] = ["--clock", NOW];

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
}

/// The business license is revoked a week later.
fn revoked(world: &mut World, license: &Issued) -> Vec<u8> {
    world.set_state(license, State::Revoked);
    let authority = license.credential.issuer.as_str();
    let (issued, next_update) = (world.time(6 * DAY), world.time(8 * DAY));
    let facts = &mut world.list(authority).facts;
    (facts.seq, facts.issued, facts.next_update) = (2, issued, next_update);
    pack(&[world.status_object(authority)]).unwrap()
}

/// A scan without line end is answered after the pause; Ctrl-C and SIGTERM end it cleanly.
#[test]
fn a_pause_ends_a_scan_and_a_signal_the_kiosk() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let folder = folder("signals", &mut world);
    for signal in ["-INT", "-TERM"] {
        let mut kiosk = Running::start(&folder, &[&CLOCK[..], &["--idle", "300ms"]].concat());
        kiosk.send(&code(&license.bytes));
        assert_eq!(kiosk.next()["verdict"], "valid");
        kiosk.signal(signal);
        assert_eq!(kiosk.next()["event"], "ended");
        assert_eq!(kiosk.child.wait().unwrap().code(), Some(130), "{signal}");
    }
    let mut kiosk = Running::start(&folder, &CLOCK);
    // What was scanned before the input ended is answered.
    kiosk.send("https://example.com");
    drop(kiosk.stdin.take());
    assert_eq!(kiosk.next()["what"], "url");
    assert_eq!(kiosk.end(), Some(0));
}

/// A named pipe, whose writers come and go as a scanner does that is unplugged.
#[test]
fn a_device_that_is_gone_is_waited_for() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let folder = folder("unplugged", &mut world);
    let kiosk = Running::start(&folder, &[&CLOCK[..], &["--in", "scanner"]].concat());
    assert_eq!(kiosk.next()["event"], "device_gone", "it is not there yet");
    let made = Command::new("mkfifo").arg(folder.join("scanner")).status().unwrap();
    assert!(made.success());
    let plug = || fs::OpenOptions::new().write(true).open(folder.join("scanner")).unwrap();
    let text = code(&license.bytes);
    for round in 1..=3_i64 {
        let mut scanner = plug();
        let back = kiosk.next();
        assert_eq!((&back["event"], &back["text"]["zh"]), (&"device_back".into(), &"扫描器已接上".into()));
        scanner.write_all(format!("{text}\n{}", &text[..99]).as_bytes()).unwrap();
        let answer = kiosk.next();
        assert_eq!((&answer["verdict"], &answer["n"]), (&"valid".into(), &(2 * round - 1).into()));
        // Unplugged in the middle of a code: that half is answered, told once that it is gone, and nothing more.
        drop(scanner);
        assert_eq!(kiosk.next()["answer"], "unreadable");
        assert_eq!(kiosk.next()["event"], "device_gone");
    }
    kiosk.signal("-TERM");
    assert_eq!(kiosk.end(), Some(130));
}

/// SIGHUP or a changed file swaps trust data between scans; what is damaged, older or another's is refused, and said.
#[test]
fn trust_data_is_swapped_and_never_goes_back() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let text = code(&license.bytes);
    let folder = folder("swapped", &mut world);
    let later = "2026-10-07T10:00:00+08:00";
    let mut kiosk = Running::start(&folder, &["--clock", later, "--policy", "counter"]);
    let store = folder.join("home/store/trust.store");
    let before = fs::read(&store).unwrap();
    let verdict = |answer: &Value| (answer["verdict"].as_str().unwrap().to_owned(), answer["reason"].clone());
    assert_eq!(verdict(&kiosk.scan(&text)), ("undetermined".into(), "status.list_stale".into()));
    put(&folder, "week-41.zyp", &revoked(&mut world, &license));
    let applied = command(&folder, &["store", "apply", "week-41.zyp", "--clock", later]).output().unwrap();
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    // Without being told: it looks every half second.
    assert_eq!(kiosk.next()["event"], "store_taken");
    assert_eq!(verdict(&kiosk.scan(&text)), ("invalid".into(), "status.revoked".into()));
    let newer = fs::read(&store).unwrap();
    // An older store, whole and sound, is not taken, by whichever road.
    fs::write(&store, &before).unwrap();
    let kept = kiosk.next();
    assert_eq!(kept["event"], "store_kept");
    assert!(kept["text"]["en"].as_str().unwrap().contains("would go back: #2 is held"), "{kept}");
    kiosk.signal("-HUP");
    assert_eq!(kiosk.next()["event"], "store_kept");
    assert_eq!(verdict(&kiosk.scan(&text)).0, "invalid");
    // A damaged one.
    fs::write(&store, &newer[..newer.len() / 2]).unwrap();
    assert_eq!(kiosk.next()["event"], "store_kept");
    fs::remove_file(&store).unwrap();
    let gone = kiosk.next();
    assert!(gone["text"]["en"].as_str().unwrap().contains("is gone"), "{gone}");
    assert_eq!(verdict(&kiosk.scan(&text)).0, "invalid");
    // Another federation's.
    let mut foreign = World::new();
    foreign.operators = vec!["another operator".into()];
    foreign.trust.signers[0].key = world::key("another operator").public_key().clone().into();
    let elsewhere = folder_of_foreign(&folder, &mut foreign);
    fs::copy(elsewhere, &store).unwrap();
    let other = kiosk.next();
    assert!(other["text"]["en"].as_str().unwrap().contains("pinned to something else"), "{other}");
    // The same again is taken without a word, and with one if it is asked for.
    fs::write(&store, &newer).unwrap();
    kiosk.signal("-HUP");
    assert_eq!(kiosk.next()["event"], "store_taken");
    assert_eq!(verdict(&kiosk.scan(&text)).0, "invalid");
    assert_eq!(kiosk.end(), Some(0));
}

fn folder_of_foreign(folder: &Path, world: &mut World) -> PathBuf {
    put(folder, "foreign.zyp", &world.pack());
    let pin = world.pin().to_string();
    let words = ["store", "init", "--pin", &pin, "--from", "foreign.zyp", "--store", "foreign.store", "--clock", NOW];
    let made = command(folder, &words).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder.join("foreign.store")
}

/// A kiosk that was set up before its first pack came begins with it.
#[test]
fn a_store_that_comes_later_is_taken() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let folder = folder("late", &mut world);
    let mut kiosk = Running::start(&folder, &[&CLOCK[..], &["--store", "late.store"]].concat());
    assert_eq!(kiosk.scan(&code(&license.bytes))["reason"], "state.missing");
    fs::copy(folder.join("home/store/trust.store"), folder.join("late.store")).unwrap();
    assert_eq!(kiosk.next()["event"], "store_taken");
    assert_eq!(kiosk.scan(&code(&license.bytes))["verdict"], "valid");
    assert_eq!(kiosk.end(), Some(0));
}

/// A line of ten megabytes, and one without an end, take no memory to speak of.
#[test]
fn a_long_line_is_refused_in_bounded_memory() {
    let mut world = World::new();
    let folder = folder("long", &mut world);
    let mut kiosk = Running::start(&folder, &[&CLOCK[..], &["--idle", "none"]].concat());
    let memory = |name: &str| -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", kiosk.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_suffix(" kB"));
        line.map_or(0, |number| number.trim().parse().unwrap())
    };
    let before = memory("VmHWM:");
    let mut stdin = kiosk.stdin.take().unwrap();
    for megabyte in 0..10 {
        stdin.write_all(&vec![b'0' + megabyte; 1 << 20]).unwrap();
    }
    stdin.write_all(b"\n8601\n").unwrap();
    let answer = kiosk.next();
    assert_eq!((&answer["answer"], &answer["what"]), (&"unreadable".into(), &"too-long".into()));
    assert_eq!(kiosk.next()["what"], "empty");
    let grown = memory("VmHWM:") - before;
    println!("10 MB in one line: {grown} KiB more at the most");
    assert!(grown < 4 << 10, "{grown} KiB");
    kiosk.stdin = Some(stdin);
    assert_eq!(kiosk.end(), Some(0));
}

/// The holder's answer to the kiosk's own challenge is good once; one by its times is good once; a copy of a bearer code is seen.
#[test]
fn holders_answer_and_copies_are_seen() {
    let mut world = World::new();
    let bearer = world.issue("business-license");
    let mut bound = world.issue("business-license");
    bound.facts.binding = Binding::HolderKey;
    bound.credential.holder_key = Some(world::key("holder").public_key().clone());
    let bound = world.issue_as(bound.facts, bound.credential);
    let folder = folder("shown", &mut world);
    let words = [&CLOCK[..], &["--audience", "示例政务大厅", "--purpose", "办理入住"]].concat();
    let mut kiosk = Running::start(&folder, &words);
    // The license alone asks for its holder, and a challenge is shown.
    let asked = kiosk.scan(&code(&bound.bytes));
    assert_eq!(asked["reason"], "presentation.missing");
    let shown = asked["challenge"]["text"].as_str().unwrap().to_owned();
    let again = kiosk.scan(&code(&bound.bytes));
    assert_eq!(again["challenge"]["text"], shown.as_str(), "the one that is shown stays while it is good");
    assert_eq!(again["used_before"], Value::Null, "that is no bearer code");
    // The holder scans it and answers.
    let bytes = carrier::decode(&shown).unwrap().bytes;
    let challenge = Challenge::parse(&bytes).unwrap();
    assert_eq!((challenge.audience, challenge.purpose), (Some("示例政务大厅"), Some("办理入住")));
    let digest = zhengyin::envelope::Envelope::parse_first(&bound.bytes, zhengyin::envelope::Expected::AnyKnown)
        .unwrap()
        .0
        .object_digest();
    let at = world.time(DAY);
    let mut claims = PresentationClaims::of(digest, at);
    (claims.nonce, claims.audience, claims.purpose) = (Some(challenge.nonce), challenge.audience, challenge.purpose);
    let answer = present(&bound.bytes, &claims, &world::key("holder")).unwrap();
    let accepted = kiosk.scan(&code(&answer));
    assert_eq!((&accepted["verdict"], &accepted["report"]["axes"]["presentation"]), (&"valid".into(), &"live".into()));
    let replayed = kiosk.scan(&code(&answer));
    assert_eq!(replayed["reason"], "presentation.replayed");
    // By its times: once. The clock of the kiosk says 10:00.
    let now = zhengyin::Timestamp::new(1_790_820_000).unwrap();
    let mut claims = PresentationClaims::of(digest, now);
    claims.audience = Some("示例政务大厅");
    let timed = present(&bound.bytes, &claims, &world::key("holder")).unwrap();
    assert_eq!(kiosk.scan(&code(&timed))["verdict"], "valid");
    assert_eq!(kiosk.scan(&code(&timed))["reason"], "presentation.replayed");
    assert_eq!(kiosk.end(), Some(0));
    // Started again: what was accepted stays so, and the challenge of before is good for nothing.
    let mut kiosk = Running::start(&folder, &words);
    assert_eq!(kiosk.scan(&code(&timed))["reason"], "presentation.replayed");
    assert_eq!(kiosk.scan(&code(&bearer.bytes))["used_before"], Value::Null);
    assert_eq!(kiosk.end(), Some(0));
    // An hour later the same bearer code comes again, whole or in parts.
    let hour_later = ["--clock", "2026-10-01T11:00:00+08:00"];
    let mut kiosk = Running::start(&folder, &hour_later);
    let seen = kiosk.scan(&code(&bearer.bytes));
    assert_eq!(seen["verdict"], "valid", "that it was used before decides nothing");
    assert_eq!(seen["used_before"], serde_json::json!({"times": 1, "first": 1_790_820_000, "last": 1_790_820_000}));
    assert_eq!(kiosk.end(), Some(0));
    // Another kiosk cannot be started beside it with the same memory.
    let first = Running::start(&folder, &CLOCK);
    let second = command(&folder, &["kiosk", "--json"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("zhengyin kiosk --state"));
    assert_eq!(first.end(), Some(0));
}

/// With `--challenge always` nothing less than the answer will do.
#[test]
fn a_challenge_can_be_demanded_of_everybody() {
    let mut world = World::new();
    let mut bound = world.issue("business-license");
    bound.facts.binding = Binding::HolderKey;
    bound.credential.holder_key = Some(world::key("holder").public_key().clone());
    let bound = world.issue_as(bound.facts, bound.credential);
    let folder = folder("demanded", &mut world);
    let (lines, exit, _) = kiosk(&folder, &["--challenge", "always"], code(&bound.bytes).as_bytes());
    assert_eq!(exit, Some(0));
    check_schema(&lines);
    let first = lines[0]["challenge"]["nonce"].as_str().unwrap();
    assert_eq!(lines[1]["challenge"]["nonce"], first);
    let (lines, _, _) = kiosk(&folder, &["--challenge", "never"], code(&bound.bytes).as_bytes());
    assert_eq!((&lines[0]["challenge"], &lines[1]["challenge"]), (&Value::Null, &Value::Null));
    let (_, exit, errors) = kiosk(&folder, &["--audience", "\u{202e}"], b"");
    assert_eq!(exit, Some(2), "{errors}");
}

/// A command on a terminal of its own (`script`, of util-linux), fed with bytes as a scanner types them: everything that it drew.
fn on_a_terminal(folder: &Path, line: &str, typed: &[u8]) -> String {
    let line = format!("stty rows 50 cols 90; {line}; stty -a");
    let mut child = Command::new("script");
    let line = line.replace("zhengyin", env!("CARGO_BIN_EXE_zhengyin"));
    child.args(["-qec", &line, "/dev/null"]).current_dir(folder);
    child.env("ZHENGYIN_HOME", "home").env("ZHENGYIN_LANG", "zh").env("TERM", "xterm").env_remove("ZHENGYIN_REGION");
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It must have set up its terminal before anything is typed into it.
    std::thread::sleep(Duration::from_millis(1_500));
    stdin.write_all(typed).unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    // Ctrl-D, where nothing puts lines together.
    stdin.write_all(b"\x04").unwrap();
    stdin.flush().unwrap();
    let reader = std::thread::spawn(move || child.wait_with_output().unwrap().stdout);
    std::thread::sleep(Duration::from_millis(700));
    drop(stdin);
    String::from_utf8_lossy(&reader.join().unwrap()).into_owned()
}

/// A scanner that types into a terminal: nothing of it is shown or cut, and the terminal is as before.
#[test]
fn a_terminal_shows_cards_or_one_screen_and_is_left_as_it_was() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let folder = folder("terminal", &mut world);
    // Longer than a line that a terminal puts together.
    let long = "86013".repeat(1_000);
    let typed = [code(&license.bytes).as_bytes(), b"\r", long.as_bytes(), b"\n"].concat();
    let cards = on_a_terminal(&folder, &format!("zhengyin kiosk --clock {NOW}"), &typed);
    assert!(cards.contains("✓ 有效 VALID") && cards.contains("张示例"), "{cards}");
    assert!(cards.contains("#2") && cards.contains("未能读出 NOT READ"), "{cards}");
    assert!(!cards.contains("8601386013"), "what is typed is not shown");
    let screen = on_a_terminal(&folder, &format!("zhengyin kiosk --screen --clock {NOW}"), &typed);
    let (before, drawn) = screen.split_once("\u{1b}[?1049h").expect("another screen");
    let (drawn, after) = drawn.split_once("\u{1b}[?1049l").expect("and back");
    assert!(!before.contains("VALID") && !after.contains("VALID"), "{screen}");
    assert!(drawn.contains("有 效   V A L I D") && drawn.contains("██") && drawn.contains("张示例"), "{drawn}");
    assert!(drawn.contains("未 能 读 出   N O T   R E A D"), "{drawn}");
    for told in [&cards, &screen] {
        let (_, modes) = told.rsplit_once("speed ").expect("stty -a");
        assert!(modes.contains(" icanon") && modes.contains(" echo ") && !modes.contains("-icanon"), "{modes}");
    }
    let output = command(&folder, &["kiosk", "--screen"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "where there is no terminal");
}

/// Killed at any moment, also while it writes down what was used, it goes on where it was.
#[test]
fn a_kiosk_that_is_killed_goes_on() {
    let mut world = World::new();
    let licenses = ["business-license", "food-operation-permit"].map(|name| world.issue(name));
    let codes = licenses.each_ref().map(|license| code(&license.bytes));
    let folder = folder("killed", &mut world);
    for round in 0..6_u64 {
        let mut kiosk = Running::start(&folder, &CLOCK);
        let mut stdin = kiosk.stdin.take().unwrap();
        let lines = codes.iter().cycle().take(200).map(|code| format!("{code}\n")).collect::<String>();
        let writer = std::thread::spawn(move || {
            // It is killed before it has read all of it.
            let _ = stdin.write_all(lines.as_bytes());
        });
        assert_eq!(kiosk.next()["answer"], "verdict");
        std::thread::sleep(Duration::from_millis(7 * round));
        kiosk.child.kill().unwrap();
        kiosk.child.wait().unwrap();
        writer.join().unwrap();
    }
    // As a machine leaves it that loses its power in the middle of a line.
    let uses = folder.join("home/kiosk/uses");
    let mut log = fs::read(&uses).unwrap();
    log.extend_from_slice(b"0123456789abcdef");
    fs::write(&uses, log).unwrap();
    let mut kiosk = Running::start(&folder, &["--clock", "2026-10-01T12:00:00+08:00"]);
    assert_eq!(kiosk.scan(&codes[0])["used_before"]["first"], 1_790_820_000);
    assert_eq!(kiosk.end(), Some(0));
    // What is damaged otherwise is told before anything is scanned, with what helps.
    fs::write(&uses, "nothing of ours\n").unwrap();
    let refused = command(&folder, &["kiosk"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("next: rm home/kiosk/uses"));
}
