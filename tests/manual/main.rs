//! The manual is true: every example that help and documents show is run as it stands, at a desk where everything lies that they name; and
//! every command keeps to the same habits.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test"
)]
#![cfg(unix)]

mod desk;
mod documents;
mod habits;
mod help;
#[path = "../signing/offices.rs"]
mod offices;
mod seals;
#[path = "../tables/sheets.rs"]
mod sheets;
#[path = "../../examples/world/mod.rs"]
mod world;
