//! Trust as data: the trust list (互认清单) of a federation, the issuer directory (颁发机构目录) of a province, and the mandates in both.
//!
//! What is here is read and written whole; who signed it, and whether it may replace what a verifier holds, is decided in
//! [`crate::chain`] and [`crate::store`].

mod anchor;
mod directory;
mod grace;
mod history;
mod list;
mod mandate;
mod rule;
mod signers;
mod sunset;

pub use anchor::{Anchor, Contact, Names, Province};
pub use directory::{Directory, Discontinuity, IssuerEntry, Minimum, Profile};
pub use grace::{Grace, NORMAL, longest};
pub use history::{History, HistoryEntry, HistoryState};
pub use list::{RegionNames, Rename, TrustList};
pub use mandate::{Mandate, MandateFault};
pub use rule::{Defect, DefectMatch, Effect, Emergency, LegalBasis, Rule, Treatment};
pub use signers::{ListKey, ListSigner, pin_of, quorum_conceivable, quorum_met};
pub use sunset::Sunset;

use crate::cbor::{self, Fault, Key, Reader};
use crate::claims::id::ShapeError;
use crate::limits::Limits;
use crate::reason::Reason;
use crate::suite::CoseKeyError;

/// Why a payload is not a trust list or a directory that this verifier reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The encoding is faulty.
    #[error("{0}")]
    Encoding(#[from] cbor::Error),
    /// A map lacks a key that it must have.
    #[error("key {key} is absent from the map at byte {at}")]
    Missing {
        /// The key.
        key: i64,
        /// Where the map stands.
        at: usize,
    },
    /// A value is not one that the format has.
    #[error("a value at byte {at} is not one that the format has")]
    Value {
        /// Where the value stands.
        at: usize,
    },
    /// A public key is refused.
    #[error("{0}")]
    Key(#[from] CoseKeyError),
    /// Two members that must differ are alike.
    #[error("two members that must differ are alike (at byte {at})")]
    Duplicate {
        /// Where the second stands.
        at: usize,
    },
    /// There are more than are read.
    #[error("there are more (at byte {at}) than are read")]
    TooMany {
        /// Where they stand.
        at: usize,
    },
    /// Something critical is unknown to this verifier.
    #[error("something critical is unknown to this verifier")]
    CriticalUnknown,
}

impl Error {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Encoding(error) => error.reason(),
            Self::Missing { .. } | Self::Value { .. } | Self::Duplicate { .. } => Reason::EncodingClaims,
            Self::Key(error) => error.reason(),
            Self::TooMany { .. } => Reason::EncodingTooLarge,
            Self::CriticalUnknown => Reason::EncodingCriticalUnknown,
        }
    }
}

/// A map that is being read key by key; unknown keys refuse it.
fn fields<'a>(
    reader: &mut Reader<'a>,
    mut field: impl FnMut(i64, &mut Reader<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut map = reader.map()?;
    let mut at = reader.position();
    while let Some(key) = map.next(reader)? {
        match key {
            Key::Int(key) => field(key, reader)?,
            Key::Text(_) => return Err(unknown_key(at)),
        }
        at = reader.position();
    }
    Ok(())
}

const fn unknown_key(at: usize) -> Error {
    Error::Encoding(Reader::error_at(Fault::UnknownKey, at))
}

/// Counted before anything is made of it: what is held takes more room than what was signed, or was not.
fn check_items(payload: &[u8]) -> Result<(), Error> {
    if cbor::holds_at_most(payload, Limits::STANDARD.items)? { Ok(()) } else { Err(Error::TooMany { at: 0 }) }
}

/// An array of at least one item, and at most so many.
fn one_up_to<'a, T>(
    reader: &mut Reader<'a>,
    most: usize,
    read: impl FnMut(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<alloc::vec::Vec<T>, Error> {
    let at = reader.position();
    let items = up_to(reader, most, read)?;
    if items.is_empty() { Err(Error::Value { at }) } else { Ok(items) }
}

/// An array of at most so many items.
fn up_to<'a, T>(
    reader: &mut Reader<'a>,
    most: usize,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<alloc::vec::Vec<T>, Error> {
    let at = reader.position();
    let count = reader.array()?;
    if count > most {
        return Err(Error::TooMany { at });
    }
    let mut items = alloc::vec::Vec::new();
    for _ in 0..count {
        items.push(read(reader)?);
    }
    Ok(items)
}

/// An identifier of a fixed shape.
fn shaped<T>(reader: &mut Reader<'_>, parse: impl FnOnce(&str) -> Result<T, ShapeError>) -> Result<T, Error> {
    let at = reader.position();
    parse(reader.text()?).map_err(|_| Error::Value { at })
}

/// A text that says something: neither empty nor blank.
fn said(reader: &mut Reader<'_>) -> Result<alloc::string::String, Error> {
    let at = reader.position();
    let text = reader.text()?;
    if text.trim().is_empty() { Err(Error::Value { at }) } else { Ok(text.into()) }
}

/// A value that must have been there.
fn required<T>(value: Option<T>, key: i64, at: usize) -> Result<T, Error> {
    value.ok_or(Error::Missing { key, at })
}

#[cfg(test)]
mod tests;
