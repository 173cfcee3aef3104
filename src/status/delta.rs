//! Delta (增量): what changed from one list to a later one. It has no signature of its own: applying it gives the later list byte for byte,
//! and that must have the root that the later header, which is signed, states. So anyone may make one between any two lists, and mirror it.

use alloc::vec::Vec;

use super::body::{Body, BodyError};
use super::details::DetailsView;
use super::header::{HeaderError, StatusHeader};
use super::layer::{Layer, LayerError, LayerView, Stored};
use super::list::{ListError, StatusList};
use super::rebuild::rebuild;
use super::rules::{self, Rules};
use super::runs::{LayerRuns, Run, join};
use super::state::State;
use crate::cbor::{self, Fault, Key, MapReader, Reader, Writer};
use crate::claims::Unverified;
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::limits::MAX_TRUST_OBJECT;
use crate::reason::Reason;
use crate::suite::Digest;

/// Why a delta is refused, or could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeltaError {
    /// The delta is not an array of its four items.
    #[error(transparent)]
    Cbor(#[from] cbor::Error),
    /// The header's envelope is refused.
    #[error(transparent)]
    Envelope(#[from] envelope::Error),
    /// The header is refused.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The old list's body cannot be read.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The new list cannot be put together.
    #[error("the list: {0}")]
    List(ListError),
    /// A set is refused, or does not fit the old layer.
    #[error("the changes of state {}: {error}", state.number())]
    Set {
        /// Whose layer.
        state: State,
        /// Why.
        error: LayerError,
    },
    /// The two lists are not of one authority and number.
    #[error("the lists are of different authorities or numbers")]
    OtherList,
    /// The delta starts from another list than the one at hand.
    #[error("the delta starts from another list")]
    OtherBase,
    /// What results is not the list that was signed.
    #[error("the delta does not give the list that was signed")]
    Result,
    /// The delta is larger than 64 MiB.
    #[error("the delta is larger than 64 MiB")]
    TooLarge,
}

impl DeltaError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Cbor(error) => error.reason(),
            Self::Envelope(error) => error.reason(),
            Self::Header(error) => error.reason(),
            Self::Body(error) => error.reason(),
            Self::List(error) => error.reason(),
            Self::Set { error, .. } => error.reason(),
            Self::OtherList | Self::OtherBase => Reason::StatusDeltaBase,
            Self::Result => Reason::StatusDeltaRefused,
            Self::TooLarge => Reason::EncodingTooLarge,
        }
    }
}

/// A set as it stands in a delta: the parameters of a layer, and its bytes.
#[derive(Clone, Copy, Debug)]
struct SetBytes<'a> {
    numbers: [u64; 3],
    stored: Stored,
    bytes: &'a [u8],
}

impl<'a> SetBytes<'a> {
    fn parse(reader: &mut Reader<'a>) -> Result<Option<Self>, cbor::Error> {
        if reader.clone().null().is_ok() {
            reader.null()?;
            return Ok(None);
        }
        reader.array_of(5)?;
        let numbers = [reader.uint()?, reader.uint()?, reader.uint()?];
        let stored = if reader.boolean()? { Stored::Unlisted } else { Stored::Listed };
        Ok(Some(Self { numbers, stored, bytes: reader.bytes()? }))
    }

    /// The set, as one of so many positions, in the only encoding that it has.
    fn view(&self, positions: u32) -> Result<LayerView<'a>, LayerError> {
        let size = u64::try_from(self.bytes.len()).map_err(|_| LayerError::TooLarge)?;
        let layer = Layer::with(Rules::DELTA, positions, self.numbers, self.stored, 0, size)?;
        let view = LayerView::with(Rules::DELTA, layer, positions, self.bytes)?;
        view.check()?;
        Ok(view)
    }

    fn write(writer: &mut Writer, positions: u32, runs: &[Run]) -> Result<(), LayerError> {
        if runs.is_empty() {
            writer.null();
            return Ok(());
        }
        let mut bytes = Vec::new();
        let layer = Layer::write(Rules::DELTA, positions, runs, &mut bytes)?;
        writer.array(5);
        [layer.count(), layer.b().into(), layer.k().into()].into_iter().for_each(|number| writer.uint(number.into()));
        writer.boolean(layer.stored() == Stored::Unlisted);
        writer.bytes(&bytes);
        Ok(())
    }
}

