//! Who signs trust lists: operators, their keys, and how many of them it takes.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Error, fields, required, said};
use crate::cbor::{Key, Reader, Writer};
use crate::labels::cose;
use crate::limits::Limits;
use crate::suite::{CoseKeyError, Digest, KeyError, PublicKey, sha256};

/// The key of one who may sign the next list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "nearly all are known, and a list has few")]
pub enum ListKey {
    /// A key whose signatures this build can check.
    Known(PublicKey),
    /// A COSE_Key of a suite that this build does not know, as it was encoded. Nothing is counted for it, and the list is read all the
    /// same: else one operator with a newer suite would make the list unreadable to every verifier without it.
    Foreign(Vec<u8>),
}

impl ListKey {
    /// The key, if this build can check signatures by it.
    #[must_use]
    pub const fn known(&self) -> Option<&PublicKey> {
        match self {
            Self::Known(key) => Some(key),
            Self::Foreign(_) => None,
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let item = reader.clone().skip()?;
        match PublicKey::from_cose_key(reader) {
            Ok(key) => Ok(Self::Known(key)),
            Err(error) => match error {
                CoseKeyError::Key(KeyError::UnknownAlgorithm) => Self::foreign(item, at),
                // Not of a type whose shape is known: another's parameters have other labels.
                CoseKeyError::Encoding(_) if is_of_another_type(item)? => Self::foreign(item, at),
                error => Err(error.into()),
            },
        }
    }

    fn foreign(item: &[u8], at: usize) -> Result<Self, Error> {
        if item.len() > MAX_FOREIGN_KEY { Err(Error::TooMany { at }) } else { Ok(Self::Foreign(item.to_vec())) }
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Known(key) => key.write_cose_key(writer),
            Self::Foreign(item) => writer.item(item),
        }
    }

    /// The encoding of the COSE_Key: equal keys have equal ones.
    fn encoded(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish().unwrap_or_default()
    }
}

impl From<PublicKey> for ListKey {
    fn from(key: PublicKey) -> Self {
        Self::Known(key)
    }
}

/// Keys of suites to come are larger than ours; none that is thought of is larger than this.
const MAX_FOREIGN_KEY: usize = 4_096;

/// Is it a COSE_Key of a type (RFC 9052 §7.1) that is neither ours nor that of SM2?
fn is_of_another_type(item: &[u8]) -> Result<bool, Error> {
    let mut reader = Reader::new(item);
    let mut map = reader.map()?;
    while let Some(key) = map.next(&mut reader)? {
        if key == Key::Int(cose::KEY_KTY) {
            let kty = reader.int()?;
            return Ok(kty != 1 && kty != 2);
        }
        reader.skip()?;
    }
    Ok(false)
}

/// One who may sign the next list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSigner {
    /// The key.
    pub key: ListKey,
    /// Who holds it. An operator counts once, however many keys he holds.
    pub operator: String,
}

impl ListSigner {
    /// An operator with a key of this build.
    #[must_use]
    pub fn new(key: &PublicKey, operator: &str) -> Self {
        Self { key: key.clone().into(), operator: operator.into() }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut key, mut operator) = (None, None);
        fields(reader, |label, reader| {
            match label {
                1 => key = Some(ListKey::read(reader)?),
                2 => operator = Some(said(reader)?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self { key: required(key, 1, at)?, operator: required(operator, 2, at)? })
    }
}

pub(super) fn read_signers(reader: &mut Reader<'_>) -> Result<Vec<ListSigner>, Error> {
    super::one_up_to(reader, Limits::STANDARD.list_signers, ListSigner::read)
}

pub(super) fn write_signers(writer: &mut Writer, signers: &[ListSigner]) {
    writer.array_of(signers.iter(), |w, signer| {
        w.map(|map| {
            map.entry(1, |w| signer.key.write(w));
            map.entry(2, |w| w.text(&signer.operator));
        });
    });
}

/// No key stands twice, nor two of one key id, and enough distinct operators stand there for the threshold to be met.
pub(super) fn check_signers(signers: &[ListSigner], threshold: u64) -> Result<(), Error> {
    let mut encoded = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let differ = signers.iter().all(|signer| {
        encoded.insert(signer.key.encoded()) && signer.key.known().is_none_or(|key| ids.insert(key.key_id()))
    });
    let operators: BTreeSet<&str> = signers.iter().map(|signer| signer.operator.as_str()).collect();
    let operators = u64::try_from(operators.len()).unwrap_or(u64::MAX);
    match (differ, threshold) {
        (false, _) => Err(Error::Duplicate { at: 0 }),
        (true, threshold) if threshold == 0 || threshold > operators => Err(Error::Value { at: 0 }),
        (true, _) => Ok(()),
    }
}

/// Do these keys, whose signatures verified, make up the threshold? Each operator and each key counts once.
#[must_use]
pub fn quorum_met(signers: &[ListSigner], threshold: u64, verified: &[PublicKey]) -> bool {
    let signed = |signer: &&ListSigner| signer.key.known().is_some_and(|key| verified.contains(key));
    let operators: BTreeSet<&str> = signers.iter().filter(signed).map(|signer| signer.operator.as_str()).collect();
    u64::try_from(operators.len()).is_ok_and(|count| count >= threshold)
}

/// Could they make it up together with `open` signatures that this build cannot judge, by operators whose keys it cannot? By this nothing is
/// believed: it tells a list that lacks signatures from one that is too new.
#[must_use]
pub fn quorum_conceivable(signers: &[ListSigner], threshold: u64, verified: &[PublicKey], open: usize) -> bool {
    let signed = |signer: &&ListSigner| signer.key.known().is_some_and(|key| verified.contains(key));
    let counted: BTreeSet<&str> = signers.iter().filter(signed).map(|signer| signer.operator.as_str()).collect();
    let foreign = signers.iter().filter(|signer| signer.key.known().is_none()).map(|signer| signer.operator.as_str());
    let more: BTreeSet<&str> = foreign.filter(|operator| !counted.contains(operator)).collect();
    let count = counted.len().saturating_add(more.len().min(open));
    more.len().min(open) > 0 && u64::try_from(count).is_ok_and(|count| count >= threshold)
}

/// SHA-256 of the CBOR of `[federation, signers, threshold]`.
#[must_use]
pub fn pin_of(federation: &str, signers: &[ListSigner], threshold: u64) -> Digest {
    let mut writer = Writer::new();
    writer.array(3);
    writer.text(federation);
    write_signers(&mut writer, signers);
    writer.uint(threshold);
    sha256(&writer.finish().unwrap_or_default())
}
