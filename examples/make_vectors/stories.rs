//! Group `store`, the sequences: trust lists, directories and status lists that follow each other, or do not.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::store::Pin;
use zhengyin::trust::{Minimum, TrustList};
use zhengyin::x509::Use;

use super::case::{Cases, ISSUER, title};
use super::scene::{HOUSING, in_state, scene, small_world};
use super::stores::Story;
use super::world::{DAY, HOUR, World, anchor_key, code, data, license_key, prefix, status_key};

pub(crate) fn all(cases: &mut Cases) {
    orders(cases);
    pins(cases);
    trust_lists(cases);
    directories(cases);
    epochs(cases);
    status_lists(cases);
    irreversible(cases);
    status_signers(cases);
    strangers(cases);
}

fn orders(cases: &mut Cases) {
    let (world, _) = scene();
    let (trust, directory, status) = (world.trust_object(), world.directory_object("99"), world.status_object(ISSUER));
    cases.story(
        title(
            "store-takes-parents-first",
            "按互认清单、目录、吊销清单的次序：全部收下",
            "Trust list, directory, status list: each is taken",
        ),
        &Story::holding(&world),
    );
    let held = |story: Story| story.trust_list(1).directory(1).status_list(1).floor(-HOUR);
    cases.story(
        title(
            "store-takes-a-pack-in-any-order",
            "同一核验包内次序任意：全部收下",
            "A pack in any order is taken whole",
        ),
        &held(Story::new(&world).takes(status.clone()).takes(directory.clone()).takes(trust.clone())).as_one_pack(),
    );
    cases.story(
        title(
            "store-refuses-children-without-parents-and-takes-them-later",
            "缺上级对象：先拒绝，上级到后再收下",
            "An object whose parent is not held is refused, and taken once it is",
        ),
        &held(
            Story::new(&world)
                .refuses(status.clone(), Reason::StoreParentMissing)
                .refuses(directory.clone(), Reason::StoreParentMissing)
                .takes(trust.clone())
                .refuses(status.clone(), Reason::StoreParentMissing)
                .takes(directory.clone())
                .takes(status.clone()),
        ),
    );
    cases.story(
        title("store-knows-what-it-holds", "重复提交同一对象：已持有，无变化", "What is held already changes nothing"),
        &Story::holding(&world).knows(trust).knows(directory).knows(status),
    );
}

fn pins(cases: &mut Cases) {
    let (world, _) = scene();
    let list = world.trust_object();
    let mut by_object = Story::new(&world);
    let envelope = zhengyin::envelope::MultiEnvelope::parse(&list, zhengyin::envelope::Expected::AnyKnown).unwrap();
    by_object.pin = Pin::new(envelope.object_digest());
    cases.story(
        title(
            "store-pinned-by-the-list-s-digest-takes-it",
            "以清单对象摘要设定：收下",
            "A store that is pinned by the digest of this very list takes it",
        ),
        &by_object.takes(list.clone()).trust_list(1).floor(-5 * DAY),
    );
    let mut other = Story::new(&world);
    other.pin = Pin::new(zhengyin::suite::sha256(b"another federation"));
    cases.story(
        title(
            "store-pinned-otherwise-refuses-the-list",
            "与设定摘要不符：拒绝，决不默认信任",
            "A list that is not what was pinned is refused; there is no trust on first use",
        ),
        &other.refuses(list, Reason::StorePinMismatch),
    );
    let mut world = small_world();
    world.operators = vec!["stranger".into()];
    cases.story(
        title(
            "store-refuses-a-pinned-list-that-its-signers-did-not-sign",
            "内容与设定相符但签名者不是所列的人：拒绝",
            "A list that says what was pinned and is signed by someone else is refused",
        ),
        &Story::new(&world).refuses(world.trust_object(), Reason::StoreUnauthorised),
    );
}

/// The world with a later trust list.
fn next(world: &World, change: impl FnOnce(&mut TrustList)) -> World {
    let mut world = world.clone();
    world.trust.seq += 1;
    world.trust.issued = world.trust.issued.saturating_add(HOUR);
    change(&mut world.trust);
    world
}

