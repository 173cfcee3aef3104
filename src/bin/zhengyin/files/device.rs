//! What sends bytes as they come: standard input, a scanner's device, a pipe with a name. One thread waits for them, so that nobody else
//! has to.

use super::STREAM;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;
/// Chunks that wait to be looked at: whoever sends more waits.
const WAITING: usize = 8;
/// How long until a device that is gone is looked for again.
const AGAIN: Duration = Duration::from_millis(300);

/// What comes from a device.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// Bytes, and when they came, since the listening began.
    Bytes(Vec<u8>, Duration),
    /// The device is gone, or cannot be opened; it is waited for. Told once.
    Gone(io::Error),
    /// It is there.
    Here,
    /// Nothing will come any more.
    End,
}

/// Listens from now on, on a thread of its own. A file, and standard input, end where they end; anything else is waited for when it goes.
pub(crate) fn listen(path: &Path, since: Instant) -> Receiver<Arrival> {
    let (sender, receiver) = sync_channel(WAITING);
    let path = path.to_owned();
    thread::spawn(move || {
        if path == Path::new(STREAM) {
            let is_terminal = io::stdin().is_terminal();
            let _ = pass_on(&mut io::stdin().lock(), &sender, since, is_terminal);
        } else {
            follow(&path, &sender, since);
        }
        let _ = sender.send(Arrival::End);
    });
    receiver
}

/// Nobody listens any more.
struct Unheard;

/// Why reading ended: `None` at the end of what there is.
type Ended = Option<io::Error>;

fn follow(path: &PathBuf, sender: &SyncSender<Arrival>, since: Instant) {
    let mut is_told = false;
    loop {
        let ended = match File::open(path) {
            Ok(mut device) => {
                is_told = false;
                #[cfg(unix)]
                crate::terminal::pass_on_everything(&device);
                let is_file = device.metadata().is_ok_and(|found| found.is_file());
                if sender.send(Arrival::Here).is_err() {
                    return;
                }
                match pass_on(&mut device, sender, since, false) {
                    Err(Unheard) => return,
                    Ok(_) if is_file => return,
                    Ok(ended) => ended,
                }
            }
            Err(error) => Some(error),
        };
        let gone = ended.unwrap_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof));
        if !is_told && sender.send(Arrival::Gone(gone)).is_err() {
            return;
        }
        is_told = true;
        thread::sleep(AGAIN);
    }
}

/// What Ctrl-D sends where the terminal passes on everything.
const END_OF_INPUT: &[u8] = b"\x04";

/// Passes on what comes, until nothing does. A person who types can end it.
fn pass_on(
    device: &mut dyn Read,
    sender: &SyncSender<Arrival>,
    since: Instant,
    is_typed: bool,
) -> Result<Ended, Unheard> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match device.read(&mut chunk) {
            Ok(0) => return Ok(None),
            Ok(length) => {
                let bytes = chunk.get(..length).unwrap_or_default().to_vec();
                if is_typed && bytes == END_OF_INPUT {
                    return Ok(None);
                }
                sender.send(Arrival::Bytes(bytes, since.elapsed())).map_err(|_| Unheard)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(Some(error)),
        }
    }
}

/// What tells a file from the one that stood there before: a file that is replaced has another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    /// As the system writes it: it is compared, and nothing else.
    modified: Option<String>,
    length: u64,
    number: u64,
}

/// The stamp of a file; `None` where there is none.
pub(crate) fn stamp(path: &Path) -> Option<Stamp> {
    let found = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&found);
    #[cfg(not(unix))]
    let number = 0;
    Some(Stamp { modified: found.modified().ok().map(|at| format!("{at:?}")), length: found.len(), number })
}

/// A file that lines are added to. What was added may be lost when the machine stops, and nothing before it.
#[derive(Debug)]
pub(crate) struct Appending(File);

impl Appending {
    /// Opens a file that only its owner reads, or makes it.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut options = fs::OpenOptions::new();
        options.append(true).create(true);
        super::set_mode(&mut options, super::Access::Private);
        options.open(path).map(Self)
    }

    /// Adds a line, whole.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        io::Write::write_all(&mut self.0, format!("{text}\n").as_bytes())
    }
}
