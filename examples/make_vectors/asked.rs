//! Group `time`: questions about another time than now, and by the knowledge of another time.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::time::{Day, Timestamp};
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, HERE, Setup, row, title};
use super::item::{Item, list, map};
use super::scene::{LICENSE, in_state, scene, with_claims};
use super::world::{BASE, DAY, HOUR};

const BEFORE: &str = "warning.before_list";
const EXP: i64 = 4;
const ISSUED_ON: i64 = 7;
const VALIDITY: i64 = 8;
const COPY: i64 = 12;

/// 2026-10-01T00:00:00+08:00 is ten hours before the base time.
const MIDNIGHT: i64 = -10 * HOUR;

pub(crate) fn all(cases: &mut Cases) {
    events(cases);
    licences_of_other_days(cases);
    events_to_come(cases);
    states(cases);
    knowledge(cases);
    knowledge_and_events(cases);
}

fn today() -> i64 {
    i64::from(Day::of(Timestamp::new(BASE).unwrap()).days())
}

/// The license, issued on one day of today's count and valid from one to another.
fn of_days(issued: i64, from: i64, until: Option<i64>) -> Vec<u8> {
    with_claims(|claims| {
        let days = [Some(from), until].into_iter().flatten().map(|day| Item::Int(today() + day)).collect::<Vec<_>>();
        claims.put(&[LICENSE], ISSUED_ON, today() + issued);
        claims.put(&[LICENSE], VALIDITY, days);
    })
}

fn invalid(reason: Reason) -> Answer {
    Answer::invalid(Step::Period, reason)
}

fn events(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = || Setup::of(&world);
    for (event, title, answer) in [
        (
            -2 * DAY,
            title(
                "event-before-the-status-list-is-valid-with-a-warning",
                "所问时间早于吊销清单，清单上在用：有效，并提示其间曾暂扣又解除的看不出",
                "Asked about a time before the status list by which it is in force: valid, and warned that what was lifted since would not show",
            ),
            Answer::valid().warned(BEFORE),
        ),
        (
            -HOUR - 1,
            title(
                "event-a-second-before-the-status-list-is-valid-with-a-warning",
                "所问时间早于吊销清单一秒：有效，并提示",
                "Asked about the second before the status list was issued: valid, with the warning",
            ),
            Answer::valid().warned(BEFORE),
        ),
        (
            -HOUR,
            title(
                "event-when-the-status-list-was-issued-is-valid",
                "所问时间恰为吊销清单签发之时：有效",
                "Asked about the second in which the status list was issued: valid",
            ),
            Answer::valid(),
        ),
        (
            -HOUR / 2,
            title(
                "event-after-the-status-list-is-valid",
                "所问时间在吊销清单签发之后、现在之前：有效",
                "Asked about a time after the status list: valid",
            ),
            Answer::valid(),
        ),
    ] {
        cases.verify(title, &setup().event(event), &license.bytes, answer);
    }
    cases.verify(
        title(
            "event-long-ago-by-a-stale-list-is-undetermined",
            "问的是过去，但现有吊销清单已过期：无法判定",
            "A stale status list does not tell of the past either: who knows what a newer one says",
        ),
        &setup().at(5 * DAY).event(-2 * DAY),
        &license.bytes,
        Answer::undetermined(Step::Status, Reason::StatusListStale).until(14 * DAY),
    );
}

