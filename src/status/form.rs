//! The forms of a block: what each would cost, which the writer chooses, and how it is written.
//!
//! To add a form: a variant of [`Form`] with its code, its cost in [`Costs::of`], its codes in [`Form::write`], and its reading in
//! `block`. A code that a reader does not know is `encoding.form_unknown`: the verifier is too old.

use alloc::vec::Vec;

use super::bits::BitWriter;
use super::interpolative;
use super::rules::Rules;
use super::runs::Run;
use super::tally::{RICE, Tally};

/// How the positions of a block are written. The order is that in which one form is preferred to another of as many bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// No position, no byte.
    Empty,
    /// A zero, then each gap between positions as a Rice code with the layer's parameter.
    LayerGaps,
    /// The same with a parameter of the block's own.
    OwnGaps {
        /// Its Rice parameter.
        k: u8,
    },
    /// For each run the gap before it as a Rice code, less one but for the first, and its length less one in exponential Golomb code.
    Runs {
        /// The Rice parameter of the gaps.
        k: u8,
        /// The parameter of the lengths.
        e: u8,
    },
    /// One bit for each position.
    Raw,
    /// The gaps between the positions that are *not* in the set, as Rice codes.
    UnlistedGaps {
        /// The Rice parameter.
        k: u8,
    },
    /// The count, and the positions in binary interpolative code.
    Interpolative,
}

/// The code of a form: three bits, after the bit that says that there is one.
pub(crate) mod code {
    pub(crate) const OWN_GAPS: u32 = 0;
    pub(crate) const RUNS: u32 = 1;
    pub(crate) const RAW: u32 = 2;
    pub(crate) const UNLISTED_GAPS: u32 = 3;
    pub(crate) const INTERPOLATIVE: u32 = 4;
}

/// Bits of a form's code.
pub(crate) const CODE: u32 = 3;
/// Bits of a Rice parameter.
pub(crate) const K: u32 = 6;
/// Bits of an exponential Golomb parameter.
pub(crate) const E: u32 = 3;
/// Bits of a form's code with the bit before it.
const HEAD: u64 = 4;

/// The least of the numbers and its place, the first of those that tie.
fn least(numbers: &[u64]) -> (u8, u64) {
    let mut least = (0, u64::MAX);
    for (place, number) in (0_u8..).zip(numbers) {
        if *number < least.1 {
            least = (place, *number);
        }
    }
    least
}

/// What a block would cost in each form, in bits.
#[derive(Clone, Debug)]
pub(crate) struct Costs {
    rules: Rules,
    span: u32,
    count: u32,
    raw: u64,
    /// Gaps with the layer's parameter, for each that the layer may have.
    layer_gaps: [u64; RICE],
    /// The best of the other forms that are not raw, if one is short enough.
    own: Option<(Form, u64)>,
    /// Bits of the best form of those by which crowding is judged.
    crowding: u64,
}

impl Costs {
    /// The costs of what was counted. Nothing more is to be added to it.
    pub(crate) fn of(rules: Rules, tally: &mut Tally) -> Self {
        let bits = tally.code_bits();
        // 6 bits of parameter, or 6 and 3.
        let (k, gaps) = least(&bits.gaps);
        let own = (Form::OwnGaps { k }, gaps.wrapping_add(HEAD).wrapping_add(6));
        let ((k, gaps), (e, lengths)) = (least(&bits.run_gaps), least(&bits.run_lengths));
        let runs = (Form::Runs { k, e }, gaps.wrapping_add(lengths).wrapping_add(HEAD).wrapping_add(9));
        let (k, gaps) = least(&bits.unlisted_gaps);
        let unlisted = (Form::UnlistedGaps { k }, gaps.wrapping_add(HEAD).wrapping_add(6));
        let mut best = own;
        for form in [runs, unlisted] {
            if form.1 < best.1 {
                best = form;
            }
        }
        let crowding = best.1;
        // What is no better than the best so far need not be counted to its end.
        let most = rules.most_coded.min(best.1.wrapping_sub(1)).saturating_sub(HEAD);
        if let Some(cost) = interpolative::cost(tally.ranked(), bits.count, bits.span, most) {
            best = (Form::Interpolative, cost.wrapping_add(HEAD));
        }
        Self {
            rules,
            span: bits.span,
            count: bits.count,
            raw: u64::from(bits.span).wrapping_add(HEAD),
            layer_gaps: bits.gaps.map(|codes| codes.wrapping_add(1)),
            own: Some(best).filter(|(_, bits)| *bits <= rules.most_coded),
            crowding,
        }
    }

