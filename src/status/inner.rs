//! A body in a file of its own: beside the body the inner hashes of its tree, so that each block that is read is compared with the signed
//! root by itself, and a file that was changed is caught wherever it is looked at, without reading the rest.
//!
//! ```text
//! file = body ‖ hash of leaf 0 ‖ hashes of the subtrees of 8 leaves ‖ of 16 ‖ of 32 ‖ … up to the last level that has two
//! ```
//!
//! A subtree stands on leaves `i · 2^n` to `(i + 1) · 2^n - 1`, or to the last. The hashes are a convenience and not believed: with the
//! block and up to seven blocks beside it they must give the root, as a status proof must. Where they are spoilt, nothing is answered.

use alloc::vec::Vec;
use core::ops::Range;

use super::body::{Body, BodyError};
use super::header::StatusHeader;
use super::region::Region;
use super::rules;
use super::tree::{self, Tree};
use crate::suite::{Digest, HashAlgorithm};

/// The lowest level whose hashes are kept: of subtrees of 2³ leaves. With lower ones a sparse list would take more for them than for its
/// blocks, with higher ones more blocks would be hashed for each that is asked.
const LOWEST: u32 = 3;

/// How many subtrees there are at a level.
const fn subtrees(leaves: u32, level: u32) -> u32 {
    leaves.div_ceil(1_u32.wrapping_shl(level))
}

/// Levels whose hashes are kept, and how many each has: those below the root that have two or more.
fn levels(leaves: u32) -> impl Iterator<Item = (u32, u32)> {
    (LOWEST..u32::BITS).map(move |level| (level, subtrees(leaves, level))).take_while(|(_, count)| *count > 1)
}

/// The level of a subtree of so many leaves: 2^level is the least power of two that is not less.
const fn level_of(leaves: u32) -> u32 {
    u32::BITS.wrapping_sub(leaves.wrapping_sub(1).leading_zeros())
}

/// Bytes of the file of a list's body.
pub(crate) fn file_size(header: &StatusHeader) -> u64 {
    // At most 2²⁴ leaves.
    let kept = levels(header.leaves()).fold(1_u32, |sum, (_, count)| sum.saturating_add(count));
    header.body_size().saturating_add(u64::from(kept).saturating_mul(32))
}

/// What stands after the body in its file, and the root that it leads to.
///
/// # Errors
/// Those of [`Body::root`].
pub(crate) fn write(body: &Body<'_>, algorithm: HashAlgorithm) -> Result<(Vec<u8>, Digest), BodyError> {
    let mut first = None;
    let mut level = Vec::new();
    let mut tree = Tree::new(algorithm);
    body.leaves(algorithm, |leaf| {
        first = first.or(Some(leaf));
        tree.push(leaf);
        if tree.leaves() == 1 << LOWEST {
            level.push(tree.root());
            tree = Tree::new(algorithm);
        }
    })?;
    if tree.leaves() > 0 {
        level.push(tree.root());
    }
    let mut bytes = Vec::new();
    let mut keep = |digest: &Digest| bytes.extend_from_slice(digest.as_bytes());
    first.iter().for_each(&mut keep);
    while level.len() > 1 {
        level.iter().for_each(&mut keep);
        let (pairs, rest) = level.as_chunks::<2>();
        level =
            pairs.iter().map(|[left, right]| tree::node(algorithm, left, right)).chain(rest.iter().copied()).collect();
    }
    // Every body has a leaf: that of its parameters.
    Ok((bytes, level.first().copied().unwrap_or_else(|| tree.root())))
}

/// What compares each block of a body with the root of its header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard<'a> {
    header: &'a StatusHeader,
    algorithm: HashAlgorithm,
    body: &'a [u8],
    /// The hash of leaf 0, and the kept levels from the lowest on.
    kept: &'a [[u8; 32]],
}

