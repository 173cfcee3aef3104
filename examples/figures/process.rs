//! Verifying by a process of its own, beside what no such process can do without.

use std::ffi::OsStr;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use zhengyin::envelope::{Expected, MultiEnvelope};
use zhengyin::issue::Signer;
use zhengyin::store::Store;
use zhengyin::suite::SecretKey;

use super::at_most;
use super::measure::{Report, interleaved, median};

/// Runs of each process in a round: what the system tells of them is in hundredths of a second.
const RUNS: u32 = 100;
/// Rounds; an odd number.
const ROUNDS: usize = 5;
/// The word that makes this program the least that a command line can be.
pub(crate) const HELLO: &str = "--hello";

/// The command of this build. `cargo run --example` does not build it, so that is done here.
pub(crate) fn command() -> PathBuf {
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

/// Seconds for which the processes that this one started and awaited were at work (proc(5), `cutime` and `cstime` of `/proc/self/stat`, in
/// hundredths on every system that has it); 0 where the system does not tell.
pub(crate) fn spent_by_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// A command line that is read, and one line that is written.
pub(crate) fn hello() {
    let line = clap::Command::new("hello").arg(clap::Arg::new("hello").long("hello").value_name("NAME"));
    let matches = line.get_matches();
    println!("hello {}", matches.get_one::<String>("hello").expect("a name"));
}

/// Seconds for which one run of a program was at work.
fn run<I: AsRef<OsStr>>(program: &Path, words: &[I]) -> f64 {
    let before = spent_by_children();
    for _ in 0..RUNS {
        let mut command = Command::new(program);
        let done = command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).status().expect("it runs");
        assert!(done.success(), "{} ends well", program.display());
    }
    (spent_by_children() - before) / f64::from(RUNS)
}

/// One license of the demonstration, by a process that reads the store of four provinces. Beside it a process that reads a command line and
/// writes a line, and one bare check for each signature that is verified on the way: those of the trust list, of directories, of the certificates
/// in them, of status lists, and of the license.
pub(crate) fn figures(report: &mut Report) {
    let command = command();
    let folder = std::env::temp_dir().join(format!("zhengyin-process-{}", std::process::id()));
    let demo = folder.join("demo");
    fs::create_dir_all(&folder).expect("a folder");
    let shown = Command::new(&command).arg("demo").arg(&demo).stdin(Stdio::null()).output().expect("it runs");
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));

    let store = Store::from_bytes(&fs::read(demo.join("home/store/trust.store")).expect("a store")).expect("sound");
    let trust = MultiEnvelope::parse(store.trust().expect("a trust list").bytes(), Expected::AnyKnown).expect("signed");
    let of_directories: usize = store.directories().map(|directory| directory.signers().len() + 1).sum();
    let signatures = trust.signers().count() + of_directories + store.statuses().count() + 1;
    let key = SecretKey::from_seed(&[7; 32]).expect("a seed");
    let message = [0x5a; 430];
    let signature = Signer::sign(&key, &message).expect("a key in memory signs");
    let signature = ed25519_dalek::Signature::from_slice(&signature).expect("64 bytes");
    let dalek = key.public_key().coordinates().try_into().expect("32 bytes");
    let dalek = ed25519_dalek::VerifyingKey::from_bytes(dalek).expect("a point");
    let [check] =
        interleaved(51, 50, [&mut || dalek.verify_strict(black_box(&message), &signature).expect("verifies")]);

    let own = std::env::current_exe().expect("where this program is");
    let words: [&OsStr; 4] = [
        "--home".as_ref(),
        &demo.join("home").into_os_string(),
        "verify".as_ref(),
        &demo.join("licenses/business-license.zyl").into_os_string(),
    ];
    let (mut verified, mut greeted) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        greeted.push(run(&own, &[HELLO, "x"]));
        verified.push(run(&command, &words));
    }
    let _ = fs::remove_dir_all(&folder);
    let least = median(greeted) + check * signatures as f64 / 1e9;
    if least > 0.0 {
        let against = format!("a process that says hello, and {signatures} bare signature checks");
        report.print(&at_most("cli.verify", median(verified) / least, &against, 2.0));
    }
}
