//! Group `license`: what a license may say, field by field, rightly signed each time.

use zhengyin::reason::Reason;

use super::answer::Answer;
use super::case::{Cases, Row, Setup, row, title};
use super::item::{Item, empty, list, map};
use super::json::unhex;
use super::scene::{LICENSE, STATUS, scene, with_claims};
use super::shown::cose_key;

const EXP: i64 = 4;
const NBF: i64 = 5;
const IAT: i64 = 6;
const CNF: i64 = 8;
const HOLDERS: i64 = 4;
const FIELDS: i64 = 9;

pub(crate) fn all(cases: &mut Cases) {
    let (world, _) = scene();
    let setup = Setup::of(&world);
    whole(cases, &setup);
    shapes(cases, &setup);
    times(cases, &setup);
    parts(cases, &setup);
    keys(cases, &setup);
    admitted(cases, &setup);
    warnings(cases, &setup);
}

/// A row for the license after a change of its claims.
fn changed(note: &str, change: impl FnOnce(&mut Item)) -> Row {
    row(note, with_claims(change))
}

/// A row for a license one member of which says something else.
fn member(note: &str, key: i64, value: impl Into<Item>) -> Row {
    changed(note, |claims| claims.put(&[LICENSE], key, value))
}

fn claim(note: &str, key: i64, value: impl Into<Item>) -> Row {
    changed(note, |claims| claims.put(&[], key, value))
}

fn whole(cases: &mut Cases, setup: &Setup) {
    let claims = Answer::unread(Reason::EncodingClaims);
    let cut = [(1, "iss"), (NBF, "nbf"), (IAT, "iat"), (7, "cti"), (LICENSE, "license"), (STATUS, "status")];
    cases.verify_each(
        title(
            "license-without-a-mandatory-claim-is-invalid",
            "缺必备声明：无效",
            "A license without one of the claims that it must have is invalid",
        ),
        setup,
        cut.iter().map(|(key, name)| changed(name, |claims| claims.cut(&[], *key))).collect(),
        claims.clone(),
    );
    let fields = (1..=10).chain([14]);
    cases.verify_each(
        title(
            "license-without-a-mandatory-field-is-invalid",
            "缺必备要素：无效",
            "A license without one of the fields that it must have is invalid",
        ),
        setup,
        fields.map(|key| changed(&format!("field {key}"), |claims| claims.cut(&[LICENSE], key))).collect(),
        claims.clone(),
    );
    cases.verify_each(
        title(
            "license-with-an-unknown-key-is-invalid",
            "任何映射中有未知键：无效，不得忽略",
            "An unknown key in any map refuses the license; it is never passed over",
        ),
        setup,
        vec![
            claim("claim 3, aud", 3, "某银行"),
            claim("claim 38", 38, "x"),
            claim("claim -70099", -70_099, 1),
            changed("a text for a claim", |claims| claims.put(&[], "x", 1)),
            member("license field 0", 0, 1),
            member("license field 15", 15, 1),
            changed("a text for a license field", |claims| claims.put(&[LICENSE], "x", 1)),
            changed("holder field 4", |claims| claims.put(&[LICENSE, HOLDERS, 0], 4, 1)),
            changed("cnf with another member than the key", |claims| {
                claims.put(&[], CNF, map([(1, cose_key()), (3, vec![0x01].into())]));
            }),
            changed("the holder's key with a key id", |claims| {
                let mut key = cose_key();
                key.put(&[], 2, vec![0x01]);
                claims.put(&[], CNF, map([(1, key)]));
            }),
        ],
        claims,
    );
}

