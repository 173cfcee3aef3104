//! The day some years later, in the Gregorian calendar.

use crate::time::Day;

/// Days before March in a year that begins with March, for each month from March on.
const DAYS_BEFORE: [i64; 12] = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;
/// Days of 400 years.
const CYCLE: i64 = 146_097;

/// The same day of the calendar so many years later; 1 March where 29 February is not there.
pub(super) fn anniversary(day: Day, years: u8) -> Option<Day> {
    let (year, month, day) = civil(day);
    let year = year.checked_add(i64::from(years))?;
    let is_leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    let (month, day) = if (month, day) == (2, 29) && !is_leap { (3, 1) } else { (month, day) };
    Day::new(days(year, month, day))
}

/// The day of a date, if the calendar has it.
pub(in crate::issue) fn day_of(year: i64, month: i64, day: i64) -> Option<Day> {
    // What is no date is the day of another.
    Day::new(days(year, month, day)).filter(|found| civil(*found) == (year, month, day))
}

/// Year, month and day of a day. Years are counted from March, so that the leap day is the last of its year.
fn civil(day: Day) -> (i64, i64, i64) {
    let since = i64::from(day.days()).saturating_add(EPOCH);
    let (cycle, of_cycle) = (since.div_euclid(CYCLE), since.rem_euclid(CYCLE));
    // Leap days that came before within the 400 years: every 4 years, not every 100, and the last of all.
    let leaps = (of_cycle / 1_460).saturating_sub(of_cycle / 36_524).saturating_add(of_cycle / 146_096);
    let of_cycle_year = of_cycle.saturating_sub(leaps) / 365;
    let before = days_before_year(of_cycle_year);
    let of_year = of_cycle.saturating_sub(before);
    let from_march = DAYS_BEFORE.iter().rposition(|first| *first <= of_year).unwrap_or(0);
    let first = DAYS_BEFORE.get(from_march).copied().unwrap_or(0);
    let from_march = i64::try_from(from_march).unwrap_or(0);
    let month = if from_march < 10 { from_march.saturating_add(3) } else { from_march.saturating_sub(9) };
    let year = cycle.saturating_mul(400).saturating_add(of_cycle_year).saturating_add(i64::from(month <= 2));
    (year, month, of_year.saturating_sub(first).saturating_add(1))
}

/// Days since 1970-01-01.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year.saturating_sub(1) } else { year };
    let from_march = if month <= 2 { month.saturating_add(9) } else { month.saturating_sub(3) };
    let before = usize::try_from(from_march).ok().and_then(|at| DAYS_BEFORE.get(at)).copied().unwrap_or(0);
    let (cycle, of_cycle_year) = (year.div_euclid(400), year.rem_euclid(400));
    let of_cycle = days_before_year(of_cycle_year).saturating_add(before).saturating_add(day).saturating_sub(1);
    cycle.saturating_mul(CYCLE).saturating_add(of_cycle).saturating_sub(EPOCH)
}

/// Days of the 400 years before a year of them.
fn days_before_year(year: i64) -> i64 {
    year.saturating_mul(365).saturating_add(year / 4).saturating_sub(year / 100)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_day_is_the_one_it_is() {
        // 1970-01-01, 2000-02-29, 2024-02-29, 9999-12-31, 0001-01-01.
        for (number, expected) in [
            (0, (1970, 1, 1)),
            (11_016, (2000, 2, 29)),
            (19_782, (2024, 2, 29)),
            (2_932_896, (9999, 12, 31)),
            (-719_162, (1, 1, 1)),
        ] {
            assert_eq!(civil(Day::new(number).unwrap()), expected);
        }
        let mut before = (0, 0, 0);
        for number in -719_162..=2_932_896 {
            let day = Day::new(number).unwrap();
            let (year, month, of_month) = civil(day);
            assert!((year, month, of_month) > before && (1..=12).contains(&month) && (1..=31).contains(&of_month));
            assert_eq!(days(year, month, of_month), number);
            before = (year, month, of_month);
        }
    }

    #[test]
    fn years_later() {
        let day = |year, month, of_month| Day::new(days(year, month, of_month)).unwrap();
        assert_eq!(anniversary(day(2026, 3, 2), 5), Some(day(2031, 3, 2)));
        assert_eq!(anniversary(day(2024, 2, 29), 4), Some(day(2028, 2, 29)));
        assert_eq!(anniversary(day(2024, 2, 29), 1), Some(day(2025, 3, 1)));
        assert_eq!(anniversary(day(2096, 2, 29), 4), Some(day(2100, 3, 1)));
        assert_eq!(anniversary(day(9990, 1, 1), 20), None);
    }
}
