//! Clocks that are set back and forward by years while a verifier works.

use proptest::prelude::*;
use zhengyin::claims::id::Region;
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::store::{Accepted, Store};
use zhengyin::time::{Basis, Clock, Timestamp};
use zhengyin::verify::{Outcome, Report, Verdict, Verifier};

use crate::world::{DAY, spoil};
use crate::{AUTHORITY, HERE, WEEK, WEEKS, Weeks, times, weeks, world};

fn verify<'a>(store: &'a Store, license: &'a [u8], clock: Clock) -> Report<'a> {
    Verifier::new(store, Policy::counter(Region::parse(HERE).ok())).verify(license, clock)
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(u64::try_from(of.len()).unwrap())).unwrap()]
    }
}

/// What a store holds: the numbers of trust list, directory and status list.
fn numbers(store: &Store) -> [u64; 3] {
    let province = world::prefix("99");
    [
        store.trust().map_or(0, |held| held.list().seq),
        store.directory(province).map_or(0, |held| held.directory().seq),
        store.status(province, world::code(AUTHORITY), world::LIST).map_or(0, |held| held.header().seq),
    ]
}

/// A device whose clock jumps by years between one thing and the next, offered old and new objects in any order.
#[test]
fn a_clock_that_jumps_by_years_never_takes_a_verifier_back() {
    let Weeks { first, licenses, objects } = weeks();
    let base = first.base.seconds();
    let tampered = spoil::flip(&licenses[2].bytes, licenses[2].bytes.len() - 200, 0);
    let mut store = Store::new(first.pin());
    let mut dice = Dice(1);
    let (mut taken, mut valid, mut behind, mut refused) = (0, 0, 0, 0);
    let steps = times("STEPS", 1_500);
    // True time goes on; the clock shows it, or something else.
    let mut truth = base;
    for step in 0..steps {
        truth += i64::try_from(dice.below(u64::try_from(WEEK / 64).unwrap())).unwrap();
        if truth > base + 8 * WEEK {
            // A new device.
            (store, truth) = (Store::new(first.pin()), base);
        }
        let year = 365 * DAY;
        let jump = dice.pick(&[0, 0, 0, -year, year, -30 * year, 70 * year, -WEEK, WEEK, -truth]);
        let reading = Timestamp::new((truth + jump).max(0)).unwrap();
        let clock = dice.pick(&[Clock::reads(reading), Clock::reads(reading), Clock::Absent]);
        let (before, floor) = (numbers(&store), store.floor());
        // What there is by then, and sometimes what there is not yet.
        let published = usize::try_from((truth - base) / WEEK + 1).unwrap().min(WEEKS);
        let week = usize::try_from(dice.below(u64::try_from(published + 1).unwrap())).unwrap().min(WEEKS - 1);
        let object = &objects[week][usize::try_from(dice.below(3)).unwrap()];
        let window = store.window(clock);
        match store.apply(object, window) {
            Ok(Accepted::New { .. }) => taken += 1,
            Ok(Accepted::Known { .. }) => {}
            Err(_) => refused += 1,
        }
        let after = numbers(&store);
        for (kind, (before, after)) in before.iter().zip(after).enumerate() {
            assert!(after >= *before, "step {step}: kind {kind} went back from {before} to {after}");
        }
        assert!(store.floor() >= floor, "step {step}: the floor went back");
        assert!(store.evidence().is_empty(), "step {step}: nobody did wrong");
        if dice.below(16) == 0 {
            let restarted = Store::from_bytes(&store.to_bytes()).unwrap();
            assert_eq!(restarted.to_bytes(), store.to_bytes());
            store = restarted;
        }
        let window = store.window(clock);
        for (license, what) in licenses.iter().map(|license| &license.bytes).zip(0..).chain([(&tampered, 3)]) {
            let report = verify(&store, license, clock);
            let is_valid = report.verdict() == Verdict::Valid;
            valid += usize::from(is_valid);
            behind += usize::from(window.basis() == Basis::ClockBehind);
            // Nothing about age is certain without a clock that agrees with what is held.
            assert!(!is_valid || window.basis() == Basis::Clock, "step {step}: valid by {:?}", window.basis());
            assert!(!is_valid || what != 3, "step {step}: a tampered license is valid");
            assert!(!is_valid || what != 0 || after[2] < 3, "step {step}: what was revoked is valid again");
            assert!(!is_valid || what != 1 || after[2] != 2, "step {step}: what is suspended is valid");
            if what == 0 && after[2] >= 3 && report.steps().signature == Outcome::Passed {
                assert_eq!(report.steps().status, Outcome::Failed(Reason::StatusRevoked), "step {step}");
            }
        }
    }
    println!(
        "{steps} steps: {taken} objects taken, {refused} refused, {valid} valid, {behind} by a clock behind the floor"
    );
    assert!(taken > 20 && refused > 100 && valid > 50 && behind > 100, "the test tests something");
}

