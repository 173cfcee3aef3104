//! Certificates (X.509, RFC 5280): what is admitted, and paths from a signer to an anchor.
//!
//! A certificate passes four gates, and no later one is asked before an earlier one has answered:
//!
//! 1. [`Certificate::parse`]: canonical DER throughout, the fixed shape of RFC 5280, an admissible key, no extension that would have
//!    to be understood and is not. What fails here is no certificate for us, whatever its role.
//! 2. [`check_end_entity`], [`check_admitted`], [`check_issuer`]: the profile of its role.
//! 3. [`build_path`]: names, key identifiers, path lengths, validity and signatures up to an anchor, under a budget.
//! 4. The mandates along the path, which the caller compares with the trust list's: here they are only read.
//!
//! Signatures are verified by `suite` over the bytes that were received. Nothing is fetched.

mod certificate;
pub(crate) mod der;
mod extension;
mod mandate_extension;
mod name;
mod path;
mod profile;
mod purpose;
#[cfg(all(test, feature = "issue"))]
mod tests;

pub use certificate::{Certificate, CertificateError, claimed_spki, claimed_subject};
pub use der::{DerError, DerRule, MAX_LENGTH};
pub use extension::{BasicConstraints, ExtendedKeyUsage, ExtensionError, ExtensionKind, KeyUsage};
pub use mandate_extension::{Mandate, MandateError, Strings, encode as encode_mandate};
pub use name::Name;
pub use path::{Path, PathError, PathQuestion, build_path};
pub use profile::{ProfileError, check_admitted, check_end_entity, check_foreign_issuer, check_issuer};
pub use purpose::Use;
