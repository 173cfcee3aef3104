//! The desks as they are used: each file of `tests/desk/` holds command lines of operators and what they answer, run one after the other
//! in a folder of its own. Keys, ids and times are what they are: `[..]` stands for them. What a text cannot say (files that are cut,
//! disks that are full, processes that are stopped) is said here.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]
#![cfg(unix)]

#[path = "signing/admitted.rs"]
mod admitted;
#[path = "signing/rotation.rs"]
mod rotation;
#[path = "signing/listing.rs"]
mod listing;
#[path = "signing/offices.rs"]
mod offices;
#[path = "signing/seals.rs"]
mod seals;
#[path = "signing/moves.rs"]
mod moves;
#[path = "signing/suites.rs"]
mod suites;
#[path = "deltas/positions.rs"]
mod positions;
#[path = "tables/sheets.rs"]
mod sheets;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use zhengyin::claims::id::CreditCode;
use zhengyin::claims::{CredentialId, LicenseClaims, StatusPointer};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::issue::key::to_encrypted_pem;
use zhengyin::issue::{LicenseFacts, SignError, Signer};
use zhengyin::register::{Act, Desk, Register as _, Request, SqliteRegister};
use zhengyin::suite::{PublicKey, SecretKey};
use zhengyin::time::Timestamp;

/// An authority that may issue business licenses and food permits in 9901.
const AUTHORITY: &str = "11990100MB0000000P";

