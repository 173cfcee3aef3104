//! Deltas (增量) between the status lists that were published here: from the list before, from those of a week and of a month ago, and
//! the way from any older list to the newest.
//!
//! Every published list is kept, and so every delta can be made again. The files are there to be handed on, by whatever way.

use super::status_list;
use crate::clock::Moment;
use crate::files::{self, Access};
use crate::home;
use crate::output::{Failure, Say, say};
use std::path::{Path, PathBuf};
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::status::{StatusDelta, StatusHeader, StatusList};
use zhengyin::store::Pin;
use zhengyin::suite::Digest;
use zhengyin::time::{Day, Timestamp};

/// Beside the delta from the list before, those from the newest list that is at least so many days old.
const ROLL_UPS: [i64; 2] = [7, 30];

/// A list that was published here.
#[derive(Clone, Debug)]
struct Published {
    seq: u64,
    header: StatusHeader,
    bytes: Vec<u8>,
}

impl Published {
    fn read(seq: u64, path: &Path) -> Result<Self, Failure> {
        let bytes = status_list::read(path)?;
        let header = *status_list::parse(path, &bytes)?.claimed_header();
        Ok(Self { seq, header, bytes })
    }

    fn list(&self) -> Option<StatusList<'_>> {
        StatusList::parse(&self.bytes).ok()
    }

    /// The delta to a later one: what it changes from.
    fn to(&self, later: &Self) -> Result<Vec<u8>, Say> {
        let damaged = || say!("清单已损坏", "the list is damaged");
        let (old, new) = (self.list().ok_or_else(damaged)?, later.list().ok_or_else(damaged)?);
        StatusDelta::make(&old, &new).map_err(|error| say!("{error}", "{error}"))
    }

    /// Do these bytes give the later list?
    fn becomes(&self, later: &Self, delta: &[u8]) -> bool {
        let (Some(old), Ok(delta)) = (self.list(), StatusDelta::parse(delta)) else { return false };
        delta.apply(&old).is_ok_and(|bytes| bytes == later.bytes)
    }

    /// The delta to a later one as it was filed, or made again.
    fn way_to(&self, later: &Self, folder: &Path) -> Result<Result<Vec<u8>, Say>, Failure> {
        let filed = files::read_if_there(&path(folder, self, later), MAX_TRUST_OBJECT)?;
        Ok(match filed.filter(|delta| self.becomes(later, delta)) {
            Some(delta) => Ok(delta),
            None => self.to(later),
        })
    }
}

fn path(folder: &Path, old: &Published, new: &Published) -> PathBuf {
    home::numbered_path(folder, &format!("delta-{}-{:06}", new.header.list, old.seq), new.seq)
}

/// A delta that was to be made when its list was published.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// The number of the list that it starts from, and how many days lie between.
    pub(crate) since: u64,
    pub(crate) days: i64,
    /// Bytes.
    pub(crate) size: usize,
    /// Where it is; why there is none.
    pub(crate) filed: Result<PathBuf, Say>,
}

/// The days for which a roll-up is still wanted, going back from list to list.
#[derive(Clone, Debug)]
struct Wanted(Vec<i64>);

impl Wanted {
    fn new() -> Self {
        // The list before, however old it is.
        Self(ROLL_UPS.into_iter().rev().chain([i64::MIN]).collect())
    }

    /// Is a delta made from a list so many days old?
    fn takes(&mut self, days: i64) -> bool {
        let before = self.0.len();
        self.0.retain(|least| *least > days);
        self.0.len() < before
    }

    const fn is_done(&self) -> bool {
        self.0.is_empty()
    }
}

