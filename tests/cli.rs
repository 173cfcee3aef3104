//! The command as it is used: each file of `tests/cli/` holds command lines and what they answer, run one after the other in a folder of
//! its own that holds the files of [`counter`]. `TRYCMD=overwrite cargo test --all-features --test cli` writes the answers anew.
//!
//! Everything is made of fixed seeds at 2026-10-01T10:00:00+08:00, which the command lines name by `--clock`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]

#[path = "vectors/schema.rs"]
mod schema;
#[path = "cli/sealed.rs"]
mod sealed;
#[path = "../examples/world/mod.rs"]
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use world::{DAY, World, spoil};
use zhengyin::carrier::{Label, encode_base45, encode_block, encode_digits};
use zhengyin::claims::{Binding, Challenge, Nonce};
use zhengyin::issue::{CopyFacts, pack};
use zhengyin::status::State;
use zhengyin::store::Pin;
use zhengyin::suite::{Algorithm, Digest};
use zhengyin::trust::Sunset;

/// Files by their names.
type Files = BTreeMap<&'static str, Vec<u8>>;

/// What lies before a clerk of 990102: packs, licenses, and what else people show.
fn counter() -> Files {
    let mut files = Files::new();
    let mut world = World::new();
    let names =
        ["business-license", "construction-permit", "driving-licence", "hygiene-permit", "food-operation-permit"];
    let [business, construction, driving, hygiene, food] = names.map(|name| world.issue(name));
    let outside = world.issue(world::data::OUTSIDE_MANDATE);
    let mut copy = food.facts.clone();
    copy.copy = Some(CopyFacts {
        purpose: "办理贷款".into(),
        audience: Some("示例银行".into()),
        expires: world.time(30 * DAY),
        made_by: None,
    });
    let copy_credential = world.credential(food.credential.issuer.as_str());
    let copy = world.issue_as(copy, copy_credential);
    let mut bound = world.issue("business-license");
    bound.facts.binding = Binding::HolderKey;
    bound.credential.holder_key = Some(world::key("holder").public_key().clone());
    let bound = world.issue_as(bound.facts, bound.credential);

    files.insert("week-40.zyp", world.pack());
    let older = world.status_object(business.credential.issuer.as_str());
    // A week later the construction permit is suspended and the business license revoked.
    world.set_state(&construction, State::Suspended);
    world.set_state(&business, State::Revoked);
    let mut newer = Vec::new();
    for license in [&construction, &business] {
        let authority = license.credential.issuer.as_str();
        let (issued, next_update) = (world.time(6 * DAY), world.time(8 * DAY));
        let facts = &mut world.list(authority).facts;
        (facts.seq, facts.issued, facts.next_update) = (2, issued, next_update);
        newer.push(world.status_object(authority));
    }
    files.insert("week-41.zyp", pack(&newer).unwrap());
    // The same number again, with other contents.
    world.set_state(&business, State::Cancelled);
    let other = world.status_object(business.credential.issuer.as_str());
    files.insert("rolled-back.zyp", pack(&[older]).unwrap());
    files.insert("equivocating.zyp", pack(&[other]).unwrap());
    // A later list that has the revoked license in force again.
    world.set_state(&business, State::InForce);
    let authority = business.credential.issuer.as_str();
    let (issued, next_update) = (world.time(7 * DAY), world.time(9 * DAY));
    let facts = &mut world.list(authority).facts;
    (facts.seq, facts.issued, facts.next_update) = (3, issued, next_update);
    files.insert("cleared.zyp", pack(&[world.status_object(authority)]).unwrap());
    files.insert("cut.zyp", files["week-41.zyp"].split_last_chunk::<9>().unwrap().0.to_vec());
    let mut foreign = World::new();
    foreign.operators = vec!["another operator".into()];
    foreign.trust.signers[0].key = world::key("another operator").public_key().clone().into();
    files.insert("foreign.zyp", foreign.pack());

    let block = encode_block(&business.bytes, Label::License).unwrap();
    files.insert("block.txt", block.replace('\n', "\r\n").into_bytes());
    files.insert("digits.txt", encode_digits(&business.bytes).unwrap().into_bytes());
    files.insert("base45.txt", encode_base45(&business.bytes).unwrap().to_lowercase().into_bytes());
    let digits = encode_digits(&business.bytes).unwrap();
    files.insert("cut.txt", digits.split_at(digits.len() - 2).0.as_bytes().to_vec());
    files.insert("tampered.zyl", spoil::flip(&business.bytes, business.bytes.len() - 200, 0));
    files.insert("business.zyl", business.bytes);
    files.insert("construction.zyl", construction.bytes);
    files.insert("driving.zyl", driving.bytes);
    files.insert("hygiene.zyl", hygiene.bytes);
    files.insert("outside.zyl", outside.bytes);
    files.insert("copy.zyl", copy.bytes);
    let hall = "base = \"kiosk\"\nname = \"示例大厅\"\nmax_status_age = \"30m\"\n";
    files.insert("hall.toml", hall.into());
    files.insert("loose.toml", b"base = \"strict\"\n\ngrace = \"as-listed\"\n".to_vec());
    // The key of a counter's device, encrypted with the word in `word`.
    let pem =
        |name: &str| zhengyin::issue::key::to_encrypted_pem(&world::key(name), b"example", &[1; 16], &[2; 16]).unwrap();
    files.insert("device.pem", pem("device").as_bytes().to_vec());
    files.insert("word", b"example".to_vec());
    files.insert("link.txt", b"https://example.org/pay".to_vec());
    files.insert("empty.zyl", Vec::new());
    files.insert("bound.zyl", bound.bytes);
    files.insert("holder.pem", pem("holder").as_bytes().to_vec());
    files.insert("another.pem", pem("another").as_bytes().to_vec());
    let challenge = Challenge::new(Nonce::new([0x5a; 16]), Some("示例政务大厅"), Some("办理入住"));
    files.insert("challenge.txt", encode_digits(&challenge.encode().unwrap()).unwrap().into_bytes());
    files.insert("tiny.txt", b"8601255".to_vec());
    files.insert(
        "blank.png",
        png(16, 16, &[0x78, 0xda, 0x63, 0xf8, 0xff, 0x9f, 0x81, 0x14, 0x04, 0x00, 0xfd, 0x4e, 0x1f, 0xe1]),
    );
    files.insert("huge.png", png(20_000, 20_000, &[0x78, 0x9c]));
    sealed::add(&mut files);
    files
}

