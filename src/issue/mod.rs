//! Drafts, signers, publishing.
