//! Making seals: what a maker 制章者 states becomes a signed seal, which is verified before it leaves.

use alloc::string::String;
use alloc::vec::Vec;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::draft::{Draft, DraftError};
use super::release::entitled;
use super::signer::Signer;
use crate::chain::SignerQuestion;
use crate::claims::id::{CreditCode, CreditCodeCheckError, SealCode};
use crate::claims::{
    Allowed, CredentialId, Picture, PictureFault, PictureFormat, Seal, SealClaims, SealError, SealKind, Signers,
    StatusPointer,
};
use crate::envelope::ObjectType;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::store::Store;
use crate::suite::{Digest, PublicKey};
use crate::time::{Clock, Period, Timestamp};
use crate::verify::{SealReport, Verifier};
use crate::x509::Use;

/// What a seal says. See [`Seal`] for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealFacts {
    /// 印章编码.
    pub code: SealCode,
    /// 印章名称.
    pub name: String,
    /// 印章类型.
    pub kind: SealKind,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's credit code.
    pub owner: CreditCode,
    /// The picture's format.
    pub picture_format: PictureFormat,
    /// The picture's file.
    pub picture: Vec<u8>,
    /// Width and height on paper, in millimetres, 1 to 100.
    pub millimetres: [u8; 2],
    /// The keys that may stamp, by their thumbprints, in any order.
    pub signers: Vec<Digest>,
    /// The media types and license types that it may be used on, in any order; none = any.
    pub allowed: Vec<String>,
}

/// What the seal's credential says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealCredential {
    /// `iss`: the maker, which must be that of the signer.
    pub maker: CreditCode,
    /// When the seal may be used.
    pub validity: Period,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `cti`: drawn at random, never used before.
    pub id: CredentialId,
    /// The position in a status list of the maker's that the register allotted.
    pub status: StatusPointer,
}

/// A seal that was made and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeSeal {
    /// The envelope, as it is handed out (`.zye`).
    pub bytes: Vec<u8>,
    /// The object digest, by which stamps name it.
    pub digest: Digest,
}

/// Why a seal is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MakeSealError {
    /// A text is not in Unicode normalization form C.
    #[error("a text is not in Unicode normalization form C")]
    NotNormalized,
    /// The owner's or the maker's credit code fails its check.
    #[error("a credit code fails its check: {0}")]
    CreditCode(CreditCodeCheckError),
    /// The picture may not be drawn.
    #[error(transparent)]
    Picture(#[from] PictureFault),
    /// The verifier would not read the claims.
    #[error(transparent)]
    Claims(#[from] SealError),
    /// It could not be signed.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A verifier that holds the same trust data would not pass the seal, or the trust data does not tell.
    #[error("a verifier would not pass it: {}", .0.symbol())]
    Refused(Reason),
}

impl MakeSealError {
    /// The ground on which a verifier would not pass the seal, where that is why it is not made.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused(reason) => Some(*reason),
            _ => None,
        }
    }
}

impl SealFacts {
    /// A name in Unicode normalization form C, where it is not in it. Two names that look alike should be signed alike, and a seal is drawn from
    /// what is signed.
    #[must_use]
    pub fn normalized(name: &str) -> Option<String> {
        (!is_nfc(name)).then(|| name.nfc().collect())
    }

    /// The payload of the seal: held to the rules of issuing, canonical, and read back by the verifier's own reader.
    ///
    /// # Errors
    /// [`MakeSealError`]: the first rule that does not hold.
    pub fn encode(&self, credential: &SealCredential) -> Result<Vec<u8>, MakeSealError> {
        if ![&self.name, &self.owner_name].into_iter().all(|text| is_nfc(text)) {
            return Err(MakeSealError::NotNormalized);
        }
        for code in [&self.owner, &credential.maker] {
            code.check().map_err(MakeSealError::CreditCode)?;
        }
        let picture = Picture::check(self.picture_format, &self.picture, self.millimetres.map(u64::from))?;
        let mut signers = self.signers.clone();
        signers.sort_unstable();
        let mut allowed: Vec<&str> = self.allowed.iter().map(String::as_str).collect();
        allowed.sort_unstable();
        let claims = SealClaims {
            maker: credential.maker,
            validity: credential.validity,
            issued_at: credential.issued_at,
            id: credential.id,
            status: credential.status,
            seal: Seal {
                code: self.code,
                name: &self.name,
                kind: self.kind,
                owner_name: &self.owner_name,
                owner: self.owner,
                picture,
                signers: Signers::of(&signers),
                allowed: Some(Allowed::of(&allowed)).filter(|_| !allowed.is_empty()),
            },
        };
        Ok(claims.encode()?)
    }
}

/// Makes a seal. With a store it is held to what the store knows of the maker: it tells, before anything leaves, that the seal is outside
/// the maker's mandate or signing period.
///
/// # Errors
/// [`MakeSealError`]. What a verifier would refuse is refused before the signer is asked.
pub fn make_seal(
    facts: &SealFacts,
    credential: &SealCredential,
    store: Option<&Store>,
    maker: &dyn Signer,
) -> Result<MadeSeal, MakeSealError> {
    let draft = draft_seal(facts, credential, store, maker.public_key())?;
    let digest = draft.object_digest();
    let bytes = draft.sign(maker, &[])?;
    if let Some(store) = store {
        let report = ask(&bytes, credential.issued_at, store, |report| {
            let steps = report.steps();
            [steps.encoding, steps.issuer, steps.signature].iter().find_map(|outcome| outcome.reason())
        });
        report.map_or(Ok(()), |reason| Err(MakeSealError::Refused(reason)))?;
    }
    Ok(MadeSeal { bytes, digest })
}

/// Drafts a seal, for a maker whose key answers later. Everything that can be known without a signature is checked.
///
/// # Errors
/// [`MakeSealError`].
pub fn draft_seal(
    facts: &SealFacts,
    credential: &SealCredential,
    store: Option<&Store>,
    maker: &PublicKey,
) -> Result<Draft, MakeSealError> {
    let draft = Draft::new(ObjectType::Seal, facts.encode(credential)?, maker)?;
    if credential.validity.until().is_some_and(|until| until <= credential.issued_at.seconds()) {
        return Err(MakeSealError::Refused(Reason::PeriodExpired));
    }
    if let Some(store) = store {
        let question = SignerQuestion {
            purpose: Use::SealMaker,
            authority: credential.maker,
            signed_at: credential.issued_at,
            region: facts.code.region(),
            type_code: None,
        };
        entitled(&question, store, maker).map_err(MakeSealError::Refused)?;
    }
    Ok(draft)
}

/// What a verifier that holds the same says, at the moment of making.
fn ask<T>(bytes: &[u8], at: Timestamp, store: &Store, answer: impl FnOnce(&SealReport<'_>) -> T) -> T {
    let policy = Policy::counter(None);
    let clock = Clock::Reads { now: at, uncertainty: 0 };
    answer(&Verifier::new(store, policy).verify_seal(bytes, clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_brought_to_one_form() {
        assert_eq!(SealFacts::normalized("示例局"), None);
        // U+F9B4 is a compatibility form of U+9818.
        assert_eq!(SealFacts::normalized("示例\u{f9b4}事馆").as_deref(), Some("示例領事馆"));
    }
}