/// A PNG of one bit a pixel that says it has so many, whatever there is of them (ISO/IEC 15948 §5).
fn png(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ crc >> 1 } else { crc >> 1 };
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
    };
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let named = [name, content].concat();
        let length = u32::try_from(content.len()).unwrap();
        [&length.to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", pixels), chunk(b"IEND", &[])].concat()
}

/// A folder of this run, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn lay_out(files: &Files, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
        #[cfg(unix)]
        if name.ends_with(".pem") || *name == "word" {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

#[test]
fn command_lines_answer_as_written() {
    let files = counter();
    let folder = folder("cli");
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut copies = Vec::new();
    for case in fs::read_dir(cases).unwrap() {
        let case = case.unwrap().path();
        let copy = folder.join(case.file_name().unwrap());
        fs::copy(&case, &copy).unwrap();
        lay_out(&files, &copy.with_extension("in"));
        // Its being there gives the case a folder of its own.
        fs::create_dir(copy.with_extension("out")).unwrap();
        copies.push((copy, case));
    }
    assert!(copies.len() >= 2);
    let cases = trycmd::TestCases::new();
    cases.register_bin("zhengyin", Path::new(env!("CARGO_BIN_EXE_zhengyin")));
    let surroundings = [
        ("ZHENGYIN_HOME", "home"),
        ("ZHENGYIN_LANG", "en"),
        ("ZHENGYIN_REGION", ""),
        ("NO_COLOR", "1"),
        ("COLUMNS", "110"),
    ];
    for (name, value) in surroundings {
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

/// The pin that the cases name.
#[test]
fn the_pin_of_the_cases_is_that_of_the_world() {
    let pin = World::new().pin();
    assert_ne!(pin, Pin::new(Digest::new([0; 32])));
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    for name in ["store.trycmd", "verify.trycmd"] {
        let text = fs::read_to_string(cases.join(name)).unwrap();
        assert!(text.contains(&format!("--pin {pin}")), "{name} does not name the pin {pin}");
    }
}

/// A command in a folder with the files, fed with bytes on standard input: its exit code, and what it wrote.
fn run(folder: &Path, words: &[&str], input: &[u8]) -> (Option<i32>, Vec<u8>, Vec<u8>) {
    run_in(folder, words, input, &[])
}

/// The same with something set in its environment.
fn run_in(folder: &Path, words: &[&str], input: &[u8], set: &[(&str, &str)]) -> (Option<i32>, Vec<u8>, Vec<u8>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zhengyin"))
        .args(words)
        .current_dir(folder)
        .env("ZHENGYIN_HOME", "home")
        .env("ZHENGYIN_LANG", "en")
        .env_remove("ZHENGYIN_REGION")
        .envs(set.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end without reading all of it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), output.stdout, output.stderr)
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)))
}

