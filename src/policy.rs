//! What a verifier asks for, as data.

use crate::claims::id::Region;

/// Is a question asked?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// It is.
    Yes,
    /// It is not, on the caller's explicit word.
    No,
}

/// Is the grace that the trust list grants after `next_update` used?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GraceUse {
    /// As the trust list grants it. A verifier may use less, never more.
    AsListed,
    /// Not at all: what is past its `next_update` is stale.
    None,
}

/// What a verifier asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// Its name, for the report.
    pub name: &'static str,
    /// Where the verifier stands; licenses of the same province are local. Without it recognition is undetermined.
    pub region: Option<Region>,
    /// Is recognition asked for?
    pub recognition: Ask,
    /// Is the holder's presentation asked for, of a license that demands one?
    pub presentation: Ask,
    /// Is the listed grace used?
    pub grace: GraceUse,
}

impl Policy {
    /// Everything is asked and nothing is overdue.
    #[must_use]
    pub const fn strict(region: Option<Region>) -> Self {
        Self { name: "strict", region, recognition: Ask::Yes, presentation: Ask::Yes, grace: GraceUse::None }
    }

    /// Everything is asked; overdue lists are good for the grace that the trust list grants.
    #[must_use]
    pub const fn counter(region: Option<Region>) -> Self {
        Self { name: "counter", region, recognition: Ask::Yes, presentation: Ask::Yes, grace: GraceUse::AsListed }
    }

    /// The same policy that does not ask for recognition.
    #[must_use]
    pub const fn without_recognition(mut self) -> Self {
        self.recognition = Ask::No;
        self
    }

    /// The same policy that does not ask for the holder's presentation.
    #[must_use]
    pub const fn without_presentation(mut self) -> Self {
        self.presentation = Ask::No;
        self
    }

    /// The seconds of grace that are used of those that are granted.
    #[must_use]
    pub const fn grace(&self, granted: u64) -> u64 {
        match self.grace {
            GraceUse::AsListed => granted,
            GraceUse::None => 0,
        }
    }
}
