//! Group `certificate`, the path: names, signatures, validity, and mandates on the way down.

use zhengyin::issue::certificate::MandateText;
use zhengyin::labels::oid;
use zhengyin::reason::Reason;
use zhengyin::trust::Profile;
use zhengyin::verify::Step;
use zhengyin::x509::Use;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Setup, Title, title};
use super::certificates::{bytes, case, invalid};
use super::der::{SEQUENCE, Template, element, subject};
use super::scene::{HOUSING, entry, scene, spoiled};
use super::world::{BASE, DAY, World, anchor_key, is_sm2_throughout, license_key, prefix};

pub(crate) fn all(cases: &mut Cases) {
    names(cases);
    signatures(cases);
    validity(cases);
    claimed_mandates(cases);
    overclaiming_anchor(cases);
    super::admitted::all(cases);
    identifiers(cases);
    unreadable(cases);
}

fn names(cases: &mut Cases) {
    let wrong = || invalid(Reason::CertificateName);
    for (title, code) in [
        (
            title(
                "certificate-of-another-authority-is-invalid",
                "证书属另一机构：无效",
                "The certificate names another authority than its directory entry",
            ),
            Some(HOUSING),
        ),
        (
            title(
                "certificate-without-a-credit-code-is-invalid",
                "证书无统一社会信用代码：无效",
                "The certificate names no credit code",
            ),
            None,
        ),
    ] {
        case(cases, title, wrong(), |template| template.subject = subject(code));
    }
    case(
        cases,
        title(
            "certificate-without-a-subject-key-id-is-invalid",
            "无主体密钥标识：无效",
            "A certificate without a subject key identifier is invalid",
        ),
        wrong(),
        |template| template.without(oid::SUBJECT_KEY_IDENTIFIER),
    );
    case(
        cases,
        title(
            "certificate-without-an-authority-key-id-is-invalid",
            "无颁发者密钥标识：无效",
            "A certificate without an authority key identifier is invalid",
        ),
        wrong(),
        |template| template.without(oid::AUTHORITY_KEY_IDENTIFIER),
    );
    case(
        cases,
        title(
            "certificate-with-another-issuer-key-id-is-invalid",
            "颁发者密钥标识不符：无效",
            "An authority key identifier that is not the issuer's is invalid",
        ),
        wrong(),
        |template| template.at(oid::AUTHORITY_KEY_IDENTIFIER).value = element(SEQUENCE, &element(0x80, &[0x11; 32])),
    );
    case(
        cases,
        title(
            "certificate-of-an-issuer-by-another-name-is-invalid",
            "颁发者名称不符：不能连到信任锚，无效",
            "A certificate whose issuer bears another name leads to no anchor",
        ),
        invalid(Reason::CertificatePath),
        |template| template.issuer = subject(Some(HOUSING)),
    );
}

fn signatures(cases: &mut Cases) {
    case(
        cases,
        title(
            "certificate-by-a-namesake-of-the-anchor-is-invalid",
            "同名的假锚签发：签名不符，无效",
            "A certificate by a namesake of the anchor with another key is invalid",
        ),
        invalid(Reason::CertificateSignature),
        |template| template.signer = "stranger".into(),
    );
    case(
        cases,
        title(
            "certificate-signed-by-its-own-key-is-invalid",
            "自签的签名证书：无效",
            "A certificate that its own key signed leads to no anchor",
        ),
        invalid(Reason::CertificateSignature),
        |template| template.signer = license_key(ISSUER),
    );
    case(
        cases,
        title(
            "certificate-by-another-province-s-anchor-is-invalid",
            "别省信任锚签发：无效",
            "A certificate by the anchor of another province leads to no anchor of this one",
        ),
        invalid(Reason::CertificatePath),
        |template| {
            let (world, _) = scene();
            let anchor = world.anchor("98").certificate.clone();
            let anchor = zhengyin::x509::Certificate::parse(&anchor).unwrap();
            template.issuer = anchor.subject().as_der().to_vec();
            template.signer = anchor_key("98");
        },
    );
    case(
        cases,
        title(
            "certificate-by-another-signer-is-invalid",
            "由另一签名者（非签发机构）签发：无效",
            "A certificate that another end entity signed leads to no anchor",
        ),
        invalid(Reason::CertificatePath),
        |template| {
            let (mut world, _) = scene();
            let housing = world.entry(HOUSING, Use::License).certificate.clone();
            let housing = zhengyin::x509::Certificate::parse(&housing).unwrap();
            template.issuer = housing.subject().as_der().to_vec();
            let id = element(0x80, housing.subject_key_id().unwrap());
            template.at(oid::AUTHORITY_KEY_IDENTIFIER).value = element(SEQUENCE, &id);
            template.signer = license_key(HOUSING);
        },
    );
    case(
        cases,
        title(
            "certificate-whose-signature-has-unused-bits-is-invalid",
            "签名含未用比特：无效",
            "A signature that is not a whole number of bytes is invalid",
        ),
        invalid(Reason::CertificateMalformed),
        |template| template.unused = 1,
    );
}

