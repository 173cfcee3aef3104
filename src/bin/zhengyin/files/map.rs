//! Files that are mapped and not read: the one place of the command that says `unsafe`.
//!
//! A mapping is as sound as its file is still. What is mapped here are the bodies of status lists, which nobody writes to: they are made
//! without the right to be written to (0444), under another name, and get their own by a rename; they are replaced by another file and
//! never altered, and removed by unlinking, which leaves a mapping as it is. Their length is looked at on the open file before it is
//! mapped. Who alters or cuts one all the same has the rights of the user whose verdicts these are: what is altered is refused block by
//! block, for the library compares each with the signed root before it reads it; what is cut off ends the process by a signal
//! (SIGBUS), as a fault of the disk under the file does, so that there is no verdict, and in particular none that is valid.

use memmap2::Mmap;
use std::fs::{self, File};
use std::path::Path;

/// A file's bytes: mapped, or read where the system maps no such file.
#[derive(Debug)]
pub(crate) enum Mapped {
    Map(Mmap),
    Read(Vec<u8>),
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Map(map) => map,
            Self::Read(bytes) => bytes,
        }
    }
}

/// Maps a file that nobody writes to; `None` if there is no regular file, or one of another length.
pub(crate) fn map(path: &Path, length: u64) -> Option<Mapped> {
    // What is no regular file is not even opened: that may wait for ever.
    fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let file = File::open(path).ok()?;
    if file.metadata().ok()?.len() != length {
        return None;
    }
    #[allow(unsafe_code, reason = "a map of a file; why it is sound stands above")]
    // SAFETY: the file is not written to while it is mapped (see above), and its length is that of the map.
    let mapped = unsafe { Mmap::map(&file) };
    match mapped {
        Ok(map) => Some(Mapped::Map(map)),
        Err(_) => fs::read(path).ok().map(Mapped::Read),
    }
}
