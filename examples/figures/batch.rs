//! Issuing a table of licenses by the command, beside the signatures that it takes.

use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use zhengyin::issue::Signer;
use zhengyin::suite::SecretKey;

use super::at_most;
use super::measure::{Report, median};
use super::sheets;

/// Licenses of a batch.
const LICENSES: usize = 100_000;
/// Bytes that are signed for one of them, as they are in the table below.
const SIGNED: usize = 430;
/// Times that each is measured; an odd number.
const ROUNDS: usize = 3;

/// The command of this build. `cargo run --example` does not build it, so that is done here.
fn command() -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--locked", "--all-features", "--bin", "zhengyin"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
    assert!(built.success(), "the command is built");
    let own = std::env::current_exe().expect("where this program is");
    own.parent().and_then(Path::parent).expect("examples stand in a folder beside the command").join("zhengyin")
}

struct Desk {
    command: PathBuf,
    folder: PathBuf,
}

impl Desk {
    /// A desk at which nothing was issued yet.
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("zhengyin-figures-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let desk = Self { command: command(), folder };
        fs::write(desk.folder.join("pass"), "secret\n").expect("a file");
        fs::set_permissions(desk.folder.join("pass"), fs::Permissions::from_mode(0o600)).expect("a mode");
        fs::write(desk.folder.join("map.json"), sheets::MAP).expect("a file");
        fs::write(desk.folder.join("table.csv"), sheets::table(LICENSES)).expect("a file");
        for line in [
            "authority init 99 --name 甲 --name-en Jia --keeper 局 --code 11990000MB0000908E --test",
            "authority enrol 11990100MB0000000P --province 99 --name 局 --region 9901",
            "key gen operator.pem",
            "trust build --federation F --signer O=operator.pem",
            "trust directory 99",
        ] {
            desk.run(line, "home");
        }
        desk
    }

    fn run(&self, line: &str, home: &str) {
        let output = Command::new(&self.command)
            .args(line.split_whitespace())
            .args(["--passphrase", "file:pass", "--home", home, "--lang", "en"])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Seconds of the whole command: reading the table twice, every check, the key's decryption, signatures, the register, the pack.
    fn issue(&self, round: usize) -> f64 {
        let home = format!("home-{round}");
        let copied = Command::new("cp").arg("-a").arg("home").arg(&home).current_dir(&self.folder).status();
        assert!(copied.is_ok_and(|status| status.success()), "the home is copied");
        let began = Instant::now();
        self.run(
            &format!(
                "license issue --batch table.csv --map map.json --as pack --out {round}.zyl --report {round}.csv --quiet"
            ),
            &home,
        );
        let seconds = began.elapsed().as_secs_f64();
        fs::remove_dir_all(self.folder.join(home)).expect("it is removed");
        seconds
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Seconds in which as many signatures are made on all cores, and verified where that is wanted.
fn signatures(key: &SecretKey, verified: bool) -> f64 {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let began = Instant::now();
    thread::scope(|scope| {
        for number in 0..threads {
            scope.spawn(move || {
                let mut message = [0x5a; SIGNED];
                for license in (number..LICENSES).step_by(threads) {
                    message[..8].copy_from_slice(&license.to_be_bytes());
                    let signature = Signer::sign(key, black_box(&message)).expect("a key in memory signs");
                    if verified {
                        key.public_key().verify(&[&message], &signature).expect("it verifies");
                    }
                    black_box(signature);
                }
            });
        }
    });
    began.elapsed().as_secs_f64()
}

pub(crate) fn figures(report: &mut Report) {
    let desk = Desk::new();
    let key = SecretKey::from_seed(&[7; 32]).expect("a seed");
    let (mut whole, mut bare, mut signed) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        bare.push(signatures(&key, true));
        whole.push(desk.issue(round));
        signed.push(signatures(&key, false));
    }
    let (whole, bare, signed) = (median(whole), median(bare), median(signed));
    // A signature that was not verified does not leave, so both are what the signatures cost.
    let against = "as many signatures made and verified, on the same cores";
    report.print(&at_most("issue.batch", whole / bare, against, 2.0));
    eprintln!(
        "issue.batch: {LICENSES} licenses in {whole:.2} s, {:.0} a second; signatures made and verified {bare:.2} s, made {signed:.2} s",
        LICENSES as f64 / whole
    );
}
