//! What can be wrong with a register.

use alloc::string::String;

use crate::claims::StatusPointer;
use crate::claims::id::CreditCode;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The storage itself is not whole, in its own words.
    Storage(String),
    /// A record of the journal.
    Record {
        /// Its number.
        seq: u64,
        /// What is wrong with it.
        fault: RecordFault,
    },
    /// A credential.
    Entry {
        /// Whose it is.
        authority: CreditCode,
        /// Its position.
        at: StatusPointer,
        /// What is wrong with it.
        fault: EntryFault,
    },
    /// A list.
    List {
        /// Whose it is.
        authority: CreditCode,
        /// Its number.
        list: u64,
        /// What is wrong with it.
        fault: ListFault,
    },
    /// The keys, authorities or operators are not those of the journal.
    People,
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordFault {
    /// It was altered, or one before it was left out: the chain does not hold.
    Altered,
    /// It does not follow from those before it.
    OutOfTurn,
    /// Its time is before that of the record before.
    Time,
    /// What it is about is not what the tables have there.
    Subject,
}

/// What is wrong with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EntryFault {
    /// The journal says that it was issued, and it is not there.
    Missing,
    /// It is there, and the journal does not say that it was issued.
    Unrecorded,
    /// It names another record than the one of its issue.
    Record,
    /// It is of another kind or another license than the journal says.
    Kind,
    /// Its state, since when, or its successor is not what the journal adds up to.
    State,
    /// What it says is there although it was erased, or is not although it was not.
    Content,
    /// What it says does not have its digest.
    Digest,
    /// What it says is not what stands beside it: position, times, `cti`, name.
    Claims,
    /// Its signature does not verify under the key that is named beside it.
    Signature,
}

/// What is wrong with a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListFault {
    /// The next position is not the one after the last that was allotted.
    Counter,
    /// Void, skipped or open positions are not those of the journal.
    Positions,
    /// Its publications are not those of the journal.
    Publications,
}
