//! Group `certificate`: the issuer's certificate breaks one rule each, in a directory that is in order otherwise.

use zhengyin::labels::oid;
use zhengyin::reason::Reason;
use zhengyin::verify::Step;
use zhengyin::x509::{Use, encode_mandate};

use super::answer::Answer;
use super::case::{Cases, Title, title};
use super::der::{INTEGER, OCTET_STRING, SEQUENCE, Template, element, extension, key_usage};
use super::scene::{entry, spoiled};

pub(crate) fn all(cases: &mut Cases) {
    in_order(cases);
    purposes(cases);
    usages(cases);
    extensions(cases);
    encodings(cases);
    super::paths::all(cases);
}

pub(crate) fn invalid(reason: Reason) -> Answer {
    Answer::invalid(Step::Issuer, reason)
}

/// A license whose signer's certificate was changed.
pub(crate) fn case(cases: &mut Cases, title: Title, answer: Answer, change: impl FnOnce(&mut Template)) {
    bytes(cases, title, answer, |template| {
        change(template);
        template.sign()
    });
}

/// The same, by the certificate's bytes.
pub(crate) fn bytes(cases: &mut Cases, title: Title, answer: Answer, make: impl FnOnce(&mut Template) -> Vec<u8>) {
    let (setup, license) = spoiled(|world| {
        let certificate = make(&mut Template::leaf(world));
        entry(world).certificate = certificate;
    });
    cases.verify(title, &setup, &license, answer);
}

fn in_order(cases: &mut Cases) {
    let valid = Answer::valid;
    case(
        cases,
        title(
            "certificate-in-order-is-valid",
            "证书合规：有效",
            "A certificate in which everything is in order is good",
        ),
        valid(),
        |_| (),
    );
    case(
        cases,
        title(
            "certificate-with-unknown-extensions-that-are-not-critical-is-valid",
            "未知但非关键的扩展：有效",
            "Unknown extensions and policies that are not critical are passed over",
        ),
        valid(),
        |template| {
            template.extensions.push(extension(&[0x2a, 0x03], false, element(OCTET_STRING, &[1])));
            template.extensions.push(extension(&[0x55, 0x1d, 32], false, element(SEQUENCE, &[])));
        },
    );
    case(
        cases,
        title(
            "certificate-for-non-repudiation-is-valid",
            "密钥用法仅有不可否认：有效",
            "nonRepudiation without digitalSignature lets a key sign",
        ),
        valid(),
        |template| template.at(oid::KEY_USAGE).value = key_usage(0x40, 6),
    );
    case(
        cases,
        title(
            "certificate-with-the-longest-serial-is-valid",
            "二十字节序列号：有效",
            "A serial number of 20 bytes is admitted",
        ),
        valid(),
        |template| template.serial = element(INTEGER, &[0x7f; 20]),
    );
}

fn purposes(cases: &mut Cases) {
    let wrong = || invalid(Reason::CertificateUse);
    let (license, status) = (Use::License.oid(), Use::Status.oid());
    let server_auth: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    let any: &[u8] = &[0x55, 0x1d, 37, 0];
    let several: [(Title, Vec<&[u8]>); 5] = [
        (
            title(
                "certificate-for-another-use-is-invalid",
                "扩展用途为吊销清单：无效",
                "An extended key usage of another use of ours is invalid",
            ),
            vec![&status],
        ),
        (
            title(
                "certificate-for-two-uses-is-invalid",
                "两种扩展用途：无效",
                "Two of our extended key usages are invalid",
            ),
            vec![&license, &status],
        ),
        (
            title(
                "certificate-for-a-foreign-use-is-invalid",
                "扩展用途为他人所定：无效",
                "A foreign extended key usage alone is invalid",
            ),
            vec![server_auth],
        ),
        (
            title(
                "certificate-for-our-use-and-a-foreign-one-is-invalid",
                "另加他人所定用途：无效",
                "A foreign extended key usage beside ours is invalid",
            ),
            vec![&license, server_auth],
        ),
        (title("certificate-for-any-use-is-invalid", "任意用途：无效", "anyExtendedKeyUsage is invalid"), vec![any]),
    ];
    for (title, oids) in several {
        case(cases, title, wrong(), |template| template.purposes(&oids));
    }
    case(
        cases,
        title(
            "certificate-without-a-use-is-invalid",
            "无扩展用途：无效",
            "A certificate without an extended key usage is invalid",
        ),
        wrong(),
        |template| template.without(oid::EXTENDED_KEY_USAGE),
    );
}

