//! Drafts, signers, publishing.

pub mod certificate;
pub mod key;
mod license;
mod signer;

pub use license::{
    AttachmentFacts, CopyFacts, CredentialFacts, FactsError, FieldLabel, FieldValue, HolderFacts, HolderIdFault,
    LicenseFacts, Place, Rewritten,
};
pub use signer::{SignError, Signer, sign_verified};
