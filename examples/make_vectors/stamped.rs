//! Group `stamp`: each point of a stamp and of its seal, failing alone.

use zhengyin::issue::certificate::{self, CertificateRequest, IssuedBy, Role, Subject};
use zhengyin::reason::Reason;
use zhengyin::status::{Cause, LicenseHistory, State};
use zhengyin::time::Day;
use zhengyin::trust::{HistoryState, Mandate};
use zhengyin::verify::{Outcome, Point, Step};
use zhengyin::x509::{Certificate, Use};

use super::case::{Cases, Setup, title};
use super::stamp_answer::{Offered, StampAnswer};
use super::stamps::{Scene, offered, spoiled};
use super::world::data::Authority;
use super::world::seals::{file, maker, maker_key, stamping_key, unit};
use super::world::spoil::flip;
use super::world::{DAY, HOUR, anchor_key, draw, key, prefix};

const BLOCKED: Outcome = Outcome::Unknown(Reason::StepBlocked);
/// Another unit of province 99.
const OTHER: &str = "11990000MB0000027A";

pub(crate) fn all(cases: &mut Cases) {
    signers(cases);
    makers(cases);
    seals(cases);
    kinds(cases);
    validity(cases);
    status(cases);
    times(cases);
    alone(cases);
}

fn valid() -> StampAnswer {
    StampAnswer::valid()
}

fn whole(region: &str) -> Mandate {
    Mandate { regions: vec![prefix(region)], types: None, authorities: None }
}

/// Another unit's key, in the directory, which the seal lists too.
fn list_other(scene: &mut Scene) {
    let other = Authority::named(OTHER, "示例甲省药品监督管理局");
    scene.world.list_entry("99", &other, Use::SealSigner, &stamping_key(OTHER), whole("99"));
}

fn signers(cases: &mut Cases) {
    let scene = Scene::new();
    let stamp = scene.stamp();
    let bad = file(&[&scene.seal.bytes, &flip(&stamp, stamp.len() - 5, 2)]);
    let blocked = |answer: StampAnswer| answer.key_unknown();
    cases.stamps(
        title(
            "stamp-signature-bad",
            "签章签名无效，目录完整",
            "The stamp's signature is bad, and the directory is complete",
        ),
        &scene.setup(),
        vec![offered("", bad.clone())],
        &[blocked(valid()).by(Step::Signature, Reason::SignatureBad)],
    );
    let mut open = scene.clone();
    open.world.make_incomplete("99");
    cases.stamps(
        title(
            "stamp-signature-by-another-perhaps",
            "签章签名不符，目录不完整",
            "The stamp's signature does not verify, and the directory is not complete",
        ),
        &open.setup(),
        vec![offered("", bad)],
        &[blocked(valid()).by(Step::Signature, Reason::SignatureNoCandidate)],
    );
    let stranger = |scene: &mut Scene| scene.plan.signer = "a stranger".into();
    spoiled(
        cases,
        [
            "stamp-by-a-stranger",
            "签章密钥不在完整的目录中",
            "The key that stamped is in no directory, and they are complete",
        ],
        stranger,
        blocked(valid()).by(Step::Issuer, Reason::IssuerNotListed).step(Step::Signature, BLOCKED),
    );
    spoiled(
        cases,
        [
            "stamp-by-somebody-unknown",
            "签章密钥不在目录中，目录不完整",
            "The key that stamped is in no directory, and they are not complete",
        ],
        |scene| {
            stranger(scene);
            scene.world.make_incomplete("99");
        },
        blocked(valid()).by(Step::Issuer, Reason::IssuerUnknown).step(Step::Signature, BLOCKED),
    );
    for (name, zh, en, reason, spoil) in entries() {
        let spoil = |scene: &mut Scene| spoil(scene, unit("99").0, Use::SealSigner);
        spoiled(cases, [name, zh, en], spoil, valid().by(Step::Issuer, reason));
    }
    spoiled(
        cases,
        [
            "stamp-outside-the-certificate-s-validity",
            "签章时证书不在有效期内",
            "It was stamped outside the validity of the signer's certificate",
        ],
        |scene| {
            let name = stamping_key(unit("99").0);
            let certified = key(&name);
            let anchor = scene.world.anchor("99").certificate.clone();
            let request = CertificateRequest {
                subject: Subject {
                    province: "示例甲省（演示）",
                    organization: unit("99").1,
                    common_name: &name,
                    credit_code: unit("99").0,
                },
                public_key: certified.public_key(),
                role: Role::EndEntity(Use::SealSigner),
                serial: draw("a shorter certificate"),
                validity: scene.world.period(-HOUR, 100 * DAY),
            };
            let by = IssuedBy::Certificate(&Certificate::parse(&anchor).unwrap());
            let certificate = certificate::issue(&request, by, &key(&anchor_key("99"))).unwrap();
            scene.world.entry(unit("99").0, Use::SealSigner).certificate = certificate;
        },
        valid().by(Step::Issuer, Reason::CertificateValidity),
    );
}

