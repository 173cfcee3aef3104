//! Layers that the writer does not write: each is refused, for its own reason.

use alloc::vec;
use alloc::vec::Vec;

use super::super::check::check_block;
use super::super::form::{Costs, Form};
use super::super::rules::Rules;
use super::super::runs::Run;
use super::super::tally::Tally;
use super::super::*;
use super::layer::{iid, runs, write};
use crate::reason::{Class, Reason};

/// The runs of the positions of one block, counted from its first.
fn within(positions: &[u32], first: u32, span: u32) -> Vec<Run> {
    let place = |at: u32| positions.partition_point(|position| *position < at);
    runs(&positions[place(first)..place(first + span)].iter().map(|at| at - first).collect::<Vec<_>>())
}

/// A layer put together by hand.
#[derive(Clone, Debug)]
struct Forged {
    length: u32,
    count: u32,
    b: u8,
    k: u8,
    stored: Stored,
    /// Of the directory: the writer's, if not given.
    width: Option<usize>,
    shortest: Option<u32>,
    blocks: Vec<Vec<u8>>,
    tail: Vec<u8>,
}

impl Forged {
    /// The blocks of these positions in these forms; the writer's own choices are left to be changed.
    fn new(length: u32, positions: &[u32], b: u8, k: u8, form: impl Fn(u32) -> Form) -> Self {
        Self::of(length, positions, b, k, |number, _, _| form(number))
    }

    /// The blocks of these positions, each in the form that the writer would choose with this width and parameter.
    fn chosen(length: u32, positions: &[u32], b: u8, k: u8) -> Self {
        Self::of(length, positions, b, k, |_, runs, span| {
            let mut tally = Tally::new(span);
            runs.iter().for_each(|run| tally.add(*run));
            Costs::of(Rules::LIST, &mut tally).choose(k).0
        })
    }

    fn of(length: u32, positions: &[u32], b: u8, k: u8, form: impl Fn(u32, &[Run], u32) -> Form) -> Self {
        let mut blocks = Vec::new();
        for (number, first) in (0..length).step_by(1 << b).enumerate() {
            let span = (length - first).min(1 << b);
            let runs = within(positions, first, span);
            blocks.push(form(number as u32, &runs, span).write(&runs, span, k, Vec::new()));
        }
        let count = positions.len() as u32;
        Self { length, count, b, k, stored: Stored::Listed, width: None, shortest: None, blocks, tail: Vec::new() }
    }

    fn body(&self) -> Vec<u8> {
        let lengths = || self.blocks.iter().map(|block| block.len() as u32);
        let shortest = self.shortest.unwrap_or(lengths().min().unwrap());
        let width = self.width.unwrap_or(match lengths().max().unwrap() - shortest {
            0 => 0,
            1..256 => 1,
            256..65536 => 2,
            _ => 4,
        });
        let mut body = vec![width as u8];
        body.extend(&shortest.to_le_bytes()[..3]);
        let mut base = 0_u64;
        for group in self.blocks.chunks(32) {
            body.extend(&base.to_le_bytes()[..5]);
            for block in group {
                body.extend(&(block.len() as u32 - shortest).to_le_bytes()[..width]);
                base += block.len() as u64;
            }
        }
        body.extend(self.blocks.iter().flatten());
        body.extend(&self.tail);
        body
    }

    fn check(&self) -> Result<(), LayerError> {
        let body = self.body();
        let (count, b, k) = (u64::from(self.count), u64::from(self.b), u64::from(self.k));
        let layer = Layer::new(self.length, count, b, k, self.stored, 0, body.len() as u64)?;
        let view = LayerView::parse(layer, self.length, &body)?;
        for index in (0..self.length).step_by(self.length as usize / 200 + 1) {
            let _ = view.contains(index);
        }
        view.check()
    }
}

const LENGTH: u32 = 20_000;

/// 401 positions: blocks of 2^13, k = 5.
fn positions() -> Vec<u32> {
    (0..LENGTH).step_by(50).chain([19_999]).collect()
}