fn licences_of_other_days(cases: &mut Cases) {
    let (world, _) = scene();
    let setup = || Setup::of(&world);
    let yesterday = of_days(-100, -100, Some(-1));
    for (name, event, license, answer) in [
        (
            title(
                "event-within-a-validity-that-is-over-is-valid",
                "现已过期，所问之时仍在有效期内：有效",
                "A license that has expired since was in force at the time asked about",
            ),
            -2 * DAY,
            yesterday.clone(),
            Answer::valid().warned(BEFORE),
        ),
        (
            title(
                "event-at-the-last-second-of-validity-is-valid",
                "所问为有效期最后一秒（北京时间）：有效",
                "Asked about the last second of validity, in Beijing: valid",
            ),
            MIDNIGHT - 1,
            yesterday.clone(),
            Answer::valid().warned(BEFORE),
        ),
        (
            title(
                "event-a-second-after-validity-is-invalid",
                "所问为有效期届满后一秒：已过期，无效",
                "Asked about the second after validity: expired, and that is final",
            ),
            MIDNIGHT,
            yesterday,
            invalid(Reason::PeriodExpired).warned(BEFORE),
        ),
        (
            title(
                "event-before-the-first-day-is-invalid",
                "所问之时尚未生效：无效",
                "Asked about a time before validity: not yet in force then",
            ),
            -11 * DAY,
            of_days(-100, -10, None),
            invalid(Reason::PeriodNotYet).warned(BEFORE),
        ),
        (
            title(
                "event-before-the-day-of-issue-is-invalid",
                "有效期追溯，但所问之时尚未颁发：无效，且不得断言当时无证",
                "Validity reaches back, but the license had not been issued: another may have been in force then",
            ),
            -11 * DAY,
            of_days(-10, -100, None),
            invalid(Reason::PeriodIssuedLater).warned(BEFORE),
        ),
        (
            title(
                "event-on-the-day-of-issue-is-valid",
                "所问为颁发当日：有效",
                "Asked about the first second of the day of issue: valid",
            ),
            MIDNIGHT - 10 * DAY,
            of_days(-10, -100, None),
            Answer::valid().warned(BEFORE),
        ),
        (
            title(
                "event-before-a-refreshed-credential-is-valid",
                "凭证在所问时间之后才更新签发，证照当时已颁发且在有效期内：有效",
                "A credential that was refreshed since speaks of the license as it was: valid",
            ),
            -40 * DAY,
            of_days(-100, -100, None),
            Answer::valid().warned(BEFORE),
        ),
    ] {
        // What is over, or had not begun, stays so: nothing about it can change any more.
        cases.verify(name, &setup().event(event), &license, answer);
    }
    let expiring = |seconds: i64| with_claims(|claims| claims.put(&[], EXP, BASE + seconds));
    cases.verify(
        title(
            "event-before-the-credential-expired-is-valid",
            "凭证现已到期，所问之时未到期：有效",
            "The credential has run out since, and had not at the time asked about",
        ),
        &setup().event(-3 * HOUR),
        &expiring(-2 * HOUR),
        Answer::valid().warned(BEFORE),
    );
    cases.verify(
        title(
            "event-after-the-credential-expired-is-undetermined",
            "所问之时凭证已到期：请更新凭证，不得说证照过期",
            "The credential had run out at the time asked about: it is to be refreshed",
        ),
        &setup().event(-HOUR),
        &expiring(-2 * HOUR),
        Answer::undetermined(Step::Period, Reason::PeriodCredentialExpired),
    );
    let copy = with_claims(|claims| {
        let copy = map([(1, "银行开户".into()), (3, (BASE - DAY / 2).into()), (4, "示例大厅".into())]);
        claims.put(&[LICENSE], COPY, copy);
    });
    let for_bank = || setup().with(|setup| setup.purpose = Some("银行开户"));
    cases.verify(
        title(
            "event-before-the-copy-expired-is-valid",
            "加注件现已截止，所问之时未截止：有效",
            "An annotated copy that has expired since was good at the time asked about",
        ),
        &for_bank().event(-DAY / 2 - 1),
        &copy,
        Answer::valid().passed(Step::Presentation).warned(BEFORE),
    );
    cases.verify(
        title(
            "event-after-the-copy-expired-is-invalid",
            "所问之时加注件已截止：无效",
            "An annotated copy had expired at the time asked about",
        ),
        &for_bank().event(-DAY / 2),
        &copy,
        invalid(Reason::PeriodCopyExpired).warned(BEFORE).passed(Step::Presentation),
    );
}

fn events_to_come(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = || Setup::of(&world);
    let ahead = || Answer::undetermined(Step::Period, Reason::TimeAskedAhead);
    cases.verify(
        title(
            "event-to-come-is-undetermined",
            "所问的时间尚未到来：无法判定",
            "Whether it will be in force tomorrow nobody knows",
        ),
        &setup().event(DAY),
        &license.bytes,
        ahead().until(DAY),
    );
    cases.verify(
        title(
            "event-a-second-after-the-window-is-undetermined",
            "所问时间晚于时间窗一秒：尚未到来",
            "A second after the end of the window the time asked about has certainly not come",
        ),
        &setup().event(121),
        &license.bytes,
        ahead().until(121),
    );
    cases.verify(
        title(
            "event-within-the-window-is-undetermined",
            "所问时间落在时间窗内：是否已到来取决于时钟",
            "Whether a time within the window has come depends",
        ),
        &setup().event(-119),
        &license.bytes,
        Answer::undetermined(Step::Period, Reason::PeriodDepends).until(-119),
    );
    cases.verify(
        title(
            "event-at-the-beginning-of-the-window-is-valid",
            "所问时间恰为时间窗之始：已到来，有效",
            "The first second of the window has certainly come",
        ),
        &setup().event(-120),
        &license.bytes,
        Answer::valid(),
    );
    cases.verify(
        title(
            "event-to-come-after-the-validity-is-invalid",
            "所问的将来在有效期之后：届时必已过期，无效",
            "A time to come after the end of validity: expired by then, whatever happens",
        ),
        &setup().event(20 * DAY),
        &of_days(-100, -100, Some(10)),
        invalid(Reason::PeriodExpired),
    );
}

