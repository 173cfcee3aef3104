//! Groups `signature` and `identifier`: examples of RFC 8032 and of the GB/T standards, typed in, and what must not pass for them.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use sha2::{Digest, Sha512};
use zhengyin::claims::id::{CitizenId, CreditCode, LicenseIdentifier, Region, TypeCode};
use zhengyin::suite::PublicKey;

use super::case::{Cases, Title, title};
use super::json::{Json, hex, unhex};

/// Key, message and signature, and what is particular about them.
pub(crate) struct Signed {
    pub(crate) note: String,
    pub(crate) key: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

fn signed(note: &str, key: &str, message: &str, signature: &str) -> Signed {
    Signed { note: note.into(), key: unhex(key), message: unhex(message), signature: unhex(signature) }
}

impl Cases {
    pub(crate) fn signatures(&mut self, title: Title, rows: &[Signed], answer: &str) {
        let mut faults = Vec::new();
        let mut inputs = Vec::new();
        for row in rows {
            let key = match <&[u8; 64]>::try_from(row.key.as_slice()) {
                Ok(point) => PublicKey::sm2(point).ok(),
                Err(_) => row.key.as_slice().try_into().ok().and_then(|key| PublicKey::ed25519(key).ok()),
            };
            let found = match key {
                None => "key-refused",
                Some(key) if key.verify(&[&row.message], &row.signature).is_ok() => "holds",
                Some(_) => "bad",
            };
            if found != answer {
                faults.push(format!("{}: stated {answer}, found {found}", row.note));
            }
            inputs.push(Json::map([
                ("note", row.note.as_str().into()),
                ("key", hex(&row.key).into()),
                ("message", hex(&row.message).into()),
                ("signature", hex(&row.signature).into()),
            ]));
        }
        let members = vec![("inputs", Json::list(inputs)), ("expected", Json::map([("answer", answer.into())]))];
        self.enter(title, "signature", answer == "holds", members, faults);
    }

    fn identifiers(&mut self, title: Title, kind: &str, answer: &str, rows: &[(&str, &str)]) {
        fn outcome<T, E>(parsed: Option<T>, check: impl FnOnce(&T) -> Result<(), E>) -> &'static str {
            match parsed {
                None => "misshapen",
                Some(parsed) if check(&parsed).is_ok() => "holds",
                Some(_) => "fails-its-check",
            }
        }
        let mut faults = Vec::new();
        for (note, text) in rows {
            let found = match kind {
                "credit-code" => outcome(CreditCode::parse(text).ok(), CreditCode::check),
                "citizen-id" => outcome(CitizenId::parse(text).ok(), CitizenId::check),
                "license-identifier" => outcome(LicenseIdentifier::parse(text).ok(), LicenseIdentifier::check),
                "type-code" => outcome(TypeCode::parse(text).ok(), TypeCode::check),
                _ => outcome(Region::parse(text).ok(), |_| Ok::<(), ()>(())),
            };
            if found != answer {
                faults.push(format!("{note} {text}: stated {answer}, found {found}"));
            }
        }
        let inputs = Json::list(rows.iter().map(|(note, text)| {
            let text = ("text", Json::from(*text));
            if note.is_empty() { Json::map([text]) } else { Json::map([("note", (*note).into()), text]) }
        }));
        let expected = Json::map([("answer", answer.into())]);
        let members = vec![("identifier", kind.into()), ("inputs", inputs), ("expected", expected)];
        self.enter(title, "identifier", answer == "holds", members, faults);
    }
}

const KEY_2: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNATURE_2: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                           085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

