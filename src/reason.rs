//! The one table of grounds.
