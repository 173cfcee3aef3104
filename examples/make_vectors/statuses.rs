//! Group `status`: what a status list says, how old it is, and what that is worth.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::trust::HistoryState;
use zhengyin::verify::Step;
use zhengyin::x509::Use;

use super::answer::Answer;
use super::case::{Answered, Cases, ISSUER, Setup, title};
use super::item::Item;
use super::scene::{HOUSING, STATUS, in_state, scene, spoiled, with_claims};
use super::world::{DAY, HOUR, status_object};

const GRACE: i64 = 3 * DAY;
/// The trust list's grace for directories ends last of what bounds a verdict with a final status.
const DIRECTORY_ENDS: i64 = 14 * DAY;

pub(crate) fn all(cases: &mut Cases) {
    each_state(cases);
    ages(cases);
    positions(cases);
    lists(cases);
}

fn each_state(cases: &mut Cases) {
    let (world, license) = scene();
    cases.verify(
        title(
            "status-in-force-by-a-fresh-list-is-valid",
            "在用证照，吊销清单在更新期内：有效",
            "A license in force by a list before its next update is valid",
        ),
        &Setup::of(&world),
        &license.bytes,
        Answer::valid(),
    );
    let irreversible = [
        (
            State::Revoked,
            Reason::StatusRevoked,
            [
                title("status-revoked-by-a-fresh-list-is-invalid", "已吊销：无效", "A revoked license is invalid"),
                title(
                    "status-revoked-by-a-stale-list-is-invalid",
                    "旧清单已载明吊销：仍无效，吊销不可撤回",
                    "A revoked license is invalid by a stale list too: what it says is signed and cannot be lifted",
                ),
            ],
        ),
        (
            State::Superseded,
            Reason::StatusSuperseded,
            [
                title(
                    "status-superseded-by-a-fresh-list-is-invalid",
                    "已变更换发：无效",
                    "A superseded license is invalid",
                ),
                title(
                    "status-superseded-by-a-stale-list-is-invalid",
                    "旧清单已载明变更换发：仍无效",
                    "A superseded license is invalid by a stale list too",
                ),
            ],
        ),
        (
            State::Cancelled,
            Reason::StatusCancelled,
            [
                title("status-cancelled-by-a-fresh-list-is-invalid", "已注销：无效", "A cancelled license is invalid"),
                title(
                    "status-cancelled-by-a-stale-list-is-invalid",
                    "旧清单已载明注销：仍无效",
                    "A cancelled license is invalid by a stale list too",
                ),
            ],
        ),
        (
            State::Withdrawn,
            Reason::StatusWithdrawn,
            [
                title("status-withdrawn-by-a-fresh-list-is-invalid", "已撤销：无效", "A withdrawn license is invalid"),
                title(
                    "status-withdrawn-by-a-stale-list-is-invalid",
                    "旧清单已载明撤销：仍无效",
                    "A withdrawn license is invalid by a stale list too",
                ),
            ],
        ),
        (
            State::Void,
            Reason::StatusVoid,
            [
                title(
                    "status-void-by-a-fresh-list-is-invalid",
                    "序号从未签发：无效",
                    "A position that was never issued is invalid",
                ),
                title(
                    "status-void-by-a-stale-list-is-invalid",
                    "旧清单已载明该序号从未签发：仍无效",
                    "A position that was never issued is invalid by a stale list too",
                ),
            ],
        ),
    ];
    for (state, reason, [fresh, stale]) in irreversible {
        let (world, license) = in_state(state);
        cases.verify(fresh, &Setup::of(&world), &license.bytes, Answer::invalid(Step::Status, reason));
        let (mut world, license) = in_state(state);
        world.age_list(ISSUER, GRACE + DAY);
        let answer = Answer::invalid(Step::Status, reason).until(DIRECTORY_ENDS);
        cases.verify(stale, &Setup::of(&world), &license.bytes, answer);
    }
    let reversible = [
        (
            State::Suspended,
            Reason::StatusSuspended,
            [
                title(
                    "status-suspended-by-a-fresh-list-is-invalid",
                    "暂扣中：无效，至清单更新期为止",
                    "A suspended license is invalid until the next list is due",
                ),
                title(
                    "status-suspended-by-a-list-in-grace-is-undetermined",
                    "清单过更新期，暂扣可能已解除：无法判定",
                    "A suspension by an overdue list may have been lifted: undetermined",
                ),
                title(
                    "status-suspended-by-a-stale-list-is-undetermined",
                    "旧清单显示暂扣，可能已解除：无法判定",
                    "A suspension by a stale list may have been lifted: undetermined",
                ),
            ],
        ),
        (
            State::ReportedLost,
            Reason::StatusReportedLost,
            [
                title(
                    "status-reported-lost-by-a-fresh-list-is-invalid",
                    "已挂失：无效，至清单更新期为止",
                    "A license that was reported lost is invalid until the next list is due",
                ),
                title(
                    "status-reported-lost-by-a-list-in-grace-is-undetermined",
                    "清单过更新期，挂失可能已解除：无法判定",
                    "A loss in an overdue list may have been lifted: undetermined",
                ),
                title(
                    "status-reported-lost-by-a-stale-list-is-undetermined",
                    "旧清单显示挂失，可能已解除：无法判定",
                    "A loss in a stale list may have been lifted: undetermined",
                ),
            ],
        ),
    ];
    for (state, reason, [fresh, grace, stale]) in reversible {
        let (world, license) = in_state(state);
        let answer = Answer::invalid(Step::Status, reason).until(DAY);
        cases.verify(fresh, &Setup::of(&world), &license.bytes, answer);
        let (mut world, license) = in_state(state);
        world.age_list(ISSUER, HOUR);
        let unknown = Answer::undetermined(Step::Status, Reason::StatusSuspendedStale);
        let answer = unknown.clone().warned("warning.grace.status-list").until(GRACE - HOUR);
        cases.verify(grace, &Setup::of(&world), &license.bytes, answer);
        let (mut world, license) = in_state(state);
        world.age_list(ISSUER, GRACE + DAY);
        cases.verify(stale, &Setup::of(&world), &license.bytes, unknown.until(DIRECTORY_ENDS));
    }
}

