//! When a signature algorithm goes out of use (算法停用).

use alloc::vec::Vec;

use super::{Error, TrustList, fields, one_up_to, required};
use crate::cbor::{Reader, Writer};
use crate::limits::Limits;
use crate::suite::Algorithm;
use crate::time::Timestamp;

/// When the federation stops signing by an algorithm, and when it stops relying on what was signed by it.
///
/// ```cddl
/// sunset = { 1 => alg: int, 2 => signed_until: int, ? 3 => relied_until: int }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sunset {
    /// The algorithm, by its COSE number (RFC 9053; a private one for SM2). It may be one that this build does not know.
    pub algorithm: i64,
    /// From then on nothing is signed by it: what says that it was, was not to be.
    pub signed_until: Timestamp,
    /// From then on nothing is relied on that was signed by it, whenever it says that it was: whoever breaks an algorithm dates what he
    /// forges as he likes. Not before `signed_until`.
    pub relied_until: Option<Timestamp>,
}

impl Sunset {
    /// Is it of this algorithm?
    #[must_use]
    pub fn is_of(&self, algorithm: Algorithm) -> bool {
        Algorithm::from_cose(self.algorithm) == Ok(algorithm)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut algorithm, mut signed_until, mut relied_until) = (None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => algorithm = Some(reader.int()?),
                2 => signed_until = Some(reader.timestamp()?),
                3 => relied_until = Some(reader.timestamp()?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        let sunset =
            Self { algorithm: required(algorithm, 1, at)?, signed_until: required(signed_until, 2, at)?, relied_until };
        // What is signed is to be relied on for as long as it is signed.
        match relied_until.is_some_and(|relied| relied < sunset.signed_until) {
            true => Err(Error::Value { at }),
            false => Ok(sunset),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.int(self.algorithm));
            map.entry(2, |w| w.timestamp(self.signed_until));
            map.optional(3, self.relied_until, |w, relied| w.timestamp(relied));
        });
    }
}

impl TrustList {
    /// What the list says of the end of an algorithm. Two numbers may stand for one algorithm.
    pub fn sunsets_of(&self, algorithm: Algorithm) -> impl Iterator<Item = &Sunset> {
        self.sunsets.iter().filter(move |sunset| sunset.is_of(algorithm))
    }

    /// Is an algorithm out of use for signing at that time?
    #[must_use]
    pub fn has_stopped_signing_by(&self, algorithm: Algorithm, at: Timestamp) -> bool {
        self.sunsets_of(algorithm).any(|sunset| sunset.signed_until <= at)
    }

    /// When nothing is relied on any more that was signed by an algorithm, if that is said.
    #[must_use]
    pub fn relied_on_until(&self, algorithm: Algorithm) -> Option<Timestamp> {
        self.sunsets_of(algorithm).filter_map(|sunset| sunset.relied_until).min()
    }
}

/// Ascending by algorithm, each once.
pub(super) fn read_sunsets(reader: &mut Reader<'_>) -> Result<Vec<Sunset>, Error> {
    let at = reader.position();
    let sunsets = one_up_to(reader, Limits::STANDARD.names, Sunset::read)?;
    let ascending = |pair: &[Sunset]| matches!(pair, [one, next] if one.algorithm < next.algorithm);
    if sunsets.windows(2).all(ascending) { Ok(sunsets) } else { Err(Error::Value { at }) }
}
