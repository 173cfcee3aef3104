//! The time that a caller tells, or has us ask the system for.

extern crate std;

use std::time::{SystemTime, UNIX_EPOCH};

use super::fault::Fault;
use crate::time::{CLOCK_UNCERTAINTY, Clock, Timestamp};

/// In place of the time: the system's clock is asked.
pub const ZY_NOW_SYSTEM: i64 = -1;
/// In place of the time: there is no clock, or none that the caller believes.
pub const ZY_NOW_NONE: i64 = -2;
/// How far a synchronised clock is believed to be off: two minutes. A clock that was not set for long is less certain, by five seconds a
/// day.
pub const ZY_UNCERTAINTY_USUAL: u32 = 120;
/// In place of the uncertainty, for `zy_store_apply`: it is exactly that time, whatever the store proves to be past. For who asks about
/// another time than now.
pub const ZY_EXACTLY: u32 = 0xffff_ffff;

const _: () = assert!(ZY_UNCERTAINTY_USUAL == CLOCK_UNCERTAINTY, "the library's own");

/// What the caller says of the time. `now` is in seconds since 1970-01-01T00:00:00Z, or one of the two values above.
pub(super) fn clock(now: i64, uncertainty: u32) -> Result<Clock, Fault> {
    let now = match now {
        ZY_NOW_NONE => return Ok(Clock::Absent),
        ZY_NOW_SYSTEM => {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| Fault::clock())?;
            i64::try_from(since.as_secs()).map_err(|_| Fault::clock())?
        }
        told => told,
    };
    let now = Timestamp::new(now).ok_or_else(|| {
        Fault::argument("now", "seconds since 1970-01-01T00:00:00Z, ZY_NOW_SYSTEM or ZY_NOW_NONE are expected")
    })?;
    Ok(Clock::Reads { now, uncertainty })
}
