//! Group `time`: validity, credential expiry, and what a device knows of the time.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::time::{Day, Timestamp};
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, Setup, row, title};
use super::item::{Item, list};
use super::scene::{LICENSE, in_state, scene, small_world, with_claims};
use super::world::{BASE, DAY, HOUR};

const EXP: i64 = 4;
const NBF: i64 = 5;
const IAT: i64 = 6;

/// 2026-10-01T00:00:00+08:00 is ten hours before the base time.
const MIDNIGHT: i64 = 14 * HOUR;

pub(crate) fn all(cases: &mut Cases) {
    last_day(cases);
    first_day(cases);
    long_term(cases);
    credential(cases);
    issue_times(cases);
    clocks(cases);
    floors(cases);
}

/// The civil day in Beijing of the base time.
fn today() -> i64 {
    i64::from(Day::of(Timestamp::new(BASE).unwrap()).days())
}

fn valid_days(from: i64, until: Option<i64>) -> Vec<u8> {
    with_claims(|claims| {
        let days = [Some(from), until].into_iter().flatten().map(Item::Int).collect::<Vec<_>>();
        claims.put(&[LICENSE], 8, days);
    })
}

fn depends() -> Answer {
    Answer::undetermined(Step::Period, Reason::PeriodDepends)
}

fn last_day(cases: &mut Cases) {
    let (world, _) = scene();
    let license = valid_days(today() - 100, Some(today()));
    for (seconds, title, answer) in [
        (
            0,
            title(
                "period-on-the-last-day-is-valid",
                "有效期最后一日（北京时间）：有效，至当日结束",
                "On the last day of validity, in Beijing, a license is valid to the end of that day",
            ),
            Answer::valid().until(MIDNIGHT),
        ),
        (
            MIDNIGHT - 121,
            title(
                "period-window-within-the-last-day-is-valid",
                "时间窗全在最后一日内：有效",
                "A window that ends with the last second of the last day is valid",
            ),
            Answer::valid().until(MIDNIGHT),
        ),
        (
            MIDNIGHT - 120,
            title(
                "period-window-touching-the-end-is-undetermined",
                "时间窗触及有效期结束：无法判定",
                "A window whose last second is the first after validity is undetermined",
            ),
            depends().until(MIDNIGHT),
        ),
        (
            MIDNIGHT + 119,
            title(
                "period-window-leaving-the-end-is-undetermined",
                "时间窗始于有效期最后一秒：无法判定",
                "A window whose first second is the last of validity is undetermined",
            ),
            depends().until(MIDNIGHT),
        ),
        (
            MIDNIGHT + 120,
            title(
                "period-window-after-the-end-is-expired",
                "时间窗全在有效期之后：已过期，无效",
                "A window that begins with the first second after validity finds the license expired",
            ),
            Answer::invalid(Step::Period, Reason::PeriodExpired),
        ),
    ] {
        cases.verify(title, &Setup::of(&world).at(seconds), &license, answer);
    }
}

fn first_day(cases: &mut Cases) {
    let (world, _) = scene();
    let license = valid_days(today() + 1, None);
    let not_yet = || Answer::invalid(Step::Period, Reason::PeriodNotYet).until(MIDNIGHT);
    for (seconds, title, answer) in [
        (
            0,
            title(
                "period-before-the-first-day-is-not-yet-valid",
                "有效期自明日起：尚未生效，无效",
                "On the day before validity a license is not yet valid",
            ),
            not_yet(),
        ),
        (
            MIDNIGHT - 121,
            title(
                "period-window-before-the-beginning-is-not-yet-valid",
                "时间窗全在生效之前：尚未生效",
                "A window that ends with the last second before validity finds the license not yet valid",
            ),
            not_yet(),
        ),
        (
            MIDNIGHT - 120,
            title(
                "period-window-touching-the-beginning-is-undetermined",
                "时间窗触及生效时刻：无法判定",
                "A window whose last second is the first of validity is undetermined",
            ),
            depends().until(MIDNIGHT),
        ),
        (
            MIDNIGHT + 120,
            title(
                "period-window-after-the-beginning-is-valid",
                "时间窗始于生效时刻：有效",
                "A window whose first second is the first of validity is valid",
            ),
            Answer::valid(),
        ),
    ] {
        cases.verify(title, &Setup::of(&world).at(seconds), &license, answer);
    }
}

