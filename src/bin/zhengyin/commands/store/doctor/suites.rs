//! The algorithms of what is held: those that the policy does not accept, and those that the federation stops signing by or relying on
//! (procedure.md §2.1).

use super::super::intake::name;
use super::examine::{APPLY, Finding, When, identify};
use crate::clock::local_text;
use crate::keys::suite_name;
use crate::output::{Say, say};
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::store::{Held, ObjectKind, Store};
use zhengyin::suite::{Algorithm, Footing};
use zhengyin::time::{Basis, Certainty, TimeWindow, Timestamp};
use zhengyin::trust::TrustList;

/// What is looked at, now and then.
pub(super) struct Suites<'s> {
    pub(super) store: &'s Store,
    pub(super) list: &'s TrustList,
    pub(super) policy: &'s Policy,
    pub(super) window: TimeWindow,
    pub(super) later: TimeWindow,
}

/// What is held that rests on one algorithm.
struct Resting<'s> {
    algorithm: Algorithm,
    /// Directories and status lists that are signed by it, each with the time at which it says it was.
    objects: Vec<(Held<'s>, Timestamp)>,
    /// Signers with keys of another algorithm whose certificates are signed by this one, in every way that there is.
    signers: usize,
}

impl Resting<'_> {
    fn is_none(&self) -> bool {
        self.objects.is_empty() && self.signers == 0
    }

    /// How much it is.
    fn told(&self) -> Say {
        let objects = self.objects.len();
        match self.signers {
            0 => say!("所持目录和清单 {objects} 份", "directories and lists held: {objects}"),
            signers => say!(
                "所持目录和清单 {objects} 份，其他算法的签发者 {signers} 名",
                "directories and lists held: {objects}; signers of another suite: {signers}"
            ),
        }
    }
}

impl<'s> Suites<'s> {
    pub(super) fn findings(&self, found: &mut Vec<Finding>) {
        for algorithm in Algorithm::ALL {
            let resting = self.resting(*algorithm);
            match self.policy.suites.contains(*algorithm) {
                true => self.ended(&resting, found),
                // Its end makes no difference then.
                false => found.extend(self.not_accepted(&resting)),
            }
        }
    }

    fn resting(&self, algorithm: Algorithm) -> Resting<'s> {
        let directories = self.store.directories().map(|held| (Held::Directory(held), held.footing()));
        let lists = self.store.statuses().map(|held| (Held::Status(held), held.footing()));
        let objects =
            directories.chain(lists).filter_map(|(held, footing)| Some((held, signed_by(footing, algorithm)?)));
        let signers = self.store.directories().flat_map(|held| held.signers());
        let certified = signers.filter(|signer| {
            let mut ways = signer.ways().peekable();
            let of_another = signer.key().algorithm() != algorithm && ways.peek().is_some();
            of_another && ways.all(|way| signed_by(way, algorithm).is_some())
        });
        Resting { algorithm, objects: objects.collect(), signers: certified.count() }
    }

    /// The policy asks for other signatures. Whoever chose it knows; where it leaves no province, he may not.
    fn not_accepted(&self, resting: &Resting<'_>) -> Option<Finding> {
        if resting.is_none() {
            return None;
        }
        let (suite, policy) = (suite_name(resting.algorithm), &self.policy.name);
        let Say { zh: what_zh, en: what_en } = resting.told();
        let accepted = |footing: Footing| footing.signatures().all(|(by, _)| self.policy.suites.contains(by));
        let is_any_left = self.store.directories().any(|held| accepted(held.footing()));
        let text = say!(
            "策略 {policy} 不采信 {suite} 签名：凡依赖它的都无法判定（{what_zh}）",
            "The policy {policy} does not accept {suite}: what rests on it is undetermined ({what_en})"
        );
        let when = if is_any_left { When::Never } else { When::Now };
        Some(Finding { when, reason: Reason::IssuerPathNotAccepted, of: None, text, next: None })
    }

    /// The federation's word on an algorithm.
    fn ended(&self, resting: &Resting<'_>, found: &mut Vec<Finding>) {
        let suite = suite_name(resting.algorithm);
        let Say { zh: what_zh, en: what_en } = resting.told();
        if let Some(until) = self.list.relied_on_until(resting.algorithm) {
            let at = local_text(until);
            let about = |when, text| Finding { when, reason: Reason::IssuerPathRetired, of: None, text, next: None };
            if self.is_reached(until, self.window) {
                let text = say!(
                    "自 {at} 起不再采信 {suite} 签名（{what_zh}）",
                    "Nothing signed with {suite} is relied on since {at} +08:00 ({what_en})"
                );
                // Where only credentials of long ago are left, that is what was meant.
                let (when, next) =
                    if resting.is_none() { (When::Never, None) } else { (When::Now, Some(APPLY.to_owned())) };
                found.push(Finding { next, ..about(when, text) });
                return;
            }
            if self.is_reached(until, self.later) {
                let text = say!(
                    "{suite} 签名只采信至 {at}（{what_zh}）：届时以它签发的证照无法判定",
                    "What is signed with {suite} is relied on until {at} +08:00 ({what_en}): licenses too are undetermined then"
                );
                found.push(about(When::At(until), text));
            }
        }
        let ends = self.list.sunsets_of(resting.algorithm).map(|sunset| sunset.signed_until).min();
        let Some(ends) = ends else { return };
        let at = local_text(ends);
        for (held, _) in resting.objects.iter().filter(|(_, signed_at)| *signed_at >= ends) {
            let (kind, of, seq) = identify(*held);
            let (zh, en) = (name(kind).zh, name(kind).en);
            let text = say!(
                "{of} {zh} #{seq} 以 {suite} 签名，而自 {at} 起不得再用：不能证明任何证照有效",
                "The {en} #{seq} of {of} was signed with {suite} when nobody was to, from {at} +08:00 on: it shows no license to be in force"
            );
            let reason = match kind {
                ObjectKind::StatusList => Reason::StatusSuiteEnded,
                _ => Reason::IssuerPathEnded,
            };
            found.push(Finding { when: When::Now, reason, of: Some((kind, of)), text, next: Some(APPLY.to_owned()) });
        }
        let is_soon = !self.is_reached(ends, self.window) && self.is_reached(ends, self.later);
        if is_soon && !resting.is_none() {
            let text = say!(
                "自 {at} 起不再以 {suite} 签名：此后的目录和清单须以其他算法签名（{what_zh}）",
                "Nobody signs with {suite} from {at} +08:00 on: directories and lists of later must bear another suite ({what_en})"
            );
            found.push(Finding { when: When::Never, reason: Reason::IssuerPathEnded, of: None, text, next: None });
        }
    }

    /// What is wrong with the clock is told by itself.
    fn is_reached(&self, at: Timestamp, window: TimeWindow) -> bool {
        match window.reached(at.seconds()) {
            Certainty::Yes => true,
            Certainty::Depends => window.basis() == Basis::Clock,
            Certainty::No => false,
        }
    }
}

/// When a signature by that algorithm claims to have been made, if there is one.
fn signed_by(footing: Footing, algorithm: Algorithm) -> Option<Timestamp> {
    footing.signatures().find(|(by, _)| *by == algorithm).map(|(_, at)| at)
}
