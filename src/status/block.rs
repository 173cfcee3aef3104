//! One block: a set of positions in one of several forms, always the one with the fewest bits.
//!
//! To add a form: a variant of [`Form`] with its code, its cost in [`Costs`], its codes in [`Form::write`], and its reading in
//! [`Block::parse`] and [`Positions`]. A code that this version does not know is [`BlockError::UnknownForm`]: the verifier is too old.

use alloc::vec::Vec;

use super::bits::{BitReader, BitWriter};
use super::tally::{RICE, Tally};

/// The most bits of a block in any form but the raw one, so that no lookup takes longer than about one signature check.
const MOST_CODED: u64 = 8 * 1024;

/// The code of the raw form, after the bit that says that a code follows.
const RAW: u32 = 2;
/// Bits before the bitmap of a raw block: the bit that says that a code follows, and the code.
const RAW_HEAD: u32 = 4;

/// Why a block is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlockError {
    /// The block uses a form that this version does not know: the verifier is too old, and nothing is known against the list.
    #[error("it uses form {0}, which this version does not know")]
    UnknownForm(u8),
    /// The block is longer than its form allows.
    #[error("it is longer than its form allows")]
    TooLong,
    /// The block ends within a code.
    #[error("it ends within a code")]
    CutShort,
    /// A code stands for a position outside the block.
    #[error("it names a position outside itself")]
    Outside,
    /// The last code is followed by more than 7 bits, or by bits that are not zero.
    #[error("its last code is followed by other things than the bits that fill a byte")]
    Padding,
    /// The writer would have chosen another form for the same positions.
    #[error("the same positions have a shorter form")]
    NotShortest,
}

/// How the positions of a block are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// No position, no byte.
    Empty,
    /// A zero, then each gap as a Rice code with the layer's parameter.
    LayerGaps,
    /// A one, 2 in three bits, then one bit for each position.
    Raw,
}

/// What a block would cost in each form.
#[derive(Clone, Debug)]
pub(crate) struct Costs {
    count: u32,
    raw: u64,
    /// The codes of all gaps, for each Rice parameter.
    gaps: [u64; RICE],
}

impl Costs {
    pub(crate) fn of(tally: Tally) -> Self {
        Self {
            count: tally.count(),
            raw: u64::from(tally.span()).wrapping_add(u64::from(RAW_HEAD)),
            gaps: tally.gap_bits(),
        }
    }

    /// The form that the writer chooses where the layer's Rice parameter is `k`, and its bytes: the form with the fewest bits, the
    /// lowest of those that tie, but raw where it is within 1/64 of the best, because it answers without a scan.
    #[inline]
    pub(crate) fn choose(&self, k: u8) -> (Form, u32) {
        if self.count == 0 {
            return (Form::Empty, 0);
        }
        let gaps = self.gaps.get(usize::from(k)).map_or(u64::MAX, |codes| codes.wrapping_add(1));
        let coded = Some((Form::LayerGaps, gaps)).filter(|(_, bits)| *bits <= MOST_CODED);
        let (form, bits) = match coded {
            // The products fit: both are at most 2²⁴ + 4.
            Some((form, bits)) if self.raw.wrapping_mul(64) > bits.wrapping_mul(65) => (form, bits),
            _ => (Form::Raw, self.raw),
        };
        (form, u32::try_from(bits.div_ceil(8)).unwrap_or(u32::MAX))
    }
}

impl Form {
    /// Appends the block of the ascending `positions`, each less than `span`, to `bytes`.
    pub(crate) fn write(self, positions: impl Iterator<Item = u32>, span: u32, k: u8, bytes: Vec<u8>) -> Vec<u8> {
        let mut writer = BitWriter::new(bytes);
        match self {
            Self::Empty => {}
            Self::LayerGaps => {
                writer.put(0, 1);
                let k = u32::from(k);
                let mut next = 0;
                for at in positions {
                    let gap = at.wrapping_sub(next);
                    let quotient = gap.wrapping_shr(k);
                    writer.unary(quotient);
                    writer.put(gap ^ quotient.wrapping_shl(k), k);
                    next = at.wrapping_add(1);
                }
            }
            Self::Raw => {
                writer.put(1 | RAW << 1, RAW_HEAD);
                let mut next = 0;
                for at in positions {
                    // The zeros up to the position, then its one: a unary code.
                    writer.unary(at.wrapping_sub(next));
                    next = at.wrapping_add(1);
                }
                writer.zeros(span.saturating_sub(next));
            }
        }
        writer.finish()
    }
}

/// A block as it was received: its form is known, its codes are not yet read.
#[derive(Clone, Debug)]
pub(crate) struct Block<'a> {
    form: Form,
    bytes: &'a [u8],
    positions: Positions<'a>,
}

