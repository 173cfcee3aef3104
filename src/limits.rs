//! What may be spent on input: fixed ceilings, and a budget that each verification draws on.

/// The largest credential (license, seal, stamp, presentation) that is read, in bytes.
pub const MAX_OBJECT: usize = 1 << 20;
/// The largest trust list, issuer directory or status list that is read, in bytes.
pub const MAX_TRUST_OBJECT: usize = 64 << 20;
/// The largest protected header that is read, in bytes: it is looked at several times before anything else of an object.
pub const MAX_PROTECTED: usize = 4_096;
/// The largest picture of a seal, in bytes. A drawn seal of a dozen characters takes some 20,000.
pub const MAX_PICTURE: usize = 128 << 10;
/// The largest file of stamps with their seals that is read, in bytes.
pub const MAX_STAMP_FILE: usize = 8 << 20;
/// How many seals and stamps one such file may hold together: each costs a few signature checks.
pub const MAX_STAMP_ITEMS: usize = 64;
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
    /// Items of any kind in a trust list or a directory. What is read takes some fifty bytes an item at most, however small it is on the
    /// wire, so that nobody's unsigned bytes take much more memory than they are.
    pub items: usize,
    /// Entries of one history.
    pub history: usize,
    /// Languages in which one thing is named.
    pub names: usize,
    /// Prefixes or codes in one list: regions, types, authorities, uses.
    pub prefixes: usize,
    /// Signers of trust lists: as many as one list can bear the signatures of. Each key is admitted before anyone has vouched for the
    /// list, and that is the dearest thing that a reader does.
    pub list_signers: usize,
    /// Anchors of one province.
    pub anchors: usize,
    /// Recognition rules, known defects, and renamed districts of a trust list, of each so many.
    pub rules: usize,
    /// Entries of a directory.
    pub issuers: usize,
}

impl Limits {
    /// The limits of the format: at most 3 certificates, 8 signature checks and 64 candidates; the others stand in format.md §6.
    pub const STANDARD: Self = Self {
        signature_checks: 8,
        candidates: 64,
        path_length: 3,
        items: 1 << 21,
        history: 64,
        names: 16,
        prefixes: 1_024,
        list_signers: 64,
        anchors: 32,
        rules: 4_096,
        issuers: 1 << 16,
    };

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
        let mut budget = Budget::new(Limits { signature_checks: 1, candidates: 2, ..Limits::STANDARD });
        assert_eq!(budget.signature_check(), Ok(()));
        assert_eq!(budget.signature_check(), Err(Exhausted));
        assert_eq!(budget.signature_check(), Err(Exhausted));
        assert_eq!(budget.candidate(), Ok(()));
        assert_eq!(budget.candidate(), Ok(()));
        assert_eq!(budget.candidate(), Err(Exhausted));
    }
}
