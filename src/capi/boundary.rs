//! Where pointers become references and values become handles: the one file of the library that says `unsafe`.
//!
//! Every exported function is one call of [`entry`] or [`entry_or`] around its body; what it was given passes through the functions
//! here before anything is read. What can be checked is checked: NULL, alignment, length, UTF-8, the kind of a handle, the size of a
//! struct. What cannot be checked is the caller's side of the contract, and each block below rests on it by number:
//!
//! 1. A pointer that is not NULL points to as much live memory as its length or its type says, for as long as the call lasts.
//! 2. A handle came from this library and was not freed.
//! 3. What is written to (outputs, builders, signers) is used by no other thread during the call.

extern crate std;

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::ffi::{CStr, c_char};
use core::mem::{self, MaybeUninit};
use core::ptr;
use core::slice;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use super::fault::{Fault, ZY_INTERNAL, ZY_MISALIGNED, ZY_OK, zy_error, zy_status};
use super::found::Found;
use crate::verify::StampVerifier;

/// The most bytes that one input may have; a greater length is an error before a byte is read.
pub const ZY_MAX_INPUT: usize = 1_073_741_824;
/// The most bytes of a text that ends with NUL, the NUL not counted.
pub const ZY_MAX_TEXT: usize = 65_535;
/// The most bytes that a struct may say that it has.
const MAX_STRUCT: usize = 4_096;

// ---- The boundary of panics ----

std::thread_local! {
    /// How many entries this thread is in: a panic in one is answered by a status and printed by nobody. Callers see nothing of it.
    static ENTRIES: Cell<u32> = const { Cell::new(0) };
}

/// A panic inside of an entry is silent; every other one goes to the hook that was there before.
fn silence_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if ENTRIES.try_with(Cell::get).unwrap_or_default() == 0 {
                before(panic);
            }
        }));
    });
}

/// Counts an entry for as long as it lives.
struct Entered;

impl Entered {
    fn new() -> Self {
        let _gone = ENTRIES.try_with(|entries| entries.set(entries.get().saturating_add(1)));
        Self
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let _gone = ENTRIES.try_with(|entries| entries.set(entries.get().saturating_sub(1)));
    }
}

/// Runs a body; a panic is answered with `None`.
fn guarded<R>(body: impl FnOnce() -> R) -> Option<R> {
    silence_panics();
    let _entered = Entered::new();
    match panic::catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => Some(value),
        Err(payload) => {
            // What a panic carries may panic when it is dropped: what that panic carries is left where it is.
            if let Err(another) = panic::catch_unwind(AssertUnwindSafe(move || drop(payload))) {
                mem::forget(another);
            }
            None
        }
    }
}

/// The body of a function that may fail: its status, and a handle that says more where the caller wants one. `*error` is written always.
pub(super) fn entry(error: *mut *mut zy_error, body: impl FnOnce() -> Result<(), Fault>) -> zy_status {
    if !error.is_null() && !error.is_aligned() {
        return ZY_MISALIGNED;
    }
    let result = guarded(body).unwrap_or(Err(Fault::INTERNAL));
    let (status, told) = match result {
        Ok(()) => (ZY_OK, ptr::null_mut()),
        Err(fault) if error.is_null() => (fault.status, ptr::null_mut()),
        Err(fault) => {
            let status = fault.status;
            // Making the handle allocates and formats: nothing that should panic, and nothing that may cross if it does.
            (status, guarded(|| make(zy_error::of(fault))).unwrap_or(ptr::null_mut()))
        }
    };
    if !error.is_null() {
        // SAFETY: not NULL, aligned, and by (1) and (3) the caller's to be written.
        unsafe { error.write(told) };
    }
    status
}

/// The body of a function that cannot fail: an accessor, or a function that frees. A panic, or `None`, is answered with `fallback`.
pub(super) fn entry_or<R>(fallback: R, body: impl FnOnce() -> Option<R>) -> R {
    guarded(body).flatten().unwrap_or(fallback)
}