/// What changes in the layer of a state.
#[derive(Clone, Copy, Debug, Default)]
struct Change<'a> {
    added: Option<SetBytes<'a>>,
    removed: Option<SetBytes<'a>>,
}

/// The sets of a change, checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sets<'a> {
    /// Positions.
    pub(crate) added: Option<LayerView<'a>>,
    /// Ranks in the old layer.
    pub(crate) removed: Option<LayerView<'a>>,
}

/// A delta as it was received: of the right shape, and believed in nothing.
///
/// ```cddl
/// status-delta = [
///   base: [seq: uint, root: bstr .size 32],                  ; the list that it starts from
///   #6.18(header envelope, typ status),                      ; of the list that it gives
///   changes: { * state: 1..7 => [added: set / null, removed: set / null] },    ; of layers that the header has; not null both
///   details: { * block: uint => bstr },                      ; blocks of details that are others than before
/// ]
/// set = [ count: uint, b: uint, k: uint, complement: bool, bytes: bstr ]
/// ```
#[derive(Clone, Debug)]
pub struct StatusDelta<'a> {
    base_seq: u64,
    base_root: Digest,
    envelope: Envelope<'a>,
    header: Unverified<StatusHeader>,
    changes: [Change<'a>; State::LISTED.len()],
    details: &'a [u8],
}

/// The blocks of details in a delta, in order.
#[derive(Clone, Debug)]
pub(crate) struct ChangedBlocks<'a> {
    reader: Reader<'a>,
    map: MapReader<'a>,
}

impl<'a> ChangedBlocks<'a> {
    fn new(map: &'a [u8]) -> Result<Self, cbor::Error> {
        let mut reader = Reader::new(map);
        let map = reader.map()?;
        Ok(Self { reader, map })
    }

    pub(crate) fn next(&mut self) -> Result<Option<(u32, &'a [u8])>, cbor::Error> {
        let at = self.reader.position();
        let Some(key) = self.map.next(&mut self.reader)? else { return Ok(None) };
        let block = match key {
            Key::Int(number) => u32::try_from(number).ok(),
            Key::Text(_) => None,
        };
        Ok(Some((block.ok_or(Reader::error_at(Fault::UnknownKey, at))?, self.reader.bytes()?)))
    }
}

