//! Presentation 亮证: the holder says, in a signature of his own, that he shows this license, now, to this verifier, for this purpose.

use alloc::vec::Vec;
use core::fmt;

use super::Unverified;
use super::id::{CreditCode, ShapeError};
use crate::cbor::{self, Fault, Key, Reader, Writer};
use crate::labels::cwt;
use crate::reason::Reason;
use crate::suite::Digest;
use crate::time::Timestamp;

/// How long a presentation may be good for, in seconds.
pub const MAX_PRESENTATION: i64 = 120;

/// What a verifier draws at random and a presentation answers: 16 bytes that are never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce([u8; 16]);

impl Nonce {
    /// Takes 16 bytes for a nonce. A verifier draws them at random.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The text is not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a nonce has 32 hexadecimal digits")]
pub struct NonceError;

/// 32 hexadecimal digits in either case.
impl core::str::FromStr for Nonce {
    type Err = NonceError;

    fn from_str(text: &str) -> Result<Self, NonceError> {
        let mut bytes = [0; 16];
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return Err(NonceError) };
        if pairs.len() != bytes.len() {
            return Err(NonceError);
        }
        for (byte, pair) in bytes.iter_mut().zip(pairs) {
            let [high, low] =
                pair.map(|digit| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
            *byte = high.ok_or(NonceError)? << 4 | low.ok_or(NonceError)?;
        }
        Ok(Self(bytes))
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nonce({self})")
    }
}

/// By what a presentation is of this moment and for this verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PresentationForm {
    /// By its times: both sides are offline, and both have a clock.
    Timed,
    /// By the verifier's nonce: no clock is needed.
    Challenge,
    /// By the word of a presentation service 亮证服务, for a holder without a key; otherwise like the timed form.
    Service,
}

impl PresentationForm {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timed => "timed",
            Self::Challenge => "challenge",
            Self::Service => "service",
        }
    }
}

/// The claims of a presentation. They borrow from the payload; reading them allocates nothing.
///
/// ```cddl
/// presentation-claims = {
///   ? 1 => uscc,                  ; iss: the presentation service, if one vouches instead of the holder's key
///   ? 3 => tstr,                  ; aud: to whom it is shown
///   4 => seconds,                 ; exp: later than iat, by at most 120
///   6 => seconds,                 ; iat
///   ? 39 => bstr .size 16,        ; nonce: the verifier's; never together with 1
///   -70005 => bstr .size 32,      ; object digest of the license
///   ? -70006 => tstr,             ; what for
/// }
/// ```
///
/// The map is closed. An audience or purpose that is there says something: neither is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PresentationClaims<'a> {
    /// `iss`: the presentation service.
    pub service: Option<CreditCode>,
    /// `aud`: to whom it is shown.
    pub audience: Option<&'a str>,
    /// `exp`: the second from which it no longer holds.
    pub expires: Timestamp,
    /// `iat`: when it was signed, by the signer's clock.
    pub issued_at: Timestamp,
    /// The verifier's nonce.
    pub nonce: Option<Nonce>,
    /// The license that is shown, by its object digest.
    pub license: Digest,
    /// What it is shown for.
    pub purpose: Option<&'a str>,
}

/// A payload is not a presentation: what is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (at byte {at})")]
pub struct PresentationError {
    /// What is wrong.
    pub fault: PresentationFault,
    /// Offset in the payload of the item concerned; of the map, where something is missing from it.
    pub at: usize,
}

/// What keeps a payload from being a presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PresentationFault {
    /// Not the canonical encoding, not the type, or outside the range that the format gives.
    #[error(transparent)]
    Encoding(Fault),
    /// Something that is not optional is missing.
    #[error("key {0} is missing")]
    Missing(i64),
    /// Claim 1, `iss`, has not the shape of a credit code.
    #[error("iss: {0}")]
    Service(ShapeError),
    /// An audience or a purpose without a character.
    #[error("a text is empty")]
    Empty,
    /// `exp` is not later than `iat`, or by more than [`MAX_PRESENTATION`].
    #[error("exp is not 1 to 120 seconds after iat")]
    Duration,
    /// A service vouches by times; an answer to a nonce is the holder's.
    #[error("a service answers no nonce")]
    ServiceNonce,
}

