//! The legal states of a license, and what a list says of a position.

use crate::reason::Reason;

/// The legal state of a license. The numbers are those of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum State {
    /// 0: in force, the state of every position that no layer lists.
    InForce = 0,
    /// 1: revoked 吊销.
    Revoked = 1,
    /// 2: suspended 暂扣. Reversible.
    Suspended = 2,
    /// 3: superseded by another license 变更换发.
    Superseded = 3,
    /// 4: cancelled 注销.
    Cancelled = 4,
    /// 5: withdrawn 撤销.
    Withdrawn = 5,
    /// 6: reported lost 挂失. Reversible.
    ReportedLost = 6,
    /// 7: void, a position that was allotted and never issued.
    Void = 7,
}

impl State {
    /// The states that a list can list, by number: all but [`State::InForce`].
    pub const LISTED: [Self; 7] = [
        Self::Revoked,
        Self::Suspended,
        Self::Superseded,
        Self::Cancelled,
        Self::Withdrawn,
        Self::ReportedLost,
        Self::Void,
    ];

    /// The number of the format, 0 to 7.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::InForce => 0,
            Self::Revoked => 1,
            Self::Suspended => 2,
            Self::Superseded => 3,
            Self::Cancelled => 4,
            Self::Withdrawn => 5,
            Self::ReportedLost => 6,
            Self::Void => 7,
        }
    }

    /// The state with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::InForce),
            1 => Some(Self::Revoked),
            2 => Some(Self::Suspended),
            3 => Some(Self::Superseded),
            4 => Some(Self::Cancelled),
            5 => Some(Self::Withdrawn),
            6 => Some(Self::ReportedLost),
            7 => Some(Self::Void),
            _ => None,
        }
    }

    /// Whether a later list may take the state back. Nothing brings back a license in any other state but [`State::InForce`].
    #[must_use]
    pub const fn is_reversible(self) -> bool {
        match self {
            Self::InForce | Self::Suspended | Self::ReportedLost => true,
            Self::Revoked | Self::Superseded | Self::Cancelled | Self::Withdrawn | Self::Void => false,
        }
    }

    /// The ground for a report, on a list before its next update; `None` for a license in force. A reversible state in an older list may
    /// have been taken back meanwhile: that is `status.suspended_stale`, for the caller who knows the time to say.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::InForce => None,
            Self::Revoked => Some(Reason::StatusRevoked),
            Self::Suspended => Some(Reason::StatusSuspended),
            Self::Superseded => Some(Reason::StatusSuperseded),
            Self::Cancelled => Some(Reason::StatusCancelled),
            Self::Withdrawn => Some(Reason::StatusWithdrawn),
            Self::ReportedLost => Some(Reason::StatusReportedLost),
            Self::Void => Some(Reason::StatusVoid),
        }
    }
}

/// What a list says of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The state of the license at the position.
    State(State),
    /// The list is shorter: it is older than the license, and says nothing of it. Undetermined, never in force.
    OutOfRange,
}
