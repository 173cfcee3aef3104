//! Group `suite`: algorithms that go out of use, by the trust list's word.
//!
//! Licenses are signed a day before the base time, directories and status lists an hour before it.

use zhengyin::claims::{Binding, PresentationClaims};
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::issue::present;
use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::trust::Sunset;
use zhengyin::verify::{Outcome, Point, Step};

use super::answer::Answer;
use super::case::{Cases, Setup, title};
use super::scene::scene;
use super::stamp_answer::StampAnswer;
use super::stamps::offered;
use super::suites::{by_other, listed_by_other, made_by_other};
use super::world::{DAY, HOUR, Issued, Mixed, World, key, mixed};

/// The suite of the provinces, or the other.
#[derive(Clone, Copy)]
enum Of {
    Main,
    Other,
}

/// So many seconds after the base time: signed until, relied on until.
fn sunset(world: &World, mix: Mixed, of: Of, signed: i64, relied: Option<i64>) -> Sunset {
    let prefix = match of {
        Of::Main => mix.main,
        Of::Other => mix.other,
    };
    let algorithm = key(&format!("{prefix}any")).public_key().algorithm().cose();
    let relied_until = relied.map(|relied| world.time(relied));
    Sunset { algorithm, signed_until: world.time(signed), relied_until }
}

