//! `kiosk`: one scan after the other, each answered at once, for as long as there is somebody who scans.

mod advice;
mod answer;
mod card;
mod challenge;
mod desk;
mod event;
mod fault;
mod held;
mod kept;
mod receipts;
mod screen;
mod seals;
mod specimen;
mod stamp;

use crate::args::Global;
use crate::clock::{ClockArg, Reading, Wound, duration};
use crate::commands::verify;
use crate::files::{self, Arrival, STREAM};
use crate::interrupt::{Interrupt, Reread};
use crate::output::{Exit, Failure, Loudness, Out, Span, say};
use crate::policies::Chosen;
use crate::stores::StoreArg;
use crate::terminal::{self, AsItComes};
use challenge::{Challenges, Shown, When};
use desk::{Asks, Desk};
use event::{Event, What};
use held::Held;
use kept::{Kept, KeptArgs};
use receipts::{ReceiptArgs, Receipts};
use screen::Screen;
use seals::Seals;
pub(in crate::commands) use specimen::{Trial, self_test};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};
use zhengyin::claims::id::Region;
use zhengyin::scan::{Collector, Frame, Framer};

/// How long a signal, or a store that was replaced, may wait.
const TICK: Duration = Duration::from_millis(200);

/// Answer scans, one after the other, without a network
///
/// Reads what a scanner sends: a scan ends with a line end or with a pause. Each gets one answer at once: a line of JSON (docs/scan.schema.json), or a card where standard output is a terminal.
/// A bad scan is an answer; a device that is unplugged is waited for; a pack that was applied counts from the next scan on. Ends with its
/// input (0), with Ctrl-C or SIGTERM (130).
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin kiosk\n  zhengyin kiosk --json < scanned.txt\n  zhengyin kiosk --in /dev/ttyACM0 --audience 示例政务大厅 --purpose 办理入住\n  zhengyin kiosk --receipt receipts --device counter-3.pem"
)]
pub(crate) struct Args {
    /// Where scans come from: - for standard input, or the path of a device or of a named pipe
    #[arg(long = "in", value_name = "DEVICE", default_value = STREAM)]
    input: PathBuf,
    /// The pause that ends a scan which no line end ends, in milliseconds (80ms); none: only line ends do
    #[arg(long, value_name = "PAUSE", default_value = "80ms", value_parser = Pause::parse)]
    idle: Pause,
    /// How long the parts of a code in several parts are kept after the last one
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = seconds)]
    parts_within: u64,
    /// Where this verifier stands [default: ZHENGYIN_REGION, else what store init --region was told]
    #[arg(long, value_name = "CODE", value_parser = Region::parse)]
    region: Option<Region>,
    /// counter, kiosk, archive, strict, or a file in TOML that asks for more than one of them
    #[arg(long, value_name = "NAME|FILE", value_parser = Chosen::parse, default_value = "kiosk")]
    policy: Chosen,
    /// What the checks are for, compared with what copies and presentations were made for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// Who checks, compared with whom copies and presentations were made for
    #[arg(long, value_name = "TEXT")]
    audience: Option<String>,
    /// What licenses are used for, in the words of the recognition rules (for those from another province)
    #[arg(long, value_name = "TEXT")]
    use_case: Option<String>,
    /// When a challenge is shown for holders to answer: asked (where an answer asks for one), always, never
    #[arg(long, value_name = "WHEN", value_parser = When::parse, default_value = "asked")]
    challenge: When,
    /// Tell the holder, and what the license says of him, in JSON too: personal data for whoever reads it
    #[arg(long)]
    show_fields: bool,
    /// Show cards even where standard output is no terminal
    #[arg(long, conflicts_with = "json")]
    card: bool,
    /// Use the whole terminal: one large sign, and the card below
    #[arg(long, conflicts_with_all = ["json", "card"])]
    screen: bool,
    /// A file of seals, or a folder of .zye and .zys, for stamps that are scanned: a code holds no seal
    #[arg(long, value_name = "PATH")]
    seals: Option<PathBuf>,
    #[command(flatten)]
    kept: KeptArgs,
    #[command(flatten)]
    receipts: ReceiptArgs,
    /// Write nothing: what was seen is kept in memory, and no receipt is written
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    clock: ClockArg,
}

