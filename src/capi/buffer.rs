//! Bytes that the library made.

use alloc::vec::Vec;
use core::ptr;

use super::boundary::{self, Handle, borrow, entry_or};

/// Bytes, or a text in UTF-8, that the library made. Belongs to the caller, who frees it with `zy_buffer_free`. It never changes: any
/// thread may read it.
pub struct zy_buffer {
    /// With a NUL after the last byte.
    bytes: Vec<u8>,
}

impl Handle for zy_buffer {
    const TAG: u64 = 0x7a79_6275_6666_6572;
}

impl zy_buffer {
    pub(super) fn of(mut bytes: Vec<u8>) -> Self {
        bytes.push(0);
        Self { bytes }
    }
}

/// Where the bytes are; a NUL that is not counted follows them, so that a text can be used as one of C.
///
/// Borrowed: they live as long as the buffer. NULL for NULL or a handle of another kind, never for an empty buffer.
#[unsafe(no_mangle)]
pub extern "C" fn zy_buffer_data(buffer: *const zy_buffer) -> *const u8 {
    entry_or(ptr::null(), || borrow(buffer, "buffer").ok().map(|buffer| buffer.bytes.as_ptr()))
}

/// How many bytes there are, without the NUL. 0 for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_buffer_size(buffer: *const zy_buffer) -> usize {
    entry_or(0, || borrow(buffer, "buffer").ok().map(|buffer| buffer.bytes.len().saturating_sub(1)))
}

/// Frees a buffer. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn zy_buffer_free(buffer: *mut zy_buffer) {
    entry_or((), || boundary::free(buffer));
}
