//! The seam: what a register asks of whatever keeps it. Everything above it knows rules and no storage; everything below knows storage
//! and no rules. SQLite stands behind it; a database for many counters may.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::RegisterError;
use super::control::Withdrawal;
use super::journal::{Head, Record, StoredRecord};
use super::record::{Entry, LicenseName, Publication, Span};
use crate::claims::id::{CreditCode, Region, SealCode};
use crate::claims::{CredentialId, StatusPointer};
use crate::status::State;
use crate::suite::{Digest, PublicKey};
use crate::time::Timestamp;

/// An entry that is put in, with what is kept beside it.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// The credential as it is handed out: content, which may be erased by law.
    pub bytes: &'a [u8],
    /// The thumbprint of the key that signed it, which was put in before.
    pub signer: Digest,
}

/// What is kept beside an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The credential as it was handed out; none once it was erased by law.
    pub bytes: Option<Vec<u8>>,
    /// The thumbprint of the key that signed it.
    pub signer: Digest,
}

/// Why an entry is not put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A license of this type, number and version is there, or a seal of this code and making.
    Name,
    /// The `cti` is there.
    Id,
    /// Something stands at the position.
    Position,
}

/// An operator who may approve what others do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: PublicKey,
}

/// Keeps a register: tables of rows and a journal.
///
/// Between [`begin`](Self::begin) and [`commit`](Self::commit) nobody else writes to the authorities of this register, and what was
/// written is seen by nobody. When `commit` returns, all of it is durable: it outlives a crash of the process and of the machine. If it
/// fails, or the process ends before, none of it was written. Methods that change something are called between the two only.
///
/// Rows are given back as they were put in. What cannot be read as such is [`RegisterError::Damaged`] or [`RegisterError::Storage`].
pub trait Register {
    /// Begins a transaction.
    ///
    /// # Errors
    /// Those of the storage; [`super::StorageFault::Busy`] if somebody else writes for longer than this waits.
    fn begin(&mut self) -> Result<(), RegisterError>;
    /// Ends it: everything is durable now.
    ///
    /// # Errors
    /// Those of the storage; then nothing was written.
    fn commit(&mut self) -> Result<(), RegisterError>;
    /// Ends it without a trace.
    fn roll_back(&mut self);

    /// Whether nobody else works at this register: what is allotted and not issued was left behind by a process that is no more. If so,
    /// nobody else begins to work until [`admit_others`](Self::admit_others) is called. Asked before anything is allotted.
    ///
    /// # Errors
    /// Those of the storage.
    fn keep_others_off(&mut self) -> Result<bool, RegisterError>;
    /// Lets others work at this register too.
    ///
    /// # Errors
    /// Those of the storage.
    fn admit_others(&mut self) -> Result<(), RegisterError>;

    /// Where the journal ends.
    ///
    /// # Errors
    /// Those of the storage.
    fn head(&self) -> Result<Head, RegisterError>;
    /// Appends a record, with its chain.
    ///
    /// # Errors
    /// Those of the storage.
    fn append(&mut self, record: &Record, chain: Digest) -> Result<(), RegisterError>;
    /// The records from a number on, in order.
    ///
    /// # Errors
    /// Those of the storage.
    fn records(&self, from: u64, visit: &mut dyn FnMut(StoredRecord) -> ControlFlow<()>) -> Result<(), RegisterError>;
    /// The numbers of the records with a subject, ascending.
    ///
    /// # Errors
    /// Those of the storage.
    fn records_of(&self, subject: Digest) -> Result<Vec<u64>, RegisterError>;

    /// The authorities that issue here.
    ///
    /// # Errors
    /// Those of the storage.
    fn authorities(&self) -> Result<Vec<CreditCode>, RegisterError>;
    /// Puts an authority in.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_authority(&mut self, authority: CreditCode) -> Result<(), RegisterError>;

    /// The lists of an authority: number, and the next position.
    ///
    /// # Errors
    /// Those of the storage.
    fn lists(&self, authority: CreditCode) -> Result<Vec<(u64, u64)>, RegisterError>;
    /// Sets the next position of a list; puts the list in if it is not there.
    ///
    /// # Errors
    /// Those of the storage.
    fn set_next(&mut self, authority: CreditCode, list: u64, next: u64) -> Result<(), RegisterError>;

    /// What is allotted and neither issued nor void, of every authority.
    ///
    /// # Errors
    /// Those of the storage.
    fn allotments(&self) -> Result<Vec<(CreditCode, Span)>, RegisterError>;
    /// Puts an allotment in.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_allotment(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError>;
    /// Takes an allotment out: was it there?
    ///
    /// # Errors
    /// Those of the storage.
    fn remove_allotment(&mut self, authority: CreditCode, span: Span) -> Result<bool, RegisterError>;
    /// The void positions of a list, ascending.
    ///
    /// # Errors
    /// Those of the storage.
    fn voids(&self, authority: CreditCode, list: u64) -> Result<Vec<Span>, RegisterError>;
    /// Puts void positions in.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_void(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError>;

