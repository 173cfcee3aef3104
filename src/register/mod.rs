//! The issuing register (签发登记簿): which position was given to which license or seal, and what became of it.
//!
//! A [`Register`] keeps tables and a journal; a [`Desk`] is one authority's place at it and knows the rules. A position is allotted
//! durably before a license is signed for it, and a license is recorded durably before it is handed out: after a crash at any moment no
//! position is given twice and no license is out of which the register does not know. What is between the two when the process ends is
//! *void*, and listed as such.
//!
//! What a license says, and what names it, stands in a table that can be erased by law; digest, position, `cti`, times and state stay,
//! and the journal holds digests only.

extern crate std;

mod batch;
mod change;
mod check;
mod control;
mod desk;
mod event;
mod fold;
mod histories;
mod issuing;
mod journal;
mod lifecycle;
mod proposal;
mod record;
mod seam;
mod sealing;
mod sqlite;
mod transaction;

pub use batch::{Batch, Done, Order, Signing};
pub use change::{Change, Changed};
pub use check::{Checked, EntryFault, Finding, Inspector, ListFault, RecordFault, check};
pub use control::{BULK, CONSENT_GOOD_FOR, Consent, Decision, Signature, Stated, Withdrawal, set_operator, statement};
pub use desk::{Desk, Recovery};
pub use event::Event;
pub use issuing::{Difference, Issued, RegisterIssueError, Request};
pub use journal::{Act, Head, Record, StoredRecord};
pub use lifecycle::{Reissue, Renewed, successor};
pub use proposal::{Matter, Proposal, ProposalError, Proposed, ProposedChange};
pub use record::{Entry, Issuance, Kind, LicenseName, Position, Publication, SealName, Snapshot, Span};
pub use sealing::{HeldSeal, RegisterSealError, Replacing, SealDifference, SealRequest, Sealed};
pub use seam::{Content, NewEntry, Operator, Register, Taken};
pub use sqlite::{Floor, Restored, SqliteRegister};

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::claims::id::Region;
use crate::claims::{CredentialId, StatusPointer};
use crate::status::State;
use crate::suite::KeyId;
use crate::time::Timestamp;
use crate::trust::HistoryState;

/// The most positions that a list has.
const MAX_POSITIONS: u64 = 0xffff_ffff;
/// The longest reason for a change of state, in bytes.
const MAX_REASON: usize = 1_024;
/// A clock may run this many seconds behind the last record.
const CLOCK_TOLERANCE: i64 = 300;

/// Why the storage does not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorageFault {
    /// There is no such file, or it cannot be opened.
    CannotOpen,
    /// It may not be written to.
    ReadOnly,
    /// The disk is full.
    Full,
    /// Another process writes, and went on writing for longer than was waited.
    Busy,
    /// It is no register, or one that is damaged beyond reading.
    Corrupt,
    /// It was written by a later version of this program.
    Later,
    /// It was written by a version before the first release, in another form.
    Earlier,
    /// Anything else, as the disk's own faults.
    Other,
}

