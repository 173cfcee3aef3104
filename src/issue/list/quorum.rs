//! Drafts of trust lists that travel from signer to signer: who has signed, who is missing, who may still sign.

use alloc::string::String;
use alloc::vec::Vec;

use super::TrustListError;
use crate::issue::multi_draft::{self, MultiDraft};
use crate::suite::PublicKey;
use crate::trust::{ListSigner, TrustList};

/// A draft of a trust list with the signatures that it has so far, each of them verified.
#[derive(Clone, Debug)]
pub struct ListDraft {
    /// What is signed.
    pub list: TrustList,
    /// The signatures.
    pub draft: MultiDraft,
}

/// By whose right a signature counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signatory {
    /// Those whom the list before names: they decide on the next one.
    Before,
    /// Those whom the list itself names: asked for where they are others, and of a federation's first list.
    Own,
}

/// A threshold, and how far it is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Whose.
    pub of: Signatory,
    /// How many operators it takes.
    pub threshold: u64,
    /// The operators who have signed, each once.
    pub signed: Vec<String>,
    /// The operators who have not.
    pub open: Vec<String>,
}

impl Tally {
    /// How many operators are missing.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.threshold.saturating_sub(u64::try_from(self.signed.len()).unwrap_or(u64::MAX))
    }
}

/// Why a key does not sign a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningFault {
    /// Neither the list before nor the list itself names the key.
    #[error("neither the list before nor the list itself names this key")]
    NotASigner,
    /// The key has signed.
    #[error("this key has signed already")]
    KeySigned,
    /// The operator has signed with another key, and counts once.
    #[error("this operator has signed already, with another key, and counts once")]
    OperatorSigned,
}

impl ListDraft {
    /// What a draft or a list says, whoever signed it: to look at, and to compare.
    ///
    /// # Errors
    /// [`TrustListError`] where it is neither.
    pub fn claimed_list(bytes: &[u8]) -> Result<TrustList, TrustListError> {
        TrustList::parse(multi_draft::claimed_payload(bytes)?).map_err(TrustListError::Read)
    }

    /// Reads a draft, with or without signatures, and verifies each by the keys that the list and the one before it name. A list that is
    /// signed by all is such a draft too.
    ///
    /// # Errors
    /// [`TrustListError`]; a signature by nobody who is named is refused: it would only get lost.
    pub fn read(bytes: &[u8], before: Option<&TrustList>) -> Result<Self, TrustListError> {
        let list = Self::claimed_list(bytes)?;
        let named = before.into_iter().chain([&list]).flat_map(|list| &list.signers);
        let keys: Vec<&PublicKey> = named.filter_map(|signer| signer.key.known()).collect();
        let draft = MultiDraft::read(bytes, &keys)?;
        Ok(Self { list, draft })
    }

    /// The thresholds that must be met for the list to follow `before`: that of the list before, and its own where the signers change.
    #[must_use]
    pub fn tallies(&self, before: Option<&TrustList>) -> Vec<Tally> {
        let own = self.tally(Signatory::Own, &self.list);
        match before {
            None => Vec::from([own]),
            Some(before) => {
                let first = self.tally(Signatory::Before, before);
                let same = before.signers == self.list.signers && before.threshold == self.list.threshold;
                if same { Vec::from([first]) } else { Vec::from([first, own]) }
            }
        }
    }

    fn tally(&self, of: Signatory, by: &TrustList) -> Tally {
        let mut tally = Tally { of, threshold: by.threshold, signed: Vec::new(), open: Vec::new() };
        for signer in &by.signers {
            if self.has_signed(signer) && !tally.signed.contains(&signer.operator) {
                tally.signed.push(signer.operator.clone());
            }
        }
        for signer in &by.signers {
            if !tally.signed.contains(&signer.operator) && !tally.open.contains(&signer.operator) {
                tally.open.push(signer.operator.clone());
            }
        }
        tally
    }

    fn has_signed(&self, signer: &ListSigner) -> bool {
        signer.key.known().is_some_and(|key| self.draft.signed_by().any(|signed| signed == key))
    }

    /// Does a signature by this key bring the list on? Gives the operator.
    ///
    /// # Errors
    /// [`SigningFault`]: it counts for nothing, or counted already.
    pub fn check_signer(&self, key: &PublicKey, before: Option<&TrustList>) -> Result<String, SigningFault> {
        if self.draft.signed_by().any(|signed| signed == key) {
            return Err(SigningFault::KeySigned);
        }
        let mut found = Err(SigningFault::NotASigner);
        for by in before.into_iter().chain([&self.list]) {
            let named = by.signers.iter().find(|signer| signer.key.known() == Some(key));
            let Some(signer) = named else { continue };
            let counted = by.signers.iter().any(|other| other.operator == signer.operator && self.has_signed(other));
            match counted {
                false => return Ok(signer.operator.clone()),
                true => found = Err(SigningFault::OperatorSigned),
            }
        }
        found
    }
}
