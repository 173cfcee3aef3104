//! Signature and hash suites.