/// The status of a panic, for what must not fail twice.
pub(super) const PANICKED: zy_status = ZY_INTERNAL;

// ---- Handles ----

/// What lies behind a handle. Its tag tells one kind from another: a handle of the wrong kind is an error.
pub(super) trait Handle: Sized {
    /// Never the same for two kinds.
    const TAG: u64;
}

/// A value behind its tag. The header knows `T` by name only.
#[repr(C, align(8))]
struct Tagged<T> {
    tag: u64,
    value: T,
}

fn make<T: Handle>(value: T) -> *mut T {
    Box::into_raw(Box::new(Tagged { tag: T::TAG, value })).cast()
}

/// Is it a pointer to a live handle of this kind?
fn check<T: Handle>(handle: *const T, name: &'static str) -> Result<*const Tagged<T>, Fault> {
    let tagged: *const Tagged<T> = handle.cast();
    if tagged.is_null() {
        return Err(Fault::null(name));
    }
    if !tagged.is_aligned() {
        return Err(Fault::misaligned(name));
    }
    // SAFETY: not NULL, aligned; by (2) a handle of some kind, and each begins with its tag.
    let tag = unsafe { tagged.cast::<u64>().read() };
    if tag == T::TAG { Ok(tagged) } else { Err(Fault::wrong_handle(name)) }
}

/// What lies behind a handle.
pub(super) fn borrow<'h, T: Handle>(handle: *const T, name: &'static str) -> Result<&'h T, Fault> {
    let tagged = check(handle, name)?;
    // SAFETY: by (2) and its tag a live `Tagged<T>`, which nobody frees during the call; none is written to but by `borrow_mut`, see there.
    Ok(unsafe { &(*tagged).value })
}

/// The same, of a handle that may be NULL.
pub(super) fn borrow_if_any<'h, T: Handle>(handle: *const T, name: &'static str) -> Result<Option<&'h T>, Fault> {
    if handle.is_null() { Ok(None) } else { borrow(handle, name).map(Some) }
}

/// What lies behind the handle of a builder.
pub(super) fn borrow_mut<'h, T: Handle>(handle: *mut T, name: &'static str) -> Result<&'h mut T, Fault> {
    let tagged = check(handle.cast_const(), name)?.cast_mut();
    // SAFETY: by (2) and its tag a live `Tagged<T>`, made by `Box`, so that it may be written to; by (3) nobody else looks at it.
    Ok(unsafe { &mut (*tagged).value })
}

/// Frees a handle. NULL is nothing to free; a handle of another kind is left alone.
pub(super) fn free<T: Handle>(handle: *mut T) -> Option<()> {
    let tagged = check(handle.cast_const(), "handle").ok()?.cast_mut();
    // SAFETY: by (2) and its tag made by `make::<T>` and not freed yet; by (2) nobody uses it from now on.
    drop(unsafe { Box::from_raw(tagged) });
    Some(())
}

/// Where a new handle is written to, once the call has worked.
pub(super) struct Slot<T>(*mut *mut T);

/// Is there room for a handle? Asked before anything is done.
pub(super) fn slot<T: Handle>(out: *mut *mut T, name: &'static str) -> Result<Slot<T>, Fault> {
    check_place(out, name).map(Slot)
}

impl<T: Handle> Slot<T> {
    /// The last thing that a call does.
    pub(super) fn put(self, value: T) {
        let handle = make(value);
        // SAFETY: looked at by `slot`: not NULL and aligned; by (1) and (3) the caller's to be written.
        unsafe { self.0.write(handle) };
    }
}

/// Where a number is written to, once the call has worked.
pub(super) struct NumberSlot<T>(*mut T);

pub(super) fn number_slot<T: Plain>(out: *mut T, name: &'static str) -> Result<NumberSlot<T>, Fault> {
    check_place(out, name).map(NumberSlot)
}

impl<T: Plain> NumberSlot<T> {
    pub(super) fn put(self, value: T) {
        // SAFETY: looked at by `number_slot`: not NULL and aligned; by (1) and (3) the caller's to be written.
        unsafe { self.0.write(value) };
    }
}

