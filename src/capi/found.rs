//! What a report is of: a license, a seal, stamps, or one of them.

use alloc::sync::Arc;

use super::boundary::Answered;
use super::report::zy_report;
use super::verifier::Roots;
use crate::reason::Reason;
use crate::time::Timestamp;
use crate::verify::{Report, SealReport, StampsReport, Step, Steps, Texts, Value, Verdict};

/// What a verification came to.
#[allow(clippy::large_enum_variant, reason = "most are of licenses, and each lies in an allocation of its own")]
pub(super) enum Found<'r> {
    License(Report<'r>),
    Seal(SealReport<'r>),
    Stamps(StampsReport<'r>),
}

/// What a report says, as long as it is looked at.
#[derive(Clone, Copy)]
pub(super) enum View<'r> {
    License(&'r Report<'r>),
    Seal(&'r SealReport<'r>),
    Stamp(&'r SealReport<'r>),
    Stamps(&'r StampsReport<'r>),
}

impl zy_report {
    /// The whole answer.
    pub(super) fn of(answered: Answered<Roots>) -> Self {
        Self { answered: Arc::new(answered), place: None }
    }

    pub(super) fn look<T>(&self, look: impl for<'r> FnOnce(View<'r>) -> T) -> T {
        let place = self.place;
        self.answered.look(|found| {
            look(match found {
                Found::License(report) => View::License(report),
                Found::Seal(report) => View::Seal(report),
                Found::Stamps(report) => {
                    place.and_then(|at| report.stamps().get(at)).map_or(View::Stamps(report), View::Stamp)
                }
            })
        })
    }

    /// The report of one stamp, which keeps what it needs.
    pub(super) fn stamp(&self, index: usize) -> Option<Self> {
        let count = self.look(|view| view.count());
        (index < count).then(|| Self { answered: Arc::clone(&self.answered), place: Some(index) })
    }
}

impl<'r> View<'r> {
    pub(super) const fn license(self) -> Option<&'r Report<'r>> {
        match self {
            Self::License(report) => Some(report),
            Self::Seal(_) | Self::Stamp(_) | Self::Stamps(_) => None,
        }
    }

    pub(super) fn verdict(self) -> Verdict {
        match self {
            Self::License(report) => report.verdict(),
            Self::Seal(report) | Self::Stamp(report) => report.verdict(),
            Self::Stamps(report) => report.verdict(),
        }
    }

    pub(super) fn deciding(self) -> Option<(Step, Reason)> {
        match self {
            Self::License(report) => report.steps().deciding(),
            Self::Seal(report) | Self::Stamp(report) => report.steps().deciding(),
            Self::Stamps(report) => report.deciding(),
        }
    }

    /// A file of stamps has none of its own.
    pub(super) fn steps(self) -> Option<&'r Steps> {
        match self {
            Self::License(report) => Some(report.steps()),
            Self::Seal(report) | Self::Stamp(report) => Some(report.steps()),
            Self::Stamps(_) => None,
        }
    }

    /// Of a file, when the first of its stamps could change.
    pub(super) fn good_until(self) -> Option<Timestamp> {
        match self {
            Self::License(report) => report.good_until(),
            Self::Seal(report) | Self::Stamp(report) => report.good_until(),
            Self::Stamps(report) => report.stamps().iter().filter_map(SealReport::good_until).min(),
        }
    }

    /// Of a file, that of the stamp that decides; without one, that the stamp was not passed.
    pub(super) fn result_code(self) -> u8 {
        match self {
            Self::License(report) => report.result_code(),
            Self::Seal(report) | Self::Stamp(report) => report.result_code(),
            Self::Stamps(report) => {
                let verdict = report.verdict();
                report.stamps().iter().find(|stamp| stamp.verdict() == verdict).map_or(1, SealReport::result_code)
            }
        }
    }

    pub(super) fn count(self) -> usize {
        match self {
            Self::Stamps(report) => report.stamps().len(),
            Self::License(_) | Self::Seal(_) | Self::Stamp(_) => 0,
        }
    }

    pub(super) fn to_value(self, texts: Texts) -> Value<'r> {
        match self {
            Self::License(report) => report.to_value(texts),
            Self::Seal(report) | Self::Stamp(report) => report.to_value(texts),
            Self::Stamps(report) => report.to_value(texts),
        }
    }
}