impl<'a> StatusDelta<'a> {
    /// Reads a delta that fills `bytes`. The sets are looked at when it is applied.
    ///
    /// # Errors
    /// [`DeltaError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, DeltaError> {
        if bytes.len() > MAX_TRUST_OBJECT {
            return Err(DeltaError::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        reader.array_of(4)?;
        reader.array_of(2)?;
        let base_seq = reader.uint()?;
        let base_root = Digest::new(*reader.byte_array()?);
        let envelope = Envelope::parse(reader.skip()?, Expected::Type(ObjectType::Status))?;
        let header = StatusHeader::parse(envelope.claimed_payload())?;
        let mut changes = [Change::default(); State::LISTED.len()];
        let mut map = reader.map()?;
        loop {
            let at = reader.position();
            let Some(key) = map.next(&mut reader)? else { break };
            let number = match key {
                Key::Int(number) => u8::try_from(number).ok(),
                Key::Text(_) => None,
            };
            let state = number.and_then(State::from_number);
            let change = changes.iter_mut().zip(State::LISTED).find(|(_, listed)| Some(*listed) == state);
            let (change, _) = change.ok_or(Reader::error_at(Fault::UnknownKey, at))?;
            // A layer that is gone says so by not being in the header.
            if state.is_none_or(|state| header.layers.get(state).is_none()) {
                return Err(Reader::error_at(Fault::OutOfRange, at).into());
            }
            reader.array_of(2)?;
            *change = Change { added: SetBytes::parse(&mut reader)?, removed: SetBytes::parse(&mut reader)? };
            if change.added.is_none() && change.removed.is_none() {
                return Err(Reader::error_at(Fault::OutOfRange, at).into());
            }
        }
        let details = reader.skip()?;
        reader.finish()?;
        let mut blocks = ChangedBlocks::new(details)?;
        while blocks.next()?.is_some() {}
        Ok(Self { base_seq, base_root, envelope, header: Unverified::new(header), changes, details })
    }

    /// The number of the list that it starts from.
    #[must_use]
    pub const fn base_seq(&self) -> u64 {
        self.base_seq
    }

    /// The root of the list that it starts from.
    #[must_use]
    pub const fn base_root(&self) -> Digest {
        self.base_root
    }

    /// The envelope of the header of the list that it gives, with the signature.
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

    /// The sets of the change of a state's layer, of a list that will have `length` positions.
    pub(crate) fn sets(&self, state: State, old: Option<&LayerView<'a>>, length: u32) -> Result<Sets<'a>, DeltaError> {
        let change = self.changes.iter().zip(State::LISTED).find(|(_, listed)| *listed == state);
        let change = change.map(|(change, _)| *change).unwrap_or_default();
        let refused = |error| DeltaError::Set { state, error };
        let ranks = old.map_or(0, |old| old.layer().count());
        Ok(Sets {
            added: change.added.map(|set| set.view(length)).transpose().map_err(refused)?,
            removed: change.removed.map(|set| set.view(ranks)).transpose().map_err(refused)?,
        })
    }

    pub(crate) fn details(&self) -> Result<ChangedBlocks<'a>, cbor::Error> {
        ChangedBlocks::new(self.details)
    }

    /// Is this the list that the delta starts from?
    ///
    /// # Errors
    /// [`DeltaError::OtherList`], [`DeltaError::OtherBase`].
    pub fn check_base(&self, old: &StatusHeader) -> Result<(), DeltaError> {
        let new = self.claimed_header();
        if (old.authority, old.list) != (new.authority, new.list) {
            return Err(DeltaError::OtherList);
        }
        if (old.seq, old.root) == (self.base_seq, self.base_root) { Ok(()) } else { Err(DeltaError::OtherBase) }
    }

    /// Gives the body of the new list to `sink`, piece by piece from its first byte, out of the old list's: in memory for the directories and
    /// one block. If this returns an error, what was given is worth nothing.
    ///
    /// `old` must be a body that passed [`Body::check`] and has the root of `header`, the old list's.
    ///
    /// # Errors
    /// [`DeltaError`]; [`DeltaError::Result`] if the root is not the one that the new header states.
    pub fn rebuild(&self, header: &StatusHeader, old: &Body<'a>, sink: impl FnMut(&[u8])) -> Result<(), DeltaError> {
        self.check_base(header)?;
        rebuild(self, old, self.envelope.algorithm().hash(), sink)
    }

    /// The new list, out of the old one.
    ///
    /// # Errors
    /// As [`StatusDelta::rebuild`].
    pub fn apply(&self, old: &StatusList<'a>) -> Result<Vec<u8>, DeltaError> {
        self.apply_to(old.claimed_header(), old.claimed_body())
    }

    /// The new list, out of the old one's header and body.
    ///
    /// # Errors
    /// As [`StatusDelta::rebuild`].
    pub fn apply_to(&self, header: &StatusHeader, old: &Body<'a>) -> Result<Vec<u8>, DeltaError> {
        let mut body = Vec::new();
        self.rebuild(header, old, |piece| body.extend_from_slice(piece))?;
        let mut writer = Writer::with_capacity(body.len().saturating_add(self.envelope.bytes().len()));
        writer.array(2);
        writer.item(self.envelope.bytes());
        writer.bytes(&body);
        Ok(writer.finish()?)
    }

    /// Makes the delta from one list to another of the same authority and number.
    ///
    /// # Errors
    /// [`DeltaError::OtherList`]; [`DeltaError::Body`] if a list's body is not what its header states.
    pub fn make(old: &StatusList<'_>, new: &StatusList<'_>) -> Result<Vec<u8>, DeltaError> {
        let (before, after) = (old.claimed_header(), new.claimed_header());
        if (before.authority, before.list) != (after.authority, after.list) {
            return Err(DeltaError::OtherList);
        }
        old.verify_body()?;
        new.verify_body()?;
        let mut changes = Vec::new();
        for state in State::LISTED {
            let refused = |error| DeltaError::Set { state, error };
            let views = (old.claimed_body().view(state), new.claimed_body().view(state));
            let difference = Difference::between(views.0, views.1).map_err(refused)?;
            // A layer that is gone altogether says so by not being in the new header.
            if views.1.is_some() && !(difference.added.is_empty() && difference.removed.is_empty()) {
                changes.push((state, difference, views.0.map_or(0, |view| view.layer().count())));
            }
        }
        let mut writer = Writer::new();
        writer.array(4);
        writer.array(2);
        writer.uint(before.seq);
        writer.bytes(before.root.as_bytes());
        writer.item(new.envelope().bytes());
        let mut refused = None;
        writer.map(|map| {
            for (state, difference, ranks) in &changes {
                map.entry(i64::from(state.number()), |writer| {
                    writer.array(2);
                    let added = SetBytes::write(writer, after.length, &difference.added);
                    let removed = SetBytes::write(writer, *ranks, &difference.removed);
                    refused =
                        refused.or(added.and(removed).err().map(|error| DeltaError::Set { state: *state, error }));
                });
            }
        });
        if let Some(refused) = refused {
            return Err(refused);
        }
        let blocks = changed_blocks(old.claimed_body().details(), new.claimed_body().details(), after.length)?;
        writer.map(|map| {
            blocks.iter().for_each(|(block, bytes)| map.entry(i64::from(*block), |writer| writer.bytes(bytes)))
        });
        let bytes = writer.finish()?;
        // A delta that does not give the list is not made.
        StatusDelta::parse(&bytes)?.rebuild(before, old.claimed_body(), |_| {})?;
        Ok(bytes)
    }
}

/// Blocks of details that are others than those of the list before.
fn changed_blocks<'a>(
    old: Option<&DetailsView<'_>>,
    new: Option<&DetailsView<'a>>,
    length: u32,
) -> Result<Vec<(u32, &'a [u8])>, DeltaError> {
    let Some(new) = new else { return Ok(Vec::new()) };
    let old = old.filter(|old| old.details().b() == new.details().b());
    let refused = |_| DeltaError::Result;
    let mut changed = Vec::new();
    for block in 0..rules::blocks(length, new.details().b()) {
        let bytes = new.region().block(block).map_err(refused)?;
        let before = match old {
            Some(old) if block < old.region().count() => old.region().block(block).map_err(refused)?,
            _ => &[],
        };
        if bytes != before {
            changed.push((block, bytes));
        }
    }
    Ok(changed)
}

