//! What a verifier holds.