fn check_place<T>(out: *mut T, name: &'static str) -> Result<*mut T, Fault> {
    match (out.is_null(), out.is_aligned()) {
        (true, _) => Err(Fault::null(name)),
        (_, false) => Err(Fault::misaligned(name)),
        _ => Ok(out),
    }
}

// ---- Bytes and texts ----

/// Bytes that a caller hands in. NULL is good for no bytes at all.
pub(super) fn bytes<'b>(data: *const u8, size: usize, name: &'static str) -> Result<&'b [u8], Fault> {
    if size == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Fault::null(name));
    }
    if size > ZY_MAX_INPUT || data.addr().checked_add(size).is_none() {
        return Err(Fault::too_large(name));
    }
    // SAFETY: not NULL, of a size that no allocation exceeds and that does not wrap; by (1) so many bytes are there during the call.
    Ok(unsafe { slice::from_raw_parts(data, size) })
}

/// Several inputs.
pub(super) fn byte_lists<'b>(
    data: *const *const u8,
    sizes: *const usize,
    count: usize,
    most: usize,
    names: (&'static str, &'static str),
) -> Result<alloc::vec::Vec<&'b [u8]>, Fault> {
    if count == 0 {
        return Ok(alloc::vec::Vec::new());
    }
    check_place(data.cast_mut(), names.0)?;
    check_place(sizes.cast_mut(), names.1)?;
    if count > most {
        return Err(Fault::too_large(names.0));
    }
    // SAFETY: not NULL, aligned, `count` is small; by (1) so many pointers and sizes are there during the call.
    let (data, sizes) = unsafe { (slice::from_raw_parts(data, count), slice::from_raw_parts(sizes, count)) };
    data.iter().zip(sizes).map(|(data, size)| bytes(*data, *size, names.0)).collect()
}

/// A text with its length.
pub(super) fn text<'t>(data: *const c_char, size: usize, name: &'static str) -> Result<&'t str, Fault> {
    core::str::from_utf8(bytes(data.cast(), size, name)?).map_err(|_| Fault::not_utf8(name))
}

/// A text that ends with NUL.
pub(super) fn c_text<'t>(data: *const c_char, name: &'static str) -> Result<&'t str, Fault> {
    if data.is_null() {
        return Err(Fault::null(name));
    }
    let mut length = 0_usize;
    loop {
        // SAFETY: not NULL; by (1) there is a NUL, and no byte up to it was one yet.
        if unsafe { data.add(length).read() } == 0 {
            break;
        }
        length = length.saturating_add(1);
        if length > ZY_MAX_TEXT {
            return Err(Fault::too_large(name));
        }
    }
    // SAFETY: `length` bytes were just read, and a NUL after them.
    let bytes = unsafe { slice::from_raw_parts(data.cast::<u8>(), length.saturating_add(1)) };
    let text = CStr::from_bytes_with_nul(bytes).map_err(|_| Fault::not_utf8(name))?;
    text.to_str().map_err(|_| Fault::not_utf8(name))
}

/// A text that may be left out.
pub(super) fn c_text_if_any<'t>(data: *const c_char, name: &'static str) -> Result<Option<&'t str>, Fault> {
    if data.is_null() { Ok(None) } else { c_text(data, name).map(Some) }
}

// ---- Structs ----

/// Made of numbers and pointers without padding, so that every pattern of bits is one, zeros too.
///
/// # Safety
/// It is so.
pub(super) unsafe trait Plain: Copy {}

