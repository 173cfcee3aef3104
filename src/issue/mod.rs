//! Drafts, signers, publishing.

pub mod catalogue;
pub mod certificate;
mod compress;
mod directory;
mod draft;
pub mod key;
mod license;
mod list;
mod multi_draft;
mod pack;
mod pem;
mod presentation;
mod receipt;
mod release;
mod seal;
mod signer;
mod stamp;
mod status;
mod template;
mod token_list;

pub use compress::prepare;
pub use directory::{DirectoryError, publish_directory};
pub use draft::{Draft, DraftError};
pub use license::{
    AttachmentFacts, CopyFacts, CredentialFacts, FactsError, FieldLabel, FieldValue, HolderFacts, HolderIdFault,
    LicenseFacts, Place, Rewritten,
};
pub use list::{
    ListDraft, ListFault, RULE_NOTICE, Signatory, SigningFault, Tally, TrustListError, check_trust_list,
    draft_trust_list, list_faults, provinces_left_behind, publish_trust_list,
};
pub use multi_draft::MultiDraft;
pub use pack::{PackError, pack};
pub use presentation::{PresentError, present};
pub use receipt::{SignReceiptError, sign_receipt};
pub use release::{IssueError, IssuedLicense, draft_license, issue_license, read_issued, sign_license};
pub use seal::{MadeSeal, MakeSealError, SealCredential, SealFacts, draft_seal, make_seal};
pub use signer::{SignError, Signer, sign_verified};
pub use stamp::{StampFacts, Stamped, StampingError, digest_document, digest_document_by, stamp};
pub use status::{StatusError, StatusFacts, publish_detailed_status, publish_status};
pub use template::{Template, TemplateError, TemplateFault};
pub use token_list::{StatusTypes, TokenListError, TokenListFacts, publish_token_list};

#[cfg(test)]
pub(crate) mod tests;
