//! Form 3: one part of several, for what does not fit one code.
//!
//! ```text
//! whole = form (1 byte: 1 or 2), content
//! part  = index from 0 (1 byte), total (1 byte), first 4 bytes of SHA-256 of the whole, piece of the whole
//! ```
//!
//! All pieces but the last are of one length, and the last is not longer and not empty: so a whole has one division into pieces of a
//! length. The parts come in any order, and each may come again.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::form::Prepared;
use super::{Carrier, Decoded, Error, Form, MAX_DECODED, Repairs, Scanned};
use crate::suite::sha256;

/// The most parts of one whole.
pub const MAX_PARTS: u8 = 255;

/// Index, total, name.
const HEAD: usize = 6;
/// The first bytes of the whole's SHA-256.
type Name = [u8; 4];

/// One part, read.
struct Part<'c> {
    index: u8,
    total: u8,
    name: Name,
    piece: &'c [u8],
}

impl<'c> Part<'c> {
    fn parse(content: &'c [u8]) -> Result<Self, Error> {
        let &[index, total, a, b, c, d, ref piece @ ..] = content else { return Err(Error::Length) };
        let number = u16::from(index).saturating_add(1);
        if total < 2 || index >= total || piece.is_empty() {
            return Err(Error::PartHead { number, total });
        }
        Ok(Self { index, total, name: [a, b, c, d], piece })
    }

    /// From 1, as people count.
    fn number(&self) -> u16 {
        u16::from(self.index).saturating_add(1)
    }
}

/// What is wrong with a part that stands alone.
pub(super) fn alone(content: &[u8]) -> Error {
    match Part::parse(content) {
        Ok(Part { index, total, .. }) => Error::PartMissing { number: if index == 0 { 2 } else { 1 }, total },
        Err(error) => error,
    }
}

/// Which part of how many one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartOf {
    /// Its number, from 1.
    pub number: u16,
    /// How many there are, at least 2.
    pub total: u8,
}

/// What the head of a part says.
pub(super) fn head(scanned: &Scanned) -> Result<PartOf, Error> {
    let part = Part::parse(&scanned.content)?;
    let of = PartOf { number: part.number(), total: part.total };
    match scanned.form {
        Form::Part => Ok(of),
        Form::Plain | Form::Brotli => Err(Error::PartHead { number: of.number, total: of.total }),
    }
}

/// Does the content of form 3 begin as a part does?
pub(super) fn is_part(content: &[u8]) -> bool {
    Part::parse(content).is_ok()
}

/// What came of adding a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// All parts are there: this is what they make.
    Whole(Decoded),
    /// Some are missing; [`Parts::missing`] says which.
    Missing,
}

/// Parts of one whole, as they come in.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    total: u8,
    name: Name,
    pieces: BTreeMap<u8, Vec<u8>>,
    repaired: Repairs,
}

impl Parts {
    /// Is there none yet?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// How many parts the whole has; 0 before the first is there.
    #[must_use]
    pub const fn total(&self) -> u8 {
        self.total
    }

