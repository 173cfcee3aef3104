//! Group `envelope`: header buckets, types, algorithms, key ids, critical labels, what stands around the signature.

use zhengyin::reason::Reason;
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Row, Setup, row, title};
use super::cose::Sign1;
use super::item::{Item, list};
use super::scene::{HOUSING, claims, licensed, scene};
use super::world::{is_sm2_throughout, license_key};

const ALG: i64 = 1;
const CRIT: i64 = 2;
const CONTENT_TYPE: i64 = 3;
const KID: i64 = 4;
const CWT_CLAIMS: i64 = 15;
const TYP: i64 = 16;
const X5CHAIN: i64 = 33;
const HASH_ALG: i64 = 258;
const PREIMAGE: i64 = 259;
const TOKEN: i64 = 270;

pub(crate) fn all(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = Setup::of(&world);
    cases.verify(
        title("envelope-in-order-is-valid", "信封合规：有效", "An envelope in which everything is in order is valid"),
        &setup,
        &license.bytes,
        Answer::valid(),
    );
    assert_eq!(licensed(claims().encode()).sign(), license.bytes, "what is bent is the license itself");
    algorithms(cases, &setup);
    types(cases, &setup);
    critical(cases, &setup);
    buckets(cases, &setup);
    chains(cases, &setup);
    super::frames::all(cases, &setup);
}

/// The license's envelope after a change of its protected header.
fn protected(change: impl FnOnce(&mut Item)) -> Vec<u8> {
    bent(|envelope| change(&mut envelope.protected))
}

pub(crate) fn bent(change: impl FnOnce(&mut Sign1)) -> Vec<u8> {
    let mut envelope = licensed(claims().encode());
    change(&mut envelope);
    envelope.sign()
}

