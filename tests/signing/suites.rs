//! Provinces of SM2 and provinces of Ed25519 at the command line: what one signs is verified where the other signs.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{done, folder, lay_out, run, zhengyin};

/// A demonstration of these suites, with the objects that it answers in JSON.
fn demonstration(folder: &Path, suite: &str) -> Vec<Value> {
    let output = run(folder, &format!("demo {suite} --suite {suite} --json"));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The commands that it names at its end, by their exit codes.
fn commands_of(folder: &Path, suite: &str) -> Vec<i32> {
    let readme = fs::read_to_string(folder.join(suite).join("README.md")).unwrap();
    let lines = readme.lines().filter(|line| line.starts_with(env!("CARGO_BIN_EXE_zhengyin")));
    let run = |line: &str| Command::new("sh").args(["-c", line]).current_dir(folder).output().unwrap();
    lines.map(|line| run(line).status.code().unwrap()).collect()
}

#[test]
fn the_demonstration_of_sm2_and_its_commands_work() {
    let folder = folder("desk-demo-sm2");
    let answers = demonstration(&folder, "sm2");
    assert!(answers.iter().all(|answer| answer["as_expected"] == true) && answers.len() >= 24);
    assert_eq!(commands_of(&folder, "sm2"), [10, 10, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
}

#[test]
fn the_demonstration_of_both_suites_and_its_commands_work() {
    let folder = folder("desk-demo-mixed");
    let answers = demonstration(&folder, "mixed");
    assert!(answers.iter().all(|answer| answer["as_expected"] == true));
    // In the provinces 98 and 96, which sign with SM2, what 99 and 97 signed is valid, and the other way round.
    let of_sm2 = |code: &str| code.starts_with("98") || code.starts_with("96");
    let valid = |answer: &&Value| answer["report"]["verdict"] == "valid";
    let mut across = [0, 0];
    for answer in answers.iter().filter(valid).filter(|answer| answer["license"].is_string()) {
        let (shown, issuer) = (&answer["region"], &answer["report"]["object"]["facts"]["authority"]);
        let issued_by_sm2 = of_sm2(issuer.as_str().unwrap().trim_start_matches("11"));
        if issued_by_sm2 != of_sm2(shown.as_str().unwrap()) {
            across[usize::from(issued_by_sm2)] += 1;
        }
    }
    assert_eq!(across, [2, 2]);
    let documents = |region: &str| {
        let of = |answer: &&Value| answer["document"].is_string() && answer["region"].as_str() == Some(region);
        answers.iter().filter(valid).filter(of).count()
    };
    assert_eq!([documents("990102"), documents("980102")], [3, 3]);
    // With the two that verify where the other suite signs, and the notice that both stamped.
    assert_eq!(commands_of(&folder, "mixed"), [10, 10, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
    // The files are of both, by their names for COSE: -19 and -70010.
    for (name, alg) in [("driving-licence", "70010"), ("business-license", "-19")] {
        let told = run(&folder, &format!("inspect mixed/licenses/{name}.zyl"));
        assert!(String::from_utf8_lossy(&told.stdout).contains(alg), "{name}");
    }
}

/// A key is of one suite: `mixed` is refused by whatever is no demonstration, on the command line and in the environment.
#[test]
fn no_other_command_takes_mixed() {
    let folder = folder("desk-mixed-refused");
    for line in ["key gen x.pem --suite mixed", "verify x.zyl --suite mixed", "explain 501 --suite mixed"] {
        let output = run(&folder, line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("mixed is for `zhengyin demo` alone") && said.contains("--suite sm2"), "{said}");
    }
    let surroundings = |value: &str| {
        let mut command = zhengyin(&folder, "key gen x.pem --passphrase env:SECRET");
        let output = command.env("ZHENGYIN_SUITE", value).env("SECRET", "secret").output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(surroundings("mixed").contains("for `zhengyin demo` alone"));
    assert!(surroundings("rsa").contains("ZHENGYIN_SUITE is neither ed25519 nor sm2"));
    assert!(!folder.join("x.pem").exists());
}

/// A province: its code, what it signs with, the keeper of its root, an authority there with a license that it issues, and where its counter is.
struct Province {
    code: &'static str,
    suite: &'static str,
    keeper: &'static str,
    authority: &'static str,
    license: &'static str,
    counter: &'static str,
}

const PROVINCES: [Province; 4] = [
    Province {
        code: "99",
        suite: "ed25519",
        keeper: "11990000MB0000908E",
        authority: "11990100MB0000000P",
        license: "business-license",
        counter: "990102",
    },
    Province {
        code: "98",
        suite: "sm2",
        keeper: "11980000MB0000908A",
        authority: "11980000MB0000019B",
        license: "driving-licence",
        counter: "980102",
    },
    Province {
        code: "97",
        suite: "ed25519",
        keeper: "11970000MB00009086",
        authority: "11970000MB0000000A",
        license: "road-transport-permit",
        counter: "970102",
    },
    Province {
        code: "96",
        suite: "sm2",
        keeper: "11960000MB00009082",
        authority: "11960000MB00000006",
        license: "special-operation-certificate",
        counter: "960102",
    },
];

const PASS: &str = "--passphrase file:pass";

fn json_of(folder: &Path, line: &str) -> Value {
    serde_json::from_str(done(folder, &format!("{line} --json")).lines().next().unwrap()).unwrap()
}

/// Two provinces of SM2 and two of Ed25519 found their federation, whose list an operator of each signs; a rule lets licenses count everywhere.
/// Gives the pin.
fn found(folder: &Path) -> String {
    lay_out(folder);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let types: Vec<String> = PROVINCES
        .iter()
        .map(|province| {
            let name = format!("{}.json", province.license);
            let text = fs::read_to_string(data.join(&name)).unwrap();
            fs::write(folder.join(name), &text).unwrap();
            let facts: Value = serde_json::from_str(&text).unwrap();
            facts["type"].as_str().unwrap().chars().take(18).collect()
        })
        .collect();
    for Province { code, suite, keeper, authority, .. } in &PROVINCES {
        done(
            folder,
            &format!(
                "authority init {code} --name 示例 --name-en Example --keeper 示例局 --code {keeper} --test --suite {suite} {PASS}"
            ),
        );
        done(
            folder,
            &format!(
                "authority enrol {authority} --province {code} --name 示例局 --region {code} --suite {suite} {PASS}"
            ),
        );
        done(
            folder,
            &format!(
                "authority enrol {keeper} --province {code} --name 示例制章中心 --use seal-maker --use status --region {code} --suite {suite} {PASS}"
            ),
        );
        done(
            folder,
            &format!(
                "authority enrol {authority} --province {code} --name 示例局 --use seal-signer --region {code} --suite {suite} {PASS}"
            ),
        );
    }
    let codes = PROVINCES.map(|province| province.code);
    let basis = json!({"document": "示例〔2026〕4 号", "zh": "示例四省互认协议", "en": "example of four provinces"});
    let rule = json!({"id": "four", "rev": 1, "in": codes, "from": codes, "types": types, "effect": "recognise", "valid_from": "2026-01-01", "legal_basis": basis});
    fs::write(folder.join("mutual.json"), json!({"rules": [rule]}).to_string()).unwrap();
    done(folder, &format!("key gen first.pem --suite ed25519 {PASS}"));
    done(folder, &format!("key gen second.pem --suite sm2 {PASS}"));
    let built = json_of(
        folder,
        &format!(
            "trust build --federation 示例联邦 --signer 甲=first.pem --signer 乙=second.pem --changes mutual.json {PASS}"
        ),
    );
    for code in codes {
        done(folder, &format!("trust directory {code} {PASS}"));
    }
    built["pin"].as_str().unwrap().to_owned()
}

/// The lists of these, and a pack of all.
fn publish(folder: &Path, authorities: &[&str], pack: &str) {
    for authority in authorities {
        done(folder, &format!("status publish {authority} --details {PASS}"));
    }
    done(folder, &format!("pack build --out {pack}"));
}

/// Verdict and ground at the counter of a province.
fn at(folder: &Path, province: &Province, line: &str) -> (String, String) {
    let output = run(folder, &format!("--home counter-{} {line} --json", province.code));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let word = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
    let exit = match word("verdict").as_str() {
        "valid" => 0,
        "invalid" => 10,
        _ => 20,
    };
    assert_eq!(output.status.code(), Some(exit), "{line}");
    (word("verdict"), word("reason"))
}

fn valid() -> (String, String) {
    ("valid".to_owned(), String::new())
}

fn invalid(reason: &str) -> (String, String) {
    ("invalid".to_owned(), reason.to_owned())
}

/// From an empty home with the ordinary commands: licenses and seals of each province count at the counter of each, without a network, until they are
/// revoked.
#[test]
fn a_mixed_federation_is_founded_and_believed_by_ordinary_commands() {
    let folder = folder("desk-mixed");
    let pin = found(&folder);
    for province in &PROVINCES {
        let Province { code, authority, keeper, license, .. } = province;
        done(&folder, &format!("license issue --data {license}.json --out {license}.zyl {PASS}"));
        done(
            &folder,
            &format!(
                "seal make --owner 示例局 --owner-code {authority} --signer {authority} --until 365d --region {code}0000 --picture seal.svg \
                 --size 42 --out seal-{code}.zye --maker {keeper} {PASS}"
            ),
        );
    }
    let everybody: Vec<&str> = PROVINCES.iter().flat_map(|province| [province.authority, province.keeper]).collect();
    publish(&folder, &everybody, "first.zyp");
    for Province { code, counter, .. } in &PROVINCES {
        let line = format!("--home counter-{code} store init --pin {pin} --from first.zyp --region {counter}");
        done(&folder, &line);
        assert_eq!(run(&folder, &format!("--home counter-{code} store doctor")).status.code(), Some(0));
    }
    // Every office stamps one document, each by the digest of its suite; then one counter-stamps whoever stamped last, who is of the other suite.
    let stamp = |province: &Province, more: &str| {
        let Province { code, authority, .. } = province;
        let key = format!("home/authorities/{authority}/seal-signer/key.pem");
        done(&folder, &format!("seal stamp decision.pdf --seal seal-{code}.zye --key {key} {more} {PASS}"));
    };
    PROVINCES.iter().for_each(|province| stamp(province, ""));
    stamp(&PROVINCES[0], "--counter");
    fs::copy(folder.join("decision.pdf"), folder.join("altered.pdf")).unwrap();
    fs::OpenOptions::new().append(true).open(folder.join("altered.pdf")).unwrap().write_all(b"%").unwrap();
    let stamps = "seal verify decision.pdf.zys --clock-uncertainty 0s";
    for shown in &PROVINCES {
        for license in PROVINCES.map(|province| province.license) {
            let line = format!("verify {license}.zyl --clock-uncertainty 0s");
            assert_eq!(at(&folder, shown, &line), valid(), "{license} in {}", shown.code);
        }
        assert_eq!(at(&folder, shown, stamps), valid(), "stamps in {}", shown.code);
        assert_eq!(at(&folder, shown, &format!("{stamps} --document altered.pdf")), invalid("document.differs"));
    }
    // One of each suite is revoked, a license and a seal: everywhere.
    for province in &PROVINCES[..2] {
        done(&folder, &format!("license revoke {}.zyl --reason 示例 --cause deception", province.license));
        done(
            &folder,
            &format!("seal revoke seal-{}.zye --reason 示例 --cause out-of-use --effective 2d", province.code),
        );
    }
    for province in &PROVINCES {
        done(&folder, &format!("trust directory {} {PASS}", province.code));
    }
    publish(&folder, &everybody, "second.zyp");
    for shown in &PROVINCES {
        done(&folder, &format!("--home counter-{} store apply second.zyp", shown.code));
        for (number, license) in PROVINCES.map(|province| province.license).iter().enumerate() {
            let expected = if number < 2 { invalid("status.revoked") } else { valid() };
            let line = format!("verify {license}.zyl --clock-uncertainty 0s");
            assert_eq!(at(&folder, shown, &line), expected, "{license} in {}", shown.code);
        }
        assert_eq!(at(&folder, shown, stamps), invalid("status.revoked"));
    }
    // Changed by a bit: no key that the province lists signed it, and later directories list all there were.
    for province in &PROVINCES {
        let mut bytes = fs::read(folder.join(format!("{}.zyl", province.license))).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(folder.join("spoilt.zyl"), bytes).unwrap();
        for shown in &PROVINCES {
            let found = at(&folder, shown, "verify spoilt.zyl --clock-uncertainty 0s");
            assert_eq!(found, invalid("signature.bad"), "{} in {}", province.code, shown.code);
        }
    }
    assert!(done(&folder, "register check").contains("the register is whole"));
}

/// Holders, devices and operators of the register have keys of whatever suite, whatever the authority signs with; codes, proofs, receipts and a kiosk
/// know both.
#[test]
fn keys_of_either_suite_meet_in_one_federation() {
    let folder = folder("desk-mixed-keys");
    let pin = found(&folder);
    let crossed = |suite: &str| if suite == "sm2" { "ed25519" } else { "sm2" };
    for Province { suite, license, .. } in &PROVINCES {
        let other = crossed(suite);
        let made = json_of(&folder, &format!("holder key holder-{license}.pem --suite {other} {PASS}"));
        let public = made["public_key"].as_str().unwrap();
        assert_eq!(public.len(), if other == "sm2" { 128 } else { 64 });
        // As other programs write a point.
        let written = if other == "sm2" { format!("04{public}") } else { public.to_owned() };
        done(
            &folder,
            &format!("license issue --data {license}.json --holder-key {written} --out {license}.zyl {PASS}"),
        );
    }
    publish(&folder, &PROVINCES.map(|province| province.authority), "all.zyp");
    let mut devices = Vec::new();
    for Province { code, counter, license, suite, .. } in &PROVINCES {
        done(&folder, &format!("--home counter-{code} store init --pin {pin} --from all.zyp --region {counter}"));
        let device = json_of(&folder, &format!("key gen device-{code}.pem --suite {} {PASS}", crossed(suite)));
        devices.push(device["thumbprint"].as_str().unwrap().to_owned());
        done(
            &folder,
            &format!(
                "holder present {license}.zyl --key holder-{license}.pem --audience 示例大厅 --out shown-{license}.zyl {PASS}"
            ),
        );
        done(&folder, &format!("qr make shown-{license}.zyl --out shown-{license}.png"));
        done(&folder, &format!("status prove {license}.zyl --out proved-{license}.zyl"));
    }
    let mut scans = String::new();
    for Province { license, .. } in &PROVINCES {
        scans += &done(&folder, &format!("qr read shown-{license}.png"));
    }
    for (shown, device) in PROVINCES.iter().zip(&devices) {
        let code = shown.code;
        for license in PROVINCES.map(|province| province.license) {
            let question = "--audience 示例大厅 --clock-uncertainty 10s";
            let receipt =
                format!("--receipt {code}-{license}.zyr --device device-{code}.pem --evidence evidence-{code} {PASS}");
            assert_eq!(
                at(&folder, shown, &format!("verify shown-{license}.zyl {question} {receipt}")),
                valid(),
                "{license} in {code}"
            );
            assert_eq!(
                at(&folder, shown, &format!("verify --image shown-{license}.png {question}")),
                valid(),
                "{license} in {code}"
            );
            let alone = at(&folder, shown, &format!("verify proved-{license}.zyl --clock-uncertainty 0s"));
            assert_eq!(alone, valid(), "{license} in {code}");
            let known = format!("--evidence evidence-{code} --device {device} --pin {pin}");
            done(&folder, &format!("replay {code}-{license}.zyr {known}"));
        }
        // The kiosk reads codes of both, one after the other.
        let line = format!("--home counter-{code} kiosk --json --audience 示例大厅 --clock-uncertainty 10s");
        let mut kiosk = zhengyin(&folder, &line).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        kiosk.stdin.take().unwrap().write_all(scans.as_bytes()).unwrap();
        let output = kiosk.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let answers = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let answers: Vec<Value> = answers.filter(|line| line["answer"] == "verdict").collect();
        assert_eq!(answers.len(), PROVINCES.len(), "{code}");
        assert!(answers.iter().all(|answer| answer["verdict"] == "valid"), "{code}: {answers:?}");
    }
    // Two operators of the register, whose consents are signatures of two suites.
    let mut words = Vec::new();
    for (name, suite) in [("first-operator", "sm2"), ("second-operator", "ed25519")] {
        let made = json_of(&folder, &format!("key gen {name}.pem --suite {suite} {PASS}"));
        let public = made["public_key"].as_str().unwrap();
        done(&folder, &format!("register operator add {name} {public} {PASS}"));
        words.push(format!("{name}.pem"));
    }
    let third = json_of(&folder, &format!("key gen third.pem --suite sm2 {PASS}"));
    let third = third["public_key"].as_str().unwrap();
    done(
        &folder,
        &format!("register operator add 示例丙 {third} --operator {} --approve {} {PASS}", words[0], words[1]),
    );
    done(&folder, "register backup kept.sqlite");
    assert!(done(&folder, "register operator list").contains("示例丙"));
    assert!(done(&folder, "register check").contains("the register is whole"));
}
