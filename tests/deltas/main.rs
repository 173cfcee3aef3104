//! Status lists that are published day by day, and how verifiers that hold an older one are brought forward: by the command alone, from the
//! publisher's folder to the counter's store.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]
#![cfg(unix)]

mod positions;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::{StatusFacts, key, publish_status};
use zhengyin::status::{State, StatusDelta, StatusList};
use zhengyin::time::Timestamp;

const AUTHORITY: &str = "11990100MB0000000P";
const PASS: &str = "--passphrase file:pass";

/// A publisher's folder.
struct Desk(PathBuf);

impl Desk {
    fn found(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
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

    /// Runs the command; its exit code and what it says as JSON.
    fn run(&self, line: &str) -> (Option<i32>, Value) {
        let output = Command::new(env!("CARGO_BIN_EXE_zhengyin"))
            .args(line.split_whitespace())
            .arg("--json")
            .current_dir(&self.0)
            .env("ZHENGYIN_HOME", "home")
            .env("ZHENGYIN_LANG", "en")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    fn done(&self, line: &str) -> Value {
        let (exit, said) = self.run(line);
        assert_eq!(exit, Some(0), "{line}: {said}");
        said
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn published(&self, name: &str) -> PathBuf {
        self.file("home/authorities").join(AUTHORITY).join(name)
    }

    /// Publishes list 7: two thousand positions, and three more each day.
    fn publish(&self, day: u32) -> Value {
        positions::write(&self.file("positions.txt"), day);
        self.done(&format!("status publish {AUTHORITY} --list 7 --positions positions.txt --length 200000 {PASS}"))
    }

    /// A verifier that took in a pack.
    fn verifier(&self, store: &str, pin: &str, pack: &str) {
        self.done(&format!("store init --pin {pin} --from {pack} --store {store}"));
    }

    fn apply(&self, pack: &str, store: &str) -> (Option<i32>, Value) {
        self.run(&format!("store apply {pack} --store {store}"))
    }

    /// The number of the list that a store holds.
    fn holds(&self, store: &str) -> u64 {
        let shown = self.done(&format!("store show --store {store}"));
        let objects = shown["objects"].as_array().unwrap();
        objects.iter().find(|object| object["kind"] == "status-list").unwrap()["seq"].as_u64().unwrap()
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Whoever holds the first list, or any after it, is brought forward by one pack; who holds another one is left as he is.
#[test]
fn a_chain_brings_every_verifier_forward() {
    let desk = Desk::found("deltas-chain");
    let mut pin = Value::Null;
    for day in 0..4 {
        let published = desk.publish(day);
        pin = desk.done(&format!("pack build --out whole-{}.zyp", day + 1))["pin"].clone();
        let deltas = published["deltas"].as_array().unwrap();
        assert_eq!(deltas.len(), usize::from(day > 0), "{published}");
        assert!(deltas.iter().all(|delta| delta["bytes"].as_u64() < published["bytes"].as_u64()));
    }
    let pin = pin.as_str().unwrap();
    for seq in 1..=4 {
        desk.verifier(&format!("{seq}.store"), pin, &format!("whole-{seq}.zyp"));
    }
    let built = desk.done("pack build --since 2 --out since-2.zyp");
    let short = &built["since"][0];
    assert_eq!(
        (&short["how"], short["deltas"].as_u64(), short["since"].as_u64()),
        (&Value::from("chain"), Some(2), Some(2))
    );
    let sizes = |name: &str| fs::metadata(desk.file(name)).unwrap().len();
    assert!(sizes("since-2.zyp") < sizes("whole-4.zyp"));
    for (seq, taken) in [(2, 2), (3, 1), (4, 0)] {
        let store = format!("{seq}.store");
        let (exit, said) = desk.apply("since-2.zyp", &store);
        assert_eq!((exit, said["taken"].as_u64(), said["refused"].as_u64()), (Some(0), Some(taken), Some(0)), "{said}");
        assert_eq!(said["objects"].as_array().unwrap().last().unwrap()["of"], format!("{AUTHORITY}/7"));
        assert_eq!(desk.holds(&store), 4);
    }
    // The chain does not begin with number 1: nothing is changed, and the whole list is wanted.
    let before = fs::read(desk.file("1.store")).unwrap();
    let (exit, said) = desk.apply("since-2.zyp", "1.store");
    assert_eq!(exit, Some(30), "{said}");
    let refused = said["objects"].as_array().unwrap().iter().filter(|object| object["result"] == "refused");
    assert!(
        refused.clone().count() == 2 && refused.clone().all(|object| object["reason"] == "status.delta_base"),
        "{said}"
    );
    assert_eq!((desk.holds("1.store"), said["changed"].as_bool()), (1, Some(false)));
    assert_eq!(fs::read(desk.file("1.store")).unwrap(), before);
    // By the root of the list that it holds it is served as well.
    let first = fs::read(desk.published("status-7-000001.zyt")).unwrap();
    let root = StatusList::parse(&first).unwrap().claimed_header().root;
    desk.done(&format!("pack build --since {root} --out by-root.zyp"));
    assert_eq!(desk.apply("by-root.zyp", "1.store").0, Some(0));
    assert_eq!(desk.holds("1.store"), 4);
}

/// A delta that was altered on its way does not give what was signed: it changes nothing. In the publisher's folder it is made again.
#[test]
fn an_altered_delta_changes_nothing() {
    let desk = Desk::found("deltas-altered");
    desk.publish(0);
    let pin = desk.done("pack build --out first.zyp")["pin"].as_str().unwrap().to_owned();
    desk.verifier("kiosk.store", &pin, "first.zyp");
    desk.publish(1);
    let path = desk.published("delta-7-000001-000002.zyt");
    let delta = fs::read(&path).unwrap();
    let before = fs::read(desk.file("kiosk.store")).unwrap();
    let (mut answers, mut reasons) = (0, Vec::new());
    // Behind the header, whose signature would be asked first: every bit of the sets.
    let header = StatusDelta::parse(&delta).unwrap().envelope().bytes().to_vec();
    let sets = delta.windows(header.len()).position(|window| window == header).unwrap() + header.len();
    for at in sets..delta.len() {
        let mut altered = delta.clone();
        altered[at] ^= 0x10;
        fs::write(desk.file("altered.zyp"), &altered).unwrap();
        let (exit, said) = desk.apply("altered.zyp", "kiosk.store");
        assert!(matches!(exit, Some(10 | 30)), "byte {at}: {said}");
        assert_eq!(fs::read(desk.file("kiosk.store")).unwrap(), before, "byte {at}");
        answers += 1;
        reasons.extend(said["objects"][0]["reason"].as_str().map(str::to_owned));
    }
    assert!(answers > 10 && reasons.iter().any(|reason| reason == "status.delta_refused"), "{reasons:?}");
    fs::write(&path, &delta[..delta.len() - 1]).unwrap();
    desk.done("pack build --since 1 --out again.zyp");
    assert_eq!(desk.apply("again.zyp", "kiosk.store").0, Some(0));
    assert_eq!(desk.holds("kiosk.store"), 2);
}

/// Lists of sixty days: beside the day's delta stand those of a week and of a month, each giving the newest list to the byte; a pack for who
/// was away takes the chain, one delta where only that is smaller than the list, and the list itself where nothing is.
#[test]
fn roll_ups_are_made_and_the_smallest_way_is_taken() {
    let desk = Desk::found("deltas-rolled-up");
    let passphrase: &[u8] = b"secret";
    let pem = fs::read_to_string(desk.published("status/key.pem")).unwrap();
    let signer = key::from_pem(&pem, Some(passphrase)).unwrap();
    let today = now();
    for day in 1..=60_u32 {
        let issued = today - i64::from(61 - day) * 86_400;
        let facts = StatusFacts {
            authority: CreditCode::parse(AUTHORITY).unwrap(),
            list: 7,
            epoch: 0,
            seq: day.into(),
            issued: Timestamp::new(issued).unwrap(),
            next_update: Timestamp::new(issued + 86_400).unwrap(),
            length: 200_000,
        };
        let states = positions::revoked(day).into_iter().map(|at| (at, State::Revoked));
        let list = publish_status(&facts, states, None, None, &signer).unwrap();
        fs::write(desk.published(&format!("status-7-{day:06}.zyt")), list).unwrap();
    }
    let published = desk.publish(61);
    let deltas = published["deltas"].as_array().unwrap();
    let days: Vec<_> =
        deltas.iter().map(|delta| (delta["since"].as_u64().unwrap(), delta["days"].as_i64().unwrap())).collect();
    assert_eq!(days, [(60, 1), (54, 7), (31, 30)], "{published}");
    let newest = fs::read(desk.published("status-7-000061.zyt")).unwrap();
    for delta in deltas {
        let bytes = fs::read(desk.file(delta["file"].as_str().unwrap())).unwrap();
        assert_eq!(u64::try_from(bytes.len()).ok(), delta["bytes"].as_u64());
        let old = fs::read(desk.published(&format!("status-7-{:06}.zyt", delta["since"].as_u64().unwrap()))).unwrap();
        let parsed = StatusDelta::parse(&bytes).unwrap();
        assert_eq!(parsed.apply(&StatusList::parse(&old).unwrap()).unwrap(), newest);
    }
    let way = |since: &str| {
        let short = desk.done(&format!("pack build --since {since} --out since-{since}.zyp"))["since"][0].clone();
        let number = |name: &str| short[name].as_u64().unwrap_or_default();
        (short["how"].as_str().unwrap().to_owned(), number("since"), number("deltas"))
    };
    assert_eq!(way("58"), ("chain".into(), 58, 3));
    assert_eq!(way("3d"), ("chain".into(), 58, 3), "what was the newest three days ago");
    // A chain of a month would be larger than this list of two kilobytes; one delta is not.
    assert_eq!(way("31"), ("direct".into(), 31, 1));
    assert_eq!(way("62"), ("whole".into(), 0, 0));
}