fn algorithms(cases: &mut Cases, setup: &Setup) {
    if is_sm2_throughout() {
        cases.verify_each(
            title(
                "envelope-alg-of-the-other-suite-is-invalid",
                "SM2 签名标为 Ed25519：无效",
                "A key is of one suite: what it signed is not that of another algorithm",
            ),
            setup,
            [-19, -8].map(|alg| row("", protected(|header| header.put(&[], ALG, alg)))).to_vec(),
            Answer::invalid(Step::Signature, Reason::SignatureBad),
        );
    } else {
        cases.verify(
            title(
                "envelope-alg-eddsa-is-read",
                "算法写作 −8（EdDSA）：读取，按 Ed25519 核验，有效",
                "alg -8, EdDSA, is read as Ed25519 though never written",
            ),
            setup,
            &protected(|header| header.put(&[], ALG, -8)),
            Answer::valid(),
        );
        cases.verify(
            title(
                "envelope-alg-of-sm2-by-a-key-of-ed25519-is-invalid",
                "Ed25519 签名标为 SM2：无效",
                "A key is of one suite: what it signed is not that of SM2",
            ),
            setup,
            &protected(|header| header.put(&[], ALG, -70_010)),
            Answer::invalid(Step::Signature, Reason::SignatureBad),
        );
    }
    cases.verify_each(
        title(
            "envelope-alg-unknown-is-undetermined",
            "未知算法：本核验程序太旧，无法判定",
            "An unknown algorithm means that this verifier is too old: undetermined",
        ),
        setup,
        vec![
            row("-7, ES256", protected(|header| header.put(&[], ALG, -7))),
            row("-53, Ed448", protected(|header| header.put(&[], ALG, -53))),
            row("5, HMAC", protected(|header| header.put(&[], ALG, 5))),
            row("a text", protected(|header| header.put(&[], ALG, "Ed25519"))),
        ],
        Answer::unread(Reason::EncodingAlgorithmUnknown),
    );
    cases.verify_each(
        title(
            "envelope-alg-absent-or-misplaced-is-invalid",
            "缺算法、算法不在受保护头部或类型不符：无效",
            "alg absent, in the unprotected bucket, or of another type: invalid",
        ),
        setup,
        vec![
            row("absent", protected(|header| header.cut(&[], ALG))),
            row(
                "in the unprotected bucket",
                bent(|envelope| {
                    envelope.protected.cut(&[], ALG);
                    envelope.unprotected.put(&[], ALG, -19);
                }),
            ),
            row("in both buckets", bent(|envelope| envelope.unprotected.put(&[], ALG, -19))),
            row("an array", protected(|header| header.put(&[], ALG, Item::List(vec![Item::Int(-19)])))),
            row("null", protected(|header| header.put(&[], ALG, Item::Null))),
        ],
        Answer::unread(Reason::EncodingHeader),
    );
    let kid = || Item::at(&mut licensed(Vec::new()).protected, &[KID]).clone();
    let Item::Bytes(digits) = kid() else { panic!("kid is a byte string") };
    cases.verify_each(
        title(
            "envelope-kid-absent-or-misshapen-is-invalid",
            "缺密钥标识、长度不是八字节或放错位置：无效",
            "kid absent, not eight bytes, or in the wrong bucket: invalid",
        ),
        setup,
        vec![
            row("absent", protected(|header| header.cut(&[], KID))),
            row("seven bytes", protected(|header| header.put(&[], KID, digits[..7].to_vec()))),
            row("nine bytes", protected(|header| header.put(&[], KID, [&digits[..], &[0]].concat()))),
            row("a text", protected(|header| header.put(&[], KID, "12345678"))),
            row(
                "in the unprotected bucket",
                bent(|envelope| {
                    envelope.protected.cut(&[], KID);
                    envelope.unprotected.put(&[], KID, kid());
                }),
            ),
        ],
        Answer::unread(Reason::EncodingHeader),
    );
    let stranger = license_key(HOUSING);
    let Item::Bytes(other) = Sign1::new("", Vec::new(), &stranger).protected.at(&[KID]).clone() else {
        panic!("kid is a byte string")
    };
    cases.verify(
        title(
            "envelope-kid-of-another-listed-key-is-invalid",
            "密钥标识指向另一在册密钥，签名不符，目录完整：无效",
            "A kid of another listed key: nobody whom it may mean signed this, and the candidates are closed",
        ),
        setup,
        &protected(|header| header.put(&[], KID, other)),
        Answer::invalid(Step::Issuer, Reason::IssuerAuthority).failed(Step::Signature, Reason::SignatureBad),
    );
}

/// Every type but the license's, with the license's payload and signer.
fn other_types() -> Vec<Row> {
    ["seal", "stamp", "status", "trust", "issuers", "presentation", "receipt"]
        .iter()
        .map(|kind| {
            let typ = format!("application/x.zy.{kind}");
            row(&typ, protected(|header| header.put(&[], TYP, typ.as_str())))
        })
        .collect()
}

fn types(cases: &mut Cases, setup: &Setup) {
    let (world, _) = scene();
    cases.verify_each(
        title(
            "envelope-of-another-type-is-invalid",
            "类型不是证照：无效",
            "An envelope of another type than a license is invalid, whoever signed it",
        ),
        setup,
        [
            other_types(),
            vec![
                row("a foreign type", protected(|header| header.put(&[], TYP, "application/cwt"))),
                row("a foreign type in disguise", protected(|header| header.put(&[], TYP, "application/x.zylicense"))),
                row("in capitals", protected(|header| header.put(&[], TYP, "application/x.ZY.license"))),
                row("a CoAP content format", protected(|header| header.put(&[], TYP, 61))),
                row("a whole issuer directory", world.directory_object("99")),
                row("a whole trust list", world.trust_object()),
                row("a whole status list", world.status_object(ISSUER)),
            ],
        ]
        .concat(),
        Answer::unread(Reason::EncodingWrongType),
    );
    cases.verify_each(
        title(
            "envelope-of-a-newer-type-is-undetermined",
            "本格式的未知类型：本核验程序太旧，无法判定",
            "An unknown type of this format means that this verifier is too old: undetermined",
        ),
        setup,
        ["license2", "license.2", "permit"]
            .iter()
            .map(|kind| {
                let typ = format!("application/x.zy.{kind}");
                row(&typ, protected(|header| header.put(&[], TYP, typ.as_str())))
            })
            .collect(),
        Answer::unread(Reason::EncodingVersionUnknown),
    );
    cases.verify(
        title(
            "envelope-type-is-judged-before-other-labels",
            "类型先于其他标签判断：新类型带未知标签仍为版本太新",
            "The type is judged before anything else: a newer one may have labels that we do not know",
        ),
        setup,
        &protected(|header| {
            header.put(&[], TYP, "application/x.zy.license2");
            header.put(&[], 77, 1);
            header.cut(&[], KID);
        }),
        Answer::unread(Reason::EncodingVersionUnknown),
    );
    cases.verify_each(
        title("envelope-without-type-is-invalid", "缺类型：无效", "An envelope without a type is invalid"),
        setup,
        vec![
            row("absent", protected(|header| header.cut(&[], TYP))),
            row(
                "in the unprotected bucket",
                bent(|envelope| {
                    envelope.protected.cut(&[], TYP);
                    envelope.unprotected.put(&[], TYP, "application/x.zy.license");
                }),
            ),
            row("an empty header", protected(|header| *header = super::item::empty())),
        ],
        Answer::unread(Reason::EncodingHeader),
    );
}

