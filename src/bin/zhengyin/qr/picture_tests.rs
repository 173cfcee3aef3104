#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::{Gray, PictureError, write_png};

/// The head of a PNG that says it has so many pixels, and nothing after it.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = write_png(8, 1, &[0], 1_000).unwrap();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

/// ISO/IEC 15948 Annex D, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ crc >> 1 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

#[test]
fn what_is_too_large_is_refused_by_its_head() {
    assert!(matches!(
        Gray::open(&claims(20_000, 20_000)),
        Err(PictureError::TooLarge { width: 20_000, height: 20_000 })
    ));
    assert!(matches!(Gray::open(&claims(u32::MAX >> 1, u32::MAX >> 1)), Err(PictureError::TooLarge { .. })));
    assert_eq!(Gray::open(&claims(0, 5)).unwrap_err(), PictureError::Damaged);
    assert_eq!(Gray::open(&claims(9_000, 7_000)).unwrap_err(), PictureError::Damaged, "its pixels are not there");
    // ISO/IEC 10918-1 B.2.2: a frame of 20,000 × 20,000, three components.
    let mut jpeg = vec![0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0x4e, 0x20, 0x4e, 0x20, 3];
    jpeg.extend([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    jpeg.extend([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    assert!(matches!(Gray::open(&jpeg), Err(PictureError::TooLarge { width: 20_000, height: 20_000 })));
}

#[test]
fn what_is_no_picture_is_named() {
    for (bytes, name) in [
        (&b"GIF89a"[..], Some("GIF")),
        (b"RIFF\0\0\0\0WEBPVP8 ", Some("WebP")),
        (b"\0\0\0\x18ftypheic", Some("HEIC")),
        (b"%PDF-1.7", Some("PDF")),
        (b"860125", None),
        (b"", None),
    ] {
        assert_eq!(Gray::open(bytes).unwrap_err(), PictureError::Format(name));
    }
}

#[test]
fn a_picture_cut_anywhere_ends_in_an_answer() {
    let whole = write_png(64, 64, &[0x5a; 8 * 64], 1_000).unwrap();
    assert_eq!(Gray::open(&whole).unwrap().pixels().len(), 64 * 64);
    for end in 0..whole.len() - 12 {
        assert!(Gray::open(&whole[..end]).is_err(), "{end}");
    }
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        let _ = Gray::open(&changed);
    }
}

#[test]
fn a_picture_is_reduced_by_its_mean() {
    let whole = Gray { width: 5, height: 4, pixels: (0..20).map(|n| n * 10).collect() };
    let half = whole.reduced(2.try_into().unwrap());
    assert_eq!((half.width, half.height, half.pixels), (2, 2, vec![30, 50, 130, 150]));
}