// SAFETY: a number.
unsafe impl Plain for u32 {}
// SAFETY: `#[repr(C)]`, numbers and pointers, no padding; that its size is the sum of its fields' is held by a test.
unsafe impl Plain for super::question::zy_question {}
// SAFETY: likewise.
unsafe impl Plain for super::store::zy_answer {}
// SAFETY: likewise.
unsafe impl Plain for super::carrier::zy_carried {}
// SAFETY: likewise.
unsafe impl Plain for super::report::zy_outcome {}
// SAFETY: likewise.
#[cfg(feature = "issue")]
unsafe impl Plain for super::issue::zy_credential {}
// SAFETY: likewise.
#[cfg(feature = "issue")]
unsafe impl Plain for super::issue::zy_showing {}
// SAFETY: likewise.
#[cfg(feature = "issue")]
unsafe impl Plain for super::stamping::zy_stamping {}
// SAFETY: likewise.
#[cfg(feature = "issue")]
unsafe impl Plain for super::stamping::zy_seal_facts {}

/// How many bytes a struct says that it has: its first four. Structs are made of whole units of eight bytes.
fn stated_size<T: Plain>(place: *const T, name: &'static str) -> Result<usize, Fault> {
    check_place(place.cast_mut(), name)?;
    // SAFETY: not NULL, aligned; by (1) every struct has at least its size.
    let size = usize::try_from(unsafe { place.cast::<u32>().read() }).map_err(|_| Fault::struct_size(name))?;
    let whole = size.checked_rem(8) == Some(0);
    if !(8..=MAX_STRUCT).contains(&size) || !whole { Err(Fault::struct_size(name)) } else { Ok(size) }
}

/// Reads a struct that may be older (shorter) or newer (longer) than ours: what is missing is zero, and what we do not know must be.
pub(super) fn read_struct<T: Plain>(place: *const T, name: &'static str) -> Result<T, Fault> {
    let size = stated_size(place, name)?;
    let ours = size_of::<T>();
    // SAFETY: not NULL; by (1) `size` bytes are there, whatever their values: `Plain` has no padding on either side.
    let given = unsafe { slice::from_raw_parts(place.cast::<u8>(), size) };
    if given.iter().skip(ours).any(|byte| *byte != 0) {
        return Err(Fault::struct_size(name));
    }
    let mut read = MaybeUninit::<T>::zeroed();
    // SAFETY: at most as many bytes as both have; `read` is another place. By `Plain` every pattern of bits is a value.
    unsafe {
        ptr::copy_nonoverlapping(place.cast::<u8>(), read.as_mut_ptr().cast::<u8>(), size.min(ours));
        Ok(read.assume_init())
    }
}

/// The same, of a struct that may be left out: then it is zeros.
pub(super) fn read_struct_if_any<T: Plain>(place: *const T, name: &'static str) -> Result<T, Fault> {
    if place.is_null() {
        // SAFETY: by `Plain` zeros are a value.
        return Ok(unsafe { MaybeUninit::<T>::zeroed().assume_init() });
    }
    read_struct(place, name)
}

/// Where a struct is written to, once the call has worked: no more of it than its caller knows, zeros where he knows more than we.
pub(super) struct StructSlot<T> {
    place: *mut T,
    size: usize,
}

pub(super) fn struct_slot<T: Plain>(place: *mut T, name: &'static str) -> Result<StructSlot<T>, Fault> {
    Ok(StructSlot { size: stated_size(place.cast_const(), name)?, place })
}

impl<T: Plain> StructSlot<T> {
    /// Leaves the size that the caller stated in its place.
    pub(super) fn put(self, value: &T) {
        let (from, to): (*const u8, *mut u8) = (ptr::from_ref(value).cast(), self.place.cast());
        let known = self.size.min(size_of::<T>());
        // SAFETY: looked at by `struct_slot`: not NULL, aligned, of at least 8 bytes; by (1) and (3) `size` bytes are the caller's to be
        // written. The first four stay. `known` is no more than either has, and our value is another place.
        unsafe {
            ptr::copy_nonoverlapping(from.add(4), to.add(4), known.saturating_sub(4));
            ptr::write_bytes(to.add(known), 0, self.size.saturating_sub(known));
        }
    }
}

// ---- Answers, and what they borrow from ----

/// An answer with everything that it borrows from, so that it can outlive the call that made it.
pub(super) struct Answered<R: 'static> {
    /// Borrows from `roots`; first, so that it is dropped first.
    found: Found<'static>,
    _roots: Arc<R>,
}