/// What two layers list differently.
#[derive(Debug, Default)]
struct Difference {
    /// Positions that the new one lists and the old one does not.
    added: Vec<Run>,
    /// Ranks, among the positions that the old one lists, of those that the new one does not.
    removed: Vec<Run>,
}

impl Difference {
    fn between(old: Option<&LayerView<'_>>, new: Option<&LayerView<'_>>) -> Result<Self, LayerError> {
        let mut difference = Self::default();
        let (mut before, mut after) = (old.map(LayerRuns::new), new.map(LayerRuns::new));
        let next = |runs: &mut Option<LayerRuns<'_>>| runs.as_mut().map_or(Ok(None), LayerRuns::next);
        let (mut left, mut right) = (next(&mut before)?, next(&mut after)?);
        let mut rank = 0_u32;
        // Each turn takes a stretch from the front that is in one, or in both.
        loop {
            let (from_old, from_new, until) = match (left, right) {
                (None, None) => return Ok(difference),
                (Some(old), None) => (true, false, old.until),
                (None, Some(new)) => (false, true, new.until),
                (Some(old), Some(new)) if old.from < new.from => (true, false, old.until.min(new.from)),
                (Some(old), Some(new)) if new.from < old.from => (false, true, new.until.min(old.from)),
                (Some(old), Some(new)) => (true, true, old.until.min(new.until)),
            };
            let from = if from_old { left } else { right }.map_or(until, |run| run.from);
            let length = until.saturating_sub(from);
            match (from_old, from_new) {
                (true, false) => join(&mut difference.removed, Run { from: rank, until: rank.saturating_add(length) }),
                (false, true) => join(&mut difference.added, Run { from, until }),
                _ => {}
            }
            if from_old {
                rank = rank.saturating_add(length);
                left = cut(left, until);
                if left.is_none() {
                    left = next(&mut before)?;
                }
            }
            if from_new {
                right = cut(right, until);
                if right.is_none() {
                    right = next(&mut after)?;
                }
            }
        }
    }
}

/// What is left of a run from `until` on.
fn cut(run: Option<Run>, until: u32) -> Option<Run> {
    run.map(|run| Run { from: until, until: run.until }).filter(|run| run.from < run.until)
}
