//! Interleaved rounds and medians.

use std::time::Instant;

/// One line of the output.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) against: &'static str,
    pub(crate) goal: f64,
}

/// What is printed, and how.
pub(crate) struct Report {
    json: bool,
    prefix: String,
    printed: usize,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { json: false, prefix: String::new(), printed: 0 }
    }

    pub(crate) fn as_json_lines(&mut self) {
        self.json = true;
    }

    pub(crate) fn only(&mut self, prefix: String) {
        self.prefix = prefix;
    }

    pub(crate) fn wants(&self, name: &str) -> bool {
        name.starts_with(&self.prefix)
    }

    /// Prints a figure if it is wanted.
    pub(crate) fn print(&mut self, figure: &Figure) {
        if !self.wants(figure.name) {
            return;
        }
        let Figure { name, value, against, goal } = figure;
        let met = value <= goal;
        self.printed += 1;
        if self.json {
            let line =
                serde_json::json!({ "figure": name, "value": value, "against": against, "goal": goal, "met": met });
            println!("{line}");
        } else {
            let met = if met { "met" } else { "NOT MET" };
            println!("{name:<24} {value:>8.3}   goal ≤ {goal:<8} {met:<8} {against}");
        }
    }

    pub(crate) fn finish(&self) -> Result<(), String> {
        if self.printed == 0 { Err(format!("there is no figure that begins with {:?}", self.prefix)) } else { Ok(()) }
    }
}

/// Nanoseconds of one run of each task: the median over rounds in which every task has its turn, so that whatever disturbs the machine
/// disturbs them alike. Each round begins at another depth of the stack: where a table happens to lie across cache lines makes one and
/// the same code a fifth slower or faster, for as long as the process lives.
pub(crate) fn interleaved<const N: usize>(rounds: usize, times: usize, mut tasks: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut samples = vec![[0.0; N]; rounds];
    for task in &mut tasks {
        (0..times).for_each(|_| task());
    }
    for (round, sample) in samples.iter_mut().enumerate() {
        for (task, nanoseconds) in tasks.iter_mut().zip(sample) {
            at_depth(round % 64, &mut || {
                let start = Instant::now();
                (0..times).for_each(|_| task());
                *nanoseconds = start.elapsed().as_nanos() as f64 / times as f64;
            });
        }
    }
    std::array::from_fn(|task| median(samples.iter().map(|sample| sample[task]).collect()))
}

/// Runs a task below `depth` frames, each a little more than one and a half cache lines.
#[inline(never)]
fn at_depth(depth: usize, task: &mut dyn FnMut()) {
    let frame = std::hint::black_box([0_u8; 104]);
    match depth.checked_sub(1) {
        Some(depth) => at_depth(depth, task),
        None => task(),
    }
    std::hint::black_box(&frame);
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
