//! The one place that reads the clock, and the forms in which people write times.

use crate::args::Global;
use crate::output::{Failure, Say, say};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zhengyin::reason::Language;
use zhengyin::time::{CLOCK_DRIFT_PER_DAY, CLOCK_UNCERTAINTY, Clock, Day, Timestamp};

const DAY: i64 = 86_400;
/// Asia/Shanghai has kept this offset since 1991; dates in this command line are its days.
const SHANGHAI: i64 = 8 * 3_600;

/// What the system's clock says.
pub(crate) fn now() -> Result<Timestamp, Failure> {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .and_then(Timestamp::new)
        .ok_or_else(|| Failure::new(say!("系统时钟不可用", "the system clock cannot be used")).next("date"))
}

/// Waits until a second begins that is the next; for any other it does not wait.
pub(crate) fn wait_for_the_second(at: Timestamp) {
    let begins = u64::try_from(at.seconds()).map(Duration::from_secs);
    let (Ok(begins), Ok(now)) = (begins, SystemTime::now().duration_since(UNIX_EPOCH)) else { return };
    let left = begins.saturating_sub(now);
    if left <= Duration::from_secs(1) {
        std::thread::sleep(left);
    }
}

/// A time as it was written: an instant, or so long from now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Moment {
    At(Timestamp),
    Within(i64),
}

impl Moment {
    /// RFC 3339, a date (its first second in +08:00), or a duration (`90d`, `12h`, `30m`, `45s`). For clap: the error is a text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no time: write 2026-05-20T09:00:00+08:00, 2026-05-20 or a duration such as 90d");
        if let Some(seconds) = duration(text) {
            return Ok(Self::Within(seconds));
        }
        let seconds = match text.parse::<jiff::Timestamp>() {
            Ok(instant) => instant.as_second(),
            Err(_) => day(text).ok_or_else(wrong)?.start(),
        };
        Timestamp::new(seconds).map(Self::At).ok_or_else(wrong)
    }

    /// A duration reaches back from `now`.
    pub(crate) const fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(instant) => instant,
            Self::Within(seconds) => now.saturating_add(seconds.saturating_neg()),
        }
    }

    /// A duration reaches forward from `now`.
    pub(crate) const fn after(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(instant) => instant,
            Self::Within(seconds) => now.saturating_add(seconds),
        }
    }
}

/// `90d`, `12h`, `30m`, `45s`, in seconds.
pub(crate) fn duration(text: &str) -> Option<i64> {
    let unit = text.chars().next_back()?;
    let scale = match unit {
        'd' => DAY,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => return None,
    };
    let digits = text.strip_suffix(unit)?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse::<i64>().ok()?.checked_mul(scale)).flatten()
}

/// `2024-05-20` as a civil day.
pub(crate) fn day(text: &str) -> Option<Day> {
    // A looser form (20240520, a time behind it) is not what is asked for.
    let is_plain = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if !is_plain {
        return None;
    }
    let date =
        Date::new(text.get(..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?, text.get(8..)?.parse().ok()?).ok()?;
    let days = date.since(Date::constant(1970, 1, 1)).ok()?.get_days();
    Day::new(i64::from(days))
}

/// For commands whose answer depends on the time.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct ClockArg {
    /// Go by this time instead of the device's clock, and say so; `none`: go by no clock
    #[arg(long, value_name = "TIME", value_parser = Told::parse)]
    clock: Option<Told>,
    /// How far the clock may be off, such as 10m [default: what the configuration says, else 2m]
    #[arg(long, value_name = "DURATION", value_parser = uncertain)]
    clock_uncertainty: Option<u32>,
}

fn uncertain(text: &str) -> Result<u32, String> {
    let seconds = duration(text).and_then(|seconds| u32::try_from(seconds).ok());
    seconds.ok_or_else(|| format!("`{text}` is no duration: write 90s, 10m or 2h"))
}

/// What is told of the time in place of the device's clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Told {
    At(Moment),
    Nothing,
}

impl Told {
    fn parse(text: &str) -> Result<Self, String> {
        if text == "none" { Ok(Self::Nothing) } else { Moment::parse(text).map(Self::At) }
    }
}

/// The time that a command goes by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reading {
    source: Source,
    clock: Clock,
}

/// Where the time comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    Device(Timestamp),
    Told(Timestamp),
    Nothing,
}

impl ClockArg {
    pub(crate) fn read(self, global: &Global) -> Result<Reading, Failure> {
        self.wind(global)?.read()
    }

    /// A clock that is asked again and again, with what the configuration says now.
    pub(crate) fn wind(self, global: &Global) -> Result<Wound, Failure> {
        Ok(Wound { said: self, trust: global.config()?.clock })
    }
}

/// What is said of the clock, by the command line and the configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wound {
    said: ClockArg,
    trust: ClockTrust,
}

