//! The signed header of a list.

use alloc::vec::Vec;

use super::layer::{Layer, LayerError};
use super::layers::{Details, Layers, ParameterError};
use super::rules;
use super::state::State;
use crate::cbor::{self, Fault, Key, Reader, Writer};
use crate::claims::id::{CreditCode, ShapeError};
use crate::reason::Reason;
use crate::suite::Digest;
use crate::time::Timestamp;

/// Why a header is refused, or could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// The encoding is faulty, a key is unknown, or a value is out of its range.
    #[error(transparent)]
    Cbor(#[from] cbor::Error),
    /// A key that must be there is missing.
    #[error("the header has no key {0}")]
    Missing(i64),
    /// The authority is not of the shape of a unified social credit code.
    #[error("the authority is not a credit code: {0}")]
    Authority(ShapeError),
    /// The parameters of a layer are refused.
    #[error("the layer of state {}: {error}", state.number())]
    Layer {
        /// The layer's state.
        state: State,
        /// Why.
        error: LayerError,
    },
    /// The next update is not later than the issue.
    #[error("the next update is not later than the issue")]
    NextUpdate,
}

impl HeaderError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Cbor(error) => error.reason(),
            Self::Layer { error, .. } => error.reason(),
            Self::Missing(_) | Self::Authority(_) | Self::NextUpdate => Reason::EncodingClaims,
        }
    }
}

impl From<ParameterError> for HeaderError {
    fn from(error: ParameterError) -> Self {
        match error {
            ParameterError::Cbor(error) => Self::Cbor(error),
            ParameterError::Layer(state, error) => Self::Layer { state, error },
        }
    }
}

/// The head of an issuance log (reserved): a tree of RFC 9162 over everything that the authority issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// How many entries the log has.
    pub size: u64,
    /// Its root.
    pub root: Digest,
}

/// What is signed of a list: whose it is, which one, how new, what its body holds and has for its root.
///
/// ```cddl
/// status-header = {
///   1 => uscc, 2 => list: uint, 3 => seq: uint, 4 => issued: int, 5 => next_update: int, 6 => length: uint, 10 => epoch: uint,
///   7 => { * state: 1..7 => layer }, 8 => root: bstr .size 32, ? 9 => previous root, ? 11 => details: layer-like,
///   ? 12 => [size, root]
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusHeader {
    /// 1: the authority whose licenses the list speaks of.
    pub authority: CreditCode,
    /// 2: which of the authority's lists it is.
    pub list: u64,
    /// 3: lists of the same epoch are ordered by this number.
    pub seq: u64,
    /// 4: when the list was issued.
    pub issued: Timestamp,
    /// 5: when the next one is due; later than `issued`.
    pub next_update: Timestamp,
    /// 6: how many positions were allotted.
    pub length: u32,
    /// 7: the layers of the body.
    pub layers: Layers,
    /// 8: the root of the body.
    pub root: Digest,
    /// 9: the root of the list that this one follows.
    pub previous_root: Option<Digest>,
    /// 10: the epoch that the issuer directory states for the list.
    pub epoch: u64,
    /// 11: where the details stand in the body.
    pub details: Option<Details>,
    /// 12: the head of the issuance log.
    pub log_head: Option<LogHead>,
}

fn digest(reader: &mut Reader<'_>) -> Result<Digest, cbor::Error> {
    reader.byte_array::<32>().copied().map(Digest::new)
}

