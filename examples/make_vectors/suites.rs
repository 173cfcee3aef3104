//! Group `suite`: a verifier that relies on some algorithms only, in a federation whose parts are signed by one or the other.

use zhengyin::claims::{Binding, PresentationClaims};
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::issue::present;
use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::verify::{Outcome, Point, Step};
use zhengyin::x509::Use;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Setup, title};
use super::presented::{SERVICE, claims, signed};
use super::scene::{in_state, scene};
use super::stamp_answer::StampAnswer;
use super::stamps::{Scene, offered};
use super::world::seals::maker;
use super::world::spoil::flip;
use super::world::{DAY, Issued, Mixed, World, data, key, mixed};

const OTHER_STATUS: Outcome = Outcome::Unknown(Reason::StatusSuiteNotAccepted);

pub(crate) fn all(cases: &mut Cases) {
    mixed(|of| {
        whole(cases, of);
        licenses(cases, of);
        statuses(cases, of);
        presentations(cases, of);
        seals(cases, of);
    });
}

/// The scene with a license that the issuer signed by a key of the other suite, certified like its first.
pub(crate) fn by_other(of: Mixed) -> (World, Issued) {
    let (mut world, license) = scene();
    let name = format!("{}another license key", of.other);
    world.enrol("99", &data::authority(ISSUER), Use::License, &name);
    let bytes = world.sign_license(&license.facts, &license.credential, &name);
    (world, Issued { bytes, ..license })
}

/// The scene with a status list by a key of the other suite.
pub(crate) fn listed_by_other(of: Mixed, state: State) -> (World, Issued) {
    let (mut world, license) = in_state(state);
    let name = format!("{}another status key", of.other);
    world.enrol("99", &data::authority(ISSUER), Use::Status, &name);
    world.list(ISSUER).signer = name;
    (world, license)
}

fn whole(cases: &mut Cases, of: Mixed) {
    let (world, license) = scene();
    cases.verify(
        title(
            "suite-that-is-accepted-is-valid",
            "只采信一种算法，全部由该算法签名：有效",
            "Everything is signed by the one suite that is accepted",
        ),
        &Setup::of(&world).by(of.main_name()),
        &license.bytes,
        Answer::valid(),
    );
    let by_other = Setup::of(&world).by(of.other_name());
    let unknown =
        || Answer::undetermined(Step::Issuer, Reason::IssuerSuiteNotAccepted).step(Step::Status, OTHER_STATUS);
    cases.verify(
        title(
            "suite-that-is-not-accepted-is-undetermined",
            "全部由不采信的算法签名：无法判定，而非无效",
            "Everything is signed by a suite that is not accepted: undetermined, and never invalid",
        ),
        &by_other,
        &license.bytes,
        unknown(),
    );
    cases.verify(
        title(
            "suite-that-is-not-accepted-does-not-prove-a-forgery",
            "内容被改动，而目录由不采信的算法签名：不能断定",
            "The license was altered, and the directory that would tell is signed by a suite that is not accepted",
        ),
        &by_other,
        &flip(&license.bytes, license.bytes.len() - 1, 1),
        Answer::undetermined(Step::Issuer, Reason::IssuerSuiteNotAccepted)
            .unknown(Step::Signature, Reason::SignatureNoCandidate)
            .until(7 * DAY),
    );
    let (world, license) = in_state(State::Revoked);
    cases.verify(
        title(
            "suite-that-is-not-accepted-does-not-prove-a-revocation",
            "不采信的算法所签的吊销：无法判定",
            "A revocation by a suite that is not accepted proves nothing either",
        ),
        &Setup::of(&world).by(of.other_name()),
        &license.bytes,
        unknown(),
    );
}

fn licenses(cases: &mut Cases, of: Mixed) {
    let (world, license) = by_other(of);
    cases.verify(
        title(
            "suite-of-any-part-is-valid-where-all-are-accepted",
            "证照与清单算法不同，全部采信：有效",
            "License and lists are signed by different suites, and all are accepted",
        ),
        &Setup::of(&world),
        &license.bytes,
        Answer::valid(),
    );
    cases.verify(
        title(
            "suite-of-the-license-is-not-accepted",
            "仅证照本身由不采信的算法签名：无法判定",
            "The license alone is signed by a suite that is not accepted",
        ),
        &Setup::of(&world).by(of.main_name()),
        &license.bytes,
        Answer::undetermined(Step::Issuer, Reason::IssuerSuiteNotAccepted),
    );
    cases.verify(
        title(
            "suite-of-certificate-and-directory-is-not-accepted",
            "证照由采信的算法签名，证书与机构目录不是：无法判定",
            "The license is signed by a suite that is accepted, its signer's certificate and the directory are not",
        ),
        &Setup::of(&world).by(of.other_name()),
        &license.bytes,
        Answer::undetermined(Step::Issuer, Reason::IssuerPathNotAccepted).step(Step::Status, OTHER_STATUS),
    );
}

