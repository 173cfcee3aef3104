//! What goes with a license: display files and photos, named by digest.

use super::fault::{LicenseError, LicenseFault, Part};
use crate::cbor::{Fault, Key, Reader};
use crate::claims::media_type::is_media_type;
use crate::suite::{Digest, HashAlgorithm};

/// A file that belongs to the license and travels beside it: the display file (OFD, PDF), a photo.
///
/// ```cddl
/// attachment = { 1 => name: tstr, 2 => media-type: tstr, 3 => [alg: int, digest: bstr], 4 => size: uint }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment<'a> {
    /// What it is called.
    pub name: &'a str,
    /// `type/subtype` (RFC 6838), without parameters.
    pub media_type: &'a str,
    /// The COSE number of the hash (RFC 9054).
    pub digest_algorithm: i64,
    /// The digest: as long as its algorithm says; 32 to 64 bytes where this build does not know the algorithm.
    pub digest: &'a [u8],
    /// Length of the file in bytes.
    pub size: u64,
}

impl<'a> Attachment<'a> {
    /// The hash and the digest; none if this build does not have the hash.
    #[must_use]
    pub fn known_digest(&self) -> Option<(HashAlgorithm, Digest)> {
        Some((HashAlgorithm::from_cose(self.digest_algorithm)?, Digest::from_slice(self.digest)?))
    }

    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, LicenseError> {
        let map_at = reader.position();
        let missing = |key| LicenseFault::Missing { part: Part::Attachment, key }.at(map_at);
        let (mut name, mut media_type, mut digest, mut size) = (None, None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            let key = map.next(reader)?;
            let at = reader.position();
            match key {
                None => break,
                Some(Key::Int(1)) => name = Some(reader.text()?),
                Some(Key::Int(2)) => {
                    let text = reader.text()?;
                    media_type = Some(text).filter(|text| is_media_type(text));
                    media_type.ok_or(LicenseFault::MediaType.at(at))?;
                }
                Some(Key::Int(3)) => digest = Some(read_digest(reader)?),
                Some(Key::Int(4)) => size = Some(reader.uint()?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        let (digest_algorithm, digest) = digest.ok_or(missing(3))?;
        Ok(Self {
            name: name.ok_or(missing(1))?,
            media_type: media_type.ok_or(missing(2))?,
            digest_algorithm,
            digest,
            size: size.ok_or(missing(4))?,
        })
    }
}

fn read_digest<'a>(reader: &mut Reader<'a>) -> Result<(i64, &'a [u8]), LicenseError> {
    reader.array_of(2)?;
    let algorithm = reader.int()?;
    let at = reader.position();
    let digest = reader.bytes()?;
    let fits = match HashAlgorithm::from_cose(algorithm) {
        Some(_) => Digest::from_slice(digest).is_some(),
        None => (32..=64).contains(&digest.len()),
    };
    if fits { Ok((algorithm, digest)) } else { Err(LicenseFault::DigestLength.at(at)) }
}
