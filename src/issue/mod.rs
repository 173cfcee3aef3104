//! Drafts, signers, publishing.

mod license;

pub use license::{
    AttachmentFacts, CopyFacts, CredentialFacts, FactsError, FieldLabel, FieldValue, HolderFacts, HolderIdFault,
    LicenseFacts, Place, Rewritten,
};
