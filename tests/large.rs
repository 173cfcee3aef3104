//! One large list, from the publisher's folder to the verdict at a counter, and one large document from its stamp to the verdict, by the command
//! alone: what they take of memory and of the wire.
//!
//! `POSITIONS=100000000 cargo test --release --all-features --test large -- --nocapture` is the measure (`.ci/long large`); a hundredth of
//! that is looked at with every change.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test"
)]
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use zhengyin::carrier::encode_digits;
use zhengyin::claims::id::{CreditCode, Region};
use zhengyin::claims::{CredentialId, StatusPointer};
use zhengyin::issue::{CredentialFacts, issue_license, key};
use zhengyin::policy::Policy;
use zhengyin::status::{Standing, State};
use zhengyin::store::{BodyFile, BodyName, Store};
use zhengyin::time::{Clock, Timestamp};
use zhengyin::verify::{Verdict, Verifier};

#[path = "../examples/world/mod.rs"]
mod world;

const AUTHORITY: &str = "11990100MB0000000P";
const LIST: u64 = 7;
const PASS: &str = "--passphrase file:pass";
/// Tells what a process takes.
const TIME: &str = "/usr/bin/time";
/// What one process that verifies may take: 32 MiB.
const MOST_RESIDENT: u64 = 32 << 10;
/// What of the body may be read for one answer: 256 KiB.
const MOST_OF_THE_BODY: u64 = 256;
/// What one that verifies a stamp may take, however large the document is: 16 MiB.
const MOST_FOR_A_DOCUMENT: u64 = 16 << 10;
/// What one that publishes may take: 96 MiB.
const MOST_TO_PUBLISH: u64 = 96 << 10;
/// What 2,000 changes may take on the wire, in bytes, at 10⁸ positions of which one in a hundred is listed.
const MOST_DELTA: u64 = 4_700;

/// What a process took.
struct Taken {
    exit: Option<i32>,
    answer: Value,
    /// The most memory that was resident, in KiB, where the system tells.
    resident: Option<u64>,
}

struct Desk(PathBuf);