    /// The positions of a list that were passed over, ascending.
    ///
    /// # Errors
    /// Those of the storage.
    fn skips(&self, authority: CreditCode, list: u64) -> Result<Vec<Span>, RegisterError>;
    /// Puts positions in that are passed over.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_skip(&mut self, authority: CreditCode, span: Span) -> Result<(), RegisterError>;

    /// The keys with which an authority signs or signed.
    ///
    /// # Errors
    /// Those of the storage.
    fn keys(&self, authority: CreditCode) -> Result<Vec<PublicKey>, RegisterError>;
    /// Puts a key in.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_key(&mut self, authority: CreditCode, key: &PublicKey) -> Result<(), RegisterError>;

    /// What became of the keys of an authority, oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    fn withdrawals(&self, authority: CreditCode) -> Result<Vec<Withdrawal>, RegisterError>;
    /// Puts in what became of a key.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_withdrawal(&mut self, authority: CreditCode, withdrawal: &Withdrawal) -> Result<(), RegisterError>;

    /// Puts an entry in, unless what names it is taken.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_entry(&mut self, authority: CreditCode, new: &NewEntry<'_>) -> Result<Result<(), Taken>, RegisterError>;
    /// The entry at a position.
    ///
    /// # Errors
    /// Those of the storage.
    fn entry(&self, authority: CreditCode, at: StatusPointer) -> Result<Option<Entry>, RegisterError>;
    /// The first credential of the license of a type, number and version.
    ///
    /// # Errors
    /// Those of the storage.
    fn by_name(&self, authority: CreditCode, name: &LicenseName) -> Result<Option<Entry>, RegisterError>;
    /// The first credentials of the licenses that have a number.
    ///
    /// # Errors
    /// Those of the storage.
    fn by_number(&self, authority: CreditCode, number: &str) -> Result<Vec<Entry>, RegisterError>;
    /// The credential of a `cti`.
    ///
    /// # Errors
    /// Those of the storage.
    fn by_id(&self, authority: CreditCode, id: CredentialId) -> Result<Option<Entry>, RegisterError>;
    /// The renewals and copies of the license whose first credential stands at a position, by position.
    ///
    /// # Errors
    /// Those of the storage.
    fn others(&self, authority: CreditCode, license: StatusPointer) -> Result<Vec<Entry>, RegisterError>;
    /// The seals of a code, in the order in which they were made.
    ///
    /// # Errors
    /// Those of the storage.
    fn seals(&self, authority: CreditCode, code: SealCode) -> Result<Vec<Entry>, RegisterError>;
    /// The seals of an owner, by position.
    ///
    /// # Errors
    /// Those of the storage.
    fn seals_of(&self, authority: CreditCode, owner: CreditCode) -> Result<Vec<Entry>, RegisterError>;
    /// The highest code of a seal that begins with a region.
    ///
    /// # Errors
    /// Those of the storage.
    fn last_seal_code(&self, authority: CreditCode, region: Region) -> Result<Option<SealCode>, RegisterError>;
    /// The entries of a list from a position on, by position.
    ///
    /// # Errors
    /// Those of the storage.
    fn entries(
        &self,
        authority: CreditCode,
        from: StatusPointer,
        visit: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), RegisterError>;
    /// The entries of a list that are not in force, by position.
    ///
    /// # Errors
    /// Those of the storage.
    fn listed(&self, authority: CreditCode, list: u64) -> Result<Vec<(u32, State)>, RegisterError>;
    /// Changes the state of an entry, and by what it was replaced.
    ///
    /// # Errors
    /// Those of the storage.
    fn set_state(
        &mut self,
        authority: CreditCode,
        at: StatusPointer,
        state: State,
        since: Timestamp,
        successor: Option<StatusPointer>,
    ) -> Result<(), RegisterError>;

    /// What is kept beside the entry at a position.
    ///
    /// # Errors
    /// Those of the storage.
    fn content(&self, authority: CreditCode, at: StatusPointer) -> Result<Option<Content>, RegisterError>;
    /// Erases the content at a position so that the storage does not have it any more: the bytes, and type, number and version.
    ///
    /// # Errors
    /// Those of the storage.
    fn erase(&mut self, authority: CreditCode, at: StatusPointer) -> Result<(), RegisterError>;

    /// The publications of a list, oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    fn publications(&self, authority: CreditCode, list: u64) -> Result<Vec<Publication>, RegisterError>;
    /// Puts a publication in.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_publication(&mut self, authority: CreditCode, publication: &Publication) -> Result<(), RegisterError>;

    /// Those who may approve.
    ///
    /// # Errors
    /// Those of the storage.
    fn operators(&self) -> Result<Vec<Operator>, RegisterError>;
    /// Admits an operator.
    ///
    /// # Errors
    /// Those of the storage.
    fn add_operator(&mut self, operator: &Operator) -> Result<(), RegisterError>;
    /// An operator approves no longer.
    ///
    /// # Errors
    /// Those of the storage.
    fn remove_operator(&mut self, key: &PublicKey) -> Result<(), RegisterError>;

    /// Looks whether the storage itself is whole: what is wrong with it, in its own words.
    ///
    /// # Errors
    /// Those of the storage.
    fn check_storage(&self) -> Result<Vec<String>, RegisterError>;
}