fn usages(cases: &mut Cases) {
    let wrong = || invalid(Reason::CertificateConstraint);
    let rows: [(Title, u8, u8); 3] = [
        (
            title(
                "certificate-of-a-signer-that-may-sign-certificates-is-invalid",
                "终端证书可签证书：无效",
                "An end entity that may sign certificates is invalid",
            ),
            0x84,
            2,
        ),
        (
            title(
                "certificate-of-a-key-that-enciphers-is-invalid",
                "签名密钥兼作加密：无效",
                "A signature key that may encipher is invalid",
            ),
            0xa0,
            5,
        ),
        (
            title(
                "certificate-of-a-key-that-signs-nothing-is-invalid",
                "密钥用法不含签名：无效",
                "A key that may only agree on keys signs nothing",
            ),
            0x08,
            3,
        ),
    ];
    for (title, bits, unused) in rows {
        case(cases, title, wrong(), |template| template.at(oid::KEY_USAGE).value = key_usage(bits, unused));
    }
    case(
        cases,
        title(
            "certificate-whose-key-usage-is-not-critical-is-invalid",
            "密钥用法非关键：无效",
            "In our profile keyUsage is critical",
        ),
        wrong(),
        |template| template.at(oid::KEY_USAGE).critical = None,
    );
    case(
        cases,
        title(
            "certificate-without-key-usage-is-invalid",
            "无密钥用法：无效",
            "A certificate without keyUsage is invalid",
        ),
        wrong(),
        |template| template.without(oid::KEY_USAGE),
    );
    case(
        cases,
        title(
            "certificate-without-basic-constraints-is-invalid",
            "无基本约束：无效",
            "A certificate without basicConstraints is invalid",
        ),
        wrong(),
        |template| template.without(oid::BASIC_CONSTRAINTS),
    );
    case(
        cases,
        title(
            "certificate-whose-basic-constraints-are-not-critical-is-invalid",
            "基本约束非关键：无效",
            "In our profile basicConstraints is critical",
        ),
        wrong(),
        |template| template.at(oid::BASIC_CONSTRAINTS).critical = None,
    );
    case(
        cases,
        title(
            "certificate-of-an-issuer-in-the-place-of-a-signer-is-invalid",
            "签发机构证书充当签名证书：无效",
            "A CA certificate in the place of an end entity's is invalid",
        ),
        wrong(),
        |template| template.at(oid::BASIC_CONSTRAINTS).value = element(SEQUENCE, &[1, 1, 0xff]),
    );
}

fn extensions(cases: &mut Cases) {
    let wrong = || invalid(Reason::CertificateExtension);
    case(
        cases,
        title(
            "certificate-with-an-unknown-critical-extension-is-invalid",
            "未知关键扩展：无效",
            "An unknown critical extension is invalid",
        ),
        wrong(),
        |template| template.extensions.push(extension(&[0x2a, 0x03], true, element(OCTET_STRING, &[1]))),
    );
    case(
        cases,
        title(
            "certificate-with-critical-policies-is-invalid",
            "关键的证书策略：无效",
            "Critical policies are not processed and refused",
        ),
        wrong(),
        |template| template.extensions.push(extension(&[0x55, 0x1d, 32], true, element(SEQUENCE, &[]))),
    );
    case(
        cases,
        title(
            "certificate-with-name-constraints-is-invalid",
            "名称约束：无效，无论关键与否",
            "Name constraints are not processed and refused, critical or not",
        ),
        wrong(),
        |template| template.extensions.push(extension(oid::NAME_CONSTRAINTS, false, element(SEQUENCE, &[]))),
    );
    case(
        cases,
        title(
            "certificate-with-an-extension-twice-is-invalid",
            "扩展重复：无效",
            "An extension that stands twice is invalid",
        ),
        wrong(),
        |template| {
            let usage = template.at(oid::KEY_USAGE).clone();
            template.extensions.push(usage);
        },
    );
    case(
        cases,
        title(
            "certificate-whose-mandate-is-not-critical-is-invalid",
            "授权扩展非关键：无效",
            "A Mandate that is not critical is invalid",
        ),
        wrong(),
        |template| {
            let mandate = encode_mandate(&["9901"], None, None).unwrap();
            template.extensions.push(extension(oid::MANDATE, false, mandate));
        },
    );
    case(
        cases,
        title(
            "certificate-with-unique-ids-is-invalid",
            "含唯一标识字段：无效",
            "Issuer and subject unique ids are not of our profile",
        ),
        wrong(),
        |template| template.unique_ids = element(0x81, &[0, 1]),
    );
}

