//! Documents beside a credential: read once, in pieces, by every hash that is asked for.

use crate::suite::{Digest, HashAlgorithm, Hasher};

/// The digests of a document, as far as they were computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digests {
    pub(super) sha256: Option<Digest>,
    pub(super) sm3: Option<Digest>,
}

impl Digests {
    /// The one of this hash.
    pub(super) const fn by(self, hash: HashAlgorithm) -> Option<Digest> {
        match hash {
            HashAlgorithm::Sha256 => self.sha256,
            #[cfg(feature = "sm")]
            HashAlgorithm::Sm3 => self.sm3,
        }
    }

    pub(super) const fn is_given(self) -> bool {
        self.sha256.is_some() || self.sm3.is_some()
    }
}

/// The document, as far as stamps ask about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StampedDocument {
    /// SHA-256 of its bytes: what reports name it by, whatever it was stamped by.
    pub digest: Digest,
    /// SM3 of its bytes, where it was computed. A stamp that asks for it stays undetermined without it.
    pub sm3: Option<Digest>,
    /// Its length in bytes.
    pub size: u64,
}

impl StampedDocument {
    /// A document of which SHA-256 alone is known.
    #[must_use]
    pub const fn of_sha256(digest: Digest, size: u64) -> Self {
        Self { digest, sm3: None, size }
    }

    /// Its digest by this hash, if it was computed.
    #[must_use]
    pub const fn digest_by(&self, hash: HashAlgorithm) -> Option<Digest> {
        Digests { sha256: Some(self.digest), sm3: self.sm3 }.by(hash)
    }
}

/// Digests a document that comes in pieces, in one pass for every hash that is asked for. Nothing of it is kept.
#[derive(Clone, Debug)]
pub struct DocumentHasher {
    sha256: Hasher,
    sm3: Option<Hasher>,
    size: u64,
}

impl DocumentHasher {
    /// SHA-256, by which reports name a document, and what else is in `hashes`.
    #[must_use]
    pub fn new(hashes: impl IntoIterator<Item = HashAlgorithm>) -> Self {
        let other = hashes.into_iter().find(|hash| *hash != HashAlgorithm::Sha256);
        Self { sha256: Hasher::new(HashAlgorithm::Sha256), sm3: other.map(Hasher::new), size: 0 }
    }

    /// The next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.sha256.update(piece);
        if let Some(sm3) = &mut self.sm3 {
            sm3.update(piece);
        }
        self.size = self.size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
    }

    /// The document is complete.
    #[must_use]
    pub fn finish(self) -> StampedDocument {
        StampedDocument { digest: self.sha256.finish(), sm3: self.sm3.map(Hasher::finish), size: self.size }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB/T 32905 A.1, and FIPS 180-4 of the same three bytes, in pieces of any size; without SM3 only where nothing asks for it.
    #[test]
    fn one_pass_gives_every_digest() {
        for hashes in [HashAlgorithm::ALL, &[HashAlgorithm::Sha256], &[]] {
            let mut hasher = DocumentHasher::new(hashes.iter().copied());
            [&b"a"[..], b"", b"bc"].into_iter().for_each(|piece| hasher.update(piece));
            let document = hasher.finish();
            assert_eq!(document.size, 3);
            assert_eq!(document.digest, crate::suite::sha256(b"abc"));
            for hash in HashAlgorithm::ALL {
                let mut alone = Hasher::new(*hash);
                alone.update(b"abc");
                let asked = *hash == HashAlgorithm::Sha256 || hashes.contains(hash);
                assert_eq!(document.digest_by(*hash), asked.then(|| alone.finish()));
            }
        }
    }
}
