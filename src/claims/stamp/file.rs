//! A file of stamps (`.zys`): a CBOR sequence (RFC 8742) of stamps and of the seals that they were made with, detached from the document.

use alloc::vec::Vec;

use crate::cbor::{self, Items};
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::limits::{MAX_STAMP_FILE, MAX_STAMP_ITEMS};
use crate::reason::Reason;

/// What a file of stamps holds. Nothing in the file is trusted, and its order says nothing: every object stands by itself.
///
/// ```cddl
/// stamp-file = 1*64 (seal-envelope / stamp-envelope)   ; a sequence, in any order
/// ```
#[derive(Clone, Debug, Default)]
pub struct StampFile<'a> {
    /// The seals.
    pub seals: Vec<Envelope<'a>>,
    /// The stamps.
    pub stamps: Vec<Envelope<'a>>,
    /// What is neither, and why: an object that cannot be read, or of another type. It takes nothing from the others.
    pub others: Vec<(&'a [u8], Reason)>,
    /// Was an object left out that stands there twice to the byte?
    pub repeated: bool,
}

/// Why bytes are no file of stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StampFileError {
    /// Not a sequence of items in the canonical encoding.
    #[error(transparent)]
    Encoding(#[from] cbor::Error),
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// Longer than a file of stamps may be.
    #[error("a file of stamps has at most {MAX_STAMP_FILE} bytes")]
    TooLarge,
    /// More seals and stamps than a file may hold.
    #[error("a file of stamps has at most {MAX_STAMP_ITEMS} seals and stamps")]
    TooMany,
}

impl StampFileError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Encoding(error) => error.reason(),
            Self::Empty => Reason::EncodingMalformed,
            Self::TooLarge | Self::TooMany => Reason::EncodingTooLarge,
        }
    }
}

impl<'a> StampFile<'a> {
    /// Reads a file of stamps.
    ///
    /// # Errors
    /// [`StampFileError`], where not even the sequence can be read.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, StampFileError> {
        if bytes.len() > MAX_STAMP_FILE {
            return Err(StampFileError::TooLarge);
        }
        let mut file = Self::default();
        let mut items: Vec<&[u8]> = Vec::new();
        for item in Items::new(bytes) {
            let item = item?;
            if items.contains(&item) {
                file.repeated = true;
                continue;
            }
            if items.len() >= MAX_STAMP_ITEMS {
                return Err(StampFileError::TooMany);
            }
            items.push(item);
            file.add(item);
        }
        if items.is_empty() { Err(StampFileError::Empty) } else { Ok(file) }
    }

    fn add(&mut self, item: &'a [u8]) {
        match Envelope::parse(item, Expected::AnyKnown) {
            Ok(envelope) => match envelope.object_type() {
                Some(ObjectType::Seal) => self.seals.push(envelope),
                Some(ObjectType::Stamp) => self.stamps.push(envelope),
                _ => self.others.push((item, Reason::EncodingWrongType)),
            },
            Err(error) => self.others.push((item, envelope::Error::reason(error))),
        }
    }

    /// The whole of several files: every object once, seals before stamps, otherwise in the order given.
    ///
    /// # Errors
    /// [`StampFileError`] of the file that could not be read, or if there is too much for one.
    pub fn join(files: &[&[u8]]) -> Result<Vec<u8>, StampFileError> {
        let mut objects: [Vec<&[u8]>; 3] = Default::default();
        for file in files {
            let file = StampFile::parse(file)?;
            let [seals, stamps, others] = &mut objects;
            seals.extend(file.seals.iter().map(Envelope::bytes));
            stamps.extend(file.stamps.iter().map(Envelope::bytes));
            others.extend(file.others.iter().map(|(item, _)| item));
        }
        let mut kept: Vec<&[u8]> = Vec::new();
        for object in objects.into_iter().flatten() {
            if !kept.contains(&object) {
                kept.push(object);
            }
        }
        let joined = kept.concat();
        StampFile::parse(&joined)?;
        Ok(joined)
    }
}
