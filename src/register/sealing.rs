//! Making seals through the register: allot, sign, record, release, in this order, as for licenses.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

use super::change::{Change, change_license};
use super::event::Event;
use super::issuing::{add_key, allot};
use super::journal::Act;
use super::record::{Entry, Issuance, Kind, SealName};
use super::seam::{NewEntry, Register, Taken};
use super::transaction::{record, transact, void};
use super::{Desk, RegisterError};
use crate::claims::id::{Region, SealCode};
use crate::claims::{CredentialId, SealClaims, SealError, SealFault, StatusPointer};
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::issue::{MadeSeal, MakeSealError, SealCredential, SealFacts, Signer, draft_seal, make_seal};
use crate::status::State;
use crate::store::Store;
use crate::time::{Period, Timestamp};

/// The last eight digits of a seal's code, at most.
const MAX_SERIAL: u32 = 99_999_999;

/// A seal to be made.
#[derive(Clone, Copy, Debug)]
pub struct SealRequest<'a> {
    /// What it says.
    pub facts: &'a SealFacts,
    /// In which of the maker's status lists it is to stand.
    pub list: u64,
    /// `cti`: 16 bytes from a cryptographic source of randomness.
    pub id: CredentialId,
    /// From when it may be used; `None` = from now on, and of a seal that is there already, from when that one may.
    pub from: Option<Timestamp>,
    /// From when it may no longer be used.
    pub until: Timestamp,
    /// What becomes of the seal of this code that is there.
    pub replacing: Replacing,
}

/// What becomes of a seal of the same code, where another one is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replacing {
    /// It stays, and none is made beside it, unless it is out of force for good.
    Nothing,
    /// It is superseded by the new one: other keys may stamp now, or it is drawn anew.
    Former,
}

/// A seal as the register keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSeal {
    /// What is kept of it for good.
    pub entry: Entry,
    /// The envelope, as it is handed out (`.zye`).
    pub bytes: Vec<u8>,
}

/// What a request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// The seal was made.
    New(HeldSeal),
    /// The same seal was made before; here it is again.
    Again(HeldSeal),
}

impl Sealed {
    /// The seal.
    #[must_use]
    pub const fn seal(&self) -> &HeldSeal {
        match self {
            Self::New(seal) | Self::Again(seal) => seal,
        }
    }
}

/// In what two seals of the same code differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SealDifference {
    /// 印章名称.
    Name,
    /// 印章类型.
    Kind,
    /// The owner, or its name.
    Owner,
    /// 印模, or its size on paper.
    Picture,
    /// The keys that may stamp.
    Signers,
    /// What it may be used on.
    Allowed,
    /// From when, and until when.
    Validity,
}

