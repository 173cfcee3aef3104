//! Deterministic CBOR (RFC 8949 §4.2.1).
