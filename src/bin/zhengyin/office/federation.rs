//! The next trust list of the federation.

use super::known;
use super::province::Root;
use super::trust::{Changes, explain_fault, explain_list_error};
use crate::files::{self, Access};
use crate::home::{self, Home};
use crate::output::{Failure, Say, say};
use std::collections::BTreeMap;
use std::path::PathBuf;
use zhengyin::issue::{MultiDraft, Signer, TrustListError, draft_trust_list, list_faults, publish_trust_list};
use zhengyin::store::{HeldTrust, Store};
use zhengyin::suite::PublicKey;
use zhengyin::time::{Period, Timestamp};
use zhengyin::trust::{Anchor, Grace, History, ListSigner, Province, TrustList};

use super::directory::Terms;

const DAY: u64 = 86_400;

/// Seconds of grace after `next_update` that a first list grants, by risk class.
const GRACE: [(&str, Grace); 3] = [
    ("low", Grace { list: 60 * DAY, directory: 30 * DAY, status: 14 * DAY }),
    ("normal", Grace { list: 30 * DAY, directory: 14 * DAY, status: 7 * DAY }),
    ("high", Grace { list: 14 * DAY, directory: 3 * DAY, status: DAY }),
];

/// One who signs, and for whom.
pub(crate) struct ListKey {
    /// Needed where the key is not named in the list before.
    pub(crate) operator: Option<String>,
    pub(crate) key: Box<dyn Signer>,
}

/// What the person decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    /// The federation's name, for its first list.
    pub(crate) federation: Option<&'a str>,
    /// How many operators must sign what follows; for a first list all of them if nothing is said.
    pub(crate) threshold: Option<u64>,
    /// Operators who may sign what follows, with their keys; a known one gets another key.
    pub(crate) operators: &'a [(String, PublicKey)],
    /// Operators who may not any more.
    pub(crate) leaving: &'a [String],
    pub(crate) changes: Option<&'a Changes>,
    /// When the list is issued.
    pub(crate) now: Timestamp,
    pub(crate) terms: Terms,
}

/// A list that is ready to be signed.
#[derive(Clone, Debug)]
pub(crate) struct Next {
    pub(crate) list: TrustList,
    before: Option<Store>,
    path: PathBuf,
}

/// Drafts the next list: the one before with the provinces of these roots added or told anew, else the first.
pub(crate) fn next(home: &Home, wish: &Wish<'_>, roots: &[Root], keys: &[ListKey]) -> Result<Next, Failure> {
    let before = known::store(home)?.filter(|store| store.trust().is_some());
    let list = match before.as_ref().and_then(Store::trust).map(HeldTrust::list) {
        Some(list) => successor(list.clone(), wish, roots)?,
        None => first(home, wish, roots, keys)?,
    };
    let mut list = list;
    if let Some(changes) = wish.changes {
        let refused = || Failure::usage(say!("无法按 --changes 修改", "the changes cannot be made"));
        changes.apply(&mut list).map_err(|why| refused().because(why))?;
    }
    check_threshold(&list)?;
    let path = home::numbered_path(&home.federation(), "trust", list.seq);
    Ok(Next { list, before, path })
}

/// As many operators as the threshold demands must be there at all.
fn check_threshold(list: &TrustList) -> Result<(), Failure> {
    let mut operators: Vec<&str> = list.signers.iter().map(|signer| signer.operator.as_str()).collect();
    operators.sort_unstable();
    operators.dedup();
    let (threshold, count) = (list.threshold, operators.len());
    if threshold > 0 && u64::try_from(count).is_ok_and(|count| threshold <= count) {
        return Ok(());
    }
    Err(Failure::usage(say!(
        "门限 {threshold} 不在 1 至 {count}（签署者人数）之间",
        "the threshold {threshold} is not within 1 and {count}, the number of operators"
    ))
    .next(format!("zhengyin trust build … --threshold {count}")))
}

fn successor(mut list: TrustList, wish: &Wish<'_>, roots: &[Root]) -> Result<TrustList, Failure> {
    if let Some(name) = wish.federation.filter(|name| *name != list.federation) {
        let held = &list.federation;
        return Err(Failure::usage(say!(
            "现有清单属于 {held}，不是 {name}",
            "the list before is that of {held}, not of {name}"
        )));
    }
    for operator in wish.leaving {
        let known = list.signers.len();
        list.signers.retain(|signer| signer.operator != *operator);
        if list.signers.len() == known {
            return Err(Failure::usage(say!(
                "上一份清单没有签署者 {operator}",
                "the list before has no signer {operator}"
            )));
        }
    }
    for (operator, key) in wish.operators {
        list.signers.retain(|signer| signer.operator != *operator);
        list.signers.push(ListSigner::new(key, operator));
    }
    list.threshold = wish.threshold.unwrap_or(list.threshold);
    // What could not wait then is no reason now.
    list.emergency = None;
    list.seq = list.seq.saturating_add(1);
    list.issued = super::after(wish.now, Some(list.issued))?;
    (list.next_update, list.expires) = (wish.terms.next_update, wish.terms.expires);
    for root in roots {
        match list.provinces.get_mut(&root.facts.code) {
            None => {
                list.provinces.insert(root.facts.code, province(root, list.issued)?);
            }
            Some(held) => {
                (held.names, held.contact, held.test) = (root.facts.names(), root.facts.contact(), root.facts.test);
                if !held.anchors.iter().any(|anchor| anchor.certificate == root.certificate) {
                    held.anchors.push(anchor(root, list.issued)?);
                }
            }
        }
    }
    Ok(list)
}