fn statuses(cases: &mut Cases, of: Mixed) {
    for (state, title, all) in [
        (
            State::InForce,
            title(
                "suite-of-the-status-list-is-not-accepted",
                "仅吊销清单由不采信的算法签名：无法判定",
                "The status list alone is signed by a suite that is not accepted",
            ),
            Answer::valid(),
        ),
        (
            State::Revoked,
            title(
                "suite-of-the-status-list-that-revokes-is-not-accepted",
                "仅载明吊销的清单由不采信的算法签名：无法判定",
                "The list that says revoked is signed by a suite that is not accepted",
            ),
            Answer::invalid(Step::Status, Reason::StatusRevoked),
        ),
    ] {
        let (world, license) = listed_by_other(of, state);
        // The same to whoever accepts all.
        let accepting = super::case::Title {
            name: match state {
                State::InForce => "suite-of-the-status-list-is-accepted",
                _ => "suite-of-the-status-list-that-revokes-is-accepted",
            },
            zh: "同一清单，两种算法都采信",
            en: "The same list for whoever accepts both",
            ..title
        };
        cases.verify(accepting, &Setup::of(&world), &license.bytes, all);
        cases.verify(
            title,
            &Setup::of(&world).by(of.main_name()),
            &license.bytes,
            Answer::undetermined(Step::Status, Reason::StatusSuiteNotAccepted),
        );
    }
    // An older proof by the suite that is accepted does not take the place of a newer list by the other, which revokes.
    let (old, license) = scene();
    let proved = old.with_proof(&license);
    let (mut world, _) = listed_by_other(of, State::Revoked);
    world.list(ISSUER).facts.seq = 2;
    world.list(ISSUER).facts.issued = world.time(-60);
    cases.verify(
        title("suite-that-is-not-accepted-is-not-passed-over-for-an-older-proof", "较新的清单（不采信的算法）载明吊销，较旧的凭据（采信的算法）称有效：无法判定", "A newer list by a suite that is not accepted revokes; an older proof by one that is does not make it valid"),
        &Setup::of(&world).by(of.main_name()),
        &proved,
        Answer::undetermined(Step::Status, Reason::StatusSuiteNotAccepted),
    );
}

fn presentations(cases: &mut Cases, of: Mixed) {
    let holder = format!("{}holder of a license", of.other);
    let (mut world, license) = scene();
    let (mut facts, mut credential) = (license.facts, license.credential);
    (facts.binding, credential.holder_key) = (Binding::HolderKey, Some(key(&holder).public_key().clone()));
    let license = world.issue_as(facts, credential);
    let digest = Envelope::parse(&license.bytes, Expected::AnyKnown).unwrap().object_digest();
    let mut told = PresentationClaims::of(digest, world.time(-60));
    told.expires = world.time(60);
    let shown = present(&license.bytes, &told, &key(&holder)).unwrap();
    let here = |world: &World| Setup::of(world).by(of.main_name()).with(|setup| setup.seen = Some(vec![]));
    let unknown = || Answer::undetermined(Step::Presentation, Reason::PresentationSuiteNotAccepted).until(60);
    cases.verify(
        title(
            "suite-of-the-holder-is-not-accepted",
            "持证人密钥的算法不被采信：无法判定",
            "The holder's key is of a suite that is not accepted",
        ),
        &here(&world),
        &shown,
        unknown(),
    );
    let (_, unbound) = scene();
    let service = format!("{}{SERVICE}", of.other);
    world.province("99").anchors[0].uses.push(Use::Presentation);
    world.enrol("99", &data::authority(ISSUER), Use::Presentation, &service);
    let mut told = claims(&unbound.bytes);
    told.put(&[], 1, ISSUER);
    let vouched = [&unbound.bytes[..], &signed(&told, &service)].concat();
    cases.verify(
        title(
            "suite-of-the-presentation-service-is-not-accepted",
            "亮证服务的算法不被采信：无法判定",
            "The service that vouches signs by a suite that is not accepted",
        ),
        &here(&world),
        &vouched,
        unknown(),
    );
}

/// The scene of stamps with a seal that its maker signed by a key of the other suite.
pub(crate) fn made_by_other(of: Mixed) -> Scene {
    let mut scene = Scene::new();
    let name = format!("{}another maker key", of.other);
    let bureau = data::Authority::named(maker("99"), "示例制章中心（演示）");
    let whole = scene.world.entry(maker("99"), Use::SealMaker).mandate.clone();
    scene.world.list_entry("99", &bureau, Use::SealMaker, &name, whole);
    scene.made_by = name;
    scene.remake();
    scene
}

fn seals(cases: &mut Cases, of: Mixed) {
    let scene = Scene::new();
    let answer = StampAnswer::valid()
        .without("warning.before_list")
        .by(Step::Issuer, Reason::IssuerSuiteNotAccepted)
        .by(Step::Status, Reason::StatusSuiteNotAccepted)
        .by(Step::Seal, Reason::SealSuiteNotAccepted)
        .point(Point::Maker, Outcome::Unknown(Reason::IssuerSuiteNotAccepted));
    cases.stamps(
        title(
            "suite-of-a-stamp-is-not-accepted",
            "签章与印章均由不采信的算法签名：无法判定",
            "Stamp and seal are signed by a suite that is not accepted",
        ),
        &scene.setup().by(of.other_name()),
        vec![offered("", scene.file())],
        &[answer],
    );
    let scene = made_by_other(of);
    cases.stamps(
        title(
            "suite-of-the-seal-is-not-accepted",
            "仅印章由不采信的算法签名：无法判定",
            "The seal alone is signed by a suite that is not accepted",
        ),
        &scene.setup().by(of.main_name()),
        vec![offered("", scene.file())],
        &[StampAnswer::valid()
            .by(Step::Seal, Reason::SealSuiteNotAccepted)
            .point(Point::Maker, Outcome::Unknown(Reason::IssuerSuiteNotAccepted))],
    );
}
