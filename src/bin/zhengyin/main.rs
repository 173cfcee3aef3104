//! The command `zhengyin`.
fn main() {}
