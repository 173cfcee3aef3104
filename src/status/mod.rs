//! Status lists (吊销清单): which licenses of an authority are revoked, suspended, superseded …, as succinct sets over the positions
//! that its register allotted, answered from the bytes as they are.
//!
//! A list is a small signed header and a body that the header's root covers. The body holds one [`Layer`] for each state that occurs.

mod bits;
mod block;
mod body;
mod cause;
mod check;
mod column;
mod delta;
mod details;
mod directory;
mod form;
mod grown;
mod header;
mod history;
pub(crate) mod inner;
mod interpolative;
mod layer;
mod layers;
mod list;
mod proof;
mod rank;
mod rebuild;
mod region;
mod rules;
mod runs;
mod state;
mod tally;
mod tree;
mod write;

#[cfg(test)]
mod tests;

pub use block::BlockError;
pub use body::{Body, BodyError, WrittenBody};
pub use cause::Cause;
pub use delta::{DeltaError, StatusDelta};
pub use details::DetailsError;
pub use header::{HeaderError, LogHead, StatusHeader};
pub use history::{LicenseHistory, OnDay, Spell};
pub use layer::{Layer, LayerError, LayerView, Stored};
pub use layers::{Details, Layers};
pub use list::{ListError, StatusList};
pub use proof::{ProofError, StatusProof};
pub use state::{Standing, State};
