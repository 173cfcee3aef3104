//! The C ABI: `include/zhengyin.h` is generated from here; its contract stands in `docs/c-abi.md`.
//!
//! ```text
//! boundary    the one file that says `unsafe`: pointers in, handles out, `entry(…)` around every body
//! fault       why a call did not work, and the error handle
//! words       version, features, texts of grounds       buffer     bytes that the library owns
//! store       what a verifier holds                     policy     what it asks for
//! seen        presentations seen before                 question   what is asked of one credential
//! verifier    verify                                    report     the answer
//! stamps      stamps over a document, and seals          found      what an answer is of
//! inspect     bytes shown and not believed              carrier    codes and blocks of text
//! replay      receipts                                  signer, issue, stamping   (feature `issue`)
//! ```
//!
//! The module is private: its functions take raw pointers by the contract of the header, and no Rust caller can reach them.
#![allow(
    unsafe_code,
    reason = "`#[unsafe(no_mangle)]`; that nothing else says it outside of `boundary` is held by .ci/layers.rs"
)]
#![allow(unreachable_pub, reason = "what is exported to C is `pub` for cbindgen, in a module that Rust cannot name")]
#![allow(non_camel_case_types, reason = "the names of the header")]

mod boundary;
mod buffer;
mod carrier;
mod clock;
mod fault;
mod found;
mod inspect;
mod policy;
mod question;
mod replay;
mod report;
mod seen;
mod stamps;
mod store;
mod verifier;
mod words;

#[cfg(feature = "issue")]
mod issue;
#[cfg(feature = "issue")]
mod signer;
#[cfg(feature = "issue")]
mod stamping;

#[cfg(test)]
mod tests;

/// What any number of threads may use at a time.
const _: fn() = || {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<fault::zy_error>();
    is_shared::<buffer::zy_buffer>();
    is_shared::<store::zy_store>();
    is_shared::<store::zy_answers>();
    is_shared::<seen::zy_seen>();
    is_shared::<verifier::zy_verifier>();
    is_shared::<report::zy_report>();
    // Not to be shared, and nothing breaks if it is.
    is_shared::<stamps::zy_stamps>();
};

/// Panics. It is in no library that is handed out, only where the boundary is tested.
#[cfg(zy_planted_panic)]
mod planted {
    use super::boundary::entry;
    use super::fault::{zy_error, zy_status};

    /// Panics.
    #[allow(clippy::panic, reason = "it is what it is for")]
    #[unsafe(no_mangle)]
    pub extern "C" fn zy_planted_panic(error: *mut *mut zy_error) -> zy_status {
        entry(error, || {
            panic!("planted");
        })
    }
}