fn states(cases: &mut Cases) {
    let past_unknown = || Answer::undetermined(Step::Status, Reason::StatusPastUnknown);
    let stated = |reason| Answer::invalid(Step::Status, reason);
    let (revoked, license) = in_state(State::Revoked);
    cases.verify(
        title(
            "event-before-the-list-that-says-revoked-is-undetermined",
            "现已吊销，所问早于清单而清单不含日期：无法判定",
            "Revoked by a list without dates, asked about a time before it: who knows since when",
        ),
        &Setup::of(&revoked).event(-2 * DAY),
        &license.bytes,
        past_unknown(),
    );
    cases.verify(
        title(
            "event-when-the-list-said-revoked-is-invalid",
            "所问之时清单已载明吊销：无效",
            "Revoked by a list that had been issued at the time asked about",
        ),
        &Setup::of(&revoked).event(-HOUR),
        &license.bytes,
        stated(Reason::StatusRevoked),
    );
    let (suspended, license) = in_state(State::Suspended);
    cases.verify(
        title(
            "event-before-the-list-that-says-suspended-is-undetermined",
            "现暂扣，所问早于清单：无法判定",
            "Suspended by the list, asked about a time before it: undetermined",
        ),
        &Setup::of(&suspended).event(-2 * DAY),
        &license.bytes,
        past_unknown(),
    );
    cases.verify(
        title(
            "event-while-the-list-that-says-suspended-was-current-is-invalid",
            "所问之时该清单尚在更新期内，载明暂扣；清单现已过更新期：当时确已暂扣，无效",
            "Suspended by the list that was current at the time asked about: later lifting changes nothing about then",
        ),
        &Setup::of(&suspended).at(2 * DAY).event(DAY - 1),
        &license.bytes,
        stated(Reason::StatusSuspended).warned("warning.grace.status-list"),
    );
    cases.verify(
        title(
            "event-after-the-list-that-says-suspended-was-due-is-undetermined",
            "所问之时清单已过更新期：可能已解除，无法判定",
            "Asked about a time at which a newer list was due: the suspension may have been lifted by then",
        ),
        &Setup::of(&suspended).at(2 * DAY).event(DAY),
        &license.bytes,
        Answer::undetermined(Step::Status, Reason::StatusSuspendedStale).warned("warning.grace.status-list"),
    );
    let (void, license) = in_state(State::Void);
    cases.verify(
        title(
            "event-of-a-void-position-is-invalid",
            "从未签发的序号：无论问何时，无效",
            "What was never issued was never in force, whatever time is asked about",
        ),
        &Setup::of(&void).event(-2 * DAY),
        &license.bytes,
        stated(Reason::StatusVoid),
    );
}