type Entry = (&'static str, &'static str, &'static str, Reason, fn(&mut Scene, &str, Use));

/// What may be wrong with the directory's entry of who stamped.
fn entries() -> [Entry; 5] {
    [
        (
            "stamp-signer-of-another-region",
            "签章者的授权不含印章所在区划",
            "The signer's mandate is for another region than the seal's",
            Reason::IssuerRegion,
            |scene, who, purpose| scene.world.entry(who, purpose).mandate = whole("9902"),
        ),
        (
            "stamp-signer-retired",
            "签章在密钥停用之后",
            "It was stamped after the key had retired",
            Reason::IssuerSigningPeriod,
            |scene, who, purpose| {
                let signing = scene.world.period(-365 * DAY, -DAY);
                scene.world.entry(who, purpose).signing = signing;
            },
        ),
        (
            "stamp-signer-withdrawn",
            "签章在资格撤回之后",
            "It was stamped after the signer was withdrawn",
            Reason::IssuerWithdrawn,
            |scene, who, purpose| befall(scene, who, purpose, HistoryState::Withdrawn, -3 * DAY),
        ),
        (
            "stamp-after-the-compromise",
            "签章在密钥泄露之后",
            "It was stamped after the key was in other hands",
            Reason::IssuerCompromised,
            |scene, who, purpose| befall(scene, who, purpose, HistoryState::Compromised, -3 * DAY),
        ),
        (
            "stamp-before-the-compromise",
            "自述在密钥泄露之前签章，无时间戳可证",
            "It says that it was stamped before the key was in other hands, and nothing proves it",
            Reason::IssuerCompromisedUnproven,
            |scene, who, purpose| befall(scene, who, purpose, HistoryState::Compromised, -HOUR),
        ),
    ]
}

fn befall(scene: &mut Scene, who: &str, purpose: Use, state: HistoryState, since: i64) {
    let from = scene.world.time(since);
    let compromised = (state == HistoryState::Compromised).then_some(from);
    scene.world.befall(who, purpose, state, from, compromised);
}

fn makers(cases: &mut Cases) {
    spoiled(
        cases,
        [
            "seal-maker-without-mandate",
            "制章者的授权不含印章所在区划",
            "The maker has no mandate for the seal's region",
        ],
        |scene| scene.world.entry(maker("99"), Use::SealMaker).mandate = whole("9902"),
        valid().maker(Reason::IssuerRegion).status_blocked(),
    );
    spoiled(
        cases,
        ["seal-made-by-a-stamper", "印章由只能签章的密钥制作", "A seal made by a key that may only stamp"],
        |scene| {
            let bureau = Authority::named(maker("99"), "示例制章中心（演示）");
            scene.world.list_entry("99", &bureau, Use::SealSigner, "a stamper", whole("99"));
            scene.made_by = "a stamper".into();
            scene.remake();
        },
        valid().maker(Reason::IssuerUse).status_blocked(),
    );
    spoiled(
        cases,
        ["seal-made-for-another-maker", "制章者冒用他人名义", "A maker makes a seal in the name of another"],
        |scene| {
            let other = Authority::named(OTHER, "示例甲省药品监督管理局");
            scene.world.list_entry("99", &other, Use::SealMaker, &maker_key(OTHER), whole("99"));
            scene.made_by = maker_key(OTHER);
            scene.remake();
        },
        valid().maker(Reason::IssuerAuthority).status_blocked(),
    );
    spoiled(
        cases,
        ["seal-maker-not-listed", "制章者不在完整的目录中", "The maker is in no directory, and they are complete"],
        |scene| {
            scene.made_by = "a stranger".into();
            scene.remake();
        },
        valid().maker(Reason::IssuerNotListed).point(Point::Signature, BLOCKED).status_blocked(),
    );
    spoiled(
        cases,
        [
            "seal-maker-unknown",
            "制章者不在目录中，目录不完整",
            "The maker is in no directory, and they are not complete",
        ],
        |scene| {
            scene.made_by = "a stranger".into();
            scene.remake();
            scene.world.make_incomplete("99");
        },
        valid().maker(Reason::IssuerUnknown).point(Point::Signature, BLOCKED).status_blocked(),
    );
    spoiled(
        cases,
        ["seal-maker-retired", "印章在制章者停用之后制作", "The seal was made after its maker had retired"],
        |scene| {
            let signing = scene.world.period(-365 * DAY, -200 * DAY);
            scene.world.entry(maker("99"), Use::SealMaker).signing = signing;
        },
        valid().maker(Reason::IssuerSigningPeriod),
    );
    spoiled(
        cases,
        [
            "seal-maker-compromised-later",
            "制章密钥后来泄露，制作时间无从证明",
            "The maker's key was in other hands later, and nothing proves when the seal was made",
        ],
        |scene| befall(scene, maker("99"), Use::SealMaker, HistoryState::Compromised, -DAY),
        valid().maker(Reason::IssuerCompromisedUnproven),
    );
    let scene = Scene::new();
    let stamp = scene.stamp();
    let broken = flip(&scene.seal.bytes, scene.seal.bytes.len() - 5, 2);
    cases.stamps(
        title("seal-signature-bad", "印章的制章签名无效", "The maker's signature on the seal is bad"),
        &scene.setup(),
        vec![offered("", file(&[&broken, &stamp]))],
        &[valid()
            .point(Point::Signature, Outcome::Failed(Reason::SignatureBad))
            .by(Step::Seal, Reason::SealSignature)
            .status_blocked()],
    );
    cases.stamps(
        title(
            "seal-with-a-bad-copy",
            "同一印章有一份签名损坏的副本",
            "A seal, and a copy of it with another signature",
        ),
        &scene.setup(),
        vec![
            offered("the copy first", file(&[&broken, &scene.seal.bytes, &stamp])),
            offered("the copy last", file(&[&scene.seal.bytes, &broken, &stamp])),
        ],
        &[valid()],
    );
}

fn seals(cases: &mut Cases) {
    let mut scene = Scene::new();
    let other = scene.world.make_seal("99");
    cases.stamps(
        title("seal-missing", "缺少签章所用的印章", "The seal that the stamp names is not at hand"),
        &scene.setup(),
        vec![
            offered("no seal", scene.stamp()),
            offered("another seal of the same unit", file(&[&other.bytes, &scene.stamp()])),
        ],
        &[valid().seal_missing()],
    );
    spoiled(
        cases,
        ["seal-does-not-list-the-key", "签章密钥不在印章授权之列", "The seal does not list the key that stamped"],
        |scene| {
            scene.seal.facts.signers = vec![key("another officer").public_key().thumbprint()];
            scene.remake();
        },
        valid().seal_point(Point::Key, Reason::SealKeyNotListed),
    );
    spoiled(
        cases,
        ["seal-of-another-owner", "以他人名义签章", "A stamp in the name of another than the seal's owner"],
        |scene| {
            list_other(scene);
            scene.seal.facts.signers.push(key(&stamping_key(OTHER)).public_key().thumbprint());
            scene.remake();
            (scene.plan.issuer, scene.plan.signer) = (OTHER.into(), stamping_key(OTHER));
        },
        valid().seal_point(Point::Owner, Reason::SealOwner),
    );
    spoiled(
        cases,
        [
            "seal-lists-several-keys",
            "印章授权多个密钥，其中一个签章",
            "A seal lists several keys, and one of them stamped",
        ],
        |scene| {
            scene.seal.facts.signers.extend((0..20).map(|n| key(&format!("officer {n}")).public_key().thumbprint()));
            scene.remake();
        },
        valid(),
    );
}

fn kinds(cases: &mut Cases) {
    let scene = |allowed: &[&str]| {
        let mut scene = Scene::new();
        scene.seal.facts.allowed = allowed.iter().map(|kind| (*kind).to_owned()).collect();
        scene.remake();
        scene
    };
    let refused = valid().seal_point(Point::Kind, Reason::SealKindRefused);
    let case =
        |cases: &mut Cases, name: [&'static str; 3], scene: &Scene, of: Option<&'static str>, answer: StampAnswer| {
            let [name, zh, en] = name;
            let row = Offered { license_type: of, ..offered("", scene.file()) };
            cases.stamps(title(name, zh, en), &scene.setup(), vec![row], &[answer]);
        };
    let business = "11950000MB0000019Y001";
    case(
        cases,
        ["seal-for-another-kind", "印章不得用于此类文件", "The seal may not be used on this kind of document"],
        &scene(&["image/png", "text/plain"]),
        None,
        refused.clone(),
    );
    case(
        cases,
        ["seal-for-this-kind", "印章可用于此类文件", "The seal may be used on this kind of document"],
        &scene(&["application/ofd", "application/pdf"]),
        None,
        valid(),
    );
    case(
        cases,
        [
            "seal-for-a-license-type-unstated",
            "印章限用于某类证照，未说明类型",
            "The seal is for a type of license, and none was stated",
        ],
        &scene(&[business]),
        None,
        valid().seal_point(Point::Kind, Reason::SealKindUnstated),
    );
    case(
        cases,
        [
            "seal-for-this-license-type",
            "印章限用于某类证照，类型相符",
            "The seal is for a type of license, and it is that",
        ],
        &scene(&[business]),
        Some(business),
        valid(),
    );
    case(
        cases,
        ["seal-for-another-license-type", "印章限用于某类证照，类型不符", "The seal is for another type of license"],
        &scene(&[business]),
        Some("11950000MB0000035L001"),
        refused,
    );
    // A counter-stamp is a stamp on a stamp, and what counts is the document below.
    let mut limited = scene(&["application/pdf"]);
    let first = limited.stamp();
    let mut counter = limited.plan.clone();
    counter.counter(&first);
    counter.id = limited.world.draw();
    let second = limited.world.stamp(&counter);
    cases.stamps(
        title(
            "seal-for-this-kind-countersigns",
            "副署按底层文件的类型判断",
            "For a counter-stamp the kind of the document below counts",
        ),
        &limited.setup(),
        vec![offered("", file(&[&limited.seal.bytes, &first, &second]))],
        &[valid(), valid()],
    );
    cases.stamps(
        title(
            "seal-of-limited-kind-countersigns-what-is-missing",
            "副署的底层文件类型未知",
            "The kind of document below a counter-stamp is not known",
        ),
        &limited.setup(),
        vec![offered("", file(&[&limited.seal.bytes, &second]))],
        &[valid()
            .seal_point(Point::Kind, Reason::DocumentStampMissing)
            .by(Step::Document, Reason::DocumentStampMissing)],
    );
}

fn validity(cases: &mut Cases) {
    let within = |from: i64, until: i64| {
        move |scene: &mut Scene| {
            scene.seal.credential.validity = scene.world.period(from, until);
            scene.remake();
        }
    };
    let at = -2 * HOUR;
    spoiled(
        cases,
        [
            "stamp-before-the-seal-s-validity",
            "签章早于印章有效期",
            "Stamped a second before the seal's validity begins",
        ],
        within(at + 1, 100 * DAY),
        valid().seal_point(Point::Validity, Reason::SealNotYet),
    );
    spoiled(
        cases,
        [
            "stamp-after-the-seal-s-validity",
            "签章时印章已过有效期",
            "Stamped in the second in which the seal's validity has ended",
        ],
        within(-100 * DAY, at),
        valid().seal_point(Point::Validity, Reason::SealExpired),
    );
    let mut first = Scene::new();
    within(at, 100 * DAY)(&mut first);
    let mut last = Scene::new();
    within(-100 * DAY, at + 1)(&mut last);
    cases.stamps(
        title(
            "stamp-at-the-ends-of-the-validity",
            "签章在印章有效期的首秒和末秒",
            "Stamped in the first and in the last second of the seal's validity",
        ),
        &first.setup(),
        vec![offered("the first", first.file()), offered("the last: the seal has expired since", last.file())],
        &[valid()],
    );
    spoiled(
        cases,
        [
            "stamp-before-the-seal-was-made",
            "自述签章时间早于印章制作",
            "It says that it was stamped before the seal was made",
        ],
        |scene| {
            scene.seal.credential.issued_at = scene.world.time(-2 * HOUR + 301);
            scene.remake();
        },
        valid().seal_point(Point::Validity, Reason::SealTimeOrder),
    );
}

fn status(cases: &mut Cases) {
    let after = -HOUR / 2;
    let plain = |state: State, at: i64| {
        move |scene: &mut Scene| {
            scene.world.set_seal_state(&scene.seal.clone(), state);
            scene.plan.at = at;
        }
    };
    let then = || valid().without("warning.before_list");
    for (name, zh, en, state, reason) in [
        ("seal-revoked", "印章已吊销", "The seal is revoked", State::Revoked, Reason::StatusRevoked),
        ("seal-suspended", "印章已暂停使用", "The seal is suspended", State::Suspended, Reason::StatusSuspended),
        (
            "seal-reported-lost",
            "印章已挂失",
            "The seal was reported lost",
            State::ReportedLost,
            Reason::StatusReportedLost,
        ),
        ("seal-cancelled", "印章已注销", "The seal is cancelled", State::Cancelled, Reason::StatusCancelled),
        ("seal-superseded", "印章已换发", "The seal was replaced", State::Superseded, Reason::StatusSuperseded),
        ("seal-void", "印章编号从未启用", "The position was never a seal's", State::Void, Reason::StatusVoid),
    ] {
        spoiled(cases, [name, zh, en], plain(state, after), then().by(Step::Status, reason));
    }
    spoiled(
        cases,
        [
            "seal-revoked-since-perhaps",
            "印章已吊销，清单不载明从何时起",
            "The seal is revoked, and the list does not say since when",
        ],
        plain(State::Revoked, -2 * HOUR),
        then().by(Step::Status, Reason::StatusPastUnknown),
    );
    // The base time is 10 in the morning of a day in Beijing.
    let history = |day: i64| {
        move |scene: &mut Scene| {
            let since = Day::of(scene.world.time(day * DAY));
            let history = LicenseHistory { cause: Cause::UNSTATED, ..LicenseHistory::of(State::Revoked, Some(since)) };
            scene.world.set_seal_history(&scene.seal.clone(), history);
            scene.plan.at = -5 * DAY;
        }
    };
    spoiled(
        cases,
        ["seal-revoked-later", "签章之后印章才吊销", "The seal was revoked after it stamped"],
        history(-3),
        then(),
    );
    spoiled(
        cases,
        ["seal-revoked-before", "签章之前印章已吊销", "The seal was revoked before it stamped"],
        history(-7),
        then().by(Step::Status, Reason::StatusRevoked),
    );
    spoiled(
        cases,
        ["seal-revoked-that-day", "签章当日印章吊销", "The seal was revoked on the day on which it stamped"],
        history(-5),
        then().by(Step::Status, Reason::StatusChangedThatDay),
    );
    let scene = Scene::new();
    let missing = Setup::holding(&scene.world, [scene.world.trust_object(), scene.world.directory_object("99")]);
    cases.stamps(
        title("seal-status-list-missing", "没有制章者的清单", "The maker's list is not held"),
        &missing,
        vec![offered("", scene.file())],
        &[then().by(Step::Status, Reason::StatusListMissing)],
    );
    cases.stamps(
        title("seal-status-list-stale", "制章者的清单过期", "The maker's list is past its grace"),
        &scene.setup().at(5 * DAY),
        vec![offered("", scene.file())],
        &[then().by(Step::Status, Reason::StatusListStale)],
    );
    spoiled(
        cases,
        ["seal-beyond-the-list", "印章的位置超出清单", "The list is older than the seal"],
        |scene| scene.world.list(maker("99")).facts.length = 0,
        then().by(Step::Status, Reason::StatusOutOfRange),
    );
}

fn times(cases: &mut Cases) {
    let then = || valid().without("warning.before_list");
    spoiled(
        cases,
        ["stamp-from-the-future", "签章时间在将来", "The stamp is of a time to come"],
        |scene| scene.plan.at = HOUR,
        then().by(Step::Period, Reason::PeriodNotYet),
    );
    spoiled(
        cases,
        ["stamp-perhaps-from-the-future", "签章时间略晚于本机时钟", "The stamp is a little ahead of this clock"],
        |scene| scene.plan.at = 300,
        then().by(Step::Period, Reason::PeriodDepends),
    );
    let scene = Scene::new();
    let mut empty = Setup::holding(&scene.world, []);
    empty.offers = Vec::new();
    cases.stamps(
        title("stamp-without-trust-data", "本机没有信任数据", "This verifier holds no trust data"),
        &empty,
        vec![offered("", scene.file())],
        &[valid()
            .by(Step::Issuer, Reason::StateMissing)
            .step(Step::Signature, BLOCKED)
            .by(Step::Status, Reason::StateMissing)
            .point(Point::Key, BLOCKED)
            .point(Point::Signature, BLOCKED)
            .maker(Reason::StateMissing)
            .warned(&["warning.time_self_asserted"])],
    );
    let overdue = scene.setup().at(8 * DAY).with(|setup| setup.known_as_of = Some(0));
    cases.stamps(
        title("stamp-by-the-knowledge-of-then", "按当时所知判断", "Judged by what was known then"),
        &overdue,
        vec![offered("", scene.file())],
        &[valid()],
    );
}

/// A seal by itself, as of now.
fn alone(cases: &mut Cases) {
    let scene = Scene::new();
    let row = |note, bytes: &[u8]| Offered { document: None, ..offered(note, bytes.to_vec()) };
    let seal = StampAnswer::seal;
    cases.seals(
        title("seal-alone", "单独核验印章", "A seal by itself"),
        &scene.setup(),
        vec![row("", &scene.seal.bytes)],
        &seal(),
    );
    let case = |cases: &mut Cases, name: [&'static str; 3], spoil: fn(&mut Scene), answer: StampAnswer| {
        let mut scene = Scene::new();
        spoil(&mut scene);
        let [name, zh, en] = name;
        cases.seals(title(name, zh, en), &scene.setup(), vec![row("", &scene.seal.bytes)], &answer);
    };
    case(
        cases,
        ["seal-alone-expired", "印章已过有效期", "The seal has expired"],
        |scene| {
            scene.seal.credential.validity = scene.world.period(-100 * DAY, -DAY);
            scene.remake();
        },
        seal().by(Step::Period, Reason::PeriodExpired),
    );
    case(
        cases,
        ["seal-alone-not-yet", "印章尚未生效", "The seal is not valid yet"],
        |scene| {
            scene.seal.credential.validity = scene.world.period(DAY, 100 * DAY);
            scene.remake();
        },
        seal().by(Step::Period, Reason::PeriodNotYet),
    );
    case(
        cases,
        ["seal-alone-suspended", "印章暂停使用", "The seal is suspended"],
        |scene| {
            scene.world.set_seal_state(&scene.seal.clone(), State::Suspended);
        },
        seal().by(Step::Status, Reason::StatusSuspended),
    );
    case(
        cases,
        ["seal-alone-outside-the-mandate", "制章者无该区划的授权", "The seal is outside its maker's mandate"],
        |scene| {
            scene.world.entry(maker("99"), Use::SealMaker).mandate = whole("9902");
        },
        seal().by(Step::Issuer, Reason::IssuerRegion).status_blocked(),
    );
    let stamp = scene.stamp();
    let unread = StampAnswer::unread(Reason::EncodingWrongType);
    cases.seals(
        title("seal-alone-is-a-stamp", "给出的是签章而非印章", "What is offered as a seal is a stamp"),
        &scene.setup(),
        vec![row("", &stamp)],
        &unread,
    );
}
