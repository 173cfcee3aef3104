//! The Merkle tree hash of RFC 9162 §2.1.1, computed leaf by leaf with one digest a level, and paths from some leaves to the root.

use alloc::vec::Vec;
use core::ops::Range;

use crate::suite::{Digest, HashAlgorithm, Hasher};

/// Levels: more leaves than 2³² do not occur, for a body has at most 64 MiB.
const LEVELS: usize = 32;

/// A tree that grows leaf by leaf.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    algorithm: HashAlgorithm,
    leaves: u32,
    /// `full[i]` is the hash of a whole subtree of 2^i leaves if bit `i` of `leaves` is set; larger subtrees stand to the left.
    full: [Digest; LEVELS],
}

impl Tree {
    pub(crate) const fn new(algorithm: HashAlgorithm) -> Self {
        Self { algorithm, leaves: 0, full: [Digest::new([0; 32]); LEVELS] }
    }

    /// Appends the leaf that has this hash.
    pub(crate) fn push(&mut self, leaf: Digest) {
        let mut carry = leaf;
        for (level, full) in (0_u32..).zip(&mut self.full) {
            if self.leaves.wrapping_shr(level) & 1 == 0 {
                *full = carry;
                break;
            }
            carry = node(self.algorithm, full, &carry);
        }
        self.leaves = self.leaves.saturating_add(1);
    }

    /// How many leaves it has.
    pub(crate) const fn leaves(&self) -> u32 {
        self.leaves
    }

    /// The root; of no leaves, the hash of nothing.
    pub(crate) fn root(&self) -> Digest {
        let mut root = None;
        for (level, full) in (0_u32..).zip(&self.full) {
            if self.leaves.wrapping_shr(level) & 1 == 1 {
                root = Some(match root {
                    None => *full,
                    Some(right) => node(self.algorithm, full, &right),
                });
            }
        }
        root.unwrap_or_else(|| Hasher::new(self.algorithm).finish())
    }
}

/// The hash of the leaf whose content is these pieces one after another.
pub(crate) fn leaf<'a>(algorithm: HashAlgorithm, pieces: impl IntoIterator<Item = &'a [u8]>) -> Digest {
    // RFC 9162 §2.1.1: 0x00 before a leaf, 0x01 before a node.
    let mut hasher = Hasher::new(algorithm);
    hasher.update(&[0]);
    for piece in pieces {
        hasher.update(piece);
    }
    hasher.finish()
}

/// The hash of the node over two.
pub(crate) fn node(algorithm: HashAlgorithm, left: &Digest, right: &Digest) -> Digest {
    let mut content = [1; 65];
    let [_, children @ ..] = &mut content;
    let (first, second) = children.split_at_mut(32);
    first.copy_from_slice(left.as_bytes());
    second.copy_from_slice(right.as_bytes());
    let mut hasher = Hasher::new(algorithm);
    hasher.update(&content);
    hasher.finish()
}

/// RFC 9162 §2.1.1: of `leaves` leaves, at least two, the left subtree holds the largest power of two that is less.
pub(crate) fn left(leaves: u32) -> u32 {
    1_u32.wrapping_shl(leaves.wrapping_sub(1).checked_ilog2().unwrap_or_default())
}

/// The largest subtrees of a tree of `leaves` leaves that hold none of the leaves `targets` (ascending), from left to right. Their hashes
/// are the path of the targets: with the targets themselves they give the root.
pub(crate) fn around(leaves: u32, targets: &[u32]) -> Vec<Range<u32>> {
    fn visit(subtree: Range<u32>, targets: &[u32], found: &mut Vec<Range<u32>>) {
        let size = subtree.end.wrapping_sub(subtree.start);
        match targets {
            [] => found.push(subtree),
            _ if size < 2 => {}
            _ => {
                let middle = subtree.start.wrapping_add(left(size));
                let (before, after) = targets.split_at(targets.partition_point(|target| *target < middle));
                visit(subtree.start..middle, before, found);
                visit(middle..subtree.end, after, found);
            }
        }
    }
    let mut found = Vec::new();
    visit(0..leaves, targets, &mut found);
    found
}

/// The root of a tree of `leaves` leaves from the hashes of some of them, by ascending number, and their path: see [`around`]. `None` if
/// the path has too few hashes; those that are left over stay in `path`.
pub(crate) fn climb(
    algorithm: HashAlgorithm,
    leaves: u32,
    targets: &[(u32, Digest)],
    path: &mut impl Iterator<Item = Digest>,
) -> Option<Digest> {
    climb_by(algorithm, leaves, targets, &mut |_| path.next())
}

/// The same, where each hash of the path is asked for by the subtree that it is of, from left to right.
pub(crate) fn climb_by(
    algorithm: HashAlgorithm,
    leaves: u32,
    targets: &[(u32, Digest)],
    path: &mut impl FnMut(Range<u32>) -> Option<Digest>,
) -> Option<Digest> {
    fn visit(
        algorithm: HashAlgorithm,
        subtree: Range<u32>,
        targets: &[(u32, Digest)],
        path: &mut impl FnMut(Range<u32>) -> Option<Digest>,
    ) -> Option<Digest> {
        let size = subtree.end.wrapping_sub(subtree.start);
        match targets {
            [] => path(subtree),
            [(_, digest)] if size == 1 => Some(*digest),
            _ if size < 2 => None,
            _ => {
                let middle = subtree.start.wrapping_add(left(size));
                let (before, after) = targets.split_at(targets.partition_point(|(target, _)| *target < middle));
                let first = visit(algorithm, subtree.start..middle, before, path)?;
                let second = visit(algorithm, middle..subtree.end, after, path)?;
                Some(node(algorithm, &first, &second))
            }
        }
    }
    visit(algorithm, 0..leaves, targets, path)
}

#[cfg(test)]
mod tests;
