//! COSE_Key (RFC 9052 §7), exactly `{1: 1, -1: 6, -2: x}` for Ed25519 and `{1: 2, -1: -70011, -2: x, -3: y}` for SM2.

use super::{Algorithm, KeyError, PublicKey};
use crate::cbor::{self, Fault, Key, Kind, Reader, Writer};
use crate::labels::cose;

/// Why an item is not a key that a verifier admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoseKeyError {
    /// The encoding is faulty or the map does not have the keys of a COSE_Key.
    #[error("{0}")]
    Encoding(#[from] cbor::Error),
    /// The key itself is refused.
    #[error("{0}")]
    Key(#[from] KeyError),
}

impl CoseKeyError {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> crate::reason::Reason {
        match self {
            Self::Encoding(error) => error.reason(),
            Self::Key(error) => error.reason(),
        }
    }
}

impl PublicKey {
    /// Reads and admits a COSE_Key, from a reader that stands at it.
    ///
    /// # Errors
    /// [`CoseKeyError`]. A key type or curve that this build does not know is [`KeyError::UnknownAlgorithm`].
    pub fn from_cose_key(reader: &mut Reader<'_>) -> Result<Self, CoseKeyError> {
        let at = reader.position();
        let item = reader.skip()?;
        let mut item = Reader::new(item);
        let mut map = item.map()?;
        let (mut kty, mut crv, mut x, mut y) = (None, None, None, None);
        let mut others = false;
        while let Some(key) = map.next(&mut item)? {
            match key {
                Key::Int(cose::KEY_KTY) => kty = Some(item.int()?),
                Key::Int(cose::KEY_CRV) => crv = Some(item.int()?),
                Key::Int(cose::KEY_X) => x = Some(item.bytes()?),
                // A curve that we do not know may have the sign of y alone here (RFC 9053 §7.1.1).
                Key::Int(cose::KEY_Y) if item.kind()? == Kind::Bytes => y = Some(item.bytes()?),
                Key::Int(_) | Key::Text(_) => {
                    item.skip()?;
                    others = true;
                }
            }
        }
        let (Some(kty), Some(crv), Some(x)) = (kty, crv, x) else {
            return Err(Reader::error_at(Fault::OutOfRange, at).into());
        };
        match (kty, crv) {
            (1, cose::CRV_ED25519) if others || y.is_some() => Err(Reader::error_at(Fault::UnknownKey, at).into()),
            (1, cose::CRV_ED25519) => Ok(Self::ed25519(x.try_into().map_err(|_| KeyError::Malformed)?)?),
            #[cfg(feature = "sm")]
            (2, cose::CRV_SM2) if others => Err(Reader::error_at(Fault::UnknownKey, at).into()),
            #[cfg(feature = "sm")]
            (2, cose::CRV_SM2) => {
                let half = |coordinate: Option<&[u8]>| -> Option<[u8; 32]> { coordinate?.try_into().ok() };
                let (Some(x), Some(y)) = (half(Some(x)), half(y)) else {
                    return Err(KeyError::Malformed.into());
                };
                let mut point = [0; 64];
                let (left, right) = point.split_at_mut(32);
                left.copy_from_slice(&x);
                right.copy_from_slice(&y);
                Ok(Self::sm2(&point)?)
            }
            _ => Err(KeyError::UnknownAlgorithm.into()),
        }
    }

    /// Writes the COSE_Key.
    pub fn write_cose_key(&self, writer: &mut Writer) {
        writer.map(|map| match self.algorithm() {
            Algorithm::Ed25519 => {
                map.entry(cose::KEY_KTY, |w| w.uint(cose::KTY_OKP));
                map.entry(cose::KEY_CRV, |w| w.int(cose::CRV_ED25519));
                map.entry(cose::KEY_X, |w| w.bytes(self.coordinates()));
            }
            #[cfg(feature = "sm")]
            Algorithm::Sm2 => {
                let (x, y) = self.coordinates().split_at(32);
                map.entry(cose::KEY_KTY, |w| w.uint(cose::KTY_EC2));
                map.entry(cose::KEY_CRV, |w| w.int(cose::CRV_SM2));
                map.entry(cose::KEY_X, |w| w.bytes(x));
                map.entry(cose::KEY_Y, |w| w.bytes(y));
            }
        });
    }
}
