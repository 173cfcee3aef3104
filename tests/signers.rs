//! Keys behind programs (`exec:`), and what becomes of secrets. This program is both the test and the signer that the command starts:
//! with `ZHENGYIN_SIGNER` in its environment it signs, as its first argument says: honestly, or in one of the ways in which a driver of a
//! device goes wrong.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};
use std::time::{Duration, Instant};

use zhengyin::envelope::{Envelope, Expected};
use zhengyin::suite::{Algorithm, SecretKey};
use zhengyin::x509::Certificate;

/// An authority that may issue business licenses and food permits in 9901.
const AUTHORITY: &str = "11990100MB0000000P";
const ISSUE: &[&str] = &["license", "issue", "--data", "business.json", "--out", "one.zyl"];

fn main() -> ExitCode {
    if std::env::var_os("ZHENGYIN_SIGNER").is_some() {
        return sign();
    }
    let tests: &[(&str, fn())] = &[
        ("a_desk_whose_keys_are_all_with_a_program", a_desk_whose_keys_are_all_with_a_program),
        ("a_desk_of_sm2_whose_keys_are_all_with_a_program", a_desk_of_sm2_whose_keys_are_all_with_a_program),
        ("a_signer_of_sm2_hands_out_r_and_s_and_nothing_else", a_signer_of_sm2_hands_out_r_and_s_and_nothing_else),
        ("a_signer_that_goes_wrong_is_told_and_nothing_leaves", a_signer_that_goes_wrong_is_told_and_nothing_leaves),
        ("a_signer_that_cannot_be_used_is_told", a_signer_that_cannot_be_used_is_told),
        ("a_key_that_is_not_the_certificates_signs_nothing", a_key_that_is_not_the_certificates_signs_nothing),
        ("what_others_can_read_is_no_key", what_others_can_read_is_no_key),
        ("secrets_stand_nowhere", secrets_stand_nowhere),
    ];
    let chosen = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    let mut count = 0;
    for (name, test) in tests.iter().filter(|(name, _)| name.contains(&chosen)) {
        // A test that fails ends the program with its message.
        test();
        println!("test {name} ... ok");
        count += 1;
    }
    println!("\ntest result: ok. {count} passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
    ExitCode::SUCCESS
}

/// The key of a name: of SM2 where it begins so.
fn key(name: &str) -> SecretKey {
    let mut seed = [0x5a; 32];
    for (byte, letter) in seed.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    let suite = if name.starts_with("sm2-") { Algorithm::Sm2 } else { Algorithm::Ed25519 };
    SecretKey::of(suite, &seed).unwrap()
}

/// The signer: `NAME`, and how it behaves: `ZHENGYIN_SIGNER_MODE`, or honestly.
fn sign() -> ExitCode {
    let name = std::env::args().nth(1).unwrap();
    let mode = std::env::var("ZHENGYIN_SIGNER_MODE").unwrap_or_default();
    let mut out = std::io::stdout();
    let spki = key(&name).public_key().spki();
    if std::env::var("ZHENGYIN_REQUEST").unwrap() == "public-key" {
        match mode.as_str() {
            "no-key" => return ExitCode::from(7),
            "garbage-key" => out.write_all(b"-----BEGIN PUBLIC KEY-----").unwrap(),
            "silent" => {}
            "hang-first" => std::thread::sleep(Duration::from_secs(300)),
            "witness" => {
                // What anybody on this machine sees of the command that asks.
                let parent = fs::read_to_string("/proc/self/stat").unwrap();
                let parent = parent.rsplit(')').next().unwrap().split_whitespace().nth(1).unwrap().to_owned();
                let seen = fs::read(format!("/proc/{parent}/cmdline")).unwrap();
                fs::write("seen", seen).unwrap();
                let given: Vec<String> = std::env::vars().map(|(name, value)| format!("{name}={value}")).collect();
                fs::write("given", given.join("\n")).unwrap();
                out.write_all(&spki).unwrap();
            }
            _ => out.write_all(&spki).unwrap(),
        }
        return ExitCode::SUCCESS;
    }
    if mode == "deaf" {
        // It does not even read what it is to sign.
        return ExitCode::from(3);
    }
    let mut message = Vec::new();
    std::io::stdin().read_to_end(&mut message).unwrap();
    let signature = key(&name).sign(&message).unwrap();
    match mode.as_str() {
        "exit" => return ExitCode::from(3),
        "hang" => std::thread::sleep(Duration::from_secs(300)),
        "short" => out.write_all(&signature[1..]).unwrap(),
        "hex" => out.write_all(signature.map(|byte| format!("{byte:02x}")).concat().as_bytes()).unwrap(),
        "endless" => while out.write_all(&signature).is_ok() {},
        "garbage" => out.write_all(&[0x11; 64]).unwrap(),
        "der" => out.write_all(&Algorithm::Sm2.certificate_signature(&signature)).unwrap(),
        "blob" => {
            // Each number in 64 bytes, as drivers of UKeys have it.
            let (r, s) = signature.split_at(32);
            out.write_all(&[&[0; 32], r, &[0; 32], s].concat()).unwrap();
        }
        "swapped" => out.write_all(&[&signature[32..], &signature[..32]].concat()).unwrap(),
        "reversed" => out.write_all(&signature.iter().rev().copied().collect::<Vec<_>>()).unwrap(),
        "zero" => out.write_all(&[0; 64]).unwrap(),
        "other-suite" => out.write_all(&key("root").sign(&message).unwrap()).unwrap(),
        "liar-of-sm2" => out.write_all(&key("sm2-another").sign(&message).unwrap()).unwrap(),
        "liar" => out.write_all(&key("another").sign(&message).unwrap()).unwrap(),
        "other-message" => out.write_all(&key(&name).sign(b"transfer everything").unwrap()).unwrap(),
        "exit-after" => {
            out.write_all(&signature).unwrap();
            out.flush().unwrap();
            return ExitCode::from(9);
        }
        _ => out.write_all(&signature).unwrap(),
    }
    ExitCode::SUCCESS
}

/// A folder of this run, empty, with facts of a license and passphrases.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    fs::copy(data.join("business-license.json"), folder.join("business.json")).unwrap();
    secret_file(&folder.join("pass"), SECRET);
    folder
}

