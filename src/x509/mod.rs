//! Certificates: the profile that we admit (RFC 5280).
