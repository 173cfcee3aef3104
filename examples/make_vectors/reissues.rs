//! Group `store`, directories and status lists that follow each other, or do not.

use zhengyin::reason::Reason;
use zhengyin::status::{LicenseHistory, State};
use zhengyin::trust::Minimum;
use zhengyin::x509::Use;

use super::case::{Cases, ISSUER, title};
use super::scene::{HOUSING, scene};
use super::stores::Story;
use super::stories::next;
use super::world::{DAY, HOUR, World, anchor_key, code, data, license_key, prefix, status_key};

pub(crate) fn all(cases: &mut Cases) {
    directories(cases);
    epochs(cases);
    status_lists(cases);
    irreversible(cases);
    status_signers(cases);
}

/// The world with a later directory of province 99.
pub(crate) fn republished(world: &World, change: impl FnOnce(&mut World)) -> World {
    let mut world = world.clone();
    let issued = world.time(-HOUR / 2);
    let directory = world.directory("99");
    (directory.seq, directory.issued) = (directory.seq + 1, issued);
    change(&mut world);
    world
}

fn directories(cases: &mut Cases) {
    let (world, _) = scene();
    let first = world.directory_object("99");
    let second = republished(&world, |_| ()).directory_object("99");
    let base = || Story::trusting(&world).takes(first.clone()).directory(1).floor(-HOUR);
    let advanced = || base().takes(second.clone()).directory(2).floor(-HOUR / 2);
    cases.story(
        title("directory-older-is-refused", "较旧的目录：拒绝回退", "A newer directory is taken, an older one refused"),
        &advanced().refuses(first.clone(), Reason::StoreRolledBack),
    );
    let changed = |change: &dyn Fn(&mut World)| republished(&world, change).directory_object("99");
    cases.story(
        title(
            "directory-forked-is-refused-and-kept-as-proof",
            "同号异文的目录：拒绝并留证",
            "Another directory of the same number is refused and kept as proof",
        ),
        &advanced().keeps_as_proof(changed(&|world| world.directory("99").complete = false), Reason::StoreEquivocation),
    );
    let stalled = changed(&|world| {
        let issued = world.time(-HOUR);
        world.directory("99").issued = issued;
    });
    cases.story(
        title(
            "directory-of-a-higher-number-but-not-later-is-refused",
            "序号更高而签发时间不更晚的目录：拒绝并留证",
            "A directory of a higher number that is not later is refused",
        ),
        &base().keeps_as_proof(stalled, Reason::StoreNotLater),
    );
    let forgetful = changed(&|world| drop(world.directory("99").issuers.pop()));
    cases.story(
        title(
            "directory-that-forgets-an-entry-is-refused-and-kept-as-proof",
            "新目录删去了上一份的条目：拒绝并留证",
            "A directory that drops an entry of the one before is refused and kept as proof",
        ),
        &base().keeps_as_proof(forgetful, Reason::StoreHistoryRewritten),
    );
    let future = changed(&|world| {
        let issued = world.time(301);
        world.directory("99").issued = issued;
    });
    cases.story(
        title("directory-from-the-future-is-refused", "来自将来的目录：拒绝", "A directory from the future is refused"),
        &base().refuses(future, Reason::StoreFuture),
    );
    let by = |name: &str| {
        let name = name.to_owned();
        changed(&move |world| {
            world.directory_keys.insert(prefix("99"), name.clone());
        })
    };
    cases.story(
        title(
            "directory-not-signed-by-its-anchor-is-refused",
            "不是本省信任锚签的目录：拒绝",
            "A directory that an anchor of its own province did not sign is refused",
        ),
        &base()
            .refuses(by(&anchor_key("98")), Reason::StoreUnauthorised)
            .refuses(by(&license_key(ISSUER)), Reason::StoreUnauthorised)
            .refuses(by("stranger"), Reason::StoreUnauthorised),
    );
    let mut foreign = world.clone();
    let mut directory = foreign.directories[&prefix("99")].clone();
    directory.province = prefix("95");
    foreign.directories.insert(prefix("95"), directory);
    foreign.directory_keys.insert(prefix("95"), anchor_key("99"));
    cases.story(
        title(
            "directory-of-a-province-that-is-not-listed-is-refused",
            "清单之外的省份的目录：拒绝",
            "A directory of a province that the trust list does not name is refused",
        ),
        &base().refuses(foreign.directory_object("95"), Reason::StoreUnauthorised),
    );
    let twice = changed(&|world| {
        let mut renamed = data::authority(ISSUER);
        renamed.name = "同一密钥的另一证书".into();
        world.enrol("99", &renamed, Use::License, &license_key(ISSUER));
    });
    cases.story(
        title(
            "directory-with-a-key-twice-is-refused",
            "同一密钥出现在两张证书中：拒绝",
            "A directory in which a key stands twice, in different certificates, is refused",
        ),
        &base().refuses(twice, Reason::EncodingClaims),
    );
}

