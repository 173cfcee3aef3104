//! What the register keeps: licenses by what names them, what was signed, what was published.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::claims::id::{CreditCode, SealCode, TypeCode};
use crate::claims::{CredentialId, StatusPointer};
use crate::status::State;
use crate::suite::Digest;
use crate::time::Timestamp;
use crate::trust::HistoryState;

/// What names a license among those of its authority: one is issued for each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseName {
    /// 证照类型代码.
    pub type_code: TypeCode,
    /// 证照编号.
    pub number: String,
    /// Version, 1 to 999.
    pub version: u16,
}

/// What names a seal 电子印章 among those of its maker.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealName {
    /// 印章编码.
    pub code: SealCode,
    /// Which seal of this code it is, from 1: another is made when the one before is out of force for good.
    pub making: u16,
    /// Whose it is.
    pub owner: CreditCode,
    /// 印章名称.
    pub name: String,
}

/// What is kept of a credential for good. Nothing of the holder is: the digest names what was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuance {
    /// `cti`.
    pub id: CredentialId,
    /// The object digest.
    pub digest: Digest,
    /// `nbf`; of a seal, from when it may be used.
    pub not_before: Timestamp,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `exp`; of a seal, from when it may no longer be used.
    pub expires: Option<Timestamp>,
}

/// What a credential is among those of its license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The first one.
    First,
    /// The same license once more, because the technical expiry of an earlier credential drew near.
    Renewal,
    /// An annotated copy 加注件.
    Copy,
    /// No license: a seal 电子印章.
    Seal,
}

impl Kind {
    /// The number of it: 0 to 3.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::First => 0,
            Self::Renewal => 1,
            Self::Copy => 2,
            Self::Seal => 3,
        }
    }

    /// The kind of a number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::First),
            1 => Some(Self::Renewal),
            2 => Some(Self::Copy),
            3 => Some(Self::Seal),
            _ => None,
        }
    }
}

/// A credential in the register: what was signed at one position of a status list, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where its status stands.
    pub status: StatusPointer,
    /// The position of the license's first credential: that of this one, if it is the first.
    pub license: StatusPointer,
    /// What it is among those of its license.
    pub kind: Kind,
    /// Type, number and version; none where the content was erased by law, and of a seal.
    pub name: Option<LicenseName>,
    /// What names a seal; none of a license.
    pub seal: Option<SealName>,
    /// What was signed.
    pub issuance: Issuance,
    /// The number of the journal's record of its issue.
    pub record: u64,
    /// Its legal state.
    pub state: State,
    /// When that state was entered, by the register's time; the issue for one that never had another.
    pub since: Timestamp,
    /// The license by which this one was replaced.
    pub successor: Option<StatusPointer>,
}

impl Entry {
    /// May the credential enter this state? Nothing takes an irreversible one back.
    #[must_use]
    pub fn may_become(&self, state: State) -> bool {
        self.state == state || may_follow(self.state, state)
    }

    /// 证照编号, or 印章编码 of a seal; the credential id where the content was erased by law.
    #[must_use]
    pub fn number(&self) -> String {
        match self.held_number() {
            Some(number) => String::from(number),
            None => alloc::format!("{}", self.issuance.id),
        }
    }

    /// 证照编号, or 印章编码 of a seal; none where the content was erased by law.
    #[must_use]
    pub fn held_number(&self) -> Option<&str> {
        let of_seal = || self.seal.as_ref().map(|seal| seal.code.as_str());
        self.name.as_ref().map(|name| name.number.as_str()).or_else(of_seal)
    }
}

/// An irreversible state is never taken back; another may follow it. Void is what was never issued, and is entered by no license.
pub(super) fn may_follow(before: State, after: State) -> bool {
    before != after && after != State::Void && (before.is_reversible() || !after.is_reversible())
}

/// What may become of a key: in use it may become anything else, retired it may still be withdrawn, and what is withdrawn or compromised
/// stays so; a withdrawn key may turn out to have been in other hands.
pub(super) fn follows_in_order(before: Option<HistoryState>, after: HistoryState) -> bool {
    before.unwrap_or(HistoryState::Active).number() < after.number()
}

/// Positions of a list, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The list's number.
    pub list: u64,
    /// The first position.
    pub first: u32,
    /// How many, at least one.
    pub count: u32,
}

impl Span {
    /// The position after the last.
    #[must_use]
    pub const fn end(&self) -> u64 {
        // Both are below 2^32.
        #[allow(clippy::as_conversions, reason = "`From` is not const; nothing is lost")]
        (self.first as u64).saturating_add(self.count as u64)
    }

    /// Every position.
    pub fn positions(self) -> impl Iterator<Item = StatusPointer> {
        (u64::from(self.first)..self.end()).map(move |index| StatusPointer { list: self.list, index })
    }
}

/// What became of a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// Allotted; whether a license will be issued at it is not known yet.
    Allotted,
    /// A license was issued at it.
    Issued(Box<Entry>),
    /// Allotted and never issued.
    Void,
    /// Passed over when the register was restored from a backup: a license that was issued after the backup may stand there.
    Skipped,
}

/// What a status list has to say, as of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// How many records of the journal it takes in.
    pub records: u64,
    /// How many positions of the list were allotted.
    pub length: u32,
    /// Every position that is not in force, ascending.
    pub states: Vec<(u32, State)>,
}

/// A status list that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The list's number.
    pub list: u64,
    /// Its epoch.
    pub epoch: u64,
    /// Its sequence number.
    pub seq: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// How many positions it has.
    pub length: u32,
    /// What it says is what so many records of the journal add up to.
    pub records: u64,
    /// The object digest of its header.
    pub digest: Digest,
}
