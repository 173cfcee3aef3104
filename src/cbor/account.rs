//! What a writer knows of its bytes without reading them again.

use super::head::Kind;
use crate::labels::tag;
use crate::limits::MAX_DEPTH;

/// Keeps account while items are written. Where it says [`Account::is_settled`], the reader accepts what was written; where it does
/// not, the reader is asked.
///
/// Heads stand before what they hold, so items are whole when as many began as heads announced: one number tells (the arity count of
/// prefix notation). A map that is being written announces nothing; what its entries owe is counted from a floor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    /// Items that were announced and did not begin yet.
    owed: u64,
    /// Where what is being written is whole: nothing may begin then.
    floor: u64,
    containers: usize,
    tagged: Tagged,
    is_doubtful: bool,
}

/// What the item before was, if it was a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tagged {
    No,
    /// COSE_Sign1 or COSE_Sign: an array follows.
    Array,
    /// Days since 1970-01-01: an integer follows.
    Int,
}

/// The floor of what a map stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outer(u64);

impl Account {
    /// One item is owed.
    pub(super) const fn new() -> Self {
        Self { owed: 1, floor: 0, containers: 0, tagged: Tagged::No, is_doubtful: false }
    }

    /// An item begins, and announces as many as it holds.
    #[inline]
    pub(super) fn begins(&mut self, kind: Kind, holds: u64) {
        let fits = match self.tagged {
            Tagged::No => true,
            Tagged::Array => kind == Kind::Array,
            Tagged::Int => matches!(kind, Kind::Uint | Kind::Negative),
        };
        self.tagged = Tagged::No;
        match self.owed.checked_sub(1).filter(|left| fits && *left >= self.floor) {
            Some(left) => self.owed = left.saturating_add(holds),
            None => self.is_doubtful = true,
        }
    }

    /// An array, a map or a tag begins.
    #[inline]
    pub(super) fn opens(&mut self, kind: Kind, holds: u64) {
        self.begins(kind, holds);
        self.containers = self.containers.saturating_add(1);
    }

    /// A tag begins.
    #[inline]
    pub(super) fn tags(&mut self, tag: u64) {
        self.opens(Kind::Tag, 1);
        match tag {
            tag::COSE_SIGN1 | tag::COSE_SIGN => self.tagged = Tagged::Array,
            tag::EPOCH_DAYS => self.tagged = Tagged::Int,
            _ => self.is_doubtful = true,
        }
    }

    /// The entries of a map follow, each with [`Account::enters`].
    #[inline]
    pub(super) fn descends(&mut self) -> Outer {
        let outer = Outer(self.floor);
        self.floor = self.owed;
        outer
    }

    /// An entry follows: a key, and the one item that is its value.
    #[inline]
    pub(super) fn enters(&mut self) {
        self.is_doubtful |= self.owed != self.floor;
        self.owed = self.floor.saturating_add(2);
    }

    /// The entries have ended.
    #[inline]
    pub(super) fn ascends(&mut self, outer: Outer) {
        self.is_doubtful |= self.owed != self.floor;
        self.owed = self.floor;
        self.floor = outer.0;
    }

    /// Something was written that only the reader can judge.
    #[inline]
    pub(super) const fn doubts(&mut self) {
        self.is_doubtful = true;
    }

    /// Is what was written one item, whole and canonical?
    #[inline]
    pub(super) const fn is_settled(&self) -> bool {
        // As many containers as may stand in one another cannot stand in one another too deeply.
        !self.is_doubtful && self.owed == 0 && self.containers <= MAX_DEPTH
    }
}
