//! Status proof (核验凭据): the signed header of a list and the blocks that answer for one position, with their path to the root. Whoever
//! holds it can tell where the position stands without the list, and without asking anyone.
//!
//! A license in force is in no layer, so that a proof has one block for each layer that the header names: leaving one out would leave a
//! state unanswered. Which leaf of the tree a block must be, and how many leaves there are, follows from the signed header alone; the
//! directories, which stand in leaf 0, are covered by the path and need not be shown.

use alloc::vec::Vec;
use core::ops::Range;

use super::block::Block;
use super::body::BodyError;
use super::check::check_block;
use super::header::{HeaderError, StatusHeader};
use super::layer::{LayerError, Stored};
use super::list::StatusList;
use super::rules::Rules;
use super::state::{Standing, State};
use super::tree;
use crate::cbor::{self, Reader, Writer};
use crate::claims::Unverified;
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::limits::MAX_OBJECT;
use crate::reason::Reason;
use crate::suite::Digest;

/// Why a status proof is refused, or could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The proof is not an array of an envelope, a position, blocks and a path.
    #[error(transparent)]
    Cbor(#[from] cbor::Error),
    /// The header's envelope is refused.
    #[error(transparent)]
    Envelope(#[from] envelope::Error),
    /// The header is refused.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// (Making) the list's body is refused.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The position lies beyond the list, which is older than the license: there is nothing to prove.
    #[error("the list has no position {0}: it is older")]
    OutOfRange(u64),
    /// There is not one block for each layer of the header.
    #[error("there is not one block for each layer")]
    Blocks,
    /// A block is refused.
    #[error("the layer of state {}: {error}", state.number())]
    Layer {
        /// The layer's state.
        state: State,
        /// Why.
        error: LayerError,
    },
    /// The path has more or fewer hashes than the tree asks for.
    #[error("the path is not of the length that the tree asks for")]
    Path,
    /// Blocks and path do not give the root that the header states: they are not of the list that was signed.
    #[error("the blocks are not those of the list that was signed")]
    Root,
    /// The proof is of other blocks than those that would answer for this position.
    #[error("the proof is of another position than {0}")]
    OtherPosition(u64),
    /// The proof is larger than 1 MiB.
    #[error("the proof is larger than 1 MiB")]
    TooLarge,
}

impl ProofError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Cbor(error) => error.reason(),
            Self::Envelope(error) => error.reason(),
            Self::Header(error) => error.reason(),
            Self::Body(error) => error.reason(),
            Self::OutOfRange(_) => Reason::StatusOutOfRange,
            Self::Layer { error, .. } => error.reason(),
            Self::Blocks | Self::Path => Reason::EncodingMalformed,
            Self::Root => Reason::StatusProofRefused,
            Self::OtherPosition(_) => Reason::StatusProofOther,
            Self::TooLarge => Reason::EncodingTooLarge,
        }
    }
}

/// A status proof as it was received: of the right shape, and believed in nothing.
///
/// ```cddl
/// status-proof = [
///   #6.18(header envelope, typ status),
///   index: uint,                          ; the position, less than the header's length
///   blocks: [* bstr],                     ; of each layer in order of state, the block that has the position
///   path: bstr,                           ; 32 bytes for each of the largest subtrees without these blocks, from left to right
/// ]
/// ```
///
/// To believe it, verify the envelope's signature by a key that may sign the lists of the authority, and [`StatusProof::verify_path`].
/// Then [`StatusProof::standing`] says what the list said, as of the header's `issued`, and for as long as the list would.
#[derive(Clone, Debug)]
pub struct StatusProof<'a> {
    envelope: Envelope<'a>,
    header: Unverified<StatusHeader>,
    index: u32,
    /// One for each layer; those that are left over are empty.
    blocks: [&'a [u8]; State::LISTED.len()],
    path: &'a [u8],
}