/// Is it a ground about time, which another clock would see otherwise?
fn is_about_time(reason: Reason) -> bool {
    let symbol = reason.symbol();
    symbol.starts_with("period.")
        || symbol.starts_with("time.")
        || symbol.ends_with("_stale")
        || symbol.ends_with("time_depends")
        || matches!(reason, Reason::IssuerTrustExpired | Reason::StepBlocked)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Shifting the clock turns a verdict to valid only where every ground against it was one about time.
    #[test]
    fn a_shifted_clock_makes_valid_only_what_time_stood_against(
        held in prop::array::uniform3(0usize..=WEEKS),
        truth in 0i64..8 * WEEK,
        shift in prop_oneof![-2 * WEEK..2 * WEEK, -40 * 365 * DAY..80 * 365 * DAY],
        uncertainty in prop_oneof![Just(120u32), 0u32..400_000],
    ) {
        let Weeks { first, licenses, objects } = weeks();
        let base = first.base.seconds();
        let mut store = Store::new(first.pin());
        let late = zhengyin::time::TimeWindow::unasked();
        // Any object of each kind, or none.
        for (kind, week) in held.iter().enumerate().filter(|(_, week)| **week < WEEKS) {
            let _ = store.apply(&objects[*week][kind], late);
        }
        let at = |seconds: i64| Clock::Reads { now: Timestamp::new(seconds.max(0)).unwrap(), uncertainty };
        let tampered = spoil::flip(&licenses[2].bytes, licenses[2].bytes.len() - 200, 0);
        for license in licenses.iter().map(|license| &license.bytes).chain([&tampered]) {
            let right = verify(&store, license, at(base + truth));
            let shifted = verify(&store, license, at(base + truth + shift));
            if shifted.verdict() == Verdict::Valid && right.verdict() != Verdict::Valid {
                for (step, outcome) in right.steps().outcomes() {
                    let stands = outcome.reason().is_none_or(is_about_time);
                    prop_assert!(stands, "{step:?} {outcome:?} does not stand against it by a shifted clock");
                }
            }
            // And what only time stands against is never called forged.
            if right.verdict() == Verdict::Valid {
                prop_assert_ne!(shifted.axes().authenticity, "forged");
            }
        }
    }

    /// Withholding any one object of a store, or holding an older one in its place, never makes a verdict valid that was not, but where
    /// the object that is gone is newer than the one in its place and that one is still fresh enough; and never makes one invalid.
    #[test]
    fn an_older_object_or_none_in_its_place_proves_nothing(
        held in prop::array::uniform3(0usize..WEEKS),
        kind in 0usize..3,
        instead in prop::option::of(0usize..WEEKS),
        now in 0i64..8 * WEEK,
    ) {
        let Weeks { first, licenses, objects } = weeks();
        let late = zhengyin::time::TimeWindow::unasked();
        let filled = |weeks: [Option<usize>; 3]| {
            let mut store = Store::new(first.pin());
            for (kind, week) in weeks.iter().enumerate() {
                if let Some(week) = week {
                    let _ = store.apply(&objects[*week][kind], late);
                }
            }
            store
        };
        let whole = filled(held.map(Some));
        let mut other = held.map(Some);
        let instead = instead.filter(|week| *week < held[kind]);
        other[kind] = instead;
        let part = filled(other);
        let clock = Clock::reads(Timestamp::new(first.base.seconds() + now).unwrap());
        let tampered = spoil::flip(&licenses[2].bytes, licenses[2].bytes.len() - 200, 0);
        for license in licenses.iter().map(|license| &license.bytes).chain([&tampered]) {
            let (with, without) = (verify(&whole, license, clock), verify(&part, license, clock));
            // What an older object may say until a newer one is due, and through its grace: that is what freshness means.
            let superseded = instead.is_some();
            if without.verdict() == Verdict::Valid {
                prop_assert!(with.verdict() == Verdict::Valid || superseded || kind != 2 && is_time(&with), "{:?}", with.steps());
            }
            if without.verdict() == Verdict::Invalid && with.verdict() == Verdict::Valid {
                prop_assert!(superseded, "{:?}", without.steps());
            }
        }
    }
}

/// Do only grounds about time stand against it? Without a newer object the floor is lower, and a clock behind it is believed.
fn is_time(report: &Report<'_>) -> bool {
    report.steps().outcomes().filter_map(|(_, outcome)| outcome.reason()).all(is_about_time)
}