fn ages(cases: &mut Cases) {
    let (setup, license) = spoiled(|world| world.age_list(ISSUER, HOUR));
    cases.verify(
        title(
            "status-list-in-grace-is-valid-with-warning",
            "清单过更新期一小时，在宽限期内：有效并提示",
            "A list that is an hour overdue is good within its grace, with a warning",
        ),
        &setup,
        &license,
        Answer::valid().warned("warning.grace.status-list").until(GRACE - HOUR),
    );
    cases.verify(
        title(
            "status-list-overdue-under-strict-policy-is-undetermined",
            "严格策略不用宽限期：清单一过更新期即无法判定",
            "A strict policy uses no grace: an overdue list leaves the status unknown",
        ),
        &setup.with(|setup| setup.policy = "strict"),
        &license,
        Answer::undetermined(Step::Status, Reason::StatusListStale).until(7 * DAY),
    );
    let (setup, license) = spoiled(|world| world.age_list(ISSUER, GRACE + DAY));
    cases.verify(
        title(
            "status-list-stale-is-undetermined",
            "清单已过宽限期：无法判定，不是伪造",
            "A list past its grace leaves the status unknown; nobody is accused",
        ),
        &setup,
        &license,
        Answer::undetermined(Step::Status, Reason::StatusListStale).until(DIRECTORY_ENDS),
    );
    // The window is two minutes to either side: it lies before, across, and behind the end of grace.
    for (seconds, title, answer) in [
        (
            4 * DAY - 121,
            title(
                "status-window-just-before-the-end-of-grace-is-valid",
                "时间窗的末端在宽限期结束前一秒：有效",
                "A window that ends a second before the end of grace is valid",
            ),
            Answer::valid().warned("warning.grace.status-list"),
        ),
        (
            4 * DAY - 120,
            title(
                "status-window-touching-the-end-of-grace-is-undetermined",
                "时间窗的末端恰在宽限期结束时：无法判定",
                "A window whose last second is the end of grace is undetermined",
            ),
            Answer::undetermined(Step::Status, Reason::StatusTimeDepends),
        ),
        (
            4 * DAY + 119,
            title(
                "status-window-leaving-the-end-of-grace-is-undetermined",
                "时间窗的始端在宽限期结束前一秒：无法判定",
                "A window whose first second is the last of grace is undetermined",
            ),
            Answer::undetermined(Step::Status, Reason::StatusTimeDepends),
        ),
        (
            4 * DAY + 120,
            title(
                "status-window-after-the-end-of-grace-is-stale",
                "时间窗的始端恰在宽限期结束时：清单过期，无法判定",
                "A window whose first second is the end of grace finds the list stale",
            ),
            Answer::undetermined(Step::Status, Reason::StatusListStale).until(DIRECTORY_ENDS),
        ),
    ] {
        let (setup, license) = spoiled(|_| ());
        cases.verify(title, &setup.at(seconds), &license, answer);
    }
}

