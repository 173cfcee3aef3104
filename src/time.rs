//! Time as arithmetic: a window, never an instant.