impl StatusHeader {
    /// Reads the payload of a header's envelope. The map is closed, and every value is in its range; the body is not looked at.
    ///
    /// # Errors
    /// [`HeaderError`].
    pub fn parse(payload: &[u8]) -> Result<Self, HeaderError> {
        let mut reader = Reader::new(payload);
        let mut map = reader.map()?;
        let (mut authority, mut list, mut seq, mut issued, mut next_update) = (None, None, None, None, None);
        let (mut length, mut layers, mut root, mut epoch) = (None, None, None, None);
        let (mut previous_root, mut details, mut log_head) = (None, None, None);
        loop {
            let at = reader.position();
            let Some(key) = map.next(&mut reader)? else { break };
            // Keys stand in ascending order: what the layers and details depend on was read before them.
            match key {
                Key::Int(1) => authority = Some(CreditCode::parse(reader.text()?).map_err(HeaderError::Authority)?),
                Key::Int(2) => list = Some(reader.uint()?),
                Key::Int(3) => seq = Some(reader.uint()?),
                Key::Int(4) => issued = Some(reader.timestamp()?),
                Key::Int(5) => next_update = Some(reader.timestamp()?),
                Key::Int(6) => length = Some(reader.u32()?),
                Key::Int(7) => layers = Some(Layers::parse(&mut reader, length.ok_or(HeaderError::Missing(6))?)?),
                Key::Int(8) => root = Some(digest(&mut reader)?),
                Key::Int(9) => previous_root = Some(digest(&mut reader)?),
                Key::Int(10) => epoch = Some(reader.uint()?),
                Key::Int(11) => {
                    details = Some(Details::parse(&mut reader, layers.as_ref().ok_or(HeaderError::Missing(7))?)?);
                }
                Key::Int(12) => {
                    reader.array_of(2)?;
                    log_head = Some(LogHead { size: reader.uint()?, root: digest(&mut reader)? });
                }
                Key::Int(_) | Key::Text(_) => return Err(Reader::error_at(Fault::UnknownKey, at).into()),
            }
        }
        reader.finish()?;
        let header = Self {
            authority: authority.ok_or(HeaderError::Missing(1))?,
            list: list.ok_or(HeaderError::Missing(2))?,
            seq: seq.ok_or(HeaderError::Missing(3))?,
            issued: issued.ok_or(HeaderError::Missing(4))?,
            next_update: next_update.ok_or(HeaderError::Missing(5))?,
            length: length.ok_or(HeaderError::Missing(6))?,
            layers: layers.ok_or(HeaderError::Missing(7))?,
            root: root.ok_or(HeaderError::Missing(8))?,
            previous_root,
            epoch: epoch.ok_or(HeaderError::Missing(10))?,
            details,
            log_head,
        };
        if header.next_update > header.issued { Ok(header) } else { Err(HeaderError::NextUpdate) }
    }

    /// Bytes of the body.
    #[must_use]
    pub fn body_size(&self) -> u64 {
        self.layers.size().saturating_add(self.details.map_or(0, |details| u64::from(details.size())))
    }

    /// How many leaves the tree of the body has: the parameters and directories, and every block.
    pub(crate) fn leaves(&self) -> u32 {
        let details = self.details.map_or(0, |details| rules::blocks(self.length, details.b()));
        let blocks = |layer: &Layer| rules::blocks(self.length, layer.b());
        // At most 2²¹ blocks in each of eight.
        self.layers.iter().fold(details.saturating_add(1), |sum, (_, layer)| sum.saturating_add(blocks(layer)))
    }

    /// The payload to be signed.
    ///
    /// # Errors
    /// What [`StatusHeader::parse`] would refuse.
    pub fn encode(&self) -> Result<Vec<u8>, HeaderError> {
        let mut writer = Writer::new();
        writer.map(|map| {
            map.entry(1, |writer| writer.text(self.authority.as_str()));
            map.entry(2, |writer| writer.uint(self.list));
            map.entry(3, |writer| writer.uint(self.seq));
            map.entry(4, |writer| writer.timestamp(self.issued));
            map.entry(5, |writer| writer.timestamp(self.next_update));
            map.entry(6, |writer| writer.uint(self.length.into()));
            map.entry(7, |writer| self.layers.write(writer));
            map.entry(8, |writer| writer.bytes(self.root.as_bytes()));
            map.optional(9, self.previous_root, |writer, root| writer.bytes(root.as_bytes()));
            map.entry(10, |writer| writer.uint(self.epoch));
            map.optional(11, self.details, |writer, details| details.write(writer));
            map.optional(12, self.log_head, |writer, head| {
                writer.array(2);
                writer.uint(head.size);
                writer.bytes(head.root.as_bytes());
            });
        });
        let payload = writer.finish()?;
        Self::parse(&payload)?;
        Ok(payload)
    }
}
