//! A stretch of the body: a directory and the blocks that it places, one after another to the stretch's end.

use super::directory::{Directory, Walk};
use super::inner::Guard;
use super::layer::LayerError;

/// A directory and its blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region<'a> {
    directory: Directory<'a>,
    blocks: &'a [u8],
    count: u32,
    /// What each block is compared with when it is read, and the leaf of the first; where the body is believed, nothing.
    guard: Option<(Guard<'a>, u32)>,
}

impl<'a> Region<'a> {
    /// The `size` bytes of `body` from `offset`, as a directory of `count` blocks, and the blocks. Looks at the directory's head only.
    pub(crate) fn split(body: &'a [u8], offset: u32, size: u32, count: u32) -> Result<Self, LayerError> {
        let (offset, size) = (usize::try_from(offset), usize::try_from(size));
        let bytes = offset.ok().zip(size.ok()).and_then(|(offset, size)| body.get(offset..)?.get(..size));
        let (directory, blocks) =
            bytes.and_then(|bytes| Directory::split(bytes, count)).ok_or(LayerError::Directory)?;
        Ok(Self { directory, blocks, count, guard: None })
    }

    /// The same, of a body that is not believed; the first block is leaf `first` of its tree.
    pub(crate) const fn guarded(self, guard: Guard<'a>, first: u32) -> Self {
        Self { guard: Some((guard, first)), ..self }
    }

    pub(crate) const fn directory(&self) -> Directory<'a> {
        self.directory
    }

    /// How many blocks there are.
    pub(crate) const fn count(&self) -> u32 {
        self.count
    }

    /// The bytes of one block.
    pub(crate) fn block(&self, block: u32) -> Result<&'a [u8], LayerError> {
        let place = self.directory.place(block);
        let bytes = place.and_then(|place| self.slice(place.offset, place.length));
        self.admit(block, bytes)
    }

    /// The bytes that were found for a block. Where the body is not believed, whatever is wrong with them is a change.
    #[inline]
    fn admit(&self, block: u32, bytes: Option<&'a [u8]>) -> Result<&'a [u8], LayerError> {
        match (bytes, &self.guard) {
            (Some(bytes), None) => Ok(bytes),
            (None, None) => Err(LayerError::Place(block)),
            (Some(bytes), Some((guard, first))) if guard.admits(first.saturating_add(block), bytes) => Ok(bytes),
            (_, Some(_)) => Err(LayerError::Changed(block)),
        }
    }

    fn slice(&self, offset: u64, length: u32) -> Option<&'a [u8]> {
        self.blocks.get(usize::try_from(offset).ok()?..)?.get(..usize::try_from(length).ok()?)
    }

    /// Every block in order.
    pub(crate) fn walk(&self) -> BlockWalk<'a> {
        BlockWalk { region: *self, walk: self.directory.walk() }
    }
}

/// The blocks of a region in order.
#[derive(Clone, Debug)]
pub(crate) struct BlockWalk<'a> {
    region: Region<'a>,
    walk: Walk<'a>,
}

impl<'a> BlockWalk<'a> {
    /// The next block's number and bytes. Each begins where the one before it ends, and the last ends where the region does; anything
    /// else is an error.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<(u32, &'a [u8])>, LayerError> {
        match self.walk.next().map_err(|gap| LayerError::Place(gap.0))? {
            Some((block, place)) => {
                let bytes = self.region.slice(place.offset, place.length);
                Ok(Some((block, self.region.admit(block, bytes)?)))
            }
            None if usize::try_from(self.walk.end()).is_ok_and(|end| end == self.region.blocks.len()) => Ok(None),
            None => Err(LayerError::Place(self.region.count)),
        }
    }
}
