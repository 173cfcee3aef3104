//! A draft of a trust list as it travels, and the list before it.

use super::explain_list_error;
use crate::files;
use crate::home::{self, Home};
use crate::office::known;
use crate::output::{Failure, Say, say};
use std::path::{Path, PathBuf};
use zhengyin::issue::{ListDraft, ListFault, check_trust_list, list_faults};
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::store::{HeldTrust, Store};
use zhengyin::time::Timestamp;
use zhengyin::trust::TrustList;

/// The list before, and where it was found. The first list of a federation has none.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    store: Option<Store>,
    found: Option<PathBuf>,
}

impl Before {
    /// The list before `list`: the file that a person names, else the newest of this home with a lower number.
    fn find(home: &Home, named: Option<&Path>, list: &TrustList) -> Result<Self, Failure> {
        let file = match named {
            Some(path) => Some(path.to_path_buf()),
            None => {
                let built = home::numbered(&home.federation(), "trust")?;
                built.into_iter().rev().find(|(seq, _)| *seq < list.seq).map(|(_, path)| path)
            }
        };
        if let Some(path) = file {
            let store = known::pinned_to(&path)?;
            return Self { store: Some(store), found: Some(path) }.check(list);
        }
        let held = known::verifiers(home)?.filter(|store| store.trust().is_some_and(|held| held.list().seq < list.seq));
        if held.is_none() && list.seq > 1 {
            let (seq, name) = (list.seq, &list.federation);
            return Err(Failure::new(say!(
                "要与上一份清单比较，但这里没有{name}第 {seq} 号之前的清单",
                "the list before number {seq} of {name} is needed for comparison, and is not here"
            ))
            .next("zhengyin trust check DRAFT --before trust-LAST.zyt"));
        }
        let found = held.is_some().then(|| home.verifier_store());
        Self { store: held, found }.check(list)
    }

    fn check(self, list: &TrustList) -> Result<Self, Failure> {
        match self.list() {
            Some(before) if before.federation != list.federation => {
                let (one, other) = (&before.federation, &list.federation);
                Err(Failure::new(say!(
                    "上一份清单属于 {one}，草稿属于 {other}",
                    "the list before is that of {one}, the draft is one of {other}"
                )))
            }
            _ => Ok(self),
        }
    }

    pub(crate) fn list(&self) -> Option<&TrustList> {
        self.store.as_ref().and_then(Store::trust).map(HeldTrust::list)
    }

    pub(crate) fn found(&self) -> Option<&Path> {
        self.found.as_deref()
    }
}

/// A draft, and what it is compared with.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) signed: ListDraft,
    pub(crate) before: Before,
}

/// What a file says, whoever signed it.
pub(crate) fn read_claimed(path: &Path) -> Result<TrustList, Failure> {
    let bytes = files::read(path, MAX_TRUST_OBJECT)?;
    ListDraft::claimed_list(&bytes).map_err(|error| unusable(path, explain_list_error(error, None, None)))
}

fn unusable(path: &Path, why: Say) -> Failure {
    let shown = path.display();
    Failure::new(say!("{shown} 不是互认清单或其草稿", "{shown} is no trust list and no draft of one"))
        .because(why)
        .next(format!("zhengyin inspect {}", files::quoted(path)))
}

impl Draft {
    /// Reads the copies of one draft, and takes their signatures together.
    pub(crate) fn read(home: &Home, paths: &[PathBuf], named: Option<&Path>) -> Result<Self, Failure> {
        let Some((first, others)) = paths.split_first() else {
            return Err(Failure::usage(say!("没有给出草稿", "no draft is given")));
        };
        let before = Before::find(home, named, &read_claimed(first)?)?;
        let read = |path: &Path| {
            let bytes = files::read(path, MAX_TRUST_OBJECT)?;
            ListDraft::read(&bytes, before.list())
                .map_err(|error| unusable(path, explain_list_error(error, None, None)))
        };
        let mut signed = read(first)?;
        for path in others {
            signed.draft.merge(&read(path)?.draft).map_err(|_| {
                let (one, other) = (first.display(), path.display());
                Failure::new(say!(
                    "{one} 与 {other} 不是同一草稿",
                    "{one} and {other} are drafts of different contents"
                ))
                .next(format!("zhengyin trust diff {} {}", files::quoted(first), files::quoted(path)))
            })?;
        }
        Ok(Self { signed, before })
    }

    /// What is wrong with it. A change of rules must leave people their time from now on too, however long the signing took.
    pub(crate) fn faults(&self, now: Timestamp) -> Vec<Say> {
        let (list, before) = (&self.signed.list, self.before.list());
        let mut faults = list_faults(list, before);
        let today = TrustList { issued: list.issued.max(now), ..list.clone() };
        for late in list_faults(&today, before) {
            if matches!(late, ListFault::ShortNotice { .. }) && !faults.contains(&late) {
                faults.push(late);
            }
        }
        let mut told: Vec<Say> = faults.into_iter().map(|fault| super::explain_fault(fault, list, before)).collect();
        if before.is_some_and(|before| list.seq <= before.seq || list.issued <= before.issued) {
            told.push(say!(
                "序号或签发时间不在上一份清单之后",
                "its number or its issue time does not follow the list before"
            ));
        }
        told
    }

    /// Files the list in this home, after a store has taken it.
    pub(crate) fn publish(&self, home: &Home) -> Result<PathBuf, Failure> {
        let path = home::numbered_path(&home.federation(), "trust", self.signed.list.seq);
        let refused =
            |why: Say| Failure::new(say!("无法发布互认清单", "the trust list cannot be published")).because(why);
        let (list, before) = (&self.signed.list, self.before.list());
        let explain = |error| refused(explain_list_error(error, Some(list), before));
        let object = self.signed.draft.assemble().map_err(|error| explain(error.into()))?;
        check_trust_list(list, self.before.store.as_ref(), &object).map_err(explain)?;
        home.make_within(&home.federation())?;
        files::create(&path, &object, files::Access::Shared)?;
        Ok(path)
    }
}
