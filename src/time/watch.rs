//! What would end an answer: the bounds of time that were asked about, and the nearest of them.

use super::{Basis, CLOCK_DRIFT_PER_DAY, Certainty, DAY, ISSUER_SKEW, TimeWindow, Timestamp};

/// What happens at a bound of time that an answer depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Bound {
    /// The device's clock, which is behind what it holds, is set.
    ClockSet,
    /// The time comes that the caller asks about.
    AskedTime,
    /// The validity of the license begins or ends.
    Validity,
    /// The credential's issue time or its `nbf` comes.
    IssueTime,
    /// The credential is to be refreshed.
    CredentialExpiry,
    /// The annotated copy expires.
    CopyExpiry,
    /// A newer trust list is due: what the held one refuses, by a rule or as defective, it may not.
    TrustListDue,
    /// The trust list is past its grace.
    TrustListGrace,
    /// The trust list expires.
    TrustListExpiry,
    /// A newer directory is due: the held one is no longer complete.
    DirectoryDue,
    /// The directory is past its grace.
    DirectoryGrace,
    /// The directory expires.
    DirectoryExpiry,
    /// A newer status list is due: what can be lifted may have been.
    StatusListDue,
    /// The status list is past its grace.
    StatusListGrace,
    /// The status is older than a recognition rule admits.
    StatusAge,
    /// A change in the history of a province or an anchor takes effect.
    Standing,
    /// A published defect takes effect.
    Defect,
    /// A recognition rule begins or ends.
    Rule,
    /// A presentation runs out.
    Presentation,
    /// What was signed by an algorithm is no longer relied on.
    Sunset,
}

impl Bound {
    /// The word for it in reports, such as `status-list-grace`. Never changed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ClockSet => "clock-set",
            Self::AskedTime => "asked-time",
            Self::Validity => "validity",
            Self::IssueTime => "issue-time",
            Self::CredentialExpiry => "credential-expiry",
            Self::CopyExpiry => "copy-expiry",
            Self::TrustListDue => "trust-list-due",
            Self::TrustListGrace => "trust-list-grace",
            Self::TrustListExpiry => "trust-list-expiry",
            Self::DirectoryDue => "directory-due",
            Self::DirectoryGrace => "directory-grace",
            Self::DirectoryExpiry => "directory-expiry",
            Self::StatusListDue => "status-list-due",
            Self::StatusListGrace => "status-list-grace",
            Self::StatusAge => "status-age",
            Self::Standing => "standing",
            Self::Defect => "defect",
            Self::Rule => "rule",
            Self::Presentation => "presentation",
            Self::Sunset => "algorithm-sunset",
        }
    }
}

/// A window that remembers the nearest bound ahead of it that it was asked about: until then its answers stay the same.
///
/// "Until then" is meant for whoever goes by a clock that is as uncertain as the window's, and becomes more so by
/// [`CLOCK_DRIFT_PER_DAY`]: at every later reading that may still be before [`Watch::next`] (the reading less its uncertainty lies before
/// it) each question has the answer that it has now. So a bound ahead counts from when the end of a window first touches it, less the
/// width of that window; one that the window already touches counts as it stands, for the answer stays *depends* until it has passed.
#[derive(Clone, Debug)]
pub struct Watch {
    window: TimeWindow,
    next: Option<(i64, Bound)>,
}

impl Watch {
    /// Nothing was asked yet.
    #[must_use]
    pub const fn new(window: TimeWindow) -> Self {
        let next = match window.basis {
            // Once the clock agrees with what is held, every answer may be another.
            Basis::ClockBehind => Some((window.lo.seconds(), Bound::ClockSet)),
            Basis::Clock | Basis::NoClock | Basis::Asked => None,
        };
        Self { window, next }
    }

    /// The window.
    #[must_use]
    pub const fn window(&self) -> TimeWindow {
        self.window
    }

