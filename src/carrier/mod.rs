//! Text forms of bytes.