const NOW: &str = "2026-10-01T10:00:00+08:00";

/// A store with the pack of the world in the home of a folder.
fn with_store(name: &str) -> (PathBuf, Files) {
    let (folder, files) = (folder(name), counter());
    lay_out(&files, &folder);
    let pin = World::new().pin().to_string();
    let words = ["store", "init", "--pin", &pin, "--from", "week-40.zyp", "--region", "990102", "--clock", NOW];
    let (exit, _, errors) = run(&folder, &words, b"");
    assert_eq!(exit, Some(0), "{}", String::from_utf8_lossy(&errors));
    (folder, files)
}

/// What `store doctor` finds, as JSON, in the words that programs go by.
#[test]
fn the_doctor_says_from_when_on_verdicts_are_undetermined() {
    let (folder, _) = with_store("doctor");
    let doctor = |words: &[&str]| {
        let words = [&["store", "doctor", "--json"], words].concat();
        let (exit, answer, _) = run(&folder, &words, b"");
        (exit, json(&answer))
    };
    let (exit, well) = doctor(&["--within", "1h", "--clock", NOW]);
    assert_eq!((exit, &well["health"]), (Some(0), &serde_json::json!("well")));
    assert_eq!((well["objects"].as_array().unwrap().len(), well["anchors"].as_array().unwrap().len()), (15, 4));
    assert_eq!((&well["floor_by"]["kind"], &well["findings"]), (&"directory".into(), &serde_json::json!([])));
    let (exit, soon) = doctor(&["--within", "5d", "--clock", NOW]);
    assert_eq!((exit, &soon["health"]), (Some(20), &"soon".into()));
    for finding in soon["findings"].as_array().unwrap() {
        assert_eq!((&finding["when"], &finding["reason"]), (&"soon".into(), &"status.list_stale".into()));
        assert_eq!(finding["at"], world::BASE + 4 * DAY);
        assert!(finding["text"]["zh"].is_string() && finding["text"]["en"].is_string());
    }
    let (exit, strict) = doctor(&["--within", "1h", "--policy", "strict", "--clock", "2026-10-02T09:30:00+08:00"]);
    assert_eq!((exit, &strict["findings"][0]["at"]), (Some(20), &(world::BASE + DAY).into()));
    let (exit, now) = doctor(&["--within", "1h", "--clock", "2026-10-06T10:00:00+08:00"]);
    assert_eq!((exit, &now["health"]), (Some(20), &"undetermined".into()));
    let (exit, behind) = doctor(&["--within", "1h", "--clock", "2020-01-01"]);
    assert_eq!((exit, &behind["findings"][0]["reason"]), (Some(20), &"time.clock_behind".into()));
    assert_eq!(behind["findings"].as_array().unwrap().len(), 1, "{behind}");
    let (exit, none) = doctor(&["--store", "nowhere.store"]);
    assert_eq!(
        (exit, &none["findings"][0]["reason"], &none["pin"]),
        (Some(20), &"state.missing".into(), &serde_json::Value::Null)
    );
}

