//! Sets of suites: which a verifier relies on.

use super::Algorithm;

/// Some of the suites, at least one. It may name one that this build cannot check: what is signed by that is *unknown* to this build,
/// not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Suites(u8);

impl Suites {
    /// Ed25519 with SHA-256.
    pub const ED25519: Self = Self(1);
    /// SM2 with SM3.
    pub const SM2: Self = Self(2);
    /// Every suite.
    pub const ALL: Self = Self(3);

    /// Each suite by its name, in the order of their bits.
    pub const NAMED: [(&'static str, Self); 2] = [("ed25519", Self::ED25519), ("sm2", Self::SM2)];

    /// The suites of a bit set: 1 for Ed25519, 2 for SM2. `None` for no suite, and for bits that stand for none.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        match bits {
            1..=3 => Some(Self(bits)),
            _ => None,
        }
    }

    /// The suites of these names. `None` where there is no name, or one that is not in [`Suites::NAMED`].
    #[must_use]
    pub fn from_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<Self> {
        let mut bits = 0;
        for name in names {
            let (_, suite) = Self::NAMED.into_iter().find(|(known, _)| *known == name)?;
            bits |= suite.0;
        }
        Self::from_bits(bits)
    }

    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMED.into_iter().filter(move |(_, suite)| self.0 & suite.0 != 0).map(|(name, _)| name)
    }

    /// Those that are in both; `None` if there is none.
    #[must_use]
    pub const fn and(self, other: Self) -> Option<Self> {
        Self::from_bits(self.0 & other.0)
    }

    /// Is it the suite of this algorithm, or one of several?
    #[must_use]
    pub const fn contains(self, algorithm: Algorithm) -> bool {
        let suite = match algorithm {
            Algorithm::Ed25519 => Self::ED25519,
            #[cfg(feature = "sm")]
            Algorithm::Sm2 => Self::SM2,
        };
        self.0 & suite.0 != 0
    }

    /// Is it every suite?
    #[must_use]
    pub const fn is_all(self) -> bool {
        self.0 == Self::ALL.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_set_has_names_and_is_never_empty() {
        for bits in 1..=3 {
            let suites = Suites::from_bits(bits).unwrap();
            let names: Vec<_> = suites.names().collect();
            assert_eq!(Suites::from_names(names.iter().copied()), Some(suites));
            assert_eq!(suites.and(Suites::ALL), Some(suites));
            assert_eq!(suites.is_all(), bits == 3);
        }
        assert_eq!([0, 4, 7, 255].map(Suites::from_bits), [None; 4]);
        assert_eq!(Suites::from_names([]), None);
        assert_eq!(Suites::from_names(["sm2", "rsa"]), None);
        assert_eq!(Suites::ED25519.and(Suites::SM2), None);
    }

    #[test]
    fn every_algorithm_is_of_one_suite() {
        for algorithm in Algorithm::ALL {
            let of = Suites::NAMED.into_iter().filter(|(_, suite)| suite.contains(*algorithm));
            assert_eq!(of.count(), 1, "{algorithm:?}");
            assert!(Suites::ALL.contains(*algorithm));
        }
        assert!(Suites::ED25519.contains(Algorithm::Ed25519) && !Suites::SM2.contains(Algorithm::Ed25519));
    }
}