fn first(home: &Home, wish: &Wish<'_>, roots: &[Root], keys: &[ListKey]) -> Result<TrustList, Failure> {
    let federation = wish.federation.ok_or_else(|| {
        Failure::usage(say!("第一份清单需要联邦的名称", "the first list needs the federation's name"))
            .next(home.command("trust build --federation NAME --signer OPERATOR=KEY"))
    })?;
    if roots.is_empty() {
        return Err(Failure::new(say!("没有省份可列入", "there is no province to be listed"))
            .next(home.command("authority init --help")));
    }
    let mut signers = Vec::new();
    for ListKey { operator, key } in keys {
        let operator = operator.clone().ok_or_else(|| {
            Failure::usage(say!("第一份清单需要签署者的名称", "the first list needs the name of who signs"))
                .next(home.command(&format!("trust build --federation {federation} --signer OPERATOR=KEY")))
        })?;
        signers.push(ListSigner::new(key.public_key(), &operator));
    }
    signers.extend(wish.operators.iter().map(|(operator, key)| ListSigner::new(key, operator)));
    let mut operators: Vec<&str> = signers.iter().map(|signer| signer.operator.as_str()).collect();
    operators.sort_unstable();
    operators.dedup();
    let threshold = wish.threshold.unwrap_or(u64::try_from(operators.len()).unwrap_or(u64::MAX));
    let mut provinces = BTreeMap::new();
    for root in roots {
        provinces.insert(root.facts.code, province(root, wish.now)?);
    }
    Ok(TrustList {
        federation: federation.to_owned(),
        seq: 1,
        issued: wish.now,
        next_update: wish.terms.next_update,
        expires: wish.terms.expires,
        signers,
        threshold,
        provinces,
        rules: Vec::new(),
        grace: GRACE.into_iter().map(|(class, grace)| (class.to_owned(), grace)).collect(),
        defects: Vec::new(),
        renames: Vec::new(),
        classes: BTreeMap::new(),
        emergency: None,
        sunsets: Vec::new(),
    })
}

fn province(root: &Root, listed: Timestamp) -> Result<Province, Failure> {
    Ok(Province {
        names: root.facts.names(),
        anchors: vec![anchor(root, listed)?],
        history: History::active_since(listed),
        contact: root.facts.contact(),
        test: root.facts.test,
        epoch: 0,
        min_seq: 0,
    })
}

/// An anchor vouches from when it is listed to when its certificate ends.
fn anchor(root: &Root, listed: Timestamp) -> Result<Anchor, Failure> {
    let validity = root.parsed()?.validity();
    let code = root.facts.code.as_str();
    let interval = Period::new(listed.seconds().max(validity.from()), validity.until()).ok_or_else(|| {
        Failure::new(say!("省份 {code} 的根证书已过期", "the certificate of the root of {code} has run out"))
    })?;
    Ok(Anchor {
        certificate: root.certificate.clone(),
        interval,
        uses: root.facts.uses.clone(),
        mandate: root.facts.mandate.clone(),
        history: History::active_since(listed),
        identifier: None,
    })
}

impl Next {
    /// The list before, if there is one.
    pub(crate) fn before(&self) -> Option<&TrustList> {
        self.before.as_ref().and_then(Store::trust).map(HeldTrust::list)
    }

    /// What is wrong with it.
    pub(crate) fn faults(&self) -> Vec<Say> {
        let faults = list_faults(&self.list, self.before());
        faults.into_iter().map(|fault| explain_fault(fault, &self.list, self.before())).collect()
    }

    /// A draft for others to sign, with the signatures of the keys that are at hand.
    pub(crate) fn draft(&self, keys: &[ListKey]) -> Result<MultiDraft, Failure> {
        let mut draft = draft_trust_list(&self.list).map_err(|error| self.refused(error))?;
        for ListKey { key, .. } in keys {
            draft.sign(key.as_ref()).map_err(|error| self.refused(error.into()))?;
        }
        Ok(draft)
    }

    /// Signs the list by all keys and files it, after a store has taken it.
    pub(crate) fn publish(&self, home: &Home, keys: &[ListKey]) -> Result<PathBuf, Failure> {
        let signers: Vec<&dyn Signer> = keys.iter().map(|key| key.key.as_ref()).collect();
        let object =
            publish_trust_list(&self.list, self.before.as_ref(), &signers).map_err(|error| self.refused(error))?;
        home.make_within(&home.federation())?;
        files::create(&self.path, &object, Access::Shared)?;
        Ok(self.path.clone())
    }

    fn refused(&self, error: TrustListError) -> Failure {
        Failure::new(say!("无法发布互认清单", "the trust list cannot be published")).because(explain_list_error(
            error,
            Some(&self.list),
            self.before(),
        ))
    }
}
