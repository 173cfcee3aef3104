//! Group `certificate`, the admitted profile: certificates of authorities that were there before.

use zhengyin::labels::oid;
use zhengyin::reason::Reason;
use zhengyin::trust::{Mandate, Profile};
use zhengyin::x509::encode_mandate;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Title, title};
use super::certificates::invalid;
use super::der::{
    INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Template, element, extension, key_usage, subject,
};
use super::scene::{entry, spoiled};
use super::world::{BASE, DAY, code, prefix};

pub(crate) fn all(cases: &mut Cases) {
    let (setup, license) = spoiled(|world| world.admit_foreign(ISSUER));
    cases.verify(
        title(
            "admitted-certificate-of-a-foreign-ca-is-valid",
            "目录钉住的外部证书：有效，用途与授权以目录为准",
            "A foreign certificate that the directory pins is good: use and mandate come from the lists alone",
        ),
        &setup,
        &license,
        Answer::valid(),
    );
    let mut case = |title: Title, answer: Answer, change: &dyn Fn(&mut Template)| {
        let (setup, license) = spoiled(|world| {
            let mut template = Template::leaf(world);
            // As such certificates are: by a CA that nobody here knows, without what our profile asks for.
            template.issuer = subject(None);
            template.subject = subject(None);
            template.signer = "stranger".into();
            template.without(oid::EXTENDED_KEY_USAGE);
            template.without(oid::SUBJECT_KEY_IDENTIFIER);
            template.without(oid::AUTHORITY_KEY_IDENTIFIER);
            template.at(oid::KEY_USAGE).critical = None;
            template.at(oid::BASIC_CONSTRAINTS).critical = None;
            change(&mut template);
            let entry = entry(world);
            (entry.certificate, entry.profile) = (template.sign(), Profile::Admitted);
        });
        cases.verify(title, &setup, &license, answer);
    };
    let constraint = || invalid(Reason::CertificateConstraint);
    case(
        title(
            "admitted-certificate-with-few-extensions-is-valid",
            "外部证书缺本格式要求的扩展：有效",
            "The admitted profile asks for little: criticality, use and key identifiers are not demanded",
        ),
        Answer::valid(),
        &|template| template.without(oid::BASIC_CONSTRAINTS),
    );
    case(
        title(
            "admitted-certificate-that-may-encipher-is-valid",
            "外部证书兼作加密：有效",
            "An admitted certificate may encipher besides",
        ),
        Answer::valid(),
        &|template| template.at(oid::KEY_USAGE).value = key_usage(0xb0, 4),
    );
    case(
        title(
            "admitted-certificate-of-an-issuer-is-invalid",
            "外部证书为签发机构：无效",
            "An admitted certificate of a CA is refused",
        ),
        constraint(),
        &|template| template.at(oid::BASIC_CONSTRAINTS).value = element(SEQUENCE, &[1, 1, 0xff]),
    );
    case(
        title(
            "admitted-certificate-that-may-sign-certificates-is-invalid",
            "外部证书可签证书：无效",
            "An admitted certificate whose key may sign certificates is refused",
        ),
        constraint(),
        &|template| template.at(oid::KEY_USAGE).value = key_usage(0x84, 2),
    );
    case(
        title(
            "admitted-certificate-without-key-usage-is-invalid",
            "外部证书无密钥用法：无效",
            "An admitted certificate without keyUsage is refused",
        ),
        constraint(),
        &|template| template.without(oid::KEY_USAGE),
    );
    case(
        title(
            "admitted-certificate-that-has-expired-is-invalid",
            "外部证书在签发时已过期：无效",
            "An admitted certificate that was not valid at the issue is refused",
        ),
        invalid(Reason::CertificateValidity),
        &|template| template.validity.1 = BASE - DAY - 1,
    );
    case(
        title(
            "admitted-certificate-that-is-not-canonical-is-invalid",
            "外部证书编码不规范：无效",
            "An admitted certificate is held to DER like any other",
        ),
        invalid(Reason::CertificateNotCanonical),
        &|template| template.serial = element(INTEGER, &[0, 1]),
    );
    case(
        title(
            "admitted-certificate-with-an-unknown-critical-extension-is-invalid",
            "外部证书含未知关键扩展：无效",
            "An admitted certificate with an unknown critical extension is refused",
        ),
        invalid(Reason::CertificateExtension),
        &|template| template.extensions.push(extension(&[0x2a, 0x03], true, element(OCTET_STRING, &[1]))),
    );
    admitted_as_others_write(&mut case);
    let (setup, license) = spoiled(|world| {
        world.admit_foreign(ISSUER);
        let wide = Mandate { regions: vec![prefix("98")], types: None, authorities: Some(vec![code(ISSUER)]) };
        entry(world).mandate = wide;
    });
    cases.verify(
        title(
            "admitted-certificate-with-a-mandate-beyond-the-anchor-is-invalid",
            "外部证书的条目授权超出锚：无效",
            "An admitted entry's mandate lies within an anchor's too",
        ),
        &setup,
        &license,
        invalid(Reason::CertificateMandate),
    );
}

/// What other software writes, and a Mandate, which none of it does.
fn admitted_as_others_write(case: &mut impl FnMut(Title, Answer, &dyn Fn(&mut Template))) {
    case(
        title(
            "admitted-certificate-with-a-false-written-is-valid",
            "外部证书写出缺省的 FALSE：有效",
            "GmSSL writes out a FALSE that DER leaves out; the signature covers it",
        ),
        Answer::valid(),
        &|template| {
            template.at(oid::BASIC_CONSTRAINTS).value = element(SEQUENCE, &[1, 1, 0]);
            template.at(oid::KEY_USAGE).critical = Some(0);
        },
    );
    case(
        title(
            "admitted-certificate-of-a-subject-in-any-characters-is-valid",
            "外部证书主体名用了 PrintableString 之外的字符：有效",
            "A PrintableString of a name holds other characters: nothing is read from it",
        ),
        Answer::valid(),
        &|template| {
            let name = [element(OBJECT_IDENTIFIER, oid::COMMON_NAME), element(0x13, "051@示例_1".as_bytes())].concat();
            template.subject = element(SEQUENCE, &element(0x31, &element(SEQUENCE, &name)));
        },
    );
    for (name, zh, en, region, answer) in [
        (
            "admitted-certificate-with-its-own-mandate-is-valid",
            "外部证书自带授权范围，含本证照：有效",
            "A Mandate in an admitted certificate, in which the license lies",
            "990102",
            Answer::valid(),
        ),
        (
            "admitted-certificate-outside-its-own-mandate-is-invalid",
            "外部证书自带授权范围，不含本证照：无效",
            "A Mandate in an admitted certificate narrows what the directory says",
            "990103",
            invalid(Reason::IssuerRegion),
        ),
        (
            "admitted-certificate-with-a-wider-mandate-is-invalid",
            "外部证书自带的授权范围超出条目：无效",
            "A Mandate in an admitted certificate that is wider than the entry's is refused, not trimmed",
            "98",
            invalid(Reason::CertificateMandate),
        ),
    ] {
        case(title(name, zh, en), answer, &|template| {
            let mandate = encode_mandate(&[region], Some(&["11950000MB0000019Y"]), None).unwrap();
            template.extensions.push(extension(oid::MANDATE, true, mandate));
        });
    }
}
