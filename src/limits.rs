//! What may be spent on input: fixed ceilings, and a budget that each verification draws on.

/// The largest credential (license, seal, stamp, presentation) that is read, in bytes.
pub const MAX_OBJECT: usize = 1 << 20;
/// The largest trust list, issuer directory or status list that is read, in bytes.
pub const MAX_TRUST_OBJECT: usize = 64 << 20;
/// How deep arrays, maps and tags may nest.
pub const MAX_DEPTH: usize = 8;

/// What may be spent. Every loop that an attacker can drive draws on one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Signature checks for one path or one object.
    pub signature_checks: u16,
    /// Candidate certificates or directory entries that are looked at for one question.
    pub candidates: u16,
    /// Certificates in a path, end entity and anchor included.
    pub path_length: u8,
}

impl Limits {
    /// The limits of the format: at most 3 certificates, 8 signature checks and 64 candidates.
    pub const STANDARD: Self = Self { signature_checks: 8, candidates: 64, path_length: 3 };

    /// The same limits with another path length, for suites of certificates that were not written for this format.
    #[must_use]
    pub const fn with_path_length(self, path_length: u8) -> Self {
        Self { path_length, ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// The budget is spent: more work would be needed for an answer than the limits allow. Always *undetermined*, never *invalid*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("the work allowed for this question is spent")]
pub struct Exhausted;

/// What is left of some [`Limits`]. Running out is final: a spent budget stays spent.
#[derive(Clone, Debug)]
pub struct Budget {
    signature_checks: u16,
    candidates: u16,
}

impl Budget {
    /// A fresh budget.
    #[must_use]
    pub const fn new(limits: Limits) -> Self {
        Self { signature_checks: limits.signature_checks, candidates: limits.candidates }
    }

    /// Draws one signature check.
    ///
    /// # Errors
    /// [`Exhausted`] when none is left.
    pub fn signature_check(&mut self) -> Result<(), Exhausted> {
        self.signature_checks = self.signature_checks.checked_sub(1).ok_or(Exhausted)?;
        Ok(())
    }

    /// Draws one candidate.
    ///
    /// # Errors
    /// [`Exhausted`] when none is left.
    pub fn candidate(&mut self) -> Result<(), Exhausted> {
        self.candidates = self.candidates.checked_sub(1).ok_or(Exhausted)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spent_budget_stays_spent() {
        let mut budget = Budget::new(Limits { signature_checks: 1, candidates: 2, path_length: 3 });
        assert_eq!(budget.signature_check(), Ok(()));
        assert_eq!(budget.signature_check(), Err(Exhausted));
        assert_eq!(budget.signature_check(), Err(Exhausted));
        assert_eq!(budget.candidate(), Ok(()));
        assert_eq!(budget.candidate(), Ok(()));
        assert_eq!(budget.candidate(), Err(Exhausted));
    }
}
