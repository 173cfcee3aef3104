//! PNG (ISO/IEC 15948): the chunks are walked and their sums compared; nothing is inflated.

/// §5.2.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The most pixels either way: 70 mm at 720 dots an inch.
const MAX_SIDE: u32 = 2_048;
/// Deflate (RFC 1951) makes at most 1,032 bytes of one: a run of 258 in two bits. A picture that says it has more than its data can give lies.
const MAX_INFLATION: u64 = 1_032;
/// Chunks, at most.
const MAX_CHUNKS: usize = 256;

/// What keeps a file from being a PNG that may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PngFault {
    /// It does not begin with the signature.
    #[error("not a PNG")]
    Signature,
    /// A chunk goes beyond the end, or something follows the last.
    #[error("the chunks do not fill the file")]
    Length,
    /// A chunk's check sum is wrong.
    #[error("a check sum is wrong")]
    Checksum,
    /// Chunks in an order, or of a kind, that a seal's picture does not have: texts, profiles, animation.
    #[error("a chunk that a seal's picture does not have, or out of its order")]
    Chunk,
    /// The header is none, or of no combination that the standard has.
    #[error("the header is none that the standard has")]
    Header,
    /// Wider or higher than 2,048 pixels.
    #[error("more than {MAX_SIDE} pixels wide or high")]
    Dimensions,
    /// It says that it has more pixels than its data can hold.
    #[error("its data cannot hold the pixels that it says it has")]
    Lies,
}

/// Before or after the palette, §5.6.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// Before it.
    Nothing,
    /// After it, if there is one.
    Palette,
    /// On either side.
    Any,
}

/// Of what may be left out: transparency, background, resolution, colours. Each once, and before the data.
const ANCILLARY: [(&[u8; 4], After); 7] = [
    (b"tRNS", After::Palette),
    (b"bKGD", After::Palette),
    (b"pHYs", After::Any),
    (b"gAMA", After::Nothing),
    (b"cHRM", After::Nothing),
    (b"sRGB", After::Nothing),
    (b"sBIT", After::Nothing),
];

/// Walks the chunks.
pub(super) fn check(bytes: &[u8]) -> Result<(), PngFault> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or(PngFault::Signature)?;
    let mut header = None;
    let (mut palette, mut data, mut data_begun, mut data_ended) = (None, 0u64, false, false);
    let mut seen = [false; ANCILLARY.len()];
    for _ in 0..MAX_CHUNKS {
        let (kind, content, after) = chunk(rest)?;
        rest = after;
        data_ended |= data_begun && kind != b"IDAT";
        data_begun |= kind == b"IDAT";
        match (kind, &header) {
            // §5.6: IHDR first, PLTE before IDAT, the IDATs together, IEND last.
            (b"IHDR", None) => header = Some(Header::read(content)?),
            (b"PLTE", Some(header)) => {
                let entries = content.len().checked_div(3).unwrap_or_default();
                let whole = entries.checked_mul(3) == Some(content.len()) && (1..=256).contains(&entries);
                // §11.2.2: grey pictures have none; no more entries than the depth can name; before what speaks of them.
                let most = 1usize.checked_shl(header.depth.into()).filter(|_| header.colour == 3).unwrap_or(256);
                let late =
                    data_begun || seen.iter().zip(ANCILLARY).any(|(seen, kind)| *seen && kind.1 == After::Palette);
                if palette.is_some() || late || !whole || entries > most || matches!(header.colour, 0 | 4) {
                    return Err(PngFault::Chunk);
                }
                palette = Some(entries);
            }
            (b"IDAT", Some(_)) if !data_ended => {
                data = data.saturating_add(u64::try_from(content.len()).unwrap_or(u64::MAX));
            }
            (b"IEND", Some(header)) => {
                let complete = content.is_empty() && data > 0 && (palette.is_some() || header.colour != 3);
                return match complete {
                    false => Err(PngFault::Chunk),
                    true if !rest.is_empty() => Err(PngFault::Length),
                    true if header.raw_size() > data.saturating_mul(MAX_INFLATION) => Err(PngFault::Lies),
                    true => Ok(()),
                };
            }
            // Not texts and profiles, which are compressed, nor animation.
            (other, Some(header)) if !data_begun => {
                let at = ANCILLARY.iter().position(|(kind, _)| *kind == other).ok_or(PngFault::Chunk)?;
                let first = seen.get_mut(at).is_some_and(|seen| !core::mem::replace(seen, true));
                let early = palette.is_some() && ANCILLARY.get(at).is_some_and(|(_, after)| *after == After::Nothing);
                if !first || early || !header.admits(other, content, palette) {
                    return Err(PngFault::Chunk);
                }
            }
            _ => return Err(PngFault::Chunk),
        }
    }
    Err(PngFault::Chunk)
}