fn knowledge(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = || Setup::of(&world);
    cases.verify(
        title(
            "known-years-ago-is-valid-still",
            "两年后按当时所知判断：有效，且永不改变",
            "A court asks years later by what was known then: valid, and for ever so",
        ),
        &setup().at(730 * DAY).known(0),
        &license.bytes,
        Answer::valid().until(None),
    );
    cases.verify(
        title(
            "known-when-the-lists-were-issued-is-valid",
            "知识时间恰为清单签发之时：有效",
            "By the knowledge of the second in which the newest lists were issued: valid",
        ),
        &setup().known(-HOUR),
        &license.bytes,
        Answer::valid().until(None),
    );
    let later =
        Answer::undetermined(Step::Issuer, Reason::StateLater).unknown(Step::Status, Reason::StateLater).until(None);
    cases.verify(
        title(
            "known-before-the-lists-were-issued-is-undetermined",
            "知识时间早于所持目录与吊销清单：当时无人知晓其内容，无法判定",
            "By the knowledge of a time before the held directory and status list: nobody knew them then",
        ),
        &setup().known(-HOUR - 1),
        &license.bytes,
        later.clone(),
    );
    let (revoked, gone) = in_state(State::Revoked);
    cases.verify(
        title(
            "known-before-the-list-that-says-revoked-is-undetermined",
            "吊销载于更晚的清单：按此前所知，无法判定而非无效",
            "A revocation by a later list is not known at a time before it",
        ),
        &Setup::of(&revoked).known(-2 * HOUR),
        &gone.bytes,
        later,
    );
    cases.verify(
        title(
            "known-when-the-status-list-was-stale-is-undetermined",
            "按吊销清单过期之后的知识时间判断：无法判定",
            "By the knowledge of a time at which the status list was stale: undetermined, whatever the clock says",
        ),
        &setup().at(30 * DAY).known(5 * DAY),
        &license.bytes,
        Answer::undetermined(Step::Status, Reason::StatusListStale).until(None),
    );
    cases.verify(
        title(
            "known-before-the-credential-was-signed-is-not-yet-valid",
            "知识时间早于凭证签发：当时尚未生效，无效",
            "By the knowledge of a time before the credential was signed: not yet valid",
        ),
        &setup().known(-2 * DAY),
        &license.bytes,
        invalid(Reason::PeriodNotYet)
            .unknown(Step::Issuer, Reason::StateLater)
            .unknown(Step::Status, Reason::StateLater)
            .until(None),
    );
    cases.verify(
        title(
            "known-at-a-time-to-come-is-undetermined",
            "知识时间尚未到来：无法判定",
            "What will be known tomorrow nobody knows",
        ),
        &setup().known(DAY / 2),
        &license.bytes,
        Answer::undetermined(Step::Period, Reason::TimeAskedAhead).until(DAY / 2),
    );
    cases.verify(
        title(
            "known-by-a-verifier-without-a-clock-is-valid",
            "无时钟，知识时间已由签名数据证明过去：有效",
            "Without a clock: signed objects prove that the time asked about has come",
        ),
        &setup().known(-HOUR).with(|setup| setup.clock = None),
        &license.bytes,
        Answer::valid().until(None),
    );
    cases.verify(
        title(
            "known-after-the-floor-without-a-clock-is-undetermined",
            "无时钟，知识时间晚于时间下限：是否已到来无从知道",
            "Without a clock: whether a time after the floor has come is not known",
        ),
        &setup().known(0).with(|setup| setup.clock = None),
        &license.bytes,
        Answer::undetermined(Step::Period, Reason::TimeNoClock).until(0),
    );
}

fn knowledge_and_events(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = || Setup::of(&world);
    cases.verify(
        title(
            "event-after-the-knowledge-is-undetermined",
            "所问之事晚于知识时间：当时尚不可知",
            "An event after the knowledge that is asked about: nobody knew then",
        ),
        &setup().known(-HOUR).event(-HOUR + 1),
        &license.bytes,
        Answer::undetermined(Step::Period, Reason::TimeAskedAhead).until(None),
    );
    cases.verify_each(
        title(
            "event-and-knowledge-of-another-time-are-judged-apart",
            "两者都问：有效期按所问之时，清单新旧按知识时间",
            "Both asked: validity by the event, the age of lists by the knowledge",
        ),
        &setup().at(400 * DAY).known(0).event(-3 * HOUR),
        vec![
            row("in force then and now", license.bytes),
            row("expired between the event and the knowledge", of_days(-100, -100, Some(0))),
            row("its credential ran out since", with_claims(|claims| claims.put(&[], EXP, BASE - HOUR))),
        ],
        Answer::valid().warned(BEFORE).until(None),
    );
    let neighbour = Setup::of(&world).event(-DAY).with(|setup| setup.region = Some("980000"));
    assert_ne!(neighbour.region, Some(HERE));
    cases.verify_each(
        title(
            "event-of-a-license-from-elsewhere-asks-for-recognition",
            "外地证照问过去之时：仍须有互认规则",
            "A license from elsewhere needs a rule for a past time too",
        ),
        &neighbour,
        vec![
            row("valid from 2024 on", scene().1.bytes),
            row(
                "of these days",
                with_claims(|claims| {
                    claims.put(&[LICENSE], VALIDITY, list([(today() - 50).into(), (today() + 50).into()]));
                }),
            ),
        ],
        Answer::undetermined(Step::Recognition, Reason::RecognitionNoRule).warned(BEFORE),
    );
}