fn positions(cases: &mut Cases) {
    let (world, _) = scene();
    let setup = Setup::of(&world);
    let at = |index: i64| with_claims(|claims| claims.put(&[], STATUS, Item::List(vec![1.into(), index.into()])));
    cases.verify(
        title(
            "status-position-beyond-the-list-is-undetermined",
            "序号超出清单：清单早于证照，无法判定，决不算在用",
            "A position at the list's length says that the list is older than the license: undetermined, never in force",
        ),
        &setup,
        &at(1),
        Answer::undetermined(Step::Status, Reason::StatusOutOfRange),
    );
    cases.verify(
        title(
            "status-position-beyond-32-bits-is-undetermined",
            "序号超出三十二位：无法判定，不得截断",
            "A position of more than 32 bits is out of range and not cut short",
        ),
        &setup,
        &at(1 << 32),
        Answer::undetermined(Step::Status, Reason::StatusOutOfRange),
    );
    let (mut world, _) = scene();
    for state in [State::Revoked, State::Void] {
        let neighbour = world.issue("business-license");
        world.set_state(&neighbour, state);
    }
    cases.verify_each(
        title(
            "status-of-neighbours-does-not-matter",
            "相邻序号已吊销：与本证照无关，有效",
            "The states of other positions do not matter",
        ),
        &Setup::of(&world),
        vec![super::case::row("", scene().1.bytes)],
        Answer::valid(),
    );
}

fn lists(cases: &mut Cases) {
    let (world, license) = scene();
    let trust_and_directory = || [world.trust_object(), world.directory_object("99")];
    cases.verify(
        title(
            "status-list-missing-is-undetermined",
            "本机没有该机构的吊销清单：无法判定",
            "Without the authority's status list the status is unknown",
        ),
        &Setup::holding(&world, trust_and_directory()),
        &license.bytes,
        Answer::undetermined(Step::Status, Reason::StatusListMissing).until(DIRECTORY_ENDS),
    );
    let mut objects = trust_and_directory().to_vec();
    let mut housing = world.lists[&(super::world::code(HOUSING), 1)].clone();
    housing.facts.length = 1;
    objects.push(status_object(&housing));
    cases.verify(
        title(
            "status-list-of-another-authority-does-not-count",
            "只有别的机构的清单：无法判定",
            "The list of another authority does not count",
        ),
        &Setup::holding(&world, objects),
        &license.bytes,
        Answer::undetermined(Step::Status, Reason::StatusListMissing).until(DIRECTORY_ENDS),
    );
    cases.verify(
        title(
            "status-list-of-another-number-does-not-count",
            "证照指向另一号清单：无法判定",
            "A license that points at another list of its authority is not answered by this one",
        ),
        &Setup::of(&world),
        &with_claims(|claims| claims.put(&[], STATUS, Item::List(vec![2.into(), 0.into()]))),
        Answer::undetermined(Step::Status, Reason::StatusListMissing).until(DIRECTORY_ENDS),
    );
    // A newer directory says that the key behind the held list was withdrawn before it signed it.
    let (mut world, license) = scene();
    let mut setup = Setup::of(&world);
    let withdrawn = world.time(-2 * HOUR);
    world.befall(ISSUER, Use::Status, HistoryState::Withdrawn, withdrawn, None);
    let issued = world.time(-HOUR / 2);
    let directory = world.directory("99");
    (directory.seq, directory.issued) = (2, issued);
    setup.offer(world.directory_object("99"), Answered::New);
    cases.verify(
        title(
            "status-list-whose-signer-was-withdrawn-is-not-used",
            "新目录撤回了清单签名密钥：不采用该清单，无法判定",
            "A held list whose signer a newer directory withdraws is not used",
        ),
        &setup,
        &license.bytes,
        Answer::undetermined(Step::Status, Reason::StatusListRefused),
    );
    let (mut world, license) = scene();
    let mut setup = Setup::of(&world);
    world.set_state(&license, State::Suspended);
    setup.offer(world.status_object(ISSUER), Answered::Refused(Reason::StoreEquivocation));
    cases.verify(
        title(
            "status-lists-that-contradict-are-undetermined",
            "同一序号的两份清单互相矛盾：无法判定",
            "Of two lists with the same sequence number neither is believed",
        ),
        &setup,
        &license.bytes,
        Answer::undetermined(Step::Status, Reason::IssuerEquivocation),
    );
}
