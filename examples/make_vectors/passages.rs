//! Group `sequence`: a license passes from state to state, list by list; and time passes over what is held.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::verify::Step;

use super::case::{Cases, ISSUER, title};
use super::reissues::republished;
use super::scene::scene;
use super::sequences::{Says, Tale, UNSTATED, composed};
use super::stories::next;
use super::world::{DAY, HOUR, Issued, World};

pub(crate) fn all(cases: &mut Cases) {
    passages(cases);
    suspensions(cases);
    ages(cases);
    clocks(cases);
}

/// State, its name, and what it is called.
const STATES: [(State, &str, &str, &str); 8] = [
    (State::InForce, "in-force", "有效", "in force"),
    (State::Revoked, "revoked", "吊销", "revoked"),
    (State::Suspended, "suspended", "暂扣", "suspended"),
    (State::Superseded, "superseded", "变更换发", "superseded"),
    (State::Cancelled, "cancelled", "注销", "cancelled"),
    (State::Withdrawn, "withdrawn", "撤销", "withdrawn"),
    (State::ReportedLost, "reported-lost", "挂失", "reported lost"),
    (State::Void, "void", "作废", "void"),
];

fn of(state: State) -> Says {
    state.reason().map_or(Says::Valid, |reason| Says::For(Step::Status, reason))
}

/// The status list of this number, so many seconds after the base time, with the license in this state.
fn list(world: &World, license: &Issued, state: State, seq: u64, seconds: i64) -> Vec<u8> {
    let mut world = world.clone();
    world.set_state(license, state);
    if state == State::InForce {
        world.list(ISSUER).states.clear();
    }
    let (issued, due) = (world.time(seconds), world.time(seconds + DAY));
    let facts = &mut world.list(ISSUER).facts;
    (facts.seq, facts.issued, facts.next_update) = (seq, issued, due);
    world.status_object(ISSUER)
}

/// status-format.md: in force, suspended and reported lost may follow each other; of the others each may follow each, and none is taken back.
fn passages(cases: &mut Cases) {
    let (world, license) = scene();
    for (before, before_name, before_zh, before_en) in STATES {
        for (after, after_name, after_zh, after_en) in STATES {
            if before == after {
                continue;
            }
            let possible = before.is_reversible() || !after.is_reversible();
            let held = Tale::listed(&world, &license)
                .takes(world.directory_object("99"), UNSTATED)
                .takes(list(&world, &license, before, 1, -HOUR), of(before));
            let passed = list(&world, &license, after, 2, -HOUR / 2);
            let tale = match possible {
                true => held.takes(passed, of(after)),
                false => held.proves(passed, Reason::StatusResurrected, of(before)),
            };
            let (zh, en) = match possible {
                true => ("收下，结论随之改变", "is taken, and the verdict follows"),
                false => ("拒绝并留证，结论不变", "is refused and kept as proof, and the verdict stays"),
            };
            let title = composed(
                format!("state-from-{before_name}-to-{after_name}"),
                format!("由{before_zh}改为{after_zh}：{zh}"),
                format!("A list that passes a license from {before_en} to {after_en} {en}"),
            );
            cases.tale(title, &tale);
        }
    }
}

fn suspensions(cases: &mut Cases) {
    let (world, license) = scene();
    let list = |state, seq, seconds| list(&world, &license, state, seq, seconds);
    let suspended = of(State::Suspended);
    let stale = Says::For(Step::Status, Reason::StatusSuspendedStale);
    cases.tale(
        title(
            "state-suspended-lifted-and-revoked",
            "暂扣、解除、吊销，逐份到来；旧清单不能恢复",
            "Suspended, lifted, revoked, list by list; an older list brings nothing back",
        ),
        &Tale::holding(&world, &license)
            .takes(list(State::Suspended, 2, -HOUR / 2), suspended)
            .takes(list(State::InForce, 3, -HOUR / 3), Says::Valid)
            .takes(list(State::Revoked, 4, -HOUR / 4), of(State::Revoked))
            .refuses(list(State::InForce, 3, -HOUR / 3), Reason::StoreRolledBack, of(State::Revoked))
            .proves(list(State::InForce, 5, -HOUR / 8), Reason::StatusResurrected, of(State::Revoked)),
    );
    cases.tale(
        title(
            "state-suspended-by-a-list-that-ages",
            "暂扣的清单过期后：无法判定，可能已解除；吊销则不因过期而失效",
            "A suspension is undetermined once its list is overdue: it may have been lifted",
        ),
        &Tale::holding(&world, &license)
            .takes(list(State::Suspended, 2, -HOUR / 2), suspended)
            .waits(DAY - HOUR, suspended)
            .waits(DAY, stale)
            .waits(5 * DAY, stale)
            .takes(list(State::InForce, 3, 5 * DAY - HOUR), Says::Valid),
    );
    cases.tale(
        title(
            "state-revoked-by-a-list-that-ages",
            "吊销不因清单过期而改变",
            "A revocation stands however old its list is",
        ),
        &Tale::holding(&world, &license)
            .takes(list(State::Revoked, 2, -HOUR / 2), of(State::Revoked))
            .waits(2 * DAY, of(State::Revoked))
            .waits(6 * DAY, of(State::Revoked)),
    );
    cases.tale(
        title(
            "state-lists-in-the-wrong-order",
            "先到较新的清单，旧清单不能解除吊销",
            "The newer list comes first: the older one does not lift the revocation",
        ),
        &Tale::listed(&world, &license)
            .takes(world.directory_object("99"), UNSTATED)
            .takes(list(State::Revoked, 2, -HOUR / 2), of(State::Revoked))
            .refuses(list(State::InForce, 1, -HOUR), Reason::StoreRolledBack, of(State::Revoked)),
    );
}

