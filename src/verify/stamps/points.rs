//! The points of a seal that a stamp asks about: each by itself, none forgotten.

use crate::reason::Reason;
use crate::verify::Outcome;

/// A point of step `seal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// Is the seal at hand that the stamp names?
    Present,
    /// Is it of the shape of a seal, with a picture that may be drawn?
    Encoding,
    /// Was its maker 制章者 known, in force and mandated when it was made?
    Maker,
    /// Did the maker sign it?
    Signature,
    /// Is the stamp made in the name of the seal's owner?
    Owner,
    /// Is the key that stamped among those that the seal lists?
    Key,
    /// Was it stamped while the seal was valid, and not before it was made?
    Validity,
    /// May the seal be used on documents of this kind?
    Kind,
}

impl Point {
    /// Every point, in the order in which they are asked.
    pub const ALL: [Self; 8] = [
        Self::Present,
        Self::Encoding,
        Self::Maker,
        Self::Signature,
        Self::Owner,
        Self::Key,
        Self::Validity,
        Self::Kind,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Encoding => "encoding",
            Self::Maker => "maker",
            Self::Signature => "signature",
            Self::Owner => "owner",
            Self::Key => "key",
            Self::Validity => "validity",
            Self::Kind => "kind",
        }
    }
}

/// The answer to every point: none can be left out, for each is a field. The seal's status is a step of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SealPoints {
    /// [`Point::Present`].
    pub present: Outcome,
    /// [`Point::Encoding`].
    pub encoding: Outcome,
    /// [`Point::Maker`]: its ground is that of a step `issuer`.
    pub maker: Outcome,
    /// [`Point::Signature`]: its ground is that of a step `signature`.
    pub signature: Outcome,
    /// [`Point::Owner`].
    pub owner: Outcome,
    /// [`Point::Key`].
    pub key: Outcome,
    /// [`Point::Validity`].
    pub validity: Outcome,
    /// [`Point::Kind`].
    pub kind: Outcome,
}

const BLOCKED: Outcome = Outcome::Unknown(Reason::StepBlocked);

impl SealPoints {
    /// Nothing was asked yet.
    pub(super) const BLOCKED: Self = Self {
        present: BLOCKED,
        encoding: BLOCKED,
        maker: BLOCKED,
        signature: BLOCKED,
        owner: BLOCKED,
        key: BLOCKED,
        validity: BLOCKED,
        kind: BLOCKED,
    };

    /// The answer to one point.
    #[must_use]
    pub const fn get(&self, point: Point) -> Outcome {
        match point {
            Point::Present => self.present,
            Point::Encoding => self.encoding,
            Point::Maker => self.maker,
            Point::Signature => self.signature,
            Point::Owner => self.owner,
            Point::Key => self.key,
            Point::Validity => self.validity,
            Point::Kind => self.kind,
        }
    }

    /// The answers, in order.
    pub fn outcomes(&self) -> impl Iterator<Item = (Point, Outcome)> + '_ {
        Point::ALL.into_iter().map(|point| (point, self.get(point)))
    }

    /// Step `seal`: a failure before a doubt, a doubt that says more than that it was kept from running before one that does not. What
    /// is wrong with the maker is told as that; why stands beside the point.
    pub(super) fn outcome(&self) -> Outcome {
        let maker = |outcome| match outcome {
            Outcome::Failed(Reason::IssuerSuiteEnded) => Outcome::of(Reason::SealSuiteEnded),
            Outcome::Failed(_) => Outcome::of(Reason::SealMakerRefused),
            Outcome::Unknown(Reason::IssuerSuiteRetired | Reason::IssuerPathRetired) => {
                Outcome::of(Reason::SealSuiteRetired)
            }
            Outcome::Unknown(Reason::IssuerSuiteNotAccepted | Reason::IssuerPathNotAccepted) => {
                Outcome::of(Reason::SealSuiteNotAccepted)
            }
            Outcome::Unknown(reason) if reason != Reason::StepBlocked => Outcome::of(Reason::SealMakerUnproven),
            otherwise => otherwise,
        };
        let told = |(point, outcome)| match (point, outcome) {
            (Point::Maker, outcome) => maker(outcome),
            (Point::Signature, Outcome::Failed(_)) => Outcome::of(Reason::SealSignature),
            (Point::Signature, outcome) => maker(outcome),
            (_, outcome) => outcome,
        };
        let rank = |outcome: &Outcome| match outcome {
            Outcome::Failed(_) => 0,
            Outcome::Unknown(Reason::StepBlocked) => 2,
            Outcome::Unknown(_) => 1,
            Outcome::Passed => 3,
        };
        self.outcomes().map(told).min_by_key(rank).unwrap_or(BLOCKED)
    }
}