fn epochs(cases: &mut Cases) {
    let (world, _) = scene();
    let thief = republished(&world, |world| world.directory("99").seq = u64::try_from(i64::MAX).unwrap());
    let mut raised = next(&world, |_| ());
    raised.province("99").epoch = 1;
    let fresh = |epoch: u64, seq: u64| {
        let mut world = world.clone();
        let directory = world.directory("99");
        (directory.epoch, directory.seq) = (epoch, seq);
        world.directory_object("99")
    };
    cases.story(
        title(
            "directory-epoch-raised-undoes-a-maximal-number",
            "盗用密钥发布极大序号：提高纪元即可恢复",
            "A raised epoch undoes a directory of maximal number that a thief published",
        ),
        &Story::trusting(&world)
            .takes(thief.directory_object("99"))
            .refuses(fresh(1, 1), Reason::StoreEpoch)
            .takes(raised.trust_object())
            .refuses(thief.directory_object("99"), Reason::StoreEpoch)
            .takes(fresh(1, 1))
            .trust_list(2)
            .directory(1)
            .floor(-HOUR),
    );
    let mut least = world.clone();
    least.province("99").min_seq = 5;
    cases.story(
        title(
            "directory-below-the-least-number-is-refused",
            "低于互认清单所定最低序号的目录：拒绝，新装终端也不受旧对象所骗",
            "A directory below the least number that the trust list states is refused, by a new verifier too",
        ),
        &Story::trusting(&least).refuses(fresh(0, 4), Reason::StoreEpoch).takes(fresh(0, 5)).directory(5).floor(-HOUR),
    );
    let mut gone = next(&world, |_| ());
    gone.trust.provinces.remove(&prefix("99"));
    cases.story(
        title(
            "directory-of-a-province-that-left-is-dropped",
            "退出联邦的省份：其目录不再持有",
            "When a province leaves the trust list its directory is not held any more",
        ),
        &Story::trusting(&world)
            .takes(world.directory_object("99"))
            .takes(gone.trust_object())
            .trust_list(2)
            .no_directory()
            .floor(-5 * DAY + HOUR),
    );
}

/// The world with a later status list of the issuer.
pub(crate) fn relisted(world: &World, change: impl FnOnce(&mut World)) -> World {
    let mut world = world.clone();
    let issued = world.time(-HOUR / 2);
    let facts = &mut world.list(ISSUER).facts;
    (facts.seq, facts.issued) = (facts.seq + 1, issued);
    change(&mut world);
    world
}

fn status_lists(cases: &mut Cases) {
    let (world, license) = scene();
    let first = world.status_object(ISSUER);
    let changed = |change: &dyn Fn(&mut World)| relisted(&world, change).status_object(ISSUER);
    let advanced = || Story::holding(&world).takes(changed(&|_| ())).status_list(2).floor(-HOUR / 2);
    cases.story(
        title(
            "status-list-older-is-refused",
            "较旧的吊销清单：拒绝回退",
            "A newer status list is taken, an older one refused",
        ),
        &advanced().refuses(first, Reason::StoreRolledBack),
    );
    cases.story(
        title(
            "status-list-forked-is-refused-and-kept-as-proof",
            "同号异文的吊销清单：拒绝并留证",
            "Another status list of the same number is refused and kept as proof",
        ),
        &advanced()
            .keeps_as_proof(changed(&|world| world.set_state(&license, State::Revoked)), Reason::StoreEquivocation),
    );
    let stalled = changed(&|world| {
        let issued = world.time(-HOUR);
        world.list(ISSUER).facts.issued = issued;
    });
    cases.story(
        title(
            "status-list-of-a-higher-number-but-not-later-is-refused",
            "序号更高而签发时间不更晚的吊销清单：拒绝并留证",
            "A status list of a higher number that is not later is refused",
        ),
        &Story::holding(&world).keeps_as_proof(stalled, Reason::StoreNotLater),
    );
    let future = changed(&|world| {
        let issued = world.time(301);
        world.list(ISSUER).facts.issued = issued;
    });
    cases.story(
        title(
            "status-list-from-the-future-is-refused",
            "来自将来的吊销清单：拒绝",
            "A status list from the future is refused",
        ),
        &Story::holding(&world).refuses(future, Reason::StoreFuture),
    );
    let mut longer = world.clone();
    let others: Vec<_> = (0..2).map(|_| longer.issue("business-license")).collect();
    let [listed, other] = [&others[0], &others[1]].map(|revoked| {
        let mut world = longer.clone();
        world.set_state(revoked, State::Revoked);
        relisted(&world, |_| ()).status_object(ISSUER)
    });
    // The header of one with the body of the other, which is as long.
    let body = zhengyin::status::StatusList::parse(&other).unwrap().body_bytes().to_vec();
    let swapped = [&listed[..listed.len() - body.len()], &body].concat();
    cases.story(
        title(
            "status-list-with-another-body-is-refused",
            "清单正文被替换：与签名的根不符，拒绝",
            "A body that is not the one that the signed root covers is refused",
        ),
        &Story::holding(&world)
            .refuses(swapped, Reason::StatusListRefused)
            .takes(listed)
            .status_list(2)
            .floor(-HOUR / 2),
    );
}