fn validity(cases: &mut Cases) {
    let issued = BASE - DAY;
    let rows = [
        (
            title(
                "certificate-valid-from-the-issue-is-valid",
                "证书自签发之时起有效：有效",
                "A certificate that is valid from the second of the issue is good",
            ),
            (issued, BASE + DAY),
            Answer::valid(),
        ),
        (
            title(
                "certificate-valid-from-a-second-later-is-invalid",
                "证书晚一秒生效：无效",
                "A certificate that becomes valid a second after the issue is invalid",
            ),
            (issued + 1, BASE + DAY),
            invalid(Reason::CertificateValidity),
        ),
        (
            title(
                "certificate-valid-to-the-issue-is-valid",
                "证书至签发之时止：有效，后来过期无妨",
                "A certificate whose last second is that of the issue is good, though it has expired since",
            ),
            (issued - DAY, issued),
            Answer::valid(),
        ),
        (
            title(
                "certificate-valid-to-a-second-earlier-is-invalid",
                "证书早一秒失效：无效",
                "A certificate whose last second was before the issue is invalid",
            ),
            (issued - DAY, issued - 1),
            invalid(Reason::CertificateValidity),
        ),
    ];
    for (title, period, answer) in rows {
        let (setup, license) = spoiled(|world| {
            let mut template = Template::leaf(world);
            template.validity = period;
            let (from, until) = (period.0 - BASE, DAY);
            world.give_signing(ISSUER, from.min(-DAY), until);
            entry(world).certificate = template.sign();
        });
        cases.verify(title, &setup, &license, answer);
    }
}

fn claimed_mandates(cases: &mut Cases) {
    let mut case = |title: Title, spoil: &dyn Fn(&mut World), answer: Answer| {
        let (setup, license) = spoiled(spoil);
        cases.verify(title, &setup, &license, answer);
    };
    let between = |regions: &'static [&'static str]| {
        move |world: &mut World| {
            world.put_between("99", ISSUER, MandateText { regions, types: None, authorities: None });
        }
    };
    case(
        title(
            "certificate-under-an-intermediate-is-valid",
            "经中间签发机构：有效",
            "A certificate under an intermediate whose mandate covers the license is good",
        ),
        &between(&["9901"]),
        Answer::valid(),
    );
    case(
        title(
            "certificate-under-a-narrower-intermediate-is-invalid",
            "中间机构授权更窄而不含本区划：无效",
            "What an intermediate's narrower mandate leaves out is outside",
        ),
        &between(&["9902"]),
        invalid(Reason::IssuerRegion),
    );
    case(
        title(
            "certificate-of-an-entry-that-claims-more-than-the-anchor-is-invalid",
            "目录条目授权超出锚的授权：拒绝，不裁剪",
            "A directory entry with a wider mandate than the anchor's is refused, never trimmed",
        ),
        &|world| world.give_mandate(ISSUER, &["9901", "98"], None),
        invalid(Reason::CertificateMandate),
    );
    case(
        title(
            "certificate-under-an-anchor-that-is-not-for-licenses-is-invalid",
            "信任锚不用于证照：无效",
            "An anchor that is not for licenses vouches for none",
        ),
        &|world| world.province("99").anchors[0].uses = vec![Use::Status, Use::Directory],
        // Nobody else may vouch for licenses there: no province speaks for the region.
        invalid(Reason::CertificatePath),
    );
    case(
        title(
            "certificate-of-an-entry-for-two-uses-is-invalid",
            "目录条目列两种用途而证书只能一种：无效",
            "An entry of our profile has one use",
        ),
        &|world| entry(world).uses = vec![Use::License, Use::Status],
        invalid(Reason::CertificateUse),
    );
}