/// A folder of this run, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What lies on an operator's desk: facts of licenses, right and wrong, what another system revoked day by day, and passphrases.
fn lay_out(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let read = |name: &str| fs::read_to_string(data.join(name)).unwrap();
    let business = read("business-license.json");
    for name in ["business-license.json", "food-operation-permit.json", "driving-licence.json"] {
        fs::write(folder.join(name), read(name)).unwrap();
    }
    let spoilt = [
        // The last character of the holder's code checks the others.
        ("check-digit.json", business.replacen("\"id\": \"91990100MA00000A9K\"", "\"id\": \"91990100MA00000A9X\"", 1)),
        ("misspelt.json", business.replacen("\"serial\"", "\"serail\"", 1)),
        ("invisible.json", business.replacen("茶业有限公司", "茶业\u{200b}有限公司", 1)),
        // U+F9B4 is a compatibility form of U+9818.
        ("compatibility.json", business.replacen("茶业有限公司", "\u{f9b4}茶有限公司", 1)),
        ("other-content.json", business.replacen("伍佰万元整", "陆佰万元整", 1)),
        ("elsewhere.json", business.replacen("\"region\": \"990102\"", "\"region\": \"980102\"", 1)),
        ("bound.json", business.replacen("\"bind\": 0", "\"bind\": 2", 1)),
        ("unfit.json", business.replacen("\"bind\": 0", "\"bind\": 1", 1).replacen("\"经营范围\"", "\"营业范围\"", 1)),
        ("own-kind.json", business.replacen("11950000MB0000019Y001", "11950000MB0000019Y777", 1)),
        ("not-json.json", "{".to_owned()),
        ("sunset.json", r#"{"sunsets": [{"algorithm": "ed25519", "signed_until": "2026-01-01"}]}"#.to_owned()),
        ("moved.json", r#"{"sunsets": [{"algorithm": "ed25519", "signed_until": "2099-01-01"}, {"algorithm": -48, "signed_until": "2098-01-01", "relied_until": "2099-01-01"}]}"#.to_owned()),
        ("lifted.json", r#"{"lift_sunsets": ["ed25519"]}"#.to_owned()),
        ("backwards.json", r#"{"sunsets": [{"algorithm": "sm2", "signed_until": "2099-01-01", "relied_until": "2098-01-01"}]}"#.to_owned()),
        ("nobody.json", r#"{"sunsets": [{"algorithm": "ed25519", "signed_until": "2026-01-01", "relied_until": "2026-02-01"}]}"#.to_owned()),
    ];
    for (name, text) in spoilt {
        assert_ne!(text, business, "{name}");
        fs::write(folder.join(name), text).unwrap();
    }
    fs::write(folder.join("batch.txt"), "91990100MA00000A9K\n# a remark\nJY19901020000011, 示例\nnobody\n").unwrap();
    positions::lay_out(folder);
    let unfit: serde_json::Value = serde_json::from_str(&business.replacen("\"bind\": 0", "\"bind\": 1", 1).replacen(
        "\"经营范围\"",
        "\"营业范围\"",
        1,
    ))
    .unwrap();
    fs::write(folder.join("unfit.jsonl"), format!("{unfit}\n")).unwrap();
    fs::write(folder.join("many.csv"), sheets::table(14)).unwrap();
    let numbers = |range: std::ops::Range<usize>| range.map(|number| format!("YS{number:010}\n")).collect::<String>();
    fs::write(folder.join("few.txt"), numbers(0..3)).unwrap();
    fs::write(folder.join("many.txt"), numbers(1..13)).unwrap();
    fs::write(folder.join("mixed.txt"), format!("{}nobody\n", numbers(0..3))).unwrap();
    // Operators' keys, whose public halves stand in the cases.
    for (name, seed) in [("li", 1), ("wang", 2), ("zhao", 3)] {
        let key = SecretKey::from_seed(&[seed; 32]).unwrap();
        let pem = to_encrypted_pem(&key, b"secret", &[seed; 16], &[seed; 16]).unwrap();
        let path = folder.join(format!("{name}.pem"));
        fs::write(&path, pem.as_bytes()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    sheets::lay_out(folder);
    let drawn = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4" fill="#d00"/></svg>"##;
    fs::write(folder.join("seal.svg"), drawn).unwrap();
    fs::write(folder.join("hidden.svg"), drawn.replace("<circle", "<script>x</script><circle")).unwrap();
    fs::write(folder.join("decision.pdf"), "%PDF-1.7\n% 示例\n%%EOF\n").unwrap();
    (0..3).for_each(|day| positions::write(&folder.join(format!("day-{day}.txt")), day));
    offices::lay_out(folder);
    for (name, passphrase, mode) in
        [("pass", "secret\n", 0o600), ("wrong", "guess\n", 0o600), ("open", "secret\n", 0o644)]
    {
        fs::write(folder.join(name), passphrase).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[test]
fn command_lines_answer_as_written() {
    let folder = folder("desk");
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/desk");
    let mut copies = Vec::new();
    let mut all: Vec<_> = fs::read_dir(&cases).unwrap().map(|case| case.unwrap().path()).collect();
    if has_font(&folder) {
        all.extend(fs::read_dir(cases.join("with-a-font")).unwrap().map(|case| case.unwrap().path()));
    }
    for case in all.into_iter().filter(|case| case.is_file()) {
        let copy = folder.join(case.file_name().unwrap());
        fs::copy(&case, &copy).unwrap();
        lay_out(&copy.with_extension("in"));
        // Its being there gives the case a folder of its own.
        fs::create_dir(copy.with_extension("out")).unwrap();
        copies.push((copy, case));
    }
    assert!(copies.len() >= 2);
    let cases = trycmd::TestCases::new();
    cases.register_bin("zhengyin", Path::new(env!("CARGO_BIN_EXE_zhengyin")));
    for (name, value) in [
        ("ZHENGYIN_HOME", "home"),
        ("ZHENGYIN_LANG", "en"),
        ("NO_COLOR", "1"),
        ("COLUMNS", "110"),
        ("ZHENGYIN_OPERATOR", "张示例"),
        ("SECRET", "secret"),
    ] {
        cases.env(name, value);
    }
    cases.case(folder.join("*.trycmd")).run();
    drop(cases);
    if std::env::var("TRYCMD").as_deref() == Ok("overwrite") {
        for (copy, case) in &copies {
            fs::copy(copy, case).unwrap();
        }
    }
}

/// The command in a folder.
fn zhengyin(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhengyin"));
    command
        .args(line.split_whitespace())
        .current_dir(folder)
        .env("ZHENGYIN_HOME", "home")
        .env("ZHENGYIN_LANG", "en")
        .env_remove("ZHENGYIN_REGION")
        .stdin(Stdio::null());
    command
}

fn run(folder: &Path, line: &str) -> Output {
    zhengyin(folder, line).output().unwrap()
}

/// Has this computer a font with Chinese? Where it has none, what is drawn or set is refused, and the package that has one is named.
fn has_font(folder: &Path) -> bool {
    let line = "seal make --owner 示例局 --owner-code 11990100MB0000000P --signer 11990100MB0000000P --until 2099-01-01 --preview -";
    let output = run(folder, line);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() || told.contains("apt-get install fonts-wqy-microhei"), "{told}");
    output.status.success()
}

/// What a command that succeeds says on stdout.
fn done(folder: &Path, line: &str) -> String {
    let output = run(folder, line);
    assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that cannot run says on stderr.
fn fails(folder: &Path, line: &str) -> String {
    let output = run(folder, line);
    assert_eq!(output.status.code(), Some(1), "{line}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

/// Every file and folder beneath a folder, but for what SQLite leaves beside a database that somebody looked at: its index, and a log with
/// nothing in it.
fn everything(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything(&path));
        }
        let name = path.file_name().unwrap().to_string_lossy();
        if name.ends_with("-shm") || (name.ends_with("-wal") && fs::metadata(&path).unwrap().len() == 0) {
            continue;
        }
        found.push(path);
    }
    found.sort();
    found
}

/// A desk at which licenses can be issued.
fn desk(name: &str) -> PathBuf {
    let folder = folder(name);
    lay_out(&folder);
    let pass = "--passphrase file:pass";
    done(
        &folder,
        &format!("authority init 99 --name 甲 --name-en Jia --keeper 局 --code 11990000MB0000908E --test {pass}"),
    );
    done(&folder, &format!("authority enrol {AUTHORITY} --province 99 --name 局 --region 9901 {pass}"));
    done(&folder, &format!("key gen operator.pem {pass}"));
    done(&folder, &format!("trust build --federation F --signer O=operator.pem {pass}"));
    done(&folder, &format!("trust directory 99 {pass}"));
    folder
}

const ISSUE: &str = "license issue --data business-license.json --passphrase file:pass --out one.zyl";
const ISSUE_OTHER: &str = "license issue --data food-operation-permit.json --passphrase file:pass --out two.zyl";

fn register(folder: &Path) -> PathBuf {
    folder.join("home/register.sqlite")
}

/// A device that is unplugged while it signs, and takes the process with it.
struct Unplugged(PublicKey);

impl Signer for Unplugged {
    fn public_key(&self) -> &PublicKey {
        &self.0
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
        panic!("unplugged")
    }
}

/// Done by somebody now.
fn now() -> Act<'static> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Act::new("somebody", Timestamp::new(i64::try_from(now).unwrap()).unwrap())
}

/// A position is allotted, and the process is no more.
fn stop_while_signing(folder: &Path) {
    let act = now();
    let now = act.time;
    let authority = CreditCode::parse(AUTHORITY).unwrap();
    let (mut desk, _) = Desk::open(SqliteRegister::open(&register(folder)).unwrap(), authority, &act).unwrap();
    let read = |desk: &Desk<SqliteRegister>, index| desk.content(StatusPointer { list: 1, index }).unwrap().unwrap();
    let bytes = read(&desk, 0);
    let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::License)).unwrap();
    let claims = LicenseClaims::parse(envelope.claimed_payload()).unwrap();
    let facts = LicenseFacts { number: "STOPPED".into(), ..LicenseFacts::from(&claims.claimed().license) };
    let id = CredentialId::new([9; 16]);
    let request = Request { facts: &facts, list: 1, id, not_before: now, expires: None, holder_key: None };
    let key = desk.register().keys(authority).unwrap()[0].clone();
    let stopped = catch_unwind(AssertUnwindSafe(|| desk.issue(&request, None, &Unplugged(key), &act).map(|_| ())));
    assert!(stopped.is_err());
}

/// A process that was stopped between allotting and recording: the position is void for good.
#[test]
fn what_a_stopped_process_left_is_settled_and_told() {
    let folder = desk("desk-stopped");
    done(&folder, ISSUE);
    stop_while_signing(&folder);
    let other = run(&folder, ISSUE_OTHER);
    let told = String::from_utf8(other.stderr).unwrap();
    assert!(told.contains("an earlier run was stopped: 1 positions"), "{told}");
    let shown = done(&folder, "license show two.zyl");
    assert!(shown.contains("list 1, position 2"), "the position was given twice: {shown}");
    let published = done(&folder, &format!("status publish {AUTHORITY} --passphrase file:pass"));
    assert!(published.contains("3 positions, 1 not in force"), "{published}");
}

/// An altered register is not used, and not touched.
#[test]
fn a_damaged_register_is_refused() {
    let folder = desk("desk-damaged");
    done(&folder, &format!("{ISSUE} --lang en"));
    done(&folder, "license suspend 91990100MA00000A9K --reason SUSPENDEDFORAWHILE");
    let mut bytes = fs::read(register(&folder)).unwrap();
    let reason = bytes.windows(18).position(|window| window == b"SUSPENDEDFORAWHILE").unwrap();
    bytes[reason] ^= 1;
    fs::write(register(&folder), &bytes).unwrap();
    for line in [ISSUE_OTHER, "license show", "license revoke 91990100MA00000A9K --reason x"] {
        let told = fails(&folder, line);
        assert!(told.contains("record 5 of the journal is damaged; restore it from a backup"), "{told}");
    }
    assert_eq!(fs::read(register(&folder)).unwrap(), bytes);
    assert!(!folder.join("two.zyl").exists());
    // Neither is one that is cut, or is none.
    for spoilt in [&bytes[..bytes.len() / 2], b"not a register at all"] {
        fs::write(register(&folder), spoilt).unwrap();
        let told = fails(&folder, ISSUE_OTHER);
        assert!(told.contains("the file is damaged") && told.contains("cp -p home/register.sqlite"), "{told}");
    }
}

/// Before the first release a register was a file of frames: said, with what to do.
#[test]
fn a_register_of_before_the_release_is_told() {
    let folder = desk("desk-before");
    let old = folder.join("home/authorities").join(AUTHORITY).join("register");
    fs::write(&old, [0, 0, 0, 36]).unwrap();
    let told = fails(&folder, ISSUE);
    assert!(told.contains("of a version before the first release") && told.contains("next: mv "), "{told}");
    fs::remove_file(old).unwrap();
    done(&folder, ISSUE);
}

/// Nothing can be written: said before anything is begun, and nothing is left of the attempt.
#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let folder = desk("desk-full");
    let before = everything(&folder);
    let register_before = fs::read(register(&folder)).ok();
    // A limit of no bytes a file stands in for a full disk; the signal that comes with it is ignored.
    let full = |line: &str| {
        let program = env!("CARGO_BIN_EXE_zhengyin");
        let script = format!("trap '' XFSZ; ulimit -f 0; exec {program} {line}");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(&folder).env("ZHENGYIN_HOME", "home").env("ZHENGYIN_LANG", "en");
        let output = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for line in [
        ISSUE,
        "key gen new.pem --passphrase file:pass",
        "trust directory 99 --passphrase file:pass",
        "trust build --signer operator.pem --passphrase file:pass",
        "authority enrol 11990000MB0000000J --province 99 --name X --passphrase file:pass",
        "pack build --out new.zyp",
        "demo new",
    ] {
        let (exit, told) = full(line);
        assert_eq!(exit, Some(1), "{line}");
        assert!(told.contains("the file would be larger than is allowed"), "{line}: {told}");
    }
    let mut after = everything(&folder);
    // An authority's folder is made before what stands in it.
    after.retain(|path| !path.ends_with("11990000MB0000000J") && !path.ends_with("out"));
    assert_eq!(after, before);
    assert_eq!(fs::read(register(&folder)).unwrap_or_default(), register_before.unwrap_or_default());
    done(&folder, ISSUE);
}

/// The license was recorded and could not be handed out: the same command hands out the same license.
#[test]
fn what_was_not_handed_out_is_handed_out_again() {
    let folder = desk("desk-again");
    let to_stdout = ISSUE.replace("one.zyl", "-");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = zhengyin(&folder, &to_stdout).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("the disk is full") && told.contains("license issue --data business-license.json"), "{told}");
    let said = done(&folder, ISSUE);
    assert!(said.contains("was issued before; here it is again"), "{said}");
    let first = fs::read(folder.join("one.zyl")).unwrap();
    assert_eq!(run(&folder, &to_stdout).stdout, first, "one license, one form");
    assert!(done(&folder, &format!("license show --authority {AUTHORITY}")).lines().count() == 1);
}

/// Two at once: both issue, and no position is given twice.
#[test]
fn two_operators_work_at_once() {
    let folder = desk("desk-two");
    let both = [ISSUE, ISSUE_OTHER].map(|line| zhengyin(&folder, line).stdout(Stdio::piped()).spawn().unwrap());
    for child in both {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let shown = done(&folder, "license show --json");
    let places: Vec<serde_json::Value> = shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let places: Vec<_> = places.iter().map(|entry| entry["status"][1].as_u64().unwrap()).collect();
    assert_eq!(places, [0, 1]);
    // A process that is at work keeps nobody from issuing, nor from looking.
    let authority = CreditCode::parse(AUTHORITY).unwrap();
    let (held, _) = Desk::open(SqliteRegister::open(&register(&folder)).unwrap(), authority, &now()).unwrap();
    assert!(done(&folder, ISSUE).contains("was issued before"));
    assert_eq!(held.lists().unwrap(), [1]);
}

/// A store that never saw a status list believes the proof that comes with the license, in its file and in one code or several.
#[test]
fn a_license_with_its_proof_is_verified_without_a_list() {
    let folder = desk("desk-proof");
    done(&folder, ISSUE);
    done(&folder, &format!("status publish {AUTHORITY} --passphrase file:pass"));
    done(&folder, "status prove one.zyl --out proved.zyl");
    // Only who may sign, and nothing of what became of licenses.
    let object = |name: &str| fs::read(folder.join("home").join(name)).unwrap();
    let trust = [object("federation/trust-000001.zyt"), object("provinces/99/directory-000001.zyt")].concat();
    fs::write(folder.join("trust.zyp"), trust).unwrap();
    let built: serde_json::Value = serde_json::from_str(&done(&folder, "pack build --out all.zyp --json")).unwrap();
    let pin = built["pin"].as_str().unwrap();
    done(&folder, &format!("store init --pin {pin} --from trust.zyp --store bare.store"));
    let verify = |what: &str| {
        let output = run(&folder, &format!("verify {what} --store bare.store --region 990102 --clock 1h"));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (exit, said) = verify("one.zyl");
    assert!(exit == Some(20) && said.contains("status.list_missing"), "{said}");
    let (exit, said) = verify("proved.zyl");
    assert!(exit == Some(0) && said.contains("status proof with it, by list #1 of"), "{said}");
    done(&folder, "qr make proved.zyl --out proved.png");
    assert_eq!(verify("--image proved.png").0, Some(0));
    let made: serde_json::Value =
        serde_json::from_str(&done(&folder, "qr make proved.zyl --out two.png --max-version 14 --json")).unwrap();
    assert_eq!(made["files"].as_array().unwrap().len(), 2, "{made}");
    assert_eq!(verify("--image two-1.png --image two-2.png").0, Some(0));
    // Revoked and proved again; the old proof is as good as its date.
    done(&folder, "license revoke one.zyl --reason x --cause deception");
    done(&folder, &format!("status publish {AUTHORITY} --details --passphrase file:pass"));
    done(&folder, "status prove one.zyl --out revoked.zyl");
    let (exit, said) = verify("revoked.zyl");
    assert!(exit == Some(10) && said.contains("status.revoked"), "{said}");
    // With the list itself the past is told too.
    done(&folder, &format!("store init --pin {pin} --from trust.zyp --store full.store"));
    done(&folder, "pack build --out later.zyp");
    done(&folder, "store apply later.zyp --store full.store");
    let event = |time: &str| {
        let line = format!("verify one.zyl --store full.store --region 990102 --clock 1h --event-time {time}");
        let output = run(&folder, &line);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (exit, said) = event("2025-06-01");
    assert_eq!(exit, Some(0), "{said}");
    assert!(said.contains("The list says: revoked since") && said.contains("obtained by deception"), "{said}");
    // The first second of the day on which it was revoked.
    let history = done(&folder, "status show one.zyl");
    let revoked = history.lines().find(|line| line.contains("deception: x")).unwrap();
    let (exit, said) = event(revoked.get(..10).unwrap());
    assert!(exit == Some(20) && said.contains("status.changed_that_day"), "{said}");
}

/// The demonstration comes out as it should, and the commands that it names at its end work as they stand.
#[test]
fn the_demonstration_and_its_commands_work() {
    let folder = folder("desk-demo");
    let output = run(&folder, "demo");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    for sign in ["✓ 有效 VALID", "✗ 无效 INVALID", "? 无法判定 UNDETERMINED", "已吊销 · Revoked  501 status.revoked"]
    {
        assert!(said.contains(sign), "{sign}");
    }
    let refused = run(&folder, "demo");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("the folder is not empty"));
    let readme = fs::read_to_string(folder.join("demo/README.md")).unwrap();
    let program = env!("CARGO_BIN_EXE_zhengyin");
    let commands: Vec<&str> = readme.lines().filter(|line| line.starts_with(program)).collect();
    assert!(commands.len() >= 16);
    let mut exits = Vec::new();
    for line in commands {
        assert!(said.contains(line), "{line}");
        let output = Command::new("sh").args(["-c", line]).current_dir(&folder).output().unwrap();
        exits.push(output.status.code().unwrap());
    }
    // Revoked, tampered, then done, shown by its holder and valid; documents valid, all of them not; and at last: the new license valid,
    // the other one revoked.
    assert_eq!(exits, [10, 10, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
}

/// README's section on seals, as it stands.
#[test]
fn the_commands_of_readme_about_seals_work() {
    let folder = folder("desk-readme");
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split_once("\n## Seals\n").unwrap().1.split("\n## ").next().unwrap().to_owned();
    let commands: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("zhengyin ")).collect();
    assert!(commands.len() >= 6);
    let has_font = has_font(&folder);
    for line in commands {
        match has_font {
            true => drop(done(&folder, line)),
            // As README says.
            false if line.contains("finance.zye") => drop(fails(&folder, line)),
            false => drop(done(&folder, &line.replace(".pdf", ".txt"))),
        }
    }
}

/// A line of JSON for each license and document, and nothing else.
#[test]
fn the_demonstration_is_told_as_json() {
    let folder = folder("desk-demo-json");
    let said = done(&folder, "demo there/it/is --json --lang zh");
    let lines: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 24);
    for line in &lines {
        assert_eq!(line["as_expected"], true, "{line}");
        assert_eq!(line["report"]["verdict"], line["expected"]["verdict"]);
    }
    let count = |verdict: &str| lines.iter().filter(|line| line["report"]["verdict"] == verdict).count();
    assert_eq!((count("valid"), count("invalid"), count("undetermined")), (15, 7, 2));
}