fn irreversible(cases: &mut Cases) {
    let (world, license) = scene();
    let mut revoked = world.clone();
    revoked.set_state(&license, State::Revoked);
    let cleared = relisted(&revoked, |world| world.list(ISSUER).states.clear()).status_object(ISSUER);
    cases.story(
        title(
            "status-list-that-clears-a-revocation-is-refused-and-kept-as-proof",
            "新清单清除了吊销：拒绝并留证",
            "A list that clears an irreversible state is refused and kept as proof",
        ),
        &Story::holding(&revoked).keeps_as_proof(cleared, Reason::StatusResurrected),
    );
    let softened = relisted(&revoked, |world| world.set_state(&license, State::Suspended)).status_object(ISSUER);
    cases.story(
        title(
            "status-list-that-softens-a-revocation-is-refused-and-kept-as-proof",
            "新清单把吊销改为暂扣：拒绝并留证",
            "A list that turns a revocation into a suspension is refused and kept as proof",
        ),
        &Story::holding(&revoked).keeps_as_proof(softened, Reason::StatusResurrected),
    );
    for (state, title) in [
        (
            State::Superseded,
            title(
                "status-list-that-clears-a-succession-is-refused-and-kept-as-proof",
                "新清单清除了变更换发：拒绝并留证",
                "A list in which a superseded license is in force again is refused and kept as proof",
            ),
        ),
        (
            State::Cancelled,
            title(
                "status-list-that-clears-a-cancellation-is-refused-and-kept-as-proof",
                "新清单清除了注销：拒绝并留证",
                "A list in which a cancelled license is in force again is refused and kept as proof",
            ),
        ),
        (
            State::Withdrawn,
            title(
                "status-list-that-clears-a-withdrawal-is-refused-and-kept-as-proof",
                "新清单清除了撤销：拒绝并留证",
                "A list in which a withdrawn license is in force again is refused and kept as proof",
            ),
        ),
        (
            State::Void,
            title(
                "status-list-that-fills-a-void-position-is-refused-and-kept-as-proof",
                "新清单启用了作废的序号：拒绝并留证",
                "A list in which a void position is in force is refused and kept as proof: no license was ever issued there",
            ),
        ),
    ] {
        let mut held = world.clone();
        held.set_state(&license, state);
        let cleared = relisted(&held, |world| world.list(ISSUER).states.clear()).status_object(ISSUER);
        cases.story(title, &Story::holding(&held).keeps_as_proof(cleared, Reason::StatusResurrected));
    }
    let mut detailed = revoked.clone();
    detailed.set_history(&license, LicenseHistory::of(State::Revoked, None));
    let detailed = relisted(&detailed, |_| ());
    let cleared = relisted(&detailed, |world| {
        let later = world.time(-HOUR / 4);
        world.list(ISSUER).facts.issued = later;
        world.list(ISSUER).states.clear();
        world.set_history(&license, LicenseHistory::IN_FORCE);
    });
    cases.story(
        title(
            "status-list-with-details-that-clears-a-revocation-is-refused-and-kept-as-proof",
            "清单带详情：先收下，其后清除吊销的拒绝并留证",
            "A list may come to have details, and clears no revocation with them either",
        ),
        &Story::holding(&revoked)
            .takes(detailed.status_object(ISSUER))
            .status_list(2)
            .floor(-HOUR / 2)
            .keeps_as_proof(cleared.status_object(ISSUER), Reason::StatusResurrected),
    );
    let worse = relisted(&revoked, |world| world.set_state(&license, State::Cancelled)).status_object(ISSUER);
    cases.story(
        title(
            "status-list-with-another-irreversible-state-is-taken",
            "不可逆状态之间可以变更：收下",
            "One irreversible state may follow another",
        ),
        &Story::holding(&revoked).takes(worse).status_list(2).floor(-HOUR / 2),
    );
    let mut suspended = world.clone();
    suspended.set_state(&license, State::Suspended);
    let lifted = relisted(&suspended, |world| world.list(ISSUER).states.clear()).status_object(ISSUER);
    cases.story(
        title("status-list-that-lifts-a-suspension-is-taken", "解除暂扣：收下", "A suspension may be lifted"),
        &Story::holding(&suspended).takes(lifted).status_list(2).floor(-HOUR / 2),
    );
    let minimum = |epoch: u64, min_seq: u64| {
        republished(&revoked, |world| {
            let stated = vec![Minimum { list: 1, epoch, min_seq }];
            world.directory("99").minimums.insert(code(ISSUER), stated);
        })
    };
    let anew = |epoch: u64, seq: u64| {
        let mut world = world.clone();
        let facts = &mut world.list(ISSUER).facts;
        (facts.epoch, facts.seq) = (epoch, seq);
        world.status_object(ISSUER)
    };
    cases.story(
        title(
            "status-list-epoch-raised-begins-anew",
            "目录提高清单纪元：旧清单不再持有，新纪元重新开始",
            "A raised epoch drops the list that is held; an irreversible state binds within its epoch",
        ),
        &Story::holding(&revoked)
            .refuses(anew(1, 1), Reason::StoreEpoch)
            .takes(minimum(1, 0).directory_object("99"))
            .takes(anew(1, 1))
            .refuses(anew(0, 9), Reason::StoreEpoch)
            .directory(2)
            .status_list(1)
            .floor(-HOUR / 2),
    );
    cases.story(
        title(
            "status-list-below-the-least-number-is-dropped",
            "目录提高清单最低序号：低于它的清单不再持有",
            "A list below the least number that a newer directory states is not held any more",
        ),
        &Story::holding(&revoked)
            .takes(minimum(0, 2).directory_object("99"))
            .refuses(revoked.status_object(ISSUER), Reason::StoreEpoch)
            .directory(2)
            .no_status_list()
            .floor(-HOUR / 2),
    );
}