impl Guard<'_> {
    /// Is this the content of the leaf, by the root that was signed?
    pub(crate) fn admits(&self, leaf: u32, content: &[u8]) -> bool {
        let target = [(leaf, tree::leaf(self.algorithm, [content]))];
        let root = tree::climb_by(self.algorithm, self.header.leaves(), &target, &mut |subtree| self.hash(subtree));
        root == Some(self.header.root)
    }

    /// The hash of a subtree, as it is kept, or made from its leaves.
    fn hash(&self, subtree: Range<u32>) -> Option<Digest> {
        let size = subtree.end.checked_sub(subtree.start)?;
        let level = level_of(size);
        if size == 1 {
            return self.leaf(subtree.start);
        }
        if level < LOWEST {
            let middle = subtree.start.checked_add(tree::left(size))?;
            let (left, right) = (self.hash(subtree.start..middle)?, self.hash(middle..subtree.end)?);
            return Some(tree::node(self.algorithm, &left, &right));
        }
        let below = levels(self.header.leaves()).take_while(|(kept, _)| *kept < level);
        let place = below.fold(1_u32, |sum, (_, count)| sum.saturating_add(count));
        self.kept(place.checked_add(subtree.start.wrapping_shr(level))?)
    }

    fn kept(&self, place: u32) -> Option<Digest> {
        self.kept.get(usize::try_from(place).ok()?).copied().map(Digest::new)
    }

    /// The hash of a leaf: of leaf 0 as it is kept, of a block from its bytes.
    fn leaf(&self, number: u32) -> Option<Digest> {
        if number == 0 {
            return self.kept(0);
        }
        let Self { header, body, .. } = *self;
        let layers = header.layers.iter().map(|(_, layer)| (layer.b(), layer.offset(), layer.size()));
        let details = header.details.iter().map(|details| (details.b(), details.offset(), details.size()));
        let mut first = 1_u32;
        for (b, offset, size) in layers.chain(details) {
            let blocks = rules::blocks(header.length, b);
            let block = number.checked_sub(first)?;
            if block < blocks {
                let region = Region::split(body, offset, size, blocks).ok()?;
                return Some(tree::leaf(self.algorithm, [region.block(block).ok()?]));
            }
            first = first.checked_add(blocks)?;
        }
        None
    }
}

impl<'a> Body<'a> {
    /// The body of a list in a file of its own, none of it believed: each block is compared with the header's root when it is read. Looks at
    /// the length of the file and the heads of the directories only.
    ///
    /// # Errors
    /// [`BodyError::Lost`] if the file is not as long as it must be, or a directory has another head.
    pub(crate) fn in_file(
        header: &'a StatusHeader,
        algorithm: HashAlgorithm,
        file: &'a [u8],
    ) -> Result<Self, BodyError> {
        let (body, kept) = split(header, file)?;
        let (kept, _) = kept.as_chunks();
        let parsed = parse(header, body)?;
        Ok(parsed.guarded(Guard { header, algorithm, body, kept }))
    }

    /// The same, compared with the root as a whole and then believed. Reads all of the file.
    ///
    /// # Errors
    /// [`BodyError::Lost`] if it is another.
    pub(crate) fn in_file_verified(
        header: &'a StatusHeader,
        algorithm: HashAlgorithm,
        file: &'a [u8],
    ) -> Result<Self, BodyError> {
        let (body, _) = split(header, file)?;
        let parsed = parse(header, body)?;
        parsed.verify(algorithm, &header.root).map_err(|_| BodyError::Lost)?;
        Ok(parsed)
    }
}

/// Compares all of a body's file with the root: the body, and the hashes after it.
///
/// # Errors
/// [`BodyError::Lost`] if anything in it is changed.
pub(crate) fn check_file(header: &StatusHeader, algorithm: HashAlgorithm, file: &[u8]) -> Result<(), BodyError> {
    let (body, kept) = split(header, file)?;
    let (written, root) = write(&parse(header, body)?, algorithm).map_err(|_| BodyError::Lost)?;
    if root == header.root && written == kept { Ok(()) } else { Err(BodyError::Lost) }
}

/// The header was taken in with its body: whatever else can be told of a body now is that it was changed.
fn parse<'a>(header: &StatusHeader, body: &'a [u8]) -> Result<Body<'a>, BodyError> {
    Body::parse(header.length, &header.layers, header.details.as_ref(), body).map_err(|_| BodyError::Lost)
}

fn split<'a>(header: &StatusHeader, file: &'a [u8]) -> Result<(&'a [u8], &'a [u8]), BodyError> {
    if usize::try_from(file_size(header)) != Ok(file.len()) {
        return Err(BodyError::Lost);
    }
    let body = usize::try_from(header.body_size()).map_err(|_| BodyError::Lost)?;
    file.split_at_checked(body).ok_or(BodyError::Lost)
}
