#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

mod body;
mod delta;
mod details;
mod examples;
mod forged;
mod inner;
mod layer;
mod list;
mod proof;
