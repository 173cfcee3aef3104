//! Group `tampering`: a genuine license after someone touched it. The directory is complete, so that what nobody listed signed is proof.

use zhengyin::reason::Reason;
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, Row, Setup, row, title};
use super::cose::tagged;
use super::item::Item;
use super::json::unhex;
use super::scene::{LICENSE, claims, licensed, scene};
use super::world::is_sm2_throughout;

pub(crate) fn all(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = Setup::of(&world);
    let whole = license.bytes;
    cases.flips(
        title(
            "tampering-no-single-bit-is-valid",
            "任何一位被翻转：都不得判为有效",
            "Whatever single bit of a license is turned, it is not valid",
        ),
        &setup,
        &whole,
    );
    payload(cases, &setup, &whole);
    signature(cases, &setup, &whole);
    header(cases, &setup, &whole);
    spliced(cases, &setup);
}

/// The bytes with `from` replaced by `to`, where it stands first.
fn replaced(whole: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = whole.windows(from.len()).position(|window| window == from).unwrap();
    [&whole[..at], to, &whole[at + from.len()..]].concat()
}

/// The envelope with the beginning of its protected header replaced, its length made right.
fn licensed_as(whole: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = whole.windows(from.len()).position(|window| window == from).unwrap();
    assert_eq!(whole[at - 2], 0x58, "a byte string with one byte of length");
    let length = usize::from(whole[at - 1]) + to.len() - from.len();
    [&whole[..at - 1], &[u8::try_from(length).unwrap()], to, &whole[at + from.len()..]].concat()
}

fn bad() -> Answer {
    Answer::invalid(Step::Signature, Reason::SignatureBad)
}

fn payload(cases: &mut Cases, setup: &Setup, whole: &[u8]) {
    let text = |from: &str, to: &str| replaced(whole, from.as_bytes(), to.as_bytes());
    cases.verify_each(
        title(
            "tampering-with-what-is-shown-is-invalid",
            "篡改照面文字：签名不符，无效",
            "A changed character of what the license shows breaks the signature",
        ),
        setup,
        vec![
            row("the name of the legal representative", text("张示例", "王示例")),
            row("the address", text("演示路18号", "演示路19号")),
            row("the registered capital", text("伍佰万元整", "伍仟万元整")),
            row("a space of another kind", text("技术服务", "技术服\u{3000}")),
        ],
        bad(),
    );
    let Item::Bytes(id) = claims().at(&[7]).clone() else { panic!("cti is a byte string") };
    let mut other = id.clone();
    other[0] ^= 1;
    cases.verify(
        title(
            "tampering-with-the-credential-id-is-invalid",
            "篡改凭证编号：签名不符，无效",
            "A changed credential id breaks the signature",
        ),
        setup,
        &replaced(whole, &id, &other),
        bad(),
    );
    cases.verify(
        title(
            "tampering-with-the-validity-is-invalid",
            "把起始日改早一日：签名不符，无效",
            "A first day moved by one breaks the signature",
        ),
        setup,
        &{
            let mut claims = claims();
            let Item::Int(from) = *claims.at(&[LICENSE, 8, 0]) else { panic!("a day") };
            let (from, to) = (Item::Int(from), Item::Int(from - 1));
            // The field: key 8, an array of one day.
            let head = [0x08, 0x81];
            replaced(whole, &[&head[..], &from.encode()].concat(), &[&head[..], &to.encode()].concat())
        },
        bad(),
    );
}

