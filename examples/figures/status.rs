//! Status lists: how large they are, beside what any code of such sets needs and beside the forms of others; look-up, opening, writing,
//! deltas, proofs.

use std::hint::black_box;

use zhengyin::claims::id::CreditCode;
use zhengyin::issue::{StatusFacts, publish_status};
use zhengyin::status::{State, StatusDelta, StatusList, StatusProof, WrittenBody};
use zhengyin::suite::{HashAlgorithm, sha256};

use super::measure::{Figure, Report, interleaved, median};
use super::world::{self, World};
use plot::Cell;
use sets::{Numbers, RATES, Set, choices};

mod peers;
pub(crate) use peers::deflated;
mod plot;
mod sets;

/// Lengths, as they are called.
const LENGTHS: [(&str, u32); 4] = [("1e5", 100_000), ("1e6", 1_000_000), ("1e7", 10_000_000), ("1e8", 100_000_000)];

/// What the format was found to take when it was designed, in sets of nearly as many positions: bytes, and where it was told their ratio to
/// entropy.
const DESIGNED: [(&str, &str, usize, Option<f64>); 10] = [
    ("1e8", "0.01%", 18_304, Some(1.010)),
    ("1e8", "0.1%", 144_512, Some(1.016)),
    ("1e8", "1%", 1_023_733, Some(1.013)),
    ("1e8", "2%", 1_794_236, Some(1.015)),
    ("1e8", "5%", 3_654_870, Some(1.021)),
    ("1e8", "10%", 6_019_890, Some(1.027)),
    ("1e8", "25%", 10_343_071, Some(1.020)),
    ("1e5", "1%", 1_055, None),
    ("1e6", "0.1%", 1_475, None),
    ("1e6", "1%", 10_127, None),
];

/// As near must the product come.
const WITHIN: f64 = 1.005;

/// What is measured besides what is quick.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Up to 10⁷ positions.
    Ordinary,
    /// And 10⁸, and Clubcard at 10⁷.
    Long,
}

pub(crate) fn figures(report: &mut Report, extent: Extent) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (name, length) in LENGTHS {
        if length > 10_000_000 && extent == Extent::Ordinary {
            continue;
        }
        if [
            "status.bytes",
            "status.design-ratio",
            "status.entropy-ratio",
            "status.tsl-ratio",
            "status.roaring-ratio",
            "status.clubcard-ratio",
        ]
        .iter()
        .any(|figure| report.wants(&format!("{figure}.{name}")))
        {
            for (rate, per_myriad) in RATES {
                let set = Set::scattered(length, per_myriad, 1);
                cells.push(cell(report, (name, rate), &set, extent));
            }
        }
        if length == 10_000_000 && report.wants("status.burst") {
            bursts(report, length);
        }
        let timed = ["lookup", "open", "take-in", "encode", "decode", "delta", "proof"];
        if length >= 10_000_000 && timed.iter().any(|figure| report.wants(&format!("status.{figure}"))) {
            timings(report, name, length);
        }
    }
    cells
}

/// The body of a list in which these positions are revoked.
fn written(set: &Set) -> WrittenBody {
    let states = set.positions.iter().map(|position| (*position, State::Revoked));
    WrittenBody::write(set.length, states, HashAlgorithm::Sha256).expect("ascending positions")
}

/// Sizes of one set.
fn cell(report: &mut Report, (length, rate): (&'static str, &'static str), set: &Set, extent: Extent) -> Cell {
    let bytes = written(set).bytes.len();
    let floor = set.entropy / 8.0;
    let cell = Cell {
        length,
        rate,
        listed: set.positions.len(),
        entropy: floor,
        ours: bytes,
        token_list: peers::token_status_list(set),
        roaring: peers::roaring(set),
        clubcard: (set.length < 10_000_000 || (set.length == 10_000_000 && extent == Extent::Long))
            .then(|| peers::clubcard(set)),
    };
    let large = set.length >= 10_000_000;
    let designed = DESIGNED.iter().find(|(at, of, ..)| (*at, *of) == (length, rate));
    let name = |figure: &str| format!("status.{figure}.{length}.{rate}");
    let bytes = bytes as f64;
    let against = designed.map_or_else(String::new, |(_, _, bytes, _)| format!("when it was designed: {bytes}"));
    report.print(&Figure { name: name("bytes"), value: bytes, against, goal: None });
    let ratio = bytes / floor;
    if let Some((.., Some(then))) = designed {
        let against = format!("the ratio of the design, {then}, to 0.5 %");
        report.print(&Figure { name: name("design-ratio"), value: ratio / then, against, goal: Some(WITHIN) });
    }
    let goal = match rate {
        "1%" | "2%" if large => Some(1.015),
        "0.1%" | "5%" if large => Some(1.022),
        _ => None,
    };
    let against = "the least that any code needs (log2 of the choices)";
    report.print(&Figure { name: name("entropy-ratio"), value: ratio, against: against.into(), goal });
    let tsl = bytes / cell.token_list as f64;
    let goal = (rate != "50%" && large).then_some(1.0);
    let against = "a Token Status List of the same set: one bit each, zlib at 9";
    report.print(&Figure { name: name("tsl-ratio"), value: tsl, against: against.into(), goal });
    let against = format!("Roaring with runs: {} bytes, {:.3} of the least", cell.roaring, cell.roaring as f64 / floor);
    report.print(&Figure { name: name("roaring-ratio"), value: bytes / cell.roaring as f64, against, goal: None });
    if let Some(clubcard) = cell.clubcard {
        let against = format!("Clubcard: {clubcard} bytes, {:.3} of the least", clubcard as f64 / floor);
        report.print(&Figure { name: name("clubcard-ratio"), value: bytes / clubcard as f64, against, goal: None });
    }
    cell
}