fn shapes(cases: &mut Cases, setup: &Setup) {
    cases.verify_each(
        title(
            "license-value-of-another-cbor-type-is-invalid",
            "取值的 CBOR 类型不符：无效",
            "A value of another CBOR type than the format has there is invalid",
        ),
        setup,
        vec![
            claim("iss a number", 1, 11),
            claim("nbf a text", NBF, "2026-10-01"),
            claim("cti a text", 7, "0123456789abcdef"),
            claim("the license an array", LICENSE, list([1.into()])),
            claim("the position negative", STATUS, list([1.into(), (-1).into()])),
            member("the issue day tagged as a date", 7, Item::Tag(100, Box::new(20_000.into()))),
            member("holders a map", HOLDERS, empty()),
            changed("a field's list holds a number", |claims| {
                claims.put(&[LICENSE, FIELDS], "x", list([1.into()]));
            }),
            changed("the payload an array", |claims| *claims = list([])),
        ],
        Answer::unread(Reason::EncodingMalformed),
    );
    let serial = |serial: &str, version: i64| list([serial.into(), version.into()]);
    cases.verify_each(
        title(
            "license-identifier-misshapen-is-invalid",
            "机构代码、类型代码、区划、流水号、版本号形状不符：无效",
            "An identifier that has not its shape is invalid; lower case is never folded",
        ),
        setup,
        vec![
            claim("iss of 17 characters", 1, "11990100MB0000000"),
            claim("iss in lower case", 1, "11990100mb0000000p"),
            claim("iss with a full-width digit", 1, "１1990100MB0000000P"),
            member("type of 20 characters", 1, "11950000MB0000019Y00"),
            member("type in lower case", 1, "11950000mb0000019y001"),
            member("region of 5 digits", 6, "99010"),
            member("region with a letter", 6, "99010A"),
            member("serial empty", 10, serial("", 1)),
            member("serial in lower case", 10, serial("a1", 1)),
            member("serial with a dot", 10, serial("1.2", 1)),
            member("serial of 65 characters", 10, serial(&"1".repeat(65), 1)),
            member("version 0", 10, serial("1", 0)),
            member("version 1000", 10, serial("1", 1_000)),
            member("serial alone", 10, list(["1".into()])),
            member("authority code of 19 characters", 10, list(["1".into(), 1.into(), "1".repeat(19).as_str().into()])),
            claim("cti of 15 bytes", 7, vec![0; 15]),
            claim("cti of 17 bytes", 7, vec![0; 17]),
            claim("status of three", STATUS, list([1.into(), 0.into(), 0.into()])),
        ],
        Answer::unread(Reason::EncodingClaims),
    );
    cases.verify_each(
        title(
            "license-text-that-does-not-show-is-invalid",
            "证照文字含不可见或改变方向的字符：无效，即使签名正确",
            "A license that holds invisible or direction-changing characters is invalid, rightly signed or not",
        ),
        setup,
        vec![
            member("in the name", 2, "营业\u{202e}照执"),
            member("in the number", 3, "9199\u{200b}0100"),
            member("in the authority's name", 5, "示例\n机构"),
            changed("in a holder's name", |claims| claims.put(&[LICENSE, HOLDERS, 0], 1, "张\u{feff}三")),
            changed("in a field's name", |claims| claims.put(&[LICENSE, FIELDS], "住\u{2066}所", "甲")),
            changed("in a field's value", |claims| claims.put(&[LICENSE, FIELDS], "住所二", "甲\u{3164}")),
        ],
        Answer::unread(Reason::EncodingText),
    );
}

fn times(cases: &mut Cases, setup: &Setup) {
    let after_9999 = 253_402_300_800;
    let huge = || Item::Raw(unhex("1b8000000000000000"));
    cases.verify_each(
        title(
            "license-time-out-of-range-is-invalid",
            "时间为负、超过 9999 年或 2^63：无效，不得回绕",
            "A time before 1970, after 9999, or of 2^63 is invalid and never wraps",
        ),
        setup,
        vec![
            claim("nbf -1", NBF, -1),
            claim("iat -1", IAT, -1),
            claim("exp -1", EXP, -1),
            claim("exp in the year 10000", EXP, after_9999),
            claim("nbf in the year 10000", NBF, after_9999),
            claim("iat 2^63", IAT, huge()),
            member("issue day 2^63", 7, huge()),
            member("issue day in the year 10000", 7, 2_932_897),
            member("valid from before the year 1", 8, list([(-719_163).into()])),
        ],
        Answer::unread(Reason::EncodingClaims),
    );
    cases.verify_each(
        title(
            "license-times-in-the-wrong-order-are-invalid",
            "生效或签发晚于凭证到期、有效期止早于起：无效",
            "nbf or iat later than exp, or a last day before the first: invalid",
        ),
        setup,
        vec![
            changed("nbf later than exp", |claims| {
                let Item::Int(exp) = *claims.at(&[EXP]) else { panic!("exp is there") };
                claims.put(&[], NBF, exp + 1);
            }),
            changed("iat later than exp", |claims| {
                let Item::Int(exp) = *claims.at(&[EXP]) else { panic!("exp is there") };
                claims.put(&[], IAT, exp + 1);
            }),
            member("until the day before from", 8, list([20_000.into(), 19_999.into()])),
            member("validity of no day", 8, list([])),
            member("validity of three days", 8, list([20_000.into(), 20_001.into(), 20_002.into()])),
        ],
        Answer::unread(Reason::EncodingClaims),
    );
}