impl<'a> Block<'a> {
    /// Takes `bytes` for a block of `span` positions in a layer with Rice parameter `k`.
    pub(crate) fn parse(bytes: &'a [u8], span: u32, k: u8) -> Result<Self, BlockError> {
        let mut bits = BitReader::new(bytes);
        let (form, positions) = match bits.take(1) {
            None => (Form::Empty, Positions::Empty),
            Some(0) => {
                if bits.left() >= MOST_CODED {
                    return Err(BlockError::TooLong);
                }
                (Form::LayerGaps, Positions::Gaps(Gaps { bits, k: u32::from(k), next: 0, span }))
            }
            Some(_) => match bits.take(3).ok_or(BlockError::CutShort)? {
                RAW => {
                    let fill = bits.left().checked_sub(u64::from(span)).ok_or(BlockError::CutShort)?;
                    if fill > 7 {
                        return Err(BlockError::TooLong);
                    }
                    (Form::Raw, Positions::Raw(Raw { bits, word: 0, base: 0, read: 0, span }))
                }
                code => return Err(BlockError::UnknownForm(u8::try_from(code).unwrap_or(u8::MAX))),
            },
        };
        Ok(Self { form, bytes, positions })
    }

    pub(crate) const fn form(&self) -> Form {
        self.form
    }

    /// Whether the set has position `at`, which is less than the block's span. Reads no further than the answer.
    pub(crate) fn contains(self, at: u32) -> Result<bool, BlockError> {
        match self.positions {
            Positions::Raw(_) => {
                let bit = u64::from(at).wrapping_add(u64::from(RAW_HEAD));
                let byte = usize::try_from(bit >> 3).ok().and_then(|byte| self.bytes.get(byte));
                byte.map(|byte| byte >> (bit & 7) & 1 == 1).ok_or(BlockError::Outside)
            }
            Positions::Gaps(mut gaps) => loop {
                match gaps.next()? {
                    Some(found) if found < at => {}
                    found => return Ok(found == Some(at)),
                }
            },
            Positions::Empty => Ok(false),
        }
    }

    /// Calls `each` with every position of the set, ascending.
    #[inline]
    pub(crate) fn visit(self, mut each: impl FnMut(u32)) -> Result<(), BlockError> {
        match self.positions {
            Positions::Empty => {}
            Positions::Gaps(mut gaps) => {
                while let Some(at) = gaps.next()? {
                    each(at);
                }
            }
            Positions::Raw(mut raw) => {
                while let Some(at) = raw.next()? {
                    each(at);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn positions(self) -> Positions<'a> {
        self.positions
    }
}

/// The positions of a block, ascending, read as they are asked for.
#[derive(Clone, Debug)]
pub(crate) enum Positions<'a> {
    Empty,
    Gaps(Gaps<'a>),
    Raw(Raw<'a>),
}

impl Positions<'_> {
    pub(crate) fn next(&mut self) -> Result<Option<u32>, BlockError> {
        match self {
            Self::Empty => Ok(None),
            Self::Gaps(gaps) => gaps.next(),
            Self::Raw(raw) => raw.next(),
        }
    }
}

/// Positions as Rice codes of the gaps between them.
#[derive(Clone, Debug)]
pub(crate) struct Gaps<'a> {
    bits: BitReader<'a>,
    k: u32,
    next: u64,
    span: u32,
}

impl Gaps<'_> {
    #[inline(always)] // Left to itself the compiler makes this a call, and each code a round through memory.
    fn next(&mut self) -> Result<Option<u32>, BlockError> {
        let Some(gap) = self.bits.rice(self.k).map_err(|_| BlockError::CutShort)? else {
            return if self.bits.left() < 8 { Ok(None) } else { Err(BlockError::Padding) };
        };
        let at = self.next.wrapping_add(gap);
        if at >= u64::from(self.span) {
            return Err(BlockError::Outside);
        }
        self.next = at.wrapping_add(1);
        u32::try_from(at).map(Some).map_err(|_| BlockError::Outside)
    }
}

/// Positions as a bitmap.
#[derive(Clone, Debug)]
pub(crate) struct Raw<'a> {
    bits: BitReader<'a>,
    /// Up to 32 bits of the bitmap, without those that were given out; the lowest stands for `base`.
    word: u32,
    base: u32,
    /// How many bits of the bitmap were read.
    read: u32,
    span: u32,
}

impl Raw<'_> {
    #[inline]
    fn next(&mut self) -> Result<Option<u32>, BlockError> {
        while self.word == 0 {
            let left = self.span.wrapping_sub(self.read);
            if left == 0 {
                return if self.bits.unary().is_none() { Ok(None) } else { Err(BlockError::Padding) };
            }
            let count = left.min(32);
            self.word = self.bits.take(count).ok_or(BlockError::CutShort)?;
            self.base = self.read;
            self.read = self.read.wrapping_add(count);
        }
        let at = self.base.wrapping_add(self.word.trailing_zeros());
        self.word &= self.word.wrapping_sub(1);
        Ok(Some(at))
    }
}