/// Whole batches among scattered positions.
fn bursts(report: &mut Report, length: u32) {
    for (workload, set) in Set::bursts(length) {
        let (bytes, list) = (written(&set).bytes.len() as f64, peers::token_status_list(&set) as f64);
        let least = format!("what a code made for this workload needs: {:.0} bytes", set.entropy / 8.0);
        let name = |figure: &str| format!("status.burst-{figure}.{workload}");
        report.print(&Figure { name: name("bytes"), value: bytes, against: "10⁷ positions, 1 %".into(), goal: None });
        report.print(&Figure { name: name("ratio"), value: bytes / (set.entropy / 8.0), against: least, goal: None });
        let against = format!("a Token Status List of the same set: {list} bytes");
        report.print(&Figure { name: name("tsl-ratio"), value: bytes / list, against, goal: None });
    }
}

/// A signed list in which these positions have these states.
fn signed(length: u32, seq: u64, states: impl Iterator<Item = (u32, State)>) -> Vec<u8> {
    let base = World::new().base;
    let authority = CreditCode::parse("11990100MB0000000P").expect("a code");
    let issued = base.saturating_add(i64::try_from(seq).expect("small"));
    let next_update = issued.saturating_add(86_400);
    let facts = StatusFacts { authority, list: 1, epoch: 0, seq, issued, next_update, length };
    let signer = world::key("figures");
    publish_status(&facts, states, None, None, &signer).expect("a list")
}

/// What has a time, at one hundredth listed: and what a day changes in it.
fn timings(report: &mut Report, name: &str, length: u32) {
    let set = Set::scattered(length, 100, 1);
    let bytes = signed(length, 1, set.positions.iter().map(|at| (*at, State::Revoked)));
    let list = StatusList::parse(&bytes).expect("a list");
    let body = list.claimed_body();
    let entries = set.positions.len() as f64;
    let figure = |figure: &str| format!("status.{figure}.{name}");

    let key = world::key("figures");
    let dalek = ed25519_dalek::VerifyingKey::from_bytes(key.public_key().coordinates().try_into().expect("32 bytes"));
    let (dalek, message) = (dalek.expect("a point"), [7_u8; 600]);
    let signature = ed25519_dalek::Signature::from_slice(&key.sign(&message).expect("signs")).expect("64 bytes");
    let mut numbers = Numbers::new(2);
    let mut index = move || u64::from(numbers.below(length));
    let [lookup, check] = interleaved(
        51,
        200,
        [
            &mut || {
                black_box(body.standing(black_box(index()))).expect("an answer");
            },
            &mut || dalek.verify_strict(black_box(&message), &signature).expect("verifies"),
        ],
    );
    let against = "one signature check; random positions";
    report.print(&Figure { name: figure("lookup-ns"), value: lookup, against: "nanoseconds".into(), goal: None });
    report.print(&Figure {
        name: figure("lookup-share"),
        value: lookup / check,
        against: against.into(),
        goal: Some(0.015),
    });

    let [hash, open, take_in] = interleaved(
        15,
        1,
        [
            &mut || {
                black_box(sha256(black_box(&bytes)));
            },
            &mut || StatusList::parse(black_box(&bytes)).expect("a list").verify_body().expect("the root"),
            &mut || {
                let list = StatusList::parse(black_box(&bytes)).expect("a list");
                list.verify_body().expect("the root");
                list.check_body().expect("canonical");
            },
        ],
    );
    let against = "SHA-256 of its bytes";
    report.print(&Figure { name: figure("open"), value: open / hash, against: against.into(), goal: Some(4.0) });
    let against = "nanoseconds an entry: root and every rule of the strict reader, once for a list";
    report.print(&Figure { name: figure("take-in-ns"), value: take_in / entries, against: against.into(), goal: None });

    let [encode] = interleaved(
        5,
        1,
        [&mut || {
            black_box(written(black_box(&set)));
        }],
    );
    report.print(&Figure {
        name: figure("encode-ms"),
        value: encode / 1e6,
        against: "milliseconds".into(),
        goal: None,
    });
    deltas(report, &figure, &set, &bytes);
    proofs(report, &figure, &list, length);
}

