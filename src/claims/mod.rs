//! What a credential says: its claims, read and not yet believed, and the identifiers inside them.
//!
//! A reader here answers one question: is this of the shape that the format demands? Whether any of it is *true* is for
//! `chain` and what follows. Until then it stays wrapped in [`Unverified`].

pub mod fields;
pub mod id;

/// Well-formed, and not yet believed: nobody has shown that its signer had the right to say it.
///
/// There is no way out of this wrapper but authentication. [`claimed`](Self::claimed) lets a step look at what is claimed,
/// to find the signer or to show a person what is being refused; nothing may be concluded from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified<T>(T);

impl<T> Unverified<T> {
    /// Wraps what a reader has just read.
    pub(crate) const fn new(claims: T) -> Self {
        Self(claims)
    }

    /// What is claimed, not what is so.
    #[must_use]
    pub const fn claimed(&self) -> &T {
        &self.0
    }

    /// Takes the claims out: for authentication alone.
    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}
