//! What may be spent on input.
