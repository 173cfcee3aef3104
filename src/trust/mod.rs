//! Trust list and issuer directory.