/// What the trust list and a policy say of algorithms, in a federation where two provinces sign with SM2.
#[test]
fn the_doctor_tells_of_algorithms_that_end() {
    let folder = folder("doctor-suites");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("national.toml"), "base = \"counter\"\nsuites = [\"sm2\"]\n").unwrap();
    let found = |of_sm2: &[&'static str], ends: Option<(i64, Option<i64>)>, words: &[&str]| {
        let store = world::with_sm2(of_sm2, || {
            let mut world = World::new();
            world.trust.sunsets = Vec::from_iter(ends.map(|(signed, relied)| Sunset {
                algorithm: Algorithm::Ed25519.cose(),
                signed_until: world.time(signed),
                relied_until: relied.map(|relied| world.time(relied)),
            }));
            world.store()
        });
        fs::write(folder.join("trust.store"), store.to_bytes()).unwrap();
        let words = [&["store", "doctor", "--json", "--store", "trust.store", "--within", "1d", "--clock", NOW], words];
        let (exit, answer, _) = run(&folder, &words.concat(), b"");
        let answer = json(&answer);
        let findings = answer["findings"].as_array().unwrap();
        let told = findings.iter().map(|finding| {
            assert!(finding["text"]["zh"].as_str().unwrap().contains("Ed25519"), "{finding}");
            let word = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
            (word("when"), word("reason"), finding["at"].as_i64())
        });
        (exit, told.collect::<Vec<_>>())
    };
    let one = |exit: i32, when: &str, reason: &str, at: Option<i64>| {
        (Some(exit), vec![(when.to_owned(), reason.to_owned(), at)])
    };
    let mixed = &["98", "96"];
    let all = &["96", "97", "98", "99"];
    assert_eq!(found(mixed, None, &[]), (Some(0), vec![]));
    assert_eq!(found(mixed, Some((2 * DAY, Some(3 * DAY))), &[]), (Some(0), vec![]));
    // Nobody signs by it from noon on, and nothing is relied on from then on, or has not been since yesterday.
    assert_eq!(found(mixed, Some((7_200, Some(3 * DAY))), &[]), one(0, "never", "issuer.path_ended", None));
    let noon = world::BASE + 7_200;
    assert_eq!(
        found(mixed, Some((-DAY * 9, Some(7_200))), &[]).1.first(),
        one(20, "now", "issuer.path_ended", None).1.first()
    );
    let (exit, told) = found(mixed, Some((7_200, Some(7_200))), &[]);
    assert_eq!((exit, told.first()), (Some(20), one(20, "soon", "issuer.path_retired", Some(noon)).1.first()));
    assert_eq!(found(mixed, Some((-DAY, Some(-DAY))), &[]), one(20, "now", "issuer.path_retired", None));
    // Where nothing rests on it but credentials of long ago.
    assert_eq!(found(all, Some((-DAY, Some(-DAY))), &[]), one(0, "never", "issuer.path_retired", None));
    // Each list that was signed too late.
    let (exit, told) = found(mixed, Some((-DAY, None)), &[]);
    let reasons = ["issuer.path_ended", "status.suite_ended"];
    let counts = reasons.map(|reason| told.iter().filter(|(when, of, _)| when == "now" && of == reason).count());
    assert_eq!((exit, counts, told.len()), (Some(20), [2, 5], 7), "{told:?}");
    // A policy that takes the other suite alone: its end is nothing to that policy.
    for ends in [None, Some((-DAY, Some(-DAY)))] {
        let told = |of_sm2| found(of_sm2, ends, &["--policy", "national.toml"]);
        assert_eq!(told(mixed), one(0, "never", "issuer.path_not_accepted", None));
        assert_eq!(told(&[]), one(20, "now", "issuer.path_not_accepted", None));
        assert_eq!(told(all), (Some(0), vec![]));
    }
    // In words the one does not deny the other.
    let _ = found(mixed, None, &[]);
    for (policy, conclusion) in [("national.toml", "Nothing else makes"), ("counter", "Nothing makes")] {
        let words = ["store", "doctor", "--store", "trust.store", "--within", "1d", "--clock", NOW, "--policy", policy];
        let (exit, answer, _) = run(&folder, &words, b"");
        assert_eq!(exit, Some(0));
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.contains(&format!("✓ {conclusion} verdicts undetermined within 24 hours")), "{answer}");
    }
}

