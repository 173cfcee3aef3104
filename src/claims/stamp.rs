//! Stamp 电子签章: what a seal puts on a document. The payload is the digest of the document (RFC 9995), the claims stand in the protected
//! header (RFC 9597).

mod file;

pub use file::{StampFile, StampFileError};

use alloc::vec::Vec;

use super::id::{CreditCode, ShapeError};
use super::media_type::is_media_type;
use super::{CredentialId, Unverified};
use crate::cbor::{self, Fault, Key, Reader, Writer};
use crate::envelope::Envelope;
use crate::labels::{cwt, typ};
use crate::reason::Reason;
use crate::suite::{Digest, HashAlgorithm};
use crate::time::Timestamp;

/// The widest that a place on a page is counted, in millimetres: more than A0.
pub const MAX_PLACE: u64 = 2_000;
/// The last page that a stamp can stand on.
pub const MAX_PAGE: u64 = 1_000_000;

/// What a stamp says. It borrows from the envelope; reading it allocates nothing.
///
/// ```cddl
/// ; protected header of a stamp: { 1 => alg, 4 => kid, 15 => stamp-claims, 16 => typ, 258 => hash-alg: int, 259 => media-type: tstr }
/// ; payload: the digest of the document; of a counter-stamp, whose media type is that of stamps, the object digest of the stamp
/// stamp-claims = {
///   1 => uscc,                    ; iss: in whose name it is stamped, the seal's owner
///   6 => seconds,                 ; iat: when, as the signer says
///   7 => bstr .size 16,           ; cti
///   -70004 => {
///     1 => bstr .size 32,         ; object digest of the seal
///     ? 2 => [page: 1..1000000, x: 0..2000, y: 0..2000],   ; where the picture's upper left corner stands, in mm from that of the page
///     ? 3 => tstr                 ; reason
///   }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp<'a> {
    /// The digest of the document, or of the stamp that is stamped.
    pub document: Digest,
    /// With which hash it was digested.
    pub hash: HashAlgorithm,
    /// The document's media type.
    pub media_type: &'a str,
    /// `iss`: in whose name it is stamped.
    pub issuer: CreditCode,
    /// `iat`: when it was stamped, as the signer says.
    pub stamped_at: Timestamp,
    /// `cti`.
    pub id: CredentialId,
    /// The seal, by its object digest.
    pub seal: Digest,
    /// Where on the document its picture stands.
    pub place: Option<Place>,
    /// Why it was stamped.
    pub reason: Option<&'a str>,
}

/// Where on a document the picture of a seal stands: for people, and bound by nothing but the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The page, from 1.
    pub page: u64,
    /// Millimetres from the left of the page.
    pub x: u64,
    /// Millimetres from its top.
    pub y: u64,
}

/// An envelope is not a stamp: what is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (at byte {at})")]
pub struct StampError {
    /// What is wrong.
    pub fault: StampFault,
    /// Offset in the claims of the item concerned; of the map, where something is missing from it.
    pub at: usize,
}

/// What keeps an envelope from being a stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StampFault {
    /// Not the canonical encoding, not the type, or outside the range that the format gives.
    #[error(transparent)]
    Encoding(Fault),
    /// Something that is not optional is missing.
    #[error("key {0} is missing")]
    Missing(i64),
    /// Claim 1, `iss`, has not the shape of a credit code.
    #[error("iss: {0}")]
    Issuer(ShapeError),
    /// The envelope is not that of a stamp.
    #[error("the envelope is not that of a stamp")]
    Header,
    /// A hash that this build does not have.
    #[error("the document was digested by a hash that is not known here")]
    Hash,
    /// A counter-stamp by another hash than SHA-256, by which objects are named.
    #[error("a stamp is named by SHA-256")]
    CounterHash,
    /// The payload is not as long as the hash makes it.
    #[error("the payload is not as long as a digest")]
    DigestLength,
    /// Label 259 is not `type/subtype` (RFC 6838 §4.2).
    #[error("the media type is not of the form type/subtype")]
    MediaType,
    /// A place that no page has.
    #[error("the place is on no page")]
    Place,
    /// A reason without a character.
    #[error("the reason is empty")]
    Empty,
}

impl StampFault {
    const fn at(self, at: usize) -> StampError {
        StampError { fault: self, at }
    }
}

impl From<cbor::Error> for StampError {
    fn from(error: cbor::Error) -> Self {
        StampFault::Encoding(error.fault).at(error.at)
    }
}

impl StampError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self.fault {
            StampFault::Encoding(fault) => cbor::Error { fault, at: self.at }.reason(),
            StampFault::Hash => Reason::EncodingAlgorithmUnknown,
            StampFault::Header => Reason::EncodingWrongType,
            StampFault::Missing(_)
            | StampFault::Issuer(_)
            | StampFault::CounterHash
            | StampFault::DigestLength
            | StampFault::MediaType
            | StampFault::Place
            | StampFault::Empty => Reason::EncodingClaims,
        }
    }
}