fn parts(cases: &mut Cases, setup: &Setup) {
    let attachment = |media: &str, digest: Vec<u8>| {
        let file =
            map([(1, "照面".into()), (2, media.into()), (3, list([Item::Int(-16), digest.into()])), (4, 1_024.into())]);
        list([file])
    };
    let field = |note: &str, value: Item| changed(note, |claims| claims.put(&[LICENSE, FIELDS], "x", value));
    cases.verify_each(
        title(
            "license-part-out-of-range-is-invalid",
            "持证主体、照面信息、附件、绑定方式取值越界：无效",
            "Holders, fields, attachments and binding outside their ranges: invalid",
        ),
        setup,
        vec![
            member("no holder", HOLDERS, list([])),
            changed("holder id type 1000", |claims| claims.put(&[LICENSE, HOLDERS, 0], 2, 1_000)),
            changed("holder without a name", |claims| claims.cut(&[LICENSE, HOLDERS, 0], 1)),
            changed("holder without an id", |claims| claims.cut(&[LICENSE, HOLDERS, 0], 3)),
            field("field null", Item::Null),
            field("field a byte string", vec![0x01].into()),
            field("field a map", empty()),
            changed("field of a negative number", |claims| claims.put(&[LICENSE, FIELDS], -1, "x")),
            member("no attachment in the list", 11, list([])),
            member("media type without a slash", 11, attachment("pdf", vec![0; 32])),
            member("media type with parameters", 11, attachment("text/plain; charset=utf-8", vec![0; 32])),
            member("SHA-256 of 31 bytes", 11, attachment("application/pdf", vec![0; 31])),
            member("copy without a purpose", 12, map([(3, 1_790_820_000.into())])),
            member("copy that does not expire", 12, map([(1, "开户".into())])),
            member("replaces a license of 15 bytes", 13, vec![0; 15]),
            member("binding 3", 14, 3),
            member("bound to a holder's key that is absent", 14, 2),
        ],
        Answer::unread(Reason::EncodingClaims),
    );
    cases.verify(
        title(
            "license-field-that-is-a-float-is-invalid",
            "照面信息中有浮点数：无效",
            "A float among the fields is invalid: the format has none",
        ),
        setup,
        &with_claims(|claims| claims.put(&[LICENSE, FIELDS], "面积", Item::Raw(unhex("f93c00")))),
        Answer::unread(Reason::EncodingNotCanonical),
    );
}

