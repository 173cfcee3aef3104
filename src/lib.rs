//! Zhengyin (证印): issues, revokes and verifies offline electronic licenses (电子证照) and electronic seals (电子印章).
//!
//! The modules stand in the order of the procedure, and a module imports only what stands above it:
//!
//! ```text
//! bytes ─carrier→ bytes ─envelope→ Envelope ─claims→ Unverified<Claims> ─chain(store)→ TrustPath
//!       ─authenticate→ Authentic<Claims> ─status→ Standing ─verify→ Report → Verdict
//! ```
//!
//! The core reads no clock, no file, no network, no environment and no randomness: they are arguments. `no_std` is a naming
//! guard to that end (the core cannot name a file or a clock), not a promise for bare metal.
#![no_std]

extern crate alloc;
// The demonstration world of `examples/` is shared with the unit tests: there too it calls this crate by its name.
#[cfg(test)]
extern crate self as zhengyin;

pub mod time;
pub mod limits;
pub mod labels;
pub mod reason;
pub mod cbor;
pub mod carrier;
pub mod suite;
pub mod envelope;
pub mod x509;
pub mod claims;
pub mod trust;
pub mod chain;
pub mod status;
pub mod store;
pub mod policy;
pub mod verify;
#[cfg(feature = "issue")]
pub mod issue;
#[cfg(feature = "register")]
pub mod register;
