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

/// Walks the chunks.
pub(super) fn check(bytes: &[u8]) -> Result<(), PngFault> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or(PngFault::Signature)?;
    let mut header = None;
    let (mut palette, mut data, mut data_ended) = (false, 0u64, false);
    for _ in 0..MAX_CHUNKS {
        let (kind, content, after) = chunk(rest)?;
        rest = after;
        data_ended |= data > 0 && kind != b"IDAT";
        match (kind, &header) {
            // §5.6: IHDR first, PLTE before IDAT, the IDATs together, IEND last.
            (b"IHDR", None) => header = Some(Header::read(content)?),
            (b"PLTE", Some(header)) => {
                let entries = content.len().checked_div(3).unwrap_or_default();
                let whole = entries.checked_mul(3) == Some(content.len()) && (1..=256).contains(&entries);
                // §11.2.2: grey pictures have none.
                if palette || data > 0 || !whole || matches!(header.colour, 0 | 4) {
                    return Err(PngFault::Chunk);
                }
                palette = true;
            }
            (b"IDAT", Some(_)) if !data_ended => {
                data = data.saturating_add(u64::try_from(content.len()).unwrap_or(u64::MAX));
            }
            (b"IEND", Some(header)) => {
                let complete = content.is_empty() && data > 0 && (palette || header.colour != 3);
                return match complete {
                    false => Err(PngFault::Chunk),
                    true if !rest.is_empty() => Err(PngFault::Length),
                    true if header.raw_size() > data.saturating_mul(MAX_INFLATION) => Err(PngFault::Lies),
                    true => Ok(()),
                };
            }
            // Of what may be left out: resolution, colours, transparency. Not texts and profiles, which are compressed, nor animation.
            (b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"pHYs" | b"sBIT" | b"bKGD", Some(_)) if data == 0 => {}
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