fn encodings(cases: &mut Cases) {
    let wrong = || invalid(Reason::CertificateNotCanonical);
    bytes(
        cases,
        title(
            "certificate-with-a-longer-length-is-invalid",
            "长度编码不是最短：无效",
            "A length in more bytes than it needs is not DER, and would dodge a pin",
        ),
        wrong(),
        |template| {
            let der = template.sign();
            assert_eq!(der[1], 0x82);
            [&[SEQUENCE, 0x83, 0x00], &der[2..]].concat()
        },
    );
    case(
        cases,
        title(
            "certificate-with-another-true-is-invalid",
            "布尔真值不是 FF：无效",
            "TRUE in another form than FF is not DER",
        ),
        wrong(),
        |template| template.at(oid::KEY_USAGE).critical = Some(0x01),
    );
    case(
        cases,
        title(
            "certificate-with-a-default-written-is-invalid",
            "写出默认值：无效",
            "A default value that is written out is not DER",
        ),
        wrong(),
        |template| template.at(oid::BASIC_CONSTRAINTS).value = element(SEQUENCE, &[1, 1, 0x00]),
    );
    case(
        cases,
        title(
            "certificate-with-a-padded-serial-is-invalid",
            "序列号补零：无效",
            "A serial number with a zero too many is not DER",
        ),
        wrong(),
        |template| template.serial = element(INTEGER, &[0, 1]),
    );
    case(
        cases,
        title(
            "certificate-with-padded-key-usage-is-invalid",
            "密钥用法填充位不符：无效",
            "Key usage with wrong padding is not DER",
        ),
        wrong(),
        |template| template.at(oid::KEY_USAGE).value = key_usage(0x80, 0),
    );
    let malformed = || invalid(Reason::CertificateMalformed);
    for (title, serial) in [
        (
            title("certificate-with-serial-zero-is-invalid", "序列号为零：无效", "A serial number of zero is invalid"),
            vec![0],
        ),
        (
            title(
                "certificate-with-a-negative-serial-is-invalid",
                "序列号为负：无效",
                "A negative serial number is invalid",
            ),
            vec![0x80, 1],
        ),
        (
            title(
                "certificate-with-a-serial-of-21-bytes-is-invalid",
                "序列号超过二十字节：无效",
                "A serial number of 21 bytes is invalid",
            ),
            vec![0x7f; 21],
        ),
    ] {
        case(cases, title, malformed(), |template| template.serial = element(INTEGER, &serial));
    }
    case(
        cases,
        title(
            "certificate-of-another-version-is-invalid",
            "不是第三版：无效",
            "A certificate of another version than 3 is invalid",
        ),
        malformed(),
        |template| template.version = vec![0xa0, 3, 2, 1, 1],
    );
    let with_null =
        |template: &Template| [&[SEQUENCE, template.inner[1] + 2][..], &template.inner[2..], &[5, 0]].concat();
    case(
        cases,
        title(
            "certificate-whose-algorithms-differ-is-invalid",
            "内外签名算法不一致：无效",
            "The algorithm outside is not the one inside",
        ),
        invalid(Reason::CertificateAlgorithm),
        |template| template.outer = with_null(template),
    );
}
