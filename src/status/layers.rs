//! What the header says of the body: the parameters of its layers, and of its details.

use alloc::vec::Vec;

use super::details::MOST_DETAILS;
use super::layer::{Layer, LayerError, Stored};
use super::rules;
use super::state::State;
use crate::cbor::{self, Fault, Key, Reader, Writer};
use crate::limits::MAX_TRUST_OBJECT;

/// The layers of a list: at most one for each state that can be listed, one after another from the body's first byte.
///
/// ```cddl
/// layers = { * state: 1..7 => layer }
/// layer  = [ count: uint, b: uint, k: uint, complement: bool, offset: uint, size: uint ]
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    of: [Option<Layer>; 7],
}

/// Where the details stand in the body: per listed position the day, the cause and the successor, and what was before.
///
/// The six numbers are those of a layer: `count` (entries), `b`, `k` (always 0), `complement` (always false), `offset`, `size`. The details
/// have a directory like a layer's, of blocks of 2^b positions, and stand after the last layer to the end of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Details {
    count: u32,
    b: u8,
    offset: u32,
    size: u32,
}

/// Why the parameters are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParameterError {
    #[error(transparent)]
    Cbor(#[from] cbor::Error),
    #[error("{1}")]
    Layer(State, LayerError),
}

/// The six numbers, as they stand.
struct Numbers {
    at: usize,
    count: u64,
    b: u64,
    k: u64,
    complement: bool,
    offset: u64,
    size: u64,
}

impl Numbers {
    fn parse(reader: &mut Reader<'_>) -> Result<Self, cbor::Error> {
        let at = reader.position();
        reader.array_of(6)?;
        Ok(Self {
            at,
            count: reader.uint()?,
            b: reader.uint()?,
            k: reader.uint()?,
            complement: reader.boolean()?,
            offset: reader.uint()?,
            size: reader.uint()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.array(6);
        for number in [self.count, self.b, self.k] {
            writer.uint(number);
        }
        writer.boolean(self.complement);
        writer.uint(self.offset);
        writer.uint(self.size);
    }
}

impl Layers {
    /// The layer of a state, if any position has it.
    #[must_use]
    pub fn get(&self, state: State) -> Option<&Layer> {
        self.iter().find_map(|(listed, layer)| (listed == state).then_some(layer))
    }

    /// The layers, in order of state, which is their order in the body.
    pub fn iter(&self) -> impl Iterator<Item = (State, &Layer)> {
        State::LISTED.into_iter().zip(&self.of).filter_map(|(state, layer)| Some((state, layer.as_ref()?)))
    }

    /// How many positions are listed, in any state.
    #[must_use]
    pub fn listed(&self) -> u64 {
        self.iter().fold(0, |sum, (_, layer)| sum.saturating_add(u64::from(layer.count())))
    }

    /// Bytes of all layers.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.iter().fold(0, |sum, (_, layer)| sum.saturating_add(u64::from(layer.size())))
    }

    /// The number of the leaf, in the tree of a list of `length` positions, of each layer's block that has position `index`.
    pub(crate) fn leaves_of(&self, length: u32, index: u32) -> impl Iterator<Item = u32> {
        // Leaf 0 is that of the parameters and directories. There are at most 2²¹ blocks in each of seven layers.
        self.iter().scan(1_u32, move |first, (_, layer)| {
            let leaf = first.saturating_add(layer.locate(index).0);
            *first = first.saturating_add(rules::blocks(length, layer.b()));
            Some(leaf)
        })
    }

    pub(crate) fn set(&mut self, state: State, layer: Layer) {
        if let Some((_, place)) = State::LISTED.into_iter().zip(&mut self.of).find(|(listed, _)| *listed == state) {
            *place = Some(layer);
        }
    }

    /// Reads the layers of a list of `length` positions: each begins where the one before it ends, and no more positions are listed than
    /// there are.
    pub(crate) fn parse(reader: &mut Reader<'_>, length: u32) -> Result<Self, ParameterError> {
        let mut layers = Self::default();
        let start = reader.position();
        let mut map = reader.map()?;
        loop {
            let at = reader.position();
            let Some(key) = map.next(reader)? else { break };
            let number = match key {
                Key::Int(number) => u8::try_from(number).ok(),
                Key::Text(_) => None,
            };
            let state = number.and_then(State::from_number).filter(|state| *state != State::InForce);
            let state = state.ok_or(Reader::error_at(Fault::UnknownKey, at))?;
            let found = Numbers::parse(reader)?;
            if found.offset != layers.size() {
                return Err(Reader::error_at(Fault::OutOfRange, found.at).into());
            }
            let stored = if found.complement { Stored::Unlisted } else { Stored::Listed };
            let layer = Layer::new(length, found.count, found.b, found.k, stored, found.offset, found.size);
            layers.set(state, layer.map_err(|error| ParameterError::Layer(state, error))?);
        }
        if layers.listed() > u64::from(length) {
            return Err(Reader::error_at(Fault::OutOfRange, start).into());
        }
        Ok(layers)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            for (state, layer) in self.iter() {
                let numbers = Numbers {
                    at: 0,
                    count: layer.count().into(),
                    b: layer.b().into(),
                    k: layer.k().into(),
                    complement: layer.stored() == Stored::Unlisted,
                    offset: layer.offset().into(),
                    size: layer.size().into(),
                };
                map.entry(i64::from(state.number()), |writer| numbers.write(writer));
            }
        });
    }
}

