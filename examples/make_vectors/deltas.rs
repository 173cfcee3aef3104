//! Group `store`, deltas of status lists: they bring the list forward that they start from, or change nothing.

use zhengyin::reason::Reason;
use zhengyin::status::{State, StatusDelta, StatusList};

use super::case::{Cases, ISSUER, title};
use super::reissues::relisted;
use super::scene::scene;
use super::stores::Story;
use super::world::HOUR;

fn delta(old: &[u8], new: &[u8]) -> Vec<u8> {
    StatusDelta::make(&StatusList::parse(old).unwrap(), &StatusList::parse(new).unwrap()).unwrap()
}

pub(crate) fn all(cases: &mut Cases) {
    let (mut world, license) = scene();
    let others: Vec<_> = (0..3).map(|_| world.issue("business-license")).collect();
    world.set_state(&others[0], State::Suspended);
    let first = world.status_object(ISSUER);
    let second = relisted(&world, |world| {
        world.set_state(&license, State::Revoked);
        world.list(ISSUER).facts.length += 5;
    });
    let third = relisted(&second, |world| {
        let issued = world.time(-HOUR / 4);
        let list = world.list(ISSUER);
        (list.facts.seq, list.facts.issued) = (3, issued);
        world.set_state(&others[1], State::Cancelled);
    });
    let (second, third) = (second.status_object(ISSUER), third.status_object(ISSUER));
    let (daily, next, rolled_up) = (delta(&first, &second), delta(&second, &third), delta(&first, &third));
    let held = || Story::holding(&world);
    let at_second = |story: Story| story.status_list(2).floor(-HOUR / 2);
    let at_third = |story: Story| story.status_list(3).floor(-HOUR / 4);

    cases.story(
        title(
            "delta-brings-the-held-list-forward",
            "增量使所持吊销清单前进；再次提交即已持有",
            "A delta brings the list that is held forward; then the list it gives is held, also if it comes whole",
        ),
        &at_second(held().takes(daily.clone()).knows(daily.clone()).knows(second.clone())),
    );
    cases.story(
        title(
            "delta-of-a-list-that-is-not-held-is-refused-and-the-whole-list-is-taken",
            "未持有增量所依据的清单：拒绝，需要完整清单",
            "A delta from another list than the one that is held changes nothing: the whole list is wanted, and taken",
        ),
        &at_third(held().refuses(next.clone(), Reason::StatusDeltaBase).takes(third.clone())),
    );
    cases.story(
        title(
            "delta-chain-in-one-pack-in-any-order-is-taken",
            "同一核验包内的增量链，次序任意：依次收下",
            "A chain of deltas in a pack is taken whole in any order",
        ),
        &at_third(
            Story::new(&world)
                .takes(next.clone())
                .takes(daily.clone())
                .takes(first.clone())
                .takes(world.directory_object("99"))
                .takes(world.trust_object())
                .trust_list(1)
                .directory(1),
        )
        .in_one_pack(),
    );
    cases.story(
        title(
            "delta-rolled-up-is-taken-and-older-ones-are-refused",
            "汇总增量：收下；其后较旧的增量：拒绝回退",
            "A delta over several lists is taken; after it one to a list in between is refused",
        ),
        &at_third(held().takes(rolled_up.clone()).refuses(daily.clone(), Reason::StoreRolledBack)),
    );
    // The changes of one delta under the header of another, which starts from the same list.
    let header = |delta: &[u8]| {
        let parsed = StatusDelta::parse(delta).unwrap();
        let envelope = parsed.envelope().bytes();
        let at = delta.windows(envelope.len()).position(|window| window == envelope).unwrap();
        at..at + envelope.len()
    };
    let (mine, theirs) = (header(&daily), header(&rolled_up));
    let swapped = [&daily[..mine.start], &rolled_up[theirs], &daily[mine.end..]].concat();
    cases.story(
        title(
            "delta-that-does-not-give-the-signed-list-is-refused",
            "增量所得与签名的根不符：拒绝，所持不变",
            "A delta that does not give the list whose root is signed is refused, and what is held stays",
        ),
        &held().refuses(swapped, Reason::StatusDeltaRefused).status_list(1),
    );
    let (signature, last) = (daily.clone(), header(&daily).end - 1);
    let mut signature = signature;
    signature[last] ^= 1;
    cases.story(
        title(
            "delta-with-a-bad-signature-is-refused",
            "增量中清单头的签名无效：拒绝",
            "A delta whose header is not signed by who may sign it is refused",
        ),
        &held().refuses(signature, Reason::StoreUnauthorised).status_list(1),
    );
    cases.story(
        title(
            "delta-before-its-parents-waits",
            "缺互认清单和目录：先拒绝",
            "A delta without trust list and directory is refused for want of them",
        ),
        &Story::new(&world).refuses(daily, Reason::StoreParentMissing),
    );
}