pub(crate) fn signatures(cases: &mut Cases) {
    cases.signatures(
        title(
            "signature-rfc8032-examples-hold",
            "RFC 8032 §7.1 的示例：成立",
            "The examples of RFC 8032 section 7.1 hold",
        ),
        &[
            signed(
                "TEST 1",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555\
                 fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            signed("TEST 2", KEY_2, "72", SIGNATURE_2),
            signed(
                "TEST 3",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
                 18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
            signed(
                "TEST SHA(abc)",
                "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                 2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
                "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589\
                 09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
            ),
        ],
        "holds",
    );
    bad_signatures(cases);
    refused_keys(cases);
}

fn bad_signatures(cases: &mut Cases) {
    let second = |note: &str, change: &dyn Fn(&mut Signed)| {
        let mut row = signed(note, KEY_2, "72", SIGNATURE_2);
        change(&mut row);
        row
    };
    cases.signatures(
        title(
            "signature-altered-is-bad",
            "改动消息、签名或换用别人的公钥：不成立",
            "Another message, another key, or a changed signature does not hold",
        ),
        &[
            second("another message", &|row| row.message = vec![0x73]),
            second("a longer message", &|row| row.message.push(0)),
            second("another key", &|row| {
                row.key = unhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
            }),
            second("R altered", &|row| row.signature[0] ^= 1),
            second("s altered", &|row| row.signature[32] ^= 1),
            second("63 bytes", &|row| row.signature.truncate(63)),
            second("65 bytes", &|row| row.signature.push(0)),
            second("nothing", &|row| row.signature.clear()),
        ],
        "bad",
    );
    cases.signatures(
        title(
            "signature-with-s-not-reduced-is-bad",
            "s 不小于群的阶：不成立（RFC 8032 §5.1.7）",
            "s of at least the group order does not hold, RFC 8032 section 5.1.7",
        ),
        &[
            signed(
                "TEST 2 with s + L",
                KEY_2,
                "72",
                // 085ac1…0c00 plus L, little-endian.
                &hex(&plus_order(&unhex(SIGNATURE_2))),
            ),
            second("s all ones", &|row| row.signature[32..].fill(0xff)),
        ],
        "bad",
    );
    // A signer who knows his key makes signatures that hold by the cofactored equation, or by a lax one, and must not hold by ours.
    let secret = Scalar::from_bytes_mod_order(Sha512::digest(b"torsion").as_slice()[..32].try_into().unwrap());
    let key = ED25519_BASEPOINT_POINT * secret;
    let forged = |note: &str, r: EdwardsPoint, nonce: Scalar, encoding: Option<[u8; 32]>| {
        let r = encoding.unwrap_or_else(|| r.compress().to_bytes());
        let message = note.as_bytes().to_vec();
        let hash = Sha512::new().chain_update(r).chain_update(key.compress().as_bytes()).chain_update(&message);
        let k = Scalar::from_bytes_mod_order_wide(hash.finalize().as_slice().try_into().unwrap());
        let s = nonce + k * secret;
        let signature = [r, s.to_bytes()].concat();
        Signed { note: note.into(), key: key.compress().to_bytes().to_vec(), message, signature }
    };
    let nonce = Scalar::from(7_u64);
    let mut rows: Vec<Signed> = (1..8)
        .map(|at| {
            let r = ED25519_BASEPOINT_POINT * nonce + EIGHT_TORSION[at];
            forged(&format!("R with torsion component {at}"), r, nonce, None)
        })
        .collect();
    rows.extend(
        (0..8).map(|at| forged(&format!("R is torsion point {at} alone"), EIGHT_TORSION[at], Scalar::ZERO, None)),
    );
    let neutral = |first: u8, last: u8| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (first, last);
        bytes
    };
    let mut signed_neutral = [0; 32];
    (signed_neutral[0], signed_neutral[31]) = (1, 0x80);
    for (note, encoding) in [
        ("R the neutral element, y = p + 1", neutral(0xee, 0x7f)),
        ("R the neutral element, y = p + 1, with sign", neutral(0xee, 0xff)),
        ("R the neutral element with sign", signed_neutral),
    ] {
        rows.push(forged(note, EIGHT_TORSION[0], Scalar::ZERO, Some(encoding)));
    }
    cases.signatures(
        title(
            "signature-with-r-of-small-order-or-torsion-is-bad",
            "R 为小阶点、含挠分量或非规范编码：不成立，批量核验也不得放过",
            "R of small order, with torsion, or not canonical does not hold: no batch equation may pass it",
        ),
        &rows,
        "bad",
    );
    let honest = forged("honest, by the same way of making", ED25519_BASEPOINT_POINT * nonce, nonce, None);
    cases.signatures(
        title(
            "signature-made-the-same-way-holds",
            "同法制作的正当签名：成立",
            "An honest signature made in the same way holds",
        ),
        &[honest],
        "holds",
    );
}

fn plus_order(signature: &[u8]) -> Vec<u8> {
    let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut signature = signature.to_vec();
    let mut carry = 0_u16;
    for (byte, more) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    signature
}

fn refused_keys(cases: &mut Cases) {
    let key = |note: &str, digits: &str| signed(note, digits, "72", SIGNATURE_2);
    let ff = |first: &str, last: &str| format!("{first}{}{last}", "ff".repeat(30));
    let zero = |first: &str, last: &str| format!("{first}{}{last}", "00".repeat(30));
    cases.signatures(
        title(
            "key-of-small-order-is-refused",
            "小阶公钥的各种编码：不得采用",
            "A key of small order is not admitted, in any encoding",
        ),
        &[
            key("order 1", &zero("01", "00")),
            key("order 1 with sign", &zero("01", "80")),
            key("order 1, y = p + 1", &ff("ee", "7f")),
            key("order 1, y = p + 1, with sign", &ff("ee", "ff")),
            key("order 2", &ff("ec", "7f")),
            key("order 2 with sign", &ff("ec", "ff")),
            key("order 4", &zero("00", "00")),
            key("order 4, the other", &zero("00", "80")),
            key("order 4, y = p", &ff("ed", "7f")),
            key("order 4, y = p, the other", &ff("ed", "ff")),
            key("order 8, first", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            key("order 8, second", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
            key("order 8, third", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            key("order 8, fourth", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
        ],
        "key-refused",
    );
    let honest = ED25519_BASEPOINT_POINT * Scalar::from(5_u64);
    let torsioned: Vec<Signed> = (1..8)
        .map(|at| {
            let point = (honest + EIGHT_TORSION[at]).compress();
            key(&format!("an honest key plus torsion point {at}"), &hex(point.as_bytes()))
        })
        .collect();
    cases.signatures(
        title(
            "key-with-torsion-is-refused",
            "含挠分量的公钥：不得采用（严格核验函数也会放过）",
            "A key with a torsion component is not admitted, though strict verification alone would take it",
        ),
        &torsioned,
        "key-refused",
    );
    cases.signatures(
        title(
            "key-misshapen-is-refused",
            "不在曲线上、非规范或长度不符的公钥：不得采用",
            "A key off the curve, not canonical, or of another length is not admitted",
        ),
        &[
            key("off the curve, y = 2", &zero("02", "00")),
            key("all ones", &"ff".repeat(32)),
            key("y = p + 2", &ff("ef", "7f")),
            key("31 bytes", KEY_2.split_at(62).0),
            key("33 bytes", &format!("{KEY_2}00")),
            key("nothing", ""),
        ],
        "key-refused",
    );
}

pub(crate) fn identifiers(cases: &mut Cases) {
    license_identifiers(cases);
    codes(cases);
    citizens(cases);
}

fn license_identifiers(cases: &mut Cases) {
    const KIND: &str = "license-identifier";
    cases.identifiers(
        title(
            "identifier-of-license-published-samples-hold",
            "证照标识（GB/T 36904）公开样例：成立",
            "License identifiers of GB/T 36904 seen in public hold",
        ),
        KIND,
        "holds",
        &[
            ("a short authority code", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"),
            ("", "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"),
            ("", "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F"),
            ("", "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"),
        ],
    );
    cases.identifiers(
        title(
            "identifier-of-license-with-another-check-character-fails",
            "证照标识校验位不符",
            "License identifiers with another check character fail their check",
        ),
        KIND,
        "fails-its-check",
        &[
            (
                "in a published document; D is computed",
                "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M",
            ),
            ("check character", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.8"),
            ("a digit of the serial", "1.2.156.3005.2.11100000MB03271699022.340100.000000017.001.9"),
            ("the version", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.002.9"),
            ("two digits exchanged", "1.2.156.3005.2.11100000MB03271699022.340100.000000061.001.9"),
        ],
    );
    cases.identifiers(
        title(
            "identifier-of-license-misshapen-is-refused",
            "证照标识形状不符：拒绝",
            "License identifiers of another shape are refused",
        ),
        KIND,
        "misshapen",
        &[
            ("without its root", "11100000MB03271699022.340100.000000016.001.9"),
            ("another root", "1.2.156.3005.3.11100000MB03271699022.340100.000000016.001.9"),
            ("version of one digit, a known mistake", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.1.9"),
            ("version 000", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.000.9"),
            ("in lower case", "1.2.156.3005.2.11100000mb03271699022.340100.000000016.001.9"),
            ("without check character", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001"),
            ("empty serial", "1.2.156.3005.2.11100000MB03271699022.340100..001.9"),
            ("a part more", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9.1"),
            ("type of 20 characters", "1.2.156.3005.2.11100000MB0327169902.340100.000000016.001.9"),
            ("a space at the end", "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9 "),
        ],
    );
}

fn codes(cases: &mut Cases) {
    cases.identifiers(
        title(
            "identifier-credit-codes-hold",
            "统一社会信用代码（GB 32100）：成立",
            "Unified social credit codes of GB 32100 hold",
        ),
        "credit-code",
        "holds",
        &[
            ("worked in the reference", "11100000000013338W"),
            ("demonstration authorities", "11990000MB0000000J"),
            ("", "11990100MB0000000P"),
            ("", "11980000MB0000000E"),
            ("", "11970000MB0000000A"),
        ],
    );
    cases.identifiers(
        title(
            "identifier-credit-codes-that-fail-their-check",
            "统一社会信用代码校验不符",
            "Credit codes with another check character, or with letters that the standard does not use",
        ),
        "credit-code",
        "fails-its-check",
        &[
            ("check character", "11100000000013338X"),
            ("a digit", "11100000000013339W"),
            ("two digits exchanged", "11100000000031338W"),
            ("I is not used", "1110000000001333IW"),
            ("O for 0", "1110000000001333OW"),
            ("a letter in the region", "11A00000000013338W"),
        ],
    );
    cases.identifiers(
        title(
            "identifier-credit-codes-misshapen-are-refused",
            "统一社会信用代码形状不符：拒绝，不折叠大小写与全角",
            "Credit codes of another shape are refused; neither case nor width is folded",
        ),
        "credit-code",
        "misshapen",
        &[
            ("17 characters", "11100000000013338"),
            ("19 characters", "11100000000013338WW"),
            ("lower case", "11100000000013338w"),
            ("full-width", "１1100000000013338W"),
            ("a hyphen", "1110000000001333-8W"),
            ("empty", ""),
        ],
    );
    cases.identifiers(
        title("identifier-type-codes-hold", "证照类型代码：成立", "License type codes hold"),
        "type-code",
        "holds",
        &[("", "11100000000013338W011"), ("", "11100000MB03271699001"), ("", "11950000MB0000019Y001")],
    );
    cases.identifiers(
        title(
            "identifier-type-codes-that-fail-their-check",
            "证照类型代码的定义机构或序号不符",
            "Type codes whose definer fails its check, or that end in no number",
        ),
        "type-code",
        "fails-its-check",
        &[("definer", "11100000000013338X011"), ("a letter in the number", "11100000000013338W01A")],
    );
    cases.identifiers(
        title(
            "identifier-regions-unlisted-hold",
            "行政区划代码只看形状，未收录的也接受",
            "Region codes are looked at for their shape: codes come and go",
        ),
        "region",
        "holds",
        &[("Heilongjiang", "230000"), ("Harbin", "230100"), ("of central bodies", "100000"), ("nobody's", "990102")],
    );
    cases.identifiers(
        title(
            "identifier-regions-misshapen-are-refused",
            "行政区划代码形状不符：拒绝",
            "Region codes of another shape are refused",
        ),
        "region",
        "misshapen",
        &[("5 digits", "23000"), ("7 digits", "2300000"), ("a letter", "23000A"), ("a space", "230 00"), ("", "")],
    );
}

fn citizens(cases: &mut Cases) {
    cases.identifiers(
        title(
            "identifier-citizen-ids-of-the-standard-hold",
            "公民身份号码（GB 11643）标准示例：成立",
            "The examples of GB 11643 hold, a masked number too",
        ),
        "citizen-id",
        "holds",
        &[
            ("", "11010519491231002X"),
            ("", "440524188001010014"),
            ("masked: there is nothing to check", "110105********002X"),
        ],
    );
    cases.identifiers(
        title(
            "identifier-citizen-ids-that-fail-their-check",
            "公民身份号码校验位或出生日期不符",
            "Citizen ids with another check character or an impossible day of birth",
        ),
        "citizen-id",
        "fails-its-check",
        &[
            ("check character", "110105194912310021"),
            ("a digit", "11010519491231003X"),
            ("30 February", "11010519490230002X"),
            ("29 February of a common year", "110105190002290021"),
            ("month 13", "11010519491331002X"),
        ],
    );
    cases.identifiers(
        title(
            "identifier-citizen-ids-misshapen-are-refused",
            "公民身份号码形状不符：拒绝",
            "Citizen ids of another shape are refused",
        ),
        "citizen-id",
        "misshapen",
        &[
            ("the form of 1989, 15 digits", "110105491231002"),
            ("small x", "11010519491231002x"),
            ("X in the middle", "1101051949123100X2"),
            ("full-width", "１10105194912310021"),
            ("a letter", "A1010519491231002X"),
        ],
    );
}