/// The JSON of a verdict is the library's report with three words more; of several files, a line each.
#[test]
fn reports_are_told_as_json() {
    let (folder, _) = with_store("cli-json");
    let words = ["verify", "business.zyl", "base45.txt", "link.txt", "nowhere.zyl", "--json", "--clock", NOW];
    let (exit, out, _) = run(&folder, &words, b"");
    assert_eq!(exit, Some(10));
    let reports: Vec<_> = out.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(json).collect();
    let [plain, repaired, link, missing] = reports.as_slice() else { panic!("{} lines", reports.len()) };
    for (key, value) in
        [("schema", "zhengyin.report/1"), ("verdict", "valid"), ("file", "business.zyl"), ("clock", "told")]
    {
        assert_eq!(plain[key], value, "{key}");
    }
    assert_eq!((&plain["carrier"], &plain["steps"]["status"]["outcome"]), (&serde_json::Value::Null, &"passed".into()));
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
    let schema = json(&fs::read(schema).unwrap());
    for report in [plain, repaired, link] {
        assert_eq!(schema::check(&schema, &schema, report, ""), Vec::<String>::new());
    }
    assert_eq!(plain["object"], repaired["object"]);
    assert_eq!(
        repaired["carrier"],
        serde_json::json!({"kind": "base45", "form": 1, "parts": 1, "repaired": ["lower_case"]})
    );
    assert_eq!((&link["reason"], &link["carrier"]["foreign"]), (&"carrier.unknown".into(), &"url".into()));
    assert_eq!(link["remedy"]["zh"], "请出示正确的证照或二维码。");
    assert_eq!((&missing["schema"], &missing["exit"]), (&"zhengyin.error/1".into(), &1.into()));

    let (_, out, _) = run(&folder, &["store", "show", "--json", "--clock", "2026-10-03T10:00:00+08:00"], b"");
    let shown = json(&out);
    let of =
        |kind: &str| shown["objects"].as_array().unwrap().iter().find(|object| object["kind"] == kind).unwrap().clone();
    assert_eq!((&of("trust-list")["freshness"], &of("trust-list")["seq"]), (&"fresh".into(), &1.into()));
    assert_eq!((&of("status-list")["freshness"], &of("status-list")["left"]), (&"grace".into(), &(-DAY).into()));
}

/// A receipt confirms itself in any folder, in any time zone and language, for anybody: the same bytes.
/// SHA-256 of three receipts of version 0.1.0, as they came out on the machine where this was written.
const ELSEWHERE: &str = "04c27589db9c0b3ee3328bfecb1427884305ce2484ae5eacfd4563f80400ee62";

