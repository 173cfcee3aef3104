//! A statement that travels: what one operator wants done, written down in full, until another one has signed it on a machine of his own.

use alloc::string::String;
use alloc::vec::Vec;

use super::RegisterError;
use super::control::{Consent, Decision, STATEMENT, Signature, Stated, statement, write_changes};
use crate::cbor::{self, Kind, Reader, Writer};
use crate::claims::StatusPointer;
use crate::claims::id::CreditCode;
use crate::issue::{SignError, Signer};
use crate::status::State;
use crate::suite::{Digest, PublicKey, sha256};
use crate::time::Timestamp;
use crate::trust::HistoryState;

/// The form of a proposal.
const PROPOSAL: &str = "zhengyin.proposal/1";
/// Who does it, and who approves it.
const SIGNATURES: usize = 2;

/// Why a proposal is not one that could be signed or followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProposalError {
    /// It is no proposal.
    #[error("it is no proposal of this version: {0}")]
    Shape(#[from] cbor::Error),
    /// What is written out is not what the statement means.
    #[error("what is written out is not what was signed")]
    Contents,
    /// A signature does not verify.
    #[error("a signature does not verify")]
    Signature,
    /// The key has signed already, or two have.
    #[error("it was signed by this key, or by two, already")]
    Signed,
    /// The signer failed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// A statement with what it is about, and those who have signed it.
///
/// ```cddl
/// proposal = ["zhengyin.proposal/1", statement: bstr, changes: bstr / null, [0*2 [spki: bstr, signature: bstr]]]
/// ; changes: the [* change] whose digest the statement has
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    statement: Vec<u8>,
    changes: Option<Vec<u8>>,
    signatures: Vec<(PublicKey, Vec<u8>)>,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// The authority that it concerns; none for what concerns the register itself.
    pub authority: Option<CreditCode>,
    /// Why.
    pub reason: String,
    /// When it was made, and which one it is.
    pub stated: Stated,
    /// What is to be done.
    pub matter: Matter,
}

/// What is to be done: a [`Decision`] that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Matter {
    /// Licenses change their states.
    Changes(Vec<ProposedChange>),
    /// A key is withdrawn, or in other hands.
    Withdrawal {
        /// The key.
        key: PublicKey,
        /// What becomes of it.
        state: HistoryState,
        /// Since when it may have been in other hands.
        since: Option<Timestamp>,
    },
    /// An operator is admitted, or approves no longer.
    Operator {
        /// Its name.
        name: String,
        /// Its key.
        key: PublicKey,
        /// Whether it is admitted.
        admitted: bool,
    },
}

/// A change that was read. The register holds to the number: what is done is done to the license that was read here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedChange {
    /// Where the license stands.
    pub at: StatusPointer,
    /// Its number; none if it was erased by law.
    pub number: Option<String>,
    /// The state that it is to have.
    pub state: State,
    /// The legal basis.
    pub basis: Option<String>,
    /// From when it holds in law, where that is not when it is done.
    pub effective: Option<Timestamp>,
}

impl Proposal {
    /// Writes down what is to be done; nobody has signed it.
    ///
    /// # Errors
    /// [`RegisterError::Text`] if a text holds characters that are not admitted.
    pub fn new(
        authority: Option<CreditCode>,
        reason: &str,
        stated: Stated,
        decision: &Decision<'_>,
    ) -> Result<Self, RegisterError> {
        let changes = match decision {
            Decision::Changes(changes) => Some(write_changes(changes)?),
            Decision::Withdrawal { .. } | Decision::Operator { .. } => None,
        };
        Ok(Self { statement: statement(authority, reason, stated, decision)?, changes, signatures: Vec::new() })
    }

    /// The digest of the statement: two people who read the same one to each other look at the same proposal.
    #[must_use]
    pub fn digest(&self) -> Digest {
        sha256(&self.statement)
    }

    /// Who has signed it, in this order.
    pub fn signers(&self) -> impl Iterator<Item = &PublicKey> {
        self.signatures.iter().map(|(key, _)| key)
    }

    /// Adds a signature, which is verified before it counts.
    ///
    /// # Errors
    /// [`ProposalError::Signed`], [`ProposalError::Sign`], [`ProposalError::Signature`].
    pub fn sign(&mut self, signer: &dyn Signer) -> Result<(), ProposalError> {
        let key = signer.public_key();
        if self.signatures.len() >= SIGNATURES || self.signers().any(|other| other == key) {
            return Err(ProposalError::Signed);
        }
        let signature = signer.sign(&self.statement)?;
        key.verify(&[&self.statement], &signature).map_err(|_| ProposalError::Signature)?;
        self.signatures.push((key.clone(), signature));
        Ok(())
    }

    /// Does it mean this, to the byte?
    ///
    /// # Errors
    /// [`RegisterError::Text`].
    pub fn is_for(
        &self,
        authority: Option<CreditCode>,
        reason: &str,
        stated: Stated,
        decision: &Decision<'_>,
    ) -> Result<bool, RegisterError> {
        Ok(statement(authority, reason, stated, decision)? == self.statement)
    }

