//! Group `sequence`: forks, numbers that disagree with times, provinces and anchors that fall and return, what is too early or too late.

use zhengyin::reason::Reason;
use zhengyin::trust::{HistoryEntry, HistoryState, Mandate};
use zhengyin::verify::Step;
use zhengyin::x509::Use;

use super::case::{Cases, ISSUER, title};
use super::reissues::{relisted, republished};
use super::scene::scene;
use super::sequences::{Says, Tale, UNLISTED, UNSTATED, composed};
use super::stories::next;
use super::thieves::directory;
use super::world::{DAY, HOUR, Issued, prefix};

pub(crate) fn all(cases: &mut Cases) {
    forks(cases);
    mixed_orders(cases);
    falls(cases);
    departures(cases);
    futures(cases);
    expiries(cases);
}

const GONE: Says = UNLISTED;
const WITHDRAWN: Says = Says::For(Step::Issuer, Reason::IssuerAnchorWithdrawn);
const CONTRADICTED: Says = Says::For(Step::Issuer, Reason::IssuerEquivocation);

fn forks(cases: &mut Cases) {
    let (first, license) = scene();
    let second = next(&first, |_| ());
    let fork = next(&first, |list| list.next_update = list.next_update.saturating_add(1));
    let third = next(&second, |_| ());
    let held = || Tale::holding(&first, &license);
    cases.tale(
        title(
            "trust-fork-of-the-held-list-until-the-next",
            "所持清单出现同号异文：无法判定，直至更新的清单到来",
            "Another list of the held number makes it undetermined, until a newer list is held",
        ),
        &held()
            .takes(second.trust_object(), Says::Valid)
            .proves(fork.trust_object(), Reason::StoreEquivocation, CONTRADICTED)
            .refuses(first.trust_object(), Reason::StoreRolledBack, CONTRADICTED)
            .takes(third.trust_object(), Says::Valid),
    );
    cases.tale(
        title(
            "trust-fork-of-a-list-that-was-passed",
            "已越过的清单出现同号异文：留证，结论不变",
            "Another list of a number that was passed is kept as proof and changes no verdict",
        ),
        &held().takes(second.trust_object(), Says::Valid).takes(third.trust_object(), Says::Valid).proves(
            fork.trust_object(),
            Reason::StoreEquivocation,
            Says::Valid,
        ),
    );
    let mut planted = fork.clone();
    planted.operators = vec!["stranger".into()];
    cases.tale(
        title(
            "trust-fork-by-a-stranger",
            "陌生人的同号异文：拒绝，不留证，结论不变",
            "A fork by a stranger is refused, is no proof, and changes nothing",
        ),
        &held().takes(second.trust_object(), Says::Valid).refuses(
            planted.trust_object(),
            Reason::StoreUnauthorised,
            Says::Valid,
        ),
    );
    let other = republished(&first, |world| world.directory("99").complete = false);
    let newer = republished(&first, |world| {
        let (seq, issued) = (3, world.time(-HOUR / 4));
        (world.directory("99").seq, world.directory("99").issued) = (seq, issued);
    });
    let one = republished(&first, |_| ());
    cases.tale(
        title(
            "trust-directory-fork-until-the-next",
            "目录同号异文：无法判定，直至更新的目录到来",
            "Two directories of one number make it undetermined, until a newer one is held",
        ),
        &held()
            .takes(one.directory_object("99"), Says::Valid)
            .proves(other.directory_object("99"), Reason::StoreEquivocation, CONTRADICTED)
            .takes(newer.directory_object("99"), Says::Valid),
    );
    let relist = |seq: u64, seconds: i64, length: u32| {
        relisted(&first, |world| {
            let issued = world.time(seconds);
            let facts = &mut world.list(ISSUER).facts;
            (facts.seq, facts.issued, facts.length) = (seq, issued, length);
        })
        .status_object(ISSUER)
    };
    cases.tale(
        title(
            "trust-status-list-fork-until-the-next",
            "吊销清单同号异文：无法判定，直至更新的清单到来",
            "Two status lists of one number make it undetermined, until a newer one is held",
        ),
        &held()
            .takes(relist(2, -HOUR / 2, 4), Says::Valid)
            .proves(
                relist(2, -HOUR / 2, 5),
                Reason::StoreEquivocation,
                Says::For(Step::Status, Reason::IssuerEquivocation),
            )
            .takes(relist(3, -HOUR / 4, 5), Says::Valid),
    );
    let usurped = {
        let mut world = next(&first, |_| ());
        world.operators = vec!["operator 1".into(), "operator 7".into()];
        world.trust.signers[0].key = super::world::key("operator 7").public_key().clone().into();
        world
    };
    let branch = next(&next(&first, |_| ()), |_| ());
    cases.tale(
        title(
            "trust-branch-by-those-who-handed-over",
            "已交接者另立分支：拒绝并留证，结论不变",
            "A branch by those who had handed over is refused, kept as proof, and changes no verdict",
        ),
        &held()
            .takes(usurped.trust_object(), Says::Valid)
            .proves(branch.trust_object(), Reason::StoreForked, Says::Valid)
            .takes(
                {
                    let mut world = next(&usurped, |_| ());
                    world.operators = vec!["operator 7".into()];
                    world.trust_object()
                },
                Says::Valid,
            ),
    );
}