#[test]
fn a_receipt_is_replayed_elsewhere() {
    let (folder, _) = with_store("cli-receipt");
    let mut words =
        vec!["verify", "business.zyl", "tampered.zyl", "construction.zyl", "--region", "990102", "--clock", NOW];
    words.extend([
        "--receipt",
        "three.zyr",
        "--device",
        "device.pem",
        "--evidence",
        "evidence",
        "--passphrase",
        "file:word",
    ]);
    assert_eq!(run(&folder, &words, b"").0, Some(10));
    // Byte for byte what another machine wrote: the receipts hold the digests of the reports, which come out again below.
    let digest = zhengyin::suite::sha256(&fs::read(folder.join("three.zyr")).unwrap());
    assert_eq!(digest.to_string(), ELSEWHERE, "the bytes of a receipt are another version's, or this machine's own");
    let thumbprint = world::key("device").public_key().thumbprint().to_string();
    let pin = World::new().pin().to_string();
    let known = ["--device", &thumbprint, "--pin", &pin, "--json"];
    let here = run(&folder, &[&["replay", "three.zyr", "--evidence", "evidence"], &known[..]].concat(), b"");
    assert_eq!(here.0, Some(0), "{}", String::from_utf8_lossy(&here.1));
    let elsewhere = self::folder("cli-receipt-elsewhere");
    fs::create_dir_all(elsewhere.join("deep")).unwrap();
    for entry in fs::read_dir(folder.join("evidence")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, elsewhere.join("deep").join(path.file_name().unwrap())).unwrap();
    }
    fs::copy(folder.join("three.zyr"), elsewhere.join("three.zyr")).unwrap();
    for (zone, language, home) in [("Asia/Tokyo", "zh_CN.UTF-8", "/nonexistent"), ("America/Caracas", "C", "other")] {
        let set = [("TZ", zone), ("LANG", language), ("LC_ALL", language), ("HOME", home), ("ZHENGYIN_HOME", home)];
        let words = [&["replay", "three.zyr", "--evidence", "deep"], &known[..]].concat();
        let there = run_in(&elsewhere, &words, b"", &set);
        assert_eq!((there.0, &there.1), (here.0, &here.1), "{zone}");
    }
    let lines: Vec<_> = here.1.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(json).collect();
    let verdicts: Vec<_> = lines.iter().map(|line| line["report"]["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["valid", "invalid", "valid"]);
    // Nobody may keep the license itself: without it, and with it again.
    fs::remove_dir_all(folder.join("evidence")).unwrap();
    let mut words =
        vec!["verify", "business.zyl", "--region", "990102", "--clock", NOW, "--redact", "--passphrase", "file:word"];
    words.extend(["--receipt", "one.zyr", "--device", "device.pem", "--evidence", "evidence"]);
    assert_eq!(run(&folder, &words, b"").0, Some(0));
    let kept: Vec<_> = fs::read_dir(folder.join("evidence")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(kept.iter().all(|path| path.extension().is_some_and(|extension| extension == "zyt")), "{kept:?}");
    let (exit, out, _) = run(&folder, &[&["replay", "one.zyr", "--evidence", "evidence"], &known[..]].concat(), b"");
    assert_eq!((exit, &json(&out)["steps"]["report"]["reason"]), (Some(20), &"replay.bytes_missing".into()));
    let words = ["replay", "one.zyr", "--evidence", "evidence", "--evidence", "base45.txt"];
    assert_eq!(
        run(&folder, &[&words, &known[..]].concat(), b"").0,
        Some(0),
        "the license may come as the text of a code"
    );
}

/// What a log keeps: the verdict and the digests, and nothing of the holder, in either form.
#[test]
fn a_redacted_answer_is_silent_about_the_holder() {
    let (folder, _) = with_store("cli-redact");
    let words = ["verify", "business.zyl", "--clock", NOW, "--redact"];
    let (exit, card, _) = run(&folder, &words, b"");
    let (json_exit, line, _) = run(&folder, &[&words[..], &["--json"]].concat(), b"");
    assert_eq!((exit, json_exit), (Some(0), Some(0)));
    let whole = run(&folder, &["verify", "business.zyl", "--clock", NOW, "--json"], b"").1;
    let secret = ["91990100MA00000A9K", "business.zyl", "示范市样本茶业有限公司"];
    for text in secret {
        assert!(String::from_utf8_lossy(&whole).contains(text), "{text} was never there");
        for told in [&card, &line] {
            assert!(!String::from_utf8_lossy(told).contains(text), "{text}");
        }
    }
    let (whole, line) = (json(&whole), json(&line));
    assert_eq!((&line["redacted"], &line["file"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!((&line["object"]["digest"], &line["verdict"]), (&whole["object"]["digest"], &whole["verdict"]));
}

#[test]
fn standard_input_is_verified_like_a_file() {
    let (folder, files) = with_store("cli-stdin");
    for name in ["business.zyl", "block.txt", "digits.txt", "base45.txt"] {
        let (exit, out, _) = run(&folder, &["verify", "-", "--json", "--clock", NOW], &files[name]);
        assert_eq!(exit, Some(0), "{name}");
        assert_eq!(
            (&json(&out)["verdict"], &json(&out)["file"]),
            (&"valid".into(), &serde_json::Value::Null),
            "{name}"
        );
    }
    let (exit, out, _) = run(&folder, &["store", "apply", "-", "--json", "--clock", NOW], &files["week-40.zyp"]);
    assert_eq!((exit, &json(&out)["changed"]), (Some(0), &false.into()));
}

/// The command line before the surroundings, those before the configuration; what is misspelt is told, not passed over.
#[test]
fn the_nearest_word_names_the_region() {
    let (folder, _) = with_store("cli-region");
    let region = |words: &[&str], set: &[(&str, &str)]| {
        let words = [&["verify", "business.zyl", "--json", "--clock", NOW], words].concat();
        let (exit, out, _) = run_in(&folder, &words, b"", set);
        (exit, json(&out)["policy"]["region"].as_str().map(str::to_owned))
    };
    assert_eq!(region(&[], &[]), (Some(0), Some("990102".into())));
    assert_eq!(region(&[], &[("ZHENGYIN_REGION", "")]), (Some(0), Some("990102".into())));
    assert_eq!(region(&[], &[("ZHENGYIN_REGION", "980100")]), (Some(20), Some("980100".into())));
    assert_eq!(region(&["--region", "970100"], &[("ZHENGYIN_REGION", "980100")]), (Some(20), Some("970100".into())));
    assert_eq!(region(&[], &[("ZHENGYIN_REGION", "99")]), (Some(2), None));
    fs::write(folder.join("home/config"), "# the town hall\nregoin = 990102\n").unwrap();
    let (exit, _, errors) = run(&folder, &["verify", "business.zyl"], b"");
    let errors = String::from_utf8(errors).unwrap();
    assert_eq!(exit, Some(1));
    assert_eq!(
        errors,
        "error: the configuration home/config cannot be used: line 2: what is regoin = 990102? did you mean region?\n"
    );
    // Nothing is set up beside a configuration that cannot be used.
    let pin = World::new().pin().to_string();
    let words = ["store", "init", "--pin", &pin, "--region", "990102", "--store", "second.store"];
    assert_eq!(run(&folder, &words, b"").0, Some(1));
    assert!(!folder.join("second.store").exists());
}

/// A home that is no folder is an error, not a missing store.
#[test]
fn a_home_that_is_a_file_is_told() {
    let (folder, _) = with_store("cli-home");
    for words in [&["verify", "business.zyl"][..], &["store", "show"]] {
        let (exit, out, errors) = run_in(&folder, words, b"", &[("ZHENGYIN_HOME", "business.zyl")]);
        assert_eq!((exit, out.as_slice()), (Some(1), &b""[..]));
        assert!(String::from_utf8_lossy(&errors).contains("a part of the path is not a folder"));
    }
}

/// A named store needs no home; without either there is no telling where anything is.
#[test]
fn a_named_store_needs_no_home() {
    let (folder, _) = with_store("cli-no-home");
    let nowhere = [("ZHENGYIN_HOME", ""), ("XDG_DATA_HOME", ""), ("HOME", ""), ("APPDATA", "")];
    let words = ["verify", "business.zyl", "--clock", NOW, "--region", "990102"];
    let named = [&words[..], &["--store", "home/store/trust.store"]].concat();
    assert_eq!(run_in(&folder, &named, b"", &nowhere).0, Some(0));
    let (exit, _, errors) = run_in(&folder, &words, b"", &nowhere);
    assert_eq!(exit, Some(1));
    assert!(String::from_utf8_lossy(&errors).contains("next: zhengyin --home DIR"));
}

/// While one process writes no other does; a reader needs no lock.
#[test]
fn one_process_writes_at_a_time() {
    let (folder, _) = with_store("cli-lock");
    let lock = fs::File::create(folder.join("home/store/trust.store.lock")).unwrap();
    lock.lock().unwrap();
    let apply = ["store", "apply", "week-41.zyp", "--clock", "2026-10-07T10:00:00+08:00"];
    let (exit, out, errors) = run(&folder, &apply, b"");
    assert_eq!((exit, out.as_slice()), (Some(1), &b""[..]));
    assert!(String::from_utf8_lossy(&errors).contains("another process is writing"));
    assert_eq!(run(&folder, &["verify", "business.zyl", "--clock", NOW], b"").0, Some(0));
    drop(lock);
    assert_eq!(run(&folder, &apply, b"").0, Some(0));
}

/// Neither a file's name nor what stands in it acts on the terminal.
#[test]
fn nothing_foreign_draws_on_the_terminal() {
    let (folder, _) = with_store("cli-escape");
    let name = "a\u{1b}[2J\u{202e}.zyl";
    fs::write(folder.join(name), "x\u{1b}[31m").unwrap();
    for words in [&["verify", name][..], &["verify", "none\u{1b}[2J"], &["store", "apply", name], &["inspect", name]] {
        let (_, out, errors) = run(&folder, words, b"");
        let said = String::from_utf8([out, errors].concat()).unwrap();
        assert!(!said.is_empty() && !said.contains(['\u{1b}', '\u{202e}']), "{words:?}: {said}");
    }
}

/// trust.md §5: a damaged store is refused whole, wherever the damage is.
#[test]
fn no_damaged_store_is_read() {
    let (folder, _) = with_store("cli-damage");
    let path = folder.join("home/store/trust.store");
    let sound = fs::read(&path).unwrap();
    for at in (0..sound.len()).step_by(sound.len() / 40) {
        fs::write(&path, spoil::flip(&sound, at, 3)).unwrap();
        let (exit, out, errors) = run(&folder, &["verify", "business.zyl", "--clock", NOW], b"");
        assert_eq!((exit, out.as_slice()), (Some(1), &b""[..]), "byte {at}");
        assert!(String::from_utf8_lossy(&errors).contains("home/store/trust.store cannot be used"), "byte {at}");
    }
    for length in [0, 1, 47, 48, sound.len() - 1] {
        fs::write(&path, &sound[..length]).unwrap();
        assert_eq!(run(&folder, &["store", "show"], b"").0, Some(1), "{length} bytes");
    }
}

/// The order of packs on the command line changes nothing that is held.
#[test]
fn the_order_of_packs_changes_nothing() {
    let pin = World::new().pin().to_string();
    let mut stores = Vec::new();
    for (name, order) in
        [("cli-order-1", ["week-40.zyp", "week-41.zyp"]), ("cli-order-2", ["week-41.zyp", "week-40.zyp"])]
    {
        let folder = folder(name);
        lay_out(&counter(), &folder);
        let [first, second] = order;
        let later = "2026-10-08T10:00:00+08:00";
        let words = ["store", "init", "--pin", &pin, "--from", first, "--from", second, "--clock", later];
        run(&folder, &words, b"");
        stores.push(fs::read(folder.join("home/store/trust.store")).unwrap());
    }
    assert_eq!(stores[0], stores[1]);
}

/// A refused or only imagined change leaves every byte of the home as it was.
#[test]
fn what_is_only_asked_about_changes_nothing() {
    let (folder, _) = with_store("cli-dry");
    let path = folder.join("home/store/trust.store");
    let sound = fs::read(&path).unwrap();
    let later = "2026-10-08T10:00:00+08:00";
    assert_eq!(run(&folder, &["store", "apply", "week-41.zyp", "--dry-run", "--clock", later], b"").0, Some(0));
    assert_eq!(run(&folder, &["store", "apply", "week-41.zyp", "nowhere.zyp", "--clock", later], b"").0, Some(1));
    assert_eq!(run(&folder, &["store", "apply", "business.zyl", "--clock", later], b"").0, Some(10));
    assert_eq!(fs::read(&path).unwrap(), sound);
    let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "the store and its lock: {names:?}");
}
