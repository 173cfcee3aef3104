//! What a credential says.
