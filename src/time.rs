//! Time as arithmetic: instants, days, periods, and the window within which "now" lies.
//!
//! Nothing here reads a clock. A device's clock is a claim like any other: it becomes a [`TimeWindow`] together with a floor that
//! signed objects give, and every question about time is answered *certainly yes*, *certainly no* or *depends*.

mod watch;

pub use watch::{Bound, Watch};

use core::fmt;

/// Seconds since 1970-01-01T00:00:00Z, from 0 to 253402300799 (9999-12-31T23:59:59Z), leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// 9999-12-31T23:59:59Z, the last second that the format can name.
    pub const MAX: Self = Self(253_402_300_799);

    /// The instant `seconds` after 1970-01-01T00:00:00Z, if the format can name it.
    #[must_use]
    pub const fn new(seconds: i64) -> Option<Self> {
        if seconds >= Self::MIN.0 && seconds <= Self::MAX.0 { Some(Self(seconds)) } else { None }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`, held within [`Timestamp::MIN`] and [`Timestamp::MAX`].
    #[must_use]
    pub const fn saturating_add(self, seconds: i64) -> Self {
        let moved = self.0.saturating_add(seconds);
        if moved < Self::MIN.0 {
            Self::MIN
        } else if moved > Self::MAX.0 {
            Self::MAX
        } else {
            Self(moved)
        }
    }

    /// Whole seconds from `earlier` to this instant, negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A day of the civil calendar of Asia/Shanghai (UTC+08:00), counted from 1970-01-01 (RFC 8943), from year 1 to year 9999.
///
/// Legal texts name days, not seconds: a license valid "until 2025-12-31" is valid to the end of that day in Beijing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Seconds in a civil day.
const DAY: i64 = 86_400;
/// UTC+08:00, without summer time since 1991; days before that are counted the same way, for a credential judges none of them.
const BEIJING: i64 = 8 * 3_600;

impl Day {
    /// 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The day `days` after 1970-01-01, if it lies in the years 1 to 9999.
    #[must_use]
    pub fn new(days: i64) -> Option<Self> {
        let day = Self(i32::try_from(days).ok()?);
        (day >= Self::MIN && day <= Self::MAX).then_some(day)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The second at which this day begins in Beijing, in seconds since 1970-01-01T00:00:00Z; negative for days before 1970.
    #[must_use]
    pub fn start(self) -> i64 {
        i64::from(self.0).saturating_mul(DAY).saturating_sub(BEIJING)
    }

    /// The second after this day's last in Beijing.
    #[must_use]
    pub fn end(self) -> i64 {
        self.start().saturating_add(DAY)
    }

    /// The day in Beijing that holds the instant.
    #[must_use]
    pub fn of(instant: Timestamp) -> Self {
        let days = instant.seconds().saturating_add(BEIJING).div_euclid(DAY);
        Self::new(days).unwrap_or(Self::MAX)
    }
}

/// An interval of seconds, half-open: `from` belongs to it, `until` does not. Without `until` it has no end (长期).
///
/// Bounds are plain seconds since 1970-01-01T00:00:00Z and may lie before 1970: a deed of 1965 has its period too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    from: i64,
    until: Option<i64>,
}

impl Period {
    /// The seconds from `from` up to, not including, `until`; `None` if `until` lies before `from`.
    #[must_use]
    pub fn new(from: i64, until: Option<i64>) -> Option<Self> {
        until.is_none_or(|until| from <= until).then_some(Self { from, until })
    }

    /// From the beginning of the first day to the end of the last day, both in Beijing; `None` if they stand in the wrong order.
    #[must_use]
    pub fn of_days(first: Day, last: Option<Day>) -> Option<Self> {
        Self::new(first.start(), last.map(Day::end)).filter(|_| last.is_none_or(|last| first <= last))
    }

    /// The first second, since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from(self) -> i64 {
        self.from
    }

    /// The second after the last one, if there is a last one.
    #[must_use]
    pub const fn until(self) -> Option<i64> {
        self.until
    }

    /// Does the instant lie in the period?
    #[must_use]
    pub fn contains(self, instant: Timestamp) -> bool {
        self.from <= instant.seconds() && self.until.is_none_or(|until| instant.seconds() < until)
    }
}

/// How sure an answer about time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// At every instant of the window.
    Yes,
    /// At no instant of the window.
    No,
    /// At some instants of the window and not at others: whoever knows the time better knows the answer.
    Depends,
}

/// What a [`TimeWindow`] rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The device's clock, which agrees with the floor.
    Clock,
    /// The floor alone: the device has no clock.
    NoClock,
    /// The floor alone: the device's clock runs behind signed objects that it already holds.
    ClockBehind,
    /// An instant that the caller asks about, such as the signing of a contract.
    Asked,
}

/// What the device knows of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clock {
    /// No clock, or none that the caller believes.
    Absent,
    /// A reading, true to within `uncertainty` seconds.
    Reads {
        /// What the clock says.
        now: Timestamp,
        /// How far it may be off, in seconds: [`CLOCK_UNCERTAINTY`] plus [`CLOCK_DRIFT_PER_DAY`] for each day since its last sync.
        uncertainty: u32,
    },
}

/// How far a synchronised clock is believed to be off, in seconds.
pub const CLOCK_UNCERTAINTY: u32 = 120;
/// What a clock without sync may lose or gain, in seconds a day.
pub const CLOCK_DRIFT_PER_DAY: u32 = 5;
/// A clock this many seconds before the floor still counts as agreeing with it.
const FLOOR_TOLERANCE: i64 = 300;
/// Issuers' clocks run fast too: a time this many seconds after the window's end *depends*, a later one is certainly in the future.
pub const ISSUER_SKEW: i64 = 300;

impl Clock {
    /// A reading with the ordinary uncertainty of two minutes.
    #[must_use]
    pub const fn reads(now: Timestamp) -> Self {
        Self::Reads { now, uncertainty: CLOCK_UNCERTAINTY }
    }

    /// A reading of a clock that was off by at most `uncertainty` seconds when it was last set, at `synced` by its own reading, and loses
    /// or gains at most `drift_per_day` seconds a day since. A clock that reads earlier than that was set back: by as much it may be off.
    #[must_use]
    pub fn drifting(now: Timestamp, uncertainty: u32, synced: Timestamp, drift_per_day: u32) -> Self {
        let elapsed = now.since(synced);
        let days = elapsed.saturating_abs().saturating_add(DAY).saturating_sub(1).checked_div(DAY).unwrap_or_default();
        let drift = days.saturating_mul(i64::from(drift_per_day));
        let set_back = elapsed.min(0).saturating_neg();
        let all = i64::from(uncertainty).saturating_add(drift).saturating_add(set_back);
        Self::Reads { now, uncertainty: u32::try_from(all).unwrap_or(u32::MAX) }
    }
}

/// The interval [lo, hi] in which "now" lies, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeWindow {
    lo: Timestamp,
    hi: Timestamp,
    basis: Basis,
    /// How far the clock may be off, in seconds; 0 where the window is not a clock's.
    uncertainty: i64,
}

impl TimeWindow {
    /// The window that a clock and a floor give. The floor is the latest instant that verified objects prove to be past.
    #[must_use]
    pub fn new(clock: Clock, floor: Timestamp) -> Self {
        match clock {
            Clock::Absent => Self { lo: floor, hi: Timestamp::MAX, basis: Basis::NoClock, uncertainty: 0 },
            Clock::Reads { now, uncertainty: u } => {
                if now < floor.saturating_add(-FLOOR_TOLERANCE) {
                    return Self { lo: floor, hi: Timestamp::MAX, basis: Basis::ClockBehind, uncertainty: 0 };
                }
                let u = i64::from(u);
                let lo = floor.max(now.saturating_add(u.saturating_neg()));
                let hi = floor.max(now).saturating_add(u);
                Self { lo, hi, basis: Basis::Clock, uncertainty: u }
            }
        }
    }

    /// The window of one instant that the caller asks about.
    #[must_use]
    pub const fn at(instant: Timestamp) -> Self {
        Self { lo: instant, hi: instant, basis: Basis::Asked, uncertainty: 0 }
    }

    /// The window of whoever does not ask about the time: nothing is certainly past, and nothing certainly to come.
    #[must_use]
    pub const fn unasked() -> Self {
        Self { lo: Timestamp::MIN, hi: Timestamp::MAX, basis: Basis::Asked, uncertainty: 0 }
    }

    /// The earliest instant that "now" may be.
    #[must_use]
    pub const fn lo(self) -> Timestamp {
        self.lo
    }

    /// The latest instant that "now" may be.
    #[must_use]
    pub const fn hi(self) -> Timestamp {
        self.hi
    }

    /// What the window rests on.
    #[must_use]
    pub const fn basis(self) -> Basis {
        self.basis
    }

    /// Is it `bound` (seconds since 1970-01-01T00:00:00Z) or later?
    #[must_use]
    pub fn reached(self, bound: i64) -> Certainty {
        if self.lo.seconds() >= bound {
            Certainty::Yes
        } else if self.hi.seconds() < bound {
            Certainty::No
        } else {
            Certainty::Depends
        }
    }

    /// Like [`TimeWindow::reached`], for a time that another's clock wrote down: one up to [`ISSUER_SKEW`] ahead depends.
    #[must_use]
    pub fn reached_by_issuer(self, bound: Timestamp) -> Certainty {
        match self.reached(bound.seconds()) {
            Certainty::No if bound.seconds() <= self.hi.seconds().saturating_add(ISSUER_SKEW) => Certainty::Depends,
            answer => answer,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn t(seconds: i64) -> Timestamp {
        Timestamp::new(seconds).unwrap()
    }

    #[test]
    fn the_format_names_no_time_outside_its_range() {
        assert_eq!(Timestamp::new(-1), None);
        assert_eq!(Timestamp::new(253_402_300_800), None);
        assert_eq!(Timestamp::MAX.saturating_add(i64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::MIN.saturating_add(i64::MIN), Timestamp::MIN);
    }

    #[test]
    fn days_begin_in_beijing() {
        let epoch = Day::new(0).unwrap();
        assert_eq!(epoch.start(), -28_800);
        assert_eq!(Day::of(t(57_599)), epoch);
        assert_eq!(Day::of(t(57_600)), Day::new(1).unwrap());
        assert_eq!(Day::of(Timestamp::MAX), Day::MAX);
        assert_eq!(Day::new(i64::from(Day::MAX.days()) + 1), None);
    }

    #[test]
    fn the_last_day_belongs_to_the_period() {
        let period = Period::of_days(Day::new(10).unwrap(), Some(Day::new(10).unwrap())).unwrap();
        assert!(period.contains(t(10 * 86_400 - 28_800)));
        assert!(period.contains(t(11 * 86_400 - 28_801)));
        assert!(!period.contains(t(11 * 86_400 - 28_800)));
        assert_eq!(Period::of_days(Day::new(11).unwrap(), Some(Day::new(10).unwrap())), None);
    }

    #[test]
    fn a_window_answers_with_three_values() {
        let window = TimeWindow::new(Clock::reads(t(1_000_000)), t(0));
        assert_eq!((window.lo(), window.hi()), (t(999_880), t(1_000_120)));
        assert_eq!(window.reached(999_880), Certainty::Yes);
        assert_eq!(window.reached(999_881), Certainty::Depends);
        assert_eq!(window.reached(1_000_120), Certainty::Depends);
        assert_eq!(window.reached(1_000_121), Certainty::No);
        assert_eq!(window.reached_by_issuer(t(1_000_420)), Certainty::Depends);
        assert_eq!(window.reached_by_issuer(t(1_000_421)), Certainty::No);
    }

    #[test]
    fn a_clock_is_the_less_certain_the_longer_it_was_not_set() {
        let off = |now, synced| match Clock::drifting(t(now), 120, t(synced), 5) {
            Clock::Reads { uncertainty, .. } => uncertainty,
            Clock::Absent => panic!("it reads something"),
        };
        assert_eq!(off(1_000_000, 1_000_000), 120);
        assert_eq!(off(1_000_001, 1_000_000), 125, "a day that has begun counts");
        assert_eq!(off(1_000_000 + 100 * 86_400, 1_000_000), 620);
        assert_eq!(off(1_000_000, 1_000_000 + 3_600), 120 + 5 + 3_600, "it was set back an hour");
        assert_eq!(
            Clock::drifting(Timestamp::MAX, u32::MAX, Timestamp::MIN, u32::MAX),
            Clock::Reads { now: Timestamp::MAX, uncertainty: u32::MAX }
        );
    }

    #[test]
    fn a_clock_behind_the_floor_is_not_believed() {
        let floor = t(1_000_000);
        assert_eq!(TimeWindow::new(Clock::reads(t(999_699)), floor).basis(), Basis::ClockBehind);
        assert_eq!(TimeWindow::new(Clock::reads(t(999_699)), floor).hi(), Timestamp::MAX);
        let tolerated = TimeWindow::new(Clock::reads(t(999_700)), floor);
        assert_eq!((tolerated.lo(), tolerated.hi()), (floor, t(1_000_120)));
        assert_eq!(TimeWindow::new(Clock::Absent, floor).lo(), floor);
    }
}