impl Details {
    /// Reads the details of a list with these layers.
    pub(crate) fn parse(reader: &mut Reader<'_>, layers: &Layers) -> Result<Self, cbor::Error> {
        let found = Numbers::parse(reader)?;
        let error = Reader::error_at(Fault::OutOfRange, found.at);
        // An entry for each listed position, and those of past spells.
        let listed =
            layers.iter().filter(|(state, _)| *state != State::Void).map(|(_, layer)| u64::from(layer.count()));
        let listed = listed.fold(0_u64, u64::saturating_add);
        let count = u32::try_from(found.count).ok().filter(|count| *count <= MOST_DETAILS).ok_or(error)?;
        let b =
            u8::try_from(found.b).ok().filter(|b| (rules::LEAST_WIDTH..=rules::MOST_WIDTH).contains(b)).ok_or(error)?;
        let end = found.offset.checked_add(found.size).and_then(|end| usize::try_from(end).ok());
        if found.k != 0
            || found.count < listed
            || found.complement
            || found.offset != layers.size()
            || end.is_none_or(|end| end > MAX_TRUST_OBJECT)
        {
            return Err(error);
        }
        let offset = u32::try_from(found.offset).map_err(|_| error)?;
        let size = u32::try_from(found.size).map_err(|_| error)?;
        Ok(Self { count, b, offset, size })
    }

    pub(crate) const fn chosen(count: u32, b: u8, offset: u32, size: u32) -> Self {
        Self { count, b, offset, size }
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        let (count, b) = (self.count.into(), self.b.into());
        let (offset, size) = (self.offset.into(), self.size.into());
        Numbers { at: 0, count, b, k: 0, complement: false, offset, size }.write(writer);
    }

    /// How many entries there are: one for each position that is listed and not void, and one for each past spell.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Where the details begin in the body, in bytes.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Bytes of the details, their directory included.
    #[must_use]
    pub const fn size(&self) -> u32 {
        self.size
    }

    /// Binary logarithm of the number of positions in a block, 11 to 24.
    #[must_use]
    pub const fn b(&self) -> u8 {
        self.b
    }
}

/// The parameters as they begin leaf 0: the header's map of layers and, if there are any, its details, as they are encoded there.
pub(crate) fn parameters(layers: &Layers, details: Option<&Details>) -> Result<Vec<u8>, cbor::Error> {
    let mut writer = Writer::new();
    layers.write(&mut writer);
    let mut bytes = writer.finish()?;
    if let Some(details) = details {
        let mut writer = Writer::new();
        details.write(&mut writer);
        bytes.extend_from_slice(&writer.finish()?);
    }
    Ok(bytes)
}
