//! Form 2: brotli (RFC 7932), unpacked within bounds.
//!
//! At most [`MAX_DECODED`] bytes come out, from a window of at most as many; the stream ends with the last byte that carries it, and its
//! last bits are zero. The reader needs up to some 3 MiB besides, for the prefix codes that a stream may declare.

use alloc::vec;
use alloc::vec::Vec;

use brotli_decompressor::{
    Allocator, BrotliDecompressStream, BrotliResult, BrotliState, HuffmanCode, SliceWrapper, SliceWrapperMut,
};

use super::{Error, MAX_DECODED};

/// Unpacks a stream.
pub(super) fn inflate(stream: &[u8]) -> Result<Vec<u8>, Error> {
    check_window(stream)?;
    let mut state = BrotliState::new(Heap, Heap, Heap);
    // One byte more than may come out, so that too much is told from enough.
    let mut bytes = vec![0; MAX_DECODED.saturating_add(1)];
    let (mut available_in, mut read) = (stream.len(), 0);
    let (mut available_out, mut written, mut total) = (bytes.len(), 0, 0);
    let result = BrotliDecompressStream(
        &mut available_in,
        &mut read,
        stream,
        &mut available_out,
        &mut written,
        &mut bytes,
        &mut total,
        &mut state,
    );
    if written > MAX_DECODED {
        return Err(Error::TooLong);
    }
    match result {
        BrotliResult::ResultSuccess if available_in == 0 && written > 0 => {
            bytes.truncate(written);
            bytes.shrink_to_fit();
            Ok(bytes)
        }
        BrotliResult::ResultSuccess if available_in == 0 => Err(Error::Empty),
        BrotliResult::NeedsMoreOutput => Err(Error::TooLong),
        _ => Err(Error::Compression),
    }
}

/// RFC 7932 §9.1: the first bits tell the window's size, from 2¹⁰ to 2²⁴. One beyond what may come out serves nobody.
fn check_window(stream: &[u8]) -> Result<(), Error> {
    match stream.first() {
        None => Err(Error::Empty),
        // WBITS 16.
        Some(first) if first & 0b1 == 0 => Ok(()),
        Some(first) => match first & 0b111_1111 {
            // WBITS 10 to 15.
            0b010_0001 | 0b011_0001 | 0b100_0001 | 0b101_0001 | 0b110_0001 | 0b111_0001 => Ok(()),
            // Not of RFC 7932: the mark of a larger format.
            0b001_0001 => Err(Error::Compression),
            _ => Err(Error::Window),
        },
    }
}

/// Memory as the reader asks for it.
struct Heap;

/// What [`Heap`] gave.
struct Memory<T>(Vec<T>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> SliceWrapper<T> for Memory<T> {
    fn slice(&self) -> &[T] {
        &self.0
    }
}

impl<T> SliceWrapperMut<T> for Memory<T> {
    fn slice_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

macro_rules! heap {
    ($($item:ty),*) => {$(
        impl Allocator<$item> for Heap {
            type AllocatedMemory = Memory<$item>;

            fn alloc_cell(&mut self, count: usize) -> Memory<$item> {
                Memory(vec![<$item>::default(); count])
            }

            fn free_cell(&mut self, _: Memory<$item>) {}
        }
    )*};
}
heap!(u8, u32, HuffmanCode);
