//! Group `carrier`: texts that carry bytes, as a scanner or a mail program hands them over. RFC 9285's examples are typed in.

use zhengyin::carrier::{self, Carrier};
use zhengyin::reason::Reason;

use super::case::{Cases, Title, title};
use super::json::{Json, hex, unhex};
use super::scene::scene;

/// What is expected of a text.
#[derive(Clone, Copy)]
pub(crate) enum Expected<'e> {
    /// It is as it was written.
    Carries(&'static str, &'e [u8]),
    /// It is read, and this is said to have been undone.
    Repaired(&'static str, &'e [u8], &'static [&'static str]),
    Refused(Reason),
}

impl Cases {
    pub(crate) fn texts(&mut self, title: Title, rows: &[(&str, &str)], expected: Expected<'_>) {
        let stated = match expected {
            Expected::Carries(carrier, bytes) => carries(carrier, bytes, &[]),
            Expected::Repaired(carrier, bytes, repaired) => carries(carrier, bytes, repaired),
            Expected::Refused(reason) => Json::map([("accepted", false.into()), ("reason", reason.symbol().into())]),
        };
        let mut faults = Vec::new();
        for (note, text) in rows {
            let found = match carrier::decode(text) {
                Ok(decoded) => {
                    let kind = carrier_word(decoded.carrier);
                    let repaired: Vec<_> = decoded.repaired.iter().map(|repair| repair.symbol()).collect();
                    carries(kind, &decoded.bytes, &repaired)
                }
                Err(error) => Json::map([("accepted", false.into()), ("reason", error.reason().symbol().into())]),
            };
            if found != stated {
                faults.push(format!("{note}: stated {}found {}", stated.file(), found.file()));
            }
        }
        let inputs = rows.iter().map(|(note, text)| {
            let text = ("text", Json::from(*text));
            if note.is_empty() { Json::map([text]) } else { Json::map([("note", (*note).into()), text]) }
        });
        let members = vec![("inputs", Json::list(inputs)), ("expected", stated)];
        self.enter(title, "carrier", !matches!(expected, Expected::Refused(_)), members, faults);
    }
}

pub(crate) const fn carrier_word(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Digits => "digits",
        Carrier::Base45 => "base45",
        Carrier::Block(_) => "block",
        _ => "another",
    }
}

fn carries(carrier: &str, bytes: &[u8], repaired: &[&str]) -> Json {
    Json::map([
        ("accepted", true.into()),
        ("carrier", carrier.into()),
        ("hex", hex(bytes).into()),
        ("repaired", Json::list(repaired.iter().copied())),
    ])
}

pub(crate) fn all(cases: &mut Cases) {
    digits(cases);
    base45(cases);
    blocks(cases);
    foreign(cases);
    together(cases);
}

fn digits(cases: &mut Cases) {
    let nine = unhex("01020304050607 0809");
    // 0x01020304050607 is 283686952306183; 0x0809 is 2057.
    let text = "86010028368695230618302057";
    cases.texts(
        title(
            "carrier-digits-are-read",
            "数字形式：每七字节十七位，余二字节五位",
            "Digits: 17 for each 7 bytes, 5 for the 2 bytes left over",
        ),
        &[("", text)],
        Expected::Carries("digits", &nine),
    );
    cases.texts(
        title(
            "carrier-digits-of-the-greatest-value-are-read",
            "七个 FF 字节：最大值",
            "Seven bytes of FF have the greatest value of 17 digits",
        ),
        &[("2^56 - 1", "860172057594037927935")],
        Expected::Carries("digits", &[0xff; 7]),
    );
    cases.texts(
        title(
            "carrier-digits-in-full-width-and-white-space-are-repaired",
            "全角数字与首尾空白：修复并说明",
            "Full-width digits and white space around them are undone, and said to be",
        ),
        &[("", " ８６０１００２８３６８６９５２３０６１８３０２０５７\r\n")],
        Expected::Repaired("digits", &nine, &["white_space", "full_width_digits"]),
    );
    cases.texts(
        title(
            "carrier-digits-misread-are-refused",
            "数字被改、缺、多或溢出：拒绝，不得静默截断",
            "Digits over their range, of an impossible length or with something else among them are refused",
        ),
        &[
            ("7 bytes, 2^56", "860172057594037927936"),
            ("1 byte, 256", "8601256"),
            ("2 bytes, 65536", "860165536"),
            ("1 digit left over", "86011"),
            ("2 digits left over", "860112"),
            ("6 digits left over", "8601000001"),
            ("nothing", "8601"),
            ("a letter", "860100A"),
            ("a space within", "8601 001"),
        ],
        Expected::Refused(Reason::CarrierMalformed),
    );
    cases.texts(
        title(
            "carrier-digits-of-an-unknown-form-are-undetermined",
            "未知编码形式：本核验程序太旧",
            "A form that this verifier does not know means that it is too old",
        ),
        &[("form 9", "8609001"), ("form 5", "8605001")],
        Expected::Refused(Reason::EncodingFormUnknown),
    );
}