    /// The numbers, from 1, of the parts that are missing.
    pub fn missing(&self) -> impl Iterator<Item = u16> + '_ {
        (0..self.total).filter(|index| !self.pieces.contains_key(index)).map(|index| u16::from(index).saturating_add(1))
    }

    pub(super) fn first_missing(&self) -> Option<(u16, u8)> {
        self.missing().next().map(|number| (number, self.total))
    }

    /// Adds a part. One that is there already changes nothing.
    ///
    /// # Errors
    /// [`Error::PartHead`] or [`Error::Length`] for what is no part; [`Error::TooLong`] if the whole would be more than [`MAX_DECODED`]
    /// bytes, and then none is left; [`Error::PartsMixed`] for one that does not belong with those that
    /// are there, which stay; [`Error::PartsDamaged`] if all are there and do not make the whole that they name, or what is wrong with
    /// that whole: then none is left.
    pub fn add(&mut self, scanned: Scanned) -> Result<Joined, Error> {
        let part = Part::parse(&scanned.content).and_then(|part| match scanned.form {
            Form::Part => Ok(part),
            Form::Plain | Form::Brotli => Err(Error::PartHead { number: part.number(), total: part.total }),
        })?;
        if !self.is_empty() && !self.fits(&part) {
            return Err(Error::PartsMixed { number: part.number(), total: part.total });
        }
        // Known before all are there: parts that can make nothing are not held.
        let held = self.pieces.iter().filter(|(index, _)| **index != part.index).map(|(_, piece)| piece.len());
        if held.fold(part.piece.len(), usize::saturating_add) > MAX_DECODED.saturating_add(1) {
            *self = Self::default();
            return Err(Error::TooLong);
        }
        (self.total, self.name) = (part.total, part.name);
        self.repaired.add_all(scanned.repaired);
        self.pieces.insert(part.index, part.piece.into());
        if self.missing().next().is_some() {
            return Ok(Joined::Missing);
        }
        self.join(scanned.carrier).map(Joined::Whole).inspect_err(|_| *self = Self::default())
    }

    /// Is it of the same whole as those that are there, as far as can be told before all are?
    fn fits(&self, part: &Part<'_>) -> bool {
        let is_last = |index: u8| u16::from(index).saturating_add(1) == u16::from(self.total);
        let lengths_agree = self.pieces.iter().all(|(index, piece)| match (is_last(*index), is_last(part.index)) {
            (false, false) => piece.len() == part.piece.len(),
            (true, false) => piece.len() <= part.piece.len(),
            (false, true) => part.piece.len() <= piece.len(),
            (true, true) => true,
        });
        let known = self.pieces.get(&part.index);
        (self.total, self.name) == (part.total, part.name)
            && known.is_none_or(|piece| piece == part.piece)
            && lengths_agree
    }

    fn join(&self, carrier: Carrier) -> Result<Decoded, Error> {
        let whole: Vec<u8> = self.pieces.values().flatten().copied().collect();
        if whole.len() > MAX_DECODED.saturating_add(1) {
            return Err(Error::TooLong);
        }
        if !sha256(&whole).as_bytes().starts_with(&self.name) {
            return Err(Error::PartsDamaged);
        }
        let (form, content) = match whole.as_slice() {
            [1, content @ ..] => (Form::Plain, content),
            [2, content @ ..] => (Form::Brotli, content),
            [form @ (0 | 4..=9), ..] => return Err(Error::FormUnknown { form: *form }),
            _ => return Err(Error::PartsDamaged),
        };
        if content.is_empty() {
            return Err(Error::Empty);
        }
        let whole = Scanned { content: content.into(), form, carrier, repaired: self.repaired };
        whole.open().map(|decoded| Decoded { parts: self.total, ..decoded })
    }
}

/// Divides what was prepared.
pub(super) fn split(prepared: &Prepared, most: usize) -> Result<Vec<Prepared>, Error> {
    if prepared.form() == Form::Part {
        return Err(Error::TooLong);
    }
    let mut whole = Vec::with_capacity(prepared.content().len().saturating_add(1));
    whole.push(prepared.form().number());
    whole.extend_from_slice(prepared.content());
    // Two at least, as even as can be: then none is larger than need be, and codes of one size lie side by side.
    let count = whole.len().div_ceil(most.max(1)).max(2);
    let length = whole.len().div_ceil(count);
    let pieces = whole.chunks(length.max(1));
    let total = u8::try_from(pieces.len()).map_err(|_| Error::TooLong)?;
    let name = sha256(&whole);
    let parts = pieces.zip(0..total).map(|(piece, index)| {
        let mut content = Vec::with_capacity(piece.len().saturating_add(HEAD));
        content.extend([index, total]);
        content.extend(name.as_bytes().iter().take(4));
        content.extend_from_slice(piece);
        Prepared::part(content)
    });
    Ok(parts.collect())
}
