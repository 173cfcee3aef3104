//! The two header buckets: every label in its place, and no other.

use super::Error;
use crate::cbor::{Fault, Key, Kind, Reader};
use crate::labels::{cose, typ};
use crate::limits::{MAX_OBJECT, MAX_PROTECTED, MAX_TRUST_OBJECT};
use crate::suite::{Algorithm, KeyId};

/// What an envelope's payload is, by its `typ` header (RFC 9596).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectType {
    /// A license, 电子证照.
    License,
    /// A seal, 电子印章.
    Seal,
    /// A stamp, 电子签章.
    Stamp,
    /// The signed header of a status list, 吊销清单.
    Status,
    /// A trust list, 互认清单.
    Trust,
    /// An issuer directory, 颁发机构目录.
    Issuers,
    /// A presentation, 亮证.
    Presentation,
    /// A receipt, 核验回执.
    Receipt,
}

impl ObjectType {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::License,
        Self::Seal,
        Self::Stamp,
        Self::Status,
        Self::Trust,
        Self::Issuers,
        Self::Presentation,
        Self::Receipt,
    ];

    /// The value of the `typ` header.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::License => typ::LICENSE,
            Self::Seal => typ::SEAL,
            Self::Stamp => typ::STAMP,
            Self::Status => typ::STATUS,
            Self::Trust => typ::TRUST,
            Self::Issuers => typ::ISSUERS,
            Self::Presentation => typ::PRESENTATION,
            Self::Receipt => typ::RECEIPT,
        }
    }

    /// The type of a `typ` header.
    ///
    /// # Errors
    /// [`Error::NewerType`] for an unknown one of ours, [`Error::WrongType`] for anything else.
    pub fn from_typ(value: &str) -> Result<Self, Error> {
        Self::of_bytes(value.as_bytes())
    }

    fn of_bytes(typ: &[u8]) -> Result<Self, Error> {
        match Self::ALL.into_iter().find(|known| known.typ().as_bytes() == typ) {
            Some(known) => Ok(known),
            None if typ.starts_with(typ::PREFIX.as_bytes()) => Err(Error::NewerType),
            None => Err(Error::WrongType),
        }
    }

    /// The largest object of this type, in bytes.
    #[must_use]
    pub const fn max_size(self) -> usize {
        match self {
            Self::Status | Self::Trust | Self::Issuers => MAX_TRUST_OBJECT,
            Self::License | Self::Seal | Self::Stamp | Self::Presentation | Self::Receipt => MAX_OBJECT,
        }
    }
}

/// Which type a caller expects an envelope to be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This one, and no other.
    Type(ObjectType),
    /// Any that the format has: the caller looks at the answer.
    AnyKnown,
    /// Any `typ` at all: for tools that check a foreign signature and judge nothing by it.
    Anything,
}

/// The labels that only a stamp carries (RFC 9995): its payload is the digest of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StampHeader<'a> {
    /// Label 258: the COSE number of the hash with which the document was digested.
    pub hash_alg: i64,
    /// Label 259: the document's media type.
    pub content_type: &'a str,
    /// Label 15: the stamp's claims, an encoded map.
    pub claims: &'a [u8],
}

/// Certificates that travel with an envelope (RFC 9360), end entity first. A diagnostic for people and foreign tools: they decide nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct X5Chain<'a> {
    encoded: &'a [u8],
}

impl<'a> X5Chain<'a> {
    /// The DER encodings, end entity first.
    pub fn certificates(self) -> impl Iterator<Item = &'a [u8]> {
        let mut reader = Reader::new(self.encoded);
        let count = match reader.kind() {
            Ok(Kind::Array) => reader.array().unwrap_or(0),
            _ => 1,
        };
        (0..count).map_while(move |_| reader.bytes().ok())
    }
}

/// A protected header of a COSE_Sign1, or of a signer of a COSE_Sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Protected<'a> {
    pub(super) object_type: Option<ObjectType>,
    pub(super) algorithm: Option<Algorithm>,
    pub(super) key_id: Option<KeyId>,
    pub(super) stamp: Option<StampHeader<'a>>,
}

/// The values of a protected header as they stand, before any is judged: `typ` is judged first, whatever else is wrong.
#[derive(Default)]
struct Raw<'a> {
    alg: Option<&'a [u8]>,
    crit: Option<&'a [u8]>,
    kid: Option<&'a [u8]>,
    typ: Option<&'a [u8]>,
    claims: Option<&'a [u8]>,
    hash_alg: Option<&'a [u8]>,
    content_type: Option<&'a [u8]>,
    /// Labels that the format does not have.
    unknown: usize,
}

