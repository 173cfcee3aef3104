//! Status lists (吊销清单): which licenses of an authority are revoked, suspended, superseded …, as succinct sets over the positions
//! that its register allotted, answered from the bytes as they are.

mod bits;
mod block;
mod check;
mod directory;
mod layer;
mod region;
mod rules;
mod tally;
mod write;

#[cfg(test)]
mod tests;

pub use block::BlockError;
pub use layer::{Layer, LayerError, LayerView, Stored};
