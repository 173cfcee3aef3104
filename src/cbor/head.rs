//! Heads: what an item is, and its argument.

use super::{Error, Fault};

/// The type of the next item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An integer from 0 to 2^64 - 1.
    Uint,
    /// An integer from -2^63 to -1.
    Negative,
    /// A byte string.
    Bytes,
    /// A text string.
    Text,
    /// An array.
    Array,
    /// A map.
    Map,
    /// A tagged item.
    Tag,
    /// `false`, `true`, `null`, or something that the format does not have.
    Simple,
}

impl Kind {
    /// RFC 8949 §3: the major type stands in the first three bits.
    #[inline]
    pub(super) const fn of(first: u8) -> Self {
        match first >> 5 {
            0 => Self::Uint,
            1 => Self::Negative,
            2 => Self::Bytes,
            3 => Self::Text,
            4 => Self::Array,
            5 => Self::Map,
            6 => Self::Tag,
            _ => Self::Simple,
        }
    }
}

/// A head: what an item is, and its argument (RFC 8949 §3).
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) argument: u64,
}

impl Head {
    /// The integer that it is, if it is one, and began at `at`.
    #[inline]
    pub(super) fn int(&self, at: usize) -> Result<i64, Error> {
        match self.kind {
            Kind::Uint => i64::try_from(self.argument).map_err(|_| Error { fault: Fault::OutOfRange, at }),
            // -1 - argument.
            Kind::Negative => {
                i64::try_from(self.argument).map(|n| !n).map_err(|_| Error { fault: Fault::TooNegative, at })
            }
            _ => Err(Error { fault: Fault::WrongType, at }),
        }
    }
}