/// What two thousand changes take; and those of ninety days.
fn deltas(report: &mut Report, figure: &dyn Fn(&str) -> String, set: &Set, old: &[u8]) {
    let length = set.length;
    let list = StatusList::parse(old).expect("a list");
    let after = |changes: u32, seed: u64| {
        let mut numbers = Numbers::new(seed);
        let mut added = Vec::new();
        while added.len() < changes as usize {
            let wanted = changes as usize - added.len();
            added.extend(
                (0..wanted).map(|_| numbers.below(length)).filter(|at| set.positions.binary_search(at).is_err()),
            );
            added.sort_unstable();
            added.dedup();
        }
        let mut all = [&set.positions[..], &added].concat();
        all.sort_unstable();
        signed(length, 2, all.into_iter().map(|at| (at, State::Revoked)))
    };
    let least = |changes: u32| choices(length - set.positions.len() as u32, changes) / 8.0;
    let new = after(2_000, 3);
    let new_list = StatusList::parse(&new).expect("a list");
    let delta = StatusDelta::make(&list, &new_list).expect("a delta");
    let header = new_list.envelope().bytes().len();
    let against = format!("2,000 changes; the whole list: {} bytes", new.len());
    report.print(&Figure { name: figure("delta-bytes"), value: delta.len() as f64, against, goal: Some(4_700.0) });
    let against = format!("the least that 2,000 changes need; without the signed header of {header} bytes");
    let ratio = (delta.len() - header) as f64 / least(2_000);
    let goal = (length >= 100_000_000).then_some(1.02);
    report.print(&Figure { name: figure("delta-ratio"), value: ratio, against, goal });

    let parsed = StatusDelta::parse(&delta).expect("a delta");
    let [making, apply, encode] = interleaved(
        5,
        1,
        [
            &mut || {
                black_box(StatusDelta::make(&list, &new_list)).expect("a delta");
            },
            &mut || assert_eq!(black_box(parsed.apply(&list)).expect("applies").len(), new.len()),
            &mut || {
                black_box(written(black_box(set)));
            },
        ],
    );
    let against = "milliseconds";
    report.print(&Figure { name: figure("delta-make-ms"), value: making / 1e6, against: against.into(), goal: None });
    let against = format!("writing the list anew; {:.1} ms", apply / 1e6);
    report.print(&Figure { name: figure("delta-apply"), value: apply / encode, against, goal: Some(1.5) });

    let quarter = after(180_000.min(length / 100), 4);
    let delta = StatusDelta::make(&list, &StatusList::parse(&quarter).expect("a list")).expect("a delta");
    let changes = 180_000.min(length / 100);
    let against = format!("ninety days rolled up, {changes} changes, beside the least that they need");
    let ratio = (delta.len() - header) as f64 / least(changes);
    report.print(&Figure {
        name: figure("delta-90-days-bytes"),
        value: delta.len() as f64,
        against: against.clone(),
        goal: None,
    });
    report.print(&Figure { name: figure("delta-90-days-ratio"), value: ratio, against, goal: None });
}

/// Proofs of positions here and there.
fn proofs(report: &mut Report, figure: &dyn Fn(&str) -> String, list: &StatusList<'_>, length: u32) {
    let mut numbers = Numbers::new(5);
    let mut sizes = Vec::new();
    for _ in 0..51 {
        let index = u64::from(numbers.below(length));
        let proof = StatusProof::make(list, index).expect("a proof");
        let read = StatusProof::parse(&proof).expect("a proof");
        read.verify_path().expect("the root");
        assert_eq!(read.standing(index).ok(), list.claimed_body().standing(index).ok());
        sizes.push(proof.len() as f64);
    }
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let against = format!("the largest of 51; the median has {}", median(sizes));
    report.print(&Figure { name: figure("proof-bytes"), value: largest, against, goal: Some(1_000.0) });
}

/// The table and the plot of docs/figures.
pub(crate) fn write(cells: &[Cell]) -> std::io::Result<()> {
    std::fs::create_dir_all("docs/figures")?;
    std::fs::write("docs/figures/status-bytes.md", plot::table(cells))?;
    std::fs::write("docs/figures/status-bytes.svg", plot::svg(cells))
}
