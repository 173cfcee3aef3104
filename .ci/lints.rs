//! One deliberate violation of every lint in `[lints]`, each under the lint's name. Never compiled into the product: `.ci/lints.sh`
//! shows with it that each lint is on and at its level.

pub mod missing_docs {}

/// `unsafe_code`
pub fn unsafe_code(x: *const u8) -> u8 {
    // SAFETY: never called.
    unsafe { *x }
}

/// `unexpected_cfgs`
#[cfg(no_such_cfg)]
pub fn unexpected_cfgs() {}

mod unreachable_pub {
    pub fn f() {}
}

/// `unused_qualifications`
pub fn unused_qualifications() -> core::option::Option<u8> {
    unreachable_pub::f();
    None
}

mod unnameable {
    /// `unnameable_types`
    pub struct Type;
}

/// `unnameable_types`
pub fn unnameable_types() -> unnameable::Type {
    unnameable::Type
}

/// `unwrap_used`
pub fn unwrap_used(x: Option<u8>) -> u8 {
    x.unwrap()
}

/// `expect_used`
pub fn expect_used(x: Option<u8>) -> u8 {
    x.expect("never")
}

/// `panic`
pub fn panic(x: u8) {
    if x == 0 {
        panic!("planted");
    }
}

/// `indexing_slicing`
pub fn indexing_slicing(x: &[u8], n: usize) -> u8 {
    x[n]
}

/// `arithmetic_side_effects`
pub fn arithmetic_side_effects(x: u8, y: u8) -> u8 {
    x + y
}

/// `as_conversions`
pub fn as_conversions(x: u16) -> u8 {
    x as u8
}

/// `todo`
pub fn todo() {
    todo!()
}

/// `unimplemented`
pub fn unimplemented() {
    unimplemented!()
}

/// `unreachable`
pub fn unreachable(x: u8) {
    if x == 0 {
        unreachable!()
    }
}

/// `print_stdout`
pub fn print_stdout() {
    println!("planted");
}

/// `print_stderr`
pub fn print_stderr() {
    eprintln!("planted");
}

/// `dbg_macro`
pub fn dbg_macro() {
    dbg!(1);
}

/// `float_arithmetic`
pub fn float_arithmetic(x: f64) -> f64 {
    x * x
}

/// `string_slice`
pub fn string_slice(x: &str) -> Option<&str> {
    Some(&x[1..])
}

/// `wildcard_enum_match_arm`
pub fn wildcard_enum_match_arm(x: core::cmp::Ordering) -> bool {
    match x {
        core::cmp::Ordering::Less => true,
        _ => false,
    }
}

/// `disallowed_types`, from `.ci/clippy.toml`
pub fn disallowed_types() -> std::collections::HashMap<u8, u8> {
    std::collections::HashMap::new()
}

/// `too_many_lines`: filled up by `.ci/lints.sh`.
pub fn too_many_lines() -> u8 {
    let mut n = 0u8;
    // LINES
    n
}
