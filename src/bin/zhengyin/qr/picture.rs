//! Pictures as shades of grey: PNG (ISO/IEC 15948) and JPEG (ISO/IEC 10918-1). What a picture would take is known from its head and
//! bounded before it is reserved.

use crate::output::{Failure, Say, say};
use std::io::Cursor;
use std::num::NonZeroUsize;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The most pixels of a picture: beyond what a telephone makes unless it is told to.
pub(crate) const MAX_PIXELS: usize = 64_000_000;
/// The same of one that comes in several passes, which takes all its samples at once.
const MAX_INTERLACED: usize = 16_000_000;
/// The largest file of a picture.
pub(crate) const MAX_FILE: usize = 64 << 20;
/// What decoding may take besides the pixels.
const MAX_WORK: usize = 64 << 20;

/// Why there is no picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PictureError {
    /// Neither PNG nor JPEG; the name of what it is, where that is known.
    Format(Option<&'static str>),
    /// More than [`MAX_PIXELS`].
    TooLarge { width: u32, height: u32 },
    /// Cut short, or not what it says.
    Damaged,
}

impl PictureError {
    fn why(self) -> Say {
        match self {
            Self::Format(Some(name)) => say!("这是 {name} 文件", "it is a {name} file"),
            Self::Format(None) => say!("不是 PNG 或 JPEG 图片", "it is no PNG or JPEG picture"),
            Self::TooLarge { width, height } => {
                say!("图片过大（{width} × {height} 像素）", "the picture is too large ({width} × {height} pixels)")
            }
            Self::Damaged => say!("图片已损坏", "the picture is damaged"),
        }
    }

    pub(crate) fn failure(self, shown: &str) -> Failure {
        let failure = Failure::new(say!("无法读取图片 {shown}", "cannot read the picture {shown}")).because(self.why());
        match self {
            Self::Format(_) => failure.next(format!("convert {shown} {shown}.png")),
            Self::TooLarge { .. } => failure.next(format!("convert {shown} -resize 4000x4000 {shown}.png")),
            Self::Damaged => failure,
        }
    }
}

/// A picture in shades of grey, 0 black.
#[derive(Clone, Debug)]
pub(crate) struct Gray {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Gray {
    /// Reads a picture of either kind.
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, PictureError> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => png(bytes),
            [0xff, 0xd8, 0xff, ..] => jpeg(bytes),
            [b'G', b'I', b'F', b'8', ..] => Err(PictureError::Format(Some("GIF"))),
            [b'B', b'M', ..] => Err(PictureError::Format(Some("BMP"))),
            [b'%', b'P', b'D', b'F', ..] => Err(PictureError::Format(Some("PDF"))),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Err(PictureError::Format(Some("WebP"))),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Err(PictureError::Format(Some("HEIC"))),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Err(PictureError::Format(Some("TIFF"))),
            _ => Err(PictureError::Format(None)),
        }
    }

    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    pub(crate) const fn height(&self) -> usize {
        self.height
    }

    /// Row by row.
    pub(crate) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The same in a half, a third … of its size, by the mean of so many pixels each way.
    pub(crate) fn reduced(&self, by: NonZeroUsize) -> Self {
        let (width, height) = (self.width / by, self.height / by);
        let mut pixels = Vec::with_capacity(width.saturating_mul(height));
        let rows: Vec<&[u8]> = self.pixels.chunks_exact(self.width.max(1)).collect();
        for band in rows.chunks_exact(by.get()) {
            for column in 0..width {
                let from = column.saturating_mul(by.get());
                let block = band.iter().filter_map(|row| row.get(from..from.saturating_add(by.get()))).flatten();
                let sum = block.fold(0_usize, |sum, pixel| sum.saturating_add(usize::from(*pixel)));
                pixels.push(u8::try_from(sum / by / by).unwrap_or(u8::MAX));
            }
        }
        Self { width, height, pixels }
    }
}

/// The number of pixels, if they are not too many.
fn count(width: u32, height: u32) -> Result<usize, PictureError> {
    let sides = [width, height].map(|side| usize::try_from(side).unwrap_or(usize::MAX));
    match sides[0].saturating_mul(sides[1]) {
        0 => Err(PictureError::Damaged),
        pixels if pixels > MAX_PIXELS => Err(PictureError::TooLarge { width, height }),
        pixels => Ok(pixels),
    }
}

fn png(bytes: &[u8]) -> Result<Gray, PictureError> {
    let damaged = |_| PictureError::Damaged;
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: MAX_WORK });
    // Grey, with alpha or without, eight bits each.
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let head = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (head.width, head.height);
    let pixels = count(width, height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let samples = reader.output_color_type().0.samples();
    let mut gray = Vec::with_capacity(pixels);
    if reader.info().interlaced {
        if pixels > MAX_INTERLACED {
            return Err(PictureError::TooLarge { width, height });
        }
        // Rows of an interlaced picture do not come in their order.
        let mut whole = vec![0; pixels.saturating_mul(samples)];
        reader.next_frame(&mut whole).map_err(damaged)?;
        gray.extend(whole.chunks_exact(samples.max(1)).map(shade));
    } else {
        while let Some(row) = reader.next_row().map_err(damaged)? {
            gray.extend(row.data().chunks_exact(samples.max(1)).map(shade));
        }
    }
    whole(width, height, gray)
}

fn jpeg(bytes: &[u8]) -> Result<Gray, PictureError> {
    let damaged = |_| PictureError::Damaged;
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let info = decoder.info().ok_or(PictureError::Damaged)?;
    count(u32::from(info.width), u32::from(info.height))?;
    let pixels = decoder.decode().map_err(damaged)?;
    whole(u32::from(info.width), u32::from(info.height), pixels)
}

fn whole(width: u32, height: u32, pixels: Vec<u8>) -> Result<Gray, PictureError> {
    if count(width, height)? != pixels.len() {
        return Err(PictureError::Damaged);
    }
    let side = |side| usize::try_from(side).map_err(|_| PictureError::Damaged);
    Ok(Gray { width: side(width)?, height: side(height)?, pixels })
}

/// A pixel of 1 to 4 samples as one shade, on white where it lets through what is behind it.
fn shade(pixel: &[u8]) -> u8 {
    let (shade, alpha) = match *pixel {
        [gray] => (gray, 255),
        [gray, alpha] => (gray, alpha),
        [red, green, blue] => (luma(red, green, blue), 255),
        [red, green, blue, alpha] => (luma(red, green, blue), alpha),
        _ => (255, 0),
    };
    let (shade, alpha) = (u32::from(shade), u32::from(alpha));
    let over = shade.saturating_mul(alpha).saturating_add(255_u32.saturating_mul(255_u32.saturating_sub(alpha))) / 255;
    u8::try_from(over).unwrap_or(u8::MAX)
}

/// ITU-R BT.601, in 256ths.
fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let weighted =
        [(red, 77_u32), (green, 150), (blue, 29)].map(|(value, weight)| u32::from(value).saturating_mul(weight));
    u8::try_from(weighted.into_iter().fold(0, u32::saturating_add) / 256).unwrap_or(u8::MAX)
}

/// A PNG of one bit a pixel, rows filled up to whole bytes.
pub(super) fn write_png(width: u32, height: u32, packed: &[u8], pixels_per_metre: u32) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: pixels_per_metre,
        yppu: pixels_per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(packed).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
