//! Group `sequence`: who signs the next trust list, in every combination, and lists that come in every order.

use zhengyin::reason::Reason;
use zhengyin::trust::ListSigner;

use super::case::{Answered, Cases, title};
use super::scene::scene;
use super::sequences::{Says, Tale, UNLISTED, composed, orders};
use super::stories::next;
use super::world::{HOUR, Issued, World, key};

pub(crate) fn all(cases: &mut Cases) {
    first_lists(cases);
    successors(cases);
    handovers(cases);
    thresholds(cases);
    same_signers_in_every_order(cases);
    handovers_in_every_order(cases);
    operators(cases);
}

/// The operators of a subset: bit 0 is operator 1.
fn members(subset: usize) -> Vec<usize> {
    (1..=3).filter(|operator| subset >> (operator - 1) & 1 == 1).collect()
}

fn name(operator: usize) -> String {
    format!("operator {operator}")
}

fn numbers(operators: &[usize]) -> String {
    operators.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")
}

fn spoken(operators: &[usize]) -> String {
    operators.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The world's list, signed by these operators.
fn signed(world: &World, operators: &[usize]) -> Vec<u8> {
    let mut world = world.clone();
    world.operators = operators.iter().map(|operator| name(*operator)).collect();
    world.trust_object()
}

/// The scene with these operators who may sign what follows.
fn ruled_by(world: &World, operators: &[usize], threshold: u64) -> World {
    let mut world = world.clone();
    let signer = |operator: &usize| ListSigner::new(key(&name(*operator)).public_key(), &name(*operator));
    world.trust.signers = operators.iter().map(signer).collect();
    world.trust.threshold = threshold;
    world.operators = operators.iter().map(|operator| name(*operator)).collect();
    world
}

/// How many of these are among those?
fn common(one: &[usize], other: &[usize]) -> u64 {
    u64::try_from(one.iter().filter(|operator| other.contains(operator)).count()).unwrap()
}

fn first_lists(cases: &mut Cases) {
    let (world, license) = scene();
    let world = ruled_by(&world, &[1, 2, 3], 2);
    for subset in 1..8 {
        let by = members(subset);
        let enough = by.len() >= 2;
        let tale = Tale::new(&world, &license);
        let tale = match enough {
            true => tale.takes(signed(&world, &by), UNLISTED).knows(world.trust_object(), UNLISTED),
            false => tale
                .refuses(signed(&world, &by), Reason::StoreUnauthorised, NOTHING)
                .takes(world.trust_object(), UNLISTED),
        };
        let zh = if enough { "收下" } else { "拒绝，签足后收下" };
        let en = if enough { "is taken" } else { "is refused until enough have signed" };
        let title = composed(
            format!("trust-first-list-2-of-3-signed-by-{}", numbers(&by)),
            format!("首份清单须三人中二人签名，签名者 {}：{zh}", spoken(&by)),
            format!("A first list that two of three must sign, signed by {}: {en}", spoken(&by)),
        );
        cases.tale(title, &tale);
    }
}

/// Nothing is held.
const NOTHING: Says = Says::For(zhengyin::verify::Step::Issuer, Reason::StateMissing);

fn successors(cases: &mut Cases) {
    let (world, license) = scene();
    for threshold in 1..=3 {
        let first = ruled_by(&world, &[1, 2, 3], threshold);
        let second = next(&first, |_| ());
        for subset in 1..8 {
            let by = members(subset);
            let enough = u64::try_from(by.len()).unwrap() >= threshold;
            let tale = Tale::holding(&first, &license);
            let tale = match enough {
                true => tale.takes(signed(&second, &by), Says::Valid).knows(second.trust_object(), Says::Valid),
                false => tale
                    .refuses(signed(&second, &by), Reason::StoreSkipped, Says::Valid)
                    .takes(second.trust_object(), Says::Valid),
            };
            let zh = if enough { "收下" } else { "拒绝，签足后收下；结论始终不变" };
            let en = if enough { "is taken" } else { "is refused until enough have signed, and changes no verdict" };
            let title = composed(
                format!("trust-next-list-{threshold}-of-3-signed-by-{}", numbers(&by)),
                format!("下一清单须三人中 {threshold} 人签名，签名者 {}：{zh}", spoken(&by)),
                format!("A next list that {threshold} of three must sign, signed by {}: {en}", spoken(&by)),
            );
            cases.tale(title, &tale);
        }
    }
}

/// 1 and 2 hand over to 2 and 3, both of whom must sign each time: it takes all three.
fn handovers(cases: &mut Cases) {
    let (world, license) = scene();
    let first = ruled_by(&world, &[1, 2], 2);
    let second = next(&ruled_by(&first, &[2, 3], 2), |_| ());
    let third = next(&second, |_| ());
    for subset in 1..8 {
        let by = members(subset);
        let enough = common(&by, &[1, 2]) >= 2 && common(&by, &[2, 3]) >= 2;
        let tale = Tale::holding(&first, &license);
        let tale = match enough {
            true => tale.takes(signed(&second, &by), Says::Valid).takes(third.trust_object(), Says::Valid).proves(
                signed(&next(&third, |_| ()), &[1, 2]),
                Reason::StoreForked,
                Says::Valid,
            ),
            false => tale.refuses(signed(&second, &by), Reason::StoreSkipped, Says::Valid).refuses(
                third.trust_object(),
                Reason::StoreSkipped,
                Says::Valid,
            ),
        };
        let zh = if enough { "收下，此后卸任者不能再签" } else { "拒绝，其后的清单也不能收" };
        let en = if enough { "is taken, and who left signs no more" } else { "is refused, and what follows it too" };
        let title = composed(
            format!("trust-handover-signed-by-{}", numbers(&by)),
            format!("1、2 交接给 2、3，签名者 {}：{zh}", spoken(&by)),
            format!("1 and 2 hand over to 2 and 3; a list signed by {}: {en}", spoken(&by)),
        );
        cases.tale(title, &tale);
    }
}

/// The same operators, and another threshold: both count.
fn thresholds(cases: &mut Cases) {
    let (world, license) = scene();
    for (before, after) in [(1, 2), (2, 1)] {
        let first = ruled_by(&world, &[1, 2], before);
        let second = next(&ruled_by(&first, &[1, 2], after), |_| ());
        for subset in 1..4 {
            let by = members(subset);
            let enough = u64::try_from(by.len()).unwrap() >= before.max(after);
            let tale = Tale::holding(&first, &license);
            let tale = match enough {
                true => tale.takes(signed(&second, &by), Says::Valid),
                false => tale.refuses(signed(&second, &by), Reason::StoreSkipped, Says::Valid),
            };
            let (zh, en) = if enough { ("收下", "is taken") } else { ("拒绝", "is refused") };
            let title = composed(
                format!("trust-threshold-from-{before}-to-{after}-signed-by-{}", numbers(&by)),
                format!("门限由 {before} 改为 {after}，签名者 {}：{zh}", spoken(&by)),
                format!("The threshold goes from {before} to {after}; a list signed by {}: {en}", spoken(&by)),
            );
            cases.tale(title, &tale);
        }
    }
}

/// Lists 1 to 4, and what becomes of an order of the last three by the author's rule.
fn in_every_order(
    cases: &mut Cases,
    (lists, license): (&[World], &Issued),
    (kind, zh, en): (&str, &str, &str),
    answer: impl Fn(usize, usize, &[usize]) -> Answered,
) {
    for order in orders(&[2, 3, 4]) {
        let mut tale = Tale::holding(&lists[0], license);
        let (mut held, mut passed) = (1, vec![1]);
        // Once more at the end, from the oldest on: then all have been offered in order.
        for number in order.iter().chain(&[2, 3, 4]) {
            let becomes = answer(*number, held, &passed);
            if becomes == Answered::New {
                held = *number;
                passed.push(held);
            }
            tale = tale.answers(lists[*number - 1].trust_object(), becomes, Says::Valid);
        }
        let title = composed(
            format!("trust-{kind}-in-order-{}", numbers(&order)),
            format!("{zh}，依 {} 的次序到达，再依次补齐", spoken(&order)),
            format!("{en}, that come in the order {}, and once more from the oldest on", spoken(&order)),
        );
        cases.tale(title, &tale);
    }
}

fn same_signers_in_every_order(cases: &mut Cases) {
    let (first, license) = scene();
    let mut lists = vec![first];
    while lists.len() < 4 {
        lists.push(next(lists.last().unwrap(), |_| ()));
    }
    let said = ("lists-of-one-set", "签名者不变的清单", "Lists of the same signers");
    in_every_order(cases, (&lists, &license), said, |number, held, _| match number.cmp(&held) {
        std::cmp::Ordering::Greater => Answered::New,
        std::cmp::Ordering::Equal => Answered::Known,
        std::cmp::Ordering::Less => Answered::Refused(Reason::StoreRolledBack),
    });
}

/// Each list hands over to the next operator: none can be left out.
fn handovers_in_every_order(cases: &mut Cases) {
    let (world, license) = scene();
    let mut lists = vec![ruled_by(&world, &[1], 1)];
    for operator in 2..=4 {
        let mut list = next(&ruled_by(lists.last().unwrap(), &[operator], 1), |_| ());
        list.operators = vec![name(operator - 1), name(operator)];
        lists.push(list);
    }
    let said = ("lists-that-hand-over", "逐份更换签名者的清单", "Lists of which each hands over to others");
    in_every_order(cases, (&lists, &license), said, |number, held, _| match number.cmp(&held) {
        std::cmp::Ordering::Greater if number == held + 1 => Answered::New,
        std::cmp::Ordering::Greater => Answered::Refused(Reason::StoreSkipped),
        std::cmp::Ordering::Equal => Answered::Known,
        std::cmp::Ordering::Less => Answered::Refused(Reason::StoreRolledBack),
    });
}

fn operators(cases: &mut Cases) {
    let (world, license) = scene();
    let mut first = ruled_by(&world, &[1, 2, 3], 2);
    first.trust.signers[1].operator = first.trust.signers[0].operator.clone();
    let second = next(&first, |_| ());
    cases.tale(
        title(
            "trust-next-list-by-two-keys-of-one-operator",
            "一人持两把密钥，只算一人：拒绝，另一人补签后收下",
            "Two keys of one operator are one signature: refused until another operator has signed",
        ),
        &Tale::holding(&first, &license)
            .refuses(signed(&second, &[1, 2]), Reason::StoreSkipped, Says::Valid)
            .takes(signed(&second, &[2, 3]), Says::Valid),
    );
    let rotated = |by: &[&str]| {
        let mut list = next(&ruled_by(&world, &[1], 1), |_| ());
        list.trust.signers = vec![ListSigner::new(key("operator 5").public_key(), "operator 1")];
        list.operators = by.iter().map(|name| (*name).to_owned()).collect();
        list.trust_object()
    };
    let first = ruled_by(&world, &[1], 1);
    cases.tale(
        title(
            "trust-operator-with-another-key-signs-with-both",
            "同一操作者换密钥：须新旧两把密钥都签",
            "An operator who gets another key signs with both: the old one to hand over, the new one to take over",
        ),
        &Tale::holding(&first, &license)
            .refuses(rotated(&["operator 1"]), Reason::StoreSkipped, Says::Valid)
            .refuses(rotated(&["operator 5"]), Reason::StoreSkipped, Says::Valid)
            .takes(rotated(&["operator 1", "operator 5"]), Says::Valid),
    );
    let late = next(&first, |list| list.issued = list.issued.saturating_add(HOUR));
    cases.tale(
        title(
            "trust-stranger-beside-an-operator-counts-for-nothing",
            "陌生人的签名与操作者并列：不计入，也不妨碍",
            "A stranger's signature beside an operator's counts for nothing and does no harm",
        ),
        &Tale::holding(&first, &license).takes(
            {
                let mut list = late.clone();
                list.operators = vec!["operator 1".into(), "stranger".into()];
                list.trust_object()
            },
            Says::Valid,
        ),
    );
}