impl Wound {
    /// No clock at all.
    pub(crate) const NONE: Reading = Reading { source: Source::Nothing, clock: Clock::Absent };

    /// The time by it.
    pub(crate) fn read(self) -> Result<Reading, Failure> {
        let Self { said, trust } = self;
        let source = match said.clock {
            Some(Told::Nothing) => Source::Nothing,
            Some(Told::At(Moment::At(instant))) => Source::Told(instant),
            Some(Told::At(moment)) => Source::Told(moment.after(now()?)),
            None => Source::Device(now()?),
        };
        let uncertainty = said.clock_uncertainty.or(trust.uncertainty).unwrap_or(CLOCK_UNCERTAINTY);
        let drift = trust.drift_per_day.unwrap_or(CLOCK_DRIFT_PER_DAY);
        let clock = match (source, trust.synced) {
            (Source::Nothing, _) => Clock::Absent,
            (Source::Device(now), Some(synced)) => Clock::drifting(now, uncertainty, synced, drift),
            (Source::Device(now) | Source::Told(now), _) => Clock::Reads { now, uncertainty },
        };
        Ok(Reading { source, clock })
    }
}

/// How far the device's clock is to be believed, by the configuration.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct ClockTrust {
    /// How far it may be off when it was just set, in seconds.
    pub(crate) uncertainty: Option<u32>,
    /// What it may lose or gain, in seconds a day.
    pub(crate) drift_per_day: Option<u32>,
    /// When it was set last.
    pub(crate) synced: Option<Timestamp>,
}

impl Reading {
    /// A time that somebody tells, as certain as a clock that was just set.
    pub(crate) const fn told(now: Timestamp) -> Self {
        Self { source: Source::Told(now), clock: Clock::Reads { now, uncertainty: CLOCK_UNCERTAINTY } }
    }

    pub(crate) const fn now(self) -> Option<Timestamp> {
        match self.source {
            Source::Device(now) | Source::Told(now) => Some(now),
            Source::Nothing => None,
        }
    }

    pub(crate) const fn source(self) -> Source {
        self.source
    }

    /// As the library takes it.
    pub(crate) const fn clock(self) -> Clock {
        self.clock
    }

    /// The word for it in JSON.
    pub(crate) const fn word(self) -> &'static str {
        match self.source {
            Source::Device(_) => "device",
            Source::Told(_) => "told",
            Source::Nothing => "none",
        }
    }

    /// What a person must know of it, unless it is the device's clock.
    pub(crate) fn remark(self) -> Option<Say> {
        match self.source {
            Source::Device(_) => None,
            Source::Told(now) => {
                let now = local_text(now);
                Some(say!(
                    "按 --clock 给定的时间 {now} 判断，而非本机时钟",
                    "Judged at the time {now} given by --clock, not by the device's clock"
                ))
            }
            Source::Nothing => {
                Some(say!("按 --clock none 判断：不采用任何时钟", "Judged by --clock none: without a clock"))
            }
        }
    }
}

/// A stretch of time for people, in its largest unit: `3 days`.
pub(crate) fn stretch(seconds: i64, language: Language) -> String {
    let seconds = seconds.saturating_abs();
    let (unit, zh, en) = match seconds {
        0..120 => (1, "秒", "second"),
        120..7_200 => (60, "分钟", "minute"),
        7_200..172_800 => (3_600, "小时", "hour"),
        _ => (DAY, "天", "day"),
    };
    let count = seconds.checked_div(unit).unwrap_or(seconds);
    match language {
        Language::Zh => format!("{count} {zh}"),
        Language::En => format!("{count} {en}{}", if count == 1 { "" } else { "s" }),
    }
}

/// How long ago an instant is, or how far ahead.
pub(crate) fn age(instant: Timestamp, now: Timestamp, language: Language) -> String {
    let age = now.since(instant);
    let stretch = stretch(age, language);
    match (language, age < 0) {
        (Language::Zh, false) => format!("{stretch}前"),
        (Language::Zh, true) => format!("{stretch}后"),
        (Language::En, false) => format!("{stretch} ago"),
        (Language::En, true) => format!("{stretch} ahead"),
    }
}

/// How many whole years lie between two days; negative where `to` is the earlier.
pub(crate) fn whole_years(from: Day, to: Day) -> i16 {
    let (from, to) =
        (civil(from.start().saturating_add(SHANGHAI)).date(), civil(to.start().saturating_add(SHANGHAI)).date());
    let begun = to.year().saturating_sub(from.year());
    let is_over = (to.month(), to.day()) >= (from.month(), from.day());
    begun.saturating_sub(i16::from(!is_over))
}