/// What lies in the roots, for as long as the one lives who has them.
///
/// # Safety
/// What borrows from it is kept beside a share of the roots, is dropped before that, and is handed out for no longer than both are borrowed.
unsafe fn rooted<R>(roots: &Arc<R>) -> &'static R {
    // SAFETY: they lie in the allocation of the `Arc`, which moves never and is not written to: an `Arc` hands out shared references only, and
    // neither `Answered` nor `Streamed` gives it away or calls `get_mut`. That it lives long enough is the caller's to see to.
    unsafe { &*Arc::as_ptr(roots) }
}

impl<R: Send + Sync> Answered<R> {
    /// Asks the roots for the answer. Whatever life the roots have, the function must do with it: it can keep nothing of them elsewhere.
    pub(super) fn of(roots: Arc<R>, ask: impl for<'r> FnOnce(&'r R) -> Found<'r>) -> Self {
        // SAFETY: `found` stands beside the roots and before them; `look` hands it out for no longer than `self` is borrowed.
        Self { found: ask(unsafe { rooted(&roots) }), _roots: roots }
    }

    /// Looks at the answer. What the function makes of it borrows nothing from it, for it must do with whatever life the answer has.
    pub(super) fn look<T>(&self, look: impl for<'r> FnOnce(&'r Found<'r>) -> T) -> T {
        let found: *const Found<'static> = &raw const self.found;
        // SAFETY: the same answer under a shorter life, which `self` and so the roots outlive. An answer is not written to, not by the
        // function either, which has a shared reference and cannot name its life: nothing shorter is put into it, nothing of it kept.
        look(unsafe { &*found.cast::<Found<'_>>() })
    }
}

/// Stamps whose document is still coming, with everything that they borrow from.
pub(super) struct Streamed<R: 'static> {
    /// Borrows from `roots`; first, so that it is dropped first.
    stamps: StampVerifier<'static>,
    roots: Arc<R>,
}

impl<R: Send + Sync> Streamed<R> {
    /// As [`Answered::of`].
    pub(super) fn of(roots: Arc<R>, ask: impl for<'r> FnOnce(&'r R) -> StampVerifier<'r>) -> Self {
        // SAFETY: `stamps` stands beside the roots and before them, and is handed out by nothing; what becomes of it in `finish` stands so too.
        Self { stamps: ask(unsafe { rooted(&roots) }), roots }
    }

    /// The next piece, of which nothing is kept.
    pub(super) fn update(&mut self, piece: &[u8]) {
        self.stamps.update(piece);
    }

    /// There is no more of the document, or there is none.
    pub(super) fn finish(self, is_document: bool) -> Answered<R> {
        let Self { stamps, roots } = self;
        let report = if is_document { stamps.finish() } else { stamps.finish_without_document() };
        Answered { found: Found::Stamps(report), _roots: roots }
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;

    /// A struct without padding is as large as its fields together.
    #[test]
    fn structs_have_no_padding() {
        let pointer = size_of::<usize>();
        assert_eq!(size_of::<question::zy_question>(), 4 * 2 + 8 * 2 + pointer * 15);
        assert_eq!(size_of::<store::zy_answer>(), 4 * 4 + 8);
        assert_eq!(size_of::<carrier::zy_carried>(), 4 * 6);
        assert_eq!(size_of::<report::zy_outcome>(), 4 * 4);
        #[cfg(feature = "issue")]
        assert_eq!(size_of::<issue::zy_credential>(), 4 * 2 + 8 * 5 + pointer * 5);
        #[cfg(feature = "issue")]
        assert_eq!(size_of::<issue::zy_showing>(), 4 * 2 + 8 + pointer * 5);
        #[cfg(feature = "issue")]
        assert_eq!(size_of::<stamping::zy_stamping>(), 4 * 2 + 8 * 4 + pointer * 12);
        #[cfg(feature = "issue")]
        assert_eq!(size_of::<stamping::zy_seal_facts>(), 4 * 4 + 8 * 5 + pointer * 12);
    }
}