impl Desk {
    fn found() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("pass"), "secret\n").unwrap();
        fs::set_permissions(folder.join("pass"), fs::Permissions::from_mode(0o600)).unwrap();
        let desk = Self(folder);
        desk.done(&format!(
            "authority init 99 --name 甲 --name-en Jia --keeper 局 --code 11990000MB0000908E --test {PASS}"
        ));
        desk.done(&format!("authority enrol {AUTHORITY} --province 99 --name 局 --region 9901 {PASS}"));
        desk.done(&format!("key gen operator.pem {PASS}"));
        desk.done(&format!("trust build --federation F --signer O=operator.pem {PASS}"));
        desk.done(&format!("trust directory 99 {PASS}"));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Runs the command under `/usr/bin/time`, where there is one.
    fn run(&self, line: &str) -> Taken {
        let mut command = if Path::new(TIME).exists() {
            let mut command = Command::new(TIME);
            command.args(["-v", "-o", "time.txt", env!("CARGO_BIN_EXE_zhengyin")]);
            command
        } else {
            Command::new(env!("CARGO_BIN_EXE_zhengyin"))
        };
        let output = command
            .args(line.split_whitespace())
            .arg("--json")
            .current_dir(&self.0)
            .env("ZHENGYIN_HOME", "home")
            .env("ZHENGYIN_LANG", "en")
            .env_remove("ZHENGYIN_REGION")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let last = stdout.lines().last().unwrap_or_default();
        let answer = serde_json::from_str(last).unwrap_or_else(|_| panic!("{line}: {said}"));
        let time = fs::read_to_string(self.path("time.txt")).unwrap_or_default();
        let resident = time.lines().find_map(|line| line.trim().strip_prefix("Maximum resident set size (kbytes): "));
        Taken { exit: output.status.code(), answer, resident: resident.map(|kib| kib.parse().unwrap()) }
    }

    fn done(&self, line: &str) -> Taken {
        let began = Instant::now();
        let taken = self.run(line);
        assert_eq!(taken.exit, Some(0), "{line}: {}", taken.answer);
        let command: Vec<&str> = line.split_whitespace().take(2).collect();
        let resident = taken.resident.map_or_else(|| "?".to_owned(), |kib| kib.to_string());
        println!("{:<20} {:>7} ms  {resident:>7} KiB resident at most", command.join(" "), began.elapsed().as_millis());
        taken
    }

    /// Verifies a license within the memory that there is for it.
    fn verify(&self, license: &str, exit: i32) -> Value {
        let began = Instant::now();
        let taken = self.run(&format!("verify {license} --region 990102 --no-recognition"));
        let resident = taken.resident.map_or_else(|| "?".to_owned(), |kib| kib.to_string());
        println!("verify {license:<13} {:>7} ms  {resident:>7} KiB resident at most", began.elapsed().as_millis());
        assert_eq!(taken.exit, Some(exit), "{license}: {}", taken.answer);
        let resident = taken.resident.unwrap_or_default();
        assert!(resident <= MOST_RESIDENT, "{resident} KiB, and at most {MOST_RESIDENT}");
        taken.answer
    }

    /// How much of the mapped body a kiosk reads for one answer, in KiB. It has answered before; what the system mapped then for its own
    /// reasons, pages around those that are read among them, does not count.
    #[cfg(target_os = "linux")]
    fn read_for_an_answer(&self, before: &str, license: &str) -> u64 {
        let mut kiosk = Command::new(env!("CARGO_BIN_EXE_zhengyin"))
            .args(["kiosk", "--json", "--region", "990102", "--dry-run"])
            .current_dir(&self.0)
            .env("ZHENGYIN_HOME", "home")
            .env_remove("ZHENGYIN_REGION")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = PathBuf::from(format!("/proc/{}", kiosk.id()));
        let mut lines = BufReader::new(kiosk.stdout.take().unwrap()).lines();
        assert!(lines.next().unwrap().unwrap().contains("\"ready\""));
        let mut scan = |license: &str| {
            let text = encode_digits(&fs::read(self.path(license)).unwrap()).unwrap();
            writeln!(kiosk.stdin.as_ref().unwrap(), "{text}").unwrap();
            let answer: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
            assert_eq!(answer["report"]["steps"]["status"]["outcome"], "passed", "{answer}");
        };
        scan(before);
        // proc_pid_clear_refs(5): no page counts as referenced until it is read again.
        fs::write(process.join("clear_refs"), "1").unwrap();
        scan(license);
        let read = of_mapping(&fs::read_to_string(process.join("smaps")).unwrap(), "trust.store.lists", "Referenced:");
        drop(kiosk.stdin.take());
        assert!(kiosk.wait().unwrap().success());
        read.unwrap()
    }

    /// Issues a license as another system does, at a position of the list that it keeps.
    fn issue(&self, name: &str, index: u64) {
        let pem = fs::read_to_string(self.path("home/authorities").join(AUTHORITY).join("license/key.pem")).unwrap();
        let signer = key::from_pem(&pem, Some(b"secret")).unwrap();
        let now = now();
        let at = |seconds| Timestamp::new(now + seconds).unwrap();
        let credential = CredentialFacts {
            issuer: CreditCode::parse(AUTHORITY).unwrap(),
            expires: Some(at(90 * 86_400)),
            not_before: at(0),
            issued_at: at(0),
            id: CredentialId::new([u8::try_from(index % 251).unwrap(); 16]),
            holder_key: None,
            status: StatusPointer { list: LIST, index },
        };
        let license =
            issue_license(&world::data::license("business-license").facts, &credential, None, &signer).unwrap();
        fs::write(self.path(name), license.bytes).unwrap();
    }

    /// The store's files, read by the library: what every position says, and how long it takes to look one up.
    fn look_up(&self, revoked: &BTreeSet<u32>, length: u32) {
        let file = self.path("home/store/trust.store");
        let body = |name: &BodyName| {
            let path = self.path("home/store/trust.store.lists").join(name.root.to_string());
            fs::read(path).ok().map(BodyFile::new)
        };
        let apart = Store::from_contents(&fs::read(file).unwrap(), body).unwrap();
        let whole = Store::from_bytes(&apart.to_bytes()).unwrap();
        let mut dice = Dice(2);
        let asked: Vec<u32> = (0..20_000).map(|_| u32::try_from(dice.next() % u64::from(length)).unwrap()).collect();
        let license = fs::read(self.path("good.zyl")).unwrap();
        let policy = Policy::counter(Region::parse("990102").ok()).without_recognition();
        let clock = Clock::reads(Timestamp::new(now() + 60).unwrap());
        // By turns, and the middle of many: the machine has other things to do.
        let mut times: [[Vec<u128>; 2]; 2] = Default::default();
        for asked in asked.chunks(10) {
            for (store, [look_ups, verdicts]) in [&whole, &apart].into_iter().zip(&mut times) {
                let held = store.statuses().next().unwrap();
                let began = Instant::now();
                let found: Vec<_> = asked.iter().map(|at| held.body().unwrap().standing((*at).into())).collect();
                look_ups.push(began.elapsed().as_nanos() / 10);
                for (at, found) in asked.iter().zip(found) {
                    let state = if revoked.contains(at) { State::Revoked } else { State::InForce };
                    assert_eq!(found, Ok(Standing::State(state)), "{at}");
                }
                let began = Instant::now();
                let report = Verifier::new(store, policy.clone()).verify(&license, clock);
                verdicts.push(began.elapsed().as_nanos());
                assert_eq!(report.verdict(), Verdict::Valid);
            }
        }
        for (what, times) in ["believed", "compared with the root"].iter().zip(&mut times) {
            let [look_up, verdict] = times.each_mut().map(|times| {
                times.sort_unstable();
                times[times.len() / 2]
            });
            println!("a body that is {what}: look-up {look_up} ns, verdict {verdict} ns");
        }
    }

    /// Writes what the other system says, and publishes it.
    fn publish(&self, length: u32, revoked: &BTreeSet<u32>) -> Taken {
        let lines = revoked.iter().fold(String::new(), |mut lines, at| {
            writeln!(lines, "{at} revoked").unwrap();
            lines
        });
        fs::write(self.path("positions.txt"), lines).unwrap();
        self.done(&format!(
            "status publish {AUTHORITY} --list {LIST} --positions positions.txt --length {length} {PASS}"
        ))
    }
}

