//! The issuing register.