/// What a counter answers under a list with this sunset.
struct Told {
    name: [&'static str; 3],
    of: Of,
    signed: i64,
    relied: Option<i64>,
    answer: Answer,
}

fn tell(cases: &mut Cases, mix: Mixed, (world, license): (World, Issued), told: Told) {
    let Told { name: [name, zh, en], of, signed, relied, answer } = told;
    let mut world = world;
    world.trust.sunsets = vec![sunset(&world, mix, of, signed, relied)];
    cases.verify(title(name, zh, en), &Setup::of(&world), &license.bytes, answer);
}

pub(crate) fn all(cases: &mut Cases) {
    mixed(|mix| {
        whole(cases, mix);
        parts(cases, mix);
        statuses(cases, mix);
        others(cases, mix);
        presentations(cases, mix);
        seals(cases, mix);
    });
}

fn whole(cases: &mut Cases, mix: Mixed) {
    let status = |answer: Answer, reason| answer.step(Step::Status, Outcome::Unknown(reason));
    let unknown = |reason| Answer::undetermined(Step::Issuer, reason);
    for told in [
        Told {
            name: [
                "sunset-to-come-is-valid",
                "算法停用日期尚远：有效",
                "The algorithm goes out of use in years: valid as ever",
            ],
            of: Of::Main,
            signed: 300 * DAY,
            relied: Some(900 * DAY),
            answer: Answer::valid(),
        },
        Told {
            name: [
                "sunset-soon-bounds-the-verdict",
                "两日后不再采信该算法：有效，结论只到那时为止",
                "Nothing by the algorithm is relied on in two days: valid, and no longer than that",
            ],
            of: Of::Main,
            signed: DAY,
            relied: Some(2 * DAY),
            answer: Answer::valid().until(2 * DAY),
        },
        Told {
            name: [
                "sunset-within-the-window-is-undetermined",
                "是否已不再采信取决于时钟：无法判定",
                "Whether the algorithm is still relied on is a question of the clock",
            ],
            of: Of::Main,
            signed: 0,
            relied: Some(60),
            answer: status(unknown(Reason::IssuerTimeDepends), Reason::StatusTimeDepends).until(60),
        },
        Told {
            name: [
                "sunset-that-is-past-is-undetermined",
                "已不再采信该算法：无论何时签发，均无法判定",
                "The algorithm is relied on no longer: whatever says when it was signed, undetermined",
            ],
            of: Of::Main,
            signed: -300 * DAY,
            relied: Some(-120),
            answer: status(unknown(Reason::IssuerSuiteRetired), Reason::StatusSuiteRetired),
        },
        Told {
            name: [
                "sunset-before-it-was-signed-is-invalid",
                "停止用该算法签名之后签发：无效",
                "It was signed when the federation had stopped signing by the algorithm",
            ],
            of: Of::Main,
            signed: -2 * DAY,
            relied: Some(900 * DAY),
            answer: status(Answer::invalid(Step::Issuer, Reason::IssuerSuiteEnded), Reason::StatusSuiteEnded),
        },
        Told {
            name: [
                "sunset-as-it-was-signed-is-invalid",
                "恰在停止签名之时签发：无效",
                "It was signed at the very second from which nothing was to be signed",
            ],
            of: Of::Main,
            signed: -DAY,
            relied: None,
            answer: status(Answer::invalid(Step::Issuer, Reason::IssuerSuiteEnded), Reason::StatusSuiteEnded),
        },
    ] {
        tell(cases, mix, scene(), told);
    }
    // By a list that is past its grace it is no proof: the next may have moved the date.
    let (mut world, license) = scene();
    world.age_trust(31 * DAY);
    world.trust.sunsets = vec![sunset(&world, mix, Of::Main, -2 * DAY, None)];
    cases.verify(
        title(
            "sunset-of-a-stale-list-proves-nothing",
            "停用日期载于过期的互认清单：不能断定",
            "The date stands in a trust list that is past its grace: a newer one may have moved it",
        ),
        &Setup::of(&world),
        &license.bytes,
        status(unknown(Reason::IssuerTrustStale), Reason::StatusSuiteEnded),
    );
    // As of a past time it was relied on.
    let (mut world, license) = scene();
    world.trust.sunsets = vec![sunset(&world, mix, Of::Main, -900, Some(-600))];
    cases.verify(
        title(
            "sunset-after-the-knowledge-asked-about-is-valid",
            "按当时所知核验，当时仍采信：有效",
            "By the knowledge of a time at which the algorithm was relied on",
        ),
        &Setup::of(&world).known(-1_200),
        &license.bytes,
        Answer::valid().until(None),
    );
}

fn parts(cases: &mut Cases, mix: Mixed) {
    for told in [
        Told {
            name: [
                "sunset-of-the-license-alone-is-invalid",
                "仅证照所用算法已停止签名：无效",
                "Only the license is by the algorithm, and was signed too late",
            ],
            of: Of::Other,
            signed: -2 * DAY,
            relied: None,
            answer: Answer::invalid(Step::Issuer, Reason::IssuerSuiteEnded),
        },
        Told {
            name: [
                "sunset-after-the-license-was-signed-is-valid",
                "签发之后该算法才停止签名：有效",
                "What was signed before nothing was to be signed stays good",
            ],
            of: Of::Other,
            signed: -DAY + 1,
            relied: Some(900 * DAY),
            answer: Answer::valid(),
        },
        Told {
            name: [
                "sunset-of-the-license-alone-that-is-past-is-undetermined",
                "仅证照所用算法已不再采信：无法判定",
                "Only the license is by an algorithm that is relied on no longer",
            ],
            of: Of::Other,
            signed: -HOUR,
            relied: Some(-HOUR),
            answer: Answer::undetermined(Step::Issuer, Reason::IssuerSuiteRetired),
        },
        Told {
            name: [
                "sunset-before-the-directory-was-signed-is-undetermined",
                "机构目录在该算法停止签名之后签发：无法判定",
                "The directory was signed when the federation had stopped signing by its algorithm",
            ],
            of: Of::Main,
            signed: -2 * HOUR,
            relied: None,
            answer: Answer::undetermined(Step::Issuer, Reason::IssuerPathEnded)
                .step(Step::Status, Outcome::Unknown(Reason::StatusSuiteEnded)),
        },
        Told {
            name: [
                "sunset-of-certificate-and-directory-that-is-past-is-undetermined",
                "证书与机构目录所用算法已不再采信：无法判定",
                "Certificate and directory are by an algorithm that is relied on no longer",
            ],
            of: Of::Main,
            signed: -2 * HOUR,
            relied: Some(-HOUR),
            answer: Answer::undetermined(Step::Issuer, Reason::IssuerPathRetired)
                .step(Step::Status, Outcome::Unknown(Reason::StatusSuiteRetired)),
        },
    ] {
        tell(cases, mix, by_other(mix), told);
    }
}

fn statuses(cases: &mut Cases, mix: Mixed) {
    let unknown = |reason| Answer::undetermined(Step::Status, reason);
    for (state, told) in [
        (
            State::InForce,
            Told {
                name: [
                    "sunset-before-the-status-list-was-signed-is-undetermined",
                    "吊销清单在该算法停止签名之后签发：不据以认定在用",
                    "A list that was signed too late does not show that the license is in force",
                ],
                of: Of::Other,
                signed: -HOUR,
                relied: None,
                answer: unknown(Reason::StatusSuiteEnded),
            },
        ),
        (
            State::Revoked,
            Told {
                name: [
                    "sunset-before-the-status-list-was-signed-does-not-save-the-revoked",
                    "该清单载明吊销：仍无效",
                    "What such a list says is revoked is revoked: the algorithm is still relied on",
                ],
                of: Of::Other,
                signed: -HOUR,
                relied: Some(DAY),
                answer: Answer::invalid(Step::Status, Reason::StatusRevoked).until(DAY),
            },
        ),
        (
            State::Revoked,
            Told {
                name: [
                    "sunset-of-the-status-list-that-is-past-proves-no-revocation",
                    "载明吊销的清单所用算法已不再采信：无法判定",
                    "A revocation by an algorithm that is relied on no longer proves nothing: anybody may have signed it",
                ],
                of: Of::Other,
                signed: -HOUR,
                relied: Some(-HOUR),
                answer: unknown(Reason::StatusSuiteRetired),
            },
        ),
    ] {
        tell(cases, mix, listed_by_other(mix, state), told);
    }
}

fn others(cases: &mut Cases, mix: Mixed) {
    let (mut world, license) = scene();
    let of_another = sunset(&world, mix, Of::Other, -300 * DAY, Some(-300 * DAY));
    let unknown = Sunset { algorithm: -48, ..of_another };
    world.trust.sunsets = vec![of_another];
    cases.verify(
        title(
            "sunset-of-another-algorithm-is-valid",
            "停用的是另一种算法：有效",
            "Another algorithm is out of use, by which nothing is signed here",
        ),
        &Setup::of(&world),
        &license.bytes,
        Answer::valid(),
    );
    world.trust.sunsets = vec![unknown];
    cases.verify(
        title(
            "sunset-of-an-algorithm-that-nobody-knows-is-valid",
            "停用的是本程序不认识的算法：有效",
            "An algorithm is out of use that this verifier does not know",
        ),
        &Setup::of(&world),
        &license.bytes,
        Answer::valid(),
    );
}

fn presentations(cases: &mut Cases, mix: Mixed) {
    let holder = format!("{}holder of a license", mix.other);
    let (mut world, license) = scene();
    let (mut facts, mut credential) = (license.facts, license.credential);
    (facts.binding, credential.holder_key) = (Binding::HolderKey, Some(key(&holder).public_key().clone()));
    let license = world.issue_as(facts, credential);
    let digest = Envelope::parse(&license.bytes, Expected::AnyKnown).unwrap().object_digest();
    let mut claims = PresentationClaims::of(digest, world.time(-60));
    claims.expires = world.time(60);
    let shown = present(&license.bytes, &claims, &key(&holder)).unwrap();
    for (relied, reason, title) in [
        (
            None,
            Reason::PresentationSuiteEnded,
            title(
                "sunset-before-the-presentation-was-signed-is-undetermined",
                "亮证时该算法已停止签名：无法判定",
                "The holder signed when the federation had stopped signing by the algorithm",
            ),
        ),
        (
            Some(-HOUR),
            Reason::PresentationSuiteRetired,
            title(
                "sunset-of-the-presentation-that-is-past-is-undetermined",
                "亮证所用算法已不再采信：无法判定",
                "The holder signed by an algorithm that is relied on no longer",
            ),
        ),
    ] {
        world.trust.sunsets = vec![sunset(&world, mix, Of::Other, -HOUR, relied)];
        cases.verify(
            title,
            &Setup::of(&world).with(|setup| setup.seen = Some(vec![])),
            &shown,
            Answer::undetermined(Step::Presentation, reason).until(60),
        );
    }
}

/// Seals are made a hundred days before the base time.
fn seals(cases: &mut Cases, mix: Mixed) {
    for (signed, relied, own, told, title) in [
        (
            -101 * DAY,
            None,
            Outcome::Failed(Reason::IssuerSuiteEnded),
            Reason::SealSuiteEnded,
            title(
                "sunset-before-the-seal-was-made-is-invalid",
                "制章时该算法已停止签名：无效",
                "The seal was made when the federation had stopped signing by the algorithm",
            ),
        ),
        (
            -99 * DAY,
            Some(-HOUR),
            Outcome::Unknown(Reason::IssuerSuiteRetired),
            Reason::SealSuiteRetired,
            title(
                "sunset-of-the-seal-that-is-past-is-undetermined",
                "印章所用算法已不再采信：无法判定",
                "The seal was made by an algorithm that is relied on no longer",
            ),
        ),
    ] {
        let mut scene = made_by_other(mix);
        scene.world.trust.sunsets = vec![sunset(&scene.world, mix, Of::Other, signed, relied)];
        let answer = StampAnswer::valid().by(Step::Seal, told).point(Point::Maker, own);
        cases.stamps(title, &scene.setup(), vec![offered("", scene.file())], &[answer]);
    }
}
