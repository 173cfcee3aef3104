//! The procedure and the verdict.
