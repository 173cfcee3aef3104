//! Every number on the wire, with its source.