fn long_term(cases: &mut Cases) {
    let (world, _) = scene();
    let setup = Setup::of(&world);
    cases.verify_each(
        title(
            "period-without-end-is-valid",
            "长期有效：有效，不论起自何年",
            "A license without end (长期) is valid, from whatever year on",
        ),
        &setup,
        vec![
            row("from 1965", valid_days(-1_800, None)),
            row("from the year 1", valid_days(-719_162, None)),
            row("from 1965 to the last day of 9999", valid_days(-1_800, Some(2_932_896))),
            row("from today", valid_days(today(), None)),
        ],
        Answer::valid(),
    );
    cases.verify_each(
        title(
            "period-long-past-is-expired",
            "有效期早已届满：已过期，无效",
            "A license whose validity ended long ago is expired",
        ),
        &setup,
        vec![
            row("ended yesterday", valid_days(today() - 2, Some(today() - 1))),
            row("one day in 1965", valid_days(-1_800, Some(-1_800))),
            row("one day in the year 1", valid_days(-719_162, Some(-719_162))),
        ],
        Answer::invalid(Step::Period, Reason::PeriodExpired),
    );
    let (world, license) = in_state(State::Revoked);
    let expired = with_claims(|claims| claims.put(&[LICENSE], 8, list([19_000.into(), 19_001.into()])));
    assert_ne!(license.bytes, expired);
    cases.verify(
        title(
            "period-expired-and-revoked-reports-both",
            "既过期又吊销：两步都说明，首个失败步骤定案",
            "Expired and revoked: both steps say so, and the first that failed decides",
        ),
        &Setup::of(&world),
        &expired,
        Answer::invalid(Step::Period, Reason::PeriodExpired).failed(Step::Status, Reason::StatusRevoked),
    );
}

fn credential(cases: &mut Cases) {
    let (world, _) = scene();
    let setup = Setup::of(&world);
    let expiring = |seconds: i64| with_claims(|claims| claims.put(&[], EXP, BASE + seconds));
    for (seconds, title, answer) in [
        (
            121,
            title(
                "credential-about-to-expire-is-valid",
                "凭证即将到期：有效",
                "A credential that expires a second after the window is valid until then",
            ),
            Answer::valid().until(121),
        ),
        (
            120,
            title(
                "credential-expiry-within-the-window-is-undetermined",
                "凭证到期落在时间窗内：无法判定",
                "A credential that expires within the window is undetermined",
            ),
            depends().until(120),
        ),
        (
            -120,
            title(
                "credential-expired-while-the-license-stands-is-undetermined",
                "凭证过期而证照仍有效：请更新凭证，不得说证照过期",
                "A credential past its exp asks to be refreshed; the license is not called expired",
            ),
            Answer::undetermined(Step::Period, Reason::PeriodCredentialExpired),
        ),
    ] {
        cases.verify(title, &setup, &expiring(seconds), answer);
    }
    cases.verify(
        title(
            "credential-and-license-expired-is-expired",
            "凭证与证照都过期：以证照过期为准，无效",
            "Where the license itself has expired too, that is the ground",
        ),
        &setup,
        &with_claims(|claims| {
            claims.put(&[], EXP, BASE - HOUR);
            claims.put(&[LICENSE], 8, list([19_000.into(), (today() - 1).into()]));
        }),
        Answer::invalid(Step::Period, Reason::PeriodExpired),
    );
}