fn good() -> Forged {
    let forged = Forged::new(LENGTH, &positions(), 13, 5, |_| Form::LayerGaps);
    assert_eq!(forged.check(), Ok(()), "what the others are changed from");
    let mut body = Vec::new();
    let layer = write(LENGTH, &positions(), &mut body);
    assert_eq!((layer.b(), layer.k(), body), (13, 5, forged.body()));
    forged
}

fn changed(change: impl FnOnce(&mut Forged)) -> Result<(), LayerError> {
    let mut forged = good();
    change(&mut forged);
    forged.check()
}

fn block(block: u32, error: BlockError) -> Result<(), LayerError> {
    Err(LayerError::Block { block, error })
}

#[test]
fn other_parameters() {
    for b in [11, 12, 14, 24] {
        let found = Forged::new(LENGTH, &positions(), b, 5, |_| Form::LayerGaps).check();
        assert_eq!(found, Err(LayerError::NotCanonical), "b = {b}");
    }
    for k in [3, 4, 6, 7] {
        let found = Forged::new(LENGTH, &positions(), 13, k, |_| Form::LayerGaps).check();
        assert!(matches!(found, Err(LayerError::NotCanonical | LayerError::Block { .. })), "k = {k}: {found:?}");
        let found = Forged::chosen(LENGTH, &positions(), 13, k).check();
        assert_eq!(found, Err(LayerError::NotCanonical), "k = {k}");
    }
    assert_eq!(changed(|layer| layer.k = 24), Err(LayerError::Parameters));
    assert_eq!(changed(|layer| layer.b = 10), Err(LayerError::Parameters));
    assert_eq!(changed(|layer| layer.b = 25), Err(LayerError::Parameters));
    assert_eq!(changed(|layer| layer.count = 0), Err(LayerError::Parameters));
    assert_eq!(changed(|layer| layer.count = LENGTH + 1), Err(LayerError::Parameters));
    assert_eq!(changed(|layer| layer.count -= 1), Err(LayerError::Count));
    assert_eq!(changed(|layer| layer.count += 1), Err(LayerError::Count));
    assert_eq!(changed(|layer| layer.stored = Stored::Unlisted), Err(LayerError::NotCanonical));
    assert_eq!(
        changed(|layer| {
            layer.stored = Stored::Unlisted;
            layer.count = LENGTH - layer.count;
        }),
        Ok(()),
        "the same blocks stand for the complement"
    );
}

#[test]
fn other_forms() {
    let one_raw =
        Forged::new(LENGTH, &positions(), 13, 5, |block| if block == 1 { Form::Raw } else { Form::LayerGaps });
    assert_eq!(one_raw.check(), block(1, BlockError::NotShortest));
    // Every other position: a bitmap is best, and gaps in the last block, which is short enough for them, are not.
    let half: Vec<u32> = (0..LENGTH).step_by(2).collect();
    assert_eq!(Forged::new(LENGTH, &half, 14, 0, |_| Form::Raw).check(), Ok(()));
    let gaps = Forged::new(LENGTH, &half, 14, 0, |_| Form::LayerGaps);
    assert_eq!(gaps.check(), block(0, BlockError::TooLong));
    let gaps = Forged::new(LENGTH, &half, 14, 0, |block| if block == 1 { Form::LayerGaps } else { Form::Raw });
    assert_eq!(gaps.check(), block(1, BlockError::NotShortest));
    // A block without positions has no bytes, not a lone bit.
    let empty = |form| {
        Forged::new(1 << 25, &[9_999], 24, 13, move |block| if block == 0 { Form::LayerGaps } else { form }).check()
    };
    assert_eq!(empty(Form::LayerGaps), block(1, BlockError::NotShortest));
    assert_eq!(empty(Form::Raw), block(1, BlockError::NotShortest));
}

#[test]
fn other_paddings() {
    assert_eq!(changed(|layer| layer.blocks[0].push(0)), block(0, BlockError::Padding));
    assert_eq!(changed(|layer| layer.blocks[0].extend([0; 900])), block(0, BlockError::TooLong));
    assert!(changed(|layer| *layer.blocks[0].last_mut().unwrap() |= 0x80).is_err());
    assert_eq!(changed(|layer| layer.tail = vec![0]), Err(LayerError::Place(3)));
    assert!(changed(|layer| layer.blocks[2].truncate(10)).is_err());
    // A bitmap whose last byte is not filled with zeros, or whose bytes are too many or too few.
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut raw = Forged::new(997, &(1..997).step_by(2).collect::<Vec<_>>(), 14, 0, |_| Form::Raw);
        change(&mut raw.blocks[0]);
        raw.check()
    };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|bytes| *bytes.last_mut().unwrap() |= 0x80), block(0, BlockError::Padding));
    assert_eq!(with(&|bytes| bytes.push(0)), block(0, BlockError::TooLong));
    assert_eq!(with(&|bytes| bytes.truncate(125)), block(0, BlockError::CutShort));
}