fn keys(cases: &mut Cases, setup: &Setup) {
    let with_key = |note: &str, x: &str| {
        let key = map([(1, 1.into()), (-1, 6.into()), (-2, unhex(x).into())]);
        claim(note, CNF, map([(1, key)]))
    };
    let zeros = "00".repeat(30);
    cases.verify_each(
        title(
            "license-holder-key-that-is-not-admitted-is-invalid",
            "持证人公钥为小阶点、非规范或长度不符：无效",
            "A holder's key that is of small order, not canonical or of another length is refused on entry",
        ),
        setup,
        vec![
            with_key("the neutral element", &format!("01{}", "00".repeat(31))),
            with_key("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            with_key("y = p + 1", &format!("ee{}7f", "ff".repeat(30))),
            with_key("31 bytes", &format!("{zeros}05")),
            with_key("33 bytes", &format!("{zeros}000005")),
            with_key("nothing", ""),
        ],
        Answer::unread(Reason::EncodingKeyRefused),
    );
    cases.verify_each(
        title(
            "license-holder-key-of-an-unknown-kind-is-undetermined",
            "持证人公钥的类型未知：本核验程序太旧，无法判定",
            "A holder's key of a kind that is unknown here means that this verifier is too old: undetermined",
        ),
        setup,
        vec![
            claim("Ed448", CNF, map([(1, map([(1, 1.into()), (-1, 7.into()), (-2, vec![0x01; 57].into())]))])),
            claim("kty 9", CNF, map([(1, map([(1, 9.into()), (-1, 6.into()), (-2, vec![0x01; 32].into())]))])),
        ],
        Answer::unread(Reason::EncodingAlgorithmUnknown),
    );
}

fn admitted(cases: &mut Cases, setup: &Setup) {
    let attachments = list([
        map([
            (1, "照面".into()),
            (2, "application/ofd".into()),
            (3, list([Item::Int(-16), vec![0x11; 32].into()])),
            (4, 0.into()),
        ]),
        map([
            (1, "照片".into()),
            (2, "image/jpeg".into()),
            (3, list([Item::Int(-44), vec![0x22; 64].into()])),
            (4, 90_000.into()),
        ]),
    ]);
    cases.verify_each(
        title(
            "license-at-the-edges-of-its-ranges-is-valid",
            "各要素取界内极值：有效",
            "A license at the edges of what the format admits is valid",
        ),
        setup,
        vec![
            changed("without exp", |claims| claims.cut(&[], EXP)),
            claim("nbf at the beginning of 1970", NBF, 0),
            claim("exp at the end of 9999", EXP, 253_402_300_799),
            member("no fields", FIELDS, empty()),
            member("version 999", 10, list(["1".into(), 999.into()])),
            member("serial of 64 characters", 10, list(["Z".repeat(64).as_str().into(), 1.into()])),
            member("a short authority code", 10, list(["1".into(), 1.into(), "340100".into()])),
            member("two attachments, one of an unknown hash", 11, attachments),
            member("replaces another", 13, vec![0x33; 16]),
            changed("a field of a number that the registry lacks", |claims| {
                claims.put(&[LICENSE, FIELDS], 1 << 40, "x");
            }),
            changed("a field of every kind", |claims| {
                for (name, value) in [
                    ("a", Item::Int(i64::MIN)),
                    ("b", Item::Int(i64::MAX)),
                    ("c", Item::Bool(false)),
                    ("d", Item::Tag(100, Box::new((-1).into()))),
                    ("e", list([])),
                    ("f", list(["一".into(), "二".into()])),
                    ("g", "".into()),
                ] {
                    claims.put(&[LICENSE, FIELDS], name, value);
                }
            }),
            changed("several holders", |claims| {
                let Item::List(holders) = claims.at(&[LICENSE, HOLDERS]) else { panic!("a list") };
                holders.push(map([(1, "王示例".into()), (2, 414.into()), (3, "E00000000".into())]));
            }),
            changed("holder id type 0", |claims| claims.put(&[LICENSE, HOLDERS, 0], 2, 0)),
            member("text that is not in normalization form C", 2, "e\u{301}"),
        ],
        Answer::valid(),
    );
    // procedure.md: a holder key without a demand for it asks for nothing.
    cases.verify(
        title(
            "license-with-a-holder-key-and-no-demand-for-it-is-valid",
            "有持证人公钥而不要求出示：有效",
            "A holder's key in a license that does not demand its use changes nothing",
        ),
        setup,
        &with_claims(|claims| claims.put(&[], CNF, map([(1, cose_key())]))),
        Answer::valid(),
    );
}

fn warnings(cases: &mut Cases, setup: &Setup) {
    let holder = |note: &str, id_type: i64, id: &str| {
        changed(note, |claims| {
            claims.put(&[LICENSE, HOLDERS, 0], 2, id_type);
            claims.put(&[LICENSE, HOLDERS, 0], 3, id);
        })
    };
    cases.verify_each(
        title(
            "license-holder-id-that-fails-its-check-is-valid-with-warning",
            "持证主体代码校验不符：有效并提示（登记簿中确有此类数据）",
            "A holder's id that fails its check is warned of, not refused: registers hold such values",
        ),
        setup,
        vec![
            holder("credit code, wrong check character", 1, "91990100MA00000A9L"),
            holder("credit code of 17 characters", 1, "91990100MA00000A9"),
            holder("citizen id, wrong check character", 111, "110105194912310021"),
            holder("citizen id, no such day", 111, "11010519490231002X"),
            holder("citizen id of 15 digits", 111, "110105491231002"),
            holder("citizen id with a small x", 111, "11010519491231002x"),
        ],
        Answer::valid().noted("warning.holder_id"),
    );
    cases.verify_each(
        title(
            "license-holder-id-without-a-check-is-valid",
            "已遮蔽或无校验规则的持证主体代码：有效，不提示",
            "A masked id, and one of a kind without a check, gives no warning",
        ),
        setup,
        vec![
            holder("citizen id in order", 111, "11010519491231002X"),
            holder("citizen id of 1880, in order", 111, "440524188001010014"),
            holder("masked", 111, "110105********002X"),
            holder("passport", 414, "E12345678"),
            holder("other", 999, "不详"),
        ],
        Answer::valid(),
    );
    cases.verify(
        title(
            "license-type-code-that-fails-its-check-is-outside-the-mandate",
            "类型代码定义机构校验不符：提示，且不在授权类型内",
            "A type code whose definer fails its check is warned of; here no mandate names it either",
        ),
        setup,
        &with_claims(|claims| claims.put(&[LICENSE], 1, "11950000MB0000019Z001")),
        Answer::invalid(zhengyin::verify::Step::Issuer, Reason::IssuerType).noted("warning.type_code"),
    );
}
