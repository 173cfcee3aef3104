//! One block as it was received: a set of positions in one of several forms, read as it is asked for.

use super::bits::{BitReader, CutShort};
use super::form::{self, Form, code};
use super::interpolative::{CodeError, Interpolative};
use super::rules::Rules;
use super::runs::Run;
use super::tally::RICE;

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
    /// A parameter of the form is out of its range.
    #[error("a parameter of its form is out of range")]
    Parameter,
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

impl From<CutShort> for BlockError {
    fn from(_: CutShort) -> Self {
        Self::CutShort
    }
}

impl From<CodeError> for BlockError {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::CutShort => Self::CutShort,
            CodeError::TooMany => Self::TooLong,
            CodeError::Padding => Self::Padding,
        }
    }
}

/// A block as it was received: its form is known, its codes are not yet read.
#[derive(Clone, Debug)]
pub(crate) struct Block<'a> {
    form: Form,
    bytes: &'a [u8],
    pieces: Pieces<'a>,
}

impl<'a> Block<'a> {
    /// Takes `bytes` for a block of `span` positions in a layer with Rice parameter `k`.
    pub(crate) fn parse(rules: Rules, bytes: &'a [u8], span: u32, k: u8) -> Result<Self, BlockError> {
        let mut bits = BitReader::new(bytes);
        let all = bits.left();
        let (form, pieces) = match bits.take(1) {
            None => (Form::Empty, Pieces::Empty),
            Some(0) => (Form::LayerGaps, Pieces::Gaps(Gaps::new(bits, k, span))),
            Some(_) => match bits.take(form::CODE).ok_or(BlockError::CutShort)? {
                code::OWN_GAPS => {
                    let k = rice_parameter(&mut bits)?;
                    (Form::OwnGaps { k }, Pieces::Gaps(Gaps::new(bits, k, span)))
                }
                code::RUNS => {
                    let k = rice_parameter(&mut bits)?;
                    let e = bits.take(form::E).ok_or(BlockError::CutShort)?;
                    let form = Form::Runs { k, e: u8::try_from(e).map_err(|_| BlockError::Parameter)? };
                    (form, Pieces::Runs(RunCodes { bits, k: k.into(), e, least: 0, span }))
                }
                code::RAW => {
                    let fill = bits.left().checked_sub(u64::from(span)).ok_or(BlockError::CutShort)?;
                    if fill > 7 {
                        return Err(BlockError::TooLong);
                    }
                    (Form::Raw, Pieces::Raw(Raw { bits, word: 0, base: 0, read: 0, span }))
                }
                code::UNLISTED_GAPS => {
                    let k = rice_parameter(&mut bits)?;
                    let gaps = Gaps::new(bits, k, span);
                    (Form::UnlistedGaps { k }, Pieces::Unlisted(Unlisted { gaps, next: 0, ended: false }))
                }
                code::INTERPOLATIVE => (Form::Interpolative, Pieces::Interpolative(Interpolative::new(bits, span)?)),
                code => return Err(BlockError::UnknownForm(u8::try_from(code).unwrap_or(u8::MAX))),
            },
        };
        // The bits that fill the last byte are no part of the bound.
        if form != Form::Raw && all > rules.most_coded.saturating_add(7) & !7 {
            return Err(BlockError::TooLong);
        }
        Ok(Self { form, bytes, pieces })
    }

    pub(crate) const fn form(&self) -> Form {
        self.form
    }

    /// Whether the set has position `at`, which is less than the block's span. Reads no further than the answer.
    pub(crate) fn contains(self, at: u32) -> Result<bool, BlockError> {
        match self.pieces {
            Pieces::Raw(_) => {
                // Four bits of form before the bitmap.
                let bit = u64::from(at).wrapping_add(4);
                let byte = usize::try_from(bit >> 3).ok().and_then(|byte| self.bytes.get(byte));
                byte.map(|byte| byte >> (bit & 7) & 1 == 1).ok_or(BlockError::Outside)
            }
            Pieces::Gaps(mut gaps) => loop {
                match gaps.next()? {
                    Some(found) if found < at => {}
                    found => return Ok(found == Some(at)),
                }
            },
            mut pieces => loop {
                match pieces.next()? {
                    Some(run) if run.until <= at => {}
                    run => return Ok(run.is_some_and(|run| run.from <= at)),
                }
            },
        }
    }

