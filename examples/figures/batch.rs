//! Issuing a table of licenses by the command, beside the signatures that it takes.

use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use zhengyin::issue::Signer;
use zhengyin::suite::SecretKey;

use super::at_most;
use super::measure::{Figure, Report, median, spent};
use super::process::{command, spent_by_children};
use super::sheets;

/// Licenses of a batch.
const LICENSES: usize = 100_000;
/// Bytes that are signed for one of them, as they are in the table below.
const SIGNED: usize = 430;
/// Times that each is measured; an odd number.
const ROUNDS: usize = 3;

struct Desk {
    command: PathBuf,
    folder: PathBuf,
}

impl Desk {
    /// A desk at which nothing was issued yet.
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("zhengyin-figures-{}", std::process::id()));
        sheets::lay_desk(&folder);
        let desk = Self { command: command(), folder };
        fs::write(desk.folder.join("table.csv"), sheets::table(LICENSES)).expect("a file");
        for line in sheets::FOUNDING {
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

    /// What the whole command takes: reading the table twice, every check, the key's decryption, signatures, the register, the pack.
    fn issue(&self, round: usize) -> Cost {
        let home = format!("home-{round}");
        let copied = Command::new("cp").arg("-a").arg("home").arg(&home).current_dir(&self.folder).status();
        assert!(copied.is_ok_and(|status| status.success()), "the home is copied");
        let (began, before) = (Instant::now(), spent_by_children());
        self.run(
            &format!(
                "license issue --batch table.csv --map map.json --as pack --out {round}.zyl --report {round}.csv --quiet"
            ),
            &home,
        );
        let cost = Cost { elapsed: began.elapsed().as_secs_f64(), spent: spent_by_children() - before };
        fs::remove_dir_all(self.folder.join(home)).expect("it is removed");
        for left in [format!("{round}.zyl"), format!("{round}.csv")] {
            fs::remove_file(self.folder.join(left)).expect("it is removed");
        }
        cost
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What something took.
#[derive(Clone, Copy)]
struct Cost {
    /// Seconds until it was done, on all cores, whatever others do on them meanwhile.
    elapsed: f64,
    /// Seconds for which a core was at work on it, all cores together.
    spent: f64,
}

/// What as many signatures take on all cores, verified where that is wanted.
fn signatures(key: &SecretKey, verified: bool) -> Cost {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let began = Instant::now();
    let sign = |number: usize| {
        spent(|| {
            let mut message = [0x5a; SIGNED];
            for license in (number..LICENSES).step_by(threads) {
                message[..8].copy_from_slice(&license.to_be_bytes());
                let signature = Signer::sign(key, black_box(&message)).expect("a key in memory signs");
                if verified {
                    key.public_key().verify(&[&message], &signature).expect("it verifies");
                }
                black_box(signature);
            }
        })
    };
    let nanoseconds: f64 = thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|number| scope.spawn(move || sign(number))).collect();
        all.into_iter().map(|one| one.join().expect("it ends")).sum()
    });
    Cost { elapsed: began.elapsed().as_secs_f64(), spent: nanoseconds / 1e9 }
}

/// A signature that was not verified does not leave, so what the signatures cost is to make *and* verify each; how much more it is than to make
/// them alone is told too. The first row is of the time for which cores were at work, which others on the machine do not lengthen; the second of
/// the time until all was done, which they do.
pub(crate) fn figures(report: &mut Report) {
    let desk = Desk::new();
    let key = SecretKey::from_seed(&[7; 32]).expect("a seed");
    let (mut whole, mut both, mut made) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        both.push(signatures(&key, true));
        whole.push(desk.issue(round));
        made.push(signatures(&key, false));
    }
    let of = |costs: &[Cost], part: fn(&Cost) -> f64| median(costs.iter().map(part).collect());
    let spent = |costs: &[Cost]| of(costs, |cost| cost.spent);
    let elapsed = |costs: &[Cost]| of(costs, |cost| cost.elapsed);
    if spent(&whole) > 0.0 {
        let against = "processor time: as many signatures made and verified";
        report.print(&at_most("issue.batch", spent(&whole) / spent(&both), against, 2.0));
    }
    let against = "elapsed: as many signatures made and verified, on the same cores";
    report.print(&at_most("issue.batch.elapsed", elapsed(&whole) / elapsed(&both), against, 2.0));
    if spent(&whole) > 0.0 {
        let (name, against) = ("issue.batch.made-alone".into(), "processor time: as many signatures made alone".into());
        report.print(&Figure { name, value: spent(&whole) / spent(&made), against, goal: None });
    }
    for (what, costs) in [("issued", &whole), ("signed and verified", &both), ("signed", &made)] {
        let (spent, elapsed) = (spent(costs), elapsed(costs));
        eprintln!("issue.batch: {LICENSES} {what}: {spent:.2} s of the cores, {elapsed:.2} s until done");
    }
}
