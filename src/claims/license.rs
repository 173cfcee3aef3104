//! License 电子证照: a CWT claims set (RFC 8392) with the license as a private claim.

mod attachment;
mod body;
mod copy;
mod face;
mod fault;
mod holder;
mod list;
mod warning;

pub use attachment::Attachment;
pub use body::{Binding, License, Validity};
pub use copy::AnnotatedCopy;
pub use face::{FieldKey, Fields, Value};
pub use fault::{LicenseError, LicenseFault, Part};
pub use holder::{Holder, HolderIdType};
pub use list::List;
pub use warning::Warning;

use super::id::{CreditCode, LicenseIdentifier};
use super::{CredentialId, StatusPointer, Unverified};
use crate::cbor::{Fault, Key, Reader};
use crate::labels::cwt;
use crate::suite::{CoseKeyError, PublicKey};
use crate::time::Timestamp;

/// The claims of a license. They borrow from the payload; reading them allocates nothing.
///
/// ```cddl
/// license-claims = {
///   1 => uscc,                    ; iss: issuing authority, unified social credit code
///   ? 4 => int,                   ; exp: technical expiry of this credential, not of the license
///   5 => int, 6 => int,           ; nbf, iat: seconds since 1970 UTC
///   7 => bstr .size 16,           ; cti: random, never reused
///   ? 8 => { 1 => COSE_Key },     ; cnf: holder's key (RFC 8747)
///   -70001 => license,
///   -70002 => status-pointer
/// }
/// uscc = tstr .regexp "[0-9A-Z]{18}"
/// ```
///
/// The map is closed. Refused besides: `nbf` or `iat` later than `exp`, a last day of validity before the first, and a
/// license that is bound to a holder key without `cnf`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LicenseClaims<'a> {
    /// `iss`: the issuing authority 颁发机构代码.
    pub issuer: CreditCode,
    /// `exp`: when this credential should have been refreshed. The license may be in force long after it.
    pub expires: Option<Timestamp>,
    /// `nbf`: when this credential comes into force.
    pub not_before: Timestamp,
    /// `iat`: when it was signed, as its signer says.
    pub issued_at: Timestamp,
    /// `cti`.
    pub id: CredentialId,
    /// `cnf`: the holder's key, admitted by its suite.
    pub holder_key: Option<PublicKey>,
    /// Where its status stands.
    pub status: StatusPointer,
    /// The license itself.
    pub license: License<'a>,
}

impl<'a> LicenseClaims<'a> {
    /// Reads the payload of an envelope whose `typ` is a license.
    ///
    /// # Errors
    /// [`LicenseError`]: what is not of the shape that the format demands, and where.
    pub fn parse(payload: &'a [u8]) -> Result<Unverified<Self>, LicenseError> {
        let mut reader = Reader::new(payload);
        let claims = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(Unverified::new(claims))
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, LicenseError> {
        let map_at = reader.position();
        let missing = |key| LicenseFault::Missing { part: Part::Claims, key }.at(map_at);
        let (mut issuer, mut expires, mut not_before, mut issued_at) = (None, None, None, None);
        let (mut id, mut holder_key, mut status, mut license) = (None, None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            let key = map.next(reader)?;
            let at = reader.position();
            match key {
                None => break,
                Some(Key::Int(cwt::ISS)) => {
                    let read = reader.identifier(CreditCode::of_bytes)?;
                    issuer = Some(read.map_err(|error| LicenseFault::Issuer(error).at(at))?);
                }
                // `exp` stands before the two that are compared with it.
                Some(Key::Int(cwt::EXP)) => expires = Some(reader.timestamp()?),
                Some(Key::Int(cwt::NBF)) => {
                    let time = reader.timestamp()?;
                    if expires.is_some_and(|expires| expires < time) {
                        return Err(LicenseFault::NotBeforeAfterExpiry.at(at));
                    }
                    not_before = Some(time);
                }
                Some(Key::Int(cwt::IAT)) => {
                    let time = reader.timestamp()?;
                    if expires.is_some_and(|expires| expires < time) {
                        return Err(LicenseFault::IssuedAfterExpiry.at(at));
                    }
                    issued_at = Some(time);
                }
                Some(Key::Int(cwt::CTI)) => id = Some(CredentialId::new(*reader.byte_array()?)),
                Some(Key::Int(cwt::CNF)) => holder_key = Some(read_confirmation(reader)?),
                Some(Key::Int(cwt::LICENSE)) => license = Some(License::read(reader)?),
                Some(Key::Int(cwt::STATUS)) => status = Some(StatusPointer::read(reader)?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        let license = license.ok_or(missing(cwt::LICENSE))?;
        if license.binding == Binding::HolderKey && holder_key.is_none() {
            return Err(LicenseFault::HolderKeyMissing.at(map_at));
        }
        Ok(Self {
            issuer: issuer.ok_or(missing(cwt::ISS))?,
            expires,
            not_before: not_before.ok_or(missing(cwt::NBF))?,
            issued_at: issued_at.ok_or(missing(cwt::IAT))?,
            id: id.ok_or(missing(cwt::CTI))?,
            holder_key,
            status: status.ok_or(missing(cwt::STATUS))?,
            license,
        })
    }

    /// License identifier 证照标识 (GB/T 36904), derived: type, authority code or `iss`, serial, version, check character.
    #[must_use]
    pub fn identifier(&self) -> LicenseIdentifier {
        let License { type_code, authority_code, serial, version, .. } = &self.license;
        LicenseIdentifier::of_checked_parts(type_code, authority_code.unwrap_or(self.issuer.as_str()), serial, *version)
    }
}

/// RFC 8747 §3.2: `cnf` with a COSE_Key and nothing else.
fn read_confirmation(reader: &mut Reader<'_>) -> Result<PublicKey, LicenseError> {
    let map_at = reader.position();
    let mut key = None;
    let mut map = reader.map()?;
    loop {
        let key_at = reader.position();
        let entry = map.next(reader)?;
        let at = reader.position();
        match entry {
            None => break,
            Some(Key::Int(cwt::CNF_COSE_KEY)) => {
                let read = PublicKey::from_cose_key(reader);
                key = Some(read.map_err(|error| match error {
                    // The suite counts from the key's own beginning where it refuses the encoding within it.
                    CoseKeyError::Encoding(error) => LicenseFault::Encoding(error.fault).at(at),
                    CoseKeyError::Key(error) => LicenseFault::HolderKey(error).at(at),
                })?);
            }
            Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
        }
    }
    key.ok_or(LicenseFault::Missing { part: Part::Confirmation, key: cwt::CNF_COSE_KEY }.at(map_at))
}

#[cfg(test)]
mod tests;