    /// Until when the answers that were given stay the same; `None` is for ever.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.next.and_then(|(next, _)| Timestamp::new(next))
    }

    /// What happens then.
    #[must_use]
    pub fn next_bound(&self) -> Option<Bound> {
        self.next().and(self.next).map(|(_, bound)| bound)
    }

    /// [`TimeWindow::reached`].
    pub fn reached(&mut self, at: i64, bound: Bound) -> Certainty {
        let answer = self.window.reached(at);
        self.note(answer, at, bound);
        answer
    }

    /// Is it `at` or later at every instant of the window? Where it makes no difference whether it *may* be, only that bounds the answer.
    pub fn certainly_reached(&mut self, at: i64, bound: Bound) -> bool {
        let reached = self.window.reached(at) == Certainty::Yes;
        if !reached && self.window.basis != Basis::Asked {
            self.keep(at, bound);
        }
        reached
    }

    /// [`TimeWindow::reached_by_issuer`].
    pub fn reached_by_issuer(&mut self, at: Timestamp, bound: Bound) -> Certainty {
        let answer = self.window.reached_by_issuer(at);
        // A time in the future may be explained by the issuer's clock before it is reached.
        let skew = if answer == Certainty::No { ISSUER_SKEW } else { 0 };
        self.note(answer, at.seconds().saturating_sub(skew), bound);
        answer
    }

    /// What another watch of the same verification was asked about counts too.
    pub fn join(&mut self, other: &Self) {
        if let Some((at, bound)) = other.next {
            self.keep(at, bound);
        }
    }

    fn note(&mut self, answer: Certainty, at: i64, bound: Bound) {
        match (answer, self.window.basis) {
            // A time that the caller asks about stays where it is.
            (_, Basis::Asked) | (Certainty::Yes, _) => {}
            (Certainty::Depends, _) => self.keep(at, bound),
            (Certainty::No, _) => self.keep(self.sure_before(at), bound),
        }
    }

    fn keep(&mut self, at: i64, bound: Bound) {
        if self.next.is_none_or(|next| (at, bound) < next) {
            self.next = Some((at, bound));
        }
    }

    /// The latest instant such that a reading that may be before it has a window that ends before `at`. Where there is none ahead of
    /// this window, its beginning, which is as good as now.
    fn sure_before(&self, at: i64) -> i64 {
        let lo = self.window.lo.seconds();
        let days = at.saturating_sub(lo).saturating_add(DAY).saturating_sub(1).checked_div(DAY).unwrap_or_default();
        let drift = days.saturating_mul(i64::from(CLOCK_DRIFT_PER_DAY));
        let uncertainty = self.window.uncertainty.saturating_add(drift);
        at.saturating_sub(uncertainty.saturating_mul(2)).max(lo)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
    use super::*;
    use crate::time::Clock;
    use proptest::prelude::*;

    fn t(seconds: i64) -> Timestamp {
        Timestamp::new(seconds).unwrap()
    }

    fn clock(now: i64, uncertainty: u32) -> TimeWindow {
        TimeWindow::new(Clock::Reads { now: t(now), uncertainty }, t(0))
    }

    #[test]
    fn what_must_be_certain_bounds_the_answer_when_it_is() {
        let mut watch = Watch::new(clock(1_000_000, 120));
        assert!(!watch.certainly_reached(1_000_500, Bound::Presentation));
        assert_eq!(watch.next(), Some(t(1_000_500)), "ahead of the window");
        assert!(!watch.certainly_reached(999_881, Bound::Presentation));
        assert_eq!(watch.next(), Some(t(999_881)), "within it");
        let mut watch = Watch::new(clock(1_000_000, 120));
        assert!(watch.certainly_reached(999_880, Bound::Presentation));
        assert_eq!(watch.next(), None, "behind it");
        let mut watch = Watch::new(TimeWindow::at(t(7)));
        assert!(!watch.certainly_reached(8, Bound::Presentation));
        assert_eq!(watch.next(), None, "a time that is asked about stays");
    }

    #[test]
    fn a_watch_looks_ahead_to_where_the_issuer_s_clock_may_explain_it() {
        let mut watch = Watch::new(clock(1_000_000, 0));
        assert_eq!(watch.reached_by_issuer(t(1_000_421), Bound::IssueTime), Certainty::No);
        assert_eq!(watch.next(), Some(t(1_000_421 - 300 - 2 * 5)), "from then on it depends, by a clock that drifts");
        let mut watch = Watch::new(clock(1_000_000, 120));
        assert_eq!(watch.reached_by_issuer(t(1_000_420), Bound::IssueTime), Certainty::Depends);
        assert_eq!(watch.next(), Some(t(1_000_420)), "it stays so until it has certainly come");
    }

    #[test]
    fn the_nearest_bound_is_named() {
        let mut watch = Watch::new(clock(1_000_000, 120));
        assert_eq!((watch.next(), watch.next_bound()), (None, None));
        watch.reached(3_000_000, Bound::Validity);
        watch.reached(2_000_000, Bound::StatusListGrace);
        watch.reached(10, Bound::Rule);
        // 1,000,120 seconds are less than twelve days: an uncertainty of 180 seconds by then, twice.
        assert_eq!((watch.next(), watch.next_bound()), (Some(t(2_000_000 - 360)), Some(Bound::StatusListGrace)));
        let mut other = Watch::new(clock(1_000_000, 120));
        other.reached(1_500_000, Bound::Defect);
        watch.join(&other);
        assert_eq!(watch.next_bound(), Some(Bound::Defect));
    }

    #[test]
    fn an_asked_time_never_changes_and_a_clock_behind_may_at_once() {
        let mut watch = Watch::new(TimeWindow::at(t(50)));
        watch.reached(60, Bound::Validity);
        assert_eq!(watch.next(), None);
        let behind = Watch::new(TimeWindow::new(Clock::reads(t(50)), t(1_000_000)));
        assert_eq!((behind.next(), behind.next_bound()), (Some(t(1_000_000)), Some(Bound::ClockSet)));
    }

    proptest! {
        /// What [`Watch`] promises: the same answer at every later reading that may still be before.
        #[test]
        fn an_answer_stays_while_a_reading_may_be_before(
            floor in 0i64..400_000,
            now in 0i64..1_000_000,
            uncertainty in 0u32..100_000,
            bound in 0i64..2_000_000,
            later in 0i64..2_000_000,
            drifts in any::<bool>(),
            by_issuer in any::<bool>(),
        ) {
            let ask = |now: i64, uncertainty: u32| {
                let clock = Clock::Reads { now: t(now), uncertainty };
                let mut watch = Watch::new(TimeWindow::new(clock, t(floor)));
                let answer = match by_issuer {
                    true => watch.reached_by_issuer(t(bound), Bound::Validity),
                    false => watch.reached(bound, Bound::Validity),
                };
                (answer, watch)
            };
            let (answer, watch) = ask(now, uncertainty);
            let drift = if drifts { u32::try_from((later * 5) / DAY).unwrap() } else { 0 };
            // The widest step, and the last reading that may be before.
            let last = watch.next().map_or(later, |next| next.seconds() + i64::from(uncertainty) - 1 - now);
            for later in [later, last].into_iter().filter(|later| *later >= 0) {
                let (then, at) = ask(now + later, uncertainty.saturating_add(if later == last { 0 } else { drift }));
                if watch.next().is_none_or(|next| at.window().lo() < next) {
                    prop_assert_eq!(then, answer, "{} s later", later);
                }
            }
        }
    }
}
