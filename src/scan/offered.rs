//! What the bytes of a code are, by their shape: nothing is verified.

use crate::cbor::Items;
use crate::claims::Challenge;
use crate::envelope::{Envelope, Expected, MultiEnvelope, ObjectType};
use crate::reason::Language;
use crate::status::{StatusDelta, StatusList, StatusProof};

/// What bytes are, as far as their shape tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Offered {
    /// A license, or something that says it is one: for the verifier.
    License,
    /// A seal.
    Seal,
    /// A stamp, without its document.
    Stamp,
    /// A trust list.
    TrustList,
    /// An issuer directory.
    Directory,
    /// A status list, or a delta of one.
    StatusList,
    /// A proof of a license's status, without its license.
    StatusProof,
    /// A presentation, without its license.
    Presentation,
    /// A receipt of a verification.
    Receipt,
    /// Several objects for a store.
    Pack,
    /// A challenge, which a verifier shows.
    Challenge,
    /// None of these, or not readable: for the verifier, who says what is wrong.
    Unknown,
}

impl Offered {
    /// Tells what bytes are.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut items = Items::new(bytes);
        let Some(Ok(first)) = items.next() else { return Self::Unknown };
        let kind = Self::of_item(first);
        match (kind, items.next()) {
            (Self::TrustList | Self::Directory | Self::StatusList, Some(_)) => Self::Pack,
            (kind, _) => kind,
        }
    }

    fn of_item(item: &[u8]) -> Self {
        let multi = || MultiEnvelope::parse(item, Expected::AnyKnown).ok().map(|envelope| envelope.object_type());
        let typed = Envelope::parse(item, Expected::AnyKnown).ok().map(|envelope| envelope.object_type());
        match typed.or_else(multi).flatten() {
            Some(ObjectType::License) => Self::License,
            Some(ObjectType::Seal) => Self::Seal,
            Some(ObjectType::Stamp) => Self::Stamp,
            Some(ObjectType::Status) => Self::StatusList,
            Some(ObjectType::Trust) => Self::TrustList,
            Some(ObjectType::Issuers) => Self::Directory,
            Some(ObjectType::Presentation) => Self::Presentation,
            Some(ObjectType::Receipt) => Self::Receipt,
            None if StatusList::parse(item).is_ok() || StatusDelta::parse(item).is_ok() => Self::StatusList,
            None if StatusProof::parse(item).is_ok() => Self::StatusProof,
            None if Challenge::parse(item).is_ok() => Self::Challenge,
            None => Self::Unknown,
        }
    }

    /// Is it for the verifier?
    #[must_use]
    pub const fn is_for_the_verifier(self) -> bool {
        matches!(self, Self::License | Self::Unknown)
    }

    /// The name in reports.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::License => "license",
            Self::Seal => "seal",
            Self::Stamp => "stamp",
            Self::TrustList => "trust-list",
            Self::Directory => "directory",
            Self::StatusList => "status-list",
            Self::StatusProof => "status-proof",
            Self::Presentation => "presentation",
            Self::Receipt => "receipt",
            Self::Pack => "pack",
            Self::Challenge => "challenge",
            Self::Unknown => "unknown",
        }
    }

    /// What it is and what it is for, for people.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::License => ("这是证照", "this is a license"),
            Self::Seal => ("这是电子印章，不是证照", "this is a seal, not a license"),
            Self::Stamp => (
                "这是电子签章，须与所盖文档一并核验，不是证照",
                "this is a stamp, which is verified with its document, not a license",
            ),
            Self::TrustList => {
                ("这是互认清单，供信任库装入，不是证照", "this is a trust list for a store, not a license")
            }
            Self::Directory => {
                ("这是机构目录，供信任库装入，不是证照", "this is an issuer directory for a store, not a license")
            }
            Self::StatusList => {
                ("这是吊销清单，供信任库装入，不是证照", "this is a status list for a store, not a license")
            }
            Self::StatusProof => ("这是核验凭据，须跟在证照之后", "this is a status proof, which follows its license"),
            Self::Presentation => {
                ("这只是亮证，缺少所亮的证照", "this is a presentation without the license that it shows")
            }
            Self::Receipt => ("这是核验回执，不是证照", "this is a receipt of a verification, not a license"),
            Self::Pack => ("这是核验包，供信任库装入，不是证照", "this is a pack for a store, not a license"),
            Self::Challenge => {
                ("这是核验码：由持证人扫描，不是证照", "this is a challenge: the holder scans it; it is not a license")
            }
            Self::Unknown => ("其中没有可识别的对象", "there is no object in it that is known here"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}