impl PresentationFault {
    const fn at(self, at: usize) -> PresentationError {
        PresentationError { fault: self, at }
    }
}

impl From<cbor::Error> for PresentationError {
    fn from(error: cbor::Error) -> Self {
        PresentationFault::Encoding(error.fault).at(error.at)
    }
}

impl PresentationError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self.fault {
            PresentationFault::Encoding(fault) => cbor::Error { fault, at: self.at }.reason(),
            PresentationFault::Missing(_)
            | PresentationFault::Service(_)
            | PresentationFault::Empty
            | PresentationFault::Duration
            | PresentationFault::ServiceNonce => Reason::EncodingClaims,
        }
    }
}

impl<'a> PresentationClaims<'a> {
    /// Reads the payload of an envelope whose `typ` is a presentation.
    ///
    /// # Errors
    /// [`PresentationError`]: what is not of the shape that the format demands, and where.
    pub fn parse(payload: &'a [u8]) -> Result<Unverified<Self>, PresentationError> {
        let mut reader = Reader::new(payload);
        let claims = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(Unverified::new(claims))
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, PresentationError> {
        let map_at = reader.position();
        let missing = |key| PresentationFault::Missing(key).at(map_at);
        let (mut service, mut audience, mut expires, mut issued_at) = (None, None, None, None);
        let (mut nonce, mut license, mut purpose) = (None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            let key = map.next(reader)?;
            let at = reader.position();
            match key {
                None => break,
                Some(Key::Int(cwt::ISS)) => {
                    let text = reader.text()?;
                    service = Some(CreditCode::parse(text).map_err(|error| PresentationFault::Service(error).at(at))?);
                }
                Some(Key::Int(cwt::AUD)) => audience = Some(said(reader)?),
                Some(Key::Int(cwt::EXP)) => expires = Some(reader.timestamp()?),
                Some(Key::Int(cwt::IAT)) => issued_at = Some(reader.timestamp()?),
                Some(Key::Int(cwt::NONCE)) if service.is_some() => return Err(PresentationFault::ServiceNonce.at(at)),
                Some(Key::Int(cwt::NONCE)) => nonce = Some(Nonce::new(*reader.byte_array()?)),
                Some(Key::Int(cwt::PRESENTED)) => license = Some(Digest::new(*reader.byte_array()?)),
                Some(Key::Int(cwt::PURPOSE)) => purpose = Some(said(reader)?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        let claims = Self {
            service,
            audience,
            expires: expires.ok_or(missing(cwt::EXP))?,
            issued_at: issued_at.ok_or(missing(cwt::IAT))?,
            nonce,
            license: license.ok_or(missing(cwt::PRESENTED))?,
            purpose,
        };
        match claims.expires.since(claims.issued_at) {
            1..=MAX_PRESENTATION => Ok(claims),
            _ => Err(PresentationFault::Duration.at(map_at)),
        }
    }

    /// By what it is of this moment and for this verifier.
    #[must_use]
    pub const fn form(&self) -> PresentationForm {
        match (self.nonce, self.service) {
            (Some(_), _) => PresentationForm::Challenge,
            (None, Some(_)) => PresentationForm::Service,
            (None, None) => PresentationForm::Timed,
        }
    }

    /// The payload of an envelope of this `typ`.
    ///
    /// # Errors
    /// [`PresentationError`] for claims that could not be read again.
    pub fn encode(&self) -> Result<Vec<u8>, PresentationError> {
        let mut writer = Writer::new();
        writer.map(|map| {
            if let Some(service) = &self.service {
                map.entry(cwt::ISS, |w| w.text(service.as_str()));
            }
            if let Some(audience) = self.audience {
                map.entry(cwt::AUD, |w| w.text(audience));
            }
            map.entry(cwt::EXP, |w| w.int(self.expires.seconds()));
            map.entry(cwt::IAT, |w| w.int(self.issued_at.seconds()));
            if let Some(nonce) = &self.nonce {
                map.entry(cwt::NONCE, |w| w.bytes(nonce.as_bytes()));
            }
            map.entry(cwt::PRESENTED, |w| w.bytes(self.license.as_bytes()));
            if let Some(purpose) = self.purpose {
                map.entry(cwt::PURPOSE, |w| w.text(purpose));
            }
        });
        let payload = writer.finish()?;
        PresentationClaims::parse(&payload).map(|_| ())?;
        Ok(payload)
    }
}

impl PresentationClaims<'_> {
    /// What a holder says who shows a license from `issued_at` on for as long as a presentation may be good; audience, purpose, nonce and
    /// service are the caller's to fill in.
    #[must_use]
    pub const fn of(license: Digest, issued_at: Timestamp) -> Self {
        let expires = issued_at.saturating_add(MAX_PRESENTATION);
        Self { service: None, audience: None, expires, issued_at, nonce: None, license, purpose: None }
    }
}

/// What a verifier shows to a holder: who asks, what for, and a nonce. Nobody signs it: the holder reads on his own screen what he signs.
///
/// ```cddl
/// challenge = { ? 3 => tstr, 39 => bstr .size 16, ? -70006 => tstr }   ; audience, nonce, purpose
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge<'a> {
    /// Who asks.
    pub audience: Option<&'a str>,
    /// What is to be answered.
    pub nonce: Nonce,
    /// What for.
    pub purpose: Option<&'a str>,
}

impl<'a> Challenge<'a> {
    /// A challenge of a verifier that says who it is and what it asks for, or neither.
    #[must_use]
    pub const fn new(nonce: Nonce, audience: Option<&'a str>, purpose: Option<&'a str>) -> Self {
        Self { audience, nonce, purpose }
    }

    /// Reads a challenge.
    ///
    /// # Errors
    /// [`PresentationError`]: what is not of its shape, and where.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, PresentationError> {
        let mut reader = Reader::new(bytes);
        let (mut audience, mut nonce, mut purpose) = (None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            match map.next(&mut reader)? {
                None => break,
                Some(Key::Int(cwt::AUD)) => audience = Some(said(&mut reader)?),
                Some(Key::Int(cwt::NONCE)) => nonce = Some(Nonce::new(*reader.byte_array()?)),
                Some(Key::Int(cwt::PURPOSE)) => purpose = Some(said(&mut reader)?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        reader.finish()?;
        Ok(Self { audience, nonce: nonce.ok_or(PresentationFault::Missing(cwt::NONCE).at(0))?, purpose })
    }

    /// The bytes that a code carries.
    ///
    /// # Errors
    /// [`PresentationError`] for texts that could not be read again.
    pub fn encode(&self) -> Result<Vec<u8>, PresentationError> {
        let mut writer = Writer::new();
        writer.map(|map| {
            if let Some(audience) = self.audience {
                map.entry(cwt::AUD, |w| w.text(audience));
            }
            map.entry(cwt::NONCE, |w| w.bytes(self.nonce.as_bytes()));
            if let Some(purpose) = self.purpose {
                map.entry(cwt::PURPOSE, |w| w.text(purpose));
            }
        });
        let bytes = writer.finish()?;
        Challenge::parse(&bytes).map(|_| ())?;
        Ok(bytes)
    }
}

/// A text that says something.
fn said<'a>(reader: &mut Reader<'a>) -> Result<&'a str, PresentationError> {
    let at = reader.position();
    match reader.text()? {
        text if text.trim().is_empty() => Err(PresentationFault::Empty.at(at)),
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests;