fn critical(cases: &mut Cases, setup: &Setup) {
    let crit = |labels: Vec<Item>| move |header: &mut Item| header.put(&[], CRIT, labels);
    cases.verify(
        title(
            "envelope-critical-label-unknown-is-undetermined",
            "含未知关键标签：本核验程序太旧，无法判定",
            "An unknown critical label means that this verifier is too old: undetermined",
        ),
        setup,
        &protected(|header| {
            header.put(&[], CRIT, vec![Item::Int(77)]);
            header.put(&[], 77, 1);
        }),
        Answer::unread(Reason::EncodingCriticalUnknown),
    );
    cases.verify(
        title(
            "envelope-critical-label-known-is-valid",
            "关键标签都认识：有效",
            "Critical labels that are understood do no harm",
        ),
        setup,
        &protected(crit(vec![Item::Int(ALG), Item::Int(TYP)])),
        Answer::valid(),
    );
    cases.verify_each(
        title(
            "envelope-critical-misshapen-is-invalid",
            "关键标签列表为空、重复、所列标签不在场或放错位置：无效",
            "crit that is empty, holds a label twice or one that is absent, or stands in the wrong bucket: invalid",
        ),
        setup,
        vec![
            row("empty", protected(crit(vec![]))),
            row("a label that is absent", protected(crit(vec![Item::Int(77)]))),
            row("a label twice", protected(crit(vec![Item::Int(TYP), Item::Int(TYP)]))),
            row("not an array", protected(|header| header.put(&[], CRIT, TYP))),
            row("unprotected", bent(|envelope| envelope.unprotected.put(&[], CRIT, vec![Item::Int(TYP)]))),
            row(
                "an unknown label besides the ones listed",
                protected(|header| {
                    header.put(&[], CRIT, vec![Item::Int(TYP)]);
                    header.put(&[], 77, 1);
                }),
            ),
        ],
        Answer::unread(Reason::EncodingHeader),
    );
}

