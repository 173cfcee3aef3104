//! The picture of a seal, for print: PNG (ISO/IEC 15948) as colours and how opaque each pixel is.

use crate::files;
use crate::output::{Failure, say};
use std::io::Cursor;
use std::path::Path;

/// No picture of a seal is larger.
const MAX_FILE: usize = 4 << 20;
const MAX_PIXELS: u32 = 4_000_000;

/// A picture.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// The file.
    pub(super) file: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Three bytes a pixel.
    pub(super) colours: Vec<u8>,
    /// One byte a pixel: 255 hides what is behind it.
    pub(super) opacity: Vec<u8>,
}

impl Picture {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let file = files::read(path, MAX_FILE)?;
        Self::decode(file).ok_or_else(|| {
            Failure::new(say!("无法使用印章图片 {shown}", "the picture {shown} cannot be used"))
                .because(say!("应为 PNG，至多 {MAX_PIXELS} 像素", "a PNG of at most {MAX_PIXELS} pixels is expected"))
        })
    }

    fn decode(file: Vec<u8>) -> Option<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(&file));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
        let mut reader = decoder.read_info().ok()?;
        let (width, height) = (reader.info().width, reader.info().height);
        if width.checked_mul(height)? > MAX_PIXELS {
            return None;
        }
        let mut bytes = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut bytes).ok()?;
        let channels = frame.color_type.samples();
        let mut colours = Vec::new();
        let mut opacity = Vec::new();
        for pixel in bytes.get(..frame.buffer_size())?.chunks_exact(channels) {
            let (colour, opaque) = match *pixel {
                [grey] => ([grey; 3], 255),
                [grey, opaque] => ([grey; 3], opaque),
                [red, green, blue] => ([red, green, blue], 255),
                [red, green, blue, opaque] => ([red, green, blue], opaque),
                _ => return None,
            };
            colours.extend(colour);
            opacity.push(opaque);
        }
        Some(Self { file, width, height, colours, opacity })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Picture;

    #[test]
    fn colours_and_opacity() {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 2, 1);
        encoder.set_color(png::ColorType::Rgba);
        encoder.write_header().unwrap().write_image_data(&[200, 0, 0, 255, 1, 2, 3, 0]).unwrap();
        let picture = Picture::decode(file).unwrap();
        assert_eq!((picture.width, picture.height), (2, 1));
        assert_eq!((picture.colours, picture.opacity), (vec![200, 0, 0, 1, 2, 3], vec![255, 0]));
        assert!(Picture::decode(b"GIF89a".to_vec()).is_none());
    }
}