/// The same day so many years later; the 28th for a 29 February that is not.
pub(crate) fn years_later(day: Day, years: i16) -> Day {
    let date = civil(day.start().saturating_add(SHANGHAI)).date();
    let moved = jiff::Span::new().try_years(years).and_then(|span| date.checked_add(span));
    let days = moved.and_then(|moved| moved.since(Date::constant(1970, 1, 1)));
    days.ok().and_then(|span| Day::new(i64::from(span.get_days()))).unwrap_or(day)
}

/// A civil day as `2024-05-20`.
pub(crate) fn day_text(day: Day) -> String {
    let days = jiff::Span::new().try_days(day.days());
    let date = days.and_then(|days| Date::constant(1970, 1, 1).checked_add(days));
    date.map_or_else(|_| day.days().to_string(), |date| date.to_string())
}

/// For people: `2026-05-20 09:00:00` in +08:00.
pub(crate) fn local_text(instant: Timestamp) -> String {
    civil(instant.seconds().saturating_add(SHANGHAI)).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// For programs: RFC 3339 in UTC.
pub(crate) fn utc_text(instant: Timestamp) -> String {
    civil(instant.seconds()).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Seconds since 1970 as a date and time; `jiff::Timestamp` ends a day before our range does.
fn civil(seconds: i64) -> DateTime {
    Date::constant(1970, 1, 1).at(0, 0, 0, 0).saturating_add(SignedDuration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(seconds: i64) -> Result<Moment, String> {
        Ok(Moment::At(Timestamp::new(seconds).unwrap()))
    }

    #[test]
    fn times_as_people_write_them() {
        assert_eq!(Moment::parse("2026-05-20T09:00:00+08:00"), at(1_779_238_800));
        assert_eq!(Moment::parse("2026-05-20T01:00:00Z"), at(1_779_238_800));
        assert_eq!(Moment::parse("2026-05-20"), at(1_779_206_400));
        assert_eq!(Moment::parse("90d"), Ok(Moment::Within(7_776_000)));
        for wrong in
            ["", "d", "-3d", "2026-02-30", "20260520", "tomorrow", "9999999999999999d", "2026-05-20 09:00", "1.5h"]
        {
            assert!(Moment::parse(wrong).is_err(), "{wrong}");
        }
        let now = Timestamp::new(1_000_000).unwrap();
        assert_eq!(Moment::Within(60).after(now).seconds(), 1_000_060);
        assert_eq!(Moment::Within(60).before(now).seconds(), 999_940);
    }

    #[test]
    fn stretches_and_ages() {
        let en = |seconds| stretch(seconds, Language::En);
        assert_eq!(
            [en(1), en(119), en(120), en(7_199), en(7_200)],
            ["1 second", "119 seconds", "2 minutes", "119 minutes", "2 hours"]
        );
        assert_eq!([en(172_799), en(172_800), en(-259_200)], ["47 hours", "2 days", "3 days"]);
        let (early, late) = (Timestamp::new(0).unwrap(), Timestamp::new(86_400 * 3).unwrap());
        assert_eq!(age(early, late, Language::En), "3 days ago");
        assert_eq!(age(late, early, Language::Zh), "3 天后");
    }

    #[test]
    fn years_from_day_to_day() {
        let day = |text: &str| day(text).unwrap();
        assert_eq!(whole_years(day("2026-10-01"), day("2027-09-30")), 0);
        assert_eq!(whole_years(day("2026-10-01"), day("2027-10-01")), 1);
        assert_eq!(whole_years(day("2026-10-01"), day("2026-09-30")), -1);
        assert_eq!(whole_years(day("2026-10-01"), day("2040-12-31")), 14);
        assert_eq!(years_later(day("2024-02-29"), 1), day("2025-02-28"));
        assert_eq!(years_later(day("1993-04-12"), -1), day("1992-04-12"));
        assert_eq!(years_later(day("2026-01-15"), 30), day("2056-01-15"));
    }

    #[test]
    fn days_and_their_texts() {
        assert_eq!(day("1970-01-01").unwrap().days(), 0);
        assert_eq!(day("2024-05-20").unwrap().days(), 19_863);
        assert_eq!(day_text(day("2024-02-29").unwrap()), "2024-02-29");
        for none in [
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "20240520",
            "2024-5-20",
            "2024-05-20T",
            "2024-05-2é",
            "+024-05-20",
            "",
        ] {
            assert_eq!(day(none), None, "{none}");
        }
        assert_eq!(day("0001-01-01").map(day_text).as_deref(), Some("0001-01-01"));
        assert_eq!(day("9999-12-31").map(day_text).as_deref(), Some("9999-12-31"));
        let instant = Timestamp::new(1_779_238_800).unwrap();
        assert_eq!(
            (local_text(instant).as_str(), utc_text(instant).as_str()),
            ("2026-05-20 09:00:00", "2026-05-20T01:00:00Z")
        );
        assert_eq!(utc_text(Timestamp::MAX), "9999-12-31T23:59:59Z");
    }
}
