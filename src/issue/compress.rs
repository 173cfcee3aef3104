//! The smallest form of some bytes: plain, or compressed where that is smaller.

extern crate std; // the compressor reads and writes streams

use alloc::vec::Vec;
use std::io::Cursor;

use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;

use crate::carrier::{Error, Prepared};

/// RFC 7932 §9.1: the window of 64 KiB has the shortest head, and no more than that comes out.
const WINDOW_BITS: i32 = 16;

/// The smallest form: compressed only if that is smaller.
///
/// The stream is the smallest of those that the compressor makes of them. Which one that is may change with its version: what is signed is
/// what comes out, not how it was packed.
///
/// # Errors
/// As [`Prepared::plain`].
pub fn prepare(bytes: &[u8]) -> Result<Prepared, Error> {
    let plain = Prepared::plain(bytes)?;
    let streams = [BrotliEncoderMode::BROTLI_MODE_GENERIC, BrotliEncoderMode::BROTLI_MODE_TEXT]
        .into_iter()
        .filter_map(|mode| compress(bytes, mode));
    let compressed = streams.filter_map(|stream| Prepared::compressed(stream).ok());
    let smallest = compressed.min_by_key(|prepared| prepared.content().len());
    Ok(smallest.filter(|smallest| smallest.content().len() < bytes.len()).unwrap_or(plain))
}

/// A stream, if the compressor makes one; there is always the plain form.
fn compress(bytes: &[u8], mode: BrotliEncoderMode) -> Option<Vec<u8>> {
    let params = BrotliEncoderParams { mode, lgwin: WINDOW_BITS, size_hint: bytes.len(), ..Default::default() };
    let mut stream = Vec::new();
    brotli::BrotliCompress(&mut Cursor::new(bytes), &mut stream, &params).ok()?;
    Some(stream)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use alloc::vec;
    use alloc::vec::Vec;

    use super::prepare;
    use crate::carrier::{Form, decode};
    use crate::suite::sha256;

    #[test]
    fn what_is_compressed_comes_back() {
        let text = "证照名称：示例食品经营许可证；经营项目：预包装食品销售。".repeat(3).into_bytes();
        let prepared = prepare(&text).unwrap();
        assert_eq!(prepared.form(), Form::Brotli);
        assert!(prepared.content().len() < text.len() / 2);
        for carried in [prepared.digits(), prepared.base45()] {
            let decoded = decode(&carried).unwrap();
            assert_eq!((decoded.bytes, decoded.form), (text.clone(), Form::Brotli));
        }
    }

    #[test]
    fn what_would_grow_stays_plain() {
        let random: Vec<u8> = (0_u8..10).flat_map(|n| *sha256(&[n]).as_bytes()).collect();
        for bytes in [&random[..], &[1], b"ab"] {
            let prepared = prepare(bytes).unwrap();
            assert_eq!((prepared.form(), prepared.content()), (Form::Plain, bytes));
        }
    }

    #[test]
    fn the_largest_is_compressed_within_the_bounds() {
        let most = vec![7; crate::carrier::MAX_DECODED];
        let prepared = prepare(&most).unwrap();
        assert_eq!(decode(&prepared.digits()).unwrap().bytes, most);
        assert!(prepare(&vec![7; crate::carrier::MAX_DECODED + 1]).is_err());
    }
}
