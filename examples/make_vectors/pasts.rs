//! Group `status`: lists with details, asked about days before they were issued.

use zhengyin::claims::StatusPointer;
use zhengyin::reason::Reason;
use zhengyin::status::{Cause, LicenseHistory, Spell, State};
use zhengyin::time::{Day, Timestamp};
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Setup, title};
use super::scene::scene;
use super::world::{BASE, DAY, HOUR, World};

const GRACE: i64 = 3 * DAY;

/// So many days after the day of the base time, whose first second is ten hours before it.
fn day(days: i64) -> Day {
    let today = Day::of(Timestamp::new(BASE).unwrap());
    Day::new(i64::from(today.days()) + days).unwrap()
}

/// In the middle of that day.
const fn noon(days: i64) -> i64 {
    2 * HOUR + days * DAY
}

fn cause(word: &str) -> Cause {
    Cause::from_word(word).unwrap()
}

/// The scene with a list that tells this of the license.
fn told(history: LicenseHistory) -> (World, Vec<u8>) {
    let (mut world, license) = scene();
    world.set_history(&license, history);
    (world, license.bytes)
}

fn since(state: State, days: i64) -> LicenseHistory {
    LicenseHistory { cause: cause("unlawful-conduct"), ..LicenseHistory::of(state, Some(day(days))) }
}

fn spell(state: State, from: i64, until: i64) -> Spell {
    Spell { state, from: day(from), until: day(until), cause: cause("investigation") }
}

fn invalid(reason: Reason) -> Answer {
    Answer::invalid(Step::Status, reason)
}

fn undetermined(reason: Reason) -> Answer {
    Answer::undetermined(Step::Status, reason)
}

pub(crate) fn all(cases: &mut Cases) {
    revoked(cases);
    lifted(cases);
    withdrawn(cases);
    limits(cases);
}

fn revoked(cases: &mut Cases) {
    let (world, license) = told(since(State::Revoked, -5));
    for (event, title, answer) in [
        (
            noon(-9),
            title(
                "past-day-before-the-revocation-is-valid",
                "清单载明吊销之日，所问在其之前：当时有效",
                "Revoked since a day that the list tells, asked about a day before it: in force then",
            ),
            Answer::valid(),
        ),
        (
            noon(-6),
            title(
                "past-day-next-before-the-revocation-is-valid",
                "所问为吊销前一日：当时有效",
                "Asked about the day before the revocation: in force then",
            ),
            Answer::valid(),
        ),
        (
            noon(-5),
            title(
                "past-day-of-the-revocation-is-undetermined",
                "所问恰为吊销之日，清单只记到日：无法判定",
                "Asked about the very day of the revocation: the list tells days only",
            ),
            undetermined(Reason::StatusChangedThatDay),
        ),
        (
            noon(-4),
            title(
                "past-day-after-the-revocation-is-invalid",
                "所问为吊销次日：当时已吊销，无效",
                "Asked about the day after the revocation: revoked by then",
            ),
            invalid(Reason::StatusRevoked),
        ),
    ] {
        cases.verify(title, &Setup::of(&world).event(event), &license, answer);
    }
    cases.verify(
        title(
            "past-day-does-not-matter-where-none-is-asked-about",
            "未问过去：现已吊销，无效",
            "With details or without, a license that is revoked is revoked now",
        ),
        &Setup::of(&world),
        &license,
        invalid(Reason::StatusRevoked),
    );
    let (mut world, license) = told(since(State::Revoked, -5));
    world.age_list(ISSUER, GRACE + DAY);
    cases.verify(
        title(
            "past-day-before-the-revocation-by-a-stale-list-is-undetermined",
            "清单已过宽限期：较新的清单或载明撤销，无法判定",
            "By a stale list: a newer one may tell of a withdrawal that reaches back",
        ),
        &Setup::of(&world).event(noon(-12)),
        &license,
        undetermined(Reason::StatusListStale).until(14 * DAY),
    );
    cases.verify(
        title(
            "past-day-after-the-revocation-by-a-stale-list-is-invalid",
            "清单虽旧，所问之日已载明吊销：无效",
            "By a stale list that tells of a revocation before the day asked about: that stands",
        ),
        &Setup::of(&world).event(noon(-5) + DAY),
        &license,
        invalid(Reason::StatusRevoked).until(14 * DAY),
    );
    let successor = Some(StatusPointer { list: 1, index: 7 });
    let (world, license) = told(LicenseHistory { successor, cause: cause("changed"), ..since(State::Superseded, -3) });
    cases.verify(
        title(
            "past-day-before-it-was-superseded-is-valid",
            "所问之日尚未换发新证：当时有效",
            "Asked about a day before the license was superseded: in force then",
        ),
        &Setup::of(&world).event(noon(-4)),
        &license,
        Answer::valid(),
    );
    let (world, license) = told(LicenseHistory::of(State::Revoked, None));
    cases.verify(
        title(
            "past-day-of-a-revocation-without-a-day-is-undetermined",
            "清单有详情但此证未载日期：无法判定当时状态",
            "Details that do not tell the day of this revocation tell nothing of the past",
        ),
        &Setup::of(&world).event(noon(-9)),
        &license,
        undetermined(Reason::StatusPastUnknown),
    );
}

