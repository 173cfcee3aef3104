//! What another system says of its licenses, as files of positions, right and wrong.

use std::fs;
use std::path::Path;

/// The positions that are revoked on a day: two thousand, and three more each day.
pub(crate) fn revoked(day: u32) -> Vec<u32> {
    (0..2_000 + 3 * day).map(|at| at * 47 + at * at % 41).collect()
}

/// The file that says so.
pub(crate) fn write(path: &Path, day: u32) {
    let lines = revoked(day).iter().map(|at| format!("{at} revoked\n")).collect::<String>();
    fs::write(path, lines).unwrap();
}

/// What lies on a desk: a list, one in the wrong order, and three days of a large one.
#[allow(dead_code, reason = "for one of the two tests that share this file")]
pub(crate) fn lay_out(folder: &Path) {
    let positions = "# the old system\n17 revoked 2026-03-01 deception\n200-299 withdrawn 2026-05-20\n4711 void\n";
    fs::write(folder.join("positions.txt"), positions).unwrap();
    fs::write(folder.join("descending.txt"), "17 revoked\n5 revoked\n").unwrap();
    (0..3).for_each(|day| write(&folder.join(format!("day-{day}.txt")), day));
}
