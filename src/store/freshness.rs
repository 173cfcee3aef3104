//! How old what is held is, by its own dates (procedure.md §4).

use super::ObjectKind;
use crate::reason::Reason;
use crate::time::{Basis, Bound, Certainty, TimeWindow, Timestamp, Watch};

/// The dates of an object that is to be replaced by newer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// What it is.
    pub kind: ObjectKind,
    /// When it was issued.
    pub issued: Timestamp,
    /// When a newer one is due.
    pub next_update: Timestamp,
    /// When it is good for nothing any more, if it says so.
    pub expires: Option<Timestamp>,
}

/// How old an object is, by its own dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// Before its `next_update`.
    Fresh,
    /// After it, and within the grace that is used.
    Grace,
    /// After its grace.
    Stale,
    /// After it expired.
    Expired,
    /// The window of time does not tell.
    Depends,
    /// Issued after the time by whose knowledge the caller asks: nobody knew of it then.
    Later,
}

impl Dates {
    /// Was the object issued after the time by whose knowledge the caller asks? Of a device's clock that is not asked: whoever holds an
    /// object knows that it was issued.
    #[must_use]
    pub fn is_later(&self, window: TimeWindow) -> bool {
        window.basis() == Basis::Asked && self.issued > window.hi()
    }

    /// How old the object is.
    pub fn freshness(&self, grace: u64, watch: &mut Watch) -> Freshness {
        if self.is_later(watch.window()) {
            return Freshness::Later;
        }
        let mut bounded = Freshness::Fresh;
        let stale_from = self.next_update.seconds().saturating_add(i64::try_from(grace).unwrap_or(i64::MAX));
        if let Some(expires) = self.expires {
            match watch.reached(expires.seconds(), self.expiry_bound()) {
                Certainty::Yes => return Freshness::Expired,
                Certainty::Depends => bounded = Freshness::Depends,
                Certainty::No => {}
            }
        }
        match watch.reached(stale_from, self.grace_bound()) {
            // Expired or only stale: overdue either way.
            Certainty::Yes => return Freshness::Stale,
            Certainty::Depends => bounded = Freshness::Depends,
            Certainty::No => {}
        }
        if bounded == Freshness::Depends {
            return bounded;
        }
        // Not a bound of the watch: within grace the answer stays what it is.
        match watch.window().reached(self.next_update.seconds()) {
            Certainty::No => Freshness::Fresh,
            // Within grace either way, and the caller warns.
            Certainty::Yes | Certainty::Depends => Freshness::Grace,
        }
    }

    const fn grace_bound(&self) -> Bound {
        match self.kind {
            ObjectKind::TrustList => Bound::TrustListGrace,
            ObjectKind::Directory => Bound::DirectoryGrace,
            ObjectKind::StatusList => Bound::StatusListGrace,
        }
    }

    const fn expiry_bound(&self) -> Bound {
        match self.kind {
            ObjectKind::TrustList => Bound::TrustListExpiry,
            ObjectKind::Directory | ObjectKind::StatusList => Bound::DirectoryExpiry,
        }
    }
}

/// The ground for a question about time that the window does not answer: what is wrong with the clock, else `otherwise`.
#[must_use]
pub const fn unsure_of_time(basis: Basis, otherwise: Reason) -> Reason {
    match basis {
        Basis::ClockBehind => Reason::TimeClockBehind,
        Basis::NoClock => Reason::TimeNoClock,
        Basis::Clock | Basis::Asked => otherwise,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::time::{Clock, TimeWindow};

    fn freshness(now: i64, grace: u64, expires: Option<i64>) -> Freshness {
        let t = |s| Timestamp::new(s).unwrap();
        let dates =
            Dates { kind: ObjectKind::Directory, issued: t(1_000), next_update: t(100_000), expires: expires.map(t) };
        dates.freshness(grace, &mut Watch::new(TimeWindow::new(Clock::reads(t(now)), t(0))))
    }

    #[test]
    fn an_object_ages_in_steps() {
        assert_eq!(freshness(99_000, 0, None), Freshness::Fresh);
        assert_eq!(freshness(99_900, 0, None), Freshness::Depends);
        assert_eq!(freshness(99_900, 5_000, None), Freshness::Grace);
        assert_eq!(freshness(104_000, 5_000, None), Freshness::Grace);
        assert_eq!(freshness(104_900, 5_000, None), Freshness::Depends);
        assert_eq!(freshness(105_120, 5_000, None), Freshness::Stale);
        assert_eq!(freshness(105_120, 5_000, Some(105_000)), Freshness::Expired);
        assert_eq!(freshness(104_000, 5_000, Some(104_000)), Freshness::Depends);
        assert_eq!(freshness(101_000, u64::MAX, Some(104_000)), Freshness::Grace);
    }

    #[test]
    fn nobody_knew_an_object_before_it_was_issued() {
        let t = |s| Timestamp::new(s).unwrap();
        let dates = Dates { kind: ObjectKind::Directory, issued: t(1_000), next_update: t(2_000), expires: None };
        let at = |s| dates.freshness(0, &mut Watch::new(TimeWindow::at(t(s))));
        assert_eq!(
            [at(999), at(1_000), at(1_999), at(2_000)],
            [Freshness::Later, Freshness::Fresh, Freshness::Fresh, Freshness::Stale,]
        );
        // Of a clock that runs behind within its tolerance that is no question.
        assert_eq!(
            dates.freshness(0, &mut Watch::new(TimeWindow::new(Clock::reads(t(500)), t(700)))),
            Freshness::Fresh
        );
    }

    #[test]
    fn the_watch_remembers_the_nearest_change() {
        let t = |s| Timestamp::new(s).unwrap();
        let dates = Dates { kind: ObjectKind::Directory, issued: t(0), next_update: t(5_000), expires: Some(t(9_000)) };
        let mut watch = Watch::new(TimeWindow::new(Clock::reads(t(1_000)), t(0)));
        dates.freshness(1_000, &mut watch);
        assert_eq!(
            watch.next(),
            Some(t(6_000 - 250)),
            "the end of grace, not its beginning; two minutes and a day's drift, twice"
        );
        let mut later = Watch::new(TimeWindow::new(Clock::reads(t(5_500)), t(0)));
        dates.freshness(1_000, &mut later);
        assert_eq!(later.next(), Some(t(6_000 - 250)));
        assert_eq!(later.next_bound(), Some(Bound::DirectoryGrace));
    }
}