/// Number and time must agree: two publishers who do not know of each other, or one who was rolled back himself, are told.
fn mixed_orders(cases: &mut Cases) {
    let (first, license) = scene();
    let held = || Tale::holding(&first, &license);
    let list = |seq: u64, seconds: i64| {
        next(&first, |list| (list.seq, list.issued) = (seq, first.time(seconds))).trust_object()
    };
    let directory = |seq: u64, seconds: i64| {
        republished(&first, |world| {
            let issued = world.time(seconds);
            (world.directory("99").seq, world.directory("99").issued) = (seq, issued);
        })
        .directory_object("99")
    };
    let status = |seq: u64, seconds: i64| {
        relisted(&first, |world| {
            let issued = world.time(seconds);
            let facts = &mut world.list(ISSUER).facts;
            (facts.seq, facts.issued) = (seq, issued);
        })
        .status_object(ISSUER)
    };
    type Made<'m> = &'m dyn Fn(u64, i64) -> Vec<u8>;
    let kinds: [(&str, &str, &str, Made<'_>); 3] = [
        ("list", "互认清单", "trust list", &list),
        ("directory", "目录", "directory", &directory),
        ("status-list", "吊销清单", "status list", &status),
    ];
    for (kind, zh, en, made) in kinds {
        let said = |name: &str, zh_end: &str, en_end: &str| {
            composed(format!("trust-{kind}-{name}"), format!("{zh}{zh_end}"), format!("A {en} {en_end}"))
        };
        cases.tale(
            said(
                "of-a-lower-number-and-earlier",
                "序号更低且更早：回退，拒绝",
                "of a lower number that is earlier is an old one",
            ),
            &held().takes(made(9, -HOUR / 2), Says::Valid).refuses(
                made(5, -2 * HOUR / 3),
                Reason::StoreRolledBack,
                Says::Valid,
            ),
        );
        cases.tale(
            said(
                "of-a-lower-number-and-later",
                "序号更低而签发更晚：拒绝并留证",
                "of a lower number that is later is refused for that, and kept as proof",
            ),
            &held()
                .takes(made(9, -HOUR / 2), Says::Valid)
                .proves(made(5, -HOUR / 4), Reason::StoreNumberFell, Says::Valid)
                .takes(made(10, -HOUR / 8), Says::Valid),
        );
        cases.tale(
            said(
                "of-a-higher-number-and-not-later",
                "序号更高而签发不更晚：拒绝并留证",
                "of a higher number that is not later is refused and kept as proof",
            ),
            &held()
                .takes(made(9, -HOUR / 2), Says::Valid)
                .proves(made(10, -HOUR / 2), Reason::StoreNotLater, Says::Valid)
                .takes(made(11, -HOUR / 4), Says::Valid),
        );
    }
}

const fn entry(state: HistoryState, from: zhengyin::time::Timestamp) -> HistoryEntry {
    HistoryEntry { state, from, compromised_since: None, log_head: None }
}

/// What becomes of the province or its anchor, and being taken back in.
fn falls(cases: &mut Cases) {
    let (first, license) = scene();
    let fate = |of_anchor: bool, states: &[(HistoryState, i64)]| {
        let mut world = next(&first, |_| ());
        world.trust.seq += u64::try_from(states.len()).unwrap();
        world.trust.issued = world.time(-HOUR + 60 * i64::try_from(states.len()).unwrap());
        for (state, seconds) in states {
            let at = world.time(*seconds);
            let province = world.province("99");
            let history = if of_anchor { &mut province.anchors[0].history } else { &mut province.history };
            assert!(history.append(entry(*state, at)));
        }
        world.trust_object()
    };
    let states = [
        (HistoryState::Retired, "retired", "停用", "retired"),
        (HistoryState::Withdrawn, "withdrawn", "撤回", "withdrawn"),
        (HistoryState::Compromised, "compromised", "失密", "compromised"),
    ];
    for (state, name, zh, en) in states {
        let says = if state == HistoryState::Retired { Says::Valid } else { WITHDRAWN };
        let title = |of: &str, zh_of: &str, en_of: &str, zh_end: &str, en_end: &str| {
            composed(
                format!("trust-{of}-{name}-and-back"),
                format!("{zh_of}{zh}，其后恢复：{zh_end}"),
                format!("{en_of} is {en}, and taken back in later: {en_end}"),
            )
        };
        let (zh_end, en_end) = match state {
            HistoryState::Retired => ("始终有效", "valid throughout"),
            HistoryState::Withdrawn | HistoryState::Active => ("其间无法判定", "undetermined in between"),
            HistoryState::Compromised => {
                ("其间无法判定；密钥失密不可恢复", "undetermined; a key that was compromised is never good again")
            }
        };
        let back = [(state, -HOUR / 4), (HistoryState::Active, -HOUR / 8)];
        cases.tale(
            title("province", "省份", "The province", zh_end, en_end),
            &Tale::holding(&first, &license)
                .takes(fate(false, &back[..1]), says)
                .takes(fate(false, &back), Says::Valid),
        );
        let again = if state == HistoryState::Compromised { WITHDRAWN } else { Says::Valid };
        cases.tale(
            title("anchor", "信任锚", "The anchor", zh_end, en_end),
            &Tale::holding(&first, &license).takes(fate(true, &back[..1]), says).takes(fate(true, &back), again),
        );
    }
    let earlier = fate(true, &[(HistoryState::Withdrawn, -2 * HOUR)]);
    cases.tale(
        title(
            "trust-anchor-withdrawn-before-it-signed-the-directory",
            "信任锚在签署目录之前已撤回：目录搁置，恢复后仍在",
            "An anchor that had been withdrawn when it signed: its directory is set aside, and is there again with the anchor",
        ),
        &Tale::holding(&first, &license).takes(earlier, GONE).takes(
            fate(true, &[(HistoryState::Withdrawn, -3 * HOUR), (HistoryState::Active, -2 * HOUR)]),
            Says::Valid,
        ),
    );
    let mut narrowed = next(&first, |_| ());
    narrowed.province("99").anchors[0].mandate =
        Mandate { regions: vec![prefix("9902")], types: None, authorities: None };
    let widened = next(&narrowed, |list| {
        list.provinces.get_mut(&prefix("99")).unwrap().anchors[0].mandate.regions = vec![prefix("99")];
    });
    cases.tale(
        title(
            "trust-anchor-mandate-narrowed-and-widened",
            "信任锚的授权收窄：越权；恢复后有效",
            "An anchor's mandate is narrowed, and what lies outside is refused; widened again it is valid",
        ),
        &Tale::holding(&first, &license)
            .takes(narrowed.trust_object(), Says::For(Step::Issuer, Reason::CertificateMandate))
            .takes(widened.trust_object(), Says::Valid),
    );
}

fn departures(cases: &mut Cases) {
    let (first, license) = scene();
    let left = next(&first, |list| drop(list.provinces.remove(&prefix("99"))));
    let back = next(&left, |list| {
        list.provinces.insert(prefix("99"), first.trust.provinces[&prefix("99")].clone());
    });
    let older = republished(&first, |world| world.directory("99").seq = 1);
    cases.tale(
        title(
            "trust-province-leaves-and-returns",
            "省份退出后目录搁置，重新加入后即可用，期间不得回退",
            "A province leaves, and its directory is set aside; it returns, and the directory is there again",
        ),
        &Tale::holding(&first, &license)
            .takes(left.trust_object(), Says::For(Step::Issuer, Reason::IssuerUnknown))
            .refuses(
                older.directory_object("99"),
                Reason::StoreUnauthorised,
                Says::For(Step::Issuer, Reason::IssuerUnknown),
            )
            .takes(back.trust_object(), Says::Valid),
    );
    let fallen = {
        let mut world = first.clone();
        let since = world.time(-30 * DAY);
        world.befall(ISSUER, Use::License, HistoryState::Compromised, since, None);
        world
    };
    let mut claimed = fallen.clone();
    let mut copy = first.clone().entry(ISSUER, Use::License).clone();
    copy.mandate = Mandate { regions: vec![prefix("98")], types: None, authorities: None };
    claimed.directory("98").issuers.push(copy);
    let compromised = Says::For(Step::Issuer, Reason::IssuerCompromised);
    cases.tale(
        title(
            "trust-another-province-lists-a-compromised-key",
            "别的省份把已失密的密钥列入自己的目录：判断依据不变",
            "Another province lists a key that its own calls compromised: the ground stays that of its own",
        ),
        &Tale::listed(&fallen, &license)
            .takes(fallen.directory_object("99"), compromised)
            .takes(fallen.status_object(ISSUER), compromised)
            .takes(claimed.directory_object("98"), compromised),
    );
    let neighbour = next(&first, |list| drop(list.provinces.remove(&prefix("98"))));
    cases.tale(
        title(
            "trust-another-province-leaves",
            "别的省份退出：本省证照的结论不变",
            "Another province leaves: nothing changes for the licenses of this one",
        ),
        &Tale::holding(&first, &license)
            .takes(first.directory_object("98"), Says::Valid)
            .takes(neighbour.trust_object(), Says::Valid)
            .refuses(first.directory_object("98"), Reason::StoreUnauthorised, Says::Valid),
    );
}

/// From the future now, and taken when their time has come.
fn futures(cases: &mut Cases) {
    let (first, license) = scene();
    let list = next(&first, |list| list.issued = first.time(HOUR)).trust_object();
    let coming = directory(&first, (0, 2), HOUR, |_| ());
    let status = relisted(&first, |world| {
        let issued = world.time(HOUR);
        world.list(ISSUER).facts.issued = issued;
    });
    let kinds = [
        ("list", "互认清单", "trust list", list),
        ("directory", "目录", "directory", coming),
        ("status-list", "吊销清单", "status list", status.status_object(ISSUER)),
    ];
    for (kind, zh, en, object) in kinds {
        let title = composed(
            format!("trust-{kind}-from-the-future-comes-of-age"),
            format!("来自将来的{zh}：先拒绝，到时收下"),
            format!("A {en} from the future is refused, and taken when its time has come"),
        );
        let tale = Tale::holding(&first, &license)
            .refuses(object.clone(), Reason::StoreFuture, Says::Valid)
            .at(HOUR - 301)
            .refuses(object.clone(), Reason::StoreFuture, Says::Valid)
            .at(HOUR - 300)
            .takes(object, Says::Valid);
        cases.tale(title, &tale);
    }
}

/// What has expired brings nothing, but for a trust list, which is a step to the next.
fn expiries(cases: &mut Cases) {
    let (first, license) = scene();
    let expired = |license: &Issued| {
        Tale::listed(&first, license).at(30 * DAY).refuses(first.directory_object("99"), Reason::StoreExpired, UNLISTED)
    };
    let fresh = {
        let mut world = first.clone();
        let (issued, due, ends) = (world.time(30 * DAY), world.time(40 * DAY), world.time(60 * DAY));
        let directory = world.directory("99");
        (directory.seq, directory.issued, directory.next_update, directory.expires) = (2, issued, due, ends);
        let facts = &mut world.list(ISSUER).facts;
        (facts.seq, facts.issued, facts.next_update) = (2, issued, due);
        world
    };
    cases.tale(
        title(
            "trust-directory-that-expired-is-refused",
            "已失效的目录：拒绝；有效的收下",
            "A directory that has expired is refused, a fresh one taken",
        ),
        &expired(&license)
            .takes(fresh.directory_object("99"), UNSTATED)
            .takes(fresh.status_object(ISSUER), Says::Valid),
    );
    cases.tale(
        title(
            "trust-directory-in-its-last-second-is-taken",
            "失效前最后一秒到来的目录：收下，但已过更新期",
            "A directory in its last second is taken; it is overdue all the same",
        ),
        &Tale::listed(&first, &license)
            .at(30 * DAY - 1)
            .takes(first.directory_object("99"), Says::For(Step::Issuer, Reason::IssuerDirectoryStale)),
    );
    cases.tale(
        title(
            "trust-clock-far-ahead-takes-nothing-expired",
            "时钟快十年：拒收已失效的目录，校准后收下",
            "A clock ten years ahead refuses the directory as expired; set right, it takes it",
        ),
        &Tale::listed(&first, &license)
            .waits(3_650 * DAY, Says::For(Step::Issuer, Reason::IssuerTrustExpired))
            .refuses(
                first.directory_object("99"),
                Reason::StoreExpired,
                Says::For(Step::Issuer, Reason::IssuerTrustExpired),
            )
            .at(0)
            .takes(first.directory_object("99"), UNSTATED)
            .takes(first.status_object(ISSUER), Says::Valid),
    );
}