#[test]
fn other_directories() {
    assert_eq!(changed(|layer| layer.width = Some(2)), Err(LayerError::NotCanonical));
    assert_eq!(changed(|layer| layer.width = Some(4)), Err(LayerError::NotCanonical));
    assert_eq!(changed(|layer| layer.shortest = Some(0)), Err(LayerError::NotCanonical));
    let head = |place: usize, value: u8| {
        let mut body = good().body();
        body[place] = value;
        let layer = Layer::new(LENGTH, 401, 13, 5, Stored::Listed, 0, body.len() as u64).unwrap();
        LayerView::parse(layer, LENGTH, &body).and_then(|view| view.check())
    };
    assert_eq!(head(0, 3), Err(LayerError::Directory));
    assert_eq!(head(0, 5), Err(LayerError::Directory));
    assert_eq!(head(4, 1), Err(LayerError::Place(0)), "the first base is not 0");
    assert_eq!(head(8, 1), Err(LayerError::Place(0)), "the first base is beyond everything");
    assert!(head(9, 0).is_err());
    assert!(head(1, 255).is_err());
    assert!(head(3, 255).is_err());
}

#[test]
fn a_form_that_is_not_known_means_that_the_verifier_is_too_old() {
    for code in [5_u8, 6, 7] {
        let mut forged = good();
        forged.blocks[1] = vec![1 | code << 1, 0xff];
        assert_eq!(forged.check(), block(1, BlockError::UnknownForm(code)));
        let body = forged.body();
        let layer = Layer::new(LENGTH, 401, 13, 5, Stored::Listed, 0, body.len() as u64).unwrap();
        let view = LayerView::parse(layer, LENGTH, &body).unwrap();
        assert_eq!(view.contains(50), Ok(true), "other blocks still answer");
        let error = view.contains(8192).unwrap_err();
        assert_eq!(error.reason(), Reason::EncodingFormUnknown);
        assert_eq!(error.reason().class(), Class::Undetermined);
    }
}

/// Independent runs of these lengths, in a block far from the list's beginning.
fn crowd(count: u32, seed: u32) -> Vec<u32> {
    let mut at = 5_000_000;
    let mut positions = Vec::new();
    for run in 0..count {
        at += 1 + (run * 7_919 + seed) % 41;
        let length = 1 + (run * 104_729 + seed) % 37;
        positions.extend(at..at + length);
        at += length;
    }
    positions
}

#[test]
fn crowded_blocks_are_split() {
    let length = u32::MAX;
    let width = |listed: &[u32]| {
        let mut body = Vec::new();
        let layer = write(length, listed, &mut body);
        assert_eq!(LayerView::parse(layer, length, &body).unwrap().check(), Ok(()));
        (layer.b(), body.len())
    };
    // As many runs as a coded block holds, and twice as many.
    let (few, many) = (crowd(250, 1), crowd(900, 1));
    assert_eq!(width(&few).0, 24);
    let (b, bytes) = width(&many);
    assert!((15..24).contains(&b), "2^{b}");
    assert!(bytes < 300_000, "{bytes} bytes");
    // One long run is one run.
    assert_eq!(width(&(5_000_000..5_020_000).collect::<Vec<_>>()).0, 24);
    // Wider blocks than the writer's, and narrower ones.
    let length = 1 << 24;
    let checked = |listed: &[u32], b: u8, k: u8| Forged::chosen(length, listed, b, k).check();
    let b = write(length, &many, &mut Vec::new()).b();
    assert!((15..18).contains(&b), "2^{b}");
    for other in 14..20 {
        for parameter in 0..8 {
            let found = checked(&many, other, parameter);
            assert_eq!(found.is_ok(), other == b && parameter == k(&many), "b = {other}, k = {parameter}: {found:?}");
        }
    }
    let few = &few[..4_000];
    assert_eq!(checked(few, 20, k(few)), Ok(()));
    assert_eq!(checked(few, 19, k(few)), Err(LayerError::NotCanonical), "nothing was crowded");
}