    /// Whether the block is to be split: no form that gets shorter with each split is short enough, and a bitmap is long.
    pub(crate) fn is_crowded(&self) -> bool {
        self.crowding > self.rules.most_coded && self.span > Rules::DENSE_SPAN
    }

    /// The form that the writer chooses where the layer's Rice parameter is `k`, and its bytes: the form with the fewest bits, the first
    /// of those that tie, but raw where it is within 1/64 of the best, because it answers without a scan.
    #[inline]
    pub(crate) fn choose(&self, k: u8) -> (Form, u32) {
        if self.count == 0 {
            return (Form::Empty, 0);
        }
        let gaps = self.layer_gaps.get(usize::from(k)).copied().unwrap_or(u64::MAX);
        let gaps = Some((Form::LayerGaps, gaps)).filter(|(_, bits)| *bits <= self.rules.most_coded);
        let coded = match (gaps, self.own) {
            (Some(gaps), Some(own)) => Some(if own.1 < gaps.1 { own } else { gaps }),
            (gaps, own) => gaps.or(own),
        };
        let (form, bits) = match coded {
            // The products fit: both are at most 2²⁴ + 4.
            Some((form, bits)) if self.raw.wrapping_mul(64) > bits.wrapping_mul(65) => (form, bits),
            _ => (Form::Raw, self.raw),
        };
        (form, u32::try_from(bits.div_ceil(8)).unwrap_or(u32::MAX))
    }
}

impl Form {
    /// Appends the block of these runs, ascending, apart, and within `span`, to `bytes`. `k` is the layer's Rice parameter.
    pub(crate) fn write(self, runs: &[Run], span: u32, k: u8, bytes: Vec<u8>) -> Vec<u8> {
        let mut writer = BitWriter::new(bytes);
        match self {
            Self::Empty => {}
            Self::LayerGaps => {
                writer.put(0, 1);
                gaps(runs, k, &mut writer);
            }
            Self::OwnGaps { k } => {
                head(code::OWN_GAPS, &mut writer);
                writer.put(k.into(), K);
                gaps(runs, k, &mut writer);
            }
            Self::Runs { k, e } => {
                head(code::RUNS, &mut writer);
                writer.put(k.into(), K);
                writer.put(e.into(), E);
                let mut least = 0;
                for run in runs {
                    writer.rice(run.from.wrapping_sub(least), k.into());
                    writer.exp_golomb(run.length().wrapping_sub(1), e.into());
                    least = run.until.wrapping_add(1);
                }
            }
            Self::Raw => {
                head(code::RAW, &mut writer);
                let mut next = 0;
                for run in runs {
                    writer.zeros(run.from.wrapping_sub(next));
                    writer.ones(run.length());
                    next = run.until;
                }
                writer.zeros(span.saturating_sub(next));
            }
            Self::UnlistedGaps { k } => {
                head(code::UNLISTED_GAPS, &mut writer);
                writer.put(k.into(), K);
                // Of the positions that are not in the set, the first after each run has the run before it; the others have nothing.
                let mut next = 0;
                for run in runs {
                    let others = if next == 0 { run.from } else { run.from.wrapping_sub(next).wrapping_sub(1) };
                    (0..others).for_each(|_| writer.rice(0, k.into()));
                    if run.until < span {
                        writer.rice(run.length(), k.into());
                    }
                    next = run.until;
                }
                let others = if next == 0 { span } else { span.saturating_sub(next).saturating_sub(1) };
                (0..others).for_each(|_| writer.rice(0, k.into()));
            }
            Self::Interpolative => {
                head(code::INTERPOLATIVE, &mut writer);
                let positions: Vec<u32> = runs.iter().flat_map(|run| run.from..run.until).collect();
                interpolative::write(&positions, span, &mut writer);
            }
        }
        writer.finish()
    }
}

fn head(code: u32, writer: &mut BitWriter) {
    writer.put(1, 1);
    writer.put(code, CODE);
}

fn gaps(runs: &[Run], k: u8, writer: &mut BitWriter) {
    let k = u32::from(k);
    let mut next = 0;
    for run in runs {
        writer.rice(run.from.wrapping_sub(next), k);
        for _ in 1..run.length() {
            writer.rice(0, k);
        }
        next = run.until;
    }
}