/// What pause ends a scan; none does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Pause(Option<Duration>);

impl Pause {
    fn parse(text: &str) -> Result<Self, String> {
        let milliseconds = |text: &str| text.parse().ok().filter(|count| (1..=10_000).contains(count));
        match text.strip_suffix("ms").map(milliseconds) {
            _ if text == "none" => Ok(Self(None)),
            Some(Some(count)) => Ok(Self(Some(Duration::from_millis(count)))),
            _ => Err("expected 1ms to 10000ms, or none".to_owned()),
        }
    }
}

fn seconds(text: &str) -> Result<u64, String> {
    let seconds = duration(text).and_then(|seconds| u64::try_from(seconds).ok());
    seconds.ok_or_else(|| format!("`{text}` is no duration: write 45s, 10m or 30d"))
}

/// Everything that a kiosk is made of, and where it says what it answers.
struct Kiosk<'o> {
    desk: Desk,
    held: Held,
    receipts: Receipts,
    clock: Wound,
    since: Instant,
    show_fields: bool,
    /// In the place of cards that follow each other.
    screen: Option<Screen<io::Stdout>>,
    out: &'o mut Out,
    exits: Vec<Exit>,
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match (args.screen, io::stdout().is_terminal()) {
        (true, false) => {
            let what = say!("--screen 需要终端", "--screen needs a terminal");
            return Err(Failure::usage(what).next("zhengyin kiosk --card"));
        }
        (false, false) if !args.card => out.answer_in_json(),
        _ => {}
    }
    let mut policy = args.policy.read()?;
    policy.region = verify::region(args.region, global)?;
    let clock = args.clock.wind(global)?;
    let reading = clock.read()?;
    let held = Held::open(args.store.find(global)?)?;
    let kept = Kept::open(&args.kept, args.dry_run, reading, global)?;
    let receipts = Receipts::open(&args.receipts, args.dry_run, global)?;
    let asks = Asks {
        policy,
        audience: args.audience.clone(),
        purpose: args.purpose.clone(),
        use_case: args.use_case.clone(),
    };
    let challenges = Challenges::new(args.challenge, asks.audience.clone(), asks.purpose.clone())?;
    let collector = Collector::new(Duration::from_secs(args.parts_within));
    let desk = Desk::new(asks, collector, kept, challenges, Seals::open(args.seals.as_deref())?);
    let (interrupt, reread) = (Interrupt::watch()?, Reread::watch()?);
    let since = Instant::now();
    let _as_it_comes = (args.input == Path::new(STREAM)).then(AsItComes::stdin);
    let screen = args.screen.then(|| Screen::open(io::stdout(), out.is_coloured()));
    let show_fields = args.show_fields;
    let mut kiosk = Kiosk { desk, held, receipts, clock, since, show_fields, screen, out, exits: Vec::new() };
    kiosk.begin()?;
    let ended = kiosk.serve(&args.input, args.idle, &interrupt, &reread);
    kiosk.tell(&Event::of(What::Ended));
    kiosk.exits.push(ended);
    Ok(Exit::of_all(kiosk.exits))
}

