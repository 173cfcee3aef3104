//! What a person brings to a replay: packs, objects, licenses, whole stores, in any order. Everything is found again by digest.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;

use crate::cbor::{Items, Kind, Reader};
use crate::envelope::{Envelope, Expected, MultiEnvelope, ObjectType};
use crate::labels::tag;
use crate::status::StatusList;
use crate::store::{ObjectKind, Store};
use crate::suite::{Digest, sha256};

/// Bytes by their digests. Nothing in it is believed: a digest says that it is what a report named, and the replay verifies it again.
#[derive(Clone, Debug, Default)]
pub struct Evidence<'e> {
    bytes: BTreeMap<Digest, &'e [u8]>,
    objects: BTreeMap<(ObjectKind, Digest), Cow<'e, [u8]>>,
}

impl<'e> Evidence<'e> {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: BTreeMap::new(), objects: BTreeMap::new() }
    }

    /// Adds a file's bytes: as they are, for they may be what was verified, and the objects in them, if they are a pack or one object.
    pub fn add(&mut self, bytes: &'e [u8]) {
        self.bytes.insert(sha256(bytes), bytes);
        for item in Items::new(bytes).map_while(Result::ok) {
            if let Some(named) = name(item) {
                self.objects.insert(named, Cow::Borrowed(item));
            }
        }
    }

    /// Adds everything that a store holds, but for lists whose file was lost or changed.
    pub fn add_store(&mut self, store: &'e Store) {
        let trust = store.trust().map(|held| (ObjectKind::TrustList, held.digest(), Cow::Borrowed(held.bytes())));
        let directories =
            store.directories().map(|held| (ObjectKind::Directory, held.digest(), Cow::Borrowed(held.bytes())));
        let statuses =
            store.statuses().filter_map(|held| Some((ObjectKind::StatusList, held.digest(), held.object().ok()?)));
        for (kind, digest, object) in trust.into_iter().chain(directories).chain(statuses) {
            self.objects.insert((kind, digest), object);
        }
    }

    /// The bytes of a digest.
    #[must_use]
    pub fn bytes(&self, digest: Digest) -> Option<&'e [u8]> {
        self.bytes.get(&digest).copied()
    }

    /// The object of a digest.
    #[must_use]
    pub fn object(&self, kind: ObjectKind, digest: Digest) -> Option<&[u8]> {
        self.objects.get(&(kind, digest)).map(AsRef::as_ref)
    }
}

/// What a store would take an item for, and the digest that names it.
fn name(item: &[u8]) -> Option<(ObjectKind, Digest)> {
    let mut probe = Reader::new(item);
    match probe.kind().ok()? {
        Kind::Tag if probe.tag(tag::COSE_SIGN).is_ok() => {
            let envelope = MultiEnvelope::parse(item, Expected::Type(ObjectType::Trust)).ok()?;
            Some((ObjectKind::TrustList, envelope.object_digest()))
        }
        Kind::Tag => {
            let envelope = Envelope::parse(item, Expected::Type(ObjectType::Issuers)).ok()?;
            Some((ObjectKind::Directory, envelope.object_digest()))
        }
        Kind::Array => {
            let list = StatusList::parse(item).ok()?;
            // The header names the body by its root: a spoilt body must not hide a sound one.
            list.verify_body().ok()?;
            Some((ObjectKind::StatusList, list.envelope().object_digest()))
        }
        _ => None,
    }
}