fn buckets(cases: &mut Cases, setup: &Setup) {
    cases.verify_each(
        title(
            "envelope-label-that-the-format-lacks-is-invalid",
            "本格式没有的标签：无效",
            "A label that the format does not have, in either bucket: invalid",
        ),
        setup,
        vec![
            row("protected 77", protected(|header| header.put(&[], 77, 1))),
            row("protected text", protected(|header| header.put(&[], "x", 1))),
            row("protected 3, content type", protected(|header| header.put(&[], CONTENT_TYPE, "application/cwt"))),
            row("protected 33, x5chain", protected(|header| header.put(&[], X5CHAIN, vec![0x30, 0x00]))),
            row("unprotected 77", bent(|envelope| envelope.unprotected.put(&[], 77, 1))),
            row("unprotected text", bent(|envelope| envelope.unprotected.put(&[], "x", 1))),
            row("unprotected 11, countersignature", bent(|envelope| envelope.unprotected.put(&[], 11, vec![0x00]))),
        ],
        Answer::unread(Reason::EncodingHeader),
    );
    cases.verify_each(
        title(
            "envelope-label-of-stamps-on-a-license-is-invalid",
            "签章专用标签出现在证照上：无效",
            "A label that only stamps carry stands on a license: invalid",
        ),
        setup,
        vec![
            row("15, CWT claims", protected(|header| header.put(&[], CWT_CLAIMS, super::item::empty()))),
            row("258, payload hash algorithm", protected(|header| header.put(&[], HASH_ALG, -16))),
            row("259, preimage content type", protected(|header| header.put(&[], PREIMAGE, "application/pdf"))),
        ],
        Answer::unread(Reason::EncodingHeader),
    );
    cases.verify(
        title(
            "envelope-time-stamp-token-is-kept-aside",
            "未受保护头部带时间戳令牌：不影响结论，有效",
            "A time-stamp token in the unprotected bucket changes nothing",
        ),
        setup,
        &bent(|envelope| envelope.unprotected.put(&[], TOKEN, vec![0x30, 0x00])),
        Answer::valid(),
    );
    cases.verify(
        title(
            "envelope-time-stamp-token-misshapen-is-invalid",
            "时间戳令牌不是字节串：无效",
            "A time-stamp token that is no byte string is invalid",
        ),
        setup,
        &bent(|envelope| envelope.unprotected.put(&[], TOKEN, "token")),
        Answer::unread(Reason::EncodingHeader),
    );
}

fn chains(cases: &mut Cases, setup: &Setup) {
    let (mut world, license) = scene();
    let certificate = super::scene::entry(&mut world).certificate.clone();
    let anchor = world.anchor("99").certificate.clone();
    let chain = |value: Item| bent(|envelope| envelope.unprotected.put(&[], X5CHAIN, value));
    cases.verify_each(
        title(
            "envelope-certificates-that-travel-change-nothing",
            "随附证书只供诊断：有无、真假、次序都不影响结论",
            "Certificates that travel with a license change nothing: added, stripped, shuffled or foreign",
        ),
        setup,
        vec![
            row("none", license.bytes),
            row("the signer's", chain(certificate.clone().into())),
            row("the signer's and the anchor's", chain(list([certificate.clone().into(), anchor.clone().into()]))),
            row("in the wrong order", chain(list([anchor.into(), certificate.into()]))),
            row("no certificate at all", chain(vec![0xde, 0xad].into())),
        ],
        Answer::valid(),
    );
    cases.verify_each(
        title(
            "envelope-certificates-misshapen-are-invalid",
            "随附证书的编码不合 RFC 9360：无效",
            "x5chain that is not of the form of RFC 9360: invalid",
        ),
        setup,
        vec![
            row("an array of one", chain(list([vec![0x30, 0x00].into()]))),
            row("an empty array", chain(Item::List(Vec::new()))),
            row("a text", chain("certificate".into())),
            row("an array with a text", chain(list([vec![0x30].into(), "certificate".into()]))),
        ],
        Answer::unread(Reason::EncodingHeader),
    );
    // Someone brings a key, a certificate for it, and a root of his own.
    let mut forged = licensed(claims().encode());
    forged = Sign1::new("application/x.zy.license", forged.payload, "stranger");
    let foreign = vec![Item::Bytes(vec![0x30, 0x00]), Item::Bytes(vec![0x30, 0x00])];
    forged.unprotected.put(&[], X5CHAIN, foreign);
    cases.verify(
        title(
            "envelope-with-a-root-of-its-own-is-invalid",
            "自带根证书的陌生密钥，目录完整：不在册，无效",
            "A stranger's key with a root of its own is not listed, and the directory is complete",
        ),
        setup,
        &forged.sign(),
        Answer::invalid(Step::Issuer, Reason::IssuerNotListed).unsigned(),
    );
}
