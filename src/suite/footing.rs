//! What rests on which algorithm, and since when.

use super::Algorithm;
use crate::time::Timestamp;

/// The signatures that something rests on: of each algorithm, the latest time at which one of them claims to have been made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footing([Option<Timestamp>; Algorithm::ALL.len()]);

impl Footing {
    /// No signature.
    pub const NONE: Self = Self([None; Algorithm::ALL.len()]);

    /// One signature.
    #[must_use]
    pub fn of(algorithm: Algorithm, at: Timestamp) -> Self {
        let mut footing = Self::NONE;
        for (known, latest) in Algorithm::ALL.iter().zip(&mut footing.0) {
            *latest = (*known == algorithm).then_some(at);
        }
        footing
    }

    /// The signatures of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (latest, other) in self.0.iter_mut().zip(other.0) {
            *latest = (*latest).max(other);
        }
        self
    }

    /// Each algorithm, and the latest time that a signature by it claims.
    pub fn signatures(&self) -> impl Iterator<Item = (Algorithm, Timestamp)> + '_ {
        Algorithm::ALL.iter().zip(&self.0).filter_map(|(algorithm, latest)| latest.map(|at| (*algorithm, at)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn the_latest_of_each_algorithm_counts() {
        let at = |seconds| Timestamp::new(seconds).unwrap();
        assert_eq!(Footing::NONE.signatures().count(), 0);
        let of = |seconds| Footing::of(Algorithm::Ed25519, at(seconds));
        let both = of(5).and(of(9)).and(of(7)).and(Footing::NONE);
        assert_eq!(both.signatures().collect::<Vec<_>>(), [(Algorithm::Ed25519, at(9))]);
        #[cfg(feature = "sm")]
        {
            let mixed = both.and(Footing::of(Algorithm::Sm2, at(3)));
            assert_eq!(mixed.signatures().collect::<Vec<_>>(), [(Algorithm::Ed25519, at(9)), (Algorithm::Sm2, at(3))]);
        }
    }
}