/// The anchor's status certificates fall with it: no status list is held.
fn overclaiming_anchor(cases: &mut Cases) {
    let (mut world, license) = scene();
    world.province("99").anchors[0].mandate.regions = vec![prefix("9901")];
    cases.verify(
        title(
            "certificate-of-an-anchor-that-claims-more-is-invalid",
            "锚证书自称授权超出清单：拒绝，不裁剪",
            "An anchor whose certificate claims more than the list gives is refused, never trimmed",
        ),
        &Setup::holding(&world, [world.trust_object(), world.directory_object("99")]),
        &license.bytes,
        invalid(Reason::CertificateMandate).until(14 * DAY),
    );
}

/// The trust list says with which identifier of SM2 certificates under an anchor are signed.
fn identifiers(cases: &mut Cases) {
    const OWN: &str = "示例甲省电子认证CA";
    let listed = |listed: Option<&str>, signed: &'static str| {
        spoiled(|world| {
            let mut template = Template::leaf(world);
            template.identifier = signed;
            entry(world).certificate = template.sign();
            // The signer of the status list was certified before.
            let status = world.entry(ISSUER, Use::Status);
            status.profile = Profile::Admitted;
            world.province("99").anchors[0].identifier = listed.map(Into::into);
        })
    };
    let (setup, license) = listed(Some(OWN), OWN);
    cases.verify(
        title(
            "certificate-by-the-anchor-s-identifier-is-valid",
            "证书按清单所载的签名标识签发：有效",
            "A certificate is signed by the identifier that the trust list gives the anchor",
        ),
        &setup,
        &license,
        Answer::valid(),
    );
    if !is_sm2_throughout() {
        return;
    }
    for (name, zh, en, stated, signed) in [
        (
            "certificate-by-another-identifier-is-invalid",
            "证书按别的签名标识签发：无效",
            "A certificate is signed by another identifier than that of the anchor",
            Some(OWN),
            "示例甲省电子认证ca",
        ),
        (
            "certificate-by-the-common-identifier-is-invalid",
            "清单载明签名标识，而证书按默认标识签发：无效",
            "The trust list gives the anchor an identifier, and the certificate is signed by that where none was agreed on",
            Some(OWN),
            "1234567812345678",
        ),
        (
            "certificate-by-an-identifier-that-is-not-listed-is-invalid",
            "清单未载签名标识，而证书按自定标识签发：无效",
            "A certificate is signed by an identifier of the anchor's own that the trust list does not give",
            None,
            OWN,
        ),
    ] {
        let (setup, license) = listed(stated, signed);
        cases.verify(title(name, zh, en), &setup, &license, invalid(Reason::CertificateSignature));
    }
}

fn unreadable(cases: &mut Cases) {
    let open = || Answer::undetermined(Step::Issuer, Reason::IssuerUnknown).unsigned();
    if !is_sm2_throughout() {
        let torsioned = {
            use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
            (ED25519_BASEPOINT_POINT + EIGHT_TORSION[1]).compress().to_bytes()
        };
        case(
            cases,
            title(
                "certificate-of-a-key-with-torsion-is-not-admitted",
                "证书公钥含挠分量：不采用，该条目为谁不得而知",
                "A key with torsion is not admitted; whose entry it is this verifier cannot say, so the directory is not closed",
            ),
            open(),
            |template| {
                let at = template.spki.len() - 32;
                template.spki[at..].copy_from_slice(&torsioned);
            },
        );
    }
    case(
        cases,
        title(
            "certificate-of-an-unknown-key-kind-is-undetermined",
            "证书公钥类型未知：无法判定",
            "A key of a kind that this verifier does not know leaves the directory open",
        ),
        open(),
        |template| {
            // 1.3.101.113, Ed448; with SM2 the curve 1.2.156.10197.1.302, which is nobody's.
            let curve = [0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];
            let known: &[u8] = if is_sm2_throughout() { &curve } else { &[0x2b, 0x65, 0x70] };
            let at = template.spki.windows(known.len()).position(|window| window == known).unwrap();
            template.spki[at + known.len() - 1] += 1;
        },
    );
    bytes(
        cases,
        title(
            "certificate-that-is-no-certificate-is-undetermined",
            "目录条目不是证书：无法判定",
            "An entry that is no certificate leaves the directory open",
        ),
        open(),
        |_| vec![0x30, 0x03, 0x02, 0x01, 0x00],
    );
}