/// Fresh, in grace, stale, expired; and fresh again when something newer is held.
fn ages(cases: &mut Cases) {
    let (world, license) = scene();
    let status = |seconds: i64| list(&world, &license, State::InForce, 2, seconds);
    let overdue = Says::For(Step::Status, Reason::StatusListStale);
    cases.tale(
        title(
            "trust-status-list-ages-and-is-renewed",
            "吊销清单：有效、宽限、过期，更新后恢复",
            "A status list is current, in grace, stale; a newer one makes it valid again",
        ),
        &Tale::holding(&world, &license)
            .waits(DAY - HOUR, Says::Valid)
            .waits(2 * DAY, Says::Valid)
            .waits(4 * DAY + HOUR, overdue)
            .takes(status(4 * DAY), Says::Valid),
    );
    let renewed = republished(&world, |world| {
        let (issued, due, ends) = (world.time(15 * DAY), world.time(22 * DAY), world.time(45 * DAY));
        let directory = world.directory("99");
        (directory.issued, directory.next_update, directory.expires) = (issued, due, ends);
    });
    let stale = Says::For(Step::Issuer, Reason::IssuerDirectoryStale);
    cases.tale(
        title(
            "trust-directory-ages-and-is-renewed",
            "目录：有效、宽限、过期、失效，更新后恢复",
            "A directory is current, in grace, stale, expired; a newer one makes it valid again",
        ),
        &Tale::holding(&world, &license)
            .waits(13 * DAY, overdue)
            .waits(14 * DAY + HOUR, stale)
            .refuses(renewed.directory_object("99"), Reason::StoreFuture, stale)
            .at(15 * DAY + HOUR)
            .takes(renewed.directory_object("99"), overdue)
            .takes(status(15 * DAY), Says::Valid),
    );
    let later = next(&world, |list| {
        (list.issued, list.next_update, list.expires) =
            (world.time(121 * DAY), world.time(200 * DAY), world.time(300 * DAY));
    });
    cases.tale(
        title(
            "trust-list-ages-and-is-renewed",
            "互认清单：过期、失效，更新后所缺的是下级清单",
            "A trust list is stale, then expired; with a newer one it is the directory that is overdue",
        ),
        &Tale::holding(&world, &license)
            .waits(121 * DAY, Says::For(Step::Issuer, Reason::IssuerTrustStale))
            .waits(181 * DAY, Says::For(Step::Issuer, Reason::IssuerTrustExpired))
            .at(122 * DAY)
            .takes(later.trust_object(), Says::For(Step::Issuer, Reason::IssuerTrustExpired)),
    );
}

/// Clocks that are set back and forward by years mid-run: never an older list, never more certainty.
fn clocks(cases: &mut Cases) {
    let (world, license) = scene();
    let held = || Tale::holding(&world, &license);
    let second = next(&world, |_| ());
    // By a clock before it was issued the old list is one from the future; by none of them is it taken.
    for (name, seconds, refused, zh, en) in [
        ("a-day", -DAY, Reason::StoreRolledBack, "一天", "a day"),
        ("a-year", -365 * DAY, Reason::StoreFuture, "一年", "a year"),
        ("to-1970", -super::world::BASE, Reason::StoreFuture, "到 1970 年", "to 1970"),
    ] {
        let behind = Says::For(Step::Issuer, Reason::TimeClockBehind);
        let title = composed(
            format!("trust-clock-set-back-{name}"),
            format!("时钟拨回{zh}：不可信，不因此收下旧清单；校准后恢复"),
            format!(
                "The clock is set back {en}: it is not believed, no older list is taken for it; set right all is as before"
            ),
        );
        cases.tale(
            title,
            &held()
                .takes(second.trust_object(), Says::Valid)
                .waits(seconds, behind)
                .refuses(world.trust_object(), refused, behind)
                .waits(0, Says::Valid),
        );
    }
    for (name, seconds, zh, en) in
        [("a-year", 365 * DAY, "一年", "a year"), ("ten-years", 3_650 * DAY, "十年", "ten years")]
    {
        let ahead = Says::For(Step::Issuer, Reason::IssuerTrustExpired);
        let title = composed(
            format!("trust-clock-set-forward-{name}"),
            format!("时钟拨快{zh}：所持清单视为失效，不作真伪断言；校准后恢复"),
            format!(
                "The clock is set forward {en}: what is held counts as expired, and nothing as forged; set right all is as before"
            ),
        );
        cases.tale(title, &held().waits(seconds, ahead).takes(second.trust_object(), ahead).waits(0, Says::Valid));
    }
}