/// Why the register does not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The storage failed. Of a transaction that was under way nothing was written.
    #[error("the register cannot be read or written: {text}")]
    Storage {
        /// What kind of failure it is.
        fault: StorageFault,
        /// In the storage's own words.
        text: String,
    },
    /// A record was altered, removed or put in.
    #[error("record {record} of the journal is damaged")]
    Damaged {
        /// Which, from 0.
        record: u64,
    },
    /// A row contradicts the journal or itself: it was altered.
    #[error("what the register keeps of position {} of list {} is damaged", .0.index, .0.list)]
    DamagedEntry(StatusPointer),
    /// The clock is more than five minutes behind the last record.
    #[error("the clock is behind the last record, of {0}")]
    ClockBehind(Timestamp),
    /// The list has as many positions as a list may have.
    #[error("list {0} is full")]
    Full(u64),
    /// No license was issued at the position.
    #[error("no license was issued at position {} of list {}", .0.index, .0.list)]
    NotIssued(StatusPointer),
    /// The license at the position has another number than the one that was decided on.
    #[error("the license at position {} of list {} has another number", .0.index, .0.list)]
    OtherNumber(StatusPointer),
    /// The content of the license was erased by law.
    #[error("the content of the license at position {} of list {} was erased", .0.index, .0.list)]
    Erased(StatusPointer),
    /// The state cannot be entered from the one that the license has: nothing takes an irreversible state back.
    #[error("a license in state {} does not enter state {}", before.number(), after.number())]
    Irreversible {
        /// The state that it has.
        before: State,
        /// The one that was asked for.
        after: State,
    },
    /// The backup lies behind a status list that was published: its positions would be given twice, and its revocations forgotten.
    #[error("the backup lies behind number {seq} of list {list}, which was published")]
    BehindPublished {
        /// The list.
        list: u64,
        /// The number that was published.
        seq: u64,
    },
    /// The register is sound, and as far on as the backup or further.
    #[error("the register is sound and has {0} records: nothing needs to be restored")]
    Unneeded(u64),
    /// The backup is not whole.
    #[error("the backup is not whole")]
    BackupUnsound,
    /// The license is not in force.
    #[error("the license is in state {}", .0.number())]
    NotInForce(State),
    /// One operator alone may not do this.
    #[error("two operators must consent")]
    NeedsTwo,
    /// Both signatures are of one operator.
    #[error("both signatures are of one operator")]
    ConsentOfOne,
    /// The key is not that of an operator who is admitted.
    #[error("the key {0} is not that of an operator")]
    NotAnOperator(KeyId),
    /// The signature is not over this statement.
    #[error("the key {0} has not signed this statement")]
    ConsentToOther(KeyId),
    /// The statement was made more than a week ago, or is of the future.
    #[error("the statement of {0} is too old, or of the future")]
    ConsentOld(Timestamp),
    /// What was signed was done already: a consent is good for once.
    #[error("the consent was used before")]
    ConsentUsed,
    /// An operator of this name or with this key is admitted already, or the name is empty.
    #[error("an operator of this name or with this key is admitted already, or the name is empty")]
    OperatorKnown,
    /// The key cannot enter the state: what was withdrawn or compromised stays so.
    #[error("the key cannot enter the state {}", .0.number())]
    KeyState(HistoryState),
    /// The key was retired, withdrawn or compromised: it signs nothing more.
    #[error("the key {0} was put out of use and signs nothing more")]
    KeyOutOfUse(KeyId),
    /// A change cannot be in effect from a time that is still to come.
    #[error("the change would be in effect only from {0} on")]
    NotYet(Timestamp),
    /// A text is too long or holds characters that are not admitted, or a number is too large.
    #[error("a text is too long or holds characters that are not admitted, or a number is too large")]
    Text,
    /// A license of the same type, number and version, and with other content, is in the register.
    #[error("license {} was issued at position {} of list {} with other content", existing.number(), existing.status.index, existing.status.list)]
    Duplicate {
        /// The one that is there.
        existing: Box<Entry>,
        /// In what they differ.
        differences: Vec<Difference>,
    },
    /// A seal of the same code and with other content is in the register, and not out of force for good.
    #[error("a seal of the code {} was made at position {} of list {} with other content", existing.number(), existing.status.index, existing.status.list)]
    DuplicateSeal {
        /// The one that is there.
        existing: Box<Entry>,
        /// In what they differ.
        differences: Vec<SealDifference>,
    },
    /// Every code of a seal that begins with the region was used.
    #[error("every code of a seal in region {0} was used")]
    NoSealCode(Region),
    /// The `cti` was used before: it is not random.
    #[error("the credential id {0} was used before")]
    IdUsed(CredentialId),
    /// The list is not later than the last one that was published.
    #[error("the list is not later than number {} that was published", .0.seq)]
    NotLater(Publication),
}

#[cfg(test)]
mod tests;
