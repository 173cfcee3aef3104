//! What a scanner sends, made into texts, and texts made into objects: for counters and kiosks that read one code after the other.
//!
//! ```text
//! bytes, moments ─Framer→ Frame::Scan(text) ─Collector→ Collected::Whole(Decoded) ─Verifier→ Report
//!                                                       Collected::Waiting: scan the parts that are missing
//! ```
//!
//! Nothing here reads a device or a clock: bytes and moments are arguments. A moment is the reading of any clock that never goes back,
//! as the [`Duration`](core::time::Duration) since whatever it counts from. Memory is bounded whatever comes. Nothing here is a verdict:
//! the report is the [`Verifier`](crate::Verifier)'s. [`Uses`] remembers which codes were shown here before, without remembering what
//! they say.

mod collect;
mod frame;
mod offered;
mod uses;

pub use collect::{Collected, Collector, MAX_COLLECTIONS, PARTS_WITHIN, Waiting};
pub use frame::{Frame, Framer, IDLE, MAX_SCAN};
pub use offered::Offered;
pub use uses::{SAME_USE, Tag, Use, Uses};

#[cfg(test)]
mod tests;