fn k(listed: &[u32]) -> u8 {
    write(1 << 24, listed, &mut Vec::new()).k()
}

/// Sets whose blocks are of every form.
fn sets() -> Vec<(u32, Vec<u32>)> {
    let every = |length: u32, step: usize| (0..length).step_by(step).collect::<Vec<_>>();
    let hashed = |length: u32, of: u32, less: u32| {
        (0..length).filter(|at| at.wrapping_mul(2_654_435_761).rotate_left(13) % of < less).collect::<Vec<_>>()
    };
    let mut mixed = hashed(4_000, 200, 1);
    mixed.extend((5_000..6_000).filter(|at| at % 10 != 7));
    mixed.extend(7_000..8_000);
    mixed.extend((9_000..14_000).filter(|at| at % 64 < 40));
    mixed.extend((14_400..16_000).filter(|at: &u32| at.wrapping_mul(2_654_435_761) >> 29 < 3));
    mixed.push(19_999);
    let mut burst = iid(20_000, 3_000, 5);
    burst.retain(|at| !(6_000..6_500).contains(at));
    burst.extend(iid(500, 900_000, 6).into_iter().map(|at| 6_000 + at));
    burst.sort_unstable();
    vec![
        (20_000, mixed),
        (20_000, burst),
        (20_000, hashed(20_000, 100, 1)),
        (6_000, hashed(6_000, 4, 1)),
        (6_000, hashed(6_000, 20, 9)),
        (3_000, every(3_000, 3)),
        (20_000, iid(4_500, 980_000, 3)),
        (20_000, iid(4_500, 950_000, 4)),
        (5_000, (4_000..4_900).collect()),
        (300, vec![7]),
    ]
}

/// Every form with every parameter.
fn forms() -> impl Iterator<Item = Form> {
    let plain = [Form::Empty, Form::LayerGaps, Form::Raw, Form::Interpolative];
    let runs = (0..24).flat_map(|k| (0..8).map(move |e| Form::Runs { k, e }));
    let gaps = (0..24).flat_map(|k| [Form::OwnGaps { k }, Form::UnlistedGaps { k }]);
    plain.into_iter().chain(runs).chain(gaps)
}

