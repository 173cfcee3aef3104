//! Group `envelope`, the frame: tags, members, lengths, what stands before and after.

use zhengyin::reason::Reason;

use super::answer::Answer;
use super::case::{Cases, Setup, row, title};
use super::cose::tagged;
use super::envelopes::bent;
use super::item::Item;
use super::scene::{claims, licensed};

pub(crate) fn all(cases: &mut Cases, setup: &Setup) {
    let envelope = licensed(claims().encode());
    let members = envelope.members();
    let part = |at: usize| members[at].clone();
    let framed = |members: Vec<Item>| tagged(18, members);
    let array = |members: Vec<Item>| Item::List(members).encode();
    cases.verify_each(
        title(
            "envelope-under-another-tag-is-invalid",
            "标签不是 18：无效",
            "Another tag than 18, or another besides it: invalid",
        ),
        setup,
        vec![
            row("CWT tag 61 around it", [vec![0xd8, 61], framed(members.clone())].concat()),
            row("tag 18 twice", [vec![0xd2], framed(members.clone())].concat()),
            row("tag 17, COSE_Mac0", tagged(17, members.clone())),
            row("tag 16, COSE_Encrypt0", tagged(16, members.clone())),
        ],
        Answer::unread(Reason::EncodingNotCanonical),
    );
    cases.verify_each(
        title(
            "envelope-frame-misshapen-is-invalid",
            "信封结构不符（无标签、成员类型不对、载荷分离）：无效",
            "No tag, members of another type, a detached payload: invalid",
        ),
        setup,
        vec![
            row("without its tag", array(members.clone())),
            row("payload null", framed(vec![part(0), part(1), Item::Null, part(3)])),
            row("payload a map, not in a byte string", framed(vec![part(0), part(1), claims(), part(3)])),
            row("payload empty", framed(vec![part(0), part(1), Item::Bytes(Vec::new()), part(3)])),
            row(
                "protected a map, not in a byte string",
                framed(vec![envelope.protected.clone(), part(1), part(2), part(3)]),
            ),
            row("protected empty", framed(vec![Item::Bytes(Vec::new()), part(1), part(2), part(3)])),
            row("unprotected a byte string", framed(vec![part(0), Item::Bytes(vec![0xa0]), part(2), part(3)])),
            row("signature a text", framed(vec![part(0), part(1), part(2), "signature".into()])),
            row("nothing", Vec::new()),
            row("a text", Item::from("https://example.com/license").encode()),
            row("a URL as it stands", b"https://example.com/".to_vec()),
        ],
        Answer::unread(Reason::EncodingMalformed),
    );
    cases.verify_each(
        title(
            "envelope-nested-too-deeply-is-invalid",
            "嵌套超过八层：无效",
            "Nested more deeply than the format has it: invalid",
        ),
        setup,
        vec![
            row("nine arrays", vec![0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x80]),
            row("a hundred arrays", vec![0x81; 100]),
        ],
        Answer::unread(Reason::EncodingTooLarge),
    );
    cases.verify_each(
        title(
            "envelope-of-another-length-is-invalid",
            "信封成员数不是四：无效",
            "An envelope of three or five members is invalid",
        ),
        setup,
        vec![
            row("three", framed(members[..3].to_vec())),
            row("five", framed([members.clone(), vec![Item::Null]].concat())),
        ],
        Answer::unread(Reason::EncodingClaims),
    );
    let whole = envelope.sign();
    cases.verify_each(
        title(
            "envelope-cut-short-is-invalid",
            "数据被截断：无效，可能只是损坏",
            "An envelope that is cut short is invalid; it may just be damaged",
        ),
        setup,
        [1, 2, 10, whole.len() / 2, whole.len() - 1]
            .iter()
            .map(|end| row(&format!("the first {end} bytes"), &whole[..*end]))
            .collect(),
        Answer::unread(Reason::EncodingMalformed),
    );
    let inner = |at: usize, more: &[u8]| {
        let Item::Bytes(bytes) = part(at) else { panic!("a byte string") };
        [bytes, more.to_vec()].concat()
    };
    cases.verify_each(
        title(
            "envelope-trailing-bytes-are-invalid",
            "末尾或内层有多余字节：无效",
            "Bytes after the envelope, its header or its payload: invalid",
        ),
        setup,
        vec![
            row("a zero after the envelope", [whole.clone(), vec![0]].concat()),
            row("16 zeros after the envelope", [whole.clone(), vec![0; 16]].concat()),
            row("a line feed after the envelope", [whole.clone(), vec![b'\n']].concat()),
            row("after the protected header, signed", framed(envelope.members_over(inner(0, &[0])))),
            row("after the payload, signed", bent(|envelope| envelope.payload.push(0))),
        ],
        Answer::unread(Reason::EncodingTrailing),
    );
    let spelled = |from: &[u8], to: &[u8]| {
        let at = whole.windows(from.len()).position(|window| window == from).unwrap();
        [&whole[..at], to, &whole[at + from.len()..]].concat()
    };
    let payload_long = {
        let mut claims = claims().encode();
        // The map's first key, 1, in two bytes.
        claims.splice(1..2, [0x18, 0x01]);
        licensed(claims).sign()
    };
    cases.verify_each(
        title(
            "envelope-not-canonical-is-invalid",
            "编码不是唯一规范形式：无效，即使签名正确",
            "Another encoding of the same content is invalid, even where the signature holds",
        ),
        setup,
        vec![
            row("array head in two bytes", spelled(&[0xd2, 0x84], &[0xd2, 0x98, 0x04])),
            row("tag in two bytes", spelled(&[0xd2], &[0xd8, 0x12])),
            row("array of indefinite length", [&[0xd2, 0x9f][..], &whole[2..], &[0xff]].concat()),
            row("unprotected bucket of indefinite length", spelled(&[0xa0, 0x59], &[0xbf, 0xff, 0x59])),
            row("a key of the payload in two bytes, signed", payload_long),
            row(
                "labels out of order, signed",
                framed(envelope.members_over({
                    let Item::Map(mut labels) = envelope.protected.clone() else { panic!("a map") };
                    labels.reverse();
                    Item::Map(labels).encode()
                })),
            ),
            row(
                "a label twice, signed",
                framed(envelope.members_over({
                    let Item::Map(mut labels) = envelope.protected.clone() else { panic!("a map") };
                    labels.insert(0, labels[0].clone());
                    Item::Map(labels).encode()
                })),
            ),
        ],
        Answer::unread(Reason::EncodingNotCanonical),
    );
}