impl<'a> Stamp<'a> {
    /// Reads what a stamp's envelope says.
    ///
    /// # Errors
    /// [`StampError`]: what is not of the shape that the format demands, and where.
    pub fn parse(envelope: &Envelope<'a>) -> Result<Unverified<Self>, StampError> {
        let header = envelope.stamp_header().ok_or(StampFault::Header.at(0))?;
        let payload = envelope.claimed_payload();
        // RFC 9995 §4: the payload is the hash. One of a hash that is not known here may be of another length.
        let hash = HashAlgorithm::from_cose(header.hash_alg).ok_or(StampFault::Hash.at(0))?;
        let document = Digest::from_slice(payload).ok_or(StampFault::DigestLength.at(0))?;
        if !is_media_type(header.content_type) {
            return Err(StampFault::MediaType.at(0));
        }
        // An object digest is SHA-256 in every suite.
        if header.content_type.eq_ignore_ascii_case(typ::STAMP) && hash != HashAlgorithm::Sha256 {
            return Err(StampFault::CounterHash.at(0));
        }
        let mut reader = Reader::new(header.claims);
        let claims = read_claims(&mut reader)?;
        reader.finish()?;
        Ok(Unverified::new(Self { document, hash, media_type: header.content_type, ..claims }))
    }

    /// A stamp that says no more than it must, on a digest by SHA-256; hash, place and reason are the caller's to fill in.
    #[must_use]
    pub const fn of(
        what: (Digest, &'a str),
        seal: Digest,
        owner: CreditCode,
        when: Timestamp,
        id: CredentialId,
    ) -> Self {
        let (document, media_type) = what;
        let hash = HashAlgorithm::Sha256;
        Self { document, hash, media_type, issuer: owner, stamped_at: when, id, seal, place: None, reason: None }
    }

    /// Does it stamp another stamp 副署, which its digest names?
    #[must_use]
    pub fn is_counter(&self) -> bool {
        // RFC 6838 §4.2: media types are the same in either case.
        self.media_type.eq_ignore_ascii_case(typ::STAMP)
    }

    /// Claim 15 of the header (RFC 9597).
    ///
    /// # Errors
    /// [`StampError`] for claims that could not be read again, and for a media type that is none: it stands beside them in the header.
    pub fn encode_claims(&self) -> Result<Vec<u8>, StampError> {
        if !is_media_type(self.media_type) {
            return Err(StampFault::MediaType.at(0));
        }
        let mut writer = Writer::with_capacity(128);
        writer.map(|map| {
            map.entry(cwt::ISS, |w| w.text(self.issuer.as_str()));
            map.entry(cwt::IAT, |w| w.timestamp(self.stamped_at));
            map.entry(cwt::CTI, |w| w.bytes(self.id.as_bytes()));
            map.entry(cwt::STAMP, |w| {
                w.map(|map| {
                    map.entry(1, |w| w.bytes(self.seal.as_bytes()));
                    map.optional(2, self.place, |w, place| {
                        w.array(3);
                        [place.page, place.x, place.y].into_iter().for_each(|number| w.uint(number));
                    });
                    map.optional(3, self.reason, Writer::text);
                });
            });
        });
        let claims = writer.finish()?;
        let mut reader = Reader::new(&claims);
        read_claims(&mut reader)?;
        Ok(claims)
    }
}

/// The claims, with what stands elsewhere in the envelope left blank.
fn read_claims<'a>(reader: &mut Reader<'a>) -> Result<Stamp<'a>, StampError> {
    let map_at = reader.position();
    let missing = |key| StampFault::Missing(key).at(map_at);
    let (mut issuer, mut stamped_at, mut id, mut said) = (None, None, None, None);
    let mut map = reader.map()?;
    loop {
        let key_at = reader.position();
        let key = map.next(reader)?;
        let at = reader.position();
        match key {
            None => break,
            Some(Key::Int(cwt::ISS)) => {
                let read = reader.identifier(CreditCode::of_bytes)?;
                issuer = Some(read.map_err(|error| StampFault::Issuer(error).at(at))?);
            }
            Some(Key::Int(cwt::IAT)) => stamped_at = Some(reader.timestamp()?),
            Some(Key::Int(cwt::CTI)) => id = Some(CredentialId::new(*reader.byte_array()?)),
            Some(Key::Int(cwt::STAMP)) => said = Some(read_said(reader)?),
            Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
        }
    }
    let (seal, place, reason) = said.ok_or(missing(cwt::STAMP))?;
    Ok(Stamp {
        document: Digest::new([0; 32]),
        hash: HashAlgorithm::Sha256,
        media_type: "",
        issuer: issuer.ok_or(missing(cwt::ISS))?,
        stamped_at: stamped_at.ok_or(missing(cwt::IAT))?,
        id: id.ok_or(missing(cwt::CTI))?,
        seal,
        place,
        reason,
    })
}

type Said<'a> = (Digest, Option<Place>, Option<&'a str>);

fn read_said<'a>(reader: &mut Reader<'a>) -> Result<Said<'a>, StampError> {
    let map_at = reader.position();
    let (mut seal, mut place, mut reason) = (None, None, None);
    let mut map = reader.map()?;
    loop {
        let key_at = reader.position();
        let key = map.next(reader)?;
        let at = reader.position();
        match key {
            None => break,
            Some(Key::Int(1)) => seal = Some(Digest::new(*reader.byte_array()?)),
            Some(Key::Int(2)) => {
                reader.array_of(3)?;
                let read = Place { page: reader.uint()?, x: reader.uint()?, y: reader.uint()? };
                let on_page = (1..=MAX_PAGE).contains(&read.page) && read.x <= MAX_PLACE && read.y <= MAX_PLACE;
                place = Some(Some(read).filter(|_| on_page).ok_or(StampFault::Place.at(at))?);
            }
            Some(Key::Int(3)) => {
                let text = reader.text()?;
                reason = Some(Some(text).filter(|text| !text.trim().is_empty()).ok_or(StampFault::Empty.at(at))?);
            }
            Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
        }
    }
    Ok((seal.ok_or(StampFault::Missing(1).at(map_at))?, place, reason))
}

#[cfg(test)]
mod tests;