fn issue_times(cases: &mut Cases) {
    let (mut world, _) = scene();
    // So that completeness is not what is asked about here.
    let issued = world.time(-HOUR);
    world.directory("99").issued = issued;
    let setup = Setup::of(&world);
    let at = |seconds: i64| {
        with_claims(|claims| {
            claims.put(&[], NBF, BASE + seconds);
            claims.put(&[], IAT, BASE + seconds);
        })
    };
    cases.verify(
        title(
            "issued-before-the-window-is-valid",
            "签发时间不晚于时间窗始端：有效",
            "A license issued at the first second of the window is valid",
        ),
        &setup,
        &at(-120),
        Answer::valid(),
    );
    for (seconds, title) in [
        (
            -119,
            title(
                "issued-within-the-window-is-undetermined",
                "签发时间落在时间窗内：无法判定",
                "A license issued within the window is undetermined",
            ),
        ),
        (
            420,
            title(
                "issued-five-minutes-after-the-window-is-undetermined",
                "签发时间晚于时间窗不超过五分钟：签发方时钟可能偏快，无法判定",
                "Issuers' clocks run fast too: up to five minutes after the window it depends",
            ),
        ),
    ] {
        cases.verify(title, &setup, &at(seconds), depends().depends_until(seconds));
    }
    cases.verify(
        title(
            "issued-in-the-future-is-not-yet-valid",
            "签发时间确在将来：尚未生效，无效",
            "A license issued more than five minutes after the window is not yet valid",
        ),
        &setup,
        &at(421),
        // From the second in which issuers' skew may explain it.
        Answer::invalid(Step::Period, Reason::PeriodNotYet).until(121),
    );
    cases.verify(
        title(
            "not-before-in-the-future-is-not-yet-valid",
            "nbf 在将来：尚未生效，无效",
            "A credential whose nbf is certainly in the future is not yet valid",
        ),
        &setup,
        &with_claims(|claims| claims.put(&[], NBF, BASE + DAY)),
        Answer::invalid(Step::Period, Reason::PeriodNotYet).until(DAY - 300),
    );
}

/// Every question about time is open.
fn open(reason: Reason) -> Answer {
    Answer::undetermined(Step::Issuer, reason).unknown(Step::Period, reason).unknown(Step::Status, reason)
}