/// Makes and files the deltas that lead to the list that was just published: from the one before it, and from those of a week and a month ago.
/// One that would be no smaller than the list is not filed.
pub(crate) fn file(folder: &Path, list: u64) -> Result<Vec<Made>, Failure> {
    let mut lists = home::numbered(folder, &format!("status-{list}"))?;
    let Some((seq, newest)) = lists.pop() else { return Ok(Vec::new()) };
    let new = Published::read(seq, &newest)?;
    let (mut made, mut wanted) = (Vec::new(), Wanted::new());
    for (seq, at) in lists.into_iter().rev() {
        if wanted.is_done() {
            break;
        }
        let old = Published::read(seq, &at)?;
        // A raised epoch undoes what a thief published: nobody goes on from that.
        if old.header.epoch != new.header.epoch {
            break;
        }
        let days = days_between(old.header.issued, new.header.issued);
        if !wanted.takes(days) {
            continue;
        }
        let delta = old.to(&new);
        let size = delta.as_ref().map_or(0, Vec::len);
        let filed = match delta {
            Ok(delta) if delta.len() < new.bytes.len() => {
                let path = path(folder, &old, &new);
                files::replace(&path, &delta, Access::Shared)?;
                Ok(path)
            }
            Ok(_) => Err(say!("不小于整份清单", "no smaller than the whole list")),
            Err(why) => Err(why),
        };
        made.push(Made { since: seq, days, size, filed });
    }
    Ok(made)
}

/// Civil days: a list that is published at the same hour each day is not always so many seconds after the one before.
fn days_between(old: Timestamp, new: Timestamp) -> i64 {
    i64::from(Day::of(new).days().saturating_sub(Day::of(old).days()))
}

/// What a verifier holds already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Since {
    /// The list of this number.
    Number(u64),
    /// The list with this root.
    Root(Digest),
    /// The newest list that was issued by then.
    Time(Moment),
}

impl Since {
    /// For clap: the error is a text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.parse() {
            return Ok(Self::Number(number));
        }
        if let Ok(root) = text.parse::<Pin>() {
            return Ok(Self::Root(root.digest()));
        }
        Moment::parse(text)
            .map(Self::Time)
            .map_err(|_| format!("`{text}` is none of: a list's number, its root in 64 hexadecimal digits, a date or time, a duration such as 7d"))
    }

    fn names(self, header: &StatusHeader, now: Timestamp) -> bool {
        match self {
            Self::Number(seq) => header.seq == seq,
            Self::Root(root) => header.root == root,
            Self::Time(moment) => header.issued <= moment.before(now),
        }
    }

    /// Why there is nothing to start from.
    fn missing(self) -> Say {
        match self {
            Self::Number(seq) => say!("这里没有第 {seq} 号", "there is no number {seq} here"),
            Self::Root(_) => say!("这里没有这个根摘要的清单", "no list here has that root"),
            Self::Time(_) => say!("那时还没有发布", "none was published by then"),
        }
    }
}

/// How a list goes into a pack.
#[derive(Clone, Debug)]
pub(crate) enum Carried {
    /// Nothing is needed: that number is the newest.
    Held { since: u64 },
    /// From list to list: for verifiers that hold that number, or any after it.
    Chain { since: u64, deltas: Vec<Vec<u8>> },
    /// One delta: for verifiers that hold exactly that number.
    Direct { since: u64, delta: Vec<u8> },
    /// Whole, and why.
    Whole(Say),
}

impl Carried {
    /// The deltas that go into the pack.
    pub(crate) fn deltas(&self) -> &[Vec<u8>] {
        match self {
            Self::Chain { deltas, .. } => deltas,
            Self::Direct { delta, .. } => std::slice::from_ref(delta),
            Self::Held { .. } | Self::Whole(_) => &[],
        }
    }

    /// Their bytes.
    pub(crate) fn size(&self) -> usize {
        self.deltas().iter().map(Vec::len).fold(0, usize::saturating_add)
    }
}

