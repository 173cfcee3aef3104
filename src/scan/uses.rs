//! Which codes were shown here before: a log that names nobody.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::suite::{Digest, hmac_sha256};
use crate::time::Timestamp;

/// A code that comes again within so many seconds is still being shown: scanners read what lies before them several times.
pub const SAME_USE: i64 = 10;

/// What stands for a code: the first half of HMAC-SHA-256 over its digest, by a key of this device. Without the key nobody can tell which
/// code it was, nor whether two devices saw the same one.
pub type Tag = [u8; 16];

/// How a code was used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// How often, at least once.
    pub times: u32,
    /// When first, as far back as is kept.
    pub first: Timestamp,
    /// When last.
    pub last: Timestamp,
}

/// The duplicate-use log: a bearer code can be copied, and the second who shows it is seen by this.
///
/// It proves nothing against anyone: the first may have been the copy, or the holder came twice. It knows only what was shown at this
/// device. At most so many codes are kept, each for a limited time since it was last shown.
#[derive(Clone)]
pub struct Uses {
    key: [u8; 32],
    keep: i64,
    most: usize,
    uses: BTreeMap<Tag, Use>,
    /// By when they were last shown: what is forgotten first.
    order: BTreeSet<(Timestamp, Tag)>,
}

/// Says how many, and neither key nor tags.
impl core::fmt::Debug for Uses {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Uses({})", self.uses.len())
    }
}

impl Uses {
    /// An empty log under a key of this device, random and kept by it, that remembers at most `most` codes, each for `keep` seconds since
    /// it was last shown.
    #[must_use]
    pub const fn new(key: [u8; 32], keep: i64, most: usize) -> Self {
        Self { key, keep, most, uses: BTreeMap::new(), order: BTreeSet::new() }
    }

    /// Writes down that a code is shown now, and says how it was used before. `code` is its object digest.
    pub fn note(&mut self, code: &Digest, now: Timestamp) -> Option<Use> {
        let tag = self.tag(code);
        self.forget(now);
        let before = self.uses.get(&tag).copied();
        let is_same = before.is_some_and(|before| (0..SAME_USE).contains(&now.since(before.last)));
        let noted = match before {
            Some(before) if is_same => Use { last: now, ..before },
            Some(before) => Use { times: before.times.saturating_add(1), last: before.last.max(now), ..before },
            None => Use { times: 1, first: now, last: now },
        };
        self.restore(tag, noted);
        match before {
            // The one that goes on is not one before.
            Some(before) if is_same => {
                (before.times > 1).then(|| Use { times: before.times.saturating_sub(1), ..before })
            }
            before => before,
        }
    }

    /// What stands for a code here.
    #[must_use]
    pub fn tag(&self, code: &Digest) -> Tag {
        let mut tag = Tag::default();
        let digest = hmac_sha256(&self.key, code.as_bytes());
        tag.iter_mut().zip(digest.as_bytes()).for_each(|(to, from)| *to = *from);
        tag
    }

    /// Puts in what was kept of a code; the oldest goes where there are too many.
    pub fn restore(&mut self, tag: Tag, kept: Use) {
        if let Some(before) = self.uses.insert(tag, kept) {
            self.order.remove(&(before.last, tag));
        }
        self.order.insert((kept.last, tag));
        while self.uses.len() > self.most {
            let Some((_, oldest)) = self.order.pop_first() else { return };
            self.uses.remove(&oldest);
        }
    }

    /// Forgets what has been kept for long enough.
    pub fn forget(&mut self, now: Timestamp) {
        let until = now.saturating_add(self.keep.saturating_neg());
        while let Some((last, tag)) = self.order.first().copied().filter(|(last, _)| *last < until) {
            self.order.remove(&(last, tag));
            self.uses.remove(&tag);
        }
    }

    /// What is kept, by tag.
    pub fn iter(&self) -> impl Iterator<Item = (&Tag, &Use)> {
        self.uses.iter()
    }

    /// What is kept under a tag.
    #[must_use]
    pub fn get(&self, tag: &Tag) -> Option<&Use> {
        self.uses.get(tag)
    }

    /// How many codes are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.uses.len()
    }

    /// Is none kept?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }
}
