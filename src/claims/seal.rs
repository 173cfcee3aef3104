//! Seal 电子印章: who may stamp in whose name, with which picture, as its maker 制章者 says.

mod body;
mod fault;

pub use body::{Allowed, Seal, SealKind, Signers};
pub use fault::{Part as SealPart, SealError, SealFault};

use alloc::vec::Vec;

use super::id::CreditCode;
use super::{CredentialId, StatusPointer, Unverified};
use crate::cbor::{Fault, Key, Reader, Writer};
use crate::labels::cwt;
use crate::time::{Period, Timestamp};
use fault::Part;

/// The claims of a seal. They borrow from the payload; reading them allocates nothing.
///
/// ```cddl
/// seal-claims = {
///   1 => uscc,                    ; iss: the maker 制章者
///   4 => seconds, 5 => seconds,   ; exp, nbf: the seal's legal validity, [nbf, exp)
///   6 => seconds,                 ; iat
///   7 => bstr .size 16,           ; cti: random, never reused
///   -70002 => status-pointer,     ; in a list of the maker's
///   -70003 => seal
/// }
/// ```
///
/// The map is closed. A seal whose validity is empty is refused.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SealClaims<'a> {
    /// `iss`: the maker 制章者.
    pub maker: CreditCode,
    /// `nbf`, `exp`: when it may be used to stamp.
    pub validity: Period,
    /// `iat`: when it was made, as its maker says.
    pub issued_at: Timestamp,
    /// `cti`.
    pub id: CredentialId,
    /// Where its status stands: in a list of the maker's.
    pub status: StatusPointer,
    /// The seal itself.
    pub seal: Seal<'a>,
}

impl<'a> SealClaims<'a> {
    /// Reads the payload of an envelope whose `typ` is a seal.
    ///
    /// # Errors
    /// [`SealError`]: what is not of the shape that the format demands, and where.
    pub fn parse(payload: &'a [u8]) -> Result<Unverified<Self>, SealError> {
        let mut reader = Reader::new(payload);
        let claims = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(Unverified::new(claims))
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, SealError> {
        let map_at = reader.position();
        let missing = |key| SealFault::Missing { part: Part::Claims, key }.at(map_at);
        let (mut maker, mut until, mut from, mut issued_at) = (None, None, None, None);
        let (mut id, mut status, mut seal) = (None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            let key = map.next(reader)?;
            let at = reader.position();
            match key {
                None => break,
                Some(Key::Int(cwt::ISS)) => {
                    let read = reader.identifier(CreditCode::of_bytes)?;
                    maker = Some(read.map_err(|error| SealFault::Maker(error).at(at))?);
                }
                Some(Key::Int(cwt::EXP)) => until = Some(reader.timestamp()?),
                Some(Key::Int(cwt::NBF)) => from = Some(reader.timestamp()?),
                Some(Key::Int(cwt::IAT)) => issued_at = Some(reader.timestamp()?),
                Some(Key::Int(cwt::CTI)) => id = Some(CredentialId::new(*reader.byte_array()?)),
                Some(Key::Int(cwt::STATUS)) => status = Some(StatusPointer::read(reader)?),
                Some(Key::Int(cwt::SEAL)) => seal = Some(Seal::read(reader)?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        let until = until.ok_or(missing(cwt::EXP))?;
        let from = from.ok_or(missing(cwt::NBF))?;
        let validity = Period::new(from.seconds(), Some(until.seconds())).filter(|_| from < until);
        Ok(Self {
            maker: maker.ok_or(missing(cwt::ISS))?,
            validity: validity.ok_or(SealFault::Validity.at(map_at))?,
            issued_at: issued_at.ok_or(missing(cwt::IAT))?,
            id: id.ok_or(missing(cwt::CTI))?,
            status: status.ok_or(missing(cwt::STATUS))?,
            seal: seal.ok_or(missing(cwt::SEAL))?,
        })
    }

    /// The payload of an envelope of this `typ`.
    ///
    /// # Errors
    /// [`SealError`] for claims that could not be read again.
    pub fn encode(&self) -> Result<Vec<u8>, SealError> {
        let mut writer = Writer::with_capacity(512);
        writer.map(|map| {
            map.entry(cwt::ISS, |w| w.text(self.maker.as_str()));
            map.optional(cwt::EXP, self.validity.until(), Writer::int);
            map.entry(cwt::NBF, |w| w.int(self.validity.from()));
            map.entry(cwt::IAT, |w| w.timestamp(self.issued_at));
            map.entry(cwt::CTI, |w| w.bytes(self.id.as_bytes()));
            map.entry(cwt::STATUS, |w| {
                w.array(2);
                w.uint(self.status.list);
                w.uint(self.status.index);
            });
            map.entry(cwt::SEAL, |w| self.seal.write(w));
        });
        let payload = writer.finish()?;
        SealClaims::parse(&payload).map(|_| ())?;
        Ok(payload)
    }
}

#[cfg(test)]
mod tests;