/// Why a seal is not made through the register.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterSealError {
    /// The seal itself is refused.
    #[error(transparent)]
    Make(#[from] MakeSealError),
    /// The register refuses.
    #[error(transparent)]
    Register(#[from] RegisterError),
}

/// What there is of a code already.
enum Held {
    /// Nothing, or what is out of force for good: so many were made.
    Room(u16),
    /// The same seal.
    Same(Box<HeldSeal>),
    /// Another one, which is to be superseded: so many were made, and this was the last.
    Superseded(u16, StatusPointer),
}

impl<R: Register> Desk<R> {
    /// Makes a seal: checks it, allots a position, signs, records, and only then hands out. If the signer fails, the position is void.
    ///
    /// A seal of a code is made once. The same request gives the same seal again, byte for byte, whatever became of it; another one is
    /// refused with [`RegisterError::DuplicateSeal`], unless the one that is there is out of force for good or is to be replaced.
    ///
    /// # Errors
    /// [`RegisterSealError`]. Nothing is allotted for a seal that a verifier would refuse.
    pub fn seal(
        &mut self,
        request: &SealRequest<'_>,
        store: Option<&Store>,
        maker: &dyn Signer,
        act: &Act<'_>,
    ) -> Result<Sealed, RegisterSealError> {
        let (made, former) = match self.look_for(request)? {
            Held::Same(seal) => return Ok(Sealed::Again(*seal)),
            Held::Room(made) => (made, None),
            Held::Superseded(made, former) => (made, Some(former)),
        };
        self.check_key(maker.public_key())?;
        if self.by_id(request.id)?.is_some() {
            return Err(RegisterError::IdUsed(request.id).into());
        }
        // What a verifier would refuse costs no position.
        let credential = self.credential(request, self.next(request.list)?, act.time)?;
        draft_seal(request.facts, &credential, store, maker.public_key())?;
        let authority = self.authority;
        let span = transact(&mut self.register, |register| allot(register, authority, request.list, 1, act))?;
        let at = StatusPointer { list: span.list, index: span.first.into() };
        let credential = SealCredential { status: at, ..credential };
        let sealed = match make_seal(request.facts, &credential, store, maker) {
            Ok(sealed) => sealed,
            Err(error) => {
                transact(&mut self.register, |register| void(register, authority, span, &[span], act))?;
                return Err(error.into());
            }
        };
        let making = made.saturating_add(1);
        let put_in = transact(&mut self.register, |register| {
            add_key(register, authority, maker.public_key(), act)?;
            let entry = entry_of(request.facts, &credential, &sealed, making, register.head()?.records);
            let new = NewEntry { entry: &entry, bytes: &sealed.bytes, signer: maker.public_key().thumbprint() };
            if let Err(taken) = register.add_entry(authority, &new)? {
                void(register, authority, span, &[span], act)?;
                return Ok::<_, RegisterError>(Err(taken));
            }
            register.remove_allotment(authority, span)?;
            record(register, Some(authority), act, Event::Sealed(at), Some(sealed.digest))?;
            if let Some(former) = former {
                let change = Change::to(former, State::Superseded);
                change_license(register, authority, &change, Some(at), act)?;
            }
            Ok(Ok(entry))
        })?;
        match put_in {
            Ok(entry) => Ok(Sealed::New(HeldSeal { entry, bytes: sealed.bytes })),
            Err(Taken::Id) => Err(RegisterError::IdUsed(request.id).into()),
            // Another process was quicker.
            Err(Taken::Name) => match self.look_for(request)? {
                Held::Same(seal) => Ok(Sealed::Again(*seal)),
                Held::Room(_) | Held::Superseded(..) => Err(RegisterError::DamagedEntry(at).into()),
            },
            Err(Taken::Position) => Err(RegisterError::DamagedEntry(at).into()),
        }
    }

    /// The seal that a request would be given again; `None` if it would be a new one.
    ///
    /// # Errors
    /// [`RegisterError::DuplicateSeal`] if the seal that is there is another.
    pub fn held_seal(&self, request: &SealRequest<'_>) -> Result<Option<HeldSeal>, RegisterSealError> {
        Ok(match self.look_for(request)? {
            Held::Same(seal) => Some(*seal),
            Held::Room(_) | Held::Superseded(..) => None,
        })
    }

    /// The credential that a request comes to, at a position.
    ///
    /// # Errors
    /// [`MakeSealError::Claims`] if the seal could never be used.
    pub fn credential(
        &self,
        request: &SealRequest<'_>,
        status: StatusPointer,
        now: Timestamp,
    ) -> Result<SealCredential, MakeSealError> {
        let (from, until) = (request.from.unwrap_or(now), request.until);
        let validity = Period::new(from.seconds(), Some(until.seconds())).filter(|_| from < until);
        let validity = validity.ok_or(SealError { fault: SealFault::Validity, at: 0 })?;
        Ok(SealCredential { maker: self.authority, validity, issued_at: now, id: request.id, status })
    }

    /// The code of the next seal of a region: the one after the highest that was used, by this maker.
    ///
    /// # Errors
    /// [`RegisterError::NoSealCode`], those of the storage.
    pub fn next_seal_code(&self, region: Region) -> Result<SealCode, RegisterError> {
        let last = self.register.last_seal_code(self.authority, region)?;
        let serial = last.and_then(|code| code.as_str().get(6..).and_then(|digits| digits.parse::<u32>().ok()));
        let next = serial.unwrap_or(0).saturating_add(1);
        let code = SealCode::parse(&format!("{}{next:08}", region.as_str()));
        code.ok().filter(|_| next <= MAX_SERIAL).ok_or(RegisterError::NoSealCode(region))
    }

    fn look_for(&self, request: &SealRequest<'_>) -> Result<Held, RegisterError> {
        let Some(last) = self.seals(request.facts.code)?.pop() else { return Ok(Held::Room(0)) };
        let at = last.status;
        let damaged = || RegisterError::DamagedEntry(at);
        let bytes = self.content(at)?.ok_or_else(damaged)?;
        let envelope = Envelope::parse(&bytes, Expected::Type(ObjectType::Seal)).map_err(|_| damaged())?;
        let claims = SealClaims::parse(envelope.claimed_payload()).map_err(|_| damaged())?;
        let differences = differences(claims.claimed(), request);
        let made = last.seal.as_ref().map_or(1, |seal| seal.making);
        if differences.is_empty() {
            return Ok(Held::Same(Box::new(HeldSeal { entry: last, bytes })));
        }
        if !last.state.is_reversible() {
            return Ok(Held::Room(made));
        }
        match request.replacing {
            Replacing::Former => Ok(Held::Superseded(made, at)),
            Replacing::Nothing => Err(RegisterError::DuplicateSeal { existing: Box::new(last), differences }),
        }
    }
}

fn entry_of(facts: &SealFacts, credential: &SealCredential, sealed: &MadeSeal, making: u16, record: u64) -> Entry {
    let SealFacts { code, owner, name, .. } = facts;
    let SealCredential { validity, issued_at, id, status, .. } = *credential;
    Entry {
        status,
        license: status,
        kind: Kind::Seal,
        name: None,
        seal: Some(SealName { code: *code, making, owner: *owner, name: name.clone() }),
        issuance: Issuance {
            id,
            digest: sealed.digest,
            not_before: Timestamp::new(validity.from()).unwrap_or(issued_at),
            issued_at,
            expires: validity.until().and_then(Timestamp::new),
        },
        record,
        state: State::InForce,
        since: issued_at,
        successor: None,
    }
}

fn differences(held: &SealClaims<'_>, asked: &SealRequest<'_>) -> Vec<SealDifference> {
    let (seal, facts) = (&held.seal, asked.facts);
    let mut signers = facts.signers.clone();
    signers.sort_unstable();
    let mut allowed: Vec<&str> = facts.allowed.iter().map(|kind| kind.as_str()).collect();
    allowed.sort_unstable();
    let held_allowed: Vec<&str> = seal.allowed.iter().flat_map(|allowed| allowed.iter()).collect();
    let (picture, [width, height]) = (&seal.picture, facts.millimetres);
    let is_same_picture = picture.bytes() == facts.picture
        && picture.format() == facts.picture_format
        && (picture.width(), picture.height()) == (width, height);
    let (from, until) = (held.validity.from(), held.validity.until());
    let is_same_validity =
        asked.from.is_none_or(|asked| asked.seconds() == from) && until == Some(asked.until.seconds());
    let parts = [
        (seal.name == facts.name, SealDifference::Name),
        (seal.kind == facts.kind, SealDifference::Kind),
        (seal.owner == facts.owner && seal.owner_name == facts.owner_name, SealDifference::Owner),
        (is_same_picture, SealDifference::Picture),
        (seal.signers.iter().eq(signers), SealDifference::Signers),
        (held_allowed == allowed, SealDifference::Allowed),
        (is_same_validity, SealDifference::Validity),
    ];
    parts.into_iter().filter(|(is_same, _)| !is_same).map(|(_, what)| what).collect()
}