impl<'a> Raw<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        // It is looked at again and again below, and nobody has vouched for it yet.
        if bytes.len() > MAX_PROTECTED {
            return Err(Error::TooLarge);
        }
        let mut raw = Self::default();
        let mut reader = Reader::new(bytes);
        let mut map = reader.map()?;
        while let Some(label) = map.next(&mut reader)? {
            let value = reader.skip()?;
            match label {
                Key::Int(cose::ALG) => raw.alg = Some(value),
                Key::Int(cose::CRIT) => raw.crit = Some(value),
                Key::Int(cose::KID) => raw.kid = Some(value),
                Key::Int(cose::TYP) => raw.typ = Some(value),
                Key::Int(cose::CWT_CLAIMS) => raw.claims = Some(value),
                Key::Int(cose::PAYLOAD_HASH_ALG) => raw.hash_alg = Some(value),
                Key::Int(cose::PREIMAGE_CONTENT_TYPE) => raw.content_type = Some(value),
                Key::Int(_) | Key::Text(_) => raw.unknown = raw.unknown.saturating_add(1),
            }
        }
        reader.finish()?;
        Ok(raw)
    }

    fn object_type(&self, expected: Expected) -> Result<Option<ObjectType>, Error> {
        let value = self.typ.ok_or(Error::LabelAbsent(cose::TYP))?;
        let found = Reader::new(value).identifier(ObjectType::of_bytes).unwrap_or(Err(Error::WrongType));
        match expected {
            Expected::Anything => Ok(found.ok()),
            Expected::AnyKnown => found.map(Some),
            Expected::Type(expected) => match found? {
                found if found == expected => Ok(Some(found)),
                _ => Err(Error::WrongType),
            },
        }
    }

    /// RFC 9052 §3.1: `crit` is a non-empty array of labels that stand in this bucket, each of them understood.
    fn check_crit(&self, bytes: &'a [u8]) -> Result<(), Error> {
        let Some(crit) = self.crit else {
            return if self.unknown == 0 { Ok(()) } else { Err(Error::LabelRefused) };
        };
        let wrong = Error::LabelValue(cose::CRIT);
        let mut reader = Reader::new(crit);
        let count = reader.array().map_err(|_| wrong)?;
        if count == 0 || count > MAX_CRITICAL || has_duplicates(crit)? {
            return Err(wrong);
        }
        let mut unknown = 0usize;
        for _ in 0..count {
            let listed = reader.skip()?;
            let mut header = Reader::new(bytes);
            let mut map = header.map()?;
            let mut present = false;
            while let Some(label) = map.next(&mut header)? {
                header.skip()?;
                if encodes(listed, label) {
                    present = true;
                    unknown = unknown.saturating_add(usize::from(!is_known(label)));
                }
            }
            if !present {
                return Err(wrong);
            }
        }
        // A label that the format does not have is refused, unless its writer said that it must be understood: then we are too old.
        match (unknown, self.unknown) {
            (0, 0) => Ok(()),
            (0, _) => Err(Error::LabelRefused),
            _ => Err(Error::CriticalUnknown),
        }
    }

    fn algorithm(&self) -> Result<Option<Algorithm>, Error> {
        let Some(value) = self.alg else { return Ok(None) };
        let alg = Reader::new(value).int().map_err(|error| match error.fault {
            // A text names an algorithm too (RFC 9052 §1.5): one that we do not know.
            Fault::WrongType if Reader::new(value).text().is_ok() => Error::UnknownAlgorithm,
            _ => Error::LabelValue(cose::ALG),
        })?;
        Algorithm::from_cose(alg).map(Some).map_err(|_| Error::UnknownAlgorithm)
    }

    fn key_id(&self) -> Result<Option<KeyId>, Error> {
        let Some(value) = self.kid else { return Ok(None) };
        let bytes = Reader::new(value).bytes().map_err(|_| Error::LabelValue(cose::KID))?;
        KeyId::from_slice(bytes).map(Some).ok_or(Error::LabelValue(cose::KID))
    }

    fn stamp(&self, object_type: Option<ObjectType>) -> Result<Option<StampHeader<'a>>, Error> {
        match (object_type, self.hash_alg, self.content_type, self.claims) {
            (Some(ObjectType::Stamp) | None, Some(hash_alg), Some(content_type), Some(claims)) => {
                Ok(Some(StampHeader {
                    hash_alg: Reader::new(hash_alg).int().map_err(|_| Error::LabelValue(cose::PAYLOAD_HASH_ALG))?,
                    content_type: Reader::new(content_type)
                        .text()
                        .map_err(|_| Error::LabelValue(cose::PREIMAGE_CONTENT_TYPE))?,
                    claims,
                }))
            }
            (Some(ObjectType::Stamp), None, ..) => Err(Error::LabelAbsent(cose::PAYLOAD_HASH_ALG)),
            (Some(ObjectType::Stamp), _, None, _) => Err(Error::LabelAbsent(cose::PREIMAGE_CONTENT_TYPE)),
            (Some(ObjectType::Stamp), ..) => Err(Error::LabelAbsent(cose::CWT_CLAIMS)),
            (_, None, None, None) => Ok(None),
            _ => Err(Error::LabelRefused),
        }
    }
}