/// Type and content of a chunk, and what follows it.
type Chunk<'a> = (&'a [u8; 4], &'a [u8], &'a [u8]);

/// §5.3: length, type, content, CRC.
fn chunk(rest: &[u8]) -> Result<Chunk<'_>, PngFault> {
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(PngFault::Length)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| PngFault::Length)?;
    let whole = length.checked_add(4).ok_or(PngFault::Length)?;
    let (summed, rest) = rest.split_at_checked(whole).ok_or(PngFault::Length)?;
    let (sum, rest) = rest.split_first_chunk::<4>().ok_or(PngFault::Length)?;
    let (kind, content) = summed.split_first_chunk::<4>().ok_or(PngFault::Length)?;
    if crc(summed) != u32::from_be_bytes(*sum) {
        return Err(PngFault::Checksum);
    }
    Ok((kind, content, rest))
}

/// IHDR, §11.2.1.
#[derive(Clone, Copy)]
struct Header {
    width: u32,
    height: u32,
    depth: u8,
    colour: u8,
}

impl Header {
    fn read(content: &[u8]) -> Result<Self, PngFault> {
        let ([width @ .., _, _, _, _, _, _, _, _, _], [_, _, _, _, height @ .., _, _, _, _, _]) = (content, content)
        else {
            return Err(PngFault::Header);
        };
        let number = |bytes: &[u8]| bytes.try_into().map(u32::from_be_bytes).map_err(|_| PngFault::Header);
        let (width, height) = (number(width)?, number(height)?);
        let [.., depth, colour, compression, filter, interlace] = *content else { return Err(PngFault::Header) };
        // §11.2.1, table 11.1.
        let combines = matches!((colour, depth), (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) | (2 | 4 | 6, 8 | 16));
        if !combines || compression != 0 || filter != 0 || interlace > 1 {
            return Err(PngFault::Header);
        }
        let fits = |side: u32| (1..=MAX_SIDE).contains(&side);
        if fits(width) && fits(height) { Ok(Self { width, height, depth, colour }) } else { Err(PngFault::Dimensions) }
    }

    /// Has the content of a chunk that may be left out the length that its place in the standard gives it? Readers that believed one that
    /// had not wrote beyond their tables.
    fn admits(self, kind: &[u8; 4], content: &[u8], palette: Option<usize>) -> bool {
        let length = content.len();
        let expected = match (kind, self.colour) {
            // §11.3.2.1: an entry of the palette may have one; colours with an alpha channel have none.
            (b"tRNS", 3) => return palette.is_some_and(|entries| (1..=entries).contains(&length)),
            (b"tRNS", 0) => 2,
            (b"tRNS", 2) => 6,
            (b"bKGD", 3) => 1,
            (b"bKGD", 0 | 4) => 2,
            (b"bKGD", _) => 6,
            // §11.3.3.4.
            (b"sBIT", 0) => 1,
            (b"sBIT", 2 | 3) => 3,
            (b"sBIT", 4) => 2,
            (b"sBIT", 6) | (b"gAMA", _) => 4,
            (b"cHRM", _) => 32,
            (b"sRGB", _) => 1,
            (b"pHYs", _) => 9,
            _ => return false,
        };
        length == expected
    }

    /// Bytes of the filtered rows without interlacing, which only adds to them.
    fn raw_size(self) -> u64 {
        let channels = match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1u64,
        };
        let bits = u64::from(self.width).saturating_mul(channels).saturating_mul(self.depth.into());
        bits.div_ceil(8).saturating_add(1).saturating_mul(self.height.into())
    }
}

/// CRC-32 (ISO/IEC 15948 annex D), a bit at a time: pictures are small.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}
