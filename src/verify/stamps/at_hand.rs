//! What is at hand with a file of stamps: every stamp and every seal read once, and named by its object digest once, so that the work
//! grows with the file and not with its square.

use alloc::vec::Vec;

use super::judge::seal_signature;
use super::report::{ReadSeal, ReadStamp};
use crate::claims::id::TypeCode;
use crate::claims::{SealClaims, Stamp, StampFile};
use crate::envelope::Envelope;
use crate::reason::Reason;
use crate::suite::Digest;
use crate::time::Clock;
use crate::verify::document::StampedDocument;
use crate::verify::{Outcome, Verifier};

/// A stamp of the file, if it can be read.
pub(super) struct HeldStamp<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) digest: Digest,
    pub(super) read: Result<ReadStamp<'a>, Reason>,
}

/// What all stamps of a file are compared with.
pub(super) struct AtHand<'f, 'a> {
    pub(super) stamps: Vec<HeldStamp<'a>>,
    /// One of each digest.
    seals: Vec<(Digest, ReadSeal<'a>)>,
    pub(super) repeated: bool,
    pub(super) document: Option<StampedDocument>,
    pub(super) license_type: Option<&'f TypeCode>,
}

impl<'f, 'a> AtHand<'f, 'a> {
    pub(super) fn new(
        verifier: &Verifier<'a>,
        file: &StampFile<'a>,
        (document, license_type): (Option<StampedDocument>, Option<&'f TypeCode>),
        clock: Clock,
    ) -> Self {
        let stamps = file.stamps.iter().map(|envelope| HeldStamp {
            bytes: envelope.bytes(),
            digest: envelope.object_digest(),
            read: Stamp::parse(envelope)
                .map(|claims| ReadStamp { envelope: *envelope, claims })
                .map_err(|error| error.reason()),
        });
        let seals = choose(verifier, &file.seals, clock);
        Self { stamps: stamps.collect(), seals, repeated: file.repeated, document, license_type }
    }

    /// The seal that a stamp names.
    pub(super) fn seal(&self, digest: Digest) -> Option<&ReadSeal<'a>> {
        self.seals.iter().find(|(known, _)| *known == digest).map(|(_, seal)| seal)
    }

    /// The stamp that a counter-stamp names, if it is in the file and can be read.
    pub(super) fn stamp(&self, digest: Digest) -> Option<&Stamp<'a>> {
        let target = self.stamps.iter().find(|stamp| stamp.digest == digest && stamp.read.is_ok());
        target.and_then(|target| target.read.as_ref().ok()).map(|read| read.claims.claimed())
    }
}

/// Of each seal the copy whose signature verifies; copies differ in their signatures alone, for the digest names the rest. Where none does, the first.
fn choose<'a>(verifier: &Verifier<'a>, seals: &[Envelope<'a>], clock: Clock) -> Vec<(Digest, ReadSeal<'a>)> {
    let mut named: Vec<(Digest, &Envelope<'a>)> = seals.iter().map(|seal| (seal.object_digest(), seal)).collect();
    // Stable: copies stay in the order of the file.
    named.sort_by_key(|(digest, _)| *digest);
    let mut chosen = Vec::new();
    for copies in named.chunk_by(|(one, _), (other, _)| one == other) {
        let Some((digest, first)) = copies.first() else { continue };
        let read = |envelope: &Envelope<'a>| ReadSeal {
            envelope: *envelope,
            claims: SealClaims::parse(envelope.claimed_payload()).map_err(|error| error.reason()),
        };
        // Almost always there is one, and nothing to choose.
        let verifies = |seal: &&Envelope<'a>| seal_signature(verifier, &read(seal), clock) == Outcome::Passed;
        let good = match copies.len() {
            1 => None,
            _ => copies.iter().map(|(_, seal)| *seal).find(verifies),
        };
        chosen.push((*digest, read(good.unwrap_or(first))));
    }
    chosen
}