/// The one test of the promise: of all ways to write a set, exactly one is read.
#[test]
fn a_set_has_one_encoding() {
    let mut seen = Vec::new();
    for (length, positions) in sets() {
        let mut body = Vec::new();
        let layer = write(length, &positions, &mut body);
        let good = Forged::chosen(length, &positions, layer.b(), layer.k());
        assert_eq!((good.body(), good.check()), (body, Ok(())), "what the others are changed from");
        // Each block in every other form.
        for (number, first) in (0..length).step_by(1 << layer.b()).enumerate() {
            let span = (length - first).min(1 << layer.b());
            let runs = within(&positions, first, span);
            for form in forms() {
                if form == Form::Empty && !runs.is_empty() {
                    continue;
                }
                if form == Form::Interpolative && (runs.is_empty() || positions.len() > 4_096) {
                    continue;
                }
                let bytes = form.write(&runs, span, layer.k(), Vec::new());
                let is_chosen = bytes == good.blocks[number];
                assert_eq!(
                    check_block(&bytes, span, layer.k()).is_ok(),
                    is_chosen,
                    "{form:?} of block {number}, {length}"
                );
                if is_chosen {
                    seen.push(core::mem::discriminant(&form));
                } else if matches!(form, Form::Raw | Form::LayerGaps | Form::Interpolative) {
                    let mut forged = good.clone();
                    forged.blocks[number] = bytes;
                    assert!(forged.check().is_err(), "{form:?} of block {number}, {length}");
                }
            }
        }
        // Every other width and parameter, the blocks as the writer would then choose them.
        for b in 11..=24 {
            for k in 0..24 {
                let is_chosen = (b, k) == (layer.b(), layer.k());
                let found = Forged::chosen(length, &positions, b, k).check();
                assert!(
                    found.is_ok() == is_chosen || Forged::chosen(length, &positions, b, k).body() == good.body(),
                    "{b}, {k}"
                );
            }
        }
        // Every other directory.
        for width in [0, 1, 2, 4] {
            for shortest in 0..3 {
                let mut forged = good.clone();
                let lengths = || good.blocks.iter().map(|block| block.len() as u32);
                let (least, most) = (lengths().min().unwrap(), lengths().max().unwrap());
                let Some(shortest) = least.checked_sub(shortest) else { continue };
                if width < 4 && u64::from(most - shortest) >= 1 << (8 * width) {
                    continue;
                }
                (forged.width, forged.shortest) = (Some(width), Some(shortest));
                assert_eq!(forged.check().is_ok(), forged.body() == good.body(), "{width} bytes from {shortest}");
            }
        }
        // The other half of the list.
        let mut forged = good.clone();
        forged.stored = Stored::Unlisted;
        assert!(forged.check().is_err());
        // Bits after the end.
        for number in 0..good.blocks.len() {
            let mut forged = good.clone();
            forged.blocks[number].push(0);
            assert!(forged.check().is_err(), "a byte more in block {number}");
            if let Some(last) = good.blocks[number].last().filter(|last| **last < 0x80) {
                let mut forged = good.clone();
                *forged.blocks[number].last_mut().unwrap() = last | 0x80;
                assert!(forged.check().is_err(), "a bit more in block {number}");
            }
        }
    }
    for form in [
        Form::Empty,
        Form::LayerGaps,
        Form::OwnGaps { k: 0 },
        Form::Runs { k: 0, e: 0 },
        Form::Raw,
        Form::UnlistedGaps { k: 0 },
        Form::Interpolative,
    ] {
        assert!(seen.contains(&core::mem::discriminant(&form)), "no block is of the form {form:?}");
    }
}

#[test]
fn hostile_layers_end() {
    let length = u32::MAX;
    let check = |b: u64, k: u64, body: &[u8]| {
        let layer = Layer::new(length, 1, b, k, Stored::Listed, 0, body.len() as u64).unwrap();
        let view = LayerView::parse(layer, length, body)?;
        for index in [0, 1, 77_777, length / 2, length - 1] {
            let _ = view.contains(index);
        }
        view.check()
    };
    // Megabytes of zeros in one unary code, in a block that the directory makes as long as it likes.
    let mut zeros = vec![4, 0, 0, 0];
    for group in 0..8_u64 {
        zeros.extend(if group == 0 { [0; 5] } else { [0, 0, 0x40, 0, 0] });
        zeros.extend(core::iter::repeat_n([0; 4], 32).flatten());
    }
    zeros[9..13].copy_from_slice(&0x40_0000_u32.to_le_bytes());
    zeros.resize(zeros.len() + 0x40_0000, 0);
    assert_eq!(check(24, 23, &zeros), block(0, BlockError::TooLong));
    // A directory for 2^18 blocks of 2^14, all of them the same bytes again and again, or beyond the end.
    for shortest in [1_u8, 255] {
        let mut same = vec![0, shortest, shortest, shortest];
        same.resize(4 + 5 * 8192 + 1000, 0x55);
        assert!(check(14, 3, &same).is_err());
    }
    assert_eq!(check(24, 0, &[]), Err(LayerError::Directory));
    let huge = Layer::new(length, 1 << 63, 24, 0, Stored::Listed, 0, 100);
    assert_eq!(huge, Err(LayerError::Parameters));
    assert_eq!(Layer::new(length, 1, 24, 0, Stored::Listed, u64::MAX, 100), Err(LayerError::TooLarge));
    assert_eq!(Layer::new(length, 1, 24, 0, Stored::Listed, 100, u64::MAX), Err(LayerError::TooLarge));
    assert_eq!(Layer::new(length, 1, 1 << 40, 0, Stored::Listed, 0, 100), Err(LayerError::Parameters));
    assert_eq!(Layer::new(0, 1, 11, 0, Stored::Listed, 0, 100), Err(LayerError::Parameters));
}
