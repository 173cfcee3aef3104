//! COSE_Sign1 and COSE_Sign (RFC 9052).
