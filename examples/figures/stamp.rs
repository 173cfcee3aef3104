//! Stamping and verifying 1 GiB, beside hashing it.

use std::hint::black_box;
use std::io::{self, Read};

use zhengyin::claims::{CredentialId, StampFile};
use zhengyin::issue::{StampFacts, Stamped, digest_document, stamp};
use zhengyin::policy::Policy;
use zhengyin::suite::{HashAlgorithm, Hasher};
use zhengyin::time::Clock;
use zhengyin::verify::{Verdict, Verifier};

use super::at_most;
use super::measure::{Report, interleaved};
use super::world::World;
use super::world::seals::{made, stamping_key, unit};
use super::world::{DAY, key};

/// The document: 1 GiB that is never anywhere whole.
const SIZE: u64 = 1 << 30;
/// As a caller reads files.
const PIECE: usize = 256 << 10;

/// So many bytes of one piece, again and again.
struct Document {
    left: u64,
    piece: Vec<u8>,
}

impl Document {
    fn new() -> Self {
        Self { left: SIZE, piece: (0..PIECE).map(|at| ((at * 31) >> 3) as u8).collect() }
    }
}

impl Read for Document {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = into.len().min(self.piece.len()).min(self.left as usize);
        into[..length].copy_from_slice(&self.piece[..length]);
        self.left -= length as u64;
        Ok(length)
    }
}

/// Reads the document in pieces.
fn each_piece(mut look: impl FnMut(&[u8])) {
    let (mut document, mut piece) = (Document::new(), vec![0; PIECE]);
    loop {
        match document.read(&mut piece).unwrap() {
            0 => return,
            read => look(&piece[..read]),
        }
    }
}

pub(crate) fn figures(report: &mut Report) {
    let mut world = World::new().with_seals();
    let (facts, mut credential) = world.seal_facts("99");
    credential.validity = world.period(-DAY, DAY);
    let seal = made(facts, credential);
    let store = world.sound_store();
    let signer = key(&stamping_key(unit("99").0));
    let said = StampFacts { stamped_at: world.time(-60), id: CredentialId::new([1; 16]), place: None, reason: None };
    let stamped = || {
        let digest = digest_document(&mut Document::new()).unwrap().digest;
        let what = Stamped::Document { hash: HashAlgorithm::Sha256, digest, media_type: "application/octet-stream" };
        stamp(&seal.bytes, what, &said, Some(&store), &signer).unwrap()
    };
    let file = StampFile::join(&[&seal.bytes, &stamped()]).unwrap();
    let verifier = Verifier::new(&store, Policy::counter(None));
    let [hash, stamping, verifying] = interleaved(
        5,
        1,
        [
            &mut || {
                let mut hasher = Hasher::new(HashAlgorithm::Sha256);
                each_piece(|piece| hasher.update(piece));
                black_box(hasher.finish());
            },
            &mut || {
                black_box(stamped());
            },
            &mut || {
                let mut stamps = verifier.stamps(&file, Clock::reads(world.time(600)));
                each_piece(|piece| stamps.update(piece));
                assert_eq!(stamps.finish().verdict(), Verdict::Valid);
            },
        ],
    );
    let against = "SHA-256 of the same 1 GiB, read the same way";
    report.print(&at_most("stamp.1gib", stamping / hash, against, 1.05));
    report.print(&at_most("stamp.verify-1gib", verifying / hash, against, 1.05));
}