fn trust_lists(cases: &mut Cases) {
    let (first, _) = scene();
    let second = next(&first, |_| ());
    let floor = -5 * DAY + HOUR;
    let advanced = || Story::trusting(&first).takes(second.trust_object()).trust_list(2).floor(floor);
    cases.story(
        title("trust-list-newer-is-taken", "较新的互认清单：收下", "A newer trust list by the same signers is taken"),
        &advanced(),
    );
    let later = next(&first, |list| list.seq = 9);
    cases.story(
        title(
            "trust-list-after-a-gap-is-taken",
            "序号跳过若干号、签名者未变：收下",
            "A gap in the numbers does no harm while the signers are the same",
        ),
        &Story::trusting(&first).takes(later.trust_object()).trust_list(9).floor(floor),
    );
    cases.story(
        title("trust-list-older-is-refused", "较旧的互认清单：拒绝回退", "An older trust list is refused: never back"),
        &advanced().refuses(first.trust_object(), Reason::StoreRolledBack),
    );
    let fork = next(&first, |list| list.next_update = list.next_update.saturating_add(1));
    cases.story(
        title(
            "trust-list-forked-is-refused-and-kept-as-proof",
            "同号异文：拒绝并留证",
            "Another list of the same number is refused and kept as proof",
        ),
        &advanced().keeps_as_proof(fork.trust_object(), Reason::StoreEquivocation),
    );
    let earlier = next(&second, |list| list.issued = first.trust.issued);
    cases.story(
        title(
            "trust-list-of-a-higher-number-but-not-later-is-refused",
            "序号更高而签发时间不更晚：拒绝并留证",
            "A higher number with an issue time that is not later is refused",
        ),
        &advanced().keeps_as_proof(earlier.trust_object(), Reason::StoreNotLater),
    );
    let future = |seconds: i64| next(&first, |list| list.issued = first.time(seconds));
    cases.story(
        title(
            "trust-list-from-the-future-is-refused",
            "签发时间晚于此刻五分钟以上：拒绝",
            "A list issued more than five minutes from now is refused",
        ),
        &Story::trusting(&first).refuses(future(301).trust_object(), Reason::StoreFuture),
    );
    cases.story(
        title(
            "trust-list-five-minutes-ahead-is-taken",
            "签发时间早于此刻后五分钟：收下，签发方时钟可能偏快",
            "A list issued five minutes from now is taken: issuers' clocks run fast too",
        ),
        &Story::trusting(&first).takes(future(300).trust_object()).trust_list(2).floor(300),
    );
    let mut stranger = second.clone();
    stranger.operators = vec!["stranger".into()];
    cases.story(
        title(
            "trust-list-signed-by-a-stranger-is-refused",
            "签名者不是上一清单所定：拒绝",
            "A successor that the held list's signers did not sign is refused",
        ),
        &Story::trusting(&first).refuses(stranger.trust_object(), Reason::StoreSkipped),
    );
    let mut planted = fork;
    planted.operators = vec!["stranger".into()];
    cases.story(
        title(
            "trust-list-forked-by-a-stranger-proves-nothing",
            "陌生人伪造的同号清单：拒绝，不作为矛盾证据",
            "A fork by a stranger is no proof against anyone: else anybody could stop a store",
        ),
        &advanced().refuses(planted.trust_object(), Reason::StoreUnauthorised),
    );
    let elsewhere = next(&first, |list| list.federation = "另一联邦".into());
    cases.story(
        title(
            "trust-list-of-another-federation-is-refused",
            "另一联邦的清单：拒绝",
            "A list of another federation is refused",
        ),
        &Story::trusting(&first).refuses(elsewhere.trust_object(), Reason::StoreUnauthorised),
    );
    rotations(cases, &first);
}

