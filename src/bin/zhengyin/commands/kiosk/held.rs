//! The store that a kiosk answers by, and the file that it comes from: replaced between scans, and never by an older one.

use crate::files::{self, Stamp};
use crate::output::{Failure, Say, say};
use crate::stores::StoreFile;
use std::time::Duration;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::Digest;

/// How often the file is looked at.
const EVERY: Duration = Duration::from_millis(500);

pub(super) struct Held {
    file: StoreFile,
    store: Store,
    /// `false`: there was no store.
    is_set_up: bool,
    stamp: Option<Stamp>,
    looked: Duration,
}

/// What came of looking at the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Looked {
    /// It holds something else, and that counts now.
    Taken,
    /// It was read because somebody asked for it, and holds the same.
    Same,
    /// It cannot be used, or goes back behind what is held, which counts on.
    Kept(Say),
}

impl Held {
    /// Without a store every license is undetermined, for the reason that there is none. A damaged one is told before anything is scanned.
    pub(super) fn open(file: StoreFile) -> Result<Self, Failure> {
        let stamp = files::stamp(file.path());
        let store = file.read()?;
        let is_set_up = store.is_some();
        let store = store.unwrap_or_else(|| Store::new(Pin::new(Digest::new([0; 32]))));
        Ok(Self { file, store, is_set_up, stamp, looked: Duration::ZERO })
    }

    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    /// Looks whether the file was replaced, at most so often unless somebody asks; `None` where there is nothing to tell.
    pub(super) fn look(&mut self, asked: bool, now: Duration) -> Option<Looked> {
        if !asked && now.saturating_sub(self.looked) < EVERY {
            return None;
        }
        self.looked = now;
        let stamp = files::stamp(self.file.path());
        if !asked && stamp == self.stamp {
            return None;
        }
        // One that cannot be used is told once, and looked at again when it changes.
        self.stamp = stamp;
        let store = match self.file.read() {
            Ok(Some(store)) => store,
            Ok(None) if !self.is_set_up => return asked.then_some(Looked::Same),
            Ok(None) => {
                let why = say!("信任库文件不见了", "the file of the store is gone");
                return Some(Looked::Kept(kept(&why)));
            }
            Err(failure) => return Some(Looked::Kept(kept(&failure.text()))),
        };
        if self.is_set_up
            && let Some(why) = goes_back(&self.store, &store)
        {
            return Some(Looked::Kept(kept(&why)));
        }
        let changed = !self.is_set_up || contents(&self.store) != contents(&store);
        (self.store, self.is_set_up) = (store, true);
        match (changed, asked) {
            (true, _) => Some(Looked::Taken),
            (false, true) => Some(Looked::Same),
            (false, false) => None,
        }
    }
}

fn kept(why: &Say) -> Say {
    let Say { zh, en } = why;
    say!("继续使用原有的信任数据：{zh}", "the trust data held before stays in use: {en}")
}

/// What is held: enough to tell whether anything changed.
fn contents(store: &Store) -> Vec<(Digest, bool)> {
    let trust = store.trust().map(|held| (held.digest(), held.is_equivocal()));
    let directories = store.directories().map(|held| (held.digest(), held.is_equivocal()));
    let statuses = store.statuses().map(|held| (held.digest(), held.is_equivocal()));
    trust.into_iter().chain(directories).chain(statuses).collect()
}

/// Why another store is behind what is held, or beside it: another federation; a number that fell; another object under the same number;
/// an object that is missing though its province is still a member.
fn goes_back(held: &Store, other: &Store) -> Option<Say> {
    if held.pin() != other.pin() {
        return Some(say!(
            "另一个信任库以另一个摘要为锚：请重新启动",
            "the other store is pinned to something else: start again to use it"
        ));
    }
    let trust = held.trust()?;
    let back = |what: &str, had: u64, has: Option<u64>| {
        let has = has.map_or_else(|| "–".to_owned(), |seq| format!("#{seq}"));
        say!(
            "{what} 倒退：持有 #{had}，新文件中为 {has}",
            "{what} would go back: #{had} is held, and the other store has {has}"
        )
    };
    // A number that stands for something else is as bad as one that fell, unless the other store knows that there are two.
    let is_behind = |ours: (u64, u64, Digest), theirs: (u64, u64, Digest), told: bool| {
        let ((epoch, seq, digest), (other_epoch, other_seq, other)) = (ours, theirs);
        (other_epoch, other_seq) < (epoch, seq) || (epoch, seq) == (other_epoch, other_seq) && digest != other && !told
    };
    let Some(new) = other.trust() else { return Some(back("互认清单 trust list", trust.list().seq, None)) };
    let place = |seq: u64, digest: Digest| (0, seq, digest);
    if is_behind(place(trust.list().seq, trust.digest()), place(new.list().seq, new.digest()), new.is_equivocal()) {
        return Some(back("互认清单 trust list", trust.list().seq, Some(new.list().seq)));
    }
    for ours in held.directories() {
        let (directory, province) = (ours.directory(), ours.directory().province);
        if !new.list().provinces.contains_key(&province) {
            continue;
        }
        let theirs = other.directory(province);
        let is_kept = theirs.is_some_and(|theirs| {
            let (theirs, digest, told) = (theirs.directory(), theirs.digest(), theirs.is_equivocal());
            let ours = (directory.epoch, directory.seq, ours.digest());
            !is_behind(ours, (theirs.epoch, theirs.seq, digest), told)
        });
        // A new trust list may begin a new epoch, of which no directory has come yet.
        let begins = new.list().seq > trust.list().seq && theirs.is_none();
        if !is_kept && !begins {
            let what = format!("{} 机构目录 directory", province.as_str());
            return Some(back(&what, directory.seq, theirs.map(|theirs| theirs.directory().seq)));
        }
    }
    for ours in held.statuses() {
        let header = ours.header();
        let theirs = other.statuses().find(|theirs| {
            (theirs.header().authority, theirs.header().list, theirs.province())
                == (header.authority, header.list, ours.province())
        });
        let is_kept = theirs.is_some_and(|theirs| {
            let (at, digest, told) = (theirs.header(), theirs.digest(), theirs.is_equivocal());
            !is_behind((header.epoch, header.seq, ours.digest()), (at.epoch, at.seq, digest), told)
        });
        let changed = new.list().seq > trust.list().seq
            || other.directory(ours.province()).map(|held| held.digest())
                != held.directory(ours.province()).map(|held| held.digest());
        if !(is_kept || theirs.is_none() && changed) {
            let what = format!("{}/{} 吊销清单 status list", header.authority.as_str(), header.list);
            return Some(back(&what, header.seq, theirs.map(|theirs| theirs.header().seq)));
        }
    }
    None
}
