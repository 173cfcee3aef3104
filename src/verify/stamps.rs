//! Stamps and their seals: what was sealed, by whom, when, and was the seal in force?
//!
//! The document is read once, in pieces, for any number of stamps, and hashed by what they ask for; nothing of it is kept. Every point of a seal is asked by itself.

mod at_hand;
mod judge;
mod points;
mod report;
mod tree;

pub use points::{Point, SealPoints};
pub use report::{SealReport, StampsReport};
pub use tree::STAMPS_SCHEMA;

use alloc::vec::Vec;

use super::Verifier;
use super::document::{DocumentHasher, StampedDocument};
use crate::claims::id::TypeCode;
use crate::claims::{Stamp, StampFile, StampFileError};
use crate::reason::Reason;
use crate::suite::{Digest, sha256};
use crate::time::Clock;

/// Verifies a file of stamps over a document that comes in pieces.
///
/// ```no_run
/// # fn demo(verifier: &zhengyin::Verifier<'_>, clock: zhengyin::Clock, stamps: &[u8], pieces: &[&[u8]]) {
/// let mut stamped = verifier.stamps(stamps, clock);
/// for piece in pieces {
///     stamped.update(piece); // as large or small as they come; nothing of them is kept
/// }
/// let report = stamped.finish();
/// for stamp in report.stamps() {
///     println!("{:?}: {:?}", stamp.verdict(), stamp.steps().deciding());
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct StampVerifier<'a> {
    verifier: Verifier<'a>,
    clock: Clock,
    bytes: &'a [u8],
    file: Result<StampFile<'a>, Reason>,
    seals: Vec<Digest>,
    license_type: Option<TypeCode>,
    hasher: DocumentHasher,
}

impl<'s> Verifier<'s> {
    /// Begins to verify a file of stamps (`.zys`). The document follows by [`StampVerifier::update`].
    #[must_use]
    pub fn stamps<'a>(&self, stamps: &'a [u8], clock: Clock) -> StampVerifier<'a>
    where
        's: 'a,
    {
        let file = StampFile::parse(stamps).map_err(StampFileError::reason);
        // The file is read before the document, so that what it is hashed by is known.
        let read = file.iter().flat_map(|file| &file.stamps).filter_map(|stamp| Stamp::parse(stamp).ok());
        let hasher = DocumentHasher::new(read.map(|stamp| stamp.claimed().hash));
        let (verifier, seals, license_type) = (self.clone(), Vec::new(), None);
        StampVerifier { verifier, clock, bytes: stamps, file, seals, license_type, hasher }
    }

    /// Verifies a seal (`.zye`) by itself, as of now: its maker, its validity, its status.
    #[must_use]
    pub fn verify_seal<'a>(&self, seal: &'a [u8], clock: Clock) -> SealReport<'a>
    where
        's: 'a,
    {
        judge::seal_alone(self, seal, clock)
    }
}

impl<'a> StampVerifier<'a> {
    /// Takes seals that are kept apart from the stamps. They are as little trusted as those that come with them; bytes that hold no seal
    /// add nothing.
    #[must_use]
    pub fn with_seals(mut self, seals: &'a [u8]) -> Self {
        if let (Ok(file), Ok(more)) = (&mut self.file, StampFile::parse(seals)) {
            file.seals.extend(more.seals);
            self.seals.push(sha256(seals));
        }
        self
    }

    /// Says that the document belongs to a license of this type, for seals that may be used on certain types only.
    #[must_use]
    pub const fn for_license_type(mut self, type_code: TypeCode) -> Self {
        self.license_type = Some(type_code);
        self
    }

    /// The next piece of the document.
    pub fn update(&mut self, piece: &[u8]) {
        self.hasher.update(piece);
    }

    /// What digests the document as these stamps ask for it, where it is read elsewhere: for [`StampVerifier::finish_with`].
    #[must_use]
    pub fn hasher(&self) -> DocumentHasher {
        self.hasher.clone()
    }

    /// The document is complete.
    #[must_use]
    pub fn finish(self) -> StampsReport<'a> {
        let document = self.hasher.clone().finish();
        self.answer(Some(document))
    }

    /// There is no document: whether one is what was stamped stays open.
    #[must_use]
    pub fn finish_without_document(self) -> StampsReport<'a> {
        self.answer(None)
    }

    /// The document has these digests, which the caller has computed. A stamp by a hash that is not among them stays undetermined.
    #[must_use]
    pub fn finish_with(self, document: StampedDocument) -> StampsReport<'a> {
        self.answer(Some(document))
    }

    fn answer(self, document: Option<StampedDocument>) -> StampsReport<'a> {
        let Self { verifier, clock, bytes, file, seals, license_type, .. } = self;
        let unread = |bytes, reason| SealReport::unread(&verifier, bytes, reason, clock);
        let stamps = match &file {
            Err(reason) => [unread(bytes, *reason)].into(),
            Ok(file) => {
                let asked = (document, license_type.as_ref());
                let given = at_hand::AtHand::new(&verifier, file, asked, clock);
                let stamps = given.stamps.iter().map(|stamp| judge::stamp(&verifier, &given, stamp, clock));
                stamps.chain(file.others.iter().map(|(item, reason)| unread(item, *reason))).collect()
            }
        };
        StampsReport { bytes, document, stamps, seals, license_type, verifier, clock }
    }
}