fn lifted(cases: &mut Cases) {
    let past = vec![spell(State::Suspended, -9, -6), spell(State::ReportedLost, -4, -4)];
    let (world, license) = told(LicenseHistory { past, ..LicenseHistory::IN_FORCE });
    for (event, title, answer) in [
        (
            noon(-8),
            title(
                "past-day-within-a-suspension-that-was-lifted-is-invalid",
                "现在用，所问之日曾暂扣：当时无效",
                "In force now, and suspended on the day asked about",
            ),
            invalid(Reason::StatusSuspended),
        ),
        (
            noon(-9),
            title(
                "past-day-on-which-a-suspension-began-is-undetermined",
                "所问恰为暂扣之日：无法判定",
                "Asked about the day on which the suspension began",
            ),
            undetermined(Reason::StatusChangedThatDay),
        ),
        (
            noon(-5),
            title(
                "past-day-after-a-suspension-was-lifted-is-valid",
                "所问之日暂扣已解除：有效，无需提示",
                "Asked about a day after it was lifted: valid, and nothing to warn of",
            ),
            Answer::valid(),
        ),
        (
            noon(-4),
            title(
                "past-day-within-which-a-loss-came-and-went-is-undetermined",
                "所问之日挂失又解除：无法判定",
                "Reported lost and found again on the day asked about",
            ),
            undetermined(Reason::StatusChangedThatDay),
        ),
    ] {
        cases.verify(title, &Setup::of(&world).event(event), &license, answer);
    }
    let past = vec![spell(State::Suspended, -9, -5)];
    let (world, license) = told(LicenseHistory { past, ..since(State::Revoked, -5) });
    cases.verify(
        title(
            "past-day-from-suspended-to-revoked-is-invalid",
            "所问之日由暂扣转为吊销，全天不在用：无效",
            "Suspended and revoked on the same day: it was in force at no hour of it",
        ),
        &Setup::of(&world).event(noon(-5)),
        &license,
        invalid(Reason::StatusRevoked),
    );
    cases.verify(
        title(
            "past-day-within-a-suspension-before-the-revocation-is-invalid",
            "所问之日暂扣中，后来吊销：当时无效",
            "Suspended on the day asked about, revoked later",
        ),
        &Setup::of(&world).event(noon(-7)),
        &license,
        invalid(Reason::StatusSuspended),
    );
    // Another position has details, this one nothing to tell.
    let (mut world, license) = scene();
    let neighbour = world.issue("business-license");
    world.set_history(&neighbour, since(State::Revoked, -5));
    cases.verify(
        title(
            "past-day-of-a-license-of-which-there-is-nothing-to-tell-is-valid",
            "清单有详情而此证无任何记载：当时有效，无需提示",
            "A list with details has nothing to tell of the license: in force on every day, and no warning",
        ),
        &Setup::of(&world).event(noon(-9)),
        &license.bytes,
        Answer::valid(),
    );
}

fn withdrawn(cases: &mut Cases) {
    let (world, license) = told(LicenseHistory { cause: cause("wrongly-granted"), ..since(State::Withdrawn, -5) });
    cases.verify(
        title(
            "past-day-before-a-withdrawal-is-undetermined",
            "其后被撤销，撤销可能溯及所问之日：无法判定",
            "Withdrawn later: a withdrawal may reach back to the day asked about",
        ),
        &Setup::of(&world).event(noon(-9)),
        &license,
        undetermined(Reason::StatusWithdrawnLater),
    );
    cases.verify(
        title(
            "past-day-after-a-withdrawal-is-invalid",
            "所问之日已撤销：无效",
            "Asked about a day after the withdrawal: withdrawn by then",
        ),
        &Setup::of(&world).event(noon(-4)),
        &license,
        invalid(Reason::StatusWithdrawn),
    );
    let (world, license) = told(LicenseHistory::of(State::Void, None));
    cases.verify(
        title(
            "past-day-of-a-void-position-in-a-list-with-details-is-invalid",
            "从未签发的序号：无论问哪一日，无效",
            "A void position was void on every day",
        ),
        &Setup::of(&world).event(noon(-9)),
        &license,
        invalid(Reason::StatusVoid),
    );
}

/// The day is that of Beijing; at and after the list's issue its present state counts.
fn limits(cases: &mut Cases) {
    let (world, license) = told(since(State::Revoked, -5));
    for (event, title, answer) in [
        (
            noon(-5) - 12 * HOUR - 1,
            title(
                "past-second-before-the-day-of-the-revocation-in-beijing-is-valid",
                "所问为吊销之日（北京时间）零时前一秒：当时有效",
                "The last second before the day of the revocation, in Beijing",
            ),
            Answer::valid(),
        ),
        (
            noon(-5) + 12 * HOUR,
            title(
                "past-second-after-the-day-of-the-revocation-in-beijing-is-invalid",
                "所问为吊销次日（北京时间）零时：当时已吊销",
                "The first second after the day of the revocation, in Beijing",
            ),
            invalid(Reason::StatusRevoked),
        ),
    ] {
        cases.verify(title, &Setup::of(&world).event(event), &license, answer);
    }
    let (world, license) = told(since(State::Suspended, 0));
    cases.verify(
        title(
            "past-hour-of-the-day-of-issue-before-the-list-is-undetermined",
            "所问在清单签发之前、暂扣之日：无法判定",
            "Suspended on the day of the list, asked about an hour of that day before it was issued",
        ),
        &Setup::of(&world).event(-2 * HOUR),
        &license,
        undetermined(Reason::StatusChangedThatDay),
    );
    cases.verify(
        title(
            "past-hour-after-the-list-is-judged-by-its-present-state",
            "所问在清单签发之后：按清单现状判断",
            "Asked about an hour after the list was issued: its present state counts",
        ),
        &Setup::of(&world).event(-HOUR / 2),
        &license,
        invalid(Reason::StatusSuspended),
    );
}