fn status_signers(cases: &mut Cases) {
    let (world, _) = scene();
    let base = || {
        let story = Story::trusting(&world).takes(world.directory_object("99"));
        story.directory(1).floor(-HOUR)
    };
    let by = |name: &str| {
        let mut world = world.clone();
        world.list(ISSUER).signer = name.to_owned();
        world.status_object(ISSUER)
    };
    cases.story(
        title(
            "status-list-by-the-wrong-key-is-refused",
            "用证照密钥、别的机构或陌生密钥签的吊销清单：拒绝",
            "A status list signed by a license key, by another authority or by a stranger is refused",
        ),
        &base()
            .refuses(by(&license_key(ISSUER)), Reason::IssuerUse)
            .refuses(by(&status_key(HOUSING)), Reason::IssuerAuthority)
            .refuses(by("stranger"), Reason::StoreParentMissing),
    );
    let mut serving = world.clone();
    serving.entry(HOUSING, Use::Status).mandate.authorities = Some(vec![code(HOUSING), code(ISSUER)]);
    serving.list(ISSUER).signer = status_key(HOUSING);
    cases.story(
        title(
            "status-list-by-a-key-whose-mandate-names-the-authority-is-taken",
            "受托机构的授权中写明本机构：收下",
            "A key whose mandate names the authority may publish its list",
        ),
        &Story::holding(&serving),
    );
    let mut forged = by(&status_key(ISSUER));
    // The signature stands before the body's head, which is one byte here: the list is empty.
    let at = forged.len() - 2;
    forged[at] ^= 1;
    cases.story(
        title(
            "status-list-with-a-bad-signature-is-refused",
            "吊销清单签名不符：拒绝",
            "A status list whose signature is bad is refused",
        ),
        &base().refuses(forged, Reason::StoreUnauthorised),
    );
}
