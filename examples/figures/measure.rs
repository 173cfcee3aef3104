//! Interleaved rounds and medians.

use rustix::time::{ClockId, clock_gettime};

/// One line of the output.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) against: String,
    /// At most this; `None` where there is nothing to reach.
    pub(crate) goal: Option<f64>,
}

/// What is printed, and how.
pub(crate) struct Report {
    json: bool,
    prefix: String,
    printed: usize,
    /// Figures that miss their goal.
    missed: Vec<String>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { json: false, prefix: String::new(), printed: 0, missed: Vec::new() }
    }

    pub(crate) fn as_json_lines(&mut self) {
        self.json = true;
    }

    pub(crate) fn only(&mut self, prefix: String) {
        self.prefix = prefix;
    }

    /// Does a figure of this name, or one whose name begins so, count among those that were asked for?
    pub(crate) fn wants(&self, name: &str) -> bool {
        name.starts_with(&self.prefix) || self.prefix.starts_with(name)
    }

    /// Prints a figure if it is wanted.
    pub(crate) fn print(&mut self, figure: &Figure) {
        let Figure { name, value, against, goal } = figure;
        if !name.starts_with(&self.prefix) {
            return;
        }
        let met = goal.map(|goal| *value <= goal);
        self.printed += 1;
        if met == Some(false) {
            self.missed.push(name.clone());
        }
        if self.json {
            let line =
                serde_json::json!({ "figure": name, "value": value, "against": against, "goal": goal, "met": met });
            println!("{line}");
        } else {
            let digits = if *value < 1_000.0 { 3 } else { 0 };
            let goal =
                goal.map_or("–".into(), |goal| format!("goal ≤ {goal:.*}", if goal < 1_000.0 { 3 } else { 0 }));
            let met = met.map_or("", |met| if met { "met" } else { "NOT MET" });
            println!("{name:<40} {value:>12.digits$}   {goal:<18} {met:<8} {against}");
        }
    }

    /// Says what was missed.
    pub(crate) fn finish(&self) -> Result<(), String> {
        if self.printed == 0 {
            return Err(format!("there is no figure that begins with {:?}", self.prefix));
        }
        if !self.missed.is_empty() {
            eprintln!("{} of {} figures miss their goal: {}", self.missed.len(), self.printed, self.missed.join(", "));
        }
        Ok(())
    }
}

/// Nanoseconds for which this thread was at work on a task: what others do on the machine meanwhile does not count.
pub(crate) fn spent(task: impl FnOnce()) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
    };
    let start = now();
    task();
    now() - start
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
                *nanoseconds = spent(|| (0..times).for_each(|_| task())) / times as f64;
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