/// Labels in a `crit`, at most: each costs a pass over the header.
const MAX_CRITICAL: usize = 16;

fn is_known(label: Key<'_>) -> bool {
    matches!(
        label,
        Key::Int(
            cose::ALG
                | cose::CRIT
                | cose::KID
                | cose::TYP
                | cose::CWT_CLAIMS
                | cose::PAYLOAD_HASH_ALG
                | cose::PREIMAGE_CONTENT_TYPE
        )
    )
}

fn encodes(item: &[u8], label: Key<'_>) -> bool {
    match label {
        Key::Int(label) => Reader::new(item).int() == Ok(label),
        Key::Text(label) => Reader::new(item).text() == Ok(label),
    }
}

/// Does an array, known to be canonical and short, hold an item twice?
fn has_duplicates(array: &[u8]) -> Result<bool, Error> {
    let mut outer = Reader::new(array);
    for _ in 0..outer.array()? {
        let item = outer.skip()?;
        let mut rest = outer.clone();
        while !rest.is_at_end() {
            if rest.skip()? == item {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Reads the protected header of a COSE_Sign1.
pub(super) fn read_protected(bytes: &[u8], expected: Expected) -> Result<Protected<'_>, Error> {
    if let Some(usual) = read_usual(bytes, expected) {
        return Ok(usual);
    }
    read_whole(bytes, expected)
}

/// Reads any protected header of a COSE_Sign1, and names its fault.
fn read_whole(bytes: &[u8], expected: Expected) -> Result<Protected<'_>, Error> {
    let raw = Raw::read(bytes)?;
    let object_type = raw.object_type(expected)?;
    raw.check_crit(bytes)?;
    Ok(Protected { object_type, algorithm: raw.algorithm()?, key_id: raw.key_id()?, stamp: raw.stamp(object_type)? })
}

/// Reads the header that all but stamps have, `{alg, kid, typ}`, in one pass. `None` is no judgement: the header is another one, or it has
/// a fault, which only the whole reading names.
fn read_usual(bytes: &[u8], expected: Expected) -> Option<Protected<'_>> {
    let mut reader = Reader::new(bytes);
    let mut map = reader.map().ok()?;
    let Ok(Some(Key::Int(cose::ALG))) = map.next(&mut reader) else { return None };
    let algorithm = Algorithm::from_cose(reader.int().ok()?).ok()?;
    let Ok(Some(Key::Int(cose::KID))) = map.next(&mut reader) else { return None };
    let key_id = KeyId::from_slice(reader.bytes().ok()?)?;
    let Ok(Some(Key::Int(cose::TYP))) = map.next(&mut reader) else { return None };
    let object_type = reader.identifier(ObjectType::of_bytes).ok()?.ok()?;
    let is_expected = match expected {
        Expected::Type(expected) => object_type == expected,
        Expected::AnyKnown | Expected::Anything => true,
    };
    // A stamp's header says more, and lacks it here.
    (is_expected && object_type != ObjectType::Stamp && map.left() == 0 && reader.is_at_end()).then_some(Protected {
        object_type: Some(object_type),
        algorithm: Some(algorithm),
        key_id: Some(key_id),
        stamp: None,
    })
}

/// Reads the protected header of a COSE_Sign's body: `typ`, and nothing that belongs to a signer.
pub(super) fn read_body_protected(bytes: &[u8], expected: Expected) -> Result<Option<ObjectType>, Error> {
    let raw = Raw::read(bytes)?;
    let object_type = raw.object_type(expected)?;
    raw.check_crit(bytes)?;
    match (raw.alg, raw.kid, raw.stamp(object_type)?) {
        (None, None, None) => Ok(object_type),
        _ => Err(Error::LabelRefused),
    }
}

/// Reads the protected header of a COSE_Sign's signer: `alg` and `kid`, and nothing that belongs to the body.
///
/// Of a signer whose algorithm or critical label this build does not know there is no algorithm: his signature cannot be judged, and that
/// is no fault of the others.
pub(super) fn read_signer_protected(bytes: &[u8]) -> Result<Protected<'_>, Error> {
    let raw = Raw::read(bytes)?;
    let understood = match raw.check_crit(bytes) {
        Err(Error::CriticalUnknown) => false,
        checked => checked.map(|()| true)?,
    };
    if raw.typ.is_some() || raw.claims.is_some() || raw.hash_alg.is_some() || raw.content_type.is_some() {
        return Err(Error::LabelRefused);
    }
    let algorithm = match raw.algorithm() {
        Err(Error::UnknownAlgorithm) => None,
        algorithm => Some(algorithm?.ok_or(Error::LabelAbsent(cose::ALG))?),
    };
    Ok(Protected { object_type: None, algorithm: algorithm.filter(|_| understood), key_id: raw.key_id()?, stamp: None })
}

