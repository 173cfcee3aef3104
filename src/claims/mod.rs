//! What a credential says: its claims, read and not yet believed, and the identifiers inside them.

pub mod id;
