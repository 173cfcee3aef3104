//! What is held: the bytes as they were received, and what was read from them.

use alloc::vec::Vec;

use super::bodies::{HeldBody, whole};
use super::freshness::Dates;
use crate::chain::Signer;
use crate::claims::id::RegionPrefix;
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::reason::Reason;
use crate::status::{StatusHeader, StatusList};
use crate::suite::{Algorithm, Digest, Footing, HashAlgorithm};
use crate::trust::{Directory, TrustList};

/// A kind of object that a store takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A trust list, 互认清单.
    TrustList,
    /// An issuer directory, 颁发机构目录.
    Directory,
    /// A status list, 吊销清单.
    StatusList,
}

impl ObjectKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::TrustList, Self::Directory, Self::StatusList];

    /// The word for it in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TrustList => "trust-list",
            Self::Directory => "directory",
            Self::StatusList => "status-list",
        }
    }
}

/// The newest trust list.
#[derive(Clone, Debug)]
pub struct HeldTrust {
    pub(super) bytes: Vec<u8>,
    pub(super) digest: Digest,
    pub(super) list: TrustList,
    pub(super) equivocal: bool,
}

impl HeldTrust {
    /// The object's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The object digest.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The list.
    #[must_use]
    pub const fn list(&self) -> &TrustList {
        &self.list
    }

    /// Was another list of the same number seen?
    #[must_use]
    pub const fn is_equivocal(&self) -> bool {
        self.equivocal
    }

    /// Its dates.
    #[must_use]
    pub const fn dates(&self) -> Dates {
        Dates {
            kind: ObjectKind::TrustList,
            issued: self.list.issued,
            next_update: self.list.next_update,
            expires: Some(self.list.expires),
        }
    }
}

/// The newest directory of a province.
#[derive(Clone, Debug)]
pub struct HeldDirectory {
    pub(super) bytes: Vec<u8>,
    pub(super) digest: Digest,
    /// Of its signature.
    pub(super) algorithm: Algorithm,
    pub(super) directory: Directory,
    pub(super) equivocal: bool,
    /// The entries that a key could be read from, each looked at.
    pub(super) signers: Vec<Signer>,
    /// Entries that not even a key could be read from: this verifier cannot say who they are.
    pub(super) unreadable: usize,
}

impl HeldDirectory {
    /// A directory whose entries were not looked at yet.
    pub(super) fn new(envelope: &Envelope<'_>, digest: Digest, directory: Directory) -> Self {
        Self {
            bytes: envelope.bytes().to_vec(),
            digest,
            algorithm: envelope.algorithm(),
            directory,
            equivocal: false,
            signers: Vec::new(),
            unreadable: 0,
        }
    }

    /// The object's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The object digest.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The directory.
    #[must_use]
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The signature that the directory rests on.
    #[must_use]
    pub fn footing(&self) -> Footing {
        Footing::of(self.algorithm, self.directory.issued)
    }

    /// The signers that it lists.
    #[must_use]
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// Was another directory of the same number seen?
    #[must_use]
    pub const fn is_equivocal(&self) -> bool {
        self.equivocal
    }

    /// Its dates.
    #[must_use]
    pub const fn dates(&self) -> Dates {
        Dates {
            kind: ObjectKind::Directory,
            issued: self.directory.issued,
            next_update: self.directory.next_update,
            expires: Some(self.directory.expires),
        }
    }
}

/// The newest status list of one number.
#[derive(Clone, Debug)]
pub struct HeldStatus {
    /// The signed header alone.
    pub(super) envelope: Vec<u8>,
    pub(super) digest: Digest,
    pub(super) header: StatusHeader,
    /// Of its signature.
    pub(super) algorithm: Algorithm,
    pub(super) body: HeldBody,
    pub(super) equivocal: bool,
    /// The province whose directory lists its signer, or did when it was taken in.
    pub(super) province: RegionPrefix,
    /// Its signer's place in that directory, if it is still one that may sign it. What is held outlives the directory.
    pub(super) signer: Result<usize, Reason>,
}

impl HeldStatus {
    /// A list whose body was verified, and whose signer is to be looked for.
    pub(super) fn new(object: &[u8], list: &StatusList<'_>, province: RegionPrefix) -> Self {
        let body = whole(object, list.body_bytes().len());
        Self::of_header(list.envelope(), *list.claimed_header(), body, province)
    }

    /// A list of this header, whose signer is to be looked for.
    pub(super) fn of_header(
        envelope: &Envelope<'_>,
        header: StatusHeader,
        body: HeldBody,
        province: RegionPrefix,
    ) -> Self {
        Self {
            envelope: envelope.bytes().to_vec(),
            digest: envelope.object_digest(),
            header,
            algorithm: envelope.algorithm(),
            body,
            equivocal: false,
            province,
            signer: Err(Reason::StoreParentMissing),
        }
    }

    /// The object digest of its header.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> &StatusHeader {
        &self.header
    }

    /// The signature that the list rests on.
    #[must_use]
    pub fn footing(&self) -> Footing {
        Footing::of(self.algorithm, self.header.issued)
    }

    /// The hash of its root.
    pub(super) const fn hash(&self) -> HashAlgorithm {
        self.algorithm.hash()
    }

    /// The signed header alone, as an envelope.
    pub(super) fn header_bytes(&self) -> &[u8] {
        &self.envelope
    }

    /// The envelope of the header.
    pub(super) fn envelope(&self) -> Result<Envelope<'_>, envelope::Error> {
        Envelope::parse(&self.envelope, Expected::Type(ObjectType::Status))
    }

    /// Was another list of the same number seen?
    #[must_use]
    pub const fn is_equivocal(&self) -> bool {
        self.equivocal
    }

    /// The province by whose word it is held.
    #[must_use]
    pub const fn province(&self) -> RegionPrefix {
        self.province
    }

    /// Could its signer sign it when it was issued, by the newest directory? Whether that holds now: [`super::Store::check_status_signer`].
    ///
    /// # Errors
    /// Why not.
    pub fn signer(&self) -> Result<(), Reason> {
        self.signer.map(|_| ())
    }

    /// Its dates.
    #[must_use]
    pub const fn dates(&self) -> Dates {
        Dates {
            kind: ObjectKind::StatusList,
            issued: self.header.issued,
            next_update: self.header.next_update,
            expires: None,
        }
    }
}

/// Any object that is held.
#[derive(Clone, Copy, Debug)]
pub enum Held<'s> {
    /// The trust list.
    Trust(&'s HeldTrust),
    /// A directory.
    Directory(&'s HeldDirectory),
    /// A status list.
    Status(&'s HeldStatus),
}

impl Held<'_> {
    /// Its dates.
    #[must_use]
    pub const fn dates(self) -> Dates {
        match self {
            Self::Trust(held) => held.dates(),
            Self::Directory(held) => held.dates(),
            Self::Status(held) => held.dates(),
        }
    }
}