fn clocks(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = || Setup::of(&world);
    let no_clock = |setup: Setup| setup.with(|setup| setup.clock = None);
    cases.verify(
        title(
            "no-clock-is-undetermined",
            "没有时钟：凡关时间皆无法判定",
            "Without a clock whatever may end is undetermined",
        ),
        &no_clock(setup()),
        &license.bytes,
        open(Reason::TimeNoClock),
    );
    let (revoked, license_revoked) = in_state(State::Revoked);
    cases.verify(
        title(
            "no-clock-and-revoked-is-invalid",
            "没有时钟而已吊销：仍无效",
            "A revoked license is invalid at any time: no clock is needed",
        ),
        &no_clock(Setup::of(&revoked)),
        &license_revoked.bytes,
        open(Reason::TimeNoClock).passed(Step::Status).now_invalid(Step::Status, Reason::StatusRevoked),
    );
    cases.verify(
        title(
            "no-clock-and-expired-before-the-floor-is-invalid",
            "没有时钟，但已持有的签名数据证明已过期：无效",
            "Signed objects that are held prove that the license has expired, clock or not",
        ),
        &no_clock(setup()),
        &valid_days(today() - 100, Some(today() - 1)),
        open(Reason::TimeNoClock).passed(Step::Period).now_invalid(Step::Period, Reason::PeriodExpired),
    );
    for (seconds, title, answer) in [
        (
            -HOUR - 301,
            title(
                "clock-behind-the-floor-is-undetermined",
                "时钟比已持有的签名数据早五分钟以上：不采信时钟，无法判定",
                "A clock more than five minutes behind signed objects that are held is not believed",
            ),
            open(Reason::TimeClockBehind),
        ),
        (
            -HOUR - 300,
            title(
                "clock-five-minutes-behind-the-floor-is-valid",
                "时钟比已持有的签名数据早五分钟：以签名数据为始端，有效",
                "A clock five minutes behind the floor is believed, and the window begins at the floor",
            ),
            Answer::valid(),
        ),
    ] {
        cases.verify(title, &setup().at(seconds), &license.bytes, answer);
    }
    cases.verify(
        title(
            "clock-at-1970-is-undetermined",
            "时钟停在 1970 年：不采信，无法判定",
            "A clock at 1970 is behind everything",
        ),
        &setup().with(|setup| setup.clock = Some((0, 120))),
        &license.bytes,
        open(Reason::TimeClockBehind),
    );
    cases.verify(
        title(
            "clock-uncertain-by-a-day-is-valid-in-grace",
            "时钟可能差一日：时间窗跨清单更新期但在宽限期内，有效并提示",
            "A clock that may be off by a day: the window reaches past the next update, and stays within grace",
        ),
        &setup().with(|setup| setup.clock = Some((BASE, 86_400))),
        &license.bytes,
        Answer::valid().warned("warning.grace.status-list"),
    );
    cases.verify(
        title(
            "clock-uncertain-by-a-week-is-undetermined",
            "时钟可能差一周：清单是否过期无法判定",
            "A clock that may be off by a week does not tell whether the status list is stale",
        ),
        &setup().with(|setup| setup.clock = Some((BASE, 7 * 86_400))),
        &license.bytes,
        // What a fortnight's end of grace allows for such a clock is nearer than the status list's, on which it depends already.
        Answer::undetermined(Step::Status, Reason::StatusTimeDepends).warned("warning.grace.directory").until(14 * DAY),
    );
    cases.verify(
        title(
            "clock-exact-at-the-last-second-is-valid",
            "时钟无误差，最后一秒：有效",
            "An exact clock at the last second of validity is certain",
        ),
        &setup().with(|setup| setup.clock = Some((BASE + MIDNIGHT - 1, 0))),
        &valid_days(today() - 1, Some(today())),
        Answer::valid().until(MIDNIGHT),
    );
    cases.verify(
        title(
            "clock-far-ahead-is-undetermined",
            "时钟快了几年：一切过期，无法判定，不得说伪造",
            "A clock that is years ahead finds everything expired: undetermined, and nobody is accused",
        ),
        &setup().at(2_000 * DAY),
        &license.bytes,
        Answer::undetermined(Step::Issuer, Reason::IssuerTrustExpired)
            .unknown(Step::Period, Reason::PeriodCredentialExpired)
            .unknown(Step::Status, Reason::StatusListStale)
            .until(None),
    );
}

fn floors(cases: &mut Cases) {
    // The trust list is twenty days old: no directory and no status list moves the floor beyond twelve days ago.
    let mut world = small_world();
    let issued = world.time(-20 * DAY);
    world.trust.issued = issued;
    let mut credential = world.credential(super::case::ISSUER);
    (credential.issued_at, credential.not_before) = (world.time(-15 * DAY), world.time(-15 * DAY));
    let facts = super::world::data::license("business-license").facts;
    let license = world.issue_as(facts, credential);
    let setup = || Setup::of(&world);
    cases.verify(
        title(
            "floor-is-no-more-than-eight-days-after-the-trust-list",
            "下限至多为互认清单签发后八日：一省不能推动各处时钟",
            "The floor is at most eight days after the trust list: no single province pushes every clock",
        ),
        &setup().at(-11 * DAY),
        &license.bytes,
        Answer::valid(),
    );
    cases.verify(
        title(
            "floor-eight-days-after-the-trust-list-holds",
            "早于互认清单签发后八日的下限：不采信时钟",
            "A clock before the capped floor is behind all the same",
        ),
        &setup().at(-12 * DAY - 301),
        &license.bytes,
        open(Reason::TimeClockBehind),
    );
}
