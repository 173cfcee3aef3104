//! The journal: one file to which records are only ever appended, each durable before anything that it stands for is released.
//!
//! ```text
//! journal = frame*
//! frame   = length: u32, complement of length: u32 (both big-endian), record (deterministic CBOR, `length` bytes), chain: 32 bytes
//! chain   = SHA-256(chain of the frame before, record); 32 zero bytes stand before the first
//! ```
//!
//! A stop in the middle of a write leaves a *torn* frame at the end: too short, or filled up with zeros. It was never durable, so nothing
//! was released on its word, and it is cut. Everything else that does not fit is *damage*, and is refused by the number of its record:
//! a flipped byte makes no frame look torn, because the length is written twice.

extern crate std;

use alloc::vec::Vec;

use crate::suite::{Digest, HashAlgorithm, Hasher};

/// Where the register's records are kept.
pub trait Journal {
    /// Everything that was appended.
    ///
    /// # Errors
    /// Those of the medium.
    fn load(&mut self) -> std::io::Result<Vec<u8>>;

    /// Appends bytes. When this returns they are durable: they outlive a crash of the process and of the machine.
    ///
    /// # Errors
    /// Those of the medium; then any part of the bytes may have been written.
    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()>;

    /// Cuts everything from `length` on, durably.
    ///
    /// # Errors
    /// Those of the medium.
    fn cut(&mut self, length: u64) -> std::io::Result<()>;
}

/// A frame's head: the length, twice.
const HEAD: usize = 8;
/// A frame's chain.
const CHAIN: usize = 32;
/// The longest record, in bytes.
pub(super) const MAX_RECORD: usize = 1 << 16;
/// So many zeros at the end are never a digest's.
const ZEROS: usize = 8;

/// What stands at the end of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End<'a> {
    /// A whole frame, or nothing.
    Whole,
    /// A frame that was not written to its end: what is there of its record.
    Torn(&'a [u8]),
    /// A frame that was altered.
    Damaged,
}

/// Walks over a journal's frames and verifies the chain.
#[derive(Clone, Debug)]
pub(super) struct Frames<'a> {
    rest: &'a [u8],
    chain: Digest,
    end: End<'a>,
    /// Bytes of whole frames that were walked over.
    walked: usize,
}

impl<'a> Frames<'a> {
    pub(super) const fn new(journal: &'a [u8]) -> Self {
        Self { rest: journal, chain: Digest::new([0; CHAIN]), end: End::Whole, walked: 0 }
    }

    /// The chain of the last frame that was walked over.
    pub(super) const fn head(&self) -> Digest {
        self.chain
    }

    /// How the walk ended; of no meaning before it has.
    pub(super) const fn end(&self) -> End<'a> {
        self.end
    }

    /// Where the last whole frame ended.
    pub(super) const fn walked(&self) -> usize {
        self.walked
    }

    fn stop(&mut self, end: End<'a>) -> Option<&'a [u8]> {
        self.end = end;
        self.rest = &[];
        None
    }

    fn torn(&mut self) -> Option<&'a [u8]> {
        let record = self.rest.get(HEAD..).unwrap_or_default();
        self.stop(End::Torn(record))
    }

    /// A frame that does not fit. What a file system fills up with when it knew the length of a file before it had its bytes is torn: zeros
    /// to the end, from before the frame's own end at `extent`. No digest ends in so many.
    fn unfit(&mut self, extent: usize) -> Option<&'a [u8]> {
        let zeros = self.rest.iter().rev().take_while(|byte| **byte == 0).count();
        let begin = self.rest.len().saturating_sub(zeros);
        if zeros >= ZEROS && begin < extent { self.torn() } else { self.stop(End::Damaged) }
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let Some((head, rest)) = self.rest.split_first_chunk::<HEAD>() else { return self.torn() };
        let [a, b, c, d, not @ ..] = *head;
        let length = u32::from_be_bytes([a, b, c, d]);
        let size = usize::try_from(length).ok().filter(|size| *size <= MAX_RECORD);
        let Some(size) = size.filter(|_| !length == u32::from_be_bytes(not)) else { return self.unfit(HEAD) };
        let Some((record, rest)) = rest.split_at_checked(size) else { return self.torn() };
        let Some((chain, rest)) = rest.split_first_chunk::<CHAIN>() else { return self.torn() };
        let expected = link(self.chain, record);
        let extent = HEAD.saturating_add(size).saturating_add(CHAIN);
        if expected.as_bytes() != chain {
            return self.unfit(extent);
        }
        self.chain = expected;
        self.rest = rest;
        self.walked = self.walked.saturating_add(extent);
        Some(record)
    }
}

fn link(before: Digest, record: &[u8]) -> Digest {
    let mut hasher = Hasher::new(HashAlgorithm::Sha256);
    hasher.update(before.as_bytes());
    hasher.update(record);
    hasher.finish()
}

/// The frame of a record, and its chain; none for a record that is too long.
pub(super) fn frame(before: Digest, record: &[u8]) -> Option<(Vec<u8>, Digest)> {
    let length = u32::try_from(record.len()).ok().filter(|_| record.len() <= MAX_RECORD)?;
    let chain = link(before, record);
    let frame = [&length.to_be_bytes(), &(!length).to_be_bytes(), record, chain.as_bytes().as_slice()].concat();
    Some((frame, chain))
}