impl Kiosk<'_> {
    fn begin(&mut self) -> Result<(), Failure> {
        if let Some(remark) = self.reading().remark().filter(|_| self.screen.is_none()) {
            self.out.remark(Loudness::Normal, &remark);
        }
        let challenge = self.desk.challenges.at_all_times(Duration::ZERO)?.map(Shown::json);
        let event = Event::of(What::Ready).with_challenge(challenge);
        let lines = self.standing_challenge();
        if let Some(screen) = &mut self.screen {
            screen.wait(lines, Duration::ZERO, terminal::size());
            return Ok(());
        }
        self.tell(&event);
        lines.iter().for_each(|line| self.out.line(line));
        Ok(())
    }

    /// The challenge that is always shown, if one is.
    fn standing_challenge(&mut self) -> Vec<Vec<Span>> {
        let shown = self.desk.challenges.at_all_times(self.since.elapsed());
        shown.ok().flatten().map(Shown::lines).unwrap_or_default()
    }

    /// Until the input ends, or the end is asked for, or nobody reads the answers any more.
    fn serve(&mut self, input: &Path, idle: Pause, interrupt: &Interrupt, reread: &Reread) -> Exit {
        let arrivals = files::listen(input, self.since);
        let mut framer = Framer::new(idle.0);
        let mut is_gone = false;
        loop {
            if interrupt.is_asked() {
                return Exit::Interrupted;
            }
            if !self.out.flush() {
                return Exit::CouldNotRun;
            }
            self.look_at_store(reread);
            let now = self.since.elapsed();
            let due = framer.due().into_iter().chain(self.desk.due()).min();
            let wait = due.map_or(TICK, |due| due.saturating_sub(now).min(TICK));
            let frames = match arrivals.recv_timeout(wait) {
                Ok(Arrival::Bytes(bytes, at)) => framer.push(&bytes, at),
                Ok(Arrival::Gone(error)) => {
                    let unfinished = framer.finish();
                    self.answer(unfinished, interrupt, reread);
                    is_gone = true;
                    self.tell(&Event::gone(input, &error));
                    continue;
                }
                Ok(Arrival::Here) => {
                    if is_gone {
                        self.tell(&Event::of(What::DeviceBack));
                    }
                    is_gone = false;
                    continue;
                }
                Ok(Arrival::End) | Err(RecvTimeoutError::Disconnected) => {
                    let unfinished = framer.finish();
                    self.answer(unfinished, interrupt, reread);
                    return if interrupt.is_asked() { Exit::Interrupted } else { Exit::Done };
                }
                Err(RecvTimeoutError::Timeout) => {
                    let now = self.since.elapsed();
                    self.clear_screen(now);
                    for given_up in self.desk.expire(now) {
                        self.tell(&Event::parts_given_up(given_up));
                    }
                    framer.poll(now).into_iter().collect()
                }
            };
            self.answer(frames, interrupt, reread);
        }
    }

    /// Answers what was scanned. What is under way when the end is asked for is answered, and nothing after it.
    fn answer(&mut self, frames: impl IntoIterator<Item = Frame>, interrupt: &Interrupt, reread: &Reread) {
        for frame in frames {
            if interrupt.is_asked() || !self.out.flush() {
                return;
            }
            self.look_at_store(reread);
            let (reading, now) = (self.reading(), self.since.elapsed());
            let told = self.desk.answer(
                frame,
                now,
                (self.held.store(), reading),
                &mut self.receipts,
                &answer::Form {
                    is_json: self.out.is_json(),
                    show_fields: self.show_fields,
                    language: self.out.language,
                    is_verbose: self.out.loudness >= Loudness::Verbose,
                },
            );
            if let Some(json) = &told.json {
                self.out.json(json);
            }
            match &mut self.screen {
                Some(screen) => screen.show(&told, now, terminal::size()),
                // An empty line parts it from the next.
                None => {
                    told.card.iter().chain(&told.challenge).chain([&Vec::new()]).for_each(|line| self.out.line(line))
                }
            }
            for failure in told.failures {
                self.exits.push(failure.exit());
                self.tell(&Event::record_failed(&failure));
            }
        }
    }

    /// What a license says does not stay on the screen for whoever comes next.
    fn clear_screen(&mut self, now: Duration) {
        if self.screen.as_ref().is_some_and(|screen| screen.is_old(now)) {
            let lines = self.standing_challenge();
            if let Some(screen) = &mut self.screen {
                screen.wait(lines, now, terminal::size());
            }
        }
    }

    /// Other trust data counts from the next scan on.
    fn look_at_store(&mut self, reread: &Reread) {
        let asked = reread.take();
        if let Some(looked) = self.held.look(asked, self.since.elapsed()) {
            self.tell(&Event::store(looked));
        }
    }

    /// Says what happened besides scans: on the answer's stream as JSON, or for people on stderr.
    fn tell(&mut self, event: &Event) {
        if let Some(screen) = &mut self.screen {
            return event.text().map_or((), |text| screen.status(text, terminal::size()));
        }
        let json = event.json(self.held.store(), self.reading(), &self.desk.asks.policy);
        self.out.json(&json);
        if let Some(text) = event.text().filter(|_| !self.out.is_json() || event.is_trouble()) {
            self.out.remark(Loudness::Normal, text);
        }
        self.out.flush();
    }

    /// The time; a clock that cannot be asked is none.
    fn reading(&self) -> Reading {
        self.clock.read().unwrap_or(Wound::NONE)
    }
}
