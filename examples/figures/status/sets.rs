//! Sets of positions to be measured, the same ones each time, and how many bits tell one of them from its like.

use std::f64::consts::{LN_2, PI};

/// Shares of positions that are listed: as they are called, and in parts of ten thousand.
pub(crate) const RATES: [(&str, u32); 8] =
    [("0.01%", 1), ("0.1%", 10), ("1%", 100), ("2%", 200), ("5%", 500), ("10%", 1_000), ("25%", 2_500), ("50%", 5_000)];

/// Licenses that were issued together, and are withdrawn together, stand in so many consecutive positions.
const BATCH: u32 = 200;

/// Numbers that look random and are the same every time (SplitMix64).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Less than `bound`.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }
}

pub(crate) const fn mix(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Positions that are listed.
pub(crate) struct Set {
    pub(crate) length: u32,
    /// Ascending.
    pub(crate) positions: Vec<u32>,
    /// log₂ of the number of sets that the workload could have drawn as well.
    pub(crate) entropy: f64,
}

impl Set {
    /// Exactly so many positions, every choice of them as likely as any other.
    pub(crate) fn scattered(length: u32, per_myriad: u32, seed: u64) -> Self {
        let count = (u64::from(length) * u64::from(per_myriad) / 10_000) as u32;
        let positions = choose(length, count, &mut Numbers::new(seed));
        Self { length, positions, entropy: choices(length, count) }
    }

    /// So many batches of 200 of which `of_each` in ten positions are listed, and so many positions outside of them.
    fn batches(length: u32, batches: u32, of_each: u32, scattered: u32, seed: u64) -> Self {
        let numbers = &mut Numbers::new(seed);
        let chosen = choose(length / BATCH, batches, numbers);
        let inside = batches * BATCH;
        let listed_inside = inside / 10 * of_each;
        let place = |at: u32| chosen[(at / BATCH) as usize] * BATCH + at % BATCH;
        let mut positions: Vec<u32> = choose(inside, listed_inside, numbers).into_iter().map(place).collect();
        // Those outside are drawn from what is left when the batches are cut out.
        let mut before = 0;
        for at in choose(length - inside, scattered, numbers) {
            while before < batches && chosen[before as usize] * BATCH <= at + before * BATCH {
                before += 1;
            }
            positions.push(at + before * BATCH);
        }
        positions.sort_unstable();
        let entropy =
            choices(length / BATCH, batches) + choices(inside, listed_inside) + choices(length - inside, scattered);
        Self { length, positions, entropy }
    }

    /// The burst workloads: a hundredth is listed.
    pub(crate) fn bursts(length: u32) -> [(&'static str, Self); 3] {
        let count = length / 100;
        let half = count / 2 / BATCH;
        let most = count / 20 * 19 / BATCH;
        let part = count / 9 * 10 / BATCH;
        [
            ("half-in-batches", Self::batches(length, half, 10, count - half * BATCH, 11)),
            ("95-in-100-in-batches", Self::batches(length, most, 10, count - most * BATCH, 12)),
            ("nine-tenths-of-batches", Self::batches(length, part, 9, 0, 13)),
        ]
    }

    /// One bit for each position, as in a Token Status List of one bit.
    pub(crate) fn bitmap(&self) -> Vec<u8> {
        let mut bits = vec![0_u8; self.length.div_ceil(8) as usize];
        self.positions.iter().for_each(|at| bits[(at / 8) as usize] |= 1 << (at % 8));
        bits
    }
}

/// `count` of `bound`, ascending; every choice is as likely as any other (Knuth, volume 2, algorithm 3.4.2 S).
fn choose(bound: u32, count: u32, numbers: &mut Numbers) -> Vec<u32> {
    let mut chosen = Vec::with_capacity(count as usize);
    for at in 0..bound {
        if numbers.below(bound - at) < count - chosen.len() as u32 {
            chosen.push(at);
        }
    }
    chosen
}

/// log₂ of the number of ways to choose `count` of `bound`.
pub(crate) fn choices(bound: u32, count: u32) -> f64 {
    (ln_factorial(bound) - ln_factorial(count) - ln_factorial(bound - count)) / LN_2
}

/// ln n!, by Stirling's series; its error at 16 is less than 10⁻¹².
fn ln_factorial(n: u32) -> f64 {
    let x = f64::from(n);
    if n < 16 {
        return (2..=n).map(|factor| f64::from(factor).ln()).sum();
    }
    x * x.ln() - x
        + (2.0 * PI * x).ln() / 2.0
        + (1.0 - (1.0 / 30.0 - (1.0 / 105.0 - 1.0 / 140.0 / (x * x)) / (x * x)) / (x * x)) / (12.0 * x)
}
