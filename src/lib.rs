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
//!
//! ```no_run
//! use zhengyin::{Clock, Policy, Region, Store, Timestamp, Verdict, Verifier};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Store::from_bytes(&std::fs::read("trust.store")?)?; // everything in it is verified again
//! let license = std::fs::read("license.zyl")?;
//! let clock = Timestamp::new(1_790_820_000).map_or(Clock::Absent, Clock::reads); // yours, not ours
//!
//! let policy = Policy::counter(Some(Region::parse("990100")?));
//! let report = Verifier::new(&store, policy).verify(&license, clock); // a bad license is an answer, not an error
//! match report.verdict() {
//!     Verdict::Valid => println!("valid until {:?} at least", report.good_until()),
//!     Verdict::Invalid | Verdict::Undetermined => println!("{:?}", report.steps().deciding()),
//! }
//! # Ok(())
//! # }
//! ```
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
pub mod suite;
pub mod carrier;
pub mod envelope;
pub mod x509;
pub mod claims;
pub mod trust;
pub mod chain;
pub mod status;
pub mod store;
pub mod policy;
pub mod scan;
pub mod verify;
pub mod receipt;
#[cfg(feature = "issue")]
pub mod issue;
#[cfg(feature = "register")]
pub mod register;
#[cfg(feature = "capi")]
mod capi;

pub use chain::Authentic;
pub use claims::LicenseClaims;
pub use claims::id::Region;
pub use policy::Policy;
pub use reason::{Language, Reason};
pub use store::{Pin, Store};
pub use time::{Clock, TimeWindow, Timestamp};
pub use verify::{Outcome, Report, Step, Steps, Verdict, Verifier};