fn signature(cases: &mut Cases, setup: &Setup, whole: &[u8]) {
    let from = whole.len() - 64;
    let with = |note: &str, change: &dyn Fn(&mut [u8])| -> Row {
        let mut bytes = whole.to_vec();
        change(&mut bytes[from..]);
        row(note, bytes)
    };
    let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let rows = if is_sm2_throughout() {
        let changed = super::national::changed(&whole[from..]);
        changed.into_iter().map(|(note, signature)| row(note, [&whole[..from], &signature].concat())).collect()
    } else {
        vec![
            with("first bit of R", &|signature| signature[0] ^= 1),
            with("last bit of R", &|signature| signature[31] ^= 0x80),
            with("first bit of s", &|signature| signature[32] ^= 1),
            with("last bit of s", &|signature| signature[63] ^= 0x80),
            with("s + L, the same modulo L", &|signature| {
                let mut carry = 0_u16;
                for (byte, more) in signature[32..].iter_mut().zip(&order) {
                    let sum = u16::from(*byte) + u16::from(*more) + carry;
                    (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
                }
            }),
            with("all zeros", &|signature| signature.fill(0)),
            with("R the neutral element, s zero", &|signature| {
                signature.fill(0);
                signature[0] = 1;
            }),
            with("R and s exchanged", &|signature| signature.rotate_left(32)),
        ]
    };
    cases.verify_each(
        title(
            "tampering-with-the-signature-is-invalid",
            "改动签名的任何部分：无效",
            "Any change of the signature makes it bad",
        ),
        setup,
        rows,
        bad(),
    );
    let members = licensed(claims().encode()).members();
    let sized = |length: usize| {
        let Item::Bytes(mut signature) = members[3].clone() else { panic!("a byte string") };
        signature.resize(length, 0);
        tagged(18, [&members[..3], &[signature.into()]].concat())
    };
    cases.verify_each(
        title(
            "tampering-with-the-signature-s-length-is-invalid",
            "签名长度不是六十四字节：无效",
            "A signature of another length than 64 bytes is bad",
        ),
        setup,
        [0, 63, 65, 128].iter().map(|length| row(&format!("{length} bytes"), sized(*length))).collect(),
        bad(),
    );
}

fn header(cases: &mut Cases, setup: &Setup, whole: &[u8]) {
    let Item::Bytes(kid) = licensed(Vec::new()).protected.at(&[4]).clone() else { panic!("kid is a byte string") };
    let mut other = kid.clone();
    other[7] ^= 1;
    cases.verify(
        title(
            "tampering-with-the-key-id-is-invalid",
            "篡改密钥标识：目录中没有该签发者，无效",
            "A key id that no listed key has is not listed in a complete directory",
        ),
        setup,
        &replaced(whole, &kid, &other),
        Answer::invalid(Step::Issuer, Reason::IssuerNotListed).unsigned(),
    );
    cases.verify(
        title(
            "tampering-with-the-algorithm-is-invalid",
            "把算法改写为 −8：头部受签名保护，无效",
            "alg rewritten to -8 is read, and breaks the signature: the header is protected",
        ),
        setup,
        &if is_sm2_throughout() {
            licensed_as(whole, &[0xa3, 0x01, 0x3a, 0x00, 0x01, 0x11, 0x79], &[0xa3, 0x01, 0x27])
        } else {
            replaced(whole, &[0xa3, 0x01, 0x32], &[0xa3, 0x01, 0x27])
        },
        bad(),
    );
    cases.verify(
        title(
            "tampering-with-the-type-is-undetermined",
            "把类型改成未知类型：当作太新，不指责任何人",
            "A type that is changed to an unknown one is taken for a newer one: nobody is accused",
        ),
        setup,
        &replaced(whole, b"application/x.zy.license", b"application/x.zy.licensf"),
        Answer::unread(Reason::EncodingVersionUnknown),
    );
}

fn spliced(cases: &mut Cases, setup: &Setup) {
    let mut other = claims();
    other.put(&[LICENSE], 3, "91990100MA00000B7A");
    let (ours, theirs) = (licensed(claims().encode()).members(), licensed(other.encode()).members());
    let splice = |note: &str, parts: [&Item; 4]| row(note, tagged(18, parts.map(Clone::clone).to_vec()));
    cases.verify_each(
        title(
            "tampering-by-splicing-two-licenses-is-invalid",
            "拼接两张证照：签名不符，无效",
            "The payload of one license with the signature of another is invalid",
        ),
        setup,
        vec![
            splice("their payload, our signature", [&ours[0], &ours[1], &theirs[2], &ours[3]]),
            splice("our payload, their signature", [&ours[0], &ours[1], &ours[2], &theirs[3]]),
        ],
        bad(),
    );
}