/// What the system tells of a mapping, in KiB (proc_pid_smaps(5)), by a part of its name.
#[cfg(target_os = "linux")]
fn of_mapping(smaps: &str, name: &str, what: &str) -> Option<u64> {
    let mapping = smaps.lines().skip_while(|line| !line.contains(name));
    mapping.skip(1).find_map(|line| line.strip_prefix(what))?.trim().strip_suffix(" kB")?.parse().ok()
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn bytes_of(answer: &Value) -> u64 {
    answer["bytes"].as_u64().unwrap()
}

#[test]
fn a_large_list_is_answered_from_a_mapped_file() {
    let length: u32 = std::env::var("POSITIONS").map_or(1_000_000, |text| text.parse().unwrap());
    let is_measured = length >= 100_000_000;
    assert!(!is_measured || Path::new(TIME).exists(), "{TIME} measures");
    let desk = Desk::found();
    let mut dice = Dice(1);
    let mut revoked: BTreeSet<u32> = (0..length).filter(|_| dice.next().is_multiple_of(100)).collect();
    let listed = revoked.len();
    let middle = length / 2;
    let gone = *revoked.range(middle..).next().unwrap();
    let good = (middle..).find(|at| !revoked.contains(at)).unwrap();
    let later = (good + 1..).find(|at| !revoked.contains(at)).unwrap();
    let far = (length / 7..).find(|at| !revoked.contains(at)).unwrap();
    for (name, at) in [("revoked.zyl", gone), ("good.zyl", good), ("later.zyl", later), ("far.zyl", far)] {
        desk.issue(name, at.into());
    }
    let Taken { answer: first, resident, .. } = desk.publish(length, &revoked);
    assert!(resident.unwrap_or_default() <= MOST_TO_PUBLISH, "{resident:?} KiB");
    println!("{length} positions, {listed} listed: {} bytes", bytes_of(&first));
    let pack = desk.done("pack build --out first.zyp").answer;
    let pin = pack["pin"].as_str().unwrap();
    desk.done(&format!("store init --pin {pin} --region 990102"));
    desk.done("store apply first.zyp");
    let bodies: Vec<_> = fs::read_dir(desk.path("home/store/trust.store.lists")).unwrap().collect();
    assert_eq!(bodies.len(), 1, "the list stands in a file of its own");
    let store = fs::metadata(desk.path("home/store/trust.store")).unwrap().len();
    let body = bodies[0].as_ref().unwrap().metadata().unwrap().len();
    println!("store {store} bytes, body and hashes {body} bytes");
    assert!(store < 16_384, "{store}: the body is not in the store");
    desk.verify("revoked.zyl", 10);
    desk.verify("good.zyl", 0);
    desk.verify("later.zyl", 0);
    desk.done("store doctor --within 1h");

    #[cfg(target_os = "linux")]
    {
        let read = desk.read_for_an_answer("good.zyl", "far.zyl");
        println!("{read} KiB of the body are read for an answer, of {}", body / 1_024);
        assert!(read <= MOST_OF_THE_BODY, "{read} KiB of the body, and at most {MOST_OF_THE_BODY}");
        // Zero is the truth of a few pages that the processor still holds translated from the answer before: the
        // system clears its marks, and is not told of a page that is found without it. A large list has pages that
        // no answer has touched yet.
        assert!(!is_measured || read > 0, "an answer reads nothing of the body");
    }

    desk.look_up(&revoked, length);

    // A day later, 2,000 more: the change alone travels.
    revoked.insert(later);
    while revoked.len() < listed + 2_000 {
        revoked.insert(u32::try_from(dice.next() % u64::from(length)).unwrap());
    }
    let second = desk.publish(length, &revoked).answer;
    let delta = bytes_of(&second["deltas"][0]);
    println!("delta of 2000 changes: {delta} bytes, of a list of {} bytes", bytes_of(&second));
    if is_measured {
        assert!(delta <= MOST_DELTA, "{delta} bytes, and at most {MOST_DELTA}");
    }
    let since = desk.done("pack build --since 1 --out since.zyp").answer;
    println!("pack since number 1: {} bytes", bytes_of(&since));
    let applied = desk.done("store apply since.zyp").answer;
    assert!(applied["taken"].as_u64().unwrap() >= 1, "{applied}");
    desk.verify("later.zyl", 10);
    desk.verify("good.zyl", 0);
    // One line of the other system stands for half of the list, and takes no more memory than a line.
    fs::write(desk.path("batch.txt"), format!("0-{} withdrawn\n", length / 2)).unwrap();
    let batch =
        desk.done(&format!("status publish {AUTHORITY} --list 8 --positions batch.txt --length {length} {PASS}"));
    assert_eq!(batch.answer["listed"], length / 2 + 1);
    assert!(batch.resident.unwrap_or_default() <= MOST_TO_PUBLISH, "{:?} KiB", batch.resident);
    assert_eq!(fs::read_dir(desk.path("home/store/trust.store.lists")).unwrap().count(), 1);
}

/// A document of any size is stamped, and its stamp verified, in the memory that a document of ten bytes takes.
/// `DOCUMENT=1073741824` is the measure.
#[test]
fn a_large_document_takes_no_more_memory_than_a_small_one() {
    const NOW: &str = "--clock 2026-10-01T10:00:00+08:00";
    const LATER: &str = "--clock 2026-10-01T10:30:00+08:00";
    let size: u64 = std::env::var("DOCUMENT").map_or(64 << 20, |text| text.parse().unwrap());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large-document");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let desk = Desk(folder);
    let mut world = world::World::new().with_seals();
    let seal = world.make_seal("99");
    let officer = world::key(&world::seals::stamping_key(world::seals::unit("99").0));
    let pem = key::to_encrypted_pem(&officer, b"example", &[3; 16], &[2; 16]).unwrap();
    let pack = world.pack();
    for (name, bytes) in
        [("week.zyp", &pack[..]), ("bureau.zye", &seal.bytes), ("officer.pem", pem.as_bytes()), ("pass", b"example")]
    {
        fs::write(desk.path(name), bytes).unwrap();
        fs::set_permissions(desk.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    desk.done(&format!("store init --pin {} --from week.zyp --region 990102 {NOW}", world.pin()));
    // What is not written of a file takes no disk.
    let mut resident = [[0; 2]; 2];
    for ((name, length), resident) in [("small", 10), ("large", size)].into_iter().zip(&mut resident) {
        fs::File::create(desk.path(name)).unwrap().set_len(length).unwrap();
        let stamp = "--seal bureau.zye --key officer.pem --media-type application/octet-stream";
        let stamped = desk.done(&format!("seal stamp {name} {stamp} {NOW} {PASS}"));
        let verified = desk.done(&format!("seal verify {name}.zys {LATER}"));
        assert_eq!(verified.answer["document"]["size"], length);
        *resident = [stamped, verified].map(|taken| taken.resident.unwrap_or_default());
    }
    let [small, large] = resident;
    for (of_small, of_large) in small.into_iter().zip(large) {
        println!("{size} bytes: {of_large} KiB resident at most, {of_small} for ten bytes");
        assert!(of_large <= of_small + (1 << 10), "{of_large} KiB, {of_small} KiB for ten bytes");
    }
    // The program itself is as large as it is built; and opening the key takes what its passphrase costs (scrypt), whatever is stamped.
    let [_, verified] = large;
    assert!(cfg!(debug_assertions) || verified <= MOST_FOR_A_DOCUMENT, "{verified} KiB");
}