    /// The consent of two, if two have signed.
    #[must_use]
    pub fn consent(&self, stated: Stated) -> Option<Consent<'_>> {
        let [first, second] = self.signatures.as_slice() else { return None };
        Some(Consent {
            stated,
            first: Signature { key: &first.0, signature: &first.1 },
            second: Signature { key: &second.0, signature: &second.1 },
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`ProposalError::Shape`].
    pub fn encode(&self) -> Result<Vec<u8>, ProposalError> {
        let mut w =
            Writer::with_capacity(self.changes.as_ref().map_or(512, |changes| changes.len().saturating_add(512)));
        w.array(4);
        w.text(PROPOSAL);
        w.bytes(&self.statement);
        match &self.changes {
            Some(changes) => w.bytes(changes),
            None => w.null(),
        }
        w.array_of(self.signatures.iter(), |w, (key, signature)| {
            w.array(2);
            w.bytes(&key.spki());
            w.bytes(signature);
        });
        Ok(w.finish()?)
    }

    /// Reads a proposal and what it says. What is written out is what the statement means, and every signature verifies; whose the keys
    /// are only the register knows.
    ///
    /// # Errors
    /// [`ProposalError`].
    pub fn parse(bytes: &[u8]) -> Result<(Self, Proposed), ProposalError> {
        let mut reader = Reader::new(bytes);
        reader.array_of(4)?;
        expect(&mut reader, PROPOSAL)?;
        let statement = reader.bytes()?.to_vec();
        let changes = nullable(&mut reader, |reader| reader.bytes().map(<[u8]>::to_vec))?;
        let mut signatures: Vec<(PublicKey, Vec<u8>)> = Vec::new();
        for _ in 0..reader.array()? {
            reader.array_of(2)?;
            let key = PublicKey::from_spki(reader.bytes()?).map_err(|_| ProposalError::Signature)?;
            let signature = reader.bytes()?.to_vec();
            key.verify(&[&statement], &signature).map_err(|_| ProposalError::Signature)?;
            if signatures.len() >= SIGNATURES || signatures.iter().any(|(other, _)| *other == key) {
                return Err(ProposalError::Signed);
            }
            signatures.push((key, signature));
        }
        reader.finish()?;
        let proposed = read_statement(&statement, changes.as_deref())?;
        Ok((Self { statement, changes, signatures }, proposed))
    }
}

fn expect(reader: &mut Reader<'_>, form: &str) -> Result<(), cbor::Error> {
    let at = reader.position();
    if reader.text()? == form { Ok(()) } else { Err(Reader::error_at(cbor::Fault::OutOfRange, at)) }
}

fn nullable<'a, T>(
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, cbor::Error>,
) -> Result<Option<T>, cbor::Error> {
    match reader.kind()? {
        Kind::Simple => reader.null().map(|()| None),
        _ => read(reader).map(Some),
    }
}

/// A value that a number stands for, or the fault that it stands for none.
fn number<T>(reader: &mut Reader<'_>, of: impl FnOnce(u8) -> Option<T>) -> Result<T, cbor::Error> {
    let at = reader.position();
    let number = u8::try_from(reader.uint()?).ok();
    number.and_then(of).ok_or(Reader::error_at(cbor::Fault::OutOfRange, at))
}

fn key(reader: &mut Reader<'_>) -> Result<PublicKey, cbor::Error> {
    let at = reader.position();
    PublicKey::from_spki(reader.bytes()?).map_err(|_| Reader::error_at(cbor::Fault::OutOfRange, at))
}

fn read_statement(bytes: &[u8], changes: Option<&[u8]>) -> Result<Proposed, ProposalError> {
    let mut reader = Reader::new(bytes);
    reader.array_of(6)?;
    expect(&mut reader, STATEMENT)?;
    let at = reader.position();
    let authority = nullable(&mut reader, |reader| {
        CreditCode::parse(reader.text()?).map_err(|_| Reader::error_at(cbor::Fault::OutOfRange, at))
    })?;
    let reason = reader.text()?.into();
    let stated = Stated { time: reader.timestamp()?, nonce: *reader.byte_array()? };
    let at = reader.position();
    let length = reader.array()?;
    let matter = match (reader.uint()?, length, changes) {
        (0, 3, Some(changes)) => {
            let count = reader.uint()?;
            let digest = Digest::new(*reader.byte_array()?);
            let read = read_changes(changes)?;
            if sha256(changes) != digest || u64::try_from(read.len()) != Ok(count) {
                return Err(ProposalError::Contents);
            }
            Matter::Changes(read)
        }
        (1, 4, None) => {
            let key = key(&mut reader)?;
            let states = [HistoryState::Retired, HistoryState::Withdrawn, HistoryState::Compromised];
            let state = number(&mut reader, |number| states.into_iter().find(|state| state.number() == number))?;
            Matter::Withdrawal { key, state, since: nullable(&mut reader, Reader::timestamp)? }
        }
        (2, 4, None) => {
            let name = reader.text()?.into();
            Matter::Operator { name, key: key(&mut reader)?, admitted: reader.boolean()? }
        }
        _ => return Err(Reader::error_at(cbor::Fault::OutOfRange, at).into()),
    };
    reader.finish()?;
    Ok(Proposed { authority, reason, stated, matter })
}

fn read_changes(bytes: &[u8]) -> Result<Vec<ProposedChange>, ProposalError> {
    let mut reader = Reader::new(bytes);
    let mut changes = Vec::new();
    for _ in 0..reader.array()? {
        reader.array_of(6)?;
        changes.push(ProposedChange {
            at: StatusPointer { list: reader.uint()?, index: reader.uint()? },
            number: nullable(&mut reader, |reader| reader.text().map(String::from))?,
            state: number(&mut reader, State::from_number)?,
            basis: nullable(&mut reader, |reader| reader.text().map(String::from))?,
            effective: nullable(&mut reader, Reader::timestamp)?,
        });
    }
    reader.finish()?;
    Ok(changes)
}
