//! What another system says of the licenses that it issued, as a text file: a position or several, and what they are.
//!
//! ```text
//! # position  state      since       cause
//! 17          revoked    2026-03-01  deception
//! 200-299     withdrawn  2026-05-20
//! 4711        void
//! ```
//!
//! Lines ascend by position; what is not named is in force. `since` and `cause` may be left out, and stand in lists with details only.

use crate::clock;
use crate::files;
use crate::output::{Failure, Say, say};
use std::ops::Range;
use std::path::Path;
use zhengyin::status::{Cause, LicenseHistory, State};
use zhengyin::time::Day;

/// Ten million lines.
const MAX_FILE: usize = 512 << 20;

/// The positions of a list that are not in force, and how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Positions {
    pub(crate) length: u32,
    stretches: Vec<Stretch>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    first: u32,
    last: u32,
    state: State,
    since: Option<Day>,
    cause: Cause,
}

impl Positions {
    /// Reads the file of a list of `length` positions.
    pub(crate) fn read(path: &Path, length: u32) -> Result<Self, Failure> {
        let shown = path.display();
        let bytes = files::read(path, MAX_FILE)?;
        let unusable = || Failure::new(say!("无法使用 {shown}", "{shown} cannot be used"));
        let text =
            str::from_utf8(&bytes).map_err(|_| unusable().because(say!("不是 UTF-8 文本", "it is no UTF-8 text")))?;
        Self::parse(text, length).map_err(|(line, why)| {
            unusable()
                .because(Say { zh: format!("第 {line} 行：{}", why.zh), en: format!("line {line}: {}", why.en) })
        })
    }

    fn parse(text: &str, length: u32) -> Result<Self, (usize, Say)> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for (number, line) in (1_usize..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let stretch = stretch(line).map_err(|why| (number, why))?;
            let least = stretches.last().map_or(0, |before| u64::from(before.last).saturating_add(1));
            if u64::from(stretch.first) < least || stretch.last >= length {
                let why = say!("位置须递增，且小于 {length}", "positions ascend, and are less than {length}");
                return Err((number, why));
            }
            stretches.push(stretch);
        }
        Ok(Self { length, stretches })
    }

    fn each(&self) -> impl Iterator<Item = (u32, &Stretch)> {
        self.stretches
            .iter()
            .flat_map(|stretch| (stretch.first..=stretch.last).map(move |position| (position, stretch)))
    }

    /// Stretch by stretch: one line may stand for a hundred million positions.
    pub(crate) fn states(&self) -> Vec<(Range<u32>, State)> {
        // A list has less than 2³² positions: what is less than its length has one after it.
        let range = |stretch: &Stretch| stretch.first..stretch.last.saturating_add(1);
        self.stretches.iter().map(|stretch| (range(stretch), stretch.state)).collect()
    }

    pub(crate) fn histories(&self) -> Vec<(u32, LicenseHistory)> {
        let history = |stretch: &Stretch| LicenseHistory {
            cause: stretch.cause,
            ..LicenseHistory::of(stretch.state, stretch.since)
        };
        self.each().map(|(position, stretch)| (position, history(stretch))).collect()
    }
}

fn stretch(line: &str) -> Result<Stretch, Say> {
    let mut words = line.split_whitespace();
    let places = words.next().unwrap_or_default();
    let (first, last) = places.split_once('-').unwrap_or((places, places));
    let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else {
        return Err(say!("{places} 不是位置", "{places} is no position"));
    };
    let state = words.next().unwrap_or_default();
    let Some(state) = state_of(state) else {
        return Err(say!(
            "“{state}”不是状态（revoked、suspended、superseded、cancelled、withdrawn、reported-lost、void）",
            "\"{state}\" is no state (revoked, suspended, superseded, cancelled, withdrawn, reported-lost, void)"
        ));
    };
    let mut stretch = Stretch { first, last, state, since: None, cause: Cause::UNSTATED };
    if first > last {
        return Err(say!("{places} 的终点小于起点", "{places} ends before it begins"));
    }
    if let Some(since) = words.next() {
        let day = clock::day(since).ok_or_else(|| say!("{since} 不是日期", "{since} is no date"))?;
        stretch.since = Some(day);
    }
    if let Some(cause) = words.next() {
        let known = || Cause::known().filter_map(Cause::word).collect::<Vec<_>>().join(", ");
        stretch.cause = Cause::from_word(cause).ok_or_else(|| {
            let known = known();
            say!("{cause} 不是事由（{known}）", "{cause} is no cause ({known})")
        })?;
    }
    match words.next() {
        None => Ok(stretch),
        Some(more) => Err(say!("多余的 {more}", "{more} is one word too many")),
    }
}

/// The word for a state in files and on command lines.
pub(crate) const fn state_word(state: State) -> &'static str {
    match state {
        State::InForce => "in-force",
        State::Revoked => "revoked",
        State::Suspended => "suspended",
        State::Superseded => "superseded",
        State::Cancelled => "cancelled",
        State::Withdrawn => "withdrawn",
        State::ReportedLost => "reported-lost",
        State::Void => "void",
    }
}

fn state_of(word: &str) -> Option<State> {
    State::LISTED.into_iter().find(|state| state_word(*state) == word)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn positions_are_read_line_by_line() {
        let text = "# of the old system\n17 revoked 2026-03-01 deception\n\n200-202  withdrawn\t2026-05-20 # a batch\n4711 void\n";
        let positions = Positions::parse(text, 5_000).unwrap();
        let states: Vec<u32> = positions.states().into_iter().flat_map(|(positions, _)| positions).collect();
        assert_eq!(states, [17, 200, 201, 202, 4711]);
        let histories = positions.histories();
        let (_, first) = histories.first().unwrap();
        assert_eq!((first.state, first.since), (State::Revoked, clock::day("2026-03-01")));
        assert_eq!(first.cause, Cause::from_word("deception").unwrap());
        assert_eq!(histories.last().unwrap().1, LicenseHistory::of(State::Void, None));
        assert!(Positions::parse("", 0).unwrap().states().is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line) in [
            ("x revoked", 1),
            ("-1 revoked", 1),
            ("5-3 revoked", 1),
            ("1 revoked\n1 void", 2),
            ("3-5 revoked\n4 void", 2),
            ("10 revoked", 1),
            ("9-10 revoked", 1),
            ("1", 1),
            ("1 in-force", 1),
            ("1 gone", 1),
            ("\n\n1 revoked yesterday", 3),
            ("1 revoked 2026-01-01 because", 1),
            ("1 revoked 2026-01-01 lost twice", 1),
            ("99999999999 revoked", 1),
        ] {
            assert_eq!(Positions::parse(text, 10).unwrap_err().0, line, "{text}");
        }
    }
}