    /// Calls `each` with every piece of the set, ascending.
    #[inline]
    pub(crate) fn visit(self, mut each: impl FnMut(Run)) -> Result<(), BlockError> {
        match self.pieces {
            Pieces::Gaps(mut gaps) => {
                while let Some(at) = gaps.next()? {
                    each(Run::of(at));
                }
            }
            Pieces::Raw(mut raw) => {
                while let Some(run) = raw.next()? {
                    each(run);
                }
            }
            mut pieces => {
                while let Some(run) = pieces.next()? {
                    each(run);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn pieces(self) -> Pieces<'a> {
        self.pieces
    }
}

fn rice_parameter(bits: &mut BitReader<'_>) -> Result<u8, BlockError> {
    let k = bits.take(form::K).ok_or(BlockError::CutShort)?;
    let k = u8::try_from(k).map_err(|_| BlockError::Parameter)?;
    if usize::from(k) < RICE { Ok(k) } else { Err(BlockError::Parameter) }
}

/// The positions of a block, ascending, as stretches that may adjoin, read as they are asked for.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a look-up takes nothing from the heap")]
pub(crate) enum Pieces<'a> {
    Empty,
    Gaps(Gaps<'a>),
    Runs(RunCodes<'a>),
    Raw(Raw<'a>),
    Unlisted(Unlisted<'a>),
    Interpolative(Interpolative<'a>),
}

impl Pieces<'_> {
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Run>, BlockError> {
        match self {
            Self::Empty => Ok(None),
            Self::Gaps(gaps) => Ok(gaps.next()?.map(Run::of)),
            Self::Runs(runs) => runs.next(),
            Self::Raw(raw) => raw.next(),
            Self::Unlisted(unlisted) => unlisted.next(),
            Self::Interpolative(codes) => Ok(codes.next()?),
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

impl<'a> Gaps<'a> {
    fn new(bits: BitReader<'a>, k: u8, span: u32) -> Self {
        Self { bits, k: u32::from(k), next: 0, span }
    }

    #[inline(always)] // Left to itself the compiler makes this a call, and each code a round through memory.
    fn next(&mut self) -> Result<Option<u32>, BlockError> {
        let Some(gap) = self.bits.rice(self.k)? else {
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

/// Runs as Rice codes of the gaps between them and exponential Golomb codes of their lengths.
#[derive(Clone, Debug)]
pub(crate) struct RunCodes<'a> {
    bits: BitReader<'a>,
    k: u32,
    e: u32,
    /// Where the next run may begin at the earliest: runs are apart.
    least: u64,
    span: u32,
}

impl RunCodes<'_> {
    fn next(&mut self) -> Result<Option<Run>, BlockError> {
        let Some(gap) = self.bits.rice(self.k)? else {
            return if self.bits.left() < 8 { Ok(None) } else { Err(BlockError::Padding) };
        };
        let length = self.bits.exp_golomb(self.e)?.ok_or(BlockError::CutShort)?;
        let from = self.least.saturating_add(gap);
        let until = from.saturating_add(length).saturating_add(1);
        if until > u64::from(self.span) {
            return Err(BlockError::Outside);
        }
        self.least = until.wrapping_add(1);
        let outside = |_| BlockError::Outside;
        Ok(Some(Run { from: u32::try_from(from).map_err(outside)?, until: u32::try_from(until).map_err(outside)? }))
    }
}

/// The positions that gaps leave out.
#[derive(Clone, Debug)]
pub(crate) struct Unlisted<'a> {
    gaps: Gaps<'a>,
    /// The first position of which nothing was said yet.
    next: u32,
    ended: bool,
}

impl Unlisted<'_> {
    fn next(&mut self) -> Result<Option<Run>, BlockError> {
        while !self.ended {
            let from = self.next;
            let until = match self.gaps.next()? {
                Some(at) => at,
                None => {
                    self.ended = true;
                    self.gaps.span
                }
            };
            self.next = until.wrapping_add(1);
            if from < until {
                return Ok(Some(Run { from, until }));
            }
        }
        Ok(None)
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
    fn next(&mut self) -> Result<Option<Run>, BlockError> {
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
        let first = self.word.trailing_zeros();
        let length = self.word.wrapping_shr(first).trailing_ones();
        // At most 32 bits in all; the word keeps what is above them.
        let above = first.wrapping_add(length);
        self.word = self.word.checked_shr(above).and_then(|word| word.checked_shl(above)).unwrap_or_default();
        let from = self.base.wrapping_add(first);
        Ok(Some(Run { from, until: from.wrapping_add(length) }))
    }
}