impl<'a> StatusProof<'a> {
    /// Reads a proof that fills `bytes`. Each block is one that the writer of lists might have written, by itself; what only the whole
    /// list shows is taken from its signer.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ProofError> {
        if bytes.len() > MAX_OBJECT {
            return Err(ProofError::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        reader.array_of(4)?;
        let envelope = Envelope::parse(reader.skip()?, Expected::Type(ObjectType::Status))?;
        let header = StatusHeader::parse(envelope.claimed_payload())?;
        let index = reader.uint()?;
        let index = position(&header, index).ok_or(ProofError::OutOfRange(index))?;
        if reader.array()? != header.layers.iter().count() {
            return Err(ProofError::Blocks);
        }
        let mut blocks: [&[u8]; State::LISTED.len()] = [&[]; State::LISTED.len()];
        for (bytes, (state, layer)) in blocks.iter_mut().zip(header.layers.iter()) {
            *bytes = reader.bytes()?;
            let (block, _) = layer.locate(index);
            check_block(bytes, layer.span(header.length, block), layer.k())
                .map_err(|error| ProofError::Layer { state, error: LayerError::Block { block, error } })?;
        }
        let path = reader.bytes()?;
        reader.finish()?;
        let (hashes, rest) = path.as_chunks::<32>();
        if !rest.is_empty() || hashes.len() != subtrees(&header, index).len() {
            return Err(ProofError::Path);
        }
        Ok(Self { envelope, header: Unverified::new(header), index, blocks, path })
    }

    /// Makes the proof of a position from a list.
    ///
    /// # Errors
    /// [`ProofError::OutOfRange`] if the list is shorter; [`ProofError::Root`] or [`ProofError::Body`] if the list's body is not the one
    /// that its header states.
    pub fn make(list: &StatusList<'_>, index: u64) -> Result<Vec<u8>, ProofError> {
        let header = list.claimed_header();
        let at = position(header, index).ok_or(ProofError::OutOfRange(index))?;
        let body = list.claimed_body();
        let path = body.subtree_hashes(list.envelope().algorithm().hash(), &subtrees(header, at))?;
        let mut writer = Writer::new();
        writer.array(4);
        writer.item(list.envelope().bytes());
        writer.uint(at.into());
        writer.array(header.layers.iter().count());
        for (state, layer) in header.layers.iter() {
            let (block, _) = layer.locate(at);
            writer.bytes(body.block(state, block)?);
        }
        writer.bytes(&path.iter().flat_map(Digest::as_bytes).copied().collect::<Vec<_>>());
        let bytes = writer.finish()?;
        StatusProof::parse(&bytes)?.verify_path()?;
        Ok(bytes)
    }

    /// The header's envelope, with the signature.
    #[must_use]
    pub const fn envelope(&self) -> &Envelope<'a> {
        &self.envelope
    }

    /// The header, to be authenticated with the envelope.
    #[must_use]
    pub const fn header(&self) -> &Unverified<StatusHeader> {
        &self.header
    }

    /// What the header claims.
    #[must_use]
    pub const fn claimed_header(&self) -> &StatusHeader {
        self.header.claimed()
    }

    /// The position that the proof was made for.
    #[must_use]
    pub const fn index(&self) -> u32 {
        self.index
    }

    /// Compares the root of the blocks and the path with that of the header, by the hash of the envelope's suite.
    ///
    /// # Errors
    /// [`ProofError::Root`].
    pub fn verify_path(&self) -> Result<(), ProofError> {
        let header = self.header.claimed();
        let algorithm = self.envelope.algorithm().hash();
        let blocks = header.layers.leaves_of(header.length, self.index).zip(self.blocks);
        let targets: Vec<_> = blocks.map(|(number, block)| (number, tree::leaf(algorithm, [block]))).collect();
        let mut path = self.path.as_chunks::<32>().0.iter().copied().map(Digest::new);
        let root = tree::climb(algorithm, header.leaves(), &targets, &mut path);
        if root == Some(header.root) && path.next().is_none() { Ok(()) } else { Err(ProofError::Root) }
    }

    /// What the list says of a position: the one that the proof was made for, or another of the same blocks. A position beyond the list's
    /// length is [`Standing::OutOfRange`], which the header alone tells.
    ///
    /// # Errors
    /// [`ProofError::OtherPosition`] if other blocks would answer for it.
    pub fn standing(&self, index: u64) -> Result<Standing, ProofError> {
        let header = self.header.claimed();
        let Some(at) = position(header, index) else { return Ok(Standing::OutOfRange) };
        let mut found = Standing::State(State::InForce);
        for ((state, layer), bytes) in header.layers.iter().zip(self.blocks) {
            let (block, within) = layer.locate(at);
            if block != layer.locate(self.index).0 {
                return Err(ProofError::OtherPosition(index));
            }
            let refused = |error| ProofError::Layer { state, error: LayerError::Block { block, error } };
            let parsed =
                Block::parse(Rules::LIST, bytes, layer.span(header.length, block), layer.k()).map_err(refused)?;
            let is_listed = parsed.contains(within).map_err(refused)? == (layer.stored() == Stored::Listed);
            if is_listed && found == Standing::State(State::InForce) {
                found = Standing::State(state);
            }
        }
        Ok(found)
    }
}

/// The index as a position of the list.
fn position(header: &StatusHeader, index: u64) -> Option<u32> {
    u32::try_from(index).ok().filter(|index| *index < header.length)
}

fn subtrees(header: &StatusHeader, index: u32) -> Vec<Range<u32>> {
    let targets: Vec<u32> = header.layers.leaves_of(header.length, index).collect();
    tree::around(header.leaves(), &targets)
}