/// Looks like nothing else.
const SECRET: &str = "correct-horse-4711-battery";

fn secret_file(path: &Path, content: &str) {
    fs::write(path, content).unwrap();
    set_mode(path, 0o600);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

/// This program as a key.
fn signer(name: &str) -> String {
    format!("exec:'{}' {name}", std::env::current_exe().unwrap().display())
}

fn zhengyin(folder: &Path, words: &[&str], set: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zhengyin"))
        .args(words)
        .current_dir(folder)
        .env("ZHENGYIN_HOME", "home")
        .env("ZHENGYIN_LANG", "en")
        .env_remove("ZHENGYIN_REGION")
        .envs(set.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn done(folder: &Path, words: &[&str]) -> String {
    let output = zhengyin(folder, words, &[]);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command says that does not run, with the signer in a mode.
fn fails(folder: &Path, words: &[&str], mode: &str) -> String {
    let output = zhengyin(folder, words, &[("ZHENGYIN_SIGNER_MODE", mode)]);
    assert_eq!(output.status.code(), Some(1), "{words:?} {mode}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

/// A desk at which everything is signed by programs.
fn desk(name: &str) -> PathBuf {
    desk_of(name, "")
}

/// The same with keys whose names begin so.
fn desk_of(name: &str, suite: &str) -> PathBuf {
    let folder = folder(name);
    found_by(&folder, &format!("{suite}root"));
    let operator = format!("O={}", signer(&format!("{suite}operator")));
    done(&folder, &["trust", "build", "--federation", "F", "--signer", &operator]);
    enrol_by(&folder, suite);
    done(&folder, &["trust", "directory", "99"]);
    folder
}

fn found(folder: &Path) {
    found_by(folder, "root");
}

fn found_by(folder: &Path, root: &str) {
    let words = ["authority", "init", "99", "--name", "甲", "--name-en", "Jia", "--keeper", "局", "--code"];
    done(folder, &[&words[..], &["11990000MB0000908E", "--test", "--key", &signer(root)]].concat());
}

fn enrol_by(folder: &Path, suite: &str) {
    let seat = |purpose: &str| format!("{purpose}={}", signer(&format!("{suite}{purpose}")));
    let (license, status) = (seat("license"), seat("status"));
    let words = ["authority", "enrol", AUTHORITY, "--province", "99", "--name", "局", "--region", "9901"];
    done(folder, &[&words[..], &["--key", &license, "--key", &status]].concat());
}

/// Every file beneath a folder, with its content.
fn everything(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(everything(&path)),
            false => found.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
    found.sort();
    found
}

fn a_desk_whose_keys_are_all_with_a_program() {
    keys_are_all_with_a_program("signers-desk", "", Algorithm::Ed25519);
}

fn a_desk_of_sm2_whose_keys_are_all_with_a_program() {
    keys_are_all_with_a_program("signers-desk-sm2", "sm2-", Algorithm::Sm2);
}

fn keys_are_all_with_a_program(name: &str, suite: &str, algorithm: Algorithm) {
    let folder = desk_of(name, suite);
    assert!(
        !everything(&folder.join("home")).iter().any(|(path, _)| path.extension().is_some_and(|kind| kind == "pem"))
    );
    // What is kept means the same from another folder, and is the owner's alone.
    let kept = folder.join("home/provinces/99/root.ref");
    assert_eq!(fs::read_to_string(&kept).unwrap().trim_end(), signer(&format!("{suite}root")).replace('\'', ""));
    done(&folder, ISSUE);
    done(&folder, &["status", "publish", AUTHORITY]);
    done(&folder, &["pack", "build", "--out", "all.zyp"]);
    let again = done(&folder, &["trust", "build", "--signer", &signer(&format!("{suite}operator")), "--json"]);
    let again: serde_json::Value = serde_json::from_str(again.trim_end()).unwrap();
    let pin = again["pin"].as_str().unwrap();
    done(&folder, &["--home", "counter", "store", "init", "--pin", pin, "--from", "all.zyp", "--region", "990102"]);
    let verdict = done(&folder, &["--home", "counter", "verify", "one.zyl", "--clock", "1h", "--json"]);
    assert!(verdict.contains("\"verdict\":\"valid\""), "{verdict}");
    let license = format!("{suite}license");
    let shown = done(&folder, &["key", "show", &signer(&license)]);
    assert!(shown.contains(&key(&license).public_key().key_id().to_string()), "{shown}");
    // What was signed is of that suite.
    let signed = fs::read(folder.join("one.zyl")).unwrap();
    let envelope = Envelope::parse(&signed, Expected::AnyKnown).unwrap();
    assert_eq!(envelope.algorithm(), algorithm);
}

/// Whatever the signer does instead of signing, each of these commands says so and writes nothing; and the last works when the signer does.
fn nothing_leaves(folder: &Path, modes: &[(&str, &str)], commands: [&[&str]; 4]) {
    for (mode, told) in modes {
        let before = published(folder);
        for words in commands {
            let said = fails(folder, words, mode);
            assert!(said.contains(told), "{mode} {words:?}: {said}");
        }
        assert_eq!(published(folder), before, "{mode}");
        assert!(!folder.join("one.zyl").exists(), "{mode}");
    }
    let [.., last] = commands;
    done(folder, last);
}

/// DER, numbers of another width, order or endianness, another key, another suite: what is not r‖s by the certificate's key leaves nothing.
fn a_signer_of_sm2_hands_out_r_and_s_and_nothing_else() {
    let folder = desk_of("signers-wrong-sm2", "sm2-");
    let modes = [
        ("short", "handed out 63 bytes; a signature has 64"),
        ("blob", "handed out 128 bytes; a signature has 64"),
        ("hex", "handed out 128 bytes"),
        ("der", "bytes; a signature has 64: R‖S of Ed25519 or r‖s of SM2, not DER"),
        ("swapped", "does not verify"),
        ("reversed", "does not verify"),
        ("zero", "does not verify"),
        ("garbage", "does not verify"),
        ("other-suite", "does not verify"),
        ("liar-of-sm2", "does not verify"),
        ("other-message", "does not verify"),
    ];
    let operator = signer("sm2-operator");
    let directory: &[&str] = &["trust", "directory", "99"];
    let list: &[&str] = &["trust", "build", "--signer", &operator];
    let enrol: &[&str] = &[
        "authority",
        "enrol",
        "11990000MB0000000J",
        "--province",
        "99",
        "--name",
        "X",
        "--suite",
        "sm2",
        "--passphrase",
        "file:pass",
    ];
    // A certificate is of DER, and made of r‖s here.
    nothing_leaves(&folder, &modes, [directory, list, enrol, ISSUE]);
    done(&folder, enrol);
    // The certificate names the suite of its key, and its issuer's signature verifies.
    let seat = folder.join("home/authorities/11990000MB0000000J/license/certificate.der");
    let certificate = fs::read(seat).unwrap();
    let parsed = Certificate::parse(&certificate).unwrap();
    assert_eq!(parsed.public_key().algorithm(), Algorithm::Sm2);
}

/// Whatever a signer hands out that is no signature by its key: the command says so, writes nothing, and works when the signer does.
fn a_signer_that_goes_wrong_is_told_and_nothing_leaves() {
    let folder = desk("signers-wrong");
    fs::write(folder.join("home/config"), "signer_timeout = 2\n").unwrap();
    let modes = [
        ("exit", "the signing program ended with code 3"),
        ("deaf", "the signing program ended with code 3"),
        ("exit-after", "the signing program ended with code 9"),
        ("short", "handed out 63 bytes"),
        ("hex", "handed out 128 bytes"),
        ("endless", "handed out 4096 bytes"),
        ("garbage", "does not verify"),
        ("liar", "does not verify"),
        ("other-message", "does not verify"),
        ("hang", "did not answer in time"),
    ];
    let operator = signer("operator");
    let directory: &[&str] = &["trust", "directory", "99"];
    let list: &[&str] = &["trust", "build", "--signer", &operator];
    let enrol: &[&str] =
        &["authority", "enrol", "11990000MB0000000J", "--province", "99", "--name", "X", "--passphrase", "file:pass"];
    nothing_leaves(&folder, &modes, [directory, list, enrol, ISSUE]);
    // The positions that were allotted in vain are void, and listed as such.
    let list = done(&folder, &["status", "publish", AUTHORITY]);
    assert!(list.contains(&format!("{} positions, {} not in force", modes.len() + 1, modes.len())), "{list}");
    for (mode, told) in [("liar", "does not verify"), ("exit", "ended with code 3")] {
        assert!(fails(&folder, &["status", "publish", AUTHORITY], mode).contains(told));
    }
    done(&folder, &["status", "publish", AUTHORITY]);
}

/// Trust lists, directories, certificates, status lists, licenses.
fn published(folder: &Path) -> Vec<PathBuf> {
    let kinds = ["zyt", "der", "zyl", "part"];
    let is_object = |path: &PathBuf| path.extension().is_some_and(|kind| kinds.iter().any(|known| kind == *known));
    everything(folder).into_iter().map(|(path, _)| path).filter(is_object).collect()
}

fn a_signer_that_cannot_be_used_is_told() {
    let folder = folder("signers-unusable");
    fs::create_dir(folder.join("home")).unwrap();
    fs::write(folder.join("home/config"), "signer_timeout = 1\n").unwrap();
    let place = signer("x");
    for (mode, told) in [
        ("no-key", "it ended with code 7"),
        ("garbage-key", "(26 bytes) is no key of Ed25519 or SM2"),
        ("silent", "(0 bytes) is no key of Ed25519 or SM2"),
        ("hang-first", "it did not answer within 1 s"),
    ] {
        let began = Instant::now();
        let said = fails(&folder, &["key", "show", &place], mode);
        assert!(said.contains(told), "{mode}: {said}");
        assert!(began.elapsed() < Duration::from_secs(60), "{mode}");
    }
    let nowhere = fails(&folder, &["key", "show", "exec:./nowhere --slot 3"], "");
    assert!(nowhere.contains("the signer ./nowhere cannot be used: there is no such file or folder"), "{nowhere}");
    for (wrong, told) in
        [("exec:", "a program and its arguments"), ("exec:a 'b", "a quote"), ("pkcs11:x=1", "what is x")]
    {
        let output = zhengyin(&folder, &["key", "show", wrong], &[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(told), "{wrong}");
    }
}

/// Somebody exchanged what stands beside the certificate.
fn a_key_that_is_not_the_certificates_signs_nothing() {
    let folder = desk("signers-exchanged");
    let kept = folder.join("home/authorities").join(AUTHORITY).join("license/key.ref");
    secret_file(&kept, &signer("another"));
    let said = fails(&folder, ISSUE, "");
    assert!(said.contains("is not the one of the certificate beside it"), "{said}");
    secret_file(&kept, "pkcs11:pin-value=1234");
    let said = fails(&folder, ISSUE, "");
    assert!(said.contains("key.ref cannot be used") && !said.contains("1234"), "{said}");
    secret_file(&kept, &signer("license"));
    done(&folder, ISSUE);
}

#[cfg(not(unix))]
fn what_others_can_read_is_no_key() {}

/// A key file, a passphrase file, a file that names a program: refused if group or others may read or write them.
#[cfg(unix)]
fn what_others_can_read_is_no_key() {
    let folder = desk("signers-modes");
    done(&folder, &["key", "gen", "own.pem", "--passphrase", "file:pass"]);
    let kept = format!("home/authorities/{AUTHORITY}/license/key.ref");
    let show: &[&str] = &["key", "show", "own.pem", "--passphrase", "file:pass"];
    for (file, words) in [("own.pem", show), ("pass", show), (kept.as_str(), ISSUE)] {
        for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o666] {
            set_mode(&folder.join(file), mode);
            let said = fails(&folder, words, "");
            assert!(said.contains(&format!("others can read the key file (mode {mode:o})")), "{file} {mode:o}: {said}");
            assert!(said.contains(&format!("chmod 600 {file}")), "{said}");
        }
        set_mode(&folder.join(file), 0o600);
        done(&folder, words);
    }
}

/// Neither on a command line, nor in what is said, nor in any file but its own.
fn secrets_stand_nowhere() {
    let folder = folder("signers-secrets");
    let seen = |output: Output| String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let mut said = String::new();
    let environment = [("SECRET", SECRET), ("ZHENGYIN_SIGNER_MODE", "witness")];
    for source in ["file:pass", "env:SECRET"] {
        let file = format!("{}.pem", source.replace(':', "-"));
        said += &seen(zhengyin(&folder, &["key", "gen", &file, "-v", "--passphrase", source], &environment));
        said += &seen(zhengyin(&folder, &["key", "show", &file, "-v", "--json", "--passphrase", source], &environment));
    }
    let shown = done(&folder, &["key", "show", "file-pass.pem", "--passphrase", "file:pass"]);
    assert!(shown.contains("kid"), "{shown}");
    // A wrong one is not repeated, neither is one that was written where none belongs.
    secret_file(&folder.join("wrong"), &format!("{SECRET}x"));
    said += &fails(&folder, &["key", "show", "file-pass.pem", "-v", "--passphrase", "file:wrong"], "");
    for literal in [SECRET.to_owned(), format!("pass:{SECRET}"), format!("fd:{SECRET}")] {
        let output = zhengyin(&folder, &["key", "show", "file-pass.pem", "--passphrase", &literal], &[]);
        assert_eq!(output.status.code(), Some(2));
        said += &seen(output);
    }
    let uri = format!("pkcs11:token=t?pin-value={SECRET}");
    said += &seen(zhengyin(&folder, &["key", "show", &uri], &[]));
    // A signature by two keys: one in a file, one with a program, which looks at the command that asks.
    found(&folder);
    let (one, two) = ("A=file-pass.pem".to_owned(), format!("B={}", signer("operator")));
    let words =
        ["trust", "build", "--federation", "F", "--signer", &one, "--signer", &two, "--passphrase", "env:SECRET", "-v"];
    let output = zhengyin(&folder, &words, &environment);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    said += &seen(output);
    if cfg!(target_os = "linux") {
        let line = String::from_utf8(fs::read(folder.join("seen")).unwrap()).unwrap();
        assert!(line.contains("--passphrase\0env:SECRET"), "{line}");
        said += &line;
    }
    assert!(!said.contains(SECRET), "{said}");
    // Nor does the program get it, under whatever name it stands; it gets what is meant for it.
    let given = fs::read_to_string(folder.join("given")).unwrap();
    assert!(!given.contains(SECRET) && !given.contains("ZHENGYIN_HOME"), "{given}");
    assert!(given.contains("ZHENGYIN_SIGNER_MODE=witness") && given.contains("PATH="), "{given}");
    for (name, words) in
        [("LC_SECRET", "env:LC_SECRET"), ("ZHENGYIN_SIGNER_PIN", "--passphrase=env:ZHENGYIN_SIGNER_PIN")]
    {
        let show = ["key", "show", &signer("operator")];
        let words: &[&str] = if words.starts_with('-') { &[words] } else { &["--passphrase", words] };
        let set = [(name, SECRET), ("ZHENGYIN_SIGNER_MODE", "witness")];
        assert_eq!(zhengyin(&folder, &[&show[..], words].concat(), &set).status.code(), Some(0));
        let given = fs::read_to_string(folder.join("given")).unwrap();
        assert!(!given.contains(SECRET) && given.contains("ZHENGYIN_SIGNER_MODE=witness"), "{given}");
    }
    // In the home and beside it: only where the person wrote it.
    for (path, content) in everything(&folder) {
        let holds = content.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        assert_eq!(holds, path.ends_with("pass") || path.ends_with("wrong"), "{}", path.display());
    }
    // The key itself: no file holds the seed in the clear.
    let pem = fs::read_to_string(folder.join("file-pass.pem")).unwrap();
    let secret = zhengyin::issue::key::from_pem(&pem, Some(SECRET.as_bytes())).unwrap();
    let seed = secret.expose_secret();
    let hex = seed.map(|byte| format!("{byte:02x}")).concat();
    for (path, content) in everything(&folder) {
        assert!(!content.windows(32).any(|window| window == &seed[..]), "{}", path.display());
        assert!(!String::from_utf8_lossy(&content).contains(&hex), "{}", path.display());
    }
    assert!(!said.contains(&hex));
}
