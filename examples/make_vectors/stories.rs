//! Group `store`, the sequences: trust lists, directories and status lists that follow each other, or do not.

use zhengyin::reason::Reason;
use zhengyin::store::Pin;
use zhengyin::trust::TrustList;

use super::case::{Cases, ISSUER, title};
use super::scene::{scene, small_world};
use super::stores::Story;
use super::world::{DAY, HOUR, World};

pub(crate) fn all(cases: &mut Cases) {
    orders(cases);
    pins(cases);
    trust_lists(cases);
    super::reissues::all(cases);
    super::deltas::all(cases);
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
        &held(Story::new(&world).takes(status.clone()).takes(directory.clone()).takes(trust.clone())).in_one_pack(),
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
pub(crate) fn next(world: &World, change: impl FnOnce(&mut TrustList)) -> World {
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
        world.trust.signers[0].key = super::world::key("operator 7").public_key().clone().into();
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
            "已卸任的签名者另签清单：拒绝并留证",
            "Who was replaced signs no successor; that he did is kept as proof",
        ),
        &Story::trusting(first)
            .takes(second.trust_object())
            .keeps_as_proof(third("operator 1").trust_object(), Reason::StoreForked)
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
            .in_one_pack(),
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