/// How an authority's list goes to verifiers that hold an older one: by deltas where they are smaller than the list, and at most `room` of them.
/// Of several beginnings the first that this list has counts. Every delta is applied once before it goes.
pub(crate) fn way(folder: &Path, list: u64, since: &[Since], now: Timestamp, room: usize) -> Result<Carried, Failure> {
    let lists = home::numbered(folder, &format!("status-{list}"))?;
    let mut why = None;
    for since in since {
        // From the newest on: a date names the newest of many.
        for (at, (seq, path)) in lists.iter().enumerate().rev() {
            let start = Published::read(*seq, path)?;
            if since.names(&start.header, now) {
                return along(folder, start, lists.get(at..).unwrap_or_default(), room);
            }
        }
        why.get_or_insert_with(|| since.missing());
    }
    Ok(Carried::Whole(why.unwrap_or_else(|| say!("没有要求增量", "no deltas were asked for"))))
}

/// The way along these lists, of which the first is `start`.
fn along(folder: &Path, start: Published, lists: &[(u64, PathBuf)], room: usize) -> Result<Carried, Failure> {
    let since = start.seq;
    let Some(((last, path), between)) = lists.get(1..).and_then(<[_]>::split_last) else {
        return Ok(Carried::Held { since });
    };
    let newest = Published::read(*last, path)?;
    if newest.header.epoch != start.header.epoch {
        return Ok(Carried::Whole(say!("第 {since} 号属于先前的纪元", "number {since} is of an earlier epoch")));
    }
    let whole = newest.bytes.len();
    let (mut deltas, mut size) = (Vec::new(), 0_usize);
    if between.len() < room {
        let mut at = start.clone();
        for (seq, path) in between {
            let next = Published::read(*seq, path)?;
            let Ok(delta) = at.way_to(&next, folder)? else { break };
            size = size.saturating_add(delta.len());
            if size >= whole {
                break;
            }
            deltas.push(delta);
            at = next;
        }
        if deltas.len() == between.len()
            && let Ok(delta) = at.way_to(&newest, folder)?
        {
            size = size.saturating_add(delta.len());
            deltas.push(delta);
            if size < whole {
                return Ok(Carried::Chain { since, deltas });
            }
        }
    }
    Ok(match start.way_to(&newest, folder)? {
        Ok(delta) if delta.len() < whole && room > 0 => Carried::Direct { since, delta },
        Ok(delta) => {
            let size = delta.len();
            Carried::Whole(say!(
                "第 {since} 号以来的增量有 {size} 字节，不小于整份清单",
                "a delta since number {since} would take {size} bytes, no fewer than the list"
            ))
        }
        Err(why) => Carried::Whole(why),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Since, Wanted};

    #[test]
    fn a_delta_from_the_list_before_and_from_those_of_a_week_and_a_month() {
        // Days between the new list and each before it, from the newest on; and from which of them a delta is made.
        let made = |ages: &[i64]| {
            let mut wanted = Wanted::new();
            ages.iter().copied().filter(|days| wanted.takes(*days)).collect::<Vec<_>>()
        };
        let daily: Vec<i64> = (1..=60).collect();
        assert_eq!(made(&daily), [1, 7, 30]);
        assert_eq!(made(&[0, 0, 0, 1, 5, 9, 31]), [0, 9, 31], "several on one day; none was a week ago");
        assert_eq!(made(&[7, 14, 21, 28, 35]), [7, 35], "the list before is the one of a week ago");
        assert_eq!(made(&[90, 91]), [90], "one serves for all");
        assert_eq!(made(&[]), [0; 0]);
    }

    #[test]
    fn what_a_verifier_holds_is_a_number_a_root_or_a_time() {
        assert!(matches!(Since::parse("41"), Ok(Since::Number(41))));
        assert!(matches!(Since::parse(&"a7".repeat(32)), Ok(Since::Root(_))));
        assert!(matches!(Since::parse("2026-05-20"), Ok(Since::Time(_))));
        assert!(matches!(Since::parse("7d"), Ok(Since::Time(_))));
        for wrong in ["", "-1", "yesterday", &"a7".repeat(31)] {
            assert!(Since::parse(wrong).unwrap_err().contains("is none of"), "{wrong}");
        }
    }
}
