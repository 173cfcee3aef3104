//! The picture of a seal 印模: checked whole before anyone draws it, and never unpacked.

mod grammar;
mod raster;
mod shapes;

use crate::cbor::{self, Fault, Key, Reader, Writer};
use crate::limits::MAX_PICTURE;
use crate::reason::Reason;

pub use raster::PngFault;
pub use shapes::SvgFault;

/// The largest seal, in millimetres either way. The largest of the field, with the emblem of the state, are 70 mm wide.
pub const MAX_MILLIMETRES: u64 = 100;

/// What a picture is encoded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// PNG (ISO/IEC 15948).
    Png,
    /// The few shapes of SVG 1.1 that a seal needs.
    Svg,
}

impl PictureFormat {
    /// The media type on the wire.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
        }
    }

    /// The format of a media type.
    #[must_use]
    pub fn from_media_type(text: &str) -> Option<Self> {
        [Self::Png, Self::Svg].into_iter().find(|format| format.media_type() == text)
    }

    /// The format that the first bytes of a file show; nothing is checked but that.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            _ if bytes.starts_with(raster::SIGNATURE) => Some(Self::Png),
            [b'<', ..] => Some(Self::Svg),
            _ => None,
        }
    }
}

/// A picture that may be drawn: of a known format, bounded in bytes, dimensions and content. It borrows from the payload.
///
/// ```cddl
/// picture = { 1 => "image/png" / "image/svg+xml", 2 => bstr, 3 => mm: 1..100, 4 => mm: 1..100 }   ; 3, 4: width, height
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture<'a> {
    format: PictureFormat,
    bytes: &'a [u8],
    width: u8,
    height: u8,
}

/// What keeps bytes from being the picture of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureFault {
    /// Longer than a picture may be.
    #[error("the picture is longer than {MAX_PICTURE} bytes")]
    TooLarge,
    /// No format that seals have.
    #[error("the picture is neither image/png nor image/svg+xml")]
    Format,
    /// The seal is not 1 to 100 mm wide and high.
    #[error("the seal is not 1 to {MAX_MILLIMETRES} mm wide and high")]
    Millimetres,
    /// Not a PNG that may be shown.
    #[error("PNG: {0}")]
    Png(PngFault),
    /// Not an SVG that may be drawn.
    #[error("SVG: {0}")]
    Svg(SvgFault),
}

impl PictureFault {
    /// The ground for a report.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::TooLarge => Reason::EncodingTooLarge,
            Self::Format | Self::Millimetres | Self::Png(_) | Self::Svg(_) => Reason::SealPicture,
        }
    }
}

impl<'a> Picture<'a> {
    /// Checks a picture, whose size in millimetres is `[width, height]`.
    ///
    /// # Errors
    /// [`PictureFault`].
    pub fn check(format: PictureFormat, bytes: &'a [u8], [width, height]: [u64; 2]) -> Result<Self, PictureFault> {
        if bytes.len() > MAX_PICTURE {
            return Err(PictureFault::TooLarge);
        }
        let side = |side: u64| {
            let side = Some(side).filter(|side| (1..=MAX_MILLIMETRES).contains(side));
            side.and_then(|side| u8::try_from(side).ok()).ok_or(PictureFault::Millimetres)
        };
        let (width, height) = (side(width)?, side(height)?);
        match format {
            PictureFormat::Png => raster::check(bytes).map_err(PictureFault::Png)?,
            PictureFormat::Svg => shapes::check(bytes).map_err(PictureFault::Svg)?,
        }
        Ok(Self { format, bytes, width, height })
    }

    /// What it is encoded in.
    #[must_use]
    pub const fn format(&self) -> PictureFormat {
        self.format
    }

    /// The file.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Width of the seal on paper, in millimetres, 1 to 100.
    #[must_use]
    pub const fn width(&self) -> u8 {
        self.width
    }

    /// Height of the seal on paper, in millimetres, 1 to 100.
    #[must_use]
    pub const fn height(&self) -> u8 {
        self.height
    }

    /// Reads the map; a fault of the picture comes with the offset of the map.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Result<Self, PictureRefusal>, cbor::Error> {
        let map_at = reader.position();
        let (mut format, mut bytes, mut width, mut height) = (None, None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            match map.next(reader)? {
                None => break,
                Some(Key::Int(1)) => format = Some(reader.text()?),
                Some(Key::Int(2)) => bytes = Some(reader.bytes()?),
                Some(Key::Int(3)) => width = Some(reader.uint()?),
                Some(Key::Int(4)) => height = Some(reader.uint()?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at)),
            }
        }
        let missing = |key| PictureRefusal::Missing { key, at: map_at };
        let (Some(format), Some(bytes), Some(width), Some(height)) = (format, bytes, width, height) else {
            let absent = [(1, format.is_none()), (2, bytes.is_none()), (3, width.is_none()), (4, height.is_none())];
            return Ok(Err(missing(absent.iter().find(|(_, absent)| *absent).map_or(1, |(key, _)| *key))));
        };
        let checked = PictureFormat::from_media_type(format)
            .ok_or(PictureFault::Format)
            .and_then(|format| Self::check(format, bytes, [width, height]));
        Ok(checked.map_err(|fault| PictureRefusal::Fault { fault, at: map_at }))
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.text(self.format.media_type()));
            map.entry(2, |w| w.bytes(self.bytes));
            map.entry(3, |w| w.uint(self.width.into()));
            map.entry(4, |w| w.uint(self.height.into()));
        });
    }
}

/// Why a map is no picture, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum PictureRefusal {
    Missing { key: i64, at: usize },
    Fault { fault: PictureFault, at: usize },
}

#[cfg(test)]
mod tests;