fn base45(cases: &mut Cases) {
    for (title, text, bytes) in [
        (
            title("carrier-base45-of-rfc9285-ab-is-read", "RFC 9285 示例一", "RFC 9285's example 1"),
            "ZY1:BB8",
            &b"AB"[..],
        ),
        (
            title(
                "carrier-base45-of-rfc9285-hello-is-read",
                "RFC 9285 示例二（含空格）",
                "RFC 9285's example 2, with a space in it",
            ),
            "ZY1:%69 VD92EX0",
            b"Hello!!",
        ),
        (
            title("carrier-base45-of-rfc9285-base-45-is-read", "RFC 9285 示例三", "RFC 9285's example 3"),
            "ZY1:UJCLQE7W581",
            b"base-45",
        ),
        (
            title("carrier-base45-of-rfc9285-ietf-is-read", "RFC 9285 解码示例", "RFC 9285's example of decoding"),
            "ZY1:QED8WEX0",
            b"ietf!",
        ),
    ] {
        cases.texts(title, &[("", text)], Expected::Carries("base45", bytes));
    }
    cases.texts(
        title(
            "carrier-base45-in-lower-case-is-repaired",
            "小写字母：修复并说明",
            "Lower case is undone, and said to be",
        ),
        &[("all", "zy1:qed8wex0"), ("some", "ZY1:QED8wex0")],
        Expected::Repaired("base45", b"ietf!", &["lower_case"]),
    );
    cases.texts(
        title(
            "carrier-base45-misread-is-refused",
            "溢出、长度不可能或字符不在字母表：拒绝（RFC 9285 §6）",
            "Groups over their range, impossible lengths, characters beyond the alphabet: refused, RFC 9285 section 6",
        ),
        &[
            ("65536", "ZY1:GGW1"),
            ("the greatest group", "ZY1::::"),
            ("256 in the last two", "ZY1:V5"),
            ("one character left over", "ZY1:BB8A"),
            ("nothing", "ZY1:"),
            ("beyond the alphabet", "ZY1:BB_"),
            ("full-width", "ZY1:ＢＢ８"),
        ],
        Expected::Refused(Reason::CarrierMalformed),
    );
}

fn blocks(cases: &mut Cases) {
    let license = scene().1.bytes;
    let block = carrier::encode_block(&license, carrier::Label::License).unwrap();
    cases.texts(
        title(
            "carrier-block-is-read",
            "文本块：base64，每行六十四列",
            "A block is base64 in lines of 64 between two lines that name it",
        ),
        &[("", &block)],
        Expected::Carries("block", &license),
    );
    cases.texts(
        title(
            "carrier-block-with-other-line-ends-is-repaired",
            "换行被邮件程序改动：修复并说明",
            "Line ends that a mail program changed are undone, and said to be",
        ),
        &[("CR LF", &block.replace('\n', "\r\n")), ("no line feed at the end", block.trim_end())],
        Expected::Repaired("block", &license, &["line_ends"]),
    );
    let lines: Vec<&str> = block.lines().collect();
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let (first, rest) = lines.split_at(1);
    cases.texts(
        title(
            "carrier-block-damaged-is-refused",
            "缺行、换行位置不同、首尾行不符、base64 不规范：拒绝",
            "Lines missing or broken elsewhere, ends that do not match, base64 that is not canonical: refused",
        ),
        &[
            ("without its last line", &joined(&lines[..lines.len() - 1])),
            ("ended as a seal", &block.replace("END ZHENGYIN LICENSE", "END ZHENGYIN SEAL")),
            ("the first two lines joined", &joined(&[first, &[&rest[..2].concat()], &rest[2..]].concat())),
            (
                "a line in two",
                &block.replacen(lines[1], &format!("{}\n{}", lines[1].split_at(32).0, lines[1].split_at(32).1), 1),
            ),
            ("unused bits set", "-----BEGIN ZHENGYIN LICENSE-----\n0r==\n-----END ZHENGYIN LICENSE-----\n"),
            ("without padding", "-----BEGIN ZHENGYIN LICENSE-----\n0g\n-----END ZHENGYIN LICENSE-----\n"),
            ("of the other alphabet", "-----BEGIN ZHENGYIN LICENSE-----\n_-8=\n-----END ZHENGYIN LICENSE-----\n"),
        ],
        Expected::Refused(Reason::CarrierMalformed),
    );
    cases.texts(
        title(
            "carrier-block-of-an-unknown-name-is-undetermined",
            "文本块名称未知：本核验程序太旧",
            "A block of ours under an unknown name means that this verifier is too old",
        ),
        &[("", &block.replace("LICENSE", "PERMIT"))],
        Expected::Refused(Reason::EncodingFormUnknown),
    );
}

fn foreign(cases: &mut Cases) {
    cases.texts(
        title(
            "carrier-of-something-else-is-named-and-not-opened",
            "网址、支付码、健康码、商品条码等：说明不是本系统的码，不打开",
            "Web addresses, payment codes and the like are not ours; nothing is opened",
        ),
        &[
            ("a web address", "https://example.com/license?id=1"),
            ("a health certificate", "HC1:6BFOXN"),
            ("a payment code", "281234567890123456"),
            ("goods", "6901234567892"),
            ("a visiting card", "BEGIN:VCARD\nEND:VCARD"),
            ("a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
            ("a sentence", "你好"),
        ],
        Expected::Refused(Reason::CarrierUnknown),
    );
}

fn together(cases: &mut Cases) {
    // What begins as an envelope does, and no more of one.
    let begun = |byte: u8, length: usize| [vec![0xd2], vec![byte; length]].concat();
    let [one, two] = [begun(0x55, 34), begun(0xaa, 41)].map(|bytes| carrier::encode_digits(&bytes).unwrap());
    let other = carrier::encode_base45(&begun(0xff, 30)).unwrap();
    cases.texts(
        title(
            "carrier-two-codes-run-together-are-undetermined",
            "两个码连成一段：请一次只扫一个",
            "Two codes in one scan are named as that: scan one at a time",
        ),
        &[
            ("two different codes", &format!("{one}{two}")),
            ("the same code twice", &format!("{one}{one}")),
            ("with white space between them", &format!("{one}\t{two}")),
            ("three codes", &format!("{one}{two}{one}")),
            ("digits and base45", &format!("{one}{other}")),
            ("in base45", &format!("{other}{other}")),
        ],
        Expected::Refused(Reason::CarrierRunTogether),
    );
}
