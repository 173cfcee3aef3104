//! Where one scan ends and the next begins.

use alloc::vec::Vec;
use core::mem;
use core::time::Duration;

use crate::carrier::MAX_DECODED;

/// The pause after which a scan has ended, unless something else is said: scanners that type send a character every few milliseconds,
/// and no person shows two codes within this time.
pub const IDLE: Duration = Duration::from_millis(80);

/// The longest scan, in bytes: what [`MAX_DECODED`] bytes take in full-width digits (7 bytes in 17 digits of 3 bytes), and some white
/// space.
pub const MAX_SCAN: usize = MAX_DECODED * 8;

/// What stood between two ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// What was scanned, without its line end: 1 to [`MAX_SCAN`] bytes, not only white space.
    Scan(Vec<u8>),
    /// More than [`MAX_SCAN`] bytes without an end. They were counted and not kept.
    TooLong {
        /// How many there were.
        bytes: u64,
    },
}

/// Divides what a scanner sends into scans. A scan ends with CR or LF, or with a pause: a scanner that types may send no line end.
///
/// What is between two ends and only white space (the LF of CR LF, a key that somebody pressed) is no scan. At most [`MAX_SCAN`] bytes
/// are held.
#[derive(Clone, Debug)]
pub struct Framer {
    /// `None`: only line ends.
    idle: Option<Duration>,
    pub(super) held: Vec<u8>,
    /// Bytes of this scan, those that were not kept included.
    length: u64,
    last: Duration,
}

impl Framer {
    /// A scan ends with a line end or with a pause of this length; `None`: with a line end only, for what comes from a file or a pipe.
    #[must_use]
    pub const fn new(idle: Option<Duration>) -> Self {
        Self { idle, held: Vec::new(), length: 0, last: Duration::ZERO }
    }

    /// Takes bytes that came at a moment, and gives the scans that have ended with them.
    pub fn push(&mut self, bytes: &[u8], at: Duration) -> Vec<Frame> {
        let mut ended: Vec<Frame> = self.poll(at).into_iter().collect();
        self.last = at;
        let mut pieces = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
        if let Some(first) = pieces.next() {
            self.append(first);
        }
        // Each further piece stands behind a line end.
        for piece in pieces {
            ended.extend(self.finish());
            self.append(piece);
        }
        ended
    }

    /// The scan that the pause since the last byte has ended, if it was long enough.
    pub fn poll(&mut self, now: Duration) -> Option<Frame> {
        self.due().filter(|due| *due <= now).and_then(|_| self.finish())
    }

    /// The moment at which the pause ends the scan that has begun; `None` if none has, or if pauses end none.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        self.idle.filter(|_| self.length > 0).map(|idle| self.last.saturating_add(idle))
    }

    /// The scan that has begun, for nothing more will come: the input has ended, or the scanner was unplugged.
    pub fn finish(&mut self) -> Option<Frame> {
        let (held, bytes) = (mem::take(&mut self.held), mem::take(&mut self.length));
        if u64::try_from(held.len()) != Ok(bytes) {
            return Some(Frame::TooLong { bytes });
        }
        (!is_blank(&held)).then_some(Frame::Scan(held))
    }

    fn append(&mut self, piece: &[u8]) {
        self.length = self.length.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        match self.held.len().checked_add(piece.len()) {
            Some(together) if together <= MAX_SCAN => self.held.extend_from_slice(piece),
            // Whatever follows, it is too long by now, and nothing of it is wanted.
            _ => self.held = Vec::new(),
        }
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_ok_and(|text| text.trim_matches('\u{feff}').trim().is_empty())
}
