//! Group `mixed`: provinces of both suites in one federation. Nothing here is made once more with other keys.
//!
//! The answers are those of a verifier with SM2; `tests/vectors/without.rs` states those of one without it.

use zhengyin::issue::certificate::{IssuedBy, MandateText, Role, Subject};
use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::trust::{Anchor, ListSigner};
use zhengyin::verify::Step;
use zhengyin::x509::{Certificate, Use};

use super::answer::Answer;
use super::case::{Answered, Cases, ISSUER, Setup, Title, title};
use super::scene::{HEALTH, HOUSING, scene};
use super::world::{Issued, World, anchor_key, data, key, license_key, prefix, spoil, with_sm2};

pub(crate) fn all(cases: &mut Cases) {
    licenses(cases);
    strangers(cases);
    certificates(cases);
    lists(cases);
}

/// What a counter holds of both provinces: trust list, directories, and the issuer's status list.
fn holding(world: &World) -> Setup {
    let objects = [world.directory_object("98"), world.directory_object("99"), world.status_object(ISSUER)];
    Setup::holding(world, [world.trust_object()].into_iter().chain(objects))
}

/// A license of a federation in which these provinces are of SM2, after something happened.
fn told(
    cases: &mut Cases,
    of_sm2: &[&'static str],
    title: Title,
    spoil: impl FnOnce(&mut World, &mut Issued),
    answer: Answer,
) {
    with_sm2(of_sm2, || {
        let (mut world, mut license) = scene();
        spoil(&mut world, &mut license);
        cases.verify(title, &holding(&world), &license.bytes, answer);
    });
}

fn licenses(cases: &mut Cases) {
    for (of_sm2, names) in [
        ("98", ["mixed-license-of-ed25519-is-valid", "mixed-license-of-ed25519-revoked-is-invalid"]),
        ("99", ["mixed-license-of-sm2-is-valid", "mixed-license-of-sm2-revoked-is-invalid"]),
    ] {
        let provinces = [of_sm2];
        let national = of_sm2 == "99";
        let (zh, en) = if national {
            ("SM2 省份的证照，邻省用 Ed25519：有效", "A license of a province of SM2, beside one of Ed25519, is valid")
        } else {
            ("Ed25519 省份的证照，邻省用 SM2：有效", "A license of a province of Ed25519, beside one of SM2, is valid")
        };
        told(cases, &provinces, title(names[0], zh, en), |_, _| (), Answer::valid());
        let (zh, en) = if national {
            ("SM2 省份的证照已吊销：无效", "A license of a province of SM2 that was revoked is invalid")
        } else {
            ("Ed25519 省份的证照已吊销：无效", "A license of a province of Ed25519 that was revoked is invalid")
        };
        told(
            cases,
            &provinces,
            title(names[1], zh, en),
            |world, license| world.set_state(license, State::Revoked),
            Answer::invalid(Step::Status, Reason::StatusRevoked),
        );
    }
    told(
        cases,
        &["98"],
        title(
            "mixed-altered-license-of-ed25519-is-invalid",
            "Ed25519 省份的证照被改动：无效",
            "An altered license of a province of Ed25519 is invalid",
        ),
        |_, license| license.bytes = spoil::flip(&license.bytes, license.bytes.len() - 3, 0),
        Answer::invalid(Step::Signature, Reason::SignatureBad).unknown(Step::Status, Reason::StepBlocked),
    );
}

/// Of a key that no directory lists: is that proof?
fn strangers(cases: &mut Cases) {
    let invalid = || Answer::invalid(Step::Issuer, Reason::IssuerNotListed).unsigned();
    told(
        cases,
        &["98"],
        title(
            "mixed-stranger-in-a-province-of-ed25519-is-invalid",
            "目录（全为 Ed25519）完整而未列该密钥：无效",
            "A key that a complete directory of Ed25519 does not list has no authority",
        ),
        |world, _| world.unlist(ISSUER),
        invalid(),
    );
    told(
        cases,
        &["98"],
        title(
            "mixed-stranger-beside-a-key-of-sm2-is-invalid",
            "目录列有 SM2 密钥，完整而未列该密钥：无效",
            "A complete directory that lists a key of SM2, too, and not this one, is proof",
        ),
        |world, _| {
            world.unlist(ISSUER);
            world.enrol("99", &data::authority(HOUSING), Use::License, "SM2 license 2");
        },
        invalid(),
    );
    told(
        cases,
        &["98"],
        title(
            "mixed-stranger-whom-a-province-of-sm2-might-list-is-invalid",
            "SM2 邻省也可为本地授权，其目录亦完整而未列该密钥：无效",
            "The neighbour of SM2 may vouch here, too, and its complete directory does not list the key either",
        ),
        |world, _| {
            world.unlist(ISSUER);
            world.province("98").anchors[0].mandate.regions.push(prefix("99"));
        },
        invalid(),
    );
}

/// A second anchor of the issuer's province, with a key of the other suite.
fn second_anchor(world: &mut World, name: &str) -> Vec<u8> {
    let first = world.anchor("99").clone();
    let subject = Subject {
        province: world.trust.provinces[&prefix("99")].names.get("zh"),
        organization: "示例数据局（演示）",
        common_name: "信任锚二（演示）",
        credit_code: data::bureau("99"),
    };
    let mandate = MandateText { regions: &["99"], types: None, authorities: None };
    let role = Role::Issuer { mandate, path_length: Some(1) };
    let certificate = world.certify(subject, role, name, IssuedBy::Itself, name);
    world.province("99").anchors.push(Anchor { certificate: certificate.clone(), ..first });
    certificate
}

/// The certificate of the issuer's license key, by another issuer.
fn certify_anew(world: &mut World, by: &[u8], issuer_key: &str) {
    let issuer = Certificate::parse(by).unwrap();
    let authority = data::authority(ISSUER);
    let name = license_key(ISSUER);
    let subject = Subject {
        province: world.trust.provinces[&prefix("99")].names.get("zh"),
        organization: &authority.name,
        common_name: &name,
        credit_code: ISSUER,
    };
    let role = Role::EndEntity(Use::License);
    let leaf = world.certify(subject, role, &name, IssuedBy::Certificate(&issuer), issuer_key);
    world.entry(ISSUER, Use::License).certificate = leaf;
}

fn certificates(cases: &mut Cases) {
    for (of_sm2, other, name, zh, en) in [
        (
            &[][..],
            "SM2 anchor 99 second",
            "mixed-key-of-ed25519-under-an-anchor-of-sm2-is-valid",
            "Ed25519 签发密钥由 SM2 信任锚签发证书：有效",
            "A key of Ed25519 that an anchor of SM2 certifies is good",
        ),
        (
            &["99"][..],
            "anchor 99 second",
            "mixed-key-of-sm2-under-an-anchor-of-ed25519-is-valid",
            "SM2 签发密钥由 Ed25519 信任锚签发证书：有效",
            "A key of SM2 that an anchor of Ed25519 certifies is good",
        ),
    ] {
        told(
            cases,
            of_sm2,
            title(name, zh, en),
            |world, _| {
                let anchor = second_anchor(world, other);
                certify_anew(world, &anchor, other);
            },
            Answer::valid(),
        );
    }
    told(
        cases,
        &[],
        title(
            "mixed-key-under-a-namesake-of-an-issuer-of-sm2-is-valid",
            "两个同名中间签发者，其一的证书由 SM2 信任锚签发，签发密钥在其下：有效",
            "Of two issuers of one name the one that an anchor of SM2 certifies stands above the key",
        ),
        |world, _| {
            let by_sm2 = second_anchor(world, "SM2 anchor 99 second");
            let by_first = world.anchor("99").certificate.clone();
            let mut issuers = Vec::new();
            for (name, above, above_key) in [
                ("intermediate 1", &by_sm2, "SM2 anchor 99 second".to_owned()),
                ("intermediate 2", &by_first, anchor_key("99")),
            ] {
                let subject = Subject {
                    province: world.trust.provinces[&prefix("99")].names.get("zh"),
                    organization: "示例签发中心（演示）",
                    common_name: "intermediate",
                    credit_code: data::bureau("99"),
                };
                let mandate = MandateText { regions: &["99"], types: None, authorities: None };
                let role = Role::Issuer { mandate, path_length: Some(0) };
                let above = Certificate::parse(above).unwrap();
                let certificate = world.certify(subject, role, name, IssuedBy::Certificate(&above), &above_key);
                let mut listed = world.entry(ISSUER, Use::License).clone();
                listed.certificate = certificate.clone();
                world.directory("99").issuers.push(listed);
                issuers.push(certificate);
            }
            certify_anew(world, &issuers[0], "intermediate 1");
            let entry = world.entry(ISSUER, Use::License).certificate.clone();
            assert_eq!(Certificate::parse(&entry).unwrap().public_key(), key(&license_key(ISSUER)).public_key());
        },
        Answer::valid(),
    );
}

fn lists(cases: &mut Cases) {
    for (name, state, zh, en, answer) in [
        (
            "mixed-license-of-ed25519-by-a-status-list-of-sm2-is-valid",
            None,
            "Ed25519 签发的证照，吊销清单由 SM2 密钥签名：有效",
            "A license of Ed25519 whose status list a key of SM2 signs is valid",
            Answer::valid(),
        ),
        (
            "mixed-license-of-ed25519-revoked-by-a-status-list-of-sm2-is-invalid",
            Some(State::Revoked),
            "Ed25519 签发的证照，由 SM2 密钥签名的吊销清单吊销：无效",
            "A license of Ed25519 that a status list of SM2 revokes is invalid",
            Answer::invalid(Step::Status, Reason::StatusRevoked),
        ),
    ] {
        told(
            cases,
            &[],
            title(name, zh, en),
            |world, license| {
                if let Some(state) = state {
                    world.set_state(license, state);
                }
                world.enrol("99", &data::authority(ISSUER), Use::Status, "SM2 status 2");
                world.list(ISSUER).signer = "SM2 status 2".into();
            },
            answer,
        );
    }
    for (name, signed, zh, en) in [
        (
            "mixed-trust-list-by-operators-of-ed25519-is-taken",
            ["operator 1", "operator 2"],
            "互认清单三签二，一名签署方用 SM2，两名 Ed25519 签署方签署：收下",
            "Of three operators, one of SM2, the two of Ed25519 signed",
        ),
        (
            "mixed-trust-list-by-operators-of-both-is-taken",
            ["operator 1", "SM2 operator 3"],
            "互认清单三签二，Ed25519 与 SM2 签署方各一：收下",
            "Of three operators, one of SM2, that one and another signed",
        ),
    ] {
        told(
            cases,
            &["98"],
            title(name, zh, en),
            |world, _| {
                let named = ["operator 1", "operator 2", "SM2 operator 3"];
                world.trust.signers = named.map(|name| ListSigner::new(key(name).public_key(), name)).into();
                world.trust.threshold = 2;
                world.operators = signed.map(Into::into).into();
            },
            Answer::valid(),
        );
    }
    // The authority of the other province is known, and speaks for nobody here.
    with_sm2(&["98"], || {
        let (world, license) = scene();
        let mut setup = holding(&world);
        setup.offer(world.status_object(HEALTH), Answered::New);
        cases.verify(
            title(
                "mixed-status-lists-of-both-are-held",
                "两种算法的吊销清单并存：有效",
                "Status lists of both suites stand side by side",
            ),
            &setup,
            &license.bytes,
            Answer::valid(),
        );
    });
}