fn rotations(cases: &mut Cases, first: &World) {
    let floor = |steps: i64| -5 * DAY + steps * HOUR;
    let rotated = |operators: &[&str]| {
        let mut world = next(first, |_| ());
        world.operators = vec!["operator 7".into()];
        world.give_operators(1, 1);
        world.trust.signers[0].key = super::world::key("operator 7").public_key().clone();
        world.operators = operators.iter().map(|name| (*name).to_owned()).collect();
        world
    };
    cases.story(
        title(
            "trust-list-with-new-signers-needs-both",
            "更换签名者：新旧双方都须签名",
            "New signers come in only when the old ones and they themselves sign",
        ),
        &Story::trusting(first)
            .refuses(rotated(&["operator 1"]).trust_object(), Reason::StoreSkipped)
            .refuses(rotated(&["operator 7"]).trust_object(), Reason::StoreSkipped)
            .takes(rotated(&["operator 1", "operator 7"]).trust_object())
            .trust_list(2)
            .floor(floor(1)),
    );
    let second = rotated(&["operator 1", "operator 7"]);
    let third = |operator: &str| {
        let mut world = next(&second, |_| ());
        world.operators = vec![operator.into()];
        world
    };
    cases.story(
        title(
            "trust-list-by-signers-who-left-is-refused",
            "已卸任的签名者：拒绝",
            "Who was replaced signs no successor",
        ),
        &Story::trusting(first)
            .takes(second.trust_object())
            .refuses(third("operator 1").trust_object(), Reason::StoreSkipped)
            .takes(third("operator 7").trust_object())
            .trust_list(3)
            .floor(floor(2)),
    );
    cases.story(
        title(
            "trust-list-beyond-a-change-of-signers-needs-the-one-between",
            "跳过更换签名者的那份清单：先拒绝，补上后收下",
            "A list beyond a change of signers is refused until the one between was taken",
        ),
        &Story::trusting(first)
            .refuses(third("operator 7").trust_object(), Reason::StoreSkipped)
            .takes(second.trust_object())
            .takes(third("operator 7").trust_object())
            .trust_list(3)
            .floor(floor(2)),
    );
    let mut lapsed = rotated(&["operator 1", "operator 7"]);
    lapsed.trust.next_update = lapsed.time(-4 * DAY);
    lapsed.trust.expires = lapsed.time(-3 * DAY);
    let mut last = next(&lapsed, |list| {
        list.issued = first.time(-HOUR);
        list.next_update = first.trust.next_update;
        list.expires = first.trust.expires;
    });
    last.operators = vec!["operator 7".into()];
    cases.story(
        title(
            "trust-list-that-expired-between-is-a-step-still",
            "其间已失效的清单仍是一步：久未联网的终端可以追上",
            "A list that expired meanwhile is still a step: a kiosk that was away catches up",
        ),
        &Story::trusting(first)
            .takes(lapsed.trust_object())
            .takes(last.trust_object())
            .trust_list(3)
            .floor(-HOUR)
            .as_one_pack(),
    );
    let mut pair = first.clone();
    pair.give_operators(3, 2);
    let signed_by = |operators: &[&str]| {
        let mut world = pair.clone();
        world.operators = operators.iter().map(|name| (*name).to_owned()).collect();
        world.trust_object()
    };
    cases.story(
        title(
            "trust-list-needs-its-threshold",
            "三人中须二人签名：一人不足",
            "Two of three must sign: one does not suffice, a stranger does not count",
        ),
        &Story::new(&pair)
            .refuses(signed_by(&["operator 2"]), Reason::StoreUnauthorised)
            .refuses(signed_by(&["operator 2", "stranger"]), Reason::StoreUnauthorised)
            .takes(signed_by(&["operator 1", "operator 3"]))
            .trust_list(1)
            .floor(floor(0)),
    );
    let mut same = pair.clone();
    same.trust.signers[1].operator = same.trust.signers[0].operator.clone();
    same.operators = vec!["operator 1".into(), "operator 2".into()];
    let alone = same.trust_object();
    same.operators = vec!["operator 1".into(), "operator 3".into()];
    cases.story(
        title("trust-list-counts-an-operator-once", "一人持两把密钥只算一人", "An operator with two keys counts once"),
        &Story::new(&same)
            .refuses(alone, Reason::StoreUnauthorised)
            .takes(same.trust_object())
            .trust_list(1)
            .floor(floor(0)),
    );
}

/// The world with a later directory of province 99.
fn republished(world: &World, change: impl FnOnce(&mut World)) -> World {
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
fn relisted(world: &World, change: impl FnOnce(&mut World)) -> World {
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

fn strangers(cases: &mut Cases) {
    let (world, license) = scene();
    let trust = world.trust_object();
    cases.story(
        title(
            "store-refuses-what-is-no-trust-data",
            "证照、截断或无关的数据：拒绝",
            "Licenses, truncated objects and other bytes are refused",
        ),
        &Story::new(&world)
            .refuses(license.bytes, Reason::EncodingWrongType)
            .refuses(trust[..trust.len() - 1].to_vec(), Reason::EncodingMalformed)
            .refuses([trust.clone(), vec![0]].concat(), Reason::EncodingTrailing)
            .refuses(vec![0x00], Reason::EncodingWrongType),
    );
}