/// What the unprotected bucket holds. Nothing in it changes a verdict.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unprotected<'a> {
    pub(super) x5chain: Option<X5Chain<'a>>,
    pub(super) timestamp_token: Option<&'a [u8]>,
}

/// Reads the unprotected bucket, from a reader that stands at it.
pub(super) fn read_unprotected<'a>(reader: &mut Reader<'a>) -> Result<Unprotected<'a>, Error> {
    let mut unprotected = Unprotected { x5chain: None, timestamp_token: None };
    let mut map = reader.map()?;
    while let Some(label) = map.next(reader)? {
        match label {
            Key::Int(cose::X5CHAIN) => {
                let encoded = reader.skip()?;
                check_x5chain(encoded)?;
                unprotected.x5chain = Some(X5Chain { encoded });
            }
            // RFC 9921. Reserved: its shape is checked, its content is not looked at.
            Key::Int(cose::TIMESTAMP_TOKEN) => {
                unprotected.timestamp_token =
                    Some(reader.bytes().map_err(|_| Error::LabelValue(cose::TIMESTAMP_TOKEN))?);
            }
            Key::Int(_) | Key::Text(_) => return Err(Error::LabelRefused),
        }
    }
    Ok(unprotected)
}

/// RFC 9360 §2: one certificate is a byte string, several are an array of two or more.
fn check_x5chain(encoded: &[u8]) -> Result<(), Error> {
    let wrong = Error::LabelValue(cose::X5CHAIN);
    let mut reader = Reader::new(encoded);
    if reader.kind()? != Kind::Array {
        return reader.bytes().map(|_| ()).map_err(|_| wrong);
    }
    let count = reader.array()?;
    if count < 2 {
        return Err(wrong);
    }
    for _ in 0..count {
        reader.bytes().map_err(|_| wrong)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::cbor::Writer;

    fn header(alg: i64, kid: &[u8], typ: &str) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.map(|map| {
            map.entry(cose::ALG, |w| w.int(alg));
            map.entry(cose::KID, |w| w.bytes(kid));
            map.entry(cose::TYP, |w| w.text(typ));
        });
        writer.finish().unwrap()
    }

    fn expectations() -> impl Iterator<Item = Expected> {
        ObjectType::ALL.into_iter().map(Expected::Type).chain([Expected::AnyKnown, Expected::Anything])
    }

    #[test]
    fn the_usual_header_is_that_of_every_type_but_stamps() {
        for object_type in ObjectType::ALL {
            let bytes = header(cose::ALG_ED25519, &[7; 8], object_type.typ());
            for expected in expectations() {
                let usual = read_usual(&bytes, expected);
                assert_eq!(usual, read_whole(&bytes, expected).ok(), "{object_type:?}, {expected:?}");
                let is_asked =
                    [Expected::Type(object_type), Expected::AnyKnown, Expected::Anything].contains(&expected);
                assert_eq!(usual.is_some(), is_asked && object_type != ObjectType::Stamp);
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_read_in_one_pass_is_read_with_care_as_the_same(
            of in prop::sample::select(ObjectType::ALL.to_vec()),
            alg in prop_oneof![Just(cose::ALG_ED25519), -60_000_i64..60],
            kid in prop::collection::vec(any::<u8>(), 7..10),
            harm in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
            cut in 0_usize..3,
        ) {
            let mut bytes = header(alg, &kid, of.typ());
            bytes.truncate(bytes.len().saturating_sub(cut));
            for (at, with) in harm {
                let at = at.index(bytes.len());
                *bytes.get_mut(at).unwrap() = with;
            }
            for expected in expectations() {
                if let Some(usual) = read_usual(&bytes, expected) {
                    prop_assert_eq!(Ok(usual), read_whole(&bytes, expected));
                }
            }
        }
    }
}
